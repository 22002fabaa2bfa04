"""Extensive games: finite trees of decisions, chance moves and information sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from .._numeric import float_or_exact, is_exact
from .._typing import Number
from ..errors import GameError, WorkLimitError, suggestion
from .nodes import (
    Chance,
    Decision,
    History,
    Node,
    Terminal,
    exact_payoffs,
    exact_probabilities,
    plain,
)
from .normal import NormalFormGame
from .plans import distinct, forgetful_set, normal_form
from .sequence_form import SequenceForm, reduced_normal_form, sequence_form
from .walk import information_sets, walked

__all__ = ["Chance", "Decision", "ExtensiveGame", "History", "Node", "Terminal"]

_MAX_NODES = 1_000_000


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class ExtensiveGame:
    """A finite game tree: decisions, chance moves, information sets.

    Parameters
    ----------
    root : Decision, Chance or Terminal
    players : sequence of str
        All players, in the order of the payoffs; chance is none of them.

    Attributes
    ----------
    root : Decision, Chance or Terminal
        A copy that does not change with the mappings it was made of.
    histories : tuple of tuples of str
        What leads to each decision, actions and events, from the root, in depth-first order.
    information_sets : tuple of tuples of histories
        The decisions that belong together, one tuple for each of `agents`, in the order of
        their first decisions.
    exact : bool
        Whether all payoffs and probabilities were given as exact numbers.

    Raises
    ------
    GameError
        If a decision's player is unknown, it has no action, payoffs are not one finite
        number a player, probabilities do not sum to 1, or the decisions of one information
        set differ in player or actions.
    WorkLimitError
        If there are more than a million nodes, or the histories of all nodes together are
        longer than 50 million actions.

    Examples
    --------
    >>> entry = ExtensiveGame(
    ...     Decision("entrant", {"stay out": Terminal((0, 2)), "enter": Decision(
    ...         "incumbent", {"fight": Terminal((-1, -1)), "yield": Terminal((1, 1))})}),
    ...     players=["entrant", "incumbent"])
    >>> entry.agents
    ('entrant', 'incumbent after enter')

    The incumbent of this tree does not see whether the entrant came with a base:

    >>> answer = {"fight": Terminal((-1, -1)), "yield": Terminal((1, 1))}
    >>> hidden = ExtensiveGame(
    ...     Chance({"base": Decision("incumbent", answer, "unseen"),
    ...             "none": Decision("incumbent", answer, "unseen")},
    ...            {"base": 0.25, "none": 0.75}),
    ...     players=["entrant", "incumbent"])
    >>> hidden.agents, hidden.information_sets
    (('incumbent at unseen',), ((('base',), ('none',)),))
    """

    root: Node
    players: tuple[str, ...]
    exact: bool
    histories: tuple[History, ...]
    information_sets: tuple[tuple[History, ...], ...]
    _moves: dict[History, Decision | Chance]

    def __init__(self, root: Node, *, players: Sequence[str]) -> None:
        names = _player_names(players)
        seen, ends = walked(root, names, max_nodes=_MAX_NODES)
        exact = all(is_exact(v) for end in ends.values() for v in end.payoffs)
        # Copy from the leaves up; a history comes before all that follow it.
        moves = dict(seen)
        for history, node in reversed(seen.items()):
            children = {}
            for action in node.branches:
                below = (*history, action)
                children[action] = ends[below] if below in ends else moves[below]
            copy = MappingProxyType(children)
            if isinstance(node, Decision):
                moves[history] = Decision(node.player, copy, node.information_set)
            else:
                numbers = {event: plain(node.probabilities[event]) for event in node.branches}
                exact = exact and all(is_exact(v) for v in numbers.values())
                moves[history] = Chance(copy, MappingProxyType(numbers))
        for name, value in (
            ("root", moves[()] if moves else ends[()]),
            ("players", names),
            ("exact", exact),
            ("histories", tuple(h for h, node in moves.items() if isinstance(node, Decision))),
            ("information_sets", information_sets(moves)),
            ("_moves", moves),
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
                return Terminal(tuple(values if game.exact else map(float_or_exact, values)))
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
        """Return the node that a sequence of actions leads to.

        Raises
        ------
        GameError
            If `history` is no sequence of text, or an action in it does not exist there.
        """
        given: object = history
        listed = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
        past: tuple[Any, ...] = tuple(history) if listed else (None,)
        if not all(isinstance(action, str) for action in past):
            msg = f"`history` must be a sequence of actions such as ('enter',), got {history!r}"
            raise GameError(msg)
        if past in self._moves:
            return self._moves[past]
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
        return ((h, node) for h, node in self._moves.items() if isinstance(node, Decision))

    def moves(self) -> Iterator[tuple[History, Decision | Chance]]:
        """Iterate over decisions and chance moves with their histories, depth first."""
        return iter(self._moves.items())

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def agents(self) -> tuple[str, ...]:
        """Who holds the vectors of a profile, in order: one agent for each information set.

        Named after the set's label or, without one, after what leads to the decision.
        """
        names, others = [], []
        for first, node in self.first_decisions():
            label = node.information_set
            if label is None:
                names.append(node.player + (f" after {', '.join(first)}" if first else ""))
                others.append(f"{node.player} after {first!r}")
            else:
                names.append(f"{node.player} at {label}")
                others.append(f"{node.player!r} at {label!r}")
        return distinct(names, others)

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """What each agent's vector ranges over, in order: its actions."""
        return tuple(tuple(node.branches) for _, node in self.first_decisions())

    @property
    def has_perfect_information(self) -> bool:
        """Whether every player always knows all that was chosen before."""
        return len(self.information_sets) == len(self.histories)

    @property
    def has_perfect_recall(self) -> bool:
        """Whether no player ever forgets what it knew or did.

        At every decision of an information set, its player has then met the same sets and
        chosen the same actions before. Without it, mixtures of plans and independent
        mixtures at each information set are not equivalent.

        References
        ----------
        H. W. Kuhn (1953), Extensive games and the problem of information, in Contributions to
        the Theory of Games II, 193-216, doi:10.1515/9781400881970-012.
        """
        return forgetful_set(self) is None

    def as_exact(self) -> ExtensiveGame:
        """Return the same game, its floats taken for the decimals that they stand for.

        Examples
        --------
        >>> ExtensiveGame(Terminal((0.5,)), players=["A"]).as_exact().root
        Terminal(payoffs=(Fraction(1, 2),))
        """

        def exactly(node: Decision | Chance, branches: dict[str, Node]) -> Node:
            if isinstance(node, Decision):
                return Decision(node.player, branches, node.information_set)
            return Chance(branches, dict(zip(branches, exact_probabilities(node), strict=True)))

        return self._remade(exactly, lambda end: Terminal(exact_payoffs(end)))

    def _remade(
        self,
        move: Callable[[Decision | Chance, dict[str, Node]], Node],
        end: Callable[[Terminal], Terminal] = lambda end: end,
    ) -> ExtensiveGame:
        """Return the game with every move and end replaced, from the leaves up."""
        built: dict[History, Node] = {}
        for history, node in reversed(self._moves.items()):
            branches = {
                action: end(child) if isinstance(child, Terminal) else built.pop((*history, action))
                for action, child in node.branches.items()
            }
            built[history] = move(node, branches)
        root = end(self.root) if isinstance(self.root, Terminal) else built[()]
        return ExtensiveGame(root, players=self.players)

    def first_decisions(self) -> Iterator[tuple[History, Decision]]:
        """Iterate over the first decision of each information set."""
        for members in self.information_sets:
            node = self._moves[members[0]]
            if isinstance(node, Decision):
                yield members[0], node

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

        def pruned(node: Decision | Chance, branches: dict[str, Node]) -> Node:
            if isinstance(node, Chance):
                return Chance(branches, node.probabilities)
            if node.player == player:
                branches = {a: child for a, child in branches.items() if a not in actions}
            return Decision(node.player, branches, node.information_set)

        return self._remade(pruned)

    def normal_form(self) -> NormalFormGame:
        """Return the normal form: a player's strategies are its plans.

        A plan is one action for each of the player's information sets, also those that the
        plan itself rules out. Payoffs are expectations over the chance moves, computed
        exactly. A player who never moves has the one plan ``-``.

        Raises
        ------
        WorkLimitError
            If there are more than a million profiles of plans, or more than 300 million
            payoffs to add: each end adds one a player to every profile that reaches it.
        """
        return normal_form(self)

    def reduced_normal_form(self) -> NormalFormGame:
        """Return the reduced normal form: plans leave open what they rule out themselves.

        A strategy is one action for each information set that its player can still come to
        after its own earlier actions, and ``*`` for the others: plans of `normal_form` that
        differ only at sets that they rule out are one strategy here. Different strategies stay
        apart even if they pay the same everywhere, as in Gambit. The strategies' mixtures
        are turned into behavior, and back, by `sequence_form`.

        Raises
        ------
        GameError
            If some player has no perfect recall.
        WorkLimitError
            If there are more than a million profiles, or 300 million payoffs to add, or ten
            million actions in all plans together.

        Examples
        --------
        >>> tree = ExtensiveGame(Decision("A", {
        ...     "in": Decision("A", {"left": Terminal((3,)), "right": Terminal((1,))}),
        ...     "out": Terminal((2,))}), players=["A"])
        >>> tree.normal_form().strategies[0]
        ('in, left', 'in, right', 'out, left', 'out, right')
        >>> tree.reduced_normal_form().strategies[0]
        ('in, left', 'in, right', 'out, *')
        """
        return reduced_normal_form(self)

    def sequence_form(self) -> SequenceForm:
        """Return the sequence form: realization plans, their equations, sparse payoffs.

        Raises
        ------
        GameError
            If some player has no perfect recall.
        """
        return sequence_form(self)

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
            (
                history,
                (node.player, node.information_set)
                if isinstance(node, Decision)
                else tuple(node.probabilities.values()),
                isinstance(node, Decision),
                [(a, _end_payoffs(child)) for a, child in node.branches.items()],
            )
            for history, node in self._moves.items()
        ]
        return _rebuild, (rows, _end_payoffs(self.root), self.players)


