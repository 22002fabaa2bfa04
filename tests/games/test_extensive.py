"""Trees: construction, the way from and to normal forms, pruning, depth and size."""

from __future__ import annotations

import copy
import itertools
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Decision, Terminal
from alignment_games.games.extensive import Node
from alignment_games.testing import games

SETTINGS = settings(max_examples=40, deadline=None)
DEPTH = 3000


def raises(*fragments: str) -> Any:
    """Expect a GameError whose text holds each fragment, in order."""
    return pytest.raises(GameError, match="(?s)" + ".*".join(map(re.escape, fragments)))


def entry_tree() -> ExtensiveGame:
    """Market entry: the small state may seek the patron's base; the hegemon answers."""
    answer = Decision("hegemon", {"coerce": Terminal((-1, -1)), "yield": Terminal((1, 1))})
    return ExtensiveGame(
        Decision("small_state", {"stay out": Terminal((0, 2)), "enter": answer}),
        players=["small_state", "hegemon"],
    )


def chain(depth: int) -> ExtensiveGame:
    """Two players alternate; each may stop or go on."""
    node: Node = Terminal((0, 0))
    for k in reversed(range(depth)):
        node = Decision("AB"[k % 2], {"stop": Terminal((k, -k)), "go": node})
    return ExtensiveGame(node, players=["A", "B"])


@st.composite
def trees(draw: st.DrawFn, max_depth: int = 3) -> ExtensiveGame:
    """Draw small trees of two players with integer payoffs."""

    def grow(depth: int) -> Node:
        if depth == max_depth or draw(st.integers(0, 2)) == 0:
            return Terminal((draw(st.integers(-2, 2)), draw(st.integers(-2, 2))))
        actions = draw(st.integers(1, 2 if depth else 3))
        return Decision(
            draw(st.sampled_from("AB")),
            {f"{'abc'[k]}{depth}": grow(depth + 1) for k in range(actions)},
        )

    return ExtensiveGame(grow(0), players=["A", "B"])


def play(node: Node, choices: Mapping[tuple[str, ...], str]) -> Terminal:
    """Return the end that one action a decision leads to, by recursion on the tree."""

    def follow(here: Node, past: tuple[str, ...]) -> Terminal:
        if isinstance(here, Terminal):
            return here
        action = choices[past]
        return follow(here.branches[action], (*past, action))

    return follow(node, ())


# Construction


def test_a_tree_lists_its_decisions_depth_first() -> None:
    left = Decision("B", {"x": Terminal((1, 0)), "y": Decision("A", {"z": Terminal((0, 0))})})
    right = Decision("B", {"x": Terminal((0, 1))})
    tree = ExtensiveGame(
        Decision("A", {"l": left, "m": Terminal((5, 5)), "r": right}), players=["A", "B"]
    )
    assert tree.histories == ((), ("l",), ("l", "y"), ("r",))
    assert tree.agents == ("A", "B after l", "A after l, y", "B after r")
    assert tree.actions == (("l", "m", "r"), ("x", "y"), ("z",), ("x",))
    assert [history for history, _ in tree.decisions()] == list(tree.histories)
    assert [node.player for _, node in tree.decisions()] == ["A", "B", "A", "B"]
    assert tree.n_players == 2
    assert tree.exact


def test_node_walks_from_the_root() -> None:
    tree = entry_tree()
    assert tree.node(()) is tree.root
    assert tree.node(["enter", "yield"]) == Terminal((1, 1))
    with raises("'fight'", "('enter',)", "coerce", "yield"):
        tree.node(["enter", "fight"])
    with raises("'enter'", "('stay out',)"):
        tree.node(["stay out", "enter"])


@pytest.mark.parametrize(
    "history", [5, None, "enter", b"enter", [5], [["enter"]], [None]], ids=repr
)
def test_what_is_no_history_is_described(history: Any) -> None:
    with raises("`history`", "sequence of actions", repr(history)):
        entry_tree().node(history)


def test_a_tree_may_be_one_end() -> None:
    tree = ExtensiveGame(Terminal((1, 2)), players=["A", "B"])
    assert tree.histories == ()
    assert tree.agents == ()
    assert tree.actions == ()
    form = tree.normal_form()
    assert form.strategies == (("-",), ("-",))
    assert (form.payoff("A", 0, 0), form.payoff("B", 0, 0)) == (1, 2)


