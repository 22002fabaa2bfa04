"""Two cases with their postures exchanged: what each would have brought in the other's place.

The sign of the hegemon's temptation is exact, so "coerced" and "left in peace" are what the model
says at the stated numbers; how much of the stated ranges says the same is a share beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray
from ..batch.inputs import seed_of
from ..errors import GameError, whole
from ..io.document import Bullets, Heading, Paragraph, Table, to_text
from ..models import AlignmentModel
from ..scenarios import Scenario
from ..solvers import solve
from .counterfactual import Outcome, Span, regret_span
from .drawn import coerced_if, posture_number
from .inequalities import exact_value
from .priors import Prior, scenario_prior
from .shares import Share, Tally, confidence_level, level_text

__all__ = ["Swap", "SwapCell", "swap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapCell:
    """One posture with the numbers of one case.

    Attributes
    ----------
    posture, posture_of, numbers_of : str
        The posture, the case it is taken from, and the case whose true parameters are used.
    gain, price : Fraction
        What the hegemon expects from coercing it, and what that costs (F1.1).
    coerced : bool or None
        Whether it coerces; None if it is exactly indifferent.
    small_state, hegemon : Span
        Payoffs under the hegemon's best replies.
    regret : Span
        What the small state loses against the best posture with these numbers, when the posture
        is seen first.
    peace : Share
        Points of the stated ranges of `numbers_of` at which the posture is left in peace.
    instead : Share or None
        The same among the points at which that case's own posture is coerced; None for its own
        posture.
    """

    posture: str
    posture_of: str
    numbers_of: str
    gain: Fraction
    price: Fraction
    coerced: bool | None
    small_state: Span
    hegemon: Span
    regret: Span
    peace: Share
    instead: Share | None

    @property
    def temptation(self) -> Fraction:
        """`gain` minus `price`: the hegemon coerces where it is positive."""
        return self.gain - self.price

    @property
    def answer(self) -> str:
        """The hegemon's answer in words."""
        if self.coerced is None:
            return "either answer"
        return "coerced" if self.coerced else "left in peace"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON types, with exact values as text."""
        return {
            "posture": self.posture,
            "posture_of": self.posture_of,
            "numbers_of": self.numbers_of,
            "gain": str(self.gain),
            "price": str(self.price),
            "temptation": str(self.temptation),
            "coerced": self.coerced,
            "small_state": _pair(self.small_state),
            "hegemon": _pair(self.hegemon),
            "regret": _pair(self.regret),
            "peace": self.peace.to_dict(),
            "instead": None if self.instead is None else self.instead.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Two cases, each with its own posture and with the other's.

    Attributes
    ----------
    case, other : str
        The cases' names.
    cells : tuple of SwapCell
        Case's posture with its own numbers and with the other's; other's posture with its own
        and with the case's.
    points, seed : int
    confidence : float
    """

    case: str
    other: str
    cells: tuple[SwapCell, ...] = field(repr=False)
    points: int
    seed: int
    confidence: float

    def cell(self, posture_of: str, numbers_of: str) -> SwapCell:
        """Return the posture of one case with the numbers of one case.

        Raises
        ------
        GameError
            If there is no such pair.
        """
        for cell in self.cells:
            if (cell.posture_of, cell.numbers_of) == (posture_of, numbers_of):
                return cell
        msg = f"the cases are {self.case!r} and {self.other!r}, got {posture_of!r}, {numbers_of!r}"
        raise GameError(msg)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON types."""
        return {
            "case": self.case,
            "other": self.other,
            "points": self.points,
            "seed": self.seed,
            "confidence": self.confidence,
            "cells": [cell.to_dict() for cell in self.cells],
        }

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def __str__(self) -> str:
        table = Table(
            ("posture", "of", "numbers of", "answer", "gain", "price", "small state", "hegemon",
             "regret", "peace in ranges"),
            tuple(
                (c.posture, c.posture_of, c.numbers_of, c.answer, decimal_text(c.gain),
                 decimal_text(c.price), _span_text(c.small_state), _span_text(c.hegemon),
                 _span_text(c.regret), str(c.peace))
                for c in self.cells
            ),
        )  # fmt: skip
        note = (
            "Answer, payoffs and regret are exact, at the true values of the case in the third "
            "column; the hegemon coerces where its gain exceeds its price. The last column is the "
            f"share of {self.points} points of that case's stated ranges (uniform, independent, "
            f"seed {self.seed}) at which the posture is left in peace, with an exact "
            f"{level_text(self.confidence)} interval."
        )
        sentences = tuple(
            f"With the numbers of {c.numbers_of}, the posture of {c.posture_of} ({c.posture}) is "
            f"{'either coerced or left in peace' if c.coerced is None else c.answer}"
            + (
                f"; where {c.numbers_of}'s own posture is coerced in its stated ranges, this one "
                f"is left in peace at {c.instead} of the points."
                if c.instead is not None and c.instead.points
                else "."
            )
            for c in self.cells
            if c.posture_of != c.numbers_of
        )
        head = Heading(f"Postures exchanged: {self.case} and {self.other}", 1)
        return to_text([head, Paragraph(note), table, Bullets(sentences)]).rstrip("\n")


def swap(
    case: Scenario,
    other: Scenario,
    *,
    posture: str | None = None,
    other_posture: str | None = None,
    points: int = 20_000,
    rng: int | np.random.Generator | None = None,
    confidence: float = 0.95,
    workers: int | None = None,
) -> Swap:
    """Return what each of two cases' postures brings with the other's numbers.

    Parameters
    ----------
    case, other : Scenario
        Two cases of one model.
    posture, other_posture : str, optional
        What each case did; by default its unique subgame-perfect posture as it believes the
        numbers to be.
    points : int, optional
        Independent random points of each case's stated ranges.
    rng : int or numpy.random.Generator, optional
        The seed, or what draws it.
    confidence : float, optional
        Level of the intervals (Clopper-Pearson).
    workers : int, optional
        Threads; one for each processor by default.

    Returns
    -------
    Swap

    Raises
    ------
    GameError
        If the cases are of different models or have one name, there is no such posture, or a
        case has several subgame-perfect postures and none is given.
    ParameterError
        If a number is out of bounds, or the stated ranges can break a joint constraint.

    Notes
    -----
    A posture that is left in peace with the other case's numbers shows that the posture suffices
    there, in the model at those numbers. It does not show that those numbers are right.

    Examples
    --------
    >>> import alignment_games as ag
    >>> vietnam, ukraine = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")
    >>> exchanged = ag.analysis.swap(vietnam, ukraine, points=1000, rng=1)
    >>> hedge = exchanged.cell("vietnam", "ukraine")
    >>> hedge.posture, hedge.answer, hedge.temptation, float(hedge.small_state.lowest)
    ('hedge', 'left in peace', Fraction(-13, 250), 1.45)
    >>> balance = exchanged.cell("ukraine", "vietnam")
    >>> balance.posture, balance.answer, float(balance.regret.lowest)
    ('balance', 'left in peace', 0.6)
    """
    if case.name == other.name:
        same = case is other or dict(case) == dict(other)
        what = "the same case was given twice" if same else "two cases have one name"
        msg = f"{what}, {case.name!r}; give `case` and `other` with names of their own"
        raise GameError(msg)
    if case.model_name != other.model_name:
        msg = (
            f"`case` and `other` must be of one model, got {case.name!r} ({case.model_name}) and "
            f"{other.name!r} ({other.model_name})"
        )
        raise GameError(msg)
    level = confidence_level(confidence)
    number = whole("points", points, 1, 10**8)
    pairs = ((case, _posture_of(case, posture, "posture")),
             (other, _posture_of(other, other_posture, "other_posture")))  # fmt: skip
    seed = seed_of(rng)
    draws = {one.name: _draws(one, number, seed, workers) for one in (case, other)}
    own = {one.name: taken for one, taken in pairs}
    cells = []
    for source, taken in pairs:
        for numbers in (source, other if source is case else case):
            drawn = draws[numbers.name]
            peace = ~drawn.coerced(taken)
            hit = drawn.coerced(own[numbers.name])
            instead = None if numbers is source else (hit & peace).share(level, hit.possible)
            cells.append(
                _cell(numbers, taken, source.name, peace=peace.share(level), instead=instead)
            )
    return Swap(
        case=case.name,
        other=other.name,
        cells=tuple(cells),
        points=number,
        seed=seed,
        confidence=level,
    )


def _cell(
    numbers: Scenario, posture: str, source: str, *, peace: Share, instead: Share | None
) -> SwapCell:
    model = numbers.model
    small, hegemon = model.players
    game = model.game(numbers)
    values = {a: Fraction(game.payoff(hegemon, posture, a)) for a in model.strategies[1]}
    replies = [a for a, value in values.items() if value == max(values.values())]
    own = [Fraction(game.payoff(small, posture, a)) for a in replies]
    regrets = [
        regret_span(
            game,
            Outcome(posture=posture, expected=a, actual=a, believed_payoff=u, true_payoff=u),
        )
        for a, u in zip(replies, own, strict=True)
    ]
    two = model.temptations[posture]
    return SwapCell(
        posture=posture,
        posture_of=source,
        numbers_of=numbers.name,
        gain=exact_value(two.left, model, numbers),
        price=exact_value(two.right, model, numbers),
        coerced=None if len(replies) > 1 else replies[0] == model.strategies[1][-1],
        small_state=Span(min(own), max(own)),
        hegemon=Span(max(values.values()), max(values.values())),
        regret=Span(min(r.lowest for r in regrets), max(r.highest for r in regrets)),
        peace=peace,
        instead=instead,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draws:
    """Random points of a case's stated ranges."""

    model: AlignmentModel
    prior: Prior
    columns: dict[str, FloatArray]
    workers: int | None

    def coerced(self, posture: str) -> Tally:
        """Return where the hegemon answers a posture with coercion."""
        return coerced_if(
            self.model, posture, self.prior.fixed, self.columns, resolve=True,
            workers=self.workers,
        )  # fmt: skip


def _draws(case: Scenario, points: int, seed: int, workers: int | None) -> _Draws:
    prior = scenario_prior(case)
    design = prior.design(points, seed)
    columns = dict(zip(design.parameters, design.columns(0, points), strict=True))
    return _Draws(model=case.model, prior=prior, columns=columns, workers=workers)


def _posture_of(case: Scenario, posture: str | None, argument: str) -> str:
    model = case.model
    if posture is not None:
        return model.strategies[0][posture_number(model, posture, argument)]
    paths = {eq.path[0] for eq in solve(model.tree(case.beliefs)).equilibria}
    if len(paths) > 1:
        msg = f"{case.name!r} has several postures, {', '.join(sorted(paths))}; give `{argument}`"
        raise GameError(msg)
    return str(paths.pop())


def _pair(span: Span) -> list[str]:
    return [str(span.lowest), str(span.highest)]


def _span_text(span: Span) -> str:
    if span.unique:
        return decimal_text(span.lowest)
    return f"{decimal_text(span.lowest)} to {decimal_text(span.highest)}"
