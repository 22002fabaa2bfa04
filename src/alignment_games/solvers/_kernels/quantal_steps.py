"""One step along a logit branch: Newton's corrections, tangents, and how lengths are measured."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .quantal_system import factor, inner, solve, solve_transposed, system, unit

__all__ = [
    "LARGEST_ERROR",
    "PREDICTOR_ERROR",
    "RELATIVE",
    "SMALLEST_STEP",
    "apart",
    "correct",
    "direction",
    "lower",
    "measure",
    "weigh",
]

RELATIVE = 0.1  # logarithms and precisions beyond 10 are measured by their relative changes
SMALLEST_STEP = 1e-6  # branches nearer to each other than this are not told apart
PREDICTOR_ERROR = 0.02  # what the step length aims at
LARGEST_ERROR = 0.06
_CONVERGED = 1e-7  # Newton's last step; what is left then is of the order of its square
_ITERATIONS = 8


@compiled
def weigh(x: FloatArray, weights: FloatArray) -> None:
    """Fill the units in which lengths are measured at `x`.

    Where the precision is large, a branch bends and turns over relative changes of it: a turn
    that is smooth on a logarithmic axis is, in the plain unit, a needle's point, whose two sides
    no step tells apart. Logarithms of small probabilities grow with the precision.
    """
    for b in range(x.shape[0]):
        weights[b] = 1.0 + RELATIVE * abs(x[b])


@compiled
def measure(vector: FloatArray, weights: FloatArray) -> float:
    """Return the length of a vector in the units of `weigh`."""
    total = 0.0
    for b in range(vector.shape[0]):
        total += (vector[b] / weights[b]) ** 2
    return float(np.sqrt(total))


@compiled
def lower(vector: FloatArray, weights: FloatArray, row: FloatArray) -> None:
    """Fill the row whose products with vectors are `vector`'s in the units of `weigh`."""
    for b in range(vector.shape[0]):
        row[b] = vector[b] / weights[b] / weights[b]


@compiled
def apart(x: FloatArray, y: FloatArray, weights: FloatArray) -> float:
    """Return the distance of two points in the units of `weigh`."""
    total = 0.0
    for b in range(x.shape[0]):
        total += ((y[b] - x[b]) / weights[b]) ** 2
    return float(np.sqrt(total))


@compiled
def correct(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    x: FloatArray,
    row: FloatArray,
    slopes: FloatArray,
    work: FloatArray,
    residual: FloatArray,
    matrix: FloatArray,
    rows: IntArray,
    largest: float,
) -> float:
    """Bring `x` to the curve by Newton steps orthogonal to `row`.

    Returns the size of the first step, the error of the predictor; -1 if it exceeds `largest`
    or the steps do not shrink. Distances are in the units of `weigh`.
    """
    n = starts[sizes.shape[0]]
    step, scale = work[3], work[4]
    first = 0.0
    previous = 0.0
    for iteration in range(_ITERATIONS):
        system(payoffs, sizes, starts, x, slopes, work, residual, matrix)
        for b in range(n + 1):
            matrix[n, b] = row[b]
        residual[n] = 0.0
        if factor(matrix, rows, scale) == 0.0:
            return -1.0
        solve(matrix, rows, residual, step)
        size = 0.0
        for b in range(n + 1):
            x[b] -= step[b]
            size = max(size, abs(step[b]) / (1.0 + RELATIVE * abs(x[b])))
        if not size < 1e300 or x[n] < 0.0:
            return -1.0
        if iteration == 0:
            first = size
            if size > largest:
                return -1.0
        elif size > 0.5 * previous and size > _CONVERGED:
            return -1.0
        if size <= _CONVERGED:
            return first
        previous = size
    return -1.0


@compiled
def direction(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    x: FloatArray,
    row: FloatArray,
    slopes: FloatArray,
    work: FloatArray,
    residual: FloatArray,
    matrix: FloatArray,
    rows: IntArray,
    tangent: FloatArray,
    before: FloatArray,
    singular: FloatArray,
) -> tuple[float, float, float]:
    """Fill the unit tangent at `x` on the side of `row`, and the nearest singular vectors.

    Lengths are in the units of `weigh`, which the third row of `work` becomes.

    Returns the orientation, the smallest singular value and how well its vectors (the rows of
    `singular`) agree with `before`. The orientation, a determinant's sign, changes at branch
    points of odd order. At those of even order it does not, but there the agreement turns
    negative, because one of the two vectors turns round against the other.
    """
    n = starts[sizes.shape[0]]
    system(payoffs, sizes, starts, x, slopes, work, residual, matrix)
    for i in range(sizes.shape[0]):
        # Combine the rows to those of ``z - log softmax``, which are the identity at zero.
        top = starts[i]
        for a in range(starts[i], starts[i + 1]):
            if x[a] > x[top]:
                top = a
        for a in range(starts[i], starts[i + 1]):
            if a != top:
                for b in range(n + 1):
                    matrix[top, b] -= work[0, a] * matrix[a, b]
        for a in range(starts[i], starts[i + 1]):
            if a != top:
                for b in range(n + 1):
                    matrix[a, b] += matrix[top, b]
    weights = work[2]
    weigh(x, weights)
    for a in range(n):  # rows of length 1, or those that grow with the precision drown the rest
        total = 0.0
        for b in range(n + 1):
            matrix[a, b] *= weights[b] / weights[a]
            total += matrix[a, b] ** 2
        total = np.sqrt(total)
        if total > 0.0:
            for b in range(n + 1):
                matrix[a, b] /= total
    for b in range(n + 1):
        matrix[n, b] = row[b] * weights[b]
        residual[b] = 0.0
    residual[n] = 1.0
    singular[2:] = matrix
    sign = factor(matrix, rows, work[4])
    if sign == 0.0:
        return 0.0, 0.0, 0.0
    solve(matrix, rows, residual, tangent)
    unit(tangent)
    for b in range(n + 1):
        tangent[b] *= weights[b]
    right, left, scratch = singular[0], singular[1], work[3]
    for b in range(n + 1):  # a little of every direction, or one may be lost
        right[b] = before[0, b] + 0.01 * np.cos(1.0 + 2.3 * b)
    value = 0.0
    for _ in range(2):
        scratch[:] = right
        solve_transposed(matrix, rows, scratch, left)
        unit(left)
        solve(matrix, rows, left, right)
        value = 1.0 / unit(right)
    return sign, value, inner(right, before[0]) * inner(left, before[1])
