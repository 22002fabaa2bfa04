"""Many two-player games at once: the same equilibria as one by one, exactly decided."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchSolution, BatchStatus, pure_outcomes, solve_bimatrices
from alignment_games.batch import bimatrix as implementation
from alignment_games.batch.closed_forms import support_pairs
from alignment_games.errors import GameError, ParameterError
from alignment_games.solvers import nash

from ..oracles.random_games import CLASSES
from ..property import test_game_classes as classes

OK, DEGENERATE = BatchStatus.OK, BatchStatus.DEGENERATE
SIZES = list(itertools.product(range(1, 5), repeat=2))
KINDS: dict[str, Callable[..., Any]] = {
    **CLASSES,
    "tiny": classes.tiny,
    "huge": classes.huge,
    "twice rounded": lambda rng, m, n: tuple(rng.integers(-3, 4, (2, m, n)) * 0.1),
}


def stacked(kind: str, m: int, n: int, count: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Draw games of one class and size; symmetric ones are square."""
    rng = np.random.default_rng([seed, m, n, list(KINDS).index(kind)])
    pairs = [KINDS[kind](rng, m, n) for _ in range(count)]
    first, second = (np.array([pair[k] for pair in pairs]).astype(float) for k in (0, 1))
    return first, second


def agree(a: FloatArray, b: FloatArray, batch: BatchSolution) -> int:
    """Compare with the exact solver: all of an OK game, what is listed of a degenerate one."""
    certain = 0
    for k, (row, column) in enumerate(zip(a, b, strict=True)):
        solution = nash(NormalFormGame.from_bimatrix(row, column), exact=False)
        known = [np.array([*eq.profile[0], *eq.profile[1]], float) for eq in solution.equilibria]
        listed = [np.hstack(pair) for pair in batch[k]]
        if batch.status[k] == BatchStatus.OK:
            certain += 1
            assert not solution.degenerate
            assert len(listed) == len(known), (row, column)
        else:
            assert batch.status[k] == BatchStatus.DEGENERATE
        for one in listed:
            assert min(np.abs(one - other).max() for other in known) < 1e-9, (row, column)
    return certain


@pytest.mark.parametrize("kind", KINDS)
def test_each_class_has_the_equilibria_of_the_exact_solver(kind: str) -> None:
    certain = total = 0
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 12)
        certain += agree(a, b, solve_bimatrices(a, b))
        total += len(a)
    assert certain > total // 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_100000_games_of_each_class(kind: str) -> None:
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 100_000 // len(SIZES), seed=1)
        agree(a, b, solve_bimatrices(a, b))


@pytest.mark.parametrize(("m", "n"), [(2, 2), (2, 3), (3, 2), (3, 3), (1, 3), (3, 1)])
@pytest.mark.parametrize("kind", KINDS)
def test_closed_forms_equal_their_definition(
    kind: str, m: int, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = stacked(kind, m, n, 150, seed=2)
    fast = solve_bimatrices(a, b)
    monkeypatch.setattr(implementation, "LARGEST", 0)
    slow = solve_bimatrices(a, b)
    same(fast, slow)


def same(one: BatchSolution, other: BatchSolution) -> None:
    for name in ("status", "count", "offsets", "row", "column"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = stacked("small integers", 3, 3, 1000)
    once = solve_bimatrices(a, b, workers=1)
    monkeypatch.setattr(implementation, "_BLOCK", 128)
    same(once, solve_bimatrices(a, b, workers=1))
    same(once, solve_bimatrices(a, b, workers=3))


def test_a_game_is_found_by_its_place() -> None:
    a, b = stacked("uniform", 3, 2, 50)
    batch = solve_bimatrices(a, b)
    assert len(batch) == 50
    assert batch.offsets[-1] == len(batch.row) == len(batch.column) == batch.count.sum()
    assert [len(own) for own in batch] == batch.count.tolist()
    for one, other in zip(batch[-1], batch[49], strict=True):
        np.testing.assert_array_equal(np.hstack(one), np.hstack(other))
    with pytest.raises(IndexError):
        batch[50]


@pytest.mark.parametrize("kind", ["small integers", "duplicated strategies", "zero-sum"])
@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (4, 2), (4, 4)])
def test_degenerate_games_are_solved_again_on_request(kind: str, m: int, n: int) -> None:
    a, b = stacked(kind, m, n, 60)
    plain, batch = solve_bimatrices(a, b), solve_bimatrices(a, b, resolve=True)
    assert (plain.status == BatchStatus.DEGENERATE).any()
    np.testing.assert_array_equal(
        batch.status == BatchStatus.RESOLVED, plain.status == BatchStatus.DEGENERATE
    )
    for k, (row, column) in enumerate(zip(a, b, strict=True)):
        solution = nash(NormalFormGame.from_bimatrix(row, column), exact=False)
        assert batch.count[k] == len(solution)
        if batch.status[k] == BatchStatus.RESOLVED:
            listed = [(tuple(x), tuple(y)) for x, y in batch[k]]
            assert listed == [eq.profile for eq in solution.equilibria]


