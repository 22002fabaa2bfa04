"""Regimes: which combinations occur, their witnesses, and what is proved of the others."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import ModelError, ParameterError
from alignment_games.symbolic import Regimes, RegimesStatus, regimes, temptation, truth

pytest.importorskip("z3")

MODEL = ag.models.alignment()
x, y = sp.symbols("x y", real=True)


def names(found: Regimes) -> list[list[str]]:
    return [[own.name for own in regime.equilibria] for regime in found]


def check_witnesses(found: Regimes) -> None:
    """Each witness is in the domains, meets the hypotheses, and has just these equilibria."""
    model = found.parametric.model
    for regime in found:
        point = {model.parameters[name].symbol: v for name, v in regime.witness.items()}
        assert all(truth(part, point) for part in (*ag.symbolic.domain(model), *found.given))
        solution = ag.solvers.nash(model.game(regime.witness))
        assert not solution.degenerate
        assert len(solution) == len(regime.equilibria)
        assert sorted(eq.support for eq in solution.equilibria) == sorted(
            own.supports for own in regime.equilibria
        )
        assert truth(regime.condition, point)


def test_the_question_three_regimes_and_two_knife_edges(make_model: Any) -> None:
    table = [[x / 2, x], [1 - x, (1 - x) / 2]]
    turned = [[table[j][i] for j in (0, 1)] for i in (0, 1)]
    found = regimes(make_model(table, turned, names=["x"], domain=(0, 1)))
    assert found.status is RegimesStatus.PROVED
    assert sorted(map(len, names(found))) == [1, 1, 3]
    assert ["(row 0, column 0)"] in names(found)
    assert ["(row 1, column 1)"] in names(found)
    check_witnesses(found)
    for regime in found:
        value = regime.witness["x"]
        if len(regime.equilibria) == 3:
            assert Fraction(1, 3) < value < Fraction(2, 3)
        elif "(row 0, column 0)" in str(regime):
            assert value > Fraction(2, 3)
        else:
            assert value < Fraction(1, 3)
    assert [edge.value for edge in found.edges] == [sp.Rational(1, 3), sp.Rational(2, 3)]
    for edge in found.edges:
        assert edge.solution is not None
        assert len(edge.solution) == 3
        assert [part.dimension for part in edge.solution.components] == [1]
    assert "3 regimes. Proved complete" in str(found)
    assert "knife edge at x = 1/3" in str(found)


def test_hypotheses_leave_out_regimes(make_model: Any) -> None:
    model = make_model(
        [[x / 2, x], [1 - x, (1 - x) / 2]], [[x / 2, 1 - x], [x, (1 - x) / 2]],
        names=["x"], domain=(0, 1),
    )  # fmt: skip
    found = regimes(model, given=sp.Symbol("x") > sp.Rational(1, 2))
    assert found.status is RegimesStatus.PROVED
    assert sorted(map(len, names(found))) == [1, 3]
    assert [edge.value for edge in found.edges] == [sp.Rational(2, 3)]
    check_witnesses(found)
    nowhere = regimes(model, given=[x > 2])
    assert nowhere.status is RegimesStatus.PROVED
    assert len(nowhere) == 0
    assert nowhere.reason == "The hypotheses exclude every point."
    assert str(nowhere) == "No regimes. The hypotheses exclude every point."


def test_irrational_knife_edges_are_named(make_model: Any) -> None:
    found = regimes(make_model([[x**2, 0], [2, 1]], [[1, 0], [1, 0]], names=["x"], domain=(0, 4)))
    assert found.status is RegimesStatus.PROVED
    assert names(found) == [["(row 0, column 0)"], ["(row 1, column 0)"]]
    assert [(edge.value, edge.solution) for edge in found.edges] == [(sp.sqrt(2), None)]


def test_no_irrational_edge_is_where_nobody_cares(make_model: Any) -> None:
    """At the square root of 2 the first player is indifferent where the second never goes."""
    found = regimes(make_model([[x**2, 1], [2, 0]], [[0, 1], [0, 1]], names=["x"], domain=(0, 4)))
    assert names(found) == [["(row 0, column 1)"]]
    assert found.edges == ()


def test_irrational_edges_of_higher_degree_and_with_roots(make_model: Any) -> None:
    """Beside x = 2**(1/3) the answer differs; a mixed equilibrium is gone where x**2 + x = 1."""
    cubic = make_model([[x**3, 0], [2, 1]], [[1, 0], [1, 0]], names=["x"], domain=(0, 4))
    (edge,) = regimes(cubic).edges
    assert float(edge.value) == pytest.approx(2 ** (1 / 3))
    mixed = make_model([[x**2, 0], [0, 1 - x]], [[1, 0], [0, x]], names=["x"], domain=(0, 2))
    values = [float(own.value) for own in regimes(mixed).edges]
    assert values == pytest.approx([0, 1])  # nothing where x**2 = 1 - x: only the weights are equal


def test_a_free_game_of_two_strategies_has_seven(make_model: Any) -> None:
    letters = "abcdefgh"
    a = [sp.Symbol(letter, real=True) for letter in letters]
    model = make_model(
        [[a[0], a[1]], [a[2], a[3]]], [[a[4], a[5]], [a[6], a[7]]], names=letters, domain=(-5, 5)
    )
    found = regimes(model)
    # Every profile alone; or one of the two diagonals with the mixed one (an odd number).
    assert found.status is RegimesStatus.PROVED
    assert sorted(map(len, names(found))) == [1, 1, 1, 1, 1, 3, 3]
    assert found.edges == ()
    assert len(found.surfaces) == 4
    check_witnesses(found)


def test_a_free_game_of_three_strategies_has_very_many(make_model: Any) -> None:
    """Hundreds occur, so that none of the lists is proved complete in a short time."""
    letters = [f"{side}{k}" for side in "ab" for k in range(9)]
    a = [sp.Symbol(letter, real=True) for letter in letters]
    table, other = ([a[k + 3 * i : k + 3 * i + 3] for i in range(3)] for k in (0, 9))
    found = regimes(make_model(table, other, names=letters, domain=(-5, 5)), timeout=12)
    assert found.status is RegimesStatus.OPEN
    assert "Not proved complete" in str(found)
    assert len(found) > 9
    assert all(len(regime.equilibria) % 2 for regime in found)  # an odd number (Wilson 1971)
    check_witnesses(dataclasses.replace(found, regimes=found.regimes[::10]))


def test_where_the_hegemon_is_never_tempted() -> None:
    given = [temptation(MODEL, posture) < 0 for posture in MODEL.strategies[0]]
    found = regimes(MODEL, given=given)
    assert found.status is RegimesStatus.PROVED
    assert names(found) == [[f"({posture}, accommodate)"] for posture in MODEL.strategies[0]]
    check_witnesses(found)


@pytest.mark.slow
def test_the_alignment_model_has_as_many_regimes_as_a_game_can() -> None:
    found = regimes(MODEL, timeout=240)
    assert found.status is RegimesStatus.PROVED
    assert len(found) == 39
    check_witnesses(found)


def test_without_time_nothing_is_claimed() -> None:
    found = regimes(MODEL, timeout=0.5)
    assert found.status is RegimesStatus.OPEN
    assert "Not proved complete" in str(found)
    assert found.reason
    check_witnesses(found)


def test_payoffs_that_always_tie_have_no_regime(make_model: Any) -> None:
    found = regimes(make_model([[x, 0], [x, 0]], [[1, x], [0, x]], names=["x"], domain=(0, 1)))
    assert len(found) == 0
    assert found.reason == "Every point has a tie."


def test_what_is_refused(make_model: Any) -> None:
    model = make_model([[x, 0], [1, 0]], [[1, x], [0, x]], names=["x"])
    with pytest.raises(ParameterError, match="`timeout` must be a number of seconds"):
        regimes(model, timeout=0)
    with pytest.raises(ModelError, match="`given` must be a SymPy relation"):
        regimes(model, given=x)
    with pytest.raises(ModelError, match="`given` speaks of z, which is no parameter of"):
        regimes(model, given=sp.Symbol("z") > 0)
    with pytest.raises(ModelError, match=r"`given` must be a SymPy relation .* got None"):
        regimes(model, given=None)
