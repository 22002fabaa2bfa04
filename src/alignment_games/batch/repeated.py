"""The subgame-perfect payoffs of many two-player repeated games."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import BoolArray, FloatArray, IntArray, StatusArray
from ..errors import ParameterError, flag, whole
from ..games import NormalFormGame, RepeatedGame
from .answers import starts
from .inputs import BatchStatus, bimatrices, blocks, in_threads, threads

__all__ = ["RepeatedPayoffSets", "repeated_payoffs"]

MAX_STRATEGIES = 12
"""Largest number of strategies of a player."""

_BLOCK = 512
_SLACKS = np.array([1 / 512, 1 / 16])
"""How much more than needed deviations cost, over the error asked for: corners move by more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatedPayoffSets:
    """Convex polygons of payoffs, one for each game.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
        A `BatchStatus` for each game: OK if both the polygon and the set of payoffs are proved to
        be within `error` of each other, or if there proved to be no equilibrium, in which case
        there are no corners; RESOLVED if it was found in rational arithmetic, exactly or with
        the proved `error`; DEGENERATE if only the outer bound is proved: all payoffs lie within
        `max_error` of the polygon.
    count : ndarray of int64, shape (N,)
        Corners of each polygon: 1 of a point, 2 of a segment, 0 of the empty set.
    offsets : ndarray of int64, shape (N + 1,)
        Where each game's corners start in `corners`, and after them the number of all.
    corners : ndarray of float64, shape (E, 2)
        Corners of all polygons, counterclockwise.
    error : ndarray of float64, shape (N,)
        Proved bound of the distance of the polygon and the set, in each coordinate relative to the
        largest difference of the player's payoffs; infinite if nothing is known to be attained.
    discounts : ndarray of float64, shape (N, 2)
    max_error : float
    """

    status: StatusArray
    count: IntArray
    offsets: IntArray
    corners: FloatArray
    error: FloatArray
    discounts: FloatArray
    max_error: float

    def __len__(self) -> int:
        return len(self.status)

    def __getitem__(self, game: int) -> FloatArray:
        place = range(len(self.status))[game]
        return self.corners[self.offsets[place] : self.offsets[place + 1]]

    def __str__(self) -> str:
        counts = np.bincount(self.status, minlength=len(BatchStatus))
        parts = [
            f"{counts[kind]} {kind.name.lower().replace('_', ' ')}"
            for kind in BatchStatus
            if counts[kind]
        ]
        games = f"{len(self)} game{'s' * (len(self) != 1)}"
        return f"{games}, {len(self.corners)} corners" + "; " * bool(parts) + ", ".join(parts)


