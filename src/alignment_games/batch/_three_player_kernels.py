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
from typing import TypeAlias

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from ._three_player_cases import Kind
from .kernels import BAD_INPUT, DEGENERATE, OK, bounds, factors

__all__ = ["decide_three", "write_three"]

_EPSILON = 2.0**-52
"""Two roundings to nearest."""

_WIDER = 1.0 + 2.0**-48
"""What the roundings of a bound itself can take from it."""

_SMALL, _LARGE = 1e-15, 1e15
"""Sizes of payoffs of which products of eight, and of their errors, stay in the range of floats."""

_Weights: TypeAlias = tuple[float, float, float, float]
"""Two weights of a player, up to a common factor, then bounds on their errors."""

_Form: TypeAlias = tuple[float, float, float, float, float, float, float, float]
"""A bilinear form in two weights of two players each, then bounds on the errors."""

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
def _largest(payoffs: FloatArray, start: int, at: IntArray, first: int) -> tuple[float, bool]:
    """Return a player's largest payoff in size, and whether all are finite."""
    largest, finite = 0.0, 0.0
    for n in range(first, first + 12):
        value = payoffs[start + at[n]]
        finite += value * 0.0
        largest = max(largest, abs(value))
    return largest, finite == 0.0


@compiled
def _load(
    payoffs: FloatArray,
    start: int,
    at: IntArray,
    unit: float,
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
) -> bool:
    """Read a game, scaled: payoffs of the first player, differences of the others'.

    ``a[4 * i + 2 * j + k]`` is what the first player gets; ``b[2 * i + k]`` is what the second's
    last strategy earns more than its first, ``c[2 * i + j]`` the same of the third. A last
    strategy that is not there earns less by 1. Return whether all payoffs are finite.
    """
    largest, finite = _largest(payoffs, start, at, 0)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    errors[0], _ = bounds(0.0, largest, one, two, unit)
    for n in range(12):
        a[n] = payoffs[start + at[n]] * one * two
    largest, finite_b = _largest(payoffs, start, at, 12)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    errors[1], _ = bounds(0.0, largest, one, two, unit)
    for i in range(3):
        for k in range(2):
            n = 12 + 4 * i + k
            high, low = payoffs[start + at[n + 2]], payoffs[start + at[n]]
            b[2 * i + k] = high * one * two - low * one * two
    largest, finite_c = _largest(payoffs, start, at, 24)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    errors[2], _ = bounds(0.0, largest, one, two, unit)
    for i in range(3):
        for j in range(2):
            n = 24 + 4 * i + 2 * j
            high, low = payoffs[start + at[n + 1]], payoffs[start + at[n]]
            c[2 * i + j] = high * one * two - low * one * two
    if at[12] == at[14]:
        errors[1] = 0.0
        for n in range(6):
            b[n] = -1.0
    if at[24] == at[25]:
        errors[2] = 0.0
        for n in range(6):
            c[n] = -1.0
    return finite and finite_b and finite_c


@compiled
def _excluded(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    dead_first: IntArray,
    dead_second: IntArray,
    dead_third: IntArray,
) -> int:
    """Return the cases with a strategy certainly worse than another wherever the others play."""
    error, dead = errors[0], 0
    for i in range(3):
        for o in range(i + 1, 3):
            up, down = 0, 0
            for n in range(4):
                gain = a[4 * o + n] - a[4 * i + n]
                up |= int(gain > error) << n
                down |= int(gain < -error) << n
            dead |= dead_first[i, up] | dead_first[o, down]
    error, up, down = errors[1], 0, 0
    for n in range(6):
        up |= int(b[n] > error) << n
        down |= int(b[n] < -error) << n
    dead |= dead_second[0, up] | dead_second[1, down]
    error, up, down = errors[2], 0, 0
    for n in range(6):
        up |= int(c[n] > error) << n
        down |= int(c[n] < -error) << n
    return int(dead | dead_third[0, up] | dead_third[1, down])


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
    worst = max(
        _sign(b[2 * i + k] * (1 - 2 * j), errors[1]), _sign(c[2 * i + j] * (1 - 2 * k), errors[2])
    )
    for o in range(m1):
        if o != i:
            worst = max(worst, _sign(a[4 * o + 2 * j + k] - a[4 * i + 2 * j + k], errors[0]))
    return -worst


