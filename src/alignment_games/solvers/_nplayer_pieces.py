"""Products of polytopes of equilibria, in rational arithmetic.

The equilibria with given supports are cut out of a product of simplices by multilinear equations
and inequalities. The region starts as one *piece*, a polytope for each mixing player given by its
vertices. A multilinear form on a piece takes its extremes at combinations of vertices, so it is
known to vanish, to keep one sign, to vanish on faces only, or to be linear in one player's
strategy: then it leaves a smaller piece or several. With two mixing players the equations are
always of these kinds; with more, a form that is not stays with its piece.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import common_denominator
from ._nplayer_exact import ExactVector, Row, SupportProblem, multilinear

__all__ = ["Constraint", "Piece", "hull_dimension", "pieces"]

Polytopes = dict[int, list[ExactVector]]
"""Vertices of a polytope for each mixing player."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A row that must vanish (an equation) or must not be positive (a deviation)."""

    row: Row
    equation: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A product of polytopes, with the constraints that could not be applied to it."""

    parts: Polytopes
    open: tuple[Constraint, ...]

    @property
    def dimension(self) -> int:
        """Dimension of the product."""
        return sum(hull_dimension(own) for own in self.parts.values())


def pieces(problem: SupportProblem) -> list[Piece]:
    """Return pieces that cover all equilibria with exactly these supports.

    A piece without open constraints consists of equilibria.
    """
    parts: Polytopes = {}
    for player in problem.mixing:
        size = len(problem.support[player])
        parts[player] = [tuple(Fraction(int(k == j)) for k in range(size)) for j in range(size)]
    constraints = [Constraint(row, True) for row in problem.equations]
    constraints += [Constraint(row, False) for row in problem.deviations]
    done: dict[tuple[tuple[int, tuple[ExactVector, ...]], ...], Piece] = {}
    for piece in _cut_down(problem, parts, constraints):
        done[tuple((j, tuple(sorted(own))) for j, own in piece.parts.items())] = piece
    return list(done.values())


def _cut_down(
    problem: SupportProblem, parts: Polytopes, constraints: list[Constraint]
) -> list[Piece]:
    if not _touches_interior(parts):
        return []
    scaled = {}
    for player, own in parts.items():
        scale = common_denominator([p for vector in own for p in vector])
        scaled[player] = [
            [p.numerator * (scale // p.denominator) for p in vector] for vector in own
        ]
    left: list[Constraint] = []
    split: tuple[Constraint, list[int]] | None = None
    for constraint in constraints:
        axes = problem.others(constraint.row.player)
        values = [
            multilinear(constraint.row.gains, combination)
            for combination in itertools.product(*(scaled[j] for j in axes))
        ]
        least, most = min(values), max(values)
        if least > 0 or (constraint.equation and most < 0):
            return []
        if most <= 0 and (least == 0 or not constraint.equation):
            continue
        left.append(constraint)
        sizes = [len(parts[j]) for j in axes]
        axis = _only_axis(values, sizes)
        if axis is not None:
            player = axes[axis]
            stride = math.prod(sizes[axis + 1 :])
            heights = [values[k * stride] for k in range(sizes[axis])]
            smaller = parts | {player: _half(parts[player], heights, constraint.equation)}
            rest = [other for other in constraints if other is not constraint]
            return _cut_down(problem, smaller, rest)
        if split is None and (least == 0 or most == 0):
            split = constraint, values
    if split is None:
        return [Piece(parts, tuple(left))]
    # One sign and zeros: the form vanishes on products of faces only.
    constraint, values = split
    axes = problem.others(constraint.row.player)
    rest = [other for other in left if other is not constraint]
    found = []
    for box in _zero_boxes(values, [len(parts[j]) for j in axes]):
        smaller = parts | {
            j: [parts[j][k] for k in sorted(own)] for j, own in zip(axes, box, strict=True)
        }
        found += _cut_down(problem, smaller, rest)
    return found


def _only_axis(values: Sequence[int], sizes: Sequence[int]) -> int | None:
    """Return the only axis along which the table varies, or None if there are several."""
    found = None
    for axis, size in enumerate(sizes):
        stride = math.prod(sizes[axis + 1 :])
        block = stride * size
        varies = any(
            values[start + k] != values[start + k % stride]
            for start in range(0, len(values), block)
            for k in range(block)
        )
        if varies:
            if found is not None:
                return None
            found = axis
    return found


def _zero_boxes(values: Sequence[int], sizes: Sequence[int]) -> list[tuple[frozenset[int], ...]]:
    """Return the maximal products of index sets on which the table vanishes."""
    if len(sizes) == 1:
        zeros = frozenset(k for k, value in enumerate(values) if value == 0)
        return [(zeros,)] if zeros else []
    stride = math.prod(sizes[1:])
    found: set[tuple[frozenset[int], ...]] = set()
    # Grow from single slices along the first axis, then intersect with further ones.
    slices = [
        _zero_boxes(values[k * stride : (k + 1) * stride], sizes[1:]) for k in range(sizes[0])
    ]
    tails = {box for boxes in slices for box in boxes}
    while True:
        more = {
            both
            for one in tails
            for other in tails
            if all(both := tuple(a & b for a, b in zip(one, other, strict=True)))
        } - tails
        if not more:
            break
        tails |= more
    for tail in tails:
        heads = frozenset(
            k
            for k, boxes in enumerate(slices)
            if any(all(a <= b for a, b in zip(tail, box, strict=True)) for box in boxes)
        )
        found.add((heads, *tail))
    return [
        box
        for box in found
        if not any(
            other != box and all(a <= b for a, b in zip(box, other, strict=True)) for other in found
        )
    ]


def _half(vertices: list[ExactVector], heights: Sequence[int], equation: bool) -> list[ExactVector]:
    """Return the vertices of the part of a polytope where a linear form is (at most) zero."""
    pairs = list(zip(vertices, heights, strict=True))
    kept = [x for x, height in pairs if height == 0 or (height < 0 and not equation)]
    border = {
        tuple((g * b - h * a) / (g - h) for a, b in zip(x, y, strict=True))
        for x, g in pairs
        for y, h in pairs
        if g > 0 > h
    }
    border |= {x for x, height in pairs if height == 0}
    extreme = set(_extreme(sorted(border)))
    return [x for x in kept if x not in border or x in extreme] + sorted(
        x for x in extreme if x not in kept
    )


def _extreme(points: list[ExactVector]) -> list[ExactVector]:
    """Return the points that are not mixtures of the others.

    Crossings of a hyperplane with segments between vertices of a polytope need not be vertices
    of the cut. By Caratheodory a mixture needs no more points than the dimension and one.
    """
    dimension = hull_dimension(points)
    if dimension < 1:
        return points
    if dimension == 1:
        return [points[0], points[-1]]  # sorted along the line
    kept = list(points)
    for x in points:
        others = [y for y in kept if y != x]
        if any(_is_mixture(x, corner) for corner in itertools.combinations(others, dimension + 1)):
            kept = others
    return kept


def _is_mixture(x: ExactVector, corners: Sequence[ExactVector]) -> bool:
    """Tell whether a point lies in the simplex of affinely independent corners."""
    rows = [[*line, value] for line, value in zip(zip(*corners, strict=True), x, strict=True)]
    table = [list(map(Fraction, row)) for row in rows]
    size = len(corners)
    for k in range(size):
        pivot = next((r for r in range(k, len(table)) if table[r][k]), None)
        if pivot is None:
            return False
        table[k], table[pivot] = table[pivot], table[k]
        for r in range(len(table)):
            if r != k and table[r][k]:
                factor = table[r][k] / table[k][k]
                table[r] = [a - factor * b for a, b in zip(table[r], table[k], strict=True)]
    return all(table[k][-1] / table[k][k] >= 0 for k in range(size)) and not any(
        row[-1] for row in table[size:]
    )


def hull_dimension(points: Sequence[ExactVector]) -> int:
    """Return the dimension of the convex hull of rational points, -1 if there are none."""
    if not points:
        return -1
    table = [[a - b for a, b in zip(x, points[0], strict=True)] for x in points[1:]]
    rank = 0
    for column in range(len(points[0])):
        pivot = next((r for r in range(rank, len(table)) if table[r][column]), None)
        if pivot is None:
            continue
        table[rank], table[pivot] = table[pivot], table[rank]
        for r in range(rank + 1, len(table)):
            factor = table[r][column] / table[rank][column]
            table[r] = [a - factor * b for a, b in zip(table[r], table[rank], strict=True)]
        rank += 1
    return rank


def _touches_interior(parts: Polytopes) -> bool:
    """Tell whether every part has a point with all entries positive."""
    return all(
        bool(own) and all(any(x[k] for x in own) for k in range(len(own[0])))
        for own in parts.values()
    )
