"""Critical discount factors of many games: each within a bracket that rounding cannot leave.

What a player gains by leaving a path, and what it loses later, are known up to a margin. Of the
incentive, a polynomial in the discount factor, that gives two: one is never above it, the other
never below. Because the discount factors that sustain a path by a fixed punishment reach up to 1,
a factor at which all lower polynomials are positive bounds the critical one from above, and one at
which an upper one is negative bounds it from below.

Every loop takes payoffs as float64 (games, players, profiles), profiles in the order of
`NormalFormGame.profiles`; its `py_func` is the definition.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled
from .._typing import FloatArray, IntArray, StatusArray
from .closed_forms import LARGE, SMALL
from .discount_codes import NO_ONE, Sustained
from .kernels import BAD_INPUT, DEGENERATE, OK, SMALLEST, dead_supports, judge

__all__ = [
    "MINMAX",
    "NASH",
    "PROFILE",
    "measure",
    "punish_by_minmax",
    "punish_by_nash",
    "punish_by_one_profile",
    "sustain",
    "sustain_by_tit_for_tat",
]

NEVER, FROM, EVERY, SOME = (
    int(own) for own in (Sustained.NEVER, Sustained.FROM, Sustained.EVERY, Sustained.SOME)
)
NOT_AN_EQUILIBRIUM, OPEN = int(Sustained.NOT_AN_EQUILIBRIUM), int(Sustained.OPEN)

MINMAX, NASH, PROFILE = 0, 1, 2
"""What is known of a punishment: it is at most a best reply's payoff; at most an equilibrium's; it
is the payoff of one profile."""


@compiled
def measure(
    payoffs: FloatArray, errors: FloatArray, margins: FloatArray, status: StatusArray
) -> None:
    """Bound the error of a difference of two payoffs, of each player in each game.

    Parameters
    ----------
    payoffs : float64 (N, players, profiles)
    errors : float64 (N, players): how far each payoff may be from its value
    margins : float64 (N, players), filled
    status : int8 (N,), filled: BAD_INPUT if a payoff is not finite, DEGENERATE without a bound

    Notes
    -----
    A difference of two payoffs is wrong by two errors and one rounding; the margin leaves room for
    16 roundings of the largest payoff, of which sums of up to four payoffs need fewer.
    """
    for g in range(status.size):
        status[g] = OK
        for who in range(payoffs.shape[1]):
            largest, finite = 0.0, 0.0
            for p in range(payoffs.shape[2]):
                finite += payoffs[g, who, p] * 0.0
                largest = max(largest, abs(payoffs[g, who, p]))
            margins[g, who] = 2.02 * errors[g, who] + largest * 2.0**-49 + 1e-200
            if finite != 0.0:
                status[g] = BAD_INPUT
            elif status[g] == OK and not margins[g, who] < np.inf:
                status[g] = DEGENERATE


@compiled
def punish_by_minmax(
    payoffs: FloatArray,
    margins: FloatArray,
    sizes: IntArray,
    strides: IntArray,
    punished: FloatArray,
) -> None:
    """Fill `punished` (N, players, 2) with bounds on the pure minmax payoffs."""
    for g in range(payoffs.shape[0]):
        for who in range(payoffs.shape[1]):
            stride, span = strides[who], strides[who] * sizes[who]
            least = np.inf
            for start in range(0, payoffs.shape[2], span):
                for p in range(start, start + stride):
                    best = payoffs[g, who, p]
                    for other in range(p + stride, start + span, stride):
                        best = max(best, payoffs[g, who, other])
                    least = min(least, best)
            punished[g, who, 0] = least - margins[g, who]
            punished[g, who, 1] = least + margins[g, who]


@compiled
def punish_by_one_profile(
    payoffs: FloatArray,
    margins: FloatArray,
    sizes: IntArray,
    strides: IntArray,
    profile: int,
    punished: FloatArray,
    status: StatusArray,
    codes: StatusArray,
) -> None:
    """Fill `punished` with bounds on what one profile pays.

    `codes` receives NOT_AN_EQUILIBRIUM where a player would certainly leave the profile;
    `status` DEGENERATE where one may.
    """
    for g in range(payoffs.shape[0]):
        calm = 1
        for who in range(payoffs.shape[1]):
            own = payoffs[g, who, profile]
            punished[g, who, 0] = own - margins[g, who]
            punished[g, who, 1] = own + margins[g, who]
            more = _gain(payoffs, g, who, profile, sizes[who], strides[who])
            if status[g] == OK:
                calm = min(calm, _calm(more, margins[g, who]))
        if calm < 0:
            codes[g] = NOT_AN_EQUILIBRIUM
        elif calm == 0:
            status[g] = DEGENERATE


@compiled
def punish_by_nash(
    payoffs: FloatArray,
    margins: FloatArray,
    sizes: IntArray,
    pairs: IntArray,
    subsets: IntArray,
    punished: FloatArray,
    status: StatusArray,
) -> None:
    """Fill `punished` with bounds on each player's worst equilibrium payoff, of two players.

    `status` receives DEGENERATE where it is open which pairs of supports carry an equilibrium;
    `pairs` and `subsets` are as `alignment_games.batch.kernels` makes them.
    """
    m, n = sizes
    a, b = np.empty((m, n)), np.empty((n, m))
    dead_rows, dead_columns = np.zeros(4, np.int64), np.zeros(4, np.int64)
    x, y, d = np.empty(4), np.empty(4), np.empty((3, 4))
    for g in range(status.size):
        if status[g] != OK:
            continue
        for i in range(m):
            for j in range(n):
                a[i, j] = payoffs[g, 0, i * n + j]
                b[j, i] = payoffs[g, 1, i * n + j]
        spread_a, spread_b = _spread(a) + margins[g, 0], _spread(b) + margins[g, 1]
        if not (min(spread_a, spread_b) > SMALL and max(spread_a, spread_b) < LARGE):
            status[g] = DEGENERATE
            continue
        dead_supports(a, margins[g, 0], subsets, dead_rows)
        dead_supports(b, margins[g, 1], subsets, dead_columns)
        for who in range(2):
            punished[g, who, 0] = np.inf
            punished[g, who, 1] = np.inf
        for p in range(pairs.shape[0]):
            k = pairs[p, 0]
            dead = np.int64(0)
            for q in range(k):
                dead |= dead_rows[pairs[p, 3 + q]] >> pairs[p, 2]
                dead |= dead_columns[pairs[p, 7 + q]] >> pairs[p, 1]
            if dead & 1:
                continue
            own, other = pairs[p, 3:7], pairs[p, 7:11]
            verdict = judge(a, own, other, k, margins[g, 0], spread_a, d, y)
            if verdict >= 0:
                mine = judge(b, other, own, k, margins[g, 1], spread_b, d, x)
                verdict = min(verdict, mine)
            if verdict == 0:
                status[g] = DEGENERATE
                break
            if verdict > 0:
                _lower(punished[g, 0], a, own, other, k, y, margins[g, 0], spread_a)
                _lower(punished[g, 1], b, other, own, k, x, margins[g, 1], spread_b)


@compiled
def _spread(table: FloatArray) -> float:
    """Return the largest difference in size of a player's payoffs."""
    low = high = table[0, 0]
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            low = min(low, table[i, j])
            high = max(high, table[i, j])
    return float(high - low)


