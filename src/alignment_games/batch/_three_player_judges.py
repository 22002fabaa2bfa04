"""Which cases of a three-player game carry an equilibrium: certain, open, or certainly not.

A case is a combination of supports. With all players mixing, the indifference conditions leave one
quadratic equation for the second player's weights q: forms w and m with q'wr = q'mr = 0, where r
are the third's. Its roots are kept as vectors without a quotient, and r and the first player's p
follow from q without one, so that a leading coefficient of 0 is no exception and a singular
system is an open sign.

A game is given as the numbers that `load` of `alignment_games.batch._three_player_kernels` fills:
what the first player gets by its choice i and those of the others j, k, at ``4 * i + 2 * j + k``;
what the second player's last strategy earns more than its first at ``SECOND + 2 * i + k`` and the
same of the third at ``THIRD + 2 * i + j``; from `ERRORS` a bound on the errors of a difference for
each. One array instead of four is less to pass on.
"""

from __future__ import annotations

from .._compiled import compiled
from .._typing import FloatArray, IntArray
from ._three_player_algebra import (
    Form,
    Weights,
    clear,
    clearer,
    common,
    dot,
    replies,
    roots,
    sign,
)
from ._three_player_cases import Kind

__all__ = ["BLUR", "ERRORS", "NUMBERS", "PURE", "SECOND", "THIRD", "differences", "judge", "others"]

SECOND, THIRD, ERRORS, NUMBERS = 12, 18, 24, 27
"""Where the numbers of a game start, and how many there are."""

BLUR = 7
"""Where a row has, after the weights, their largest relative error if three players mix."""

PURE, _SECOND_THIRD = int(Kind.PURE), int(Kind.SECOND_THIRD)
_FIRST_SECOND, _FIRST_THIRD = int(Kind.FIRST_SECOND), int(Kind.FIRST_THIRD)
_TWO_EACH, _ALL = int(Kind.TWO_EACH), int(Kind.ALL)
_FIRST, _SECOND = int(Kind.FIRST), int(Kind.SECOND)


@compiled
def _pure(
    game: FloatArray,
    m1: int,
    profile: tuple[int, int, int],
) -> int:
    """Judge a pure profile: 1 certain, 0 open, -1 certainly not, as the following do."""
    i, j, k = profile
    worst = max(
        sign(game[SECOND + 2 * i + k] * (1 - 2 * j), game[ERRORS + 1]),
        sign(game[THIRD + 2 * i + j] * (1 - 2 * k), game[ERRORS + 2]),
    )
    for o in range(m1):
        if o != i:
            worst = max(
                worst, sign(game[4 * o + 2 * j + k] - game[4 * i + 2 * j + k], game[ERRORS])
            )
    return -worst


@compiled
def _gain(game: FloatArray, o: int, i: int, q: Weights, r: Weights) -> int:
    """Return the certain sign of what the first player gains by `o` over `i` on weights."""
    e, up, low = game[ERRORS], 4 * o, 4 * i
    to0, e0 = dot(game[up] - game[low], e, r[0], r[2], game[up + 1] - game[low + 1], e, r[1], r[3])
    to1, e1 = dot(
        game[up + 2] - game[low + 2], e, r[0], r[2], game[up + 3] - game[low + 3], e, r[1], r[3]
    )
    gain, error = dot(q[0], q[2], to0, e0, q[1], q[3], to1, e1)
    return sign(gain, error)


