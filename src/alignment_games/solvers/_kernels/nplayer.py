"""Supports of games of several players: dominated ones pruned, the others searched by boxes.

Numba keeps `search` on disk by this file's date alone: after a change of `layout` or
`multilinear`, remove its cache (`__pycache__`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .layout import lay_out, make_layout
from .multilinear import (
    Scratch,
    approach,
    contract,
    excludes,
    make_scratch,
    tighten,
    verdict,
    where_to_split,
)

__all__ = ["CERTIFIED", "UNDECIDED", "UNFINISHED", "search", "surviving_supports"]

CERTIFIED = 0
UNDECIDED = 1
REFUTED = 2
UNFINISHED = 3

_SPLIT = 0.4871  # not a half: roots at 1/2 would lie on the border of two boxes
_MIN_WIDTH = 1e-9  # of the smallest box that is looked at
_MAX_ROOTS = 2048
_FIRST_ROOTS = 16


class _Roots(NamedTuple):
    """Certified roots: each the only solution of its support's equations in a small box."""

    support: IntArray  # position in the list of supports
    point: FloatArray  # free coordinates, from the first
    radius: FloatArray  # of the box
    inverse: FloatArray  # the approximate inverse Jacobian that certified the root
    status: IntArray  # UNDECIDED if the sign of a probability or of a deviation's gain is
    tied: IntArray
    sign: IntArray
    center: FloatArray  # of the larger box in which the root is the only one
    reach: FloatArray  # radii of that box


@compiled
def surviving_supports(ranks: IntArray, shape: IntArray) -> IntArray:
    """Return the supports, one bit mask a player, that hold no conditionally dominated strategy.

    A strategy is dropped when another one earns at least as much against every profile of the
    others' supports and more against some: all these profiles have positive probability.
    `ranks` (players, profiles) are integers ordered like the payoffs.
    """
    n = shape.size
    strides = np.ones(n, np.int64)
    for i in range(n - 2, -1, -1):
        strides[i] = strides[i + 1] * shape[i + 1]
    total = 1
    for i in range(n):
        total *= (1 << shape[i]) - 1
    found = np.empty((total, n), np.int64)
    count = 0
    masks = np.ones(n, np.int64)
    offsets = np.empty(ranks.shape[1], np.int64)
    for _ in range(total):
        keep = True
        for i in range(n):
            size = 1
            offsets[0] = 0
            for j in range(n):
                if j == i:
                    continue
                old = size
                size = 0
                first = True
                # Profiles of the others' supports, as offsets into the table of payoffs.
                for s in range(shape[j]):
                    if (masks[j] >> s) & 1:
                        if first:
                            first = False
                            start = s
                            size = old
                        else:
                            for k in range(old):
                                offsets[size + k] = offsets[k] + (s - start) * strides[j]
                            size += old
                for k in range(size):
                    offsets[k] += start * strides[j]
            for a in range(shape[i]):
                if not (masks[i] >> a) & 1:
                    continue
                for b in range(shape[i]):
                    if b == a:
                        continue
                    never_worse = True
                    better = False
                    for k in range(size):
                        here = ranks[i, offsets[k] + a * strides[i]]
                        there = ranks[i, offsets[k] + b * strides[i]]
                        if there < here:
                            never_worse = False
                            break
                        if there > here:
                            better = True
                    if never_worse and better:
                        keep = False
                        break
                if not keep:
                    break
            if not keep:
                break
        if keep:
            found[count] = masks
            count += 1
        for i in range(n - 1, -1, -1):
            masks[i] += 1
            if masks[i] < 1 << shape[i]:
                break
            masks[i] = 1
    return found[:count].copy()


@compiled
def _make_roots(count: int, room: int) -> _Roots:
    return _Roots(
        np.zeros(count, np.int64),
        np.zeros((count, room)),
        np.zeros((count, room)),
        np.zeros((count, room, room)),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        np.zeros((count, room)),
        np.zeros((count, room)),
    )


@compiled
def _more_room(roots: _Roots) -> _Roots:
    count = roots.support.shape[0]
    larger = _make_roots(min(2 * count, _MAX_ROOTS), roots.point.shape[1])
    for k in range(count):  # loops compile in a tenth of the time of slices
        larger.support[k] = roots.support[k]
        larger.status[k] = roots.status[k]
        larger.tied[k] = roots.tied[k]
        larger.sign[k] = roots.sign[k]
        for p in range(roots.point.shape[1]):
            larger.point[k, p] = roots.point[k, p]
            larger.radius[k, p] = roots.radius[k, p]
            larger.center[k, p] = roots.center[k, p]
            larger.reach[k, p] = roots.reach[k, p]
            for q in range(roots.point.shape[1]):
                larger.inverse[k, p, q] = roots.inverse[k, p, q]
    return larger


