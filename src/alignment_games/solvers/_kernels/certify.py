"""The certificate of many floating-point profiles of one game, in doubled precision.

The readable definition is `alignment_games.verify`, which is exact.
"""

from __future__ import annotations

from ..._typing import FloatArray, IntArray
from . import compiled

__all__ = ["accounts"]

Double = tuple[float, float]
"""An unevaluated sum of two floats, the second below the rounding error of the first."""


@compiled
def _sum(a: float, b: float) -> Double:
    """Return a + b exactly (Knuth 1969)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


@compiled
def _product(a: float, b: float) -> Double:
    """Return a * b exactly (Dekker 1971), for sizes between about 1e-140 and 1e140."""
    product = a * b
    t = 134217729.0 * a
    a_high = t - (t - a)
    a_low = a - a_high
    t = 134217729.0 * b
    b_high = t - (t - b)
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@compiled
def _add(a: Double, b: Double) -> Double:
    high, low = _sum(a[0], b[0])
    return _sum(high, low + a[1] + b[1])


@compiled
def _times(a: Double, b: float) -> Double:
    high, low = _product(a[0], b)
    return _sum(high, low + a[1] * b)


@compiled
def accounts(payoffs: IntArray, profiles: FloatArray, found: FloatArray) -> None:
    """Compute payoffs and regrets of mixed profiles of a two-player game.

    Parameters
    ----------
    payoffs : ndarray of int64, shape (2, m, n)
    profiles : ndarray of float64, shape (k, m + n)
        Probabilities; each player's are divided by their sum.
    found : ndarray of float64, shape (k, 4)
        Filled with both players' expected payoffs, then both regrets.
    """
    m, n = payoffs.shape[1], payoffs.shape[2]
    sizes = (m, n)
    for k in range(profiles.shape[0]):
        sums = (profiles[k, :m].sum(), profiles[k, m:].sum())
        for who in range(2):
            own_at, other_at = (0, m) if who == 0 else (m, 0)
            best = (0.0, 0.0)
            mean = (0.0, 0.0)
            loss = (0.0, 0.0)
            # Two rounds: the best level, then the losses against it, none of them negative.
            for turn in range(2):
                for i in range(sizes[who]):
                    level = (0.0, 0.0)
                    for j in range(sizes[1 - who]):
                        p = profiles[k, other_at + j]
                        if p != 0.0:
                            value = payoffs[who, i, j] if who == 0 else payoffs[who, j, i]
                            high = float(value)
                            rest = float(value - int(high))
                            level = _add(level, _times((high, rest), p))
                    q = profiles[k, own_at + i]
                    if turn == 0:
                        ahead = _add(level, (-best[0], -best[1]))
                        if i == 0 or ahead[0] > 0.0:
                            best = level
                        if q != 0.0:
                            mean = _add(mean, _times(level, q))
                    elif q != 0.0:
                        loss = _add(loss, _times(_add(best, (-level[0], -level[1])), q))
            scale = sums[0] * sums[1]
            found[k, who] = mean[0] / scale
            found[k, 2 + who] = loss[0] / scale
