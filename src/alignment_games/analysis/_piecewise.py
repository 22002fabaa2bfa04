"""Payoffs along one parameter where they are rational in pieces: polynomials, one list a piece."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

import sympy as sp
from sympy.core.relational import Relational

from .._numeric import exact_number
from ..errors import GameError
from ..models import AlignmentModel
from ..models.compile import is_rational

__all__ = ["Polynomial", "payoff_pieces"]

Polynomial: TypeAlias = tuple[Fraction, ...]
"""Coefficients from the constant term up."""
Roots: TypeAlias = "list[tuple[Fraction, Fraction]]"


def payoff_pieces(
    model: AlignmentModel,
    numbers: Mapping[str, Fraction],
    name: str,
    roots: Callable[[Polynomial], Roots],
) -> tuple[Roots, list[list[Polynomial]]]:
    """Return where formulas of payoffs change along a parameter, and the formulas between.

    Parameters
    ----------
    model : AlignmentModel
    numbers : mapping of str to Fraction
        Values of all parameters.
    name : str
        The parameter that varies.
    roots : callable
        It isolates the real roots of a polynomial, given by its coefficients from the lowest.

    Returns
    -------
    list of pairs of Fraction
        Intervals that hold every border of two formulas, and every pole.
    list of lists of Polynomial
        For each formula all payoffs, player by player, over one denominator that is left out.

    Raises
    ------
    GameError
        If payoffs are not rational in pieces: if they hold ``exp``, ``log`` or roots.
    """
    if not is_rational(model):
        msg = (
            f"`model` must have payoffs without exp, log and roots, got {model.name!r}: flips are "
            "found as roots of polynomials"
        )
        raise GameError(msg)
    symbols = model.parameters.symbols
    x = symbols[name]
    fixed = {
        symbols[key]: sp.Rational(value.numerator, value.denominator)
        for key, value in numbers.items()
        if key != name
    }
    payoffs = [
        sp.sympify(model.payoffs[profile][player]).xreplace(fixed).rewrite(sp.Piecewise)
        for player in range(len(model.players))
        for profile in model.payoffs
    ]
    conditions = {rel for own in payoffs for rel in own.atoms(Relational)}
    borders: Roots = []
    for relation in conditions:
        for part in sp.fraction(sp.together(relation.lhs - relation.rhs)):
            borders += roots(_polynomial(part, x))
    pieces = []
    for sample in _samples(borders):
        resolved = [_resolved(own, x, sample) for own in payoffs]
        fractions = [sp.fraction(sp.together(own)) for own in resolved]
        shared = sp.lcm_list([below for _, below in fractions])
        borders += roots(_polynomial(shared, x))
        pieces.append(
            [_polynomial(sp.cancel(above * shared / below), x) for above, below in fractions]
        )
    return borders, pieces


def _samples(borders: Iterable[tuple[Fraction, Fraction]]) -> list[Fraction]:
    """Return a point below, between and above intervals, and in each of them."""
    ends = sorted({end for border in borders for end in border})
    if not ends:
        return [Fraction(0)]
    middles = [(low + high) / 2 for low, high in itertools.pairwise(ends)]
    return [ends[0] - 1, *middles, ends[-1] + 1]


def _resolved(expression: sp.Expr, x: sp.Symbol, sample: Fraction) -> sp.Expr:
    """Replace each case distinction by the case that holds at a sample."""
    value = sp.Rational(sample.numerator, sample.denominator)

    def case(*branches: tuple[sp.Expr, sp.Basic]) -> sp.Expr:
        return next(own for own, condition in branches if condition.xreplace({x: value}) == sp.true)

    return expression.replace(sp.Piecewise, case)


def _polynomial(expression: sp.Expr, x: sp.Symbol) -> Polynomial:
    coefficients = sp.Poly(expression, x, domain="QQ").all_coeffs()
    return tuple(exact_number(value) for value in reversed(coefficients))
