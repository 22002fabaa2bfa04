"""Pairs of edges that bound what is generated from polygons near one, and how these must shrink.

`alignment_games.solvers._repeated_proofs` says what is proved with them, in integers.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from ..._typing import FloatArray, IntArray

__all__ = ["duals"]


@compiled
def _cost(
    k: int,
    a: int,
    pair: FloatArray,
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
) -> float:
    """Return what a pair of normals proves for a profile at t = 0, less the bound."""
    low: float = normals[k, 0] * now[a, 0] + normals[k, 1] * now[a, 1] - bounds[k]
    for side in range(2):
        j = int(pair[side])
        right = bounds[j]
        if j in (2, 3):
            right -= wanted[a, j - 2]
        low += pair[2 + side] * right
    return low


@compiled
def _choose(
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
    pairs: FloatArray,
    first: IntArray,
    excess: FloatArray,
    far: float,
    chosen: IntArray,
    low: FloatArray,
) -> bool:
    """Choose for each normal and profile the pair with which D(1) generates least."""
    for k in range(len(normals)):
        for a in range(len(now)):
            best, chosen[k, a] = np.inf, -1
            for p in range(first[k], first[k + 1]):
                own = _cost(k, a, pairs[p], normals, bounds, now, wanted)
                if own > far:
                    continue
                cost = (
                    pairs[p, 2] * excess[int(pairs[p, 0])] + pairs[p, 3] * excess[int(pairs[p, 1])]
                )
                if own < -far:
                    cost += own
                if cost < best:
                    best, chosen[k, a], low[k, a] = cost, p, own
            if chosen[k, a] < 0:
                return False
    return True


@compiled
def _grown(
    pairs: FloatArray,
    chosen: IntArray,
    low: FloatArray,
    far: float,
    excess: FloatArray,
    found: FloatArray,
) -> None:
    """Fill in how far what is generated reaches beyond each edge if D(1) does by `excess`."""
    for k in range(len(chosen)):
        found[k] = 0.0
        for a in range(chosen.shape[1]):
            pair = pairs[chosen[k, a]]
            cost = pair[2] * excess[int(pair[0])] + pair[3] * excess[int(pair[1])]
            if low[k, a] < -far:
                cost += low[k, a]
            found[k] = max(found[k], cost)


@compiled
def duals(
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    least: FloatArray,
    far: float,
    largest: float,
    rounds: int,
    one: IntArray,
    two: IntArray,
    low: FloatArray,
) -> FloatArray:
    """Choose pairs of normals that prove a polygon to hold what shrinks towards it.

    Fills, for each normal and profile, the pair `one` and `two` by which the discounted normal is
    written, and what it proves at t = 0, `low`. Returns distances c that shrink, none if there are
    no such pairs or distances.
    """
    n = len(normals)
    none = np.empty(0)
    pairs, first = np.empty((n * n * (n - 1) // 2, 4)), np.zeros(n + 1, dtype=np.int64)
    count = 0
    for k in range(n):
        x, y = discounts[0] * normals[k, 0], discounts[1] * normals[k, 1]
        for j in range(n):
            for m in range(j + 1, n):
                area = normals[j, 0] * normals[m, 1] - normals[j, 1] * normals[m, 0]
                if abs(area) <= 1e-12:
                    continue
                a = (x * normals[m, 1] - y * normals[m, 0]) / area
                b = (normals[j, 0] * y - normals[j, 1] * x) / area
                if -far < a < largest and -far < b < largest:
                    pairs[count, 0], pairs[count, 1] = j, m
                    pairs[count, 2], pairs[count, 3] = max(a, 0.0), max(b, 0.0)
                    count += 1
        first[k + 1] = count
    chosen = np.empty((n, len(now)), dtype=np.int64)
    total, part, new = least.copy(), least.copy(), np.empty(n)
    if not _choose(normals, bounds, now, wanted, pairs, first, least, far, chosen, low):
        return none
    for _ in range(rounds):
        _grown(pairs, chosen, low, far, part, new)
        part[:] = new
        total += part
        if part.max() <= 1e-3 * least.min():
            break
    if not _choose(normals, bounds, now, wanted, pairs, first, total, far, chosen, low):
        return none
    _grown(pairs, chosen, low, far, total, new)
    for k in range(n):
        if not new[k] < total[k] * (1.0 - 1e-7):
            return none
        for a in range(len(now)):
            one[k, a] = int(pairs[chosen[k, a], 0])
            two[k, a] = int(pairs[chosen[k, a], 1])
    return total
