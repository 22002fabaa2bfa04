"""All equilibria of many two-player games at once, from arrays of payoffs."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import FloatArray, IntArray, StatusArray
from ..errors import flag
from ..games import NormalFormGame
from .answers import Listed, list_of, resolved, starts, summary
from .closed_forms import LARGEST, decide_source, write_source
from .inputs import bimatrices, blocks, in_threads, relative_tolerance, threads

__all__ = ["MAX_STRATEGIES", "BatchSolution", "solve_bimatrices"]

MAX_STRATEGIES = 4
"""Largest number of strategies of a player."""

_BLOCK = 16_384
"""Games of a block: the payoffs of up to 3 x 3 games, at most 2.4 MB, are read once from memory."""


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
        return [
            (row, column) for row, column in list_of(self.offsets, (self.row, self.column), game)
        ]

    def __iter__(self) -> Iterator[list[tuple[FloatArray, FloatArray]]]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"<BatchSolution: {self}>"

    def __str__(self) -> str:
        return summary(self.status, (self.row, self.column))


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
        uncertain, beyond rounding to the type of the array. A game is ``OK`` only if no such
        change of its payoffs alters which supports carry equilibria; by default (0) the changes
        are those of rounding once.
    resolve : bool
        Whether to solve games near a tie again, one by one, by `alignment_games.solvers.nash`
        in rational arithmetic, every float taken for its shortest decimal (a tie that was lost
        when payoffs were computed stays lost): some hundreds to thousands a second, after loops
        that are compiled once.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    BatchSolution
        The order of a game's equilibria is by size of the supports, then by their strategies; of
        games solved again it is that of `nash`.

    Raises
    ------
    GameError
        If the payoffs are not real numbers in two arrays of one shape (N, m, n), or there are
        more than 4 strategies, or `resolve` is not a bool.
    ParameterError
        If `tolerance` is not in [0, 0.01] or `workers` not positive.

    Notes
    -----
    Probabilities are quotients of minors of payoff differences in floating point. The signs that
    make them an equilibrium are proved with error bounds; their digits are as good as the game is
    far from a tie. Memory beyond the arrays given and returned: 8 bytes a game (16 of 4 x 4), and
    4 MB a thread; payoffs that are not contiguous arrays of float64 are copied, and with
    `resolve` the answer once more.

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
    a, b, unit = bimatrices(
        row_payoffs,
        column_payoffs,
        most=MAX_STRATEGIES,
        remedy="solve larger ones one by one with solvers.nash",
    )
    slack = relative_tolerance(tolerance)
    resolve = flag("resolve", resolve)
    chosen = threads(workers)
    listed = _solved(a, b, unit + 2 * slack, chosen)
    if resolve:
        listed = resolved(listed, lambda k: NormalFormGame.from_bimatrix(a[k], b[k]))
    row, column = listed.strategies
    return BatchSolution(
        status=listed.status,
        count=listed.count,
        offsets=listed.offsets,
        row=row,
        column=column,
        tolerance=slack,
    )


def _solved(a: FloatArray, b: FloatArray, unit: float, workers: int) -> Listed:
    """Decide all games, then write down the strategies where the counts say they belong."""
    from . import kernels

    total, m, n = a.shape
    pairs = kernels.pair_table(m, n)
    accepted = np.empty((total, -(-len(pairs) // kernels.WORD)), dtype=np.int64)
    status, count = np.empty(total, dtype=np.int8), np.empty(total, dtype=np.int64)
    spans = blocks(total, _BLOCK, workers)
    generated = _generated(m, n) if max(m, n) <= LARGEST else None
    table = np.ascontiguousarray(pairs[:, [0, 3, 4, 7, 8]]).reshape(-1)
    subsets, places = kernels.subset_masks(), kernels.bit_places()

    def decide(worker: int) -> None:
        for span in spans[worker::workers]:
            payoffs = a[span].reshape(-1), b[span].reshape(-1)
            bits, answer = accepted[span], (status[span], count[span])
            if generated is None or generated[0](*payoffs, unit, bits.reshape(-1), *answer):
                kernels.decide_games(*payoffs, (m, n), unit, pairs, subsets, bits, *answer)

    in_threads(decide, workers)
    offsets = starts(count)
    row, column = np.zeros((offsets[-1], m)), np.zeros((offsets[-1], n))

    def write(worker: int) -> None:
        for span in spans[worker::workers]:
            own = slice(offsets[span.start], offsets[span.stop])
            payoffs = a[span].reshape(-1), b[span].reshape(-1)
            bits, x, y = accepted[span], row[own], column[own]
            if generated is None:
                kernels.write(*payoffs, pairs, places, bits, x, y)
                continue
            lists = np.empty((4, len(x) + 1), dtype=np.int64)  # one more is written, not used
            flat = x.reshape(-1), y.reshape(-1)
            left = generated[1](*payoffs, table, places, bits.reshape(-1), *flat, lists)
            if left:
                kernels.write_rest(*payoffs, pairs, lists[3, :left], x, y)

    in_threads(write, workers)
    return Listed(status=status, count=count, offsets=offsets, strategies=(row, column))


@functools.cache
def _generated(m: int, n: int) -> tuple[Any, Any]:
    """Return the loops that decide games, and that write most of their equilibria."""
    from .._compiled import generated

    return generated("decide", decide_source(m, n)), generated("write", write_source(m, n))
