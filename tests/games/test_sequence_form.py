"""Sequence form, reduced normal form, and the two ways between mixtures and behavior."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame
from alignment_games.errors import GameError, ProfileError, WorkLimitError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.subgames import subgame_roots

from ..random_trees import random_tree
from .test_information_sets import card_game, driver

SEEDS = range(60)


def some_behavior(tree: ExtensiveGame, rng: random.Random) -> list[list[Fraction]]:
    vectors = []
    for names in tree.actions:
        weights = [rng.randint(0, 3) for _ in names]
        weights[rng.randrange(len(names))] += 1
        vectors.append([Fraction(w, sum(weights)) for w in weights])
    return vectors


@pytest.mark.parametrize("seed", SEEDS)
def test_reduced_plans_are_plans_with_what_they_rule_out_forgotten(seed: int) -> None:
    """Each plan of the normal form has the payoffs of the reduced plan that it contains."""
    tree = random_tree(seed)
    full, reduced, form = tree.normal_form(), tree.reduced_normal_form(), tree.sequence_form()
    shapes = []
    positions = []
    for who, own in enumerate(form.players):
        plans = own.plans()
        assert own.count_plans() == len(plans) == len(set(plans))
        shapes.append(len(plans))
        of_plan = []
        for choice in np.ndindex(*map(len, own.actions)):
            fits = [
                k
                for k, plan in enumerate(plans)
                if all(a is None or a == b for a, b in zip(plan, choice, strict=True))
            ]
            assert len(fits) == 1
            of_plan += fits
        assert set(of_plan) == set(range(len(plans)))
        assert len(of_plan) == full.shape[who]
        positions.append(of_plan)
    assert reduced.shape == tuple(shapes)
    for one, other in zip(reduced.exact_payoffs, full.exact_payoffs, strict=True):
        assert (one[np.ix_(*positions)] == other).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_behavior_and_its_mixture_pay_the_same_and_come_back(seed: int) -> None:
    tree = random_tree(seed)
    form, rng = tree.sequence_form(), random.Random(seed)
    behavior = some_behavior(tree, rng)
    mixtures = form.mixtures(behavior)
    assert all(sum(vector) == 1 for vector in mixtures)
    reduced = tree.reduced_normal_form()
    payoffs = ag.solvers.expected_payoffs(tree, behavior)
    assert ag.solvers.expected_payoffs(reduced, mixtures) == payoffs
    again = form.behavior(mixtures)
    for own in form.players:
        plan = own.realization([behavior[k] for k in own.sets])
        assert own.realization([again[k] for k in own.sets]) == plan
        matrix, right = own.constraints()
        assert [sum(a * p for a, p in zip(row, plan, strict=True)) for row in matrix] == [*right]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_mixture_pays_what_its_behavior_pays(seed: int) -> None:
    """Kuhn's theorem, against the others' mixtures too."""
    tree = random_tree(seed)
    rng = random.Random(-seed)
    reduced = tree.reduced_normal_form()
    mixtures = []
    for size in reduced.shape:
        weights = [rng.randint(0, 2) for _ in range(size)]
        weights[rng.randrange(size)] += 1
        mixtures.append([Fraction(w, sum(weights)) for w in weights])
    behavior = tree.sequence_form().behavior(mixtures)
    wanted = ag.solvers.expected_payoffs(reduced, mixtures)
    assert ag.solvers.expected_payoffs(tree, behavior) == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_sparse_payoffs_against_realization_plans_are_expected_payoffs(seed: int) -> None:
    tree = random_tree(seed)
    form = tree.sequence_form()
    behavior = some_behavior(tree, random.Random(seed))
    plans = [own.realization([behavior[k] for k in own.sets]) for own in form.players]
    total = [Fraction(0)] * tree.n_players
    for where, values in form.payoffs.items():
        weight = Fraction(1)
        for plan, position in zip(plans, where, strict=True):
            weight *= plan[position]
        total = [t + weight * v for t, v in zip(total, values, strict=True)]
    assert tuple(total) == ag.solvers.expected_payoffs(tree, behavior)


def test_what_is_ruled_out_is_a_star() -> None:
    later = Decision("A", {"left": Terminal((3,)), "right": Terminal((1,))})
    tree = ExtensiveGame(Decision("A", {"in": later, "out": Terminal((2,))}), players=["A"])
    assert tree.reduced_normal_form().strategies == (("in, left", "in, right", "out, *"),)


def test_plans_that_pay_the_same_stay_apart() -> None:
    same = Decision("A", {"left": Terminal((1,)), "right": Terminal((1,))})
    assert ExtensiveGame(same, players=["A"]).reduced_normal_form().shape == (2,)


def test_an_action_named_like_the_star_does_not_mix_names_up() -> None:
    later = Decision("A", {"*": Terminal((3,)), "b": Terminal((1,))})
    tree = ExtensiveGame(Decision("A", {"in": later, "out": later}), players=["A"])
    (names,) = tree.reduced_normal_form().strategies
    assert len(set(names)) == 4


def test_floats_stay_floats_and_decimals_are_exact() -> None:
    tree = ExtensiveGame(
        Decision("A", {"a": Terminal((0.1,)), "b": Terminal((0.3,))}), players=["A"]
    )
    reduced = tree.reduced_normal_form()
    assert not reduced.exact
    assert reduced.exact_payoffs[0].tolist() == [Fraction(1, 10), Fraction(3, 10)]


def test_a_tree_that_is_over_has_one_reduced_plan_each() -> None:
    tree = ExtensiveGame(Terminal((1, 2)), players=["A", "B"])
    assert tree.reduced_normal_form().shape == (1, 1)
    assert tree.sequence_form().players[0].constraints() == (((1,),), (1,))
    assert tree.sequence_form().behavior([[1], [1]]) == ()


def test_forgetful_players_are_named() -> None:
    for ask in (driver().sequence_form, driver().reduced_normal_form):
        with pytest.raises(GameError, match=r"perfect recall.*'D at crossing' does not"):
            ask()


def test_many_reduced_plans_are_refused_before_they_are_listed() -> None:
    events = [f"event {k}" for k in range(200)]
    choice = Decision("A", {"a": Terminal((1,)), "b": Terminal((0,))})
    tree = ExtensiveGame(
        Chance(dict.fromkeys(events, choice), {name: Fraction(1, 200) for name in events}),
        players=["A"],
    )
    assert tree.sequence_form().players[0].count_plans() == 2**200
    with pytest.raises(WorkLimitError, match="the limit is 1000000"):
        tree.reduced_normal_form()


@pytest.mark.parametrize(
    "mixtures", [[[1]], [[1], [1]], [[1, 0, 1, -1], [1, 0]], [[2, 0, 0, 0], [1, 0]]]
)
def test_mixtures_that_do_not_fit_are_described(mixtures: Any) -> None:
    with pytest.raises(ProfileError, match="`mixtures`"):
        card_game().sequence_form().behavior(mixtures)


@pytest.mark.parametrize("behavior", [[[1, 0]], [[1, 0]] * 2 + [[1]], [[1, 0]] * 2 + [[1, 1]]])
def test_behavior_that_does_not_fit_is_described(behavior: Any) -> None:
    with pytest.raises(ProfileError, match="`behavior`"):
        card_game().sequence_form().mixtures(behavior)


@pytest.mark.parametrize("seed", SEEDS)
def test_subgames_are_as_defined(seed: int) -> None:
    """No information set has a decision inside and one outside."""
    tree = random_tree(seed)
    wanted = tuple(
        root
        for root, _ in tree.moves()
        if all(
            len({history[: len(root)] == root for history in members}) == 1
            for members in tree.information_sets
        )
        and not any(root in members and len(members) > 1 for members in tree.information_sets)
    )
    assert subgame_roots(tree) == wanted
