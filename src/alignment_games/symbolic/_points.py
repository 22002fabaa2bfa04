"""Random points at which a claim could fail: drawn, looked at in floating point, then decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from .._numeric import exact_number, rational
from .._typing import FloatArray
from ..models import AlignmentModel, Parameter
from ._float_truth import compiled
from .conditions import solve_linear
from .truth import assumed_domain, domain, expanded_terms, truth

__all__ = ["Shots", "bounds", "shoot", "usual_range"]

Point = Mapping[sp.Symbol, Fraction]

_CHUNK = 20_000

_TABLE = 2**13
"""Values from which those of a symbol are drawn."""

_FAR = 10**100
"""Numbers in formulas beyond this are not drawn."""

_MAX_TERMS = 1000
"""Terms of an equation up to which it is solved for a symbol."""

_SUSPECTS = 200
"""Points that look like counterexamples in floating point and are decided exactly, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shots:
    """What random points came to.

    Attributes
    ----------
    drawn : int
        Points drawn in the domains; none if a formula holds what NumPy cannot compute.
    met : int
        Those at which the hypotheses hold.
    suspects : int
        Those at which the claim looked false in floating point.
    counterexample : mapping of Symbol to Fraction, or None
        The first that is one in exact arithmetic.
    """

    drawn: int
    met: int
    suspects: int
    counterexample: Point | None


def shoot(
    claim: sp.Basic,
    given: Sequence[sp.Basic],
    model: AlignmentModel | None,
    *,
    points: int,
    most: int,
    rng: np.random.Generator,
    steps: int = 1024,
) -> Shots:
    """Draw points until enough meet the hypotheses, or a counterexample is found.

    That none is found proves nothing. One that is found is one in exact arithmetic.

    Parameters
    ----------
    claim : sympy Boolean
    given : sequence of sympy Booleans
    model : AlignmentModel or None
    points : int
        Points that should meet the hypotheses.
    most : int
        Points to draw at most.
    rng : numpy.random.Generator
    steps : int, optional
        Into which ranges are cut, a multiple of 4: few make simple points.

    Returns
    -------
    Shots

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> rng = np.random.default_rng(0)
    >>> shoot(x**2 > 0, (), None, points=100, most=100, rng=rng, steps=16).counterexample
    {x: Fraction(0, 1)}
    """
    inside = bounds((claim, *given), model)
    # Equations are met by construction: one symbol of each is what the equation makes it.
    solved, (goal, *conditions) = _eliminate((claim, *given, *inside), len(given))
    made = {symbol for symbol, _ in solved}
    free = [symbol for symbol in _symbols((claim, *given, *inside)) if symbol not in made]
    judge = compiled((goal, *conditions), free)
    if judge is None:
        return Shots(drawn=0, met=0, suspects=0, counterexample=None)
    tables = [_values(symbol, (*given, *inside), model, steps) for symbol in free]
    pinned = _pinned(goal)
    drawn = met = suspects = 0
    while met < points and drawn < most:
        size = min(_CHUNK, most - drawn)
        columns = {
            symbol: own[rng.integers(0, _TABLE, size, dtype=np.uint16)]
            for symbol, own in zip(free, tables, strict=True)
        }
        for k, point in enumerate(pinned):
            for symbol, value in point.items():
                columns[symbol][k :: 2 * len(pinned)] = float(value)
        holds, *meets = judge(list(columns.values()), size)
        right = np.logical_and.reduce([*meets, np.ones(size, dtype=bool)])
        wrong = np.flatnonzero(right & ~holds)
        drawn += size
        met += int(right.sum())
        for k in wrong[: max(0, _SUSPECTS - suspects)].tolist():
            point = _whole({s: exact_number(float(c[k])) for s, c in columns.items()}, solved)
            hypotheses = all(truth(part, point) for part in (*inside, *given))
            if hypotheses and not truth(claim, point):
                return Shots(
                    drawn=drawn, met=met, suspects=suspects + wrong.size, counterexample=point
                )
        suspects += wrong.size
    return Shots(drawn=drawn, met=met, suspects=suspects, counterexample=None)


def bounds(formulas: Iterable[sp.Basic], model: AlignmentModel | None) -> list[Relational]:
    """Return the domains of the symbols of formulas.

    Examples
    --------
    >>> bounds([sp.Symbol("x", positive=True) > 1], None)
    [x > 0]
    """
    symbols = _symbols(formulas)
    parameters = set() if model is None else set(model.parameters.symbols.values())
    own = [] if model is None else domain(model, [s for s in symbols if s in parameters])
    return [*own, *(b for s in symbols if s not in parameters for b in assumed_domain(s))]


