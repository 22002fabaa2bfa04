"""All equilibria against nashpy, which computes them in floating point by other code.

Its vertex enumeration needs strictly positive payoffs, so they are shifted; its support
enumeration loses some equilibria to rounding, so it may only return fewer (survey of other
packages).
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import nashpy
import numpy as np
import numpy.typing as npt
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.solvers import nash

FloatArray = npt.NDArray[np.float64]

TOLERANCE = 1e-6


def ours(row: FloatArray, column: FloatArray) -> list[FloatArray]:
    solution = nash(NormalFormGame.from_bimatrix(row, column))
    return [np.array([float(p) for own in eq.profile for p in own]) for eq in solution.equilibria]


def theirs(pairs: Iterable[Any]) -> list[FloatArray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return [np.concatenate(pair) for pair in pairs]


def found_in(profile: FloatArray, others: list[FloatArray]) -> bool:
    return any(bool(np.abs(profile - other).max() < TOLERANCE) for other in others)


def match(row: FloatArray, column: FloatArray) -> int:
    """Compare the two sets both ways; return their number."""
    mine = ours(row, column)
    low = min(row.min(), column.min())
    shifted = nashpy.Game(row - low + 1, column - low + 1)
    reference = theirs(shifted.vertex_enumeration())
    assert all(found_in(profile, reference) for profile in mine)
    assert all(found_in(profile, mine) for profile in reference)
    for one, other in itertools.combinations(mine, 2):
        assert not found_in(one, [other])
    return len(mine)


def test_200_random_3_by_3_games_have_the_same_equilibria() -> None:
    rng = np.random.default_rng(20240)
    counts = [match(rng.random((3, 3)), rng.random((3, 3))) for _ in range(200)]
    assert all(count % 2 == 1 for count in counts)
    assert {1, 3} <= set(counts)  # the sample has games with several


@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (4, 2), (4, 4)])
def test_other_shapes_have_the_same_equilibria(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape)
    for _ in range(20):
        match(rng.normal(size=shape), rng.normal(size=shape))


@pytest.mark.parametrize("top", [1000, 10**6])
def test_integer_games_have_the_same_equilibria(top: int) -> None:
    """nashpy compares with absolute tolerances, so it gets the payoffs scaled to [-1, 1]."""
    rng = np.random.default_rng(top)
    for _ in range(20):
        row, column = rng.integers(-top, top + 1, (2, 3, 3))
        assert len(ours(row, column)) == match(row / top, column / top)


@pytest.mark.slow
def test_3000_random_games_have_the_same_equilibria() -> None:
    rng = np.random.default_rng(3000)
    for _ in range(2700):
        match(rng.random((3, 3)), rng.random((3, 3)))
    for _ in range(300):
        match(rng.random((4, 4)), rng.random((4, 4)))


def test_support_enumeration_returns_nothing_that_is_not_found() -> None:
    rng = np.random.default_rng(33)
    returned = 0
    for _ in range(150):
        row, column = rng.random((2, 3, 3))
        mine = ours(row, column)
        reference = theirs(nashpy.Game(row, column).support_enumeration())
        returned += len(reference)
        assert all(found_in(profile, mine) for profile in reference)
    assert returned >= 150


@pytest.mark.parametrize("label", range(6))
def test_every_label_of_lemke_howson_leads_to_one_of_them(label: int) -> None:
    rng = np.random.default_rng(label)
    for _ in range(15):
        row, column = rng.random((2, 3, 3)) + 1
        reference = theirs([nashpy.Game(row, column).lemke_howson(initial_dropped_label=label)])
        assert found_in(reference[0], ours(row, column))


def test_the_game_whose_equilibrium_support_enumeration_loses() -> None:
    """Survey of other packages: nashpy's support enumeration returns none for this game."""
    row = np.array([[88, 78, 16], [18, 35, 20], [42, 91, 81]])
    column = np.array([[11, 32, 37], [69, 11, 5], [68, 17, 2]])
    solution = ag.solve(NormalFormGame.from_bimatrix(row, column))
    (only,) = solution.equilibria
    assert only.profile[0] == (Fraction(17, 24), Fraction(0), Fraction(7, 24))
    assert only.regret == (0, 0)
    assert match(row.astype(float), column.astype(float)) == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
        ([[1, 1], [1, 0]], [[1, 1], [1, 0]]),
        ([[1, 0, 1], [0, 1, 1]], [[2, 2, 1], [0, 2, 2]]),
    ],
)
def test_extreme_equilibria_of_degenerate_games_are_among_ours(row: Any, column: Any) -> None:
    """Qhull merges the facets of a tie, so nashpy may return fewer here, but no others."""
    mine = ours(np.array(row, dtype=float), np.array(column, dtype=float))
    game = nashpy.Game(np.array(row) + 1, np.array(column) + 1)
    reference = theirs(game.vertex_enumeration())
    assert reference
    assert all(found_in(profile, mine) for profile in reference)
