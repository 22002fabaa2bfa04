"""Sweeps of the alignment model: points a second, the command line, growth, first use.

Run by batch.py, which puts the sections of `sections` into benchmarks/results/batch.md.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import common
import numpy as np

import alignment_games as ag
from alignment_games.batch.fused import OUTPUTS, fused_source
from alignment_games.batch.sweeps import DEFAULT_OUTPUTS

POINTS_A_SECOND = 1e7
MAP_SECONDS, MAP_MEGABYTES = 3.0, 400.0
COLD, WARM = 15.0, 0.5

MODEL = ag.models.alignment()
CASE = ag.load_scenario("vietnam")

Beside = Callable[..., str]


def grid(side: int) -> dict[str, tuple[int, int, int]]:
    """Return the axes of a map."""
    return {"stake": (0, 2, side), "patron_reliability": (0, 1, side)}


def seconds(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median and the least time of several calls."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return float(np.median(times)), min(times)


def alone(count: int) -> float:
    """Return the mean time of a point answered one by one with the scalar solvers."""
    rng = np.random.default_rng(0)
    points = [
        {"stake": float(v), "patron_reliability": float(r)}
        for v, r in zip(rng.uniform(0, 2, count), rng.random(count), strict=True)
    ]
    started = time.perf_counter()
    for point in points:
        game = MODEL.game(CASE, **point)
        ag.solve(game, exact=False)
        ag.solve(MODEL.tree(CASE, **point))
        ag.solvers.dominance(game)
    return (time.perf_counter() - started) / count


def nashpy_alone(count: int) -> float | None:
    """Return the mean time of a point with NumPy payoffs and nashpy's support enumeration."""
    try:
        import nashpy
    except ModuleNotFoundError:
        return None
    rng = np.random.default_rng(0)
    points = list(zip(rng.uniform(0, 2, count).tolist(), rng.random(count).tolist(), strict=True))
    started = time.perf_counter()
    for v, r in points:
        axes = {"stake": np.array([v]), "patron_reliability": np.array([r])}
        own, other = MODEL.payoff_arrays(CASE, axes)[..., 0]
        list(nashpy.Game(own, other).support_enumeration())
        coerced = other[:, 1] > other[:, 0]
        np.where(coerced, own[:, 1], own[:, 0]).argmax()
    return (time.perf_counter() - started) / count


def operations(outputs: tuple[str, ...]) -> int:
    """Count different additions, products and comparisons of the loop's text for a point."""
    function = ast.parse(fused_source(MODEL, outputs)).body[-1]
    seen: dict[str, str] = {}
    found = set()
    for line in ast.walk(function):
        if isinstance(line, ast.Assign) and len(line.targets) == 1:
            seen[ast.unparse(line.targets[0])] = ast.unparse(line.value)
        if isinstance(line, ast.BinOp) and isinstance(line.op, (ast.Add, ast.Sub, ast.Mult)):
            found.add(ast.unparse(line))
        if isinstance(line, ast.Compare):
            found.add(ast.unparse(line))
    return len(found)


def speed(repeats: int, peak: float, beside: Beside) -> str:
    """Return the table of points a second."""
    side, lines = 2001, []
    scalar, nashpy = alone(200), nashpy_alone(200)
    for what, outputs, workers in (
        ("posture, coercion, dominance, number of equilibria", DEFAULT_OUTPUTS, None),
        ("the same, one worker", DEFAULT_OUTPUTS, 1),
        ("all seven outputs", tuple(OUTPUTS), None),
        ("posture and coercion", ("posture", "coerced"), None),
    ):

        def run(outputs: tuple[str, ...] = outputs, workers: int | None = workers) -> object:
            return ag.sweep(MODEL, CASE, axes=grid(side), outputs=outputs, workers=workers)

        run()
        median, least = seconds(run, repeats)
        rate = side**2 / median
        share = operations(outputs) * side**2 / median / 1e9 / peak
        target = POINTS_A_SECOND if outputs == DEFAULT_OUTPUTS and workers is None else None
        lines.append(
            [
                what,
                beside(rate, target, least=True),
                f"{side**2 / least:,.0f}",
                f"{operations(outputs)}",
                f"{share:.0%}",
                f"{scalar * rate:,.0f}",
                f"{nashpy * rate:,.0f}" if nashpy is not None else "-",
            ]
        )
    return common.table(
        lines,
        ("outputs", "points a second", "at best", "operations a point", "of peak",
         "times our scalar solvers", "times NumPy and nashpy"),
    )  # fmt: skip


