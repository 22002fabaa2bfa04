"""How often correlated equilibria play a strategy: bounds that hold against exact programs."""

from __future__ import annotations

import itertools
import math
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import (
    BatchStatus,
    CorrelatedFeasibility,
    correlated_feasibility,
    solve_bimatrices,
)
from alignment_games.errors import GameError, ParameterError
from alignment_games.solvers import coarse_correlated, correlated

from .test_bimatrix import KINDS, stacked

OK, DEGENERATE, RESOLVED = BatchStatus.OK, BatchStatus.DEGENERATE, BatchStatus.RESOLVED
SIZES = list(itertools.product(range(1, 5), repeat=2))
SMALL = [(1, 2), (2, 1), (2, 2), (2, 3), (3, 2)]


def payoff_of_playing(game: NormalFormGame, strategy: int) -> NormalFormGame:
    """Add a player with one strategy, whose payoff is 1 where the row is played."""
    m, n = game.shape
    paid = np.full((m, n), Fraction(0), dtype=object)
    paid[strategy] = Fraction(1)
    tables = np.array([*game.exact_payoffs, paid], dtype=object)
    return NormalFormGame(tables[..., None])


def ends(a: FloatArray, b: FloatArray, strategy: int, *, coarse: bool = False) -> Any:
    """Return the largest and the least probability as the solver of single games finds them."""
    solve = coarse_correlated if coarse else correlated
    game = payoff_of_playing(NormalFormGame.from_bimatrix(a, b), strategy)
    return [solve(game, select, weights=[0, 0, 1]).value for select in ("best", "worst")]


def agree(a: FloatArray, b: FloatArray, strategy: int, *, coarse: bool = False) -> int:
    """Compare with exact programs: all that is claimed, whatever the status."""
    answer = correlated_feasibility(a, b, strategy=strategy, coarse=coarse)
    none = answer.max_error
    for k in range(len(a)):
        largest, least = ends(a[k], b[k], strategy, coarse=coarse)
        assert answer.possible[k] in {-1, int(largest > none)}, (a[k], b[k])
        assert answer.always[k] in {-1, int(largest >= 1 - none)}, (a[k], b[k])
        assert answer.necessary[k] in {-1, int(least > none)}, (a[k], b[k])
        if answer.status[k] == OK:
            assert -1 not in {answer.possible[k], answer.always[k], answer.necessary[k]}
            room = answer.error[k] + 1e-12
            assert answer.error[k] <= none
            assert abs(answer.largest[k] - largest) <= room, (a[k], b[k])
            assert abs(answer.least[k] - least) <= room, (a[k], b[k])
        else:
            assert answer.status[k] == DEGENERATE
            assert np.isnan(answer.largest[k])
    return int((answer.status == OK).sum())


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_each_class_has_the_ends_of_the_exact_programs(kind: str, *, coarse: bool) -> None:
    certain = total = 0
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 2, seed=5)
        certain += agree(a, b, min(1, m - 1), coarse=coarse)
        total += len(a)
    assert certain > total // 20


@pytest.mark.slow
@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_100000_games_of_each_class(kind: str, *, coarse: bool) -> None:
    """Half of them each with correlated and with coarse correlated play.

    Exact programs of more than ten cells take longest, so there are fewer of these games.
    """
    large = [size for size in SIZES if math.prod(size) > 10]
    for m, n in SIZES:
        count = 1000 if (m, n) in large else (50_000 - 1000 * len(large)) // (16 - len(large))
        a, b = stacked(kind, m, n, count + 1, seed=6 + coarse)
        agree(a, b, m - 1, coarse=coarse)


