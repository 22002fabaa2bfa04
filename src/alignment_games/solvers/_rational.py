"""Rational arithmetic that solvers share: linear equations, FLINT's numbers, shares."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import common_denominator, exact_number
from ..errors import ParameterError

if TYPE_CHECKING:
    from flint import fmpq

__all__ = [
    "from_flint",
    "hull_dimension",
    "share_of",
    "solve_unique",
    "solve_unique_integers",
    "to_flint",
]


def to_flint(value: Fraction | int) -> fmpq:
    """Return a rational as FLINT's.

    Examples
    --------
    >>> str(to_flint(Fraction(1, 3)))
    '1/3'
    """
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def from_flint(value: fmpq) -> Fraction:
    """Return FLINT's rational as a Fraction.

    Examples
    --------
    >>> from_flint(to_flint(Fraction(1, 3)))
    Fraction(1, 3)
    """
    return Fraction(int(value.p), int(value.q))


def hull_dimension(points: Sequence[Sequence[int]]) -> int:
    """Return the dimension of the convex hull of points, each given up to a positive factor.

    Their coordinates must have one sum, not 0: then affine and linear independence are the same.

    Examples
    --------
    >>> hull_dimension([[1, 0, 0], [0, 1, 0], [1, 1, 0]])
    1
    """
    from flint import fmpz_mat

    return 0 if len(points) == 1 else int(fmpz_mat([list(own) for own in points]).rank()) - 1


def share_of(argument: str, value: object) -> Fraction:
    """Return a number from 0 to 1, checked.

    Raises
    ------
    ParameterError
        If it is none.

    Examples
    --------
    >>> share_of("gap", 0.25)
    Fraction(1, 4)
    """
    try:
        share = exact_number(value)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must be a number from 0 to 1, got {value!r}"[:200]
        raise ParameterError(msg) from error
    if not 0 <= share <= 1:
        msg = f"`{argument}` must be a number from 0 to 1, got {value!r}"[:200]
        raise ParameterError(msg)
    return share


def solve_unique(
    rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]
) -> tuple[Fraction, ...] | None:
    """Return the only solution of linear equations, or None if there is none or several.

    There may be more equations than unknowns.

    Examples
    --------
    >>> solve_unique([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(-1)]],
    ...              [Fraction(1), Fraction(0)])
    (Fraction(1, 2), Fraction(1, 2))
    """
    system = []
    for row, value in zip(rows, right, strict=True):
        full = [*row, value]
        scale = common_denominator(full)
        system.append([int(entry * scale) for entry in full])
    found = solve_unique_integers(system)
    return None if found is None else tuple(Fraction(v, found[1]) for v in found[0])


def solve_unique_integers(system: Sequence[Sequence[int]]) -> tuple[list[int], int] | None:
    """Return the only solution of integer equations, each given with its right side last.

    Returns
    -------
    numerators : list of int
    denominator : int
        Positive. None instead of both if there is no solution or more than one.

    Examples
    --------
    >>> solve_unique_integers([[2, 0, 1], [0, 3, 1]])
    ([3, 2], 6)
    """
    from flint import fmpz_mat

    unknowns = len(system[0]) - 1
    reduced, pivot, rank = fmpz_mat([list(row) for row in system]).rref()
    # As many pivots as unknowns, all in their columns: then the last column is the solution.
    if rank != unknowns or not all(reduced[k, k] for k in range(unknowns)):
        return None
    sign = 1 if pivot > 0 else -1
    return [sign * int(reduced[k, unknowns]) for k in range(unknowns)], abs(int(pivot))
