"""`solve` chooses the method that fits, and says which would if the one asked for does not."""

from __future__ import annotations

import pickle
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, ProfileError
from alignment_games.games import MonitoredGame, RepeatedGame, StochasticGame
from alignment_games.solvers import (
    Status,
    dominance,
    finite_horizon,
    markov_perfect,
    nash,
    nash_nplayer,
    payoff_cover,
    public_perfect_payoffs,
    pure_nash,
    repeated_payoffs,
    stochastic_value,
    subgame_perfect,
)
from alignment_games.solvers.dispatch import METHODS
from alignment_games.solvers.reference import nashpy_nash

from ..games.test_information_sets import card_game

EXACT = {"vertex-enumeration", "lemke-howson", "support-enumeration", "reduced-normal-form"}
CHICKEN = NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
TREE = ExtensiveGame.from_normal_form(CHICKEN)
HIDDEN = card_game()


SOME = {"lemke-howson", "sequence-form"}
TREE_METHODS = {"subgame-decomposition", "reduced-normal-form", "sequence-form"}


def example(method: str) -> NormalFormGame | ExtensiveGame:
    """Return a game that a method is for."""
    if method == "backward-induction":
        return TREE
    return HIDDEN if method in TREE_METHODS else CHICKEN


def test_each_type_of_game_has_its_natural_concept() -> None:
    assert ag.solve(CHICKEN) == nash(CHICKEN) == ag.solve(CHICKEN, "vertex-enumeration")
    assert ag.solve(TREE) == subgame_perfect(TREE) == ag.solve(TREE, "backward-induction")
    assert ag.solve(CHICKEN, method="pure") == pure_nash(CHICKEN)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_table_answers(method: str) -> None:
    game = example(method)
    solution = ag.solve(game, method)
    # A reduced normal form is solved by a method of its own, under its own name.
    assert solution.method == ("vertex-enumeration" if method == "reduced-normal-form" else method)
    assert len(solution) >= 1
    assert float(solution.max_regret) < 1e-12
    claims_all = not method.startswith("nashpy") and method not in SOME
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
        (
            TREE,
            "backward-inductoin",
            "for a tree with perfect information; did you mean 'backward-induction'?",
        ),
        (
            TREE,
            "vertex-enumeration",
            "'vertex-enumeration' is not for a tree with perfect information; choose",
        ),
        (TREE, "pure", "choose from backward-induction"),
        (TREE, "nashpy-lemke-howson", "for a tree"),
        (
            [[1, 2]],
            None,
            "ExtensiveGame, BayesianGame, StochasticGame, RepeatedGame or MonitoredGame, got list",
        ),
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
    game = example(method)
    with pytest.raises(GameError, match=rf"`exact` .*agent-form, not for '{method}'"):
        ag.solve(game, method, exact=exact)


@pytest.mark.parametrize("method", METHODS)
def test_a_solution_survives_the_way_to_another_process(method: str) -> None:
    solution = ag.solve(example(method), method)
    twin = pickle.loads(pickle.dumps(solution))
    assert twin == solution
    assert [eq.path for eq in twin.equilibria if eq.is_pure] == [
        eq.path for eq in solution.equilibria if eq.is_pure
    ]


DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
REPEATED = RepeatedGame(DILEMMA, discount=0.4)
UNEQUAL = RepeatedGame(DILEMMA, discount=(0.4, 0.5))
SEEN = MonitoredGame.perfect(DILEMMA, discount=0.4)
STOCHASTIC = StochasticGame([DILEMMA, DILEMMA], [np.full((2, 2, 2), Fraction(1, 2))] * 2, 0.4)


def test_games_in_time_have_their_natural_concept() -> None:
    assert ag.solve(REPEATED) == repeated_payoffs(REPEATED)
    assert ag.solve(SEEN) == public_perfect_payoffs(SEEN) == ag.solve(SEEN, "self-generation")
    assert ag.solve(SEEN).outer == ag.solve(REPEATED).outer
    assert ag.solve(STOCHASTIC) == markov_perfect(STOCHASTIC) == ag.solve(STOCHASTIC, "pure")
    assert ag.solve(STOCHASTIC, "logit").concept == "markov-perfect"
    assert len(ag.solve(STOCHASTIC)) == 1


@pytest.mark.parametrize(
    ("game", "options", "message"),
    [
        (STOCHASTIC, {"method": "lemke-howson"}, "is not for a stochastic game; choose from pure,"),
        (STOCHASTIC, {"method": "logti"}, "for a stochastic game; did you mean 'logit'?"),
        (STOCHASTIC, {"method": ["pure"]}, "no method ['pure'] for a stochastic game"),
        (REPEATED, {"method": "pure"}, "'pure' is not for a repeated game; choose from abreu-sann"),
        (UNEQUAL, {"method": "abreu-sannikov"}, "unequal discount factors; choose from abreu-pe"),
        (SEEN, {"method": "abreu-sannikov"}, "a game with a public signal; choose from self-gen"),
        (CHICKEN, {"method": "logit"}, "'logit' is not for a normal form of 2 players"),
        (REPEATED, {"exact": True}, "`exact` is for the methods vertex-enumeration"),
        (STOCHASTIC, {"exact": False}, "`exact` is for the methods vertex-enumeration"),
    ],
)
def test_what_does_not_fit_a_game_in_time(game: Any, options: Any, message: str) -> None:
    with pytest.raises(GameError, match=re.escape(message)):
        ag.solve(game, **options)


