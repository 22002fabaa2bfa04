"""Random parameter vectors: exact, and drawn from the priors at the end of the notes F9."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import alignment_games as ag

PRIOR = {
    "autonomy_weight": ("0", "2"),
    "autonomy_balance": ("0", "1"),
    "autonomy_hedge": ("1", "1"),
    "autonomy_bandwagon": ("0", "1"),
    "economy_hegemon": ("0", "1"),
    "economy_patron": ("0", "1"),
    "market_retention_balance": ("0", "1"),
    "market_retention_bandwagon": ("0", "1"),
    "hedging_discount": ("0", "0.5"),
    "cost_balance": ("0", "0.5"),
    "cost_hedge": ("0", "0.5"),
    "cost_bandwagon": ("0", "0.5"),
    "coercion_success": ("0.5", "1"),
    "support_effect": ("0", "1"),  # times coercion_success
    "patron_reliability": ("0", "1"),
    "informal_support": ("0", "1"),
    "stake": ("0", "2"),
    "alignment_loss": ("0", "2"),
    "tilt": ("0", "1"),
    "friendship": ("0", "1"),
    "coercion_cost": ("0", "2"),
    "escalation_cost": ("0", "2"),
    "overrun_loss": ("0", "3"),
    "coercion_damage": ("0", "0.5"),
}


@pytest.fixture(scope="session")
def model() -> ag.models.AlignmentModel:
    return ag.models.alignment()


@pytest.fixture(scope="session")
def prior_vectors() -> list[dict[str, Fraction]]:
    """2,000 vectors of thousandths."""
    rng = random.Random(20240923)
    vectors = []
    for _ in range(2000):
        vector = {
            name: Fraction(low)
            + (Fraction(high) - Fraction(low)) * Fraction(rng.randint(0, 1000), 1000)
            for name, (low, high) in PRIOR.items()
        }
        vector["support_effect"] *= vector["coercion_success"]
        vectors.append(vector)
    return vectors


@pytest.fixture(scope="session")
def domain_vectors() -> list[dict[str, Fraction]]:
    """1,000 vectors from the whole domain: nothing sums to one, a hedger may lose autonomy."""
    rng = random.Random(20240924)
    vectors = []
    for _ in range(1000):
        vector = {
            name: Fraction(rng.randint(0, 1000), 1000)
            * (1 if parameter.domain.upper is not None else rng.choice([1, 7, 100]))
            for name, parameter in ag.models.alignment().parameters.items()
        }
        vector["support_effect"] *= vector["coercion_success"]
        vectors.append(vector)
    return vectors


@pytest.fixture(scope="session")
def tie_vectors() -> list[dict[str, Fraction]]:
    """1,000 vectors of zeros, halves and ones, where ties abound."""
    rng = random.Random(20240925)
    vectors = []
    for _ in range(1000):
        vector = {name: rng.choice([Fraction(0), Fraction(1, 2), Fraction(1)]) for name in PRIOR}
        vector["support_effect"] = min(vector["support_effect"], vector["coercion_success"])
        vectors.append(vector)
    return vectors
