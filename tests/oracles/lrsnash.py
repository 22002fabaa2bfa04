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

_COUNT = re.compile(r"\*Number of equilibria found:\s*(\d+)")


def extreme_equilibria(
    row: Sequence[Sequence[Any]], column: Sequence[Sequence[Any]], *, timeout: float = 60
) -> set[tuple[Point, Point]]:
    """Return the extreme equilibria of a bimatrix game of integers and Fractions."""
    assert LRSNASH is not None, REASON
    m, n = len(row), len(row[0])
    blocks = ["\n".join(" ".join(map(str, own)) for own in matrix) for matrix in (row, column)]
    done = subprocess.run(
        [LRSNASH, "/dev/stdin"],
        input=f"{m} {n}\n\n{blocks[0]}\n\n{blocks[1]}\n",
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )
    return parse(done.stdout, m, n)


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
