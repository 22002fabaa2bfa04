"""Obedience constraints, and linear programs under them, certified in rational arithmetic.

A distribution over pure profiles is a correlated equilibrium if no player gains by playing
``k`` whenever it is told ``j``, and a coarse one if none gains by playing ``k`` whatever it
would have been told. Each is a linear inequality, ``row @ x >= 0``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np

from .._numeric import common_denominator
from .._typing import ObjectArray
from ..errors import WorkLimitError
from ..games import NormalFormGame
from ._rational import solve_unique
from .zero_sum import maximize

__all__ = ["Constraint", "best_distribution", "constraints"]

MAX_ENTRIES = 20_000_000
"""Largest table of constraints by profiles (a 50 x 50 game has twelve million entries)."""

_EXACT_ENTRIES = 600  # small tables go to the exact simplex at once, which is then faster
_MAX_PIVOT_ENTRIES = 200_000  # larger ones are not left to it when rounding fails
_TOLERANCES = (1e-9, 1e-7, 1e-11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One obedience constraint.

    Attributes
    ----------
    player, deviation : int
    recommended : int or None
        None for the constraints of coarse equilibria.
    row : ndarray of int, shape (n_profiles,)
        What obeying gains at each profile, in units of 1 / `scale`.
    scale : int
    """

    player: int
    recommended: int | None
    deviation: int
    row: ObjectArray
    scale: int


def constraints(game: NormalFormGame, *, coarse: bool) -> list[Constraint]:
    """Return all obedience constraints of a game, with integer coefficients."""
    size = math.prod(game.shape)
    count = sum(own if coarse else own * (own - 1) for own in game.shape)
    if size * count > MAX_ENTRIES:
        msg = (
            f"the correlated equilibria of a {' x '.join(map(str, game.shape))} game are bound by "
            f"{count} inequalities in {size} unknowns, {size * count:.1e} coefficients; the limit "
            f"is {MAX_ENTRIES:.0e}. Eliminate strictly dominated strategies first, which no "
            "correlated equilibrium uses"
        )
        raise WorkLimitError(msg)
    found = []
    for i, own in enumerate(game.shape):
        exact = game.exact_payoffs[i]
        scale = common_denominator(list(exact.flat))
        table = np.array([int(v * scale) for v in exact.flat], dtype=object).reshape(game.shape)
        for k in range(own):
            gains = table - np.take(table, [k], axis=i)
            if coarse:
                found.append(
                    Constraint(
                        player=i, recommended=None, deviation=k, row=gains.ravel(), scale=scale
                    )
                )
                continue
            for j in range(own):
                if j != k:
                    row = np.zeros_like(gains)
                    told = tuple(j if m == i else slice(None) for m in range(game.n_players))
                    row[told] = gains[told]
                    found.append(
                        Constraint(
                            player=i, recommended=j, deviation=k, row=row.ravel(), scale=scale
                        )
                    )
    return found


def best_distribution(
    rows: Sequence[Sequence[int]], objective: Sequence[int]
) -> tuple[list[Fraction], list[Fraction]]:
    """Maximize ``objective @ x`` over distributions with ``rows @ x >= 0``.

    HiGHS solves the program in floating point; its basis is solved again in rational arithmetic
    and believed only if the distribution and the multipliers are feasible and agree in value.
    Small programs, and those where rounding left another basis, go to an exact simplex.

    Returns
    -------
    distribution, multipliers : list of Fraction
        The multipliers, one a row and not negative, prove the optimum: at every profile the
        objective plus their sum of the rows is at most its value.
    """
    lean = [_lowest_terms(row) for row in rows]
    if len(rows) * len(objective) > _EXACT_ENTRIES:
        found = _by_floats(lean, objective)
        if found is not None:
            return _unscaled(found, rows, lean)
    if len(rows) * len(objective) > _MAX_PIVOT_ENTRIES:
        msg = (
            f"a linear program of {len(rows)} inequalities in {len(objective)} unknowns could not "
            "be certified from its solution in floating point, and is too large to be solved in "
            "rational arithmetic alone. Eliminate strictly dominated strategies first"
        )
        raise WorkLimitError(msg)
    # The exact simplex bounds the sum of probabilities by 1; a positive objective exhausts it.
    lowest = min(objective)
    answer = maximize(
        [value - lowest + 1 for value in objective],
        [[-value for value in row] for row in lean] + [[1] * len(objective)],
        [0] * len(lean) + [1],
    )
    return _unscaled((list(answer.point), list(answer.dual[:-1])), rows, lean)


