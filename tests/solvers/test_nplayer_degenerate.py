"""Ties and continua of several players: knife edges decided, no equilibrium of a grid missed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.solvers import EquilibriumFamily, Solution, Status, nash_nplayer

SETTINGS = settings(max_examples=25, deadline=None)


def listed(outcomes: list[tuple[Any, ...]], shape: tuple[int, ...]) -> NormalFormGame:
    """A game from its outcomes, the last player's strategy fastest."""
    tables = np.array(outcomes, dtype=object).T
    return NormalFormGame(tables.reshape(len(shape), *shape))


# Nau, Gomez Canovas and Hansen (2004), On the geometry of Nash equilibria and correlated
# equilibria, International Journal of Game Theory 32, 443-453, doi:10.1007/s001820300162.
NAU = listed(
    [(3, 0, 2), (1, 0, 0), (0, 2, 0), (0, 1, 0), (0, 1, 0), (0, 3, 0), (1, 0, 0), (2, 0, 3)],
    (2, 2, 2),
)
NAU_CURVE = listed(
    [(0, 0, 2), (1, 1, 0), (0, 3, 0), (0, 0, 0), (3, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 3)],
    (2, 2, 2),
)


def profiles(solution: Solution) -> set[Any]:
    return {eq.profile for eq in solution.equilibria}


# Knife edges


def test_an_arc_of_mixed_equilibria_ends_at_incompletely_mixed_ones() -> None:
    """Section 5: three pure equilibria, two incompletely mixed ones, and a continuum between."""
    solution = nash_nplayer(NAU_CURVE)
    assert solution.status is Status.COMPLETE
    assert solution.exact
    assert solution.degenerate
    assert sum(eq.is_pure for eq in solution.equilibria) == 3
    (arc,) = [family for family in solution.families if family.formulas]
    assert arc.dimension == 1
    assert arc.complete
    one, other, middle = (eq.profile for eq in arc.equilibria)
    quarter = (Fraction(1, 4), Fraction(3, 4))
    assert {one, other} == {((1, 0), (0, 1), quarter), ((0, 1), (1, 0), quarter)}
    assert all(0 < p < 1 for own in middle for p in own)
    for point in np.linspace(float(arc.interval[0]), float(arc.interval[1]), 9)[1:-1]:
        assert max(ag.verify(NAU_CURVE, along(arc, Fraction(point)))) == 0


def along(arc: EquilibriumFamily, point: Fraction) -> list[list[Fraction]]:
    v = sympy.Symbol("v")
    at = sympy.Rational(point.numerator, point.denominator)
    return [
        [Fraction(str(sympy.sympify(formula).subs(v, at))) for formula in own]
        for own in arc.formulas
    ]


