"""The certificate of public strategies: no deviation at any state, once, pays."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import decimal_text
from ..errors import GameError
from ..games import MonitoredGame, PublicAutomaton
from ._discounted import discounted
from .one_shot import OneShotDeviation

__all__ = ["PublicPlay", "verify_public_automaton"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlay:
    """Public strategies of a game with a public signal, with their certificate.

    Attributes
    ----------
    game : MonitoredGame
    automaton : PublicAutomaton
    values : mapping of str to tuple of Fraction, one a player
        Average payoffs from each state on.
    deviations : tuple of OneShotDeviation
        Every other action of every player in every state, also in states that are not reached;
        the most tempting first.
    """

    game: MonitoredGame = field(repr=False)
    automaton: PublicAutomaton = field(repr=False)
    values: Mapping[str, tuple[Fraction, ...]]
    deviations: tuple[OneShotDeviation, ...] = field(repr=False)

    @property
    def payoffs(self) -> tuple[Fraction, ...]:
        """Average payoffs from the start on."""
        return self.values[self.automaton.start]

    @property
    def max_gain(self) -> Fraction:
        """The largest gain of a deviation, 0 if none pays."""
        return max([Fraction(0), *(own.gain for own in self.deviations)])

    @property
    def is_public_perfect(self) -> bool:
        """Whether no deviation pays, which proves a public perfect equilibrium."""
        return self.max_gain == 0

    def __str__(self) -> str:
        payoffs = ", ".join(map(decimal_text, self.payoffs))
        if self.is_public_perfect:
            return f"Public perfect: no one-shot deviation pays. Average payoffs {payoffs}"
        return f"Not public perfect: {self.deviations[0]}. Average payoffs {payoffs}"


def verify_public_automaton(game: MonitoredGame, automaton: PublicAutomaton) -> PublicPlay:
    """Return the values of a public automaton's states and every one-shot deviation, exactly.

    Public strategies are a public perfect equilibrium exactly if no player gains by another
    action in a single period, in any state, and following the automaton afterwards: against
    public strategies of the others nothing private helps, and each player solves a discounted
    decision problem whose state is the automaton's [1]_.

    Parameters
    ----------
    game : MonitoredGame
    automaton : PublicAutomaton
        With the same players, strategies and signals.

    Returns
    -------
    PublicPlay

    Raises
    ------
    GameError
        If the automaton is not one of the game.

    References
    ----------
    .. [1] G. J. Mailath and L. Samuelson (2006), Repeated Games and Reputations, Oxford
       University Press, section 7.1.

    Examples
    --------
    Grim trigger after the first incident, with a patient and with an impatient pair:

    >>> import alignment_games as ag
    >>> stage = ag.NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [0, 1]])
    >>> for discount in (0.9, 0.6):
    ...     game = ag.games.MonitoredGame(
    ...         stage,
    ...         {(0, 0): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}},
    ...         discount=discount,
    ...     )
    ...     grim = ag.games.PublicAutomaton(
    ...         game,
    ...         play={"peace": (0, 0), "war": (1, 1)},
    ...         after={"peace": {"quiet": "peace", "incident": "war"}, "war": "war"},
    ...     )
    ...     print(verify_public_automaton(game, grim))
    Public perfect: no one-shot deviation pays. Average payoffs 1.52632, 1.52632
    Not public perfect: player_1, s2 in peace: 0.13913. Average payoffs 1.86957, 1.86957
    """
    for argument, value, wanted in (
        ("game", game, MonitoredGame),
        ("automaton", automaton, PublicAutomaton),
    ):
        if not isinstance(value, wanted):
            msg = f"`{argument}` must be of type {wanted.__name__}, got {type(value).__name__}"
            raise GameError(msg)
    stage = game.stage
    if (automaton.players, automaton.strategies, automaton.signals) != (
        game.players,
        stage.strategies,
        game.signals,
    ):
        msg = "`automaton` must be one of `game`: same players, strategies and signals"
        raise GameError(msg)
    each = [_values(game, automaton, who) for who in range(game.n_players)]
    values = {state: tuple(own[k] for own in each) for k, state in enumerate(automaton.states)}
    deviations = []
    for state, who in itertools.product(automaton.states, range(game.n_players)):
        profile = automaton.actions[state]
        for action in range(stage.shape[who]):
            if action != profile[who]:
                moved = (*profile[:who], action, *profile[who + 1 :])
                gain = _worth(game, automaton, who, state, moved, each[who]) - values[state][who]
                deviations.append(
                    OneShotDeviation(
                        state=state,
                        player=game.players[who],
                        strategy=stage.strategies[who][action],
                        gain=gain,
                    )
                )
    deviations.sort(key=lambda own: -own.gain)
    return PublicPlay(game=game, automaton=automaton, values=values, deviations=tuple(deviations))


def _worth(
    game: MonitoredGame,
    automaton: PublicAutomaton,
    who: int,
    state: str,
    profile: tuple[int, ...],
    values: Sequence[Fraction],
) -> Fraction:
    """Return a player's average payoff if a profile is played once in a state."""
    worth = dict(zip(automaton.states, values, strict=True))
    later = Fraction(0)
    for q, lottery in zip(game.distribution[profile], automaton.transitions[state], strict=True):
        if q:
            later += q * sum((p * worth[own] for own, p in lottery.items()), Fraction(0))
    discount = game.discounts[who]
    now: Fraction = game.stage.exact_payoffs[(who, *profile)]
    return (1 - discount) * now + discount * later


def _values(game: MonitoredGame, automaton: PublicAutomaton, who: int) -> tuple[Fraction, ...]:
    place = {state: k for k, state in enumerate(automaton.states)}
    follow, payoffs = [], []
    for state, profile in automaton.actions.items():
        row: dict[int, Fraction] = {}
        for q, lottery in zip(
            game.distribution[profile], automaton.transitions[state], strict=True
        ):
            for own, p in lottery.items():
                if q:
                    row[place[own]] = row.get(place[own], Fraction(0)) + q * p
        follow.append(row)
        payoffs.append(game.stage.exact_payoffs[(who, *profile)])
    return discounted(payoffs, follow, game.discounts[who])
