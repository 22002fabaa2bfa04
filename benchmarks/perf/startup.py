"""Start-up cost: the bare import over a bare interpreter, and the CPU time of a report.

Usage: python benchmarks/perf/startup.py [RUNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys


def cpu_seconds(arguments: list[str], runs: int) -> float:
    """Return the median user and system time of a command's runs, after a warm-up."""
    times = []
    for _ in range(runs + 1):
        before = os.times()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        times.append(
            after.children_user
            - before.children_user
            + after.children_system
            - before.children_system
        )
    return statistics.median(times[1:])


def main(runs: int) -> None:
    """Print the two figures."""
    bare = cpu_seconds([sys.executable, "-c", "pass"], runs)
    imported = cpu_seconds([sys.executable, "-c", "import alignment_games"], runs)
    report = cpu_seconds([sys.executable, "-m", "alignment_games.cli", "report", "vietnam"], runs)
    print(f"import alignment_games: {1e3 * (imported - bare):.1f} ms over a bare interpreter")
    print(f"alignment-games report vietnam: {report:.2f} s of CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
