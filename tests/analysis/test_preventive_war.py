"""The map of preventive war: every point against all pure equilibria of its game."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.analysis import SHIFT_OUTCOMES, Axis, preventive_war_map
from alignment_games.errors import ParameterError, WorkLimitError

BASE: dict[str, Any] = {
    "discount": 0.9, "success_now": 0.9, "success_later": 0.65, "arrival": 1, "concession": 1,
    "bargaining_power": 0.9, "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.2,
    "breach_cost": 0,
}  # fmt: skip
MODEL = ag.models.power_shift()


def undominated(values: dict[str, Any]) -> set[tuple[tuple[str, ...], str]]:
    """Profiles in ``neutral`` and answers in ``drawing`` of all pure equilibria, those left out in
    which the small state balances although hedging is better in peace and no worse in war."""
    found = ag.solvers.markov_perfect(MODEL.game(values)).equilibria
    tempted = MODEL.value("breach_cost_needed", values) >= Fraction(str(values["breach_cost"]))
    return {
        (tuple(own[0] for own in eq.played("neutral")), eq.played("drawing")[1][0])
        for eq in found
        if tempted or eq.played("neutral")[0] == ("hedge",)
    }


WANTED = {
    "shift": (("balance", "accommodate"), "accommodate"),
    "hedge": (("hedge", "accommodate"), "accommodate"),
    "deterred": (("hedge", "accommodate"), "attack"),
    "gamble": (("balance", "accommodate"), "attack"),
}


@pytest.mark.parametrize(
    ("x", "y", "changes"),
    [
        (Axis("stealth", 0, 1, 6), Axis("success_later", 0, 0.9, 7), {}),
        (Axis("arrival", 0, 1, 5), Axis("bargaining_power", 0.1, 1, 5), {}),
        (Axis("concession", 0, 1, 5), Axis("breach_cost", 0, 2, 5), {"bargaining_power": 0.5}),
    ],
)
def test_outcomes_are_the_equilibria_of_every_point(
    x: Axis, y: Axis, changes: dict[str, Any]
) -> None:
    ds = preventive_war_map({**BASE, **changes}, x=x, y=y)
    for row in range(y.points):
        for column in range(x.points):
            values = {**BASE, **changes, x.parameter: x.exact(column), y.parameter: y.exact(row)}
            word = SHIFT_OUTCOMES[int(ds.outcome[row, column])]
            pairs = undominated(values)
            attacked = int(ds.attacked[row, column])
            assert {1: {"attack"}, 0: {"accommodate"}, -1: {"attack", "accommodate"}}[attacked] == {
                answer for _, answer in pairs
            }
            if word == "fear":
                assert {profile for profile, _ in pairs} == {("balance", "attack")}
            elif word != "open":
                assert pairs == {WANTED[word]}
            else:
                assert len(pairs) > 1


def test_a_tie_of_the_hegemon_is_open_although_fear_is_one_equilibrium() -> None:
    """By hand: if drawing close is let pass, the small state leaves its hedge and is attacked at
    once for it; if it is attacked, which is as good, the small state hedges in peace."""
    values = {
        **BASE, "success_now": 0.8, "success_later": Fraction(2, 3), "arrival": 1,
        "bargaining_power": 0.5, "stealth": 0.4,
    }  # fmt: skip
    assert MODEL.value("attack_gain", values) == 0
    played = {
        (tuple(own[0] for own in eq.played("neutral")), eq.played("drawing")[1][0])
        for eq in ag.solvers.markov_perfect(MODEL.game(values)).equilibria
    }
    assert {(("balance", "attack"), "accommodate"), (("hedge", "accommodate"), "attack")} <= played
    axes = {"x": Axis("arrival", 0, 1, 2), "y": Axis("success_later", Fraction(2, 3), 0.8, 2)}
    ds = preventive_war_map(values, **axes)
    assert SHIFT_OUTCOMES[int(ds.outcome[0, 1])] == "open"
    assert int(ds.attacked[0, 1]) == -1
    assert int(ds.credible[0, 1]) == -1


def test_without_bargaining_power_the_settled_peace_is_kept() -> None:
    """The small state makes the only offer: a hegemon that is indifferent to war accepts it."""
    axes = {"x": Axis("arrival", 0, 1, 2), "y": Axis("success_later", 0.1, 0.5, 2)}
    ds = preventive_war_map({**BASE, "bargaining_power": 0, "stealth": 0}, **axes)
    words = [[SHIFT_OUTCOMES[int(code)] for code in row] for row in ds.outcome]
    assert words == [["hedge", "deterred"], ["hedge", "deterred"]]


def test_the_maps_hold_every_outcome() -> None:
    ds = preventive_war_map(BASE, x=Axis("stealth", 0, 1, 21), y=Axis("success_later", 0, 0.9, 10))
    assert {SHIFT_OUTCOMES[int(code)] for code in set(ds.outcome.values.flat)} >= {
        "shift", "hedge", "deterred", "gamble", "fear",
    }  # fmt: skip


def test_where_nothing_that_is_ceded_keeps_the_peace() -> None:
    """With a full concession the attack comes exactly where more than all would be needed."""
    ds = preventive_war_map(BASE, x=Axis("arrival", 0, 1, 11), y=Axis("success_later", 0, 0.9, 11))
    assert ((ds.least_concession > 1) == (ds.attacked == 1)).all()
    assert ds.attrs["model"] == "power_shift"
    assert ds.outcome.dims == ("success_later", "arrival")


def test_the_default_map() -> None:
    given = {name: own for name, own in BASE.items() if name not in {"arrival", "success_later"}}
    ds = preventive_war_map(given, x=Axis("arrival", 0, 1, 3))
    assert ds.outcome.shape == (101, 3)
    assert float(ds.success_later[-1]) == 0.9
    ds = preventive_war_map(given, y=Axis("success_later", 0, 0.5, 2))
    assert ds.outcome.shape == (2, 101)


@pytest.mark.parametrize(
    ("changes", "axes", "message"),
    [
        ({}, {"x": Axis("arrival", 0, 2, 3), "y": Axis("stealth", 0, 1, 3)}, "`arrival` must lie"),
        ({}, {"x": Axis("arrival", 0, 1, 3), "y": Axis("arrival", 0, 1, 3)}, "must be different"),
        ({}, {"x": Axis("discount", 0, 1, 3)}, "`discount` must be above 0"),
        ({}, {"y": Axis("success_later", 0, 1, 3)}, "must not exceed `success_now`"),
        ({"success_now": 0, "success_later": 0}, {}, "`success_now` must be above 0"),
        ({"bogus": 1}, {}, "unknown parameter 'bogus'"),
    ],
)
def test_bad_maps(changes: dict[str, Any], axes: dict[str, Axis], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        preventive_war_map({**BASE, **changes}, **axes)


def test_what_is_missing_and_what_is_too_much() -> None:
    with pytest.raises(ParameterError, match="must hold 'success_now'"):
        preventive_war_map({})
    with pytest.raises(ParameterError, match="`values` must be a Scenario"):
        preventive_war_map([1])  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`x` must be an Axis"):
        preventive_war_map(BASE, x=("arrival", 0, 1, 3))  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="missing: stealth"):
        preventive_war_map({name: own for name, own in BASE.items() if name != "stealth"})
    with pytest.raises(WorkLimitError, match="limit is 1000000"):
        preventive_war_map(BASE, x=Axis("arrival", 0, 1, 10_001))
