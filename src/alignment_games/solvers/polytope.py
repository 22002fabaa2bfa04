"""Best-reply polytopes in integer arithmetic: vertices, bases and lexicographic pivots.

What a player earns by each strategy against the opponent's mixture, scaled so that the best
reply earns 1, bounds a polytope {x >= 0, M x <= 1}. Its vertices other than 0 are, up to their
sum, the mixtures that extreme equilibria are made of. The right-hand sides are perturbed
symbolically (1 + e, 1 + e^2, ...), so that every vertex has one basis, each pivot is unique and
none can cycle, in degenerate games too [1]_ [2]_.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
.. [2] B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game
   Theory 3, 1723-1759, doi:10.1016/S1574-0005(02)03008-4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._typing import FloatArray
from ..errors import WorkLimitError
from ..games import NormalFormGame

__all__ = [
    "MAX_WORK",
    "REMEDY",
    "Basis",
    "Tableau",
    "Vertex",
    "Weights",
    "best_reply_matrices",
    "best_reply_vertices",
    "extreme_pairs",
    "lexicographic_bases",
    "members",
    "positive",
    "to_floats",
    "vertex_of",
]

MAX_WORK = 30_000_000
"""Largest number of table entries that exact enumeration may read and write for one player,
entries of many digits counting more: some ten seconds."""

REMEDY = (
    "Eliminate dominated strategies first, with solvers.dominance(game, kind='strict').reduced "
    "or kind='mixed', or ask for one equilibrium with "
    "solvers.lemke_howson(game, label=0) or for the pure ones with method='pure'"
)
"""What to do where all equilibria are too many to find."""

IntMatrix = Sequence[Sequence[int]]
Weights = tuple[Sequence[int], Sequence[int]]
"""A profile of two players as integers: probabilities times any positive integers."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A mixed strategy at a vertex of a best-reply polytope.

    Attributes
    ----------
    weights : tuple of int
        Probabilities times their common denominator.
    support : int
        Own pure strategies in use, as bits.
    replies : int
        The opponent's pure best replies, as bits.
    """

    weights: tuple[int, ...]
    support: int
    replies: int

    @property
    def strategy(self) -> tuple[Fraction, ...]:
        """Probability of each pure strategy."""
        total = sum(self.weights)
        return tuple(Fraction(w, total) for w in self.weights)

    @property
    def degenerate(self) -> bool:
        """Whether the strategy has more best replies than it has pure strategies in use."""
        return self.replies.bit_count() > self.support.bit_count()


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis that stays feasible when the right-hand sides are perturbed.

    Attributes
    ----------
    labels : int
        Nonbasic variables as bits: own strategy i at position i, the slack of the
        opponent's strategy j at position m + j. Their inequalities are tight.
    values : tuple of int
        A positive multiple of all variables, strategies first.
    """

    labels: int
    values: tuple[int, ...]


