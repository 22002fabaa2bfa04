"""All equilibria of many games of up to 3 x 2 x 2 strategies: every sign within a bound, or open.

Every combination of supports, a case, is judged: *excluded* if a condition certainly fails, an
*equilibrium* if all certainly hold, otherwise *open*. Conditions are signs of polynomials in
payoff differences; `_dot` bounds what rounding, and an uncertainty of the payoffs that the caller
states, can change in them. With all players mixing, the indifference conditions leave one
quadratic equation for the second player's weights q (decision page 8): forms a and m with
q'ar = q'mr = 0. Its roots are kept as vectors without a quotient, and r, p follow from q without
one, so that a leading coefficient of 0 is no exception and a singular system is an open sign.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from ._three_player_cases import Kind
from .kernels import BAD_INPUT, DEGENERATE, OK, bounds, extent, factors

__all__ = ["decide_three", "write_three"]

_EPSILON = 2.0**-52
"""Two roundings to nearest."""

_WIDER = 1.0 + 2.0**-48
"""What the roundings of a bound itself can take from it."""

_SMALL, _LARGE = 1e-15, 1e15
"""Sizes of payoffs of which products of eight, and of their errors, stay in the range of floats."""

_PURE, _SECOND_THIRD = int(Kind.PURE), int(Kind.SECOND_THIRD)
_FIRST_SECOND, _FIRST_THIRD = int(Kind.FIRST_SECOND), int(Kind.FIRST_THIRD)
_TWO_EACH, _ALL = int(Kind.TWO_EACH), int(Kind.ALL)
_FIRST, _SECOND, _THIRD = int(Kind.FIRST), int(Kind.SECOND), int(Kind.THIRD)
_THREE_SECOND = int(Kind.THREE_SECOND)


@compiled
def _dot(
    a: float, ea: float, b: float, eb: float, c: float, ec: float, d: float, ed: float
) -> tuple[float, float]:
    """Return a b + c d, and what bounds its error if the second of each pair bounds the first's."""
    one, two = a * b, c * d
    error = abs(a) * eb + abs(b) * ea + ea * eb + abs(c) * ed + abs(d) * ec + ec * ed
    return one + two, (error + _EPSILON * (abs(one) + abs(two))) * _WIDER


@compiled
def _sign(value: float, error: float) -> int:
    """Return the certain sign of a number, 0 where it is open."""
    return int(value > error) - int(value < -error)


@compiled
def _load(
    payoffs: FloatArray,
    start: int,
    sizes: tuple[int, int, int],
    unit: float,
    a: FloatArray,
    turned: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
) -> bool:
    """Read a game, scaled: payoffs of the first player, differences of the others'.

    `turned` is `a` with its last two axes exchanged; ``b[i, k]`` is what the second player's
    last strategy earns more than its first, ``c[i, j]`` the same of the third. A strategy that
    is not there earns less by 1. Return whether all payoffs are finite.
    """
    m1, m2, m3 = sizes
    size = m1 * m2 * m3
    low, high, finite = extent(payoffs, start, size)
    one, two = factors(low, high, _SMALL, _LARGE)
    errors[0], _ = bounds(low, high, one, two, unit)
    low_b, high_b, finite_b = extent(payoffs, start + size, size)
    one_b, two_b = factors(low_b, high_b, _SMALL, _LARGE)
    errors[1], _ = bounds(low_b, high_b, one_b, two_b, unit)
    low_c, high_c, finite_c = extent(payoffs, start + 2 * size, size)
    one_c, two_c = factors(low_c, high_c, _SMALL, _LARGE)
    errors[2], _ = bounds(low_c, high_c, one_c, two_c, unit)
    at = start
    for i in range(m1):
        for j in range(m2):
            for k in range(m3):
                value = payoffs[at] * one * two
                a[i, j, k] = value
                turned[i, k, j] = value
                at += 1
    if m2 == 2:
        for i in range(m1):
            for k in range(m3):
                at = start + size + i * 2 * m3 + k
                b[i, k] = payoffs[at + m3] * one_b * two_b - payoffs[at] * one_b * two_b
    else:
        errors[1] = 0.0
        b[:] = -1.0
    if m3 == 2:
        for i in range(m1):
            for j in range(m2):
                at = start + 2 * size + (i * m2 + j) * 2
                c[i, j] = payoffs[at + 1] * one_c * two_c - payoffs[at] * one_c * two_c
    else:
        errors[2] = 0.0
        c[:] = -1.0
    return finite and finite_b and finite_c


