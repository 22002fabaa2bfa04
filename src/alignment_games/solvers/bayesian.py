"""Bayes-Nash equilibria: through the strategic form of two players, or the agent form."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction

from .._numeric import exact_number, integer_matrix
from .._typing import Profile, ProfileLike, Vector
from ..errors import GameError, suggestion
from ..games import BayesianGame
from ._interim import action_payoffs
from ._rational import hull_dimension
from .bimatrix import nash
from .certify import as_asked, certified, chosen_exactness, distributions
from .nplayer import nash_nplayer
from .result import (
    Equilibrium,
    EquilibriumComponent,
    EquilibriumFamily,
    NashSubset,
    Solution,
    Status,
)

__all__ = ["BAYESIAN_METHODS", "bayes_nash", "bayesian_methods", "interim_payoffs"]

BAYESIAN_METHODS = ("strategic-form", "agent-form")
"""Methods of `bayes_nash`."""


def bayes_nash(
    game: BayesianGame, method: str | None = None, *, exact: bool | None = None
) -> Solution:
    """Find all Bayes-Nash equilibria of a game of incomplete information.

    In one, each type of positive probability plays a best reply to what it believes that the
    others do [1]_.

    Parameters
    ----------
    game : BayesianGame
    method : str, optional
        ``strategic-form``, the default for two players and only for them: all equilibria in plans,
        as `nash` finds them, seen as type-contingent play. ``agent-form``, the default otherwise:
        all equilibria among types that act on their own, as `nash_nplayer` finds them.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact.

    Returns
    -------
    Solution
        Its game is `game`; profiles have one vector for each of ``game.agents``, payoffs are
        those before types are drawn, and regrets are those of each type that knows itself.
        ``strategic-form``: status COMPLETE, with `components`. ``agent-form``: status as of
        `nash_nplayer`, with `families`.

    Raises
    ------
    GameError
        If `game` is not a BayesianGame, or the method is unknown or does not fit.
    WorkLimitError
        If the strategic or the agent form is too large.

    Notes
    -----
    Many mixtures of plans are the same type-contingent play, and earn the same. They form a
    convex set of equilibria, so that two components or two maximal Nash subsets of the strategic
    form never become one, but an infinite one may become a single equilibrium. Dimensions are
    those of type-contingent play; the index of a component is that of the strategic form, and
    equal plans do not change it [2]_. Listed are all extreme points of the maximal subsets, and
    where mixtures of plans are many perhaps some points between them.

    References
    ----------
    .. [1] J. C. Harsanyi (1968), Games with incomplete information played by "Bayesian" players,
       part II: Bayesian equilibrium points, Management Science 14, 320-334,
       doi:10.1287/mnsc.14.5.320.
    .. [2] S. Govindan and R. Wilson (2005), Essential equilibria, Proceedings of the National
       Academy of Sciences 102, 15706-15711, doi:10.1073/pnas.0506796102.

    Examples
    --------
    The resolute hegemon coerces, the other does not, and the state yields if the former is likely:

    >>> import alignment_games as ag
    >>> weak = [[[1, -2], [0, 0]], [[0, -1], [0, -1]]]
    >>> strong = [[[1, -2], [0, 0]], [[0, 1], [0, 2]]]
    >>> game = ag.games.BayesianGame(
    ...     [[weak, strong]], [[0.5, 0.5]], players=["state", "hegemon"],
    ...     types=[["state"], ["weak", "resolute"]],
    ...     strategies=[[["resist", "yield"]], [["accommodate", "coerce"]] * 2])
    >>> print(ag.solvers.bayes_nash(game))
    bayes-nash by strategic-form: 1 found. All equilibria were found and verified.
      state: yield; hegemon of type weak: accommodate; hegemon of type resolute: coerce  payoffs (0, 1)
    """  # noqa: E501
    _require_bayesian(game)
    fits = bayesian_methods(game)
    name = fits[0] if method is None else method
    if name not in fits:
        msg = (
            f"no method {name!r} for a Bayesian game of {game.n_players} players"
            f"{suggestion(name, fits)}"
        )
        raise GameError(msg)
    if name == "agent-form":
        return _by_agents(game, exact)
    return _by_plans(game, exact)


def bayesian_methods(game: BayesianGame) -> tuple[str, ...]:
    """Return the methods that fit a game, the default first."""
    return BAYESIAN_METHODS if game.n_players == 2 else BAYESIAN_METHODS[1:]


def interim_payoffs(game: BayesianGame, profile: ProfileLike | Equilibrium) -> Vector:
    """Return what each possible type expects, knowing its own type alone.

    Parameters
    ----------
    game : BayesianGame
    profile : Equilibrium, sequence or mapping
        One entry for each of ``game.agents``: a probability vector or the name of an action.

    Returns
    -------
    tuple of numbers, one an agent
        In utility units; Fractions if the game and the profile are exact. What a player expects
        before types are drawn is the mean over its types: `expected_payoffs`.

    Raises
    ------
    GameError
        If `game` is not a BayesianGame.
    ProfileError
        If a vector has the wrong length, a negative entry, or does not sum to 1.

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.games.BayesianGame([[[1, 0]], [[3, 4]]], [0.25, 0.75], players=["state"],
    ...                              types=[["weak", "strong"]])
    >>> ag.solvers.interim_payoffs(game, ["s1", "s1"]), ag.verify(game, ["s1", "s1"])
    ((1.0, 3.0), (0.0, 1.0))
    """
    _require_bayesian(game)
    vectors, exact = distributions(game, profile)
    means = [
        sum((p * u for p, u in zip(own, row, strict=True)), Fraction(0))
        for own, row in zip(vectors, action_payoffs(game, vectors), strict=True)
    ]
    return as_asked(means, exact=exact)


def _require_bayesian(game: object) -> None:
    if not isinstance(game, BayesianGame):
        msg = f"`game` must be a BayesianGame, got {type(game).__name__}"
        raise GameError(msg)


def _by_agents(game: BayesianGame, exact: bool | None) -> Solution:
    as_exact = chosen_exactness(game, exact)
    found = nash_nplayer(game.agent_form(), exact=exact)
    solved = game.as_exact() if as_exact else game
    profiles = {eq.profile for eq in found.equilibria}
    profiles |= {eq.profile for family in found.families for eq in family.equilibria}
    records = {profile: certified(solved, profile) for profile in profiles}

    def own(family: EquilibriumFamily) -> EquilibriumFamily:
        members = tuple(records[eq.profile] for eq in family.equilibria)
        return dataclasses.replace(family, equilibria=members)

    return dataclasses.replace(
        found,
        game=solved,
        concept="bayes-nash",
        method="agent-form",
        equilibria=tuple(records[eq.profile] for eq in found.equilibria),
        families=tuple(map(own, found.families)),
        parameters={"method": "agent-form", "exact": exact},
    )


def _by_plans(game: BayesianGame, exact: bool | None) -> Solution:
    as_exact = chosen_exactness(game, exact)
    # Rounded probabilities would tell apart what is the same play, so merge exactly, then round.
    found = nash(game.strategic_form(), exact=True)
    solved = game.as_exact() if as_exact else game
    profiles = dict.fromkeys(game.from_plans(eq.profile) for eq in found.equilibria)
    components = tuple(
        EquilibriumComponent(
            subsets=tuple(_subset(game, part, exact=as_exact) for part in own.subsets),
            index=own.index,
        )
        for own in found.components
    )
    return Solution(
        game=solved,
        concept="bayes-nash",
        method="strategic-form",
        status=Status.COMPLETE,
        equilibria=tuple(certified(solved, _shown(own, exact=as_exact)) for own in profiles),
        components=components,
        exact=as_exact,
        degenerate=any(own.dimension for own in components),
        parameters={"method": "strategic-form", "exact": exact},
    )


def _subset(game: BayesianGame, part: NashSubset, *, exact: bool) -> NashSubset:
    """Return what a maximal Nash subset of the strategic form is in type-contingent play."""
    sizes = list(zip(game.agent_types, map(len, game.actions), strict=True))
    blocks = tuple(
        tuple(size for (player, _), size in sizes if player == who) for who in range(game.n_players)
    )
    vertices: list[tuple[Vector, ...]] = []
    dimension = 0
    for who, own in enumerate(part.vertices):
        plays = dict.fromkeys(
            tuple(itertools.chain(*game.from_plan_mixture(who, vertex))) for vertex in own
        )
        dimension += hull_dimension(
            integer_matrix([[exact_number(p) for p in own] for own in plays])
        )
        vertices.append(tuple(dict.fromkeys(_shown(tuple(plays), exact=exact))))
    return NashSubset(vertices=tuple(vertices), dimension=dimension, blocks=blocks)


def _shown(play: Profile, *, exact: bool) -> Profile:
    return play if exact else tuple(tuple(map(float, vector)) for vector in play)
