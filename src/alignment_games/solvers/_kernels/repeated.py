"""Sets of payoffs that two players may attain, generated one from the other in floating point.

A set is the convex hull of points, every one widened by a square of half side `e`. One step finds
points and a new `e` so that the new set holds all that the old one generates, whatever was rounded
on the way: payoffs lie in [0, 1], thresholds are lowered by what they may be wrong by, and `e`
grows by a bound of the errors of coordinates. So each set holds all equilibrium payoffs, if the
first does. `alignment_games.solvers._repeated_limit` says what the arguments are.
"""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled
from ..._typing import BoolArray, FloatArray, IntArray

__all__ = [
    "CORNERS",
    "EMPTY",
    "FULL",
    "ROUNDING",
    "SETTLED",
    "STOPPED",
    "duals",
    "explain",
    "following",
    "limit",
    "slopes",
    "smaller",
]

SETTLED, STOPPED, EMPTY, FULL = 0, 1, 2, 3

CORNERS = 600
"""Corners of a polygon that have room; when there are more than a third, near ones are merged."""
ROUNDING = 4e-15
"""Above what is lost by rounding a coordinate or a threshold, with numbers up to 4."""
_GRID = 2.0**50
"""Coordinates are multiples of one over this: equal ones are equal, turns have certain signs."""
_POP = 1e-15
"""What a corner that is left out by a doubtful turn may stick out by."""
_STILL = 3e-15
"""Movement that is taken for none."""


@compiled
def _sorted(points: FloatArray, count: int) -> FloatArray:
    """Return the points by their first coordinates, equal ones by their second."""
    order = np.argsort(points[:count, 0])
    found = np.empty((count, 2))
    for k in range(count):
        x, y = points[order[k], 0], points[order[k], 1]
        place = k
        while place > 0 and found[place - 1, 0] == x and found[place - 1, 1] > y:
            found[place, 0], found[place, 1] = found[place - 1, 0], found[place - 1, 1]
            place -= 1
        found[place, 0], found[place, 1] = x, y
    return found


@compiled
def _hull(points: FloatArray, count: int, found: FloatArray) -> tuple[int, float]:
    """Fill `found` with the corners, counterclockwise; return their number and what was lost."""
    for k in range(count):
        for who in range(2):
            points[k, who] = np.floor(points[k, who] * _GRID + 0.5) / _GRID
    ordered = _sorted(points, count)
    size, lost = 0, 0.0
    for side in range(2):
        base = size
        for step in range(count):
            k = step if side == 0 else count - 1 - step
            x, y = ordered[k, 0], ordered[k, 1]
            if size > base and found[size - 1, 0] == x and found[size - 1, 1] == y:
                continue
            while size - base > 1:
                one = (found[size - 1, 0] - found[size - 2, 0]) * (y - found[size - 2, 1])
                two = (found[size - 1, 1] - found[size - 2, 1]) * (x - found[size - 2, 0])
                if one - two > 0.0:
                    break
                if one - two >= -1e-15 * (abs(one) + abs(two)):
                    lost += _POP
                size -= 1
            if size == len(found):
                return -1, lost
            found[size, 0], found[size, 1] = x, y
            size += 1
        # The last of the lower side is the first of the upper one.
        if size - base > 1:
            size -= 1
        elif side == 1:
            size = base if base else 1
    return size, lost


@compiled
def _apart(polygon: FloatArray, size: int, x: float, y: float) -> float:
    """Return how far a point lies outside a polygon."""
    near, inside = np.inf, size > 2
    for k in range(size):
        a, b = polygon[k, 0], polygon[k, 1]
        other = k + 1 if k + 1 < size else 0
        across, up = polygon[other, 0] - a, polygon[other, 1] - b
        if across * (y - b) < up * (x - a):
            inside = False
        length = across * across + up * up
        share = ((x - a) * across + (y - b) * up) / length if length > 0.0 else 0.0
        share = min(max(share, 0.0), 1.0)
        near = min(near, np.hypot(x - a - share * across, y - b - share * up))
    return 0.0 if inside else near


