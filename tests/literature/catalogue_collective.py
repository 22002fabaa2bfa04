"""The catalogue's symmetric games of three and four players: volunteers, thresholds, crowds.

A player who mixes needs one equation in the chances of the others; where that equation is
f(p_2, p_3) = 0 with f symmetric, subtracting two of them shows when all who mix mix alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from .named_game import Number, Profile, alike, by_rule, each_order, mixes, more_players, root

TWOS = (2, 2, 2)
HALF, THIRD, QUARTER, EIGHTH = (Fraction(1, k) for k in (2, 3, 4, 8))


def minority_distance(profile: Sequence[Sequence[float]]) -> float:
    """Two of the three differ in pure strategies, the third does as it likes."""
    chances = [own[0] for own in profile]
    return min(
        min(abs(a) + abs(1 - b), abs(1 - a) + abs(b))
        for a, b in ((chances[i], chances[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    )


def dilemma_of_volunteers(cost: Number, players: int = 3) -> tuple[object, ...]:
    """One volunteer gives everyone 1; each volunteer pays the cost."""
    return alike(lambda _: 1 - cost, lambda others: int(others > 0), players)


def threshold(cost: Number) -> tuple[object, ...]:
    """Two contributors give everyone 1; each contributor pays the cost."""
    return alike(lambda others: int(others >= 1) - cost, lambda others: int(others >= 2))


def volunteers_and_a_gesture(cost: Number, players: int) -> tuple[object, ...]:
    """The first player may also make a gesture, which costs as much and gives nothing."""

    def payoff(player: int, profile: tuple[int, ...]) -> Number:
        return int(0 in profile) - (0 if profile[player] == 1 else cost)

    return by_rule((3, *[2] * (players - 1)), payoff)


def with_a_gesture(profiles: Iterable[Profile]) -> list[Profile]:
    """The same profiles, the first player never making the gesture."""
    return [((*own[0], Fraction(0)), *own[1:]) for own in profiles]


DIEKMANN = "Diekmann (1985), J. Conflict Resolution 29, 605-610, doi:10.1177/0022002785029004003"
VOLUNTEERS_OF_FOUR = [
    *each_order(1, 0, 0, 0),
    *each_order(1 - EIGHTH, 1 - EIGHTH, 0, 0),
    *each_order(*[1 - root(EIGHTH)] * 3, 0),
    mixes(*[HALF] * 4),
]
PAIRS = "one volunteers, or two mix with P(none of the others) = cost, or all three do"

GAMES = [
    more_players(
        "coordination of three",
        by_rule(TWOS, lambda _, profile: int(len(set(profile)) == 1)),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(HALF, HALF, HALF)],
        source="analytic",
        why="who mixes needs p_2 p_3 = (1 - p_2)(1 - p_3)",
    ),
    more_players(
        "majority of three",
        alike(lambda others: int(others >= 1), lambda others: int(others <= 1)),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(HALF, HALF, HALF)],
        source="analytic",
        why="who mixes needs p_2 + p_3 = 1",
    ),
    more_players(
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
    more_players(
        "volunteer's dilemma, cost 1/4",
        dilemma_of_volunteers(QUARTER),
        [
            *each_order(1, 0, 0),
            *each_order(Fraction(3, 4), Fraction(3, 4), 0),
            mixes(HALF, HALF, HALF),
        ],
        source=DIEKMANN,
        why=PAIRS,
    ),
    more_players(
        "volunteer's dilemma, cost 1/2",
        dilemma_of_volunteers(HALF),
        [*each_order(1, 0, 0), *each_order(HALF, HALF, 0), mixes(*[1 - root(HALF)] * 3)],
        source=DIEKMANN,
        why=PAIRS,
    ),
    more_players(
        "volunteer's dilemma with an empty gesture",
        volunteers_and_a_gesture(HALF, 3),
        with_a_gesture(
            [*each_order(1, 0, 0), *each_order(HALF, HALF, 0), mixes(*[1 - root(HALF)] * 3)]
        ),
        source="analytic",
        why="the gesture is dominated; then the volunteer's dilemma of cost 1/2",
    ),
    more_players(
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
    more_players(
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
    more_players(
        "El Farol for three",
        alike(lambda others: 0 if others == 2 else 2, lambda _: 1),
        [*each_order(1, 1, 0), *each_order(1, HALF, HALF), mixes(*[root(HALF)] * 3)],
        source="after Arthur (1994), Am. Econ. Rev. 84, 406-411",
        why="going pays where both others go with chance at most 1/2",
    ),
    more_players(
        "market entry of three",
        alike(lambda others: (4, 1, -1)[others], lambda _: 0),
        [*each_order(1, 1, 0), *each_order(1, HALF, HALF), mixes(*[3 - root(5)] * 3)],
        source="analytic",
        why="4 - 3(p_2 + p_3) + p_2 p_3 = 0 for all who mix: p = 3 - sqrt(5), or 1/2 beside one",
    ),
    more_players(
        "stag hunt of three",
        alike(lambda others: 2 * int(others == 2), lambda _: 1),
        [mixes(1, 1, 1), mixes(0, 0, 0), mixes(*[root(HALF)] * 3)],
        source="analytic, after Rousseau and Jervis",
        why="who mixes needs p_2 p_3 = 1/2; a sure hunter or deserter breaks it for the others",
    ),
    more_players(
        "public goods of three",
        alike(lambda others: 2 * (others + 1) - 3, lambda others: 2 * others),
        [mixes(0, 0, 0)],
        source="analytic",
        why="contributing costs 3 and returns 2: strictly dominated",
    ),
    more_players(
        "volunteer's dilemma of four, cost 1/8",
        dilemma_of_volunteers(EIGHTH, 4),
        VOLUNTEERS_OF_FOUR,
        source=DIEKMANN,
        why="(1 - p)^(k - 1) = 1/8 for any k who mix; who does not mix is content to watch",
    ),
    more_players(
        "volunteer's dilemma of four with an empty gesture",
        volunteers_and_a_gesture(EIGHTH, 4),
        with_a_gesture(VOLUNTEERS_OF_FOUR),
        source="analytic",
        why="the gesture is dominated; then the volunteer's dilemma of four",
    ),
]
