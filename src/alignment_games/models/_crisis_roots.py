"""All solutions of the crisis signaling game's equation, each enclosed, none left out.

With ``w`` the challenger's value for war and ``a`` that of backing down, disturbed by independent
standard normal numbers, and ``c = V + (S - V) / p`` what its better option must exceed for it to
challenge if the target resists with probability p:

- ``g(c) = 1 - Phi(c - w) Phi(c - a)``, the probability of a challenge;
- ``h(c)``, that of a challenge by a challenger that will fight: the integral of
  ``phi(t) Phi(t + w - a)`` over t from ``c - w`` up, whose derivative is
  ``-phi(c - w) Phi(c - a)``;
- ``j = h / g``, and the equation is ``p = Phi(W - V' + (V' - C) / j)``, where W, V' and C are what
  the target has from war, from a bluff called and from conceding.

g and h fall in c and c rises in p, which bounds j on whole intervals of p, near 0 too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .._balls import Ball, ball, bounds, integral, normal_cdf, normal_density, working_precision

__all__ = ["Utilities", "crisis_roots", "outcomes", "serious_share", "utilities"]

_BITS, _FINE_BITS = 64, 128
_NARROWEST = Fraction(1, 2**40)
_NARROW = Fraction(1, 10**20)
_MOST_BOXES = 20_000

Box = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilities:
    """What the two sides get."""

    status_quo: Fraction
    concession: Fraction
    war: Fraction
    back_down: Fraction
    concede: Fraction
    bluff_called: Fraction
    target_war: Fraction


def utilities(numbers: Mapping[str, Fraction]) -> Utilities:
    """Arrange the values of the model's parameters."""
    return Utilities(**{name: numbers[name] for name in Utilities.__slots__})


def outcomes(own: Utilities, p: Fraction) -> dict[str, Ball]:
    """Return the probabilities of outcomes where the target resists with probability p.

    Also ``challenge``, and ``fight``: given a challenge, that the challenger will not back down.
    """
    here = _at(own, p)
    resisted = here.challenge * ball(p)
    return {
        "challenge": here.challenge,
        "fight": here.serious / here.challenge,
        "status_quo": 1 - here.challenge,
        "concession": here.challenge * ball(1 - p),
        "back_down": resisted - here.serious * ball(p),
        "war": here.serious * ball(p),
    }


def serious_share(own: Utilities, p: Fraction) -> Ball:
    """Return j, the share of challengers that will fight, where the target resists so often."""
    here = _at(own, p)
    return here.serious / here.challenge


def _bar(own: Utilities, p: Fraction) -> Ball:
    return ball(own.concession - (own.concession - own.status_quo) / p)


def _challenge(own: Utilities, bar: Ball) -> Ball:
    # 1 - Phi(x) Phi(y) = Phi(-x) + Phi(x) Phi(-y) keeps its digits where both are near 1.
    first, second = bar - ball(own.war), bar - ball(own.back_down)
    return normal_cdf(-first) + normal_cdf(first) * normal_cdf(-second)


def _serious(own: Utilities, bar: Ball) -> Ball:
    return integral([ball(own.war - own.back_down)], bar - ball(own.war))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Equation:
    """The equation at one point: c, g, h and the difference of its sides."""

    bar: Ball
    challenge: Ball
    serious: Ball
    excess: Ball


def _response(own: Utilities, share: Ball) -> Ball:
    """Return the argument of Phi for a share of challengers that will fight."""
    return ball(own.target_war - own.bluff_called) + ball(own.bluff_called - own.concede) / share


def _at(own: Utilities, p: Fraction) -> _Equation:
    bar = _bar(own, p)
    challenge, serious = _challenge(own, bar), _serious(own, bar)
    excess = normal_cdf(_response(own, serious / challenge)) - ball(p)
    return _Equation(bar=bar, challenge=challenge, serious=serious, excess=excess)


def _excess_range(own: Utilities, box: Box, low: _Equation | None, high: _Equation) -> Ball:
    """Enclose the difference of the equation's sides on a box; `low` is None at p = 0."""
    # Phi of the response is monotone in the share, so that the ends of the share are enough.
    first, last = (normal_cdf(_response(own, end)) for end in _share_ends(low, high, own))
    return first.union(last) - ball(box[0]).union(ball(box[1]))


