"""Equations between rational functions, decided by SymPy's algebra instead of a search."""

from __future__ import annotations

import sympy as sp

from .truth import is_rational_function

__all__ = ["is_identity"]


def is_identity(equation: sp.Basic) -> bool:
    """Tell whether both sides of an equation are the same rational function.

    Parameters
    ----------
    equation : sympy Boolean
        Anything but an equation between rational functions is answered with False.

    Returns
    -------
    bool
        True means that the sides are equal wherever every denominator in them is not zero.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> is_identity(sp.Eq((x**2 - 1) / (x - 1), x + 1)), is_identity(sp.Eq(x, 1))
    (True, False)
    """
    if equation == sp.true:
        return True
    if not isinstance(equation, sp.Eq) or not equation.lhs.free_symbols | equation.rhs.free_symbols:
        return False
    difference = equation.lhs - equation.rhs
    if not is_rational_function(difference):
        return False
    numerator, _ = sp.fraction(sp.together(difference))
    return bool(sp.expand(numerator) == 0)
