"""Symbols: how long conditions, thresholds, parametric equilibria and proofs take, in one run.

Every time is that of a fresh process, in which SymPy remembers nothing. Other packages have no
symbolic payoffs: what they do when they are given some is part of the result.

Usage: python benchmarks/perf/symbolic.py
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))

import common
import numpy as np
import sympy as sp
from numba.core.errors import NumbaError

import alignment_games as ag

CONDITIONS, PROOFS, AGREEMENT = 2.0, 120.0, 1e-12
"""Seconds for all conditions and for all proofs; largest difference to the compiled loops."""

START = """
import json, time
import sympy as sp
import alignment_games as ag
S, model = ag.symbolic, ag.models.alignment()
first, second = model.strategies
begun = time.perf_counter()
"""

ALL_CONDITIONS = (
    START
    + """
found = [S.dominance_condition(model, a, over=b) for a in first for b in first if a != b]
found += [S.dominance_condition(model, a, over=b) for a in second for b in second if a != b]
found += [S.best_response_condition(model, a, against=b) for a in first for b in second]
found += [S.best_response_condition(model, b, against=a) for a in first for b in second]
found += [S.equilibrium_condition(model, (a, b)) for a in first for b in second]
found += [S.deterrence_condition(model, a) for a in first]
print(json.dumps([len(found), time.perf_counter() - begun]))
"""
)

ALL_THRESHOLDS = (
    START
    + """
found = [
    S.threshold(model, name, a, over=b)
    for name in model.parameters for a in first for b in first if a != b
]
print(json.dumps([len(found), time.perf_counter() - begun]))
"""
)

EQUILIBRIA = (
    START
    + """
found = S.equilibria(model)
print(json.dumps([len(found), time.perf_counter() - begun]))
"""
)

PROVED = (
    START
    + """
times, status = [], []
for own in S.propositions():
    proof = own.prove()
    times.append([own.label, proof.seconds])
    status.append(proof.status.name.lower())
