"""Generated loops: written whole, kept for the next process, never read back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from alignment_games import _compiled

SOURCE = "def double(x):\n    return x + x\n"
CHILD = """
import sys
from alignment_games._compiled import generated
loop = generated("double", sys.argv[1])
assert loop(21) == 42
print(sum(loop.stats.cache_hits.values()))
"""


def run(folder: Path, source: str = SOURCE) -> str:
    environment = {**os.environ, "ALIGNMENT_GAMES_CACHE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, source],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_next_process_finds_the_compiled_loop(tmp_path: Path) -> None:
    assert run(tmp_path) == "0"
    assert run(tmp_path) == "1"
    (source,) = tmp_path.glob("*.py")
    assert source.read_text("utf-8") == SOURCE


def test_a_source_that_was_tampered_with_is_written_anew(tmp_path: Path) -> None:
    run(tmp_path)
    (source,) = tmp_path.glob("*.py")
    source.write_text("raise SystemExit('evaluated')\n", "utf-8")
    run(tmp_path)
    assert source.read_text("utf-8") == SOURCE
    assert not list(tmp_path.glob("*.tmp"))


def test_where_nothing_can_be_written_loops_are_compiled_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    assert run(blocked / "folder") == "0"


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALIGNMENT_GAMES_CACHE", str(tmp_path))
    assert _compiled.cache_folder() == tmp_path
    monkeypatch.delenv("ALIGNMENT_GAMES_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert _compiled.cache_folder() == tmp_path / "alignment_games"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert _compiled.cache_folder() == tmp_path / "local" / "alignment_games"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert _compiled.cache_folder().parts[-3:] == ("Library", "Caches", "alignment_games")
