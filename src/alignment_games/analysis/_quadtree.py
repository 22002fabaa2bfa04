"""A square cut into cells until each is decided or small.

A cell is a level and a place. Level 0 is the whole square, and level ``k`` has ``4 ** k`` cells.
The place interleaves the bits of a cell's column and row (Z-order), so that the quarters of the
cell at `place` are ``4 * place`` to ``4 * place + 3``, and leaves sorted by place are found by
bisection: a linear quadtree, as in I. Gargantini (1982), An effective way to represent quadtrees,
Communications of the ACM 25, 905-910, doi:10.1145/358728.358741.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Leaves", "column_and_row", "place_of", "refine"]

_START = 3
"""The first level that is solved: larger cells are rarely decided."""

_STRETCH = 1 << 20
"""Cells that are solved at once, which bounds the memory for their middles."""

_STEPS = tuple(
    (shift, int(mask, 16))
    for shift, mask in (
        (16, "0000FFFF0000FFFF"),
        (8, "00FF00FF00FF00FF"),
        (4, "0F0F0F0F0F0F0F0F"),
        (2, "3333333333333333"),
        (1, "5555555555555555"),
    )
)

Solve = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaves:
    """The cells that were not cut further, which cover the square without overlap.

    Attributes
    ----------
    places : ndarray of int64, shape (n,)
        The place of each leaf's first corner among the cells of the deepest level, ascending.
    levels : ndarray of int8, shape (n,)
    codes : ndarray of int8, shape (n_outputs, n)
    solved : int
        Cells that were solved, at all levels.
    level : int
        The deepest level that was solved.
    """

    places: np.ndarray
    levels: np.ndarray
    codes: np.ndarray
    solved: int
    level: int


def refine(solve: Solve, undecided: int, *, depth: int, max_cells: int) -> Leaves:
    """Cut cells that are not decided into quarters, down to a depth.

    Parameters
    ----------
    solve : callable
        ``solve(columns, rows, level)`` returns codes, shape (n_outputs, n), which hold throughout
        these cells.
    undecided : int
        The code of an open answer; a cell with such a code is cut.
    depth : int
        Level at which no cell is cut, at most 30: a place has 60 bits then.
    max_cells : int
        No further level is solved if more cells than these would have been solved in all.
    """
    level = min(_START, depth)
    cells = np.arange(4**level, dtype=np.int64)
    found: list[tuple[np.ndarray, int, np.ndarray]] = []
    solved = 0
    while True:
        codes = np.concatenate(
            [
                solve(*column_and_row(cells[first : first + _STRETCH]), level)
                for first in range(0, cells.size, _STRETCH)
            ],
            axis=1,
        )
        solved += cells.size
        cut = (codes == undecided).any(axis=0)
        count = 4 * int(np.count_nonzero(cut))
        last = level == depth or not count or solved + count > max_cells
        kept = np.ones(cells.size, dtype=np.bool_) if last else ~cut
        found.append((cells[kept] << 2 * (depth - level), level, codes[:, kept]))
        if last:
            break
        cells = (4 * cells[cut][:, None] + np.arange(4)).reshape(-1)
        level += 1
    places = np.concatenate([own for own, _, _ in found])
    order = np.argsort(places)
    levels = np.repeat(
        np.array([own for _, own, _ in found], dtype=np.int8), [own.size for own, _, _ in found]
    )
    return Leaves(
        places=places[order],
        levels=levels[order],
        codes=np.concatenate([own for _, _, own in found], axis=1)[:, order],
        solved=solved,
        level=level,
    )


def column_and_row(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns and rows that places interleave."""
    return _every_other_bit(places), _every_other_bit(places >> 1)


def place_of(columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the places of cells of one level; both arguments broadcast."""
    places: np.ndarray = _apart(columns) | (_apart(rows) << 1)
    return places


def _apart(numbers: np.ndarray) -> np.ndarray:
    """Move the bits of numbers apart, each to twice its position."""
    bits = numbers.astype(np.int64)
    for shift, mask in _STEPS:
        bits = (bits | (bits << shift)) & mask
    return bits


def _every_other_bit(numbers: np.ndarray) -> np.ndarray:
    """Take back `_apart`; the bits between are ignored."""
    bits = numbers & _STEPS[-1][1]
    for (shift, _), (_, mask) in zip(_STEPS[::-1], (*_STEPS[-2::-1], (0, 0xFFFFFFFF)), strict=True):
        bits = (bits | (bits >> shift)) & mask
    together: np.ndarray = bits
    return together
