"""Derivatives with their signs, numbers put in, Taylor polynomials, and units."""

from __future__ import annotations

import dataclasses
import html
import random
import re
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ModelError, ParameterError
from alignment_games.symbolic import (
    Sign,
    best_response_condition,
    comparative_statics,
    equilibrium_condition,
    normalize,
    substitute,
    taylor,
    temptation,
    truth,
)

from .points import MODEL, at, random_values, rational

S = MODEL.parameters.symbols
VIETNAM = ag.load_scenario("vietnam")


@pytest.mark.parametrize("posture", MODEL.strategies[0])
@pytest.mark.parametrize("name", list(MODEL.parameters))
def test_statics_of_temptation_follow_its_derivative(posture: str, name: str) -> None:
    expression = temptation(MODEL, posture)
    found = comparative_statics(expression, name, model=MODEL)
    assert sp.expand(found.derivative - sp.diff(expression, S[name])) == 0
    rng = random.Random(f"{posture} {name}")
    allowed = {
        Sign.POSITIVE: {1}, Sign.NOT_NEGATIVE: {0, 1}, Sign.ZERO: {0}, Sign.NOT_POSITIVE: {0, -1},
        Sign.NEGATIVE: {-1}, Sign.OPEN: {-1, 0, 1},
    }[found.sign]  # fmt: skip
    for _ in range(10):
        values = random_values(rng)
        slope = int(sp.sign(at(sp.diff(expression, S[name]), values)))
        point = {S[key]: value for key, value in values.items()}
        assert slope in allowed
        assert truth(found.rises, point) == (slope > 0)
        assert truth(found.falls, point) == (slope < 0)


def test_statics_that_the_notes_state() -> None:
    """F1.1: temptation rises in the stake and the tilt, falls in the patron's reliability."""
    for name, expected in {
        "stake": Sign.NOT_NEGATIVE,
        "tilt": Sign.NOT_NEGATIVE,
        "patron_reliability": Sign.NOT_POSITIVE,
        "coercion_cost": Sign.NEGATIVE,
        "overrun_loss": Sign.ZERO,
    }.items():
        found = comparative_statics(temptation(MODEL, "hedge"), name, model=MODEL)
        assert found.sign is expected, name
    assert "falls where" in str(
        comparative_statics(temptation(MODEL, "hedge"), "escalation_cost", model=MODEL)
    )


def test_statics_are_shown_in_every_format() -> None:
    found = comparative_statics(temptation(MODEL, "hedge"), "tilt", model=MODEL)
    assert "rises where b > 0 and l0 > delta*eta*rho" in str(found)
    source = found.latex()
    assert r"\frac{\partial}{\partial \zeta}" in source
    assert r"b > 0 \text{ and } l_{0} > \delta \eta \rho" in source
    assert "It is positive or zero." in source
    assert "falls" not in source
    page = found._repr_html_()
    assert page.count("<math") == 2
    # Brackets around what the derivative is of, and around a sum that is subtracted.
    falls = comparative_statics(temptation(MODEL, "balance"), "patron_reliability", model=MODEL)
    row = falls._repr_html_().split("</math>")[0]
    assert row.count("<mo>(</mo>") == row.count("<mo>)</mo>") == 5
    assert "−(δ" in re.sub("<[^>]*>", "", html.unescape(row))


def test_numbers_are_put_in_exactly() -> None:
    expression = temptation(MODEL, "hedge")
    whole = substitute(expression, MODEL, VIETNAM)
    game = MODEL.game(VIETNAM)
    assert whole == rational(
        Fraction(game.payoff("hegemon", "hedge", "coerce"))
        - Fraction(game.payoff("hegemon", "hedge", "accommodate"))
    )
    partly = substitute(expression, MODEL, VIETNAM, keep=["stake"], tilt=0.5)
    assert partly.free_symbols == {S["stake"]}
    assert partly.xreplace({S["stake"]: sp.Rational(3, 10)}) == substitute(
        expression, MODEL, VIETNAM, tilt=Fraction(1, 2)
    )
    with pytest.raises(ParameterError, match="unknown parameter 'tlit'"):
        substitute(expression, MODEL, {"tlit": 1})
    with pytest.raises(ParameterError, match="`tilt` must lie in"):
        substitute(expression, MODEL, tilt=2)


def test_a_polynomial_is_its_taylor_polynomial() -> None:
    expression = temptation(MODEL, "hedge")
    names = ["stake", "patron_reliability", "tilt"]
    exact = substitute(expression, MODEL, VIETNAM, keep=names)
    assert sp.expand(taylor(expression, MODEL, VIETNAM, by=names, order=3) - exact) == 0
    line = taylor(expression, MODEL, VIETNAM, by=names)
    point = {S[name]: rational(Fraction(VIETNAM[name])) for name in names}
    assert line.xreplace(point) == exact.xreplace(point)
    for symbol in point:
        assert sp.diff(line, symbol) == sp.diff(exact, symbol).xreplace(point)


