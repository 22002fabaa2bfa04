"""Extreme equilibria of a two-player game with ties, and which a perturbation leaves.

Both best-reply polytopes are enumerated lexicographically, by compiled loops where all numbers fit
64 or 128 bits, otherwise by the readable definition in `alignment_games.solvers.polytope`. Either
finds the same bases in the same order.
"""

from __future__ import annotations

import functools
import math
from types import ModuleType
from typing import NamedTuple

import numpy as np

from .._typing import IntArray, MaskArray
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .polytope import (
    REMEDY,
    IntMatrix,
    Vertex,
    best_reply_matrices,
    extreme_pairs,
    lexicographic_bases,
    vertex_of,
)

__all__ = [
    "Extremes",
    "all_extremes",
    "compiled_extremes",
    "extremes_in_integers",
    "reduced_matrices",
]

MAX_BASES = 500_000
"""Largest number of bases of a polytope that are walked over in compiled loops."""

_MAX_PAIRS = 100_000
_MAX_ENTRIES = 60_000_000
_MAX_LABELS = 62
_ROOM = 2**62


class Extremes(NamedTuple):
    """The extreme equilibria of a game.

    Attributes
    ----------
    pairs : list of pairs of Vertex
        The row and the column player's strategies; pure equilibria first.
    perturbed : list of pairs of int and Vertex
        The equilibria of the perturbed game: the row polytope's nonbasic variables as bits, and
        the row player's strategy without the perturbation.
    """

    pairs: list[tuple[Vertex, Vertex]]
    perturbed: list[tuple[int, Vertex]]


def reduced_matrices(game: NormalFormGame) -> tuple[list[list[int]], list[list[int]]]:
    """Return each player's payoffs by (own strategy, opponent's), as small positive integers."""
    first, second = (_reduced(matrix) for matrix in best_reply_matrices(game))
    return first, second


