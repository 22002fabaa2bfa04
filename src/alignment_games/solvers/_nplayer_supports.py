"""All equilibria of a game of several players with given supports, decided exactly."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import determinant_sign
from .._typing import Profile, Vector
from ._nplayer_exact import SupportProblem, jacobian, signs_at
from ._nplayer_families import Found, Support, isolated
from ._nplayer_pieces import Piece, pieces

if TYPE_CHECKING:
    from ._nplayer_algebra import Algebra
    from ._nplayer_system import Point

__all__ = ["algebraic_points", "solve_by_algebra", "solve_exactly"]

_MAX_UNKNOWNS = 6
_ONE = [(Fraction(1),)]


def solve_exactly(
    problem: SupportProblem, known: Sequence[Found], undecided: list[Support]
) -> list[Found]:
    """Return all equilibria with exactly these supports; note the support where some are open.

    `known` are the families of smaller supports, `undecided` such supports that are open.
    """
    if len(problem.mixing) > 2:
        twins = problem.duplicate()
        if twins is not None:
            return _lifted(problem, twins, known, undecided)
    found = []
    for piece in pieces(problem):
        if not piece.open:
            found.append(_product(problem, piece))
        elif not any(constraint.equation for constraint in piece.open):
            region = _region(problem, piece)
            if region is None:
                undecided.append(problem.support)
            else:
                found.append(region)
        else:
            found += _algebraic(problem, piece, undecided)
    return found


def _lifted(
    problem: SupportProblem,
    twins: tuple[int, int, int],
    known: Sequence[Found],
    undecided: list[Support],
) -> list[Found]:
    """Split the weight of a strategy with a duplicate, in the equilibria without the duplicate."""
    player, one, two = twins
    less = tuple(
        tuple(s for s in own if (j, s) != (player, two)) for j, own in enumerate(problem.support)
    )

    def moved(vector: Vector) -> Vector:
        changed = list(vector)
        changed[one], changed[two] = vector[two], vector[one]
        return tuple(changed)

    def split(profile: Profile) -> tuple[Profile, Profile]:
        return profile, (*profile[:player], moved(profile[player]), *profile[player + 1 :])

    found = []
    if less in undecided:
        undecided.append(problem.support)
    for family in known:
        if family.support != less:
            continue
        if not family.parts:
            undecided.append(problem.support)
        found.append(
            replace(
                family,
                support=problem.support,
                members=tuple(dict.fromkeys(p for m in family.members for p in split(m))),
                dimension=family.dimension + 1,
                parts=tuple(
                    tuple(dict.fromkeys((*own, *map(moved, own)))) if j == player else own
                    for j, own in enumerate(family.parts)
                ),
                formulas=(),
                interval=(),
                index=None,
                tied=True,
                complete=family.complete and bool(family.parts),
            )
        )
    return found


def _product(problem: SupportProblem, piece: Piece) -> Found:
    if piece.dimension == 0:
        weights = {player: own[0] for player, own in piece.parts.items()}
        sign = determinant_sign(jacobian(problem, weights))
        index = _index(sign, sum(len(own) - 1 for own in weights.values()))
        tied = signs_at(problem, weights)[1]
        return isolated(problem, problem.profile(weights), index, tied)
    parts = _vertices(problem, piece)
    return Found(
        support=problem.support,
        members=tuple(itertools.product(*parts)),
        dimension=piece.dimension,
        parts=parts,
    )


def _vertices(problem: SupportProblem, piece: Piece) -> tuple[tuple[Vector, ...], ...]:
    return tuple(
        tuple(problem.vector(player, weights) for weights in piece.parts.get(player, _ONE))
        for player in range(len(problem.shape))
    )


def _region(problem: SupportProblem, piece: Piece) -> Found | None:
    """Describe a product of polytopes that nonlinear inequalities cut, if a point inside is found.

    Vertices are tried, and mixtures that weigh one of them a little or much.
    """
    members: list[Profile] = []
    inside = False
    for point in itertools.product(*(_tries(own) for own in piece.parts.values())):
        weights = dict(zip(piece.parts, point, strict=True))
        holds, strict = _satisfies(problem, piece, weights)
        if holds:
            members.append(problem.profile(weights))
            inside = inside or (strict and all(min(own) > 0 for own in point))
    if not inside:
        return None
    parts = _vertices(problem, piece)
    corners = set(itertools.product(*parts))
    return Found(
        support=problem.support,
        members=tuple([m for m in members if m in corners] or members[:1]),
        dimension=piece.dimension,
        parts=parts,
        conditions=tuple(constraint.row for constraint in piece.open),
    )


def _tries(vertices: list[tuple[Fraction, ...]]) -> list[tuple[Fraction, ...]]:
    points = list(vertices)
    count = len(vertices)
    if count > 1:
        for heavy in range(count):
            for weight in (Fraction(1, count), Fraction(15, 16), Fraction(1, 16)):
                light = (1 - weight) / (count - 1)
                points.append(
                    tuple(
                        sum(
                            (p * (weight if k == heavy else light) for k, p in enumerate(column)),
                            Fraction(0),
                        )
                        for column in zip(*vertices, strict=True)
                    )
                )
    return list(dict.fromkeys(points))


def _satisfies(
    problem: SupportProblem, piece: Piece, parts: dict[int, tuple[Fraction, ...]]
) -> tuple[bool, bool]:
    """Tell whether a point fulfills the open inequalities of a piece, and whether strictly."""
    gains = [problem.gain(constraint.row, parts) for constraint in piece.open]
    return all(gain <= 0 for gain in gains), all(gain < 0 for gain in gains)


def solve_by_algebra(problem: SupportProblem, piece: Piece | None) -> Algebra | None:
    """Solve a support on a piece of its simplices, or on all; None if it has too many unknowns."""
    from ._nplayer_algebra import solve_piece

    return solve_piece(problem, piece) if _unknowns(problem) <= _MAX_UNKNOWNS else None


def algebraic_points(problem: SupportProblem, points: Iterable[Point]) -> list[Found]:
    """Return the equilibria that algebra found as points."""
    unknowns = _unknowns(problem)
    return [
        isolated(problem, problem.profile(point.weights), _index(point.sign, unknowns), point.tied)
        for point in points
    ]


def _unknowns(problem: SupportProblem) -> int:
    return sum(len(problem.support[j]) - 1 for j in problem.mixing)


def _algebraic(problem: SupportProblem, piece: Piece, undecided: list[Support]) -> list[Found]:
    answer = solve_by_algebra(problem, piece)
    if answer is None:
        undecided.append(problem.support)
        return []
    found = algebraic_points(problem, answer.points)
    for arc in answer.arcs:
        one = ("1",)
        found.append(
            Found(
                support=problem.support,
                members=tuple(problem.profile(w) for w in (*arc.ends, arc.middle)),
                dimension=1,
                formulas=tuple(
                    _formulas(problem, player, arc.formulas.get(player, one))
                    for player in range(len(problem.shape))
                ),
                interval=arc.interval,
            )
        )
    for polytope in answer.polytopes:
        parts = tuple(
            tuple(problem.vector(player, weights) for weights in polytope.parts.get(player, _ONE))
            for player in range(len(problem.shape))
        )
        found.append(
            Found(
                support=problem.support,
                members=tuple(itertools.product(*parts)),
                dimension=polytope.dimension,
                parts=parts,
            )
        )
    if answer.open:
        undecided.append(problem.support)
        if answer.samples:
            found.append(
                Found(
                    support=problem.support,
                    members=tuple(problem.profile(s.weights) for s in answer.samples),
                    dimension=answer.dimension,
                    complete=False,
                )
            )
    return found


def _formulas(problem: SupportProblem, player: int, own: Iterable[str]) -> tuple[str, ...]:
    whole = ["0"] * problem.shape[player]
    for strategy, formula in zip(problem.support[player], own, strict=True):
        whole[strategy] = formula
    return tuple(whole)


def _index(sign: int, unknowns: int) -> int:
    return sign if unknowns % 2 == 0 else -sign
