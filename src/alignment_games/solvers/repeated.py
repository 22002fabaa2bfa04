"""The subgame-perfect payoffs of a two-player repeated game, between two certified polygons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .._numeric import decimal_text, exact_number
from ..errors import GameError, WorkLimitError, whole
from ..games import RepeatedGame
from ._polygons import Corner, Polygon, contains, distance, hull, nearest, weights
from ._repeated_automata import extended, reduced
from ._repeated_search import search
from ._self_generation import setting, worst
from .one_shot import RepeatedPlay
from .result import Status

__all__ = ["AttainedPayoff", "RepeatedPayoffs", "attaining_automaton", "repeated_payoffs"]

MAX_STEPS = 100_000

MAX_PROFILES = 400
"""Largest number of pure profiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPayoffs:
    """The subgame-perfect payoffs of a two-player repeated game with public lotteries.

    Every payoff in `inner` is attained, no payoff outside `outer` is: both are certified exactly.

    Attributes
    ----------
    game : RepeatedGame
    status : Status
        ``COMPLETE`` if `inner` and `outer` are the same polygon, ``NONE`` if it is proved that
        there is no equilibrium in pure strategies, ``PARTIAL`` if there is a gap between the
        two, ``LIMIT`` if moreover the iteration was stopped by `steps`.
    inner, outer : tuple of pairs of Fraction
        Corners counterclockwise, from the one with the smallest first payoff (of several, the
        smallest second). One for a point, two for a segment, none for the empty set.
    play : RepeatedPlay or None
        The automaton that attains `inner`, whose corners are payoffs of its states, with its
        certificate; None if `inner` is empty.
    gap : float
        Not below the Hausdorff distance of `inner` and `outer`; 0 exactly if they are the same.
    steps : int
        Iterations that were done.
    """

    game: RepeatedGame = field(repr=False)
    status: Status
    inner: Polygon
    outer: Polygon
    play: RepeatedPlay | None = field(repr=False)
    gap: float
    steps: int

    @property
    def method(self) -> str:
        """How it was found."""
        return "self-generation"

    @property
    def exact(self) -> bool:
        """Whether the set is known exactly, the empty set included."""
        return self.inner == self.outer

    @property
    def vertices(self) -> Polygon:
        """Corners of the inner polygon, which are those of the set if it is known exactly."""
        return self.inner

    @property
    def threats(self) -> tuple[Fraction, Fraction] | None:
        """The worst payoff of each player in the inner polygon, None if that is empty."""
        return worst(self.inner) if self.inner else None

    def contains(self, payoff: Sequence[Any]) -> bool | None:
        """Tell whether a payoff is attained; None if it lies in the gap.

        Raises
        ------
        GameError
            If it is not a pair of numbers.
        """
        point = payoff_pair(payoff)
        if contains(self.inner, point):
            return True
        return None if contains(self.outer, point) else False

    @property
    def message(self) -> str:
        """What is proved, in words; of the empty set also how."""
        if self.status is Status.NONE:
            rounds = "1 round" if self.steps == 1 else f"{self.steps} rounds"
            return (
                "Proved: there is no subgame-perfect equilibrium in pure strategies. What follows "
                "in one is one again. From all feasible payoffs, in exact arithmetic, those were "
                "dropped that no profile attains if it must be followed by what is left and nobody "
                f"may gain by leaving it: after {rounds} nothing was left."
            )
        return between_text("Subgame-perfect payoffs", self.inner, self.outer, self.gap)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainedPayoff:
    """Subgame-perfect strategies with a given payoff.

    Attributes
    ----------
    payoff : pair of Fraction
    lottery : mapping of str to Fraction
        Probabilities of the states of the automaton from which play starts, drawn in public. One
        state, the automaton's own start, wherever a pure first action will do.
    play : RepeatedPlay
        The automaton with its certificate.
    """

    payoff: Corner
    lottery: Mapping[str, Fraction]
    play: RepeatedPlay

    def __str__(self) -> str:
        payoff = ", ".join(map(decimal_text, self.payoff))
        drawn = " + ".join(f"{decimal_text(p)} {own}" for own, p in self.lottery.items())
        return f"Payoffs {payoff} from {drawn}\n{self.play.automaton}"


