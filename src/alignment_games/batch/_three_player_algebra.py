"""Sums of products with bounds on their errors, and the quadratic equation of three players.

Compiled functions for `alignment_games.batch._three_player_judges`. What rounding, and the
errors of the numbers at the start, can change in a polynomial is followed by `dot` from one sum of
two products to the next; a sign is certain or open.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from .._compiled import compiled

__all__ = [
    "Form",
    "Weights",
    "clear",
    "clearer",
    "common",
    "dot",
    "middle_term",
    "replies",
    "roots",
    "sign",
]

_EPSILON = 2.0**-52
"""Two roundings to nearest."""

_WIDER = 1.0 + 2.0**-48
"""What the roundings of a bound itself can take from it."""

Weights: TypeAlias = tuple[float, float, float, float]
"""Two weights of a player, up to a common factor, then bounds on their errors."""

Form: TypeAlias = tuple[float, float, float, float, float, float, float, float]
"""A bilinear form in two weights of two players each, then bounds on the errors."""


@compiled
def dot(
    a: float, ea: float, b: float, eb: float, c: float, ec: float, d: float, ed: float
) -> tuple[float, float]:
    """Return a b + c d, and what bounds its error if the second of each pair bounds the first's."""
    one, two = a * b, c * d
    error = abs(a) * eb + abs(b) * ea + ea * eb + abs(c) * ed + abs(d) * ec + ec * ed
    return one + two, (error + _EPSILON * (abs(one) + abs(two))) * _WIDER


@compiled
def sign(value: float, error: float) -> int:
    """Return the certain sign of a number, 0 where it is open."""
    return int(value > error) - int(value < -error)


@compiled
def common(v: Weights) -> tuple[int, int]:
    """Return the certain sign of two weights (0: neither is certain), and a verdict on it.

    The verdict is 1 if both certainly have that sign, -1 if they certainly differ, otherwise 0.
    """
    one, two = sign(v[0], v[2]), sign(v[1], v[3])
    if one * two != 0:
        return one, one * two
    return one + two, 0


@compiled
def clear(v: Weights) -> bool:
    """Tell whether two weights are known to ten bits: beyond it another way to them may pay."""
    return abs(v[0]) > 1024.0 * v[2] and abs(v[1]) > 1024.0 * v[3]


@compiled
def clearer(v: Weights, u: Weights) -> Weights:
    """Return the weights that are known better, or the second if their signs cannot be."""
    if common(u)[1] >= 0 and (abs(u[0]) + abs(u[1])) * (v[2] + v[3]) < (abs(v[0]) + abs(v[1])) * (
        u[2] + u[3]
    ):
        return v
    return u


@compiled
def _reply(w: Form, q: Weights) -> Weights:
    """Return the weights r for which q'wr = 0."""
    r0, e0 = dot(q[0], q[2], w[1], w[5], q[1], q[3], w[3], w[7])
    r1, e1 = dot(-q[0], q[2], w[0], w[4], -q[1], q[3], w[2], w[6])
    return r0, r1, e0, e1


@compiled
def replies(w: Form, m: Form, q: Weights) -> Weights:
    """Return r as the first form says or, where that leaves it less clear, the second."""
    r = _reply(w, q)
    if common(r)[1] < 0 or clear(r):
        return r
    return clearer(r, _reply(m, q))


@compiled
def middle_term(w: Form, m: Form) -> tuple[float, float]:
    """Return h1 of the equation that `roots` solves; its sign says which root is the first."""
    one, e_one = dot(m[0], m[4], w[3], w[7], -m[1], m[5], w[2], w[6])
    two, e_two = dot(m[2], m[6], w[1], w[5], -m[3], m[7], w[0], w[4])
    return dot(one, e_one, 1.0, 0.0, two, e_two, 1.0, 0.0)


@compiled
def roots(w: Form, m: Form) -> tuple[int, Weights, Weights]:
    """Return the roots of q'wr = q'mr = 0 in q, and first if they are certain (1), open (0), none.

    None is to say that none has weights of one sign. The conditions on r are proportional:
    h0 q0^2 + h1 q0 q1 + h2 q1^2 = 0. If the discriminant is open, each of the two vectors, with
    its errors, holds a multiple of both roots or 0.
    """
    h0, e0 = dot(m[0], m[4], w[1], w[5], -m[1], m[5], w[0], w[4])
    h1, e1 = middle_term(w, m)
    h2, e2 = dot(m[2], m[6], w[3], w[7], -m[3], m[7], w[2], w[6])
    one_sign = sign(h0, e0)
    if one_sign != 0 and sign(h1, e1) == one_sign and sign(h2, e2) == one_sign:
        return -1, (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)  # no root has weights of one sign
    d, ed = dot(h1, e1, h1, e1, -4.0 * h0, 4.0 * e0, h2, e2)
    kind = sign(d, ed)
    if kind < 0:
        return -1, (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)
    root, e_root = 0.0, math.sqrt(max(d + ed, 0.0))
    if kind > 0:
        root = math.sqrt(d)
        e_root = ed / root
    middle = -h1 - math.copysign(root, h1)
    e_middle = (e1 + e_root + _EPSILON * (root + e_root + abs(middle))) * _WIDER
    return kind, (2.0 * h2, middle, 2.0 * e2, e_middle), (middle, 2.0 * h0, e_middle, 2.0 * e0)
