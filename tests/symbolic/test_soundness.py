"""Claims that must not be proved, points that must not be witnesses, texts that must not be run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.models import AlignmentModel, Constraint, Interval
from alignment_games.symbolic import ProofStatus, Proposition, prove, threshold, truth
from alignment_games.symbolic.ranges import spans_of

from .points import MODEL

S = ag.symbolic
VIETNAM = ag.load_scenario("vietnam")
X, Y = sp.symbols("x y", real=True)


def small(up_left: str, up_right: str = "1", **parameters: Any) -> AlignmentModel:
    return ag.models.build_model(
        "small",
        players={"one": ("up", "down"), "other": ("left", "right")},
        parameters=parameters,
        payoffs={
            ("up", "left"): (up_left, "0"),
            ("up", "right"): (up_right, "1 - x"),
            ("down", "left"): ("0", "1"),
            ("down", "right"): ("0", "2"),
        },
    )


@pytest.mark.parametrize("name", ["root", "symbol", "root_0", "symbol_0", "x!0"])
def test_no_name_of_a_symbol_is_taken_for_a_root(name: str) -> None:
    own, other = sp.Symbol(name, nonnegative=True), sp.Symbol("z", real=True)
    assert prove(sp.Implies(own >= 3, sp.sqrt(own) >= own)).status is ProofStatus.REFUTED
    refuted = prove(own < 1, given=[sp.sqrt(own + sp.Rational(1, 2)) > other, other > 2])
    assert refuted.status is ProofStatus.REFUTED


def test_what_cancels_between_the_sides_keeps_its_guard() -> None:
    assert prove(sp.sqrt(X + 3) + 1 > sp.sqrt(X + 3)).status is ProofStatus.REFUTED
    assert prove(sp.sqrt(X + 3) + 1 > sp.sqrt(X + 3), given=X > 0).status is ProofStatus.PROVED
    with pytest.raises(ModelError, match="z3 decides polynomials"):
        prove(sp.log(X + 3) + 1 > sp.log(X + 3))


@pytest.mark.parametrize(
    ("claim", "assumed"),
    [
        (sp.Symbol("zeta") * sp.Symbol("b", positive=True) >= 1, "positive"),
        (sp.Symbol("V", negative=True) + sp.Symbol("w") < 0, "negative"),
        (sp.Symbol("V", integer=True) >= 1, "integer"),
    ],
)
def test_symbols_that_assume_more_than_the_parameter_are_refused(
    claim: sp.Basic, assumed: str
) -> None:
    with pytest.raises(ModelError, match=f"is assumed to be .*{assumed}"):
        prove(claim, model=MODEL)


def test_two_symbols_of_one_name_are_refused() -> None:
    with pytest.raises(ModelError, match="named y; use one"):
        prove(sp.Symbol("y", positive=True) > sp.Symbol("y", real=True) - 1)
    with pytest.raises(ModelError, match="named y; use one"):
        prove(sp.Symbol("y", positive=True) > X, given=sp.Symbol("y", real=True) < X)


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        ({sp.Symbol("V", real=True): -1 - X}, "the name of a parameter"),
        ({sp.Symbol("tilt", real=True): -1 - X}, "the name of a parameter"),
        ({Y: sp.sqrt(-1 - X**2)}, "must give polynomials"),
        ({Y: sp.log(-1 - X**2)}, "must give polynomials"),
        ({Y: 1 / X}, "must give polynomials"),
        ({Y: X, X: Y}, "in a circle"),
    ],
)
def test_definitions_that_would_prove_too_much_are_refused(
    definitions: dict[sp.Symbol, sp.Expr], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        Proposition(
            name="T", title="", statement="", claim=Y**2 > -1, definitions=definitions, model=MODEL
        )


def test_no_proposition_of_the_library_is_a_bare_truth_value() -> None:
    for own in S.propositions():
        assert own.claim not in (sp.true, sp.false), own.name


def test_truth_values_of_many_comparisons_take_no_time() -> None:
    parts = [sp.Gt(sp.Symbol(f"x{k}", real=True), k) for k in range(20)]
    proof = prove(sp.Xor(*parts), timeout=5)
    assert proof.status is ProofStatus.REFUTED
    assert proof.seconds < 10
    assert prove(sp.Xor(X > 0, X <= 0)).status is ProofStatus.PROVED
    assert prove(sp.Equivalent(X > 0, -X < 0)).status is ProofStatus.PROVED
    assert prove(sp.Equivalent(X > 0, X >= 0)).status is ProofStatus.REFUTED
    # Undefined is neither true nor false.
    assert truth(sp.Xor(1 / X > 0, X > 1), {X: 0}) is None
    assert truth(sp.Equivalent(1 / X > 0, X > 1, X > -1), {X: 0}) is False
    with pytest.raises(ModelError, match="needs a value for x"):
        truth(X > 0, {})


def test_poles_that_cancel_are_poles() -> None:
    model = small("a*(x - y)/(a*y + 2*a)", x=(0, 1), a=(0, 1), y=(-1, 1))
    a, y = (model.parameters[name].symbol for name in "ay")
    found = threshold(model, "x", "up", over="down", against="left")
    point = {"a": 0, "x": 1, "y": 0}
    assert found.at(point) == ()
    here = {model.parameters[name].symbol: value for name, value in point.items()}
    assert truth(found.condition, here) is False
    parametric = S.equilibria(model)
    assert {sp.expand(own) for own in parametric.denominators} == {sp.expand(a * (y + 2))}
    assert set(parametric.decided(point)) == {0}
    with pytest.raises(GameError, match="no finite real value"):
        parametric.at(point)
    assert len(S.regimes(model, given=a <= 0, timeout=10)) == 0


@pytest.mark.parametrize("payoff", ["1/(x - 2)", "1/(1 + 1/(x - 1))"])
def test_regimes_of_a_model_with_a_pole(payoff: str) -> None:
    model = small(payoff, x=(0, 3))
    found = S.regimes(model, timeout=20)
    assert found.status is S.RegimesStatus.PROVED
    for own in found:
        model.game(own.witness)


def test_reports_do_not_hold_where_a_payoff_has_no_value() -> None:
    model = small("1/x**2", x=(0, 1))
    at_pole = S.condition_report(
        model, "up", over="down", against="left", solve_for="x", values={"x": 0}
    )
    assert at_pole.holds == (False,)
    assert at_pole.spans is not None
    assert [str(span) for span in at_pole.spans] == ["(0, 1]"]


def test_intervals_end_where_an_expression_begins_to_have_a_value() -> None:
    (span,) = spans_of([sp.sqrt(X - 1)], X, Interval(0, 2))
    assert abs(float(span.lower) - 1) < 1e-12
    assert not span.exact
    (span,) = spans_of([sp.sqrt(2) * X - 1], X, Interval(0, 2))
    assert abs(float(span.lower) - 0.5**0.5) < 1e-12


EVIL = "__import__('pathlib').Path('ran').write_text('x')"


@pytest.mark.parametrize(
    "run",
    [
        lambda: S.sign(EVIL),
        lambda: S.comparative_statics(EVIL, "stake", model=MODEL),
        lambda: S.taylor(EVIL, MODEL, VIETNAM, by=["stake"]),
        lambda: S.substitute(EVIL, MODEL, VIETNAM),
        lambda: S.solve_linear(EVIL, X),
        lambda: EVIL in spans_of([X], X, Interval(0, 1))[0],
        lambda: S.prove(EVIL),
        lambda: S.prove(X > 0, given=[EVIL]),
    ],
)
def test_text_is_never_run(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError):
        run()
    assert not list(tmp_path.iterdir())


def test_symbols_are_matched_by_name_everywhere() -> None:
    zeta = sp.Symbol("zeta")
    own = S.temptation(MODEL, "hedge")
    statics = S.comparative_statics(own, zeta, model=MODEL)
    assert statics.sign is S.Sign.NOT_NEGATIVE
    assert S.substitute(2 * zeta, MODEL, VIETNAM) == sp.Rational(1, 2)


@pytest.mark.parametrize("timeout", ["5", 0, -1, float("inf"), float("nan"), True])
def test_time_limits_are_numbers_of_seconds(timeout: Any) -> None:
    with pytest.raises(ParameterError, match="`timeout` must be a number of seconds"):
        prove(X > 0, timeout=timeout)
    with pytest.raises(ParameterError, match="`timeout` must be a number of seconds"):
        S.regimes(small("x", x=(0, 1)), timeout=timeout)


@pytest.mark.parametrize(
    "play", [{"coerce": 2}, {"coerce": -1, "accommodate": 2}, {"coerce": sp.Symbol("q")}]
)
def test_probabilities_sum_to_one(play: dict[str, Any]) -> None:
    with pytest.raises(GameError, match="must not be negative and sum to 1"):
        S.gain(MODEL, "hedge", over="balance", against=play)


def test_counterexamples_of_users_models_can_be_run(tmp_path: Path) -> None:
    def bounded(name: str, most: int) -> ag.models.Parameter:
        return ag.models.Parameter(
            name=name, symbol=sp.Symbol(name, nonnegative=True), domain=Interval(0, 1),
            usual=Interval(0, most), meaning="", unit="",
            status=ag.models.ParameterStatus.ASSUMPTION,
        )  # fmt: skip

    model = ag.models.build_model(
        "mine",
        players={"one": ("up", "down")},
        parameters={"s": bounded("s", 1), "t": bounded("t", 0), "x": (0, 1)},
        payoffs={"up": ("x + s",), "down": ("t",)},
        constraints=[Constraint(smaller="s", larger="t", reason="a test")],
    )
    proof = prove(model.parameters["x"].symbol > 1, model=model)
    assert proof.counterexample is not None
    model.game(proof.counterexample)
    with pytest.raises(ModelError, match="a scenario's model is one of alignment"):
        ag.analysis.write_counterexample(proof, tmp_path / "mine.toml")
    assert not list(tmp_path.iterdir())


def test_questions_about_a_strangers_large_formula_are_answered_soon() -> None:
    names = "abcdefghijklmnop"
    power = "(" + " - ".join(names) + ")**64"
    model = ag.models.build_model(
        "large",
        players={"one": ("up", "down")},
        parameters=dict.fromkeys(names, (0, 1)),
        payoffs={"up": (power,), "down": ("0",)},
    )
    condition = S.dominance_condition(model, "up", over="down")
    assert condition not in (sp.true, sp.false)
    found = threshold(model, "a", "up", over="down")
    assert found.parts[0].form is S.Form.OTHER
    with pytest.raises(ag.errors.WorkLimitError, match="has more than 20000 terms"):
        S.normalize(model)


def test_floats_are_their_shortest_decimals_wherever_they_stand() -> None:
    assert prove(sp.Ge(0.1 * X, 0.3), given=[sp.Ge(X, 3)]).status is ProofStatus.PROVED
    assert prove(sp.Ge(X, 0.1), given=[sp.Ge(X, sp.Rational(1, 10))]).status is ProofStatus.PROVED
    assert truth(sp.Ge(X, 0.1), {X: sp.Rational(1, 10)})
    assert not truth(sp.Gt(X, 0.1), {X: sp.Rational(1, 10)})
    fine = sp.Float("0.1000000000000000000000000000001", 40)
    assert truth(sp.Lt(X, fine), {X: sp.Rational(1, 10)})


def test_what_sympy_decided_is_said_to_be_its_word() -> None:
    proof = prove(sp.Symbol("y", positive=True) > 0)
    assert proof.status is ProofStatus.PROVED
    assert proof.claim == sp.true
    assert proof.method.startswith("SymPy, which made the claim true")


def test_contradictory_hypotheses_are_told() -> None:
    proof = prove(X > 5, given=[X > 2, X < 1])
    assert proof.status is ProofStatus.PROVED
    assert proof.reason == "The hypotheses exclude every point, so they make any claim true."
    assert prove(X > 1, given=[X > 2]).reason == ""


def test_the_other_strategy_is_another() -> None:
    with pytest.raises(GameError, match="`over` must be another strategy than 'hedge'"):
        S.condition_report(ag.models.alignment(), "hedge", over="hedge")
    with pytest.raises(GameError, match="`over` must be another strategy than 'hedge'"):
        threshold(ag.models.alignment(), "patron_reliability", "hedge", over="hedge")


def test_names_that_mean_nothing_are_refused() -> None:
    model = ag.models.alignment()
    reliability = model.parameters["patron_reliability"].symbol
    found = threshold(model, "patron_reliability", "hedge", over="balance")
    with pytest.raises(ParameterError, match="unknown parameter 'stakes'; did you mean 'stake'"):
        found.at(VIETNAM, stakes=2)
    with pytest.raises(ParameterError, match="'rho'; it is the symbol of 'patron_reliability'"):
        threshold(model, "rho", "hedge", over="balance")
    with pytest.raises(ParameterError, match="`extra` must be of other symbols, but rho is the pa"):
        S.sign(reliability - 2, model, extra={reliability: Interval(0, 5)})


@pytest.mark.parametrize(
    "kinked",
    [
        sp.Max(X, 1),
        sp.Min(X**2, 1, X + 3),
        abs(X - 1),
        sp.Piecewise((X, X < 1), (1, True)),
        2 * sp.sign(1 - X) + X,
    ],
)
def test_there_is_no_slope_at_a_kink(kinked: sp.Expr) -> None:
    model = small("x", x=Interval(0, 3))
    expression = kinked.subs(X, model.parameters["x"].symbol)
    with pytest.raises(ParameterError, match="has a kink there"):
        S.taylor(expression, model, {"x": 1}, by=["x"])
    S.taylor(expression, model, {"x": 2}, by=["x"])
    S.taylor(expression, model, {"x": 1}, by=["x"], order=0)


def cubic() -> AlignmentModel:
    """The first player is indifferent at the real root of x**3 = x + 1, which is irrational."""
    return ag.models.build_model(
        "cubic",
        players={"one": ("up", "down"), "other": ("wait",)},
        parameters={"x": Interval(0, 4)},
        payoffs={("up", "wait"): ("x**3 - x - 1", 0), ("down", "wait"): (0, 0)},
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("P == 0", True),
        ("P**2 <= 0", True),
        ("P <= 1/10**50", True),
        ("P > 0", False),
        ("P != 0", False),
        ("max(P, 0) < 1", True),
        ("abs(P) > 0", False),
        ("min(P, x) >= 0", True),
        ("if(P > 0, 1, 2) > 1", True),
        ("if(P >= 0, 1, 2) > 1", False),
        ("1/P > 0", False),
        ("x > 1.3 and not x > 1.4", True),
        ("sqrt(x) < 1.2 or P > 0", True),
        ("sqrt(x) > 1.2", False),
    ],
)
def test_hypotheses_are_decided_at_irrational_knife_edges(text: str, inside: bool) -> None:
    model = cubic()
    x = model.parameters["x"].symbol
    given = ag.models.parse_condition(text, {"x": x, "P": x**3 - x - 1})
    assert len(S.regimes(model, given=[given], timeout=5).edges) == inside


@pytest.mark.parametrize(
    "more", ["irrational", "noninteger", "rational", "algebraic", "transcendental", "even"]
)
def test_symbols_of_some_real_numbers_only_are_refused(more: str) -> None:
    symbol = sp.Symbol("s", real=True, **{more: True})
    with pytest.raises(ModelError, match="symbols stand for real numbers, but s is assumed"):
        prove(sp.Ne(symbol, sp.Rational(1, 2), evaluate=False))


def test_where_there_is_no_derivative_nothing_is_said_to_rise() -> None:
    found = S.comparative_statics(sp.Max(X, Y), X)
    assert not truth(found.rises, {X: 1, Y: 1})
    assert truth(found.rises, {X: 2, Y: 1})
    assert not truth(found.rises, {X: 1, Y: 2})
    assert "where it has a derivative" in str(found)
    jump = S.comparative_statics(sp.Piecewise((0, X > 1), (X, True)), X)
    assert not truth(jump.rises, {X: 1})
    assert truth(jump.rises, {X: 0})
    assert "where it has a derivative" in str(jump)
    with pytest.raises(ParameterError, match="has no derivative that is known"):
        S.comparative_statics(sp.floor(X), X)


def test_equalities_of_conditions_are_equivalences() -> None:
    assert S.simplified(sp.Eq(X > 0, Y > 0)) == sp.Equivalent(X > 0, Y > 0)
    assert prove(sp.Eq(X > 0, X**3 > 0)).status is ProofStatus.PROVED
    assert prove(sp.Ne(X > 0, X <= 0)).status is ProofStatus.PROVED
    assert prove(sp.Eq(X > 0, Y > 0)).status is ProofStatus.REFUTED


def test_contradictory_hypotheses_of_a_claim_that_is_true_as_built() -> None:
    proof = prove(sp.true, given=[sp.false])
    assert proof.reason.startswith("The hypotheses exclude every point")
