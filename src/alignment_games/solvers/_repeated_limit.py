"""The limit of the sets that a repeated game's profiles generate, found in floating point.

The loops are in `_kernels.repeated`; here payoffs are scaled to [0, 1], player by player, and
what the loops prove is said in rational numbers again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._typing import BoolArray, FloatArray
from ._polygons import Corner, Polygon, hull
from ._self_generation import Profile, Setting

__all__ = ["GRID", "NO_DIRECTIONS", "Limit", "Scale", "certain", "find_limit", "scale_of"]

GRID = 1 << 50
"""Coordinates are multiples of one over this, scaled, as in `_kernels.repeated`."""
NO_DIRECTIONS = np.empty((0, 2))
_SHORT = 256
"""Edges that are shorter, over what rounding may add up to, come from it."""
_WIDEST = 2.8
"""Largest angle between neighboring sides."""
_MOST_PATIENT = Fraction(999, 1000)
"""Above, what rounding may add up to in floating point is too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A repeated game's numbers with payoffs in [0, 1], as floats.

    Attributes
    ----------
    low, span : pair of Fraction
        A payoff is ``low + span`` times its scaled value.
    payoffs, wanted : ndarray of float64, shape (n_profiles, 2)
        See `Profile`.
    discounts, minmax : ndarray of float64, shape (2,)
    """

    low: Corner
    span: Corner
    payoffs: FloatArray
    wanted: FloatArray
    discounts: FloatArray
    minmax: FloatArray

    def payoff(self, x: float, y: float) -> Corner:
        """Return a scaled point in the game's own units, exactly."""
        return (
            self.low[0] + self.span[0] * Fraction(float(x)),
            self.low[1] + self.span[1] * Fraction(float(y)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Where the sets lead to.

    Attributes
    ----------
    corners : ndarray of float64, shape (n, 2)
        Corners of the last set, scaled; none if it is empty.
    excess : float
        All equilibrium payoffs lie within this, in each coordinate, of the corners' hull.
    live : ndarray of bool, shape (n_profiles,)
        Profiles that may be played at all.
    steps : int
    settled : bool
        Whether the last set has stopped moving.
    usable : bool
        False if there was no room for the corners.
    """

    corners: FloatArray
    excess: float
    live: BoolArray
    steps: int
    settled: bool
    usable: bool

    def around(self, scale: Scale) -> Polygon:
        """Return a polygon that holds all equilibrium payoffs, in the game's own units.

        Its sides are tangents of the corners' hull, widened by a square as wide as `excess`
        says: those along its edges, without very short ones.
        """
        if not len(self.corners):
            return ()
        corners = hull((round(x * GRID), round(y * GRID)) for x, y in self.corners.tolist())
        wide = math.ceil(self.excess * GRID) + 1
        normals = _tangents(corners, _SHORT * wide)
        bounds = [
            max(x * a + y * b for a, b in corners) + wide * (abs(x) + abs(y)) for x, y in normals
        ]
        found = []
        for k, (x, y) in enumerate(normals):
            (c, d), bound, other = normals[k - 1], bounds[k], bounds[k - 1]
            area = c * y - x * d
            found.append(
                (Fraction(other * y - bound * d, area), Fraction(bound * c - other * x, area))
            )
        (left, bottom), (one, two) = scale.low, scale.span
        return hull((left + one * x / GRID, bottom + two * y / GRID) for x, y in found)


def _tangents(corners: Sequence[Corner], short: int) -> list[tuple[int, int]]:
    """Return outward normals by their angles: of edges that are not short, and what is missing."""
    found = {
        (int(d - b), int(a - c))
        for (a, b), (c, d) in zip(corners, (*corners[1:], corners[0]), strict=True)
        if max(abs(a - c), abs(b - d)) > short
    }
    normals = sorted(found, key=_angle)
    if any(
        not 0 < (_angle(other) - _angle(own)) % math.tau < _WIDEST
        for own, other in zip(normals, (*normals[1:], *normals[:1]), strict=True)
    ):
        # Tangents that are nearly parallel, or too few, meet far away.
        normals = sorted({*found, (1, 0), (0, 1), (-1, 0), (0, -1)}, key=_angle)
    elif not normals:
        normals = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    same: list[tuple[int, int]] = []
    for x, y in normals:
        if not (
            same and same[-1][0] * y == same[-1][1] * x and same[-1][0] * x + same[-1][1] * y > 0
        ):
            same.append((x, y))
    return same


def _angle(normal: tuple[int, int]) -> float:
    return math.atan2(normal[1], normal[0])


_CAP = 10**300
"""Larger floats would overflow."""


def scale_of(view: Setting) -> Scale:
    """Return a game's numbers with payoffs in [0, 1], each rounded once."""

    def scaled(value: Fraction, who: int) -> float:
        # Integers are divided with one rounding, and faster than Fractions.
        (top, bottom), (least, below) = value.as_integer_ratio(), low[who].as_integer_ratio()
        wide, under = span[who].as_integer_ratio()
        return (top * below - least * bottom) * under / (bottom * below * wide)

    every = [own.payoffs for own in view.profiles]
    low = min(own[0] for own in every), min(own[1] for own in every)
    span = (
        max(own[0] for own in every) - low[0] or Fraction(1),
        max(own[1] for own in every) - low[1] or Fraction(1),
    )
    return Scale(
        low=low,
        span=span,
        payoffs=np.array(
            [[scaled(own.payoffs[who], who) for who in (0, 1)] for own in view.profiles]
        ),
        wanted=np.array([_wanted(own, span) for own in view.profiles]),
        discounts=np.array([float(own) for own in view.discounts]),
        minmax=np.array([scaled(view.minmax[who], who) for who in (0, 1)]),
    )


def _wanted(profile: Profile, span: Corner) -> Sequence[float]:
    # A reward above the cap, which a tiny discount factor asks for, is out of reach all the same.
    return [
        min(own.numerator * wide.denominator, _CAP * own.denominator * wide.numerator)
        / (own.denominator * wide.numerator)
        for own, wide in zip(profile.wanted, span, strict=True)
    ]


def find_limit(
    scale: Scale,
    *,
    sharp: bool,
    steps: int,
    directions: FloatArray = NO_DIRECTIONS,
    slack: float = 0.0,
    still: float = 3e-15,
) -> Limit:
    """Generate sets one from the other, from the feasible payoffs on.

    Parameters
    ----------
    scale : Scale
    sharp : bool
        Whether to keep only the points that Abreu and Sannikov need; for equal discount factors.
    steps : int
    directions : ndarray of float64, shape (n, 2)
        Normals of the only edges that sets may have; of any kind if there are none.
    slack : float
        By how much more than needed deviations must cost where they bring a gain, scaled. Nothing
        is then claimed of the set.
    still : float
        Movement that ends it, scaled.
    """
    from ._kernels import repeated as loops

    polygon = np.empty((loops.CORNERS, 2))
    live = np.ones(len(scale.payoffs), dtype=np.bool_)
    status, size, done, excess, _ = loops.limit(
        scale.payoffs, scale.wanted, scale.discounts, scale.minmax, directions, sharp, slack,
        steps, still, live, polygon,
    )  # fmt: skip
    return Limit(
        corners=polygon[:size].copy(),
        excess=excess,
        live=live,
        steps=done,
        settled=status in (loops.SETTLED, loops.EMPTY),
        usable=status != loops.FULL,
    )


def certain(view: Setting) -> bool:
    """Tell whether floating point will do for a game's discount factors."""
    return max(view.discounts) <= _MOST_PATIENT
