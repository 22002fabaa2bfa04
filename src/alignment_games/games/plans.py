"""Plans of a tree: its normal form, and whether players recall what they did."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import integers
from .._typing import ObjectArray
from ..errors import GameError, WorkLimitError
from .nodes import Chance, Decision, History, Node, Terminal, exact_payoffs, exact_probabilities
from .normal import NormalFormGame
from .walk import set_positions

if TYPE_CHECKING:
    from .extensive import ExtensiveGame

_MAX_PLAN_PROFILES = 1_000_000
_MAX_ADDITIONS = 300_000_000
_ANY = -1  # in place of the number of an action


def normal_form(game: ExtensiveGame) -> NormalFormGame:
    """Return the normal form of a tree, as `ExtensiveGame.normal_form` says."""
    menus: list[list[tuple[str, ...]]] = [[] for _ in game.players]
    order: list[list[int]] = [[] for _ in game.players]  # each player's information sets
    for k, members in enumerate(game.information_sets):
        node = game.node(members[0])
        if isinstance(node, Decision):  # information sets hold nothing else
            who = game.players.index(node.player)
            menus[who].append(tuple(node.branches))
            order[who].append(k)
    total = math.prod(len(menu) for own in menus for menu in own)
    if total > _MAX_PLAN_PROFILES:
        msg = f"the normal form has {total} profiles; the limit is {_MAX_PLAN_PROFILES}"
        raise WorkLimitError(msg)
    # One axis for each set with a choice; plans are listed with the last set fastest, as in C.
    actions = game.actions
    table, scales = _table(game, [k for own in order for k in own if len(actions[k]) > 1])
    plans = [list(itertools.product(*own)) for own in menus]
    return NormalFormGame._build(
        table.reshape(game.n_players, *(len(own) for own in plans)),
        scales,
        game.exact,
        game.players,
        tuple(
            distinct([", ".join(plan) or "-" for plan in own], [repr(plan) for plan in own])
            for own in plans
        ),
    )


def _table(game: ExtensiveGame, sets: list[int]) -> tuple[ObjectArray, tuple[int, ...]]:
    """Return each player's expected payoffs at every choice of actions, as integers over a scale.

    Each end adds its payoffs, times the probability of its chance moves, to all choices that
    take every action on its path.
    """
    sizes = [len(game.actions[k]) for k in sets]
    sums = _sums(game, sets, sizes)
    boxes = [tuple(slice(None) if k == _ANY else slice(k, k + 1) for k in where) for where in sums]
    table = np.empty((game.n_players, math.prod(sizes)), dtype=object)
    scales = []
    for who, own in enumerate(table):
        values, scale = integers([terms[who] for terms in sums.values()])
        common = math.gcd(scale, *values)
        values = [value // common for value in values]
        # Machine integers if no sum of these can overflow.
        small = sum(map(abs, values)) < 2**63
        total = np.zeros(sizes, dtype=np.int64 if small else object)
        for box, value in zip(boxes, values, strict=True):
            if value:
                total[box] += value
        own[:] = total.ravel()
        scales.append(scale // common)
    return table, tuple(scales)


def _sums(
    game: ExtensiveGame, sets: list[int], sizes: list[int]
) -> dict[tuple[int, ...], list[Fraction]]:
    """Return what each player expects of the ends that need the same actions at `sets`."""
    axis_of = {h: axis for axis, k in enumerate(sets) for h in game.information_sets[k]}
    sums: dict[tuple[int, ...], list[Fraction]] = {}
    ends = additions = 0
    stack: list[tuple[History, Node, Fraction, tuple[int, ...]]]
    stack = [((), game.root, Fraction(1), (_ANY,) * len(sets))]
    while stack:
        history, node, weight, where = stack.pop()
        if isinstance(node, Terminal):
            terms = [weight * value for value in exact_payoffs(node)]
            ends += 1
            if where in sums:
                sums[where] = [a + b for a, b in zip(sums[where], terms, strict=True)]
                continue
            sums[where] = terms
            box = math.prod(n for k, n in zip(where, sizes, strict=True) if k == _ANY)
            additions += game.n_players * box
            if additions > _MAX_ADDITIONS:
                msg = (
                    f"the normal form needs more than {_MAX_ADDITIONS} additions: {ends} or more "
                    f"ends, each reached by many of the {math.prod(sizes)} profiles of plans. "
                    "Restrict the tree with without(), or write it with write_efg"
                )
                raise WorkLimitError(msg)
            continue
        shares = exact_probabilities(node) if isinstance(node, Chance) else None
        axis = axis_of.get(history)
        for k, (action, child) in enumerate(node.branches.items()):
            there = where
            if axis is not None:
                if where[axis] not in (k, _ANY):
                    continue  # its player meets the set twice, and a plan has one action for it
                there = (*where[:axis], k, *where[axis + 1 :])
            share = weight if shares is None else weight * shares[k]
            stack.append(((*history, action), child, share, there))
    return sums


def require_perfect_recall(game: ExtensiveGame) -> None:
    """Raise `GameError` if some player forgets what it knew or did; name the information set."""
    forgetful = forgetful_set(game)
    if forgetful is not None:
        msg = (
            "`game` must have perfect recall for this: at each information set its player knows "
            f"what it knew and did before, but {game.agents[forgetful]!r} does not. Split that "
            "set, or solve game.normal_form(), in which mixtures of plans are not behavior"
        )
        raise GameError(msg)


def forgetful_set(game: ExtensiveGame) -> int | None:
    """Return an information set that is met after different own sets and actions, if any.

    Returns
    -------
    int or None
        Its position in ``game.agents``; None with perfect recall.
    """
    set_of = set_positions(game.information_sets)
    known: dict[tuple[int, int, str], int] = {}  # (sequence, set, action) -> longer sequence
    met: dict[int, int] = {}
    stack: list[tuple[History, Node, dict[str, int]]] = [((), game.root, {})]
    while stack:
        history, node, sequences = stack.pop()
        if isinstance(node, Terminal):
            continue
        own = set_of.get(history)
        if own is None or isinstance(node, Chance):
            stack.extend(((*history, a), c, sequences) for a, c in node.branches.items())
            continue
        sequence = sequences.get(node.player, 0)
        if met.setdefault(own, sequence) != sequence:
            return own
        for action, child in node.branches.items():
            longer = known.setdefault((sequence, own, action), len(known) + 1)
            stack.append(((*history, action), child, sequences | {node.player: longer}))
    return None


def distinct(names: list[str], others: list[str]) -> tuple[str, ...]:
    """Return the first list if its names are all different, else the second."""
    return tuple(names if len(set(names)) == len(names) else others)
