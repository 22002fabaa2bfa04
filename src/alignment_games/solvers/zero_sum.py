"""Linear programs and matrix games in rational arithmetic, by the simplex method on integers.

For a large matrix game HiGHS proposes the supports of optimal strategies; these are then solved
for exactly, and believed if they prove each other optimal.

Every number of the tableau is an integer over one common denominator, the last pivot, so that
each division is without remainder [1]_. After many pivots that gain nothing, Bland's rule
takes over and rules out cycling [2]_.

.. [1] J. Edmonds (1967), Systems of distinct representatives and linear algebra, Journal of
   Research of the National Bureau of Standards 71B, 241-245.
.. [2] R. G. Bland (1977), New finite pivoting rules for the simplex method, Mathematics of
   Operations Research 2, 103-107, doi:10.1287/moor.2.2.103.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

Rational: TypeAlias = int | Fraction

_EXACT_ENTRIES = 400
"""Up to so many entries the simplex method in rational arithmetic is fast enough by itself."""

_POSITIVE = 1e-9

__all__ = ["MatrixValue", "Optimum", "Rational", "matrix_value", "maximize"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The solution of a linear program with its proof.

    Attributes
    ----------
    value : Fraction
        The optimum: of the program and of its dual.
    point, dual : tuple of Fraction
        Feasible for the program and for its dual.
    """

    value: Fraction
    point: tuple[Fraction, ...]
    dual: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixValue:
    """The value of a zero-sum game, with an optimal strategy of either player.

    Attributes
    ----------
    value : Fraction
        `row` earns at least as much against every column, and no row earns more against
        `column`.
    row, column : tuple of Fraction
    """

    value: Fraction
    row: tuple[Fraction, ...]
    column: tuple[Fraction, ...]


