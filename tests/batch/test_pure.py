"""Pure answers on many games: the same as the exact solvers give one by one."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchStatus, PureOutcomes, pure_outcomes
from alignment_games.batch import pure as implementation
from alignment_games.errors import GameError
from alignment_games.solvers import dominance, pure_nash, subgame_perfect

OK, DEGENERATE = BatchStatus.OK, BatchStatus.DEGENERATE
SIZES = [(1, 1), (1, 3), (2, 2), (3, 2), (2, 4), (3, 3), (5, 3)]


def games(m: int, n: int, count: int, spread: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng([m, n, spread])
    a, b = rng.integers(-spread, spread + 1, (2, count, m, n)).astype(float)
    return a, b


def positions(game: NormalFormGame, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(own.index(name) for own, name in zip(game.strategies, names, strict=True))


def dominated_by_pure(table: FloatArray) -> int:
    return sum(
        1 << i
        for i, own in enumerate(table)
        if any((other > own).all() for other in table)
    )  # fmt: skip


@pytest.mark.parametrize(("m", "n"), SIZES)
@pytest.mark.parametrize("spread", [1, 4, 1000])
def test_answers_are_those_of_the_exact_solvers(m: int, n: int, spread: int) -> None:
    a, b = games(m, n, 60, spread)
    answer = pure_outcomes(a, b)
    for k, (row, column) in enumerate(zip(a, b, strict=True)):
        game = NormalFormGame.from_bimatrix(row, column)
        found = [positions(game, eq.path) for eq in pure_nash(game).equilibria]
        if answer.equilibria_status[k] == OK:
            assert answer.profiles(k) == found
        else:
            assert set(answer.profiles(k)) < set(found)
        rows, columns = dominated_by_pure(row), dominated_by_pure(column.T)
        assert (answer.dominated_rows[k], answer.dominated_columns[k]) == (rows, columns)
        paths = {
            positions(game, eq.path)
            for eq in subgame_perfect(ExtensiveGame.from_normal_form(game)).equilibria
        }
        outcome = (answer.leader[k], answer.follower[k])
        if answer.sequential_status[k] == OK:
            assert paths == {outcome}
        else:
            assert len(paths) > 1
            if outcome[0] >= 0:
                assert {path[0] for path in paths} == {outcome[0]}


@pytest.mark.parametrize(("m", "n"), SIZES)
def test_dominance_is_open_exactly_where_a_strategy_nearly_dominates(m: int, n: int) -> None:
    a, b = games(m, n, 200, 2)
    answer = pure_outcomes(a, b)
    for k, (row, column) in enumerate(zip(a, b, strict=True)):
        weakly = any(
            (other >= own).all() and not (another > own).all()
            for table in (row, column.T)
            for i, own in enumerate(table)
            if not any((another > own).all() for another in table)
            for r, other in enumerate(table)
            if r != i
            for another in [other]
        )
        assert (answer.dominance_status[k] == DEGENERATE) == weakly


def test_dominance_agrees_with_the_solver_that_eliminates() -> None:
    a, b = games(3, 3, 80, 9)
    answer = pure_outcomes(a, b)
    for k, (row, column) in enumerate(zip(a, b, strict=True)):
        game = NormalFormGame.from_bimatrix(row, column)
        left = dominance(game, kind="strict", iterated=False).reduced
        for mask, names, kept in zip(
            (answer.dominated_rows[k], answer.dominated_columns[k]),
            game.strategies,
            left.strategies,
            strict=True,
        ):
            assert [name for s, name in enumerate(names) if not mask >> s & 1] == list(kept)


def test_within_the_tolerance_no_answer_changes() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.random((2, 500, 3, 3))
    wide = pure_outcomes(a, b, tolerance=1e-3)
    for _ in range(10):
        near = pure_outcomes(*(t + 1e-3 * t.max(axis=(1, 2), keepdims=True)
                               * rng.uniform(-1, 1, t.shape) for t in (a, b)))  # fmt: skip
        for answer, status in (
            (("equilibria",), "equilibria_status"),
            (("dominated_rows", "dominated_columns"), "dominance_status"),
            (("leader", "follower"), "sequential_status"),
        ):
            certain = getattr(wide, status) == OK
            assert 0 < certain.sum() < len(a)
            for name in answer:
                np.testing.assert_array_equal(
                    getattr(near, name)[certain], getattr(wide, name)[certain]
                )


def same(one: PureOutcomes, other: PureOutcomes) -> None:
    for name in PureOutcomes.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = games(3, 2, 999, 2)
    once = pure_outcomes(a, b, workers=1)
    monkeypatch.setattr(implementation, "_BLOCK", 100)
    same(once, pure_outcomes(a, b, workers=3))


def test_seven_by_seven_uses_every_bit() -> None:
    ones = np.zeros((1, 7, 7))
    ones[0, 6, 6] = 1
    assert pure_outcomes(ones, ones).profiles(0) == [(6, 6)]
    assert pure_outcomes(ones, ones).equilibria[0] == 1 << 48


def test_bad_input_is_a_status_and_bad_arrays_are_errors() -> None:
    a, b = games(2, 2, 3, 5)
    a[1, 0, 0] = np.inf
    answer = pure_outcomes(a, b)
    for name in ("equilibria_status", "dominance_status", "sequential_status"):
        assert (getattr(answer, name) == BatchStatus.BAD_INPUT).tolist() == [False, True, False]
    assert answer.equilibria[1] == answer.dominated_rows[1] == 0
    assert answer.leader[1] == answer.follower[1] == -1
    wrong: Any = [[[Fraction(1, 3)]]]
    with pytest.raises(GameError, match="`row_payoffs` must hold real numbers"):
        pure_outcomes(wrong, [[[1.0]]])
    with pytest.raises(GameError, match="1 to 7 strategies a player, got 8 x 1"):
        pure_outcomes(np.zeros((1, 8, 1)), np.zeros((1, 8, 1)))
    assert len(pure_outcomes(np.empty((0, 2, 2)), np.empty((0, 2, 2)))) == 0


def test_every_tie_of_small_games_is_seen() -> None:
    """All 2 x 2 games with payoffs 0 and 1: OK exactly where the exact answer is one path."""
    tables = [np.array(t, float).reshape(2, 2) for t in itertools.product((0, 1), repeat=4)]
    pairs = list(itertools.product(tables, repeat=2))
    a, b = (np.array([pair[k] for pair in pairs]) for k in (0, 1))
    answer = pure_outcomes(a, b)
    for k, (row, column) in enumerate(pairs):
        tree = ExtensiveGame.from_normal_form(NormalFormGame.from_bimatrix(row, column))
        paths = {eq.path for eq in subgame_perfect(tree).equilibria}
        assert (answer.sequential_status[k] == OK) == (len(paths) == 1)
