"""Convex polygons with rational corners; points, segments and the empty set are polygons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

__all__ = [
    "Corner",
    "Polygon",
    "clip",
    "contains",
    "distance",
    "edge_normals",
    "hull",
    "movement",
    "nearest",
    "outward",
    "reach",
    "thinned",
    "weights",
]

Corner: TypeAlias = tuple[Fraction, Fraction]

Polygon: TypeAlias = tuple[Corner, ...]
"""Corners counterclockwise from the smallest; one for a point, two for a segment, none if empty."""

_AXES: tuple[tuple[int, int], ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
_BITS = 64
"""Digits, in base 2, of normals and grid where a polygon is rounded outward."""
_SHORT = 512
"""Digits, in base 2, of a common denominator with which integers are still fast."""
_MOST_EDGES = 48
"""Edges that rounding keeps."""


def hull(points: Iterable[Corner]) -> Polygon:
    """Return the convex hull.

    Examples
    --------
    >>> hull([(0, 0), (2, 0), (1, 0), (0, 2), (1, 1)])
    ((0, 0), (2, 0), (0, 2))
    """
    given = list(points)
    whole = _whole(given)
    if whole is None:
        return tuple(_chain(sorted(set(given))))
    return tuple(whole[own] for own in _chain(sorted(whole)))


def _chain(ordered: list[Corner]) -> list[Corner]:
    """Return the corners of the hull of points in order, each once."""
    if len(ordered) < 3:
        return ordered

    def half(sequence: Iterable[Corner]) -> list[Corner]:
        side: list[Corner] = []
        for point in sequence:
            while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
                side.pop()
            side.append(point)
        return side[:-1]

    return half(ordered) + half(reversed(ordered))


def _whole(points: Sequence[Corner]) -> dict[Any, Corner] | None:
    """Return points by multiples of them that are integers, None if these are long.

    Integers are compared and multiplied much faster than Fractions.
    """
    found, scales = {}, [1, 1]
    for point in points:
        for who in (0, 1):
            scales[who] = math.lcm(scales[who], point[who].denominator)
            if scales[who].bit_length() > _SHORT:
                return None
    one, two = scales
    for point in points:
        x, y = point
        place = (
            x.numerator * (one // x.denominator), y.numerator * (two // y.denominator)
        )  # fmt: skip
        found[place] = point
    return found


def contains(polygon: Polygon, point: Corner) -> bool:
    """Tell whether a point lies in a polygon or on its border.

    Examples
    --------
    >>> contains(((0, 0), (2, 0), (0, 2)), (1, 1)), contains(((0, 0), (2, 2)), (1, 0))
    (True, False)
    """
    if len(polygon) < 3:
        return bool(polygon) and nearest(polygon, point) == point
    return all(_turn(a, b, point) >= 0 for a, b in _edges(polygon))


def clip(polygon: Polygon, normal: Sequence[Fraction | int], bound: Fraction) -> Polygon:
    """Return the part of a polygon in which ``normal . point <= bound``.

    Examples
    --------
    >>> clip(((0, 0), (2, 0), (0, 2)), (1, 0), 0)
    ((0, 0), (0, 2))
    """
    heights = [normal[0] * p[0] + normal[1] * p[1] - bound for p in polygon]
    if all(own <= 0 for own in heights):
        return polygon
    kept = [p for p, own in zip(polygon, heights, strict=True) if own <= 0]
    for k, (a, b) in enumerate(_edges(polygon)):
        one, two = heights[k], heights[(k + 1) % len(polygon)]
        if one * two < 0:
            share = Fraction(one) / (one - two)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return hull(kept)


def reach(polygon: Polygon, normal: Sequence[Fraction | int]) -> Fraction:
    """Return the largest ``normal . point`` of a polygon that is not empty."""
    return max(normal[0] * p[0] + normal[1] * p[1] for p in polygon)


def nearest(polygon: Polygon, point: Corner) -> Corner:
    """Return the point of a polygon, which is not empty, that is nearest to a point.

    Examples
    --------
    >>> nearest(((0, 0), (2, 0), (0, 2)), (2, 2))
    (Fraction(1, 1), Fraction(1, 1))
    """
    if len(polygon) > 2 and contains(polygon, point):
        return point
    if len(polygon) == 1:
        return polygon[0]
    feet = []
    for a, b in _edges(polygon):
        way = (b[0] - a[0], b[1] - a[1])
        along = (point[0] - a[0]) * way[0] + (point[1] - a[1]) * way[1]
        share = min(max(Fraction(along) / (way[0] ** 2 + way[1] ** 2), Fraction(0)), Fraction(1))
        feet.append((a[0] + share * way[0], a[1] + share * way[1]))
    return min(feet, key=lambda foot: _squared(foot, point))


def distance(inner: Polygon, outer: Polygon) -> float:
    """Return a float not below the Hausdorff distance of a polygon from a larger one.

    Examples
    --------
    >>> distance(((0, 0),), ((0, 0), (3, 4)))
    5.000000000000001
    """
    if not outer:
        return 0.0
    if not inner:
        return math.inf
    squared = max(_squared(_about_nearest(inner, own), own) for own in outer)
    if not squared:
        return 0.0
    # The integer root is one too small at most, and the quotient is rounded once.
    scale = 1 << 120
    root = Fraction(math.isqrt(math.ceil(squared * scale * scale)) + 1, scale)
    return math.nextafter(float(root), math.inf)


def _about_nearest(polygon: Polygon, point: Corner) -> Corner:
    """Return a point of a polygon that is nearest to one not inside it, but for rounding."""
    if len(polygon) < 9:
        return nearest(polygon, point)
    off = [(float(x - point[0]), float(y - point[1])) for x, y in polygon]
    best, place = math.inf, 0
    for k, (a, b) in enumerate(off):
        c, d = off[(k + 1) % len(off)]
        across, up = c - a, d - b
        length = across * across + up * up
        share = min(max(-(a * across + b * up) / length, 0.0), 1.0) if length else 0.0
        here = math.hypot(a + share * across, b + share * up)
        if here < best:
            best, place = here, k
    return nearest((polygon[place], polygon[(place + 1) % len(polygon)]), point)


def movement(polygon: Polygon, other: Polygon, unit: Fraction) -> float:
    """Return about how far corners of a polygon lie from another, in units; computed in floats.

    Examples
    --------
    >>> movement(((0, 0), (3, 4)), ((0, 0),), 10)
    0.5
    """
    left, bottom = other[0]
    first, second = (
        [(float((x - left) / unit), float((y - bottom) / unit)) for x, y in own]
        for own in (polygon, other)
    )
    edges = list(zip(second, (*second[1:], second[0]), strict=True))
    most = 0.0
    for x, y in first:
        inside, near = len(second) > 2, math.inf
        for (a, b), (c, d) in edges:
            across, up = c - a, d - b
            inside = inside and across * (y - b) >= up * (x - a)
            length = across * across + up * up
            share = ((x - a) * across + (y - b) * up) / length if length else 0.0
            share = min(max(share, 0.0), 1.0)
            near = min(near, math.hypot(x - a - share * across, y - b - share * up))
        most = max(most, 0.0 if inside else near)
    return most


def weights(polygon: Polygon, point: Corner) -> dict[int, Fraction]:
    """Return at most three corners, as positions, and the weights that make a point of them.

    Examples
    --------
    >>> weights(((0, 0), (2, 0), (0, 2)), (1, 0))
    {0: Fraction(1, 2), 1: Fraction(1, 2)}
    """
    if point in polygon:
        return {polygon.index(point): Fraction(1)}
    n = len(polygon)
    for k, (a, b) in enumerate(_edges(polygon)):
        if _turn(a, b, point) == 0:
            axis = 0 if a[0] != b[0] else 1
            share = Fraction(point[axis] - a[axis]) / (b[axis] - a[axis])
            if 0 <= share <= 1:
                return {k: 1 - share, (k + 1) % n: share}
    for k in range(1, n - 1):
        a, b, c = polygon[0], polygon[k], polygon[k + 1]
        area = Fraction(_turn(a, b, c))
        shares = (_turn(b, c, point) / area, _turn(c, a, point) / area, _turn(a, b, point) / area)
        if min(shares) >= 0:
            return {j: own for j, own in zip((0, k, k + 1), shares, strict=True) if own}
    msg = "the point lies in the polygon"
    raise AssertionError(msg)


def edge_normals(polygon: Polygon) -> list[Corner]:
    """Return the outward normals of the edges and of the axes, each direction once.

    Examples
    --------
    >>> [f"{x}, {y}" for x, y in edge_normals(((0, 0), (1, 2)))]
    ['1, 0', '0, 1', '-1, 0', '0, -1', '1, -1/2', '-1, 1/2']
    """
    found: dict[Corner, None] = {(Fraction(a), Fraction(b)): None for a, b in _AXES}
    if len(polygon) > 1:
        for a, b in (*_edges(polygon), *([polygon[::-1]] if len(polygon) == 2 else [])):
            x, y = b[1] - a[1], a[0] - b[0]
            size = max(abs(x), abs(y))
            found[Fraction(x) / size, Fraction(y) / size] = None
    return list(found)


def outward(
    polygon: Polygon, unit: Fraction, *, bits: int = _BITS, edges: int = _MOST_EDGES
) -> Polygon:
    """Return a polygon around another whose corners have short numerators and denominators.

    Each edge is replaced by one whose normal and place are rounded so that nothing is cut off,
    and only the longest edges are kept if there are many.

    Parameters
    ----------
    polygon : Polygon
    unit : Fraction
        About the size of the polygon; the grid is this over ``2**bits``.
    bits : int, optional
    edges : int, optional
        How many to keep, besides four that are upright or level.
    """
    if not polygon:
        return polygon
    grid, size = unit / (1 << bits), 1 << bits

    def bound(normal: tuple[int, int]) -> Fraction:
        return math.ceil(reach(polygon, normal) / grid) * grid

    right, top, left, bottom = (bound(own) for own in _AXES)
    found: Polygon = hull([(x, y) for x in (-left, right) for y in (-bottom, top)])
    longest = sorted(_edges(polygon), key=lambda own: -_squared(*own))[:edges]
    kept = hull([corner for edge in longest for corner in edge])
    for x, y in edge_normals(kept)[len(_AXES) :]:
        normal = (round(x * size), round(y * size))
        found = clip(found, normal, bound(normal))
    return found


def thinned(polygon: Polygon, most: int) -> Polygon:
    """Return a polygon without the corners, above `most`, that matter least for its area.

    Examples
    --------
    >>> thinned(((0, 0), (4, 0), (4, 4), (1, 4), (0, 3)), 4)
    ((0, 0), (4, 0), (4, 4), (0, 3))
    """
    corners = list(polygon)
    while len(corners) > max(most, 3):
        n = len(corners)
        areas = [_turn(corners[k - 1], corners[k], corners[(k + 1) % n]) for k in range(n)]
        del corners[areas.index(min(areas))]
    return hull(corners)


def _edges(polygon: Polygon) -> list[tuple[Corner, Corner]]:
    """Return the edges; a segment has one, a point none."""
    if len(polygon) == 2:
        return [(polygon[0], polygon[1])]
    if len(polygon) < 2:
        return []
    return list(zip(polygon, (*polygon[1:], polygon[0]), strict=True))


def _turn(a: Corner, b: Corner, c: Corner) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _squared(a: Corner, b: Corner) -> Fraction:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
