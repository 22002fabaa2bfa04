"""Strategies of a game in time as a Markov chain, laid out to draw many histories at once.

A *row* is a state together with a profile that may be played in it. In a state a row is drawn, and
in a row the next state. Mistakes and mixed strategies are both part of the first draw.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from .._numeric import exact_number, nearest_float
from .._typing import FloatArray, IntArray
from ..errors import GameError, ParameterError, ProfileError, suggestion
from ..games import (
    Automaton,
    MonitoredGame,
    NormalFormGame,
    PublicAutomaton,
    RepeatedGame,
    StochasticGame,
)
from ..games.per_player import ROUNDING, each_player
from ..games.repeated import Positions
from ..solvers import (
    AttainedPayoff,
    AttainedPublicPayoff,
    FiniteHorizonSolution,
    MarkovEquilibrium,
    PublicPlay,
    RepeatedPlay,
    verify_automaton,
    verify_markov,
    verify_public_automaton,
)
from ..solvers._markov_values import clean_strategies
from ..solvers.certify import clean_profile, verify

__all__ = ["Chain", "Lottery", "chain_of", "mistake_rates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lottery:
    """Draws from one of several distributions, for many histories at once.

    Attributes
    ----------
    first : ndarray of int, shape (n_distributions,)
        Where the outcomes of each distribution begin among all outcomes.
    last : ndarray of int, shape (n_distributions,)
        The last outcome of each that has a probability above 0.
    sums : ndarray, shape (n_outcomes,)
        Probabilities added up, those of the k-th distribution from k to k + 1.
    sure : bool
        Whether no distribution leaves anything to chance.
    """

    first: IntArray
    last: IntArray
    sums: FloatArray
    sure: bool

    @classmethod
    def of(cls, distributions: Sequence[FloatArray]) -> Lottery:
        """Lay distributions out, each a vector with sum 1."""
        sizes = [len(own) for own in distributions]
        first = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
        last, sums = [], []
        for k, own in enumerate(distributions):
            place = int(np.flatnonzero(own)[-1])
            added = np.cumsum(own)
            added[place:] = 1.0
            last.append(place)
            sums.append(k + np.minimum(added, 1.0))
        return cls(
            first=first,
            last=first + np.array(last),
            sums=np.concatenate(sums),
            sure=all(own.max() == 1 for own in distributions),
        )

    def drawn(self, which: IntArray, source: np.random.Generator) -> IntArray:
        """Return an outcome of the distribution that holds in each history.

        Of 1,000 distributions probabilities are kept to 1e-13, of a million to 1e-10.
        """
        if self.sure:
            return self.last[which]
        found = np.searchsorted(self.sums, which + source.random(len(which)), side="right")
        # A sum that is rounded up to the next distribution still belongs to this one.
        return np.asarray(np.minimum(found, self.last[which]), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A game in time played by given strategies.

    Attributes
    ----------
    states : tuple of str
    start : ndarray, shape (n_states,)
        Probabilities of the first state.
    play : Lottery
        Of each state, its rows.
    moves : Lottery
        Of each row, the states; outcomes are row * n_states + state.
    payoffs : ndarray, shape (n_rows, n_players)
    profiles : tuple of str
        Names of what may be played.
    profile : ndarray of int, shape (n_rows,)
        The position of each row's profile in `profiles`.
    kind : str
        ``automaton`` or ``stationary``.
    max_gain : float
        The largest gain of a one-shot deviation where nobody makes mistakes.
    perfect : bool
        Whether that gain is exactly 0.
    """

    states: tuple[str, ...]
    start: FloatArray
    play: Lottery
    moves: Lottery
    payoffs: FloatArray
    profiles: tuple[str, ...]
    profile: IntArray
    kind: str
    max_gain: float
    perfect: bool


