"""Payoff sets of many repeated games: an outer polygon each, and how near an inner one is proved.

Uses the loops of single games, `solvers._kernels.repeated`, which bound all rounding. The inner
polygon comes from deviations that cost a little more than they need; its edges are moved inward, so
that it lies in what it generates by far more than rounding, which is checked here in floats.
`alignment_games.batch.repeated` calls `enclose_games`.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._typing import BoolArray, FloatArray, IntArray, StatusArray
from ..solvers._kernels.repeated import (
    CORNERS,
    EMPTY,
    ROUNDING,
    SETTLED,
    STOPPED,
    _apart,
    _hull,
    following,
    limit,
    smaller,
)
from ..solvers._kernels.repeated_duals import duals
from .kernels import BAD_INPUT, DEGENERATE, OK

__all__ = ["ROOM", "enclose_games"]

ROOM = 200
"""Corners of a game's polygon, at most."""
_FAR = 1e-9
_CERTAIN = 16.0 * ROUNDING
"""Above, what is compared in floats is certain."""
_EDGES = 64
"""With more, no inner polygon is looked for."""


@compiled
def _scaled(
    own: FloatArray,
    turned: bool,
    discount: float,
    who: int,
    payoffs: FloatArray,
    wanted: FloatArray,
) -> tuple[float, float, float]:
    """Fill in a player's payoffs and what must follow, scaled to [0, 1], profiles in rows.

    Returns the lowest payoff, the largest difference, 1 if there is none, and the pure minmax.
    """
    m, n = own.shape
    low, high = own.min(), own.max()
    span = high - low if high > low else 1.0
    price = (1.0 - discount) / discount
    minmax = np.inf
    for other in range(m if turned else n):
        best = (own[other].max() if turned else own[:, other].max()) - low
        minmax = min(minmax, best / span)
        for mine in range(n if turned else m):
            i, j = (other, mine) if turned else (mine, other)
            payoffs[i * n + j, who] = (own[i, j] - low) / span
            gain = best - (own[i, j] - low)
            wanted[i * n + j, who] = price * gain / span
    return low, span, minmax


@compiled
def _inward(
    corners: FloatArray,
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    live: BoolArray,
    slack: float,
) -> FloatArray:
    """Return a polygon whose edges are moved inward so that what it generates moves less."""
    size, n = len(corners), 0
    for a in range(len(live)):
        n += int(live[a])
    normals, bounds = np.empty((size + 4, 2)), np.empty(size + 4)
    normals[:4] = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    for k in range(size):
        other = k + 1 if k + 1 < size else 0
        across = corners[other, 0] - corners[k, 0]
        up = corners[other, 1] - corners[k, 1]
        length = max(abs(across), abs(up))
        normals[4 + k, 0], normals[4 + k, 1] = up / length, -across / length
    for k in range(size + 4):
        bounds[k] = -np.inf
        for j in range(size):
            far = normals[k, 0] * corners[j, 0] + normals[k, 1] * corners[j, 1]
            bounds[k] = max(bounds[k], far)
    now, more = np.empty((n, 2)), np.empty((n, 2))
    row = 0
    for a in range(len(live)):
        if live[a]:
            for who in range(2):
                now[row, who] = (1.0 - discounts[who]) * payoffs[a, who]
                more[row, who] = wanted[a, who] + (slack if wanted[a, who] > 0.0 else 0.0)
            row += 1
    shape = (size + 4, n)
    one, two = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    distances = duals(
        normals, bounds, now, more, discounts, np.ones(size + 4), _FAR, 1e4, 2000, one, two,
        np.empty(shape),
    )  # fmt: skip
    if len(distances) == 0:
        return corners[:0]
    return smaller(corners, normals, bounds - slack / 8.0 * distances / distances.max())


@compiled
def _lies_within(
    corners: FloatArray, payoffs: FloatArray, wanted: FloatArray, discounts: FloatArray
) -> bool:
    """Tell whether a polygon certainly lies in what it generates."""
    rows = np.empty((len(payoffs) * (len(corners) + 4), 3))
    count = following(payoffs, wanted, corners, _CERTAIN, rows)
    points, found = np.empty((count, 2)), np.empty((CORNERS, 2))
    for k in range(count):
        a = int(rows[k, 0])
        for who in range(2):
            rate = discounts[who]
            points[k, who] = (1.0 - rate) * payoffs[a, who] + rate * rows[k, 1 + who]
    if count < 3:
        return False
    size, _ = _hull(points, count, found)
    if size < 3:
        return False
    for j in range(len(corners)):
        for k in range(size):
            other = k + 1 if k + 1 < size else 0
            across, up = found[other, 0] - found[k, 0], found[other, 1] - found[k, 1]
            turn = across * (corners[j, 1] - found[k, 1]) - up * (corners[j, 0] - found[k, 0])
            if turn < _CERTAIN * np.hypot(across, up):
                return False
    return True


