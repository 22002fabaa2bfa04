"""Formulas as a paper writes them: in text, Unicode, LaTeX and MathML.

SymPy prints what it stores: ``-a + b``, ``-a < 0``, conditions joined by a wedge. Here what is
subtracted comes last, no side of a relation is zero if the other can be split, and conditions are
joined by words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias
from xml.sax.saxutils import escape

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean, Xnor
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter

__all__ = ["aligned", "drawn", "infix", "latex", "lines", "mathml", "oriented"]

Form: TypeAlias = Literal["text", "unicode", "latex", "mathml"]

_TURNED = {sp.Gt: sp.Lt, sp.Lt: sp.Gt, sp.Ge: sp.Le, sp.Le: sp.Ge, sp.Eq: sp.Eq, sp.Ne: sp.Ne}
_WORDS = {sp.And: "and", sp.Or: "or", sp.Xor: "xor", sp.Implies: "=>", sp.Equivalent: "<=>"}
_SAME_OR_NOT = {sp.Eq: "<=>", sp.Ne: "xor"}  # of conditions, where "=" would be read of numbers
_NEGATIONS = {sp.Nand: sp.And, sp.Nor: sp.Or, Xnor: sp.Xor}
_ARROWS = {"=>": "⇒", "<=>": "⇔"}
_LATEX_ARROWS = {"=>": r"\Rightarrow", "<=>": r"\Leftrightarrow"}
_UNICODE = {"use_unicode": True, "wrap_line": False}
_MINUS = "&#8722;"
_DOT = "&#8901;"
_NO_SIGN = "&InvisibleTimes;"
_HARD_SPACE = "\u00a0"


def oriented(relation: sp.Basic) -> sp.Basic:
    """Return a relation with zero as it is read: what is subtracted goes to the other side.

    Other relations stay as they are, so that one that is solved for a symbol remains so.

    Examples
    --------
    >>> a, b = sp.symbols("a b", positive=True)
    >>> oriented(sp.Lt(-a, b - b, evaluate=False)), oriented(a - b >= 0)
    (a > 0, a >= b)
    """
    turned = _TURNED.get(relation.func)
    if turned is None:
        return relation
    left, right = relation.args
    func = relation.func
    if left.is_number and not right.is_number:
        left, right, func, turned = right, left, turned, func
    if right != 0:
        return func(left, right, evaluate=False)
    terms = sp.Add.make_args(left)
    less = [-term for term in terms if _is_subtracted(term)]
    more = [term for term in terms if not _is_subtracted(term)]
    if not more:
        return turned(sp.Add(*less), 0, evaluate=False)
    return func(sp.Add(*more), sp.Add(*less), evaluate=False)


def infix(formula: sp.Basic) -> str:
    """Return plain text.

    Examples
    --------
    >>> a, b = sp.symbols("a b")
    >>> print(infix(sp.And(sp.Eq(b - a, 0), -a < 0)))
    b = a and a > 0
    """
    return _Text().whole(formula)


def drawn(formula: sp.Basic) -> str:
    """Return a drawing in two dimensions with Unicode signs."""
    return _Drawing(_UNICODE).whole(formula)


def latex(formula: sp.Basic) -> str:
    r"""Return LaTeX, which needs amsmath.

    Examples
    --------
    >>> a, b = sp.symbols("a b")
    >>> print(latex(sp.And(a < 1, b < 1)))
    a < 1 \text{ and } b < 1
    """
    return _Latex().whole(formula)


def mathml(formula: sp.Basic) -> str:
    """Return the content of a MathML element."""
    return _MathML().whole(formula)


def lines(formula: sp.Basic, form: Form) -> list[str]:
    """Return the parts of a condition for lines of their own, with the words that join them.

    Examples
    --------
    >>> a, b = sp.symbols("a b")
    >>> lines(sp.And(a > 0, b > 0), "text")
    ['a > 0', 'and b > 0']
    """
    if form == "text":
        return _Text().lines(formula)
    if form == "unicode":
        return _Drawing(_UNICODE).lines(formula)
    return _Latex().lines(formula) if form == "latex" else _MathML().lines(formula)


def aligned(rows: Iterable[str]) -> str:
    """Return a LaTeX ``aligned`` block of lines, which hold their own signs to align at."""
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}"])


def _is_subtracted(term: sp.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _word(formula: sp.Basic) -> str | None:
    """Return what stands between the parts of a condition, None if it is no condition of parts."""
    if formula.func in _SAME_OR_NOT and any(
        isinstance(side, Boolean) and not side.is_Symbol for side in formula.args
    ):
        return _SAME_OR_NOT[formula.func]
    return _WORDS.get(formula.func)


class _Reading(Printer):  # type: ignore[misc]
    """What is common to the printers; names of methods are SymPy's."""

    def whole(self, formula: sp.Basic) -> str:
        return str(self._finished(self._print(formula)))

    def lines(self, formula: sp.Basic) -> list[str]:
        word = _word(formula)
        if word is None or (word in _ARROWS and len(formula.args) != 2):
            return [self.whole(formula)]
        # Across lines an arrow needs no brackets around what it joins.
        printed = self._parts(formula, self._print if word in _ARROWS else self._part)
        return list(map(self._finished, [printed[0], *(self._after(word, p) for p in printed[1:])]))

    def _as_ordered_terms(self, expr: sp.Basic, order: str | None = None) -> list[sp.Basic]:
        return sorted(super()._as_ordered_terms(expr, order=order), key=_is_subtracted)

    def _print_Relational(self, expr: sp.Basic) -> Any:  # noqa: N802
        return self._print_parts(expr) if _word(expr) else self._related(oriented(expr))

    def _related(self, relation: sp.Basic) -> Any:
        return super()._print_Relational(relation)

    def _print_parts(self, expr: sp.Basic) -> Any:
        return self._joined(self._parts(expr, self._part), _word(expr))

    _print_And = _print_Or = _print_Xor = _print_parts  # noqa: N815
    _print_Implies = _print_Equivalent = _print_parts  # noqa: N815

    def _print_Not(self, expr: sp.Basic) -> Any:  # noqa: N802
        (inner,) = expr.args
        printed = self._print(inner)
        return self._after("not", self._bracketed(printed) if inner.args else printed)

    def _print_negation(self, expr: sp.Basic) -> Any:
        inner = _NEGATIONS[expr.func](*expr.args, evaluate=False)
        return self._print_Not(sp.Not(inner, evaluate=False))

    _print_Nand = _print_Nor = _print_Xnor = _print_negation  # noqa: N815

    def _print_Piecewise(self, expr: sp.Piecewise) -> Any:  # noqa: N802
        # Inside others, it must be seen where the cases end.
        inside = self._print_level > 1
        printed = self._cases(expr)
        return self._bracketed(printed) if inside else printed

    def _cases(self, expr: sp.Piecewise) -> Any:
        return super()._print_Piecewise(expr)

    def _print_ITE(self, expr: sp.ITE) -> Any:  # noqa: N802
        condition, value, otherwise = expr.args
        cases = sp.Piecewise((value, condition), (otherwise, True), evaluate=False)
        return self._print_Piecewise(cases)

    def _parts(self, formula: sp.Basic, show: Callable[[sp.Basic], Any]) -> list[Any]:
        ordered = formula.func is sp.Implies or formula.func in _SAME_OR_NOT
        return list(
            map(show, formula.args if ordered else sorted(formula.args, key=sp.default_sort_key))
        )

    def _part(self, formula: sp.Basic) -> Any:
        """Print a part of a condition, in brackets if it has parts itself."""
        printed = self._print(formula)
        return self._bracketed(printed) if _word(formula) else printed


