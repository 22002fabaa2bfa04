"""Real algebraic numbers, and linear algebra over the fields that they generate.

An element of such a field is a polynomial in the number, of lower degree than its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .._numeric import exact_number

__all__ = [
    "RealNumber",
    "combination",
    "determinant_sign",
    "dot",
    "minimal_polynomial",
    "rank",
    "solve_linear",
    "sorted_numbers",
]


class RealNumber:
    """A real algebraic number: the root of an irreducible polynomial in an interval."""

    def __init__(self, poly: Any, low: Fraction, high: Fraction) -> None:
        self.poly = poly
        self.coefficients = [exact_number(c) for c in poly.all_coeffs()]
        self.rational: Fraction | None = None
        self.low, self.high = low, high
        if poly.degree() == 1:
            self.rational = -self.coefficients[1] / self.coefficients[0]
            self.low = self.high = self.rational
        else:
            self.rising = _horner(self.coefficients, high) > 0

    def halve(self) -> None:
        """Halve the interval."""
        middle = (self.low + self.high) / 2
        if (_horner(self.coefficients, middle) > 0) == self.rising:
            self.high = middle
        else:
            self.low = middle

    def reduce(self, poly: Any) -> Any:
        """Return the polynomial of least degree with the same value here."""
        return poly.rem(self.poly)

    def sign(self, poly: Any) -> int:
        """Return the sign of a polynomial here."""
        rest = self.reduce(poly)
        if rest.is_zero:
            return 0
        coefficients = [exact_number(c) for c in rest.all_coeffs()]
        while True:
            low, high = _interval(coefficients, self.low, self.high)
            if low > 0:
                return 1
            if high < 0:
                return -1
            self.halve()

    def value(self, poly: Any) -> Fraction | float:
        """Return the value of a polynomial here, exact if rational, else correctly rounded."""
        rest = self.reduce(poly)
        coefficients = [exact_number(c) for c in rest.all_coeffs()]
        if len(coefficients) == 1:
            return coefficients[0]
        while True:
            low, high = _interval(coefficients, self.low, self.high)
            if float(low) == float(high):
                return float(low)
            self.halve()


def sorted_numbers(numbers: list[RealNumber]) -> list[RealNumber]:
    """Sort numbers that are pairwise different, until their intervals are apart."""
    while True:
        ordered = sorted(numbers, key=lambda number: (number.low, number.high))
        clashes = [(a, b) for a, b in itertools.pairwise(ordered) if a.high >= b.low]
        if not clashes:
            return ordered
        for pair in clashes:
            for number in pair:
                if number.rational is None:
                    number.halve()


def determinant_sign(matrix: list[list[Any]], number: RealNumber) -> int:
    """Return the sign of a determinant, by elimination in the field of the number."""
    sign = 1
    for k in range(len(matrix)):
        pivot = next((r for r in range(k, len(matrix)) if not matrix[r][k].is_zero), None)
        if pivot is None:
            return 0
        if pivot != k:
            matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
            sign = -sign
        sign *= number.sign(matrix[k][k])
        inverse = matrix[k][k].invert(number.poly)
        for r in range(k + 1, len(matrix)):
            factor = number.reduce(matrix[r][k] * inverse)
            matrix[r] = [
                number.reduce(a - number.reduce(factor * b))
                for a, b in zip(matrix[r], matrix[k], strict=True)
            ]
    return sign


def solve_linear(rows: list[list[Any]], number: RealNumber, unknowns: int) -> list[Any] | None:
    """Solve linear equations over the number's field; None unless one solution exists."""
    table = [row[:] for row in rows]
    for k in range(unknowns):
        pivot = next((r for r in range(k, len(table)) if not table[r][k].is_zero), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        inverse = table[k][k].invert(number.poly)
        table[k] = [number.reduce(c * inverse) for c in table[k]]
        for r in range(len(table)):
            if r != k and not table[r][k].is_zero:
                factor = table[r][k]
                table[r] = [
                    number.reduce(a - factor * b) for a, b in zip(table[r], table[k], strict=True)
                ]
    if any(not row[-1].is_zero for row in table[unknowns:]):
        return None
    return [-table[k][-1] for k in range(unknowns)]


def rank(rows: list[list[Any]], number: RealNumber) -> int:
    """Return the rank of a matrix over the field of the number."""
    table = [row[:] for row in rows]
    rank = 0
    for column in range(len(table[0]) if table else 0):
        pivot = next((r for r in range(rank, len(table)) if not table[r][column].is_zero), None)
        if pivot is None:
            continue
        table[rank], table[pivot] = table[pivot], table[rank]
        inverse = table[rank][column].invert(number.poly)
        for r in range(rank + 1, len(table)):
            factor = number.reduce(table[r][column] * inverse)
            table[r] = [
                number.reduce(a - factor * b) for a, b in zip(table[r], table[rank], strict=True)
            ]
        rank += 1
    return rank


def dot(row: Sequence[Any], vector: Sequence[Any]) -> Any:
    """Return the sum of products."""
    total = row[0] * vector[0]
    for a, b in zip(row[1:], vector[1:], strict=True):
        total += a * b
    return total


def minimal_polynomial(matrix: list[list[Fraction]]) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Return the minimal polynomial of a matrix at the first unit vector, and its powers there.

    Coefficients come from the highest degree down; powers are the vectors M^k e.
    """
    size = len(matrix)
    vector = [Fraction(int(k == 0)) for k in range(size)]
    powers: list[list[Fraction]] = []
    while True:
        weights = combination(powers, vector)
        if weights is not None:
            return [Fraction(1), *(-w for w in reversed(weights))], powers
        powers.append(vector)
        vector = [
            sum((a * b for a, b in zip(line, vector, strict=True) if a and b), Fraction(0))
            for line in matrix
        ]


def combination(columns: list[list[Fraction]], target: list[Fraction]) -> list[Fraction] | None:
    """Write `target` as a combination of independent columns, or return None."""
    width = len(columns)
    table = [[*(c[r] for c in columns), value] for r, value in enumerate(target)]
    for k in range(width):
        pivot = next(r for r in range(k, len(table)) if table[r][k])
        table[k], table[pivot] = table[pivot], table[k]
        for r in range(len(table)):
            if r != k and table[r][k]:
                factor = table[r][k] / table[k][k]
                table[r] = [a - factor * b for a, b in zip(table[r], table[k], strict=True)]
    if any(row[-1] for row in table[width:]):
        return None
    return [table[k][-1] / table[k][k] for k in range(width)]


def _horner(coefficients: Sequence[Fraction], at: Fraction) -> Fraction:
    total = Fraction(0)
    for c in coefficients:
        total = total * at + c
    return total


def _interval(
    coefficients: Sequence[Fraction], low: Fraction, high: Fraction
) -> tuple[Fraction, Fraction]:
    """Return bounds of a polynomial on an interval."""
    least = most = Fraction(0)
    for c in coefficients:
        corners = (least * low, least * high, most * low, most * high)
        least, most = min(corners) + c, max(corners) + c
    return least, most
