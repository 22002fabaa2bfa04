"""The principal logit branch of many games, proved step by step: a tube that holds it alone.

The equations are those of `alignment_games.batch._logit_system`. Newton's map with a fixed
inverse, evaluated in ranges over a tube of `alignment_games.batch._logit_tubes` (Krawczyk's
test), proves that for every precision in its stretch the box holds exactly one solution, so that
these form one curve. The first tube begins where the equilibrium is the only one, and each holds
the end of the curve of the tube before it; so the last one holds the principal branch where it
first reaches the precision asked for. A branch that turns back or is crossed has no such tubes;
then nothing is claimed. `alignment_games.batch.logits` calls the two functions.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import BoolArray, FloatArray, IntArray, StatusArray
from ._logit_system import contraction_of, differences, invert, linearize, respond
from ._logit_tubes import ROUNDING, bound_tube, deviation, newton_box, ranges
from .kernels import BAD_INPUT, DEGENERATE, OK

__all__ = ["certify_games", "follow_games"]

_STEPS, _TRIES = 2000, 4
_SHORTEST = 1e-6  # half a tube's length, as a share of the precision
_AIM = 0.25  # share of a box that Newton's map should leave of it
_SURE = 0.98
_UNIQUE = 0.98  # where the first tube begins, as a share of the contraction's bound


@compiled
def _corrected(inverse: FloatArray, left: FloatArray, y: FloatArray) -> float:
    """Take one Newton step with this inverse; return its size."""
    size = 0.0
    for j in range(1, y.size):
        step = 0.0
        for p in range(1, y.size):
            step += inverse[j, p] * left[p]
        y[j] -= step
        size = max(size, abs(step))
    return size


@compiled
def _begin(
    first: FloatArray,
    second: FloatArray,
    swing: FloatArray,
    cross: FloatArray,
    precision: float,
    vectors: FloatArray,
    tables: FloatArray,
) -> bool:
    """Bring ``vectors[4]`` from the centroid to an equilibrium by Newton's steps, if they lead."""
    m, n = first.shape
    gains, x, worth, z = vectors[0, :m], vectors[1, :m], vectors[2, :n], vectors[3, :n]
    y, left, right, partial = vectors[4, :n], vectors[5, :n], vectors[6, :n], vectors[7]
    slopes, matrix, scratch, inverse = tables[0:6], tables[6:10], tables[10:14], tables[14:18]
    y[:] = 1.0 / n
    for _ in range(12):
        respond(first, second, precision, y, gains, x, worth, z)
        linearize(swing, cross, precision, gains, x, worth, z, slopes, partial, matrix[:n], right)
        if not invert(matrix[:n], scratch, inverse):
            return False
        for j in range(1, n):
            left[j] = y[j] - z[j]
        size = _corrected(inverse, left, y)
        if not size < 10.0:
            return False
        if size < 1e-8:
            return True
    return False


@compiled
def _likeliest_first(
    a: FloatArray, b: FloatArray, order: IntArray, vectors: FloatArray, last: FloatArray
) -> bool:
    """Exchange strategies until that of the largest probability in ``vectors[4]`` is the first.

    The probability of the first is what the others leave, so its errors are the sums of theirs;
    a strategy that is hardly played must not be the first, or boxes would be far too large.
    `last` holds vectors that go with the probabilities: three of changes, two of sizes. Returns
    whether anything was exchanged.
    """
    n = order.size
    best = 0
    for j in range(1, n):
        if vectors[4, j] > vectors[4, best]:
            best = j
    if not vectors[4, best] > 1.5 * vectors[4, 0]:
        return False
    for i in range(a.shape[0]):
        a[i, 0], a[i, best] = a[i, best], a[i, 0]
        b[0, i], b[best, i] = b[best, i], b[0, i]
    order[0], order[best] = order[best], order[0]
    vectors[4, 0], vectors[4, best] = vectors[4, best], vectors[4, 0]
    for row in range(last.shape[0]):
        total = 0.0
        for j in range(1, n):
            total += last[row, j]
        last[row, best] = -total if row < 3 else total
    return True


