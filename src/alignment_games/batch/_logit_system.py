"""The logit equations of two players as those of one, and their derivatives.

Substituting one player's logit response into the other's leaves equations ``y = T(y, precision)``
in the probabilities of one player, at most three unknowns. Indices: ``i``, ``k`` are strategies
of the player substituted, ``p``, ``q`` of the other, ``j`` its probabilities but the first, which
is what they leave.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray

__all__ = ["contraction_of", "differences", "invert", "linearize", "respond"]


@compiled
def _response(values: FloatArray, precision: float, chances: FloatArray) -> None:
    """Fill the logit response to payoffs."""
    top = values.max()
    total = 0.0
    for i in range(values.size):
        chances[i] = math.exp(precision * (values[i] - top))
        total += chances[i]
    for i in range(values.size):
        chances[i] /= total


@compiled
def _values(table: FloatArray, chances: FloatArray, values: FloatArray) -> None:
    """Fill expected payoffs."""
    for i in range(table.shape[0]):
        values[i] = 0.0
        for j in range(table.shape[1]):
            values[i] += table[i, j] * chances[j]


@compiled
def respond(
    first: FloatArray,
    second: FloatArray,
    precision: float,
    y: FloatArray,
    gains: FloatArray,
    x: FloatArray,
    worth: FloatArray,
    z: FloatArray,
) -> None:
    """Fill the response ``z`` to the response ``x`` to `y`, and payoffs on the way."""
    y[0] = 1.0
    for j in range(1, y.size):
        y[0] -= y[j]
    _values(first, y, gains)
    _response(gains, precision, x)
    _values(second, x, worth)
    _response(worth, precision, z)


@compiled
def differences(
    a: FloatArray,
    b: FloatArray,
    first: FloatArray,
    second: FloatArray,
    swing: FloatArray,
    cross: FloatArray,
) -> tuple[float, float]:
    """Fill the differences that matter; return the largest of each player's payoffs.

    `first`, `second`: payoffs of each player less those of its first strategy. `swing`: how the
    gain of i over l changes per probability j, taken from the first. `cross`: how the gain of
    p over q changes per probability moved from l to i.
    """
    m, n = a.shape
    most_a, most_b = 0.0, 0.0
    for i in range(m):
        for j in range(n):
            first[i, j] = a[i, j] - a[0, j]
            second[j, i] = b[j, i] - b[0, i]
            most_a = max(most_a, abs(first[i, j]))
            most_b = max(most_b, abs(second[j, i]))
    own = 0
    for i in range(m):
        for k in range(i + 1, m):
            for j in range(1, n):
                swing[own, j] = (first[i, j] - first[k, j]) - (first[i, 0] - first[k, 0])
            other = 0
            for p in range(n):
                for q in range(p + 1, n):
                    cross[other, own] = (second[p, i] - second[q, i]) - (
                        second[p, k] - second[q, k]
                    )
                    other += 1
            own += 1
    return most_a, most_b


@compiled
def contraction_of(
    swing: FloatArray, cross: FloatArray, errors: tuple[float, float], m: int, n: int
) -> float:
    """Return a bound of what a shift between two strategies moves payoff differences, multiplied.

    With the largest oscillations of payoff differences of the two players, each responds to a
    move d (in the 1-norm) of the other by at most a quarter of precision times oscillation times
    d; the product of both factors below 1 makes the response a contraction.
    """
    widest, second = 0.0, 0.0
    for own in range(m * (m - 1) // 2):
        for j in range(n):
            base = 0.0 if j == 0 else swing[own, j]
            for r in range(j):
                widest = max(widest, abs(base - (0.0 if r == 0 else swing[own, r])))
        for other in range(n * (n - 1) // 2):
            second = max(second, abs(cross[other, own]))
    widest, second = widest + 4.0 * errors[0], second + 4.0 * errors[1]
    return float(math.sqrt(widest) * math.sqrt(second) / 4.0)


@compiled
def linearize(
    swing: FloatArray,
    cross: FloatArray,
    precision: float,
    gains: FloatArray,
    x: FloatArray,
    worth: FloatArray,
    z: FloatArray,
    slopes: FloatArray,
    partial: FloatArray,
    matrix: FloatArray,
    right: FloatArray,
) -> None:
    """Fill the derivatives of ``y - T(y)`` where `respond` was last asked for.

    `slopes`, `partial`: derivatives of the gain of p over q times precision by the
    probabilities j and by the precision. `matrix`, `right`: those of the equations by j, and
    minus those by the precision.
    """
    m, n = x.size, z.size
    other = 0
    for p in range(n):
        for q in range(p + 1, n):
            for j in range(1, n):
                slopes[other, j] = 0.0
            partial[other] = 0.0
            own = 0
            for i in range(m):
                for k in range(i + 1, m):
                    weight = cross[other, own] * x[i] * x[k] * precision
                    partial[other] += weight * (gains[i] - gains[k])
                    for j in range(1, n):
                        slopes[other, j] += weight * precision * swing[own, j]
                    own += 1
            partial[other] += worth[p] - worth[q]
            other += 1
    for p in range(1, n):
        right[p] = 0.0
        for j in range(1, n):
            matrix[p, j] = 1.0 if p == j else 0.0
    other = 0
    for p in range(n):
        for q in range(p + 1, n):
            weight = z[p] * z[q]
            for j in range(1, n):
                change = weight * slopes[other, j]
                if p > 0:
                    matrix[p, j] -= change
                matrix[q, j] += change
            if p > 0:
                right[p] += weight * partial[other]
            right[q] -= weight * partial[other]
            other += 1


@compiled
def invert(matrix: FloatArray, scratch: FloatArray, inverse: FloatArray) -> bool:
    """Fill the inverse of the rows and columns from 1 on; False if it has none."""
    size = matrix.shape[0]
    for p in range(1, size):
        for j in range(1, size):
            scratch[p, j] = matrix[p, j]
            inverse[p, j] = 1.0 if p == j else 0.0
    for c in range(1, size):
        pivot = c
        for p in range(c + 1, size):
            if abs(scratch[p, c]) > abs(scratch[pivot, c]):
                pivot = p
        head = scratch[pivot, c]
        if not 0.0 < abs(head) < np.inf:
            return False
        for j in range(1, size):
            value, mate = scratch[pivot, j] / head, inverse[pivot, j] / head
            scratch[pivot, j], inverse[pivot, j] = scratch[c, j], inverse[c, j]
            scratch[c, j], inverse[c, j] = value, mate
        for p in range(1, size):
            ratio = scratch[p, c]
            if p != c and ratio != 0.0:
                for j in range(1, size):
                    scratch[p, j] -= ratio * scratch[c, j]
                    inverse[p, j] -= ratio * inverse[c, j]
    return True
