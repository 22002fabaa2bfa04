"""The payoffs of the folk theorem: feasible, and no worse than what the others can impose."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from .._numeric import decimal_text, exact_number
from ..errors import GameError, WorkLimitError, suggestion
from ..games import NormalFormGame
from ._hulls import Point, Work, cut_from_below, dimension, holds
from ._polygons import clip, hull
from ._rational import share_of
from .certify import require_normal_form
from .minmax import Minmax, minmax
from .result import Status

__all__ = ["FolkPayoffs", "Punishers", "folk_payoffs"]

Punishers: TypeAlias = Literal["pure", "mixed"]

_KINDS = ("pure", "mixed")

MAX_PROFILES = 400
"""Largest number of pure profiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolkPayoffs:
    """The feasible and individually rational payoffs of a game that is repeated.

    Feasible are the mixtures of payoffs of pure profiles; individually rational, those that give
    no player less than its minmax.

    Attributes
    ----------
    game : NormalFormGame
    kind : str
        Of the minmax: ``pure`` or ``mixed``.
    status : Status
        ``COMPLETE`` if `inner` and `outer` are the same, ``NONE`` if it is proved that the set is
        empty, otherwise ``PARTIAL``.
    minmax : Minmax
        If punishers play pure strategies, its bounds in mixtures of three players or more are
        only the first ones: no time is spent on them.
    feasible : tuple of tuples of Fraction
        Vertices of the feasible payoffs. Those of two players, here and below, run
        counterclockwise from the one with the smallest first payoff; others are sorted.
    inner, outer : tuple of tuples of Fraction
        Vertices of a set of feasible payoffs that are individually rational for certain, and of
        one that holds all of them. They differ only where a mixed minmax of three or more players
        is known within bounds.
    """

    game: NormalFormGame = field(repr=False)
    kind: str
    status: Status
    minmax: Minmax = field(repr=False)
    feasible: tuple[Point, ...]
    inner: tuple[Point, ...]
    outer: tuple[Point, ...]

    @property
    def exact(self) -> bool:
        """Whether the set is known exactly, the empty set included."""
        return self.inner == self.outer

    @property
    def vertices(self) -> tuple[Point, ...]:
        """Vertices of the inner set, which are those of the set if it is known exactly."""
        return self.inner

    @property
    def threats(self) -> tuple[Fraction, ...]:
        """Payoffs to which players are held for certain: minmax payoffs, or their upper bounds."""
        return self.minmax.pure if self.kind == "pure" else self.minmax.upper

    @property
    def dimension(self) -> int:
        """Dimension of the inner set: 0 for a point, -1 if it is empty."""
        return dimension(self.inner)

    @property
    def equivalent(self) -> tuple[tuple[str, str], ...]:
        """Pairs of players whose payoffs are positive affine transformations of each other."""
        players = self.game.players
        return tuple(
            (players[one], players[two])
            for one, two in itertools.combinations(range(len(players)), 2)
            if _equivalent(self.game, one, two)
        )

    @property
    def condition(self) -> str | None:
        """The condition under which the folk theorem holds, None if none of these is met.

        - ``two players`` (or one): none is needed [1]_;
        - ``full dimension``: the strictly rational payoffs have as many dimensions as there are
          players [1]_;
        - ``non-equivalent utilities``: no two players have equivalent payoffs [2]_, which is
          weaker.

        References
        ----------
        .. [1] D. Fudenberg and E. Maskin (1986), The folk theorem in repeated games with
           discounting or with incomplete information, Econometrica 54, 533-554,
           doi:10.2307/1911307.
        .. [2] D. Abreu, P. K. Dutta and L. Smith (1994), The folk theorem for repeated games: a
           NEU condition, Econometrica 62, 939-948, doi:10.2307/2951739.
        """
        n = self.game.n_players
        if n < 3:
            return "two players"
        if self.dimension == n:
            return "full dimension"
        return None if self.equivalent else "non-equivalent utilities"

    @property
    def strict(self) -> Point | None:
        """A feasible payoff above every player's minmax, None if none is known.

        Where the minmax is known exactly and this is None, there is none.
        """
        if not self.inner:
            return None
        middle = tuple(
            sum(own, Fraction(0)) / len(self.inner) for own in zip(*self.inner, strict=True)
        )
        above = all(v > least for v, least in zip(middle, self.threats, strict=True))
        return middle if above else None

    def contains(self, payoff: Sequence[Any]) -> bool | None:
        """Tell whether a payoff is feasible and individually rational; None if it is not known.

        Raises
        ------
        GameError
            If it is not one number for each player.
        """
        point = _point(self.game, payoff)
        if self.inner and holds(self.inner, point):
            return True
        return None if self.outer and holds(self.outer, point) else False

    def strictly_rational(self, payoff: Sequence[Any]) -> bool | None:
        """Tell whether a payoff is feasible and above every player's minmax; None if not known.

        Where `condition` is met, these are the payoffs of subgame-perfect equilibria for all
        discount factors near enough to 1.

        Raises
        ------
        GameError
            If it is not one number for each player.
        """
        point = _point(self.game, payoff)
        if not holds(self.feasible, point):
            return False
        if all(v > least for v, least in zip(point, self.threats, strict=True)):
            return True
        least = self.minmax.pure if self.kind == "pure" else self.minmax.lower
        return None if all(v > own for v, own in zip(point, least, strict=True)) else False

    def __str__(self) -> str:
        threats = ", ".join(map(decimal_text, self.threats))
        least = f"{self.kind} minmax ({threats})"
        if self.status is Status.NONE:
            return f"Proved: no feasible payoff gives every player its {least}."
        size = self.dimension
        shape = f"a set of dimension {size} with {len(self.inner)} vertices"
        if size < 2:
            shape = ("no payoff for certain", "a point", "a segment")[size + 1]
        corners = " ".join(f"({', '.join(map(decimal_text, own))})" for own in self.inner)
        which = "" if self.exact else "at least "
        lines = [f"Feasible payoffs not below the {least}: {which}{shape}: {corners}"]
        if self.strict is None:
            lines.append("None is known to be above every player's minmax.")
        elif self.condition is None:
            pairs = "; ".join(" and ".join(own) for own in self.equivalent)
            lines.append(f"The folk theorem may fail: {pairs} have equivalent payoffs.")
        else:
            lines.append(f"The folk theorem holds for those above it ({self.condition}).")
        return "\n".join(lines)


