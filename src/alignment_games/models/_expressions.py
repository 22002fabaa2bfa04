"""Expressions as models keep them: exact, alike from text and from SymPy, and as text again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair, Piecewise
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or
from sympy.printing.str import StrPrinter

from .._numeric import rational
from ..errors import ModelError, suggestion
from ._grammar import FUNCTIONS, is_name

__all__ = ["absolute", "comparison", "exact_expression", "extreme", "formula_text", "piecewise"]

_RELATIONS: dict[str, Callable[..., sp.Basic]] = {
    "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne,
}  # fmt: skip


def comparison(sign: str, left: sp.Expr, right: sp.Expr) -> sp.Basic:
    """Compare two expressions; SymPy decides only where both are numbers.

    It would drop a comparison that the assumptions of a symbol imply, which a claim must keep.

    Examples
    --------
    >>> x = sp.Symbol("x", nonnegative=True)
    >>> comparison(">=", x, sp.Integer(0)), comparison("<", sp.Integer(1), sp.Integer(2))
    (x >= 0, True)
    """
    relation = _RELATIONS[sign]
    if left.is_number and right.is_number:
        return relation(left, right)
    return relation(left, right, evaluate=False)


def piecewise(pairs: Iterable[tuple[sp.Expr, sp.Basic]]) -> sp.Expr:
    """Return values by conditions: the first whose condition is true.

    SymPy would solve the conditions for a symbol that they share, which can take minutes.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> inner = piecewise([(x, x > 2), (sp.Integer(3), sp.true)])
    >>> piecewise([(x**2, x > 4), (inner, sp.true)])
    Piecewise((x**2, x > 4), (x, x > 2), (3, True))
    """
    kept: list[tuple[sp.Expr, sp.Basic]] = []
    for value, condition in pairs:
        if condition == sp.true and isinstance(value, Piecewise):
            kept += [(own, test) for own, test in value.args]
        elif condition != sp.false:
            kept.append((value, condition))
        if condition == sp.true:
            break
    if kept and kept[0][1] == sp.true:
        return kept[0][0]
    return Piecewise(*kept, evaluate=False)


def extreme(kind: type[sp.Max | sp.Min], parts: Iterable[sp.Expr]) -> sp.Expr:
    """Return the largest or smallest of some expressions; SymPy compares only those it can.

    It would compare all others in pairs as well, which takes milliseconds for each.

    Examples
    --------
    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> extreme(sp.Max, [x, sp.Integer(1), extreme(sp.Max, [y, sp.Integer(2)])])
    Max(2, x, y)
    """
    flat = [p for part in parts for p in (part.args if isinstance(part, kind) else (part,))]
    numbers = [part for part in flat if part.is_number]
    others = [part for part in flat if not part.is_number]
    best = [kind(*numbers)] if numbers else []
    distinct = tuple(dict.fromkeys([*best, *others]))
    return distinct[0] if len(distinct) == 1 else kind(*distinct, evaluate=False)


def absolute(expression: sp.Expr) -> sp.Expr:
    """Return an absolute value; SymPy leaves that of some products half done.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> absolute(-abs(x)), sp.Abs(-sp.Abs(x))
    (Abs(x), Abs(Abs(x)))
    """
    result = sp.Abs(expression)
    while True:
        parts = sp.Mul.make_args(result)
        again = sp.Mul(*(sp.Abs(*p.args) if isinstance(p, sp.Abs) else p for p in parts))
        if again == result:
            return result
        result = again


def exact_expression(expression: sp.Basic, names: Mapping[str, sp.Expr] | None = None) -> sp.Expr:
    """Return an expression of SymPy's with exact numbers and known symbols, built anew.

    Parameters
    ----------
    expression : sympy.Expr
        Numbers, symbols, sums, products, powers, ``exp``, ``log``, ``Abs``, ``Max``, ``Min`` and
        ``Piecewise``.
    names : mapping of str to sympy.Expr, optional
        What a symbol of that name stands for; by default for itself.

    Returns
    -------
    sympy.Expr
        Floats have become the shortest decimal that prints them.

    Raises
    ------
    ModelError
        If it holds anything else.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> exact_expression(0.1 * x + sp.pi, {"x": x})
    x/10 + pi
    """
    if expression.is_Symbol:
        if names is None:
            return expression
        if expression.name not in names:
            msg = f"unknown symbol {expression.name[:80]!r}{suggestion(expression.name, names)}"
            raise ModelError(msg)
        return names[expression.name]
    if isinstance(expression, (sp.Rational, sp.NumberSymbol, BooleanTrue, BooleanFalse)):
        return expression
    if isinstance(expression, sp.Float):
        return _decimal(expression)
    if isinstance(expression, Piecewise):
        return piecewise(
            (exact_expression(value, names), exact_expression(condition, names))
            for value, condition in expression.args
        )
    if not isinstance(expression, _BUILT):
        kind = type(expression).__name__
        msg = (
            "payoffs hold numbers, parameters, sums, products, powers, exp, log, sqrt, Abs, Min, "
            f"Max and Piecewise, found {kind} in {str(expression)[:80]}"
        )
        raise ModelError(msg)
    parts = [exact_expression(part, names) for part in expression.args]
    if isinstance(expression, Relational):
        return comparison(expression.rel_op, *parts)
    if isinstance(expression, (sp.Max, sp.Min)):
        return extreme(expression.func, parts)
    result = absolute(*parts) if isinstance(expression, sp.Abs) else expression.func(*parts)
    if result.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I):
        msg = f"{str(expression)[:80]} has no finite real value"
        raise ModelError(msg)
    return result


_BUILT = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.Abs, sp.Max, sp.Min, Relational, And, Or, Not,
          ITE)  # fmt: skip


def _decimal(number: sp.Float) -> sp.Rational:
    if number._prec != 53:
        msg = (
            f"{str(number)[:40]} has another precision than floats; give an exact number such as "
            "sympy.Rational('0.1')"
        )
        raise ModelError(msg)
    try:
        return rational(float(number))
    except ValueError as error:
        msg = f"{error} in a payoff"
        raise ModelError(msg) from None


def formula_text(expression: sp.Basic, names: Mapping[sp.Symbol, str] | None = None) -> str:
    """Write an expression as a formula or condition that reads back as the same.

    Parameters
    ----------
    expression : sympy.Expr or sympy Boolean
        Of what `parse_formula` and `parse_condition` return.
    names : mapping of Symbol to str, optional
        What symbols are called; by default by their own names.

    Returns
    -------
    str

    Raises
    ------
    ModelError
        If it holds something that formulas do not.

    Examples
    --------
    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> formula_text(sp.Piecewise((sp.sqrt(x) / 3, x > y), (abs(y - 1), True)))
    'if(x > y, sqrt(x)/3, abs(y - 1))'
    """
    known = {} if names is None else names
    for node in sp.preorder_traversal(expression):
        named = not node.is_Symbol or is_name(known.get(node, node.name))
        if not isinstance(node, _WRITTEN) or not named:
            msg = f"formulas cannot hold {type(node).__name__} {str(node)[:80]!r}"
            raise ModelError(msg)
    return str(_FormulaPrinter(known).doprint(expression))


_WRITTEN = (
    sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.exp, type(sp.E), sp.log, sp.Abs, sp.Max,
    sp.Min, Piecewise, ExprCondPair, Relational, And, Or, Not, BooleanTrue, BooleanFalse,
)  # fmt: skip


class _FormulaPrinter(StrPrinter):  # type: ignore[misc]
    """Writes by the grammar's words what SymPy writes otherwise."""

    def __init__(self, names: Mapping[sp.Symbol, str]) -> None:
        super().__init__()
        self.names = names

    def _call(self, name: str, parts: Iterable[sp.Basic]) -> str:
        texts = [self._print(part) for part in parts]
        most = FUNCTIONS[name][1]
        while len(texts) > most:  # of max and min, which may be nested
            texts = [f"{name}({', '.join(texts[:most])})", *texts[most:]]
        return f"{name}({', '.join(texts)})"

    def _print_Symbol(self, expr: sp.Symbol) -> str:  # noqa: N802 (SymPy's names, here and below)
        return self.names.get(expr, str(expr.name))

    def _print_Abs(self, e: sp.Abs) -> str:  # noqa: N802
        return self._call("abs", e.args)

    def _print_Max(self, e: sp.Max) -> str:  # noqa: N802
        return self._call("max", sorted(e.args, key=sp.default_sort_key))

    def _print_Min(self, e: sp.Min) -> str:  # noqa: N802
        return self._call("min", sorted(e.args, key=sp.default_sort_key))

    def _print_Exp1(self, _: sp.Basic) -> str:  # noqa: N802
        return "exp(1)"

    def _print_Piecewise(self, e: Piecewise) -> str:  # noqa: N802
        (last, condition), *before = reversed(e.args)
        if condition != sp.true:
            msg = f"a Piecewise needs a last branch with the condition True, got {str(e)[:80]}"
            raise ModelError(msg)
        text = str(self._print(last))
        for value, test in before:
            text = f"if({self._print(test)}, {self._print(value)}, {text})"
        return text

    def _print_Relational(self, e: Relational) -> str:  # noqa: N802
        return f"{self._print(e.lhs)} {e.rel_op} {self._print(e.rhs)}"

    def _joined(self, e: sp.Basic, word: str) -> str:
        parts = sorted(e.args, key=sp.default_sort_key)
        return word.join(f"({self._print(part)})" for part in parts)

    def _print_And(self, e: And) -> str:  # noqa: N802
        return self._joined(e, " and ")

    def _print_Or(self, e: Or) -> str:  # noqa: N802
        return self._joined(e, " or ")

    def _print_Not(self, e: Not) -> str:  # noqa: N802
        return f"not ({self._print(e.args[0])})"

    def _print_BooleanTrue(self, _: BooleanTrue) -> str:  # noqa: N802
        return "0 == 0"

    def _print_BooleanFalse(self, _: BooleanFalse) -> str:  # noqa: N802
        return "0 != 0"
