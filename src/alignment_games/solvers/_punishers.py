"""How far punishers who mix independently can hold a player down: bounds by branching.

The punishers' mixtures form a product of simplices, on which the player's best payoff is the
maximum of multilinear functions. That is not convex, so the product is cut into cells, products of
smaller simplices. If the punishers could correlate the corners of a cell, they would play a
zero-sum game, whose value bounds the cell from below, and tends to what the cell holds as it
shrinks. Any point at all bounds the minimum from above. All bounds are rational; floats only
propose points.

Cells are cut through the best point that is known: on a cell of which it is a corner the bound
can be exact, so that the two bounds can meet after finitely many cuts if the minimum is rational.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from .._numeric import integers
from .._typing import FloatArray, ObjectArray
from ._rational import solve_unique
from .zero_sum import matrix_value

__all__ = ["MAX_WORK", "Bounds", "PunishmentCell", "best_reply", "bounds", "corners_of"]

Mixture: TypeAlias = tuple[Fraction, ...]

Mixtures: TypeAlias = tuple[Mixture, ...]
"""One mixture for each punisher; or the corners of one punisher's simplex."""

_DENOMINATORS = (24, 1_000, 10**6)
"""Largest denominators of the rational points near one that floats propose."""
_HALF = Fraction(1, 2)

MAX_WORK = 300_000
"""Largest work on all players' cells. Each counts the entries of its linear program and the cube
of the smaller side, both times the words of 64 bits that the largest integer takes."""

_REPLY_WORK = 10_000
"""Largest linear program of a punisher's best reply that is worth solving exactly."""

_IMPROVED = 16  # what the search for a better point costs, in cells


@dataclass(frozen=True, slots=True, kw_only=True)
class PunishmentCell:
    """A part of what the punishers can mix, with the proof of what the player gets on it.

    Attributes
    ----------
    corners : tuple of tuples of tuples of Fraction
        For each punisher the corners of a simplex of mixtures. The cell is their product.
    strategy : tuple of Fraction
        A mixed strategy of the player.
    bound : Fraction
        What it earns at least against every combination of corners, hence on the whole cell.
    """

    corners: tuple[Mixtures, ...]
    strategy: Mixture
    bound: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the search found; the cells cover all mixtures.

    Attributes
    ----------
    point : tuple of tuples of Fraction
    upper : Fraction
        The player's best payoff against `point`.
    lower : Fraction
        The least bound of a cell, `upper` if that is less.
    cells : tuple of PunishmentCell
    limited : bool
        Whether the search ended because there were too many cells, or they were too much work.
    """

    point: Mixtures
    upper: Fraction
    lower: Fraction
    cells: tuple[PunishmentCell, ...]
    limited: bool


def bounds(
    table: ObjectArray,
    starts: Sequence[Mixtures],
    *,
    gap: Fraction,
    most: int,
    max_work: int,
) -> Bounds:
    """Bound the least best payoff of a player from both sides.

    Parameters
    ----------
    table : ndarray of Fraction, shape (n_own, n_first, n_second, ...)
        What the player gets.
    starts : sequence of tuples of tuples of Fraction
        Mixtures of the punishers to begin with, one or more.
    gap : Fraction
        The search ends if the bounds are as near as this.
    most : int
        Largest number of cells.
    max_work : int
        Work after which no cell is cut any more. The first one is always bounded.
    """
    flat, unit = integers(list(table.flat))
    scaled = np.array(flat, dtype=object).reshape(table.shape)
    point, upper = _best(scaled, starts)
    point, upper = _improved(scaled, point, upper)
    whole = tuple(corners_of(size) for size in table.shape[1:])
    first, proposal, work = _cell(scaled, unit, whole)
    work += _IMPROVED * table.size
    heap = [(first.bound, 0, first, proposal)]
    closed: list[PunishmentCell] = []
    made = 1
    while (
        heap
        and heap[0][0] < upper / unit - gap
        and len(heap) + len(closed) < most
        and work < max_work
    ):
        _, _, cell, proposal = heapq.heappop(heap)
        worth = best_reply(scaled, proposal)
        if worth < upper:
            point, upper = _improved(scaled, proposal, worth)
            work += _IMPROVED * table.size
        for corners in _halves(cell.corners, point):
            part, proposal, amount = _cell(scaled, unit, corners)
            work += amount
            if part.bound >= upper / unit:
                closed.append(part)
            else:
                heapq.heappush(heap, (part.bound, made, part, proposal))
                made += 1
    cells = (*closed, *(own for _, _, own, _ in heap))
    upper /= unit
    lower = min(upper, *(own.bound for own in cells))
    return Bounds(point=point, upper=upper, lower=lower, cells=cells, limited=upper - lower > gap)


def corners_of(size: int) -> Mixtures:
    """Return the pure strategies, as mixtures of so many."""
    return tuple(tuple(Fraction(int(k == j)) for k in range(size)) for j in range(size))


def best_reply(table: ObjectArray, point: Mixtures) -> Fraction:
    """Return the player's best payoff against mixtures of the punishers."""
    left, scale = table, 1
    for mixture in reversed(point):
        weights, own = integers(mixture)
        left = left @ np.array(weights, dtype=object)
        scale *= own
    return Fraction(max(left)) / scale


