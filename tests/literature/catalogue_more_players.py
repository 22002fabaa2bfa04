"""The catalogue's games of three and four players, some with irrational equilibria or continua.

Where each player has two strategies, `mixes` takes the chance of the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .named_game import Number, by_list, by_rule, mixes, more_players, root

GAMBIT = "payoffs as in Gambit's collection"
NAU = (
    "Nau, Canovas and Hansen (2004), Int. J. Game Theory 32, 443-453, "
    "doi:10.1007/s001820300162, section {}"
)
ZERO, ONE = Fraction(0), Fraction(1)
HALF, THIRD, QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)
TWOS = (2, 2, 2)


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


# Payoffs


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


GAMBIT_ROOT = root(37404292371517189681)
NAU_Q = (root(601) - 13) / 24
NAU_P = (9 * NAU_Q - 1) / (7 * NAU_Q + 2)
NAU_R = (2 - 3 * NAU_Q) / (NAU_Q + 1)

GAMES = [
    more_players(
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
    more_players(
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
    more_players(
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
    more_players(
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
        [
            ((ONE, ZERO, ZERO), (ZERO, ONE, ZERO), (ONE, ZERO, ZERO)),
            ((ZERO, ONE, ZERO), (ZERO, ZERO, ONE), (ZERO, ZERO, ONE)),
            *(
                ((p, 1 - p, ZERO), (ZERO, q, 1 - q), (ZERO, r, 1 - r))
                for p, q, r in (
                    (Fraction(1381, 2801), ONE, Fraction(94, 1771)),
                    (Fraction(157, 451), Fraction(167, 308), ZERO),
                    (
                        (13358348353 - GAMBIT_ROOT) / 20712646312,
                        (7336139843 + GAMBIT_ROOT) / 15880815376,
                        (6833890901 - GAMBIT_ROOT) / 16713770901,
                    ),
                )
            ),
        ],
        source=f"{GAMBIT} (3x3x3)",
        why="stated there: five, two of them pure; the others from their indifference equations",
    ),
    more_players(
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
    more_players(
        "three-player matching pennies",
        by_rule(TWOS, jordan),
        [mixes(HALF, HALF, HALF)],
        source="Jordan (1993), Games Econ. Behav. 5, 368-386, doi:10.1006/game.1993.1022",
        why="the first matches the second, who matches the third, who avoids the first: a pure "
        "strategy of one would make all pure, and pure replies cycle",
    ),
    more_players(
        "rock-paper-scissors of three",
        by_rule((3, 3, 3), rock_paper_scissors),
        [((THIRD,) * 3,) * 3],
        source="analytic",
        why="payoffs sum to 0 and each can have 0, so A(p_2 + p_3) = 0 for all: all even",
    ),
    more_players(
        "chicken with a bystander",
        by_rule((2, 2, 1), chicken_with_a_bystander),
        [(*own, (Fraction(1),)) for own in (mixes(1, 0), mixes(0, 1), mixes(HALF, HALF))],
        source="analytic",
        why="chicken by ranks",
    ),
    more_players(
        "one profile",
        by_rule((1, 1, 1), lambda player, _: player),
        [((Fraction(1),),) * 3],
        source="analytic",
        why="nothing to choose",
    ),
    more_players(
        "the zero game of three",
        by_rule(TWOS, lambda *_: 0),
        [],
        source="analytic",
        why="everything is an equilibrium",
        continuum=(mixes(0, 0, 0), mixes(1, 0, 1), mixes(HALF, THIRD, 1)),
        distance=lambda _: 0.0,
    ),
    more_players(
        "Gambit's 2x2x2x2 game",
        by_list(
            (2, 2, 2, 2),
            "1.131 1.210 2.426 2.429, 4.225 5.277 4.837 5.645, 4.452 4.549 1.655 1.347, "
            "7.566 4.655 7.076 4.423, 1.223 1.358 2.234 2.238, 4.483 5.764 4.995 5.754, "
            "4.564 4.326 1.762 1.576, 7.247 4.943 7.362 4.382, 2.326 2.422 3.222 3.024, "
            "1.478 2.544 1.973 7.486, 2.747 2.243 3.518 3.062, 1.759 2.705 1.735 4.043, "
            "5.255 5.334 2.643 2.873, 4.383 1.436 4.864 5.267, 5.634 5.675 2.455 6.523, "
            "4.642 1.897 4.042 3.830",
        ),
        [
            mixes(1, 1, 1, 0),
            mixes(0, 1, 0, 1),
            mixes(Fraction(184, 1833), 0, 0, Fraction(992, 3675)),
        ],
        source=f"{GAMBIT} (2x2x2x2)",
        why="stated there: three; the mixed one from the equations of the two who mix",
    ),
]
