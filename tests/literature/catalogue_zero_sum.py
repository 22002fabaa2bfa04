"""The catalogue's zero-sum games of more than two strategies.

Their equilibria are all pairs of optimal strategies, so the extreme ones are all pairs of
extreme optimal strategies: one maximal Nash subset, one component.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product

from .named_game import Matrix, NamedGame, diagonal, table, two_players, zero_sum


def saddle(
    name: str,
    row: Matrix,
    rows: Sequence[str],
    columns: Sequence[str] | None = None,
    *,
    source: str,
    why: str,
) -> NamedGame:
    """A record from the extreme optimal strategies of each player (alike if one is given)."""
    others = rows if columns is None else columns
    return two_players(
        name,
        zero_sum(row),
        [f"{x} | {y}" for x in rows for y in others],
        source=source,
        why=why,
        subsets=1,
        components=1,
    )


def rotation(size: int) -> Matrix:
    """Each of an odd number of strategies beats the next half of the circle."""
    half = size // 2
    return [
        [0 if i == j else (1 if (i - j) % size <= half else -1) for j in range(size)]
        for i in range(size)
    ]


def morra(fingers: int) -> Matrix:
    """Show some fingers, call the total: who alone is right wins the total."""
    shown = range(1, fingers + 1)
    plans = [(show, show + guess) for show in shown for guess in shown]

    def payoff(own: tuple[int, int], other: tuple[int, int]) -> int:
        total = own[0] + other[0]
        return total * ((own[1] == total) - (other[1] == total))

    return table(plans, plans, payoff)


def blotto(soldiers: int, fields: int = 3) -> Matrix:
    """Fields won minus lost, each division of the soldiers assigned to fields at random.

    Rows run from the most even division to the most concentrated one.
    """
    divisions = [
        d
        for d in product(range(soldiers + 1), repeat=fields)
        if sum(d) == soldiers and list(d) == sorted(d, reverse=True)
    ]

    def payoff(own: tuple[int, ...], other: tuple[int, ...]) -> Fraction:
        orders = list(permutations(other))
        won = sum((a > b) - (a < b) for order in orders for a, b in zip(own, order, strict=True))
        return Fraction(won, len(orders))

    return table(divisions, divisions, payoff)


def kuhn_poker() -> Matrix:
    """Kuhn's poker with cards J < Q < K, ante 1 and bet 1, without dominated strategies.

    Six times the first player's winnings; rows are what it does with J, Q and K, columns what
    the second player does with J if checked to and with Q if bet at.
    """
    first = list(product(("fold", "bet"), ("fold", "call"), ("call", "bet")))
    second = list(product(("check", "bet"), ("fold", "call")))

    def payoff(own: tuple[str, ...], other: tuple[str, ...]) -> int:
        total = 0
        for mine, theirs in permutations(range(3), 2):
            sign = 1 if mine > theirs else -1
            if own[mine] == "bet":
                called = theirs == 2 or (theirs == 1 and other[1] == "call")
                total += 2 * sign if called else 1
            elif theirs == 2 or (theirs == 0 and other[0] == "bet"):
                total += 2 * sign if own[mine] == "call" else -1
            else:
                total += sign
        return total

    return table(first, second, payoff)


KUHN_FIRST = [
    "2/3 0 1/3 0 0 0 0 0",
    "5/9 0 0 1/3 0 0 1/9 0",
    "1/2 0 0 1/3 0 0 0 1/6",
    "1/3 0 0 1/2 1/6 0 0 0",
    "0 1/2 1/3 0 0 0 1/6 0",
    "0 4/9 1/3 0 0 0 0 2/9",
    "0 5/12 0 1/3 0 0 1/4 0",
    "0 2/5 7/15 0 2/15 0 0 0",
    "0 1/3 1/2 0 0 1/6 0 0",
    "0 1/3 0 1/3 0 0 0 1/3",
    "0 1/6 0 7/12 1/4 0 0 0",
    "0 0 0 2/3 0 1/3 0 0",
]

TOURNAMENT = (
    "a skew-symmetric game of wins and losses only has one optimal strategy: Fisher and Ryan "
    "(1992), Am. Math. Monthly 99, 935-942"
)

GAMES = [
    saddle(
        "rock-paper-scissors",
        rotation(3),
        ["1/3 1/3 1/3"],
        source="analytic",
        why=TOURNAMENT,
    ),
    saddle(
        "rock-paper-scissors for unequal stakes",
        [[0, -1, 2], [1, 0, -3], [-2, 3, 0]],
        ["1/2 1/3 1/6"],
        source="analytic",
        why="each strategy in proportion to the stake between the other two",
    ),
    saddle(
        "rock-paper-scissors-lizard-Spock",
        rotation(5),
        ["1/5 1/5 1/5 1/5 1/5"],
        source="analytic",
        why=TOURNAMENT,
    ),
    saddle(
        "rock-paper-scissors-well",
        [[0, -1, 1, -1], [1, 0, -1, 1], [-1, 1, 0, -1], [1, -1, 1, 0]],
        ["0 1/3 1/3 1/3"],
        source="analytic",
        why="the well beats rock and does as well as rock otherwise; " + TOURNAMENT,
    ),
    saddle(
        "hide and seek",
        diagonal(1, 2, 3),
        ["6/11 3/11 2/11"],
        source="analytic",
        why="places in inverse proportion to what they are worth",
    ),
    saddle(
        "O'Neill's game",
        [[1, -1, -1, -1], [-1, -1, 1, 1], [-1, 1, -1, 1], [-1, 1, 1, -1]],
        ["2/5 1/5 1/5 1/5"],
        source="O'Neill (1987), PNAS 84, 2106-2109, doi:10.1073/pnas.84.7.2106, payoffs as in "
        "Gambit's catalogue",
        why="every strategy earns -1/5 against it; the matrix is regular",
    ),
    saddle(
        "Rapoport and Boebel's game",
        [
            [10, -6, -6, -6, -6],
            [-6, -6, 10, 10, 10],
            [-6, 10, -6, -6, 10],
            [-6, 10, -6, 10, -6],
            [-6, 10, 10, -6, -6],
        ],
        ["3/8 1/4 1/8 1/8 1/8"],
        source="Rapoport and Boebel (1992), Games Econ. Behav. 4, 261-283, "
        "doi:10.1016/0899-8256(92)90019-O, payoffs as in Gambit's catalogue",
        why="every strategy wins with chance 3/8 against it; the matrix is regular",
    ),
    saddle(
        "Morra with two fingers",
        morra(2),
        ["0 3/5 2/5 0", "0 4/7 3/7 0"],
        source="analytic",
        why="call three: (0, p, 1-p, 0) earns 3 - 5p, 0, 0, 7p - 4; each >= 0 iff 4/7 <= p <= 3/5",
    ),
    saddle(
        "Morra with three fingers",
        morra(3),
        [
            "0 0 5/12 0 4/12 0 3/12 0 0",
            "0 0 16/37 0 12/37 0 9/37 0 0",
            "0 0 20/47 0 15/47 0 12/47 0 0",
            "0 0 25/61 0 20/61 0 16/61 0 0",
        ],
        source="analytic",
        why="always call four: the four vertices of the optimal strategies",
    ),
    saddle(
        "Kuhn poker",
        kuhn_poker(),
        KUHN_FIRST,
        ["2/3 0 0 1/3", "1/3 1/3 1/3 0"],
        source="Kuhn (1950), A simplified two-person poker, Contributions to the Theory of Games "
        "1, 97-103",
        why="optimal iff J is bet with chance a, Q called with a + 1/3, K bet with 3a, and the "
        "second player bets J and calls with Q with chance 1/3 (a test recomputes this)",
    ),
    saddle(
        "Colonel Blotto, 4 regiments against 3, 2 posts",
        [[4, 2, 1, 0], [1, 3, 0, -1], [-2, 2, 2, -2], [-1, 0, 3, 1], [0, 1, 2, 4]],
        ["4/9 0 1/9 0 4/9"],
        ["7/90 32/90 48/90 3/90", "3/90 48/90 32/90 7/90"],
        source="analytic; a classic of McDonald and Tukey, Karlin and others",
        why="the value is 14/9; the second player has a segment of optimal strategies",
    ),
    saddle(
        "Colonel Blotto, 4 soldiers, 3 fields",
        blotto(4),
        ["0 1 0 0", "0 1/2 1/2 0"],
        source="analytic",
        why="(2,2,0) never loses on average; no more than 1/2 of (3,1,0) may be mixed in",
    ),
    saddle(
        "Colonel Blotto, 5 soldiers, 3 fields",
        blotto(5),
        ["0 0 1 0 0", "0 1/2 1/2 0 0"],
        source="analytic",
        why="(3,2,0) never loses on average; no more than 1/2 of (3,1,1) may be mixed in",
    ),
    saddle(
        "Colonel Blotto, 6 soldiers, 3 fields",
        blotto(6),
        ["0 0 0 0 1 0 0", "0 1/3 1/3 1/3 0 0 0", "1/7 0 3/7 3/7 0 0 0"],
        source="analytic",
        why="(4,2,0) never loses on average; the vertices of the optimal strategies",
    ),
    saddle(
        "nashpy's issue 39",
        [[0, 1, 0, -1], [-1, 0, 1, 1], [0, -1, 0, 1], [1, -1, -1, 0]],
        ["1/2 0 1/2 0", "1/3 1/3 0 1/3"],
        source="nashpy's issue 39, where support enumeration found none of four",
        why="a skew-symmetric game: x is optimal iff it earns at least 0 against each column",
    ),
    saddle(
        "nashpy's issue 41",
        [[0, -1, 1, 1], [1, 0, -1, -1], [-1, 1, 0, -1], [-1, 1, 1, 0]],
        ["1/3 1/3 0 1/3"],
        source="nashpy's issue 41, where support enumeration found none",
        why=TOURNAMENT,
    ),
    saddle(
        "nashpy's issue 231",
        [
            [0, -1, -1, -1, 1, -1],
            [1, 0, 1, -1, -1, -1],
            [1, -1, 0, -1, -1, 1],
            [1, 1, 1, 0, -1, -1],
            [-1, 1, 1, 1, 0, -1],
            [1, 1, -1, 1, 1, 0],
        ],
        ["0 0 1/3 0 1/3 1/3"],
        source="nashpy's issue 231, which states the equilibrium",
        why=TOURNAMENT,
    ),
]
