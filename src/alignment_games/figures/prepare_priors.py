"""What the figures about priors show, as plain data: tested exactly, drawn elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..analysis import (
    POSTURE_CLAIMS,
    Identification,
    PriorRobustness,
    Sensitivity,
    Share,
    Swap,
)
from ..analysis.shares import level_text

__all__ = [
    "Bars",
    "Dots",
    "Effects",
    "Exchange",
    "Interval",
    "effects",
    "exchange",
    "identification_dots",
    "share_bars",
]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Shares in which each posture is chosen, one bar a prior.

    Attributes
    ----------
    rows : tuple of str
        Names of the priors.
    meanings : tuple of str
    postures : tuple of str
    in_peace, coerced : tuple of tuples of float
        For each prior and posture.
    dominant, dominant_and_chosen : tuple of Interval
        Of the posture that the results are about, for each prior.
    about : str
    points : int
    level : str
        Of the intervals.
    widest : float
        The farthest that an end of an interval of any bar or mark lies from its share, rounded
        up to thousandths.
    """

    rows: tuple[str, ...]
    meanings: tuple[str, ...]
    postures: tuple[str, ...]
    in_peace: tuple[tuple[float, ...], ...]
    coerced: tuple[tuple[float, ...], ...]
    dominant: tuple[Interval, ...]
    dominant_and_chosen: tuple[Interval, ...]
    about: str
    points: int
    level: str
    widest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Indices and rank correlations, by falling total index.

    Attributes
    ----------
    parameters : tuple of str
    total, first, rank_correlation : tuple of Interval
    title : str
    level : str
        Of the bootstrap intervals.
    """

    parameters: tuple[str, ...]
    total: tuple[Interval, ...]
    first: tuple[Interval, ...]
    rank_correlation: tuple[Interval, ...]
    title: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """Shares of peace by scheme, one series a prior.

    Attributes
    ----------
    schemes, meanings, priors : tuple of str
    peace : tuple of tuples of Interval
        For each prior and scheme.
    before : tuple of tuples of float
    kept : tuple of tuples of int
    title : str
    level : str
        Of the intervals.
    """

    schemes: tuple[str, ...]
    meanings: tuple[str, ...]
    priors: tuple[str, ...]
    peace: tuple[tuple[Interval, ...], ...]
    before: tuple[tuple[float, ...], ...]
    kept: tuple[tuple[int, ...], ...]
    title: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Each posture with each case's numbers: the hegemon's gain, its price, and the share of peace.

    Attributes
    ----------
    rows : tuple of str
    postures : tuple of str
    gain, price : tuple of float
    coerced : tuple of (bool or None)
    peace : tuple of Interval
        Shares of the stated ranges.
    instead : tuple of (Interval or None)
        The same where the case's own posture is coerced; None for that posture itself.
    level : str
        Of the intervals.
    """

    rows: tuple[str, ...]
    postures: tuple[str, ...]
    gain: tuple[float, ...]
    price: tuple[float, ...]
    coerced: tuple[bool | None, ...]
    peace: tuple[Interval, ...]
    instead: tuple[Interval | None, ...]
    level: str


def share_bars(results: Sequence[PriorRobustness]) -> Bars:
    """Return the bars of results for several priors, all about one posture."""
    postures = tuple(p for p in results[0].postures if p != "none")
    chosen = [[r.share("chosen", p) for p in postures] for r in results]
    peace = [[r.share("in_peace", p) for p in postures] for r in results]
    lead, both = _lead(results, "dominant"), _lead(results, "all")
    drawn = [share for row in (*chosen, *peace, lead, both) for share in row]
    return Bars(
        rows=tuple(r.prior.name for r in results),
        meanings=tuple(r.prior.meaning for r in results),
        postures=postures,
        in_peace=tuple(tuple(s.estimate for s in row) for row in peace),
        coerced=tuple(
            tuple(s.estimate - calm.estimate for s, calm in zip(row, own, strict=True))
            for row, own in zip(chosen, peace, strict=True)
        ),
        dominant=tuple(Interval(s.estimate, *s.interval) for s in lead),
        dominant_and_chosen=tuple(Interval(s.estimate, *s.interval) for s in both),
        about=results[0].posture,
        points=results[0].points,
        level=level_text(results[0].confidence),
        widest=math.ceil(1000 * max(abs(end - s.estimate) for s in drawn for end in s.interval))
        / 1000,
    )


def _lead(results: Sequence[PriorRobustness], claim: str) -> list[Share]:
    return [r.share(claim) for r in results]


def effects(result: Sensitivity) -> Effects:
    """Return what a figure of a sensitivity analysis shows."""
    every = result.effects
    return Effects(
        parameters=tuple(e.parameter for e in every),
        total=tuple(Interval(e.total.value, e.total.low, e.total.high) for e in every),
        first=tuple(Interval(e.first.value, e.first.low, e.first.high) for e in every),
        rank_correlation=tuple(
            Interval(e.rank_correlation.value, e.rank_correlation.low, e.rank_correlation.high)
            for e in every
        ),
        title=(
            f"{result.posture.capitalize()} is {POSTURE_CLAIMS[result.claim]} "
            f"(prior: {result.prior.name})"
        ),
        level=level_text(result.confidence),
    )


def identification_dots(tables: Iterable[Identification]) -> Dots:
    """Return what a figure of several tables, one a prior and all of the same schemes, shows."""
    every = [table.rows for table in tables]
    one = every[0][0]
    return Dots(
        schemes=tuple(row.scheme.name for row in every[0]),
        meanings=tuple(row.scheme.meaning for row in every[0]),
        priors=tuple(rows[0].prior.name for rows in every),
        peace=tuple(
            tuple(Interval(row.peace.estimate, *row.peace.interval) for row in rows)
            for rows in every
        ),
        before=tuple(tuple(row.before.estimate for row in rows) for rows in every),
        kept=tuple(tuple(row.retained.count for row in rows) for rows in every),
        title=f"Peace in the second case, had it chosen to {one.posture}",
        level=level_text(one.confidence),
    )


def exchange(result: Swap) -> Exchange:
    """Return what a figure of two cases with their postures exchanged shows."""
    cells = result.cells
    return Exchange(
        rows=tuple(
            f"{c.posture} ({'own' if c.posture_of == c.numbers_of else 'as ' + c.posture_of})\n"
            f"numbers of {c.numbers_of}"
            for c in cells
        ),
        postures=tuple(c.posture for c in cells),
        gain=tuple(float(c.gain) for c in cells),
        price=tuple(float(c.price) for c in cells),
        coerced=tuple(c.coerced for c in cells),
        peace=tuple(Interval(c.peace.estimate, *c.peace.interval) for c in cells),
        instead=tuple(
            None
            if c.instead is None or not c.instead.points
            else Interval(c.instead.estimate, *c.instead.interval)
            for c in cells
        ),
        level=level_text(result.confidence),
    )
