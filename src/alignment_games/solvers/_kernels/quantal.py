"""The logit correspondence traced by predictor and corrector, any number of players."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .quantal_system import (
    factor,
    inner,
    payoff_slopes,
    solve,
    solve_transposed,
    system,
    unit,
)

__all__ = ["DONE", "LIMIT", "STUCK", "point_at", "trace"]

DONE, LIMIT, STUCK = 0, 1, 2
"""How a trace ends: at the asked end, at its number of steps, or with no further step."""

_FIRST_STEP = 0.3
_SMALLEST_STEP = 1e-6  # branches nearer to each other than this are not told apart
_PREDICTOR_ERROR = 0.02  # what the step length aims at
_LARGEST_ERROR = 0.06
_CONVERGED = 1e-7  # Newton's last step; what is left then is of the order of its square
_ITERATIONS = 8
_NARROW = 0.1  # singular values below this call for steps that cannot pass by zero unseen
_CROWDED, _STRIDE = 1000.0, 0.4  # up to this precision a step adds at most this share of it


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
) -> float:
    """Bring `x` to the curve by Newton steps orthogonal to `row`.

    Returns the size of the first step, the error of the predictor; -1 if the steps do not
    shrink. Distances are relative for the far logarithms of small probabilities.
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
            size = max(size, abs(step[b]) / (1.0 + 0.1 * abs(x[b])))
        if not size < 1e300 or x[n] < 0.0:
            return -1.0
        if iteration == 0:
            first = size
            if size > _LARGEST_ERROR:
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
    for b in range(n + 1):
        matrix[n, b] = row[b]
        residual[b] = 0.0
    residual[n] = 1.0
    singular[2:] = matrix
    sign = factor(matrix, rows, work[4])
    if sign == 0.0:
        return 0.0, 0.0, 0.0
    solve(matrix, rows, residual, tangent)
    unit(tangent)
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


@compiled
def content(sizes: IntArray, starts: IntArray, work: FloatArray, allowed: FloatArray) -> bool:
    """Tell whether no player regrets more than `allowed` where `system` was last asked for."""
    for i in range(sizes.shape[0]):
        best, total, mass = -np.inf, 0.0, 0.0
        for a in range(starts[i], starts[i + 1]):
            best = max(best, work[1, a])
            total += work[0, a] * work[1, a]
            mass += work[0, a]
        if best - total / mass > allowed[i]:
            return False
    return True


@compiled
def may_turn_twice(rate: float, after: float, mean: float) -> bool:
    """Tell whether the cubic through both ends of a step turns back and forth between them.

    Given are the rates of the precision at both ends, of the same sign, and its mean rate.
    """
    if rate * after <= 0.0:
        return False
    if rate < 0.0:
        rate, after, mean = -rate, -after, -mean
    # The cubic's slope is rate - 2 (2 rate + after - 3 mean) f + 3 (rate + after - 2 mean) f^2.
    linear = 2.0 * rate + after - 3.0 * mean
    square = 3.0 * (rate + after - 2.0 * mean)
    return 0.0 < linear < square and linear * linear > rate * square


@compiled
def turning_point(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    x: FloatArray,
    t: FloatArray,
    curve: FloatArray,
    step: float,
    after: float,
    slopes: FloatArray,
    work: FloatArray,
    residual: FloatArray,
    matrix: FloatArray,
    rows: IntArray,
    turn: FloatArray,
    tangent: FloatArray,
    before: FloatArray,
    scratch: FloatArray,
) -> bool:
    """Fill the point within `step` of `x` where the precision turns, by the Illinois rule.

    `after` is the rate of the precision at the end of the step, of the other sign than at `x`.
    """
    n = starts[sizes.shape[0]]
    low, high, rate_low, rate_high = 0.0, step, float(t[n]), after
    for _ in range(80):
        middle = low + (high - low) * rate_low / (rate_low - rate_high)
        for b in range(n + 1):
            turn[b] = x[b] + middle * (t[b] + 0.5 * middle * curve[b])
        if correct(payoffs, sizes, starts, turn, t, slopes, work, residual, matrix, rows) < 0.0:
            return False
        direction(
            payoffs, sizes, starts, turn, t, slopes, work, residual, matrix, rows, tangent,
            before, scratch,
        )  # fmt: skip
        rate = float(tangent[n])
        if abs(rate) < 1e-8 or high - low < 1e-13 * step:
            return True
        if rate * t[n] > 0.0:
            low, rate_low = middle, rate
            rate_high *= 0.5
        else:
            high, rate_high = middle, rate
            rate_low *= 0.5
    return False


