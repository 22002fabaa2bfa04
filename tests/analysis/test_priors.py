"""Priors: those of the notes F9, draws inside the model, and one line for every mistake."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import Prior, base_prior, named_priors, scenario_prior
from alignment_games.batch import Uniform
from alignment_games.errors import ParameterError

MODEL = ag.models.alignment()

# The notes F9: "alpha,V,b,kappa,w U(0,2); thetas,e,x_B,y_W,eta,rho,zeta,beta_w U(0,1); tau,c,d
# U(0,.5); l0 U(.5,1); delta U(0,1)*l0; L U(0,3)", and theta_H = 1.
F9 = {
    (0, 2): "alpha V b kappa w",
    (0, 1): "theta_B theta_W e_G e_P x_B y_W eta rho zeta beta_w",
    (0, 0.5): "tau c_B c_H c_W d",
    (0.5, 1): "l0",
    (0, 3): "L",
}


def test_base_prior_is_that_of_the_notes() -> None:
    names = {p.symbol.name: name for name, p in MODEL.parameters.items()}
    wanted = {names[s]: Uniform(*ends) for ends, symbols in F9.items() for s in symbols.split()}
    wanted["support_effect"] = Uniform(0, 1, scaled_by="coercion_success")
    prior = base_prior(MODEL)
    assert dict(prior.ranges) == wanted
    assert prior.fixed == {"autonomy_hedge": 1}
    assert len(prior.ranges) + len(prior.fixed) == len(MODEL.parameters)


def test_ablations_differ_from_the_base_in_what_their_names_say() -> None:
    priors = named_priors(MODEL)
    base = priors["base"]
    free, wide = Uniform(0, 1), Fraction(0)
    single: dict[str, dict[str, object]] = {
        "autonomy-free": {"autonomy_hedge": free},
        "discount-to-one": {"hedging_discount": free},
        "no-provocation": {"alignment_loss": wide},
        "no-informal-support": {"informal_support": wide},
    }
    single["both-free"] = single["autonomy-free"] | single["discount-to-one"]
    single["all-four"] = {k: v for own in single.values() for k, v in own.items()}
    assert set(priors) == {"base", *single}
    for name, changes in single.items():
        every = {**priors[name].ranges, **priors[name].fixed}
        assert every == {**base.ranges, **base.fixed, **changes}


@pytest.mark.parametrize("name", [*named_priors(MODEL), *ag.scenarios.scenario_names()])
def test_every_draw_is_a_point_of_the_model(name: str) -> None:
    known = named_priors(MODEL)
    prior = known[name] if name in known else scenario_prior(ag.load_scenario(name))
    prior.check(MODEL)
    design = prior.design(200, 7)
    for k in range(200):
        MODEL.parameters.complete(dict(prior.fixed) | design.exact(k), {})


def test_draws_of_a_scaled_parameter_are_shares() -> None:
    design = base_prior(MODEL).design(50_000, 7)
    columns = dict(zip(design.parameters, design.columns(0, 50_000), strict=True))
    share = columns["support_effect"] / columns["coercion_success"]
    assert abs(share.mean() - 0.5) < 0.01
    assert abs(np.corrcoef(share, columns["coercion_success"])[0, 1]) < 0.02
    assert np.corrcoef(columns["support_effect"], columns["coercion_success"])[0, 1] > 0.2


def test_prior_of_a_case_is_its_ranges() -> None:
    case = ag.load_scenario("ukraine")
    prior = scenario_prior(case, fixed=("stake",))
    assert prior.fixed == {"coercion_cost": Fraction(3, 5), "stake": Fraction(9, 20)}
    for name, one in prior.ranges.items():
        assert (one.lower, one.upper) == (
            case.entries[name].range.lower,
            case.entries[name].range.upper,
        )


def test_range_of_a_case_that_can_break_the_constraint_is_refused() -> None:
    with pytest.raises(ParameterError, match="can draw `support_effect` above `coercion_success`"):
        base_prior(MODEL).replace("x", support_effect=(0, 1)).check(MODEL)
    base_prior(MODEL).replace("x", support_effect=(0, 0.5)).check(MODEL)
    with pytest.raises(ParameterError, match="can draw"):
        base_prior(MODEL).replace(
            "x",
            coercion_success=(0.5, 0.8),
            support_effect=Uniform(0, 1.2, scaled_by="coercion_success"),
        ).check(MODEL)
    base_prior(MODEL).replace("x", coercion_success=0.7, support_effect=0.7).check(MODEL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stakes": 1}, "did you mean 'stake'"),
        ({"stake": "much"}, "`stake` must be a number, a pair"),
        ({"stake": (2, 1)}, "lower < upper"),
    ],
)
def test_changes_are_checked(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        base_prior(MODEL).replace("x", **changes)  # type: ignore[arg-type]


def test_prior_that_does_not_fit_is_refused() -> None:
    base = base_prior(MODEL)
    lacking = Prior(name="x", ranges={"stake": Uniform(0, 1)}, fixed={})
    for prior, message in (
        (lacking, "needs a range or a value of autonomy_weight"),
        (base.replace("x", patron_reliability=(0, 2)), r"\[0, 1\]"),
        (base.replace("x", patron_reliability=2), r"\[0, 1\]"),
        (Prior(name="x", ranges=base.ranges, fixed={"stakes": Fraction(1)}), "'stakes'"),
    ):
        with pytest.raises(ParameterError, match=message):
            prior.check(MODEL)
    with pytest.raises(ParameterError, match="'stake'"):
        scenario_prior(ag.load_scenario("vietnam"), fixed=("stakes",))
