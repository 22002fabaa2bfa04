"""All pure stationary equilibria of a stochastic game, by bounds on the values and branching.

In an equilibrium a player's value in a state is what its best reply there is worth. From bounds on
all values follow bounds on the worth of every profile of a state, hence profiles from which some
player gains by deviating whatever the values are: these are dropped, which tightens the bounds in
turn. Where nothing more is dropped, the search branches on a state's profile. What is left in the
end is decided in rational arithmetic. Bounds are widened by more than floats can round, so that
no equilibrium is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._typing import BoolArray, FloatArray, IntArray
from ..errors import WorkLimitError
from ..games import StochasticGame

__all__ = ["MAX_EQUILIBRIA", "MAX_WORK", "candidates"]

MAX_WORK = 10**9
"""Multiplications that a search may take, 50,000 added for each step: some twenty seconds."""

MAX_EQUILIBRIA = 10_000
"""Largest number of pure equilibria; only games with ties have so many."""

_MAX_ENTRIES = 10**7
_OVERHEAD = 50_000  # what a comparison costs beside its multiplications, in multiplications
_NEWTON = 8  # steps towards the tightest bounds; any number of steps gives bounds


@dataclass(frozen=True, slots=True)
class _Player:
    """One player's payoffs, moved and scaled to a range of 1, and its deviations.

    Attributes
    ----------
    payoffs : ndarray, shape (n_rows,)
    discount, error, limit : float
        `error` bounds the rounding of one evaluation, `limit` all values.
    groups : ndarray of int, shape (n_rows,)
        Rows of one group differ in this player's strategy only.
    lines : ndarray of int, shape (n_groups, n_strategies)
        The rows of each group; where a state has fewer strategies, the last is repeated.
    origin : ndarray of int, shape (n_deviations,)
        The row from which the player deviates.
    now : ndarray, shape (n_deviations,)
        What the deviation earns more at once.
    up, down : ndarray, shape (n_deviations, n_states)
        Discounted probabilities that the deviation adds and takes away.
    """

    payoffs: FloatArray
    discount: float
    error: float
    limit: float
    groups: IntArray
    lines: IntArray
    origin: IntArray
    now: FloatArray
    up: FloatArray
    down: FloatArray


@dataclass(slots=True)
class _Search:
    game: StochasticGame
    moves: FloatArray
    starts: IntArray
    state_of: IntArray
    players: list[_Player]
    work: int = field(default=0)

    def spend(self, multiplications: int) -> None:
        self.work += multiplications
        if self.work > MAX_WORK:
            msg = (
                f"the search for all pure equilibria of {self.game.n_states} states took more than "
                f"{MAX_WORK:.0e} multiplications, the limit. Leave out states or dominated "
                "strategies, or ask for one equilibrium with `method='logit'`"
            )
            raise WorkLimitError(msg)

    def tighten(self, alive: BoolArray, low: FloatArray, high: FloatArray) -> bool:
        """Drop profiles and tighten bounds in place; tell whether every state has one left."""
        while True:
            for who, own in enumerate(self.players):
                low[who] = np.maximum(low[who], self._secured(own, alive, low[who]))
                high[who] = np.minimum(high[who], self._attained(own, alive, high[who]))
            if (low > high).any():
                return False
            dropped = False
            for who, own in enumerate(self.players):
                self.spend(2 * own.up.size + _OVERHEAD)
                gain = own.now + own.up @ low[who] - own.down @ high[who]
                losers = own.origin[gain > 2 * own.error]
                dropped = dropped or bool(alive[losers].any())
                alive[losers] = False
            if not dropped:
                return True
            if not np.logical_or.reduceat(alive, self.starts).all():
                return False

    def _attained(self, own: _Player, alive: BoolArray, start: FloatArray) -> FloatArray:
        """Return upper bounds: what the player earns if it picks the profiles that are left."""

        def operator(values: FloatArray) -> tuple[FloatArray, IntArray]:
            worth = np.where(alive, self._worth(own, values), -np.inf)
            most = np.maximum.reduceat(worth, self.starts)
            return most, self._first(worth == most[self.state_of])

        return self._fixed_point(own, operator, start, 1.0)

    def _secured(self, own: _Player, alive: BoolArray, start: FloatArray) -> FloatArray:
        """Return lower bounds: what its best reply earns against the worst profiles left."""

        def operator(values: FloatArray) -> tuple[FloatArray, IntArray]:
            worth = self._worth(own, values)
            lines = worth[own.lines]
            best = np.where(alive, lines.max(axis=1)[own.groups], np.inf)
            least = np.minimum.reduceat(best, self.starts)
            groups = own.groups[self._first(best == least[self.state_of])]
            return least, own.lines[groups, lines[groups].argmax(axis=1)]

        return self._fixed_point(own, operator, start, -1.0)

    def _worth(self, own: _Player, values: FloatArray) -> FloatArray:
        self.spend(self.moves.size)
        worth: FloatArray = own.payoffs + own.discount * (self.moves @ values)
        return worth

    def _first(self, marked: BoolArray) -> IntArray:
        """Return the first marked row of each state."""
        rows = np.flatnonzero(marked)
        return rows[np.searchsorted(rows, self.starts)]

    def _fixed_point(
        self,
        own: _Player,
        operator: Callable[[FloatArray], tuple[FloatArray, IntArray]],
        start: FloatArray,
        sign: float,
    ) -> FloatArray:
        """Return a bound on the fixed point of a monotone operator: upper if `sign` is 1.

        The operator shrinks distances by the discount factor and returns the rows that it picks;
        solving for the values of these rows is a Newton step. Whatever values come out, moved
        by as much as they miss the operator's, over ``1 - discount``, they are a bound.
        """
        size = self.game.n_states
        values = start
        image, rows = operator(values)
        for _ in range(_NEWTON):
            self.spend(size**3)
            system = np.eye(size) - own.discount * self.moves[rows]
            solved = np.asarray(np.linalg.solve(system, own.payoffs[rows]), dtype=np.float64)
            if np.abs(solved - values).max() <= own.error * own.limit:
                break
            values = solved
            image, rows = operator(values)
        missed = max(0.0, float((sign * (image - values)).max())) + own.error
        return values + sign * missed * 2 * own.limit

    def refuted(self, rows: IntArray) -> bool:
        """Tell whether floats prove that one profile for each state is no equilibrium."""
        size = self.game.n_states
        self.spend(len(self.players) * size**3 + _OVERHEAD)
        play = self.moves[rows]
        alone = np.zeros(len(self.moves), dtype=bool)
        alone[rows] = True
        for own in self.players:
            values = np.linalg.solve(np.eye(size) - own.discount * play, own.payoffs[rows])
            missed = np.abs(own.payoffs[rows] + own.discount * (play @ values) - values).max()
            # An error of one evaluation adds up over all periods.
            off = 4 * (missed + own.error) * 2 * own.limit
            gain = own.now + own.up @ (values - off) - own.down @ (values + off)
            if (gain[alone[own.origin]] > 2 * own.error).any():
                return True
        return False


def candidates(game: StochasticGame) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield pure stationary profiles, among them all equilibria; few others.

    Yields
    ------
    tuple of tuples of int
        Of each state, the positions of the strategies.

    Raises
    ------
    WorkLimitError
        If the search takes more than `MAX_WORK` multiplications, or the game is too large.
    """
    search = _prepared(game)
    profiles = [tuple(stage.profiles()) for stage in game.stages]
    ends = np.append(search.starts[1:], len(search.moves))
    bounds = np.array([own.limit for own in search.players])[:, None] * np.ones(game.n_states)
    stack = [(np.ones(len(search.moves), dtype=bool), -bounds, bounds)]
    while stack:
        alive, low, high = stack.pop()
        if not search.tighten(alive, low, high):
            continue
        counts = np.add.reduceat(alive.astype(np.int64), search.starts)
        if counts.max() == 1:
            rows = np.flatnonzero(alive)
            if not search.refuted(rows):
                yield tuple(
                    own[row - start]
                    for own, row, start in zip(
                        profiles, rows.tolist(), search.starts.tolist(), strict=True
                    )
                )
            continue
        open_states = np.flatnonzero(counts > 1)
        state = open_states[np.argmin(counts[open_states])]
        places = np.arange(search.starts[state], ends[state])
        for row in places[alive[places]][::-1]:
            kept = alive.copy()
            kept[places] = False
            kept[row] = True
            stack.append((kept, low.copy(), high.copy()))


