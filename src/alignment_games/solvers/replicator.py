"""Learning in stage games by nashpy's replicator dynamics."""

from __future__ import annotations

import sys
import warnings
from fractions import Fraction

import numpy as np

from .._typing import Number, ProfileLike
from ..errors import GameError, WorkLimitError, whole
from ..games import NormalFormGame, RepeatedGame
from ._learning import MAX_STEPS, learned_stage, positive
from .certify import clean_profile
from .learning_path import LearningPath, recorded

__all__ = ["replicator"]

_OUTSIDE = 1e-6  # by which an integrated share may leave [0, 1]


def replicator(
    game: NormalFormGame | RepeatedGame,
    *,
    time: Number = 10,
    points: int = 1000,
    start: ProfileLike | None = None,
    populations: int = 2,
) -> LearningPath:
    """Integrate the replicator dynamics of one or two populations.

    The share of a strategy grows at the rate by which it earns more than its population's mean
    [1]_.

    Parameters
    ----------
    game : NormalFormGame or RepeatedGame
        Two players; of a repeated game the stage game.
    time : number, optional
        Until when, from 0 on.
    points : int, optional
        At how many points of time, evenly spaced, from 2 to 1,000,000.
    start : profile, optional
        Shares at the beginning, as `verify` takes them; even by default. What nobody plays
        at the beginning is never played.
    populations : {1, 2}, optional
        Two populations play against each other, or one against itself. One needs a symmetric game,
        and the same shares for both players.

    Returns
    -------
    LearningPath
        Of floats, with the errors of integration by SciPy's ``odeint`` (through nashpy). No limit
        is ever proved.

    Raises
    ------
    GameError
        If the game does not have two players or, for one population, is not symmetric.
    ParameterError
        If `time`, `points` or `populations` are out of range.
    ProfileError
        If `start` does not fit the game.
    WorkLimitError
        If the integration fails; a shorter time may do.

    References
    ----------
    .. [1] P. D. Taylor and L. B. Jonker (1978), Evolutionarily stable strategies and game
       dynamics, Mathematical Biosciences 40, 145-156, doi:10.1016/0025-5564(78)90077-9.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> path = ag.solvers.replicator(dilemma, time=20)
    >>> [round(float(own[1]), 6) for own in path.last], path.limit
    ([1.0, 1.0], None)
    """
    from nashpy.learning.replicator_dynamics import (
        asymmetric_replicator_dynamics,
        replicator_dynamics,
    )
    from scipy.integrate import odeint, trapezoid

    # SciPy 1.11 keeps it beside odeint and does not export it.
    failure: type[Warning] = sys.modules[odeint.__module__].ODEintWarning

    stage = learned_stage(game)
    until = positive("time", time)
    count = whole("points", points, 2, MAX_STEPS)
    whole("populations", populations, 1, 2)
    first, second = stage.payoffs
    even = [[Fraction(1, size)] * size for size in stage.shape]
    given = clean_profile(stage, even if start is None else start)
    begin = [np.array(own, dtype=np.float64) for own in given]
    times = np.linspace(0, until, count)
    if populations == 1:
        if first.shape[0] != first.shape[1] or not np.array_equal(first, second.T):
            msg = (
                "`populations` of 1 needs a symmetric game: payoffs[1] the transpose of payoffs[0]"
            )
            raise GameError(msg)
        if given[0] != given[1]:
            msg = "`start` must give both players the same shares where `populations` is 1"
            raise GameError(msg)
    try:
        with warnings.catch_warnings(), np.errstate(over="ignore", invalid="ignore"):
            warnings.simplefilter("error", failure)
            if populations == 1:
                shares = [replicator_dynamics(first, y0=begin[0], timepoints=times)] * 2
            else:
                shares = list(
                    asymmetric_replicator_dynamics(
                        first, second, x0=begin[0], y0=begin[1], timepoints=times
                    )
                )
    except failure:
        msg = f"the dynamics could not be integrated until `time` {time}; try a shorter one"
        raise WorkLimitError(msg) from None
    path = []
    for own in shares:
        wrong = not np.isfinite(own).all() or own.min() < -_OUTSIDE
        if wrong or np.abs(own.sum(axis=1) - 1).max() > _OUTSIDE:
            msg = f"the dynamics could not be integrated until `time` {time}; try a shorter one"
            raise WorkLimitError(msg)
        clean = np.maximum(own, 0.0)
        path.append(clean / clean.sum(axis=1, keepdims=True))
    averages = [trapezoid(own, times, axis=0) for own in path]
    return recorded(
        stage,
        "nashpy-replicator",
        times,
        tuple(path),
        tuple(tuple((own / own.sum()).tolist()) for own in averages),
        tuple(tuple(own[-1].tolist()) for own in path),
        limit=None,
        seed=None,
    )
