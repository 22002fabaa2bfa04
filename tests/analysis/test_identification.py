"""Identification: every draw against exact payoffs, theorems, and the numbers of the notes F9."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

import alignment_games as ag
from alignment_games.analysis import (
    Observation,
    Scheme,
    base_prior,
    counterfactual_share,
    identification_table,
    named_schemes,
)
from alignment_games.analysis.schemes import drawn_cases, pair_design
from alignment_games.batch import Uniform
from alignment_games.errors import GameError, ParameterError
from alignment_games.models.model import exact_payoff_function

MODEL = ag.models.alignment()
SCHEMES = named_schemes(MODEL)
POSTURES = MODEL.strategies[0]


def exact_case(values: Mapping[str, Fraction]) -> tuple[list[list[Fraction]], list[bool]]:
    """Return the small state's payoffs and which postures the hegemon coerces; no ties."""
    flat = exact_payoff_function(MODEL)(*(Fraction(values[name]) for name in MODEL.parameters))
    own = [flat[2 * k : 2 * k + 2] for k in range(3)]
    other = [flat[6 + 2 * k : 8 + 2 * k] for k in range(3)]
    assert all(u != v for u, v in other)
    return own, [v > u for u, v in other]


def exact_outcome(values: Mapping[str, Fraction], seen: Observation) -> bool:
    """Tell whether a posture is what a case ends with, by the definitions."""
    own, coerced = exact_case(values)
    k = POSTURES.index(seen.posture)
    if seen.claim == "chosen":
        paid = [u[hit] for u, hit in zip(own, coerced, strict=True)]
        return paid[k] == max(paid)
    if seen.claim == "equilibrium":  # best against the answer it gets
        return own[k][coerced[k]] == max(u[coerced[k]] for u in own)
    solution = ag.solve(MODEL.game(values), exact=True)
    paths = [eq.path[0] for eq in solution.equilibria if eq.is_pure]
    return len(solution.equilibria) == 1 and paths == [seen.posture]


@pytest.mark.parametrize(
    ("scheme", "points"),
    [
        (SCHEMES["stake-free"], 1500),
        (SCHEMES["no-mistake"], 600),
        (SCHEMES["all-free"], 700),
        (replace(SCHEMES["all-free"], first=Observation(
            posture="hedge", coerced=False, claim="unique"), truth=Uniform(0, 1)), 150),
    ],
    ids=["stake-free", "no-mistake", "all-free", "unique"],
)  # fmt: skip
def test_every_count_is_that_of_exact_payoffs(scheme: Scheme, points: int) -> None:
    prior = base_prior(MODEL)
    found = counterfactual_share(MODEL, prior, scheme, points=points, rng=6)
    design = pair_design(prior, scheme, points, found.seed)
    columns = dict(zip(design.parameters, design.columns(0, points), strict=True))
    kept = peace = before = 0
    for k in range(points):
        drawn = {name: column[k : k + 1] for name, column in columns.items()}
        one, believed, true = (
            {name: Fraction(float(value[0])) for name, value in case.items()} | dict(prior.fixed)
            for case in drawn_cases(prior, scheme, drawn)
        )
        ends = exact_case(true)[1]
        calm = not ends[POSTURES.index("hedge")]
        same = (
            exact_case(one)[1][POSTURES.index(scheme.first.posture)] == scheme.first.coerced
            and ends[POSTURES.index(scheme.second.posture)] == scheme.second.coerced
            and exact_outcome(one, scheme.first)
            and exact_outcome(believed, scheme.second)
        )
        kept += same
        peace += same and calm
        before += calm
    assert kept > 0
    assert (found.retained.count, found.peace.count, found.before.count) == (kept, peace, before)
    assert found.peace.points == kept
    assert found.retained.unknown == found.peace.unknown == 0


def test_cases_share_what_the_scheme_says() -> None:
    prior, scheme = base_prior(MODEL), SCHEMES["stake-free"]
    design = pair_design(prior, scheme, 500, 6)
    drawn = dict(zip(design.parameters, design.columns(0, 500), strict=True))
    one, believed, true = drawn_cases(prior, scheme, drawn)
    for name in prior.ranges:
        assert (one[name] != believed[name]).all() == (name in scheme.varies), name
        assert (true[name] != believed[name]).all() == (name == "patron_reliability"), name
    assert (true["patron_reliability"] <= believed["patron_reliability"]).all()
    # A scaled parameter is common as a share, so that no draw breaks the constraint.
    plan = replace(scheme, varies=("coercion_success",))
    design = pair_design(prior, plan, 500, 6)
    drawn = dict(zip(design.parameters, design.columns(0, 500), strict=True))
    one, believed, _ = drawn_cases(prior, plan, drawn)
    shares = [case["support_effect"] / case["coercion_success"] for case in (one, believed)]
    assert shares[0] == pytest.approx(shares[1])
    assert (believed["support_effect"] <= believed["coercion_success"]).all()


# The notes F9: of 150,000 draws 3,816 / 1,176 retained; 0.11 with free, 0.50 with common stakes.


