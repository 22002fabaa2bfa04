"""Dominated strategies and their iterated elimination, every step with its certificate.

Whether a mixture strictly dominates a strategy is a linear program: the largest ``e`` such
that some mixture earns at least ``e`` more whatever the others do. HiGHS solves it in
floating point and the answer is believed only with an exact witness: a rational mixture that
does better everywhere, or a rational belief about the others against which the strategy is a
best reply (Pearce 1984, Lemma 3, doi:10.2307/1911197). Where rounding leaves neither, which is
a knife edge, the program is solved again in rational arithmetic.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, exact_number
from ..errors import GameError
from ..games import NormalFormGame
from .certify import require_normal_form

__all__ = ["DominanceKind", "DominanceSolution", "Domination", "dominance", "dominating_mixture"]

_MAX_DENOMINATOR = 10**12


class DominanceKind(enum.Enum):
    """Which strategies count as dominated; the value is the message that a person reads."""

    STRICT = "strictly dominated by a pure strategy"
    WEAK = "weakly dominated by a pure strategy"
    MIXED = "strictly dominated by a pure or mixed strategy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Domination:
    """One dominated strategy and what dominates it.

    Attributes
    ----------
    round : int
        Round of elimination, from 1.
    player, strategy : str
    by : mapping of str to Fraction
        The dominating strategy: probabilities of the player's other strategies.
    margin : Fraction
        Smallest gain of the dominating strategy over the dominated one in the remaining game
        (0 for weak dominance that is not strict).
    """

    round: int
    player: str
    strategy: str
    by: dict[str, Fraction]
    margin: Fraction

    def __str__(self) -> str:
        if len(self.by) == 1:
            (mixture,) = self.by
        else:
            mixture = " + ".join(f"{decimal_text(p)} {name}" for name, p in self.by.items())
        return (
            f"round {self.round}: {self.player}'s {self.strategy} by {mixture} "
            f"(margin {decimal_text(self.margin)})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DominanceSolution:
    """Result of `dominance`.

    Attributes
    ----------
    game, reduced : NormalFormGame
        The game asked about, and what is left of it.
    kind : DominanceKind
    trace : tuple of Domination
        Every eliminated strategy in the order of elimination.
    order_matters : bool
        True for weak dominance when something was eliminated: another order of elimination
        may leave another game.
    """

    game: NormalFormGame = field(repr=False)
    reduced: NormalFormGame = field(repr=False)
    kind: DominanceKind
    trace: tuple[Domination, ...]
    order_matters: bool

    @property
    def survivors(self) -> dict[str, tuple[str, ...]]:
        """Strategies that were not eliminated, by player."""
        return dict(zip(self.reduced.players, self.reduced.strategies, strict=True))

    @property
    def solves(self) -> bool:
        """Whether one strategy a player is left."""
        return all(size == 1 for size in self.reduced.shape)

    def __str__(self) -> str:
        left = "; ".join(f"{who}: {', '.join(own)}" for who, own in self.survivors.items())
        return "\n".join(
            [f"{len(self.trace)} {self.kind.value}; left: {left}"]
            + [f"  {step}" for step in self.trace]
        )


def dominance(
    game: NormalFormGame,
    *,
    kind: DominanceKind | str = DominanceKind.MIXED,
    iterated: bool = True,
) -> DominanceSolution:
    """Eliminate dominated strategies, all of them in each round.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    kind : DominanceKind or str, optional
        ``"strict"`` or ``"weak"`` (by a pure strategy), or ``"mixed"`` (strictly, by a pure or
        mixed one; what is left are the correlated-rationalizable strategies).
    iterated : bool, optional
        Whether to go on until nothing is dominated; otherwise stop after one round.

    Returns
    -------
    DominanceSolution

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(ag.solvers.dominance(dilemma, kind="strict"))
    2 strictly dominated by a pure strategy; left: player_1: s2; player_2: s2
      round 1: player_1's s1 by s2 (margin 1)
      round 1: player_2's s1 by s2 (margin 1)
    """
    require_normal_form(game)
    chosen = _kind(kind)
    trace: list[Domination] = []
    remaining = game
    for number in range(1, sum(game.shape) + 1):
        steps = [
            step
            for who in range(remaining.n_players)
            for step in _round(remaining, who, chosen, number)
        ]
        trace.extend(steps)
        for step in steps:
            remaining = remaining.without(step.player, step.strategy)
        if not steps or not iterated:
            break
    return DominanceSolution(
        game=game,
        reduced=remaining,
        kind=chosen,
        trace=tuple(trace),
        order_matters=chosen is DominanceKind.WEAK and bool(trace),
    )


def dominating_mixture(
    payoffs: Sequence[Sequence[Fraction]], strategy: int
) -> tuple[Fraction, ...] | None:
    """Return a mixture that strictly dominates a strategy, or None if there is none.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction, shape (own strategies, others' profiles)
    strategy : int
        Position of the strategy in question.

    Returns
    -------
    tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0.
    """
    table = [list(row) for row in payoffs]
    own = table[strategy]
    others = [k for k in range(len(table)) if k != strategy]
    if not others or any(own[s] == max(row[s] for row in table) for s in range(len(own))):
        return None  # a best reply to some pure profile
    for k in others:
        if all(a > b for a, b in zip(table[k], own, strict=True)):
            return tuple(Fraction(int(j == k)) for j in range(len(table)))
    gains = [[a - b for a, b in zip(table[k], own, strict=True)] for k in others]
    mixture, belief = _float_program(gains)
    if mixture is None or belief is None:
        weights = _exact_program(gains)
    elif min(_combine(gains, mixture)) > 0:
        weights = mixture
    elif max(_combine(list(zip(*gains, strict=True)), belief)) <= 0:
        return None  # the strategy is a best reply to this belief
    else:
        weights = _exact_program(gains)
    if weights is None:
        return None
    full = dict(zip(others, weights, strict=True))
    return tuple(full.get(k, Fraction(0)) for k in range(len(table)))


def _kind(kind: DominanceKind | str) -> DominanceKind:
    for known in DominanceKind:
        if kind in (known, known.name.lower()):
            return known
    msg = f"`kind` must be 'strict', 'weak' or 'mixed', got {kind!r}"
    raise GameError(msg)


def _round(game: NormalFormGame, who: int, kind: DominanceKind, number: int) -> list[Domination]:
    """Return the player's dominated strategies, each by one that is itself undominated."""
    table = np.moveaxis(game.exact_payoffs[who], who, 0).reshape(game.shape[who], -1).tolist()
    names = game.strategies[who]
    steps = []
    for k in range(len(names)):
        if kind is DominanceKind.MIXED:
            mixture = dominating_mixture(table, k)
        else:
            mixture = _dominating_pure(table, k, weak=kind is DominanceKind.WEAK)
        if mixture is None:
            continue
        gains = _combine(table, mixture)
        steps.append(
            Domination(
                round=number,
                player=game.players[who],
                strategy=names[k],
                by={name: p for name, p in zip(names, mixture, strict=True) if p},
                margin=min(g - u for g, u in zip(gains, table[k], strict=True)),
            )
        )
    return steps


def _dominating_pure(
    table: list[list[Fraction]], k: int, *, weak: bool
) -> tuple[Fraction, ...] | None:
    """Return a pure strategy that dominates `k` and is not dominated itself."""
    better = [j for j, row in enumerate(table) if _dominates(row, table[k], weak=weak)]
    for j in better:
        # What dominates a dominating strategy dominates `k` as well, so it is among these.
        if not any(_dominates(table[i], table[j], weak=weak) for i in better):
            return tuple(Fraction(int(i == j)) for i in range(len(table)))
    return None


def _dominates(row: list[Fraction], other: list[Fraction], *, weak: bool) -> bool:
    pairs = list(zip(row, other, strict=True))
    if weak:
        return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)
    return all(a > b for a, b in pairs)


