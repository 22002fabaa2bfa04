"""What a game tree is made of: decisions, chance moves and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from .._numeric import exact_number
from .._typing import Number

__all__ = ["Chance", "Decision", "History", "Node", "Terminal"]


@dataclass(frozen=True, slots=True)
class Terminal:
    """An end of the game.

    Parameters
    ----------
    payoffs : tuple of numbers, one a player
    """

    payoffs: tuple[Number, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decision:
    """A point at which one player chooses.

    Parameters
    ----------
    player : str
    branches : mapping of str to Node
        What follows each action, in order.
    information_set : str, optional
        Decisions with the same label are one to their player, who cannot tell them apart when
        choosing: they need the same actions in the same order. By default the player knows
        all that was chosen before.

    Examples
    --------
    The hegemon answers without having seen the posture.

    >>> answer = {"coerce": Terminal((0, 1)), "accommodate": Terminal((1, 0))}
    >>> root = Decision("small_state", {
    ...     "balance": Decision("hegemon", answer, information_set="unseen"),
    ...     "hedge": Decision("hegemon", answer, information_set="unseen")})
    """

    player: str
    branches: Mapping[str, Node]
    information_set: str | None = None

    def __eq__(self, other: object) -> bool:
        return _same(self, other) if isinstance(other, Decision) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (self.player, dict(self.branches), self.information_set)

    def __repr__(self) -> str:
        where = "" if self.information_set is None else f", {self.information_set!r}"
        return f"Decision({self.player!r}, {list(self.branches)}{where})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chance:
    """A point at which chance moves.

    Parameters
    ----------
    branches : mapping of str to Node
        What follows each event, in order.
    probabilities : mapping of str to number
        The probability of each event: not negative, with sum exactly 1, where a float stands
        for the shortest decimal that prints it. Thirds need Fractions. A number of NumPy counts
        as the Python number that its ``item()`` gives, so ``np.float32(0.1)`` is not 1/10.

    Examples
    --------
    >>> toss = Chance({"heads": Terminal((1, -1)), "tails": Terminal((-1, 1))},
    ...               {"heads": 0.5, "tails": 0.5})
    >>> toss.probabilities["heads"]
    0.5
    """

    branches: Mapping[str, Node]
    probabilities: Mapping[str, Number]

    def __eq__(self, other: object) -> bool:
        return _same(self, other) if isinstance(other, Chance) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Chance, (dict(self.branches), dict(self.probabilities))

    def __repr__(self) -> str:
        return f"Chance({dict(self.probabilities)})"


Node: TypeAlias = Decision | Chance | Terminal
History: TypeAlias = tuple[str, ...]


def _same(first: Node, second: Node) -> bool:
    """Compare two subtrees without recursion, which a deep tree would exhaust."""
    pairs = [(first, second)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, Terminal) or isinstance(b, Terminal):
            if a != b:
                return False
            continue
        if isinstance(a, Decision):
            alike = (
                isinstance(b, Decision)
                and a.player == b.player
                and a.information_set == b.information_set
            )
        else:
            alike = isinstance(b, Chance) and a.probabilities == b.probabilities
        if not alike or list(a.branches) != list(b.branches):
            return False
        pairs.extend(zip(a.branches.values(), b.branches.values(), strict=True))
    return True


def exact_payoffs(node: Terminal) -> tuple[Fraction, ...]:
    """Return the payoffs of a terminal node as Fractions."""
    return tuple(exact_number(value) for value in node.payoffs)


def exact_probabilities(node: Chance) -> tuple[Fraction, ...]:
    """Return the probabilities of a chance move's branches, in order, as Fractions."""
    return tuple(exact_number(plain(node.probabilities[event])) for event in node.branches)


def plain(value: Any) -> Number:
    """Return a NumPy number as the Python number that it holds, as a normal form takes it."""
    number: Number = value.item() if isinstance(value, np.generic) else value
    return number
