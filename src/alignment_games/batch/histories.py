"""Many histories of a repeated game at once: what strategies lead to if players make mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .._numeric import exact_number
from .._typing import FloatArray, IntArray
from .._version import __version__
from ..errors import ParameterError, WorkLimitError, flag, whole
from ..games import Automaton, RepeatedGame
from ..games.per_player import each_player
from ..solvers import verify_automaton
from .inputs import seed_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["simulate"]

_MOST = 2**31
"""Histories times periods."""

_RECORDED = 2**28
"""Histories times periods of which every profile is kept: half a gigabyte."""


def simulate(
    game: RepeatedGame,
    automaton: Automaton,
    *,
    periods: int,
    histories: int = 1,
    mistakes: float | Sequence[float] = 0.0,
    rng: np.random.Generator | int | None = None,
    record: bool = False,
) -> xr.Dataset:
    """Play an automaton for some periods, many times over, with mistakes.

    Parameters
    ----------
    game : RepeatedGame
    automaton : Automaton
        Of its stage game.
    periods : int
        Number of periods, at least 1.
    histories : int
        How many times the game is played.
    mistakes : float or sequence of float, one a player
        Probability with which a player, in any period and independently of the others, does not
        what its strategy says but one of its other actions, each as likely.
    rng : Generator or int, optional
        Source of randomness, or its seed; by default a new one. The seed is in ``attrs``.
    record : bool
        Whether to keep what was played in every period of every history.

    Returns
    -------
    xarray.Dataset
        ``state_share`` (period, state), how often each state is played; ``profile_share``
        (period, profile); ``payoff_mean`` and ``payoff_std`` (period, player), of a period's
        payoffs over the histories; ``average`` (history, player), the payoffs of a history with
        weights that fall by the player's discount factor and sum to 1. With `record` also
        ``played`` (history, period), as positions in the coordinate ``profile``.

    Raises
    ------
    GameError
        If `automaton` is not one of the game's stage game, or `record` is no bool.
    ParameterError
        If `periods` or `histories` is no positive integer, or a probability not in [0, 1].
    WorkLimitError
        If more than 2**31 periods would be played, or 2**28 recorded.

    References
    ----------
    R. Selten (1975), Reexamination of the perfectness concept for equilibrium points in extensive
    games, International Journal of Game Theory 4, 25-55, doi:10.1007/BF01766400 (mistakes).

    Examples
    --------
    Grim trigger does not survive mistakes:

    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> grim = ag.games.Automaton(
    ...     dilemma,
    ...     play={"peace": (0, 0), "war": (1, 1)},
    ...     after={"peace": {(0, 0): "peace", None: "war"}, "war": "war"},
    ... )
    >>> ds = ag.batch.simulate(
    ...     ag.games.RepeatedGame(dilemma, discount=0.9), grim,
    ...     periods=50, histories=10_000, mistakes=0.02, rng=1,
    ... )
    >>> ds.state_share.sel(state="peace").values[[0, 10, 49]].round(2)
    array([1.  , 0.67, 0.14])
    """
    exact = verify_automaton(game, automaton)
    length = whole("periods", periods, 1, _MOST)
    count = whole("histories", histories, 1, _MOST)
    keep = flag("record", record)
    if length * count > (_RECORDED if keep else _MOST):
        most = "2**28 periods are recorded" if keep else "2**31 periods are played"
        msg = f"up to {most} in all, got {count} histories of {length}"
        raise WorkLimitError(msg)
    rates = _rates(game, mistakes)
    tables = _Tables.of(game, automaton)
    seed = seed_of(rng)
    source = np.random.default_rng(seed)
    start = automaton.states.index(automaton.start)
    factors = np.array([float(own) for own in game.discounts])
    variables = _played(tables, start, factors, rates, source, (count, length), keep=keep)
    return _dataset(
        game,
        automaton,
        variables,
        {
            "mistakes": rates.tolist(),
            "discount": factors.tolist(),
            "seed": seed,
            "max_gain": float(exact.max_gain),
            "subgame_perfect": int(exact.is_subgame_perfect),
            "alignment_games": __version__,
        },
    )


_Variables: TypeAlias = dict[str, tuple[tuple[str, ...], Any, str]]
"""Dimensions, data and meaning by name."""


def _played(
    tables: _Tables,
    start: int,
    factors: FloatArray,
    rates: FloatArray,
    source: np.random.Generator,
    size: tuple[int, int],
    *,
    keep: bool,
) -> _Variables:
    """Play as many histories of as many periods as `size` says, all at once."""
    count, length = size
    n_profiles, n_players = tables.payoffs.shape
    n_states = len(tables.actions)
    state_share = np.empty((length, n_states))
    profile_share = np.empty((length, n_profiles))
    mean, std = np.empty((length, n_players)), np.empty((length, n_players))
    average = np.zeros((count, n_players))
    played = np.empty((count, length) if keep else (0, 0), dtype=np.int32)
    weights = np.power(factors, np.arange(float(length))[:, None])
    weights /= weights.sum(axis=0)
    state = np.full(count, start)
    for period in range(length):
        profile = tables.played(state, rates, source)
        state_share[period] = np.bincount(state, minlength=n_states) / count
        profile_share[period] = np.bincount(profile, minlength=n_profiles) / count
        mean[period] = profile_share[period] @ tables.payoffs
        std[period] = np.sqrt(profile_share[period] @ (tables.payoffs - mean[period]) ** 2)
        average += weights[period] * tables.payoffs[profile]
        if keep:
            played[:, period] = profile
        state = tables.next(state, profile, source)
    found: _Variables = {
        "state_share": (("period", "state"), state_share, "share of histories in the state"),
        "profile_share": (("period", "profile"), profile_share, "share of histories"),
        "payoff_mean": (("period", "player"), mean, "mean payoff of the period"),
        "payoff_std": (("period", "player"), std, "spread over the histories"),
        "average": (("history", "player"), average, "discounted average payoff"),
    }
    if keep:
        found["played"] = (("history", "period"), played, "position of the profile")
    return found


@dataclass(frozen=True, slots=True)
class _Tables:
    """An automaton as arrays; profiles are counted in the order of `NormalFormGame.profiles`."""

    shape: tuple[int, ...]
    actions: IntArray
    payoffs: FloatArray
    followers: IntArray | None
    """The next state by state and profile, if no lottery is drawn."""
    cumulated: FloatArray
    """Probabilities of the next states, added up, by state and profile."""

    @classmethod
    def of(cls, game: RepeatedGame, automaton: Automaton) -> _Tables:
        """Lay an automaton out."""
        stage, states = game.stage, automaton.states
        profiles = list(stage.profiles())
        law = np.zeros((len(states), len(profiles), len(states)))
        for s, state in enumerate(states):
            for p, profile in enumerate(profiles):
                for own, weight in automaton.transitions[state][profile].items():
                    law[s, p, states.index(own)] = float(weight)
        sure = bool((law.max(axis=2) == 1).all())
        cumulated = law.cumsum(axis=2)
        cumulated[:, :, -1] = 1.0
        return cls(
            shape=stage.shape,
            actions=np.array([automaton.actions[state] for state in states]),
            payoffs=stage.payoffs.reshape(game.n_players, -1).T.copy(),
            followers=law.argmax(axis=2) if sure else None,
            cumulated=cumulated,
        )

    def played(self, state: IntArray, rates: FloatArray, source: np.random.Generator) -> IntArray:
        """Return the profiles that are played, mistakes included."""
        profile = np.zeros(len(state), dtype=np.int64)
        for who, size in enumerate(self.shape):
            action = self.actions[state, who]
            if rates[who] > 0 and size > 1:
                wrong = np.flatnonzero(source.random(len(state)) < rates[who])
                shift = source.integers(1, size, len(wrong))
                action[wrong] = (action[wrong] + shift) % size
            profile = profile * size + action
        return profile

    def next(self, state: IntArray, profile: IntArray, source: np.random.Generator) -> IntArray:
        """Return the states that follow, drawn where there are lotteries."""
        if self.followers is not None:
            followers: IntArray = self.followers[state, profile]
            return followers
        drawn = source.random(len(state))
        passed: IntArray = (drawn[:, None] >= self.cumulated[state, profile]).sum(axis=1)
        return passed


def _rates(game: RepeatedGame, mistakes: Any) -> FloatArray:
    rates = []
    for own in each_player("mistakes", mistakes, game.players):
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


def _dataset(
    game: RepeatedGame,
    automaton: Automaton,
    variables: _Variables,
    attributes: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    stage = game.stage
    names = [
        ", ".join(own[k] for own, k in zip(stage.strategies, profile, strict=True))
        for profile in stage.profiles()
    ]
    return xr.Dataset(
        {name: (dims, data, {"long_name": text}) for name, (dims, data, text) in variables.items()},
        coords={
            "state": list(automaton.states),
            "profile": names,
            "player": list(game.players),
            "period": np.arange(variables["state_share"][1].shape[0]),
        },
        attrs=attributes,
    )
