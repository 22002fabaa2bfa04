"""What each information set of a tree can expect, in balls, and in which order they can be solved.

The expected payoffs of an information set's actions depend on what is played after it and, if it
holds several decisions, on what was played before it where this differs between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from .._balls import Ball, ball
from ..games import Chance, ExtensiveGame, Terminal
from ..games.nodes import History, exact_payoffs, exact_probabilities
from ..games.walk import set_positions

__all__ = ["AgentTree", "agent_tree", "expectations", "solving_order", "utilities"]

Play = Mapping[int, Sequence[Ball]]
"""Choice probabilities of some agents, by their position."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgentTree:
    """A tree with positions in place of names.

    Attributes
    ----------
    game : ExtensiveGame
    mover : mapping of history to int
        The position of the agent that decides after each history.
    players : tuple of int
        The position of each agent's player.
    """

    game: ExtensiveGame
    mover: Mapping[History, int]
    players: tuple[int, ...]

    def choices(self, history: History) -> Iterator[tuple[int, int]]:
        """Iterate over the decisions on the way to a history: the agent and its action."""
        for depth in range(len(history)):
            before = history[:depth]
            if before in self.mover:
                who = self.mover[before]
                yield who, self.game.actions[who].index(history[depth])


def agent_tree(game: ExtensiveGame) -> AgentTree:
    """Return a tree with its agents numbered."""
    mover = set_positions(game.information_sets)
    names = dict(game.decisions())
    return AgentTree(
        game=game,
        mover=mover,
        players=tuple(
            game.players.index(names[members[0]].player) for members in game.information_sets
        ),
    )


def solving_order(tree: AgentTree) -> tuple[int, ...] | None:
    """Return the agents such that each depends only on those before it; None if there is a loop."""
    following: dict[History, set[int]] = {}
    needs: dict[int, set[int]] = {k: set() for k in range(len(tree.players))}
    for history, node in reversed(list(tree.game.moves())):
        below: set[int] = set()
        for action, child in node.branches.items():
            if not isinstance(child, Terminal):
                below |= following.pop((*history, action))
        if history in tree.mover:
            needs[tree.mover[history]] |= below
            below = {tree.mover[history]}
        following[history] = below
    for who, members in enumerate(tree.game.information_sets):
        if len(members) > 1:
            ways = [dict(tree.choices(h)) for h in members]
            met = {other for way in ways for other in way}
            needs[who] |= {k for k in met if len({way.get(k) for way in ways}) > 1}
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError:
        return None


def expectations(
    tree: AgentTree, start: History, play: Play, known: dict[History, list[Ball]]
) -> list[Ball]:
    """Return what each player can expect after a history, and remember it in `known`."""
    stack = [start]
    while stack:
        history = stack[-1]
        node = tree.game.node(history)
        if isinstance(node, Terminal):
            known[history] = [ball(v) for v in exact_payoffs(node)]
        if history in known:
            stack.pop()
            continue
        children = [(*history, action) for action in node.branches]  # type: ignore[union-attr]
        missing = [child for child in children if child not in known]
        if missing:
            stack.extend(missing)
            continue
        weights = (
            [ball(p) for p in exact_probabilities(node)]
            if isinstance(node, Chance)
            else play[tree.mover[history]]
        )
        columns = zip(*(known[child] for child in children), strict=True)
        known[history] = [
            sum((w * v for w, v in zip(weights, own, strict=True)), ball(0)) for own in columns
        ]
    return known[start]


def utilities(
    tree: AgentTree, who: int, play: Play, known: dict[History, list[Ball]]
) -> list[Ball] | None:
    """Return the expected payoff of each action of an agent; None where it may not be reached.

    Agents that `play` leaves out are taken to be played alike on the way to all its decisions.
    """
    player, members = tree.players[who], tree.game.information_sets[who]
    actions = tree.game.actions[who]
    weights = [_reach(tree, h, play) if len(members) > 1 else ball(1) for h in members]
    total = sum(weights, ball(0))
    if not bool(total > 0):
        return None
    return [
        sum(
            (
                w * expectations(tree, (*h, action), play, known)[player]
                for w, h in zip(weights, members, strict=True)
            ),
            ball(0),
        )
        / total
        for action in actions
    ]


def _reach(tree: AgentTree, history: History, play: Play) -> Ball:
    """Return the probability of a history, as far as chance and the agents of `play` decide it."""
    weight = ball(1)
    for depth, action in enumerate(history):
        node = tree.game.node(history[:depth])
        if isinstance(node, Chance):
            share: Fraction = exact_probabilities(node)[tuple(node.branches).index(action)]
            weight *= ball(share)
    for who, k in tree.choices(history):
        if who in play:
            weight *= play[who][k]
    return weight
