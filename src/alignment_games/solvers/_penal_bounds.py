"""Which discount factors cannot sustain a path in pure strategies, whatever the punishment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import integers
from ..games import NormalFormGame, RepeatedGame
from ..games.repeated import Positions
from ._penal_paths import Course, average, tempted
from ._polygons import Polygon, clip, hull, outward
from ._self_generation import Profile, setting, worst
from .zero_sum import maximize

if TYPE_CHECKING:
    import sympy as sp

__all__ = ["excluded_below", "threats_below"]

_STEPS = 40
"""Iterations of the payoff set at one discount factor."""
_SETTLED, _PATIENCE = Fraction(1, 10**6), 3
"""Rise of the worst payoffs, relative to the spread, below which so many iterations are idle."""
_BITS, _EDGES = 32, 12
"""Digits, in base 2, and edges to which polygons are rounded: bounds, not sets, are wanted."""


def threats_below(
    stage: NormalFormGame, limit: sp.Expr
) -> tuple[tuple[Fraction, ...], frozenset[Positions]]:
    """Return what players get at least in every pure equilibrium, and the profiles that may occur.

    Both hold for all discount factors below `limit`. With r = (1 - delta) / delta, a profile
    whose best deviations gain h occurs only if it can be followed by payoffs ``w >= v + r h``,
    where v is the worst. Continuation payoffs are mixtures of payoffs of profiles that occur.
    Whoever gets the worst payoff does not gain by a deviation followed by no worse, so that v is
    at least what it can get against one of these profiles. Profiles for which r would have to be
    less than at `limit` are struck out, until none is.

    Returns
    -------
    threats : tuple of Fraction
    profiles : frozenset of tuple of int
        Empty if there is no equilibrium in pure strategies.
    """
    payoffs = {
        own: tuple(stage.exact_payoffs[(who, *own)] for who in range(stage.n_players))
        for own in stage.profiles()
    }
    best = {
        own: tuple(tempted(stage, own, who) for who in range(stage.n_players)) for own in payoffs
    }
    beyond = _above((1 - limit) / limit)
    left = list(payoffs)
    while True:
        threats = tuple(min(own) for own in zip(*(best[k] for k in left), strict=True))
        ahead = list(
            dict.fromkeys(
                tuple(v - least for v, least in zip(payoffs[k], threats, strict=True)) for k in left
            )
        )
        kept = []
        for own in left:
            gains = [a - b for a, b in zip(best[own], payoffs[own], strict=True)]
            # An equilibrium of the stage game always occurs.
            if not any(gains) or beyond(_impatience(ahead, gains)):
                kept.append(own)
        if len(kept) == len(left):
            return threats, frozenset(left)
        if not kept:
            return threats, frozenset()
        left = kept


def _above(number: sp.Expr) -> Callable[[Fraction], bool]:
    """Return the test whether a rational is larger than a real algebraic number.

    It is symbolic only where digits do not decide, which are faster.
    """
    import sympy as sp

    near = Fraction(str(number.evalf(40)))
    width = (abs(near) + 1) / 10**30

    def larger(value: Fraction) -> bool:
        if abs(value - near) > width:
            return value > near
        return bool(sp.Rational(value.numerator, value.denominator) > number)

    return larger


def _impatience(ahead: Sequence[tuple[Fraction, ...]], gains: Sequence[Fraction]) -> Fraction:
    """Return the largest r with which some mixture of payoffs is at least r times the gains.

    It is 0 too where no mixture is nonnegative.
    """
    rows = []
    for who, gain in enumerate(gains):
        row, _ = integers([*(-own[who] for own in ahead), gain])
        rows.append(row)
    answer = maximize(
        [0] * len(ahead) + [1], [*rows, [1] * len(ahead) + [0]], [0] * len(rows) + [1]
    )
    return answer.value


def excluded_below(
    stage: NormalFormGame,
    target: Course,
    discount: Fraction,
    threats: tuple[Fraction, ...],
    profiles: frozenset[Positions],
) -> bool:
    """Tell whether all discount factors below one are proved not to sustain a path.

    Two players. Let a smaller factor sustain it. If lotteries could be drawn in public there would
    be more equilibria, and never fewer with more patience [1]_: convex hulls of payoffs that
    generate themselves, and the profiles they use, do so at `discount` too. Hence they lie in each
    of the polygons that are generated one from the other. If the worst payoffs of one do not keep
    everybody to the path, they do so neither at the smaller factor, for what a fixed punishment
    sustains more patience sustains. False proves nothing.

    Parameters
    ----------
    stage : NormalFormGame
    target : Course
    discount : Fraction
    threats, profiles
        As `threats_below` returns them for `discount` or a larger number.

    References
    ----------
    .. [1] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
    """
    view = setting(RepeatedGame(stage, discount=discount))
    live = [own for own in view.profiles if own.positions in profiles]
    needed = [
        (
            who,
            (average(stage, own, who, discount) - (1 - discount) * tempted(stage, own.now, who))
            / discount,
        )
        for own in target.futures
        for who in range(2)
    ]
    least = (threats[0], threats[1])
    polygon = hull(own.payoffs for own in live)
    if not polygon:
        return True
    # Numbers grow long unless they are rounded, in the direction that excludes less.
    idle, grid = 0, view.unit / (1 << _BITS)
    for _ in range(_STEPS):
        reached: list[tuple[Profile, Polygon]] = []
        for own in live:
            one, two = own.least(least)
            after = clip(clip(polygon, (-1, 0), -one), (0, -1), -two)
            if after:
                reached.append((own, after))
        live = [own for own, _ in reached]
        found = hull(view.worth(own, w) for own, after in reached for w in after)
        if not found:
            return True
        before = sum(least)
        one, two = (math.floor(own / grid) * grid for own in worst(found))
        least = max(least[0], one), max(least[1], two)
        if any(least[who] > most for who, most in needed):
            return True
        idle = 0 if sum(least) - before > _SETTLED * view.unit else idle + 1
        if idle > _PATIENCE:
            return False
        polygon = outward(found, view.unit, bits=_BITS, edges=_EDGES)
    return False
