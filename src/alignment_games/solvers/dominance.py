"""Dominated strategies and their iterated elimination, every step with its certificate.

Whether a mixture strictly dominates a strategy is a linear program: the largest ``e`` such
that some mixture earns at least ``e`` more whatever the others do. The answer always has an
exact witness: a rational mixture that does better everywhere, or a rational belief about the
others against which the strategy is a best reply (Pearce 1984, Lemma 3,
doi:10.2307/1911197). Small programs are solved in rational arithmetic. Large ones go to HiGHS,
in floating point, and again to rational arithmetic where rounding leaves no witness, which is a
knife edge.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import common_denominator, decimal_text, integer_matrix
from .._typing import FloatArray, ObjectArray
from ..errors import GameError, WorkLimitError
from ..games import NormalFormGame
from .admissible import weak_mixture_or_belief
from .certify import require_normal_form
from .orders import elimination_outcomes
from .ranks import dominating_pure, own_ranks
from .zero_sum import Rational, matrix_value

__all__ = [
    "DominanceKind",
    "DominanceSolution",
    "Domination",
    "dominance",
    "dominating_mixture",
    "mixture_or_belief",
]

_MAX_DENOMINATOR = 10**12
MAX_WEAK_ENTRIES = 2500
"""Largest table of a player's payoffs that is searched for weakly dominating mixtures."""

_EXACT_ENTRIES = 200
"""Up to so many entries rational arithmetic is about as fast as a call of HiGHS."""


class DominanceKind(enum.Enum):
    """Which strategies count as dominated; the value is the message that a person reads."""

    STRICT = "strictly dominated by a pure strategy"
    WEAK = "weakly dominated by a pure strategy"
    MIXED = "strictly dominated by a pure or mixed strategy"
    WEAK_MIXED = "weakly dominated by a pure or mixed strategy"

    @property
    def weak(self) -> bool:
        """Whether a strategy counts that never earns less and once earns more."""
        return self in {DominanceKind.WEAK, DominanceKind.WEAK_MIXED}


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
    outcomes : tuple of NormalFormGame
        What is left after any order of elimination, `reduced` first. At each step an order
        eliminates one or more dominated strategies of one or more players, until none is
        dominated. Strict dominance has one outcome [1]_.
    all_orders : bool
        Whether `outcomes` holds every outcome; if not, the search was not asked for or was
        too large.
    order_matters : bool or None
        Whether two orders leave different games; None if that is not known.

    References
    ----------
    .. [1] I. Gilboa, E. Kalai and E. Zemel (1990), On the order of eliminating dominated
       strategies, Operations Research Letters 9, 85-89, doi:10.1016/0167-6377(90)90046-8.
    """

    game: NormalFormGame = field(repr=False)
    reduced: NormalFormGame = field(repr=False)
    kind: DominanceKind
    trace: tuple[Domination, ...]
    outcomes: tuple[NormalFormGame, ...] = field(repr=False)
    all_orders: bool
    order_matters: bool | None

    @property
    def survivors(self) -> dict[str, tuple[str, ...]]:
        """Strategies that were not eliminated, by player."""
        return dict(zip(self.reduced.players, self.reduced.strategies, strict=True))

    @property
    def solves(self) -> bool:
        """Whether one strategy a player is left."""
        return all(size == 1 for size in self.reduced.shape)

    def __str__(self) -> str:
        lines = [f"{len(self.trace)} {self.kind.value}; left: {_left(self.reduced)}"]
        lines += [f"  {step}" for step in self.trace]
        if self.order_matters:
            lines.append(
                f"another order leaves another game; {len(self.outcomes)} outcomes"
                + (":" if self.all_orders else " and perhaps more:")
            )
            lines += [f"  {_left(outcome)}" for outcome in self.outcomes]
        elif self.order_matters is None:
            lines.append("whether another order leaves another game was not decided")
        return "\n".join(lines)


def dominance(
    game: NormalFormGame,
    *,
    kind: DominanceKind | str = DominanceKind.MIXED,
    iterated: bool = True,
    all_orders: bool | None = None,
) -> DominanceSolution:
    """Eliminate dominated strategies, all of them in each round.

    What weak dominance leaves can depend on the order of elimination, so all orders are tried.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    kind : DominanceKind or str, optional
        ``"strict"`` or ``"weak"`` (by a pure strategy), or ``"mixed"`` (strictly, by a pure or
        mixed one; what is left are the correlated-rationalizable strategies), or
        ``"weak_mixed"`` (weakly, by a pure or mixed one; what is left is iteratively
        admissible).
    iterated : bool, optional
        Whether to go on until nothing is dominated; otherwise stop after one round.
    all_orders : bool, optional
        For iterated weak dominance: whether to find what every order leaves. By default as
        far as 100,000 steps between 10,000 reduced games (500 for ``"weak_mixed"``) allow;
        `order_matters` is None where they do not suffice. With True, more is an error; with
        False, no other order is tried.

    Returns
    -------
    DominanceSolution

    Raises
    ------
    GameError
        If `kind` is unknown.
    WorkLimitError
        If `all_orders` is True and there are too many orders; for ``"weak_mixed"`` also if a
        player's table has more than 2,500 payoffs.

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
    outcomes: tuple[NormalFormGame, ...] = (remaining,)
    complete = True
    if chosen.weak and iterated and trace:
        outcomes, complete = elimination_outcomes(
            game, remaining, mixtures=chosen is DominanceKind.WEAK_MIXED, search=all_orders
        )
    return DominanceSolution(
        game=game,
        reduced=remaining,
        kind=chosen,
        trace=tuple(trace),
        outcomes=outcomes,
        all_orders=complete,
        order_matters=len(outcomes) > 1 if complete or len(outcomes) > 1 else None,
    )


