"""Tubes: what the logit equations can be over a stretch of precisions, and Newton's map there.

A tube is a stretch of precisions and, around a straight line over it, a box. All ranges hold the
values of all games whose payoffs are rounded to those given, and the errors of the loops
themselves. Indices are those of `alignment_games.batch._logit_system`.
"""

from __future__ import annotations

import math

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray

__all__ = ["ROUNDING", "bound_tube", "deviation", "newton_box", "ranges"]

ROUNDING = 2e-15
"""Relative error of a sum of up to four products of probabilities and differences."""


@compiled
def ranges(
    values: FloatArray, precision: float, moves: FloatArray, low: FloatArray, high: FloatArray
) -> None:
    """Fill the range of each logit probability where the log-odds of pairs move by `moves`."""
    count = values.size
    for i in range(count):
        low[i], high[i] = 1.0, 1.0  # sums of the odds of the others against i
    pair = 0
    for i in range(count):
        for k in range(i + 1, count):
            odds = precision * (values[k] - values[i])
            most, least = math.exp(odds + moves[pair]), math.exp(odds - moves[pair])
            low[i] += most
            high[i] += least
            low[k] += 1.0 / least if least > 0.0 else np.inf
            high[k] += 1.0 / most
            pair += 1
    for i in range(count):
        low[i] = (1.0 - ROUNDING) / low[i]
        high[i] = min(1.0, (1.0 + ROUNDING) / high[i]) + 1e-300


@compiled
def deviation(center: float, low: float, high: float) -> float:
    return max(high - center, center - low)


@compiled
def bound_tube(
    swing: FloatArray,
    cross: FloatArray,
    errors: tuple[float, float],
    precision: float,
    half: float,
    gains: FloatArray,
    x: FloatArray,
    worth: FloatArray,
    z: FloatArray,
    slopes: FloatArray,
    tangent: FloatArray,
    radius: FloatArray,
    work: FloatArray,
    spread: FloatArray,
    room: FloatArray,
) -> None:
    """Bound everything within `half` of a precision, along `tangent`, up to `radius` beside it.

    Parameters
    ----------
    errors : of a difference of payoffs, for both players
    gains, x, worth, z, slopes : what `respond` and `linearize` left
    spread : filled, by how much the entries of `linearize`'s `matrix` vary
    room : filled, row 0 how fast the equations are left along the tangent, at most, row 1 how
        far they are in error
    """
    m, n = x.size, z.size
    error_a, error_b = errors
    largest, least = precision + half, precision - half
    rates, doubts, moves, low, high = work[0], work[1], work[2], work[3], work[4]
    far, vague, pushes, drift = work[5], work[6], work[7], work[8]
    bent, shaken = work[9:15], work[15]
    shift = 0.0
    for j in range(1, n):
        shift += abs(tangent[j])
    own = 0
    for i in range(m):
        for k in range(i + 1, m):
            along, beside = 0.0, 0.0
            for j in range(1, n):
                along += swing[own, j] * tangent[j]
                beside += abs(swing[own, j]) * radius[j]
            rates[own] = gains[i] - gains[k] + precision * along
            doubts[own] = 2.0 * half * abs(along) + beside + error_a * (1.0 + 2.0 * largest * shift)
            moves[own] = half * (abs(rates[own]) + doubts[own])
            moves[own] += largest * (beside + 3.0 * error_a)
            own += 1
    ranges(gains, precision, moves, low, high)
    own = 0
    for i in range(m):
        for k in range(i + 1, m):
            far[own] = high[i] * high[k]
            own += 1
    other = 0
    for p in range(n):
        for q in range(p + 1, n):
            drift[other] = worth[p] - worth[q]
            doubt = error_b
            wrong = largest * error_b
            for j in range(1, n):
                bent[other, j] = 0.0
            own = 0
            for i in range(m):
                for k in range(i + 1, m):
                    weight = x[i] * x[k]
                    lowest = low[i] * low[k]
                    factor = abs(cross[other, own])
                    wide = far[own] * largest
                    drift[other] += precision * cross[other, own] * weight * rates[own]
                    doubt += factor * far[own] * moves[own]
                    doubt += (
                        factor
                        * abs(rates[own])
                        * deviation(weight * precision, lowest * least, wide)
                    )
                    doubt += wide * (
                        factor * doubts[own] + 2.0 * error_b * (abs(rates[own]) + doubts[own])
                    )
                    wrong += factor * wide * largest * error_a
                    apart = deviation(
                        weight * precision * precision, lowest * least * least, wide * largest
                    )
                    for j in range(1, n):
                        bent[other, j] += factor * abs(swing[own, j]) * apart
                        bent[other, j] += (
                            wide
                            * largest
                            * 2.0
                            * (error_b * (abs(swing[own, j]) + 2.0 * error_a) + error_a * factor)
                        )
                    own += 1
            pushes[other] = half * (abs(drift[other]) + doubt) + wrong
            for j in range(1, n):
                pushes[other] += (abs(slopes[other, j]) + bent[other, j]) * radius[j]
            vague[other] = doubt
            shaken[other] = wrong
            other += 1
    ranges(worth, precision, pushes, low, high)
    for p in range(1, n):
        room[0, p] = tangent[p]
        room[1, p] = 4.0 * ROUNDING * high[p]
        doubts[p] = 0.0
        for j in range(1, n):
            spread[p, j] = 0.0
    other = 0
    for p in range(n):
        for q in range(p + 1, n):
            center = z[p] * z[q]
            most = high[p] * high[q]
            apart = deviation(center, low[p] * low[q], most)
            doubt = center * vague[other] + apart * (abs(drift[other]) + vague[other])
            for r, sign in ((p, 1.0), (q, -1.0)):
                if r > 0:
                    room[0, r] -= sign * center * drift[other]
                    doubts[r] += doubt
                    room[1, r] += most * shaken[other]
                    for j in range(1, n):
                        spread[r, j] += center * bent[other, j] + apart * (
                            abs(slopes[other, j]) + bent[other, j]
                        )
            other += 1
    for p in range(1, n):
        room[0, p] = abs(room[0, p]) + doubts[p]


@compiled
def newton_box(
    inverse: FloatArray,
    matrix: FloatArray,
    spread: FloatArray,
    room: FloatArray,
    half: float,
    left: FloatArray,
    radius: FloatArray,
    image: FloatArray,
    shares: FloatArray,
) -> float:
    """Fill the box that Newton's map sends the box `radius` into; return the share of it.

    `left` is what the equations leave at the center. `shares` becomes how far the map moves per
    coordinate. The share is that of the box which the map would make of it, were the center a
    solution: below 1, the map is a contraction.
    """
    share = 0.0
    for j in range(1, radius.size):
        moved, shrunk = 0.0, 0.0
        for p in range(1, radius.size):
            moved += abs(inverse[j, p]) * (abs(left[p]) + half * room[0, p] + room[1, p])
            rest = 1.0 if j == p else 0.0
            loose = 0.0
            for r in range(1, radius.size):
                rest -= inverse[j, r] * matrix[r, p]
                loose += abs(inverse[j, r]) * (spread[r, p] + ROUNDING * abs(matrix[r, p]))
            shares[j, p] = abs(rest) + loose
            shrunk += shares[j, p] * radius[p]
        image[j] = moved + shrunk
        share = max(share, shrunk / radius[j])
    return share
