"""Closed forms of a model: thresholds and values, with the conditions under which they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .._numeric import decimal_text
from .._typing import Number
from ..errors import GameError, ModelError, ParameterError, suggestion
from ..io.formulas import infix
from .evaluate import all_finite, exact_function, values_of
from .parameters import ParameterSpace

__all__ = ["Quantity", "quantity_named", "quantity_value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A closed form of a model: a threshold, or the value of a way to play.

    Attributes
    ----------
    expression : sympy.Expr
    meaning : str
        One clause that says what it is.
    reference : str
        Where the formula is derived.
    condition : sympy Boolean
        Where in the parameters' domains the closed form holds; everywhere by default.
    """

    expression: sp.Expr
    meaning: str
    reference: str
    condition: sp.Basic = sp.true

    def __str__(self) -> str:
        where = "" if self.condition == sp.true else f", if {infix(self.condition)}"
        return f"{infix(self.expression)}: {self.meaning}{where}"


def quantity_named(model: str, quantities: Mapping[str, Quantity], name: str) -> Quantity:
    """Return the closed form of a name.

    Raises
    ------
    ModelError
        If there is none.
    """
    if name not in quantities:
        tail = suggestion(name, quantities) if quantities else "; it has none"
        msg = f"{model} has no closed form {str(name)[:80]!r}{tail}"
        raise ModelError(msg)
    return quantities[name]


def quantity_value(
    model: str, name: str, own: Quantity, space: ParameterSpace, numbers: Mapping[str, Fraction]
) -> Number:
    """Return a closed form at values of all parameters, in their order.

    Returns
    -------
    Fraction or float
        A float only where the closed form holds ``exp``, ``log`` or roots.

    Raises
    ------
    ParameterError
        If the closed form does not hold there.
    GameError
        If it has no finite real value there.
    """
    symbols = tuple(space.symbols.values())
    condition, expression = _compiled(symbols, own.condition, own.expression)
    if values_of(condition, numbers) != [True]:
        broken = next(
            part
            for part in sp.And.make_args(own.condition)
            if values_of(exact_function(symbols, [part]), numbers) != [True]
        )
        here = ", ".join(
            f"{infix(parameter.symbol)} = {decimal_text(numbers[parameter.name])} "
            f"(`{parameter.name}`)"
            for parameter in space.values()
            if parameter.symbol in broken.free_symbols
        )
        rule = f"the closed form {name!r} of {model} holds only if {infix(broken)}"[:400]
        msg = f"{rule}; here {here}"
        raise ParameterError(msg)
    found = values_of(expression, numbers)
    if not all_finite(found):
        msg = f"the closed form {name!r} of {model} has no finite real value there"
        raise GameError(msg)
    return found[0] if isinstance(found[0], float) else Fraction(found[0])


@lru_cache(maxsize=256)
def _compiled(
    symbols: tuple[sp.Symbol, ...], condition: sp.Basic, expression: sp.Expr
) -> tuple[Callable[..., list[Any]], Callable[..., list[Any]]]:
    """Return the condition and the expression of a closed form as functions of numbers."""
    return exact_function(symbols, [condition]), exact_function(symbols, [expression])
