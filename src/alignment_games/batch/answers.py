"""Equilibria of many games, one below the other: what every answer to a batch shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import FloatArray, IntArray, StatusArray
from ..games import NormalFormGame
from .inputs import BatchStatus

__all__ = ["Listed", "list_of", "resolved", "starts", "summary"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """Statuses and equilibria of many games.

    Attributes
    ----------
    status : ndarray of int8, shape (N,)
    count : ndarray of int64, shape (N,)
    offsets : ndarray of int64, shape (N + 1,)
    strategies : tuple of ndarray of float64, each of shape (E, strategies of the player)
    """

    status: StatusArray
    count: IntArray
    offsets: IntArray
    strategies: tuple[FloatArray, ...]


def starts(count: IntArray) -> IntArray:
    """Return where each game's equilibria start, and after them the number of all.

    Examples
    --------
    >>> starts(np.array([1, 3])).tolist()
    [0, 1, 4]
    """
    offsets = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=offsets[1:])
    return offsets


def list_of(
    offsets: IntArray, strategies: Sequence[FloatArray], game: int
) -> list[tuple[FloatArray, ...]]:
    """Return the equilibria of one game, each a tuple of strategies."""
    place = range(len(offsets) - 1)[game]
    span = slice(offsets[place], offsets[place + 1])
    return list(zip(*(own[span] for own in strategies), strict=True))


def summary(status: StatusArray, strategies: Sequence[FloatArray]) -> str:
    """Return one line on an answer: how many games, equilibria, and games of each status."""
    counts = np.bincount(status, minlength=len(BatchStatus))
    parts = [
        f"{counts[kind]} {kind.name.lower().replace('_', ' ')}"
        for kind in BatchStatus
        if counts[kind]
    ]
    found = len(strategies[0])
    sizes = " x ".join(str(own.shape[1]) for own in strategies)
    games = f"{len(status)} game{'s' * (len(status) != 1)} of {sizes}"
    equilibria = f"{found} equilibri{'um' if found == 1 else 'a'}"
    return f"{games}, {equilibria}" + "; " * bool(parts) + ", ".join(parts)


def resolved(listed: Listed, game_at: Callable[[int], NormalFormGame]) -> Listed:
    """Solve the degenerate games exactly and put their equilibria in place.

    A game stays DEGENERATE if the exact solver does not claim that its answer is complete.
    """
    from ..solvers import Status, nash  # many modules, which a batch without ties does not need

    near = np.flatnonzero(listed.status == BatchStatus.DEGENERATE)
    status, count = listed.status.copy(), listed.count.copy()
    parts: list[list[Any]] = [[] for _ in listed.strategies]
    done = 0
    for k in near.tolist():
        solution = nash(game_at(k), exact=False)
        for player, own in enumerate(listed.strategies):
            found = [eq.profile[player] for eq in solution.equilibria]
            parts[player].append(own[done : listed.offsets[k]])
            parts[player].append(np.reshape(np.array(found, dtype=np.float64), (-1, own.shape[1])))
        done = listed.offsets[k + 1]
        count[k] = len(solution)
        if solution.status is Status.COMPLETE:
            status[k] = BatchStatus.RESOLVED
    strategies = tuple(
        np.concatenate([*own, old[done:]])
        for own, old in zip(parts, listed.strategies, strict=True)
    )
    return Listed(status=status, count=count, offsets=starts(count), strategies=strategies)
