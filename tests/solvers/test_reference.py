"""Nashpy's algorithms as methods: nothing uncertified comes back, and no claim to be complete."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError
from alignment_games.solvers import Equilibrium, Solution, Status, nash, verify
from alignment_games.solvers import reference as implementation
from alignment_games.testing import games

METHODS = [
    "nashpy-support-enumeration",
    "nashpy-vertex-enumeration",
    "nashpy-lemke-howson",
]
SETTINGS = settings(max_examples=25, deadline=None)


def flat(eq: Equilibrium) -> npt.NDArray[np.float64]:
    return np.array([float(p) for own in eq.profile for p in own])


def is_honest(game: NormalFormGame, solution: Solution, method: str) -> None:
    assert solution.method == method
    assert solution.concept == "nash"
    assert solution.status in {Status.PARTIAL, Status.LIMIT, Status.FAILED}
    assert not solution.exact
    assert solution.components == ()
    if solution.status is not Status.LIMIT:
        assert (solution.status is Status.PARTIAL) == bool(solution.equilibria)
    spreads = [float(np.ptp(own)) for own in game.payoffs]
    for eq in solution.equilibria:
        assert eq.regret == verify(game, eq.profile)
        for r, spread in zip(eq.regret, spreads, strict=True):
            assert float(r) <= 1e-9 * (spread or 1.0)
        for vector in eq.profile:
            assert all(type(p) is float and p >= 0 for p in vector)


@pytest.mark.parametrize("method", METHODS)
@SETTINGS
@given(game=games(min_strategies=2, max_strategies=4, payoffs=st.integers(-50, 50)))
def test_what_comes_back_is_certified_and_never_called_complete(
    method: str, game: NormalFormGame
) -> None:
    is_honest(game, ag.solve(game, method=method), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (3, 3), (4, 4)])
def test_random_real_games_have_their_equilibria_found(method: str, shape: tuple[int, int]) -> None:
    """Without ties each equilibrium is isolated, so what is found is one of them."""
    rng = np.random.default_rng(sum(shape))
    for _ in range(8):
        game = NormalFormGame(rng.random((2, *shape)))
        solution = ag.solve(game, method=method)
        is_honest(game, solution, method)
        known = [flat(eq) for eq in nash(game).equilibria]
        for eq in solution.equilibria:
            assert any(np.allclose(flat(eq), other, atol=1e-7) for other in known)
        for k, eq in enumerate(solution.equilibria):
            for other in solution.equilibria[:k]:
                gap = flat(eq) - flat(other)
                assert np.abs(gap).max() > 1e-9
        if method != "nashpy-support-enumeration":  # it misses some (survey of other packages)
            assert solution.status is Status.PARTIAL
        if method == "nashpy-vertex-enumeration":
            assert len(solution) == len(known)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_a_player_without_a_choice_is_no_obstacle(method: str, shape: tuple[int, int]) -> None:
    payoffs = np.arange(shape[0] * shape[1]).reshape(shape)
    game = NormalFormGame.from_bimatrix(payoffs, payoffs)
    is_honest(game, ag.solve(game, method=method), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ([[0, 0], [0, 0]], [[0, 0], [0, 0]]),
        ([[5, 5, 5], [5, 5, 5]], [[1, 2, 3], [3, 2, 1]]),
        ([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
        (np.eye(4), np.eye(4)),
        ([[1, 1, 0], [1, 1, 0], [0, 0, 0]], [[1, 1, 0], [1, 1, 0], [0, 0, 0]]),
    ],
    ids=["zero", "one player indifferent", "AGT", "coordination", "twins"],
)
def test_ties_are_survived(method: str, row: Any, column: Any) -> None:
    game = NormalFormGame.from_bimatrix(row, column)
    is_honest(game, ag.solve(game, method=method), method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", [1e-200, 1e-12, 1e9, 1e200])
def test_payoffs_of_any_size_are_scaled_first(method: str, scale: float) -> None:
    row, column = np.array([[3.0, 1.0], [4.0, 0.0]]), np.array([[3.0, 4.0], [1.0, 0.0]])
    plain = ag.solve(NormalFormGame.from_bimatrix(row, column), method=method)
    game = NormalFormGame.from_bimatrix(scale * row, scale * column)
    solution = ag.solve(game, method=method)
    is_honest(game, solution, method)
    assert len(solution) == len(plain) >= 2
    for eq, other in zip(solution.equilibria, plain.equilibria, strict=True):
        assert np.allclose(flat(eq), flat(other))


@pytest.mark.parametrize("method", METHODS)
def test_payoffs_near_the_end_of_the_float_range_pass_no_impostor(method: str) -> None:
    """The spread overflows; matching pennies still has the even mixture only."""
    large = 1.7e308
    row = np.array([[large, -large], [-large, large]])
    game = NormalFormGame.from_bimatrix(row, -row)
    for eq in ag.solve(game, method=method).equilibria:
        assert np.allclose(flat(eq), 0.5)


@pytest.mark.parametrize(
    ("pairs", "kept"),
    [
        ([([0.5, 0.5], [0.5, 0.5])], 1),
        ([([0.5, 0.5], [0.5, 0.5]), ([0.5 + 1e-12, 0.5 - 1e-12], [0.5, 0.5])], 1),
        ([([1.0, 1e-13], [0.5, 0.5])], 0),
        ([([1.0, 0.0], [1.0, 0.0])], 0),
        ([([0.5 + 1e-6, 0.5 - 1e-6], [0.5, 0.5])], 0),
        ([([np.nan, np.nan], [0.5, 0.5])], 0),
        ([([np.inf, 0.0], [0.5, 0.5])], 0),
        ([([1.5, -0.5], [0.5, 0.5])], 0),
        ([([0.0, 0.0], [0.5, 0.5])], 0),
        ([([0.5, 0.5, 0.0], [0.5, 0.5])], 0),
        ([([50.0, 50.0], [0.5, 0.5])], 1),
        ([], 0),
    ],
)
def test_what_an_algorithm_makes_up_is_dropped(
    pairs: list[tuple[list[float], list[float]]], kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_up(*_: Any) -> Any:
        return [(np.array(x), np.array(y)) for x, y in pairs], True

    monkeypatch.setitem(implementation.NASHPY_METHODS, METHODS[0], made_up)
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    solution = ag.solve(pennies, method=METHODS[0])
    assert len(solution) == kept
    assert solution.status is (Status.PARTIAL if kept else Status.FAILED)
    for eq in solution.equilibria:
        assert eq.profile == ((0.5, 0.5), (0.5, 0.5))


def test_what_is_no_distribution_is_not_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its negative entry this would be the dilemma's equilibrium."""
    made_up = [(np.array([-0.3, 1.3]), np.array([0.0, 1.0]))]
    monkeypatch.setitem(implementation.NASHPY_METHODS, METHODS[0], lambda *_: (made_up, True))
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert len(ag.solve(dilemma, method=METHODS[0])) == 0


def test_pivoting_that_is_cut_off_is_said_to_have_reached_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(7)
    game = NormalFormGame(rng.random((2, 3, 3)))
    assert ag.solve(game, method=METHODS[2]).status is Status.PARTIAL
    monkeypatch.setattr(implementation, "_MAX_PIVOTS", 1)
    solution = ag.solve(game, method=METHODS[2])
    assert solution.status is Status.LIMIT
    assert len(solution) == 0


def test_an_algorithm_that_does_not_end_is_said_to_have_reached_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half = np.array([0.5, 0.5])
    monkeypatch.setitem(
        implementation.NASHPY_METHODS, METHODS[2], lambda *_: ([(half, half)], False)
    )
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    solution = ag.solve(pennies, method=METHODS[2])
    assert len(solution) == 1
    assert solution.status is Status.LIMIT


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("players", [1, 3])
def test_other_numbers_of_players_are_refused(method: str, players: int) -> None:
    game = NormalFormGame(np.zeros((players, *[2] * players), dtype=int))
    who = "one player" if players == 1 else "3 players"
    with pytest.raises(GameError, match=f"'{method}' is not for a normal form of {who}; choose"):
        ag.solve(game, method=method)
