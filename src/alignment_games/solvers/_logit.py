"""What the logit correspondence needs of a game: gains in one unit, equations, exact ends."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._typing import FloatArray, IntArray, Profile
from ..errors import WorkLimitError
from ..games import NormalFormGame
from ._rational import solve_unique
from .certify import certified
from .result import Equilibrium

__all__ = ["LogitGame", "approached", "logit_game", "logit_system", "unique_below"]

_LOSS = 2.0**20  # payoffs this many times larger than their differences are subtracted exactly
_CORRECTIONS, _SINGULAR, _SOLVED = 3, 1e-4, 1e-9
_PLAYED = 1e-4
_NEAR = 1e-3
_MAX_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogitGame:
    """A game's payoffs as the kernels take them.

    Attributes
    ----------
    gains : ndarray, shape (n_players, n_profiles)
        Payoffs less those of the best own strategy against the same play of the others, divided
        by `unit`: only these differences matter to a logit response.
    payoffs : ndarray, shape (n_players, n_profiles)
    sizes, starts : ndarray of int
        Numbers of strategies, and where each player's begin among all.
    unit : float
        A power of two near the largest difference, so that dividing by it is exact.
    ranges : ndarray, shape (n_players,)
        Largest less smallest payoff of each player, divided by `unit`.
    """

    gains: FloatArray
    payoffs: FloatArray
    sizes: IntArray
    starts: IntArray
    unit: float
    ranges: FloatArray

    def between(
        self, points: FloatArray, tangents: FloatArray, k: int, precision: float
    ) -> FloatArray | None:
        """Return the point with this scaled precision between points `k` and `k` + 1.

        Where another branch crosses, the equations are singular along that branch: there the
        point is interpolated from both sides, and corrected in all other directions only.
        """
        from ._kernels.quantal_between import point_at
        from ._kernels.quantal_certify import certificates

        if points[k + 1, -1] == precision:
            return np.asarray(points[k + 1])
        found, point = point_at(
            self.gains, self.sizes, self.starts,
            points[k], tangents[k], points[k + 1], tangents[k + 1], precision,
        )  # fmt: skip
        if found:
            return np.asarray(point)
        tables = self.gains.reshape(len(self.sizes), *self.sizes)
        for _ in range(_CORRECTIONS):
            logs = np.split(point[:-1], self.starts[1:-1])
            with np.errstate(all="ignore"):  # beyond the range of floats it is not finite
                residual, jacobian = logit_system(tables, logs, precision)
            if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
                return None
            point[:-1] -= np.linalg.lstsq(jacobian[:, :-1], residual, rcond=_SINGULAR)[0]
        _, residuals, _, _ = certificates(
            self.gains, self.payoffs, self.sizes, self.starts, point[None, :]
        )
        return point if residuals[0] <= _SOLVED else None

    def trusted(self, points: FloatArray, tangents: FloatArray, turns: IntArray) -> int:
        """Return how many of the traced points come before any doubt that they are the branch.

        Below the bound of `unique_below` there is one equilibrium a precision, so that the
        branch cannot return there; nor can it come back to any point that it has passed. What
        lies between the first passing and the return is in doubt.
        """
        from ._kernels.quantal_retrace import first_meeting

        if not len(turns):
            return len(points)
        _, place = first_meeting(self.gains, self.sizes, self.starts, points, tangents, turns)
        if place >= 0:
            return place + 1
        back = bool((points[turns[0] :, -1] < unique_below(self)).any())
        return int(turns[0]) + 1 if back else len(points)


def logit_game(game: NormalFormGame) -> LogitGame:
    """Scale a game for the kernels.

    Raises
    ------
    WorkLimitError
        If a player's payoff differences vanish among floats beside another's.
    """
    tables = game.payoffs
    with np.errstate(over="ignore"):
        gains = np.stack([own - own.max(axis=k, keepdims=True) for k, own in enumerate(tables)])
        spreads = -gains.reshape(game.n_players, -1).min(axis=1)
        sizes_of_payoffs = np.abs(tables.reshape(game.n_players, -1)).max(axis=1)
        largest = float(spreads.max())
        lossy = bool((sizes_of_payoffs > _LOSS * spreads).any())
    if lossy or not math.isfinite(largest):
        exact = np.stack(
            [own - own.max(axis=k, keepdims=True) for k, own in enumerate(game.exact_payoffs)]
        )
        spread = -exact.min()
        unit = 2.0 ** _exponent(spread) if spread else 1.0
        gains = (exact / Fraction(unit)).astype(np.float64)
    else:
        unit = 2.0 ** math.frexp(largest)[1] if largest else 1.0
        gains = gains / unit
    _require_differences(game, gains)
    sizes = np.array(game.shape, dtype=np.int64)
    count = game.n_players
    flat = tables.reshape(count, -1)
    return LogitGame(
        gains=np.ascontiguousarray(gains.reshape(count, -1)),
        payoffs=flat,
        sizes=sizes,
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        unit=unit,
        ranges=flat.max(axis=1) / unit - flat.min(axis=1) / unit,
    )


def _require_differences(game: NormalFormGame, gains: FloatArray) -> None:
    """Refuse games in which a player's differences, in the common unit, are no normal floats."""
    for who, scaled in enumerate(gains):
        if -scaled.min() >= sys.float_info.min:
            continue
        own = game.integer_payoffs[0][who]
        if np.any(own.max(axis=who) != own.min(axis=who)):
            msg = (
                f"the payoff differences of {game.players[who]!r} are too small to be held by "
                "floats in the unit of the largest difference of any player (more than 308 "
                "orders of magnitude apart). Multiply payoffs by factors that bring them nearer"
            )
            raise WorkLimitError(msg)


