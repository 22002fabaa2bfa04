"""The value of a zero-sum stochastic game, with strategies that prove bounds on it.

Shapley's operator takes values of states to the values of the auxiliary matrix games. Its fixed
point is found by Newton's method: both players' optimal strategies in the auxiliary games are
evaluated, which yields the next values [1]_. Where that leads away, the row player's are evaluated
against a best reply instead, which is slower but sure [2]_. What counts is the end: the bounds
are what either player's strategy secures against every reply, in rational arithmetic. Where they
are too far apart (floats lose digits when players are patient), the iteration goes on in rational
arithmetic.

.. [1] M. A. Pollatschek and B. Avi-Itzhak (1969), Algorithms for stochastic games with geometrical
   interpretation, Management Science 15, 399-415, doi:10.1287/mnsc.15.7.399.
.. [2] A. J. Hoffman and R. M. Karp (1966), On nonterminating stochastic games, Management Science
   12, 359-370, doi:10.1287/mnsc.12.5.359.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._numeric import decimal_text, exact_number, integer_matrix
from .._typing import FloatArray, Number, Vector
from ..errors import GameError, ParameterError
from ..games import StochasticGame
from ._markov_values import ExactRows, as_asked, require_discounting, require_stochastic
from ._rational import solve_unique
from .result import Status
from .zero_sum import matrix_value

__all__ = ["StochasticValue", "stochastic_value"]

_Mixed: TypeAlias = list[tuple[Fraction, ...]]

_Bounds: TypeAlias = tuple[Fraction, list[Fraction], list[Fraction], _Mixed, _Mixed]
"""The gap, what both players secure, and their strategies."""

MAX_ROUNDS = 200
"""Rounds of strategy iteration; ten are many."""

_EXACT_ROUNDS = 50
"""Rounds in rational arithmetic; near the value each doubles the number of digits."""

_DENOMINATOR = 10**6  # of rational probabilities that are tried
_DIGITS = 10**17  # more than floats have
_FINER = 1000  # how much finer than the bounds asked for numbers are rounded
_SETTLED = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class StochasticValue:
    """Bounds on the value of a zero-sum stochastic game, with strategies that prove them.

    Attributes
    ----------
    game : StochasticGame
    status : Status
        COMPLETE if the bounds are as close as asked for; LIMIT if not.
    lower, upper : tuple of numbers, one a state
        What the first player's `row` secures, and what the second player's `column` concedes at
        most, against every strategy, as a discounted sum from that state on. Computed from the
        game in rational arithmetic; of a game of floats they are then rounded. The value lies
        between them; if they are equal, they are the value and the strategies are optimal.
    row, column : tuple of tuples of numbers, one a state
        Stationary strategies of the first and the second player.
    exact : bool
        Whether the numbers are Fractions.
    rounds : int
        Rounds of strategy iteration.
    """

    game: StochasticGame = field(repr=False)
    status: Status
    lower: Vector
    upper: Vector
    row: tuple[Vector, ...]
    column: tuple[Vector, ...]
    exact: bool
    rounds: int

    @property
    def method(self) -> str:
        """How it was found."""
        return "strategy-iteration"

    @property
    def gap(self) -> Number:
        """The largest distance between the bounds of a state."""
        return max(b - a for a, b in zip(self.lower, self.upper, strict=True))

    @property
    def message(self) -> str:
        """What the status claims."""
        if self.status is not Status.COMPLETE:
            return "The bounds on the value are farther apart than asked for."
        return "The value is proved to lie between the bounds."

    def __str__(self) -> str:
        lines = [f"value of a zero-sum stochastic game by strategy iteration. {self.message}"]
        for state, low, high in zip(self.game.states, self.lower, self.upper, strict=True):
            interval = f" (+ {decimal_text(high - low, 2)})" if high != low else ""
            lines.append(f"  {state}: {decimal_text(low)}{interval}")
        return "\n".join(lines)


def stochastic_value(game: StochasticGame, *, tolerance: Number = 1e-9) -> StochasticValue:
    """Bound the value of a two-player zero-sum stochastic game.

    Parameters
    ----------
    game : StochasticGame
        Two players with one discount factor, whose payoffs sum to 0 at every profile.
    tolerance : number, optional
        How close the bounds must be in every state for the status COMPLETE, as a share of the
        largest payoff over ``1 - discount``, which is the largest value there can be.

    Returns
    -------
    StochasticValue
        From the first player's view. Values of games with rational numbers may be irrational;
        where rational strategies with short denominators are optimal they are found, and
        the bounds are equal.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame of two players, not zero-sum, or has two different
        discount factors.
    ParameterError
        If `tolerance` is not a positive number.
    WorkLimitError
        If the discount factor is above 1 - 1e-9.

    References
    ----------
    .. [1] L. S. Shapley (1953), Stochastic games, Proceedings of the National Academy of Sciences
       39, 1095-1100, doi:10.1073/pnas.39.10.1095.

    Examples
    --------
    Matching pennies until the first player wins: then the game is over.

    >>> import alignment_games as ag
    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], [[[0]], [[0]]]],
    ...     transitions=[[[[0, 1], [1, 0]], [[1, 0], [0, 1]]], [[[0, 1]]]],
    ...     discount=0.5)
    >>> answer = ag.solvers.stochastic_value(game)
    >>> answer.lower, answer.upper
    ((0.6666666666666666, 0.0), (0.6666666666666666, 0.0))
    """
    largest = _require_zero_sum(game)
    try:
        share = exact_number(tolerance)
    except (TypeError, ValueError) as error:
        msg = f"`tolerance` must be a positive number: {error}"
        raise ParameterError(msg) from None
    if share <= 0:
        msg = f"`tolerance` must be a positive number, got {tolerance}"
        raise ParameterError(msg)
    allowed = share * largest / (1 - game.exact_discount[0])
    row, column, rounds = _iterated(game)
    found = _bounds(game, row, column, _DIGITS)
    for _ in range(_EXACT_ROUNDS):
        if found[0] <= allowed:
            break
        found = _improved(game, found, allowed)
        rounds += 1
    gap, lower, upper, first, second = found
    exact = game.exact
    return StochasticValue(
        game=game,
        status=Status.COMPLETE if gap <= allowed else Status.LIMIT,
        lower=as_asked([lower], exact=exact)[0],
        upper=as_asked([upper], exact=exact)[0],
        row=as_asked(first, exact=exact),
        column=as_asked(second, exact=exact),
        exact=exact,
        rounds=rounds,
    )


def _require_zero_sum(game: StochasticGame) -> Fraction:
    """Check the game; return its largest payoff."""
    require_stochastic(game)
    if game.n_players != 2:
        msg = f"`game` must have two players, got {game.n_players}: {game.players}"
        raise GameError(msg)
    first, second = game.exact_discount
    if first != second:
        msg = (
            "`game` must have one discount factor for both players to be zero-sum, got "
            f"{decimal_text(first)} and {decimal_text(second)}"
        )
        raise GameError(msg)
    require_discounting(game)
    largest = Fraction(0)
    for state, stage in zip(game.states, game.stages, strict=True):
        row, column = stage.exact_payoffs
        for profile in stage.profiles():
            total = row[profile] + column[profile]
            if total:
                names = tuple(
                    labels[k] for labels, k in zip(stage.strategies, profile, strict=True)
                )
                msg = (
                    f"`game` must be zero-sum: in state {state!r} the payoffs of {names} sum to "
                    f"{decimal_text(total)}"
                )
                raise GameError(msg)
            largest = max(largest, abs(row[profile]))
    return largest


def _iterated(
    game: StochasticGame,
) -> tuple[list[list[Fraction]], list[list[Fraction]], int]:
    """Return nearly optimal strategies of both players and the rounds that it took."""
    factor = float(game.discount[0])
    values, sure = np.zeros(game.n_states), None
    nearest = math.inf
    row: list[list[Fraction]] = []
    column: list[list[Fraction]] = []
    for rounds in range(1, MAX_ROUNDS + 1):
        row, column = [], []
        image = np.empty(game.n_states)
        for s, (stage, moves) in enumerate(zip(game.stages, game.transitions, strict=True)):
            auxiliary = stage.payoffs[0] + factor * (moves @ values)
            answer = matrix_value([list(map(Fraction, line)) for line in auxiliary.tolist()])
            row.append(list(answer.row))
            column.append(list(answer.column))
            image[s] = answer.value
        missed = float(np.abs(image - values).max())
        if missed <= _SETTLED * (1 + float(np.abs(values).max())):
            return row, column, rounds
        if sure is not None and missed > nearest / 2:
            values, sure = sure, None
            continue
        nearest = min(nearest, missed)  # never up, or Newton's method could go in circles
        own, other = (
            [np.array(list(map(float, vector))) for vector in each] for each in (row, column)
        )
        payoffs = [x @ stage.payoffs[0] for x, stage in zip(own, game.stages, strict=True)]
        ahead = [
            np.tensordot(x, moves, axes=1) for x, moves in zip(own, game.transitions, strict=True)
        ]
        sure, _ = _least(payoffs, ahead, factor)
        play = np.array([y @ moves for y, moves in zip(other, ahead, strict=True)])
        earned = np.array([y @ now for y, now in zip(other, payoffs, strict=True)])
        values = np.linalg.solve(np.eye(game.n_states) - factor * play, earned)
    return row, column, MAX_ROUNDS


def _least(
    payoffs: Sequence[FloatArray], moves: Sequence[FloatArray], factor: float
) -> tuple[FloatArray, list[int]]:
    """Minimize a discounted sum by policy iteration; return the values and the policy."""
    policy = [int(own.argmin()) for own in payoffs]
    values = np.zeros(len(payoffs))
    for _ in range(MAX_ROUNDS):
        chosen = np.array([own[k] for own, k in zip(moves, policy, strict=True)])
        now = np.array([own[k] for own, k in zip(payoffs, policy, strict=True)])
        values = np.linalg.solve(np.eye(len(now)) - factor * chosen, now)
        slack = _SETTLED * (1 + float(np.abs(values).max()))
        improved = False
        for s, (own, ahead) in enumerate(zip(payoffs, moves, strict=True)):
            worth = own + factor * (ahead @ values)
            if worth.min() < worth[policy[s]] - slack:
                policy[s] = int(worth.argmin())
                improved = True
        if not improved:
            break
    return values, policy


def _improved(game: StochasticGame, found: _Bounds, allowed: Fraction) -> _Bounds:
    """Return closer bounds in rational arithmetic, by a step of Newton or else two sure ones."""
    worth = ExactRows.of(game).worth(list(zip(found[3], found[4], strict=True)))
    newton = _next_bounds(game, [own for own, _ in worth.values], allowed)
    if newton[0] <= found[0] / 2:
        return newton
    # From the lower bounds the first player's strategy gets no worse, from the upper the other's.
    below = _next_bounds(game, found[1], allowed)
    above = _next_bounds(game, found[2], allowed)
    gap = max(b - a for a, b in zip(below[1], above[2], strict=True))
    sure = (gap, below[1], above[2], below[3], above[4])
    return min((newton, sure, found), key=_gap)


def _next_bounds(game: StochasticGame, values: Sequence[Fraction], allowed: Fraction) -> _Bounds:
    """Return bounds by optimal strategies in the auxiliary games of some values."""
    factor = game.exact_discount[0]
    unit = allowed * (1 - factor) / _FINER
    later = np.array([round(own / unit) * unit for own in values], dtype=object)
    row, column = [], []
    for stage, moves in zip(game.stages, game.exact_transitions, strict=True):
        auxiliary = stage.exact_payoffs[0] + factor * (moves @ later)
        answer = matrix_value(integer_matrix(auxiliary.tolist()))
        row.append(list(answer.row))
        column.append(list(answer.column))
    # What a wrong probability costs in each period is at most the range of the values.
    widest = max(abs(u) for stage in game.stages for u in stage.exact_payoffs[0].flat)
    return _bounds(game, row, column, math.ceil(2 * widest / (unit * (1 - factor))))


def _bounds(
    game: StochasticGame,
    row: Sequence[Sequence[Fraction]],
    column: Sequence[Sequence[Fraction]],
    finest: int,
) -> _Bounds:
    """Return the better bounds of two: by short rational strategies, which may be optimal, or not.

    Denominators of the others are about `finest`.
    """
    found = []
    for denominator in (_DENOMINATOR, finest):
        first, second = (_distributions(own, denominator) for own in (row, column))
        lower = _secured(game, 0, first)
        upper = [-v for v in _secured(game, 1, second)]
        gap = max(b - a for a, b in zip(lower, upper, strict=True))
        found.append((gap, lower, upper, first, second))
    return min(found, key=_gap)


def _gap(bounds: _Bounds) -> Fraction:
    return bounds[0]


def _distributions(mixed: Sequence[Sequence[Fraction]], denominator: int) -> _Mixed:
    """Return mixtures whose numbers are rounded to short ones."""
    distributions = []
    for vector in mixed:
        values = [p.limit_denominator(denominator) for p in vector]
        total = sum(values, Fraction(0))
        distributions.append(tuple(p / total for p in values))
    return distributions


def _secured(
    game: StochasticGame, who: int, strategy: Sequence[Sequence[Fraction]]
) -> list[Fraction]:
    """Return exactly what a stationary strategy secures: its payoffs against the best reply."""
    factor = game.exact_discount[0]
    payoffs, moves = [], []
    for vector, stage, ahead in zip(strategy, game.stages, game.exact_transitions, strict=True):
        table = stage.exact_payoffs[who]
        weights = np.array(vector, dtype=object)
        payoffs.append(np.tensordot(weights, table if who == 0 else table.T, axes=1))
        swapped = ahead if who == 0 else ahead.transpose(1, 0, 2)
        moves.append(np.tensordot(weights, swapped, axes=1))
    _, policy = _least(
        [own.astype(np.float64) for own in payoffs],
        [own.astype(np.float64) for own in moves],
        float(factor),
    )
    while True:
        rows = []
        for s, (own, k) in enumerate(zip(moves, policy, strict=True)):
            rows.append([Fraction(int(t == s)) - factor * p for t, p in enumerate(own[k])])
        now = [own[k] for own, k in zip(payoffs, policy, strict=True)]
        values = solve_unique(rows, now)
        assert values is not None  # discounted values are unique
        later = np.array(values, dtype=object)
        improved = False
        for s, (own, ahead) in enumerate(zip(payoffs, moves, strict=True)):
            worth = (own + factor * (ahead @ later)).tolist()
            if min(worth) < worth[policy[s]]:
                policy[s] = worth.index(min(worth))
                improved = True
        if not improved:
            return list(values)
