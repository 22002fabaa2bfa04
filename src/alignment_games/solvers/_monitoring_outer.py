"""Polygons around the public perfect payoffs, each generated from the one before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from .._typing import FloatArray
from ..games.repeated import Positions
from ._monitoring import MonitoredProfile, MonitoredSetting, cone, farthest, optimum, simple
from ._polygons import Corner, Polygon, clip, edge_normals, hull, reach

__all__ = ["Outer", "Rule", "floats", "outer_polygons", "rules", "shrinks"]

_SEEN = 1e-5
"""How much larger a polygon is made, so that floats see which multipliers fit."""
_SHAPES, _SHAPE_STEPS, _LARGEST = 3, 400, 1e4
"""Attempts at a shape, iterations of each, and how much larger one entry may be than another."""
_GRID = 1 << 64
"""Bounds are multiples of one over this."""
_MOST = 48
"""Directions."""
_SETTLED = 2.0**-42
"""Movement below which the iteration stops."""
_SHARP = 2.0**-34
"""How far a corner may lie beyond what is generated before a direction is added."""
_APPLICATIONS = 60
"""How often the same multipliers are applied."""
_PATIENCE = 12
"""Rounds in which the movement must halve once."""

Rule = tuple[Fraction, dict[int, Fraction]]
"""A bound of what a profile generates: a constant, and weights, not negative, of the bounds."""

Hints = dict[Corner, dict[Positions, FloatArray]]
"""Multipliers for each direction and profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """The last polygon around the payoffs.

    Attributes
    ----------
    polygon : Polygon
        Scaled payoffs. Empty if it is proved that there are none.
    profiles : tuple of MonitoredProfile
        Those that generate something.
    settled : bool
        Whether it has stopped moving.
    steps : int
        Rounds of linear programs.
    """

    polygon: Polygon
    profiles: tuple[MonitoredProfile, ...]
    settled: bool
    steps: int


def outer_polygons(view: MonitoredSetting, most: int) -> Outer:
    """Generate polygons, each from the one before, until they settle or `most` rounds are done.

    The first holds all feasible payoffs that are not below a player's pure minmax payoff.
    """
    live = list(view.profiles)
    polygon = _feasible(view)
    normals = _sorted(edge_normals(polygon))
    hints: Hints = {}
    known: list[tuple[float, float]] = []
    settled, step = False, 0
    slowest, since = math.inf, 0
    while polygon and live and step < most and not settled:
        step += 1
        corners = floats(polygon)
        # Multipliers of the whole set first: whoever generates nothing never will.
        live = [own for own in live if not _generates_nothing(view, own, polygon, corners)]
        points = []
        for normal in normals:
            way = (float(normal[0]), float(normal[1]))
            best = farthest(view, live, way, corners, hints.setdefault(normal, {}))
            points.append((math.nan, math.nan) if best is None else best.point)
        if not live:
            polygon = ()
            break
        found = _applied(view, live, normals, hints, polygon)
        moved = _moved(normals, polygon, found)
        polygon = found
        if polygon:
            # What was generated before the polygon moved need not be generated now.
            known = [*known, *points] if moved <= _SETTLED else []
            sharp = max(_SHARP, moved / 16)
            normals, sharper = _directions(polygon, normals, points, known or points, sharp)
            if 2 * moved <= slowest:
                slowest, since = moved, step
            settled = (moved <= _SETTLED and not sharper) or (
                step - since > _PATIENCE and len(normals) > _MOST // 2
            )
    if not live:
        polygon = ()
    return Outer(
        polygon=polygon,
        profiles=tuple(live),
        settled=settled or not polygon,
        steps=step,
    )


def floats(polygon: Sequence[Corner]) -> FloatArray:
    """Return corners as floats, shape (n_corners, 2)."""
    return np.array([[float(a), float(b)] for a, b in polygon]).reshape(len(polygon), 2)


def rules(
    view: MonitoredSetting,
    profile: MonitoredProfile,
    normals: Sequence[Corner],
    normal: Corner,
    multipliers: Sequence[Fraction],
) -> Rule:
    """Return a bound that multipliers give, linear in the bounds of a polygon's directions.

    As ``z = sum_j w_j n_j`` with weights that are not negative, ``h(z) <= sum_j w_j b_j``.
    """
    constant, vectors = profile.weights(view.discounts, normal, multipliers)
    angles = [math.atan2(float(y), float(x)) for x, y in normals]
    found: dict[int, Fraction] = {}
    for z in vectors:
        for place, weight in cone(normals, angles, z).items():
            found[place] = found.get(place, Fraction(0)) + weight
    return constant, found