@pytest.mark.parametrize("value", [1, Fraction(1, 3), Decimal("0.1"), np.int64(3)])
def test_exact_payoffs_make_an_exact_tree(value: Any) -> None:
    assert ExtensiveGame(Decision("A", {"a": Terminal((value,))}), players=["A"]).exact


@pytest.mark.parametrize("value", [1.0, np.float64(0.5)])
def test_one_float_makes_a_floating_tree(value: Any) -> None:
    branches = {"a": Terminal((0,)), "b": Terminal((value,))}
    assert not ExtensiveGame(Decision("A", branches), players=["A"]).exact


def test_a_tree_does_not_change_with_the_mapping_it_was_made_of() -> None:
    branches: dict[str, Node] = {"a": Terminal((0,)), "b": Terminal((1,))}
    tree = ExtensiveGame(Decision("A", branches), players=["A"])
    branches["c"] = Terminal((2, 2, 2))
    assert tree.actions == (("a", "b"),)


def test_equal_trees_are_equal() -> None:
    assert entry_tree() == entry_tree()
    assert hash(entry_tree()) == hash(entry_tree())


def small_tree(
    mover: str = "A", actions: str = "xy", value: float = 1, players: str = "AB"
) -> ExtensiveGame:
    last = Decision(mover, {action: Terminal((value, 2)) for action in actions})
    return ExtensiveGame(Decision("A", {"go": last}), players=list(players))


@pytest.mark.parametrize(
    "other",
    [
        small_tree(mover="B"),
        small_tree(actions="yx"),
        small_tree(actions="xz"),
        small_tree(actions="x"),
        small_tree(value=3),
        small_tree(value=1.0),
        small_tree(players="BA"),
        ExtensiveGame(Decision("A", {"go": Terminal((1, 2))}), players=["A", "B"]),
        "a tree",
    ],
    ids=["mover", "order", "action", "fewer", "payoff", "exactness", "players", "end", "type"],
)
def test_trees_that_differ_in_one_thing_are_unequal(other: object) -> None:
    assert small_tree() == small_tree()
    assert small_tree() != other


def test_the_branches_of_a_tree_cannot_be_set() -> None:
    root: Any = entry_tree().root
    with pytest.raises(TypeError):
        root.branches["retreat"] = Terminal((0, 0))


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda tree: pickle.loads(pickle.dumps(tree))]
)
def test_a_part_of_a_tree_is_copied(copied: Any) -> None:
    """Its branches are read-only, and can go to another process all the same."""
    root = entry_tree().root
    assert copied(root) == root


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda tree: pickle.loads(pickle.dumps(tree))]
)
def test_copies_are_equal(copied: Any) -> None:
    floating = Decision("A", {"a": Terminal((0.1, Fraction(1, 3)))})
    for tree in (
        entry_tree(),
        ExtensiveGame(Terminal((1, 2)), players=["A", "B"]),
        ExtensiveGame(floating, players=["A", "B"]),
    ):
        twin = copied(tree)
        assert twin == tree
        assert hash(twin) == hash(tree)
        assert twin.histories == tree.histories
        assert twin.exact == tree.exact


# Trees that are none


@pytest.mark.parametrize(
    "payoffs",
    [
        (),
        (1,),
        (1, 2, 3),
        (1, float("nan")),
        (1, float("inf")),
        (1, True),
        (1, "2"),
        (1, None),
        (1, 2j),
        (1, [2]),
        5,
        None,
        b"12",
        bytearray(b"12"),
        "12",
        np.array(3.0),
        np.zeros((2, 1)),
    ],
    ids=repr,
)
def test_payoffs_are_one_finite_number_a_player(payoffs: Any) -> None:
    root = Decision("A", {"out": Terminal((0, 0)), "in": Terminal(payoffs)})
    with raises("('in',)", "payoff"):
        ExtensiveGame(root, players=["A", "B"])


def test_payoffs_beyond_the_range_of_floats_are_refused_as_in_a_normal_form() -> None:
    root = Decision("A", {"a": Terminal((10**400,)), "b": Terminal((0.5,))})
    with raises("payoffs"):
        ExtensiveGame(root, players=["A"])


