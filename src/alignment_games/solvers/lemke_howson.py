"""Single equilibria of two-player games by complementary pivoting.

From the pair of vertices (0, 0) every label can be dropped; the path that follows ends at an
equilibrium [1]_. Ties are broken lexicographically, so that no path can cycle [2]_. Paths are
followed in floating point; the basis at the end is solved and certified in integers, and where it
fails, which takes a tie below rounding noise, the path is followed again in integers.

.. [1] C. E. Lemke and J. T. Howson (1964), Equilibrium points of bimatrix games, Journal of the
   Society for Industrial and Applied Mathematics 12, 413-423, doi:10.1137/0112033.
.. [2] B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game
   Theory 3, 1723-1759, doi:10.1016/S1574-0005(02)03008-4.
"""

from __future__ import annotations

import math

import numpy as np

from .._numeric import solve_integers
from .._typing import FloatArray
from ..errors import GameError, WorkLimitError, whole
from ..games import NormalFormGame
from .certify import certified_weights, chosen_exactness, require_normal_form
from .polytope import MAX_WORK, Tableau, Weights, best_reply_matrices, to_floats
from .result import Solution, Status

__all__ = ["lemke_howson"]

_MAX_ENTRIES = 50_000_000

IntMatrix = list[list[int]]


def lemke_howson(
    game: NormalFormGame,
    *,
    label: int | None = None,
    exact: bool | None = None,
    max_pivots: int = 100_000,
) -> Solution:
    """Find equilibria of a two-player game by the Lemke-Howson algorithm.

    Parameters
    ----------
    game : NormalFormGame
        Two players, m and n strategies.
    label : int, optional
        The label to drop: 0 to m - 1 for the row player's strategies, m to m + n - 1 for the
        column player's. By default each of them in turn.
    exact : bool, optional
        Whether to return Fractions; by default if the game is exact.
    max_pivots : int
        Largest number of pivots for one label, up to 10,000,000.

    Returns
    -------
    Solution
        Each equilibrium found once, in the order of the labels. Status PARTIAL: paths need
        not reach all equilibria; LIMIT if a path did not end within `max_pivots`, or within
        some ten seconds in integers where rounding led it astray.

    Raises
    ------
    GameError
        If the game does not have two players, or `label` or `max_pivots` is out of range.
    WorkLimitError
        If the tables would hold more than 50,000,000 numbers.

    References
    ----------
    .. [1] C. E. Lemke and J. T. Howson (1964), Equilibrium points of bimatrix games, Journal
       of the Society for Industrial and Applied Mathematics 12, 413-423,
       doi:10.1137/0112033.

    Examples
    --------
    >>> import alignment_games as ag
    >>> chicken = ag.NormalFormGame.from_bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])
    >>> ag.solvers.lemke_howson(chicken, label=0).equilibria[0].path
    ('s1', 's2')
    """
    require_normal_form(game)
    if game.n_players != 2:
        msg = f"`game` must have two players for this method, got {game.n_players}: {game.players}"
        raise GameError(msg)
    m, n = game.shape
    labels = (
        range(m + n) if label is None else [whole("label", label, 0, m + n - 1, error=GameError)]
    )
    whole("max_pivots", max_pivots, 1, 10_000_000, error=GameError)
    entries = (m + n) * (m + n + 1)
    if entries > _MAX_ENTRIES:
        msg = (
            f"the tables of a {m} x {n} game hold {entries} numbers; the limit is "
            f"{_MAX_ENTRIES}. Eliminate dominated strategies first, with "
            "solvers.dominance(game, kind='strict').reduced"
        )
        raise WorkLimitError(msg)
    matrices = best_reply_matrices(game)
    floats = (to_floats(matrices[0]), to_floats(matrices[1]))
    found: dict[tuple[tuple[int, ...], ...], Weights] = {}
    ended = True
    for dropped in labels:
        weights = _path(matrices, floats, dropped, max_pivots)
        if weights is None:
            ended = False
        else:
            found.setdefault(tuple(map(tuple, weights)), weights)
    as_exact = chosen_exactness(game, exact)
    solved = game if game.exact or not as_exact else game.as_exact()
    return Solution(
        game=solved,
        concept="nash",
        method="lemke-howson",
        status=Status.PARTIAL if ended else Status.LIMIT,
        equilibria=certified_weights(solved, found.values(), exact=as_exact),
        exact=as_exact,
        parameters={"label": label, "exact": exact, "max_pivots": max_pivots},
    )


