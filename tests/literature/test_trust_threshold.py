"""Benchmark C11: the trust from which states cooperate.

The setting is that of A. Kydd (2000), Trust, reassurance, and cooperation, International
Organization 54, 325-357, of which the abstract was read. The threshold is derived in the package;
the payoffs 5, 4, 0, 2 are those of the Stag Hunt in Sage's catalogue of games.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.models import classics

MODEL = classics.reassurance()
STAG_HUNT: dict[str, Any] = {
    "reward": 5,
    "temptation": 4,
    "greed": 6,
    "exploitation": 0,
    "rivalry": 2,
}
PLANS = ("cooperate, defect", "defect, defect")


def regrets(values: dict[str, Any], plan: str) -> tuple[object, ...]:
    """Regrets where both states have a plan: what the trustworthy do, what the others do."""
    game = MODEL.tree(values).normal_form()
    assert plan in game.strategies[0]
    return ag.verify(game, [plan, plan])


def test_the_threshold_of_the_stag_hunt() -> None:
    assert MODEL.value("trust_threshold", STAG_HUNT, trust=0) == Fraction(2, 3)


@pytest.mark.parametrize("seed", range(20))
def test_cooperation_is_an_equilibrium_exactly_above_the_threshold(seed: int) -> None:
    rng = random.Random(seed)
    low, below, reward, greed = sorted(rng.sample(range(-20, 21), 4))
    values: dict[str, Any] = {
        "reward": reward, "greed": greed, "exploitation": low, "rivalry": below,
        "temptation": Fraction(rng.randrange(10 * low, 10 * reward), 10),
    }  # fmt: skip
    threshold = MODEL.value("trust_threshold", values, trust=0)
    nudge = Fraction(1, 10**6)
    for trust, region in ((threshold + nudge, ("cooperation",)), (threshold - nudge, ())):
        at = {**values, "trust": trust}
        assert MODEL.regions_at(at) == region
        assert (regrets(at, PLANS[0]) == (0, 0)) == bool(region)
        assert regrets(at, PLANS[1]) == (0, 0)


def test_payoffs_of_a_dilemma_have_no_threshold() -> None:
    with pytest.raises(ag.errors.ParameterError, match="trust_threshold"):
        MODEL.value("trust_threshold", STAG_HUNT, trust=0, temptation=6)