@compiled
def point_at(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    before: FloatArray,
    tangent_before: FloatArray,
    behind: FloatArray,
    tangent_behind: FloatArray,
    precision: float,
) -> tuple[bool, FloatArray]:
    """Return the point of the curve with this precision between two neighboring points."""
    n = starts[sizes.shape[0]]
    slopes = np.zeros((n, n))
    work = np.ones((5, n + 1))
    residual = np.zeros(n + 1)
    matrix = np.zeros((n + 1, n + 1))
    rows = np.zeros(n + 1, np.int64)
    if sizes.shape[0] == 2:
        payoff_slopes(payoffs, sizes, starts, before, slopes)
    level, singular = np.zeros(n + 1), np.ones((n + 3, n + 1))
    level[n] = 1.0
    x, y = before.copy(), behind.copy()
    t, u = tangent_before.copy(), tangent_behind.copy()
    guess, tangent = np.zeros(n + 1), np.zeros(n + 1)
    for _ in range(200):
        length = 0.0
        for b in range(n + 1):
            length += (y[b] - x[b]) ** 2
        length = np.sqrt(length)
        low, high = 0.0, 1.0
        for _ in range(50):  # where the cubic through both ends has this precision
            f = 0.5 * (low + high)
            value = (
                (1.0 + 2.0 * f) * (1.0 - f) ** 2 * x[n]
                + f * (1.0 - f) ** 2 * length * t[n]
                + f * f * (3.0 - 2.0 * f) * y[n]
                - f * f * (1.0 - f) * length * u[n]
            )
            if (value < precision) == (x[n] < y[n]):
                low = f
            else:
                high = f
        f = 0.5 * (low + high)
        for b in range(n + 1):
            guess[b] = (
                (1.0 + 2.0 * f) * (1.0 - f) ** 2 * x[b]
                + f * (1.0 - f) ** 2 * length * t[b]
                + f * f * (3.0 - 2.0 * f) * y[b]
                - f * f * (1.0 - f) * length * u[b]
            )
        guess[n] = precision
        error = correct(payoffs, sizes, starts, guess, level, slopes, work, residual, matrix, rows)
        if 0.0 <= error <= _PREDICTOR_ERROR:
            return True, guess
        # Near a turning point the precision is a poor coordinate: come nearer along the curve.
        for b in range(n + 1):
            guess[b] = 0.5 * (x[b] + y[b]) + 0.125 * length * (t[b] - u[b])
        if correct(payoffs, sizes, starts, guess, t, slopes, work, residual, matrix, rows) < 0.0:
            return False, guess
        direction(
            payoffs, sizes, starts, guess, t, slopes, work, residual, matrix, rows, tangent,
            singular, singular,
        )  # fmt: skip
        if (guess[n] < precision) == (x[n] < y[n]):
            x[:] = guess
            t[:] = tangent
        else:
            y[:] = guess
            u[:] = tangent
    return False, guess


@compiled
def clipped(value: float, low: float, high: float) -> float:
    """Return the number between `low` and `high` that is nearest to `value`."""
    if value < low:
        return low
    return min(value, high)


@compiled
def _grown(table: FloatArray, used: int) -> FloatArray:
    if used < table.shape[0]:
        return table
    larger = np.empty((2 * table.shape[0], table.shape[1]))
    larger[:used] = table
    return larger


