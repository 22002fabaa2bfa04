"""Taylor forms of multilinear functions on boxes, and the Krawczyk test made of them.

The unknowns are the free coordinates of one support: for each mixing player the probabilities
of its supported strategies but the first, whose probability is the rest. In coordinates local to
the middle of a box an expected gain is its value there, a linear part and products of
coordinates of different players, each bounded by the product of radii.

All bounds hold in spite of rounding: sums are computed in ordinary floating point and widened by
an a-priori bound of their error, `slack` for each Taylor coefficient, so no rounding mode is
changed. Sums of non-negative bounds are widened by the factor `_UP`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..._typing import BoolArray, FloatArray, IntArray
from . import compiled
from .layout import UNIT, Layout

__all__ = [
    "Scratch",
    "approach",
    "contract",
    "excludes",
    "make_scratch",
    "tighten",
    "verdict",
    "where_to_split",
]

_UP = 1.0 + 1e-12
_SINGULAR = 1e-9


class Scratch(NamedTuple):
    """The box being looked at."""

    coefficients: FloatArray
    weights: FloatArray  # bound of each monomial of each player's tables
    middle: FloatArray
    inflated: FloatArray  # radii, a little more than the box's
    point: FloatArray  # the approximate root
    radius: FloatArray  # of the box that certifies it
    step: FloatArray
    spread: FloatArray
    solved: BoolArray  # coordinates that contract() bounds: middle + step +- spread
    matrix: FloatArray
    combos: FloatArray  # row operations that nearly invert the Jacobian
    work: FloatArray
    pivot_of: IntArray  # the coordinate that each row of `combos` solves for, or -1
    used: BoolArray
    constant: FloatArray
    error: FloatArray
    bound: FloatArray
    change: FloatArray
    sign: IntArray  # sign[0]: of the Jacobian's determinant


@compiled
def make_scratch(shape: IntArray, profiles: int) -> Scratch:
    """Allocate what the search of one box needs."""
    n = shape.size
    rows = 0
    for i in range(n):
        rows += shape[i]
    dim = rows - n
    return Scratch(
        np.zeros((rows, profiles)),
        np.zeros((n, profiles)),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(dim, np.bool_),
        np.zeros((dim, dim)),
        np.zeros((dim, dim)),
        np.zeros((dim, dim)),
        np.zeros(dim, np.int64),
        np.zeros(dim, np.bool_),
        np.zeros(dim),
        np.zeros(dim),
        np.zeros(rows),
        np.zeros(dim),
        np.zeros(1, np.int64),
    )


@compiled
def _expand(
    table: FloatArray,
    total: int,
    axes: IntArray,
    n_axes: int,
    sizes: IntArray,
    firsts: IntArray,
    point: FloatArray,
) -> None:
    """Rewrite a row of gains as its Taylor coefficients at a point.

    Along each axis entry 0 becomes the mean and entry b the derivative in the free coordinate b
    (the probability of strategy b, taken from strategy 0).
    """
    inner = total
    for k in range(n_axes):
        j = axes[k]
        size = sizes[j]
        first = firsts[j] - 1
        block = inner
        inner //= size
        rest = 1.0
        for b in range(1, size):
            rest -= point[first + b]
        for start in range(0, total, block):
            for base in range(start, start + inner):
                zero = table[base]
                mean = rest * zero
                for b in range(1, size):
                    value = table[base + b * inner]
                    mean += point[first + b] * value
                    table[base + b * inner] = value - zero
                table[base] = mean


@compiled
def _weigh(w: Layout, x: Scratch, radius: FloatArray) -> None:
    """Bound every monomial on the box of these radii."""
    for i in range(w.sizes.size):
        x.weights[i, 0] = 1.0
        filled = 1
        for k in range(w.n_axes[i] - 1, -1, -1):
            j = w.axes[i, k]
            for b in range(1, w.sizes[j]):
                r = radius[w.firsts[j] + b - 1]
                for q in range(filled):
                    x.weights[i, b * filled + q] = x.weights[i, q] * r
            filled *= w.sizes[j]


@compiled
def _ranges(
    w: Layout, x: Scratch, dim: int, rows: int, point: FloatArray, slack: float, stop: bool
) -> bool:
    """Expand rows at a point and bound how far each is from that on the weighed box.

    With `stop`, stop and tell at the first equation that has no zero, or deviation that only
    gains.
    """
    for e in range(rows):
        i = w.row_player[e]
        size = w.table_size[i]
        for t in range(size):
            x.coefficients[e, t] = w.rows[e, t]
        _expand(x.coefficients[e], size, w.axes[i], w.n_axes[i], w.sizes, w.firsts, point)
        bound = slack
        for t in range(1, size):
            bound += (abs(x.coefficients[e, t]) + slack) * x.weights[i, t]
        bound *= _UP
        x.bound[e] = bound
        if stop:
            value = x.coefficients[e, 0]
            if (value > bound and not w.row_tied[e]) or (e < dim and value < -bound):
                return True
    return False


@compiled
def tighten(w: Layout, x: Scratch, dim: int, low: FloatArray, high: FloatArray) -> bool:
    """Cut a box to the simplices and take its middle and radii; tell whether it is empty."""
    for j in range(w.sizes.size):
        total = 0.0
        for p in range(w.firsts[j], w.firsts[j] + w.sizes[j] - 1):
            total += low[p]
        for p in range(w.firsts[j], w.firsts[j] + w.sizes[j] - 1):
            high[p] = min(high[p], 1.0 - (total - low[p]) + 1e-14)
    for p in range(dim):
        if high[p] < low[p]:
            return True
        x.middle[p] = 0.5 * (low[p] + high[p])
        half = max(high[p] - x.middle[p], x.middle[p] - low[p])
        x.inflated[p] = 1.02 * half + 1e-13
    return False


@compiled
def excludes(w: Layout, x: Scratch, dim: int, rows: int, slack: float) -> bool:
    """Tell whether an equation has no zero, or a deviation only gains, on the box."""
    _weigh(w, x, x.inflated)
    return _ranges(w, x, dim, rows, x.middle, slack, True)


@compiled
def _invert(w: Layout, x: Scratch, dim: int) -> int:
    """Find row operations that nearly invert the Jacobian, by full pivoting; return its rank."""
    for p in range(dim):
        x.pivot_of[p] = -1
        x.used[p] = False
        for q in range(dim):
            x.matrix[p, q] = 0.0
            x.combos[p, q] = 1.0 if p == q else 0.0
        i = w.row_player[p]
        for t in range(1, w.table_size[i]):
            if w.degree[i, t] == 1:
                x.matrix[p, w.variable[i, t]] = x.coefficients[p, t]
        for q in range(dim):
            x.work[p, q] = x.matrix[p, q]
    rank = 0
    sign = 1
    for _ in range(dim):
        best = _SINGULAR
        row = -1
        column = -1
        for p in range(dim):
            if x.pivot_of[p] < 0:
                for q in range(dim):
                    if not x.used[q] and abs(x.work[p, q]) > best:
                        best = abs(x.work[p, q])
                        row = p
                        column = q
        if row < 0:
            break
        x.pivot_of[row] = column
        x.used[column] = True
        rank += 1
        pivot = x.work[row, column]
        if pivot < 0.0:
            sign = -sign
        for q in range(dim):
            x.work[row, q] /= pivot
            x.combos[row, q] /= pivot
        for p in range(dim):
            factor = x.work[p, column]
            if p != row and factor != 0.0:
                for q in range(dim):
                    x.work[p, q] -= factor * x.work[row, q]
                    x.combos[p, q] -= factor * x.combos[row, q]
    for p in range(dim):  # rows were paired with columns by a permutation
        for q in range(p + 1, dim):
            if x.pivot_of[p] > x.pivot_of[q]:
                sign = -sign
    x.sign[0] = sign
    return rank


@compiled
def _values(x: Scratch, dim: int, slack: float) -> None:
    """Combine the equations' values by the row operations, with bounds of the errors."""
    for p in range(dim):
        constant = 0.0
        scale = 0.0
        for e in range(dim):
            constant += x.combos[p, e] * x.coefficients[e, 0]
            scale += abs(x.combos[p, e])
        x.constant[p] = constant
        x.error[p] = 2.0 * slack * scale


