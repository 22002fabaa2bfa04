"""The logit correspondence traced by predictor and corrector, any number of players."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled
from .quantal_steps import (
    LARGEST_ERROR,
    PREDICTOR_ERROR,
    RELATIVE,
    SMALLEST_STEP,
    apart,
    correct,
    direction,
    lower,
    measure,
    weigh,
)
from .quantal_system import inner, payoff_slopes

__all__ = ["DONE", "LIMIT", "STUCK", "trace"]

DONE, LIMIT, STUCK = 0, 1, 2
"""How a trace ends: at the asked end, at its number of steps, or with no further step."""

_FIRST_STEP = 0.3
_BEND = 0.05  # how far from 1 the cosine of the angle between two tangents may be
_NARROW = 0.1  # singular values below this call for steps that cannot pass by zero unseen
_CROWDED, _STRIDE = 1000.0, 0.4  # up to this precision a step adds at most this share of it
_LONG_STRIDE = 2.0  # and beyond it this


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
    row: FloatArray,
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
    largest: float,
) -> bool:
    """Fill the point within `step` of `x` where the precision turns, by the Illinois rule.

    `after` is the rate of the precision at the end of the step, of the other sign than at `x`.
    """
    n = starts[sizes.shape[0]]
    low, high, rate_low, rate_high = 0.0, step, float(t[n] / (1.0 + RELATIVE * x[n])), after
    for _ in range(80):
        middle = low + (high - low) * rate_low / (rate_low - rate_high)
        for b in range(n + 1):
            turn[b] = x[b] + middle * (t[b] + 0.5 * middle * curve[b])
        error = correct(
            payoffs, sizes, starts, turn, row, slopes, work, residual, matrix, rows, largest
        )
        if error < 0.0:
            return False
        direction(
            payoffs, sizes, starts, turn, row, slopes, work, residual, matrix, rows, tangent,
            before, scratch,
        )  # fmt: skip
        rate = float(tangent[n] / work[2, n])
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
    care: float,
) -> tuple[int, FloatArray, FloatArray, IntArray, FloatArray]:
    """Follow the branch from the centroid to `max_precision` or until regret is `allowed`.

    With `care` below 1 predictions must be better in proportion, and steps may become smaller.
    Returns how it ended, the points, their tangents, the positions of the turning points among
    them, and the branch points that were crossed, each followed by the number of points before
    it. Between two neighboring points the precision
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
    scratch = np.zeros((n + 3, n + 1))
    turn, along = np.zeros(n + 1), np.zeros(n + 1)
    points, tangents = np.empty((64, n + 1)), np.empty((64, n + 1))
    turns, branches = np.empty((4, 1)), np.empty((4, n + 2))
    row, weights = np.zeros(n + 1), np.zeros(n + 1)
    aim, largest = PREDICTOR_ERROR * care, LARGEST_ERROR * care
    smallest = SMALLEST_STEP * care
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
    weigh(x, weights)
    lower(t, weights, row)
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
        if step < 1e-3 * smallest:
            ended = STUCK
            break
        length = past + step
        for b in range(n + 1):
            y[b] = x[b] + length * (t[b] + 0.5 * length * curve[b])
        error = correct(
            payoffs, sizes, starts, y, row, slopes, work, residual, matrix, rows, largest
        )
        if error < 0.0:
            step *= 0.4
            continue
        new_sign, new_value, agreement = direction(
            payoffs, sizes, starts, y, row, slopes, work, residual, matrix, rows, new,
            singular, new_singular,
        )  # fmt: skip
        satisfied = content(sizes, starts, work, allowed)
        size = measure(new, weights)
        if new_sign == 0.0 or (inner(row, new) < (1.0 - _BEND * care) * size and step > smallest):
            step *= 0.4
            continue
        if crossing:
            if odd and new_sign == sign:
                if step > max(1e-3 * before, smallest):  # not yet on the other side
                    step *= 0.4
                else:  # the orientation that changed at the crossing was rounding
                    odd = False
                    step = before
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
                short = 1e4 * smallest * (1.0 + x[n]) / weights[n]
                if (unclear and step > smallest) or (blind and step > short):
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
                    branches[n_branches, : n + 1] = x
                    branches[n_branches, n + 1] = used
                    n_branches += 1
                    # Straight on, from where rounding has not bent the tangent yet.
                    crossing = True
                    weigh(safe[0], weights)
                    past = apart(safe[0], x, weights)
                    x[:] = safe[0]
                    t[:] = safe[1]
                    curve[:] = safe[2]
                    lower(t, weights, row)
                continue
        if (
            may_turn_twice(float(t[n]), float(new[n] / size), float(y[n] - x[n]) / length)
            and step > smallest
        ):
            step *= 0.5
            continue
        if t[n] * new[n] < 0.0:
            if not turning_point(
                payoffs, sizes, starts, x, t, row, curve, length, float(new[n] / work[2, n]),
                slopes, work, residual, matrix, rows, turn, along, singular, scratch, largest,
            ):  # fmt: skip
                step *= 0.4
                continue
            points, tangents = _grown(points, used), _grown(tangents, used)
            points[used], tangents[used] = turn, along
            turns = _grown(turns, n_turns)
            turns[n_turns, 0] = used
            n_turns += 1
            used += 1
            if turn[n] >= max_precision:  # the end of the step may lie below it again
                ended = DONE
                break
        weigh(y, weights)
        size = measure(t, weights)
        for b in range(n + 1):
            curve[b] = (new[b] - t[b] / size) / (length * size)
        x[:] = y
        t[:] = new
        lower(t, weights, row)
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
            growth = (aim / max(error, 1e-9)) ** (1.0 / 3.0)
            step *= clipped(growth, 0.3, 3.0)
            # A straight branch could be left unseen by steps that triple.
            stride = _STRIDE if x[n] < _CROWDED else _LONG_STRIDE
            rate = max(abs(float(t[n])), 0.2 * float(weights[n]))
            step = min(step, stride * (1.0 + float(x[n])) / rate)
        closer, crossing, known, past = False, False, False, 0.0
    positions = turns[:n_turns, 0].astype(np.int64)
    return ended, points[:used].copy(), tangents[:used].copy(), positions, branches[:n_branches]
