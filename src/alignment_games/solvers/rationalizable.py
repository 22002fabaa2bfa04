"""Rationalizable strategies, each with a belief, and why each other one is not.

A strategy is rationalizable if it survives the iterated elimination of strategies that are
best replies to no belief about what is left [1]_ [2]_. If a player may believe that the others'
choices are correlated, or has only one opponent, these are the strategies that some mixture
strictly dominates. With independent beliefs about several opponents more can fall, and whether
it does is a question about polynomials: see `product_beliefs`.

.. [1] B. D. Bernheim (1984), Rationalizable strategic behavior, Econometrica 52, 1007-1028,
   doi:10.2307/1911196.
.. [2] D. G. Pearce (1984), Rationalizable strategic behavior and the problem of perfection,
   Econometrica 52, 1029-1050, doi:10.2307/1911197.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from .._numeric import decimal_text, integer_matrix
from .._typing import ObjectArray
from ..errors import GameError, WorkLimitError, flag
from ..games import NormalFormGame
from .certify import require_normal_form
from .dominance import Domination, dominance, mixture_or_belief
from .product_beliefs import Cell, ProductBelief, find_product_belief

__all__ = ["Justification", "NeverBestReply", "Rationalizability", "rationalizable"]

MAX_ENTRIES = 5000
"""Largest table of a player's payoffs that is searched for independent beliefs."""

MAX_WORK = 20_000_000
"""Work on all cells together, up to a minute: of each the entries of its linear program times
its shorter side. What is left undecided then stays so."""

_CELL = 500  # the least that a cell counts for