@compiled
def _common(v: _Weights) -> tuple[int, int]:
    """Return the certain sign of two weights (0: neither is certain), and a verdict on it.

    The verdict is 1 if both certainly have that sign, -1 if they certainly differ, otherwise 0.
    """
    one, two = _sign(v[0], v[2]), _sign(v[1], v[3])
    if one * two != 0:
        return one, one * two
    return one + two, 0


@compiled
def _gain(a: FloatArray, errors: FloatArray, o: int, i: int, q: _Weights, r: _Weights) -> int:
    """Return the certain sign of what the first player gains by `o` over `i` on weights."""
    e, up, low = errors[0], 4 * o, 4 * i
    to0, e0 = _dot(a[up] - a[low], e, r[0], r[2], a[up + 1] - a[low + 1], e, r[1], r[3])
    to1, e1 = _dot(a[up + 2] - a[low + 2], e, r[0], r[2], a[up + 3] - a[low + 3], e, r[1], r[3])
    gain, error = _dot(q[0], q[2], to0, e0, q[1], q[3], to1, e1)
    return _sign(gain, error)


@compiled
def _fill(
    x: FloatArray, root: int, i: int, s: int, p0: float, p1: float, q: _Weights, r: _Weights
) -> None:
    """Fill a row with the weights of three players in its entries 0-2, 3-4 and 5-6."""
    x[root, 0] = 0.0
    x[root, 1] = 0.0
    x[root, 2] = 0.0
    x[root, s] = p1
    x[root, i] = p0
    x[root, 3] = q[0]
    x[root, 4] = q[1]
    x[root, 5] = r[0]
    x[root, 6] = r[1]


@compiled
def _second_third(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    m1: int,
    i: int,
    x: FloatArray,
) -> int:
    """Judge the second and third player mixing where the first plays `i`; fill ``x[0]``."""
    q = (c[2 * i + 1], -c[2 * i], errors[2], errors[2])
    sign_q, sure_q = _common(q)
    if sure_q < 0:
        return -1
    r = (b[2 * i + 1], -b[2 * i], errors[1], errors[1])
    sign_r, sure_r = _common(r)
    if sure_r < 0:
        return -1
    sure = sure_q * sure_r
    for o in range(m1):
        if o != i:
            more = _gain(a, errors, o, i, q, r) * sign_q * sign_r
            if more > 0:
                return -1
            sure *= -more
    _fill(x, 0, i, i, 1.0, 1.0, q, r)
    return sure


@compiled
def _with_first(
    a: FloatArray,
    own: int,
    rest: int,
    pure: int,
    b: FloatArray,
    eb: float,
    c: FloatArray,
    ec: float,
    ea: float,
    first: tuple[int, int, int],
    x: FloatArray,
) -> int:
    """Judge the first player mixing two strategies with another one; fill ``x[0]``.

    The other's payoff differences are `b`, its strategies `own` places apart in `a`; who plays
    `pure` has `c` and `rest`. `first` is the first player's two strategies and the one left out.
    """
    i, s, left = first
    at = rest * pure
    q = (a[4 * s + own + at] - a[4 * i + own + at], a[4 * i + at] - a[4 * s + at], ea, ea)
    sign_q, sure_q = _common(q)
    if sure_q < 0:
        return -1
    p = (b[2 * s + pure], -b[2 * i + pure], eb, eb)
    sign_p, sure_p = _common(p)
    if sure_p < 0:
        return -1
    sure = sure_p * sure_q
    if left >= 0:
        d0, d1 = a[4 * left + at] - a[4 * i + at], a[4 * left + own + at] - a[4 * i + own + at]
        gain, error = _dot(q[0], ea, d0, ea, q[1], ea, d1, ea)
        more = _sign(gain, error) * sign_q
        if more > 0:
            return -1
        sure *= -more
    to0, e0 = _dot(q[0], ea, c[2 * i], ec, q[1], ea, c[2 * i + 1], ec)
    to1, e1 = _dot(q[0], ea, c[2 * s], ec, q[1], ea, c[2 * s + 1], ec)
    gain, error = _dot(p[0], eb, to0, e0, p[1], eb, to1, e1)
    more = _sign(gain, error) * sign_p * sign_q * (1 - 2 * pure)
    if more > 0:
        return -1
    one = (1.0 - pure, 1.0 * pure, 0.0, 0.0)
    if own == 2:
        _fill(x, 0, i, s, p[0], p[1], q, one)
    else:
        _fill(x, 0, i, s, p[0], p[1], one, q)
    return -more * sure


