"""Game files against pygambit, the program whose files they are.

pygambit is under the GPL and slow to build, so it is not among the packages of the tests. It runs
in a process of its own, with the Python that ALIGNMENT_GAMES_PYGAMBIT_PYTHON names (which needs
NumPy besides), else with this one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.nodes import Node
from alignment_games.io import (
    format_efg,
    format_nfg,
    parse_efg,
    parse_nfg,
    read_efg,
    read_nfg,
)

Ask = Callable[[list[tuple[str, str]]], list[dict[str, Any]]]

# Version 16 holds objects where version 17 holds names; payoff arrays are common to both.
_CHILD = """
import io, json, sys
import pygambit
import alignment_games.io as own
from alignment_games.errors import AlignmentGamesError
from pathlib import Path

def label(item):
    return getattr(item, "label", item)

def strategies(game, player):
    return game.get_strategies(player) if hasattr(game, "get_strategies") else player.strategies

def report(kind, text):
    read = pygambit.read_nfg if kind == "nfg" else pygambit.read_efg
    game = read(io.BytesIO(text.encode()))
    answer = {
        "players": [label(p) for p in game.players],
        "strategies": [[label(s) for s in strategies(game, p)] for p in game.players],
        "payoffs": [[str(u) for u in own.ravel()] for own in game.to_arrays()],
        "recall": game.is_perfect_recall,
        "text": game.to_nfg() if kind == "nfg" else game.to_efg(),
        "as_nfg": game.to_nfg(),
    }
    ours = own.parse_nfg(text) if kind == "nfg" else own.parse_efg(text)
    try:
        theirs = own.to_pygambit(ours, title="A title")
    except AlignmentGamesError as error:
        return {"refused": str(error)}
    back = own.from_pygambit(theirs)
    answer["adapted"] = [
        theirs.title == "A title", same(ours, back), same(ours, own.from_pygambit(game))
    ]
    return answer

def same(one, other):
    if type(one) is not type(other) or hasattr(one, "strategies"):
        return one == other
    return (
        one.players == other.players and one.actions == other.actions
        and one.information_sets == other.information_sets
        and one.normal_form() == other.normal_form()
    )

games = json.load(sys.stdin)
if games == "catalog":
    folder = Path(pygambit.__file__).parent
    games = [(p.suffix[1:], p.read_text("utf-8"), str(p))
             for p in sorted(folder.rglob("*")) if p.suffix in (".nfg", ".efg")]
    print(json.dumps([{"path": path} | report(kind, text) for kind, text, path in games]))
else:
    print(json.dumps([report(*game) for game in games]))
