"""Thresholds: their cases, the exact intervals at a point, and the inequality say the same."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.models import (
    AlignmentModel,
    Interval,
    Parameter,
    ParameterSpace,
    ParameterStatus,
)
from alignment_games.symbolic import Form, Threshold, gain, threshold, truth
from alignment_games.symbolic.ranges import Span, spans_of

from .points import MODEL, at, random_values, rational

S = MODEL.parameters.symbols
POSTURES = MODEL.strategies[0]
PAIRS = list(itertools.permutations(POSTURES, 2))
Q = sp.Symbol("q", nonnegative=True)


def agree(found: Threshold, values: dict[str, Fraction], rng: random.Random) -> None:
    """Compare the cases, the intervals and the gains at one point, ends of intervals included."""
    model, name = found.model, found.parameter
    others = {k: v for k, v in values.items() if k != name}
    spans = found.at(values)
    domain = model.parameters[name].domain
    upper = domain.lower + 3 if domain.upper is None else domain.upper
    for constraint in model.parameters.constraints:
        if constraint.smaller == name:
            upper = min(upper, values[constraint.larger])
    lower = max(
        [domain.lower]
        + [values[c.smaller] for c in model.parameters.constraints if c.larger == name]
    )
    tried = [lower, upper, *(lower + (upper - lower) * Fraction(rng.random()) for _ in range(3))]
    tried += [
        Fraction(int(end.p), int(end.q))
        for span in spans
        for end in (span.lower, span.upper)
        if end.is_Rational
    ]
    tried += [Fraction(k) for k in range(-2, 3) if lower <= k <= upper]
    for value in tried:
        here = {**others, name: value}
        symbols = model.parameters.symbols
        point = {symbols.get(k, sp.Symbol(k, nonnegative=True)): v for k, v in here.items()}
        better = all(truth(part.gain > 0, point) is True for part in found.parts)
        assert better == any(rational(value) in span for span in spans), (here, spans)
        for part in found.parts:
            assert part.form is not Form.OTHER
            valid = [case for case in part.cases if truth(case.when, point)]
            assert len(valid) == 1, (part, here)
            assert truth(valid[0].holds, point) == (truth(part.gain > 0, point) is True)
        assert truth(found.condition, point) == better


@pytest.mark.parametrize("name", list(MODEL.parameters))
def test_cases_and_intervals_say_when_one_posture_dominates(name: str) -> None:
    rng = random.Random(name)
    for a, b in rng.sample(PAIRS, 2):
        found = threshold(MODEL, name, a, over=b)
        assert len(found.parts) == 2
        for _ in range(5):
            agree(found, random_values(rng), rng)


@pytest.mark.parametrize("name", ["coercion_success", "support_effect", "tilt", "stake"])
def test_thresholds_of_the_hegemon(name: str) -> None:
    rng = random.Random(name)
    for posture in POSTURES:
        found = threshold(MODEL, name, "coerce", over="accommodate", against=posture)
        for _ in range(10):
            agree(found, random_values(rng), rng)


def test_abandonment_threshold_is_that_of_the_notes() -> None:
    """F1.5, from the blocks of the model."""
    found = threshold(
        MODEL, "patron_reliability", "hedge", over="balance",
        against={"accommodate": 1 - Q, "coerce": Q},
    )  # fmt: skip
    kept = {a: MODEL.terms["kept_value", a] for a in ("balance", "hedge")}
    loss, delta, eta = S["overrun_loss"], S["support_effect"], S["informal_support"]
    bottom = Q * delta * (kept["balance"] + loss - eta * (kept["hedge"] + loss))
    top = (1 - Q * S["coercion_success"]) * (kept["hedge"] - kept["balance"])
    top += S["cost_balance"] - S["cost_hedge"]
    (part,) = found.parts
    assert part.form is Form.LINEAR
    assert part.value is not None
    assert sp.simplify(part.value - top / bottom) == 0
    # By hand for the Vietnam-like case and a certain threat: 0.105 / 0.785.
    values = dict(ag.load_scenario("vietnam")) | {"q": 1}
    assert [str(span) for span in found.at(values)] == ["[0, 21/157)"]


def test_deterrence_threshold_of_balancing() -> None:
    """F1.7: rho_D = (l0 (V + b) - kappa) / (delta (V + b) + w), 3/7 for the Ukraine-like case."""
    found = threshold(MODEL, "patron_reliability", "coerce", over="accommodate", against="balance")
    both = S["stake"] + S["alignment_loss"]
    top = S["coercion_success"] * both - S["coercion_cost"]
    assert sp.simplify(
        found.parts[0].value - top / (S["support_effect"] * both + S["escalation_cost"])
    ) == 0  # fmt: skip
    assert [str(span) for span in found.at(ag.load_scenario("ukraine"))] == ["[0, 3/7)"]


def small_model(
    gain_of_up: sp.Expr, symbols: dict[str, tuple[sp.Symbol, Any, Any]]
) -> AlignmentModel:
    """Return a model in which "up" earns this expression more than "down"."""
    space = ParameterSpace(
        tuple(
            Parameter(
                name=name,
                symbol=symbol,
                domain=Interval(low, high),
                usual=Interval(low, high),
                meaning="",
                unit="",
                status=ParameterStatus.ASSUMPTION,
            )
            for name, (symbol, low, high) in symbols.items()
        )
    )
    return AlignmentModel(
        name="up or down",
        title="",
        players=("one", "other"),
        strategies=(("up", "down"), ("stay",)),
        parameters=space,
        payoffs={
            ("up", "stay"): (gain_of_up, sp.S.Zero),
            ("down", "stay"): (sp.S.Zero, sp.S.Zero),
        },
        terms={},
        temptations={},
        reference="",
    )


A, B, C, D, X = sp.symbols("a b c d x", real=True)
BOX = {symbol.name: (symbol, -3, 3) for symbol in (A, B, C, D)} | {"x": (X, -2, 4)}


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        (A * X + B, Form.LINEAR),
        ((A * X + B) / (1 + C**2), Form.LINEAR),
        ((A * X + B) / C, Form.LINEAR),
        (A * X**2 + B * X + C, Form.QUADRATIC),
        (X**2 + B * X + C, Form.QUADRATIC),
        ((A * X + B) / (C * X + D), Form.MOEBIUS),
        (B / (C * X + D), Form.MOEBIUS),
        (A + 1 / (X + B), Form.MOEBIUS),
        (A * B - C, Form.CONSTANT),
    ],
)
def test_every_closed_form_with_zeros_among_the_coefficients(
    expression: sp.Expr, form: Form
) -> None:
    model = small_model(expression, BOX)
    found = threshold(model, "x", "up", over="down")
    assert found.parts[0].form is form
    rng = random.Random(str(expression))
    for _ in range(40):
        values = {name: Fraction(rng.randint(-2, 2)) for name in "abcd"}
        if expression.has(1 / C) and values["c"] == 0:
            continue
        agree(found, values | {"x": Fraction(0)}, rng)


def test_what_has_no_closed_form_says_so_and_is_solved_at_numbers() -> None:
    model = small_model(X**3 - A * X + B, BOX)
    found = threshold(model, "x", "up", over="down")
    assert found.parts[0].form is Form.OTHER
    assert found.parts[0].cases == ()
    with pytest.raises(ParameterError, match="no closed form in `x`; use `at`"):
        _ = found.condition
    assert [str(span) for span in found.at({"a": 1, "b": 0})] == ["(-1, 0)", "(1, 4]"]
    (span,) = found.at({"a": 3, "b": 1})[1:]
    assert span.exact
    assert float(span.lower) == pytest.approx(1.532088886237956)  # 2 cos(2 pi / 9)


def test_what_is_not_rational_is_found_on_a_grid_and_said_so() -> None:
    model = small_model(sp.exp(X) - A, BOX)
    (span,) = threshold(model, "x", "up", over="down").at({"a": 2})
    assert not span.exact
    assert str(span).startswith("about (0.6931471805")
    assert span.upper == 4


@pytest.mark.parametrize(
    ("gains", "domain", "expected"),
    [
        ([X], Interval(0, 1), ["(0, 1]"]),
        ([X**2], Interval(-1, 1), ["[-1, 0)", "(0, 1]"]),
        ([-(X**2)], Interval(-1, 1), []),
        ([1 / X], Interval(-1, 1), ["(0, 1]"]),
        ([1 / X**2], Interval(-1, 1), ["[-1, 0)", "(0, 1]"]),
        ([sp.Integer(1)], Interval(0, None), ["[0, inf)"]),
        ([sp.Integer(0)], Interval(0, None), []),
        ([X - 1, 3 - X], Interval(0, None), ["(1, 3)"]),
        ([X**2 - 2], Interval(0, None), ["(1.41421356237, inf)"]),
        ([X**2 - 2, 3 - X**2], Interval(-5, 5),
         ["(-1.73205080757, -1.41421356237)", "(1.41421356237, 1.73205080757)"]),
        ([X + 1], Interval(2, 2), ["{2}"]),
        ([X - 2], Interval(2, 2), []),
        ([(X - 1) ** 2 * (X - 2)], Interval(0, 3), ["(2, 3]"]),
        ([sp.sqrt(X) - 1], Interval(0, 4), ["about (1.0, 4]"]),
    ],
)  # fmt: skip
def test_intervals_where_expressions_are_positive(
    gains: list[sp.Expr], domain: Interval, expected: list[str]
) -> None:
    assert [str(span) for span in spans_of(gains, X, domain)] == expected


def test_joint_constraints_limit_the_parameter() -> None:
    found = threshold(MODEL, "support_effect", "coerce", over="accommodate", against="bandwagon")
    values = dict(ag.load_scenario("vietnam").replace(stake=2))
    assert [str(span) for span in found.at(values)] == ["[0, 9/10]"]


def test_gain_against_a_mixture_is_expected() -> None:
    weights = {"accommodate": Fraction(1, 4), "coerce": 0.75}
    mixed = gain(MODEL, "hedge", over="balance", against=weights)
    pure = [gain(MODEL, "hedge", over="balance", against=answer) for answer in weights]
    assert sp.expand(mixed - pure[0] / 4 - 3 * pure[1] / 4) == 0


def test_texts_can_be_read() -> None:
    found = threshold(MODEL, "cost_hedge", "hedge", over="balance", against="accommodate")
    assert "linear in the parameter" in str(found)
    assert "    c_H < alpha*theta_H + c_B" in str(found)
    assert " if " not in str(found)
    assert found.latex().startswith(r"\section*{hedge over balance}")
    assert "c_{H} < " in found.latex()
    assert "then it earns more where" not in found.latex()
    cases = threshold(MODEL, "patron_reliability", "hedge", over="balance", against="coerce")
    assert "    if delta > 0 and L*eta + " in str(cases)
    assert "delta = 0 or L*eta" in str(cases)
    assert "then it earns more where" in cases.latex()
    assert "<math" in cases._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("reliability", "hedge", "balance", None), ParameterError, "unknown parameter"),
        (("tilt", "hedging", "balance", None), GameError, "no player has the strategy 'hedging'"),
        (("tilt", "hedge", "coerce", None), GameError, "small_state has no strategy 'coerce'"),
        (("tilt", "hedge", "balance", "attack"), GameError, "hegemon has no strategy 'attack'"),
        (("tilt", "hedge", "balance", ["coerce", "coerce"]), GameError, "what each of hegemon"),
        (("tilt", "hedge", "balance", {}), GameError, "must not be negative and sum to 1"),
        (("tilt", "hedge", "balance", [3]), GameError, "must be a strategy or probabilities"),
    ],
)
def test_errors_name_what_is_wrong(arguments: Any, error: type, message: str) -> None:
    name, strategy, over, against = arguments
    with pytest.raises(error, match=message):
        threshold(MODEL, name, strategy, over=over, against=against)


def test_a_missing_value_and_a_free_symbol_are_errors() -> None:
    found = threshold(
        MODEL, "tilt", "hedge", over="balance", against={"accommodate": 1 - Q, "coerce": Q}
    )
    with pytest.raises(ParameterError, match="a value is needed for `q`"):
        found.at(ag.load_scenario("vietnam"))
    with pytest.raises(ModelError, match="there is a"):
        spans_of([A * X], X, Interval(0, 1))
    assert at(sp.Integer(1), {}) == 1


def test_intervals_have_latex() -> None:
    (half,) = spans_of([1 - 2 * X], X, Interval(0, None))
    assert half.latex() == r"\left[0, \frac{1}{2}\right)"
    assert half._repr_latex_() == rf"$\displaystyle {half.latex()}$"
    (above,) = spans_of([X**2 - 2], X, Interval(0, None))
    assert above.latex() == r"\left(1.41421356237, \infty\right)"
    (about,) = spans_of([sp.sqrt(X) - 1], X, Interval(0, 4))
    assert about.latex().startswith(r"\text{about }\left(1.0")
    root = sp.sqrt(2)
    narrow = Span(lower=root, upper=root + sp.Rational(1, 10**15), with_lower=True, with_upper=True)
    low, high = str(narrow).strip("[]").split(", ")
    assert float(high) - float(low) > 0
    (point,) = spans_of([X + 1], X, Interval(2, 2))
    assert point.latex() == r"\left\{2\right\}"
