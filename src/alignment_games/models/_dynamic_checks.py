"""Whether the parts of a dynamic model fit each other, and its probabilities are probabilities."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sympy as sp

from ..errors import ModelError, suggestion
from ..io.formulas import infix
from .parameters import ParameterSpace

if TYPE_CHECKING:
    from .dynamic_model import DynamicModel

__all__ = ["check_dynamic_model"]

_MOST_CORNERS = 2**10


def check_dynamic_model(model: DynamicModel) -> None:
    """Raise a ModelError if the parts of a model do not fit each other.

    Raises
    ------
    ModelError
    """
    _distinct("players", model.players)
    _distinct("states", model.states)
    if "discount" not in model.parameters:
        msg = "`parameters` must hold the discount factor, named 'discount'"
        raise ModelError(msg)
    _same("strategies", model.strategies, model.states)
    for state, own in model.strategies.items():
        if len(own) != len(model.players):
            msg = f"`strategies[{state!r}]` must hold the strategies of each of {model.players}"
            raise ModelError(msg)
        for who, names in zip(model.players, own, strict=True):
            _distinct(f"strategies[{state!r}] of {who}", names)
    moves = [
        (state, profile)
        for state in model.states
        for profile in itertools.product(*model.strategies[state])
    ]
    _same("payoffs", model.payoffs, moves)
    _same("transitions", model.transitions, moves)
    symbols = set(model.parameters.symbols.values())
    for state, profile in moves:
        place = f"[{state!r}, {profile}]"
        earned, row = model.payoffs[state, profile], model.transitions[state, profile]
        if len(earned) != len(model.players):
            msg = f"`payoffs{place}` must hold a payoff for each of {model.players}"
            raise ModelError(msg)
        _known(f"payoffs{place}", earned, symbols)
        for target in row:
            if target not in model.states:
                msg = f"`transitions{place}` leads to the unknown state {target!r}"
                raise ModelError(msg + suggestion(target, model.states))
        _known(f"transitions{place}", row.values(), symbols)
        _check_row(f"transitions{place}", row, model.parameters)
    for name, quantity in model.quantities.items():
        parts = (quantity.expression, quantity.condition)
        _known(f"quantities[{name!r}]", parts, symbols)


def _distinct(argument: str, names: Iterable[Any]) -> None:
    listed = list(names)
    fits = all(isinstance(name, str) and name for name in listed)
    if not listed or not fits or len(set(listed)) < len(listed):
        msg = f"`{argument}` must be one name or more, each once, got {listed}"
        raise ModelError(msg[:300])


def _same(argument: str, given: Mapping[Any, Any], wanted: Iterable[Any]) -> None:
    """Raise unless the keys are those that are wanted."""
    needed = list(wanted)
    missing = [key for key in needed if key not in given]
    if missing:
        msg = f"`{argument}` must hold {missing[0]}, which is missing"
        raise ModelError(msg)
    odd = [key for key in given if key not in needed]
    if odd:
        msg = f"`{argument}` holds {odd[0]}, which is unknown; it may hold {needed}"
        raise ModelError(msg[:300])


def _known(argument: str, expressions: Iterable[Any], symbols: set[sp.Symbol]) -> None:
    for expression in expressions:
        if not isinstance(expression, sp.Basic):
            msg = f"`{argument}` must hold SymPy expressions, got {expression!r}"
            raise ModelError(msg[:300])
        unknown = expression.free_symbols - symbols
        if unknown:
            first = min(unknown, key=str)
            same = [own for own in symbols if own.name == first.name]
            tail = (
                "; a parameter's symbol of that name has other assumptions"
                if same
                else suggestion(first.name, (own.name for own in symbols))
            )
            msg = f"`{argument}` holds the symbol {first}, which is no parameter{tail}"
            raise ModelError(msg)


def _check_row(argument: str, row: Mapping[str, sp.Expr], space: ParameterSpace) -> None:
    """Check that probabilities sum to 1, and that none leaves [0, 1] as far as is decidable."""
    total = sp.Add(*row.values())
    if sp.cancel(total - 1) != 0 and sp.simplify(total - 1) != 0:
        msg = (
            f"`{argument}` must hold probabilities that sum to 1 for all parameters, the sum is "
            f"{infix(sp.simplify(total))}"
        )
        raise ModelError(msg[:400])
    for target, chance in row.items():
        corner = _bad_corner(chance, space)
        if corner is not None:
            where = ", ".join(f"{symbol} = {value}" for symbol, value in corner.items())
            msg = (
                f"`{argument}` gives {target!r} the probability {infix(chance)}, which is "
                f"{chance.subs(corner)} {'at ' + where if where else ''}".rstrip()
            )
            raise ModelError(f"{msg}; it must lie in [0, 1]"[:400])


def _bad_corner(chance: sp.Expr, space: ParameterSpace) -> dict[sp.Symbol, sp.Rational] | None:
    """Return a corner of the domains at which a multilinear probability leaves [0, 1].

    None if there is no such corner, or the corners do not decide: the expression is not linear
    in each parameter, a domain is not bounded, or a joint constraint cuts corners off.
    """
    own = [p for p in space.values() if p.symbol in chance.free_symbols]
    symbols = [p.symbol for p in own]
    bounds = [
        (sp.Rational(p.domain.lower), sp.Rational(p.domain.upper))
        for p in own
        if p.domain.upper is not None
    ]
    names = {p.name for p in own}
    tied = any({c.smaller, c.larger} & names for c in space.constraints)
    if tied or len(bounds) < len(own) or 2 ** len(own) > _MOST_CORNERS:
        return None
    linear = chance.is_polynomial(*symbols) and all(
        sp.degree(chance, gen=symbol) <= 1 for symbol in symbols
    )
    if not linear:
        return None
    for ends in itertools.product(*bounds):
        corner = dict(zip(symbols, ends, strict=True))
        if not 0 <= chance.subs(corner) <= 1:
            return corner
    return None