def _exponent(value: Fraction) -> int:
    """Return the least exponent of two that exceeds a positive value, up to one."""
    return min(max(value.numerator.bit_length() - value.denominator.bit_length() + 1, -1000), 1020)


def logit_system(
    payoffs: FloatArray, logs: list[FloatArray], precision: float
) -> tuple[FloatArray, FloatArray]:
    """Return the residual and the Jacobian of the logit equations, as the kernel defines them.

    This is the readable definition against which the compiled one is tested.

    Parameters
    ----------
    payoffs : ndarray, shape (n_players, n_strategies_1, ...)
    logs : list of ndarray
        Logarithms of each player's probabilities; they are divided by their sums before use.
    precision : float

    Returns
    -------
    residual : ndarray, shape (n,)
        For each player's likeliest strategy the logarithm of its probabilities' sum; for each
        other one its log-odds against the likeliest less `precision` times its gain over it.
    jacobian : ndarray, shape (n, n + 1)
        Derivatives by all logarithms, then by the precision.
    """
    players = len(logs)
    starts = np.cumsum([0, *(len(own) for own in logs)])
    chances = [np.exp(own) / np.exp(own).sum() for own in logs]
    residual = np.zeros(starts[-1])
    jacobian = np.zeros((starts[-1], starts[-1] + 1))

    def expected(who: int, fixed: tuple[int, ...]) -> FloatArray:
        """Payoffs of `who`, averaged over the strategies of all players but `fixed`."""
        table = payoffs[who]
        for k in reversed(range(players)):
            if k not in fixed:
                table = np.tensordot(table, chances[k], axes=(k, 0))
        return np.asarray(table)

    for i in range(players):
        own = slice(starts[i], starts[i + 1])
        top = int(np.argmax(logs[i]))
        gain = expected(i, (i,)) - expected(i, (i,))[top]
        residual[own] = logs[i] - logs[i][top] - precision * gain
        jacobian[own, own] = np.eye(len(logs[i])) - np.eye(len(logs[i]))[top]
        jacobian[own, -1] = -gain
        for k in range(players):
            if k != i:
                against = np.moveaxis(expected(i, (i, k)), 0 if i < k else 1, 0)
                slope = against - against[top] - gain[:, None]
                jacobian[own, starts[k] : starts[k + 1]] = -precision * slope * chances[k]
        residual[starts[i] + top] = np.log(np.exp(logs[i]).sum())
        jacobian[starts[i] + top] = 0.0
        jacobian[starts[i] + top, own] = chances[i]
    return residual, jacobian


