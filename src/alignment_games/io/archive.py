"""Games and results of solvers as JSON, so that nothing is lost on the way.

A file is data from a stranger: games are checked as every game is, and what a result claims is
read as a claim. `alignment_games.verify` proves it again from the strategies in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from .._typing import Profile, Vector
from .._version import __version__
from ..errors import AlignmentGamesError, GameError, GameFileError
from ..games import Automaton, NormalFormGame, RepeatedGame, StochasticGame
from ._files import FilePath, read_game, write_game
from ._records import (
    AutomatonRecord,
    GameRecord,
    JsonGame,
    NumberRecord,
    automaton_of,
    game_of,
    number_of,
    number_record,
    record_of_automaton,
    record_of_game,
)
from ._tokens import MAX_BYTES, check_limit

if TYPE_CHECKING:
    from ..solvers import (
        MarkovSolution,
        RepeatedPayoffs,
        RepeatedPlay,
        Solution,
        StochasticValue,
    )

    JsonResult: TypeAlias = (
        Solution | MarkovSolution | StochasticValue | RepeatedPlay | RepeatedPayoffs
    )

__all__ = [
    "StoredResult",
    "format_json",
    "format_result",
    "parse_json",
    "parse_result",
    "read_json",
    "read_result",
    "write_json",
    "write_result",
]

_VERSION = 1


class _GameFile(msgspec.Struct, tag_field="file", tag="game", forbid_unknown_fields=True):
    version: int
    written_by: str
    game: GameRecord


class _ResultFile(msgspec.Struct, tag_field="file", tag="result", forbid_unknown_fields=True):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A result as it was written: its game, its strategies, and what it claimed.

    Nothing of it is proved by being in a file. The strategies are what `alignment_games.verify`
    takes, which proves them again; that there are no others, only solving again can tell.

    Attributes
    ----------
    game : NormalFormGame, RepeatedGame or StochasticGame
    concept, method, status, message : str
        What was solved for, how, the name of the status, and its words.
    strategies : tuple
        Of a normal form, one profile an equilibrium. Of a stochastic game, for each equilibrium
        one profile a state. Of a repeated game, one automaton.
    numbers : mapping of str to tuple of vectors
        Values, bounds or corners of polygons, by the names of the result's attributes.
    """

    game: JsonGame
    concept: str
    method: str
    status: str
    message: str
    strategies: tuple[Profile | tuple[Profile, ...] | Automaton, ...] = field(repr=False)
    numbers: Mapping[str, tuple[Vector, ...]] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.concept} by {self.method} (claimed, not verified): {self.message}"


def format_json(game: JsonGame) -> str:
    """Return a game as JSON text from which `parse_json` makes an equal game.

    Parameters
    ----------
    game : NormalFormGame, RepeatedGame or StochasticGame

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
    if not isinstance(unchecked, (NormalFormGame, RepeatedGame, StochasticGame)):
        msg = (
            "`game` must be a NormalFormGame, a RepeatedGame or a StochasticGame, got "
            f"{type(game).__name__}"
        )
        raise GameError(msg)
    return _text(_GameFile(_VERSION, _writer(), record_of_game(game)))


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
    NormalFormGame, RepeatedGame or StochasticGame
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
    file = _decoded(text, limit)
    if not isinstance(file, _GameFile):
        msg = "the text is that of a result; read it with read_result or parse_result"
        raise GameFileError(msg)
    return _checked(file.game)


def write_json(game: JsonGame, path: FilePath) -> None:
    """Write a game to a JSON file, whole or not at all.

    Parameters
    ----------
    game : NormalFormGame, RepeatedGame or StochasticGame
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
    NormalFormGame, RepeatedGame or StochasticGame
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


def format_result(result: JsonResult) -> str:
    """Return a result as JSON text: its game, its strategies, and what it claims.

    Parameters
    ----------
    result : Solution, MarkovSolution, StochasticValue, RepeatedPlay or RepeatedPayoffs
        A Solution of a normal form.

    Returns
    -------
    str

    Raises
    ------
    GameError
        If it is another result.
    GameFileError
        If a number has more than 4,000 digits.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5)
    >>> stored = ag.io.parse_result(ag.io.format_result(ag.solve(game)))
    >>> ag.verify(stored.game, stored.strategies[0])
    ((0.0,),)
    """
    strategies, automata, numbers = _parts(result)
    status = getattr(result, "status", None)
    message = getattr(result, "message", None) or str(result)
    return _text(
        _ResultFile(
            version=_VERSION,
            written_by=_writer(),
            concept=getattr(result, "concept", _CONCEPTS[type(result).__name__]),
            method=result.method,
            status="" if status is None else status.name,
            message=message,
            game=record_of_game(result.game),  # type: ignore[arg-type]
            strategies=[[_vectors(own) for own in profiles] for profiles in strategies],
            automata=list(map(record_of_automaton, automata)),
            numbers={name: _vectors(own) for name, own in numbers.items()},
        )
    )


