"""Benchmark C7: several equilibria of the crisis signaling game.

J. B. Lewis and K. A. Schultz (2003), Revealing preferences, Political Analysis 11, 345-367,
doi:10.1093/pan/mpg021; J. Jo (2011), Nonuniqueness of the equilibrium in Lewis and Schultz's model,
Political Analysis 19, 351-362. The parameters and the three values at X = 1 are those of a comment
in the source of the R package *sigInt*, which was read. Of its values the middle one, 0.4715766, is
no root: it is shown below to leave a residual of 2.8e-4.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

import alignment_games as ag
from alignment_games.errors import ParameterError

MODEL = ag.models.crisis_signaling()
VALUES = {
    "status_quo": 0,
    "concession": 1,
    "war": -1.9,
    "back_down": -1.2,
    "concede": 0,
    "bluff_called": 1,
}


def values(x: float) -> dict[str, object]:
    return {**VALUES, "target_war": Fraction("-2.9") + Fraction(str(x)) / 10}


def excess(p: float, target_war: float) -> float:
    """The published equation, with the bivariate normal distribution function of SciPy."""
    bar = -(1 - p) / p
    challenge = 1 - norm.cdf(bar + 1.9) * norm.cdf(bar + 1.2)
    correlated = [[1, 0.5**0.5], [0.5**0.5, 1]]
    serious = multivariate_normal([0, 0], correlated).cdf([-0.7 / 2**0.5, -1.9 - bar])
    share = serious / challenge
    return float(norm.cdf((share * target_war + (1 - share)) / share) - p)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(1, (0.2964518, 0.4724232, 0.8740314)), (0, (0.2511046, 0.5947228, 0.8133217))],
)
def test_all_three_equilibria(x: int, expected: tuple[float, ...]) -> None:
    found = MODEL.equilibria(values(x))
    assert found.complete
    assert [own.resist for own in found.equilibria] == pytest.approx(expected, abs=6e-8)
    for own in found.equilibria:
        low, high = own.interval
        assert 0 <= high - low < Fraction(1, 10**12)
        assert sum(own.outcomes.values()) == pytest.approx(1, abs=1e-15)
        assert own.outcomes["war"] == pytest.approx(own.challenge * own.resist * own.fight)
        wanted = brentq(excess, own.resist - 1e-3, own.resist + 1e-3, args=(-2.9 + x / 10,))
        assert own.resist == pytest.approx(wanted, abs=1e-6)


def test_the_published_middle_value_is_no_root() -> None:
    assert abs(excess(0.4715766, -2.8)) == pytest.approx(2.8e-4, abs=1e-5)
    found = MODEL.equilibria(values(1))
    for own in found.equilibria:
        assert not own.interval[0] <= Fraction("0.4715766") <= own.interval[1]
    assert abs(found.equilibria[1].resist - 0.4715766) > 8e-4


def test_the_signs_between_the_roots_alternate() -> None:
    roots = [own.resist for own in MODEL.equilibria(values(1)).equilibria]
    between = [(a + b) / 2 for a, b in zip([0.02, *roots], [*roots, 1], strict=True)]
    assert [np.sign(excess(p, -2.8)) for p in between] == [1, -1, 1, -1]


def test_correspondence_and_its_folds() -> None:
    points = [-8, 0, 8]
    along = MODEL.correspondence("target_war", [-2.9 + x / 10 for x in points], VALUES, digits=1)
    assert [len(own) for own in along.equilibria] == [1, 3, 1]
    assert all(own.complete for own in along.equilibria)
    assert len(along.folds) == 2
    for low, high in along.folds:
        assert 0 < high - low <= Fraction(1, 10)
        counts = {len(MODEL.equilibria({**VALUES, "target_war": end})) for end in (low, high)}
        assert counts == {1, 3}


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match="`concession` must be above `status_quo`"):
        MODEL.equilibria(values(1), concession=0)
    with pytest.raises(ParameterError, match="within 20 of one another"):
        MODEL.equilibria(values(1), war=-30)
    with pytest.raises(ParameterError, match="`points` must be one or more increasing"):
        MODEL.correspondence("target_war", [1, 0], VALUES)
    with pytest.raises(ParameterError, match="`digits` must be"):
        MODEL.correspondence("target_war", [0, 1], VALUES, digits=0)
