"""Draw the phase map: the subgame-perfect posture over patron reliability and stake.

Usage: python benchmarks/figures/fig_phase_map.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``phase-map.pdf`` and ``phase-map.png`` and return their paths."""
    return draw("phase-map", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