def parse_result(text: str, *, limit: int = MAX_BYTES) -> StoredResult:
    """Return the result of a JSON text, its claims unverified.

    Parameters
    ----------
    text : str
        As `format_result` writes it.
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    StoredResult

    Raises
    ------
    GameFileError
        If it is no such text; the message says where.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> found = ag.solve(ag.games.RepeatedGame(dilemma, discount=0.4))
    >>> stored = parse_result(format_result(found))
    >>> ag.verify(stored.game, stored.strategies[0]).is_subgame_perfect
    True
    """
    file = _decoded(text, limit)
    if not isinstance(file, _ResultFile):
        msg = "the text is that of a game alone; read it with read_json or parse_json"
        raise GameFileError(msg)
    game = _checked(file.game)
    stored = [
        tuple(tuple(tuple(map(number_of, own)) for own in profile) for profile in profiles)
        for profiles in file.strategies
    ]
    strategies: list[Any] = [
        own[0] if isinstance(game, NormalFormGame) and len(own) == 1 else own for own in stored
    ]
    if file.automata:
        if not isinstance(game, RepeatedGame):
            msg = "`automata` are strategies of a repeated game, which the file does not hold"
            raise GameFileError(msg)
        try:
            strategies += [automaton_of(game.stage, own) for own in file.automata]
        except GameError as error:
            msg = f"the file holds no strategies: {error}"
            raise GameFileError(msg) from None
    return StoredResult(
        game=game,
        concept=file.concept,
        method=file.method,
        status=file.status,
        message=file.message,
        strategies=tuple(strategies),
        numbers={
            name: tuple(tuple(map(number_of, own)) for own in rows)
            for name, rows in file.numbers.items()
        },
    )


def write_result(result: JsonResult, path: FilePath) -> None:
    """Write a result to a JSON file, whole or not at all.

    Parameters
    ----------
    result : Solution, MarkovSolution, StochasticValue, RepeatedPlay or RepeatedPayoffs
    path : str or path-like
        An existing file is replaced.

    Returns
    -------
    None

    Raises
    ------
    GameError, GameFileError
        As for `format_result`.
    OutputError
        If the file cannot be written; what was there is left as it was.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> game = ag.games.StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ag.io.write_result(ag.solve(game), Path(folder) / "solved.json")
    ...     print(ag.io.read_result(Path(folder) / "solved.json").status)
    COMPLETE
    """
    write_game(path, format_result(result))


def read_result(path: FilePath, *, limit: int = MAX_BYTES) -> StoredResult:
    """Read a result from a JSON file, its claims unverified.

    Parameters
    ----------
    path : str or path-like
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    StoredResult

    Raises
    ------
    GameFileError
        If the file is missing, too large, not UTF-8 text or not a result.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "solved.json"
    ...     ag.io.write_result(ag.solve(ag.NormalFormGame([[1, 2]])), path)
    ...     ag.io.read_result(path).strategies
    (((Fraction(0, 1), Fraction(1, 1)),),)
    """
    return read_game(path, lambda text: parse_result(text, limit=limit), limit=limit, ending="json")


_CONCEPTS = {
    "Solution": "",
    "MarkovSolution": "",
    "StochasticValue": "value of a zero-sum stochastic game",
    "RepeatedPlay": "play of a repeated game",
    "RepeatedPayoffs": "subgame-perfect payoffs",
}
"""Results that can be written, and the concept of those that do not name one."""


def _parts(result: Any) -> tuple[list[Any], list[Automaton], dict[str, Any]]:
    """Return what a result holds: profiles by state, automata, and other numbers."""
    kind = type(result).__name__
    game = getattr(result, "game", None)
    if kind not in _CONCEPTS or not isinstance(
        game, (NormalFormGame, RepeatedGame, StochasticGame)
    ):
        msg = (
            "`result` must be a Solution of a normal form, a MarkovSolution, a StochasticValue, a "
            f"RepeatedPlay or RepeatedPayoffs, got {kind}"
        )
        raise GameError(msg)
    if kind == "Solution":
        return [[own.profile] for own in result.equilibria], [], {}
    if kind == "MarkovSolution":
        values = {f"values {k}": own.values for k, own in enumerate(result.equilibria)}
        return [own.strategies for own in result.equilibria], [], values
    if kind == "StochasticValue":
        play = list(zip(result.row, result.column, strict=True))
        return [play], [], {"lower": [result.lower], "upper": [result.upper]}
    if kind == "RepeatedPlay":
        return [], [result.automaton], {"values": list(result.values.values())}
    polygons = {"inner": result.inner, "outer": result.outer}
    return [], [] if result.play is None else [result.play.automaton], polygons


def _vectors(rows: Any) -> list[list[NumberRecord]]:
    return [list(map(number_record, row)) for row in rows]


def _writer() -> str:
    return f"alignment_games {__version__}"


def _text(file: _GameFile | _ResultFile) -> str:
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def _decoded(text: str, limit: int) -> _GameFile | _ResultFile:
    check_limit(limit)
    unchecked: object = text
    if not isinstance(unchecked, str):
        msg = f"`text` must be text, got {type(text).__name__}"
        raise GameFileError(msg)
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        msg = f"the text is larger than {limit} bytes, the limit"
        raise GameFileError(msg)
    try:
        file = msgspec.json.decode(text, type=_GameFile | _ResultFile)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        msg = f"the text is not the JSON of a game or a result: {error}"
        raise GameFileError(msg[:300]) from None
    if file.version != _VERSION:
        msg = f"the file has version {file.version}; this package reads version {_VERSION}"
        raise GameFileError(msg)
    return file


def _checked(record: GameRecord) -> JsonGame:
    try:
        return game_of(record)
    except GameFileError:
        raise
    except AlignmentGamesError as error:
        msg = f"the file holds no game: {error}"
        raise GameFileError(msg) from None
