"""Parameters from tables: one row each, as the named models list them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import sympy as sp

from .parameters import Interval, Parameter, ParameterStatus

__all__ = ["REAL", "Bounds", "Row", "parameters_from"]

Bounds: TypeAlias = tuple[int | str, int | str | None]
Row: TypeAlias = tuple[str, str, Bounds, Bounds, str, str, ParameterStatus]
"""Name, symbol, domain, usual range, meaning, unit, status; ends of ranges may be decimals."""

REAL: Bounds = (-(10**6), 10**6)
"""The domain of a utility that may have either sign: a domain needs a lower end."""


def parameters_from(table: Iterable[Row]) -> tuple[Parameter, ...]:
    """Return the parameters that the rows describe, with symbols that their domains allow.

    Examples
    --------
    >>> row = ("stake", "V", (0, None), (0, 2), "what winning is worth", "utility",
    ...        ParameterStatus.ELICITED)
    >>> print(parameters_from([row])[0])
    stake (V): what winning is worth; utility, in [0, inf), elicited
    """
    return tuple(
        Parameter(
            name=name,
            symbol=_symbol(symbol, domain),
            domain=_interval(domain),
            usual=_interval(usual),
            meaning=meaning,
            unit=unit,
            status=status,
        )
        for name, symbol, domain, usual, meaning, unit, status in table
    )


def _symbol(name: str, domain: Bounds) -> sp.Symbol:
    if sp.Rational(domain[0]) >= 0:
        return sp.Symbol(name, nonnegative=True)
    return sp.Symbol(name, real=True)


def _interval(bounds: Bounds) -> Interval:
    lower, upper = bounds
    return Interval(sp.Rational(lower), None if upper is None else sp.Rational(upper))
