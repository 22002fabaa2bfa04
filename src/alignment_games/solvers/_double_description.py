"""All extreme rays of a cone of distributions, by the double description method.

The cone is the nonnegative orthant cut by one half-space after the other; the rays of each cut
are those kept and one between each adjacent pair that the half-space parts [1]_. Integers only.

.. [1] K. Fukuda and A. Prodon (1996), Double description method revisited, Lecture Notes in
   Computer Science 1120, 91-111, doi:10.1007/3-540-61576-8_77.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

from .._typing import ObjectArray
from ..errors import WorkLimitError

__all__ = ["MAX_ENTRIES", "MAX_WORK", "extreme_rays"]

MAX_WORK = 50_000_000_000
"""Largest estimate of multiplications: pairs of rays are compared with all other rays."""

MAX_ENTRIES = 4_000_000
"""Largest table of rays by unknowns and inequalities."""

_PAIR = 2500  # what a pair of rays costs, in multiplications
_ENTRY = 1000  # and what the sign of an entry does
_BATCH = 2_000_000  # entries of the tables compared at once

Mask: TypeAlias = npt.NDArray[np.bool_]
Pairs: TypeAlias = npt.NDArray[np.int64]


def extreme_rays(
    rows: Sequence[Sequence[int]],
    size: int,
    *,
    remedy: str = "",
    max_work: int = MAX_WORK,
    max_entries: int = MAX_ENTRIES,
) -> list[list[int]]:
    """Return the extreme rays of ``x >= 0, rows @ x >= 0``, in lowest terms.

    Parameters
    ----------
    rows : sequence of sequences of int, shape (n_inequalities, size)
    size : int
    remedy : str, optional
        How a message that refuses the work ends.
    max_work, max_entries : int, optional

    Raises
    ------
    WorkLimitError
        If more than `max_work` multiplications would be needed, or a table of rays with more
        than `max_entries` entries.

    Examples
    --------
    >>> sorted(extreme_rays([[1, -1]], 2))
    [[1, 0], [1, 1]]
    """
    # A ray is kept with its level in every half-space: all these must become nonnegative.
    width = size + len(rows)

    def refuse(reason: str) -> NoReturn:
        msg = (
            f"the equilibria in {size} unknowns under {len(rows)} inequalities have too many "
            f"extreme points to list, up to {_most_rays(size, width)}: {reason}{remedy}"
        )
        raise WorkLimitError(msg)

    if size * width > max_entries:
        refuse(
            f"the method begins with a table of {size * width:.1e} entries, the limit is "
            f"{max_entries:.0e}"
        )
    rays: ObjectArray = np.zeros((size, width), dtype=object)
    rays[:, :size] = np.eye(size, dtype=int)
    if rows:
        rays[:, size:] = np.array(rows, dtype=object).T
    done = list(range(size))
    waiting = list(range(size, size + len(rows)))
    work = 0
    while waiting and len(rays):
        above = (rays[:, waiting] > 0).sum(axis=0)
        below = (rays[:, waiting] < 0).sum(axis=0)
        # The half-space that parts the fewest pairs comes next, which keeps the cone small.
        k = int(np.argmin(above * below + (below > 0)))
        work += int(above[k] * below[k]) * (len(done) + _PAIR) + rays.size * _ENTRY
        if work <= max_work:
            tight = (rays[:, done] == 0).astype(bool)
            candidates = _candidates(rays[:, waiting[k]], tight, size)
            work += len(candidates) * len(rays) * len(done)
        so_far = f"there are {len(rays)} after {len(rows) - len(waiting)} inequalities, and the"
        if work > max_work:
            refuse(f"{so_far} next one passes the limit of {max_work:.0e} multiplications")
        edges = _edges(candidates, tight)
        entries = (len(rays) - int(below[k]) + len(edges)) * width
        if entries > max_entries:
            refuse(
                f"{so_far} next one makes a table of {entries:.1e} entries, the limit is "
                f"{max_entries:.0e}"
            )
        half_space = waiting.pop(k)
        done.append(half_space)
        rays = _cut(rays, half_space, edges, size)
    return [[int(v) for v in ray[:size]] for ray in rays]


def _candidates(levels: ObjectArray, tight: Mask, size: int) -> Pairs:
    """Return the parted pairs of rays that share enough faces to span an edge."""
    above, below = np.flatnonzero(levels > 0), np.flatnonzero(levels < 0)
    faces = tight.astype(np.float32)  # sums of ones and zeros, exact
    first, second = np.nonzero(faces[above] @ faces[below].T >= size - 2)
    return np.stack([above[first], below[second]], axis=1)


def _edges(candidates: Pairs, tight: Mask) -> Pairs:
    """Return the pairs that span an edge: no third ray lies in all the faces they share."""
    faces = tight.astype(np.float32)
    found = []
    for part in np.array_split(candidates, 1 + len(candidates) * len(tight) // _BATCH):
        common = (tight[part[:, 0]] & tight[part[:, 1]]).astype(np.float32)
        holders = (common @ faces.T == common.sum(axis=1)[:, None]).sum(axis=1)
        found.append(part[holders == 2])
    return np.concatenate(found)


def _cut(rays: ObjectArray, half_space: int, edges: Pairs, size: int) -> ObjectArray:
    """Keep the rays on the right side and add those where an edge crosses the boundary."""
    levels = rays[:, half_space]
    kept = rays[levels >= 0]
    if not len(edges):
        return kept
    a, b = edges[:, 0], edges[:, 1]
    new = levels[a][:, None] * rays[b] - levels[b][:, None] * rays[a]
    divisors = np.gcd.reduce(new[:, :size], axis=1)
    return np.concatenate([kept, new // divisors[:, None]])


def _most_rays(dimension: int, facets: int) -> str:
    """Return, as text, McMullen's bound for the vertices of the cone's section."""
    d = dimension - 1
    most = sum(math.comb(facets - (d + k) // 2, facets - d) for k in (1, 2))
    return f"{Decimal(most):.1e}"  # often beyond the range of floats
