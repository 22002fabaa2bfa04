"""All equilibria of two-player games, each certified in integer arithmetic.

An *extreme* equilibrium is a pair of vertices of the two best-reply polytopes in which every
pure strategy of either player is unplayed or a best reply. All equilibria are the unions of
products of convex hulls of extreme ones: the maximal bicliques of the graph of extreme pairs
[1]_. If every extreme equilibrium is regular there are no others, and compiled loops find them
with a proof; where they meet a tie, the polytopes are enumerated lexicographically in integers,
which also yields the index of each component.

.. [1] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel (2010), Enumeration of Nash
   equilibria for two-player games, Economic Theory 42, 9-37, doi:10.1007/s00199-009-0449-x.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from operator import mul
from typing import NamedTuple

import numpy as np

from .._numeric import determinant_sign, solve_integers
from .._typing import FloatArray, IntArray, Vector
from ..errors import GameError, WorkLimitError
from ..games import NormalFormGame
from .certify import certified_floats, certified_weights, require_normal_form
from .polytope import REMEDY, Vertex, extreme_pairs, lexicographic_bases, positive, vertex_of
from .result import EquilibriumComponent, NashSubset, Solution, Status

__all__ = ["nash"]

_MAX_VERTICES = 2_000_000
_MAX_FOUND = 4_096
_MAX_FOUND_BY_SUPPORTS = 40
_FEW_SYSTEMS = 5_000
_MANY_SYSTEMS = 10**9
_SMALL_GAME = 40
_MANY_ENTRIES = 5_000

IntMatrix = list[list[int]]
Weights = tuple[Sequence[int], Sequence[int]]
"""A profile as integers: each player's probabilities times their sum."""


class _Regular(NamedTuple):
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


def nash(game: NormalFormGame, *, exact: bool | None = None) -> Solution:
    """Find all Nash equilibria of a two-player game.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
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
        If the game does not have two players.
    WorkLimitError
        If the game is too large: more than 2,000,000 vertices, or about a minute of exact
        enumeration for a degenerate game.

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
        msg = f"`game` must have two players for this method, got {game.n_players}: {game.players}"
        raise GameError(msg)
    as_exact = game.exact if exact is None else exact
    solved = game if game.exact or not as_exact else game.as_exact()
    payoffs = _machine_integers(game)
    regular = _regular(game, payoffs)
    degenerate = False
    if regular is None:
        pairs, components, degenerate = _lexicographic(game, exact=as_exact)
        equilibria = certified_weights(solved, pairs, exact=as_exact)
    else:
        if payoffs is None or as_exact:
            equilibria = certified_weights(solved, regular.weights(), exact=as_exact)
        else:
            equilibria = certified_floats(solved, payoffs, regular.profiles)
        components = [
            EquilibriumComponent(
                subsets=(
                    NashSubset(vertices=((eq.profile[0],), (eq.profile[1],)), dimension=0),
                ),
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


def _machine_integers(game: NormalFormGame) -> IntArray | None:
    """Return the integer payoffs in 64 bits if they fit."""
    try:
        return game.integer_payoffs[0].astype(np.int64)
    except OverflowError:
        return None


def _order(weights: Weights) -> tuple[int, list[bool], list[bool]]:
    """Sort pure equilibria first, then by the strategies in use."""
    row, column = ([not w for w in own] for own in weights)
    return -sum(row) - sum(column), row, column


def _regular(game: NormalFormGame, payoffs: IntArray | None) -> _Regular | None:
    """Return all equilibria if it is proved that each extreme one is regular."""
    m, n = game.shape
    if not _compiled_pays(m * n):
        return None
    from ._kernels import bimatrix as loops

    systems = math.comb(m + n, m) if min(m, n) <= loops.MAX_SUPPORT else math.inf
    by_vertices = m + n <= loops.MAX_LABELS
    if payoffs is not None and systems <= (_FEW_SYSTEMS if by_vertices else _MANY_SYSTEMS / (m + n)):
        found = np.empty((_MAX_FOUND_BY_SUPPORTS, loops.SUPPORT_COLUMNS), np.int64)
        profiles = np.zeros((_MAX_FOUND_BY_SUPPORTS, m + n))
        code, count = loops.supports(payoffs, found, profiles)
        if code == loops.UNDECIDED:
            return None
        if code == loops.DONE:
            rows = found[:count].tolist()
            return _Regular(
                indices=[row[1] for row in rows],
                weights=lambda: [_unpacked(row, m, n) for row in rows],
                profiles=profiles[:count],
            )
    return _regular_by_vertices(game) if by_vertices else None


_entries = itertools.count()


def _compiled_pays(entries: int) -> bool:
    """Tell whether the compiled loops pay: loading them takes as long as a thousand games."""
    if entries > _SMALL_GAME:
        return True
    return next(_entries) * 9 > _MANY_ENTRIES


def _unpacked(row: list[int], m: int, n: int) -> Weights:
    """Spread a row of the compiled loop's table over all strategies."""
    x, y = [0] * m, [0] * n
    for p in range(row[0]):
        x[row[2 + p]] = row[12 + p]
        y[row[7 + p]] = row[18 + p]
    return x, y


