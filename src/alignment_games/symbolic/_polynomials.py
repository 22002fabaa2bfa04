"""Payoffs as polynomials, their factors, and the signs that the domains of parameters settle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import sympy as sp

from .._numeric import exact_number
from ..errors import ModelError
from ..models import AlignmentModel, ParameterSpace
from .truth import denominators

__all__ = [
    "Polynomials",
    "bounds",
    "known_sign",
    "polynomial_payoffs",
    "ranges",
    "short",
    "terms",
    "weak_sign",
]

_FACTORED = 450
"""Terms times symbols up to which an expression is expanded and factored, which takes a tenth of a
second; longer ones stay as they are."""

Bounds: TypeAlias = tuple[Fraction | float, Fraction | float]
"""The least and largest value, where an infinite one is a float."""

Ranges: TypeAlias = Mapping[sp.Symbol, Bounds]


def ranges(space: ParameterSpace) -> dict[sp.Symbol, Bounds]:
    """Return the domain of each symbol."""
    return {
        p.symbol: (p.domain.lower, math.inf if p.domain.upper is None else p.domain.upper)
        for p in space.values()
    }


def known_sign(expression: sp.Expr, own: Ranges) -> int | None:
    """Return the sign that a polynomial has wherever parameters are in their domains, or None.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> known_sign(x * y + 1, {x: (Fraction(0), math.inf), y: (Fraction(0), Fraction(1))})
    1
    """
    low, high = bounds(expression, own)
    return 1 if low > 0 else -1 if high < 0 else 0 if low == high == 0 else None


def weak_sign(expression: sp.Expr, own: Ranges) -> int | None:
    """Return 1 or -1 for a polynomial that never has the other sign, or None."""
    low, high = bounds(expression, own)
    return 1 if low >= 0 else -1 if high <= 0 else None


def bounds(expression: sp.Expr, own: Ranges) -> Bounds:
    """Return bounds on a polynomial, from those of its symbols by interval arithmetic."""
    if isinstance(expression, sp.Symbol):
        return own[expression]
    if isinstance(expression, sp.Rational):
        value = exact_number(expression)
        return value, value
    if isinstance(expression, sp.Pow):
        low, high = bounds(expression.base, own)
        power = int(expression.exp)
        ends = sorted((low**power, high**power))
        return (Fraction(0) if power % 2 == 0 and low < 0 < high else ends[0], ends[1])
    parts = [bounds(part, own) for part in expression.args]
    if isinstance(expression, sp.Add):
        return sum(low for low, _ in parts), sum(high for _, high in parts)
    result: Bounds = (Fraction(1), Fraction(1))
    for part in parts:
        ends = [x * y if x and y else Fraction(0) for x in result for y in part]
        result = min(ends), max(ends)
    return result


def polynomial_payoffs(
    model: AlignmentModel,
) -> tuple[dict[tuple[int, ...], tuple[sp.Expr, ...]], tuple[sp.Expr, ...]]:
    """Return payoffs by positions of strategies without quotients, and what they were divided by.

    A player's payoffs are multiplied by one common expression that is positive, wherever they have
    a meaning: the common denominator, squared where its sign is open.

    Raises
    ------
    ModelError
        If a payoff is not a quotient of polynomials of the parameters, with rational numbers.
    """
    known = set(model.parameters.symbols.values())
    own = ranges(model.parameters)
    places = {
        profile: tuple(names.index(s) for names, s in zip(model.strategies, profile, strict=True))
        for profile in model.payoffs
    }
    columns = []
    divisors: list[sp.Expr] = []
    for who, player in enumerate(model.players):
        pairs = {}
        for profile, payoffs in model.payoffs.items():
            value = sp.sympify(payoffs[who])
            if not value.is_rational_function(*known) or not value.free_symbols <= known:
                msg = (
                    "payoffs must be polynomials, or quotients of them, of the parameters; that "
                    f"of {player} at {profile} is {str(value)[:80]}"
                )
                raise ModelError(msg)
            pairs[profile] = (value, sp.Integer(1))
            # As they are written, also those that cancel: where one is zero there is no payoff.
            for bottom in denominators(value):
                top, _ = sp.fraction(sp.cancel(sp.together(bottom)))
                if not top.is_number:
                    divisors.append(sp.factor(top))
            if any(isinstance(node, sp.Pow) and node.exp.is_negative for node in _nodes(value)):
                pairs[profile] = sp.fraction(sp.cancel(sp.together(value)))
        common = sp.Integer(1)
        for _, bottom in pairs.values():
            common = sp.lcm(common, bottom)
        if common.is_number or known_sign(common, own) == 1:
            scale, extra = common, sp.Integer(1)
        else:
            scale, extra = common, common
        columns.append(
            {
                places[profile]: top if scale == 1 else extra * sp.cancel(scale / bottom) * top
                for profile, (top, bottom) in pairs.items()
            }
        )
    table = {place: tuple(column[place] for column in columns) for place in columns[0]}
    return table, tuple(dict.fromkeys(divisors))


def _nodes(expression: sp.Expr) -> sp.preorder_traversal:
    return sp.preorder_traversal(expression)


@dataclass(frozen=True, slots=True)
class Polynomials:
    """Polynomials in parameters: short forms of them, and their factors, each found once.

    Attributes
    ----------
    ranges : mapping of Symbol to bounds
    forms : dict of expression to expression
        The form in which a factor is written, by its expanded form.
    known : dict of expression to number and factors
    """

    ranges: Ranges
    forms: dict[sp.Expr, sp.Expr] = field(default_factory=dict)
    known: dict[sp.Expr, tuple[sp.Rational, dict[sp.Expr, int]]] = field(default_factory=dict)

    def factors(self, expression: sp.Expr) -> tuple[sp.Rational, dict[sp.Expr, int]]:
        """Return a rational number and factors with multiplicities; 0 for the zero polynomial."""
        if expression == 0:
            return expression, {}
        if expression.could_extract_minus_sign():
            number, found = self.factors(-expression)
            return -number, found
        if expression not in self.known:
            self.known[expression] = self._factors(expression)
            # Its own factors are forms of irreducible polynomials.
            for factor in self.known[expression][1]:
                if not factor.could_extract_minus_sign():
                    self.known.setdefault(factor, (sp.Integer(1), {factor: 1}))
        return self.known[expression]

    def _factors(self, expression: sp.Expr) -> tuple[sp.Rational, dict[sp.Expr, int]]:
        result: dict[sp.Expr, int] = {}
        number = sp.Integer(1)
        if isinstance(expression, (sp.Mul, sp.Pow)):
            for part, power in expression.as_powers_dict().items():
                own, found = self.factors(part) if not part.is_number else (part, {})
                number *= own**power
                for factor, multiplicity in found.items():
                    result[factor] = result.get(factor, 0) + int(power) * multiplicity
            return number, result
        if not short(expression):
            return number, {expression: 1}
        expanded = sp.expand(expression)
        if expanded.is_number:
            return expanded, result
        number, pairs = sp.factor_list(expanded)
        if len(pairs) == 1 and pairs[0][1] == 1 and abs(number) == 1:
            factor = pairs[0][0]
            self.forms.setdefault(factor, min(factor, number * expression, key=sp.count_ops))
        for factor, power in pairs:
            result[self.forms.get(factor, factor)] = int(power)
        return number, result

    def tidy(self, expression: sp.Expr) -> sp.Expr:
        """Return the shorter of an expression and its factored form."""
        number, found = self.factors(expression)
        return sp.Mul(number, *(f**power for f, power in found.items()))


def short(expression: sp.Expr) -> bool:
    """Tell whether a polynomial is short enough to be expanded and factored."""
    return terms(expression) * len(expression.free_symbols) <= _FACTORED


def terms(expression: sp.Expr) -> int:
    """Return a bound on the number of terms of an expanded polynomial."""
    if isinstance(expression, sp.Add):
        return sum(terms(part) for part in expression.args)
    if isinstance(expression, sp.Mul):
        return math.prod(terms(part) for part in expression.args)
    if isinstance(expression, sp.Pow):
        return math.comb(terms(expression.base) + int(expression.exp) - 1, int(expression.exp))
    return 1
