"""Optimal penal codes: which discount factors sustain a path if punishments are the harshest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from ..errors import WorkLimitError
from ..games import NormalFormGame
from ..games.repeated import Positions
from ._penal_cover import Code, approximate, cover, just_above, merged, rest
from ._penal_paths import average, course, machine
from .discounting import CriticalDiscount, DiscountInterval
from .one_shot import RepeatedPlay
from .security import security_levels

if TYPE_CHECKING:  # SymPy takes half a second to load
    import sympy as sp

__all__ = ["PenalCode", "PunishmentPath", "optimal_discounts"]

Names: TypeAlias = tuple[tuple[str, ...], ...]

MAX_PROFILES = 400
"""Largest number of pure profiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PunishmentPath:
    """What is played after a player has deviated.

    Attributes
    ----------
    player : str
    first : tuple of tuples of str
        Profiles that are played once, in turn.
    cycle : tuple of tuples of str
        Profiles that are then played over and over.
    """

    player: str
    first: Names
    cycle: Names

    def __str__(self) -> str:
        ever = f"({_listed(self.cycle)}) for ever"
        how = f"({_listed(self.first)}), then {ever}" if self.first else ever
        return f"after {self.player}: {how}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PenalCode:
    """A path and, for each player, a punishment that starts anew whenever that player deviates.

    Attributes
    ----------
    path : tuple of tuples of str
        The cycle that is repeated.
    punishments : tuple of PunishmentPath, one a player
    intervals : tuple of DiscountInterval
        All discount factors for which these strategies are subgame-perfect, exactly.
    play : RepeatedPlay
        The strategies as an automaton, with the certificate at one rational discount factor: the
        lower end of an interval, or just above it where that is irrational.
    """

    path: Names
    punishments: tuple[PunishmentPath, ...]
    intervals: tuple[DiscountInterval, ...]
    play: RepeatedPlay = field(repr=False)

    @property
    def discount(self) -> Fraction:
        """The discount factor at which the automaton is certified."""
        return self.play.game.discounts[0]

    def __str__(self) -> str:
        within = " and ".join(map(str, self.intervals))
        lines = [f"({_listed(self.path)}) for ever", *map(str, self.punishments)]
        return "\n".join([*lines, f"subgame-perfect for discount factors in {within}"])


def optimal_discounts(stage: NormalFormGame, cycle: tuple[Positions, ...]) -> CriticalDiscount:
    """Return which discount factors sustain a path by some pure strategies, as far as is known.

    This is the punishment ``optimal`` of `critical_discount`.

    Parameters
    ----------
    stage : NormalFormGame
    cycle : tuple of tuples of int

    Raises
    ------
    WorkLimitError
        If there are more than 400 profiles.
    """
    size = math.prod(stage.shape)
    if size > MAX_PROFILES:
        msg = (
            f"optimal penal codes are computed up to {MAX_PROFILES} profiles, got {size}. "
            "Eliminate strictly dominated strategies first, or use punishment='minmax' for a "
            "lower bound"
        )
        raise WorkLimitError(msg)
    found = cover(stage, cycle)
    covered = merged(own for code in found.codes for own in code.intervals)
    discount, binding = None, []
    if covered and covered[-1].upper == 1 and covered[-1].lower == found.low:
        discount = found.low
        first = _from(found.codes, discount)
        binding = [
            who
            for who in range(stage.n_players)
            if any(k == who and _fails_below(own, discount) for k, own in first.tests)
        ]
    names = _named(stage, cycle)
    code, punished = None, tuple(own.pure_threat for own in security_levels(stage))
    if covered:
        first = _from(found.codes, covered[-1].lower)
        code = _public(stage, cycle, first, covered[-1].lower)
        punished = tuple(
            average(stage, own, who, code.discount) for who, own in enumerate(first.punishments)
        )
    return CriticalDiscount(
        stage=stage,
        path=names,
        punishment="optimal",
        punished=punished,
        discount=discount,
        intervals=covered,
        binding=tuple(stage.players[who] for who in binding),
        undecided=rest(covered, found.low),
        code=code,
    )


def _from(codes: Sequence[Code], lower: sp.Expr) -> Code:
    """Return a code one of whose intervals begins at a number."""
    return next(own for own in codes if any(i.lower == lower for i in own.intervals))


def _public(
    stage: NormalFormGame, cycle: tuple[Positions, ...], code: Code, lower: sp.Expr
) -> PenalCode:
    interval = next(own for own in code.intervals if own.lower == lower)
    target = course((), cycle)
    return PenalCode(
        path=_named(stage, cycle),
        punishments=tuple(
            PunishmentPath(
                player=player, first=_named(stage, own.first), cycle=_named(stage, own.cycle)
            )
            for player, own in zip(stage.players, code.punishments, strict=True)
        ),
        intervals=code.intervals,
        play=machine(stage, target, code.punishments, _rational_in(interval)),
    )


def _rational_in(interval: DiscountInterval) -> Fraction:
    """Return the lower end of an interval, or a rational number of it that is little above."""
    if interval.lower == 0:
        return _middle(interval)
    if interval.lower.is_Rational:
        return approximate(interval.lower)
    near = just_above(interval.lower)
    return near if near in interval else _middle(interval)


def _middle(interval: DiscountInterval) -> Fraction:
    return (approximate(interval.lower) + approximate(interval.upper)) / 2


def _fails_below(condition: sp.Poly, number: sp.Expr) -> bool:
    """Tell whether a polynomial is negative just below a real algebraic number.

    Its sign there is that of the first derivative that does not vanish, turned if it is an odd one.
    """
    import sympy as sp

    variable = condition.gen
    least = sp.Poly(sp.minimal_polynomial(number, variable), variable)
    sign = 1
    while not condition.is_zero:
        if not condition.rem(least).is_zero:
            return bool(sign * condition.eval(number) < 0)
        condition, sign = condition.diff(variable), -sign
    return False


def _named(stage: NormalFormGame, profiles: Sequence[Positions]) -> Names:
    return tuple(
        tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True))
        for profile in profiles
    )


def _listed(profiles: Names) -> str:
    return "; ".join(", ".join(own) for own in profiles)