def test_a_deviation_that_ties_exactly_at_an_irrational_equilibrium() -> None:
    """A copy of a strategy, and a strategy that earns its rival's payoff by design."""
    extended = np.concatenate([NAU.exact_payoffs, NAU.exact_payoffs[:, :1]], axis=1)
    solution = nash_nplayer(NormalFormGame(extended))
    assert solution.status is Status.COMPLETE
    (arc,) = solution.families
    assert arc.dimension == 1
    for eq in arc.equilibria:
        first, second, third = eq.profile
        assert math.isclose(first[0] + first[2], 0.6192325794725538)
        assert math.isclose(second[0], 0.4798042226776052)
        assert math.isclose(third[0], 0.3788253360656315)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_a_copied_strategy_shares_the_weight_of_its_original(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([12, *shape])
    for payoffs in rng.random((8, len(shape), *shape)):
        here = nash_nplayer(NormalFormGame(payoffs))
        copied = np.concatenate([payoffs, payoffs[:, :1]], axis=1)
        there = nash_nplayer(NormalFormGame(copied))
        assert there.status is Status.COMPLETE
        merged = set()
        for family in there.families:
            assert family.dimension == ("s1" in family.support[0])
            for eq in family.equilibria:
                first, *others = eq.profile
                merged.add(((first[0] + first[-1], *first[1:-1]), *others))
        assert merged == profiles(here)


def test_a_deviation_that_ties_at_an_irrational_point_only() -> None:
    """At the equilibrium r = (2 - 3 q) / (q + 1) is 6 q - 5/2, so a third row that earns
    r - 6 q + 5/2 more than the first one ties there."""
    root = (sympy.sqrt(601) - 13) / 24
    assert sympy.simplify((2 - 3 * root) / (root + 1) - 6 * root + sympy.Rational(5, 2)) == 0
    payoffs = np.zeros((3, 3, 2, 2), dtype=object)
    payoffs[:, :2] = NAU.exact_payoffs
    payoffs[1, 2], payoffs[2, 2] = [[1, 4], [2, 0]], [[3, 0], [1, 5]]
    for j, k in np.ndindex(2, 2):
        payoffs[0, 2, j, k] = payoffs[0, 0, j, k] + (1 - k) - 6 * (1 - j) + Fraction(5, 2)
    solution = nash_nplayer(NormalFormGame(payoffs))
    assert solution.status is Status.COMPLETE
    assert solution.degenerate
    (knife_edge,) = [
        family
        for family in solution.families
        if family.support == (("s1", "s2"), ("s1", "s2"), ("s1", "s2"))
    ]
    assert knife_edge.index is None
    assert knife_edge.equilibria[0].profile[1:] == nash_nplayer(NAU).equilibria[0].profile[1:]
    # A little more or less, and it is decided without algebra.
    for little in (Fraction(1, 10**20), Fraction(-1, 10**20)):
        payoffs[0, 2] += little
        there = any(
            family.support == knife_edge.support
            for family in nash_nplayer(NormalFormGame(payoffs)).families
        )
        assert there == (little < 0)
        payoffs[0, 2] -= little


def test_an_equilibrium_at_the_border_of_a_support_is_found_once() -> None:
    """At c = 0 the interior root of the products game reaches a face."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=object)
    for profile in np.ndindex(2, 2, 2):
        for k in range(3):
            others = [own for j, own in enumerate(profile) if j != k]
            payoffs[(k, *profile)] = int(others == [0, 0]) if profile[k] == 0 else 0
    solution = nash_nplayer(NormalFormGame(payoffs))
    assert solution.status is Status.COMPLETE
    assert covers(solution, ((1, 0), (1, 0), (1, 0)))
    # Nobody matters unless two others choose the first strategy.
    assert covers(solution, ((0, 1), (0, 1), (Fraction(1, 3), Fraction(2, 3))))
    assert not covers(solution, ((0, 1), (1, 0), (1, 0)))


def test_a_double_root_is_one_equilibrium() -> None:
    """Player 3's condition is (r - 1/2)**2 = 0 once the others' are used: p = r and q = 1 - r."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=object)
    for a, b, c in np.ndindex(2, 2, 2):
        p, q, r = 1 - a, 1 - b, 1 - c
        payoffs[0, a, b, c] = (q + r - 1) * p  # first: q = 1 - r
        payoffs[1, a, b, c] = (r - p) * q  # second: p = r
        payoffs[2, a, b, c] = (p * (1 - q) - p + Fraction(1, 4)) * r  # third: p q = 1/4
    solution = nash_nplayer(NormalFormGame(payoffs))
    assert solution.status is Status.COMPLETE
    half = (Fraction(1, 2),) * 2
    assert (half, half, half) in profiles(solution)
    (double,) = [f for f in solution.families if f.equilibria[0].profile == (half, half, half)]
    assert double.index is None
    assert solution.degenerate


@pytest.mark.parametrize("shape", [(1,), (3,), (2, 2, 2), (2, 3, 2), (2, 1, 2, 2)])
def test_where_nothing_matters_everything_is_an_equilibrium(shape: tuple[int, ...]) -> None:
    solution = nash_nplayer(NormalFormGame(np.zeros((len(shape), *shape), dtype=int)))
    assert solution.status is Status.COMPLETE
    (everything,) = solution.families
    assert everything.dimension == sum(shape) - len(shape)
    assert len(solution) == math.prod(shape)
    assert solution.degenerate == (math.prod(shape) > 1)


def test_one_player_maximizes() -> None:
    solution = nash_nplayer(NormalFormGame([[1, 3, 3, 2]]))
    assert solution.status is Status.COMPLETE
    assert profiles(solution) == {((0, 1, 0, 0),), ((0, 0, 1, 0),)}
    (best,) = solution.families
    assert best.dimension == 1
    assert len(nash_nplayer(NormalFormGame([[1, 3, 2]])).families) == 1


def test_an_onlooker_may_cut_a_product_nonlinearly() -> None:
    """Two players are indifferent; a third keeps its first strategy where p q <= 1/4."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=object)
    payoffs[2, 0, 0, 1] = Fraction(3, 4)
    payoffs[2, :, :, 1] -= Fraction(1, 4)
    payoffs[2, 0, 0, 1] += Fraction(1, 4)
    solution = nash_nplayer(NormalFormGame(payoffs))
    region = [f for f in solution.families if f.conditions]
    assert {f.conditions for f in region} == {
        (("player_3", "s2"),),
        (("player_3", "s1"),),
    }
    assert all(f.dimension == 2 for f in region)
    assert float(solution.max_regret) < 1e-14


FOUR_WITH_A_CUT = np.array(
    [
        [[[[2, 2], [0, 1]], [[2, 2], [2, 0]]], [[[1, 2], [1, 0]], [[1, 2], [2, 2]]]],
        [[[[1, 2], [0, 2]], [[1, 2], [0, 0]]], [[[2, 1], [1, 1]], [[2, 2], [1, 1]]]],
        [[[[0, 1], [0, 1]], [[0, 0], [2, 2]]], [[[0, 1], [0, 1]], [[1, 0], [1, 1]]]],
        [[[[2, 2], [1, 2]], [[1, 1], [2, 2]]], [[[1, 0], [2, 2]], [[2, 2], [1, 1]]]],
    ]
)


def test_families_with_conditions_that_share_corners_are_all_kept() -> None:
    """A condition may cut a product down to corners that another family has too."""
    solution = nash_nplayer(NormalFormGame(FOUR_WITH_A_CUT))
    assert solution.status is Status.COMPLETE
    half, third = Fraction(1, 2), Fraction(1, 3)
    point = ((0, 1), (half, half), (third, 1 - third), (1, 0))
    assert is_equilibrium(FOUR_WITH_A_CUT.astype(object), point)
    assert covers(solution, point)


def test_mirror_families_with_conditions_are_both_kept() -> None:
    """Swapping the second and the third player maps the game, and so its equilibria, to itself."""
    first, second, third = np.zeros((3, 2, 3, 3), dtype=int)
    first[1] = 1
    first[1, 0, 0] = -1
    second[0, 1, 2] = second[0, 2, 1] = third[0, 2, 1] = third[0, 1, 2] = -1
    second[1, 0, :] = third[1, :, 0] = 1
    solution = nash_nplayer(NormalFormGame([first, second, third]))
    assert solution.status is Status.COMPLETE
    much, little = Fraction(9, 10), Fraction(1, 10)
    for own in [(much, little, 0), (much, 0, little)]:
        assert covers(solution, ((1, 0), own, own))
    mirrored = {(a, c, b) for a, b, c in (family.support for family in solution.families)}
    assert mirrored == {family.support for family in solution.families}


# Coverage of degenerate games: no equilibrium of a grid lies outside the families


def in_hull(point: Any, vertices: Any) -> bool:
    if point in vertices:
        return True
    if all(type(p) is not float for x in (point, *vertices) for p in x):
        # Caratheodory: a mixture needs no more vertices than it has entries.
        return any(
            is_mixture(point, corners)
            for size in range(2, len(point) + 1)
            for corners in itertools.combinations(vertices, size)
        )
    columns = np.array(vertices, dtype=float).T
    answer = linprog(
        np.zeros(columns.shape[1]),
        A_eq=np.vstack([columns, np.ones(columns.shape[1])]),
        b_eq=[*map(float, point), 1.0],
        method="highs",
    )
    return bool(answer.status == 0)


def is_mixture(point: Any, corners: Any) -> bool:
    """Whether affinely independent corners have weights, none negative, that give the point."""
    table = [[Fraction(p) for p in row] for row in zip(*corners, point, strict=True)]
    for k in range(len(corners)):
        pivot = next((r for r in range(k, len(table)) if table[r][k]), None)
        if pivot is None:
            return False
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [p / table[k][k] for p in table[k]]
        for r, row in enumerate(table):
            if r != k:
                table[r] = [p - row[k] * q for p, q in zip(row, table[k], strict=True)]
    weights = [row[-1] for row in table]
    return all(w >= 0 for w in weights) and not any(weights[len(corners) :])


def fulfills(game: NormalFormGame, family: EquilibriumFamily, profile: Any) -> bool:
    """Whether no strategy that a condition names gains over the family's support."""
    for player, strategy in family.conditions:
        k = game.players.index(player)
        table = np.moveaxis(game.exact_payoffs[k], k, 0)
        for other in reversed([p for j, p in enumerate(profile) if j != k]):
            table = table @ np.array(other, dtype=object)
        names = game.strategies[k]
        if table[names.index(strategy)] > table[names.index(family.support[k][0])]:
            return False
    return True


def on_arc(family: EquilibriumFamily, profile: Any) -> bool:
    flat = [formula for own in family.formulas for formula in own]
    values = [p for own in profile for p in own]
    v = values[flat.index("v")]
    low, high = sorted(map(float, family.interval))
    return low - 1e-9 <= v <= high + 1e-9 and along_or_end(family, profile, v)


def along_or_end(family: EquilibriumFamily, profile: Any, v: Any) -> bool:
    if any(profile == eq.profile for eq in family.equilibria):
        return True
    try:
        return bool(tuple(map(tuple, along(family, Fraction(v)))) == profile)
    except ValueError:  # a pole: the end of an arc, where formulas need a limit
        return False


def covers(solution: Solution, profile: Any) -> bool:
    for family in solution.families:
        if family.formulas:
            if on_arc(family, profile):
                return True
        elif all(in_hull(own, part) for own, part in zip(profile, family.vertices, strict=True)):
            game: Any = solution.game
            if fulfills(game, family, profile):
                return True
    return False


def simplex_grid(size: int, steps: int) -> list[tuple[Fraction, ...]]:
    return [
        tuple(Fraction(k, steps) for k in cut)
        for cut in itertools.product(range(steps + 1), repeat=size)
        if sum(cut) == steps
    ]


def is_equilibrium(payoffs: Any, profile: Any) -> bool:
    """Directly from the definition, in integers and Fractions."""
    for k, own in enumerate(profile):
        table = np.moveaxis(payoffs[k], k, 0)
        for other in reversed([p for j, p in enumerate(profile) if j != k]):
            table = table @ np.array(other, dtype=object)
        if any(p and value < max(table) for p, value in zip(own, table, strict=True)):
            return False
    return True


def grid_equilibria_are_covered(payoffs: Any, steps: int) -> int:
    solution = nash_nplayer(NormalFormGame(payoffs))
    grids = [simplex_grid(size, steps) for size in payoffs.shape[1:]]
    found = 0
    for profile in itertools.product(*grids):
        if is_equilibrium(payoffs, profile):
            found += 1
            assert solution.status is not Status.COMPLETE or covers(solution, profile), profile
    assert float(solution.max_regret) < 1e-14
    return found


@pytest.mark.parametrize(
    ("shape", "steps", "top", "count"),
    [
        ((2, 2, 2), 4, 1, 60),
        ((2, 2, 2), 6, 2, 25),
        ((3, 2, 2), 3, 1, 20),
        ((2, 3, 3), 3, 1, 6),
        ((2, 2, 2, 2), 3, 1, 8),
    ],
)
def test_no_equilibrium_of_a_grid_is_missed(
    shape: tuple[int, ...], steps: int, top: int, count: int
) -> None:
    rng = np.random.default_rng([steps, top])
    found = 0
    for _ in range(count):
        payoffs = rng.integers(-top, top + 1, (len(shape), *shape)).astype(object)
        found += grid_equilibria_are_covered(payoffs, steps)
    assert found > count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "steps", "top", "count"),
    [
        ((2, 2, 2), 6, 1, 1500),
        ((2, 2, 2), 6, 2, 600),
        ((3, 2, 2), 4, 1, 200),
        ((3, 3, 2), 3, 1, 100),
        ((2, 3, 3), 4, 1, 300),
        ((2, 2, 2, 2), 4, 1, 300),
    ],
)
def test_no_equilibrium_of_a_grid_is_missed_in_many_games(
    shape: tuple[int, ...], steps: int, top: int, count: int
) -> None:
    rng = np.random.default_rng([7, steps, top])
    for _ in range(count):
        grid_equilibria_are_covered(
            rng.integers(-top, top + 1, (len(shape), *shape)).astype(object), steps
        )


@SETTINGS
@given(st.lists(st.integers(-5, 5), min_size=4, max_size=4), st.integers(0, 3))
def test_pieces_of_a_polygon_are_cut_at_its_border(line: list[int], seed: int) -> None:
    """The part of a tetrahedron where a linear form vanishes has vertices on its edges."""
    from alignment_games.solvers._nplayer_pieces import _half

    corners = [tuple(Fraction(int(k == j)) for k in range(4)) for j in range(4)]
    part = _half(corners, line, equation=True)
    for x in part:
        assert sum(a * b for a, b in zip(line, x, strict=True)) == 0
        assert sum(p > 0 for p in x) <= 2
    rng = np.random.default_rng(seed)
    for weights in rng.integers(0, 5, (5, 4)).tolist():
        if any(weights) and sum(a * b for a, b in zip(line, weights, strict=True)) == 0:
            point = tuple(Fraction(w, sum(weights)) for w in weights)
            assert in_hull(point, part)
