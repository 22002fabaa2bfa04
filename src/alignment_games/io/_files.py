"""Game files on disk: read within a limit, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, TypeVar

from ..errors import GameFileError
from ._tokens import check_limit
from .store import read_text, write_whole

FilePath: TypeAlias = str | os.PathLike[str]
_Game = TypeVar("_Game")


def read_game(path: FilePath, parse: Callable[[str], _Game], *, limit: int, ending: str) -> _Game:
    """Read a file and parse it; errors name the file."""
    if isinstance(path, str) and ("\n" in path or path.startswith(ending.upper() + " ")):
        msg = f"`path` must name a file, got a text; to read text, call parse_{ending}(text)"
        raise GameFileError(msg)
    check_limit(limit)
    place = _path(path)
    text = read_text(
        place,
        limit=limit,
        error=GameFileError,
        kind=f"a .{ending} file",
        hint=f"write one with write_{ending}(game, path)",
    )
    try:
        return parse(text)
    except GameFileError as error:
        msg = f"`{place}`, {error}"
        raise GameFileError(msg) from None


def write_game(path: FilePath, text: str) -> None:
    """Write a file through a temporary one."""
    # Bytes, so that line ends and carriage returns in names stay what they are.
    write_whole(_path(path), lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def _path(path: FilePath) -> Path:
    try:
        return Path(path)
    except TypeError:
        msg = f"`path` must name a file, got {type(path).__name__}"
        raise GameFileError(msg) from None
