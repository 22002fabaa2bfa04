"""Named parameters: symbol, domain, meaning, unit and epistemic status."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

import sympy as sp

from .._numeric import decimal_text, exact_number
from .._typing import Number, Values
from ..errors import ParameterError, suggestion

__all__ = ["Constraint", "Interval", "Parameter", "ParameterSpace", "ParameterStatus"]


_LARGEST = 10**100


class ParameterStatus(enum.Enum):
    """Where a number comes from; the value is the word that files and tables use."""

    MEASURED = "measured"
    ELICITED = "elicited"
    ASSUMPTION = "assumption"
    NORMALIZATION = "normalization"


_FARTHEST_END = 10**300


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of real numbers; ``upper=None`` means no upper bound.

    Examples
    --------
    >>> str(Interval(0, 1)), str(Interval(0, None)), Fraction(1, 2) in Interval(0, 1)
    ('[0, 1]', '[0, inf)', True)
    """

    lower: Fraction
    upper: Fraction | None

    def __init__(self, lower: Number, upper: Number | None) -> None:
        ends = exact_number(lower), None if upper is None else exact_number(upper)
        for end in ends:
            if end is not None and abs(end) > _FARTHEST_END:
                msg = "the ends of an interval lie from -1e300 to 1e300; None is no upper bound"
                raise ParameterError(msg)
        object.__setattr__(self, "lower", ends[0])
        object.__setattr__(self, "upper", ends[1])

    def __contains__(self, value: Number) -> bool:
        return self.lower <= value and (self.upper is None or value <= self.upper)

    def __str__(self) -> str:
        if self.upper is None:
            return f"[{decimal_text(self.lower)}, inf)"
        return f"[{decimal_text(self.lower)}, {decimal_text(self.upper)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One named parameter of a model.

    Attributes
    ----------
    name : str
        Full-word name, used in files, on the command line and as a keyword.
    symbol : sympy.Symbol
    domain : Interval
        Values for which the model makes sense; any other value is refused.
    usual : Interval
        The range in which values are usually chosen: where a scenario states no range of its
        own, this is reported in its place.
    meaning, unit : str
    status : ParameterStatus
        What kind of number it usually is; a scenario states it again for its own value.
    """

    name: str
    symbol: sp.Symbol
    domain: Interval
    usual: Interval
    meaning: str
    unit: str
    status: ParameterStatus

    def __str__(self) -> str:
        return (
            f"{self.name} ({self.symbol}): {self.meaning}; {self.unit}, in {self.domain}, "
            f"{self.status.value}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A relation that the parameters of a model must meet together.

    Attributes
    ----------
    smaller, larger : str
        Parameter names; the first may not exceed the second.
    reason : str
    """

    smaller: str
    larger: str
    reason: str

    def check(self, values: Mapping[str, Fraction]) -> None:
        """Raise `ParameterError` if the values break the relation."""
        if values[self.smaller] > values[self.larger]:
            msg = (
                f"`{self.smaller}` must not exceed `{self.larger}` ({self.reason}), got "
                f"{decimal_text(values[self.smaller])} > {decimal_text(values[self.larger])}"
            )
            raise ParameterError(msg)


@dataclass(frozen=True, slots=True, repr=False)
class ParameterSpace(Mapping[str, Parameter]):
    """The parameters of a model, by name and in order, with their joint constraints."""

    parameters: tuple[Parameter, ...]
    constraints: tuple[Constraint, ...] = ()

    def __getitem__(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        return self.refuse(name)

    def refuse(self, name: object) -> NoReturn:
        """Say that there is no parameter of a name, and which one may be meant.

        Raises
        ------
        ParameterError
        """
        meant = [own.name for own in self.parameters if own.symbol.name == str(name)]
        remedy = f"; it is the symbol of {meant[0]!r}" if meant else suggestion(name, self)
        msg = f"unknown parameter {str(name)[:80]!r}{remedy}"
        raise ParameterError(msg)

    def __contains__(self, name: object) -> bool:
        return any(parameter.name == name for parameter in self.parameters)

    def __iter__(self) -> Iterator[str]:
        return (parameter.name for parameter in self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def __repr__(self) -> str:
        shown = [*self][:3] + ["..."] * (len(self) > 3)
        return f"ParameterSpace({len(self)} parameters: {', '.join(shown)})"

    @property
    def symbols(self) -> dict[str, sp.Symbol]:
        """Symbols by parameter name."""
        return {parameter.name: parameter.symbol for parameter in self.parameters}

    def number(self, name: str, value: object) -> Fraction:
        """Return one value as a Fraction after checking the parameter's name and domain.

        Raises
        ------
        ParameterError
        """
        parameter = self[name]
        try:
            number = exact_number(value)
        except (TypeError, ValueError) as error:
            msg = f"`{name}` must lie in {parameter.domain}: {error}"
            raise ParameterError(msg) from None
        if abs(number) > _LARGEST:
            msg = f"`{name}` must lie in {parameter.domain} and be at most 1e100; rescale the units"
            raise ParameterError(msg)
        if number not in parameter.domain:
            msg = (
                f"`{name}` must lie in {parameter.domain} ({parameter.meaning}), got "
                f"{decimal_text(number)}"
            )
            raise ParameterError(msg)
        return number

    @staticmethod
    def mapping(values: Values) -> Values:
        """Return parameter values as they are, after checking that they have names.

        Raises
        ------
        ParameterError
        """
        given: object = values
        if not isinstance(given, Mapping):
            msg = (
                "`values` must be a Scenario (see load_scenario) or a mapping from parameter "
                f"names to numbers, got {type(given).__name__}"
            )
            raise ParameterError(msg)
        return values

    def complete(self, values: Values, overrides: Values) -> dict[str, Fraction]:
        """Return every parameter's value as a Fraction, checked one by one and jointly.

        Parameters
        ----------
        values, overrides : mapping of str to number
            The second wins. A float stands for the shortest decimal that prints it.

        Raises
        ------
        ParameterError
            If a name is unknown, a value is missing, outside its domain or not a finite
            number, or a joint constraint is broken.
        """
        merged = {**self.mapping(values), **overrides}
        numbers = {name: self.number(name, value) for name, value in merged.items()}
        missing = [name for name in self if name not in numbers]
        if missing:
            msg = f"a value is needed for every parameter; missing: {', '.join(missing)}"
            raise ParameterError(msg)
        for constraint in self.constraints:
            constraint.check(numbers)
        return {name: numbers[name] for name in self}
