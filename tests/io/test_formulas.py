"""Formulas are printed as they are read, and mean what SymPy's do."""

from __future__ import annotations

import random
import re
import unicodedata
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.io.document import Statement, to_html, to_latex, to_markdown, to_text
from alignment_games.io.formulas import drawn, infix, latex, lines, mathml, oriented
from alignment_games.symbolic import dominance_condition, propositions, temptation, truth
from alignment_games.symbolic.truth import is_rational_function

A, B, C = sp.symbols("a b c", positive=True)
X, Y, Z = sp.symbols("x y z", real=True)
MODEL = ag.models.alignment()


@pytest.mark.parametrize(
    ("relation", "read"),
    [
        (sp.Eq(-X, 0, evaluate=False), "x = 0"),
        (sp.Eq(Y - X, 0, evaluate=False), "y = x"),
        (sp.Ne(-X, 0, evaluate=False), "x != 0"),
        (sp.Lt(-X, 0, evaluate=False), "x > 0"),
        (sp.Le(-X - Y, 0, evaluate=False), "x + y >= 0"),
        (sp.Gt(0, X - Y, evaluate=False), "x < y"),
        (sp.Ge(1, X, evaluate=False), "x <= 1"),
        (sp.Gt(X * (Z - Y), 0), "x*(z - y) > 0"),
        (sp.Lt(-X / (Z - Y), 0), "x/(z - y) > 0"),
        # One that is solved for a symbol stays so.
        (sp.Lt(X, Y - Z, evaluate=False), "x < y - z"),
        (sp.Eq(X, Y - Z, evaluate=False), "x = y - z"),
    ],
)
def test_relations_are_oriented_as_they_are_read(relation: sp.Basic, read: str) -> None:
    assert infix(relation) == read
    for values in ({X: 1, Y: 2, Z: 5}, {X: -1, Y: 2, Z: 1}, {X: 0, Y: 1, Z: 3}, {X: 4, Y: 3, Z: 1}):
        point = {symbol: Fraction(value) for symbol, value in values.items()}
        assert truth(oriented(relation), point) == truth(relation, point)


def test_conditions_are_joined_by_words_in_every_format() -> None:
    both = sp.And(A < 1, sp.Or(B < 1, C < 1))
    assert infix(both) == "(b < 1 or c < 1) and a < 1"
    assert drawn(both) == "(b < 1 or c < 1) and a < 1"
    assert latex(both) == r"\left(b < 1 \text{ or } c < 1\right) \text{ and } a < 1"
    assert mathml(both).count("<mtext>&#160;and&#160;</mtext>".replace("&#160;", "\u00a0")) == 1
    for written in (to_markdown([Statement(both)]), to_latex([Statement(both)], title="t")):
        assert r"\wedge" not in written
        assert r"\vee" not in written
    assert "∧" not in to_text([Statement(both)], pretty=True)
    assert "&#x2227;" not in to_html([Statement(both)], title="t")


def test_a_long_condition_has_a_line_for_each_part() -> None:
    long = sp.And(sum(sp.symbols("a:40")) > 0, sp.Or(X > 0, sum(sp.symbols("b:40")) > 0))
    text = to_text([Statement(long)])
    starts = [line.split()[0] for line in text.splitlines() if line[4] != " "]
    assert starts == ["(x", "and"]
    source = to_latex([Statement(long)], title="t")
    assert source.count("\\\\\n&\\text{and }") == 1
    assert r"\left(" in source  # the "or" inside keeps its brackets on a line of its own
    assert to_html([Statement(long)], title="t").count('<math display="block">') == 2
    assert to_markdown([Statement(long)]).startswith("$$\\begin{aligned}\n&")
    assert to_text([Statement(long)], pretty=True).count("\n    and ") == 1


def test_statements_that_follow_each_other_share_an_environment() -> None:
    source = to_latex([Statement(X > 0), Statement(Y > 0)], title="t")
    assert "\\begin{align*}\n&x > 0 \\\\\n&y > 0\n\\end{align*}" in source


