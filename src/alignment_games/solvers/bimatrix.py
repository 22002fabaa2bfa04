"""All equilibria of two-player games: extreme ones, maximal Nash subsets, components, indices.

An *extreme* equilibrium is a pair of vertices of the two best-reply polytopes in which every
pure strategy of either player is unplayed or a best reply. All equilibria are the unions of
products of convex hulls of extreme ones: the maximal bicliques of the graph of extreme pairs
[1]_. Where every extreme equilibrium is regular these are all; where there are ties, the
polytopes are enumerated lexicographically in integers, which also yields the indices.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .._numeric import determinant_sign, rounded
from .._typing import Number, Vector
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .certify import (
    certified,
    certified_floats,
    certified_weights,
    chosen_exactness,
    require_normal_form,
)
from .dominance import DominanceKind, dominance
from .nplayer import nash_nplayer
from .polytope import (
    REMEDY,
    Vertex,
    Weights,
    best_reply_matrices,
    extreme_pairs,
    lexicographic_bases,
    members,
    vertex_of,
)
from .regular import machine_integers, order, regular_equilibria
from .result import EquilibriumComponent, NashSubset, Solution, Status

__all__ = ["nash"]

_MAX_SUBSETS = 10_000

_REDUCED = (500, 300_000)
"""Sizes of a round of linear programs for which dominated strategies are eliminated first."""


def nash(game: NormalFormGame, *, exact: bool | None = None) -> Solution:
    """Find all Nash equilibria of a game.

    Parameters
    ----------
    game : NormalFormGame
        Two players; with more or fewer, `nash_nplayer` answers.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. Which equilibria there
        are is decided in integer arithmetic, or proved with error bounds, either way.

    Returns
    -------
    Solution
        Status COMPLETE: `equilibria` holds every extreme equilibrium, which is every
        equilibrium if none is degenerate, and `components` all others, with indices.

    Raises
    ------
    GameError
        If `game` is not a normal form, or `exact` is neither a bool nor None.
    WorkLimitError
        If the game is too large: more than 2,000,000 vertices, or 100,000 equilibria, 10,000
        maximal Nash subsets, or some twenty seconds of exact enumeration for a game with ties.

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
        return nash_nplayer(game, exact=exact)
    as_exact = chosen_exactness(game, exact)
    solved = game if game.exact or not as_exact else game.as_exact()
    payoffs = machine_integers(game)
    regular = regular_equilibria(game, payoffs)
    degenerate = False
    if regular is None and _REDUCED[0] < _programs(game) <= _REDUCED[1]:
        # Dominated strategies are played in no equilibrium, but they cost many vertices.
        reduced = dominance(game, kind=DominanceKind.MIXED).reduced
        if reduced.shape != game.shape:
            return _extended(nash(reduced, exact=as_exact), solved, exact)
    if regular is None:
        pairs, components, degenerate = _lexicographic(game, exact=as_exact)
        equilibria = certified_weights(solved, pairs, exact=as_exact)
    else:
        if payoffs is None or as_exact:
            equilibria = certified_weights(solved, regular.weights(), exact=as_exact)
        else:
            equilibria = certified_floats(solved, payoffs, regular.profiles)
        components = [
            EquilibriumComponent(
                subsets=(NashSubset(vertices=((eq.profile[0],), (eq.profile[1],)), dimension=0),),
                index=index,
            )
            for eq, index in zip(equilibria, regular.indices, strict=True)
        ]
    return Solution(
        game=solved,
        concept="nash",
        method="vertex-enumeration",
        status=Status.COMPLETE,
        equilibria=equilibria,
        components=tuple(components),
        exact=as_exact,
        degenerate=degenerate,
        parameters={"exact": exact},
    )


def _programs(game: NormalFormGame) -> int:
    """Return the number of payoffs in one linear program for each strategy of both players."""
    m, n = game.shape
    return (m + n) * m * n


def _extended(solution: Solution, game: NormalFormGame, exact: bool | None) -> Solution:
    """Return the solution of a game from that of the same game without dominated strategies."""
    kept = [
        [names.index(name) for name in left]
        for names, left in zip(game.strategies, solution.game.actions, strict=True)
    ]

    def full(vector: Vector, who: int) -> Vector:
        values: list[Number] = [vector[0] * 0] * game.shape[who]
        for k, p in zip(kept[who], vector, strict=True):
            values[k] = p
        return tuple(values)

    def wide(subset: NashSubset) -> NashSubset:
        vertices = tuple(
            tuple(full(vector, who) for vector in own) for who, own in enumerate(subset.vertices)
        )
        return NashSubset(vertices=vertices, dimension=subset.dimension)

    return dataclasses.replace(
        solution,
        game=game,
        equilibria=tuple(
            certified(game, (full(eq.profile[0], 0), full(eq.profile[1], 1)))
            for eq in solution.equilibria
        ),
        components=tuple(
            EquilibriumComponent(subsets=tuple(map(wide, part.subsets)), index=part.index)
            for part in solution.components
        ),
        parameters={"exact": exact},
    )


