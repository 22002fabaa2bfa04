"""Models whose game is a tree: what they refuse, and the 1-2 game against its tree."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.models import ParameterSpace, Quantity, TreeModel, build_parameter, classics

SHARE = build_parameter("share", (0, 1))
P = SHARE.symbol


def built(**changes: Any) -> TreeModel:
    ends = {"one": Terminal((P,)), "two": Terminal((1 / P,))}
    parts: dict[str, Any] = {
        "name": "toss", "title": "A toss", "players": ("state",),
        "parameters": ParameterSpace((SHARE,)),
        "template": Chance(ends, {"one": P, "two": 1 - P}),
    }  # fmt: skip
    return TreeModel(**{**parts, **changes})


def test_a_tree_is_exact() -> None:
    tree = built().tree(share=0.1)
    assert tree.exact
    tenth = Fraction(1, 10)
    ends = {"one": Terminal((tenth,)), "two": Terminal((Fraction(10),))}
    assert tree.root == Chance(ends, {"one": tenth, "two": 1 - tenth})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"players": ("state", "hegemon")}, "an end must hold a payoff for each of"),
        ({"template": Chance({"one": Terminal((P,))}, {"one": P})}, "must sum to 1, got share"),
        ({"template": Terminal((sp.Symbol("q"),))}, "q in q must be a symbol of a parameter"),
        (
            {"quantities": {"x": Quantity(expression=sp.Symbol("q"), meaning="", reference="")}},
            "q in q must be a symbol",
        ),
        ({"regions": {"x": sp.Symbol("q") > 0}}, "must be a symbol of a parameter"),
    ],
)
def test_parts_that_do_not_fit(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        built(**changes)


def test_numbers_that_do_not_exist() -> None:
    with pytest.raises(GameError, match="without a finite real value at these values: 1/share"):
        built().tree(share=0)
    ends = {"one": Terminal((P,)), "two": Terminal((P,))}
    outside = built(template=Chance(ends, {"one": 2 * P, "two": 1 - 2 * P}))
    with pytest.raises(ParameterError, match=r"probability of 'one' must lie in \[0, 1\], got 1.5"):
        outside.tree(share=0.75)
    with pytest.raises(ModelError, match="has no closed form 'worth'; it has none"):
        built().value("worth", share=0.5)
    with pytest.raises(ParameterError, match="missing: share"):
        built().regions_at()


def test_information_sets_are_kept() -> None:
    unseen = {"a": Terminal((P,)), "b": Terminal((1 - P,))}
    nodes = {name: Decision("state", unseen, "unseen") for name in ("one", "two")}
    tree = built(template=Chance(nodes, {"one": P, "two": 1 - P})).tree(share=0.5)
    assert tree.agents == ("state at unseen",)


def test_the_one_two_game_against_backward_induction() -> None:
    model = classics.one_two_game()
    outcome = {("status_quo",): "status_quo", ("challenge", "capitulate"): "capitulation",
               ("challenge", "war"): "war"}  # fmt: skip
    for stay, cap, war in itertools.permutations((0, 1, 2)):
        for own in (1, 3):
            values = {
                "first_status_quo": stay, "first_capitulation": cap, "first_war": war,
                "second_status_quo": 0, "second_capitulation": 2, "second_war": own,
            }  # fmt: skip
            (only,) = ag.solve(model.tree(values)).equilibria
            assert model.regions_at(values) == (outcome[only.path],)


@pytest.mark.parametrize("seed", range(20))
def test_the_alliance_dilemma_against_backward_induction(seed: int) -> None:
    model, rng = classics.alliance_dilemma(), random.Random(seed)
    values = {name: Fraction(rng.randrange(1, 100), 100) for name in model.parameters}
    values["help_reserved"] = values["firmness_reserved"] = Fraction(-1, 2)
    chosen = {eq.support[0][0] for eq in ag.solve(model.tree(values)).equilibria}
    assert set(model.regions_at(values)) == chosen
    threshold = Fraction(model.value("threat_threshold", values))
    assert set(model.regions_at(values, threat=threshold)) == {"commit", "reserve"}
    assert (values["threat"] >= threshold) == ("commit" in chosen)


def test_an_ally_that_helps_in_any_case_leaves_no_dilemma() -> None:
    model = classics.alliance_dilemma()
    values = dict.fromkeys(model.parameters, Fraction(1, 2))
    assert model.regions_at(values) == ()
    with pytest.raises(ParameterError, match=r"holds only if [fv]_0 < 0"):
        model.value("threat_threshold", values)
