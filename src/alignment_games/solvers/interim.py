"""Certificates of Bayesian games: interim payoffs and regrets, from types and beliefs alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from .._numeric import exact_number, is_exact, nearest_float
from .._typing import ObjectArray, Profile, ProfileLike, Vector
from ..errors import GameError
from ..games import BayesianGame, NormalFormGame
from .certify import clean_profile
from .result import Equilibrium

__all__ = ["certified_play", "interim_payoffs", "verify_bayesian"]


def interim_payoffs(game: BayesianGame, profile: ProfileLike | Equilibrium) -> Vector:
    """Return what each possible type expects, knowing its own type alone.

    Parameters
    ----------
    game : BayesianGame
    profile : Equilibrium, sequence or mapping
        One entry for each of ``game.agents``: a probability vector or the name of an action.

    Returns
    -------
    tuple of numbers, one an agent
        In utility units; Fractions if the game and the profile are exact.

    Raises
    ------
    GameError
        If `game` is not a BayesianGame.
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.BayesianGame([[[1, 0]], [[3, 4]]], [0.25, 0.75], players=["A"],
    ...                              types=[["low", "high"]])
    >>> ag.solvers.interim_payoffs(game, ["s1", "s1"])
    (1.0, 3.0)
    """
    vectors, exact = _distributions(game, profile)
    means = [_dot(own, levels) for own, levels in zip(vectors, _levels(game, vectors), strict=True)]
    return _as_asked(means, exact=exact)


def verify_bayesian(game: BayesianGame, profile: ProfileLike | Equilibrium) -> Vector:
    """Return the interim regret of each possible type: what it could gain by another action.

    Parameters
    ----------
    game : BayesianGame
    profile : Equilibrium, sequence or mapping
        As for `interim_payoffs`.

    Returns
    -------
    tuple of numbers, one an agent
        All zero exactly at a Bayes-Nash equilibrium. A player's regret before it learns its type
        is the mean of its types' regrets, so the one is zero if and only if the other is.
        Fractions if the game and the profile are exact.

    Raises
    ------
    GameError, ProfileError
        As for `interim_payoffs`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.BayesianGame([[[1, 0]], [[3, 4]]], [0.25, 0.75], players=["A"])
    >>> ag.solvers.verify_bayesian(game, ["s1", "s1"])
    (0.0, 1.0)
    """
    vectors, exact = _distributions(game, profile)
    gains = [
        max(levels) - _dot(own, levels)
        for own, levels in zip(vectors, _levels(game, vectors), strict=True)
    ]
    return _as_asked(gains, exact=exact)


def certified_play(game: BayesianGame, profile: Profile) -> Equilibrium:
    """Return the equilibrium record of type-contingent play, its numbers computed here."""
    vectors, exact = _distributions(game, profile)
    payoffs = _ex_ante(game, vectors)
    return Equilibrium(
        game=game,
        profile=profile,
        payoffs=_as_asked(payoffs, exact=exact),
        regret=verify_bayesian(game, profile),
    )


def _distributions(
    game: BayesianGame, profile: ProfileLike | Equilibrium
) -> tuple[list[list[Fraction]], bool]:
    """Return the exact distributions that a profile stands for, and whether all was exact."""
    unchecked: object = game
    if not isinstance(unchecked, BayesianGame):
        msg = f"`game` must be a BayesianGame, got {type(game).__name__}"
        raise GameError(msg)
    given = profile.profile if isinstance(profile, Equilibrium) else profile
    vectors = clean_profile(game, given)
    exact = game.exact and all(is_exact(p) for vector in vectors for p in vector)
    found = []
    for vector in vectors:
        values = [exact_number(p) for p in vector]
        total = sum(values, Fraction(0))
        found.append([p / total for p in values])
    return found, exact


def _played(
    game: BayesianGame, vectors: Sequence[Sequence[Fraction]]
) -> list[tuple[tuple[int, ...], Fraction, NormalFormGame, list[ObjectArray]]]:
    """Return the possible type profiles with their probability, game, and play."""
    position = {own: k for k, own in enumerate(game.agent_types)}
    places = itertools.product(*(range(len(own)) for own in game.types))
    return [
        (
            tuple(position[who, own] for who, own in enumerate(where)),
            chance,
            stage,
            [np.array(vectors[position[who, own]], dtype=object) for who, own in enumerate(where)],
        )
        for where, chance, stage in zip(
            places, game.exact_prior.values(), game.stages.values(), strict=True
        )
        if chance
    ]


def _levels(game: BayesianGame, vectors: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Return what each action of each agent earns, given its type, against the others' play."""
    sums = [[Fraction(0)] * len(own) for own in game.actions]
    totals = [Fraction(0)] * len(sums)
    for agents, chance, stage, play in _played(game, vectors):
        for who, agent in enumerate(agents):
            table = stage.exact_payoffs[who]
            for k in reversed(range(len(play))):
                if k != who:
                    table = np.tensordot(table, play[k], axes=(k, 0))
            sums[agent] = [s + chance * u for s, u in zip(sums[agent], table, strict=True)]
            totals[agent] += chance
    return [[s / total for s in own] for own, total in zip(sums, totals, strict=True)]


def _ex_ante(game: BayesianGame, vectors: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """Return each player's payoff before types are drawn."""
    payoffs = [Fraction(0)] * game.n_players
    for _, chance, stage, play in _played(game, vectors):
        for who, table in enumerate(stage.exact_payoffs):
            value = table
            for own in play:
                value = np.tensordot(value, own, axes=(0, 0))
            payoffs[who] += chance * value[()]
    return payoffs


def _dot(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


def _as_asked(values: Sequence[Fraction], *, exact: bool) -> Vector:
    return tuple(values) if exact else tuple(map(nearest_float, values))
