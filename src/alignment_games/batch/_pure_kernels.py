"""Pure equilibria, dominance and sequential outcomes of many games: comparisons within a bound."""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from .kernels import BAD_INPUT, DEGENERATE, OK, SMALLEST

__all__ = ["judge_pure"]


@compiled
def judge_pure(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    unit: float,
    equilibria: IntArray,
    dominated: IntArray,
    outcomes: StatusArray,
    status: StatusArray,
) -> None:
    """Answer three questions about each game, each with a status of its own.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N, m, n)
    unit : error of a difference of payoffs, over the largest of them
    equilibria : int64 (N,), filled: certain pure equilibria, bit ``i * n + j`` for (i, j)
    dominated : int64 (N, 2), filled: strategies that another certainly dominates strictly
    outcomes : int8 (N, 2), filled: the leader's and the follower's choice, -1 where open
    status : int8 (N, 3), filled
    """
    m, n = row_payoffs.shape[1], row_payoffs.shape[2]
    rows, columns = np.empty(n, np.int64), np.empty(m, np.int64)
    for g in range(status.shape[0]):
        a, b = row_payoffs[g], column_payoffs[g]
        equilibria[g] = 0
        dominated[g, 0] = 0
        dominated[g, 1] = 0
        outcomes[g, 0] = -1
        outcomes[g, 1] = -1
        largest_a, largest_b, finite = _largest(a, b)
        if not finite:
            status[g, 0] = BAD_INPUT
            status[g, 1] = BAD_INPUT
            status[g, 2] = BAD_INPUT
            continue
        error_a, error_b = largest_a * unit + SMALLEST, largest_b * unit + SMALLEST
        _replies(a.T, error_a, rows)
        _replies(b, error_b, columns)
        equilibria[g], status[g, 0] = _equilibria(rows, columns)
        dominated[g, 0], open_rows = _dominated(a, error_a)
        dominated[g, 1], open_columns = _dominated(b.T, error_b)
        status[g, 1] = DEGENERATE if open_rows or open_columns else OK
        leader, follower = _sequential(a, error_a, columns)
        outcomes[g, 0] = leader
        outcomes[g, 1] = follower
        status[g, 2] = OK if leader >= 0 and follower >= 0 else DEGENERATE


@compiled
def _largest(a: FloatArray, b: FloatArray) -> tuple[float, float, bool]:
    """Return both players' largest payoffs in size, and whether all are finite."""
    largest_a, largest_b, finite = 0.0, 0.0, 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            largest_a = max(largest_a, abs(a[i, j]))
            largest_b = max(largest_b, abs(b[i, j]))
            finite += a[i, j] * 0.0 + b[i, j] * 0.0
    return largest_a, largest_b, finite == 0.0


@compiled
def _replies(table: FloatArray, error: float, replies: IntArray) -> None:
    """Fill, for each strategy of the opponent, the own ones that may be best, as bits.

    `table` holds the payoffs of the player who replies, the opponent's strategies first.
    """
    for i in range(table.shape[0]):
        top = table[i, 0]
        for j in range(1, table.shape[1]):
            top = max(top, table[i, j])
        best = 0
        for j in range(table.shape[1]):
            best |= (top - table[i, j] <= error) << j
        replies[i] = best


@compiled
def _equilibria(rows: IntArray, columns: IntArray) -> tuple[int, int]:
    """Return the certain pure equilibria as bits, and whether other profiles are open."""
    m, n = columns.size, rows.size
    found, status = 0, OK
    for i in range(m):
        for j in range(n):
            if (columns[i] >> j) & (rows[j] >> i) & 1:
                if columns[i] == 1 << j and rows[j] == 1 << i:
                    found |= 1 << (i * n + j)
                else:
                    status = DEGENERATE
    return found, status


@compiled
def _dominated(table: FloatArray, error: float) -> tuple[int, bool]:
    """Return the certainly dominated strategies as bits, and whether others may be.

    `table` holds the player's own payoffs, its own strategies first.
    """
    found, doubt = 0, False
    for i in range(table.shape[0]):
        most = -np.inf  # the least gain of the strategy that gains most for certain
        for r in range(table.shape[0]):
            if r != i:
                least = np.inf
                for j in range(table.shape[1]):
                    least = min(least, table[r, j] - table[i, j])
                most = max(most, least)
        if most > error:
            found |= 1 << i
        elif most >= -error:
            doubt = True
    return found, doubt


@compiled
def _sequential(a: FloatArray, error: float, columns: IntArray) -> tuple[int, int]:
    """Return what the row player chooses, moving first, and the reply; -1 where open.

    The choice is certain if its worst value over the replies that may be best exceeds the
    best value of every other choice over those to it.
    """
    m, n = a.shape
    leader, best = 0, -np.inf
    for i in range(m):
        worst = np.inf
        for j in range(n):
            if (columns[i] >> j) & 1:
                worst = min(worst, a[i, j])
        if worst > best:
            leader, best = i, worst
    for i in range(m):
        for j in range(n):
            if i != leader and (columns[i] >> j) & 1 and not best - a[i, j] > error:
                return -1, -1
    reply, ties = -1, 0
    for j in range(n):
        if (columns[leader] >> j) & 1:
            reply = j
            ties += 1
    return leader, reply if ties == 1 else -1