@compiled
def _lower(
    worst: FloatArray,
    table: FloatArray,
    own: IntArray,
    other: IntArray,
    k: int,
    w: FloatArray,
    margin: float,
    spread: float,
) -> None:
    """Lower the bounds on a player's worst payoff to one more equilibrium's.

    The opponent's weights have errors up to `slack`, as `kernels.judge` says, all are larger than
    that, and the payoff is a mean of payoffs by these weights.
    """
    slack = 0.0
    if k == 2:
        slack = margin
    elif k == 3:
        slack = 10.0 * spread * margin
    elif k == 4:
        slack = 80.0 * spread * spread * margin
    total, mean = 0.0, 0.0
    for q in range(k):
        total += w[q]
        mean += w[q] * (table[own[0], other[q]] - table[own[0], other[0]])
    value = table[own[0], other[0]] + mean / total
    error = 2.0 * margin + 2.02 * spread * k * slack / (total - 1.01 * k * slack)
    if not error >= 0.0:
        error = np.inf
    worst[0] = min(worst[0], value - error)
    worst[1] = min(worst[1], value + error)


@compiled
def _gain(payoffs: FloatArray, g: int, who: int, profile: int, size: int, stride: int) -> float:
    """Return what a player gains by its best other strategy; minus infinity if it has none."""
    first = profile - profile // stride % size * stride
    gain = -np.inf
    for k in range(size):
        other = first + k * stride
        if other != profile:
            gain = max(gain, payoffs[g, who, other] - payoffs[g, who, profile])
    return gain


