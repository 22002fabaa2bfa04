"""What play of a Bayesian game is worth, from its types, prior and payoffs alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from .._typing import ObjectArray
from ..games import BayesianGame, NormalFormGame

__all__ = ["action_payoffs", "ex_ante_payoffs"]

Distributions = Sequence[Sequence[Fraction]]


def action_payoffs(game: BayesianGame, vectors: Distributions) -> list[list[Fraction]]:
    """Return what each agent expects of each action, knowing its type, from the others' play.

    Parameters
    ----------
    game : BayesianGame
    vectors : sequence of distributions, one an agent
    """
    sums = [[Fraction(0)] * len(own) for own in game.actions]
    totals = [Fraction(0)] * len(sums)
    for agents, chance, stage, play in _drawn(game, vectors):
        for who, agent in enumerate(agents):
            table = stage.exact_payoffs[who]
            for k in reversed(range(len(play))):
                if k != who:
                    table = np.tensordot(table, play[k], axes=(k, 0))
            sums[agent] = [s + chance * u for s, u in zip(sums[agent], table, strict=True)]
            totals[agent] += chance
    return [[s / total for s in own] for own, total in zip(sums, totals, strict=True)]


def ex_ante_payoffs(game: BayesianGame, vectors: Distributions) -> list[Fraction]:
    """Return what each player expects before types are drawn.

    Parameters
    ----------
    game : BayesianGame
    vectors : sequence of distributions, one an agent
    """
    payoffs = [Fraction(0)] * game.n_players
    for _, chance, stage, play in _drawn(game, vectors):
        for who in range(game.n_players):
            table = stage.exact_payoffs[who]
            for own in play[:-1]:
                table = np.tensordot(own, table, axes=(0, 0))
            payoffs[who] += chance * sum(p * u for p, u in zip(play[-1], table, strict=True))
    return payoffs


def _drawn(
    game: BayesianGame, vectors: Distributions
) -> Iterator[tuple[list[int], Fraction, NormalFormGame, list[ObjectArray]]]:
    """Iterate over the possible type profiles: their agents, probability, game and play."""
    position = {own: k for k, own in enumerate(game.agent_types)}
    arrays = [np.array(vector, dtype=object) for vector in vectors]
    places = itertools.product(*(range(len(own)) for own in game.types))
    for where, chance, stage in zip(
        places, game.exact_prior.values(), game.stages.values(), strict=True
    ):
        if chance:
            agents = [position[drawn] for drawn in enumerate(where)]
            yield agents, chance, stage, [arrays[k] for k in agents]