@compiled
def _excluded(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    sizes: tuple[int, int, int],
    dead_first: IntArray,
    dead_second: IntArray,
    dead_third: IntArray,
) -> int:
    """Return the cases with a strategy certainly worse than another wherever the others play."""
    m1, m2, m3 = sizes
    error = errors[0]
    dead = 0
    for i in range(m1):
        for o in range(i + 1, m1):
            up, down = 0, 0
            for j in range(m2):
                for k in range(m3):
                    gain = a[o, j, k] - a[i, j, k]
                    up |= int(gain > error) << (2 * j + k)
                    down |= int(gain < -error) << (2 * j + k)
            dead |= dead_first[i, up] | dead_first[o, down]
    up, down = 0, 0
    for i in range(m1):
        for k in range(m3):
            up |= int(b[i, k] > errors[1]) << (2 * i + k)
            down |= int(b[i, k] < -errors[1]) << (2 * i + k)
    dead |= dead_second[0, up] | dead_second[1, down]
    up, down = 0, 0
    for i in range(m1):
        for j in range(m2):
            up |= int(c[i, j] > errors[2]) << (2 * i + j)
            down |= int(c[i, j] < -errors[2]) << (2 * i + j)
    return dead | dead_third[0, up] | dead_third[1, down]


@compiled
def _pure(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    m1: int,
    profile: tuple[int, int, int],
) -> int:
    """Judge a pure profile: 1 certain, 0 open, -1 certainly not, as the following do."""
    i, j, k = profile
    worst = 0  # the least certain of what the deviations gain
    gain_b, gain_c = b[i, k] * (1 - 2 * j), c[i, j] * (1 - 2 * k)
    worst = max(_sign(gain_b, errors[1]), _sign(gain_c, errors[2]))
    for o in range(m1):
        if o != i:
            worst = max(worst, _sign(a[o, j, k] - a[i, j, k], errors[0]))
    return -worst


@compiled
def _common(v0: float, e0: float, v1: float, e1: float) -> tuple[int, int]:
    """Return the certain sign of two weights (0: neither is certain), and a verdict on it.

    The verdict is 1 if both certainly have that sign, -1 if they certainly differ, otherwise 0.
    """
    one, two = _sign(v0, e0), _sign(v1, e1)
    if one * two != 0:
        return one, one * two
    return one + two, 0


@compiled
def _form(q: FloatArray, r: FloatArray, table: FloatArray, less: FloatArray, e: float) -> int:
    """Return the certain sign of what a table of payoffs gives more than another on weights.

    `q` and `r` hold two weights each, then what bounds their errors; `e` bounds those of the
    differences.
    """
    to0, e0 = _dot(
        table[0, 0] - less[0, 0], e, r[0], r[2], table[0, 1] - less[0, 1], e, r[1], r[3]
    )
    to1, e1 = _dot(
        table[1, 0] - less[1, 0], e, r[0], r[2], table[1, 1] - less[1, 1], e, r[1], r[3]
    )
    gain, error = _dot(q[0], q[2], to0, e0, q[1], q[3], to1, e1)
    return _sign(gain, error)


@compiled
def _second_third(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    m1: int,
    i: int,
    q: FloatArray,
    r: FloatArray,
    x: FloatArray,
) -> int:
    """Judge the second and third player mixing where the first plays `i`; fill the weights `x`.

    The players' weights are ``x[:3]``, ``x[3:5]`` and ``x[5:]``.
    """
    q[0], q[1], q[2], q[3] = c[i, 1], -c[i, 0], errors[2], errors[2]
    r[0], r[1], r[2], r[3] = b[i, 1], -b[i, 0], errors[1], errors[1]
    sign_q, sure_q = _common(q[0], q[2], q[1], q[3])
    sign_r, sure_r = _common(r[0], r[2], r[1], r[3])
    if sure_q < 0 or sure_r < 0:
        return -1
    x[i], x[3], x[4], x[5], x[6] = 1.0, q[0], q[1], r[0], r[1]
    sure = sure_q * sure_r
    for o in range(m1):
        if o != i:
            more = _form(q, r, a[o], a[i], errors[0]) * sign_q * sign_r
            if more > 0:
                return -1
            sure *= -more
    return sure


