"""What a convex set of continuation payoffs generates when a public signal is all that is seen.

With stage payoffs g(a), signal probabilities p(y|a) and discount factors delta, a profile a that
payoffs w(y) follow is worth ``v = (1 - delta) g(a) + delta sum_y p(y|a) w(y)``, player by player.
It is enforced if no player gains by another action [APS]_, one linear inequality for each::

    sum_y (p(y|a) - p(y|a')) w_i(y)  >=  (1 - delta_i) / delta_i (g_i(a') - g_i(a))

What a generates from W in a direction is a linear program over the w(y) in W. Its dual needs only
one multiplier for each inequality: *any* that are not negative give a bound,

    n . v  <=  (1 - delta) n . g(a)  -  sum_c m_c right_c  +  sum_y h(z(y)),

where ``h(z) = max z . w`` over W and z(y) collects what multiplies w(y). Floats propose
multipliers, rationals make the bound of them: no rounding can make it wrong.

.. [APS] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated games
   with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._typing import FloatArray, IntArray, ObjectArray
from ..games import MonitoredGame
from ..games.repeated import Positions
from ._polygons import Corner

__all__ = [
    "Incentive",
    "MonitoredProfile",
    "MonitoredSetting",
    "Optimum",
    "cone",
    "farthest",
    "monitored_setting",
    "optimum",
    "simple",
]

_PENALTY = 1e4
"""Price of violating an incentive by one unit in floats: the largest multiplier proposed."""
_FEASIBLE = 1e-10
"""Violation that rounding explains."""
_STRICT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentive:
    """What must follow so that a player does not prefer another action.

    Attributes
    ----------
    who : int
    row : tuple of Fraction, one a signal
        By how much each signal becomes less probable by deviating, over the largest of these.
    right : Fraction
        What ``row`` times the player's continuation payoffs must be at least.
    """

    who: int
    row: tuple[Fraction, ...]
    right: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredProfile:
    """A pure profile of the stage game.

    Attributes
    ----------
    positions : tuple of int
    payoffs : pair of Fraction
        Scaled, as everywhere in these modules: each player's payoffs go from 0 to 1.
    chances : tuple of Fraction, one a signal
    incentives : tuple of Incentive
    signals : tuple of int
        Those that have a probability or matter for an incentive.
    is_stage_equilibrium : bool
    """

    positions: Positions
    payoffs: Corner
    chances: tuple[Fraction, ...]
    incentives: tuple[Incentive, ...]
    signals: tuple[int, ...]
    is_stage_equilibrium: bool
    _now: FloatArray = field(repr=False, compare=False)
    _chances: FloatArray = field(repr=False, compare=False)
    _who: IntArray = field(repr=False, compare=False)
    _matrix: FloatArray = field(repr=False, compare=False)
    _right: FloatArray = field(repr=False, compare=False)

    def weights(
        self, discounts: Corner, normal: Corner, multipliers: Sequence[Fraction]
    ) -> tuple[Fraction, list[Corner]]:
        """Return the bound's constant and the z(y) of the relevant signals."""
        constant = sum(
            (n * (1 - d) * g for n, d, g in zip(normal, discounts, self.payoffs, strict=True)),
            Fraction(0),
        )
        for own, price in zip(self.incentives, multipliers, strict=True):
            constant -= price * own.right
        found = []
        for y in self.signals:
            z = [n * d * self.chances[y] for n, d in zip(normal, discounts, strict=True)]
            for own, price in zip(self.incentives, multipliers, strict=True):
                z[own.who] += price * own.row[y]
            found.append((z[0], z[1]))
        return constant, found


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredSetting:
    """A two-player game with a public signal as its profiles need it, payoffs scaled to 0 .. 1.

    Attributes
    ----------
    discounts : pair of Fraction
    profiles : tuple of MonitoredProfile
        Without those that no continuation enforces.
    minmax : pair of Fraction
        Pure minmax payoffs, which hold whatever is monitored: a player may reply best each period.
    lows, spreads : pair of Fraction
        A payoff is ``low + spread * scaled``.
    """

    discounts: Corner
    profiles: tuple[MonitoredProfile, ...]
    minmax: Corner
    lows: Corner
    spreads: Corner

    def unscaled(self, payoff: Corner) -> Corner:
        """Return payoffs as the game has them."""
        (low, other), (one, two) = self.lows, self.spreads
        return low + one * payoff[0], other + two * payoff[1]


