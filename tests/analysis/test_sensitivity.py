"""Sensitivity: exact indices of a simple claim, SciPy's, theorems about the model, the notes F9."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import sobol_indices, spearmanr

import alignment_games as ag
from alignment_games.analysis import Sensitivity, base_prior, sensitivity
from alignment_games.analysis.drawn import answers, holds
from alignment_games.analysis.sensitivity import _estimates, _products
from alignment_games.errors import GameError, ParameterError

MODEL = ag.models.alignment()
ROWS = 2**13

# What a hegemon that has to choose at once cannot make dominant or not (F1.2).
NOT_IN_DOMINANCE = {
    "stake", "alignment_loss", "tilt", "friendship", "coercion_cost", "escalation_cost",
    "coercion_damage",
}  # fmt: skip


@pytest.fixture(name="chosen", scope="module")
def _chosen() -> Sensitivity:
    return sensitivity(MODEL, points=ROWS, rng=11, resamples=200)


def test_indices_of_a_claim_that_is_known() -> None:
    # True where x < p and y < q; z does nothing. With s = p q the variance is s (1 - s), the
    # first-order index of x is q (1 - p) / (1 - s), its total index (1 - p) / (1 - s).
    p, q, rows = 0.3, 0.6, 2**17
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 3, rows))

    def claim(x: np.ndarray) -> np.ndarray:
        return np.asarray((x[0] < p) & (x[1] < q), dtype=float)

    crossed = np.stack([claim(np.where(np.arange(3)[:, None] == k, b, a)) for k in range(3)])
    both = np.concatenate([a, b], axis=1)
    ranks = both - 0.5  # uniform numbers are their own ranks, but for a factor
    found = _estimates(_products(claim(a), claim(b), crossed, ranks), np.full((1, rows), 1 / rows))
    first, total, correlation = np.split(found[:-1, 0], 3)
    s = p * q
    assert first == pytest.approx([q * (1 - p) / (1 - s), p * (1 - q) / (1 - s), 0], abs=0.02)
    assert total == pytest.approx([(1 - p) / (1 - s), (1 - q) / (1 - s), 0], abs=0.02)
    assert total[2] == 0
    assert found[-1, 0] == pytest.approx(first.sum())
    exact = np.corrcoef(both, claim(both))[-1, :-1]
    assert correlation == pytest.approx(exact, abs=1e-12)


def test_indices_are_those_of_scipy(chosen: Sensitivity) -> None:
    prior = base_prior(MODEL)
    design = prior.design(2 * ROWS, chosen.seed)
    shares = design.shares(0, 2 * ROWS)

    def claim(part: np.ndarray) -> np.ndarray:
        columns = dict(zip(design.parameters, design.placed(part), strict=True))
        found = answers(MODEL, prior.fixed, columns, resolve=False, workers=None)
        return holds(found, "chosen", 1).sure.astype(float)

    a, b = shares[:, :ROWS], shares[:, ROWS:]
    mixed = []
    for k in range(len(shares)):
        part = a.copy()
        part[k] = b[k]
        mixed.append(claim(part)[None])
    values = {"f_A": claim(a)[None], "f_B": claim(b)[None], "f_AB": np.stack(mixed)}
    # Copies, because older versions of SciPy center what they are given.
    theirs = sobol_indices(func={name: own.copy() for name, own in values.items()}, n=ROWS)
    values_at = design.placed(shares)
    truth = np.concatenate([values["f_A"][0], values["f_B"][0]])
    for k, name in enumerate(design.parameters):
        ours = chosen.effect(name)
        assert ours.first.value == pytest.approx(float(theirs.first_order[k]), abs=1e-12)
        assert ours.total.value == pytest.approx(float(theirs.total_order[k]), abs=1e-12)
        rank = float(spearmanr(values_at[k], truth)[0])
        # SciPy ranks the claim, too; on 0 and 1 that is an affine change.
        assert ours.rank_correlation.value == pytest.approx(rank, abs=1e-12)
    assert chosen.share == truth.mean()


def test_what_a_claim_does_not_depend_on_has_no_index() -> None:
    found = sensitivity(MODEL, claim="dominant", points=2**11, rng=11, resamples=20)
    for effect in found.effects:
        absent = effect.parameter in NOT_IN_DOMINANCE
        assert (effect.total.value == 0) == absent
        assert (effect.total.high == 0) == absent
    assert {e.parameter for e in found.effects[-len(NOT_IN_DOMINANCE) :]} == NOT_IN_DOMINANCE


def test_a_hegemon_that_cannot_act_leaves_its_parameters_without_an_index() -> None:
    prior = base_prior(MODEL).replace("harmless", coercion_cost=(10, 12))
    found = sensitivity(MODEL, prior, points=2**11, rng=11, resamples=20)
    working = {e.parameter for e in found.effects if e.total.value > 0}
    assert working == {
        "autonomy_weight", "autonomy_balance", "autonomy_bandwagon", "economy_hegemon",
        "economy_patron", "market_retention_balance", "market_retention_bandwagon",
        "hedging_discount", "cost_balance", "cost_hedge", "cost_bandwagon",
    }  # fmt: skip


def test_rank_correlations_of_the_notes() -> None:
    # The notes F9, from 40,000 draws, whose standard error is 0.005.
    notes = {
        "coercion_cost": 0.23,
        "cost_hedge": -0.23,
        "autonomy_weight": 0.21,
        "informal_support": 0.17,
        "hedging_discount": -0.17,
        "tilt": -0.14,
        "alignment_loss": -0.13,
        "stake": -0.13,
        "patron_reliability": 0.07,
    }
    found = sensitivity(MODEL, points=2**16, rng=12, resamples=20)
    for name, value in notes.items():
        assert found.effect(name).rank_correlation.value == pytest.approx(value, abs=0.02), name
    # What the notes leave out is as strong as what they list ...
    assert found.effect("cost_balance").rank_correlation.low > 0.1
    assert found.effect("autonomy_balance").rank_correlation.high < -0.1
    # ... and a small correlation can hide much work: reliability helps balancers and hedgers.
    assert found.effect("patron_reliability").total.low > 0.15
    assert found.effect("patron_reliability").first.high < 0.02


def test_intervals_are_as_wide_as_the_error(chosen: Sensitivity) -> None:
    others = [sensitivity(MODEL, points=2**10, rng=s, resamples=100) for s in range(20, 32)]
    for name in ("coercion_cost", "stake", "friendship"):
        middle = chosen.effect(name).total.value
        inside = sum(
            o.effect(name).total.low <= middle <= o.effect(name).total.high for o in others
        )
        assert inside >= 8, name  # of 12; with 95 % intervals, fewer in one of 4,000 runs
        low = np.mean([o.effect(name).total.low for o in others])
        high = np.mean([o.effect(name).total.high for o in others])
        spread = np.std([o.effect(name).total.value for o in others])
        assert 1.5 * spread < high - low < 9 * spread


def test_estimates_are_ordered_and_bounded(chosen: Sensitivity) -> None:
    totals = [effect.total.value for effect in chosen.effects]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 23
    assert chosen.evaluations == 25 * ROWS
    for effect in chosen.effects:
        for estimate in (effect.first, effect.total, effect.rank_correlation):
            assert estimate.low <= estimate.value <= estimate.high
        # Alone is never more than alone and together.
        assert effect.first.low <= effect.total.high
    assert chosen.effect("support_effect").drawn == "[0, 1] of coercion_success"


def test_seed_repeats_a_run(chosen: Sensitivity) -> None:
    assert sensitivity(MODEL, points=ROWS, rng=chosen.seed, resamples=200, workers=1) == chosen


def test_text_and_json_hold_the_numbers(chosen: Sensitivity) -> None:
    text, data = str(chosen), json.loads(chosen.to_json())
    rows = [line.split()[0] for line in text.splitlines() if line.startswith(("co", "st"))]
    assert rows[0] == "coercion_cost"
    for effect, row in zip(chosen.effects, data["effects"], strict=True):
        assert effect.parameter in text
        assert str(effect.total) in text
        assert row["total"]["value"] == effect.total.value
    assert data["share"] == chosen.share


def test_mistakes_are_named() -> None:
    tie = base_prior(MODEL).replace(
        "tie", stake=0, alignment_loss=0, coercion_cost=0, escalation_cost=0
    )
    with pytest.raises(ParameterError, match="give `resolve=True`"):
        sensitivity(MODEL, tie, points=16, rng=1)
    with pytest.raises(ParameterError, match="true nowhere among 64 points"):
        sensitivity(MODEL, base_prior(MODEL).replace("x", cost_hedge=9), points=32, rng=1)
    with pytest.raises(ParameterError, match="true everywhere"):
        sensitivity(
            MODEL,
            base_prior(MODEL).replace("x", cost_balance=9, cost_bandwagon=9),
            points=32,
            rng=1,
        )
    with pytest.raises(ParameterError, match="'autonomy_hedge' is not drawn from prior 'base'"):
        sensitivity(MODEL, points=64, rng=1, resamples=20).effect("autonomy_hedge")
    with pytest.raises(ParameterError, match="`resamples` must be an integer from 20"):
        sensitivity(MODEL, points=64, resamples=1)
    with pytest.raises(GameError, match="`posture`"):
        sensitivity(MODEL, posture="hide")
