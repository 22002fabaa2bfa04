"""The best-response correspondence of a two-player game, as exact polytopes of beliefs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import integer_matrix, ratio_text
from ..errors import GameError, WorkLimitError
from ..games import NormalFormGame
from .certify import require_normal_form

__all__ = ["BestResponseRegion", "BestResponseRegions", "best_response_regions"]

MAX_SYSTEMS = 200_000
"""Largest number of square systems solved for the regions of one player."""

MAX_WORK = 40_000_000
"""Largest number of them times the cube of their size: some 20 s for entries of six digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestResponseRegion:
    """The beliefs about the opponent to which a strategy is a best reply: a polytope.

    Attributes
    ----------
    player, strategy : str
    opponent : str
    opponent_strategies : tuple of str
    vertices : tuple of tuples of Fraction
        Mixed strategies of the opponent whose convex hull is the region; none if the strategy
        is never a best reply.
    dimension : int
        Of the region; -1 if it is empty.
    """

    player: str
    strategy: str
    opponent: str
    opponent_strategies: tuple[str, ...]
    vertices: tuple[tuple[Fraction, ...], ...]
    dimension: int

    @property
    def full_dimensional(self) -> bool:
        """Whether the region has the dimension of all beliefs, so that it is not a knife edge."""
        return self.dimension == len(self.opponent_strategies) - 1

    @property
    def interval(self) -> tuple[Fraction, Fraction] | None:
        """Bounds of the probability of the opponent's first strategy, if it has two.

        None if the region is empty.

        Raises
        ------
        GameError
            If the opponent does not have two strategies.
        """
        if len(self.opponent_strategies) != 2:
            msg = (
                f"`interval` needs an opponent with two strategies; {self.opponent} has "
                f"{len(self.opponent_strategies)}: see `vertices`"
            )
            raise GameError(msg)
        ends = sorted(vertex[0] for vertex in self.vertices)
        return (ends[0], ends[-1]) if ends else None

    def __str__(self) -> str:
        if not self.vertices:
            return f"{self.strategy}: never"
        if len(self.opponent_strategies) == 2:
            low, high = self.vertices[-1][0], self.vertices[0][0]
            name = self.opponent_strategies[0]
            ends = ratio_text(low), ratio_text(high)
            where = ends[0] if low == high else f"from {ends[0]} to {ends[1]}"
            return f"{self.strategy}: probability of {self.opponent}'s {name} {where}"
        corners = "; ".join(f"({', '.join(map(ratio_text, v))})" for v in self.vertices)
        return f"{self.strategy}: dimension {self.dimension}, vertices {corners}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BestResponseRegions:
    """The best-response correspondence of a player of a two-player game.

    Attributes
    ----------
    game : NormalFormGame
    player, opponent : str
    regions : tuple of BestResponseRegion
        One for each strategy of the player, in order.
    """

    game: NormalFormGame = field(repr=False)
    player: str
    opponent: str
    regions: tuple[BestResponseRegion, ...]

    def __getitem__(self, strategy: str | int) -> BestResponseRegion:
        return self.regions[self.game.strategy_index(self.player, strategy)]

    @property
    def breakpoints(self) -> tuple[Fraction, ...]:
        """Probabilities of the opponent's first strategy, of two, at which best replies change.

        Raises
        ------
        GameError
            If the opponent does not have two strategies.
        """
        ends = {end for region in self.regions for end in region.interval or ()}
        inner = sorted(ends - {Fraction(0), Fraction(1)})

        def replies(at: Fraction) -> set[str]:
            return {
                region.strategy
                for region in self.regions
                if (own := region.interval) is not None and own[0] <= at <= own[1]
            }

        edges = [Fraction(0), *inner, Fraction(1)]
        middles = [replies((a + b) / 2) for a, b in itertools.pairwise(edges)]
        found = [
            at
            for at, own in ((Fraction(0), middles[0]), (Fraction(1), middles[-1]))
            if replies(at) != own
        ]
        found += [
            at
            for at, left, right in zip(inner, middles[:-1], middles[1:], strict=True)
            if left != right or replies(at) != left
        ]
        return tuple(sorted(found))

    def __str__(self) -> str:
        return "\n".join(
            [f"best replies of {self.player}", *(f"  {region}" for region in self.regions)]
        )