@compiled
def _follow(
    a: FloatArray,
    b: FloatArray,
    order: IntArray,
    first: FloatArray,
    second: FloatArray,
    swing: FloatArray,
    cross: FloatArray,
    errors: tuple[float, float],
    contraction: float,
    target: float,
    vectors: FloatArray,
    tables: FloatArray,
) -> float:
    """Follow the branch to the precision `target`; return the proved error, or infinity.

    The error is that of each probability in ``vectors[1]`` and ``vectors[3]``, the strategies;
    the latter are exchanged as `order` says, and so are the payoffs.
    """
    m, n = first.shape
    gains, x, worth, z = vectors[0, :m], vectors[1, :m], vectors[2, :n], vectors[3, :n]
    end, left, right, partial = vectors[4, :n], vectors[5, :n], vectors[6, :n], vectors[7]
    middle, line, radius, image = vectors[8, :n], vectors[9, :n], vectors[10, :n], vectors[11, :n]
    before, slope, bend, wide = vectors[12, :n], vectors[13, :n], vectors[14, :n], vectors[15, :n]
    doubt = vectors[16, :n]
    slopes, matrix, scratch, inverse = tables[0:6], tables[6:10], tables[10:14], tables[14:18]
    spread, room, work, shares = tables[18:22], tables[22:24], tables[24:41], tables[41:45]
    # The first tube, of no length, proves a solution where there is one only.
    alone = target if contraction * target < _UNIQUE else _UNIQUE / contraction
    passed = alone
    if not _begin(first, second, swing, cross, alone, vectors, tables):
        passed = 0.0
        end[:] = 1.0 / n
    for j in range(1, n):
        slope[j], bend[j], wide[j], doubt[j] = 0.0, 0.0, 0.0, 0.0
    half, last, longer, growth = 0.0, 0.0, 0.1 * alone, 1.7
    for _ in range(_STEPS):
        center = passed + half
        for j in range(1, n):
            middle[j] = end[j] + half * (slope[j] + half * bend[j])
            radius[j] = 1.25 * half * half * wide[j] + 1e-14 * abs(end[j]) + 1e-300
        respond(first, second, center, middle, gains, x, worth, z)
        linearize(swing, cross, center, gains, x, worth, z, slopes, partial, matrix[:n], right)
        accepted, share = False, np.inf
        if invert(matrix[:n], scratch, inverse):
            for j in range(1, n):
                left[j] = middle[j] - z[j]
                line[j] = 0.0
                for p in range(1, n):
                    line[j] += inverse[j, p] * right[p]
            stretch = half * (1.0 + 1e-12) + 4e-15 * center  # no gap between two tubes
            for _ in range(_TRIES):
                bound_tube(
                    swing, cross, errors, center, stretch, gains, x, worth, z, slopes, line, radius,
                    work, spread, room,
                )  # fmt: skip
                share = newton_box(
                    inverse, matrix, spread, room, stretch, left, radius, image, shares
                )  # fmt: skip
                accepted = share < _SURE
                for j in range(1, n):  # the box must also hold where the curve ended so far
                    image[j] = max(image[j], abs(end[j] - middle[j] + half * line[j]) + doubt[j])
                    accepted = accepted and image[j] <= _SURE * radius[j]
                if accepted or not share < _SURE:
                    break
                for j in range(1, n):
                    radius[j] = 1.4 * image[j]
        if not accepted:
            half *= 0.5
            growth = 1.1
            if half <= _SHORTEST * center:
                return np.inf
            continue
        done = center >= target or passed + 2.0 * half >= target * (1.0 - 1e-15)
        passed = target if done else passed + 2.0 * half
        if not _end_of_tube(
            first, second, passed, half, middle, line, radius, inverse, room, shares, share, done,
            vectors,
        ):  # fmt: skip
            return np.inf
        if done:
            return _error(swing, cross, errors, (m, n), target, doubt, vectors, work)
        for j in range(1, n):
            if half > 0.0:
                bend[j] = 0.5 * (line[j] - before[j]) / (half + last)
                wide[j] = image[j] / (half * half)
            before[j] = line[j]
            slope[j] = line[j] + 2.0 * half * bend[j]
        last = half
        if half > 0.0:
            longer = half * min(max(math.sqrt(_AIM / share), 0.5), growth)
            growth = 1.7
            if longer <= _SHORTEST * center:  # a turn is near: steps shrink without end
                return np.inf
        if _likeliest_first(a, b, order, vectors, vectors[12:17]):
            differences(a, b, first, second, swing, cross)
        half = min(longer, 0.5 * (target - passed))
    return np.inf


