"""Draw Sobol' indices and rank correlations of the choice to hedge.

Usage: python benchmarks/figures/fig_sensitivity.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``sensitivity.pdf`` and ``sensitivity.png`` and return their paths."""
    return draw("sensitivity", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
