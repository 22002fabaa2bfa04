"""Chance moves and information sets: construction, recall, normal form, and who may solve them."""

from __future__ import annotations

import copy
import itertools
import math
import pickle
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games._numeric import exact_number
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.nodes import History, Node
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)
THIRD = Fraction(1, 3)


def raises(*fragments: str) -> Any:
    return pytest.raises(GameError, match="(?s)" + ".*".join(map(re.escape, fragments)))


def card_game() -> ExtensiveGame:
    """Fred sees his card and may raise; Alice does not see it."""

    def meet(won: int) -> Decision:
        ends = {"meet": Terminal((2 * won, -2 * won)), "pass": Terminal((1, -1))}
        return Decision("Alice", ends, information_set="raised")

    return ExtensiveGame(
        Chance(
            {
                "red": Decision("Fred", {"raise": meet(1), "fold": Terminal((1, -1))}),
                "black": Decision("Fred", {"raise": meet(-1), "fold": Terminal((-1, 1))}),
            },
            {"red": Fraction(1, 2), "black": Fraction(1, 2)},
        ),
        players=["Fred", "Alice"],
    )


def driver() -> ExtensiveGame:
    """The absent-minded driver: one player meets one information set twice."""
    second = Decision("D", {"exit": Terminal((4,)), "go on": Terminal((1,))}, "crossing")
    first = Decision("D", {"exit": Terminal((0,)), "go on": second}, "crossing")
    return ExtensiveGame(first, players=["D"])


def simultaneous(game: NormalFormGame) -> ExtensiveGame:
    """Let all players of a normal form move in turn without seeing anything."""

    def grow(chosen: tuple[int, ...]) -> Node:
        who = len(chosen)
        if who == game.n_players:
            return Terminal(tuple(game.payoff(k, *chosen) for k in range(who)))
        branches = {name: grow((*chosen, k)) for k, name in enumerate(game.strategies[who])}
        return Decision(game.players[who], branches, game.players[who])

    return ExtensiveGame(grow(()), players=game.players)


@st.composite
def trees(draw: st.DrawFn, *, perfect: bool = False, max_depth: int = 3) -> ExtensiveGame:
    """Draw small trees with chance moves; decisions of a kind may share an information set."""

    def grow(depth: int) -> Node:
        kind = draw(st.sampled_from(["end", "chance", "A", "A", "B", "B"]))
        if depth == max_depth or (kind == "end" and depth):
            return Terminal((draw(st.integers(-2, 2)), draw(st.integers(-2, 2))))
        size = draw(st.integers(1, 3 if depth == 0 else 2))
        names = [f"{'abc'[k]}{size}" for k in range(size)]
        branches = {name: grow(depth + 1) for name in names}
        if kind in {"end", "chance"}:
            weights = [draw(st.integers(0, 3)) for _ in names]
            weights[0] += 1
            shares = [Fraction(w, sum(weights)) for w in weights]
            return Chance(branches, dict(zip(names, shares, strict=True)))
        label = None if perfect else draw(st.sampled_from([None, "x", "y"]))
        return Decision(kind, branches, label and f"{kind} {label} {size}")

    return ExtensiveGame(grow(0), players=["A", "B"])


def expected(
    tree: ExtensiveGame, choice: Mapping[History, str], past: History = ()
) -> tuple[Fraction, ...]:
    """Return the payoffs that a choice at each decision gives, by recursion."""
    node = tree.node(past)
    if isinstance(node, Terminal):
        return tuple(Fraction(u) for u in node.payoffs)
    if isinstance(node, Decision):
        return expected(tree, choice, (*past, choice[past]))
    total = [Fraction(0)] * tree.n_players
    for event, share in node.probabilities.items():
        for k, u in enumerate(expected(tree, choice, (*past, event))):
            total[k] += Fraction(share) * u
    return tuple(total)


def owner(tree: ExtensiveGame, members: tuple[History, ...]) -> str:
    node = tree.node(members[0])
    assert isinstance(node, Decision)
    return node.player


# Construction


def test_agents_stand_for_information_sets() -> None:
    game = card_game()
    assert game.agents == ("Fred after red", "Alice at raised", "Fred after black")
    assert game.information_sets == (
        (("red",),),
        (("red", "raise"), ("black", "raise")),
        (("black",),),
    )
    assert game.actions == (("raise", "fold"), ("meet", "pass"), ("raise", "fold"))
    assert game.histories == (("red",), ("red", "raise"), ("black",), ("black", "raise"))
    assert [h for h, _ in game.moves()] == [(), *game.histories]
    assert [h for h, _ in game.decisions()] == list(game.histories)
    assert game.exact
    assert not game.has_perfect_information
    assert game.has_perfect_recall


def test_chance_without_hidden_moves_leaves_information_perfect() -> None:
    toss = Chance(
        {"h": Decision("A", {"x": Terminal((1,))}), "t": Terminal((0,))}, {"h": 1, "t": 0}
    )
    game = ExtensiveGame(toss, players=["A"])
    assert game.has_perfect_information
    assert game.agents == ("A after h",)
    assert game.node(()) == toss


def test_a_float_probability_makes_a_floating_tree() -> None:
    ends: dict[str, Node] = {"a": Terminal((1,)), "b": Terminal((2,))}
    assert not ExtensiveGame(Chance(ends, {"a": 0.5, "b": 0.5}), players=["A"]).exact
    tree = ExtensiveGame(Chance(ends, {"a": np.float64(0.1), "b": 0.9}), players=["A"])
    assert tree.as_exact().exact
    assert tree.as_exact() == ExtensiveGame(
        Chance(ends, {"a": Fraction(1, 10), "b": Fraction(9, 10)}), players=["A"]
    )
    assert type(tree.root.probabilities["a"]) is float  # type: ignore[union-attr]


def test_numpy_probabilities_count_as_the_python_numbers_that_they_hold() -> None:
    """One rule for what is checked, stored and compared: the rule of normal forms."""
    ends: dict[str, Node] = {"a": Terminal((1,)), "b": Terminal((2,))}
    for kind in (np.float16, np.float32):
        tenth: Any = kind(0.1)
        nine_tenths: Any = kind(0.9)
        with raises("sum to exactly 1", "floats of Python", "np.float32(0.1) is 0.10000000149"):
            ExtensiveGame(Chance(ends, {"a": tenth, "b": nine_tenths}), players=["A"])
        half: Any = kind(0.5)
        tree = ExtensiveGame(Chance(ends, {"a": half, "b": half}), players=["A"])
        assert tree.root == Chance(ends, {"a": 0.5, "b": 0.5})
        rest = 1 - exact_number(tenth.item())
        tree = ExtensiveGame(Chance(ends, {"a": tenth, "b": rest}), players=["A"])
        assert tree.normal_form().payoff("A", 0) == float(1 + rest)
        assert ExtensiveGame(tree.root, players=["A"]) == tree


def test_probabilities_and_branches_cannot_be_set() -> None:
    shares = {"a": 1}
    tree = ExtensiveGame(Chance({"a": Terminal((1,))}, shares), players=["A"])
    shares["a"] = 2
    assert isinstance(tree.root, Chance)
    assert tree.root.probabilities["a"] == 1
    root: Any = tree.root
    with pytest.raises(TypeError):
        root.probabilities["a"] = 2


@pytest.mark.parametrize(
    ("probabilities", "fragments"),
    [
        ({"a": 1}, ("`probabilities`", "['a', 'b']")),
        ({"a": 0.5, "c": 0.5}, ("`probabilities`", "['a', 'b']")),
        ([0.5, 0.5], ("`probabilities`", "[0.5, 0.5]")),
        (None, ("`probabilities`", "None")),
        ({"a": 0.3333, "b": 0.6666}, ("sum to exactly 1", "9999/10000", "Fractions")),
        ({"a": 2, "b": -1}, ("not be negative", "2, -1")),
        ({"a": float("nan"), "b": 1}, ("finite", "nan")),
        ({"a": True, "b": 0}, ("finite real numbers", "True")),
        ({"a": "1", "b": 0}, ("finite real numbers", "str")),
    ],
)
def test_bad_probabilities_are_described(probabilities: Any, fragments: tuple[str, ...]) -> None:
    root = Chance({"a": Terminal((0,)), "b": Terminal((1,))}, probabilities)
    with raises(*fragments):
        ExtensiveGame(Decision("A", {"go": root}), players=["A"])


@pytest.mark.parametrize("branches", [{}, {"": Terminal((0,))}, {2: Terminal((0,))}, None, []])
def test_bad_events_are_described(branches: Any) -> None:
    with raises("chance move", "()"):
        ExtensiveGame(Chance(branches, {}), players=["A"])