@pytest.mark.parametrize(("m", "n"), SMALL)
@pytest.mark.parametrize("coarse", [False, True])
def test_the_ends_are_those_of_all_extreme_points(m: int, n: int, *, coarse: bool) -> None:
    solve = coarse_correlated if coarse else correlated
    a, b = stacked("large integers", m, n, 15)
    answer = correlated_feasibility(a, b, strategy=m - 1, coarse=coarse)
    assert (answer.status == OK).all()
    for k in range(len(a)):
        game = NormalFormGame.from_bimatrix(a[k].astype(int), b[k].astype(int))
        shares = [
            sum(play.probability(m - 1, j) for j in range(n))
            for play in solve(game, "extreme").equilibria
        ]
        assert answer.largest[k] == pytest.approx(float(max(shares)), abs=1e-12)
        assert answer.least[k] == pytest.approx(float(min(shares)), abs=1e-12)


def test_random_games_are_nearly_all_decided() -> None:
    for m, n, least in ((2, 2, 1.0), (3, 3, 0.998), (4, 4, 0.99)):
        a, b = stacked("uniform", m, n, 1000)
        for coarse in (False, True):
            answer = correlated_feasibility(a, b, strategy=1, coarse=coarse)
            assert (answer.status == OK).mean() >= least


def test_every_nash_equilibrium_lies_between() -> None:
    a, b = stacked("uniform", 4, 3, 2000)
    nash, answer = solve_bimatrices(a, b), correlated_feasibility(a, b, strategy=2)
    game = np.repeat(np.arange(len(a)), nash.count)
    certain = answer.status[game] == OK
    share = nash.row[:, 2]
    assert (share <= answer.largest[game] + 1e-9)[certain].all()
    assert (share >= answer.least[game] - 1e-9)[certain].all()
    assert (share < answer.largest[game] - 0.01)[certain].any()


def test_coarse_equilibria_are_more() -> None:
    a, b = stacked("uniform", 3, 3, 1000)
    fine, wide = (correlated_feasibility(a, b, strategy=0, coarse=c) for c in (False, True))
    certain = (fine.status == OK) & (wide.status == OK)
    assert (fine.largest <= wide.largest + 2e-9)[certain].all()
    assert (fine.least >= wide.least - 2e-9)[certain].all()
    assert (fine.largest < wide.largest - 0.1)[certain].any()


def test_the_rows_together_are_played_for_certain() -> None:
    """Of two rows, one is played as often as the other is not."""
    a, b = stacked("uniform", 2, 4, 500)
    first, second = (correlated_feasibility(a, b, strategy=k) for k in (0, 1))
    both = (first.status == OK) & (second.status == OK)
    np.testing.assert_allclose(first.largest[both], 1 - second.least[both], atol=2e-9)
    np.testing.assert_array_equal(first.always[both] == 1, second.least[both] <= 1e-9)


@pytest.mark.parametrize("kind", ["small integers", "duplicated strategies", "zero-sum"])
def test_ties_are_resolved_on_request(kind: str) -> None:
    a, b = stacked(kind, 3, 3, 25)
    plain = correlated_feasibility(a, b, strategy=1)
    answer = correlated_feasibility(a, b, strategy=1, resolve=True)
    assert (plain.status == DEGENERATE).any()
    np.testing.assert_array_equal(answer.status == RESOLVED, plain.status == DEGENERATE)
    for k in np.flatnonzero(answer.status == RESOLVED).tolist():
        largest, least = ends(a[k], b[k], 1)
        assert (answer.largest[k], answer.least[k]) == (float(largest), float(least))
        assert (answer.possible[k], answer.necessary[k]) == (largest > 0, least > 0)
        assert answer.error[k] == 0


def test_it_holds_for_every_game_that_rounds_to_the_one_given() -> None:
    rng = np.random.default_rng(8)
    a, b = rng.integers(-30, 31, (2, 300, 3, 3)) + 1e9
    wide = correlated_feasibility(a, b, strategy=0, max_error=1e-3)
    certain = wide.status == OK
    assert certain.mean() > 0.9
    for _ in range(4):
        near = correlated_feasibility(
            *(t + rng.choice([-1, 0, 1], t.shape) * 2.0**-23 for t in (a, b)),
            strategy=0,
            max_error=1e-3,
        )
        both = certain & (near.status == OK)
        for name in ("largest", "least"):
            apart = np.abs(getattr(wide, name) - getattr(near, name))
            assert (apart <= wide.error + near.error)[both].all()
            assert (apart > 0)[both].any()


