"""Closed forms at a point: probabilities as exact numbers or nearest floats, and indices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from .._typing import Profile, Vector
from ._forms import Candidate, Point, Surd, sign

__all__ = ["index", "numbers"]

_BITS = 400
"""Binary places of an irrational root: nearest floats need 60, the rest is for cancellation."""


def numbers(weights: Sequence[Sequence[Surd]], point: Point) -> Profile:
    """Return probabilities from weights: Fractions, or floats where a root is irrational."""
    return tuple(_probabilities(own, point) for own in weights)


def _probabilities(weights: Sequence[Surd], point: Point) -> Vector:
    values = [_value(own, point) for own in weights]
    total = sum(value for value, _ in values)
    shares = tuple(value / total for value, _ in values)
    if all(exact for _, exact in values):
        return shares
    return tuple(map(float, shares))


def _value(number: Surd, point: Point) -> tuple[Fraction, bool]:
    """Return a number, to 400 bits where it is irrational, and whether it is exact."""
    a = point[number.a]
    if number.b == 0 or point[number.b] == 0:
        return a, True
    d = point[number.d]
    top, bottom = math.isqrt(d.numerator), math.isqrt(d.denominator)
    if top * top == d.numerator and bottom * bottom == d.denominator:
        return a + point[number.b] * Fraction(top, bottom), True
    scaled = math.isqrt((d.numerator << (2 * _BITS)) // d.denominator)
    return a + point[number.b] * Fraction(scaled, 1 << _BITS), False


def index(candidate: Candidate, point: Point) -> int:
    """Return the index of a regular equilibrium of two players.

    The sum of the weights that make a player indifferent is the determinant of its payoff
    gradient on the supports, and the index is the sign of the product of both, negated for each
    strategy beyond the first.
    """
    result = -1 if len(candidate.supports[0]) % 2 == 0 else 1
    for own, weights in zip(candidate.supports, candidate.weights, strict=True):
        result *= sign(weights[own[0]], point)
    return result
