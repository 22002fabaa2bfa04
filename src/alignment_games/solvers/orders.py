"""What weak dominance leaves after every order of elimination.

A strategy that is weakly dominated may cease to be so once another player has lost the
strategy that made the difference. So all orders are searched: a state is a reduced game, and a
step eliminates any non-empty set of strategies that are dominated in it, of one player or of
several at once. Steps of several players are not made up of steps of one: after the first,
the second may no longer be dominated.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from .._numeric import integer_matrix
from .._typing import ObjectArray
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .admissible import weak_mixture_or_belief
from .ranks import own_ranks

__all__ = [
    "MAX_CHECKS",
    "MAX_COMPARISONS",
    "MAX_GAMES",
    "MAX_MIXED_GAMES",
    "MAX_STEPS",
    "elimination_outcomes",
]

MAX_GAMES = 10_000
"""Largest number of reduced games that the search of all orders visits."""

MAX_MIXED_GAMES = 500
"""The same where mixtures dominate, which takes linear programs."""

MAX_STEPS = 100_000
"""Largest number of steps between them that it tries."""

MAX_COMPARISONS = 20_000_000
"""Largest number of payoffs compared to prepare the search (two players: 190 x 190)."""

_PAIR = 60  # comparisons that take as long as the handling of one pair of strategies

MAX_CHECKS = 30_000_000
"""Largest number of pairs of strategies that the search looks at in reduced games."""

Kept: TypeAlias = tuple[int, ...]  # of each player: its strategies that are left, as bits


def elimination_outcomes(
    game: NormalFormGame,
    first: NormalFormGame,
    *,
    mixtures: bool = False,
    search: bool | None = None,
) -> tuple[tuple[NormalFormGame, ...], bool]:
    """Return the games that the orders of weak elimination leave.

    Parameters
    ----------
    game : NormalFormGame
    first : NormalFormGame
        What one order leaves.
    mixtures : bool, optional
        Whether mixed strategies dominate, too.
    search : bool, optional
        None: as far as the limits allow. True: an error where they do not suffice. False: no
        search.

    Returns
    -------
    outcomes : tuple of NormalFormGame
        `first`, then all others that were found.
    complete : bool
        Whether these are all.

    Raises
    ------
    WorkLimitError
        If `search` is True and a limit was reached.
    """
    comparisons = sum(size * (math.prod(game.shape) + size * _PAIR) for size in game.shape)
    if search and comparisons > MAX_COMPARISONS:
        msg = (
            f"`all_orders` of a game of shape {game.shape} needs {comparisons} comparisons of "
            f"payoffs; the limit is {MAX_COMPARISONS}. Eliminate strategies by hand with "
            "`game.restrict` in the order that you mean"
        )
        raise WorkLimitError(msg)
    if search is False or comparisons > MAX_COMPARISONS:
        return (first,), False
    relation = _MixedRelation(game) if mixtures else _Relation(game)
    max_games = MAX_MIXED_GAMES if mixtures else MAX_GAMES
    start: Kept = tuple((1 << size) - 1 for size in game.shape)
    seen, stack, ends, steps = {start}, [start], set(), 0
    complete, checks = True, 0
    while stack and complete:
        state = stack.pop()
        checks += sum(kept.bit_count() ** 2 for kept in state)
        if checks > MAX_CHECKS:
            complete = False
            break
        dominated = [relation.dominated(state, who) for who in range(game.n_players)]
        if not any(dominated):
            ends.add(state)
            continue
        for following in _steps(state, dominated):
            steps += 1
            if following not in seen:
                seen.add(following)
                stack.append(following)
            if steps > MAX_STEPS or len(seen) > max_games:
                complete = False
                break
    if search and not complete:
        msg = (
            f"`all_orders` asks for every order of elimination; the search stopped after {steps} "
            f"steps between {len(seen)} reduced games (the limits are {MAX_STEPS}, "
            f"{max_games} and {MAX_CHECKS} pairs of strategies) of at most {_count(game)}. "
            "Leave `all_orders` out to have the outcomes found so far"
        )
        raise WorkLimitError(msg)
    found = [_restricted(game, state) for state in sorted(ends, reverse=True)]
    return (first, *(one for one in found if one != first)), complete


class _Relation:
    """Weak dominance in every reduced game, on sets of profiles kept as the bits of integers."""

    __slots__ = ("gains", "losses", "members")

    def __init__(self, game: NormalFormGame) -> None:
        # gains[who][k][j]: the others' profiles against which j is better than k; losses: worse.
        self.gains: list[list[list[int]]] = []
        self.losses: list[list[list[int]]] = []
        # members[who][other][s]: the others' profiles in which `other` plays s.
        self.members: list[list[list[int]]] = []
        for who, size in enumerate(game.shape):
            ranks = own_ranks(game, who)
            self.gains.append(
                [[_bits(ranks[j] > ranks[k]) for j in range(size)] for k in range(size)]
            )
            self.losses.append(
                [[_bits(ranks[j] < ranks[k]) for j in range(size)] for k in range(size)]
            )
            rest = [n for k, n in enumerate(game.shape) if k != who]
            places = np.indices(rest).reshape(len(rest), math.prod(rest))
            masks = [[_bits(places[axis] == s) for s in range(n)] for axis, n in enumerate(rest)]
            masks.insert(who, [])
            self.members.append(masks)

    def dominated(self, state: Kept, who: int) -> list[int]:
        """Return the player's weakly dominated strategies in a reduced game."""
        live = -1  # all bits
        for other, masks in enumerate(self.members[who]):
            if other != who:
                live &= sum(masks[s] for s in _members(state[other]))
        own = list(_members(state[who]))
        gains, losses = self.gains[who], self.losses[who]
        return [k for k in own if any(not losses[k][j] & live and gains[k][j] & live for j in own)]