@compiled
def _first_second(
    a: FloatArray,
    k: int,
    b: FloatArray,
    eb: float,
    c: FloatArray,
    ec: float,
    ea: float,
    case: IntArray,
    x: FloatArray,
) -> int:
    """Judge the first player mixing two strategies and the second, where the third plays `k`.

    The weights are ``x[:3]``, ``x[3:5]`` and ``x[5:]``. The third player's weights come second
    where `a`, `b` and `c` are those of exchanged players.
    """
    i, s, left = case[1], case[2], case[3]
    q0, q1 = a[s, 1, k] - a[i, 1, k], a[i, 0, k] - a[s, 0, k]
    p0, p1 = b[s, k], -b[i, k]
    p, sure_p = _common(p0, eb, p1, eb)
    q, sure_q = _common(q0, ea, q1, ea)
    if sure_p < 0 or sure_q < 0:
        return -1
    x[i], x[s], x[3], x[4], x[5 + k] = p0, p1, q0, q1, 1.0
    sure = sure_p * sure_q
    if left >= 0:
        gain, error = _dot(
            q0, ea, a[left, 0, k] - a[i, 0, k], ea, q1, ea, a[left, 1, k] - a[i, 1, k], ea
        )
        more = _sign(gain, error) * q
        if more > 0:
            return -1
        sure *= -more
    to0, e0 = _dot(q0, ea, c[i, 0], ec, q1, ea, c[i, 1], ec)
    to1, e1 = _dot(q0, ea, c[s, 0], ec, q1, ea, c[s, 1], ec)
    gain, error = _dot(p0, eb, to0, e0, p1, eb, to1, e1)
    more = _sign(gain, error) * p * q * (1 - 2 * k)
    return -1 if more > 0 else -more * sure


@compiled
def _apart(g0: float, g1: float, eg: float, h0: float, h1: float, eh: float) -> bool:
    """Tell whether on no weights of two strategies two deviations both certainly gain nothing.

    `g0` and `g1` are the gains of one deviation where the first or the second of the two is
    played, `h0` and `h1` those of the other.
    """
    if (g0 > eg and g1 > eg) or (h0 > eh and h1 > eh):
        return True
    if g0 > eg and h1 > eh:
        value, bound = _dot(g0, eg, h1, eh, -g1, eg, h0, eh)
    elif g1 > eg and h0 > eh:
        value, bound = _dot(g1, eg, h0, eh, -g0, eg, h1, eh)
    else:
        return False
    return value > bound


@compiled
def _first_alone(
    b: FloatArray, c: FloatArray, errors: FloatArray, m1: int, case: IntArray
) -> int:
    """Judge the first player mixing alone, tied: -1 if another certainly deviates, otherwise 0.

    Of three strategies no two may do: weights on all are an equilibrium only if some on two are.
    """
    i, s, left, j, k = case[1], case[2], case[3], case[4], case[5]
    eb, ec = errors[1], errors[2]
    one, two = 1 - 2 * j, 1 - 2 * k
    b0, b1, c0, c1 = one * b[i, k], one * b[s, k], two * c[i, j], two * c[s, j]
    apart = _apart(b0, b1, eb, c0, c1, ec)
    if apart and m1 == 3 and left < 0:
        b2, c2 = one * b[2, k], two * c[2, j]
        apart = _apart(b0, b2, eb, c0, c2, ec) and _apart(b1, b2, eb, c1, c2, ec)
    return -int(apart)