MAP = """
import json, resource, subprocess, sys, time
command = [sys.executable, "-m", "alignment_games.cli", "sweep", "vietnam", "--quiet",
           "--x", "patron_reliability=0:1:2001", "--y", "stake=0:2:2001", "-o", sys.argv[1]]
started = time.perf_counter()
subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
wall = time.perf_counter() - started
print(json.dumps([wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""
"""Started by a small process, because a child's peak memory begins with its parent's."""


def command_line(beside: Beside) -> str:
    """Return the time and the memory of the map from the command line, caches warm."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", MAP, f"{folder}/{run}.nc"],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            )
            for run in range(4)
        ]
    warm = runs[1:]
    wall = float(np.median([wall for wall, _ in warm]))
    return (
        f"`alignment-games sweep vietnam --x patron_reliability=0:1:2001 --y stake=0:2:2001 "
        f"-o map.nc`, median of {len(warm)} runs with warm caches: wall seconds "
        f"{beside(wall, MAP_SECONDS)}, peak megabytes "
        f"{beside(max(peak for _, peak in warm), MAP_MEGABYTES)}."
    )


GROW = """
import json, sys, time
import alignment_games as ag
model, case = ag.models.alignment(), ag.load_scenario("vietnam")
side, more, store = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None
axes = {"stake": (0, 2, side), "patron_reliability": (0, 1, side)}
if more > 1:
    axes = {"tilt": (0, 1, more)} | axes
ag.sweep(model, case, axes={"stake": (0, 2, 8)})
started = time.perf_counter()
ds = ag.sweep(model, case, axes=axes, store=store)
done = time.perf_counter() - started
with open("/proc/self/status") as status:  # since this program began, unlike ru_maxrss
    (peak,) = (int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
print(json.dumps([ds.posture.size, done, peak, ds.nbytes / 1e6]))
"""


def growth(largest: int) -> str:
    """Return seconds and memory from 10^4 points on, in memory and streaming to a store."""
    lines = []
    for stored in (False, True):
        if stored:
            try:
                import zarr  # noqa: F401
            except ModuleNotFoundError:
                break
        for side, more in ((100, 1), (1000, 1), (1000, 10), (1000, 100)):
            if side * side * more > largest:
                break
            with tempfile.TemporaryDirectory() as folder:
                place = f"{folder}/a.zarr" if stored else ""
                text = subprocess.run(
                    [
                        sys.executable,
                        "-c",
                        GROW,
                        str(side),
                        str(more),
                        place,
                    ],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            points, wall, peak, size = json.loads(text)
            lines.append(
                [
                    "store" if stored else "memory",
                    f"{points:,}",
                    f"{wall:.3f}",
                    f"{1e6 * wall / points:.3f}",
                    f"{size:.1f}",
                    f"{peak:.0f}",
                ]
            )
    return common.table(
        lines,
        ("result in", "points", "seconds", "us a point", "result MB", "peak MB of the process"),
    )


FIRST = """
import json, time
started = time.perf_counter()
import numba, numpy, scipy, sympy, xarray
try:
    import dask.array  # xarray imports it where it is installed
except ModuleNotFoundError:
    pass
import alignment_games as ag
import alignment_games.batch
model, case = ag.models.alignment(), ag.load_scenario("vietnam")
imported = time.perf_counter()
axes = {"stake": (0, 2, 100), "patron_reliability": (0, 1, 100)}
ag.sweep(model, case, axes=axes)
first = time.perf_counter()
ag.sweep(model, case, axes=axes)
print(json.dumps([imported - started, first - imported, time.perf_counter() - first]))
"""


def first_use(beside: Beside) -> str:
    """Return the time of the first sweep in a fresh process, with cold and warm caches."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for cache in ("cold", "warm", "warm again"):
            imports, first, second = common.fresh_process(FIRST, folder)
            goal = COLD if cache == "cold" else WARM
            lines.append([cache, f"{imports:.2f}", beside(first, goal), f"{second:.4f}"])
    return common.table(lines, ("cache", "imports", "first sweep", "second sweep"))


def sections(repeats: int, largest: int, peak: float, beside: Beside) -> list[str]:
    """Measure all and return the sections of the result.

    Parameters
    ----------
    repeats : int
    largest : int
        Largest number of points.
    peak : float
        10^9 operations a second of all threads together.
    beside : callable
        Puts a figure beside its target.
    """
    return [
        "## The alignment model: points a second",
        "",
        "`ag.sweep` on a grid of 2001 x 2001 points, payoffs and both games solved, dataset",
        "included; two cores. Operations: different additions, products and comparisons of the",
        "loop's text. The scalar solvers answer the same questions in rational arithmetic one by",
        "one; nashpy enumerates supports, with payoffs and the sequential game by NumPy.",
        "",
        speed(repeats, peak, beside),
        "",
        "## The alignment model: from the command line",
        "",
        command_line(beside),
        "",
        "## The alignment model: growth",
        "",
        "Each size in a process of its own; all codes. A store is streamed chunk by chunk.",
        "",
        growth(largest),
        "",
        "## The alignment model: first use",
        "",
        "Seconds in a fresh process for 10,000 points; imports are those of the package and",
        "what it is built on.",
        "",
        first_use(beside),
        "",
    ]
