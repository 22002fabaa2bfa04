"""Draw the regions of the phase map: certified cells, and bounds on the regions' areas.

Usage: python benchmarks/figures/fig_phase_regions.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``phase-regions.pdf`` and ``phase-regions.png`` and return their paths."""
    return draw("phase-regions", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
