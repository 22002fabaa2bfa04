"""The catalogue's games with ties: continua of equilibria, knife edges, lone strategies."""

from __future__ import annotations

from fractions import Fraction

from .named_game import Matrix, NamedGame, Number, cells, symmetric, two_players, zero_sum

GAMBIT = "payoffs as in Gambit's collection"
HALF = Fraction(1, 2)


def nothing_matters(m: int, n: int) -> NamedGame:
    units = [
        [" ".join(str(int(k == i)) for k in range(size)) for i in range(size)] for size in (m, n)
    ]
    return two_players(
        f"the zero game, {m}x{n}",
        zero_sum([[0] * n] * m),
        [f"{x} | {y}" for x in units[0] for y in units[1]],
        source="analytic",
        why="everything is an equilibrium",
        subsets=1,
        components=1,
    )


def audience_costs(cost: int, equilibria: list[str], *, subsets: int, components: int) -> NamedGame:
    """Status quo, threaten and back down, threaten and fight; concede or resist."""
    return two_players(
        f"audience cost {cost} against a war cost of 2",
        cells([(0, 4), (0, 4)], [(4, 0), (-cost, 4)], [(4, 0), (-2, -1)]),
        equilibria,
        source="stylised after Fearon (1994), Am. Pol. Sci. Rev. 88, 577-592, doi:10.2307/2944796",
        why="no threat where resistance is likely enough; else a threat that is a bluff with "
        "chance at most 1/5, at which the defender is indifferent",
        subsets=subsets,
        components=components,
    )


def deterrence(hard_challenger: Fraction, hard_defender: Fraction) -> tuple[Matrix, Matrix]:
    """Unilateral deterrence: rows attack or not, columns resist or concede, as hard and soft.

    A hard challenger fights resistance (4; the defender 5 if hard, else 0), a soft one backs
    down (2; 8). No attack leaves 6 and 10, a concession gives 10 and 4.
    """
    plans = [(True, True), (True, False), (False, True), (False, False)]
    table: list[list[list[Number]]] = [[], []]
    for attacks in plans:
        rows: list[list[Number]] = [[], []]
        for resists in plans:
            sums = [Fraction(0), Fraction(0)]
            for who, chance in enumerate((hard_challenger, 1 - hard_challenger)):
                for whom, other in enumerate((hard_defender, 1 - hard_defender)):
                    if not attacks[who]:
                        outcome = (6, 10)
                    elif not resists[whom]:
                        outcome = (10, 4)
                    elif who == 1:
                        outcome = (2, 8)
                    else:
                        outcome = (4, 5 if whom == 0 else 0)
                    for k in (0, 1):
                        sums[k] += chance * other * outcome[k]
            for k in (0, 1):
                rows[k].append(sums[k])
        for k in (0, 1):
            table[k].append(rows[k])
    return table[0], table[1]


