"""The shift of power: closed forms against all pure equilibria of exact games, ties included."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError

MODEL = ag.models.power_shift()
BASE: dict[str, Any] = {
    "discount": Fraction(9, 10), "success_now": Fraction(4, 5), "success_later": Fraction(1, 2),
    "arrival": Fraction(1, 2), "concession": 1, "bargaining_power": Fraction(1, 10),
    "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0, "breach_cost": 0,
}  # fmt: skip


def drawn(seed: int) -> dict[str, Fraction]:
    """Random exact parameters with which a settled peace is strictly better than war."""
    rng = np.random.default_rng(seed)

    def part(low: int, high: int, of: int = 24) -> Fraction:
        return Fraction(int(rng.integers(low, high + 1)), of)

    now = part(4, 24)
    return {
        "discount": part(12, 23),
        "success_now": now,
        "success_later": now * part(0, 24),
        "arrival": part(1, 24),
        "concession": part(12, 24),
        "bargaining_power": part(1, 24),
        "hegemon_war_cost": part(1, 48),
        "small_state_war_cost": part(1, 48),
        "stealth": part(0, 16),
        "breach_cost": part(0, 24),
    }


def played(values: dict[str, Any]) -> tuple[set[str], set[tuple[str, str]]]:
    """What the hegemon does in ``drawing``, and the profiles in ``neutral``, of all equilibria."""
    found = ag.solvers.markov_perfect(MODEL.game(values))
    assert found.status is ag.solvers.Status.COMPLETE
    assert found.max_gain == 0
    assert all(eq.played("joined")[1] == ("accommodate",) for eq in found.equilibria)
    answers = {eq.played("drawing")[1][0] for eq in found.equilibria}
    profiles = {tuple(own[0] for own in eq.played("neutral")) for eq in found.equilibria}
    return answers, profiles  # type: ignore[return-value]


def sign(number: Any) -> int:
    return int(number > 0) - int(number < 0)


def predicted(values: dict[str, Any]) -> tuple[set[str], set[tuple[str, str]]]:
    """The same from the signs of closed forms."""
    gain = sign(MODEL.value("attack_gain", values))
    tempted = sign(MODEL.value("breach_cost_needed", values) - values["breach_cost"])
    fear = sign(MODEL.value("fear_gain", values))
    answers = {a for a, own in (("attack", gain >= 0), ("accommodate", gain <= 0)) if own}
    profiles = {
        ("hedge", "accommodate"): tempted <= 0,
        ("balance", "accommodate"): tempted >= 0 and fear <= 0,
        ("balance", "attack"): fear >= 0,
    }
    return answers, {profile for profile, own in profiles.items() if own}


@pytest.mark.parametrize("seed", range(60))
def test_signs_of_the_closed_forms_are_the_pure_equilibria(seed: int) -> None:
    values = drawn(seed)
    if MODEL.value("attack_gain", values) == 0:
        pytest.skip("a tie, which the next tests make on purpose")
    assert played(values) == predicted(values)


def test_the_draws_hold_every_case() -> None:
    cases = [predicted(drawn(seed)) for seed in range(40)]
    answers = [own for own, _ in cases]
    assert answers.count({"attack"}) >= 10
    assert answers.count({"accommodate"}) >= 10
    profiles = set().union(*(own for _, own in cases))
    assert len(profiles) == 3


def test_a_gamble() -> None:
    """Tempted, not feared, and attacked if not done at once: a hegemon that bargains well."""
    values = {
        **BASE, "success_now": Fraction(9, 10), "success_later": Fraction(13, 20), "arrival": 1,
        "bargaining_power": Fraction(9, 10), "stealth": Fraction(1, 5),
    }  # fmt: skip
    assert played(values) == predicted(values) == ({"attack"}, {("balance", "accommodate")})


@pytest.mark.parametrize(
    ("name", "parameter", "worse"),
    [
        ("least_concession", "concession", -1),
        ("safe_arrival", "arrival", 1),
        ("safe_success", "success_later", -1),
    ],
)
def test_at_each_threshold_there_is_a_tie_and_beyond_it_none(
    name: str, parameter: str, worse: int
) -> None:
    hair, edges = Fraction(1, 10**6), 0
    for seed in range(60, 100):
        values = drawn(seed)
        top = values["success_now"] if parameter == "success_later" else 1
        try:
            edge = MODEL.value(name, values)
        except ParameterError:
            continue
        if not hair < edge < top - hair:
            continue
        edges += 1
        at = {**values, parameter: edge}
        assert MODEL.value("attack_gain", at) == 0
        assert played(at)[0] == {"attack", "accommodate"}
        for step, answer in ((worse * hair, "attack"), (-worse * hair, "accommodate")):
            assert played({**values, parameter: edge + step})[0] == {answer}
    assert edges >= 7


def test_the_thresholds_of_the_base_case() -> None:
    assert MODEL.value("settled_share_now", BASE) == Fraction(18, 25)
    assert MODEL.value("safe_arrival", BASE) == Fraction(5, 42)
    assert MODEL.value("safe_success", BASE) == Fraction(8, 10) - Fraction(3, 10) / Fraction(9, 2) \
        - Fraction(1, 50)  # fmt: skip
    for name in ("least_concession", "safe_arrival", "safe_success"):
        parameter = {"least_concession": "concession", "safe_arrival": "arrival",
                     "safe_success": "success_later"}[name]  # fmt: skip
        edge = MODEL.value(name, BASE)
        if edge <= 1:
            assert played({**BASE, parameter: edge})[0] == {"attack", "accommodate"}


def test_a_bond_or_less_stealth_makes_the_hedge_credible() -> None:
    values = {**BASE, "success_later": 0, "stealth": Fraction(1, 2)}
    needed = MODEL.value("breach_cost_needed", values)
    assert needed > 0
    limit = MODEL.value("stealth_limit", values)
    assert 0 < limit < Fraction(1, 2)
    hedged = ("hedge", "accommodate")
    for changes, inside in (
        ({"breach_cost": needed}, True),
        ({"breach_cost": needed * Fraction(99, 100)}, False),
        ({"stealth": limit}, True),
        ({"stealth": limit * Fraction(101, 100)}, False),
    ):
        at = {**values, **changes}
        assert (hedged in played(at)[1]) == inside, changes
        assert played(at) == predicted(at)
    assert MODEL.value("breach_cost_needed", values, stealth=limit) == 0
    bonded = {**values, "breach_cost": Fraction(1, 5)}
    edge = MODEL.value("stealth_limit", bonded)
    assert MODEL.value("breach_cost_needed", bonded, stealth=edge) == Fraction(1, 5)


@pytest.mark.parametrize("seed", range(100, 130))
def test_a_hedge_seen_in_time_needs_no_bond(seed: int) -> None:
    values = {**drawn(seed), "stealth": 0, "breach_cost": 0}
    if MODEL.value("attack_gain", values) > 0:
        assert ("hedge", "accommodate") in played(values)[1]


@pytest.mark.parametrize("seed", range(130, 150))
def test_hedging_is_worth_what_it_says(seed: int) -> None:
    values = drawn(seed)
    game = MODEL.game(values)
    for eq in ag.solvers.markov_perfect(game).equilibria:
        if eq.played("neutral") == (("hedge",), ("accommodate",)):
            assert eq.values[0][0] == MODEL.value("hedge_value", values)


def test_settled_shares_stay_in_the_bargaining_range() -> None:
    for seed in range(40):
        values = drawn(seed)
        rate = 1 - values["discount"]
        for name, success in (("settled_share_now", "success_now"),
                              ("settled_share_later", "success_later")):  # fmt: skip
            share, chance = MODEL.value(name, values), values[success]
            low = max(Fraction(0), chance - rate * values["hegemon_war_cost"])
            high = min(Fraction(1), chance + rate * values["small_state_war_cost"])
            assert low <= share <= high
            assert share == low + values["bargaining_power"] * (high - low)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"success_later": 0.9}, "`success_later` must not exceed `success_now`"),
        ({"discount": 1}, "`discount` must be above 0 and below 1"),
        ({"discount": 0}, "`discount` must be above 0 and below 1"),
        ({"arrival": 2}, "`arrival` must lie in"),
        ({"hegemon_war_cost": -1}, "`hegemon_war_cost` must lie in"),
    ],
)
def test_bad_values(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        MODEL.game(BASE, **changes)


def test_where_closed_forms_do_not_hold() -> None:
    for name, changes in (("safe_success", {"arrival": 0}),
                          ("safe_arrival", {"success_later": Fraction(4, 5)}),
                          ("stealth_limit", {"arrival": 0})):  # fmt: skip
        with pytest.raises(ParameterError, match="holds only if"):
            MODEL.value(name, BASE, **changes)


@pytest.mark.parametrize("seed", range(150, 165))
def test_backward_induction_from_a_settled_end_does_the_same(seed: int) -> None:
    """Many periods, then for ever what is settled; a drawing small state is attacked then."""
    values = drawn(seed)
    gain = MODEL.value("attack_gain", values)
    game = MODEL.game(values, stealth=0, breach_cost=0)
    rate = 1 - values["discount"]
    shares = [MODEL.value(f"settled_share_{when}", values) for when in ("now", "later")]
    war = [Fraction(v) for v in (
        (1 - values["success_now"]) / rate - values["small_state_war_cost"],
        values["success_now"] / rate - values["hegemon_war_cost"],
    )]  # fmt: skip
    settled = [[(1 - share) / rate, share / rate] for share in shares]
    terminal = [settled[0], war, settled[1], [0, 0]]
    found = ag.solvers.finite_horizon(game, 30, select="first", terminal=terminal)
    answer = found.stage(0, "drawing").support[1]
    assert answer == (("attack",) if gain > 0 else ("accommodate",))
