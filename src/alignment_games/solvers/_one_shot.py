"""One-shot deviations of strategies that are an automaton, whatever leads from state to state."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import decimal_text
from ..errors import GameError
from ..games import Automaton, MonitoredGame, PublicAutomaton, RepeatedGame
from ..games.repeated import Lottery, Positions
from ._discounted import discounted

__all__ = ["OneShotDeviation", "certificate", "check_types", "largest_gain", "verdict"]


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


def check_types(game: object, automaton: object, wanted: tuple[type, type]) -> None:
    """Refuse a game or an automaton of another type.

    Raises
    ------
    GameError
    """
    for argument, value, own in zip(("game", "automaton"), (game, automaton), wanted, strict=True):
        if not isinstance(value, own):
            msg = f"`{argument}` must be of type {own.__name__}, got {type(value).__name__}"
            raise GameError(msg)


def certificate(
    game: RepeatedGame | MonitoredGame,
    automaton: Automaton | PublicAutomaton,
    follow: Callable[[str, Positions], Lottery],
) -> tuple[dict[str, tuple[Fraction, ...]], tuple[OneShotDeviation, ...]]:
    """Return the values of an automaton's states and all one-shot deviations, largest gain first.

    Parameters
    ----------
    game : RepeatedGame or MonitoredGame
    automaton : Automaton or PublicAutomaton
        Of that game.
    follow : callable
        From a state and the profile that is played in it to the probabilities of the next states.
    """
    stage = game.stage
    each = [_values(game, automaton, who, follow) for who in range(game.n_players)]
    values = {state: tuple(own[k] for own in each) for k, state in enumerate(automaton.states)}
    deviations = []
    for state, who in itertools.product(automaton.states, range(game.n_players)):
        profile, discount = automaton.actions[state], game.discounts[who]
        for action in range(stage.shape[who]):
            if action == profile[who]:
                continue
            moved = (*profile[:who], action, *profile[who + 1 :])
            later = sum(
                (p * values[own][who] for own, p in follow(state, moved).items()), Fraction(0)
            )
            now: Fraction = stage.exact_payoffs[(who, *moved)]
            deviations.append(
                OneShotDeviation(
                    state=state,
                    player=game.players[who],
                    strategy=stage.strategies[who][action],
                    gain=(1 - discount) * now + discount * later - values[state][who],
                )
            )
    deviations.sort(key=lambda own: -own.gain)
    return values, tuple(deviations)


def _values(
    game: RepeatedGame | MonitoredGame,
    automaton: Automaton | PublicAutomaton,
    who: int,
    follow: Callable[[str, Positions], Lottery],
) -> tuple[Fraction, ...]:
    """Return a player's average payoffs from each state on."""
    place = {state: k for k, state in enumerate(automaton.states)}
    rows: list[Mapping[int, Fraction]] = []
    payoffs = []
    for state, profile in automaton.actions.items():
        rows.append({place[own]: p for own, p in follow(state, profile).items()})
        payoffs.append(game.stage.exact_payoffs[(who, *profile)])
    return discounted(payoffs, rows, game.discounts[who])


def largest_gain(deviations: Sequence[OneShotDeviation]) -> Fraction:
    """Return the largest gain of a deviation, 0 if none pays."""
    return max([Fraction(0), *(own.gain for own in deviations)])


def verdict(
    perfect: str, payoffs: Sequence[Fraction], deviations: Sequence[OneShotDeviation]
) -> str:
    """Say whether strategies are perfect, in the named sense, and what they are worth."""
    shown = ", ".join(map(decimal_text, payoffs))
    if largest_gain(deviations) == 0:
        return f"{perfect.capitalize()}: no one-shot deviation pays. Average payoffs {shown}"
    return f"Not {perfect}: {deviations[0]}. Average payoffs {shown}"