BAD_BRANCHES: list[tuple[str, Any, tuple[str, ...]]] = [
    ("a", {}, ("decision of a", "()", "no action")),
    ("a", {"x": Decision("b", {})}, ("decision of b", "('x',)", "no action")),
    ("bb", {"x": Terminal((0, 0))}, ("unknown player 'bb'", "did you mean 'b'?")),
    ("a", {"x": 3}, ("('x',)", "a Decision, a Chance or a Terminal", "3")),
    ("a", [Terminal((0, 0))], ("list",)),
    ("a", None, ("None",)),
    ("a", {1: Terminal((0, 0))}, ("1",)),
    ("a", {"": Terminal((0, 0))}, ("''",)),
]


@pytest.mark.parametrize(("player", "branches", "fragments"), BAD_BRANCHES)
def test_bad_decisions_are_described(
    player: str, branches: Any, fragments: tuple[str, ...]
) -> None:
    with raises(*fragments):
        ExtensiveGame(Decision(player, branches), players=["a", "b"])


def test_a_root_that_is_no_node_is_described() -> None:
    root: Any = None
    with raises("a Decision, a Chance or a Terminal", "None"):
        ExtensiveGame(root, players=["a", "b"])


@pytest.mark.parametrize("players", [[], ["A", "A"], "AB", ["A", ""], ["A", 2], 5, None])
def test_bad_players_are_described(players: Any) -> None:
    with raises("`players`"):
        ExtensiveGame(Terminal((0, 0)), players=players)


# From normal forms


@SETTINGS
@given(games(max_players=3), st.data())
def test_moving_in_turn_keeps_every_payoff_in_any_order(
    game: NormalFormGame, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(game.n_players)))
    tree = ExtensiveGame.from_normal_form(game, order=order)
    assert tree.players == game.players
    assert tree.exact == game.exact
    for profile in game.profiles():
        moves = [game.strategies[who][profile[who]] for who in order]
        end = tree.node(moves)
        assert isinstance(end, Terminal)
        assert list(end.payoffs) == [game.payoff(k, *profile) for k in range(game.n_players)]
        for depth, who in enumerate(order):
            node = tree.node(moves[:depth])
            assert isinstance(node, Decision)
            assert node.player == game.players[who]


def test_the_order_is_given_by_names_or_positions() -> None:
    game = NormalFormGame.from_bimatrix([[1, 2]], [[3, 4]], players=["Row", "Column"])
    by_name = ExtensiveGame.from_normal_form(game, order=["Column", "Row"])
    assert by_name == ExtensiveGame.from_normal_form(game, order=[1, 0])
    assert by_name.histories == ((), ("s1",), ("s2",))
    assert by_name.agents[0] == "Column"
    assert ExtensiveGame.from_normal_form(game).agents[0] == "Row"


@pytest.mark.parametrize(
    ("order", "fragments"),
    [
        (["Row"], ("`order`", "once", "['Row']")),
        (["Row", "Row"], ("`order`", "once")),
        ([0, 1, 0], ("`order`", "once")),
        ([], ("`order`", "once")),
        (["Row", "Colum"], ("'Colum'", "did you mean 'Column'?")),
        ([0, 2], ("player", "0 to 1", "2")),
    ],
)
def test_bad_orders_are_described(order: Any, fragments: tuple[str, ...]) -> None:
    game = NormalFormGame.from_bimatrix([[1, 2]], [[3, 4]], players=["Row", "Column"])
    with raises(*fragments):
        ExtensiveGame.from_normal_form(game, order=order)


def test_a_tree_of_fractions_and_floats_keeps_the_fractions() -> None:
    game = NormalFormGame([[Fraction(1, 3), 0.5]])
    end = ExtensiveGame.from_normal_form(game).node(["s1"])
    assert isinstance(end, Terminal)
    assert end.payoffs[0] == Fraction(1, 3)


# To normal forms


