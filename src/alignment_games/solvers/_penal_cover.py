"""The search for penal codes over discount factors, and for a proof that the others have none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..games import NormalFormGame
from ..games.repeated import Positions
from ._penal_bounds import excluded_below, threats_below
from ._penal_paths import Course, course, incentive, incentives
from ._penal_search import harshest
from .discounting import DiscountInterval, sustained

if TYPE_CHECKING:
    import sympy as sp

__all__ = ["Code", "Cover", "cover", "just_above", "merged", "rest"]

_GAP = Fraction(1, 10**4)
"""Length of what is not decided below the factors that sustain the path, to be content with."""
_TRIES = 16
"""Discount factors at which the search looks from one side."""
_GRID = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A path of punishment for each player.

    Attributes
    ----------
    punishments : tuple of Course
    tests : tuple of pairs of int and sympy.Poly
        For players, what is not negative if they do not deviate somewhere.
    intervals : tuple of DiscountInterval
        Where none is negative.
    """

    punishments: tuple[Course, ...]
    tests: tuple[tuple[int, sp.Poly], ...]
    intervals: tuple[DiscountInterval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is known of the discount factors that sustain a path.

    Attributes
    ----------
    low : sympy.Expr
        No factor below sustains it; 1 if none does.
    codes : tuple of Code
        Each sustains it in its intervals.
    """

    low: sp.Expr
    codes: tuple[Code, ...]


def cover(stage: NormalFormGame, cycle: tuple[Positions, ...]) -> Cover:
    """Look for penal codes from the least discount factor on, and for proofs below it."""
    import sympy as sp

    target = course((), cycle)
    low = _excluded(stage, target, sp.S.One)
    if low == 1:
        return Cover(low=low, codes=())
    seek = _Seeker(stage, cycle, target)
    bottom = _approximate(low)
    # Where the threats of the first proof can be carried out, it is sharp.
    seek.at(just_above(low))
    for k in range(1, _TRIES + 1):
        if seek.codes:
            break
        seek.at(1 - (1 - bottom) / 2**k)
    if not seek.codes:
        return Cover(low=low, codes=())
    failed, bounded = bottom, None
    for _ in range(_TRIES):
        high = seek.covered[0].lower
        if high != bounded and high > 0:
            low = max(low, _excluded(stage, target, high))
            bounded = high
        near = _approximate(high)
        if low >= high or near - failed <= _GAP:
            break
        middle = (failed + near) / 2
        if not seek.at(middle) or seek.covered[0].lower >= high:
            failed = middle
    if stage.n_players == 2:
        low = _raised(stage, target, low, seek.covered[0].lower)
    _fill(seek)
    return Cover(low=low, codes=tuple(seek.codes))


class _Seeker:
    """Codes found so far; each is solved once."""

    def __init__(self, stage: NormalFormGame, cycle: tuple[Positions, ...], target: Course) -> None:
        import sympy as sp

        self.stage, self.cycle, self.target = stage, cycle, target
        threats, _ = threats_below(stage, sp.S.One)
        self.threats = np.array([float(own) for own in threats])
        self.codes: list[Code] = []
        self.known: set[tuple[Course, ...]] = set()

    @property
    def covered(self) -> tuple[DiscountInterval, ...]:
        return merged(own for code in self.codes for own in code.intervals)

    def at(self, discount: Fraction) -> bool:
        """Look for a code at a discount factor, and tell whether a new one was found."""
        found = harshest(self.stage, self.cycle, float(discount), self.threats)
        if found is None or found in self.known:
            return False
        self.known.add(found)
        tests = incentives(self.stage, self.target, found)
        intervals, _, _ = sustained(tests)
        if intervals:
            self.codes.append(Code(punishments=found, tests=tuple(tests), intervals=intervals))
        return bool(intervals)


def _excluded(stage: NormalFormGame, target: Course, limit: sp.Expr) -> sp.Expr:
    """Return a number, not above a limit, below which no discount factor sustains a path."""
    threats, profiles = threats_below(stage, limit)
    if not all(own.now in profiles for own in target.futures):
        return limit
    tests = [
        (who, incentive(stage, own, who, ([threats[who]], [1])))
        for own in target.futures
        for who in range(stage.n_players)
    ]
    _, discount, _ = sustained(tests)
    return limit if discount is None or discount > limit else discount


def _raised(stage: NormalFormGame, target: Course, low: sp.Expr, high: sp.Expr) -> sp.Expr:
    """Return a number from `low` to `high` below which no discount factor sustains a path.

    It comes from payoff sets at a few rational factors.
    """
    if low >= high:
        return low
    threats, profiles = threats_below(stage, high)
    known, open_ = _approximate(low), _approximate(high)
    if high.is_Rational and excluded_below(stage, target, open_, threats, profiles):
        return high
    trial = open_ - _GAP
    for _ in range(_TRIES):
        if trial <= known:
            break
        trial = Fraction(round(trial * _GRID), _GRID)
        if known < trial < open_ and excluded_below(stage, target, trial, threats, profiles):
            known, low = trial, _expression(trial)
        else:
            open_ = trial
        if open_ - known <= _GAP:
            break
        trial = (known + open_) / 2
    return low


def _fill(seek: _Seeker) -> None:
    """Look for codes where those that are known leave something open above the first."""
    tried: set[Fraction] = set()
    for _ in range(_TRIES):
        covered = seek.covered
        points = [
            a + (b - a) * Fraction(share, 16)
            for own in rest(covered, covered[0].lower)
            for a, b in [(_approximate(own.lower), _approximate(own.upper))]
            for share in (8, 1, 15)
        ]
        fresh = [own for own in points if own not in tried]
        if not fresh:
            return
        tried.add(fresh[0])
        seek.at(fresh[0])


def merged(intervals: Iterator[DiscountInterval]) -> tuple[DiscountInterval, ...]:
    """Return the union of intervals, in order."""
    found: list[DiscountInterval] = []
    for own in sorted(intervals, key=lambda i: i.lower):
        if found and own.lower <= found[-1].upper:
            upper = max(found[-1].upper, own.upper)
            found[-1] = DiscountInterval(lower=found[-1].lower, upper=upper)
        else:
            found.append(own)
    return tuple(found)


def rest(covered: Sequence[DiscountInterval], low: sp.Expr) -> tuple[DiscountInterval, ...]:
    """Return what intervals leave open between `low` and 1."""
    import sympy as sp

    ends = [low, *itertools.chain(*((own.lower, own.upper) for own in covered)), sp.S.One]
    return tuple(
        DiscountInterval(lower=a, upper=b)
        for a, b in zip(ends[::2], ends[1::2], strict=True)
        if a < b
    )


def just_above(number: sp.Expr) -> Fraction:
    """Return a rational number in (0, 1) that is little above a number in [0, 1)."""
    near = Fraction(math.floor(_approximate(number) * _GRID) + 1, _GRID)
    return near if near < 1 else 1 - (1 - _approximate(number)) / 2


def _approximate(number: sp.Expr) -> Fraction:
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    return Fraction(str(number.evalf(25)))


def _expression(number: Fraction) -> sp.Expr:
    import sympy as sp

    return sp.Rational(number.numerator, number.denominator)
