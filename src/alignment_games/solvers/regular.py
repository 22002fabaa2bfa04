"""Two-player games whose extreme equilibria are all regular, by compiled loops with proofs.

An extreme equilibrium is regular if no player has more best replies than the opponent uses
strategies, and its equations have one solution. Small games are solved by supports in 64-bit
integers. Larger ones are solved by a walk over the vertices of one best-reply polytope in floating
point, in which error bounds prove every sign; what is found is then solved in integers. A tie that
matters, or a sign that stays open, ends in the answer "not proved", and the caller enumerates
the polytopes in integers, which `alignment_games.solvers.polytope` defines.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from operator import mul
from types import ModuleType
from typing import NamedTuple

import numpy as np

from .._numeric import determinant_sign, rounded, solve_integers
from .._typing import FloatArray, IntArray
from ..errors import WorkLimitError
from ..games import NormalFormGame
from .polytope import REMEDY, Weights, best_reply_matrices, members, to_floats

__all__ = [
    "Regular",
    "load",
    "loaded",
    "machine_integers",
    "order",
    "regular_by_vertices",
    "regular_equilibria",
]

_MAX_SCALE = 2**62
_MAX_VERTICES = 2_000_000
_MAX_ENTRIES = 60_000_000
_MAX_FOUND = 100_000
_MAX_FOUND_BY_SUPPORTS = 40
_FEW_SYSTEMS = 5_000
_MANY_SYSTEMS = 10**9
_SMALL_GAME = 40
_MANY_GAMES = 500

IntMatrix = list[list[int]]


class Regular(NamedTuple):
    """All equilibria of a game in which each extreme one is regular.

    Attributes
    ----------
    indices : list of int
    weights : callable
        Returns the profiles as integers.
    profiles : ndarray of float64, shape (count, m + n)
        Probabilities of the row, then of the column player's strategies.
    """

    indices: list[int]
    weights: Callable[[], list[Weights]]
    profiles: FloatArray


def machine_integers(game: NormalFormGame) -> IntArray | None:
    """Return the integer payoffs in 64 bits if they and their scales fit."""
    integers, scales = game.integer_payoffs
    if max(scales) > _MAX_SCALE:
        return None
    try:
        return integers.astype(np.int64)
    except OverflowError:
        return None


def order(weights: Weights) -> tuple[int, list[bool], list[bool]]:
    """Return a key that sorts pure equilibria first, then by the strategies in use."""
    row, column = ([not w for w in own] for own in weights)
    return -sum(row) - sum(column), row, column


def regular_equilibria(game: NormalFormGame, payoffs: IntArray | None) -> Regular | None:
    """Return all equilibria if it is proved that each extreme one is regular."""
    m, n = game.shape
    if not _compiled_pays(m * n):
        return None
    loops = _loops()
    systems = math.comb(m + n, m) if min(m, n) <= loops.MAX_SUPPORT else math.inf
    by_vertices = m + n <= loops.MAX_LABELS
    if payoffs is not None and systems <= (
        _FEW_SYSTEMS if by_vertices else _MANY_SYSTEMS / (m + n)
    ):
        found = np.empty((_MAX_FOUND_BY_SUPPORTS, loops.SUPPORT_COLUMNS), np.int64)
        profiles = np.zeros((_MAX_FOUND_BY_SUPPORTS, m + n))
        code, count = loops.supports(payoffs, found, profiles)
        if code == loops.UNDECIDED:
            return None
        if code == loops.DONE:
            return Regular(
                found[:count, 1].tolist(),
                lambda: [_unpacked(row, m, n) for row in found[:count].tolist()],
                profiles[:count],
            )
    return regular_by_vertices(game) if by_vertices else None


@functools.cache
def _loops() -> ModuleType:
    from ._kernels import bimatrix

    return bimatrix


_games = itertools.count()


def load() -> None:
    """Load the compiled loops now, instead of when they have come to pay."""
    _loops()


def loaded() -> bool:
    """Tell whether the compiled loops are loaded."""
    return bool(_loops.cache_info().currsize)


def _compiled_pays(entries: int) -> bool:
    """Tell whether the compiled loops pay: loading them takes as long as hundreds of games."""
    if loaded() or entries > _SMALL_GAME:
        return True
    return next(_games) >= _MANY_GAMES


def _unpacked(row: list[int], m: int, n: int) -> Weights:
    """Spread a row of the compiled loop's table over all strategies."""
    x, y = [0] * m, [0] * n
    for p in range(row[0]):
        x[row[2 + p]] = row[12 + p]
        y[row[7 + p]] = row[18 + p]
    return x, y