def shrinks(
    view: MonitoredSetting,
    profiles: Sequence[MonitoredProfile],
    polygon: Polygon,
    around: Polygon,
) -> bool:
    """Tell whether the payoffs are proved to lie in a polygon; False proves nothing.

    Let the polygon be ``n . v <= b``, and D(t) the set ``n . v <= b + t c`` with c > 0 such that
    D(1) holds the polygon `around`, in which the payoffs are known to lie. A bound by fixed
    multipliers is linear in t. If each is at most b at t = 0, and below ``b + c`` at t = 1, then,
    for one s < 1 and every t in [0, 1], D(t) generates only payoffs in D(s t), and the payoffs
    lie in D(1), D(s), D(s * s) and so on, hence in the polygon.
    """
    normals = _sorted(edge_normals(polygon))
    bounds = [reach(polygon, own) for own in normals]
    least = max(reach(around, own) - b for own, b in zip(normals, bounds, strict=True))
    if least <= 0:
        return True
    shape = [1.0] * len(normals)
    for _ in range(_SHAPES):
        seen = [Fraction(_SEEN * own) for own in shape]
        wide = _bounded(normals, [b + c for b, c in zip(bounds, seen, strict=True)])
        corners = floats(wide)
        each = []
        for profile in profiles:
            if _generates_nothing(view, profile, wide, corners):
                continue
            for k, normal in enumerate(normals):
                way = (float(normal[0]), float(normal[1]))
                found = optimum(view, profile, way, corners)
                rule = rules(view, profile, normals, normal, _exact(found.multipliers))
                each.append((k, *rule))
        lows = [
            constant + sum((w * bounds[j] for j, w in weights.items()), Fraction(0)) - bounds[k]
            for k, constant, weights in each
        ]
        if max(lows, default=Fraction(0)) > 0:
            return False
        shape = _shape(len(normals), [own for own, low in zip(each, lows, strict=True) if not low])
        scale = least / Fraction(min(shape))
        excess = [scale * Fraction(own) for own in shape]
        # A profile that generates nothing from the larger polygon generates nothing from D(t).
        if all(own <= most for own, most in zip(excess, seen, strict=True)) and all(
            low + sum((w * excess[j] for j, w in weights.items()), Fraction(0)) < excess[k]
            for (k, _, weights), low in zip(each, lows, strict=True)
        ):
            return True
    return False


def _shape(size: int, tight: Sequence[tuple[int, Fraction, dict[int, Fraction]]]) -> list[float]:
    """Return c, nearly, such that what tight bounds make of c is below c, if there is one.

    It is the limit of ``c -> 1 + L c``, scaled so that its largest entry is 1.
    """
    table = [(k, {j: float(w) for j, w in weights.items()}) for k, _, weights in tight]
    found = np.ones(size)
    for _ in range(_SHAPE_STEPS):
        new = np.ones(size)
        for k, weights in table:
            new[k] = max(new[k], 1 + sum(w * found[j] for j, w in weights.items()))
        scale = new.max()
        if scale > _LARGEST or np.abs(new - found).max() < 1e-6 * scale:
            found = new
            break
        found = new
    return [float(own) for own in found / found.max()]


def _feasible(view: MonitoredSetting) -> Polygon:
    """Return what payoffs may be at all; with unequal discount factors, a little more."""
    one, two = view.discounts
    whole: Polygon = hull((Fraction(a), Fraction(b)) for a in (0, 1) for b in (0, 1))
    if one == two:
        # Profiles that nothing enforces are never played.
        whole = hull(own.payoffs for own in view.profiles)
    for way, least in zip(((-1, 0), (0, -1)), view.minmax, strict=True):
        whole = clip(whole, way, -least)
    return whole


def _sorted(normals: Sequence[Corner]) -> list[Corner]:
    return sorted(normals, key=lambda own: math.atan2(float(own[1]), float(own[0])))