def test_the_error_covers_the_tolerance() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 400, 3, 3))
    wide = correlated_feasibility(a, b, strategy=0, tolerance=1e-4, max_error=0.05)
    certain = wide.status == OK
    assert certain.mean() > 0.8
    assert wide.tolerance == 1e-4
    for _ in range(5):
        near = correlated_feasibility(
            *(t * (1 + 1e-4 * rng.choice([-1, 1], t.shape)) for t in (a, b)), strategy=0
        )
        both = certain & (near.status == OK)
        for name in ("largest", "least"):
            apart = np.abs(getattr(wide, name) - getattr(near, name))
            assert (apart <= wide.error + near.error)[both].all()
            assert (apart > 1e-6)[both].any()


@pytest.mark.parametrize("power", [-900, -300, 300, 900])
def test_very_large_and_small_payoffs_are_scaled(power: int) -> None:
    a, b = stacked("large integers", 3, 3, 50)
    same(
        correlated_feasibility(np.ldexp(a, power), b, strategy=1),
        correlated_feasibility(a, b, strategy=1),
    )


def same(one: CorrelatedFeasibility, other: CorrelatedFeasibility) -> None:
    for name in CorrelatedFeasibility.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = stacked("small integers", 3, 3, 900)
    once = correlated_feasibility(a, b, strategy=2, workers=1)
    monkeypatch.setattr(sys.modules[correlated_feasibility.__module__], "_BLOCK", 100)
    same(once, correlated_feasibility(a, b, strategy=2, workers=3))


def test_a_payoff_that_is_not_finite_is_a_status() -> None:
    a, b = stacked("uniform", 2, 3, 4)
    a[1, 0, 0], b[2, 1, 1] = np.nan, np.inf
    answer = correlated_feasibility(a, b, strategy=1, resolve=True)
    assert answer.status.tolist() == [OK, BatchStatus.BAD_INPUT, BatchStatus.BAD_INPUT, OK]
    for name in ("possible", "always", "necessary"):
        assert (getattr(answer, name)[1:3] == -1).all()
    assert np.isnan(answer.largest[1:3]).all()
    assert len(correlated_feasibility(a[:0], b[:0], strategy=0)) == 0


def test_numbers_too_long_for_rational_arithmetic_stay_open() -> None:
    a = np.zeros((1, 4, 4))
    a[0, 0, 0], a[0, 3, 3], a[0, 2, 2] = 1.2345678e300, 1.2345678e-300, 1.0
    answer = correlated_feasibility(a, a, strategy=1, resolve=True)
    assert answer.status.tolist() == [DEGENERATE]
    assert answer.error[0] > 1e-9


@pytest.mark.parametrize("strategy", [-1, 2, 0.0, "hedge", True, None])
def test_a_bad_strategy_is_described(strategy: Any) -> None:
    with pytest.raises(ParameterError, match="`strategy` must be the position of a row, from 0 to"):
        correlated_feasibility(np.zeros((1, 2, 3)), np.zeros((1, 2, 3)), strategy=strategy)


def test_bad_arguments_are_described() -> None:
    games: Any = np.zeros((1, 2, 5))
    with pytest.raises(GameError, match=r"got 2 x 5; solve larger ones .* solvers.correlated"):
        correlated_feasibility(games, games, strategy=0)
    wrong: Any = 1
    with pytest.raises(GameError, match="`coarse` must be True or False"):
        correlated_feasibility(games[:, :, :2], games[:, :, :2], strategy=0, coarse=wrong)
    with pytest.raises(GameError, match="`resolve` must be True or False"):
        correlated_feasibility(games[:, :, :2], games[:, :, :2], strategy=0, resolve=wrong)
