"""Posture policies: against the two-level model, one-shot deviations, and F1's posture of today."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import posture_policy
from alignment_games.errors import ParameterError, WorkLimitError

MODEL = ag.models.patron_engagement()
VALUES: dict[str, Any] = {
    **ag.load_scenario("ukraine").replace(patron_reliability=0.7),
    "isolationist_reliability": 0.2, "shock_stake": 0.6, "discount": 0.9, "hazard": 0.1,
    "reengagement": 0.05, "shock": 0.1, "relief": 0.3, "exit_cost": 1,
}  # fmt: skip
POSTURES = ("balance", "hedge", "bandwagon")


def levels(low: float, high: float, count: int) -> list[Fraction]:
    ends = Fraction(str(low)), Fraction(str(high))
    return [ends[0] + (ends[1] - ends[0]) * Fraction(k, count - 1) for k in range(count)]


@pytest.mark.parametrize(
    "changes", [{}, {"hazard": 0.01}, {"exit_cost": 0.1}, {"shock": 0}, {"discount": 0.5}]
)
def test_two_levels_are_the_model(changes: dict[str, Any]) -> None:
    values = {**VALUES, **changes}
    ds = posture_policy(values)
    (only,) = ag.solvers.markov_perfect(MODEL.game(values)).equilibria
    for h, held in enumerate(("free", "allied")):
        for e, engagement in enumerate(("isolationist", "engaged")):
            for k, power in enumerate(("calm", "shock")):
                state = f"{engagement}_{power}_{held}"
                assert only.played(state) == ((POSTURES[int(ds.posture[h, e, k])],),)
                s = MODEL.states.index(state)
                assert float(ds.value[h, e, k]) == float(only.values[s][0])


@pytest.mark.parametrize("changes", [{"exit_cost": 0}, {"hazard": 0, "shock": 0, "relief": 0}])
def test_what_is_not_feared_changes_nothing_for_the_free(changes: dict[str, Any]) -> None:
    """P7: with a free exit, or where nothing ever gets worse, today's posture is optimal."""
    ds = posture_policy({**VALUES, **changes}, reliability=levels(0, 1, 6), stake=levels(0, 1.5, 6))
    assert (ds.posture.sel(held="free") == ds.present).all()
    assert not ds.insured.sel(held="free").any()


def test_the_present_posture_is_that_of_the_sequential_game() -> None:
    ds = posture_policy(VALUES, reliability=levels(0, 1, 5), stake=levels(0, 1.5, 5))
    model = ag.models.alignment()
    own = {name: VALUES[name] for name in model.parameters}
    for e, reliability in enumerate(levels(0, 1, 5)):
        for k, stake in enumerate(levels(0, 1.5, 5)):
            tree = model.tree(own, patron_reliability=reliability, stake=stake)
            (only,) = ag.solve(tree).equilibria
            assert POSTURES[int(ds.present[e, k])] == only.path[0]


def test_the_fear_of_isolation_shrinks_the_region_of_balancing() -> None:
    grid = {"reliability": levels(0, 1, 7), "stake": levels(0, 1, 5)}
    shares = [
        float((posture_policy({**VALUES, "hazard": hazard}, **grid).posture.sel(held="free") == 0)
              .mean())
        for hazard in (0, 0.05, 0.3)
    ]  # fmt: skip
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]
    ds = posture_policy({**VALUES, "hazard": 0.3}, **grid)
    assert ds.insured.any()
    hedged = (ds.posture == 1) & (ds.present == 0)
    assert (ds.insured == hedged).all()


def test_an_ally_never_does_better_than_a_free_state_and_loses_no_more_than_the_exit() -> None:
    ds = posture_policy(VALUES, reliability=levels(0, 1, 5), stake=levels(0, 1.5, 5))
    lost = ds.value.sel(held="free") - ds.value.sel(held="allied")
    assert (lost >= -1e-12).all()
    assert (lost <= VALUES["exit_cost"] + 1e-12).all()


def test_coercion_is_that_of_the_temptation() -> None:
    ds = posture_policy(VALUES, reliability=levels(0, 1, 4), stake=levels(0, 1.5, 4))
    model = ag.models.alignment()
    for h, e, k in np.ndindex(*ds.posture.shape):
        posture = POSTURES[int(ds.posture[h, e, k])]
        values = {
            **{name: VALUES[name] for name in model.parameters},
            "patron_reliability": levels(0, 1, 4)[e], "stake": levels(0, 1.5, 4)[k],
        }  # fmt: skip
        game = model.game(values)
        gain = Fraction(game.payoff("hegemon", posture, "coerce")) - Fraction(
            game.payoff("hegemon", posture, "accommodate")
        )
        assert int(ds.coerced[h, e, k]) == int(gain > 0)


def test_a_tie_is_marked() -> None:
    threshold = MODEL.value("hazard_threshold_calm", VALUES, shock=0)
    ds = posture_policy({**VALUES, "shock": 0, "hazard": threshold})
    assert int(ds.posture.sel(held="free")[1, 0]) == -1
    assert int(ds.coerced.sel(held="free")[1, 0]) == -1


@pytest.mark.parametrize(
    ("changes", "grid", "message"),
    [
        ({}, {"reliability": [0.5]}, "`reliability` must hold two levels or more"),
        ({}, {"reliability": 0.5}, "`reliability` must hold levels, a sequence of numbers"),
        ({}, {"reliability": "0.5"}, "`reliability` must hold levels, a sequence of numbers"),
        ({}, {"stake": [0.5, 0.5]}, "each above the one before"),
        ({}, {"stake": [0.5, -0.5]}, "`stake` must lie in"),
        ({"hazard": 0.6, "reengagement": 0.6}, {"reliability": [0.1, 0.2, 0.3]},
         "must not sum to more than 1"),
        ({"shock_stake": 0.45}, {}, "`stake` and `shock_stake` must differ"),
        ({"discount": 1}, {}, "`discount` must be above 0"),
        ({"bogus": 1}, {}, "unknown parameter 'bogus'"),
    ],
)  # fmt: skip
def test_bad_input(changes: dict[str, Any], grid: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        posture_policy({**VALUES, **changes}, **grid)


def test_too_many_states() -> None:
    with pytest.raises(WorkLimitError, match="the limit is 500"):
        posture_policy(VALUES, reliability=levels(0, 1, 16), stake=levels(0, 1, 16))
