"""Extensive games with perfect information: finite trees of labelled decisions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from .._numeric import exact_number, is_exact
from .._typing import Number
from ..errors import GameError, WorkLimitError, suggestion
from .normal import NormalFormGame

__all__ = ["Decision", "ExtensiveGame", "Node", "Terminal"]

_MAX_NODES = 1_000_000
_MAX_PLAN_PROFILES = 1_000_000


@dataclass(frozen=True, slots=True)
class Terminal:
    """An end of the game.

    Parameters
    ----------
    payoffs : tuple of numbers, one a player
    """

    payoffs: tuple[Number, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decision:
    """A point at which one player chooses, knowing all that was chosen before.

    Parameters
    ----------
    player : str
    branches : mapping of str to Node
        What follows each action, in order.
    """

    player: str
    branches: Mapping[str, Node]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        pairs: list[tuple[Node, Node]] = [(self, other)]
        while pairs:
            a, b = pairs.pop()
            if isinstance(a, Decision) and isinstance(b, Decision):
                if a.player != b.player or list(a.branches) != list(b.branches):
                    return False
                pairs.extend(zip(a.branches.values(), b.branches.values(), strict=True))
            elif a != b:
                return False
        return True

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (self.player, dict(self.branches))

    def __repr__(self) -> str:
        return f"Decision({self.player!r}, {list(self.branches)})"


Node: TypeAlias = Decision | Terminal
History: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class ExtensiveGame:
    """A finite game tree with perfect information.

    Parameters
    ----------
    root : Decision or Terminal
    players : sequence of str
        All players, in the order of the payoffs.

    Attributes
    ----------
    root : Decision or Terminal
        A copy that does not change with the mappings it was made of.
    histories : tuple of tuples of str
        The actions that lead to each decision, from the root, in depth-first order.
    exact : bool
        Whether all payoffs were given as exact numbers.

    Raises
    ------
    GameError
        If a decision's player is unknown, it has no action, or payoffs are not one finite
        number a player.
    WorkLimitError
        If there are more than a million nodes.

    Examples
    --------
    >>> entry = ExtensiveGame(
    ...     Decision("entrant", {"stay out": Terminal((0, 2)), "enter": Decision(
    ...         "incumbent", {"fight": Terminal((-1, -1)), "yield": Terminal((1, 1))})}),
    ...     players=["entrant", "incumbent"])
    >>> entry.agents
    ('entrant', 'incumbent after enter')
    """

    root: Node
    players: tuple[str, ...]
    exact: bool
    histories: tuple[History, ...]
    _nodes: dict[History, Decision]

    def __init__(self, root: Node, *, players: Sequence[str]) -> None:
        names = _player_names(players)
        seen: dict[History, Decision] = {}
        ends: dict[History, Terminal] = {}
        stack: list[tuple[History, object]] = [((), root)]
        while stack:
            history, node = stack.pop()
            if len(seen) + len(ends) == _MAX_NODES:
                msg = f"the tree has more than {_MAX_NODES} nodes"
                raise WorkLimitError(msg)
            if isinstance(node, Terminal):
                ends[history] = _checked_end(history, node, names)
            elif isinstance(node, Decision):
                _check_decision(history, node, names)
                seen[history] = node
                stack.extend(
                    ((*history, action), child)
                    for action, child in reversed(tuple(node.branches.items()))
                )
            else:
                msg = f"after {history} a Decision or a Terminal is needed, got {node!r}"
                raise GameError(msg)
        # Copy from the leaves up; a history comes before all that follow it.
        copies: dict[History, Node] = dict(ends)
        for history, node in reversed(seen.items()):
            children = {action: copies[(*history, action)] for action in node.branches}
            copies[history] = Decision(node.player, MappingProxyType(children))
        decisions = {history: copies[history] for history in seen}
        for name, value in (
            ("root", copies[()]),
            ("players", names),
            ("exact", all(is_exact(v) for end in ends.values() for v in end.payoffs)),
            ("histories", tuple(seen)),
            ("_nodes", decisions),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def from_normal_form(
        cls, game: NormalFormGame, *, order: Sequence[str | int] | None = None
    ) -> ExtensiveGame:
        """Return the game in which players move one after another and see all earlier moves.

        Parameters
        ----------
        game : NormalFormGame
        order : sequence of players, optional
            Who moves first, second, ...; the game's own order by default.

        Examples
        --------
        >>> game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
        >>> ExtensiveGame.from_normal_form(game).histories
        ((), ('s1',), ('s2',))
        """
        movers = range(game.n_players) if order is None else [game.player_index(k) for k in order]
        if sorted(movers) != list(range(game.n_players)):
            msg = f"`order` must name each of {game.players} once, got {order}"
            raise GameError(msg)
        if np.prod(game.shape) * 2 > _MAX_NODES:
            msg = f"a tree of the {game.shape} game would have more than {_MAX_NODES} nodes"
            raise WorkLimitError(msg)

        def grow(depth: int, chosen: dict[int, int]) -> Node:
            if depth == game.n_players:
                where = tuple(chosen[k] for k in range(game.n_players))
                values = [own[where] for own in game.exact_payoffs]
                return Terminal(tuple(values if game.exact else map(_as_given, values)))
            mover = movers[depth]
            return Decision(
                game.players[mover],
                {
                    action: grow(depth + 1, chosen | {mover: k})
                    for k, action in enumerate(game.strategies[mover])
                },
            )

        return cls(grow(0, {}), players=game.players)

    def node(self, history: Sequence[str]) -> Node:
        """Return the node that a sequence of actions leads to."""
        past = tuple(history)
        if past in self._nodes:
            return self._nodes[past]
        node = self.root
        for depth, action in enumerate(past):
            if isinstance(node, Terminal) or action not in node.branches:
                known = () if isinstance(node, Terminal) else tuple(node.branches)
                msg = f"no action {action!r} after {past[:depth]}; there are {known}"
                raise GameError(msg)
            node = node.branches[action]
        return node

    def decisions(self) -> Iterator[tuple[History, Decision]]:
        """Iterate over the decisions with their histories, depth first."""
        return iter(self._nodes.items())

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def agents(self) -> tuple[str, ...]:
        """Who holds the vectors of a profile, in order: one agent for each decision."""
        return _distinct(
            [
                node.player + (f" after {', '.join(history)}" if history else "")
                for history, node in self.decisions()
            ],
            [f"{node.player} after {history!r}" for history, node in self.decisions()],
        )

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """What each agent's vector ranges over, in order: the actions of each decision."""
        return tuple(tuple(node.branches) for _, node in self.decisions())

    def without(self, player: str, *actions: str) -> ExtensiveGame:
        """Return the game in which `player` has given up some actions wherever they occur.

        Raises
        ------
        GameError
            If `player` is unknown or never has such an action, or a decision would have no
            action left.
        """
        if player not in self.players:
            msg = f"unknown player {player!r}{suggestion(player, self.players)}"
            raise GameError(msg)
        known = {a for _, node in self.decisions() if node.player == player for a in node.branches}
        for action in actions:
            if action not in known:
                msg = f"{player!r} has no action {action!r}{suggestion(action, known)}"
                raise GameError(msg)
        pruned: dict[History, Node] = {}
        for history, node in reversed(self._nodes.items()):
            gone = actions if node.player == player else ()
            pruned[history] = Decision(
                node.player,
                {
                    a: pruned.get((*history, a), child)
                    for a, child in node.branches.items()
                    if a not in gone
                },
            )
        return ExtensiveGame(pruned.get((), self.root), players=self.players)

    def normal_form(self) -> NormalFormGame:
        """Return the normal form: a player's strategies are its plans, one action a decision.

        A player who never moves has the one plan ``-``.

        Raises
        ------
        WorkLimitError
            If there are more than a million profiles of plans.
        """
        own = [[h for h, node in self.decisions() if node.player == who] for who in self.players]
        menus = [[tuple(self._nodes[h].branches) for h in histories] for histories in own]
        total = math.prod(len(menu) for player_menus in menus for menu in player_menus)
        if total > _MAX_PLAN_PROFILES:
            msg = f"the normal form has {total} profiles; the limit is {_MAX_PLAN_PROFILES}"
            raise WorkLimitError(msg)
        plans = [list(itertools.product(*menu)) for menu in menus]
        payoffs = np.empty((self.n_players, *(len(p) for p in plans)), dtype=object)
        for where in itertools.product(*(range(len(p)) for p in plans)):
            choice = {
                history: action
                for k, histories in enumerate(own)
                for history, action in zip(histories, plans[k][where[k]], strict=True)
            }
            node = self.root
            past: History = ()
            while isinstance(node, Decision):
                past = (*past, choice[past])
                node = node.branches[past[-1]]
            for k, value in enumerate(node.payoffs):
                payoffs[(k, *where)] = value
        return NormalFormGame(
            payoffs,
            players=self.players,
            strategies=[
                _distinct([", ".join(plan) or "-" for plan in p], [repr(plan) for plan in p])
                for p in plans
            ],
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExtensiveGame):
            return NotImplemented
        return (
            self.players == other.players and self.exact == other.exact and self.root == other.root
        )

    def __hash__(self) -> int:
        return hash((self.players, self.histories))

    def __repr__(self) -> str:
        return f"ExtensiveGame({len(self.histories)} decisions of {', '.join(self.players)})"

    def __deepcopy__(self, memo: dict[int, object]) -> ExtensiveGame:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Flat, because a deep tree of objects would exhaust the recursion limit.
        rows = [
            (history, node.player, [(a, _end_payoffs(child)) for a, child in node.branches.items()])
            for history, node in self.decisions()
        ]
        return _rebuild, (rows, _end_payoffs(self.root), self.players)


