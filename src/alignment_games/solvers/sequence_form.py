"""One Nash equilibrium of a two-player tree from its sequence form, by Lemke's algorithm.

Realization plans are in equilibrium exactly if they solve a linear complementarity problem whose
size is that of the tree, where the normal form may be exponentially larger. If no end pays a
player more than 0, which a shift of all payoffs achieves, Lemke's path ends at a solution
[1]_. All pivots are in integers; the lexicographic rule keeps ties from cycling.

.. [1] D. Koller, N. Megiddo and B. von Stengel (1996), Efficient computation of equilibria for
   extensive two-person games, Games and Economic Behavior 14, 247-259,
   doi:10.1006/game.1996.0051.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._numeric import integers, nearest_float
from .._typing import Profile
from ..errors import GameError, WorkLimitError
from ..games import ExtensiveGame, SequenceForm, Terminal
from ..games.nodes import exact_payoffs
from .certify import certified_nash
from .result import Solution, Status

__all__ = ["nash_sequence_form"]

_MAX_ROWS = 600
_MAX_WORK = 200_000_000
"""Table entries that may be written, those of many digits counting more: about a minute."""


def nash_sequence_form(game: ExtensiveGame) -> Solution:
    """Find one Nash equilibrium of a two-player tree, in its sequence form.

    Parameters
    ----------
    game : ExtensiveGame
        Two players with perfect recall; the sum need not be zero.

    Returns
    -------
    Solution
        Status PARTIAL, with one equilibrium in behavior. It need not be subgame-perfect: its
        `regret` is what a player gains by another plan in the whole tree, while
        `alignment_games.verify` asks for every subgame. Where a player's own play never leads
        it takes its first action.

    Raises
    ------
    GameError
        If there are not two players, or some player has no perfect recall.
    WorkLimitError
        If sequences and information sets are more than 600 together (sets counted twice), or
        after some minute of pivots.

    References
    ----------
    .. [1] D. Koller, N. Megiddo and B. von Stengel (1996), Efficient computation of equilibria
       for extensive two-person games, Games and Economic Behavior 14, 247-259,
       doi:10.1006/game.1996.0051.

    Examples
    --------
    >>> import alignment_games as ag
    >>> from alignment_games.games import Decision, Terminal
    >>> tree = ag.ExtensiveGame(Decision("A", {
    ...     "l": Decision("B", {"l": Terminal((1, -1)), "r": Terminal((-1, 1))}, "unseen"),
    ...     "r": Decision("B", {"l": Terminal((-2, 2)), "r": Terminal((1, -1))}, "unseen")}),
    ...     players=["A", "B"])
    >>> print(ag.solvers.nash_sequence_form(tree).equilibria[0])
    A: l 0.6 + r 0.4; B at unseen: l 0.4 + r 0.6
    """
    given: object = game
    if not isinstance(given, ExtensiveGame):
        msg = f"`game` must be an ExtensiveGame, got {type(game).__name__}"
        raise GameError(msg)
    if game.n_players != 2:
        msg = (
            f"the sequence form is solved for two players, and `game` has {game.n_players}; "
            "solve with method='reduced-normal-form'"
        )
        raise GameError(msg)
    form = game.sequence_form()
    matrix, right = _complementarity(form)
    solution = _lemke(matrix, right)
    first = len(form.players[0])
    plans = (solution[:first], solution[first : first + len(form.players[1])])
    vectors: dict[int, tuple[Fraction, ...]] = {}
    for own, plan in zip(form.players, plans, strict=True):
        vectors |= zip(own.sets, own.behavior(plan), strict=True)
    ordered = [vectors[k] for k in range(len(vectors))]
    profile: Profile = tuple(ordered)
    if not game.exact:
        profile = tuple(tuple(map(nearest_float, vector)) for vector in ordered)
    return Solution(
        game=game,
        concept="nash",
        method="sequence-form",
        status=Status.PARTIAL,
        equilibria=(certified_nash(game, profile),),
        exact=game.exact,
    )


def _complementarity(form: SequenceForm) -> tuple[list[list[int]], list[int]]:
    """Return M and b: w = b + M z with w, z >= 0 and no index at which both are positive.

    z holds both realization plans, then the values of each player's information sets, as a
    difference of two numbers that are not negative; w the losses of sequences, then the
    equations of realization plans, as two inequalities each.
    """
    first, second = form.players
    m, n = len(first), len(second)
    (e, e_right), (f, f_right) = first.constraints(), second.constraints()
    size = m + n + 2 * len(e) + 2 * len(f)
    if size > _MAX_ROWS:
        msg = (
            f"the sequence form has {m} and {n} sequences and needs {size} rows; the limit is "
            f"{_MAX_ROWS}. Restrict the tree with without(), or solve its subgames one by one"
        )
        raise WorkLimitError(msg)
    matrix = [[0] * size for _ in range(size)]
    at_e, at_f = m + n, m + n + 2 * len(e)
    for who, table in enumerate(_losses(form)):
        for (i, j), loss in table.items():
            if who == 0:
                matrix[i][m + j] = loss
            else:
                matrix[m + j][i] = loss
    for start, offset, rows in ((at_e, 0, e), (at_f, m, f)):
        for k, row in enumerate(rows):
            for j, entry in enumerate(row):
                for sign, line in ((1, start + k), (-1, start + len(rows) + k)):
                    matrix[offset + j][line] = sign * entry
                    matrix[line][offset + j] = -sign * entry
    opposite = [[-v for v in values] for values in (e_right, f_right)]
    return matrix, [*([0] * (m + n)), *e_right, *opposite[0], *f_right, *opposite[1]]


def _losses(form: SequenceForm) -> list[dict[tuple[int, int], int]]:
    """Return minus the payoffs of each pair of sequences, shifted so that none is negative."""
    best = [max(own) for own in zip(*_ends(form.game), strict=True)]
    tables = []
    for who, most in enumerate(best):
        keys = list(form.payoffs)
        losses = [most * form.weights[key] - form.payoffs[key][who] for key in keys]
        scaled, _ = integers(losses)
        tables.append({(i, j): value for (i, j), value in zip(keys, scaled, strict=True)})
    return tables


def _ends(game: ExtensiveGame) -> list[tuple[Fraction, ...]]:
    """Return the payoffs of all ends."""
    if isinstance(game.root, Terminal):
        return [exact_payoffs(game.root)]
    return [
        exact_payoffs(child)
        for _, node in game.moves()
        for child in node.branches.values()
        if isinstance(child, Terminal)
    ]


def _lemke(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[Fraction]:
    """Return z of a solution of the complementarity problem w = b + M z.

    Columns are w, z, the artificial variable and b. A row is compared by b and then by its
    entries under w, which are the inverse of the basis: no two rows tie.
    """
    size = len(right)
    artificial, last = 2 * size, 2 * size + 1
    rows = [
        [*(int(i == j) for j in range(size)), *(-entry for entry in row), -1, right[i]]
        for i, row in enumerate(matrix)
    ]
    basic = list(range(size))
    row = min(range(size), key=lambda i: [rows[i][last], *rows[i][:size]])
    rows[row] = [-entry for entry in rows[row]]
    scale, work, entering = 1, 0, artificial
    while True:
        scale = _pivot(rows, row, entering, scale)
        left, basic[row] = basic[row], entering
        if left == artificial:
            break
        work += size * last * (1 + scale.bit_length() // 128)
        if work > _MAX_WORK:
            msg = f"Lemke's path is longer than {_MAX_WORK} table entries of work; simplify `game`"
            raise WorkLimitError(msg)
        entering = left + size if left < size else left - size
        row = _leaving(rows, entering, size, last)
    values = [Fraction(0)] * size
    for k, variable in enumerate(basic):
        if variable >= size:
            values[variable - size] = Fraction(rows[k][last], scale)
    return values


def _leaving(rows: Sequence[Sequence[int]], entering: int, size: int, last: int) -> int:
    """Return the row of the lexicographically least ratio among those that limit the variable."""
    limits = [k for k, row in enumerate(rows) if row[entering] > 0]
    for column in (last, *range(size)):
        if len(limits) == 1:
            break
        least = limits[0]
        for k in limits[1:]:
            if rows[k][column] * rows[least][entering] < rows[least][column] * rows[k][entering]:
                least = k
        limits = [
            k
            for k in limits
            if rows[k][column] * rows[least][entering] == rows[least][column] * rows[k][entering]
        ]
    # Koller, Megiddo and von Stengel (1996), Theorem 4.1: some row always limits it.
    return limits[0]


def _pivot(rows: list[list[int]], at: int, column: int, scale: int) -> int:
    """Make a variable basic, without fractions, and return the new scale."""
    pivot, chosen = rows[at][column], rows[at]
    for k, row in enumerate(rows):
        if k != at:
            factor = row[column]
            if factor:
                rows[k] = [
                    (pivot * a - factor * b) // scale for a, b in zip(row, chosen, strict=True)
                ]
            elif pivot != scale:
                rows[k] = [pivot * a // scale for a in row]
    return pivot
