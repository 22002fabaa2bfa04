"""Signaling games: a sender who knows its type, a message, and a receiver who answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

from .._numeric import exact_number, is_exact
from .._typing import Number
from ..errors import GameError, suggestion
from .extensive import ExtensiveGame
from .nodes import Chance, Decision, Node, Terminal, plain
from .signaling_trees import signaling_parts

__all__ = ["SignalingGame"]

Outcome: TypeAlias = tuple[str, ...]
"""The sender's type, the receiver's type if it has several, the message, the response if any."""

_ONLY = ""  # the receiver's type where there is no choice of several


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
        names = _player_names(players)
        joint = _joint(prior)
        types = tuple(dict.fromkeys(t for t, _ in joint))
        receiver_types = tuple(dict.fromkeys(s for _, s in joint))
        _check_prior(joint, types, receiver_types)
        answers = _answers(responses)
        for argument, own_names in (
            ("prior", types),
            ("prior", receiver_types if receiver_types != (_ONLY,) else ()),
            ("responses", tuple(answers)),
            *((f"responses[{m!r}]", own) for m, own in answers.items()),
        ):
            _check_names(argument, own_names)
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
        pairs = _pairs(payoffs, self.outcomes)
        numbers = [*joint.values(), *(value for pair in pairs.values() for value in pair)]
        object.__setattr__(self, "_payoffs", MappingProxyType(pairs))
        object.__setattr__(self, "exact", all(is_exact(value) for value in numbers))

    @classmethod
    def from_tree(cls, tree: ExtensiveGame) -> SignalingGame:
        """Return a tree as a signaling game.

        Chance moves first, once or several times; then the sender, who knows its type; then the
        receiver, who knows the message and what it knew before; or the game ends. Choices and
        chance moves that follow are folded into the payoffs where the player who chooses knows
        everything and has a unique best choice, which is then its only rational one.

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

    def receiver_set(self, message: str, receiver_type: str = _ONLY) -> str:
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
    untyped = all(s == _ONLY for _, s in prior)
    given: dict[Any, Number] = {t: p for (t, _), p in prior.items()} if untyped else {**prior}
    return SignalingGame(prior=given, responses=responses, payoffs=payoffs, players=players)


def _ends(responses: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return what can follow a message: one response, or nothing."""
    return [(a,) for a in responses] if responses else [()]


def _player_names(players: object) -> tuple[str, str]:
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


def _events(t: str, s: str) -> tuple[str, ...]:
    return (t,) if s == _ONLY else (t, s)


def _joint(prior: object) -> dict[tuple[str, str], Number]:
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
    return {(t, _ONLY): plain(p) for t, p in prior.items()}


def _check_prior(
    joint: Mapping[tuple[str, str], Number],
    types: tuple[str, ...],
    receiver_types: tuple[str, ...],
) -> None:
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


def _answers(responses: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(responses, Mapping) or not responses:
        msg = f"`responses` must map each message to the responses to it, got {responses!r}"
        raise GameError(msg)
    for m, own in responses.items():
        listed = isinstance(own, Sequence) and not isinstance(own, (str, bytes))
        if not listed or not all(isinstance(name, str) for name in (m, *own)):
            msg = f"`responses[{m!r}]` must be a sequence of names, got {own!r}"
            raise GameError(msg)
    return {m: tuple(own) for m, own in responses.items()}


def _check_names(argument: str, names: tuple[str, ...]) -> None:
    for name in names:
        if not name or "," in name:
            msg = f"`{argument}` must hold non-empty names without commas, got {name!r}"
            raise GameError(msg)
    if len(set(names)) != len(names):
        msg = f"`{argument}` must hold different names, got {names}"
        raise GameError(msg)


def _pairs(payoffs: object, outcomes: tuple[Outcome, ...]) -> dict[Outcome, tuple[Number, Number]]:
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