def _members(bits: int) -> list[int]:
    return [k for k in range(bits.bit_length()) if bits >> k & 1]


def _best_reply_matrices(game: NormalFormGame) -> tuple[IntMatrix, IntMatrix]:
    """Return each player's payoffs by (own strategy, opponent's), as positive integers."""
    own, other = game.integer_payoffs[0]
    return positive(own.tolist()), positive(other.T.tolist())


def _regular_by_vertices(game: NormalFormGame) -> list[_Regular] | None:
    """Walk over the vertices of the polytope of the player with fewer strategies, or the other's.

    Either walk finds all equilibria if no vertex that it meets has a tie.
    """
    from ._kernels import bimatrix as loops

    m, n = game.shape
    matrices = _best_reply_matrices(game)
    scaled = [_scaled(matrix) for matrix in matrices]
    for who in (0, 1) if m <= n else (1, 0):
        found = np.empty((_MAX_FOUND, 3), np.uint64)
        code, count, met = loops.vertices(
            scaled[1 - who], scaled[who], loops.ENTRY_ERROR, _MAX_VERTICES, found
        )
        if code == loops.TOO_LARGE:
            msg = (
                f"the {m} x {n} game has {count} equilibria at {met} vertices or more; the limit "
                f"is {_MAX_FOUND} at {_MAX_VERTICES}. {REMEDY}"
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
                equilibria.sort(key=lambda one: _order(one[0]))
                weights = [one[0] for one in equilibria]
                return _Regular(
                    indices=[one[1] for one in equilibria],
                    weights=lambda: weights,
                    profiles=np.array([_floats(x) + _floats(y) for x, y in weights]),
                )
    return None


def _floats(weights: Sequence[int]) -> list[float]:
    total = sum(weights)
    return [w / total for w in weights]


def _scaled(matrix: IntMatrix) -> FloatArray:
    """Return the entries mapped to [1, 2], each within a unit in the last place."""
    spread = max(max(row) for row in matrix) - 1 or 1
    return np.array([[(value - 1) / spread for value in row] for row in matrix]) + 1.0


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
    rows, columns = map(_members, supports)
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


def _lexicographic(
    game: NormalFormGame, *, exact: bool
) -> tuple[list[Weights], list[EquilibriumComponent], bool]:
    """Return extreme equilibria, components and whether any is degenerate, in integers."""
    m, n = game.shape
    everything = (1 << (m + n)) - 1
    a, b = _best_reply_matrices(game)
    rows: dict[int, Vertex] = {}
    columns: dict[int, Vertex] = {}
    for basis in lexicographic_bases(b):
        vertex = vertex_of(basis, m)
        if vertex is not None:
            rows[basis.labels] = vertex
    for basis in lexicographic_bases(a):
        vertex = vertex_of(basis, n)
        if vertex is not None:
            columns[(basis.labels & (1 << n) - 1) << m | basis.labels >> n] = vertex
    pairs = extreme_pairs(list(dict.fromkeys(rows.values())), list(dict.fromkeys(columns.values())))
    pairs.sort(key=lambda pair: _order((pair[0].weights, pair[1].weights)))
    groups = _connected(pairs)
    indices = [0] * (max(groups.values()) + 1)
    for labels, x in rows.items():
        y = columns.get(everything ^ labels)
        if y is not None:
            # Complementary bases: an equilibrium of the perturbed game, with these supports.
            i = [k for k in range(m) if not labels >> k & 1]
            j = [k for k in range(n) if labels >> (m + k) & 1]
            sign = determinant_sign([[a[r][c] for c in j] for r in i]) * determinant_sign(
                [[b[c][r] for c in j] for r in i]
            )
            indices[groups[x]] += sign if len(i) % 2 else -sign
    subsets: list[list[NashSubset]] = [[] for _ in indices]
    for left, right in _maximal_bicliques(pairs):
        subsets[groups[left[0]]].append(
            NashSubset(
                vertices=(
                    tuple(_numbers(x, exact=exact) for x in left),
                    tuple(_numbers(y, exact=exact) for y in right),
                ),
                dimension=_affine_dimension(left) + _affine_dimension(right),
            )
        )
    return (
        [(x.weights, y.weights) for x, y in pairs],
        [
            EquilibriumComponent(subsets=tuple(own), index=index)
            for own, index in zip(subsets, indices, strict=True)
        ],
        any(x.degenerate or y.degenerate for x, y in pairs),
    )


def _numbers(vertex: Vertex, *, exact: bool) -> Vector:
    if exact:
        return vertex.strategy
    total = sum(vertex.weights)
    return tuple(w / total for w in vertex.weights)


def _connected(pairs: list[tuple[Vertex, Vertex]]) -> dict[Vertex, int]:
    """Number the connected components of the graph of extreme pairs, by their row vertices."""
    neighbors: dict[Vertex, list[Vertex]] = {}
    for x, y in pairs:
        neighbors.setdefault(y, []).append(x)
    own: dict[Vertex, list[Vertex]] = {}
    for x, y in pairs:
        own.setdefault(x, []).append(y)
    groups: dict[Vertex, int] = {}
    count = 0
    for first in own:
        if first in groups:
            continue
        groups[first] = count
        waiting = [first]
        while waiting:
            for y in own[waiting.pop()]:
                for x in neighbors.pop(y, ()):
                    if x not in groups:
                        groups[x] = count
                        waiting.append(x)
        count += 1
    return groups


def _maximal_bicliques(
    pairs: list[tuple[Vertex, Vertex]],
) -> list[tuple[list[Vertex], list[Vertex]]]:
    """Return the maximal Nash subsets as their two vertex sets.

    The set of row vertices shared by some columns is closed under intersection, so the
    subsets are grown from the neighborhoods of single columns.
    """
    order = {x: k for k, x in enumerate(dict.fromkeys(x for x, _ in pairs))}
    neighbors: dict[Vertex, int] = {}
    for x, y in pairs:
        neighbors[y] = neighbors.get(y, 0) | 1 << order[x]
    closed: set[int] = set()
    frontier = set(neighbors.values())
    generators = frozenset(frontier)
    while frontier:
        closed |= frontier
        frontier = {
            both
            for known in frontier
            for own in generators
            if (both := known & own) and both not in closed
        }
    rows = list(order)
    return [
        (
            [rows[k] for k in _members(left)],
            [y for y, own in neighbors.items() if not left & ~own],
        )
        for left in sorted(closed, key=_members)
    ]


def _affine_dimension(points: Sequence[Vertex]) -> int:
    """Return the dimension of the convex hull of mixed strategies.

    They sum to 1, so that affine and linear independence are the same.
    """
    from flint import fmpz_mat

    return 0 if len(points) == 1 else int(fmpz_mat([list(p.weights) for p in points]).rank()) - 1