def _best(table: ObjectArray, points: Sequence[Mixtures]) -> tuple[Mixtures, Fraction]:
    worths = [best_reply(table, own) for own in points]
    k = min(range(len(points)), key=worths.__getitem__)
    return points[k], worths[k]


def _cell(
    table: ObjectArray, unit: int, corners: tuple[Mixtures, ...]
) -> tuple[PunishmentCell, Mixtures, int]:
    """Return a cell, the marginals of punishers who correlate its corners, and the work it took.

    The table holds integers, payoffs times a unit.
    """
    payoffs: ObjectArray = table
    scale = unit
    for who, own in enumerate(corners):
        # Contract the punisher's axis and put that of its corners in its place.
        flat, denominator = integers([p for mixture in own for p in mixture])
        weights = np.array(flat, dtype=object).reshape(len(own), -1)
        turned = np.moveaxis(payoffs, who + 1, -1) @ weights.T
        payoffs = np.moveaxis(turned, -1, who + 1)
        scale *= denominator
    divisor = math.gcd(scale, *payoffs.flat)
    rows = (payoffs // divisor).reshape(len(payoffs), -1).tolist()
    answer = matrix_value(rows)
    strategy, total = integers(answer.row)
    least = min(
        sum(p * v for p, v in zip(strategy, column, strict=True))
        for column in zip(*rows, strict=True)
    )
    bound = Fraction(least * divisor, total * scale)
    size = payoffs.size + min(len(rows), len(rows[0])) ** 3
    work = size * _words(own for row in rows for own in row)
    shares = np.array(answer.column, dtype=object).reshape(payoffs.shape[1:])
    marginals = []
    for who, own in enumerate(corners):
        others = tuple(k for k in range(len(corners)) if k != who)
        held = shares.sum(axis=others) if others else shares
        marginals.append(tuple(held @ np.array(own, dtype=object)))
    cell = PunishmentCell(corners=corners, strategy=answer.row, bound=bound)
    return cell, tuple(marginals), work


def _halves(corners: tuple[Mixtures, ...], point: Mixtures) -> list[tuple[Mixtures, ...]]:
    """Cut a cell in two, through a point if that lies inside it, else across its longest edge."""
    shares = [_shares(own, mixture) for own, mixture in zip(corners, point, strict=True)]
    inside = all(own is not None and min(own) >= 0 for own in shares)
    best: tuple[bool, float] = (False, -1.0)
    who, i, j, share = 0, 0, 1, _HALF
    for k, own in enumerate(corners):
        for a, b in itertools.combinations(range(len(own)), 2):
            length = max(abs(float(x - y)) for x, y in zip(own[a], own[b], strict=True))
            weights = shares[k]
            through = inside and weights is not None and weights[a] > 0 and weights[b] > 0
            if (through, length) > best:
                best = (through, length)
                who, i, j, share = k, a, b, _HALF
                if through and weights is not None:
                    share = weights[a] / (weights[a] + weights[b])
    simplex = corners[who]
    middle = tuple(share * x + (1 - share) * y for x, y in zip(simplex[i], simplex[j], strict=True))
    return [
        (*corners[:who], (*simplex[:k], middle, *simplex[k + 1 :]), *corners[who + 1 :])
        for k in (i, j)
    ]


def _shares(simplex: Mixtures, mixture: Mixture) -> Mixture | None:
    """Return the weights of a simplex's corners that make up a mixture; they may be negative."""
    rows = list(zip(*simplex, strict=True))
    return solve_unique([list(row) for row in rows], mixture)


def _improved(table: ObjectArray, point: Mixtures, worth: Fraction) -> tuple[Mixtures, Fraction]:
    """Return a point near a local minimum that is at least as good, with its worth."""
    proposed = _proposed(table, point)
    for largest in _DENOMINATORS:
        tried = tuple(_rounded(own, largest) for own in proposed)
        value = best_reply(table, tried)
        if value < worth:
            point, worth = tried, value
        for who in range(len(tried)):
            # One punisher's best reply to the others is a linear program.
            left = np.moveaxis(table, who + 1, 1)
            others = [own for k, own in enumerate(tried) if k != who]
            for mixture in reversed(others):
                left = left @ np.array(integers(mixture)[0], dtype=object)
            left //= math.gcd(*left.flat) or 1
            if left.size * min(left.shape) * _words(left.flat) > _REPLY_WORK:
                continue
            answer = matrix_value(left.tolist())
            tried = (*tried[:who], answer.column, *tried[who + 1 :])
            value = best_reply(table, tried)
            if value < worth:
                point, worth = tried, value
    return point, worth


def _words(values: Iterable[int]) -> int:
    """Return how many words of 64 bits the largest integer takes."""
    return 1 + max(abs(own).bit_length() for own in values) // 64


def _proposed(table: ObjectArray, point: Mixtures) -> list[list[float]]:
    """Return a local minimum in floats, found by sequential quadratic programming."""
    from scipy.optimize import minimize

    sizes = table.shape[1:]
    low = min(table.flat)
    unit = (max(table.flat) - low) or Fraction(1)
    payoffs = np.array([float((v - low) / unit) for v in table.flat]).reshape(table.shape)
    ends = list(itertools.accumulate(sizes))

    # The unknowns z are the mixtures, one after the other, and the player's payoff.
    def parts(z: FloatArray) -> list[FloatArray]:
        return [z[end - size : end] for end, size in zip(ends, sizes, strict=True)]

    def replies(z: FloatArray) -> FloatArray:
        left = payoffs
        for own in reversed(parts(z)):
            left = left @ own
        return left

    def slopes(z: FloatArray) -> FloatArray:
        own = parts(z)
        found = []
        for who in range(len(sizes)):
            left = np.moveaxis(payoffs, who + 1, 1)
            for k in reversed([k for k in range(len(sizes)) if k != who]):
                left = left @ own[k]
            found.append(left)
        return np.hstack([-np.hstack(found), np.ones((len(payoffs), 1))])

    sums = np.zeros((len(sizes), ends[-1] + 1))
    for k, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        sums[k, end - size : end] = 1.0
    start = np.array([float(p) for own in point for p in own])
    # Away from the border, where slopes toward the inside may vanish.
    uniform = np.concatenate([np.full(size, 1 / size) for size in sizes])
    start = 0.9 * start + 0.1 * uniform
    answer = minimize(
        lambda z: z[-1],
        np.append(start, replies(start).max()),
        jac=lambda z: np.append(np.zeros(len(z) - 1), 1.0),
        bounds=[(0.0, 1.0)] * ends[-1] + [(None, None)],
        constraints=[
            {"type": "ineq", "fun": lambda z: z[-1] - replies(z), "jac": slopes},
            {"type": "eq", "fun": lambda z: sums @ z - 1.0, "jac": lambda _: sums},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 200},
    )
    found = answer.x[:-1] if np.isfinite(answer.x).all() else start
    return [np.clip(own, 0.0, 1.0).tolist() for own in parts(found)]


def _rounded(mixture: Sequence[float], largest: int) -> Mixture:
    """Return probabilities with small denominators near floats; the largest takes the rest."""
    top = max(range(len(mixture)), key=mixture.__getitem__)
    found = [
        Fraction(0) if k == top else Fraction(own).limit_denominator(largest)
        for k, own in enumerate(mixture)
    ]
    rest = 1 - sum(found, Fraction(0))
    if rest < 0:
        return tuple(Fraction(int(k == top)) for k in range(len(mixture)))
    found[top] = rest
    return tuple(found)