@compiled
def _end_of_tube(
    first: FloatArray,
    second: FloatArray,
    precision: float,
    half: float,
    middle: FloatArray,
    line: FloatArray,
    radius: FloatArray,
    inverse: FloatArray,
    room: FloatArray,
    shares: FloatArray,
    share: float,
    last: bool,
    vectors: FloatArray,
) -> bool:
    """Fill ``vectors[4]`` with the curve's point where a tube ends, ``vectors[16]`` with errors.

    The errors follow from the contraction of Newton's map, first in shares of the box, then one
    by one. False if the point is not in the box. The last point of all is corrected as far as
    floats allow.
    """
    m, n = first.shape
    gains, x, worth, z = vectors[0, :m], vectors[1, :m], vectors[2, :n], vectors[3, :n]
    end, left, doubt, steps = vectors[4, :n], vectors[5, :n], vectors[16, :n], vectors[17, :n]
    for j in range(1, n):
        end[j] = middle[j] + half * line[j]
    before = np.inf
    for _ in range(30):
        respond(first, second, precision, end, gains, x, worth, z)
        for j in range(1, n):
            left[j] = end[j] - z[j]
            if not abs(end[j] - middle[j] - half * line[j]) <= _SURE * radius[j]:
                return False
        beside, moved = 0.0, 0.0
        for j in range(1, n):
            step, loose = 0.0, 0.0
            for p in range(1, n):
                step += inverse[j, p] * left[p]
                loose += abs(inverse[j, p]) * (room[1, p] + ROUNDING * abs(left[p]))
            steps[j] = abs(step) + loose
            beside = max(beside, steps[j] / ((1.0 - share) * radius[j]))
            moved = max(moved, steps[j] / radius[j])
        if moved >= 0.5 * before or (moved < 1e-3 and not last):
            for j in range(1, n):
                doubt[j] = beside * radius[j]
            for _ in range(4):
                for j in range(1, n):
                    total = steps[j]
                    for p in range(1, n):
                        total += shares[j, p] * doubt[p]
                    doubt[j] = min(doubt[j], 1.000001 * total)
            return True
        before = moved
        _corrected(inverse, left, end)
    return False


