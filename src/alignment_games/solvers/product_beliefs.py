"""Is a strategy a best reply to independent beliefs about several opponents?

Against product beliefs gains are multilinear, so on a product of simplices (a *cell*) they are
averages of the gains at the combinations of its vertices. If some mixture of own strategies
does better at all of these, the strategy is a best reply nowhere in the cell. Cells are halved
until such mixtures exclude all of them, which is a proof, or a belief is found. A strategy that
is never a best reply is always excluded after finitely many cells, since at every belief one
alternative is better, hence also nearby. A search without an end means a knife edge: beliefs
that form a set without interior.

If only two opponents are uncertain and one of them has two strategies, knife edges are decided
too. With the probability ``t`` of one of the two, the beliefs about the other opponent form a
polytope; by Cramer's rule it can appear or vanish only where a minor of the matrix of gains,
a polynomial in ``t``, has a root.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._typing import ObjectArray
from .zero_sum import matrix_value

__all__ = ["Cell", "ProductBelief", "find_product_belief"]

_FIRST_CELLS = 60

Belief: TypeAlias = tuple[tuple[Fraction, ...], ...]
Cell: TypeAlias = tuple[tuple[tuple[Fraction, ...], ...], ...]  # of each opponent: vertices


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductBelief:
    """Either a belief, or a proof that there is none, or neither: undecided.

    Attributes
    ----------
    belief : tuple of tuples of Fraction or None
        One distribution for each opponent.
    cover : tuple of pairs (Cell, tuple of Fraction)
        If there is no belief: cells that cover all beliefs, each with weights on the
        alternatives that do better at all of its vertices.
    root : str
        If there is a belief, but only irrational ones: where it is.
    no_belief : bool
        Whether it is proved that there is none (by the cover, or where that grew too large,
        by the signs of all minors).
    cells : int
        Number of cells looked at.
    """

    belief: Belief | None = None
    cover: tuple[tuple[Cell, tuple[Fraction, ...]], ...] = ()
    root: str = ""
    no_belief: bool = False
    cells: int = 0


@dataclass(slots=True)
class _Cell:
    """Vertices as integers over a power of two, and the gains at their combinations."""

    vertices: list[list[tuple[int, tuple[int, ...]]]]
    gains: ObjectArray  # (alternatives, vertices of opponent 1, ...), up to positive factors


def find_product_belief(gains: ObjectArray, *, max_cells: int) -> ProductBelief:
    """Search the product beliefs to which a strategy is a best reply.

    Parameters
    ----------
    gains : ndarray of int, shape (alternatives, n_1, ..., n_m)
        What the strategy earns more than each alternative against the opponents' strategies.
    max_cells : int
        Largest number of cells looked at.

    Returns
    -------
    ProductBelief

    Examples
    --------
    Good against (1, 1) and (2, 2), but worse than a safe alternative against all independent
    beliefs that do not tell which to prepare for:

    >>> import numpy as np
    >>> gains = np.array([[[-4, 0], [0, 4]], [[4, 0], [0, -4]], [[1, -3], [-3, 1]]], dtype=object)
    >>> find_product_belief(gains, max_cells=100).no_belief
    True
    """
    sizes = gains.shape[1:]
    if not len(gains):  # an only strategy is a best reply to anything
        return ProductBelief(
            belief=tuple(tuple(Fraction(int(not s)) for s in range(n)) for n in sizes)
        )
    start = _Cell(
        vertices=[[(1, tuple(int(k == s) for k in range(n))) for s in range(n)] for n in sizes],
        gains=gains,
    )
    queue, cover = deque([start]), []
    uncertain = [k for k, n in enumerate(sizes) if n > 1]
    on_a_line = len(uncertain) == 2 and min(sizes[k] for k in uncertain) == 2
    decided, number = False, 0
    while queue and number < max_cells:
        number += 1
        if number == min(_FIRST_CELLS, max_cells) and on_a_line:
            from .minors import belief_on_a_line

            belief, root, decided = belief_on_a_line(gains, uncertain)
            if belief is not None or root:
                return ProductBelief(belief=belief, root=root, cells=number)
        cell = queue.popleft()
        belief, mixture = _look(gains, cell)
        if belief is not None:
            return ProductBelief(belief=belief, cells=number)
        if mixture is not None:
            cover.append((_as_fractions(cell), mixture))
        else:
            queue.extend(_halves(cell))
    if queue:
        return ProductBelief(no_belief=decided, cells=number)
    return ProductBelief(cover=tuple(cover), no_belief=True, cells=number)


def _look(gains: ObjectArray, cell: _Cell) -> tuple[Belief | None, tuple[Fraction, ...] | None]:
    """Return a belief that justifies the strategy, or a mixture that excludes the cell."""
    flat = cell.gains.reshape(len(cell.gains), -1)
    fits = np.flatnonzero((flat >= 0).all(axis=0))
    if len(fits):
        chosen = np.unravel_index(int(fits[0]), cell.gains.shape[1:])
        return tuple(
            _normalized(vertices[int(k)]) for vertices, k in zip(cell.vertices, chosen, strict=True)
        ), None
    worse = np.flatnonzero((flat < 0).all(axis=1))
    if len(worse):
        return None, tuple(Fraction(int(k == worse[0])) for k in range(len(flat)))
    answer = matrix_value((-flat).tolist())
    if answer.value > 0:
        return None, answer.row
    # A correlated belief in the cell justifies the strategy: try the product of its margins.
    weights = np.array(answer.column, dtype=object).reshape(cell.gains.shape[1:])
    for axis, vertices in enumerate(cell.vertices):
        masses = np.array([mass for mass, _ in vertices], dtype=object)
        weights = np.moveaxis(np.moveaxis(weights, axis, -1) * masses, -1, axis)
    point = []
    for axis, vertices in enumerate(cell.vertices):
        margin = weights.sum(axis=tuple(k for k in range(weights.ndim) if k != axis))
        corners = [_normalized(v) for v in vertices]
        total = sum(margin)
        point.append(
            tuple(
                sum((w * c for w, c in zip(margin, column, strict=True)), Fraction(0)) / total
                for column in zip(*corners, strict=True)
            )
        )
    return _on_a_slice(gains, point), None


def _on_a_slice(gains: ObjectArray, point: list[tuple[Fraction, ...]]) -> Belief | None:
    """Free one opponent's belief at a time, the others as at a point: a linear program each."""
    point = [*point]
    for axis in range(len(point)):
        table = gains
        for other in reversed(range(len(point))):
            if other != axis:
                vector = np.array(point[other], dtype=object)
                table = np.tensordot(table, vector, axes=(other + 1, 0))
        answer = matrix_value(table.T.tolist())  # rows: the opponent's strategies
        if answer.value >= 0:
            return (*point[:axis], answer.row, *point[axis + 1 :])
    return None