def repeated_payoffs(
    row_payoffs: Any,
    column_payoffs: Any,
    *,
    discount: Any,
    max_error: float = 1e-6,
    steps: int = 2_000,
    resolve: bool = False,
    workers: int | None = None,
) -> RepeatedPayoffSets:
    """Find the pure subgame-perfect payoffs of many two-player repeated games.

    Lotteries may be drawn in public before each period, as in
    `alignment_games.solvers.repeated_payoffs`, whose first two methods these are: that of Abreu and
    Sannikov [1]_ where discount factors are equal, that of Abreu, Pearce and Stacchetti [2]_
    elsewhere. All is done in floating point with a bound of all rounding, payoffs taken for the
    binary numbers that they are.

    Parameters
    ----------
    row_payoffs, column_payoffs : array_like of float, shape (N, m, n)
        Payoffs of the row and the column player in N stage games, m and n up to 12.
    discount : float or array_like, shape (N,) or (N, 2)
        Discount factors, above 0 and at most 0.999: of all players, of each game's or of each
        game's two.
    max_error : float, optional
        Largest proved error of a game that is OK, from 1e-9 to 0.01, relative to the largest
        difference of a player's payoffs.
    steps : int, optional
        Largest number of iterations.
    resolve : bool, optional
        Whether to solve the games that are DEGENERATE again, one by one, with
        `alignment_games.solvers.repeated_payoffs`, every float taken for its shortest decimal. A
        game stays DEGENERATE if the gap is larger than `max_error` then.
    workers : int, optional
        Number of threads, by default one for each processor that may be used.

    Returns
    -------
    RepeatedPayoffSets

    Raises
    ------
    GameError
        If payoffs are not two arrays of the same shape (N, m, n), or players have too many
        strategies.
    ParameterError
        If `discount`, `max_error`, `steps` or `workers` is not as said above.

    References
    ----------
    .. [1] D. Abreu and Y. Sannikov (2014), An algorithm for two-player repeated games with perfect
       monitoring, Theoretical Economics 9, 313-338, doi:10.3982/TE1302.
    .. [2] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.

    Examples
    --------
    A prisoner's dilemma at three discount factors:

    >>> import numpy as np
    >>> import alignment_games as ag
    >>> row, column = np.array([[3, 0], [5, 1]]), np.array([[3, 5], [0, 1]])
    >>> sets = ag.batch.repeated_payoffs([row] * 3, [column] * 3, discount=[0.2, 0.4, 0.6])
    >>> print(sets)
    3 games, 8 corners; 3 ok
    >>> sets[1].round(6).tolist()
    [[1.0, 1.0], [4.0, 1.0], [1.0, 4.0]]
    """
    a, b, _ = bimatrices(
        row_payoffs,
        column_payoffs,
        most=MAX_STRATEGIES,
        remedy="solve larger ones one by one with solvers.repeated_payoffs",
    )
    discounts, most = _discounts(discount, len(a)), whole("steps", steps, 1, 100_000)
    near, again = _error(max_error), flag("resolve", resolve)
    count = np.zeros(len(a), dtype=np.int64)
    status, error = np.empty(len(a), dtype=np.int8), np.empty(len(a))
    spans = blocks(len(a), _BLOCK, threads(workers))
    parts: list[list[FloatArray]] = [[] for _ in spans]

    def work(worker: int) -> None:
        from ._repeated_kernels import ROOM, enclose_games

        buffer = np.empty((_BLOCK, ROOM, 2))
        for k in range(worker, len(spans), threads(workers)):
            span = spans[k]
            enclose_games(
                a[span], b[span], discounts[span], near, near * _SLACKS, most,
                status[span], count[span], error[span], buffer,
            )  # fmt: skip
            found = count[span].tolist()
            parts[k] = [buffer[j, :own].copy() for j, own in enumerate(found)]

    in_threads(work, threads(workers))
    polygons = [own for part in parts for own in part]
    if again:
        for k in np.flatnonzero(status == BatchStatus.DEGENERATE).tolist():
            polygons[k], error[k], status[k] = _resolved(a[k], b[k], discounts[k], most, near)
            count[k] = len(polygons[k])
    corners = np.concatenate([np.empty((0, 2)), *polygons])
    return RepeatedPayoffSets(
        status=status,
        count=count,
        offsets=starts(count),
        corners=corners,
        error=error,
        discounts=discounts,
        max_error=near,
    )


def _resolved(
    row: FloatArray, column: FloatArray, discounts: FloatArray, steps: int, near: float
) -> tuple[FloatArray, float, BatchStatus]:
    """Solve one game exactly, or with the error that is left."""
    from ..solvers import repeated_payoffs as solve  # many modules, needed for ties only

    game = RepeatedGame(NormalFormGame.from_bimatrix(row, column), discount=discounts.tolist())
    found = solve(game, steps=steps, tolerance=near)
    spans = [float(np.ptp(own)) or 1.0 for own in (row, column)]
    error = found.gap / min(spans)
    polygon = found.inner if found.exact else found.outer
    corners = np.array([[float(x), float(y)] for x, y in polygon]).reshape(-1, 2)
    decided = BatchStatus.RESOLVED if error <= near else BatchStatus.DEGENERATE
    return corners, error, decided


def _discounts(discount: Any, games: int) -> FloatArray:
    try:
        given = np.asarray(discount, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"`discount` must be a number or an array of numbers, got {discount!r}"[:200]
        raise ParameterError(msg) from error
    if given.shape not in ((), (games,), (games, 2)):
        msg = (
            f"`discount` must be one number, one a game, shape ({games},), or two a game, shape "
            f"({games}, 2), got shape {given.shape}"
        )
        raise ParameterError(msg)
    inside: BoolArray = (given > 0.0) & (given <= 0.999)
    if not inside.all():
        msg = (
            "`discount` must be above 0 and at most 0.999, got "
            f"{given[~inside].ravel()[0]}; solve more patient players one by one with "
            "solvers.repeated_payoffs"
        )
        raise ParameterError(msg)
    wide = given[:, None] if given.ndim == 1 else given
    return np.ascontiguousarray(np.broadcast_to(wide, (games, 2)))


def _error(max_error: object) -> float:
    if (
        isinstance(max_error, (int, float, np.integer, np.floating))
        and not isinstance(max_error, bool)
        and 1e-9 <= max_error <= 0.01
    ):
        return float(max_error)
    msg = f"`max_error` must be a number from 1e-9 to 0.01, got {max_error!r}"
    raise ParameterError(msg)