def monitored_setting(game: MonitoredGame) -> MonitoredSetting:
    """Return a two-player game with a public signal as its profiles need it."""
    lows, spreads, tables = [], [], []
    for own in game.stage.exact_payoffs:
        low, spread = own.min(), own.max() - own.min() or Fraction(1)
        lows.append(low)
        spreads.append(spread)
        tables.append((own - low) / spread)
    profiles = [_profile(game, tables, profile) for profile in game.stage.profiles()]
    return MonitoredSetting(
        discounts=(game.discounts[0], game.discounts[1]),
        profiles=tuple(own for own in profiles if own is not None),
        minmax=(tables[0].max(axis=0).min(), tables[1].max(axis=1).min()),
        lows=(lows[0], lows[1]),
        spreads=(spreads[0], spreads[1]),
    )


def _profile(
    game: MonitoredGame, tables: Sequence[ObjectArray], profile: Positions
) -> MonitoredProfile | None:
    """Return a profile, None if a player gains by a deviation that no signal tells of."""
    chances, incentives, is_best = game.distribution[profile], [], True
    for who, discount in enumerate(game.discounts):
        for action in range(game.stage.shape[who]):
            if action == profile[who]:
                continue
            other = (action, profile[1]) if who == 0 else (profile[0], action)
            gain: Fraction = tables[who][other] - tables[who][profile]
            is_best = is_best and gain <= 0
            row = [p - q for p, q in zip(chances, game.distribution[other], strict=True)]
            largest = max(map(abs, row))
            if not largest:
                if gain > 0:
                    return None
                continue
            right = (1 - discount) / discount * gain / largest
            incentives.append(
                Incentive(who=who, row=tuple(own / largest for own in row), right=right)
            )
    signals = tuple(y for y, p in enumerate(chances) if p or any(own.row[y] for own in incentives))
    matrix = np.array([[float(own.row[y]) for y in signals] for own in incentives])
    return MonitoredProfile(
        positions=profile,
        payoffs=(tables[0][profile], tables[1][profile]),
        chances=chances,
        incentives=tuple(incentives),
        signals=signals,
        is_stage_equilibrium=is_best,
        _now=np.array(
            [float((1 - d) * own[profile]) for d, own in zip(game.discounts, tables, strict=True)]
        ),
        _chances=np.array([float(chances[y]) for y in signals]),
        _who=np.array([own.who for own in incentives], dtype=np.int64),
        _matrix=matrix.reshape(len(incentives), len(signals)),
        _right=np.array([float(own.right) for own in incentives]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """What a profile generates in a direction, in floats.

    Attributes
    ----------
    profile : MonitoredProfile
    value : float
    point : pair of float
    multipliers : ndarray, shape (n_incentives,)
    shares : ndarray, shape (n_relevant_signals, n_corners)
        Weights of the corners that follow each relevant signal.
    violation : float
        By how much incentives fail, in all; above 0 if the profile generates nothing.
    """

    profile: MonitoredProfile
    value: float
    point: tuple[float, float]
    multipliers: FloatArray
    shares: FloatArray
    violation: float


def optimum(
    view: MonitoredSetting,
    profile: MonitoredProfile,
    normal: tuple[float, float],
    corners: FloatArray,
    slack: float = 0.0,
) -> Optimum:
    """Solve a profile's linear program in floats; violated incentives cost instead of forbid.

    Parameters
    ----------
    view : MonitoredSetting
    profile : MonitoredProfile
    normal : pair of float
        (0, 0) to find multipliers that show that a profile generates nothing.
    corners : ndarray, shape (n_corners, 2)
    slack : float, optional
        By how much more than needed deviations must cost.
    """
    from scipy.optimize import linprog

    chances, count = profile._chances, len(profile.incentives)
    factors, way = np.array([float(own) for own in view.discounts]), np.asarray(normal, dtype=float)
    n_signals, n_corners = len(chances), len(corners)
    heights = corners @ (factors * way)
    shares = np.zeros((n_signals, n_corners))
    shares[:, int(np.argmax(heights))] = 1
    multipliers, violation = np.zeros(count), 0.0
    if count:
        rows = profile._matrix[:, :, None] * corners.T[profile._who][:, None, :]
        answer = linprog(
            np.concatenate(
                [
                    -np.outer(chances, heights).ravel(),
                    np.full(count, _PENALTY if any(normal) else 1.0),
                ]
            ),
            A_ub=np.hstack([-rows.reshape(count, -1), -np.eye(count)]),
            b_ub=-(profile._right + slack),
            A_eq=np.hstack(
                [np.kron(np.eye(n_signals), np.ones(n_corners)), np.zeros((n_signals, count))]
            ),
            b_eq=np.ones(n_signals),
            method="highs-ds",
            options=_STRICT,
        )
        violation = math.inf  # where HiGHS fails nothing is proposed, and any bound stays valid
        if answer.status == 0:
            shares = answer.x[:-count].reshape(n_signals, n_corners)
            multipliers = np.maximum(-answer.ineqlin.marginals, 0)
            violation = float(answer.x[-count:].sum())
    point = profile._now + factors * (chances @ (shares @ corners))
    return Optimum(
        profile=profile,
        value=float(way @ point),
        point=(float(point[0]), float(point[1])),
        multipliers=multipliers,
        shares=shares,
        violation=violation,
    )


def farthest(
    view: MonitoredSetting,
    profiles: Sequence[MonitoredProfile],
    normal: tuple[float, float],
    corners: FloatArray,
    hints: dict[Positions, FloatArray],
    slack: float = 0.0,
) -> Optimum | None:
    """Return what is generated farthest in a direction, in floats; None if nothing is.

    Parameters
    ----------
    view, normal, corners, slack
        As in `optimum`.
    profiles : sequence of MonitoredProfile
    hints : dict
        For each profile multipliers of a similar program, which show where none need be solved.
        Those that are found replace them.
    """
    factors = np.array([float(own) for own in view.discounts])
    limits = []
    for own in profiles:
        prices = hints.setdefault(own.positions, np.zeros(len(own.incentives)))
        z = np.outer(own._chances, factors * np.asarray(normal))
        for who in range(2):
            mine = own._who == who
            z[:, who] += prices[mine] @ own._matrix[mine]
        now = float(own._now @ np.asarray(normal) - prices @ (own._right + slack))
        limits.append(now + float((z @ corners.T).max(axis=1).sum()))
    best: Optimum | None = None
    for k in sorted(range(len(profiles)), key=lambda k: -limits[k]):
        if best is not None and limits[k] <= best.value:
            break
        found = optimum(view, profiles[k], normal, corners, slack)
        if math.isfinite(found.violation):
            hints[profiles[k].positions] = found.multipliers
        if found.violation <= _FEASIBLE and (best is None or found.value > best.value):
            best = found
    return best


def cone(normals: Sequence[Corner], angles: Sequence[float], z: Corner) -> dict[int, Fraction]:
    """Return how a vector is a sum of two neighboring normals, with weights not negative.

    Parameters
    ----------
    normals : sequence of pairs of Fraction
        Counterclockwise; each direction lies between two that are less than half a turn apart.
    angles : sequence of float
        Of the normals, increasing.
    z : pair of Fraction
    """
    if not any(z):
        return {}
    n = len(normals)
    near = int(np.searchsorted(angles, math.atan2(float(z[1]), float(z[0]))))
    for shift in (0, 1, -1, *range(2, n)):
        j, k = (near + shift - 1) % n, (near + shift) % n
        a, b = normals[j], normals[k]
        area = a[0] * b[1] - a[1] * b[0]
        if area <= 0:
            continue
        one, two = z[0] * b[1] - z[1] * b[0], a[0] * z[1] - a[1] * z[0]
        if one >= 0 and two >= 0:
            return {place: own / area for place, own in ((j, one), (k, two)) if own}
    msg = "normals surround the origin"
    raise AssertionError(msg)


def simple(value: float, digits: int = 36) -> Fraction:
    """Return a simple rational that rounds to a float, or the float to so many binary digits.

    Examples
    --------
    >>> simple(1 / 3), simple(0.5000000000001)
    (Fraction(1, 3), Fraction(1, 2))
    """
    exact = Fraction(value)
    near = exact.limit_denominator(20_000)
    if abs(near - exact) <= Fraction(1, 1 << 33) * max(Fraction(1), abs(exact)):
        return near
    return Fraction(round(exact * (1 << digits)), 1 << digits)
