"""The certificate of public strategies: no deviation at any state, once, pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import GameError
from ..games import MonitoredGame, PublicAutomaton
from ..games.repeated import Lottery, Positions
from ._one_shot import OneShotDeviation, certificate, check_types, largest_gain, verdict

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
        return largest_gain(self.deviations)

    @property
    def is_public_perfect(self) -> bool:
        """Whether no deviation pays, which proves a public perfect equilibrium."""
        return self.max_gain == 0

    def __str__(self) -> str:
        return verdict("public perfect", self.payoffs, self.deviations)


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
    check_types(game, automaton, (MonitoredGame, PublicAutomaton))
    if (automaton.players, automaton.strategies, automaton.signals) != (
        game.players,
        game.stage.strategies,
        game.signals,
    ):
        msg = "`automaton` must be one of `game`: same players, strategies and signals"
        raise GameError(msg)

    def follow(state: str, profile: Positions) -> Lottery:
        found: dict[str, Fraction] = {}
        drawn = zip(game.distribution[profile], automaton.transitions[state], strict=True)
        for q, lottery in drawn:
            for own, p in lottery.items():
                if q:
                    found[own] = found.get(own, Fraction(0)) + q * p
        return found

    values, deviations = certificate(game, automaton, follow)
    return PublicPlay(game=game, automaton=automaton, values=values, deviations=deviations)