def _bounded(normals: Sequence[Corner], bounds: Sequence[Fraction]) -> Polygon:
    """Return the polygon of bounds; the directions of the axes are among the normals."""
    along = dict(zip(normals, bounds, strict=True))
    right, top, left, bottom = (
        along[Fraction(a), Fraction(b)] for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1))
    )
    if right < -left or top < -bottom:
        return ()
    found: Polygon = hull([(x, y) for x in (-left, right) for y in (-bottom, top)])
    for normal, bound in zip(normals, bounds, strict=True):
        found = clip(found, normal, bound)
    return found


def _generates_nothing(
    view: MonitoredSetting, profile: MonitoredProfile, polygon: Polygon, corners: FloatArray
) -> bool:
    """Tell whether it is proved that a profile generates nothing from a polygon.

    Multipliers whose bound in the direction (0, 0) is negative prove it.
    """
    found = optimum(view, profile, (0.0, 0.0), corners)
    if not found.violation > 0:
        return False
    zero = (Fraction(0), Fraction(0))
    constant, vectors = profile.weights(view.discounts, zero, _exact(found.multipliers))
    return constant + sum((reach(polygon, z) for z in vectors), Fraction(0)) < 0


def _applied(
    view: MonitoredSetting,
    live: Sequence[MonitoredProfile],
    normals: Sequence[Corner],
    hints: Hints,
    polygon: Polygon,
) -> Polygon:
    """Return the polygon that bounds by fixed multipliers lead to, applied again and again."""
    each = [
        [rules(view, own, normals, normal, _exact(hints[normal][own.positions])) for own in live]
        for normal in normals
    ]
    bounds = [reach(polygon, own) for own in normals]
    first = 0.0
    for turn in range(_APPLICATIONS):
        found = []
        for own, old in zip(each, bounds, strict=True):
            value = max(
                constant + sum((w * bounds[j] for j, w in weights.items()), Fraction(0))
                for constant, weights in own
            )
            found.append(min(old, Fraction(math.ceil(value * _GRID), _GRID)))
        moved = max(float(a - b) for a, b in zip(bounds, found, strict=True))
        bounds = found
        first = first or moved
        if moved <= first / 16 and (turn or moved <= _SETTLED):
            break
    return _bounded(normals, bounds)


def _exact(prices: FloatArray) -> tuple[Fraction, ...]:
    return tuple(simple(float(own)) for own in prices)


def _moved(normals: Sequence[Corner], old: Polygon, new: Polygon) -> float:
    if not new:
        return math.inf
    return max(float(reach(old, own) - reach(new, own)) for own in normals)


def _directions(
    polygon: Polygon,
    normals: Sequence[Corner],
    points: Sequence[tuple[float, float]],
    known: Sequence[tuple[float, float]],
    sharp: float,
) -> tuple[list[Corner], bool]:
    """Drop directions without an edge; add some where a corner is far from what is generated.

    Each direction has its point of `points`; `known` are all payoffs known to be generated.
    """
    axes = set(edge_normals(polygon[:1]))
    useful = []
    for normal, point in zip(normals, points, strict=True):
        bound = reach(polygon, normal)
        touching = [own for own in polygon if normal[0] * own[0] + normal[1] * own[1] == bound]
        if normal in axes or len(touching) > 1:
            useful.append((normal, point))
    wanted: list[tuple[float, Corner]] = []
    for (one, here), (two, there) in pairwise([*useful, useful[0]]):
        way = (there[1] - here[1], here[0] - there[0])
        size = max(abs(way[0]), abs(way[1]))
        if not size > sharp or not math.isfinite(size):
            continue
        normal = (simple(way[0] / size), simple(way[1] / size))
        if not _between(one, two, normal):
            continue
        beyond = float(reach(polygon, normal)) - max(
            float(normal[0]) * own[0] + float(normal[1]) * own[1] for own in known
        )
        if beyond > sharp:
            wanted.append((beyond, normal))
    wanted.sort(key=lambda own: -own[0])
    new = [own for _, own in wanted[: max(_MOST - len(useful), 0)]]
    return _sorted([*(own for own, _ in useful), *new]), bool(new)


def _between(one: Corner, two: Corner, normal: Corner) -> bool:
    """Tell whether a direction lies strictly between two others, counterclockwise."""
    left = one[0] * normal[1] - one[1] * normal[0]
    right = normal[0] * two[1] - normal[1] * two[0]
    return left > 0 and right > 0
