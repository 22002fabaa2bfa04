"""Draw the shares of each posture under the base prior and its ablations.

Usage: python benchmarks/figures/fig_prior_robustness.py [FOLDER]    (default: build/figures)
"""

from __future__ import annotations

import sys
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path) -> list[Path]:
    """Write ``prior-robustness.pdf`` and ``prior-robustness.png`` and return their paths."""
    return draw("prior-robustness", folder)


if __name__ == "__main__":
    for path in main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/figures")):
        print(path)