@compiled
def _error(
    swing: FloatArray,
    cross: FloatArray,
    errors: tuple[float, float],
    sizes: tuple[int, int],
    precision: float,
    doubt: FloatArray,
    vectors: FloatArray,
    work: FloatArray,
) -> float:
    """Return the largest error of a probability where those of the unknowns are `doubt`."""
    m, n = sizes
    moves, pushes, low, high = work[0], work[1], work[2], work[3]
    for own in range(m * (m - 1) // 2):
        moves[own] = 3.0 * precision * errors[0]
        for j in range(1, n):
            moves[own] += precision * abs(swing[own, j]) * doubt[j]
    ranges(vectors[0, :m], precision, moves, low, high)
    largest = 0.0
    for i in range(m):
        largest = max(largest, deviation(vectors[1, i], low[i], high[i]))
    for other in range(n * (n - 1) // 2):
        pushes[other] = 3.0 * precision * errors[1]
        own = 0
        for i in range(m):
            for k in range(i + 1, m):
                pushes[other] += precision * abs(cross[other, own]) * high[i] * high[k] * moves[own]
                own += 1
    ranges(vectors[2, :n], precision, pushes, low, high)
    for p in range(n):
        largest = max(largest, deviation(vectors[3, p], low[p], high[p]))
    return largest


@compiled
def follow_games(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    precision: FloatArray,
    unit: float,
    max_error: float,
    row: FloatArray,
    column: FloatArray,
    error: FloatArray,
    unique: BoolArray,
    status: StatusArray,
) -> None:
    """Find each game's equilibrium on the principal branch, with a proved error.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N, m, n)
    precision : float64 (N,)
    unit : error of a difference of payoffs, over the largest of them
    max_error : largest error of a probability in a game that is OK
    row, column : float64 (N, m) and (N, n), filled; not a number where nothing is proved
    error : float64 (N,), filled; infinite where nothing is proved
    unique : bool (N,), filled: whether it is proved that there is no other equilibrium
    status : int8 (N,), filled
    """
    turned = row_payoffs.shape[1] < row_payoffs.shape[2]  # the player with fewer stays
    m = max(row_payoffs.shape[1], row_payoffs.shape[2])
    n = min(row_payoffs.shape[1], row_payoffs.shape[2])
    a, b = np.empty((m, n)), np.empty((n, m))
    first, second = np.empty((m, n)), np.empty((n, m))
    swing, cross = np.zeros((6, 4)), np.zeros((6, 6))
    vectors, tables = np.zeros((18, 16)), np.zeros((45, 6))
    order = np.zeros(n, np.int64)
    for g in range(status.size):
        row[g, :] = np.nan
        column[g, :] = np.nan
        error[g] = np.inf
        unique[g] = False
        one, two = row_payoffs[g], column_payoffs[g]
        most_one, most_two, finite = 0.0, 0.0, 0.0
        for i in range(one.shape[0]):
            for j in range(one.shape[1]):
                most_one = max(most_one, abs(one[i, j]))
                most_two = max(most_two, abs(two[i, j]))
                finite += one[i, j] * 0.0 + two[i, j] * 0.0
        if finite != 0.0:
            status[g] = BAD_INPUT
            continue
        status[g] = DEGENERATE
        power = math.frexp(max(most_one, most_two))[1] // 2  # the whole may leave the range
        scale = math.ldexp(1.0, -power)
        for i in range(one.shape[0]):
            for j in range(one.shape[1]):
                mine, his = one[i, j] * scale * scale, two[i, j] * scale * scale
                if turned:
                    b[i, j], a[j, i] = mine, his
                else:
                    a[i, j], b[j, i] = mine, his
        target = precision[g] * math.ldexp(1.0, power) * math.ldexp(1.0, power)
        error_a = most_one * scale * scale * unit + 1e-307
        error_b = most_two * scale * scale * unit + 1e-307
        if turned:
            error_a, error_b = error_b, error_a
        widest_a, widest_b = differences(a, b, first, second, swing, cross)
        errors = (error_a + ROUNDING * widest_a, error_b + ROUNDING * widest_b)
        contraction = contraction_of(swing, cross, errors, m, n)
        if not contraction * target < np.inf:
            continue
        for j in range(n):
            order[j] = j
        unique[g] = contraction * target < 1.0 - 1e-9
        found = _follow(
            a, b, order, first, second, swing, cross, errors, contraction, target, vectors,
            tables,
        )  # fmt: skip
        if not found <= max_error:
            continue
        error[g] = found
        status[g] = OK
        for i in range(m):
            if turned:
                column[g, i] = vectors[1, i]
            else:
                row[g, i] = vectors[1, i]
        for j in range(n):
            if turned:
                row[g, order[j]] = vectors[3, j]
            else:
                column[g, order[j]] = vectors[3, j]


@compiled
def certify_games(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    precision: FloatArray,
    row: FloatArray,
    column: FloatArray,
    residual: FloatArray,
    regret: FloatArray,
) -> None:
    """Compare strategies with the logit responses to them, and with best replies.

    It shares no step with `follow_games`. `residual` (N,) becomes the largest difference of a
    probability, `regret` (N, 2) what each player could gain.
    """
    for g in range(residual.size):
        residual[g] = 0.0
        _compare(row_payoffs[g], precision[g], row[g], column[g], residual[g:], regret[g, :1])
        _compare(column_payoffs[g].T, precision[g], column[g], row[g], residual[g:], regret[g, 1:])


@compiled
def _compare(
    payoffs: FloatArray,
    precision: float,
    own: FloatArray,
    others: FloatArray,
    residual: FloatArray,
    regret: FloatArray,
) -> None:
    """Raise ``residual[0]`` to a player's, whose strategies come first; fill its ``regret[0]``."""
    values = np.zeros(own.size)
    for j in range(others.size):
        top = payoffs[:, j].max()  # what all strategies gain alike makes no difference
        for i in range(own.size):
            values[i] += (payoffs[i, j] - top) * others[j]
    best = values.max()
    total, mean = 0.0, 0.0
    for i in range(own.size):
        total += math.exp(precision * (values[i] - best))
        mean += own[i] * (best - values[i])
    for i in range(own.size):
        reply = math.exp(precision * (values[i] - best)) / total
        apart = abs(own[i] - reply)
        if not apart <= residual[0]:
            residual[0] = apart
    regret[0] = mean
