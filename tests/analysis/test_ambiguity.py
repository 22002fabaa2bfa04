"""Postures under boxes of beliefs: the worst corner by search, and what ambiguity does."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import ambiguity_map, ambiguous_posture
from alignment_games.errors import ParameterError

MODEL = ag.models.uncertainty()
POSTURES = ("balance", "hedge", "bandwagon")
BALANCE, HEDGE, BANDWAGON = range(3)
GRID = [Fraction(k, 20) for k in range(21)]


def case(name: str, low: Any = "0.2", high: Any = "1.2") -> dict[str, Fraction]:
    return MODEL.values_of(
        ag.load_scenario(name), revisionist_belief=0, patron_commitment=0,
        stake_status_quo=Fraction(low), stake_revisionist=Fraction(high),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
@pytest.mark.parametrize("seed", range(3))
def test_the_worst_point_of_a_box_by_search(name: str, seed: int) -> None:
    draw = random.Random(seed)
    belief, commitment = (sorted(draw.sample(GRID, 2)) for _ in range(2))
    values = case(name)
    box = ambiguous_posture(values, belief=belief, commitment=commitment)
    for a in POSTURES:
        found = [
            MODEL.value(f"value_{a}", values, revisionist_belief=mu, patron_commitment=pi)
            for mu, pi in itertools.product(
                *(
                    [own[0] + k * (own[1] - own[0]) / 6 for k in range(7)]
                    for own in (belief, commitment)
                )
            )
        ]
        assert min(found) == box.values[a]
    assert box.postures == tuple(a for a in POSTURES if box.values[a] == max(box.values.values()))


def test_the_map_is_what_solved_trees_say() -> None:
    values = case("vietnam")
    grid = [Fraction(k, 7) for k in range(8)]  # no type is indifferent at these
    ds = ambiguity_map(values, beliefs=grid, commitments=grid)
    assert (ds.posture == ds.ambiguous_posture).all()
    for i, mu in enumerate(grid):
        for j, pi in enumerate(grid):
            tree = MODEL.tree(values, revisionist_belief=mu, patron_commitment=pi)
            played = {e.profile[0].index(1) for e in ag.solvers.subgame_perfect(tree).equilibria}
            assert played == {int(ds.posture[i, j])}


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
def test_the_two_kinds_of_ambiguity_have_opposite_effects_in_either_case(name: str) -> None:
    """F3.5: about the patron away from balancing, about the threat away from hedging."""
    values = case(name)
    grid = [Fraction(k, 40) for k in range(41)]
    patron = ambiguity_map(values, beliefs=grid, commitments=grid, commitment_spread=0.2)
    threat = ambiguity_map(values, beliefs=grid, commitments=grid, belief_spread=0.2)
    for ds, before, after in ((patron, BALANCE, HEDGE), (threat, HEDGE, BALANCE)):
        moved = ds.posture.values != ds.ambiguous_posture.values
        assert moved.sum() > 0
        assert set(np.unique(ds.posture.values[moved])) == {before}
        assert set(np.unique(ds.ambiguous_posture.values[moved])) == {after}


def test_where_a_patron_in_doubt_makes_a_hedger_balance() -> None:
    """The effect is none of the model in general: informal support may deter as well."""
    values = case("vietnam", "0.6", "0.6")
    ds = ambiguity_map(values, beliefs=[0.5], commitments=[0.9], commitment_spread=0.35)
    assert int(ds.posture[0, 0]) == HEDGE
    assert int(ds.ambiguous_posture[0, 0]) == BALANCE


def test_where_a_threat_in_doubt_makes_a_bandwagoner_hedge() -> None:
    """Below the interval of F3.3 a darker belief leads into it."""
    # Payoffs 1, 0.8, 0.5 in peace and 1.5, 0.6 under coercion: the interval is [2/9, 1/2].
    values = {
        "autonomy_weight": 1, "autonomy_balance": 0, "autonomy_hedge": 1,
        "autonomy_bandwagon": Fraction(2, 3), "economy_hegemon": 0.5, "economy_patron": 0.5,
        "market_retention_balance": 0, "market_retention_bandwagon": 0, "hedging_discount": 1,
        "cost_balance": 0, "cost_hedge": 0.2, "cost_bandwagon": Fraction(1, 6),
        "coercion_success": 0.9, "support_effect": 0.9, "informal_support": Fraction(5, 9),
        "alignment_loss": 0, "tilt": 0.25, "friendship": 0.3, "coercion_cost": 0.3,
        "escalation_cost": 0, "overrun_loss": 0.5, "coercion_damage": 0,
        "reliability_committed": 1, "reliability_uncommitted": 0,
        "stake_status_quo": 0, "stake_revisionist": 1,
    }  # fmt: skip
    ds = ambiguity_map(values, beliefs=[0.1], commitments=[1], belief_spread=0.2)
    assert int(ds.posture[0, 0]) == BANDWAGON
    assert int(ds.ambiguous_posture[0, 0]) == HEDGE


def test_what_is_refused() -> None:
    values = case("vietnam")
    with pytest.raises(ParameterError, match="`belief` must be a least and a greatest"):
        ambiguous_posture(values, belief=(0.4, 0.2), commitment=(0, 1))
    with pytest.raises(ParameterError, match=r"`commitment` must be .* got 1 numbers"):
        ambiguous_posture(values, belief=(0.2, 0.4), commitment=(1,))
    with pytest.raises(ParameterError, match=r"`revisionist_belief` must lie in \[0, 1\]"):
        ambiguous_posture(values, belief=(0.2, 1.4), commitment=(0, 1))
    with pytest.raises(ParameterError, match=r"`belief_spread` must lie in \[0, 1\]"):
        ambiguity_map(values, beliefs=[0], commitments=[0], belief_spread=-1)
    with pytest.raises(ParameterError, match="at least one number each"):
        ambiguity_map(values, beliefs=[], commitments=[0])
    del values["overrun_loss"]
    with pytest.raises(ParameterError, match="missing: overrun_loss"):
        ambiguous_posture(values, belief=(0.2, 0.4), commitment=(0, 1))
