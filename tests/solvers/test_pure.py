"""Pure equilibria of any number of players, against a loop over all profiles."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.solvers import Status, pure_nash
from alignment_games.testing import games

SETTINGS = settings(max_examples=80, deadline=None)

MATCHING_PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def by_definition(game: NormalFormGame) -> list[tuple[str, ...]]:
    """Profiles from which no player gains by another strategy of its own."""
    found = []
    for profile in game.profiles():
        stable = all(
            game.payoff(who, *profile[:who], own, *profile[who + 1 :]) <= game.payoff(who, *profile)
            for who in range(game.n_players)
            for own in range(game.shape[who])
        )
        if stable:
            found.append(tuple(names[k] for names, k in zip(game.strategies, profile, strict=True)))
    return found


@SETTINGS
@given(games(min_players=1, max_players=4, payoffs=st.integers(-2, 2)))
def test_pure_equilibria_are_those_of_the_definition(game: NormalFormGame) -> None:
    solution = pure_nash(game)
    expected = by_definition(game)
    assert [eq.path for eq in solution.equilibria] == expected
    assert solution.status is (Status.COMPLETE if expected else Status.NONE)
    assert solution.concept == "pure-nash"
    assert solution.max_regret == 0
    for eq in solution.equilibria:
        assert eq.is_pure
        assert all(type(p) is Fraction for own in eq.profile for p in own)
        assert eq.payoffs == tuple(game.payoff(k, *eq.path) for k in range(game.n_players))


@SETTINGS
@given(games(max_players=3, payoffs=st.integers(-5, 5).map(lambda k: k / 10)))
def test_floating_games_are_answered_in_floats(game: NormalFormGame) -> None:
    solution = pure_nash(game)
    assert not solution.exact
    assert [eq.path for eq in solution.equilibria] == by_definition(game)
    assert all(type(p) is float for eq in solution.equilibria for own in eq.profile for p in own)
    assert solution.max_regret == 0


def test_it_is_proved_that_matching_pennies_has_none() -> None:
    solution = pure_nash(MATCHING_PENNIES)
    assert solution.status is Status.NONE
    assert solution.equilibria == ()
    assert len(solution) == 0
    assert solution.max_regret == 0
    assert str(solution).endswith("It is proved that no equilibrium of this kind exists.")


@pytest.mark.parametrize("players", [2, 3, 6])
def test_all_players_in_step(players: int) -> None:
    """Everyone is paid 1 if all choose alike: the two profiles in step are equilibria, and so
    are those that no single player can put in step."""
    in_step = [[sum(p) in {0, players}] for p in itertools.product((0, 1), repeat=players)]
    shared = np.array(in_step, dtype=int).reshape((2,) * players)
    solution = pure_nash(NormalFormGame([shared] * players))
    away = [math.comb(players, k) for k in range(2, players - 1)]
    assert len(solution) == 2 + sum(away)


def test_a_difference_in_the_last_digit_is_a_difference() -> None:
    assert [
        eq.path for eq in pure_nash(NormalFormGame([[1.0, 1.0000000000000002, 1.0]])).equilibria
    ] == [("s2",)]
    assert len(pure_nash(NormalFormGame([[Fraction(1, 3), Fraction(2, 6)]]))) == 2


def test_a_large_game_has_no_work_limit() -> None:
    rng = np.random.default_rng(5)
    game = NormalFormGame(rng.integers(0, 1000, (2, 60, 60)))
    solution = pure_nash(game)
    row, column = game.payoffs
    expected = {
        (i, j)
        for i, j in np.ndindex(60, 60)
        if row[i, j] == row[:, j].max() and column[i, j] == column[i].max()
    }
    assert {tuple(int(name[1:]) - 1 for name in eq.path) for eq in solution.equilibria} == expected