def chain_of(game: object, strategies: Any, start: Any, rates: FloatArray) -> Chain:
    """Lay out a game with strategies and mistakes.

    Raises
    ------
    GameError, ProfileError
        If the strategies or the start do not fit the game.
    """
    if isinstance(game, StochasticGame):
        return _markov(game, strategies, start, rates)
    assert isinstance(game, (RepeatedGame, MonitoredGame))
    if isinstance(strategies, (AttainedPayoff, AttainedPublicPayoff)):
        start = strategies.lottery if start is None else start
        strategies = strategies.play
    if isinstance(strategies, (RepeatedPlay, PublicPlay)):
        strategies = strategies.automaton
    if isinstance(strategies, (Automaton, PublicAutomaton)):
        return _automaton(game, strategies, start, rates)
    return _stationary(game, strategies, start, rates)


def mistake_rates(players: tuple[str, ...], mistakes: Any) -> FloatArray:
    """Return the probability of a mistake of each player.

    Raises
    ------
    GameError, ParameterError
        If there are not as many as players, or one is no probability.
    """
    rates = []
    for own in each_player("mistakes", mistakes, players):
        try:
            rate = exact_number(own)
        except (TypeError, ValueError) as error:
            msg = f"`mistakes` must hold probabilities from 0 to 1, got {own!r}"[:200]
            raise ParameterError(msg) from error
        if not 0 <= rate <= 1:
            msg = f"`mistakes` must hold probabilities from 0 to 1, got {own}"
            raise ParameterError(msg)
        rates.append(float(rate))
    return np.array(rates)


def _automaton(
    game: RepeatedGame | MonitoredGame,
    automaton: Automaton | PublicAutomaton,
    start: Any,
    rates: FloatArray,
) -> Chain:
    max_gain, follow = _verified(game, automaton)
    stage, states = game.stage, automaton.states
    place = {state: k for k, state in enumerate(states)}
    play, moves = [], []
    for state in states:
        pure = [
            np.eye(size)[k] for size, k in zip(stage.shape, automaton.actions[state], strict=True)
        ]
        play.append(_law(pure, rates))
        for profile in stage.profiles():
            law = np.zeros(len(states))
            for lottery, chance in follow(state, profile):
                for own, weight in lottery.items():
                    law[place[own]] += float(chance * weight)
            moves.append(law)
    names = _profile_names(stage)
    return Chain(
        states=states,
        start=_first(states, automaton.start if start is None else start),
        play=Lottery.of(play),
        moves=Lottery.of(moves),
        payoffs=np.tile(_payoff_rows(stage), (len(states), 1)),
        profiles=names,
        profile=np.tile(np.arange(len(names)), len(states)),
        kind="automaton",
        max_gain=nearest_float(max_gain),
        perfect=not max_gain,
    )


_Follow: TypeAlias = Callable[[str, Positions], list[tuple[Mapping[str, Fraction], Fraction]]]
"""From a state and what is played in it to lotteries over states, and their probabilities."""


def _verified(
    game: RepeatedGame | MonitoredGame, automaton: Automaton | PublicAutomaton
) -> tuple[Fraction, _Follow]:
    """Return the largest gain of a one-shot deviation, and what follows."""
    if isinstance(game, MonitoredGame):
        public: Any = automaton  # checked next
        gain = verify_public_automaton(game, public).max_gain
        return gain, lambda state, profile: list(
            zip(public.transitions[state], game.distribution[profile], strict=True)
        )
    seen: Any = automaton
    gain = verify_automaton(game, seen).max_gain
    return gain, lambda state, profile: [(seen.transitions[state][profile], Fraction(1))]


def _stationary(
    game: RepeatedGame | MonitoredGame, given: Any, start: Any, rates: FloatArray
) -> Chain:
    """Lay out a profile of the stage game that is played whatever has happened."""
    if start is not None:
        msg = (
            "`start` is for strategies with several states; a profile that is played in every "
            f"period has one, got {start!r}"
        )
        raise GameError(msg[:200])
    stage = game.stage
    profile = clean_profile(stage, given)
    exact = [[exact_number(own) for own in vector] for vector in profile]
    exact = [[own / sum(vector, Fraction(0)) for own in vector] for vector in exact]
    gains = [
        (1 - factor) * exact_number(own)
        for factor, own in zip(game.discounts, verify(stage.as_exact(), exact), strict=True)
    ]
    law = _law([np.array(own, dtype=np.float64) for own in profile], rates)
    names = _profile_names(stage)
    return Chain(
        states=("always",),
        start=np.ones(1),
        play=Lottery.of([law]),
        moves=Lottery.of([np.ones(1)] * len(names)),
        payoffs=_payoff_rows(stage),
        profiles=names,
        profile=np.arange(len(names)),
        kind="stationary",
        max_gain=nearest_float(max(gains)),
        perfect=not any(gains),
    )


