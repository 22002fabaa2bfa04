"""The sign of an expression on the whole domain of its parameters, where it can be seen.

A polynomial's parameters are mapped from their intervals to the half-line, by ``x = s / (1 + s)``
where they are bounded; a polynomial whose coefficients in the new variables have one sign has
that sign. On bounded parameters these are the Bernstein coefficients. Where coefficients differ
the sign is not seen, though there may be one.
"""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Mapping

import sympy as sp

from .._numeric import rational
from ..errors import ParameterError
from ..models import AlignmentModel, Interval
from ..models.model import model_of
from .truth import expanded_terms, expression_of

__all__ = ["Sign", "bounds_of", "factors_of", "sign"]

_MOST_TERMS = 5000
"""Terms of a polynomial up to which it is multiplied out."""


class Sign(enum.Enum):
    """What is known of an expression's sign; the value is how a sentence puts it."""

    POSITIVE = "is positive"
    NOT_NEGATIVE = "is positive or zero"
    ZERO = "is zero"
    NOT_POSITIVE = "is negative or zero"
    NEGATIVE = "is negative"
    OPEN = "depends on the parameters"

    @property
    def opposite(self) -> Sign:
        """The sign of the negative."""
        return _OPPOSITE.get(self, self)

    def times(self, other: Sign) -> Sign:
        """Return the sign of a product."""
        if Sign.ZERO in (self, other):
            return Sign.ZERO
        if Sign.OPEN in (self, other):
            return Sign.OPEN
        turned = (self in _BELOW) != (other in _BELOW)
        strict = {self, other} <= {Sign.POSITIVE, Sign.NEGATIVE}
        product = Sign.POSITIVE if strict else Sign.NOT_NEGATIVE
        return product.opposite if turned else product


_OPPOSITE = {
    Sign.POSITIVE: Sign.NEGATIVE,
    Sign.NEGATIVE: Sign.POSITIVE,
    Sign.NOT_NEGATIVE: Sign.NOT_POSITIVE,
    Sign.NOT_POSITIVE: Sign.NOT_NEGATIVE,
}
_BELOW = (Sign.NEGATIVE, Sign.NOT_POSITIVE)

Bounds = Mapping[sp.Symbol, tuple[sp.Rational, sp.Rational | None]]


def bounds_of(
    model: AlignmentModel | None, extra: Mapping[sp.Symbol, Interval] | None = None
) -> Bounds:
    """Return lower and upper bounds of symbols; the upper one is None where there is none."""
    intervals: dict[sp.Symbol, Interval] = dict(extra or {})
    for name, own in {} if model is None else model.parameters.items():
        if own.symbol in intervals:
            msg = f"`extra` must be of other symbols, but {own.symbol} is the parameter {name!r}"
            raise ParameterError(msg)
        intervals[own.symbol] = own.domain
    return {
        symbol: (rational(own.lower), None if own.upper is None else rational(own.upper))
        for symbol, own in intervals.items()
    }


def sign(
    expression: sp.Expr,
    model: AlignmentModel | None = None,
    *,
    extra: Mapping[sp.Symbol, Interval] | None = None,
) -> Sign:
    """Return what can be seen of the sign of an expression for all parameters in their domains.

    Parameters
    ----------
    expression : sympy.Expr
    model : AlignmentModel, optional
        Its parameters range over their domains and meet its joint constraints.
    extra : mapping of Symbol to Interval, optional
        Domains of further symbols; those of no domain range over what they are assumed to be.

    Returns
    -------
    Sign
        ``OPEN`` where no sign is seen: the expression may have one nevertheless, which
        `alignment_games.symbolic.prove` may find. Denominators count as not zero.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> success = model.terms["success", "hedge"]
    >>> success, sign(success, model).value
    (-delta*eta*rho + l0, 'is positive or zero')
    """
    if model is not None:
        model_of(model)
    expression = expression_of("expression", expression)
    if not expression.free_symbols:
        return _of_number(expression)
    if not expression.is_rational_function(*expression.free_symbols):
        return _assumed(expression)
    if expanded_terms(expression) > _MOST_TERMS:
        return Sign.OPEN
    bounds = bounds_of(model, extra)
    pairs = []
    if model is not None:
        space = model.parameters
        pairs = [(space[c.smaller].symbol, space[c.larger].symbol) for c in space.constraints]
    found = Sign.POSITIVE
    for k, part in enumerate(sp.fraction(sp.together(expression))):
        constant, factors = factors_of(part)
        found = found.times(_of_number(constant))
        for factor, power in factors:
            own = _of_polynomial(factor, bounds, tuple(pairs))
            if k == 1:  # a denominator, wherever the expression has a value
                own = {Sign.NOT_NEGATIVE: Sign.POSITIVE, Sign.NOT_POSITIVE: Sign.NEGATIVE}.get(
                    own, own
                )
            if power % 2 == 0:
                own = _squared(own)
            found = found.times(own)
    return found


