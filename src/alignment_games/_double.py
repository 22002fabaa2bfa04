"""Doubled precision: a number as the unevaluated sum of two floats.

The second float lies below the rounding error of the first. Sums and products have relative
errors below 2**-100, as long as no product leaves the range from about 1e-140 to 1e140 (a
product of smaller numbers loses at most 1e-290).
"""

from __future__ import annotations

from ._compiled import compiled

__all__ = ["Double", "add", "exact_product", "exact_sum", "multiply", "scale"]

Double = tuple[float, float]


@compiled
def exact_sum(a: float, b: float) -> Double:
    """Return a + b exactly (Knuth 1969)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


@compiled
def exact_product(a: float, b: float) -> Double:
    """Return a * b exactly (Dekker 1971)."""
    product = a * b
    t = 134217729.0 * a
    a_high = t - (t - a)
    a_low = a - a_high
    t = 134217729.0 * b
    b_high = t - (t - b)
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@compiled
def add(a: Double, b: Double) -> Double:
    """Return a + b; the error is relative to |a| + |b|."""
    high, low = exact_sum(a[0], b[0])
    return exact_sum(high, low + a[1] + b[1])


@compiled
def scale(a: Double, b: float) -> Double:
    """Return a * b."""
    high, low = exact_product(a[0], b)
    return exact_sum(high, low + a[1] * b)


@compiled
def multiply(a: Double, b: Double) -> Double:
    """Return a * b."""
    high, low = exact_product(a[0], b[0])
    return exact_sum(high, low + (a[0] * b[1] + a[1] * b[0]))
