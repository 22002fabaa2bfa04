"""Benchmark C8: crisis bargaining by ultimatum, and preventive war.

The formulas are derived in the package (propositions F4e); here they are compared with backward
induction on bargaining trees, which knows none of them. The setting is that of J. D. Fearon (1995),
Rationalist explanations for war, International Organization 49, 379-414.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.games import Chance, Decision, ExtensiveGame, Terminal
from alignment_games.games.nodes import Node
from alignment_games.solvers import subgame_perfect

MODEL = ag.models.power_shift()


def ultimatum(wins: Fraction, own: Fraction, highest: Fraction, types: int) -> ExtensiveGame:
    """A demands a share of 1, B, whose cost A does not know, accepts or fights.

    B's costs are the midpoints of `types` equal parts of [0, highest]; demands are at their ends.
    """
    demands: dict[str, Node] = {}
    for j in range(types):
        share = wins + highest * j / types
        answers: dict[str, Node] = {}
        for k in range(types):
            cost = highest * Fraction(2 * k + 1, 2 * types)
            answers[f"cost {k}"] = Decision(
                "B",
                {
                    "accept": Terminal((share, 1 - share)),
                    "fight": Terminal((wins - own, 1 - wins - cost)),
                },
            )
        chances = dict.fromkeys(answers, Fraction(1, types))
        demands[str(share)] = Chance(answers, chances)
    return ExtensiveGame(Decision("A", demands), players=["A", "B"])


def outcome(wins: Fraction, own: Fraction, highest: Fraction) -> tuple[Fraction, Fraction]:
    """The demand and the probability of war in the only equilibrium."""
    types = 16
    tree = ultimatum(wins, own, highest, types)
    (only,) = subgame_perfect(tree).equilibria
    plan = {
        history: actions[0] for history, actions in zip(tree.histories, only.support, strict=True)
    }
    answers = [action for history, action in plan.items() if history[:1] == (plan[()],)]
    assert len(answers) == types
    return Fraction(plan[()]), Fraction(answers.count("fight"), types)


@pytest.mark.parametrize(
    ("wins", "own", "highest"),
    [
        (Fraction(1, 2), Fraction(1, 10), Fraction(1, 5)),
        (Fraction(1, 5), Fraction(0), Fraction(2, 5)),
        (Fraction(7, 10), Fraction(1, 20), Fraction(1, 5)),
    ],
)
def test_demand_and_chance_of_war_under_an_unknown_cost(
    wins: Fraction, own: Fraction, highest: Fraction
) -> None:
    assert outcome(wins, own, highest) == (
        wins + (highest - own) / 2,
        (highest - own) / (2 * highest),
    )


def test_the_chance_of_war_does_not_depend_on_power() -> None:
    chances = [outcome(Fraction(k, 5), Fraction(1, 10), Fraction(1, 5))[1] for k in (1, 2, 3)]
    assert chances == [Fraction(1, 4)] * 3


def test_the_peace_range_under_complete_information() -> None:
    """C8: [p - c_A, p + c_B], the small state having the chance p and lasting shares of 1."""
    values = base(discount=Fraction(1, 2), success_now=Fraction(1, 2), hegemon_war_cost=0.2,
                  small_state_war_cost=0.3)  # fmt: skip
    ends = [
        1 - MODEL.value("settled_share_now", values, bargaining_power=power) for power in (1, 0)
    ]
    rate, wins = Fraction(1, 2), Fraction(1, 2)
    assert ends == [wins - rate * Fraction(3, 10), wins + rate * Fraction(2, 10)]


def base(**changes: object) -> dict[str, object]:
    """C8: the small state offers, cedes all that it can, and the shift takes one period."""
    values = {
        "discount": Fraction(9, 10), "success_now": Fraction(9, 10),
        "success_later": Fraction(1, 2), "arrival": 1, "concession": 1, "bargaining_power": 0,
        "hegemon_war_cost": Fraction(1, 2), "small_state_war_cost": 1, "stealth": 0,
        "breach_cost": 0,
    }  # fmt: skip
    return {**values, **changes}


def shift(discount: Fraction, now: Fraction, later: Fraction, cost: Fraction) -> ExtensiveGame:
    """The rising state B offers, the declining A accepts or fights; then once more, for ever.

    Offers are on a grid with the shares around A's reservation. They are a hair away from it, so
    that no one is indifferent. War gives A ``success / (1 - discount) - cost``.
    """
    hair, rate = Fraction(1, 10**12), 1 - discount

    def war(success: Fraction, weight: Fraction) -> Fraction:
        return weight * (success / rate - cost)

    offers = [Fraction(k, 4) for k in range(5)]
    reserve = max(Fraction(0), later - rate * cost)
    later_offers = sorted({*offers, reserve + hair, max(Fraction(0), reserve - hair)} - {reserve})

    def lasting(first: Fraction) -> Node:
        branches: dict[str, Node] = {}
        for share in later_offers:
            peace = first + discount * share / rate
            whole = 1 / rate
            fought = first + war(later, discount)
            branches[str(share)] = Decision("A", {
                "accept": Terminal((peace, whole - peace)),
                "fight": Terminal((fought, 1 - first + discount * ((1 - later) / rate - 1))),
            })  # fmt: skip
        return Decision("B", branches)

    first_offers: dict[str, Node] = {
        str(share): Decision(
            "A",
            {
                "accept": lasting(share),
                "fight": Terminal((war(now, Fraction(1)), (1 - now) / rate - 1)),
            },
        )
        for share in offers
    }
    return ExtensiveGame(Decision("B", first_offers), players=["A", "B"])


@pytest.mark.parametrize("seed", range(40))
def test_preventive_war_against_backward_induction(seed: int) -> None:
    rng = np.random.default_rng(seed)
    discount = Fraction(int(rng.integers(10, 39)), 40)
    now = Fraction(int(rng.integers(20, 41)), 41)
    later = now * Fraction(int(rng.integers(0, 41)), 43)
    cost = Fraction(int(rng.integers(1, 120)), 37)
    gain = MODEL.value(
        "attack_gain",
        base(discount=discount, success_now=now, success_later=later, hegemon_war_cost=cost),
    )
    assert abs(Fraction(gain)) > Fraction(1, 10**9)
    tree = shift(discount, now, later, cost)
    fights = {eq.path[1] == "fight" for eq in subgame_perfect(tree).equilibria}
    assert fights == {gain > 0}
    # C8 itself, where a later war would be worth fighting.
    rate, before, after = 1 - discount, 1 - now, 1 - later
    if 1 - after >= rate * cost:
        assert (discount * after - before > cost * rate * rate) == (gain > 0)
        assert gain == (discount * after - before - cost * rate * rate) / rate


def test_the_inequality_alone_is_not_sufficient() -> None:
    """Where no later war is worth fighting, C8 predicts a war that does not come."""
    discount, now, later, cost = Fraction(9, 10), Fraction(1, 2), Fraction(0), Fraction(9, 2)
    rate = 1 - discount
    assert discount * (1 - later) - (1 - now) > cost * rate * rate
    values = base(discount=discount, success_now=now, success_later=later, hegemon_war_cost=cost)
    assert MODEL.value("attack_gain", values) < 0
    for eq in subgame_perfect(shift(discount, now, later, cost)).equilibria:
        assert eq.path[1] == "accept"
