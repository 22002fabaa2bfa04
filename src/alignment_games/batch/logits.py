"""The logit equilibrium of many two-player games at once, each with a proved error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from .._typing import BoolArray, FloatArray, StatusArray
from ..errors import ParameterError, WorkLimitError, flag
from ..games import NormalFormGame
from ..solvers import QuantalEquilibrium, Status, quantal
from .inputs import (
    BatchStatus,
    bimatrices,
    blocks,
    in_threads,
    largest_error,
    relative_tolerance,
    threads,
)

__all__ = ["MAX_STRATEGIES", "LogitEquilibria", "logit"]

MAX_STRATEGIES = 4
"""Largest number of strategies of a player."""

_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogitEquilibria:
    """One logit equilibrium of each of many games: where the principal branch first reaches it.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus` for each game: OK if it is proved that the branch from the centroid leads
        there, precision rising all the way, and that no probability is off by more than
        `max_error`; DEGENERATE if it is not (the branch turns back before, another crosses it,
        or floats do not suffice); RESOLVED if `alignment_games.solvers.quantal` found it.
    row, column : ndarray of float64, shapes (N, m) and (N, n)
        The strategies; not a number where the status is DEGENERATE or BAD_INPUT.
    error : ndarray of float64, shape (N,)
        Proved bound of the error of each probability; infinite where nothing is proved.
    residual : ndarray of float64, shape (N,)
        Largest difference between a probability and the logit response, recomputed.
    regret : ndarray of float64, shape (N, 2)
        What the row and the column player could gain by a best reply.
    unique : ndarray of bool, shape (N,)
        Whether it is proved that the game has no other logit equilibrium at this precision.
    precision : ndarray of float64, shape (N,)
    tolerance, max_error : float
    """

    status: StatusArray
    row: FloatArray
    column: FloatArray
    error: FloatArray
    residual: FloatArray
    regret: FloatArray
    unique: BoolArray
    precision: FloatArray
    tolerance: float
    max_error: float

    def __len__(self) -> int:
        return len(self.status)


def logit(
    row_payoffs: Any,
    column_payoffs: Any,
    *,
    precision: Any,
    tolerance: float = 0.0,
    max_error: float = 1e-6,
    resolve: bool = False,
    workers: int | None = None,
) -> LogitEquilibria:
    """Find the logit quantal response equilibrium of many two-player games of one size.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like of float, shape (N, m, n)
        Payoffs of the row and the column player in N games, m and n up to 4.
    precision : float or array_like of float, shape (N,)
        At least 0, in units of 1 / payoff, as for `alignment_games.solvers.quantal`; one for all
        games or one for each.
    tolerance : float
        Up to which share of a player's largest payoff each of its payoffs in a game is
        uncertain, beyond rounding to the type of the array. The proved errors cover that.
    max_error : float
        Largest proved error of a probability, and largest residual, of a game that is OK.
    resolve : bool
        Whether to ask `alignment_games.solvers.quantal` about the other games, one by one: some
        hundreds a second, after loops that are compiled once. It follows the branch round its
        turns, by small steps, not by proof.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    LogitEquilibria

    Raises
    ------
    GameError
        If the payoffs are not real numbers in two arrays of one shape (N, m, n), or there are
        more than 4 strategies, or `resolve` is not a bool.
    ParameterError
        If `precision` is negative, not finite or of another shape, `tolerance` is not in
        [0, 0.01], `max_error` not in [0, 0.1], or `workers` not positive.

    Notes
    -----
    Where precision times the largest swings of payoff differences is small the logit response
    [1]_ is a contraction, so that its fixed point is the only one. From there on the branch is
    enclosed in tubes, each proved to hold one equilibrium a precision by Krawczyk's test [2]_,
    the next holding the end of the one before. All of it holds for every game whose payoffs are
    within rounding and `tolerance` of those given.

    References
    ----------
    .. [1] R. D. McKelvey and T. R. Palfrey (1995), Quantal response equilibria for normal form
       games, Games and Economic Behavior 10, 6-38, doi:10.1006/game.1995.1023.
    .. [2] R. Krawczyk (1969), Newton-Algorithmen zur Bestimmung von Nullstellen mit
       Fehlerschranken, Computing 4, 187-201, doi:10.1007/BF02234767.

    Examples
    --------
    A pursuer who gains nine times as much at one place goes there more often, although in Nash
    equilibrium both places are chosen alike:

    >>> import alignment_games as ag
    >>> answer = ag.batch.logit([[[9, 0], [0, 1]]], [[[0, 1], [1, 0]]], precision=2)
    >>> [round(float(p), 6) for p in answer.row[0]]
    [0.860754, 0.139246]
    >>> int(answer.status[0]), bool(answer.error[0] < 1e-12)
    (0, True)
    """
    a, b, unit = bimatrices(
        row_payoffs,
        column_payoffs,
        most=MAX_STRATEGIES,
        remedy="solve larger ones one by one with solvers.quantal",
    )
    precisions = _precisions(precision, len(a))
    slack, largest = relative_tolerance(tolerance), largest_error(max_error)
    resolve = flag("resolve", resolve)
    answer = _followed(a, b, precisions, unit, slack, largest, threads(workers))
    return _resolved(answer, a, b) if resolve else answer


def _precisions(precision: Any, games: int) -> FloatArray:
    try:
        given = np.asarray(precision)
    except ValueError:  # ragged lists
        given = np.empty((0, 0))
    if given.shape not in {(), (games,)} or given.dtype.kind not in "fiu":
        msg = (
            f"`precision` must be a number or one for each of the {games} games, got "
            f"{given.dtype} entries of shape {given.shape}"
        )
        raise ParameterError(msg)
    values = given.astype(np.float64)
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        msg = (
            f"`precision` must be finite and at least 0, got {float(values[wrong].flat[0])!r}; "
            "take it from a range that begins at 0"
        )
        raise ParameterError(msg)
    return np.ascontiguousarray(np.broadcast_to(values, games))


def _followed(
    a: FloatArray,
    b: FloatArray,
    precision: FloatArray,
    unit: float,
    tolerance: float,
    max_error: float,
    workers: int,
) -> LogitEquilibria:
    from ._logit_kernels import certify_games, follow_games

    total, m, n = a.shape
    row, column = np.empty((total, m)), np.empty((total, n))
    error, residual, regret = np.empty(total), np.empty(total), np.empty((total, 2))
    unique, status = np.empty(total, np.bool_), np.empty(total, np.int8)
    spans = blocks(total, _BLOCK, workers)

    def follow(worker: int) -> None:
        for span in spans[worker::workers]:
            games = a[span], b[span], precision[span]
            follow_games(
                *games, unit + 2.0 * tolerance, max_error, row[span], column[span], error[span],
                unique[span], status[span],
            )  # fmt: skip
            certify_games(*games, row[span], column[span], residual[span], regret[span])

    in_threads(follow, workers)
    off = (status == BatchStatus.OK) & ~(residual <= max_error)
    status[off] = BatchStatus.DEGENERATE
    error[off] = np.inf
    for numbers in (row, column, residual, regret):
        numbers[off] = np.nan
    return LogitEquilibria(
        status=status,
        row=row,
        column=column,
        error=error,
        residual=residual,
        regret=regret,
        unique=unique,
        precision=precision,
        tolerance=tolerance,
        max_error=max_error,
    )


def _resolved(answer: LogitEquilibria, a: FloatArray, b: FloatArray) -> LogitEquilibria:
    """Ask the solver of single games about those that were not proved, and fill in its answers."""
    for k in np.flatnonzero(answer.status == BatchStatus.DEGENERATE).tolist():
        game = NormalFormGame.from_bimatrix(a[k], b[k])
        try:
            solution = quantal(game, float(answer.precision[k]))
        except WorkLimitError:  # the players' payoffs are too far apart for it
            continue
        for equilibrium in cast("tuple[QuantalEquilibrium, ...]", solution.equilibria):
            answer.row[k], answer.column[k] = equilibrium.profile
            answer.residual[k] = equilibrium.residual
            answer.regret[k] = equilibrium.regret
            answer.unique[k] |= solution.status is Status.COMPLETE
            answer.status[k] = BatchStatus.RESOLVED
    return answer
