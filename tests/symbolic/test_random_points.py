"""Random points: what floats make of a formula, and what a search for a counterexample says."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import ModelError
from alignment_games.symbolic import ProofStatus, Proposition, attack, prove, truth
from alignment_games.symbolic._float_truth import compiled
from alignment_games.symbolic._points import Shots, shoot, usual_range

x, y = sp.symbols("x y", real=True)
f = sp.Function("f")
FAR = sp.Integer(10) ** 400
GRID = [Fraction(k, 2) for k in range(-4, 5)]


def shots(claim: sp.Basic, *given: sp.Basic, steps: int = 16) -> Shots:
    rng = np.random.default_rng(5)
    return shoot(claim, given, None, points=4000, most=4000, rng=rng, steps=steps)


@pytest.mark.parametrize(
    "formula",
    [
        1 / x > y,
        sp.Not(1 / x > y),
        sp.Or(1 / x > 0, y > 0),
        sp.And(1 / x > 0, sp.Not(y > 0)),
        sp.Not(sp.And(1 / x > 0, y > 0)),
        sp.Implies(1 / x > 0, y > 0),
        sp.Not(sp.Implies(y > 0, 1 / x > 0)),
        sp.Equivalent(1 / x > 0, y > 0, x * y > 1),
        sp.Not(sp.Equivalent(1 / x > 0, y > 0)),
        sp.Xor(1 / x > 0, y > 0, x > y, evaluate=False),
        sp.Not(sp.Xor(1 / x > 0, y > 0, evaluate=False), evaluate=False),
        sp.ITE(1 / x > 0, y > 0, y < x),
        sp.Not(sp.ITE(y > 0, 1 / x > 0, y < x)),
        sp.Eq(x / y, y / x),
        sp.Ne(x / y, y / x),
        sp.Eq((x / (y - 1)) * (y - 1) + 1 / x, x + 1 / x, evaluate=False),
        sp.sqrt(x) >= y,
        sp.Not(sp.sqrt(x) >= y),
        sp.Max(1 / x, y) > 1,
        sp.Min(x, y, 1) <= sp.Max(-y, x),
        sp.Piecewise((1 / x, x > 0), (y, True)) > 0,
        sp.Piecewise((x, x > 0)) > -1,
        1 / (1 + 1 / x) >= 0,
        sp.true,
        sp.false,
    ],
    ids=str,
)
def test_floats_say_what_exact_arithmetic_says(formula: sp.Basic) -> None:
    points = list(itertools.product(GRID, GRID))
    judge = compiled([formula], [x, y])
    assert judge is not None
    columns = [np.array([float(point[k]) for point in points]) for k in (0, 1)]
    (found,) = judge(columns, len(points))
    wanted = [truth(formula, dict(zip((x, y), point, strict=True))) is True for point in points]
    assert found.tolist() == wanted


@pytest.mark.parametrize(
    "formula",
    [
        f(x) > 0,
        x <= FAR,
        sp.Piecewise((x, sp.Xor(x > 0, y > 0, evaluate=False)), (0, True)) > 1,
        sp.And(x > 0, sp.Symbol("flag")),
    ],
    ids=["function", "number", "parity", "flag"],
)
def test_what_numpy_cannot_compute_is_left_alone(formula: sp.Basic) -> None:
    assert compiled([formula], [x, y]) is None
    assert shots(formula) == Shots(drawn=0, met=0, suspects=0, counterexample=None)


def test_a_proposition_that_cannot_be_computed_is_not_attacked() -> None:
    own = Proposition(name="far", title="", statement="", claim=x <= FAR, model=None)
    with pytest.raises(ModelError, match=r"far cannot be attacked: .* use its `prove`"):
        attack(own, 10)
    assert own.prove().status is ProofStatus.REFUTED


def test_z3_decides_where_numbers_are_too_large_for_floats() -> None:
    assert prove(x <= FAR).status is ProofStatus.REFUTED
    assert prove(x <= FAR, given=x < 1).status is ProofStatus.PROVED
    assert prove(x < FAR, given=x < FAR).status is ProofStatus.PROVED
    named = sp.And(sp.Eq(x, FAR), sp.Eq(y, 1))
    assert prove(sp.Not(named)).counterexample == {"x": Fraction(10**400), "y": Fraction(1)}


def test_a_search_that_finds_nothing_is_no_proof() -> None:
    # False at two points only, which are not drawn.
    claim = sp.Ne(x**2, sp.Rational(4, 9))
    assert shots(claim).counterexample is None
    proof = prove(claim)
    assert proof.status is ProofStatus.REFUTED
    assert proof.method.startswith("z3")


def test_suspects_are_decided_exactly() -> None:
    third = sp.Rational(1, 3)
    # True everywhere, and false in floating point where rounding goes down.
    tight = (x + third) * (x + third) >= x**2 + 2 * x / 3 + third**2
    assert prove(tight).status is ProofStatus.PROVED
    found = shots(tight)
    assert found.suspects > 0
    assert found.counterexample is None


def test_equations_are_met_by_construction() -> None:
    for equation in (sp.Eq(x, y), sp.Eq(x * y, 1), sp.Eq(2 * x + y**3, y)):
        found = shots(x >= -(10**6), equation)
        assert found.met > 2000
        point = shots(x > y, equation).counterexample
        assert point is not None
        assert truth(equation, point)
    # A symbol that the equation is solved for, and another that then occurs nowhere.
    assert shots(x - y > 0, sp.Eq(x, y)).counterexample is not None
    # SymPy refuses to compare what divides by zero, and the equation is tried as it stands.
    assert shots(1 / (x - y) > 0, sp.Eq(x, y)).counterexample is not None


def test_an_equation_of_many_terms_is_not_written_out() -> None:
    many = sp.symbols("a:8", real=True)
    start = time.perf_counter()
    assert shots(x > 0, sp.Eq(sum(many) ** 40, 1)).drawn == 4000
    assert time.perf_counter() - start < 5
    assert prove(sp.Eq(x > 0, y > 0), given=sp.Ne(x, 0)).status is ProofStatus.REFUTED


def test_symbols_are_drawn_within_the_bounds_that_are_given() -> None:
    for given in ((x > 7,), (x < -7,), (x > 3, x < 4, x > 0), (x >= 5, x <= 5), (x > sp.sqrt(90),)):
        found = shots(sp.false, *given)
        assert found.met > 1000, given
        assert found.counterexample is not None
    assert shots(sp.false, x > 0, x < 0).met == 0


def test_simple_points_are_simple() -> None:
    point = shots(x * y > 2, x > 0, y > 0).counterexample
    assert point is not None
    assert all(value.denominator <= 8 for value in point.values())


def test_parameters_are_drawn_from_their_usual_ranges() -> None:
    model = ag.models.alignment()
    for parameter in model.parameters.values():
        low, high = usual_range(parameter)
        assert parameter.usual.lower == low < high
    size = sp.Symbol("size", positive=True)
    own = ag.models.build_model(
        "own", players={"one": ["a", "b"]}, parameters={"size": (1, None)},
        payoffs={"a": (size,), "b": (0,)},
    )  # fmt: skip
    proof = prove(size < 3, model=own)
    assert proof.counterexample == {"size": Fraction(3)}
    assert proof.method == "simple points"