def _path(
    matrices: tuple[IntMatrix, IntMatrix],
    floats: tuple[FloatArray, FloatArray],
    label: int,
    max_pivots: int,
) -> Weights | None:
    """Return the equilibrium at the end of one path, or None if it is too long."""
    from ._kernels.bimatrix import lemke_howson as follow

    m, n = len(matrices[0]), len(matrices[1])
    names = np.empty(m + n, np.int64)
    try:
        pivots = follow(_table(floats[1]), _table(floats[0]), label, max_pivots, names)
    except np.linalg.LinAlgError:  # rounding has led to a singular basis
        pivots = 0
    if pivots > 0:
        weights = _solved_basis(matrices, set(names[:n].tolist()), set(names[n:].tolist()))
        if weights is not None:
            return weights
    return _exact_path(matrices, label, max_pivots)


def _table(matrix: FloatArray) -> FloatArray:
    return np.hstack([matrix, np.eye(len(matrix)), np.ones((len(matrix), 1))])


def _solved_basis(
    matrices: tuple[IntMatrix, IntMatrix], first: set[int], second: set[int]
) -> Weights | None:
    """Solve in integers for the vertices of two bases; None unless they are an equilibrium."""
    m, n = len(matrices[0]), len(matrices[1])
    rows = [i for i in range(m) if i in first]
    columns = [j for j in range(n) if m + j not in first]
    if rows != [i for i in range(m) if n + i not in second] or columns != [
        j for j in range(n) if j in second
    ]:
        return None
    x = _equalizing(matrices[1], columns, rows)
    y = _equalizing(matrices[0], rows, columns)
    return None if x is None or y is None else (x, y)


def _equalizing(matrix: IntMatrix, own: list[int], other: list[int]) -> list[int] | None:
    """Return weights on `other` against which all of `own` do best."""
    if len(own) != len(other):
        return None
    solution = solve_integers([[matrix[i][j] for j in other] for i in own], [1] * len(own))
    if solution is None or min(solution) < 0:
        return None
    divisor = math.gcd(*solution)
    full = [0] * len(matrix[0])
    for j, weight in zip(other, solution, strict=True):
        full[j] = weight // divisor
    levels = [sum(a * w for a, w in zip(row, full, strict=True) if w) for row in matrix]
    return full if max(levels) == levels[own[0]] else None


def _exact_path(
    matrices: tuple[IntMatrix, IntMatrix], label: int, max_pivots: int
) -> Weights | None:
    """Follow a path in integers: the readable definition."""
    m, n = len(matrices[0]), len(matrices[1])
    # Labels are the first table's variables; the second numbers its own strategies first.
    tables = (Tableau(matrices[1]), Tableau(matrices[0]))
    entering = label
    turn = 0 if label < m else 1
    work = 0
    for _ in range(max_pivots):
        if work > MAX_WORK:
            return None
        table = tables[turn]
        column = entering if turn == 0 else (entering - m if entering >= m else n + entering)
        left = table.pivot(table.leaving(column), column)
        work += table.n * (table.n + 2 * table.m) * (1 + table.scale.bit_length() // 128)
        entering = left if turn == 0 else (m + left if left < n else left - n)
        if entering == label:
            return _strategy(tables[0]), _strategy(tables[1])
        turn = 1 - turn
    return None


def _strategy(table: Tableau) -> list[int]:
    weights = table.values()[: table.m]
    divisor = math.gcd(*weights)
    return [w // divisor for w in weights]