def perturbed(rng: Any, table: FloatArray, tolerance: float) -> FloatArray:
    largest = np.abs(table).max(axis=(1, 2), keepdims=True)
    change: FloatArray = table + tolerance * largest * rng.uniform(-1, 1, table.shape)
    return change


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (3, 4), (4, 4)])
def test_within_the_tolerance_the_supports_do_not_change(m: int, n: int) -> None:
    rng = np.random.default_rng([m, n])
    a, b = rng.random((2, 400, m, n))
    wide = solve_bimatrices(a, b, tolerance=1e-3)
    certain = wide.status == BatchStatus.OK
    assert 0 < certain.sum() < len(a)
    assert (solve_bimatrices(a, b).status == BatchStatus.OK).all()
    for _ in range(10):
        near = solve_bimatrices(perturbed(rng, a, 1e-3), perturbed(rng, b, 1e-3))
        for k in np.flatnonzero(certain).tolist():
            assert supports(near[k]) == supports(wide[k])


def supports(pairs: Any) -> list[Any]:
    return [tuple(map(tuple, (x > 0, y > 0))) for x, y in pairs]


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (4, 4)])
@pytest.mark.parametrize("factor", [1e-300, 1e-150, 1e-70, 1e70, 1e150, 1e300])
def test_very_large_and_small_payoffs_are_scaled(m: int, n: int, factor: float) -> None:
    a, b = stacked("large integers", m, n, 40)
    scale = 2.0 ** round(np.log2(factor))
    same(solve_bimatrices(a * scale, b), solve_bimatrices(a, b))
    same(solve_bimatrices(a, b * scale), solve_bimatrices(a, b))


def test_a_game_with_a_payoff_that_is_not_finite_is_a_status() -> None:
    for m, n in ((2, 2), (4, 3)):
        a, b = stacked("uniform", m, n, 5)
        clean = solve_bimatrices(a, b)
        a[1, 0, 1], b[3, 1, 0] = np.nan, -np.inf
        batch = solve_bimatrices(a, b, resolve=True)
        assert batch.status.tolist() == [0, 2, 0, 2, 0]
        assert batch.count.tolist() == [
            0 if k in {1, 3} else clean.count[k] for k in range(5)
        ]  # fmt: skip
        np.testing.assert_array_equal(np.hstack(batch[4][0]), np.hstack(clean[4][0]))


def test_equilibria_are_in_the_order_of_their_supports() -> None:
    a, b = stacked("large integers", 3, 3, 300)
    order = {pair: k for k, pair in enumerate(support_pairs(3, 3))}
    for pairs in solve_bimatrices(a, b):
        places = [
            order[tuple(np.flatnonzero(x).tolist()), tuple(np.flatnonzero(y).tolist())]
            for x, y in pairs
        ]
        assert places == sorted(places)


