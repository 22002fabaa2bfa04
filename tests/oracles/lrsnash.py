"""Ask lrsnash, of Avis's lrslib (Debian package lrslib), for all extreme equilibria."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

Point: TypeAlias = tuple[Fraction, ...]

LRSNASH = shutil.which("lrsnash")
REASON = "lrsnash is not installed (Debian package lrslib)"

LARGEST = 2**63 - 1
"""lrsnash 7.1 takes a numerator or denominator beyond this for this one, without a word."""

_COUNT = re.compile(r"\*Number of equilibria found:\s*(\d+)")


def extreme_equilibria(
    row: Sequence[Sequence[Any]], column: Sequence[Sequence[Any]], *, timeout: float = 60
) -> set[tuple[Point, Point]]:
    """Return the extreme equilibria of a bimatrix game of integers and Fractions."""
    assert LRSNASH is not None, REASON
    text = as_text(row, column)
    done = subprocess.run(
        [LRSNASH, "/dev/stdin"],
        input=text,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )
    return parse(done.stdout, len(row), len(row[0]))


def as_text(row: Sequence[Sequence[Any]], column: Sequence[Sequence[Any]]) -> str:
    """Write a game in lrsnash's format: the size, then the two matrices."""
    values = [Fraction(value) for matrix in (row, column) for own in matrix for value in own]
    assert max(max(abs(v.numerator), v.denominator) for v in values) <= LARGEST
    blocks = ["\n".join(" ".join(map(str, own)) for own in matrix) for matrix in (row, column)]
    return f"{len(row)} {len(row[0])}\n\n{blocks[0]}\n\n{blocks[1]}\n"


def parse(text: str, m: int, n: int) -> set[tuple[Point, Point]]:
    """Read lrsnash's answer: blocks of lines, each ``player strategy... other's payoff``.

    Every strategy of the first player in a block is in equilibrium with every one of the
    second. The count that lrsnash states at the end must be the number of lines' pairs.
    """
    found: list[tuple[Point, Point]] = []
    block: tuple[list[Point], list[Point]] = ([], [])
    for line in [*text.splitlines(), ""]:
        if line.startswith("*"):
            continue
        words = line.split()
        if not words:
            found += product(*block)
            block = ([], [])
            continue
        player = int(words[0]) - 1
        point = tuple(map(Fraction, words[1:-1]))
        if player not in (0, 1) or len(point) != (m, n)[player]:
            msg = f"a line of lrsnash's answer to a {m} x {n} game is not understood: {line!r}"
            raise ValueError(msg)
        block[player].append(point)
    stated = _COUNT.search(text)
    if stated is None or int(stated[1]) != len(found):
        msg = f"{len(found)} equilibria read from lrsnash's answer:\n{text}"
        raise ValueError(msg)
    return set(found)


def swapped(pairs: Iterable[tuple[Point, Point]]) -> set[tuple[Point, Point]]:
    return {(y, x) for x, y in pairs}
