"""The catalogue's 2x2 games: dilemmas, crises, contests.

In a symmetric game R, S, T, P are the payoffs of mutual cooperation, of cooperating against a
defector, of defecting against a cooperator and of mutual defection. Without a dominant
strategy all mixed equilibria have P(cooperate) = (S - P) / ((T - R) + (S - P)).
"""

from __future__ import annotations

from fractions import Fraction

from .named_game import NamedGame, cells, symmetric, two_players, zero_sum

SAGE = "SageMath, catalogue of normal-form games"
ORDINAL = "Snyder (1971), ISQ 15, 66-103, and Snyder and Diesing (1977), by their rank orders"
DOMINANT = "strictly dominant strategies"
MIXED_RULE = "two strict pure equilibria; mixed by P(cooperate) = (S - P) / ((T - R) + (S - P))"


def ranks(r: int, s: int, t: int, p: int) -> list[list[int]]:
    return [[r, s], [t, p]]


RANKS = {
    "prisoner": ranks(r=3, s=1, t=4, p=2),
    "chicken": ranks(r=3, s=2, t=4, p=1),
    "stag": ranks(r=4, s=1, t=3, p=2),
    "deadlock": ranks(r=2, s=1, t=4, p=3),
    "leader": ranks(r=2, s=3, t=4, p=1),
    "hero": ranks(r=2, s=4, t=3, p=1),
}


def between(row: str, column: str) -> tuple[list[list[int]], list[list[int]]]:
    """The row player of one crisis against the column player of another."""
    other = RANKS[column]
    return RANKS[row], [list(own) for own in zip(*other, strict=True)]


CRISES = [
    two_players(
        "prisoner's dilemma",
        symmetric([[-2, -5], [0, -4]]),
        ["0 1 | 0 1"],
        source=SAGE,
        why=DOMINANT,
    ),
    two_players(
        "chicken by ranks",
        between("chicken", "chicken"),
        ["1 0 | 0 1", "0 1 | 1 0", "1/2 1/2 | 1/2 1/2"],
        source=ORDINAL,
        why=MIXED_RULE,
    ),
    two_players(
        "chicken of correlated equilibrium",
        cells([(6, 6), (2, 7)], [(7, 2), (0, 0)]),
        ["1 0 | 0 1", "0 1 | 1 0", "2/3 1/3 | 2/3 1/3"],
        source="Aumann (1974), J. Math. Econ. 1, 67-96, doi:10.1016/0304-4068(74)90037-8",
        why=MIXED_RULE,
    ),
    two_players(
        "stag hunt",
        symmetric([[5, 0], [4, 2]]),
        ["1 0 | 1 0", "0 1 | 0 1", "2/3 1/3 | 2/3 1/3"],
        source=SAGE,
        why=MIXED_RULE,
    ),
    two_players(
        "security dilemma",
        between("stag", "stag"),
        ["1 0 | 1 0", "0 1 | 0 1", "1/2 1/2 | 1/2 1/2"],
        source="stylised after Jervis (1978), World Politics 30, 167-214, doi:10.2307/2009958",
        why=MIXED_RULE,
    ),
    two_players(
        "alliance dilemma: support or withhold",
        between("prisoner", "prisoner"),
        ["0 1 | 0 1"],
        source="stylised after Snyder (1984), World Politics 36, 461-495, doi:10.2307/2010183",
        why=DOMINANT,
    ),
    two_players(
        "deadlock",
        between("deadlock", "deadlock"),
        ["0 1 | 0 1"],
        source=ORDINAL,
        why=DOMINANT,
    ),
    two_players(
        "leader",
        between("leader", "leader"),
        ["1 0 | 0 1", "0 1 | 1 0", "1/2 1/2 | 1/2 1/2"],
        source=ORDINAL,
        why=MIXED_RULE,
    ),
    two_players(
        "hero",
        between("hero", "hero"),
        ["1 0 | 0 1", "0 1 | 1 0", "3/4 1/4 | 3/4 1/4"],
        source=ORDINAL,
        why=MIXED_RULE,
    ),
    two_players(
        "called bluff",
        between("prisoner", "chicken"),
        ["0 1 | 1 0"],
        source=ORDINAL,
        why="defection dominates for the row player; chicken yields",
    ),
    two_players(
        "bully",
        between("deadlock", "chicken"),
        ["0 1 | 1 0"],
        source=ORDINAL,
        why="defection dominates for the row player; chicken yields",
    ),
    two_players(
        "stag hunt against prisoner's dilemma",
        between("stag", "prisoner"),
        ["0 1 | 0 1"],
        source=ORDINAL,
        why="defection dominates for the column player; the stag hunter follows",
    ),
    two_players(
        "stag hunt against chicken",
        between("stag", "chicken"),
        ["1/2 1/2 | 1/2 1/2"],
        source=ORDINAL,
        why="best replies cycle; each mixes so that the other is indifferent",
    ),
    two_players(
        "Cuban missile crisis",
        cells([(3, 3), (1, 4)], [(2, 2), (4, 1)]),
        ["1/2 1/2 | 3/4 1/4"],
        source="Brams (2001), Game theory and the Cuban missile crisis, Plus 13",
        why="best replies cycle; 3x + 2(1-x) = 4x + (1-x) and 3y + (1-y) = 2y + 4(1-y)",
    ),
]

