"""Regular games of several players: their equilibria rounded correctly, in doubled precision.

The readable definition refines in integers: `alignment_games.solvers._nplayer_exact.refine`.
"""

from __future__ import annotations

import math

import numpy as np

from ..._double import add, exact_sum, multiply
from ..._typing import FloatArray, IntArray
from . import compiled
from .layout import Layout, lay_out, make_layout
from .nplayer import search, surviving_supports

__all__ = ["regular_equilibria"]

_LARGEST = 2.0**52  # differences of such payoffs are floats without rounding
_UNIT = 2.0**-100
_TURNS = 6


@compiled
def regular_equilibria(
    payoffs: IntArray, shape: IntArray, max_boxes: int
) -> tuple[bool, IntArray, FloatArray, IntArray]:
    """Find all equilibria, rounded correctly, of a game in which each is regular.

    Parameters
    ----------
    payoffs : int64 (players, profiles)
    shape : strategies a player
    max_boxes : number of boxes looked at

    Returns
    -------
    decided : whether the rest holds all equilibria; False if one has a tie, if payoffs are
        longer than 52 bits, or if a sign or a rounding stays open
    masks : supports (equilibria, players) as bits
    profiles : probabilities (equilibria, strategies), player by player
    index : of each equilibrium
    """
    n = shape.size
    nothing = np.empty((0, n), np.int64), np.empty((0, 0)), np.empty(0, np.int64)
    fits, ranks, values = _canonical(payoffs)
    if not fits:
        return False, nothing[0], nothing[1], nothing[2]
    supports = surviving_supports(ranks, shape)
    pure = 0
    for k in range(supports.shape[0]):
        mixing = _mixing(supports[k])
        if mixing == 1 or (mixing == 0 and _tied(ranks, shape, supports[k])):
            return False, nothing[0], nothing[1], nothing[2]
        pure += mixing == 0
    always = n > 0  # no literal: for one of its own Numba would compile the search once more
    status, support, point, radius, inverse, _, _, signs = search(
        ranks, values, 0.0, shape, supports, max_boxes, always
    )
    if status.any():
        return False, nothing[0], nothing[1], nothing[2]
    wide = 0
    for i in range(n):
        wide += shape[i]
    masks = np.empty((pure + support.size, n), np.int64)
    profiles = np.zeros((masks.shape[0], wide))
    index = np.ones(masks.shape[0], np.int64)
    filled = 0
    for k in range(supports.shape[0]):
        if _mixing(supports[k]) == 0:
            start = 0
            for i in range(n):
                profiles[filled, start + _lowest(supports[k, i])] = 1.0
                start += shape[i]
            masks[filled] = supports[k]
            filled += 1
    w = make_layout(shape, ranks.shape[1])
    high = np.empty(point.shape[1])
    low = np.empty(point.shape[1])
    dim = 0
    for k in range(support.size):
        masks[filled] = supports[support[k]]
        if k == 0 or support[k] != support[k - 1]:
            dim = lay_out(w, ranks, values, 0.0, shape, masks[filled])[0]
        scale = _refine(w, dim, point[k], radius[k], inverse[k], high, low)
        if not _rounded(w, shape, radius[k], scale, high, low, profiles[filled]):
            return False, nothing[0], nothing[1], nothing[2]
        index[filled] = signs[k]
        filled += 1
    return True, masks, profiles, index


@compiled
def _canonical(payoffs: IntArray) -> tuple[bool, IntArray, FloatArray]:
    """Make least non-negative integers of each player's payoffs, and the same as floats in [0, 1].

    Nothing is made if they need more bits than differences of floats have.
    """
    n, total = payoffs.shape
    ranks = np.zeros((n, total), np.int64)
    values = np.zeros((n, total))
    for i in range(n):
        least = payoffs[i].min()
        if float(payoffs[i].max()) - float(least) > 2.0**61:
            return False, ranks, values
        divisor = np.int64(0)
        for t in range(total):
            ranks[i, t] = payoffs[i, t] - least
            a, b = ranks[i, t], divisor
            while a:
                a, b = b % a, a
            divisor = b
        unit = 1.0
        for t in range(total):
            if divisor > 1:
                ranks[i, t] //= divisor
            while ranks[i, t] >= unit:
                unit *= 2.0
        if unit > _LARGEST:
            return False, ranks, values
        for t in range(total):
            values[i, t] = ranks[i, t] / unit
    return True, ranks, values


@compiled
def _lowest(mask: int) -> int:
    """Return the place of the lowest bit."""
    s = 0
    while not (mask >> s) & 1:
        s += 1
    return s


@compiled
def _mixing(masks: IntArray) -> int:
    count = 0
    for i in range(masks.size):
        if masks[i] & (masks[i] - 1):
            count += 1
    return count