def regular_by_vertices(game: NormalFormGame) -> Regular | None:
    """Walk over the vertices of the polytope of the player with fewer strategies, or the other's.

    Either walk finds all equilibria if no vertex that it meets has a tie.
    """
    loops = _loops()
    m, n = game.shape
    matrices = best_reply_matrices(game)
    scaled = [to_floats(matrix) for matrix in matrices]
    for who in (0, 1) if m <= n else (1, 0):
        found = np.empty((_MAX_FOUND, 3), np.uint64)
        code, count, met = loops.vertices(
            scaled[1 - who], scaled[who], loops.ENTRY_ERROR, _MAX_VERTICES, _MAX_ENTRIES, found
        )
        if code == loops.TOO_LARGE:
            msg = (
                f"the {m} x {n} game has {count} equilibria at the first {met} vertices and more "
                f"to come; the limits are {_MAX_FOUND} equilibria, {_MAX_VERTICES} vertices, and "
                f"{_MAX_ENTRIES} numbers in memory. {REMEDY}"
            )
            raise WorkLimitError(msg)
        if code == loops.DONE:
            equilibria = []
            for player, opponent, proved in found[:count].tolist():
                supports = (player, opponent) if who == 0 else (opponent, player)
                decided = _on_supports(matrices, supports, proved=bool(proved))
                if decided is None:
                    break
                equilibria += decided
            else:
                equilibria.sort(key=lambda one: order(one[0]))
                return _listed(equilibria)
    return None


def _listed(equilibria: list[tuple[Weights, int]]) -> Regular:
    weights = [one for one, _ in equilibria]
    return Regular(
        indices=[index for _, index in equilibria],
        weights=lambda: weights,
        profiles=np.array([[*rounded(x), *rounded(y)] for x, y in weights]),
    )


def _on_supports(
    matrices: tuple[IntMatrix, IntMatrix], supports: tuple[int, int], *, proved: bool
) -> list[tuple[Weights, int]] | None:
    """Solve in integers for the equilibrium on two supports of one size, and its index.

    Parameters
    ----------
    matrices : tuple of two matrices of int
        Each player's payoffs by (own strategy, opponent's), positive.
    supports : tuple of two int
        Strategies as bits.
    proved : bool
        Whether it is proved that there is a regular equilibrium; otherwise it is decided.

    Returns
    -------
    list or None
        One equilibrium, or none if there is proved to be none; None if a tie leaves others
        open.
    """
    rows, columns = map(members, supports)
    weights = []
    signs = 1
    for matrix, own, other in ((matrices[1], columns, rows), (matrices[0], rows, columns)):
        # The weights on `other` make the strategies in `own` equally good.
        square = [[matrix[i][j] for j in other] for i in own]
        solution = solve_integers(square, [1] * len(own))
        if solution is None:
            return None
        full = [0] * len(matrix[0])
        for j, weight in zip(other, solution, strict=True):
            full[j] = weight
        if not proved:
            levels = [sum(map(mul, row, full)) for row in matrix]
            level = levels[own[0]]
            if min(solution) < 0 or max(levels) > level:
                return []
            if min(solution) == 0 or levels.count(level) > len(own):
                return None
        weights.append(full)
        signs *= determinant_sign(square)
    return [((weights[0], weights[1]), signs if len(rows) % 2 else -signs)]
