"""Relations between expressions of a model's parameters, in their simplest equivalent form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from ..models import AlignmentModel, Interval
from ..models.model import model_of
from .signs import Sign, factors_of, sign
from .truth import expanded_terms, with_equivalences

__all__ = ["sides", "simplified"]

_MOST_TERMS = 1000
"""Terms up to which an expression is multiplied out to see whether that is shorter."""

_ABOVE = (Sign.POSITIVE, Sign.NOT_NEGATIVE)
_BELOW = (Sign.NEGATIVE, Sign.NOT_POSITIVE)


def simplified(
    relation: sp.Basic,
    model: AlignmentModel | None = None,
    *,
    extra: Mapping[sp.Symbol, Interval] | None = None,
) -> sp.Basic:
    """Simplify a relation with what is known of its parameters' domains.

    Factors that are positive everywhere are dropped, a factor that may also be zero becomes a
    condition of its own, and terms that are subtracted go to the other side.

    Parameters
    ----------
    relation : sympy Boolean
        Relations joined by ``And``, ``Or`` and ``Not`` are simplified one by one.
    model : AlignmentModel, optional
    extra : mapping of Symbol to Interval, optional
        As in `alignment_games.symbolic.sign`.

    Returns
    -------
    sympy Boolean
        True and false for the same parameters in the domains, where denominators are not zero.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> stake, tilt, loss = (
    ...     model.parameters[name].symbol for name in ("stake", "tilt", "alignment_loss")
    ... )
    >>> simplified(loss * tilt - loss * stake > 0, model)
    (b > 0) & (zeta > V)
    >>> simplified((1 + stake) * tilt + 1 > 0, model)
    True
    """
    if model is not None:
        model_of(model)
    return _simplified(with_equivalences(relation), model, extra)


def _simplified(
    relation: sp.Basic,
    model: AlignmentModel | None,
    extra: Mapping[sp.Symbol, Interval] | None,
) -> sp.Basic:
    if not isinstance(relation, Relational):
        if isinstance(relation, sp.logic.boolalg.BooleanFunction):
            return relation.func(*(_simplified(part, model, extra) for part in relation.args))
        return relation
    if relation.rel_op in ("==", "!="):
        answer = _zero(relation.lhs - relation.rhs, model, extra)
        return answer if relation.rel_op == "==" else sp.to_nnf(sp.Not(answer))
    above = relation.rel_op in (">", ">=")
    strict = relation.rel_op in (">", "<")
    difference = relation.lhs - relation.rhs if above else relation.rhs - relation.lhs
    return _positive(difference, model, extra, strict=strict)


def _zero(
    difference: sp.Expr, model: AlignmentModel | None, extra: Mapping[sp.Symbol, Interval] | None
) -> sp.Basic:
    """Return when an expression is zero: when one of its factors is."""
    never = (Sign.POSITIVE, Sign.NEGATIVE)
    own = sign(difference, model, extra=extra)
    if own in never:
        return sp.false
    if own is Sign.ZERO:
        return sp.true
    if not difference.is_rational_function(*difference.free_symbols):
        return _split(sp.Eq, difference)
    top, bottom = sp.fraction(sp.together(difference))
    _, factors = _factors(top)
    if len(factors) == 1 and factors[0][1] == 1:  # as it is written
        return _split(sp.Eq, shorter(difference if bottom.is_number else top))
    return sp.Or(
        *(
            _split(sp.Eq, shorter(factor))
            for factor, _ in factors
            if sign(factor, model, extra=extra) not in never
        )
    )


def _positive(
    difference: sp.Expr,
    model: AlignmentModel | None,
    extra: Mapping[sp.Symbol, Interval] | None,
    *,
    strict: bool,
) -> sp.Basic:
    """Return when an expression is positive, or not negative, as simply as it can be said."""
    whole = sign(difference, model, extra=extra)
    decided = {
        (True, Sign.POSITIVE): sp.true,
        (True, Sign.ZERO): sp.false,
        (True, Sign.NOT_POSITIVE): sp.false,
        (True, Sign.NEGATIVE): sp.false,
        (False, Sign.POSITIVE): sp.true,
        (False, Sign.NOT_NEGATIVE): sp.true,
        (False, Sign.ZERO): sp.true,
        (False, Sign.NEGATIVE): sp.false,
    }.get((strict, whole))
    if decided is not None:
        return decided
    if not difference.is_rational_function(*difference.free_symbols):
        return sides(difference, strict=strict)
    constant, factors = _factors(difference)
    rest: list[sp.Expr] = []
    zeros: list[sp.Expr] = []  # factors that are never negative, or never positive
    turned = bool(constant < 0)
    for factor, power in factors:
        own = sign(factor, model, extra=extra)
        if power % 2 == 0:
            if own not in (Sign.POSITIVE, Sign.NEGATIVE):
                zeros.append(factor)
        elif own in _ABOVE or own in _BELOW:
            turned ^= own in _BELOW
            if own in (Sign.NOT_NEGATIVE, Sign.NOT_POSITIVE):
                zeros.append(factor if own in _ABOVE else -factor)
        else:
            rest.append(factor)
    if len(rest) == len(factors) and abs(constant) == 1 and len(factors) == 1:
        core = difference  # no factor is gone
    else:
        core = sp.Mul(*rest) * (-1 if turned else 1)
    core = shorter(core)
    main = sides(core, strict=strict)
    if strict:
        return sp.And(*(_not_zero(f, model, extra) for f in zeros), main)
    return sp.Or(*(_split(sp.Eq, factor) for factor in zeros), main)


def _not_zero(
    factor: sp.Expr, model: AlignmentModel | None, extra: Mapping[sp.Symbol, Interval] | None
) -> sp.Basic:
    own = sign(factor, model, extra=extra)
    if own is Sign.NOT_NEGATIVE:
        return sides(factor, strict=True)
    return _split(sp.Ne, factor)


def _factors(expression: sp.Expr) -> tuple[sp.Expr, list[tuple[sp.Expr, int]]]:
    """Return the constant and the factors of numerator and denominator together.

    Factors without factors of their own stay as they are written, because multiplied out they
    would be hard to read.
    """
    constant, found = sp.S.One, []
    for part in sp.fraction(sp.together(expression)):
        for factor in sp.Mul.make_args(sp.factor_terms(part)):
            base, power = factor.as_base_exp()
            content, own = factors_of(base)
            if len(own) == 1 and own[0][1] == 1:
                content, own = sp.S.One, ((base, 1),)
            constant *= content**power
            found += [(each, int(power) * more) for each, more in own]
    return constant, found


def sides(difference: sp.Expr, *, strict: bool) -> Any:
    """Return ``difference > 0``, or ``>= 0``, with what is subtracted on the other side.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> sides(x - 2 * y, strict=True)
    x > 2*y
    """
    relation, opposite = (sp.Gt, sp.Lt) if strict else (sp.Ge, sp.Le)
    if all(_is_subtracted(term) for term in sp.Add.make_args(difference)):
        return opposite(-difference, 0)
    return _split(relation, difference)


def shorter(expression: sp.Expr) -> sp.Expr:
    """Return an expression as it is, or multiplied out if that is shorter.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> shorter((x + y) ** 2 - x**2 - 2 * x * y)
    y**2
    """
    if expanded_terms(expression) > _MOST_TERMS:
        return expression
    return min(expression, sp.expand(expression), key=sp.count_ops)


def _split(relation: Any, difference: sp.Expr) -> Any:
    terms = sp.Add.make_args(difference)
    less = [-term for term in terms if _is_subtracted(term)]
    more = [term for term in terms if not _is_subtracted(term)]
    if not more and relation in (sp.Eq, sp.Ne):
        more, less = less, more
    return relation(sp.Add(*more), sp.Add(*less))


def _is_subtracted(term: sp.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)
