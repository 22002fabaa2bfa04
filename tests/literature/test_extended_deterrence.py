"""Benchmark C17: whom a challenger attacks, of two allies that may not help each other.

The claim is that of S. L. Quackenbush (2006), Not only whether but whom: Three-party extended
deterrence, Journal of Conflict Resolution 50, 562-583, doi:10.1177/0022002706290431. Its abstract
was read: deterrence is likeliest if the alliance is reliable, and if one ally is more reliable, the
challenger attacks that one. The tree and its numbers are the package's own.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from alignment_games.models import classics
from alignment_games.solvers import subgame_perfect

MODEL = classics.extended_deterrence()
BASE: dict[str, Any] = {
    "reliability_defender": Fraction(1, 5), "reliability_protege": Fraction(1, 5),
    "gain_defender": 1, "gain_protege": 1, "multilateral_loss": 1, "victim_loss": 1,
    "help_reliable": 1, "help_unreliable": -1,
}  # fmt: skip


def chosen(values: dict[str, Any]) -> set[str]:
    """What the challenger does in subgame-perfect equilibria; an ally's type is its own affair."""
    solution = subgame_perfect(MODEL.tree(values))
    return {action for eq in solution.equilibria for action in eq.support[0]}


@pytest.mark.parametrize("ally", ["defender", "protege"])
def test_the_more_reliable_ally_draws_the_attack_onto_itself(ally: str) -> None:
    other = "protege" if ally == "defender" else "defender"
    before = {**BASE, f"reliability_{other}": Fraction(1, 4)}
    after = {**before, f"reliability_{ally}": Fraction(1, 3)}
    assert chosen(before) == {f"attack_{other}"}
    assert chosen(after) == {f"attack_{ally}"}


@pytest.mark.parametrize("ally", ["defender", "protege"])
def test_raising_one_reliability_alone_never_moves_the_attack_away(ally: str) -> None:
    rng = random.Random(ally)
    for _ in range(40):
        values = {**BASE, "gain_defender": Fraction(rng.randrange(1, 30), 10),
                  "gain_protege": Fraction(rng.randrange(1, 30), 10),
                  "reliability_defender": Fraction(rng.randrange(0, 90), 100),
                  "reliability_protege": Fraction(rng.randrange(0, 90), 100)}  # fmt: skip
        name = f"reliability_{ally}"
        raised = {**values, name: values[name] + Fraction(1, 10)}
        if chosen(values) == {f"attack_{ally}"}:
            assert chosen(raised) == {f"attack_{ally}"}


def test_deterrence_needs_both_to_be_reliable() -> None:
    at = {**BASE, "reliability_defender": Fraction(3, 5)}
    assert MODEL.regions_at(at) == ("attack_defender",)
    assert chosen({**at, "reliability_protege": Fraction(3, 5)}) == {"stay"}


@pytest.mark.parametrize("seed", range(20))
def test_regions_against_backward_induction(seed: int) -> None:
    rng = random.Random(seed)
    values: dict[str, Any] = {
        name: Fraction(rng.randrange(1, 100), 100) for name in BASE
    } | {"help_unreliable": Fraction(-1, 2)}  # fmt: skip
    action = {"deterrence": "stay"}
    assert {action.get(name, name) for name in MODEL.regions_at(values)} == chosen(values)