def matrix_value(payoffs: Sequence[Sequence[Rational]]) -> MatrixValue:
    """Solve a zero-sum game.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (rows, columns)
        What the column player pays to the row player.

    Returns
    -------
    MatrixValue

    Examples
    --------
    >>> answer = matrix_value([[Fraction(3), Fraction(-1)], [Fraction(-1), Fraction(1)]])
    >>> print(answer.value, answer.row[0], answer.column[0])
    1/3 1/3 1/3
    """
    scale = math.lcm(*{value.denominator for row in payoffs for value in row})
    table = [[value.numerator * (scale // value.denominator) for value in row] for row in payoffs]
    if len(table) * len(table[0]) > _EXACT_ENTRIES:
        proposed = _proposed(table, scale)
        if proposed is not None:
            return proposed
    lowest = min(min(row) for row in table)
    positive = [[value - lowest + 1 for value in row] for row in table]
    # With payoffs above zero: column weights of greatest sum that let no row earn more than 1.
    answer = maximize([1] * len(table[0]), positive, [1] * len(table))
    shifted = 1 / answer.value
    return MatrixValue(
        value=(shifted + lowest - 1) / scale,
        row=tuple(weight * shifted for weight in answer.dual),
        column=tuple(weight * shifted for weight in answer.point),
    )


def _proposed(table: list[list[int]], scale: int) -> MatrixValue | None:
    """Return the exact strategies on the supports that HiGHS finds, if they prove each other."""
    from scipy.optimize import linprog

    largest = max(abs(value) for row in table for value in row) or 1
    matrix = np.array([[value / largest for value in row] for row in table])
    height, width = matrix.shape
    answer = linprog(
        np.append(np.zeros(height), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((width, 1))]),
        b_ub=np.zeros(width),
        A_eq=np.append(np.ones(height), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * height + [(None, None)],
        method="highs",
    )
    if answer.status != 0:
        return None
    rows = np.flatnonzero(answer.x[:-1] > _POSITIVE).tolist()
    columns = np.flatnonzero(-answer.ineqlin.marginals > _POSITIVE).tolist()
    if len(rows) != len(columns):
        return None
    core = [[table[r][c] for c in columns] for r in rows]
    row = _equalizing(list(zip(*core, strict=True)), rows, height)
    column = _equalizing(core, columns, width)
    if row is None or column is None:
        return None
    (first, by_row), (second, by_column) = row, column
    secured = min(
        sum(w * v for w, v in zip(first, line, strict=True)) for line in zip(*table, strict=True)
    )
    conceded = max(sum(w * v for w, v in zip(second, line, strict=True)) for line in table)
    value = Fraction(secured, by_row)
    if value != Fraction(conceded, by_column):
        return None
    return MatrixValue(
        value=value / scale,
        row=tuple(Fraction(w, by_row) for w in first),
        column=tuple(Fraction(w, by_column) for w in second),
    )


def _equalizing(
    core: Sequence[Sequence[int]], support: list[int], size: int
) -> tuple[list[int], int] | None:
    """Return weights on a support, and their sum, that make all rows of a core equally good."""
    height = len(core)
    rows = [[a - b for a, b in zip(row, core[0], strict=True)] + [0] for row in core[1:]]
    rows.append([1] * (height + 1))
    previous = 1
    for k in range(height):
        pivot = next((r for r in range(k, height) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        lead = rows[k]
        for r in range(height):
            if r != k:
                factor = rows[r][k]
                rows[r] = [
                    (lead[k] * a - factor * b) // previous
                    for a, b in zip(rows[r], lead, strict=True)
                ]
        previous = lead[k]
    sign = 1 if previous > 0 else -1
    weights = [0] * size
    for place, row in zip(support, rows, strict=True):
        weights[place] = sign * row[-1]
    return (weights, abs(previous)) if min(weights) >= 0 else None


def maximize(
    objective: Sequence[int], rows: Sequence[Sequence[int]], bounds: Sequence[int]
) -> Optimum:
    """Maximize ``objective @ x`` over ``x >= 0`` with ``rows @ x <= bounds``.

    Parameters
    ----------
    objective : sequence of int, shape (n,)
    rows : sequence of sequences of int, shape (m, n)
    bounds : sequence of int, shape (m,)
        Not negative, so that zero is feasible.

    Returns
    -------
    Optimum

    Raises
    ------
    ValueError
        If the objective is unbounded.

    Examples
    --------
    >>> maximize([3, 2], [[1, 1], [2, 1]], [4, 5]).point
    (Fraction(1, 1), Fraction(3, 1))
    """
    size, height = len(objective), len(rows)
    tableau = [[*row, bound] for row, bound in zip(rows, bounds, strict=True)]
    tableau.append([-value for value in objective] + [0])
    columns = list(range(size))  # variables outside the basis: x, then one slack a row
    basis = list(range(size, size + height))
    denominator = 1
    idle = 0
    while True:
        costs = tableau[-1]
        gainful = [s for s in range(size) if costs[s] < 0]
        if not gainful:
            break
        if idle <= size + height:
            entering = min(gainful, key=lambda s: costs[s])
        else:
            entering = min(gainful, key=lambda s: columns[s])
        leaving = _leaving_row(tableau, basis, entering)
        idle = 0 if tableau[leaving][-1] else idle + 1
        tableau, denominator = _pivot(tableau, leaving, entering, denominator)
        basis[leaving], columns[entering] = columns[entering], basis[leaving]
    found = dict.fromkeys(range(size + height), Fraction(0))
    for row, variable in enumerate(basis):
        found[variable] = Fraction(tableau[row][-1], denominator)
    prices = dict.fromkeys(range(size + height), Fraction(0))
    for s, variable in enumerate(columns):
        prices[variable] = Fraction(tableau[-1][s], denominator)
    return Optimum(
        value=Fraction(tableau[-1][-1], denominator),
        point=tuple(found[k] for k in range(size)),
        dual=tuple(prices[k] for k in range(size, size + height)),
    )


def _leaving_row(tableau: list[list[int]], basis: list[int], entering: int) -> int:
    """Return the row of the smallest ratio; among equal ones that of the first variable."""
    best = -1
    for row in range(len(basis)):
        step = tableau[row][entering]
        if step <= 0:
            continue
        if best >= 0:
            difference = tableau[row][-1] * tableau[best][entering] - tableau[best][-1] * step
            if difference > 0 or (difference == 0 and basis[row] > basis[best]):
                continue
        best = row
    if best < 0:
        msg = "the linear program is unbounded"
        raise ValueError(msg)
    return best


def _pivot(
    tableau: list[list[int]], row: int, column: int, denominator: int
) -> tuple[list[list[int]], int]:
    """Exchange the variables of a row and a column; return the tableau and its denominator."""
    pivot_row = tableau[row]
    pivot = pivot_row[column]
    changed = []
    for k, values in enumerate(tableau):
        if k == row:
            new = pivot_row[:]
            new[column] = denominator
        else:
            factor = values[column]
            if factor:
                new = [
                    (pivot * a - factor * b) // denominator
                    for a, b in zip(values, pivot_row, strict=True)
                ]
            else:
                new = [pivot * a // denominator for a in values]
            new[column] = -factor
        changed.append(new)
    return changed, pivot
