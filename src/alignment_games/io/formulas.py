"""Formulas as a paper writes them: in text, Unicode, LaTeX and MathML.

SymPy prints what it stores: ``-a + b``, ``-a < 0``, conditions joined by a wedge. Here what is
subtracted comes last, no side of a relation is zero if the other can be split, and conditions are
joined by words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter

__all__ = ["aligned", "drawn", "infix", "latex", "lines", "mathml", "oriented"]

Form: TypeAlias = Literal["text", "unicode", "latex", "mathml"]

_TURNED = {sp.Gt: sp.Lt, sp.Lt: sp.Gt, sp.Ge: sp.Le, sp.Le: sp.Ge, sp.Eq: sp.Eq, sp.Ne: sp.Ne}
_WORDS = {sp.And: "and", sp.Or: "or", sp.Implies: "=>", sp.Equivalent: "<=>"}
_ARROWS = {"=>": "⇒", "<=>": "⇔"}
_UNICODE = {"use_unicode": True, "wrap_line": False}
_MINUS = "&#8722;"
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


class _Reading(Printer):  # type: ignore[misc]
    """What is common to the printers; names of methods are SymPy's."""

    def whole(self, formula: sp.Basic) -> str:
        return str(self._finished(self._print(formula)))

    def lines(self, formula: sp.Basic) -> list[str]:
        word = _WORDS.get(formula.func)
        if word is None or (word in _ARROWS and len(formula.args) != 2):
            return [self.whole(formula)]
        # Across lines an arrow needs no brackets around what it joins.
        printed = self._parts(formula, self._print if word in _ARROWS else self._part)
        return list(map(self._finished, [printed[0], *(self._after(word, p) for p in printed[1:])]))

    def _as_ordered_terms(self, expr: sp.Basic, order: str | None = None) -> list[sp.Basic]:
        return sorted(super()._as_ordered_terms(expr, order=order), key=_is_subtracted)

    def _print_Relational(self, expr: sp.Basic) -> Any:  # noqa: N802
        return super()._print_Relational(oriented(expr))

    def _print_And(self, expr: sp.Basic) -> Any:  # noqa: N802
        return self._joined(self._parts(expr, self._part), "and")

    def _print_Or(self, expr: sp.Basic) -> Any:  # noqa: N802
        return self._joined(self._parts(expr, self._part), "or")

    def _parts(self, formula: sp.Basic, show: Callable[[sp.Basic], Any]) -> list[Any]:
        implies = formula.func is sp.Implies
        return list(
            map(show, formula.args if implies else sorted(formula.args, key=sp.default_sort_key))
        )

    def _part(self, formula: sp.Basic) -> Any:
        """Print a part of a condition, in brackets if it has parts itself."""
        printed = self._print(formula)
        return self._bracketed(printed) if formula.func in _WORDS else printed


class _Text(_Reading, StrPrinter):  # type: ignore[misc]
    def _finished(self, printed: str) -> str:
        return printed

    def _bracketed(self, printed: str) -> str:
        return f"({printed})"

    def _joined(self, printed: list[str], word: str) -> str:
        return f" {word} ".join(printed)

    def _after(self, word: str, printed: str) -> str:
        return f"{word} {printed}"

    def _print_Relational(self, expr: sp.Basic) -> str:  # noqa: N802
        own = oriented(expr)
        sign = {"==": "="}.get(own.rel_op, own.rel_op)
        return f"{self._print(own.lhs)} {sign} {self._print(own.rhs)}"

    def _print_Equivalent(self, expr: sp.Basic) -> str:  # noqa: N802
        return self._joined(self._parts(expr, self._part), "<=>")

    def _print_Implies(self, expr: sp.Basic) -> str:  # noqa: N802
        return self._joined(self._parts(expr, self._part), "=>")

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
        return rf" \text{{ {word} }} ".join(printed)

    def _after(self, word: str, printed: str) -> str:
        arrow = {"=>": r"\Rightarrow\quad", "<=>": r"\Leftrightarrow\quad"}.get(word)
        return rf"{arrow} {printed}" if arrow else rf"\text{{{word} }}{printed}"


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
            form = prettyForm(*form.right(f" {word} ", own))
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
            row += [self._words(f" {word} "), own]
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
        return super()._print_Mul(expr)

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
        node = self.dom.createElement("mo")
        node.appendChild(self.dom.createTextNode(sign))
        return node

    def _words(self, text: str) -> Any:
        node = self.dom.createElement("mtext")
        node.appendChild(self.dom.createTextNode(text.replace(" ", _HARD_SPACE)))
        return node

    def _row(self, nodes: list[Any]) -> Any:
        row = self.dom.createElement("mrow")
        for node in nodes:
            row.appendChild(node)
        return row
