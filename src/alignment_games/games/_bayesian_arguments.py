"""Arguments of a Bayesian game: types, their prior, and what is played under them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from .._numeric import decimal_text, exact_number, is_exact, ratio_text
from ..errors import GameError, WorkLimitError
from .normal import NormalFormGame, names_of
from .per_player import probability_block

__all__ = ["Types", "chances_of", "prior_table", "stages_of"]

Types: TypeAlias = tuple[str, ...]
"""A type profile: the name of one type for each player."""

_MAX_PROFILES = 100_000


def _type_names(types: Any, sizes: Sequence[int] | None) -> tuple[Types, ...]:
    listed = isinstance(types, Iterable) and not isinstance(types, (str, Mapping))
    rows = [list(own) if not isinstance(own, str) else own for own in types] if listed else []
    if not rows or (sizes is not None and len(rows) != len(sizes)):
        wanted = "one list of names a player"
        if sizes is not None:
            wanted += f", {len(sizes)} like the axes of `prior`"
        msg = f"`types` must hold {wanted}, got {types!r}"
        raise GameError(msg)
    counts = [len(own) for own in rows] if sizes is None else sizes
    if 0 in counts:
        msg = f"`types` must hold at least one type a player, got {types!r}"
        raise GameError(msg)
    return tuple(
        names_of(f"types[{who}]", own, count, "type_")
        for who, (own, count) in enumerate(zip(rows, counts, strict=True))
    )


def prior_table(prior: Any, types: Any) -> tuple[tuple[Types, ...], list[Any]]:
    """Return the names of the types, and the probabilities in the order of type profiles."""
    if isinstance(prior, Mapping):
        if types is None:
            msg = "`types` must name each player's types where `prior` is a mapping, got None"
            raise GameError(msg)
        names = _type_names(types, None)
        _check_count(names)
        profiles = list(itertools.product(*names))
        known = set(profiles)
        for key in prior:
            if key not in known:
                msg = (
                    f"`prior` names no type profile with {key!r}; a key is a tuple of one type a "
                    f"player such as {profiles[0]}"
                )
                raise GameError(msg)
        return names, [prior.get(own, 0) for own in profiles]
    block = probability_block("prior", prior)
    if not block.ndim or not block.size:
        msg = (
            "`prior` must be an array with one axis a player and one entry a type profile, or a "
            f"mapping, got {prior!r}"
        )
        raise GameError(msg)
    if types is None:
        types = [[f"type_{k + 1}" for k in range(size)] for size in block.shape]
    names = _type_names(types, block.shape)
    _check_count(names)
    return names, block.ravel().tolist()


def _check_count(types: tuple[Types, ...]) -> None:
    count = math.prod(map(len, types))
    if count > _MAX_PROFILES:
        msg = f"the game has {count} type profiles; the limit is {_MAX_PROFILES}. Leave out types"
        raise WorkLimitError(msg)


def chances_of(types: tuple[Types, ...], values: list[Any]) -> tuple[tuple[Fraction, ...], bool]:
    """Return the prior as Fractions, and whether all was exact."""
    found: list[Fraction] = []
    exact = True
    for where, value in zip(itertools.product(*types), values, strict=True):
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            chance = exact_number(plain)
        except (TypeError, ValueError) as error:
            msg = f"`prior` must hold finite real numbers: at {where}, {error}"
            raise GameError(msg) from None
        if chance < 0:
            msg = f"`prior` must hold no negative probability: {where} has {decimal_text(chance)}"
            raise GameError(msg)
        found.append(chance)
        exact = exact and is_exact(plain)
    total = sum(found, Fraction(0))
    if total != 1:
        shown = ratio_text(total) if exact else decimal_text(total, 17)
        msg = (
            f"`prior` must sum to exactly 1, got {shown}; floats stand for the decimals that they "
            "print, so give thirds as Fractions"
        )
        raise GameError(msg)
    return tuple(found), exact


def stages_of(
    types: tuple[Types, ...],
    payoffs: Any,
    players: Sequence[str] | None,
    strategies: Any,
) -> tuple[NormalFormGame, ...]:
    """Return the game of each type profile, in order."""
    blocks = list(_blocks(types, payoffs))
    labels = None if strategies is None else _labels(types, strategies)
    found: list[NormalFormGame] = []
    places = itertools.product(*(range(len(own)) for own in types))
    for names, where, block in zip(itertools.product(*types), places, blocks, strict=True):
        if isinstance(block, NormalFormGame):
            if players is not None or strategies is not None:
                msg = (
                    f"`payoffs` give types {names} as a NormalFormGame, which has its own names; "
                    "leave out `players` and `strategies`, or give its payoffs as an array"
                )
                raise GameError(msg)
            stage = block
        else:
            own = None if labels is None else [row[k] for row, k in zip(labels, where, strict=True)]
            try:
                stage = NormalFormGame(block, players=players, strategies=own)
            except GameError as error:
                msg = f"types {names}: {error}"
                raise GameError(msg) from None
        if stage.n_players != len(types):
            msg = f"types {names}: {len(types)} players have types, {stage.n_players} have payoffs"
            raise GameError(msg)
        if found and stage.players != found[0].players:
            msg = (
                "`payoffs` must be of the same players under all types, got "
                f"{found[0].players} and {stage.players}"
            )
            raise GameError(msg)
        found.append(stage)
    _check_strategies(types, found)
    return tuple(found)


def _blocks(types: tuple[Types, ...], payoffs: Any) -> Iterable[Any]:
    """Iterate over the payoffs of the type profiles, in order."""
    if isinstance(payoffs, Mapping):
        profiles = list(itertools.product(*types))
        known = set(profiles)
        unknown = [key for key in payoffs if key not in known]
        missing = [own for own in profiles if own not in payoffs]
        if unknown or missing:
            msg = "`payoffs` must have one entry a type profile, a tuple of names; " + (
                f"missing: {missing[0]}" if missing else f"unknown: {unknown[0]!r}"
            )
            raise GameError(msg)
        return [payoffs[own] for own in profiles]
    level = [payoffs]
    for who, own in enumerate(types):
        below: list[Any] = []
        for block in level:
            nested = isinstance(block, Iterable) and not isinstance(block, (str, Mapping))
            rows = list(block) if nested else []
            if len(rows) != len(own):
                msg = (
                    f"`payoffs` must be nested by type, one level a player: level {who + 1} must "
                    f"hold {len(own)} entries, one a type of player {who + 1}, got "
                    f"{len(rows) if nested else type(block).__name__}"
                )
                raise GameError(msg)
            below += rows
        level = below
    return level


def _labels(types: tuple[Types, ...], strategies: Any) -> list[list[Any]]:
    listed = isinstance(strategies, Iterable) and not isinstance(strategies, (str, Mapping))
    rows = [list(own) for own in strategies] if listed else []
    if [len(own) for own in rows] != [len(own) for own in types]:
        msg = (
            "`strategies` must hold one list of names for each type of each player, "
            f"{[len(own) for own in types]} of them, got {[len(own) for own in rows]}"
        )
        raise GameError(msg)
    return rows


def _check_strategies(types: tuple[Types, ...], stages: Sequence[NormalFormGame]) -> None:
    """Raise `GameError` where a player's strategies depend on another player's type."""
    first: dict[tuple[int, str], tuple[Types, tuple[str, ...]]] = {}
    for where, stage in zip(itertools.product(*types), stages, strict=True):
        for who, (own, names) in enumerate(zip(where, stage.strategies, strict=True)):
            before, known = first.setdefault((who, own), (where, names))
            if names != known:
                msg = (
                    f"`payoffs` must give {stage.players[who]} of type {own!r} the same strategies "
                    f"whatever the others' types, got {known} at {before} and {names} at {where}"
                )
                raise GameError(msg)
