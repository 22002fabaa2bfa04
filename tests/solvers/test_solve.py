"""`solve` chooses the method that fits, and says which would if the one asked for does not."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, ProfileError
from alignment_games.solvers import (
    METHODS,
    Status,
    dominance,
    nash,
    nash_nplayer,
    pure_nash,
    subgame_perfect,
)
from alignment_games.solvers.reference import nashpy_nash

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


@pytest.mark.parametrize("wrong", ["no", 1, None, "", []])
def test_flags_take_true_and_false_only(wrong: Any) -> None:
    game = ag.NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    for ask in (
        lambda: ag.solvers.dominance(game, iterated=wrong),
        lambda: ag.solvers.rationalizable(game, correlated=wrong),
        lambda: ag.solvers.correlated_payoffs(game, coarse=wrong),
        lambda: ag.io.game_table(game, best_replies=wrong),
        lambda: ag.io.format_nfg(game, outcomes=wrong),
    ):
        with pytest.raises(GameError, match=r"`\w+` must be True or False, got"):
            ask()
    numpys: Any = np.bool_(True)
    assert ag.solvers.dominance(game, iterated=numpys).reduced == game


def test_an_agent_is_named_by_name_or_position() -> None:
    (first, *_) = ag.solve(ag.NormalFormGame([[3, 1]])).equilibria
    assert first.probabilities(0) == first.probabilities("player_1") == {"s1": 1, "s2": 0}
    for wrong in ("player_2", 1, -1, True, None):
        with pytest.raises(ProfileError, match="no agent"):
            first.probabilities(wrong)  # type: ignore[arg-type]


def test_a_mixture_that_rounds_to_one_strategy_shows_its_weights() -> None:
    solution = ag.solve(
        ag.NormalFormGame.from_bimatrix([[1e300, -1e300], [0, 1]], [[1, 2], [3, -1e300]])
    )
    (mixed,) = [eq for eq in solution.equilibria if not eq.is_pure]
    assert "s1 1 + s2 " in str(mixed)


def test_print_does_not_show_a_large_game() -> None:
    game = ag.NormalFormGame.from_bimatrix(np.zeros((40, 40)), np.zeros((40, 40)))
    assert str(game) == "40 x 40 game of player_1, player_2"


def test_an_irrational_equilibrium_is_not_asked_to_be_exact() -> None:
    first = [[[3, 1], [0, 0]], [[0, 0], [1, 2]]]
    second = [[[0, 0], [2, 1]], [[1, 3], [0, 0]]]
    third = [[[2, 0], [0, 0]], [[0, 0], [0, 3]]]
    solution = ag.solve(ag.NormalFormGame([first, second, third]), exact=True)
    with pytest.raises(GameError, match="is irrational, so its payoffs cannot be compared"):
        ag.solvers.payoff_dominance(solution)


def test_nashpys_methods_are_named_when_one_is_unknown() -> None:
    game = ag.NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    with pytest.raises(GameError, match="no method 'lemke-howson' of nashpy; did you mean"):
        nashpy_nash(game, method="lemke-howson")
