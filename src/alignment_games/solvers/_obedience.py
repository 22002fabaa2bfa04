"""Obedience constraints, and linear programs under them, certified in rational arithmetic.

A distribution over pure profiles is a correlated equilibrium if no player gains by playing
``k`` whenever it is told ``j``, and a coarse one if none gains by playing ``k`` whatever it
would have been told. Each is a linear inequality, ``row @ x >= 0``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

import numpy as np

from .._numeric import common_denominator
from .._typing import FloatArray, IntArray, ObjectArray
from ..errors import WorkLimitError
from ..games import NormalFormGame
from ._rational import solve_unique_integers
from .zero_sum import maximize

__all__ = [
    "Constraint",
    "Incentive",
    "Program",
    "concept_of",
    "constraints",
    "dot",
    "program",
    "proved_bound",
]

Incentive: TypeAlias = tuple[str, str | None, str]
"""Player, what it is told (None in a coarse equilibrium), and what it could do instead."""

MAX_ENTRIES = 20_000_000
"""Largest table of constraints by profiles (a 50 x 50 game has twelve million entries)."""

_EXACT_ENTRIES = 600  # small tables go to the exact simplex at once, which is then faster
_MAX_PIVOT_WORK = 12_000_000  # entries x unknowns x bits; beyond, it can take minutes
_STRICT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """The constraints of a game, ready for linear programs.

    Attributes
    ----------
    table : ndarray of int, shape (n_constraints, n_profiles)
        The rows in lowest terms.
    divisors : tuple of int
        What each row was divided by.
    floats : ndarray, shape (n_constraints, n_profiles)
        The rows divided by their largest entries.
    """

    table: ObjectArray
    divisors: tuple[int, ...]
    floats: FloatArray

    def maximize(self, objective: Sequence[int]) -> tuple[list[Fraction], list[Fraction]]:
        """Maximize ``objective @ x`` over distributions that satisfy the constraints.

        HiGHS solves the program in floating point; its basis is solved again in rational
        arithmetic and believed only if the distribution and the multipliers are feasible and
        agree in value. Small programs, and those where rounding left another basis, go to an
        exact simplex.

        Returns
        -------
        distribution, multipliers : list of Fraction
            The multipliers, one a constraint and not negative, prove the optimum: at every
            profile the objective plus their sum of the rows is at most its value.
        """
        entries = self.table.size
        found = self._by_floats(objective) if entries > _EXACT_ENTRIES else None
        if found is None:
            bits = max((int(v).bit_length() for v in self.table.flat), default=0)
            work = entries * len(objective) * bits
            if work > _MAX_PIVOT_WORK:
                msg = (
                    f"a linear program of {self.table.shape[0]} inequalities in "
                    f"{self.table.shape[1]} unknowns, with coefficients of {bits} bits, could not "
                    "be certified from its solution in floating point; to solve it in rational "
                    f"arithmetic alone would take about {work:.0e} operations, and the limit is "
                    f"{_MAX_PIVOT_WORK:.0e}. Eliminate strictly dominated strategies, or give "
                    "payoffs of fewer digits and of more similar size"
                )
                raise WorkLimitError(msg)
            # The exact simplex bounds the sum of probabilities by 1: a positive objective
            # exhausts it.
            lowest = min(objective)
            answer = maximize(
                [value - lowest + 1 for value in objective],
                [*(-self.table).tolist(), [1] * len(objective)],
                [0] * len(self.table) + [1],
            )
            found = list(answer.point), list(answer.dual[:-1])
        point, prices = found
        return point, [price / d for price, d in zip(prices, self.divisors, strict=True)]

    def _by_floats(self, objective: Sequence[int]) -> tuple[list[Fraction], list[Fraction]] | None:
        from scipy.optimize import linprog

        low = min(objective)
        spread = max(objective) - low or 1
        costs = np.array([float(Fraction(v - low, spread)) for v in objective])
        count, size = self.table.shape
        for presolve in (True, False):  # what presolve restores need not be a vertex
            answer = linprog(
                -costs,
                A_ub=-self.floats,
                b_ub=np.zeros(count),
                A_eq=np.ones((1, size)),
                b_eq=[1.0],
                method="highs-ds",
                options={**_STRICT, "presolve": presolve},
            )
            if answer.status != 0:
                continue
            slack = self.floats @ answer.x
            prices = -answer.ineqlin.marginals
            reduced = -answer.fun - costs - prices @ self.floats
            for tolerance in _TOLERANCES:
                found = self._from_basis(
                    objective,
                    used=np.flatnonzero(answer.x > tolerance),
                    tight=np.flatnonzero(slack <= tolerance),
                    priced=np.flatnonzero(prices > tolerance),
                    level=np.flatnonzero(reduced <= tolerance),
                )
                if found is not None:
                    return found
        return None

    def _from_basis(
        self,
        objective: Sequence[int],
        *,
        used: IntArray,
        tight: IntArray,
        priced: IntArray,
        level: IntArray,
    ) -> tuple[list[Fraction], list[Fraction]] | None:
        """Solve for the distribution on `used` and the prices of `priced`; None if they fail."""
        if not len(used) or not len(level):
            return None
        values = np.array(objective, dtype=object)
        equations = [row for row in self.table[np.ix_(tight, used)].tolist() if any(row)]
        first = solve_unique_integers([*([*row, 0] for row in equations), [1] * (len(used) + 1)])
        if first is None or min(first[0]) < 0:
            return None
        weights, whole = np.array(first[0], dtype=object), first[1]
        if (self.table[:, used] @ weights < 0).any():
            return None
        second = solve_unique_integers(
            [
                [*row, 1, value]
                for row, value in zip(
                    (-self.table[np.ix_(priced, level)].T).tolist(), values[level], strict=True
                )
            ]
        )
        if second is None or min(second[0][:-1], default=0) < 0:
            return None
        *costs, bound = second[0]
        paid = np.array(costs, dtype=object)
        totals = values * second[1]
        if len(priced):
            totals = totals + paid @ self.table[priced]
        if (totals > bound).any() or values[used] @ weights * second[1] != bound * whole:
            return None
        point = [Fraction(0)] * len(objective)
        for s, weight in zip(used.tolist(), first[0], strict=True):
            point[s] = Fraction(weight, whole)
        prices = [Fraction(0)] * len(self.table)
        for r, cost in zip(priced.tolist(), costs, strict=True):
            prices[r] = Fraction(cost, second[1])
        return point, prices


def program(bounds: Sequence[Constraint], size: int) -> Program:
    """Prepare the constraints of a game for linear programs."""
    rows, divisors, floats = [], [], []
    for bound in bounds:
        entries = [int(value) for value in bound.row]
        divisor = reduce(math.gcd, entries, 0) or 1
        largest = max(map(abs, entries)) or 1
        rows.append([value // divisor for value in entries])
        divisors.append(divisor)
        floats.append([float(Fraction(value, largest)) if value else 0.0 for value in entries])
    shape = (len(rows), size)
    return Program(
        table=np.array(rows, dtype=object).reshape(shape),
        divisors=tuple(divisors),
        floats=np.array(floats, dtype=float).reshape(shape),
    )


def proved_bound(
    game: NormalFormGame,
    weights: Sequence[Fraction],
    multipliers: Mapping[Incentive, Fraction],
) -> Fraction:
    """Return what no equilibrium's weighted payoffs exceed, from the game and multipliers alone.

    In an equilibrium obeying gains nothing negative on average, so that the largest entry of
    the weighted payoffs plus the multiplied gains bounds it from above.
    """
    best: Fraction | None = None
    for profile in game.profiles():
        value = sum(
            (w * own[profile] for w, own in zip(weights, game.exact_payoffs, strict=True)),
            Fraction(0),
        )
        for (player, recommended, deviation), price in multipliers.items():
            who = game.player_index(player)
            if recommended is not None and game.strategies[who][profile[who]] != recommended:
                continue
            other = list(profile)
            other[who] = game.strategy_index(who, deviation)
            own = game.exact_payoffs[who]
            value += price * (own[profile] - own[tuple(other)])
        best = value if best is None else max(best, value)
    return best if best is not None else Fraction(0)


def concept_of(coarse: bool) -> str:
    """Return the name of the solution concept."""
    return "coarse-correlated" if coarse else "correlated"


def dot(first: Iterable[int | Fraction], second: Iterable[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((a * b for a, b in zip(first, second, strict=True) if b), Fraction(0))