def pair(first: Decision, second: Decision) -> ExtensiveGame:
    half = Fraction(1, 2)
    return ExtensiveGame(
        Chance({"l": first, "r": second}, {"l": half, "r": half}), players=["A", "B"]
    )


def decision(player: str, actions: str, label: Any) -> Decision:
    return Decision(player, {a: Terminal((0, 0)) for a in actions}, label)


def test_decisions_of_one_information_set_must_fit() -> None:
    with raises("'x' belongs to 'A'", "'B' after ('r',)", "another label"):
        pair(decision("A", "ab", "x"), decision("B", "ab", "x"))
    for actions in ("a", "ba", "abc", "ac"):
        with raises("'x'", "same actions in the same order", "['a', 'b'] after ('l',)"):
            pair(decision("A", "ab", "x"), decision("A", actions, "x"))
    for label in ("", 3, ("x",)):
        with raises("`information_set` of A after ('l',)", repr(label)):
            pair(decision("A", "ab", label), decision("A", "ab", None))


def test_names_of_agents_differ_whatever_the_labels_are() -> None:
    branches = {"l": decision("A", "a", "x at y"), "r": decision("A at x", "a", "y")}
    tree = ExtensiveGame(Decision("A at x", branches), players=["A", "A at x"])
    assert len(set(tree.agents)) == len(tree.agents) == 3


def test_equality_looks_at_sets_and_probabilities() -> None:
    base = pair(decision("A", "ab", "x"), decision("A", "ab", "x"))
    assert base == pair(decision("A", "ab", "x"), decision("A", "ab", "x"))
    assert base != pair(decision("A", "ab", "x"), decision("A", "ab", "y"))
    assert base != pair(decision("A", "ab", None), decision("A", "ab", None))
    ends: dict[str, Node] = {"a": Terminal((0,)), "b": Terminal((1,))}
    fair = Chance(ends, {"a": Fraction(1, 2), "b": Fraction(1, 2)})
    assert fair != Chance(ends, {"a": THIRD, "b": 1 - THIRD})
    assert fair != Decision("A", ends)
    assert Decision("A", ends) != fair
    assert fair != Terminal((0,))
    assert fair == Chance(dict(ends), {"b": Fraction(1, 2), "a": Fraction(1, 2)})


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))]
)
def test_copies_are_equal(copied: Any) -> None:
    for tree in (card_game(), driver()):
        for item in (tree, tree.root):
            assert copied(item) == item
        assert copied(tree).information_sets == tree.information_sets


def test_what_is_printed() -> None:
    assert repr(card_game().root) == "Chance({'red': Fraction(1, 2), 'black': Fraction(1, 2)})"
    assert "'crossing'" in repr(driver().root)


def test_a_very_deep_tree_is_refused_before_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment_games.games.walk.MAX_PATH_ACTIONS", 1_000_000)

    def chain(depth: int) -> ExtensiveGame:
        node: Node = Terminal((0,))
        for _ in range(depth):
            node = Decision("A", {"go": node})
        return ExtensiveGame(node, players=["A"])

    assert len(chain(1400).histories) == 1400  # 1400 * 1401 / 2 actions
    with pytest.raises(WorkLimitError, match=r"too deep: .* more than 1000000 actions"):
        chain(1500)


# Recall


def own_past(tree: ExtensiveGame, history: History) -> list[tuple[int, str]]:
    node = tree.node(history)
    assert isinstance(node, Decision)
    past = []
    for depth, action in enumerate(history):
        for k, members in enumerate(tree.information_sets):
            if history[:depth] in members and owner(tree, members) == node.player:
                past.append((k, action))
    return past


@SETTINGS
@given(trees())
def test_perfect_recall_is_as_defined(tree: ExtensiveGame) -> None:
    remembered = all(
        own_past(tree, history) == own_past(tree, members[0])
        for members in tree.information_sets
        for history in members
    )
    assert tree.has_perfect_recall == remembered


def test_the_absent_minded_driver_has_no_perfect_recall() -> None:
    assert not driver().has_perfect_recall
    assert driver().normal_form() == NormalFormGame(
        [[0, 1]], players=["D"], strategies=[["exit", "go on"]]
    )


# The normal form


