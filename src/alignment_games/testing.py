"""Hypothesis strategies that draw games, for this package's tests and for yours.

They need the package ``hypothesis``, which nothing else here imports; so this module is not
loaded by ``import alignment_games`` and is imported by its own name.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .games import NormalFormGame

__all__ = ["degenerate_games", "games"]


def games(
    *,
    min_players: int = 2,
    max_players: int = 2,
    min_strategies: int = 1,
    max_strategies: int = 3,
    payoffs: st.SearchStrategy[Any] | None = None,
) -> st.SearchStrategy[NormalFormGame]:
    """Draw normal-form games.

    Parameters
    ----------
    min_players, max_players : int, optional
        Bounds of the number of players; both 2 by default.
    min_strategies, max_strategies : int, optional
        Bounds of the number of strategies of each player.
    payoffs : SearchStrategy of numbers, optional
        What each payoff is drawn from; integers from -9 to 9 by default, which make exact
        games with many ties. Floats make floating games.

    Returns
    -------
    SearchStrategy of NormalFormGame
        It shrinks towards few players, few strategies and the simplest payoffs.

    Raises
    ------
    ValueError
        If a lower bound is below 1 or above its upper bound.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from hypothesis import given
    >>> @given(games(max_strategies=2))
    ... def every_game_has_an_equilibrium(game):
    ...     assert len(ag.solve(game)) >= 1
    >>> every_game_has_an_equilibrium()
    """
    _check_bounds("players", min_players, max_players)
    _check_bounds("strategies", min_strategies, max_strategies)
    entries = st.integers(-9, 9) if payoffs is None else payoffs

    def of_shape(shape: tuple[int, ...]) -> st.SearchStrategy[NormalFormGame]:
        size = math.prod(shape)
        table = st.lists(entries, min_size=size, max_size=size).map(lambda flat: _nest(flat, shape))
        return st.lists(table, min_size=len(shape), max_size=len(shape)).map(NormalFormGame)

    sizes = st.integers(min_strategies, max_strategies)
    shapes = st.lists(sizes, min_size=min_players, max_size=max_players).map(tuple)
    return shapes.flatmap(of_shape)


def degenerate_games(*, max_strategies: int = 3) -> st.SearchStrategy[NormalFormGame]:
    """Draw degenerate two-player games.

    In each of them some mixed strategy has more pure best replies than it has pure strategies
    in use [1]_: two replies tie for best against a pure strategy, three against an even
    mixture of two, or all payoffs of a player are equal. Equilibria then often, not always,
    come in continua.

    Parameters
    ----------
    max_strategies : int, optional
        Largest number of strategies of each player, at least 2.

    Returns
    -------
    SearchStrategy of NormalFormGame
        Exact games: small integers and halves.

    Raises
    ------
    ValueError
        If `max_strategies` is below 2.

    References
    ----------
    .. [1] B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game
       Theory 3, 1723-1759, doi:10.1016/S1574-0005(02)03008-4.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from hypothesis import given
    >>> @given(degenerate_games(max_strategies=2))
    ... def it_is_flagged(game):
    ...     assert ag.solve(game).degenerate
    >>> it_is_flagged()
    """
    _check_bounds("strategies", 2, max_strategies)

    @st.composite
    def build(draw: st.DrawFn) -> NormalFormGame:
        own = draw(st.integers(1, max_strategies))
        other = draw(st.integers(2, max_strategies))
        # `tied` holds the payoffs of the player whose replies (its columns) tie.
        tied = [[Fraction(draw(_SMALL)) for _ in range(other)] for _ in range(own)]
        free = [[Fraction(draw(_SMALL)) for _ in range(other)] for _ in range(own)]
        kinds = ["pure", "constant"]
        if own >= 2 and other >= 3:
            kinds.append("mixed")
        kind = draw(st.sampled_from(kinds))
        replies = draw(st.permutations(range(other)))
        rows = draw(st.permutations(range(own)))
        if kind == "constant":
            tied = [[tied[0][0]] * other for _ in range(own)]
        elif kind == "pure":
            best = max(tied[rows[0]])
            for reply in replies[:2]:
                tied[rows[0]][reply] = best
        else:
            first, second = tied[rows[0]], tied[rows[1]]
            best = max(a + b for a, b in zip(first, second, strict=True))
            for reply in replies[:3]:
                second[reply] = best - first[reply]
        blocks = [free, tied]
        if draw(st.booleans()):  # let the row player's replies tie instead
            blocks = [list(map(list, zip(*block, strict=True))) for block in (tied, free)]
        return NormalFormGame(blocks)

    return build()


_SMALL = st.sampled_from([Fraction(k, 2) for k in (0, 2, -2, 4, -4, 1, -1, 3, -3)])


def _nest(flat: list[Any], shape: tuple[int, ...]) -> list[Any]:
    """Fold a flat list into nested lists, the last axis fastest."""
    nested = flat
    for size in reversed(shape[1:]):
        nested = [nested[k : k + size] for k in range(0, len(nested), size)]
    return nested


def _check_bounds(what: str, low: int, high: int) -> None:
    if not 1 <= low <= high:
        msg = f"the number of {what} needs bounds 1 <= minimum <= maximum, got {low} and {high}"
        raise ValueError(msg)
