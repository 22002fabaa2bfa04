"""All equilibria of many three-player games at once, from one array of payoffs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import FloatArray, IntArray, StatusArray
from ..errors import flag
from ..games import NormalFormGame
from ._three_player_cases import tables
from .answers import Listed, list_of, resolved, starts, summary
from .inputs import blocks, in_threads, relative_tolerance, threads, three_players

__all__ = ["ThreePlayerSolution", "solve_three_player"]

_BLOCK = 2048
"""Games of a block: where its payoffs must be turned, the copy stays in a core's cache."""


_ORDERS = ((0, 1, 2), (1, 0, 2), (2, 0, 1))
"""The players, the one with most strategies first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThreePlayerSolution:
    """The equilibria of many three-player games of one size, all in a few arrays.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus` for each game.
    count : ndarray of int64, shape (N,)
        Equilibria listed for each game.
    offsets : ndarray of int64, shape (N + 1,)
        Those of game i are the rows from ``offsets[i]`` to before ``offsets[i + 1]``.
    strategies : tuple of three ndarray of float64, shapes (E, m1), (E, m2) and (E, m3)
        Each player's strategies in all equilibria together.
    tolerance : float
    """

    status: StatusArray
    count: IntArray
    offsets: IntArray
    strategies: tuple[FloatArray, ...]
    tolerance: float

    def __len__(self) -> int:
        return len(self.status)

    def __getitem__(self, game: int) -> list[tuple[FloatArray, ...]]:
        """Return the equilibria of one game, each a tuple of three strategies."""
        return list_of(self.offsets, self.strategies, game)

    def __iter__(self) -> Iterator[list[tuple[FloatArray, ...]]]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"<ThreePlayerSolution: {self}>"

    def __str__(self) -> str:
        return summary(self.status, self.strategies)


def solve_three_player(
    payoffs: Any,
    *,
    tolerance: float = 0.0,
    resolve: bool = False,
    workers: int | None = None,
) -> ThreePlayerSolution:
    """Find all Nash equilibria of many three-player games of one size.

    Parameters
    ----------
    payoffs : array_like of float, shape (N, 3, m1, m2, m3)
        ``payoffs[g, p, i, j, k]`` is what player p gets in game g if the players choose i, j
        and k. Of the sizes two are at most 2, the third, of any player, at most 3.
    tolerance : float
        Up to which share of a player's largest payoff each of its payoffs in a game is
        uncertain, beyond rounding to the type of the array, as for `solve_bimatrices`.
    resolve : bool
        Whether to solve games near a tie again, one by one, by `alignment_games.solvers.nash`
        in rational arithmetic, every float taken for its shortest decimal: some hundreds a
        second. One that `nash` cannot answer completely stays DEGENERATE, with what it lists.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    ThreePlayerSolution
        The order of a game's equilibria is by size of the supports, then by their strategies, and
        of two with the same supports by the first player's weights, large ones first; of games
        solved again it is that of `nash`.

    Raises
    ------
    GameError
        If the payoffs are not real numbers in an array of shape (N, 3, m1, m2, m3), or there
        are more strategies, or `resolve` is not a bool.
    ParameterError
        If `tolerance` is not in [0, 0.01] or `workers` not positive.

    Notes
    -----
    If all players mix, the probabilities are roots of a quadratic equation, computed as floats.
    The signs that make them an equilibrium, and that exclude all others, are proved with bounds on
    every error. Of payoffs taken as they are, each probability that was listed with a proof is
    within 1e-9 of its size: where cancelling leaves less, near a tie or a double root, it is
    computed again in doubled precision. Memory beyond the arrays given and returned: 8 bytes a
    game; payoffs of other types than float64 are copied, and with `resolve` the answer once more.

    References
    ----------
    R. D. McKelvey and A. McLennan (1996), Computation of equilibria in finite games, Handbook of
    Computational Economics 1, chapter 2, doi:10.1016/S1574-0021(96)01004-0.

    Examples
    --------
    Three states that gain only by choosing the same, and a game of Nau, Gomez Canovas and Hansen
    (2004, section 4) whose only equilibrium is irrational.

    >>> import numpy as np
    >>> import alignment_games as ag
    >>> same = [[[1, 0], [0, 0]], [[0, 0], [0, 2]]]
    >>> first = [[[3, 1], [0, 0]], [[0, 0], [1, 2]]]
    >>> second = [[[0, 0], [2, 1]], [[1, 3], [0, 0]]]
    >>> third = [[[2, 0], [0, 0]], [[0, 0], [0, 3]]]
    >>> batch = ag.batch.solve_three_player([[same, same, same], [first, second, third]])
    >>> print(batch)
    2 games of 2 x 2 x 2, 4 equilibria; 2 ok
    >>> batch.count
    array([3, 1])
    >>> batch.strategies[1]
    array([[1.        , 0.        ],
           [0.        , 1.        ],
           [0.58578644, 0.41421356],
           [0.47980422, 0.52019578]])
    """
    array, unit = three_players(payoffs)
    slack = relative_tolerance(tolerance)
    resolve = flag("resolve", resolve)
    listed = _solved(array, unit + 2 * slack, threads(workers))
    if resolve:
        listed = resolved(listed, lambda k: NormalFormGame(array[k]))
    return ThreePlayerSolution(
        status=listed.status,
        count=listed.count,
        offsets=listed.offsets,
        strategies=listed.strategies,
        tolerance=slack,
    )


def _solved(payoffs: FloatArray, unit: float, workers: int) -> Listed:
    """Decide all games, then write down the strategies where the counts say they belong."""
    from . import _three_player_kernels as loops
    from .kernels import bit_places

    total, _, *sizes = payoffs.shape
    order = _ORDERS[sizes.index(max(sizes))]
    shape = (sizes[order[0]], sizes[order[1]], sizes[order[2]])
    known, places = tables(shape, order), bit_places()
    accepted = np.empty(total, dtype=np.int64)
    status, count = np.empty(total, dtype=np.int8), np.empty(total, dtype=np.int64)
    spans = blocks(total, _BLOCK, workers)

    def decide(worker: int) -> None:
        for span in spans[worker::workers]:
            own = np.ascontiguousarray(payoffs[span]).reshape(-1)
            loops.decide_three(
                own, unit, shape[0], known, places, accepted[span], status[span], count[span]
            )

    in_threads(decide, workers)
    offsets = starts(count)
    strategies = tuple(np.zeros((offsets[-1], size)) for size in sizes)

    def write(worker: int) -> None:
        for span in spans[worker::workers]:
            own = slice(offsets[span.start], offsets[span.stop])
            loops.write_three(
                np.ascontiguousarray(payoffs[span]).reshape(-1),
                unit,
                known,
                places,
                order.index(0),
                accepted[span],
                *(strategies[player][own] for player in order),
            )

    in_threads(write, workers)
    return Listed(status=status, count=count, offsets=offsets, strategies=strategies)
