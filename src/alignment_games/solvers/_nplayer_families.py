"""From one support of a game of several players to its equilibria, decided exactly."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .._numeric import determinant_sign
from .._typing import Profile, Vector
from ._nplayer_exact import (
    Row,
    SupportProblem,
    is_root,
    jacobian,
    linear_root,
    rational_point,
    refine,
    signs_at,
)
from ._nplayer_pieces import Piece, pieces

__all__ = ["Found", "Root", "Support", "best", "maximal", "pure", "settle", "solve_exactly"]

_MOST_BITS = 8192
_MAX_UNKNOWNS = 6
_ONE = [(Fraction(1),)]

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


def settle(
    root: Root, problem: SupportProblem, scales: list[int], precision: int, exact: bool
) -> list[Found] | None:
    """Decide whether a certified root is an equilibrium: a list of one or none, None if open."""
    if len(problem.mixing) == 2:
        parts = linear_root(problem)
        if parts is None:
            return None
        holds, tied = signs_at(problem, parts)
        return [_point(problem, problem.profile(parts), root.index, tied)] if holds else []
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
    return [_point(problem, problem.profile(floats), root.index, root.tied)]


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
    return [_point(problem, problem.profile(guess), root.index, tied)] if holds else []


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


def _point(problem: SupportProblem, profile: Profile, index: int | None, tied: bool) -> Found:
    return Found(
        support=problem.support,
        members=(profile,),
        parts=tuple((vector,) for vector in profile),
        index=None if tied or not index else index,
        tied=tied or not index,
    )


def _product(problem: SupportProblem, piece: Piece) -> Found:
    if piece.dimension == 0:
        weights = {player: own[0] for player, own in piece.parts.items()}
        sign = determinant_sign(jacobian(problem, weights))
        index = _index(sign, sum(len(own) - 1 for own in weights.values()))
        tied = signs_at(problem, weights)[1]
        return _point(problem, problem.profile(weights), index, tied)
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


def _algebraic(problem: SupportProblem, piece: Piece, undecided: list[Support]) -> list[Found]:
    from ._nplayer_algebra import solve_piece

    unknowns = sum(len(problem.support[j]) - 1 for j in problem.mixing)
    if unknowns > _MAX_UNKNOWNS:
        undecided.append(problem.support)
        return []
    answer = solve_piece(problem, piece)
    found = [
        _point(problem, problem.profile(point.weights), _index(point.sign, unknowns), point.tied)
        for point in answer.points
    ]
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


def _identify(
    problem: SupportProblem, refined: dict[int, tuple[int, ...]], error: int, precision: int
) -> list[Found] | None:
    """Find the algebraic solution that a refined root is, where a sign is still open."""
    from ._nplayer_algebra import solve_piece

    unknowns = sum(len(problem.support[j]) - 1 for j in problem.mixing)
    if unknowns > _MAX_UNKNOWNS:
        return None
    answer = solve_piece(problem, None)
    if answer.open:
        return None
    slack = error + (1 << max(0, precision - 50))  # floats are rounded
    return [
        _point(problem, problem.profile(point.weights), _index(point.sign, unknowns), point.tied)
        for point in answer.points
        if _near(point.weights, refined, slack, precision)
    ]


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
