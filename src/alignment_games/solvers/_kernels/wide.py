"""Integers of 128 bits as two of 64, modulo 2^128: the upper half and the lower half, unsigned.

A number is negative if its uppermost bit is set. Sums and products wrap around.
"""

from __future__ import annotations

import numpy as np

from . import compiled

__all__ = [
    "difference_of_products",
    "inverse_of_odd",
    "negative",
    "product",
    "shifted",
    "sign",
    "to_float",
]

_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)
_WORD = np.uint64(64)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_TOP = np.uint64(2**63)


@compiled
def product(
    a1: np.uint64, a0: np.uint64, b1: np.uint64, b0: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Multiply two numbers."""
    x1, x0 = a0 >> _HALF, a0 & _LOW
    y1, y0 = b0 >> _HALF, b0 & _LOW
    first = x1 * y0 + (x0 * y0 >> _HALF)  # never more than 2^64 - 1
    second = x0 * y1 + (first & _LOW)
    upper = x1 * y1 + (first >> _HALF) + (second >> _HALF)
    return upper + a1 * b0 + a0 * b1, a0 * b0


@compiled
def negative(a1: np.uint64, a0: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Negate a number."""
    if a0 == _ZERO:
        return ~a1 + _ONE, _ZERO
    return ~a1, ~a0 + _ONE


@compiled
def difference_of_products(
    a1: np.uint64,
    a0: np.uint64,
    b1: np.uint64,
    b0: np.uint64,
    c1: np.uint64,
    c0: np.uint64,
    d1: np.uint64,
    d0: np.uint64,
) -> tuple[np.uint64, np.uint64]:
    """Return a b - c d."""
    p1, p0 = product(a1, a0, b1, b0)
    q1, q0 = product(c1, c0, d1, d0)
    borrowed = _ONE if p0 < q0 else _ZERO
    return p1 - q1 - borrowed, p0 - q0


@compiled
def inverse_of_odd(a1: np.uint64, a0: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Invert an odd number by Newton's iteration."""
    b1, b0 = a1, a0  # right in the last three bits
    for _ in range(6):
        e1, e0 = product(a1, a0, b1, b0)
        e1, e0 = negative(e1, e0)
        if e0 >= ~_ONE:  # adding 2 carries
            e1 += _ONE
        e0 += _TWO
        b1, b0 = product(b1, b0, e1, e0)
    return b1, b0


@compiled
def shifted(a1: np.uint64, a0: np.uint64, places: int) -> tuple[np.uint64, np.uint64]:
    """Divide by a power of two below 2^128, rounding down."""
    if places == 0:
        return a1, a0
    fill = ~_ZERO if a1 & _TOP else _ZERO
    by = np.uint64(places)
    if by < _WORD:
        return a1 >> by | fill << (_WORD - by), a0 >> by | a1 << (_WORD - by)
    if by == _WORD:
        return fill, a1
    return fill, a1 >> (by - _WORD) | fill << (_WORD + _WORD - by)


@compiled
def sign(a1: np.uint64, a0: np.uint64) -> int:
    """Return -1, 0 or 1."""
    if a1 & _TOP:
        return -1
    return 0 if a1 | a0 == _ZERO else 1


@compiled
def to_float(a1: np.uint64, a0: np.uint64) -> float:
    """Convert a number with a relative error below 2^-51."""
    if a1 & _TOP:
        a1, a0 = negative(a1, a0)
        return -(float(a1) * 2.0**64 + float(a0))
    return float(a1) * 2.0**64 + float(a0)
