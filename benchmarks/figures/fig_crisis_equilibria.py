"""Draw all equilibria of crisis signaling over what war is worth to the target (C7).

Usage: python benchmarks/figures/fig_crisis_equilibria.py [--quick] [FOLDER]
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path, *, quick: bool = False) -> list[Path]:
    """Write ``crisis-equilibria.pdf`` and ``.png`` and return their paths."""
    return draw("crisis-equilibria", folder, quick=quick)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/figures"))
    parser.add_argument("--quick", action="store_true", help="draw it from fewer points")
    for path in main(**vars(parser.parse_args())):
        print(path)
