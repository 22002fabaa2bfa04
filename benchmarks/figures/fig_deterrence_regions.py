"""Draw the regions of unilateral deterrence, and what a solver finds in them (C12).

Usage: python benchmarks/figures/fig_deterrence_regions.py [--quick] [FOLDER]
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path, *, quick: bool = False) -> list[Path]:
    """Write ``deterrence-regions.pdf`` and ``.png`` and return their paths."""
    return draw("deterrence-regions", folder, quick=quick)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/figures"))
    parser.add_argument("--quick", action="store_true", help="draw it from fewer points")
    for path in main(**vars(parser.parse_args())):
        print(path)
