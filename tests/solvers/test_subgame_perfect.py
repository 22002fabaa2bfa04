"""Backward induction against the definition of subgame perfection, ties and all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.games import Decision, Terminal
from alignment_games.games.extensive import Node
from alignment_games.solvers import Solution, Status, pure_nash, subgame_perfect, verify
from alignment_games.testing import games

SETTINGS = settings(max_examples=80, deadline=None)

Plan = Mapping[tuple[str, ...], str]


LEVELS = st.integers(-1, 1)


@st.composite
def trees(draw: st.DrawFn, payoffs: st.SearchStrategy[Any] = LEVELS) -> ExtensiveGame:
    """Trees of two or three players with few payoff levels, so that ties abound."""
    players = ["A", "B", "C"][: draw(st.integers(2, 3))]

    def grow(depth: int) -> Node:
        if depth == 3 or (depth and draw(st.integers(0, 2)) == 0):
            return Terminal(tuple(draw(payoffs) for _ in players))
        actions = draw(st.integers(1, 3 if depth == 0 else 2))
        return Decision(
            draw(st.sampled_from(players)), {"abc"[k]: grow(depth + 1) for k in range(actions)}
        )

    return ExtensiveGame(grow(0), players=players)


def outcome(tree: ExtensiveGame, plan: Plan, history: tuple[str, ...]) -> tuple[Fraction, ...]:
    """Payoffs when the plan is followed from a decision on."""
    node = tree.node(history)
    if isinstance(node, Terminal):
        return tuple(Fraction(v) for v in node.payoffs)
    return outcome(tree, plan, (*history, plan[history]))


def best(tree: ExtensiveGame, plan: Plan, history: tuple[str, ...], who: int) -> Fraction:
    """What `who` can reach from a decision on by any plan of its own, others keeping theirs."""
    node = tree.node(history)
    if isinstance(node, Terminal):
        return Fraction(node.payoffs[who])
    assert isinstance(node, Decision)
    if node.player == tree.players[who]:
        return max(best(tree, plan, (*history, action), who) for action in node.branches)
    return best(tree, plan, (*history, plan[history]), who)


def all_plans(tree: ExtensiveGame) -> list[dict[tuple[str, ...], str]]:
    return [
        dict(zip(tree.histories, choice, strict=True))
        for choice in itertools.product(*tree.actions)
    ]


def is_subgame_perfect(tree: ExtensiveGame, plan: Plan) -> bool:
    """An equilibrium of every subgame: no player gains by any other plan in any of them."""
    return all(
        outcome(tree, plan, history)[who] == best(tree, plan, history, who)
        for history in tree.histories
        for who in range(tree.n_players)
    )


def plans(solution: Solution) -> list[dict[tuple[str, ...], str]]:
    assert isinstance(solution.game, ExtensiveGame)
    return [
        dict(zip(solution.game.histories, (own[0] for own in eq.support), strict=True))
        for eq in solution.equilibria
    ]


def few_plans(tree: ExtensiveGame) -> bool:
    return int(np.prod([len(own) for own in tree.actions])) <= 300


# The definition


@SETTINGS
@given(trees())
def test_all_and_only_the_subgame_perfect_plans_are_found(tree: ExtensiveGame) -> None:
    assume(few_plans(tree))
    solution = subgame_perfect(tree)
    found = plans(solution)
    expected = [plan for plan in all_plans(tree) if is_subgame_perfect(tree, plan)]
    assert len(found) == len(expected)
    assert {tuple(p.items()) for p in found} == {tuple(p.items()) for p in expected}
    assert solution.status is Status.COMPLETE
    assert len(solution) >= 1  # Kuhn (1953)


@SETTINGS
@given(trees())
def test_ties_are_told_by_the_concept(tree: ExtensiveGame) -> None:
    solution = subgame_perfect(tree)
    several = len(solution) > 1
    assert solution.degenerate is several
    assert solution.concept == ("pure-subgame-perfect" if several else "subgame-perfect")
    assert ("There are ties." in str(solution)) is several


@SETTINGS
@given(trees())
def test_every_equilibrium_is_certified_at_every_decision(tree: ExtensiveGame) -> None:
    solution = subgame_perfect(tree)
    zero = (Fraction(0),) * tree.n_players
    for eq, plan in zip(solution.equilibria, plans(solution), strict=True):
        assert eq.is_pure
        assert all(type(p) is Fraction for own in eq.profile for p in own)
        assert verify(tree, eq.profile) == eq.regret == zero
        assert eq.payoffs == outcome(tree, plan, ())
        end = tree.node(eq.path)
        assert isinstance(end, Terminal)
        assert eq.payoffs == end.payoffs


@SETTINGS
@given(trees())
def test_every_equilibrium_is_one_of_the_normal_form(tree: ExtensiveGame) -> None:
    assume(few_plans(tree))
    form = tree.normal_form()
    for plan, eq in zip(
        plans(subgame_perfect(tree)), subgame_perfect(tree).equilibria, strict=True
    ):
        names = [
            ", ".join(plan[h] for h, node in tree.decisions() if node.player == player) or "-"
            for player in tree.players
        ]
        assert verify(form, names) == (0,) * tree.n_players
        assert tuple(form.payoff(p, *names) for p in tree.players) == eq.payoffs


@SETTINGS
@given(trees())
def test_relabelling_players_and_reversing_branches_changes_nothing_else(
    tree: ExtensiveGame,
) -> None:
    def turn(node: Node) -> Node:
        if isinstance(node, Terminal):
            return Terminal(tuple(reversed(node.payoffs)))
        assert isinstance(node, Decision)
        return Decision(
            node.player.lower(),
            {a: turn(child) for a, child in reversed(list(node.branches.items()))},
        )

    turned = ExtensiveGame(
        turn(tree.root), players=[name.lower() for name in reversed(tree.players)]
    )
    expected = {frozenset(plan.items()) for plan in plans(subgame_perfect(tree))}
    assert {frozenset(plan.items()) for plan in plans(subgame_perfect(turned))} == expected


@SETTINGS
@given(trees(payoffs=st.integers(-2, 2).map(lambda k: k / 10)))
def test_floating_trees_are_decided_by_their_decimals(tree: ExtensiveGame) -> None:
    def tenfold(node: Node) -> Node:
        if isinstance(node, Terminal):
            return Terminal(tuple(round(10 * v) for v in node.payoffs))
        assert isinstance(node, Decision)
        return Decision(node.player, {a: tenfold(child) for a, child in node.branches.items()})

    floating = subgame_perfect(tree)
    exact = subgame_perfect(ExtensiveGame(tenfold(tree.root), players=tree.players))
    assert not floating.exact
    assert plans(floating) == plans(exact)
    assert floating.degenerate == exact.degenerate
    assert all(type(p) is float for eq in floating.equilibria for own in eq.profile for p in own)
    assert floating.max_regret == 0


@SETTINGS
@given(games(max_players=3, max_strategies=2))
def test_the_last_mover_plays_a_best_reply_on_the_path(game: NormalFormGame) -> None:
    last = game.n_players - 1
    for eq in subgame_perfect(ExtensiveGame.from_normal_form(game)).equilibria:
        *earlier, _ = eq.path
        assert game.payoff(last, *eq.path) == max(
            game.payoff(last, *earlier, name) for name in game.strategies[last]
        )


# Known games


def test_the_entrant_is_not_deterred_by_an_empty_threat() -> None:
    """Selten (1978), The chain store paradox, one stage, doi:10.1007/BF00131770."""
    answer = Decision("incumbent", {"fight": Terminal((0, 0)), "yield": Terminal((2, 2))})
    entry = ExtensiveGame(
        Decision("entrant", {"out": Terminal((1, 5)), "in": answer}),
        players=["entrant", "incumbent"],
    )
    (only,) = subgame_perfect(entry).equilibria
    assert only.path == ("in", "yield")
    assert {eq.path for eq in pure_nash(entry.normal_form()).equilibria} == {
        ("in", "yield"),
        ("out", "fight"),
    }


def centipede(rounds: int) -> ExtensiveGame:
    """Rosenthal (1981), doi:10.1016/0022-0531(81)90018-1: the pot grows; who takes it gains."""
    node: Node = Terminal((rounds, rounds + 1) if rounds % 2 else (rounds + 1, rounds))
    for k in reversed(range(rounds)):
        take = (k + 2, k) if k % 2 == 0 else (k, k + 2)
        node = Decision("AB"[k % 2], {"take": Terminal(take), "pass": node})
    return ExtensiveGame(node, players=["A", "B"])


@pytest.mark.parametrize("rounds", [1, 2, 5, 50])
def test_the_centipede_ends_at_once(rounds: int) -> None:
    solution = subgame_perfect(centipede(rounds))
    (only,) = solution.equilibria
    assert only.path == ("take",)
    assert only.support == (("take",),) * rounds
    assert only.payoffs == (2, 0)
    assert solution.concept == "subgame-perfect"


@pytest.mark.parametrize("pie", [2, 3, 6])
def test_the_ultimatum_in_whole_units_has_two_equilibria(pie: int) -> None:
    """The responder takes every positive offer; taking nothing is a tie, decided either way."""
    offers: dict[str, Node] = {
        f"offer {k}": Decision(
            "responder", {"accept": Terminal((pie - k, k)), "reject": Terminal((0, 0))}
        )
        for k in range(pie + 1)
    }
    solution = subgame_perfect(
        ExtensiveGame(Decision("proposer", offers), players=["proposer", "responder"])
    )
    assert {eq.path for eq in solution.equilibria} == {("offer 0", "accept"), ("offer 1", "accept")}
    assert len(solution) == 2
    assert solution.concept == "pure-subgame-perfect"


def test_a_tree_that_is_over_has_one_equilibrium() -> None:
    solution = subgame_perfect(ExtensiveGame(Terminal((1, 2)), players=["A", "B"]))
    (only,) = solution.equilibria
    assert only.profile == ()
    assert only.path == ()
    assert only.payoffs == (1, 2)


# Limits


def ties(decisions: int) -> ExtensiveGame:
    """A chain of decisions at which nothing matters: two to their number of equilibria."""
    node: Node = Terminal((0, 0))
    for k in range(decisions):
        node = Decision("AB"[k % 2], {"stop": Terminal((0, 0)), "go": node})
    return ExtensiveGame(node, players=["A", "B"])


@pytest.mark.parametrize("limit", [1, 5, 63])
def test_too_many_equilibria_are_cut_off_and_said_so(limit: int) -> None:
    tree = ties(6)
    solution = subgame_perfect(tree, max_equilibria=limit)
    assert solution.status is Status.LIMIT
    assert len(solution) == limit
    assert solution.max_regret == 0
    everything = plans(subgame_perfect(tree))
    assert len(everything) == 64
    assert all(plan in everything for plan in plans(solution))
    assert solution.concept == "pure-subgame-perfect"
    assert solution.parameters == {"max_equilibria": limit}


def test_exactly_as_many_as_the_limit_are_complete() -> None:
    solution = subgame_perfect(ties(6), max_equilibria=64)
    assert solution.status is Status.COMPLETE
    assert len(solution) == 64


def test_a_bushy_tree_is_cut_off_too() -> None:
    flat = ExtensiveGame.from_normal_form(NormalFormGame(np.zeros((3, 3, 3, 3), dtype=int)))
    solution = subgame_perfect(flat, max_equilibria=20)
    assert solution.status is Status.LIMIT
    assert len(solution) == 20
    assert solution.max_regret == 0


def test_a_deep_tree_is_solved() -> None:
    solution = ag.solve(centipede(3000))
    (only,) = solution.equilibria
    assert only.path == ("take",)
    assert solution.max_regret == 0


@pytest.mark.slow
def test_a_deep_tree_played_to_its_end_is_solved() -> None:
    node: Node = Terminal((1, 1))
    for k in range(3000):
        node = Decision("AB"[k % 2], {"stop": Terminal((0, 0)), "go": node})
    (only,) = ag.solve(ExtensiveGame(node, players=["A", "B"])).equilibria
    assert only.path == ("go",) * 3000