@SETTINGS
@given(trees())
def test_the_normal_form_plays_out_every_profile_of_plans(tree: ExtensiveGame) -> None:
    form = tree.normal_form()
    assert form.players == tree.players
    assert form.exact
    decisions = list(tree.decisions())
    own = {p: [(h, n) for h, n in decisions if n.player == p] for p in tree.players}
    plans = [list(itertools.product(*(n.branches for _, n in own[p]))) for p in tree.players]
    assert form.strategies == tuple(tuple(", ".join(q) or "-" for q in part) for part in plans)
    for profile in itertools.product(*plans):
        choices = {
            history: action
            for player, plan in zip(tree.players, profile, strict=True)
            for (history, _), action in zip(own[player], plan, strict=True)
        }
        names = [", ".join(plan) or "-" for plan in profile]
        expected = play(tree.root, choices).payoffs
        assert tuple(form.payoff(p, *names) for p in tree.players) == expected


@SETTINGS
@given(games(max_strategies=3))
def test_plans_that_ignore_what_was_seen_give_the_simultaneous_game_back(
    game: NormalFormGame,
) -> None:
    form = ExtensiveGame.from_normal_form(game).normal_form()
    m, n = game.shape
    assert form.shape == (m, n**m)
    constant = [", ".join([name] * m) for name in game.strategies[1]]
    back = form.restrict(1, constant)
    assert np.array_equal(back.exact_payoffs, game.exact_payoffs)


def test_a_player_who_never_moves_has_one_plan() -> None:
    tree = ExtensiveGame(Decision("A", {"a": Terminal((1, 2))}), players=["A", "B"])
    assert tree.normal_form().strategies == (("a",), ("-",))


def test_plans_have_different_names_whatever_the_actions_are_called() -> None:
    second = Decision("A", {"c": Terminal((0,)), "b, c": Terminal((1,))})
    tree = ExtensiveGame(Decision("A", {"a": second, "a, b": Terminal((2,))}), players=["A"])
    assert tree.normal_form().shape == (4,)


def test_agents_have_different_names_whatever_the_actions_are_called() -> None:
    last = Decision("B", {"c": Terminal((0, 0))})
    tree = ExtensiveGame(
        Decision("A", {"a": Decision("A", {"b": last}), "a, b": last}), players=["A", "B"]
    )
    assert len(set(tree.agents)) == len(tree.agents) == 4


# Giving up actions


def test_without_removes_an_action_wherever_the_player_has_it() -> None:
    game = NormalFormGame(np.arange(18).reshape(2, 3, 3), strategies=[["b", "h", "w"]] * 2)
    tree = ExtensiveGame.from_normal_form(game)
    smaller = tree.without("player_2", "h", "w")
    assert smaller.actions == (("b", "h", "w"), ("b",), ("b",), ("b",))
    assert smaller == ExtensiveGame.from_normal_form(game.without("player_2", "h", "w"))
    assert tree.actions[1] == ("b", "h", "w")


@SETTINGS
@given(games(min_strategies=2), st.data())
def test_without_commutes_with_moving_in_turn(game: NormalFormGame, data: st.DataObject) -> None:
    who = data.draw(st.integers(0, 1))
    gone = data.draw(st.sampled_from(game.strategies[who]))
    player = game.players[who]
    pruned = ExtensiveGame.from_normal_form(game).without(player, gone)
    assert pruned == ExtensiveGame.from_normal_form(game.without(who, gone))


def test_without_keeps_the_decisions_of_which_something_is_left() -> None:
    smaller = entry_tree().without("hegemon", "coerce")
    assert smaller.actions == (("stay out", "enter"), ("yield",))
    assert smaller.node(["enter", "yield"]) == Terminal((1, 1))
    assert entry_tree().without("small_state", "enter").histories == ((),)


@pytest.mark.parametrize(
    ("player", "actions", "fragments"),
    [
        ("hegemon", ["coerc"], ("'hegemon'", "'coerc'", "did you mean 'coerce'?")),
        ("hegemon", ["enter"], ("'hegemon'", "'enter'", "coerce, yield")),
        ("hegemon", ["coerce", "yield"], ("hegemon", "('enter',)", "no action")),
        ("hegemone", ["coerce"], ("'hegemone'", "did you mean 'hegemon'?")),
        ("hegemone", [], ("'hegemone'", "did you mean 'hegemon'?")),
    ],
)
def test_what_cannot_be_given_up_is_described(
    player: str, actions: list[str], fragments: tuple[str, ...]
) -> None:
    with raises(*fragments):
        entry_tree().without(player, *actions)


