"""Mutual restraint (F4b): closed forms against the solved games, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.solvers import critical_discount, markov_perfect

MODEL = ag.models.mutual_restraint()
RESTRAINED, RIVALS = ("hedge", "accommodate"), ("balance", "coerce")

# The patron is less reliable than the state believed: 0.2 where it counted on 0.7.
UKRAINE: dict[str, Any] = {
    **ag.load_scenario("ukraine"), "patron_reliability": 0.2, "discount": 0.5, "turnover": 0,
}  # fmt: skip


def is_sustained(values: Any, **changes: Any) -> bool:
    """Whether there is an equilibrium of restraint under the threat of rivalry."""
    found = markov_perfect(MODEL.game(values, **changes))
    wanted = tuple((own,) for own in RESTRAINED), tuple((own,) for own in RIVALS)
    return wanted in [(own.played("restraint"), own.played("rivalry")) for own in found.equilibria]


def threatened(seed: int) -> dict[str, Any]:
    """Values near those of Ukraine at which rivalry is an equilibrium of the alignment game."""
    draw = random.Random(seed)
    for _ in range(10_000):
        values = {
            name: min(Fraction(str(value)) * Fraction(draw.randint(20, 200), 97), upper)
            for name, value in UKRAINE.items()
            for upper in [MODEL.parameters[name].domain.upper or 100]
        }
        values |= {
            "discount": Fraction(draw.randint(1, 96), 97),
            "turnover": Fraction(draw.randint(0, 50), 83),
        }
        try:
            MODEL.value("critical_discount", values)
        except ParameterError:
            continue
        return values
    raise AssertionError


def test_the_number_of_the_design_notes() -> None:
    """(1.52 - 1.45) / (1.52 + 0.876), by the small state alone."""
    tempted, restrained, punished = (Fraction(n, 1000) for n in (1520, 1450, -876))
    wanted = (tempted - restrained) / (tempted - punished)
    assert wanted == Fraction(35, 1198)
    assert float(wanted) == pytest.approx(0.0292, abs=5e-5)
    assert MODEL.value("critical_discount", UKRAINE) == wanted
    assert MODEL.value("discount_small_state", UKRAINE) == wanted
    assert MODEL.value("temptation_small_state", UKRAINE) == Fraction(7, 100)
    assert MODEL.value("discount_hegemon", UKRAINE) < 0
    assert MODEL.value("temptation_hegemon", UKRAINE) == Fraction("-0.052")


def test_it_is_that_of_the_stage_game_under_the_grim_trigger() -> None:
    for seed in range(8):
        values = threatened(seed)
        own = {k: v for k, v in values.items() if k not in ("discount", "turnover")}
        stage = ag.models.alignment().game(own)
        found = critical_discount(stage, RESTRAINED, punishment="grim", reversion=RIVALS).discount
        closed = MODEL.value("critical_discount", values, turnover=0)
        assert found == closed if closed < 1 else found is None


def test_restraint_is_an_equilibrium_from_the_critical_discount_on() -> None:
    turned = {"discount": 0, "turnover": 0}
    near = Fraction(1, 10**9)
    for seed in range(25):
        values = threatened(seed)
        least = MODEL.value("critical_discount", values)
        if 0 < least < 1:
            assert not is_sustained(values, discount=least - near)
            assert is_sustained(values, discount=least)  # a tie, which the equilibrium allows
            turned["discount"] += 1
        most = MODEL.value("critical_turnover", values)
        assert (values["turnover"] <= most) == (values["discount"] >= least)
        if 0 <= most < 1:
            assert is_sustained(values, turnover=most)
            assert not is_sustained(values, turnover=most + near)
            turned["turnover"] += 1
    assert min(turned.values()) >= 4, turned


def test_bandwagoning_may_be_the_temptation() -> None:
    values = UKRAINE | {"autonomy_bandwagon": 0.95, "market_retention_bandwagon": 0.9}
    least = MODEL.value("critical_discount", values)
    assert least == Fraction(1640 - 1450, 1640 + 876)
    assert is_sustained(values, discount=least)
    assert not is_sustained(values, discount=least - Fraction(1, 10**9))


def test_no_patience_helps_who_is_better_off_in_rivalry() -> None:
    values = UKRAINE | {"overrun_loss": 0, "coercion_damage": 0.01, "coercion_success": 0.4,
                        "support_effect": 0.1, "stake": 3, "hedging_discount": 0.9}  # fmt: skip
    assert MODEL.value("critical_discount", values) >= 1
    assert not is_sustained(values, discount=Fraction(999, 1000))


def test_values_are_those_of_the_equilibrium() -> None:
    values = UKRAINE | {"turnover": Fraction(1, 7)}
    wanted = tuple(MODEL.value(f"value_{who}", values) for who in MODEL.players)
    found = markov_perfect(MODEL.game(values)).equilibria
    (kept,) = (own for own in found if own.played("restraint") == (("hedge",), ("accommodate",)))
    assert kept.values[MODEL.states.index("restraint")] == wanted


def test_turnover_hardly_weakens_restraint_but_ends_it() -> None:
    values = UKRAINE | {"discount": 0.9}
    most = MODEL.value("critical_turnover", values)
    assert most == 1 - Fraction(35, 1198) / Fraction(9, 10)
    assert most > Fraction(96, 100)


def test_where_balancing_is_thought_to_deter_there_is_no_threat() -> None:
    believed = UKRAINE | {"patron_reliability": 0.7}
    with pytest.raises(ParameterError, match="critical_discount' of mutual_restraint holds only"):
        MODEL.value("critical_discount", believed)
    for discount in (0.1, 0.5, 0.9, 0.99):
        assert not is_sustained(believed, discount=discount)
    # What the small state then does is balance, and it expects to be left alone.
    for own in markov_perfect(MODEL.game(believed)).equilibria:
        assert own.played("rivalry") == (("balance",), ("accommodate",))


def test_a_state_that_hedges_anyway_needs_no_threat() -> None:
    vietnam = {**ag.load_scenario("vietnam"), "discount": 0.01, "turnover": 1}
    assert MODEL.value("temptation_small_state", vietnam) < 0
    assert MODEL.value("temptation_hegemon", vietnam) < 0
    (only,) = markov_perfect(MODEL.game(vietnam)).equilibria
    assert only.played("restraint") == only.played("rivalry") == (("hedge",), ("accommodate",))
