"""Exact arithmetic on one support of a game of several players.

A *support problem* is the part of a game that the equilibria with given supports see: for each
player the payoff differences between its first supported strategy and the others, as integers.
A certified floating root of its equations is refined here by exact residuals.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .._numeric import common_denominator
from .._typing import ObjectArray, Vector

__all__ = [
    "ExactVector",
    "Row",
    "SupportProblem",
    "as_integers",
    "canonical_payoffs",
    "is_root",
    "jacobian",
    "linear_root",
    "multilinear",
    "rational_point",
    "refine",
    "signs_at",
    "support_problem",
]

ExactVector = tuple[Fraction, ...]
_MATRIX_BITS = 80


def canonical_payoffs(table: ObjectArray) -> list[int]:
    """Return a player's rational payoffs, all profiles in a row, as least non-negative integers.

    Positive affine transformations of the payoffs give the same integers.
    """
    values: list[Fraction] = table.ravel().tolist()
    scale = common_denominator(values)
    integers = (
        [v.numerator * (scale // v.denominator) for v in values]
        if scale > 1
        else [v.numerator for v in values]
    )
    least = min(integers)
    shifted = [v - least for v in integers]
    divisor = math.gcd(*shifted)
    return [v // divisor for v in shifted] if divisor > 1 else shifted


@dataclass(frozen=True, slots=True)
class Row:
    """What a player gains by one strategy over its first supported one.

    Attributes
    ----------
    player, strategy : int
    gains : tuple of int
        One for each profile of the other mixing players' supports, the last fastest.
    """

    player: int
    strategy: int
    gains: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SupportProblem:
    """The equations and inequalities of the equilibria with given supports.

    Attributes
    ----------
    shape : tuple of int
    support : tuple of tuples of int
    mixing : tuple of int
        Players with two strategies or more in their support.
    equations : tuple of Row
        Gains of the other supported strategies: zero at an equilibrium.
    deviations : tuple of Row
        Gains of the strategies outside: not positive at an equilibrium.
    """

    shape: tuple[int, ...]
    support: tuple[tuple[int, ...], ...]
    mixing: tuple[int, ...]
    equations: tuple[Row, ...]
    deviations: tuple[Row, ...]

    def others(self, player: int) -> tuple[int, ...]:
        """Mixing players other than `player`: the axes of its rows."""
        return tuple(j for j in self.mixing if j != player)

    def duplicate(self) -> tuple[int, int, int] | None:
        """Return a player and two of its strategies that nobody tells apart, if there are any.

        Both are supported, they earn the same, and nobody else's gains depend on which is played.
        """
        rows = self.equations + self.deviations
        for player in self.mixing:
            others = [row for row in rows if row.player != player]
            size = len(self.support[player])
            for two in range(1, size):
                own = [
                    row
                    for row in self.equations
                    if row.player == player and row.strategy == self.support[player][two]
                ]
                for one in range(two):
                    first = [
                        row
                        for row in self.equations
                        if row.player == player and row.strategy == self.support[player][one]
                    ]
                    gains = first[0].gains if first else (0,) * len(own[0].gains)
                    if own[0].gains == gains and all(
                        _slice(row, self, player, one) == _slice(row, self, player, two)
                        for row in others
                    ):
                        return player, self.support[player][one], self.support[player][two]
        return None

    def gain(self, row: Row, parts: Mapping[int, Sequence[Fraction]]) -> int:
        """Return a row's gain at rational weights, times a positive number."""
        return multilinear(row.gains, [as_integers(parts[j]) for j in self.others(row.player)])

    def vector(self, player: int, weights: Sequence[Fraction | float]) -> Vector:
        """Return a player's mixed strategy from its weights on its support."""
        vector: list[Fraction | float] = [Fraction(0)] * self.shape[player]
        for strategy, weight in zip(self.support[player], weights, strict=True):
            vector[strategy] = weight
        return tuple(vector)

    def profile(self, parts: Mapping[int, Sequence[Fraction | float]]) -> tuple[Vector, ...]:
        """Return the whole profile from the mixing players' weights."""
        return tuple(
            self.vector(player, parts.get(player, (Fraction(1),)))
            for player in range(len(self.shape))
        )


