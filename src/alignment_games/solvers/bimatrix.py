"""All equilibria of two-player games: extreme ones, maximal Nash subsets, components, indices.

An *extreme* equilibrium is a pair of vertices of the two best-reply polytopes in which every
pure strategy of either player is unplayed or a best reply. All equilibria are the unions of
products of convex hulls of extreme ones: the maximal bicliques of the graph of extreme pairs
[1]_. Where every extreme equilibrium is regular these are all (`.regular`); where there are ties,
the polytopes are enumerated lexicographically in integers (`.extremes`), which also yields the
indices (`.components`).

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
"""

from __future__ import annotations

import contextlib
import dataclasses

from .._typing import Number, Vector
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .certify import (
    certified_floats,
    certified_profiles,
    certified_weights,
    chosen_exactness,
    require_normal_form,
)
from .components import equilibrium_components
from .dominance import DominanceKind, dominance
from .extremes import all_extremes, compiled_extremes, reduced_matrices
from .nplayer import nash_nplayer
from .regular import loaded, machine_integers, regular_equilibria
from .result import EquilibriumComponent, NashSubset, Solution, Status

__all__ = ["nash"]

_REDUCED = (500, 300_000)
"""Sizes of a round of linear programs for which dominated strategies are eliminated first."""

_MANY_STRATEGIES = 40
"""More of both players are first compared pair by pair, which costs next to nothing."""

_FEW_BASES = 10_000
"""So many bases, in compiled loops, cost less than the linear programs that could spare them."""


def nash(game: NormalFormGame, *, exact: bool | None = None) -> Solution:
    """Find all Nash equilibria of a game.

    Parameters
    ----------
    game : NormalFormGame
        Two players; with more or fewer, `nash_nplayer` answers.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact. Which equilibria there
        are is decided in integer arithmetic, or proved with error bounds, either way.

    Returns
    -------
    Solution
        Status COMPLETE: `equilibria` holds every extreme equilibrium, which is every
        equilibrium if none is degenerate, and `components` all others, with indices.

    Raises
    ------
    GameError
        If `game` is not a normal form, or `exact` is neither a bool nor None.
    WorkLimitError
        If the game is too large: more than 2,000,000 vertices, or 100,000 equilibria, or 10,000
        maximal Nash subsets; for a game with ties 500,000 vertices, or some twenty seconds of
        enumeration where numbers leave 128 bits.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> print(ag.solvers.nash(chicken))
    nash by vertex-enumeration: 3 found. All equilibria were found and verified.
      player_1: s1; player_2: s2  payoffs (1, 4)
      player_1: s2; player_2: s1  payoffs (4, 1)
      player_1: s1 0.5 + s2 0.5; player_2: s1 0.5 + s2 0.5  payoffs (2, 2)
    """
    require_normal_form(game)
    if game.n_players != 2:
        return nash_nplayer(game, exact=exact)
    as_exact = chosen_exactness(game, exact)
    solved = game if game.exact or not as_exact else game.as_exact()
    if sum(game.shape) > _MANY_STRATEGIES:
        with contextlib.suppress(WorkLimitError):
            reduced = dominance(game, kind=DominanceKind.STRICT).reduced
            if reduced.shape != game.shape:
                return _extended(nash(reduced, exact=as_exact), solved, exact)
    payoffs = machine_integers(game)
    regular = regular_equilibria(game, payoffs)
    degenerate = False
    if regular is None:
        matrices = reduced_matrices(game)
        extremes = None
        if loaded():
            with contextlib.suppress(WorkLimitError):
                extremes = compiled_extremes(*matrices, max_bases=_FEW_BASES)
        if extremes is None and _REDUCED[0] < _programs(game) <= _REDUCED[1]:
            # Dominated strategies are played in no equilibrium, but they cost many vertices.
            reduced = dominance(game, kind=DominanceKind.MIXED).reduced
            if reduced.shape != game.shape:
                return _extended(nash(reduced, exact=as_exact), solved, exact)
        if extremes is None:
            extremes = all_extremes(*matrices, compiled=loaded())
        equilibria = certified_weights(
            solved, [(x.weights, y.weights) for x, y in extremes.pairs], exact=as_exact
        )
        components = equilibrium_components(*matrices, extremes, exact=as_exact)
        degenerate = any(x.degenerate or y.degenerate for x, y in extremes.pairs)
    else:
        if payoffs is None or as_exact:
            equilibria = certified_weights(solved, regular.weights(), exact=as_exact)
        else:
            equilibria = certified_floats(solved, payoffs, regular.profiles)
        components = [
            EquilibriumComponent(
                subsets=(NashSubset(vertices=((eq.profile[0],), (eq.profile[1],)), dimension=0),),
                index=index,
            )
            for eq, index in zip(equilibria, regular.indices, strict=True)
        ]
    return Solution(
        game=solved,
        concept="nash",
        method="vertex-enumeration",
        status=Status.COMPLETE,
        equilibria=equilibria,
        components=tuple(components),
        exact=as_exact,
        degenerate=degenerate,
        parameters={"exact": exact},
    )


def _programs(game: NormalFormGame) -> int:
    """Return the number of payoffs in one linear program for each strategy of both players."""
    m, n = game.shape
    return (m + n) * m * n


def _extended(solution: Solution, game: NormalFormGame, exact: bool | None) -> Solution:
    """Return the solution of a game from that of the same game without dominated strategies."""
    kept = [
        [names.index(name) for name in left]
        for names, left in zip(game.strategies, solution.game.actions, strict=True)
    ]

    def full(vector: Vector, who: int) -> Vector:
        values: list[Number] = [vector[0] * 0] * game.shape[who]
        for k, p in zip(kept[who], vector, strict=True):
            values[k] = p
        return tuple(values)

    def wide(subset: NashSubset) -> NashSubset:
        vertices = tuple(
            tuple(full(vector, who) for vector in own) for who, own in enumerate(subset.vertices)
        )
        return NashSubset(vertices=vertices, dimension=subset.dimension)

    return dataclasses.replace(
        solution,
        game=game,
        equilibria=certified_profiles(
            game,
            [(full(eq.profile[0], 0), full(eq.profile[1], 1)) for eq in solution.equilibria],
        ),
        components=tuple(
            EquilibriumComponent(subsets=tuple(map(wide, part.subsets)), index=part.index)
            for part in solution.components
        ),
        parameters={"exact": exact},
    )
