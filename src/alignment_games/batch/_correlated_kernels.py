"""How often correlated equilibria play a strategy: a small linear program a game, both ends proved.

Unknown are the probabilities of the pure profiles (cells). Each obedience constraint is a row
that must not be negative. From above, any prices of the constraints that are not negative prove a
bound, whatever led to them: here a simplex in floats on the dual program. From below, the value
of a distribution that certainly is an equilibrium does: the product of a Nash equilibrium that
`decide_games` accepted, or the vertex that the simplex ended at, if its positive probabilities
and idle constraints are positive by more than errors can be and the rest are zero exactly. What
the two leave between them is the error. It holds for every game whose payoffs round to those
given. `alignment_games.batch.correlated` calls `bound_games`.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._typing import BoolArray, FloatArray, IntArray, StatusArray
from .closed_forms import LARGE, SMALL
from .kernels import BAD_INPUT, WORD, _load, _weights, bounds, extent, factors

__all__ = ["bound_games"]

_PIVOT, _BETTER = 1e-9, 1e-11
_NONE = 1e-8  # probabilities and gains below are taken for zero until something is proved
_PIVOTS, _LARGEST_FIRST = 300, 60  # from then on by Bland's rule, which never cycles
_ROUNDING = 1e-15  # of a sum of up to 25 products, relative to the largest


@compiled
def _constraints(
    table: FloatArray,
    error: float,
    turned: bool,
    coarse: bool,
    first: int,
    rows: FloatArray,
    errors: FloatArray,
    idle: BoolArray,
) -> int:
    """Fill a player's obedience constraints from row `first` on; return the row after the last.

    `table` holds its payoffs, its own strategies first; `turned` tells that these are the game's
    columns. Rows are divided by their largest entries, `errors` are those of the entries then,
    `idle` the cells at which a constraint is zero whatever the payoffs are.
    """
    own, others = table.shape
    r = first
    for told in range(1 if coarse else own):
        for other in range(own):
            if other == told and not coarse:
                continue
            largest = 0.0
            for i in range(own):
                for j in range(others):
                    cell = j * own + i if turned else i * others + j
                    idle[r, cell] = i == other or (i != told and not coarse)
                    rows[r, cell] = 0.0 if idle[r, cell] else table[i, j] - table[other, j]
                    largest = max(largest, abs(rows[r, cell]))
            for cell in range(own * others):
                if largest > 0.0:
                    rows[r, cell] /= largest
            errors[r] = (error / largest if largest > 0.0 else 1.0) + _ROUNDING
            r += 1
    return r


@compiled
def _simplex(
    goal: FloatArray,
    rows: FloatArray,
    count: int,
    table: FloatArray,
    basic: IntArray,
    other: IntArray,
) -> bool:
    """Minimize the bound on ``goal @ p`` that prices prove; False if it does not end.

    ``table[0]`` is the bound, the other rows are the variables in `basic`, each a constant and
    the coefficients of the variables in `other`: prices 0 ... count - 1 of the constraints, and
    ``count + cell`` for what the bound exceeds a cell by.
    """
    cells = goal.size
    start = 0
    for cell in range(1, cells):
        if goal[cell] > goal[start]:
            start = cell
    for r in range(count):
        other[r] = r
        table[0, r + 1] = rows[r, start]
    other[count] = count + start
    table[0, 0] = goal[start]
    table[0, count + 1] = 1.0
    line = 0
    for cell in range(cells):
        if cell != start:
            line += 1
            basic[line] = count + cell
            table[line, 0] = goal[start] - goal[cell]
            for r in range(count):
                table[line, r + 1] = rows[r, start] - rows[r, cell]
            table[line, count + 1] = 1.0
    width = count + 2
    for step in range(_PIVOTS):
        enter = 0
        for c in range(1, width):
            if table[0, c] < -_BETTER and (
                enter == 0
                or (step < _LARGEST_FIRST and table[0, c] < table[0, enter])
                or (step >= _LARGEST_FIRST and other[c - 1] < other[enter - 1])
            ):
                enter = c
        if enter == 0:
            return True
        leave, least = 0, np.inf
        for line in range(1, cells):
            slope = -table[line, enter]
            if slope > _PIVOT:
                ratio = max(table[line, 0], 0.0) / slope
                if ratio < least - 1e-12 or (
                    ratio <= least + 1e-12
                    and (
                        slope > -table[leave, enter]
                        if step < _LARGEST_FIRST
                        else basic[line] < basic[leave]
                    )
                ):
                    leave, least = line, min(least, ratio)
        if leave == 0:
            return False
        head = table[leave, enter]
        basic[leave], other[enter - 1] = other[enter - 1], basic[leave]
        for c in range(width):
            if c != enter:
                table[leave, c] /= -head
        table[leave, enter] = 1.0 / head
        for line in range(cells):
            if line != leave:
                ratio = table[line, enter]
                if ratio != 0.0:
                    for c in range(width):
                        table[line, c] += ratio * table[leave, c]
                    table[line, enter] = ratio * table[leave, enter]
    return False


@compiled
def _priced(
    goal: FloatArray,
    rows: FloatArray,
    errors: FloatArray,
    idle: BoolArray,
    count: int,
    table: FloatArray,
    basic: IntArray,
    prices: FloatArray,
) -> float:
    """Return what no equilibrium exceeds, by the prices that the simplex ended with."""
    prices[:] = 0.0
    for line in range(1, goal.size):
        if basic[line] < count:
            prices[basic[line]] = max(table[line, 0], 0.0)
    bound = -np.inf
    for cell in range(goal.size):
        value, doubt = goal[cell], 0.0
        for r in range(count):
            if not idle[r, cell]:
                value += prices[r] * rows[r, cell]
                doubt += prices[r] * (errors[r] + _ROUNDING)
        bound = max(bound, value + doubt)
    return bound


@compiled
def _vertex(
    goal: FloatArray,
    rows: FloatArray,
    errors: FloatArray,
    idle: BoolArray,
    count: int,
    table: FloatArray,
    other: IntArray,
    system: FloatArray,
    inverse: FloatArray,
    chances: FloatArray,
    support: IntArray,
    tight: IntArray,
) -> tuple[float, float]:
    """Return the value of the simplex's last vertex and its error, infinite if it is not certain.

    Its cells, and the constraints that are tight there for a reason, are guessed from the floats;
    with the sum of all cells these must be as many equations as unknowns. That the solution is
    an equilibrium is then proved.
    """
    size, used = 0, 0
    for c in range(count + 1):
        if other[c] >= count and table[0, c + 1] > _NONE:
            support[size] = other[c] - count
            chances[size] = table[0, c + 1]
            size += 1
    for r in range(count):
        gain, bare = 0.0, True
        for s in range(size):
            bare = bare and idle[r, support[s]]
            gain += rows[r, support[s]] * chances[s]
        if not bare and abs(gain) < _NONE:
            if used + 1 == size:
                return 0.0, np.inf
            tight[used] = r
            used += 1
    if used + 1 != size:
        return 0.0, np.inf
    for e in range(size):
        for s in range(size):
            system[e, s] = 1.0 if e == used else rows[tight[e], support[s]]
            inverse[e, s] = 1.0 if e == s else 0.0
    for c in range(size):
        pivot = c
        for e in range(c + 1, size):
            if abs(system[e, c]) > abs(system[pivot, c]):
                pivot = e
        head = system[pivot, c]
        if abs(head) < 1e-12:
            return 0.0, np.inf
        for s in range(size):
            value, mate = system[pivot, s] / head, inverse[pivot, s] / head
            system[pivot, s], inverse[pivot, s] = system[c, s], inverse[c, s]
            system[c, s], inverse[c, s] = value, mate
        for e in range(size):
            ratio = system[e, c]
            if e != c and ratio != 0.0:
                for s in range(size):
                    system[e, s] -= ratio * system[c, s]
                    inverse[e, s] -= ratio * inverse[c, s]
    # The exact vertex is near the last column of the inverse, by how far that is from solving.
    total = 0.0
    for s in range(size):
        chances[s] = inverse[s, used]
        total += chances[s]
    growth, off = 0.0, 0.0
    for s in range(size):
        moved, left = 0.0, abs(inverse[s, used] * (total - 1.0))
        for t in range(size):
            rest, loose = (1.0 if s == t else 0.0) - inverse[s, used], 0.0
            for e in range(used):
                r, cell = tight[e], support[t]
                rest -= inverse[s, e] * rows[r, cell]
                loose += abs(inverse[s, e]) * (0.0 if idle[r, cell] else errors[r])
            loose += _ROUNDING * abs(inverse[s, used])
            moved += abs(rest) + loose
            left += loose * abs(chances[t])
        for e in range(used):
            value = 0.0
            for t in range(size):
                value += rows[tight[e], support[t]] * chances[t]
            left += abs(inverse[s, e] * value)
        growth, off = max(growth, moved), max(off, left)
    if not growth < 0.5:
        return 0.0, np.inf
    off = off / (1.0 - growth) * (1.0 + 1e-9)
    value = 0.0
    for s in range(size):
        if not chances[s] > off:
            return 0.0, np.inf
        value += goal[support[s]] * chances[s]
    for r in range(count):
        gain, loose, bare = 0.0, 0.0, True
        for s in range(size):
            cell = support[s]
            if not idle[r, cell]:
                bare = False
                gain += rows[r, cell] * chances[s]
                loose += (abs(rows[r, cell]) + errors[r]) * off + errors[r] * chances[s]
        priced = False
        for e in range(used):
            priced = priced or tight[e] == r
        if not (bare or priced or gain > loose):
            return 0.0, np.inf
    return value, size * off + _ROUNDING


@compiled
def _nash_extremes(
    strategy: int,
    accepted: IntArray,
    pairs: IntArray,
    table: FloatArray,
    error: float,
    spread: float,
    d: FloatArray,
    w: FloatArray,
) -> tuple[float, float, float, float]:
    """Return how often the accepted Nash equilibria play a row, at most and least, with errors.

    `table` holds the column player's payoffs, its own strategies first. Errors of the weights
    are those of `alignment_games.batch.kernels`; without an equilibrium they are infinite.
    """
    most, most_error, least, least_error = 0.0, np.inf, 1.0, np.inf
    for p in range(pairs.shape[0]):
        if not accepted[p // WORD] >> (p % WORD) & 1:
            continue
        k = pairs[p, 0]
        own, other = pairs[p, 3:7], pairs[p, 7:11]
        share, off = 0.0, 0.0
        if k == 1:
            share = 1.0 if own[0] == strategy else 0.0
        else:
            _weights(table, other, own, k, d, w)
            slack = error
            if k == 3:
                slack = 10.0 * spread * error
            elif k == 4:
                slack = 80.0 * spread * spread * error
            total = 0.0
            for q in range(k):
                total += w[q]
            room = abs(total) - k * slack
            for q in range(k):
                if own[q] == strategy:
                    share = w[q] / total
                    off = slack * (1.0 + k) / room + _ROUNDING if room > 0.0 else np.inf
        if share - off > most - most_error:
            most, most_error = share, off
        if share + off < least + least_error:
            least, least_error = share, off
    return most, most_error, least, least_error


@compiled
def bound_games(
    row_payoffs: FloatArray,
    column_payoffs: FloatArray,
    sizes: tuple[int, int],
    strategy: int,
    coarse: bool,
    unit: float,
    pairs: IntArray,
    accepted: IntArray,
    status: StatusArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> None:
    """Bound the largest and the least probability of a row over all equilibria of each game.

    Parameters
    ----------
    row_payoffs, column_payoffs : float64 (N m n,), one game after the other
    sizes : m and n
    strategy : position of the row
    coarse : whether equilibria are coarse
    unit : error of a difference of payoffs, over the largest of them
    pairs, accepted, status : as `decide_games` takes and fills them
    value : float64 (N, 2), filled: the largest and the least probability; not a number in a
        game with a payoff that is not finite
    low, high : float64 (N, 2), filled: what is proved of the two
    """
    m, n = sizes
    cells = m * n
    most = 24
    a, b = np.empty((m, n)), np.empty((n, m))
    rows, errors, idle = np.zeros((most, cells)), np.zeros(most), np.zeros((most, cells), np.bool_)
    table, system, inverse = np.empty((16, most + 2)), np.empty((16, 16)), np.empty((16, 16))
    basic, other = np.zeros(16, np.int64), np.zeros(most + 1, np.int64)
    support, tight = np.zeros(16, np.int64), np.zeros(most, np.int64)
    goal, prices, chances = np.zeros(cells), np.zeros(most), np.zeros(16)
    d, w = np.empty((3, 4)), np.empty(4)
    for g in range(status.size):
        low[g, :], high[g, :] = 0.0, 1.0
        value[g, :] = np.nan
        if status[g] == BAD_INPUT:
            continue
        low_a, high_a, _ = extent(row_payoffs, g * cells, cells)
        low_b, high_b, _ = extent(column_payoffs, g * cells, cells)
        one, two = factors(low_a, high_a, SMALL, LARGE)
        _load(row_payoffs, g * cells, one, two, a)
        error_a, _ = bounds(low_a, high_a, one, two, unit)
        one, two = factors(low_b, high_b, SMALL, LARGE)
        _load(column_payoffs, g * cells, one, two, b.T)
        error_b, spread_b = bounds(low_b, high_b, one, two, unit)
        largest, over, least, under = _nash_extremes(
            strategy, accepted[g], pairs, b, error_b, spread_b, d, w
        )
        count = 0
        for part in range(2):
            # The least probability is one less the largest of all other rows together.
            best, off = (largest, over) if part == 0 else (1.0 - least, under)
            top = 1.0
            if not (best == 1.0 and off == 0.0):
                if count == 0:
                    count = _constraints(a, error_a, False, coarse, 0, rows, errors, idle)
                    count = _constraints(b, error_b, True, coarse, count, rows, errors, idle)
                for cell in range(cells):
                    goal[cell] = 1.0 if (cell // n == strategy) == (part == 0) else 0.0
                if _simplex(goal, rows, count, table, basic, other):
                    top = min(1.0, _priced(goal, rows, errors, idle, count, table, basic, prices))
                    if not best - off > top - 1e-12:
                        found, doubt = _vertex(
                            goal, rows, errors, idle, count, table, other, system, inverse,
                            chances, support, tight,
                        )  # fmt: skip
                        if found - doubt > best - off:
                            best, off = found, doubt
            if not off < 1.0 or best < off:  # nothing is less often played than never
                best, off = 0.0, 0.0
            if part == 0:
                value[g, 0], low[g, 0], high[g, 0] = best, max(best - off, 0.0), top
            else:
                value[g, 1], low[g, 1], high[g, 1] = 1.0 - best, 1.0 - top, 1.0 - best + off
