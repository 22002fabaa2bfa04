"""Repeated games and automata as data: what is accepted, and what is refused with a remedy."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import Automaton, RepeatedGame

DILEMMA = ag.NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
)
THIRD = Fraction(1, 3)
PLAY: dict[str, Any] = {"peace": ("C", "C"), "war": ("D", "D")}


def test_one_factor_or_one_a_player() -> None:
    assert RepeatedGame(DILEMMA, discount=0.9).discounts == (Fraction(9, 10),) * 2
    game = RepeatedGame(DILEMMA, discount=[Fraction(1, 3), np.float64(0.5)])
    assert game.discounts == (Fraction(1, 3), Fraction(1, 2))
    assert not game.exact
    assert RepeatedGame(DILEMMA, discount=Fraction(1, 2)).exact
    assert game.players == DILEMMA.players
    assert game.n_players == 2
    assert pickle.loads(pickle.dumps(game)).discounts == game.discounts


@pytest.mark.parametrize("discount", [0, 1, -0.5, 1.5, True, "0.5", None, float("nan"), 1j])
def test_a_factor_lies_between_0_and_1(discount: Any) -> None:
    with pytest.raises(ParameterError, match=r"`discount` must be .*above 0 and below 1, got"):
        RepeatedGame(DILEMMA, discount=discount)
    with pytest.raises(ParameterError, match=r"`discount` must be .*above 0 and below 1, got"):
        RepeatedGame(DILEMMA, discount=[0.5, discount])


@pytest.mark.parametrize("discount", [{0.5, 0.6}, {"player_1": 0.5, "player_2": 0.6}, b"ab"])
def test_factors_come_in_the_order_of_the_players(discount: Any) -> None:
    with pytest.raises(GameError, match="`discount` must be one number, or one for each of player"):
        RepeatedGame(DILEMMA, discount=discount)


def test_lotteries_of_floats_may_miss_one_by_rounding() -> None:
    thirds = dict.fromkeys(("a", "b", "c"), 1 / 3)
    game = Automaton(
        DILEMMA, play=dict.fromkeys(thirds, (0, 0)), after=dict.fromkeys(thirds, thirds)
    )
    lottery = game.transitions["a"][0, 0]
    assert sum(lottery.values()) == 1
    assert float(lottery["a"]) == pytest.approx(1 / 3, abs=1e-15)


def test_bad_repeated_games_are_described() -> None:
    with pytest.raises(GameError, match="`discount` must be one number, or one for each of pl"):
        RepeatedGame(DILEMMA, discount=[0.5] * 3)
    bad: Any = [[1]]
    with pytest.raises(GameError, match="`stage` must be a NormalFormGame, got list"):
        RepeatedGame(bad, discount=0.5)
    with pytest.raises(GameError, match="`stage` must be a NormalFormGame, got list"):
        Automaton(bad, play=PLAY, after={})


def test_what_follows_is_said_in_three_ways() -> None:
    game = Automaton(
        DILEMMA,
        play={"peace": (0, "C"), "war": ("D", 1)},
        after={"peace": {(0, 0): "peace", None: "war"}, "war": {"peace": 0.25, "war": 0.75}},
        start="war",
    )
    assert game.states == ("peace", "war")
    assert game.start == "war"
    assert game.actions == {"peace": (0, 0), "war": (1, 1)}
    assert game.transitions["peace"][0, 0] == {"peace": 1}
    assert game.transitions["peace"][1, 0] == {"war": 1}
    assert game.transitions["war"][1, 0] == {"peace": Fraction(1, 4), "war": Fraction(3, 4)}
    assert str(game).splitlines() == [
        "start: war",
        "peace: C, C; then after C, C peace; otherwise war",
        "war: D, D; then 0.25 peace + 0.75 war",
    ]
    all_named = {("C", "C"): "peace", ("C", "D"): "war", ("D", "C"): "peace", ("D", "D"): "war"}
    text = str(Automaton(DILEMMA, play=PLAY, after={"peace": all_named, "war": "war"}))
    assert "after C, C peace; after C, D war; after D, C peace; after D, D war" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"play": {}, "after": {}}, "`play` must be a mapping by state of one state or more"),
        ({"play": PLAY, "after": ["peace"]}, "`after` must be a mapping by state"),
        ({"play": PLAY, "after": {"war": "war"}}, "`after` must say what follows each of peace, w"),
        (
            {"play": PLAY, "after": {"war": "war", "peace": "pace"}},
            "leads to the unknown state 'p",
        ),
        (
            {"play": {"peace": "CC", "war": (1, 1)}},
            "must name one strategy for each player, got",
        ),
        ({"play": {"peace": ("C",), "war": (1, 1)}}, "one strategy for each of player_1, player_2"),
        ({"play": {"peace": ("C", "E"), "war": (1, 1)}}, "unknown strategy of player_2 'E'"),
        ({"start": "wr"}, "`start` must be a state, got 'wr'; did you mean 'war'"),
        (
            {"after": {"war": {("C", "C"): "war"}, "peace": "war"}},
            "must say what follows .'C', 'D",
        ),
        ({"after": {"war": {"war": 0.5, "peace": 0.4}, "peace": "war"}}, "sum to 1, got 0.9"),
        ({"after": {"war": {"war": 1.5, "peace": -0.5}, "peace": "war"}}, "not hold negative prob"),
        ({"after": {"war": {"war": "1"}, "peace": "war"}}, "must hold probabilities, got '1'"),
        ({"after": {"war": 3, "peace": "war"}}, "lead to a state or to probabilities of states"),
        ({"after": {"war": {"war": 0.3, "peace": 0.6999}, "peace": "war"}}, "1, got 0.9999"),
        (
            {"after": {"war": {"war": THIRD, "peace": THIRD}, "peace": "war"}},
            "probabilities that sum to 1, got 2/3",
        ),
        (
            {"after": {"war": {("C", "C"): "peace", (0, 0): "war", None: "war"}, "peace": "war"}},
            r"`after\['war'\]` says twice what follows \('C', 'C'\)",
        ),
        ({"play": {1: (0, 0)}, "after": {1: 1}}, "`play` must name states by text, got 1"),
        ({"play": {"": (0, 0)}, "after": {"": ""}}, "`play` must name states by text, got ''"),
        ({"start": ["peace"]}, r"`start` must be a state, got \['peace'\]"),
    ],
)
def test_bad_automata_are_described(arguments: dict[str, Any], message: str) -> None:
    usual: dict[str, Any] = {"play": PLAY, "after": {"peace": "war", "war": "war"}}
    with pytest.raises(GameError, match=message):
        Automaton(DILEMMA, **(usual | arguments))


def test_equal_games_and_automata_have_equal_hashes() -> None:
    one, two = (RepeatedGame(DILEMMA, discount=Fraction(own)) for own in ("9/10", "0.9"))
    assert one == two
    assert hash(one) == hash(two)
    assert one != RepeatedGame(DILEMMA, discount=0.9)  # a game of floats
    assert one == RepeatedGame(DILEMMA, discount=0.9).as_exact()
    assert one != RepeatedGame(DILEMMA, discount=[Fraction(9, 10), Fraction(1, 2)])
    assert one != DILEMMA
    after: dict[str, Any] = {"peace": {("C", "C"): "peace", None: "war"}, "war": "war"}
    machines = [Automaton(DILEMMA, play=PLAY, after=after) for _ in range(2)]
    other = Automaton(DILEMMA, play=PLAY, after=after | {"war": "peace"})
    assert machines[0] == machines[1] != other
    assert len({*machines, other}) == 2
    assert pickle.loads(pickle.dumps(machines[0])) == machines[0]