@compiled
def _apart(g0: float, g1: float, eg: float, h0: float, h1: float, eh: float) -> bool:
    """Tell whether on all weights of two strategies one of two deviations certainly gains.

    `g0` and `g1` are the gains of one deviation where the first or the second of the two is
    played, `h0` and `h1` those of the other. If both gained nothing on some weights and g0 and h1
    were positive, g1 and h0 would be so negative that g1 h0 is at least g0 h1.
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
    b: FloatArray, c: FloatArray, errors: FloatArray, three: bool, case: tuple[int, int, int, int]
) -> int:
    """Judge the first player mixing alone, tied: -1 if another certainly deviates, otherwise 0.

    If two deviations gain nothing on some weights of three strategies, so they do on some of two:
    a triangle that meets a quadrant has a side that does.
    """
    i, s, j, k = case
    eb, ec = errors[1], errors[2]
    one, two = 1 - 2 * j, 1 - 2 * k
    b0, b1, c0, c1 = one * b[2 * i + k], one * b[2 * s + k], two * c[2 * i + j], two * c[2 * s + j]
    apart = _apart(b0, b1, eb, c0, c1, ec)
    if apart and three:
        b2, c2 = one * b[4 + k], two * c[4 + j]
        apart = _apart(b0, b2, eb, c0, c2, ec) and _apart(b1, b2, eb, c1, c2, ec)
    return -int(apart)


@compiled
def _other_alone(
    a: FloatArray, ea: float, own: int, at: int, m1: int, i: int, c0: float, c1: float, ec: float
) -> int:
    """Judge another player mixing alone, tied: -1 if one who plays pure certainly deviates.

    Its strategies are `own` places apart in `a`, from `at`; `c0` and `c1` are what the third
    gains where the one or the other is played.
    """
    for o in range(m1):
        if o != i:
            a0 = a[4 * o + at] - a[4 * i + at]
            a1 = a[4 * o + at + own] - a[4 * i + at + own]
            if _apart(a0, a1, ea, c0, c1, ec):
                return -1
            for t in range(o):
                t0 = a[4 * t + at] - a[4 * i + at]
                t1 = a[4 * t + at + own] - a[4 * i + at + own]
                if t != i and _apart(a0, a1, ea, t0, t1, ea):
                    return -1
    return 0


@compiled
def _first_three(a: FloatArray, error: float, own: int, at: int) -> int:
    """Judge the first player mixing all three strategies with one of the others: -1 or 0.

    Two conditions on the other's two weights agree only if a determinant is 0.
    """
    u0, u1 = a[4 + at] - a[at], a[4 + at + own] - a[at + own]
    v0, v1 = a[8 + at] - a[at], a[8 + at + own] - a[at + own]
    value, bound = _dot(u0, error, v1, error, -u1, error, v0, error)
    return -1 if _sign(value, bound) != 0 else 0


@compiled
def _differences(a: FloatArray, error: float, s: int, i: int) -> _Form:
    """Return what the first player gains by `s` over `i`, a form in the others' weights."""
    return (
        a[4 * s] - a[4 * i],
        a[4 * s + 1] - a[4 * i + 1],
        a[4 * s + 2] - a[4 * i + 2],
        a[4 * s + 3] - a[4 * i + 3],
        error,
        error,
        error,
        error,
    )


@compiled
def _others(b: FloatArray, c: FloatArray, errors: FloatArray, i: int, s: int) -> _Form:
    """Return what is left of the others' conditions without the first player's weights.

    Those are on `i` and `s`: p_i c_i q + p_s c_s q = 0 = p_i b_i r + p_s b_s r.
    """
    eb, ec = errors[1], errors[2]
    b0, b1, b2, b3 = b[2 * i], b[2 * i + 1], -b[2 * s], -b[2 * s + 1]
    c0, c1, c2, c3 = c[2 * i], c[2 * i + 1], c[2 * s], c[2 * s + 1]
    m0, e0 = _dot(b0, eb, c2, ec, b2, eb, c0, ec)
    m1, e1 = _dot(b1, eb, c2, ec, b3, eb, c0, ec)
    m2, e2 = _dot(b0, eb, c3, ec, b2, eb, c1, ec)
    m3, e3 = _dot(b1, eb, c3, ec, b3, eb, c1, ec)
    return m0, m1, m2, m3, e0, e1, e2, e3


