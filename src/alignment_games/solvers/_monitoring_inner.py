"""Public automata whose payoffs are a polygon, exactly or with slack in their incentives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._numeric import common_denominator
from .._typing import FloatArray
from ..games import MonitoredGame, PublicAutomaton
from ..games.repeated import Positions
from ._monitoring import MonitoredProfile, MonitoredSetting, Optimum, farthest, simple
from ._monitoring_outer import Outer, floats
from ._polygons import Corner, Polygon, contains, distance, hull, thinned
from .public_play import PublicPlay, verify_public_automaton
from .zero_sum import maximize

__all__ = ["near", "nearest_to", "payoffs_of", "reduced", "self_generating", "with_slack"]

_SLACKS = (1e-8, 1e-6, 1e-4, 1e-3, 1e-2)
"""By how much more than needed deviations cost, in scaled payoffs."""
_SLACK_STEPS = 60
_STATES = 48
"""Corners of polygons that come from slack."""
_SIMPLE = 16
"""Corners of polygons that are tried exactly."""
_MANY = 30
"""Corners, those of rounding among them, of a polygon that is taken for one with curved sides."""
_SHARES = 1 << 50
"""Probabilities that need not be exact are multiples of one over this."""
_NEAR = 1e-7
"""How far simple corners are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """A state to be: a profile, and for each relevant signal the weights of corners."""

    profile: MonitoredProfile
    shares: tuple[Mapping[int, Fraction], ...]


def payoffs_of(play: PublicPlay) -> Polygon:
    """Return the hull of the payoffs of an automaton's states."""
    return hull((one, two) for one, two in play.values.values())


def near(outer: Outer) -> Polygon:
    """Return a polygon of simple rational corners near those of the last polygon; empty if many."""
    if len(outer.polygon) > _MANY:
        return ()
    points = hull((simple(x), simple(y)) for x, y in floats(outer.polygon).tolist())
    # What is a corner by rounding alone lies almost in the hull of the others.
    for corner in sorted(points, key=lambda own: -max(x.denominator for x in own)):
        rest = hull(own for own in points if own != corner)
        if rest and distance(rest, (*rest, corner)) <= _NEAR:
            points = rest
    return points


def self_generating(
    game: MonitoredGame, view: MonitoredSetting, polygon: Polygon
) -> PublicPlay | None:
    """Return an automaton whose states are worth a polygon's corners exactly, None if none is."""
    if not polygon or len(polygon) > _SIMPLE:
        return None
    states = []
    for corner in polygon:
        for profile in view.profiles:
            shares = _shares(view, profile, polygon, corner)
            if shares is not None:
                states.append(_State(profile=profile, shares=shares))
                break
        else:
            return None
    play = _machine(game, states)
    if not play.is_public_perfect or payoffs_of(play) != hull(map(view.unscaled, polygon)):
        return None
    return play


def with_slack(game: MonitoredGame, view: MonitoredSetting, outer: Outer) -> PublicPlay | None:
    """Return the automaton with the largest polygon of several attempts, each verified."""
    stage = [own for own in view.profiles if own.is_stage_equilibrium]
    plays = []
    if stage:
        plays.append(_machine(game, [_forever(own, k) for k, own in enumerate(stage)]))
    points = hull((simple(x), simple(y)) for x, y in floats(outer.polygon).tolist())
    # Where corners are dropped for their number, the smallest slacks are lost in that.
    for slack in _SLACKS[2 if len(points) > _MANY else 0 :]:
        play = _one_slack(game, view, outer.profiles, points, slack)
        if play is not None:
            plays.append(play)
            break
    return nearest_to(plays, hull(map(view.unscaled, outer.polygon)))


def nearest_to(plays: Sequence[PublicPlay], outer: Polygon) -> PublicPlay | None:
    """Return the automaton whose polygon is nearest to a larger one, None if there is none."""
    return min(plays, key=lambda own: distance(payoffs_of(own), outer), default=None)


def reduced(play: PublicPlay, starts: Sequence[str]) -> PublicPlay:
    """Return the part of an automaton that some states lead to, with its certificate.

    The first of them is the start.
    """
    old, known, waiting = play.automaton, dict.fromkeys(starts), list(starts)
    while waiting:
        for lottery in old.transitions[waiting.pop()]:
            waiting += [own for own in lottery if own not in known]
            known.update(dict.fromkeys(lottery))
    automaton = PublicAutomaton(
        play.game,
        play={own: old.actions[own] for own in known},
        after={own: dict(zip(old.signals, old.transitions[own], strict=True)) for own in known},
    )
    return verify_public_automaton(play.game, automaton)


def _forever(profile: MonitoredProfile, place: int) -> _State:
    return _State(profile=profile, shares=({place: Fraction(1)},) * len(profile.signals))


def _machine(game: MonitoredGame, states: Sequence[_State]) -> PublicPlay:
    """Return the automaton of states, with its certificate.

    A signal that has no probability whatever one player does is followed by the first state.
    """
    names = [f"phase {k + 1}" for k in range(len(states))]
    after: dict[str, dict[str | None, object]] = {}
    for name, state in zip(names, states, strict=True):
        after[name] = {None: names[0]}
        for y, shares in zip(state.profile.signals, state.shares, strict=True):
            after[name][game.signals[y]] = {names[k]: p for k, p in shares.items()}
    play = {name: own.profile.positions for name, own in zip(names, states, strict=True)}
    return verify_public_automaton(game, PublicAutomaton(game, play=play, after=after))


