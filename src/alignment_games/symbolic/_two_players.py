"""Candidates of games of two players: minors of payoff differences on supports of one size."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import sympy as sp

from ._forms import ZERO, Candidate, Support, Surd, Test, made_test
from ._polynomials import Polynomials

__all__ = ["minors", "same_sign", "subsets", "two_player_candidates"]

Payoff = Callable[[int, int], sp.Expr]
"""A player's payoff by its own strategy and the opponent's."""


def subsets(size: int) -> list[tuple[int, ...]]:
    """Return the sets of strategies, smaller ones first."""
    return [
        own for count in range(1, size + 1) for own in itertools.combinations(range(size), count)
    ]


def two_player_candidates(
    payoff: Callable[[int, int, int], sp.Expr],
    sizes: tuple[int, int],
    polynomials: Polynomials,
    *,
    references: Mapping[Support, tuple[int, ...]] | None = None,
) -> list[Candidate]:
    """Return the candidates of a two-player game.

    Parameters
    ----------
    payoff : callable
        The payoff of a player, 0 or 1, by the strategies of both.
    sizes : tuple of two int
    polynomials : Polynomials
    references : mapping of supports to two int, optional
        The weights to compare others with; by default such with a known sign, or the first.

    Notes
    -----
    That pairs of one size suffice is shown on decision page 7: an extreme equilibrium on a pair
    of unequal size leaves, on pairs of equal size, only tests that do not fail strictly.
    """

    def first(own: int, other: int) -> sp.Expr:
        return payoff(0, own, other)

    def second(own: int, other: int) -> sp.Expr:
        return payoff(1, other, own)

    pairs = (
        (rows, columns)
        for rows in subsets(sizes[0])
        for columns in subsets(sizes[1])
        if len(rows) == len(columns)
    )
    candidates = []
    for rows, columns in sorted(pairs, key=lambda pair: len(pair[0])):
        row_at, column_at = (references or {}).get((rows, columns), (None, None))
        column_weights, first_tests, column_at = _best(
            first, rows, columns, sizes[0], polynomials, column_at
        )
        row_weights, second_tests, row_at = _best(
            second, columns, rows, sizes[1], polynomials, row_at
        )
        candidates.append(
            Candidate(
                supports=(rows, columns),
                weights=(
                    spread(row_weights, rows, sizes[0]),
                    spread(column_weights, columns, sizes[1]),
                ),
                tests=(*first_tests, *second_tests),
                references=(row_at, column_at),
            )
        )
    return candidates


def spread(weights: Sequence[Surd], support: Sequence[int], size: int) -> tuple[Surd, ...]:
    """Return weights on a support as weights on all strategies."""
    found = dict(zip(support, weights, strict=True))
    return tuple(found.get(s, Surd(ZERO)) for s in range(size))


def _best(
    payoff: Payoff,
    own: tuple[int, ...],
    other: tuple[int, ...],
    size: int,
    polynomials: Polynomials,
    at: int | None,
) -> tuple[list[Surd], list[Test], int]:
    """Return weights on `other` that make `own` equally good, and what makes these best.

    The position of the weight to which signs are compared is returned as well.
    """

    def difference(strategy: int, against: int) -> sp.Expr:
        return polynomials.tidy(payoff(strategy, against) - payoff(own[0], against))

    rows = [[difference(s, t) for t in other] for s in own[1:]]
    weights = [Surd(polynomials.tidy(value)) for value in minors(rows, len(other))]
    at = reference(weights, polynomials) if at is None else at
    tests = same_sign(weights, at, polynomials)
    for s in range(size):
        if s not in own:
            gain = sum(
                (w.a * difference(s, t) for w, t in zip(weights, other, strict=True)), start=ZERO
            )
            tests.append(made_test(polynomials, Surd(-gain), weights[at]))
    return weights, tests, at


def minors(rows: Sequence[Sequence[sp.Expr]], size: int) -> list[sp.Expr]:
    """Return weights that are orthogonal to some rows, one fewer than there are weights."""
    if size == 1:
        return [sp.Integer(1)]
    return [
        (-1) ** skip * _determinant([[row[k] for k in range(size) if k != skip] for row in rows])
        for skip in range(size)
    ]


def _determinant(rows: Sequence[Sequence[sp.Expr]]) -> sp.Expr:
    """Return a determinant without expanding its entries."""
    if len(rows) == 1:
        return rows[0][0]
    return sum(
        (
            (-1) ** k * entry * _determinant([[*row[:k], *row[k + 1 :]] for row in rows[1:]])
            for k, entry in enumerate(rows[0])
        ),
        start=ZERO,
    )


def same_sign(weights: Sequence[Surd], at: int, polynomials: Polynomials) -> list[Test]:
    """Return the tests that all weights have the sign of one of them."""
    return [made_test(polynomials, weights[at], w) for k, w in enumerate(weights) if k != at]


def reference(weights: Sequence[Surd], polynomials: Polynomials) -> int:
    """Return a weight to whose sign others are compared: one whose sign is known, if any."""
    for k, weight in enumerate(weights):
        test = made_test(polynomials, weight)
        if test.number and not test.odd and not test.even:
            return k
    return 0
