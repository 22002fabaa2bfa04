"""Which discount factors cannot sustain a path in pure strategies, whatever the punishment."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import integers
from ..games import NormalFormGame, RepeatedGame
from ..games.repeated import Positions
from ._penal_paths import Course, average, tempted
from ._repeated_search import search
from ._self_generation import worst
from .zero_sum import maximize

if TYPE_CHECKING:
    import sympy as sp

__all__ = ["excluded_at", "threats_below"]

_STEPS = 120
"""Iterations of the payoff set at one discount factor."""


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
    most = (1 - limit) / limit
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
            if not any(gains) or bool(_impatience(ahead, gains) > most):
                kept.append(own)
        if len(kept) == len(left):
            return threats, frozenset(left)
        if not kept:
            return threats, frozenset()
        left = kept


def _impatience(ahead: Sequence[tuple[Fraction, ...]], gains: Sequence[Fraction]) -> sp.Rational:
    """Return the largest r with which some mixture of payoffs is at least r times the gains.

    It is 0 too where no mixture is nonnegative.
    """
    import sympy as sp

    rows = []
    for who, gain in enumerate(gains):
        row, _ = integers([*(-own[who] for own in ahead), gain])
        rows.append(row)
    answer = maximize(
        [0] * len(ahead) + [1], [*rows, [1] * len(ahead) + [0]], [0] * len(rows) + [1]
    )
    return sp.Rational(answer.value.numerator, answer.value.denominator)


def excluded_at(stage: NormalFormGame, target: Course, discount: Fraction) -> bool:
    """Tell whether a discount factor, and every smaller one, is proved not to sustain a path.

    Two players. If lotteries could be drawn in public there would be more equilibria, and never
    fewer with more patience [1]_; the payoffs of all of them lie in the outer polygon. If its worst
    payoffs do not keep everybody to the path, nothing does, here and at any smaller factor, for
    what a fixed punishment sustains more patience sustains. False proves nothing.

    References
    ----------
    .. [1] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.
    """
    outer = search(RepeatedGame(stage, discount=discount), _STEPS).outer
    if not outer:
        return True
    threats = worst(outer)
    for future in target.futures:
        for who in range(2):
            least = (1 - discount) * tempted(stage, future.now, who) + discount * threats[who]
            if average(stage, future, who, discount) < least:
                return True
    return False
