"""Certified regions: exact areas lie within the bounds, and cells hold what they promise."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.analysis import Axis, PhaseRegions, phase_regions
from alignment_games.analysis._quadtree import Leaves, column_and_row, place_of, refine
from alignment_games.analysis.region_map import regions_of
from alignment_games.batch.fused import NONE, OPEN
from alignment_games.errors import ParameterError

CASES = ("vietnam", "ukraine")

# Exact areas. With F9's "Common" values the boundaries of F1.6 and F1.7 are rational curves in
# the patron's reliability; the map reaches up to a stake of 8/5.

RHO = sp.Symbol("rho")
ZERO, TOP = sp.Integer(0), sp.Rational(8, 5)
V_B = (sp.Rational(3, 5) * (1 + RHO)) / (sp.Rational(9, 10) - RHO / 2) - sp.Rational(4, 5)
V_H = (sp.Rational(3, 5) + sp.Rational(3, 25) * RHO) / (
    sp.Rational(9, 10) - RHO / 10
) - sp.Rational(1, 5)
V_W = sp.Rational(2, 3) + sp.Rational(6, 25)


def area_between(
    lower: list[sp.Expr], upper: list[sp.Expr], start: sp.Expr = ZERO, end: sp.Expr = sp.S.One
) -> float:
    """Integrate ``max(0, min(upper) - max(lower))``, piece by piece in closed form."""
    cuts = {start, end}
    for one, two in itertools.combinations([*lower, *upper], 2):
        gap = sp.numer(sp.together(one - two))
        if gap.has(RHO):
            cuts |= {z for z in sp.roots(sp.Poly(gap, RHO)) if z.is_real and start < z < end}
    total = ZERO
    for a, b in itertools.pairwise(sorted(cuts)):
        inside = {RHO: (a + b) / 2}
        low = max(lower, key=lambda curve: float(sp.sympify(curve).subs(inside)))
        high = min(upper, key=lambda curve: float(sp.sympify(curve).subs(inside)))
        if sp.sympify(high - low).subs(inside) > 0:
            total += sp.integrate(sp.apart(sp.together(high - low), RHO), (RHO, a, b))
    return float(sp.N(total, 30))


def exact_areas(name: str) -> dict[tuple[Any, ...], float]:
    """Return the areas of the map's five regions.

    Up to V_H a hedger is left alone: the Vietnam-like state hedges there, the Ukraine-like one
    only where balancing is coerced. Above V_H it balances below V_B, else bandwagons up to V_W.
    Beyond all three everything is coerced, and it hedges where the patron is too unreliable.
    """
    case = ag.load_scenario(name)
    symbols = case.model.parameters.symbols
    values = {symbols[k]: sp.Rational(str(v)) for k, v in case.items() if k != "patron_reliability"}
    worse = case.model.payoff("small_state", "balance", "coerce") - case.model.payoff(
        "small_state", "hedge", "coerce"
    )
    (turn,) = sp.solve(worse.subs(values), symbols["patron_reliability"])
    beyond = [V_B, V_H, V_W]
    safe = (
        {("hedge", False): area_between([ZERO], [V_H]),
         ("balance", False): area_between([V_H], [V_B, TOP])}
        if name == "vietnam"
        else {("hedge", False): area_between([V_B, ZERO], [V_H]),
              ("balance", False): area_between([ZERO], [V_B, TOP])}
    )  # fmt: skip
    return safe | {
        ("bandwagon", False): area_between([V_H, V_B], [V_W]),
        ("hedge", True): area_between(beyond, [TOP], end=turn),
        ("balance", True): area_between(beyond, [TOP], start=turn),
    }


@pytest.fixture(scope="module")
def maps() -> dict[str, PhaseRegions]:
    return {name: phase_regions(ag.load_scenario(name), precision=2e-3) for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_exact_areas_lie_within_the_bounds(name: str) -> None:
    exact = exact_areas(name)
    assert sum(exact.values()) == pytest.approx(1.6, abs=1e-12)
    for level in (4, 7, 10, 13):
        found = phase_regions(ag.load_scenario(name), precision=Fraction(1, 2**level))
        assert {region.label for region in found.regions} <= set(exact)
        assert found.complete
        assert found.undecided < Fraction(12, 2**level)
        for region in found.regions:
            lower, upper = region.area
            assert lower < exact[region.label] < upper
            assert upper - lower <= found.undecided * Fraction(8, 5)
            assert region.share == (lower / Fraction(8, 5), upper / Fraction(8, 5))
        for label in set(exact) - {region.label for region in found.regions}:
            assert exact[label] < found.undecided * Fraction(8, 5)
    assert {region.label for region in found.regions} == set(exact)


@pytest.mark.parametrize("name", CASES)
def test_halving_precision_halves_the_undecided_area_and_doubles_the_work(name: str) -> None:
    case = ag.load_scenario(name)
    one, two, three = (phase_regions(case, precision=Fraction(1, 2**k)) for k in (9, 10, 13))
    assert 0.4 < two.undecided / one.undecided < 0.6
    assert 0.1 < three.undecided / two.undecided < 0.15
    assert 1.6 < two.leaves.solved / one.leaves.solved < 2.4
    assert three.leaves.solved < three.uniform_points / 200


# Cells

VECTORS: tuple[tuple[str, dict[str, str], tuple[Any, ...], tuple[Any, ...]], ...] = (
    ("vietnam", {}, ("patron_reliability", 0, 1), ("stake", 0, "8/5")),
    ("ukraine", {}, ("patron_reliability", "1/7", "6/7"), ("stake", "1/3", "4/3")),
    ("ukraine", {}, ("alignment_loss", 0, 2), ("tilt", 0, 1)),
    ("vietnam", {"stake": "7/10"}, ("support_effect", 0, "9/10"), ("coercion_success", "9/10", 1)),
    ("vietnam", {"stake": "6/5"}, ("autonomy_weight", 0, 2), ("autonomy_hedge", 0, 1)),
    ("ukraine", {}, ("economy_hegemon", 0, 1), ("economy_patron", 0, 1)),
    ("vietnam", {"patron_reliability": "3/4"}, ("overrun_loss", 0, 3000), ("stake", 0, 2)),
)


def exact_sequential(case: ag.Scenario, point: dict[str, Fraction]) -> tuple[set[str], set[bool]]:
    solution = ag.solve(case.model.tree(case, **point))
    paths = {eq.path for eq in solution.equilibria}
    return {path[0] for path in paths}, {path[1] == "coerce" for path in paths}


def points_of_cells(
    found: PhaseRegions, rng: random.Random, count: int
) -> list[tuple[int, Fraction, Fraction]]:
    """Return certain cells with points of each: a corner, one on an edge, or one inside."""
    certain = np.flatnonzero(~found.is_undecided).tolist()
    levels = found.leaves.levels
    deep = [k for k in certain if levels[k] == found.depth]
    columns, rows = column_and_row(found.leaves.places)
    points = []
    for n in range(count):
        k = rng.choice(deep if deep and n % 2 else certain)
        corner = [Fraction(int(c[k]), 2**found.depth) for c in (columns, rows)]
        shares = [rng.choice((Fraction(0), Fraction(1), Fraction(rng.random()))) for _ in "xy"]
        x, y = (
            lower + (upper - lower) * (at + share / 2 ** int(levels[k]))
            for (_, lower, upper), at, share in zip((found.x, found.y), corner, shares, strict=True)
        )
        points.append((k, x, y))
    return points


@pytest.mark.parametrize(("name", "changes", "x", "y"), VECTORS, ids=repr)
def test_certain_cells_hold_the_exact_answers_everywhere(
    name: str, changes: dict[str, str], x: tuple[Any, ...], y: tuple[Any, ...]
) -> None:
    case = ag.load_scenario(name).replace(**{k: Fraction(v) for k, v in changes.items()})
    x, y = ((a, Fraction(low), Fraction(high)) for a, low, high in (x, y))
    found = phase_regions(case, x=x, y=y, precision=Fraction(1, 256))
    rng = random.Random(name)
    for k, u, v in points_of_cells(found, rng, 60):
        postures, harsh = exact_sequential(case, {x[0]: u, y[0]: v})
        posture, coerced = found.leaves.codes[:, k].tolist()
        assert postures == {case.model.strategies[0][posture]}
        assert harsh == {bool(coerced)}


def test_cells_of_the_simultaneous_game() -> None:
    case = ag.load_scenario("vietnam")
    outputs = ("equilibria", "equilibrium_posture", "dominant")
    found = phase_regions(case, precision=Fraction(1, 128), outputs=outputs)
    assert found.outputs == ("dominant", "equilibria", "equilibrium_posture")
    assert {region.label[1] for region in found.regions} == {1, 3}
    assert {region.label[0] for region in found.regions} == {None, "hedge"}
    for k, u, v in points_of_cells(found, random.Random(3), 60):
        game = case.model.game(case, patron_reliability=u, stake=v)
        dominant, equilibria, posture = found.leaves.codes[:, k].tolist()
        solution = ag.solve(game, exact=True)
        assert equilibria == len(solution.equilibria)
        chosen = {own.profile[0].index(1) if 1 in own.profile[0] else NONE
                  for own in solution.equilibria}  # fmt: skip
        assert posture == (chosen.pop() if len(chosen) == 1 else NONE)
        rows = game.payoffs[0]
        wins = [i for i in range(3) if all((rows[i] > rows[j]).all() for j in range(3) if j != i)]
        assert dominant == (wins[0] if wins else NONE)


@pytest.mark.parametrize("name", CASES)
def test_leaves_cover_the_map_once(maps: dict[str, PhaseRegions], name: str) -> None:
    found = maps[name]
    places, levels = found.leaves.places, found.leaves.levels.astype(np.int64)
    spans = 4 ** (found.depth - levels)
    assert places[0] == 0
    np.testing.assert_array_equal(places[1:], (places + spans)[:-1])
    assert places[-1] + spans[-1] == 4**found.depth
    assert (levels[found.is_undecided] == found.depth).all()
    x0, x1, y0, y1 = found.boxes()
    assert ((x1 - x0) * (y1 - y0)).sum() == pytest.approx(1.6, rel=1e-12)
    assert [x0.min(), x1.max(), y0.min(), y1.max()] == [0, 1, 0, 1.6]
    certain = sum((region.share[0] for region in found.regions), Fraction(0))
    assert certain + found.undecided == 1
    assert sum(region.cells for region in found.regions) == (~found.is_undecided).sum()


def test_points_grid_and_boxes_agree(maps: dict[str, PhaseRegions]) -> None:
    found = maps["vietnam"]
    ds = found.to_dataset(33)
    assert ds.posture.dims == ("stake", "patron_reliability")
    x, y = Axis("patron_reliability", 0, 1, 33), Axis("stake", 0, 1.6, 33)
    np.testing.assert_array_equal(ds.stake.values, y.values())
    x0, x1, y0, y1 = found.boxes()
    seen = set()
    for row, column in itertools.product(range(33), repeat=2):
        label = found.at(x.exact(column), y.exact(row))
        codes = [int(ds[name].values[row, column]) for name in ("posture", "coerced")]
        assert (label is None) == (OPEN in codes)
        if label is not None:
            assert label == (ds.attrs["postures"][codes[0]], bool(codes[1]))
        u, v = float(x.exact(column)), float(y.exact(row))
        inside = (x0 - 1e-12 <= u) & (u <= x1 + 1e-12) & (y0 - 1e-12 <= v) & (v <= y1 + 1e-12)
        (holding,) = np.nonzero(inside)
        assert codes in found.leaves.codes[:, holding].T.tolist()
        seen.add(label)
    assert len(seen) == 6
    whole = ag.analysis.phase_map(ag.load_scenario("vietnam"), x=x, y=y)
    certain = (ds.posture.values != OPEN) & (ds.coerced.values != OPEN)
    assert certain.mean() > 0.95
    for name in ("posture", "coerced"):
        np.testing.assert_array_equal(ds[name].values[certain], whole[name].values[certain])


def test_a_map_of_ties_stays_undecided() -> None:
    # At rho = 0 nobody is helped and 0.9 V = kappa: the hegemon is indifferent everywhere.
    case = ag.load_scenario("vietnam").replace(
        patron_reliability=0,
        alignment_loss=0,
        escalation_cost=0,
        stake=1,
        coercion_cost=Fraction(9, 10),
    )
    found = phase_regions(case, x=("tilt", 0, 1), y=("cost_hedge", 0, 0.5), precision=1 / 64)
    assert found.undecided == 1
    assert found.regions == ()
    assert found.at(0.5, 0.25) is None
    assert set(np.unique(found.to_dataset(5).posture.values)) == {OPEN}


def test_max_cells_stops_with_wider_bounds_that_hold(maps: dict[str, PhaseRegions]) -> None:
    found = phase_regions(ag.load_scenario("vietnam"), precision=1e-6, max_cells=5000)
    assert not found.complete
    assert found.leaves.solved <= 5000
    assert found.leaves.level < found.depth == 20
    assert "Stopped at max_cells = 5,000" in str(found)
    assert "sides of 1/128 of the axes, not 1e-06" in str(found)
    assert not found.to_dict()["complete"]
    exact = exact_areas("vietnam")
    for region in found.regions:
        assert region.area[0] < exact[region.label] < region.area[1]
    assert found.at(0.4, 0.3) == ("hedge", False)
    fine = maps["vietnam"]
    assert fine.complete
    assert "Stopped" not in str(fine)


def test_workers_do_not_matter() -> None:
    one, two = (phase_regions(ag.load_scenario("ukraine"), workers=n) for n in (1, 3))
    assert one.regions == two.regions
    np.testing.assert_array_equal(one.leaves.codes, two.leaves.codes)


# Bounds


def test_partly_decided_cells_count_for_the_regions_they_may_belong_to() -> None:
    codes = np.array([[0, 0, 1, OPEN], [0, OPEN, 1, 1]], dtype=np.int8)
    leaves = Leaves(
        places=np.arange(4), levels=np.ones(4, dtype=np.int8), codes=codes, solved=4, level=1
    )
    model = ag.models.alignment()
    regions = regions_of(model, ("posture", "coerced"), leaves, Fraction(8))
    quarter = Fraction(1, 4)
    assert {region.label: region.share for region in regions} == {
        ("balance", False): (quarter, 2 * quarter),
        ("hedge", True): (quarter, 2 * quarter),
    }
    assert regions[0].area == (Fraction(2), Fraction(4))
    assert [region.cells for region in regions] == [1, 1]


def test_a_disk_is_cut_like_a_disk() -> None:
    def disk(columns: np.ndarray, rows: np.ndarray, level: int) -> np.ndarray:
        """Tell whether cells lie inside (1), outside (0) or across the circle of radius 1/2."""
        near = np.zeros(columns.size)
        far = np.zeros(columns.size)
        for position in (columns, rows):
            ends = np.abs(np.stack([position, position + 1]) * 2.0**-level - 0.5)
            far += ends.max(axis=0) ** 2
            near += ends.min(axis=0) ** 2  # no cell holds the middle inside
        code = np.where(far <= 0.25, 1, np.where(near >= 0.25, 0, OPEN))
        return code[None].astype(np.int8)

    found = refine(disk, OPEN, depth=10, max_cells=10**6)
    shares = [
        sum(Fraction(1, 4 ** int(k)) for k in found.levels[found.codes[0] == code])
        for code in (1, OPEN)
    ]
    assert shares[0] < math.pi / 4 < shares[0] + shares[1]
    # The circle crosses at most as many cells a side as there are rows and columns, four times.
    assert shares[1] <= Fraction(4 * 2**10, 4**10)


@pytest.mark.parametrize("level", [1, 5, 30])
def test_places_are_pairs_of_columns_and_rows(level: int) -> None:
    rng = np.random.default_rng(level)
    columns, rows = rng.integers(2**level, size=(2, 1000))
    places = place_of(columns, rows)
    for mine, again in zip((columns, rows), column_and_row(places), strict=True):
        np.testing.assert_array_equal(mine, again)
    text = [int("".join(y + x for x, y in zip(f"{c:030b}", f"{r:030b}", strict=True)), 2)
            for c, r in zip(columns.tolist(), rows.tolist(), strict=True)]  # fmt: skip
    assert places.tolist() == text


def test_text_and_numbers_are_rounded_outward(maps: dict[str, PhaseRegions]) -> None:
    found = maps["ukraine"]
    lines = str(found).splitlines()
    assert lines[0].startswith("Ukraine between Russia and the West: patron_reliability from 0 to")
    assert lines[2].split() == ["posture", "coerced", "share", "of", "the", "map", "area"]
    data = json.loads(json.dumps(found.to_dict()))
    assert data["cells_solved"] == found.leaves.solved
    assert Fraction(data["undecided"]) >= found.undecided
    for region, line, entry in zip(found.regions, lines[3:], data["regions"], strict=False):
        posture, coerced, *numbers = line.replace(" to ", " ").split()
        assert (posture, coerced == "yes") == region.label == (entry["posture"], entry["coerced"])
        bounds = [*region.share, *region.area]
        for k, (shown, full, exact) in enumerate(
            zip(numbers, [*entry["share"], *entry["area"]], bounds, strict=True)
        ):
            for rounded, slack in ((Fraction(shown), 1e-6), (Fraction(full), 1e-15)):
                assert 0 <= (rounded - exact) * (1 if k % 2 else -1) < slack
    assert lines[3 + len(found.regions)].split()[0] == "undecided"
    assert f"{found.leaves.solved:,} cells were solved" in lines[-1]


# Arguments


def refused(change: Callable[[], Any]) -> str:
    with pytest.raises(ParameterError) as caught:
        change()
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": ("stakes", 0, 1)}, "did you mean 'stake'?"),
        ({"x": ("stake", 0, 1)}, "`x` and `y` must be different parameters, got 'stake' twice"),
        ({"x": ("tilt", 0, "3/2")}, "Axis` of tilt needs two finite numbers"),
        ({"x": ("tilt", 0, 1.5)}, "`tilt` must lie in [0, 1]"),
        ({"x": ("tilt", 1, 0)}, "lower < upper"),
        ({"x": ("tilt", 0)}, "`x` must be (parameter, lower, upper) or an Axis"),
        ({"y": "tilt"}, "`y` must be (parameter, lower, upper) or an Axis"),
        ({"x": ("support_effect", 0, 1)}, "must not exceed `coercion_success`"),
        ({"precision": 0}, "`precision` must be a number from 1e-9 to 0.5, a share"),
        ({"precision": 0.6}, "`precision` must be a number from 1e-9 to 0.5, a share"),
        ({"precision": float("nan")}, "`precision` must be a number from 1e-9 to 0.5: "),
        ({"outputs": ("posture", "margin")}, "leave out those that are numbers"),
        ({"outputs": ("postures",)}, "did you mean 'posture'?"),
        ({"max_cells": 63}, "`max_cells` must be an integer from 64"),
        ({"workers": 0}, "`workers` must be None or an integer from 1"),
    ],
    ids=repr,
)
def test_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    assert message in refused(lambda: phase_regions(ag.load_scenario("vietnam"), **arguments))


def test_points_outside_the_map_are_refused(maps: dict[str, PhaseRegions]) -> None:
    found = maps["vietnam"]
    assert "`stake` must lie on the map, from 0 to 1.6, got 1.7" in refused(
        lambda: found.at(0.5, 1.7)
    )
    assert "[0, 1]" in refused(lambda: found.at(1.5, 1))
    assert "`points` must be an integer from 2" in refused(lambda: found.to_dataset(1))


def test_an_axis_gives_its_ends() -> None:
    case = ag.load_scenario("vietnam")
    one = phase_regions(case, x=Axis("tilt", 0, 1, 7), precision=0.1)
    two = phase_regions(case, x=("tilt", 0, 1), precision=0.1)
    assert one.regions == two.regions
    assert one.x == ("tilt", Fraction(0), Fraction(1))
    assert one.depth == 4
