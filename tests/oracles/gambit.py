"""Ask pygambit for all extreme equilibria, in a child process that can be killed.

The package need not be where the tests run: the environment variable
``ALIGNMENT_GAMES_PYGAMBIT_PYTHON`` may hold the path of a Python that has it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

Point: TypeAlias = tuple[Fraction, ...]

VARIABLE = "ALIGNMENT_GAMES_PYGAMBIT_PYTHON"
REASON = f"pygambit is not installed, and {VARIABLE} names no Python that has it"
LARGEST = 2**31 - 1
"""Beyond this pygambit returns nothing, without a word (survey of other packages)."""


def find_python() -> str | None:
    """Return the Python to run pygambit with; None if there is none."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    return sys.executable if importlib.util.find_spec("pygambit") else None


PYTHON = find_python()


def extreme_equilibria(
    games: Sequence[tuple[Sequence[Sequence[Any]], Sequence[Sequence[Any]]]],
    *,
    timeout: float = 300,
) -> list[set[tuple[Point, Point]]]:
    """Return the extreme equilibria of bimatrix games of small integers and Fractions.

    Gambit may list an equilibrium more than once; here each is one.
    """
    assert PYTHON is not None, REASON
    done = subprocess.run(
        [PYTHON, str(Path(__file__).with_name("pygambit_child.py"))],
        input=json.dumps([as_nfg(row, column) for row, column in games]),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(games)
    return [
        {(tuple(map(Fraction, first)), tuple(map(Fraction, second))) for first, second in answer}
        for answer in answers
    ]


def as_nfg(row: Sequence[Sequence[Any]], column: Sequence[Sequence[Any]]) -> str:
    """Write a game in Gambit's format: the first player's strategy changes fastest."""
    m, n = len(row), len(row[0])
    values = [(row[i][j], column[i][j]) for j in range(n) for i in range(m)]
    assert max(abs(value) for pair in values for value in pair) <= LARGEST
    body = " ".join(f"{a} {b}" for a, b in values)
    return f'NFG 1 R "game" {{ "1" "2" }} {{ {m} {n} }}\n\n{body}\n'
