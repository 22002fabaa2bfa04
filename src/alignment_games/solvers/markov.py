"""Markov-perfect equilibria of stochastic games in stationary strategies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._typing import ProfileLike, Vector
from ..errors import GameError, WorkLimitError, suggestion
from ..games import StochasticGame
from ._markov_logit import followed
from ._markov_pure import MAX_EQUILIBRIA, candidates
from ._markov_values import (
    ExactRows,
    as_asked,
    clean_strategies,
    pure_strategies,
    require_discounting,
    require_stochastic,
)
from .markov_result import MarkovEquilibrium, MarkovSolution, recorded
from .result import Status

__all__ = ["markov_perfect", "verify_markov"]

_METHODS = ("pure", "logit")


def markov_perfect(game: StochasticGame, method: str = "pure") -> MarkovSolution:
    """Find Markov-perfect equilibria of a stochastic game in stationary strategies.

    A stationary strategy depends on the current state alone. A profile of such strategies is a
    Markov-perfect equilibrium if from no state a player gains by any other strategy; one in mixed
    strategies always exists [1]_.

    Parameters
    ----------
    game : StochasticGame
    method : str, optional
        ``pure``: all pure ones, by branch and bound, each decided in rational arithmetic. (A
        single player may have many that are worth the same, where there are ties.)
        ``logit``: one, pure or mixed, near which the branch of logit equilibria [2]_ ends that
        begins where all mix evenly; for games of many states. A Markov-perfect equilibrium is a
        limit of such logit equilibria as their precision grows [3]_.

    Returns
    -------
    MarkovSolution
        ``pure``: status COMPLETE, or NONE where it is proved that there is no pure one.
        ``logit``: status PARTIAL with one equilibrium: of an exact game exactly one, in Fractions,
        if rational probabilities with short denominators are one, otherwise floats with one-shot
        gains at most 1e-9 of the range of a player's payoffs. LIMIT or FAILED without equilibrium
        if the branch could not be followed so far, which is likely with discount factors above
        some 1 - 1e-7, where floats lose the digits that gains are made of.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame, or the method is unknown.
    WorkLimitError
        If the search for all pure ones takes more than 1e9 multiplications (some twenty seconds) or
        finds more than 10,000; if the game is too large for the method; or if a discount factor
        is above 1 - 1e-9, where floats bound values no longer.

    References
    ----------
    .. [1] A. M. Fink (1964), Equilibrium in a stochastic n-person game, Journal of Science of the
       Hiroshima University, Series A-I 28, 89-93, doi:10.32917/hmj/1206139508.
    .. [2] S. Eibelshäuser and D. Poensgen (2019), Markov quantal response equilibrium and a
       homotopy method for computing and selecting Markov perfect equilibria of dynamic stochastic
       games, working paper, SSRN.
    .. [3] P. J.-J. Herings and R. J. A. P. Peeters (2004), Stationary equilibria in stochastic
       games: structure, selection, and computation, Journal of Economic Theory 118, 32-60, follow
       another path with the same end in view, the tracing procedure.

    Examples
    --------
    A prisoners' dilemma that defection ends for good: cooperation is one of two equilibria.

    >>> import alignment_games as ag
    >>> from fractions import Fraction
    >>> game = ag.games.StochasticGame(
    ...     payoffs=[[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[0]], [[0]]]],
    ...     transitions=[[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
    ...     discount=Fraction(2, 3), states=["partnership", "over"],
    ...     strategies=[[["cooperate", "defect"]] * 2, [["wait"]] * 2])
    >>> print(ag.solvers.markov_perfect(game))
    pure-markov-perfect by branch-and-bound: 2 found. All pure stationary equilibria were found and verified; mixed ones may exist.
      1. partnership: player_1: cooperate; player_2: cooperate  values (6, 6)
         over: player_1: wait; player_2: wait  values (0, 0)
      2. partnership: player_1: defect; player_2: defect  values (1, 1)
         over: player_1: wait; player_2: wait  values (0, 0)
    """  # noqa: E501
    require_stochastic(game)
    if method not in _METHODS:
        msg = f"no method {method!r} for a stochastic game{suggestion(method, _METHODS)}"
        raise GameError(msg)
    require_discounting(game)
    return _all_pure(game) if method == "pure" else followed(game)


def verify_markov(
    game: StochasticGame,
    strategies: MarkovEquilibrium | Sequence[ProfileLike] | Mapping[str, ProfileLike],
) -> tuple[Vector, ...]:
    """Return what each player gains at most by a one-shot deviation, in every state.

    The profile is a Markov-perfect equilibrium exactly if all gains are zero: the one-shot
    deviation principle.

    Parameters
    ----------
    game : StochasticGame
    strategies : MarkovEquilibrium, or one profile for each state
        By position or by the state's name. A profile is what `verify` takes: for each player a
        probability vector or the name of a strategy.

    Returns
    -------
    tuple of tuples of numbers
        ``gains[state][player]``: Fractions if the game and the probabilities are exact.

    Raises
    ------
    GameError
        If `game` is not a StochasticGame.
    ProfileError
        If `strategies` do not fit the game.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.StochasticGame([[[1, 2]]], [[[1], [1]]], 0.5)
    >>> ag.solvers.verify_markov(game, [["s1"]])
    ((1.0,),)
    """
    require_stochastic(game)
    given = strategies.strategies if isinstance(strategies, MarkovEquilibrium) else strategies
    cleaned, exact = clean_strategies(game, given)
    return as_asked(ExactRows.of(game).worth(cleaned).gains, exact=exact and game.exact)


def _all_pure(game: StochasticGame) -> MarkovSolution:
    rows = ExactRows.of(game)
    found = []
    for profiles in candidates(game):
        strategies = pure_strategies(game, profiles)
        worth = rows.worth(strategies)
        if worth.is_perfect:
            found.append((profiles, recorded(game, strategies, worth, exact=game.exact)))
        if len(found) > MAX_EQUILIBRIA:
            msg = (
                f"the game has more than {MAX_EQUILIBRIA} pure stationary equilibria, the limit, "
                "which means many ties. Leave out strategies that are always worth the same"
            )
            raise WorkLimitError(msg)
    found.sort(key=lambda one: one[0])
    return MarkovSolution(
        game=game,
        concept="pure-markov-perfect",
        method="branch-and-bound",
        status=Status.COMPLETE if found else Status.NONE,
        equilibria=tuple(eq for _, eq in found),
        exact=game.exact,
        parameters={"method": "pure"},
    )
