"""Stochastic games as data: what is stored, what is refused, and the auxiliary games."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import NormalFormGame, StochasticGame

PAYOFFS = [[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[5]], [[7]]]]
MOVES: list[Any] = [[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]]


def game(**changes: Any) -> StochasticGame:
    given = {"payoffs": PAYOFFS, "transitions": MOVES, "discount": Fraction(1, 2), **changes}
    return StochasticGame(**given)


def test_numbers_and_names_are_kept() -> None:
    built = game(
        states=["peace", "war"],
        players=["S", "G"],
        strategies=[[["hedge", "balance"], ["wait", "coerce"]], [["fight"]] * 2],
    )
    assert built.exact
    assert built.discount == (Fraction(1, 2), Fraction(1, 2))
    assert built.n_states == built.n_players == 2
    assert built.stage("peace").payoff("S", "balance", "wait") == 3
    assert built.strategies[1] == (("fight",), ("fight",))
    assert built.transitions[0].shape == (2, 2, 2)
    assert built.exact_transitions[0][0, 0, 0] == Fraction(1)
    assert built.state_index("war") == built.state_index(1) == 1
    assert built.player_index("G") == 1
    with pytest.raises(ValueError, match="read-only"):
        built.transitions[0][0, 0, 0] = 0.5


def test_default_names() -> None:
    built = game()
    assert built.states == ("state_1", "state_2")
    assert built.players == ("player_1", "player_2")
    assert built.strategies[0][0] == ("s1", "s2")


def test_floats_stand_for_decimals() -> None:
    moves = [[[[0.1, 0.9], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]]
    built = game(transitions=moves, discount=[0.9, Decimal("0.8")])
    assert not built.exact
    assert built.discount == (0.9, 0.8)
    assert built.exact_discount == (Fraction(9, 10), Fraction(4, 5))
    assert built.exact_transitions[0][0, 0].tolist() == [Fraction(1, 10), Fraction(9, 10)]
    assert built.as_exact().exact
    assert built.as_exact().discount == (Fraction(9, 10), Fraction(4, 5))
    assert game(discount=Decimal("0.8")).exact
    assert not game(discount=0.5).exact


def test_a_fraction_among_floats_stays_one() -> None:
    third = game(payoffs=[PAYOFFS[0], [[[5.5]], [[7]]]], discount=Fraction(1, 3))
    assert third.discount == (1 / 3, 1 / 3)
    assert third.exact_discount == (Fraction(1, 3),) * 2
    assert third.as_exact().discount == (Fraction(1, 3),) * 2
    assert pickle.loads(pickle.dumps(third)) == third
    # The nearest float is 1, with which nothing has a value.
    patient = 1 - Fraction(1, 10**20)
    near_one = game(payoffs=[PAYOFFS[0], [[[5.5]], [[7]]]], discount=patient)
    assert near_one.exact_discount == (patient, patient)
    assert near_one.auxiliary_game(1, [[0, 0], [10**20, 0]]).payoffs[0] == 5.5 + 10**20


def test_a_row_of_floats_may_miss_one_by_rounding() -> None:
    moves = [np.full((2, 2, 3), 1 / 3), [[[0, 1, 0]]], [[[0, 0, 1]]]]
    built = game(payoffs=[*PAYOFFS, PAYOFFS[1]], transitions=moves)
    for own in built.exact_transitions:
        assert np.all(own.sum(axis=-1) == 1)
    assert np.allclose(built.transitions[0], 1 / 3, atol=1e-15)


@pytest.mark.parametrize("discount", [0, 1, -0.5, 1.5, Fraction(1), [0.5, 1.0]])
def test_discount_outside_the_open_interval(discount: Any) -> None:
    with pytest.raises(GameError, match=r"`discount.*above 0 and below 1"):
        game(discount=discount)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"discount": [0.5]}, "`discount` must be one number, or one for each of .*, got 1"),
        ({"discount": "high"}, "`discount` must be a number above 0 and below 1, got 'high'"),
        ({"discount": float("nan")}, "`discount` must be a number above 0 and below 1, got nan"),
        ({"states": ["a", "a"]}, "`states` must hold different names, got .'a', 'a'"),
        ({"states": ["a"]}, "`states` must hold 2 names"),
        ({"states": ["a", ""]}, "non-empty text"),
        ({"players": ["a", "a"]}, "state 'state_1': `players` must hold different names"),
        ({"strategies": [[["x", "x"], ["y", "z"]], [["w"]] * 2]},
         r"state 'state_1': `strategies\[0\]` must hold different names"),
        ({"payoffs": []}, "at least one state"),
        ({"payoffs": [[[[1, 2], [3]], [[1, 2], [3, 4]]], PAYOFFS[1]]}, "state 'state_1'"),
        ({"payoffs": [PAYOFFS[0], [[1, 2]]]}, "must be of the same players in all states"),
        ({"transitions": MOVES[:1]}, "`transitions` must be a sequence of 2, got 1"),
        ({"transitions": [MOVES[0], [[[1]]]]}, r"`transitions\[1\]` \(state 'state_2'\) must have"),
        ({"transitions": [[[[1, 0], [0, 1]], [[0, 1], [0]]], MOVES[1]]}, "unequal length"),
        ({"transitions": [MOVES[0], [[["a", 1]]]]}, r"`transitions\[1\]\[0\]\[0\]\[0\]` must be"),
    ],
)  # fmt: skip
def test_what_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GameError, match=message):
        game(**changes)


def test_a_row_with_another_sum_is_named_with_its_sum() -> None:
    moves: Any = [[[[1, 0], [0, 1]], [[0, 1], [Fraction(1, 3), Fraction(1, 3)]]], [[[0, 1]]]]
    with pytest.raises(GameError, match=r"state 'peace' after \(s2, s2\) the sum is 2/3"):
        game(transitions=moves, states=["peace", "war"])
    moves[0][1][1] = [0.5, 0.4999]
    with pytest.raises(GameError, match=r"after \(s2, s2\) the sum is 0\.9999"):
        game(transitions=moves)


def test_a_negative_probability_is_named() -> None:
    moves = [[[[1, 0], [0, 1]], [[2, -1], [0, 1]]], [[[0, 1]]]]
    with pytest.raises(GameError, match=r"after \(s2, s1\) state 'war' has -1"):
        game(transitions=moves, states=["peace", "war"])


def test_what_is_missing_or_a_time_is_no_probability() -> None:
    masked = np.ma.masked_array(np.full((2, 2, 2), 0.5), mask=np.arange(8).reshape(2, 2, 2) == 3)
    times = np.zeros((2, 2, 2), dtype="timedelta64[s]")
    for wrong in (masked, times):
        with pytest.raises(
            GameError, match=r"`transitions\[0\]` must hold probabilities, got an ar"
        ):
            game(transitions=[wrong, MOVES[1]])


def test_too_many_transitions() -> None:
    with pytest.raises(WorkLimitError, match="the limit is 2000000"):
        StochasticGame([[np.zeros(1001)]] * 2000, [[[1]]] * 2000, 0.5)


def test_normal_forms_bring_their_names() -> None:
    stage = NormalFormGame([[1, 2]], players=["S"], strategies=[["a", "b"]])
    built = StochasticGame([stage], [[[1], [1]]], Fraction(1, 2))
    assert built.players == ("S",)
    with pytest.raises(GameError, match="has its own names"):
        StochasticGame([stage], [[[1], [1]]], 0.5, players=["T"])


def test_the_auxiliary_game_adds_discounted_continuation() -> None:
    built = game()
    auxiliary = built.auxiliary_game("state_1", [[10, 20], [30, 40]])
    assert auxiliary.exact
    assert auxiliary.exact_payoffs[0].tolist() == [[2 + 5, 0 + 15], [3 + 15, 1 + 15]]
    assert auxiliary.exact_payoffs[1].tolist() == [[2 + 10, 3 + 20], [0 + 20, 1 + 20]]
    assert not built.auxiliary_game(0, [[1, 2], [3, 4.5]]).exact
    assert built.auxiliary_game(0, np.zeros((2, 2), dtype=int)) == built.stage(0)
    with pytest.raises(GameError, match="`continuation` must be a sequence of 2, got 1"):
        built.auxiliary_game(0, [[1, 2]])
    with pytest.raises(GameError, match=r"`continuation\[0\]\[1\]` must be a finite real number"):
        built.auxiliary_game(0, [[1, float("inf")], [1, 2]])


def test_unknown_states() -> None:
    with pytest.raises(GameError, match="unknown state 'pace'; did you mean 'peace'"):
        game(states=["peace", "war"]).state_index("pace")
    with pytest.raises(GameError, match="a state is a name or a position from 0 to 1, got 2"):
        game().state_index(2)


def test_absorbing_and_unreachable_states() -> None:
    # 0 -> 1 -> 2 (absorbing); 3 -> 0; nothing leads to 3.
    stay = [[[1]]] * 4
    moves = [[[0, 1, 0, 0]], [[0, 0, 1, 0]], [[0, 0, 1, 0]], [[1, 0, 0, 0]]]
    built = StochasticGame(stay, moves, 0.5, states=["a", "b", "c", "d"])
    assert built.absorbing == ("c",)
    assert built.unreachable() == ("d",)
    assert built.unreachable("b") == ("a", "d")
    assert built.unreachable("d") == ()
    assert built.unreachable(2) == ("a", "b", "d")


def test_equality_copies_and_pickles() -> None:
    built = game()
    assert built == game()
    assert hash(built) == hash(game())
    assert built != game(discount=Fraction(1, 3))
    assert built != game(discount=0.5)
    assert built != "a game"
    assert copy.deepcopy(built) is built
    assert pickle.loads(pickle.dumps(built)) == built
    floats = game(discount=0.5)
    assert pickle.loads(pickle.dumps(floats)) == floats
