"""All equilibria of many random games from arrays of payoffs, beside the peers, in one run.

Payoffs are uniform in [0, 1). Peers solve samples of the same games, each already in the
package's own type of game, after everything was compiled: QuantEcon.py by its public function, by
its compiled generator called from Python, and by a compiled loop over that generator (the best
that its parts allow; it is not threaded); nashpy by its support enumeration. Games of three
players are solved beside a loop over the solver of single games, and pygambit's enumpoly in
the Python that ALIGNMENT_GAMES_PYGAMBIT_PYTHON names or else this one. Ours is the whole
call, arrays in and arrays out. Then what the machine can do and how much of it is used, the first
use in a fresh process, and the cost from 10^4 to 10^7 games. Then logit equilibria beside our
solver of single games and pygambit (in a process of its own, of the Python that --python or the
variable names), and correlated feasibility beside our exact programs and the same two linear
programs by SciPy's HiGHS. Before all, sweeps of the alignment model (batch_sweeps.py). Peers that
are not installed are left out and named. Writes benchmarks/results/batch.md.

Usage: python benchmarks/peers/batch.py [--games N] [--seconds S] [--repeats R] [--largest N]
                                        [--python PYTHON_WITH_PYGAMBIT]
"""

from __future__ import annotations

import argparse
import ast
import functools
import importlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import batch_sweeps
import common
import numba
import numpy as np
from nplayer import Child, available, lacks

import alignment_games as ag
from alignment_games._compiled import generated
from alignment_games.batch import kernels
from alignment_games.batch.closed_forms import LANES, LARGEST, decide_source

SIZES = ((2, 2), (2, 3), (3, 3), (3, 4), (4, 4))
TARGETS = {(2, 2): 0.03, (3, 3): 0.1, (4, 4): 1.5}
"""Microseconds a game on two cores (issue 4)."""
THREE_PLAYERS = {(2, 2, 2): None, (3, 2, 2): 1.0}
"""Sizes of games of three players, with the target in microseconds a game."""
TIMES_QUANTECON, TIMES_NASHPY = 200, 20_000
COLD, WARM = 15.0, 0.5
"""Seconds to the first answer in a fresh process, beyond imports."""

LOOP = """The compiled loop calls
QuantEcon.py's generator from compiled code and only counts; a user would have to write it. The
processors' time is that of all our threads together: where other processes leave us fewer cores
than there are, it divided by their number is what free cores would take at best."""
COUNTED = """By our least times. Bytes: payoffs read twice, every other array once each way; what
the processor reads before it writes is not counted, in the copies neither. Operations: different
additions and products, and comparisons, of the generated loop's text; changes of sign, choices and
logic are not counted, though they take as many instructions, and nothing is counted of loops with
branches (4 x 4, three players), which wait for neither memory nor arithmetic. The loop alone
decides: on one thread, payoffs and answers in the cache; the rest is writing strategies down, and
memory."""
FRESH = """Seconds in a fresh process for 10,000 games. Imports are those of NumPy, Numba and the
package's top level; cold means that no loop is in any cache."""

Pairs = list[tuple[Any, Any]]


def random_games(count: int, m: int, n: int) -> Any:
    """Return the payoffs of both players, each of shape (count, m, n)."""
    rng = np.random.default_rng([0, m, n])
    return rng.random((2, count, m, n))


def microseconds(
    work: Callable[[], object], count: int, repeats: int
) -> tuple[float, float, float]:
    """Return the median and the least time a game of several calls, and the processors' time."""
    times, busy = [], []
    for _ in range(repeats):
        started, before = time.perf_counter(), time.process_time()
        work()
        times.append(1e6 * (time.perf_counter() - started) / count)
        busy.append(1e6 * (time.process_time() - before) / count)
    return float(np.median(times)), min(times), float(np.median(busy))


