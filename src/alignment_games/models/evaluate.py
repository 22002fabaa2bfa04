"""Values of SymPy expressions at Fractions: exact where they are rational, and finite or an error.

Every model's payoffs, probabilities and closed forms are evaluated here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import Piecewise
from sympy.printing.pycode import PythonCodePrinter

__all__ = ["all_finite", "exact_function", "first_without_value", "values_of"]


def exact_function(
    symbols: Sequence[sp.Symbol], expressions: Sequence[sp.Basic]
) -> Callable[..., list[Any]]:
    """Return a function of Fractions, one a symbol, that gives the values of expressions exactly.

    Parameters
    ----------
    symbols : sequence of sympy.Symbol
    expressions : sequence of sympy.Expr or sympy Boolean

    Returns
    -------
    callable
        Its values are Fractions or ints where only sums, products, quotients and whole powers are
        taken, bools of conditions, and floats of ``exp``, ``log`` and roots.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> exact_function([x], [x / 2, x**2, x > 1])(Fraction(1, 3))
    [Fraction(1, 6), Fraction(1, 9), False]
    """
    # Symbols may have any name, also that of a function or of a common subexpression, so they are
    # replaced: all at once, where `dummify` would rebuild the expressions once for each. A
    # subexpression that is computed before a condition is tested may divide by the zero that the
    # condition excludes, so those with conditions are not shared.
    plain = {symbol: sp.Symbol(f"argument_{k}") for k, symbol in enumerate(symbols)}
    printer = _FractionPrinter({"fully_qualified_modules": False})
    shared = not any(expression.has(Piecewise) for expression in expressions)
    function: Callable[..., list[Any]] = sp.lambdify(
        list(plain.values()), [expression.xreplace(plain) for expression in expressions],
        modules=[{"Fraction": Fraction, "power_": _power}], printer=printer, cse=shared,
    )  # fmt: skip
    return function


def values_of(function: Callable[..., list[Any]], numbers: Mapping[str, Fraction]) -> list[Any]:
    """Return what a function gives at the numbers, in order; nothing where it has no value.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> inverse = exact_function([x], [1 / x])
    >>> values_of(inverse, {"x": Fraction(2)}), values_of(inverse, {"x": Fraction(0)})
    ([Fraction(1, 2)], [])
    """
    try:
        return function(*numbers.values())
    except (ArithmeticError, TypeError, ValueError):
        return []


def all_finite(values: Sequence[object]) -> bool:
    """Tell whether there are values, and all are finite real numbers.

    Examples
    --------
    >>> all_finite([Fraction(1, 2), 1]), all_finite([math.inf]), all_finite([])
    (True, False, False)
    """
    return bool(values) and all(map(_is_finite, values))


def first_without_value(
    symbols: Sequence[sp.Symbol], expressions: Sequence[sp.Expr], numbers: Mapping[str, Fraction]
) -> int | None:
    """Return the position of the first expression that has no finite real value there.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> first_without_value([x], [x, 1 / x], {"x": Fraction(0)})
    1
    """
    for k, expression in enumerate(expressions):
        if not all_finite(values_of(exact_function(symbols, [expression]), numbers)):
            return k
    return None


def _is_finite(value: object) -> bool:
    return isinstance(value, Fraction | int) or (isinstance(value, float) and math.isfinite(value))


def _power(base: Fraction, exponent: Fraction) -> Any:
    """Return a power whose exponent is a parameter: exact only where that is not too long."""
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if exponent.denominator == 1 and abs(exponent) * size <= 2**16:
        return base ** int(exponent)
    return float(base) ** float(exponent)


class _FractionPrinter(PythonCodePrinter):  # type: ignore[misc]
    """Print rational constants as Fractions, so that exact values stay exact."""

    def _print_Rational(self, expr: sp.Rational) -> str:  # noqa: N802 (SymPy's name)
        return f"Fraction({expr.p}, {expr.q})"

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:  # noqa: N802
        if expr.exp.is_number:
            return str(super()._print_Pow(expr, rational=rational))
        return f"power_({self._print(expr.base)}, {self._print(expr.exp)})"

    def _print_Not(self, expr: Any) -> str:  # noqa: N802 (SymPy's name)
        return f"(not {self._print(expr.args[0])})"
