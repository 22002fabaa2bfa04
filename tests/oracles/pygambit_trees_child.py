"""Run by the Python that has pygambit: trees in, their reduced games and equilibria out, as JSON.

A process of its own, because Gambit's solvers cannot be interrupted from Python.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from typing import Any


def solve(text: str) -> tuple[str, list[list[list[str]]]]:
    pygambit: Any = importlib.import_module("pygambit")
    game = pygambit.read_efg(io.BytesIO(text.encode()))
    answer = pygambit.nash.enummixed_solve(game, rational=True)
    profiles = [
        [[str(chance) for _, chance in profile[player]] for player in game.players]
        for profile in answer.equilibria
    ]
    return game.to_nfg(), profiles


if __name__ == "__main__":
    json.dump([solve(text) for text in json.load(sys.stdin)], sys.stdout)
