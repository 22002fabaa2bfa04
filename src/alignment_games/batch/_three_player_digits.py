"""The weights of three-player games near a tie or a double root once more, in doubled precision.

`alignment_games.batch._three_player_judges` proves signs; where little is left of the weights
themselves, `sharpen` computes them again by the same formulas. A sign that is certain in floats
leaves a relative error of no more than one half to floats, so of 2**-48 to doubled precision.
"""

from __future__ import annotations

import math

from .._compiled import compiled
from .._double import Double, add, exact_product, exact_sum, multiply, scale
from .._typing import FloatArray, IntArray
from ._three_player_algebra import middle_term
from ._three_player_cases import Kind
from ._three_player_judges import SECOND, THIRD, differences, others

__all__ = ["sharpen"]

_TWO_EACH, _ALL = int(Kind.TWO_EACH), int(Kind.ALL)

_Pair = tuple[Double, Double]
_Four = tuple[Double, Double, Double, Double]
"""A form in two weights of two players each, as `alignment_games.batch._three_player_algebra.Form`
has it, without bounds."""


@compiled
def _minus(a: Double) -> Double:
    return -a[0], -a[1]


@compiled
def _cross(a: Double, b: Double, c: Double, d: Double) -> Double:
    """Return a b - c d."""
    return add(multiply(a, b), _minus(multiply(c, d)))


@compiled
def _root(a: Double) -> Double:
    """Return the square root of a positive number."""
    high = math.sqrt(a[0])
    square, rest = exact_product(high, high)
    return exact_sum(high, ((a[0] - square) - rest + a[1]) / (2.0 * high))


@compiled
def _image(form: _Four, q: _Pair) -> tuple[_Pair, float]:
    """Return the r for which q'wr = 0, and the share of their terms that does not cancel."""
    up = add(multiply(q[0], form[1]), multiply(q[1], form[3]))
    down = _minus(add(multiply(q[0], form[0]), multiply(q[1], form[2])))
    terms = abs(q[0][0]) * (abs(form[0][0]) + abs(form[1][0]))
    terms += abs(q[1][0]) * (abs(form[2][0]) + abs(form[3][0]))
    share = (abs(up[0]) + abs(down[0])) / terms if terms > 0.0 else 0.0
    return (up, down), share


@compiled
def _better(one: _Four, first: _Pair, other: _Four, second: _Pair) -> _Pair:
    """Return a player's weights by that of two proportional ways that cancels less."""
    mine, share = _image(one, first)
    theirs, rest = _image(other, second)
    if rest > share:
        return theirs
    return mine


@compiled
def _gains(game: FloatArray, s: int, i: int) -> _Four:
    """Return what the first player gains by `s` over `i`, without rounding."""
    return (
        exact_sum(game[4 * s], -game[4 * i]),
        exact_sum(game[4 * s + 1], -game[4 * i + 1]),
        exact_sum(game[4 * s + 2], -game[4 * i + 2]),
        exact_sum(game[4 * s + 3], -game[4 * i + 3]),
    )


@compiled
def _columns(game: FloatArray, low: FloatArray, start: int, i: int, s: int) -> _Four:
    """Return another player's incentives beside the first player's `i` and `s`, turned."""
    n, m = start + 2 * i, start + 2 * s
    return (
        (game[n], low[n]),
        (game[m], low[m]),
        (game[n + 1], low[n + 1]),
        (game[m + 1], low[m + 1]),
    )


@compiled
def _without_first(b: _Four, c: _Four) -> _Four:
    """Return what `alignment_games.batch._three_player_judges.others` does."""
    return (
        _cross(b[0], c[1], b[1], c[0]),
        _cross(b[2], c[1], b[3], c[0]),
        _cross(b[0], c[3], b[1], c[2]),
        _cross(b[2], c[3], b[3], c[2]),
    )


@compiled
def _product(
    game: FloatArray, low: FloatArray, q: _Pair, r: _Pair
) -> tuple[Double, Double, Double]:
    """Return the weights of the first player's three strategies: others' incentives, crossed."""
    u0 = _incentive(game, low, SECOND, r)
    u1 = _incentive(game, low, SECOND + 2, r)
    u2 = _incentive(game, low, SECOND + 4, r)
    v0 = _incentive(game, low, THIRD, q)
    v1 = _incentive(game, low, THIRD + 2, q)
    v2 = _incentive(game, low, THIRD + 4, q)
    return _cross(u1, v2, u2, v1), _cross(u2, v0, u0, v2), _cross(u0, v1, u1, v0)


@compiled
def _incentive(game: FloatArray, low: FloatArray, n: int, other: _Pair) -> Double:
    return add(multiply((game[n], low[n]), other[0]), multiply((game[n + 1], low[n + 1]), other[1]))


@compiled
def _zeros(w: _Four, m: _Four, direction: float) -> tuple[_Pair, _Pair]:
    """Return the roots of q'wr = q'mr = 0 in q, the first with h1 of the sign of `direction`."""
    h0 = _cross(m[0], w[1], m[1], w[0])
    h2 = _cross(m[2], w[3], m[3], w[2])
    h1 = add(_cross(m[0], w[3], m[1], w[2]), _cross(m[2], w[1], m[3], w[0]))
    root = _root(_cross(h1, h1, scale(h0, 4.0), h2))
    middle = _minus(add(h1, scale(root, math.copysign(1.0, direction))))
    return (scale(h2, 2.0), middle), (middle, scale(h0, 2.0))


@compiled
def sharpen(game: FloatArray, low: FloatArray, cases: IntArray, number: int, x: FloatArray) -> None:
    """Fill the weights of a judged case in again, where all three players mix.

    Parameters
    ----------
    game, cases, number, x : those of `alignment_games.batch._three_player_judges.judge`, after it
    low : float64, what the numbers of the game leave out
    """
    kind, i, s = cases[number, 0], cases[number, 1], cases[number, 2]
    b, c = _columns(game, low, SECOND, i, s), _columns(game, low, THIRD, i, s)
    w = _gains(game, s, i)
    if kind == _ALL:
        m = _gains(game, 2, i)
        direction = middle_term(differences(game, s, i), differences(game, 2, i))[0]
    else:
        m = _without_first(b, c)
        direction = middle_term(differences(game, s, i), others(game, i, s))[0]
    for root, q in enumerate(_zeros(w, m, direction)):
        r = _better(w, q, m, q)
        x[root, 3], x[root, 4] = q[0][0], q[1][0]
        x[root, 5], x[root, 6] = r[0][0], r[1][0]
        if kind == _ALL:
            for n, weight in enumerate(_product(game, low, q, r)):
                x[root, n] = weight[0]
        else:
            p = _better(c, q, b, r)
            x[root, i], x[root, s] = p[0][0], p[1][0]
