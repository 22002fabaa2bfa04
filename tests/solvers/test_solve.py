"""`solve` chooses the method that fits, and says which would if the one asked for does not."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError
from alignment_games.solvers import (
    METHODS,
    Status,
    dominance,
    nash,
    nash_nplayer,
    pure_nash,
    subgame_perfect,
)

EXACT = {"vertex-enumeration", "lemke-howson", "support-enumeration"}
CHICKEN = NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
TREE = ExtensiveGame.from_normal_form(CHICKEN)


def test_each_type_of_game_has_its_natural_concept() -> None:
    assert ag.solve(CHICKEN) == nash(CHICKEN) == ag.solve(CHICKEN, "vertex-enumeration")
    assert ag.solve(TREE) == subgame_perfect(TREE) == ag.solve(TREE, "backward-induction")
    assert ag.solve(CHICKEN, method="pure") == pure_nash(CHICKEN)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_table_answers(method: str) -> None:
    game = TREE if method == "backward-induction" else CHICKEN
    solution = ag.solve(game, method)
    assert solution.method == method
    assert len(solution) >= 1
    assert float(solution.max_regret) < 1e-12
    claims_all = not method.startswith("nashpy") and method != "lemke-howson"
    assert (solution.status is Status.COMPLETE) is claims_all


@pytest.mark.parametrize(
    ("game", "method", "message"),
    [
        (CHICKEN, "vertex-enumeratoin", "of 2 players; did you mean 'vertex-enumeration'?"),
        (CHICKEN, "nashpy-lemke-howsen", "did you mean 'nashpy-lemke-howson'?"),
        (
            CHICKEN,
            "backward-induction",
            "'backward-induction' is not for a normal form of 2",
        ),
        (CHICKEN, "zzz", "choose from lemke-howson, "),
        (CHICKEN, "", "no method ''"),
        (CHICKEN, 3, "no method 3"),
        (TREE, "backward-inductoin", "for a tree; did you mean 'backward-induction'?"),
        (
            TREE,
            "vertex-enumeration",
            "'vertex-enumeration' is not for a tree; choose",
        ),
        (TREE, "pure", "choose from backward-induction"),
        (TREE, "nashpy-lemke-howson", "for a tree"),
        ([[1, 2]], None, "must be a NormalFormGame or an ExtensiveGame, got list"),
        (None, None, "got NoneType"),
    ],
)
def test_what_does_not_fit_is_described(game: Any, method: Any, message: str) -> None:
    with pytest.raises(GameError, match=re.escape(message)):
        ag.solve(game, method)


@pytest.mark.parametrize("concept", [nash, pure_nash, dominance])
def test_concepts_of_normal_forms_refuse_trees(concept: Any) -> None:
    with pytest.raises(GameError, match=r"NormalFormGame, got ExtensiveGame.*normal_form"):
        concept(TREE)
    with pytest.raises(GameError, match=r"NormalFormGame, got list"):
        concept([[1, 2]])


def test_the_concept_of_trees_refuses_normal_forms() -> None:
    game: Any = CHICKEN
    with pytest.raises(GameError, match=r"an ExtensiveGame.*got NormalFormGame"):
        subgame_perfect(game)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("method", [m for m in METHODS if m not in EXACT])
def test_exact_is_for_exact_methods_only(method: str, exact: bool) -> None:
    game = TREE if method == "backward-induction" else CHICKEN
    with pytest.raises(GameError, match=rf"`exact` .*support-enumeration, not for '{method}'"):
        ag.solve(game, method, exact=exact)


@pytest.mark.parametrize("method", METHODS)
def test_a_solution_survives_the_way_to_another_process(method: str) -> None:
    solution = ag.solve(TREE if method == "backward-induction" else CHICKEN, method)
    twin = pickle.loads(pickle.dumps(solution))
    assert twin == solution
    assert [eq.path for eq in twin.equilibria if eq.is_pure] == [
        eq.path for eq in solution.equilibria if eq.is_pure
    ]


def test_exact_is_passed_on() -> None:
    assert ag.solve(CHICKEN, exact=False) == nash(CHICKEN, exact=False)
    floating = NormalFormGame(CHICKEN.payoffs)
    assert ag.solve(floating, exact=True).exact
    assert not ag.solve(floating).exact


def test_three_players_have_a_method_of_their_own() -> None:
    game = NormalFormGame([[[[1, 0], [0, 0]], [[0, 0], [0, 2]]]] * 3)
    assert ag.solve(game) == nash(game) == nash_nplayer(game)
    assert ag.solve(game).method == "support-enumeration"
    with pytest.raises(GameError, match=r"'vertex-enumeration' is not .* of 3 players"):
        ag.solve(game, "vertex-enumeration")
    assert {eq.path for eq in ag.solve(game, "pure").equilibria} >= {("s1",) * 3, ("s2",) * 3}


def test_what_a_person_reads_names_the_agents_and_their_choices() -> None:
    text = str(ag.solve(TREE))
    assert "subgame-perfect by backward-induction: 1 found." in text
    assert "player_1: s2; player_2 after s1: s2; player_2 after s2: s1  payoffs (4, 1)" in text
    (only,) = ag.solve(TREE).equilibria
    assert only.probabilities("player_2 after s1") == {"s1": 0, "s2": 1}
    assert "game=" not in repr(only)
