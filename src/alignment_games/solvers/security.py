"""Security levels: what a player can make sure of, whatever the others do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, integer_matrix
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .certify import require_normal_form
from .zero_sum import matrix_value

__all__ = ["SecurityLevel", "security_levels"]

MAX_ENTRIES = 20_000
"""Largest table of a player's payoffs whose mixed level is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityLevel:
    """What a player can make sure of, with pure and with mixed strategies.

    Attributes
    ----------
    game : NormalFormGame
    player : str
    pure_level : Fraction
        Largest payoff that a pure strategy guarantees (pure maximin).
    pure_strategies : tuple of str
        All pure strategies that guarantee it.
    level : Fraction
        Largest expected payoff that a mixed strategy guarantees (maximin): the value of the
        zero-sum game against all others together.
    strategy : mapping of str to Fraction
        A mixed strategy that guarantees it.
    threat : mapping of tuples of str to Fraction
        The proof that no strategy guarantees more: a distribution of what the others play
        together, against which no strategy earns more than `level`. With several others it
        may be correlated; if they had to mix independently, they might not be able to hold
        the player down so far.
    pure_threat : Fraction
        Smallest payoff to which the others can hold the player by pure strategies if it
        replies best (pure minmax).
    """

    game: NormalFormGame = field(repr=False)
    player: str
    pure_level: Fraction
    pure_strategies: tuple[str, ...]
    level: Fraction
    strategy: Mapping[str, Fraction]
    threat: Mapping[tuple[str, ...], Fraction]
    pure_threat: Fraction

    def __str__(self) -> str:
        mixed = " + ".join(
            s if p == 1 else f"{decimal_text(p)} {s}" for s, p in self.strategy.items()
        )
        return (
            f"{self.player}: {decimal_text(self.level)} by {mixed}; pure "
            f"{decimal_text(self.pure_level)} by {' or '.join(self.pure_strategies)}"
        )


def security_levels(game: NormalFormGame) -> tuple[SecurityLevel, ...]:
    """Return each player's security level in pure and in mixed strategies.

    The others are taken as one opponent who may correlate what they do, so that the maximin is
    also their minmax [1]_. The minmax of several opponents who mix independently can be
    larger; it is the minimum of a function that is not convex, which `minmax` bounds.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.

    Returns
    -------
    tuple of SecurityLevel
        One for each player, in order. Levels and probabilities are Fractions; the floats of a
        floating game stand for their decimals.

    Raises
    ------
    WorkLimitError
        If there are more than 20,000 profiles.

    References
    ----------
    .. [1] J. von Neumann (1928), Zur Theorie der Gesellschaftsspiele, Mathematische Annalen
       100, 295-320, doi:10.1007/BF01448847.

    Examples
    --------
    >>> import alignment_games as ag
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> for level in ag.solvers.security_levels(pennies):
    ...     print(level)
    player_1: 0 by 0.5 s1 + 0.5 s2; pure -1 by s1 or s2
    player_2: 0 by 0.5 s1 + 0.5 s2; pure -1 by s1 or s2
    """
    require_normal_form(game)
    entries = game.exact_payoffs[0].size
    if entries > MAX_ENTRIES:
        msg = (
            f"security levels are computed up to {MAX_ENTRIES} profiles, got {entries} (shape "
            f"{game.shape}). Eliminate dominated strategies first"
        )
        raise WorkLimitError(msg)
    return tuple(_level(game, who) for who in range(game.n_players))


def _level(game: NormalFormGame, who: int) -> SecurityLevel:
    names = game.strategies[who]
    others = [own for k, own in enumerate(game.strategies) if k != who]
    exact = np.moveaxis(game.exact_payoffs[who], who, 0).reshape(len(names), -1)
    table = exact.tolist()
    worst = [min(row) for row in table]
    answer = matrix_value(integer_matrix(table))
    # The value in the player's own unit.
    level = min(
        sum((p * v for p, v in zip(answer.row, column, strict=True)), Fraction(0))
        for column in zip(*table, strict=True)
    )
    return SecurityLevel(
        game=game,
        player=game.players[who],
        pure_level=max(worst),
        pure_strategies=tuple(s for s, w in zip(names, worst, strict=True) if w == max(worst)),
        level=level,
        strategy={s: p for s, p in zip(names, answer.row, strict=True) if p},
        threat={
            profile: p
            for profile, p in zip(itertools.product(*others), answer.column, strict=True)
            if p
        },
        pure_threat=min(max(column) for column in zip(*table, strict=True)),
    )
