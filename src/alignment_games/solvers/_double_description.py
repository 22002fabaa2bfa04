"""All extreme rays of a cone of distributions, by the double description method.

The cone is the nonnegative orthant cut by one half-space after the other; the rays of each cut
are those kept and one between each adjacent pair that the half-space parts [1]_. Integers only.

.. [1] K. Fukuda and A. Prodon (1996), Double description method revisited, Lecture Notes in
   Computer Science 1120, 91-111, doi:10.1007/3-540-61576-8_77.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import WorkLimitError

__all__ = ["MAX_PAIRS", "extreme_rays"]

IntArray: TypeAlias = npt.NDArray[np.int64]

MAX_PAIRS = 2_000_000
"""Largest number of pairs of rays that are compared (about a minute)."""

_WORD = 62


def extreme_rays(rows: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """Return the extreme rays of ``x >= 0, rows @ x >= 0``, in lowest terms.

    Raises
    ------
    WorkLimitError
        If more than `MAX_PAIRS` pairs of rays would have to be compared.

    Examples
    --------
    >>> sorted(extreme_rays([[1, -1]], 2))
    [[1, 0], [1, 1]]
    """
    rays = [[int(s == k) for s in range(size)] for k in range(size)]
    zeros = [((1 << size) - 1) ^ (1 << k) for k in range(size)]
    waiting = dict(enumerate(row for row in rows if any(value < 0 for value in row)))
    total = len(waiting)
    compared = 0
    while waiting:
        levels = {
            r: [sum(a * b for a, b in zip(row, ray, strict=True) if b) for ray in rays]
            for r, row in waiting.items()
        }
        # The half-space that parts the fewest pairs comes next, which keeps the cone small.
        r = min(levels, key=lambda k: _parted(levels[k]))
        pairs = _parted(levels[r])
        compared += pairs
        if compared > MAX_PAIRS:
            msg = (
                f"the equilibria in {size} unknowns under {total} inequalities have too many "
                f"extreme points to list: {len(rays)} after {total - len(waiting)} inequalities, "
                f"up to {_most_rays(size, size + total):.1e} in the end; the next comparison of "
                f"{pairs} pairs passes the limit of {MAX_PAIRS}. Ask for the best and the worst "
                "for given weights instead, or for the polygon of payoffs"
            )
            raise WorkLimitError(msg)
        del waiting[r]
        rays, zeros = _cut(rays, zeros, levels[r], 1 << (size + r), size)
    return rays


def _parted(levels: Sequence[int]) -> int:
    return sum(v > 0 for v in levels) * sum(v < 0 for v in levels)


def _cut(
    rays: list[list[int]], zeros: list[int], levels: list[int], mark: int, size: int
) -> tuple[list[list[int]], list[int]]:
    """Keep the rays on the right side and add those where an edge crosses the boundary."""
    kept = [ray for ray, v in zip(rays, levels, strict=True) if v >= 0]
    marks = [z | (0 if v else mark) for z, v in zip(zeros, levels, strict=True) if v >= 0]
    length = -(-max(z.bit_length() for z in zeros) // _WORD) or 1
    table = _words(zeros, length)
    above = [k for k, v in enumerate(levels) if v > 0]
    below = [k for k, v in enumerate(levels) if v < 0]
    for a in above:
        for b in below:
            common = zeros[a] & zeros[b]
            if common.bit_count() < size - 2:
                continue
            # Two rays are adjacent if no third lies in all the faces that they share.
            sharing = ((table & (both := _words([common], length))) == both).all(axis=1)
            if int(sharing.sum()) > 2:
                continue
            ray = [
                levels[a] * y - levels[b] * x for x, y in zip(rays[a], rays[b], strict=True)
            ]
            divisor = reduce(math.gcd, ray)
            kept.append([value // divisor for value in ray])
            marks.append(common | mark)
    return kept, marks


def _words(sets: Sequence[int], length: int) -> IntArray:
    """Spread sets of bits over words of an integer array."""
    low = (1 << _WORD) - 1
    return np.array([[(s >> (_WORD * k)) & low for k in range(length)] for s in sets], np.int64)


def _most_rays(dimension: int, facets: int) -> float:
    """Return McMullen's bound for the vertices of the polytope that is the cone's section."""
    d = dimension - 1
    return float(
        math.comb(facets - (d + 1) // 2, facets - d)
        + math.comb(facets - (d + 2) // 2, facets - d)
    )
