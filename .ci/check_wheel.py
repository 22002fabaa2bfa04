"""Check and list what a wheel holds: the package, its data and its license, and nothing else."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"


def main(wheel: str) -> int:
    """Print the wheel's files and return 1 if one is missing or does not belong."""
    names = set(zipfile.ZipFile(wheel).namelist())
    print(*sorted(names), sep="\n")
    expected = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    metadata = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    problems = [f"missing: {name}" for name in sorted(expected - names)]
    problems += [f"does not belong: {name}" for name in sorted(names - metadata - expected)]
    if "alignment_games/py.typed" not in names:
        problems.append("missing: the type marker")
    if not any(
        name.startswith("alignment_games/scenarios/") and name.endswith(".toml") for name in names
    ):
        problems.append("missing: the scenarios")
    if not any(name.endswith("licenses/LICENSE") for name in metadata):
        problems.append("missing: the license")
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
