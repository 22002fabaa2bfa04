"""All equilibria of many games of up to 4 x 4 strategies: every sign within a bound, or open.

For each pair of supports of one size the weights that make the opponent indifferent are minors
of payoff differences; they are an equilibrium if all are positive and no strategy outside gains.
Each sign is certain or open within a bound on what rounding, and an uncertainty of the payoffs
that the caller states, can change. A pair is excluded if a condition certainly fails,
an equilibrium if all certainly hold, otherwise open. Where no pair is open the certain pairs are
all equilibria, and each is regular: an equilibrium that were missed would have best replies and
weights from which supports of one size can be chosen on which no condition certainly fails.

`solve_games` is the readable definition for all sizes. For two and three strategies
`pack`, a generated loop (`alignment_games.batch.closed_forms`) and `unpack` do the same faster.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray
from .closed_forms import LANES, support_pairs

__all__ = [
    "BAD_INPUT",
    "DEGENERATE",
    "OK",
    "pack",
    "pair_table",
    "solve_games",
    "subset_masks",
    "unpack",
]

OK = 0
DEGENERATE = 1
BAD_INPUT = 2

_UNIT = 2.0**-51  # of a difference of payoffs that were rounded to floats, over the largest
_SMALL, _LARGE = 1e-60, 1e60  # beyond, a game is multiplied by a power of two


def pair_table(m: int, n: int) -> IntArray:
    """Return one row for each of `support_pairs`: size, two masks, two times four strategies."""
    rows = []
    for own, other in support_pairs(m, n):
        masks = (sum(1 << s for s in support) for support in (own, other))
        padded = ((*support, *[0] * (4 - len(support))) for support in (own, other))
        rows.append([len(own), *masks, *next(padded), *next(padded)])
    return np.array(rows, dtype=np.int64)


def subset_masks() -> IntArray:
    """Return, for each set of up to 4 strategies, its non-empty subsets as bits."""
    return np.array(
        [sum(1 << part for part in range(1, 16) if not part & ~whole) for whole in range(16)],
        dtype=np.int64,
    )


@compiled
def _clean(
    payoffs: FloatArray, who: int, tolerance: float, table: FloatArray
) -> tuple[float, float]:
    """Copy a player's payoffs, own strategy first; return their error and range.

    The error bounds that of a difference: payoffs count as known up to rounding and
    `tolerance`, both relative to the largest. It is negative if a payoff is not finite.
    """
    m, n = payoffs.shape
    low = high = payoffs[0, 0]
    finite = 0.0
    for i in range(m):
        for j in range(n):
            value = payoffs[i, j]
            finite += value * 0.0
            low = min(low, value)
            high = max(high, value)
            if who == 0:
                table[i, j] = value
            else:
                table[j, i] = value
    if not finite == 0.0:
        return -1.0, 0.0
    largest = max(abs(low), abs(high))
    if largest > 0.0 and not _SMALL < largest < _LARGE:
        power = math.frexp(largest)[1]
        half = power // 2  # in two steps, since 2**-power may leave the range of floats
        one, two = math.ldexp(1.0, -half), math.ldexp(1.0, half - power)
        for i in range(table.shape[0]):
            for j in range(table.shape[1]):
                table[i, j] = table[i, j] * one * two
        largest = largest * one * two
        low = low * one * two
        high = high * one * two
    error = largest * (_UNIT + 2.0 * tolerance)
    return error, high - low + 2.0 * error


@compiled
def _weights(
    table: FloatArray, own: IntArray, other: IntArray, k: int, d: FloatArray, w: FloatArray
) -> None:
    """Fill `w` with the weights on `other` under which all strategies in `own` earn the same.

    They are the signed minors of the differences to the first, which fill `d`, not divided by
    their sum.
    """
    if k == 1:
        w[0] = 1.0
        return
    first = own[0]
    for p in range(1, k):
        for q in range(k):
            d[p - 1, q] = table[own[p], other[q]] - table[first, other[q]]
    if k == 2:
        w[0] = d[0, 1]
        w[1] = -d[0, 0]
    elif k == 3:
        w[0] = d[0, 1] * d[1, 2] - d[0, 2] * d[1, 1]
        w[1] = d[0, 2] * d[1, 0] - d[0, 0] * d[1, 2]
        w[2] = d[0, 0] * d[1, 1] - d[0, 1] * d[1, 0]
    else:
        for skip in range(4):
            a = 1 if skip == 0 else 0
            b = 1 if skip > 1 else 2
            c = 2 if skip == 3 else 3
            minor = (
                d[0, a] * (d[1, b] * d[2, c] - d[1, c] * d[2, b])
                - d[0, b] * (d[1, a] * d[2, c] - d[1, c] * d[2, a])
                + d[0, c] * (d[1, a] * d[2, b] - d[1, b] * d[2, a])
            )
            w[skip] = minor if skip % 2 == 0 else -minor


@compiled
def _judge(
    table: FloatArray,
    own: IntArray,
    other: IntArray,
    k: int,
    error: float,
    spread: float,
    d: FloatArray,
    w: FloatArray,
) -> int:
    """Judge whether weights on `other` make `own` best: 1 certain, 0 open, -1 certainly not.

    With differences up to R in size and errors up to E, minors of order k - 1 are up to
    (k - 1)! R^(k-1) in size with errors below 1, 10, 80 times E R^(k-2), and gains, sums of k
    products of a weight and a difference, have errors below 10, 80, 800 times E R^(k-1) for
    k = 2, 3, 4: errors of the factors, their product (E < R), and rounding (E is at least two
    roundings of R).
    """
    if k == 1:
        sure = True
        for r in range(table.shape[0]):
            gain = table[r, other[0]] - table[own[0], other[0]]
            if gain > error:
                return -1
            if r != own[0] and not gain < -error:
                sure = False
        w[0] = 1.0
        return 1 if sure else 0
    _weights(table, own, other, k, d, w)
    slack = error
    bound = 10.0 * spread * error
    if k == 3:
        slack = bound
        bound = 80.0 * spread * spread * error
    elif k == 4:
        slack = 80.0 * spread * spread * error
        bound = 800.0 * spread * spread * spread * error
    above, below = 0, 0
    for q in range(k):
        if w[q] > slack:
            above += 1
        elif w[q] < -slack:
            below += 1
    if above > 0 and below > 0:
        return -1
    if above + below == 0:
        return 0
    if below > 0:
        for q in range(k):
            w[q] = -w[q]
    sure = above + below == k
    p = 0
    for r in range(table.shape[0]):
        if p < k and own[p] == r:
            p += 1
            continue
        gain = 0.0
        for q in range(k):
            gain += w[q] * (table[r, other[q]] - table[own[0], other[q]])
        if gain > bound:
            return -1
        if not gain < -bound:
            sure = False
    return 1 if sure else 0


@compiled
def _dead(table: FloatArray, error: float, subsets: IntArray, dead: IntArray) -> None:
    """Fill, for each strategy, the opponent's supports on which another certainly earns more."""
    for i in range(table.shape[0]):
        dead[i] = 0
        for r in range(table.shape[0]):
            if r != i:
                more = 0
                for j in range(table.shape[1]):
                    if table[r, j] - table[i, j] > error:
                        more |= 1 << j
                dead[i] |= subsets[more]


