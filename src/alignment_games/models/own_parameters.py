"""Parameters of users' own models: checked, and with the symbols that payoffs use for them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from .._numeric import exact_number
from ..errors import ModelError, suggestion
from ._grammar import check_name
from .parameters import Constraint, Interval, Parameter, ParameterSpace, ParameterStatus

__all__ = ["build_parameter", "mapping_of", "space_of", "text_of", "with_symbols_of"]


def build_parameter(
    name: str,
    domain: Sequence[Any],
    *,
    usual: Sequence[Any] | None = None,
    symbol: sp.Symbol | str | None = None,
    meaning: str = "",
    unit: str = "",
    status: ParameterStatus | str = ParameterStatus.ASSUMPTION,
) -> Parameter:
    """Make a parameter for `build_model`.

    Parameters
    ----------
    name : str
    domain : (lower, upper)
        Values for which the model makes sense; an upper bound of None means that there is none.
    usual : (lower, upper), optional
        The range in which values are usually chosen; by default the domain.
    symbol : sympy.Symbol or str, optional
        By default a symbol of the parameter's name, with the assumptions that the domain allows.
    meaning, unit : str, optional
    status : ParameterStatus or str, optional

    Returns
    -------
    Parameter

    Raises
    ------
    ModelError

    Examples
    --------
    >>> print(build_parameter("stake", (0, None), meaning="what winning is worth"))
    stake (stake): what winning is worth; , in [0, inf), assumption
    """
    check_name(name, "a parameter")
    inside = _interval(f"parameters.{name}.domain", domain)
    range_ = inside if usual is None else _interval(f"parameters.{name}.usual", usual)
    if not _within(range_, inside):
        msg = f"`parameters.{name}.usual` must lie in the domain {inside}, got {range_}"
        raise ModelError(msg)
    if symbol is None or isinstance(symbol, str):
        short = check_name(name if symbol is None else symbol, f"the symbol of {name}")
        symbol = _symbol(short, inside)
    words = {word.value: word for word in ParameterStatus}
    if status not in (*words, *ParameterStatus):
        msg = f"`parameters.{name}.status` is unknown: {str(status)[:80]!r}"
        raise ModelError(msg + suggestion(status, words))
    return Parameter(
        name=name,
        symbol=symbol,
        domain=inside,
        usual=range_,
        meaning=text_of(f"parameters.{name}.meaning", meaning) or name.replace("_", " "),
        unit=text_of(f"parameters.{name}.unit", unit),
        status=ParameterStatus(status),
    )


def _symbol(name: str, domain: Interval) -> sp.Symbol:
    """Return a symbol that is assumed to be what every value of the domain is."""
    if domain.lower > 0:
        return sp.Symbol(name, positive=True)
    if domain.lower == 0:
        return sp.Symbol(name, nonnegative=True)
    if domain.upper is not None and domain.upper < 0:
        return sp.Symbol(name, negative=True)
    if domain.upper == 0:
        return sp.Symbol(name, nonpositive=True)
    return sp.Symbol(name, real=True)


def _interval(where: str, bounds: object) -> Interval:
    if isinstance(bounds, Interval):
        return bounds
    if not isinstance(bounds, Sequence) or isinstance(bounds, str) or len(bounds) != 2:
        msg = f"`{where}` must be (lower, upper), got {str(bounds)[:80]}"
        raise ModelError(msg)
    lower, upper = bounds
    open_above = upper is None or upper == math.inf
    try:
        interval = Interval(exact_number(lower), None if open_above else exact_number(upper))
    except (TypeError, ValueError) as error:
        msg = f"`{where}`: {error}"
        raise ModelError(msg) from None
    if interval.upper is not None and interval.upper < interval.lower:
        msg = f"`{where}` must have its lower bound first, got {interval}"
        raise ModelError(msg)
    return interval


def _within(inner: Interval, outer: Interval) -> bool:
    if inner.lower not in outer:
        return False
    return outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)


def space_of(parameters: object, constraints: Iterable[Any]) -> ParameterSpace:
    """Return the parameters of a model, each made of its domain unless it is given whole.

    Raises
    ------
    ModelError

    Examples
    --------
    >>> list(space_of({"stake": (0, 1)}, ()))
    ['stake']
    """
    found = []
    for name, given in mapping_of("parameters", parameters).items():
        parameter = given if isinstance(given, Parameter) else build_parameter(name, given)
        check_name(name, "a parameter")
        if parameter.name != name:
            msg = f"`parameters[{name!r}]` is named {parameter.name!r}; give both one name"
            raise ModelError(msg)
        found.append(parameter)
    taken: dict[str, str] = {}
    for parameter in found:
        for word in {parameter.name, parameter.symbol.name}:
            if taken.setdefault(word, parameter.name) != parameter.name:
                msg = f"{word!r} stands for two parameters, {taken[word]} and {parameter.name}"
                raise ModelError(msg)
    pairs = tuple(constraints)
    known = [parameter.name for parameter in found]
    for k, pair in enumerate(pairs):
        if not isinstance(pair, Constraint):
            msg = f"`constraints[{k}]` must be a Constraint, got {type(pair).__name__}"
            raise ModelError(msg)
        for name in (pair.smaller, pair.larger):
            if name not in known:
                msg = f"`constraints[{k}]` names an unknown parameter {name!r}"
                raise ModelError(msg + suggestion(name, known))
    return ParameterSpace(tuple(found), pairs)


def with_symbols_of(space: ParameterSpace, values: Iterable[object]) -> ParameterSpace:
    """Return the space with the symbols that SymPy expressions use, so that theirs stay valid.

    Raises
    ------
    ModelError
        If a symbol is assumed to be more than the domain says, or two symbols have one name.

    Examples
    --------
    >>> plain = sp.Symbol("stake")
    >>> space = with_symbols_of(space_of({"stake": (0, 1)}, ()), [2 * plain])
    >>> space["stake"].symbol == plain
    True
    """
    used: dict[str, sp.Symbol] = {}
    for value in values:
        if not isinstance(value, sp.Basic):
            continue
        for symbol in value.free_symbols:
            if used.setdefault(symbol.name, symbol) != symbol:
                msg = (
                    f"two symbols are named {symbol.name!r}, with different assumptions; create "
                    "it once and use it everywhere"
                )
                raise ModelError(msg)
    parameters = []
    for parameter in space.values():
        own = [used[word] for word in (parameter.name, parameter.symbol.name) if word in used]
        if len(set(own)) == 2:
            msg = f"payoffs call {parameter.name} by two symbols, {own[0]} and {own[1]}; use one"
            raise ModelError(msg)
        symbol = own[0] if own else parameter.symbol
        implied = _symbol(symbol.name, parameter.domain).assumptions0.items()
        excess = [fact for fact, holds in symbol.assumptions0.items()
                  if (fact, holds) not in implied]  # fmt: skip
        if excess:
            msg = (
                f"the symbol {symbol.name!r} is assumed to be {', '.join(sorted(excess))[:80]}, "
                f"which the domain {parameter.domain} of {parameter.name} does not say; create it "
                f"as Symbol({symbol.name!r})"
            )
            raise ModelError(msg)
        parameters.append(replace(parameter, symbol=symbol))
    return ParameterSpace(tuple(parameters), space.constraints)


def mapping_of(argument: str, value: object) -> Mapping[Any, Any]:
    """Return an argument that must be a mapping.

    Raises
    ------
    ModelError
    """
    if not isinstance(value, Mapping):
        msg = f"`{argument}` must be a mapping, got {type(value).__name__}"
        raise ModelError(msg)
    return value


def text_of(argument: str, value: object) -> str:
    """Return an argument that must be text.

    Raises
    ------
    ModelError
    """
    if not isinstance(value, str):
        msg = f"`{argument}` must be text, got {type(value).__name__}"
        raise ModelError(msg)
    return value