@compiled
def _calm(gain: float, margin: float) -> int:
    """Tell whether a player is not tempted: 1 certainly not, 0 open, -1 certainly tempted."""
    return 1 if gain < -margin else -1 if gain > margin else 0


@compiled
def sustain(
    payoffs: FloatArray,
    margins: FloatArray,
    sizes: IntArray,
    strides: IntArray,
    cycle: IntArray,
    kind: int,
    reversion: int,
    punished: FloatArray,
    status: StatusArray,
    codes: StatusArray,
    binding: StatusArray,
    numbers: FloatArray,
) -> None:
    """Bracket the discount factors that a cycle of profiles asks for.

    Parameters
    ----------
    payoffs, margins, punished : as before
    cycle : int64 (n,): positions of the profiles
    kind, reversion : MINMAX, NASH or PROFILE, and that profile's position
    status, codes, binding : int8 (N,), filled where the status is OK and the code not set
    numbers : float64 (2, N), filled: the critical discount factor and a bound on its error

    Notes
    -----
    A profile without temptation pays at least the minmax payoff; one that tempts no one is an
    equilibrium, and pays at least the worst one. That holds exactly, and decides where the
    punishment is the path itself.
    """
    players, n = payoffs.shape[1], cycle.size
    calm = np.empty((players, n), np.int64)
    gains = np.empty((players, n))
    worth, kept = np.empty((2, n)), np.empty((2, n, n + 1))
    lows, highs = np.empty(players), np.empty(players)
    for g in range(status.size):
        numbers[0, g] = np.nan
        numbers[1, g] = np.nan
        binding[g] = NO_ONE
        if codes[g] == NOT_AN_EQUILIBRIUM:
            continue
        codes[g] = OPEN
        if status[g] != OK:
            continue
        for who in range(players):
            for t in range(n):
                gains[who, t] = _gain(payoffs, g, who, cycle[t], sizes[who], strides[who])
                calm[who, t] = _calm(gains[who, t], margins[g, who])
        for who in range(players):
            margin = margins[g, who]
            for t in range(n):
                own = payoffs[g, who, cycle[t]]
                worth[0, t] = own - punished[g, who, 1] - margin
                worth[1, t] = own - punished[g, who, 0] + margin
                if kind == PROFILE and cycle[t] == reversion:
                    worth[0, t] = 0.0
                    worth[1, t] = 0.0
                elif _not_below(kind, calm, who, t):
                    worth[0, t] = max(worth[0, t], 0.0)
            if n == 1:
                lows[who], highs[who] = _constant(gains[who, 0], margin, worth[0, 0], worth[1, 0])
            else:
                _incentives(worth, gains, calm, who, margin, kept)
                lows[who], highs[who] = _needed(worth, kept)
        status[g], codes[g], binding[g] = _together(lows, highs, numbers, g)


