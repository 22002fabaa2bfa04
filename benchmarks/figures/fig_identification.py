"""Draw what two outcomes say about a counterfactual, by scheme and prior.

Usage: python benchmarks/figures/fig_identification.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``identification.pdf`` and ``identification.png`` and return their paths."""
    return draw("identification", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
