"""Tables of integers that are pivoted without fractions, in numbers of 64 or of 128 bits.

`alignment_games.solvers.polytope.Tableau` is the readable definition. Here tables are condensed:
one column a nonbasic variable, and the constants. Their first axis holds the words of each number,
one or two, the lower one first.

A pivot divides exactly by the last one. The quotient is taken modulo 2^64 (or 2^128), by the
inverse of the divisor's odd part, so that no product needs more words; it is right because
floating-point numbers, whose error is bounded, have shown it to be small.
"""

from __future__ import annotations

import numpy as np

from ..._typing import IntArray
from . import compiled
from .wide import difference_of_products, inverse_of_odd, negative, product, shifted, sign, to_float

__all__ = ["leaving_row", "pivot"]

_ROOM = 2.0**62
_WIDE_ROOM = 2.0**126
"""Entries of one and of two words stay below these in size."""
_BLUR = 2.0**-48
"""Bound, generous, on the relative error of a product of two entries rounded to floats."""


@compiled
def pivot(table: IntArray, leaving: int, entering: int, scale: IntArray, target: IntArray) -> bool:
    """Fill `target` with the table after a pivot; False if a number might need more words.

    Parameters
    ----------
    table, target : ndarray of int64, shape (words, n, m + 1)
    leaving, entering : int
        The row and the column of the pivot, which is positive.
    scale : ndarray of int64, shape (words,)
        The pivot before this one, or 1.
    """
    if table.shape[0] == 1:
        return _pivot(table[0], leaving, entering, scale[0], target[0])
    return _wide_pivot(table, leaving, entering, scale, target)


@compiled
def _pivot(table: IntArray, leaving: int, entering: int, scale: int, target: IntArray) -> bool:
    n, width = table.shape
    head = table[leaving, entering]
    shift = 0
    odd = scale
    while odd & 1 == 0:
        odd >>= 1
        shift += 1
    inverse = odd  # right in the last three bits, which Newton's iteration doubles
    for _ in range(5):
        inverse *= 2 - odd * inverse
    # 2^shift times the quotient must fit, or its upper bits are lost.
    largest = _ROOM / 2.0**shift * scale
    chosen = table[leaving]
    for i in range(n):
        if i == leaving:
            continue
        factor = table[i, entering]
        if factor == 0 and head == scale:
            target[i] = table[i]
            continue
        for j in range(width):
            if j == entering:
                continue
            first = float(head) * float(table[i, j])
            second = float(factor) * float(chosen[j])
            if not abs(first - second) + _BLUR * (abs(first) + abs(second)) < largest:
                return False
            target[i, j] = ((head * table[i, j] - factor * chosen[j]) * inverse) >> shift
        target[i, entering] = -factor
    target[leaving] = chosen
    target[leaving, entering] = scale
    return True


@compiled
def _wide_pivot(
    table: IntArray, leaving: int, entering: int, scale: IntArray, target: IntArray
) -> bool:
    n, width = table.shape[1:]
    h1, h0 = np.uint64(table[1, leaving, entering]), np.uint64(table[0, leaving, entering])
    head = to_float(h1, h0)
    s1, s0 = np.uint64(scale[1]), np.uint64(scale[0])
    same = h1 == s1 and h0 == s0
    largest = _WIDE_ROOM * to_float(s1, s0)
    shift = 0
    while s0 & np.uint64(1) == np.uint64(0):
        s1, s0 = shifted(s1, s0, 1)
        shift += 1
    largest /= 2.0**shift
    v1, v0 = inverse_of_odd(s1, s0)
    for i in range(n):
        if i == leaving:
            continue
        f1, f0 = np.uint64(table[1, i, entering]), np.uint64(table[0, i, entering])
        factor = to_float(f1, f0)
        if factor == 0.0 and same:
            target[:, i] = table[:, i]
            continue
        for j in range(width):
            if j == entering:
                continue
            a1, a0 = np.uint64(table[1, i, j]), np.uint64(table[0, i, j])
            b1, b0 = np.uint64(table[1, leaving, j]), np.uint64(table[0, leaving, j])
            first = head * to_float(a1, a0)
            second = factor * to_float(b1, b0)
            if not abs(first - second) + _BLUR * (abs(first) + abs(second)) < largest:
                return False
            q1, q0 = difference_of_products(h1, h0, a1, a0, f1, f0, b1, b0)
            q1, q0 = product(q1, q0, v1, v0)
            q1, q0 = shifted(q1, q0, shift)
            target[1, i, j], target[0, i, j] = np.int64(q1), np.int64(q0)
        q1, q0 = negative(f1, f0)
        target[1, i, entering], target[0, i, entering] = np.int64(q1), np.int64(q0)
    target[:, leaving] = table[:, leaving]
    target[:, leaving, entering] = scale
    return True


@compiled
def _positive(table: IntArray, row: int, column: int) -> bool:
    if table.shape[0] == 1:
        return bool(table[0, row, column] > 0)
    upper = table[1, row, column]
    return bool(upper > 0 or (upper == 0 and table[0, row, column] != 0))


@compiled
def _compare(table: IntArray, row: int, other: int, column: int, entering: int) -> int:
    """Compare a column's ratios to the entering one in two rows: a sign, or 2 if it is open."""
    if table.shape[0] == 1:
        a, b = table[0, row, column], table[0, other, entering]
        c, d = table[0, other, column], table[0, row, entering]
        first = float(a) * float(b)
        second = float(c) * float(d)
        room = _ROOM
    else:
        a1, a0 = np.uint64(table[1, row, column]), np.uint64(table[0, row, column])
        b1, b0 = np.uint64(table[1, other, entering]), np.uint64(table[0, other, entering])
        c1, c0 = np.uint64(table[1, other, column]), np.uint64(table[0, other, column])
        d1, d0 = np.uint64(table[1, row, entering]), np.uint64(table[0, row, entering])
        first = to_float(a1, a0) * to_float(b1, b0)
        second = to_float(c1, c0) * to_float(d1, d0)
        room = _WIDE_ROOM
    blur = _BLUR * (abs(first) + abs(second))
    if first - second > blur:
        return 1
    if second - first > blur:
        return -1
    if not blur < room:
        return 2
    # So close that the difference is right although the products may wrap around.
    if table.shape[0] == 1:
        difference = a * b - c * d
        return 1 if difference > 0 else (-1 if difference < 0 else 0)
    e1, e0 = difference_of_products(a1, a0, b1, b0, c1, c0, d1, d0)
    return sign(e1, e0)


@compiled
def leaving_row(table: IntArray, entering: int, place: IntArray) -> int:
    """Return the row of the lexicographic minimum ratio, or -1 if it is open.

    `place` is where each variable stands: its row if it is basic, or n plus its column. The column
    of a basic variable is a positive multiple of a unit vector.
    """
    n, width = table.shape[1:]
    m = width - 1
    best = -1
    for i in range(n):
        if not _positive(table, i, entering):
            continue
        if best < 0:
            best = i
            continue
        order = _compare(table, i, best, m, entering)
        slack = m
        while order == 0 and slack < m + n:
            where = place[slack]
            if where >= n:
                order = _compare(table, i, best, where - n, entering)
            elif where == i:
                order = 1
            elif where == best:
                order = -1
            slack += 1
        if order == 2:
            return -1
        if order < 0:
            best = i
    return best
