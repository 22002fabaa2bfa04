"""A traced branch that comes back to itself: it left its curve, for a branch never does."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .quantal_between import hermite, point_at
from .quantal_steps import apart, weigh

__all__ = ["first_meeting"]

_SCREEN = 0.1  # distance from the cubic between two points at which the curve itself is asked
_SAME = 1e-7
_TIP = 1e-4  # so near to a turning point its two sides are not compared


@compiled
def first_meeting(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    points: FloatArray,
    tangents: FloatArray,
    turns: IntArray,
) -> tuple[int, int]:
    """Return the first point that lies on the curve before it, and the point before that place.

    The next point must lie on it too, since a branch of a special game may cross itself once.
    The answer is (-1, -1) if there is none. Between turning points the precision is monotone,
    so only the stretches before the last turning point are compared.
    """
    n = points.shape[1] - 1
    weights, spare, guess = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    met, place = -1, -1
    for turn in range(turns.shape[0]):
        last = points.shape[0] if turn + 1 == turns.shape[0] else turns[turn + 1] + 1
        for m in range(turns[turn] + 1, last):
            x = points[m]
            weigh(x, weights)
            here = -1
            for k in range(turns[turn]):
                low, high = points[k], points[k + 1]
                if not min(low[n], high[n]) <= x[n] <= max(low[n], high[n]):
                    continue
                if min(apart(low, x, weights), apart(high, x, weights)) > 4.0 * apart(
                    low, high, weights
                ):
                    continue
                hermite(low, tangents[k], high, tangents[k + 1], x[n], spare, guess)
                if apart(guess, x, weights) > _SCREEN:
                    continue
                if apart(points[turns[turn]], x, weights) < _TIP:
                    continue
                found, guess = point_at(
                    payoffs, sizes, starts, low, tangents[k], high, tangents[k + 1], x[n]
                )
                if found and apart(guess, x, weights) < _SAME:
                    here = k
                    break
            if here >= 0 and met == m - 1 and met >= 0:
                return met, min(place, here)
            if here >= 0:
                met, place = m, here
    return -1, -1
