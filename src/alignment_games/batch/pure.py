"""What pure strategies tell about many games: equilibria, dominance, the sequential outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import IntArray, StatusArray
from .inputs import bimatrices, blocks, in_threads, relative_tolerance, threads

__all__ = ["MAX_STRATEGIES", "PureOutcomes", "pure_outcomes"]

MAX_STRATEGIES = 7
"""Largest number of strategies of a player: all profiles fit into the bits of an integer."""

_BLOCK = 16_384


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PureOutcomes:
    """Three answers about many games of one size, each with a `BatchStatus` a game.

    Attributes
    ----------
    shape : tuple of two int
        Strategies of the row and the column player.
    equilibria : ndarray of int64, shape (N,)
        Certain pure Nash equilibria as bits: bit ``i * n + j`` for row i and column j.
    equilibria_status : ndarray of int8, shape (N,)
        OK if no other profile can be an equilibrium within the tolerance.
    dominated_rows, dominated_columns : ndarray of int64, shape (N,)
        Strategies that a pure strategy certainly dominates strictly, as bits.
    dominance_status : ndarray of int8, shape (N,)
        OK if no other strategy can be dominated within the tolerance.
    leader, follower : ndarray of int8, shape (N,)
        Positions of the choices on the path if the row player moves first and is observed;
        -1 where a tie leaves several.
    sequential_status : ndarray of int8, shape (N,)
        OK if all subgame-perfect equilibria have this path.
    tolerance : float
    """

    shape: tuple[int, int]
    equilibria: IntArray
    equilibria_status: StatusArray
    dominated_rows: IntArray
    dominated_columns: IntArray
    dominance_status: StatusArray
    leader: StatusArray
    follower: StatusArray
    sequential_status: StatusArray
    tolerance: float

    def __len__(self) -> int:
        return len(self.equilibria)

    def profiles(self, game: int) -> list[tuple[int, int]]:
        """Return the certain pure equilibria of a game as pairs of positions.

        Examples
        --------
        >>> pure_outcomes([[[2, 0], [0, 1]]], [[[2, 0], [0, 1]]]).profiles(0)
        [(0, 0), (1, 1)]
        """
        n = self.shape[1]
        bits = int(self.equilibria[game])
        return [divmod(k, n) for k in range(bits.bit_length()) if bits >> k & 1]


def pure_outcomes(
    row_payoffs: Any,
    column_payoffs: Any,
    *,
    tolerance: float = 0.0,
    workers: int | None = None,
) -> PureOutcomes:
    """Find the pure equilibria, the dominated strategies and the sequential outcome of many games.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like of float, shape (N, m, n)
        Payoffs of the row and the column player in N games, m and n up to 7.
    tolerance : float
        As for `solve_bimatrices`: an answer is OK only if no change of the payoffs by this share
        of the largest, or by rounding, alters it.
    workers : int, optional
        Number of threads, by default one for each processor.

    Returns
    -------
    PureOutcomes

    Raises
    ------
    GameError
        If the payoffs are not real numbers in two arrays of one shape (N, m, n), or there are
        more than 7 strategies.
    ParameterError
        If `tolerance` is not in [0, 0.01] or `workers` not positive.

    Examples
    --------
    In the first game the leader commits to its dominated strategy and gains by it; in the second
    the follower's tie leaves two paths.

    >>> import alignment_games as ag
    >>> answer = ag.batch.pure_outcomes([[[2, 4], [1, 3]], [[1, 0], [0, 0]]],
    ...                                 [[[1, 0], [0, 2]], [[1, 1], [0, 0]]])
    >>> answer.leader, answer.follower, answer.sequential_status
    (array([ 1, -1], dtype=int8), array([ 1, -1], dtype=int8), array([0, 1], dtype=int8))
    >>> answer.profiles(0), int(answer.dominated_rows[0])
    ([(0, 0)], 2)
    """
    from ._pure_kernels import judge_pure

    a, b, unit = bimatrices(
        row_payoffs,
        column_payoffs,
        most=MAX_STRATEGIES,
        remedy="solve larger ones one by one with solvers.pure_nash",
    )
    slack = relative_tolerance(tolerance)
    total, m, n = a.shape
    equilibria, dominated = np.empty(total, np.int64), np.empty((total, 2), np.int64)
    outcomes, status = np.empty((total, 2), np.int8), np.empty((total, 3), np.int8)
    workers = threads(workers)
    spans = blocks(total, _BLOCK, workers)

    def judge(worker: int) -> None:
        for span in spans[worker::workers]:
            judge_pure(
                a[span],
                b[span],
                unit + 2.0 * slack,
                equilibria[span],
                dominated[span],
                outcomes[span],
                status[span],
            )

    in_threads(judge, workers)
    return PureOutcomes(
        shape=(m, n),
        equilibria=equilibria,
        equilibria_status=status[:, 0],
        dominated_rows=dominated[:, 0],
        dominated_columns=dominated[:, 1],
        dominance_status=status[:, 1],
        leader=outcomes[:, 0],
        follower=outcomes[:, 1],
        sequential_status=status[:, 2],
        tolerance=slack,
    )
