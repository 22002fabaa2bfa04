"""The subgame-perfect payoffs of a two-player repeated game, between two certified polygons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray
from ..errors import GameError, ParameterError, WorkLimitError, whole
from ..games import RepeatedGame
from ._payoff_sets import (
    attained_point,
    between_text,
    check_two_players,
    corner_lottery,
    is_attained,
    start_text,
    status_between,
)
from ._polygons import Corner, Polygon, contains
from ._rational import share_of
from ._repeated_automata import extended, reduced
from ._repeated_find import Witness, approximate, find
from ._self_generation import setting, worst
from .one_shot import RepeatedPlay
from .result import Status

__all__ = ["AttainedPayoff", "RepeatedPayoffs", "attaining_automaton", "repeated_payoffs"]

MAX_STEPS = 100_000

MAX_PROFILES = 400
"""Largest number of pure profiles."""

MAX_DIRECTIONS = 160
"""Largest number of directions of the hyperplanes."""

AS, APS, JYC = "abreu-sannikov", "abreu-pearce-stacchetti", "judd-yeltekin-conklin"

METHODS = (AS, APS, JYC)


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
    gap : float
        Not below the Hausdorff distance of `inner` and `outer`; 0 exactly if they are the same.
    steps : int
        Iterations that were done.
    method : str
        The method that was used.
    witness : Witness or None
        How each corner of `inner` comes about, of which `play` is made; None if it is empty.
    """

    game: RepeatedGame = field(repr=False)
    status: Status
    inner: Polygon
    outer: Polygon
    gap: float
    steps: int
    method: str
    witness: Witness | None = field(repr=False)

    @property
    def play(self) -> RepeatedPlay | None:
        """The automaton that attains `inner`, with its certificate; None if that is empty.

        Corners are payoffs of its states. It is made and verified when it is first asked for.
        """
        return None if self.witness is None else self.witness.play

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
        return is_attained(self.inner, self.outer, payoff)

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
        return start_text(self.payoff, self.lottery, self.play.automaton)


def repeated_payoffs(
    game: RepeatedGame,
    *,
    method: str | None = None,
    steps: int = 2_000,
    tolerance: float = 1e-9,
    directions: int = 72,
) -> RepeatedPayoffs:
    """Find the payoffs of all pure subgame-perfect equilibria of a two-player repeated game.

    Lotteries may be drawn in public before each period, so that the set is convex: it is the
    largest set that its own members, as continuation payoffs, generate [1]_. From the feasible
    payoffs on, polygons that contain it are generated one from the other.

    - ``"abreu-sannikov"`` keeps at most the points at which a player is indifferent, few for each
      profile, which is enough if discount factors are equal [2]_.
    - ``"abreu-pearce-stacchetti"`` keeps all corners that each profile generates [1]_.
    - ``"judd-yeltekin-conklin"`` keeps the outer polygon's edges, and the inner polygon's
      corners, to given directions, by linear programs [3]_. What is left between the two gets
      smaller with the square of their number.

    The first two look for the set itself. Polygons are generated in floating point, with a bound of
    all rounding; near the limit each corner solves an equation, which is solved exactly; and
    integers prove that the result generates itself and that no larger set does. Where this does
    not succeed (the set may have irrational or infinitely many corners), it is done again in
    rational arithmetic if corners are few, and otherwise, as by the third method, deviations are
    made to cost a little more than they need, which leads to an inner polygon, and the gap is
    reported. If an equilibrium needs a player to be exactly indifferent, that gap is not small.

    Parameters
    ----------
    game : RepeatedGame
        Two players, with equal or different discount factors.
    method : str, optional
        One of the three; by default the first if discount factors are equal, otherwise the second.
    steps : int, optional
        Largest number of iterations.
    tolerance : float, optional
        A gap that is small enough, relative to the largest difference of a player's payoffs: if
        the first two methods do not find the set exactly, they try no more once they are as near.
    directions : int, optional
        For the third method the number of directions, a multiple of 4.

    Returns
    -------
    RepeatedPayoffs

    Raises
    ------
    GameError
        If there are not two players, or the method needs equal discount factors.
    ParameterError
        If there is no such method, `steps` or `directions` is not a whole number within bounds,
        or `tolerance` not a number from 0 to 1.
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
    >>> patient = ag.games.RepeatedGame(dilemma, discount=0.6)
    >>> for directions in (8, 72):
    ...     near = repeated_payoffs(
    ...         patient, method="judd-yeltekin-conklin", directions=directions)
    ...     print(near.exact, round(near.gap, 3))
    False 0.444
    False 0.047
    """
    size = _checked(game)
    chosen = _method(game, method)
    most = whole("steps", steps, 1, MAX_STEPS)
    near = float(share_of("tolerance", tolerance))
    count = whole("directions", directions, 4, MAX_DIRECTIONS)
    if count % 4:
        msg = f"`directions` must be a multiple of 4, so that the axes are among them, got {count}"
        raise ParameterError(msg)
    if size > MAX_PROFILES:
        msg = (
            f"payoff sets are computed up to {MAX_PROFILES} profiles, got {size}. Eliminate "
            "strategies first"
        )
        raise WorkLimitError(msg)
    if chosen == JYC:
        found = approximate(game, directions=_around(count), steps=most)
    else:
        found = find(game, sharp=chosen == AS, steps=most, tolerance=near)
    return RepeatedPayoffs(
        game=game,
        status=status_between(found.inner, found.outer, settled=found.settled),
        inner=found.inner,
        outer=found.outer,
        gap=found.gap,
        steps=found.steps,
        method=chosen,
        witness=found.witness,
    )


def _checked(game: object) -> int:
    """Return the number of profiles of a game of two players."""
    if not isinstance(game, RepeatedGame):
        msg = f"`game` must be a RepeatedGame, got {type(game).__name__}"
        raise GameError(msg)
    check_two_players(game)
    return math.prod(game.stage.shape)


def _method(game: RepeatedGame, method: object) -> str:
    equal = game.discounts[0] == game.discounts[1]
    if method is None:
        return AS if equal else APS
    if method not in METHODS:
        msg = f"`method` must be one of {', '.join(METHODS)}, got {method!r}"
        raise ParameterError(msg)
    if method == AS and not equal:
        msg = (
            f"`method` {AS} needs equal discount factors, got "
            f"{' and '.join(map(decimal_text, game.discounts))}; use {APS} or {JYC}"
        )
        raise GameError(msg)
    return str(method)


def _around(count: int) -> FloatArray:
    """Return directions at equal angles, the axes exactly."""
    turns = np.arange(count) * (2 * np.pi / count)
    found = np.column_stack([np.cos(turns), np.sin(turns)])
    found[np.abs(found) < 1e-12] = 0.0
    return np.asarray(found)


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
    point, play = attained_point(result.inner, result.play, payoff)
    values = play.values
    worst_states = tuple(min(values, key=lambda own: values[own][who]) for who in range(2))

    def drawn(place: Corner) -> dict[str, Fraction]:
        return corner_lottery(values, result.inner, place)

    lottery = drawn(point)
    if len(lottery) > 1:
        view = setting(result.game)
        for profile in view.profiles:
            later = view.later(profile, point)
            if profile.deters(later, worst(result.inner)) and contains(result.inner, later):
                first = extended(play, profile.positions, drawn(later), worst_states)
                return AttainedPayoff(payoff=point, lottery={"start": Fraction(1)}, play=first)
    return AttainedPayoff(payoff=point, lottery=lottery, play=reduced(play, list(lottery)))
