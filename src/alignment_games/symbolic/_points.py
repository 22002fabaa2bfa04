"""Random points at which a claim could fail, drawn where its hypotheses hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.core.relational import Relational

from .._numeric import exact_number
from ..models import AlignmentModel
from .conditions import solve_linear
from .truth import assumed_domain, denominators, domain, rational, truth

__all__ = ["Shots", "bounds", "shoot"]

Point = Mapping[sp.Symbol, Fraction]
Columns = dict[sp.Symbol, npt.NDArray[np.float64]]

_CHUNK = 20_000
_STEPS = 1024
_ROUNDING = 1e-9
_SUSPECTS = 200
"""Points that look like counterexamples in floating point and are decided exactly, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shots:
    """What random points came to.

    Attributes
    ----------
    drawn : int
        Points drawn in the domains.
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
) -> Shots:
    """Draw points until enough meet the hypotheses, or a counterexample is found.

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

    Returns
    -------
    Shots
    """
    inside = bounds((claim, *given), model)
    # Equations are met by construction: one symbol of each is what the equation makes it.
    solved, (goal, *conditions) = _eliminate((claim, *given, *inside), len(given))
    free = _symbols((goal, *conditions))
    ends = [_interval(symbol, (*given, *inside), model) for symbol in free]
    tests = sp.lambdify(free, [_certain(f) for f in (goal, *conditions)], "numpy", cse=True)
    pinned = _pinned(goal)
    drawn = met = suspects = 0
    while met < points and drawn < most:
        columns = {symbol: _column(rng, end) for symbol, end in zip(free, ends, strict=True)}
        for k, point in enumerate(pinned):
            for symbol, value in point.items():
                columns[symbol][k :: 2 * len(pinned)] = float(value)
        with np.errstate(all="ignore"):
            holds, *meets = (_flags(part) for part in tests(*columns.values()))
        right = np.logical_and.reduce([*meets, np.ones(_CHUNK, dtype=bool)])
        wrong = np.flatnonzero(right & ~holds)
        drawn += _CHUNK
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
        if not isinstance(equation, sp.Eq):
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
            solved.append((symbol, value))
            formulas = [
                sp.true if k == position else formula.xreplace({symbol: value})
                for k, formula in enumerate(formulas)
            ]
    return solved, formulas


def _whole(
    point: dict[sp.Symbol, Fraction], solved: Sequence[tuple[sp.Symbol, sp.Expr]]
) -> dict[sp.Symbol, Fraction]:
    for symbol, value in reversed(solved):
        exact = value.xreplace({s: rational(v) for s, v in point.items()})
        if exact.is_Rational:
            point[symbol] = Fraction(int(exact.p), int(exact.q))
        else:  # the equation does not determine it here
            point[symbol] = Fraction(0)
    return point


@dataclass(frozen=True, slots=True)
class _Interval:
    """Where a symbol is drawn: within `low` and `high`, and at two ends."""

    low: float
    high: float
    ends: tuple[float, float]


def _interval(
    symbol: sp.Symbol, conditions: Iterable[sp.Basic], model: AlignmentModel | None
) -> _Interval:
    """Return the usual range of a parameter and the ends of its domain, or a symbol's bounds."""
    for parameter in () if model is None else model.parameters.values():
        if parameter.symbol == symbol:
            low = float(parameter.usual.lower)
            high = low + 2 if parameter.usual.upper is None else float(parameter.usual.upper)
            top = parameter.domain.upper
            ends = float(parameter.domain.lower), high if top is None else float(top)
            return _Interval(low, high, ends)
    lower, upper = -2.0, 2.0
    for condition in conditions:
        if (
            isinstance(condition, Relational)
            and condition.lhs == symbol
            and condition.rhs.is_number
        ):
            if condition.rel_op in {">", ">="}:
                lower = float(condition.rhs)
            elif condition.rel_op in {"<", "<="}:
                upper = float(condition.rhs)
    return _Interval(lower, upper, (lower, upper))


def _column(rng: np.random.Generator, own: _Interval) -> npt.NDArray[np.float64]:
    """Draw numbers that are exact in binary: many at the ends, many that meet one another."""
    kind = rng.integers(0, 4, _CHUNK)
    fine = rng.integers(0, _STEPS + 1, _CHUNK)
    coarse = rng.integers(0, 5, _CHUNK) * (_STEPS // 4)
    inside = own.low + (own.high - own.low) * np.where(kind == 1, coarse, fine) / _STEPS
    return np.where(kind == 0, rng.choice(own.ends, _CHUNK), inside)


def _certain(formula: sp.Basic) -> sp.Basic:
    """Rewrite a formula so that NumPy finds it false wherever it has no meaning."""
    if isinstance(formula, sp.logic.boolalg.BooleanFunction):
        formula = formula.to_nnf()
    comparisons = formula.atoms(Relational)
    guarded = {
        comparison: sp.And(
            _lenient(comparison), *(sp.Ne(bottom, 0) for bottom in denominators(comparison))
        )
        for comparison in comparisons
        if denominators(comparison) and not comparison.has(sp.Piecewise)
    }
    return formula.xreplace(guarded).replace(
        lambda node: isinstance(node, (sp.Max, sp.Min)), lambda node: node.rewrite(sp.Piecewise)
    )


def _lenient(comparison: sp.Basic) -> sp.Basic:
    """Let rounding pass in an equation that divides."""
    if not isinstance(comparison, sp.Eq):
        return comparison
    left, right = comparison.args
    return sp.Abs(left - right) <= _ROUNDING * (1 + sp.Abs(left))


def _flags(values: Any) -> npt.NDArray[np.bool_]:
    return np.broadcast_to(np.asarray(values, dtype=bool), _CHUNK)


def _pinned(claim: sp.Basic) -> list[dict[sp.Symbol, sp.Rational]]:
    """Return the points that a claim names: conjunctions of equations with numbers."""
    return [
        {part.lhs: part.rhs for part in node.args}
        for node in sp.preorder_traversal(claim)
        if isinstance(node, sp.And)
        and all(
            isinstance(part, sp.Eq) and part.lhs.is_Symbol and part.rhs.is_Rational
            for part in node.args
        )
    ]
