"""Payoff sets of repeated games: this package beside QuantEcon.py, in one run.

Times, for random stage games with integer payoffs from 0 to 9, `solvers.repeated_payoffs`, which
proves its answer in rational numbers, and `batch.repeated_payoffs`, which proves a bound of the
error in floats, beside QuantEcon.py's `RepeatedGame.equilibrium_payoffs`, which proves nothing.
Only games that QuantEcon.py solves are timed, as it fails early where it fails; how many it fails
on is printed. Times are of the processor, medians of the fastest of three calls a game. Sets are
compared: the largest distance of the two polygons. It runs in processes of its own, which some
games crash.

QuantEcon.py's other method, by outer hyperplanes, is timed too if the installed version has it.
Then `markov_perfect` on stochastic games of 2 players, 3 actions and 50 states, each seed alone.
Usage: python benchmarks/peers/repeated.py [GAMES]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import common
import numpy as np

import alignment_games as ag
from alignment_games.games import RepeatedGame, StochasticGame
from alignment_games.solvers import Status, markov_perfect, repeated_payoffs
from alignment_games.solvers._polygons import distance, hull

DISCOUNTS = (Fraction(3, 10), Fraction(7, 10), Fraction(9, 10))
SIZES = (2, 3, 6)
METHODS = ("abreu_sannikov", "outer_approximation")
SEEDS = range(6)
CALLS = 3


def fastest(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor time, in ms, of the fastest of some calls, and the last answer."""
    times = []
    for _ in range(CALLS):
        started = time.process_time()
        answer = call()
        times.append(time.process_time() - started)
    return 1e3 * min(times), answer


PEER = """
import json, sys, time
import numpy as np
import quantecon.game_theory as theory
discount, method, calls = float(sys.argv[1]), sys.argv[2], int(sys.argv[3])
tables = json.load(sys.stdin)
for position, (one, two) in enumerate([tables[0], *tables]):
    one, two = np.array(one, dtype=float), np.array(two, dtype=float)
    game = theory.RepeatedGame(
        theory.NormalFormGame([theory.Player(one), theory.Player(two.T.copy())]), discount
    )
    times = []
    for _ in range(calls):
        started = time.process_time()
        try:
            answer = game.equilibrium_payoffs(method=method).points.tolist()
        except (ValueError, RuntimeError) as error:
            answer = type(error).__name__
        times.append(time.process_time() - started)
    if position:
        print(json.dumps([1e3 * min(times), answer]), flush=True)
"""


