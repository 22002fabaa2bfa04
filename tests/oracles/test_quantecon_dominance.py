"""Dominance by mixtures and security levels against QuantEcon.py, in floating point."""

from __future__ import annotations

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.solvers import dominance, security_levels

pytestmark = pytest.mark.slow  # QuantEcon.py compiles for some seconds


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (5, 5), (2, 3, 3), (3, 2, 4)])
def test_one_round_and_the_value_of_the_game_against_all_others(shape: tuple[int, ...]) -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    optimize = pytest.importorskip("quantecon.optimize", reason="QuantEcon.py is not installed")
    rng = np.random.default_rng(sum(shape))
    eliminated = 0
    for _ in range(60):
        payoffs = rng.integers(-5, 6, (len(shape), *shape))
        game = NormalFormGame(payoffs)
        trace = dominance(game, iterated=False).trace
        for who, level in enumerate(security_levels(game)):
            # Its arrays have the player's own axis first, then the next players' in turn.
            order = [(who + k) % len(shape) for k in range(len(shape))]
            player = theory.Player(payoffs[who].transpose(order).astype(float))
            gone = {f"s{k + 1}" for k in player.dominated_actions()}
            assert gone == {s.strategy for s in trace if s.player == game.players[who]}
            table = np.moveaxis(payoffs[who], who, 0).reshape(shape[who], -1).astype(float)
            assert float(level.level) == pytest.approx(optimize.minmax(table)[0], abs=1e-9)
        eliminated += len(trace)
    assert eliminated > 0
