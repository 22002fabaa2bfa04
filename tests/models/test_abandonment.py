"""The hazard of abandonment (F4a): closed forms against the solved game, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games._typing import Number
from alignment_games.errors import ParameterError
from alignment_games.solvers import MarkovEquilibrium

MODEL = ag.models.abandonment_hazard()

# The example of the design notes: a lead of 0.2 while the patron is there, a gap of 0.8 after it.
EXAMPLE: dict[str, Any] = {
    "discount": 0.95, "hazard": 0.02, "flow_balance": 1.2, "flow_hedge": 1,
    "abandoned_flow_balance": 0.2, "abandoned_flow_hedge": 1, "exit_cost": 20, "exit_lag": 0,
}  # fmt: skip

NEVER = 10**6
"""An exit cost at which no one leaves."""


def solved(values: Any, **changes: Any) -> MarkovEquilibrium:
    """The best policy; a tie would make it two."""
    (only,) = ag.solvers.markov_perfect(MODEL.game(values, **changes)).equilibria
    return only


def choice(values: Any, state: str, **changes: Any) -> str:
    ((best,),) = solved(values, **changes).played(state)
    return best


def worth(values: Any, state: str, **changes: Any) -> Fraction:
    place = MODEL.states.index(state)
    value = solved(values, **changes).values[place][0]
    assert isinstance(value, Fraction)
    return value


def some_values(seed: int, *, lead: int = 1) -> dict[str, Any]:
    """Values with odd denominators, so that ties do not come up by chance."""
    draw = random.Random(seed)

    def share() -> Fraction:
        return Fraction(draw.randint(1, 96), 97)

    hedge, stuck = (Fraction(draw.randint(-50, 50), 31) for _ in range(2))
    return {
        "discount": share(), "hazard": share(), "flow_hedge": hedge,
        "flow_balance": hedge + lead * Fraction(draw.randint(1, 50), 53),
        "abandoned_flow_balance": stuck,
        "abandoned_flow_hedge": stuck + Fraction(draw.randint(1, 90), 43),
        "exit_cost": Fraction(draw.randint(1, 90), 41), "exit_lag": share(),
    }  # fmt: skip


def test_the_numbers_of_the_design_notes() -> None:
    assert MODEL.value("hazard_threshold_committed", EXAMPLE) == Fraction(1, 76)
    assert float(Fraction(1, 76)) == pytest.approx(0.013, abs=5e-4)
    assert MODEL.value("hazard_threshold", EXAMPLE, exit_cost=5) == Fraction(4, 95)
    assert float(Fraction(4, 95)) == pytest.approx(0.042, abs=5e-4)


def test_a_posture_for_ever_and_one_that_is_chosen_anew() -> None:
    # For ever; anew, but before it is seen whether the patron stays; anew and at once.
    for_ever = MODEL.value("hazard_threshold", EXAMPLE, exit_cost=NEVER)
    anew = MODEL.value("hazard_threshold", EXAMPLE, exit_cost=0, exit_lag=1)
    assert (for_ever, anew) == (Fraction(1, 76), Fraction(5, 19))
    assert for_ever == anew * (1 - Fraction(95, 100))
    for hazard, wanted in (
        (0.01, ("balance", "balance", "balance")),
        (0.1, ("hedge", "balance", "balance")),
        (0.3, ("hedge", "hedge", "balance")),
        (1, ("hedge", "hedge", "balance")),
    ):
        played = tuple(
            choice(EXAMPLE, "engaged", hazard=hazard, exit_cost=cost, exit_lag=lag)
            for cost, lag in ((NEVER, 0), (Fraction(1, 1000), 1), (Fraction(1, 1000), 0))
        )
        assert played == wanted


def test_without_irreversibility_no_hazard_makes_hedging_better() -> None:
    """P7: a free exit that takes effect at once."""
    with pytest.raises(ParameterError, match="hazard_threshold' of abandonment_hazard holds only"):
        MODEL.value("hazard_threshold", EXAMPLE, exit_cost=0)
    for seed in range(10):
        values = some_values(seed) | {"exit_cost": 0, "exit_lag": 0}
        for hazard in (Fraction(1, 1000), Fraction(1, 2), 1):
            found = ag.solvers.markov_perfect(MODEL.game(values, hazard=hazard))
            for (
                own
            ) in found.equilibria:  # several, as an ally that may leave freely can do so often
                assert own.played("engaged") == (("balance",),)


@pytest.mark.parametrize("seed", range(25))
def test_values_are_those_of_the_solved_game(seed: int) -> None:
    values = some_values(seed)
    joins, hedges = (MODEL.value(f"value_{a}", values) for a in ("balance", "hedge"))
    assert worth(values, "engaged") == max(joins, hedges)
    assert worth(values, "abandoned_ally") == MODEL.value("value_abandoned_ally", values)
    leaves = hedges - values["exit_cost"]
    assert worth(values, "engaged_ally") == max(joins, leaves)
    committed = MODEL.value("value_committed", values)
    assert worth(values, "engaged_ally", exit_cost=NEVER) == committed
    assert joins == committed + MODEL.value("exit_value", values)


def turns(values: dict[str, Any], state: str, threshold: Number) -> tuple[str, str]:
    """What is chosen just below and just above a hazard."""
    near = Fraction(1, 10**9)
    below, above = (choice(values, state, hazard=threshold + by) for by in (-near, near))
    return below, above


def test_choices_turn_at_the_thresholds_of_the_hazard() -> None:
    turned = {"hazard_threshold": 0, "hazard_threshold_leaving": 0, "never": 0}
    for seed in range(120):
        values = some_values(seed)
        joining = MODEL.value("hazard_threshold", values)
        if joining < 1:
            assert turns(values, "engaged", joining) == ("balance", "hedge")
            turned["hazard_threshold"] += 1
        else:
            assert choice(values, "engaged", hazard=1) == "balance"
            turned["never"] += 1
        try:
            leaving = MODEL.value("hazard_threshold_leaving", values)
        except ParameterError:
            assert choice(values, "engaged_ally", hazard=1) == "stay"
            continue
        assert leaving > joining
        if leaving < 1:
            assert turns(values, "engaged_ally", leaving) == ("stay", "exit")
            turned["hazard_threshold_leaving"] += 1
        else:
            assert choice(values, "engaged_ally", hazard=1) == "stay"
    assert min(turned.values()) >= 5, turned


def test_who_is_an_ally_stays_where_who_is_none_does_not_join() -> None:
    assert choice(EXAMPLE, "engaged") == "hedge"
    assert choice(EXAMPLE, "engaged_ally") == "stay"
    # Not even the certainty of being left makes it leave before, if it can turn at once.
    assert choice(EXAMPLE, "engaged_ally", hazard=1, exit_cost=5) == "stay"


@pytest.mark.parametrize("seed", range(12))
def test_hedging_turns_better_at_the_exit_cost(seed: int) -> None:
    values = some_values(seed) | {"hazard": Fraction(7, 11), "exit_lag": Fraction(1, 101)}
    try:
        least = MODEL.value("exit_cost_threshold", values)
    except ParameterError:
        assert choice(values, "engaged", exit_cost=NEVER) == "balance"
        return
    near = Fraction(1, 10**9)
    if least > near:
        assert choice(values, "engaged", exit_cost=least - near) == "balance"
    assert choice(values, "engaged", exit_cost=max(Fraction(0), least) + near) == "hedge"


def test_an_ally_that_is_no_worse_off_has_no_threshold() -> None:
    values = EXAMPLE | {"abandoned_flow_balance": 1}
    with pytest.raises(ParameterError, match=r"holds only if .*y0_H > y0_B"):
        MODEL.value("hazard_threshold", values)
    assert choice(values, "engaged", hazard=1) == "balance"
