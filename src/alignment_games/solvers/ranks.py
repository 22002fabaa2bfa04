"""Comparisons of a player's own payoffs, in small integers."""

from __future__ import annotations

import numpy as np

from .._typing import IntArray
from ..errors import WorkLimitError
from ..games import NormalFormGame

__all__ = ["MAX_COMPARISONS", "Work", "dominating_pure", "own_ranks"]

MAX_COMPARISONS = 10_000_000_000
"""Largest number of payoffs compared to find what pure strategies dominate (20 s or so)."""

_SUMMABLE = 2**40  # 2**22 numbers below it, more than a game may have, add up in 64 bits
_ROW = 5000  # comparisons that take as long as the handling of one strategy


class Work:
    """What has been spent of a limit, so that many small steps cannot exceed it together."""

    __slots__ = ("limit", "spent", "what")

    def __init__(self, limit: int, what: str) -> None:
        self.limit, self.what, self.spent = limit, what, 0

    def spend(self, amount: int) -> None:
        """Add to what was spent; the next step must not begin beyond the limit."""
        self.spent += amount
        if self.spent > self.limit:
            msg = (
                f"{self.what} took {self.spent:.1e} steps up to this point; the limit is "
                f"{self.limit:.1e}. Restrict the game with `game.restrict`"
            )
            raise WorkLimitError(msg)


def own_ranks(game: NormalFormGame, who: int) -> IntArray:
    """Return integers that compare as a player's payoffs do, small enough to add up.

    Shape (own strategies, others' profiles): the payoffs over a common denominator, or their
    ranks where these are large.
    """
    own = np.moveaxis(game.integer_payoffs[0][who], who, 0).reshape(game.shape[who], -1)
    try:
        small: IntArray = own.astype(np.int64)
    except OverflowError:
        pass
    else:
        if small.min() > -_SUMMABLE and small.max() < _SUMMABLE:
            return small
    values = own.reshape(-1).tolist()
    order = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.array([order[value] for value in values], dtype=np.int64).reshape(own.shape)


def dominating_pure(ranks: IntArray, *, weak: bool, work: Work | None = None) -> list[int | None]:
    """Return for each strategy a pure one that dominates it and is not dominated itself.

    The first such one, or None. What dominates has the larger total, so in the order of totals
    each strategy need only be compared with those before it that nothing dominates; and what
    dominates a dominating strategy dominates as well, so these are enough.
    """
    size, width = ranks.shape
    totals = ranks.sum(axis=1)
    found: list[int | None] = [None] * size
    maximal = np.empty(size, dtype=np.intp)
    count = 0
    for k in np.argsort(-totals, kind="stable").tolist():
        own = ranks[k]
        rivals = maximal[:count]
        rivals = rivals[totals[rivals] > totals[k]]  # equal totals: equal, or neither dominates
        start, block, spent = 0, 8, _ROW
        while start < width and len(rivals):
            theirs = ranks[rivals, start : start + block]
            spent += theirs.size
            mine = own[start : start + block]
            fits = theirs >= mine if weak else theirs > mine
            rivals = rivals[fits.all(axis=1)]
            start, block = start + block, 2 * block
        if work is not None:
            work.spend(spent)
        if len(rivals):
            found[k] = int(rivals.min())
        else:
            maximal[count] = k
            count += 1
    return found
