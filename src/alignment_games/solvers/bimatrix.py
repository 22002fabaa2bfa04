"""All equilibria of two-player games, in rational arithmetic.

The mixed strategies of a player, with the payoff level of the opponent's best replies to
them, form a polyhedron. A pair of its vertices in which every pure strategy of either player
is unplayed or a best reply is an *extreme* equilibrium, and all equilibria are the unions of
products of convex hulls of extreme ones: the maximal bicliques of the graph of extreme pairs
[1]_. Vertices are found from all square systems, so nothing is lost in a degenerate game.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import common_denominator
from .._typing import Profile
from ..errors import GameError, WorkLimitError
from ..games import NormalFormGame
from .certify import certified, require_normal_form
from .result import EquilibriumComponent, Solution, Status

__all__ = [
    "MAX_SYSTEMS",
    "Vertex",
    "best_reply_vertices",
    "extreme_pairs",
    "integer_matrix",
    "nash",
]

MAX_SYSTEMS = 200_000
"""Largest number of square systems solved for one player's polyhedron (a 10 x 10 game)."""

IntMatrix = tuple[tuple[int, ...], ...]
ExactVector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex of a player's best-reply polyhedron.

    Attributes
    ----------
    strategy : tuple of Fraction
        A mixed strategy of the player.
    unplayed : frozenset of int
        Own pure strategies with probability zero.
    replies : frozenset of int
        The opponent's pure best replies.
    """

    strategy: ExactVector
    unplayed: frozenset[int]
    replies: frozenset[int]

    @property
    def degenerate(self) -> bool:
        """Whether the strategy has more best replies than it has pure strategies in use."""
        return len(self.replies) > len(self.strategy) - len(self.unplayed)


def nash(game: NormalFormGame, *, exact: bool | None = None) -> Solution:
    """Find all Nash equilibria of a two-player game.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. The computation is in
        rational arithmetic either way.

    Returns
    -------
    Solution
        Status COMPLETE: `equilibria` holds every extreme equilibrium, which is every
        equilibrium if the game is not degenerate, and `components` the maximal Nash subsets.

    Raises
    ------
    GameError
        If the game does not have two players.
    WorkLimitError
        If the game is too large for this method (more than 200,000 square systems).

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> print(ag.solvers.nash(chicken))
    nash by vertex-enumeration: 3 found. All equilibria were found and verified.
      player_1: s1; player_2: s2  payoffs (1, 4)
      player_1: s2; player_2: s1  payoffs (4, 1)
      player_1: s1 0.5 + s2 0.5; player_2: s1 0.5 + s2 0.5  payoffs (2, 2)
    """
    require_normal_form(game)
    if game.n_players != 2:
        msg = f"`game` must have two players for this method, got {game.n_players}: {game.players}"
        raise GameError(msg)
    m, n = game.shape
    systems = math.comb(m + n, m) - 1
    if systems > MAX_SYSTEMS:
        msg = (
            f"all equilibria of a {m} x {n} game need up to {systems} square systems a player; "
            f"the limit is {MAX_SYSTEMS}. Eliminate dominated strategies first, or ask for the "
            "pure equilibria with solvers.pure_nash"
        )
        raise WorkLimitError(msg)
    row_payoffs, column_payoffs = (integer_matrix(game.exact_payoffs[k].tolist()) for k in (0, 1))
    rows = best_reply_vertices(column_payoffs)
    columns = best_reply_vertices(tuple(zip(*row_payoffs, strict=True)))
    pairs = extreme_pairs(rows, columns)
    as_exact = game.exact if exact is None else exact
    solved = game if game.exact or not as_exact else game.as_exact()

    def numbers(strategy: ExactVector) -> tuple[Fraction, ...] | tuple[float, ...]:
        return strategy if as_exact else tuple(map(float, strategy))

    profiles: list[Profile] = [(numbers(x.strategy), numbers(y.strategy)) for x, y in pairs]
    components = tuple(
        EquilibriumComponent(
            vertices=(
                tuple(numbers(x.strategy) for x in left),
                tuple(numbers(y.strategy) for y in right),
            ),
            dimension=_affine_dimension([x.strategy for x in left])
            + _affine_dimension([y.strategy for y in right]),
        )
        for left, right in _maximal_bicliques(pairs)
    )
    return Solution(
        game=solved,
        concept="nash",
        method="vertex-enumeration",
        status=Status.COMPLETE,
        equilibria=tuple(certified(solved, profile) for profile in profiles),
        components=components,
        exact=as_exact,
        degenerate=any(v.degenerate for v in (*rows, *columns)),
        parameters={"exact": exact},
    )


def best_reply_vertices(payoffs: IntMatrix) -> list[Vertex]:
    """Return the vertices of a player's best-reply polyhedron.

    Parameters
    ----------
    payoffs : tuple of tuples of int, shape (own strategies, opponent's strategies)
        The *opponent's* payoffs.

    Returns
    -------
    list of Vertex
        Each vertex once.
    """
    own, other = len(payoffs), len(payoffs[0])
    found: dict[ExactVector, Vertex] = {}
    for size in range(1, min(own, other) + 1):
        for support in itertools.combinations(range(own), size):
            for tight in itertools.combinations(range(other), size):
                weights = _equalizing_weights(payoffs, support, tight)
                if weights is None:
                    continue
                numerators, total = weights
                levels = [
                    sum(w * payoffs[i][j] for i, w in zip(support, numerators, strict=True))
                    for j in range(other)
                ]
                best = levels[tight[0]]
                if any(level > best for level in levels):
                    continue
                strategy = [Fraction(0)] * own
                for i, w in zip(support, numerators, strict=True):
                    strategy[i] = Fraction(w, total)
                key = tuple(strategy)
                found[key] = Vertex(
                    strategy=key,
                    unplayed=frozenset(i for i, p in enumerate(key) if not p),
                    replies=frozenset(j for j, level in enumerate(levels) if level == best),
                )
    return list(found.values())


def extreme_pairs(rows: list[Vertex], columns: list[Vertex]) -> list[tuple[Vertex, Vertex]]:
    """Return the pairs of vertices in which each pure strategy is unplayed or a best reply."""
    return [
        (x, y)
        for x in rows
        for y in columns
        if len(x.unplayed | y.replies) == len(x.strategy)
        and len(y.unplayed | x.replies) == len(y.strategy)
    ]


def integer_matrix(matrix: Sequence[Sequence[Fraction]]) -> IntMatrix:
    """Scale a rational matrix by one positive factor so that its entries are integers."""
    scale = common_denominator([value for row in matrix for value in row])
    return tuple(tuple(int(value * scale) for value in row) for row in matrix)


def _equalizing_weights(
    payoffs: IntMatrix, support: tuple[int, ...], tight: tuple[int, ...]
) -> tuple[list[int], int] | None:
    """Solve for the weights on `support` that make the replies in `tight` equally good.

    Returns the weights as non-negative integers with their sum, or None if the square system
    is singular or a weight is negative.
    """
    size = len(support)
    # Rows: payoff differences between the first tight reply and each other; then sum = 1.
    system = [[payoffs[i][tight[0]] - payoffs[i][j] for i in support] + [0] for j in tight[1:]]
    system.append([1] * (size + 1))
    solution = _solve_integer(system)
    if solution is None:
        return None
    numerators, denominator = solution
    if denominator < 0:
        numerators, denominator = [-w for w in numerators], -denominator
    return (numerators, denominator) if min(numerators) >= 0 else None


def _solve_integer(system: list[list[int]]) -> tuple[list[int], int] | None:
    """Solve a square integer system [A | b] by fraction-free (Bareiss) elimination.

    Returns numerators and their common denominator, or None if A is singular.
    """
    size = len(system)
    rows = [row[:] for row in system]
    previous = 1
    for k in range(size):
        pivot = next((r for r in range(k, size) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(size):
            if r != k:
                factor = rows[r][k]
                rows[r] = [
                    (rows[k][k] * a - factor * b) // previous
                    for a, b in zip(rows[r], rows[k], strict=True)
                ]
        previous = rows[k][k]
    return [row[size] for row in rows], previous


def _maximal_bicliques(
    pairs: list[tuple[Vertex, Vertex]],
) -> list[tuple[list[Vertex], list[Vertex]]]:
    """Return the maximal Nash subsets as their two vertex sets.

    The set of row vertices shared by some columns is closed under intersection, so the
    subsets are grown from the neighborhoods of single columns.
    """
    rows = {x.strategy: x for x, _ in pairs}
    columns = {y.strategy: y for _, y in pairs}
    neighbors = {y: frozenset(x.strategy for x, z in pairs if z.strategy == y) for y in columns}
    closed: set[frozenset[ExactVector]] = set()
    frontier = set(neighbors.values())
    while frontier:
        closed |= frontier
        frontier = {
            both
            for known in frontier
            for own in neighbors.values()
            if (both := known & own) and both not in closed
        }
    subsets = []
    for left in closed:
        right = [y for y, own in neighbors.items() if left <= own]
        subsets.append(([rows[x] for x in rows if x in left], [columns[y] for y in right]))
    order = {x: k for k, x in enumerate(rows)}
    return sorted(subsets, key=lambda part: [order[x.strategy] for x in part[0]])


def _affine_dimension(points: list[ExactVector]) -> int:
    """Return the dimension of the convex hull of rational points."""
    base = points[0]
    rows = [[a - b for a, b in zip(point, base, strict=True)] for point in points[1:]]
    rank = 0
    for column in range(len(base)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(rank + 1, len(rows)):
            factor = rows[r][column] / rows[rank][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank
