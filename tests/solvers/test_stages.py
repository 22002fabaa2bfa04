"""Subgame perfection with information sets, and its certificate."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.nodes import Node
from alignment_games.games.subgames import subgame_roots
from alignment_games.solvers import Status, certify, subgame_perfect
from alignment_games.solvers.stage_regret import stage_regrets

from ..games.test_information_sets import card_game, driver
from ..random_trees import random_tree
from .test_subgame_perfect import trees as seen_trees

SEEDS = range(40)
Profile = Sequence[Sequence[Fraction]]


def value(tree: ExtensiveGame, profile: Profile, history: tuple[str, ...], who: int) -> Fraction:
    """Return what a player expects from a node on, by recursion."""
    node = tree.node(history)
    if isinstance(node, Terminal):
        return Fraction(node.payoffs[who])
    if isinstance(node, Chance):
        weights = [Fraction(p) for p in node.probabilities.values()]
    else:
        (k,) = [k for k, own in enumerate(tree.information_sets) if history in own]
        weights = list(profile[k])
    return sum(
        (
            weight * value(tree, profile, (*history, action), who)
            for weight, action in zip(weights, node.branches, strict=True)
            if weight
        ),
        Fraction(0),
    )


def best_gain(tree: ExtensiveGame, profile: Profile, who: int) -> Fraction:
    """Return the largest gain in any subgame by any pure plan, by trying all."""
    own = [k for k, node in enumerate(nodes(tree)) if node.player == tree.players[who]]
    largest = Fraction(0)
    for root in subgame_roots(tree):
        inside = [k for k in own if tree.information_sets[k][0][: len(root)] == root]
        now = value(tree, profile, root, who)
        for choice in itertools.product(*(range(len(tree.actions[k])) for k in inside)):
            other = list(profile)
            for k, at in zip(inside, choice, strict=True):
                other[k] = [Fraction(int(at == j)) for j in range(len(tree.actions[k]))]
            largest = max(largest, value(tree, other, root, who) - now)
    return largest


def nodes(tree: ExtensiveGame) -> list[Decision]:
    found = []
    for members in tree.information_sets:
        node = tree.node(members[0])
        assert isinstance(node, Decision)
        found.append(node)
    return found


def pure_profiles(tree: ExtensiveGame) -> list[list[list[Fraction]]]:
    return [
        [
            [Fraction(int(at == j)) for j in range(len(names))]
            for at, names in zip(choice, tree.actions, strict=True)
        ]
        for choice in itertools.product(*(range(len(names)) for names in tree.actions))
    ]


def stage_plans(tree: ExtensiveGame, profile: Profile) -> tuple[object, ...]:
    """Return a profile without what a player's own play rules out within a subgame."""
    roots = subgame_roots(tree)
    kept: list[object] = []
    for members, vector in zip(tree.information_sets, profile, strict=True):
        first = members[0]
        root = max((r for r in roots if first[: len(r)] == r), key=len)
        mover = tree.node(first)
        assert isinstance(mover, Decision)
        reached = True
        for depth in range(len(root), len(first)):
            node = tree.node(first[:depth])
            if isinstance(node, Decision) and node.player == mover.player:
                (k,) = [k for k, own in enumerate(tree.information_sets) if first[:depth] in own]
                reached = reached and profile[k][list(node.branches).index(first[depth])] > 0
        kept.append(tuple(vector) if reached else None)
    return tuple(kept)


@pytest.mark.parametrize("seed", SEEDS)
def test_regret_is_zero_exactly_where_no_plan_gains_in_any_subgame(seed: int) -> None:
    tree, rng = random_tree(seed, max_profiles=64), random.Random(seed)
    profiles: list[Profile] = [*rng.choices(pure_profiles(tree), k=4)]
    profiles += [eq.profile for eq in ag.solve(tree).equilibria[:3]]  # type: ignore[misc]
    for profile in profiles:
        regret = ag.verify(tree, profile)
        for who in range(tree.n_players):
            largest = best_gain(tree, profile, who)
            assert (regret[who] == 0) == (largest == 0)
            assert regret[who] <= largest


@pytest.mark.parametrize("seed", SEEDS)
def test_every_equilibrium_is_certified_and_no_pure_one_is_missing(seed: int) -> None:
    tree = random_tree(seed, max_profiles=64)
    solution = ag.solve(tree)
    assert solution == subgame_perfect(tree) == ag.solve(tree, "subgame-decomposition")
    assert len(solution) >= 1
    assert solution.max_regret == 0
    found = {stage_plans(tree, eq.profile) for eq in solution.equilibria}  # type: ignore[arg-type]
    assert len(found) == len(solution)
    if solution.status is Status.COMPLETE:
        wanted = {
            stage_plans(tree, profile)
            for profile in pure_profiles(tree)
            if not any(best_gain(tree, profile, who) for who in range(tree.n_players))
        }
        assert wanted <= found


@given(seen_trees())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_one_decision_is_a_stage_where_all_is_seen(tree: ExtensiveGame) -> None:
    """The general certificate gives the one-shot gains of perfect information."""
    rng = random.Random(len(tree.histories))
    profile = [rng.choice(names) for names in tree.actions]
    vectors, _ = certify.distributions(tree, profile)
    values = certify._values(tree, vectors)
    assert tuple(stage_regrets(tree, vectors, values)) == ag.verify(tree, profile)


def entry() -> ExtensiveGame:
    """An entrant that stays out for 2, or plays a battle of the sexes with an incumbent."""

    def answer(*payoffs: tuple[int, int]) -> Decision:
        ends = {"left": Terminal(payoffs[0]), "right": Terminal(payoffs[1])}
        return Decision("incumbent", ends, "answer")

    inside = Decision("entrant", {"left": answer((3, 1), (0, 0)), "right": answer((0, 0), (1, 3))})
    root = Decision("entrant", {"out": Terminal((2, 2)), "in": inside})
    return ExtensiveGame(root, players=["entrant", "incumbent"])


def test_entry_before_a_battle_of_the_sexes_has_three_equilibria() -> None:
    """Out after (1, 3) and after the mixture, which pays 3/4; in before (3, 1)."""
    solution = ag.solve(entry())
    assert solution.status is Status.COMPLETE
    assert solution.method == "subgame-decomposition"
    three, one = Fraction(3, 4), Fraction(1, 4)
    assert {eq.profile for eq in solution.equilibria} == {
        ((0, 1), (1, 0), (1, 0)),
        ((1, 0), (0, 1), (0, 1)),
        ((1, 0), (three, one), (one, three)),
    }
    assert {eq.payoffs for eq in solution.equilibria} == {(3, 1), (2, 2)}
    paths = {eq.path for eq in solution.equilibria if eq.is_pure}
    assert paths == {("in", "left", "left"), ("out",)}


def test_the_reduced_normal_form_keeps_equilibria_that_are_not_perfect() -> None:
    """The incumbent's threat to go right deters entry with either plan of the entrant."""
    tree = entry()
    solution = ag.solve(tree, "reduced-normal-form")
    assert solution.game == tree.reduced_normal_form()
    assert solution.concept == "nash"
    assert {eq.payoffs for eq in solution.equilibria} == {(2, 2), (3, 1)}
    behaviors = [tree.sequence_form().behavior(eq.profile) for eq in solution.equilibria]
    assert any(max(ag.verify(tree, behavior)) > 0 for behavior in behaviors)
    assert not ag.solve(tree, "reduced-normal-form", exact=False).exact


def test_a_continuum_in_a_subgame_is_partial() -> None:
    def answer(k: int) -> Decision:
        return Decision("B", {"x": Terminal((k, 0)), "y": Terminal((1 - k, 0))}, "unseen")

    tree = ExtensiveGame(Decision("A", {"a": answer(1), "b": answer(0)}), players=["A", "B"])
    solution = ag.solve(tree)
    assert solution.status is Status.PARTIAL
    assert solution.degenerate
    assert solution.concept == "subgame-perfect"


def test_many_mixtures_of_one_behavior_are_no_continuum() -> None:
    """Each player mixes at two sets, so plans mix in many ways, but behavior in one."""
    pennies = [[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]

    def twice(event: str) -> Node:
        return Decision(
            "A",
            {
                first: Decision(
                    "B",
                    {side: Terminal(pennies[k][j]) for j, side in enumerate("lr")},
                    f"B sees {event}",
                )
                for k, first in enumerate("lr")
            },
            f"A sees {event}",
        )

    # One set of a third player ties the two events into one subgame.
    watched = {"here": twice("one"), "there": twice("two")}
    tree = ExtensiveGame(
        Chance(watched, {"here": Fraction(1, 2), "there": Fraction(1, 2)}), players=["A", "B"]
    )
    assert len(subgame_roots(tree)) == 3
    (only,) = ag.solve(tree).equilibria
    half = (Fraction(1, 2), Fraction(1, 2))
    assert only.profile == (half,) * 4
    reduced = ag.solve(tree, "reduced-normal-form")
    assert reduced.components[0].dimension > 0
    assert {tree.sequence_form().behavior(eq.profile) for eq in reduced.equilibria} == {(half,) * 4}


def test_three_players_who_move_at_once() -> None:
    table = [[[3, 0], [0, 1]], [[0, 1], [1, 0]]]
    game = NormalFormGame([table, table, table])

    def grow(chosen: tuple[int, ...]) -> Node:
        if len(chosen) == 3:
            return Terminal(tuple(own[chosen] for own in game.exact_payoffs))
        who = len(chosen)
        names = game.strategies[who]
        return Decision(
            game.players[who],
            {name: grow((*chosen, k)) for k, name in enumerate(names)},
            f"set {who}",
        )

    tree = ExtensiveGame(grow(()), players=game.players)
    solution, simultaneous = ag.solve(tree), ag.solve(game)
    assert solution.status is simultaneous.status
    assert {eq.payoffs for eq in solution.equilibria} == {
        eq.payoffs for eq in simultaneous.equilibria
    }


def test_the_card_game_has_its_equilibrium_in_behavior() -> None:
    """R. B. Myerson (1991), Game Theory: Analysis of Conflict, section 4.1: 1/3 and 2/3."""
    (only,) = ag.solve(card_game()).equilibria
    assert only.probabilities("Fred after black")["raise"] == Fraction(1, 3)
    assert only.probabilities("Alice at raised")["meet"] == Fraction(2, 3)


def never_reached() -> ExtensiveGame:
    """A choice of A after an event of probability 0, beside a game with a hidden move."""
    never = Decision("A", {"good": Terminal((1, 0)), "bad": Terminal((0, 0))})
    hidden = Decision("B", {"l": Terminal((0, 1)), "r": Terminal((0, 0))}, "unseen")
    either = Decision("A", {"x": hidden, "y": hidden})
    branches: dict[str, Node] = {"never": never, "other": either}
    return ExtensiveGame(Chance(branches, {"never": 0, "other": 1}), players=["A", "B"])


def test_play_after_an_event_of_probability_zero_is_perfect_too() -> None:
    tree = never_reached()
    (bad, agent) = (tree.actions[0].index("bad"), tree.agents[0])
    for eq in ag.solve(tree).equilibria:
        assert eq.probabilities(agent)["good"] == 1
    profile = [[Fraction(int(k == 0)) for k in range(len(names))] for names in tree.actions]
    profile[0] = [Fraction(int(k == bad)) for k in range(2)]
    assert ag.verify(tree, profile) == (1, 0)
    # A Nash equilibrium of the whole tree does not care.
    mixtures = tree.sequence_form().mixtures(profile)
    assert ag.verify(tree.reduced_normal_form(), mixtures) == (0, 0)


def test_floating_trees_give_floats() -> None:
    tree = entry()
    root = tree.root
    assert isinstance(root, Decision)
    other = ExtensiveGame(
        Decision("entrant", {"out": Terminal((1.9, 2)), "in": root.branches["in"]}),
        players=tree.players,
    )
    solution = ag.solve(other)
    assert not solution.exact
    assert all(isinstance(p, float) for eq in solution.equilibria for v in eq.profile for p in v)
    assert len(solution) == 3


def test_too_many_equilibria_are_cut_off_and_said_so() -> None:
    solution = subgame_perfect(entry(), max_equilibria=2)
    assert solution.status is Status.LIMIT
    assert len(solution) == 2


def test_forgetful_players_have_no_subgame_perfection() -> None:
    for ask in (
        lambda: ag.solve(driver()),
        lambda: ag.verify(driver(), [[1, 0]]),
        lambda: ag.solve(driver(), "reduced-normal-form"),
    ):
        with pytest.raises(GameError, match=r"perfect recall.*'D at crossing'"):
            ask()


def test_methods_fit_what_players_see() -> None:
    with pytest.raises(GameError, match="'backward-induction' is not for a tree with hidden moves"):
        ag.solve(card_game(), "backward-induction")


def test_a_stage_that_is_too_large_is_refused() -> None:
    """One hidden set of B ties 21 choices of A into one stage."""
    events = [f"event {k}" for k in range(21)]
    reply = {"left": Terminal((1, 0)), "right": Terminal((0, 1))}

    def choice() -> Decision:
        return Decision("A", {name: Decision("B", reply, "unseen") for name in ("up", "down")})

    tree = ExtensiveGame(
        Chance({name: choice() for name in events}, dict.fromkeys(events, Fraction(1, 21))),
        players=["A", "B"],
    )
    with pytest.raises(WorkLimitError, match=f"{2**22} profiles; the limit is 1000000"):
        ag.solve(tree)