class _Text(_Reading, StrPrinter):  # type: ignore[misc]
    def _finished(self, printed: str) -> str:
        return printed

    def _bracketed(self, printed: str) -> str:
        return f"({printed})"

    def _joined(self, printed: list[str], word: str) -> str:
        return f" {word} ".join(printed)

    def _after(self, word: str, printed: str) -> str:
        return f"{word} {printed}"

    def _related(self, relation: sp.Basic) -> str:
        sign = {"==": "="}.get(relation.rel_op, relation.rel_op)
        return f"{self._print(relation.lhs)} {sign} {self._print(relation.rhs)}"

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:  # noqa: N802
        return self._bracketed("; ".join(self._case(*pair) for pair in expr.args))

    def _case(self, value: sp.Basic, condition: sp.Basic) -> str:
        shown = self._part(value)
        return (
            f"{shown} otherwise" if condition == sp.true else f"{shown} if {self._print(condition)}"
        )

    def _print_Contains(self, expr: sp.Basic) -> str:  # noqa: N802
        return f"{self._print(expr.args[0])} in {self._print(expr.args[1])}"

    def _print_Interval(self, expr: sp.Interval) -> str:  # noqa: N802
        left, right = "(" if expr.left_open else "[", ")" if expr.right_open else "]"
        return f"{left}{self._print(expr.start)}, {self._print(expr.end)}{right}"

    def _print_Infinity(self, expr: sp.Expr) -> str:  # noqa: ARG002, N802
        return "inf"


