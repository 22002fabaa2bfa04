"""Payoffs of a game of several players as the compiled search takes them, and what it finds."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from .._typing import FloatArray, IntArray
from ._nplayer_roots import Root

__all__ = ["Searched", "Tables", "loops", "regular_equilibria"]

_MACHINE_BITS = 62
_EXACT_BITS = 53
_REGULAR_BOXES = 20_000  # some hundredths of a second, lost if the game proves irregular


@dataclass(frozen=True, slots=True)
class Searched:
    """What the search found.

    Attributes
    ----------
    supports : ndarray of int64, shape (count, n_players)
        Those that were not pruned, one bit mask a player.
    status : ndarray of int64, shape (count,)
        Zero where the certified roots are all equilibria with two or more mixing players.
    certified : tuple of ndarrays
        Certified roots: positions of their supports, free coordinates, radii of the certified
        boxes, approximate inverse Jacobians, status, whether tied, and index.
    """

    supports: IntArray
    status: IntArray
    certified: tuple[Any, ...]

    def roots(self) -> Iterator[Root]:
        """Iterate over the certified roots."""
        masks = self.supports.tolist()
        supports, points, radii, inverses, status, tied, index = self.certified
        for k, support in enumerate(supports.tolist()):
            dim = sum(mask.bit_count() - 1 for mask in masks[support])
            yield Root(
                support,
                points[k, :dim].tolist(),
                radii[k, :dim].tolist(),
                inverses[k, :dim, :dim].tolist(),
                bool(status[k] == loops().CERTIFIED),
                bool(tied[k]),
                int(index[k]),
            )


@dataclass(frozen=True, slots=True)
class Tables:
    """Payoffs for the compiled search.

    Attributes
    ----------
    shape : ndarray of int64, shape (n_players,)
    ranks : ndarray of int64, shape (n_players, profiles)
        Integers ordered like the payoffs, equal where these are.
    values : ndarray of float64, shape (n_players, profiles)
        Payoffs in [0, 1].
    bits : list of int
        Lengths of each player's largest canonical payoff: `values` are these over ``2**bits``.
    """

    shape: IntArray
    ranks: IntArray
    values: FloatArray
    bits: list[int]

    @classmethod
    def of(cls, payoffs: list[list[int]], shape: tuple[int, ...]) -> Tables:
        """Make the tables of canonical payoffs."""
        bits = [max(table).bit_length() for table in payoffs]
        if max(bits) <= _MACHINE_BITS:
            ranks = np.array(payoffs, dtype=np.int64)
            values = ranks * np.array([[2.0**-length] for length in bits])
        else:
            orders = [{v: k for k, v in enumerate(sorted(set(table)))} for table in payoffs]
            ranks = np.array(
                [[order[v] for v in table] for order, table in zip(orders, payoffs, strict=True)],
                dtype=np.int64,
            )
            values = np.array(
                [
                    [v / (1 << length) for v in table]
                    for length, table in zip(bits, payoffs, strict=True)
                ]
            )
        return cls(np.array(shape, dtype=np.int64), ranks, values, bits)

    @property
    def error(self) -> float:
        """The largest error of an entry of `values`."""
        return 0.0 if max(self.bits) <= _EXACT_BITS else 2.0**-53

    def search(self, max_boxes: int) -> Searched:
        """Search all supports that survive pruning."""
        supports = loops().surviving_supports(self.ranks, self.shape)
        status, *certified = loops().search(
            self.ranks, self.values, self.error, self.shape, supports, max_boxes, False
        )
        return Searched(supports, status, tuple(certified))


def regular_equilibria(
    payoffs: IntArray | None, max_boxes: int
) -> tuple[list[list[int]], FloatArray, list[int]] | None:
    """Return all equilibria as floats if it is proved that each is regular.

    Parameters
    ----------
    payoffs : ndarray of int64, shape (n_players, ...), or None
        The game's integer payoffs, if they fit.
    max_boxes : int

    Returns
    -------
    tuple or None
        Supports (one bit mask a player), profiles, shape (count, sum of strategies), and indices.
    """
    if payoffs is None:
        return None
    shape = payoffs.shape[1:]
    decided, masks, profiles, indices = _refiner().regular_equilibria(
        payoffs.reshape(len(shape), -1), np.array(shape), min(max_boxes, _REGULAR_BOXES)
    )
    return (masks.tolist(), profiles, indices.tolist()) if decided else None


@functools.cache
def loops() -> ModuleType:
    """Load the compiled search."""
    from ._kernels import nplayer

    return nplayer


@functools.cache
def _refiner() -> ModuleType:
    from ._kernels import nplayer_regular

    return nplayer_regular
