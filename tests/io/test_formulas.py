"""Formulas are printed as they are read, and mean what SymPy's do."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate, product
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sympy as sp
from sympy.logic.boolalg import Xnor

import alignment_games as ag
from alignment_games.io.document import Statement, to_html, to_latex, to_markdown, to_text
from alignment_games.io.formulas import drawn, infix, latex, lines, mathml, oriented
from alignment_games.symbolic import dominance_condition, propositions, temptation, truth
from alignment_games.symbolic.truth import is_rational_function

A, B, C = sp.symbols("a b c", positive=True)
X, Y, Z = sp.symbols("x y z", real=True)
MODEL = ag.models.alignment()
CASES = sp.Piecewise((A, A > B), (1, True))


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
    either = sp.Xor(X > 0, Y > 0)
    assert lines(either, "text") == ["x > 0", "xor y > 0"]
    assert lines(sp.Not(either), "text") == ["not (x > 0 xor y > 0)"]


UNSEEN = "\N{INVISIBLE TIMES}"


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
    if node.tag == "mtd":
        return "".join(inner).removeprefix("for ")
    if node.tag == "mtr":
        return inner[0] if inner[1] == "otherwise" else f"{inner[0]} if {inner[1]}"
    if node.tag == "mtable":
        return f"({' else '.join(inner)})"
    signs = {"−": "-", "=": "==", "≥": ">=", "≤": "<=", "≠": "!=", "⋅": "*", "{": "", "(": "( "}
    signs |= {"⇒": " => ", "⇔": " <=> "}
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
    marked = mathml(formula).replace("&InvisibleTimes;", UNSEEN)
    text = re.sub(r"\b(\d+)\b", r"Fraction(\1)", infix(formula).replace(" = ", " == "))
    text = text.replace("; ", " else ").replace(" otherwise", "")
    read = of_mathml(ET.fromstring(f"<math>{marked}</math>"))
    assert not re.search(rf"{UNSEEN}\(*Fraction", read), f"digits side by side in {read}"
    return text.replace("_", ""), read.replace(UNSEEN, "*")


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
        3 * 2**A, sp.Mul(2, 3, A, evaluate=False), sp.Mul(A, 3, 3, evaluate=False), 2**A * 3**B * A,
        sp.Mul(A, sp.Rational(2, 3), evaluate=False), CASES, B - 2 * CASES, CASES > C, -CASES - B,
        sp.Piecewise((CASES, C > 2), (A / 3, sp.Or(A > 1, B > C)), (2 * B, True)) + 1,
        sp.Mul(-2, B + C, evaluate=False) > 0, 1 / (A - B) ** 2 - sp.Rational(3, 2) * A,
    ]  # fmt: skip
    return [*rates, *slopes, dominance, *by_hand, *sorted(claims, key=str)[:60]]


@pytest.mark.parametrize("formula", formulas())
def test_what_is_printed_means_the_formula(formula: sp.Basic) -> None:
    rng = random.Random(1)
    texts = python_of(formula)
    for _ in range(5):
        whole = formula.has(sp.Pow) and any(p.exp.free_symbols for p in formula.atoms(sp.Pow))
        values = {
            s: Fraction(rng.randint(1, 40), 1 if whole else rng.randint(1, 9))
            for s in sorted(formula.free_symbols, key=str)
        }
        names: dict[str, Any] = {s.name.replace("_", ""): value for s, value in values.items()}
        exact = formula.xreplace({s: sp.Rational(v) for s, v in values.items()})
        if exact.has(sp.zoo, sp.nan):
            continue
        for text in texts:
            assert eval(text, {"Fraction": Fraction}, names) == exact, text


def test_numbers_that_are_multiplied_have_a_sign_between_them() -> None:
    irrational = sp.Gt(A, 5 * 2 ** sp.Rational(2, 3))
    assert "<mn>5</mn><mo>&#8901;</mo><msup><mn>2</mn>" in mathml(irrational)
    assert infix(irrational) == "a > 5*2**(2/3)"
    assert r"5 \cdot 2^" in latex(irrational)
    assert "5⋅2" in drawn(irrational)
    assert latex(sp.Mul(A, 2, evaluate=False)) == "2 a"
    assert latex(sp.Mul(A, 3, 3, evaluate=False)) == r"3 \cdot 3 a"
    # A root or a bracket parts numbers by itself.
    assert "<mn>2</mn><mo>&InvisibleTimes;</mo><msqrt>" in mathml(2 * sp.sqrt(3))
    assert "<mn>2</mn><mo>&InvisibleTimes;</mo><mi>a</mi>" in mathml(2 * A)


def test_reciprocals_are_fractions_in_latex() -> None:
    assert latex(1 / A) == r"\frac{1}{a}"
    assert latex(1 - 1 / A) == r"1 - \frac{1}{a}"
    assert latex(1 / (1 - X)) == r"\frac{1}{1 - x}"
    assert latex(X**-2) == r"\frac{1}{x^{2}}"
    assert latex(X**-2 < Y) == r"\frac{1}{x^{2}} < y"


P, Q, R = X > 0, Y > 1, Z < 2
LOGIC = [
    sp.And(R, sp.Not(sp.Implies(P, Q))),
    sp.Implies(sp.Not(sp.Implies(P, Q)), R),
    sp.Implies(sp.Implies(P, Q), R),
    sp.Implies(P, sp.Implies(Q, R)),
    sp.And(R, sp.Xor(P, Q)),
    sp.Xor(P, Q, R),
    sp.Xor(P, sp.And(Q, R)),
    sp.Not(sp.Xor(P, Q)),
    sp.Or(sp.Not(sp.Equivalent(P, Q)), R),
    sp.Equivalent(sp.Equivalent(P, Q), R),
    sp.Equivalent(P, sp.Or(Q, R)),
    sp.Eq(P, Q),
    sp.Ne(P, Q),
    sp.And(R, sp.Eq(P, Q)),
    sp.Eq(P, sp.And(Q, R)),
    sp.Eq(P, sp.Implies(Q, R)),
    sp.Not(sp.Eq(P, sp.Or(Q, R)), evaluate=False),
    sp.Not(P, evaluate=False),
    sp.And(sp.Not(sp.Or(P, Q), evaluate=False), R),
    sp.And(sp.Nand(P, Q, evaluate=False), R, evaluate=False),
    sp.Or(sp.Nor(P, Q, evaluate=False), R, evaluate=False),
    sp.Or(Xnor(P, Q, evaluate=False), R, evaluate=False),
]
WORDS: dict[str, Callable[[list[bool]], bool]] = {
    " and ": all,
    " or ": any,
    " xor ": lambda parts: sum(parts) % 2 == 1,
    " => ": lambda parts: not parts[0] or parts[1],
    " <=> ": lambda parts: len(set(parts)) == 1,
}
SIGNS = {
    r"\left": "", r"\right": "", r"\Rightarrow": "=>", r"\Leftrightarrow": "<=>",
    "⇒": "=>", "⇔": "<=>",
}  # fmt: skip


def holds(text: str, names: dict[str, Any]) -> bool:
    """Read a condition; words of two kinds must not stand beside each other without brackets."""
    depths = list(accumulate((c == "(") - (c == ")") for c in text))
    found = [
        (match.start(), match.end(), match.group())
        for match in re.finditer(" (?:and|or|xor|=>|<=>) ", text)
        if depths[match.start()] == 0
    ]
    if found:
        (word,) = {word for _, _, word in found}
        starts, ends = [0, *(end for _, end, _ in found)], [*(s for s, _, _ in found), len(text)]
        parts = [holds(text[i:j], names) for i, j in zip(starts, ends, strict=True)]
        assert word != " => " or len(parts) == 2, text
        return bool(WORDS[word](parts))
    if text.startswith("not "):
        return not holds(text.removeprefix("not "), names)
    if text.startswith("("):
        assert text.endswith(")"), text
        return holds(text[1:-1], names)
    return bool(eval(text, {"Fraction": Fraction}, names))


@pytest.mark.parametrize("formula", LOGIC)
def test_brackets_keep_the_logic_in_every_format(formula: sp.Basic) -> None:
    source = re.sub(r"\\text\{([^}]*)\}", r"\1", latex(formula))
    texts = [*python_of(formula), source, drawn(formula)]
    for sign, plain in SIGNS.items():
        texts = [text.replace(sign, plain) for text in texts]
    for values in product((-1, 1), (0, 2), (1, 3)):
        names = dict(zip("xyz", values, strict=True))
        exact = formula.xreplace({s: sp.Integer(names[s.name]) for s in (X, Y, Z)})
        for text in texts:
            assert holds(re.sub(" +", " ", text), names) == bool(exact.doit()), text


def test_logic_is_read_in_plain_words() -> None:
    assert infix(LOGIC[0]) == "not (x > 0 => y > 1) and z < 2"
    assert infix(LOGIC[4]) == "z < 2 and (x > 0 xor y > 1)"
    assert infix(sp.Eq(P, Q)) == "x > 0 <=> y > 1"
    assert infix(sp.Not(sp.Symbol("p"))) == "not p"
    assert latex(LOGIC[7]) == r"\text{not }\left(x > 0 \text{ xor } y > 1\right)"
    assert drawn(sp.Implies(P, Q)) == "x > 0 ⇒ y > 1"


def test_cases_are_drawn_with_a_brace() -> None:
    choice = sp.ITE(P, Q, R)
    assert infix(CASES + B) == "b + (a if a > b; 1 otherwise)"
    assert infix(choice) == "(y > 1 if x > 0; z < 2 otherwise)"
    assert infix(sp.ITE(P, sp.Or(Q, R), R)).startswith("((y > 1 or z < 2) if x > 0; ")
    assert latex(choice) == (
        r"\begin{cases} y > 1 & \text{for}\: x > 0 \\z < 2 & \text{otherwise} \end{cases}"
    )
    for formula in (CASES, choice):
        assert mathml(formula).startswith('<mrow><mo>{</mo><mtable columnalign="left">')
        assert mathml(formula).count("<mtr>") == 2
        assert drawn(formula).startswith("⎧")
    # Inside others, brackets show where the cases end.
    for formula in (CASES > C, C - CASES, sp.And(choice, P, evaluate=False)):
        assert latex(formula).count(r"\left(\begin{cases}") == 1
        assert mathml(formula).count("<mo>(</mo><mrow><mo>{</mo>") == 1
        assert drawn(formula).count("⎛⎧") == 1
    assert latex(2 * CASES).count(r"\left(") == 1


@pytest.mark.parametrize("name", ["<b>", "a&b", "x_<b>", "&lt;"])
def test_names_are_escaped_in_mathml(name: str) -> None:
    for formula in (sp.Symbol(name) > 0, sp.Function(name)(A) > 0):
        shown = ET.fromstring(f"<math>{mathml(formula)}</math>")
        letters = "".join(node.text or "" for node in shown.iter("mi"))
        assert letters.removesuffix("a" if formula.lhs.args else "").replace("_", "") == (
            name.replace("_", "")
        )
