"""All equilibria of random n x n games: this package beside the peers, in one run.

Every package solves the same games of integers, already in its own type of game; ours in floats
as the peers, and exactly; certificates and components are included in ours. Integers in
[-1000, 1000] rarely tie in equilibrium, those in [-2, 2] nearly always.
A game counts as missed if fewer different equilibria came back than exist. Peers that are not
installed are left out and named. Writes benchmarks/results/bimatrix.md.

Usage: python benchmarks/peers/bimatrix.py [--games N] [--seconds S] [SIZE ...]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import common
import numpy as np

import alignment_games as ag
from alignment_games.solvers import regular

PAYOFFS = {1000: (2, 3, 4, 5, 6, 8, 10, 12), 2: (3, 6, 8, 10)}
"""Largest payoff in size, and the sizes of the games."""

Pairs = list[tuple[Any, Any]]
Method = tuple[str, int, Callable[[Any, Any], Any], Callable[[Any], Any], Callable[[Any], Pairs]]
"""Name, largest size tried, maker of the package's game, solver, reader of the answer."""


def methods() -> list[Method]:
    """Return the methods of the packages that are installed."""

    def profiles(solution: Any) -> Pairs:
        return [eq.profile for eq in solution.equilibria]

    found: list[Method] = [
        ("alignment_games", 99, ag.NormalFormGame.from_bimatrix, ag.solve, profiles),
        (
            "alignment_games, exact",
            99,
            ag.NormalFormGame.from_bimatrix,
            lambda game: ag.solve(game, exact=True),
            profiles,
        ),
    ]
    try:
        import nashpy
    except ModuleNotFoundError:
        pass
    else:
        found += [
            ("nashpy support enumeration", 6, nashpy.Game, _listed("support_enumeration"), list),
            (
                "nashpy vertex enumeration",
                6,
                lambda a, b: nashpy.Game(a - a.min() + 1, b - b.min() + 1),  # as it needs
                _listed("vertex_enumeration"),
                list,
            ),
        ]
    try:
        import quantecon.game_theory as gt
    except ModuleNotFoundError:
        pass
    else:

        def quantecon_game(a: Any, b: Any) -> Any:
            return gt.NormalFormGame((gt.Player(a), gt.Player(np.ascontiguousarray(b.T))))

        found += [
            ("QuantEcon.py support enumeration", 8, quantecon_game, gt.support_enumeration, list),
            ("QuantEcon.py vertex enumeration", 12, quantecon_game, gt.vertex_enumeration, list),
        ]
    try:
        import pygambit
    except ModuleNotFoundError:
        pass
    else:
        # Names as of version 17.
        gambit_game = pygambit.StrategicGame.from_arrays

        def gambit_profiles(result: Any) -> Pairs:
            return [
                tuple([float(p) for _, p in own] for own in profile)
                for profile in result.equilibria
            ]

        found += [
            (
                f"pygambit enummixed, {'rational' if rational else 'float'}",
                6 if rational else 8,
                lambda a, b: gambit_game(a.astype(int), b.astype(int)),
                lambda game, rational=rational: pygambit.nash.enummixed_solve(
                    game, rational=rational
                ),
                gambit_profiles,
            )
            for rational in (False, True)
        ]
    if shutil.which("lrsnash"):
        found.append(("lrsnash, a process a game", 12, lrs_text, lrsnash, lambda count: count))
    return found


def _listed(method: str) -> Callable[[Any], Any]:
    return lambda game: list(getattr(game, method)())


def lrs_text(a: Any, b: Any) -> str:
    """Return the file that lrsnash reads."""
    blocks = ["\n".join(" ".join(str(int(v)) for v in row) for row in matrix) for matrix in (a, b)]
    return f"{a.shape[0]} {a.shape[1]}\n\n{blocks[0]}\n\n{blocks[1]}\n"


def lrsnash(text: str) -> list[None]:
    """Solve one game in a process of its own; return as many items as equilibria."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "game")
        path.write_text(text, encoding="ascii")
        answer = subprocess.run(["lrsnash", path], capture_output=True, text=True, check=True)
    (line,) = (line for line in answer.stdout.splitlines() if "Number of equilibria found" in line)
    return [None] * int(line.split(":")[1])


def different(pairs: Pairs) -> int:
    """Count different profiles, rounding noise aside."""
    if pairs and pairs[0] is None:
        return len(pairs)
    rounded = {
        tuple(round(float(p), 7) + 0.0 for own in pair for p in own)
        for pair in pairs
        if all(np.isfinite(np.asarray(own, dtype=float)).all() for own in pair)
    }
    return len(rounded)


def compared(games: Any, seconds: float) -> list[tuple[str, ...]]:
    """Time every method on games of one size; return the rows of the table."""
    size = games.shape[-1]
    rows = []
    truth: list[int] = []
    base = 0.0
    for name, largest, make, solve, read in methods():
        if size > largest:
            continue
        made = [make(a, b) for a, b in games]
        median, answers = common.median_ms(solve, made, seconds=seconds)
        counts = [different(read(answer)) for answer in answers]
        if not truth:
            truth, base = counts, median
        missed = sum(c < t for c, t in zip(counts, truth, strict=False))
        rows.append(
            (
                name,
                f"{median:.3g}",
                f"{median / base:.2g}",
                f"{missed} / {min(len(counts), len(truth))}",
            )
        )
    return rows


def main() -> None:
    """Time every method on the same games and publish the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=200, help="most games of a size")
    parser.add_argument("--seconds", type=float, default=10.0, help="most seconds a method")
    parser.add_argument("sizes", type=int, nargs="*", help="sizes of all games")
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # peers warn of games that they call degenerate
    regular.load()
    rows = []
    for top, sizes in PAYOFFS.items():
        rng = np.random.default_rng(0)
        for size in args.sizes or sizes:
            games = rng.integers(-top, top + 1, (args.games, 2, size, size)).astype(float)
            label = (f"[-{top}, {top}]", f"{size} x {size}")
            rows += [(*label, *row) for row in compared(games, args.seconds)]
    text = "\n".join(
        [
            "# All equilibria of random n x n games",
            "",
            f"Written by `benchmarks/peers/bimatrix.py` at commit {common.commit()}.",
            common.machine() + ".",
            common.versions(["numpy", "numba", "nashpy", "quantecon", "pygambit"]) + ".",
            f"Payoffs are integers; up to {args.games} games or {args.seconds:g} s a method.",
            "",
            common.table(
                rows,
                ("payoffs", "size", "method", "median ms", "ratio to ours", "games missed / games"),
            ),
        ]
    )
    common.publish("bimatrix", text)


if __name__ == "__main__":
    main()
