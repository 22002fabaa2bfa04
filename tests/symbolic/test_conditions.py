"""Conditions derived from payoffs: what the functions return, and what they refuse."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError
from alignment_games.symbolic import (
    Boundary,
    deterrence_condition,
    dominance_condition,
    gain_under_threat,
    solve_linear,
    temptation,
)

MODEL = ag.models.alignment()
POSTURES = MODEL.strategies[0]
SYMBOLS = MODEL.parameters.symbols


def random_values(rng: random.Random) -> dict[str, Fraction]:
    values = {
        name: Fraction(rng.randint(0, 100), 100) * (1 if p.domain.upper == 1 else 2)
        for name, p in MODEL.parameters.items()
    }
    values["support_effect"] = min(values["support_effect"], values["coercion_success"])
    return values


def at(expression: sp.Basic, values: dict[str, Fraction]) -> sp.Basic:
    return expression.xreplace(
        {SYMBOLS[name]: sp.Rational(v.numerator, v.denominator) for name, v in values.items()}
    )


@pytest.mark.parametrize("posture", POSTURES)
def test_temptation_is_what_coercion_adds_to_the_hegemons_payoff(posture: str) -> None:
    added = MODEL.payoff("hegemon", posture, "coerce") - MODEL.payoff(
        "hegemon", posture, "accommodate"
    )
    assert sp.expand(temptation(MODEL, posture) - added) == 0
    comparison = MODEL.temptations[posture]
    assert comparison.difference == comparison.left - comparison.right
    assert comparison.reference == "F1.1"


@pytest.mark.parametrize("posture", POSTURES)
def test_deterrence_holds_where_the_solved_hegemon_may_accommodate(posture: str) -> None:
    condition = deterrence_condition(MODEL, posture)
    rng = random.Random(1)
    seen = set()
    for _ in range(60):
        values = random_values(rng)
        game = MODEL.game(values)
        accommodates = game.payoff("hegemon", posture, "accommodate") >= game.payoff(
            "hegemon", posture, "coerce"
        )
        assert bool(at(condition, values)) == accommodates
        seen.add(accommodates)
    assert seen == {True, False}


def test_deterrence_holds_on_the_knife_edge() -> None:
    # Ukraine at rho = 3/7: the hegemon is indifferent, so it does not gain from coercing.
    values = dict(ag.load_scenario("ukraine").replace(patron_reliability=Fraction(3, 7)))
    assert at(temptation(MODEL, "balance"), values) == 0
    assert at(deterrence_condition(MODEL, "balance"), values) == sp.true


def test_gain_is_the_expected_lead_and_linear_in_the_threat() -> None:
    q = sp.Symbol("q")
    for a in POSTURES:
        for over in POSTURES:
            gain = gain_under_threat(MODEL, a, over=over, threat=q)
            expected = sum(
                weight * (MODEL.payoff("small_state", a, c) - MODEL.payoff("small_state", over, c))
                for weight, c in ((1 - q, "accommodate"), (q, "coerce"))
            )
            assert sp.expand(gain - expected) == 0
            assert sp.Poly(sp.expand(gain), q).degree() <= 1
            back = gain_under_threat(MODEL, over, over=a, threat=q)
            assert sp.expand(gain + back) == 0


def test_dominance_condition_is_strict_dominance() -> None:
    rng = random.Random(2)
    verdicts: list[bool] = []
    conditions = {
        (a, over): dominance_condition(MODEL, a, over=over)
        for a in POSTURES
        for over in POSTURES
        if a != over
    }
    for _ in range(40):
        values = random_values(rng)
        game = MODEL.game(values)
        for (a, over), condition in conditions.items():
            dominates = all(
                game.payoff("small_state", a, c) > game.payoff("small_state", over, c)
                for c in MODEL.strategies[1]
            )
            assert bool(at(condition, values)) == dominates
            verdicts.append(dominates)
    assert 20 < sum(verdicts) < len(verdicts) - 20
    assert dominance_condition(MODEL, "hedge", over="hedge") == sp.false


def test_dominance_condition_is_strict_on_a_tie() -> None:
    values = dict.fromkeys(MODEL.parameters, Fraction(0))
    assert not at(dominance_condition(MODEL, "hedge", over="balance"), values)


def test_solve_linear_gives_zero_and_slope() -> None:
    x, y, z = sp.symbols("x y z")
    boundary = solve_linear(3 * x * y - z + x, x)
    assert isinstance(boundary, Boundary)
    assert boundary.symbol == x
    assert sp.simplify(boundary.value - z / (3 * y + 1)) == 0
    assert sp.simplify(boundary.slope - (3 * y + 1)) == 0


def test_solve_linear_says_on_which_side_the_expression_is_positive() -> None:
    rng = random.Random(3)
    for posture in POSTURES:
        expression = temptation(MODEL, posture)
        for name in ("patron_reliability", "stake", "coercion_cost", "alignment_loss"):
            symbol = SYMBOLS[name]
            if symbol not in expression.free_symbols:
                continue
            boundary = solve_linear(expression, symbol)
            assert sp.simplify(expression.subs(symbol, boundary.value)) == 0
            for _ in range(10):
                values = random_values(rng)
                slope = at(boundary.slope, values)
                if slope == 0:
                    continue
                above = at(symbol, values) - at(boundary.value, values)
                assert sp.sign(at(expression, values)) == sp.sign(slope) * sp.sign(above)


def test_solve_linear_takes_any_coefficient_of_the_other_symbols() -> None:
    x, y = sp.symbols("x y")
    boundary = solve_linear(x * sp.sin(y) - 1, x)
    assert sp.simplify(boundary.value - 1 / sp.sin(y)) == 0


_x, _y = sp.symbols("x y")


@pytest.mark.parametrize(
    "expression",
    [
        _x**2 - 1,
        _x * _x * _y,
        _y,
        sp.Integer(0),
        sp.Integer(3),
        _x * ((_y + 1) ** 2 - _y**2 - 2 * _y - 1) + 1,  # the coefficient of x is zero
        1 / _x,
        sp.sqrt(_x) + 1,
        sp.sin(_x),
        _x / (_x + 1),
        sp.Abs(_x) - _y,
    ],
    ids=str,
)
def test_solve_linear_refuses_what_is_not_linear(expression: sp.Expr) -> None:
    with pytest.raises(ParameterError, match="`expression` must be linear in x"):
        solve_linear(expression, _x)


@pytest.mark.parametrize(
    "call",
    [
        lambda: temptation(MODEL, "hedging"),
        lambda: deterrence_condition(MODEL, "hedging"),
        lambda: gain_under_threat(MODEL, "hedging", over="balance", threat=sp.Integer(0)),
        lambda: gain_under_threat(MODEL, "balance", over="hedging", threat=sp.Integer(0)),
        lambda: dominance_condition(MODEL, "balance", over="hedging"),
    ],
)
def test_an_unknown_posture_is_answered_with_the_nearest(call: Callable[[], object]) -> None:
    with pytest.raises((ParameterError, GameError), match=r"'hedging'.*did you mean 'hedge'"):
        call()
