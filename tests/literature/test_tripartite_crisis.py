"""Benchmark C18: a threat to realign deters one challenger and provokes another.

The claim is that of F. C. Zagare and D. M. Kilgour (2003), Alignment patterns, crisis bargaining,
and extended deterrence, International Studies Quarterly 47, of which the abstract was read: the
protege's threat to realign deters a weakly motivated challenger, and provokes one that stands to
gain a great deal. The tree and its numbers are the package's own.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from alignment_games.errors import ParameterError
from alignment_games.models import classics
from alignment_games.solvers import subgame_perfect

MODEL = classics.tripartite_crisis()
BASE: dict[str, Any] = {
    "support_without_threat": Fraction(2, 5), "support_under_threat": Fraction(3, 5),
    "concession_gain": 1, "realignment_gain": 0, "conflict_loss": 1, "realignment_value": 1,
    "support_cost": 1, "concession_loss": 2, "realignment_loss": 2, "extra_cost": 2,
}  # fmt: skip


def expected(values: dict[str, Any]) -> Fraction:
    """What pressing is worth to the challenger in the subgame-perfect equilibrium after it."""
    tree = MODEL.tree(values)
    after = type(tree)(tree.node(("press",)), players=tree.players)
    (worth,) = {eq.payoffs[0] for eq in subgame_perfect(after).equilibria}
    return Fraction(worth)


def pressed(values: dict[str, Any], threat: int) -> list[bool]:
    """Whether challengers press whose conflict loss is one of a range."""
    losses = [Fraction(k, 4) + Fraction(1, 1000) for k in range(16)]
    at = {**values, "realignment_value": threat}
    return [expected({**at, "conflict_loss": loss}) > 0 for loss in losses]


@pytest.mark.parametrize(("gain", "sign"), [(Fraction(1, 10), -1), (Fraction(5), 1)])
def test_the_threat_lowers_initiation_at_low_gain_and_raises_it_at_high_gain(
    gain: Fraction, sign: int
) -> None:
    values: dict[str, Any] = {**BASE, "realignment_gain": gain}
    calm, threat = (sum(pressed(values, turn)) for turn in (-1, 1))
    assert sign * (threat - calm) > 0


@pytest.mark.parametrize("seed", range(15))
def test_the_threshold_against_backward_induction(seed: int) -> None:
    rng = random.Random(seed)
    low, high = sorted(Fraction(k, 100) for k in rng.sample(range(1, 99), 2))
    values: dict[str, Any] = {
        **BASE, "support_without_threat": low, "support_under_threat": high,
        "concession_gain": Fraction(rng.randrange(1, 50), 10),
        "conflict_loss": Fraction(rng.randrange(1, 50), 10),
    }  # fmt: skip
    threshold = MODEL.value("provocation_threshold", values)
    calm = expected({**values, "realignment_value": -1})
    assert calm == MODEL.value("initiation_without_threat", values)
    for factor in (Fraction(9, 10), Fraction(11, 10)):
        at = {**values, "realignment_gain": threshold * factor}
        worth = expected(at)
        assert worth == MODEL.value("initiation_under_threat", at)
        assert (worth > calm) == (factor > 1)
        action = {"status_quo": "stay", "crisis": "press"}
        chosen = {a for eq in subgame_perfect(MODEL.tree(at)).equilibria for a in eq.support[0]}
        assert {action[name] for name in MODEL.regions_at(at)} == chosen


def test_disordered_losses_have_no_region() -> None:
    assert MODEL.regions_at(BASE, extra_cost=5) == ()
    with pytest.raises(ParameterError, match="must not exceed"):
        MODEL.tree(BASE, support_without_threat=1)
