"""The exact simplex method: certificates, degenerate programs, scipy as an oracle."""

from __future__ import annotations

import importlib
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from alignment_games.solvers.zero_sum import matrix_value, maximize

CYCLE = [[0, 2, -1], [-1, 0, 1], [1, -1, 0]]
SETTINGS = settings(max_examples=150, deadline=None)


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[int], list[list[int]], list[int]]:
    """Small programs with many ties; the last row bounds every variable."""
    size, height = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    number = st.integers(-3, 3)
    rows = [draw(st.lists(number, min_size=size, max_size=size)) for _ in range(height)]
    bounds = draw(st.lists(st.integers(0, 2), min_size=height, max_size=height))
    objective = draw(st.lists(number, min_size=size, max_size=size))
    return objective, [*rows, [1] * size], [*bounds, draw(st.integers(0, 5))]


@SETTINGS
@given(programs())
def test_point_and_dual_prove_each_other(
    program: tuple[list[int], list[list[int]], list[int]],
) -> None:
    objective, rows, bounds = program
    answer = maximize(objective, rows, bounds)
    assert min(answer.point) >= 0
    assert min(answer.dual) >= 0
    for row, bound in zip(rows, bounds, strict=True):
        assert sum(a * x for a, x in zip(row, answer.point, strict=True)) <= bound
    for column, price in zip(zip(*rows, strict=True), objective, strict=True):
        assert sum(a * y for a, y in zip(column, answer.dual, strict=True)) >= price
    assert sum(c * x for c, x in zip(objective, answer.point, strict=True)) == answer.value
    assert sum(b * y for b, y in zip(bounds, answer.dual, strict=True)) == answer.value


def test_larger_programs_agree_with_scipy() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        rows, bounds = rng.integers(-20, 40, (8, 6)), rng.integers(0, 50, 8)
        rows[-1] = 1
        objective = rng.integers(-9, 20, 6)
        answer = maximize(objective.tolist(), rows.tolist(), bounds.tolist())
        other = linprog(-objective, A_ub=rows, b_ub=bounds, method="highs")
        assert float(answer.value) == pytest.approx(-other.fun, abs=1e-9)


def test_beales_program_does_not_cycle() -> None:
    """E. M. L. Beale (1955), doi:10.1002/nav.3800020406: pivots on the largest coefficient cycle.

    The rows and the objective are multiplied by 100; the optimum is then 5.
    """
    rows = [[25, -6000, -4, 900], [50, -9000, -2, 300], [0, 0, 1, 0]]
    assert maximize([75, -15000, 2, -600], rows, [0, 0, 1]).value == 5


def test_an_unbounded_program_is_refused() -> None:
    with pytest.raises(ValueError, match="unbounded"):
        maximize([1, 0], [[-1, 1]], [1])


@SETTINGS
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-3, 3), min_size=n, max_size=n), min_size=1, max_size=4
        )
    ),
    st.sampled_from([Fraction(1), Fraction(10**9), Fraction(1, 10**9)]),
)
def test_both_strategies_guarantee_the_value(table: list[list[int]], unit: Fraction) -> None:
    scaled = [[v * unit for v in row] for row in table]
    answer = matrix_value(scaled)
    for vector in (answer.row, answer.column):
        assert sum(vector) == 1
        assert min(vector) >= 0
    assert answer.value == min(
        sum(p * v for p, v in zip(answer.row, column, strict=True))
        for column in zip(*scaled, strict=True)
    )
    assert answer.value == max(
        sum(p * v for p, v in zip(answer.column, row, strict=True)) for row in scaled
    )
    assert matrix_value(table).value * unit == answer.value


@pytest.mark.parametrize("number", [int, float])
def test_large_games_are_solved_on_the_supports_that_highs_finds(
    number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(9)
    module = importlib.import_module("alignment_games.solvers.zero_sum")
    for shape in ((2, 3), (5, 5), (6, 9), (12, 7)):
        for _ in range(5):
            table = [[Fraction(number(v)) for v in row] for row in rng.integers(-99, 100, shape)]
            exact = matrix_value(table)
            with monkeypatch.context() as patch:
                patch.setattr(module, "_EXACT_ENTRIES", 0)
                assert matrix_value(table) == exact  # in general position strategies are unique
                patch.setattr(module, "_proposed", lambda *_: None)
                assert matrix_value(table) == exact


@SETTINGS
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=1, max_size=4
        )
    )
)
def test_proposed_supports_are_believed_only_with_a_proof(table: list[list[int]]) -> None:
    module = importlib.import_module("alignment_games.solvers.zero_sum")
    proposed = module._proposed(table, 1)
    if proposed is None:
        return
    assert proposed.value == matrix_value(table).value
    for vector in (proposed.row, proposed.column):
        assert sum(vector) == 1
        assert min(vector) >= 0


@pytest.mark.parametrize(
    ("table", "x", "y"),
    [
        (CYCLE, [1, 0, 0], [1, 0, 0]),  # a pure pair that is no saddle point
        (CYCLE, [0.5, 0.5, 0], [0, 0.5, 0.5]),
        (CYCLE, [1, 0, 0], [0.5, 0.5, 0]),  # supports of different sizes
        ([[4, 1], [2, 0]], [0.5, 0.5], [0.5, 0.5]),  # equalized by weights -2, 3 and -1, 2
        ([[1, 1], [1, 1]], [0.5, 0.5], [0.5, 0.5]),  # many solutions
    ],
)
def test_a_wrong_proposal_is_not_believed(
    table: list[list[int]], x: list[float], y: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = SimpleNamespace(
        status=0, x=np.array([*x, 0.0]), ineqlin=SimpleNamespace(marginals=-np.array(y))
    )
    exact = matrix_value(table)
    module = importlib.import_module("alignment_games.solvers.zero_sum")
    monkeypatch.setattr(module, "_EXACT_ENTRIES", 0)
    monkeypatch.setattr("scipy.optimize.linprog", lambda *_, **__: wrong)
    assert module._proposed(table, 1) is None
    assert matrix_value(table) == exact
