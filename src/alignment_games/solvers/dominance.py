"""Dominated strategies and their iterated elimination, every step with its certificate.

The tables of payoffs are held as integers and cut down from round to round; the reduced game
is made once, at the end. A player is looked at again only if another one lost a strategy, and
a strategy that is a best reply to a belief only if that belief fell.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, integers
from .._typing import IntArray, ObjectArray
from ..errors import GameError, WorkLimitError, flag, suggestion
from ..games import NormalFormGame
from .admissible import weak_mixture_or_belief
from .certify import require_normal_form
from .mixtures import dominating_mixture, mixture_or_belief
from .orders import elimination_outcomes
from .ranks import MAX_COMPARISONS, Work, dominating_pure, own_ranks

__all__ = [
    "DominanceKind",
    "DominanceSolution",
    "Domination",
    "dominance",
    "dominating_mixture",
    "mixture_or_belief",
]

MAX_PROGRAM_ENTRIES = 50_000_000
"""Largest number of entries of a round's linear programs (two players: 290 x 290)."""

MAX_EXACT_WORK = 30_000_000
"""Largest work in rational arithmetic: of each program its entries times its shorter side."""

_ALWAYS = 2_000_000
"""Up to so many entries of programs (two players: 100 x 100) no knife edge is too much work."""

MAX_WEAK_ENTRIES = 2500
"""Largest table of a player's payoffs that is searched for weakly dominating mixtures."""


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
        too large, or weak elimination stopped after one round.
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
        `order_matters` is None where they do not suffice. With True, more is an error, and
        so is one round; with False, no other order is tried.

    Returns
    -------
    DominanceSolution

    Raises
    ------
    GameError
        If `kind` is unknown, a flag not a bool, or all orders of one round are asked for.
    WorkLimitError
        If a round needs more than 1e10 comparisons of payoffs (pure strategies) or linear
        programs of more than 5e7 entries together (mixed ones): all strategies times all
        profiles. With two players these are about 1,700 and 290 strategies each.
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
    iterated = flag("iterated", iterated)
    all_orders = None if all_orders is None else flag("all_orders", all_orders)
    if all_orders and not iterated:
        msg = (
            "`all_orders=True` needs `iterated=True`: orders of elimination are those of going on "
            "until nothing is dominated. Leave one of the two out"
        )
        raise GameError(msg)
    remaining, trace = eliminate(game, chosen, iterated=iterated)
    outcomes: tuple[NormalFormGame, ...] = (remaining,)
    complete = not chosen.weak or iterated
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


def _kind(kind: object) -> DominanceKind:
    if isinstance(kind, DominanceKind):
        return kind
    names = [known.name.lower() for known in DominanceKind]
    if isinstance(kind, str) and kind in names:
        return DominanceKind[kind.upper()]
    known = ", ".join(map(repr, names))
    near = suggestion(kind, names) if isinstance(kind, str) else ""
    msg = f"`kind` must be one of {known}, got {kind!r}{near if 'mean' in near else ''}"
    raise GameError(msg)


def eliminate(
    game: NormalFormGame, kind: DominanceKind, *, iterated: bool
) -> tuple[NormalFormGame, list[Domination]]:
    """Return what is left of a game, and every eliminated strategy."""
    tables = [_Table(game, who, kind) for who in range(game.n_players)]
    estimate = sum(game.shape) * math.prod(game.shape)
    limit, what = MAX_PROGRAM_ENTRIES, "entries of linear programs"
    if kind in {DominanceKind.STRICT, DominanceKind.WEAK}:
        limit, what = MAX_COMPARISONS, "comparisons of payoffs"
    if estimate > limit:
        msg = (
            f"elimination by kind {kind.name.lower()!r} of a game of shape {game.shape} needs up "
            f"to {estimate:.1e} {what} a round; the limit is {limit:.1e}. Restrict the game with "
            "`game.restrict`"
            + ("" if what.startswith("comp") else ", or eliminate with kind 'strict' first")
        )
        raise WorkLimitError(msg)
    comparisons = Work(MAX_COMPARISONS, "the comparison of payoffs")
    programs = None
    if estimate > _ALWAYS:
        programs = Work(MAX_EXACT_WORK, "linear programs on knife edges, in rational numbers,")
    kept: list[IntArray] = [np.arange(size) for size in game.shape]
    trace: list[Domination] = []
    touched = set(range(game.n_players))  # whose table changed since it was looked at
    number = 0
    while touched:
        number += 1
        gone: dict[int, list[int]] = {}
        for who in sorted(touched):
            steps = tables[who].round(kept, number, comparisons, programs)
            if steps:
                trace += [step for _, step in steps]
                gone[who] = [k for k, _ in steps]
        for who, lost in gone.items():
            kept[who] = np.setdiff1d(kept[who], lost)
        # Own eliminations make no other own strategy dominated.
        touched = {who for who in range(game.n_players) if any(other != who for other in gone)}
        if not iterated:
            break
    remaining = game
    for who, own in enumerate(kept):
        if len(own) < game.shape[who]:
            remaining = remaining.restrict(who, own.tolist())
    return remaining, trace