@compiled
def _remainders(w: Layout, x: Scratch, dim: int, radius: FloatArray) -> None:
    """Bound what the combined equations add to their constants and coordinates on a box.

    `x.bound` bounds the remainder itself, `x.change` its change relative to the radii: there
    monomials are weighed by their degrees.
    """
    for p in range(dim):
        error = x.error[p]
        bound = error
        change = error
        for q in range(dim):
            entry = 0.0
            for e in range(dim):
                entry += x.combos[p, e] * x.matrix[e, q]
            if q == x.pivot_of[p]:
                entry -= 1.0
            part = (abs(entry) + error) * radius[q]
            bound += part
            change += part
        e = 0
        while e < dim:
            i = w.row_player[e]
            after = e + w.sizes[i] - 1
            for t in range(1, w.table_size[i]):
                if w.degree[i, t] > 1:
                    entry = 0.0
                    for f in range(e, after):
                        entry += x.combos[p, f] * x.coefficients[f, t]
                    part = (abs(entry) + error) * x.weights[i, t]
                    bound += part
                    change += w.degree[i, t] * part
            e = after
        x.bound[p] = bound * _UP
        x.change[p] = change * _UP


@compiled
def contract(w: Layout, x: Scratch, dim: int, slack: float) -> int:
    """Solve the equations' Taylor form for each coordinate it determines.

    Returns
    -------
    -1 if the box holds no root, 1 if it holds one at most, else 0
    """
    unique = _invert(w, x, dim) == dim
    for p in range(dim):
        x.solved[p] = False
    _values(x, dim, slack)
    _remainders(w, x, dim, x.inflated)
    for p in range(dim):
        c = x.pivot_of[p]
        if abs(x.constant[p]) - x.bound[p] > (x.inflated[c] if c >= 0 else 0.0):
            return -1
        if c >= 0:
            x.solved[c] = True
            x.step[c] = -x.constant[p]
            x.spread[c] = x.bound[p]
            if not x.change[p] < 0.95 * x.inflated[c]:
                unique = False
    return 1 if unique else 0


