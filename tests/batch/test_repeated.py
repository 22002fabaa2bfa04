"""Payoff sets of many repeated games: against exact sets, errors that hold, invariances."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchStatus, RepeatedPayoffSets, repeated_payoffs
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import RepeatedGame
from alignment_games.solvers import Status
from alignment_games.solvers import repeated_payoffs as exact
from alignment_games.solvers._polygons import Polygon, distance, hull

OK, DEGENERATE, BAD, RESOLVED = BatchStatus


def tables(size: int, count: int, *, real: bool = False) -> FloatArray:
    rng = np.random.default_rng(size)
    shape = (count, 2, size, size)
    return rng.random(shape) if real else rng.integers(0, 10, shape).astype(float)


def solved(games: FloatArray, **options: Any) -> RepeatedPayoffSets:
    return repeated_payoffs(games[:, 0], games[:, 1], workers=1, **options)


def polygon(corners: FloatArray) -> Polygon:
    return hull((Fraction(a), Fraction(b)) for a, b in corners.tolist())


@pytest.mark.parametrize("discount", [0.3, 0.7, 0.9, (0.3, 0.6)])
@pytest.mark.parametrize("size", [2, 3])
def test_errors_hold_against_exact_sets(size: int, discount: Any) -> None:
    games = tables(size, 12)
    factors = np.broadcast_to(np.array(discount, dtype=float), (12, 2))
    sets = solved(games, discount=factors)
    certain = 0
    for k in range(12):
        game = RepeatedGame(NormalFormGame.from_bimatrix(*games[k]), discount=discount)
        known = exact(game)
        spans = max(float(np.ptp(own)) for own in games[k])
        room = sets.error[k] * spans * 1.5 + known.gap
        if sets.status[k] == OK:
            certain += 1
            assert sets.error[k] <= sets.max_error
            if known.status is Status.NONE:
                assert sets.count[k] == 0
                continue
            found = polygon(sets[k])
            assert distance(known.inner, found) <= room
            assert distance(found, known.inner) <= room
        else:
            # What is certain in any case: nothing is left out.
            assert sets.status[k] == DEGENERATE
            assert distance(polygon(sets[k]), known.inner) <= sets.max_error * spans
    assert certain > 6


def test_open_games_are_resolved() -> None:
    games = tables(3, 40)
    sets = solved(games, discount=0.7)
    again = solved(games, discount=0.7, resolve=True)
    opened = np.flatnonzero(sets.status == DEGENERATE)
    assert len(opened)
    assert set(again.status[opened].tolist()) <= {RESOLVED, DEGENERATE}
    assert (again.status[opened] == RESOLVED).sum() > len(opened) // 2
    assert np.array_equal(again.status == OK, sets.status == OK)
    assert again.offsets[-1] == len(again.corners)
    for k in opened.tolist():
        if again.status[k] == RESOLVED:
            known = exact(
                RepeatedGame(NormalFormGame.from_bimatrix(*games[k]), discount=Fraction(7, 10))
            )
            assert distance(known.inner, polygon(again[k])) < 1e-6


def test_the_same_game_in_other_units_and_places() -> None:
    games = tables(3, 30, real=True)
    plain = solved(games, discount=0.7)
    scaled = solved(games * np.array([4.0, 0.5])[:, None, None] - 2.0, discount=0.7)
    turned = solved(games[:, ::-1].transpose(0, 1, 3, 2), discount=0.7)
    both = (plain.status == OK) & (scaled.status == OK) & (turned.status == OK)
    assert both.sum() > 20
    for k in np.flatnonzero(both).tolist():
        here = polygon(plain[k])
        there = polygon((scaled[k] + 2.0) / [4.0, 0.5])
        mirrored = polygon(turned[k][:, ::-1])
        for other in (there, mirrored):
            assert distance(here, other) < 1e-5
            assert distance(other, here) < 1e-5


def test_threads_and_blocks_change_nothing() -> None:
    games = tables(2, 1100)
    one = solved(games, discount=0.6)
    two = repeated_payoffs(games[:, 0], games[:, 1], discount=np.full(1100, 0.6), workers=2)
    assert np.array_equal(one.corners, two.corners)
    assert np.array_equal(one.status, two.status)
    alone = solved(games[700:701], discount=0.6)
    assert np.array_equal(alone[0], one[700])
    assert np.array_equal(one[-1], one[1099])


def test_known_sets_and_bad_input() -> None:
    dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    broken = dilemma.copy()
    broken[1, 0, 0] = np.nan
    flat = np.zeros((2, 2, 2))
    sets = solved(np.array([dilemma, pennies, broken, flat]), discount=0.9)
    assert sets.status.tolist() == [OK, OK, BAD, OK]
    assert sets.count.tolist() == [4, 0, 0, 1]
    corners: Any = [[1, 1], [13 / 3, 1], [3, 3], [1, 13 / 3]]
    assert np.allclose(sets[0], corners, atol=1e-6)
    assert np.isinf(sets.error[2])
    assert str(sets) == "4 games, 5 corners; 3 ok, 1 bad input"
    none = solved(np.zeros((0, 2, 3, 3)), discount=0.5)
    assert len(none) == 0
    assert none.corners.shape == (0, 2)


def test_errors() -> None:
    games = tables(2, 3)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"discount": 1.0}, "`discount` must be above 0 and at most 0.999"),
        ({"discount": np.full(2, 0.5)}, r"`discount` must be one number, .* got shape \(2,\)"),
        ({"discount": "high"}, "`discount` must be a number"),
        ({"discount": np.nan}, "`discount` must be above 0"),
        ({"discount": 0.5, "max_error": 0.0}, "`max_error` must be a number from 1e-9"),
        ({"discount": 0.5, "steps": 0}, "`steps`"),
    )
    for options, message in wrong:
        with pytest.raises(ParameterError, match=message):
            solved(games, **options)
    with pytest.raises(GameError, match="1 to 12 strategies a player"):
        solved(np.zeros((1, 2, 13, 2)), discount=0.5)
