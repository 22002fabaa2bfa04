"""Ball arithmetic: numbers that are known to lie in an interval, by FLINT's `arb` [1]_.

.. [1] F. Johansson (2017), Arb: efficient arbitrary-precision midpoint-radius interval
   arithmetic, IEEE Transactions on Computers 66, 1281-1292, doi:10.1109/TC.2017.2690633.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, TypeAlias

import flint

__all__ = [
    "Ball",
    "ball",
    "bounds",
    "enclosed",
    "integral",
    "normal_cdf",
    "normal_density",
    "working_precision",
]

Ball: TypeAlias = Any
"""An ``arb``: FLINT has no types of its own."""

_LN2 = math.log(2)


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Compute with `bits` bits in the block, and with what was set before after it."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def ball(value: Fraction | int) -> Ball:
    """Return a ball around a rational number."""
    number = Fraction(value)
    return flint.arb(flint.fmpq(number.numerator, number.denominator))


def bounds(value: Ball) -> tuple[Fraction, Fraction]:
    """Return the ends of a finite ball, exactly.

    Examples
    --------
    >>> bounds(ball(Fraction(1, 4)))
    (Fraction(1, 4), Fraction(1, 4))
    """
    # Not lower() and upper(): these round to the precision that is set here and now.
    middle, radius = _dyadic(value.mid()), _dyadic(value.rad())
    return middle - radius, middle + radius


def _dyadic(value: Ball) -> Fraction:
    mantissa, exponent = (int(part) for part in value.man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def normal_cdf(value: Ball) -> Ball:
    """Return the standard normal distribution function."""
    return (-value / flint.arb(2).sqrt()).erfc() / 2


def normal_density(value: Ball) -> Ball:
    """Return the standard normal density."""
    return (-(value * value) / 2).exp() / (2 * flint.arb.pi()).sqrt()


def integral(factors: Sequence[Ball], start: Ball | None = None) -> Ball:
    """Return the integral of ``phi(t) Phi(t + a) Phi(t + b) ...`` over t from `start` up.

    Here ``phi`` and ``Phi`` are the standard normal density and distribution function, and
    ``a, b, ...`` the numbers in `factors`; without `start` t runs over all numbers. What lies
    beyond the ends of the range of integration is part of the ball's radius.
    """
    reach = math.isqrt(int(2 * _LN2 * flint.ctx.prec)) + 2
    left = -flint.arb(reach) if start is None else start
    right = flint.arb(reach)
    tail = normal_cdf(-right)
    # No tail to the left: start is where the integral begins.
    cut = tail if start is None else flint.arb(0)
    if start is not None and not bool(left < right):
        return _between_zero_and(normal_cdf(-left))
    shifts = [flint.acb(shift) for shift in factors]
    root = flint.acb(2).sqrt()
    scale = (2 * flint.acb.pi()).sqrt()

    def integrand(t: Any, _: bool) -> Any:
        value = (-(t * t) / 2).exp() / scale
        for shift in shifts:
            value *= (-(t + shift) / root).erfc() / 2
        return value

    middle = flint.acb.integral(integrand, flint.acb(left), flint.acb(right)).real
    return middle + _between_zero_and(tail + cut)


def _between_zero_and(upper: Ball) -> Ball:
    return flint.arb(0).union(upper)


def enclosed(
    compute: Callable[[], Sequence[Ball]], *, bits: int, most: int, floor: Fraction
) -> Sequence[Ball]:
    """Return balls recomputed with ever more bits until each fixes a float, or `most` is passed.

    A number smaller than `floor` is fixed to an absolute error in proportion to `floor`. The
    caller judges what is left: the balls are enclosures whatever their radii.
    """
    while True:
        with working_precision(bits):
            found = compute()
        if bits >= most or all(_fixes(value, floor) for value in found):
            return found
        bits *= 2


def _fixes(value: Ball, floor: Fraction) -> bool:
    low, high = bounds(value) if value.is_finite() else (Fraction(0), Fraction(2**60))
    return high - low <= max(abs(high), floor) / 2**56