@dataclass(frozen=True, slots=True, kw_only=True)
class Justification:
    """A belief over rationalizable strategies to which a strategy is a best reply.

    Attributes
    ----------
    player, strategy : str
    belief : mapping of tuples of str to Fraction
        Probabilities of what the others play together, in the order of the players. Empty if
        there are only irrational beliefs.
    independent : mapping of str to mapping of str to Fraction, or None
        The same belief about each of the others; None if it is correlated or irrational.
    root : str
        If there are only irrational beliefs: the probability of one strategy in one of them.
    """

    player: str
    strategy: str
    belief: Mapping[tuple[str, ...], Fraction]
    independent: Mapping[str, Mapping[str, Fraction]] | None
    root: str = ""

    def __str__(self) -> str:
        if self.root:
            return (
                f"{self.player}'s {self.strategy}: best reply to an irrational belief ({self.root})"
            )
        if self.independent is None:
            terms = [f"{decimal_text(p)} ({', '.join(own)})" for own, p in self.belief.items()]
            return f"{self.player}'s {self.strategy}: best reply to {' + '.join(terms)}"
        parts = []
        for who, own in self.independent.items():
            mixed = " + ".join(s if p == 1 else f"{decimal_text(p)} {s}" for s, p in own.items())
            parts.append(f"{who}: {mixed}")
        return f"{self.player}'s {self.strategy}: best reply to {'; '.join(parts)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverBestReply:
    """A strategy that no mixture dominates, yet is a best reply to no independent belief.

    Attributes
    ----------
    round : int
    player, strategy : str
    alternatives : tuple of str
        The player's other strategies at that round.
    opponents : tuple of tuples of str
        What was left to each of the others at that round.
    cover : tuple of pairs
        The proof: cells that together hold all independent beliefs, each a tuple with the
        corners of a simplex of distributions for each of the others, with the probabilities
        of a mixture of `alternatives` that does better at every combination of corners. Empty
        if the proof is by the signs of minors (`solvers.minors`).
    """

    round: int
    player: str
    strategy: str
    alternatives: tuple[str, ...]
    opponents: tuple[tuple[str, ...], ...]
    cover: tuple[tuple[Cell, tuple[Fraction, ...]], ...] = field(repr=False)

    def __str__(self) -> str:
        how = f"a cover of {len(self.cover)} cells" if self.cover else "the signs of all minors"
        return (
            f"round {self.round}: {self.player}'s {self.strategy} is a best reply to no "
            f"independent belief (by {how})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationalizability:
    """Result of `rationalizable`.

    Attributes
    ----------
    game, reduced : NormalFormGame
        The game asked about, and what is left of it.
    correlated : bool
        Whether beliefs may be correlated.
    eliminated : tuple of Domination or NeverBestReply
        Every strategy that is not rationalizable, with the reason, in order.
    beliefs : tuple of Justification
        One for each strategy that is left, except the undecided ones.
    undecided : tuple of pairs of str
        (player, strategy) for which neither a belief nor a proof that there is none was found
        within the limit. If there is any, what is left contains the rationalizable strategies
        and perhaps others.
    """

    game: NormalFormGame = field(repr=False)
    reduced: NormalFormGame = field(repr=False)
    correlated: bool
    eliminated: tuple[Domination | NeverBestReply, ...]
    beliefs: tuple[Justification, ...] = field(repr=False)
    undecided: tuple[tuple[str, str], ...]

    @property
    def survivors(self) -> dict[str, tuple[str, ...]]:
        """Strategies that were not eliminated, by player."""
        return dict(zip(self.reduced.players, self.reduced.strategies, strict=True))

    @property
    def complete(self) -> bool:
        """Whether it is proved that exactly the survivors are rationalizable."""
        return not self.undecided

    def belief(self, player: str | int, strategy: str | int) -> Justification:
        """Return the belief that justifies a strategy.

        Raises
        ------
        GameError
            If the strategy was eliminated or is undecided, or there is no such strategy.
        """
        who = self.game.player_index(player)
        name = self.game.strategies[who][self.game.strategy_index(who, strategy)]
        for found in self.beliefs:
            if (found.player, found.strategy) == (self.game.players[who], name):
                return found
        what = "undecided" if (self.game.players[who], name) in self.undecided else "eliminated"
        msg = f"no belief: {name!r} of {self.game.players[who]} is {what}"
        raise GameError(msg)

    def __str__(self) -> str:
        left = "; ".join(f"{who}: {', '.join(own)}" for who, own in self.survivors.items())
        kind = "correlated-rationalizable" if self.correlated else "rationalizable"
        lines = [f"{kind}: {left}", *(f"  {step}" for step in self.eliminated)]
        if self.undecided:
            names = ", ".join(f"{who}'s {own}" for who, own in self.undecided)
            lines.append(f"  undecided within the limit, and kept: {names}")
        return "\n".join(lines)


def rationalizable(
    game: NormalFormGame, *, correlated: bool = False, max_cells: int = 1000
) -> Rationalizability:
    """Find the rationalizable strategies of each player.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    correlated : bool, optional
        Whether a player may believe that the others' choices are correlated. With fewer than
        three players it makes no difference.
    max_cells : int, optional
        For independent beliefs about several opponents: into how many cells the beliefs are
        divided for one strategy before it is left undecided. Only a strategy that is a best
        reply on a set of beliefs without interior (a knife edge) can stay undecided however
        large this is; and not even that one if only two opponents are uncertain of whom one
        has two strategies (and the game is small). In large games there are fewer cells: the
        linear programs of all strategies together are limited to about a minute.

    Returns
    -------
    Rationalizability
        For two players, and for correlated beliefs, always complete.

    Raises
    ------
    GameError
        If `max_cells` is not a positive whole number.
    WorkLimitError
        If beliefs must be independent and a player's table of payoffs has more than 5,000
        entries after the elimination of dominated strategies.

    References
    ----------
    .. [1] B. D. Bernheim (1984), Rationalizable strategic behavior, Econometrica 52,
       1007-1028, doi:10.2307/1911196.
    .. [2] D. G. Pearce (1984), Rationalizable strategic behavior and the problem of
       perfection, Econometrica 52, 1029-1050, doi:10.2307/1911197.
    .. [3] A. Brandenburger and E. Dekel (1987), Rationalizability and correlated equilibria,
       Econometrica 55, 1391-1402 (on correlated beliefs).

    Examples
    --------
    >>> import alignment_games as ag
    >>> game = ag.NormalFormGame.from_bimatrix([[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [0, 2]])
    >>> answer = ag.solvers.rationalizable(game)
    >>> print(answer)
    rationalizable: player_1: s1, s2; player_2: s1, s2
      round 1: player_1's s3 by 0.5 s1 + 0.5 s2 (margin 0.5)
    >>> print(answer.belief("player_1", "s2"))
    player_1's s2: best reply to player_2: s2
    """
    require_normal_form(game)
    correlated = flag("correlated", correlated)
    unchecked: object = max_cells
    whole = isinstance(unchecked, (int, np.integer)) and not isinstance(unchecked, bool)
    if not whole or max_cells < 1:
        msg = f"`max_cells` must be a whole number of at least 1, got {max_cells!r}"
        raise GameError(msg)
    work = MAX_WORK
    joint = correlated or game.n_players < 3
    eliminated: list[Domination | NeverBestReply] = []
    undecided: list[tuple[str, str]] = []
    remaining, rounds = game, 0
    while True:
        solution = dominance(remaining)
        remaining = solution.reduced
        eliminated += [_later(step, rounds) for step in solution.trace]
        rounds += max((step.round for step in solution.trace), default=0)
        if joint:
            beliefs = _joint_beliefs(remaining)
            break
        beliefs, never, undecided, work = _product_beliefs(
            remaining, rounds + 1, int(max_cells), work
        )
        if not never:
            break
        eliminated += never
        rounds += 1
        for step in never:
            remaining = remaining.without(step.player, step.strategy)
    return Rationalizability(
        game=game,
        reduced=remaining,
        correlated=correlated,
        eliminated=tuple(eliminated),
        beliefs=tuple(beliefs),
        undecided=tuple(undecided),
    )


def _later(step: Domination, rounds: int) -> Domination:
    return Domination(
        round=step.round + rounds,
        player=step.player,
        strategy=step.strategy,
        by=step.by,
        margin=step.margin,
    )


def _tables(game: NormalFormGame, who: int) -> ObjectArray:
    """Return a player's payoffs as integers, the own axis first."""
    own = np.moveaxis(game.exact_payoffs[who], who, 0)
    flat = integer_matrix(own.reshape(len(own), -1).tolist())
    return np.array(flat, dtype=object).reshape(own.shape)


def _joint_beliefs(game: NormalFormGame) -> list[Justification]:
    """Justify every strategy of a game in which no mixture dominates any."""
    found = []
    for who, player in enumerate(game.players):
        table = _tables(game, who)
        others = [own for k, own in enumerate(game.strategies) if k != who]
        rows = table.reshape(len(table), -1)
        for k, name in enumerate(game.strategies[who]):
            _, belief = mixture_or_belief(rows, k)
            if belief is None:  # pragma: no cover - contradicts the elimination before
                msg = f"{name!r} of {player} is dominated in what elimination left"
                raise AssertionError(msg)
            joint = {
                names: p for names, p in zip(itertools.product(*others), belief, strict=True) if p
            }
            alone = [k for k in range(game.n_players) if k != who]
            independent = None
            if len(alone) == 1 or len(joint) == 1:
                independent = {
                    game.players[other]: {names[place]: p for names, p in joint.items()}
                    for place, other in enumerate(alone)
                }
            found.append(
                Justification(player=player, strategy=name, belief=joint, independent=independent)
            )
    return found


def _product_beliefs(
    game: NormalFormGame, number: int, max_cells: int, work: int
) -> tuple[list[Justification], list[NeverBestReply], list[tuple[str, str]], int]:
    """Justify every strategy by an independent belief, or prove that there is none.

    Return also how much of the work is left; each strategy gets one cell even of nothing.
    """
    beliefs, never, undecided = [], [], []
    for who, player in enumerate(game.players):
        others = [k for k in range(game.n_players) if k != who]
        table = _tables(game, who)
        if len(table) > 1 and table.size > MAX_ENTRIES:
            msg = (
                f"independent beliefs of {player} concern a table of {table.size} payoffs; the "
                f"limit is {MAX_ENTRIES}. Ask with `correlated=True`, which gives a set that "
                "contains the rationalizable strategies"
            )
            raise WorkLimitError(msg)
        cost = max(table.size * min(len(table), table[0].size), _CELL)
        for k, name in enumerate(game.strategies[who]):
            answer = find_product_belief(
                table[k] - np.delete(table, k, axis=0),
                max_cells=max(1, min(max_cells, work // cost)),
            )
            work -= answer.cells * cost
            if answer.no_belief:
                never.append(
                    NeverBestReply(
                        round=number,
                        player=player,
                        strategy=name,
                        alternatives=tuple(s for s in game.strategies[who] if s != name),
                        opponents=tuple(game.strategies[other] for other in others),
                        cover=answer.cover,
                    )
                )
            elif answer.belief is None and not answer.root:
                undecided.append((player, name))
            else:
                beliefs.append(_justification(game, who, name, answer))
    return beliefs, never, undecided, work


def _justification(
    game: NormalFormGame, who: int, name: str, answer: ProductBelief
) -> Justification:
    player = game.players[who]
    others = [k for k in range(game.n_players) if k != who]
    if answer.belief is None:
        line = next(k for k in others if game.shape[k] == 2)
        root = f"t of {game.players[line]}'s {game.strategies[line][1]}: {answer.root}"
        return Justification(player=player, strategy=name, belief={}, independent=None, root=root)
    alone = {
        game.players[other]: {
            s: p for s, p in zip(game.strategies[other], vector, strict=True) if p
        }
        for other, vector in zip(others, answer.belief, strict=True)
    }
    joint = {
        tuple(s for s, _ in chosen): math.prod((p for _, p in chosen), start=Fraction(1))
        for chosen in itertools.product(*(own.items() for own in alone.values()))
    }
    return Justification(player=player, strategy=name, belief=joint, independent=alone)
