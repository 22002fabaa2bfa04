"""Simple strategies: a path, and a path of punishment for each player that leaves any of them.

Whether they are subgame-perfect is a set of polynomial inequalities in the discount factor: at
each position of each path each player compares what follows with its best deviation, followed by
its punishment [1]_.

.. [1] D. Abreu (1988), On the theory of infinitely repeated games with discounting, Econometrica
   56, 383-396, doi:10.2307/1911077.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .._numeric import rational
from ..games import Automaton, NormalFormGame, RepeatedGame
from ..games.repeated import Positions
from .one_shot import RepeatedPlay, verify_automaton

if TYPE_CHECKING:
    import sympy as sp

__all__ = [
    "Course",
    "Quotient",
    "average",
    "course",
    "incentive",
    "incentives",
    "machine",
    "tempted",
    "worth",
]

Coefficients: TypeAlias = Sequence[Fraction | int]
"""Of a polynomial in the discount factor, the constant first."""

Quotient: TypeAlias = tuple[Coefficients, Coefficients]
"""Numerator and denominator, which is positive between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is played for ever: some profiles once, then others over and over."""

    first: tuple[Positions, ...]
    cycle: tuple[Positions, ...]

    @property
    def now(self) -> Positions:
        """The profile that is played now."""
        return self.first[0] if self.first else self.cycle[0]

    @property
    def later(self) -> Course:
        """What is played from the next period on."""
        if self.first:
            return Course(self.first[1:], self.cycle)
        return Course((), (*self.cycle[1:], self.cycle[0]))

    @property
    def futures(self) -> tuple[Course, ...]:
        """What is played from each period on, each once."""
        found = [self]
        while (later := found[-1].later) not in found:
            found.append(later)
        return tuple(found)


def course(first: Sequence[Positions], cycle: Sequence[Positions]) -> Course:
    """Return a course in its shortest form, so that equal ones compare equal.

    Examples
    --------
    >>> course([(0,), (1,)], [(0,), (1,), (0,), (1,)])
    Course(first=(), cycle=((0,), (1,)))
    """
    turn = list(cycle)
    for size in range(1, len(turn)):
        if len(turn) % size == 0 and turn == turn[:size] * (len(turn) // size):
            turn = turn[:size]
            break
    start = list(first)
    while start and start[-1] == turn[-1]:
        turn.insert(0, turn.pop())
        start.pop()
    return Course(tuple(start), tuple(turn))


def worth(stage: NormalFormGame, played: Course, who: int) -> Quotient:
    """Return a player's average payoff from a course, as a function of the discount factor.

    ``(1 - delta**n) (u[0] + ... ) + delta**L (c[0] + ... + c[n-1] delta**(n-1))`` over
    ``1 + ... + delta**(n-1)``, for L periods followed by a cycle of n.
    """

    def payoffs(profiles: Sequence[Positions]) -> list[Fraction]:
        return [stage.exact_payoffs[(who, *own)] for own in profiles]

    size, before = len(played.cycle), payoffs(played.first)
    fading = _times(before, [1, *[0] * (size - 1), -1]) if before else []
    lasting = [0] * len(before) + payoffs(played.cycle)
    return _plus(fading, lasting), [1] * size


def average(stage: NormalFormGame, played: Course, who: int, discount: Fraction) -> Fraction:
    """Return a player's average payoff from a course at a discount factor."""
    value, over = (
        sum((Fraction(c) * discount**k for k, c in enumerate(own)), Fraction(0))
        for own in worth(stage, played, who)
    )
    return value / over


def tempted(stage: NormalFormGame, profile: Positions, who: int) -> Fraction:
    """Return the most a player can get against what the others do."""
    best: Fraction = max(
        stage.exact_payoffs[(who, *profile[:who], own, *profile[who + 1 :])]
        for own in range(stage.shape[who])
    )
    return best


def incentive(stage: NormalFormGame, played: Course, who: int, punished: Quotient) -> sp.Poly:
    """Return what is not negative if a player does not deviate now, times positive numbers.

    The value of the course less ``(1 - delta) T + delta P``, with the best payoff T of a deviation.
    """
    import sympy as sp

    value, over = worth(stage, played, who)
    loss, beneath = punished
    best = tempted(stage, played.now, who)
    both = _times(over, beneath)
    found = _plus(
        _times(value, beneath),
        _plus(_times(both, [-best, best]), _times(_times(loss, over), [0, -1])),
    )
    numbers = [rational(Fraction(own)) for own in reversed(found)]
    return sp.Poly(numbers, sp.Symbol("delta", positive=True), domain="QQ")


def incentives(
    stage: NormalFormGame, target: Course, punishments: Sequence[Course]
) -> list[tuple[int, sp.Poly]]:
    """Return the players and polynomials of the conditions of subgame perfection.

    Conditions that are seen to hold for every discount factor are left out.
    """
    punished = [worth(stage, own, who) for who, own in enumerate(punishments)]
    futures = dict.fromkeys(f for own in (target, *punishments) for f in own.futures)
    found = [
        (who, incentive(stage, own, who, punished[who]))
        for own in futures
        for who in range(stage.n_players)
    ]
    return [own for own in dict.fromkeys(found) if not _holds(own[1])]


def _holds(condition: sp.Poly) -> bool:
    """Tell whether a polynomial is seen not to be negative between 0 and 1.

    It is a mixture of its Bernstein coefficients there; False proves nothing.
    """
    numbers = [Fraction(int(own.p), int(own.q)) for own in reversed(condition.all_coeffs())]
    top = len(numbers) - 1
    return all(
        sum(numbers[k] * Fraction(math.comb(j, k), math.comb(top, k)) for k in range(j + 1)) >= 0
        for j in range(top + 1)
    )


def machine(
    stage: NormalFormGame, target: Course, punishments: Sequence[Course], discount: Fraction
) -> RepeatedPlay:
    """Return the strategies as an automaton, with its certificate at one discount factor.

    Two deviations at once are treated as that of the first player who deviates.
    """
    states: dict[Course, str] = {}
    labels = ["path", *(f"punish {own}" for own in stage.players)]
    for label, own in zip(labels, (target, *punishments), strict=True):
        for k, future in enumerate(own.futures):
            states.setdefault(future, f"{label} {k + 1}" if len(own.futures) > 1 else label)
    after = {}
    for future, state in states.items():
        follow = {}
        for profile in stage.profiles():
            left = [k for k, own in enumerate(profile) if own != future.now[k]]
            follow[profile] = states[punishments[left[0]] if left else future.later]
        after[state] = follow
    automaton = Automaton(
        stage,
        play={state: own.now for own, state in states.items()},
        after=after,
        start=states[target],
    )
    return verify_automaton(RepeatedGame(stage, discount=discount), automaton)


def _times(one: Coefficients, two: Coefficients) -> list[Fraction | int]:
    found: list[Fraction | int] = [0] * (len(one) + len(two) - 1)
    for j, a in enumerate(one):
        for k, b in enumerate(two):
            found[j + k] += a * b
    return found


def _plus(one: Coefficients, two: Coefficients) -> list[Fraction | int]:
    size = max(len(one), len(two))
    return [(one[k] if k < len(one) else 0) + (two[k] if k < len(two) else 0) for k in range(size)]