def _lexicographic(
    game: NormalFormGame, *, exact: bool
) -> tuple[list[Weights], list[EquilibriumComponent], bool]:
    """Return extreme equilibria, components and whether any is degenerate, in integers."""
    m, n = game.shape
    everything = (1 << (m + n)) - 1
    a, b = best_reply_matrices(game)
    rows: dict[int, Vertex] = {}
    columns: dict[int, Vertex] = {}
    for basis in lexicographic_bases(b):
        vertex = vertex_of(basis, m)
        if vertex is not None:
            rows[basis.labels] = vertex
    for basis in lexicographic_bases(a):
        vertex = vertex_of(basis, n)
        if vertex is not None:
            columns[(basis.labels & (1 << n) - 1) << m | basis.labels >> n] = vertex
    pairs = extreme_pairs(list(dict.fromkeys(rows.values())), list(dict.fromkeys(columns.values())))
    pairs.sort(key=lambda pair: order((pair[0].weights, pair[1].weights)))
    groups = _connected(pairs)
    indices = [0] * (max(groups.values()) + 1)
    for labels, x in rows.items():
        y = columns.get(everything ^ labels)
        if y is not None:
            # Complementary bases: an equilibrium of the perturbed game, with these supports.
            i = [k for k in range(m) if not labels >> k & 1]
            j = [k for k in range(n) if labels >> (m + k) & 1]
            sign = determinant_sign([[a[r][c] for c in j] for r in i]) * determinant_sign(
                [[b[c][r] for c in j] for r in i]
            )
            indices[groups[x]] += sign if len(i) % 2 else -sign
    subsets: list[list[NashSubset]] = [[] for _ in indices]
    for left, right in _maximal_bicliques(pairs):
        subsets[groups[left[0]]].append(
            NashSubset(
                vertices=(
                    tuple(_numbers(x, exact=exact) for x in left),
                    tuple(_numbers(y, exact=exact) for y in right),
                ),
                dimension=_affine_dimension(left) + _affine_dimension(right),
            )
        )
    return (
        [(x.weights, y.weights) for x, y in pairs],
        [
            EquilibriumComponent(subsets=tuple(own), index=index)
            for own, index in zip(subsets, indices, strict=True)
        ],
        any(x.degenerate or y.degenerate for x, y in pairs),
    )


def _numbers(vertex: Vertex, *, exact: bool) -> Vector:
    if exact:
        return vertex.strategy
    return rounded(vertex.weights)


def _connected(pairs: list[tuple[Vertex, Vertex]]) -> dict[Vertex, int]:
    """Return the number of the connected component that each row vertex belongs to."""
    neighbors: dict[Vertex, list[Vertex]] = {}
    for x, y in pairs:
        neighbors.setdefault(y, []).append(x)
    own: dict[Vertex, list[Vertex]] = {}
    for x, y in pairs:
        own.setdefault(x, []).append(y)
    groups: dict[Vertex, int] = {}
    count = 0
    for first in own:
        if first in groups:
            continue
        groups[first] = count
        waiting = [first]
        while waiting:
            for y in own[waiting.pop()]:
                for x in neighbors.pop(y, ()):
                    if x not in groups:
                        groups[x] = count
                        waiting.append(x)
        count += 1
    return groups


def _maximal_bicliques(
    pairs: list[tuple[Vertex, Vertex]],
) -> list[tuple[list[Vertex], list[Vertex]]]:
    """Return the maximal Nash subsets as their two vertex sets.

    The set of row vertices shared by some columns is closed under intersection, so the
    subsets are grown from the neighborhoods of single columns.
    """
    order = {x: k for k, x in enumerate(dict.fromkeys(x for x, _ in pairs))}
    neighbors: dict[Vertex, int] = {}
    for x, y in pairs:
        neighbors[y] = neighbors.get(y, 0) | 1 << order[x]
    closed: set[int] = set()
    frontier = set(neighbors.values())
    generators = frozenset(frontier)
    while frontier:
        closed |= frontier
        if len(closed) > _MAX_SUBSETS:
            msg = (
                f"the equilibria form more than {_MAX_SUBSETS} maximal Nash subsets, the limit; "
                f"{len(pairs)} extreme equilibria span them. {REMEDY}"
            )
            raise WorkLimitError(msg)
        frontier = {
            both
            for known in frontier
            for own in generators
            if (both := known & own) and both not in closed
        }
    rows = list(order)
    return [
        (
            [rows[k] for k in members(left)],
            [y for y, own in neighbors.items() if not left & ~own],
        )
        for left in sorted(closed, key=members)
    ]


def _affine_dimension(points: Sequence[Vertex]) -> int:
    """Return the dimension of the convex hull of mixed strategies.

    They sum to 1, so that affine and linear independence are the same.
    """
    from flint import fmpz_mat

    return 0 if len(points) == 1 else int(fmpz_mat([list(p.weights) for p in points]).rank()) - 1