"""


def their_python() -> str:
    named = os.environ.get("ALIGNMENT_GAMES_PYGAMBIT_PYTHON")
    if named:
        return named
    if importlib.util.find_spec("pygambit") is None:
        pytest.skip("pygambit is not installed; ALIGNMENT_GAMES_PYGAMBIT_PYTHON names no Python")
    return sys.executable


def ask(games: Any) -> list[dict[str, Any]]:
    source = str(Path(ag.__file__).parents[1])
    done = subprocess.run(
        [their_python(), "-c", _CHILD],
        input=json.dumps(games),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
        env=os.environ | {"PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


NAMES = ["hedge", 'say "no"', "a\\b", "x & y", "{", "<50%", "1/2", "long name"]
NUMBERS: list[Any] = [0, 1, -7, 10**30, Fraction(1, 3), Fraction(-(10**20), 7)]
FLOATS = [0.1, -1e-7, 1e22, 2.5e-300, 1e300, 123456.789, 5e-324, -0.0]


def random_form(rng: np.random.Generator, numbers: list[Any]) -> NormalFormGame:
    shape = tuple(rng.integers(1, 4, rng.integers(1, 4)))
    picks = rng.integers(0, len(numbers), (len(shape), *shape))
    payoffs = np.array(numbers, dtype=object)[picks]
    return NormalFormGame(
        payoffs,
        players=list(rng.permutation(NAMES)[: len(shape)]),
        strategies=[list(rng.permutation(NAMES)[:m]) for m in shape],
    )


def random_tree(rng: np.random.Generator, numbers: list[Any]) -> ExtensiveGame:
    players = list(map(str, rng.permutation(NAMES)[:2]))
    menus = [list(map(str, rng.permutation(NAMES)[: rng.integers(1, 4)])) for _ in range(4)]

    def grow(depth: int) -> Node:
        kind = int(rng.integers(0, 6))
        if depth == 3 or (kind == 0 and depth):
            return Terminal(tuple(numbers[k] for k in rng.integers(0, len(numbers), 2)))
        which = int(rng.integers(0, 4))
        branches = {action: grow(depth + 1) for action in menus[which]}
        if kind <= 1:
            weights = [int(w) for w in rng.integers(1, 5, len(branches))]
            shares = [Fraction(w, sum(weights)) for w in weights]
            return Chance(branches, dict(zip(branches, shares, strict=True)))
        # No set is met twice on a path, which pygambit 17 would call absent-minded.
        label = f"seen {which} {depth}" if kind < 4 else None
        return Decision(players[which % 2], branches, label)

    return ExtensiveGame(grow(0), players=players)


def signature(payoffs: np.ndarray[Any, Any]) -> list[Any]:
    """Describe a game up to duplicate strategies and the order of strategies.

    Of each player: the profiles' payoff vectors, sorted, of each strategy, sorted. pygambit's plans
    leave open what they rule out themselves, and may come in another order than ours.
    """
    for axis in range(1, payoffs.ndim):
        kept: dict[tuple[Any, ...], int] = {}
        for k in range(payoffs.shape[axis]):
            kept.setdefault(tuple(np.take(payoffs, k, axis=axis).ravel()), k)
        payoffs = np.take(payoffs, list(kept.values()), axis=axis)
    return [
        sorted(
            sorted(zip(*np.take(payoffs, k, axis=axis).reshape(len(payoffs), -1), strict=True))
            for k in range(payoffs.shape[axis])
        )
        for axis in range(1, payoffs.ndim)
    ]


def their_payoffs(answer: dict[str, Any]) -> np.ndarray[Any, Any]:
    shape = [len(own) for own in answer["strategies"]]
    own = [[Fraction(u) for u in values] for values in answer["payoffs"]]
    return np.array(own, dtype=object).reshape(len(shape), *shape)


def check_form(game: NormalFormGame, answer: dict[str, Any]) -> None:
    assert tuple(answer["players"]) == game.players
    assert tuple(map(tuple, answer["strategies"])) == game.strategies
    assert np.array_equal(their_payoffs(answer), game.exact_payoffs)
    assert parse_nfg(answer["text"]) == game.as_exact()
    assert all(answer["adapted"])


def check_tree(tree: ExtensiveGame, answer: dict[str, Any]) -> None:
    assert tuple(answer["players"]) == tree.players
    assert answer["recall"] == tree.has_perfect_recall
    form = tree.as_exact().normal_form()
    assert signature(their_payoffs(answer)) == signature(form.exact_payoffs)
    again = parse_efg(answer["text"])
    assert again.information_sets == tree.information_sets
    assert again.actions == tree.actions
    assert again.normal_form() == form
    assert signature(parse_nfg(answer["as_nfg"]).exact_payoffs) == signature(form.exact_payoffs)
    assert all(answer["adapted"])


@pytest.mark.parametrize("outcomes", [False, True])
@pytest.mark.parametrize("numbers", [NUMBERS, FLOATS], ids=["exact", "floats"])
def test_pygambit_reads_the_normal_forms_that_we_write(outcomes: bool, numbers: list[Any]) -> None:
    rng = np.random.default_rng([3, outcomes, len(numbers)])
    games = [random_form(rng, numbers) for _ in range(30)]
    answers = ask([("nfg", format_nfg(game, outcomes=outcomes, title="t")) for game in games])
    for game, answer in zip(games, answers, strict=True):
        check_form(game.as_exact(), answer)


@pytest.mark.parametrize("numbers", [NUMBERS, FLOATS], ids=["exact", "floats"])
def test_pygambit_reads_the_trees_that_we_write(numbers: list[Any]) -> None:
    rng = np.random.default_rng([4, len(numbers)])
    trees: list[ExtensiveGame] = []
    while len(trees) < 30:
        tree = random_tree(rng, numbers)
        if np.prod(tree.normal_form().shape) <= 300:
            trees.append(tree)
    assert {tree.has_perfect_information for tree in trees} == {True, False}
    assert {tree.has_perfect_recall for tree in trees} == {True, False}
    for tree, answer in zip(trees, ask([("efg", format_efg(t)) for t in trees]), strict=True):
        check_tree(tree, answer)


def test_names_with_backslashes_arrive_unchanged_or_are_refused() -> None:
    name = "a\\\\b"
    end = Terminal((1,))
    tree = ExtensiveGame(Decision("A", {name: end, "b": end}, "seen"), players=["A"])
    labelled = ExtensiveGame(Decision("A", {"a": end, "b": end}, name), players=["A"])
    form = NormalFormGame([[1, 2]], strategies=[["x", name]])
    texts = [("efg", format_efg(tree)), ("efg", format_efg(labelled)), ("nfg", format_nfg(form))]
    for answer in ask(texts):
        if "refused" in answer:
            assert f"{name!r} as " in answer["refused"]
        else:
            assert all(answer["adapted"])


def test_names_are_made_unique_in_the_same_way() -> None:
    strategies = '{ { "x" "" "x" } { "" "" } { "_1" "" } }'
    files = [
        ("nfg", f'NFG 1 R "" {{ "a" "a" "a_1" }} {strategies} {"1 " * 36}'),
        (
            "efg",
            """EFG 2 R "" { "" "p" "p" }
            p "" 2 1 "" { "x" "" "x" "x_1" } 0 t "" 0 t "" 0 t "" 0
            p "" 1 1 "" { "" } 0 t "" 1 "" { 1 2 3 }""",
        ),
    ]
    form, tree = ask(files)
    game = parse_nfg(files[0][1])
    assert tuple(form["players"]) == game.players
    assert tuple(map(tuple, form["strategies"])) == game.strategies
    assert tuple(tree["players"]) == parse_efg(files[1][1]).players
    assert parse_efg(tree["text"]).root == parse_efg(files[1][1]).root


def test_every_game_of_the_catalogue_is_read() -> None:
    answers = ask("catalog")
    if not answers:
        pytest.skip("this version of pygambit ships no games")
    for answer in answers:
        path = Path(answer["path"])
        if path.suffix == ".nfg":
            check_form(read_nfg(path), answer)
        else:
            check_tree(read_efg(path), answer)
