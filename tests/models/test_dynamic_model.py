"""Dynamic models: substitution is exact, and whatever does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.models import (
    Constraint,
    DynamicModel,
    ParameterSpace,
    Quantity,
    build_parameter,
)

discount, hazard, spoil = (
    build_parameter(name, bounds, symbol=symbol)
    for name, bounds, symbol in (
        ("discount", (0, 1), "delta"),
        ("hazard", (0, 1), "lambda"),
        ("spoil", (0, None), "s"),
    )
)
delta, leaving, s = discount.symbol, hazard.symbol, spoil.symbol
ONE, ZERO = sp.Integer(1), sp.Integer(0)
VALUES = {"discount": 0.9, "hazard": Fraction(1, 3), "spoil": 2}

GAME: dict[str, Any] = {
    "name": "raid",
    "title": "A raid",
    "players": ("raider", "keeper"),
    "states": ("full", "empty"),
    "strategies": {"full": (("wait", "raid"), ("keep",)), "empty": (("wait",), ("keep",))},
    "parameters": ParameterSpace((discount, hazard, spoil)),
    "payoffs": {
        ("full", ("wait", "keep")): (ZERO, ONE),
        ("full", ("raid", "keep")): (s, 1 - s),
        ("empty", ("wait", "keep")): (ZERO, ZERO),
    },
    "transitions": {
        ("full", ("wait", "keep")): {"full": ONE},
        ("full", ("raid", "keep")): {"full": 1 - leaving, "empty": leaving},
        ("empty", ("wait", "keep")): {"empty": ONE},
    },
    "quantities": {
        "raiding": Quantity(
            expression=s / (1 - delta * (1 - leaving)), meaning="value of raids", reference="here"
        ),
        "patience": Quantity(
            expression=1 / leaving, meaning="periods until the end", reference="here",
            condition=leaving > 0,
        ),
        "root": Quantity(expression=sp.sqrt(s - 1), meaning="a root", reference=""),
    },
}  # fmt: skip


def raid(**changes: Any) -> DynamicModel:
    return DynamicModel(**{**GAME, **changes})


MODEL = raid()


def with_entry(argument: str, key: Any, entry: Any) -> Mapping[Any, Any]:
    return {**GAME[argument], key: entry}


def test_the_game_is_that_of_the_numbers() -> None:
    third = Fraction(1, 3)
    wanted = ag.games.StochasticGame(
        payoffs=[[[[0], [2]], [[1], [-1]]], [[[0]], [[0]]]],
        transitions=[[[[1, 0]], [[1 - third, third]]], [[[0, 1]]]],
        discount=Fraction(9, 10),
        states=["full", "empty"],
        players=["raider", "keeper"],
        strategies=[[["wait", "raid"], ["keep"]], [["wait"], ["keep"]]],
    )
    game = MODEL.game(VALUES)
    assert game == wanted
    assert game.exact
    assert MODEL.game(VALUES, hazard=third) == wanted
    assert MODEL.game(VALUES, hazard=1) != wanted


def test_the_closed_form_is_the_value_of_the_game() -> None:
    for chance in (0, Fraction(1, 7), 1):
        found = ag.solvers.markov_perfect(MODEL.game(VALUES, hazard=chance))
        (only,) = found.equilibria
        assert only.values[0][0] == MODEL.value("raiding", VALUES, hazard=chance)


def test_expressions_are_found_by_name() -> None:
    assert MODEL.payoff("keeper", "full", "raid", "keep") == 1 - s
    assert MODEL.transition("full", "raid", "keep") == {"full": 1 - leaving, "empty": leaving}
    with_zero = raid(
        transitions=with_entry(
            "transitions", ("empty", ("wait", "keep")), {"empty": ONE, "full": ZERO}
        )
    )
    assert with_zero.transition("empty", "wait", "keep") == {"empty": ONE}
    assert with_zero.game(VALUES) == MODEL.game(VALUES)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: MODEL.payoff("keepr", "full", "raid", "keep"), "did you mean 'keeper'"),
        (lambda: MODEL.payoff("keeper", "ful", "raid", "keep"), "did you mean 'full'"),
        (lambda: MODEL.payoff("keeper", "full", "raid"), "one strategy for each"),
        (lambda: MODEL.transition("empty", "raid", "keep"), "no strategy 'raid' in empty"),
    ],
)
def test_unknown_names_of_the_game(ask: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        ask()


def test_closed_forms_have_a_condition_and_a_name() -> None:
    assert MODEL.value("patience", VALUES) == 3
    message = r"'patience' of raid holds only if lambda > 0; here lambda = 0 \(`hazard`\)"
    with pytest.raises(ParameterError, match=message):
        MODEL.value("patience", VALUES, hazard=0)
    with pytest.raises(ModelError, match="no closed form 'patienc'; did you mean 'patience'"):
        MODEL.value("patienc", VALUES)
    with pytest.raises(ModelError, match="no closed form 'patience'; it has none"):
        raid(quantities={}).value("patience", VALUES)
    assert MODEL.value("root", VALUES) == 1.0
    with pytest.raises(GameError, match="'root' of raid has no finite real value"):
        MODEL.value("root", VALUES, spoil=0)


@pytest.mark.parametrize("ask", [MODEL.game, lambda *a, **k: MODEL.value("raiding", *a, **k)])
def test_values_are_checked(ask: Any) -> None:
    for changes, message in (
        ({"hazrd": 0}, "unknown parameter 'hazrd'; did you mean 'hazard'"),
        ({"lambda": 0}, "it is the symbol of 'hazard'"),
        ({"hazard": 2}, r"`hazard` must lie in \[0, 1\]"),
        ({"discount": 1}, "`discount` must be above 0 and below 1, got 1"),
        ({"discount": 0}, "`discount` must be above 0 and below 1, got 0"),
        ({"hazard": "high"}, "`hazard` must lie in"),
    ):
        with pytest.raises(ParameterError, match=message):
            ask(VALUES, **changes)
    with pytest.raises(ParameterError, match="missing: hazard, spoil"):
        ask(discount=0.5)
    with pytest.raises(ParameterError, match="`values` must be a Scenario"):
        ask([1, 2])


def test_joint_constraints_are_checked() -> None:
    space = ParameterSpace(
        (discount, hazard, spoil),
        (Constraint(smaller="hazard", larger="spoil", reason="raids go where there is more"),),
    )
    model = raid(parameters=space)
    assert model.game(VALUES) == MODEL.game(VALUES)
    with pytest.raises(ParameterError, match="`hazard` must not exceed `spoil`"):
        model.game(VALUES, spoil=0)


def test_a_number_without_a_value_is_named() -> None:
    key = ("full", ("raid", "keep"))
    dividing = raid(payoffs=with_entry("payoffs", key, (1 / s, ONE)))
    assert dividing.game(VALUES).stage("full").payoff("raider", "raid", "keep") == Fraction(1, 2)
    with pytest.raises(
        GameError, match="payoff of raider at raid, keep in full of raid has no finite real value"
    ):
        dividing.game(VALUES, spoil=0)
    ratio = {"full": 1 / s, "empty": 1 - 1 / s}
    odd = raid(transitions=with_entry("transitions", key, ratio))
    with pytest.raises(GameError, match="probability of full after raid, keep in full of raid has"):
        odd.game(VALUES, spoil=0)


def test_a_probability_outside_is_refused_where_the_game_is_made() -> None:
    # Not linear in a bounded parameter, so that the corners of the domain say nothing.
    row = {"full": 1 / s, "empty": 1 - 1 / s}
    odd = raid(transitions=with_entry("transitions", ("full", ("raid", "keep")), row))
    assert odd.game(VALUES).exact
    with pytest.raises(ParameterError, match=r"probability of full after raid, keep in full must"):
        odd.game(VALUES, spoil=Fraction(1, 2))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"full": leaving}, "sum to 1 for all parameters, the sum is lambda"),
        ({"full": leaving, "empty": 1 - leaving**2}, "sum to 1 for all parameters"),
        ({"full": 1 + leaving, "empty": -leaving}, r"at lambda = 1; it must lie in \[0, 1\]"),
        ({"full": 2 * leaving * delta, "empty": 1 - 2 * leaving * delta}, "which is 2 at delta"),
        ({"full": ONE * 2, "empty": -ONE}, r"the probability 2, which is 2; it must"),
        ({"full": ONE, "emty": ZERO}, "unknown state 'emty'; did you mean 'empty'"),
        ({"full": 1 - sp.Symbol("q"), "empty": sp.Symbol("q")}, "holds the symbol q, which is no"),
        ({"full": ONE, "empty": 0}, "must hold SymPy expressions, got 0"),
    ],
)
def test_rows_that_are_no_probabilities(row: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        raid(transitions=with_entry("transitions", ("full", ("raid", "keep")), row))


def test_rows_sum_to_one_however_they_are_written() -> None:
    key = ("full", ("raid", "keep"))
    for first, second in (
        ((1 - leaving) ** 2, leaving * (2 - leaving)),
        (1 / (1 + s), s / (1 + s)),
        (sp.exp(-s), 1 - sp.exp(-s)),
        (sp.Piecewise((leaving, leaving > delta), (delta, True)),
         sp.Piecewise((1 - leaving, leaving > delta), (1 - delta, True))),
    ):  # fmt: skip
        model = raid(transitions=with_entry("transitions", key, {"full": first, "empty": second}))
        assert model.game(VALUES).n_states == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"players": ()}, "`players` must be one name or more"),
        ({"states": ("full", "full")}, "`states` must be one name or more, each once"),
        ({"parameters": ParameterSpace((hazard, spoil))}, "named 'discount'"),
        ({"strategies": {"full": GAME["strategies"]["full"]}}, "`strategies` must hold empty"),
        ({"strategies": with_entry("strategies", "ruin", ((), ()))}, "`strategies` holds ruin"),
        ({"strategies": with_entry("strategies", "full", (("raid",),))}, "strategies of each of"),
        ({"strategies": with_entry("strategies", "empty", ((), ("keep",)))}, "of raider` must be"),
        ({"payoffs": with_entry("payoffs", ("full", ("raid",)), (ONE, ONE))}, "is unknown"),
        ({"payoffs": with_entry("payoffs", ("full", ("raid", "keep")), (ONE,))}, "payoff for each"),
        ({"transitions": {}}, "`transitions` must hold"),
        (
            {"payoffs": with_entry("payoffs", ("full", ("raid", "keep")), (sp.Symbol("s"), ONE))},
            "symbol of that name has other assumptions",
        ),
        (
            {"quantities": {"x": Quantity(expression=sp.Symbol("spil"), meaning="", reference="")}},
            r"`quantities\['x'\]` holds the symbol spil",
        ),
    ],
)
def test_parts_that_do_not_fit(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        raid(**changes)


def test_text_and_latex() -> None:
    text = str(MODEL).splitlines()
    assert text[0] == "A raid (raid) of raider, keeper"
    assert "  raid, keep: earns s, 1 - s; then [1 - lambda] full + [lambda] empty" in text
    assert text[-2] == "patience = 1/lambda: periods until the end, if lambda > 0"
    lines = MODEL.latex().splitlines()
    assert lines[0] == r"\begin{aligned}"
    assert r"\Pr(\text{empty} \mid \text{full; raid, keep}) &= \lambda \\" in lines
    assert r"u_{\text{raider}}(\text{full; raid, keep}) &= s \\" in lines
    assert r"\text{patience} &= \frac{1}{\lambda} \quad \text{if } \lambda > 0 \\" in lines
    assert lines[-1] == r"\end{aligned}"


def test_names_in_latex_are_escaped() -> None:
    own = raid(players=("raider & co", "keeper"))
    assert r"u_{\text{raider \& co}}(\text{full; raid, keep}) &= s" in own.latex()


def test_models_that_differ_do_not_share_what_is_compiled() -> None:
    other = raid(payoffs=with_entry("payoffs", ("full", ("raid", "keep")), (2 * s, 1 - s)))
    assert other != MODEL
    assert hash(other) == hash(MODEL)
    assert other.game(VALUES).stage("full").payoff("raider", "raid", "keep") == 4
    assert MODEL.game(VALUES).stage("full").payoff("raider", "raid", "keep") == 2
    assert replace(MODEL, title="again") != MODEL
