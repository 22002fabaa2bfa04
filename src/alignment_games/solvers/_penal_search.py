"""The harshest simple punishments of a finite family at one discount factor, in floats.

Nothing is claimed here: what is found is a guess, whose conditions are then solved exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import FloatArray, IntArray
from ..games import NormalFormGame
from ..games.repeated import Positions
from ._penal_paths import Course, course

__all__ = ["harshest"]

_DEPTH = 6
"""Profiles before a path ends in one profile for ever, or in the target."""
_KEPT = 300
"""Paths of each length that are made longer."""
_LOWEST = 20
"""Of these, those that are worst for each player."""
_SLACK = 1e-11
"""Violations of incentives, relative to the spread of payoffs, that are put down to rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Family:
    """Paths: what is played now, which of the paths follows, and what all are worth."""

    now: IntArray
    later: IntArray
    values: FloatArray


def harshest(
    stage: NormalFormGame, cycle: tuple[Positions, ...], discount: float, threats: FloatArray
) -> tuple[Course, ...] | None:
    """Return a path of punishment for each player that together sustain a target.

    Paths begin with up to six profiles, then repeat one for ever or join the target. Of all those
    that nobody leaves under the threat `threats`, paths are struck out that somebody leaves under
    the worst threat that is left, until none is: what remains is the largest such set [1]_.

    Parameters
    ----------
    stage : NormalFormGame
    cycle : tuple of tuples of int
        The target.
    discount : float
    threats : ndarray, shape (n_players,)
        Not above what any equilibrium pays.

    Returns
    -------
    tuple of Course or None
        None if the target is struck out.

    References
    ----------
    .. [1] D. Abreu (1988), On the theory of infinitely repeated games with discounting,
       Econometrica 56, 383-396, doi:10.2307/1911077.
    """
    profiles = list(stage.profiles())
    tables = stage.exact_payoffs.astype(float)
    payoffs = tables.reshape(stage.n_players, -1).T
    best = [own.max(axis=who, keepdims=True) for who, own in enumerate(tables)]
    tempted = np.array([np.broadcast_to(own, stage.shape).ravel() for own in best]).T
    slack = _SLACK * (np.ptp(payoffs) or 1.0)
    places = [profiles.index(own) for own in cycle]
    family = _bases(payoffs, places, discount)
    n = len(cycle)
    fresh = np.arange(len(family.now))
    for _ in range(_DEPTH):
        now = np.repeat(np.arange(len(profiles)), len(fresh))
        later = np.tile(fresh, len(profiles))
        values = (1 - discount) * payoffs[now] + discount * family.values[later]
        kept = (values >= (1 - discount) * tempted[now] + discount * threats - slack).all(axis=1)
        now, later, values = now[kept], later[kept], values[kept]
        chosen = _spread(values)
        fresh = np.arange(len(chosen)) + len(family.now)
        family = _Family(
            now=np.concatenate([family.now, now[chosen]]),
            later=np.concatenate([family.later, later[chosen]]),
            values=np.concatenate([family.values, values[chosen]]),
        )
    alive = np.ones(len(family.now), dtype=bool)
    while alive[:n].all():
        least = family.values[alive].min(axis=0)
        bound = (1 - discount) * tempted[family.now] + discount * least - slack
        left = alive & (family.values >= bound).all(axis=1)
        left &= left[family.later]
        if (left == alive).all():
            worst = [int(np.argmin(np.where(alive, own, np.inf))) for own in family.values.T]
            return tuple(_unrolled(family, own, n, profiles) for own in worst)
        alive = left
    return None


def _bases(payoffs: FloatArray, places: list[int], discount: float) -> _Family:
    """Return the target from each of its periods on, then each profile for ever."""
    n = len(places)
    weights = discount ** np.arange(n)
    phases = [weights @ payoffs[[*places[k:], *places[:k]]] / weights.sum() for k in range(n)]
    return _Family(
        now=np.concatenate([places, np.arange(len(payoffs))]),
        later=np.concatenate([(np.arange(n) + 1) % n, np.arange(len(payoffs)) + n]),
        values=np.concatenate([phases, payoffs]),
    )


def _spread(values: FloatArray) -> IntArray:
    """Return positions of paths that are worst for a player, or differ from each other."""
    if len(values) <= _KEPT:
        return np.arange(len(values))
    players = values.shape[1]
    low, width = values.min(axis=0), np.ptp(values, axis=0)
    bins = max(2, int(_KEPT ** (1 / players)))
    cells = ((values - low) / np.where(width > 0, width, 1.0) * (bins - 1e-9)).astype(int)
    _, first = np.unique(cells, axis=0, return_index=True)
    lowest = [np.argsort(own, kind="stable")[:_LOWEST] for own in values.T]
    return np.unique(np.concatenate([first, *lowest]))


def _unrolled(family: _Family, place: int, n: int, profiles: list[Positions]) -> Course:
    """Return a path of the family in full."""
    first = []
    while place >= n and family.later[place] != place:
        first.append(profiles[family.now[place]])
        place = int(family.later[place])
    if place >= n:
        return course(first, [profiles[family.now[place]]])
    return course(first, [profiles[family.now[(place + k) % n]] for k in range(n)])
