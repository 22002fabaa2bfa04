"""Random games of many kinds: the fast answer in floats and the slow exact one are the same.

The fast answer comes from compiled loops where they can prove it; the slow one always from
lexicographic enumeration in integers, which shares no line with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.solvers import Equilibrium, Status, nash, regular
from alignment_games.solvers.certify import certified_weights
from alignment_games.solvers.components import equilibrium_components
from alignment_games.solvers.extremes import extremes_in_integers, reduced_matrices

Matrices: TypeAlias = tuple[Any, Any]
Rng: TypeAlias = np.random.Generator


def uniform(rng: Rng, m: int, n: int) -> Matrices:
    return rng.random((m, n)), rng.random((m, n))


def small_integers(rng: Rng, m: int, n: int) -> Matrices:
    """In [-2, 2]: mostly degenerate."""
    a, b = rng.integers(-2, 3, (2, m, n)).astype(float)
    return a, b


def rank_deficient(rng: Rng, m: int, n: int) -> Matrices:
    """Each matrix an outer product, plus one column's worth of constants."""
    a, b = (
        np.outer(rng.integers(-3, 4, m), rng.integers(-3, 4, n)) + rng.integers(-2, 3, (1, n))
        for _ in "ab"
    )
    return a.astype(float), b.astype(float)


def zero_sum(rng: Rng, m: int, n: int) -> Matrices:
    a = rng.integers(-4, 5, (m, n)).astype(float)
    return a, -a


def symmetric(rng: Rng, m: int, n: int) -> Matrices:
    size = max(m, n)
    a = rng.integers(-6, 7, (size, size)).astype(float)
    return a, a.T


def duplicated(rng: Rng, m: int, n: int) -> Matrices:
    """Some strategies are copies of others."""
    rows, columns = rng.integers(0, m, m), rng.integers(0, n, n)
    a, b = rng.integers(-9, 10, (2, m, n)).astype(float)
    return a[np.ix_(rows, columns)], b[np.ix_(rows, columns)]


def tiny(rng: Rng, m: int, n: int) -> Matrices:
    a, b = rng.integers(-1000, 1001, (2, m, n))
    return a / 1e9, b / 1e9


def huge(rng: Rng, m: int, n: int) -> Matrices:
    a, b = rng.integers(-1000, 1001, (2, m, n)) * 1e9
    return a, b


CLASSES = [uniform, small_integers, rank_deficient, zero_sum, symmetric, duplicated, tiny, huge]


def numbers(equilibria: Iterable[Equilibrium]) -> Any:
    return np.array([[float(p) for own in eq.profile for p in own] for eq in equilibria])


def check(make: Callable[[Rng, int, int], Matrices], count: int, seed: int) -> dict[str, int]:
    """Compare both answers on random games from 1 x 1 to 5 x 5; return what was seen."""
    rng = np.random.default_rng(seed)
    seen = {"compiled": 0, "degenerate": 0, "several": 0}
    for _ in range(count):
        m, n = rng.integers(1, 6, 2).tolist()
        game = NormalFormGame.from_bimatrix(*make(rng, m, n))
        exact = game.as_exact()
        matrices = reduced_matrices(exact)
        extremes = extremes_in_integers(*matrices)
        components = equilibrium_components(*matrices, extremes, exact=True)
        degenerate = any(x.degenerate or y.degenerate for x, y in extremes.pairs)
        weights = [(x.weights, y.weights) for x, y in extremes.pairs]
        slow = certified_weights(exact, weights, exact=True)
        assert all(eq.regret == (0, 0) for eq in slow)
        assert sum(part.index for part in components) == 1
        fast = nash(game)
        where = (game.payoffs[0].tolist(), game.payoffs[1].tolist())
        assert fast.status is Status.COMPLETE
        assert len(fast) == len(slow), where
        np.testing.assert_allclose(
            numbers(fast.equilibria),
            numbers(slow),
            rtol=1e-15,
            atol=0,
        )
        spread = float(np.ptp(game.payoffs, axis=(1, 2)).max())
        assert float(fast.max_regret) <= 1e-15 * spread, where
        assert fast.degenerate == degenerate, where
        assert sorted(part.index for part in fast.components) == sorted(
            part.index for part in components
        )
        both = nash(exact)
        assert [eq.profile for eq in both.equilibria] == [eq.profile for eq in slow], where
        seen["degenerate"] += degenerate
        seen["several"] += len(slow) > 1
        seen["compiled"] += (
            regular.regular_equilibria(game, regular.machine_integers(game)) is not None
        )
    return seen


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular, "_compiled_pays", lambda _: True)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("make", CLASSES)
def test_floats_and_exact_numbers_give_the_same_equilibria(
    make: Callable[[Rng, int, int], Matrices],
) -> None:
    seen = check(make, 60, seed=1)
    assert seen["several"] > 0
    assert seen["compiled"] > 0
    if make in {small_integers, zero_sum, duplicated, rank_deficient}:
        assert seen["degenerate"] > 0


@pytest.mark.slow
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("make", CLASSES)
def test_20000_games_of_each_class(make: Callable[[Rng, int, int], Matrices]) -> None:
    check(make, 20_000, seed=2026)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("unit", [Fraction(1, 10**9), Fraction(10**9)])
def test_units_of_the_payoffs_change_nothing_exactly(unit: Fraction) -> None:
    rng = np.random.default_rng(9)
    for _ in range(40):
        a, b = small_integers(rng, *rng.integers(1, 5, 2).tolist())
        game = NormalFormGame.from_bimatrix(a.astype(int), b.astype(int))
        other = NormalFormGame.from_bimatrix(
            *([[unit * int(v) for v in row] for row in own] for own in (a, b))
        )
        assert [eq.profile for eq in nash(other).equilibria] == [
            eq.profile for eq in nash(game).equilibria
        ]
