"""Repeated games: a stage game played for ever, and strategies as automata."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from .._numeric import decimal_text, exact_number, is_exact, ratio_text
from ..errors import GameError, suggestion
from .normal import NormalFormGame
from .per_player import ROUNDING, discount_factors

__all__ = [
    "Automaton",
    "Lottery",
    "Positions",
    "RepeatedGame",
    "check_stage",
    "first_state",
    "lottery_of",
    "lottery_text",
    "profile_of",
    "state_names",
]

Positions: TypeAlias = tuple[int, ...]
"""A pure profile as positions."""

Lottery: TypeAlias = Mapping[str, Fraction]
"""Probabilities of an automaton's states."""


@dataclass(frozen=True, slots=True, init=False)
class RepeatedGame:
    """A normal-form game played for ever, every player seeing what was played.

    Payoffs are averages: ``(1 - delta) * sum(delta**t * u[t])``, so that a stage payoff received
    for ever is worth itself.

    Parameters
    ----------
    stage : NormalFormGame
    discount : number or sequence of numbers, one a player
        Discount factors, above 0 and below 1; one number is that of all players.

    Attributes
    ----------
    stage : NormalFormGame
    discounts : tuple of Fraction, one a player
        A float stands for the shortest decimal that prints it.
    exact : bool
        Whether payoffs and discount factors were given as exact numbers.

    Raises
    ------
    GameError
        If `stage` is no normal-form game, or there are not as many factors as players.
    ParameterError
        If a factor is not above 0 and below 1.

    References
    ----------
    G. J. Mailath and L. Samuelson (2006), Repeated Games and Reputations, Oxford University
    Press, chapter 2.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(RepeatedGame(dilemma, discount=0.6))
    player_1 and player_2 play a 2 x 2 game for ever, discount factors 0.6 and 0.6
    """

    stage: NormalFormGame
    discounts: tuple[Fraction, ...]
    exact: bool

    def __init__(self, stage: NormalFormGame, *, discount: Any) -> None:
        check_stage(stage)
        factors, exact = discount_factors(discount, stage.players)
        self._fill(stage, factors, stage.exact and exact)

    def _fill(self, stage: NormalFormGame, discounts: tuple[Fraction, ...], exact: bool) -> None:
        for name, value in (("stage", stage), ("discounts", discounts), ("exact", exact)):
            object.__setattr__(self, name, value)

    @classmethod
    def _build(
        cls, stage: NormalFormGame, discounts: tuple[Fraction, ...], exact: bool
    ) -> RepeatedGame:
        """Make a game from parts that are known to be well formed."""
        game = object.__new__(cls)
        game._fill(stage, discounts, exact)
        return game

    def as_exact(self) -> RepeatedGame:
        """Return the same game, its floats taken for the decimals that they stand for."""
        return RepeatedGame._build(self.stage.as_exact(), self.discounts, True)

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.stage.players

    @property
    def n_players(self) -> int:
        """Number of players."""
        return self.stage.n_players

    def __str__(self) -> str:
        size = " x ".join(map(str, self.stage.shape))
        factors = " and ".join(map(decimal_text, self.discounts))
        return (
            f"{' and '.join(self.players)} play a {size} game for ever, discount factors {factors}"
        )


