"""Where formulas hold among many points, in floating point: a first look that decides nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanAtom, Equivalent, Implies, Not, Or, Xor
from sympy.printing.codeprinter import PrintMethodNotImplementedError

from .._typing import BoolArray, FloatArray
from .truth import denominators

__all__ = ["compiled"]

Judge: TypeAlias = Callable[[Sequence[FloatArray], int], list[BoolArray]]
Flags: TypeAlias = tuple[BoolArray, BoolArray]
"""Where a formula is true, and where it is false; where it has no meaning it is neither."""

_ROUNDING = 1e-9
"""Relative difference of numbers that may be equal but for rounding."""

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
}


def compiled(formulas: Sequence[sp.Basic], symbols: Sequence[sp.Symbol]) -> Judge | None:
    """Return a function that tells at which of many points formulas are true.

    Parameters
    ----------
    formulas : sequence of sympy Booleans
    symbols : sequence of Symbol

    Returns
    -------
    callable or None
        From an array of values for each symbol, and the number of points, it makes an array for
        each formula. None if a formula holds what NumPy cannot compute.

    Notes
    -----
    As for `truth`, a comparison has no meaning where something in it has none, and "and", "or"
    and "not" pass this on by Kleene's strong logic. Equations are met but for rounding.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> judge = compiled([1 / x > 2, sp.Not(1 / x > 2)], [x])
    >>> judge([np.array([0.25, 0.75, 0.0])], 3)
    [array([ True, False, False]), array([False,  True, False])]
    """
    comparisons = list(dict.fromkeys(c for formula in formulas for c in _comparisons(formula)))
    if any(comparison.has(Xor) for comparison in comparisons):
        return None  # within a Piecewise NumPy would be given each of 2^n cases
    sides = [_by_cases(side) for comparison in comparisons for side in comparison.args]
    # Branches of a Piecewise that are not taken need no meaning.
    divisors = [() if c.has(sp.Piecewise) else denominators(c) for c in comparisons]
    wanted = [*sides, *itertools.chain.from_iterable(divisors)]

    def judge(columns: Sequence[FloatArray], size: int) -> list[BoolArray]:
        with np.errstate(all="ignore"):
            values = iter(np.asarray(value, dtype=float) for value in evaluate(*columns))
            pairs = [(next(values), next(values)) for _ in comparisons]
            known = {}
            for comparison, pair, own in zip(comparisons, pairs, divisors, strict=True):
                true, false = _compare(comparison.rel_op, *pair, [next(values) for _ in own])
                known[comparison] = np.broadcast_to(true, size), np.broadcast_to(false, size)
        return [_flags(formula, known, size)[0] for formula in formulas]

    try:
        evaluate = sp.lambdify(list(symbols), wanted, "numpy", cse=True)
        judge([np.ones(2) for _ in symbols], 2)
    except (
        TypeError,
        ValueError,
        NameError,
        OverflowError,
        ZeroDivisionError,
        PrintMethodNotImplementedError,
    ):
        return None
    return judge


def _comparisons(formula: sp.Basic) -> Iterator[Relational]:
    if isinstance(formula, Relational):
        yield formula
    else:
        for part in formula.args:
            yield from _comparisons(part)


def _by_cases(expression: sp.Expr) -> sp.Expr:
    """Write minima and maxima as cases, which NumPy takes where some are numbers."""
    return expression.replace(
        lambda node: isinstance(node, (sp.Max, sp.Min)), lambda node: node.rewrite(sp.Piecewise)
    )


def _compare(sign: str, left: FloatArray, right: FloatArray, divisors: list[FloatArray]) -> Flags:
    difference = left - right
    meant = reduce(np.logical_and, (own != 0 for own in divisors), np.isfinite(difference))
    if sign in _COMPARE:
        holds = _COMPARE[sign](difference, 0)
    else:
        equal = np.abs(difference) <= _ROUNDING * (1 + np.abs(left))
        holds = equal if sign == "==" else ~equal
    return holds & meant, ~holds & meant


def _flags(formula: sp.Basic, known: dict[Relational, Flags], size: int) -> Flags:
    if isinstance(formula, Relational):
        return known[formula]
    if isinstance(formula, BooleanAtom):
        true = np.full(size, formula == sp.true)
        return true, ~true
    parts = [_flags(part, known, size) for part in formula.args]
    if isinstance(formula, Implies):
        return _any([parts[0][::-1], parts[1]])
    if isinstance(formula, ITE):
        return _all([_any([parts[0][::-1], parts[1]]), _any([parts[0], parts[2]])])
    if isinstance(formula, Not):
        return parts[0][::-1]
    if isinstance(formula, And):
        return _all(parts)
    if isinstance(formula, Or):
        return _any(parts)
    (all_true, some_false), (some_true, all_false) = _all(parts), _any(parts)
    if isinstance(formula, Equivalent):
        return all_true | all_false, some_true & some_false
    if isinstance(formula, Xor):
        odd = np.logical_xor.reduce([true for true, _ in parts])
        meant = np.logical_and.reduce([true | false for true, false in parts])
        return odd & meant, ~odd & meant
    raise TypeError(formula)


def _all(parts: Sequence[Flags]) -> Flags:
    true, false = zip(*parts, strict=True)
    return np.logical_and.reduce(true), np.logical_or.reduce(false)


def _any(parts: Sequence[Flags]) -> Flags:
    true, false = zip(*parts, strict=True)
    return np.logical_or.reduce(true), np.logical_and.reduce(false)
