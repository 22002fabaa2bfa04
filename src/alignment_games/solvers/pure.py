"""Pure equilibria of games with any number of players."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..games import NormalFormGame
from .certify import certified, require_normal_form
from .result import Solution, Status

__all__ = ["pure_nash"]


def pure_nash(game: NormalFormGame) -> Solution:
    """Find all pure Nash equilibria.

    A profile is one when no player has a better reply. Payoffs are compared as given, without
    a tolerance.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.

    Returns
    -------
    Solution
        Status COMPLETE, or NONE where no pure equilibrium exists.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]])
    >>> [eq.path for eq in ag.solvers.pure_nash(stag_hunt).equilibria]
    [('s1', 's1'), ('s2', 's2')]
    """
    require_normal_form(game)
    payoffs = game.exact_payoffs
    stable = np.ones(game.shape, dtype=bool)
    for who in range(game.n_players):
        own = payoffs[who]
        stable &= np.equal(own, own.max(axis=who, keepdims=True)).astype(bool)
    number = Fraction if game.exact else float
    equilibria = tuple(
        certified(
            game,
            tuple(
                tuple(number(int(k == chosen)) for k in range(size))
                for chosen, size in zip(where, game.shape, strict=True)
            ),
        )
        for where in np.argwhere(stable)
    )
    return Solution(
        game=game,
        concept="pure-nash",
        method="pure",
        status=Status.COMPLETE if equilibria else Status.NONE,
        equilibria=equilibria,
        exact=game.exact,
    )