def best_response_regions(game: NormalFormGame, player: str | int) -> BestResponseRegions:
    """Return the beliefs to which each strategy is a best reply, as exact polytopes.

    Parameters
    ----------
    game : NormalFormGame
        Two players. The regions are points and intervals if the opponent has two strategies,
        polygons in a triangle if it has three.
    player : str or int
        Whose best replies.

    Returns
    -------
    BestResponseRegions

    Raises
    ------
    GameError
        If the game does not have two players, or there is no such player.
    WorkLimitError
        If more than 200,000 square systems would have to be solved, or more than 40,000,000 over
        the cube of the number of the opponent's strategies.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]],
    ...                                             strategies=[["stag", "hare"]] * 2)
    >>> regions = ag.solvers.best_response_regions(stag_hunt, "player_1")
    >>> print(regions)
    best replies of player_1
      stag: probability of player_2's stag from 2/3 to 1
      hare: probability of player_2's stag from 0 to 2/3
    >>> regions.breakpoints
    (Fraction(2, 3),)
    """
    require_normal_form(game)
    who = game.player_index(player)
    if game.n_players != 2:
        msg = (
            f"`game` must have two players, got {game.n_players}: {game.players}. For one belief "
            "about several others use best_responses"
        )
        raise GameError(msg)
    opponent = 1 - who
    own = game.exact_payoffs[who] if who == 0 else game.exact_payoffs[who].T
    table = integer_matrix(own.tolist())
    m, n = len(table), len(table[0])
    systems = m * math.comb(m - 1 + n, n - 1)
    limit = min(MAX_SYSTEMS, MAX_WORK // n**3)
    if systems > limit:
        msg = (
            f"the regions of {game.players[who]} ({m} strategies) against {n} strategies need "
            f"{systems} square systems; the limit is {limit}. Eliminate dominated "
            "strategies first, or ask for single beliefs with best_responses"
        )
        raise WorkLimitError(msg)
    regions = []
    for k, name in enumerate(game.strategies[who]):
        gains = [
            [a - b for a, b in zip(table[k], row, strict=True)]
            for j, row in enumerate(table)
            if j != k
        ]
        vertices = _vertices(gains, n)
        regions.append(
            BestResponseRegion(
                player=game.players[who],
                strategy=name,
                opponent=game.players[opponent],
                opponent_strategies=game.strategies[opponent],
                vertices=vertices,
                dimension=_rank(
                    [[a - b for a, b in zip(v, vertices[0], strict=True)] for v in vertices[1:]]
                )
                if vertices
                else -1,
            )
        )
    return BestResponseRegions(
        game=game,
        player=game.players[who],
        opponent=game.players[opponent],
        regions=tuple(regions),
    )


def _vertices(gains: list[list[int]], n: int) -> tuple[tuple[Fraction, ...], ...]:
    """Return the vertices of the beliefs at which no gain is negative, in decreasing order."""
    units = [[int(s == k) for s in range(n)] for k in range(n)]
    inequalities = list(dict.fromkeys(map(tuple, [*units, *gains])))
    found = set()
    for tight in itertools.combinations(inequalities, n - 1):
        ray = _ray(tight, n)
        if ray is not None and all(
            sum(g * p for g, p in zip(row, ray, strict=True)) >= 0 for row in inequalities
        ):
            total = sum(ray)
            found.add(tuple(Fraction(p, total) for p in ray))
    return tuple(sorted(found, reverse=True))


def _ray(tight: tuple[tuple[int, ...], ...], n: int) -> list[int] | None:
    """Return the direction, not negative, on which all of n - 1 linear forms vanish.

    None if there is none, or if the forms vanish on more than a line.
    """
    rows = [list(row) for row in tight]
    pivots: list[int] = []
    previous = 1
    for column in range(n):
        k = len(pivots)
        pivot = next((r for r in range(k, n - 1) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[k], rows[pivot] = rows[pivot], rows[k]
        lead = rows[k]
        for r in range(n - 1):
            if r != k:
                factor = rows[r][column]
                rows[r] = [
                    (lead[column] * a - factor * b) // previous
                    for a, b in zip(rows[r], lead, strict=True)
                ]
        previous = lead[column]
        pivots.append(column)
    if len(pivots) < n - 1:
        return None
    (free,) = set(range(n)) - set(pivots)
    ray = [0] * n
    ray[free] = previous  # every pivot has this value by now
    for row, column in zip(rows, pivots, strict=True):
        ray[column] = -row[free]
    if previous < 0:
        ray = [-v for v in ray]
    return ray if min(ray) >= 0 else None


def _rank(rows: Sequence[Sequence[Fraction]]) -> int:
    left = [list(row) for row in rows]
    rank = 0
    while left:
        row = left.pop()
        lead = next((k for k, v in enumerate(row) if v), None)
        if lead is None:
            continue
        rank += 1
        left = [
            [a - other[lead] / row[lead] * b for a, b in zip(other, row, strict=True)]
            for other in left
        ]
    return rank