@functools.lru_cache(maxsize=1024)
def factors_of(polynomial: sp.Expr) -> tuple[sp.Expr, tuple[tuple[sp.Expr, int], ...]]:
    """Return the constant and the irreducible factors of a polynomial with their powers.

    A polynomial in which some symbol occurs once, by itself, has no factors: costs do so in
    payoffs. That is seen at once, where factoring takes long. One of very many terms is left
    whole.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> factors_of(2 * x * y - 2 * x)
    (2, ((y - 1, 1), (x, 1)))
    """
    if not polynomial.free_symbols:
        return polynomial, ()
    if expanded_terms(polynomial) > _MOST_TERMS:
        return sp.S.One, ((polynomial, 1),)
    try:
        own = sp.Poly(polynomial)
    except sp.GeneratorsNeeded:  # multiplied out it is a number
        return sp.expand(polynomial), ()
    for k, degree in enumerate(own.degree_list()):
        holding = [power for power in own.monoms() if power[k]]
        if degree == 1 and len(holding) == 1 and sum(holding[0]) == 1 < own.length():
            content, rest = own.primitive()
            return content, ((rest.as_expr(), 1),)
    constant, factors = own.factor_list()
    return constant, tuple((factor.as_expr(), power) for factor, power in factors)


def _squared(own: Sign) -> Sign:
    if own is Sign.OPEN:
        return Sign.NOT_NEGATIVE
    return own.times(own)


def _of_number(number: sp.Expr) -> Sign:
    if number.is_zero:
        return Sign.ZERO
    return (
        Sign.POSITIVE
        if number.is_positive
        else Sign.NEGATIVE
        if number.is_negative
        else (Sign.OPEN)
    )


def _assumed(expression: sp.Expr) -> Sign:
    """Return what SymPy's assumptions say: exponentials and roots, for example."""
    for holds, own in (
        (expression.is_zero, Sign.ZERO),
        (expression.is_positive, Sign.POSITIVE),
        (expression.is_negative, Sign.NEGATIVE),
        (expression.is_nonnegative, Sign.NOT_NEGATIVE),
        (expression.is_nonpositive, Sign.NOT_POSITIVE),
    ):
        if holds:
            return own
    return Sign.OPEN


def _of_polynomial(
    factor: sp.Expr, bounds: Bounds, pairs: tuple[tuple[sp.Symbol, sp.Symbol], ...]
) -> Sign:
    symbols = sorted(factor.free_symbols, key=lambda s: s.name)
    if factor.is_Symbol and factor not in bounds:
        return _assumed(factor)
    intervals = {}
    for symbol in symbols:
        if symbol in bounds:
            intervals[symbol] = bounds[symbol]
        elif symbol.is_nonnegative:
            intervals[symbol] = (sp.S.Zero, None)
        else:
            return _assumed(factor)
    # Where smaller <= larger, the smaller is a share of the larger, above a common lower bound.
    # Its own upper bound is forgotten: what holds on the larger domain holds on this one.
    shares: dict[sp.Symbol, sp.Symbol] = {}
    for smaller, larger in pairs:
        known = smaller in intervals and larger in intervals
        free = smaller not in shares and smaller not in shares.values() and larger not in shares
        if known and free and intervals[smaller][0] == intervals[larger][0]:
            shares[smaller] = larger
    swap = {}
    limited = []
    for symbol in symbols:
        low, high = intervals[symbol]
        if symbol in shares:
            continue
        if high is None:
            swap[symbol] = low + symbol
        else:
            swap[symbol] = low + (high - low) * symbol
            limited.append(symbol)
    for smaller, larger in shares.items():
        low = intervals[smaller][0]
        swap[smaller] = low + smaller * (swap[larger] - low)
        limited.append(smaller)
    polynomial = sp.Poly(factor.xreplace(swap), *symbols)
    return _of_coefficients(
        {tuple(power): coefficient for power, coefficient in polynomial.terms()},
        tuple(symbols.index(symbol) for symbol in limited),
    )


def _of_coefficients(terms: dict[tuple[int, ...], sp.Rational], limited: tuple[int, ...]) -> Sign:
    """Return the sign of a polynomial in variables of which some end at 1, all begin at 0."""
    degrees = {v: max(power[v] for power in terms) for v in limited}
    for v, degree in degrees.items():
        spread: dict[tuple[int, ...], sp.Rational] = {}
        for power, coefficient in terms.items():
            for more in range(degree - power[v] + 1):
                place = (*power[:v], power[v] + more, *power[v + 1 :])
                share = math.comb(degree - power[v], more) * coefficient
                spread[place] = spread.get(place, sp.S.Zero) + share
        terms = {power: coefficient for power, coefficient in spread.items() if coefficient}
        if len(terms) > _MOST_TERMS:
            return Sign.OPEN
        if not terms:
            return Sign.ZERO
    if all(coefficient > 0 for coefficient in terms.values()):
        own = Sign.NOT_NEGATIVE
    elif all(coefficient < 0 for coefficient in terms.values()):
        own = Sign.NOT_POSITIVE
    else:
        return Sign.OPEN
    # At the corners of the limited variables, with the others at 0: if none of these values is
    # zero, no value is, because each point inside weighs the corners of its face.
    corners = {
        tuple(power[v] for v in limited)
        for power in terms
        if all(power[v] in (0, degrees.get(v, 0)) for v in range(len(power)))
    }
    present = [v for v in limited if degrees[v]]
    if len(corners) == 2 ** len(present):
        return Sign.POSITIVE if own is Sign.NOT_NEGATIVE else Sign.NEGATIVE
    return own
