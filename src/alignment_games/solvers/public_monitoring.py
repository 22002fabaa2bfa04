"""The payoffs of public perfect equilibria, between two certified polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import GameError, WorkLimitError, whole
from ..games import MonitoredGame
from ._monitoring import monitored_setting
from ._monitoring_inner import near, nearest_to, payoffs_of, reduced, self_generating, with_slack
from ._monitoring_outer import outer_polygons, shrinks
from ._payoff_sets import (
    attained_point,
    between_text,
    check_two_players,
    corner_lottery,
    is_attained,
    start_text,
    status_between,
)
from ._polygons import Corner, Polygon, distance, hull
from .public_play import PublicPlay
from .result import Status

__all__ = [
    "AttainedPublicPayoff",
    "PublicPayoffs",
    "attaining_public_automaton",
    "public_perfect_payoffs",
]

MAX_STEPS = 10_000

MAX_PROFILES = 100
"""Largest number of pure profiles, and of signals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPayoffs:
    """The public perfect payoffs of a two-player game with a public signal and lotteries.

    Every payoff in `inner` is attained, no payoff outside `outer` is: both are certified exactly.

    Attributes
    ----------
    game : MonitoredGame
    status : Status
        ``COMPLETE`` if `inner` and `outer` are the same polygon, ``NONE`` if it is proved that
        there is no equilibrium in pure public strategies, ``PARTIAL`` if there is a gap between
        the two, ``LIMIT`` if moreover the iteration was stopped by `steps`.
    inner, outer : tuple of pairs of Fraction
        Corners counterclockwise, from the one with the smallest first payoff (of several, the
        smallest second). One for a point, two for a segment, none for the empty set.
    play : PublicPlay or None
        The automaton that attains `inner`, whose corners are payoffs of its states, with its
        certificate; None if `inner` is empty.
    gap : float
        Not below the Hausdorff distance of `inner` and `outer`; 0 exactly if they are the same.
    steps : int
        Rounds of linear programs that were done.
    """

    game: MonitoredGame = field(repr=False)
    status: Status
    inner: Polygon
    outer: Polygon
    play: PublicPlay | None = field(repr=False)
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

    def contains(self, payoff: Sequence[Any]) -> bool | None:
        """Tell whether a payoff is attained; None if it lies in the gap.

        Raises
        ------
        GameError
            If it is not a pair of numbers.
        """
        return is_attained(self.inner, self.outer, payoff)

    def __str__(self) -> str:
        if self.status is Status.NONE:
            return "Proved: there is no public perfect equilibrium in pure strategies."
        return between_text("Public perfect payoffs", self.inner, self.outer, self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainedPublicPayoff:
    """A public perfect equilibrium with a given payoff.

    Attributes
    ----------
    payoff : pair of Fraction
    lottery : mapping of str to Fraction
        Probabilities of the states of the automaton from which play starts, drawn in public.
    play : PublicPlay
        The automaton with its certificate.
    """

    payoff: Corner
    lottery: Mapping[str, Fraction]
    play: PublicPlay

    def __str__(self) -> str:
        return start_text(self.payoff, self.lottery, self.play.automaton)


def public_perfect_payoffs(game: MonitoredGame, *, steps: int = 100) -> PublicPayoffs:
    """Find the payoffs of public perfect equilibria of a two-player game with a public signal.

    Strategies depend on the signals alone and choose pure actions; lotteries may be drawn in
    public before each period. The set is then convex and the largest that its own members, as
    payoffs that follow each signal, generate [1]_. (With private or mixed strategies there may
    be more equilibria; they are not covered.)

    From the feasible payoffs that are not below pure minmax, polygons are generated one from the
    other. How far each reaches is bounded by a linear program's multipliers, proposed in floats
    and evaluated in rational arithmetic, so that no rounding can cut off an equilibrium.

    Simple rational corners near those of the last polygon are tried. If the polygon that they make
    generates itself, exactly, it is an inner one; if it is also proved that nothing outside is
    generated again and again, it is the answer. Otherwise (the set may have curved sides), an
    inner polygon comes from an automaton whose deviations cost a little more than they need,
    and the gap is reported, in the manner of [2]_.

    Parameters
    ----------
    game : MonitoredGame
        Two players, with equal or different discount factors.
    steps : int, optional
        Largest number of rounds.

    Returns
    -------
    PublicPayoffs

    Raises
    ------
    GameError
        If there are not two players.
    ParameterError
        If `steps` is not a whole number from 1 to 10,000.
    WorkLimitError
        If there are more than 100 profiles or signals.

    References
    ----------
    .. [1] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
    .. [2] K. L. Judd, S. Yeltekin and J. Conklin (2003), Computing supergame equilibria,
       Econometrica 71, 1239-1254, doi:10.1111/1468-0262.t01-1-00445.

    Examples
    --------
    Restraint pays 2 a period. As incidents happen anyway and must be punished, the best that is
    attained is less by the gain from probing over the likelihood ratio of an incident less 1,
    here 1 / (0.6 / 0.1 - 1), however patient the players are:

    >>> import alignment_games as ag
    >>> stage = ag.NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> for discount in (0.6, 0.8, 0.9):
    ...     print(public_perfect_payoffs(ag.games.MonitoredGame(
    ...         stage,
    ...         {(0, 0): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}},
    ...         discount=discount,
    ...     )))
    Public perfect payoffs form exactly a point: (1, 1)
    Public perfect payoffs form exactly a segment: (1, 1) (1.8, 1.8)
    Public perfect payoffs form exactly a segment: (1, 1) (1.8, 1.8)
    """
    unchecked: object = game
    if not isinstance(unchecked, MonitoredGame):
        msg = (
            f"`game` must be a MonitoredGame, got {type(game).__name__}; if actions are seen, "
            "MonitoredGame.perfect makes one of a stage game"
        )
        raise GameError(msg)
    check_two_players(game)
    most = whole("steps", steps, 1, MAX_STEPS)
    for what, size in (("profiles", len(game.distribution)), ("signals", len(game.signals))):
        if size > MAX_PROFILES:
            msg = (
                f"public perfect payoffs are computed up to {MAX_PROFILES} {what}, got {size}. "
                "Eliminate strategies, or pool signals, first"
            )
            raise WorkLimitError(msg)
    view = monitored_setting(game)
    found = outer_polygons(view, most)
    if not found.polygon:
        return PublicPayoffs(
            game=game, status=Status.NONE, inner=(), outer=(), play=None, gap=0.0, steps=found.steps
        )
    outer: Polygon = hull(map(view.unscaled, found.polygon))
    candidate = near(found)
    play = self_generating(game, view, candidate)
    if play is not None and shrinks(view, found.profiles, candidate, found.polygon):
        outer = payoffs_of(play)
    else:
        other = with_slack(game, view, found)
        play = nearest_to([own for own in (play, other) if own is not None], outer)
    inner = () if play is None else payoffs_of(play)
    return PublicPayoffs(
        game=game,
        status=status_between(inner, outer, settled=found.settled),
        inner=inner,
        outer=outer,
        play=play,
        gap=distance(inner, outer),
        steps=found.steps,
    )


def attaining_public_automaton(
    result: PublicPayoffs, payoff: Sequence[Any]
) -> AttainedPublicPayoff:
    """Return a public perfect equilibrium with a given payoff, verified exactly.

    Parameters
    ----------
    result : PublicPayoffs
    payoff : pair of numbers
        In the inner polygon. A float stands for the shortest decimal that prints it.

    Returns
    -------
    AttainedPublicPayoff

    Raises
    ------
    GameError
        If the payoff is not a pair of numbers in the inner polygon.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stage = ag.NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> game = ag.games.MonitoredGame(
    ...     stage,
    ...     {(0, 0): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}},
    ...     discount=0.8,
    ... )
    >>> print(attaining_public_automaton(public_perfect_payoffs(game), (1.8, 1.8)))
    Payoffs 1.8, 1.8 from 1 phase 2
    start: phase 2
    phase 2: s1, s1; after quiet phase 2; after incident 0.625 phase 1 + 0.375 phase 2
    phase 1: s2, s2; then phase 1
    """
    unchecked: object = result
    if not isinstance(unchecked, PublicPayoffs):
        msg = f"`result` must be a PublicPayoffs, got {type(result).__name__}"
        raise GameError(msg)
    point, play = attained_point(result.inner, result.play, payoff)
    lottery = corner_lottery(play.values, result.inner, point)
    return AttainedPublicPayoff(payoff=point, lottery=lottery, play=reduced(play, list(lottery)))
