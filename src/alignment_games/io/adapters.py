"""Games of other packages: nashpy, pygambit and QuantEcon.py, to and from.

pygambit is spoken to in game files, which keep every number exact and mean the same to all of
its versions; the others hold arrays.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import GameError
from ..games import Decision, ExtensiveGame, NormalFormGame
from .efg import format_efg, parse_efg
from .nfg import format_nfg, parse_nfg

__all__ = [
    "from_nashpy",
    "from_pygambit",
    "from_quantecon",
    "to_nashpy",
    "to_pygambit",
    "to_quantecon",
]

_LIMIT = 2**30


def to_nashpy(game: NormalFormGame) -> Any:
    """Return a two-player game as a ``nashpy.Game``.

    Parameters
    ----------
    game : NormalFormGame

    Returns
    -------
    nashpy.Game
        Payoffs are rounded to floats; names are lost.

    Raises
    ------
    GameError
        If the game is no normal form or has not two players.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> to_nashpy(game).zero_sum
    True
    """
    import nashpy

    _require_normal_form(game, "nashpy")
    if game.n_players != 2:
        msg = f"nashpy knows games of two players only, `game` has {game.n_players}"
        raise GameError(msg)
    return nashpy.Game(game.payoffs[0].copy(), game.payoffs[1].copy())


def from_nashpy(
    game: Any,
    *,
    players: Sequence[str] | None = None,
    strategies: Sequence[Sequence[str]] | None = None,
) -> NormalFormGame:
    """Return a ``nashpy.Game`` as a normal form.

    Parameters
    ----------
    game : nashpy.Game
    players, strategies : optional
        Names, as for `NormalFormGame`; nashpy has none.

    Returns
    -------
    NormalFormGame
        Exact if nashpy's arrays hold integers or Fractions.

    Raises
    ------
    GameError
        If `game` is none of nashpy's, or holds what is no finite number.

    Examples
    --------
    >>> import nashpy, numpy as np
    >>> game = from_nashpy(nashpy.Game(np.array([[1, -1], [-1, 1]])))
    >>> game.exact, game.payoff("player_2", 0, 0)
    (True, Fraction(-1, 1))
    """
    matrices = getattr(game, "payoff_matrices", None)
    if matrices is None:
        raise _not_a("nashpy.Game", game)
    row, column = matrices
    return NormalFormGame.from_bimatrix(row, column, players=players, strategies=strategies)


def to_quantecon(game: NormalFormGame) -> Any:
    """Return a normal form as a ``quantecon.game_theory.NormalFormGame``.

    Parameters
    ----------
    game : NormalFormGame

    Returns
    -------
    quantecon.game_theory.NormalFormGame
        Each player's array has the own strategies on its first axis, then those of the
        players that follow in cyclic order. Payoffs are rounded to floats; names are lost.

    Raises
    ------
    GameError
        If the game is no normal form.
    ImportError
        If QuantEcon.py is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[1, 2, 3], [4, 5, 6]], [[0, 1, 2], [3, 4, 5]])
    >>> to_quantecon(game).players[1].payoff_array.shape     # doctest: +SKIP
    (3, 2)
    """
    try:
        import quantecon.game_theory as theory
    except ModuleNotFoundError as error:
        raise _missing("quantecon", error) from error
    _require_normal_form(game, "QuantEcon.py")
    return theory.NormalFormGame(
        [
            theory.Player(np.ascontiguousarray(np.transpose(own, _cyclic(k, game.n_players))))
            for k, own in enumerate(game.payoffs)
        ]
    )


def from_quantecon(
    game: Any,
    *,
    players: Sequence[str] | None = None,
    strategies: Sequence[Sequence[str]] | None = None,
) -> NormalFormGame:
    """Return a ``quantecon.game_theory.NormalFormGame`` as a normal form.

    Parameters
    ----------
    game : quantecon.game_theory.NormalFormGame
    players, strategies : optional
        Names, as for `NormalFormGame`; QuantEcon.py has none.

    Returns
    -------
    NormalFormGame
        Exact if QuantEcon's arrays hold integers.

    Raises
    ------
    GameError
        If `game` is none of QuantEcon's, or holds what is no finite number.

    Examples
    --------
    >>> import quantecon.game_theory as theory     # doctest: +SKIP
    >>> other = theory.NormalFormGame([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])     # doctest: +SKIP
    >>> from_quantecon(other).payoff(0, 0, 1)     # doctest: +SKIP
    Fraction(1, 1)
    """
    theirs = getattr(game, "players", None)
    arrays: list[Any] = [getattr(player, "payoff_array", None) for player in theirs or ()]
    if not arrays or any(array is None for array in arrays):
        raise _not_a("quantecon.game_theory.NormalFormGame", game)
    payoffs = [
        np.transpose(array, np.argsort(_cyclic(k, len(arrays)))) for k, array in enumerate(arrays)
    ]
    return NormalFormGame(payoffs, players=players, strategies=strategies)


def to_pygambit(game: NormalFormGame | ExtensiveGame, *, title: str = "") -> Any:
    """Return a normal form or a tree as a game of pygambit.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
    title : str, optional

    Returns
    -------
    pygambit.Game
        Every number is kept exactly, a float as the decimal that it stands for. Names are kept.

    Raises
    ------
    GameError
        If pygambit does not take the game, or changes a name or the title: its versions differ in
        which names they allow, and some backslashes become others.
    ImportError
        If pygambit is not installed, or too old to read and write game files.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> to_pygambit(game).is_const_sum     # doctest: +SKIP
    True
    """
    try:
        import pygambit
    except ModuleNotFoundError as error:
        raise _missing("pygambit", error) from error
    if isinstance(game, ExtensiveGame):
        read, text = getattr(pygambit, "read_efg", None), format_efg(game, title=title)
    else:
        read, text = getattr(pygambit, "read_nfg", None), format_nfg(game, title=title)
    if read is None:
        raise _too_old()
    try:
        theirs = read(io.BytesIO(text.encode("utf-8")))
    except ValueError as error:
        msg = (
            f"this version of pygambit does not take the game: {error}; give players, actions and "
            "strategies plain names, without control characters or spaces at their ends"
        )
        raise GameError(msg) from error
    _check_names(game, theirs, title)
    return theirs


def _check_names(game: NormalFormGame | ExtensiveGame, theirs: Any, title: str) -> None:
    """Raise if pygambit has read a name or the title as another one."""
    if isinstance(game, ExtensiveGame):
        back: NormalFormGame | ExtensiveGame = parse_efg(theirs.to_efg(), limit=_LIMIT)
    else:
        back = parse_nfg(theirs.to_nfg(), limit=_LIMIT)
    # Players also as they are held, in case that writing undoes what reading does.
    held = [getattr(player, "label", player) for player in theirs.players]
    wanted, found = [*game.players, *_names(game)], [*held, *_names(back)]
    for ours, changed in [(title, theirs.title), *itertools.zip_longest(wanted, found)]:
        if ours != changed:
            msg = (
                f"this version of pygambit reads the name or title {ours!r} as {changed!r}; choose "
                "another one, without backslashes and characters that cannot be seen"
            )
            raise GameError(msg)


def _names(game: NormalFormGame | ExtensiveGame) -> list[str]:
    """Return all names of a game in a fixed order; a set without a label counts as empty text."""
    if isinstance(game, NormalFormGame):
        return [*game.players, *(name for own in game.strategies for name in own)]
    found = list(game.players)
    for _, node in game.moves():
        if isinstance(node, Decision):
            found.append(node.information_set or "")
        found.extend(node.branches)
    return found


def from_pygambit(game: Any) -> NormalFormGame | ExtensiveGame:
    """Return a game of pygambit: a tree as a tree, any other game as a normal form.

    Parameters
    ----------
    game : pygambit.Game
        Of version 16 (tested with 16.7) or 17.

    Returns
    -------
    ExtensiveGame or NormalFormGame
        Exact. Names of nodes and outcomes and the title are lost; payoffs of outcomes on the
        way are added to those at the ends.

    Raises
    ------
    GameError
        If `game` is none of pygambit's.
    ImportError
        If pygambit is too old to read and write game files.

    Examples
    --------
    >>> import pygambit     # doctest: +SKIP
    >>> from_pygambit(pygambit.read_efg("poker.efg")).agents     # doctest: +SKIP
    ('Fred after Red', 'Alice at (2,1)', 'Fred after Black')
    """
    if type(game).__module__.partition(".")[0] != "pygambit" or not hasattr(game, "players"):
        raise _not_a("pygambit.Game", game)
    # Version 16 has one class with a flag, version 17 a class for each kind.
    is_tree = getattr(game, "is_tree", hasattr(game, "get_infosets"))
    if not hasattr(game, "to_efg"):
        raise _too_old()
    # The text was made in memory a moment ago, so its size is no threat.
    if is_tree:
        return parse_efg(game.to_efg(), limit=_LIMIT)
    return parse_nfg(game.to_nfg(), limit=_LIMIT)


def _cyclic(first: int, size: int) -> list[int]:
    return [(first + k) % size for k in range(size)]


def _missing(package: str, error: ModuleNotFoundError) -> ModuleNotFoundError:
    if error.name is None or error.name.partition(".")[0] != package:
        return error
    msg = f'this needs {package}; install it with: pip install "alignment-games[interop]"'
    return ModuleNotFoundError(msg, name=package)


def _too_old() -> ImportError:
    return ImportError(
        "this needs a newer pygambit, one with read_nfg() and to_nfg() like 16.7 and 17; install "
        "it with: pip install --upgrade pygambit"
    )


def _require_normal_form(game: object, package: str) -> None:
    if not isinstance(game, NormalFormGame):
        tail = "; take its normal_form()" if isinstance(game, ExtensiveGame) else ""
        msg = f"`game` must be a NormalFormGame for {package}, got {type(game).__name__}{tail}"
        raise GameError(msg)


def _not_a(wanted: str, game: object) -> GameError:
    return GameError(f"`game` must be a {wanted}, got {type(game).__name__}")
