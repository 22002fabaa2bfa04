"""The branch of agent quantal response equilibria that begins with even play.

An end of the tree has the weight ``w = chance * product of the probabilities on its way``. Given
that an information set is reached, its action is worth the mean of the payoffs of the ends behind
the action, weighted with ``w``: a smooth function of the logarithms of all probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import FloatArray, IntArray
from ..errors import GameError, WorkLimitError
from ..games import Chance, Terminal
from ..games.nodes import History, exact_payoffs, exact_probabilities
from ._agent_responses import log_responses
from ._agent_tree import AgentTree

__all__ = ["MAX_STEPS", "AgentSystem", "agent_system", "trace_to"]

MAX_STEPS = 5_000
"""Steps after which a trace gives up; hundreds are many."""

MAX_ACTIONS, MAX_CELLS = 300, 3 * 10**6
"""Largest number of actions of all agents, and of actions times ends of the tree."""

_SOLVED, _CORRECTIONS, _SMALLEST = 1e-11, 8, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgentSystem:
    """The ends of a tree as arrays.

    Attributes
    ----------
    behind : ndarray, shape (n_ends, n_actions)
        1 where the end lies behind the action, otherwise 0. Columns are agent by agent.
    payoffs : ndarray, shape (n_ends, n_actions)
        Payoffs of the player of each column, less its lowest one, divided by `unit`.
    log_chance : ndarray, shape (n_ends,)
    starts : ndarray of int, shape (n_agents + 1,)
    unit : float
        The largest range of a player's payoffs.
    noise : str
    """

    behind: FloatArray
    payoffs: FloatArray
    log_chance: FloatArray
    starts: IntArray
    unit: float
    noise: str

    def equations(self, point: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the residual and its derivatives, at logarithms and, last, a scaled precision."""
        logs, precision = point[:-1], point[-1]
        weights = self.behind * (self.log_chance + self.behind @ logs)[:, None]
        weights = np.where(self.behind > 0, weights, -np.inf)
        shares = np.exp(weights - weights.max(axis=0))
        shares /= shares.sum(axis=0)
        worth = (shares * self.payoffs).sum(axis=0)
        slopes = (shares * (self.payoffs - worth)).T @ self.behind
        residual = np.empty(len(logs))
        jacobian = np.zeros((len(logs), len(logs) + 1))
        for first, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            own = slice(first, end)
            answer, rates = log_responses(precision * worth[own], self.noise)
            residual[own] = logs[own] - answer
            jacobian[own, :-1] = -precision * rates @ slopes[own]
            jacobian[own, -1] = -rates @ worth[own]
        jacobian[:, :-1] += np.eye(len(logs))
        return residual, jacobian


def agent_system(tree: AgentTree, noise: str) -> AgentSystem:
    """Arrange the ends of a tree that has at least one decision.

    Raises
    ------
    GameError
        If chance never leads to some agent.
    WorkLimitError
        If there are too many actions, or too many ends for them.
    """
    starts = np.cumsum([0, *map(len, tree.game.actions)])
    rows: list[History] = []
    logs, ends = [], []
    for history, node in tree.game.moves():
        for action, child in node.branches.items():
            if isinstance(child, Terminal):
                rows.append((*history, action))
                ends.append(exact_payoffs(child))
    count = int(starts[-1])
    if count > MAX_ACTIONS or count * len(rows) > MAX_CELLS:
        msg = (
            f"the branch of a tree with {count} actions and {len(rows)} ends takes too long; the "
            f"limits are {MAX_ACTIONS} actions and {MAX_CELLS} actions times ends. Prune the tree"
        )
        raise WorkLimitError(msg)
    behind = np.zeros((len(rows), count))
    keep = []
    for i, row in enumerate(rows):
        share = 1.0
        for depth, action in enumerate(row):
            before = tree.game.node(row[:depth])
            if isinstance(before, Chance):
                share *= float(exact_probabilities(before)[tuple(before.branches).index(action)])
        for who, k in tree.choices(row):
            behind[i, starts[who] + k] = 1.0
        logs.append(np.log(share) if share else 0.0)
        keep.append(share > 0)
    table = np.array(ends, dtype=object)
    low = table.min(axis=0)
    unit = max(table.max(axis=0) - low) or 1
    scaled = ((table - low) / unit).astype(np.float64)
    columns = np.repeat(tree.players, np.diff(starts))
    kept = np.array(keep)
    for who, first in enumerate(starts[:-1]):
        if not behind[kept, first].any():
            msg = (
                f"chance never leads to {tree.game.agents[who]!r}, so that what it believes there "
                "is not determined. Remove the events of probability 0"
            )
            raise GameError(msg)
    return AgentSystem(
        behind=behind[kept],
        payoffs=scaled[kept][:, columns],
        log_chance=np.array(logs)[kept],
        starts=starts,
        unit=float(unit),
        noise=noise,
    )


def trace_to(system: AgentSystem, target: float) -> tuple[FloatArray, bool, float]:
    """Follow the branch from even play until its scaled precision first is `target`.

    Returns
    -------
    point : ndarray
        Logarithms of the probabilities and the scaled precision where the trace ended.
    reached : bool
    farthest : float
        The largest scaled precision that was passed.
    """
    sizes = np.diff(system.starts)
    point = np.append(-np.log(np.repeat(sizes, sizes)), 0.0)
    tangent = np.zeros(len(point))
    tangent[-1] = 1.0
    tangent = _tangent(system, point, tangent)
    step, farthest = min(0.05, max(target, _SMALLEST)), 0.0
    for _ in range(MAX_STEPS):
        found = _corrected(system, point + step * tangent, tangent, 0.1 * step)
        ahead = None if found is None else _tangent(system, found, tangent)
        if found is None or ahead is None or ahead @ tangent < 0.97:
            step /= 2
            if step < _SMALLEST:
                return point, False, farthest
            continue
        if found[-1] >= target:
            across = np.zeros(len(point))
            across[-1] = 1.0
            part = (target - point[-1]) / (found[-1] - point[-1])
            guess = point + part * (found - point)
            guess[-1] = target
            last = _corrected(system, guess, across, step)
            if last is not None:
                return last, True, target
            step /= 2
            if step < _SMALLEST:
                return point, False, farthest
            continue
        point, tangent = found, ahead
        farthest = max(farthest, float(point[-1]))
        step *= 1.5
    return point, False, farthest


def _tangent(system: AgentSystem, point: FloatArray, along: FloatArray) -> FloatArray:
    """Return the direction of the branch, of length 1, that goes on as `along` does."""
    _, jacobian = system.equations(point)
    square = np.vstack([jacobian, along])
    right = np.zeros(len(point))
    right[-1] = 1.0
    found = np.linalg.lstsq(square, right, rcond=None)[0]
    return np.asarray(found / np.linalg.norm(found), dtype=np.float64)


def _corrected(
    system: AgentSystem, guess: FloatArray, across: FloatArray, reach: float
) -> FloatArray | None:
    """Return the solution near a guess, in the plane through it normal to `across`, or None."""
    point = guess.copy()
    for _ in range(_CORRECTIONS):
        residual, jacobian = system.equations(point)
        if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
            return None
        if np.abs(residual).max() <= _SOLVED * (1 + np.abs(point).max()):
            return point
        square = np.vstack([jacobian, across])
        right = np.append(-residual, across @ (guess - point))
        point[:] += np.linalg.lstsq(square, right, rcond=None)[0]
        if np.linalg.norm(point - guess) > reach:
            return None
    return None
