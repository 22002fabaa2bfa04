"""Minmax payoffs: how far the others can hold a player down who replies best."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text
from .._typing import ObjectArray
from ..errors import ProfileError, WorkLimitError, suggestion, whole
from ..games import NormalFormGame
from ._punishers import MAX_WORK, Bounds, PunishmentCell, best_reply, bounds, corners_of
from ._rational import share_of
from .certify import require_normal_form
from .result import Status
from .security import SecurityLevel, security_levels

__all__ = ["Minmax", "MinmaxLevel", "PunishmentCell", "minmax"]

MAX_CELLS = 100_000

MAX_PROFILES = 10_000
"""Largest number of profiles of a game with several punishers."""

MAX_STRATEGIES = 40
"""Largest number of strategies of a player in such a game."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinmaxLevel:
    """How far the others can hold one player down.

    Always ``correlated <= lower <= upper <= pure``.

    Attributes
    ----------
    player : str
    status : Status
        Of the minmax in independent mixtures: ``COMPLETE`` if `lower` and `upper` are equal,
        ``PARTIAL`` if they are as near as was asked for, ``LIMIT`` if there were too many cells or
        they were too much work.
    pure : Fraction
        Minmax if the punishers play pure strategies.
    pure_threat : mapping of str to str
        What each punisher then plays.
    pure_reply : str
        A best reply of the player, which earns `pure`.
    lower, upper : Fraction
        The minmax if the punishers mix independently is at least `lower` and at most `upper`.
    threat : mapping of str to mapping of str to Fraction
        What each punisher mixes so that the player gets at most `upper`.
    correlated : Fraction
        Minmax if the punishers can correlate in secret what they do; it is the maximin too.
    correlated_threat : mapping of tuples of str to Fraction
        How they then play together, by profiles of the punishers.
    cells : tuple of PunishmentCell
        The proof of `lower`: parts that cover all mixtures of the punishers, each with a strategy
        of the player that secures no less.
    """

    player: str
    status: Status
    pure: Fraction
    pure_threat: Mapping[str, str]
    pure_reply: str
    lower: Fraction
    upper: Fraction
    threat: Mapping[str, Mapping[str, Fraction]]
    correlated: Fraction
    correlated_threat: Mapping[tuple[str, ...], Fraction] = field(repr=False)
    cells: tuple[PunishmentCell, ...] = field(repr=False)

    @property
    def exact(self) -> bool:
        """Whether the minmax in independent mixtures is known exactly."""
        return self.lower == self.upper

    @property
    def gap(self) -> Fraction:
        """The length of the interval in which the minmax in independent mixtures lies."""
        return self.upper - self.lower

    def __str__(self) -> str:
        pure = ", ".join(self.pure_threat.values())
        mixed = "; ".join(
            " + ".join(s if p == 1 else f"{decimal_text(p)} {s}" for s, p in own.items())
            for own in self.threat.values()
        )
        value = decimal_text(self.upper)
        if not self.exact:
            value = f"between {decimal_text(self.lower, 9)} and {decimal_text(self.upper, 9)}"
        return (
            f"{self.player}: pure {decimal_text(self.pure)} by ({pure}); mixed {value} by "
            f"({mixed}); correlated {decimal_text(self.correlated)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Minmax:
    """The minmax payoffs of all players, in pure, independent mixed and correlated punishments.

    Attributes
    ----------
    game : NormalFormGame
    levels : tuple of MinmaxLevel
        One for each player, in order.
    """

    game: NormalFormGame = field(repr=False)
    levels: tuple[MinmaxLevel, ...]

    @property
    def status(self) -> Status:
        """The weakest status of a player's level."""
        found = {own.status for own in self.levels}
        return next(s for s in (Status.LIMIT, Status.PARTIAL, Status.COMPLETE) if s in found)

    @property
    def pure(self) -> tuple[Fraction, ...]:
        """Pure minmax payoffs, by player."""
        return tuple(own.pure for own in self.levels)

    @property
    def lower(self) -> tuple[Fraction, ...]:
        """Lower bounds of the minmax in independent mixtures, by player."""
        return tuple(own.lower for own in self.levels)

    @property
    def upper(self) -> tuple[Fraction, ...]:
        """Upper bounds of the minmax in independent mixtures, by player."""
        return tuple(own.upper for own in self.levels)

    @property
    def correlated(self) -> tuple[Fraction, ...]:
        """Correlated minmax payoffs, by player."""
        return tuple(own.correlated for own in self.levels)

    @property
    def exact(self) -> bool:
        """Whether all of these are known exactly."""
        return all(own.exact for own in self.levels)

    def level(self, player: str | int) -> MinmaxLevel:
        """Return what is known of one player, by name or position.

        Raises
        ------
        ProfileError
            If there is no such player.
        """
        players = self.game.players
        if isinstance(player, str) and player in players:
            return self.levels[players.index(player)]
        if isinstance(player, int) and not isinstance(player, bool) and 0 <= player < len(players):
            return self.levels[player]
        msg = f"no player {player!r}{suggestion(player, players)}"
        raise ProfileError(msg)

    def __str__(self) -> str:
        return "\n".join(map(str, self.levels))


def minmax(game: NormalFormGame, *, gap: Any = Fraction(1, 10**9), cells: int = 300) -> Minmax:
    """Find how far the others can hold each player down who sees it coming and replies best.

    Three punishments are told apart: pure strategies, mixtures that are independent, and
    strategies that are correlated in secret. With one punisher the last two are the same, and
    exact. With several, independent mixtures minimize a function that is not convex. It is then
    bounded from both sides, by rational numbers that often meet if the minimum is rational and
    never do if it is not.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    gap : number, optional
        With several punishers: at what distance of the two bounds, relative to the spread of the
        player's payoffs, to be content. With 0 the search goes on until they meet.
    cells : int, optional
        With several punishers: in how many parts their mixtures may be cut. They are fewer, with
        the status ``LIMIT``, if the work reaches 300,000 for all players together: a part counts
        the entries of its linear program and the cube of the smaller side, both times the words
        of 64 bits that its largest integer takes. The bounds are then those reached so far.

    Returns
    -------
    Minmax

    Raises
    ------
    ParameterError
        If `gap` is not a number from 0 to 1 or `cells` is not an integer above 0.
    WorkLimitError
        If there are more than 20,000 profiles; with three players or more, more than 10,000, or
        more than 40 strategies of a player, so that a single part is too much work.

    Notes
    -----
    A cell is a product of simplices of mixtures. If its corners are correlated, punishers and
    player play a zero-sum game, whose value is not above the minmax on the cell [1]_. Cells are
    cut through the best mixtures known.

    References
    ----------
    .. [1] J. von Neumann (1928), Zur Theorie der Gesellschaftsspiele, Mathematische Annalen
       100, 295-320, doi:10.1007/BF01448847.

    Examples
    --------
    The first player is hurt if the others do the same, and not what it does: pure strategies
    hurt it never, a coin in secret every other time, two coins every fourth time.

    >>> import alignment_games as ag
    >>> import numpy as np
    >>> guess = np.ones((3, 2, 2, 2), dtype=int)
    >>> guess[0, 0, 0, 0] = guess[0, 1, 1, 1] = 0
    >>> print(minmax(ag.NormalFormGame(guess)).levels[0])  # doctest: +NORMALIZE_WHITESPACE
    player_1: pure 1 by (s1, s1); mixed 0.75 by (0.5 s1 + 0.5 s2; 0.5 s1 + 0.5 s2);
    correlated 0.5
    """
    share = share_of("gap", gap)
    most = whole("cells", cells, 1, MAX_CELLS)
    _check_size(game)
    levels = security_levels(game)
    return Minmax(
        game=game,
        levels=tuple(_level(game, who, own, share, most) for who, own in enumerate(levels)),
    )


def _check_size(game: NormalFormGame) -> None:
    """Refuse a game with several punishers of which a single cell is too much work."""
    require_normal_form(game)
    if game.n_players < 3:
        return
    entries, largest = math.prod(game.shape), max(game.shape)
    if entries > MAX_PROFILES or largest > MAX_STRATEGIES:
        msg = (
            f"minmax payoffs of three players or more are bounded up to {MAX_PROFILES} profiles "
            f"and {MAX_STRATEGIES} strategies of a player, got {entries} profiles (shape "
            f"{game.shape}). Eliminate dominated strategies first"
        )
        raise WorkLimitError(msg)


def _level(
    game: NormalFormGame, who: int, level: SecurityLevel, share: Fraction, most: int
) -> MinmaxLevel:
    punishers = [k for k in range(game.n_players) if k != who]
    worst, pure, reply = _pure(_table(game, who))
    mixed = _mixed(game, who, level, share, most)
    status = Status.LIMIT if mixed.limited else Status.PARTIAL
    if mixed.lower == mixed.upper:
        status = Status.COMPLETE
    return MinmaxLevel(
        player=game.players[who],
        status=status,
        pure=pure,
        pure_threat={
            game.players[k]: game.strategies[k][own]
            for k, own in zip(punishers, worst, strict=True)
        },
        pure_reply=game.strategies[who][reply],
        lower=mixed.lower,
        upper=mixed.upper,
        threat={
            game.players[k]: {s: p for s, p in zip(game.strategies[k], mixture, strict=True) if p}
            for k, mixture in zip(punishers, mixed.point, strict=True)
        },
        correlated=level.level,
        correlated_threat=level.threat,
        cells=mixed.cells,
    )


def _table(game: NormalFormGame, who: int) -> ObjectArray:
    """Return a player's payoffs, its own strategies first."""
    return np.moveaxis(game.exact_payoffs[who], who, 0)


def _pure(table: ObjectArray) -> tuple[tuple[int, ...], Fraction, int]:
    """Return the punishers' strategies, the pure minmax and a best reply, by position."""
    replies = table.reshape(len(table), -1)
    best = replies.max(axis=0)
    k = min(range(len(best)), key=best.__getitem__)
    profile = tuple(int(own) for own in np.unravel_index(k, table.shape[1:]))
    column = list(replies[:, k])
    return profile, best[k], column.index(best[k])


def _mixed(
    game: NormalFormGame, who: int, level: SecurityLevel, share: Fraction, most: int
) -> Bounds:
    """Bound the minmax in independent mixtures."""
    punishers = [k for k in range(game.n_players) if k != who]
    table = _table(game, who)
    marginals = []
    for place, k in enumerate(punishers):
        marginal = dict.fromkeys(game.strategies[k], Fraction(0))
        for profile, p in level.threat.items():
            marginal[profile[place]] += p
        marginals.append(tuple(marginal.values()))
    together = tuple(marginals)
    if len(punishers) < 2:
        strategy = tuple(level.strategy.get(s, Fraction(0)) for s in game.strategies[who])
        cell = PunishmentCell(
            corners=tuple(corners_of(game.shape[k]) for k in punishers),
            strategy=strategy,
            bound=level.level,
        )
        worth = best_reply(table, together)
        return Bounds(point=together, upper=worth, lower=cell.bound, cells=(cell,), limited=False)
    worst, _, _ = _pure(table)
    starts = (
        tuple(corners_of(game.shape[k])[own] for k, own in zip(punishers, worst, strict=True)),
        tuple((Fraction(1, size),) * size for size in table.shape[1:]),
        together,
    )
    spread = max(table.flat) - min(table.flat)
    work = MAX_WORK // game.n_players
    return bounds(table, starts, gap=share * spread, most=most, max_work=work)