@dataclass(frozen=True, slots=True, init=False)
class Automaton:
    """Pure strategies of all players in a repeated game, as one machine.

    Each state says what everybody does; what was done says which state is next. A lottery over
    states is drawn in public, after the actions.

    Parameters
    ----------
    stage : NormalFormGame
    play : mapping of str to sequence of str or int
        For each state the profile that is played in it.
    after : mapping of str to (str or mapping)
        For each state what follows: a state, whatever was done; or a mapping from profiles to
        states, in which the key ``None`` stands for all profiles that are not named. In place of
        a state there may be a mapping from states to probabilities.
    start : str, optional
        The first state; by default the first in `play`.

    Attributes
    ----------
    stage : NormalFormGame
    states : tuple of str
    start : str
    actions : mapping of str to tuple of int
        The profile of each state, as positions.
    transitions : mapping of str to mapping of tuple of int to Lottery
        For each state and profile the probabilities of the next states, as Fractions.

    Raises
    ------
    GameError
        If there is no state, a state, player's strategy or profile is unknown, missing or named
        twice, or probabilities are negative or do not sum to 1. Exact ones must do so exactly;
        with floats a sum may miss 1 by 1e-9, which the largest then makes up for.

    References
    ----------
    A. Rubinstein (1986), Finite automata play the repeated prisoner's dilemma, Journal of
    Economic Theory 39, 83-96, doi:10.1016/0022-0531(86)90021-9.

    Examples
    --------
    Both cooperate until somebody has not:

    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix(
    ...     [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
    ... )
    >>> grim = Automaton(
    ...     dilemma,
    ...     play={"peace": ("C", "C"), "war": ("D", "D")},
    ...     after={"peace": {("C", "C"): "peace", None: "war"}, "war": "war"},
    ... )
    >>> print(grim)
    start: peace
    peace: C, C; then after C, C peace; otherwise war
    war: D, D; then war
    """

    stage: NormalFormGame
    states: tuple[str, ...]
    start: str
    actions: Mapping[str, Positions]
    transitions: Mapping[str, Mapping[Positions, Lottery]] = field(repr=False)

    def __init__(
        self,
        stage: NormalFormGame,
        *,
        play: Mapping[str, Sequence[str | int]],
        after: Mapping[str, Any],
        start: str | None = None,
    ) -> None:
        check_stage(stage)
        states = state_names(play, after)
        actions = {state: profile_of(stage, own, f"play[{state!r}]") for state, own in play.items()}
        first = first_state(states, after, start)
        for name, value in (
            ("stage", stage),
            ("states", states),
            ("start", first),
            ("actions", actions),
            ("transitions", {own: _followers(stage, actions, own, after[own]) for own in states}),
        ):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        lines = [f"start: {self.start}"]
        for state in self.states:
            follow = self.transitions[state]
            usual = follow[self.actions[state]]
            others = {lottery_text(own) for own in follow.values()}
            text = lottery_text(usual)
            if len(others) == 2 and sum(own == usual for own in follow.values()) == 1:
                other = next(own for own in others if own != text)
                text = f"after {self._named(self.actions[state])} {text}; otherwise {other}"
            elif len(others) > 1:
                text = "; ".join(
                    f"after {self._named(own)} {lottery_text(next_)}"
                    for own, next_ in follow.items()
                )
            lines.append(f"{state}: {self._named(self.actions[state])}; then {text}")
        return "\n".join(lines)

    def __hash__(self) -> int:
        return hash((self.stage, self.states, self.start, tuple(self.actions.items())))

    def _named(self, profile: Positions) -> str:
        return ", ".join(own[k] for own, k in zip(self.stage.strategies, profile, strict=True))


def check_stage(stage: object) -> None:
    """Refuse what is no normal-form game.

    Raises
    ------
    GameError
    """
    if not isinstance(stage, NormalFormGame):
        msg = f"`stage` must be a NormalFormGame, got {type(stage).__name__}"
        raise GameError(msg)


