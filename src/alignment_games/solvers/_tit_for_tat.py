"""What keeps two players to tit-for-tat: each does what the other did last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import GameError
from ..games.repeated import Positions

__all__ = ["Mirrored", "mirrored", "mirrored_threats"]


class Mirrored(NamedTuple):
    """What keeps a player from leaving a path in one way.

    With u the payoffs of `who` it stays where
    ``u(here) - u(away) + delta (u(later) - u(instead))`` is not negative.
    """

    who: int
    period: int
    deviation: str
    here: Positions
    away: Positions
    later: Positions
    instead: Positions


def mirrored(sizes: Sequence[int], cycle: tuple[Positions, ...]) -> list[Mirrored]:
    """Return all incentives on a path that repeats one profile, or alternates two opposite ones.

    On a constant path one leaves for ever, or every other period. On one that alternates, doing
    once what one did the period before has the other do the same again: one leaves by stopping
    for ever at either period. All other deviations mix these.

    Raises
    ------
    GameError
        If tit-for-tat does not lead to the path, or the game is too large for it.
    """
    opposite = tuple(1 - own for own in cycle[0])
    if tuple(sizes) != (2, 2) or cycle not in ((cycle[0],), (cycle[0], opposite)):
        msg = (
            "punishment 'tit-for-tat' needs two players with two strategies each and a `path` of "
            "one profile, or of two in turn between which both change, got "
            f"{' x '.join(map(str, sizes))} and {len(cycle)} profiles"
        )
        raise GameError(msg)
    if len(cycle) == 2:
        return [
            Mirrored(
                who=who,
                period=period,
                deviation="for ever",
                here=cycle[period],
                away=_changed(cycle[period], who),
                later=cycle[1 - period],
                instead=_changed(cycle[period], who),
            )
            for who in range(2)
            for period in range(2)
        ]
    (target,) = cycle
    return [
        Mirrored(
            who=who,
            period=0,
            deviation=deviation,
            here=target,
            away=_changed(target, who),
            later=later,
            instead=instead,
        )
        for who in range(2)
        for deviation, later, instead in (
            ("for ever", _changed(target, who), opposite),
            ("every other period", target, _changed(target, 1 - who)),
        )
    ]


def mirrored_threats(cycle: tuple[Positions, ...], who: int) -> list[Positions]:
    """Return the profiles of which a player that has left for ever gets one."""
    if len(cycle) == 2:
        return [_changed(own, who) for own in cycle]
    return [(1 - cycle[0][0], 1 - cycle[0][1])]


def _changed(profile: Positions, who: int) -> Positions:
    """Return a profile with the other strategy of one player."""
    return tuple(1 - own if k == who else own for k, own in enumerate(profile))
