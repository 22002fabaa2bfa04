"""The search for the subgame-perfect payoffs of a two-player repeated game, from both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..games import RepeatedGame
from ._polygons import Corner, Polygon, distance, hull, movement, outward, thinned
from ._repeated_automata import machine
from ._self_generation import (
    Generated,
    Setting,
    generate,
    largest,
    rationale,
    setting,
    stage_equilibria,
    worst,
)
from .one_shot import RepeatedPlay

__all__ = ["Found", "search"]

_LONGEST = 600
"""Digits, in base 2, of a corner's numerator or denominator before a polygon is rounded."""
_MANY = 64
"""Corners before a polygon is rounded."""
_STATES = 24
"""Corners of inner polygons that come from slack."""
_SETTLED = 2.0**-44
"""Movement, relative to the spread of payoffs, below which the iteration stops."""
_PATIENCE = 40
"""Iterations in which a polygon of many corners must halve its movement."""
_KEPT = 6
"""Polygons whose distances `largest` adds up."""
_SLACKS = tuple(Fraction(1, 10**own) for own in (12, 9, 6, 4, 2))
"""Slacks of incentives, relative to the spread of payoffs."""
_SLACK_STEPS = 1_000
"""Iterations with one slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found.

    Attributes
    ----------
    outer : Polygon
        Contains all payoffs.
    play : RepeatedPlay or None
        The automaton whose states' payoffs are the inner polygon.
    proved : bool
        Whether the inner polygon is proved to hold all payoffs.
    settled : bool
        Whether the outer polygon has stopped moving.
    steps : int
    """

    outer: Polygon
    play: RepeatedPlay | None
    proved: bool
    settled: bool
    steps: int


def search(game: RepeatedGame, most: int) -> Found:
    """Generate outer polygons, and try rational ones near them, for at most `most` steps."""
    view = setting(game)
    live, threats, polygon = view.profiles, view.minmax, _feasible(view)
    kept = [polygon]
    inner: list[Generated] | None = None
    moved, attempt, settled, step = math.inf, 4, False, 0
    slowest, since = math.inf, 0
    while step < most and not settled:
        step += 1
        reasons = generate(view, live, polygon, threats)
        # What a profile does not generate from a larger set it never will.
        used = {own.profile.positions for own in reasons}
        live = tuple(own for own in live if own.positions in used)
        found = _short(hull(own.payoff for own in reasons), view.unit)
        if not found:
            return Found(outer=(), play=None, proved=True, settled=True, steps=step)
        least = worst(found)
        threats = max(threats[0], least[0]), max(threats[1], least[1])
        before, moved = moved, movement(polygon, found, view.unit)
        if 2 * moved <= slowest:
            slowest, since = moved, step
        polygon, kept = found, [*kept, found][-_KEPT:]
        # Many corners are rounded again and again, which may stop all progress before.
        stalled = step - since > _PATIENCE and len(found) > _MANY // 2
        settled = moved <= _SETTLED or stalled
        if step < attempt and not settled:
            continue
        attempt = math.ceil(attempt * 1.3)
        near = _near(polygon, _radius(view, moved, before))
        why = rationale(view, near)
        if why is None:
            continue
        inner = why
        if near == polygon or largest(view, near, kept):
            exact = machine(game, why, exact=True)
            return Found(outer=near, play=exact, proved=True, settled=True, steps=step)
    play = _inner(game, view, polygon, inner)
    return Found(outer=polygon, play=play, proved=False, settled=settled, steps=step)


def _feasible(view: Setting) -> Polygon:
    """Return the hull of stage payoffs; with unequal discount factors more than it is feasible."""
    payoffs = [own.payoffs for own in view.profiles]
    if view.equal:
        return hull(payoffs)
    firsts, seconds = zip(*payoffs, strict=True)
    return hull([(a, b) for a in (min(firsts), max(firsts)) for b in (min(seconds), max(seconds))])


def _short(polygon: Polygon, unit: Fraction) -> Polygon:
    """Return the polygon, or one around it if its numbers are long or many."""
    digits = max(
        (
            max(abs(own.numerator), own.denominator).bit_length()
            for corner in polygon
            for own in corner
        ),
        default=0,
    )
    return outward(polygon, unit) if digits > _LONGEST or len(polygon) > _MANY else polygon


def _radius(view: Setting, moved: float, before: float) -> Fraction:
    """Return how far an iteration may still lead, by the last two movements."""
    rate = max(min(moved / before, 0.99) if before else 0.0, float(max(view.discounts)))
    most = max(view.discounts)  # as a float it may be rounded to 1
    ahead = Fraction(rate / (1 - rate)) if rate < 1 else most / (1 - most)
    return view.unit * (2 * Fraction(moved) * ahead + Fraction(_SETTLED) / 4096)


def _near(polygon: Polygon, radius: Fraction) -> Polygon:
    """Return a polygon of simple rational corners near those of another."""
    return hull(
        (_simplest(a - radius, a + radius), _simplest(b - radius, b + radius)) for a, b in polygon
    )


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the rational with the smallest denominator from `low` to `high`."""
    whole = math.ceil(low)
    if whole <= high:
        # Of several integers that with the fewest digits is 0, or the nearest to it.
        return Fraction(min(max(0, whole), math.floor(high)))
    floor = whole - 1
    return floor + 1 / _simplest(1 / (high - floor), 1 / (low - floor))


def _inner(
    game: RepeatedGame, view: Setting, outer: Polygon, known: Sequence[Generated] | None
) -> RepeatedPlay | None:
    """Return the automaton with the largest inner polygon of several attempts."""
    plays = []
    if known is not None:
        plays.append(machine(game, known, exact=True))
    stage = stage_equilibria(view)
    if stage:
        plays.append(machine(game, stage, exact=True))
    # Where corners are dropped for their number, the smallest slacks are lost in that.
    for slack in _SLACKS[2 if len(outer) > _STATES else 0 :]:
        if plays and min(_gap(own, outer) for own in plays) <= slack * view.unit:
            break
        reasons = _with_slack(view, outer, slack * view.unit)
        if reasons:
            play = machine(game, reasons, exact=False)
            if play.is_subgame_perfect:
                plays.append(play)
    return min(plays, key=lambda own: _gap(own, outer), default=None)


def _gap(play: RepeatedPlay, outer: Polygon) -> float:
    return distance(hull([(one, two) for one, two in play.values.values()]), outer)


def _with_slack(view: Setting, polygon: Polygon, slack: Fraction) -> list[Generated]:
    """Return how a polygon is nearly generated by itself if deviations must cost more.

    Nothing is claimed: an automaton is made of it and verified.
    """
    grid, stage = slack / (1 << 30), stage_equilibria(view)
    for _ in range(_SLACK_STEPS):
        reasons = generate(view, view.profiles, polygon, worst(polygon), slack)
        corners = thinned(hull(own.payoff for own in reasons), _STATES)
        if not corners:
            return []
        found = hull(_rounded(own, grid) for own in corners)
        moved = max(movement(*pair, view.unit) for pair in ((found, polygon), (polygon, found)))
        polygon = found
        # What is left to move, and what that changes in values, is small beside the slack.
        if moved * view.unit <= slack * (1 - max(view.discounts)) / 16:
            return [*(own for own in reasons if own.payoff in corners), *stage]
    return []


def _rounded(point: Corner, grid: Fraction) -> Corner:
    return round(point[0] / grid) * grid, round(point[1] / grid) * grid