def test_numbers_of_the_notes() -> None:
    free = counterfactual_share(MODEL, scheme="stake-free", points=300_000, rng=1)
    common = counterfactual_share(MODEL, scheme="stake-common", points=300_000, rng=1)
    # Three standard errors of the counts, theirs and ours, and half a digit of the shares.
    assert free.retained.count / 2 == pytest.approx(3816, abs=3 * (1.5 * 3816) ** 0.5)
    assert common.retained.count / 2 == pytest.approx(1176, abs=3 * (1.5 * 1176) ** 0.5)
    assert free.peace.estimate == pytest.approx(0.11, abs=0.005 + 3 * (0.11 * 0.89 / 3816) ** 0.5)
    assert common.peace.estimate == pytest.approx(0.50, abs=0.005 + 3 * (0.25 / 1176) ** 0.5)
    # Neither makes peace under a hedge likelier than the prior did before any outcome was seen.
    assert free.peace.interval[1] < free.before.interval[0]
    assert common.peace.interval[1] < common.before.interval[0]


# Theorems


def test_a_hedge_that_gets_no_help_is_safe_in_both_cases_or_in_none() -> None:
    # Without informal support T_H does not depend on reliability, so with one hegemon's numbers
    # the peace of the first case is that of the second.
    for name, wanted in (("stake-common", 1.0), ("hegemon-common", 1.0)):
        found = counterfactual_share(MODEL, "no-informal-support", name, points=50_000, rng=2)
        assert found.retained.count > 100
        assert found.peace.estimate == wanted
    assert counterfactual_share(
        MODEL, "no-informal-support", "stake-free", points=50_000, rng=2
    ).peace.interval[1] < 0.2  # fmt: skip


def test_what_the_second_case_did_would_not_have_kept_the_peace() -> None:
    found = counterfactual_share(MODEL, posture="balance", points=20_000, rng=2)
    assert found.retained.count > 0
    assert found.peace.count == 0
    assert found.before.count > 0


def test_one_case_cannot_end_in_two_ways() -> None:
    same = Scheme(name="same", varies=(), mistaken=None)
    found = counterfactual_share(MODEL, scheme=same, points=5000, rng=2)
    assert found.retained.count == 0
    assert found.peace.interval == (0.0, 1.0)
    assert "- [0.000, 1.000] of these" in " ".join(str(found).split())


def test_who_knew_the_truth_and_accepted_war_rarely_had_peace_to_choose() -> None:
    # Balance, coerced, was the best of three; a hedge left in peace would have to be worse.
    found = counterfactual_share(MODEL, scheme="no-mistake", points=100_000, rng=2)
    assert found.retained.count > 500
    assert found.peace.interval[1] < 0.01


def test_open_points_are_unknown() -> None:
    tie = base_prior(MODEL).replace(
        "tie", stake=0, alignment_loss=0, coercion_cost=0, escalation_cost=0
    )
    found = counterfactual_share(MODEL, tie, points=40, rng=2)
    assert found.before.unknown == 40
    assert found.retained.count == 0
    assert found.retained.unknown > 0
    assert found.peace.points == found.peace.unknown == found.retained.unknown
    assert found.peace.interval == (0.0, 1.0)
    # Exactly indifferent, the hegemon coerces for certain nowhere.
    exact = counterfactual_share(MODEL, tie, points=40, rng=2, resolve=True)
    assert exact.before.unknown == exact.retained.unknown == 0


# Results


def test_table_has_one_row_a_scheme_from_one_seed() -> None:
    table = identification_table(MODEL, points=4000, rng=3)
    assert [row.scheme.name for row in table.rows] == list(SCHEMES)
    assert table["all-free"] == counterfactual_share(MODEL, scheme="all-free", points=4000, rng=3)
    text, data = str(table), json.loads(table.to_json())
    for row, entry in zip(table.rows, data["rows"], strict=True):
        assert f"{row.scheme.name} " in text
        assert str(row.peace) in text
        assert entry == json.loads(row.to_json())
    with pytest.raises(ParameterError, match="`schemes` must hold"):
        identification_table(MODEL, schemes=())


def test_text_says_what_was_assumed() -> None:
    found = counterfactual_share(MODEL, scheme="truth-anything", points=4000, rng=3)
    text = " ".join(str(found).split())
    for words in (
        "autonomy_balance, economy_hegemon, economy_patron, hedging_discount, stake",
        "mistaken about patron_reliability: the truth lies between 0 and 1.",
        f"{found.retained.count} of 4000 draws (seed 3)",
        f"in {found.peace} of these, against {found.before} of all",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ("stake-fre", "did you mean 'stake-free'"),
        (Scheme(name="x", varies=("stakes",)), "did you mean 'stake'"),
        (Scheme(name="x", varies=(), truth=Uniform(0, 2)), r"\[0, 1\]"),
        (Scheme(name="x", varies=(), truth=Uniform(0, 2, "patron_reliability")), r"\[0, 1\]"),
        (Scheme(name="x", varies=(), truth=Uniform(0, 1, "tilt")), "`truth` must be scaled by"),
        (Scheme(name="x", varies=(), mistaken="coercion_success", truth=Uniform(0, 0.4)),
         "lie outside the model"),
    ],
)  # fmt: skip
def test_mistakes_are_named(scheme: Scheme | str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        counterfactual_share(MODEL, scheme=scheme, points=50, rng=1)


def test_unknown_postures_and_claims_are_named() -> None:
    with pytest.raises(ParameterError, match="`claim` 'chose' is unknown"):
        Observation(posture="hedge", coerced=False, claim="chose")
    hide = Scheme(name="x", varies=(), first=Observation(posture="hide", coerced=False))
    with pytest.raises(GameError, match="'hide' is unknown"):
        counterfactual_share(MODEL, scheme=hide, points=50, rng=1)
    with pytest.raises(GameError, match="`posture` 'hide' is unknown"):
        counterfactual_share(MODEL, posture="hide", points=50, rng=1)
