"""Thresholds over two axes with the solver's answers beside them, as plain exact data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from .._numeric import exact_number
from .._typing import Number
from ..errors import ParameterError
from ..models import DynamicModel
from ..models.evaluate import all_finite, exact_function, values_of

__all__ = ["MAX_POINTS", "Check", "ChoicePanel", "Line", "axis_label", "axis_values", "line_along"]

MAX_POINTS = 100
"""Largest number of points of an axis at which games are solved."""

_WORDS = {
    "alliance_jump": "gain from a guarantee",
    "arrival": "speed of the shift: arrival in a period",
    "breach_cost": "small state's cost of leaving the hedge",
    "curvature": "concavity of utility",
    "persistence": "persistence of a government",
    "stealth": "stealth of the shift",
    "success_later": "success of an attack after the shift",
}
_UNITS = {"utility; the good is 1 a period": "utility"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A closed form along an axis.

    Attributes
    ----------
    label : str
    x, y : tuple of Fraction
    """

    label: str
    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A point at which the game was solved, without the closed form.

    Attributes
    ----------
    x, y : Fraction
    answer : str
        What was found there, one of the panel's `answers`.
    """

    x: Fraction
    y: Fraction
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePanel:
    """Thresholds over two axes, or values along one, with the solver's answers beside them.

    Attributes
    ----------
    title : str
    x_label, y_label : str
        Meaning, symbol and unit.
    x_range, y_range : pair of Fraction
    lines : tuple of Line
    below, above : str
        What holds below and above the line `border`; empty if the lines are values.
    border : int
        Position of that line among `lines`.
    answers : tuple of str
        What the solver may find.
    checks : tuple of Check
    """

    title: str
    x_label: str
    y_label: str
    x_range: tuple[Fraction, Fraction]
    y_range: tuple[Fraction, Fraction]
    lines: tuple[Line, ...]
    below: str = ""
    above: str = ""
    border: int = 0
    answers: tuple[str, ...]
    checks: tuple[Check, ...] = field(repr=False)


def line_along(
    model: DynamicModel,
    quantity: str,
    values: Mapping[str, Fraction],
    along: tuple[str, tuple[Fraction, ...]],
    *,
    label: str,
) -> Line:
    """Return a closed form along one parameter, where it holds.

    Parameters
    ----------
    model : DynamicModel
    quantity : str
        One of its closed forms.
    values : mapping of str to Fraction
        Of all parameters, in their order.
    along : pair of str and tuple of Fraction
        The parameter and its values.
    label : str
    """
    own = model.quantity(quantity)
    symbols = list(model.parameters.symbols.values())
    condition = exact_function(symbols, [own.condition])
    expression = exact_function(symbols, [own.expression])
    name, xs = along
    points = []
    for x in xs:
        numbers = {**values, name: x}
        if values_of(condition, numbers) == [True]:
            found = values_of(expression, numbers)
            if all_finite(found):
                points.append((x, Fraction(found[0])))
    return Line(label=label, x=tuple(x for x, _ in points), y=tuple(y for _, y in points))


def axis_values(argument: str, ends: tuple[Number, Number], points: int) -> tuple[Fraction, ...]:
    """Return as many values from one end of an axis to the other.

    Raises
    ------
    ParameterError
        If the ends are not two numbers, the lower one first.
    """
    try:
        low, high = map(exact_number, ends)
    except (TypeError, ValueError) as error:
        msg = f"`{argument}` must be a pair of numbers, got {ends!r}"
        raise ParameterError(msg) from error
    if low >= high:
        msg = f"`{argument}` must go from a lower to a higher number, got {ends!r}"
        raise ParameterError(msg)
    return tuple(low + (high - low) * k / (points - 1) for k in range(points))


def axis_label(model: DynamicModel, name: str) -> str:
    """Return the meaning, the symbol and the unit of a parameter."""
    parameter = model.parameters[name]
    words = _WORDS.get(name, name.replace("_", " "))
    return f"{words} ${sp.latex(parameter.symbol)}$ ({_UNITS.get(parameter.unit, parameter.unit)})"
