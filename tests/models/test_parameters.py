"""The 24 named parameters are frozen, and a bad value is refused by name (the notes F12)."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import AlignmentGamesError, ParameterError
from alignment_games.models import Constraint, Interval, ParameterStatus

# name, symbol, domain, usual range, status
FROZEN = [
    ("autonomy_weight", "alpha", (0, None), ("0", "2"), "elicited"),
    ("autonomy_balance", "theta_B", (0, 1), ("0", "1"), "elicited"),
    ("autonomy_hedge", "theta_H", (0, 1), ("0", "1"), "assumption"),
    ("autonomy_bandwagon", "theta_W", (0, 1), ("0", "1"), "elicited"),
    ("economy_hegemon", "e_G", (0, 1), ("0", "1"), "measured"),
    ("economy_patron", "e_P", (0, 1), ("0", "1"), "measured"),
    ("market_retention_balance", "x_B", (0, 1), ("0", "1"), "measured"),
    ("market_retention_bandwagon", "y_W", (0, 1), ("0", "1"), "measured"),
    ("hedging_discount", "tau", (0, 1), ("0", "0.5"), "assumption"),
    ("cost_balance", "c_B", (0, None), ("0", "0.5"), "elicited"),
    ("cost_hedge", "c_H", (0, None), ("0", "0.5"), "elicited"),
    ("cost_bandwagon", "c_W", (0, None), ("0", "0.5"), "elicited"),
    ("coercion_success", "l0", (0, 1), ("0.5", "1"), "measured"),
    ("support_effect", "delta", (0, 1), ("0", "1"), "elicited"),
    ("patron_reliability", "rho", (0, 1), ("0", "1"), "elicited"),
    ("informal_support", "eta", (0, 1), ("0", "1"), "elicited"),
    ("stake", "V", (0, None), ("0", "2"), "elicited"),
    ("alignment_loss", "b", (0, None), ("0", "2"), "elicited"),
    ("tilt", "zeta", (0, 1), ("0", "1"), "elicited"),
    ("friendship", "beta_w", (0, None), ("0", "1"), "elicited"),
    ("coercion_cost", "kappa", (0, None), ("0", "2"), "normalization"),
    ("escalation_cost", "w", (0, None), ("0", "2"), "elicited"),
    ("overrun_loss", "L", (0, None), ("0", "3"), "elicited"),
    ("coercion_damage", "d", (0, None), ("0", "0.5"), "elicited"),
]
NAMES = [row[0] for row in FROZEN]
VIETNAM = dict(ag.load_scenario("vietnam"))


def test_names_and_their_order_are_frozen(model: ag.models.AlignmentModel) -> None:
    assert len(NAMES) == 24
    assert list(model.parameters) == NAMES
    assert len(model.parameters) == 24


@pytest.mark.parametrize(("name", "symbol", "domain", "usual", "status"), FROZEN, ids=NAMES)
def test_each_parameter_is_described(
    model: ag.models.AlignmentModel,
    name: str,
    symbol: str,
    domain: tuple[int, int | None],
    usual: tuple[str, str],
    status: str,
) -> None:
    parameter = model.parameters[name]
    assert parameter.name == name
    assert str(parameter.symbol) == symbol
    assert parameter.symbol.is_nonnegative
    assert parameter.domain == Interval(*domain)
    assert parameter.usual == Interval(Fraction(usual[0]), Fraction(usual[1]))
    assert parameter.status is ParameterStatus(status)
    assert len(parameter.meaning) > 10
    assert parameter.unit
    text = str(parameter)
    for part in (name, symbol, parameter.meaning, parameter.unit, str(parameter.domain), status):
        assert part in text


def test_symbols_and_meanings_are_distinct(model: ag.models.AlignmentModel) -> None:
    parameters = model.parameters.values()
    assert len({p.symbol for p in parameters}) == 24
    assert len({p.meaning for p in parameters}) == 24
    assert model.parameters.symbols == {p.name: p.symbol for p in parameters}


def test_every_parameter_moves_some_payoff(model: ag.models.AlignmentModel) -> None:
    used = set().union(*(e.free_symbols for own in model.payoffs.values() for e in own))
    assert used == set(model.parameters.symbols.values())


def test_units_that_are_shared_and_statuses_in_use(model: ag.models.AlignmentModel) -> None:
    units = {name: p.unit for name, p in model.parameters.items()}
    for hegemon in ("stake", "alignment_loss", "coercion_cost", "escalation_cost"):
        assert units[hegemon] == "hegemon's utility"
    for name in ("coercion_success", "support_effect", "patron_reliability"):
        assert units[name] == "probability"
    assert {p.status for p in model.parameters.values()} == set(ParameterStatus)


def test_the_joint_constraint_is_support_within_success(model: ag.models.AlignmentModel) -> None:
    (constraint,) = model.parameters.constraints
    assert isinstance(constraint, Constraint)
    assert (constraint.smaller, constraint.larger) == ("support_effect", "coercion_success")
    assert constraint.reason


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        "0.5",
        "",
        True,
        False,
        np.True_,
        None,
        0.5j,
        [0.5],
        np.array([0.5]),
        Decimal("NaN"),
        Decimal("Infinity"),
        np.float64("nan"),
        sp.nan,
        sp.oo,
        sp.pi,
        sp.Symbol("x"),
        sp.true,
        -0.001,
        Fraction(-1, 10**9),
        10**101,
    ],
    ids=repr,
)
def test_a_bad_value_is_refused_by_name(
    model: ag.models.AlignmentModel, name: str, value: Any
) -> None:
    with pytest.raises(ParameterError, match=f"^`{name}` must lie in") as caught:
        model.game(VIETNAM, **{name: value})
    assert isinstance(caught.value, AlignmentGamesError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("name", [row[0] for row in FROZEN if row[2][1] == 1])
def test_a_share_or_probability_above_one_is_refused(
    model: ag.models.AlignmentModel, name: str
) -> None:
    for value in (1.0000001, 2, Fraction(1001, 1000)):
        with pytest.raises(ParameterError, match=rf"^`{name}` must lie in \[0, 1\] .*got "):
            model.game(VIETNAM, **{name: value})


@pytest.mark.parametrize("name", [row[0] for row in FROZEN if row[2][1] is None])
def test_an_unbounded_parameter_takes_a_large_value(
    model: ag.models.AlignmentModel, name: str
) -> None:
    assert model.parameters.number(name, 1e6) == 10**6


def test_an_unknown_name_is_answered_with_the_nearest(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(ParameterError, match="'stakes'; did you mean 'stake'"):
        model.game(VIETNAM, stakes=1)
    with pytest.raises(ParameterError, match="did you mean 'patron_reliability'"):
        model.tree({**VIETNAM, "patron_reliabilty": 1})
    with pytest.raises(ParameterError, match=r"unknown parameter 'sigh'; choose from .*stake"):
        model.parameters["sigh"]
    with pytest.raises(ParameterError, match="'rho'; it is the symbol of 'patron_reliability'"):
        model.parameters["rho"]
    assert "stakes" not in model.parameters


def test_missing_values_are_all_named(model: ag.models.AlignmentModel) -> None:
    values = {k: v for k, v in VIETNAM.items() if k not in {"tilt", "stake"}}
    with pytest.raises(ParameterError, match="missing: stake, tilt"):
        model.game(values)
    with pytest.raises(ParameterError, match=r"missing: autonomy_weight, .*coercion_damage"):
        model.game()
    assert model.game(values, tilt=0.25, stake=0.3) == model.game(VIETNAM)


def test_support_beyond_success_is_refused(model: ag.models.AlignmentModel) -> None:
    message = "^`support_effect` must not exceed `coercion_success` .*0.95 > 0.9"
    with pytest.raises(ParameterError, match=message):
        model.game(VIETNAM, support_effect=0.95)
    with pytest.raises(ParameterError, match=r"0\.5 > 0\.45"):
        model.tree(VIETNAM, coercion_success=0.45)
    model.game(VIETNAM, coercion_success=0.5)  # equal is allowed


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.7, Fraction(7, 10)),
        (np.float64(0.7), Fraction(7, 10)),
        (np.float32(0.7), Fraction(7, 10)),
        (0.1 + 0.2, Fraction("0.30000000000000004")),
        (1e-7, Fraction(1, 10**7)),
        (Decimal("0.7"), Fraction(7, 10)),
        (Fraction(3, 7), Fraction(3, 7)),
        (sp.Rational(3, 7), Fraction(3, 7)),
        (np.int64(1), Fraction(1)),
        (1, Fraction(1)),
        (0, Fraction(0)),
    ],
    ids=repr,
)
def test_a_float_stands_for_its_shortest_decimal(
    model: ag.models.AlignmentModel, value: Any, exact: Fraction
) -> None:
    number = model.parameters.number("tilt", value)
    assert type(number) is Fraction
    assert number == exact
    game = model.game(VIETNAM, tilt=value)
    assert game.exact
    assert game.payoff("hegemon", "hedge", "accommodate") == -Fraction(4, 5) * exact


def test_complete_orders_values_and_lets_overrides_win(model: ag.models.AlignmentModel) -> None:
    backwards = dict(reversed(VIETNAM.items()))
    completed = model.parameters.complete(backwards, {"stake": 0.6})
    assert list(completed) == NAMES
    assert completed == {**VIETNAM, "stake": Fraction(3, 5)}
    assert all(type(v) is Fraction for v in completed.values())


def test_interval_is_closed_and_may_be_unbounded() -> None:
    unit, ray = Interval(0, 1), Interval(0.5, None)
    for value, inside in ((0, True), (1, True), (Fraction(1, 3), True), (-1, False), (2, False)):
        assert (value in unit) is inside
    assert Fraction(1, 2) in ray
    assert 10**9 in ray
    assert Fraction(49, 100) not in ray
    assert str(ray) == "[0.5, inf)"
    assert Interval(0.7, 1).lower == Fraction(7, 10)


def test_parameters_are_values(model: ag.models.AlignmentModel) -> None:
    parameter = model.parameters["stake"]
    with pytest.raises(AttributeError):
        parameter.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        model.parameters.parameters = ()  # type: ignore[misc]


def test_a_model_is_shown_in_a_few_lines() -> None:
    assert repr(ag.models.alignment().parameters) == (
        "ParameterSpace(24 parameters: autonomy_weight, autonomy_balance, autonomy_hedge, ...)"
    )
    assert len(repr(ag.models.alignment())) < 400