KNIFE_EDGES = [
    two_players(
        "von Stengel's degenerate 3x2 game",
        cells([(3, 3), (3, 3)], [(2, 2), (5, 6)], [(0, 3), (6, 1)]),
        ["1 0 0 | 1 0", "1 0 0 | 2/3 1/3", "0 1/3 2/3 | 1/3 2/3"],
        source="von Stengel (2007), Algorithmic Game Theory, section 3.6",
        why="published: the first row is best while 3 >= 2 + 3q; three extreme equilibria",
        subsets=2,
        components=2,
    ),
    two_players(
        "Winkels' 6x2 game",
        cells(
            [(1, 1), (3, 2)],
            [(1, 0), (3, -1)],
            [(3, -2), (1, 2)],
            [(3, 4), (1, -1)],
            [(Fraction(5, 2), -1), (Fraction(5, 2), 6)],
            [(Fraction(5, 2), 6), (Fraction(5, 2), -1)],
        ),
        [
            "1 0 0 0 0 0 | 0 1",
            "1/2 1/2 0 0 0 0 | 0 1",
            "1/2 1/2 0 0 0 0 | 1/4 3/4",
            "7/8 0 0 0 0 1/8 | 1/4 3/4",
            "0 7/8 0 0 1/8 0 | 1/4 3/4",
            "0 0 0 0 1/2 1/2 | 1/4 3/4",
            "0 0 0 0 1/2 1/2 | 3/4 1/4",
            "0 0 7/11 0 0 4/11 | 3/4 1/4",
            "0 0 0 7/12 5/12 0 | 3/4 1/4",
            "0 0 5/9 4/9 0 0 | 3/4 1/4",
            "0 0 5/9 4/9 0 0 | 1 0",
            "0 0 0 1 0 0 | 1 0",
        ],
        source=f"Winkels (1979), {GAMBIT} (winkels), which states 12 extreme equilibria",
        why="rows 1 and 2, 5 and 6, 3 and 4 tie; ties pass at y = 1/4 and 3/4",
        subsets=7,
        components=1,
    ),
    two_players(
        "Winkels' 3x3 game",
        cells([(1, 3), (3, 4), (4, 2)], [(1, 2), (3, 1), (2, 1)], [(0, 4), (2, 3), (3, 3)]),
        ["0 1 0 | 1 0 0", "1/2 1/2 0 | 1 0 0", "1/2 1/2 0 | 0 1 0", "1 0 0 | 0 1 0"],
        source=f"{GAMBIT} (wink3)",
        why="rows 1 and 2 tie against columns 1 and 2, which tie against an even mixture",
        subsets=3,
        components=1,
    ),
    two_players(
        "an equilibrium in dominated strategies",
        cells(
            [(3, 1), (0, 0), (0, 1)],
            [(Fraction(3, 2), 1), (2, 2), (Fraction(3, 2), 1)],
            [(0, 1), (0, 0), (3, 1)],
        ),
        [
            "1 0 0 | 1 0 0",
            "1 0 0 | 1/2 0 1/2",
            "0 0 1 | 0 0 1",
            "0 0 1 | 1/2 0 1/2",
            "0 1 0 | 0 1 0",
            "1/2 1/2 0 | 1/2 0 1/2",
            "1/2 1/2 0 | 4/7 3/7 0",
            "0 1/2 1/2 | 1/2 0 1/2",
            "0 1/2 1/2 | 0 3/7 4/7",
        ],
        source=f"{GAMBIT} (perfect1)",
        why="columns 1 and 3 tie always and beat 2 while row 2 has at most 1/2",
        subsets=6,
        components=2,
    ),
    two_players(
        "dominated equilibria without dominated strategies",
        cells([(4, 0), (0, 0), (0, 4)], [(2, 1), (3, 3), (2, 1)], [(0, 4), (0, 0), (4, 0)]),
        ["0 1 0 | 0 1 0", "1/2 0 1/2 | 1/2 0 1/2", "1/4 1/2 1/4 | 1/2 0 1/2"],
        source=f"{GAMBIT} (perfect2)",
        why="rows tie against an even 1 and 3; they must be even too, row 2 at most 1/2",
        subsets=2,
        components=2,
    ),
    two_players(
        "burning a dollar",
        cells(
            [(2, 1), (2, 1), (-1, 0), (-1, 0)],
            [(-1, 0), (-1, 0), (0, 3), (0, 3)],
            [(3, 1), (0, 0), (3, 1), (0, 0)],
            [(0, 0), (1, 3), (0, 0), (1, 3)],
        ),
        [
            "1 0 0 0 | 2/3 1/3 0 0",
            "1 0 0 0 | 0 1 0 0",
            "0 0 1 0 | 1 0 0 0",
            "0 0 1 0 | 0 0 1 0",
            "0 0 0 1 | 0 2/3 0 1/3",
            "0 0 0 1 | 0 0 0 1",
            "0 0 3/4 1/4 | 1/4 1/3 0 5/12",
            "0 0 3/4 1/4 | 1/4 0 0 3/4",
            "0 0 3/4 1/4 | 0 7/12 1/4 1/6",
            "0 0 3/4 1/4 | 0 0 1/4 3/4",
        ],
        source=f"van Damme (1989), J. Econ. Theory 48, 476-496, doi:10.1016/0022-0531(89)90038-0, "
        f"{GAMBIT} (vd)",
        why="each outcome fixes one player; the other's replies form four polytopes",
        subsets=4,
        components=4,
    ),
    two_players(
        "Kohlberg and Mertens' circle",
        cells([(1, 1), (0, -1), (-1, 1)], [(-1, 0), (0, 0), (-1, 0)], [(1, -1), (0, -1), (-2, -2)]),
        [
            "1 0 0 | 1 0 0",
            "0 0 1 | 1 0 0",
            "0 0 1 | 0 1 0",
            "0 1 0 | 0 1 0",
            "0 1 0 | 0 0 1",
            "1 0 0 | 0 0 1",
        ],
        source="Kohlberg and Mertens (1986), Econometrica 54, 1003-1037, doi:10.2307/1912320",
        why="published: the equilibria form one circle; here a hexagon",
        subsets=6,
        components=1,
    ),
    two_players(
        "nashpy's issue 82",
        (
            [[0, 0, -6, 0, 0], [0, 0, -3, -2, -1], [-4, -3, 0, 0, -1]],
            [[-3, 0, -2, -1, 0], [0, -2, 0, 0, -4], [-4, 0, -2, -4, -4]],
        ),
        [
            "1 0 0 | 0 1 0 0 0",
            "1 0 0 | 0 0 0 0 1",
            "2/3 1/3 0 | 0 1 0 0 0",
            "1/3 1/2 1/6 | 0 4/9 2/9 1/3 0",
            "0 1/2 1/2 | 0 1/2 1/2 0 0",
            "0 1 0 | 3/7 0 4/7 0 0",
            "0 1 0 | 1 0 0 0 0",
            "0 1 0 | 3/8 0 1/4 3/8 0",
        ],
        source="nashpy's issue 82, which lists the eight; the costs there are negated here",
        why="listed there",
        subsets=5,
        components=4,
    ),
    two_players(
        "nashpy's issue 222",
        ([[-3, 3], [-3, 5]], [[2, 7], [4, 2]]),
        ["0 1 | 1 0", "2/7 5/7 | 1 0"],
        source="nashpy's issue 222, where support enumeration found one end of the segment",
        why="rows tie against the first column, best while 2x + 4(1-x) >= 7x + 2(1-x)",
        subsets=1,
        components=1,
    ),
    two_players(
        "centipede of four moves",
        cells([(4, 1)] * 3, [(2, 8), (16, 4), (16, 4)], [(2, 8), (8, 32), (64, 16)]),
        [
            "1 0 0 | 1 0 0",
            "1 0 0 | 30/31 0 1/31",
            "1 0 0 | 6/7 1/7 0",
            "1 0 0 | 6/7 6/49 1/49",
        ],
        source="McKelvey and Palfrey (1992), Econometrica 60, 803-836, doi:10.2307/2951567, "
        "payoffs times ten",
        why="the first player takes at once while 2a + 16(1-a) <= 4 and 2a + 8b + 64c <= 4",
        subsets=1,
        components=1,
    ),
    two_players(
        "two weak equilibria in an L",
        symmetric([[1, 1], [1, 0]]),
        ["1 0 | 1 0", "1 0 | 0 1", "0 1 | 1 0"],
        source="analytic",
        why="all but the last cell pay 1",
        subsets=2,
        components=1,
    ),
    two_players(
        "prisoner's dilemma with the option to stay out",
        symmetric([[3, 0, 2], [5, 1, 2], [2, 2, 2]]),
        [
            "0 0 1 | 0 0 1",
            "0 0 1 | 0 1 0",
            "0 1 0 | 0 0 1",
            "0 0 1 | 1/4 3/4 0",
            "1/4 3/4 0 | 0 0 1",
        ],
        source="analytic, in the manner of Orbell and Dawes",
        why="staying out pays 2; facing it all tie; defecting pays more than 2 beyond 1/4",
        subsets=2,
        components=1,
    ),
    two_players(
        "war of attrition: prize 4, endurance 0 to 3",
        symmetric(
            [
                [2, 0, 0, 0],
                [4, 1, -1, -1],
                [4, 3, 0, -2],
                [4, 3, 2, -1],
            ]
        ),
        [
            "1 0 0 0 | 0 1/4 0 3/4",
            "1 0 0 0 | 0 0 1/3 2/3",
            "1 0 0 0 | 0 0 0 1",
            "1/3 0 0 2/3 | 1/3 0 0 2/3",
            "1/3 0 0 2/3 | 0 1/4 0 3/4",
            "0 1/4 0 3/4 | 1 0 0 0",
            "0 1/4 0 3/4 | 1/3 0 0 2/3",
            "0 0 1/3 2/3 | 1 0 0 0",
            "0 0 0 1 | 1 0 0 0",
        ],
        source="analytic, after Maynard Smith (1974), J. Theor. Biol. 47, 209-221, "
        "doi:10.1016/0022-5193(74)90110-6",
        why="one yields at once while the other endures with enough chance, or both mix",
        subsets=6,
        components=1,
    ),
]

