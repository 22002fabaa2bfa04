"""The certificate of many floating-point profiles of one game, in doubled precision.

The readable definition is `alignment_games.verify`, which is exact.
"""

from __future__ import annotations

import numpy as np

from ..._double import add, scale
from ..._typing import FloatArray, IntArray
from . import compiled

__all__ = ["accounts"]


@compiled
def accounts(payoffs: IntArray, shape: IntArray, profiles: FloatArray, found: FloatArray) -> None:
    """Compute payoffs and regrets of mixed profiles.

    Parameters
    ----------
    payoffs : ndarray of int64, shape (n, number of pure profiles)
        The last player's strategy runs fastest.
    shape : ndarray of int64, shape (n,)
        Strategies of each player.
    profiles : ndarray of float64, shape (k, sum of strategies)
        Probabilities; each player's are divided by their sum.
    found : ndarray of float64, shape (k, 2 n)
        Filled with the players' expected payoffs, then their regrets.
    """
    n = shape.shape[0]
    total = payoffs.shape[1]
    high = np.empty(total)
    low = np.empty(total)
    for k in range(profiles.shape[0]):
        norm = 1.0
        at = 0
        for j in range(n):
            norm *= profiles[k, at : at + shape[j]].sum()
            at += shape[j]
        own_at = at
        for who in range(n - 1, -1, -1):
            own_at -= shape[who]
            _levels(payoffs[who], shape, profiles[k], who, high, low)
            best = (high[0], low[0])
            mean = (0.0, 0.0)
            for i in range(shape[who]):
                level = (high[i], low[i])
                if add(level, (-best[0], -best[1]))[0] > 0.0:
                    best = level
                if profiles[k, own_at + i] != 0.0:
                    mean = add(mean, scale(level, profiles[k, own_at + i]))
            # Losses against the best are summed, none of them negative.
            loss = (0.0, 0.0)
            for i in range(shape[who]):
                q = profiles[k, own_at + i]
                if q != 0.0:
                    loss = add(loss, scale(add(best, (-high[i], -low[i])), q))
            found[k, who] = mean[0] / norm
            found[k, n + who] = loss[0] / norm


@compiled
def _levels(
    payoffs: IntArray,
    shape: IntArray,
    profile: FloatArray,
    who: int,
    high: FloatArray,
    low: FloatArray,
) -> None:
    """Put what each strategy of `who` earns against the others in front of `high` and `low`."""
    for t in range(payoffs.shape[0]):
        value = payoffs[t]
        high[t] = float(value)
        low[t] = float(value - int(high[t]))
    size = payoffs.shape[0]
    inner = 1  # entries that one strategy of the axis spans: `who`'s, once it is passed
    at = profile.shape[0]
    for j in range(shape.shape[0] - 1, -1, -1):
        at -= shape[j]
        if j == who:
            inner = shape[j]
            continue
        block = inner * shape[j]
        filled = 0
        for start in range(0, size, block):
            for offset in range(inner):
                level = (0.0, 0.0)
                for s in range(shape[j]):
                    p = profile[at + s]
                    if p != 0.0:
                        t = start + s * inner + offset
                        level = add(level, scale((high[t], low[t]), p))
                high[filled] = level[0]
                low[filled] = level[1]
                filled += 1
        size = filled
