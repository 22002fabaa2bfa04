"""Linear equations in rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._numeric import common_denominator

__all__ = ["solve_unique"]


def solve_unique(
    rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]
) -> tuple[Fraction, ...] | None:
    """Return the only solution of linear equations, or None if there is none or several.

    There may be more equations than unknowns. The elimination is fraction-free: each row is
    scaled to integers first, and every division is without remainder.

    Examples
    --------
    >>> solve_unique([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(-1)]],
    ...              [Fraction(1), Fraction(0)])
    (Fraction(1, 2), Fraction(1, 2))
    """
    unknowns = len(rows[0])
    system = []
    for row, value in zip(rows, right, strict=True):
        full = [*row, value]
        scale = common_denominator(full)
        system.append([int(entry * scale) for entry in full])
    previous = 1
    for k in range(unknowns):
        pivot = next((r for r in range(k, len(system)) if system[r][k]), None)
        if pivot is None:
            return None
        system[k], system[pivot] = system[pivot], system[k]
        lead = system[k]
        for r, row in enumerate(system):
            if r != k and (row[k] or lead[k] != previous):
                factor = row[k]
                system[r] = [
                    (lead[k] * a - factor * b) // previous for a, b in zip(row, lead, strict=True)
                ]
        previous = lead[k]
    if any(row[-1] for row in system[unknowns:]):
        return None
    return tuple(Fraction(system[k][-1], previous) for k in range(unknowns))