@compiled
def _moved(old: FloatArray, size: int, new: FloatArray, count: int) -> float:
    """Return how far corners of one polygon lie outside another."""
    most = 0.0
    for k in range(size):
        most = max(most, _apart(new, count, old[k, 0], old[k, 1]))
    return most


@compiled
def _merged(polygon: FloatArray, size: int, most: int) -> tuple[int, float]:
    """Leave out corners near the chords of their neighbors until `most` are left."""
    lost, near = 0.0, 1e-15
    while size > most:
        kept, last, dropped = 0, False, 0.0
        for k in range(size):
            b, c = polygon[k], polygon[k + 1 if k + 1 < size else 0]
            drop = False
            if 0 < k < size - 1 and not last:
                a = polygon[kept - 1]
                across, up = c[0] - a[0], c[1] - a[1]
                length = across * across + up * up
                share = ((b[0] - a[0]) * across + (b[1] - a[1]) * up) / length
                share = min(max(share, 0.0), 1.0)
                off = np.hypot(b[0] - a[0] - share * across, b[1] - a[1] - share * up)
                drop = off <= near
                if drop:
                    dropped = max(dropped, off + 1e-16)
            if not drop:
                polygon[kept, 0], polygon[kept, 1] = b[0], b[1]
                kept += 1
            last = drop
        size, lost, near = kept, lost + dropped, near * 2.0
    return size, lost


@compiled
def _clip(
    polygon: FloatArray, size: int, x: float, y: float, bound: float, found: FloatArray
) -> int:
    """Fill `found` with the corners of the part in which ``(x, y) . point <= bound``."""
    count = 0
    for k in range(size):
        a, b = polygon[k, 0], polygon[k, 1]
        other = k + 1 if k + 1 < size else 0
        here = x * a + y * b - bound
        there = x * polygon[other, 0] + y * polygon[other, 1] - bound
        if here <= 0.0:
            found[count, 0], found[count, 1] = a, b
            count += 1
        if (here < 0.0 < there) or (there < 0.0 < here):
            share = here / (here - there)
            found[count, 0] = a + share * (polygon[other, 0] - a)
            found[count, 1] = b + share * (polygon[other, 1] - b)
            if y == 0.0:
                found[count, 0] = bound / x
            elif x == 0.0:
                found[count, 1] = bound / y
            count += 1
    return count


@compiled
def _generate(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    sharp: bool,
    live: BoolArray,
    polygon: FloatArray,
    size: int,
    threats: FloatArray,
    room: float,
    band: float,
    points: FloatArray,
) -> int:
    """Fill `points` with what profiles generate; return their number.

    `sharp` keeps what follows where a player is indifferent, up to `band`, if that is enough, as
    in Abreu and Sannikov: if all that a profile generates is in the polygon, up to `room`.
    """
    count = 0
    half, part = np.empty((2 * CORNERS, 2)), np.empty((2 * CORNERS, 2))
    strip = np.empty((2 * CORNERS, 2))
    for a in range(len(payoffs)):
        if not live[a]:
            continue
        one, two = threats[0] + wanted[a, 0], threats[1] + wanted[a, 1]
        if count + 3 * size + 12 > len(points):
            return -1
        if sharp and payoffs[a, 0] >= one and payoffs[a, 1] >= two:
            points[count, 0], points[count, 1] = payoffs[a, 0], payoffs[a, 1]
            count += 1
            continue
        some = _clip(polygon, size, -1.0, 0.0, -one, half)
        some = _clip(half, some, 0.0, -1.0, -two, part)
        live[a] = some > 0
        first, inside = count, sharp
        for k in range(some):
            for who in range(2):
                points[count, who] = (1.0 - discounts[who]) * payoffs[a, who] + discounts[
                    who
                ] * part[k, who]
            if inside and _apart(polygon, size, points[count, 0], points[count, 1]) > room:
                inside = False
            count += 1
        if inside:
            count = first
            for axis in range(2):
                if axis == 0:
                    near = _clip(part, some, 1.0, 0.0, one + band, strip)
                else:
                    near = _clip(part, some, 0.0, 1.0, two + band, strip)
                for k in range(near):
                    for who in range(2):
                        points[count, who] = (1.0 - discounts[who]) * payoffs[a, who] + discounts[
                            who
                        ] * strip[k, who]
                    count += 1
    return count