def repeated_payoffs(game: RepeatedGame, *, steps: int = 400) -> RepeatedPayoffs:
    """Find the payoffs of all pure subgame-perfect equilibria of a two-player repeated game.

    Lotteries may be drawn in public before each period, so that the set is convex: it is the
    largest set that its own members, as continuation payoffs, generate [1]_. From the feasible
    payoffs on, polygons that contain it are generated one from the other, by few points for each
    profile if discount factors are equal [2]_. All of this is done in rational arithmetic; polygons
    whose numbers grow long are rounded outward.

    On the way simple rational corners near those of the polygon are tried. If the polygon they
    make generates itself, it is an inner one; if it is also proved that no larger set near it
    does, it is the answer. Where this does not succeed (the set may have irrational or
    infinitely many corners), an inner polygon comes from an automaton whose deviations cost a
    little more than they need, and the gap is reported, in the manner of [3]_.

    Parameters
    ----------
    game : RepeatedGame
        Two players, with equal or different discount factors.
    steps : int, optional
        Largest number of iterations.

    Returns
    -------
    RepeatedPayoffs

    Raises
    ------
    GameError
        If there are not two players or `steps` is not a whole number above 0.
    WorkLimitError
        If there are more than 400 profiles.

    References
    ----------
    .. [1] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
    .. [2] D. Abreu and Y. Sannikov (2014), An algorithm for two-player repeated games with perfect
       monitoring, Theoretical Economics 9, 313-338, doi:10.3982/TE1302.
    .. [3] K. L. Judd, S. Yeltekin and J. Conklin (2003), Computing supergame equilibria,
       Econometrica 71, 1239-1254, doi:10.1111/1468-0262.t01-1-00445.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> for discount in (0.2, 0.4, 0.5):
    ...     print(repeated_payoffs(ag.games.RepeatedGame(dilemma, discount=discount)))
    ... # doctest: +NORMALIZE_WHITESPACE
    Subgame-perfect payoffs form exactly a point: (1, 1)
    Subgame-perfect payoffs form exactly a polygon with 3 vertices: (1, 1) (4, 1) (1, 4)
    Subgame-perfect payoffs form exactly a polygon with 4 vertices:
    (1, 1) (4.33333, 1) (3, 3) (1, 4.33333)
    """
    unchecked: object = game
    if not isinstance(unchecked, RepeatedGame):
        msg = f"`game` must be a RepeatedGame, got {type(game).__name__}"
        raise GameError(msg)
    if game.n_players != 2:
        msg = f"`game` must have two players, got {game.n_players}: {', '.join(game.players)}"
        raise GameError(msg)
    most = whole("steps", steps, 1, MAX_STEPS)
    size = math.prod(game.stage.shape)
    if size > MAX_PROFILES:
        msg = (
            f"payoff sets are computed up to {MAX_PROFILES} profiles, got {size}. Eliminate "
            "strategies first"
        )
        raise WorkLimitError(msg)
    found = search(game, most)
    play = found.play
    inner = () if play is None else hull([(one, two) for one, two in play.values.values()])
    outer = inner if found.proved else found.outer
    if inner == outer:
        status = Status.COMPLETE if inner else Status.NONE
    else:
        status = Status.PARTIAL if found.settled else Status.LIMIT
    return RepeatedPayoffs(
        game=game,
        status=status,
        inner=inner,
        outer=outer,
        play=play,
        gap=distance(inner, outer),
        steps=found.steps,
    )


def attaining_automaton(result: RepeatedPayoffs, payoff: Sequence[Any]) -> AttainedPayoff:
    """Return subgame-perfect strategies with a given payoff, verified exactly.

    Parameters
    ----------
    result : RepeatedPayoffs
    payoff : pair of numbers
        In the inner polygon. A float stands for the shortest decimal that prints it.

    Returns
    -------
    AttainedPayoff

    Raises
    ------
    GameError
        If the payoff is not a pair of numbers in the inner polygon.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> found = repeated_payoffs(ag.games.RepeatedGame(dilemma, discount=0.4))
    >>> print(attaining_automaton(found, (4, 1)))
    Payoffs 4, 1 from 1 phase 2
    start: phase 2
    phase 2: s2, s1; then after s2, s1 0.5 phase 2 + 0.5 phase 3; otherwise phase 1
    phase 1: s2, s2; then phase 1
    phase 3: s1, s2; then after s1, s2 0.5 phase 2 + 0.5 phase 3; otherwise phase 1
    """
    unchecked: object = result
    if not isinstance(unchecked, RepeatedPayoffs):
        msg = f"`result` must be a RepeatedPayoffs, got {type(result).__name__}"
        raise GameError(msg)
    point, play = payoff_pair(payoff), result.play
    if play is None or not contains(result.inner, point):
        msg = (
            f"`payoff` must lie in the polygon of payoffs that are attained, got "
            f"({decimal_text(point[0])}, {decimal_text(point[1])})"
        )
        if play is not None:
            one, two = nearest(result.inner, point)
            msg += f"; the nearest that is: ({one}, {two})"
        raise GameError(msg)
    values = play.values
    worst_states = tuple(min(values, key=lambda own: values[own][who]) for who in range(2))
    states = {(one, two): state for state, (one, two) in values.items()}

    def drawn(place: Corner) -> dict[str, Fraction]:
        return {states[result.inner[k]]: p for k, p in weights(result.inner, place).items()}

    lottery = drawn(point)
    if len(lottery) > 1:
        view = setting(result.game)
        for profile in view.profiles:
            later = view.later(profile, point)
            if profile.deters(later, worst(result.inner)) and contains(result.inner, later):
                first = extended(play, profile.positions, drawn(later), worst_states)
                return AttainedPayoff(payoff=point, lottery={"start": Fraction(1)}, play=first)
    return AttainedPayoff(payoff=point, lottery=lottery, play=reduced(play, list(lottery)))


def between_text(what: str, inner: Polygon, outer: Polygon, gap: float) -> str:
    """Say what is known of a set between two polygons, of which the outer one is not empty.

    Examples
    --------
    >>> between_text("Payoffs", ((1, 1),), ((1, 1),), 0)
    'Payoffs form exactly a point: (1, 1)'
    """

    def shown(polygon: Polygon) -> str:
        return " ".join(f"({decimal_text(a)}, {decimal_text(b)})" for a, b in polygon)

    if inner == outer:
        form = ("a point", "a segment", f"a polygon with {len(inner)} vertices")
        return f"{what} form exactly {form[min(len(inner), 3) - 1]}: {shown(inner)}"
    found = f"contain {shown(inner)}" if inner else "may not exist"
    return f"{what} {found} and lie within {shown(outer)}: a gap of {decimal_text(gap)}"


def payoff_pair(payoff: Any) -> Corner:
    """Return a payoff of two players as Fractions.

    Raises
    ------
    GameError
        If it is not a pair of numbers.
    """
    try:
        one, two = payoff
        return exact_number(one), exact_number(two)
    except (TypeError, ValueError) as error:
        msg = f"`payoff` must be a pair of numbers, got {payoff!r}"[:200]
        raise GameError(msg) from error
