"""All equilibria against oracles that share nothing with the solver but the definition.

The first enumerates every pair of supports, of any two sizes. For a pair (S, T) the row
strategies x on S to which all of T are best replies, and the column strategies y on T to which
all of S are, form two polytopes, and each point of their product is an equilibrium. Their
vertices come from every choice of tight inequalities (the solver instead equalizes replies over
supports and grows bicliques). The second oracle tries every profile of a rational grid.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from alignment_games import NormalFormGame
from alignment_games.solvers import Solution, nash
from alignment_games.testing import degenerate_games, games

SETTINGS = settings(max_examples=60, deadline=None)

Point = tuple[Fraction, ...]
Table = tuple[tuple[Fraction, ...], ...]
Subset = tuple[frozenset[Point], frozenset[Point]]


def unique_solution(equations: Sequence[Sequence[Fraction]]) -> list[Fraction] | None:
    """Solve linear equations [a | b] by elimination; None unless exactly one solution exists."""
    rows = [list(row) for row in equations]
    unknowns = len(rows[0]) - 1
    for column in range(unknowns):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column] != 0), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for r, row in enumerate(rows):
            if r != column and row[column] != 0:
                rows[r] = [a - row[column] * b for a, b in zip(row, rows[column], strict=True)]
    if any(row[-1] != 0 for row in rows[unknowns:]):
        return None
    return [row[-1] for row in rows[:unknowns]]


@cache
def region_vertices(payoffs: Table) -> dict[Point, tuple[frozenset[int], frozenset[int]]]:
    """Vertices of {(x, v): x a mixture, v >= what each reply earns}: support and best replies.

    `payoffs` are the replying player's, one row for each of the mixing player's strategies.
    """
    own, other = len(payoffs), len(payoffs[0])
    zero, one = Fraction(0), Fraction(1)
    # Unknowns x_1 ... x_own, v. Inequality k: x_k >= 0; inequality own + j: v >= (x payoffs)_j.
    tight = [[Fraction(int(k == i)) for i in range(own)] + [zero, zero] for k in range(own)]
    tight += [[payoffs[i][j] for i in range(own)] + [-one, zero] for j in range(other)]
    simplex = [one] * own + [zero, one]
    found = {}
    for chosen in itertools.combinations(tight, own):
        solution = unique_solution([simplex, *chosen])
        if solution is None or min(solution[:own]) < 0:
            continue
        x, level = tuple(solution[:own]), solution[own]
        earned = [sum(x[i] * payoffs[i][j] for i in range(own)) for j in range(other)]
        if max(earned) <= level:
            found[x] = (
                frozenset(i for i in range(own) if x[i] > 0),
                frozenset(j for j in range(other) if earned[j] == level),
            )
    return found


def subsets(size: int) -> Iterator[frozenset[int]]:
    for count in range(1, size + 1):
        yield from map(frozenset, itertools.combinations(range(size), count))


def nash_subsets(game: NormalFormGame) -> tuple[set[tuple[Point, Point]], set[Subset], bool]:
    """Return the extreme equilibria, the maximal Nash subsets, and whether they have ties."""
    row, column = (tuple(map(tuple, own.tolist())) for own in game.exact_payoffs)
    x_region = region_vertices(column)
    y_region = region_vertices(tuple(zip(*row, strict=True)))
    products: set[Subset] = set()
    for own, other in itertools.product(*map(subsets, game.shape)):
        x_part = frozenset(
            x for x, (used, best) in x_region.items() if used <= own and other <= best
        )
        y_part = frozenset(
            y for y, (used, best) in y_region.items() if used <= other and own <= best
        )
        if x_part and y_part:
            products.add((x_part, y_part))
    extreme = {pair for part in products for pair in itertools.product(*part)}
    maximal = {
        part
        for part in products
        if not any(
            other != part and part[0] <= other[0] and part[1] <= other[1] for other in products
        )
    }
    ties = any(
        len(region[point][1]) > len(region[point][0])
        for pair in extreme
        for region, point in zip((x_region, y_region), pair, strict=True)
    )
    return extreme, maximal, ties


def agrees(game: NormalFormGame) -> None:
    solution = nash(game)
    extreme, maximal, ties = nash_subsets(game)
    assert {eq.profile for eq in solution.equilibria} == extreme
    assert len(solution) == len(extreme)
    found = {
        (frozenset(part.vertices[0]), frozenset(part.vertices[1]))
        for whole in solution.components
        for part in whole.subsets
    }
    assert found == maximal
    assert sum(len(whole.subsets) for whole in solution.components) == len(maximal)
    assert solution.degenerate == ties


def random_integer_games(count: int, seed: int) -> Iterator[NormalFormGame]:
    """Payoffs in -2 ... 2: most of these games are degenerate."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        shape = tuple(rng.integers(1, 4, 2))
        yield NormalFormGame(rng.integers(-2, 3, (2, *shape)))