class _MixedRelation(_Relation):
    """Weak dominance by pure and mixed strategies."""

    __slots__ = ("tables",)

    def __init__(self, game: NormalFormGame) -> None:
        super().__init__(game)
        self.tables: list[ObjectArray] = []
        for who in range(game.n_players):
            own = np.moveaxis(game.exact_payoffs[who], who, 0)
            rows = integer_matrix(own.reshape(len(own), -1).tolist())
            self.tables.append(np.array(rows, dtype=object).reshape(own.shape))

    def dominated(self, state: Kept, who: int) -> list[int]:
        """Return the player's weakly dominated strategies in a reduced game."""
        by_pure = set(super().dominated(state, who))
        own = [k for k in _members(state[who]) if k not in by_pure]
        rest = [list(_members(kept)) for k, kept in enumerate(state) if k != who]
        # What is weakly dominated by a pure strategy is of no use to a mixture.
        rows = self.tables[who][np.ix_(own, *rest)].reshape(len(own), -1).tolist()
        by_mixture = {
            k for place, k in enumerate(own) if weak_mixture_or_belief(rows, place)[0] is not None
        }
        return sorted(by_pure | by_mixture)


def _steps(state: Kept, dominated: list[list[int]]) -> Iterator[Kept]:
    """Yield the games after eliminating any dominated strategies, at least one."""
    places = [(who, 1 << k) for who, own in enumerate(dominated) for k in own]
    for size in range(1, len(places) + 1):
        for gone in itertools.combinations(places, size):
            left = list(state)
            for who, bit in gone:
                left[who] ^= bit
            yield tuple(left)


def _bits(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _members(bits: int) -> Iterator[int]:
    return (k for k in range(bits.bit_length()) if bits >> k & 1)


def _restricted(game: NormalFormGame, state: Kept) -> NormalFormGame:
    for who, kept in enumerate(state):
        game = game.restrict(who, list(_members(kept)))
    return game


def _count(game: NormalFormGame) -> int:
    return math.prod(2**size - 1 for size in game.shape)