@compiled
def _second_alone(
    a: FloatArray, ea: float, c: FloatArray, ec: float, m1: int, i: int, k: int
) -> int:
    """Judge the second player mixing alone, tied, or the third where they are exchanged."""
    c0, c1 = (1 - 2 * k) * c[i, 0], (1 - 2 * k) * c[i, 1]
    for o in range(m1):
        if o != i:
            a0, a1 = a[o, 0, k] - a[i, 0, k], a[o, 1, k] - a[i, 1, k]
            if _apart(a0, a1, ea, c0, c1, ec):
                return -1
            for t in range(o):
                if t != i and _apart(
                    a0, a1, ea, a[t, 0, k] - a[i, 0, k], a[t, 1, k] - a[i, 1, k], ea
                ):
                    return -1
    return 0


@compiled
def _three_second(a: FloatArray, k: int, error: float) -> int:
    """Judge the first player mixing all three strategies where the third plays `k`: -1 or 0.

    Two conditions on the second player's two weights agree only if a determinant is 0.
    """
    u0, u1 = a[1, 0, k] - a[0, 0, k], a[1, 1, k] - a[0, 1, k]
    v0, v1 = a[2, 0, k] - a[0, 0, k], a[2, 1, k] - a[0, 1, k]
    value, bound = _dot(u0, error, v1, error, -u1, error, v0, error)
    return -1 if _sign(value, bound) != 0 else 0


@compiled
def _forms(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    case: IntArray,
    w: FloatArray,
    m: FloatArray,
) -> None:
    """Fill two forms in q and r that are 0 where the conditions hold, and after each its errors.

    The first is the indifference of the first player between two strategies; the second that
    between two others or, where there are only two, what is left of the other players' conditions
    without p.
    """
    i, s = case[1], case[2]
    w[2:] = errors[0]
    m[2:] = errors[0]
    for j in range(2):
        for k in range(2):
            w[j, k] = a[s, j, k] - a[i, j, k]
            if case[0] == _ALL:
                m[j, k] = a[2, j, k] - a[i, j, k]
            else:
                m[j, k], m[2 + j, k] = _dot(
                    b[i, k], errors[1], c[s, j], errors[2], -b[s, k], errors[1], c[i, j], errors[2]
                )


@compiled
def _roots(w: FloatArray, m: FloatArray, q: FloatArray) -> int:
    """Fill ``q[0]`` and ``q[1]`` with the roots of q'wr = q'mr = 0 in q: 1 certain, 0 open, -1 none.

    The conditions on r are proportional: h0 q0^2 + h1 q0 q1 + h2 q1^2 = 0. If the discriminant is
    open, each of the two vectors, with its errors, holds a multiple of both roots or 0.
    """
    h0, e0 = _dot(m[0, 0], m[2, 0], w[0, 1], w[2, 1], -m[0, 1], m[2, 1], w[0, 0], w[2, 0])
    h2, e2 = _dot(m[1, 0], m[3, 0], w[1, 1], w[3, 1], -m[1, 1], m[3, 1], w[1, 0], w[3, 0])
    one, e_one = _dot(m[0, 0], m[2, 0], w[1, 1], w[3, 1], -m[0, 1], m[2, 1], w[1, 0], w[3, 0])
    two, e_two = _dot(m[1, 0], m[3, 0], w[0, 1], w[2, 1], -m[1, 1], m[3, 1], w[0, 0], w[2, 0])
    h1, e1 = _dot(one, e_one, 1.0, 0.0, two, e_two, 1.0, 0.0)
    d, ed = _dot(h1, e1, h1, e1, -4.0 * h0, 4.0 * e0, h2, e2)
    kind = _sign(d, ed)
    if kind < 0:
        return -1
    root, e_root = 0.0, math.sqrt(max(d + ed, 0.0))
    if kind > 0:
        root = math.sqrt(d)
        e_root = ed / root
    middle = -h1 - math.copysign(root, h1)
    e_middle = (e1 + e_root + _EPSILON * (root + e_root + abs(middle))) * _WIDER
    q[0, 0], q[0, 1], q[0, 2], q[0, 3] = 2.0 * h2, middle, 2.0 * e2, e_middle
    q[1, 0], q[1, 1], q[1, 2], q[1, 3] = middle, 2.0 * h0, e_middle, 2.0 * e0
    return kind