class Tableau:
    """A table of integers that is pivoted without fractions.

    The rows hold the opponent's n inequalities over the m own strategies, their n slacks and
    the constants, all times ``scale``, the determinant of the basis.

    Parameters
    ----------
    matrix : sequence of sequences of int, shape (n, m)
        Positive entries.
    """

    __slots__ = ("basic", "m", "n", "rows", "scale")

    def __init__(self, matrix: IntMatrix) -> None:
        self.n, self.m = len(matrix), len(matrix[0])
        self.rows = [
            [*row, *(int(j == k) for k in range(self.n)), 1] for j, row in enumerate(matrix)
        ]
        self.basic = list(range(self.m, self.m + self.n))
        self.scale = 1

    def copy(self) -> Tableau:
        """Return a table that changes on its own."""
        other = object.__new__(Tableau)
        other.n, other.m, other.scale = self.n, self.m, self.scale
        other.rows, other.basic = list(self.rows), list(self.basic)
        return other

    @property
    def labels(self) -> int:
        """Nonbasic variables as bits."""
        everything = (1 << (self.m + self.n)) - 1
        return everything ^ sum(1 << variable for variable in self.basic)

    def leaving(self, entering: int) -> int:
        """Return the row whose variable leaves, by the lexicographic minimum ratio."""
        best = -1
        for k, row in enumerate(self.rows):
            pivot = row[entering]
            if pivot <= 0:
                continue
            if best < 0:
                best = k
                continue
            known = self.rows[best]
            rival = known[entering]
            # The constants, then the coefficients of e, e^2, ...; no two rows are proportional.
            for column in (-1, *range(self.m, self.m + self.n)):
                here, there = row[column] * rival, known[column] * pivot
                if here != there:
                    if here < there:
                        best = k
                    break
        return best

    def pivot(self, leaving: int, entering: int) -> int:
        """Exchange two variables; return the one that left."""
        chosen = self.rows[leaving]
        pivot, scale = chosen[entering], self.scale
        for k, row in enumerate(self.rows):
            if k == leaving:
                continue
            factor = row[entering]
            if factor:
                self.rows[k] = [
                    (pivot * a - factor * b) // scale for a, b in zip(row, chosen, strict=True)
                ]
            elif pivot != scale:
                self.rows[k] = [pivot * a // scale for a in row]
        self.scale = pivot
        left, self.basic[leaving] = self.basic[leaving], entering
        return left

    def values(self) -> tuple[int, ...]:
        """Return all variables times ``scale``."""
        values = [0] * (self.m + self.n)
        for variable, row in zip(self.basic, self.rows, strict=True):
            values[variable] = row[-1]
        return tuple(values)


def lexicographic_bases(matrix: IntMatrix, *, max_work: int = MAX_WORK) -> Iterator[Basis]:
    """Iterate over all bases of {x >= 0, matrix x <= 1} that stay feasible if perturbed.

    The perturbed polytope is simple and its edges connect its vertices, so a walk along all
    edges from the vertex 0 meets every one; each vertex of the unperturbed polytope belongs
    to at least one of them.

    Parameters
    ----------
    matrix : sequence of sequences of int, shape (n, m)
        Positive entries.
    max_work : int
        Largest number of table entries that may be rewritten.

    Yields
    ------
    Basis
        The vertex 0 first.

    Raises
    ------
    WorkLimitError
        If `max_work` does not suffice.
    """
    n, m = len(matrix), len(matrix[0])
    table_size = n * (n + 2 * m + 1)
    spent = table_size * (m + 1)  # there are at least m + 1 vertices
    seen: set[int] = set()
    waiting = []
    if spent <= max_work:
        start = Tableau(matrix)
        seen.add(start.labels)
        waiting.append(start)
    while spent <= max_work:
        if not waiting:
            return
        table = waiting.pop()
        labels = table.labels
        yield Basis(labels, table.values())
        for entering in range(m + n):
            if not labels >> entering & 1:
                continue
            leaving = table.leaving(entering)
            beyond = labels ^ 1 << entering ^ 1 << table.basic[leaving]
            if beyond in seen:
                continue
            seen.add(beyond)
            neighbor = table.copy()
            neighbor.pivot(leaving, entering)
            waiting.append(neighbor)
            spent += table_size * (1 + neighbor.scale.bit_length() // 128)
    msg = (
        f"all equilibria of this {m} x {n} game, which is degenerate, ill-conditioned or large, "
        f"need more than {max_work} steps in exact arithmetic: a best-reply polytope has up to "
        f"{_most_vertices(m, m + n):.1g} vertices, and {len(seen)} were visited. {REMEDY}"
    )
    raise WorkLimitError(msg)


def best_reply_matrices(game: NormalFormGame) -> tuple[list[list[int]], list[list[int]]]:
    """Return each player's payoffs by (own strategy, opponent's), as positive integers."""
    own, other = game.integer_payoffs[0]
    return positive(own.tolist()), positive(other.T.tolist())


def to_floats(matrix: IntMatrix) -> FloatArray:
    """Map the entries of a matrix whose smallest is 1 to [1, 2], rounding each twice."""
    spread = max(max(row) for row in matrix) - 1 or 1
    return np.array([[(value - 1) / spread for value in row] for row in matrix]) + 1.0


def _most_vertices(d: int, facets: int) -> float:
    """Return McMullen's bound on the number of vertices of a simple polytope (Avis et al.)."""
    half, rest = d // 2, d - d // 2
    most = math.comb(facets - rest, half) + math.comb(facets - half - 1, rest - 1)
    return float(min(most, 10**300))


def members(bits: int) -> list[int]:
    """Return the positions of the bits that are set.

    Examples
    --------
    >>> members(0b1010)
    [1, 3]
    """
    return [k for k in range(bits.bit_length()) if bits >> k & 1]


def positive(matrix: IntMatrix) -> list[list[int]]:
    """Shift a matrix so that its smallest entry is 1.

    Examples
    --------
    >>> positive([[0, -2], [3, 1]])
    [[3, 1], [6, 4]]
    """
    low = min(min(row) for row in matrix)
    return [[value - low + 1 for value in row] for row in matrix]


def vertex_of(basis: Basis, m: int) -> Vertex | None:
    """Return the mixed strategy of a basis, or None for the vertex 0."""
    weights, slacks = basis.values[:m], basis.values[m:]
    divisor = math.gcd(*weights)
    if not divisor:
        return None
    return Vertex(
        weights=tuple(w // divisor for w in weights),
        support=sum(1 << i for i, w in enumerate(weights) if w),
        replies=sum(1 << j for j, s in enumerate(slacks) if not s),
    )


def best_reply_vertices(payoffs: IntMatrix) -> list[Vertex]:
    """Return the mixed strategies at the vertices of a player's best-reply polytope.

    Parameters
    ----------
    payoffs : sequence of sequences of int, shape (own strategies, opponent's strategies)
        The *opponent's* payoffs.

    Returns
    -------
    list of Vertex
        Each vertex once.
    """
    m = len(payoffs)
    found = (
        vertex_of(basis, m)
        for basis in lexicographic_bases(list(zip(*positive(payoffs), strict=True)))
    )
    return list(dict.fromkeys(v for v in found if v is not None))


def extreme_pairs(rows: Sequence[Vertex], columns: Sequence[Vertex]) -> list[tuple[Vertex, Vertex]]:
    """Return the pairs of vertices in which each pure strategy is unplayed or a best reply."""
    by_replies: dict[int, list[Vertex]] = {}
    for y in columns:
        by_replies.setdefault(y.replies, []).append(y)
    pairs = []
    matching: dict[int, list[Vertex]] = {}
    for x in rows:
        if x.support not in matching:
            matching[x.support] = [
                y for replies, own in by_replies.items() if not x.support & ~replies for y in own
            ]
        pairs += [(x, y) for y in matching[x.support] if not y.support & ~x.replies]
    return pairs
