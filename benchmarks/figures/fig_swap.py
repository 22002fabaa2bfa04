"""Draw the two cases with their postures exchanged.

Usage: python benchmarks/figures/fig_swap.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``swap.pdf`` and ``swap.png`` and return their paths."""
    return draw("swap", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
