"""The corners of a repeated game's payoffs as the solution of equations, found exactly.

Near the limit it is known how each corner comes about: a profile for ever, or followed by another
corner, or by the point of an edge at which a player is indifferent. With the worst payoffs, which
are coordinates of corners too, these are as many equations as unknowns. Where corners follow from
each other one by one, a few substitutions solve them; otherwise Newton's method does to any number
of digits, and rational solutions are recognized.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from flint import fmpq

from .._numeric import quotient
from .._typing import FloatArray, IntArray
from ._polygons import Corner
from ._rational import from_flint, to_flint
from ._repeated_limit import Limit, Scale
from ._self_generation import Setting

__all__ = ["DIGITS", "Equations", "Solution", "equations", "solve"]

Corners: TypeAlias = list[tuple[fmpq, fmpq]]

DIGITS = 320
"""Digits, in base 2, that Newton's method is carried to."""
_EARLY = 100
"""Digits from which rational corners are looked for."""
_NEWTON = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """How each corner comes about.

    Attributes
    ----------
    start : ndarray of float64, shape (n, 2)
        About where the corners are, scaled.
    how : list of (profile, kind, corner, corner)
        See `explain` in `_kernels.repeated_corners`.
    lowest : pair of int
        For each player the corner that is worst for it.
    """

    start: FloatArray
    how: list[tuple[int, int, int, int]]
    lowest: tuple[int, int]

    def settled(self, who: int) -> bool:
        """Whether a player's worst payoff follows from its own equation, as it is indifferent."""
        return self.how[self.lowest[who]][1] in (2, 3 + who)

    def depth(self) -> int | None:
        """Return in how many substitutions corners follow from each other, None if in a circle."""
        before: list[set[int]] = []
        for _, kind, one, two in self.how:
            needed = {1: {one}, 3: {one, two}, 4: {one, two}}.get(kind, set())
            for who in (0, 1):
                if kind in (2, 3 + who) and not self.settled(who):
                    needed = needed | {self.lowest[who]}
            before.append(needed)
        known: set[int] = set()
        rounds = 0
        while len(known) < len(before):
            new = {k for k, own in enumerate(before) if k not in known and own <= known}
            if not new:
                return None
            known |= new
            rounds += 1
        return rounds


def equations(scale: Scale, limit: Limit, near: float) -> Equations | None:
    """Return how the corners of a limit come about, None if that is not plain.

    Corners that are as `near`, scaled, are taken for one.
    """
    from ._kernels import repeated_corners as loops

    near = max(near, 1e3 * limit.excess)
    start = _distinct(limit.corners, near)
    found: IntArray = np.empty((len(start), 4), dtype=np.int64)
    if not loops.explain(
        scale.payoffs, scale.wanted, scale.discounts, limit.live, start, near, found
    ):
        return None
    lowest = start.argmin(axis=0)
    return Equations(
        start=start,
        how=[(a, kind, one, two) for a, kind, one, two in found.tolist()],
        lowest=(int(lowest[0]), int(lowest[1])),
    )


def _distinct(corners: FloatArray, near: float) -> FloatArray:
    """Return the corners without those that are near the one before."""
    apart = np.abs(corners - np.roll(corners, 1, axis=0)).max(axis=1) > near
    return corners[apart] if apart.any() else corners[:1]