@compiled
def _tied(ranks: IntArray, shape: IntArray, masks: IntArray) -> bool:
    """Tell whether a player has another strategy as good as its own at a pure profile."""
    at = 0
    stride = 1
    for i in range(shape.size - 1, -1, -1):
        at += _lowest(masks[i]) * stride
        stride *= shape[i]
    stride = 1
    for i in range(shape.size - 1, -1, -1):
        first = at - (at // stride % shape[i]) * stride
        for s in range(shape[i]):
            t = first + s * stride
            if t != at and ranks[i, t] == ranks[i, at]:
                return True
        stride *= shape[i]
    return False


@compiled
def _refine(
    w: Layout,
    dim: int,
    point: FloatArray,
    radius: FloatArray,
    inverse: FloatArray,
    high: FloatArray,
    low: FloatArray,
) -> float:
    """Refine a certified root to `high` + `low`; the error of each is below a scale times radius.

    The map x - C f(x) halves distances, weighed by the radii, in the box: a point of it is
    within twice its step of the root. The scale is infinite if the point leaves the box.
    """
    size = 1
    terms = 4.0
    for j in range(w.sizes.size):
        terms += 2.0 * (w.sizes[j] + 2.0)
        if w.sizes[j] > 1:
            size *= w.sizes[j]
    rest_high = np.empty(w.sizes.size)
    rest_low = np.empty(w.sizes.size)
    table_high = np.empty(size)
    table_low = np.empty(size)
    residual = np.empty(dim)
    for p in range(dim):
        high[p] = point[p]
        low[p] = 0.0
    scale = math.inf
    for turn in range(_TURNS):
        for j in range(w.sizes.size):
            rest = (1.0, 0.0)
            for p in range(w.firsts[j], w.firsts[j] + w.sizes[j] - 1):
                rest = add(rest, (-high[p], -low[p]))
            rest_high[j], rest_low[j] = rest
        for e in range(dim):
            i = w.row_player[e]
            size = w.table_size[i]
            for t in range(size):
                table_high[t] = w.rows[e, t]
                table_low[t] = 0.0
            for k in range(w.n_axes[i] - 1, -1, -1):
                j = w.axes[i, k]
                first = w.firsts[j] - 1
                size //= w.sizes[j]
                for t in range(size):
                    at = t * w.sizes[j]
                    total = multiply((table_high[at], table_low[at]), (rest_high[j], rest_low[j]))
                    for b in range(1, w.sizes[j]):
                        part = multiply(
                            (table_high[at + b], table_low[at + b]),
                            (high[first + b], low[first + b]),
                        )
                        total = add(total, part)
                    table_high[t], table_low[t] = total
            residual[e] = table_high[0]
        # Probabilities and gains are at most 1 in size, so errors add up.
        reached = 0.0
        for p in range(dim):
            step = 0.0
            error = 0.0
            for e in range(dim):
                step += inverse[p, e] * residual[e]
                error += abs(inverse[p, e]) * (terms * _UNIT + abs(residual[e]) * 1e-12)
            bound = 2.0 * (abs(step) + error) * 1.001
            reached = max(reached, bound / radius[p])
            if not abs(high[p] - point[p]) < 0.999 * radius[p]:
                return math.inf
        if not reached < 0.5 * scale or turn == _TURNS - 1:
            return reached
        scale = reached
        for p in range(dim):
            step = 0.0
            for e in range(dim):
                step += inverse[p, e] * residual[e]
            high[p], low[p] = add((high[p], low[p]), (-step, 0.0))
    return math.inf


@compiled
def _rounded(
    w: Layout,
    shape: IntArray,
    radius: FloatArray,
    scale: float,
    high: FloatArray,
    low: FloatArray,
    profile: FloatArray,
) -> bool:
    """Fill a profile with the floats nearest to a refined root; tell whether all are certain."""
    start = 0
    for j in range(shape.size):
        rest = (1.0, 0.0)
        error = w.sizes[j] * 2.0 * _UNIT
        for b in range(1, w.sizes[j]):
            p = w.firsts[j] + b - 1
            mine = scale * radius[p] * 1.001
            error += mine
            if not _nearest(high[p], low[p], mine + _UNIT):
                return False
            profile[start + w.chosen[j, b]] = high[p]
            rest = add(rest, (-high[p], -low[p]))
        rest = exact_sum(rest[0], rest[1])
        if w.sizes[j] > 1 and not _nearest(rest[0], rest[1], error):
            return False
        profile[start + w.chosen[j, 0]] = rest[0]
        start += shape[j]
    return True


@compiled
def _nearest(high: float, low: float, error: float) -> bool:
    """Tell whether every number within `error` of `high` + `low` rounds to `high`."""
    gap = high - np.nextafter(high, 0.0)  # above `high` it is no smaller
    return high > 0.0 and abs(low) + error < 0.4999 * gap