def _symbols(formulas: Iterable[sp.Basic]) -> list[sp.Symbol]:
    return sorted(set().union(*(f.free_symbols for f in formulas)), key=lambda s: s.name)


def _eliminate(
    formulas: Sequence[sp.Basic], n_given: int
) -> tuple[list[tuple[sp.Symbol, sp.Expr]], Sequence[sp.Basic]]:
    """Solve each equation among the hypotheses for a symbol, and put that into all formulas."""
    solved: list[tuple[sp.Symbol, sp.Expr]] = []
    for position in range(1, 1 + n_given):
        equation = formulas[position]
        if not (isinstance(equation, sp.Eq) and isinstance(equation.lhs, sp.Expr)):
            continue
        if sum(map(expanded_terms, equation.args)) > _MAX_TERMS:
            continue
        difference = sp.expand(equation.lhs - equation.rhs)
        linear = [
            symbol
            for symbol in _symbols([equation])
            if difference.is_polynomial(symbol) and sp.degree(difference, symbol) == 1
        ]
        # Best a symbol that the equation determines everywhere.
        linear.sort(key=lambda symbol: not difference.coeff(symbol).is_number)
        for symbol in linear[:1]:
            value = solve_linear(difference, symbol).value
            try:
                formulas = [
                    sp.true if k == position else formula.xreplace({symbol: value})
                    for k, formula in enumerate(formulas)
                ]
            except TypeError:  # SymPy compares nothing that divides by zero
                continue
            solved.append((symbol, value))
    return solved, formulas


def _whole(
    point: dict[sp.Symbol, Fraction], solved: Sequence[tuple[sp.Symbol, sp.Expr]]
) -> dict[sp.Symbol, Fraction]:
    for symbol, value in reversed(solved):
        exact = value.xreplace({s: rational(v) for s, v in point.items()})
        if exact.is_Rational:
            point[symbol] = exact_number(exact)
        else:  # the equation does not determine it here
            point[symbol] = Fraction(0)
    return point


def _values(
    symbol: sp.Symbol, conditions: Iterable[sp.Basic], model: AlignmentModel | None, steps: int
) -> FloatArray:
    """Return what a symbol is drawn from, all values with the same chance.

    A quarter are ends, a quarter meet those of other symbols, and half lie anywhere in the usual
    range of a parameter, or within the bounds of another symbol, in few binary digits.
    """
    low, high, ends = _interval(symbol, conditions, model)
    fine = low + (high - low) * np.arange(steps + 1) / steps
    parts = ((ends, 1), (fine[:: steps // 4], 1), (fine, 2))
    return np.concatenate([np.resize(part, share * _TABLE // 4) for part, share in parts])


def _interval(
    symbol: sp.Symbol, conditions: Iterable[sp.Basic], model: AlignmentModel | None
) -> tuple[float, float, tuple[float, float]]:
    """Return the usual range of a parameter and the ends of its domain, or a symbol's bounds."""
    for parameter in () if model is None else model.parameters.values():
        if parameter.symbol == symbol:
            low, high = map(float, usual_range(parameter))
            top = parameter.domain.upper
            ends = float(parameter.domain.lower), high if top is None else float(top)
            return low, high, ends
    lows, highs = [], []
    for condition in conditions:
        if (
            isinstance(condition, Relational)
            and condition.lhs == symbol
            and condition.rhs.is_number
            and condition.rhs.is_real
            and abs(condition.rhs) < _FAR
        ):
            if condition.rel_op in {">", ">="}:
                lows.append(float(condition.rhs))
            elif condition.rel_op in {"<", "<="}:
                highs.append(float(condition.rhs))
    lower = max(lows, default=min(-2.0, min(highs, default=0.0) - 2))
    upper = min(highs, default=max(2.0, lower + 2))
    return lower, upper, (lower, upper)


def usual_range(parameter: Parameter) -> tuple[Fraction, Fraction]:
    """Return the usual range of a parameter, of width 2 where it is open above.

    Examples
    --------
    >>> import alignment_games as ag
    >>> usual_range(ag.models.build_parameter("cost", (1, None)))
    (Fraction(1, 1), Fraction(3, 1))
    """
    low, high = parameter.usual.lower, parameter.usual.upper
    return low, low + 2 if high is None else high


def _pinned(claim: sp.Basic) -> list[dict[sp.Symbol, sp.Rational]]:
    """Return the points that a claim names: conjunctions of equations with numbers."""
    return [
        {part.lhs: part.rhs for part in node.args}
        for node in sp.preorder_traversal(claim)
        if isinstance(node, sp.And)
        and all(
            isinstance(part, sp.Eq)
            and part.lhs.is_Symbol
            and part.rhs.is_Rational
            and abs(part.rhs) < _FAR
            for part in node.args
        )
    ]
