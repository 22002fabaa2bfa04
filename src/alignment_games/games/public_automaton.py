"""Strategies that depend on public signals alone, of all players, as one machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import GameError
from .monitored import MonitoredGame
from .normal import index_of
from .repeated import (
    Lottery,
    Positions,
    first_state,
    lottery_of,
    lottery_text,
    profile_of,
    state_names,
)

__all__ = ["PublicAutomaton"]


@dataclass(frozen=True, slots=True, init=False)
class PublicAutomaton:
    """Pure public strategies of all players in a game with a public signal.

    Each state says what everybody does; the signal says which state is next. A lottery over
    states may be drawn in public after the signal.

    Parameters
    ----------
    game : MonitoredGame
        Its players, strategies and signals are used, not its payoffs.
    play : mapping of str to sequence of str or int
        For each state the profile that is played in it.
    after : mapping of str to (str or mapping)
        For each state what follows: a state, whatever the signal; or a mapping from signals to
        states, in which the key ``None`` stands for all signals that are not named. In place
        of a state in this mapping there may be a mapping from states to probabilities.
    start : str, optional
        The first state; by default the first in `play`.

    Attributes
    ----------
    players, signals : tuple of str
    strategies : tuple of tuples of str, one a player
    states : tuple of str
    start : str
    actions : mapping of str to tuple of int
        The profile of each state, as positions.
    transitions : mapping of str to tuple of Lottery
        For each state and signal, in the signals' order, the probabilities of the next states,
        as Fractions.

    Raises
    ------
    GameError
        If there is no state, a state, signal or strategy is unknown, missing or named twice, or
        probabilities are negative or do not sum to 1.

    References
    ----------
    D. Fudenberg, D. Levine and E. Maskin (1994), The folk theorem with imperfect public
    information, Econometrica 62, 997-1039, doi:10.2307/2951505.

    Examples
    --------
    Restraint until an incident, which brings war half of the time:

    >>> import alignment_games as ag
    >>> stage = ag.NormalFormGame.from_bimatrix(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]], strategies=[["restrain", "probe"]] * 2
    ... )
    >>> game = MonitoredGame(
    ...     stage,
    ...     {(0, 0): {"quiet": 0.9, "incident": 0.1}, None: {"quiet": 0.4, "incident": 0.6}},
    ...     discount=0.8,
    ... )
    >>> print(PublicAutomaton(
    ...     game,
    ...     play={"peace": ("restrain", "restrain"), "war": ("probe", "probe")},
    ...     after={"peace": {"incident": {"peace": 0.5, "war": 0.5}, None: "peace"},
    ...            "war": "war"},
    ... ))
    start: peace
    peace: restrain, restrain; after quiet peace; after incident 0.5 peace + 0.5 war
    war: probe, probe; then war
    """

    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    signals: tuple[str, ...]
    states: tuple[str, ...]
    start: str
    actions: Mapping[str, Positions] = field(hash=False)
    transitions: Mapping[str, tuple[Lottery, ...]] = field(repr=False, hash=False)

    def __init__(
        self,
        game: MonitoredGame,
        *,
        play: Mapping[str, Sequence[str | int]],
        after: Mapping[str, Any],
        start: str | None = None,
    ) -> None:
        unchecked: object = game
        if not isinstance(unchecked, MonitoredGame):
            msg = f"`game` must be a MonitoredGame, got {type(game).__name__}"
            raise GameError(msg)
        states = state_names(play, after)
        first = first_state(states, after, start)
        for name, value in (
            ("players", game.players),
            ("strategies", game.stage.strategies),
            ("signals", game.signals),
            ("states", states),
            ("start", first),
            (
                "actions",
                {own: profile_of(game.stage, play[own], f"play[{own!r}]") for own in states},
            ),
            (
                "transitions",
                {own: _followers(play, game.signals, own, after[own]) for own in states},
            ),
        ):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        lines = [f"start: {self.start}"]
        for state in self.states:
            named = ", ".join(
                own[k] for own, k in zip(self.strategies, self.actions[state], strict=True)
            )
            shown = [lottery_text(own) for own in self.transitions[state]]
            if len(set(shown)) == 1:
                text = f"then {shown[0]}"
            else:
                text = "; ".join(
                    f"after {signal} {own}" for signal, own in zip(self.signals, shown, strict=True)
                )
            lines.append(f"{state}: {named}; {text}")
        return "\n".join(lines)


def _followers(
    states: Collection[str], signals: tuple[str, ...], state: str, given: Any
) -> tuple[Lottery, ...]:
    what = f"after[{state!r}]"
    if not isinstance(given, Mapping):
        return (lottery_of(states, given, what),) * len(signals)
    found = dict.fromkeys(range(len(signals)), given.get(None))
    known: set[int] = set()
    for signal, own in given.items():
        if signal is None:
            continue
        place = index_of("signal", signal, signals)
        if place in known:
            msg = f"`{what}` says twice what follows {signals[place]!r}"
            raise GameError(msg)
        known.add(place)
        found[place] = own
    for place, own in found.items():
        if own is None:
            msg = (
                f"`{what}` must say what follows {signals[place]!r}; the key None stands for all "
                "other signals"
            )
            raise GameError(msg)
    return tuple(
        lottery_of(states, own, f"{what}[{signals[place]!r}]") for place, own in found.items()
    )