CONTESTS = [
    two_players(
        "hawk-dove, v = 2, c = 3",
        symmetric([[-2, 2], [0, 1]]),
        ["1 0 | 0 1", "0 1 | 1 0", "1/3 2/3 | 1/3 2/3"],
        source=SAGE,
        why="hawks at v / 2c where a fight costs each the whole c",
    ),
    two_players(
        "hawk-dove, v = 1, c = 3",
        symmetric([[Fraction(-5, 2), 1], [0, Fraction(1, 2)]]),
        ["1 0 | 0 1", "0 1 | 1 0", "1/6 5/6 | 1/6 5/6"],
        source=SAGE,
        why="hawks at v / 2c",
    ),
    two_players(
        "hawk-dove of evolution, V = 2, C = 3",
        symmetric([[Fraction(-1, 2), 2], [0, 1]]),
        ["1 0 | 0 1", "0 1 | 1 0", "2/3 1/3 | 2/3 1/3"],
        source="Maynard Smith and Price (1973), Nature 246, 15-18, doi:10.1038/246015a0; in the "
        "form of Maynard Smith (1982)",
        why="hawks at V / C where the cost of a fight is shared",
    ),
    two_players(
        "anti-coordination",
        symmetric([[3, 1], [5, 0]]),
        ["1 0 | 0 1", "0 1 | 1 0", "1/3 2/3 | 1/3 2/3"],
        source=SAGE,
        why=MIXED_RULE,
    ),
    two_players(
        "battle of the sexes",
        cells([(3, 2), (1, 1)], [(0, 0), (2, 3)]),
        ["1 0 | 1 0", "0 1 | 0 1", "3/4 1/4 | 1/4 3/4"],
        source=SAGE,
        why="2x = x + 3(1-x) and 3y + (1-y) = 2(1-y)",
    ),
    two_players(
        "battle of the sexes of Nau, Canovas and Hansen",
        cells([(3, 2), (0, 0)], [(0, 0), (2, 3)]),
        ["1 0 | 1 0", "0 1 | 0 1", "3/5 2/5 | 2/5 3/5"],
        source="Nau, Canovas and Hansen (2004), Int. J. Game Theory 32, 443-453, "
        "doi:10.1007/s001820300162, section 3",
        why="2x = 3(1-x) and 3y = 2(1-y)",
    ),
    two_players(
        "matching pennies",
        zero_sum([[1, -1], [-1, 1]]),
        ["1/2 1/2 | 1/2 1/2"],
        source="analytic",
        why="best replies cycle; symmetry",
    ),
    two_players(
        "matching pennies, 320 against 40",
        cells([(320, 40), (40, 80)], [(40, 80), (80, 40)]),
        ["1/2 1/2 | 1/8 7/8"],
        source="Goeree and Holt (2001), Am. Econ. Rev. 91, 1402-1422, doi:10.1257/aer.91.5.1402",
        why="320y + 40(1-y) = 40y + 80(1-y)",
    ),
    two_players(
        "Selten and Chmura's game 1",
        cells([(10, 8), (0, 18)], [(9, 9), (10, 8)]),
        ["1/11 10/11 | 10/11 1/11"],
        source="Selten and Chmura (2008), Am. Econ. Rev. 98, 938-966, doi:10.1257/aer.98.3.938, "
        "payoffs as in Gambit's catalogue",
        why="8x + 9(1-x) = 18x + 8(1-x) and 10y = 9y + 10(1-y)",
    ),
    two_players(
        "inspection",
        cells([(0, 0), (-10, 10)], [(-1, 0), (-6, -90)]),
        ["9/10 1/10 | 4/5 1/5"],
        source="Turocy and von Stengel (2001), Game Theory, LSE-CDAM-2001-09",
        why="10x = 90(1-x) and -10(1-y) = -y - 6(1-y): inspect 1/10, cheat 1/5",
    ),
    two_players(
        "chain store, one market",
        cells([(1, 5), (1, 5)], [(2, 2), (0, 0)]),
        ["0 1 | 1 0", "1 0 | 0 1", "1 0 | 1/2 1/2"],
        source="Selten (1978), Theory and Decision 9, 127-159, doi:10.1007/BF00131770",
        why="entry is accommodated, or deterred where it is fought with a chance of at least 1/2",
        subsets=2,
        components=2,
    ),
    two_players(
        "battle of the Bismarck Sea",
        zero_sum([[2, 2], [1, 3]]),
        ["1 0 | 1 0", "1 0 | 1/2 1/2"],
        source="Haywood (1954), Operations Research 2, 365-385, doi:10.1287/opre.2.4.365",
        why="the value is 2; searching north is best while 2 >= y + 3(1-y)",
        subsets=1,
        components=1,
    ),
]


def parametric(x: Fraction, equilibria: list[str], *, subsets: int, components: int) -> NamedGame:
    row = [[x / 2, x], [1 - x, (1 - x) / 2]]
    return two_players(
        f"the parametric game at x = {x}",
        symmetric(row),
        equilibria,
        source="a public question (survey of other packages)",
        why="the two strategies tie where the other plays the first with chance 3x - 1",
        subsets=subsets,
        components=components,
    )


APART = ["1 0 | 0 1", "0 1 | 1 0"]
PARAMETRIC = [
    parametric(Fraction(1, 4), ["0 1 | 0 1"], subsets=1, components=1),
    parametric(Fraction(1, 3), [*APART, "0 1 | 0 1"], subsets=2, components=1),
    parametric(Fraction(1, 2), [*APART, "1/2 1/2 | 1/2 1/2"], subsets=3, components=3),
    parametric(Fraction(2, 3), [*APART, "1 0 | 1 0"], subsets=2, components=1),
    parametric(Fraction(3, 4), ["1 0 | 1 0"], subsets=1, components=1),
]

GAMES = [*CRISES, *CONTESTS, *PARAMETRIC]
