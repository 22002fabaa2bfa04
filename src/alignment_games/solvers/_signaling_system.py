"""A signaling game as linear inequalities, and the vertices of what they bound.

Against the weights that the sender's types put on a message, the receiver's payoffs are linear;
against the receiver's replies, the sender's are. Three polyhedra follow: the sender's play with
the receiver's best payoffs above it, the replies with the sender's best payoffs above them, and
for each message the beliefs with the receiver's best payoffs above them. Their vertices are all
that equilibria are made of (`.sequential`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .._numeric import integers
from ..errors import WorkLimitError
from ..games import SignalingGame
from ._double_description import extreme_rays

__all__ = ["Belief", "Play", "Reply", "System", "check_number", "system_of", "vertices"]

Table: TypeAlias = tuple[tuple[tuple[Fraction, ...], ...], ...]
Row: TypeAlias = dict[int, Fraction]

REMEDY = "; leave out messages or responses that are never worth while"
_MAX_WORK = 20_000_000_000
_MAX_ENTRIES = 1_000_000


@dataclass(frozen=True, slots=True)
class Play:
    """A vertex of the sender's play: probabilities by type and message.

    `used` holds the pairs (type, message) of positive probability; `optimal` the receiver's
    best responses as positions in ``System.positions``, all of them after a message never sent.
    """

    probabilities: tuple[tuple[Fraction, ...], ...]
    used: frozenset[tuple[int, int]]
    optimal: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reply:
    """A vertex of the receiver's replies: a probability for each of ``System.positions``.

    `used` holds the positions of positive probability, `best` the pairs (type, message) in which
    the message is best for the type.
    """

    probabilities: tuple[Fraction, ...]
    used: frozenset[int]
    best: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Belief:
    """A vertex of the beliefs after a message, with the responses that are best at it."""

    probabilities: tuple[Fraction, ...]
    optimal: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The numbers of a signaling game, by positions instead of names.

    Attributes
    ----------
    game : SignalingGame
    prior : tuple of Fraction
        Of the sender's types.
    positions : tuple of triples (message, receiver's type, response)
        All responses; one stands for the end of the game where there is none to choose.
    sender, receiver : nested tuples of Fraction, by message, type of each, and response
        Payoffs, shifted so that the least is 1, times the probability of the receiver's type
        given the sender's. The shift moves no comparison.
    """

    game: SignalingGame
    prior: tuple[Fraction, ...]
    positions: tuple[tuple[int, int, int], ...]
    sender: tuple[Table, ...]
    receiver: tuple[Table, ...]

    def block(self, m: int, s: int) -> list[int]:
        """Return the positions of the responses of the receiver's type `s` to message `m`."""
        return [k for k, place in enumerate(self.positions) if place[:2] == (m, s)]

    def of_message(self, m: int) -> frozenset[int]:
        """Return the positions of all responses to message `m`."""
        return frozenset(k for k, place in enumerate(self.positions) if place[0] == m)

    def optimal(self, m: int, masses: Sequence[Fraction]) -> frozenset[int]:
        """Return the best responses to `m` where the sender's types have these masses."""
        best: list[int] = []
        for s in range(len(self.game.receiver_types)):
            own = self.block(m, s)
            values = [
                sum(mass * row[s][k] for mass, row in zip(masses, self.receiver[m], strict=True))
                for k in range(len(own))
            ]
            best += [k for k, value in zip(own, values, strict=True) if value == max(values)]
        return frozenset(best)

    def value(self, t: int, m: int, replies: Sequence[Fraction]) -> Fraction:
        """Return what message `m` earns type `t` against the replies at all positions."""
        return sum(
            (
                replies[k] * self.sender[m][t][s][a]
                for k, (message, s, a) in enumerate(self.positions)
                if message == m
            ),
            Fraction(0),
        )

    def plays(self) -> list[Play]:
        """Return the vertices of the sender's play."""
        n_types, n_messages = len(self.prior), len(self.sender)
        blocks = [[t * n_messages + m for m in range(n_messages)] for t in range(n_types)]
        pairs = sorted({(m, s) for m, s, _ in self.positions if len(self.block(m, s)) > 1})
        bound = {pair: n_types * n_messages + k for k, pair in enumerate(pairs)}
        rows = [
            {bound[m, s]: Fraction(1)}
            | {blocks[t][m]: -self.prior[t] * self.receiver[m][t][s][a] for t in range(n_types)}
            for m, s, a in self.positions
            if (m, s) in bound
        ]
        found = []
        for point in vertices(n_types * n_messages + len(pairs), blocks, rows):
            play = tuple(tuple(point[k] for k in block) for block in blocks)
            optimal: set[int] = set()
            for m in range(n_messages):
                masses = [p * own[m] for p, own in zip(self.prior, play, strict=True)]
                optimal |= self.optimal(m, masses)
            used = frozenset((t, m) for t, own in enumerate(play) for m, p in enumerate(own) if p)
            found.append(Play(play, used, frozenset(optimal)))
        return found

    def replies(self) -> list[Reply]:
        """Return the vertices of the receiver's replies."""
        n_types, n_messages = len(self.prior), len(self.sender)
        size = len(self.positions)
        pairs = sorted({(m, s) for m, s, _ in self.positions})
        rows: list[Row] = [
            {size + t: Fraction(1)}
            | {
                k: -self.sender[m][t][s][a]
                for k, (message, s, a) in enumerate(self.positions)
                if message == m
            }
            for t in range(n_types)
            for m in range(n_messages)
        ]
        found = []
        for point in vertices(size + n_types, [self.block(m, s) for m, s in pairs], rows):
            replies = point[:size]
            best = set()
            for t in range(n_types):
                values = [self.value(t, m, replies) for m in range(n_messages)]
                best |= {(t, m) for m, value in enumerate(values) if value == max(values)}
            used = frozenset(k for k, p in enumerate(replies) if p)
            found.append(Reply(tuple(replies), used, frozenset(best)))
        return found

    def beliefs(self, m: int) -> list[Belief]:
        """Return the vertices of the beliefs after message `m`, cut by best responses."""
        n_types = len(self.prior)
        sides = range(len(self.game.receiver_types))
        rows: list[Row] = [
            {n_types + s: Fraction(1)} | {t: -self.receiver[m][t][s][a] for t in range(n_types)}
            for s in sides
            for a in range(len(self.block(m, s)))
        ]
        points = vertices(n_types + len(sides), [list(range(n_types))], rows)
        return [Belief(p, self.optimal(m, p)) for p in (point[:n_types] for point in points)]


