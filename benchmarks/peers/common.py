"""What the comparisons with other packages share: the machine, timing, tables, files."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tabulate import tabulate

RESULTS = Path(__file__).parents[1] / "results"


def versions(packages: Iterable[str]) -> str:
    """Return the installed versions, and which packages are not installed."""
    texts = []
    for name in packages:
        try:
            texts.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            texts.append(f"{name} not installed")
    return ", ".join(texts)


def machine() -> str:
    """Return what the times were measured on."""
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    return (
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {load}"
    )


def median_ms(
    solve: Callable[[Any], object], games: Sequence[Any], *, seconds: float
) -> tuple[float, list[object]]:
    """Time one call a game, for at most `seconds`; return the median and the answers.

    The first game is solved once more before, outside the timing: compilation is not counted.
    """
    solve(games[0])
    times, answers = [], []
    ends = time.perf_counter() + seconds
    for game in games:
        started = time.perf_counter()
        answer = solve(game)
        times.append(time.perf_counter() - started)
        answers.append(answer)
        if time.perf_counter() > ends:
            break
    return 1e3 * statistics.median(times), answers


def table(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    """Return a Markdown table."""
    return tabulate(rows, headers=headers, tablefmt="github", disable_numparse=True)


def publish(name: str, text: str) -> None:
    """Print a result and write it to benchmarks/results/, whole or not at all."""
    print(text)
    RESULTS.mkdir(exist_ok=True)
    part = RESULTS / f".{name}.part"
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(RESULTS / f"{name}.md")


def fresh_process(code: str, folder: str, *arguments: object) -> Any:
    """Run code in a new Python whose compiled loops are kept below a folder; return its JSON.

    Modules are compiled to bytecode and kept, as an installation does it, whatever the
    environment of this run says.
    """
    environment = {
        **os.environ,
        "ALIGNMENT_GAMES_CACHE": f"{folder}/sources",
        "NUMBA_CACHE_DIR": f"{folder}/numba",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return json.loads(done.stdout)


def commit() -> str:
    """Return the commit that was measured."""
    asked = subprocess.run(
        ["git", "-C", str(RESULTS.parent), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