def test_repeated_games_are_solved_by_the_method_that_was_asked_for() -> None:
    for method in ("abreu-sannikov", "abreu-pearce-stacchetti", "judd-yeltekin-conklin"):
        assert ag.solve(REPEATED, method) == repeated_payoffs(REPEATED, method=method)
        assert ag.solve(REPEATED, method).method == method
    assert ag.solve(UNEQUAL).method == "abreu-pearce-stacchetti"


def test_verify_takes_public_automata() -> None:
    play = ag.solve(SEEN).play
    assert play is not None
    assert ag.verify(SEEN, play) == ag.verify(SEEN, play.automaton) == play
    wrong: Any = ["s1", "s1"]
    with pytest.raises(GameError, match="must be of type PublicAutomaton, got list"):
        ag.verify(SEEN, wrong)


def test_verify_takes_games_of_every_type() -> None:
    play = ag.solve(REPEATED).play
    assert play is not None
    assert ag.verify(REPEATED, play) == ag.verify(REPEATED, play.automaton) == play
    (equilibrium,) = ag.solve(STOCHASTIC).equilibria
    assert ag.verify(STOCHASTIC, equilibrium) == ((0, 0), (0, 0))
    assert ag.verify(STOCHASTIC, [["s1", "s2"], ["s2", "s2"]])[0][0] == pytest.approx(1)
    wrong: Any = CHICKEN.payoffs
    with pytest.raises(GameError, match=r"`game` must be a NormalFormGame, .* got ndarray"):
        ag.verify(wrong, ["s1", "s1"])
    wrong = ["s1", "s1"]
    with pytest.raises(GameError, match="`automaton` must be of type Automaton, got list"):
        ag.verify(REPEATED, wrong)


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


def test_games_in_time_are_cited() -> None:
    equilibria = ag.solve(STOCHASTIC)
    assert "10.1006/jeth.2000.2785" in ag.cite(equilibria)
    assert "10.1016/j.geb.2004.04.003" not in ag.cite(equilibria)
    branch = ag.cite(ag.solve(STOCHASTIC, "logit"))
    assert "Herings" in branch
    assert "10.1016/j.geb.2004.04.003" in branch
    payoffs = ag.solve(REPEATED)
    assert {"10.2307/2938299", "10.3982/TE1302"} <= set(re.findall("10[^}]*", ag.cite(payoffs)))
    assert "10.1214/aoms/1177700285" in ag.cite(payoffs.play)
    enclosed = ag.cite(ag.solve(REPEATED, "judd-yeltekin-conklin"))
    assert "10.1111/1468-0262.t01-1-00445" in enclosed
    assert "10.3982/TE1302" not in enclosed
    for found in (ag.solve(SEEN), payoff_cover(REPEATED, cells=8), ag.solve(UNEQUAL)):
        assert "10.2307/2938299" in ag.cite(found)
    zero_sum = StochasticGame([[[[1]], [[-1]]]], [[[[1]]]], 0.5)
    assert "10.1073/pnas.39.10.1095" in ag.cite(stochastic_value(zero_sum))
    assert ag.cite(finite_horizon(zero_sum, 2)).count("@") == 2
    assert ag.cite(REPEATED) == ag.cite()


def test_signaling_games_are_solved_and_verified_with_beliefs() -> None:
    game: Any = ag.games.SignalingGame(
        prior={"strong": 0.9, "weak": 0.1},
        responses={"beer": ["fight", "leave"], "quiche": ["fight", "leave"]},
        payoffs={
            (kind, message, reply): (
                int((kind == "strong") == (message == "beer")) + 2 * (reply == "leave"),
                int((reply == "fight") == (kind == "weak")),
            )
            for kind in ("strong", "weak")
            for message in ("beer", "quiche")
            for reply in ("fight", "leave")
        },
    )
    found = ag.solve(game)
    assert found == ag.solvers.sequential(game) == ag.solve(game, "sequential")
    assert {eq.payoffs[0] for eq in found.equilibria if eq.intuitive} == {Fraction(29, 10)}
    with pytest.raises(GameError, match=r"verify_assessment\(game, profile, beliefs\)"):
        ag.verify(game, found.equilibria[0].profile)
    with pytest.raises(GameError, match="'pure' is not for a signaling game"):
        ag.solve(game, "pure")