@compiled
def _not_below(kind: int, calm: IntArray, who: int, t: int) -> bool:
    """Tell whether a profile pays a player at least the punishment, whatever the numbers."""
    tempted = 0  # for all that is known
    for other in range(calm.shape[0]):
        tempted += calm[other, t] < 1
    return bool((kind == MINMAX and calm[who, t] == 1) or (kind == NASH and tempted == 0))


@compiled
def _constant(
    gain: float, margin: float, low_worth: float, high_worth: float
) -> tuple[float, float]:
    """Return bounds on the discount factor that a player asks for on a constant path.

    With a gain of c and a payoff of w above the punishment it is ``c / (w + c)``. Infinity says
    that the player never stays; an upper bound of 1, that some factor below 1 is enough.
    """
    if high_worth < 0.0:
        return np.inf, np.inf
    if gain < -margin:
        return 0.0, 0.0 if low_worth >= 0.0 else np.inf
    least, most = max(gain - margin, 0.0), max(gain + margin, 0.0)
    low = least / (least + high_worth) * (1.0 - 2.0**-51) if least > 0.0 else 0.0
    high = np.inf
    if low_worth > 0.0:
        high = min(most / (most + low_worth) * (1.0 + 2.0**-51), 1.0)
    return low, high


@compiled
def _incentives(
    worth: FloatArray, gains: FloatArray, calm: IntArray, who: int, margin: float, kept: FloatArray
) -> None:
    """Fill `kept` (2, n, n + 1) with the lower and upper polynomials of n periods.

    With w the payoffs less the punishment and a gain of c, the incentive in period t is
    ``-c + w[t+1] delta + ... + w[t-1] delta**(n-1) + (w[t] + c) delta**n``.
    """
    n = worth.shape[1]
    for t in range(n):
        kept[0, t, 0] = 0.0
        kept[1, t, 0] = 0.0
        if calm[who, t] < 1:
            kept[0, t, 0] = -max(gains[who, t] + margin, 0.0)
            kept[1, t, 0] = -max(gains[who, t] - margin, 0.0)
        for k in range(1, n):
            kept[0, t, k] = worth[0, (t + k) % n]
            kept[1, t, k] = worth[1, (t + k) % n]
        kept[0, t, n] = worth[0, t] - kept[1, t, 0]
        kept[1, t, n] = worth[1, t] - kept[0, t, 0]


@compiled
def _needed(worth: FloatArray, kept: FloatArray) -> tuple[float, float]:
    """Return bounds on the discount factor that a player asks for on a cycle, as `_constant`."""
    n = worth.shape[1]
    least, most, size = 0.0, 0.0, 0.0
    for t in range(n):
        least += worth[0, t]
        most += worth[1, t]
        size += max(abs(worth[0, t]), abs(worth[1, t]))
    guard = 2.0**-51 * n * size
    if most < -guard:
        return np.inf, np.inf
    first = 1
    for t in range(n):
        first = min(first, _at_first(kept, t))
    if first == 1:
        return 0.0, 0.0
    low, high = _bisected(kept)
    if first < 0:
        low = max(low, SMALLEST)
    return low, high if least > guard else np.inf


@compiled
def _at_first(kept: FloatArray, t: int) -> int:
    """Tell the sign of an incentive at the smallest discount factors: 1 also if it is zero."""
    for k in range(kept.shape[2]):
        if kept[0, t, k] > 0.0:
            return 1
        if kept[1, t, k] < 0.0:
            return -1
        if kept[0, t, k] < 0.0:
            return 0
    return 1


