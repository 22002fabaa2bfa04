"""Arguments of games in time: numbers for all players or for each, and tables of probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number, is_exact
from ..errors import AlignmentGamesError, GameError, ParameterError

__all__ = ["ROUNDING", "discount_factors", "each_player", "probability_block"]

ROUNDING = Fraction(1, 10**9)
"""By how much probabilities of floats may miss the sum 1."""


def each_player(argument: str, given: Any, players: tuple[str, ...]) -> list[Any]:
    """Return one entry for each player, the same where one is given for all.

    Raises
    ------
    GameError
        If there are not as many as players.

    Examples
    --------
    >>> each_player("discount", 0.9, ("state", "hegemon"))
    [0.9, 0.9]
    """
    one = isinstance(given, str) or not isinstance(given, Iterable)
    if one or (isinstance(given, np.ndarray) and not given.ndim):
        return [given[()] if isinstance(given, np.ndarray) else given] * len(players)
    # Of sets the order means nothing, and keys of mappings are no numbers.
    ordered = not isinstance(given, (AbstractSet, Mapping, bytes))
    entries = list(given) if ordered else []
    if len(entries) != len(players):
        msg = (
            f"`{argument}` must be one number, or one for each of {', '.join(players)}, in this "
            f"order, got {len(entries) if ordered else repr(given)[:80]}"
        )
        raise GameError(msg)
    return entries


def discount_factors(
    given: Any, players: tuple[str, ...], *, error: type[AlignmentGamesError] = ParameterError
) -> tuple[tuple[Fraction, ...], bool]:
    """Return the players' discount factors, and whether all were given as exact numbers.

    Raises
    ------
    GameError
        If there are not as many as players.
    AlignmentGamesError
        Of the type `error`, if one is not a number above 0 and below 1.

    Examples
    --------
    >>> discount_factors(0.9, ("state", "hegemon"))
    ((Fraction(9, 10), Fraction(9, 10)), False)
    """
    factors, exact = [], True
    for name, value in zip(players, each_player("discount", given, players), strict=True):
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            factor = exact_number(plain)
        except (TypeError, ValueError) as problem:
            msg = f"`discount` must be a number above 0 and below 1, got {value!r} for {name!r}"
            raise error(msg[:200]) from problem
        if not 0 < factor < 1:
            msg = (
                f"`discount` must be above 0 and below 1, got {value} for {name!r}; a game without "
                "a future is its stage game, and payoffs that are not discounted have no sum"
            )
            raise error(msg)
        factors.append(factor)
        exact = exact and is_exact(plain)
    return tuple(factors), exact


def probability_block(argument: str, given: Any) -> np.ndarray[Any, Any]:
    """Return a table as an array of numbers or objects, empty if its rows differ in length.

    Raises
    ------
    GameError
        If entries are masked or times, which an array would silently turn into numbers.

    Examples
    --------
    >>> probability_block("noise", [[0.5, 0.5], [0, 1]]).shape
    (2, 2)
    """
    if isinstance(given, np.ma.MaskedArray) or (
        isinstance(given, np.ndarray) and given.dtype.kind in "mM"
    ):
        msg = (
            f"`{argument}` must hold probabilities, got an array of {given.dtype} "
            f"({type(given).__name__}); a probability is neither missing nor a time"
        )
        raise GameError(msg)
    try:
        block = np.asarray(given)
        return block if block.dtype.kind in "iuf" else np.array(given, dtype=object)
    except ValueError:
        return np.empty(0)
