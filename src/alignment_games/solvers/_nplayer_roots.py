"""A root that the search of a game of several players certified: is it an equilibrium?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ._nplayer_exact import (
    SupportProblem,
    is_root,
    linear_root,
    rational_point,
    refine,
    signs_at,
)
from ._nplayer_families import Found, isolated
from ._nplayer_supports import algebraic_points, solve_by_algebra

__all__ = ["Root", "settle"]

_MOST_BITS = 8192


@dataclass(frozen=True, slots=True)
class Root:
    """A root that the search certified, and whether all its signs were decided.

    Attributes
    ----------
    support : int
        Position in the list of supports.
    point, radius : list of float
        Free coordinates, mixing player by mixing player.
    inverse : list of lists of float
        The approximate inverse of the Jacobian that certified it.
    decided, tied : bool
    index : int
    """

    support: int
    point: list[float]
    radius: list[float]
    inverse: list[list[float]]
    decided: bool
    tied: bool
    index: int


def settle(
    root: Root, problem: SupportProblem, scales: list[int], precision: int, exact: bool
) -> list[Found] | None:
    """Decide whether a certified root is an equilibrium: a list of one or none, None if open."""
    if len(problem.mixing) == 2:
        parts = linear_root(problem)
        if parts is None:
            return None
        holds, tied = signs_at(problem, parts)
        return [isolated(problem, problem.profile(parts), root.index, tied)] if holds else []
    bits = precision
    rational = exact or not root.decided
    if rational:
        bits = max(bits, 96 + 4 * len(root.point) * max(scales))
    refined, error = refine(problem, root.point, root.radius, root.inverse, scales, bits)
    if rational:
        settled = _rational(root, problem, refined, error, bits)
        if settled is not None:
            return settled
    if not root.decided:
        return _identify(problem, refined, error, bits)
    floats = _rounded(refined, error, bits)
    while floats is None:  # a value within the error of the middle between two floats
        settled = _rational(root, problem, refined, error, bits)
        if settled is not None:
            return settled
        if bits >= _MOST_BITS:
            floats = {j: tuple(v / (1 << bits) for v in own) for j, own in refined.items()}
            break
        bits *= 2
        refined, error = refine(problem, root.point, root.radius, root.inverse, scales, bits)
        floats = _rounded(refined, error, bits)
    return [isolated(problem, problem.profile(floats), root.index, root.tied)]


def _rational(
    root: Root, problem: SupportProblem, refined: dict[int, tuple[int, ...]], error: int, bits: int
) -> list[Found] | None:
    """Settle a refined root if it is rational, with denominators that its bits can tell apart."""
    # Fractions up to this lie so far apart that a chance hit is as unlikely as 2**-30.
    bound = max(1, math.isqrt((1 << bits) // (4 * error)) >> 15)
    guess = rational_point(refined, bits, bound)
    if not _near(guess, refined, error, bits) or not is_root(problem, guess):
        return None
    holds, tied = signs_at(problem, guess)
    return [isolated(problem, problem.profile(guess), root.index, tied)] if holds else []


def _identify(
    problem: SupportProblem, refined: dict[int, tuple[int, ...]], error: int, precision: int
) -> list[Found] | None:
    """Find the algebraic solution that a refined root is, where a sign is still open."""
    answer = solve_by_algebra(problem, None)
    if answer is None or answer.open:
        return None
    slack = error + (1 << max(0, precision - 50))  # floats are rounded
    return algebraic_points(
        problem,
        [point for point in answer.points if _near(point.weights, refined, slack, precision)],
    )


def _near(
    weights: Mapping[int, Sequence[Fraction | float]],
    refined: dict[int, tuple[int, ...]],
    error: int,
    precision: int,
) -> bool:
    return all(
        abs(Fraction(p) * (1 << precision) - v) <= error
        for j, vector in weights.items()
        for p, v in zip(vector, refined[j], strict=True)
    )


def _rounded(
    parts: dict[int, tuple[int, ...]], error: int, precision: int
) -> dict[int, tuple[float, ...]] | None:
    """Return the floats nearest to refined numbers; None if the error leaves two candidates."""
    one = 1 << precision
    floats = {}
    for j, vector in parts.items():
        floats[j] = tuple((v - error) / one for v in vector)
        if floats[j] != tuple((v + error) / one for v in vector):
            return None
    return floats