@SETTINGS
@given(trees())
def test_the_normal_form_takes_expectations_over_every_profile_of_plans(
    tree: ExtensiveGame,
) -> None:
    form = tree.normal_form()
    assert form.exact
    own = [
        [k for k, s in enumerate(tree.information_sets) if owner(tree, s) == player]
        for player in tree.players
    ]
    plans = [list(itertools.product(*(tree.actions[k] for k in ks))) for ks in own]
    assert form.shape == tuple(len(p) for p in plans)
    assume(np.prod(form.shape) <= 500)
    for profile in form.profiles():
        choice = {
            history: action
            for who, ks in enumerate(own)
            for k, action in zip(ks, plans[who][profile[who]], strict=True)
            for history in tree.information_sets[k]
        }
        assert tuple(form.payoff(k, *profile) for k in (0, 1)) == expected(tree, choice)


def poker(cards: int, unit: Any = 1) -> ExtensiveGame:
    """Each of two players is dealt a card; A bets or checks, B calls a bet or folds."""
    deals: dict[str, Node] = {}
    for mine, yours in itertools.permutations(range(cards), 2):
        won = unit if mine > yours else -unit
        answer = {"call": Terminal((2 * won, -2 * won)), "fold": Terminal((unit, -unit))}
        bet = Decision("B", answer, f"B has {yours}")
        menu: dict[str, Node] = {"bet": bet, "check": Terminal((won, -won))}
        deals[f"{mine}{yours}"] = Decision("A", menu, f"A has {mine}")
    share = Fraction(1, len(deals))
    return ExtensiveGame(Chance(deals, dict.fromkeys(deals, share)), players=["A", "B"])


def test_payoffs_are_added_as_integers_over_the_least_scale() -> None:
    """131,072 profiles, with payoffs that fit machine integers and with some that do not."""
    form = poker(9).normal_form()
    assert form.shape == (2**9, 2**8 * 2)
    assert form.payoff("A", 0, 0) == 0  # always bet, always call: the cards are symmetric
    assert form.payoff("A", 0, form.shape[1] - 1) == 1  # always bet, always fold
    unit = Fraction(10**30, 7)
    small, large = poker(5).normal_form(), poker(5, unit).normal_form()
    assert np.array_equal(small.exact_payoffs * unit, large.exact_payoffs)
    for game in (small, large):
        values, scales = game.integer_payoffs
        assert all(type(value) is int for value in values.flat)
        for own, scale in zip(values, scales, strict=True):
            assert math.gcd(scale, *own.flat) == 1


def test_a_normal_form_that_takes_too_many_additions_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("alignment_games.games.plans._MAX_ADDITIONS", 1000)
    with pytest.raises(WorkLimitError, match=r"more than 1000 additions.*1024 profiles.*without"):
        poker(5).normal_form()
    assert poker(3).normal_form().shape == (8, 8)


@SETTINGS
@given(games(max_players=3))
def test_a_simultaneous_game_is_its_own_normal_form(game: NormalFormGame) -> None:
    tree = simultaneous(game)
    assert tree.normal_form() == game
    assert len(tree.agents) == game.n_players
    assert tree.has_perfect_recall


def test_the_card_game_has_its_equilibrium() -> None:
    """The card game of Myerson (1991), Game Theory, figure 2.1.

    Alice is indifferent where Fred raises a black card with probability q and
    -2 + 2 q = -(1 + q); Fred, with a black card, where she meets with 1 - 3 p = -1.
    """
    form = card_game().normal_form()
    assert form.payoff("Fred", "raise, fold", "meet") == Fraction(1, 2)
    (only,) = ag.solve(form).equilibria
    assert only.probabilities("Fred") == {
        "raise, raise": THIRD,
        "raise, fold": 1 - THIRD,
        "fold, raise": 0,
        "fold, fold": 0,
    }
    assert only.probabilities("Alice") == {"meet": 1 - THIRD, "pass": THIRD}
    assert only.payoffs == (THIRD, -THIRD)


def test_thirds_are_exact_and_floats_stay_floats() -> None:
    ends: dict[str, Node] = {k: Terminal((3 * n,)) for n, k in enumerate("abc")}
    thirds = ExtensiveGame(Chance(ends, dict.fromkeys("abc", THIRD)), players=["A"]).normal_form()
    assert thirds.exact
    assert thirds.payoff("A", "-") == 3
    floating = ExtensiveGame(Chance(ends, {"a": 0.1, "b": 0.2, "c": 0.7}), players=["A"])
    assert not floating.normal_form().exact
    assert floating.normal_form().payoff("A", "-") == 4.8


