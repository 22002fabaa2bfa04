"""Critical discount factors in closed form: what sustains a path, by the model's parameters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sympy as sp

from ..errors import GameError, suggestion
from ..games import NormalFormGame
from ..games.repeated import Positions
from ..models import AlignmentModel
from ..models.model import model_of
from ..solvers._tit_for_tat import mirrored, mirrored_threats
from ..solvers.discounting import Punishment, cycle_of, shortest_cycle
from ._discount_cases import DiscountCase, Knowledge, alternating, constant, linear
from .conditions import equilibrium_condition
from .equilibria import ParametricEquilibria, equilibria
from .parametric_discount import DiscountIncentive, ParametricDiscount, ParametricPunishment
from .proofs import hypotheses
from .regimes import of_parameters
from .simplify import shorter

__all__ = ["critical_discount"]

_PUNISHMENTS = ("nash", "grim", "minmax", "tit-for-tat")


def critical_discount(
    model: AlignmentModel,
    path: Sequence[Any],
    *,
    punishment: Punishment = "nash",
    reversion: Sequence[str | int] | None = None,
    given: Any = (),
) -> ParametricDiscount:
    """Return from which discount factor on a path is sustained, as a function of parameters.

    Parameters
    ----------
    model : AlignmentModel
        Its game is played in every period.
    path : sequence of str or int, or sequence of such sequences
        A profile that is played in every period, or several that are played in turn.
    punishment : {"nash", "grim", "minmax", "tit-for-tat"}
        As for `alignment_games.solvers.critical_discount`. ``nash`` takes two players, whose
        stage equilibria are those of `equilibria`.
    reversion : sequence of str or int, optional
        The pure stage equilibrium of ``grim``, which must be named: which profile is one depends
        on the parameters.
    given : sympy Boolean or iterable of them
        Hypotheses on the parameters. Cases that z3 proves impossible under them are left out, as
        are conditions that it proves to hold (extra ``proofs``); what it does not decide stays.

    Returns
    -------
    ParametricDiscount
        Cases in closed form for constant paths and for two periods that alternate; for longer
        cycles the inequalities.

    Raises
    ------
    GameError
        If a name is unknown, `reversion` is missing or out of place, `nash` is asked of more than
        two players, or tit-for-tat does not lead to the path; with ``optimal``, which has no
        closed form.
    ModelError
        If a hypothesis is not built as `prove` says, or speaks of something else than parameters;
        for ``nash`` if a payoff is not a quotient of polynomials.
    WorkLimitError
        If a cycle has more than 60 periods, or `equilibria` is not made for the game's size.
    ModuleNotFoundError
        If there are hypotheses and z3 is not installed (extra ``proofs``).

    Notes
    -----
    A deviation that pays T tempts a player with R on a constant path if T > R. It is kept by the
    punishment P if R > P and ``delta >= (T - R) / (T - P)`` [1]_. Among several stage equilibria
    the worst one sustains most, so that a player needs the least of the factors that those which
    exist ask for; the path needs the largest of what players need.

    References
    ----------
    .. [1] J. W. Friedman (1971), A non-cooperative equilibrium for supergames, Review of Economic
       Studies 38, 1-12, doi:10.2307/2296617.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.models.build_model(
    ...     "dilemma",
    ...     players={"row": ("C", "D"), "column": ("C", "D")},
    ...     parameters=dict.fromkeys("TRPS", (0, None)),
    ...     payoffs={
    ...         ("C", "C"): ("R", "R"), ("C", "D"): ("S", "T"),
    ...         ("D", "C"): ("T", "S"), ("D", "D"): ("P", "P"),
    ...     },
    ... )
    >>> T, R, P, S = (dilemma.parameters[name].symbol for name in "TRPS")
    >>> order = [T > R, R > P, P > S, 2 * R > T + S]
    >>> critical_discount(dilemma, ("C", "C"), given=order).discount
    (-R + T)/(-P + T)
    >>> critical_discount(dilemma, ("C", "C"), punishment="tit-for-tat", given=order).discount
    Max((-R + T)/(-P + T), (-R + T)/(R - S))
    """
    model_of(model)
    if punishment == "optimal":
        msg = (
            "`punishment` 'optimal' has no closed form, as which punishments are credible depends "
            "on the discount factor; its critical factor lies between those of 'minmax' and "
            "'nash'. At numbers ask solvers.critical_discount of `model.game(values)`"
        )
        raise GameError(msg)
    if punishment not in _PUNISHMENTS:
        msg = f"unknown `punishment` {punishment!r}{suggestion(str(punishment), _PUNISHMENTS)}"
        raise GameError(msg)
    if (reversion is None) == (punishment == "grim"):
        msg = (
            "`reversion` must name the stage equilibrium of punishment 'grim', and no other "
            f"punishment has one; got {reversion!r} with {punishment!r}"
        )
        raise GameError(msg)
    conditions = hypotheses(given, model)
    of_parameters(conditions, model)
    shape = tuple(len(own) for own in model.strategies)
    empty = NormalFormGame(
        np.zeros((len(shape), *shape)), players=model.players, strategies=model.strategies
    )
    cycle = cycle_of(empty, path)
    back = None if reversion is None else cycle_of(empty, reversion)[0]
    question = _Question(model, shortest_cycle(cycle), conditions)
    stage = None
    if punishment == "nash":
        stage = _stage_equilibria(model)
        found = [
            question.punished(own.name, own.exists, own.payoffs)
            for own in stage
            if not question.known.never(own.exists)
        ]
    elif punishment == "tit-for-tat":
        found = [question.tit_for_tat()]
    elif back is not None:
        names = question.names(back)
        exists = question.known.reduced(equilibrium_condition(model, names))
        if exists == sp.false:
            msg = f"`reversion` {names} is a stage equilibrium for no parameters"
            raise GameError(msg + " that meet `given`" * bool(conditions))
        name = f"({', '.join(names)})"
        found = [question.punished(name, exists, model.payoffs[names])]
    else:
        payoffs = tuple(question.minmax(who) for who in range(len(shape)))
        found = [question.punished("minmax", sp.true, payoffs)]
    return ParametricDiscount(
        model=model,
        path=tuple(map(question.names, cycle)),
        punishment=punishment,
        symbol=question.symbol,
        given=conditions,
        punishments=tuple(found),
        reversion=None if back is None else question.names(back),
        _stage=stage,
    )


class _Question:
    """A path of a model, and what is known of the parameters."""

    __slots__ = ("cycle", "known", "model", "symbol")

    def __init__(
        self, model: AlignmentModel, cycle: tuple[Positions, ...], given: tuple[sp.Basic, ...]
    ) -> None:
        self.model, self.cycle = model, cycle
        self.known = Knowledge(model=model, given=given)
        self.symbol = _discount_symbol(model)

    def names(self, profile: Positions) -> tuple[str, ...]:
        return tuple(own[k] for own, k in zip(self.model.strategies, profile, strict=True))

    def payoff(self, who: int, profile: Positions) -> sp.Expr:
        return sp.sympify(self.model.payoffs[self.names(profile)][who])

    def deviations(self, who: int, period: int) -> Iterator[tuple[str, sp.Expr]]:
        """Return the strategies a player could leave for, and what each pays at once."""
        profile = self.cycle[period]
        own_tests = len(self.cycle) > 2 or len(self.model.strategies[who]) == 1
        for k, name in enumerate(self.model.strategies[who]):
            if k != profile[who] or own_tests:
                yield name, self.payoff(who, (*profile[:who], k, *profile[who + 1 :]))

    def punished(
        self, name: str, exists: sp.Basic, payoffs: tuple[sp.Expr, ...]
    ) -> ParametricPunishment:
        """Return what keeps players to the path if they get given payoffs after leaving it."""
        found = []
        here = self.known.reduced(exists)
        for who, player in enumerate(self.model.players):
            for period in range(len(self.cycle)):
                for deviation, tempted in self.deviations(who, period):
                    kept, cases = self._incentive(who, period, tempted, payoffs[who])
                    found.append(
                        DiscountIncentive(
                            player=player,
                            period=period,
                            deviation=deviation,
                            kept=kept,
                            cases=self.known.cases(cases),
                        )
                    )
        return ParametricPunishment(
            name=name, exists=here, payoffs=payoffs, incentives=tuple(found)
        )

    def _incentive(
        self, who: int, period: int, tempted: sp.Expr, punished: sp.Expr
    ) -> tuple[sp.Expr, list[DiscountCase]]:
        n = len(self.cycle)
        earned = [self.payoff(who, self.cycle[(period + k) % n]) for k in range(n)]
        coefficients = [
            earned[0] - tempted,
            *(own - punished for own in earned[1:]),
            tempted - punished,
        ]
        kept = sp.Add(*(shorter(own) * self.symbol**k for k, own in enumerate(coefficients)))
        if n == 1:
            return kept, constant(earned[0], tempted, punished, self.symbol)
        if n == 2:
            return kept, alternating(earned[0], earned[1], tempted, punished, self.symbol)
        return kept, []

    def minmax(self, who: int) -> sp.Expr:
        """Return the least payoff to which the others can hold a player by pure strategies."""
        sizes = [range(len(own)) for own in self.model.strategies]
        held = []
        for others in itertools.product(*sizes[:who], *sizes[who + 1 :]):
            replies = [self.payoff(who, (*others[:who], k, *others[who:])) for k in sizes[who]]
            held.append(self.known.extreme(sp.Max, replies))
        return self.known.extreme(sp.Min, held)

    def tit_for_tat(self) -> ParametricPunishment:
        found = []
        for own in mirrored(tuple(map(len, self.model.strategies)), self.cycle):
            here, away, later, instead = (
                self.payoff(own.who, at) for at in (own.here, own.away, own.later, own.instead)
            )
            gain, slope = shorter(away - here), later - instead
            found.append(
                DiscountIncentive(
                    player=self.model.players[own.who],
                    period=own.period,
                    deviation=own.deviation,
                    kept=shorter(slope) * self.symbol - gain,
                    cases=self.known.cases(linear(gain, slope, self.symbol)),
                )
            )
        punished = (
            self.known.extreme(
                sp.Max, [self.payoff(who, at) for at in mirrored_threats(self.cycle, who)]
            )
            for who in range(2)
        )
        return ParametricPunishment(
            name="tit-for-tat",
            exists=sp.true,
            payoffs=tuple(punished),
            incentives=tuple(found),
        )


def _stage_equilibria(model: AlignmentModel) -> ParametricEquilibria:
    if len(model.players) != 2:
        msg = (
            "punishment 'nash' in closed form takes two players, whose worst stage equilibria are "
            f"quotients; {model.name!r} has {len(model.players)}. Name one by punishment='grim', "
            "reversion=..."
        )
        raise GameError(msg)
    return equilibria(model)


def _discount_symbol(model: AlignmentModel) -> sp.Symbol:
    """Return the usual letter, or the word where a parameter has that letter."""
    taken = {symbol.name for symbol in model.parameters.symbols.values()} | {*model.parameters}
    name = next(
        own
        for own in itertools.chain(
            ("delta", "discount"), (f"discount{k}" for k in itertools.count(1))
        )
        if own not in taken
    )
    return sp.Symbol(name, positive=True)
