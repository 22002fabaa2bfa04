"""The point of a traced logit branch with a given precision."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .quantal_steps import (
    LARGEST_ERROR,
    PREDICTOR_ERROR,
    SMALLEST_STEP,
    apart,
    correct,
    direction,
    lower,
    measure,
    weigh,
)
from .quantal_system import inner, payoff_slopes

__all__ = ["hermite", "point_at"]

_SIDE = 0.25  # share of the way to the nearer end that the correction of a cubic may take


@compiled
def cubic(
    x: FloatArray,
    t: FloatArray,
    y: FloatArray,
    u: FloatArray,
    weights: FloatArray,
    share: float,
    out: FloatArray,
) -> float:
    """Fill the point at this share of the cubic from `x` along `t` to `y` along `u`.

    Returns the length of its chord, in the units `weights`.
    """
    length = apart(x, y, weights)
    rest = 1.0 - share
    first = share * rest * rest * length / measure(t, weights)
    last = share * share * rest * length / measure(u, weights)
    ahead = share * share * (3.0 - 2.0 * share)
    for b in range(x.shape[0]):
        out[b] = x[b] + ahead * (y[b] - x[b]) + first * t[b] - last * u[b]
    return length


@compiled
def hermite(
    x: FloatArray,
    t: FloatArray,
    y: FloatArray,
    u: FloatArray,
    precision: float,
    weights: FloatArray,
    guess: FloatArray,
) -> float:
    """Fill the point with this precision on the cubic from `x` along `t` to `y` along `u`.

    Returns the length of the chord, in the units at `x`, which `weights` becomes.
    """
    n = x.shape[0] - 1
    weigh(x, weights)
    length = apart(x, y, weights)
    first, last = length * t[n] / measure(t, weights), length * u[n] / measure(u, weights)
    low, high = 0.0, 1.0
    for _ in range(50):
        f = 0.5 * (low + high)
        ahead = f * f * (3.0 - 2.0 * f) * (y[n] - x[n])
        value = x[n] + ahead + f * (1.0 - f) * ((1.0 - f) * first - f * last)
        if (value < precision) == (x[n] < y[n]):
            low = f
        else:
            high = f
    cubic(x, t, y, u, weights, 0.5 * (low + high), guess)
    guess[n] = precision
    return length


@compiled
def point_at(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    before: FloatArray,
    tangent_before: FloatArray,
    behind: FloatArray,
    tangent_behind: FloatArray,
    precision: float,
) -> tuple[bool, FloatArray]:
    """Return the point of the curve with this precision between two neighboring points.

    Where Newton's steps do not lead to it (another branch crosses here, or rounding hides it)
    the answer is negative, and the point is read off the cubic between two points of the curve
    that are as near as they could be found on both sides.
    """
    n = starts[sizes.shape[0]]
    slopes = np.zeros((n, n))
    work = np.ones((5, n + 1))
    residual = np.zeros(n + 1)
    matrix = np.zeros((n + 1, n + 1))
    rows = np.zeros(n + 1, np.int64)
    if sizes.shape[0] == 2:
        payoff_slopes(payoffs, sizes, starts, before, slopes)
    level, singular = np.zeros(n + 1), np.ones((n + 3, n + 1))
    level[n] = 1.0
    x, y = before.copy(), behind.copy()
    t, u = tangent_before.copy(), tangent_behind.copy()
    guess, found, tangent = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    row, weights = np.zeros(n + 1), np.zeros(n + 1)
    for _ in range(200):
        length = hermite(x, t, y, u, precision, weights, guess)
        found[:] = guess
        error = correct(
            payoffs, sizes, starts, found, level, slopes, work, residual, matrix, rows,
            PREDICTOR_ERROR,
        )  # fmt: skip
        # Newton's steps must not lead across: to the other side of a turn, or of a crossing.
        room = min(apart(x, guess, weights), apart(guess, y, weights))
        if error >= 0.0 and apart(guess, found, weights) <= max(_SIDE * room, 1e-9):
            return True, found
        if length < SMALLEST_STEP:
            break
        # Near a turning point the precision is a poor coordinate: come nearer along the curve.
        lower(t, weights, row)
        nearer = False
        for share in (0.5, 0.375, 0.625):
            cubic(x, t, y, u, weights, share, found)
            error = correct(
                payoffs, sizes, starts, found, row, slopes, work, residual, matrix, rows,
                LARGEST_ERROR,
            )  # fmt: skip
            if not 0.0 <= error <= max(_SIDE * length, 1e-9):
                continue
            sign, _, _ = direction(
                payoffs, sizes, starts, found, row, slopes, work, residual, matrix, rows, tangent,
                singular, singular,
            )  # fmt: skip
            if sign != 0.0 and inner(row, tangent) > 0.9 * measure(tangent, weights):
                nearer = True
                break
        if not nearer or (found[n] < x[n]) == (x[n] < y[n]) or (found[n] < y[n]) != (x[n] < y[n]):
            break
        if (found[n] < precision) == (x[n] < y[n]):
            x[:] = found
            t[:] = tangent
        else:
            y[:] = found
            u[:] = tangent
    return False, guess
