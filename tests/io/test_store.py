"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from alignment_games.errors import OutputError
from alignment_games.io.store import prepare_folder, write_whole


def test_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", "utf-8")

    def fail(path: Path) -> None:
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write_whole(target, fail)
    assert target.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]


def test_other_errors_leave_nothing_behind_either(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", "utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "out.txt", fail)
    assert not list(tmp_path.iterdir())


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("x", "utf-8")
    written = tmp_path / "written.txt"
    write_whole(written, lambda path: path.write_text("x", "utf-8"))
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x", "utf-8")
    with pytest.raises(OutputError, match="cannot write in the folder"):
        prepare_folder(path)
    with pytest.raises(OutputError, match="cannot write"):
        write_whole(path / "inside.txt", lambda temporary: temporary.touch())


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old", "utf-8")
    link.symlink_to(target)
    write_whole(link, lambda path: path.write_text("new", "utf-8"))
    assert link.is_symlink()
    assert target.read_text("utf-8") == "new"


def test_what_is_no_regular_file_is_left_alone(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for place in (fifo, tmp_path):
        with pytest.raises(OutputError, match="not a regular file"):
            write_whole(place, lambda path: path.write_text("new", "utf-8"))
    assert fifo.is_fifo()


def test_a_dangling_link_is_not_overwritten(tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(tmp_path / "nowhere.toml")
    with pytest.raises(OutputError, match="exists"):
        write_whole(link, lambda path: path.write_text("new", "utf-8"), overwrite=False)
    assert not (tmp_path / "nowhere.toml").exists()
