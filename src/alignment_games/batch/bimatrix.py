"""All equilibria of many two-player games at once, from arrays of payoffs."""

from __future__ import annotations

import enum
import functools
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray, IntArray
from ..errors import GameError, ParameterError
from ..games import NormalFormGame
from ..solvers import nash
from .closed_forms import LANES, LARGEST, decide_source, support_pairs

__all__ = ["MAX_STRATEGIES", "BatchSolution", "BatchStatus", "solve_bimatrices"]

MAX_STRATEGIES = 4
"""Largest number of strategies of a player."""

_BLOCK = 8192
"""Games that one thread solves before it looks for more; multiple of the lanes.

Its work space is at most 25 MB: packed payoffs, and room for the most equilibria there can be.
"""

_MOST_EQUILIBRIA = 16
"""No regular game of up to 4 x 4 has more than 15 (Keiding 1997, doi:10.1006/game.1997.0573)."""

StatusArray: TypeAlias = npt.NDArray[np.int8]


class BatchStatus(enum.IntEnum):
    """What the answer to one game of a batch claims."""

    OK = 0
    """All equilibria were found, each regular; every sign was certain."""
    DEGENERATE = 1
    """Within tolerance of a tie that matters: the listed equilibria are certain, others may exist."""
    BAD_INPUT = 2
    """A payoff is not finite."""
    RESOLVED = 3
    """Within tolerance of a tie, and solved again exactly: all extreme equilibria are listed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatchSolution:
    """The equilibria of many games of one size, all in a few arrays.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus` for each game.
    count : ndarray of int64, shape (N,)
        Equilibria listed for each game.
    offsets : ndarray of int64, shape (N + 1,)
        Those of game i are the rows from ``offsets[i]`` to before ``offsets[i + 1]``.
    row : ndarray of float64, shape (E, m)
        The row player's strategies in all equilibria together.
    column : ndarray of float64, shape (E, n)
    tolerance : float
    """

    status: StatusArray
    count: IntArray
    offsets: IntArray
    row: FloatArray
    column: FloatArray
    tolerance: float

    def __len__(self) -> int:
        return len(self.status)

    def __getitem__(self, game: int) -> list[tuple[FloatArray, FloatArray]]:
        """Return the equilibria of one game, each a pair of strategies."""
        place = range(len(self))[game]
        span = slice(self.offsets[place], self.offsets[place + 1])
        return list(zip(self.row[span], self.column[span], strict=True))

    def __iter__(self) -> Iterator[list[tuple[FloatArray, FloatArray]]]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"<BatchSolution: {self}>"

    def __str__(self) -> str:
        counts = np.bincount(self.status, minlength=len(BatchStatus))
        parts = [
            f"{counts[kind]} {kind.name.lower().replace('_', ' ')}"
            for kind in BatchStatus
            if counts[kind]
        ]
        sizes = f"{self.row.shape[1]} x {self.column.shape[1]}"
        return f"{len(self)} games of {sizes}, {len(self.row)} equilibria; {', '.join(parts)}"


def solve_bimatrices(
    row_payoffs: Any,
    column_payoffs: Any,
    *,
    tolerance: float = 0.0,
    resolve: bool = False,
    workers: int | None = None,
) -> BatchSolution:
    """Find all Nash equilibria of many two-player games of one size.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like of float, shape (N, m, n)
        Payoffs of the row and the column player in N games, m and n up to 4.
    tolerance : float
        Up to which share of a player's largest payoff each of its payoffs in a game is
        uncertain, beyond rounding. A game is ``OK`` only if no such change of its payoffs alters
        which supports carry equilibria; by default (0) the changes are those of rounding
        decimals to floats.
    resolve : bool
        Whether to solve games near a tie again, one by one, by `alignment_games.solvers.nash`
        in rational arithmetic: some hundreds to thousands a second.
    workers : int, optional
        Number of threads, by default one for each processor.

    Returns
    -------
    BatchSolution
        The order of a game's equilibria is by size of the supports, then by their strategies.

    Raises
    ------
    GameError
        If the payoffs are not real numbers in two arrays of one shape (N, m, n), or there are
        more than 4 strategies.
    ParameterError
        If `tolerance` is not in [0, 0.01], `resolve` not a bool or `workers` not positive.

    Notes
    -----
    Probabilities are quotients of minors of payoff differences in floating point. The signs that
    make them an equilibrium are proved with error bounds; their digits are as good as the game is
    far from a tie. Memory beyond the arrays given and returned: under 25 MB a thread.

    References
    ----------
    B. von Stengel (2007), Equilibrium computation for two-player games in strategic and
    extensive form, Algorithmic Game Theory, chapter 3, doi:10.1017/CBO9780511800481.005.

    Examples
    --------
    >>> import numpy as np
    >>> import alignment_games as ag
    >>> pennies = np.array([[1, -1], [-1, 1]])
    >>> games = np.stack([pennies, np.eye(2), np.zeros((2, 2))])
    >>> batch = ag.batch.solve_bimatrices(games, games * [[[-1]], [[1]], [[1]]])
    >>> print(batch)
    3 games of 2 x 2, 4 equilibria; 2 ok, 1 degenerate
    >>> batch.count
    array([1, 3, 0])
    >>> batch[1][2]
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    a, b = _payoffs("row_payoffs", row_payoffs), _payoffs("column_payoffs", column_payoffs)
    if a.shape != b.shape:
        msg = (
            "`row_payoffs` and `column_payoffs` must have one shape (N, m, n), got "
            f"{a.shape} and {b.shape}"
        )
        raise GameError(msg)
    slack = _tolerance(tolerance)
    if not isinstance(resolve, (bool, np.bool_)):
        msg = f"`resolve` must be True or False, got {resolve!r}"
        raise ParameterError(msg)
    total = len(a)
    status = np.empty(total, dtype=np.int8)
    count = np.empty(total, dtype=np.int64)
    spans = [slice(first, min(first + _BLOCK, total)) for first in range(0, total, _BLOCK)]

    def solved(span: slice) -> tuple[FloatArray, FloatArray]:
        return _solve_block(a[span], b[span], slack, status[span], count[span])

    threads = _workers(workers)
    if threads == 1 or len(spans) < 2:
        blocks = list(map(solved, spans))
    else:
        with ThreadPoolExecutor(threads) as pool:
            blocks = list(pool.map(solved, spans))
    if resolve and (status == BatchStatus.DEGENERATE).any():
        blocks = [
            _resolve_block(a[span], b[span], status[span], count[span], *block)
            for span, block in zip(spans, blocks, strict=True)
        ]
    m, n = a.shape[1:]
    return BatchSolution(
        status=status,
        count=count,
        offsets=np.concatenate([[0], np.cumsum(count)]),
        row=np.concatenate([np.empty((0, m)), *(row for row, _ in blocks)]),
        column=np.concatenate([np.empty((0, n)), *(column for _, column in blocks)]),
        tolerance=slack,
    )


def _payoffs(name: str, payoffs: Any) -> npt.NDArray[Any]:
    try:
        array = np.asarray(payoffs)
    except ValueError:
        msg = f"`{name}` must be an array of shape (N, m, n); the lists given are ragged"
        raise GameError(msg) from None
    if array.dtype.kind not in "fiu":
        msg = (
            f"`{name}` must hold real numbers of machine size, got {array.dtype} entries; convert "
            "them to float, or solve games of exact numbers one by one with solvers.nash"
        )
        raise GameError(msg)
    if array.ndim != 3:
        msg = f"`{name}` must have three axes (game, row, column), got shape {array.shape}"
        raise GameError(msg)
    if not all(1 <= size <= MAX_STRATEGIES for size in array.shape[1:]):
        msg = (
            f"`{name}` must be of games with 1 to {MAX_STRATEGIES} strategies a player, got "
            f"{array.shape[1]} x {array.shape[2]}; solve larger ones one by one with solvers.nash"
        )
        raise GameError(msg)
    return array


def _tolerance(tolerance: object) -> float:
    if (
        isinstance(tolerance, (int, float, np.integer, np.floating))
        and not isinstance(tolerance, bool)
        and 0 <= tolerance <= 0.01
    ):
        return float(tolerance)
    msg = f"`tolerance` must be a number from 0 to 0.01, got {tolerance!r}"
    raise ParameterError(msg)


def _workers(workers: object) -> int:
    if workers is None:
        return os.cpu_count() or 1
    if (
        isinstance(workers, (int, np.integer))
        and not isinstance(workers, bool)
        and 1 <= workers <= 1024
    ):
        return int(workers)
    msg = f"`workers` must be None or an integer from 1 to 1024, got {workers!r}"
    raise ParameterError(msg)


def _solve_block(
    row_payoffs: npt.NDArray[Any],
    column_payoffs: npt.NDArray[Any],
    tolerance: float,
    status: StatusArray,
    count: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Solve some games; fill their status and count and return the strategies."""
    from . import kernels

    a = np.ascontiguousarray(row_payoffs, dtype=np.float64)
    b = np.ascontiguousarray(column_payoffs, dtype=np.float64)
    games, m, n = a.shape
    pairs, subsets, places = _tables(m, n)
    row, column = np.empty((games * _MOST_EQUILIBRIA, m)), np.empty((games * _MOST_EQUILIBRIA, n))
    if max(m, n) <= LARGEST:
        groups = -(-games // LANES)
        numbers = np.empty(groups * LANES * (2 * m * n + 4))
        accepted = np.empty(groups * LANES, dtype=np.int64)
        undecided = np.empty(groups * LANES, dtype=np.int64)
        kernels.pack(a, b, tolerance, numbers)
        _decide(m, n)(numbers, accepted, undecided)
        found = kernels.unpack(
            numbers, accepted, undecided, pairs, places, status, count, row, column
        )
    else:
        found = kernels.solve_games(a, b, tolerance, pairs, subsets, status, count, row, column)
    return row[:found].copy(), column[:found].copy()


@functools.cache
def _tables(m: int, n: int) -> tuple[IntArray, IntArray, IntArray]:
    from . import kernels

    places = np.zeros(37, dtype=np.int64)
    for k in range(min(36, len(support_pairs(m, n)))):
        places[(1 << k) % 37] = k
    return kernels.pair_table(m, n), kernels.subset_masks(), places


@functools.cache
def _decide(m: int, n: int) -> Any:
    from .._compiled import generated

    return generated("decide", decide_source(m, n))


def _resolve_block(
    row_payoffs: npt.NDArray[Any],
    column_payoffs: npt.NDArray[Any],
    status: StatusArray,
    count: IntArray,
    row: FloatArray,
    column: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Solve the degenerate games of a block exactly and put their equilibria in place."""
    near = np.flatnonzero(status == BatchStatus.DEGENERATE)
    if not len(near):
        return row, column
    ends = np.cumsum(count)
    rows: list[Any] = []
    columns: list[Any] = []
    done = 0
    for k in near.tolist():
        first = ends[k] - count[k]
        solution = nash(NormalFormGame.from_bimatrix(row_payoffs[k], column_payoffs[k]))
        rows += [row[done:first], [eq.profile[0] for eq in solution.equilibria]]
        columns += [column[done:first], [eq.profile[1] for eq in solution.equilibria]]
        done = ends[k]
        count[k] = len(solution)
        status[k] = BatchStatus.RESOLVED
    rows.append(row[done:])
    columns.append(column[done:])
    return np.concatenate(rows).astype(float), np.concatenate(columns).astype(float)
