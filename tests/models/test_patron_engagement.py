"""A patron that may withdraw: the insurance condition against solved games, and F1.7 in a shock."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError

MODEL = ag.models.patron_engagement()
ALIGNMENT = ag.models.alignment()
ADDED = {
    "discount": Fraction(9, 10), "hazard": Fraction(1, 10), "reengagement": Fraction(1, 20),
    "shock": 0, "relief": 0, "exit_cost": 1,
}  # fmt: skip
UKRAINE: dict[str, Any] = {
    **ag.load_scenario("ukraine").replace(patron_reliability=0.7),
    "isolationist_reliability": Fraction(1, 5), "shock_stake": Fraction(3, 5), **ADDED,
}  # fmt: skip
VIETNAM: dict[str, Any] = {
    **ag.load_scenario("vietnam"), "isolationist_reliability": 0, "shock_stake": Fraction(3, 5),
    **ADDED, "exit_cost": 0,
}  # fmt: skip


def drawn(seed: int) -> dict[str, Fraction]:
    """Random exact parameters of a state that may well balance."""
    rng = np.random.default_rng(seed)

    def part(low: int, high: int, of: int = 20) -> Fraction:
        return Fraction(int(rng.integers(low, high + 1)), of)

    values = {name: Fraction(value) for name, value in ag.load_scenario("ukraine").items()}
    values |= {
        "autonomy_weight": part(10, 30), "hedging_discount": part(2, 10), "stake": part(4, 14),
        "patron_reliability": part(8, 20), "isolationist_reliability": part(0, 7),
        "alignment_loss": part(6, 20), "overrun_loss": part(10, 40),
        "discount": part(10, 19), "hazard": part(1, 10), "reengagement": part(0, 10),
        "shock": Fraction(0), "relief": Fraction(0), "exit_cost": part(1, 40),
    }  # fmt: skip
    values["shock_stake"] = values["stake"] + part(1, 10)
    return values


def played(values: dict[str, Any], *states: str) -> list[tuple[str, ...]]:
    """All postures that are optimal in the states."""
    policy = ag.solvers.optimal_policy(MODEL.game(values))
    return [policy.at(state) for state in states]


@pytest.mark.parametrize("power", ["calm", "shock"])
def test_the_hazard_threshold_is_where_the_policy_changes(power: str) -> None:
    hair, edges = Fraction(1, 10**6), 0
    for seed in range(30):
        values = drawn(seed)
        try:
            edge = MODEL.value(f"hazard_threshold_{power}", values)
        except ParameterError:
            continue
        if not hair < edge < 1 - hair:
            continue
        edges += 1
        state = f"engaged_{power}_free"
        below, at, above = (
            played({**values, "hazard": edge + step}, state)[0] for step in (-hair, 0, hair)
        )
        assert below == ("balance",)
        assert at[0] == "balance"
        assert len(at) == 2
        assert above == at[1:]
    assert edges >= 5


@pytest.mark.parametrize("seed", range(60, 90))
def test_the_premium_against_the_expected_cost_of_isolation(seed: int) -> None:
    values = drawn(seed)
    try:
        cost = MODEL.value("isolation_cost_calm", values)
    except ParameterError:
        return
    premium = MODEL.value("premium_calm", values)
    expected = values["discount"] * values["hazard"] * cost
    (postures,) = played(values, "engaged_calm_free")
    assert ("balance" in postures) == (premium >= expected)
    assert (postures == ("balance",)) == (premium > expected)


@pytest.mark.parametrize(("hazard", "lacks_more"), [(0.01, False), (0.5, True)])
def test_one_isolation_is_all_that_an_ally_lacks_only_if_it_is_good_to_be_one(
    hazard: float, lacks_more: bool
) -> None:
    values = {**UKRAINE, "exit_cost": 1000, "hazard": hazard, "reengagement": 0.5}
    assert (hazard > MODEL.value("hazard_threshold_calm", values)) == lacks_more
    worth = ag.solvers.optimal_policy(MODEL.game(values)).values
    free, allied = (
        worth[MODEL.states.index(f"isolationist_calm_{held}")] for held in ("free", "allied")
    )
    cost = MODEL.value("isolation_cost_calm", values)
    assert (free - allied > cost) == lacks_more
    assert (free - allied == cost) != lacks_more
    assert "until the patron is back" in MODEL.quantity("isolation_cost_calm").meaning


def test_the_isolation_of_an_ally_costs_the_less_of_leaving_and_of_waiting() -> None:
    loss = MODEL.value("isolation_cost_calm", UKRAINE, exit_cost=1000) * (
        1 - Fraction(9, 10) * Fraction(19, 20)
    )
    lasting = loss / (1 - Fraction(9, 10) * Fraction(19, 20))
    for exit_cost, stays in ((lasting / 2, False), (lasting * 2, True)):
        values = {**UKRAINE, "exit_cost": exit_cost}
        assert MODEL.value("isolation_cost_calm", values) == min(exit_cost, lasting)
        (there,) = played(values, "isolationist_calm_allied")
        assert (there == ("balance",)) == stays


def test_the_hazard_of_f4a_is_the_case_without_return() -> None:
    """F4a: lambda* = (1 - delta) (y_B - y_H) / (delta min(gap, (1 - delta) chi))."""
    values = {**UKRAINE, "reengagement": 0}
    game = ALIGNMENT.game({name: values[name] for name in ALIGNMENT.parameters})
    gap = Fraction(game.payoff("small_state", "balance", "accommodate")) - Fraction(
        game.payoff("small_state", "hedge", "accommodate")
    )
    left = ALIGNMENT.game(
        {name: values[name] for name in ALIGNMENT.parameters}, patron_reliability=0.2
    )
    lost = Fraction(left.payoff("small_state", "hedge", "accommodate")) - Fraction(
        left.payoff("small_state", "balance", "coerce")
    )
    rate = Fraction(1, 10)
    for exit_cost in (1, 100):
        wanted = rate * gap / (Fraction(9, 10) * min(lost, rate * exit_cost))
        assert MODEL.value("hazard_threshold_calm", values, exit_cost=exit_cost) == wanted


@pytest.mark.parametrize("hazard", [0, Fraction(1, 2), 1])
def test_without_a_cost_of_leaving_the_fear_of_isolation_changes_nothing(hazard: Any) -> None:
    """P7: irreversibility does the work."""
    values = {**UKRAINE, "exit_cost": 0, "hazard": hazard, "shock": Fraction(1, 3), "relief": 1}
    assert played(values, "engaged_calm_free", "engaged_calm_allied") == [("balance",)] * 2


SHOCK_STATES = ("engaged_shock_free", "isolationist_shock_free", "engaged_calm_free")


@pytest.mark.parametrize(
    ("reliability", "in_shock"), [(0.4, "bandwagon"), (0.55, "balance"), (0.9, "hedge")]
)
def test_the_taiwan_shock_needs_a_reliable_patron_too(reliability: float, in_shock: str) -> None:
    """F1.7 and F9: V = 0.6 makes the Vietnam-like state bandwagon at rho 0.4, balance at 0.55."""
    values = {
        **VIETNAM, "patron_reliability": reliability, "shock": Fraction(1, 10),
        "relief": Fraction(1, 10),
    }  # fmt: skip
    found = played(values, *SHOCK_STATES)
    assert found == [(in_shock,), ("bandwagon",), ("hedge",)]
    deters = MODEL.value("reliability_needed_shock", values)
    assert deters == (Fraction(9, 10) * Fraction(14, 10) - Fraction(6, 10)) / Fraction(13, 10)
    coerced = values["shock_stake"] > MODEL.value("hedge_ceiling_engaged", values)
    assert (in_shock == "hedge") == (not coerced)
    if coerced:
        assert (in_shock == "balance") == (reliability >= deters)


def test_the_joint_condition_at_its_edges() -> None:
    """Threat above the hedge's ceiling and reliability of at least rho_D: F1.7."""
    hair = Fraction(1, 10**6)
    values = {**VIETNAM, "shock": Fraction(1, 10), "relief": Fraction(1, 10)}
    needed = MODEL.value("reliability_needed_shock", values)
    assert needed == Fraction(33, 65)
    for reliability, posture in ((needed, "balance"), (needed - hair, "bandwagon")):
        assert played({**values, "patron_reliability": reliability}, SHOCK_STATES[0]) == [
            (posture,)
        ]
    for reliability, beyond in ((Fraction(1, 2), "balance"), (Fraction(2, 5), "bandwagon")):
        at = {**values, "patron_reliability": reliability}
        ceiling = MODEL.value("hedge_ceiling_engaged", at)
        for stake, posture in ((ceiling, "hedge"), (ceiling + hair, beyond)):
            assert played({**at, "shock_stake": stake}, SHOCK_STATES[0]) == [(posture,)]


