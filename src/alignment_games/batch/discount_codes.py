"""What a discount factor must be for a path to be sustained: the codes of many answers."""

from __future__ import annotations

import enum

__all__ = ["NO_ONE", "Sustained"]

NO_ONE = -1
"""In place of a player: there is none, or no single one for certain."""


class Sustained(enum.IntEnum):
    """Which discount factors sustain a path."""

    OPEN = -2
    """Not decided: within rounding of a tie that matters."""
    NOT_AN_EQUILIBRIUM = -1
    """The question has no sense: the `reversion` is no equilibrium of the stage game."""
    NEVER = 0
    """None does."""
    FROM = 1
    """Those from the critical one on, which is above 0."""
    EVERY = 2
    """All do."""
    SOME = 3
    """Some do, but none near 1, so that there is no critical one: with tit-for-tat alone."""
