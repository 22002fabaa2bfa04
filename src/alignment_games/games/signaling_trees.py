"""Trees that are signaling games: recognized, and later forced moves folded into the payoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .._numeric import exact_number
from .._typing import Number
from ..errors import GameError, WorkLimitError
from .extensive import ExtensiveGame
from .nodes import Chance, Decision, History, Node, Terminal, exact_payoffs, exact_probabilities
from .walk import set_positions

__all__ = ["SignalingParts", "signaling_parts"]

_MAX_DEPTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalingParts:
    """What a `SignalingGame` is made of."""

    prior: Mapping[str | tuple[str, str], Number]
    responses: Mapping[str, tuple[str, ...]]
    payoffs: Mapping[tuple[str, ...], tuple[Number, ...]]
    players: tuple[str, str]


def signaling_parts(tree: ExtensiveGame) -> SignalingParts:
    """Return a tree as the parts of a signaling game.

    Raises
    ------
    GameError
        If the tree has another form; the message says where.
    """
    if len(tree.players) != 2:
        msg = f"a signaling game has two players, `tree` has {tree.players}"
        raise GameError(msg)
    draws = _draws(tree)
    first = tree.node(next(iter(draws)))
    if not isinstance(first, Decision) or not isinstance(tree.root, Chance):
        msg = "`tree` must begin with a chance move, and then the sender's choice of a message"
        raise GameError(msg)
    sender = first.player
    (receiver,) = (name for name in tree.players if name != sender)
    set_of = set_positions(tree.information_sets)
    types = _sender_types(tree, list(draws), sender, set_of)
    messages = tuple(first.branches)
    answers = {m: {draw: tree.node((*draw, m)) for draw in draws} for m in messages}
    answered = [m for m in messages if any(_is_of(node, receiver) for node in answers[m].values())]
    for m in answered:
        _check_answers(m, answers[m], receiver)
    sides = _receiver_types(tree, list(draws), answered, set_of)
    start = next(iter(draws))
    responses = {m: _actions(answers[m][start]) if m in answered else () for m in messages}
    ends: dict[str, list[tuple[str, ...]]] = {
        m: [(a,) for a in own] or [()] for m, own in responses.items()
    }
    prior: dict[str | tuple[str, str], Fraction] = {}
    folding = _Folding(tree=tree, set_of=set_of)
    totals: dict[tuple[str, ...], list[tuple[Fraction, tuple[Fraction, ...]]]] = {}
    for draw, share in draws.items():
        own = (types[draw], sides[draw]) if sides[draw] else (types[draw],)
        key = (own[0], own[1]) if len(own) == 2 else own[0]
        prior[key] = prior.get(key, Fraction(0)) + share
        for m in messages:
            for end in ends[m]:
                value = folding.payoffs((*draw, m, *end))
                totals.setdefault((*own, m, *end), []).append((share, value))
    number = exact_number if tree.exact else float
    return SignalingParts(
        prior=prior,
        responses=responses,
        payoffs={
            outcome: tuple(
                number(_mean([(p, value[tree.players.index(name)]) for p, value in parts]))
                for name in (sender, receiver)
            )
            for outcome, parts in totals.items()
        },
        players=(sender, receiver),
    )


def _draws(tree: ExtensiveGame) -> dict[History, Fraction]:
    """Return the probabilities of what chance draws before anybody moves."""
    found: dict[History, Fraction] = {}
    waiting: list[tuple[History, Fraction]] = [((), Fraction(1))]
    while waiting:
        history, share = waiting.pop()
        node = tree.node(history)
        if isinstance(node, Chance):
            parts = zip(node.branches, exact_probabilities(node), strict=True)
            waiting += reversed([((*history, event), share * p) for event, p in parts])
        else:
            found[history] = share
    return found


def _actions(node: Node) -> tuple[str, ...]:
    return () if isinstance(node, Terminal) else tuple(node.branches)


def _is_of(node: Node, player: str) -> bool:
    return isinstance(node, Decision) and node.player == player


def _sender_types(
    tree: ExtensiveGame, draws: list[History], sender: str, set_of: Mapping[History, int]
) -> dict[History, str]:
    """Return the sender's type, an information set, after each draw."""
    first = tree.node(draws[0])
    for draw in draws:
        node = tree.node(draw)
        if not isinstance(node, Decision) or node.player != sender:
            msg = f"after {draw} {sender!r} must choose a message as after {draws[0]}, got {node!r}"
            raise GameError(msg)
        if isinstance(first, Decision) and list(node.branches) != list(first.branches):
            msg = (
                f"all types must have the same messages in the same order, got "
                f"{list(first.branches)} after {draws[0]} and {list(node.branches)} after {draw}"
            )
            raise GameError(msg)
        if any(h not in draws for h in tree.information_sets[set_of[draw]]):
            msg = f"{sender!r} after {draw} does not know that it moves first"
            raise GameError(msg)
    return {draw: _named(tree, draw, "type ") for draw in draws}


