"""Extensive games with perfect information: finite trees of labelled decisions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

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


@dataclass(frozen=True, slots=True)
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


Node: TypeAlias = Decision | Terminal
History: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, init=False)
class ExtensiveGame:
    """A finite game tree with perfect information.

    Parameters
    ----------
    root : Decision or Terminal
    players : sequence of str
        All players, in the order of the payoffs.

    Attributes
    ----------
    histories : tuple of tuples of str
        The actions that lead to each decision, from the root, in depth-first order.
    exact : bool
        Whether all payoffs were given as exact numbers.

    Raises
    ------
    GameError
        If a decision's player is unknown, it has no action, or payoffs are not one finite
        number a player.

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

    def __init__(self, root: Node, *, players: Sequence[str]) -> None:
        names = tuple(players)
        if not names or len(set(names)) != len(names):
            msg = f"`players` must hold at least one name and no name twice, got {names}"
            raise GameError(msg)
        histories: list[History] = []
        exact = True
        stack: list[tuple[History, object]] = [((), root)]
        count = 0
        while stack:
            history, node = stack.pop()
            count += 1
            if count > _MAX_NODES:
                msg = f"the tree has more than {_MAX_NODES} nodes"
                raise WorkLimitError(msg)
            if isinstance(node, Terminal):
                exact = _check_payoffs(history, node, names) and exact
                continue
            if not isinstance(node, Decision):
                msg = f"after {history} a Decision or a Terminal is needed, got {node!r}"
                raise GameError(msg)
            if node.player not in names:
                tail = suggestion(node.player, names)
                msg = f"unknown player {node.player!r} after {history}{tail}"
                raise GameError(msg)
            if not node.branches:
                msg = (
                    f"the decision of {node.player} after {history} has no action; give one or more"
                )
                raise GameError(msg)
            histories.append(history)
            stack.extend(
                ((*history, action), child)
                for action, child in reversed(tuple(node.branches.items()))
            )
        for name, value in (
            ("root", root),
            ("players", names),
            ("exact", exact),
            ("histories", tuple(histories)),
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
                return Terminal(tuple(values if game.exact else map(float, values)))
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
        node = self.root
        for depth, action in enumerate(history):
            if isinstance(node, Terminal) or action not in node.branches:
                known = () if isinstance(node, Terminal) else tuple(node.branches)
                msg = f"no action {action!r} after {tuple(history[:depth])}; there are {known}"
                raise GameError(msg)
            node = node.branches[action]
        return node

    def decisions(self) -> Iterator[tuple[History, Decision]]:
        """Iterate over the decisions with their histories, depth first."""
        for history in self.histories:
            node = self.node(history)
            if isinstance(node, Decision):
                yield history, node

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def agents(self) -> tuple[str, ...]:
        """Who holds the vectors of a profile, in order: one agent for each decision."""
        return tuple(
            node.player + (f" after {', '.join(history)}" if history else "")
            for history, node in self.decisions()
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
            If `player` never has such an action, or a decision would have no action left.
        """
        known = {a for _, node in self.decisions() if node.player == player for a in node.branches}
        for action in actions:
            if action not in known:
                msg = f"{player!r} has no action {action!r}{suggestion(action, known)}"
                raise GameError(msg)

        def prune(node: Node) -> Node:
            if isinstance(node, Terminal):
                return node
            gone = actions if node.player == player else ()
            return Decision(
                node.player,
                {a: prune(child) for a, child in node.branches.items() if a not in gone},
            )

        return ExtensiveGame(prune(self.root), players=self.players)

    def normal_form(self) -> NormalFormGame:
        """Return the normal form: a player's strategies are its plans, one action a decision.

        A player who never moves has the one plan ``-``.

        Raises
        ------
        WorkLimitError
            If there are more than a million profiles of plans.
        """
        own = [[h for h, node in self.decisions() if node.player == who] for who in self.players]
        menus = [[tuple(self._decision(h).branches) for h in histories] for histories in own]
        plans = [list(itertools.product(*menu)) for menu in menus]
        total = int(np.prod([len(p) for p in plans], dtype=object))
        if total > _MAX_PLAN_PROFILES:
            msg = f"the normal form has {total} profiles; the limit is {_MAX_PLAN_PROFILES}"
            raise WorkLimitError(msg)
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
            strategies=[[", ".join(plan) or "-" for plan in p] for p in plans],
        )

    def _decision(self, history: History) -> Decision:
        node = self.node(history)
        if not isinstance(node, Decision):  # histories hold decisions only
            msg = f"the game ends after {history}"
            raise GameError(msg)
        return node


def _check_payoffs(history: History, node: Terminal, players: tuple[str, ...]) -> bool:
    if len(node.payoffs) != len(players):
        msg = f"after {history} one payoff for each of {players} is needed, got {node.payoffs}"
        raise GameError(msg)
    for value in node.payoffs:
        try:
            exact_number(value)
        except (TypeError, ValueError) as error:
            msg = f"after {history} payoffs must be finite real numbers: {error}"
            raise GameError(msg) from None
    return all(is_exact(value) for value in node.payoffs)


def exact_payoffs(node: Terminal) -> tuple[Fraction, ...]:
    """Return the payoffs of a terminal node as Fractions."""
    return tuple(exact_number(value) for value in node.payoffs)
