"""Mixtures that strictly dominate a strategy, and beliefs that justify it.

Whether a mixture strictly dominates a strategy is a linear program: the largest ``e`` such
that some mixture earns at least ``e`` more whatever the others do. The answer always has an
exact witness: a rational mixture that does better everywhere, or a rational belief about the
others against which the strategy is a best reply (Pearce 1984, Lemma 3,
doi:10.2307/1911197). Small programs are solved in rational arithmetic. Large ones go to HiGHS,
in floating point, and again to rational arithmetic where rounding leaves no witness, which is a
knife edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from .._numeric import integer_matrix, integers
from .._typing import FloatArray, ObjectArray
from .ranks import Work
from .zero_sum import Rational, matrix_value

__all__ = ["dominating_mixture", "mixture_or_belief"]

_EXACT_ENTRIES = 200
"""Up to so many entries rational arithmetic is about as fast as a call of HiGHS."""

_MAX_DENOMINATOR = 10**12
_MAX_SUPPORT = 16
_GRID = 2**40


def dominating_mixture(
    payoffs: Sequence[Sequence[Rational]], strategy: int
) -> tuple[Fraction, ...] | None:
    """Return a mixture that strictly dominates a strategy, or None if there is none.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (own strategies, others' profiles)
    strategy : int
        Position of the strategy in question.

    Returns
    -------
    tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0.
    """
    mixture, _ = mixture_or_belief(payoffs, strategy)
    return mixture


def mixture_or_belief(
    payoffs: Sequence[Sequence[Rational]] | ObjectArray, strategy: int, *, work: Work | None = None
) -> tuple[tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]:
    """Return a mixture that strictly dominates a strategy, or else a belief that justifies it.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (own strategies, others' profiles)
        Or an array of int.
    strategy : int
        Position of the strategy in question.
    work : Work, optional
        Limit of what rational arithmetic may cost where floating point decides nothing.

    Returns
    -------
    mixture : tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0.
    belief : tuple of Fraction or None
        Probabilities of the others' profiles, to which the strategy is a best reply. Exactly
        one of the two is None.
    """
    if isinstance(payoffs, np.ndarray):
        table: ObjectArray = payoffs
    else:
        exact = [[Fraction(value) for value in row] for row in payoffs]
        table = np.array(integer_matrix(exact), dtype=object)
    size, width = table.shape
    own = table[strategy]
    pure = np.flatnonzero(np.equal(own, table.max(axis=0)).astype(bool))
    if len(pure):  # a best reply to a pure profile
        return None, tuple(Fraction(int(s == pure[0])) for s in range(width))
    gains = table - own
    # An alternative that is nowhere better is of no use; equal ones would make a knife edge.
    useful = np.flatnonzero((gains > 0).astype(bool).any(axis=1))
    gains = gains[useful]
    sure = np.flatnonzero((gains > 0).astype(bool).all(axis=1))
    weights: Sequence[Fraction] | None
    if len(sure):
        weights, belief = [Fraction(int(k == sure[0])) for k in range(len(useful))], None
    else:
        weights, belief = _certificate(gains, work)
    if weights is None:
        return None, belief
    full = dict(zip(useful.tolist(), weights, strict=True))
    return tuple(full.get(k, Fraction(0)) for k in range(size)), None


def _certificate(
    gains: ObjectArray, work: Work | None
) -> tuple[Sequence[Fraction] | None, tuple[Fraction, ...] | None]:
    """Return weights with a sure gain, or a belief against which no strategy gains."""
    if gains.size > _EXACT_ENTRIES:
        mixture, belief = _float_program(gains)
        if mixture is not None and _combined(gains, mixture).min() > 0:
            return mixture, None
        if belief is not None and _combined(gains.T, belief).max() <= 0:
            return None, tuple(belief)
        if work is not None:
            work.spend(gains.size * min(gains.shape))
    answer = matrix_value(gains.tolist())
    return (answer.row, None) if answer.value > 0 else (None, answer.column)


def _combined(rows: ObjectArray, weights: Sequence[Fraction]) -> ObjectArray:
    """Return a positive multiple of what a mixture of rows earns."""
    parts, _ = integers(weights)
    used = [k for k, part in enumerate(parts) if part]
    combined: ObjectArray = np.dot(np.array([parts[k] for k in used], dtype=object), rows[used])
    return combined


def _float_program(
    gains: ObjectArray,
) -> tuple[list[Fraction] | None, list[Fraction] | None]:
    """Return the program's mixture and its dual belief, rounded to exact distributions."""
    from scipy.optimize import linprog

    matrix: FloatArray = (gains / (abs(gains).max() or 1)).astype(float)
    n_mix, n_profiles = matrix.shape
    answer = linprog(
        np.append(np.zeros(n_mix), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((n_profiles, 1))]),
        b_ub=np.zeros(n_profiles),
        A_eq=np.append(np.ones(n_mix), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * n_mix + [(None, None)],
        method="highs",
    )
    if answer.status != 0:
        return None, None
    return _distribution(answer.x[:-1]), _distribution(-answer.ineqlin.marginals)


def _distribution(values: FloatArray) -> list[Fraction] | None:
    clipped = np.maximum(values, 0)
    if np.count_nonzero(clipped) <= _MAX_SUPPORT:
        parts = [Fraction(v).limit_denominator(_MAX_DENOMINATOR) for v in clipped.tolist()]
    else:  # one denominator, because the least common one of many would be huge
        parts = [Fraction(round(v * _GRID)) for v in clipped.tolist()]
    total = sum(parts, Fraction(0))
    return [p / total for p in parts] if total else None
