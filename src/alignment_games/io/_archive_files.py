"""The JSON files of games and of results: what stands in them, and how they are checked."""

from __future__ import annotations

import msgspec

from .._version import __version__
from ..errors import AlignmentGamesError, GameFileError
from ._records import AutomatonRecord, GameRecord, JsonGame, NumberRecord, game_of
from ._tokens import check_limit

__all__ = ["VERSION", "GameFile", "ResultFile", "checked_game", "decoded", "text_of", "writer"]

VERSION = 1


class GameFile(msgspec.Struct, tag_field="file", tag="game", forbid_unknown_fields=True):
    """A game alone."""

    version: int
    written_by: str
    game: GameRecord


class ResultFile(msgspec.Struct, tag_field="file", tag="result", forbid_unknown_fields=True):
    """A result with its game: `StoredResult` tells what the fields are."""

    version: int
    written_by: str
    concept: str
    method: str
    status: str
    message: str
    game: GameRecord
    strategies: list[list[list[list[NumberRecord]]]]
    automata: list[AutomatonRecord]
    numbers: dict[str, list[list[NumberRecord]]]


def writer() -> str:
    """Return the name and version of this package."""
    return f"alignment_games {__version__}"


def text_of(file: GameFile | ResultFile) -> str:
    """Return the JSON text of a file."""
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def decoded(text: str, limit: int) -> GameFile | ResultFile:
    """Return the file of a JSON text, its games and numbers unchecked.

    Raises
    ------
    GameFileError
        If it is no such text, larger than `limit` bytes, or of another version.
    """
    check_limit(limit)
    unchecked: object = text
    if not isinstance(unchecked, str):
        msg = f"`text` must be text, got {type(text).__name__}"
        raise GameFileError(msg)
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        msg = f"the text is larger than {limit} bytes, the limit"
        raise GameFileError(msg)
    try:
        file = msgspec.json.decode(text, type=GameFile | ResultFile)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        msg = f"the text is not the JSON of a game or a result: {error}"
        raise GameFileError(msg[:300]) from None
    if file.version != VERSION:
        msg = f"the file has version {file.version}; this package reads version {VERSION}"
        raise GameFileError(msg)
    return file


def checked_game(record: GameRecord) -> JsonGame:
    """Return the game of a file, checked like every game.

    Raises
    ------
    GameFileError
        If it is no game.
    """
    try:
        return game_of(record)
    except GameFileError:
        raise
    except AlignmentGamesError as error:
        msg = f"the file holds no game: {error}"
        raise GameFileError(msg) from None
