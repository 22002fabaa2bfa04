"""Exact numbers: how inputs become rationals, and how rationals are shown.

One rule holds in the whole package: *a float stands for the shortest decimal that
prints it*, so ``0.7`` is 7/10. Games are then solved in rational arithmetic, where a tie is
a tie and a knife edge is decided. (The binary value of ``0.7`` differs from 7/10 by less than
one unit in the last place; a computed ``0.1 + 0.2`` stays the different number it is.)
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

from ._typing import Number

if TYPE_CHECKING:
    import sympy as sp

__all__ = [
    "common_denominator",
    "decimal_text",
    "determinant_sign",
    "exact_number",
    "float_or_exact",
    "integer_matrix",
    "integers",
    "is_exact",
    "nearest_float",
    "parse_number",
    "quotient",
    "ratio_text",
    "rational",
    "rounded",
    "solve_integers",
]

_MAX_DIGITS = 60
_MAX_EXPONENT = 300
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_RATIO = re.compile(r"[+-]?\d+/\d+", re.ASCII)


def is_exact(value: object) -> bool:
    """Tell whether a number is exact: an integer, a rational or a decimal, not a float."""
    return isinstance(value, (numbers.Rational, Decimal)) and not isinstance(value, bool)


def exact_number(value: Any) -> Fraction:
    """Return `value` as a Fraction; a float stands for the shortest decimal that prints it.

    Parameters
    ----------
    value : int, float, Fraction, Decimal, or a NumPy or SymPy number of these kinds
        A finite real number.

    Returns
    -------
    Fraction

    Raises
    ------
    TypeError
        If `value` is not a real number (a bool, a complex number or a string is not).
    ValueError
        If `value` is not finite, or its exponent lies outside -300 to 300.

    Examples
    --------
    >>> exact_number(0.7)
    Fraction(7, 10)
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or type(value).__name__ in {"bool_", "BooleanTrue", "BooleanFalse"}:
        msg = f"a number is needed, got {value!r}"
        raise TypeError(msg)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal):
        if not value.is_finite():
            msg = f"a finite number is needed, got {value}"
            raise ValueError(msg)
        if value and abs(value.adjusted()) > _MAX_EXPONENT:
            msg = (
                f"a number between 1e-{_MAX_EXPONENT} and 1e{_MAX_EXPONENT} is needed, got {value}"
            )
            raise ValueError(msg)
        return Fraction(value)
    if isinstance(value, numbers.Real):
        if not math.isfinite(value):
            msg = f"a finite number is needed, got {value}"
            raise ValueError(msg)
        return Fraction(str(value))
    msg = f"a number is needed, got {type(value).__name__} {str(value)[:40]!r}"
    raise TypeError(msg)


def rational(value: Any) -> sp.Rational:
    """Return a number as SymPy's; a float stands for the shortest decimal that prints it.

    Raises
    ------
    TypeError, ValueError
        As `exact_number` does.

    Examples
    --------
    >>> rational(0.1)
    1/10
    """
    import sympy as sp  # here, so that the package is imported without it

    number = exact_number(value)
    return sp.Rational(number.numerator, number.denominator)


def parse_number(text: str) -> Fraction:
    """Read a decimal such as ``0.7`` or ``2e-3``, or a ratio such as ``3/7``.

    The text is matched against these two forms and never evaluated.

    Raises
    ------
    ValueError
        If the text has another form, more than 60 digits, or an exponent beyond 300.

    Examples
    --------
    >>> parse_number("3/7")
    Fraction(3, 7)
    """
    stripped = text.strip()
    if len(stripped) <= 2 * _MAX_DIGITS + 2:
        digits = max((len(run) for run in re.findall(r"\d+", stripped)), default=0)
        if digits <= _MAX_DIGITS and _RATIO.fullmatch(stripped):
            numerator, denominator = stripped.split("/")
            if int(denominator):
                return Fraction(int(numerator), int(denominator))
        elif digits <= _MAX_DIGITS and _DECIMAL.fullmatch(stripped):
            return exact_number(Decimal(stripped))
    msg = f"a decimal such as 0.7 or a ratio such as 3/7 is needed, got {text[:40]!r}"
    raise ValueError(msg)


def common_denominator(values: list[Fraction]) -> int:
    """Return the least common multiple of the denominators.

    Examples
    --------
    >>> common_denominator([Fraction(1, 4), Fraction(5, 6)])
    12
    """
    return reduce(math.lcm, (value.denominator for value in values), 1)