def _halves(cell: _Cell) -> Iterator[_Cell]:
    """Cut the longest edge of any opponent's simplex in the middle."""
    longest, where = -1.0, (0, 0, 1)
    for axis, vertices in enumerate(cell.vertices):
        for a, b in itertools.combinations(range(len(vertices)), 2):
            (mass_a, first), (mass_b, second) = vertices[a], vertices[b]
            length = math.dist([v / mass_a for v in first], [v / mass_b for v in second])
            if length > longest:
                longest, where = length, (axis, a, b)
    axis, a, b = where
    (mass_a, first), (mass_b, second) = cell.vertices[axis][a], cell.vertices[axis][b]
    mass = max(mass_a, mass_b)
    by_a, by_b = mass // mass_a, mass // mass_b
    middle = (
        2 * mass,
        tuple(by_a * v + by_b * w for v, w in zip(first, second, strict=True)),
    )
    slab = by_a * np.take(cell.gains, a, axis + 1) + by_b * np.take(cell.gains, b, axis + 1)
    for end in (a, b):
        corners = [list(own) for own in cell.vertices]
        corners[axis][end] = middle
        gains = np.moveaxis(cell.gains, axis + 1, 0).copy()
        gains[end] = slab
        yield _Cell(vertices=corners, gains=np.moveaxis(gains, 0, axis + 1))


def _normalized(vertex: tuple[int, tuple[int, ...]]) -> tuple[Fraction, ...]:
    mass, values = vertex
    return tuple(Fraction(v, mass) for v in values)


def _as_fractions(cell: _Cell) -> Cell:
    return tuple(tuple(_normalized(v) for v in vertices) for vertices in cell.vertices)
