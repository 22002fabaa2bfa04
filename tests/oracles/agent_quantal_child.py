"""Run by the Python that has pygambit 17: trees in on standard input, agent QRE out, as JSON."""

from __future__ import annotations

import importlib
import io
import json
import sys
from typing import Any


def solve(text: str, precision: float) -> list[float]:
    """Return the probabilities, player by player and information set by information set."""
    pygambit: Any = importlib.import_module("pygambit")
    game = pygambit.read_efg(io.BytesIO(text.encode()))
    (answer,) = pygambit.qre.logit_solve_lambda(game, [precision])
    return [float(p) for player in answer.profile for _, own in player for _, p in own]


if __name__ == "__main__":
    json.dump([solve(*task) for task in json.load(sys.stdin)], sys.stdout)