@compiled
def _attained(
    payoffs: FloatArray,
    wanted: FloatArray,
    discounts: FloatArray,
    minmax: FloatArray,
    sharp: bool,
    slack: float,
    steps: int,
    found: FloatArray,
) -> int:
    """Fill `found` with corners of a polygon that is certainly attained; return their number."""
    count = 0
    points = np.empty((2 * len(payoffs) + CORNERS, 2))
    for a in range(len(payoffs)):
        if wanted[a, 0] == 0.0 and wanted[a, 1] == 0.0:
            points[count] = payoffs[a]
            count += 1
    live, polygon = np.ones(len(payoffs), dtype=np.bool_), np.empty((CORNERS, 2))
    still = slack * (1.0 - max(discounts[0], discounts[1])) * 1e-4
    status, size, _, _, _ = limit(
        payoffs, wanted, discounts, minmax, np.empty((0, 2)), sharp, slack, steps, still, live,
        polygon,
    )  # fmt: skip
    if status == SETTLED and 2 < size <= _EDGES:
        corners = _inward(polygon[:size].copy(), payoffs, wanted, discounts, live, slack)
        if len(corners) > 2 and _lies_within(corners, payoffs, wanted, discounts):
            points[count : count + len(corners)] = corners
            count += len(corners)
    if count == 0:
        return 0
    worst = np.array([points[:count, 0].min(), points[:count, 1].min()]) + _CERTAIN
    for a in range(len(payoffs)):
        if payoffs[a, 0] >= worst[0] + wanted[a, 0] and payoffs[a, 1] >= worst[1] + wanted[a, 1]:
            points[count] = payoffs[a]
            count += 1
    size, _ = _hull(points, count, found)
    return size


@compiled
def _apart_from(outer: FloatArray, size: int, inner: FloatArray, count: int, e: float) -> float:
    """Return a bound of how far what `e` widens one polygon to reaches outside another."""
    most = 0.0
    for k in range(size):
        most = max(most, _apart(inner, count, outer[k, 0], outer[k, 1]))
    return most + 1.5 * e + _CERTAIN


@compiled
def _plain(corners: FloatArray, count: int, near: float) -> int:
    """Leave out corners near the chord of their neighbors, never two in a row; return the rest."""
    kept, dropped = 0, False
    for k in range(count):
        drop = False
        if count > 2 and not dropped and (kept or k < count - 1):
            before = corners[kept - 1] if kept else corners[count - 1]
            after = corners[k + 1] if k + 1 < count else corners[0]
            chord = np.empty((2, 2))
            chord[0], chord[1] = before, after
            drop = _apart(chord, 2, corners[k, 0], corners[k, 1]) <= near
        if not drop:
            corners[kept] = corners[k]
            kept += 1
        dropped = drop
    return kept


@compiled
def enclose_games(
    row: FloatArray,
    column: FloatArray,
    discounts: FloatArray,
    max_error: float,
    slacks: FloatArray,
    steps: int,
    status: StatusArray,
    count: IntArray,
    error: FloatArray,
    corners: FloatArray,
) -> None:
    """Fill in statuses, numbers of corners, errors (scaled) and corners of games."""
    n = row.shape[1] * row.shape[2]
    payoffs, wanted, minmax = np.empty((n, 2)), np.empty((n, 2)), np.empty(2)
    outer, inner = np.empty((CORNERS, 2)), np.empty((CORNERS, 2))
    for g in range(len(row)):
        count[g], error[g], status[g] = 0, np.inf, BAD_INPUT
        if not (np.isfinite(row[g]).all() and np.isfinite(column[g]).all()):
            continue
        low, span, minmax[0] = _scaled(row[g], False, discounts[g, 0], 0, payoffs, wanted)
        low_two, span_two, minmax[1] = _scaled(column[g], True, discounts[g, 1], 1, payoffs, wanted)
        if not (np.isfinite(span) and np.isfinite(span_two)):
            continue
        sharp = discounts[g, 0] == discounts[g, 1]
        live = np.ones(n, dtype=np.bool_)
        end, size, _, e, _ = limit(
            payoffs, wanted, discounts[g], minmax, np.empty((0, 2)), sharp, 0.0, steps, 3e-15,
            live, outer,
        )  # fmt: skip
        status[g] = DEGENERATE
        # Corners as near to the one before, or to the chord of their neighbors, are left out.
        near = min(64.0 * e, max_error / 16.0)
        if end == EMPTY:
            status[g], error[g] = OK, 0.0
            continue
        if end not in (SETTLED, STOPPED):
            continue
        for own in range(len(slacks)):
            some = _attained(
                payoffs, wanted, discounts[g], minmax, sharp, slacks[own], steps, inner
            )
            if some:
                apart = _apart_from(outer, size, inner, some, e) + 6.0 * near
                error[g] = min(error[g], apart)
            if error[g] <= max_error:
                status[g] = OK
                break
        for k in range(size):
            far = 1.0
            if count[g]:
                last = count[g] - 1
                far = max(
                    abs(outer[k, 0] - corners[g, last, 0]), abs(outer[k, 1] - corners[g, last, 1])
                )
            if far > near:
                corners[g, count[g]] = outer[k]
                count[g] += 1
        for _ in range(2):
            count[g] = _plain(corners[g], count[g], near)
        for k in range(count[g]):
            corners[g, k, 0] = low + span * corners[g, k, 0]
            corners[g, k, 1] = low_two + span_two * corners[g, k, 1]