def integers_near_a_tie(m: int, n: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Integers that fit into floats, with one payoff moved by a part in 2**40."""
    rng = np.random.default_rng([3, m, n])
    for _ in range(40):
        a, b = rng.integers(-2, 3, (2, m, n)) * 2.0**44
        a[0, 0] += 2.0**4
        yield a, b


def test_what_is_nearly_a_tie_but_is_none_is_decided_or_said_to_be_open() -> None:
    for m, n in ((2, 2), (3, 3), (4, 4)):
        games = list(integers_near_a_tie(m, n))
        a, b = (np.array([game[k] for game in games]) for k in (0, 1))
        agree(a, b, solve_bimatrices(a, b))


def test_the_smallest_floats_are_as_uncertain_as_they_are_coarse() -> None:
    """Decimals near the smallest float are rounded by far more than their 53rd bit."""
    one = 2.0**-1074
    a = np.array([[[3 * one, 0.0], [2 * one, 0.0]], [[9 * one, 0.0], [2 * one, one]]])
    b = np.array([[[1.0, 0.0], [1.0, 0.0]]] * 2)
    assert solve_bimatrices(a, b).status.tolist() == [BatchStatus.DEGENERATE, BatchStatus.OK]
    assert pure_outcomes(a, b).equilibria_status.tolist() == [DEGENERATE, OK]


def test_decimals_are_read_as_decimals() -> None:
    """In binary 0.1 + 0.2 and 0.3 differ; a float is one of many decimals, so this is open."""
    a = np.array([[[0.1 + 0.2, 0.0], [0.3, 0.0]]])
    assert solve_bimatrices(a, a).status.tolist() == [BatchStatus.DEGENERATE]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([[1, 2]], [[1, 2]], r"`row_payoffs` must have three axes.*shape \(1, 2\)"),
        (np.zeros((2, 2, 2)), np.zeros((3, 2, 2)), r"one shape \(N, m, n\), got \(2, 2, 2\)"),
        (np.zeros((1, 5, 2)), np.zeros((1, 5, 2)), "1 to 4 strategies a player, got 5 x 2"),
        (np.zeros((1, 2, 0)), np.zeros((1, 2, 0)), "1 to 4 strategies a player, got 2 x 0"),
        (np.zeros((1, 2, 2), complex), np.zeros((1, 2, 2)), "`row_payoffs` must hold real"),
        (np.zeros((1, 2, 2)), [[[Fraction(1), 2], [3, 4]]], "`column_payoffs` must hold real"),
        ([[[1, 2], [3]]], [[[1, 2], [3, 4]]], "lists given are ragged"),
        ("games", np.zeros((1, 2, 2)), "`row_payoffs` must hold real"),
    ],
)  # fmt: skip
def test_bad_payoffs_are_described(first: Any, second: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        solve_bimatrices(first, second)


@pytest.mark.parametrize("tolerance", [-1e-9, 0.02, float("nan"), "0", True, None])
def test_a_bad_tolerance_is_described(tolerance: Any) -> None:
    with pytest.raises(ParameterError, match="`tolerance` must be a number from 0 to"):
        solve_bimatrices(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), tolerance=tolerance)


@pytest.mark.parametrize("workers", [0, -1, 1.5, "2", True])
def test_bad_workers_are_described(workers: Any) -> None:
    with pytest.raises(ParameterError, match="`workers` must be None or an integer"):
        solve_bimatrices(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), workers=workers)


def test_other_types_of_numbers_and_no_games_at_all() -> None:
    games = np.array([[[2, 0], [3, 1]]])
    wanted = solve_bimatrices(games.astype(float), games)
    for kind in (np.int8, np.uint16, np.float32):
        same(solve_bimatrices(games.astype(kind), games), wanted)
    same(solve_bimatrices(games.tolist(), games.tolist()), wanted)
    same(solve_bimatrices(np.asfortranarray(games), games), wanted)
    none = solve_bimatrices(np.empty((0, 3, 2)), np.empty((0, 3, 2)))
    assert len(none) == len(none.row) == 0
    assert none.offsets.tolist() == [0]
    assert str(none) == "0 games of 3 x 2, 0 equilibria"


def test_payoffs_of_few_digits_are_as_uncertain_as_their_type() -> None:
    """In float32, three times 0.3 is not 0.9, though a scholar who wrote so meant a tie."""
    a = np.array([[[np.float32(0.3) * np.float32(3), 0], [np.float32(0.9), 0]]], np.float32)
    assert a[0, 0, 0] != a[0, 1, 0]
    assert solve_bimatrices(a, a).status.tolist() == [BatchStatus.DEGENERATE]
    assert solve_bimatrices(a.astype(float), a.astype(float)).status.tolist() == [BatchStatus.OK]
    wide: Any = np.zeros((1, 2, 2), np.longdouble)
    if wide.dtype.itemsize > 8:
        with pytest.raises(GameError, match="`row_payoffs` must hold real numbers of machine size"):
            solve_bimatrices(wide, wide)


def test_statuses_are_named() -> None:
    batch = ag.batch.solve_bimatrices(np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), resolve=True)
    assert BatchStatus(batch.status[0]) is BatchStatus.RESOLVED
    assert repr(batch) == "<BatchSolution: 2 games of 2 x 2, 8 equilibria; 2 resolved>"
