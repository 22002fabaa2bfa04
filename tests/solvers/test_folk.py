"""Feasible and individually rational payoffs: membership, two routes, and known sets."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.spatial import ConvexHull

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.games import RepeatedGame
from alignment_games.solvers import Status, folk_payoffs, minmax, nash, repeated_payoffs
from alignment_games.solvers._hulls import Work, cut_from_below, dimension, holds, vertices
from alignment_games.solvers._polygons import clip, hull
from alignment_games.testing import games

SETTINGS = settings(max_examples=40, deadline=None)
DILEMMA = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def texts(corners: Iterable[Iterable[Fraction]]) -> list[str]:
    return [", ".join(map(str, own)) for own in corners]


points = st.lists(st.tuples(*[st.integers(-4, 4).map(Fraction)] * 2), min_size=1, max_size=9)
points3 = st.lists(st.tuples(*[st.integers(-3, 3).map(Fraction)] * 3), min_size=1, max_size=9)


@SETTINGS
@given(points, st.tuples(*[st.integers(-3, 3).map(Fraction)] * 2))
def test_hulls_of_two_dimensions_are_the_polygons(
    given_points: list[tuple[Fraction, Fraction]], least: tuple[Fraction, Fraction]
) -> None:
    assert vertices(given_points) == tuple(sorted(hull(given_points)))
    polygon = clip(clip(hull(given_points), (-1, 0), -least[0]), (0, -1), -least[1])
    assert cut_from_below(given_points, least) == tuple(sorted(polygon))
    assert dimension(polygon) == min(len(polygon), 3) - 1


@SETTINGS
@given(points3, st.tuples(*[st.integers(-3, 3).map(Fraction)] * 3))
def test_hulls_of_three_dimensions_hold_what_linear_programs_say(
    given_points: list[tuple[Fraction, ...]], least: tuple[Fraction, ...]
) -> None:
    table = np.array(given_points, dtype=float).T
    cut = cut_from_below(given_points, least)

    def mixes(*, bounds: tuple[Fraction, ...], direction: np.ndarray) -> float | None:
        """The largest value in a direction of mixtures that are not below bounds."""
        answer = linprog(
            -direction @ table,
            A_ub=-table,
            b_ub=-np.array(bounds, dtype=float),
            A_eq=np.ones((1, table.shape[1])),
            b_eq=[1.0],
        )
        return None if answer.status == 2 else -answer.fun

    for direction in ([1, 0, 0], [-1, 0, 0], [1, 2, 3], [-1, 1, -2], [0, -3, 1], [-1, -1, -1]):
        best = mixes(bounds=least, direction=np.array(direction, dtype=float))
        if not cut:
            assert best is None
        else:
            reached = max(sum(d * v for d, v in zip(direction, own, strict=True)) for own in cut)
            assert best == pytest.approx(float(reached), abs=1e-7)
    for own in cut:
        assert all(v >= bound for v, bound in zip(own, least, strict=True))
        assert holds(given_points, own)
        others = [other for other in cut if other != own]
        assert not others or not holds(others, own)


@SETTINGS
@given(games(min_players=1, max_players=3, max_strategies=3), st.sampled_from(["pure", "mixed"]))
def test_equilibria_are_individually_rational(game: ag.NormalFormGame, kind: str) -> None:
    found = folk_payoffs(game, kind=kind)  # type: ignore[arg-type]
    assert found.exact == (found.status in {Status.COMPLETE, Status.NONE})
    for own in found.inner:
        assert found.contains(own)
        assert holds(found.feasible, own)
        assert all(v >= least for v, least in zip(own, found.threats, strict=True))
    if found.strict is not None:
        assert found.strictly_rational(found.strict)
    for eq in ag.solvers.pure_nash(game.as_exact()).equilibria:
        assert found.contains(eq.payoffs)
    if kind == "mixed":
        assert found.outer  # every equilibrium is in it
        plain = folk_payoffs(game)
        assert all(holds(found.outer, own) for own in plain.outer)


@settings(max_examples=10, deadline=None)
@given(games(min_players=2, max_players=2, min_strategies=2, max_strategies=3))
def test_patient_players_get_no_more_than_the_set(game: ag.NormalFormGame) -> None:
    """Subgame-perfect payoffs in pure strategies are feasible and above the pure minmax."""
    found = folk_payoffs(game)
    later = repeated_payoffs(RepeatedGame(game, discount=Fraction(9, 10)), steps=60)
    assert all(found.contains(own) for own in later.inner)


def test_the_prisoners_dilemma_and_its_mixed_equilibria() -> None:
    found = folk_payoffs(DILEMMA)
    assert texts(found.vertices) == ["1, 1", "13/3, 1", "3, 3", "1, 13/3"]
    assert texts(found.feasible) == ["0, 5", "1, 1", "5, 0", "3, 3"]
    assert (found.status, found.dimension, found.condition) == (Status.COMPLETE, 2, "two players")
    assert found.contains((1, 1))
    assert not found.strictly_rational((1, 1))
    assert found.strictly_rational((1.01, 1.01))
    assert not found.contains((5, 0))
    assert not found.strictly_rational((4, 4))


def test_matching_pennies_needs_mixtures() -> None:
    assert folk_payoffs(PENNIES).status is Status.NONE
    assert folk_payoffs(PENNIES).vertices == ()
    assert folk_payoffs(PENNIES).dimension == -1
    assert not folk_payoffs(PENNIES).contains((0, 0))
    found = folk_payoffs(PENNIES, kind="mixed")
    assert texts(found.vertices) == ["0, 0"]
    assert found.strict is None
    assert "above every player's minmax" in str(found)
    (equilibrium,) = nash(PENNIES).equilibria
    assert found.contains(equilibrium.payoffs)


def test_three_players_with_the_same_payoffs() -> None:
    """The example of Fudenberg and Maskin (1986): all get 1 if all do the same, else 0.

    The pure minmax is 0 and every payoff above it feasible, but none below 1/4 is an equilibrium
    for any discount factor: the folk theorem needs the condition that fails here.
    """
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    payoffs[:, 0, 0, 0] = payoffs[:, 1, 1, 1] = 1
    found = folk_payoffs(ag.NormalFormGame(payoffs))
    assert texts(found.vertices) == ["0, 0, 0", "1, 1, 1"]
    assert found.dimension == 1
    assert found.condition is None
    assert len(found.equivalent) == 3
    assert found.strictly_rational((0.1, 0.1, 0.1))
    assert "may fail" in str(found)


def test_fewer_dimensions_than_players_can_do() -> None:
    """Three players, the third's payoff the sum of the others': two dimensions, none equivalent."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    for i, j in itertools.product(range(2), repeat=2):
        one, two = DILEMMA.exact_payoffs[:, i, j]
        payoffs[:, i, j, :] = [[one] * 2, [two] * 2, [one + two] * 2]
    found = folk_payoffs(ag.NormalFormGame(payoffs))
    assert (found.dimension, found.equivalent) == (2, ())
    assert found.condition == "non-equivalent utilities"
    full = folk_payoffs(ag.NormalFormGame(np.random.default_rng(3).integers(-4, 5, (3, 2, 2, 2))))
    assert (full.dimension, full.condition) == (3, "full dimension")