def _rebuild(
    rows: list[tuple[History, tuple[Any, ...], bool, list[tuple[str, Any]]]],
    end: tuple[Number, ...] | None,
    players: tuple[str, ...],
) -> ExtensiveGame:
    built: dict[History, Node] = {} if end is None else {(): Terminal(end)}
    for history, data, is_decision, branches in reversed(rows):
        children = {
            action: built[(*history, action)] if payoffs is None else Terminal(payoffs)
            for action, payoffs in branches
        }
        if is_decision:
            player, label = data
            built[history] = Decision(player, children, label)
        else:
            built[history] = Chance(children, dict(zip(children, data, strict=True)))
    return ExtensiveGame(built[()], players=players)


def _end_payoffs(node: Node) -> tuple[Number, ...] | None:
    return node.payoffs if isinstance(node, Terminal) else None


def _player_names(players: Sequence[str]) -> tuple[str, ...]:
    given: object = players
    sequence = isinstance(given, Iterable) and not isinstance(given, str)
    names: tuple[object, ...] = tuple(players) if sequence else ()
    texts = tuple(name for name in names if isinstance(name, str) and name)
    if not texts or len(texts) != len(names) or len(set(texts)) != len(texts):
        msg = f"`players` must hold one or more different, non-empty names, got {players!r}"
        raise GameError(msg)
    return texts
