"""Gambit's files of normal forms (``.nfg``), in the payoff and the outcome version."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..errors import GameError, WorkLimitError, flag
from ..games import ExtensiveGame, NormalFormGame
from ._files import FilePath, read_game, write_game
from ._tokens import MAX_BYTES, Tokens, number_text, quote, unique

__all__ = ["format_nfg", "parse_nfg", "read_nfg", "write_nfg"]

_MAX_PLAYERS = 30
_MAX_PAYOFFS = 4_000_000
_MAX_NAMES = 1_000_000


def read_nfg(path: FilePath, *, limit: int = MAX_BYTES) -> NormalFormGame:
    """Read a normal form from a ``.nfg`` file of Gambit.

    Parameters
    ----------
    path : str or path-like
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    NormalFormGame
        As `parse_nfg` returns it.

    Raises
    ------
    GameFileError
        If the file is missing, too large, not UTF-8 text or not a game; the message names
        the line and the column.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> game = ag.NormalFormGame.from_bimatrix([[1, 0], [0, 2]], [[2, 0], [0, 1]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ag.io.write_nfg(game, Path(folder) / "battle.nfg")
    ...     ag.io.read_nfg(Path(folder) / "battle.nfg") == game
    True
    """
    return read_game(path, lambda text: parse_nfg(text, limit=limit), limit=limit, ending="nfg")


def parse_nfg(text: str, *, limit: int = MAX_BYTES) -> NormalFormGame:
    """Read a normal form from the text of a ``.nfg`` file.

    Parameters
    ----------
    text : str
        Payoffs profile by profile, or outcomes and one outcome number a profile.
    limit : int, optional
        Largest number of characters.

    Returns
    -------
    NormalFormGame
        Exact: a decimal such as ``0.25`` is read as 1/4. Names that are empty or repeated, which
        Gambit's older files may have, are made unique as Gambit 17 does (``x_1``, ``x_2``;
        ``_1``). The title, the comment and the names of outcomes are not kept.

    Raises
    ------
    GameFileError
        If the text is no such file, or contradicts itself: too few or too many payoffs,
        unknown outcomes.
    WorkLimitError
        If there are more than 30 players or 4 million payoffs.

    References
    ----------
    R. Savani and T. L. Turocy, Gambit: The package for computation in game theory, file format
    ``.nfg``, https://gambitproject.readthedocs.io.

    Examples
    --------
    >>> game = parse_nfg('NFG 1 R "" { "Row" "Column" } { { "a" "b" } { "c" } } 1 1/2 0.25 2')
    >>> game.payoff("Column", "a", "c"), game.payoff("Row", "b", "c")
    (Fraction(1, 2), Fraction(1, 4))
    """
    tokens = Tokens(text, limit=limit)
    header(tokens, "NFG", 1)
    players = unique(names(tokens, "the name of a player", "the list of players"))
    if not players:
        raise tokens.error("a game needs at least one player")
    strategies = _strategies(tokens, players)
    if tokens.peek() == '"':
        tokens.quoted("a comment")
    shape = tuple(len(own) for own in strategies)
    profiles = math.prod(shape)
    if len(players) > _MAX_PLAYERS or len(players) * profiles > _MAX_PAYOFFS:
        msg = (
            f"the file holds a game of {len(players)} players and {profiles} profiles; the limits "
            f"are {_MAX_PLAYERS} players and {_MAX_PAYOFFS} payoffs"
        )
        raise WorkLimitError(msg)
    # Each number takes two characters, so a header cannot ask for more memory than its text.
    if 2 * profiles > tokens.length:
        raise tokens.error(f"{profiles} profiles are declared, more than the text can hold")
    rows = _by_outcomes if tokens.peek() == "{" else _by_payoffs
    flat = np.empty((profiles, len(players)), dtype=object)
    for k, row in enumerate(rows(tokens, players, profiles)):
        flat[k] = row
    tokens.finish(f"the list of {profiles} profiles")
    # The first player's strategy varies fastest in the file.
    axes = tuple(reversed(range(len(players))))
    blocks = [flat[:, k].reshape(shape[::-1]).transpose(axes) for k in range(len(players))]
    return NormalFormGame(blocks, players=players, strategies=strategies)


def format_nfg(game: NormalFormGame, *, title: str = "", outcomes: bool = False) -> str:
    """Return a normal form as the text of a ``.nfg`` file.

    Parameters
    ----------
    game : NormalFormGame
    title : str, optional
    outcomes : bool, optional
        Whether to write each payoff vector once, as an outcome, and one outcome number a
        profile: shorter where many profiles end alike.

    Returns
    -------
    str
        Exact payoffs as integers and ratios, floats as the decimals that they stand for: so
        `parse_nfg` returns the same game, ``game.as_exact()`` if there are floats.

    Raises
    ------
    GameError
        If a name or a number cannot be written, or `outcomes` is not a bool.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])
    >>> print(format_nfg(game, title="Prisoner's dilemma"))
    NFG 1 R "Prisoner's dilemma" { "player_1" "player_2" }
    { { "s1" "s2" } { "s1" "s2" } }
    ""
    <BLANKLINE>
    2 2 3 0
    0 3 1 1
    <BLANKLINE>
    """
    given: object = game
    if not isinstance(given, NormalFormGame):
        tail = "; write a tree with write_efg" if isinstance(given, ExtensiveGame) else ""
        msg = f"`game` must be a NormalFormGame, got {type(game).__name__}{tail}"
        raise GameError(msg)
    outcomes = flag("outcomes", outcomes)
    lists = " ".join(_braced(own) for own in game.strategies)
    head = f'NFG 1 R {quote(title, "`title`")} {_braced(game.players)}\n{{ {lists} }}\n""\n\n'
    numbers: dict[Fraction, str] = {}
    rows = []
    values = [own.transpose().ravel().tolist() for own in game.exact_payoffs]
    for row in zip(*values, strict=True):
        for value in row:
            if value not in numbers:
                numbers[value] = number_text(value, exact=game.exact)
        rows.append(tuple(numbers[value] for value in row))
    if not outcomes:
        return head + _lines([" ".join(row) for row in rows], game.shape[0])
    known = {row: k + 1 for k, row in enumerate(dict.fromkeys(rows))}
    listed = "".join(f'{{ "Outcome {k}" {", ".join(row)} }}\n' for row, k in known.items())
    return head + f"{{\n{listed}}}\n" + _lines([str(known[row]) for row in rows], game.shape[0])


def write_nfg(
    game: NormalFormGame, path: FilePath, *, title: str = "", outcomes: bool = False
) -> None:
    """Write a normal form to a ``.nfg`` file, whole or not at all.

    Parameters
    ----------
    game : NormalFormGame
    path : str or path-like
        An existing file is replaced.
    title, outcomes
        As for `format_nfg`.

    Returns
    -------
    None

    Raises
    ------
    GameError
        If a name or a number cannot be written.
    OutputError
        If the file cannot be written; what was there is left as it was.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "game.nfg"
    ...     ag.io.write_nfg(ag.NormalFormGame([[1, 2]]), path)
    ...     path.read_text().split()[:2]
    ['NFG', '1']
    """
    write_game(path, format_nfg(game, title=title, outcomes=outcomes))


def header(tokens: Tokens, kind: str, version: int) -> None:
    """Read the start of a game file: its kind, version, number type and title."""
    found = tokens.word(f"the word {kind}")
    if found != kind:
        raise tokens.error(
            f"a .{kind.lower()} file starts with {kind}, this one with {found[:20]!r}"
        )
    number = tokens.integer("the version")
    if number != version:
        raise tokens.error(
            f"only version {version} of .{kind.lower()} files is known, not {number}"
        )
    if tokens.word("R or D") not in {"R", "D"}:
        raise tokens.error("the letter R (or D, in old files) is needed here")
    tokens.quoted("the title")


def names(tokens: Tokens, what: str, whole: str) -> list[str]:
    """Read names in quotes between braces."""
    tokens.expect("{", whole)
    found: list[str] = []
    while not tokens.accept("}"):
        if len(found) == _MAX_NAMES:
            raise tokens.error(f"{whole} has more than {_MAX_NAMES} names")
        found.append(tokens.quoted(what))
    return found


def payoffs(tokens: Tokens, players: list[str], whole: str) -> tuple[Fraction, ...]:
    """Read one payoff a player, each with a comma after it or not, and the closing brace."""
    found: list[Fraction] = []
    for player in players:
        if tokens.mark() == "}":
            count = f"{len(found)} payoff{'s' * (len(found) != 1)}"
            raise tokens.error(f"{whole} has {count}; {len(players)} are needed")
        found.append(tokens.number(f"the payoff of {player!r}"))
        tokens.accept(",")
    if not tokens.accept("}"):
        raise tokens.error(f"{whole} has more than {len(players)} payoffs, one a player")
    return tuple(found)


def _strategies(tokens: Tokens, players: list[str]) -> list[list[str]]:
    tokens.expect("{", "the list of strategies")
    lists: list[list[str]] = []
    named = tokens.peek() == "{"
    total = 0
    while not tokens.accept("}"):
        if len(lists) == len(players):
            raise tokens.error(f"strategies for more than the {len(players)} players")
        owner = players[len(lists)]
        if named:
            whole = f"the list of strategies of {owner!r}"
            own = unique(names(tokens, f"the name of a strategy of {owner!r}", whole))
        else:
            count = tokens.integer(f"the number of strategies of {owner!r}")
            total += count
            # Checked before any name is made: a count costs a few characters only.
            if count > _MAX_NAMES or 2 * total > tokens.length + 2 * len(players):
                raise tokens.error(
                    f"{count} strategies are more than the text can hold payoffs for"
                )
            own = [str(k + 1) for k in range(count)]
        if not own:
            raise tokens.error(f"{owner!r} needs at least one strategy")
        lists.append(own)
    if len(lists) < len(players):
        raise tokens.error(f"strategies for {len(lists)} of the {len(players)} players only")
    return lists


def _by_payoffs(
    tokens: Tokens, players: list[str], profiles: int
) -> Iterator[tuple[Fraction, ...]]:
    whole = [f"the payoff of {player!r}" for player in players]
    for k in range(profiles):
        row: list[Fraction] = []
        for what in whole:
            if not tokens.mark():
                done = k * len(players) + len(row)
                raise tokens.error(
                    f"the text ends after {done} of {profiles * len(players)} payoffs"
                )
            row.append(tokens.number(what))
        yield tuple(row)


def _by_outcomes(
    tokens: Tokens, players: list[str], profiles: int
) -> Iterator[tuple[Fraction, ...]]:
    nothing = (Fraction(0),) * len(players)
    outcomes = [nothing]  # number 0 is the outcome without payoffs
    tokens.expect("{", "the list of outcomes")
    while not tokens.accept("}"):
        outcomes.append(_outcome(tokens, players, len(outcomes)))
    for k in range(profiles):
        if not tokens.mark():
            raise tokens.error(f"the text ends after the outcomes of {k} of {profiles} profiles")
        number = tokens.integer("the number of an outcome")
        if number >= len(outcomes):
            raise tokens.error(f"there is no outcome {number}; {len(outcomes) - 1} are listed")
        yield outcomes[number]


def _outcome(tokens: Tokens, players: list[str], number: int) -> tuple[Fraction, ...]:
    tokens.expect("{", f"outcome {number}")
    tokens.quoted(f"the name of outcome {number}")
    return payoffs(tokens, players, f"outcome {number}")


def _braced(own: tuple[str, ...]) -> str:
    return "{ " + " ".join(quote(name, "the name") for name in own) + " }"


def _lines(entries: list[str], width: int) -> str:
    return "".join(" ".join(entries[k : k + width]) + "\n" for k in range(0, len(entries), width))