def test_fear_of_isolation_turns_the_answer_to_a_shock() -> None:
    """Threat and reliability suffice for a present that lasts; a hazard makes it bandwagon."""
    values = {**VIETNAM, "patron_reliability": Fraction(11, 20), "relief": 0, "exit_cost": 1}
    threshold = MODEL.value("hazard_threshold_shock", values)
    assert 0 < threshold < 1
    for hazard, posture in ((threshold * Fraction(9, 10), "balance"),
                            (threshold * Fraction(11, 10), "bandwagon")):  # fmt: skip
        assert played({**values, "hazard": hazard}, SHOCK_STATES[0]) == [(posture,)]


def test_ceilings_are_those_of_the_alignment_game() -> None:
    """F9: V_H = .553, V_W = .907 at rho = .4, and rho_D = .4286 of the Ukraine-like state."""
    assert float(MODEL.value("hedge_ceiling_engaged", VIETNAM)) == pytest.approx(0.553, abs=5e-4)
    assert float(MODEL.value("bandwagon_ceiling", VIETNAM)) == pytest.approx(0.907, abs=5e-4)
    assert MODEL.value("reliability_needed_calm", UKRAINE) == Fraction(3, 7)


def test_all_equilibria_are_the_optimal_policy() -> None:
    for seed in range(5):
        values = drawn(seed) | {"shock": Fraction(1, 7), "relief": Fraction(2, 7)}
        game = MODEL.game(values)
        policy = ag.solvers.optimal_policy(game)
        assert policy.unique
        (only,) = ag.solvers.markov_perfect(game).equilibria
        assert [only.played(state) for state in game.states] == [(own,) for own in policy.actions]
        assert [own[0] for own in only.values] == list(policy.values)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"isolationist_reliability": 0.8}, "must not exceed `patron_reliability`"),
        ({"shock_stake": 0.1}, "`stake` must not exceed `shock_stake`"),
        ({"hazard": 2}, "`hazard` must lie in"),
        ({"discount": 1}, "`discount` must be above 0 and below 1"),
    ],
)
def test_bad_values(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        MODEL.game(UKRAINE, **changes)


def test_thresholds_hold_only_if_the_power_lasts() -> None:
    with pytest.raises(ParameterError, match="holds only if"):
        MODEL.value("hazard_threshold_calm", UKRAINE, shock=0.1)
    with pytest.raises(ParameterError, match="holds only if"):
        MODEL.value("hazard_threshold_calm", UKRAINE, exit_cost=0)