def _lowest_terms(row: Sequence[int]) -> list[int]:
    divisor = reduce(math.gcd, (int(value) for value in row), 0) or 1
    return [int(value) // divisor for value in row]


def _unscaled(
    found: tuple[list[Fraction], list[Fraction]],
    rows: Sequence[Sequence[int]],
    lean: Sequence[Sequence[int]],
) -> tuple[list[Fraction], list[Fraction]]:
    point, prices = found
    scaled = []
    for price, row, short in zip(prices, rows, lean, strict=True):
        k = next((s for s, value in enumerate(short) if value), None)
        scaled.append(price if k is None else price * Fraction(short[k], int(row[k])))
    return point, scaled


def _by_floats(
    rows: list[list[int]], objective: Sequence[int]
) -> tuple[list[Fraction], list[Fraction]] | None:
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    size = len(objective)
    largest = [max(map(abs, row)) or 1 for row in rows]
    matrix = csr_array(
        np.array(
            [[float(Fraction(v, top)) if v else 0.0 for v in row] for row, top in zip(rows, largest, strict=True)]
        )
    )
    low = min(objective)
    spread = max(objective) - low or 1
    costs = np.array([float(Fraction(v - low, spread)) for v in objective])
    answer = linprog(
        -costs,
        A_ub=-matrix,
        b_ub=np.zeros(len(rows)),
        A_eq=np.ones((1, size)),
        b_eq=[1.0],
        method="highs-ds",
    )
    if answer.status != 0:
        return None
    slack = matrix @ answer.x
    prices = -answer.ineqlin.marginals
    value = -answer.fun
    reduced = value - costs - matrix.T @ prices
    for tolerance in _TOLERANCES:
        used = np.flatnonzero(answer.x > tolerance).tolist()
        tight = np.flatnonzero(slack <= tolerance).tolist()
        priced = np.flatnonzero(prices > tolerance).tolist()
        level = np.flatnonzero(reduced <= tolerance).tolist()
        found = _from_basis(rows, objective, used, tight, priced, level)
        if found is not None:
            return found
    return None


def _from_basis(
    rows: list[list[int]],
    objective: Sequence[int],
    used: list[int],
    tight: list[int],
    priced: list[int],
    level: list[int],
) -> tuple[list[Fraction], list[Fraction]] | None:
    """Solve for the distribution on `used` and the prices of `priced`; None if they fail."""
    one, zero = Fraction(1), Fraction(0)
    if not used or not level:
        return None
    equations = [[Fraction(rows[r][s]) for s in used] for r in tight if any(rows[r][s] for s in used)]
    weights = solve_unique([*equations, [one] * len(used)], [zero] * len(equations) + [one])
    if weights is None or min(weights) < 0:
        return None
    point = [zero] * len(objective)
    for s, weight in zip(used, weights, strict=True):
        point[s] = weight
    if any(sum((row[s] * point[s] for s in used), zero) < 0 for row in rows):
        return None
    answer = solve_unique(
        [[*(Fraction(-rows[r][s]) for r in priced), one] for s in level],
        [Fraction(objective[s]) for s in level],
    )
    if answer is None or min(answer[:-1], default=zero) < 0:
        return None
    bound = answer[-1]
    prices = [zero] * len(rows)
    for r, price in zip(priced, answer, strict=False):
        prices[r] = price
    if any(
        objective[s] + sum((prices[r] * rows[r][s] for r in priced), zero) > bound
        for s in range(len(objective))
    ):
        return None
    if sum((objective[s] * point[s] for s in used), zero) != bound:
        return None
    return point, prices