def _slice(row: Row, problem: SupportProblem, player: int, place: int) -> tuple[int, ...]:
    """Return a row's gains where `player` uses its supported strategy at `place`."""
    axes = problem.others(row.player)
    sizes = [len(problem.support[j]) for j in axes]
    k = axes.index(player)
    stride = math.prod(sizes[k + 1 :])
    block = stride * sizes[k]
    return tuple(
        row.gains[start + place * stride + at]
        for start in range(0, len(row.gains), block)
        for at in range(stride)
    )


def support_problem(
    payoffs: Sequence[Sequence[int]], shape: tuple[int, ...], support: tuple[tuple[int, ...], ...]
) -> SupportProblem:
    """Cut the support problem out of canonical payoffs."""
    strides = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
    mixing = tuple(i for i, own in enumerate(support) if len(own) > 1)
    equations: list[Row] = []
    deviations: list[Row] = []
    for player, own in enumerate(support):
        if shape[player] == 1:
            continue
        places = [
            sum(s * strides[j] for j, s in zip(others, profile, strict=True))
            for others in [[j for j in range(len(shape)) if j != player]]
            for profile in itertools.product(*(support[j] for j in others))
        ]
        table, stride = payoffs[player], strides[player]
        first = own[0] * stride
        for strategy in range(shape[player]):
            if strategy == own[0]:
                continue
            step = strategy * stride
            gains = tuple(table[at + step] - table[at + first] for at in places)
            row = Row(player, strategy, gains)
            (equations if strategy in own else deviations).append(row)
    return SupportProblem(shape, support, mixing, tuple(equations), tuple(deviations))


def multilinear(gains: Sequence[int], vectors: Sequence[Sequence[int]]) -> int:
    """Return a multilinear form at integer vectors, one for each axis, the last fastest."""
    table = list(gains)
    for vector in reversed(vectors):
        size = len(vector)
        table = [
            sum(map(int.__mul__, vector, table[k : k + size])) for k in range(0, len(table), size)
        ]
    return table[0]


def _gain(row: Row, problem: SupportProblem, parts: dict[int, tuple[int, ...]]) -> int:
    return multilinear(row.gains, [parts[j] for j in problem.others(row.player)])