def _rebuild(
    rows: list[tuple[History, str, list[tuple[str, tuple[Number, ...] | None]]]],
    end: tuple[Number, ...] | None,
    players: tuple[str, ...],
) -> ExtensiveGame:
    built: dict[History, Node] = {} if end is None else {(): Terminal(end)}
    for history, player, branches in reversed(rows):
        built[history] = Decision(
            player,
            {
                action: built[(*history, action)] if payoffs is None else Terminal(payoffs)
                for action, payoffs in branches
            },
        )
    return ExtensiveGame(built[()], players=players)


def _end_payoffs(node: Node) -> tuple[Number, ...] | None:
    return node.payoffs if isinstance(node, Terminal) else None


def _as_given(value: Fraction) -> Number:
    """Return the float that stands for a rational, or the rational if none does."""
    number = float(value)
    return number if exact_number(number) == value else value


def _distinct(names: list[str], others: list[str]) -> tuple[str, ...]:
    """Return the first list if its names are all different, else the second."""
    return tuple(names if len(set(names)) == len(names) else others)


def _player_names(players: Sequence[str]) -> tuple[str, ...]:
    given: object = players
    sequence = isinstance(given, Iterable) and not isinstance(given, str)
    names: tuple[object, ...] = tuple(players) if sequence else ()
    texts = tuple(name for name in names if isinstance(name, str) and name)
    if not texts or len(texts) != len(names) or len(set(texts)) != len(texts):
        msg = f"`players` must hold one or more different, non-empty names, got {players!r}"
        raise GameError(msg)
    return texts


