"""All equilibria of many games of up to 3 x 2 x 2 strategies: every sign within a bound, or open.

Every combination of supports, a case, is *excluded* if a condition certainly fails, an
*equilibrium* (or two) if all certainly hold, otherwise *open*. Tables exclude most by strategies
that another certainly beats; `alignment_games.batch._three_player_judges` judges the rest.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._double import exact_sum
from .._typing import FloatArray, IntArray, StatusArray
from ._three_player_digits import sharpen
from ._three_player_judges import BLUR, ERRORS, NUMBERS, PURE, SECOND, THIRD, judge
from .kernels import BAD_INPUT, DEGENERATE, OK, bounds, factors

__all__ = ["decide_three", "load", "write_three"]

_SMALL, _LARGE = 1e-15, 1e15
"""Sizes of payoffs of which products of eight, and of their errors, stay in the range of floats."""

_BLURRED = 2.0**18
"""Relative error of a weight, over that of payoffs, beyond which its digits are computed again.

The errors of payoffs are at least four times those of the operations on them, in each bound, so
that of payoffs taken as they are the probabilities keep 2**-32 of their size.
"""


@compiled
def _largest(payoffs: FloatArray, start: int, at: IntArray, first: int) -> tuple[float, bool]:
    """Return a player's largest payoff in size, and whether all are finite."""
    largest, finite = 0.0, 0.0
    for n in range(first, first + 12):
        value = payoffs[start + at[n]]
        finite += value * 0.0
        largest = max(largest, abs(value))
    return largest, finite == 0.0


@compiled
def load(
    payoffs: FloatArray,
    start: int,
    at: IntArray,
    unit: float,
    game: FloatArray,
) -> bool:
    """Read a game, scaled, as `alignment_games.batch._three_player_judges` takes it.

    A last strategy that is not there earns less by 1. Return whether all payoffs are finite.
    """
    largest, finite = _largest(payoffs, start, at, 0)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    game[ERRORS], _ = bounds(0.0, largest, one, two, unit)
    for n in range(12):
        game[n] = payoffs[start + at[n]] * one * two
    largest, finite_b = _largest(payoffs, start, at, 12)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    game[ERRORS + 1], _ = bounds(0.0, largest, one, two, unit)
    for i in range(3):
        for k in range(2):
            n = 12 + 4 * i + k
            high, low = payoffs[start + at[n + 2]], payoffs[start + at[n]]
            game[SECOND + 2 * i + k] = high * one * two - low * one * two
    largest, finite_c = _largest(payoffs, start, at, 24)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    game[ERRORS + 2], _ = bounds(0.0, largest, one, two, unit)
    for i in range(3):
        for j in range(2):
            n = 24 + 4 * i + 2 * j
            high, low = payoffs[start + at[n + 1]], payoffs[start + at[n]]
            game[THIRD + 2 * i + j] = high * one * two - low * one * two
    if at[12] == at[14]:
        game[ERRORS + 1] = 0.0
        for n in range(6):
            game[SECOND + n] = -1.0
    if at[24] == at[25]:
        game[ERRORS + 2] = 0.0
        for n in range(6):
            game[THIRD + n] = -1.0
    return finite and finite_b and finite_c


@compiled
def _remainders(payoffs: FloatArray, start: int, at: IntArray, low: FloatArray) -> None:
    """Fill in what rounding took from the differences that `load` made, 0 for what it copied."""
    largest, _ = _largest(payoffs, start, at, 12)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    for i in range(3):
        for k in range(2):
            n = 12 + 4 * i + k
            high, less = payoffs[start + at[n + 2]], payoffs[start + at[n]]
            low[SECOND + 2 * i + k] = exact_sum(high * one * two, -less * one * two)[1]
    largest, _ = _largest(payoffs, start, at, 24)
    one, two = factors(0.0, largest, _SMALL, _LARGE)
    for i in range(3):
        for j in range(2):
            n = 24 + 4 * i + 2 * j
            high, less = payoffs[start + at[n + 1]], payoffs[start + at[n]]
            low[THIRD + 2 * i + j] = exact_sum(high * one * two, -less * one * two)[1]


@compiled
def _excluded(
    game: FloatArray,
    dead_first: IntArray,
    dead_second: IntArray,
    dead_third: IntArray,
) -> int:
    """Return the cases with a strategy certainly worse than another wherever the others play."""
    error, dead = game[ERRORS], 0
    for i in range(3):
        for o in range(i + 1, 3):
            up, down = 0, 0
            for n in range(4):
                gain = game[4 * o + n] - game[4 * i + n]
                up |= int(gain > error) << n
                down |= int(gain < -error) << n
            dead |= dead_first[i, up] | dead_first[o, down]
    error, up, down = game[ERRORS + 1], 0, 0
    for n in range(6):
        up |= int(game[SECOND + n] > error) << n
        down |= int(game[SECOND + n] < -error) << n
    dead |= dead_second[0, up] | dead_second[1, down]
    error, up, down = game[ERRORS + 2], 0, 0
    for n in range(6):
        up |= int(game[THIRD + n] > error) << n
        down |= int(game[THIRD + n] < -error) << n
    return int(dead | dead_third[0, up] | dead_third[1, down])


