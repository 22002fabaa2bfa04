"""All equilibria of games of three and four players: this package beside Gambit, in one run.

Prints median milliseconds a game, the ratio to this package, how many games lack an equilibrium
that another solver certified, and how many have an even number (which a random game never has).
Games are built outside the timing. Ours are solved in floats, as the peer's, and exactly (rational
equilibria as Fractions); our times include the certificates. Gambit's solvers run in a
child process, by the Python that ALIGNMENT_GAMES_PYGAMBIT_PYTHON names or else this one. They hang
on some games, so each game has a time limit; such games are counted as missed.

Usage: python benchmarks/peers/nplayer.py [GAMES]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import common
import numpy as np

import alignment_games as ag

CLASSES = [(2, 2, 2), (3, 2, 2), (3, 3, 2), (3, 3, 3), (2, 2, 2, 2), (3, 2, 2, 2)]
SECONDS = 20

CHILD = """
import json, sys, time
import numpy as np, pygambit
make = getattr(pygambit, "StrategicGame", pygambit.Game).from_arrays  # 17, else 16
solver = getattr(pygambit.nash, sys.argv[1])
for line in sys.stdin:
    game = make(*[np.array(table) for table in json.loads(line)])
    started = time.perf_counter()
    profiles = solver(game).equilibria
    spent = time.perf_counter() - started
    found = []
    for profile in profiles:
        if hasattr(game, "get_strategies"):
            names = [(p, s) for p in game.players for s in game.get_strategies(p)]
            found.append([float(profile[p][s]) for p, s in names])
        else:
            found.append([float(profile[s]) for p in game.players for s in p.strategies])
    print(json.dumps([spent, found]), flush=True)
"""


class Child:
    """A Gambit solver in another process, started again when a game takes too long."""

    def __init__(self, solver: str) -> None:
        self.command = [
            os.environ.get("ALIGNMENT_GAMES_PYGAMBIT_PYTHON", sys.executable),
            "-c",
            CHILD,
            solver,
        ]
        self.process: subprocess.Popen[str] | None = None

    def solve(self, payoffs: Any) -> tuple[float, list[Any]] | None:
        """Return the time and the profiles of one game, or None if it hung."""
        import select

        if self.process is None:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                bufsize=1,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(payoffs.tolist()) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], SECONDS)[0]:
            self.close()
            return None
        line = self.process.stdout.readline()
        if not line:
            self.close()
            return None
        spent, found = json.loads(line)
        return spent, found

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def available() -> bool:
    """Tell whether the other Python has pygambit."""
    python = os.environ.get("ALIGNMENT_GAMES_PYGAMBIT_PYTHON", sys.executable)
    probe = [python, "-c", "import pygambit"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def ours(payoffs: Any, *, exact: bool) -> tuple[float, list[Any], str]:
    """Solve one game; return the time, the profiles and the status."""
    game = ag.NormalFormGame(payoffs if exact else payoffs.astype(float))
    started = time.perf_counter()
    solution = ag.solve(game)
    spent = time.perf_counter() - started
    found = [[float(p) for own in eq.profile for p in own] for eq in solution.equilibria]
    return spent, found, solution.status.name


def lacks(found: list[Any], others: list[Any]) -> bool:
    """Tell whether a profile of `others` is not near one of `found`."""
    return any(
        not any(max(abs(a - b) for a, b in zip(p, q, strict=True)) < 1e-4 for q in found)
        for p in others
    )


def main(games: int) -> None:
    """Time every solver on the same games, one after the other, and print the table."""
    rng = np.random.default_rng(0)
    gambit = available()
    rows = []
    for shape in CLASSES:
        batch = rng.integers(-1000, 1001, (games, len(shape), *shape))
        for exact in (True, False):
            ours(batch[0], exact=exact)  # compile outside the timing
        fractions = [ours(payoffs, exact=True) for payoffs in batch]
        mine = [ours(payoffs, exact=False) for payoffs in batch]
        base = statistics.median(spent for spent, _, _ in mine)
        name = "x".join(map(str, shape))
        odd = sum(len(found) % 2 == 0 for _, found, _ in mine)
        complete = sum(status == "COMPLETE" for _, _, status in mine)
        theirs: list[tuple[float, list[Any]] | None] = []
        child = Child("enumpoly_solve")
        if gambit:
            child.solve(batch[0])
            theirs = [child.solve(payoffs) for payoffs in batch]
            child.close()
        missed = sum(
            other is not None and lacks(found, other[1])
            for (_, found, _), other in zip(mine, theirs, strict=bool(theirs))
        )
        rows.append((name, "alignment_games", f"{1e3 * base:.3g}", "1", missed, odd, 0, complete))
        slow = statistics.median(spent for spent, _, _ in fractions)
        lacking = sum(
            lacks(found, other[1]) for (_, found, _), other in zip(fractions, mine, strict=True)
        )
        complete = sum(status == "COMPLETE" for _, _, status in fractions)
        label = "alignment_games, exact"
        cells = (f"{1e3 * slow:.3g}", f"{slow / base:.2g}", lacking, odd, 0, complete)
        rows.append((name, label, *cells))
        if gambit:
            times = [other[0] if other else float(SECONDS) for other in theirs]
            middle = statistics.median(times)
            rows.append(
                (
                    name,
                    "pygambit enumpoly",
                    f"{1e3 * middle:.3g}",
                    f"{middle / base:.2g}",
                    sum(
                        other is None or lacks(other[1], found)
                        for (_, found, _), other in zip(mine, theirs, strict=True)
                    ),
                    sum(other is not None and len(other[1]) % 2 == 0 for other in theirs),
                    sum(other is None for other in theirs),
                    "-",
                )
            )
    head = ("game", "solver", "median ms", "ratio", "missed", "even", "hung", "COMPLETE")
    lines = [
        "# All equilibria of random games of three and four players",
        "",
        f"Written by `benchmarks/peers/nplayer.py` at commit {common.commit()}.",
        common.machine() + ".",
        f"{games} random games a class, integer payoffs in [-1000, 1000]; certificates included.",
        "Missed: games in which another solver certified an equilibrium that is not there; even:",
        "games with an even number, in which one must be missing; hung: over the time limit.",
        "",
        common.table(rows, head),
    ]
    if not gambit:
        lines.append("\nnot installed: pygambit (set ALIGNMENT_GAMES_PYGAMBIT_PYTHON)")
    common.publish("nplayer", "\n".join(lines))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