@compiled
def _roots(w: _Form, m: _Form) -> tuple[int, _Weights, _Weights]:
    """Return the roots of q'wr = q'mr = 0 in q, and first if they are certain (1), open (0), none.

    The conditions on r are proportional: h0 q0^2 + h1 q0 q1 + h2 q1^2 = 0. If the discriminant is
    open, each of the two vectors, with its errors, holds a multiple of both roots or 0.
    """
    h0, e0 = _dot(m[0], m[4], w[1], w[5], -m[1], m[5], w[0], w[4])
    h2, e2 = _dot(m[2], m[6], w[3], w[7], -m[3], m[7], w[2], w[6])
    one, e_one = _dot(m[0], m[4], w[3], w[7], -m[1], m[5], w[2], w[6])
    two, e_two = _dot(m[2], m[6], w[1], w[5], -m[3], m[7], w[0], w[4])
    h1, e1 = _dot(one, e_one, 1.0, 0.0, two, e_two, 1.0, 0.0)
    d, ed = _dot(h1, e1, h1, e1, -4.0 * h0, 4.0 * e0, h2, e2)
    kind = _sign(d, ed)
    if kind < 0:
        return -1, (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)
    root, e_root = 0.0, math.sqrt(max(d + ed, 0.0))
    if kind > 0:
        root = math.sqrt(d)
        e_root = ed / root
    middle = -h1 - math.copysign(root, h1)
    e_middle = (e1 + e_root + _EPSILON * (root + e_root + abs(middle))) * _WIDER
    return kind, (2.0 * h2, middle, 2.0 * e2, e_middle), (middle, 2.0 * h0, e_middle, 2.0 * e0)


@compiled
def _reply(w: _Form, q: _Weights) -> _Weights:
    """Return the weights r for which q'wr = 0."""
    r0, e0 = _dot(q[0], q[2], w[1], w[5], q[1], q[3], w[3], w[7])
    r1, e1 = _dot(-q[0], q[2], w[0], w[4], -q[1], q[3], w[2], w[6])
    return r0, r1, e0, e1


@compiled
def _clear(v: _Weights) -> bool:
    """Tell whether two weights are known to ten bits: beyond it another way to them may pay."""
    return abs(v[0]) > 1024.0 * v[2] and abs(v[1]) > 1024.0 * v[3]


@compiled
def _clearer(v: _Weights, u: _Weights) -> _Weights:
    """Return the weights that are known better, or the second if their signs cannot be."""
    if _common(u)[1] >= 0 and (abs(u[0]) + abs(u[1])) * (v[2] + v[3]) < (abs(v[0]) + abs(v[1])) * (
        u[2] + u[3]
    ):
        return v
    return u


@compiled
def _replies(w: _Form, m: _Form, q: _Weights) -> _Weights:
    """Return r as the first form says or, where that leaves it less clear, the second."""
    r = _reply(w, q)
    if _common(r)[1] < 0 or _clear(r):
        return r
    return _clearer(r, _reply(m, q))


@compiled
def _two_each(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    first: tuple[int, int, int],
    forms: tuple[_Form, _Form],
    q: _Weights,
    root: int,
    x: FloatArray,
) -> int:
    """Judge three players mixing two strategies each, where the second does by a root `q`.

    `first` is the first player's two strategies and the one left out; fill ``x[root]``.
    """
    sign_q, sure_q = _common(q)
    if sure_q < 0:
        return -1
    r = _replies(forms[0], forms[1], q)
    sign_r, sure_r = _common(r)
    if sure_r < 0:
        return -1
    i, s, left = first
    eb, ec = errors[1], errors[2]
    p0, e0 = _dot(q[0], q[2], c[2 * s], ec, q[1], q[3], c[2 * s + 1], ec)
    p1, e1 = _dot(-q[0], q[2], c[2 * i], ec, -q[1], q[3], c[2 * i + 1], ec)
    p = (p0, p1, e0, e1)
    _, sure_p = _common(p)
    if sure_p >= 0 and not _clear(p):
        p0, e0 = _dot(r[0], r[2], b[2 * s], eb, r[1], r[3], b[2 * s + 1], eb)
        p1, e1 = _dot(-r[0], r[2], b[2 * i], eb, -r[1], r[3], b[2 * i + 1], eb)
        p = _clearer(p, (p0, p1, e0, e1))
        _, sure_p = _common(p)
    if sure_p < 0:
        return -1
    sure = sure_p * sure_q * sure_r
    if left >= 0:
        more = _gain(a, errors, left, i, q, r) * sign_q * sign_r
        if more > 0:
            return -1
        sure *= -more
    _fill(x, root, i, s, p[0], p[1], q, r)
    return sure