@compiled
def decide_three(
    payoffs: FloatArray,
    unit: float,
    m1: int,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    places: IntArray,
    accepted: IntArray,
    status: StatusArray,
    count: IntArray,
) -> None:
    """Decide which cases carry an equilibrium, or two, in each game.

    Parameters
    ----------
    payoffs : float64 (N 3 m m m,), one game after the other
    unit : error of a difference of payoffs, over the largest of them
    m1 : strategies of the player whom the tables take for the first
    tables, places : as `_three_player_cases.tables` and `bit_places` make them
    accepted : int64 (N,), filled: positions in the table of answers as bits
    status, count : int8 and int64 (N,), filled
    """
    at, cases, _, dead_first, dead_second, dead_third = tables
    game, x = np.zeros(NUMBERS), np.zeros((2, 8))
    every = ~(np.int64(-1) << cases.shape[0])
    size = payoffs.size // max(status.size, 1)
    for g in range(status.size):
        bits, found, verdict = 0, 0, OK
        if load(payoffs, g * size, at, unit, game):
            left = every & ~_excluded(game, dead_first, dead_second, dead_third)
            while left:
                number = places[(left & -left) % 67]
                left &= left - 1
                first, second = judge(game, m1, cases, number, x)
                if first == 0 or second == 0:
                    verdict = DEGENERATE
                sure = int(first > 0) | int(second > 0) << 1
                bits |= sure << cases[number, 6]
                found += (sure & 1) + (sure >> 1)
        else:
            verdict = BAD_INPUT
        accepted[g] = bits
        status[g] = verdict
        count[g] = found


@compiled
def write_three(
    payoffs: FloatArray,
    unit: float,
    tables: tuple[IntArray, IntArray, IntArray, IntArray, IntArray, IntArray],
    places: IntArray,
    leader: int,
    accepted: IntArray,
    first: FloatArray,
    second: FloatArray,
    third: FloatArray,
) -> None:
    """Write down the strategies of the accepted answers, game after game.

    Parameters
    ----------
    payoffs, unit, tables, places : as for `decide_three`
    leader : whose strategy says which of two roots comes first
    accepted : int64 (N,)
    first, second, third : float64 (E, m1), (E, m2) and (E, m3), zeros; filled
    """
    at, cases, answers = tables[0], tables[1], tables[2]
    m1, m2, m3 = first.shape[1], second.shape[1], third.shape[1]
    game, low, x = np.zeros(NUMBERS), np.zeros(NUMBERS), np.zeros((2, 8))
    size = payoffs.size // max(accepted.size, 1)
    filled = 0
    for g in range(accepted.size):
        left = accepted[g]
        loaded = False
        while left:
            place = places[(left & -left) % 67]
            left &= left - 1
            number, root = answers[place, 0], answers[place, 1]
            if cases[number, 0] == PURE:
                first[filled, cases[number, 1]] = 1.0
                second[filled, cases[number, 4]] = 1.0
                third[filled, cases[number, 5]] = 1.0
                filled += 1
                continue
            if not loaded:
                load(payoffs, g * size, at, unit, game)
                loaded = True
            # The case's errors must be those of the decision: weights depend on what was clear.
            judge(game, m1, cases, number, x)
            if x[0, BLUR] > _BLURRED * unit or x[1, BLUR] > _BLURRED * unit:
                _remainders(payoffs, g * size, at, low)
                sharpen(game, low, cases, number, x)
            _divide(x, root)
            both = False
            if root == 0 and left >> (place + 1) & 1 and answers[place + 1, 1] == 1:
                both = True
                left &= left - 1
                _divide(x, 1)
                root = int(_later(x, leader))
            for _ in range(1 + int(both)):
                for n in range(m1):
                    first[filled, n] = x[root, n]
                for n in range(m2):
                    second[filled, n] = x[root, 3 + n]
                for n in range(m3):
                    third[filled, n] = x[root, 5 + n]
                root = 1 - root
                filled += 1


@compiled
def _divide(x: FloatArray, root: int) -> None:
    """Turn the weights of three players into probabilities."""
    p = x[root, 0] + x[root, 1] + x[root, 2]
    q, r = x[root, 3] + x[root, 4], x[root, 5] + x[root, 6]
    for k in range(3):
        x[root, k] = abs(x[root, k] / p)  # or 0 were -0
    for k in range(2):
        x[root, 3 + k] = abs(x[root, 3 + k] / q)
        x[root, 5 + k] = abs(x[root, 5 + k] / r)


@compiled
def _later(x: FloatArray, leader: int) -> bool:
    """Tell whether the first root comes second: less weight on the leader's first strategies."""
    start = 0 if leader == 0 else 1 + 2 * leader
    for k in range(start, start + (3 if leader == 0 else 2)):
        if x[0, k] != x[1, k]:
            return bool(x[0, k] < x[1, k])
    return False
