"""Gambit's files of game trees (``.efg``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from .._numeric import exact_number
from ..errors import GameError, WorkLimitError
from ..games import Chance, Decision, ExtensiveGame, NormalFormGame, Terminal
from ..games.nodes import History, Node, exact_payoffs
from ..games.walk import MAX_PATH_ACTIONS
from ._files import FilePath, read_game, write_game
from ._tokens import MAX_BYTES, Tokens, number_text, quote, unique
from .nfg import header, names, payoffs

__all__ = ["format_efg", "parse_efg", "read_efg", "write_efg"]

_MAX_NODES = 1_000_000


def read_efg(path: FilePath, *, limit: int = MAX_BYTES) -> ExtensiveGame:
    """Read a game tree from a ``.efg`` file of Gambit.

    Parameters
    ----------
    path : str or path-like
    limit : int, optional
        Largest size in bytes; 16 MiB by default.

    Returns
    -------
    ExtensiveGame
        As `parse_efg` returns it.

    Raises
    ------
    GameFileError
        If the file is missing, too large, not UTF-8 text or not a game; the message names
        the line and the column.

    Examples
    --------
    >>> import tempfile, alignment_games as ag
    >>> from pathlib import Path
    >>> tree = ag.ExtensiveGame.from_normal_form(ag.NormalFormGame([[[1, 2]], [[3, 4]]]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ag.io.write_efg(tree, Path(folder) / "tree.efg")
    ...     ag.io.read_efg(Path(folder) / "tree.efg") == tree
    True
    """
    return read_game(path, lambda text: parse_efg(text, limit=limit), limit=limit, ending="efg")


def parse_efg(text: str, *, limit: int = MAX_BYTES) -> ExtensiveGame:
    """Read a game tree from the text of a ``.efg`` file.

    Parameters
    ----------
    text : str
    limit : int, optional
        Largest number of characters.

    Returns
    -------
    ExtensiveGame
        Exact: a decimal such as ``0.25`` is read as 1/4. Payoffs on the way are added to those
        at the ends. An information set keeps its name as its label; without a name it gets its
        numbers, ``(1,2)``, if it holds several decisions, and else stands alone. Names that are
        empty or repeated are made unique as Gambit 17 does (``x_1``, ``x_2``; ``_1``). The
        title, the comment and the names of nodes, chance events and outcomes are not kept.

    Raises
    ------
    GameFileError
        If the text is no such file, or contradicts itself: an information set, event or
        outcome described twice in different ways, probabilities that do not sum to 1, a tree
        that ends too early or too late.
    WorkLimitError
        If there are more than a million nodes, or the tree is too deep.

    References
    ----------
    R. Savani and T. L. Turocy, Gambit: The package for computation in game theory, file format
    ``.efg``, https://gambitproject.readthedocs.io.

    Examples
    --------
    >>> tree = parse_efg('''EFG 2 R "" { "Fred" }
    ... c "" 1 "" { "red" 1/3 "black" 2/3 } 0
    ... p "" 1 1 "blind" { "raise" "fold" } 0   t "" 1 "" { 2 }   t "" 0
    ... p "" 1 1 0   t "" 2 "" { -1 }   t "" 0''')
    >>> tree.agents, tree.normal_form().payoff("Fred", "raise")
    (('Fred at blind',), Fraction(0, 1))
    """
    tokens = Tokens(text, limit=limit)
    header(tokens, "EFG", 2)
    players = unique(names(tokens, "the name of a player", "the list of players"))
    if not players:
        raise tokens.error("a game needs at least one player")
    if tokens.peek() == '"':
        tokens.quoted("a comment")
    file = _File(tokens, players)
    rows = file.nodes()
    tokens.finish("the tree")
    labels = file.labels()
    # Rows come depth first, so in reverse the children of a move are built before it.
    built: list[Node] = []
    for row in reversed(rows):
        if isinstance(row, Terminal):
            built.append(row)
            continue
        children = {action: built.pop() for action in row.actions}
        if isinstance(row, _Event):
            built.append(Chance(children, dict(zip(row.actions, row.shares, strict=True))))
        else:
            built.append(Decision(players[row.player - 1], children, labels[row.key]))
    return ExtensiveGame(built[0], players=players)


def format_efg(game: ExtensiveGame, *, title: str = "") -> str:
    """Return a game tree as the text of a ``.efg`` file.

    Parameters
    ----------
    game : ExtensiveGame
    title : str, optional

    Returns
    -------
    str
        Exact numbers as integers and ratios, floats as the decimals that they stand for: so
        `parse_efg` returns the same game, ``game.as_exact()`` if there are floats.

    Raises
    ------
    GameError
        If a name or a number cannot be written.

    Examples
    --------
    >>> import alignment_games as ag
    >>> tree = ag.ExtensiveGame.from_normal_form(ag.NormalFormGame([[1, 2]]))
    >>> print(format_efg(tree, title="One choice"))
    EFG 2 R "One choice" { "player_1" }
    ""
    <BLANKLINE>
    p "" 1 1 "" { "s1" "s2" } 0
    t "" 1 "Outcome 1" { 1 }
    t "" 2 "Outcome 2" { 2 }
    <BLANKLINE>
    """
    given: object = game
    if not isinstance(given, ExtensiveGame):
        tail = "; write a normal form with write_nfg" if isinstance(given, NormalFormGame) else ""
        msg = f"`game` must be an ExtensiveGame, got {type(game).__name__}{tail}"
        raise GameError(msg)
    listed = " ".join(quote(name, "the player") for name in game.players)
    lines = [f"EFG 2 R {quote(title, '`title`')} {{ {listed} }}", '""', ""]
    numbers = _set_numbers(game)
    events = ends = 0
    stack: list[tuple[History, Node]] = [((), game.root)]
    while stack:
        history, node = stack.pop()
        if isinstance(node, Terminal):
            ends += 1
            values = (number_text(u, exact=game.exact) for u in exact_payoffs(node))
            lines.append(f't "" {ends} "Outcome {ends}" {{ {", ".join(values)} }}')
            continue
        below = reversed(tuple(node.branches.items()))
        stack.extend(((*history, action), child) for action, child in below)
        if isinstance(node, Chance):
            events += 1
            shares = " ".join(
                f"{quote(event, 'the event')} "
                + number_text(exact_number(node.probabilities[event]), exact=game.exact)
                for event in node.branches
            )
            lines.append(f'c "" {events} "" {{ {shares} }} 0')
        else:
            menu = " ".join(quote(action, "the action") for action in node.branches)
            who = game.players.index(node.player) + 1
            label = quote(node.information_set or "", "the information set")
            lines.append(f'p "" {who} {numbers[history]} {label} {{ {menu} }} 0')
    return "\n".join([*lines, ""])


def write_efg(game: ExtensiveGame, path: FilePath, *, title: str = "") -> None:
    """Write a game tree to a ``.efg`` file, whole or not at all.

    Parameters
    ----------
    game : ExtensiveGame
    path : str or path-like
        An existing file is replaced.
    title : str, optional

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
    ...     path = Path(folder) / "tree.efg"
    ...     ag.io.write_efg(ag.ExtensiveGame(ag.games.Terminal((1,)), players=["A"]), path)
    ...     path.read_text().splitlines()[-1]
    't "" 1 "Outcome 1" { 1 }'
    """
    write_game(path, format_efg(game, title=title))


@dataclass(frozen=True, slots=True)
class _Event:
    """A chance move as a file describes it."""

    name: str
    actions: tuple[str, ...]
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class _Set:
    """An information set as a file describes it; `key` is its player's and its own number."""

    player: int
    key: tuple[int, int]
    name: str
    actions: tuple[str, ...]


_Row: TypeAlias = _Event | _Set | Terminal


@dataclass(slots=True)
class _File:
    """The nodes of a file, and what was described so far."""

    tokens: Tokens
    players: list[str]
    events: dict[int, _Event] = field(default_factory=dict)
    sets: dict[tuple[int, int], _Set] = field(default_factory=dict)
    sizes: dict[tuple[int, int], int] = field(default_factory=dict)
    outcomes: dict[int, tuple[str, tuple[Fraction, ...]]] = field(default_factory=dict)

    def nodes(self) -> list[_Row]:
        """Read all nodes, depth first; payoffs on the way are added to those of the ends."""
        rows: list[_Row] = []
        # Of each move above: how many children are still to come, their depth, and the payoffs
        # collected down to it.
        nothing = (Fraction(0),) * len(self.players)
        above: list[tuple[int, int, tuple[Fraction, ...]]] = [(1, 0, nothing)]
        length = 0
        while above:
            left, depth, so_far = above.pop()
            if left > 1:
                above.append((left - 1, depth, so_far))
            length += depth
            if len(rows) == _MAX_NODES or length > MAX_PATH_ACTIONS:
                msg = f"the file holds a tree of more than {_MAX_NODES} nodes, or one too deep"
                raise WorkLimitError(msg)
            row, here = self._node()
            total = here
            if so_far != nothing:
                total = tuple(
                    self.tokens.sum(a, b, "the sum of the payoffs down to this node")
                    for a, b in zip(so_far, here, strict=True)
                )
            if isinstance(row, Terminal):
                rows.append(Terminal(total))
            else:
                rows.append(row)
                above.append((len(row.actions), depth + 1, total))
        return rows

    def labels(self) -> dict[tuple[int, int], str | None]:
        """Return the label of each information set; None where it needs none."""
        wanted = {
            key: known.name or f"({key[0]},{key[1]})"
            for key, known in self.sets.items()
            if known.name or self.sizes[key] > 1
        }
        labels: dict[tuple[int, int], str | None] = dict.fromkeys(self.sets)
        return labels | dict(zip(wanted, unique(list(wanted.values())), strict=True))

    def _node(self) -> tuple[_Row, tuple[Fraction, ...]]:
        tokens = self.tokens
        if not tokens.mark():
            raise tokens.error("the text ends before the tree is complete")
        kind = tokens.word("the letter c, p or t of a node")
        if kind not in {"c", "p", "t"}:
            raise tokens.error(f"a node starts with c, p or t, not with {kind[:20]!r}")
        tokens.quoted("the name of a node")
        row: _Row
        if kind == "c":
            row = self._event()
        elif kind == "p":
            row = self._set()
        else:
            row = Terminal(())
        return row, self._outcome()

    def _event(self) -> _Event:
        tokens = self.tokens
        number = tokens.integer("the number of a chance event")
        known = self.events.get(number)
        what = f"chance event {number}"
        if tokens.mark() != '"':
            if known is None:
                raise tokens.error(f"{what} is not described; give its name and probabilities")
            return known
        name = tokens.quoted(f"the name of {what}")
        tokens.expect("{", f"the list of {what}")
        events: list[str] = []
        shares: list[Fraction] = []
        total = Fraction(0)
        while not tokens.accept("}"):
            if len(events) == _MAX_NODES:
                raise tokens.error(f"{what} has more than {_MAX_NODES} events")
            events.append(tokens.quoted(f"an event of {what}"))
            shares.append(tokens.number(f"the probability of {events[-1]!r}"))
            if shares[-1] < 0:
                raise tokens.error(f"the probability of {events[-1]!r} is negative")
            total = tokens.sum(total, shares[-1], f"the sum of the probabilities of {what}")
        if total != 1:
            text = str(total) if total.denominator < 10**20 else f"{float(total):.17g}"
            raise tokens.error(
                f"the probabilities of {what} sum to {text}, not to 1; ratios such as 1/3 are exact"
            )
        found = _Event(name, tuple(unique(events)), tuple(shares))
        if known not in {None, found}:
            raise tokens.error(f"{what} is described in two ways")
        return self.events.setdefault(number, found)

    def _set(self) -> _Set:
        tokens = self.tokens
        player = tokens.integer("the number of a player")
        if not 1 <= player <= len(self.players):
            raise tokens.error(f"there is no player {player}; there are {len(self.players)}")
        key = (player, tokens.integer("the number of an information set"))
        known = self.sets.get(key)
        self.sizes[key] = self.sizes.get(key, 0) + 1
        what = f"information set {key[1]} of {self.players[player - 1]!r}"
        if tokens.mark() != '"':
            if known is None:
                raise tokens.error(f"{what} is not described; give its name and actions")
            return known
        name = tokens.quoted(f"the name of {what}")
        actions = unique(names(tokens, f"an action of {what}", f"the list of actions of {what}"))
        if not actions:
            raise tokens.error(f"{what} needs at least one action")
        found = _Set(player, key, name, tuple(actions))
        if known not in {None, found}:
            raise tokens.error(f"{what} is described in two ways")
        return self.sets.setdefault(key, found)

    def _outcome(self) -> tuple[Fraction, ...]:
        tokens = self.tokens
        number = tokens.integer("the number of an outcome")
        known = self.outcomes.get(number)
        if tokens.mark() != '"':
            if not number:
                return (Fraction(0),) * len(self.players)
            if known is None:
                raise tokens.error(f"outcome {number} is not described; give its name and payoffs")
            return known[1]
        if not number:
            raise tokens.error("outcome 0 stands for no payoffs; it cannot be described")
        name = tokens.quoted(f"the name of outcome {number}")
        tokens.expect("{", f"outcome {number}")
        found = (name, payoffs(tokens, self.players, f"outcome {number}"))
        if known not in {None, found}:
            raise tokens.error(f"outcome {number} is described in two ways")
        return self.outcomes.setdefault(number, found)[1]


def _set_numbers(game: ExtensiveGame) -> dict[History, int]:
    """Return the number of each decision's information set among its player's."""
    counts: dict[str, int] = {}
    numbers: dict[History, int] = {}
    for members in game.information_sets:
        node = game.node(members[0])
        if isinstance(node, Decision):  # information sets hold nothing else
            counts[node.player] = counts.get(node.player, 0) + 1
            numbers |= dict.fromkeys(members, counts[node.player])
    return numbers