@compiled
def solve_games(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    tolerance: float,
    pairs: IntArray,
    subsets: IntArray,
    status: IntArray,
    count: IntArray,
    row: FloatArray,
    column: FloatArray,
) -> int:
    """Find all equilibria of each game; return how many there are together.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N, m, n), m and n up to 4
    tolerance : relative uncertainty of the payoffs beyond rounding
    pairs, subsets : as `pair_table` and `subset_masks` make them
    status, count : int8 (N,), filled
    row, column : float64 (capacity, m) and (capacity, n), filled with the strategies
    """
    m, n = row_payoffs.shape[1], row_payoffs.shape[2]
    a, b = np.empty((m, n)), np.empty((n, m))
    dead_rows, dead_columns = np.zeros(4, np.int64), np.zeros(4, np.int64)
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    filled = 0
    for g in range(row_payoffs.shape[0]):
        count[g] = 0
        error_a, spread_a = _clean(row_payoffs[g], 0, tolerance, a)
        error_b, spread_b = _clean(column_payoffs[g], 1, tolerance, b)
        if error_a < 0.0 or error_b < 0.0:
            status[g] = BAD_INPUT
            continue
        _dead(a, error_a, subsets, dead_rows)
        _dead(b, error_b, subsets, dead_columns)
        status[g] = OK
        for p in range(pairs.shape[0]):
            k = pairs[p, 0]
            dead = np.int64(0)
            for q in range(k):
                dead |= dead_rows[pairs[p, 3 + q]] >> pairs[p, 2]
                dead |= dead_columns[pairs[p, 7 + q]] >> pairs[p, 1]
            if dead & 1:
                continue
            own, other = pairs[p, 3:7], pairs[p, 7:11]
            verdict = _judge(a, own, other, k, error_a, spread_a, d, y)
            if verdict >= 0:
                verdict = min(verdict, _judge(b, other, own, k, error_b, spread_b, d, x))
            if verdict == 0:
                status[g] = DEGENERATE
            elif verdict > 0:
                _write(x, own, k, row[filled])
                _write(y, other, k, column[filled])
                count[g] += 1
                filled += 1
    return filled


