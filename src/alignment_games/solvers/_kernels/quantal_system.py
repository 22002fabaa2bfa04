"""The equations of logit equilibrium, and small dense linear algebra.

The unknowns are the logarithms of all probabilities, player after player, and the precision
last: at large precision a probability may be far below the smallest float, its logarithm is
not. The equations are the logit's odds against each player's likeliest strategy, and that
probabilities sum to 1; `logit_system` in `alignment_games.solvers._logit` is their readable
definition.
"""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled

__all__ = [
    "factor",
    "inner",
    "payoff_slopes",
    "solve",
    "solve_transposed",
    "system",
    "unit",
]


@compiled
def payoff_slopes(
    payoffs: FloatArray, sizes: IntArray, starts: IntArray, chances: FloatArray, slopes: FloatArray
) -> None:
    """Fill ``slopes[a, b]``: the payoff of strategy `a` against strategy `b`, the rest mixing."""
    players = sizes.shape[0]
    slopes[:] = 0.0
    digits = np.zeros(players, np.int64)
    for s in range(payoffs.shape[1]):
        for i in range(players):
            for k in range(i + 1, players):
                weight = 1.0
                for m in range(players):
                    if m not in (i, k):
                        weight *= chances[starts[m] + digits[m]]
                a = starts[i] + digits[i]
                b = starts[k] + digits[k]
                slopes[a, b] += payoffs[i, s] * weight
                slopes[b, a] += payoffs[k, s] * weight
        m = players - 1
        while m >= 0:
            digits[m] += 1
            if digits[m] < sizes[m]:
                break
            digits[m] = 0
            m -= 1


@compiled
def system(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    x: FloatArray,
    slopes: FloatArray,
    work: FloatArray,
    residual: FloatArray,
    jacobian: FloatArray,
) -> None:
    """Fill the residual (n) and the first n rows of the Jacobian (n + 1 columns) at `x`.

    The first two rows of `work` become the probabilities and the payoffs of the strategies.
    """
    players = sizes.shape[0]
    n = starts[players]
    precision = x[n]
    chances, values = work[0], work[1]
    for i in range(players):
        first, last = starts[i], starts[i + 1]
        top = first
        for a in range(first + 1, last):
            if x[a] > x[top]:
                top = a
        total = 0.0
        for a in range(first, last):
            chances[a] = np.exp(x[a] - x[top])
            total += chances[a]
        for a in range(first, last):
            chances[a] /= total
        residual[top] = x[top] + np.log(total)
    if players > 2:  # of two players the slopes are the payoffs, filled once
        payoff_slopes(payoffs, sizes, starts, chances, slopes)
    for i in range(players):
        first, last = starts[i], starts[i + 1]
        top = first
        for a in range(first + 1, last):
            if x[a] > x[top]:
                top = a
        k = 1 if i == 0 else 0
        for a in range(first, last):
            if players == 1:
                values[a] = payoffs[0, a]
                continue
            total = 0.0
            for b in range(starts[k], starts[k + 1]):
                total += slopes[a, b] * chances[b]
            values[a] = total
        for a in range(first, last):
            if a == top:  # the probabilities sum to 1
                for b in range(n + 1):
                    jacobian[a, b] = chances[b] if first <= b < last else 0.0
                continue
            gain = values[a] - values[top]  # the logit's odds against the likeliest strategy
            residual[a] = x[a] - x[top] - precision * gain
            for b in range(n):
                if first <= b < last:
                    jacobian[a, b] = 0.0
                else:
                    jacobian[a, b] = (
                        -precision * chances[b] * (slopes[a, b] - slopes[top, b] - gain)
                    )
            jacobian[a, a] = 1.0
            jacobian[a, top] = -1.0
            jacobian[a, n] = -gain


@compiled
def factor(matrix: FloatArray, rows: IntArray, scale: FloatArray) -> float:
    """Replace `matrix` by its LU factors, `rows` by the order; return the determinant's sign.

    Pivots are chosen relative to the rows' largest entries, which grow with the precision.
    """
    size = matrix.shape[0]
    sign = 1.0
    for a in range(size):
        rows[a] = a
        largest = 0.0
        for b in range(size):
            largest = max(largest, abs(matrix[a, b]))
        if largest == 0.0:
            return 0.0
        scale[a] = largest
    for c in range(size):
        pivot, best = c, -1.0
        for a in range(c, size):
            ratio = abs(matrix[a, c]) / scale[a]
            if ratio > best:
                pivot, best = a, ratio
        if not best > 0.0:
            return 0.0
        if pivot != c:
            for b in range(size):
                matrix[c, b], matrix[pivot, b] = matrix[pivot, b], matrix[c, b]
            rows[c], rows[pivot] = rows[pivot], rows[c]
            scale[pivot] = scale[c]
            sign = -sign
        if matrix[c, c] < 0.0:
            sign = -sign
        for a in range(c + 1, size):
            ratio = matrix[a, c] / matrix[c, c]
            if ratio != 0.0:
                matrix[a, c] = ratio
                for b in range(c + 1, size):
                    matrix[a, b] -= ratio * matrix[c, b]
    return sign


@compiled
def solve(matrix: FloatArray, rows: IntArray, right: FloatArray, out: FloatArray) -> None:
    """Solve with the factors of `factor`."""
    size = matrix.shape[0]
    for a in range(size):
        total = right[rows[a]]
        for b in range(a):
            total -= matrix[a, b] * out[b]
        out[a] = total
    for a in range(size - 1, -1, -1):
        total = out[a]
        for b in range(a + 1, size):
            total -= matrix[a, b] * out[b]
        out[a] = total / matrix[a, a]


@compiled
def solve_transposed(
    matrix: FloatArray, rows: IntArray, right: FloatArray, out: FloatArray
) -> None:
    """Solve the transposed system with the factors of `factor`; `right` is overwritten."""
    size = matrix.shape[0]
    for a in range(size):
        for b in range(a):
            right[a] -= matrix[b, a] * right[b]
        right[a] /= matrix[a, a]
    for a in range(size - 1, -1, -1):
        for b in range(a + 1, size):
            right[a] -= matrix[b, a] * right[b]
    for a in range(size):
        out[rows[a]] = right[a]


@compiled
def unit(vector: FloatArray) -> float:
    """Divide a vector by its length and return the length."""
    total = 0.0
    for b in range(vector.shape[0]):
        total += vector[b] * vector[b]
    length = float(np.sqrt(total))
    for b in range(vector.shape[0]):
        vector[b] /= length
    return length


@compiled
def inner(first: FloatArray, second: FloatArray) -> float:
    """Return the inner product."""
    total = 0.0
    for b in range(first.shape[0]):
        total += first[b] * second[b]
    return total
