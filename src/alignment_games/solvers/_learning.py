"""What all dynamics of learning ask of a game and of their arguments."""

from __future__ import annotations

from typing import Any

from .._numeric import exact_number
from ..errors import GameError, ParameterError
from ..games import NormalFormGame, RepeatedGame
from .certify import require_normal_form

__all__ = ["MAX_STEPS", "learned_stage", "positive"]

MAX_STEPS = 1_000_000
"""Largest number of steps or points; a step takes some 20 microseconds."""


def learned_stage(game: object) -> NormalFormGame:
    """Return a game of two players, or the stage game of a repeated one.

    Raises
    ------
    GameError
        If it is no normal form, or there are not two players.
    """
    stage = game.stage if isinstance(game, RepeatedGame) else game
    require_normal_form(stage)
    assert isinstance(stage, NormalFormGame)
    if stage.n_players != 2:
        msg = f"`game` must have two players, got {stage.n_players}: {', '.join(stage.players)}"
        raise GameError(msg)
    return stage


def positive(argument: str, value: Any, *, least: str = "above 0") -> float:
    """Return a number above 0, or from 0 on, as a float.

    Raises
    ------
    ParameterError
        If it is none.
    """
    try:
        number = float(exact_number(value))
    except (TypeError, ValueError, OverflowError) as error:
        msg = f"`{argument}` must be a number {least}, got {value!r}"[:200]
        raise ParameterError(msg) from error
    if number < 0 or (number == 0 and least == "above 0"):
        msg = f"`{argument}` must be a number {least}, got {value}"
        raise ParameterError(msg)
    return number
