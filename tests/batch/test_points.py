"""Points of designs: every answer equals the exact one, or says that it is open."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.batch import BatchStatus
from alignment_games.batch.design import Design, Grid, PointList
from alignment_games.batch.exact_points import exact_answers
from alignment_games.batch.fused import NONE, NUMBERS, OPEN, OUTPUTS
from alignment_games.batch.points import job, solve_cells, solve_points
from alignment_games.batch.spread import Latin, Random, Sobol
from alignment_games.errors import GameError
from alignment_games.models.model import AlignmentModel

MakeModel = Callable[..., AlignmentModel]
X, Y, Z = sp.symbols("x y z", real=True)
TENTH = sp.Rational(1, 10)
ALL = tuple(OUTPUTS)
SEQUENTIAL = ("posture", "coerced", "payoff", "margin", "dominant")


def answers(
    model: AlignmentModel,
    design: Design,
    outputs: tuple[str, ...] = ALL,
    *,
    values: Mapping[str, Any] | None = None,
    resolve: bool = False,
    workers: int = 1,
) -> dict[str, np.ndarray]:
    task = job(model, values or {}, design, outputs, resolve=resolve)
    return solve_points(task, 0, len(design), workers)


def independent(
    model: AlignmentModel, values: Mapping[str, Fraction], outputs: tuple[str, ...]
) -> dict[str, Any]:
    """Answer by the package's solvers of one game, without the code of `exact_answers`."""
    game = model.game(values)
    tree = model.tree(values)
    solution = ag.solve(tree)
    paths = {eq.path for eq in solution.equilibria}
    places = {path: tuple(own.index(a) for own, a in zip(model.strategies, path, strict=True))
              for path in paths}  # fmt: skip
    rows = {place[0] for place in places.values()}
    harsh = {place[1] == len(model.strategies[1]) - 1 for place in places.values()}
    first = game.payoffs[0]
    payoffs = {first[place] for place in places.values()}
    found: dict[str, Any] = {
        "posture": rows.pop() if len(rows) == 1 else NONE,
        "coerced": int(harsh.pop()) if len(harsh) == 1 else NONE,
        "payoff": float(payoffs.pop()) if len(payoffs) == 1 else math.nan,
    }
    # Each posture's values over all best replies; the margin exists where each has one.
    second = game.payoffs[1]
    spans = [{first[i, j] for j in range(second.shape[1]) if second[i, j] == max(second[i])}
             for i in range(second.shape[0])]  # fmt: skip
    ranked = sorted((max(span) for span in spans), reverse=True)
    found["margin"] = math.nan
    if all(len(span) == 1 for span in spans):
        found["margin"] = float(ranked[0] - ranked[1]) if len(ranked) > 1 else math.inf
    wins = [i for i in range(len(first)) if all(
        (first[i] > first[k]).all() for k in range(len(first)) if k != i)]  # fmt: skip
    found["dominant"] = wins[0] if wins else NONE
    if "equilibria" in outputs:
        both = ag.solve(game, exact=True)
        endless = any(component.dimension > 0 for component in both.components)
        found["equilibria"] = NONE if endless else len(both.equilibria)
        chosen = {eq.profile[0].index(1) if 1 in eq.profile[0] else NONE for eq in both.equilibria}
        found["equilibrium_posture"] = chosen.pop() if len(chosen) == 1 else NONE
    return {name: found[name] for name in outputs}


def same(name: str, one: Any, two: Any) -> bool:
    if name in NUMBERS:
        return bool(one == pytest.approx(two, rel=1e-9, abs=1e-9, nan_ok=True))
    return bool(one == two)


