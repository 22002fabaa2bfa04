"""Games of nashpy and QuantEcon.py, there and back; what happens without a package.

pygambit is tested in tests/oracles, in a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError
from alignment_games.io import (
    format_efg,
    format_nfg,
    from_nashpy,
    from_pygambit,
    from_quantecon,
    parse_nfg,
    to_nashpy,
    to_pygambit,
    to_quantecon,
)
from alignment_games.testing import games

SETTINGS = settings(max_examples=30, deadline=None)
TREE = ExtensiveGame.from_normal_form(NormalFormGame([[[1, 2]], [[3, 4]]]))


@SETTINGS
@given(games())
def test_nashpy_there_and_back(game: NormalFormGame) -> None:
    theirs = to_nashpy(game)
    assert isinstance(theirs, nashpy.Game)
    again = from_nashpy(theirs, players=game.players, strategies=game.strategies)
    assert again.as_exact() == game
    assert not again.exact


def test_nashpy_computes_the_same_payoffs() -> None:
    game = NormalFormGame.from_bimatrix([[1, Fraction(1, 3)], [0, 2]], [[3, 4], [5, 6]])
    theirs = to_nashpy(game)
    assert tuple(theirs[[1, 0], [0, 1]]) == (1 / 3, 4)
    theirs.payoff_matrices[0][0, 0] = 99  # its arrays are its own
    assert game.payoff(0, 0, 0) == 1


def test_integers_and_zero_sums_of_nashpy_stay_exact() -> None:
    game = from_nashpy(nashpy.Game(np.array([[1, -1], [-1, 1]])), players=["a", "b"])
    assert game == NormalFormGame.from_bimatrix(
        [[1, -1], [-1, 1]], [[-1, 1], [1, -1]], players=["a", "b"]
    )


def test_nashpy_has_two_players() -> None:
    with pytest.raises(GameError, match="two players only, `game` has 1"):
        to_nashpy(NormalFormGame([[1, 2]]))


@SETTINGS
@given(games(min_players=1, max_players=4, max_strategies=3))
def test_quantecon_there_and_back(game: NormalFormGame) -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    theirs = to_quantecon(game)
    assert isinstance(theirs, theory.NormalFormGame)
    assert theirs.nums_actions == game.shape
    for profile in game.profiles():
        expected = [float(game.payoff(k, *profile)) for k in range(game.n_players)]
        key = profile if game.n_players > 1 else profile[0]
        assert list(np.atleast_1d(theirs[key])) == expected
    again = from_quantecon(theirs, players=game.players, strategies=game.strategies)
    assert again.as_exact() == game


def test_quantecon_puts_own_strategies_first() -> None:
    theory = pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    rng = np.random.default_rng(0)
    shapes = [(2, 3, 4), (3, 4, 2), (4, 2, 3)]
    theirs = theory.NormalFormGame([theory.Player(rng.integers(0, 9, s)) for s in shapes])
    game = from_quantecon(theirs)
    assert game.exact
    assert game.shape == (2, 3, 4)
    for i, j, k in game.profiles():
        assert game.payoff(1, i, j, k) == theirs.players[1].payoff_array[j, k, i]
        assert game.payoff(2, i, j, k) == theirs.players[2].payoff_array[k, i, j]
    own = to_quantecon(game)
    for mine, other in zip(own.players, theirs.players, strict=True):
        assert (mine.payoff_array == other.payoff_array).all()


def test_quantecon_finds_the_same_pure_equilibria() -> None:
    pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    from quantecon.game_theory import pure_nash_brute

    rng = np.random.default_rng(1)
    for _ in range(20):
        game = NormalFormGame(rng.integers(-3, 4, (3, 2, 3, 2)))
        mine = {eq.support for eq in ag.solve(game, method="pure").equilibria}
        theirs = {
            tuple((game.strategies[k][s],) for k, s in enumerate(profile))
            for profile in pure_nash_brute(to_quantecon(game))
        }
        assert mine == theirs


@pytest.mark.parametrize("convert", [to_nashpy, to_quantecon])
def test_arrays_need_a_normal_form(convert: Any) -> None:
    if convert is to_quantecon:
        pytest.importorskip("quantecon", reason="QuantEcon.py is not installed")
    with pytest.raises(GameError, match=r"got ExtensiveGame; take its normal_form\(\)"):
        convert(TREE)
    with pytest.raises(GameError, match="got list"):
        convert([[1]])


@pytest.mark.parametrize(
    ("convert", "wanted"),
    [
        (from_nashpy, "nashpy.Game"),
        (from_quantecon, "quantecon.game_theory.NormalFormGame"),
        (from_pygambit, "pygambit.Game"),
    ],
)
@pytest.mark.parametrize("game", [TREE, [[1]], None])
def test_games_of_no_such_package_are_refused(convert: Any, wanted: str, game: Any) -> None:
    with pytest.raises(GameError, match=f"must be a {wanted}, got {type(game).__name__}"):
        convert(game)


@pytest.mark.parametrize("convert", [to_quantecon, to_pygambit])
def test_a_missing_package_is_named_with_its_extra(
    convert: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = convert.__name__.removeprefix("to_")
    for name in list(sys.modules):
        if name.partition(".")[0] == package:
            monkeypatch.delitem(sys.modules, name)

    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name.partition(".")[0] == package:
                raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match=rf"needs {package}.*alignment-games\[interop\]"):
        convert(NormalFormGame([[1]]))


def test_a_fault_inside_a_package_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "pygambit":
                raise ModuleNotFoundError("no deepdep", name="deepdep")

    monkeypatch.delitem(sys.modules, "pygambit", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match="no deepdep"):
        to_pygambit(NormalFormGame([[1]]))


# A stand-in for pygambit, which shows what it is handed


def stand_in(**functions: Any) -> ModuleType:
    module = ModuleType("pygambit")
    vars(module).update(functions)
    return module


def test_pygambit_is_handed_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    module = stand_in(
        read_nfg=lambda stream: held(["é"], "t", to_nfg=stream.read().decode()),
        read_efg=lambda stream: held(TREE.players, "", to_efg=stream.read().decode()),
    )
    monkeypatch.setitem(sys.modules, "pygambit", module)
    game = NormalFormGame([[Fraction(1, 3), 2]], players=["é"])
    assert to_pygambit(game, title="t").to_nfg() == format_nfg(game, title="t")
    assert to_pygambit(TREE).to_efg() == format_efg(TREE)


def held(players: Sequence[str], title: str, **texts: str) -> SimpleNamespace:
    """Return a game as pygambit might hold it, which writes the given text."""
    labels = [SimpleNamespace(label=name) for name in players]
    written: dict[str, Any] = {name: lambda text=text: text for name, text in texts.items()}
    return SimpleNamespace(players=labels, title=title, **written)


def test_names_that_pygambit_changes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    game = NormalFormGame([[1, 2]], players=["a"], strategies=[["x", "y"]])
    other = NormalFormGame([[1, 2]], players=["a"], strategies=[["x", "y!"]])
    for theirs, ours in (
        (held(["a"], "t", to_nfg=format_nfg(other)), "'y' as 'y!'"),
        (held(["a!"], "t", to_nfg=format_nfg(game)), "'a' as 'a!'"),
        (held(["a"], "", to_nfg=format_nfg(game)), "'t' as ''"),
    ):
        module = stand_in(read_nfg=lambda _, theirs=theirs: theirs)
        monkeypatch.setitem(sys.modules, "pygambit", module)
        with pytest.raises(GameError, match=f"name or title {ours}; .*without backslashes"):
            to_pygambit(game, title="t")


@pytest.mark.parametrize("game", [NormalFormGame([[1]]), TREE], ids=["form", "tree"])
@pytest.mark.parametrize("title", [None, 5, "a\\"], ids=repr)
def test_titles_that_no_file_can_hold_are_refused(
    game: Any, title: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pygambit", stand_in(read_nfg=None, read_efg=None))
    with pytest.raises(GameError, match="`title`"):
        to_pygambit(game, title=title)


def test_what_pygambit_refuses_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> None:
        raise ValueError("Parse error in game file: Invalid label")

    monkeypatch.setitem(sys.modules, "pygambit", stand_in(read_nfg=refuse))
    with pytest.raises(GameError, match=r"Invalid label; give players.* plain names"):
        to_pygambit(NormalFormGame([[1]], players=[" a"]))


def test_a_pygambit_without_files_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygambit", stand_in())
    for game in (NormalFormGame([[1]]), TREE):
        with pytest.raises(ImportError, match=r"newer pygambit, one with read_nfg"):
            to_pygambit(game)
    old = type("Game", (SimpleNamespace,), {"__module__": "pygambit.gambit"})(players=[])
    with pytest.raises(ImportError, match=r"newer pygambit, one with read_nfg"):
        from_pygambit(old)


def test_games_of_pygambit_are_read_from_their_files() -> None:
    other = type("Game", (SimpleNamespace,), {"__module__": "pygambit.gambit"})
    text = format_nfg(NormalFormGame([[1, 2]]))
    known = {"players": [], "to_efg": lambda: format_efg(TREE), "to_nfg": lambda: text}
    assert from_pygambit(other(is_tree=True, **known)) == TREE
    assert from_pygambit(other(is_tree=False, **known)) == parse_nfg(text)
    assert from_pygambit(other(**known)) == parse_nfg(text)
    assert from_pygambit(other(get_infosets=None, **known)) == TREE
