"""Many logit equilibria at once: those of `quantal`, with errors that hold."""

from __future__ import annotations

import itertools
import sys
from typing import Any

import mpmath
import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchStatus, LogitEquilibria, correlated_feasibility, logit
from alignment_games.errors import GameError, ParameterError
from alignment_games.solvers import QuantalEquilibrium, Status, quantal

from .test_bimatrix import KINDS, stacked

OK, DEGENERATE, RESOLVED = BatchStatus.OK, BatchStatus.DEGENERATE, BatchStatus.RESOLVED
SIZES = list(itertools.product(range(1, 5), repeat=2))


def precisions(a: FloatArray, b: FloatArray, seed: int = 0) -> FloatArray:
    """Draw precisions from far below to far above 1, in units of the games' payoff differences."""
    spread = np.maximum(np.ptp(a, axis=(1, 2)), np.ptp(b, axis=(1, 2)))
    spread[spread == 0] = 1.0
    drawn: FloatArray = 10 ** np.random.default_rng(seed).uniform(-1, 2, len(a)) / spread
    return drawn


def agree(a: FloatArray, b: FloatArray, answer: LogitEquilibria) -> None:
    """Compare proved equilibria with those that `quantal` follows in small steps."""
    for k in np.flatnonzero(answer.status == OK).tolist():
        game = NormalFormGame.from_bimatrix(a[k], b[k])
        solution = quantal(game, float(answer.precision[k]))
        assert len(solution) == 1, (a[k], b[k], answer.precision[k])
        for ours, theirs in zip(
            (answer.row[k], answer.column[k]), solution.equilibria[0].profile, strict=True
        ):
            apart = np.abs(ours - np.array(theirs, float)).max()
            assert apart <= answer.error[k] + 1e-6, (a[k], b[k], answer.precision[k])
        np.testing.assert_allclose(
            answer.regret[k], np.array(solution.equilibria[0].regret, float), rtol=1e-4, atol=1e-6
            * max(np.ptp(a[k]), np.ptp(b[k])),
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_class_has_the_equilibria_of_the_solver_of_single_games(kind: str) -> None:
    proved = total = 0
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 6)
        answer = logit(a, b, precision=precisions(a, b))
        agree(a, b, answer)
        proved += int((answer.status == OK).sum())
        total += len(a)
        assert (answer.residual[answer.status == OK] <= 1e-6).all()
        assert (answer.error[answer.status == OK] <= 1e-6).all()
    assert proved > total // 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_100000_games_of_each_class(kind: str) -> None:
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 100_000 // len(SIZES), seed=1)
        agree(a, b, logit(a, b, precision=precisions(a, b, seed=1)))


def exact(a: FloatArray, b: FloatArray, precision: float, row: Any, column: Any) -> Any:
    """Newton's steps in 60 digits from a solution in floats; nothing is shared with the loops."""
    m = len(a)

    def equations(*x: Any) -> list[Any]:
        found: list[Any] = []
        for table, own, other in ((a, x[:m], x[m:]), (b.T, x[m:], x[:m])):
            values = [mpmath.fdot(line.tolist(), other) for line in table]
            odds = [mpmath.exp(precision * (v - values[0])) for v in values]
            found += [p - odd / mpmath.fsum(odds) for p, odd in zip(own, odds, strict=True)]
        return found

    with mpmath.workdps(60):
        start = [mpmath.mpf(float(p)) for p in (*row, *column)]
        return [float(p) for p in mpmath.findroot(equations, start)]


@pytest.mark.parametrize(("m", "n"), [(2, 2), (2, 3), (3, 3), (4, 2)])
@pytest.mark.parametrize("precision", [0.7, 6.0, 40.0])
def test_the_proved_error_bounds_the_error(m: int, n: int, precision: float) -> None:
    a, b = stacked("uniform", m, n, 4, seed=3)
    answer = logit(a, b, precision=precision)
    assert (answer.status == OK).all()
    for k in range(len(a)):
        ours = np.array([*answer.row[k], *answer.column[k]])
        true = exact(a[k], b[k], precision, answer.row[k], answer.column[k])
        assert np.abs(ours - true).max() <= answer.error[k] < 1e-9


def test_it_holds_for_every_game_that_rounds_to_the_one_given() -> None:
    """Beside a billion a float keeps seven digits after the point; the error says so."""
    rng = np.random.default_rng(8)
    a, b = rng.integers(-3, 4, (2, 200, 3, 3)) + 1e9
    wide = logit(a, b, precision=1.5)
    certain = wide.status == OK
    assert certain.mean() > 0.5
    assert (wide.error[certain] > 1e-9).all()
    for _ in range(5):
        near = logit(*(t + rng.choice([-1, 0, 1], t.shape) * 2.0**-23 for t in (a, b)),
                     precision=1.5)  # fmt: skip
        both = certain & (near.status == OK)
        for one, other in ((wide.row, near.row), (wide.column, near.column)):
            apart = np.abs(one - other).max(axis=1)[both]
            assert (apart <= (wide.error + near.error)[both]).all()
        assert (np.abs(wide.row - near.row)[both] > 0).any()


