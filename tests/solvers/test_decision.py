"""Optimal policies: against brute force over all policies, ties made on purpose, invariances."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import StochasticGame
from alignment_games.solvers import markov_perfect, optimal_policy, verify_markov


def random_game(seed: int, sizes: list[int], *, scale: int = 1, move: int = 0) -> StochasticGame:
    rng = np.random.default_rng(seed)
    payoffs, moves = [], []
    for size in sizes:
        payoffs.append([[move + scale * int(v) for v in rng.integers(-9, 10, size)]])
        weights = rng.integers(1, 5, size=(size, len(sizes)))
        moves.append([[Fraction(int(w), int(row.sum())) for w in row] for row in weights])
    return StochasticGame(payoffs, moves, Fraction(4, 5))


@pytest.mark.parametrize("seed", range(12))
def test_no_policy_is_better_and_no_other_is_as_good(seed: int) -> None:
    game = random_game(seed, [3, 2, 2, 3])
    found = optimal_policy(game)
    best = set()
    for policy in itertools.product(*(own[0] for own in game.strategies)):
        gains = verify_markov(game, [[name] for name in policy])
        if not any(own[0] for own in gains):
            best.add(policy)
    assert set(itertools.product(*found.actions)) == best
    for eq in markov_perfect(game).equilibria:
        assert tuple(own[0] for own in eq.values) == found.values


def test_every_tie_is_listed() -> None:
    game = StochasticGame(
        [[[1, 1, 0]], [[0, 0]]], [[[1, 0], [1, 0], [0, 1]], [[1, 0], [1, 0]]], Fraction(1, 2)
    )
    found = optimal_policy(game)
    assert found.actions == (("s1", "s2"), ("s1", "s2"))
    assert not found.unique
    assert found.values == (2, 1)


def test_a_hair_decides_where_floats_do_not() -> None:
    hair = Fraction(1, 10**30)
    game = StochasticGame([[[1, 1 + hair]]], [[[1], [1]]], Fraction(1, 2))
    found = optimal_policy(game)
    assert found.actions == (("s2",),)
    assert found.values == (2 * (1 + hair),)


def test_scaling_and_moving_payoffs_changes_values_only() -> None:
    plain, other = random_game(3, [2, 3, 2]), random_game(3, [2, 3, 2], scale=7, move=5)
    first, second = optimal_policy(plain), optimal_policy(other)
    assert first.actions == second.actions
    assert second.values == tuple(7 * value + 25 for value in first.values)


def test_floats_give_floats() -> None:
    game = StochasticGame([[[0.1, 0.3]]], [[[1.0], [1.0]]], 0.9)
    found = optimal_policy(game)
    assert found.values == (3.0,)
    assert isinstance(found.values[0], float)
    assert found.at("state_1") == ("s2",)


def test_what_is_refused() -> None:
    with pytest.raises(GameError, match="must be a StochasticGame"):
        optimal_policy([[1]])  # type: ignore[arg-type]
    two = StochasticGame([[[[1]], [[1]]]], [[[[1]]]], Fraction(1, 2))
    with pytest.raises(GameError, match="must have one player, got 2"):
        optimal_policy(two)
    patient = StochasticGame([[[1]]], [[[1]]], 1 - Fraction(1, 10**12))
    with pytest.raises(WorkLimitError, match="`discount`"):
        optimal_policy(patient)
