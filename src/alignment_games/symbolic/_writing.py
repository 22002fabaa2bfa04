"""How closed forms are written: probabilities, payoffs and conditions as SymPy expressions."""

from __future__ import annotations

import itertools
import math

import sympy as sp

from ..models import AlignmentModel
from ._forms import ZERO, Candidate, Test
from ._polynomials import Polynomials, Ranges, terms, weak_sign

__all__ = ["payoffs_of", "probabilities", "relations"]

_SHORT = 12
"""Terms up to which a quotient is reduced to lowest terms."""

_ONE = sp.Integer(1)


def probabilities(
    candidate: Candidate, polynomials: Polynomials
) -> tuple[tuple[tuple[sp.Expr, ...], ...], tuple[sp.Expr, ...]]:
    """Return the profile of a candidate, and what it is divided by."""
    profile, divisors = [], []
    for own in candidate.weights:
        if sum(w.a != 0 or w.b != 0 for w in own) == 1:
            profile.append(tuple(_ONE if w.a != 0 or w.b != 0 else ZERO for w in own))
            continue
        values = [w.expression for w in own]
        total = sum(values, start=ZERO)
        rational = all(w.b == 0 for w in own)
        if rational:
            total = polynomials.tidy(total)
        shares = [value / total for value in values]
        if rational and sum(map(terms, values)) <= _SHORT:
            shares = [sp.factor(sp.cancel(share)) for share in shares]
        profile.append(tuple(shares))
        divisors += [sp.fraction(share)[1] for share in shares]
    return tuple(profile), tuple(dict.fromkeys(d for d in divisors if not d.is_number))


def payoffs_of(
    model: AlignmentModel, candidate: Candidate, profile: tuple[tuple[sp.Expr, ...], ...]
) -> tuple[sp.Expr, ...]:
    """Return what each player gets by a strategy it uses, which all earn the same."""
    result = []
    for who, support in enumerate(candidate.supports):
        choices = [own if k != who else support[:1] for k, own in enumerate(candidate.supports)]
        total = ZERO
        for places in itertools.product(*choices):
            weight = math.prod(
                (profile[k][s] for k, s in enumerate(places) if k != who), start=_ONE
            )
            names = tuple(own[s] for own, s in zip(model.strategies, places, strict=True))
            total += weight * model.payoffs[names][who]
        size = sum(terms(w.a) if w.b == 0 else _SHORT for own in candidate.weights for w in own)
        short = size <= _SHORT and len(support) > 1
        result.append(sp.factor(sp.cancel(total)) if short else total)
    return tuple(result)


def relations(candidate: Candidate, own: Ranges) -> tuple[sp.Basic, ...]:
    """Return the conditions of a candidate as relations, each once."""
    found: list[sp.Basic] = []
    for test in (*candidate.needed, candidate.guard):
        found += _relations(test, own)
    return tuple(dict.fromkeys(found))


def _relations(test: Test, own: Ranges) -> list[sp.Basic]:
    number = test.number
    found = [sp.Ne(factor.expression, 0) for factor in test.even]
    odd = []
    for factor in test.odd:
        # A factor that may be zero but not of the other sign is a condition of its own.
        weak = weak_sign(factor.a, own) if factor.b == 0 else None
        if weak is None or len(test.odd) == 1:
            odd.append(factor.expression)
        else:
            found.append(_positive(weak * factor.a))
            number *= weak
    if len(odd) == 1:
        found.insert(0, _positive(number * odd[0]))
    elif odd:
        between = _between(number, odd)
        product = sp.Mul(*odd)
        found[:0] = between or [
            sp.Gt(product, 0, evaluate=False) if number == 1 else sp.Lt(product, 0, evaluate=False)
        ]
    return found


def _positive(expression: sp.Expr) -> sp.Basic:
    """Write that an expression is positive: a bound on a symbol, or terms on both sides."""
    root = _linear_root(expression)
    if root is not None:
        symbol, value, slope = root
        relation = sp.Gt if slope > 0 else sp.Lt
        return relation(symbol, value, evaluate=False)
    parts = sp.Add.make_args(expression)
    minus = [part for part in parts if part.could_extract_minus_sign()]
    plus = [part for part in parts if not part.could_extract_minus_sign()]
    if plus and minus:
        return sp.Gt(sp.Add(*plus), -sp.Add(*minus), evaluate=False)
    if minus:
        return sp.Lt(-expression, 0, evaluate=False)
    return sp.Gt(expression, 0, evaluate=False)


def _between(number: int, odd: list[sp.Expr]) -> list[sp.Basic]:
    """Write a product of two linear factors of one symbol as an interval, if it is one."""
    roots = [_linear_root(factor) for factor in odd]
    if len(odd) != 2 or roots[0] is None or roots[1] is None or roots[0][0] != roots[1][0]:
        return []
    if number * roots[0][2] * roots[1][2] > 0:
        return []
    low, high = sorted((roots[0][1], roots[1][1]))
    return [
        sp.Gt(roots[0][0], low, evaluate=False),
        sp.Lt(roots[0][0], high, evaluate=False),
    ]


def _linear_root(expression: sp.Expr) -> tuple[sp.Symbol, sp.Rational, sp.Rational] | None:
    """Return the symbol, the root and the slope of a polynomial of degree 1 in one symbol."""
    if len(expression.free_symbols) != 1 or not expression.is_polynomial():
        return None
    (symbol,) = expression.free_symbols
    poly = sp.Poly(expression, symbol)
    if poly.degree() != 1:
        return None
    slope, constant = poly.all_coeffs()
    return symbol, -constant / slope, slope
