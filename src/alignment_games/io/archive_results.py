"""Results of solvers as JSON, so that nothing is lost on the way.

What a file claims is read as a claim: `alignment_games.verify` proves it again from the strategies
in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from .._typing import Profile, Vector
from ..errors import GameError, GameFileError
from ..games import Automaton, BayesianGame, NormalFormGame, RepeatedGame, StochasticGame
from ._archive_files import VERSION, ResultFile, checked_game, decoded, text_of, writer
from ._files import FilePath, read_game, write_game
from ._records import (
    JsonGame,
    NumberRecord,
    automaton_of,
    number_of,
    number_record,
    record_of_automaton,
    record_of_game,
)
from ._tokens import MAX_BYTES

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

__all__ = ["StoredResult", "format_result", "parse_result", "read_result", "write_result"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A result as it was written: its game, its strategies, and what it claimed.

    Nothing of it is proved by being in a file. The strategies are what `alignment_games.verify`
    takes, which proves them again; that there are no others, only solving again can tell.

    Attributes
    ----------
    game : NormalFormGame, BayesianGame, RepeatedGame or StochasticGame
    concept, method, status, message : str
        What was solved for, how, the name of the status, and its words.
    strategies : tuple
        Of a normal form or a Bayesian game, one profile an equilibrium. Of a stochastic game, for
        each equilibrium one profile a state. Of a repeated game, one automaton.
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


def format_result(result: JsonResult) -> str:
    """Return a result as JSON text: its game, its strategies, and what it claims.

    Parameters
    ----------
    result : Solution, MarkovSolution, StochasticValue, RepeatedPlay or RepeatedPayoffs
        A Solution of a normal form or a Bayesian game.

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
    return text_of(
        ResultFile(
            version=VERSION,
            written_by=writer(),
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
    file = decoded(text, limit)
    if not isinstance(file, ResultFile):
        msg = "the text is that of a game alone; read it with read_json or parse_json"
        raise GameFileError(msg)
    game = checked_game(file.game)
    stored = [
        tuple(tuple(tuple(map(number_of, own)) for own in profile) for profile in profiles)
        for profiles in file.strategies
    ]
    strategies: list[Any] = [
        own[0] if isinstance(game, (NormalFormGame, BayesianGame)) and len(own) == 1 else own
        for own in stored
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
        game, (NormalFormGame, BayesianGame, RepeatedGame, StochasticGame)
    ):
        msg = (
            "`result` must be a Solution of a normal form or a Bayesian game, a MarkovSolution, a "
            f"StochasticValue, a RepeatedPlay or RepeatedPayoffs, got {kind}"
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