def check(
    model: AlignmentModel,
    design: Design,
    outputs: tuple[str, ...] = ALL,
    values: Mapping[str, Any] | None = None,
) -> tuple[int, int]:
    """Compare all points with exact answers; return how many are certain, and how many tied."""
    open_ = answers(model, design, outputs, values=values)
    resolved = answers(model, design, outputs, values=values, resolve=True)
    counts = [0, 0]
    for k in range(len(design)):
        point = {**(values or {}), **design.exact(k)}
        exact = {name: Fraction(point[name]) for name in model.parameters}
        wanted = independent(model, exact, outputs)
        quick = exact_answers(model, exact, outputs)
        assert quick is not None
        status = int(open_["status"][k])
        assert status in {BatchStatus.OK, BatchStatus.DEGENERATE}
        counts[status] += 1
        assert int(resolved["status"][k]) == (
            BatchStatus.OK if status == BatchStatus.OK else BatchStatus.RESOLVED
        )
        for name, value in wanted.items():
            assert same(name, quick[name], value), (name, point)
            assert same(name, resolved[name][k], value), (name, point)
            is_open = open_[name][k] == OPEN if name not in NUMBERS else np.isnan(open_[name][k])
            if status == BatchStatus.OK:
                assert name in NUMBERS or not is_open
            assert is_open or same(name, open_[name][k], value), (name, point)
    return counts[0], counts[1]


# The package's model


@pytest.mark.parametrize("case", ["vietnam", "ukraine"])
def test_the_alignment_model_at_points_of_every_design(case: str) -> None:
    values = dict(ag.load_scenario(case))
    ranges = {"patron_reliability": (0, 1), "stake": (0, 2), "tilt": (0, 1)}
    designs: tuple[Design, ...] = (
        Grid({"patron_reliability": (0, 1, 6), "stake": (0, 1.6, 5)}),
        Random(ranges, 12, rng=1),
        Sobol(ranges, 16, rng=1),
        Latin(ranges, 12, rng=1),
    )
    for design in designs:
        rest = {name: v for name, v in values.items() if name not in design.parameters}
        certain, _ = check(ag.models.alignment(), design, values=rest)
        assert certain > len(design) / 2


def test_ties_of_the_alignment_model() -> None:
    """Tenths in every parameter: many points are exactly tied."""
    model = ag.models.alignment()
    rng = random.Random(4)
    columns: dict[str, list[float]] = {name: [] for name in model.parameters}
    for _ in range(40):
        for name, parameter in model.parameters.items():
            upper = min(10, int(10 * (parameter.domain.upper or 1)))
            columns[name].append(rng.choice((0, 0, 2, 4, 5, upper)) / 10)
        columns["support_effect"][-1] = min(
            columns["support_effect"][-1], columns["coercion_success"][-1]
        )
    _, tied = check(model, PointList(columns))
    assert tied > 8


# Models of other sizes


def table(rng: random.Random, m: int, n: int, kinds: tuple[Any, ...]) -> list[list[Any]]:
    return [[rng.choice(kinds) for _ in range(n)] for _ in range(m)]


SLOW = pytest.mark.slow  # to compile


@pytest.mark.parametrize(
    ("m", "n"),
    [
        (1, 1),
        (1, 3),
        (2, 2),
        (3, 1),
        pytest.param(2, 3, marks=SLOW),
        pytest.param(3, 3, marks=SLOW),
    ],
)
def test_models_of_other_sizes(make_model: MakeModel, m: int, n: int) -> None:
    rng = random.Random(10 * m + n)
    kinds = (X, Y, X + Y, X - Y, X * Y + Z, 3 * X, Z / (1 + X), sp.Integer(0), TENTH, sp.Max(X, Y))
    model = make_model(table(rng, m, n, kinds), table(rng, m, n, kinds))
    numbers = [0.0, 0.1, 0.2, 0.3, 0.5, 1.0]
    points = {name: [rng.choice(numbers) for _ in range(60)] for name in "xyz"}
    check(model, PointList(points))
    spread = {name: [rng.uniform(0, 2) for _ in range(20)] for name in "xyz"}
    check(model, PointList(spread))


@SLOW
def test_four_strategies_without_the_simultaneous_game(make_model: MakeModel) -> None:
    rng = random.Random(44)
    kinds = tuple(
        i * X + j * Y + k * Z for i, j, k in itertools.product(range(6), repeat=3) if i + j + k
    )
    model = make_model(table(rng, 4, 4, kinds), table(rng, 4, 4, kinds))
    points = {
        name: [rng.choice([0.0, 0.1, 0.5, 1.0, 2.0]) for _ in range(40)]
        + [rng.uniform(0, 2) for _ in range(40)]
        for name in "xyz"
    }
    certain, tied = check(model, PointList(points), SEQUENTIAL)
    assert certain > 5
    assert tied > 5
    with pytest.raises(GameError, match="need a model of up to 3 strategies a player"):
        answers(model, PointList(points), ("equilibria",))


