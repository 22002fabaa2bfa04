"""Work, memory and odd input: every limit is an error of the package's own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ProfileError, WorkLimitError
from alignment_games.solvers import (
    Status,
    components,
    dominance,
    extremes,
    lemke_howson,
    nash,
    polytope,
    regular,
)


def test_the_walk_is_bounded_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular, "_MAX_ENTRIES", 10_000)
    rng = np.random.default_rng(0)
    game = NormalFormGame.from_bimatrix(rng.random((10, 10)), rng.random((10, 10)))
    with pytest.raises(WorkLimitError, match="10000 numbers in memory"):
        nash(game)


def test_the_walk_is_bounded_in_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular, "_MAX_VERTICES", 100)
    rng = np.random.default_rng(0)
    game = NormalFormGame.from_bimatrix(rng.random((9, 9)), rng.random((9, 9)))
    with pytest.raises(WorkLimitError, match="100 vertices"):
        nash(game)


def test_maximal_nash_subsets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """n^2 extreme equilibria span 2^n - 1 maximal subsets: the players agree on no diagonal."""
    game = NormalFormGame.from_bimatrix(-np.eye(5, dtype=int), np.zeros((5, 5), dtype=int))
    solution = nash(game)
    assert sum(len(part.subsets) for part in solution.components) == 2**5 - 1
    monkeypatch.setattr(components, "_MAX_SUBSETS", 10)
    with pytest.raises(WorkLimitError, match="more than 10 maximal Nash subsets"):
        nash(game)


@pytest.mark.parametrize("compiled", [False, True])
def test_extreme_equilibria_are_bounded(monkeypatch: pytest.MonkeyPatch, compiled: bool) -> None:
    matrices = ([[1] * 4] * 5, [[1] * 5] * 4)
    assert len(extremes.all_extremes(*matrices, compiled=compiled).pairs) == 20
    monkeypatch.setattr(extremes, "_MAX_PAIRS", 19)
    with pytest.raises(WorkLimitError, match="5 x 4 game has more than 19 extreme equilibria"):
        extremes.all_extremes(*matrices, compiled=compiled)


def test_digits_count_as_work() -> None:
    short = [[3, 1, 2], [1, 4, 2], [2, 1, 5]]
    long = [[v * 10**400 + k for k, v in enumerate(row)] for row in short]
    assert len(list(polytope.lexicographic_bases(short, max_work=400))) > 1
    with pytest.raises(WorkLimitError, match="400 steps"):
        list(polytope.lexicographic_bases(long, max_work=400))


def test_a_path_astray_is_bounded_in_integers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the compiled path fails, the exact one may not run for hours."""
    module: Any = __import__("sys").modules["alignment_games.solvers.lemke_howson"]
    monkeypatch.setattr(module, "MAX_WORK", 0)
    monkeypatch.setattr(module, "_solved_basis", lambda *_: None)
    game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert lemke_howson(game, label=0).status is Status.LIMIT


def test_a_positive_probability_never_vanishes() -> None:
    """It would be 1e-400; the support would be wrong."""
    game = NormalFormGame.from_bimatrix([[1.0, 0], [0, 1]], [[1e-200, 0], [0, 1e200]])
    mixed = nash(game).equilibria[-1]
    assert mixed.support == (("s1", "s2"), ("s1", "s2"))
    assert mixed.profile[0] == (1.0, 5e-324)


@pytest.mark.parametrize("exact", ["no", 0, 1.0, []])
def test_exact_is_a_truth_value(exact: Any) -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    for solve in (nash, lemke_howson, ag.solve):
        with pytest.raises(GameError, match="`exact` must be True, False or None"):
            solve(game, exact=exact)


@pytest.mark.parametrize(
    "payoffs",
    [
        np.ma.masked_array([[1, 99], [3, 4]], mask=[[False, True], [False, False]]),
        np.array([["2020-01-01"]], dtype="datetime64[ns]"),
        np.array([[1]], dtype="timedelta64[ns]"),
    ],
)
def test_missing_values_and_times_are_no_payoffs(payoffs: Any) -> None:
    with pytest.raises(GameError, match="neither missing nor a time"):
        NormalFormGame.from_bimatrix(payoffs, payoffs)


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        ([[10**400, 1], [1, 0]], r"sum to 1, got .*e\+400"),
        ([np.array(1), [1, 0]], "must be a vector or the name"),
        ([[Decimal("0.5"), Decimal("0.4")], [1, 0]], "with sum 0.9"),
        ([[Fraction(3, 2), Fraction(-1, 2)], [1, 0]], "-0.5"),
    ],
)
def test_profiles_that_are_none_are_described(profile: Any, text: str) -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    with pytest.raises(ProfileError, match=text):
        ag.verify(game, profile)


@pytest.mark.parametrize("game", [None, [[1, 2]]])
def test_what_is_no_game_is_named(game: Any) -> None:
    every = (
        "NormalFormGame, ExtensiveGame, BayesianGame, StochasticGame, RepeatedGame or MonitoredGame"
    )
    with pytest.raises(GameError, match=f"`game` must be a {every}, got "):
        ag.verify(game, [[1]])
    with pytest.raises(GameError, match="an ExtensiveGame or a BayesianGame, got"):
        ag.solvers.expected_payoffs(game, [[1]])


@pytest.mark.parametrize("shape", [(500, 4), (10_000, 2), (2, 1000)])
def test_long_games_are_reduced_before_they_are_solved(shape: tuple[int, int]) -> None:
    """The equilibria are those of the reduced game, with zeros for what is dominated."""
    rng = np.random.default_rng(shape)
    game = NormalFormGame.from_bimatrix(rng.random(shape), rng.random(shape))
    solution = nash(game)
    assert solution.status is Status.COMPLETE
    assert solution.game is game
    assert sum(part.index for part in solution.components) == 1
    assert solution.max_regret < 1e-14
    reduced = nash(dominance(game, kind="strict").reduced)
    assert [eq.support for eq in solution.equilibria] == [eq.support for eq in reduced.equilibria]
