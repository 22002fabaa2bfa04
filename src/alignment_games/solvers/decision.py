"""Decision problems: stochastic games of one player, whose optimal policies are found exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray, IntArray, Number
from ..errors import GameError
from ..games import StochasticGame
from ._markov_values import ExactRows, pure_strategies, require_discounting, require_stochastic

__all__ = ["OptimalPolicy", "optimal_policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimalPolicy:
    """All optimal stationary policies of a stochastic game of one player.

    Attributes
    ----------
    game : StochasticGame
    actions : tuple of tuples of str
        For each state the strategies that are optimal there. A policy is optimal exactly if it
        uses no others: where there is one in every state, it is the only optimal policy.
    values : tuple of numbers
        What each state is worth under any of them: Fractions if the game is exact.
    """

    game: StochasticGame = field(repr=False)
    actions: tuple[tuple[str, ...], ...]
    values: tuple[Number, ...]

    @property
    def unique(self) -> bool:
        """Whether one strategy alone is optimal in every state."""
        return all(len(own) == 1 for own in self.actions)

    def at(self, state: str | int) -> tuple[str, ...]:
        """Return the strategies that are optimal in a state."""
        return self.actions[self.game.state_index(state)]

    def __str__(self) -> str:
        lines = [
            f"{name}: {' or '.join(own)}  value {decimal_text(value)}"
            for name, own, value in zip(self.game.states, self.actions, self.values, strict=True)
        ]
        return "\n".join(lines)


def optimal_policy(game: StochasticGame) -> OptimalPolicy:
    """Find everything that is optimal in a stochastic game of one player.

    Policy iteration [1]_ in floating point finds a policy, which is then evaluated in rational
    arithmetic, and improved there until no state offers a gain: that proves it optimal.

    Parameters
    ----------
    game : StochasticGame
        Of one player.

    Returns
    -------
    OptimalPolicy
        All ties included.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame, or has several players.
    WorkLimitError
        If the discount factor is above 1 - 1e-9.

    References
    ----------
    .. [1] R. A. Howard (1960), Dynamic programming and Markov processes, MIT Press.

    Examples
    --------
    To leave for a better place costs something, once:

    >>> import alignment_games as ag
    >>> from fractions import Fraction
    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[1, -2]], [[2]]], transitions=[[[1, 0], [0, 1]], [[0, 1]]],
    ...     discount=Fraction(3, 4), states=["here", "there"],
    ...     strategies=[[["stay", "leave"]], [["stay"]]])
    >>> print(ag.solvers.optimal_policy(game))
    here: stay or leave  value 4
    there: stay  value 8
    """
    require_stochastic(game)
    if game.n_players != 1:
        msg = f"`game` must have one player, got {game.n_players}; of several, see markov_perfect"
        raise GameError(msg)
    require_discounting(game)
    rows = ExactRows.of(game)
    policy = _near_optimal(game)
    while True:
        worth = rows.worth(pure_strategies(game, [(int(action),) for action in policy]))
        values = [own[0] for own in worth.values]
        if worth.is_perfect:
            break
        policy = np.array([_best(game, s, values)[0] for s in range(game.n_states)])
    best = [_best(game, s, values) for s in range(game.n_states)]
    return OptimalPolicy(
        game=game,
        actions=tuple(
            tuple(names[k] for k in own)
            for (names,), own in zip(game.strategies, best, strict=True)
        ),
        values=tuple(values if game.exact else map(float, values)),
    )


def _best(game: StochasticGame, state: int, values: list[Fraction]) -> list[int]:
    """Return the strategies that are best in a state, given what each state is worth."""
    (factor,) = game.exact_discount
    worth = [
        earned + factor * sum((p * values[t] for t, p in enumerate(row) if p), Fraction(0))
        for earned, row in zip(
            game.stages[state].exact_payoffs[0], game.exact_transitions[state], strict=True
        )
    ]
    highest = max(worth)
    return [k for k, own in enumerate(worth) if own == highest]


def _near_optimal(game: StochasticGame) -> IntArray:
    """Return a policy that is optimal but for rounding."""
    size = game.n_states
    factor = float(game.discount[0])
    rewards = [stage.payoffs[0].astype(np.float64) for stage in game.stages]
    policy = np.zeros(size, dtype=np.int64)
    tried: set[bytes] = set()
    while policy.tobytes() not in tried:  # Rounding may make policies follow in a circle.
        tried.add(policy.tobytes())
        moves: FloatArray = np.array(
            [own[k] for own, k in zip(game.transitions, policy, strict=True)]
        )
        earned = np.array([own[k] for own, k in zip(rewards, policy, strict=True)])
        values = np.linalg.solve(np.eye(size) - factor * moves, earned)
        worth = [
            own + factor * (chances @ values)
            for own, chances in zip(rewards, game.transitions, strict=True)
        ]
        policy = np.array(
            [
                k if own[k] >= own.max() else int(own.argmax())
                for own, k in zip(worth, policy, strict=True)
            ]
        )
    return policy