def peer_microseconds(
    solve: Callable[[Any], Any], games: list[Any], seconds: float
) -> tuple[float, list[Any]]:
    """Return the mean time a game of as many games as the seconds allow, and the answers."""
    solve(games[0])
    answers = []
    started = time.perf_counter()
    for game in games:
        answers.append(solve(game))
        if time.perf_counter() - started > seconds:
            break
    return 1e6 * (time.perf_counter() - started) / len(answers), answers


def quantecon_loop() -> Any:
    """Return a compiled loop over QuantEcon.py's generator, which counts equilibria."""
    module = importlib.import_module("quantecon.game_theory.support_enumeration")
    generator = module._support_enumeration_gen

    @numba.njit
    def loop(rows: Any, columns: Any) -> int:
        found = 0
        for g in range(rows.shape[0]):
            for _ in generator((rows[g], columns[g])):
                found += 1
        return found

    return generator, loop


def same_equilibria(ours: Pairs, theirs: Pairs) -> bool:
    """Tell whether two lists hold the same equilibria up to rounding, in any order."""
    one, other = (
        sorted(np.hstack(pair).round(6).tolist() for pair in own) for own in (ours, theirs)
    )
    return len(one) == len(other) and bool(np.allclose(one, other, atol=1e-5))


def exact_equilibria(row: Any, column: Any) -> Pairs:
    """Solve one game by the exact solver."""
    solution = ag.solvers.nash(ag.NormalFormGame.from_bimatrix(row, column))
    return [equilibrium.profile for equilibrium in solution.equilibria]


def compared(size: tuple[int, int], args: argparse.Namespace) -> dict[str, Any]:
    """Time this package and the peers on games of one size."""
    m, n = size
    a, b = random_games(args.games, m, n)
    solve = ag.batch.solve_bimatrices
    solve(a[:100], b[:100])
    row: dict[str, Any] = {"size": f"{m} x {n}"}
    row["all"], row["all_least"], row["busy"] = microseconds(
        lambda: solve(a, b), args.games, args.repeats
    )
    row["one"], _, _ = microseconds(lambda: solve(a, b, workers=1), args.games, args.repeats)
    batch = solve(a, b)
    row["other"] = int((batch.status != ag.batch.BatchStatus.OK).sum())
    row["equilibria"] = len(batch.row) / len(batch)
    row["unique"] = float((batch.count == 1).mean())
    sample = min(args.games, 20_000)
    try:
        import quantecon.game_theory as gt
    except ModuleNotFoundError:
        pass
    else:
        turned = np.ascontiguousarray(b[:sample].transpose(0, 2, 1))
        games = [
            gt.NormalFormGame((gt.Player(x), gt.Player(y))) for x, y in zip(a, turned, strict=False)
        ]
        row["quantecon"], answers = peer_microseconds(gt.support_enumeration, games, args.seconds)
        row["checked"] = len(answers)
        row["unlike"] = [k for k, own in enumerate(answers) if not same_equilibria(batch[k], own)]
        row["ours_right"] = sum(
            same_equilibria(batch[k], exact_equilibria(a[k], b[k])) for k in row["unlike"]
        )
        generator, loop = quantecon_loop()
        raw = [tuple(pair) for pair in zip(a[:sample], turned, strict=True)]
        row["generator"], _ = peer_microseconds(
            lambda pair: list(generator(pair)), raw, args.seconds
        )
        loop(a[:1], turned[:1])
        row["loop"], _, _ = microseconds(lambda: loop(a[:sample], turned), sample, 3)
    try:
        import nashpy
    except ModuleNotFoundError:
        pass
    else:
        row["nashpy"], answers = peer_microseconds(
            lambda game: list(game.support_enumeration()),
            [nashpy.Game(x, y) for x, y in zip(a[:2000], b[:2000], strict=True)],
            args.seconds,
        )
        row["nashpy_sample"] = len(answers)
    return row


