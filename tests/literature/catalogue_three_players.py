"""The catalogue's games of three players, some with irrational equilibria, some with continua.

Where each player has two strategies, `mixes` takes the chance of the first one. In a symmetric
game a player who mixes needs one equation in the chances of the other two; where that equation
is f(p_2, p_3) = 0 with f symmetric, subtracting two of them shows when all who mix mix alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import permutations

from .named_game import NamedGame, Number, Profile, by_list, by_rule, mixes, root

GAMBIT = "payoffs as in Gambit's collection"
NAU = (
    "Nau, Canovas and Hansen (2004), Int. J. Game Theory 32, 443-453, "
    "doi:10.1007/s001820300162, section {}"
)
HALF, THIRD, QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)
TWOS = (2, 2, 2)


def three_players(
    name: str,
    payoffs: tuple[object, ...],
    equilibria: Iterable[Profile],
    *,
    source: str,
    why: str,
    count: int | None = None,
    continuum: tuple[Profile, ...] = (),
    distance: Callable[[Sequence[Sequence[float]]], float] | None = None,
) -> NamedGame:
    listed = frozenset(equilibria)
    return NamedGame(
        name=name,
        source=source,
        why=why,
        payoffs=payoffs,
        equilibria=listed,
        count=len(listed) if count is None else count,
        continuum=continuum,
        distance=distance,
    )


def alike(first: Callable[[int], Number], second: Callable[[int], Number]) -> tuple[object, ...]:
    """A symmetric game: what each strategy pays, by how many of the others play the first."""

    def payoff(player: int, profile: tuple[int, ...]) -> Number:
        others = sum(own == 0 for k, own in enumerate(profile) if k != player)
        return second(others) if profile[player] else first(others)

    return by_rule(TWOS, payoff)


def each_order(*chances: Number) -> set[Profile]:
    """A profile of a symmetric game in every order of the players."""
    return {mixes(*order) for order in permutations(map(Fraction, chances))}


# Continua: sums of absolute values that vanish on them and nowhere else on the profiles


def horse_distance(profile: Sequence[Sequence[float]]) -> float:
    p, q, r = (own[0] for own in profile)
    outer = abs(1 - p) + abs(1 - q) + max(0.0, r - 1 / 4)
    return min(outer, abs(p) + abs(1 - r) + max(0.0, 1 / 3 - q))


def nau_distance(profile: Sequence[Sequence[float]]) -> float:
    p, q, r = (own[0] for own in profile)
    curve = abs(p * q - 3 * p - 3 * q + 3) + abs(r - 1 / 4)
    ends = max(0.0, 1 / 4 - r) + min(abs(p) + abs(1 - q), abs(1 - p) + abs(q))
    return min(curve, ends)


def minority_distance(profile: Sequence[Sequence[float]]) -> float:
    """Two of the three differ in pure strategies, the third does as it likes."""
    chances = [own[0] for own in profile]
    return min(
        min(abs(a) + abs(1 - b), abs(1 - a) + abs(b))
        for a, b in ((chances[i], chances[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    )


# Payoffs


def dilemma_of_volunteers(cost: Number) -> tuple[object, ...]:
    """One volunteer gives everyone 1; each volunteer pays the cost."""
    return alike(lambda _: 1 - cost, lambda others: int(others > 0))


def threshold(cost: Number) -> tuple[object, ...]:
    """Two contributors give everyone 1; each contributor pays the cost."""
    return alike(lambda others: int(others >= 1) - cost, lambda others: int(others >= 2))


def volunteers_and_a_gesture(player: int, profile: tuple[int, ...]) -> Number:
    """The first player may also make a gesture, which costs as much and gives nothing."""
    given = any(own == 0 for own in profile)
    idle = profile[player] == 1
    return int(given) - (0 if idle else HALF)


def rock_paper_scissors(player: int, profile: tuple[int, ...]) -> Number:
    """Rivals beaten less rivals that beat one."""
    return sum((0, 1, -1)[(profile[player] - own) % 3] for own in profile)


def jordan(player: int, profile: tuple[int, ...]) -> Number:
    same = profile[player] == profile[(player + 1) % 3]
    return int(same != (player == 2))


def chicken_with_a_bystander(player: int, profile: tuple[int, ...]) -> Number:
    if player == 2:
        return 7
    own, other = profile[player], profile[1 - player]
    return ((3, 2), (4, 1))[own][other]


NAU_Q = (root(601) - 13) / 24
NAU_P = (9 * NAU_Q - 1) / (7 * NAU_Q + 2)
NAU_R = (2 - 3 * NAU_Q) / (NAU_Q + 1)
PAIRS = "one volunteers, or two mix with P(none of the others) = cost, or all three do"

GAMES = [
    three_players(
        "a unique irrational equilibrium",
        by_list(
            TWOS,
            "3 0 2, 0 1 0, 0 2 0, 1 0 0, 1 0 0, 0 3 0, 0 1 0, 2 0 3",
        ),
        [mixes(NAU_P, NAU_Q, NAU_R)],
        source=NAU.format(4),
        why="published as unique: q = (sqrt(601) - 13) / 24, p = (9q - 1) / (7q + 2), "
        "r = (2 - 3q) / (q + 1)",
    ),
    three_players(
        "a curve of equilibria",
        by_list(
            TWOS,
            "0 0 2, 3 0 0, 0 3 0, 0 0 0, 1 1 0, 0 0 0, 0 0 0, 0 0 3",
        ),
        [mixes(0, 0, 0)],
        source=NAU.format(5),
        why="gains q(1 - 4r), p(1 - 4r), 3p + 3q - pq - 3: the curve at r = 1/4 from (0, 1) to "
        "(1, 0), at its ends any r >= 1/4, and the pure (B, R, 2)",
        continuum=(
            mixes(0, 1, 1),
            mixes(0, 1, HALF),
            mixes(0, 1, QUARTER),
            mixes(HALF, Fraction(3, 5), QUARTER),
            mixes(Fraction(3, 4), THIRD, QUARTER),
            mixes(1, 0, QUARTER),
            mixes(1, 0, HALF),
            mixes(1, 0, 1),
        ),
        distance=nau_distance,
    ),
    three_players(
        "McKelvey and McLennan's nine equilibria",
        by_list(
            TWOS,
            "9 8 12, 0 0 0, 0 0 0, 9 8 2, 0 0 0, 3 4 6, 3 4 6, 0 0 0",
        ),
        [
            mixes(1, 1, 1),
            mixes(0, 0, 1),
            mixes(0, 1, 0),
            mixes(1, 0, 0),
            mixes(0, QUARTER, THIRD),
            mixes(THIRD, 1, QUARTER),
            mixes(HALF, HALF, 1),
            mixes(HALF, Fraction(2, 5), QUARTER),
            mixes(Fraction(2, 5), HALF, THIRD),
        ],
        source=f"{GAMBIT} (2x2x2), which states nine, two of them totally mixed",
        why="gains (2q - 1)(12r - 3), (2p - 1)(12r - 4), 26pq - 8p - 8q + 2",
    ),
    three_players(
        "Gambit's 3x3x3 game",
        by_list(
            (3, 3, 3),
            "1.131 1.210 2.426, 1.358 2.234 2.238, 1.655 1.347 2.747, "
            "1.576 5.634 5.675, 1.478 2.544 1.973, 1.436 4.864 5.267, "
            "1.735 4.043 7.247, 3.830 1.335 1.734, 1.428 1.521 4.248, "
            "2.429 2.326 2.422, 5.255 5.334 2.643, 2.243 3.518 3.062, "
            "2.455 6.523 4.225, 7.486 4.483 5.764, 7.566 4.655 7.076, "
            "4.943 7.362 4.382, 4.434 4.271 4.120, 4.533 5.231 5.458, "
            "3.222 3.024 1.223, 2.873 4.452 4.549, 4.564 4.326 1.762, "
            "5.277 4.837 5.645, 4.995 5.754 4.383, 4.423 1.759 2.705, "
            "4.642 1.897 4.042, 4.976 7.324 7.723, 4.486 4.882 2.537",
        ),
        [],
        source=f"{GAMBIT} (3x3x3)",
        why="stated there: five equilibria, two of them pure",
        count=5,
    ),
    three_players(
        "Selten's horse",
        by_rule(
            TWOS,
            lambda player, profile: (
                ((3, 2, 2), (0, 0, 0))[profile[2]]
                if profile[0]
                else ((4, 4, 0), (0, 0, 1))[profile[2]]
                if profile[1]
                else (1, 1, 1)
            )[player],
        ),
        [],
        source="Selten (1975), Int. J. Game Theory 4, 25-55, doi:10.1007/BF01766400, figure 1",
        why="published: both across while r <= 1/4; or down at once, r = 1, while q >= 1/3",
        continuum=(
            mixes(1, 1, 0),
            mixes(1, 1, QUARTER),
            mixes(1, 1, Fraction(1, 8)),
            mixes(0, 1, 1),
            mixes(0, THIRD, 1),
            mixes(0, HALF, 1),
        ),
        distance=horse_distance,
    ),
    three_players(
        "three-player matching pennies",
        by_rule(TWOS, jordan),
        [mixes(HALF, HALF, HALF)],
        source="Jordan (1993), Games Econ. Behav. 5, 368-386, doi:10.1006/game.1993.1022",
        why="the first matches the second, who matches the third, who avoids the first: a pure "
        "strategy of one would make all pure, and pure replies cycle",
    ),
    three_players(
        "coordination of three",
        by_rule(TWOS, lambda _, profile: int(len(set(profile)) == 1)),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(HALF, HALF, HALF)],
        source="analytic",
        why="who mixes needs p_2 p_3 = (1 - p_2)(1 - p_3)",
    ),
    three_players(
        "majority of three",
        alike(lambda others: int(others >= 1), lambda others: int(others <= 1)),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(HALF, HALF, HALF)],
        source="analytic",
        why="who mixes needs p_2 + p_3 = 1",
    ),
    three_players(
        "minority of three",
        alike(lambda others: int(others == 0), lambda others: int(others == 2)),
        [mixes(HALF, HALF, HALF)],
        source="Challet and Zhang (1997), Physica A 246, 407-418, "
        "doi:10.1016/S0378-4371(97)00419-6, one round of three",
        why="a hexagon: while two differ the third cannot win; else all mix with p_2 + p_3 = 1",
        continuum=(
            mixes(1, 0, 0),
            mixes(1, 0, HALF),
            mixes(1, 0, 1),
            mixes(HALF, 0, 1),
            mixes(0, 0, 1),
            mixes(0, THIRD, 1),
            mixes(0, 1, 1),
            mixes(0, 1, 0),
        ),
        distance=minority_distance,
    ),
    three_players(
        "volunteer's dilemma, cost 1/4",
        dilemma_of_volunteers(QUARTER),
        [
            *each_order(1, 0, 0),
            *each_order(Fraction(3, 4), Fraction(3, 4), 0),
            mixes(HALF, HALF, HALF),
        ],
        source="Diekmann (1985), J. Conflict Resolution 29, 605-610, "
        "doi:10.1177/0022002785029004003",
        why=PAIRS,
    ),
    three_players(
        "volunteer's dilemma, cost 1/2",
        dilemma_of_volunteers(HALF),
        [*each_order(1, 0, 0), *each_order(HALF, HALF, 0), mixes(*[1 - root(HALF)] * 3)],
        source="Diekmann (1985), J. Conflict Resolution 29, 605-610, "
        "doi:10.1177/0022002785029004003",
        why=PAIRS,
    ),
    three_players(
        "volunteer's dilemma with an empty gesture",
        by_rule((3, 2, 2), volunteers_and_a_gesture),
        [
            ((*own[0], Fraction(0)), *own[1:])
            for own in (
                *each_order(1, 0, 0),
                *each_order(HALF, HALF, 0),
                mixes(*[1 - root(HALF)] * 3),
            )
        ],
        source="analytic",
        why="the gesture is dominated; then the volunteer's dilemma of cost 1/2",
    ),
    three_players(
        "threshold public good, cost 3/8",
        threshold(Fraction(3, 8)),
        [
            mixes(0, 0, 0),
            *each_order(1, 1, 0),
            *each_order(1, Fraction(5, 8), Fraction(5, 8)),
            mixes(QUARTER, QUARTER, QUARTER),
            mixes(*[Fraction(3, 4)] * 3),
        ],
        source="after Palfrey and Rosenthal (1984), J. Public Econ. 24, 171-193, "
        "doi:10.1016/0047-2727(84)90023-9; collective defense that needs two of three",
        why="contribute where the chance to be decisive is the cost: 2p(1 - p) if all mix, 1 - p "
        "beside one sure contributor",
    ),
    three_players(
        "threshold public good, cost 1/4",
        threshold(QUARTER),
        [
            mixes(0, 0, 0),
            *each_order(1, 1, 0),
            *each_order(1, Fraction(3, 4), Fraction(3, 4)),
            mixes(*[(1 - root(HALF)) / 2] * 3),
            mixes(*[(1 + root(HALF)) / 2] * 3),
        ],
        source="after Palfrey and Rosenthal (1984), J. Public Econ. 24, 171-193, "
        "doi:10.1016/0047-2727(84)90023-9",
        why="as for cost 3/8; 2p(1 - p) = 1/4",
    ),
    three_players(
        "El Farol for three",
        alike(lambda others: 0 if others == 2 else 2, lambda _: 1),
        [*each_order(1, 1, 0), *each_order(1, HALF, HALF), mixes(*[root(HALF)] * 3)],
        source="after Arthur (1994), Am. Econ. Rev. 84, 406-411",
        why="going pays where both others go with chance at most 1/2",
    ),
    three_players(
        "market entry of three",
        alike(lambda others: (4, 1, -1)[others], lambda _: 0),
        [*each_order(1, 1, 0), *each_order(1, HALF, HALF), mixes(*[3 - root(5)] * 3)],
        source="analytic",
        why="4 - 3(p_2 + p_3) + p_2 p_3 = 0 for all who mix: p = 3 - sqrt(5), or 1/2 beside one",
    ),
    three_players(
        "stag hunt of three",
        alike(lambda others: 2 * int(others == 2), lambda _: 1),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(*[root(HALF)] * 3)],
        source="analytic, after Rousseau and Jervis",
        why="who mixes needs p_2 p_3 = 1/2; a sure hunter or deserter breaks it for the others",
    ),
    three_players(
        "public goods of three",
        alike(lambda others: 2 * (others + 1) - 3, lambda others: 2 * others),
        [mixes(0, 0, 0)],
        source="analytic",
        why="contributing costs 3 and returns 2: strictly dominated",
    ),
    three_players(
        "rock-paper-scissors of three",
        by_rule((3, 3, 3), rock_paper_scissors),
        [((THIRD,) * 3,) * 3],
        source="analytic",
        why="payoffs sum to 0 and each can have 0, so A(p_2 + p_3) = 0 for all: all even",
    ),
    three_players(
        "chicken with a bystander",
        by_rule((2, 2, 1), chicken_with_a_bystander),
        [(*own, (Fraction(1),)) for own in (mixes(1, 0), mixes(0, 1), mixes(HALF, HALF))],
        source="analytic",
        why="chicken by ranks",
    ),
    three_players(
        "one profile",
        by_rule((1, 1, 1), lambda player, _: player),
        [((Fraction(1),),) * 3],
        source="analytic",
        why="nothing to choose",
    ),
    three_players(
        "the zero game of three",
        by_rule(TWOS, lambda *_: 0),
        [],
        source="analytic",
        why="everything is an equilibrium",
        continuum=(mixes(0, 0, 0), mixes(1, 0, 1), mixes(HALF, THIRD, 1)),
        distance=lambda _: 0.0,
    ),
]
