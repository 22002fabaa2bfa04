"""Subgame-perfect payoffs without lotteries: cycles of profiles, and what leads to them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ._cover import Cover
from ._polygons import Corner
from ._self_generation import Profile, Setting

__all__ = ["Step", "attained_steps"]

_CYCLES = 1_500
"""Sequences of profiles that are tried as cycles."""
_LONGEST = 6
_CANDIDATES = 20_000
"""Steps that are tried together at first."""
_TURNS = 40
"""How often threats may fall and cycles be tried again."""
_LOWER = 64
"""A threat counts as lower if it falls by a cell over this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A profile and what follows it, as a position in a list of steps.

    Attributes
    ----------
    payoff : pair of Fraction
        From this step on.
    profile : Profile
    after : int
    """

    payoff: Corner
    profile: Profile
    after: int


def attained_steps(view: Setting, around: Cover) -> list[Step]:
    """Return steps that together are subgame-perfect if the worst punish deviations.

    First the largest such set among cycles of few profiles, and one or two steps that lead to
    them; then, from these on, what may come before, one step for each cell of the grid.
    """
    cycles = list(_cycles(view, around.profiles))
    candidates = _joined(cycles)
    for _ in range(2):
        if len(candidates) * (1 + len(around.profiles)) > _CANDIDATES:
            break
        known = len({step.payoff for step in candidates})
        candidates += _before(view, around.profiles, candidates)
        if len({step.payoff for step in candidates}) == known:
            break
    found = _sustained(candidates)
    if not found:
        return []
    for _ in range(_TURNS):
        known = len(found)
        _fill(view, around, found)
        threats = _worst(found)
        have = {step.payoff for step in found}
        for cycle in cycles:
            if all(own.payoff not in have for own in cycle) and _holds(cycle, threats):
                found += _shifted(cycle, len(found))
                have.update(own.payoff for own in cycle)
        if len(found) == known:
            break
    return found


def _cycles(view: Setting, profiles: Sequence[Profile]) -> Iterable[list[Step]]:
    """Return the cycles of few profiles; each once, whatever profile it begins with."""
    length = 1
    while length < _LONGEST and len(profiles) ** (length + 1) <= _CYCLES:
        length += 1
    for size in range(1, length + 1):
        for played in itertools.product(range(len(profiles)), repeat=size):
            rotations = [played[k:] + played[:k] for k in range(1, size)]
            if any(own <= played for own in rotations):
                continue
            payoff: list[Fraction] = []
            for who, discount in enumerate(view.discounts):
                total = sum(
                    (discount**t * profiles[k].payoffs[who] for t, k in enumerate(played)),
                    Fraction(0),
                )
                payoff.append((1 - discount) * total / (1 - discount**size))
            values: list[Corner] = [(payoff[0], payoff[1])]
            for k in reversed(played[1:]):
                values.append(view.worth(profiles[k], values[-1]))
            # Computed from the last profile to the second, each followed by the one before it.
            ordered = [values[0], *reversed(values[1:])]
            yield [
                Step(payoff=value, profile=profiles[k], after=(t + 1) % size)
                for t, (value, k) in enumerate(zip(ordered, played, strict=True))
            ]


def _joined(cycles: Iterable[Sequence[Step]]) -> list[Step]:
    found: list[Step] = []
    for cycle in cycles:
        found += _shifted(cycle, len(found))
    return found


def _shifted(steps: Sequence[Step], by: int) -> list[Step]:
    return [Step(payoff=own.payoff, profile=own.profile, after=own.after + by) for own in steps]


def _before(view: Setting, profiles: Sequence[Profile], steps: Sequence[Step]) -> list[Step]:
    """Return steps that lead to others, without payoffs that are known."""
    have = {own.payoff for own in steps}
    found = []
    for place, own in enumerate(steps):
        for profile in profiles:
            payoff = view.worth(profile, own.payoff)
            if payoff not in have:
                have.add(payoff)
                found.append(Step(payoff=payoff, profile=profile, after=place))
    return found


def _worst(steps: Sequence[Step]) -> Corner:
    return min(own.payoff[0] for own in steps), min(own.payoff[1] for own in steps)


def _holds(cycle: Sequence[Step], threats: Corner) -> bool:
    return all(own.profile.deters(cycle[own.after].payoff, threats) for own in cycle)


def _sustained(steps: Sequence[Step]) -> list[Step]:
    """Return the largest part whose own worst payoffs deter all deviations, renumbered."""
    kept = dict(enumerate(steps))
    while kept:
        threats = _worst(list(kept.values()))
        fewer = {
            place: own
            for place, own in kept.items()
            if own.after in kept and own.profile.deters(steps[own.after].payoff, threats)
        }
        if len(fewer) == len(kept):
            break
        kept = fewer
    places = {old: new for new, old in enumerate(kept)}
    return [
        Step(payoff=own.payoff, profile=own.profile, after=places[own.after])
        for own in kept.values()
    ]


def _fill(view: Setting, around: Cover, found: list[Step]) -> None:
    """Add what may come before, where a cell has no payoff yet or a threat becomes lower."""
    filled = {around.grid.cell(own.payoff) for own in found}
    threats = _worst(found)
    seen = 0
    turns = 0
    while seen < len(found):
        later = found[seen].payoff
        for profile in around.profiles:
            if not profile.deters(later, threats):
                continue
            payoff = view.worth(profile, later)
            lower = any(
                threat - value > step / _LOWER
                for value, threat, step in zip(payoff, threats, around.grid.steps, strict=True)
            )
            cell = around.grid.cell(payoff)
            if lower or cell not in filled:
                filled.add(cell)
                found.append(Step(payoff=payoff, profile=profile, after=seen))
            if lower:
                threats = _worst(found)
                turns += 1
        seen += 1
        if turns and seen == len(found):  # what did not deter before may do so now
            seen, turns = 0, 0
