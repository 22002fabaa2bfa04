"""The errors that users meet: one small tree, each also a standard exception.

A message names the argument in backticks, the rule, the value found and what to do.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable

__all__ = [
    "AlignmentGamesError",
    "GameError",
    "GameFileError",
    "ModelError",
    "OutputError",
    "ParameterError",
    "ProfileError",
    "ScenarioError",
    "WorkLimitError",
    "flag",
    "suggestion",
    "whole",
]


class AlignmentGamesError(Exception):
    """Root of every error that this package raises on purpose."""


class GameError(AlignmentGamesError, ValueError):
    """A game's payoffs, players, strategies or tree are not well formed."""


class GameFileError(AlignmentGamesError, ValueError):
    """A game file cannot be read as one; the message names the line and the column."""


class ProfileError(AlignmentGamesError, ValueError):
    """A strategy profile does not fit its game."""


class ParameterError(AlignmentGamesError, ValueError):
    """A model parameter is unknown, missing or outside its domain."""


class ModelError(AlignmentGamesError, ValueError):
    """A model, or a formula or claim about its parameters, is not well formed."""


class ScenarioError(AlignmentGamesError, ValueError):
    """A scenario or its file cannot be read as one."""


class OutputError(AlignmentGamesError, RuntimeError):
    """A result could not be written; nothing was left behind."""


class WorkLimitError(AlignmentGamesError, RuntimeError):
    """The question is well posed, but larger than the method's stated limit."""


def suggestion(name: object, known: Iterable[str]) -> str:
    """Return the tail of an error message: the nearest known name, or all of them.

    Examples
    --------
    >>> suggestion("stakes", ["stake", "tilt"])
    "; did you mean 'stake'?"
    """
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(str(name)[:80], names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; choose from {', '.join(names)}"


def flag(argument: str, value: object) -> bool:
    """Return an argument that must be True or False as a bool, refusing what is only truthy.

    Raises
    ------
    GameError
        If it is neither a bool nor NumPy's.

    Examples
    --------
    >>> flag("iterated", True)
    True
    """
    numpys = type(value).__module__ == "numpy" and type(value).__name__ in {"bool", "bool_"}
    if isinstance(value, bool) or numpys:
        return bool(value)
    msg = f"`{argument}` must be True or False, got {value!r}"
    raise GameError(msg)


def whole(
    argument: str,
    value: object,
    low: int,
    high: int,
    *,
    rule: str = "an integer",
    error: type[AlignmentGamesError] = ParameterError,
) -> int:
    """Return an argument that must be an integer within bounds, of Python or NumPy, as an int.

    Raises
    ------
    AlignmentGamesError
        Of the type `error`, if it is something else.

    Examples
    --------
    >>> whole("max_boxes", 5, 1, 10)
    5
    """
    if (
        not isinstance(value, bool)
        and isinstance(value, numbers.Integral)
        and low <= int(value) <= high
    ):
        return int(value)
    msg = f"`{argument}` must be {rule} from {low} to {high}, got {value!r}"
    raise error(msg)
