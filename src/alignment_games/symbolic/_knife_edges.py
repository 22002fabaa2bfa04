"""Values of the only parameter of a model at which there is a tie, each decided exactly.

At an irrational value, a root of an irreducible polynomial, the sign of another polynomial is
zero if the first divides it; otherwise the value is enclosed until no root of the other is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from ..errors import ModelError
from ..solvers import Solution
from ._forms import Candidate, Surd
from .equilibria import ParametricEquilibria
from .truth import denominators, domain, is_rational_function, kleene, truth

__all__ = ["KnifeEdge", "knife_edges"]

_NOTHING = 1e-40
"""Size below which a number known to 60 digits is not told from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnifeEdge:
    """A value of the only parameter at which there is a tie.

    Attributes
    ----------
    name : str
    value : sympy.Expr
    solution : Solution or None
        All equilibria there, with their continua; None where the value is irrational.
    """

    name: str
    value: sp.Expr
    solution: Solution | None = field(repr=False)


def knife_edges(
    parametric: ParametricEquilibria, given: tuple[sp.Basic, ...]
) -> tuple[KnifeEdge, ...]:
    """Return the ties of a model with one parameter that meet the hypotheses, in order."""
    if len(parametric.model.parameters) != 1:
        return ()
    ((name, parameter),) = parametric.model.parameters.items()
    symbol = parameter.symbol
    space = [*domain(parametric.model), *given]
    space += [sp.Ne(divisor, 0) for divisor in parametric.denominators]
    found: dict[sp.Expr, _Root] = {}
    for polynomial in dict.fromkeys(_where_ties_may_be(parametric.candidates, symbol)):
        found.update((own.number, own) for own in _roots(polynomial))
    edges = []
    for root in sorted(found):
        if root.is_Rational:
            value = Fraction(int(root.p), int(root.q))
            inside = all(truth(part, {symbol: value}) for part in space)
            if inside and 0 in parametric.decided({name: value}):
                solution = parametric.at({name: value})
                edges.append(KnifeEdge(name=name, value=root, solution=solution))
        elif all(_truth(part, found[root], symbol) for part in space):
            values: Any = {
                own: _Number(found[root], sp.Poly(own, symbol, domain="QQ"))
                for own in parametric.polynomials
            }
            if any(own.verdict(values) == 0 for own in parametric.candidates):
                edges.append(KnifeEdge(name=name, value=root, solution=None))
    return tuple(edges)


def _where_ties_may_be(candidates: tuple[Candidate, ...], symbol: sp.Symbol) -> Iterator[sp.Poly]:
    """Return irreducible polynomials, of one of which every tie is a root."""
    for own in candidates:
        for test in (*own.needed, own.guard):
            for factor in (*test.odd, *test.even):
                norm = sp.Poly(_norm(factor), symbol)
                if not norm.is_zero:
                    for polynomial, _ in norm.factor_list()[1]:
                        yield polynomial


def _norm(number: Surd) -> sp.Expr:
    """Return what is zero where ``a + b sqrt(d)`` is: its product with its conjugate."""
    return number.a if number.b == 0 else number.a**2 - number.b**2 * number.d


@dataclass(frozen=True, slots=True)
class _Root:
    """The root of an irreducible polynomial of degree 2 or more between two rational numbers."""

    polynomial: sp.Poly
    low: sp.Rational
    high: sp.Rational
    number: sp.Expr

    def sign(self, other: sp.Poly) -> int:
        """Return the sign of another polynomial at the root."""
        rest = other.rem(self.polynomial)
        if rest.is_zero:
            return 0
        low, high = self.low, self.high
        while rest.count_roots(low, high):
            low, high = self.polynomial.refine_root(low, high, eps=(high - low) / 2)
        return int(sp.sign(rest.eval(low)))


def _roots(polynomial: sp.Poly) -> Iterator[_Root]:
    numbers = polynomial.real_roots()
    for number, ((low, high), _) in zip(numbers, polynomial.intervals(), strict=True):
        yield _Root(polynomial, low, high, number)


def _truth(formula: sp.Basic, root: _Root, symbol: sp.Symbol) -> bool | None:
    """Decide a formula at a root exactly, as `alignment_games.symbolic.truth` does at a point.

    Raises
    ------
    ModelError
        If that cannot be decided, because roots or exponentials of the parameter are compared.
    """

    def decide(relation: sp.Basic) -> bool | None:
        sign = _sign(relation.lhs - relation.rhs, relation, root, symbol)
        return None if sign is None else bool(relation.func(sign, 0))

    return kleene(formula, decide)


def _sign(expression: sp.Expr, relation: sp.Basic, root: _Root, symbol: sp.Symbol) -> int | None:
    """Return the sign of an expression at a root, None if it has no value there."""
    if any(_sign(own, own, root, symbol) in (0, None) for own in denominators(relation)):
        return None
    chosen = _chosen(expression, root, symbol)
    if chosen is None:
        return None
    if is_rational_function(chosen):
        top, bottom = (
            root.sign(sp.Poly(part, symbol, domain="QQ"))
            for part in sp.fraction(sp.together(chosen))
        )
        return top * bottom
    value = chosen.xreplace({symbol: root.number}).evalf(60)
    if value.is_real is False:
        return None
    if not abs(value) > _NOTHING:
        msg = f"`given` cannot be decided at {symbol} = {root.number}: {relation}"
        raise ModelError(msg[:300])
    return 1 if value > 0 else -1


def _chosen(expression: sp.Basic, root: _Root, symbol: sp.Symbol) -> sp.Basic | None:
    """Put in the place of each maximum, size and case what it is at a root."""
    if isinstance(expression, sp.Piecewise):
        for value, condition in expression.args:
            holds = _truth(condition, root, symbol)
            if holds is not False:
                return _chosen(value, root, symbol) if holds else None
        return None
    if not expression.args:
        return expression
    parts = []
    for part in expression.args:
        own = _chosen(part, root, symbol)
        if own is None:
            return None
        parts.append(own)
    if isinstance(expression, sp.Max | sp.Min):
        best, *others = parts
        wanted = 1 if isinstance(expression, sp.Max) else -1
        for own in others:
            if _sign(own - best, own - best, root, symbol) == wanted:
                best = own
        return best
    if isinstance(expression, sp.Abs):
        sign = _sign(parts[0], parts[0], root, symbol)
        return None if sign is None else sign * parts[0]
    return expression.func(*parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Number:
    """The value of a polynomial at a root, as much of a number as `Candidate.verdict` needs."""

    root: _Root
    polynomial: sp.Poly

    def __mul__(self, other: _Number) -> _Number:
        return _Number(self.root, (self.polynomial * other.polynomial).rem(self.root.polynomial))

    def __bool__(self) -> bool:
        return self.root.sign(self.polynomial) != 0

    def __gt__(self, other: object) -> bool:
        return self._minus(other) > 0

    def __lt__(self, other: object) -> bool:
        return self._minus(other) < 0

    def __eq__(self, other: object) -> bool:
        return self._minus(other) == 0

    def __hash__(self) -> int:
        return hash(self.root)

    def _minus(self, other: Any) -> int:
        less = other.polynomial if isinstance(other, _Number) else other
        return self.root.sign(self.polynomial - less)