def test_a_model_too_large_to_compile_is_refused(make_model: MakeModel) -> None:
    wide = [[X] * 12 for _ in range(12)]
    with pytest.raises(GameError, match="must have at most 40 profiles to be swept"):
        answers(make_model(wide, wide), PointList({n: [0.5] for n in "xyz"}), ("posture",))


def test_numbers_are_open_where_a_reply_is_nearly_tied(make_model: MakeModel) -> None:
    # The reply to the other posture is within rounding of a tie that rational arithmetic decides:
    # 3 x is 0.3 and not 0.30000000000000004, so column 1 is 1e-18 better.
    model = make_model([[5, 5], [X, X + 1]], [[1, 0], [3 * X, sp.Rational(3, 10) + Y]])
    design = PointList({"x": [0.1], "y": [1e-18], "z": [0.0]})
    found = answers(model, design, SEQUENTIAL)
    assert found["posture"].tolist() == [0]
    assert found["status"].tolist() == [BatchStatus.DEGENERATE]
    found = answers(model, design, SEQUENTIAL, resolve=True)
    assert found["margin"].tolist() == [3.9]
    assert answers(model, design, ("posture",))["status"].tolist() == [BatchStatus.OK]


# Ties


def test_games_full_of_ties(make_model: MakeModel) -> None:
    rng = random.Random(6)
    for m, n in itertools.product((1, 2, 3), (1, 2, 3)):
        names = [f"u{k}" for k in range(2 * m * n)]
        symbols = iter(sp.symbols(names, real=True))
        first, second = ([[next(symbols) for _ in range(n)] for _ in range(m)] for _ in "ab")
        model = make_model(first, second, names=names)
        for _ in range(40):
            values = {name: Fraction(rng.choice((0, 1, 1, 2))) for name in names}
            found = exact_answers(model, values, ALL)
            assert found is not None
            for name, value in independent(model, values, ALL).items():
                assert same(name, found[name], value), (name, values)


@pytest.mark.parametrize("distance", [1e-16, 1e-9])
def test_status_near_a_tie(make_model: MakeModel, distance: float) -> None:
    model = make_model([[X], [Y]], [[0], [0]])
    found = answers(
        model,
        PointList(
            {"x": [0.7, 0.7, 0.7], "y": [0.7, 0.7 + distance, 0.7 - distance], "z": [0.0] * 3}
        ),
        ("posture",),
    )
    near = distance < 1e-15
    assert found["status"].tolist() == [1, int(near), int(near)]
    assert found["posture"].tolist() == [OPEN, *([OPEN, OPEN] if near else [1, 0])]


# Bad points


def test_points_outside_are_marked_and_nothing_else() -> None:
    model = ag.models.alignment()
    values = dict(ag.load_scenario("vietnam"))
    bad: list[tuple[str, float]] = [
        ("tilt", -1e-9), ("tilt", 1.0000001), ("tilt", math.nan), ("stake", math.inf),
        ("stake", -math.inf), ("stake", 1e101), ("support_effect", 0.95),
        ("coercion_success", 0.45),
    ]  # fmt: skip
    names = sorted({name for name, _ in bad})
    rows = [{name: float(values[name]) for name in names} for _ in range(len(bad) + 1)]
    for row, (name, value) in zip(rows, bad, strict=False):
        row[name] = value
    design = PointList({name: [row[name] for row in rows] for name in names})
    rest = {name: v for name, v in values.items() if name not in names}
    for resolve in (False, True):
        found = answers(model, design, ALL, values=rest, resolve=resolve)
        assert found["status"].tolist() == [BatchStatus.BAD_INPUT] * len(bad) + [BatchStatus.OK]
        for name in ALL:
            spoilt = found[name][:-1]
            assert np.isnan(spoilt).all() if name in NUMBERS else (spoilt == OPEN).all()
        assert found["posture"][-1] == 1


