"""The phase map's axes, attributes and refusals; its cells are checked in tests/figures."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import MIXED_POSTURES, Axis, phase_map
from alignment_games.batch import BatchStatus
from alignment_games.errors import AlignmentGamesError, ParameterError


def test_axis_is_exact_and_holds_both_ends() -> None:
    axis = Axis("stake", 0, 1.6, 17)
    assert [axis.exact(k) for k in range(17)] == [Fraction(k, 10) for k in range(17)]
    values = axis.values()
    assert values.shape == (17,)
    assert values.tolist() == [float(Fraction(k, 10)) for k in range(17)]
    assert Axis("stake", 0, 1).points == 401
    assert Axis("tilt", Fraction(1, 3), 1, 2).exact(0) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("lower", "upper", "points"), [(1, 0, 5), (1, 1, 5), (0, 1, 1), (0, 1, 0), (0, 1, -3)]
)
def test_axis_refuses_an_empty_range(lower: int, upper: int, points: int) -> None:
    with pytest.raises(ParameterError, match="`Axis` of stake needs lower < upper and 2 or more"):
        Axis("stake", lower, upper, points)


@pytest.mark.parametrize(
    ("lower", "upper"),
    [("0", 1), (0, "1"), (math.nan, 1), (0, math.nan), (0, math.inf), (True, 2), (None, 1)],
    ids=repr,
)
def test_axis_refuses_ends_that_are_not_numbers(lower: Any, upper: Any) -> None:
    with pytest.raises(ParameterError, match="stake"):
        Axis("stake", lower, upper, 3)


@pytest.mark.parametrize("points", [2.5, "3", None, math.nan], ids=repr)
def test_axis_refuses_a_number_of_points_that_is_not_whole(points: Any) -> None:
    with pytest.raises(ParameterError, match="stake"):
        Axis("stake", 0, 1, points)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (Axis("stakes", 0, 1, 3), None, "did you mean 'stake'"),
        (Axis("patron_reliability", 0, 2, 3), None, r"`patron_reliability` must lie in \[0, 1\]"),
        (None, Axis("stake", -1, 1, 3), r"`stake` must lie in \[0, inf\)"),
        (Axis("stake", 0, 1, 3), None, "must be different parameters, got 'stake' twice"),
        (None, Axis("patron_reliability", 0, 1, 3), "must be different parameters"),
        (Axis("support_effect", 0, 1, 3), None, "`support_effect` must not exceed"),
        (Axis("coercion_success", 0, 1, 3), None, "`support_effect` must not exceed"),
    ],
)
def test_phase_map_refuses_axes(x: Axis | None, y: Axis | None, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        phase_map(ag.load_scenario("vietnam"), x=x, y=y)
    assert isinstance(caught.value, AlignmentGamesError)


def test_dataset_says_what_it_holds() -> None:
    scenario = ag.load_scenario("ukraine")
    ds = phase_map(scenario, x=Axis("tilt", 0, 1, 3), y=Axis("stake", 0, 1, 5))
    assert set(ds.data_vars) == {"posture", "coerced", "status"}
    for name in ds.data_vars:
        assert ds[name].dims == ("stake", "tilt")
        assert ds[name].shape == (5, 3)
    assert all(ds[name].dtype == np.int8 for name in ds.data_vars)
    assert ds.coords["tilt"].values.tolist() == [0, 0.5, 1]
    assert ds.attrs["model"] == "alignment"
    assert ds.attrs["scenario"] == "ukraine"
    assert ds.attrs["title"] == scenario.title
    assert tuple(ds.attrs["postures"]) == scenario.model.strategies[0]
    values = json.loads(ds.attrs["values"])
    assert {n: Fraction(text) for n, text in values.items()} == dict(scenario)
    ranges = json.loads(ds.attrs["ranges"])
    assert ranges["patron_reliability"] == ["1/5", "149/200"]
    assert json.loads(ds.attrs["perceived"]) == {"patron_reliability": "7/10"}


def test_default_axes_are_reliability_and_stake() -> None:
    ds = phase_map(ag.load_scenario("vietnam"), y=Axis("stake", 0, 1, 2))
    assert ds["posture"].dims == ("stake", "patron_reliability")
    assert ds.sizes == {"stake": 2, "patron_reliability": 401}
    ds = phase_map(ag.load_scenario("vietnam"), x=Axis("patron_reliability", 0, 1, 2))
    assert ds.sizes == {"stake": 401, "patron_reliability": 2}
    assert ds.coords["stake"].values[[0, -1]].tolist() == [0, 1.6]


def test_map_depends_on_the_scenarios_own_values_off_the_axes_only() -> None:
    case, axes = (
        ag.load_scenario("vietnam"),
        {"x": Axis("stake", 0, 1, 4), "y": Axis("tilt", 0, 1, 4)},
    )
    one, other = phase_map(case, **axes), phase_map(case.replace(stake=1, tilt=1), **axes)
    assert one.posture.equals(other.posture)
    moved = phase_map(case.replace(cost_hedge=0.5, hedging_discount=0.5), **axes)
    assert not one.posture.equals(moved.posture)


def test_a_map_of_ties_only_is_solved_exactly() -> None:
    # Nothing is worth anything: the hegemon and the small state are indifferent everywhere.
    case = ag.load_scenario("vietnam").replace(**dict.fromkeys(ag.load_scenario("vietnam"), 0))
    ds = phase_map(case, x=Axis("patron_reliability", 0, 1, 3), y=Axis("friendship", 0, 1, 2))
    assert (ds.status == BatchStatus.RESOLVED).all()
    assert (ds.posture == MIXED_POSTURES).all()
    assert (ds.coerced == -1).all()


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("economy_hegemon", "autonomy_weight"),
        ("hedging_discount", "autonomy_balance"),
        ("alignment_loss", "tilt"),
        ("support_effect", "coercion_cost"),
        ("overrun_loss", "coercion_damage"),
        ("cost_hedge", "escalation_cost"),
    ],
)
def test_maps_of_other_parameters_agree_with_scalar_solving(x: str, y: str) -> None:
    case = ag.load_scenario("ukraine")
    model = case.model

    def axis(name: str, points: int) -> Axis:
        usual = model.parameters[name].usual
        assert usual.upper is not None
        upper = (
            min(usual.upper, case["coercion_success"]) if name == "support_effect" else usual.upper
        )
        return Axis(name, usual.lower, upper, points)

    across, up = axis(x, 7), axis(y, 5)
    ds = phase_map(case, x=across, y=up)
    for i in range(5):
        for j in range(7):
            tree = model.tree(case, **{x: across.exact(j), y: up.exact(i)})
            paths = {eq.path for eq in ag.solve(tree).equilibria}
            postures = {path[0] for path in paths}
            code = int(ds.posture.values[i, j])
            assert (code == MIXED_POSTURES) == (len(postures) > 1)
            if len(postures) == 1:
                assert model.strategies[0][code] in postures
            harsh = {path[1] == "coerce" for path in paths}
            assert int(ds.coerced.values[i, j]) == (int(harsh.pop()) if len(harsh) == 1 else -1)
            assert len(paths) == 1 or int(ds.status.values[i, j]) == BatchStatus.RESOLVED
