"""Repeated games with imperfect public monitoring: a signal is seen, the actions are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text, exact_number, is_exact, ratio_text
from ..errors import GameError
from .normal import NormalFormGame, index_of, names_of
from .per_player import ROUNDING, discount_factors, probability_block
from .repeated import Positions, check_stage, profile_of

__all__ = ["MonitoredGame", "Row"]

Row = tuple[Fraction, ...]
"""Probabilities of the signals, in their order."""


@dataclass(frozen=True, slots=True, init=False)
class MonitoredGame:
    """A normal-form game played for ever, in which all players see a signal, not the actions.

    The stage game's payoffs are **expected** payoffs. What a player earns in fact may depend on
    its own action and on the signal, but on nothing else that it could learn from: it knows its
    own past actions, and everything public is in the signal. Payoffs are averages, as in
    `RepeatedGame`.

    Parameters
    ----------
    stage : NormalFormGame
    distribution : mapping or array_like, shape (n_strategies_1, ..., n_strategies_n, n_signals)
        Probabilities of the signals after each pure profile. A mapping goes from profiles (the
        key ``None`` stands for all that are not named) to mappings from signals to
        probabilities, or to sequences of them. Exact numbers must sum to 1; a row with floats
        may miss 1 by 1e-9, which its largest probability then makes up for.
    discount : number or sequence of numbers, one a player
        Discount factors, above 0 and below 1; one number is that of all players.
    signals : sequence of str, optional
        Names. By default those of the mapping, in order of appearance, or ``signal_1``, ...

    Attributes
    ----------
    stage : NormalFormGame
    signals : tuple of str
    distribution : mapping of tuple of int to tuple of Fraction
        For each profile, as positions, the probabilities of the signals.
    discounts : tuple of Fraction, one a player
    exact : bool
        Whether payoffs, probabilities and discount factors were given as exact numbers.

    Raises
    ------
    GameError
        If the stage game is none, the shape is wrong, a profile or signal is unknown, missing or
        repeated, or probabilities are negative or do not sum to 1.
    ParameterError
        If a discount factor is not above 0 and below 1.

    References
    ----------
    D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated games
    with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.

    Examples
    --------
    Two states restrain themselves; incidents happen anyway, and more often if one does not:

    >>> import alignment_games as ag
    >>> restraint = ag.NormalFormGame.from_bimatrix(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]], strategies=[["restrain", "probe"]] * 2
    ... )
    >>> game = MonitoredGame(
    ...     restraint,
    ...     {("restrain", "restrain"): {"quiet": 0.9, "incident": 0.1},
    ...      None: {"quiet": 0.4, "incident": 0.6}},
    ...     discount=0.8,
    ... )
    >>> print(game)
    player_1 and player_2 play a 2 x 2 game for ever, discount factors 0.8 and 0.8
    they see quiet or incident
    >>> game.probability(("restrain", "probe"), "incident")
    Fraction(3, 5)
    """

    stage: NormalFormGame
    signals: tuple[str, ...]
    distribution: Mapping[Positions, Row] = field(repr=False, hash=False)
    discounts: tuple[Fraction, ...]
    exact: bool

    def __init__(
        self,
        stage: NormalFormGame,
        distribution: Any,
        *,
        discount: Any,
        signals: Sequence[str] | None = None,
    ) -> None:
        check_stage(stage)
        factors, exact = discount_factors(discount, stage.players)
        if isinstance(distribution, Mapping):
            names, given = _from_mapping(stage, distribution, signals)
        else:
            names, given = _from_array(stage, distribution, signals)
        rows = {}
        for profile, row in given.items():
            rows[profile], own = _row(row, names, _where(stage, profile))
            exact = exact and own
        self._fill(stage, names, rows, factors, exact and stage.exact)

    def _fill(
        self,
        stage: NormalFormGame,
        signals: tuple[str, ...],
        distribution: Mapping[Positions, Row],
        discounts: tuple[Fraction, ...],
        exact: bool,
    ) -> None:
        for name, value in (
            ("stage", stage),
            ("signals", signals),
            ("distribution", distribution),
            ("discounts", discounts),
            ("exact", exact),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def perfect(cls, stage: NormalFormGame, *, discount: Any) -> MonitoredGame:
        """Return the game in which the signal is the profile that was played.

        Its payoffs are those of `RepeatedGame`.

        Examples
        --------
        >>> import alignment_games as ag
        >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> MonitoredGame.perfect(dilemma, discount=0.5).signals
        ('s1, s1', 's1, s2', 's2, s1', 's2, s2')
        """
        check_stage(stage)
        profiles = list(stage.profiles())
        played = [
            tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True))
            for profile in profiles
        ]
        names = tuple(map(", ".join, played))
        if len(set(names)) < len(names):  # commas in the strategies' names
            names = tuple(map(repr, played))
        rows = {
            profile: tuple(Fraction(int(profile == other)) for other in profiles)
            for profile in profiles
        }
        factors, exact = discount_factors(discount, stage.players)
        game = object.__new__(cls)
        game._fill(stage, names, rows, factors, exact and stage.exact)
        return game

    def garbled(self, noise: Any, *, signals: Sequence[str] | None = None) -> MonitoredGame:
        """Return the game in which players see only a noisy report of the signal.

        Parameters
        ----------
        noise : array_like, shape (n_signals, n_reports)
            For each signal the probabilities of the reports.
        signals : sequence of str, optional
            Names of the reports; by default the signals' own if there are as many.

        Raises
        ------
        GameError
            If the shape is wrong or a row is no distribution.

        References
        ----------
        M. Kandori (1992), The use of information in repeated games with imperfect monitoring,
        Review of Economic Studies 59, 581-593, doi:10.2307/2297865.

        Examples
        --------
        >>> import alignment_games as ag
        >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> seen = MonitoredGame(dilemma, [[[1, 0], [0, 1]], [[0, 1], [0, 1]]], discount=0.5)
        >>> noisy = seen.garbled([[0.9, 0.1], [0.2, 0.8]])
        >>> float(noisy.probability((1, 1), "signal_1"))
        0.2
        """
        old = len(self.signals)
        block = [list(row) if _listed(row) else row for row in noise] if _listed(noise) else []
        width = len(block[0]) if block and isinstance(block[0], list) else 0
        if (
            len(block) != old
            or not width
            or any(not isinstance(row, list) or len(row) != width for row in block)
        ):
            msg = (
                f"`noise` must hold one row of probabilities for each of {old} signals, all of "
                f"the same length, got {noise!r}"
            )
            raise GameError(msg[:200])
        same = self.signals if signals is None and width == old else signals
        names = names_of("signals", same, width, "signal_")
        checked = [
            _row(dict(zip(names, row, strict=True)), names, f"noise[{k}]")
            for k, row in enumerate(block)
        ]
        rows = {
            profile: tuple(
                sum((p * own[k] for p, (own, _) in zip(row, checked, strict=True)), Fraction(0))
                for k in range(width)
            )
            for profile, row in self.distribution.items()
        }
        game = object.__new__(type(self))
        exact = self.exact and all(own for _, own in checked)
        game._fill(self.stage, names, rows, self.discounts, exact)
        return game

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.stage.players

    @property
    def n_players(self) -> int:
        """Number of players."""
        return self.stage.n_players

    def probability(self, profile: Sequence[str | int], signal: str | int) -> Fraction:
        """Return how probable a signal is after a profile.

        Raises
        ------
        GameError
            If there is no such profile or signal.
        """
        row = self.distribution[profile_of(self.stage, profile, "profile")]
        return row[index_of("signal", signal, self.signals)]

    def __str__(self) -> str:
        size = " x ".join(map(str, self.stage.shape))
        factors = " and ".join(map(decimal_text, self.discounts))
        seen = (
            " or ".join(self.signals) if len(self.signals) < 5 else f"{len(self.signals)} signals"
        )
        return (
            f"{' and '.join(self.players)} play a {size} game for ever, discount factors "
            f"{factors}\nthey see {seen}"
        )


def _listed(given: object) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, (str, Mapping))


def _where(stage: NormalFormGame, profile: Positions) -> str:
    played = tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True))
    return f"distribution[{played!r}]"


def _from_mapping(
    stage: NormalFormGame, given: Mapping[Any, Any], signals: Sequence[str] | None
) -> tuple[tuple[str, ...], dict[Positions, Mapping[str, Any]]]:
    found: dict[str, None] = {}
    for row in given.values():
        if isinstance(row, Mapping):
            found.update(dict.fromkeys(row))
    names: tuple[str, ...] | None = None
    if signals is not None:
        listed: object = signals
        if isinstance(listed, str) or not isinstance(listed, (Sequence, np.ndarray)):
            msg = f"`signals` must be a sequence of names, got {signals!r}"
            raise GameError(msg[:200])
        names = names_of("signals", signals, len(signals), "signal_")
    elif found:
        names = names_of("signals", list(found), len(found), "signal_")
    named: dict[Positions, Any] = {}
    for key, row in given.items():
        if key is not None:
            profile = profile_of(stage, key, "distribution")
            if profile in named:
                msg = f"`distribution` must name each profile once, got {key!r} again"
                raise GameError(msg)
            named[profile] = row
    rows = {}
    for profile in stage.profiles():
        row = named.get(profile, given.get(None))
        where = _where(stage, profile)
        if row is None:
            msg = f"`{where}` is missing; the key None stands for all profiles not named"
            raise GameError(msg)
        if not isinstance(row, Mapping):
            row = list(row) if _listed(row) else []
            names = names or names_of("signals", None, len(row), "signal_")
            row = _paired(row, names, where)
        rows[profile] = row
    return names or (), rows


def _from_array(
    stage: NormalFormGame, given: Any, signals: Sequence[str] | None
) -> tuple[tuple[str, ...], dict[Positions, Mapping[str, Any]]]:
    block = probability_block("distribution", given)
    if block.shape[:-1] != stage.shape or not block.size:
        axes = ", ".join(map(str, stage.shape))
        shape = block.shape if block.size else "rows of unequal length or none"
        msg = (
            f"`distribution` must have shape ({axes}, number of signals), one axis a player and "
            f"the signal last, got {shape}"
        )
        raise GameError(msg)
    names = names_of("signals", signals, block.shape[-1], "signal_")
    return names, {
        profile: dict(zip(names, block[profile].tolist(), strict=True))
        for profile in stage.profiles()
    }


def _paired(row: list[Any], names: tuple[str, ...], where: str) -> dict[str, Any]:
    if not row or len(row) != len(names):
        wanted = len(names) or "one or more"
        msg = f"`{where}` must hold {wanted} probabilities, one a signal, got {len(row)}"
        raise GameError(msg)
    return dict(zip(names, row, strict=True))


def _row(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> tuple[Row, bool]:
    """Return checked probabilities in the order of the signals, and whether all were exact."""
    row, exact = [Fraction(0)] * len(names), True
    known: set[int] = set()
    for signal, value in given.items():
        place = index_of("signal", signal, names)
        if place in known:
            msg = f"`{where}` must name each signal once, got {names[place]!r} twice"
            raise GameError(msg)
        known.add(place)
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            row[place] = exact_number(plain)
        except (TypeError, ValueError) as error:
            msg = f"`{where}` must hold probabilities, got {value!r} for {signal!r}"
            raise GameError(msg[:200]) from error
        exact = exact and is_exact(plain)
        if row[place] < 0:
            msg = f"`{where}` must hold no negative probability, got {value} for {signal!r}"
            raise GameError(msg)
    total = sum(row, Fraction(0))
    if abs(total - 1) > (0 if exact else ROUNDING):
        shown = ratio_text(total) if exact else decimal_text(total, 12)
        msg = f"`{where}` must hold probabilities that sum to 1, got {shown}"
        raise GameError(msg)
    row[row.index(max(row))] += 1 - total
    return tuple(row), exact
