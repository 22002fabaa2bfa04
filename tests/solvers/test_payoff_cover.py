"""Payoffs without lotteries: certificates, brute force, the set with lotteries, invariances."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import (
    Status,
    nearest_play,
    payoff_cover,
    repeated_payoffs,
    verify_automaton,
)

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def random_games(size: int, count: int) -> list[NormalFormGame]:
    rng = np.random.default_rng(size)
    return [
        NormalFormGame.from_bimatrix(*rng.integers(0, 10, (2, size, size)).tolist())
        for _ in range(count)
    ]


def test_known_sets() -> None:
    low = payoff_cover(RepeatedGame(DILEMMA, discount=Fraction(1, 5)))
    assert low.status is Status.COMPLETE
    assert low.attained == ((Fraction(1), Fraction(1)),)
    assert low.gap == 0
    none = payoff_cover(RepeatedGame(PENNIES, discount=Fraction(9, 10)))
    assert none.status is Status.NONE
    assert none.boxes == ()
    assert none.contains((0, 0)) is False
    # Two stage equilibria, and impatient players: nothing else, as no other profile deters.
    both = NormalFormGame.from_bimatrix([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    found = payoff_cover(RepeatedGame(both, discount=Fraction(9, 10)), cells=16)
    assert found.status is Status.PARTIAL
    assert found.contains((3, 1)) is found.contains((1, 3)) is True


def test_cooperation_and_alternation() -> None:
    """By hand: (C, C) needs 1/2; alternation needs delta 5 / (1 + delta) to pay for playing C."""
    for tenths, cooperate in ((4, False), (5, True), (6, True)):
        found = payoff_cover(RepeatedGame(DILEMMA, discount=Fraction(tenths, 10)), cells=32)
        assert found.contains((3, 3)) is cooperate
        delta = Fraction(tenths, 10)
        assert found.contains((5 / (1 + delta), 5 * delta / (1 + delta))) is True
        assert found.contains((1, 1)) is True
        assert found.contains((5, 0)) is False


@pytest.mark.parametrize(
    "discount",
    [
        Fraction(3, 10),
        pytest.param(Fraction(3, 5), marks=pytest.mark.slow),
        pytest.param((Fraction(1, 3), Fraction(2, 3)), marks=pytest.mark.slow),
    ],
)
def test_what_is_attained_is_verified_and_lies_in_boxes_and_in_the_set_with_lotteries(
    discount: Any,
) -> None:
    for stage in (DILEMMA, *random_games(2, 3), *random_games(3, 1)):
        game = RepeatedGame(stage, discount=discount)
        found = payoff_cover(game, cells=24)
        with_lotteries = repeated_payoffs(game)
        if found.status is Status.NONE:
            assert not with_lotteries.inner
            continue
        if found.play is None:
            continue
        again = verify_automaton(game, found.play.automaton)
        assert again.is_subgame_perfect
        assert set(found.attained) == {(a, b) for a, b in again.values.values()}
        for lottery in itertools.chain(
            *(own.values() for own in again.automaton.transitions.values())
        ):
            assert len(lottery) == 1
        for payoff in found.attained:
            assert with_lotteries.contains(payoff) is not False
            assert any(
                all(a <= v <= b for a, v, b in zip(low, payoff, high, strict=True))
                for low, high in found.boxes
            )


def test_small_automata_attain_nothing_outside() -> None:
    attained = 0
    for stage in (DILEMMA, *random_games(2, 2)):
        game = RepeatedGame(stage, discount=Fraction(3, 5))
        found = payoff_cover(game, cells=24)
        profiles = list(stage.profiles())
        for play in itertools.product(profiles, repeat=2):
            for to in itertools.product((0, 1), repeat=4):
                after: dict[str, Any] = {
                    str(k): {
                        own: str(to[k] if own == play[k] else to[2 + (own[0] == play[k][0])])
                        for own in profiles
                    }
                    for k in (0, 1)
                }
                automaton = Automaton(stage, play={"0": play[0], "1": play[1]}, after=after)
                verified = verify_automaton(game, automaton)
                if verified.is_subgame_perfect:
                    attained += 1
                    assert all(found.contains(own) is not False for own in verified.values.values())
    assert attained > 20


def test_finer_grids_give_smaller_gaps_and_smaller_covers() -> None:
    game = RepeatedGame(DILEMMA, discount=Fraction(3, 5))
    rough, fine = (payoff_cover(game, cells=own) for own in (16, 64))
    assert fine.gap < rough.gap / 2
    for low, high in fine.boxes:
        # A point inside, as borders belong to several boxes.
        middle = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
        assert rough.contains(middle) is not False


def test_no_point_of_a_box_is_farther_than_the_gap() -> None:
    rng = np.random.default_rng(0)
    found = payoff_cover(RepeatedGame(DILEMMA, discount=Fraction(7, 10)), cells=24)
    attained = np.array([[float(a), float(b)] for a, b in found.attained])
    farthest = 0.0
    for low, high in found.boxes:
        a, b = np.array([float(v) for v in low]), np.array([float(v) for v in high])
        for point in a + rng.random((20, 2)) * (b - a):
            farthest = max(farthest, np.hypot(*(attained - point).T).min())
    assert 0 < farthest <= found.gap < 3 * farthest


def test_the_nearest_play_is_the_nearest() -> None:
    found = payoff_cover(RepeatedGame(DILEMMA, discount=Fraction(3, 5)), cells=24)
    for payoff in ((2, 2), (4, 2), (0, 0)):
        play = nearest_play(found, payoff)
        assert play.is_subgame_perfect
        best = min((a - payoff[0]) ** 2 + (b - payoff[1]) ** 2 for a, b in found.attained)
        assert sum((a - b) ** 2 for a, b in zip(play.payoffs, payoff, strict=True)) == best
        assert len(play.path(50)) == 50


def test_positive_affine_payoffs_and_changed_places() -> None:
    for stage in random_games(2, 3):
        one, two = stage.exact_payoffs
        moved = NormalFormGame.from_bimatrix((2 * one + 1).tolist(), (3 * two).tolist())
        turned = NormalFormGame.from_bimatrix(two.T.tolist(), one.T.tolist())
        plain, other, third = (
            payoff_cover(RepeatedGame(own, discount=Fraction(3, 5)), cells=16)
            for own in (stage, moved, turned)
        )
        assert plain.status is other.status is third.status

        def area(boxes: Any) -> Fraction:
            return sum(((b[0] - a[0]) * (b[1] - a[1]) for a, b in boxes), Fraction(0))

        assert area(other.boxes) == 6 * area(plain.boxes)
        assert area(third.boxes) == area(plain.boxes)
        assert set(other.attained) == {(2 * a + 1, 3 * b) for a, b in plain.attained}


def test_errors() -> None:
    game = RepeatedGame(DILEMMA, discount=0.5)
    with pytest.raises(GameError, match="`game` must be a RepeatedGame"):
        payoff_cover(DILEMMA)  # type: ignore[arg-type]
    three = NormalFormGame([np.zeros((2, 2, 2)).tolist()] * 3)
    with pytest.raises(GameError, match="two players, got 3"):
        payoff_cover(RepeatedGame(three, discount=0.5))
    with pytest.raises(ParameterError, match="`cells`"):
        payoff_cover(game, cells=1)
    large = NormalFormGame.from_bimatrix(np.eye(11).tolist(), np.eye(11).tolist())
    with pytest.raises(WorkLimitError, match="up to 100 profiles, got 121"):
        payoff_cover(RepeatedGame(large, discount=0.5))
    none = payoff_cover(RepeatedGame(PENNIES, discount=0.5))
    with pytest.raises(GameError, match="must hold a payoff that is attained"):
        nearest_play(none, (0, 0))
    with pytest.raises(GameError, match="pair of numbers"):
        none.contains("x")


@pytest.mark.parametrize("size", [Fraction(10) ** 300, Fraction(1, 10**300)])
def test_the_gap_is_in_units_of_payoffs_of_any_size(size: Fraction) -> None:
    first = np.array([[3, 0], [5, 1]], dtype=object)
    small = payoff_cover(
        RepeatedGame(NormalFormGame([first, first.T]), discount=Fraction(3, 5)), cells=8
    )
    scaled = NormalFormGame([first * size, first.T * size])
    found = payoff_cover(RepeatedGame(scaled, discount=Fraction(3, 5)), cells=8)
    assert found.attained == tuple((a * size, b * size) for a, b in small.attained)
    assert found.gap == pytest.approx(small.gap * float(size), rel=1e-9)
