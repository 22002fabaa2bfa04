"""Where the proper subgames of a tree begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .nodes import History

if TYPE_CHECKING:
    from .extensive import ExtensiveGame

__all__ = ["subgame_roots"]


def subgame_roots(game: ExtensiveGame) -> tuple[History, ...]:
    """Return the moves at which a subgame starts, depth first; the tree's own root is the first.

    A subgame is a move, of a player or of chance, with all that follows it, such that no
    information set has decisions both in it and outside; a player who moves first in it knows
    where it is. Ends are not counted. A tree without moves has none.
    """
    moves = list(game.moves())
    position = {history: k for k, (history, _) in enumerate(moves)}
    first, last = list(range(len(moves))), list(range(len(moves)))
    alone = [True] * len(moves)
    for members in game.information_sets:
        # Members are listed depth first.
        low, high = position[members[0]], position[members[-1]]
        for history in members:
            k = position[history]
            first[k], last[k], alone[k] = low, high, len(members) == 1
    ends = [k + 1 for k in range(len(moves))]
    for k in range(len(moves) - 1, 0, -1):
        above = position[moves[k][0][:-1]]
        first[above] = min(first[above], first[k])
        last[above] = max(last[above], last[k])
        ends[above] = max(ends[above], ends[k])
    return tuple(
        history
        for k, (history, _) in enumerate(moves)
        if alone[k] and first[k] >= k and last[k] < ends[k]
    )
