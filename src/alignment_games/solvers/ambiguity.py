"""Choice under ambiguity: acts whose payoffs depend on a state with several priors, all believed.

The payoff of an act is linear in the prior, so over the convex hull of finitely many priors its
least and greatest values are attained at extreme points, and everything is exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from .._numeric import decimal_text, exact_number
from .._typing import Number
from ..errors import GameError, WorkLimitError
from .zero_sum import matrix_value

__all__ = [
    "AmbiguousChoice",
    "BeliefSet",
    "MaxminChoice",
    "alpha_maxmin",
    "maxmin",
    "minimax_regret",
]

_MAX_STATES = 12
"""Most states whose bounds are turned into extreme points: 12 * 2^11 candidates."""

Payoffs: TypeAlias = Mapping[str, Sequence[Number]]
Prior: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefSet:
    """A set of priors: the convex hull of finitely many.

    Attributes
    ----------
    points : tuple of tuples of Fraction
        Priors whose convex hull it is, one probability a state; none is listed twice. Use
        `of_points` or `of_bounds`, which check what they are given.
    """

    points: tuple[Prior, ...]

    @classmethod
    def of_points(cls, priors: Sequence[Sequence[Number]]) -> BeliefSet:
        """Return the convex hull of priors.

        Parameters
        ----------
        priors : sequence of sequences of numbers, shape (n_priors, n_states)
            Floats stand for their decimals.

        Raises
        ------
        GameError
            If there is none, or one is no distribution over the same states.

        Examples
        --------
        >>> BeliefSet.of_points([[0.5, 0.5], [0.2, 0.8]]).points[1]
        (Fraction(1, 5), Fraction(4, 5))
        """
        if len(priors) == 0:
            msg = "`priors` must hold at least one prior, got none"
            raise GameError(msg)
        points = [_numbers(f"priors[{k}]", own) for k, own in enumerate(priors)]
        for k, own in enumerate(points):
            if len(own) != len(points[0]):
                msg = (
                    f"`priors[{k}]` must have {len(points[0])} probabilities like `priors[0]`, "
                    f"got {len(own)}"
                )
                raise GameError(msg)
            if min(own, default=Fraction(-1)) < 0 or sum(own) != 1:
                msg = (
                    f"`priors[{k}]` must be probabilities with sum 1, got "
                    f"{', '.join(map(decimal_text, own))} with sum {decimal_text(sum(own))}; "
                    "thirds need Fractions"
                )
                raise GameError(msg)
        return cls(points=tuple(dict.fromkeys(points)))

    @classmethod
    def of_bounds(cls, lower: Sequence[Number], upper: Sequence[Number]) -> BeliefSet:
        """Return all priors whose probabilities lie between bounds.

        Parameters
        ----------
        lower, upper : sequence of numbers, shape (n_states,)

        Raises
        ------
        GameError
            If a lower bound exceeds the upper one, a bound lies outside [0, 1], or no prior meets
            them all.
        WorkLimitError
            If there are more than 12 states.

        Examples
        --------
        >>> box = BeliefSet.of_bounds([0.1, 0.2, 0], [0.5, 0.6, 0.4])
        >>> len(box.points)
        6
        """
        low, high = _numbers("lower", lower), _numbers("upper", upper)
        if len(low) != len(high) or not low:
            msg = (
                "`lower` and `upper` must hold one bound for each state, got "
                f"{len(low)} and {len(high)}"
            )
            raise GameError(msg)
        for k, (least, most) in enumerate(zip(low, high, strict=True)):
            if not 0 <= least <= most <= 1:
                msg = (
                    f"`lower[{k}]` and `upper[{k}]` must meet 0 <= lower <= upper <= 1, got "
                    f"{decimal_text(least)} and {decimal_text(most)}"
                )
                raise GameError(msg)
        if not sum(low) <= 1 <= sum(high):
            msg = (
                "no prior lies between `lower` and `upper`: their sums must lie on either side of "
                f"1, got {decimal_text(sum(low))} and {decimal_text(sum(high))}"
            )
            raise GameError(msg)
        if len(low) > _MAX_STATES:
            msg = (
                f"bounds are turned into extreme points for up to {_MAX_STATES} states, got "
                f"{len(low)}; give the priors themselves to BeliefSet.of_points"
            )
            raise WorkLimitError(msg)
        return cls(points=_corners(low, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousChoice:
    """What a rule of choice under ambiguity says of pure acts.

    Attributes
    ----------
    rule : str
    values : mapping of str to Fraction
        What the rule makes of each act: the higher the better, except of regret.
    chosen : tuple of str
        All acts that are best by the rule.
    value : Fraction
        Theirs.
    """

    rule: str
    values: Mapping[str, Fraction]
    chosen: tuple[str, ...]
    value: Fraction

    def __str__(self) -> str:
        return f"{' or '.join(self.chosen)}: {self.rule} {decimal_text(self.value)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxminChoice:
    """What is best if each act is judged by its worst prior.

    Attributes
    ----------
    values : mapping of str to Fraction
        The least expected payoff of each act.
    worst : mapping of str to tuple of Fraction
        A prior at which the act has it.
    chosen : tuple of str
        All pure acts whose least payoff is greatest.
    value : Fraction
        Theirs.
    mixed_value : Fraction
        The greatest least payoff of a mixture of acts, if the prior may not depend on how the
        mixture comes out. A mixture can hedge between priors, so it can be above `value`.
    mixture : mapping of str to Fraction
        A mixture that guarantees it.
    proof : tuple of Fraction
        A prior of the set against which no act earns more than `mixed_value`.
    """

    values: Mapping[str, Fraction]
    worst: Mapping[str, Prior]
    chosen: tuple[str, ...]
    value: Fraction
    mixed_value: Fraction
    mixture: Mapping[str, Fraction]
    proof: Prior

    def __str__(self) -> str:
        mixed = " + ".join(
            act if weight == 1 else f"{decimal_text(weight)} {act}"
            for act, weight in self.mixture.items()
        )
        return (
            f"{' or '.join(self.chosen)}: at least {decimal_text(self.value)}; mixed: "
            f"{decimal_text(self.mixed_value)} by {mixed}"
        )


def maxmin(payoffs: Payoffs, beliefs: BeliefSet) -> MaxminChoice:
    """Choose by the worst prior: maxmin expected utility [1]_.

    Parameters
    ----------
    payoffs : mapping of str to sequence of numbers
        For each act its payoff in each state; floats stand for their decimals.
    beliefs : BeliefSet

    Returns
    -------
    MaxminChoice
        The best pure acts, and a best mixture with its proof, all exact.

    Raises
    ------
    GameError
        If there is no act, or an act does not have one finite payoff for each state.

    References
    ----------
    .. [1] I. Gilboa and D. Schmeidler (1989), Maxmin expected utility with non-unique prior,
       Journal of Mathematical Economics 18, 141-153, doi:10.1016/0304-4068(89)90018-9.

    Examples
    --------
    Three of ten balls are red, the others black or yellow; one bets on a color:

    >>> import alignment_games as ag
    >>> unknown = ag.solvers.BeliefSet.of_bounds([0.3, 0, 0], [0.3, 0.7, 0.7])
    >>> bets = {"red": [1, 0, 0], "black": [0, 1, 0], "yellow": [0, 0, 1]}
    >>> print(ag.solvers.maxmin(bets, unknown))
    red: at least 0.3; mixed: 0.35 by 0.5 black + 0.5 yellow
    """
    table = _expected(payoffs, beliefs)
    values = {act: min(row) for act, row in table.items()}
    best = max(values.values())
    answer = matrix_value(list(table.values()))
    mixture = dict(zip(table, answer.row, strict=True))
    guaranteed = min(
        sum((mixture[act] * row[k] for act, row in table.items()), Fraction(0))
        for k in range(len(beliefs.points))
    )
    return MaxminChoice(
        values=values,
        worst={act: beliefs.points[row.index(values[act])] for act, row in table.items()},
        chosen=tuple(act for act, value in values.items() if value == best),
        value=best,
        mixed_value=guaranteed,
        mixture={act: weight for act, weight in mixture.items() if weight},
        proof=tuple(
            sum((w * p for w, p in zip(answer.column, state, strict=True)), Fraction(0))
            for state in zip(*beliefs.points, strict=True)
        ),
    )


def alpha_maxmin(payoffs: Payoffs, beliefs: BeliefSet, *, pessimism: Number) -> AmbiguousChoice:
    """Choose by a mean of the worst and the best prior (Hurwicz).

    Parameters
    ----------
    payoffs, beliefs
        As of `maxmin`.
    pessimism : number
        Weight alpha of the worst prior, from 0 to 1; at 1 the rule is `maxmin` over pure acts.

    Returns
    -------
    AmbiguousChoice
        Of pure acts only: what a mixture is worth is not linear in its weights.

    Raises
    ------
    GameError
        As `maxmin`, or if `pessimism` lies outside [0, 1].

    Examples
    --------
    >>> import alignment_games as ag
    >>> unknown = ag.solvers.BeliefSet.of_bounds([0, 0], [1, 1])
    >>> acts = {"safe": [1, 1], "risky": [3, 0]}
    >>> print(ag.solvers.alpha_maxmin(acts, unknown, pessimism=0.5))
    risky: alpha-maxmin 1.5
    """
    (weight,) = _numbers("pessimism", [pessimism])
    if not 0 <= weight <= 1:
        msg = f"`pessimism` must lie in [0, 1], got {decimal_text(weight)}"
        raise GameError(msg)
    table = _expected(payoffs, beliefs)
    values = {act: weight * min(row) + (1 - weight) * max(row) for act, row in table.items()}
    return _choice("alpha-maxmin", values, max(values.values()))


def minimax_regret(payoffs: Payoffs, beliefs: BeliefSet) -> AmbiguousChoice:
    """Choose by the least regret at the prior where it is greatest.

    The regret of an act at a prior is what the best act for that prior earns more. It is convex in
    the prior, so that it is greatest at an extreme point.

    Parameters
    ----------
    payoffs, beliefs
        As of `maxmin`.

    Returns
    -------
    AmbiguousChoice
        Of pure acts only; `values` are the greatest regrets, the lower the better.

    Raises
    ------
    GameError
        As `maxmin`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> unknown = ag.solvers.BeliefSet.of_bounds([0, 0], [1, 1])
    >>> print(ag.solvers.minimax_regret({"safe": [1, 1], "risky": [3, 0]}, unknown))
    risky: minimax-regret 1
    """
    table = _expected(payoffs, beliefs)
    best = [max(column) for column in zip(*table.values(), strict=True)]
    values = {
        act: max(most - own for most, own in zip(best, row, strict=True))
        for act, row in table.items()
    }
    return _choice("minimax-regret", values, min(values.values()))


def _choice(rule: str, values: Mapping[str, Fraction], best: Fraction) -> AmbiguousChoice:
    chosen = tuple(act for act, value in values.items() if value == best)
    return AmbiguousChoice(rule=rule, values=values, chosen=chosen, value=best)


def _expected(payoffs: Payoffs, beliefs: BeliefSet) -> dict[str, list[Fraction]]:
    """Return the expected payoff of each act at each point of the belief set."""
    given: tuple[object, object] = (payoffs, beliefs)
    if not isinstance(given[0], Mapping) or not payoffs:
        msg = (
            "`payoffs` must be a mapping of one or more acts to their payoffs in each state, got "
            f"{str(payoffs)[:80]}"
        )
        raise GameError(msg)
    if not isinstance(given[1], BeliefSet):
        msg = (
            "`beliefs` must be a BeliefSet, made by BeliefSet.of_points or BeliefSet.of_bounds, "
            f"got {type(beliefs).__name__}"
        )
        raise GameError(msg)
    states = len(beliefs.points[0])
    table = {}
    for act, row in payoffs.items():
        own = _numbers(f"payoffs[{act!r}]", row)
        if len(own) != states:
            msg = f"`payoffs[{act!r}]` must hold {states} payoffs, one a state, got {len(own)}"
            raise GameError(msg)
        table[act] = [
            sum((p * u for p, u in zip(prior, own, strict=True)), Fraction(0))
            for prior in beliefs.points
        ]
    return table


def _corners(low: Sequence[Fraction], high: Sequence[Fraction]) -> tuple[Prior, ...]:
    """Return the extreme points between bounds: at most one probability is at neither bound."""
    found: dict[Prior, None] = {}
    for free in range(len(low)):
        ends = [
            (low[k],) if k == free else dict.fromkeys((low[k], high[k])) for k in range(len(low))
        ]
        for corner in itertools.product(*ends):
            rest = 1 - (sum(corner) - corner[free])
            if low[free] <= rest <= high[free]:
                found[(*corner[:free], rest, *corner[free + 1 :])] = None
    return tuple(found)


def _numbers(argument: str, values: Sequence[Number]) -> tuple[Fraction, ...]:
    numbers = []
    for k, value in enumerate(values):
        try:
            numbers.append(exact_number(value))
        except (TypeError, ValueError) as error:
            msg = f"`{argument}[{k}]` must be a finite number: {error}"
            raise GameError(msg) from None
    return tuple(numbers)
