"""The polygon of payoffs of all correlated equilibria of a two-player game."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import common_denominator, decimal_text, nearest_float
from .._typing import Vector
from ..errors import GameError, WorkLimitError, flag
from ..games import NormalFormGame
from ._obedience import concept_of, constraints, dot, program
from ._polygons import Corner, hull
from .certify import chosen_exactness, require_normal_form
from .correlated_play import CorrelatedPlay, correlated_play

__all__ = ["PayoffPolygon", "correlated_payoffs"]

MAX_WORK = 100_000_000
"""Largest number of linear programs times their coefficients (5,000 for a 10 x 10 game)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffPolygon:
    """The payoffs of all correlated equilibria of a two-player game.

    Attributes
    ----------
    game : NormalFormGame
    concept : str
        ``correlated`` or ``coarse-correlated``.
    vertices : tuple of pairs of numbers
        Counterclockwise, from the one with the smallest first payoff (of several, the smallest
        second). One for a point, two for a segment.
    equilibria : tuple of CorrelatedPlay
        One equilibrium with these payoffs for each vertex.
    exact : bool
    """

    game: NormalFormGame = field(repr=False)
    concept: str
    vertices: tuple[Vector, ...]
    equilibria: tuple[CorrelatedPlay, ...] = field(repr=False)
    exact: bool

    @property
    def dimension(self) -> int:
        """0 for a point, 1 for a segment, 2 for a polygon."""
        return min(len(self.vertices), 3) - 1

    def __str__(self) -> str:
        form = ("a point", "a segment", f"a polygon with {len(self.vertices)} vertices")
        lines = [
            f"  ({', '.join(map(decimal_text, corner))})  {play}"
            for corner, play in zip(self.vertices, self.equilibria, strict=True)
        ]
        head = f"{self.concept}: payoffs form {form[self.dimension]}."
        return "\n".join([head, *lines])


def correlated_payoffs(
    game: NormalFormGame, *, coarse: bool = False, exact: bool | None = None
) -> PayoffPolygon:
    """Find the polygon of payoffs of all correlated equilibria of a two-player game.

    Each vertex and each edge is the answer of a certified linear program in the direction that
    the known part of the polygon leaves open, so that no list of all equilibria is needed.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    coarse : bool, optional
        Whether to take coarse correlated equilibria.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact.

    Returns
    -------
    PayoffPolygon

    Raises
    ------
    GameError
        If the game does not have two players, or `coarse` or `exact` is not a boolean.
    WorkLimitError
        If the game is too large.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> polygon = ag.solvers.correlated_payoffs(chicken)
    >>> [f"{a}, {b}" for a, b in polygon.vertices]
    ['2, 7', '18/5, 18/5', '7, 2', '21/4, 21/4']
    """
    require_normal_form(game)
    if game.n_players != 2:
        msg = f"`game` must have two players for a polygon, got {game.n_players}: {game.players}"
        raise GameError(msg)
    coarse = flag("coarse", coarse)
    as_exact = chosen_exactness(game, exact)
    ready = program(constraints(game, coarse=coarse), math.prod(game.shape))
    scales, first, second = _integer_payoffs(game)
    known: dict[tuple[int, int], list[Fraction]] = {}

    def farthest(direction: Corner) -> Corner:
        """Return the payoffs, in the integer units, of an equilibrium farthest that way."""
        factor = common_denominator(list(direction))
        a, b = (int(part * factor) for part in direction)
        if (a, b) not in known:
            if len(known) * ready.table.size > MAX_WORK:
                msg = (
                    f"the polygon of payoffs has many corners: {len(known)} linear programs of "
                    f"{ready.table.size} coefficients did not finish it, and the limit is "
                    f"{MAX_WORK:.0e} in all. Ask for the best and the worst for given weights"
                )
                raise WorkLimitError(msg)
            objective = [a * u + b * v for u, v in zip(first, second, strict=True)]
            known[a, b], _ = ready.maximize(objective)
        point = known[a, b]
        corner = (dot(first, point), dot(second, point))
        where[corner] = point
        return corner

    where: dict[Corner, list[Fraction]] = {}
    one, zero = Fraction(1), Fraction(0)
    ends = [farthest(way) for way in ((-one, zero), (zero, -one), (one, zero), (zero, one))]
    outline: list[Corner] = []
    for here, there in itertools.pairwise([*ends, ends[0]]):
        outline += _chain(here, there, farthest)
    corners = hull(outline)
    vertices = [
        tuple(
            v / scale if as_exact else nearest_float(v / scale)
            for v, scale in zip(corner, scales, strict=True)
        )
        for corner in corners
    ]
    return PayoffPolygon(
        game=game,
        concept=concept_of(coarse),
        vertices=tuple(vertices),
        equilibria=tuple(
            correlated_play(game, where[corner], coarse=coarse, exact=as_exact)
            for corner in corners
        ),
        exact=as_exact,
    )


def _chain(here: Corner, there: Corner, farthest: Callable[[Corner], Corner]) -> list[Corner]:
    """Return the corners from `here` up to, but without, `there`, counterclockwise."""
    if here == there:
        return [here]
    outward = (there[1] - here[1], here[0] - there[0])
    beyond = farthest(outward)
    if dot(outward, beyond) == dot(outward, here):
        return [here]
    return _chain(here, beyond, farthest) + _chain(beyond, there, farthest)


def _integer_payoffs(game: NormalFormGame) -> tuple[list[int], list[int], list[int]]:
    """Return each player's payoffs times a factor that makes them integers, and the factors."""
    scales = [common_denominator(list(own.flat)) for own in game.exact_payoffs]
    first, second = (
        [int(v * scale) for v in own.flat]
        for own, scale in zip(game.exact_payoffs, scales, strict=True)
    )
    return scales, first, second
