"""Convex hulls of points in any dimension, in rational arithmetic: vertices, cuts, members.

Vertices are found one by one: a point that is no mixture of those known is ahead of them in some
direction, and the point farthest in that direction is a vertex [1]_. So no linear program is
larger than the answer.

.. [1] K. L. Clarkson (1994), More output-sensitive geometric algorithms, Proceedings of the 35th
   Annual Symposium on Foundations of Computer Science, 695-702, doi:10.1109/SFCS.1994.365723.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import integers
from ..errors import WorkLimitError
from ._rational import to_flint
from .zero_sum import maximize

__all__ = ["MAX_WORK", "Work", "cut_from_below", "dimension", "holds", "vertices"]

Point = tuple[Fraction, ...]

MAX_WORK = 5_000_000
"""Largest work on all linear programs together. Each counts its entries, times its unknowns, times
the words of 64 bits that its largest integer takes."""


@dataclass(slots=True)
class Work:
    """A count of work, which is the same on every machine, and its limit."""

    left: int = MAX_WORK

    def spend(self, amount: int) -> None:
        """Count work that is about to be done.

        Raises
        ------
        WorkLimitError
            If it is more than what is left.
        """
        self.left -= amount
        if self.left < 0:
            msg = (
                "the vertices of these payoffs take too many linear programs: their work passes "
                f"the limit of {MAX_WORK} (entries times unknowns times words of their integers). "
                "Leave out players or strategies, round the payoffs to fewer digits, or take "
                "pure punishments"
            )
            raise WorkLimitError(msg)


def vertices(points: Iterable[Point], work: Work | None = None) -> tuple[Point, ...]:
    """Return the points that are no mixture of the others, sorted, each once.

    Raises
    ------
    WorkLimitError
        If that takes more than `work`.

    Examples
    --------
    >>> vertices([(0, 0), (2, 0), (1, 0), (0, 2), (2, 0)])
    ((0, 0), (0, 2), (2, 0))
    """
    left = sorted(set(points))
    if len(left) < 2:
        return tuple(left)
    table = [_homogeneous(own) for own in left]
    known = {0: table[0], len(table) - 1: table[-1]}  # first and last in order are vertices
    for k, own in enumerate(table):
        while k not in known:
            ahead = _ahead(list(known.values()), own, work)
            if ahead is None:
                break
            far = _farthest(table, ahead)
            known[far] = table[far]
    return tuple(left[k] for k in sorted(known))


def holds(points: Sequence[Point], point: Point) -> bool:
    """Tell whether a point is a mixture of others, of which there is at least one.

    Examples
    --------
    >>> holds([(0, 0), (2, 0), (0, 2)], (1, 1)), holds([(0, 0), (2, 2)], (1, 0))
    (True, False)
    """
    return _ahead([_homogeneous(own) for own in points], _homogeneous(point), None) is None


def _homogeneous(point: Point) -> list[int]:
    """Return a point as integers over the last one, which is positive."""
    fractions = [Fraction(own) for own in point]
    scale = math.lcm(*(own.denominator for own in fractions))
    return [*(own.numerator * (scale // own.denominator) for own in fractions), scale]


def _ahead(
    others: Sequence[Sequence[int]], point: Sequence[int], work: Work | None
) -> list[int] | None:
    """Return a direction in which a point lies above all others; None if it is their mixture.

    The linear program looks for the direction and for a lead up to 1. As directions can be
    scaled, the largest lead is 1, or 0 if there is no such direction.
    """
    *place, scale = point
    rows = []
    for *other, own in others:
        row = [b * scale - a * own for a, b in zip(place, other, strict=True)]
        divisor = math.gcd(*row) or 1
        row = [entry // divisor for entry in row]
        # The direction is a difference of two nonnegative vectors; the last unknown is the lead.
        rows.append([*row, *(-entry for entry in row), 1])
    size = len(place)
    objective = [0] * (2 * size) + [1]
    if work is not None:
        digits = max(abs(entry).bit_length() for row in rows for entry in row)
        work.spend(len(rows) * len(objective) ** 2 * (1 + digits // 64))
    answer = maximize(objective, [*rows, objective], [0] * len(rows) + [1])
    if not answer.value:
        return None
    direction = zip(answer.point[:size], answer.point[size : 2 * size], strict=True)
    ahead, _ = integers([plus - minus for plus, minus in direction])
    return [int(own) for own in ahead]


def _farthest(table: Sequence[Sequence[int]], direction: Sequence[int]) -> int:
    """Return the position of the point farthest in a direction, of several the last in order.

    Those farthest are a face, of which the last in the order of coordinates is a vertex.
    """
    best = 0
    reach, scale = None, 1
    for k, (*point, own) in enumerate(table):
        worth = sum(a * b for a, b in zip(direction, point, strict=True))
        if reach is None or worth * scale >= reach * own:
            best, reach, scale = k, worth, own
    return best


def dimension(points: Sequence[Point]) -> int:
    """Return the dimension of a hull, -1 if there is no point.

    Examples
    --------
    >>> dimension([(0, 0), (1, 1), (2, 2)]), dimension([(0, 0)])
    (1, 0)
    """
    from flint import fmpq_mat

    if not points:
        return -1
    rows = [[to_flint(own) for own in map(Fraction, _difference(p, points[0]))] for p in points]
    return int(fmpq_mat(rows).rref()[1]) if rows[0] else 0


def _difference(one: Point, two: Point) -> list[Fraction]:
    return [a - b for a, b in zip(one, two, strict=True)]


def cut_from_below(
    points: Sequence[Point], least: Point, work: Work | None = None
) -> tuple[Point, ...]:
    """Return the vertices of the part of a hull in which no coordinate is below a bound.

    The bounds are taken one after the other. Where a bound parts the hull, the new vertices are
    those of its section, the hull of the points where the bound parts two old vertices.

    Raises
    ------
    WorkLimitError
        If that takes more than `work`.

    Examples
    --------
    >>> cut = cut_from_below([(0, 0), (2, 0), (0, 2)], (1, 0))
    >>> [tuple(map(str, own)) for own in cut]
    [('1', '0'), ('1', '1'), ('2', '0')]
    """
    corners = vertices(points, work)
    for k, bound in enumerate(least):
        below = [own for own in corners if own[k] < bound]
        above = [own for own in corners if own[k] > bound]
        if not below:
            continue
        section = {(*own[:k], *own[k + 1 :]) for own in corners if own[k] == bound}
        for high in above:
            for low in below:
                share = Fraction(bound - low[k]) / (high[k] - low[k])
                middle = [b + share * (a - b) for a, b in zip(high, low, strict=True)]
                section.add((*middle[:k], *middle[k + 1 :]))
        edge = vertices(section, work)
        corners = (*above, *((*own[:k], Fraction(bound), *own[k:]) for own in edge))
    return tuple(sorted(corners))