def beside(figure: float, target: float | None, *, least: bool = False) -> str:
    """Return a figure with its target and whether it is met."""
    if target is None:
        return f"{figure:,.3g}" if figure < 1000 else f"{figure:,.0f}"
    met = figure >= target if least else figure <= target
    text = f"{figure:.3g}" if figure < 1000 else f"{figure:,.0f}"
    return f"{text} ({'at least' if least else 'under'} {target:,g}: {'met' if met else 'MISSED'})"


def threads(work: Callable[[int], object], workers: int, repeats: int = 5) -> float:
    """Return the least seconds in which all workers do their work at once."""
    best = np.inf
    with ThreadPoolExecutor(workers) as pool:
        for _ in range(repeats):
            started = time.perf_counter()
            list(pool.map(work, range(workers)))
            best = min(best, time.perf_counter() - started)
    return float(best)


@numba.njit(nogil=True)
def multiply_add(x: Any, rounds: int, by: float, plus: float) -> None:
    """Multiply and add, four independent chains of vectors in the first-level cache."""
    n = x.size // 4
    for _ in range(rounds):
        for i in range(n):
            u, v, w, z = x[i], x[i + n], x[i + 2 * n], x[i + 3 * n]
            for _ in range(8):
                u, v, w, z = u * by + plus, v * by + plus, w * by + plus, z * by + plus
            x[i], x[i + n], x[i + 2 * n], x[i + 3 * n] = u, v, w, z


def peaks(workers: int) -> dict[str, float]:
    """Return gigabytes a second of copies and 10^9 operations a second, measured now."""
    count = 2**24  # 128 MiB a worker
    sources = [np.ones(count) for _ in range(workers)]
    targets = [np.ones(count) for _ in range(workers)]
    total = 2 * 8 * count * workers / 1e9
    warm = threads(lambda k: np.copyto(targets[k], sources[k]), workers)
    fresh = threads(lambda k: sources[k].copy(), workers)
    blocks = [np.ones(1024) for _ in range(workers)]
    multiply_add(blocks[0], 1, 0.999, 0.001)
    rounds = 200_000
    seconds = threads(lambda k: multiply_add(blocks[k], rounds, 0.999, 0.001), workers)
    return {
        "copy": total / warm,
        "fresh": total / fresh,
        "arithmetic": workers * rounds * 1024 * 16 / seconds / 1e9,
    }


def operations(m: int, n: int) -> tuple[int, int]:
    """Count a generated loop's different additions and products, and comparisons, for a game.

    What is computed twice from the same operands is counted once, as a compiler would do it;
    choices, changes of sign and logic are not counted.
    """
    function = ast.parse(decide_source(m, n))
    (inner,) = (
        node.body
        for node in ast.walk(function)
        if isinstance(node, ast.For) and ast.unparse(node.iter) == f"range({LANES})"
    )
    names: dict[str, Any] = {}
    numbers: dict[Any, int] = {}
    kinds = {"sum": 0, "test": 0}

    def number(key: Any, kind: str = "") -> int:
        if key not in numbers:
            numbers[key] = len(numbers)
            if kind:
                kinds[kind] += 1
        return numbers[key]

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.Name):
            return names.setdefault(node.id, number(("name", node.id)))
        if isinstance(node, (ast.Constant, ast.Subscript)):
            return number(ast.unparse(node))
        own = tuple(
            value(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
        )
        what = ast.dump(node.op) if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp)) else ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
            return number((what, own), "sum")
        if isinstance(node, ast.Compare):
            on_bits = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.BitAnd)
            return number((ast.dump(node.ops[0]), own), "" if on_bits else "test")
        return number((type(node).__name__, what, own))

    for line in inner:
        if isinstance(line, ast.Assign):
            results = value(line.value) if not isinstance(line.value, ast.Tuple) else None
            for target in line.targets:
                if isinstance(target, ast.Tuple) and isinstance(line.value, ast.Tuple):
                    each = [value(part) for part in line.value.elts]
                    for part, result in zip(target.elts, each, strict=True):
                        names[part.id] = result  # type: ignore[attr-defined]
                elif isinstance(target, ast.Name) and results is not None:
                    names[target.id] = results
        elif isinstance(line, ast.AugAssign) and isinstance(line.target, ast.Name):
            old = names[line.target.id]
            names[line.target.id] = number((ast.dump(line.op), old, value(line.value)))
    return kinds["sum"], kinds["test"]


