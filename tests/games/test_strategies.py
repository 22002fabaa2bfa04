"""The public hypothesis strategies draw what they promise."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.testing import degenerate_games, games

SETTINGS = settings(max_examples=100, deadline=None)


@SETTINGS
@given(st.data())
def test_games_keep_their_bounds(data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3))))
    few, many = sorted(data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4))))
    game = data.draw(
        games(min_players=low, max_players=high, min_strategies=few, max_strategies=many)
    )
    assert low <= game.n_players <= high
    assert all(few <= size <= many for size in game.shape)
    assert game.exact
    assert all(abs(v) <= 9 for v in game.exact_payoffs.flat)


@SETTINGS
@given(games())
def test_games_have_two_players_by_default(game: NormalFormGame) -> None:
    assert game.n_players == 2
    assert max(game.shape) <= 3


@SETTINGS
@given(games(payoffs=st.floats(-1, 1)))
def test_payoffs_come_from_the_strategy_given(game: NormalFormGame) -> None:
    assert not game.exact
    assert abs(game.payoffs).max() <= 1


def test_all_shapes_and_players_are_drawn() -> None:
    for shape in itertools.product((1, 2, 3), repeat=2):
        shapes = games().map(lambda game: game.shape)
        assert find(shapes, shape.__eq__) == shape
    assert find(games(max_players=3), lambda game: game.n_players == 3).n_players == 3


def test_what_fails_shrinks_to_the_simplest_game() -> None:
    game = find(games(), lambda game: game.shape[0] > 1 and bool(game.exact_payoffs.any()))
    assert game.shape == (2, 1)
    assert sorted(abs(v) for v in game.exact_payoffs.flat) == [0, 0, 0, 1]


def has_a_tie(own: Any) -> bool:
    """Whether some mixture of at most two rows has more best replies (columns) than rows in use.

    Mixtures: all pure ones, and those of two rows at which two columns cross.
    """
    m, n = own.shape
    mixtures = [{i: Fraction(1)} for i in range(m)]
    for (i, j), (a, b) in itertools.product(
        itertools.combinations(range(m), 2), itertools.combinations(range(n), 2)
    ):
        first, second = own[i, a] - own[i, b], own[j, a] - own[j, b]
        if first * second < 0:
            weight = second / (second - first)
            mixtures.append({i: weight, j: 1 - weight})
    for mixture in mixtures:
        earned = [sum(p * own[i, j] for i, p in mixture.items()) for j in range(n)]
        if earned.count(max(earned)) > len(mixture):
            return True
    return False


@SETTINGS
@given(degenerate_games(max_strategies=4))
def test_degenerate_games_have_a_tie_of_best_replies(game: NormalFormGame) -> None:
    row, column = game.exact_payoffs
    assert game.n_players == 2
    assert max(game.shape) <= 4
    assert game.exact
    assert has_a_tie(column) or has_a_tie(row.T)


def test_ties_of_either_player_and_of_mixtures_are_drawn() -> None:
    def pure_tie(own: Any) -> bool:
        return any(list(line).count(max(line)) > 1 for line in own)

    find(degenerate_games(), lambda g: not has_a_tie(g.exact_payoffs[0].T))
    find(degenerate_games(), lambda g: not has_a_tie(g.exact_payoffs[1]))
    find(
        degenerate_games(),
        lambda g: not pure_tie(g.exact_payoffs[0].T) and not pure_tie(g.exact_payoffs[1]),
        settings=settings(max_examples=5000, deadline=None),
    )


@pytest.mark.parametrize(
    "bounds",
    [
        {"min_players": 0},
        {"min_players": 3},
        {"max_players": 1},
        {"min_strategies": 0},
        {"max_strategies": 0},
        {"min_strategies": 4},
    ],
)
def test_impossible_bounds_are_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="1 <= minimum <= maximum"):
        games(**bounds)


def test_a_tie_needs_two_strategies() -> None:
    with pytest.raises(ValueError, match=r"strategies .* got 2 and 1"):
        degenerate_games(max_strategies=1)
