"""Every example in a docstring runs, and every public function has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import alignment_games as ag

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(ag.__path__, "alignment_games.")
    # Strategies have no examples to run, and a program is not for import.
    if module.name not in {"alignment_games.testing", "alignment_games.cli.__main__"}
)
ROOMS = ("analysis", "batch", "figures", "io", "models", "scenarios", "solvers", "symbolic")


@pytest.mark.parametrize("name", ["alignment_games", *MODULES])
def test_examples(name: str) -> None:
    result = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.failed == 0


def _functions(room: ModuleType) -> list[tuple[str, str]]:
    return [
        (name, inspect.getdoc(getattr(room, name)) or "")
        for name in room.__all__
        if inspect.isfunction(getattr(room, name))
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_public_functions_have_an_example(room: str) -> None:
    for name, text in _functions(getattr(ag, room)):
        assert "\nReturns\n" in text, name
        assert "\nExamples\n" in text, name
