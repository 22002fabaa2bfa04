"""Conditions and boundaries as SymPy expressions, derived from a model's payoffs.

Nothing here is typed in by hand: every formula is solved from the payoffs of the model, so it
cannot drift from the numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp

from ..errors import GameError, ParameterError, suggestion
from ..models import AlignmentModel
from ..models.model import model_of
from .simplify import simplified
from .truth import expression_of

__all__ = [
    "Boundary",
    "Play",
    "best_response_condition",
    "deterrence_condition",
    "dominance_condition",
    "equilibrium_condition",
    "gain",
    "gain_under_threat",
    "solve_linear",
    "temptation",
]

Play: TypeAlias = str | Mapping[str, Any]
"""What a player does: a strategy, or probabilities by strategy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Where an expression that is linear in one symbol changes sign.

    Attributes
    ----------
    symbol : sympy.Symbol
    value : sympy.Expr
        The expression is zero at ``symbol = value``.
    slope : sympy.Expr
        Coefficient of the symbol: where it is positive, the expression is positive above
        `value`; where negative, below; where zero, `value` has no meaning.
    """

    symbol: sp.Symbol
    value: sp.Expr
    slope: sp.Expr


def temptation(model: AlignmentModel, strategy: str) -> sp.Expr:
    """Return what the hegemon gains by coercing a posture instead of accommodating it (F1.1).

    Parameters
    ----------
    model : AlignmentModel
    strategy : str
        The first player's strategy.

    Returns
    -------
    sympy.Expr

    Examples
    --------
    >>> import alignment_games as ag
    >>> ag.symbolic.temptation(ag.models.alignment(), "bandwagon")
    -kappa + l0*(V - b*beta_w)
    """
    model_of(model)
    if not model.temptations:
        msg = (
            f"a temptation is the second of two players'; {model.name!r} has "
            f"{len(model.players)} and states none"
        )
        raise ParameterError(msg)
    if strategy not in model.temptations:
        known = model.strategies[0]
        msg = f"unknown strategy {strategy!r} of {model.players[0]}{suggestion(strategy, known)}"
        raise ParameterError(msg)
    return model.temptations[strategy].difference


def deterrence_condition(model: AlignmentModel, strategy: str) -> sp.Basic:
    """Return the condition under which the hegemon does not gain from coercing a posture.

    Parameters
    ----------
    model : AlignmentModel
    strategy : str
        The first player's strategy.

    Returns
    -------
    sympy.Basic
        A weak inequality.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ag.symbolic.deterrence_condition(ag.models.alignment(), "balance")
    (V + b)*(-delta*rho + l0) <= kappa + rho*w
    """
    temptation(model, strategy)
    comparison = model.temptations[strategy]
    return sp.Le(comparison.left, comparison.right)


def gain_under_threat(
    model: AlignmentModel, strategy: str, *, over: str, threat: sp.Expr
) -> sp.Expr:
    """Return the first player's gain from one strategy over another under a given threat.

    Parameters
    ----------
    model : AlignmentModel
    strategy, over : str
    threat : sympy.Expr
        Probability that the second player plays its last strategy (coercion).

    Returns
    -------
    sympy.Expr
        Linear in `threat`.

    Raises
    ------
    ParameterError
        If the model has not two players, the second with two strategies.

    Examples
    --------
    The threat above which a Vietnam-like state would rather balance than hedge (F1.4):

    >>> import alignment_games as ag
    >>> model, case = ag.models.alignment(), ag.load_scenario("vietnam")
    >>> q = sp.Symbol("q")
    >>> gain = gain_under_threat(model, "hedge", over="balance", threat=q)
    >>> values = {model.parameters[name].symbol: number for name, number in case.items()}
    >>> solve_linear(gain.subs(values), q).value
    600/809
    """
    model_of(model)
    small = model.players[0]
    if len(model.players) != 2 or len(model.strategies[1]) != 2:
        msg = f"`model` must have two players, the second with two strategies, got {model.name!r}"
        raise ParameterError(msg)
    calm, harsh = model.strategies[1]
    against = {calm: 1 - threat, harsh: threat}
    return gain(model, strategy, over=over, against=against, player=small)


def gain(
    model: AlignmentModel,
    strategy: str,
    *,
    over: str,
    against: Play | Sequence[Play],
    player: str | None = None,
) -> sp.Expr:
    """Return a player's gain from one strategy over another, given what the others play.

    Parameters
    ----------
    model : AlignmentModel
    strategy, over : str
        Two strategies of one player.
    against : str or mapping of str to probability, or a sequence of them
        What the other player does: a strategy, or probabilities by strategy, which may be
        expressions (a strategy that is not named has none). For several other players one of
        these each, in the model's order.
    player : str, optional
        By default the first that has the strategy.

    Returns
    -------
    sympy.Expr

    Raises
    ------
    GameError
        If a player or strategy is unknown, or `against` does not fit the other players.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> gain(model, "coerce", over="accommodate", against="bandwagon")
    V*l0 + b*beta_w*(1 - l0) - b*beta_w - kappa
    """
    who = player_of(model, strategy, player)
    for own in (strategy, over):
        _known(own, model, who)
    total = sp.S.Zero
    for others, weight in _plays(model, who, against):
        payoffs = [
            model.payoffs[(*others[:who], own, *others[who:])][who] for own in (strategy, over)
        ]
        total += weight * (payoffs[0] - payoffs[1])
    return total


def dominance_condition(
    model: AlignmentModel,
    strategy: str,
    *,
    over: str,
    strict: bool = True,
    player: str | None = None,
) -> sp.Basic:
    """Return the condition under which one strategy dominates another (F1.2 for postures).

    Parameters
    ----------
    model : AlignmentModel
    strategy, over : str
        Two strategies of one player.
    strict : bool
        Whether to earn more whatever the others play (the default), or never less. Weak
        dominance asks besides that it earns more somewhere, which is not part of the condition.
    player : str, optional
        By default the first that has the strategy.

    Returns
    -------
    sympy.Basic
        A conjunction of one inequality for each way the others may play, simplified with what
        is known of the parameters' domains: true or false where these decide it.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> condition = ag.symbolic.dominance_condition(model, "hedge", over="bandwagon")
    >>> values = {model.parameters[k].symbol: v for k, v in ag.load_scenario("ukraine").items()}
    >>> condition.subs(values)
    True
    """
    who = player_of(model, strategy, player)
    _known(over, model, who)
    others = [own for k, own in enumerate(model.strategies) if k != who]
    return sp.And(
        *(
            _exceeds_zero(
                gain(model, strategy, over=over, against=answer, player=model.players[who]),
                model,
                strict=strict,
            )
            for answer in itertools.product(*others)
        )
    )


def best_response_condition(
    model: AlignmentModel,
    strategy: str,
    *,
    against: Play | Sequence[Play],
    strict: bool = False,
    player: str | None = None,
) -> sp.Basic:
    """Return the condition under which a strategy is a best response.

    Parameters
    ----------
    model : AlignmentModel
    strategy : str
    against : str or mapping of str to probability, or a sequence of them
        What the others play, as in `gain`.
    strict : bool
        Whether every other strategy must earn less, so that it is the only best response.
    player : str, optional
        By default the first that has the strategy.

    Returns
    -------
    sympy.Basic
        A conjunction of inequalities, simplified under the parameters' domains.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> ag.symbolic.best_response_condition(model, "accommodate", against="bandwagon")
    b*beta_w*l0 + kappa >= V*l0
    """
    who = player_of(model, strategy, player)
    return sp.And(
        *(
            _exceeds_zero(
                gain(model, strategy, over=other, against=against, player=model.players[who]),
                model,
                strict=strict,
            )
            for other in model.strategies[who]
            if other != strategy
        )
    )


def equilibrium_condition(
    model: AlignmentModel, profile: Sequence[Play], *, strict: bool = False
) -> sp.Basic:
    """Return the condition under which a profile is a Nash equilibrium when all choose at once.

    Parameters
    ----------
    model : AlignmentModel
    profile : sequence of str or mapping of str to probability
        What each player plays, in the model's order.
    strict : bool
        Whether nobody may have another best response.

    Returns
    -------
    sympy.Basic
        For strategies that are played with positive probability: that they earn the same, and
        no other strategy of the player more.

    Raises
    ------
    GameError
        If the profile does not fit the model.

    Notes
    -----
    Probabilities that are expressions are taken for positive; that they are, and sum to one,
    is not part of the condition.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> peace = ag.symbolic.equilibrium_condition(model, ("hedge", "accommodate"))
    >>> len(peace.args), peace.has(sp.Symbol("kappa", nonnegative=True))
    (3, True)
    """
    model_of(model)
    if isinstance(profile, (str, Mapping)) or len(profile) != len(model.players):
        msg = f"`profile` must say what each of {', '.join(model.players)} plays, got {profile!r}"
        raise GameError(msg[:300])
    parts: list[sp.Basic] = []
    for who, player in enumerate(model.players):
        against = [play for k, play in enumerate(profile) if k != who]
        used = list(_weights(model, who, profile[who]))
        first = used[0]
        for other in model.strategies[who]:
            if other == first:
                continue
            ahead = gain(model, first, over=other, against=against, player=player)
            if other in used:
                parts.append(simplified(sp.Eq(ahead, 0), model))
            else:
                parts.append(_exceeds_zero(ahead, model, strict=strict))
    return sp.And(*parts)


def player_of(model: AlignmentModel, strategy: str, player: str | None) -> int:
    """Return the position of the player who chooses: as named, or the first with the strategy.

    Raises
    ------
    GameError
        If there is no such player.
    """
    model_of(model)
    if player is not None:
        if player not in model.players:
            msg = f"unknown `player` {player!r}{suggestion(player, model.players)}"
            raise GameError(msg)
        return model.players.index(player)
    for k, own in enumerate(model.strategies):
        if strategy in own:
            return k
    every = [name for own in model.strategies for name in own]
    msg = f"no player has the strategy {strategy!r}{suggestion(strategy, every)}"
    raise GameError(msg)


def _known(strategy: str, model: AlignmentModel, who: int) -> None:
    if strategy not in model.strategies[who]:
        known = model.strategies[who]
        msg = f"{model.players[who]} has no strategy {strategy!r}{suggestion(strategy, known)}"
        raise GameError(msg)


def another(over: str | None, strategy: str) -> None:
    """Check that a strategy is compared with another one.

    Raises
    ------
    GameError
    """
    if over == strategy:
        msg = f"`over` must be another strategy than {strategy!r}"
        raise GameError(msg)


def _weights(model: AlignmentModel, who: int, play: Play) -> dict[str, sp.Expr]:
    """Return the probabilities of the strategies in use."""
    given: object = {play: sp.S.One} if isinstance(play, str) else play
    if not isinstance(given, Mapping):
        msg = (
            f"what {model.players[who]} plays must be a strategy or probabilities by strategy, "
            f"got {play!r}"
        )
        raise GameError(msg[:300])
    for strategy in given:
        _known(strategy, model, who)
    weights = {
        name: expression_of("against", given[name])
        for name in model.strategies[who]
        if name in given
    }
    total = sp.expand(sum(weights.values()))
    if total != 1 or any(weight.is_negative for weight in weights.values()):
        msg = (
            f"probabilities of {model.players[who]} must not be negative and sum to 1, "
            f"got {dict(given)}"
        )
        raise GameError(msg[:300])
    return {name: weight for name, weight in weights.items() if weight != 0}


def _plays(
    model: AlignmentModel, who: int, against: Play | Sequence[Play]
) -> list[tuple[tuple[str, ...], sp.Expr]]:
    """Return the profiles of the other players with their probabilities."""
    others = [k for k in range(len(model.players)) if k != who]
    each = [against] if isinstance(against, (str, Mapping)) else list(against)
    if len(each) != len(others):
        names = ", ".join(model.players[k] for k in others)
        msg = f"`against` must say what each of {names} plays, got {against!r}"
        raise GameError(msg[:300])
    weights = [_weights(model, k, play) for k, play in zip(others, each, strict=True)]
    return [
        (
            tuple(profile),
            sp.Mul(*(own[name] for own, name in zip(weights, profile, strict=True))),
        )
        for profile in itertools.product(*weights)
    ]


def _exceeds_zero(expression: sp.Expr, model: AlignmentModel, *, strict: bool) -> sp.Basic:
    relation = sp.Gt(expression, 0) if strict else sp.Ge(expression, 0)
    return simplified(relation, model)


def solve_linear(expression: sp.Expr, symbol: sp.Symbol) -> Boundary:
    """Solve an expression that is linear in a symbol for its zero.

    Returns
    -------
    Boundary

    Raises
    ------
    ParameterError
        If the expression is not linear in the symbol, or does not depend on it.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> solve_linear(2 * x - y, x).value
    y/2
    """
    expression = expression_of("expression", expression)
    try:
        polynomial = sp.Poly(expression, symbol)
        degree = polynomial.degree()
    except sp.PolynomialError:
        msg = f"`expression` must be linear in {symbol}, got {sp.sstr(expression)[:80]}"
        raise ParameterError(msg) from None
    if degree != 1:
        msg = f"`expression` must be linear in {symbol}, its degree is {degree}"
        raise ParameterError(msg)
    slope, rest = polynomial.all_coeffs()
    return Boundary(symbol=symbol, value=sp.factor_terms(-rest / slope), slope=slope)