class _Latex(_Reading, LatexPrinter):  # type: ignore[misc]
    def _finished(self, printed: str) -> str:
        return printed

    def _bracketed(self, printed: str) -> str:
        return rf"\left({printed}\right)"

    def _joined(self, printed: list[str], word: str) -> str:
        arrow = _LATEX_ARROWS.get(word)
        return (f" {arrow} " if arrow else rf" \text{{ {word} }} ").join(printed)

    def _after(self, word: str, printed: str) -> str:
        arrow = _LATEX_ARROWS.get(word)
        return rf"{arrow}\quad {printed}" if arrow else rf"\text{{{word} }}{printed}"

    def _print_Mul(self, expr: sp.Expr) -> str:  # noqa: N802
        if not expr.is_Mul:  # SymPy comes here with a reciprocal as well, which is a power.
            return str(super()._print_Mul(expr))
        # SymPy keeps the order of what it has not multiplied out: "a 2", which reads as a name.
        factors = sorted(expr.args, key=lambda factor: not factor.is_Number)
        return str(super()._print_Mul(sp.Mul(*factors, evaluate=False)))

    def _needs_mul_brackets(self, expr: sp.Basic, first: bool = False, last: bool = False) -> bool:
        if isinstance(expr, sp.Piecewise):
            return False  # it has its own
        return bool(super()._needs_mul_brackets(expr, first=first, last=last))


class _Drawing(_Reading, PrettyPrinter):  # type: ignore[misc]
    def _finished(self, printed: prettyForm) -> str:
        return str(printed.render(**self._settings))

    def emptyPrinter(self, expr: sp.Basic) -> prettyForm:  # noqa: N802
        return prettyForm(infix(expr))  # what has no drawing, such as a maximum

    def _bracketed(self, printed: prettyForm) -> prettyForm:
        return prettyForm(*printed.parens())

    def _joined(self, printed: list[prettyForm], word: str) -> prettyForm:
        form = printed[0]
        for own in printed[1:]:
            form = prettyForm(*form.right(f" {_ARROWS.get(word, word)} ", own))
        return form

    def _after(self, word: str, printed: prettyForm) -> prettyForm:
        return prettyForm(*printed.left(f"{_ARROWS.get(word, word)} "))


