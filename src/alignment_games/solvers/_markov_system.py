"""Advantages of actions in a stochastic game under mixed stationary play, and their derivatives.

The *advantage* of an action in a state is what it is worth now, later play unchanged, less what
the player's own mixture is worth. Play is one long vector of probabilities: players in turn, of
each the states in turn, of each the actions. Payoffs are scaled to a range of 1 for each player.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._typing import FloatArray, IntArray
from ..games import StochasticGame

__all__ = ["Advantages", "System", "stochastic_system"]


@dataclass(frozen=True, slots=True)
class _Group:
    """States whose players have the same numbers of actions, handled at once.

    Attributes
    ----------
    states : ndarray of int, shape (n_group,)
    payoffs : ndarray, shape (n_players, n_group, n_actions_1, ..., n_actions_n)
    moves : ndarray, shape (n_group, n_actions_1, ..., n_actions_n, n_states)
    places : tuple of ndarray of int, shape (n_group, n_actions), one a player
        Where the actions stand in the long vector.
    """

    states: IntArray
    payoffs: FloatArray
    moves: FloatArray
    places: tuple[IntArray, ...]


@dataclass(frozen=True, slots=True)
class Advantages:
    """Advantages at a point of play.

    Attributes
    ----------
    levels : ndarray, shape (n,)
    jacobian : ndarray, shape (n, n)
        Derivatives for the probabilities; empty if not asked for.
    values : ndarray, shape (n_players, n_states)
    """

    levels: FloatArray
    jacobian: FloatArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class System:
    """A stochastic game with scaled payoffs, laid out for one long vector of probabilities.

    Attributes
    ----------
    n_states : int
    discount : ndarray, shape (n_players,)
    groups : tuple of _Group
    starts : ndarray of int, shape (n_players * n_states,)
        Where each block of the long vector, a player in a state, begins.
    sizes : ndarray of int, shape (n_players * n_states,)
    """

    n_states: int
    discount: FloatArray
    groups: tuple[_Group, ...]
    starts: IntArray
    sizes: IntArray

    @property
    def blocks(self) -> IntArray:
        """Of each entry of the long vector, its block."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def advantages(self, play: FloatArray, *, derivatives: bool) -> Advantages:
        """Compute advantages, of all actions at once."""
        n_players, size = len(self.discount), self.n_states
        payoff = np.empty((n_players, size))
        moves = np.empty((size, size))
        for group in self.groups:
            chances = [play[own] for own in group.places]
            moves[group.states] = _mean(group.moves, chances)
            for who in range(n_players):
                payoff[who, group.states] = _mean(group.payoffs[who], chances)
        levels = np.empty(len(play))
        jacobian = np.zeros((len(play), len(play)) if derivatives else (0, 0))
        values = np.empty((n_players, size))
        for who, factor in enumerate(self.discount):
            inverse = np.linalg.inv(np.eye(size) - factor * moves)
            values[who] = inverse @ payoff[who]
            # What each probability of each player adds to the value of its state, at once.
            added = np.empty(len(play))
            states = np.empty(len(play), dtype=np.int64)
            for group in self.groups:
                chances = [play[own] for own in group.places]
                worth = group.payoffs[who] + factor * (group.moves @ values[who])
                for j in range(n_players):
                    added[group.places[j]] = _mean(worth, chances, j)
                    states[group.places[j]] = group.states[:, None]
                own = group.places[who]
                levels[own] = added[own] - values[who, group.states][:, None]
            if not derivatives:
                continue
            for group in self.groups:
                chances = [play[own] for own in group.places]
                worth = group.payoffs[who] + factor * (group.moves @ values[who])
                own = group.places[who]
                # Later: through the values of all states.
                reach = factor * _mean(group.moves, chances, who) @ inverse
                reach -= inverse[group.states][:, None, :]
                jacobian[own] = reach[..., states] * added
                # At once: through the other players' actions in this state.
                for j in range(n_players):
                    if j != who:
                        jacobian[own[:, :, None], group.places[j][:, None, :]] += _mean(
                            worth, chances, who, j
                        )
        return Advantages(levels, jacobian, values)


def _mean(table: FloatArray, chances: list[FloatArray], *kept: int) -> FloatArray:
    """Average over the actions of all players but those in `kept`, whose axes come in that order.

    `table` has the group's axis first, then one a player, then any others.
    """
    letters = string.ascii_letters
    axes = letters[1 : len(chances) + 1]
    rest = letters[len(chances) + 1 : table.ndim]
    left = axes
    for k, name in enumerate(axes):
        if k not in kept:
            new = left.replace(name, "")
            table = np.einsum(f"a{left}{rest},a{name}->a{new}{rest}", table, chances[k])
            left = new
    wanted = "".join(axes[k] for k in kept)
    return table if left == wanted else np.einsum(f"a{left}{rest}->a{wanted}{rest}", table)


def stochastic_system(game: StochasticGame) -> System:
    """Lay a game out, its payoffs scaled."""
    sizes = np.array(
        [stage.shape[who] for who in range(game.n_players) for stage in game.stages], dtype=np.int64
    )
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    scaled = [_scaled(game, who) for who in range(game.n_players)]
    groups = []
    for shape in sorted({stage.shape for stage in game.stages}):
        states = [k for k, stage in enumerate(game.stages) if stage.shape == shape]
        groups.append(
            _Group(
                states=np.array(states, dtype=np.int64),
                payoffs=np.array([[own[s] for s in states] for own in scaled]),
                moves=np.array([game.transitions[s] for s in states]),
                places=tuple(
                    starts[[who * game.n_states + s for s in states]][:, None] + np.arange(size)
                    for who, size in enumerate(shape)
                ),
            )
        )
    discount = np.array([float(factor) for factor in game.discount])
    return System(game.n_states, discount, tuple(groups), starts, sizes)


def _scaled(game: StochasticGame, who: int) -> list[FloatArray]:
    """Return one player's payoffs in each state, with a range of 1 and 0 in the middle."""
    own = [stage.exact_payoffs[who] for stage in game.stages]
    highest = max(u for block in own for u in block.flat)
    lowest = min(u for block in own for u in block.flat)
    scale = highest - lowest or Fraction(1)
    middle = (highest + lowest) / 2
    return [((block - middle) / scale).astype(np.float64) for block in own]