@compiled
def _reply(w: FloatArray, q: FloatArray, r: FloatArray) -> tuple[int, int]:
    """Fill `r` with the weights for which q'wr = 0, then their errors; judge their common sign."""
    r[0], r[2] = _dot(q[0], q[2], w[0, 1], w[2, 1], q[1], q[3], w[1, 1], w[3, 1])
    r[1], r[3] = _dot(-q[0], q[2], w[0, 0], w[2, 0], -q[1], q[3], w[1, 0], w[3, 0])
    return _common(r[0], r[2], r[1], r[3])


@compiled
def _clear(v0: float, e0: float, v1: float, e1: float) -> bool:
    """Tell whether two weights are known to ten bits: beyond it another way to them may pay."""
    return abs(v0) > 1024.0 * e0 and abs(v1) > 1024.0 * e1


@compiled
def _replies(w: FloatArray, m: FloatArray, q: FloatArray, r: FloatArray) -> tuple[int, int]:
    """Fill `r` as the first form says or, where that leaves it less clear, the second."""
    sign, sure = _reply(w, q, r)
    if sure < 0 or _clear(r[0], r[2], r[1], r[3]):
        return sign, sure
    size, error = abs(r[0]) + abs(r[1]), r[2] + r[3]
    sign, sure = _reply(m, q, r)
    if sure >= 0 and (abs(r[0]) + abs(r[1])) * error < size * (r[2] + r[3]):
        return _reply(w, q, r)
    return sign, sure


@compiled
def _two_each(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    case: IntArray,
    w: FloatArray,
    m: FloatArray,
    q: FloatArray,
    r: FloatArray,
    x: FloatArray,
) -> int:
    """Judge three players mixing two strategies each, where the second does by a root `q`."""
    i, s, left = case[1], case[2], case[3]
    sign_q, sure_q = _common(q[0], q[2], q[1], q[3])
    sign_r, sure_r = _replies(w, m, q, r)
    if sure_q < 0 or sure_r < 0:
        return -1
    eb, ec = errors[1], errors[2]
    p0, e0 = _dot(q[0], q[2], c[s, 0], ec, q[1], q[3], c[s, 1], ec)
    p1, e1 = _dot(-q[0], q[2], c[i, 0], ec, -q[1], q[3], c[i, 1], ec)
    _, sure_p = _common(p0, e0, p1, e1)
    if sure_p >= 0 and not _clear(p0, e0, p1, e1):
        o0, f0 = _dot(r[0], r[2], b[s, 0], eb, r[1], r[3], b[s, 1], eb)
        o1, f1 = _dot(-r[0], r[2], b[i, 0], eb, -r[1], r[3], b[i, 1], eb)
        _, other = _common(o0, f0, o1, f1)
        if other < 0 or (abs(o0) + abs(o1)) * (e0 + e1) > (abs(p0) + abs(p1)) * (f0 + f1):
            p0, p1, sure_p = o0, o1, other
    if sure_p < 0:
        return -1
    x[i], x[s], x[3], x[4], x[5], x[6] = p0, p1, q[0], q[1], r[0], r[1]
    sure = sure_p * sure_q * sure_r
    if left >= 0:
        more = _form(q, r, a[left], a[i], errors[0]) * sign_q * sign_r
        if more > 0:
            return -1
        sure *= -more
    return sure


