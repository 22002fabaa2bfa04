"""Words that the classic models share."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from ..parameters import ParameterStatus
from ..quantities import Quantity

__all__ = ["ELICITED", "SHARE", "UTILITY", "named_quantities"]

ELICITED = ParameterStatus.ELICITED
SHARE: tuple[int, int] = (0, 1)
UTILITY: tuple[int, int] = (-10, 10)
"""The usual range of a utility."""


def named_quantities(
    rows: Iterable[tuple[str, sp.Expr, str, sp.Basic]], reference: str
) -> dict[str, Quantity]:
    """Return closed forms from rows of name, expression, meaning and condition.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> print(named_quantities([("half", x / 2, "half of it", x > 0)], "")["half"])
    x/2: half of it, if x > 0
    """
    return {
        name: Quantity(expression=own, meaning=meaning, reference=reference, condition=condition)
        for name, own, meaning, condition in rows
    }