def _share_ends(low: _Equation | None, high: _Equation, own: Utilities) -> tuple[Ball, Ball]:
    """Return bounds of j on a box: g and h fall from its lower to its upper end."""
    if low is None:
        # As c falls to minus infinity everybody challenges.
        largest = normal_cdf(ball(own.war - own.back_down) / ball(2).sqrt())
        challenge = ball(1)
    else:
        largest, challenge = low.serious, low.challenge
    return high.serious / challenge, (largest / high.challenge).min(ball(1))


def _slope_range(own: Utilities, box: Box, low: _Equation, high: _Equation) -> Ball:
    """Enclose the derivative of the difference of the equation's sides on a box."""
    first, last = _share_ends(low, high, own)
    share = first.union(last)
    challenge = low.challenge.union(high.challenge)
    bar = low.bar.union(high.bar)
    war, down = bar - ball(own.war), bar - ball(own.back_down)
    cdf = {}
    for name, offset in (("war", own.war), ("down", own.back_down)):
        cdf[name] = normal_cdf(low.bar - ball(offset)).union(normal_cdf(high.bar - ball(offset)))
    serious_slope = -normal_density(war) * cdf["down"]
    challenge_slope = serious_slope - cdf["war"] * normal_density(down)
    share_slope = (serious_slope - share * challenge_slope) / challenge
    p = ball(box[0]).union(ball(box[1]))
    bar_slope = ball(own.concession - own.status_quo) / (p * p)
    argument = _response(own, share)
    rate = ball(own.concede - own.bluff_called) / (share * share)
    return normal_density(argument) * rate * share_slope * bar_slope - 1


def crisis_roots(own: Utilities) -> tuple[list[Box], list[Box]]:
    """Return the roots in (0, 1), each alone in its box, and the boxes that stayed undecided.

    If there are none of the latter, it is proved that there is no other root: every other
    box was excluded by an enclosure, or holds one root because the derivative keeps its sign
    and the ends have different signs.
    """
    with working_precision(_BITS):
        roots, undecided = _isolated(own)
    with working_precision(_FINE_BITS):
        return sorted(_narrowed(own, *root) for root in roots), _merged(undecided)


def _isolated(own: Utilities) -> tuple[list[tuple[Box, bool]], list[Box]]:
    points: dict[Fraction, _Equation] = {}

    def at(p: Fraction) -> _Equation:
        if p not in points:
            points[p] = _at(own, p)
        return points[p]

    boxes: list[Box] = [(Fraction(0), Fraction(1))]
    roots, undecided = [], []
    for _ in range(_MOST_BOXES):
        if not boxes:
            break
        box = boxes.pop()
        low = at(box[0]) if box[0] else None
        high = at(box[1])
        if _signed(_excess_range(own, box, low, high)):
            continue
        if low is not None and _signed(_slope_range(own, box, low, high)):
            first, last = _signed(low.excess), _signed(high.excess)
            if first and last:
                if first != last:
                    roots.append((box, first > 0))
                continue
        if box[1] - box[0] <= _NARROWEST:
            undecided.append(box)
            continue
        # Off the middle, so that no end of a box is a root with a short binary expansion.
        cut = box[0] + (box[1] - box[0]) * Fraction(33, 64)
        boxes += [(box[0], cut), (cut, box[1])]
    return roots, undecided + boxes


def _signed(value: Ball) -> int:
    """Return the sign of a ball, 0 if it is not certain."""
    return 1 if bool(value > 0) else -1 if bool(value < 0) else 0


def _narrowed(own: Utilities, box: Box, falls: bool) -> Box:
    """Shrink the box of the one root in it by interval Newton steps, or by bisection."""
    low, high = box
    while high - low > _NARROW:
        middle = _rounded((low + high) / 2)
        here = _at(own, middle)
        slope = _slope_range(own, (low, high), _at(own, low), _at(own, high))
        new = ball(middle) - here.excess / slope
        first, last = low, high
        if new.is_finite():
            ends = bounds(new)
            low, high = max(low, _rounded(ends[0])), min(high, _rounded(ends[1], up=True))
        if high - low > (last - first) / 2:
            sign = _signed(here.excess)
            if not sign:
                return low, high
            low, high = (middle, high) if (sign > 0) == falls else (low, middle)
    return low, high


def _rounded(value: Fraction, *, up: bool = False) -> Fraction:
    """Round down (or up) to 30 decimals, so that fractions stay short."""
    scaled = value * 10**30
    return Fraction(math.ceil(scaled) if up else math.floor(scaled), 10**30)


def _merged(boxes: list[Box]) -> list[Box]:
    found: list[Box] = []
    for low, high in sorted(boxes):
        if found and found[-1][1] == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found
