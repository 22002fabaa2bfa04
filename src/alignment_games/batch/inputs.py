"""What the functions on many games share: clean arrays, statuses, threads."""

from __future__ import annotations

import enum
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from .._typing import FloatArray
from ..errors import GameError, ParameterError, whole

__all__ = [
    "BatchStatus",
    "bimatrices",
    "blocks",
    "in_threads",
    "largest_error",
    "payoff_array",
    "relative_tolerance",
    "seed_of",
    "threads",
    "three_players",
]


class BatchStatus(enum.IntEnum):
    """What the answer to one game of a batch claims."""

    OK = 0
    """Proved, every sign certain: `solve_bimatrices` found all equilibria, each regular; `logit`
    and `correlated_feasibility` know their probabilities up to the error asked for."""
    DEGENERATE = 1
    """Not decided, as within tolerance of a tie that matters: what is listed is certain, but may
    not be all."""
    BAD_INPUT = 2
    """A payoff is not finite."""
    RESOLVED = 3
    """Not decided, and solved again one by one: by `logit` in small steps, by the others in
    rational arithmetic, floats taken for their shortest decimals. All extreme equilibria of two
    players are listed; of three, all isolated equilibria and of each continuum what
    `alignment_games.solvers.nash` lists."""


def bimatrices(
    row_payoffs: Any, column_payoffs: Any, *, most: int, remedy: str
) -> tuple[FloatArray, FloatArray, float]:
    """Return two arrays of shape (N, m, n) as contiguous floats, or say what is wrong.

    The third number bounds the error of a difference of payoffs that were rounded to their type,
    over the largest of them.

    Parameters
    ----------
    most : int
        Largest number of strategies of a player.
    remedy : str
        What to do about larger games.
    """
    a, unit = payoff_array("row_payoffs", row_payoffs, "(N, m, n)")
    b, other = payoff_array("column_payoffs", column_payoffs, "(N, m, n)")
    for name, array in (("row_payoffs", a), ("column_payoffs", b)):
        if array.ndim != 3:
            msg = f"`{name}` must have three axes (game, row, column), got shape {array.shape}"
            raise GameError(msg)
        if not all(1 <= size <= most for size in array.shape[1:]):
            msg = (
                f"`{name}` must be of games with 1 to {most} strategies a player, got "
                f"{array.shape[1]} x {array.shape[2]}; {remedy}"
            )
            raise GameError(msg)
    if a.shape != b.shape:
        msg = (
            "`row_payoffs` and `column_payoffs` must have one shape (N, m, n), got "
            f"{a.shape} and {b.shape}"
        )
        raise GameError(msg)
    return np.ascontiguousarray(a), np.ascontiguousarray(b), max(unit, other)


def three_players(payoffs: Any) -> tuple[FloatArray, float]:
    """Return an array of shape (N, 3, m1, m2, m3) as floats, or say what is wrong.

    The second number bounds the error of a difference, as for `bimatrices`. The array is not
    copied if it holds floats already.
    """
    array, unit = payoff_array("payoffs", payoffs, "(N, 3, m1, m2, m3)")
    if array.ndim != 5 or array.shape[1] != 3:
        msg = (
            "`payoffs` must have five axes (game, player, and the strategies of each of three "
            f"players), got shape {array.shape}; stack games on the first axis"
        )
        raise GameError(msg)
    sizes = sorted(array.shape[2:])
    if not (1 <= sizes[0] <= sizes[1] <= 2 and sizes[2] <= 3):
        msg = (
            "`payoffs` must be of games with 1 or 2 strategies a player, and up to 3 of one, got "
            f"{' x '.join(map(str, array.shape[2:]))}; solve larger ones one by one with "
            "solvers.nash"
        )
        raise GameError(msg)
    return array, unit


def payoff_array(name: str, payoffs: Any, shape: str) -> tuple[FloatArray, float]:
    """Return payoffs as floats, and a bound on the error of a difference, over the largest.

    Raises
    ------
    GameError
        If they are no real numbers of machine size.
    """
    try:
        array = np.asarray(payoffs)
    except ValueError:
        msg = f"`{name}` must be an array of shape {shape}; the lists given are ragged"
        raise GameError(msg) from None
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        msg = (
            f"`{name}` must hold real numbers of machine size, got {array.dtype} entries; convert "
            "them to float, or solve games of exact numbers one by one with solvers.nash"
        )
        raise GameError(msg)
    kind = array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
    return np.asarray(array, dtype=np.float64), 2.0 * float(np.finfo(kind).eps)


def relative_tolerance(tolerance: object) -> float:
    """Return a checked tolerance."""
    return _share("tolerance", tolerance, 0.01)


def largest_error(max_error: object) -> float:
    """Return a checked error of probabilities."""
    return _share("max_error", max_error, 0.1)


def _share(argument: str, value: object, high: float) -> float:
    if (
        isinstance(value, (int, float, np.integer, np.floating))
        and not isinstance(value, bool)
        and 0 <= value <= high
    ):
        return float(value)
    msg = f"`{argument}` must be a number from 0 to {high}, got {value!r}"
    raise ParameterError(msg)


def threads(workers: object) -> int:
    """Return a checked number of threads: by default one for each processor that may be used."""
    if workers is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    return whole("workers", workers, 1, 1024, rule="None or an integer")


def blocks(total: int, largest: int, workers: int) -> list[slice]:
    """Cut `total` games into blocks, of which each worker has some where there are enough."""
    size = min(largest, max(512, -(-total // (4 * workers) // 64) * 64))
    return [slice(first, min(first + size, total)) for first in range(0, total, size)]


def in_threads(work: Callable[[int], None], workers: int) -> None:
    """Run the work of each worker, in threads of their own if there are several."""
    if workers == 1:
        work(0)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def seed_of(rng: Any) -> int:
    """Return a seed: an integer as it is, or one drawn from a generator.

    Raises
    ------
    ParameterError
        If it is neither, nor None, which draws anew.
    """
    if rng is None:
        rng = np.random.default_rng()
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    return whole("rng", rng, 0, 2**63 - 1, rule="None, a numpy.random.Generator or an integer")