@dataclass(frozen=True, slots=True)
class _System:
    """The equations in FLINT's numbers; `payoffs` and `wanted` are those of each corner."""

    equations: Equations
    discounts: Sequence[fmpq]
    payoffs: Sequence[Sequence[fmpq]]
    wanted: Sequence[Sequence[fmpq]]

    def threat(self, corners: Corners, who: int) -> fmpq:
        """Return a player's worst payoff; where it is indifferent, from its own equation."""
        own = self.equations.lowest[who]
        if self.equations.settled(who):
            rate = self.discounts[who]
            return self.payoffs[own][who] + rate / (1 - rate) * self.wanted[own][who]
        return corners[self.equations.lowest[who]][who]

    def image(self, corners: Corners) -> Corners:
        """Return the right sides of the equations."""
        threats = (self.threat(corners, 0), self.threat(corners, 1))
        first, second = self.discounts
        found = []
        for k, (_, kind, one, two) in enumerate(self.equations.how):
            now, wanted = self.payoffs[k], self.wanted[k]
            if kind == 0:
                found.append((now[0], now[1]))
                continue
            if kind == 1:
                later = corners[one]
            elif kind == 2:
                later = (threats[0] + wanted[0], threats[1] + wanted[1])
            else:
                axis = kind - 3
                place = threats[axis] + wanted[axis]
                start, end = corners[one], corners[two]
                way = end[axis] - start[axis]
                if way == 0:
                    return []
                other = 1 - axis
                along = start[other] + (place - start[axis]) / way * (end[other] - start[other])
                later = (place, along) if axis == 0 else (along, place)
            found.append(
                (
                    now[0] + first * (later[0] - now[0]),
                    now[1] + second * (later[1] - now[1]),
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Solution:
    """Corners in the game's own units.

    Attributes
    ----------
    corners : list of pairs of Fraction
    exact : bool
        Whether they solve the equations; otherwise they do so in `DIGITS` digits, in base 2.
    """

    corners: list[Corner]
    exact: bool


def solve(
    view: Setting, scale: Scale, system: Equations, slack: Fraction = Fraction(0)
) -> Solution | None:
    """Return the corners, None if the equations do not determine them.

    Parameters
    ----------
    view : Setting
    scale : Scale
    system : Equations
    slack : Fraction, optional
        By how much more than needed deviations must cost where they bring a gain.
    """
    used = [view.profiles[a] for a, _, _, _ in system.how]
    exact = _System(
        system,
        list(map(to_flint, view.discounts)),
        [list(map(to_flint, own.payoffs)) for own in used],
        [[to_flint(x + slack if x else x) for x in own.wanted] for own in used],
    )
    corners = _start(scale, system)
    rounds = system.depth()
    if rounds is None:
        return _newton(exact, scale, system)
    for _ in range(rounds):
        corners = exact.image(corners)
        if not corners:
            return None
    return Solution(_fractions(corners), exact=exact.image(corners) == corners)


def _newton(exact: _System, scale: Scale, system: Equations) -> Solution | None:
    """Improve the corners digit by digit, with the slopes that floats find once."""
    slopes = _slopes(scale, system)
    if slopes is None:
        return None
    span = list(map(to_flint, scale.span))
    corners = _start(scale, system)
    last, tried = 0, False
    for _ in range(_NEWTON):
        image = exact.image(corners)
        if not image:
            return None
        off = [
            (new[who] - old[who]) / span[who]
            for old, new in zip(corners, image, strict=True)
            for who in (0, 1)
        ]
        # Floats hold the residuals' leading digits, whatever their size.
        digits = -max(map(_exponent, off))
        if digits >= _EARLY and not tried:
            tried = True
            guess = _simple(corners, _EARLY // 2 - 8)
            if exact.image(guess) == guess:
                return Solution(_fractions(guess), exact=True)
        if digits >= DIGITS:
            guess = _simple(corners, DIGITS // 2 - 16)
            solved = exact.image(guess) == guess
            return Solution(_fractions(guess if solved else corners), exact=solved)
        if digits <= last:
            return None
        last = digits
        steps = (slopes @ np.array([_float(own * (1 << digits)) for own in off])).tolist()
        if not all(map(math.isfinite, steps)):
            return None
        corners = [
            (
                _rounded(x + span[0] * _dyadic(one, digits), 2 * digits + 64),
                _rounded(y + span[1] * _dyadic(two, digits), 2 * digits + 64),
            )
            for (x, y), one, two in zip(corners, steps[::2], steps[1::2], strict=True)
        ]
    return None


def _start(scale: Scale, system: Equations) -> Corners:
    (low_one, low_two), (one, two) = map(to_flint, scale.low), map(to_flint, scale.span)
    return [
        (low_one + one * fmpq(*x.as_integer_ratio()), low_two + two * fmpq(*y.as_integer_ratio()))
        for x, y in system.start.tolist()
    ]


def _slopes(scale: Scale, system: Equations) -> FloatArray | None:
    """Return the matrix that leads from residuals to steps, scaled."""
    from ._kernels import repeated_corners as loops

    how, lowest = np.array(system.how), np.array(system.lowest)
    found = loops.slopes(scale.payoffs, scale.wanted, scale.discounts, how, lowest, system.start)
    try:
        return np.asarray(np.linalg.inv(found)) if np.isfinite(found).all() else None
    except np.linalg.LinAlgError:
        return None


def _exponent(value: fmpq) -> int:
    """Return the exponent of a power of 2 above a number, very low for 0."""
    top = abs(int(value.p))
    return top.bit_length() - int(value.q).bit_length() + 1 if top else -(1 << 30)


def _float(value: fmpq) -> float:
    return quotient(int(value.p), int(value.q))  # python-flint 0.7 has no float(fmpq)


def _dyadic(value: float, digits: int) -> fmpq:
    top, bottom = value.as_integer_ratio()
    return fmpq(top, bottom << digits)


def _rounded(value: fmpq, digits: int) -> fmpq:
    return fmpq((int(value.p) << digits) // int(value.q), 1 << digits)


def _fractions(corners: Corners) -> list[Corner]:
    return [(from_flint(a), from_flint(b)) for a, b in corners]


def _simple(corners: Corners, digits: int) -> Corners:
    """Return the simplest rationals that agree with numbers in twice as many digits, about."""
    return [(_simplest(a, digits), _simplest(b, digits)) for a, b in corners]


def _simplest(value: fmpq, digits: int) -> fmpq:
    """Return the last fraction of the continued one whose denominator has few digits."""
    top, bottom = int(value.p), int(value.q)
    before, denominator, numerator, last = 0, 1, top // bottom, 1
    top, bottom = bottom, top % bottom
    while bottom:
        whole = top // bottom
        top, bottom = bottom, top - whole * bottom
        following = whole * denominator + before
        if following.bit_length() > digits:
            break
        before, denominator = denominator, following
        last, numerator = numerator, whole * numerator + last
    return fmpq(numerator, denominator)