@compiled
def _all(
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    w: FloatArray,
    m: FloatArray,
    q: FloatArray,
    r: FloatArray,
    x: FloatArray,
) -> int:
    """Judge all strategies of 3 x 2 x 2 in use, where the second player mixes by a root `q`."""
    _, sure_q = _common(q[0], q[2], q[1], q[3])
    _, sure_r = _replies(w, m, q, r)
    if sure_q < 0 or sure_r < 0:
        return -1
    eb, ec = errors[1], errors[2]
    u0, e0 = _dot(r[0], r[2], b[0, 0], eb, r[1], r[3], b[0, 1], eb)
    u1, e1 = _dot(r[0], r[2], b[1, 0], eb, r[1], r[3], b[1, 1], eb)
    u2, e2 = _dot(r[0], r[2], b[2, 0], eb, r[1], r[3], b[2, 1], eb)
    v0, f0 = _dot(q[0], q[2], c[0, 0], ec, q[1], q[3], c[0, 1], ec)
    v1, f1 = _dot(q[0], q[2], c[1, 0], ec, q[1], q[3], c[1, 1], ec)
    v2, f2 = _dot(q[0], q[2], c[2, 0], ec, q[1], q[3], c[2, 1], ec)
    p0, g0 = _dot(u1, e1, v2, f2, -u2, e2, v1, f1)
    p1, g1 = _dot(u2, e2, v0, f0, -u0, e0, v2, f2)
    p2, g2 = _dot(u0, e0, v1, f1, -u1, e1, v0, f0)
    one, two, three = _sign(p0, g0), _sign(p1, g1), _sign(p2, g2)
    if min(one, two, three) < 0 and max(one, two, three) > 0:
        return -1
    x[0], x[1], x[2], x[3], x[4], x[5], x[6] = p0, p1, p2, q[0], q[1], r[0], r[1]
    return abs(one * two * three) * sure_q * sure_r


@compiled
def _judge(
    a: FloatArray,
    turned: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    m1: int,
    case: IntArray,
    space: FloatArray,
    x: FloatArray,
) -> tuple[int, int]:
    """Judge the one or two equilibria that a case may have: 1 certain, 0 open, -1 certainly not.

    `space` is room for numbers, (4, 4, 4); the weights are filled in ``x[0]`` and ``x[1]``.
    """
    kind = case[0]
    if kind == _PURE:
        return _pure(a, b, c, errors, m1, (case[1], case[4], case[5])), -1
    if kind == _FIRST:
        return _first_alone(b, c, errors, m1, case), -1
    if kind == _SECOND:
        return _second_alone(a, errors[0], c, errors[2], m1, case[1], case[5]), -1
    if kind == _THIRD:
        return _second_alone(turned, errors[0], b, errors[1], m1, case[1], case[4]), -1
    x[:] = 0.0
    if kind == _SECOND_THIRD:
        return _second_third(a, b, c, errors, m1, case[1], space[2, 0], space[3, 0], x[0]), -1
    if kind == _FIRST_SECOND:
        sure = _first_second(a, case[5], b, errors[1], c, errors[2], errors[0], case, x[0])
        return sure, -1
    if kind == _FIRST_THIRD:
        sure = _first_second(turned, case[4], c, errors[2], b, errors[1], errors[0], case, x[0])
        x[0, 3], x[0, 4], x[0, 5], x[0, 6] = x[0, 5], x[0, 6], x[0, 3], x[0, 4]
        return sure, -1
    if kind == _THREE_SECOND:
        return _three_second(a, case[5], errors[0]), -1
    if kind != _TWO_EACH and kind != _ALL:
        return _three_second(turned, case[4], errors[0]), -1
    w, m, q, r = space[0], space[1], space[2], space[3, 0]
    _forms(a, b, c, errors, case, w, m)
    found = _roots(w, m, q)
    if found < 0:
        return -1, -1
    if kind == _ALL:
        first = _all(b, c, errors, w, m, q[0], r, x[0])
        second = _all(b, c, errors, w, m, q[1], r, x[1])
    else:
        first = _two_each(a, b, c, errors, case, w, m, q[0], r, x[0])
        second = _two_each(a, b, c, errors, case, w, m, q[1], r, x[1])
    if found == 0:
        return -int(first < 0 or second < 0), -1
    return first, second