def test_giving_up_an_action_keeps_the_sets() -> None:
    fewer = card_game().without("Alice", "pass")
    assert fewer.information_sets == card_game().information_sets
    assert fewer.actions[1] == ("meet",)
    assert fewer.normal_form().shape == (4, 1)
    with raises("'Fred' has no action 'red'"):
        card_game().without("Fred", "red")  # chance is no player


# Solving and certifying


def all_choices(tree: ExtensiveGame) -> list[dict[History, str]]:
    return [
        dict(zip(tree.histories, choice, strict=True))
        for choice in itertools.product(*tree.actions)
    ]


@SETTINGS
@given(trees(perfect=True))
def test_backward_induction_goes_through_chance_moves(tree: ExtensiveGame) -> None:
    assume(np.prod([len(a) for a in tree.actions], dtype=float) <= 200)
    wanted = []
    for choice in all_choices(tree):
        stable = True
        for history, node in tree.decisions():
            who = tree.players.index(node.player)
            here = expected(tree, choice, history)[who]
            others = [expected(tree, choice, (*history, a))[who] for a in node.branches]
            stable = stable and here == max(others)
        if stable:
            wanted.append(choice)
    solution = ag.solvers.subgame_perfect(tree)
    found = [
        dict(zip(tree.histories, (own[0] for own in eq.support), strict=True))
        for eq in solution.equilibria
    ]
    assert all(choice in wanted for choice in found)
    assert len(found) == len(wanted)
    assert solution.max_regret == 0
    for eq, choice in zip(solution.equilibria, found, strict=True):
        assert eq.payoffs == expected(tree, choice)


@SETTINGS
@given(trees(perfect=True), st.data())
def test_regret_is_the_largest_one_shot_gain(tree: ExtensiveGame, data: st.DataObject) -> None:
    profile = [data.draw(st.sampled_from(names)) for names in tree.actions]
    choice = dict(zip(tree.histories, profile, strict=True))
    gains = {player: Fraction(0) for player in tree.players}
    for history, node in tree.decisions():
        who = tree.players.index(node.player)
        here = expected(tree, choice, history)[who]
        for action in node.branches:
            gain = expected(tree, choice, (*history, action))[who] - here
            gains[node.player] = max(gains[node.player], gain)
    assert ag.verify(tree, profile) == tuple(gains.values())
    assert ag.solvers.expected_payoffs(tree, profile) == expected(tree, choice)


@SETTINGS
@given(trees(), st.data())
def test_payoffs_of_hidden_moves_are_those_of_the_normal_form(
    tree: ExtensiveGame, data: st.DataObject
) -> None:
    profile = [data.draw(st.sampled_from(names)) for names in tree.actions]
    choice = {
        history: action
        for members, action in zip(tree.information_sets, profile, strict=True)
        for history in members
    }
    assert ag.solvers.expected_payoffs(tree, profile) == expected(tree, choice)


def test_payoffs_and_gains_with_hidden_moves() -> None:
    tree = card_game()
    profile = ["raise", "meet", "fold"]
    assert ag.solvers.expected_payoffs(tree, profile) == (Fraction(1, 2), Fraction(-1, 2))
    # Against a Fred who folds with black, Alice should pass.
    assert ag.verify(tree, profile) == (0, Fraction(1, 2))


def test_a_label_on_a_single_decision_hides_nothing() -> None:
    answer = Decision("B", {"fight": Terminal((-1, -1)), "yield": Terminal((1, 1))}, "entered")
    tree = ExtensiveGame(Decision("A", {"out": Terminal((0, 2)), "in": answer}), players=["A", "B"])
    assert tree.has_perfect_information
    assert tree.agents == ("A", "B at entered")
    (only,) = ag.solve(tree).equilibria
    assert only.path == ("in", "yield")
    assert ag.verify(tree, {"A": "out", "B at entered": "fight"}) == (0, 2)


def test_a_path_ends_where_chance_moves() -> None:
    tree = ExtensiveGame(
        Decision("A", {
            "safe": Terminal((1,)),
            "risk": Chance({"won": Terminal((4,)), "lost": Terminal((0,))},
                           {"won": Fraction(1, 2), "lost": Fraction(1, 2)}),
        }),
        players=["A"],
    )  # fmt: skip
    (only,) = ag.solve(tree).equilibria
    assert only.payoffs == (2,)
    with pytest.raises(ValueError, match="chance moves after"):
        _ = only.path
    assert ag.solve(tree.without("A", "risk")).equilibria[0].path == ("safe",)