def state_names(play: Mapping[Any, Any], after: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the names of an automaton's states, in order.

    Raises
    ------
    GameError
        If `play` or `after` is no mapping of one state or more, or a name is not text, or empty.

    Examples
    --------
    >>> state_names({"peace": ("C", "C"), "war": ("D", "D")}, {"peace": "war", "war": "war"})
    ('peace', 'war')
    """
    for argument, given in (("play", play), ("after", after)):
        known: object = given
        if not isinstance(known, Mapping) or not known:
            msg = f"`{argument}` must be a mapping by state of one state or more, got {known!r}"
            raise GameError(msg[:200])
    for name in play:
        if not isinstance(name, str) or not name:
            msg = f"`play` must name states by text, got {name!r}"
            raise GameError(msg)
    return tuple(play)


def first_state(states: Sequence[str], after: Collection[str], start: str | None) -> str:
    """Return the state in which an automaton starts, the first unless one is named.

    Raises
    ------
    GameError
        If `after` does not tell of all states and of no others, or `start` is none of them.

    Examples
    --------
    >>> first_state(("peace", "war"), {"peace": "war", "war": "war"}, None)
    'peace'
    """
    if set(after) != set(states):
        msg = f"`after` must say what follows each of {', '.join(map(str, states))}"
        raise GameError(msg)
    first = states[0] if start is None else start
    if first not in states:
        msg = f"`start` must be a state, got {start!r}{suggestion(start, states)}"
        raise GameError(msg)
    return first


def lottery_text(lottery: Lottery) -> str:
    """Show a lottery over states.

    Examples
    --------
    >>> lottery_text({"peace": Fraction(3, 4), "war": Fraction(1, 4)})
    '0.75 peace + 0.25 war'
    """
    if len(lottery) == 1:
        return next(iter(lottery))
    return " + ".join(f"{decimal_text(p)} {state}" for state, p in lottery.items())


def profile_of(stage: NormalFormGame, profile: Any, what: str) -> Positions:
    """Return a profile's positions, from names or positions; `what` says where it stands.

    Raises
    ------
    GameError
        If it does not name a strategy for each player.
    """
    if not isinstance(profile, Sequence) or isinstance(profile, str):
        msg = f"`{what}` must name one strategy for each player, got {profile!r}"[:200]
        raise GameError(msg)
    if len(profile) != stage.n_players:
        names = ", ".join(stage.players)
        msg = f"`{what}` must name one strategy for each of {names}, got {profile!r}"
        raise GameError(msg[:200])
    return tuple(stage.strategy_index(k, own) for k, own in enumerate(profile))


def _followers(
    stage: NormalFormGame, states: Collection[str], state: str, given: Any
) -> dict[Positions, Lottery]:
    what = f"after[{state!r}]"
    if not isinstance(given, Mapping) or all(isinstance(key, str) for key in given):
        lottery = lottery_of(states, given, what)
        return dict.fromkeys(stage.profiles(), lottery)
    named: dict[Positions, Lottery] = {}
    for key, own in given.items():
        if key is None:
            continue
        profile = profile_of(stage, key, what)
        if profile in named:
            names = tuple(s[k] for s, k in zip(stage.strategies, profile, strict=True))
            msg = f"`{what}` says twice what follows {names}"
            raise GameError(msg)
        named[profile] = lottery_of(states, own, what)
    rest = lottery_of(states, given[None], what) if None in given else None
    found = {}
    for profile in stage.profiles():
        own = named.get(profile, rest)
        if own is None:
            names = tuple(s[k] for s, k in zip(stage.strategies, profile, strict=True))
            msg = f"`{what}` must say what follows {names}; the key None stands for all others"
            raise GameError(msg)
        found[profile] = own
    return found


def lottery_of(states: Collection[str], given: Any, what: str) -> Lottery:
    """Return a lottery over states, from a state or probabilities; `what` says where it stands.

    Raises
    ------
    GameError
        If a state is unknown, or probabilities are negative or do not sum to 1.
    """
    if isinstance(given, str):
        given = {given: 1}
    if not isinstance(given, Mapping):
        msg = f"`{what}` must lead to a state or to probabilities of states, got {given!r}"[:200]
        raise GameError(msg)
    lottery = {}
    exact = True
    for state, value in given.items():
        if state not in states:
            msg = f"`{what}` leads to the unknown state {state!r}{suggestion(state, states)}"
            raise GameError(msg)
        try:
            weight = exact_number(value)
        except (TypeError, ValueError) as error:
            msg = f"`{what}` must hold probabilities, got {value!r}"[:200]
            raise GameError(msg) from error
        if weight < 0:
            msg = f"`{what}` must not hold negative probabilities, got {value}"
            raise GameError(msg)
        exact = exact and is_exact(value)
        if weight:
            lottery[state] = weight
    total = sum(lottery.values(), Fraction(0))
    if abs(total - 1) > (0 if exact else ROUNDING):
        shown = ratio_text(total) if exact else decimal_text(total, 12)
        msg = f"`{what}` must hold probabilities that sum to 1, got {shown}"
        raise GameError(msg)
    if total != 1:
        lottery[max(lottery, key=lottery.__getitem__)] += 1 - total
    return lottery