CRISES = [
    audience_costs(
        1,
        ["1 0 0 | 1/5 4/5", "1 0 0 | 0 1", "0 1/5 4/5 | 1 0", "0 0 1 | 1 0"],
        subsets=2,
        components=2,
    ),
    audience_costs(
        2,
        [
            "1 0 0 | 1/3 2/3",
            "1 0 0 | 0 1",
            "0 1/5 4/5 | 1/3 2/3",
            "0 1/5 4/5 | 1 0",
            "0 0 1 | 1 0",
        ],
        subsets=4,
        components=1,
    ),
    audience_costs(
        3,
        ["1 0 0 | 1/3 2/3", "1 0 0 | 0 1", "0 1/5 4/5 | 1 0", "0 0 1 | 1 0"],
        subsets=2,
        components=2,
    ),
    two_players(
        "unilateral deterrence, both sides hard with chance 1/4",
        deterrence(Fraction(1, 4), Fraction(1, 4)),
        [
            "1/3 2/3 0 0 | 1/3 2/3 0 0",
            "0 0 0 1 | 1 0 0 0",
            "0 0 0 1 | 5/9 4/9 0 0",
            "0 0 0 1 | 2/3 0 0 1/3",
            "0 0 0 1 | 0 0 1 0",
            "0 0 0 1 | 0 1/6 5/6 0",
            "0 0 0 1 | 0 0 8/9 1/9",
        ],
        source="analytic, in the structure of Zagare and Kilgour",
        why="bluffing with chance (p (1 - d)) / ((1 - p) d) = 1/3, and deterrence wherever an "
        "attack would be resisted with chance 2/3: a simplex cut by a plane",
        subsets=2,
        components=2,
    ),
]

LONE = [
    nothing_matters(1, 1),
    nothing_matters(1, 3),
    nothing_matters(3, 1),
    nothing_matters(2, 2),
    nothing_matters(2, 3),
    two_players(
        "one strategy against three",
        cells([(0, 1), (5, 3), (-2, 3)]),
        ["1 | 0 1 0", "1 | 0 0 1"],
        source="analytic",
        why="any mixture of the two best columns",
        subsets=1,
        components=1,
    ),
    two_players(
        "three strategies against one",
        cells([(1, 0)], [(2, 9)], [(0, 4)]),
        ["0 1 0 | 1"],
        source="analytic",
        why="the best row",
    ),
]

GAMES = [*KNIFE_EDGES, *CRISES, *LONE]
