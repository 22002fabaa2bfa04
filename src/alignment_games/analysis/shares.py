"""Shares of random points in which a claim holds, with exact intervals and nothing dropped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from .._typing import BoolArray
from ..errors import ParameterError

__all__ = ["Share", "Tally", "confidence_level", "interval_text", "level_text"]

_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often a claim held among independent random points.

    Attributes
    ----------
    count : int
        Points at which the claim holds for certain.
    unknown : int
        Points at which rounding leaves it open.
    points : int
        All points.
    confidence : float
        Level of the interval.

    Examples
    --------
    >>> share = Share(count=9, unknown=1, points=20, confidence=0.95)
    >>> print(share)
    0.450 [0.230, 0.729], 1 open
    """

    count: int
    unknown: int
    points: int
    confidence: float

    @property
    def estimate(self) -> float:
        """`count` over `points`; NaN if there are none."""
        return self.count / self.points if self.points else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Exact binomial interval of Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.

        Its lower end takes every open point as one where the claim fails, its upper end as one
        where it holds. From 0 to 1 if there are no points.
        """
        from scipy.stats import beta

        if not self.points:
            return 0.0, 1.0
        tail, most = (1 - self.confidence) / 2, self.count + self.unknown
        low = beta.ppf(tail, self.count, self.points - self.count + 1) if self.count else 0.0
        high = beta.ppf(1 - tail, most + 1, self.points - most) if most < self.points else 1.0
        return float(low), float(high)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as JSON types; no estimate without points."""
        return {
            "count": self.count,
            "unknown": self.unknown,
            "points": self.points,
            "estimate": self.estimate if self.points else None,
            "interval": list(self.interval),
        }

    def __str__(self) -> str:
        note = f", {self.unknown} open" if self.unknown else ""
        value = f"{self.estimate:.3f}" if self.points else "-"
        return f"{value} {interval_text(*self.interval)}{note}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Where a claim holds for certain, and where it may.

    Attributes
    ----------
    sure, possible : ndarray of bool, shape (n_points,)
    """

    sure: BoolArray
    possible: BoolArray

    def __and__(self, other: Tally) -> Tally:
        return Tally(self.sure & other.sure, self.possible & other.possible)

    def __invert__(self) -> Tally:
        return Tally(~self.possible, ~self.sure)

    def share(self, confidence: float, given: BoolArray | None = None) -> Share:
        """Return the share of points, or of some of them, in which the claim holds."""
        sure = self.sure if given is None else self.sure[given]
        possible = self.possible if given is None else self.possible[given]
        count = int(np.count_nonzero(sure))
        return Share(
            count=count,
            unknown=int(np.count_nonzero(possible)) - count,
            points=len(sure),
            confidence=confidence,
        )


def confidence_level(confidence: object) -> float:
    """Return a checked level of confidence.

    Raises
    ------
    ParameterError
    """
    numbers = (int, float, Fraction, np.floating)
    if isinstance(confidence, numbers) and 0 < confidence < 1:
        return float(confidence)
    msg = f"`confidence` must be a number between 0 and 1, for example 0.95, got {confidence!r}"
    raise ParameterError(msg)


def interval_text(low: float, high: float) -> str:
    """Show an interval with three decimals, rounded outward: what is shown contains it.

    Examples
    --------
    >>> interval_text(0.0, 0.00009)
    '[0.000, 0.001]'
    >>> interval_text(-0.0004, 0.25)
    '[-0.001, 0.250]'
    """

    def end(value: float, round_off: Callable[[Fraction], int]) -> str:
        if math.isfinite(value):
            scale = 10**_DIGITS
            value = round_off(Fraction(value) * scale) / scale
        return f"{value:.{_DIGITS}f}"

    return f"[{end(low, math.floor)}, {end(high, math.ceil)}]"


def level_text(confidence: float) -> str:
    """Show a level of confidence in percent, never rounded to 100.

    Examples
    --------
    >>> level_text(0.95), level_text(0.999999999999)
    ('95 %', '99.9999999999 %')
    """
    percent = 100 * Decimal(repr(confidence))
    text = f"{float(percent):g}" if percent < Decimal("99.999") else f"{percent.normalize():f}"
    return f"{text} %"
