"""The sequence form of a tree: what each player has done, in place of whole plans.

A *sequence* of a player is what it has done on the way to some node: the empty sequence, or its
last information set and the action taken there (with perfect recall these tell all that came
before). A *realization plan* gives each sequence the probability that its player contributes to
it; such vectors are a polytope with one equation for each information set, while the plans of
the normal form may be exponentially many [1]_.

.. [1] B. von Stengel (1996), Efficient computation of behavior strategies, Games and Economic
   Behavior 14, 220-246, doi:10.1006/game.1996.0050.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import exact_number, integers
from ..errors import ProfileError, WorkLimitError
from .nodes import Chance, History, Node, Terminal, exact_payoffs, exact_probabilities
from .normal import NormalFormGame
from .plans import distinct, require_perfect_recall
from .walk import set_positions

if TYPE_CHECKING:
    from .extensive import ExtensiveGame

__all__ = ["PlayerSequences", "SequenceForm"]

_MAX_PROFILES = 1_000_000
_MAX_ADDITIONS = 300_000_000
_RULED_OUT = "*"
_SUM_TOLERANCE = Fraction(1, 10**9)

Plan = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSequences:
    """The sequences of one player, the empty one first, and the sets that they lead to.

    Attributes
    ----------
    sets : tuple of int
        The player's information sets, as positions in ``game.agents``.
    actions : tuple of tuples of str
        The actions of each of these sets.
    parents : tuple of int
        For each set, the position of the sequence with which its player comes there.
    starts : tuple of int
        For each set, the position of the sequence that ends with its first action; the other
        actions follow in order.
    """

    sets: tuple[int, ...]
    actions: tuple[tuple[str, ...], ...]
    parents: tuple[int, ...]
    starts: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of sequences."""
        return 1 + sum(map(len, self.actions))

    def constraints(self) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
        """Return matrix and right side of the equations of realization plans.

        Returns
        -------
        matrix : tuple of tuples of int, shape (1 + n_sets, n_sequences)
            The empty sequence has weight 1; at each set the sequences that end there add up to
            the sequence that leads there.
        right : tuple of int, shape (1 + n_sets,)
        """
        rows = [[0] * len(self) for _ in range(1 + len(self.sets))]
        rows[0][0] = 1
        for row, names, parent, start in zip(
            rows[1:], self.actions, self.parents, self.starts, strict=True
        ):
            row[parent] = -1
            row[start : start + len(names)] = [1] * len(names)
        return tuple(map(tuple, rows)), (1, *([0] * len(self.sets)))

    def count_plans(self) -> int:
        """Return the number of reduced plans, without listing them."""
        below: list[list[int]] = [[] for _ in range(len(self))]  # ways to go on, a set each
        for names, parent, start in reversed(
            list(zip(self.actions, self.parents, self.starts, strict=True))
        ):
            below[parent].append(sum(math.prod(below[start + k]) for k in range(len(names))))
        return math.prod(below[0])

    def plans(self) -> tuple[Plan, ...]:
        """Return the reduced plans: one action a set, None at sets that the plan rules out.

        Returns
        -------
        tuple of tuples of int or None, one entry a set
            Positions of actions, the last set fastest.
        """
        found: list[list[int | None]] = [[]]
        for names, parent in zip(self.actions, self.parents, strict=True):
            longer: list[list[int | None]] = []
            for plan in found:
                if self._takes(plan, parent):
                    longer.extend([*plan, k] for k in range(len(names)))
                else:
                    longer.append([*plan, None])
            found = longer
        return tuple(map(tuple, found))

    def realization(self, vectors: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
        """Return the realization plan of behavior: one distribution for each set, in order."""
        weights = [Fraction(1)]
        for vector, parent in zip(vectors, self.parents, strict=True):
            weights.extend(weights[parent] * p for p in vector)
        return tuple(weights)

    def behavior(self, realization: Sequence[Fraction]) -> tuple[tuple[Fraction, ...], ...]:
        """Return one distribution for each set; where the player never comes, its first action."""
        vectors = []
        for names, parent, start in zip(self.actions, self.parents, self.starts, strict=True):
            reach = realization[parent]
            ends = realization[start : start + len(names)]
            vectors.append(
                tuple(p / reach for p in ends)
                if reach
                else tuple(Fraction(int(k == 0)) for k in range(len(names)))
            )
        return tuple(vectors)

    def _takes(self, plan: Sequence[int | None], sequence: int) -> bool:
        """Return whether a plan, of the first sets at least, takes a sequence's last action."""
        if sequence == 0:
            return True
        where = bisect.bisect_right(self.starts, sequence) - 1
        return plan[where] == sequence - self.starts[where]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceForm:
    """The sequence form of a tree with perfect recall.

    Attributes
    ----------
    game : ExtensiveGame
    players : tuple of PlayerSequences
        In the order of ``game.players``.
    payoffs : mapping of tuples of int to tuples of Fraction
        What the ends that need one sequence of each player pay together, one number a player,
        times the probabilities of the chance moves on their paths. Sequences without an end of
        their own are left out, so this is a sparse matrix for two players.
    weights : mapping of tuples of int to Fraction
        The probabilities of the chance moves on the paths of these ends, added up.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from alignment_games.games import Decision, Terminal
    >>> tree = ag.ExtensiveGame(Decision("A", {
    ...     "in": Decision("A", {"left": Terminal((3,)), "right": Terminal((1,))}),
    ...     "out": Terminal((2,))}), players=["A"])
    >>> form = tree.sequence_form()
    >>> form.players[0].constraints()
    (((1, 0, 0, 0, 0), (-1, 1, 1, 0, 0), (0, -1, 0, 1, 1)), (1, 0, 0))
    >>> form.payoffs[(2,)]
    (Fraction(2, 1),)
    """

    game: ExtensiveGame = field(repr=False)
    players: tuple[PlayerSequences, ...]
    payoffs: Mapping[tuple[int, ...], tuple[Fraction, ...]] = field(repr=False)
    weights: Mapping[tuple[int, ...], Fraction] = field(repr=False)

    def behavior(self, mixtures: Sequence[Sequence[object]]) -> tuple[tuple[Fraction, ...], ...]:
        """Return what mixed strategies of the reduced normal form do at each information set.

        Behavior and mixtures lead to every end with the same probability, whatever the others
        do [1]_. At a set that a player's own play never reaches it takes the first action.

        Parameters
        ----------
        mixtures : sequence of vectors, one a player
            Probabilities of the strategies of ``game.reduced_normal_form()``.

        Returns
        -------
        tuple of tuples of Fraction, one for each of ``game.agents``

        Raises
        ------
        ProfileError
            If the vectors do not fit the reduced normal form.

        References
        ----------
        .. [1] H. W. Kuhn (1953), Extensive games and the problem of information, in
           Contributions to the Theory of Games II, 193-216, doi:10.1515/9781400881970-012.
        """
        if len(mixtures) != len(self.players):
            msg = f"`mixtures` must hold {len(self.players)} vectors, got {len(mixtures)}"
            raise ProfileError(msg)
        vectors: dict[int, tuple[Fraction, ...]] = {}
        for name, own, given in zip(self.game.players, self.players, mixtures, strict=True):
            plans = own.plans()
            weights = _distribution(f"`mixtures` of {name!r}", given, len(plans))
            reach = [Fraction(1)] + [Fraction(0)] * (len(own) - 1)
            for plan, weight in zip(plans, weights, strict=True):
                for k, start in zip(plan, own.starts, strict=True):
                    if k is not None and weight:
                        reach[start + k] += weight
            vectors |= zip(own.sets, own.behavior(reach), strict=True)
        return tuple(vectors[k] for k in range(len(vectors)))

    def mixtures(self, behavior: Sequence[Sequence[object]]) -> tuple[tuple[Fraction, ...], ...]:
        """Return a mixed strategy of the reduced normal form for what each player does.

        Parameters
        ----------
        behavior : sequence of vectors, one for each of ``game.agents``

        Returns
        -------
        tuple of tuples of Fraction, one a player
            A plan's probability is the product of those of its actions.

        Raises
        ------
        ProfileError
            If the vectors do not fit the information sets.
        """
        agents, actions = self.game.agents, self.game.actions
        if len(behavior) != len(agents):
            msg = f"`behavior` must hold one vector for each of {agents}, got {len(behavior)}"
            raise ProfileError(msg)
        exact = [
            _distribution(f"`behavior` of {agent!r}", vector, len(names))
            for agent, names, vector in zip(agents, actions, behavior, strict=True)
        ]
        return tuple(
            tuple(
                math.prod(
                    (exact[s][k] for s, k in zip(own.sets, plan, strict=True) if k is not None),
                    start=Fraction(1),
                )
                for plan in own.plans()
            )
            for own in self.players
        )


def _distribution(what: str, given: Sequence[object], size: int) -> list[Fraction]:
    """Return probabilities as Fractions that sum to 1; floats may miss that by a billionth."""
    weights = [exact_number(p) for p in given]
    total = sum(weights, Fraction(0))
    if len(weights) != size or min(weights) < 0 or abs(total - 1) > _SUM_TOLERANCE:
        msg = f"{what} must hold {size} probabilities that sum to 1, got {list(given)}"
        raise ProfileError(msg)
    return [p / total for p in weights]


def sequence_form(game: ExtensiveGame) -> SequenceForm:
    """Return the sequence form of a tree, as `ExtensiveGame.sequence_form` says."""
    require_perfect_recall(game)
    players, positions = _players(game)
    payoffs: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
    weights: dict[tuple[int, ...], Fraction] = {}
    set_of = set_positions(game.information_sets)
    stack: list[tuple[History, Node, Fraction, tuple[int, ...]]]
    stack = [((), game.root, Fraction(1), (0,) * game.n_players)]
    while stack:
        history, node, weight, where = stack.pop()
        if isinstance(node, Terminal):
            terms = [weight * value for value in exact_payoffs(node)]
            old = payoffs.get(where, (Fraction(0),) * game.n_players)
            payoffs[where] = tuple(a + b for a, b in zip(old, terms, strict=True))
            weights[where] = weights.get(where, Fraction(0)) + weight
            continue
        shares = exact_probabilities(node) if isinstance(node, Chance) else None
        for k, (action, child) in enumerate(node.branches.items()):
            there, share = where, weight
            if shares is not None:
                share = weight * shares[k]
            else:
                who, start = positions[set_of[history]]
                there = (*where[:who], start + k, *where[who + 1 :])
            stack.append(((*history, action), child, share, there))
    return SequenceForm(game=game, players=players, payoffs=payoffs, weights=weights)


def _players(
    game: ExtensiveGame,
) -> tuple[tuple[PlayerSequences, ...], dict[int, tuple[int, int]]]:
    """Return all players' sequences, and for each set its player and its first sequence."""
    set_of = set_positions(game.information_sets)
    owners = [game.players.index(node.player) for _, node in game.first_decisions()]
    actions = game.actions
    sets: list[list[int]] = [[] for _ in game.players]
    sizes = [1] * game.n_players
    positions: dict[int, tuple[int, int]] = {}
    for k, (who, names) in enumerate(zip(owners, actions, strict=True)):
        sets[who].append(k)
        positions[k] = (who, sizes[who])
        sizes[who] += len(names)
    parents = {}
    for k, (members, who) in enumerate(zip(game.information_sets, owners, strict=True)):
        first = members[0]
        parents[k] = 0
        for depth in reversed(range(len(first))):
            before = set_of.get(first[:depth])
            if before is not None and owners[before] == who:
                taken = actions[before].index(first[depth])
                parents[k] = positions[before][1] + taken
                break
    return (
        tuple(
            PlayerSequences(
                sets=tuple(own),
                actions=tuple(actions[k] for k in own),
                parents=tuple(parents[k] for k in own),
                starts=tuple(positions[k][1] for k in own),
            )
            for own in sets
        ),
        positions,
    )


def reduced_normal_form(game: ExtensiveGame) -> NormalFormGame:
    """Return the reduced normal form, as `ExtensiveGame.reduced_normal_form` says."""
    form = sequence_form(game)
    sizes = [own.count_plans() for own in form.players]
    total = math.prod(sizes)
    if total > _MAX_PROFILES:
        msg = f"the reduced normal form has {total} profiles; the limit is {_MAX_PROFILES}"
        raise WorkLimitError(msg)
    if sum(n * len(own.sets) for n, own in zip(sizes, form.players, strict=True)) > 10**7:
        msg = f"plans with {[len(own.sets) for own in form.players]} entries are too long to list"
        raise WorkLimitError(msg)
    plans = [own.plans() for own in form.players]
    members = [_plans_with(own, listed) for own, listed in zip(form.players, plans, strict=True)]
    additions = sum(
        math.prod(len(lists[s]) for lists, s in zip(members, where, strict=True))
        for where in form.payoffs
    )
    if game.n_players * additions > _MAX_ADDITIONS:
        msg = f"the reduced normal form needs more than {_MAX_ADDITIONS} additions"
        raise WorkLimitError(msg)
    table = np.zeros((game.n_players, *sizes), dtype=object)
    boxes = [
        np.ix_(*(lists[s] for lists, s in zip(members, where, strict=True)))
        for where in form.payoffs
    ]
    scales = []
    for who in range(game.n_players):
        values, scale = integers([terms[who] for terms in form.payoffs.values()])
        common = math.gcd(scale, *values)
        for box, value in zip(boxes, values, strict=True):
            table[who][box] += value // common
        scales.append(scale // common)
    labels = [_labels(own, listed) for own, listed in zip(form.players, plans, strict=True)]
    return NormalFormGame._build(table, tuple(scales), game.exact, game.players, tuple(labels))


def _plans_with(own: PlayerSequences, plans: Sequence[Plan]) -> list[list[int]]:
    """Return, for each sequence, the positions of the plans that take it."""
    lists: list[list[int]] = [list(range(len(plans)))] + [[] for _ in range(len(own) - 1)]
    for at, plan in enumerate(plans):
        for k, start in zip(plan, own.starts, strict=True):
            if k is not None:
                lists[start + k].append(at)
    return lists


def _labels(own: PlayerSequences, plans: Sequence[Plan]) -> tuple[str, ...]:
    named = [
        [None if k is None else names[k] for k, names in zip(plan, own.actions, strict=True)]
        for plan in plans
    ]
    return distinct(
        [", ".join(name or _RULED_OUT for name in plan) or "-" for plan in named],
        [repr(tuple(plan)) for plan in named],
    )
