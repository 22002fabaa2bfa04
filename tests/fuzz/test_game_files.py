"""Whatever the text, a parser returns a game or raises the package's own error."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alignment_games as ag

TARGET = Path(__file__).with_name("fuzz_game_files.py")


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_game_files", TARGET)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fuzz = _load()
KINDS = pytest.mark.parametrize("kind", ["nfg", "efg"])


def few(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


PIECES = st.one_of(st.sampled_from(fuzz.TOKENS), st.text(max_size=3), st.integers().map(str))
STEPS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 400), st.integers(0, 12), PIECES), max_size=4
)


def mutated(text: str, steps: list[tuple[int, int, int, str]]) -> str:
    """Cut, copy, insert, replace and break off parts of a text."""
    for what, where, size, piece in steps:
        start = where % (len(text) + 1)
        end = min(start + size, len(text))
        if what == 0:
            text = text[:start] + text[end:]
        elif what == 1:
            text = text[:end] + text[start:end] + text[end:]
        elif what == 2:
            text = text[:start] + f" {piece} " + text[start:]
        elif what == 3:
            text = text[:start] + piece + text[end:]
        else:
            text = text[:start] if size < 3 else text
    return text


def run(kind: str, examples: int) -> tuple[int, int]:
    """Check random texts and mutated files; return how many there were and how many games."""
    counts = [0, 0]

    @few(examples // 10)
    @given(st.one_of(st.text(), st.lists(PIECES).map(" ".join)))
    def random_texts(text: str) -> None:
        counts[0] += 1
        counts[1] += fuzz.check(kind, text)

    @few(examples - examples // 10)
    @given(st.sampled_from(fuzz.SEEDS[kind]), STEPS)
    def changed_files(seed: str, steps: list[tuple[int, int, int, str]]) -> None:
        counts[0] += 1
        counts[1] += fuzz.check(kind, mutated(seed, steps))

    random_texts()
    changed_files()
    return counts[0], counts[1]


@KINDS
def test_the_seeds_are_games(kind: str) -> None:
    assert all(fuzz.check(kind, seed) for seed in fuzz.SEEDS[kind])


@KINDS
def test_texts_are_read_or_refused(kind: str) -> None:
    run(kind, 300)


@KINDS
@pytest.mark.slow
def test_a_hundred_thousand_texts_are_read_or_refused(kind: str) -> None:
    """Hypothesis stops early where it has seen all there is, so it is asked for more."""
    total, games = run(kind, 110_000)
    print(f"{kind}: {total} texts, {games} of them games")
    assert total >= 100_000
    assert games >= 1_000


@KINDS
def test_the_target_runs_under_atheris(kind: str) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed")
    done = subprocess.run(
        [sys.executable, str(TARGET), kind, "-runs=2000"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(ag.__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr[-3000:]
