"""The flagship figure cell by cell: against scalar solving, the notes F13, and its own lines."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import MIXED_POSTURES, Axis, phase_map
from alignment_games.batch import BatchStatus
from alignment_games.figures import Curve, PhasePanel, phase_panel

CASES = ("vietnam", "ukraine")
LETTERS = {"balance": "B", "hedge": "H", "bandwagon": "W"}
COLUMNS, ROWS = 41, 17
X, Y = Axis("patron_reliability", 0, 1, COLUMNS), Axis("stake", 0, 1.6, ROWS)

# the notes F13: subgame-perfect posture; capital: not coerced, lower case: coerced; columns
# are rho = 0, 0.025, ..., 1; rows by V.
F13 = {
    "vietnam": {
        "0": "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.1": "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.2": "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.3": "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.4": "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.5": "WWWWWWWHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH",
        "0.6": "WWWWWWWWWWWWWWWWWWWWWBBBBHHHHHHHHHHHHHHHH",
        "0.7": "WWWWWWWWWWWWWWWWWWWWWWWBBBBBBBBBBBBBBBBBB",
        "0.8": "WWWWWWWWWWWWWWWWWWWWWWWWBBBBBBBBBBBBBBBBB",
        "0.9": "WWWWWWWWWWWWWWWWWWWWWWWWWWBBBBBBBBBBBBBBB",
        "1": "hhhhhhbbbbbbbbbbbbbbbbbbbbbbBBBBBBBBBBBBB",
        "1.6": "hhhhhhbbbbbbbbbbbbbbbbbbbbbbbbbbbbbBBBBBB",
    },
    "ukraine": {
        "0": "HHHHHBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
        "0.2": "HHHHHHHHHHHBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
        "0.4": "HHHHHHHHHHHHHHHHHBBBBBBBBBBBBBBBBBBBBBBBB",
        "0.5": "WWWWWWWHHHHHHHHHHHHBBBBBBBBBBBBBBBBBBBBBB",
        "0.6": "WWWWWWWWWWWWWWWWWWWWWBBBBBBBBBBBBBBBBBBBB",
        "0.9": "WWWWWWWWWWWWWWWWWWWWWWWWWWBBBBBBBBBBBBBBB",
        "1": "hhbbbbbbbbbbbbbbbbbbbbbbbbbbBBBBBBBBBBBBB",
    },
}
# Cells of F13 in which two postures are subgame-perfect: the hegemon is exactly indifferent.
TIES = {
    "vietnam": {("0.6", 24): "BH", ("0.7", 40): "BH", ("0.8", 24): "BW"},
    "ukraine": {("0.4", 16): "BH"},
}


@dataclass(frozen=True)
class Cell:
    """A point of the map solved on its own."""

    paths: frozenset[tuple[str, ...]]
    tied: bool

    @property
    def letters(self) -> str:
        """Letters of the postures, in alphabetical order; lower case where all are coerced."""
        text = "".join(sorted(LETTERS[a] for a in {path[0] for path in self.paths}))
        return text.lower() if all(path[1] == "coerce" for path in self.paths) else text


def solve_cell(case: ag.Scenario, reliability: Fraction, stake: Fraction) -> Cell:
    solution = ag.solve(case.model.tree(case, patron_reliability=reliability, stake=stake))
    return Cell(frozenset(eq.path for eq in solution.equilibria), solution.degenerate)


@pytest.fixture(scope="module")
def maps() -> dict[str, Any]:
    return {name: phase_map(ag.load_scenario(name), x=X, y=Y) for name in CASES}


@pytest.fixture(scope="module")
def cells() -> dict[str, list[list[Cell]]]:
    return {
        name: [
            [solve_cell(ag.load_scenario(name), X.exact(c), Y.exact(r)) for c in range(COLUMNS)]
            for r in range(ROWS)
        ]
        for name in CASES
    }


@pytest.fixture(scope="module")
def full_maps() -> dict[str, Any]:
    return {name: phase_map(ag.load_scenario(name)) for name in CASES}


def check_cell(ds: Any, row: int, column: int, cell: Cell) -> None:
    postures = {path[0] for path in cell.paths}
    code = int(ds.posture.values[row, column])
    if len(postures) > 1:
        assert code == MIXED_POSTURES
    else:
        assert ds.attrs["postures"][code] in postures
    harsh = {path[1] == "coerce" for path in cell.paths}
    assert int(ds.coerced.values[row, column]) == (int(harsh.pop()) if len(harsh) == 1 else -1)
    # No point of these grids is near a tie that matters without being one.
    status = BatchStatus(int(ds.status.values[row, column]))
    assert status in {BatchStatus.OK, BatchStatus.RESOLVED}
    assert status is BatchStatus.OK or cell.tied
    assert status is BatchStatus.RESOLVED or len(cell.paths) == 1


@pytest.mark.parametrize("name", CASES)
def test_every_cell_agrees_with_scalar_solving(
    maps: dict[str, Any], cells: dict[str, list[list[Cell]]], name: str
) -> None:
    ds = maps[name]
    assert ds.posture.shape == (ROWS, COLUMNS)
    for row, column in itertools.product(range(ROWS), range(COLUMNS)):
        check_cell(ds, row, column, cells[name][row][column])
    assert set(np.unique(ds.status)) == {BatchStatus.OK, BatchStatus.RESOLVED}


@pytest.mark.parametrize("name", CASES)
def test_full_map_agrees_with_scalar_solving_on_a_sample(
    full_maps: dict[str, Any], name: str
) -> None:
    ds, case = full_maps[name], ag.load_scenario(name)
    x, y = Axis("patron_reliability", 0, 1), Axis("stake", 0, 1.6)
    assert ds.posture.shape == (401, 401)
    np.testing.assert_array_equal(ds.patron_reliability.values, x.values())
    np.testing.assert_array_equal(ds.stake.values, y.values())
    rng = random.Random(401)
    sample = {(rng.randrange(401), rng.randrange(401)) for _ in range(1000)}
    for row, column in sample:
        check_cell(ds, row, column, solve_cell(case, x.exact(column), y.exact(row)))
    # Every point that was not decided in floating point, too.
    exact = np.argwhere(ds.status.values > 0)
    assert len(exact) > 5
    for row, column in exact.tolist():
        check_cell(ds, row, column, solve_cell(case, x.exact(column), y.exact(row)))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_full_map_agrees_with_scalar_solving_along_its_borders(
    full_maps: dict[str, Any], name: str
) -> None:
    ds, case = full_maps[name], ag.load_scenario(name)
    x, y = Axis("patron_reliability", 0, 1), Axis("stake", 0, 1.6)
    code = ds.posture.values * 2 + ds.coerced.values
    border = np.zeros(code.shape, dtype=bool)
    border[:, 1:] |= code[:, 1:] != code[:, :-1]
    border[1:] |= code[1:] != code[:-1]
    for row, column in np.argwhere(border).tolist():
        check_cell(ds, row, column, solve_cell(case, x.exact(column), y.exact(row)))


@pytest.mark.parametrize("name", CASES)
def test_full_map_holds_the_coarse_one(
    maps: dict[str, Any], full_maps: dict[str, Any], name: str
) -> None:
    for variable in ("posture", "coerced"):
        fine = full_maps[name][variable].values[::25, ::10]
        np.testing.assert_array_equal(fine, maps[name][variable].values)


# F13


@pytest.mark.parametrize("name", CASES)
def test_f13_letters(maps: dict[str, Any], cells: dict[str, list[list[Cell]]], name: str) -> None:
    ties = {}
    for stake, letters in F13[name].items():
        assert len(letters) == COLUMNS
        row = int(Fraction(stake) * 10)
        for column, letter in enumerate(letters):
            cell = cells[name][row][column]
            if len(cell.paths) > 1:
                ties[stake, column] = cell.letters
                assert letter in cell.letters
                assert int(maps[name].posture.values[row, column]) == MIXED_POSTURES
            else:
                assert cell.letters == letter, (stake, column)
    assert ties == TIES[name]


def test_the_essays_points_on_the_map() -> None:
    vietnam, ukraine = (ag.load_scenario(name) for name in CASES)
    assert solve_cell(vietnam, vietnam["patron_reliability"], vietnam["stake"]).letters == "H"
    stake = ukraine["stake"]
    assert solve_cell(ukraine, ukraine["patron_reliability"], stake).letters == "H"
    assert solve_cell(ukraine, ukraine.beliefs["patron_reliability"], stake).letters == "B"


# Lines


def points_of(curve: Curve) -> np.ndarray:
    """Points along a line, close together, shape (n, 2).

    A line is drawn between sampled points, so it may end up to one sample before the frame or
    before the point where another line takes over; each end is prolonged by one sample.
    """
    line = np.stack([curve.x, curve.y], axis=-1)
    finite = np.isfinite(curve.x) & np.isfinite(curve.y)
    pieces = [line[finite]]
    for k in range(len(line) - 1):
        here, there = line[k], line[k + 1]
        if finite[k] and finite[k + 1]:
            step = there - here
            start = -1 if k == 0 or not finite[k - 1] else 0
            end = 2 if k + 2 == len(line) or not finite[k + 2] else 1
            pieces.append(here + step * np.linspace(start, end, 32 * (end - start) + 1)[:, None])
    return np.concatenate(pieces)


def misses(panel: PhasePanel) -> list[tuple[float, float]]:
    """Changes of posture or coercion that are further than one cell from every line."""
    lines = np.concatenate([np.empty((0, 2)), *(points_of(curve) for curve in panel.curves)])
    dx, dy = panel.x[1] - panel.x[0], panel.y[1] - panel.y[0]
    code = panel.posture * 2 + panel.coerced
    far = []
    for down, right in ((0, 1), (1, 0)):
        rows, columns = code.shape[0] - down, code.shape[1] - right
        changed = code[:rows, :columns] != code[down:, right:]
        for row, column in np.argwhere(changed).tolist():
            x = (panel.x[column] + panel.x[column + right]) / 2
            y = (panel.y[row] + panel.y[row + down]) / 2
            near = (np.abs(lines[:, 0] - x) <= dx * (1 + right / 2) + 1e-9) & (
                np.abs(lines[:, 1] - y) <= dy * (1 + down / 2) + 1e-9
            )
            if not near.any():
                far.append((float(x), float(y)))
    return far


@pytest.mark.parametrize("name", CASES)
def test_every_change_of_color_lies_on_a_line(maps: dict[str, Any], name: str) -> None:
    assert misses(phase_panel(maps[name])) == []


@pytest.mark.parametrize("name", CASES)
def test_every_change_of_color_of_the_full_map_lies_on_a_line(
    full_maps: dict[str, Any], name: str
) -> None:
    assert misses(phase_panel(full_maps[name])) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"hedging_discount": 0.3, "autonomy_balance": 0.8},
        {"tilt": 0.9, "informal_support": 0.8},
        {"autonomy_bandwagon": 0.9, "market_retention_bandwagon": 0.9},
        {"overrun_loss": 0, "coercion_damage": 0, "coercion_success": 0.6},
        {"escalation_cost": 0, "alignment_loss": 0},
        {"informal_support": 1, "tilt": 1},
    ],
    ids=repr,
)
def test_every_change_of_color_of_other_cases_lies_on_a_line(changes: dict[str, float]) -> None:
    for name in CASES:
        ds = phase_map(ag.load_scenario(name).replace(**changes), x=X, y=Y)
        assert misses(phase_panel(ds)) == []


def test_misses_would_be_seen(maps: dict[str, Any]) -> None:
    from dataclasses import replace

    panel = phase_panel(maps["vietnam"])
    for k in range(len(panel.curves)):
        if panel.curves[k].about in {("hedge",), ("balance",)}:
            fewer = replace(panel, curves=panel.curves[:k] + panel.curves[k + 1 :])
            assert misses(fewer)


@pytest.mark.parametrize("name", CASES)
def test_deterrence_lines_are_v_b_v_h_and_v_w(full_maps: dict[str, Any], name: str) -> None:
    panel = phase_panel(full_maps[name])
    lines = {c.about[0]: c for c in panel.curves if c.kind == "deterrence"}
    assert set(lines) == set(LETTERS)
    rho = panel.x
    # F9, "Common": l0 .9, delta .5, eta .2, b .8, zeta .25, beta_w .3, kappa .6, w .6.
    expected = {
        "balance": (0.6 + 0.6 * rho) / (0.9 - 0.5 * rho) - 0.8,
        "hedge": (0.6 + 0.12 * rho) / (0.9 - 0.1 * rho) - 0.2,
        "bandwagon": np.full_like(rho, 0.6 / 0.9 + 0.24),
    }
    for posture, values in expected.items():
        line = lines[posture]
        assert line.solved_for == "stake"
        drawn = np.isfinite(line.y)
        within = np.minimum(values, 1.6 - values)  # positive inside the frame
        assert drawn[within > 1e-12].all()
        assert not drawn[within < -1e-12].any()
        np.testing.assert_allclose(line.y[drawn], values[drawn], rtol=0, atol=1e-12)
        np.testing.assert_array_equal(line.x, rho)


@pytest.mark.parametrize("name", CASES)
def test_on_an_indifference_line_the_two_best_postures_tie(
    full_maps: dict[str, Any], name: str
) -> None:
    panel, case = phase_panel(full_maps[name]), ag.load_scenario(name)
    lines = [c for c in panel.curves if c.kind == "indifference"]
    assert name == "vietnam" or lines
    for line in lines:
        drawn = np.isfinite(line.x) & np.isfinite(line.y)
        assert drawn.any()
        for x, y in list(zip(line.x[drawn], line.y[drawn], strict=True))[::20]:
            own, other = case.model.payoff_arrays(
                case, {"patron_reliability": np.array([x]), "stake": np.array([y])}
            )[..., 0]
            value = np.where(other[:, 1] > other[:, 0], own[:, 1], own[:, 0])
            best = sorted(range(3), key=lambda k: -value[k])[:2]
            assert value[best[0]] == pytest.approx(value[best[1]], abs=1e-9)
            assert {panel.postures[k] for k in best} == set(line.about)


def test_panel_marks_truth_belief_and_ranges(maps: dict[str, Any]) -> None:
    vietnam, ukraine = (phase_panel(maps[name]) for name in CASES)
    assert vietnam.point == (0.4, 0.3)
    assert vietnam.ranges == ((0.22, 0.745), (0.0, 1.6))  # the stake's range ends beyond the map
    assert ukraine.point == (0.2, 0.45)
    assert ukraine.ranges == ((0.2, 0.745), (0.0, 1.6))
    assert [panel.believed for panel in (vietnam, ukraine)] == [None, (0.7, 0.45)]
    for panel, name in ((vietnam, "vietnam"), (ukraine, "ukraine")):
        assert panel.title == ag.load_scenario(name).title
        assert (panel.x_name, panel.y_name) == ("patron_reliability", "stake")
        assert (panel.x_symbol, panel.y_symbol) == (r"\rho", "V")
        assert panel.postures == tuple(LETTERS)


# Cases in which a line has no formula


@pytest.mark.parametrize(
    "changes",
    [{"support_effect": 0}, {"support_effect": 0, "coercion_success": 0}],
    ids=["no help", "no chance of success"],
)
def test_panel_of_a_case_without_some_lines(changes: dict[str, float]) -> None:
    # Without help the small state's payoffs do not depend on rho: that line does not exist.
    for name in CASES:
        ds = phase_map(ag.load_scenario(name).replace(**changes), x=X, y=Y)
        assert misses(phase_panel(ds)) == []


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (Axis("economy_hegemon", 0, 1, 21), Axis("economy_patron", 0, 1, 21)),
        (Axis("hedging_discount", 0, 0.5, 21), Axis("autonomy_balance", 0, 1, 21)),
        (Axis("economy_hegemon", 0, 1, 21), Axis("autonomy_weight", 0, 2, 21)),
        (Axis("support_effect", 0, 0.9, 21), Axis("patron_reliability", 0, 1, 21)),
        (Axis("alignment_loss", 0, 2, 21), Axis("tilt", 0, 1, 21)),
        (Axis("cost_hedge", 0, 0.5, 21), Axis("coercion_cost", 0, 2, 21)),
    ],
    ids=lambda axis: axis.parameter,
)
@pytest.mark.parametrize("name", CASES)
def test_every_change_of_color_of_other_maps_lies_on_a_line(name: str, x: Axis, y: Axis) -> None:
    ds = phase_map(ag.load_scenario(name), x=x, y=y)
    assert misses(phase_panel(ds)) == []


def test_a_tie_of_large_stakes_is_decided_exactly() -> None:
    # At rho = 0 the hegemon is exactly indifferent about every posture: 0.9 V = kappa. In
    # floating point 0.9 V - kappa is off by more than the tolerance, which scales with payoffs
    # that are small here, not with the terms that cancel.
    case = ag.load_scenario("vietnam").replace(
        alignment_loss=0, escalation_cost=0, stake=442101459.1, coercion_cost=397891313.19
    )
    x, y = Axis("patron_reliability", 0, 1, 2), Axis("cost_hedge", 0, 0.5, 3)
    ds = phase_map(case, x=x, y=y)
    for row in range(3):
        tree = case.model.tree(case, patron_reliability=0, cost_hedge=y.exact(row))
        paths = {eq.path for eq in ag.solve(tree).equilibria}
        assert len(paths) > 1
        assert int(ds.status.values[row, 0]) == BatchStatus.RESOLVED
