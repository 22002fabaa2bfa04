"""The equations and deviations of one support, laid out for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._typing import BoolArray, FloatArray, IntArray
from . import compiled

__all__ = ["UNIT", "Layout", "lay_out", "make_layout"]

UNIT = 2.0**-53
"""Relative error of one rounding."""


class Layout(NamedTuple):
    """One support's unknowns and rows: equations first, then outside deviations.

    Row tables and the tables of a player's monomials run over the other mixing players'
    supports, the last fastest.
    """

    sizes: IntArray  # strategies in each player's support
    firsts: IntArray  # each player's first free coordinate
    chosen: IntArray  # each player's supported strategies
    axes: IntArray  # for each player, the other mixing players
    n_axes: IntArray
    table_size: IntArray
    rows: FloatArray  # gain over the player's first supported strategy
    row_player: IntArray
    row_tied: BoolArray  # gain exactly that of a supported strategy everywhere
    degree: IntArray  # of each monomial of each player's tables
    variable: IntArray  # the coordinate of a monomial of degree 1
    digits: IntArray


@compiled
def make_layout(shape: IntArray, profiles: int) -> Layout:
    """Allocate a layout for supports of a game."""
    n = shape.size
    rows = 0
    largest = 1
    for i in range(n):
        rows += shape[i]
        largest = max(largest, shape[i])
    return Layout(
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros((n, largest), np.int64),
        np.zeros((n, n), np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros((rows, profiles)),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.bool_),
        np.zeros((n, profiles), np.int64),
        np.zeros((n, profiles), np.int64),
        np.zeros(n, np.int64),
    )


@compiled
def lay_out(
    w: Layout,
    ranks: IntArray,
    values: FloatArray,
    error: float,
    shape: IntArray,
    masks: IntArray,
) -> tuple[int, int, float]:
    """Fill the layout of a support.

    Returns
    -------
    unknowns, rows, slack : the first is 0 if fewer than two players mix. `slack` bounds the
        error of each Taylor coefficient.
    """
    n = shape.size
    dim = 0
    mixing = 0
    largest = 1
    for i in range(n):
        w.sizes[i] = 0
        for s in range(shape[i]):
            if (masks[i] >> s) & 1:
                w.chosen[i, w.sizes[i]] = s
                w.sizes[i] += 1
        w.firsts[i] = dim
        dim += w.sizes[i] - 1
        largest = max(largest, w.sizes[i])
        if w.sizes[i] > 1:
            mixing += 1
    if mixing < 2:
        return 0, 0, 0.0
    for i in range(n):
        w.n_axes[i] = 0
        w.table_size[i] = 1
        for j in range(n):
            if j != i and w.sizes[j] > 1:
                w.axes[i, w.n_axes[i]] = j
                w.n_axes[i] += 1
                w.table_size[i] *= w.sizes[j]
        w.digits[:] = 0
        for t in range(w.table_size[i]):
            w.degree[i, t] = 0
            w.variable[i, t] = -1
            for k in range(w.n_axes[i]):
                j = w.axes[i, k]
                if w.digits[j] > 0:
                    w.degree[i, t] += 1
                    w.variable[i, t] = w.firsts[j] + w.digits[j] - 1
            _advance(w, i)
    rows = 0
    for outside in range(2):
        for i in range(n):
            own = 1
            for j in range(i + 1, n):
                own *= shape[j]
            for s in range(shape[i]):
                if s == w.chosen[i, 0] or ((masks[i] >> s) & 1) == outside:
                    continue
                w.row_player[rows] = i
                # A deviation ties where it earns what some supported strategy earns.
                twins = (1 << w.sizes[i]) - 1 if outside == 1 else 1
                w.digits[:] = 0
                for t in range(w.table_size[i]):
                    at = 0
                    stride = 1
                    for j in range(n - 1, -1, -1):
                        if j != i:
                            at += w.chosen[j, w.digits[j]] * stride
                        stride *= shape[j]
                    one = at + s * own
                    two = at + w.chosen[i, 0] * own
                    w.rows[rows, t] = 0.0
                    if ranks[i, one] != ranks[i, two]:
                        w.rows[rows, t] = values[i, one] - values[i, two]
                    for k in range(w.sizes[i]):
                        if ranks[i, one] != ranks[i, at + w.chosen[i, k] * own]:
                            twins &= ~(1 << k)
                    _advance(w, i)
                w.row_tied[rows] = twins != 0
                rows += 1
    # An axis multiplies errors and sizes by at most 3, or by the size less one; each sum of
    # products adds a unit a term, and the rest of the probabilities has an error of its own.
    growth = max(3.0, largest - 1.0)
    slack = growth**mixing * (2.0 * error + UNIT + mixing * (2.0 * largest + 4.0) * UNIT)
    return dim, rows, slack


@compiled
def _advance(w: Layout, i: int) -> None:
    """Go to the next profile of the mixing players other than i."""
    for k in range(w.n_axes[i] - 1, -1, -1):
        j = w.axes[i, k]
        w.digits[j] += 1
        if w.digits[j] < w.sizes[j]:
            break
        w.digits[j] = 0
