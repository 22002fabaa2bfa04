"""The certificate of strategies in a repeated game: no deviation at any state, once, pays."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import decimal_text
from ..errors import GameError, whole
from ..games import Automaton, RepeatedGame
from ..games.repeated import Positions
from ._discounted import discounted

__all__ = ["OneShotDeviation", "RepeatedPlay", "verify_automaton"]

_LONGEST = 1_000_000
"""Periods of a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneShotDeviation:
    """What a player would gain by one other action in one state.

    Attributes
    ----------
    state, player, strategy : str
    gain : Fraction
        Of the average payoff from that state on; negative if the deviation costs.
    """

    state: str
    player: str
    strategy: str
    gain: Fraction

    def __str__(self) -> str:
        return f"{self.player}, {self.strategy} in {self.state}: {decimal_text(self.gain)}"


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
        return max([Fraction(0), *(own.gain for own in self.deviations)])

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
        payoffs = ", ".join(map(decimal_text, self.payoffs))
        if self.is_subgame_perfect:
            return f"Subgame-perfect: no one-shot deviation pays. Average payoffs {payoffs}"
        return f"Not subgame-perfect: {self.deviations[0]}. Average payoffs {payoffs}"


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
    for argument, value, wanted in (
        ("game", game, RepeatedGame),
        ("automaton", automaton, Automaton),
    ):
        if not isinstance(value, wanted):
            msg = f"`{argument}` must be of type {wanted.__name__}, got {type(value).__name__}"
            raise GameError(msg)
    stage = game.stage
    if automaton.stage.strategies != stage.strategies or automaton.stage.players != stage.players:
        msg = "`automaton` must be one of the stage game of `game`: same players and strategies"
        raise GameError(msg)
    each = [_values(game, automaton, who) for who in range(game.n_players)]
    values = {state: tuple(own[k] for own in each) for k, state in enumerate(automaton.states)}
    deviations = [
        OneShotDeviation(
            state=state,
            player=game.players[who],
            strategy=stage.strategies[who][action],
            gain=_worth(
                game, automaton, who, state, _moved(automaton.actions[state], who, action), values
            )
            - values[state][who],
        )
        for state, who in itertools.product(automaton.states, range(game.n_players))
        for action in range(stage.shape[who])
        if action != automaton.actions[state][who]
    ]
    deviations.sort(key=lambda own: -own.gain)
    return RepeatedPlay(game=game, automaton=automaton, values=values, deviations=tuple(deviations))


def _moved(profile: Positions, who: int, action: int) -> Positions:
    return (*profile[:who], action, *profile[who + 1 :])


def _worth(
    game: RepeatedGame,
    automaton: Automaton,
    who: int,
    state: str,
    profile: Positions,
    values: Mapping[str, tuple[Fraction, ...]],
) -> Fraction:
    """Return a player's average payoff if a profile is played once in a state."""
    discount = game.discounts[who]
    later = sum(
        (p * values[own][who] for own, p in automaton.transitions[state][profile].items()),
        Fraction(0),
    )
    now: Fraction = game.stage.exact_payoffs[(who, *profile)]
    return (1 - discount) * now + discount * later


def _values(game: RepeatedGame, automaton: Automaton, who: int) -> tuple[Fraction, ...]:
    place = {state: k for k, state in enumerate(automaton.states)}
    follow, payoffs = [], []
    for state, profile in automaton.actions.items():
        follow.append({place[o]: p for o, p in automaton.transitions[state][profile].items()})
        payoffs.append(game.stage.exact_payoffs[(who, *profile)])
    return discounted(payoffs, follow, game.discounts[who])
