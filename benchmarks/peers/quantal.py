"""The principal logit branch of random games: this package beside pygambit, in one run.

Both follow the branch from the centroid until no player can gain more than 1e-8 of the range of
its payoffs, which is scaled to [0, 1] for every player so that the two mean the same; both
times include everything that a user's call does, here the certificates of all points. Prints
medians and ratios, how many points each took, and in how many games both ended at the same
profile (within 1e-4; the rest are printed, with both regrets).

pygambit runs in a child process under a time limit, because it cannot be interrupted.
Usage: python benchmarks/peers/quantal.py [GAMES] [--python PYTHON_WITH_PYGAMBIT]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

import common
import numpy as np

SHAPES = ((2, 2), (3, 3), (4, 4), (10, 10), (2, 2, 2), (3, 3, 3))
MAX_REGRET = 1e-8
SECONDS = 300

PEER = """
import json, sys, time
import numpy as np
import pygambit
make = getattr(pygambit, "StrategicGame", None) or pygambit.Game
if hasattr(pygambit, "qre"):
    solve = pygambit.qre.logit_solve_branch
else:
    from pygambit.qre import logit_solve_branch as solve
answers = []
for tables in json.load(sys.stdin):
    game = make.from_arrays(*[np.array(table) for table in tables])
    started = time.perf_counter()
    branch = list(solve(game, maxregret=float(sys.argv[1])))
    seconds = time.perf_counter() - started
    last = branch[-1].profile
    # Version 17 iterates over pairs of label and probability, version 16 over probabilities.
    profile = [
        [float(p[1]) if isinstance(p, tuple) else float(p) for p in last[player]]
        for player in game.players
    ]
    answers.append([seconds, len(branch), profile])
print(json.dumps({"version": pygambit.__version__, "answers": answers}))
"""


def random_games(games: int, shape: tuple[int, ...]) -> list[list[np.ndarray]]:
    rng = np.random.default_rng(0)
    batch = rng.random((games, len(shape), *shape))
    low = batch.min(axis=tuple(range(2, batch.ndim)), keepdims=True)
    high = batch.max(axis=tuple(range(2, batch.ndim)), keepdims=True)
    return [list(tables) for tables in (batch - low) / (high - low)]


def ours(batch: list[list[np.ndarray]]) -> list[tuple[float, int, list[np.ndarray]]]:
    import alignment_games as ag

    games = [ag.NormalFormGame(tables) for tables in batch]
    ag.solvers.quantal_path(games[0])  # compiled, or read from the cache, outside the timing
    answers = []
    for game in games:
        started = time.perf_counter()
        path = ag.solvers.quantal_path(game, max_regret=MAX_REGRET)
        seconds = time.perf_counter() - started
        answers.append((seconds, len(path), [own[-1] for own in path.profiles]))
    return answers


def peer(python: str, batch: list[list[np.ndarray]]) -> dict[str, list[list[object]]] | str:
    """Return pygambit's answers, or why there are none."""
    text = json.dumps([[table.tolist() for table in tables] for tables in batch])
    try:
        done = subprocess.run(
            [python, "-c", PEER, str(MAX_REGRET)],
            input=text, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"pygambit took more than {SECONDS} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["pygambit crashed"])[-1]
    return json.loads(done.stdout)


def regret(tables: list[np.ndarray], profile: list[np.ndarray]) -> float:
    import alignment_games as ag

    game = ag.NormalFormGame(tables)
    return float(max(ag.verify(game, [list(own / own.sum()) for own in profile])))


def main(count: int, python: str) -> None:
    rows, differences = [], []
    version = "none"
    for shape in SHAPES:
        batch = random_games(count, shape)
        own = ours(batch)
        other = peer(python, batch)
        name = " x ".join(map(str, shape))
        our_ms = 1e3 * statistics.median(seconds for seconds, _, _ in own)
        our_points = statistics.median(points for _, points, _ in own)
        if isinstance(other, str):
            print(f"{name}: pygambit skipped: {other}")
            rows.append((name, f"{our_ms:.3g}", "-", "-", f"{our_points:g}", "-", "-"))
            continue
        version = str(other["version"])
        answers = other["answers"]
        peer_ms = 1e3 * statistics.median(answer[0] for answer in answers)
        same = 0
        for number, (tables, mine, theirs) in enumerate(zip(batch, own, answers, strict=True)):
            there = [np.array(vector) for vector in theirs[2]]
            if all(np.allclose(a, b, atol=1e-4) for a, b in zip(mine[2], there, strict=True)):
                same += 1
            else:
                differences.append((name, number, regret(tables, mine[2]), regret(tables, there)))
        points = statistics.median(answer[1] for answer in answers)
        rows.append(
            (name, f"{our_ms:.3g}", f"{peer_ms:.3g}", f"{peer_ms / our_ms:.2g}",
             f"{our_points:g}", f"{points:g}", f"{same}/{count}")
        )  # fmt: skip
    lines = [
        "# The logit branch",
        "",
        f"Written by `benchmarks/peers/quantal.py` at commit {common.commit()}.",
        common.machine() + ".",
        f"{count} games a size, whole branch to regret {MAX_REGRET:g}; pygambit {version}.",
        "Same: games in which both branches end at the same profile.",
        "",
        common.table(
            rows, ("game", "ours ms", "pygambit ms", "ratio", "our points", "its points", "same")
        ),
        *(
            f"\n{name} game {number}: other end, regret ours {mine:.2g}, pygambit {theirs:.2g}"
            for name, number, mine, theirs in differences
        ),
    ]
    common.publish("quantal", "\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("games", nargs="?", type=int, default=100)
    parser.add_argument("--python", default=sys.executable, help="a Python that has pygambit")
    chosen = parser.parse_args()
    main(chosen.games, chosen.python)
