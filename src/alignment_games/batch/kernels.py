"""All equilibria of many games of up to 4 x 4 strategies: every sign within a bound, or open.

For each pair of supports of one size the weights that make the opponent indifferent are minors
of payoff differences; they are an equilibrium if all are positive and no strategy outside gains.
Each sign is certain or open within a bound on what rounding, and an uncertainty of the payoffs
that the caller states, can change. A pair is excluded if a condition certainly fails,
an equilibrium if all certainly hold, otherwise open. Where no pair is open the certain pairs are
all equilibria, and each is regular: an equilibrium that were missed would have best replies and
weights from which supports of one size can be chosen on which no condition certainly fails.

`decide_games` is the readable definition for all sizes, and `write` puts down the strategies.
For up to three strategies generated loops (`alignment_games.batch.closed_forms`) do the same
faster; `decide_games` and `write_rest` take what they leave.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from .closed_forms import DEGENERATE, LARGE, OK, SMALL, support_pairs

__all__ = [
    "BAD_INPUT",
    "DEGENERATE",
    "OK",
    "SMALLEST",
    "WORD",
    "bit_places",
    "bounds",
    "dead_supports",
    "decide_games",
    "extent",
    "factors",
    "judge",
    "pair_table",
    "subset_masks",
    "write",
    "write_rest",
]

BAD_INPUT = 2

SMALLEST = 2.0**-1074
"""The smallest float above 0: two roundings to half of it."""

WORD = 60
"""Bits of a word in which the accepted pairs of a game are kept."""


def pair_table(m: int, n: int) -> IntArray:
    """Return one row for each of `support_pairs`: size, two masks, two times four strategies."""
    rows = []
    for own, other in support_pairs(m, n):
        masks = (sum(1 << s for s in support) for support in (own, other))
        padded = ((*support, *[0] * (4 - len(support))) for support in (own, other))
        rows.append([len(own), *masks, *next(padded), *next(padded)])
    return np.array(rows, dtype=np.int64)


def bit_places() -> IntArray:
    """Return where the only bit of a word is, by the word's remainder by 67."""
    places = np.zeros(67, dtype=np.int64)
    for k in range(63):
        places[(1 << k) % 67] = k
    return places


def subset_masks() -> IntArray:
    """Return, for each set of up to 4 strategies, its non-empty subsets as bits."""
    return np.array(
        [sum(1 << part for part in range(1, 16) if not part & ~whole) for whole in range(16)],
        dtype=np.int64,
    )


@compiled
def extent(payoffs: FloatArray, start: int, size: int) -> tuple[float, float, bool]:
    """Return the least and largest of some payoffs, and whether all are finite."""
    low = high = payoffs[start]
    finite = 0.0
    for k in range(start, start + size):
        value = payoffs[k]
        finite += value * 0.0
        low = min(low, value)
        high = max(high, value)
    return low, high, finite == 0.0


@compiled
def factors(low: float, high: float, small: float, large: float) -> tuple[float, float]:
    """Return two powers of two that bring payoffs out of a range near 1, one by one."""
    largest = max(abs(low), abs(high))
    if largest == 0.0 or small < largest < large:
        return 1.0, 1.0
    power = math.frexp(largest)[1]
    half = power // 2  # the whole power may leave the range of floats
    return math.ldexp(1.0, -half), math.ldexp(1.0, half - power)


@compiled
def _scale(payoffs: FloatArray, start: int, size: int) -> tuple[float, float]:
    """Return the factors of some payoffs."""
    low, high, _ = extent(payoffs, start, size)
    return factors(low, high, SMALL, LARGE)


@compiled
def bounds(low: float, high: float, one: float, two: float, unit: float) -> tuple[float, float]:
    """Return what bounds the error of a difference of payoffs, and its size, both scaled.

    `unit` is that error over the largest payoff; near the smallest floats it is one of them.
    """
    error = max(abs(low), abs(high)) * one * two * unit + SMALLEST * one * two
    return error, high * one * two - low * one * two + 2.0 * error


