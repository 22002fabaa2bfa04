"""The escape clause (F4c, A10): closed forms against the solved game, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.solvers import MarkovEquilibrium

MODEL = ag.models.escape_clause()

EXAMPLE: dict[str, Any] = {
    "discount": 0.9, "learning": 0.1, "revisionist_share": 0.3, "window_closing": 0.1,
    "balancing_gain": 0.1, "coercion_loss": 1, "temptation_balance": 0.3,
    "temptation_hedge": -0.1, "verifiability": 0.5, "breach_cost": 1,
    "alarm_flow_balance": 0.2, "alarm_flow_hedge": -0.8,
}  # fmt: skip


def solved(values: Any, **changes: Any) -> MarkovEquilibrium:
    """The equilibrium; if a clause adds nothing, either pledge may be made."""
    first, *others = ag.solvers.markov_perfect(MODEL.game(values, **changes)).equilibria
    for own in others:
        assert worth(own, "clause_waiting") == worth(own, "rigid_waiting")
        assert (own.values, own.strategies[1:]) == (first.values, first.strategies[1:])
    return first


def worth(own: MarkovEquilibrium, state: str) -> Fraction:
    value = own.values[MODEL.states.index(state)][0]
    assert isinstance(value, Fraction)
    return value


def clause_gain(values: Any, **changes: Any) -> Fraction:
    own = solved(values, **changes)
    return worth(own, "clause_waiting") - worth(own, "rigid_waiting")


def some_values(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)

    def share() -> Fraction:
        return Fraction(draw.randint(1, 96), 97)

    return {
        "discount": share(), "learning": share(), "revisionist_share": share(),
        "window_closing": share(), "balancing_gain": Fraction(draw.randint(1, 60), 61),
        "coercion_loss": Fraction(draw.randint(1, 150), 71), "temptation_balance": share(),
        "temptation_hedge": -share(), "verifiability": share(),
        "breach_cost": Fraction(draw.randint(1, 100), 53),
        "alarm_flow_balance": Fraction(draw.randint(-50, 50), 31),
        "alarm_flow_hedge": Fraction(draw.randint(-50, 50), 37),
    }  # fmt: skip


def test_what_a_clause_adds_is_that_of_the_solved_game() -> None:
    seen = {"binds": 0, "empty and worse": 0, "empty and better": 0, "no use in an alarm": 0}
    for seed in range(40):
        values = some_values(seed)
        own = solved(values)
        gain = worth(own, "clause_waiting") - worth(own, "rigid_waiting")
        assert worth(own, "rigid_waiting") == MODEL.value("value_rigid", values)
        calm = own.played("clause_waiting")
        if values["verifiability"] > MODEL.value("verifiability_needed", values):
            assert calm == (("hedge",), ("accommodate",))
            assert gain == MODEL.value("option_value", values) >= 0
            kind = "binds"
        else:
            assert calm == (("balance",), ("coerce",))
            assert gain == MODEL.value("empty_clause_gain", values)
            kind = "empty and better" if gain > 0 else "empty and worse"
            needed = MODEL.value("alarm_gain_needed", values)
            found = max(0, values["alarm_flow_balance"] - values["alarm_flow_hedge"])
            assert (gain > 0) == (found > needed)
        seen[kind] += 1
        if values["alarm_flow_balance"] < values["alarm_flow_hedge"]:
            seen["no use in an alarm"] += 1
            assert kind != "binds" or gain == 0
        if gain != 0:
            assert own.played("founding")[0] == (("emergency" if gain > 0 else "never"),)
    assert min(seen.values()) >= 3, seen


def test_the_formula_of_the_design_notes_is_for_one_chance_to_learn() -> None:
    """OV = delta p mu G (1 - omega) is right if waiting is not repeated, and too low otherwise."""
    for seed in range(10):
        values = some_values(seed) | {"verifiability": 1, "breach_cost": 2, "learning": 1}
        once = MODEL.value("option_value_once", values)
        assert clause_gain(values) == MODEL.value("option_value", values) == once
    # The counterexample: p = 1/10 a period, where waiting goes on.
    once = Fraction(9, 10) * Fraction(1, 10) * Fraction(3, 10) * 10 * Fraction(9, 10)
    assert MODEL.value("option_value_once", EXAMPLE) == once == Fraction(243, 1000)
    assert clause_gain(EXAMPLE) == MODEL.value("option_value", EXAMPLE) == Fraction(243, 271)


def test_a_clause_that_no_one_can_verify_is_the_game_without_a_pledge() -> None:
    """A10: the equilibrium of F7, in which the small state balances and is coerced."""
    own = solved(EXAMPLE, verifiability=0)
    for state in ("clause_waiting", "clause_assured"):
        assert own.played(state) == (("balance",), ("coerce",))
    assert own.played("rigid_waiting") == (("hedge",), ("accommodate",))
    assert own.played("founding")[0] == ("never",)


def test_such_a_clause_can_still_raise_the_value() -> None:
    """A10 says only if it can be verified; where balancing in an alarm gains enough it need not."""
    needed = MODEL.value("alarm_gain_needed", EXAMPLE, verifiability=0)
    near = Fraction(1, 10**9)
    for by, wanted in ((-near, "never"), (near, "emergency")):
        flow = needed + by + Fraction(-8, 10)
        own = solved(EXAMPLE, verifiability=0, alarm_flow_balance=flow)
        assert own.played("clause_waiting") == (("balance",), ("coerce",))
        assert own.played("founding")[0] == (wanted,)


def test_a_state_that_is_not_tempted_needs_no_one_to_verify_its_claims() -> None:
    gain = clause_gain(EXAMPLE, verifiability=0, breach_cost=1, balancing_gain=Fraction(-1, 5))
    assert gain == MODEL.value("option_value", EXAMPLE)


def test_half_hearted_verification_makes_an_empty_clause_worse() -> None:
    values = EXAMPLE | {"balancing_gain": 0.6}
    none, some = (clause_gain(values, verifiability=v) for v in (0, Fraction(1, 2)))
    assert some < none < 0 < clause_gain(values, verifiability=Fraction(2, 3))


def test_at_the_verifiability_needed_both_kinds_are_equilibria() -> None:
    needed = MODEL.value("verifiability_needed", EXAMPLE)
    found = ag.solvers.markov_perfect(MODEL.game(EXAMPLE, verifiability=needed)).equilibria
    assert {own.played("clause_waiting")[0] for own in found} >= {("balance",), ("hedge",)}
    for name in ("option_value", "empty_clause_gain"):
        with pytest.raises(ParameterError, match="holds only if"):
            MODEL.value(name, EXAMPLE, verifiability=needed)


def test_a_hegemon_that_coerces_hedgers_has_no_closed_form() -> None:
    with pytest.raises(ParameterError, match="T_H < 0"):
        MODEL.value("option_value", EXAMPLE, temptation_hedge=0.1)
    own = solved(EXAMPLE, temptation_hedge=0.1)
    assert own.played("rigid_waiting") == (("hedge",), ("coerce",))
