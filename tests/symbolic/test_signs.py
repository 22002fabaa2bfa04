"""Signs on whole domains: never claimed against a point, and seen where they should be."""

from __future__ import annotations

import random

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.models import Interval
from alignment_games.symbolic import Sign, sign, simplified
from alignment_games.symbolic.signs import factors_of
from alignment_games.symbolic.truth import truth

from .points import MODEL, at, random_values

S = MODEL.parameters.symbols
X, Y = sp.symbols("x y", real=True)
UNIT = {X: Interval(0, 1), Y: Interval(0, None)}
ALLOWED = {
    Sign.POSITIVE: {1},
    Sign.NOT_NEGATIVE: {0, 1},
    Sign.ZERO: {0},
    Sign.NOT_POSITIVE: {0, -1},
    Sign.NEGATIVE: {-1},
    Sign.OPEN: {-1, 0, 1},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sp.Integer(0), Sign.ZERO),
        (X, Sign.NOT_NEGATIVE),
        (1 - X, Sign.NOT_NEGATIVE),
        (2 - X, Sign.POSITIVE),
        (X - 1, Sign.NOT_POSITIVE),
        (X - 2, Sign.NEGATIVE),
        (2 * X - 1, Sign.OPEN),
        (1 + Y, Sign.POSITIVE),
        (1 - X * Y, Sign.OPEN),
        (1 + Y - X, Sign.NOT_NEGATIVE),
        (X**2 - 2 * X + 1, Sign.NOT_NEGATIVE),
        (X**2 - X + 1, Sign.POSITIVE),
        ((2 * X - 1) ** 2, Sign.NOT_NEGATIVE),
        ((2 * X - 1) ** 3, Sign.OPEN),
        (1 / Y, Sign.POSITIVE),
        ((X - 2) / (1 + Y), Sign.NEGATIVE),
        (X - X**2 + Y, Sign.NOT_NEGATIVE),
        (X * (1 - X) * (Y + 3), Sign.NOT_NEGATIVE),
        (sp.exp(X), Sign.POSITIVE),
        (sp.Symbol("z", positive=True) + X, Sign.NOT_NEGATIVE),
        (sp.Symbol("z", positive=True), Sign.POSITIVE),
        (sp.Symbol("z", real=True) + X, Sign.OPEN),
        (sp.Symbol("z", real=True) ** 2, Sign.NOT_NEGATIVE),
    ],
)
def test_signs_on_a_unit_interval_and_a_half_line(expression: sp.Expr, expected: Sign) -> None:
    assert sign(expression, extra=UNIT) is expected
    assert sign(-expression, extra=UNIT) is expected.opposite


def test_joint_constraints_are_used() -> None:
    """The patron cannot help more than all (`support_effect` <= `coercion_success`)."""
    success = S["coercion_success"] - S["support_effect"] * S["patron_reliability"]
    assert sign(success, MODEL) is Sign.NOT_NEGATIVE
    assert sign(S["coercion_success"] - S["support_effect"], MODEL) is Sign.NOT_NEGATIVE
    assert sign(S["support_effect"] - S["coercion_success"], MODEL) is Sign.NOT_POSITIVE
    assert sign(S["support_effect"] - S["tilt"], MODEL) is Sign.OPEN


def random_expression(rng: random.Random, names: list[str], depth: int = 3) -> sp.Expr:
    if depth == 0:
        symbol = S[rng.choice(names)]
        return rng.choice([symbol, 1 - symbol, symbol + 1, sp.Integer(rng.randint(1, 3)), -symbol])
    left, right = (random_expression(rng, names, depth - 1) for _ in range(2))
    return rng.choice([left + right, left * right, left * right, left - right])


NAMES = ["tilt", "stake", "patron_reliability", "coercion_success", "support_effect"]


def test_no_sign_is_claimed_against_a_point() -> None:
    rng = random.Random(5)
    claimed = 0
    for _ in range(80):
        expression = random_expression(rng, NAMES)
        own = sign(expression, MODEL)
        claimed += own is not Sign.OPEN
        for _ in range(25):
            value = at(expression, random_values(rng))
            assert int(sp.sign(value)) in ALLOWED[own], (expression, own)
    assert claimed > 20


