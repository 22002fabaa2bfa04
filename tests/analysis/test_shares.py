"""Shares: the interval is exact, and open points are never dropped."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from alignment_games.analysis import Share
from alignment_games.analysis.shares import Tally, confidence_level, interval_text, level_text
from alignment_games.errors import ParameterError

CASES = [(0, 10), (1, 10), (5, 10), (10, 10), (17, 40_000), (20_400, 40_000), (39_999, 40_000)]


@pytest.mark.parametrize(("count", "points"), CASES)
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_interval_is_scipys_exact_one(count: int, points: int, confidence: float) -> None:
    share = Share(count=count, unknown=0, points=points, confidence=confidence)
    wanted = binomtest(count, points).proportion_ci(confidence, method="exact")
    assert share.interval == pytest.approx((wanted.low, wanted.high), abs=1e-12)


@pytest.mark.parametrize(("count", "points"), CASES)
def test_tails_at_the_ends_are_what_the_level_leaves(count: int, points: int) -> None:
    low, high = Share(count=count, unknown=0, points=points, confidence=0.9).interval
    if count:
        assert binom.sf(count - 1, points, low) == pytest.approx(0.05)
    if count < points:
        assert binom.cdf(count, points, high) == pytest.approx(0.05)


def test_open_points_widen_both_ways() -> None:
    share = Share(count=30, unknown=20, points=100, confidence=0.95)
    none = Share(count=30, unknown=0, points=100, confidence=0.95)
    every = Share(count=50, unknown=0, points=100, confidence=0.95)
    assert share.interval == (none.interval[0], every.interval[1])
    assert share.estimate == 0.3
    assert str(share).endswith(", 20 open")


@pytest.mark.parametrize(("count", "points"), CASES)
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_what_is_shown_contains_the_interval(count: int, points: int, confidence: float) -> None:
    share = Share(count=count, unknown=0, points=points, confidence=confidence)
    low, high = share.interval
    shown = [float(end) for end in str(share).split("[")[1].rstrip("]").split(", ")]
    assert low - 0.001 < shown[0] <= low
    assert high <= shown[1] < high + 0.001


def test_ends_are_rounded_outward() -> None:
    assert str(Share(count=0, unknown=0, points=40_000, confidence=0.95)) == "0.000 [0.000, 0.001]"
    full = Share(count=40_000, unknown=0, points=40_000, confidence=0.95)
    assert str(full) == "1.000 [0.999, 1.000]"
    assert interval_text(-0.0001, -0.0001) == "[-0.001, 0.000]"
    assert interval_text(0.25, 0.5) == "[0.250, 0.500]"
    assert interval_text(float("nan"), float("nan")) == "[nan, nan]"


@pytest.mark.parametrize(
    ("confidence", "text"),
    [
        (0.95, "95 %"),
        (0.999, "99.9 %"),
        (2 / 3, "66.6667 %"),
        (0.9999995, "99.99995 %"),
        (0.999999999999, "99.9999999999 %"),
        (float(np.nextafter(1, 0)), "99.99999999999999 %"),
    ],
)
def test_levels_are_never_rounded_to_certainty(confidence: float, text: str) -> None:
    assert level_text(confidence) == text


def test_no_points_say_nothing() -> None:
    share = Share(count=0, unknown=0, points=0, confidence=0.95)
    assert np.isnan(share.estimate)
    assert share.interval == (0.0, 1.0)
    assert share.to_dict()["estimate"] is None
    assert str(share) == "- [0.000, 1.000]"


def test_tallies_are_three_valued() -> None:
    # yes, open, no, for each pair of values.
    sure, possible = np.array([True, False, False]), np.array([True, True, False])
    one = Tally(np.repeat(sure, 3), np.repeat(possible, 3))
    two = Tally(np.tile(sure, 3), np.tile(possible, 3))
    both = one & two
    assert both.sure.tolist() == [True] + 8 * [False]
    assert both.possible.tolist() == [True, True, False, True, True, False, False, False, False]
    assert (~one).sure.tolist() == 6 * [False] + 3 * [True]
    assert (~one).possible.tolist() == 3 * [False] + 6 * [True]
    share = both.share(0.95)
    assert (share.count, share.unknown, share.points) == (1, 3, 9)
    share = both.share(0.95, given=one.sure)
    assert (share.count, share.unknown, share.points) == (1, 1, 3)


@pytest.mark.parametrize("wrong", [0, 1, -0.5, 95, "0.95", float("nan"), None])
def test_confidence_is_checked(wrong: object) -> None:
    with pytest.raises(ParameterError, match="`confidence` must be a number between 0 and 1"):
        confidence_level(wrong)
