"""Prior robustness: every count against the exact solver, invariances, and the notes F9."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import (
    POSTURE_CLAIMS,
    ClaimKind,
    base_prior,
    named_priors,
    prior_robustness,
)
from alignment_games.errors import GameError, ParameterError

MODEL = ag.models.alignment()
POSTURES = MODEL.strategies[0]

# The notes F9, 40,000 draws: shares of balance, hedge, bandwagon.
F9 = {
    "base": (0.22, 0.51, 0.27),
    "autonomy-free": (0.35, 0.25, 0.39),
    "discount-to-one": (0.29, 0.37, 0.34),
    "both-free": (0.39, 0.17, 0.44),
    "no-provocation": (0.28, 0.62, 0.10),
    "no-informal-support": (0.31, 0.37, 0.33),
    "all-four": (0.58, 0.14, 0.28),
}
# Half of the last digit, and three standard errors of a share of 40,000 draws.
F9_ERROR = 0.005 + 3 * 0.5 / 200


def exact_claims(values: Mapping[str, Fraction]) -> dict[str, str]:
    """Return of which posture each claim holds, by the scalar solvers in rational arithmetic."""
    both, tree = ag.solve(MODEL.game(values), exact=True), ag.solve(MODEL.tree(values))
    verdict = ag.analysis.verdict(both, tree, player="small_state")
    paths = {eq.path for eq in tree.equilibria}
    postures = {path[0] for path in paths}
    chosen = postures.pop() if len(postures) == 1 else "none"
    calm = all(path[1] == "accommodate" for path in paths)
    strategies = {eq.path[0] for eq in both.equilibria if eq.is_pure}
    found = {
        "dominant": next(
            (p for p in POSTURES if verdict.makes(ClaimKind.STRICTLY_DOMINANT, p)), "none"
        ),
        "unique": strategies.pop() if len(both.equilibria) == 1 and strategies else "none",
        "chosen": chosen,
        "in_peace": chosen if calm else "none",
    }
    same = found["dominant"] == found["unique"] == found["chosen"]
    return found | {"all": found["dominant"] if same else "none"}


@pytest.mark.parametrize("name", ["base", "autonomy-free"])
def test_every_count_is_that_of_the_exact_solver(name: str) -> None:
    prior = named_priors(MODEL)[name]
    found = prior_robustness(MODEL, name, points=120, rng=3)
    design = prior.design(120, found.seed)
    exact = [exact_claims(dict(prior.fixed) | design.exact(k)) for k in range(120)]
    for claim in POSTURE_CLAIMS:
        for posture in (*POSTURES, "none"):
            share = found.share(claim, posture)
            assert share.unknown == 0
            assert share.count == sum(e[claim] == posture for e in exact), (claim, posture)
    assert len({e["chosen"] for e in exact}) == 3


@pytest.mark.parametrize("name", F9)
def test_shares_of_the_notes(name: str) -> None:
    found = prior_robustness(MODEL, name, points=400_000, rng=9)
    shares = [found.share("chosen", posture).estimate for posture in POSTURES]
    assert shares == pytest.approx(F9[name], abs=F9_ERROR)


def test_hedging_is_dominant_in_the_share_of_the_notes_but_not_also_chosen() -> None:
    found = prior_robustness(MODEL, points=400_000, rng=9)
    assert found.share("dominant").estimate == pytest.approx(0.39, abs=F9_ERROR)
    # Dominance against a hegemon that chooses at once does not imply choice when seen first.
    assert found.share("all").interval[1] < 0.32
    # What is strictly dominant is the unique equilibrium, and the shares of all claims add up.
    for claim in POSTURE_CLAIMS:
        counts = [found.share(claim, p).count for p in found.postures]
        assert sum(counts) == found.points
    assert found.share("dominant").count <= found.share("unique").count
    assert found.share("in_peace").count < found.share("chosen").count


def test_units_of_either_player_do_not_matter() -> None:
    # Powers of two, so that the points are the same to the last digit.
    base = base_prior(MODEL)
    theirs = base.replace(
        "x", stake=(0, 4), alignment_loss=(0, 4), coercion_cost=(0, 4), escalation_cost=(0, 4)
    )
    first = prior_robustness(MODEL, points=20_000, rng=5)
    assert prior_robustness(MODEL, theirs, points=20_000, rng=5).shares == first.shares


def test_a_costlier_hedge_is_nowhere_better() -> None:
    base = base_prior(MODEL)
    fixed = [base.replace("x", cost_hedge=cost) for cost in (0, 0.25, 0.5)]
    counts = [prior_robustness(MODEL, p, points=20_000, rng=5).share("chosen").count for p in fixed]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] + 1000


def test_open_points_are_unknown_until_they_are_resolved() -> None:
    # A hegemon that gains and pays nothing is exactly indifferent everywhere.
    tie = base_prior(MODEL).replace(
        "tie", stake=0, alignment_loss=0, coercion_cost=0, escalation_cost=0
    )
    left = prior_robustness(MODEL, tie, points=60, rng=5)
    assert left.share("chosen").unknown > 50  # elsewhere the hedge is best whatever it answers
    assert "widen" in str(left)
    decided = prior_robustness(MODEL, tie, points=60, rng=5, resolve=True)
    assert all(share.unknown == 0 for share in decided.shares.values())
    design = tie.design(60, 5)
    exact = [exact_claims(dict(tie.fixed) | design.exact(k)) for k in range(60)]
    for claim in POSTURE_CLAIMS:
        for posture in decided.postures:
            share = decided.share(claim, posture)
            assert share.count == sum(e[claim] == posture for e in exact), (claim, posture)
            low, high = left.share(claim, posture).interval
            assert low <= share.estimate <= high


def test_seed_repeats_a_run_and_threads_do_not_matter() -> None:
    found = prior_robustness(MODEL, points=3000, rng=np.random.default_rng(4))
    again = prior_robustness(MODEL, points=3000, rng=found.seed, workers=1)
    assert again == found
    assert prior_robustness(MODEL, points=3000).shares != found.shares


def test_text_and_json_hold_the_numbers() -> None:
    found = prior_robustness(MODEL, "both-free", posture="balance", points=3000, rng=4)
    text, data = str(found), json.loads(found.to_json())
    for claim in POSTURE_CLAIMS:
        for posture in found.postures:
            assert str(found.share(claim, posture)) in text
            assert data["claims"][claim][posture] == found.share(claim, posture).to_dict()
    assert f"Balance is strictly dominant at {found.share('dominant')}" in " ".join(text.split())
    assert data["prior"]["ranges"]["hedging_discount"] == ["0", "1"]
    assert (data["seed"], data["points"]) == (4, 3000)


def test_mistakes_are_named() -> None:
    with pytest.raises(GameError, match="`posture` 'hedg' is unknown; did you mean 'hedge'"):
        prior_robustness(MODEL, posture="hedg")
    with pytest.raises(ParameterError, match="unknown prior 'bas'; did you mean 'base'"):
        prior_robustness(MODEL, "bas")
    with pytest.raises(ParameterError, match="`points` must be an integer from 1"):
        prior_robustness(MODEL, points=0)
    with pytest.raises(ParameterError, match="`claim` 'dominent' is unknown"):
        prior_robustness(MODEL, points=1, rng=1).share("dominent")