@compiled
def _projected(
    points: FloatArray, count: int, directions: FloatArray, polygon: FloatArray, half: FloatArray
) -> tuple[int, float]:
    """Fill `polygon` with the polygon of the given edge directions around points."""
    polygon[0], polygon[1] = (-3.0, -3.0), (4.0, -3.0)
    polygon[2], polygon[3] = (4.0, 4.0), (-3.0, 4.0)
    size, lost = 4, 0.0
    for k in range(len(directions)):
        x, y = directions[k, 0], directions[k, 1]
        bound = -np.inf
        for j in range(count):
            bound = max(bound, x * points[j, 0] + y * points[j, 1])
        # What lies beyond by what was lost so far may be needed to hold points within.
        bound += lost * (abs(x) + abs(y)) + ROUNDING
        size = _clip(polygon, size, x, y, bound, half)
        polygon[:size] = half[:size]
        lost += ROUNDING
    return size, lost


@compiled
def _touching(
    points: FloatArray, count: int, directions: FloatArray, polygon: FloatArray, half: FloatArray
) -> tuple[int, float]:
    """Fill `polygon` with the hull of those points that are farthest in the given directions."""
    for k in range(len(directions)):
        best, place = -np.inf, 0
        for j in range(count):
            far = directions[k, 0] * points[j, 0] + directions[k, 1] * points[j, 1]
            if far > best:
                best, place = far, j
        half[k, 0], half[k, 1] = points[place, 0], points[place, 1]
    return _hull(half, len(directions), polygon)