def test_taylor_polynomials_need_derivatives() -> None:
    stake = S["stake"]
    second = taylor(1 / stake, MODEL, VIETNAM, by=["stake"], order=2)
    near = Fraction(31, 100)
    error = second.xreplace({stake: rational(near)}) - rational(1 / near)
    assert abs(error) < Fraction(2, 10000)
    with pytest.raises(ParameterError, match="must have derivatives up to order 1"):
        taylor(1 / stake, MODEL, VIETNAM, by=["stake"], stake=0)
    with pytest.raises(ParameterError, match="`order` must be an integer from 0 to 20"):
        taylor(stake, MODEL, VIETNAM, by=["stake"], order=-1)
    with pytest.raises(ParameterError, match="`by` must name"):
        taylor(stake, MODEL, VIETNAM, by=[])


@pytest.mark.parametrize(
    "chosen",
    [None, ["stake", "overrun_loss", "autonomy_hedge", "escalation_cost"]],
)
def test_normalized_payoffs_are_the_payoffs_in_other_units(chosen: list[str] | None) -> None:
    found = normalize(MODEL, numeraires=chosen)
    assert len(found.numeraires) == len(found.scalings) == 4
    assert len(found.groups) == 20
    swap = {S[name]: group for name, group in found.groups.items()}
    for profile, payoffs in MODEL.payoffs.items():
        for k, player in enumerate(MODEL.players):
            again = found.factors[player] * found.payoffs[profile][k].xreplace(swap)
            assert sp.simplify(again - payoffs[k]) == 0


def test_each_scaling_leaves_the_ranking_of_outcomes() -> None:
    factor = sp.Symbol("factor", positive=True)
    for scaling in normalize(MODEL).scalings:
        swap = {S[name]: S[name] * factor**power for name, power in scaling.weights.items()}
        for payoffs in MODEL.payoffs.values():
            for k, player in enumerate(MODEL.players):
                scaled = payoffs[k].xreplace(swap)
                power = scaling.payoffs.get(player, 0)
                assert sp.expand(scaled - factor**power * payoffs[k]) == 0


def test_numeraires_must_fix_every_scaling() -> None:
    with pytest.raises(ParameterError, match="must fix each of 4 scalings once"):
        normalize(MODEL, numeraires=["stake", "coercion_cost", "autonomy_weight", "tilt"])
    with pytest.raises(ParameterError, match="unknown parameter"):
        normalize(MODEL, numeraires=["kappa"] * 4)
    assert "set to 1: coercion_cost" in str(normalize(MODEL))


def test_payoffs_that_are_no_polynomials_have_no_units_here() -> None:
    payoffs = {profile: (sp.exp(S["stake"]), own[1]) for profile, own in MODEL.payoffs.items()}
    with pytest.raises(ModelError, match=r"small_state at .* is not a polynomial"):
        normalize(dataclasses.replace(MODEL, payoffs=payoffs))


def random_game_facts(rng: random.Random) -> tuple[dict[str, Fraction], Any]:
    values = random_values(rng)
    return values, MODEL.game(values)


def test_best_response_conditions_agree_with_the_game() -> None:
    rng = random.Random(11)
    conditions = {
        (own, other, strict): best_response_condition(MODEL, own, against=other, strict=strict)
        for k in (0, 1)
        for own in MODEL.strategies[k]
        for other in MODEL.strategies[1 - k]
        for strict in (False, True)
    }
    seen = set()
    for _ in range(25):
        values, game = random_game_facts(rng)
        point = {S[name]: value for name, value in values.items()}
        for (own, other, strict), condition in conditions.items():
            k = int(own in MODEL.strategies[1])
            profiles = {s: (s, other) if k == 0 else (other, s) for s in MODEL.strategies[k]}
            paid = {s: Fraction(game.payoff(MODEL.players[k], *p)) for s, p in profiles.items()}
            rivals = [paid[s] for s in paid if s != own]
            best = paid[own] > max(rivals) if strict else paid[own] >= max(rivals)
            assert truth(condition, point) == best
            seen.add(best)
    assert seen == {True, False}


def test_equilibrium_conditions_agree_with_the_solver() -> None:
    rng = random.Random(12)
    profiles = [(a, g) for a in MODEL.strategies[0] for g in MODEL.strategies[1]]
    conditions = {p: equilibrium_condition(MODEL, p) for p in profiles}
    found = 0
    for _ in range(25):
        values, game = random_game_facts(rng)
        point = {S[name]: value for name, value in values.items()}
        for profile, condition in conditions.items():
            regret = ag.verify(game, profile)
            assert truth(condition, point) == (max(regret) == 0)
            found += max(regret) == 0
    assert found > 10


def test_a_mixed_profile_is_an_equilibrium_where_its_condition_says_so() -> None:
    """The threat shock of the notes F9: V = .6, rho = .55, balance .154 and accommodate .353."""
    case = VIETNAM.replace(stake=0.6, patron_reliability=0.55)
    (equilibrium,) = ag.solve(case.model.game(case)).equilibria
    plays = [
        {s: p for s, p in zip(own, mixture, strict=True) if p}
        for own, mixture in zip(MODEL.strategies, equilibrium.profile, strict=True)
    ]
    condition = equilibrium_condition(MODEL, plays)
    point = {S[name]: value for name, value in MODEL.parameters.complete(case, {}).items()}
    assert truth(condition, point) is True
    assert truth(condition, point | {S["stake"]: Fraction(61, 100)}) is False
    with pytest.raises(GameError, match="`profile` must say what each of"):
        equilibrium_condition(MODEL, ("hedge",))