@compiled
def decide_three(
    payoffs: FloatArray,
    sizes: tuple[int, int, int],
    unit: float,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    places: IntArray,
    accepted: IntArray,
    status: StatusArray,
    count: IntArray,
) -> None:
    """Decide which cases carry an equilibrium, or two, in each game.

    Parameters
    ----------
    payoffs : float64 (N 3 m1 m2 m3,), one game after the other, the largest player first
    sizes : m1, m2 and m3, up to 3, 2 and 2
    unit : error of a difference of payoffs, over the largest of them
    tables, places : as `_three_player_cases.tables` and `bit_places` make them
    accepted : int64 (N,), filled: positions in the table of answers as bits
    status, count : int8 and int64 (N,), filled
    """
    cases, _, dead_first, dead_second, dead_third = tables
    a, turned = np.zeros((3, 2, 2)), np.zeros((3, 2, 2))
    b, c, errors = np.zeros((3, 2)), np.zeros((3, 2)), np.zeros(3)
    space, x = np.zeros((4, 4, 4)), np.zeros((2, 7))
    size = 3 * sizes[0] * sizes[1] * sizes[2]
    every = ~(np.int64(-1) << cases.shape[0])
    for g in range(status.size):
        accepted[g] = 0
        count[g] = 0
        if not _load(payoffs, g * size, sizes, unit, a, turned, b, c, errors):
            status[g] = BAD_INPUT
            continue
        status[g] = OK
        dead = _excluded(a, b, c, errors, sizes, dead_first, dead_second, dead_third)
        left = every & ~dead
        while left:
            case = cases[places[(left & -left) % 67]]
            left &= left - 1
            first, second = _judge(a, turned, b, c, errors, sizes[0], case, space, x)
            if first == 0 or second == 0:
                status[g] = DEGENERATE
            if first > 0:
                accepted[g] |= 1 << case[6]
                count[g] += 1
            if second > 0:
                accepted[g] |= 1 << (case[6] + 1)
                count[g] += 1


@compiled
def write_three(
    payoffs: FloatArray,
    sizes: tuple[int, int, int],
    unit: float,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    places: IntArray,
    leader: int,
    accepted: IntArray,
    first: FloatArray,
    second: FloatArray,
    third: FloatArray,
) -> None:
    """Write down the strategies of the accepted answers, game after game.

    Parameters
    ----------
    payoffs, sizes, unit, tables, places : as for `decide_three`
    leader : which player's strategy says which of two roots comes first
    accepted : int64 (N,)
    first, second, third : float64 (E, m1), (E, m2) and (E, m3), zeros; filled
    """
    cases, answers = tables[0], tables[1]
    m1, m2, m3 = sizes
    a, turned = np.zeros((3, 2, 2)), np.zeros((3, 2, 2))
    b, c, errors = np.zeros((3, 2)), np.zeros((3, 2)), np.zeros(3)
    space, x = np.zeros((4, 4, 4)), np.zeros((2, 7))
    size = 3 * m1 * m2 * m3
    filled = 0
    for g in range(accepted.size):
        left = accepted[g]
        loaded = False
        while left:
            place = places[(left & -left) % 67]
            left &= left - 1
            case = cases[answers[place, 0]]
            if case[0] == _PURE:
                first[filled, case[1]] = 1.0
                second[filled, case[4]] = 1.0
                third[filled, case[5]] = 1.0
                filled += 1
                continue
            if not loaded:
                _load(payoffs, g * size, sizes, unit, a, turned, b, c, errors)
                loaded = True
            _judge(a, turned, b, c, errors, m1, case, space, x)
            root = answers[place, 1]
            both = root == 0 and case[0] in (_TWO_EACH, _ALL) and (left >> (place + 1)) & 1
            _divide(x[0])
            _divide(x[1])
            if both:
                left &= left - 1
                root = int(_later(x[0], x[1], leader))
            for _ in range(1 + int(both)):
                first[filled] = x[root, :m1]
                second[filled] = x[root, 3 : 3 + m2]
                third[filled] = x[root, 5 : 5 + m3]
                root = 1 - root
                filled += 1


@compiled
def _divide(x: FloatArray) -> None:
    """Turn the weights of three players into probabilities."""
    p, q, r = x[0] + x[1] + x[2], x[3] + x[4], x[5] + x[6]
    for k in range(3):
        x[k] = abs(x[k] / p)  # or 0 were -0
    for k in range(2):
        x[3 + k] = abs(x[3 + k] / q)
        x[5 + k] = abs(x[5 + k] / r)


@compiled
def _later(one: FloatArray, other: FloatArray, leader: int) -> bool:
    """Tell whether a profile comes after another: less weight on the leader's first strategies."""
    start = 0 if leader == 0 else 1 + 2 * leader
    for k in range(start, start + (3 if leader == 0 else 2)):
        if one[k] != other[k]:
            return bool(one[k] < other[k])
    return False
