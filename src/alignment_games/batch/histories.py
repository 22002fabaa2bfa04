"""Many histories of a game in time at once: what strategies lead to, with shocks and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .._typing import FloatArray, ProfileLike
from .._version import __version__
from ..errors import GameError, WorkLimitError, flag, whole
from ..games import Automaton, MonitoredGame, PublicAutomaton, RepeatedGame, StochasticGame
from ..solvers import (
    AttainedPayoff,
    AttainedPublicPayoff,
    Equilibrium,
    MarkovEquilibrium,
    PublicPlay,
    RepeatedPlay,
)
from ._chains import Chain, chain_of, mistake_rates
from .inputs import seed_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["simulate"]

_MOST = 2**31
"""Histories times periods."""

_HISTORIES = 2**24
"""Histories, of which every player's payoffs are kept: a gigabyte for four players."""

_RECORDED = 2**28
"""Histories times periods of which every profile is kept: a gigabyte."""

_SHARES = 2**27
"""Periods times states and profiles whose shares are kept: a gigabyte."""

_Strategies: TypeAlias = (
    Automaton
    | RepeatedPlay
    | AttainedPayoff
    | PublicAutomaton
    | PublicPlay
    | AttainedPublicPayoff
    | Equilibrium
    | MarkovEquilibrium
    | ProfileLike
    | Sequence[ProfileLike]
    | Mapping[str, ProfileLike]
)


def simulate(
    game: RepeatedGame | MonitoredGame | StochasticGame,
    strategies: _Strategies,
    *,
    periods: int,
    histories: int = 1,
    start: str | int | Mapping[str, Any] | None = None,
    mistakes: float | Sequence[float] = 0.0,
    rng: np.random.Generator | int | None = None,
    record: bool = False,
) -> xr.Dataset:
    """Play strategies for some periods, many times over, with mistakes.

    Parameters
    ----------
    game : RepeatedGame, MonitoredGame or StochasticGame
        With a public signal payoffs are the stage game's, what is expected before the signal.
    strategies : Automaton, PublicAutomaton, MarkovEquilibrium, profile or sequence of profiles
        Of a repeated game an automaton of its stage game (or a RepeatedPlay or AttainedPayoff,
        which hold one), with a public signal a PublicAutomaton (or a PublicPlay or
        AttainedPublicPayoff), or a profile of the stage game, pure or mixed, that is played in
        every period. Of a stochastic game a MarkovEquilibrium or one profile for each state, by
        position or by name. A profile is what `verify` takes.
    periods : int
        Number of periods, at least 1.
    histories : int
        How many times the game is played.
    start : str, int or mapping, optional
        The first state, by name or position, or probabilities of states. By default an
        automaton's own start, the lottery of an attained payoff, or a stochastic game's first
        state.
    mistakes : float or sequence of float, one a player
        Probability with which a player, in any period and independently of the others, does not
        what its strategy says but one of its other actions, each as likely.
    rng : Generator or int, optional
        Source of randomness, or its seed; by default a new one. The seed is in ``attrs``, and
        repeats the histories.
    record : bool
        Whether to keep what was played in every period of every history.

    Returns
    -------
    xarray.Dataset
        Over the histories, of each period: ``state_share`` (period, state), how often each state
        is played; ``profile_share`` (period, profile); ``payoff_mean``, ``payoff_std`` and
        ``payoff_error`` (period, player), the last the standard error of the mean. Of each
        history: ``average`` (history, player), its payoffs with weights that fall by the
        player's discount factor and sum to 1; ``discounted`` (history, player), the discounted
        sum of its payoffs. Over all: ``average_mean``, ``average_error``, ``discounted_mean`` and
        ``discounted_error`` (player). Errors of a single history are nan. With `record` also
        ``played`` (history, period), as positions in the coordinate ``profile``; in a stochastic
        game the names of profiles begin with that of the state. The attribute
        ``discount_left`` holds, for each player, the share of the weight of an infinite future
        that lies beyond the last period.

    Raises
    ------
    GameError
        If the game or the automaton is of another type, `start` does not fit, or `record` is no
        bool.
    ProfileError
        If profiles do not fit the game.
    ParameterError
        If `periods` or `histories` is no positive integer, or a probability not in [0, 1].
    WorkLimitError
        If more than 2**31 periods would be played, 2**28 recorded, or 2**24 histories kept.

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

    A patron that leaves with probability 1/4 and comes back with probability 1/2:

    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[1]], [[0]]], transitions=[[[0.75, 0.25]], [[0.5, 0.5]]], discount=0.9,
    ...     states=["engaged", "away"], players=["small_state"], strategies=[[["hedge"]]] * 2)
    >>> ds = ag.batch.simulate(game, [["hedge"]] * 2, periods=40, histories=10_000, rng=1)
    >>> ds.state_share.values[-1].round(2)  # in the long run 2/3 and 1/3
    array([0.66, 0.34])
    """
    unchecked: object = game
    if not isinstance(unchecked, (RepeatedGame, MonitoredGame, StochasticGame)):
        msg = (
            "`game` must be a RepeatedGame, a MonitoredGame or a StochasticGame, got "
            f"{type(game).__name__}"
        )
        raise GameError(msg)
    length = whole("periods", periods, 1, _MOST)
    count = whole("histories", histories, 1, _HISTORIES)
    keep = flag("record", record)
    if length * count > (_RECORDED if keep else _MOST):
        most = "2**28 periods are recorded" if keep else "2**31 periods are played"
        msg = f"up to {most} in all, got {count} histories of {length}"
        raise WorkLimitError(msg)
    rates = mistake_rates(game.players, mistakes)
    chain = chain_of(game, strategies, start, rates)
    if length * (len(chain.states) + len(chain.profiles)) > _SHARES:
        msg = (
            f"the shares of {len(chain.states)} states and {len(chain.profiles)} profiles in "
            f"{length} periods are more than 2**27 numbers; play fewer periods"
        )
        raise WorkLimitError(msg)
    exact = game.exact_discount if isinstance(game, StochasticGame) else game.discounts
    perfect = "public_perfect" if isinstance(game, MonitoredGame) else "subgame_perfect"
    factors = np.array([float(own) for own in exact])
    seed = seed_of(rng)
    variables = _played(chain, factors, np.random.default_rng(seed), (count, length), keep=keep)
    return _dataset(
        chain,
        game.players,
        variables,
        {
            "game": str(game),
            "strategies": chain.kind,
            "start": chain.start.tolist(),
            "mistakes": rates.tolist(),
            "discount": factors.tolist(),
            "discount_left": (factors**length).tolist(),
            "seed": seed,
            "max_gain": chain.max_gain,
            perfect: int(chain.perfect),
            "alignment_games": __version__,
        },
    )


