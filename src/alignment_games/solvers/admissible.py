"""Weak dominance by mixtures.

A strategy that no mixture dominates weakly is *admissible*: it is a best reply to a belief that
rules nothing out (Pearce 1984, Lemma 4, doi:10.2307/1911197). The linear program seeks a
mixture that never earns less and gains most in total over all profiles of the others. Its dual,
at an optimum of zero, is such a belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._numeric import integer_matrix
from .zero_sum import Rational, maximize

__all__ = ["weak_mixture_or_belief"]


def weak_mixture_or_belief(
    payoffs: Sequence[Sequence[Rational]], strategy: int
) -> tuple[tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]:
    """Return a mixture that weakly dominates a strategy, or else a belief that justifies it.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (own strategies, others' profiles)
    strategy : int
        Position of the strategy in question.

    Returns
    -------
    mixture : tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0, and so are those of
        strategies that are weakly dominated themselves.
    belief : tuple of Fraction or None
        Probabilities of the others' profiles, none of them 0, to which the strategy is a best
        reply. Exactly one of the two is None.

    Examples
    --------
    >>> mixture, _ = weak_mixture_or_belief([[2, 0, 1], [0, 2, 1], [1, 1, 0]], 2)
    >>> print(*mixture)
    1/2 1/2 0
    """
    table = integer_matrix([[Fraction(value) for value in row] for row in payoffs])
    own = table[strategy]
    others = [k for k in range(len(table)) if k != strategy]
    gains = [[a - b for a, b in zip(table[k], own, strict=True)] for k in others]
    width = len(own)
    if not others:
        return None, (Fraction(1, width),) * width
    rows = [[-g for g in column] for column in zip(*gains, strict=True)]
    answer = maximize([sum(row) for row in gains], [*rows, [1] * len(others)], [0] * width + [1])
    if answer.value > 0:
        full = dict(zip(others, answer.point, strict=True))
        return tuple(full.get(k, Fraction(0)) for k in range(len(table))), None
    prices = [1 + price for price in answer.dual[:-1]]
    total = sum(prices, Fraction(0))
    return None, tuple(price / total for price in prices)
