"""Checks of what a signaling game is given: every refusal names the argument and the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from .._numeric import exact_number
from .._typing import Number
from ..errors import GameError, suggestion
from .nodes import plain

__all__ = [
    "ONLY",
    "Outcome",
    "check_names",
    "check_prior",
    "checked_payoffs",
    "checked_players",
    "checked_responses",
    "joint_prior",
]

Outcome: TypeAlias = tuple[str, ...]
"""The sender's type, the receiver's type if it has several, the message, the response if any."""

ONLY = ""
"""The receiver's type where there is no choice of several."""


def checked_players(players: object) -> tuple[str, str]:
    """Return the names of sender and receiver."""
    listed = isinstance(players, Sequence) and not isinstance(players, (str, bytes))
    names: tuple[object, ...] = tuple(players) if isinstance(players, Sequence) else ()
    texts = [name for name in names if isinstance(name, str) and name and " at " not in name]
    if not listed or len(names) != 2 or len(set(texts)) != 2:
        msg = (
            "`players` must name a sender and a receiver, differently and without ' at ', "
            f"got {players!r}"
        )
        raise GameError(msg)
    return texts[0], texts[1]


def joint_prior(prior: object) -> dict[tuple[str, str], Number]:
    """Return the prior by pairs of types, in the order given."""
    if not isinstance(prior, Mapping) or not prior:
        msg = f"`prior` must map types, or pairs of types, to probabilities, got {prior!r}"
        raise GameError(msg)
    paired = {isinstance(key, tuple) for key in prior}
    if len(paired) > 1 or not all(
        isinstance(name, str) and name
        for key in prior
        for name in (key if isinstance(key, tuple) else (key,))
    ):
        msg = f"`prior` must have names, or else pairs of names, as keys, got {list(prior)}"
        raise GameError(msg)
    if paired == {True}:
        if any(len(key) != 2 for key in prior):
            msg = f"`prior` must have pairs (sender's type, receiver's type), got {list(prior)}"
            raise GameError(msg)
        return {(t, s): plain(p) for (t, s), p in prior.items()}
    return {(t, ONLY): plain(p) for t, p in prior.items()}


def check_prior(
    joint: Mapping[tuple[str, str], Number],
    types: tuple[str, ...],
    receiver_types: tuple[str, ...],
) -> None:
    """Raise `GameError` unless each pair of types is possible and probabilities sum to 1."""
    for pair in ((t, s) for t in types for s in receiver_types):
        if pair not in joint:
            msg = (
                f"`prior` must give a positive probability to each pair of types, got none for "
                f"{pair}; types that rule each other out are not supported"
            )
            raise GameError(msg)
    try:
        values = [exact_number(p) for p in joint.values()]
    except (TypeError, ValueError) as error:
        msg = f"`prior` must hold finite real numbers: {error}"
        raise GameError(msg) from None
    if min(values) <= 0:
        msg = (
            f"`prior` must be positive, got {min(values)}; leave out a type of the sender that "
            "never occurs; types that rule each other out are not supported"
        )
        raise GameError(msg)
    if sum(values) != 1:
        msg = (
            f"`prior` must sum to exactly 1, got {sum(values)}; write thirds and the like as "
            "Fractions"
        )
        raise GameError(msg)


def checked_responses(responses: object) -> dict[str, tuple[str, ...]]:
    """Return the responses by message."""
    if not isinstance(responses, Mapping) or not responses:
        msg = f"`responses` must map each message to the responses to it, got {responses!r}"
        raise GameError(msg)
    for m, own in responses.items():
        listed = isinstance(own, Sequence) and not isinstance(own, (str, bytes))
        if not listed or not all(isinstance(name, str) for name in (m, *own)):
            msg = f"`responses[{m!r}]` must be a sequence of names, got {own!r}"
            raise GameError(msg)
    return {m: tuple(own) for m, own in responses.items()}


def check_names(argument: str, names: tuple[str, ...]) -> None:
    """Raise `GameError` unless names are different, not empty and without commas."""
    for name in names:
        if not name or "," in name:
            msg = f"`{argument}` must hold non-empty names without commas, got {name!r}"
            raise GameError(msg)
    if len(set(names)) != len(names):
        msg = f"`{argument}` must hold different names, got {names}"
        raise GameError(msg)


def checked_payoffs(
    payoffs: object, outcomes: tuple[Outcome, ...]
) -> dict[Outcome, tuple[Number, Number]]:
    """Return the checked payoffs in the order of the outcomes."""
    if not isinstance(payoffs, Mapping):
        msg = f"`payoffs` must map outcomes such as {outcomes[0]} to pairs, got {payoffs!r}"
        raise GameError(msg)
    unknown = [key for key in payoffs if key not in set(outcomes)]
    if unknown:
        known = [", ".join(outcome) for outcome in outcomes]
        shown = ", ".join(map(str, unknown[0])) if isinstance(unknown[0], tuple) else unknown[0]
        msg = f"`payoffs` has no outcome {unknown[0]!r}{suggestion(shown, known)}"
        raise GameError(msg)
    pairs: dict[Outcome, tuple[Number, Number]] = {}
    for outcome in outcomes:
        if outcome not in payoffs:
            msg = f"`payoffs` must give a pair for each outcome, got none for {outcome}"
            raise GameError(msg)
        given = payoffs[outcome]
        try:
            sender, receiver = (plain(value) for value in given)
            exact_number(sender), exact_number(receiver)
        except (TypeError, ValueError) as error:
            msg = f"`payoffs[{outcome}]` must be two finite real numbers, got {given!r}: {error}"
            raise GameError(msg) from None
        pairs[outcome] = (sender, receiver)
    return pairs
