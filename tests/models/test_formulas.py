"""Formulas: against Python's own reading of the same text in Fractions, and back to text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games.errors import ModelError
from alignment_games.models import parse_condition, parse_formula
from alignment_games.models._expressions import formula_text
from alignment_games.models._grammar import MAX_CHARACTERS, MAX_DEPTH, MAX_TOKENS

NAMES: dict[str, sp.Expr] = {
    "x": sp.Symbol("x", real=True),
    "y": sp.Symbol("y", nonnegative=True),
    "stake": sp.Symbol("stake", positive=True),
}
X, Y, STAKE = NAMES.values()
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", sp.Integer(1)),
        ("0.1", sp.Rational(1, 10)),
        (".5", sp.Rational(1, 2)),
        ("5.", sp.Integer(5)),
        ("2.5e-3", sp.Rational(1, 400)),
        ("1E2", sp.Integer(100)),
        ("1e300", sp.Integer(10) ** 300),
        ("1/3", sp.Rational(1, 3)),
        ("0.1 + 0.2", sp.Rational(3, 10)),
        ("x", X),
        ("stake/2 - y", STAKE / 2 - Y),
        ("x - y - stake", X - Y - STAKE),
        ("x/y/stake", X / Y / STAKE),
        ("x/y*stake", X / Y * STAKE),
        ("-x**2", -(X**2)),
        ("(-x)**2", X**2),
        ("2**-1", sp.Rational(1, 2)),
        ("2**-x", 2**-X),
        ("x**2**3", X**8),
        ("x**(1/2)", sp.sqrt(X)),
        ("sqrt(x)", sp.sqrt(X)),
        ("y**0.5", sp.sqrt(Y)),
        ("--x", X),
        ("-+-x", X),
        ("x*-y", -X * Y),
        ("x - -y", X + Y),
        ("exp(1)", sp.E),
        ("exp(-x)", sp.exp(-X)),
        ("log(stake)", sp.log(STAKE)),
        ("abs(x)", sp.Abs(X)),
        ("abs(stake)", STAKE),
        ("min(x, 1)", sp.Min(X, 1)),
        ("max(x, y, 1, 1/2)", sp.Max(X, Y, 1)),
        ("max(min(x, y), 2)", sp.Max(sp.Min(X, Y), 2)),
        ("max(1, 2)", sp.Integer(2)),
        ("max(x, x)", X),
        ("if(x < 1, x, 2)", sp.Piecewise((X, X < 1), (2, True))),
        ("if(1 < 2, x, 1/y)", X),
        ("if(x < 1, x, if(x < 2, y, 3))", sp.Piecewise((X, X < 1), (Y, X < 2), (3, True))),
        (" x\t+\n\r y ", X + Y),
        ("((((x))))", X),
        ("x**y", X**Y),
        ("0**0", sp.Integer(1)),  # as in Python
        ("x/x", sp.Integer(1)),  # as SymPy has it
    ],
)
def test_what_formulas_mean(text: str, expected: sp.Expr) -> None:
    assert parse_formula(text, NAMES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x < 1", sp.Lt(X, 1)),
        ("x == y", sp.Eq(X, Y)),
        ("x != y", sp.Ne(X, Y)),
        ("y >= 0", sp.Ge(Y, 0, evaluate=False)),  # a claim keeps what a symbol implies
        ("1 < 2", sp.true),
        ("not x < 1 and y > 2 or stake == 1", sp.Or(sp.And(X >= 1, Y > 2), sp.Eq(STAKE, 1))),
        ("x < 1 or y < 1 and stake < 1", sp.Or(X < 1, sp.And(Y < 1, STAKE < 1))),
        ("(x < 1 or y < 1) and stake < 1", sp.And(sp.Or(X < 1, Y < 1), STAKE < 1)),
        ("0 < x <= y", sp.And(sp.Lt(0, X), X <= Y)),
        ("not (x < 1)", X >= 1),
        ("not not x < 1", X < 1),
        ("(x) < (1)", X < 1),
        ("x + 1 < y*2", sp.Lt(X + 1, 2 * Y)),
    ],
)
def test_what_conditions_mean(text: str, expected: sp.Basic) -> None:
    assert parse_condition(text, NAMES) == expected


# Against Python


SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def operand(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Numbers, names, brackets and calls."""
    return st.one_of(
        st.sampled_from(["x", "y", "stake", "0", "1", "2", "7", "0.5", "1.25", ".1", "3e-1"]),
        inner.map("({})".format),
        inner.map("abs({})".format),
        st.tuples(inner, inner).map("min({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("max({0[0]}, {0[1]})".format),
        st.tuples(inner, SIGNS, inner, inner, inner).map(
            "if({0[0]} {0[1]} {0[2]}, {0[3]}, {0[4]})".format
        ),
    )  # fmt: skip


def chains(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Operands with signs and whole powers, joined without brackets: precedence decides."""
    power = st.sampled_from(["", "", "", "**2", "**-1", "**3", "** 2"])
    part = st.tuples(st.sampled_from(["", "", "-", "+", "- -"]), operand(inner), power)
    joined = st.tuples(st.sampled_from([" + ", "-", "*", " / "]), part.map("".join))
    return st.tuples(part.map("".join), st.lists(joined.map("".join), max_size=3)).map(
        lambda pair: pair[0] + "".join(pair[1])
    )


FORMULAS = st.recursive(st.sampled_from(["x", "y", "2", "0.3"]), chains, max_leaves=12)
CONDITIONS = st.recursive(
    st.tuples(FORMULAS, st.sampled_from(["<", "<=", ">", ">="]), FORMULAS).map(" ".join),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map("not ({})".format),
        inner.map("not {}".format),
    ),
    max_leaves=4,
)
VALUES = st.fractions(min_value=-3, max_value=3, max_denominator=6)
POINTS = st.fixed_dictionaries(
    {"x": VALUES, "y": VALUES.map(abs), "stake": VALUES.map(lambda v: abs(v) + Fraction(1, 7))}
)


def python(text: str, point: Mapping[str, Fraction]) -> Any:
    """Let Python read the text, with a Fraction in place of each number."""
    numbers = re.sub(r"(?<![\w.])(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", r"F('\g<0>')", text)
    names: dict[str, Any] = {"F": Fraction, "min": min, "max": max, "abs": abs, **point}
    names["choose"] = lambda test, yes, no: yes if test else no
    return eval(re.sub(r"\bif\(", "choose(", numbers), {"__builtins__": {}}, names)


def parsed(text: str) -> sp.Expr:
    """Parse, or leave texts that are refused to other tests."""
    try:
        return parse_formula(text, NAMES)
    except ModelError as error:
        assert re.search("zero|finite|infinite|may|too large", str(error)), text  # noqa: PT017
        assume(False)
        raise


def exact(expression: sp.Basic, point: Mapping[str, Fraction]) -> Any:
    swap = {NAMES[n]: sp.Rational(v.numerator, v.denominator) for n, v in point.items()}
    return expression.xreplace(swap)


@SETTINGS
@given(FORMULAS, POINTS)
def test_formulas_are_what_python_computes(text: str, point: dict[str, Fraction]) -> None:
    expression = parsed(text)
    try:
        expected = python(text, point)
    except ZeroDivisionError:
        return
    value = exact(expression, point)
    assert value == sp.Rational(expected.numerator, expected.denominator), text


@SETTINGS
@given(CONDITIONS, POINTS)
def test_conditions_are_what_python_decides(text: str, point: dict[str, Fraction]) -> None:
    try:
        condition = parse_condition(text, NAMES)
    except ModelError:
        assume(False)
    try:
        expected = python(text, point)
    except ZeroDivisionError:
        return
    found = ag.symbolic.truth(condition, {NAMES[n]: v for n, v in point.items()})
    assert found is expected, text


@SETTINGS
@given(FORMULAS)
def test_formulas_come_back_from_text(text: str) -> None:
    expression = parsed(text)
    written = formula_text(expression)
    assert parse_formula(written, NAMES) == expression, written


@SETTINGS
@given(CONDITIONS)
def test_conditions_come_back_from_text(text: str) -> None:
    try:
        condition = parse_condition(text, NAMES)
    except ModelError:
        assume(False)
    assert parse_condition(formula_text(condition), NAMES) == condition


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(x**2 + 1)/sqrt(8)",
        "2**(1/3)*stake**(2/3)/y**0.2",
        "exp(-x**2/2)*log(1 + y) - exp(1)",
        "-2*(x + y)*(x - y)",
        "(1/2)**x*3**-y",
        "max(min(x, y, 1), stake, -1)*if(x < 0 and not y == 1 or stake > 2, -1, 1)",
        "stake**x/(stake**x + y**x)",
        "if(x < 1, 1, 2)**2",
        "-(x + 1)",
        "-1/(2*(1 - x))",
        "x/(3*(x + 1)*(y - 2))",
        "abs(y/x)",
        "abs(abs(x)*y*-x)",
        "x + abs(min(x, -x**2 - y))",
        "1e300*x + 1e-300",
    ],
)
def test_other_functions_come_back_from_text(text: str) -> None:
    expression = parse_formula(text, NAMES)
    assert parse_formula(formula_text(expression), NAMES) == expression


def test_symbols_are_written_by_other_names() -> None:
    assert formula_text(X * STAKE, {STAKE: "prize"}) == "prize*x"
    many = sp.Max(*sp.symbols("a:z"), evaluate=False)
    assert formula_text(many).count("max(") == 4
    assert parse_formula("max(x, y, max(x, stake))", NAMES) == sp.Max(X, Y, STAKE)


@pytest.mark.parametrize(
    "expression",
    [
        sp.sin(X),
        sp.pi * X,
        sp.Float(0.5) * X,
        sp.Symbol("not a name"),
        sp.Symbol("if"),
        sp.Piecewise((X, X < 1)),
        sp.I * X,
        sp.oo,
    ],
)
def test_what_formulas_cannot_hold_is_not_written(expression: sp.Expr) -> None:
    with pytest.raises(ModelError, match=r"formulas cannot hold|needs a last branch"):
        formula_text(expression)


# Errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 1: a number, a name or ( is expected here, found the end"),
        ("x +", "column 4: a number, a name or ( is expected here, found the end"),
        ("(x", "column 3: an operator or ) for the ( at column 1 is expected here, found the end"),
        ("x)", "column 2: an operator or the end is expected here, found ')'"),
        ("2x", "column 2: an operator or the end is expected here, found 'x'; write * to multiply"),
        ("x y", "found 'y'; write * to multiply"),
        ("0x10", "column 2: .*found 'x10'"),
        ("1.2.3", "column 4: .*found '.3'"),
        ("1_000", "column 2: .*found '_000'"),
        ("stak + 1", "column 1: unknown name 'stak'; did you mean 'stake'?"),
        ("x + z", "column 5: unknown name 'z'; choose from "),
        ("x\n+ yy", "line 2, column 3: unknown name 'yy'; did you mean 'y'?"),
        ("x^2", "column 2: '^' is not part of formulas; write **"),
        ("x = 1", "column 3: '=' is not part of formulas; write =="),
        ("x − y", "'−' (U+2212, MINUS SIGN) is not part of formulas; write -"),
        ("x≤y", "LESS-THAN OR EQUAL TO) is not part of formulas; write <="),
        ("х", "column 1: 'х' (U+0445, CYRILLIC SMALL LETTER HA) is not part of"),
        ("x\u00a0+ y", "column 2: '\\xa0' (U+00A0, NO-BREAK SPACE)"),
        ("x²", "SUPERSCRIPT TWO"),
        ("٣", "ARABIC-INDIC DIGIT THREE"),
        ("ｘ", "FULLWIDTH LATIN SMALL LETTER X"),
        ("x < 1", "column 1: a formula must be a number, found a condition"),
        ("1 + (x < 1)", "column 6: a number is needed here, found a condition"),
        ("if(x, 1, 2)", "column 4: a condition such as x < 1 is needed here, found a number"),
        ("if(x < 1, 1)", "column 1: if takes 3 arguments, got 2"),
        ("if(x < 1, y < 1, 1)", "column 11: a number is needed here, found a condition"),
        ("if(if(x < 1, 1, 2) < 1, 1, 2)", "a condition may not hold another if"),
        ("max(x)", "column 1: max takes 2 to 8 arguments, got 1"),
        ("sqrt(x, y)", "column 1: sqrt takes 1 argument, got 2"),
        ("sqrt()", "column 6: a number, a name or ( is expected here, found ')'"),
        ("sqrt", "column 5: ( after sqrt is expected here, found the end"),
        ("sin(x)", "column 1: 'sin' is no function; the functions are abs, exp, if, log"),
        ("x(y)", "'x' is no function"),
        ("x + not y", "column 5: a number, a name or ( is expected here, found 'not'"),
        ("1/0", "column 2: this divides by zero"),
        ("x/(1 - 1)", "column 2: this divides by zero"),
        ("0**-1", "column 1: this divides by zero"),
        ("x/(y - y)", "column 2: this divides by zero"),
        ("log(0)", "column 1: this has no finite real value"),
        ("log(x - x)", "column 1: this has no finite real value"),
        ("log(-1)", "no finite real value"),
        ("sqrt(-1)", "no finite real value"),
        ("sqrt(-y)", "no finite real value"),
        ("(-8)**(1/3)", "no finite real value"),
        ("x**65", "column 4: exponents lie from -64 to 64, .*found 65"),
        ("x**(1/65)", "exponents lie from -64 to 64, with denominators of at most 64, found 1/65"),
        ("1e301", "column 1: numbers have at most 300 digits"),
        ("9" * 400, "numbers have at most 300 digits"),
        ("1e300*1e300", "this makes numbers of more than 301 digits"),
        ("exp(231)", "numbers in exp() lie from -230 to 230"),
        ("exp(200)*exp(100)", "this is infinite, or larger than 1e100"),
    ],
)  # fmt: skip
def test_errors_name_the_place_and_the_remedy(text: str, message: str) -> None:
    pattern = ".*".join(map(re.escape, message.split(".*")))
    with pytest.raises(ModelError, match=pattern) as caught:
        parse_formula(text, NAMES)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["x", "x and y", "x < 1 and y", "not x", "x < 1 < (y < 2)", "1"])
def test_conditions_are_conditions(text: str) -> None:
    with pytest.raises(ModelError, match="is needed"):
        parse_condition(text, NAMES)


@pytest.mark.parametrize("text", [None, 5, b"x", ["x"], sp.Symbol("x")])
def test_a_formula_is_text(text: Any) -> None:
    with pytest.raises(ModelError, match="a formula must be text, got"):
        parse_formula(text, NAMES)


@pytest.mark.parametrize(
    "name", ["_x", "1x", "", "x" * 61, "é", "a b", "if", "and", "sqrt", "x.y", 5]
)
def test_names_that_formulas_cannot_use_are_refused(name: Any) -> None:
    with pytest.raises(ModelError, match="named"):
        parse_formula("1", {name: X})


def test_names_mean_expressions() -> None:
    assert parse_formula("part**2", {"part": X + 1}) == (X + 1) ** 2
    wrong: Any = {"x": "x"}
    with pytest.raises(ModelError, match=r"`symbols\['x'\]` must be a SymPy expression"):
        parse_formula("x", wrong)
    with pytest.raises(ModelError, match="unknown name 'x'; no names are declared"):
        parse_formula("x", {})


def test_limits_are_where_they_are_said_to_be() -> None:
    assert parse_formula("x" + " " * (MAX_CHARACTERS - 1), NAMES) == X
    with pytest.raises(ModelError, match="4000 characters, got 4001"):
        parse_formula("x" + " " * MAX_CHARACTERS, NAMES)
    assert parse_formula("+".join(["x"] * (MAX_TOKENS // 2)), NAMES) == MAX_TOKENS // 2 * X
    with pytest.raises(ModelError, match=r"column 1001: .*1000 numbers, names and signs"):
        parse_formula("+".join(["x"] * (MAX_TOKENS // 2 + 1)), NAMES)
    deep = MAX_DEPTH - 1
    assert parse_formula("(" * deep + "x" + ")" * deep, NAMES) == X
    for text in ("(" * (deep + 1) + "x" + ")" * (deep + 1), "-" * (deep + 1) + "x"):
        with pytest.raises(ModelError, match="nested 30 deep"):
            parse_formula(text, NAMES)
    assert parse_formula("x**64", NAMES) == X**64
    assert parse_formula("exp(230)", NAMES) == sp.exp(230)
    sixteen = "+".join(f"abs(x - {k})" for k in range(16))
    assert parse_formula(sixteen, NAMES).count(sp.Abs) == 16
    with pytest.raises(ModelError, match="may hold 16 of abs, if"):
        parse_formula(sixteen + " + max(x, y)", NAMES)
    many = " and ".join(f"x < {k}" for k in range(64))
    assert len(parse_condition(many, NAMES).args) == 64
    with pytest.raises(ModelError, match="64 comparisons"):
        parse_condition(many + " and y < 1", NAMES)
