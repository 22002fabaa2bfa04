"""Incentives not to leave a path of play, solved for the discount factor case by case.

An incentive is a polynomial in the discount factor that is not negative where a player stays. In
one period of a path with payoff u, where a deviation pays T and the punishment P ever after, it is
``u - T + delta (T - P)`` for a constant path, and ``u - T + delta (v - P) + delta**2 (T - P)`` if
two periods alternate, v being the payoff of the other one.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..models import AlignmentModel
from . import _z3
from .signs import Sign, sign
from .simplify import shorter, simplified
from .truth import domain, expanded_terms, is_rational_function

__all__ = ["DiscountCase", "Knowledge", "alternating", "constant", "linear"]

_MOST_TERMS = 100
"""Terms of an expression, multiplied out, up to which its factors are looked for."""

_MOMENT = 2.0
"""Seconds for each small question to z3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountCase:
    """For which discount factors a player stays, and when that is the answer.

    Attributes
    ----------
    when : sympy Boolean
        A condition on the parameters. Exactly one case of an incentive is valid.
    holds : sympy Boolean
        True, false, or a bound on the symbol of the discount factor.
    discount : sympy.Expr or None
        The least factor from which on the player stays: 0 if for all; None if there is none.
    """

    when: sp.Basic
    holds: sp.Basic
    discount: sp.Expr | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known of a model's parameters.

    Attributes
    ----------
    model : AlignmentModel
    given : tuple of sympy Booleans
        Hypotheses. Where there are any z3 says what follows from them.
    """

    model: AlignmentModel
    given: tuple[sp.Basic, ...]

    def never(self, condition: sp.Basic) -> bool:
        """Tell whether a condition is known to hold nowhere."""
        if condition in (sp.true, sp.false) or not self.given:
            return bool(condition == sp.false)
        inside = [*domain(self.model), *self.given, condition]
        return _z3.search(inside, timeout=_MOMENT).answer == "unsat"

    def reduced(self, condition: sp.Basic) -> sp.Basic:
        """Return a condition without what is known to hold; false if it is known not to."""
        simple = self._simplified(condition)
        if self.never(simple):
            return sp.false
        if not self.given:
            return simple
        parts = [own for own in sp.And.make_args(simple) if not self.never(sp.Not(own))]
        return sp.And(*parts)

    def _simplified(self, condition: sp.Basic) -> sp.Basic:
        """Simplify what is short; payoffs of mixed equilibria are best left as quotients."""
        if isinstance(condition, (sp.And, sp.Or)):
            return condition.func(*map(self._simplified, condition.args))
        if condition.args and expanded_terms(condition.lhs - condition.rhs) > _MOST_TERMS:
            return condition
        return simplified(condition, self.model)

    def extreme(self, kind: type[sp.Max | sp.Min], values: list[sp.Expr]) -> sp.Expr:
        """Return a maximum or minimum without what is known not to decide it."""
        kept = list(dict.fromkeys(values))
        for value in list(kept):
            others = [own for own in kept if own != value]
            gaps = (own - value if kind is sp.Max else value - own for own in others)
            if any(map(self._not_negative, gaps)):
                kept.remove(value)
        return kept[0] if len(kept) == 1 else kind(*kept)

    def _not_negative(self, value: sp.Expr) -> bool:
        if sign(value, self.model) in (Sign.POSITIVE, Sign.NOT_NEGATIVE, Sign.ZERO):
            return True
        return bool(self.given) and self.never(sp.Lt(value, 0))

    def cases(self, found: list[DiscountCase]) -> tuple[DiscountCase, ...]:
        """Return the cases that may be valid, each with its condition as short as is known."""
        kept = []
        for own in found:
            when = self.reduced(own.when)
            if when != sp.false:
                kept.append(DiscountCase(when=when, holds=own.holds, discount=own.discount))
        if len(kept) == 1:  # of cases that exclude each other and leave nothing out
            (last,) = kept
            return (DiscountCase(when=sp.true, holds=last.holds, discount=last.discount),)
        return tuple(kept)


def constant(
    payoff: sp.Expr, tempted: sp.Expr, punished: sp.Expr, symbol: sp.Symbol
) -> list[DiscountCase]:
    """Return when a player stays on a constant path: it is not tempted, or loses more later.

    That it is not better off punished than on the path is part of each case.
    """
    gain, loss = tempted - payoff, payoff - punished
    if shorter(tempted - punished) == 0:  # it is punished by what it leaves for
        return [_always(sp.Le(gain, 0)), _never(gain > 0)]
    return [
        _always(sp.And(sp.Le(gain, 0), sp.Ge(loss, 0))),
        _from(sp.And(gain > 0, loss > 0), quotient(gain, tempted - punished), symbol),
        _never(sp.Or(loss < 0, sp.And(sp.Le(loss, 0), gain > 0))),
    ]


def alternating(
    payoff: sp.Expr, other: sp.Expr, tempted: sp.Expr, punished: sp.Expr, symbol: sp.Symbol
) -> list[DiscountCase]:
    """Return when a player stays in one of two periods that alternate.

    The cases of both periods together are exact; one alone may say "never" where it is the other
    period that the player leaves.

    Notes
    -----
    With a = u - T, b = v - P, c = T - P and s = u + v - 2P the value of the incentive is s at
    delta = 1 and a at 0. On a path with s < 0 the player is worse off than punished, in one period
    at least; with s = 0 it must be indifferent everywhere. If s > 0 and a < 0 there is one root
    between: ``2a / (-b - sqrt(b**2 - 4ac))``, which is -a/b where c = 0. A deviation that does not
    tempt (a > 0) asks less than staying itself (T = u, a = 0), with the root -b/c if b < 0.
    """
    gain, later, cost = tempted - payoff, other - punished, tempted - punished
    total = payoff - punished + later
    root = quotient(gain, later)
    if shorter(cost) != 0:
        root = quotient(2 * gain, later + sp.sqrt(shorter(later**2 + 4 * gain * cost)))
    tempting, calm = gain > 0, sp.Le(gain, 0)
    return [
        _always(sp.And(calm, sp.Ge(total, 0), sp.Ge(later, 0))),
        _from(sp.And(calm, total > 0, later < 0), quotient(-later, payoff - punished), symbol),
        _from(sp.And(tempting, total > 0), root, symbol),
        _never(sp.Or(total < 0, sp.And(sp.Le(total, 0), sp.Or(later < 0, tempting)))),
    ]


def linear(gain: sp.Expr, slope: sp.Expr, symbol: sp.Symbol) -> list[DiscountCase]:
    """Return where ``slope * delta`` is at least a gain, whatever their signs."""
    at_one = slope - gain
    bound = quotient(gain, slope)
    return [
        _always(sp.And(sp.Le(gain, 0), sp.Ge(at_one, 0))),
        _from(sp.And(gain > 0, at_one > 0), bound, symbol),
        DiscountCase(when=sp.And(gain < 0, at_one < 0), holds=sp.Le(symbol, bound), discount=None),
        _never(sp.Or(sp.And(gain > 0, sp.Le(at_one, 0)), sp.And(sp.Ge(gain, 0), at_one < 0))),
    ]


def quotient(above: sp.Expr, below: sp.Expr) -> sp.Expr:
    """Return a quotient in a short form; zero over anything, which no case then uses."""
    top, bottom = shorter(above), shorter(below)
    if top == 0 or bottom == 0:
        return sp.S.Zero
    if (
        expanded_terms(top) + expanded_terms(bottom) <= _MOST_TERMS
        and is_rational_function(top / bottom)
        and not (top.is_polynomial() and bottom.is_polynomial())
    ):
        return min(sp.factor(top / bottom), sp.cancel(top / bottom), key=sp.count_ops)
    return top / bottom


def _always(when: sp.Basic) -> DiscountCase:
    return DiscountCase(when=when, holds=sp.true, discount=sp.S.Zero)


def _never(when: sp.Basic) -> DiscountCase:
    return DiscountCase(when=when, holds=sp.false, discount=None)


def _from(when: sp.Basic, bound: sp.Expr, symbol: sp.Symbol) -> DiscountCase:
    return DiscountCase(when=when, holds=sp.Ge(symbol, bound), discount=bound)
