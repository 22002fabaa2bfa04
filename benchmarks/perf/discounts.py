"""Maps of critical discount factors: points a second, beside plain NumPy and one by one.

The alignment model on a grid of the hegemon's stake and the patron's reliability, payoffs
included. NumPy does the same arithmetic on whole arrays, without a bound on its error, and for
Nash reversion asks nashpy for the equilibria of each point.

Usage: python benchmarks/perf/discounts.py [SIDE]
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))

import common
import nashpy
import numpy as np

import alignment_games as ag

POINTS_A_SECOND = 1e6
MODEL = ag.models.alignment()
CASE = ag.load_scenario("ukraine")
RESTRAINT, CRISIS = ("hedge", "accommodate"), ("balance", "coerce")
TURNS = [RESTRAINT, ("bandwagon", "accommodate")]
ONE_BY_ONE = 200

Array = np.ndarray[Any, Any]


def axes(side: int) -> dict[str, Any]:
    """Return the axes of a map."""
    return {"stake": (0, 2, side), "patron_reliability": (0, 1, side)}


def payoffs(side: int) -> Array:
    """Return all payoffs of the grid by NumPy, shape (2, 3, 2, side * side)."""
    stake, reliability = np.meshgrid(
        np.linspace(0, 2, side), np.linspace(0, 1, side), indexing="ij"
    )
    rest = {name: value for name, value in CASE.items() if name not in axes(side)}
    table = MODEL.payoff_arrays(
        rest, {"stake": stake.ravel(), "patron_reliability": reliability.ravel()}
    )
    return np.asarray(table)


def places(path: Any) -> list[tuple[int, ...]]:
    """Return profiles as positions."""
    profiles = [path] if isinstance(path[0], str) else path
    return [
        tuple(own.index(name) for own, name in zip(MODEL.strategies, profile, strict=True))
        for profile in profiles
    ]


def punished(table: Array, who: int, asked: dict[str, Any]) -> Array:
    """Return what a player gets that has left the path."""
    if asked["punishment"] == "grim":
        (back,) = places(asked["reversion"])
        return np.asarray(table[(who, *back)])
    return np.asarray(table[who].max(axis=who).min(axis=0))


def by_numpy(table: Array, path: Any, asked: dict[str, Any]) -> Array:
    """Return critical discount factors, NaN where there is none."""
    cycle = places(path)
    n, needed = len(cycle), np.zeros(table.shape[-1])
    for who in range(2):
        war = punished(table, who, asked)
        worth = [table[(who, *own)] - war for own in cycle]
        gains = [table[who].max(axis=who)[own[1 - who]] - table[(who, *own)] for own in cycle]
        if n == 1:
            own = np.where(gains[0] > 0, gains[0] / (worth[0] + gains[0]), 0.0)
        else:
            low, high = np.zeros_like(war), np.ones_like(war)
            for _ in range(53):
                middle = (low + high) / 2
                stays = np.ones(war.shape, dtype=bool)
                for t in range(n):
                    total = -gains[t] + (worth[t] + gains[t]) * middle**n
                    for k in range(1, n):
                        total = total + worth[(t + k) % n] * middle**k
                    stays &= total >= 0
                low, high = np.where(stays, low, middle), np.where(stays, middle, high)
            own = np.where(high < 1e-12, 0.0, high)
        own = np.where(sum(worth) < 0, np.nan, own)
        needed = np.where(np.isnan(own) | (own > needed), own, needed)
    if asked["punishment"] == "grim":
        (back,) = places(asked["reversion"])
        for who in range(2):
            tempted = table[who].max(axis=who)[back[1 - who]] > table[(who, *back)]
            needed = np.where(tempted, np.nan, needed)
    return needed


def by_nashpy(table: Array, path: Any) -> Array:
    """Return critical discount factors of a constant path by Nash reversion, point by point."""
    ((row, column),) = places(path)
    found = np.empty(table.shape[-1])
    for k in range(found.size):
        a, b = table[0, :, :, k], table[1, :, :, k]
        pairs = list(nashpy.Game(a, b).support_enumeration())
        needed = 0.0
        for own, gain in ((a, a[:, column].max() - a[row, column]),
                          (b, b[row].max() - b[row, column])):  # fmt: skip
            loss = own[row, column] - min(x @ own @ y for x, y in pairs)
            each = np.nan if loss < 0 else gain / (gain + loss) if gain > 0 else 0.0
            needed = np.nan if np.isnan(each) or np.isnan(needed) else max(needed, each)
        found[k] = needed
    return found


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return the median time of five calls, after a first one that may compile."""
    work()
    times = []
    for _ in range(5):
        started = clock()
        work()
        times.append(clock() - started)
    return float(np.median(times))


