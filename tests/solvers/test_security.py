"""Security levels: certificates, zero-sum games, scipy and brute force."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from alignment_games import NormalFormGame
from alignment_games.errors import WorkLimitError
from alignment_games.solvers import nash, pure_nash, security_levels
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)


@SETTINGS
@given(games(min_players=1, max_players=3, max_strategies=4))
def test_the_strategy_guarantees_the_level_and_the_threat_denies_more(
    game: NormalFormGame,
) -> None:
    for who, found in enumerate(security_levels(game)):
        names = game.strategies[who]
        rest = [own for k, own in enumerate(game.strategies) if k != who]
        table = {
            (name, profile): Fraction(game.payoff(who, *profile[:who], name, *profile[who:]))
            for name in names
            for profile in itertools.product(*rest)
        }
        assert sum(found.strategy.values()) == sum(found.threat.values()) == 1
        assert min(found.strategy.values()) > 0
        assert min(found.threat.values()) > 0
        assert found.level == min(
            sum(p * table[name, profile] for name, p in found.strategy.items())
            for profile in itertools.product(*rest)
        )
        assert found.level == max(
            sum(p * table[name, profile] for profile, p in found.threat.items()) for name in names
        )
        worst = {n: min(table[n, profile] for profile in itertools.product(*rest)) for n in names}
        assert found.pure_level == max(worst.values())
        assert found.pure_strategies == tuple(n for n in names if worst[n] == found.pure_level)
        assert found.pure_threat == min(
            max(table[n, profile] for n in names) for profile in itertools.product(*rest)
        )
        assert found.pure_level <= found.level <= found.pure_threat
        assert found.player == game.players[who]


@SETTINGS
@given(games(max_strategies=4))
def test_no_equilibrium_pays_less(game: NormalFormGame) -> None:
    levels = [found.level for found in security_levels(game)]
    for eq in nash(game).equilibria:
        assert all(v >= level for v, level in zip(eq.payoffs, levels, strict=True))


@SETTINGS
@given(games(max_players=3))
def test_no_pure_equilibrium_of_several_players_pays_less(game: NormalFormGame) -> None:
    levels = [found.level for found in security_levels(game)]
    for eq in pure_nash(game).equilibria:
        assert all(v >= level for v, level in zip(eq.payoffs, levels, strict=True))


@SETTINGS
@given(games(max_strategies=4))
def test_in_a_zero_sum_game_the_levels_are_the_value(game: NormalFormGame) -> None:
    """von Neumann (1928), doi:10.1007/BF01448847."""
    row = game.exact_payoffs[0]
    zero_sum = NormalFormGame([row, -row])
    first, second = security_levels(zero_sum)
    assert first.level == -second.level
    assert {eq.payoffs for eq in nash(zero_sum).equilibria} == {(first.level, second.level)}


def test_larger_tables_agree_with_scipy() -> None:
    rng = np.random.default_rng(4)
    for shape in ((6, 7), (4, 3, 5)):
        game = NormalFormGame(rng.random((len(shape), *shape)))
        for who, found in enumerate(security_levels(game)):
            table = np.moveaxis(game.payoffs[who], who, 0).reshape(shape[who], -1)
            answer = linprog(
                [0] * shape[who] + [-1],
                A_ub=np.hstack([-table.T, np.ones((table.shape[1], 1))]),
                b_ub=np.zeros(table.shape[1]),
                A_eq=[[1] * shape[who] + [0]],
                b_eq=[1],
                bounds=[(0, None)] * shape[who] + [(None, None)],
                method="highs",
            )
            assert float(found.level) == pytest.approx(-answer.fun, abs=1e-9)


@pytest.mark.parametrize("unit", [Fraction(10**9), Fraction(1, 10**9)])
@SETTINGS
@given(game=games(max_players=3, max_strategies=3), shift=st.integers(-5, 5))
def test_levels_move_with_the_unit(unit: Fraction, game: NormalFormGame, shift: int) -> None:
    other = NormalFormGame([unit * own + shift for own in game.exact_payoffs])
    for plain, scaled in zip(security_levels(game), security_levels(other), strict=True):
        assert scaled.level == unit * plain.level + shift
        assert scaled.pure_level == unit * plain.pure_level + shift
        assert scaled.pure_strategies == plain.pure_strategies


def test_several_opponents_may_need_to_correlate() -> None:
    """The third player names a strategy, loses 1 if both others play that one and wins 1
    otherwise. They hold it to 0 by playing alike, in a way that it cannot foresee.
    """
    own = np.array([[[-1, 1], [1, 1]], [[1, 1], [1, -1]]])  # others' strategies, then its guess
    game = NormalFormGame([-own, -own, own])
    third = security_levels(game)[2]
    assert third.level == 0
    assert third.threat == {("s1", "s1"): Fraction(1, 2), ("s2", "s2"): Fraction(1, 2)}
    # If they mix independently with p and q, its better guess earns at least 1/2.
    steps = [Fraction(k, 20) for k in range(21)]
    best = [
        max(1 - 2 * p * q, 1 - 2 * (1 - p) * (1 - q)) for p, q in itertools.product(steps, steps)
    ]
    assert min(best) == Fraction(1, 2)
    assert str(third).startswith("player_3: 0 by 0.5 s1 + 0.5 s2; pure -1 by s1 or s2")


def test_floats_stand_for_their_decimals() -> None:
    game = NormalFormGame.from_bimatrix([[0.1, 0.3], [0.3, 0.1]], [[0, 0], [0, 0]])
    assert security_levels(game)[0].level == Fraction(1, 5)


def test_a_large_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        importlib.import_module("alignment_games.solvers.security"), "MAX_ENTRIES", 3
    )
    with pytest.raises(WorkLimitError, match=r"up to 3 profiles, got 4 \(shape \(2, 2\)\)"):
        security_levels(NormalFormGame(np.zeros((2, 2, 2), dtype=int)))
