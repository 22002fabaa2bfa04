"""How the corners of a repeated game's payoffs come about, and the slopes of their equations.

`alignment_games.solvers._repeated_corners` says what the rows of numbers mean.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from ..._typing import BoolArray, FloatArray, IntArray
from .repeated import _apart

__all__ = ["explain", "slopes"]


@compiled
def explain(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    live: BoolArray,
    corners: FloatArray,
    near: float,
    found: IntArray,
) -> bool:
    """Fill `found` with how each corner comes about, up to `near`; False if one does not.

    A row holds a profile, a kind and two corners: the profile for ever (0); followed by a corner
    (1), by what makes both indifferent (2), or by the point of the edge between two corners at
    which player 1 (3) or player 2 (4) is. The simplest kind is taken.
    """
    size = len(corners)
    threats = np.array([corners[:, 0].min(), corners[:, 1].min()])
    least = np.empty(2)
    for i in range(size):
        found[i, 1] = 9
        for a in range(len(payoffs)):
            if not live[a]:
                continue
            x = (corners[i, 0] - (1.0 - discounts[0]) * payoffs[a, 0]) / discounts[0]
            y = (corners[i, 1] - (1.0 - discounts[1]) * payoffs[a, 1]) / discounts[1]
            least[0], least[1] = threats[0] + wanted[a, 0], threats[1] + wanted[a, 1]
            if x < least[0] - near or y < least[1] - near:
                continue
            if _apart(corners, size, x, y) > near:
                continue
            kind, one, two = 9, 0, 0
            if abs(x - payoffs[a, 0]) <= near and abs(y - payoffs[a, 1]) <= near:
                kind = 0
            for j in range(size):
                if kind > 1 and abs(x - corners[j, 0]) <= near and abs(y - corners[j, 1]) <= near:
                    kind, one = 1, j
            if kind > 2 and x - least[0] <= near and y - least[1] <= near:
                kind = 2
            for axis in range(2):
                if kind > 2 and (x if axis == 0 else y) - least[axis] <= near:
                    for j in range(size):
                        k = j + 1 if j + 1 < size else 0
                        across = abs(corners[j, axis] - corners[k, axis])
                        if across > near and _apart(corners[np.array([j, k])], 2, x, y) <= near:
                            kind, one, two = 3 + axis, j, k
                            break
            if kind < found[i, 1]:
                found[i, 0], found[i, 1], found[i, 2], found[i, 3] = a, kind, one, two
        if found[i, 1] == 9:
            return False
    return True


@compiled
def _image(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    how: IntArray,
    lowest: IntArray,
    corners: FloatArray,
    found: FloatArray,
) -> None:
    """Fill `found` with what the rows of `explain` make of corners."""
    threats, later = np.empty(2), np.empty(2)
    for who in range(2):
        a, kind = how[lowest[who], 0], how[lowest[who], 1]
        if kind in (2, 3 + who):
            rate = discounts[who] / (1.0 - discounts[who])
            threats[who] = payoffs[a, who] + rate * wanted[a, who]
        else:
            threats[who] = corners[lowest[who], who]
    for i in range(len(how)):
        a, kind, one, two = how[i]
        if kind == 0:
            later[:] = payoffs[a]
        elif kind == 1:
            later[:] = corners[one]
        else:
            later[:] = threats + wanted[a]
            if kind > 2:
                axis = kind - 3
                share = (later[axis] - corners[one, axis]) / (
                    corners[two, axis] - corners[one, axis]
                )
                far = corners[two, 1 - axis] - corners[one, 1 - axis]
                later[1 - axis] = corners[one, 1 - axis] + share * far
        for who in range(2):
            found[i, who] = (1.0 - discounts[who]) * payoffs[a, who] + discounts[who] * later[who]


@compiled
def slopes(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    how: IntArray,
    lowest: IntArray,
    start: FloatArray,
) -> FloatArray:
    """Return the matrix of slopes of ``corners - image``, by differences."""
    n, small = 2 * len(start), 1e-7
    found = np.eye(n)
    up, down, moved = np.empty_like(start), np.empty_like(start), start.copy()
    for k in range(n):
        i, who = k // 2, k % 2
        moved[i, who] = start[i, who] + small
        _image(payoffs, wanted, discounts, how, lowest, moved, up)
        moved[i, who] = start[i, who] - small
        _image(payoffs, wanted, discounts, how, lowest, moved, down)
        moved[i, who] = start[i, who]
        for j in range(n):
            found[j, k] -= (up[j // 2, j % 2] - down[j // 2, j % 2]) / (2.0 * small)
    return found
