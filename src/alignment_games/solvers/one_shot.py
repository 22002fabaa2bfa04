"""The certificate of strategies in a repeated game: no deviation at any state, once, pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import GameError, whole
from ..games import Automaton, RepeatedGame
from ._one_shot import OneShotDeviation, certificate, check_types, largest_gain, verdict

__all__ = ["OneShotDeviation", "RepeatedPlay", "verify_automaton"]

_LONGEST = 1_000_000
"""Periods of a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPlay:
    """Strategies of a repeated game with their certificate.

    Attributes
    ----------
    game : RepeatedGame
    automaton : Automaton
    values : mapping of str to tuple of Fraction, one a player
        Average payoffs from each state on.
    deviations : tuple of OneShotDeviation
        Every other action of every player in every state, also in states that are not reached;
        the most tempting first.
    """

    game: RepeatedGame = field(repr=False)
    automaton: Automaton = field(repr=False)
    values: Mapping[str, tuple[Fraction, ...]]
    deviations: tuple[OneShotDeviation, ...] = field(repr=False)

    @property
    def method(self) -> str:
        """How it was verified."""
        return "one-shot-deviation"

    @property
    def payoffs(self) -> tuple[Fraction, ...]:
        """Average payoffs from the start on."""
        return self.values[self.automaton.start]

    @property
    def max_gain(self) -> Fraction:
        """The largest gain of a deviation, 0 if none pays."""
        return largest_gain(self.deviations)

    @property
    def is_subgame_perfect(self) -> bool:
        """Whether no deviation pays, which proves subgame perfection."""
        return self.max_gain == 0

    def path(self, periods: int) -> tuple[tuple[str, ...], ...]:
        """Return what is played in the first periods.

        Raises
        ------
        GameError
            If `periods` is no whole number from 0 to 1,000,000, or a lottery is drawn on the way.
        """
        count = whole("periods", periods, 0, _LONGEST, error=GameError)
        state, stage, played = self.automaton.start, self.game.stage, []
        for _ in range(count):
            profile = self.automaton.actions[state]
            played.append(tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True)))
            follow = self.automaton.transitions[state][profile]
            if len(follow) > 1:
                msg = f"there is no single path: a lottery is drawn after {state!r}"
                raise GameError(msg)
            state = next(iter(follow))
        return tuple(played)

    def __str__(self) -> str:
        return verdict("subgame-perfect", self.payoffs, self.deviations)


def verify_automaton(game: RepeatedGame, automaton: Automaton) -> RepeatedPlay:
    """Return the values of an automaton's states and every one-shot deviation, exactly.

    Strategies are subgame-perfect exactly if no player gains by another action in a single
    period, in any state, and following the automaton afterwards [1]_.

    Parameters
    ----------
    game : RepeatedGame
    automaton : Automaton
        Of the same stage game.

    Returns
    -------
    RepeatedPlay

    Raises
    ------
    GameError
        If the automaton is not one of the stage game.

    References
    ----------
    .. [1] D. Blackwell (1965), Discounted dynamic programming, Annals of Mathematical Statistics
       36, 226-235, doi:10.1214/aoms/1177700285.

    Examples
    --------
    Cooperation by grim trigger needs a discount factor of one half:

    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> grim = ag.games.Automaton(
    ...     dilemma,
    ...     play={"peace": (0, 0), "war": (1, 1)},
    ...     after={"peace": {(0, 0): "peace", None: "war"}, "war": "war"},
    ... )
    >>> for discount in (0.5, 0.4):
    ...     print(verify_automaton(ag.games.RepeatedGame(dilemma, discount=discount), grim))
    Subgame-perfect: no one-shot deviation pays. Average payoffs 3, 3
    Not subgame-perfect: player_1, s2 in peace: 0.4. Average payoffs 3, 3
    """
    check_types(game, automaton, (RepeatedGame, Automaton))
    stage = game.stage
    if automaton.stage.strategies != stage.strategies or automaton.stage.players != stage.players:
        msg = "`automaton` must be one of the stage game of `game`: same players and strategies"
        raise GameError(msg)
    values, deviations = certificate(
        game, automaton, lambda state, profile: automaton.transitions[state][profile]
    )
    return RepeatedPlay(game=game, automaton=automaton, values=values, deviations=deviations)
