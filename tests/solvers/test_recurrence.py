"""Classes of states under strategies, against powers of the matrix and by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games.batch import simulate
from alignment_games.errors import GameError, ProfileError
from alignment_games.games import NormalFormGame, StochasticGame
from alignment_games.solvers import markov_perfect, state_classes

HALF = Fraction(1, 2)


def chain(*rows: Any, names: Any = None) -> StochasticGame:
    """Return a game of one player without choice whose states move by the rows given."""
    return StochasticGame([[[0]]] * len(rows), [[row] for row in rows], HALF, states=names)


def still(game: StochasticGame) -> list[Any]:
    return [["s1"]] * game.n_states


def test_gamblers_ruin() -> None:
    """From 1 of 3 the gambler is ruined with probability 2/3."""
    game = chain(
        [1, 0, 0, 0], [HALF, 0, HALF, 0], [0, HALF, 0, HALF], [0, 0, 0, 1],
        names=["ruin", "one", "two", "rich"],
    )  # fmt: skip
    found = state_classes(game, still(game))
    assert found.recurrent == (("ruin",), ("rich",))
    assert found.absorbing == ("ruin", "rich")
    assert found.transient == ("one", "two")
    assert found.ends["one"] == (Fraction(2, 3), Fraction(1, 3))
    assert found.long_run("two") == {
        "ruin": Fraction(1, 3), "one": 0, "two": 0, "rich": Fraction(2, 3)
    }  # fmt: skip
    assert found.reachable["one"] == ("ruin", "one", "two", "rich")
    assert found.reachable["rich"] == ("rich",)
    assert str(found) == "absorbing: ruin\nabsorbing: rich\ntransient: one, two"
    with pytest.raises(GameError, match="unknown state 'poor'"):
        found.long_run("poor")


def test_a_cycle_has_shares_though_its_powers_do_not_settle() -> None:
    game = chain([0, 1, 0], [0, 0, 1], [1, 0, 0])
    found = state_classes(game, still(game))
    assert found.recurrent == (("state_1", "state_2", "state_3"),)
    assert set(found.shares[0].values()) == {Fraction(1, 3)}
    assert found.transient == found.absorbing == ()


@pytest.mark.parametrize("seed", range(12))
def test_random_chains_against_powers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 6))
    rows = []
    for k in range(size):
        weights = rng.integers(0, 3, size) * (rng.random(size) < 0.5)
        weights[int(rng.integers(size))] += 1
        weights[k] += 1  # so that powers settle
        rows.append([Fraction(int(w), int(weights.sum())) for w in weights])
    game = chain(*rows)
    found = state_classes(game, still(game))
    matrix = np.array(rows, dtype=float)
    limit = np.linalg.matrix_power(matrix, 2**14)
    for k, name in enumerate(game.states):
        assert [float(p) for p in found.long_run(name).values()] == pytest.approx(
            limit[k].tolist(), abs=1e-9
        )
        assert sum(found.ends[name]) == 1
        positive = np.linalg.matrix_power(matrix > 0, size).astype(bool)[k]
        assert found.reachable[name] == tuple(np.array(game.states)[positive])
    settled = {s for own in found.recurrent for s in own}
    assert settled == set(np.array(game.states)[limit.max(axis=0) > 1e-12])
    assert settled | set(found.transient) == set(game.states)


def test_strategies_decide_and_histories_agree() -> None:
    stage = NormalFormGame([[1, 0]], strategies=[["stay", "go"]])
    game = StochasticGame(
        [stage, stage, NormalFormGame([[2]], strategies=[["wait"]])],
        [[[1, 0, 0], [0, 0.5, 0.5]], [[0, 1, 0], [0.5, 0.5, 0]], [[0.2, 0, 0.8]]],
        0.9,
        states=["home", "abroad", "exile"],
    )
    home = state_classes(game, [["stay"], ["stay"], ["wait"]])
    assert home.recurrent == (("home",), ("abroad",))
    assert home.transient == ("exile",)
    assert not home.exact
    moving: Any = {"home": [[0.25, 0.75]], "abroad": ["go"], "exile": ["wait"]}
    found = state_classes(game, moving)
    assert found.recurrent == (("home", "abroad", "exile"),)
    ds = simulate(game, moving, periods=400, histories=5_000, rng=1)
    shares = ds.state_share[200:].mean("period")
    wanted = list(found.long_run("exile").values())
    assert shares.values.tolist() == pytest.approx(wanted, abs=0.005)
    (equilibrium,) = markov_perfect(game, "logit").equilibria
    assert state_classes(game, equilibrium).game == game
    with pytest.raises(ProfileError, match="one profile for each of"):
        state_classes(game, [["stay"]])
    wrong: Any = stage
    with pytest.raises(GameError, match="must be a StochasticGame, got NormalFormGame"):
        state_classes(wrong, [["stay"]])
