"""Distributions over pure profiles, and what obeying them is worth, recomputed exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from .._numeric import decimal_text, exact_number, is_exact, nearest_float
from .._typing import Number, ObjectArray, Vector
from ..errors import GameError, ProfileError, flag
from ..games import NormalFormGame
from .certify import require_normal_form
from .result import Equilibrium

__all__ = [
    "CorrelatedPlay",
    "Temptation",
    "correlated_play",
    "verify_correlated",
]

_SUM_TOLERANCE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Temptation:
    """A deviation from what a mediator recommends.

    Attributes
    ----------
    player : str
    recommended : str or None
        None for a deviation that is decided on before anything is recommended.
    deviation : str
    gain : number
        What the player expects to gain by it, before the draw; not positive if obeying is at
        least as good.
    """

    player: str
    recommended: str | None
    deviation: str
    gain: Number

    def __str__(self) -> str:
        told = "" if self.recommended is None else f" when told {self.recommended}"
        return f"{self.player}: {self.deviation}{told} gains {decimal_text(self.gain)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelatedPlay:
    """A distribution over pure profiles with its certificate.

    Attributes
    ----------
    game : NormalFormGame
    coarse : bool
        Whether `regret` and `temptation` are those of a coarse equilibrium.
    distribution : mapping of tuple of str to number
        Probabilities of the profiles that have any, in the order of the game.
    payoffs : tuple of numbers, one a player
    regret : tuple of numbers, one a player
        What each player could gain by the best reply to everything that it may be told (coarse:
        by the best single strategy). Zero for all exactly at an equilibrium.
    temptation : Temptation or None
        The deviation of the largest gain; None if no player has one. If its gain is positive,
        this constraint of the equilibrium is violated.
    is_equilibrium : bool
        Whether no player can gain anything: decided in rational arithmetic, without a tolerance,
        before regret is rounded. (A positive regret can round to 0.0.)

    Notes
    -----
    Where numbers are floats, `correlated`, `coarse_correlated` and `correlated_payoffs` certify
    the rational distribution that they found; then probabilities, payoffs and regret are each
    rounded once. `verify_correlated` judges the numbers it is given, a float standing for its
    shortest decimal: of such a rounded distribution it may find a regret of the size of
    rounding. Ask the solver for ``exact=True`` to have what can be verified as it stands.
    """

    game: NormalFormGame = field(repr=False)
    coarse: bool
    distribution: Mapping[tuple[str, ...], Number]
    payoffs: Vector
    regret: Vector
    temptation: Temptation | None
    is_equilibrium: bool

    def probability(self, *profile: str | int) -> Number:
        """Return the probability of a pure profile, one strategy a player."""
        if len(profile) != self.game.n_players:
            msg = f"`profile` must name one strategy for each of {self.game.players}, got {profile}"
            raise GameError(msg)
        key = tuple(
            self.game.strategies[k][self.game.strategy_index(k, own)]
            for k, own in enumerate(profile)
        )
        return self.distribution.get(key, 0)

    def __str__(self) -> str:
        return "; ".join(
            f"{', '.join(profile)}: {decimal_text(p)}" for profile, p in self.distribution.items()
        )


Distribution: TypeAlias = CorrelatedPlay | Equilibrium | Mapping[Any, Number] | ObjectArray


def verify_correlated(
    game: NormalFormGame, distribution: Distribution | Sequence[object], *, coarse: bool = False
) -> CorrelatedPlay:
    """Check whether a distribution is a correlated equilibrium, and find the best deviation.

    Parameters
    ----------
    game : NormalFormGame
    distribution : mapping, array_like, CorrelatedPlay or Equilibrium
        Probabilities of pure profiles: a mapping from tuples of strategies, one a player; or an
        array of the game's shape; or an equilibrium, whose players mix independently.
    coarse : bool, optional
        Whether to check for a coarse correlated equilibrium.

    Returns
    -------
    CorrelatedPlay
        Its `is_equilibrium` is the answer, its `temptation` the constraint that is violated
        most. Computed in rational arithmetic without a tolerance, a float standing for its
        shortest decimal (floats whose sum is within 1e-9 of 1 are divided by it); Fractions if
        the game and the distribution are exact. An equilibrium whose probabilities were rounded
        to floats is in general none any more; its `regret` is then of the size of rounding.

    Raises
    ------
    GameError
        If `game` is not a normal form, or `coarse` is not a boolean.
    ProfileError
        If a profile is unknown or named twice, a probability negative, or their sum not 1.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> third = {("s1", "s1"): 1 / 3, ("s1", "s2"): 1 / 3, ("s2", "s1"): 1 / 3}
    >>> ag.solvers.verify_correlated(chicken, third).is_equilibrium
    True
    >>> play = ag.solvers.verify_correlated(chicken, {("s1", "s1"): 1})
    >>> print(play.is_equilibrium, play.temptation)
    False player_1: s2 when told s1 gains 1
    """
    require_normal_form(game)
    asked = flag("coarse", coarse)
    weights, exact = _weights(game, distribution)
    return correlated_play(game, weights, coarse=asked, exact=game.exact and exact)


def correlated_play(
    game: NormalFormGame, weights: Sequence[Fraction], *, coarse: bool, exact: bool
) -> CorrelatedPlay:
    """Return the record of an exact distribution, with the certificate computed here.

    Parameters
    ----------
    weights : sequence of Fraction, shape (n_profiles,)
        Probabilities in the order of `NormalFormGame.profiles`.
    exact : bool
        Whether to keep Fractions. Otherwise all numbers are rounded once, after the certificate.
    """
    table = np.array(weights, dtype=object).reshape(game.shape)
    played = [tuple(int(k) for k in where) for where in np.argwhere(table)]
    number = (lambda v: v) if exact else nearest_float
    payoffs, regret = [], []
    worst: tuple[Fraction, str, str | None, str] | None = None
    for who, own in enumerate(game.exact_payoffs):
        payoffs.append(sum((table[s] * own[s] for s in played), Fraction(0)))
        names = game.strategies[who]
        # gains[j][k]: what playing k gains in the profiles in which j is recommended
        gains = [[Fraction(0)] * len(names) for _ in names]
        for s in played:
            for k in range(len(names)):
                other = (*s[:who], k, *s[who + 1 :])
                gains[s[who]][k] += table[s] * (own[other] - own[s])
        total = [sum(column, Fraction(0)) for column in zip(*gains, strict=True)]
        regret.append(
            max(*total, Fraction(0)) if coarse else sum((max(row) for row in gains), Fraction(0))
        )
        options = (
            [(gain, None, names[k]) for k, gain in enumerate(total)]
            if coarse
            else [
                (gains[j][k], names[j], names[k])
                for j, k in itertools.permutations(range(len(names)), 2)
                if any(s[who] == j for s in played)
            ]
        )
        for gain, told, deviation in options:
            if worst is None or gain > worst[0]:
                worst = (gain, game.players[who], told, deviation)
    return CorrelatedPlay(
        game=game,
        coarse=coarse,
        distribution={
            tuple(names[k] for names, k in zip(game.strategies, s, strict=True)): number(table[s])
            for s in played
        },
        payoffs=tuple(number(v) for v in payoffs),
        regret=tuple(number(v) for v in regret),
        temptation=None
        if worst is None
        else Temptation(
            player=worst[1], recommended=worst[2], deviation=worst[3], gain=number(worst[0])
        ),
        is_equilibrium=not any(regret),
    )


def _weights(game: NormalFormGame, given: object) -> tuple[list[Fraction], bool]:
    """Return the distribution that is meant, in the order of profiles, and whether it is exact."""
    values: list[object]
    if isinstance(given, Equilibrium):
        if tuple(len(own) for own in given.profile) != game.shape:
            msg = "`distribution` is an equilibrium of a game of another shape"
            raise ProfileError(msg)
        numbers = [[exact_number(p) for p in own] for own in given.profile]
        values = [math.prod(parts) for parts in itertools.product(*numbers)]
        exact = all(is_exact(p) for own in given.profile for p in own)
    else:
        if isinstance(given, CorrelatedPlay):
            given = given.distribution
        values = _from_mapping(game, given) if isinstance(given, Mapping) else _flat(game, given)
        exact = all(is_exact(v) for v in values)
    try:
        weights = [exact_number(v) for v in values]
    except (TypeError, ValueError) as error:
        msg = f"`distribution` must hold probabilities: {error}"
        raise ProfileError(msg) from None
    total = sum(weights, Fraction(0))
    if min(weights) < 0 or abs(total - 1) > (0 if exact else _SUM_TOLERANCE):
        msg = (
            "`distribution` must hold probabilities that sum to 1, got a smallest one of "
            f"{decimal_text(min(weights))} and the sum {decimal_text(total)}"
        )
        raise ProfileError(msg)
    return [w / total for w in weights], exact


def _from_mapping(game: NormalFormGame, given: Mapping[object, object]) -> list[object]:
    table: ObjectArray = np.full(game.shape, 0, dtype=object)
    seen = set()
    for profile, value in given.items():
        if not isinstance(profile, tuple) or len(profile) != game.n_players:
            msg = (
                f"`distribution` must map tuples of one strategy for each of {game.players}, "
                f"got {profile!r}"
            )
            raise ProfileError(msg)
        try:
            where = tuple(game.strategy_index(k, own) for k, own in enumerate(profile))
        except GameError as error:
            msg = f"`distribution` names no profile of the game by {profile!r}: {error}"
            raise ProfileError(msg) from None
        if where in seen:
            names = tuple(own[k] for own, k in zip(game.strategies, where, strict=True))
            msg = f"`distribution` names the profile {names} twice, the second time by {profile!r}"
            raise ProfileError(msg)
        seen.add(where)
        table[where] = value
    return list(table.flat)


def _flat(game: NormalFormGame, given: object) -> list[object]:
    if hasattr(given, "equilibria"):
        msg = (
            f"`distribution` must be one distribution, got {type(given).__name__}, which holds "
            f"{len(given.equilibria)}; pass one of them, as in `solution.equilibria[0]`"
        )
        raise ProfileError(msg)
    values: ObjectArray = np.empty(0, dtype=object)
    if isinstance(given, Iterable) and not isinstance(given, str):
        try:
            values = np.array(given, dtype=object)
        except ValueError:  # arrays whose shapes do not fit together
            values = np.empty(0, dtype=object)
    if values.shape != game.shape:
        msg = (
            f"`distribution` must be a mapping from profiles or an array of shape {game.shape}, "
            f"got {type(given).__name__} of shape {values.shape}"
        )
        raise ProfileError(msg)
    return [v.item() if isinstance(v, np.generic) else v for v in values.flat]
