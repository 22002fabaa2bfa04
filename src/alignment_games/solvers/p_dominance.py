"""p-dominance: how sure of the others a player must be to play its part of an equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import integer_matrix, ratio_text
from .._typing import ObjectArray
from ..games import NormalFormGame
from .certify import require_normal_form

__all__ = ["PDominance", "named", "p_dominance", "pure_places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PDominance:
    """For which beliefs a pure equilibrium is worth playing.

    Attributes
    ----------
    game : NormalFormGame
    profile : tuple of str
    thresholds : mapping of str to Fraction
        Smallest p for each player: its strategy is a best reply to every belief (correlated
        or not) that gives the others' part of the profile at least probability p.
    """

    game: NormalFormGame = field(repr=False)
    profile: tuple[str, ...]
    thresholds: Mapping[str, Fraction]

    @property
    def p(self) -> Fraction:
        """Smallest p for which the profile is p-dominant: the largest threshold."""
        return max(self.thresholds.values())

    @property
    def half_dominant(self) -> bool:
        """Whether the profile is 1/2-dominant."""
        return self.p <= Fraction(1, 2)

    def __str__(self) -> str:
        own = ", ".join(f"{who} {ratio_text(p)}" for who, p in self.thresholds.items())
        return f"({', '.join(self.profile)}): p-dominant from p = {ratio_text(self.p)} ({own})"


def p_dominance(game: NormalFormGame) -> tuple[PDominance, ...]:
    """Find for each pure equilibrium the smallest p for which it is p-dominant.

    A profile is p-dominant if each player's strategy is a best reply to every belief that
    gives the others' part of the profile probability p or more [1]_ [2]_. Every pure
    equilibrium is 1-dominant; one in dominant strategies is 0-dominant.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.

    Returns
    -------
    tuple of PDominance
        One for each pure equilibrium, in the order of the profiles. Thresholds are Fractions.

    References
    ----------
    .. [1] S. Morris, R. Rob and H. S. Shin (1995), p-dominance and belief potential,
       Econometrica 63, 145-157, doi:10.2307/2171813.
    .. [2] A. Kajii and S. Morris (1997), The robustness of equilibria to incomplete
       information, Econometrica 65, 1283-1309, doi:10.2307/2171737.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[9, 0], [8, 7]], [[9, 8], [0, 7]],
    ...                                             strategies=[["stag", "hare"]] * 2)
    >>> for equilibrium in ag.solvers.p_dominance(stag_hunt):
    ...     print(equilibrium)
    (stag, stag): p-dominant from p = 7/8 (player_1 7/8, player_2 7/8)
    (hare, hare): p-dominant from p = 1/8 (player_1 1/8, player_2 1/8)
    """
    require_normal_form(game)
    tables = [_integers(game, who) for who in range(game.n_players)]
    return tuple(
        PDominance(
            game=game,
            profile=named(game, place),
            thresholds={
                player: _threshold(tables[who], who, place)
                for who, player in enumerate(game.players)
            },
        )
        for place in pure_places(game)
    )


def _integers(game: NormalFormGame, who: int) -> ObjectArray:
    """Return a player's payoffs over a common denominator, the own axis first."""
    own = np.moveaxis(game.exact_payoffs[who], who, 0)
    flat = integer_matrix(own.reshape(len(own), -1).tolist())
    fits = max(abs(value) for row in flat for value in row) < 2**61
    table: ObjectArray = np.array(flat, dtype=np.int64 if fits else object)
    return table.reshape(own.shape)


def _threshold(table: ObjectArray, who: int, place: tuple[int, ...]) -> Fraction:
    """Return the least probability of the others' part that makes the own one a best reply.

    The worst belief puts the rest of the probability where the alternative gains most.
    """
    others = (*place[:who], *place[who + 1 :])
    gains = table[place[who]] - table  # over each alternative
    threshold = Fraction(0)
    for here, own in zip(gains[(slice(None), *others)], gains.reshape(len(table), -1), strict=True):
        loss = -int(own.min())
        if loss > 0:  # so that the worst case is elsewhere: at an equilibrium `here` is not < 0
            threshold = max(threshold, Fraction(loss, int(here) + loss))
    return threshold


def pure_places(game: NormalFormGame) -> list[tuple[int, ...]]:
    """Return the pure equilibria as positions."""
    stable = np.ones(game.shape, dtype=bool)
    for who, own in enumerate(game.exact_payoffs):
        stable &= np.equal(own, own.max(axis=who, keepdims=True)).astype(bool)
    return [tuple(int(k) for k in where) for where in np.argwhere(stable)]


def named(game: NormalFormGame, place: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the strategies at a profile's positions."""
    return tuple(own[k] for own, k in zip(game.strategies, place, strict=True))
