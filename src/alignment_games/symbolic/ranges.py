"""Where expressions of one variable are positive: intervals with exact ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mpmath
import sympy as sp

from .._numeric import rational
from ..errors import ModelError
from ..io.formulas import infix, latex
from ..models import Interval
from .truth import expression_of, is_rational_function

__all__ = ["Span", "spans_of"]

_GRID = 4001
"""Points at which the signs of what is not a rational function are compared."""

_DIGITS = 12
"""To which irrational ends are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval of values.

    Attributes
    ----------
    lower, upper : sympy.Expr
        The upper end may be infinite.
    with_lower, with_upper : bool
        Whether the ends belong to it.
    exact : bool
        False if the ends were found where signs change on a grid: they are then rounded to
        floating point, and intervals narrower than the grid may have been missed.
    """

    lower: sp.Expr
    upper: sp.Expr
    with_lower: bool
    with_upper: bool
    exact: bool = True

    def __contains__(self, value: object) -> bool:
        number = expression_of("value", value)
        above = number >= self.lower if self.with_lower else number > self.lower
        below = number <= self.upper if self.with_upper else number < self.upper
        return bool(above) and bool(below)

    def membership(self, symbol: sp.Symbol) -> sp.Basic:
        """Return that a symbol is in the interval, for printing: irrational ends are rounded.

        Examples
        --------
        >>> lower, upper = sp.Integer(0), sp.Rational(1, 2)
        >>> span = Span(lower=lower, upper=upper, with_lower=True, with_upper=False)
        >>> span.membership(sp.Symbol("x"))
        Contains(x, Interval.Ropen(0, 1/2))
        """
        return sp.Contains(symbol, self._shown(), evaluate=False)

    def _shown(self) -> sp.Set:
        if self.lower == self.upper:
            return sp.FiniteSet(_short(self.lower, _DIGITS))
        digits = _DIGITS
        low, high = (_short(end, digits) for end in (self.lower, self.upper))
        while low >= high:  # a narrow interval needs more
            digits *= 2
            low, high = (_short(end, digits) for end in (self.lower, self.upper))
        return sp.Interval(low, high, not self.with_lower, not self.with_upper)

    def __str__(self) -> str:
        return f"{'' if self.exact else 'about '}{infix(self._shown())}"

    def latex(self) -> str:
        r"""Return it as LaTeX.

        Examples
        --------
        >>> span = Span(lower=sp.Rational(1, 2), upper=sp.oo, with_lower=False, with_upper=False)
        >>> print(span, span.latex())
        (1/2, inf) \left(\frac{1}{2}, \infty\right)
        """
        about = "" if self.exact else r"\text{about }"
        return f"{about}{latex(self._shown())}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _short(number: sp.Expr, digits: int) -> sp.Expr:
    known = number.is_Rational or number.is_infinite or number.is_Float
    return number if known else number.evalf(digits)


def spans_of(gains: Sequence[sp.Expr], symbol: sp.Symbol, domain: Interval) -> tuple[Span, ...]:
    """Return the intervals of a domain on which all of some expressions are positive.

    Parameters
    ----------
    gains : sequence of sympy.Expr
        With no other symbol and no floats. An expression is not positive where it has no value.
    symbol : sympy.Symbol
    domain : Interval

    Returns
    -------
    tuple of Span

    Raises
    ------
    ModelError
        If an expression holds another symbol.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> print(*spans_of([x**2 - 2, 5 - x], x, Interval(0, None)))
    (1.41421356237, 5)
    """
    for own in gains:
        if own.free_symbols - {symbol}:
            others = ", ".join(sorted(map(str, own.free_symbols - {symbol})))
            msg = f"numbers are needed for all symbols but {symbol}; there is {others}"
            raise ModelError(msg)
    lower = rational(domain.lower)
    upper = sp.oo if domain.upper is None else rational(domain.upper)
    if lower > upper:
        return ()
    exact = all(map(is_rational_function, gains))
    ends = {
        own: _roots(own, symbol) if exact else _crossings(own, symbol, lower, upper)
        for own in gains
    }
    inner = sorted({root for roots in ends.values() for root in roots if lower < root < upper})
    return _joined(gains, symbol, ends, (lower, *inner, upper), exact=exact)


def _joined(
    gains: Sequence[sp.Expr],
    symbol: sp.Symbol,
    ends: dict[sp.Expr, list[sp.Expr]],
    places: tuple[sp.Expr, ...],
    *,
    exact: bool,
) -> tuple[Span, ...]:
    """Test each place and each interval between two, and join neighbors that pass."""

    def passes(value: sp.Expr) -> bool:
        if value is sp.oo:
            return False
        return all(value not in ends[own] and _positive(own, symbol, value) for own in gains)

    found: list[Span] = []
    start: tuple[sp.Expr, bool] | None = None
    for k, place in enumerate(places):
        here = passes(place)
        if start is None and here:
            start = (place, True)
        elif start is not None and not here:
            found.append(_span(start, place, with_upper=False, exact=exact))
            start = None
        if k + 1 == len(places):
            break
        if place == places[k + 1]:
            continue
        if passes(_between(place, places[k + 1])):
            start = (place, False) if start is None else start
        elif start is not None:
            found.append(_span(start, place, with_upper=True, exact=exact))
            start = None
    if start is not None:
        found.append(_span(start, places[-1], with_upper=places[-1] is not sp.oo, exact=exact))
    return tuple(found)


def _span(start: tuple[sp.Expr, bool], end: sp.Expr, *, with_upper: bool, exact: bool) -> Span:
    return Span(lower=start[0], upper=end, with_lower=start[1], with_upper=with_upper, exact=exact)


def _between(low: sp.Expr, high: sp.Expr) -> sp.Rational:
    """Return a rational number between two different ones."""
    if high is sp.oo:
        return sp.floor(low) + 1
    digits = 15
    while True:
        middle = sp.Rational(str(((low + high) / 2).evalf(digits)))
        if low < middle < high:
            return middle
        digits *= 2


def _positive(expression: sp.Expr, symbol: sp.Symbol, value: sp.Expr) -> bool:
    number = expression.subs(symbol, value)
    return bool(number.is_real and number.is_finite and number > 0)


def _roots(expression: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """Return where a rational function is zero or has no value, exactly."""
    found: list[sp.Expr] = []
    for part in sp.fraction(sp.together(expression)):
        if symbol in part.free_symbols:
            for factor, _ in sp.factor_list(part, symbol)[1]:
                found += sp.Poly(factor, symbol).real_roots(multiple=True)
    return found


def _crossings(
    expression: sp.Expr, symbol: sp.Symbol, lower: sp.Expr, upper: sp.Expr
) -> list[sp.Expr]:
    """Return where an expression changes sign between points of a grid, to floating point."""
    value = sp.lambdify(symbol, expression, "mpmath")
    low = float(lower)

    def place(k: int) -> mpmath.mpf:
        share = mpmath.mpf(k) / _GRID
        if upper is sp.oo:
            return low + share / (1 - share)
        return low + share * (float(upper) - low)

    last = _GRID - 1 if upper is sp.oo else _GRID
    points = [place(k) for k in range(last + 1)]
    values = [_real(value, x) for x in points]
    found = []
    for k in range(last):
        left, right = values[k], values[k + 1]
        if left is None or right is None:
            if (left is None) != (right is None):
                found.append(sp.Float(_end_of_meaning(value, points[k], points[k + 1])))
            continue
        if left == 0:
            found.append(sp.Float(points[k]))
        elif left * right < 0:
            found.append(sp.Float(_bisected(value, points[k], points[k + 1])))
    return found


def _real(value: object, x: mpmath.mpf) -> mpmath.mpf | None:
    """Return a real value, or None where there is none."""
    try:
        number = value(x)  # type: ignore[operator]
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    if isinstance(number, mpmath.mpc):
        return None
    return mpmath.mpf(number)


def _end_of_meaning(value: object, low: mpmath.mpf, high: mpmath.mpf) -> mpmath.mpf:
    """Return where an expression begins or ceases to have a real value."""
    first = _real(value, low) is None
    for _ in range(80):
        middle = (low + high) / 2
        if (_real(value, middle) is None) == first:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _bisected(value: object, low: mpmath.mpf, high: mpmath.mpf) -> mpmath.mpf:
    left = _real(value, low)
    for _ in range(80):
        middle = (low + high) / 2
        own = _real(value, middle)
        if own is None or left is None:
            break
        if own * left > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
