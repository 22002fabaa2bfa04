"""Users' own models: what is refused, what is exact, and that the whole package takes them."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.models import Constraint, Parameter, build_model, build_parameter
from alignment_games.models.compile import is_rational, model_hash

STAKE, COST = sp.symbols("stake cost")
PLAYERS = {"challenger": ["wait", "demand"], "defender": ["yield", "resist"]}
PARAMETERS: dict[str, Any] = {"stake": (0, 2), "cost": (0, 1)}
PAYOFFS: dict[Any, Any] = {
    ("wait", "yield"): (0, STAKE),
    ("wait", "resist"): (0, STAKE),
    ("demand", "yield"): (STAKE, 0),
    ("demand", "resist"): (STAKE / 2 - COST, STAKE / 2 - COST),
}


def crisis(**changes: Any) -> ag.models.AlignmentModel:
    given: dict[str, Any] = {"players": PLAYERS, "parameters": PARAMETERS, "payoffs": PAYOFFS}
    return build_model("crisis", **(given | changes))


def changed(profile: tuple[str, ...], own: Any) -> dict[Any, Any]:
    return PAYOFFS | {profile: own}


def one(payoff: Any, **parameters: Any) -> ag.models.AlignmentModel:
    """Return a model of one player with one strategy."""
    return build_model("one", players={"a": ["s"]}, parameters=parameters, payoffs={"s": [payoff]})


# Through the package


def test_a_model_goes_from_payoffs_to_games_and_solutions() -> None:
    model = crisis()
    game = model.game(stake=0.8, cost=Fraction(1, 10))
    assert game.exact
    assert game.payoff("challenger", "demand", "resist") == Fraction(3, 10)
    assert len(ag.solve(game).equilibria) == 1
    assert ag.solve(model.tree(stake=0.8, cost=0.5)).equilibria[0].path == ("demand", "yield")
    assert ag.solve(model.tree(stake=0.8, cost=0.1)).equilibria[0].path == ("demand", "resist")
    assert "challenger" in model.latex()


def test_a_model_is_swept_as_it_is_solved() -> None:
    model = crisis()
    stakes, costs = np.linspace(0, 2, 7), np.linspace(0.05, 1, 5)
    ds = ag.sweep(model, {}, axes={"stake": stakes, "cost": costs})
    for i, stake in enumerate(stakes):
        for j, cost in enumerate(costs):
            if ds.status.values[i, j] != ag.batch.BatchStatus.OK:
                continue
            game = model.game(stake=stake, cost=cost)
            assert ds.equilibria.values[i, j] == len(ag.solve(game).equilibria)
            path = ag.solve(model.tree(stake=stake, cost=cost)).equilibria[0].path
            assert model.strategies[0][ds.posture.values[i, j]] == path[0]
    assert (ds.status == ag.batch.BatchStatus.OK).values.any()


def test_conditions_and_proofs_speak_of_a_users_model() -> None:
    model = crisis()
    assert ag.symbolic.temptation(model, "wait") == 0
    assert ag.symbolic.deterrence_condition(model, "demand") == sp.Le(STAKE / 2 - COST, 0)
    condition = ag.symbolic.dominance_condition(model, "demand", over="wait")
    assert condition == sp.And(STAKE > 0, STAKE > 2 * COST)
    claim = sp.Implies(COST > STAKE / 2, model.payoff("defender", "demand", "resist") < 0)
    assert ag.symbolic.prove(claim, model=model).status.name == "PROVED"
    proof = ag.symbolic.prove(STAKE > COST, model=model)
    assert proof.status.name == "REFUTED"
    assert proof.counterexample is not None
    model.game(proof.counterexample)


def test_dominance_regards_every_answer() -> None:
    """Not only the first and the last: the middle answer decides here."""
    x = sp.Symbol("x", real=True)
    model = build_model(
        "three answers",
        players={"a": ["s", "t"], "b": ["u", "v", "w"]},
        parameters={"x": (-1, 1)},
        payoffs={
            ("s", "u"): (1, 0),
            ("s", "v"): (x, 0),
            ("s", "w"): (1, 0),
            **{("t", other): (0, 0) for other in "uvw"},
        },
    )
    assert ag.symbolic.dominance_condition(model, "s", over="t") == (x > 0)
    with pytest.raises(ParameterError, match="the second with two strategies, got 'three answers'"):
        ag.symbolic.gain_under_threat(model, "s", over="t", threat=x)


def test_three_players_have_no_temptations() -> None:
    players = {"a": ["s", "t"], "b": ["s", "t"], "c": ["s", "t"]}
    payoffs = {
        (p, q, r): {
            "c": f"x*{(p + q).count(r)}",
            "a": (p + q + r).count(p),
            "b": f"if({int(p == q)} == 1, x, 0)",
        }
        for p in "st"
        for q in "st"
        for r in "st"
    }
    model = build_model("three", players=players, parameters={"x": (0, 1)}, payoffs=payoffs)
    assert model.temptations == {}
    assert model.game(x=0.5).shape == (2, 2, 2)
    assert ag.solve(model.tree(x=0.5)).equilibria
    condition = ag.symbolic.dominance_condition(model, "s", over="t")
    assert condition == sp.false
    with pytest.raises(ParameterError, match="'three' has 3 and states none"):
        ag.symbolic.temptation(model, "s")
    with pytest.raises(GameError, match="two players to be swept, three has 3"):
        ag.sweep(model, {}, axes={"x": (0, 1, 3)})


@pytest.mark.parametrize(
    "name", ["x0", "Fraction", "lambda", "numpy", "power_", "amax", "inf", "s"]
)
def test_a_parameter_may_have_any_name_of_python(name: str) -> None:
    """Also those of common subexpressions and functions in generated code."""
    model = build_model(
        "named",
        players={"a": ["s", "t"], "b": ["u", "v"]},
        parameters={name: (1, 3), "y": (1, 3)},
        payoffs={
            ("s", "u"): (f"({name} + y)**2 + ({name} + y)**3", f"max({name}, y, 2)/3"),
            ("s", "v"): (f"sqrt({name} + y) + ({name} + y)", f"min({name}, y)**y"),
            ("t", "u"): (f"exp({name}*y)/log({name} + 1)", f"if({name} < y, {name}, y)"),
            ("t", "v"): (0, f"abs({name} - y)"),
        },
    )
    values = {name: 2.0, "y": 1.5}
    first, second = model.game(values).payoffs
    assert first.tolist() == pytest.approx(
        np.array([[3.5**2 + 3.5**3, 3.5**0.5 + 3.5], [np.exp(3) / np.log(3), 0]])
    )
    assert second.tolist() == pytest.approx(np.array([[2 / 3, 1.5**1.5], [1.5, 0.5]]))
    grid = model.payoff_arrays({"y": 1.5}, {name: np.array([2.0, 1.0])})
    assert grid[..., 0] == pytest.approx(np.array([first, second]))
    ds = ag.sweep(model, values, axes={"y": [1.0, 1.5]}, outputs=["posture", "payoff"])
    path = ag.solve(model.tree(values)).equilibria[0].path
    assert ds.posture.values[1] == model.strategies[0].index(path[0])


def test_a_condition_guards_its_division() -> None:
    """The quotient occurs twice, and is not computed where its condition is false."""
    model = one("if(x > 0, 1/x, 2) + if(x > 0, 3/x, 0)", x=(0, 1))
    assert model.game(x=0).payoff("a", "s") == 2
    assert model.game(x=0.5).payoff("a", "s") == 8
    assert model.payoff_arrays({}, {"x": np.array([0.0, 0.5])}).tolist() == [[[2, 8]]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1/x", 0),
        ("log(x)", 0),
        ("sqrt(x - 1)", 0),
        ("(x - 2)**(1/3)", 0),
        ("exp(x*1000)", 1),
        ("2**(x*64)*2**(64*x)**x", 10**50),
    ],
)
def test_a_payoff_without_a_value_is_named(formula: str, value: Any) -> None:
    model = one(formula, x=(0, None))
    with pytest.raises(GameError, match=r"the payoff of a at \('s',\) has no finite real value"):
        model.game(x=value)
    with pytest.raises(GameError, match="no finite real value somewhere on the axes"):
        model.payoff_arrays({}, {"x": np.array([1.5, float(value)])})


def test_powers_of_parameters_are_exact_where_they_are_short() -> None:
    model = one("x**y", x=(0, None), y=(0, None))
    assert model.game(x=Fraction(1, 3), y=4).payoff("a", "s") == Fraction(1, 81)
    assert model.game(x=2, y=Fraction(1, 2)).payoff("a", "s") == pytest.approx(2**0.5)
    assert model.game(x=Fraction(1, 3), y=10**50).payoff("a", "s") == 0


def test_a_branch_that_is_missing_is_named() -> None:
    x = sp.Symbol("x", nonnegative=True)
    model = one(sp.Piecewise((1, x > 1)), x=(0, 2))
    assert model.game(x=2).payoff("a", "s") == 1
    with pytest.raises(GameError, match="no finite real value at these parameters"):
        model.game(x=1)


# Equality and caches


def test_two_models_of_one_name_are_not_confused() -> None:
    one_, other = crisis(), crisis(payoffs=changed(("demand", "resist"), (STAKE - COST, 1)))
    assert one_ != other
    assert one_ == crisis()
    assert hash(one_) == hash(other)
    assert model_hash(one_) != model_hash(other)
    values = {"stake": 1, "cost": Fraction(1, 10)}
    for _ in range(2):
        assert one_.game(values).payoff("challenger", "demand", "resist") == Fraction(2, 5)
        assert other.game(values).payoff("challenger", "demand", "resist") == Fraction(9, 10)
        swept = [
            float(ag.sweep(m, values, axes={"cost": [0.1]}, outputs="payoff").payoff.values[0])
            for m in (one_, other)
        ]
        assert swept == [0.4, 0.9]


def test_payoffs_are_put_in_the_order_of_the_strategies() -> None:
    backwards = crisis(payoffs=dict(reversed(PAYOFFS.items())))
    assert backwards == crisis()
    assert list(backwards.payoffs) == list(PAYOFFS)
    named = {
        p: dict(zip(reversed(PLAYERS), reversed(own), strict=True)) for p, own in PAYOFFS.items()
    }
    assert crisis(payoffs=named) == crisis()
    assert pickle.loads(pickle.dumps(crisis())) == crisis()


# Numbers and symbols


@pytest.mark.parametrize(
    ("payoff", "expected"),
    [
        (0.1 * STAKE, STAKE / 10),
        (STAKE**0.5, sp.sqrt(STAKE)),
        (sp.Float(0.3), sp.Rational(3, 10)),
        (0.3, sp.Rational(3, 10)),
        (np.float64(0.7), sp.Rational(7, 10)),
        (np.int64(2), sp.Integer(2)),
        (Fraction(1, 3), sp.Rational(1, 3)),
        ("stake/3", STAKE / 3),
        (sp.pi * STAKE, sp.pi * STAKE),
        (sp.Mul(2, STAKE + 1, evaluate=False), 2 * STAKE + 2),
        (sp.Piecewise((0.5, STAKE < 0.25), (1, True)),
         sp.Piecewise((sp.Rational(1, 2), sp.Rational(1, 4) > STAKE), (1, True))),
        (sp.Max(STAKE, 0.5), sp.Max(STAKE, sp.Rational(1, 2))),
    ],
)  # fmt: skip
def test_payoffs_become_exact(payoff: Any, expected: sp.Expr) -> None:
    model = one(payoff, stake=(0, 1))
    found = model.payoff("a", "s")
    assert found.xreplace({model.parameters["stake"].symbol: STAKE}) == expected
    assert not found.has(sp.Float)


def test_users_symbols_stay_theirs() -> None:
    model = crisis()
    assert model.parameters["stake"].symbol == STAKE
    assert sp.diff(model.payoff("challenger", "demand", "resist"), STAKE) == sp.Rational(1, 2)
    text = one("x/2", x=(0, 1))
    assert text.parameters["x"].symbol == sp.Symbol("x", nonnegative=True)
    short = build_parameter("stake", (0, 1), symbol="V")
    both = one("V + stake", stake=short)
    assert both.payoff("a", "s") == 2 * sp.Symbol("V", nonnegative=True)
    own = one(sp.Symbol("stake") + 1, stake=short)
    assert own.parameters["stake"].symbol == sp.Symbol("stake")


@pytest.mark.parametrize(
    ("domain", "facts"),
    [
        ((1, 2), {"positive": True}),
        ((0, 2), {"nonnegative": True}),
        ((-2, -1), {"negative": True}),
        ((-2, 0), {"nonpositive": True}),
        ((-1, 1), {"real": True}),
    ],
)
def test_symbols_are_assumed_to_be_what_the_domain_says(
    domain: Any, facts: dict[str, bool]
) -> None:
    assert build_parameter("x", domain).symbol == sp.Symbol("x", **facts)
    assert one(sp.Symbol("x", **facts), x=domain).parameters["x"].symbol == sp.Symbol("x", **facts)


@pytest.mark.parametrize(
    ("symbol", "domain"),
    [
        (sp.Symbol("x", positive=True), (0, 1)),
        (sp.Symbol("x", nonnegative=True), (-1, 1)),
        (sp.Symbol("x", negative=True), (0, 1)),
        (sp.Symbol("x", integer=True), (1, 2)),
        (sp.Symbol("x", commutative=False), (1, 2)),
        (sp.Symbol("x", imaginary=True), (0, 1)),
    ],
)
def test_symbols_may_not_be_assumed_to_be_more(symbol: sp.Symbol, domain: Any) -> None:
    with pytest.raises(ModelError, match=r"which the domain .* of x does not say; create it as"):
        one(symbol + 1, x=domain)


def test_definitions_are_parts_of_payoffs() -> None:
    model = build_model(
        "parts",
        players={"a": ["s", "t"]},
        parameters={"x": (0, 1)},
        definitions={"half": "x/2", "more": "half + 1"},
        payoffs={"s": ["more**2"], "t": [sp.Symbol("half") * 3]},
    )
    x = model.parameters["x"].symbol
    assert model.payoff("a", "s") == (x / 2 + 1) ** 2
    assert model.payoff("a", "t") == 3 * x / 2


def test_irrational_models_say_so() -> None:
    assert is_rational(crisis())
    assert not is_rational(one("sqrt(x)", x=(0, 1)))
    assert not one("sqrt(x)", x=(0, 1)).game(x=0.3).exact


# Errors

EXPRESSION = sp.Symbol("x")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"players": []}, "`players` must be a mapping, got list"),
        ({"players": {}}, "`players` must name at least one player"),
        ({"players": {"a": "yes"}}, r"`players\.a` must be a sequence of strategies"),
        ({"players": {"a": []}}, r"`players\.a` must be a sequence of strategies"),
        ({"players": {"a": ["s", "s"]}}, "each strategy once, got s, s"),
        ({"players": {"a": [" s"]}}, "a strategy of a must be 1 to 80 printable characters"),
        ({"players": {5: ["s"]}}, "a player's name must be 1 to 80"),
        ({"players": {f"p{k}": ["s", "t"] for k in range(13)}}, "4096 profiles"),
        ({"parameters": []}, "`parameters` must be a mapping"),
        ({"parameters": {"stake": (0, 1)}}, "unknown symbol 'cost'"),
        ({"parameters": PARAMETERS | {"if": (0, 1)}}, "cannot be named 'if', a word of formulas"),
        ({"parameters": PARAMETERS | {"a b": (0, 1)}}, "must be named by at most 60 ASCII"),
        ({"parameters": PARAMETERS | {"z": (1, 0)}}, r"`parameters.z.domain` must have its lower"),
        ({"parameters": PARAMETERS | {"z": 1}}, r"`parameters.z.domain` must be \(lower, upper\)"),
        ({"parameters": PARAMETERS | {"z": "01"}}, r"must be \(lower, upper\), got 01"),
        ({"parameters": PARAMETERS | {"z": (0, "1")}}, "`parameters.z.domain`: a number is needed"),
        ({"parameters": PARAMETERS | {"z": (float("-inf"), 1)}}, "a finite number is needed"),
        ({"parameters": PARAMETERS | {"z": build_parameter("y", (0, 1))}}, "give both one name"),
        ({"parameters": PARAMETERS | {"z": build_parameter("z", (0, 1), symbol="cost")}},
         "'cost' stands for two parameters"),
        ({"payoffs": []}, "`payoffs` must be a mapping"),
        ({"payoffs": {}}, r"every profile; \('wait', 'yield'\) is missing"),
        ({"payoffs": PAYOFFS | {("wait", "fight"): (0, 0)}}, "'fight'.*no profile of"),
        ({"payoffs": changed(("wait", "yield"), (1,))}, "for each of challenger, defender"),
        ({"payoffs": changed(("wait", "yield"), 1)}, r"`payoffs.wait.yield` must hold a payoff"),
        ({"payoffs": changed(("wait", "yield"), {"challenger": 1})},
         "must hold a payoff of defender"),
        ({"payoffs": changed(("wait", "yield"), {"challenge": 1})}, "did you mean 'challenger'"),
        ({"payoffs": changed(("wait", "yield"), (EXPRESSION, 1))},
         r"`payoffs\.wait\.yield\.challenger`: unknown symbol 'x'; choose from cost, stake"),
        ({"payoffs": changed(("wait", "yield"), ("stak", 1))},
         r"`payoffs\.wait\.yield\.challenger`, column 1: unknown name 'stak'; did you mean"),
        ({"payoffs": changed(("wait", "yield"), (1, None))},
         r"yield\.defender`: a number is needed"),
        ({"payoffs": changed(("wait", "yield"), (1, float("nan")))}, "a finite number is needed"),
        ({"payoffs": changed(("wait", "yield"), (1, True))}, "a number is needed, got True"),
        ({"payoffs": changed(("wait", "yield"), (1, sp.sin(STAKE)))}, r"found sin in sin\(stake\)"),
        ({"payoffs": changed(("wait", "yield"), (1, sp.I * STAKE))}, "found ImaginaryUnit"),
        ({"payoffs": changed(("wait", "yield"), (1, sp.zoo))}, "found ComplexInfinity"),
        ({"payoffs": changed(("wait", "yield"), (1, sp.Float("0.1", 30)))}, "another precision"),
        ({"payoffs": changed(("wait", "yield"), (1, sp.Symbol("stake", real=True)))},
         "two symbols are named 'stake', with different assumptions"),
        ({"definitions": {"stake": 1}}, "'stake', which is already the name"),
        ({"definitions": {"a": "b", "b": 1}}, r"`definitions\.a`, column 1: unknown name 'b'"),
        ({"definitions": {"max": 1}}, "a definition cannot be named 'max'"),
        ({"constraints": [("stake", "cost")]},
         r"`constraints\[0\]` must be a Constraint, got tuple"),
        ({"constraints": [Constraint(smaller="stak", larger="cost", reason="")]},
         "unknown parameter 'stak'; did you mean 'stake'"),
        ({"title": 5}, "`title` must be text"),
    ],
)  # fmt: skip
def test_errors_name_the_place(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        crisis(**changes)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"usual": (0, 3)},
            r"`parameters\.x\.usual` must lie in the domain \[0, 2\], got \[0, 3\]",
        ),
        ({"usual": (0, None)}, "must lie in the domain"),
        ({"usual": (-1, 1)}, "must lie in the domain"),
        ({"symbol": "1x"}, "the symbol of x must be named"),
        ({"status": "guess"}, "`parameters.x.status` is unknown: 'guess'; choose from assumption"),
        ({"unit": None}, r"`parameters\.x\.unit` must be text, got NoneType"),
    ],
)
def test_parameters_are_checked(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        build_parameter("x", (0, 2), **fields)


def test_parameters_say_what_they_are() -> None:
    parameter = build_parameter("stake", (0, None), usual=(0, 2), unit="utility", status="measured")
    assert isinstance(parameter, Parameter)
    assert str(parameter.domain) == "[0, inf)"
    assert parameter.status is ag.models.ParameterStatus.MEASURED
    assert build_parameter("x", (0, float("inf"))).domain.upper is None
    assert build_parameter("x", (0.1, 1)).domain.lower == Fraction(1, 10)


def test_constraints_hold_in_games_and_sweeps() -> None:
    pair = Constraint(smaller="cost", larger="stake", reason="nobody pays more than the prize")
    model = crisis(constraints=[pair])
    with pytest.raises(ParameterError, match="nobody pays more than the prize"):
        model.game(stake=0.1, cost=0.5)
    ds = ag.sweep(model, {"cost": 0.5}, axes={"stake": [0.1, 0.9]}, outputs="posture")
    assert ds.status.values.tolist() == [ag.batch.BatchStatus.BAD_INPUT, ag.batch.BatchStatus.OK]