def _check_answers(m: str, nodes: Mapping[History, Node], receiver: str) -> None:
    """Raise `GameError` unless the receiver answers message `m` alike after all draws."""
    actions = {
        tuple(node.branches) if isinstance(node, Decision) and node.player == receiver else None
        for node in nodes.values()
    }
    if len(actions) > 1 or None in actions:
        msg = (
            f"after message {m!r} {receiver!r} must have the same responses in the same order "
            f"whatever chance drew, got {sorted(map(str, actions))}"
        )
        raise GameError(msg)


def _receiver_types(
    tree: ExtensiveGame,
    draws: list[History],
    answered: list[str],
    set_of: Mapping[History, int],
) -> dict[History, str]:
    """Return the receiver's type after each draw: what it knows whatever the message."""
    classes: dict[History, tuple[int, ...]] = {}
    for draw in draws:
        classes[draw] = tuple(set_of[*draw, m] for m in answered)
        for m, k in zip(answered, classes[draw], strict=True):
            for h in tree.information_sets[k]:
                if h[:-1] not in draws or h[-1] != m:
                    msg = f"the receiver after {(*draw, m)} cannot tell it from {h}"
                    raise GameError(msg)
    distinct = set(classes.values())
    for j in range(len(answered)):
        if len({own[j] for own in distinct}) != len(distinct):
            msg = (
                "the receiver must know the same about what chance drew after every message; "
                f"after message {answered[j]!r} it knows something else than after others"
            )
            raise GameError(msg)
    if len(distinct) <= 1:
        return dict.fromkeys(draws, "")
    firsts = {own: draw for draw, own in reversed(classes.items())}
    names = {own: _named(tree, (*draw, answered[0]), ", type ") for own, draw in firsts.items()}
    return {draw: names[own] for draw, own in classes.items()}


def _named(tree: ExtensiveGame, history: History, mark: str) -> str:
    """Return a type's name: the label of its information set after `mark`, or what chance drew."""
    node = tree.node(history)
    label = node.information_set if isinstance(node, Decision) else None
    text = " ".join(history) if label is None else label.partition(mark)[2] or label
    return text.replace(", ", " ").replace(",", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folding:
    """The payoffs of the only rational play from the histories of a tree.

    Attributes
    ----------
    tree : ExtensiveGame
    set_of : mapping of histories to int
        The information set of each decision.
    known : dict of histories to payoffs
        What has been folded; None while it is being folded.
    """

    tree: ExtensiveGame
    set_of: Mapping[History, int]
    known: dict[History, tuple[Fraction, ...] | None] = field(default_factory=dict)

    def payoffs(self, history: History) -> tuple[Fraction, ...]:
        """Return the payoffs from one history on."""
        node = self.tree.node(history)
        if isinstance(node, Terminal):
            return exact_payoffs(node)
        if len(history) > _MAX_DEPTH:
            msg = f"moves beyond the {_MAX_DEPTH}th of a path are not folded into payoffs"
            raise WorkLimitError(msg)
        found = self.known.get(history)
        if found is None:
            if history in self.known:
                msg = f"what is best after {history} depends on itself: no order of moves exists"
                raise GameError(msg)
            self.known[history] = None
            following = self._following(history)
            if isinstance(node, Chance):
                shares = exact_probabilities(node)
                found = tuple(
                    _mean(list(zip(shares, column, strict=True)))
                    for column in zip(*following.values(), strict=True)
                )
            else:
                found = following[self._best(history, node)]
            self.known[history] = found
        return found

    def _following(self, history: History) -> dict[str, tuple[Fraction, ...]]:
        branches = self.tree.node(history)
        actions = () if isinstance(branches, Terminal) else branches.branches
        return {action: self.payoffs((*history, action)) for action in actions}

    def _best(self, history: History, node: Decision) -> str:
        """Return the action that alone is best wherever its player may be."""
        k = self.tree.players.index(node.player)
        common = ""
        for place in self.tree.information_sets[self.set_of[history]]:
            following = self._following(place)
            most = max(values[k] for values in following.values())
            best = [action for action, values in following.items() if values[k] == most]
            if len(best) > 1:
                msg = (
                    f"{node.player!r} after {place} is indifferent between {best}, so that its "
                    "choice cannot be folded into the payoffs; a signaling game needs a unique "
                    "best one"
                )
                raise GameError(msg)
            if common not in ("", best[0]):
                msg = (
                    "after a message and a response only choices can follow that do not depend on "
                    f"what is hidden, but {node.player!r}, who cannot tell {history} from {place}, "
                    f"would choose {common!r} or {best[0]!r}"
                )
                raise GameError(msg)
            common = best[0]
        return common


def _mean(parts: list[tuple[Fraction, Fraction]]) -> Fraction:
    total = sum((p for p, _ in parts), Fraction(0))
    if not total:  # all of probability 0, which the prior then refuses
        return parts[0][1]
    return sum((p * value for p, value in parts), Fraction(0)) / total