def unique_below(logit: LogitGame) -> float:
    """Return a scaled precision below which there is one equilibrium only.

    If the others' strategies move, measured in the 1-norm, by d, a player's payoff differences
    move by at most d/2 times their oscillation, and its logit response by at most precision/2
    times that. With the matrix of these factors, the response is a contraction in a weighted
    norm as long as precision times its spectral radius is below 1; the radius is bounded by
    the largest ratio (Cv)_i / v_i for any positive v (Collatz and Wielandt).
    """
    count = len(logit.sizes)
    gains = logit.gains.reshape(count, *logit.sizes)
    factors = np.zeros((count, count))
    for i, k in itertools.permutations(range(count), 2):
        table = np.moveaxis(gains[i], (i, k), (0, 1)).reshape(logit.sizes[i], logit.sizes[k], -1)
        differences = (table[a] - table[b] for a, b in itertools.combinations(range(len(table)), 2))
        factors[i, k] = max((float(np.ptp(d, axis=0).max()) for d in differences), default=0.0) / 4
    weights = np.ones(count)
    for _ in range(30):
        weights = factors @ weights + 1e-3 * weights * max(float(factors.max()), 1e-300)
        weights = weights / weights.max() + 1e-12
    radius = float(np.max(factors @ weights / weights))
    return (1 - 1e-9) / radius if radius else math.inf


def approached(game: NormalFormGame, profile: Sequence[FloatArray]) -> Equilibrium | None:
    """Return a Nash equilibrium with rational probabilities close to a profile, or None.

    Candidates are the solution of the indifference equations of the strategies in use, which
    are linear as long as at most two players mix, and the nearest simple fractions. Each is
    believed only if its regret, recomputed exactly, is zero.
    """
    exact = game.as_exact()
    for candidate in (_by_indifference(exact, profile), _by_rounding(profile)):
        if candidate is None:
            continue
        near = all(
            abs(float(p) - q) < _NEAR
            for own, other in zip(candidate, profile, strict=True)
            for p, q in zip(own, other, strict=True)
        )
        if not near:
            continue
        found = certified(exact, candidate)
        if not any(found.regret):
            if game.exact:
                return found
            return certified(game, tuple(tuple(float(p) for p in own) for own in candidate))
    return None


def _by_rounding(profile: Sequence[FloatArray]) -> Profile:
    vectors = []
    for own in profile:
        parts = [Fraction(float(p)).limit_denominator(_MAX_DENOMINATOR) for p in own]
        total = sum(parts, Fraction(0))
        vectors.append(tuple(p / total for p in parts))
    return tuple(vectors)


def _by_indifference(game: NormalFormGame, profile: Sequence[FloatArray]) -> Profile | None:
    supports = [[k for k, p in enumerate(own) if p > _PLAYED] for own in profile]
    mixing = [who for who, own in enumerate(supports) if len(own) > 1]
    pure = [own[0] if len(own) == 1 else -1 for own in supports]
    vectors = [
        [Fraction(int(k == chosen)) for k in range(size)]
        for chosen, size in zip(pure, game.shape, strict=True)
    ]
    if len(mixing) > 2:
        return None
    if len(mixing) == 2:
        for who, other in (mixing, reversed(mixing)):
            rest = tuple(
                slice(None) if k in (who, other) else pure[k] for k in range(game.n_players)
            )
            table = game.exact_payoffs[(who, *rest)]
            table = table if who < other else table.T
            rows = [[*(table[a, b] for b in supports[other]), Fraction(-1)] for a in supports[who]]
            rows.append([Fraction(1)] * len(supports[other]) + [Fraction(0)])
            right = [Fraction(0)] * len(supports[who]) + [Fraction(1)]
            found = solve_unique(rows, right)
            if found is None or min(found[:-1]) < 0:
                return None
            for b, p in zip(supports[other], found, strict=False):
                vectors[other][b] = p
    elif mixing:
        return None
    return tuple(tuple(own) for own in vectors)
