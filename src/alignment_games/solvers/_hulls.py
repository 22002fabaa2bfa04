"""Convex hulls of points in any dimension, in rational arithmetic: vertices, cuts, members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from .._numeric import integers
from ..errors import WorkLimitError
from ._double_description import extreme_rays
from .zero_sum import maximize

__all__ = ["cut_from_below", "dimension", "holds", "vertices"]

Point = tuple[Fraction, ...]

_MAX_WORK = 2_000_000_000


def vertices(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points that are no mixture of the others, sorted, each once.

    Examples
    --------
    >>> vertices([(0, 0), (2, 0), (1, 0), (0, 2), (2, 0)])
    ((0, 0), (0, 2), (2, 0))
    """
    left = sorted(set(points))
    for point in tuple(left):
        others = [own for own in left if own != point]
        if others and holds(others, point):
            left = others
    return tuple(left)


def holds(points: Sequence[Point], point: Point) -> bool:
    """Tell whether a point is a mixture of others, of which there is at least one.

    It is unless it lies above all of them in some direction: the program looks for the direction
    with parts from -1 to 1 in which it lies highest.

    Examples
    --------
    >>> holds([(0, 0), (2, 0), (0, 2)], (1, 1)), holds([(0, 0), (2, 2)], (1, 0))
    (True, False)
    """
    size = len(point)
    rows = []
    for other in points:
        ahead, _ = integers([Fraction(b - a) for a, b in zip(point, other, strict=True)])
        # The direction is a difference of two nonnegative vectors; the last unknown is the lead.
        rows.append([*ahead, *(-own for own in ahead), 1])
    limits = [[int(k == j) for k in range(2 * size + 1)] for j in range(2 * size + 1)]
    objective = [0] * (2 * size) + [1]
    answer = maximize(objective, [*rows, *limits], [0] * len(rows) + [1] * len(limits))
    return answer.value == 0


def dimension(points: Sequence[Point]) -> int:
    """Return the dimension of a hull, -1 if there is no point.

    Examples
    --------
    >>> dimension([(0, 0), (1, 1), (2, 2)]), dimension([(0, 0)])
    (1, 0)
    """
    from flint import fmpq, fmpq_mat

    if not points:
        return -1
    rows = [
        [fmpq(own.numerator, own.denominator) for own in map(Fraction, _difference(p, points[0]))]
        for p in points
    ]
    return int(fmpq_mat(rows).rref()[1]) if rows[0] else 0


def _difference(one: Point, two: Point) -> list[Fraction]:
    return [a - b for a, b in zip(one, two, strict=True)]


def cut_from_below(points: Sequence[Point], least: Point) -> tuple[Point, ...]:
    """Return the vertices of the part of a hull in which no coordinate is below a bound.

    Mixtures of the points that keep to the bounds are cut out of all mixtures by one half-space
    for each coordinate; the images of their extreme points hold all vertices.

    Raises
    ------
    WorkLimitError
        If there are too many of these extreme points.

    Examples
    --------
    >>> cut = cut_from_below([(0, 0), (2, 0), (0, 2)], (1, 0))
    >>> [tuple(map(str, own)) for own in cut]
    [('1', '0'), ('1', '1'), ('2', '0')]
    """
    corners = vertices(points)
    rows = []
    for k, bound in enumerate(least):
        row, _ = integers([Fraction(own[k] - bound) for own in corners])
        rows.append(row)
    try:
        rays = extreme_rays(rows, len(corners), max_work=_MAX_WORK)
    except WorkLimitError as error:
        msg = (
            f"the feasible payoffs have {len(corners)} vertices in {len(least)} dimensions; their "
            "individually rational part has too many to list. Eliminate dominated strategies first"
        )
        raise WorkLimitError(msg) from error
    found = []
    for ray in rays:
        total = sum(ray)
        found.append(
            tuple(
                sum(
                    (Fraction(w, total) * own[k] for w, own in zip(ray, corners, strict=True) if w),
                    Fraction(0),
                )
                for k in range(len(least))
            )
        )
    return vertices(found)