@pytest.mark.parametrize(
    "payoff",
    [
        1 / (3 * X - 3 * Y * TENTH),
        sp.Piecewise((X, X + Y < 3 * TENTH), (Y, X + Y > 3 * TENTH)),
        sp.Piecewise((1 / X, sp.Ne(X, Y)), (1 / (X - Y), True)),
    ],
    ids=str,
)
def test_payoffs_that_have_no_value_are_bad_points(make_model: MakeModel, payoff: Any) -> None:
    model = make_model([[payoff, 1], [0, 2]], [[0, 1], [1, 0]])
    points = PointList({"x": [0.1, 0.1, 0.2, 0.3], "y": [1.0, 0.2, 0.1, 0.3], "z": [0.0] * 4})
    for outputs in (ALL, ("posture",)):
        found = answers(model, points, outputs, resolve=True)
        for k in range(4):
            exact = exact_answers(model, points.exact(k), outputs)
            if exact is None:
                assert found["status"][k] == BatchStatus.BAD_INPUT
                assert all(found[n][k] == OPEN for n in outputs if n not in NUMBERS)
            else:
                assert found["status"][k] in {BatchStatus.OK, BatchStatus.RESOLVED}
                assert all(same(n, found[n][k], exact[n]) for n in outputs)
        assert BatchStatus.BAD_INPUT in found["status"].tolist()


def test_a_tie_at_the_edge_of_a_domain_is_decided(make_model: MakeModel) -> None:
    # The float nearest to 1/3 prints as a decimal below it; the loop takes it for the edge.
    model = make_model(
        [[X, X], [X, Y]], [[0, 0], [0, 0]], names=("x", "y"), domain=(Fraction(1, 3), None)
    )
    found = answers(model, PointList({"x": [1 / 3], "y": [1.0]}), ALL, resolve=True)
    assert found["status"].tolist() == [BatchStatus.RESOLVED]


def test_irrational_payoffs_stay_open_at_a_tie(make_model: MakeModel) -> None:
    model = make_model([[sp.exp(X)], [sp.exp(Y)]], [[0], [0]])
    design = PointList({"x": [0.5, 0.5], "y": [0.5, 0.6], "z": [0.0, 0.0]})
    found = answers(model, design, ("posture",), resolve=True)
    assert found["status"].tolist() == [BatchStatus.DEGENERATE, BatchStatus.OK]
    assert found["posture"].tolist() == [OPEN, 1]


def test_payoffs_of_extreme_size_are_left_to_rational_arithmetic(make_model: MakeModel) -> None:
    model = make_model([[X], [Y]], [[0], [0]])
    design = PointList({"x": [1e-70, 1e70], "y": [2e-70, 2e70], "z": [0.0, 0.0]})
    assert answers(model, design, ("posture",))["status"].tolist() == [1, 1]
    assert answers(model, design, ("posture",), resolve=True)["posture"].tolist() == [1, 1]


# Designs


