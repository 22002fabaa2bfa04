"""Product beliefs about two opponents of whom one has two strategies, decided exactly.

Let ``t`` be the probability of the second strategy of the opponent who has two, and ``M(t)``
the matrix of a strategy's gains over its alternatives against the other opponent's strategies,
linear in ``t``. The beliefs ``q`` with ``M(t) q >= 0`` form a polytope. Its vertices and their
slacks are quotients of minors of ``M(t)`` (Cramer's rule), so that the polytope appears or
vanishes only at roots of minors. It is therefore empty for all ``t`` if it is empty at 0, at
1, at each root and at one point between neighboring roots.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

import numpy as np

from .._numeric import decimal_text, exact_number
from .._typing import ObjectArray
from .zero_sum import matrix_value

__all__ = ["MAX_MINORS", "belief_on_a_line"]

MAX_MINORS = 300
"""Largest number of minors whose roots are computed (a 5 x 5 matrix of gains has 251)."""

_TRIES = 12

Polynomial: TypeAlias = tuple[int, ...]  # coefficients, the constant first
Index: TypeAlias = tuple[int, ...]
Belief: TypeAlias = tuple[tuple[Fraction, ...], ...]


@dataclass(slots=True)
class _Root:
    """A root of an irreducible polynomial, between two rationals; these are equal if it is one."""

    polynomial: Polynomial
    low: Fraction
    high: Fraction

    def narrow(self) -> None:
        middle = (self.low + self.high) / 2
        if _value(self.polynomial, self.low) * _value(self.polynomial, middle) < 0:
            self.high = middle
        else:
            self.low = middle


def belief_on_a_line(
    gains: ObjectArray, uncertain: Sequence[int]
) -> tuple[Belief | None, str, bool]:
    """Decide whether a strategy is a best reply to a product belief.

    Parameters
    ----------
    gains : ndarray of int, shape (alternatives, n_1, ..., n_m)
        What the strategy earns more than each alternative; two of the n are above 1, and one
        of these is 2.
    uncertain : sequence of int
        These two opponents.

    Returns
    -------
    belief : tuple of tuples of Fraction or None
        A belief if there is a rational one.
    root : str
        Where an irrational belief is, if there are only such.
    decided : bool
        False if there were too many minors to tell.
    """
    binary = min(uncertain, key=lambda k: (gains.shape[k + 1], k))
    (other,) = (k for k in uncertain if k != binary)
    ends = np.moveaxis(gains, (binary + 1, 0, other + 1), (0, 1, 2)).reshape(
        2, gains.shape[0], gains.shape[other + 1]
    )
    height, width = ends.shape[1:]
    if math.comb(height + width, width) > MAX_MINORS:
        return None, "", False
    minors = _all_minors(ends)
    roots = _separated(
        [
            _Root((0, 1), Fraction(0), Fraction(0)),
            _Root((-1, 1), Fraction(1), Fraction(1)),
            *_roots(minors.values()),
        ]
    )
    points = [root.low for root in roots if root.low == root.high]
    points += [(a.high + b.low) / 2 for a, b in itertools.pairwise(roots)]
    for t in points:
        answer = matrix_value(_at(ends, t).T.tolist())
        if answer.value >= 0:
            return _belief(gains.shape[1:], binary, t, answer.row), "", True
    for root in roots:
        if root.low < root.high and _polytope_at(root, ends, minors):
            return None, _describe(root), True
    return None, "", True


def _all_minors(ends: ObjectArray) -> dict[tuple[Index, Index], Polynomial]:
    """Return the minor of each choice of rows and columns, by expansion along its first row."""
    height, width = ends.shape[1:]
    entry = {
        (j, s): (int(ends[0, j, s]), int(ends[1, j, s] - ends[0, j, s]))
        for j in range(height)
        for s in range(width)
    }
    minors: dict[tuple[Index, Index], Polynomial] = {((), ()): (1,)}
    for size in range(1, min(height, width) + 1):
        for rows in itertools.combinations(range(height), size):
            for columns in itertools.combinations(range(width), size):
                minors[rows, columns] = _sum(
                    _times(
                        _signed(entry[rows[0], s], k),
                        minors[rows[1:], columns[:k] + columns[k + 1 :]],
                    )
                    for k, s in enumerate(columns)
                )
    return minors


def _roots(polynomials: Iterable[Polynomial]) -> list[_Root]:
    """Return the different roots strictly between 0 and 1."""
    from sympy import Poly, Symbol

    t = Symbol("t")
    factors: set[Polynomial] = set()
    for polynomial in set(polynomials):
        if len(polynomial) > 1:
            _, found = Poly(polynomial[::-1], t).factor_list()
            factors |= {tuple(int(c) for c in factor.all_coeffs()[::-1]) for factor, _ in found}
    roots = []
    for factor in sorted(factors):
        if len(factor) == 2:
            value = Fraction(-factor[0], factor[1])
            if 0 < value < 1:
                roots.append(_Root(factor, value, value))
        else:
            for (low, high), _ in Poly(factor[::-1], t).intervals(inf=0, sup=1):
                roots.append(_Root(factor, exact_number(low), exact_number(high)))
    return roots


def _separated(roots: list[_Root]) -> list[_Root]:
    """Narrow the intervals of different roots until they are apart, and sort them."""
    while True:
        roots.sort(key=lambda root: (root.low, root.high))
        close = [(a, b) for a, b in itertools.pairwise(roots) if a.high >= b.low]
        if not close:
            return roots
        for root in {id(r): r for pair in close for r in pair}.values():
            if root.low < root.high:
                root.narrow()


def _polytope_at(
    root: _Root, ends: ObjectArray, minors: dict[tuple[Index, Index], Polynomial]
) -> bool:
    """Tell whether there is a belief at an irrational root."""
    for _ in range(_TRIES):
        # One mixture that does better at both ends of an interval does so inside.
        corners = np.concatenate([_at(ends, root.low), _at(ends, root.high)], axis=1)
        if matrix_value((-corners).tolist()).value > 0:
            return False
        for _ in range(4):
            root.narrow()
    height, width = ends.shape[1:]
    entry = {(j, s): minors[(j,), (s,)] for j in range(height) for s in range(width)}
    for size in range(min(height, width - 1) + 1):
        for rows in itertools.combinations(range(height), size):
            for columns in itertools.combinations(range(width), size + 1):
                weights = [
                    _signed(minors[rows, columns[:k] + columns[k + 1 :]], k)
                    for k in range(size + 1)
                ]
                signs = {_sign(weight, root) for weight in weights} - {0}
                if len(signs) != 1:
                    continue
                slacks = (
                    _sum(_times(entry[j, s], w) for s, w in zip(columns, weights, strict=True))
                    for j in range(height)
                )
                if all(_sign(slack, root) in {0, *signs} for slack in slacks):
                    return True
    return False


def _sign(polynomial: Polynomial, root: _Root) -> int:
    """Return the sign of a polynomial at an irrational root of an irreducible one."""
    if _divides(root.polynomial, polynomial):
        return 0
    while True:
        low, high = _range(polynomial, root.low, root.high)
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
        root.narrow()


def _range(polynomial: Polynomial, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds on an interval of positive numbers: powers grow with their base."""
    below = above = Fraction(0)
    for power, coefficient in enumerate(polynomial):
        first, second = coefficient * low**power, coefficient * high**power
        below += min(first, second)
        above += max(first, second)
    return below, above


