"""The structure of all equilibria of a two-player game: maximal Nash subsets, components, indices.

All equilibria are the unions of products of convex hulls of extreme ones: the maximal bicliques of
the graph of extreme pairs [1]_. A component's index is the sum of the indices of those equilibria
of the perturbed game that belong to it.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
"""

from __future__ import annotations

import functools

from .._numeric import determinant_sign, rounded
from .._typing import Vector
from ..errors import WorkLimitError
from ._rational import hull_dimension
from .extremes import Extremes
from .polytope import REMEDY, IntMatrix, Vertex, members
from .result import EquilibriumComponent, NashSubset

__all__ = ["equilibrium_components"]

_MAX_SUBSETS = 10_000


def equilibrium_components(
    own: IntMatrix, other: IntMatrix, extremes: Extremes, *, exact: bool
) -> list[EquilibriumComponent]:
    """Return the components of all equilibria, in the order of their first extreme ones.

    Parameters
    ----------
    own, other : sequence of sequences of int, shapes (m, n) and (n, m)
        The row and the column player's payoffs by (own strategy, opponent's).
    extremes : Extremes
    exact : bool
        Whether vertices are Fractions.

    Raises
    ------
    WorkLimitError
        If there are more than 10,000 maximal Nash subsets.
    """
    m, n = len(own), len(other)
    pairs = extremes.pairs
    groups = _connected(pairs)
    indices = [0] * (max(groups.values()) + 1)
    for labels, x in extremes.perturbed:
        i = [k for k in range(m) if not labels >> k & 1]
        j = [k for k in range(n) if labels >> (m + k) & 1]
        sign = determinant_sign([[own[r][c] for c in j] for r in i]) * determinant_sign(
            [[other[c][r] for c in j] for r in i]
        )
        indices[groups[x]] += sign if len(i) % 2 else -sign
    vector = functools.cache(functools.partial(_numbers, exact=exact))
    subsets: list[list[NashSubset]] = [[] for _ in indices]
    for left, right in _maximal_bicliques(pairs):
        subsets[groups[left[0]]].append(
            NashSubset(
                vertices=(
                    tuple(map(vector, left)),
                    tuple(map(vector, right)),
                ),
                dimension=sum(hull_dimension([x.weights for x in side]) for side in (left, right)),
            )
        )
    return [
        EquilibriumComponent(subsets=tuple(group), index=index)
        for group, index in zip(subsets, indices, strict=True)
    ]


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