_Variables: TypeAlias = dict[str, tuple[tuple[str, ...], Any, str]]
"""Dimensions, data and meaning by name."""


def _played(
    chain: Chain,
    factors: FloatArray,
    source: np.random.Generator,
    size: tuple[int, int],
    *,
    keep: bool,
) -> _Variables:
    """Play as many histories of as many periods as `size` says, all at once."""
    count, length = size
    n_players, n_states, n_profiles = len(factors), len(chain.states), len(chain.profiles)
    n_rows = len(chain.payoffs)
    state_share = np.empty((length, n_states))
    profile_share = np.empty((length, n_profiles))
    mean, spread = np.empty((length, n_players)), np.empty((length, n_players))
    discounted = np.zeros((count, n_players))
    played = np.empty((count, length) if keep else (0, 0), dtype=np.int32)
    weights = np.power(factors, np.arange(float(length))[:, None])
    state = _first_states(chain.start, count, source)
    for period in range(length):
        row = chain.play.drawn(state, source)
        row_share = np.bincount(row, minlength=n_rows) / count
        state_share[period] = np.bincount(state, minlength=n_states) / count
        profile_share[period] = np.bincount(chain.profile, row_share, minlength=n_profiles)
        mean[period] = row_share @ chain.payoffs
        spread[period] = row_share @ (chain.payoffs - mean[period]) ** 2
        discounted += (weights[period] * chain.payoffs)[row]
        if keep:
            played[:, period] = chain.profile[row]
        state = chain.moves.drawn(row, source) - row * n_states
    average = discounted / weights.sum(axis=0)
    error = np.sqrt(spread / (count - 1)) if count > 1 else np.full_like(spread, np.nan)
    found: _Variables = {
        "state_share": (("period", "state"), state_share, "share of histories in the state"),
        "profile_share": (("period", "profile"), profile_share, "share of histories"),
        "payoff_mean": (("period", "player"), mean, "mean payoff of the period"),
        "payoff_std": (("period", "player"), np.sqrt(spread), "spread over the histories"),
        "payoff_error": (("period", "player"), error, "standard error of the mean payoff"),
    }
    for name, values, text in (
        ("average", average, "discounted average payoff"),
        ("discounted", discounted, "discounted sum of payoffs"),
    ):
        found[name] = (("history", "player"), values, text)
        found[f"{name}_mean"] = (("player",), values.mean(axis=0), f"mean {text}")
        deviation = values.std(axis=0, ddof=1) if count > 1 else np.full(n_players, np.nan)
        error_text = f"standard error of the mean {text}"
        found[f"{name}_error"] = (("player",), deviation / np.sqrt(count), error_text)
    if keep:
        found["played"] = (("history", "period"), played, "position of the profile")
    return found


def _first_states(start: FloatArray, count: int, source: np.random.Generator) -> Any:
    if start.max() == 1:
        return np.full(count, int(start.argmax()), dtype=np.int64)
    return source.choice(len(start), size=count, p=start)


def _dataset(
    chain: Chain,
    players: tuple[str, ...],
    variables: _Variables,
    attributes: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    return xr.Dataset(
        {name: (dims, data, {"long_name": text}) for name, (dims, data, text) in variables.items()},
        coords={
            "state": list(chain.states),
            "profile": list(chain.profiles),
            "player": list(players),
            "period": np.arange(variables["state_share"][1].shape[0]),
        },
        attrs=attributes,
    )