@compiled
def search(
    ranks: IntArray,
    values: FloatArray,
    error: float,
    shape: IntArray,
    supports: IntArray,
    max_boxes: int,
    regular: bool,
) -> tuple[
    IntArray,
    IntArray,
    FloatArray,
    FloatArray,
    FloatArray,
    IntArray,
    IntArray,
    IntArray,
]:
    """Find and certify the equilibria of each support with two or more mixing players.

    Parameters
    ----------
    ranks : int64 (players, profiles), ordered like the exact payoffs of each player
    values : float64 (players, profiles), payoffs in [0, 1]
    error : bound of |value - exact value|
    shape, supports : strategies a player; one bit mask a player and support
    max_boxes : number of boxes looked at, over all supports
    regular : whether to give up, UNFINISHED, at the first tie or region that stays open

    Returns
    -------
    status (supports) : UNDECIDED where a region could neither be excluded nor hold one root,
        UNFINISHED where `max_boxes` ended the search
    support, point, radius, inverse, root_status, tied, index : certified roots, as in `__Roots`
    """
    w = make_layout(shape, ranks.shape[1])
    x = make_scratch(shape, ranks.shape[1])
    room = x.middle.size
    depth = 64 * room + 64
    stack_low = np.empty((depth, room))
    stack_high = np.empty((depth, room))
    low = np.empty(room)
    high = np.empty(room)
    status = np.zeros(supports.shape[0], np.int64)
    roots = _make_roots(_FIRST_ROOTS, room)
    found = 0
    boxes = 0
    for which in range(supports.shape[0]):
        dim, rows, slack = lay_out(w, ranks, values, error, shape, supports[which])
        if dim == 0:
            continue
        first = found
        top = 1
        stack_low[0, :dim] = 0.0
        stack_high[0, :dim] = 1.0
        undecided = False
        while top > 0 and not undecided:
            top -= 1
            for p in range(dim):
                low[p] = stack_low[top, p]
                high[p] = stack_high[top, p]
            last_row = rows
            while True:  # contract this box until it is excluded, settled or split
                boxes += 1
                if boxes > max_boxes:
                    undecided = True
                    status[which] = UNFINISHED
                    break
                if tighten(w, x, dim, low, high):
                    break
                if excludes(w, x, dim, last_row, slack):
                    break
                last_row = dim  # a deviation that did not exclude the box rarely does later
                outcome = contract(w, x, dim, slack)
                if outcome < 0:
                    break
                if outcome > 0 and approach(w, x, dim, slack):
                    # The box is settled: x.point is the only root in it.
                    relation = _compare(x, dim, roots, first, found)
                    if relation < 0:
                        undecided = True
                    if relation != 0:
                        break
                    judged, ties = verdict(w, x, dim, rows, slack)
                    if judged == REFUTED:
                        break
                    if found == _MAX_ROOTS:
                        undecided = True
                        break
                    if found == roots.support.shape[0]:
                        roots = _more_room(roots)
                    roots.support[found] = which
                    roots.status[found] = judged
                    roots.tied[found] = ties
                    roots.sign[found] = x.sign[0] if dim % 2 == 0 else -x.sign[0]
                    for p in range(dim):
                        roots.point[found, p] = x.point[p]
                        roots.radius[found, p] = x.radius[p]
                        roots.center[found, p] = x.middle[p]
                        roots.reach[found, p] = x.inflated[p]
                        for q in range(dim):
                            roots.inverse[found, x.pivot_of[p], q] = x.combos[p, q]
                    found += 1
                    break
                shrunk = False
                for c in range(dim):
                    if x.solved[c] and x.spread[c] < 1e300:
                        before = high[c] - low[c]
                        center = x.middle[c] + x.step[c]
                        low[c] = max(low[c], center - x.spread[c] - 1e-15)
                        high[c] = min(high[c], center + x.spread[c] + 1e-15)
                        if high[c] - low[c] < 0.7 * before:
                            shrunk = True
                if shrunk:
                    continue
                cut = where_to_split(w, x, dim, low, high)
                if high[cut] - low[cut] < _MIN_WIDTH or top + 2 > depth:
                    undecided = True
                    break
                at = low[cut] + _SPLIT * (high[cut] - low[cut])
                for p in range(dim):
                    stack_low[top, p] = low[p]
                    stack_high[top, p] = high[p]
                    stack_low[top + 1, p] = low[p]
                    stack_high[top + 1, p] = high[p]
                stack_high[top, cut] = at
                stack_low[top + 1, cut] = at
                top += 2
                break
        if undecided and status[which] != UNFINISHED:
            status[which] = UNDECIDED
        if regular and (undecided or (found > first and not _clear(roots, first, found))):
            status[which:] = UNFINISHED
            break
    return (
        status,
        roots.support[:found],
        roots.point[:found],
        roots.radius[:found],
        roots.inverse[:found],
        roots.status[:found],
        roots.tied[:found],
        roots.sign[:found],
    )


@compiled
def _clear(roots: _Roots, first: int, found: int) -> bool:
    """Tell whether all signs of some roots are decided and none is tied."""
    for k in range(first, found):
        if roots.status[k] != CERTIFIED or roots.tied[k] != 0:
            return False
    return True


@compiled
def _compare(x: Scratch, dim: int, roots: _Roots, first: int, found: int) -> int:
    """Compare a new root with those of its support: 0 new, 1 known, -1 not told apart."""
    for k in range(first, found):
        within = True
        apart = False
        for p in range(dim):
            away = abs(x.point[p] - roots.center[k, p])
            if not away + x.radius[p] < roots.reach[k, p] - 1e-15:
                within = False
            away = abs(x.point[p] - roots.point[k, p])
            if away > x.radius[p] + roots.radius[k, p] + 1e-15:
                apart = True
        if not apart:
            return 1 if within else -1
    return 0
