"""Named games with all their equilibria, as data: the whole catalogue."""

from __future__ import annotations

from . import (
    catalogue_collective,
    catalogue_degenerate,
    catalogue_larger,
    catalogue_more_players,
    catalogue_two_by_two,
    catalogue_zero_sum,
)

TWO_PLAYERS = [
    *catalogue_two_by_two.GAMES,
    *catalogue_zero_sum.GAMES,
    *catalogue_larger.GAMES,
    *catalogue_degenerate.GAMES,
]
MORE_PLAYERS = [*catalogue_more_players.GAMES, *catalogue_collective.GAMES]