def as_integers(vector: Sequence[Fraction]) -> tuple[int, ...]:
    """Return the vector times its common denominator."""
    scale = common_denominator(list(vector))
    return tuple(v.numerator * (scale // v.denominator) for v in vector)


def is_root(problem: SupportProblem, parts: dict[int, ExactVector]) -> bool:
    """Tell whether rational `parts` solve the equations exactly."""
    whole = {j: as_integers(vector) for j, vector in parts.items()}
    return all(_gain(row, problem, whole) == 0 for row in problem.equations)


def jacobian(problem: SupportProblem, parts: dict[int, ExactVector]) -> list[list[int]]:
    """Return the equations' Jacobian at rational `parts`, rows and columns scaled to integers."""
    whole = {j: as_integers(vector) for j, vector in parts.items()}
    matrix = []
    for row in problem.equations:
        line = []
        for j, vector in whole.items():
            for k in range(1, len(vector)):
                step = (-1, *(int(k == s) for s in range(1, len(vector))))
                line.append(0 if j == row.player else _gain(row, problem, whole | {j: step}))
        matrix.append(line)
    return matrix


def signs_at(problem: SupportProblem, parts: dict[int, ExactVector]) -> tuple[bool, bool]:
    """Tell whether rational `parts` are an equilibrium, and whether an outside strategy ties."""
    whole = {j: as_integers(vector) for j, vector in parts.items()}
    if any(min(vector) <= 0 for vector in whole.values()):
        return False, False
    if any(_gain(row, problem, whole) != 0 for row in problem.equations):
        return False, False
    gains = [_gain(row, problem, whole) for row in problem.deviations]
    return all(gain <= 0 for gain in gains), any(gain == 0 for gain in gains)


def refine(
    problem: SupportProblem,
    point: Sequence[float],
    radius: Sequence[float],
    inverse: Sequence[Sequence[float]],
    scales: Sequence[int],
    precision: int,
) -> tuple[dict[int, tuple[int, ...]], int]:
    """Refine a certified root to about `precision` bits by exact residuals.

    The map x - C f(x) halves distances, weighted by the radii, in the box that certified the
    root: so a point x of it is within twice its step, weighted likewise, of the root.

    Parameters
    ----------
    point, radius : free coordinates of the certified box, mixing player by mixing player
    inverse : the approximate inverse C of the Jacobian that certified the root
    scales : for each player, the power of two that brought its payoffs to floats in [0, 1]
    precision : bits after the binary point

    Returns
    -------
    The mixing players' vectors times 2**precision, summing to that, and a bound of the error of
    each entry in the same units.
    """
    one = 1 << precision
    dim = len(point)
    at = [_fixed(p, precision) for p in point]
    matrix = [[_fixed(c, _MATRIX_BITS) for c in line] for line in inverse]
    rounding = 2 + dim + (sum(map(abs, itertools.chain(*matrix))) >> _MATRIX_BITS)
    # Ratios in units of 2**-20, rounded up: the steps may be too large for floats.
    narrowest = min(radius)
    ratios = [math.ceil(math.ldexp(r / narrowest, 20)) for r in radius]
    best: tuple[dict[int, tuple[int, ...]], int] | None = None
    while True:
        parts, k = {}, 0
        for j in problem.mixing:
            size = len(problem.support[j]) - 1
            free = at[k : k + size]
            parts[j] = (one - sum(free), *free)
            k += size
        residuals = [
            _gain(row, problem, parts)
            >> (precision * (len(problem.mixing) - 2) + scales[row.player])
            for row in problem.equations
        ]
        steps = [sum(map(int.__mul__, line, residuals)) >> _MATRIX_BITS for line in matrix]
        weighted = max(
            (abs(step) + rounding) * ratio for step, ratio in zip(steps, ratios, strict=True)
        )
        # Four, not two, covers the rounding of the matrix and of the weights.
        error = (dim + 1) * (4 * (weighted * max(ratios) >> 40) + 4)
        if best is not None and error >= best[1]:
            return best
        best = parts, error
        at = [a - step for a, step in zip(at, steps, strict=True)]


def _fixed(value: float, bits: int) -> int:
    """Return a float times 2**bits, rounded down; the product may exceed the floats."""
    numerator, denominator = value.as_integer_ratio()
    return (numerator << bits) // denominator


def rational_point(
    parts: dict[int, tuple[int, ...]], precision: int, bound: int
) -> dict[int, ExactVector]:
    """Return the rational vectors with denominators up to `bound` nearest to refined ones."""
    one = 1 << precision
    found = {}
    for j, vector in parts.items():
        free = [Fraction(v, one).limit_denominator(bound) for v in vector[1:]]
        found[j] = (1 - sum(free, Fraction(0)), *free)
    return found


def linear_root(problem: SupportProblem) -> dict[int, ExactVector] | None:
    """Return the only solution of the equations of two mixing players, if there is only one."""
    one, two = problem.mixing
    parts = {}
    for mine, other in ((one, two), (two, one)):
        rows = [[*row.gains, 0] for row in problem.equations if row.player == other]
        size = len(problem.support[mine])
        solution = solve_unique([*rows, [1] * (size + 1)], size)
        if solution is None:
            return None
        parts[mine] = solution
    return parts


def solve_unique(rows: list[list[int]], unknowns: int) -> ExactVector | None:
    """Solve integer equations [a | b]; None unless exactly one solution exists."""
    table = [row[:] for row in rows]
    previous = 1
    for k in range(unknowns):
        pivot = next((r for r in range(k, len(table)) if table[r][k]), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        head = table[k]
        for r, row in enumerate(table):
            if r != k:
                factor = row[k]
                table[r] = [
                    (head[k] * a - factor * b) // previous for a, b in zip(row, head, strict=True)
                ]
        previous = head[k]
    if any(row[-1] for row in table[unknowns:]):
        return None
    return tuple(Fraction(row[-1], previous) for row in table[:unknowns])