def dominating_mixture(
    payoffs: Sequence[Sequence[Rational]], strategy: int
) -> tuple[Fraction, ...] | None:
    """Return a mixture that strictly dominates a strategy, or None if there is none.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (own strategies, others' profiles)
    strategy : int
        Position of the strategy in question.

    Returns
    -------
    tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0.
    """
    mixture, _ = mixture_or_belief(payoffs, strategy)
    return mixture


def mixture_or_belief(
    payoffs: Sequence[Sequence[Rational]], strategy: int
) -> tuple[tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]:
    """Return a mixture that strictly dominates a strategy, or else a belief that justifies it.

    Parameters
    ----------
    payoffs : sequence of sequences of Fraction or int, shape (own strategies, others' profiles)
    strategy : int
        Position of the strategy in question.

    Returns
    -------
    mixture : tuple of Fraction or None
        Probabilities of all own strategies; the strategy's own is 0.
    belief : tuple of Fraction or None
        Probabilities of the others' profiles, to which the strategy is a best reply. Exactly
        one of the two is None.
    """
    table = [list(row) for row in payoffs]
    own = table[strategy]
    others = [k for k in range(len(table)) if k != strategy]
    for s, value in enumerate(own):
        if all(row[s] <= value for row in table):  # a best reply to a pure profile
            return None, tuple(Fraction(int(s == k)) for k in range(len(own)))
    for k in others:
        if all(a > b for a, b in zip(table[k], own, strict=True)):
            return tuple(Fraction(int(j == k)) for j in range(len(table))), None
    gains = [[a - b for a, b in zip(table[k], own, strict=True)] for k in others]
    weights, belief = _certificate(gains)
    if weights is None:
        return None, belief
    full = dict(zip(others, weights, strict=True))
    return tuple(full.get(k, Fraction(0)) for k in range(len(table))), None


def _certificate(
    gains: Sequence[Sequence[Rational]],
) -> tuple[Sequence[Fraction] | None, tuple[Fraction, ...] | None]:
    """Return weights with a sure gain, or a belief against which no strategy gains."""
    if len(gains) * len(gains[0]) > _EXACT_ENTRIES:
        mixture, belief = _float_program(gains)
        if mixture is not None and min(_combine(gains, mixture)) > 0:
            return mixture, None
        if belief is not None and max(_combine(list(zip(*gains, strict=True)), belief)) <= 0:
            return None, tuple(belief)
    answer = matrix_value(gains)
    return (answer.row, None) if answer.value > 0 else (None, answer.column)


def _kind(kind: DominanceKind | str) -> DominanceKind:
    for known in DominanceKind:
        if kind in (known, known.name.lower()):
            return known
    msg = f"`kind` must be 'strict', 'weak' or 'mixed', or 'weak_mixed', got {kind!r}"
    raise GameError(msg)


def _round(game: NormalFormGame, who: int, kind: DominanceKind, number: int) -> list[Domination]:
    """Return the player's dominated strategies, each by one that is itself undominated."""
    names = game.strategies[who]
    table = np.moveaxis(game.exact_payoffs[who], who, 0).reshape(len(names), -1)
    if kind is DominanceKind.MIXED:
        rows = integer_matrix(table.tolist())
        mixtures = [dominating_mixture(rows, k) for k in range(len(names))]
    elif kind is DominanceKind.WEAK_MIXED:
        if table.size > MAX_WEAK_ENTRIES:
            msg = (
                f"weak dominance by mixtures is decided for tables of up to {MAX_WEAK_ENTRIES} "
                f"payoffs, that of {game.players[who]} has {table.size}. Eliminate with kind "
                "'mixed' or 'weak' first"
            )
            raise WorkLimitError(msg)
        rows = integer_matrix(table.tolist())
        mixtures = [weak_mixture_or_belief(rows, k)[0] for k in range(len(names))]
    else:
        mixtures = dominating_pure(own_ranks(game, who), weak=kind is DominanceKind.WEAK)
    steps = []
    for k, mixture in enumerate(mixtures):
        if mixture is None:
            continue
        used = [j for j, p in enumerate(mixture) if p]
        gains = _combine(table[used].tolist(), [mixture[j] for j in used])
        steps.append(
            Domination(
                round=number,
                player=game.players[who],
                strategy=names[k],
                by={names[j]: mixture[j] for j in used},
                margin=min(g - u for g, u in zip(gains, table[k].tolist(), strict=True)),
            )
        )
    return steps


def _left(game: NormalFormGame) -> str:
    return "; ".join(
        f"{who}: {', '.join(own)}" for who, own in zip(game.players, game.strategies, strict=True)
    )


def _combine(rows: Sequence[Sequence[Rational]], weights: Sequence[Fraction]) -> list[Fraction]:
    used = [(row, w) for row, w in zip(rows, weights, strict=True) if w]
    total = common_denominator([w for _, w in used])
    parts = [w.numerator * (total // w.denominator) for _, w in used]
    return [
        Fraction(sum(w * v for w, v in zip(parts, column, strict=True))) / total
        for column in zip(*(row for row, _ in used), strict=True)
    ]


def _float_program(
    gains: Sequence[Sequence[Rational]],
) -> tuple[list[Fraction] | None, list[Fraction] | None]:
    """Return the program's mixture and its dual belief, rounded to exact distributions."""
    from scipy.optimize import linprog

    exact: ObjectArray = np.array(gains, dtype=object)
    matrix: FloatArray = (exact / (abs(exact).max() or 1)).astype(float)
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
