"""How a sweep is cut: stretches of points that are boxes of the result, one after the other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace

import numpy as np

from .points import Job, solve_points

__all__ = ["CHUNK", "Chunk", "chunk_shape", "chunks", "solved"]

CHUNK = 2**18
"""Points of a chunk by default."""

_WAITING = 64
"""Chunks that an executor holds at a time."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One stretch of points.

    Attributes
    ----------
    first, last : int
        Positions of its first point and of that after its last.
    region : tuple of slice
        Where they lie in the result.
    """

    first: int
    last: int
    region: tuple[slice, ...]


def chunk_shape(shape: tuple[int, ...], most: int) -> tuple[int, ...]:
    """Return the largest box of at most `most` points whose points follow each other.

    Examples
    --------
    >>> chunk_shape((2001, 2001), 10_000), chunk_shape((5, 30, 7), 20)
    ((4, 2001), (1, 2, 7))
    """
    sides = []
    for length in reversed(shape):
        side = max(1, min(length, most))
        sides.append(side)
        most = most // length if side == length else 0
    return tuple(reversed(sides))


def chunks(shape: tuple[int, ...], most: int) -> Iterator[Chunk]:
    """Cut a result into boxes of `chunk_shape`, in the order of their points."""
    sides = chunk_shape(shape, most)
    counts = [-(-length // side) for length, side in zip(shape, sides, strict=True)]
    for place in itertools.product(*map(range, counts)):
        region = tuple(
            slice(k * side, min((k + 1) * side, length))
            for k, side, length in zip(place, sides, shape, strict=True)
        )
        first = 0
        for part, length in zip(region, shape, strict=True):
            first = first * length + part.start
        yield Chunk(first, first + math.prod(s.stop - s.start for s in region), region)


def solved(
    job: Job, todo: Iterator[Chunk], executor: Executor | None, workers: int
) -> Iterator[tuple[Chunk, dict[str, np.ndarray]]]:
    """Solve chunks, here or by an executor, and hand them on as they are ready."""
    if executor is None:
        for chunk in todo:
            yield chunk, solve_points(job, chunk.first, chunk.last, workers)
        return
    waiting: dict[Future[dict[str, np.ndarray]], Chunk] = {}
    try:
        for chunk in todo:
            waiting[_submit(executor, job, chunk, workers)] = chunk
            if len(waiting) >= _WAITING:
                yield from _ready(waiting)
        while waiting:
            yield from _ready(waiting)
    except Exception:
        # Nothing that was computed is lost: what is running may end, and is handed on first.
        for future in waiting:
            future.cancel()
        wait(waiting)
        for future, chunk in waiting.items():
            if not future.cancelled() and future.exception() is None:
                yield chunk, future.result()
        raise
    finally:
        for future in waiting:
            future.cancel()


def _submit(
    executor: Executor, job: Job, chunk: Chunk, workers: int
) -> Future[dict[str, np.ndarray]]:
    design, start = job.design.part(chunk.first, chunk.last)
    solve: Callable[..., dict[str, np.ndarray]] = solve_points
    length = chunk.last - chunk.first
    return executor.submit(solve, replace(job, design=design), start, start + length, workers)


def _ready(
    waiting: dict[Future[dict[str, np.ndarray]], Chunk],
) -> Iterator[tuple[Chunk, dict[str, np.ndarray]]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in sorted(done, key=_failed):
        answers = future.result()
        yield waiting.pop(future), answers


def _failed(future: Future[dict[str, np.ndarray]]) -> bool:
    return future.exception() is not None
