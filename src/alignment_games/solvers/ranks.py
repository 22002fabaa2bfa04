"""Comparisons of a player's own payoffs, in small integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .._numeric import integer_matrix
from .._typing import IntArray
from ..games import NormalFormGame

__all__ = ["dominating_pure", "own_ranks"]


def own_ranks(game: NormalFormGame, who: int) -> IntArray:
    """Return integers that compare as a player's payoffs do.

    Shape (own strategies, others' profiles): the payoffs over a common denominator, or their
    ranks where these do not fit into 64 bits.
    """
    own = np.moveaxis(game.exact_payoffs[who], who, 0).reshape(game.shape[who], -1)
    values = [value for row in integer_matrix(own.tolist()) for value in row]
    if max(map(abs, values)) >= 2**62:
        order = {value: rank for rank, value in enumerate(sorted(set(values)))}
        values = [order[value] for value in values]
    return np.array(values, dtype=np.int64).reshape(own.shape)


def dominating_pure(ranks: IntArray, *, weak: bool) -> list[tuple[Fraction, ...] | None]:
    """Return for each strategy a pure one that dominates it and is not dominated itself."""
    size = len(ranks)
    better = np.empty((size, size), dtype=bool)  # better[k, j]: j dominates k
    for k, own in enumerate(ranks):
        if weak:
            better[k] = (ranks >= own).all(axis=1) & (ranks > own).any(axis=1)
        else:
            better[k] = (ranks > own).all(axis=1)
    maximal = ~better.any(axis=1)
    found: list[tuple[Fraction, ...] | None] = [None] * size
    for worse in np.flatnonzero(~maximal).tolist():
        # What dominates a dominating strategy dominates `worse` as well, so a maximal one does.
        by = int(np.flatnonzero(better[worse] & maximal)[0])
        found[worse] = tuple(Fraction(int(j == by)) for j in range(size))
    return found
