"""Whether, and how often, correlated equilibria of many two-player games play one strategy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .._typing import FloatArray, StatusArray
from ..errors import WorkLimitError, flag, whole
from ..games import NormalFormGame
from ..solvers._obedience import constraints, program
from .inputs import (
    BatchStatus,
    bimatrices,
    blocks,
    in_threads,
    largest_error,
    relative_tolerance,
    threads,
)

__all__ = ["MAX_STRATEGIES", "CorrelatedFeasibility", "correlated_feasibility"]

MAX_STRATEGIES = 4
"""Largest number of strategies of a player."""

_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorrelatedFeasibility:
    """What the correlated equilibria of many games do with one strategy of the row player.

    Answers to a question are 1 for yes, 0 for no and -1 where that is open. A probability up to
    `max_error` counts as none, one from 1 less `max_error` on as certainty.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus` for each game: OK if `largest` and `least` are proved to be within
        `max_error`; RESOLVED if they were computed in rational arithmetic.
    possible : ndarray of int8, shape (N,)
        Whether some equilibrium plays the strategy at all.
    always : ndarray of int8, shape (N,)
        Whether some equilibrium plays it for certain.
    necessary : ndarray of int8, shape (N,)
        Whether all equilibria play it, each with some probability.
    largest, least : ndarray of float64, shape (N,)
        The largest and the least probability with which an equilibrium plays it; not a number
        where the status is DEGENERATE or BAD_INPUT.
    error : ndarray of float64, shape (N,)
        Proved bound of the error of both.
    strategy : int
    coarse : bool
    tolerance, max_error : float
    """

    status: StatusArray
    possible: StatusArray
    always: StatusArray
    necessary: StatusArray
    largest: FloatArray
    least: FloatArray
    error: FloatArray
    strategy: int
    coarse: bool
    tolerance: float
    max_error: float

    def __len__(self) -> int:
        return len(self.status)


def correlated_feasibility(
    row_payoffs: Any,
    column_payoffs: Any,
    *,
    strategy: int,
    coarse: bool = False,
    tolerance: float = 0.0,
    max_error: float = 1e-9,
    resolve: bool = False,
    workers: int | None = None,
) -> CorrelatedFeasibility:
    """Find how often correlated equilibria of many two-player games play a row.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like of float, shape (N, m, n)
        Payoffs of the row and the column player in N games, m and n up to 4.
    strategy : int
        Position of the row, from 0. For a column pass the transposed payoffs, the column
        player's first.
    coarse : bool
        Whether to ask about coarse correlated equilibria.
    tolerance : float
        Up to which share of a player's largest payoff each of its payoffs in a game is
        uncertain, beyond rounding to the type of the array. What is proved covers that.
    max_error : float
        Largest proved error of a probability in a game that is OK, and what counts as none.
    resolve : bool
        Whether to solve the other games again, one by one, in rational arithmetic, every float
        taken for its shortest decimal: some hundred a second.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    CorrelatedFeasibility

    Raises
    ------
    GameError
        If the payoffs are not real numbers in two arrays of one shape (N, m, n), there are more
        than 4 strategies, or `coarse` or `resolve` is not a bool.
    ParameterError
        If there is no such row, `tolerance` is not in [0, 0.01], `max_error` not in [0, 0.1], or
        `workers` not positive.

    Notes
    -----
    Two linear programs a game, each proved from both sides: prices of the obedience constraints
    bound the probability from above; a Nash equilibrium, or a vertex of the polytope of
    correlated equilibria, that is certain beyond errors bounds it from below. Both hold for
    every game whose payoffs are within rounding and `tolerance` of those given.

    References
    ----------
    R. J. Aumann (1974), Subjectivity and correlation in randomized strategies, Journal of
    Mathematical Economics 1, 67-96, doi:10.1016/0304-4068(74)90037-8.

    Examples
    --------
    In chicken a mediator can have the row player yield for certain, or never, or anything
    between; in the prisoner's dilemma it cannot make anybody cooperate.

    >>> import alignment_games as ag
    >>> answer = ag.batch.correlated_feasibility(
    ...     [[[6, 2], [7, 0]], [[3, 0], [5, 1]]], [[[6, 7], [2, 0]], [[3, 5], [0, 1]]], strategy=0)
    >>> answer.possible.tolist(), answer.always.tolist(), answer.necessary.tolist()
    ([1, 0], [1, 0], [0, 0])
    >>> [float(p) for p in answer.largest], [float(p) for p in answer.least]
    ([1.0, 0.0], [0.0, 0.0])
    """
    a, b, unit = bimatrices(
        row_payoffs,
        column_payoffs,
        most=MAX_STRATEGIES,
        remedy="solve larger ones one by one with solvers.correlated",
    )
    row = whole("strategy", strategy, 0, a.shape[1] - 1, rule="the position of a row,")
    coarse = flag("coarse", coarse)
    slack, none = relative_tolerance(tolerance), largest_error(max_error)
    resolve = flag("resolve", resolve)
    low, high, value, bad = _bounded(a, b, row, coarse, unit + 2.0 * slack, threads(workers))
    error = np.asarray((high - low).max(axis=1))
    status = np.where(error <= none, BatchStatus.OK, BatchStatus.DEGENERATE).astype(np.int8)
    status[bad] = BatchStatus.BAD_INPUT
    error[bad] = np.inf
    if resolve:
        for k in np.flatnonzero(status == BatchStatus.DEGENERATE).tolist():
            exact = _exact(a[k], b[k], row, coarse)
            if exact is not None:
                low[k] = high[k] = value[k] = exact
                status[k], error[k] = BatchStatus.RESOLVED, 0.0
    value[(status == BatchStatus.DEGENERATE) | bad] = np.nan
    return CorrelatedFeasibility(
        status=status,
        possible=_answers(low[:, 0] > none, high[:, 0] <= none),
        always=_answers(low[:, 0] >= 1 - none, high[:, 0] < 1 - none),
        necessary=_answers(low[:, 1] > none, high[:, 1] <= none),
        largest=value[:, 0],
        least=value[:, 1],
        error=error,
        strategy=row,
        coarse=coarse,
        tolerance=slack,
        max_error=none,
    )


def _answers(yes: Any, no: Any) -> StatusArray:
    return np.where(yes, 1, np.where(no, 0, -1)).astype(np.int8)


def _bounded(
    a: FloatArray, b: FloatArray, strategy: int, coarse: bool, unit: float, workers: int
) -> tuple[FloatArray, FloatArray, FloatArray, Any]:
    """Return what is proved of the largest and the least probability, and the two themselves."""
    from . import kernels
    from ._correlated_kernels import bound_games

    total, m, n = a.shape
    pairs, subsets = kernels.pair_table(m, n), kernels.subset_masks()
    words = -(-len(pairs) // kernels.WORD)
    low, high, value = np.empty((total, 2)), np.empty((total, 2)), np.empty((total, 2))
    bad = np.empty(total, dtype=np.bool_)
    spans = blocks(total, _BLOCK, workers)

    def bound(worker: int) -> None:
        for span in spans[worker::workers]:
            row, column = a[span].reshape(-1), b[span].reshape(-1)
            games = span.stop - span.start
            accepted = np.empty((games, words), dtype=np.int64)
            status, count = np.empty(games, dtype=np.int8), np.empty(games, dtype=np.int64)
            kernels.decide_games(row, column, (m, n), unit, pairs, subsets, accepted, status, count)
            bound_games(
                row, column, (m, n), strategy, coarse, unit, pairs, accepted, status,
                value[span], low[span], high[span],
            )  # fmt: skip
            bad[span] = status == BatchStatus.BAD_INPUT

    in_threads(bound, workers)
    return low, high, value, bad


def _exact(
    row_payoffs: FloatArray, column_payoffs: FloatArray, strategy: int, coarse: bool
) -> tuple[float, float] | None:
    """Return the largest and the least probability, rounded once; None if that is too much work."""
    game = NormalFormGame.from_bimatrix(row_payoffs, column_payoffs)
    m, n = game.shape
    ready = program(constraints(game, coarse=coarse), m * n)
    played = [int(i == strategy) for i in range(m) for _ in range(n)]
    ends = []
    for goal in (played, [1 - cell for cell in played]):
        try:
            point, _ = ready.maximize(goal)
        except WorkLimitError:
            return None
        ends.append(sum((p for p, own in zip(point, played, strict=True) if own), Fraction(0)))
    return float(ends[0]), float(ends[1])