def system_of(game: SignalingGame) -> System:
    """Return a signaling game by positions."""
    own = tuple(sum(game.prior[t, s] for s in game.receiver_types) for t in game.types)
    prior = tuple(Fraction(p) for p in own)
    untyped = game.receiver_types == ("",)
    ends: dict[str, list[tuple[str, ...]]] = {
        m: [(a,) for a in responses] or [()] for m, responses in game.responses.items()
    }

    def table(player: int) -> tuple[Table, ...]:
        shift = 1 - min(game.payoffs(outcome)[player] for outcome in game.outcomes)
        return tuple(
            tuple(
                tuple(
                    tuple(
                        game.prior[t, s]
                        / p
                        * (game.payoffs((*((t,) if untyped else (t, s)), m, *end))[player] + shift)
                        for end in ends[m]
                    )
                    for s in game.receiver_types
                )
                for t, p in zip(game.types, prior, strict=True)
            )
            for m in game.messages
        )

    positions = tuple(
        (m, s, a)
        for m, message in enumerate(game.messages)
        for s in range(len(game.receiver_types))
        for a in range(len(game.responses[message]) or 1)
    )
    return System(game=game, prior=prior, positions=positions, sender=table(0), receiver=table(1))


def vertices(
    size: int,
    blocks: Sequence[Sequence[int]],
    rows: Iterable[Row],
    constants: Iterable[Fraction] = (),
) -> list[tuple[Fraction, ...]]:
    """Return the vertices of a polyhedron of nonnegative numbers, in no special order.

    Parameters
    ----------
    size : int
        How many numbers there are.
    blocks : sequence of sequences of int
        Numbers that sum to 1.
    rows : iterable of mappings from int to Fraction
        Linear forms that must not be negative, plus their `constants` (0 by default).

    Raises
    ------
    WorkLimitError
        If there are too many.

    Examples
    --------
    >>> sorted(vertices(2, [[0, 1]], [{0: Fraction(1)}], [Fraction(-1, 4)]))
    [(Fraction(1, 4), Fraction(3, 4)), (Fraction(1, 1), Fraction(0, 1))]
    """
    forms = [dict(row) for row in rows]
    for form, constant in zip(forms, constants, strict=False):
        for k in blocks[0]:  # they sum to the number that stands for 1
            form[k] = form.get(k, Fraction(0)) + constant
    table = [integers([form.get(k, Fraction(0)) for k in range(size)])[0] for form in forms]
    for block in blocks[1:]:
        difference = [int(k in block) - int(k in blocks[0]) for k in range(size)]
        table += [difference, [-entry for entry in difference]]
    rays = extreme_rays(table, size, remedy=REMEDY, max_work=_MAX_WORK, max_entries=_MAX_ENTRIES)
    found = []
    for ray in rays:
        unit = sum(ray[k] for k in blocks[0])
        if unit:
            found.append(tuple(Fraction(entry, unit) for entry in ray))
    return found


def check_number(count: int, limit: int, what: str) -> None:
    """Raise `WorkLimitError` if there are more than `limit` of something."""
    if count > limit:
        msg = f"the game has {count} {what}, the limit is {limit}{REMEDY}"
        raise WorkLimitError(msg)