def test_simplified_relations_hold_at_the_same_points() -> None:
    """Inequalities of either strictness, with equality cases among the points."""
    rng = random.Random(6)
    changed = equal = 0
    for k in range(60):
        left, right = (random_expression(rng, NAMES, 2) for _ in range(2))
        product = (left - right) * random_expression(rng, NAMES, 1)
        relation = [sp.Gt, sp.Ge, sp.Lt, sp.Le][k % 4](product, 0, evaluate=False)
        short = simplified(relation, MODEL)
        changed += short != relation
        for _ in range(15):
            values = random_values(rng)
            point = {S[name]: value for name, value in values.items()}
            equal += at(product, values) == 0
            assert truth(short, point) == truth(relation, point), (relation, short, values)
    assert changed > 30
    assert equal > 40


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (S["alignment_loss"] * (S["tilt"] - S["stake"]) > 0, "(b > 0) & (zeta > V)"),
        (S["alignment_loss"] * (S["tilt"] - S["stake"]) >= 0, "Eq(b, 0) | (zeta >= V)"),
        ((1 + S["stake"]) * (S["tilt"] - S["friendship"]) > 0, "zeta > beta_w"),
        ((-1 - S["stake"]) * (S["tilt"] - S["friendship"]) >= 0, "beta_w >= zeta"),
        ((S["stake"] - 3) ** 2 * S["tilt"] > 0, "(zeta > 0) & Ne(V, 3)"),
        ((S["stake"] - S["tilt"]) / (1 + S["stake"]) > 0, "V > zeta"),
        (S["tilt"] >= 0, "True"),
        (S["tilt"] + 1 <= 0, "False"),
        (sp.Eq(S["stake"] + 1, 0, evaluate=False), "False"),
        (sp.Ne(S["stake"] + 1, 0, evaluate=False), "True"),
    ],
)
def test_factors_whose_sign_is_known_are_dropped(relation: sp.Basic, expected: str) -> None:
    assert str(simplified(relation, MODEL)) == expected


def test_factors_multiply_to_the_polynomial() -> None:
    rng = random.Random(7)
    for _ in range(40):
        polynomial = random_expression(rng, NAMES) * random_expression(rng, NAMES, 1)
        if not polynomial.free_symbols or sp.expand(polynomial) == 0:
            continue
        constant, factors = factors_of(polynomial)
        product = constant * sp.Mul(*(factor**power for factor, power in factors))
        assert sp.expand(product - polynomial) == 0


def test_conditions_of_both_players_in_a_game_of_more_answers() -> None:
    """Dominance asks about every answer, not only about the first and the last one."""
    x = sp.Symbol("x", nonnegative=True)
    model = ag.models.AlignmentModel(
        name="three answers",
        title="",
        players=("one", "other"),
        strategies=(("up", "down"), ("left", "middle", "right")),
        parameters=ag.models.ParameterSpace(
            (
                ag.models.Parameter(
                    name="x",
                    symbol=x,
                    domain=Interval(0, None),
                    usual=Interval(0, 2),
                    meaning="a number",
                    unit="",
                    status=ag.models.ParameterStatus.ASSUMPTION,
                ),
            )
        ),
        payoffs={
            (own, answer): (
                sp.Integer(1) if own == "up" else x if answer == "middle" else sp.Integer(0),
                sp.Integer(0),
            )
            for own in ("up", "down")
            for answer in ("left", "middle", "right")
        },
        terms={},
        temptations={},
        reference="",
    )
    assert str(ag.symbolic.dominance_condition(model, "up", over="down")) == "1 > x"
    assert ag.symbolic.dominance_condition(model, "left", over="right") == sp.false
    assert ag.symbolic.dominance_condition(model, "left", over="right", strict=False) == sp.true


def test_a_zero_that_is_not_seen_until_multiplied_out() -> None:
    a = sp.Symbol("a", positive=True)
    zero = (X + 1) ** 2 - X**2 - 2 * X - 1
    for factor in (1, a, X, 1 / (X + 2)):
        assert sign(factor * zero) is Sign.ZERO
        assert simplified(sp.Gt(factor * zero, 0)) == sp.false
        assert simplified(sp.Ge(factor * zero, 0)) == sp.true
        assert simplified(sp.Eq(factor * zero, 0)) == sp.true
        assert simplified(sp.Ne(factor * zero, 0)) == sp.false


def test_equations_are_solved_for_their_factors() -> None:
    a, b = sp.symbols("a b", positive=True)
    assert simplified(sp.Eq(-X, 0)) == sp.Eq(X, 0)
    assert simplified(sp.Eq(a * X - a * b, 0)) == sp.Eq(X, b)
    assert simplified(sp.Ne(a * X, 0)) == sp.Ne(X, 0)
    assert simplified(sp.Eq(X * (X - a), 0)) == sp.Or(sp.Eq(X, 0), sp.Eq(X, a))
    assert simplified(sp.Ne(X * (X - a), 0)) == sp.And(sp.Ne(X, 0), sp.Ne(X, a))
    assert simplified(sp.Eq(a * b + 1, 0)) == sp.false
    assert simplified(sp.Eq((X - a) / b, 0)) == sp.Eq(X, a)