@compiled
def _write(w: FloatArray, support: IntArray, k: int, vector: FloatArray) -> None:
    """Divide weights by their sum and spread them over all strategies."""
    total = 0.0
    for q in range(k):
        total += w[q]
    vector[:] = 0.0
    for q in range(k):
        vector[support[q]] = w[q] / total


@compiled
def pack(
    row_payoffs: FloatArray, column_payoffs: FloatArray, tolerance: float, numbers: FloatArray
) -> None:
    """Lay games side by side as generated loops take them; bad games become NaN."""
    m, n = row_payoffs.shape[1], row_payoffs.shape[2]
    a, b = np.empty((m, n)), np.empty((n, m))
    size = m * n
    group = LANES * (2 * size + 4)
    for g in range(row_payoffs.shape[0]):
        at = g // LANES * group + g % LANES
        error_a, spread_a = _clean(row_payoffs[g], 0, tolerance, a)
        error_b, spread_b = _clean(column_payoffs[g], 1, tolerance, b)
        if error_a < 0.0 or error_b < 0.0:
            a[0, 0] = np.nan
        for i in range(m):
            for j in range(n):
                numbers[at + (i * n + j) * LANES] = a[i, j]
                numbers[at + (size + i * n + j) * LANES] = b[j, i]
        at += 2 * size * LANES
        numbers[at] = error_a
        numbers[at + LANES] = spread_a
        numbers[at + 2 * LANES] = error_b
        numbers[at + 3 * LANES] = spread_b


@compiled
def unpack(
    numbers: FloatArray,
    accepted: IntArray,
    undecided: IntArray,
    pairs: IntArray,
    places: IntArray,
    status: IntArray,
    count: IntArray,
    row: FloatArray,
    column: FloatArray,
) -> int:
    """Write down what a generated loop decided, as `solve_games` does.

    `places` tells where the only bit of a number is, by its remainder by 37.
    """
    m, n = row.shape[1], column.shape[1]
    a, b = np.empty((m, n)), np.empty((n, m))
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    size = m * n
    group = LANES * (2 * size + 4)
    filled = 0
    for g in range(status.shape[0]):
        at = g // LANES * group + g % LANES
        count[g] = 0
        if not numbers[at] == numbers[at]:
            status[g] = BAD_INPUT
            continue
        status[g] = DEGENERATE if undecided[g] else OK
        left = accepted[g]
        loaded = False
        while left:
            p = places[(left & -left) % 37]
            left &= left - 1
            k = pairs[p, 0]
            own, other = pairs[p, 3:7], pairs[p, 7:11]
            if k > 1 and not loaded:
                loaded = True
                for i in range(m):
                    for j in range(n):
                        a[i, j] = numbers[at + (i * n + j) * LANES]
                        b[j, i] = numbers[at + (size + i * n + j) * LANES]
            _weights(a, own, other, k, d, y)
            _weights(b, other, own, k, d, x)
            _write(x, own, k, row[filled])
            _write(y, other, k, column[filled])
            count[g] += 1
            filled += 1
    return filled
