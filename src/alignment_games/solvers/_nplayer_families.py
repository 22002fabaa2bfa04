"""Equilibria of games of several players as families, before they are written down."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._typing import Profile, Vector
from ._nplayer_exact import Row, SupportProblem

__all__ = ["Found", "Support", "best", "isolated", "maximal", "pure"]

Support = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An `EquilibriumFamily` before it is written down: rational numbers are Fractions."""

    support: Support
    members: tuple[Profile, ...]
    dimension: int = 0
    parts: tuple[tuple[Vector, ...], ...] = ()
    conditions: tuple[Row, ...] = ()
    formulas: tuple[tuple[str, ...], ...] = ()
    interval: tuple[Fraction | float, ...] = ()
    index: int | None = None
    tied: bool = True
    complete: bool = True


def pure(payoffs: list[list[int]], shape: tuple[int, ...], support: Support) -> Found:
    """Return a pure profile that was not pruned: no reply is better, so it is an equilibrium."""
    strides = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
    at = sum(own[0] * stride for own, stride in zip(support, strides, strict=True))
    tied = False
    for table, (chosen,), size, stride in zip(payoffs, support, shape, strides, strict=True):
        first = at - chosen * stride
        tied = tied or table[first : first + size * stride : stride].count(table[at]) > 1
    profile = tuple(_unit(size, own[0]) for size, own in zip(shape, support, strict=True))
    return Found(
        support=support,
        members=(profile,),
        parts=tuple((vector,) for vector in profile),
        index=None if tied else 1,
        tied=tied,
    )


def best(payoffs: Sequence[int]) -> Found:
    """Return what one player maximizes by: the mixtures of its best strategies."""
    most = max(payoffs)
    own = tuple(k for k, value in enumerate(payoffs) if value == most)
    vertices = tuple(_unit(len(payoffs), k) for k in own)
    return Found(
        support=(own,),
        members=tuple((vector,) for vector in vertices),
        dimension=len(own) - 1,
        parts=(vertices,),
        index=1 if len(own) == 1 else None,
        tied=len(own) > 1,
    )


@functools.cache
def _unit(size: int, place: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(k == place)) for k in range(size))


def isolated(problem: SupportProblem, profile: Profile, index: int | None, tied: bool) -> Found:
    """Return a single equilibrium of a support."""
    return Found(
        support=problem.support,
        members=(profile,),
        parts=tuple((vector,) for vector in profile),
        index=None if tied or not index else index,
        tied=tied or not index,
    )


def maximal(found: Sequence[Found]) -> list[Found]:
    """Drop families that lie in others: faces of polytopes, ends of arcs, repeated points."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda family: -family.dimension):
        if any(_within(one, other) for other in kept):
            continue
        kept.append(one)
    return kept


def _within(one: Found, other: Found) -> bool:
    """Tell whether a family lies in another; members alone only tell it for single points.

    The hulls of `other` fulfill its equations: an equilibrium in them plays best replies, so
    nothing gains over its support, and its conditions hold there by themselves.
    """
    if not one.tied:
        return one.members == other.members
    if one.parts and other.parts:
        return all(set(a) <= set(b) for a, b in zip(one.parts, other.parts, strict=True))
    if one.dimension == 0:
        return one.members[0] in other.members
    if one.complete and one.formulas:
        return (one.formulas, one.interval) == (other.formulas, other.interval)
    return not one.parts and not one.complete and set(one.members) <= set(other.members)
