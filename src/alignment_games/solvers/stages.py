"""Subgame-perfect equilibria of trees with hidden moves, from the last subgames up.

A *stage* is a subgame before the next subgames begin, which are replaced by what one of their
equilibria pays. It is solved by the Nash equilibria of its reduced normal form; their mixtures
become behavior at information sets, and mixtures with the same behavior are one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._numeric import exact_number, nearest_float
from .._typing import Profile
from ..games import Chance, Decision, ExtensiveGame, NormalFormGame, Terminal
from ..games.nodes import History, Node
from ..games.plans import require_perfect_recall
from ..games.subgames import subgame_roots
from ..games.walk import set_positions
from .bimatrix import nash
from .certify import certified, expected_payoffs
from .result import Solution, Status

__all__ = ["hidden_subgame_perfect"]

Vectors = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """An equilibrium of a subgame: behavior at its information sets, and what it pays."""

    plan: dict[int, tuple[Fraction, ...]]
    payoffs: tuple[Fraction, ...]
    rounded: bool  # whether irrational probabilities were rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """The equilibria of a stage, and what is known about their number."""

    equilibria: list[tuple[Vectors, tuple[Fraction, ...], bool]]
    status: Status
    continuum: bool


def hidden_subgame_perfect(game: ExtensiveGame, *, max_equilibria: int) -> Solution:
    """Return subgame-perfect equilibria of a tree with perfect recall.

    As `subgame_perfect` says; `max_equilibria` is its limit.
    """
    require_perfect_recall(game)
    roots = subgame_roots(game)
    later = set(roots)
    set_of = set_positions(game.information_sets)
    solved: dict[History, list[_Outcome]] = {}
    statuses = set()
    tied = False
    for root in reversed(roots):
        stage = _stage_moves(game, root, later)
        own = sorted({set_of[h] for h, node in stage if isinstance(node, Decision)})
        below = _next_roots(stage, later)
        found: list[_Outcome] = []
        for combination in itertools.product(*(solved[h] for h in below)):
            answer = _stage_equilibria(game, stage, dict(zip(below, combination, strict=True)))
            tied = tied or answer.continuum
            statuses.add(answer.status)
            inherited = any(after.rounded for after in combination)
            if answer.continuum or inherited:
                statuses.add(Status.PARTIAL)
            plan = {k: v for after in combination for k, v in after.plan.items()}
            found.extend(
                _Outcome(
                    plan=plan | dict(zip(own, vectors, strict=True)),
                    payoffs=payoffs,
                    rounded=inherited or rounded,
                )
                for vectors, payoffs, rounded in answer.equilibria
            )
            if len(found) > max_equilibria:
                statuses.add(Status.LIMIT)
                found = found[:max_equilibria]
                break
        for history in below:
            del solved[history]
        solved[root] = found
    worst = [one for one in (Status.LIMIT, Status.PARTIAL) if one in statuses]
    equilibria = tuple(certified(game, _profile(game, outcome)) for outcome in solved[()])
    return Solution(
        game=game,
        concept="subgame-perfect",
        method="subgame-decomposition",
        status=worst[0] if worst else Status.COMPLETE,
        equilibria=equilibria,
        exact=game.exact and not any(outcome.rounded for outcome in solved[()]),
        degenerate=tied,
        parameters={"max_equilibria": max_equilibria},
    )


def _stage_moves(
    game: ExtensiveGame, root: History, later: set[History]
) -> list[tuple[History, Decision | Chance]]:
    """Return the moves of a stage, its root first and each before all that follow it."""
    moves = []
    stack: list[tuple[History, Node]] = [(root, game.node(root))]
    while stack:
        history, node = stack.pop()
        if isinstance(node, Terminal) or (history != root and history in later):
            continue
        moves.append((history, node))
        children = [((*history, action), child) for action, child in node.branches.items()]
        stack.extend(reversed(children))
    return moves


def _next_roots(
    stage: Sequence[tuple[History, Decision | Chance]], later: set[History]
) -> list[History]:
    """Return where the next subgames begin."""
    after = ((*history, action) for history, node in stage for action in node.branches)
    return [history for history in after if history in later]


def _stage_equilibria(
    game: ExtensiveGame,
    stage: Sequence[tuple[History, Decision | Chance]],
    after: dict[History, _Outcome],
) -> _Solved:
    """Return the equilibria of a stage, given those of the subgames that follow it."""
    tree = _stage_tree(game, stage, after)
    form = tree.sequence_form()
    reduced = tree.reduced_normal_form()
    active = [who for who, size in enumerate(reduced.shape) if size > 1]
    fixed: list[Sequence[Fraction]] = [(Fraction(1),)] * game.n_players
    if not active:
        payoffs = tuple(map(exact_number, expected_payoffs(reduced, fixed)))
        return _Solved(
            equilibria=[(form.behavior(fixed), payoffs, False)],
            status=Status.COMPLETE,
            continuum=False,
        )
    shape = [reduced.shape[who] for who in active]
    answer = nash(NormalFormGame([np.reshape(reduced.exact_payoffs[who], shape) for who in active]))
    # Many mixtures of plans may be one behavior: a set of them is a continuum only if it moves.
    seen: dict[Vectors, tuple[tuple[Fraction, ...], bool]] = {}

    def behavior(vectors: Sequence[Sequence[object]]) -> Vectors:
        mixtures: list[Sequence[object]] = list(fixed)
        for who, vector in zip(active, vectors, strict=True):
            mixtures[who] = vector
        return form.behavior(mixtures)

    for eq in answer.equilibria:
        vectors = behavior(eq.profile)
        if vectors not in seen:
            rational = all(isinstance(p, Fraction) for own in eq.profile for p in own)
            payoffs = tuple(map(exact_number, expected_payoffs(tree, vectors)))
            seen[vectors] = (payoffs, not rational)
    moving = any(
        len({behavior(corner) for corner in _corners(vertices)}) > 1
        for vertices in _continua(answer)
    ) or any(family.dimension > 0 and not family.vertices for family in answer.families)
    return _Solved(
        equilibria=[(vectors, *rest) for vectors, rest in seen.items()],
        status=answer.status,
        continuum=moving,
    )


def _stage_tree(
    game: ExtensiveGame,
    stage: Sequence[tuple[History, Decision | Chance]],
    after: dict[History, _Outcome],
) -> ExtensiveGame:
    """Return a stage as a tree of exact numbers of its own."""
    built: dict[History, Node] = {}
    for history, node in reversed(stage):
        branches: dict[str, Node] = {}
        for action, child in node.branches.items():
            there = (*history, action)
            if there in after:
                branches[action] = Terminal(after[there].payoffs)
            elif isinstance(child, Terminal):
                branches[action] = child
            else:
                branches[action] = built.pop(there)
        if isinstance(node, Decision):
            built[history] = Decision(node.player, branches, node.information_set)
        else:
            built[history] = Chance(branches, node.probabilities)
    return ExtensiveGame(built[stage[0][0]], players=game.players).as_exact()


def _continua(answer: Solution) -> Iterator[Sequence[Sequence[Sequence[object]]]]:
    """Iterate over the sets of equilibria, each as the vertices of each player's part."""
    for component in answer.components:
        for subset in component.subsets:
            yield subset.vertices
    for family in answer.families:
        if family.vertices:
            yield family.vertices


def _corners(
    vertices: Sequence[Sequence[Sequence[object]]],
) -> Iterator[list[Sequence[object]]]:
    """Iterate over profiles in which one player at a time takes each of its vertices."""
    base = [part[0] for part in vertices]
    for who, part in enumerate(vertices):
        for vector in part:
            yield [*base[:who], vector, *base[who + 1 :]]


def _profile(game: ExtensiveGame, outcome: _Outcome) -> Profile:
    vectors = [outcome.plan[k] for k in range(len(game.information_sets))]
    if game.exact and not outcome.rounded:
        return tuple(vectors)
    return tuple(tuple(map(nearest_float, vector)) for vector in vectors)
