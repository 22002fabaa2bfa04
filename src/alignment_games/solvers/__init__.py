"""Solvers: a game in, a certified `Solution` out.

One function for each concept; `solve` chooses the natural one for the game's type.
"""

from __future__ import annotations

from ..errors import GameError, suggestion
from ..games import ExtensiveGame, NormalFormGame
from .best_response import BestResponses, best_responses
from .bimatrix import nash
from .certify import expected_payoffs, verify
from .correlated import CorrelatedSolution, coarse_correlated, correlated
from .correlated_payoffs import PayoffPolygon, correlated_payoffs
from .correlated_play import CorrelatedPlay, Temptation, verify_correlated
from .discounting import CriticalDiscount, DiscountInterval, critical_discount
from .dominance import DominanceKind, DominanceSolution, Domination, dominance
from .extensive import subgame_perfect
from .finite_horizon import FiniteHorizonSolution, SeveralEquilibria, finite_horizon
from .folk import FolkPayoffs, folk_payoffs
from .lemke_howson import lemke_howson
from .markov import markov_perfect, verify_markov
from .markov_result import MarkovEquilibrium, MarkovSolution
from .minmax import Minmax, MinmaxLevel, PunishmentCell, minmax
from .nplayer import nash_nplayer
from .one_shot import OneShotDeviation, RepeatedPlay, verify_automaton
from .p_dominance import PDominance, p_dominance
from .penal_codes import PenalCode, PunishmentPath
from .potential import DeviationCycle, Potential, PotentialKind, potential
from .pure import pure_nash
from .quantal import QuantalEquilibrium, QuantalPath, quantal, quantal_path
from .rationalizable import Justification, NeverBestReply, Rationalizability, rationalizable
from .reference import nashpy_nash
from .regions import BestResponseRegion, BestResponseRegions, best_response_regions
from .repeated import AttainedPayoff, RepeatedPayoffs, attaining_automaton, repeated_payoffs
from .result import (
    Equilibrium,
    EquilibriumComponent,
    EquilibriumFamily,
    Game,
    NashSubset,
    Solution,
    Status,
)
from .security import SecurityLevel, security_levels
from .selection import PayoffDominance, RiskDominance, payoff_dominance, risk_dominance
from .stochastic_value import StochasticValue, stochastic_value

__all__ = [
    "AttainedPayoff",
    "BestResponseRegion",
    "BestResponseRegions",
    "BestResponses",
    "CorrelatedPlay",
    "CorrelatedSolution",
    "CriticalDiscount",
    "DeviationCycle",
    "DiscountInterval",
    "DominanceKind",
    "DominanceSolution",
    "Domination",
    "Equilibrium",
    "EquilibriumComponent",
    "EquilibriumFamily",
    "FiniteHorizonSolution",
    "FolkPayoffs",
    "Justification",
    "MarkovEquilibrium",
    "MarkovSolution",
    "Minmax",
    "MinmaxLevel",
    "NashSubset",
    "NeverBestReply",
    "OneShotDeviation",
    "PDominance",
    "PayoffDominance",
    "PayoffPolygon",
    "PenalCode",
    "Potential",
    "PotentialKind",
    "PunishmentCell",
    "PunishmentPath",
    "QuantalEquilibrium",
    "QuantalPath",
    "Rationalizability",
    "RepeatedPayoffs",
    "RepeatedPlay",
    "RiskDominance",
    "SecurityLevel",
    "SeveralEquilibria",
    "Solution",
    "Status",
    "StochasticValue",
    "Temptation",
    "attaining_automaton",
    "best_response_regions",
    "best_responses",
    "coarse_correlated",
    "correlated",
    "correlated_payoffs",
    "critical_discount",
    "dominance",
    "expected_payoffs",
    "finite_horizon",
    "folk_payoffs",
    "lemke_howson",
    "markov_perfect",
    "minmax",
    "nash",
    "nash_nplayer",
    "p_dominance",
    "payoff_dominance",
    "potential",
    "pure_nash",
    "quantal",
    "quantal_path",
    "rationalizable",
    "repeated_payoffs",
    "risk_dominance",
    "security_levels",
    "solve",
    "stochastic_value",
    "subgame_perfect",
    "verify",
    "verify_automaton",
    "verify_correlated",
    "verify_markov",
]

METHODS = (
    "vertex-enumeration",
    "lemke-howson",
    "support-enumeration",
    "pure",
    "backward-induction",
    "nashpy-support-enumeration",
    "nashpy-vertex-enumeration",
    "nashpy-lemke-howson",
)
"""Methods that `solve` knows."""

_EXACT_CHOICE = ("vertex-enumeration", "lemke-howson", "support-enumeration")


def solve(game: Game, method: str | None = None, *, exact: bool | None = None) -> Solution:
    """Solve a game by the natural concept of its type: all equilibria.

    Parameters
    ----------
    game : NormalFormGame or ExtensiveGame
        A normal form (all Nash equilibria) or a tree (all pure subgame-perfect equilibria).
    method : str, optional
        ``vertex-enumeration`` (two players; their default), ``lemke-howson`` (some equilibria of
        two players, fast), ``support-enumeration`` (the default for one and for three or more
        players), ``pure`` (pure equilibria only), ``backward-induction`` (trees), or one of
        nashpy's for two players: ``nashpy-support-enumeration``,
        ``nashpy-vertex-enumeration``, ``nashpy-lemke-howson``.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. Only for
        ``vertex-enumeration``, ``lemke-howson`` and ``support-enumeration``.

    Returns
    -------
    Solution

    Raises
    ------
    GameError
        If the method is unknown or does not fit the game.
    WorkLimitError
        If the game is too large for the method.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[88, 78, 16], [18, 35, 20], [42, 91, 81]],
    ...                                        [[11, 32, 37], [69, 11, 5], [68, 17, 2]])
    >>> ag.solve(game).equilibria[0].profile[0]
    (Fraction(17, 24), Fraction(0, 1), Fraction(7, 24))
    """
    if method is None and type(game) is NormalFormGame:
        return nash(game, exact=exact)
    unchecked: object = game
    if not isinstance(unchecked, (NormalFormGame, ExtensiveGame)):
        msg = f"`game` must be a NormalFormGame or an ExtensiveGame, got {type(game).__name__}"
        raise GameError(msg)
    tree = isinstance(game, ExtensiveGame)
    fits = [k for k in METHODS if (k == "backward-induction") == tree]
    if isinstance(game, NormalFormGame) and game.n_players != 2:
        fits = [k for k in fits if k in {"support-enumeration", "pure"}]
    name = fits[0] if method is None else method
    if name not in fits:
        what = "a tree" if tree else f"a normal form of {_players(game)}"
        if name in METHODS:
            msg = f"`method` {name!r} is not for {what}; choose from {', '.join(fits)}"
        else:
            msg = f"no method {name!r} for {what}{suggestion(name, fits)}"
        raise GameError(msg)
    if exact is not None and name not in _EXACT_CHOICE:
        msg = f"`exact` is for the methods {', '.join(_EXACT_CHOICE)}, not for {name!r}"
        raise GameError(msg)
    if isinstance(game, ExtensiveGame):
        return subgame_perfect(game)
    if name == "vertex-enumeration":
        return nash(game, exact=exact)
    if name == "support-enumeration":
        return nash_nplayer(game, exact=exact)
    if name == "lemke-howson":
        return lemke_howson(game, exact=exact)
    if name == "pure":
        return pure_nash(game)
    return nashpy_nash(game, method=name)


def _players(game: Game) -> str:
    count = len(game.players)
    return "one player" if count == 1 else f"{count} players"