@compiled
def _bisected(kept: FloatArray) -> tuple[float, float]:
    """Return bounds on the least discount factor at which no incentive is negative."""
    low, high = _around(kept, _guess(kept))
    middle = low
    for _ in range(1100):  # the smallest float is 2**-1074
        if high - low <= 2.0**-50 * high:
            return low, high
        middle = low + (high - low) / 2.0
        verdict = _stays(kept, middle)
        if verdict == 0:
            break
        if verdict > 0:
            high = middle
        else:
            low = middle
    below, above = middle, middle
    for _ in range(64):
        middle = low + (below - low) / 2.0
        if _stays(kept, middle) < 0:
            low = middle
        else:
            below = middle
        middle = above + (high - above) / 2.0
        if _stays(kept, middle) > 0:
            high = middle
        else:
            above = middle
        if max(below - low, high - above) <= 2.0**-50 * high:
            break
    return low, high


@compiled
def _around(kept: FloatArray, guess: float) -> tuple[float, float]:
    """Return bounds as near a guess as they are certain, 0 and 1 at worst."""
    low, high = 0.0, 1.0
    step = 2.0**-51 * guess
    while low == 0.0 and step < guess:
        if _stays(kept, guess - step) < 0:
            low = guess - step
        step *= 8.0
    step = 2.0**-51 * guess
    while high == 1.0 and guess + step < 1.0:
        if _stays(kept, guess + step) > 0:
            high = guess + step
        step *= 8.0
    return low, high


@compiled
def _guess(kept: FloatArray) -> float:
    """Return about where the least incentive crosses zero: regula falsi, the Illinois way."""
    low, high = 0.0, 1.0
    below, above = _least(kept, low), _least(kept, high)
    guess, side = 0.5, 0
    for _ in range(30):
        if not below < 0.0 < above:
            break
        last = guess
        guess = (low * above - high * below) / (above - below)
        if abs(guess - last) <= 2.0**-52 * guess:
            break
        value = _least(kept, guess)
        if value > 0.0:
            high, above = guess, value
            below = below / 2.0 if side > 0 else below
            side = 1
        else:
            low, below = guess, value
            above = above / 2.0 if side < 0 else above
            side = -1
    return guess


@compiled
def _least(kept: FloatArray, discount: float) -> float:
    """Return the least incentive of all periods, between its bounds."""
    found = np.inf
    n = kept.shape[1]
    for t in range(n):
        ends = 1 if kept[0, t, 0] == 0.0 and kept[1, t, 0] == 0.0 else 0
        value = 0.0
        for k in range(n, ends - 1, -1):
            value = value * discount + (kept[0, t, k] + kept[1, t, k]) / 2.0
        found = min(found, value)
    return found


@compiled
def _stays(kept: FloatArray, discount: float) -> int:
    """Tell whether a player stays in all periods: 1 it does, -1 it does not, 0 that is open."""
    found = 1
    n = kept.shape[1]
    for t in range(n):
        ends = 1 if kept[0, t, 0] == 0.0 and kept[1, t, 0] == 0.0 else 0  # divided by delta
        low, high, size = 0.0, 0.0, 0.0
        for k in range(n, ends - 1, -1):
            low = low * discount + kept[0, t, k]
            high = high * discount + kept[1, t, k]
            size = size * discount + max(abs(kept[0, t, k]), abs(kept[1, t, k]))
        guard = 2.0**-51 * (n + 1) * size
        if high < -guard:
            return -1
        if low < guard:
            found = 0
    return found


@compiled
def _together(
    lows: FloatArray, highs: FloatArray, numbers: FloatArray, g: int
) -> tuple[int, int, int]:
    """Return status, code and binding player by what the players ask for.

    `numbers` receives the critical discount factor of game g and the bound on its error.
    """
    who = 0
    high = highs[0]
    for k in range(1, lows.size):
        who = k if lows[k] > lows[who] else who
        high = max(high, highs[k])
    low = lows[who]
    if low == np.inf:
        return OK, NEVER, NO_ONE
    if high == np.inf:
        return DEGENERATE, OPEN, NO_ONE
    numbers[0, g] = low + (high - low) / 2.0
    numbers[1, g] = (high - low) / 2.0 + 2.0**-53 * high
    if high == 0.0:
        return OK, EVERY, NO_ONE
    if low == 0.0:
        return DEGENERATE, OPEN, NO_ONE
    for k in range(lows.size):
        if k != who and highs[k] >= low:
            return OK, FROM, NO_ONE
    return OK, FROM, who