TURNING = [[5, 5, 5], [6, 4, 9], [9, 8, 0]], [[2, 0, 7], [0, 4, 3], [3, 1, 0]]
"""Its branch turns back at 2.906 and forth again at 0.994."""


def test_beyond_a_turn_nothing_is_claimed_unless_asked() -> None:
    a, b = np.array([TURNING[0]] * 3, float), np.array([TURNING[1]] * 3, float)
    precision = [1.5, 2.9, 3.0]
    plain = logit(a, b, precision=precision)
    assert plain.status.tolist() == [OK, OK, DEGENERATE]
    assert np.isnan(plain.row[2]).all()
    assert plain.error[2] == np.inf
    answer = logit(a, b, precision=precision, resolve=True)
    assert answer.status.tolist() == [OK, OK, RESOLVED]
    (equilibrium,) = quantal(NormalFormGame.from_bimatrix(a[2], b[2]), 3.0).equilibria
    assert isinstance(equilibrium, QuantalEquilibrium)
    assert tuple(answer.row[2]) == equilibrium.profile[0]
    assert tuple(answer.column[2]) == equilibrium.profile[1]
    assert answer.residual[2] == equilibrium.residual
    assert answer.error[2] == np.inf


def test_where_branches_cross_nothing_is_claimed() -> None:
    """Where both gain 1 by coordination, mixing evenly stays an equilibrium; at 2 others branch."""
    games = np.array([np.eye(2)] * 4)
    answer = logit(games, games, precision=[1.0, 1.99, 2.0, 2.5])
    assert answer.status.tolist() == [OK, OK, DEGENERATE, DEGENERATE]
    assert answer.unique.tolist() == [True, True, False, False]
    assert (answer.row[:2] == 0.5).all()


@pytest.mark.parametrize("gap", [1e-2, 1e-3, 1e-4])
def test_near_a_crossing_it_stays_on_the_branch(gap: float) -> None:
    a, b = np.array([[[1 + gap, 0], [0, 1]]] * 20), np.array([np.eye(2)] * 20)
    answer = logit(a, b, precision=np.linspace(0.5, 6, 20))
    agree(a, b, answer)
    if gap == 1e-2:
        assert (answer.status == OK).all()


def test_uniqueness_is_that_of_quantal_or_more() -> None:
    a, b = stacked("uniform", 3, 2, 60, seed=4)
    answer = logit(a, b, precision=4.0)
    known = [
        quantal(NormalFormGame.from_bimatrix(*pair), 4.0).status is Status.COMPLETE
        for pair in zip(a, b, strict=True)
    ]
    assert 0 < sum(known) < len(a)
    assert (answer.unique >= known).all()
    assert 0 < answer.unique.sum() < len(a)


def test_at_precision_zero_all_mix_evenly() -> None:
    a, b = stacked("large integers", 4, 3, 5)
    answer = logit(a, b, precision=0)
    assert (answer.status == OK).all()
    np.testing.assert_allclose(answer.row, 0.25, rtol=1e-15)
    np.testing.assert_allclose(answer.column, 1 / 3, rtol=1e-15)


@pytest.mark.parametrize("kind", ["uniform", "small integers", "duplicated strategies"])
def test_players_may_change_places(kind: str) -> None:
    for m, n in ((2, 3), (4, 3), (1, 4)):
        a, b = stacked(kind, m, n, 40)
        one = logit(a, b, precision=3.0)
        other = logit(b.transpose(0, 2, 1), a.transpose(0, 2, 1), precision=3.0)
        np.testing.assert_array_equal(one.status, other.status)
        np.testing.assert_array_equal(one.row, other.column)
        np.testing.assert_array_equal(one.regret, other.regret[:, ::-1])


@pytest.mark.parametrize("power", [-900, -40, 40, 900])
def test_payoffs_and_precision_have_one_unit(power: int) -> None:
    a, b = stacked("large integers", 3, 3, 30)
    one = logit(a, b, precision=0.01)
    scaled = logit(np.ldexp(a, power), np.ldexp(b, power), precision=np.ldexp(0.01, -power))
    np.testing.assert_array_equal(one.status, scaled.status)
    np.testing.assert_allclose(one.row, scaled.row, rtol=1e-9)