def one_by_one(path: Any, asked: dict[str, Any]) -> float:
    """Return the mean CPU time of a point in rational arithmetic."""
    rng = np.random.default_rng(0)
    points = list(zip(rng.uniform(0, 2, ONE_BY_ONE), rng.random(ONE_BY_ONE), strict=True))
    started = time.process_time()
    for stake, reliability in points:
        game = MODEL.game(CASE, stake=float(stake), patron_reliability=float(reliability))
        try:
            ag.solvers.critical_discount(game, path, **asked)
        except ag.errors.GameError:  # the reversion is no equilibrium there
            continue
    return (time.process_time() - started) / ONE_BY_ONE


def row(what: str, path: Any, asked: dict[str, Any], side: int) -> tuple[list[str], float]:
    """Measure one question; return its row of the table and the largest difference to NumPy."""

    def ours(workers: int | None = None) -> Any:
        return ag.batch.critical_discount_map(MODEL, path, CASE, axes=axes(side), workers=workers,
                                              **asked)  # fmt: skip

    rate = side**2 / seconds(ours, time.perf_counter)
    single = side**2 / seconds(lambda: ours(1), time.process_time)
    few = side if asked["punishment"] != "nash" else 21
    if asked["punishment"] == "nash":
        other: Callable[[], Array] = lambda: by_nashpy(payoffs(few), path)  # noqa: E731
    else:
        other = lambda: by_numpy(payoffs(few), path, asked)  # noqa: E731
    peer = few**2 / seconds(other, time.process_time)
    ds = ag.batch.critical_discount_map(MODEL, path, CASE, axes=axes(few), **asked)
    mine, theirs = ds.discount.values.ravel(), other()
    both = ~np.isnan(mine) & ~np.isnan(theirs)
    sure = ds.status.values.ravel() == ag.batch.BatchStatus.OK
    if (np.isnan(mine) != np.isnan(theirs))[sure].any():
        msg = f"{what}: the peer finds factors elsewhere"
        raise RuntimeError(msg)
    alone = one_by_one(path, asked)
    verdict = "met" if rate >= POINTS_A_SECOND else "MISSED"
    cells = [
        what,
        f"{rate:,.0f} (at least {POINTS_A_SECOND:,.0f}: {verdict})",
        f"{single:,.0f}",
        f"{single / peer:,.1f}",
        f"{single * alone:,.0f}",
        f"{(ds.status == ag.batch.BatchStatus.DEGENERATE).sum().item()} of {few**2:,}",
    ]
    return cells, float(np.abs(mine - theirs)[both].max())


def main(side: int) -> None:
    """Measure all and publish the result."""
    warnings.simplefilter("ignore")
    begun = common.machine()
    questions: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("mutual restraint, Nash reversion", RESTRAINT, {"punishment": "nash"}),
        ("the same, one reversion", RESTRAINT, {"punishment": "grim", "reversion": CRISIS}),
        ("the same, minmax", RESTRAINT, {"punishment": "minmax"}),
        ("two periods in turn, minmax", TURNS, {"punishment": "minmax"}),
    )
    rows, apart = [], 0.0
    for what, path, asked in questions:
        cells, difference = row(what, path, asked, side)
        rows.append(cells)
        apart = max(apart, difference)
    heads = ("question", "points a second", "a second of CPU", "times the peer",
             "times our scalar solver", "open")  # fmt: skip
    text = "\n".join(
        [
            "# Maps of critical discount factors",
            "",
            f"Written by `benchmarks/perf/discounts.py` at commit {common.commit()}.",
            f"{begun}. {common.versions(['numba', 'numpy', 'nashpy', 'sympy'])}.",
            "",
            f"`ag.batch.critical_discount_map` of the alignment model on {side} x {side} points,",
            "payoffs, bounds on errors and dataset included. The peer of Nash reversion is nashpy,",
            "point by point; of the other questions it is NumPy on whole arrays, payoffs included,",
            "which bounds no error and decides ties by the last bit. The scalar solver answers in",
            "rational arithmetic. Ratios are of CPU time, one thread each. Open: points within",
            "rounding of a tie.",
            "",
            common.table(rows, heads),
            "",
            f"Discount factors differ by {apart:.0e} at most from the peers'.",
        ]
    )
    common.publish("discounts", text)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1001)
