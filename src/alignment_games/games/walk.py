"""The first walk over a tree: every node is checked, decisions are put into their sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .._numeric import exact_number
from ..errors import GameError, WorkLimitError, suggestion
from .nodes import Chance, Decision, History, Node, Terminal, exact_probabilities, plain

MAX_PATH_ACTIONS = 50_000_000
"""Bound of the lengths of all nodes' histories together, which a deep tree drives up."""

_SHOWN = 120


def walked(
    root: Node, players: tuple[str, ...], *, max_nodes: int
) -> tuple[dict[History, Decision | Chance], dict[History, Terminal]]:
    """Return the checked moves and ends by their histories, depth first."""
    seen: dict[History, Decision | Chance] = {}
    ends: dict[History, Terminal] = {}
    length = 0
    stack: list[tuple[History, object]] = [((), root)]
    while stack:
        history, node = stack.pop()
        length += len(history)
        if len(seen) + len(ends) == max_nodes:
            msg = f"the tree has more than {max_nodes} nodes"
            raise WorkLimitError(msg)
        if length > MAX_PATH_ACTIONS:
            msg = (
                f"the tree is too deep: the histories of its nodes hold more than "
                f"{MAX_PATH_ACTIONS} actions together"
            )
            raise WorkLimitError(msg)
        if isinstance(node, Terminal):
            ends[history] = _checked_end(history, node, players)
            continue
        if isinstance(node, Decision):
            _check_decision(history, node, players)
        elif isinstance(node, Chance):
            _check_chance(history, node)
        else:
            msg = (
                f"after {_shown(history)} a Decision, a Chance or a Terminal is needed, "
                f"got {node!r}"
            )
            raise GameError(msg)
        seen[history] = node
        stack.extend(
            ((*history, action), child) for action, child in reversed(tuple(node.branches.items()))
        )
    return seen, ends


def set_positions(sets: Sequence[Sequence[History]]) -> dict[History, int]:
    """Return for the history of each decision the position of its information set."""
    return {history: k for k, members in enumerate(sets) for history in members}


def information_sets(
    moves: dict[History, Decision | Chance],
) -> tuple[tuple[History, ...], ...]:
    """Return the decisions that share a label, or stand alone; raise if they do not fit."""
    sets: dict[str | History, list[History]] = {}
    firsts: dict[str, Decision] = {}
    for history, node in moves.items():
        if isinstance(node, Chance):
            continue
        label = node.information_set
        members = sets.setdefault(history if label is None else label, [])
        members.append(history)
        if label is None:
            continue
        first = firsts.setdefault(label, node)
        if first.player != node.player:
            msg = (
                f"information set {label!r} belongs to {first.player!r}, so {node.player!r} after "
                f"{_shown(history)} cannot be in it; give it another label"
            )
            raise GameError(msg)
        if list(first.branches) != list(node.branches):
            msg = (
                f"the decisions of information set {label!r} must have the same actions in the "
                f"same order, got {list(first.branches)} after {_shown(members[0])} and "
                f"{list(node.branches)} after {_shown(history)}"
            )
            raise GameError(msg)
    return tuple(tuple(members) for members in sets.values())


def _check_decision(history: History, node: Decision, players: tuple[str, ...]) -> None:
    """Raise `GameError` if a decision is not well formed."""
    if node.player not in players:
        tail = suggestion(node.player, players)
        msg = f"unknown player {node.player!r} after {_shown(history)}{tail}"
        raise GameError(msg)
    _check_branches(history, node.branches, f"the decision of {node.player}", "action")
    label: object = node.information_set
    if label is not None and (not isinstance(label, str) or not label):
        msg = (
            f"`information_set` of {node.player} after {_shown(history)} must be non-empty text "
            f"or None, got {label!r}"
        )
        raise GameError(msg)


def _check_chance(history: History, node: Chance) -> None:
    """Raise `GameError` if a chance move is not well formed."""
    _check_branches(history, node.branches, "the chance move", "event")
    where = f"`probabilities` of the chance move after {_shown(history)}"
    given: object = node.probabilities
    if not isinstance(given, Mapping) or set(given) != set(node.branches):
        msg = f"{where} must give a number for each of {list(node.branches)}, got {given!r}"
        raise GameError(msg)
    try:
        values = exact_probabilities(node)
    except (TypeError, ValueError) as error:
        msg = f"{where} must be finite real numbers: {error}"
        raise GameError(msg) from None
    if min(values) < 0 or sum(values) != 1:
        parts = ", ".join(str(value) for value in values)
        narrow = any(
            isinstance(value, np.floating) and not isinstance(value, float)
            for value in given.values()
        )
        remedy = "write thirds and the like as Fractions"
        if narrow:
            remedy += (
                ", and decimals as floats of Python: a NumPy number counts as the Python number "
                f"that its item() gives, so np.float32(0.1) is {np.float32(0.1).item()!r}"
            )
        msg = (
            f"{where} must not be negative and sum to exactly 1, got {parts} with sum "
            f"{sum(values)}; {remedy}"
        )
        raise GameError(msg)


def _check_branches(history: History, given: object, whose: str, what: str) -> None:
    if not isinstance(given, Mapping):
        msg = (
            f"{whose} after {_shown(history)} needs a mapping from {what}s to what "
            f"follows, got {given!r} of type {type(given).__name__}"
        )
        raise GameError(msg)
    if not given:
        msg = f"{whose} after {_shown(history)} has no {what}; give one or more"
        raise GameError(msg)
    for name in given:
        if not isinstance(name, str) or not name:
            msg = f"{what}s of {whose} after {_shown(history)} must be non-empty text, got {name!r}"
            raise GameError(msg)


def _checked_end(history: History, node: Terminal, players: tuple[str, ...]) -> Terminal:
    """Return a terminal node with plain numbers; raise `GameError` if it is not well formed."""
    given: object = node.payoffs
    where = _shown(history)
    listed = isinstance(given, Sequence) and not isinstance(
        given, (str, bytes, bytearray, memoryview)
    )
    if not listed and not (isinstance(given, np.ndarray) and given.ndim == 1):
        msg = (
            f"after {where} `payoffs` must be a sequence of numbers, one for each of {players}, "
            f"got {given!r} of type {type(given).__name__}"
        )
        raise GameError(msg)
    if len(node.payoffs) != len(players):
        msg = f"after {where} one payoff for each of {players} is needed, got {given!r}"
        raise GameError(msg)
    payoffs = tuple(plain(value) for value in node.payoffs)
    for value in payoffs:
        try:
            float(exact_number(value))
        except (TypeError, ValueError) as error:
            msg = f"after {where} payoffs must be finite real numbers: {error}"
            raise GameError(msg) from None
        except OverflowError:
            msg = f"after {where} payoffs must lie within the range of floats; rescale them"
            raise GameError(msg) from None
    return Terminal(payoffs)


def _shown(history: History) -> str:
    """Return a history for a message, its middle left out where it is long."""
    return repr(history if len(history) <= _SHOWN else (*history[:3], "...", *history[-3:]))
