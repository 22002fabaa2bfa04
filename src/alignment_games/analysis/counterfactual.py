"""Counterfactuals: acting on a mistaken belief, and renouncing a posture in advance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .._typing import Values
from ..errors import GameError
from ..games import NormalFormGame
from ..models import AlignmentModel
from ..models.model import model_of
from ..solvers import Solution, solve

__all__ = ["Commitment", "MistakenBelief", "Span", "commitment_value", "mistaken_belief"]


@dataclass(frozen=True, slots=True)
class Span:
    """Lowest and highest value over all equilibria; equal where it is unique."""

    lowest: Fraction
    highest: Fraction

    @property
    def unique(self) -> bool:
        """Whether lowest and highest agree."""
        return self.lowest == self.highest

    def minus(self, other: Span) -> Span:
        """Return all differences of a value here and a value there, as a span."""
        return Span(self.lowest - other.highest, self.highest - other.lowest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What the small state gains by renouncing a posture.

    Attributes
    ----------
    renounced, instead : str
        The posture given up, and the one that the conditions compare it with.
    before, after : Solution
        All equilibria of the simultaneous game without and with the commitment.
    value : Span
        Change of the small state's equilibrium payoff in the simultaneous game.
    sequential_value : Span
        The same where the posture is observed before the hegemon chooses; never positive
        where both payoffs are unique.
    conditions : tuple of (str, bool)
        The five conditions (F7) that together make the value positive, in words.
    breach_cost_sustains : Fraction
        A cost of breach above this keeps ``(instead, accommodate)`` an equilibrium as far as
        `renounced` is concerned.
    breach_cost_dominates : Fraction
        A cost of breach above this makes `renounced` worse than `instead` whatever the
        hegemon does, as if it had been removed.
    """

    renounced: str
    instead: str
    before: Solution
    after: Solution
    value: Span
    sequential_value: Span
    conditions: tuple[tuple[str, bool], ...]
    breach_cost_sustains: Fraction
    breach_cost_dominates: Fraction

    @property
    def holds(self) -> bool:
        """Whether all five conditions hold, so that the value is positive for certain."""
        return all(met for _, met in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakenBelief:
    """A posture chosen under one belief and judged under the truth.

    Attributes
    ----------
    game : NormalFormGame
        The game as the small state believes it.
    simultaneous, sequential : Solution
        Its equilibria.
    outcomes : tuple of Outcome
        One for each posture that is subgame-perfect under the belief and each best reply of
        the hegemon to it under the truth.
    regret : Span
        Payoff lost by that choice against the best posture under the truth, when the
        posture is observed before the hegemon chooses; never negative.
    """

    game: NormalFormGame
    simultaneous: Solution
    sequential: Solution
    outcomes: tuple[Outcome, ...]
    regret: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way in which a believed choice may end.

    Attributes
    ----------
    posture, expected, actual : str
        What the small state does, the answer it expects and the one it gets.
    believed_payoff, true_payoff : Fraction
    """

    posture: str
    expected: str
    actual: str
    believed_payoff: Fraction
    true_payoff: Fraction


def commitment_value(
    model: AlignmentModel, values: Values, *, renounce: str = "balance", instead: str | None = None
) -> Commitment:
    """Return the value of renouncing a posture before the game (F7).

    Parameters
    ----------
    model : AlignmentModel
    values : Scenario or mapping of str to number
    renounce : str, optional
        The posture given up.
    instead : str, optional
        The posture that the conditions compare it with: by default ``hedge``, or the first
        other one if ``hedge`` is given up.

    Returns
    -------
    Commitment

    Examples
    --------
    >>> import alignment_games as ag
    >>> case = ag.load_scenario("ukraine")
    >>> float(ag.analysis.commitment_value(case.model, case).value.lowest)
    2.326
    """
    model_of(model)
    small, hegemon = model.players
    if instead is None:
        instead = next(a for a in ("hedge", *model.strategies[0]) if a != renounce)
    if renounce == instead:
        msg = f"`renounce` and `instead` must be different postures, got {renounce!r} twice"
        raise GameError(msg)
    calm, harsh = model.strategies[1][0], model.strategies[1][-1]
    game = model.game(values)
    restricted = game.without(small, renounce)
    before, after = solve(game), solve(restricted)
    tree = model.tree(values)
    temptation = {
        a: game.payoff(hegemon, a, harsh) - game.payoff(hegemon, a, calm)
        for a in (renounce, instead)
    }
    gaps = {c: _gap(game, small, renounce, instead, c) for c in model.strategies[1]}
    rest = [a for a in model.strategies[0] if a not in {renounce, instead}]
    drop = Fraction(game.payoff(small, instead, calm)) - Fraction(
        game.payoff(small, renounce, harsh)
    )
    return Commitment(
        renounced=renounce,
        instead=instead,
        before=before,
        after=after,
        value=_payoff_span(after).minus(_payoff_span(before)),
        sequential_value=_payoff_span(solve(tree.without(small, renounce))).minus(
            _payoff_span(solve(tree))
        ),
        conditions=(
            (f"{renounce} pays more than {instead} whatever the hegemon does (temptation)",
             all(gap > 0 for gap in gaps.values())),
            (f"{renounce} is coerced", temptation[renounce] > 0),
            (f"{instead} is not coerced", temptation[instead] < 0),
            (f"{instead} in peace pays more than {renounce} under coercion", drop > 0),
            (f"{instead} pays more than every posture left whatever the hegemon does (F1.2)",
             all(_gap(game, small, instead, a, c) > 0 for a in rest for c in gaps)),
        ),
        breach_cost_sustains=max(gaps[calm], Fraction(0)),
        breach_cost_dominates=max(*gaps.values(), Fraction(0)),
    )  # fmt: skip


def mistaken_belief(model: AlignmentModel, truth: Values, belief: Values) -> MistakenBelief:
    """Return what a choice under `belief` brings under `truth`.

    The small state chooses a subgame-perfect posture of the game it believes in; the hegemon
    knows the truth and answers with a best reply.

    Parameters
    ----------
    model : AlignmentModel
    truth, belief : Scenario or mapping of str to number

    Returns
    -------
    MistakenBelief

    Examples
    --------
    >>> import alignment_games as ag
    >>> case = ag.load_scenario("ukraine")
    >>> mistake = ag.analysis.mistaken_belief(case.model, case, case.beliefs)
    >>> mistake.outcomes[0].posture, mistake.outcomes[0].actual, float(mistake.regret.lowest)
    ('balance', 'coerce', 2.326)
    """
    model_of(model)
    small, hegemon = model.players
    true_game, believed = model.game(truth), model.game(belief)
    sequential = solve(model.tree(belief))
    outcomes = []
    for posture, expected in dict.fromkeys(eq.path for eq in sequential.equilibria):
        replies = {c: Fraction(true_game.payoff(hegemon, posture, c)) for c in model.strategies[1]}
        outcomes += [
            Outcome(
                posture=posture,
                expected=expected,
                actual=actual,
                believed_payoff=Fraction(believed.payoff(small, posture, expected)),
                true_payoff=Fraction(true_game.payoff(small, posture, actual)),
            )
            for actual, value in replies.items()
            if value == max(replies.values())
        ]
    regrets = [regret_span(true_game, outcome) for outcome in outcomes]
    return MistakenBelief(
        game=believed,
        simultaneous=solve(believed),
        sequential=sequential,
        outcomes=tuple(outcomes),
        regret=Span(min(r.lowest for r in regrets), max(r.highest for r in regrets)),
    )


def regret_span(game: NormalFormGame, outcome: Outcome) -> Span:
    """Return what an outcome loses against the best posture, over all best replies to the others.

    Where the hegemon is indifferent, one of its plans answers all postures: the one chosen as
    in the outcome, each other one by any best reply.
    """
    small, hegemon = game.players
    worst, best = [], []
    for posture in game.strategies[0]:
        if posture == outcome.posture:
            continue
        replies = {c: game.payoff(hegemon, posture, c) for c in game.strategies[1]}
        payoffs = [
            Fraction(game.payoff(small, posture, c))
            for c, value in replies.items()
            if value == max(replies.values())
        ]
        worst.append(min(payoffs))
        best.append(max(payoffs))
    own = outcome.true_payoff
    return Span(max(own, *worst) - own, max(own, *best) - own)


def _gap(game: NormalFormGame, player: str, a: str, b: str, answer: str) -> Fraction:
    return Fraction(game.payoff(player, a, answer)) - Fraction(game.payoff(player, b, answer))


def _payoff_span(solution: Solution) -> Span:
    # Over a continuum payoffs are bilinear on products of hulls: extreme at extreme equilibria.
    payoffs = [Fraction(eq.payoffs[0]) for eq in solution.equilibria]
    return Span(min(payoffs), max(payoffs))