def folk_payoffs(
    game: NormalFormGame, *, kind: Punishers = "pure", gap: Any = Fraction(1, 10**9)
) -> FolkPayoffs:
    """Find the payoffs that are feasible and individually rational, exactly.

    The folk theorem says that those above every player's minmax are payoffs of subgame-perfect
    equilibria if all players are patient enough, under a condition for three players or more. It is
    about equal discount factors: players who discount differently can trade in time, which makes
    payoffs feasible that no mixture of the game's profiles has.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    kind : {"pure", "mixed"}, optional
        Whether those who punish play pure strategies, or mix independently.
    gap : number, optional
        If punishers mix: how near the bounds of the minmax of three players or more are to be, as
        in `minmax`.

    Returns
    -------
    FolkPayoffs

    Raises
    ------
    GameError
        If `kind` is unknown.
    ParameterError
        If `gap` is not a number from 0 to 1.
    WorkLimitError
        If there are more than 400 profiles, or the vertices of payoffs of three players or more
        take too much work: 5,000,000 entries of linear programs, times their unknowns, times the
        words of 64 bits that their integers take.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(folk_payoffs(dilemma))  # doctest: +NORMALIZE_WHITESPACE
    Feasible payoffs not below the pure minmax (1, 1): a set of dimension 2 with 4 vertices:
    (1, 1) (4.33333, 1) (3, 3) (1, 4.33333)
    The folk theorem holds for those above it (two players).
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> print(folk_payoffs(pennies))
    Proved: no feasible payoff gives every player its pure minmax (1, 1).
    """
    require_normal_form(game)
    if kind not in _KINDS:
        msg = f"unknown `kind` {kind!r}{suggestion(kind, _KINDS)}"
        raise GameError(msg)
    size = math.prod(game.shape)
    if size > MAX_PROFILES:
        msg = (
            f"payoff sets are computed up to {MAX_PROFILES} profiles, got {size}. Eliminate "
            "dominated strategies first"
        )
        raise WorkLimitError(msg)
    share = share_of("gap", gap)
    found = minmax(game, gap=1 if kind == "pure" else share)
    points = [
        tuple(game.exact_payoffs[(who, *profile)] for who in range(game.n_players))
        for profile in game.profiles()
    ]
    most, least = (found.pure, found.pure) if kind == "pure" else (found.upper, found.lower)
    work = Work()
    feasible = _above(points, tuple(min(own) for own in zip(*points, strict=True)), work)
    inner = _above(feasible, most, work)
    outer = inner if most == least else _above(feasible, least, work)
    status = Status.PARTIAL
    if inner == outer:
        status = Status.COMPLETE if inner else Status.NONE
    return FolkPayoffs(
        game=game,
        kind=kind,
        status=status,
        minmax=found,
        feasible=feasible,
        inner=inner,
        outer=outer,
    )


def _above(points: Sequence[Point], least: Point, work: Work) -> tuple[Point, ...]:
    """Return the vertices of the part of a hull that is not below bounds."""
    if len(least) != 2:
        return cut_from_below(points, least, work)
    polygon = hull([(one, two) for one, two in points])
    return clip(clip(polygon, (-1, 0), -least[0]), (0, -1), -least[1])


def _equivalent(game: NormalFormGame, one: int, two: int) -> bool:
    """Tell whether two players' payoffs are positive affine transformations of each other."""
    first, second = (list(game.exact_payoffs[who].flat) for who in (one, two))
    low, high = first.index(min(first)), first.index(max(first))
    rise, other = first[high] - first[low], second[high] - second[low]
    if not rise:
        return len(set(second)) == 1
    return other > 0 and all(
        (a - first[low]) * other == (b - second[low]) * rise
        for a, b in zip(first, second, strict=True)
    )


def _point(game: NormalFormGame, payoff: Any) -> Point:
    try:
        point = tuple(exact_number(own) for own in payoff)
    except (TypeError, ValueError) as error:
        msg = f"`payoff` must be one number for each player, got {payoff!r}"[:200]
        raise GameError(msg) from error
    if len(point) != game.n_players:
        msg = f"`payoff` must be {game.n_players} numbers, one a player, got {len(point)}"
        raise GameError(msg)
    return point
