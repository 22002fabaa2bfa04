"""Benchmark C8, the ultimatum: closed forms of the model against its tree.

The setting is that of J. D. Fearon (1995), Rationalist explanations for war, International
Organization 49, 379-414, which was not read; the formulas are derived in the package. Preventive
war, the other part of C8, is in test_crisis_bargaining.py.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from alignment_games.errors import ParameterError
from alignment_games.models import classics
from alignment_games.solvers import subgame_perfect

VALUES: dict[str, Any] = {
    "victory": Fraction(1, 2),
    "own_cost": Fraction(1, 10),
    "highest_cost": Fraction(1, 5),
}


def played(values: dict[str, Any], types: int) -> list[tuple[Fraction, Fraction]]:
    """Demand and probability of war of every equilibrium of the tree."""
    tree = classics.ultimatum_bargaining(types).tree(values)
    found = []
    for eq in subgame_perfect(tree).equilibria:
        plan = dict(zip(tree.histories, eq.support, strict=True))
        ((demand,),) = (plan[()],)
        step = int(demand.split()[1])
        share = min(Fraction(1), values["victory"] + values["highest_cost"] * step / types)
        wars = sum(plan[h] == ("fight",) for h in plan if h[:1] == (demand,))
        found.append((share, Fraction(wars, types)))
    return found


def test_the_numbers_of_the_design() -> None:
    model = classics.ultimatum_bargaining()
    assert model.value("demand", VALUES) == Fraction(11, 20)
    assert model.value("war", VALUES) == Fraction(1, 4)
    peace = [model.value(f"peace_{end}", VALUES) for end in ("low", "high")]
    assert peace == [Fraction(2, 5), Fraction(7, 10)]


@pytest.mark.parametrize(
    ("wins", "own"),
    [
        (Fraction(1, 2), Fraction(1, 10)),
        (Fraction(1, 2), Fraction(3, 10)),  # war costs more than the target can fear: no war
        (Fraction(19, 20), Fraction(0)),  # there is no more than everything to demand
    ],
)
def test_the_tree_has_the_demand_of_the_closed_form(wins: Fraction, own: Fraction) -> None:
    values: dict[str, Any] = {**VALUES, "victory": wins, "own_cost": own}
    model = classics.ultimatum_bargaining(4)
    wanted = model.value("demand", values), model.value("war", values)
    assert set(played(values, 4)) == {wanted}


def test_the_tree_converges() -> None:
    rng = random.Random(8)
    for _ in range(3):
        values: dict[str, Any] = {
            "victory": Fraction(rng.randrange(100), 100),
            "own_cost": Fraction(rng.randrange(1, 40), 101),
            "highest_cost": Fraction(rng.randrange(1, 60), 103),
        }
        for types in (3, 9):
            model = classics.ultimatum_bargaining(types)
            step = Fraction(values["highest_cost"]) / types
            for demand, war in played(values, types):
                assert abs(demand - Fraction(model.value("demand", values))) <= step
                assert abs(war - Fraction(model.value("war", values))) <= Fraction(1, types)


def test_refusals() -> None:
    with pytest.raises(ParameterError, match="`types` must be an integer from 1 to 100, got 0"):
        classics.ultimatum_bargaining(0)
    with pytest.raises(ParameterError, match="holds only if cbar > 0"):
        classics.ultimatum_bargaining().value("war", VALUES, highest_cost=0)