@compiled
def limit(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    minmax: FloatArray,
    directions: FloatArray,
    sharp: bool,
    slack: float,
    steps: int,
    still: float,
    live: BoolArray,
    polygon: FloatArray,
) -> tuple[int, int, int, float, float]:
    """Generate sets from the feasible one on until they stay.

    Returns
    -------
    status, size, step : int
    e : float
        All equilibrium payoffs lie in the hull of ``polygon[:size]``, widened by this; with
        `slack`, by which deviations must cost more, nothing of the kind is claimed.
    moved : float
        How far the last step led.
    """
    n = len(payoffs)
    most = max(discounts[0], discounts[1])
    margin = 16.0 * ROUNDING / (1.0 - most)
    proved = slack == 0.0
    e = 2.0 * (margin + 8.0 * ROUNDING) / (1.0 - most) if proved else 0.0
    if not proved:
        margin = 0.0
    new, old, half = np.empty((CORNERS, 2)), np.empty((CORNERS, 2)), np.empty((2 * CORNERS, 2))
    points = np.empty((max(8 * n, 4) + 40 * CORNERS, 2))
    count = n
    points[:n] = payoffs
    if discounts[0] != discounts[1]:
        low, high = np.array([np.inf, np.inf]), np.array([-np.inf, -np.inf])
        for k in range(n):
            for who in range(2):
                low[who] = min(low[who], payoffs[k, who])
                high[who] = max(high[who], payoffs[k, who])
        count = 4
        points[0, 0], points[0, 1] = low[0], low[1]
        points[1, 0], points[1, 1] = high[0], low[1]
        points[2, 0], points[2, 1] = high[0], high[1]
        points[3, 0], points[3, 1] = low[0], high[1]
    size, lost = _hull(points, count, polygon)
    threats = minmax.copy()
    moved, slowest, since = np.inf, np.inf, 0
    for step in range(1, steps + 1):
        lowered = threats.copy()
        for who in range(2):
            if proved:
                lowered[who] -= e + margin + ROUNDING
        extra = wanted
        if not proved:
            extra = wanted + slack * (wanted > 0.0)
        count = _generate(
            payoffs, extra, discounts, sharp, live, polygon, size, lowered,
            (1.0 - most) * margin - 2.0 * ROUNDING if proved else np.inf,
            2.0 * (e + margin + 2.0 * ROUNDING) if proved else _STILL, points,
        )  # fmt: skip
        if count < 0:
            return FULL, size, step, e, moved
        if count == 0:
            return EMPTY, 0, step, e, moved
        old[:size] = polygon[:size]
        before = size
        if len(directions) and proved:
            size, lost = _projected(points, count, directions, new, half)
        elif len(directions):
            size, lost = _touching(points, count, directions, new, half)
        else:
            size, lost = _hull(points, count, new)
            if size < 0:
                return FULL, before, step, e, moved
            if size > CORNERS // 3:
                size, more = _merged(new, size, CORNERS // 3)
                lost += more
        polygon[:size] = new[:size]
        if proved:
            e = max(e, most * (e + margin) + lost + 2.0 * ROUNDING)
        for who in range(2):
            least = np.inf
            for k in range(size):
                least = min(least, polygon[k, who])
            # What is claimed of nothing follows the set, which may also grow.
            threats[who] = max(threats[who], least - e) if proved else least
        moved = _moved(old, before, polygon, size)
        if not proved:
            moved = max(moved, _moved(polygon, size, old, before))
        if 2.0 * moved <= slowest:
            slowest, since = moved, step
        if moved <= still:
            return SETTLED, size, step, e, moved
        if step - since > 60 and moved < 1e-9:
            return STOPPED, size, step, e, moved
    return STOPPED, size, steps, e, moved


@compiled
def explain(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    live: BoolArray,
    corners: FloatArray,
    near: float,
    found: IntArray,
) -> bool:
    """Fill `found` with how each corner comes about, up to `near`; False if one does not.

    A row holds a profile, a kind and two corners: the profile for ever (0); followed by a corner
    (1), by what makes both indifferent (2), or by the point of the edge between two corners at
    which player 1 (3) or player 2 (4) is. The simplest kind is taken.
    """
    size = len(corners)
    threats = np.array([corners[:, 0].min(), corners[:, 1].min()])
    least = np.empty(2)
    for i in range(size):
        found[i, 1] = 9
        for a in range(len(payoffs)):
            if not live[a]:
                continue
            x = (corners[i, 0] - (1.0 - discounts[0]) * payoffs[a, 0]) / discounts[0]
            y = (corners[i, 1] - (1.0 - discounts[1]) * payoffs[a, 1]) / discounts[1]
            least[0], least[1] = threats[0] + wanted[a, 0], threats[1] + wanted[a, 1]
            if x < least[0] - near or y < least[1] - near:
                continue
            if _apart(corners, size, x, y) > near:
                continue
            kind, one, two = 9, 0, 0
            if abs(x - payoffs[a, 0]) <= near and abs(y - payoffs[a, 1]) <= near:
                kind = 0
            for j in range(size):
                if kind > 1 and abs(x - corners[j, 0]) <= near and abs(y - corners[j, 1]) <= near:
                    kind, one = 1, j
            if kind > 2 and x - least[0] <= near and y - least[1] <= near:
                kind = 2
            for axis in range(2):
                if kind > 2 and (x if axis == 0 else y) - least[axis] <= near:
                    for j in range(size):
                        k = j + 1 if j + 1 < size else 0
                        across = abs(corners[j, axis] - corners[k, axis])
                        if across > near and _apart(corners[np.array([j, k])], 2, x, y) <= near:
                            kind, one, two = 3 + axis, j, k
                            break
            if kind < found[i, 1]:
                found[i, 0], found[i, 1], found[i, 2], found[i, 3] = a, kind, one, two
        if found[i, 1] == 9:
            return False
    return True


@compiled
def smaller(polygon: FloatArray, normals: FloatArray, bounds: FloatArray) -> FloatArray:
    """Return the corners of the part of a polygon within ``normals . point <= bounds``."""
    here, there = np.empty((2 * CORNERS, 2)), np.empty((2 * CORNERS, 2))
    size = len(polygon)
    here[:size] = polygon
    for k in range(len(normals)):
        size = _clip(here, size, normals[k, 0], normals[k, 1], bounds[k], there)
        here[:size] = there[:size]
    found = np.empty((CORNERS, 2))
    if size == 0:
        return found[:0]
    size, _ = _hull(here, size, found)
    return found[: max(size, 0)].copy()


@compiled
def following(
    payoffs: FloatArray,
    wanted: FloatArray,
    polygon: FloatArray,
    margin: float,
    found: FloatArray,
) -> int:
    """Fill `found` with a profile and what may follow it, the corners of all that does, in rows.

    What follows must exceed what deters by `margin`.
    """
    count, size = 0, len(polygon)
    half, part = np.empty((2 * CORNERS, 2)), np.empty((2 * CORNERS, 2))
    for a in range(len(payoffs)):
        one = polygon[:, 0].min() + wanted[a, 0] + margin
        two = polygon[:, 1].min() + wanted[a, 1] + margin
        some = _clip(polygon, size, -1.0, 0.0, -one, half)
        some = _clip(half, some, 0.0, -1.0, -two, part)
        for k in range(some):
            if count < len(found):
                found[count, 0], found[count, 1], found[count, 2] = a, part[k, 0], part[k, 1]
                count += 1
    return count


@compiled
def _image(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    how: IntArray,
    lowest: IntArray,
    corners: FloatArray,
    found: FloatArray,
) -> None:
    """Fill `found` with what the rows of `explain` make of corners."""
    threats, later = np.empty(2), np.empty(2)
    for who in range(2):
        a, kind = how[lowest[who], 0], how[lowest[who], 1]
        if kind in (2, 3 + who):
            rate = discounts[who] / (1.0 - discounts[who])
            threats[who] = payoffs[a, who] + rate * wanted[a, who]
        else:
            threats[who] = corners[lowest[who], who]
    for i in range(len(how)):
        a, kind, one, two = how[i]
        if kind == 0:
            later[:] = payoffs[a]
        elif kind == 1:
            later[:] = corners[one]
        else:
            later[:] = threats + wanted[a]
            if kind > 2:
                axis = kind - 3
                share = (later[axis] - corners[one, axis]) / (
                    corners[two, axis] - corners[one, axis]
                )
                far = corners[two, 1 - axis] - corners[one, 1 - axis]
                later[1 - axis] = corners[one, 1 - axis] + share * far
        for who in range(2):
            found[i, who] = (1.0 - discounts[who]) * payoffs[a, who] + discounts[who] * later[who]


@compiled
def slopes(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    how: IntArray,
    lowest: IntArray,
    start: FloatArray,
) -> FloatArray:
    """Return the matrix of slopes of ``corners - image``, by differences."""
    n, small = 2 * len(start), 1e-7
    found = np.eye(n)
    up, down, moved = np.empty_like(start), np.empty_like(start), start.copy()
    for k in range(n):
        i, who = k // 2, k % 2
        moved[i, who] = start[i, who] + small
        _image(payoffs, wanted, discounts, how, lowest, moved, up)
        moved[i, who] = start[i, who] - small
        _image(payoffs, wanted, discounts, how, lowest, moved, down)
        moved[i, who] = start[i, who]
        for j in range(n):
            found[j, k] -= (up[j // 2, j % 2] - down[j // 2, j % 2]) / (2.0 * small)
    return found


@compiled
def _cost(
    k: int,
    a: int,
    pair: FloatArray,
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
) -> float:
    """Return what a pair of normals proves for a profile at t = 0, less the bound."""
    low = normals[k, 0] * now[a, 0] + normals[k, 1] * now[a, 1] - bounds[k]
    for side in range(2):
        j = int(pair[side])
        right = bounds[j]
        if j in (2, 3):
            right -= wanted[a, j - 2]
        low += pair[2 + side] * right
    return low


@compiled
def _choose(
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
    pairs: FloatArray,
    first: IntArray,
    excess: FloatArray,
    far: float,
    chosen: IntArray,
    low: FloatArray,
) -> bool:
    """Choose for each normal and profile the pair with which D(1) generates least."""
    for k in range(len(normals)):
        for a in range(len(now)):
            best, chosen[k, a] = np.inf, -1
            for p in range(first[k], first[k + 1]):
                own = _cost(k, a, pairs[p], normals, bounds, now, wanted)
                if own > far:
                    continue
                cost = (
                    pairs[p, 2] * excess[int(pairs[p, 0])] + pairs[p, 3] * excess[int(pairs[p, 1])]
                )
                if own < -far:
                    cost += own
                if cost < best:
                    best, chosen[k, a], low[k, a] = cost, p, own
            if chosen[k, a] < 0:
                return False
    return True


@compiled
def _grown(
    pairs: FloatArray,
    chosen: IntArray,
    low: FloatArray,
    far: float,
    excess: FloatArray,
    found: FloatArray,
) -> None:
    """Fill in how far what is generated reaches beyond each edge if D(1) does by `excess`."""
    for k in range(len(chosen)):
        found[k] = 0.0
        for a in range(chosen.shape[1]):
            pair = pairs[chosen[k, a]]
            cost = pair[2] * excess[int(pair[0])] + pair[3] * excess[int(pair[1])]
            if low[k, a] < -far:
                cost += low[k, a]
            found[k] = max(found[k], cost)


@compiled
def duals(
    normals: FloatArray,
    bounds: FloatArray,
    now: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    least: FloatArray,
    far: float,
    largest: float,
    rounds: int,
    one: IntArray,
    two: IntArray,
    low: FloatArray,
) -> FloatArray:
    """Choose pairs of normals that prove a polygon to hold what shrinks towards it.

    Fills, for each normal and profile, the pair `one` and `two` by which the discounted normal is
    written, and what it proves at t = 0, `low`. Returns distances c that shrink, none if there are
    no such pairs or distances.
    """
    n = len(normals)
    none = np.empty(0)
    pairs, first = np.empty((n * n * (n - 1) // 2, 4)), np.zeros(n + 1, dtype=np.int64)
    count = 0
    for k in range(n):
        x, y = discounts[0] * normals[k, 0], discounts[1] * normals[k, 1]
        for j in range(n):
            for m in range(j + 1, n):
                area = normals[j, 0] * normals[m, 1] - normals[j, 1] * normals[m, 0]
                if abs(area) <= 1e-12:
                    continue
                a = (x * normals[m, 1] - y * normals[m, 0]) / area
                b = (normals[j, 0] * y - normals[j, 1] * x) / area
                if -far < a < largest and -far < b < largest:
                    pairs[count, 0], pairs[count, 1] = j, m
                    pairs[count, 2], pairs[count, 3] = max(a, 0.0), max(b, 0.0)
                    count += 1
        first[k + 1] = count
    chosen = np.empty((n, len(now)), dtype=np.int64)
    total, part, new = least.copy(), least.copy(), np.empty(n)
    if not _choose(normals, bounds, now, wanted, pairs, first, least, far, chosen, low):
        return none
    for _ in range(rounds):
        _grown(pairs, chosen, low, far, part, new)
        part[:] = new
        total += part
        if part.max() <= 1e-3 * least.min():
            break
    if not _choose(normals, bounds, now, wanted, pairs, first, total, far, chosen, low):
        return none
    _grown(pairs, chosen, low, far, total, new)
    for k in range(n):
        if not new[k] < total[k] * (1.0 - 1e-7):
            return none
        for a in range(len(now)):
            one[k, a] = int(pairs[chosen[k, a], 0])
            two[k, a] = int(pairs[chosen[k, a], 1])
    return total
