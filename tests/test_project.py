"""The project's own files agree with each other: versions, lower bounds, licence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOWER_BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?>=(?P<version>[0-9][0-9.]*)")
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][0-9.]*)")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lower_bounds(requirements: list[str]) -> dict[str, str]:
    """Name -> lower bound; a requirement of any other form than ``name>=version`` fails."""
    bounds = {}
    for requirement in requirements:
        match = LOWER_BOUND.fullmatch(requirement)
        assert match, f"{requirement!r} must have the form 'name>=version', without an upper cap"
        bounds[match["name"]] = match["version"]
    return bounds


def one_match(pattern: str, path: Path) -> str:
    match = re.search(pattern, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert match, f"{path.name} must hold a line like {pattern!r}"
    return match[1]


def test_pins_of_the_lower_bounds_are_those_of_pyproject() -> None:
    lines = (ROOT / ".ci" / "lower-bounds.txt").read_text(encoding="utf-8").splitlines()
    pins = {}
    for line in lines:
        if line and not line.startswith("#"):
            match = PIN.fullmatch(line)
            assert match, f"{line!r} must have the form 'name==version'"
            pins[match["name"]] = match["version"]

    project = pyproject()["project"]
    declared = lower_bounds(project["dependencies"])
    declared |= lower_bounds(project["optional-dependencies"]["figures"])
    assert pins == declared


def test_every_extra_has_a_lower_bound_and_is_part_of_all() -> None:
    extras = dict(pyproject()["project"]["optional-dependencies"])
    everything = extras.pop("all")
    for requirements in extras.values():
        assert lower_bounds(requirements)
    assert everything == [f"alignment-games[{','.join(sorted(extras))}]"]


def test_groups_ask_for_the_bounds_that_the_extras_promise() -> None:
    project = pyproject()
    promised = {
        name: bound
        for extra, requirements in project["project"]["optional-dependencies"].items()
        if extra != "all"
        for name, bound in lower_bounds(requirements).items()
    }
    for requirements in project["dependency-groups"].values():
        for requirement in requirements:
            match = LOWER_BOUND.fullmatch(requirement) if isinstance(requirement, str) else None
            if match and match["name"] in promised:
                assert match["version"] == promised[match["name"]]


def test_python_has_a_lower_bound_and_no_upper_cap() -> None:
    assert pyproject()["project"]["requires-python"] == ">=3.11"


def test_every_file_names_the_same_version() -> None:
    version = one_match(r'^__version__ = "(.+)"$', ROOT / "src" / "alignment_games" / "_version.py")
    assert one_match(r"^version: \"?([^\"\n]+)\"?$", ROOT / "CITATION.cff") == version
    assert one_match(r"^## \[?([0-9][^\]\s]*)\]?", ROOT / "CHANGELOG.md") == version


def test_every_file_names_the_same_license() -> None:
    assert pyproject()["project"]["license"] == "MIT"
    assert one_match(r"^license: (\S+)$", ROOT / "CITATION.cff") == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