# Support pairs


def test_small_integer_games_agree_with_the_enumeration_of_supports() -> None:
    degenerate = 0
    for game in random_integer_games(600, seed=2026):
        agrees(game)
        degenerate += nash(game).degenerate
    assert 50 < degenerate < 600  # both kinds are in the sample


@pytest.mark.slow
def test_5000_small_integer_games_agree_with_the_enumeration_of_supports() -> None:
    for game in random_integer_games(5000, seed=5000):
        agrees(game)


@SETTINGS
@given(degenerate_games())
def test_degenerate_games_agree_with_the_enumeration_of_supports(game: NormalFormGame) -> None:
    agrees(game)


@SETTINGS
@given(games(max_strategies=3))
def test_other_games_agree_with_the_enumeration_of_supports(game: NormalFormGame) -> None:
    agrees(game)


def test_four_by_four_games_agree_with_the_enumeration_of_supports() -> None:
    rng = np.random.default_rng(44)
    for top in (1, 2, 100):
        for _ in range(4):
            agrees(NormalFormGame(rng.integers(-top, top + 1, (2, 4, 4))))


def test_every_two_by_two_game_of_three_payoff_levels() -> None:
    """One player's game over {0, 1, 2} against a few of the other's: all ways to tie."""
    tables = list(itertools.product(range(3), repeat=4))
    others = [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 1, 0), (1, 1, 0, 0), (2, 1, 1, 1)]
    for row, column in itertools.product(tables, others):
        agrees(
            NormalFormGame([[list(row[:2]), list(row[2:])], [list(column[:2]), list(column[2:])]])
        )


# Nothing but the definition, on a grid


def grid(size: int, steps: int) -> Iterator[Point]:
    for cut in itertools.product(range(steps + 1), repeat=size):
        if sum(cut) == steps:
            yield tuple(Fraction(k, steps) for k in cut)


def is_equilibrium(row: list[Any], column: list[Any], x: Point, y: Point) -> bool:
    m, n = len(x), len(y)
    rows = [sum(row[i][j] * y[j] for j in range(n)) for i in range(m)]
    columns = [sum(column[i][j] * x[i] for i in range(m)) for j in range(n)]
    return all(rows[i] == max(rows) for i in range(m) if x[i]) and all(
        columns[j] == max(columns) for j in range(n) if y[j]
    )


def in_hull(point: Point, vertices: Sequence[Any]) -> bool:
    """Whether weights on the vertices give the point: a feasibility program of scipy's."""
    if point in vertices:
        return True
    columns = np.array(vertices, dtype=float).T
    answer = linprog(
        np.zeros(columns.shape[1]),
        A_eq=np.vstack([columns, np.ones(columns.shape[1])]),
        b_eq=[*map(float, point), 1.0],
        method="highs",
    )
    return bool(answer.status == 0)


def covered(solution: Solution, x: Point, y: Point) -> bool:
    return any(
        in_hull(x, part.vertices[0]) and in_hull(y, part.vertices[1])
        for whole in solution.components
        for part in whole.subsets
    )


@pytest.mark.parametrize(("shape", "steps"), [((2, 2), 6), ((3, 2), 4), ((2, 3), 4), ((3, 3), 3)])
def test_no_equilibrium_of_a_grid_lies_outside_the_components(
    shape: tuple[int, int], steps: int
) -> None:
    rng = np.random.default_rng(steps)
    grids = [list(grid(size, steps)) for size in shape]
    inside = 0
    for _ in range(12):
        row, column = rng.integers(0, 3, (2, *shape)).tolist()
        solution = nash(NormalFormGame([row, column]))
        for x, y in itertools.product(*grids):
            if is_equilibrium(row, column, x, y):
                assert covered(solution, x, y), (row, column, x, y)
                inside += not any(eq.profile == (x, y) for eq in solution.equilibria)
    assert inside > 0  # the sample has equilibria that are not extreme