@compiled
def _all(
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    forms: tuple[_Form, _Form],
    q: _Weights,
    root: int,
    x: FloatArray,
) -> int:
    """Judge all strategies of 3 x 2 x 2 in use, where the second player mixes by a root `q`."""
    _, sure_q = _common(q)
    if sure_q < 0:
        return -1
    r = _replies(forms[0], forms[1], q)
    _, sure_r = _common(r)
    if sure_r < 0:
        return -1
    eb, ec = errors[1], errors[2]
    u0, e0 = _dot(r[0], r[2], b[0], eb, r[1], r[3], b[1], eb)
    u1, e1 = _dot(r[0], r[2], b[2], eb, r[1], r[3], b[3], eb)
    u2, e2 = _dot(r[0], r[2], b[4], eb, r[1], r[3], b[5], eb)
    v0, f0 = _dot(q[0], q[2], c[0], ec, q[1], q[3], c[1], ec)
    v1, f1 = _dot(q[0], q[2], c[2], ec, q[1], q[3], c[3], ec)
    v2, f2 = _dot(q[0], q[2], c[4], ec, q[1], q[3], c[5], ec)
    p0, g0 = _dot(u1, e1, v2, f2, -u2, e2, v1, f1)
    p1, g1 = _dot(u2, e2, v0, f0, -u0, e0, v2, f2)
    p2, g2 = _dot(u0, e0, v1, f1, -u1, e1, v0, f0)
    one, two, three = _sign(p0, g0), _sign(p1, g1), _sign(p2, g2)
    if min(one, two, three) < 0 and max(one, two, three) > 0:
        return -1
    _fill(x, root, 0, 1, p0, p1, q, r)
    x[root, 2] = p2
    return abs(one * two * three) * sure_q * sure_r


@compiled
def _judge(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    errors: FloatArray,
    m1: int,
    cases: IntArray,
    number: int,
    x: FloatArray,
) -> tuple[int, int]:
    """Judge the one or two equilibria that a case may have: 1 certain, 0 open, -1 certainly not.

    The weights of what is not excluded are filled in ``x[0]`` and ``x[1]``, except for pure ones.
    """
    kind, i, s, left = cases[number, 0], cases[number, 1], cases[number, 2], cases[number, 3]
    j, k = cases[number, 4], cases[number, 5]
    ea, eb, ec = errors[0], errors[1], errors[2]
    if kind == _PURE:
        return _pure(a, b, c, errors, m1, (i, j, k)), -1
    if kind in (_TWO_EACH, _ALL):
        w = _differences(a, ea, s, i)
        m = _differences(a, ea, 2, i) if kind == _ALL else _others(b, c, errors, i, s)
        found, one, two = _roots(w, m)
        if found < 0:
            return -1, -1
        if kind == _ALL:
            first = _all(b, c, errors, (w, m), one, 0, x)
            second = _all(b, c, errors, (w, m), two, 1, x)
        else:
            first = _two_each(a, b, c, errors, (i, s, left), (w, m), one, 0, x)
            second = _two_each(a, b, c, errors, (i, s, left), (w, m), two, 1, x)
        if found == 0:
            return -int(first < 0 or second < 0), -1
        return first, second
    if kind == _SECOND_THIRD:
        return _second_third(a, b, c, errors, m1, i, x), -1
    if kind == _FIRST_SECOND:
        return _with_first(a, 2, 1, k, b, eb, c, ec, ea, (i, s, left), x), -1
    if kind == _FIRST_THIRD:
        return _with_first(a, 1, 2, j, c, ec, b, eb, ea, (i, s, left), x), -1
    if kind == _FIRST:
        return _first_alone(b, c, errors, m1 == 3 and left < 0, (i, s, j, k)), -1
    if kind == _SECOND:
        c0, c1 = (1 - 2 * k) * c[2 * i], (1 - 2 * k) * c[2 * i + 1]
        return _other_alone(a, ea, 2, k, m1, i, c0, c1, ec), -1
    if kind == _THIRD:
        b0, b1 = (1 - 2 * j) * b[2 * i], (1 - 2 * j) * b[2 * i + 1]
        return _other_alone(a, ea, 1, 2 * j, m1, i, b0, b1, eb), -1
    if kind == _THREE_SECOND:
        return _first_three(a, ea, 2, k), -1
    return _first_three(a, ea, 1, 2 * j), -1