def peer(tables: np.ndarray, discount: Fraction, method: str) -> list[list[Any]]:
    """Return QuantEcon.py's times in ms and points, or the name of its error, game by game.

    It runs in another process, which it may crash; it is then started again after that game.
    """
    answers: list[list[Any]] = []
    while len(answers) < len(tables):
        done = subprocess.run(
            [sys.executable, "-c", PEER, str(float(discount)), method, str(CALLS)],
            input=json.dumps(tables[len(answers) :].tolist()),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        answers += [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode > 0:
            raise RuntimeError(done.stderr)
        if done.returncode < 0 and len(answers) < len(tables):
            answers.append([0.0, "crash"])
    return answers


def compared(size: int, discount: Fraction, games: int, method: str) -> list[object]:
    """Time one kind of game; return a row of the table."""
    tables = np.random.default_rng(size).integers(0, 10, (games, 2, size, size))
    ours, batched, theirs, apart, exact, failed = [], [], [], [], 0, {}
    single = [
        RepeatedGame(ag.NormalFormGame.from_bimatrix(*own.tolist()), discount=discount)
        for own in tables
    ]
    repeated_payoffs(single[0])
    ag.batch.repeated_payoffs(tables[:1, 0], tables[:1, 1], discount=float(discount))
    answers = peer(tables, discount, method)
    for own, game, (other, points) in zip(tables, single, answers, strict=True):
        if isinstance(points, str):
            failed[points] = failed.get(points, 0) + 1
            continue
        theirs.append(other)
        milliseconds, found = fastest(lambda game=game: repeated_payoffs(game))
        ours.append(milliseconds)
        exact += found.status is Status.COMPLETE
        milliseconds, _ = fastest(
            lambda own=own: ag.batch.repeated_payoffs(
                own[:1], own[1:], discount=float(discount), workers=1
            )
        )
        batched.append(milliseconds)
        polygon = hull((Fraction(a), Fraction(b)) for a, b in points)
        apart.append(max(distance(found.inner, polygon), distance(polygon, found.inner)))
    name = f"{size} x {size}, {float(discount):g}"
    failures = ", ".join(f"{count} {error}" for error, count in sorted(failed.items())) or "none"
    if not theirs:
        return [name, method, "-", "-", "-", "-", "-", "-", failures, "-"]
    median = statistics.median
    return [
        name, method, f"{median(theirs):.3g}", f"{median(ours):.3g}",
        f"{median(theirs) / median(ours):.3g}", f"{median(batched):.2g}",
        f"{median(theirs) / median(batched):.3g}", f"{exact}/{len(ours)}", failures,
        f"{max(apart):.1g}",
    ]  # fmt: skip


def throughput(size: int, discount: Fraction, games: int) -> list[object]:
    """Time many games at once, on one thread."""
    tables = np.random.default_rng(size).integers(0, 10, (games, 2, size, size))

    def solve() -> Any:
        return ag.batch.repeated_payoffs(
            tables[:, 0], tables[:, 1], discount=float(discount), workers=1
        )

    milliseconds, found = fastest(solve)
    counts = np.bincount(found.status, minlength=4)
    return [
        f"{size} x {size}, {float(discount):g}", games, f"{1e3 * games / milliseconds:.0f}",
        f"{counts[ag.batch.BatchStatus.OK]}", f"{counts[ag.batch.BatchStatus.DEGENERATE]}",
    ]  # fmt: skip


def stochastic(seed: int) -> StochasticGame:
    """Return a random game of 2 players, 3 actions and 50 states."""
    rng = np.random.default_rng(seed)
    return StochasticGame(
        [np.round(rng.random((2, 3, 3)), 2) for _ in range(50)],
        [rng.dirichlet(np.ones(50), size=(3, 3)) for _ in range(50)],
        discount=0.9,
    )


def markov(seed: int) -> list[object]:
    """Time one stochastic game by the clock."""
    game = stochastic(seed)
    started = time.perf_counter()
    found = markov_perfect(game, "logit")
    seconds = time.perf_counter() - started
    return [seed, f"{seconds:.2f}", found.status.name, len(found.equilibria)]


def main(games: int) -> None:
    rows = [compared(size, discount, games, METHODS[0]) for size in SIZES for discount in DISCOUNTS]
    rows.append(compared(3, DISCOUNTS[1], games, METHODS[1]))
    many = [throughput(3, discount, 1000) for discount in DISCOUNTS]
    markov(0)
    seeds = [markov(seed) for seed in SEEDS]
    lines = [
        "# Repeated and stochastic games",
        "",
        f"Written by `benchmarks/peers/repeated.py` at commit {common.commit()}.",
        common.machine() + "; " + common.versions(["quantecon", "numba", "numpy"]) + ".",
        "",
        f"Payoff sets, {games} random stage games a kind with payoffs from 0 to 9: median",
        "processor time in ms of the games that QuantEcon.py solves. Single: exact and proved, by",
        "`solvers.repeated_payoffs`; batch: one game, in floats with a proved error, by `batch`.",
        "",
        common.table(
            rows,
            ("game, discount", "its method", "its ms", "single ms", "ratio", "batch ms", "ratio",
             "exact", "its failures", "apart"),
        ),
        "",
        "Many games at once, on one thread, to an error of 1e-6:",
        "",
        common.table(many, ("game, discount", "games", "a second", "ok", "open")),
        "",
        "`markov_perfect` by the logit branch, 2 players x 3 actions x 50 states, discount 0.9:",
        "",
        common.table(seeds, ("seed", "s", "status", "equilibria")),
    ]  # fmt: skip
    common.publish("repeated", "\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("games", nargs="?", type=int, default=40)
    main(parser.parse_args().games)