@compiled
def approach(w: Layout, x: Scratch, dim: int, slack: float) -> bool:
    """Approach the root by Newton's method and certify it in a small box around it.

    Tell whether the certified root lies in the inflated box, where there is one at most.
    """
    for p in range(dim):
        x.point[p] = x.middle[p] + x.step[p]
    for turn in range(6):
        for p in range(dim):
            if not abs(x.point[p] - x.middle[p]) <= 1.5 * x.inflated[p]:
                return False
        _ranges(w, x, dim, dim, x.point, slack, False)
        if _invert(w, x, dim) < dim:
            return False
        _values(x, dim, slack)
        moved = False
        for p in range(dim):
            c = x.pivot_of[p]
            x.radius[c] = 2.0 * (abs(x.constant[p]) + x.error[p]) + 4.0 * UNIT
            moved = moved or abs(x.constant[p]) > x.error[p]
        if not moved or turn == 5:
            break
        for p in range(dim):
            x.point[x.pivot_of[p]] -= x.constant[p]
    good = False
    for _ in range(4):
        _weigh(w, x, x.radius)
        _remainders(w, x, dim, x.radius)
        good = True
        for p in range(dim):
            c = x.pivot_of[p]
            # The map x - C f(x) sends the small box into itself and halves distances.
            if not (abs(x.constant[p]) + x.bound[p]) * _UP < x.radius[c]:
                good = False
            if not x.change[p] < 0.49 * x.radius[c]:
                good = False
        if good:
            break
        for p in range(dim):
            x.radius[p] *= 4.0
    for p in range(dim):
        if not abs(x.point[p] - x.middle[p]) + x.radius[p] < x.inflated[p] - 1e-15:
            good = False
    return good


@compiled
def where_to_split(w: Layout, x: Scratch, dim: int, low: FloatArray, high: FloatArray) -> int:
    """Choose the coordinate whose products weigh most, unless its side is short."""
    widest = 0
    for p in range(dim):
        x.radius[p] = 0.0
        if high[p] - low[p] > high[widest] - low[widest]:
            widest = p
    for e in range(dim):
        i = w.row_player[e]
        for t in range(1, w.table_size[i]):
            if w.degree[i, t] > 1:
                part = abs(x.coefficients[e, t]) * x.weights[i, t]
                rest = t
                block = w.table_size[i]
                for k in range(w.n_axes[i]):
                    j = w.axes[i, k]
                    block //= w.sizes[j]
                    if rest >= block:
                        x.radius[w.firsts[j] + rest // block - 1] += part
                    rest %= block
    cut = widest
    for p in range(dim):
        if x.radius[p] > x.radius[cut]:
            cut = p
    return cut if high[cut] - low[cut] > 0.25 * (high[widest] - low[widest]) else widest


@compiled
def verdict(w: Layout, x: Scratch, dim: int, rows: int, slack: float) -> tuple[int, int]:
    """Judge the certified root: 0 an equilibrium, 1 undecided, 2 none; and 1 if it has a tie."""
    judged = 0
    for j in range(w.sizes.size):
        if w.sizes[j] < 2:
            continue
        rest = 1.0
        off = 4.0 * w.sizes[j] * UNIT
        for p in range(w.firsts[j], w.firsts[j] + w.sizes[j] - 1):
            rest -= x.point[p]
            off += x.radius[p]
            if x.point[p] + x.radius[p] < 0.0:
                return 2, 0
            if not x.point[p] - x.radius[p] > 0.0:
                judged = 1
        off *= _UP
        if rest + off < 0.0:
            return 2, 0
        if not rest - off > 0.0:
            judged = 1
    ties = 0
    _ranges(w, x, dim, rows, x.point, slack, False)
    for e in range(dim, rows):
        if w.row_tied[e]:
            ties = 1
        elif x.coefficients[e, 0] > x.bound[e]:
            return 2, 0
        elif not x.coefficients[e, 0] < -x.bound[e]:
            judged = 1
    return judged, ties
