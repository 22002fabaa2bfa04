"""Nashpy's three two-player algorithms as methods, every result certified.

They run in floating point on payoffs scaled to [1, 2]: vertex enumeration needs positive
payoffs, and all three compare with absolute tolerances. A profile whose regret, recomputed on
the original payoffs, is not small is dropped. None of them claims to be complete.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from fractions import Fraction
from itertools import cycle, islice

import numpy as np

from .._typing import FloatArray
from ..errors import GameError, suggestion
from ..games import NormalFormGame
from .certify import certified, require_normal_form
from .result import Equilibrium, Solution, Status

__all__ = ["NASHPY_METHODS", "nashpy_nash"]

_RELATIVE_REGRET = Fraction(1, 10**9)
_MAX_PIVOTS = 10_000

Pair = tuple[FloatArray, FloatArray]


def nashpy_nash(game: NormalFormGame, *, method: str) -> Solution:
    """Solve a two-player game with one of nashpy's algorithms.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    method : str
        ``nashpy-support-enumeration``, ``nashpy-vertex-enumeration`` or
        ``nashpy-lemke-howson`` (every label dropped once, at most 10,000 pivots each).

    Returns
    -------
    Solution
        Floating point; status PARTIAL, LIMIT if pivoting did not end, or FAILED if nothing
        was found that passes its certificate.

    Raises
    ------
    GameError
        If the method is unknown or the game does not have two players.

    References
    ----------
    .. [1] V. Knight and J. Campbell (2018), Nashpy: A Python library for the computation of
       Nash equilibria, Journal of Open Source Software 3(30), 904, doi:10.21105/joss.00904.
    """
    require_normal_form(game)
    if method not in NASHPY_METHODS:
        msg = f"no method {method!r} of nashpy{suggestion(method, NASHPY_METHODS)}"
        raise GameError(msg)
    if game.n_players != 2:
        msg = f"`game` must have two players for {method!r}, got {game.n_players}"
        raise GameError(msg)
    spreads = [own.max() - own.min() or Fraction(1) for own in game.exact_payoffs]
    scaled = [
        ((own - own.min()) / spread + 1).astype(np.float64)
        for own, spread in zip(game.exact_payoffs, spreads, strict=True)
    ]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # the certificate judges instead
        pairs, ended = NASHPY_METHODS[method](*scaled)
    found: list[Equilibrium] = []
    for pair in pairs:
        equilibrium = _checked(game, pair)
        if equilibrium is None or any(
            r > _RELATIVE_REGRET * s for r, s in zip(equilibrium.regret, spreads, strict=True)
        ):
            continue
        if not any(_close(equilibrium, known) for known in found):
            found.append(equilibrium)
    return Solution(
        game=game,
        concept="nash",
        method=method,
        status=_status(ended=ended, found=bool(found)),
        equilibria=tuple(found),
        exact=False,
        parameters={"method": method},
    )


def _status(*, ended: bool, found: bool) -> Status:
    if not ended:
        return Status.LIMIT
    return Status.PARTIAL if found else Status.FAILED


def _checked(game: NormalFormGame, pair: Pair) -> Equilibrium | None:
    """Certify a pair of vectors without rounding noise; None if they are no distributions."""
    vectors = []
    for vector, size in zip(pair, game.shape, strict=True):
        if vector.shape != (size,) or not np.isfinite(vector).all() or vector.min() < -1e-9:
            return None
        clipped = np.where(vector > 1e-12, vector, 0.0)
        if not clipped.sum() > 0:
            return None
        vectors.append(tuple((clipped / clipped.sum()).tolist()))
    return certified(game, tuple(vectors))


def _close(a: Equilibrium, b: Equilibrium) -> bool:
    return all(
        abs(float(p) - float(q)) < 1e-9
        for own, other in zip(a.profile, b.profile, strict=True)
        for p, q in zip(own, other, strict=True)
    )


def _support_enumeration(a: FloatArray, b: FloatArray) -> tuple[Iterable[Pair], bool]:
    from nashpy.algorithms.support_enumeration import support_enumeration

    return list(support_enumeration(a, b)), True


def _vertex_enumeration(a: FloatArray, b: FloatArray) -> tuple[Iterable[Pair], bool]:
    from nashpy.algorithms.vertex_enumeration import vertex_enumeration
    from scipy.spatial import QhullError

    try:
        return list(vertex_enumeration(a, b)), True
    except QhullError:  # no polytope where a player has a single strategy
        return [], True


def _lemke_howson(a: FloatArray, b: FloatArray) -> tuple[Iterable[Pair], bool]:
    # Nashpy's own loop has no bound and cycles on some games, so its tableaux are pivoted here.
    from nashpy.linalg import create_col_tableau, create_row_tableau

    pairs: list[Pair] = []
    all_ended = True
    for label in range(sum(a.shape)):
        columns, rows = create_col_tableau(a), create_row_tableau(b)
        first = (rows, columns) if label in rows.non_basic_variables else (columns, rows)
        entering = label
        for tableau in islice(cycle(first), _MAX_PIVOTS):
            try:
                entering = tableau.pivot_and_drop_label(entering)
            except KeyError:  # a tie in floating point lost the label; other labels may do
                break
            if columns.non_basic_variables | rows.non_basic_variables == columns.labels:
                pairs.append(
                    (
                        rows.to_strategy(columns.non_basic_variables),
                        columns.to_strategy(rows.non_basic_variables),
                    )
                )
                break
        else:
            all_ended = False
    return pairs, all_ended


NASHPY_METHODS = {
    "nashpy-support-enumeration": _support_enumeration,
    "nashpy-vertex-enumeration": _vertex_enumeration,
    "nashpy-lemke-howson": _lemke_howson,
}
