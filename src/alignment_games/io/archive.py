"""Games as JSON, so that nothing is lost on the way.

A file is data from a stranger: games are checked as every game is.
"""

from __future__ import annotations

from ..errors import GameError, GameFileError
from ..games import BayesianGame, NormalFormGame, RepeatedGame, StochasticGame
from ._archive_files import VERSION, GameFile, checked_game, decoded, text_of, writer
from ._files import FilePath, read_game, write_game
from ._records import JsonGame, record_of_game
from ._tokens import MAX_BYTES

__all__ = ["format_json", "parse_json", "read_json", "write_json"]


def format_json(game: JsonGame) -> str:
    """Return a game as JSON text from which `parse_json` makes an equal game.

    Parameters
    ----------
    game : NormalFormGame, BayesianGame, RepeatedGame or StochasticGame

    Returns
    -------
    str

    Raises
    ------
    GameError
        If it is another game; trees have files of their own (`write_efg`).
    GameFileError
        If a number has more than 4,000 digits.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> game = ag.games.RepeatedGame(dilemma, discount=0.9)
    >>> ag.io.parse_json(ag.io.format_json(game)) == game
    True
    """
    unchecked: object = game
    if not isinstance(unchecked, (NormalFormGame, BayesianGame, RepeatedGame, StochasticGame)):
        msg = (
            "`game` must be a NormalFormGame, a BayesianGame, a RepeatedGame or a "
            f"StochasticGame, got {type(game).__name__}"
        )
        raise GameError(msg)
    return text_of(GameFile(VERSION, writer(), record_of_game(game)))


def parse_json(text: str, *, limit: int = MAX_BYTES) -> JsonGame:
    """Return the game of a JSON text.

    Parameters
    ----------
    text : str
        As `format_json` writes it.
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    NormalFormGame, BayesianGame, RepeatedGame or StochasticGame
        Checked like every game.

    Raises
    ------
    GameFileError
        If it is no such text; the message says where.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5)
    >>> ag.io.parse_json(ag.io.format_json(game)) == game
    True
    """
    file = decoded(text, limit)
    if not isinstance(file, GameFile):
        msg = "the text is that of a result; read it with read_result or parse_result"
        raise GameFileError(msg)
    return checked_game(file.game)


def write_json(game: JsonGame, path: FilePath) -> None:
    """Write a game to a JSON file, whole or not at all.

    Parameters
    ----------
    game : NormalFormGame, BayesianGame, RepeatedGame or StochasticGame
    path : str or path-like
        An existing file is replaced.

    Returns
    -------
    None

    Raises
    ------
    GameError, GameFileError
        As for `format_json`.
    OutputError
        If the file cannot be written; what was there is left as it was.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> game = ag.games.StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ag.io.write_json(game, Path(folder) / "game.json")
    ...     ag.io.read_json(Path(folder) / "game.json") == game
    True
    """
    write_game(path, format_json(game))


def read_json(path: FilePath, *, limit: int = MAX_BYTES) -> JsonGame:
    """Read a game from a JSON file.

    Parameters
    ----------
    path : str or path-like
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    NormalFormGame, BayesianGame, RepeatedGame or StochasticGame
        As `parse_json` returns it.

    Raises
    ------
    GameFileError
        If the file is missing, too large, not UTF-8 text or not a game.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> game = ag.NormalFormGame([[1, 2]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ag.io.write_json(game, Path(folder) / "game.json")
    ...     ag.io.read_json(Path(folder) / "game.json") == game
    True
    """
    return read_game(path, lambda text: parse_json(text, limit=limit), limit=limit, ending="json")
