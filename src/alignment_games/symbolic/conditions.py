"""Conditions and boundaries as SymPy expressions, derived from a model's payoffs.

Nothing here is typed in by hand: every formula is solved from the payoffs of the model, so it
cannot drift from the numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import sympy as sp

from ..errors import ParameterError, suggestion
from ..models import AlignmentModel

__all__ = [
    "Boundary",
    "deterrence_condition",
    "dominance_condition",
    "gain_under_threat",
    "solve_linear",
    "temptation",
]


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
    small = model.players[0]
    if len(model.players) != 2 or len(model.strategies[1]) != 2:
        msg = f"`model` must have two players, the second with two strategies, got {model.name!r}"
        raise ParameterError(msg)
    calm, harsh = model.strategies[1]

    def lead(answer: str) -> sp.Expr:
        return model.payoff(small, strategy, answer) - model.payoff(small, over, answer)

    return (1 - threat) * lead(calm) + threat * lead(harsh)


def dominance_condition(model: AlignmentModel, strategy: str, *, over: str) -> sp.Basic:
    """Return the condition under which one posture strictly dominates another (F1.2).

    Parameters
    ----------
    model : AlignmentModel
    strategy, over : str
        Two strategies of the first player.

    Returns
    -------
    sympy.Basic
        A conjunction of one strict inequality for each answer of the hegemon, or, with more
        players, for all answers together.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> condition = ag.symbolic.dominance_condition(model, "hedge", over="bandwagon")
    >>> values = {model.parameters[k].symbol: v for k, v in ag.load_scenario("ukraine").items()}
    >>> condition.subs(values)
    True
    """
    small = model.players[0]
    return sp.And(
        *(
            sp.Gt(model.payoff(small, strategy, *rest) - model.payoff(small, over, *rest), 0)
            for rest in itertools.product(*model.strategies[1:])
        )
    )


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