def _reduced(matrix: list[list[int]]) -> list[list[int]]:
    divisor = math.gcd(*{value - 1 for row in matrix for value in row})
    if divisor < 2:
        return matrix
    return [[(value - 1) // divisor + 1 for value in row] for row in matrix]


def all_extremes(own: IntMatrix, other: IntMatrix, *, compiled: bool) -> Extremes:
    """Find all extreme equilibria, by compiled loops if these are wanted and all numbers fit."""
    found = compiled_extremes(own, other) if compiled else None
    return extremes_in_integers(own, other) if found is None else found


def extremes_in_integers(own: IntMatrix, other: IntMatrix) -> Extremes:
    """Find all extreme equilibria by the readable definition, in integers of any size.

    Parameters
    ----------
    own, other : sequence of sequences of int, shapes (m, n) and (n, m)
        The row and the column player's payoffs by (own strategy, opponent's), positive.

    Raises
    ------
    WorkLimitError
        If the polytopes have too many bases, or there are more than 100,000 pairs.
    """
    m, n = len(own), len(other)
    rows: dict[int, Vertex] = {}
    columns: dict[int, Vertex] = {}
    for basis in lexicographic_bases(other):
        vertex = vertex_of(basis, m)
        if vertex is not None:
            rows[basis.labels] = vertex
    for basis in lexicographic_bases(own):
        vertex = vertex_of(basis, n)
        if vertex is not None:
            columns[(basis.labels & (1 << n) - 1) << m | basis.labels >> n] = vertex
    everything = (1 << (m + n)) - 1
    pairs = extreme_pairs(list(dict.fromkeys(rows.values())), list(dict.fromkeys(columns.values())))
    _check_number(len(pairs), m, n)
    return Extremes(
        _sorted(pairs, m, n),
        [(labels, x) for labels, x in rows.items() if everything ^ labels in columns],
    )


@functools.cache
def _loops() -> ModuleType:
    from ._kernels import polytope

    return polytope


def compiled_extremes(
    own: IntMatrix, other: IntMatrix, *, max_bases: int = MAX_BASES
) -> Extremes | None:
    """Find all extreme equilibria as `extremes_in_integers` does, in compiled loops.

    Returns
    -------
    Extremes or None
        None if a number may leave 128 bits.

    Raises
    ------
    WorkLimitError
        If a polytope has more than `max_bases` bases, or too many to keep, or there are more
        than 100,000 pairs.
    """
    m, n = len(own), len(other)
    if m + n > _MAX_LABELS or max(max(row) for matrix in (own, other) for row in matrix) >= _ROOM:
        return None
    loops = _loops()
    walks = []
    for matrix in (other, own):
        table = np.array(matrix, dtype=np.int64)
        code = loops.TOO_LONG
        for words in (1, 2):
            if code == loops.TOO_LONG:
                code, *walk = loops.walk(table, words, max_bases, _MAX_ENTRIES)
        if code == loops.TOO_LARGE:
            msg = (
                f"all equilibria of this {m} x {n} game, which has ties, need more than "
                f"{max_bases} vertices or {_MAX_ENTRIES} numbers in memory, the limits. {REMEDY}"
            )
            raise WorkLimitError(msg)
        if code == loops.TOO_LONG:
            return None
        walks.append(walk)
    (x_labels, x_vertex, x_tight, x_weights), (y_labels, _, y_tight, y_weights) = walks
    everything = np.uint64((1 << (m + n)) - 1)
    # The vertex 0 comes first in both walks, and is the other one's only partner.
    found = loops.complementary(x_tight[1:], _swapped(y_tight[1:], m, n), everything, _MAX_PAIRS)
    _check_number(len(found), m, n)
    pairs = (1 + _in_order_of_replies(found, y_tight[1:] >> np.uint64(n))).tolist()
    x_of = _vertices(list({p for p, _ in pairs}), m, x_tight, x_weights)
    y_of = _vertices(list({q for _, q in pairs}), n, y_tight, y_weights)
    partners = set(_swapped(y_labels[1:], m, n).tolist())
    matched = [k for k, labels in enumerate((everything ^ x_labels).tolist()) if labels in partners]
    return Extremes(
        _sorted([(x_of[p], y_of[q]) for p, q in pairs], m, n),
        [(int(x_labels[k]), x_of[int(x_vertex[k])]) for k in matched],
    )


def _check_number(pairs: int, m: int, n: int) -> None:
    if pairs > _MAX_PAIRS:
        msg = (
            f"the {m} x {n} game has more than {_MAX_PAIRS} extreme equilibria, the limit. {REMEDY}"
        )
        raise WorkLimitError(msg)


def _swapped(masks: MaskArray, m: int, n: int) -> MaskArray:
    """Renumber the column polytope's variables as those of the row polytope."""
    low = np.uint64((1 << n) - 1)
    return (masks & low) << np.uint64(m) | masks >> np.uint64(n)


def _in_order_of_replies(found: IntArray, replies: MaskArray) -> IntArray:
    """Sort a row vertex's pairs as `extreme_pairs` does: by when the replies were first met."""
    _, first, group = np.unique(replies, return_index=True, return_inverse=True)
    return found[np.lexsort((found[:, 1], first[group][found[:, 1]], found[:, 0]))]


def _vertices(chosen: list[int], m: int, tight: MaskArray, weights: IntArray) -> dict[int, Vertex]:
    """Return the chosen vertices of the polytope of a player with m strategies."""
    own = weights[chosen, :m]
    if weights.shape[1] > m:  # numbers of two words
        own = weights[chosen, m:].astype(object) * 2**64 + own.astype(np.uint64).astype(object)
    own //= np.gcd.reduce(own, axis=1)[:, None]
    everything = (1 << m) - 1
    return {
        number: Vertex(weights=tuple(row), support=everything & ~zeros, replies=zeros >> m)
        for number, row, zeros in zip(chosen, own.tolist(), tight[chosen].tolist(), strict=True)
    }


def _sorted(pairs: list[tuple[Vertex, Vertex]], m: int, n: int) -> list[tuple[Vertex, Vertex]]:
    """Sort pure equilibria first, then by the strategies in use, as `regular.order` does."""
    row = {support: _unused(support, m) for support in {x.support for x, _ in pairs}}
    column = {support: _unused(support, n) for support in {y.support for _, y in pairs}}

    def order(pair: tuple[Vertex, Vertex]) -> tuple[int, int, int]:
        x, y = pair[0].support, pair[1].support
        return x.bit_count() + y.bit_count(), row[x], column[y]

    return sorted(pairs, key=order)


def _unused(support: int, size: int) -> int:
    """Return the strategies not in use as the digits of a number, the first one leading."""
    return sum(1 << (size - 1 - k) for k in range(size) if not support >> k & 1)
