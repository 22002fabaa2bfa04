"""Draw the posture policy over the patron's engagement and the hegemon's power.

Usage: python benchmarks/figures/fig_posture_policy.py [--quick] [FOLDER]
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from alignment_games.figures import draw


def main(folder: Path, *, quick: bool = False) -> list[Path]:
    """Write ``posture-policy.pdf`` and ``posture-policy.png`` and return their paths."""
    return draw("posture-policy", folder, quick=quick)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/figures"))
    parser.add_argument("--quick", action="store_true", help="draw it from fewer points")
    for path in main(**vars(parser.parse_args())):
        print(path)