def _combine(rows: Sequence[Sequence[Fraction]], weights: Sequence[Fraction]) -> list[Fraction]:
    return [
        sum((w * v for w, v in zip(weights, column, strict=True)), Fraction(0))
        for column in zip(*rows, strict=True)
    ]


def _float_program(
    gains: list[list[Fraction]],
) -> tuple[list[Fraction] | None, list[Fraction] | None]:
    """Return the program's mixture and its dual belief, rounded to exact distributions."""
    from scipy.optimize import linprog

    scale = max((abs(g) for row in gains for g in row), default=Fraction(1)) or Fraction(1)
    matrix = np.array([[float(g / scale) for g in row] for row in gains])
    n_mix, n_profiles = matrix.shape
    answer = linprog(
        np.append(np.zeros(n_mix), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((n_profiles, 1))]),
        b_ub=np.zeros(n_profiles),
        A_eq=np.append(np.ones(n_mix), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * n_mix + [(None, None)],
        method="highs",
    )
    if answer.status != 0:
        return None, None
    return _distribution(answer.x[:-1]), _distribution(-answer.ineqlin.marginals)


def _distribution(values: np.ndarray) -> list[Fraction] | None:
    parts = [
        max(Fraction(float(v)).limit_denominator(_MAX_DENOMINATOR), Fraction(0)) for v in values
    ]
    total = sum(parts, Fraction(0))
    return [p / total for p in parts] if total else None


def _exact_program(gains: list[list[Fraction]]) -> list[Fraction] | None:
    """Solve the program in rational arithmetic; return the mixture if the optimum is positive."""
    from sympy import Rational, Symbol
    from sympy.solvers.simplex import lpmax

    weights = [Symbol(f"w{k}") for k in range(len(gains))]
    gain = Symbol("gain")
    constraints = [w >= 0 for w in weights]
    total = sum(weights)
    constraints += [total <= 1, total >= 1]
    constraints += [
        sum(Rational(g.numerator, g.denominator) * w for g, w in zip(column, weights, strict=True))
        >= gain
        for column in zip(*gains, strict=True)
    ]
    optimum, point = lpmax(gain, constraints)
    if optimum <= 0:
        return None
    return [exact_number(point[w]) for w in weights]