def _prepared(game: StochasticGame) -> _Search:
    sizes = [stage.payoffs[0].size for stage in game.stages]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    deviations = sum(
        size * (m - 1) for size, stage in zip(sizes, game.stages, strict=True) for m in stage.shape
    )
    if deviations * game.n_states > _MAX_ENTRIES:
        msg = (
            f"the search for all pure equilibria would compare {deviations} deviations over "
            f"{game.n_states} states, {deviations * game.n_states} numbers; the limit is "
            f"{_MAX_ENTRIES}. Ask for one equilibrium with `method='logit'`"
        )
        raise WorkLimitError(msg)
    moves = np.concatenate([own.reshape(-1, game.n_states) for own in game.transitions])
    players = [_player(game, who, moves, starts.tolist()) for who in range(game.n_players)]
    state_of = np.repeat(np.arange(game.n_states), sizes)
    return _Search(game, moves, starts, state_of, players)


def _player(game: StochasticGame, who: int, moves: FloatArray, starts: list[int]) -> _Player:
    exact = [u for stage in game.stages for u in stage.exact_payoffs[who].flat]
    middle = (max(exact) + min(exact)) / 2
    scale = max(exact) - min(exact) or Fraction(1)
    payoffs = np.array([float((u - middle) / scale) for u in exact])
    factor = game.exact_discount[who]
    limit = float(Fraction(51, 100) / (1 - factor))
    groups = np.empty(len(exact), dtype=np.int64)
    origin: list[int] = []
    target: list[int] = []
    kept: list[IntArray] = []
    widest = max(stage.shape[who] for stage in game.stages)
    for stage, start in zip(game.stages, starts, strict=True):
        rows = start + np.arange(stage.payoffs[0].size).reshape(stage.shape)
        lines = np.moveaxis(rows, who, -1).reshape(-1, stage.shape[who])
        groups[lines] = len(kept) + np.arange(len(lines))[:, None]
        kept += list(np.pad(lines, ((0, 0), (0, widest - lines.shape[1])), mode="edge"))
        for line in lines.tolist():
            origin += [a for a in line for b in line if a != b]
            target += [b for a in line for b in line if a != b]
    discount = float(factor)
    change = discount * (moves[target] - moves[origin])
    return _Player(
        payoffs=payoffs,
        discount=discount,
        # A sum of one product for each state, inputs rounded: eight roundings each are plenty.
        error=8 * (game.n_states + 8) * float(np.finfo(float).eps) * (limit + 1),
        limit=limit,
        groups=groups,
        lines=np.array(kept),
        origin=np.array(origin, dtype=np.int64),
        now=payoffs[target] - payoffs[origin],
        up=np.maximum(change, 0.0),
        down=np.maximum(-change, 0.0),
    )