def test_membership_and_maxima_are_read_in_text() -> None:
    within = sp.Contains(X, sp.Interval.Lopen(0, sp.oo), evaluate=False)
    assert infix(within) == "x in (0, inf)"
    assert infix(sp.Contains(X, sp.FiniteSet(2), evaluate=False)) == "x in {2}"
    assert drawn(sp.Max(0, Y - X) > 1) == "Max(0, y - x) > 1"
    assert lines(sp.Xor(X > 0, Y > 0), "text") == [infix(sp.Xor(X > 0, Y > 0))]


def of_mathml(node: ET.Element) -> str:
    """Return Python for a MathML element."""
    inner = [of_mathml(child) for child in node]
    text = (node.text or "").replace("\u00a0", " ")
    if node.tag == "mfrac":
        return f"(({inner[0]})/({inner[1]}))"
    if node.tag == "msup":
        return f"({inner[0]})**({inner[1]})"
    if node.tag == "msub":
        return "".join(name_of(child.text) for child in node.iter() if child.text)
    if node.tag == "mi":
        return name_of(text)
    if node.tag == "mn":
        return f"Fraction({text.replace('−', '-')})"
    signs = {"−": "-", "=": "==", "≥": ">=", "≤": "<=", "≠": "!=", "T": "*"}
    return "".join(inner) or signs.get(text, text)


def name_of(text: str | None) -> str:
    """Return how SymPy's text has a letter."""
    name = unicodedata.name(text[0]) if text else ""
    if text is None or not name.startswith("GREEK"):
        return text or ""
    spelled = name.split()[-1].lower().replace("lamda", "lambda")
    return spelled.capitalize() if "CAPITAL" in name else spelled


def python_of(formula: sp.Basic) -> tuple[str, str]:
    """Return Python for what is printed, in text and in MathML; names without ``_``."""
    marked = mathml(formula).replace("&InvisibleTimes;", "T")
    text = re.sub(r"\b(\d+)\b", r"Fraction(\1)", infix(formula).replace(" = ", " == "))
    return text.replace("_", ""), of_mathml(ET.fromstring(f"<math>{marked}</math>"))


def formulas() -> list[sp.Basic]:
    rates = [temptation(MODEL, posture) for posture in MODEL.strategies[0]]
    slopes = [
        sp.factor_terms(sp.diff(rate, symbol)) for rate in rates for symbol in rate.free_symbols
    ]
    dominance = dominance_condition(MODEL, "hedge", over="balance")
    claims = [
        part
        for p in propositions("F1", "F3")
        for part in p.formula.atoms(sp.Rel)
        if is_rational_function(part.lhs - part.rhs)
    ]
    by_hand = [
        -(A * (B + C) + 1), A - 2 * (B + C), sp.Add(A, sp.Mul(-1, B + C, evaluate=False)),
        (A - B) * (C - A) - (B - A) / (A + B), -((A + B) ** 2) / (A - C), A - (B - C) * (C - 2 * A),
        sp.Mul(-2, B + C, evaluate=False) > 0, 1 / (A - B) ** 2 - sp.Rational(3, 2) * A,
    ]  # fmt: skip
    return [*rates, *slopes, dominance, *by_hand, *sorted(claims, key=str)[:60]]


@pytest.mark.parametrize("formula", formulas())
def test_what_is_printed_means_the_formula(formula: sp.Basic) -> None:
    rng = random.Random(1)
    texts = python_of(formula)
    for _ in range(5):
        values = {s: Fraction(rng.randint(1, 40), rng.randint(1, 9)) for s in formula.free_symbols}
        names: dict[str, Any] = {s.name.replace("_", ""): value for s, value in values.items()}
        exact = formula.xreplace({s: sp.Rational(v) for s, v in values.items()})
        if exact.has(sp.zoo, sp.nan):
            continue
        for text in texts:
            assert eval(text, {"Fraction": Fraction}, names) == exact, text