def _divides(divisor: Polynomial, polynomial: Polynomial) -> bool:
    rest = [Fraction(c) for c in polynomial]
    while len(rest) >= len(divisor):
        factor = rest[-1] / divisor[-1]
        shift = len(rest) - len(divisor)
        for k, c in enumerate(divisor):
            rest[shift + k] -= factor * c
        rest.pop()
    return not any(rest)


def _at(ends: ObjectArray, t: Fraction) -> ObjectArray:
    """Return the gains at a rational point, times a positive factor."""
    table: ObjectArray = ends[0] * (t.denominator - t.numerator) + ends[1] * t.numerator
    return table


def _belief(
    sizes: Sequence[int], binary: int, t: Fraction, weights: tuple[Fraction, ...]
) -> Belief:
    certain = (Fraction(1),)
    return tuple(
        (1 - t, t) if k == binary else weights if n > 1 else certain for k, n in enumerate(sizes)
    )


def _describe(root: _Root) -> str:
    while root.high - root.low > Fraction(1, 10**6):
        root.narrow()
    terms = [
        f"{c}" if not power else f"{c} t" if power == 1 else f"{c} t^{power}"
        for power, c in enumerate(root.polynomial)
        if c
    ]
    polynomial = " + ".join(terms[::-1]).replace("+ -", "- ")
    return f"the root {decimal_text(root.low, 5)}... of {polynomial}"


def _value(polynomial: Polynomial, at: Fraction) -> Fraction:
    return reduce(lambda total, c: total * at + c, reversed(polynomial), Fraction(0))


def _signed(polynomial: Polynomial, power: int) -> Polynomial:
    return tuple(-c for c in polynomial) if power % 2 else polynomial


def _times(first: Polynomial, second: Polynomial) -> Polynomial:
    product = [0] * (len(first) + len(second) - 1)
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            product[i + j] += a * b
    return _trimmed(product)


def _sum(polynomials: Iterable[Polynomial]) -> Polynomial:
    total: list[int] = [0]
    for polynomial in polynomials:
        total += [0] * (len(polynomial) - len(total))
        for power, c in enumerate(polynomial):
            total[power] += c
    return _trimmed(total)


def _trimmed(coefficients: list[int]) -> Polynomial:
    size = len(coefficients)
    while size > 1 and not coefficients[size - 1]:
        size -= 1
    return tuple(coefficients[:size])