DESIGNS: tuple[Design, ...] = (
    Grid({"x": (0, 1, 7), "y": [0.3, 0.1, 2.0], "z": (0, 3, 11)}),
    Grid({"x": (0, Fraction(1, 3), 1001)}),
    PointList({"x": np.linspace(0, 1, 999), "y": np.linspace(1, 0, 999)}),
    Random({"x": (0, 1), "y": (Fraction(1, 3), 2)}, 9000, rng=5),
    Sobol({"x": (0, 1), "y": (0, 2), "z": (1, 3)}, 3000, rng=5),
    Latin({"x": (0, 1), "y": (0, 2)}, 3001, rng=5),
)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: type(design).__name__)
def test_stretches_of_a_design_are_slices_of_it(design: Design) -> None:
    count = len(design)
    whole = design.columns(0, count)
    assert whole.shape == (len(design.parameters), count)
    assert math.prod(design.shape) == count
    rng = random.Random(count)
    for _ in range(60):
        first, last = sorted((rng.randrange(count), rng.randrange(1, count + 1)))
        if first < last:
            np.testing.assert_array_equal(design.columns(first, last), whole[:, first:last])
    for place in (0, count // 2, count - 1):
        exact = design.exact(place)
        assert [float(exact[name]) for name in design.parameters] == whole[:, place].tolist()


def test_random_designs_lie_within_their_ranges_and_fill_them() -> None:
    for design in DESIGNS[3:]:
        low, high = (ends(design.columns(0, len(design)), axis=1) for ends in (np.min, np.max))
        ranges = dict(design.ranges)  # type: ignore[attr-defined]
        for k, name in enumerate(design.parameters):
            lower, upper = float(ranges[name].lower), float(ranges[name].upper)
            assert lower <= low[k] < lower + 0.01 * (upper - lower)
            assert upper >= high[k] > upper - 0.01 * (upper - lower)


def test_grids_are_exact() -> None:
    design = Grid({"x": (Fraction(1, 7), Fraction(5, 7), 5), "y": (0, 1, 11)})
    for position, (i, j) in enumerate(itertools.product(range(5), range(11))):
        assert design.exact(position) == {"x": Fraction(1 + i, 7), "y": Fraction(j, 10)}
    assert design.columns(0, 55)[1].tolist() == [j / 10 for j in range(11)] * 5


def test_workers_and_stretches_do_not_matter() -> None:
    values = dict(ag.load_scenario("ukraine"))
    design = Random({"patron_reliability": (0, 1), "stake": (0, 2)}, 40_000, rng=2)
    rest = {name: v for name, v in values.items() if name not in design.parameters}
    task = job(ag.models.alignment(), rest, design, ALL, resolve=True)
    whole = solve_points(task, 0, len(design), 1)
    for workers in (2, 5):
        again = solve_points(task, 0, len(design), workers)
        part = solve_points(task, 12_345, 23_456, workers)
        for name, row in whole.items():
            np.testing.assert_array_equal(again[name], row)
            np.testing.assert_array_equal(part[name], row[12_345:23_456])


# Cells


def test_cells_hold_throughout(make_model: MakeModel) -> None:
    rng = random.Random(12)
    kinds = (X, Y, X * Y, X / (1 + Y), sp.Max(X, Y), sp.Piecewise((X, X > Y), (1 - Y, True)), TENTH)
    for _ in range(2):
        model = make_model(table(rng, 2, 2, kinds), table(rng, 2, 2, kinds), names=("x", "y"))
        task = job(model, {}, PointList({"x": [0.0], "y": [0.0]}), ALL[:1] + ALL[1:2] + ALL[4:],
                   resolve=False)  # fmt: skip
        middles = np.array([[rng.uniform(0.1, 2) for _ in range(400)] for _ in "xy"])
        found = solve_cells(task, middles, {"x": 0.05, "y": 0.02}, 2)
        certain = 0
        for k in range(0, 400, 8):
            for _ in range(2):
                point = {
                    name: Fraction(middles[row, k]) + Fraction(half) * rng.choice((-1, 0, 1))
                    for row, (name, half) in enumerate((("x", 0.05), ("y", 0.02)))
                }
                wanted = independent(model, point, task.outputs)
                for name, value in wanted.items():
                    if found[name][k] != OPEN:
                        certain += 1
                        assert found[name][k] == value, (name, point)
        assert certain > 30


@pytest.mark.parametrize(
    "expression",
    [
        X * Y * Z * (Z + 1) * (Z + 2) * (Z + 3),  # 1e-400 times 1e400
        sp.Piecewise((1, X * Y > 0), (0, True)),
        sp.Piecewise((1, 4 * X**2 > Y**2), (0, True)),
        sp.Piecewise((1, sp.exp(-1000) < X * Y), (0, True)),
    ],
    ids=str,
)
def test_products_that_underflow_are_not_taken_for_zero(
    make_model: MakeModel, expression: sp.Expr
) -> None:
    model = make_model([[expression], [sp.Rational(1, 2)]], [[0], [0]])
    point = {"x": 1e-200, "y": 1e-200, "z": 1e100}
    found = answers(
        model, PointList({name: [value] for name, value in point.items()}), ("posture", "dominant")
    )
    # In floats the first strategy earns nothing; exactly, it earns more than a half or is open.
    assert found["posture"][0] in {0, OPEN}
    assert found["dominant"][0] in {0, OPEN}
    assert found["status"][0] == BatchStatus.DEGENERATE
