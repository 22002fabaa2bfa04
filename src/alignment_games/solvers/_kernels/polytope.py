"""The lexicographic walk over a best-reply polytope, and the pairs of its vertices.

`alignment_games.solvers.polytope` holds the readable definition; here the same bases come in
the same order, or none at all if a number might need more words than asked for.
"""

from __future__ import annotations

import numpy as np

from ..._typing import IntArray, MaskArray
from . import compiled
from .bimatrix import grow_ints, slot_of
from .tableau import leaving_row, pivot

__all__ = ["DONE", "TOO_LARGE", "TOO_LONG", "complementary", "walk"]

DONE = 0
TOO_LONG = -1
"""Numbers could need more words than asked for."""
TOO_LARGE = -2
"""There are more bases, or entries of tables, than asked for."""


@compiled
def _grow_masks(values: MaskArray, size: int) -> MaskArray:
    bigger = np.zeros(size, np.uint64)
    bigger[: values.size] = values
    return bigger


@compiled
def _grow_tables(tables: IntArray, size: int) -> IntArray:
    bigger = np.empty((size, *tables.shape[1:]), np.int64)
    bigger[: tables.shape[0]] = tables
    return bigger


@compiled
def _rehashed(keys: MaskArray) -> MaskArray:
    bigger = np.zeros(4 * keys.size, np.uint64)
    for p in range(keys.size):
        if keys[p] != np.uint64(0):
            bigger[slot_of(bigger, keys[p])] = keys[p]
    return bigger


@compiled
def walk(
    matrix: IntArray, words: int, most: int, entries: int
) -> tuple[int, MaskArray, IntArray, MaskArray, IntArray]:
    """Find all bases of {x >= 0, matrix x <= 1} that stay feasible if perturbed.

    Parameters
    ----------
    matrix : ndarray of int64, shape (n, m)
        Positive entries, below 2^62; m + n is at most 62.
    words : int
        How many words of 64 bits a number has, 1 or 2.
    most : int
        Largest number of bases.
    entries : int
        Largest number of table entries to keep.

    Returns
    -------
    code : int
        ``DONE``, ``TOO_LONG`` or ``TOO_LARGE``.
    labels : ndarray of uint64, shape (bases,)
        Nonbasic variables as bits, of the vertex 0 first.
    vertex : ndarray of int64, shape (bases,)
        The number of each basis's vertex.
    tight : ndarray of uint64, shape (vertices,)
        Variables that are 0, as bits.
    weights : ndarray of int64, shape (vertices, words * m)
        A positive multiple of each vertex: the lower words of all numbers, then the upper ones.
    """
    n, m = matrix.shape
    one = np.uint64(1)
    nothing = np.uint64(0)
    tables = np.zeros((64, words, n, m + 1), np.int64)
    names = np.zeros((64, n + m + words), np.int64)  # basic variables, nonbasic ones, the scale
    for j in range(n):
        tables[0, 0, j, :m] = matrix[j]
        tables[0, 0, j, m] = 1
        names[0, j] = m + j
    for i in range(m):
        names[0, n + i] = i
    names[0, n + m] = 1
    keys = np.zeros(256, np.uint64)
    start = (one << np.uint64(m)) - one
    keys[slot_of(keys, start)] = start
    waiting = 1
    met = 1
    labels = np.zeros(64, np.uint64)
    vertex = np.empty((64, 1), np.int64)
    bases = 0
    tight = np.zeros(64, np.uint64)
    weights = np.empty((64, words * m), np.int64)
    vertices = 0
    places = np.zeros(256, np.uint64)  # an open hash table of vertices, and their numbers
    numbers = np.zeros(256, np.int64)
    table = np.empty((words, n, m + 1), np.int64)
    scale = np.empty(words, np.int64)
    name = np.empty(n + m, np.int64)
    place = np.empty(n + m, np.int64)
    while waiting > 0:
        waiting -= 1
        table[:] = tables[waiting]
        name[:] = names[waiting, : n + m]
        scale[:] = names[waiting, n + m :]
        mask = nothing
        zero = nothing
        for p in range(n + m):
            place[name[p]] = p
            if p >= n:
                mask |= one << np.uint64(name[p])
            elif table[0, p, m] == 0 and table[words - 1, p, m] == 0:
                zero |= one << np.uint64(name[p])
        zero |= mask
        if bases == labels.size:
            labels = _grow_masks(labels, 2 * bases)
            vertex = grow_ints(vertex, 2 * bases)
        where = slot_of(places, zero)
        if places[where] == nothing:
            if vertices == tight.size:
                tight = _grow_masks(tight, 2 * vertices)
                weights = grow_ints(weights, 2 * vertices)
            tight[vertices] = zero
            for word in range(words):
                for i in range(m):
                    weights[vertices, word * m + i] = (
                        table[word, place[i], m] if place[i] < n else 0
                    )
            places[where] = zero
            numbers[where] = vertices
            vertices += 1
            if 2 * vertices > places.size:
                places = np.zeros(4 * places.size, np.uint64)
                numbers = np.zeros(places.size, np.int64)
                for k in range(vertices):
                    again = slot_of(places, tight[k])
                    places[again] = tight[k]
                    numbers[again] = k
            vertex[bases, 0] = vertices - 1
        else:
            vertex[bases, 0] = numbers[where]
        labels[bases] = mask
        bases += 1
        for variable in range(m + n):
            entering = place[variable] - n
            if entering < 0:
                continue
            leaving = leaving_row(table, entering, place)
            if leaving < 0:
                return -1, labels[:0], vertex[:0, 0], tight[:0], weights[:0]
            key = mask ^ (one << np.uint64(variable)) ^ (one << np.uint64(name[leaving]))
            slot = slot_of(keys, key)
            if keys[slot] == key:
                continue
            if met >= most:
                return -2, labels[:0], vertex[:0, 0], tight[:0], weights[:0]
            keys[slot] = key
            met += 1
            if 2 * met > keys.size:
                keys = _rehashed(keys)
            if waiting == tables.shape[0]:
                if 2 * tables.size > entries:
                    return -2, labels[:0], vertex[:0, 0], tight[:0], weights[:0]
                tables = _grow_tables(tables, 2 * waiting)
                names = grow_ints(names, 2 * waiting)
            if not pivot(table, leaving, entering, scale, tables[waiting]):
                return -1, labels[:0], vertex[:0, 0], tight[:0], weights[:0]
            names[waiting, : n + m] = name
            names[waiting, leaving] = variable
            names[waiting, n + entering] = name[leaving]
            names[waiting, n + m :] = table[:, leaving, entering]
            waiting += 1
    return 0, labels[:bases], vertex[:bases, 0], tight[:vertices], weights[:vertices]


@compiled
def complementary(
    first: MaskArray, second: MaskArray, everything: np.uint64, most: int
) -> IntArray:
    """Return the pairs of masks that together hold `everything`, in the order of both.

    Soon after the first `most` pairs the search ends.
    """
    count = 0
    found = np.empty((64, 2), np.int64)
    for p in range(first.size):
        if count > most:
            break
        here = 0
        for q in range(second.size):
            here += (first[p] | second[q]) == everything
        if here == 0:
            continue
        while count + here > found.shape[0]:
            found = grow_ints(found, 2 * found.shape[0])
        for q in range(second.size):
            if (first[p] | second[q]) == everything:
                found[count, 0] = p
                found[count, 1] = q
                count += 1
    return found[:count]
