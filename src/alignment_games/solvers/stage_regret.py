"""What players gain by deviating in one stage of a tree: a subgame before the next ones begin.

A profile is a subgame-perfect equilibrium exactly if no player gains in any stage while the
profile is followed in all later subgames: what comes after a stage is then an equilibrium of its
own. With perfect information each decision is a stage, and this is the one-shot principle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..games import Chance, ExtensiveGame, Terminal
from ..games.nodes import History, Node, exact_payoffs, exact_probabilities
from ..games.plans import require_perfect_recall
from ..games.subgames import subgame_roots
from ..games.walk import set_positions

__all__ = ["stage_regrets", "whole_regrets"]

_EMPTY = (-1, 0)  # the sequence of a player who has not moved in the stage

Move = tuple[int, int]
Values = Mapping[History, Sequence[Fraction]]


def stage_regrets(
    game: ExtensiveGame, vectors: Sequence[Sequence[Fraction]], values: Values
) -> list[Fraction]:
    """Return the largest gain of each player in any stage of a tree with perfect recall.

    Parameters
    ----------
    game : ExtensiveGame
    vectors : sequence of distributions, one for each of ``game.agents``
    values : mapping of histories to payoffs
        What the profile pays from each move on.

    Returns
    -------
    list of Fraction, one a player
        A best reply is found from the last information set of the stage to the first.

    Raises
    ------
    GameError
        If some player has no perfect recall.
    """
    require_perfect_recall(game)
    roots = subgame_roots(game)
    later = set(roots)
    set_of = set_positions(game.information_sets)
    regrets = [Fraction(0)] * game.n_players
    for root in roots:
        stage = _Stage(game, vectors, values, set_of)
        stage.walk(root, later)
        for who, mean in enumerate(values[root]):
            regrets[who] = max(regrets[who], stage.best(who) - mean)
    return regrets


def whole_regrets(
    game: ExtensiveGame, vectors: Sequence[Sequence[Fraction]], values: Values
) -> list[Fraction]:
    """Return the largest gain of each player by another plan for the whole tree.

    As `stage_regrets`, but zero at every Nash equilibrium.
    """
    require_perfect_recall(game)
    set_of = set_positions(game.information_sets)
    stage = _Stage(game, vectors, values, set_of)
    stage.walk((), set())
    return [stage.best(who) - mean for who, mean in enumerate(values[()])]


class _Stage:
    """What each sequence of each player earns in one stage, others following the profile."""

    def __init__(
        self,
        game: ExtensiveGame,
        vectors: Sequence[Sequence[Fraction]],
        values: Values,
        set_of: Mapping[History, int],
    ) -> None:
        self.game, self.vectors, self.values, self.set_of = game, vectors, values, set_of
        self.earned: list[dict[Move, Fraction]] = [{_EMPTY: Fraction(0)} for _ in game.players]
        self.before: list[dict[int, Move]] = [{} for _ in game.players]

    def walk(self, root: History, later: set[History]) -> None:
        """Add what the ends of the stage, and the subgames that follow it, pay."""
        n = self.game.n_players
        stack: list[tuple[History, Node, tuple[Fraction, ...], tuple[Move, ...]]]
        stack = [(root, self.game.node(root), (Fraction(1),) * n, (_EMPTY,) * n)]
        while stack:
            history, node, reach, moves = stack.pop()
            if isinstance(node, Terminal):
                self._pay(exact_payoffs(node), reach, moves)
                continue
            if history != root and history in later:
                self._pay(self.values[history], reach, moves)
                continue
            if isinstance(node, Chance):
                for share, (event, child) in zip(
                    exact_probabilities(node), node.branches.items(), strict=True
                ):
                    lower = tuple(share * p for p in reach)
                    stack.append(((*history, event), child, lower, moves))
                continue
            k = self.set_of[history]
            who = self.game.players.index(node.player)
            self.before[who][k] = moves[who]
            for at, (action, child) in enumerate(node.branches.items()):
                share = self.vectors[k][at]
                lower = tuple(p if own == who else share * p for own, p in enumerate(reach))
                self.earned[who].setdefault((k, at), Fraction(0))
                after = (*moves[:who], (k, at), *moves[who + 1 :])
                stack.append(((*history, action), child, lower, after))

    def _pay(
        self, payoffs: Sequence[Fraction], reach: Sequence[Fraction], moves: Sequence[Move]
    ) -> None:
        for earned, value, weight, move in zip(self.earned, payoffs, reach, moves, strict=True):
            earned[move] += weight * value

    def best(self, who: int) -> Fraction:
        """Return what a best reply of a player earns in the stage."""
        earned = dict(self.earned[who])
        # Sets are in the order of their first decisions, so later ones follow from earlier.
        for k in sorted(self.before[who], reverse=True):
            size = len(self.vectors[k])
            earned[self.before[who][k]] += max(earned[k, at] for at in range(size))
        return earned[_EMPTY]