@compiled
def _fill(
    x: FloatArray, root: int, i: int, s: int, p0: float, p1: float, q: Weights, r: Weights
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
def _blur(x: FloatArray, root: int, v: Weights) -> None:
    """Raise the largest relative error of a weight in a row to that of two more weights."""
    x[root, BLUR] = max(x[root, BLUR], v[2] / abs(v[0]), v[3] / abs(v[1]))


@compiled
def _second_third(
    game: FloatArray,
    m1: int,
    i: int,
    x: FloatArray,
) -> int:
    """Judge the second and third player mixing where the first plays `i`; fill ``x[0]``."""
    q = (game[THIRD + 2 * i + 1], -game[THIRD + 2 * i], game[ERRORS + 2], game[ERRORS + 2])
    sign_q, sure_q = common(q)
    if sure_q < 0:
        return -1
    r = (game[SECOND + 2 * i + 1], -game[SECOND + 2 * i], game[ERRORS + 1], game[ERRORS + 1])
    sign_r, sure_r = common(r)
    if sure_r < 0:
        return -1
    sure = sure_q * sure_r
    for o in range(m1):
        if o != i:
            more = _gain(game, o, i, q, r) * sign_q * sign_r
            if more > 0:
                return -1
            sure *= -more
    _fill(x, 0, i, i, 1.0, 1.0, q, r)
    return sure


@compiled
def _with_first(
    game: FloatArray,
    own: int,
    pure: int,
    first: tuple[int, int, int],
    x: FloatArray,
) -> int:
    """Judge the first player mixing two strategies with another one; fill ``x[0]``.

    The other's strategies are `own` places apart in the first player's payoffs: 2, the second
    player, or 1, the third; the one who is left plays `pure`. `first` is the first player's two
    strategies and the one left out.
    """
    i, s, left = first
    other, third = (SECOND, THIRD) if own == 2 else (THIRD, SECOND)
    ea, eb, ec = game[ERRORS], game[ERRORS + 3 - own], game[ERRORS + own]
    at = (3 - own) * pure
    q = (
        game[4 * s + own + at] - game[4 * i + own + at],
        game[4 * i + at] - game[4 * s + at],
        ea,
        ea,
    )
    sign_q, sure_q = common(q)
    if sure_q < 0:
        return -1
    p = (game[other + 2 * s + pure], -game[other + 2 * i + pure], eb, eb)
    sign_p, sure_p = common(p)
    if sure_p < 0:
        return -1
    sure = sure_p * sure_q
    if left >= 0:
        d0, d1 = (
            game[4 * left + at] - game[4 * i + at],
            game[4 * left + own + at] - game[4 * i + own + at],
        )
        gain, error = dot(q[0], ea, d0, ea, q[1], ea, d1, ea)
        more = sign(gain, error) * sign_q
        if more > 0:
            return -1
        sure *= -more
    to0, e0 = dot(q[0], ea, game[third + 2 * i], ec, q[1], ea, game[third + 2 * i + 1], ec)
    to1, e1 = dot(q[0], ea, game[third + 2 * s], ec, q[1], ea, game[third + 2 * s + 1], ec)
    gain, error = dot(p[0], eb, to0, e0, p[1], eb, to1, e1)
    more = sign(gain, error) * sign_p * sign_q * (1 - 2 * pure)
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
        value, bound = dot(g0, eg, h1, eh, -g1, eg, h0, eh)
    elif g1 > eg and h0 > eh:
        value, bound = dot(g1, eg, h0, eh, -g0, eg, h1, eh)
    else:
        return False
    return value > bound


@compiled
def _first_alone(game: FloatArray, case: tuple[int, int, int, int]) -> int:
    """Judge the first player mixing alone, tied: -1 if another certainly deviates, otherwise 0."""
    i, s, j, k = case
    b0, b1 = game[SECOND + 2 * i + k], game[SECOND + 2 * s + k]
    c0, c1 = game[THIRD + 2 * i + j], game[THIRD + 2 * s + j]
    one, two = 1 - 2 * j, 1 - 2 * k
    eb, ec = game[ERRORS + 1], game[ERRORS + 2]
    return -int(_apart(one * b0, one * b1, eb, two * c0, two * c1, ec))


@compiled
def _other_alone(
    game: FloatArray, own: int, at: int, m1: int, i: int, c0: float, c1: float, ec: float
) -> int:
    """Judge another player mixing alone, tied: -1 if one who plays pure certainly deviates.

    Its strategies are `own` places apart in the first's payoffs, from `at`; `c0` and `c1` are
    what the third gains where the one or the other is played.
    """
    ea = game[ERRORS]
    for o in range(m1):
        if o != i:
            a0 = game[4 * o + at] - game[4 * i + at]
            a1 = game[4 * o + at + own] - game[4 * i + at + own]
            if _apart(a0, a1, ea, c0, c1, ec):
                return -1
            for t in range(o):
                t0 = game[4 * t + at] - game[4 * i + at]
                t1 = game[4 * t + at + own] - game[4 * i + at + own]
                if t != i and _apart(a0, a1, ea, t0, t1, ea):
                    return -1
    return 0


@compiled
def differences(game: FloatArray, s: int, i: int) -> Form:
    """Return what the first player gains by `s` over `i`, a form in the others' weights."""
    error = game[ERRORS]
    return (
        game[4 * s] - game[4 * i],
        game[4 * s + 1] - game[4 * i + 1],
        game[4 * s + 2] - game[4 * i + 2],
        game[4 * s + 3] - game[4 * i + 3],
        error,
        error,
        error,
        error,
    )


@compiled
def others(game: FloatArray, i: int, s: int) -> Form:
    """Return what is left of the others' conditions without the first player's weights.

    Those are on `i` and `s`: p_i c_i q + p_s c_s q = 0 = p_i b_i r + p_s b_s r.
    """
    eb, ec = game[ERRORS + 1], game[ERRORS + 2]
    b0, b1, b2, b3 = (
        game[SECOND + 2 * i],
        game[SECOND + 2 * i + 1],
        -game[SECOND + 2 * s],
        -game[SECOND + 2 * s + 1],
    )
    c0, c1, c2, c3 = (
        game[THIRD + 2 * i],
        game[THIRD + 2 * i + 1],
        game[THIRD + 2 * s],
        game[THIRD + 2 * s + 1],
    )
    m0, e0 = dot(b0, eb, c2, ec, b2, eb, c0, ec)
    m1, e1 = dot(b1, eb, c2, ec, b3, eb, c0, ec)
    m2, e2 = dot(b0, eb, c3, ec, b2, eb, c1, ec)
    m3, e3 = dot(b1, eb, c3, ec, b3, eb, c1, ec)
    return m0, m1, m2, m3, e0, e1, e2, e3


@compiled
def _two_each(
    game: FloatArray,
    first: tuple[int, int, int],
    forms: tuple[Form, Form],
    q: Weights,
    root: int,
    x: FloatArray,
) -> int:
    """Judge three players mixing two strategies each, where the second does by a root `q`.

    `first` is the first player's two strategies and the one left out; fill ``x[root]``.
    """
    sign_q, sure_q = common(q)
    if sure_q < 0:
        return -1
    r = replies(forms[0], forms[1], q)
    sign_r, sure_r = common(r)
    if sure_r < 0:
        return -1
    i, s, left = first
    eb, ec = game[ERRORS + 1], game[ERRORS + 2]
    p0, e0 = dot(q[0], q[2], game[THIRD + 2 * s], ec, q[1], q[3], game[THIRD + 2 * s + 1], ec)
    p1, e1 = dot(-q[0], q[2], game[THIRD + 2 * i], ec, -q[1], q[3], game[THIRD + 2 * i + 1], ec)
    p = (p0, p1, e0, e1)
    _, sure_p = common(p)
    if sure_p >= 0 and not clear(p):
        p0, e0 = dot(r[0], r[2], game[SECOND + 2 * s], eb, r[1], r[3], game[SECOND + 2 * s + 1], eb)
        p1, e1 = dot(
            -r[0], r[2], game[SECOND + 2 * i], eb, -r[1], r[3], game[SECOND + 2 * i + 1], eb
        )
        p = clearer(p, (p0, p1, e0, e1))
        _, sure_p = common(p)
    if sure_p < 0:
        return -1
    sure = sure_p * sure_q * sure_r
    if left >= 0:
        more = _gain(game, left, i, q, r) * sign_q * sign_r
        if more > 0:
            return -1
        sure *= -more
    _fill(x, root, i, s, p[0], p[1], q, r)
    _blur(x, root, q)
    _blur(x, root, r)
    _blur(x, root, p)
    return sure


@compiled
def _all(
    game: FloatArray,
    forms: tuple[Form, Form],
    q: Weights,
    root: int,
    x: FloatArray,
) -> int:
    """Judge all strategies of 3 x 2 x 2 in use, where the second player mixes by a root `q`."""
    _, sure_q = common(q)
    if sure_q < 0:
        return -1
    r = replies(forms[0], forms[1], q)
    _, sure_r = common(r)
    if sure_r < 0:
        return -1
    eb, ec = game[ERRORS + 1], game[ERRORS + 2]
    u0, e0 = dot(r[0], r[2], game[SECOND], eb, r[1], r[3], game[SECOND + 1], eb)
    u1, e1 = dot(r[0], r[2], game[SECOND + 2], eb, r[1], r[3], game[SECOND + 3], eb)
    u2, e2 = dot(r[0], r[2], game[SECOND + 4], eb, r[1], r[3], game[SECOND + 5], eb)
    v0, f0 = dot(q[0], q[2], game[THIRD], ec, q[1], q[3], game[THIRD + 1], ec)
    v1, f1 = dot(q[0], q[2], game[THIRD + 2], ec, q[1], q[3], game[THIRD + 3], ec)
    v2, f2 = dot(q[0], q[2], game[THIRD + 4], ec, q[1], q[3], game[THIRD + 5], ec)
    p0, g0 = dot(u1, e1, v2, f2, -u2, e2, v1, f1)
    p1, g1 = dot(u2, e2, v0, f0, -u0, e0, v2, f2)
    p2, g2 = dot(u0, e0, v1, f1, -u1, e1, v0, f0)
    one, two, three = sign(p0, g0), sign(p1, g1), sign(p2, g2)
    if min(one, two, three) < 0 and max(one, two, three) > 0:
        return -1
    _fill(x, root, 0, 1, p0, p1, q, r)
    x[root, 2] = p2
    _blur(x, root, q)
    _blur(x, root, r)
    _blur(x, root, (p0, p1, g0, g1))
    _blur(x, root, (p2, p2, g2, g2))
    return abs(one * two * three) * sure_q * sure_r


@compiled
def judge(
    game: FloatArray,
    m1: int,
    cases: IntArray,
    number: int,
    x: FloatArray,
) -> tuple[int, int]:
    """Judge the one or two equilibria that a case may have: 1 certain, 0 open, -1 certainly not.

    The weights of what is not excluded, and their `BLUR`, are filled in ``x[0]`` and ``x[1]``,
    except for pure ones.
    """
    x[0, BLUR], x[1, BLUR] = 0.0, 0.0
    kind, i, s, left = cases[number, 0], cases[number, 1], cases[number, 2], cases[number, 3]
    j, k = cases[number, 4], cases[number, 5]
    if kind == PURE:
        return _pure(game, m1, (i, j, k)), -1
    if kind in (_TWO_EACH, _ALL):
        w = differences(game, s, i)
        m = differences(game, 2, i) if kind == _ALL else others(game, i, s)
        found, one, two = roots(w, m)
        if found < 0:
            return -1, -1
        if kind == _ALL:
            first = _all(game, (w, m), one, 0, x)
            second = _all(game, (w, m), two, 1, x)
        else:
            first = _two_each(game, (i, s, left), (w, m), one, 0, x)
            second = _two_each(game, (i, s, left), (w, m), two, 1, x)
        if found == 0:
            return -int(first < 0 or second < 0), -1
        return first, second
    if kind == _SECOND_THIRD:
        return _second_third(game, m1, i, x), -1
    if kind == _FIRST_SECOND:
        return _with_first(game, 2, k, (i, s, left), x), -1
    if kind == _FIRST_THIRD:
        return _with_first(game, 1, j, (i, s, left), x), -1
    if kind == _FIRST:
        return _first_alone(game, (i, s, j, k)), -1
    if kind == _SECOND:
        c0, c1 = (1 - 2 * k) * game[THIRD + 2 * i], (1 - 2 * k) * game[THIRD + 2 * i + 1]
        return _other_alone(game, 2, k, m1, i, c0, c1, game[ERRORS + 2]), -1
    b0, b1 = (1 - 2 * j) * game[SECOND + 2 * i], (1 - 2 * j) * game[SECOND + 2 * i + 1]
    return _other_alone(game, 1, 2 * j, m1, i, b0, b1, game[ERRORS + 1]), -1
