"""All equilibria of random n x n games: this package beside the peers, in one run.

Prints median milliseconds a game and ratios to this package. Peers that are not installed are
left out and named. Usage: python benchmarks/peers/bimatrix.py [GAMES] [SIZE ...]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import nashpy
import numpy as np
from tabulate import tabulate

import alignment_games as ag

Solver = Callable[[np.ndarray, np.ndarray], object]


def ours(a: np.ndarray, b: np.ndarray) -> object:
    """Solve exactly, certificates included."""
    return ag.solve(ag.NormalFormGame.from_bimatrix(a, b))


def nashpy_support(a: np.ndarray, b: np.ndarray) -> object:
    """Support enumeration in floating point."""
    return list(nashpy.Game(a, b).support_enumeration())


def nashpy_vertex(a: np.ndarray, b: np.ndarray) -> object:
    """Vertex enumeration, on payoffs shifted positive as it needs."""
    return list(nashpy.Game(a - a.min() + 1, b - b.min() + 1).vertex_enumeration())


def peers() -> tuple[dict[str, Solver], list[str]]:
    """Return the solvers that are installed, and the names of packages that are not."""
    found: dict[str, Solver] = {
        "alignment_games": ours,
        "nashpy support enumeration": nashpy_support,
        "nashpy vertex enumeration": nashpy_vertex,
    }
    missing = []
    try:
        import quantecon.game_theory as gt

        found["QuantEcon.py support enumeration"] = lambda a, b: gt.support_enumeration(
            gt.NormalFormGame((gt.Player(a), gt.Player(np.ascontiguousarray(b.T))))
        )
    except ModuleNotFoundError:
        missing.append("quantecon")
    try:
        import pygambit

        found["pygambit enummixed, rational"] = lambda a, b: pygambit.nash.enummixed_solve(
            pygambit.Game.from_arrays(a, b), rational=True
        )
    except ModuleNotFoundError:
        missing.append("pygambit")
    return found, missing


def main(games: int, sizes: list[int]) -> None:
    """Time every solver on the same games, one after the other, and print the table."""
    rng = np.random.default_rng(0)
    solvers, missing = peers()
    rows = []
    for size in sizes:
        batch = rng.integers(-1000, 1001, (games, 2, size, size)).astype(float)
        times: dict[str, list[float]] = {name: [] for name in solvers}
        for name, solver in solvers.items():
            solver(*batch[0])  # compile outside the timing
            for a, b in batch:
                started = time.perf_counter()
                solver(a, b)
                times[name].append(1e3 * (time.perf_counter() - started))
        base = statistics.median(times["alignment_games"])
        rows += [
            (f"{size} x {size}", name, f"{(t := statistics.median(own)):.3g}", f"{t / base:.2g}")
            for name, own in times.items()
        ]
    print(tabulate(rows, headers=("game", "method", "median ms", "ratio to ours")))
    if missing:
        print(f"not installed: {', '.join(missing)}")


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore", RuntimeWarning)  # nashpy warns on games it calls degenerate
    counts = [int(text) for text in sys.argv[1:]]
    main(counts[0] if counts else 100, counts[1:] or [2, 3, 4])
