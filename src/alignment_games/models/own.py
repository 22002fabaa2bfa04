"""Users' own models: payoffs that are checked and exact, with all that the package asks of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from .._numeric import exact_number, rational
from ..errors import AlignmentGamesError, ModelError, suggestion
from ._expressions import exact_expression
from ._grammar import check_name, is_name
from .formulas import parse_formula
from .model import AlignmentModel, Comparison, PureProfile
from .parameters import Constraint, Interval, Parameter, ParameterSpace, ParameterStatus

__all__ = ["build_model", "build_parameter"]

MAX_PROFILES = 4096
MAX_DEFINITIONS = 1000
MAX_NAME = 80


def build_model(
    name: str,
    *,
    players: Mapping[str, Sequence[str]],
    parameters: Mapping[str, Any],
    payoffs: Mapping[Any, Any],
    definitions: Mapping[str, Any] | None = None,
    constraints: Iterable[Constraint] = (),
    title: str = "",
    reference: str = "",
) -> AlignmentModel:
    """Make a model of your own from payoffs in SymPy or in formulas.

    Parameters
    ----------
    name : str
    players : mapping of str to sequence of str
        The strategies of each player, players in the order in which they move when moves are
        observed. Questions about coercion take the last strategy of the second player for it.
    parameters : mapping of str to (lower, upper), or Parameter
        The domain of each parameter; an upper bound of None means that there is none. A
        `Parameter` says more: what it means, its unit, its usual range.
    payoffs : mapping of profile to payoffs
        For every pure profile (one strategy for each player, in order) the payoffs of all
        players, in order or by name. Each is a SymPy expression, a number, or a formula as text
        (see `parse_formula`).
    definitions : mapping of str to payoff, optional
        Names for parts of payoffs, which formulas and later definitions can use.
    constraints : iterable of Constraint, optional
        Pairs of parameters of which one may not exceed the other.
    title, reference : str, optional
        What the model is and where it is published.

    Returns
    -------
    AlignmentModel

    Raises
    ------
    ModelError
        If a payoff is missing, holds an unknown symbol or something that cannot be compiled, or
        anything else is not as described. The message names the place.

    Notes
    -----
    Symbols belong to the parameter of their name. They may be assumed to be no more than the
    domain says: a symbol that is assumed positive cannot have the domain [0, 1], because SymPy
    would already have simplified the payoffs for positive values only. Floats in payoffs become
    the shortest decimal that prints them, so ``0.1*x`` is ``x/10``.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stake, cost = sp.symbols("stake cost")
    >>> model = build_model(
    ...     "crisis",
    ...     players={"challenger": ["wait", "demand"], "defender": ["yield", "resist"]},
    ...     parameters={"stake": (0, 1), "cost": (0, 1)},
    ...     payoffs={
    ...         ("wait", "yield"): (0, stake),
    ...         ("wait", "resist"): (0, stake),
    ...         ("demand", "yield"): (stake, 0),
    ...         ("demand", "resist"): ("stake/2 - cost", "stake/2 - 2*cost"),
    ...     },
    ... )
    >>> print(ag.symbolic.deterrence_condition(model, "demand"))
    -2*cost + stake/2 <= 0
    >>> ag.solve(model.tree(stake=0.8, cost=0.3)).equilibria[0].path
    ('demand', 'yield')
    """
    who, strategies = _players(players)
    space = _space(parameters, constraints)
    given = _payoffs(payoffs, who, strategies)
    parts = {} if definitions is None else _mapping("definitions", definitions)
    if len(parts) > MAX_DEFINITIONS:
        msg = f"`definitions` may hold {MAX_DEFINITIONS} names, got {len(parts)}"
        raise ModelError(msg)
    space = _with_symbols_of(space, [*parts.values(), *(e for own in given.values() for e in own)])
    names: dict[str, sp.Expr] = {
        word: parameter.symbol
        for parameter in space.values()
        for word in (parameter.name, parameter.symbol.name)
        if is_name(word)
    }
    for part, value in parts.items():
        check_name(part, "a definition")
        if part in names:
            msg = f"`definitions` holds {part!r}, which is already the name of something else"
            raise ModelError(msg)
        names[part] = _expression(value, f"definitions.{part}", names)
    exact = {
        profile: tuple(
            _expression(value, f"payoffs.{'.'.join(profile)}.{player}", names)
            for player, value in zip(who, own, strict=True)
        )
        for profile, own in given.items()
    }
    return AlignmentModel(
        name=_word(name, "`name`"),
        title=_text("title", title) or name,
        players=who,
        strategies=strategies,
        parameters=space,
        payoffs=exact,
        temptations=_temptations(who, strategies, exact, name),
        reference=_text("reference", reference),
    )


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
        meaning=_text(f"parameters.{name}.meaning", meaning) or name.replace("_", " "),
        unit=_text(f"parameters.{name}.unit", unit),
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


def _mapping(argument: str, value: object) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        msg = f"`{argument}` must be a mapping, got {type(value).__name__}"
        raise ModelError(msg)
    return value


def _word(value: Any, what: str) -> str:
    """Return a name of a model, player or strategy."""
    fits = isinstance(value, str) and 0 < len(value) <= MAX_NAME
    if fits and value.isprintable() and value.strip() == value:
        return str(value)
    msg = (
        f"{what} must be 1 to {MAX_NAME} printable characters without blanks at the ends, got "
        f"{str(value)[:MAX_NAME]!r}"
    )
    raise ModelError(msg)


def _text(argument: str, value: object) -> str:
    if not isinstance(value, str):
        msg = f"`{argument}` must be text, got {type(value).__name__}"
        raise ModelError(msg)
    return value


def _players(players: object) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    names, strategies = [], []
    profiles = 1
    for player, own in _mapping("players", players).items():
        names.append(_word(player, "a player's name"))
        if not isinstance(own, Sequence) or isinstance(own, str) or not own:
            msg = f"`players.{player}` must be a sequence of strategies, got {str(own)[:80]!r}"
            raise ModelError(msg)
        words = tuple(_word(strategy, f"a strategy of {player}") for strategy in own)
        if len(set(words)) < len(words):
            msg = f"`players.{player}` must name each strategy once, got {', '.join(words)[:200]}"
            raise ModelError(msg)
        strategies.append(words)
        profiles *= len(words)
        if profiles > MAX_PROFILES:
            msg = f"`players` may have {MAX_PROFILES} profiles of strategies together"
            raise ModelError(msg)
    if not names:
        msg = "`players` must name at least one player"
        raise ModelError(msg)
    return tuple(names), tuple(strategies)


def _space(parameters: object, constraints: Iterable[Any]) -> ParameterSpace:
    found = []
    for name, given in _mapping("parameters", parameters).items():
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


def _with_symbols_of(space: ParameterSpace, values: Iterable[object]) -> ParameterSpace:
    """Return the space with the symbols that SymPy expressions use, so that theirs stay valid."""
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


def _payoffs(
    payoffs: object, players: tuple[str, ...], strategies: tuple[tuple[str, ...], ...]
) -> dict[PureProfile, tuple[Any, ...]]:
    """Return the payoffs in the order of the profiles and the players."""
    given = {}
    for profile, own in _mapping("payoffs", payoffs).items():
        given[(profile,) if isinstance(profile, str) else profile] = own
    found = {}
    for profile in itertools.product(*strategies):
        place = f"payoffs.{'.'.join(profile)}"
        if profile not in given:
            msg = f"`payoffs` must hold every profile; {profile} is missing"
            raise ModelError(msg)
        own = given.pop(profile)
        if isinstance(own, Mapping):
            for player in own:
                if player not in players:
                    msg = f"`{place}` holds an unknown player {player!r}"
                    raise ModelError(msg + suggestion(player, players))
            missing = [player for player in players if player not in own]
            if missing:
                msg = f"`{place}` must hold a payoff of {missing[0]}"
                raise ModelError(msg)
            own = [own[player] for player in players]
        if not isinstance(own, Sequence) or isinstance(own, str) or len(own) != len(players):
            msg = f"`{place}` must hold a payoff for each of {', '.join(players)[:200]}"
            raise ModelError(msg)
        found[profile] = tuple(own)
    if given:
        odd = str(next(iter(given)))[:80]
        msg = f"`payoffs` holds {odd}, which is no profile of the players' strategies, in order"
        raise ModelError(msg)
    return found


def _expression(value: object, place: str, names: Mapping[str, sp.Expr]) -> sp.Expr:
    """Return a payoff or definition as an exact expression of the parameters' symbols."""
    if isinstance(value, str):
        try:
            return parse_formula(value, names)
        except ModelError as error:
            msg = f"`{place}`, {error}"
            raise ModelError(msg) from None
    try:
        if isinstance(value, sp.Expr):
            return exact_expression(value, names)
        return rational(value)
    except (AlignmentGamesError, TypeError, ValueError) as error:
        msg = f"`{place}`: {error}"
        raise ModelError(msg) from None


def _temptations(
    players: tuple[str, ...],
    strategies: tuple[tuple[str, ...], ...],
    payoffs: Mapping[PureProfile, tuple[sp.Expr, ...]],
    name: str,
) -> dict[str, Comparison]:
    """Compare the second player's last answer with its first, for each strategy of the first."""
    if len(players) != 2:
        return {}
    mild, harsh = strategies[1][0], strategies[1][-1]
    return {
        own: Comparison(
            left=payoffs[own, harsh][1],
            right=payoffs[own, mild][1],
            meaning=f"the payoff of {players[1]} from {harsh} against that from {mild}",
            reference=name,
        )
        for own in strategies[0]
    }
