"""What a record of the catalogue is, and how payoffs and equilibria are written in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations, product
from typing import Any, TypeAlias

from alignment_games import NormalFormGame

Number: TypeAlias = int | Fraction
Cell: TypeAlias = tuple[Number, Number]
Matrix: TypeAlias = Sequence[Sequence[Number]]
Point: TypeAlias = tuple[Fraction, ...]
Profile: TypeAlias = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGame:
    """A game from the literature with all its equilibria.

    `source` is where the payoffs stand, or ``analytic`` for a form that is common property;
    `why` says what proves the list: a published statement or a derivation.

    `equilibria` are all extreme equilibria (of two players), or all isolated ones (of more),
    unless `count` alone is known. A continuum of more players is given by some of its points
    and by a function that is zero on it and positive elsewhere.
    """

    name: str
    source: str
    why: str
    payoffs: tuple[Any, ...]
    equilibria: frozenset[Profile]
    count: int
    subsets: int | None = None
    components: int | None = None
    continuum: tuple[Profile, ...] = ()
    distance: Callable[[Sequence[Sequence[float]]], float] | None = field(default=None, repr=False)

    @property
    def game(self) -> NormalFormGame:
        return NormalFormGame(self.payoffs)


def read_profiles(lines: Iterable[str]) -> frozenset[Profile]:
    """Read ``1/2 1/2 0 | 1 0``: each player's probabilities, the players apart by bars."""
    return frozenset(
        tuple(tuple(Fraction(word) for word in own.split()) for own in line.split("|"))
        for line in lines
    )


def two_players(
    name: str,
    payoffs: tuple[Matrix, Matrix],
    equilibria: Iterable[str] = (),
    *,
    source: str,
    why: str,
    count: int | None = None,
    subsets: int | None = None,
    components: int | None = None,
) -> NamedGame:
    """Make a record; without ties every equilibrium is its own subset and its own component."""
    listed = read_profiles(equilibria)
    total = len(listed) if count is None else count
    return NamedGame(
        name=name,
        source=source,
        why=why,
        payoffs=tuple(tuple(map(tuple, own)) for own in payoffs),
        equilibria=listed,
        count=total,
        subsets=total if subsets is None else subsets,
        components=total if components is None else components,
    )


def more_players(
    name: str,
    payoffs: tuple[Any, ...],
    equilibria: Iterable[Profile],
    *,
    source: str,
    why: str,
    continuum: tuple[Profile, ...] = (),
    distance: Callable[[Sequence[Sequence[float]]], float] | None = None,
) -> NamedGame:
    """Make a record of a game of more than two players."""
    listed = frozenset(equilibria)
    return NamedGame(
        name=name,
        source=source,
        why=why,
        payoffs=payoffs,
        equilibria=listed,
        count=len(listed),
        continuum=continuum,
        distance=distance,
    )


# Payoffs of two players


def cells(*rows: Sequence[Cell]) -> tuple[Matrix, Matrix]:
    """Rows of pairs (row player's payoff, column player's payoff), as textbooks print them."""
    return [[a for a, _ in row] for row in rows], [[b for _, b in row] for row in rows]


def transpose(matrix: Matrix) -> Matrix:
    return list(zip(*matrix, strict=True))


def zero_sum(row: Matrix) -> tuple[Matrix, Matrix]:
    return row, [[-value for value in own] for own in row]


def symmetric(row: Matrix) -> tuple[Matrix, Matrix]:
    return row, transpose(row)


def diagonal(*values: int) -> Matrix:
    return [[value if i == j else 0 for j in range(len(values))] for i, value in enumerate(values)]


def table(own: Iterable[Any], other: Iterable[Any], payoff: Callable[[Any, Any], Number]) -> Matrix:
    """One player's payoff for each pair of strategies."""
    columns = list(other)
    return [[payoff(a, b) for b in columns] for a in own]


# Payoffs of three players and more


def by_rule(
    shape: Sequence[int], payoff: Callable[[int, tuple[int, ...]], Number]
) -> tuple[Any, ...]:
    """Nested payoffs[player][profile] from a rule (player, profile) -> payoff."""

    def nest(player: int, chosen: tuple[int, ...]) -> Any:
        if len(chosen) == len(shape):
            return payoff(player, chosen)
        return tuple(nest(player, (*chosen, k)) for k in range(shape[len(chosen)]))

    return tuple(nest(player, ()) for player in range(len(shape)))


def by_list(shape: Sequence[int], outcomes: str) -> tuple[Any, ...]:
    """Nested payoffs from the outcomes, apart by commas, the first player's strategy fastest."""
    order = [tuple(reversed(k)) for k in product(*(range(size) for size in reversed(shape)))]
    listed = [tuple(Fraction(word) for word in outcome.split()) for outcome in outcomes.split(",")]
    at = dict(zip(order, listed, strict=True))
    return by_rule(shape, lambda player, profile: at[profile][player])


def alike(
    first: Callable[[int], Number], second: Callable[[int], Number], players: int = 3
) -> tuple[Any, ...]:
    """A symmetric game: what each strategy pays, by how many of the others play the first."""

    def payoff(player: int, profile: tuple[int, ...]) -> Number:
        others = sum(own == 0 for k, own in enumerate(profile) if k != player)
        return second(others) if profile[player] else first(others)

    return by_rule((2,) * players, payoff)


def each_order(*chances: Number) -> set[Profile]:
    """A profile of a symmetric game in every order of the players."""
    return {mixes(*order) for order in permutations(map(Fraction, chances))}


def root(value: Number) -> Fraction:
    """The square root of a rational to 60 decimals, as a Fraction."""
    exact = Fraction(value)
    scaled = exact.numerator * exact.denominator * 10**120
    return Fraction(math.isqrt(scaled), 10**60 * exact.denominator)


def mixes(*first: Number) -> Profile:
    """The profile in which each player of two strategies plays the first with this chance."""
    return tuple((Fraction(p), 1 - Fraction(p)) for p in first)