def test_a_constant_against_each_strategy_changes_nothing() -> None:
    a, b = stacked("uniform", 3, 3, 40)
    rng = np.random.default_rng(2)
    one = logit(a, b, precision=5.0)
    other = logit(a + rng.random((40, 1, 3)), b + rng.random((40, 3, 1)), precision=5.0)
    both = (one.status == OK) & (other.status == OK)
    assert both.sum() > 35
    apart = np.abs(one.row - other.row).max(axis=1)[both]
    assert (apart <= (one.error + other.error)[both]).all()


def same(one: LogitEquilibria, other: LogitEquilibria) -> None:
    for name in LogitEquilibria.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = stacked("small integers", 3, 3, 700)
    once = logit(a, b, precision=1.0, workers=1)
    monkeypatch.setattr(sys.modules[logit.__module__], "_BLOCK", 100)
    same(once, logit(a, b, precision=1.0, workers=3))


def test_a_larger_error_admits_more() -> None:
    a, b = stacked("plus a billion", 2, 2, 100)
    strict, wide = (logit(a, b, precision=2.0, max_error=t) for t in (1e-9, 1e-3))
    assert (strict.status == OK).sum() < (wide.status == OK).sum()
    assert (wide.error[wide.status == OK] <= 1e-3).all()
    assert wide.max_error == 1e-3


@pytest.mark.parametrize("precision", [2.0, 8.0])
def test_the_error_covers_the_tolerance(precision: float) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 300, 3, 3))
    wide = logit(a, b, precision=precision, tolerance=1e-4, max_error=0.1)
    certain = wide.status == OK
    assert certain.mean() > 0.9
    assert wide.tolerance == 1e-4
    largest = 0.0
    for _ in range(5):
        near = logit(*(t * (1 + 1e-4 * rng.choice([-1, 1], t.shape)) for t in (a, b)),
                     precision=precision)  # fmt: skip
        both = certain & (near.status == OK)
        apart = np.maximum(np.abs(wide.row - near.row).max(axis=1),
                           np.abs(wide.column - near.column).max(axis=1))[both]  # fmt: skip
        assert (apart <= (wide.error + near.error)[both]).all()
        largest = max(largest, float((apart / wide.error[both]).max()))
    assert largest > 0.1  # and is of its size


@pytest.mark.parametrize("max_error", [-1e-9, 0.2, float("nan"), "0", True, None])
def test_a_bad_error_is_described(max_error: Any) -> None:
    for ask in (
        lambda t: logit(t, t, precision=1.0, max_error=max_error),
        lambda t: correlated_feasibility(t, t, strategy=0, max_error=max_error),
    ):
        with pytest.raises(ParameterError, match=r"`max_error` must be a number from 0 to 0\.1"):
            ask(np.zeros((1, 2, 2)))


def test_a_payoff_that_is_not_finite_is_a_status() -> None:
    a, b = stacked("uniform", 2, 3, 4)
    a[1, 0, 0], b[2, 1, 1] = np.nan, np.inf
    answer = logit(a, b, precision=1.0, resolve=True)
    assert answer.status.tolist() == [OK, BatchStatus.BAD_INPUT, BatchStatus.BAD_INPUT, OK]
    assert np.isnan(answer.row[1:3]).all()
    assert len(logit(np.empty((0, 2, 2)), np.empty((0, 2, 2)), precision=1)) == 0


def test_payoffs_too_far_apart_stay_open() -> None:
    a, b = np.array([[[1e-300, 0], [0, 1e-300]]]), np.array([[[1e300, 0], [0, 1e300]]])
    answer = logit(a, b, precision=1e300, resolve=True)
    assert answer.status.tolist() == [DEGENERATE]


@pytest.mark.parametrize(
    ("precision", "message"),
    [
        (-1.0, "`precision` must be finite and at least 0, got -1.0"),
        ([1.0, float("nan")], "`precision` must be finite and at least 0, got nan"),
        ([1.0], r"one for each of the 2 games, got float64 entries of shape \(1,\)"),
        ([[1.0], [1.0, 2.0]], "`precision` must be a number or one for each"),
        ("high", "`precision` must be a number or one for each"),
        (True, "`precision` must be a number or one for each of the 2 games, got bool"),
        (None, "`precision` must be a number or one for each"),
    ],
)
def test_a_bad_precision_is_described(precision: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        logit(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), precision=precision)


def test_larger_games_are_sent_to_the_solver_of_single_games() -> None:
    with pytest.raises(GameError, match=r"got 5 x 2; solve larger ones .* solvers.quantal"):
        logit(np.zeros((1, 5, 2)), np.zeros((1, 5, 2)), precision=1.0)
    wrong: Any = 1
    with pytest.raises(GameError, match="`resolve` must be True or False"):
        logit(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), precision=1.0, resolve=wrong)