# Depth and size


def test_a_deep_tree_is_built_and_walked() -> None:
    tree = chain(DEPTH)
    assert len(tree.histories) == DEPTH
    assert tree.histories[-1] == ("go",) * (DEPTH - 1)
    assert tree.agents[1] == "B after go"
    assert tree.node(("go",) * DEPTH) == Terminal((0, 0))
    assert len(list(tree.decisions())) == DEPTH


def test_a_deep_tree_can_be_pruned() -> None:
    tree = chain(DEPTH).without("A", "stop")
    assert len(tree.histories) == DEPTH
    assert tree.node(("go",) * (DEPTH - 1)) == chain(DEPTH).node(("go",) * (DEPTH - 1))
    assert tree.actions[0] == ("go",)


def test_a_deep_tree_is_shown() -> None:
    assert "ExtensiveGame" in repr(chain(DEPTH))


def test_deep_trees_are_compared() -> None:
    tree = chain(DEPTH)
    equal = tree == chain(DEPTH)
    assert equal
    different = tree == chain(DEPTH + 1)
    assert not different


def test_a_deep_tree_is_copied() -> None:
    tree = chain(DEPTH)
    for twin in (copy.deepcopy(tree), pickle.loads(pickle.dumps(tree))):
        assert twin.histories == tree.histories
        equal = twin == tree
        assert equal


def test_a_tree_of_more_than_a_million_nodes_is_refused() -> None:
    node: Node = Terminal((0,))
    for _ in range(20):
        node = Decision("A", {"a": node, "b": node})
    with pytest.raises(WorkLimitError, match="1000000 nodes"):
        ExtensiveGame(node, players=["A"])


def test_ends_and_decisions_count_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment_games.games.extensive._MAX_NODES", 10)

    def fan(ends: int) -> ExtensiveGame:
        branches = {f"a{k}": Terminal((k,)) for k in range(ends)}
        return ExtensiveGame(Decision("A", {"go": Decision("A", branches)}), players=["A"])

    assert len(fan(8).actions[1]) == 8
    with pytest.raises(WorkLimitError, match="more than 10 nodes"):
        fan(9)
    with pytest.raises(WorkLimitError, match="more than 10 nodes"):
        chain(6)
    assert len(chain(4).histories) == 4
    assert ExtensiveGame.from_normal_form(NormalFormGame([[0] * 5])).actions == (
        ("s1", "s2", "s3", "s4", "s5"),
    )
    with pytest.raises(WorkLimitError, match=r"\(6,\) game would have more than 10 nodes"):
        ExtensiveGame.from_normal_form(NormalFormGame([[0] * 6]))


def test_a_normal_form_too_large_for_a_tree_is_refused() -> None:
    game = NormalFormGame(np.zeros((1, 500_001), dtype=int))
    with pytest.raises(WorkLimitError, match=r"\(500001,\).* 1000000 nodes"):
        ExtensiveGame.from_normal_form(game)


def test_a_normal_form_of_more_than_a_million_profiles_is_refused() -> None:
    # 2^10 plans of A, 2^10 of B: more than a million profiles.
    with pytest.raises(WorkLimitError, match=str(2**20)):
        chain(20).normal_form()


def test_a_normal_form_of_too_many_plans_is_refused_before_they_are_listed() -> None:
    """A player with 40 binary decisions has 2^40 plans: they must be counted, not built."""
    resource = pytest.importorskip("resource")
    script = """
import resource
from alignment_games import ExtensiveGame
from alignment_games.errors import WorkLimitError
from alignment_games.games import Decision, Terminal
node = Terminal((0,))
for _ in range(40):
    node = Decision("A", {"stop": Terminal((1,)), "go": node})
tree = ExtensiveGame(node, players=["A"])
limit = 2 * 1024**3
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    tree.normal_form()
except WorkLimitError as error:
    print(error)
"""
    assert resource.RLIMIT_AS is not None
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert str(2**40) in done.stdout, done.stderr[-500:]