class _Table:
    """A player's payoffs as integers, the own axis first, and what is known of its strategies."""

    __slots__ = ("beliefs", "flat", "game", "kind", "ranks", "scale", "values", "who")

    def __init__(self, game: NormalFormGame, who: int, kind: DominanceKind) -> None:
        integer_payoffs, scales = game.integer_payoffs
        self.game, self.who, self.kind, self.scale = game, who, kind, scales[who]
        self.values: ObjectArray = np.moveaxis(integer_payoffs[who], who, 0)
        self.ranks = own_ranks(game, who).reshape(self.values.shape)
        rest = self.values.shape[1:]
        self.flat = np.arange(math.prod(rest)).reshape(rest)
        # Of strategies that are best replies to a belief: the others' profiles that it needs.
        self.beliefs: dict[int, IntArray] = {}

    def round(
        self, kept: list[IntArray], number: int, comparisons: Work, programs: Work | None
    ) -> list[tuple[int, Domination]]:
        """Return the dominated strategies among those that are left."""
        own = kept[self.who]
        others = [left for k, left in enumerate(kept) if k != self.who]
        where = np.ix_(own, *others)
        ranks = self.ranks[where].reshape(len(own), -1)
        values = self.values[where].reshape(len(own), -1)
        by: dict[int, dict[int, Fraction]] = {}
        if self.kind is DominanceKind.WEAK_MIXED:
            self._check_size(values)
            rows = values.tolist()
            for k in range(len(own)):
                mixture, _ = weak_mixture_or_belief(rows, k)
                if mixture is not None:
                    by[k] = {j: p for j, p in enumerate(mixture) if p}
        else:
            pure = dominating_pure(ranks, weak=self.kind is DominanceKind.WEAK, work=comparisons)
            by = {k: {j: Fraction(1)} for k, j in enumerate(pure) if j is not None}
            if self.kind is DominanceKind.MIXED:
                profiles = (
                    self.flat[np.ix_(*others)].reshape(-1) if others else self.flat.reshape(-1)
                )
                by |= self._by_mixtures(own, ranks, values, profiles, set(by), programs)
        return [(int(own[k]), self._step(own, values, k, by[k], number)) for k in sorted(by)]

    def _by_mixtures(
        self,
        own: IntArray,
        ranks: IntArray,
        values: ObjectArray,
        profiles: IntArray,
        by_pure: set[int],
        programs: Work | None,
    ) -> dict[int, dict[int, Fraction]]:
        best = (ranks == ranks.max(axis=0)).any(axis=1)  # a best reply to a pure profile
        # What a pure strategy dominates is of no use to a mixture.
        useful = [k for k in range(len(own)) if k not in by_pure]
        found = {}
        for place, k in enumerate(useful):
            needed = self.beliefs.get(int(own[k]))
            if best[k] or (needed is not None and np.isin(needed, profiles).all()):
                continue
            mixture, belief = mixture_or_belief(values[useful], place, work=programs)
            if mixture is not None:
                found[k] = {useful[j]: p for j, p in enumerate(mixture) if p}
            elif belief is not None:
                self.beliefs[int(own[k])] = profiles[[s for s, p in enumerate(belief) if p]]
        return found

    def _check_size(self, values: ObjectArray) -> None:
        if values.size > MAX_WEAK_ENTRIES:
            msg = (
                f"weak dominance by mixtures is decided for tables of up to {MAX_WEAK_ENTRIES} "
                f"payoffs, that of {self.game.players[self.who]} has {values.size}. Eliminate "
                "with kind 'mixed' or 'weak' first"
            )
            raise WorkLimitError(msg)

    def _step(
        self, own: IntArray, values: ObjectArray, k: int, by: dict[int, Fraction], number: int
    ) -> Domination:
        parts, total = integers(list(by.values()))
        gains = np.dot(np.array(parts, dtype=object), values[list(by)]) - total * values[k]
        names = self.game.strategies[self.who]
        return Domination(
            round=number,
            player=self.game.players[self.who],
            strategy=names[own[k]],
            by={names[own[j]]: p for j, p in by.items()},
            margin=Fraction(int(gains.min()), total * self.scale),
        )


def _left(game: NormalFormGame) -> str:
    return "; ".join(
        f"{who}: {', '.join(own)}" for who, own in zip(game.players, game.strategies, strict=True)
    )
