#!/usr/bin/env -S uv run --script

# /// script
# dependencies = ["nox>=2025.2.9"]
# ///

"""Development tasks, each in its own environment; ``nox --list`` shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")


def group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PROJECT, name))


@nox.session(default=True)
def lint(session: nox.Session) -> None:
    """Check style, format, layers and the project's files."""
    session.install(*group("lint"), ".")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("lint-imports")
    session.run("repo-review", ".")


@nox.session(default=True)
def typing(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install(*group("typing"), ".")
    session.run("mypy", *session.posargs)


@nox.session(python=PYTHONS, default=True)
def tests(session: nox.Session) -> None:
    """Run the tests with the newest dependencies."""
    session.install(*group("test"), ".")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS[0], default=True)
def lower_bounds(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that pyproject.toml allows."""
    session.install("--constraint", ".ci/lower-bounds.txt", *group("test"), ".")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(default=True)
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error."""
    session.install(*group("docs"), ".")
    session.run("sphinx-build", "-W", "docs", "docs/_build/html", *session.posargs)


@nox.session(default=True)
def build(session: nox.Session) -> None:
    """Build the source archive and the wheel into dist/."""
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build")


if __name__ == "__main__":
    nox.main()
