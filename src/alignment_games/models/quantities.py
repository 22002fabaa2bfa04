"""Closed forms of a model, the conditions under which they hold, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy as sp

from .._numeric import decimal_text
from .._typing import Number, Values
from ..errors import GameError, ModelError, ParameterError, suggestion
from ..io.formulas import infix
from .evaluate import all_finite, exact_function, values_of
from .parameters import ParameterSpace

__all__ = ["ClosedForms", "Quantity", "holds"]


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


class ClosedForms:
    """What models with closed forms have in common: how these are found and evaluated."""

    __slots__ = ()

    if TYPE_CHECKING:  # fields or properties of the models

        @property
        def name(self) -> str:
            """The model's name."""

        @property
        def parameters(self) -> ParameterSpace:
            """The parameters, by name and in order."""

        @property
        def quantities(self) -> Mapping[str, Quantity]:
            """Closed forms by name."""

    def quantity(self, name: str) -> Quantity:
        """Return the closed form of a name.

        Raises
        ------
        ModelError
            If there is none.
        """
        if name not in self.quantities:
            tail = suggestion(name, self.quantities) if self.quantities else "; it has none"
            msg = f"{self.name} has no closed form {str(name)[:80]!r}{tail}"
            raise ModelError(msg)
        return self.quantities[name]

    def value(self, name: str, values: Values | None = None, **changes: Any) -> Number:
        """Return a closed form at values of the parameters.

        Parameters
        ----------
        name : str
            One of `quantities`.
        values : Scenario or mapping of str to number, optional
            Parameter values by name.
        **changes : number
            Values that replace those of `values`.

        Returns
        -------
        Fraction or float
            A float only where the closed form holds ``exp``, ``log`` or roots.

        Raises
        ------
        ModelError
            If there is no closed form of that name.
        ParameterError
            If a parameter is unknown, missing or outside its domain, or the closed form does not
            hold there.
        GameError
            If it has no finite real value there.
        """
        own, numbers = self.quantity(name), self._numbers(values, changes)
        if not holds(own.condition, self.parameters, numbers):
            parts = sp.And.make_args(own.condition)
            broken = next(part for part in parts if not holds(part, self.parameters, numbers))
            here = ", ".join(
                f"{infix(parameter.symbol)} = {decimal_text(numbers[parameter.name])} "
                f"(`{parameter.name}`)"
                for parameter in self.parameters.values()
                if parameter.symbol in broken.free_symbols
            )
            rule = f"the closed form {name!r} of {self.name} holds only if {infix(broken)}"[:400]
            msg = f"{rule}; here {here}"
            raise ParameterError(msg)
        found = values_of(_compiled(_symbols(self.parameters), own.expression), numbers)
        if not all_finite(found):
            msg = f"the closed form {name!r} of {self.name} has no finite real value there"
            raise GameError(msg)
        return found[0] if isinstance(found[0], float) else Fraction(found[0])

    def _numbers(self, values: Values | None, changes: Values) -> dict[str, Fraction]:
        """Return a number for each parameter, checked."""
        return self.parameters.complete({} if values is None else values, changes)


def holds(condition: sp.Basic, space: ParameterSpace, numbers: Mapping[str, Fraction]) -> bool:
    """Tell whether a condition is met; where it has no value, it is not.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.classics.choosing_sides()
    >>> neutral = sp.Symbol("U_A", real=True) < 1
    >>> holds(neutral, model.parameters, dict.fromkeys(model.parameters, Fraction(0)))
    True
    """
    return values_of(_compiled(_symbols(space), condition), numbers) == [True]


def _symbols(space: ParameterSpace) -> tuple[sp.Symbol, ...]:
    return tuple(space.symbols.values())


@lru_cache(maxsize=256)
def _compiled(symbols: tuple[sp.Symbol, ...], expression: sp.Basic) -> Callable[..., list[Any]]:
    return exact_function(symbols, [expression])
