"""Random bimatrix games by class; most classes abound in ties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

Matrix: TypeAlias = list[list[Any]]
Pair: TypeAlias = tuple[Matrix, Matrix]

BILLION = 10**9


def small_integers(rng: np.random.Generator, m: int, n: int) -> Pair:
    row, column = rng.integers(-2, 3, (2, m, n)).tolist()
    return row, column


def large_integers(rng: np.random.Generator, m: int, n: int) -> Pair:
    row, column = rng.integers(-1000, 1001, (2, m, n)).tolist()
    return row, column


def uniform(rng: np.random.Generator, m: int, n: int) -> Pair:
    """Decimals between 0 and 1, no longer than lrsnash can read."""
    digits = 10**15
    row, column = (
        [[Fraction(value, digits) for value in own] for own in table]
        for table in rng.integers(0, digits, (2, m, n)).tolist()
    )
    return row, column


def rank_deficient(rng: np.random.Generator, m: int, n: int) -> Pair:
    rank = int(rng.integers(1, 3))
    left, right = rng.integers(-2, 3, (2, m, rank)), rng.integers(-2, 3, (2, rank, n))
    row, column = (left @ right).tolist()
    return row, column


def zero_sum(rng: np.random.Generator, m: int, n: int) -> Pair:
    row = rng.integers(-2, 3, (m, n))
    return row.tolist(), (-row).tolist()


def symmetric(rng: np.random.Generator, m: int, n: int) -> Pair:
    size = max(m, n)
    row = rng.integers(-2, 3, (size, size))
    return row.tolist(), row.T.tolist()


def duplicated(rng: np.random.Generator, m: int, n: int) -> Pair:
    """Some strategies occur twice or more, for both players."""
    rows, columns = rng.integers(0, max(1, m - 1), m), rng.integers(0, max(1, n - 1), n)
    table = rng.integers(-2, 3, (2, m, n))
    row, column = table[:, rows][:, :, columns].tolist()
    return row, column


def scaled(pair: Pair, scale: Fraction) -> Pair:
    row, column = ([[value * scale for value in own] for own in matrix] for matrix in pair)
    return row, column


def billionths(rng: np.random.Generator, m: int, n: int) -> Pair:
    return scaled(small_integers(rng, m, n), Fraction(1, BILLION))


def billions(rng: np.random.Generator, m: int, n: int) -> Pair:
    return scaled(small_integers(rng, m, n), Fraction(BILLION))


def beside_a_billion(rng: np.random.Generator, m: int, n: int) -> Pair:
    row, column = (rng.integers(-2, 3, (2, m, n)) + BILLION).tolist()
    return row, column


CLASSES: dict[str, Callable[[np.random.Generator, int, int], Pair]] = {
    "small integers": small_integers,
    "large integers": large_integers,
    "uniform": uniform,
    "rank-deficient": rank_deficient,
    "zero-sum": zero_sum,
    "symmetric": symmetric,
    "duplicated strategies": duplicated,
    "times a billionth": billionths,
    "times a billion": billions,
    "plus a billion": beside_a_billion,
}
HARD_FOR_OTHERS = ("uniform", "times a billionth", "times a billion", "plus a billion")
"""Classes whose numbers are too large or too long for some packages."""


def draw(kind: str, number: int, *, largest: int = 5, seed: int = 0) -> Iterator[Pair]:
    """Draw games of one class, from 1x1 to `largest` x `largest`."""
    rng = np.random.default_rng([seed, list(CLASSES).index(kind)])
    for _ in range(number):
        m, n = rng.integers(1, largest + 1, 2).tolist()
        yield CLASSES[kind](rng, m, n)