_NO_MARKOV = (
    Automaton,
    PublicAutomaton,
    RepeatedPlay,
    PublicPlay,
    AttainedPayoff,
    AttainedPublicPayoff,
    FiniteHorizonSolution,
)


def _markov(game: StochasticGame, given: Any, start: Any, rates: FloatArray) -> Chain:
    if isinstance(given, _NO_MARKOV):
        msg = (
            "`strategies` of a stochastic game must be a MarkovEquilibrium or one profile for each "
            f"state, got {type(given).__name__}"
        )
        raise ProfileError(msg)
    if isinstance(given, MarkovEquilibrium):
        given = given.strategies
    strategies, _ = clean_strategies(game, given)
    gains = [exact_number(own) for row in verify_markov(game, strategies) for own in row]
    play = [
        _law([np.array(own, dtype=np.float64) for own in profile], rates) for profile in strategies
    ]
    moves = np.concatenate([own.reshape(-1, game.n_states) for own in game.transitions])
    names = tuple(
        f"{state}: {name}"
        for state, stage in zip(game.states, game.stages, strict=True)
        for name in _profile_names(stage)
    )
    return Chain(
        states=game.states,
        start=_first(game.states, game.states[0] if start is None else start),
        play=Lottery.of(play),
        moves=Lottery.of(list(moves)),
        payoffs=np.concatenate([_payoff_rows(stage) for stage in game.stages]),
        profiles=names,
        profile=np.arange(len(names)),
        kind="stationary",
        max_gain=float(max(gains)),
        perfect=not any(gains),
    )


def _law(mixed: Sequence[FloatArray], rates: FloatArray) -> FloatArray:
    """Return the probabilities of a state's profiles, mistakes included."""
    noisy = [
        (1 - rate) * own + rate * (1 - own) / (len(own) - 1) if len(own) > 1 else own
        for own, rate in zip(mixed, rates, strict=True)
    ]
    law: FloatArray = functools.reduce(np.multiply.outer, noisy).reshape(-1)
    return law


def _first(states: tuple[str, ...], given: Any) -> FloatArray:
    """Return the probabilities of the first state, from a state or from probabilities."""
    if not isinstance(given, (str, int, np.integer, Mapping)):
        msg = f"`start` must be a state or probabilities of states, got {given!r}"
        raise GameError(msg[:200])
    entries = given if isinstance(given, Mapping) else {given: 1}
    law = [Fraction(0)] * len(states)
    for state, value in entries.items():
        if isinstance(state, (int, np.integer)) and not isinstance(state, bool):
            place = int(state) if 0 <= state < len(states) else -1
        else:
            place = states.index(state) if state in states else -1
        if place < 0:
            msg = f"`start` names an unknown state {state!r}{suggestion(state, states)}"
            raise GameError(msg)
        try:
            law[place] += exact_number(value)
        except (TypeError, ValueError) as error:
            msg = f"`start` must hold probabilities of states, got {value!r}"[:200]
            raise GameError(msg) from error
    total = sum(law, Fraction(0))
    if min(law) < 0 or abs(total - 1) > ROUNDING:
        msg = f"`start` must hold probabilities that sum to 1, got {entries!r}"
        raise GameError(msg[:200])
    return np.array([float(own / total) for own in law])


def _profile_names(stage: NormalFormGame) -> tuple[str, ...]:
    return tuple(
        ", ".join(own[k] for own, k in zip(stage.strategies, profile, strict=True))
        for profile in stage.profiles()
    )


def _payoff_rows(stage: NormalFormGame) -> FloatArray:
    rows: FloatArray = stage.payoffs.reshape(stage.n_players, -1).T
    return rows
