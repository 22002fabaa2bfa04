"""The search for penal codes over discount factors, and for a proof that the others have none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._typing import FloatArray
from ..games import NormalFormGame
from ..games.repeated import Positions
from ._penal_bounds import excluded_below, threats_below
from ._penal_paths import Course, course, incentive, incentives
from ._penal_search import harshest
from .discounting import DiscountInterval, sustained

if TYPE_CHECKING:
    import sympy as sp

__all__ = ["Code", "Cover", "approximate", "cover", "just_above", "merged", "rest"]

_GAP = Fraction(1, 10**4)
"""Length of what is not decided below the factors that sustain the path, to be content with."""
_TRIES = 16
"""Discount factors at which the search looks from one side."""
_GRID, _COARSE = 10**9, 10**6


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Aim:
    """What codes are looked for: a target, and threats that no equilibrium can undercut."""

    stage: NormalFormGame
    target: Course
    threats: FloatArray


def cover(stage: NormalFormGame, cycle: tuple[Positions, ...]) -> Cover:
    """Look for penal codes from the least discount factor on, and for proofs below it."""
    import sympy as sp

    target = course((), cycle)
    low = _excluded(stage, target, sp.S.One)
    if low == 1:
        return Cover(low=low, codes=())
    threats, _ = threats_below(stage, sp.S.One)
    aim = _Aim(stage=stage, target=target, threats=np.array([float(own) for own in threats]))
    bottom = approximate(low)
    # Where the threats of the first proof can be carried out, it is sharp.
    codes = _with(aim, (), just_above(low))
    for k in range(1, _TRIES + 1):
        if codes:
            break
        codes = _with(aim, codes, 1 - (1 - bottom) / 2**k)
    if not codes:
        return Cover(low=low, codes=())
    failed, bounded = bottom, sp.S.One
    for _ in range(_TRIES):
        high = _covered(codes)[0].lower
        if 0 < high < bounded:
            low, bounded = max(low, _excluded(stage, target, high)), high
        near = approximate(high)
        if low >= high or near - failed <= _GAP:
            break
        middle = (failed + near) / 2
        codes = _with(aim, codes, middle)
        if _covered(codes)[0].lower >= high:
            failed = middle
    if stage.n_players == 2:
        low = _raised(stage, target, low, _covered(codes)[0].lower)
    return Cover(low=low, codes=_filled(aim, codes))


def _with(aim: _Aim, codes: tuple[Code, ...], discount: Fraction) -> tuple[Code, ...]:
    """Return codes and, if a new one is found at a discount factor, that one too."""
    found = harshest(aim.stage, aim.target.cycle, float(discount), aim.threats)
    if found is None or any(own.punishments == found for own in codes):
        return codes
    tests = tuple(incentives(aim.stage, aim.target, found))
    intervals, _, _ = sustained(tests)
    if not intervals:  # incentives that bind were missed by rounding
        return codes
    return (*codes, Code(punishments=found, tests=tests, intervals=intervals))


def _covered(codes: Sequence[Code]) -> tuple[DiscountInterval, ...]:
    return merged(own for code in codes for own in code.intervals)


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
    known, open_ = approximate(low), approximate(high)
    if high.is_Rational and excluded_below(stage, target, open_, threats, profiles):
        return high
    trial = open_ - _GAP
    for _ in range(_TRIES):
        if trial <= known:
            break
        trial = Fraction(round(trial * _COARSE), _COARSE)
        if known < trial < open_ and excluded_below(stage, target, trial, threats, profiles):
            known, low = trial, _expression(trial)
        else:
            open_ = trial
        if open_ - known <= _GAP:
            break
        trial = (known + open_) / 2
    return low


def _filled(aim: _Aim, codes: tuple[Code, ...]) -> tuple[Code, ...]:
    """Return codes and others, found where those leave something open above the least factor."""
    tried: set[Fraction] = set()
    for _ in range(_TRIES):
        covered = _covered(codes)
        points = [
            low + (high - low) * Fraction(share, 16)
            for own in rest(covered, covered[0].lower)
            for low, high in [(approximate(own.lower), approximate(own.upper))]
            for share in (8, 1, 15)
        ]
        fresh = [own for own in points if own not in tried]
        if not fresh:
            break
        tried.add(fresh[0])
        codes = _with(aim, codes, fresh[0])
    return codes


def merged(intervals: Iterable[DiscountInterval]) -> tuple[DiscountInterval, ...]:
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
    """Return what closed intervals leave open between `low`, which counts, and 1."""
    import sympy as sp

    ends = [low, *itertools.chain(*((own.lower, own.upper) for own in covered)), sp.S.One]
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return tuple(
        DiscountInterval(lower=a, upper=b, lower_open=k > 0, upper_open=k < len(pairs) - 1)
        for k, (a, b) in enumerate(pairs)
        if a < b
    )


def just_above(number: sp.Expr) -> Fraction:
    """Return a rational number in (0, 1) that is little above a number in [0, 1)."""
    near = Fraction(math.floor(approximate(number) * _GRID) + 1, _GRID)
    return near if near < 1 else 1 - (1 - approximate(number)) / 2


def approximate(number: sp.Expr) -> Fraction:
    """Return a rational number as it is, and another algebraic one to 25 digits."""
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    return Fraction(str(number.evalf(25)))


def _expression(number: Fraction) -> sp.Expr:
    import sympy as sp

    return sp.Rational(number.numerator, number.denominator)