def test_a_minmax_within_bounds_leaves_a_gap() -> None:
    """The first player's mixed minmax is irrational, and some feasible payoffs are below it."""
    payoffs = np.ones((3, 2, 2, 2), dtype=int)
    payoffs[0, 0, 0, 0], payoffs[0, 1, 1, 1] = -1, 0
    payoffs[1, 0, 1, 0] = 2
    payoffs[2, 1, 0, 1] = 3
    game = ag.NormalFormGame(payoffs)
    found = folk_payoffs(game, kind="mixed", gap=0.01)
    level = minmax(game, gap=0.01).levels[0]
    assert level.lower < level.upper
    assert found.status is Status.PARTIAL
    assert found.inner != found.outer
    between = ((level.lower + level.upper) / 2, Fraction(1), Fraction(1))
    assert found.contains(between) is None
    assert found.strictly_rational((level.upper, 1, 1)) is False
    assert "at least" in str(found)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(GameError, match="unknown `kind` 'mix'"):
        folk_payoffs(DILEMMA, kind="mix")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`gap` must be"):
        folk_payoffs(DILEMMA, gap=-1)
    with pytest.raises(WorkLimitError, match="up to 400 profiles"):
        folk_payoffs(ag.NormalFormGame(np.zeros((2, 21, 21))))
    with pytest.raises(GameError, match="one number for each player"):
        folk_payoffs(DILEMMA).contains("ab")
    with pytest.raises(GameError, match="must be 2 numbers, one a player, got 3"):
        folk_payoffs(DILEMMA).contains((1, 2, 3))


def test_pure_punishments_cost_no_search_for_mixed_ones() -> None:
    rng = np.random.default_rng(3)
    game = ag.NormalFormGame(rng.integers(0, 99, (3, 2, 2, 2)))
    assert any(len(own.cells) > 1 for own in minmax(game).levels)
    found = folk_payoffs(game, kind="pure")
    assert all(len(own.cells) == 1 for own in found.minmax.levels)
    with pytest.raises(ParameterError, match="`gap` must be a number from 0 to 1"):
        folk_payoffs(game, kind="pure", gap=2)


def test_vertices_are_no_mixtures_and_mix_all_other_points() -> None:
    """Against float facets: a hull of integer points in four dimensions, from Qhull."""
    table = np.random.default_rng(5).integers(-30, 31, (120, 4))
    given_points = [tuple(map(Fraction, own)) for own in table.tolist()]
    facets = ConvexHull(table.astype(float))
    wanted = {given_points[k] for k in facets.vertices}
    assert set(vertices(given_points)) == wanted
    # Repeated points and points on a face are no vertices.
    middle = tuple((a + b) / 2 for a, b in zip(*sorted(wanted)[:2], strict=True))
    assert set(vertices([*given_points, *given_points, middle])) == wanted


def test_large_sets_are_listed_and_larger_ones_refused() -> None:
    game = ag.NormalFormGame(np.random.default_rng(0).integers(0, 100, (3, 7, 7, 7)))
    found = folk_payoffs(game)
    assert found.status is Status.COMPLETE
    assert all(
        v >= least for own in found.inner for v, least in zip(own, found.threats, strict=True)
    )
    assert all(holds(found.feasible, own) for own in found.inner)
    given_points = [
        tuple(map(Fraction, own))
        for own in np.random.default_rng(0).integers(0, 100, (60, 4)).tolist()
    ]
    work = Work(left=100_000)
    with pytest.raises(WorkLimitError, match="Leave out players or strategies, round"):
        cut_from_below(given_points, (Fraction(50),) * 4, work)
    assert work.left < 0
