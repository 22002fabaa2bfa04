"""Users' own models: payoffs that are checked and exact, with all that the package asks of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from .._numeric import rational
from ..errors import AlignmentGamesError, ModelError, suggestion
from ._expressions import exact_expression
from ._grammar import check_name, is_name
from .formulas import parse_formula
from .model import AlignmentModel, Comparison, PureProfile
from .own_parameters import mapping_of, space_of, text_of, with_symbols_of
from .parameters import Constraint

__all__ = ["build_model"]

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
    space = space_of(parameters, constraints)
    given = _payoffs(payoffs, who, strategies)
    parts = {} if definitions is None else mapping_of("definitions", definitions)
    if len(parts) > MAX_DEFINITIONS:
        msg = f"`definitions` may hold {MAX_DEFINITIONS} names, got {len(parts)}"
        raise ModelError(msg)
    space = with_symbols_of(space, [*parts.values(), *(e for own in given.values() for e in own)])
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
        title=text_of("title", title) or name,
        players=who,
        strategies=strategies,
        parameters=space,
        payoffs=exact,
        temptations=_temptations(who, strategies, exact, name),
        reference=text_of("reference", reference),
    )


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


def _players(players: object) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    names, strategies = [], []
    profiles = 1
    for player, own in mapping_of("players", players).items():
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


def _payoffs(
    payoffs: object, players: tuple[str, ...], strategies: tuple[tuple[str, ...], ...]
) -> dict[PureProfile, tuple[Any, ...]]:
    """Return the payoffs in the order of the profiles and the players."""
    given = {}
    for profile, own in mapping_of("payoffs", payoffs).items():
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
