"""Supports of games of 3 x 2 x 2 strategies or fewer, as tables that compiled loops read.

A case is a combination of supports of the three players; there are 63 for 3 x 2 x 2, so that a
set of cases fits into the bits of a word.
"""

from __future__ import annotations

import enum
import itertools
from typing import NamedTuple

import numpy as np

from .._typing import IntArray

__all__ = ["Kind", "Tables", "tables"]

Support = tuple[int, ...]


class Kind(enum.IntEnum):
    """Who mixes in a case, which says how it is decided."""

    PURE = 0
    SECOND_THIRD = 1
    """The second and the third player; each case of two needs two equal payoffs of both."""
    FIRST_SECOND = 2
    FIRST_THIRD = 3
    TWO_EACH = 4
    """All three, each two strategies: one quadratic equation."""
    ALL = 5
    """All three, the first all of three strategies: one quadratic equation."""
    FIRST = 6
    """One player alone, which takes a tie between its payoffs: never a regular equilibrium."""
    SECOND = 7
    THIRD = 8
    THREE_SECOND = 9
    """The first all of three strategies and the second: more conditions than weights."""
    THREE_THIRD = 10


class Tables(NamedTuple):
    """What the loops read of the supports of one size of game; the first player has the most.

    Attributes
    ----------
    at : ndarray of int64, shape (36,)
        Where in a game the payoffs of 3 x 2 x 2 strategies are, the first player's first; for
        strategies that are not there those of the first one.
    cases : ndarray of int64, shape (C, 7)
        For each case its kind, the first player's first, second and left-out strategy (-1: none),
        the second and the third player's first strategy, and the position of its first answer.
    answers : ndarray of int64, shape (A, 2)
        For each equilibrium that there may be, its case and the number of the root.
    dead_first : ndarray of int64, shape (3, 16)
        The cases (as bits) without an equilibrium if a strategy earns less than another wherever
        the set of the others' profiles (as bits) says.
    dead_second, dead_third : ndarray of int64, shape (2, 64)
    """

    at: IntArray
    cases: IntArray
    answers: IntArray
    dead_first: IntArray
    dead_second: IntArray
    dead_third: IntArray


def tables(sizes: tuple[int, int, int], order: tuple[int, int, int]) -> Tables:
    """Return the tables for games of some size.

    Parameters
    ----------
    sizes : tuple of three int
        Strategies of each player, at most 3, 2 and 2.
    order : tuple of three int
        Which of the user's players each of them is: cases are in the order of their size, then
        of the supports of the user's players.
    """
    supports = sorted(
        itertools.product(*(_subsets(size) for size in sizes)),
        key=lambda own: (
            sum(map(len, own)),
            [own[order.index(player)] for player in range(3)],
        ),
    )
    cases: list[list[int]] = []
    answers: list[list[int]] = []
    for number, (first, second, third) in enumerate(supports):
        kind = _kind(len(first), len(second), len(third))
        two = first[1] if len(first) > 1 else -1
        left = next((s for s in range(sizes[0]) if len(first) == 2 and s not in first), -1)
        cases.append([kind, first[0], two, left, second[0], third[0], len(answers)])
        roots = 0 if kind >= Kind.FIRST else 2 if kind >= Kind.TWO_EACH else 1
        answers += [[number, root] for root in range(roots)]
    profiles = [(0, 1, 2), (0, 1), (0, 1)]
    dead = [np.zeros((len(own), 16 if k == 0 else 64), np.int64) for k, own in enumerate(profiles)]
    for player, table in enumerate(dead):
        others = [own for k, own in enumerate(profiles) if k != player]
        bits = {pair: 1 << k for k, pair in enumerate(itertools.product(*others))}
        for number, support in enumerate(supports):
            rest = (own for k, own in enumerate(support) if k != player)
            wanted = sum(bits[pair] for pair in itertools.product(*rest))
            for strategy in support[player]:
                for worse in range(table.shape[1]):
                    if not wanted & ~worse:
                        table[strategy, worse] |= 1 << number
    return Tables(_places(sizes, order), np.array(cases), np.array(answers), *dead)


def _places(sizes: tuple[int, int, int], order: tuple[int, int, int]) -> IntArray:
    users = [0, 0, 0]
    for size, player in zip(sizes, order, strict=True):
        users[player] = size
    places = []
    for player, *profile in itertools.product(range(3), range(3), range(2), range(2)):
        own = [0, 0, 0]
        for place, size, choice in zip(order, sizes, profile, strict=True):
            own[place] = choice if choice < size else 0
        places.append(np.ravel_multi_index((order[player], *own), (3, *users)))
    return np.array(places, dtype=np.int64)


def _subsets(size: int) -> list[Support]:
    return [
        own for count in range(1, size + 1) for own in itertools.combinations(range(size), count)
    ]


def _kind(first: int, second: int, third: int) -> Kind:
    return {
        (1, 1, 1): Kind.PURE,
        (1, 2, 2): Kind.SECOND_THIRD,
        (2, 2, 1): Kind.FIRST_SECOND,
        (2, 1, 2): Kind.FIRST_THIRD,
        (2, 2, 2): Kind.TWO_EACH,
        (3, 2, 2): Kind.ALL,
        (2, 1, 1): Kind.FIRST,
        (3, 1, 1): Kind.FIRST,
        (1, 2, 1): Kind.SECOND,
        (1, 1, 2): Kind.THIRD,
        (3, 2, 1): Kind.THREE_SECOND,
        (3, 1, 2): Kind.THREE_THIRD,
    }[first, second, third]
