"""Pure equilibria, dominance and sequential outcomes of many games: comparisons within a bound."""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from .kernels import BAD_INPUT, DEGENERATE, OK

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
    for g in range(status.shape[0]):
        a, b = row_payoffs[g], column_payoffs[g]
        equilibria[g] = 0
        dominated[g, :] = 0
        outcomes[g, :] = -1
        largest_a, largest_b, finite = _largest(a, b)
        if not finite:
            status[g, :] = BAD_INPUT
            continue
        error_a, error_b = largest_a * unit, largest_b * unit
        equilibria[g], status[g, 0] = _equilibria(a, b, error_a, error_b)
        dominated[g, 0], open_rows = _dominated(a, error_a)
        dominated[g, 1], open_columns = _dominated(b.T, error_b)
        status[g, 1] = DEGENERATE if open_rows or open_columns else OK
        outcomes[g, 0], outcomes[g, 1] = _sequential(a, b, error_a, error_b)
        status[g, 2] = OK if min(outcomes[g, 0], outcomes[g, 1]) >= 0 else DEGENERATE


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
def _equilibria(a: FloatArray, b: FloatArray, error_a: float, error_b: float) -> tuple[int, int]:
    """Return the certain pure equilibria as bits, and whether other profiles are open."""
    m, n = a.shape
    found, status = 0, OK
    for i in range(m):
        for j in range(n):
            sure, possible = True, True
            for r in range(m):
                if r != i:
                    gain = a[r, j] - a[i, j]
                    possible = possible and not gain > error_a
                    sure = sure and gain < -error_a
            for c in range(n):
                if c != j:
                    gain = b[i, c] - b[i, j]
                    possible = possible and not gain > error_b
                    sure = sure and gain < -error_b
            if sure:
                found |= 1 << (i * n + j)
            elif possible:
                status = DEGENERATE
    return found, status


@compiled
def _dominated(table: FloatArray, error: float) -> tuple[int, bool]:
    """Return the certainly dominated strategies as bits, and whether others may be."""
    found, doubt = 0, False
    for i in range(table.shape[0]):
        sure, possible = False, False
        for r in range(table.shape[0]):
            if r == i:
                continue
            least = np.inf
            for j in range(table.shape[1]):
                least = min(least, table[r, j] - table[i, j])
            sure = sure or least > error
            possible = possible or least >= -error
        if sure:
            found |= 1 << i
        elif possible:
            doubt = True
    return found, doubt


@compiled
def _sequential(a: FloatArray, b: FloatArray, error_a: float, error_b: float) -> tuple[int, int]:
    """Return what the row player chooses, moving first, and the reply; -1 where open.

    The choice is certain if its worst value over the replies that may be best exceeds the
    best value of every other choice over those to it.
    """
    m, n = a.shape
    best_low, leader = -np.inf, -1
    for turn in range(2):
        for i in range(m):
            top = b[i, 0]
            for j in range(1, n):
                top = max(top, b[i, j])
            low, high = np.inf, -np.inf
            for j in range(n):
                if b[i, j] - top >= -error_b:
                    low = min(low, a[i, j])
                    high = max(high, a[i, j])
            if turn == 0 and low > best_low:
                best_low, leader = low, i
            if turn == 1 and i != leader and not best_low - high > error_a:
                return -1, -1
    top = b[leader, 0]
    for j in range(1, n):
        top = max(top, b[leader, j])
    reply, ties = -1, 0
    for j in range(n):
        if b[leader, j] - top >= -error_b:
            reply = j
            ties += 1
    return leader, reply if ties == 1 else -1