def kernel_microseconds(m: int, n: int) -> float:
    """Return the least time a game of the loop that decides: one thread, payoffs in the cache."""
    count = 1024
    decide = generated("decide", decide_source(m, n))
    a, b = (own.reshape(-1) for own in random_games(count, m, n))
    accepted, counts = np.empty((2, count), dtype=np.int64)
    status = np.empty(count, dtype=np.int8)
    unit = 2.0 * np.finfo(float).eps
    _, least, _ = microseconds(lambda: decide(a, b, unit, accepted, status, counts), count, 500)
    return least


def bytes_a_game(sizes: tuple[int, ...], equilibria: float) -> float:
    """Return what must pass between memory and cores: payoffs twice, all else once each way.

    Payoffs are read to decide and to write strategies; a word or two of accepted supports is
    written and read, counts are written and read, offsets and statuses written, strategies
    written.
    """
    payoffs = 8 * len(sizes) * math.prod(sizes)
    words = -(-len(kernels.pair_table(*sizes)) // kernels.WORD) if len(sizes) == 2 else 1
    return 2 * payoffs + 16 * words + 16 + 8 + 1 + 8 * sum(sizes) * equilibria


def usage(rows: list[dict[str, Any]], workers: int) -> tuple[str, str]:
    """Return what the machine can do, and the table of the shares in use."""
    one, every = peaks(1), peaks(workers)
    lines = []
    for sizes, row in zip((*SIZES, *THREE_PLAYERS), rows, strict=True):
        moved = bytes_a_game(sizes, row["equilibria"])
        rate = moved / row["all_least"] / 1e3
        line = [row["size"], f"{moved:.0f}", f"{rate:.2f}", f"{rate / every['copy']:.0%}"]
        line.append(f"{rate / every['fresh']:.0%}")
        if len(sizes) == 2 and max(sizes) <= LARGEST:
            sums, tests = operations(*sizes)
            alone = kernel_microseconds(*sizes)
            work = (sums + tests) / 1e3
            line += [
                f"{sums} + {tests}",
                f"{work / row['all_least'] / every['arithmetic']:.0%}",
                f"{alone:.4f}",
                f"{work / alone / one['arithmetic']:.0%}",
            ]
        else:
            line += ["-"] * 4
        lines.append(line)
    text = (
        f"One thread / {workers} threads: copies of large arrays "
        f"{one['copy']:.1f} / {every['copy']:.1f} GB/s (read plus written) into memory in use, "
        f"{one['fresh']:.1f} / {every['fresh']:.1f} GB/s into fresh memory, whose pages the system "
        "must provide; multiply-and-add without fused instructions in the first-level cache "
        f"{one['arithmetic']:.1f} / {every['arithmetic']:.1f} GFLOP/s."
    )
    headers = (
        "size", "bytes a game", "GB/s", "of copy", "of copy to fresh memory",
        "operations + comparisons", "of peak", "loop alone us", "loop's share of one core's peak",
    )  # fmt: skip
    return text, common.table(lines, headers)


def three_players(args: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """Time games of three players, and compare with the solvers of single games."""
    lines, rows = [], []
    for sizes, target in THREE_PLAYERS.items():
        size = " x ".join(map(str, sizes))
        games = np.random.default_rng([0, *sizes]).random((args.games, 3, *sizes))
        solve = functools.partial(ag.batch.solve_three_player, games)
        ag.batch.solve_three_player(games[:100])
        median, least, busy = microseconds(solve, args.games, args.repeats)
        one, _, _ = microseconds(functools.partial(solve, workers=1), args.games, args.repeats)
        batch = solve()
        single, answers = peer_microseconds(
            lambda payoffs: [
                eq.profile for eq in ag.solvers.nash(ag.NormalFormGame(payoffs)).equilibria
            ],
            list(games[:20_000]),
            args.seconds,
        )
        unlike = sum(not same_equilibria(batch[k], own) for k, own in enumerate(answers))
        found = len(batch.strategies[0]) / len(batch)
        rows.append({"size": size, "all_least": least, "equilibria": found})
        theirs = "-"
        if available():
            child = Child("enumpoly_solve")
            child.solve(games[0])
            solved = [child.solve(payoffs) for payoffs in games[:100]]
            child.close()
            times = [answer[0] for answer in solved if answer is not None]
            short = sum(
                answer is None or lacks(answer[1], [np.hstack(own).tolist() for own in batch[k]])
                for k, answer in enumerate(solved)
            )
            theirs = f"{1e6 * float(np.mean(times)):,.0f} ({short} of 100)"
        lines.append(
            [
                size, beside(median, target), f"{least:.3f}",
                f"{busy:.3f}", f"{busy / median:.2f}", f"{one:.3f}", f"{single:,.0f}",
                f"{single / median:,.0f}", theirs,
                int((batch.status != ag.batch.BatchStatus.OK).sum()),
                f"{found:.4f}", f"{unlike} of {len(answers):,}",
            ]
        )  # fmt: skip
    headers = (
        "size", "ours, all cores", "least", "processors' time", "cores got", "ours, one worker",
        "loop over solvers.nash", "times faster", "pygambit enumpoly (incomplete)", "not OK",
        "equilibria a game", "unlike solvers.nash",
    )  # fmt: skip
    return rows, common.table(lines, headers)


FIRST_USE = """
import json, sys, time
start = time.perf_counter()
import numba, numpy as np
import alignment_games as ag
sizes = [int(size) for size in sys.argv[1:]]
if len(sizes) == 2:
    games = np.random.default_rng(0).random((2, 10_000, *sizes))
    solve = lambda: ag.batch.solve_bimatrices(*games)
else:
    games = np.random.default_rng(0).random((10_000, 3, *sizes))
    solve = lambda: ag.batch.solve_three_player(games)
loaded = time.perf_counter()
solve()
first = time.perf_counter()
solve()
print(json.dumps([loaded - start, first - loaded, time.perf_counter() - first]))
"""


def first_use(*sizes: int) -> list[list[str]]:
    """Time the first call of fresh processes: nothing compiled before, then all kept on disk."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for state, target in (("cold", COLD), ("warm", WARM), ("warm again", WARM)):
            imports, first, second = common.fresh_process(FIRST_USE, folder, *sizes)
            rows.append(
                [
                    " x ".join(map(str, sizes)),
                    state,
                    f"{imports:.2f}",
                    beside(first, target),
                    f"{second:.4f}",
                ]
            )
    return rows


def growth(largest: int, repeats: int) -> list[list[str]]:
    """Time 3 x 3 games from 10^4 to the largest number."""
    rows = []
    for count in [10**k for k in range(4, 9) if 10**k <= largest]:
        a, b = random_games(count, 3, 3)
        solve = functools.partial(ag.batch.solve_bimatrices, a, b)
        median, least, _ = microseconds(solve, count, repeats * (10 if count < 10**6 else 1))
        tracemalloc.start()
        batch = solve()
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del batch
        times = (f"{median:.3f}", f"{least:.3f}", f"{1e-6 * least * count:.4f}")
        rows.append([f"{count:,}", *times, f"{(peak - kept) / count:.1f}"])
    return rows


LOGIT_PEER = """
import json, sys, time
import numpy as np
import pygambit
make = getattr(pygambit, "StrategicGame", None) or pygambit.Game
answers, ends = [], None
for a, b in json.load(sys.stdin):
    game = make.from_arrays(np.array(a), np.array(b))
    started = time.perf_counter()
    (found,) = pygambit.qre.logit_solve_lambda(game, lam=float(sys.argv[1]))
    seconds = time.perf_counter() - started
    profile = [
        [float(p[1]) if isinstance(p, tuple) else float(p) for p in found.profile[player]]
        for player in game.players
    ]
    answers.append([seconds, profile])
    ends = ends or time.perf_counter() + float(sys.argv[2])
    if time.perf_counter() > ends:
        break
print(json.dumps([pygambit.__version__, answers]))
"""


def pygambits(python: str, pairs: Pairs, precision: float, seconds: float) -> Any:
    """Return pygambit's version and its times and answers, or why there are none."""
    text = json.dumps([[a.tolist(), b.tolist()] for a, b in pairs])
    done = subprocess.run(
        [python, "-c", LOGIT_PEER, str(precision), str(seconds)],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["pygambit crashed"])[-1], []
    return json.loads(done.stdout)


def logit_rows(args: argparse.Namespace) -> tuple[str, list[list[str]]]:
    """Time logit equilibria at three precisions, and compare them with the peers'."""
    version, rows = "none", []
    for m, n in ((2, 2), (3, 3), (4, 4)):
        count = args.games // 20
        a, b = random_games(count, m, n)
        games = [ag.NormalFormGame.from_bimatrix(*pair) for pair in zip(a[:500], b, strict=False)]
        for precision in (1.0, 10.0, 50.0):
            solve = functools.partial(ag.batch.logit, a, b, precision=precision)
            answer = solve()
            time_all, _, busy = microseconds(solve, count, 3)
            ok = answer.status == ag.batch.BatchStatus.OK
            single, theirs = peer_microseconds(
                functools.partial(ag.solvers.quantal, precision=precision), games, args.seconds
            )
            apart = [
                max(np.abs(np.array(own, float) - mine[k]).max()
                    for own, mine in zip(solution.equilibria[0].profile,
                                         (answer.row, answer.column), strict=True))
                for k, solution in enumerate(theirs) if ok[k] and len(solution)
            ]  # fmt: skip
            row = [f"{m} x {n}", f"{precision:g}", f"{time_all:.1f}", f"{busy:.1f}"]
            row += [f"{ok.mean():.2%}", f"{answer.unique.mean():.0%}", f"{single:,.0f}"]
            found, answers = pygambits(
                args.python, list(zip(a[:200], b[:200], strict=True)), precision, args.seconds
            )
            row.append(f"{max(apart):.0e}")
            if answers:
                version = found
                same = sum(
                    all(np.allclose(own, mine[k], atol=1e-4)
                        for own, mine in zip(profile, (answer.row, answer.column), strict=True))
                    for k, (_, profile) in enumerate(answers) if ok[k]
                )  # fmt: skip
                checked = int(ok[: len(answers)].sum())
                mean = 1e6 * sum(seconds for seconds, _ in answers) / len(answers)
                row += [f"{mean:,.0f}", f"{same}/{checked}"]
            else:
                print(f"pygambit skipped: {found}")
                row += ["-", "-"]
            rows.append(row)
    return version, rows


def two_programs(game: tuple[Any, Any]) -> tuple[float, float]:
    """Return the most and the least that correlated equilibria play the second row, by HiGHS."""
    from scipy.optimize import linprog

    a, b = game
    m, n = a.shape
    rows = []
    for i in range(m):
        for other in range(m):
            if other != i:
                rows.append(np.zeros((m, n)))
                rows[-1][i] = a[other] - a[i]
    for j in range(n):
        for other in range(n):
            if other != j:
                rows.append(np.zeros((m, n)))
                rows[-1][:, j] = b[:, other] - b[:, j]
    played = np.zeros((m, n))
    played[1] = 1.0
    ends = [
        linprog(
            sign * played.ravel(), A_ub=np.array(rows).reshape(len(rows), -1),
            b_ub=np.zeros(len(rows)), A_eq=np.ones((1, m * n)), b_eq=[1.0],
        ).fun * sign
        for sign in (-1, 1)
    ]  # fmt: skip
    return ends[0], ends[1]


def exact_programs(game: tuple[Any, Any]) -> tuple[float, float]:
    """Return the same by the exact programs of our solver of single games."""
    from alignment_games.batch.correlated import _exact

    found = _exact(*game, 1, coarse=False)
    assert found is not None
    return found


def correlated_rows(args: argparse.Namespace) -> list[list[str]]:
    """Time correlated feasibility, and compare the probabilities with those of the programs."""
    rows = []
    for m, n in SIZES:
        count = args.games // 10
        a, b = random_games(count, m, n)
        solve = functools.partial(ag.batch.correlated_feasibility, a, b, strategy=1)
        answer = solve()
        time_all, _, busy = microseconds(solve, count, 3)
        ok = answer.status == ag.batch.BatchStatus.OK
        row = [f"{m} x {n}", f"{time_all:.2f}", f"{busy:.2f}", f"{ok.mean():.3%}"]
        row.append(f"{(answer.possible == 1).mean():.1%}")
        row.append(f"{(answer.necessary == 1).mean():.1%}")
        games = list(zip(a[:2000], b[:2000], strict=True))
        for peer in (exact_programs, two_programs):
            mean, theirs = peer_microseconds(peer, games, args.seconds)
            apart = [
                np.abs(np.array(ends) - (answer.largest[k], answer.least[k])).max()
                for k, ends in enumerate(theirs) if ok[k]
            ]  # fmt: skip
            row += [f"{mean:,.0f}", f"{max(apart):.0e}"]
        rows.append(row)
    return rows


def speed_tables(rows: list[dict[str, Any]]) -> tuple[str, str, str]:
    """Return the tables of times, ratios and agreement."""
    times, ratios, checks = [], [], []
    for size, row in zip(SIZES, rows, strict=True):
        peers = [
            f"{row[name]:,.3g}" if name in row else "-"
            for name in ("loop", "generator", "quantecon")
        ]
        nashpy = f"{row['nashpy']:,.0f} ({row['nashpy_sample']} games)" if "nashpy" in row else "-"
        times.append(
            [
                row["size"],
                beside(row["all"], TARGETS.get(size)),
                f"{row['all_least']:.3f}",
                f"{row['busy']:.3f}",
                f"{row['busy'] / row['all']:.2f}",
                f"{row['one']:.3f}",
                *peers,
                nashpy,
            ]
        )  # fmt: skip
        line = [row["size"]]
        for name in ("loop", "generator", "quantecon", "nashpy"):
            if name not in row:
                line.append("-")
                continue
            target = {"quantecon": TIMES_QUANTECON, "nashpy": TIMES_NASHPY}.get(name)
            goal = target if size == (3, 3) else None
            line.append(beside(row[name] / row["all"], goal, least=True))
        line.append(f"{row['loop'] / row['one']:.1f}" if "loop" in row else "-")
        ratios.append(line)
        unlike = f"{len(row['unlike'])} ({row['ours_right']})" if "unlike" in row else "-"
        checks.append(
            [
                row["size"],
                row["other"],
                f"{row['equilibria']:.4f}",
                f"{row['unique']:.4f}",
                row.get("checked", "-"),
                unlike,
            ]
        )
    return (
        common.table(
            times,
            ("size", "ours, all cores", "least", "processors' time", "cores got",
             "ours, one worker", "QuantEcon.py, compiled loop", "its generator", "its function",
             "nashpy"),
        ),
        common.table(
            ratios,
            ("size", "QuantEcon.py, compiled loop", "its generator", "its function", "nashpy",
             "compiled loop, one thread each"),
        ),
        common.table(
            checks,
            ("size", "not OK", "equilibria a game", "share unique", "compared with QuantEcon.py",
             "answers that differ (ours those of the exact solver)"),
        ),
    )  # fmt: skip


def main() -> None:
    """Measure all and publish the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=10**6, help="games of a size")
    parser.add_argument("--seconds", type=float, default=3.0, help="most seconds a peer")
    parser.add_argument("--repeats", type=int, default=7, help="calls of ours")
    parser.add_argument("--largest", type=int, default=10**7, help="largest number of games")
    parser.add_argument("--largest-sweep", type=int, default=10**8, help="most points of a sweep")
    parser.add_argument(
        "--python",
        default=os.environ.get("ALIGNMENT_GAMES_PYGAMBIT_PYTHON", sys.executable),
        help="a Python that has pygambit",
    )
    args = parser.parse_args()
    os.environ["ALIGNMENT_GAMES_PYGAMBIT_PYTHON"] = args.python
    warnings.simplefilter("ignore")  # peers warn of games that they call degenerate
    workers = os.cpu_count() or 1
    begun = common.machine()
    rows = [compared(size, args) for size in SIZES]
    times, ratios, checks = speed_tables(rows)
    others, three = three_players(args)
    machine, shares = usage([*rows, *others], workers)
    sweeps = batch_sweeps.sections(
        args.repeats, args.largest_sweep, peaks(workers)["arithmetic"], beside
    )
    pygambit, logit = logit_rows(args)
    load = f" (at the end {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""
    text = "\n".join(
        [
            "# Many games at once",
            "",
            f"Written by `benchmarks/peers/batch.py` at commit {common.commit()}.",
            f"{begun}{load}: this run on all cores is part of the load, others may be.",
            common.versions(["numpy", "numba", "nashpy", "quantecon", "pygambit"]) + ".",
            f"{args.games:,} games of a size, payoffs uniform in [0, 1).",
            "",
            *sweeps,
            "## All equilibria of random games: microseconds a game",
            "",
            f"Ours: median of {args.repeats} calls, and the least. Peers: mean of up to 20,000 of",
            f"the same games (nashpy 2,000) or {args.seconds:g} s. " + LOOP,
            "",
            times,
            "",
            "## How many times faster",
            "",
            "Our median on all cores beside each peer, which uses one; last column one worker.",
            "",
            ratios,
            "",
            "## Answers",
            "",
            checks,
            "",
            "## Three players",
            "",
            f"Microseconds a game; the loop over the solver of single games: {args.seconds:g} s;",
            "pygambit on 100 games, in parentheses those of which equilibria are missing.",
            "",
            three,
            "",
            "## Shares of the machine",
            "",
            machine,
            "",
            COUNTED,
            "",
            shares,
            "",
            "## First use",
            "",
            FRESH,
            "",
            common.table(
                [line for size in ((3, 3), (4, 4), (3, 2, 2)) for line in first_use(*size)],
                ("size", "cache", "imports", "first call", "second call"),
            ),
            "",
            "## Growth",
            "",
            "3 x 3 games on all cores; bytes beyond the arrays given and returned.",
            "",
            common.table(
                growth(args.largest, args.repeats),
                ("games", "us a game, median", "least", "seconds, least", "bytes a game"),
            ),
            "",
            "## Logit equilibria",
            "",
            f"{args.games // 20:,} games; peers a part, pygambit {pygambit}. Proved: on the",
            "principal branch, with errors below 1e-6. Times in microseconds a game.",
            "",
            common.table(
                logit,
                (
                    "size",
                    "precision",
                    "ours, all cores",
                    "processors' time",
                    "proved",
                    "unique",
                    "our solver of single games",
                    "largest difference",
                    "pygambit",
                    "same",
                ),
            ),
            "",
            "## Correlated feasibility of the second row",
            "",
            f"{args.games // 10:,} games; peers a part of them. Times in microseconds a game.",
            "",
            common.table(
                correlated_rows(args),
                (
                    "size",
                    "ours, all cores",
                    "processors' time",
                    "OK",
                    "possible",
                    "necessary",
                    "our exact programs",
                    "largest difference",
                    "SciPy's HiGHS",
                    "largest difference",
                ),
            ),
        ]
    )
    common.publish("batch", text)


if __name__ == "__main__":
    main()
