"""Signaling games: a sender who knows its type, a message, and a receiver who answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from .._numeric import exact_number, is_exact
from .._typing import Number
from ..errors import GameError
from .extensive import ExtensiveGame
from .nodes import Chance, Decision, Node, Terminal
from .signaling_checks import (
    ONLY,
    Outcome,
    check_names,
    check_prior,
    checked_payoffs,
    checked_players,
    checked_responses,
    joint_prior,
)
from .signaling_trees import signaling_parts

__all__ = ["SignalingGame"]


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class SignalingGame:
    """A sender with a hidden type sends a message; a receiver, perhaps of a hidden type, answers.

    Parameters
    ----------
    prior : mapping
        From the sender's types to probabilities or, where the receiver has types as well, from
        pairs (sender's type, receiver's type). All are positive and sum to exactly 1. The types
        may be correlated, but none may rule another out: then every belief about the sender's
        type after a message leaves every receiver's type possible.
    responses : mapping from str to sequence of str
        What the receiver can do after each message; nothing if the message ends the game.
    payoffs : mapping from tuple of str to pair of numbers
        What the sender and the receiver get, by (type, message, response). The receiver's type
        comes second where it has types, and the response is left out where there is none.
    players : pair of str, optional
        Names of the sender and the receiver.

    Attributes
    ----------
    types, receiver_types, messages : tuple of str
        ``receiver_types`` is ``("",)`` if the receiver has no types.
    prior : mapping from pairs of types to Fraction
    responses : mapping from messages to tuples of str
    exact : bool
        Whether all numbers were given as exact ones.

    Raises
    ------
    GameError
        If a name is empty, occurs twice or holds a comma, a probability is not positive, the
        probabilities do not sum to 1, or the payoffs are not a pair for each outcome.

    References
    ----------
    I.-K. Cho and D. M. Kreps (1987), Signaling games and stable equilibria, Quarterly Journal of
    Economics 102, 179-221, doi:10.2307/1885060.

    Examples
    --------
    A small state is loyal to the hegemon or leans away from it. Hedging hides which, and the
    hegemon coerces those that it takes for leaning:

    >>> posture = SignalingGame(
    ...     prior={"loyal": Fraction(3, 4), "leaning": Fraction(1, 4)},
    ...     responses={"hedge": ["accommodate", "coerce"], "balance": ["accommodate", "coerce"]},
    ...     payoffs={("loyal", "hedge", "accommodate"): (3, 2),
    ...              ("loyal", "hedge", "coerce"): (1, 0),
    ...              ("loyal", "balance", "accommodate"): (1, 2),
    ...              ("loyal", "balance", "coerce"): (-1, 0),
    ...              ("leaning", "hedge", "accommodate"): (3, 0),
    ...              ("leaning", "hedge", "coerce"): (1, 1),
    ...              ("leaning", "balance", "accommodate"): (4, 0),
    ...              ("leaning", "balance", "coerce"): (2, 1)},
    ...     players=["small_state", "hegemon"])
    >>> posture.tree().agents  # doctest: +NORMALIZE_WHITESPACE
    ('small_state at type loyal', 'hegemon at message hedge', 'hegemon at message balance',
     'small_state at type leaning')
    """

    types: tuple[str, ...]
    receiver_types: tuple[str, ...]
    messages: tuple[str, ...]
    prior: Mapping[tuple[str, str], Fraction]
    responses: Mapping[str, tuple[str, ...]]
    players: tuple[str, str]
    exact: bool
    _payoffs: Mapping[Outcome, tuple[Number, Number]]
    _prior: Mapping[tuple[str, str], Number]

    def __init__(
        self,
        *,
        prior: Mapping[Any, Number],
        responses: Mapping[str, Sequence[str]],
        payoffs: Mapping[Any, Sequence[Number]],
        players: Sequence[str] = ("sender", "receiver"),
    ) -> None:
        names = checked_players(players)
        joint = joint_prior(prior)
        types = tuple(dict.fromkeys(t for t, _ in joint))
        receiver_types = tuple(dict.fromkeys(s for _, s in joint))
        check_prior(joint, types, receiver_types)
        answers = checked_responses(responses)
        for argument, own_names in (
            ("prior", types),
            ("prior", receiver_types if receiver_types != (ONLY,) else ()),
            ("responses", tuple(answers)),
            *((f"responses[{m!r}]", own) for m, own in answers.items()),
        ):
            check_names(argument, own_names)
        for name, value in (
            ("types", types),
            ("receiver_types", receiver_types),
            ("messages", tuple(answers)),
            ("prior", MappingProxyType({k: exact_number(p) for k, p in joint.items()})),
            ("responses", MappingProxyType(answers)),
            ("players", names),
            ("_prior", MappingProxyType(joint)),
        ):
            object.__setattr__(self, name, value)
        pairs = checked_payoffs(payoffs, self.outcomes)
        numbers = [*joint.values(), *(value for pair in pairs.values() for value in pair)]
        object.__setattr__(self, "_payoffs", MappingProxyType(pairs))
        object.__setattr__(self, "exact", all(is_exact(value) for value in numbers))

    @classmethod
    def from_tree(cls, tree: ExtensiveGame) -> SignalingGame:
        """Return a tree as a signaling game.

        Chance moves first, once or several times; then the sender, who knows its type; then the
        receiver, who knows the message and what it knew before; or the game ends. Choices and
        chance moves that follow are folded into the payoffs where the player who chooses has one
        choice that alone is best wherever it may be, which is then its only rational one.

        Parameters
        ----------
        tree : ExtensiveGame

        Raises
        ------
        GameError
            If the tree has another form; the message says where.

        Examples
        --------
        >>> end = {"stay": Terminal((1, 1)), "leave": Terminal((0, 2))}
        >>> tree = ExtensiveGame(
        ...     Chance({"weak": Decision("state", {"talk": Decision("hegemon", end, "heard")}),
        ...             "strong": Decision("state", {"talk": Decision("hegemon", end, "heard")})},
        ...            {"weak": Fraction(1, 2), "strong": Fraction(1, 2)}),
        ...     players=["state", "hegemon"])
        >>> SignalingGame.from_tree(tree).types
        ('weak', 'strong')
        """
        parts = signaling_parts(tree)
        return cls(
            prior=parts.prior,
            responses=parts.responses,
            payoffs=parts.payoffs,
            players=parts.players,
        )

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What payoffs are given for, in order."""
        return tuple(
            (*_events(t, s), m, *end)
            for t in self.types
            for s in self.receiver_types
            for m in self.messages
            for end in _ends(self.responses[m])
        )

    def payoffs(self, outcome: Outcome) -> tuple[Fraction, Fraction]:
        """Return what the sender and the receiver get, as Fractions.

        Parameters
        ----------
        outcome : tuple of str
            One of `outcomes`.

        Raises
        ------
        GameError
            If there is no such outcome.
        """
        if outcome not in self._payoffs:
            msg = f"no outcome {outcome!r}; `outcomes` lists them, for example {self.outcomes[0]}"
            raise GameError(msg)
        sender, receiver = self._payoffs[outcome]
        return exact_number(sender), exact_number(receiver)

    def tree(self) -> ExtensiveGame:
        """Return the game as a tree: chance draws the types, then sender and receiver move.

        The sender's information sets are labeled ``type ...``, the receiver's ``message ...``
        and, where it has types, ``message ..., type ...``.
        """
        sender, receiver = self.players

        def after(t: str, s: str, m: str) -> Node:
            here = (*_events(t, s), m)
            if not self.responses[m]:
                return Terminal(self._payoffs[here])
            return Decision(
                receiver,
                {a: Terminal(self._payoffs[*here, a]) for a in self.responses[m]},
                self.receiver_set(m, s),
            )

        draws: dict[str, Node] = {
            ", ".join(_events(t, s)): Decision(
                sender, {m: after(t, s, m) for m in self.messages}, self.sender_set(t)
            )
            for t, s in self.prior
        }
        chances = dict(zip(draws, self._prior.values(), strict=True))
        return ExtensiveGame(Chance(draws, chances), players=self.players)

    def sender_set(self, sender_type: str) -> str:
        """Return the label of the information set of a sender's type."""
        return f"type {sender_type}"

    def receiver_set(self, message: str, receiver_type: str = ONLY) -> str:
        """Return the label of the receiver's information set after a message."""
        return f"message {message}" + (f", type {receiver_type}" if receiver_type else "")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SignalingGame):
            return NotImplemented
        return (
            self.players == other.players
            and self.exact == other.exact
            and list(self.prior.items()) == list(other.prior.items())
            and list(self.responses.items()) == list(other.responses.items())
            and self._payoffs == other._payoffs
        )

    def __hash__(self) -> int:
        return hash((self.players, self.types, self.receiver_types, self.messages))

    def __repr__(self) -> str:
        return (
            f"SignalingGame({len(self.types)} types of {self.players[0]}, "
            f"{len(self.receiver_types)} of {self.players[1]}, {len(self.messages)} messages)"
        )

    def __deepcopy__(self, memo: dict[int, object]) -> SignalingGame:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (
            dict(self._prior),
            dict(self.responses),
            dict(self._payoffs),
            self.players,
        )


def _rebuild(
    prior: dict[tuple[str, str], Number],
    responses: dict[str, tuple[str, ...]],
    payoffs: dict[Outcome, tuple[Number, Number]],
    players: tuple[str, str],
) -> SignalingGame:
    untyped = all(s == ONLY for _, s in prior)
    given: dict[Any, Number] = {t: p for (t, _), p in prior.items()} if untyped else {**prior}
    return SignalingGame(prior=given, responses=responses, payoffs=payoffs, players=players)


def _ends(responses: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return what can follow a message: one response, or nothing."""
    return [(a,) for a in responses] if responses else [()]


def _events(t: str, s: str) -> tuple[str, ...]:
    return (t,) if s == ONLY else (t, s)
