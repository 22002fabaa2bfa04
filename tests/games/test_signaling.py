"""Signaling games as data: round trips through trees, and clear refusals."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import Any

import pytest

from alignment_games.errors import GameError
from alignment_games.games import Chance, Decision, ExtensiveGame, SignalingGame, Terminal

HALF = Fraction(1, 2)


def parts() -> dict[str, Any]:
    """Return a game with a message that ends it, correlated types on both sides, and floats."""
    prior = {("a", "x"): 0.4, ("a", "y"): 0.1, ("b", "x"): 0.2, ("b", "y"): 0.3}
    payoffs: dict[tuple[str, ...], Any] = {(t, s, "out"): (0, 5) for t, s in prior}
    payoffs |= {
        (t, s, "in", act): (k, k * k % 7 + 0.5)
        for k, (t, s, act) in enumerate((*pair, act) for pair in prior for act in ("l", "r"))
    }
    return {
        "prior": prior,
        "responses": {"out": [], "in": ["l", "r"]},
        "payoffs": payoffs,
        "players": ["state", "patron"],
    }


def test_the_tree_leads_back_to_the_game() -> None:
    game = SignalingGame(**parts())
    assert SignalingGame.from_tree(game.tree()) == game
    assert not game.exact
    assert game.prior["a", "y"] == Fraction(1, 10)
    assert game.tree().has_perfect_recall
    # Each type of the sender has one information set, each of the receiver one a message.
    assert len(game.tree().information_sets) == 2 + 2


def test_copies_and_pickles_are_equal() -> None:
    game = SignalingGame(**parts())
    assert copy.deepcopy(game) is game
    assert pickle.loads(pickle.dumps(game)) == game
    untyped = SignalingGame(prior={"t": 1}, responses={"m": []}, payoffs={("t", "m"): (1, 2)})
    assert pickle.loads(pickle.dumps(untyped)) == untyped
    assert untyped != game
    assert untyped.exact


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prior": {"a": HALF, "b": 0.4}}, "`prior` must sum to exactly 1, got 9/10"),
        ({"prior": {"a": 1, "b": 0}}, "`prior` must be positive, got 0"),
        ({"prior": {}}, "`prior` must map types"),
        ({"prior": {("a", "x"): HALF, ("b", "y"): HALF}}, "rule each other out"),
        ({"prior": {"a": HALF, ("b", "y"): HALF}}, "names, or else pairs of names"),
        ({"prior": {"a": HALF, "b": float("nan")}}, "`prior` must hold finite real numbers"),
        ({"responses": {"out": "lr"}}, r"`responses\['out'\]` must be a sequence"),
        ({"responses": {}}, "`responses` must map each message"),
        ({"responses": {"in": ["l", "l"]}}, r"`responses\['in'\]` must hold different names"),
        ({"responses": {"in, out": []}}, "without commas"),
        ({"payoffs": {}}, "got none for"),
        ({"payoffs": parts()["payoffs"] | {("a", "x", "inn"): (0, 0)}}, "no outcome"),
        ({"payoffs": parts()["payoffs"] | {("a", "x", "out"): (0,)}}, "two finite real numbers"),
        ({"players": ["state", "state"]}, "`players` must name a sender and a receiver"),
        ({"players": "ab"}, "`players` must name a sender and a receiver"),
    ],
)
def test_bad_parts_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GameError, match=message):
        SignalingGame(**(parts() | changes))


def test_an_unknown_outcome_is_named() -> None:
    with pytest.raises(GameError, match="no outcome"):
        SignalingGame(**parts()).payoffs(("a", "x"))


def tree_of(first: Any, second: Any, label: str | None = None) -> ExtensiveGame:
    return ExtensiveGame(
        Chance(
            {
                "one": Decision("state", {"talk": first}, label),
                "two": Decision("state", {"talk": second}, label),
            },
            {"one": HALF, "two": HALF},
        ),
        players=["state", "hegemon"],
    )


def heard(*actions: str, label: str = "heard") -> Decision:
    return Decision("hegemon", {a: Terminal((k, k)) for k, a in enumerate(actions)}, label)


def then(following: Decision) -> Decision:
    return Decision("hegemon", {"a": following}, "first")


def own_choice(worth: int, label: str | None = None) -> Decision:
    return Decision("state", {"b": Terminal((worth, 0)), "c": Terminal((2, 1))}, label)


def in_turn(*movers: tuple[str, str]) -> Any:
    node: Any = Terminal((0, 0))
    for player, label in reversed(movers):
        node = Decision(player, {"on": node}, label)
    return node


def test_hidden_last_moves_are_folded_where_what_is_hidden_does_not_matter() -> None:
    last = own_choice(3, "later"), own_choice(5, "later")
    game = SignalingGame.from_tree(tree_of(then(last[0]), then(last[1])))
    assert [game.payoffs((t, "talk", "a"))[0] for t in game.types] == [3, 5]


def test_draws_that_nobody_tells_apart_are_averaged() -> None:
    game = SignalingGame.from_tree(
        tree_of(
            Decision("hegemon", {"go": Terminal((0, 4))}, "heard"),
            Decision("hegemon", {"go": Terminal((1, 2))}, "heard"),
            "type blind",
        )
    )
    assert game.types == ("blind",)
    assert game.payoffs(("blind", "talk", "go")) == (HALF, Fraction(3))


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (ExtensiveGame(heard("a"), players=["state", "hegemon"]), "must begin with a chance move"),
        (ExtensiveGame(Terminal((0, 0, 0)), players=["a", "b", "c"]), "has two players"),
        (tree_of(heard("a"), Terminal((0, 0))), "the same responses"),
        (tree_of(heard("a"), heard("b", label="else")), "the same responses"),
        (
            tree_of(heard("a", label="1"), heard("a", label="2")),
            "types that rule each other out are not supported",
        ),
        (
            tree_of(then(own_choice(1, "later")), then(own_choice(3, "later"))),
            "do not depend on what is hidden.*would choose 'c' or 'b'",
        ),
        (
            tree_of(
                then(in_turn(("state", "A"), ("hegemon", "B"))),
                then(in_turn(("hegemon", "B"), ("state", "A"))),
            ),
            "depends on itself",
        ),
        (tree_of(then(own_choice(1)), then(own_choice(2))), "is indifferent between"),
    ],
)
def test_other_trees_are_refused(tree: ExtensiveGame, message: str) -> None:
    with pytest.raises(GameError, match=message):
        SignalingGame.from_tree(tree)
