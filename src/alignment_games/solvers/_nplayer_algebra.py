"""Equilibria that floating intervals cannot decide, by Groebner bases and real algebraic numbers.

Here the roots of a support's equations are degenerate: multiple, tied with a deviation, on the
border of the simplices, or a curve. The ideal of the equations is split by the factors of its
Groebner basis. A zero-dimensional part is written as polynomials in one real algebraic number,
whose signs are decided exactly. A curve on which all probabilities are rational functions of one
of them is cut into arcs of equilibria. Other parts are sampled, and reported as not described.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from .._numeric import rational
from ._nplayer_curves import Arc, Polytope, arcs, curve, fibers
from ._nplayer_exact import SupportProblem
from ._nplayer_pieces import Piece
from ._nplayer_system import Point, System, TooHardError

__all__ = ["Algebra", "solve_piece"]

_MAX_PARTS = 200
_Description = TypeVar("_Description")
_GRID = (Fraction(1, 2), Fraction(2, 7), Fraction(5, 7), Fraction(1, 9), Fraction(8, 9))


@dataclass(slots=True)
class Algebra:
    """What was found on one piece; `open` if it may have equilibria that are not described."""

    points: list[Point] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    polytopes: list[Polytope] = field(default_factory=list)
    samples: list[Point] = field(default_factory=list)
    dimension: int = 0
    open: bool = False


def solve_piece(problem: SupportProblem, piece: Piece | None) -> Algebra:
    """Solve a support problem on a piece of its simplices.

    Parameters
    ----------
    problem : SupportProblem
    piece : Piece or None
        Only its affine hull matters; None for the whole support.

    Returns
    -------
    Algebra
    """
    answer = Algebra()
    try:
        _split(System(problem, piece), answer)
    except TooHardError:
        answer.open = True
    return answer


def _split(system: System, answer: Algebra) -> None:
    """Split the zeros of the equations by factors of their basis, and solve each part."""
    waiting = [(system.equations, "grevlex")]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part, order = waiting.pop()
        basis = part
        if part:
            try:
                basis = system.basis(part, order)
            except TooHardError:
                if order == "grevlex":
                    raise
                # It is a basis already, in the other order.
                waiting += _positive_dimensional(system, answer, part, "grevlex")
                continue
        if any(g.is_ground for g in basis):
            continue
        for k, g in enumerate(basis):
            kept = [f for f, _ in g.factor_list()[1] if not system.never_zero(f)]
            if len(kept) != 1 or kept[0].monic() != g.monic():
                rest = basis[:k] + basis[k + 1 :]
                waiting += [([*rest, f], order) for f in kept]
                break
        else:
            if system.leads(basis, order)[1] == len(system.free):
                answer.points += system.equilibria(basis, order)
            elif order == "grevlex" and basis:
                waiting.append((basis, "lex"))  # a lexicographic basis splits more often
            else:
                waiting += _positive_dimensional(system, answer, basis, order)
    answer.open = True


def _positive_dimensional(
    system: System, answer: Algebra, basis: list[Any], order: str
) -> list[tuple[list[Any], str]]:
    """Describe a curve or polytopes, or look for samples of something else; return what is left."""
    independent = system.independent_sets(system.leads(basis, order)[0])
    dimension = len(independent[0])
    if dimension == 1:
        for (place,) in independent:
            described = _try(curve, system, basis, place)
            if described is not None:
                forms, rest = described
                found, isolated = arcs(system, forms)
                answer.arcs += found
                answer.points += isolated
                return [(part, "grevlex") for part in rest]
    polytopes = _try(fibers, system, basis)
    if polytopes is not None:
        answer.polytopes += polytopes
        return []
    answer.open = True
    answer.dimension = max(answer.dimension, dimension)
    for values in itertools.product(_GRID, repeat=dimension):
        slices = [
            system.poly(system.free[k] - rational(value))
            for k, value in zip(independent[0], values, strict=True)
        ]
        cut = system.basis([*basis, *slices])
        if system.leads(cut, "grevlex")[1] == len(system.free):
            answer.samples += system.equilibria(cut, "grevlex")
        if answer.samples:
            break
    return []


def _try(describe: Callable[..., _Description | None], *arguments: Any) -> _Description | None:
    """Return a description, or None if there is none or the bases for it grow too large."""
    try:
        return describe(*arguments)
    except TooHardError:
        return None
