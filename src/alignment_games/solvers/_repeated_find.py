"""The payoffs of a two-player repeated game between two polygons, by the fastest way that proves it.

Floating point finds where the sets lead to, with a bound of all rounding; the equations of the
corners are solved exactly; and integers prove that the result generates itself and that nothing
larger does. What this does not decide is left to `_repeated_search`, in rational arithmetic.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._typing import FloatArray
from ..games import RepeatedGame
from ._polygons import Polygon, distance, hull
from ._repeated_automata import machine
from ._repeated_enclosure import attained
from ._repeated_limit import NO_DIRECTIONS, Limit, Scale, certain, find_limit, scale_of
from ._repeated_search import search
from ._self_generation import Generated, Setting, setting, stage_equilibria, worst
from .one_shot import RepeatedPlay

__all__ = ["Enclosure", "Witness", "approximate", "find"]

_SLACKS = (1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)
"""By how much more than needed deviations must cost, scaled."""
_FEW = 24
"""Corners with which rational arithmetic is tried where floating point does not decide."""
_RATIONAL_STEPS = 400


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Why the payoffs of an inner polygon are attained.

    Attributes
    ----------
    game : RepeatedGame
    reasons : tuple of Generated
        Payoffs whose hull is the polygon, each with a profile and what follows in the polygon,
        which was checked exactly; none if the automaton is known.
    known : RepeatedPlay or None
    """

    game: RepeatedGame
    reasons: tuple[Generated, ...] = ()
    known: RepeatedPlay | None = None

    @functools.cached_property
    def play(self) -> RepeatedPlay:
        """The automaton, with its certificate; made when it is first asked for."""
        return self.known or machine(self.game, self.reasons, exact=True)

    @functools.cached_property
    def polygon(self) -> Polygon:
        """The inner polygon."""
        if self.known is not None:
            return hull([(one, two) for one, two in self.known.values.values()])
        return hull(own.payoff for own in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """Polygons between which the payoffs lie.

    Attributes
    ----------
    inner, outer : Polygon
    witness : Witness or None
        None if the inner polygon is empty.
    settled : bool
        Whether the outer polygon has stopped moving.
    steps : int
    gap : float
        Not below the Hausdorff distance of the two.
    """

    inner: Polygon
    outer: Polygon
    witness: Witness | None
    settled: bool
    steps: int
    gap: float


def find(game: RepeatedGame, *, sharp: bool, steps: int, tolerance: float) -> Enclosure:
    """Return the payoffs exactly where that is possible, otherwise between near polygons.

    Parameters
    ----------
    game : RepeatedGame
    sharp : bool
        Whether to keep only the points that Abreu and Sannikov need; for equal discount factors.
    steps : int
    tolerance : float
        Gap, relative to the largest difference of payoffs, that ends the search.
    """
    view = setting(game)
    if not certain(view):
        return _rational(game, steps)
    scale = scale_of(view)
    limit = find_limit(scale, sharp=sharp, steps=steps)
    if not limit.usable:
        return _rational(game, steps)
    if not len(limit.corners):
        return _enclosure(None, (), True, limit.steps)
    reasons, proved = _exact(view, scale, limit)
    if reasons is not None and proved:
        witness = Witness(game=game, reasons=tuple(reasons))
        return _enclosure(witness, witness.polygon, True, limit.steps)
    outer = limit.around(scale)
    known = [*(reasons or []), *stage_equilibria(view)]
    found = _together(game, view, known, outer, limit)
    if found.gap > tolerance * view.unit:
        known += _with_slack(view, scale, sharp, steps, NO_DIRECTIONS)
        found = _together(game, view, known, outer, limit)
    # With many corners rational arithmetic is slow, and gets no nearer.
    few = limit.settled and len(limit.corners) <= _FEW
    if few and found.gap > tolerance * view.unit:
        return min(found, _rational(game, steps), key=lambda own: own.gap)
    return found


def approximate(game: RepeatedGame, *, directions: FloatArray, steps: int) -> Enclosure:
    """Return polygons of the given edge directions around the payoffs, and of points within.

    Parameters
    ----------
    game : RepeatedGame
    directions : ndarray of float64, shape (n, 2)
        Normals with payoffs scaled to [0, 1].
    steps : int
    """
    view = setting(game)
    scale = scale_of(view)
    limit = find_limit(scale, sharp=False, steps=steps, directions=directions)
    if not len(limit.corners):
        return _enclosure(None, (), True, limit.steps)
    outer = limit.around(scale)
    known = [*stage_equilibria(view), *_with_slack(view, scale, False, steps, directions)]
    return _together(game, view, known, outer, limit)


def _with_slack(
    view: Setting, scale: Scale, sharp: bool, steps: int, directions: FloatArray
) -> list[Generated]:
    """Return the inner polygon of the smallest slack that leads to one, nothing if none does."""
    for slack in _SLACKS:
        found = attained(
            view, scale, sharp=sharp, steps=steps, slack=slack, directions=directions
        )
        if found is not None:
            return found
    return []


def _exact(
    view: Setting, scale: Scale, limit: Limit
) -> tuple[list[Generated] | None, bool]:
    """Return how the corners that solve the equations come about, and if they are all there are."""
    from ._repeated_corners import equations, solve
    from ._repeated_proofs import generates_itself, holds_all

    system = equations(scale, limit)
    solution = None if system is None else solve(view, scale, system)
    if system is None or solution is None or not solution.exact:
        return None, False
    sources = {
        corner: row[0] for corner, row in zip(solution.corners, system.how, strict=True)
    }
    polygon = hull(sources)
    reasons = generates_itself(view, polygon, [sources[own] for own in polygon])
    return reasons, reasons is not None and holds_all(view, scale, limit, polygon)


def _together(
    game: RepeatedGame,
    view: Setting,
    known: Sequence[Generated],
    outer: Polygon,
    limit: Limit,
) -> Enclosure:
    """Return an outer polygon with the inner one of several that generate themselves.

    The hull of sets that generate themselves does so too, as the worst payoffs can only fall, and
    so do profiles from which it then deters to deviate for ever.
    """
    witness = None
    if known:
        threats = worst(hull(own.payoff for own in known))
        for_ever = [
            Generated(payoff=own.payoffs, profile=own, later=own.payoffs)
            for own in view.profiles
            if own.deters(own.payoffs, threats)
        ]
        polygon = set(hull(own.payoff for own in (*for_ever, *known)))
        corners = {own.payoff: own for own in (*known, *for_ever) if own.payoff in polygon}
        witness = Witness(game=game, reasons=tuple(corners.values()))
    return _enclosure(witness, outer, limit.settled, limit.steps)


def _enclosure(
    witness: Witness | None, outer: Polygon, settled: bool, steps: int
) -> Enclosure:
    inner = () if witness is None else witness.polygon
    return Enclosure(
        inner=inner,
        outer=outer,
        witness=witness,
        settled=settled,
        steps=steps,
        gap=distance(inner, outer),
    )


def _rational(game: RepeatedGame, steps: int) -> Enclosure:
    """Search in rational arithmetic."""
    found = search(game, min(steps, _RATIONAL_STEPS))
    witness = None if found.play is None else Witness(game=game, known=found.play)
    outer = witness.polygon if witness is not None and found.proved else found.outer
    return _enclosure(witness, outer, found.settled, found.steps)