class _MathML(_Reading, MathMLPresentationPrinter):  # type: ignore[misc]
    def _finished(self, printed: Any) -> str:
        text: str = printed.toxml()
        # SymPy writes the first two as they are, which HTML would take for the start of a tag.
        for plain, sign in (("<", "&lt;"), (">", "&gt;"), ("-", _MINUS)):
            text = text.replace(f"<mo>{plain}</mo>", f"<mo>{sign}</mo>")
        return text.replace("<mn>-", f"<mn>{_MINUS}")

    def _bracketed(self, printed: Any) -> Any:
        return self._row([self._l_paren(), printed, self._r_paren()])

    def _joined(self, printed: list[Any], word: str) -> Any:
        row = [printed[0]]
        for own in printed[1:]:
            between = self._operator(_ARROWS[word]) if word in _ARROWS else self._words(f" {word} ")
            row += [between, own]
        return self._row(row)

    def _after(self, word: str, printed: Any) -> Any:
        return self._row([self._words(f"{_ARROWS.get(word, word)} "), printed])

    # SymPy leaves out the brackets of -(a + b), which makes another formula of it, and of what a
    # derivative is taken.
    def _print_Add(self, expr: sp.Expr, order: str | None = None) -> Any:  # noqa: N802
        row: list[Any] = []
        for term in self._as_ordered_terms(expr, order=order):
            if term.could_extract_minus_sign():
                row += self._subtracted(term)
            else:
                row += [self._operator("+")] if row else []
                row.append(self._term(term))
        return self._row(row)

    def _print_Mul(self, expr: sp.Expr) -> Any:  # noqa: N802
        if expr.could_extract_minus_sign():
            return self._row(self._subtracted(expr))
        above, below = sp.fraction(expr)
        if below != 1:
            return self._element("mfrac", [self._print(above), self._print(below)])
        number, others = expr.as_coeff_mul()
        shown = [] if number == 1 else [self._print(number)]
        for factor in sp.Mul(*others, evaluate=False).as_ordered_factors():
            printed = self.parenthesize(factor, PRECEDENCE["Mul"])
            if shown:
                shown.append(self._operator(_DOT if _starts_with_digit(printed) else _NO_SIGN))
            shown.append(printed)
        return self._row(shown)

    def _cases(self, expr: sp.Piecewise) -> Any:
        rows = []
        for value, condition in expr.args:
            holds = [self._words("for "), self._print(condition)]
            where = [self._words("otherwise")] if condition == sp.true else holds
            cells = [self._element("mtd", own) for own in ([self._print(value)], where)]
            rows.append(self._element("mtr", cells))
        table = self._element("mtable", rows)
        table.setAttribute("columnalign", "left")
        return self._row([self._operator("{"), table])

    # SymPy writes texts as they are, so that it can give signs by their names.
    def _print_Symbol(self, sym: sp.Symbol, style: str = "plain") -> Any:  # noqa: N802
        printed = super()._print_Symbol(sym, style=style)
        for node in printed.getElementsByTagName("mi") or [printed]:
            node.firstChild.data = escape(node.firstChild.data)
        return printed

    def _print_Function(self, expr: sp.Expr) -> Any:  # noqa: N802
        if not isinstance(expr, AppliedUndef):
            return super()._print_Function(expr)
        name = self._element("mi", [self.dom.createTextNode(escape(expr.func.__name__))])
        return self._row([name, self._paren_comma_separated(*expr.args)])

    def _print_Derivative(self, expr: sp.Derivative) -> Any:  # noqa: N802
        row = super()._print_Derivative(expr)
        if expr.expr.is_Add:
            row.appendChild(self._bracketed(row.lastChild))
        return row

    def _subtracted(self, term: sp.Expr) -> list[Any]:
        return [self._operator("-"), self._term(-term)]

    def _term(self, term: sp.Expr) -> Any:
        printed = self._print(term)
        return self._bracketed(printed) if term.is_Add else printed

    def _operator(self, sign: str) -> Any:
        return self._element("mo", [self.dom.createTextNode(sign)])

    def _words(self, text: str) -> Any:
        return self._element("mtext", [self.dom.createTextNode(text.replace(" ", _HARD_SPACE))])

    def _row(self, nodes: list[Any]) -> Any:
        return self._element("mrow", nodes)

    def _element(self, tag: str, nodes: list[Any]) -> Any:
        element = self.dom.createElement(tag)
        for node in nodes:
            element.appendChild(node)
        return element


def _starts_with_digit(node: Any) -> bool:
    """Tell whether the first sign of a MathML element is a digit; that of a root is the root."""
    if node.nodeName in {"msqrt", "mroot"}:
        return False
    if node.firstChild is not None:
        return _starts_with_digit(node.firstChild)
    return str(node.data)[:1].isdigit()