def _one_slack(
    game: MonitoredGame,
    view: MonitoredSetting,
    profiles: Sequence[MonitoredProfile],
    points: Polygon,
    slack: float,
) -> PublicPlay | None:
    """Generate polygons with slack in the incentives until the automaton of one holds.

    What an automaton's states are worth is the next polygon, so that few are needed.
    """
    stage = [own for own in view.profiles if own.is_stage_equilibrium]
    fixed = [own.payoffs for own in stage]
    polygon = points
    for _ in range(_SLACK_STEPS):
        corners = floats(thinned(polygon, _STATES))
        hints: dict[Positions, FloatArray] = {}
        found = []
        for k in range(len(corners)):
            best = farthest(view, profiles, _outward(corners, k), corners, hints, slack)
            if best is None:
                return None
            found.append(best)
        margin = _margin(view, found)
        if margin > 0:
            states = [
                _State(profile=own.profile, shares=tuple(map(_rounded, own.shares)))
                for own in found
            ]
            states += [_forever(own, len(found) + k) for k, own in enumerate(stage)]
            play = _machine(game, states)
            if play.is_public_perfect:
                return play
        polygon = hull([*((simple(x), simple(y)) for x, y in (o.point for o in found)), *fixed])
    return None


def _margin(view: MonitoredSetting, found: Sequence[Optimum]) -> float:
    """Return by how much the tightest incentive of an automaton holds, in floats."""
    count = len(found)
    worth = np.zeros((count, 2))
    chain = np.array([own.profile._chances @ own.shares for own in found])
    for who, discount in enumerate(map(float, view.discounts)):
        now = np.array([own.profile._now[who] for own in found])
        worth[:, who] = np.linalg.solve(np.eye(count) - discount * chain, now)
    margins = [
        float((own.profile._matrix[c] @ own.shares) @ worth[:, who] - own.profile._right[c])
        for own in found
        for c, who in enumerate(own.profile._who)
    ]
    return min(margins, default=1.0)


def _outward(corners: FloatArray, k: int) -> tuple[float, float]:
    """Return a direction in which a corner is the farthest of its polygon."""
    before, corner, after = corners[k - 1], corners[k], corners[(k + 1) % len(corners)]
    total = np.zeros(2)
    for a, b in ((before, corner), (corner, after)):
        way = np.array([b[1] - a[1], a[0] - b[0]])
        total += way / (np.hypot(*way) or 1.0)
    if np.hypot(*total) < 1e-9:  # a point, or the end of a segment
        total = corner - corners.mean(axis=0)
        total = total / np.hypot(*total) if np.hypot(*total) else np.ones(2)
    return float(total[0]), float(total[1])


def _rounded(row: FloatArray) -> dict[int, Fraction]:
    found = {
        k: Fraction(round(float(own) * _SHARES), _SHARES)
        for k, own in enumerate(row)
        if own * _SHARES >= 1
    }
    largest = max(found, key=lambda k: found[k])
    found[largest] += 1 - sum(found.values(), Fraction(0))
    return found


def _shares(
    view: MonitoredSetting, profile: MonitoredProfile, polygon: Polygon, corner: Corner
) -> tuple[Mapping[int, Fraction], ...] | None:
    """Return weights of the corners, for each signal, that make a profile worth a payoff.

    One state is tried for all signals, then an exact linear program.
    """
    n, signals = len(polygon), profile.signals
    # Expected continuation payoffs, and weights of each signal that sum to 1.
    equations: list[tuple[list[Fraction], Fraction]] = []
    for who in range(2):
        discount = view.discounts[who]
        wanted = (corner[who] - (1 - discount) * profile.payoffs[who]) / discount
        equations.append(([profile.chances[y] * w[who] for y in signals for w in polygon], wanted))
    later = (equations[0][1], equations[1][1])
    if not contains(polygon, later):
        return None
    for m in range(len(signals)):
        row = [Fraction(int(j == m)) for j in range(len(signals)) for _ in range(n)]
        equations.append((row, Fraction(1)))
    bounds = [
        ([own.row[y] * w[own.who] for y in signals for w in polygon], own.right)
        for own in profile.incentives
    ]
    point = _feasible_point(equations, bounds)
    if point is None:
        return None
    return tuple(
        {k: point[m * n + k] for k in range(n) if point[m * n + k]} for m in range(len(signals))
    )


def _feasible_point(
    equations: Sequence[tuple[Sequence[Fraction], Fraction]],
    bounds: Sequence[tuple[Sequence[Fraction], Fraction]],
) -> tuple[Fraction, ...] | None:
    """Return ``x >= 0`` with ``row @ x = right`` and ``row @ x >= right``, None if there is none.

    The sum of the left sides is maximized while each is at most its right side, which is
    reached by all exactly if the system has a solution.
    """
    size, extra = len(equations[0][0]), len(bounds)
    rows = [([*row, *[Fraction(0)] * extra], right) for row, right in equations]
    for k, (row, right) in enumerate(bounds):
        surplus = [Fraction(-int(k == j)) for j in range(extra)]
        rows.append(([*row, *surplus], right))
    table, rights = [], []
    for row, right in rows:
        sign = -1 if right < 0 else 1
        scale = sign * common_denominator([*row, right])
        table.append([int(own * scale) for own in row])
        rights.append(int(right * scale))
    answer = maximize([sum(column) for column in zip(*table, strict=True)], table, rights)
    return answer.point[:size] if answer.value == sum(rights) else None