@compiled
def _load(payoffs: FloatArray, start: int, one: float, two: float, table: FloatArray) -> None:
    """Copy a player's payoffs, scaled, from where a game starts, the rows' strategies first."""
    at = start
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            table[i, j] = payoffs[at] * one * two
            at += 1


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
def judge(
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

    Where it is certain the weights, which `w` receives, are positive.

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
def dead_supports(table: FloatArray, error: float, subsets: IntArray, dead: IntArray) -> None:
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
def decide_games(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    sizes: tuple[int, int],
    unit: float,
    pairs: IntArray,
    subsets: IntArray,
    accepted: IntArray,
    status: StatusArray,
    count: IntArray,
) -> None:
    """Decide which pairs of supports carry an equilibrium in each game.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N m n,), one game after the other
    sizes : m and n, up to 4
    unit : error of a difference of payoffs, over the largest of them
    pairs, subsets : as `pair_table` and `subset_masks` make them
    accepted : int64 (N, words), filled: positions in `pairs` as bits, `WORD` in a word
    status, count : int8 and int64 (N,), filled
    """
    m, n = sizes
    a, b = np.empty((m, n)), np.empty((n, m))
    dead_rows, dead_columns = np.zeros(4, np.int64), np.zeros(4, np.int64)
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    for g in range(status.size):
        accepted[g, :] = 0
        count[g] = 0
        low_a, high_a, finite_a = extent(row_payoffs, g * m * n, m * n)
        low_b, high_b, finite_b = extent(column_payoffs, g * m * n, m * n)
        if not (finite_a and finite_b):
            status[g] = BAD_INPUT
            continue
        one, two = factors(low_a, high_a, SMALL, LARGE)
        _load(row_payoffs, g * m * n, one, two, a)
        error_a, spread_a = bounds(low_a, high_a, one, two, unit)
        one, two = factors(low_b, high_b, SMALL, LARGE)
        _load(column_payoffs, g * m * n, one, two, b.T)
        error_b, spread_b = bounds(low_b, high_b, one, two, unit)
        dead_supports(a, error_a, subsets, dead_rows)
        dead_supports(b, error_b, subsets, dead_columns)
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
            verdict = judge(a, own, other, k, error_a, spread_a, d, y)
            if verdict >= 0:
                verdict = min(verdict, judge(b, other, own, k, error_b, spread_b, d, x))
            if verdict == 0:
                status[g] = DEGENERATE
            elif verdict > 0:
                accepted[g, p // WORD] |= 1 << (p % WORD)
                count[g] += 1


@compiled
def write(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    pairs: IntArray,
    places: IntArray,
    accepted: IntArray,
    row: FloatArray,
    column: FloatArray,
) -> None:
    """Write down the strategies of the accepted pairs, game after game.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N m n,)
    pairs, places : as `pair_table` and `bit_places` make them
    accepted : int64 (N, words)
    row, column : float64 (E, m) and (E, n), zeros; filled
    """
    m, n = row.shape[1], column.shape[1]
    a, b = np.empty((m, n)), np.empty((n, m))
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    filled = 0
    for g in range(accepted.shape[0]):
        start = g * m * n
        for word in range(accepted.shape[1]):
            left = accepted[g, word]
            while left:
                p = word * WORD + places[(left & -left) % 67]
                left &= left - 1
                if pairs[p, 0] == 1:
                    row[filled, pairs[p, 3]] = 1.0
                    column[filled, pairs[p, 7]] = 1.0
                else:
                    _write_mixed(
                        row_payoffs, column_payoffs, start, pairs[p], a, b, x, y, d,
                        row[filled], column[filled],
                    )  # fmt: skip
                filled += 1


@compiled
def write_rest(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    pairs: IntArray,
    rest: IntArray,
    row: FloatArray,
    column: FloatArray,
) -> None:
    """Write down the entries that the loop of `closed_forms.write_source` left in ``rest``."""
    m, n = row.shape[1], column.shape[1]
    a, b = np.empty((m, n)), np.empty((n, m))
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    for e in range(rest.size):
        p, g, filled = rest[e] & 255, (rest[e] >> 8) & 0xFFFFFFFF, rest[e] >> 40
        _write_mixed(
            row_payoffs, column_payoffs, g * m * n, pairs[p], a, b, x, y, d,
            row[filled], column[filled],
        )  # fmt: skip


@compiled
def _write_mixed(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    start: int,
    pair: IntArray,
    a: FloatArray,
    b: FloatArray,
    x: FloatArray,
    y: FloatArray,
    d: FloatArray,
    row: FloatArray,
    column: FloatArray,
) -> None:
    """Write down one equilibrium of two or more strategies a player; the rest is scratch."""
    m, n = a.shape
    k = pair[0]
    x0, x1, y0, y1 = 0.0, 0.0, 0.0, 0.0
    if k == 2:  # most of all, so without a copy
        i, r, j, c = pair[3], pair[4], pair[7], pair[8]
        top, low = start + i * n, start + r * n
        y0 = row_payoffs[low + c] - row_payoffs[top + c]
        y1 = row_payoffs[top + j] - row_payoffs[low + j]
        x0 = column_payoffs[low + c] - column_payoffs[low + j]
        x1 = column_payoffs[top + j] - column_payoffs[top + c]
    sum_x, sum_y = x0 + x1, y0 + y1
    if 0.0 < abs(sum_x) < np.inf and 0.0 < abs(sum_y) < np.inf:
        row[i] = x0 / sum_x
        row[r] = x1 / sum_x
        column[j] = y0 / sum_y
        column[c] = y1 / sum_y
        return
    sum_x, sum_y = 0.0, 0.0
    one, two = _scale(row_payoffs, start, m * n)
    _load(row_payoffs, start, one, two, a)
    one, two = _scale(column_payoffs, start, m * n)
    _load(column_payoffs, start, one, two, b.T)
    own, other = pair[3:7], pair[7:11]
    _weights(a, own, other, k, d, y)
    _weights(b, other, own, k, d, x)
    for q in range(k):
        sum_x += x[q]
        sum_y += y[q]
    for q in range(k):
        row[own[q]] = x[q] / sum_x
        column[other[q]] = y[q] / sum_y