print(json.dumps([len(times), time.perf_counter() - begun, times, status]))
"""
)

PARAMETRIC = """
import json, time
import sympy as sp
import alignment_games as ag
begun = time.perf_counter()
model = ag.models.build_model(
    "asked in public",
    players={"row": ("first", "second"), "column": ("first", "second")},
    parameters={"x": (0, 1)},
    payoffs={
        ("first", "first"): ("x/2", "x/2"), ("first", "second"): ("x", "1 - x"),
        ("second", "first"): ("1 - x", "x"), ("second", "second"): ("(1 - x)/2", "(1 - x)/2"),
    },
)
found = ag.symbolic.equilibria(model)
lines = [f"{own}" for own in found]
print(json.dumps([len(found), time.perf_counter() - begun, lines]))
"""


def beside(seconds: float, goal: float) -> str:
    """Return a time with the goal and whether it was met."""
    return f"{seconds:.2f} (under {goal:g}: {'met' if seconds < goal else 'MISSED'})"


def difference() -> tuple[int, float]:
    """Return the number of points, and how far symbols and compiled loops are apart at most."""
    model, count = ag.models.alignment(), 100_000
    rng = np.random.default_rng(7)
    points = {
        name: rng.uniform(float(own.usual.lower), float(own.usual.upper or 2), count)
        for name, own in model.parameters.items()
    }
    points["support_effect"] *= points["coercion_success"]
    swept = ag.sweep(
        model, design=ag.batch.PointList(points), outputs=("payoff", "margin", "coerced")
    )
    small, _ = model.players
    first, (calm, harsh) = model.strategies
    symbols = list(model.parameters.symbols.values())
    tempted = [ag.symbolic.temptation(model, a) for a in first]
    paid = [model.payoff(small, a, g) for g in (calm, harsh) for a in first]
    values = sp.lambdify(symbols, [*tempted, *paid], "numpy", cse=True)(*points.values())
    values = np.array([np.broadcast_to(value, count) for value in values])
    earned = np.sort(np.where(values[:3] > 0, values[6:], values[3:6]), axis=0)
    certain = swept["status"].values == 0
    apart = [
        np.abs(swept["payoff"].values - earned[-1])[certain].max(),
        np.abs(swept["margin"].values - (earned[-1] - earned[-2]))[certain].max(),
    ]
    return int(certain.sum()), float(max(apart))


def peers() -> list[list[str]]:
    """Return what other packages say to symbolic payoffs."""
    x = sp.Symbol("x")
    rows = [[x / 2, x], [1 - x, (1 - x) / 2]]
    columns = [list(line) for line in zip(*rows, strict=True)]
    found = []

    def nashpy() -> object:
        import nashpy

        return list(nashpy.Game(rows, columns).support_enumeration())

    def quantecon() -> object:
        import quantecon.game_theory as gt

        players = [gt.Player(np.array(own, dtype=object)) for own in (rows, rows)]
        return gt.support_enumeration(gt.NormalFormGame(players))

    solvers: dict[str, Callable[[], object]] = {"nashpy": nashpy, "QuantEcon.py": quantecon}
    for name, solve in solvers.items():
        try:
            answer = f"returns {solve()}"
        except ImportError:
            answer = "not installed"
        except (TypeError, ValueError, AttributeError, RuntimeError, NumbaError) as error:
            answer = f"{type(error).__name__}: {error}"
        found.append([name, answer.splitlines()[0][:90]])
    return found


def main() -> None:
    """Measure all and publish the result."""
    warnings.simplefilter("ignore")
    begun = common.machine()
    with tempfile.TemporaryDirectory() as folder:
        conditions, thresholds, closed, proved, asked = (
            common.fresh_process(code, folder)
            for code in (ALL_CONDITIONS, ALL_THRESHOLDS, EQUILIBRIA, PROVED, PARAMETRIC)
        )
    points, apart = difference()
    slowest = sorted(proved[2], key=lambda own: -own[1])[:5]
    statuses = ", ".join(f"{proved[3].count(own)} {own}" for own in dict.fromkeys(proved[3]))
    rows: list[list[Any]] = [
        ["all conditions of the alignment model", conditions[0], beside(conditions[1], CONDITIONS)],
        ["all thresholds of postures, by each parameter", thresholds[0], f"{thresholds[1]:.2f}"],
        ["parametric equilibria of the alignment model", closed[0], f"{closed[1]:.2f}"],
        [f"library of propositions ({statuses})", proved[0], beside(proved[1], PROOFS)],
    ]
    agreed = (
        f"Symbols against compiled loops at {points:,} certain points: payoffs and margins differ "
        f"by {apart:.0e} at most (up to {AGREEMENT:.0e}: "
        f"{'met' if apart <= AGREEMENT else 'MISSED'})."
    )
    game = (
        "A(x) = [[x/2, x], [1 - x, (1 - x)/2]], B = A transposed, x from 0 to 1: "
        f"{asked[0]} equilibria in {asked[1]:.2f} s."
    )
    text = "\n".join(
        [
            "# Symbols and proofs",
            "",
            f"Written by `benchmarks/perf/symbolic.py` at commit {common.commit()}.",
            f"{begun}. One thread.",
            common.versions(["sympy", "z3-solver", "nashpy", "quantecon"]) + ".",
            "",
            common.table(rows, ("what", "number", "seconds in a fresh process")),
            "",
            "Slowest proofs: " + ", ".join(f"{name} {took:.1f} s" for name, took in slowest) + ".",
            "",
            agreed,
            "",
            "## A game with a parameter",
            "",
            game,
            "",
            *(f"    {line}" for own in asked[2] for line in own.splitlines()),
            "",
            "Given these payoffs, other packages say:",
            "",
            common.table(peers(), ("package", "answer")),
        ]
    )
    common.publish("symbolic", text)


if __name__ == "__main__":
    main()