def integers(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return `values` times their least common denominator, and that denominator.

    Examples
    --------
    >>> integers([Fraction(1, 4), Fraction(5, 6)])
    ([3, 10], 12)
    """
    scale = math.lcm(*{value.denominator for value in values})
    if scale == 1:
        return [value.numerator for value in values], 1
    return [value.numerator * (scale // value.denominator) for value in values], scale


def integer_matrix(matrix: Sequence[Sequence[Fraction]]) -> tuple[tuple[int, ...], ...]:
    """Scale a rational matrix by one positive factor so that its entries are integers.

    Examples
    --------
    >>> integer_matrix([[Fraction(1, 4), Fraction(1)], [Fraction(5, 6), Fraction(0)]])
    ((3, 12), (10, 0))
    """
    width = len(matrix[0])
    flat, _ = integers([value for row in matrix for value in row])
    return tuple(tuple(flat[k : k + width]) for k in range(0, len(flat), width))


def quotient(numerator: int, denominator: int) -> float:
    """Return the float nearest to a ratio, infinite beyond their range.

    Examples
    --------
    >>> quotient(1, 4), quotient(-(10**400), 1)
    (0.25, -inf)
    """
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def nearest_float(value: Fraction) -> float:
    """Return the float nearest to a rational, infinite beyond their range.

    Examples
    --------
    >>> nearest_float(Fraction(1, 4)), nearest_float(Fraction(-(10**400)))
    (0.25, -inf)
    """
    return quotient(value.numerator, value.denominator)


def float_or_exact(value: Fraction) -> Number:
    """Return the float that stands for a rational number, or the rational if none does.

    Examples
    --------
    >>> float_or_exact(Fraction(1, 4)), float_or_exact(Fraction(1, 3))
    (0.25, Fraction(1, 3))
    """
    number = nearest_float(value)
    return number if math.isfinite(number) and exact_number(number) == value else value


def rounded(weights: Sequence[int]) -> tuple[float, ...]:
    """Return weights over their sum as floats; what is positive stays so.

    Examples
    --------
    >>> rounded([1, 0, 3]), rounded([1, 10**400])
    ((0.25, 0.0, 0.75), (5e-324, 1.0))
    """
    total = sum(weights)
    return tuple([w / total or (5e-324 if w else 0.0) for w in weights])


def solve_integers(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[int] | None:
    """Solve a square integer system up to a positive factor.

    Parameters
    ----------
    matrix : sequence of sequences of int, shape (n, n)
    right : sequence of int, shape (n,)

    Returns
    -------
    list of int or None
        A positive multiple of the solution; None if the matrix is singular.

    Examples
    --------
    >>> solve_integers([[2, 0], [0, 4]], [1, 1])
    [2, 1]
    """
    from flint import fmpz_mat

    size = len(matrix)
    try:
        solution: Any = fmpz_mat(matrix).solve(fmpz_mat(size, 1, right))
    except ZeroDivisionError:
        return None
    numerators, _ = solution.numer_denom()
    return [int(value) for value in numerators.entries()]


def determinant_sign(matrix: Sequence[Sequence[int]]) -> int:
    """Return the sign of an integer determinant: -1, 0 or 1.

    Examples
    --------
    >>> determinant_sign([[0, 1], [1, 0]])
    -1
    """
    from flint import fmpz_mat

    value = fmpz_mat(matrix).det()
    return int(value > 0) - int(value < 0)


def decimal_text(value: Number | None, digits: int = 6) -> str:
    """Show a number with at most `digits` significant digits and no trailing zeros.

    Examples
    --------
    >>> decimal_text(Fraction(3, 7)), decimal_text(Fraction(8, 5)), decimal_text(None)
    ('0.428571', '1.6', '-')
    """
    if value is None:
        return "-"
    try:
        text = f"{float(value):.{digits}g}"
    except OverflowError:  # beyond the range of floats
        whole = Decimal(round(value))
        text = f"{whole:.{digits - 1}e}"
    return "0" if text == "-0" else text


def ratio_text(value: Fraction) -> str:
    """Show a Fraction as a ratio if that is short, otherwise as a decimal.

    Examples
    --------
    >>> ratio_text(Fraction(7, 8)), ratio_text(Fraction(10**20, 3))
    ('7/8', '3.33333e+19')
    """
    text = str(value)
    return text if len(text) <= 15 else decimal_text(value)