@compiled
def trace(
    payoffs: FloatArray,
    sizes: IntArray,
    starts: IntArray,
    max_precision: float,
    allowed: FloatArray,
    max_steps: int,
) -> tuple[int, FloatArray, FloatArray, IntArray, FloatArray]:
    """Follow the branch from the centroid to `max_precision` or until regret is `allowed`.

    Returns how it ended, the points, their tangents, the positions of the turning points among
    them, and the branch points that were crossed. Between two neighboring points the precision
    is monotone, because every turning point is one of the points.
    """
    players = sizes.shape[0]
    n = starts[players]
    slopes = np.zeros((n, n))
    work = np.ones((5, n + 1))
    residual = np.zeros(n + 1)
    matrix = np.zeros((n + 1, n + 1))
    rows = np.zeros(n + 1, np.int64)
    x, t, curve = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    y, new = np.zeros(n + 1), np.zeros(n + 1)
    singular, new_singular = np.zeros((n + 3, n + 1)), np.zeros((n + 3, n + 1))
    turn, along = np.zeros(n + 1), np.zeros(n + 1)
    points, tangents = np.empty((64, n + 1)), np.empty((64, n + 1))
    turns, branches = np.empty((4, 1)), np.empty((4, n + 1))
    n_turns, n_branches, used = 0, 0, 1
    for i in range(players):
        for a in range(starts[i], starts[i + 1]):
            x[a] = -np.log(sizes[i])
    if players == 2:
        payoff_slopes(payoffs, sizes, starts, x, slopes)
    y[n] = 1.0
    sign, value, _ = direction(
        payoffs, sizes, starts, x, y, slopes, work, residual, matrix, rows, t, singular, singular
    )
    points[0], tangents[0] = x, t
    ended = LIMIT
    if max_precision == 0.0 or content(sizes, starts, work, allowed):
        ended = DONE
        max_steps = 0
    step, before = _FIRST_STEP, _FIRST_STEP
    safe = np.zeros((3, n + 1))  # point, tangent and curvature where the approach began
    approaching, closer, crossing, known, odd = False, False, False, False, False
    calm = 0  # steps since one was shortened for what lay ahead
    past = 0.0  # distance from the safe point to the branch point
    for _ in range(max_steps):
        smallest = float(_SMALLEST_STEP * (1.0 + x[n]))
        if step < 1e-3 * smallest:
            ended = STUCK
            break
        length = past + step
        for b in range(n + 1):
            y[b] = x[b] + length * (t[b] + 0.5 * length * curve[b])
        error = correct(payoffs, sizes, starts, y, t, slopes, work, residual, matrix, rows)
        if error < 0.0:
            step *= 0.4
            continue
        new_sign, new_value, agreement = direction(
            payoffs, sizes, starts, y, t, slopes, work, residual, matrix, rows, new,
            singular, new_singular,
        )  # fmt: skip
        satisfied = content(sizes, starts, work, allowed)
        if new_sign == 0.0 or (inner(t, new) < 0.95 and step > smallest):
            step *= 0.4
            continue
        if crossing:
            if odd and new_sign == sign and step > smallest:  # not yet on the other side
                step *= 0.4
                continue
        else:
            odd, even = new_sign != sign, False
            low = min(value, new_value)
            if not (odd or known) and (agreement < 0.5 or low < _NARROW):
                # A singular matrix between two matrices is at least as far from them as
                # their smallest singular values.
                change = 0.0
                for a in range(2, n + 2):
                    for b in range(n + 1):
                        change += (new_singular[a, b] - singular[a, b]) ** 2
                change = np.sqrt(change)
                near = change > value + new_value
                unclear = near and -0.2 < agreement < 0.5
                blind = low < _NARROW and change > 8.0 * (value + new_value)
                if (unclear and step > smallest) or (blind and step > 1e4 * smallest):
                    step *= 0.5
                    continue
                even = near and agreement < 0.5
            if odd or even:
                # Either another branch lies here or the step has left its own: come nearer.
                if not approaching:
                    approaching = True
                    before = step
                    safe[0], safe[1], safe[2] = x, t, curve
                if step > smallest:
                    share = 0.5
                    if agreement < 0.0:  # where the singular value should pass through zero
                        share = clipped(0.9 * value / (value + new_value), 0.1, 0.5)
                    step = max(share * step, 0.9 * smallest)
                    closer = True
                    continue
                approaching = False
                closer = False
                known = True
                step = before
                if odd or new_value < 1e-4:
                    branches = _grown(branches, n_branches)
                    branches[n_branches] = x
                    n_branches += 1
                    # Straight on, from where rounding has not bent the tangent yet.
                    crossing = True
                    past = 0.0
                    for b in range(n + 1):
                        past += (x[b] - safe[0, b]) ** 2
                    past = np.sqrt(past)
                    x[:] = safe[0]
                    t[:] = safe[1]
                    curve[:] = safe[2]
                continue
        if (
            may_turn_twice(float(t[n]), float(new[n]), float(y[n] - x[n]) / length)
            and step > smallest
        ):
            step *= 0.5
            continue
        if t[n] * new[n] < 0.0:
            if not turning_point(
                payoffs, sizes, starts, x, t, curve, length, float(new[n]),
                slopes, work, residual, matrix, rows, turn, along, singular, new_singular,
            ):  # fmt: skip
                step *= 0.4
                continue
            points, tangents = _grown(points, used), _grown(tangents, used)
            points[used], tangents[used] = turn, along
            turns = _grown(turns, n_turns)
            turns[n_turns, 0] = used
            n_turns += 1
            used += 1
        for b in range(n + 1):
            curve[b] = (new[b] - t[b]) / length
        x[:] = y
        t[:] = new
        singular[:] = new_singular
        sign, value = new_sign, new_value
        points, tangents = _grown(points, used), _grown(tangents, used)
        points[used], tangents[used] = x, t
        used += 1
        if x[n] >= max_precision or satisfied:
            ended = DONE
            break
        calm = 0 if closer else calm + 1
        if calm > 3 or step > 0.5 * before:
            approaching = False
        if closer:
            step *= 0.25  # the place is about a tenth of the last step away
        else:
            growth = (_PREDICTOR_ERROR / max(error, 1e-9)) ** (1.0 / 3.0)
            step *= clipped(growth, 0.3, 3.0)
            if x[n] < _CROWDED:  # a straight branch could be left unseen by steps that triple
                step = min(step, _STRIDE * (1.0 + float(x[n])))
        closer, crossing, known, past = False, False, False, 0.0
    positions = turns[:n_turns, 0].astype(np.int64)
    return ended, points[:used].copy(), tangents[:used].copy(), positions, branches[:n_branches]