@compiled
def sustain_by_tit_for_tat(
    payoffs: FloatArray,
    margins: FloatArray,
    target: IntArray,
    status: StatusArray,
    codes: StatusArray,
    binding: StatusArray,
    numbers: FloatArray,
) -> None:
    """Bracket the discount factors of 2 x 2 games whose players do what the other did last.

    `target` holds the two strategies that the path repeats; the rest is as for `sustain`. A
    player leaves for ever, or every other period; all else mixes the two.
    """
    lows, highs = np.empty(2), np.empty(2)
    for g in range(status.size):
        numbers[0, g] = np.nan
        numbers[1, g] = np.nan
        binding[g] = NO_ONE
        codes[g] = OPEN
        if status[g] != OK:
            continue
        least, most = np.inf, np.inf  # bounds on up to where the path is sustained, if not to 1
        for who in range(2):
            table, margin = payoffs[g, who], margins[g, who]
            here = 2 * target[0] + target[1]
            mine = 2 - who  # what changes by an own strategy
            own, other = 1 - 2 * target[who], 1 - 2 * target[1 - who]
            reward = table[here]
            tempt = table[here + own * mine]
            sucker = table[here + other * (3 - mine)]
            war = table[here + own * mine + other * (3 - mine)]
            lows[who], highs[who] = 0.0, 0.0
            for left_for_ever in (True, False):
                gain = tempt - reward
                # The incentive at 1: what the path pays less what leaving pays on average.
                more = reward - war if left_for_ever else (reward - sucker) + (reward - tempt)
                slack = margin if left_for_ever else 2.0 * margin
                low, high, up_to, at_most = _linear(
                    gain - margin, gain + margin, more - slack, more + slack
                )
                lows[who] = max(lows[who], low)
                highs[who] = max(highs[who], high)
                least = min(least, up_to)
                most = min(most, at_most)
        status[g], codes[g], binding[g] = _together(lows, highs, numbers, g)
        if least < np.inf and codes[g] != NEVER:
            numbers[0, g] = np.nan
            numbers[1, g] = np.nan
            binding[g] = NO_ONE
            status[g], codes[g] = DEGENERATE, OPEN
            if highs.max() < least and most < np.inf:
                status[g], codes[g] = OK, SOME
            elif lows.max() > most:
                status[g], codes[g] = OK, NEVER


@compiled
def _linear(
    low_gain: float, high_gain: float, low_more: float, high_more: float
) -> tuple[float, float, float, float]:
    """Return where an incentive that is -gain at 0 and `more` at 1 is not negative.

    Bounds on the least factor, infinity if there is none, and on the largest, infinity if it is 1.
    """
    less, up = 1.0 - 2.0**-51, 1.0 + 2.0**-51
    if low_gain > 0.0:
        if high_more < 0.0:
            return np.inf, np.inf, np.inf, np.inf
        low = low_gain / (low_gain + high_more) * less
        high = high_gain / (high_gain + low_more) * up if low_more > 0.0 else np.inf
        return low, high, np.inf, np.inf
    if high_gain < 0.0:
        if low_more > 0.0:
            return 0.0, 0.0, np.inf, np.inf
        if high_more < 0.0:
            largest = low_gain / (low_gain + high_more) * up
            return 0.0, 0.0, high_gain / (high_gain + low_more) * less, largest
        return 0.0, np.inf, np.inf, np.inf
    if low_more > 0.0:
        return 0.0, high_gain / (high_gain + low_more) * up, np.inf, np.inf
    return 0.0, np.inf, np.inf, np.inf
