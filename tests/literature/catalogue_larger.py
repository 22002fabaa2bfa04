"""The catalogue's larger games: games with many equilibria, auctions, dilemmas, coordination."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from .named_game import NamedGame, Number, cells, diagonal, symmetric, table, two_players

GAMBIT = "payoffs as in Gambit's collection"
HALF = Fraction(1, 2)


def even(size: int, *support: int) -> str:
    """The even mixture of some strategies."""
    return " ".join(f"1/{len(support)}" if k in support else "0" for k in range(size))


def both(*strategies: str) -> list[str]:
    """Equilibria in which both players do the same."""
    return [f"{own} | {own}" for own in strategies]


def coordination(size: int) -> NamedGame:
    sets = [s for k in range(size) for s in combinations(range(size), k + 1)]
    return two_players(
        f"pure coordination on {size}",
        symmetric(diagonal(*[1] * size)),
        both(*(even(size, *support) for support in sets)),
        source="analytic",
        why="2^n - 1: both mix evenly over the same set",
    )


def minimum_effort(levels: int) -> NamedGame:
    pairs = [even(levels, *pair) for pair in combinations(range(levels), 2)]
    efforts = range(1, levels + 1)
    return two_players(
        f"minimum effort, {levels} levels",
        symmetric(table(efforts, efforts, lambda a, b: 2 * min(a, b) - a)),
        both(*(even(levels, k) for k in range(levels)), *pairs),
        source="Van Huyck, Battalio and Beil (1990), Am. Econ. Rev. 80, 234-248, their "
        "marginal benefit being twice the marginal cost",
        why="each level, and each two levels evenly: P(other >= next level) must be 1/2",
    )


def travelers_dilemma(top: int) -> NamedGame:
    claims = range(2, top + 1)
    return two_players(
        f"traveler's dilemma, claims 2 to {top}",
        symmetric(table(claims, claims, lambda a, b: min(a, b) + 2 * ((a < b) - (a > b)))),
        both(even(len(claims), 0)),
        source="Basu (1994), Am. Econ. Rev. 84, 391-395, doi:10.2307/2117865",
        why="the highest claim that is made at all pays less than undercutting it",
    )


def all_pay(prize: int, top: int, strategies: Sequence[str]) -> NamedGame:
    """Bids 0 ... top are lost in any case; the higher wins the prize, a tie shares it."""

    def payoff(own: int, other: int) -> Number:
        return prize * Fraction((own > other) - (own < other) + 1, 2) - own

    bids = range(top + 1)
    return two_players(
        f"dollar auction: prize {prize}, bids 0 to {top}",
        symmetric(table(bids, bids, payoff)),
        [f"{x} | {y}" for x in strategies for y in strategies],
        source="stylised after Shubik (1971), J. Conflict Resolution 15, 109-111, "
        "doi:10.1177/002200277101500111, with bids made at once",
        why="bids k and k + 1 tie where P(k) + P(k + 1) = 2 / prize; paying also the other's bid "
        "would make it constant-sum, so optimal strategies may be exchanged",
        subsets=1,
        components=1,
    )


def upper_triangle(size: int, base: int = 3) -> NamedGame:
    def payoff(i: int, j: int) -> int:
        return 0 if j < i else base ** (2 * i) if i == j else 2 * base ** (i + j)

    order = range(1, size + 1)
    return two_players(
        f"von Stengel's rank-1 game of size {size}",
        symmetric(table(order, order, payoff)),
        source="von Stengel (2012), Rank-1 games with exponentially many Nash equilibria, "
        "arXiv:1211.2405, theorem 1 with p = 3",
        why="2^n - 1, one for each support (the theorem)",
        count=2**size - 1,
    )


MANY = [
    *(coordination(size) for size in range(1, 6)),
    *(upper_triangle(size) for size in range(2, 6)),
    two_players(
        "coordination with unequal stakes",
        (diagonal(3, 2, 1, 4), diagonal(2, 2, 4, 7)),
        [
            "1 0 0 0 | 1 0 0 0",
            "0 1 0 0 | 0 1 0 0",
            "0 0 1 0 | 0 0 1 0",
            "0 0 0 1 | 0 0 0 1",
            "1/2 1/2 0 0 | 2/5 3/5 0 0",
            "2/3 0 1/3 0 | 1/4 0 3/4 0",
            "7/9 0 0 2/9 | 4/7 0 0 3/7",
            "0 2/3 1/3 0 | 0 1/3 2/3 0",
            "0 7/9 0 2/9 | 0 2/3 0 1/3",
            "0 0 7/11 4/11 | 0 0 4/5 1/5",
            "2/5 2/5 1/5 0 | 2/11 3/11 6/11 0",
            "7/16 7/16 0 1/8 | 4/13 6/13 0 3/13",
            "14/25 0 7/25 4/25 | 4/19 0 12/19 3/19",
            "0 14/25 7/25 4/25 | 0 2/7 4/7 1/7",
            "14/39 14/39 7/39 4/39 | 4/25 6/25 12/25 3/25",
        ],
        source=f"{GAMBIT} (coord4), which states 15",
        why="one for each set, in inverse proportion to the other's stakes",
    ),
    two_players(
        "von Stengel's 6x6 game",
        (
            [
                [9504, -660, 19976, -20526, 1776, -8976],
                [-111771, 31680, -130944, 168124, -8514, 52764],
                [397584, -113850, 451176, -586476, 29216, -178761],
                [171204, -45936, 208626, -263076, 14124, -84436],
                [1303104, -453420, 1227336, -1718376, 72336, -461736],
                [737154, -227040, 774576, -1039236, 48081, -300036],
            ],
            [
                [72336, 48081, 29216, 14124, 1776, -8514],
                [-461736, -300036, -178761, -84436, -8976, 52764],
                [1227336, 774576, 451176, 208626, 19976, -130944],
                [-1718376, -1039236, -586476, -263076, -20526, 168124],
                [1303104, 737154, 397584, 171204, 9504, -111771],
                [-453420, -227040, -113850, -45936, -660, 31680],
            ],
        ),
        source="von Stengel (1999), New maximal numbers of equilibria in bimatrix games, Discrete "
        f"& Computational Geometry 21, 557-568, doi:10.1007/PL00009438, {GAMBIT}",
        why="75, as published",
        count=75,
    ),
    two_players(
        "von Stengel's 6x6 game with small payoffs",
        (
            [
                [-81, 36, -126, 126, -36, 90],
                [-180, 72, -333, 297, -153, 270],
                [20, -3, 42, -33, 17, -30],
                [-30, 17, -33, 42, -3, 20],
                [270, -153, 297, -333, 72, -180],
                [90, -36, 126, -126, 36, -81],
            ],
            [
                [72, 36, 17, -3, -36, -153],
                [-180, -81, -30, 20, 90, 270],
                [297, 126, 42, -33, -126, -333],
                [-333, -126, -33, 42, 126, 297],
                [270, 90, 20, -30, -81, -180],
                [-153, -36, -3, 17, 36, 72],
            ],
        ),
        source="Savani and von Stengel (2006), Econometrica 74, 397-429, "
        f"doi:10.1111/j.1468-0262.2006.00667.x, {GAMBIT}",
        why="75, as published",
        count=75,
    ),
    two_players(
        "von Stengel's 3x2 game",
        cells([(3, 3), (3, 2)], [(2, 2), (5, 6)], [(0, 3), (6, 1)]),
        ["1 0 0 | 1 0", "4/5 1/5 0 | 2/3 1/3", "0 1/3 2/3 | 1/3 2/3"],
        source="von Stengel (2007), Algorithmic Game Theory, chapter 3, equation 3.3",
        why="published",
    ),
    two_players(
        "Shapley's example of Lemke-Howson",
        cells([(2, 3), (2, 0), (0, 2)], [(0, 0), (3, 3), (0, 2)], [(3, 0), (0, 0), (1, 1)]),
        ["0 1 0 | 0 1 0", "0 1/2 1/2 | 0 1/4 3/4", "0 0 1 | 0 0 1"],
        source=f"Shapley (1974), Math. Programming Study 1, 175-189, figure 2, {GAMBIT}",
        why="for row 1 to be best all columns must be, which no x allows; then column 1 goes; "
        "then a 2x2 game",
    ),
    two_players(
        "Shapley's inaccessible equilibria",
        cells([(0, 0), (3, 2), (0, 3)], [(2, 3), (2, 2), (0, 0)], [(3, 0), (0, 0), (1, 1)]),
        ["0 0 1 | 0 0 1", "1/3 2/3 0 | 1/3 2/3 0", "1/6 1/3 1/2 | 1/6 1/3 1/2"],
        source=f"Shapley (1974), Math. Programming Study 1, 175-189, figure 3, {GAMBIT}",
        why="published: one pure, and two that no Lemke-Howson path from the origin reaches",
    ),
    two_players(
        "Todd's inaccessible equilibria",
        cells(
            [(8, 4), (-4, 0), (8, 0)],
            [(6, 0), (1, 0), (6, 4)],
            [(12, 0), (0, 4), (0, 0)],
            [(0, 0), (0, 4), (12, 0)],
            [(0, 0), (4, 1), (0, 0)],
        ),
        [
            "0 0 0 0 1 | 0 1 0",
            "1/3 1/3 1/3 0 0 | 8/21 2/7 1/3",
            "1/3 1/3 0 1/3 0 | 1/3 2/7 8/21",
        ],
        source=f"{GAMBIT} (todd2), after Todd",
        why="columns tie where rows 1, 2 and 3 or 4 have equal weight: one 3x3 system each; no "
        "other list by lrsnash or Gambit",
    ),
    two_players(
        "the regular game that floating support enumeration loses",
        (
            [[88, 78, 16], [18, 35, 20], [42, 91, 81]],
            [[11, 32, 37], [69, 11, 5], [68, 17, 2]],
        ),
        ["17/24 0 7/24 | 13/59 46/59 0"],
        source="survey of other packages",
        why="17*11 + 7*68 = 17*32 + 7*17 and 88y + 78(1-y) = 42y + 91(1-y); a single support pair",
    ),
    two_players(
        "nashpy's issue 83",
        (
            [[95, -78], [-96, 3], [-71, -14], [59, 76], [90, 3], [75, 69], [-31, 36], [-84, -37]],
            [[2, 6], [4, 1], [9, 0], [4, 1], [1, 2], [2, 1], [8, 10], [2, 4]],
        ),
        ["0 0 0 0 1/2 1/2 0 0 | 22/27 5/27"],
        source="nashpy's issue 83, payoffs times ten, where Lemke-Howson failed",
        why="rows 4, 6, 5, 1 are best in turn as y grows; 4 and 6 call for column 1, 5 and 1 for "
        "column 2, so 6 and 5 tie",
    ),
]

ECONOMIC = [
    *(travelers_dilemma(top) for top in (3, 4, 5, 6)),
    all_pay(3, 2, ["1/3 1/3 1/3"]),
    all_pay(3, 3, ["1/3 1/3 1/3 0"]),
    all_pay(5, 4, ["1/5 1/5 1/5 1/5 1/5"]),
    all_pay(2, 2, ["1 0 0", "0 1 0"]),
    all_pay(4, 3, ["1/2 0 1/2 0", "0 1/2 0 1/2"]),
    *(minimum_effort(levels) for levels in (2, 3, 4)),
    two_players(
        "Nash demand, claims 1 to 3 of 4",
        symmetric(table(range(1, 4), range(1, 4), lambda a, b: a if a + b <= 4 else 0)),
        [
            "1 0 0 | 0 0 1",
            "0 1 0 | 0 1 0",
            "0 0 1 | 1 0 0",
            "2/3 1/3 0 | 0 1/2 1/2",
            "0 1/2 1/2 | 2/3 1/3 0",
            "1/3 0 2/3 | 1/3 0 2/3",
            "1/3 1/6 1/2 | 1/3 1/6 1/2",
        ],
        source="Nash (1953), Econometrica 21, 128-140, doi:10.2307/1906951, on a grid",
        why="each claim pays a times P(other <= 4 - a): one equilibrium for each support of size 1,"
        " 2 or 3 with its complements",
    ),
    two_players(
        "Bertrand duopoly, prices 0 to 4, no cost",
        symmetric(
            table(
                range(5),
                range(5),
                lambda a, b: a if a < b else Fraction(a, 2) if a == b else 0,
            )
        ),
        both(even(5, 0), even(5, 1), even(5, 2)),
        source="analytic",
        why="undercutting p pays unless p / 2 >= p - 1; mixtures are undercut too",
    ),
    two_players(
        "Cournot duopoly, quantities 3, 4, 6 of demand 12 - Q",
        symmetric(table((3, 4, 6), (3, 4, 6), lambda a, b: a * (12 - a - b))),
        both(even(3, 1)),
        source="analytic",
        why="4 strictly dominates 6, and then 3; 12 / 3 each",
    ),
    two_players(
        "beauty contest of two, numbers 0 to 3",
        symmetric(table(range(4), range(4), lambda a, b: HALF if a == b else Fraction(int(a < b)))),
        both(even(4, 0)),
        source="Grosskopf and Nagel (2008), Games Econ. Behav. 62, 93-99, "
        "doi:10.1016/j.geb.2007.03.004",
        why="of two, the lower is always nearer to a fraction of the mean",
    ),
    two_players(
        "Shapley's cycle of fictitious play",
        cells([(1, 0), (0, 0), (0, 1)], [(0, 1), (1, 0), (0, 0)], [(0, 0), (0, 1), (1, 0)]),
        both(even(3, 0, 1, 2)),
        source="Shapley (1964), Some topics in two-person games, Advances in Game Theory, 1-28",
        why="best replies cycle through all nine cells; symmetry",
    ),
    two_players(
        "Bernheim's rationalizable strategies",
        cells(
            [(0, 7), (2, 5), (7, 0), (0, 1)],
            [(5, 2), (3, 3), (5, 2), (0, 1)],
            [(7, 0), (2, 5), (0, 7), (0, 1)],
            [(0, 0), (0, -2), (0, 0), (10, -1)],
        ),
        ["0 1 0 0 | 0 1 0 0"],
        source="Bernheim (1984), Econometrica 52, 1007-1028, doi:10.2307/1911196; Osborne and "
        "Rubinstein (1994), figure 57.1",
        why="published: a unique equilibrium, and three rationalizable strategies each",
    ),
    two_players(
        "hawk, dove, bourgeois",
        symmetric([[-1, 2, HALF], [0, 1, HALF], [-HALF, Fraction(3, 2), 1]]),
        [
            "1 0 0 | 0 1 0",
            "0 1 0 | 1 0 0",
            "1/2 1/2 0 | 1/2 1/2 0",
            "1/2 0 1/2 | 0 1/2 1/2",
            "0 1/2 1/2 | 1/2 0 1/2",
            "0 0 1 | 0 0 1",
        ],
        source="Maynard Smith (1982), Evolution and the Theory of Games, V = 2, C = 4",
        why="bourgeois earns the mean of hawk and dove, and 1/2 more against itself",
    ),
]

GAMES = [*MANY, *ECONOMIC]