@compiled
def decide_three(
    payoffs: FloatArray,
    unit: float,
    m1: int,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    places: IntArray,
    accepted: IntArray,
    status: StatusArray,
    count: IntArray,
) -> None:
    """Decide which cases carry an equilibrium, or two, in each game.

    Parameters
    ----------
    payoffs : float64 (N 3 m m m,), one game after the other
    unit : error of a difference of payoffs, over the largest of them
    m1 : strategies of the player whom the tables take for the first
    tables, places : as `_three_player_cases.tables` and `bit_places` make them
    accepted : int64 (N,), filled: positions in the table of answers as bits
    status, count : int8 and int64 (N,), filled
    """
    at, cases, _, dead_first, dead_second, dead_third = tables
    a, b, c, errors, x = np.zeros(12), np.zeros(6), np.zeros(6), np.zeros(3), np.zeros((2, 7))
    every = ~(np.int64(-1) << cases.shape[0])
    size = payoffs.size // max(status.size, 1)
    for g in range(status.size):
        bits, found, verdict = 0, 0, OK
        if _load(payoffs, g * size, at, unit, a, b, c, errors):
            left = every & ~_excluded(a, b, c, errors, dead_first, dead_second, dead_third)
            while left:
                number = places[(left & -left) % 67]
                left &= left - 1
                first, second = _judge(a, b, c, errors, m1, cases, number, x)
                if first == 0 or second == 0:
                    verdict = DEGENERATE
                sure = int(first > 0) | int(second > 0) << 1
                bits |= sure << cases[number, 6]
                found += (sure & 1) + (sure >> 1)
        else:
            verdict = BAD_INPUT
        accepted[g] = bits
        status[g] = verdict
        count[g] = found


@compiled
def write_three(
    payoffs: FloatArray,
    unit: float,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
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
    payoffs, unit, tables, places : as for `decide_three`
    leader : whose strategy says which of two roots comes first
    accepted : int64 (N,)
    first, second, third : float64 (E, m1), (E, m2) and (E, m3), zeros; filled
    """
    at, cases, answers = tables[0], tables[1], tables[2]
    m1, m2, m3 = first.shape[1], second.shape[1], third.shape[1]
    a, b, c, errors, x = np.zeros(12), np.zeros(6), np.zeros(6), np.zeros(3), np.zeros((2, 7))
    size = payoffs.size // max(accepted.size, 1)
    filled = 0
    for g in range(accepted.size):
        left = accepted[g]
        loaded = False
        while left:
            place = places[(left & -left) % 67]
            left &= left - 1
            number, root = answers[place, 0], answers[place, 1]
            if cases[number, 0] == _PURE:
                first[filled, cases[number, 1]] = 1.0
                second[filled, cases[number, 4]] = 1.0
                third[filled, cases[number, 5]] = 1.0
                filled += 1
                continue
            if not loaded:
                _load(payoffs, g * size, at, unit, a, b, c, errors)
                loaded = True
            # The case's errors must be those of the decision: weights depend on what was clear.
            _judge(a, b, c, errors, m1, cases, number, x)
            _divide(x, root)
            both = False
            if root == 0 and left >> (place + 1) & 1 and answers[place + 1, 1] == 1:
                both = True
                left &= left - 1
                _divide(x, 1)
                root = int(_later(x, leader))
            for _ in range(1 + int(both)):
                for n in range(m1):
                    first[filled, n] = x[root, n]
                for n in range(m2):
                    second[filled, n] = x[root, 3 + n]
                for n in range(m3):
                    third[filled, n] = x[root, 5 + n]
                root = 1 - root
                filled += 1


@compiled
def _divide(x: FloatArray, root: int) -> None:
    """Turn the weights of three players into probabilities."""
    p = x[root, 0] + x[root, 1] + x[root, 2]
    q, r = x[root, 3] + x[root, 4], x[root, 5] + x[root, 6]
    for k in range(3):
        x[root, k] = abs(x[root, k] / p)  # or 0 were -0
    for k in range(2):
        x[root, 3 + k] = abs(x[root, 3 + k] / q)
        x[root, 5 + k] = abs(x[root, 5 + k] / r)


@compiled
def _later(x: FloatArray, leader: int) -> bool:
    """Tell whether the first root comes second: less weight on the leader's first strategies."""
    start = 0 if leader == 0 else 1 + 2 * leader
    for k in range(start, start + (3 if leader == 0 else 2)):
        if x[0, k] != x[1, k]:
            return bool(x[0, k] < x[1, k])
    return False
