"""Benchmark C4: choosing sides in wars, with neutrality.

The setting is that of M. F. Altfeld and B. Bueno de Mesquita (1979), Choosing sides in wars,
International Studies Quarterly 23, 87-112, which was not read: formulas and numbers are derived
for this package, and compared with the tree.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.models import classics

MODEL = classics.choosing_sides()
C4: dict[str, Any] = {
    "first_capability": 10, "own_capability": 1, "second_capability": 8, "first_victory": 1,
    "second_victory": 0, "cost_first": 0, "cost_second": 0,
}  # fmt: skip


def test_numbers_of_the_design() -> None:
    assert MODEL.value("gain_first", C4) == Fraction(8, 18 * 19)
    assert MODEL.value("gain_first", C4, own_capability=5) == Fraction(40, 18 * 23)


@pytest.mark.parametrize("capability", [1, 5])
def test_neutrality_begins_where_the_gain_ends(capability: int) -> None:
    gain = MODEL.value("gain_first", C4, own_capability=capability)
    for cost, choice in ((gain * 1001 / 1000, "neutral"), (gain * 999 / 1000, "join_first")):
        values = {**C4, "own_capability": capability, "cost_first": cost}
        assert MODEL.regions_at(values) == (choice,)
        (only,) = ag.solve(MODEL.tree(values)).equilibria
        assert only.support[0] == (choice,)


@pytest.mark.parametrize("seed", range(40))
def test_the_best_choices_against_the_tree(seed: int) -> None:
    rng = random.Random(seed)
    values: dict[str, Any] = {name: Fraction(rng.randrange(1, 40), 2) for name in C4}
    values |= {name: Fraction(rng.randrange(0, 400), 100) for name in ("cost_first", "cost_second")}
    best = {eq.support[0][0] for eq in ag.solve(MODEL.tree(values)).equilibria}
    assert set(MODEL.regions_at(values)) == best
    tree = MODEL.tree(values)
    expected: dict[str, Any] = dict(
        zip(tree.actions[0], tree.normal_form().exact_payoffs[0], strict=True)
    )
    for side in ("first", "second"):
        gained = expected[f"join_{side}"] + values[f"cost_{side}"] - expected["neutral"]
        assert gained == MODEL.value(f"gain_{side}", values)


def test_equal_costs_differ_by_the_published_indifference() -> None:
    values: dict[str, Any] = {**C4, "cost_second": Fraction(1, 10)}
    cost = values["cost_second"] + MODEL.value("cost_advantage", values)
    payoffs = MODEL.tree(values, cost_first=cost).normal_form().exact_payoffs[0]
    assert payoffs[0] == payoffs[2]


def test_a_war_without_capabilities_is_refused() -> None:
    nothing = {**C4, "first_capability": 0, "second_capability": 0, "own_capability": 0}
    assert MODEL.regions_at(nothing) == ()
    with pytest.raises(ag.errors.GameError, match="finite real value"):
        MODEL.tree(nothing)