def _check_decision(history: History, node: Decision, players: tuple[str, ...]) -> None:
    if node.player not in players:
        tail = suggestion(node.player, players)
        msg = f"unknown player {node.player!r} after {history}{tail}"
        raise GameError(msg)
    branches: object = node.branches
    if not isinstance(branches, Mapping):
        msg = (
            f"the decision of {node.player} after {history} needs a mapping from actions to what "
            f"follows, got {branches!r} of type {type(branches).__name__}"
        )
        raise GameError(msg)
    if not branches:
        msg = f"the decision of {node.player} after {history} has no action; give one or more"
        raise GameError(msg)
    for action in branches:
        if not isinstance(action, str) or not action:
            msg = f"actions of {node.player} after {history} must be non-empty text, got {action!r}"
            raise GameError(msg)


def _checked_end(history: History, node: Terminal, players: tuple[str, ...]) -> Terminal:
    given: object = node.payoffs
    if not isinstance(given, (Sequence, np.ndarray)) or len(given) != len(players):
        msg = f"after {history} one payoff for each of {players} is needed, got {given!r}"
        raise GameError(msg)
    payoffs = tuple(v.item() if isinstance(v, np.generic) else v for v in node.payoffs)
    for value in payoffs:
        try:
            float(exact_number(value))
        except (TypeError, ValueError) as error:
            msg = f"after {history} payoffs must be finite real numbers: {error}"
            raise GameError(msg) from None
        except OverflowError:
            msg = f"after {history} payoffs must lie within the range of floats; rescale them"
            raise GameError(msg) from None
    return Terminal(payoffs)


def exact_payoffs(node: Terminal) -> tuple[Fraction, ...]:
    """Return the payoffs of a terminal node as Fractions."""
    return tuple(exact_number(value) for value in node.payoffs)
