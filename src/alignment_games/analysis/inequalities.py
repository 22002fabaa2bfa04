"""The inequalities that decide an equilibrium, with their numbers on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy as sp

from .._numeric import exact_number, rational
from .._typing import Values
from ..errors import GameError, suggestion
from ..games import NormalFormGame
from ..models import AlignmentModel, Comparison
from ..models.model import model_of
from ..solvers import Equilibrium
from .flips import Outcomes, Timing, outcomes

__all__ = [
    "Inequality",
    "deciding_inequalities",
    "sequential_inequalities",
    "uniqueness_inequalities",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inequality:
    """One comparison on which an answer rests.

    Attributes
    ----------
    player : str
        Whose choice it decides.
    meaning : str
    comparison : Comparison
        Both sides as expressions of the parameters.
    left, right : Fraction
        Both sides in numbers.
    """

    player: str
    meaning: str
    comparison: Comparison
    left: Fraction
    right: Fraction

    @property
    def relation(self) -> str:
        """``>``, ``<`` or ``=``, as the numbers are."""
        return ">" if self.left > self.right else "<" if self.left < self.right else "="

    @property
    def margin(self) -> Fraction:
        """Distance of the two sides relative to the larger of them; 0 on a knife edge."""
        scale = max(abs(self.left), abs(self.right))
        return abs(self.left - self.right) / scale if scale else Fraction(0)


def sequential_inequalities(
    model: AlignmentModel, values: Values, posture: str
) -> tuple[Inequality, ...]:
    """Return the inequalities on which a subgame-perfect posture rests, the tightest first.

    They are the comparison with every other posture, given how the hegemon answers each, and
    those of the hegemon's choices whose reversal alone would change the posture.

    Parameters
    ----------
    model : AlignmentModel
    values : Scenario or mapping of str to number
    posture : str
        The unique subgame-perfect posture.

    Returns
    -------
    tuple of Inequality

    Examples
    --------
    >>> import alignment_games as ag
    >>> case = ag.load_scenario("vietnam")
    >>> [(i.player, float(i.left), i.relation, float(i.right))
    ...  for i in ag.analysis.sequential_inequalities(case.model, case, "hedge")][0]
    ('hegemon', 0.43, '<', 0.648)
    """
    model_of(model)
    if posture not in model.strategies[0]:
        msg = f"unknown `posture` {posture!r}{suggestion(posture, model.strategies[0])}"
        raise GameError(msg)
    numbers = model.parameters.complete(values, {})
    small = model.players[0]
    calm, harsh = model.strategies[1][0], model.strategies[1][-1]
    answers = {a: _temptation(model, numbers, a) for a in model.strategies[0]}
    outcome = {a: harsh if i.left > i.right else calm for a, i in answers.items()}
    game = model.game(numbers)

    def stands(answer_of: Mapping[str, str]) -> bool:
        """Whether the posture would be the only best one."""
        payoff = {a: game.payoff(small, a, answer_of[a]) for a in answer_of}
        return all(payoff[posture] > payoff[a] for a in payoff if a != posture)

    found = [
        _payoff_inequality(model, game, small, (posture, outcome[posture]), (a, outcome[a]))
        for a in model.strategies[0]
        if a != posture
    ]
    for a, inequality in answers.items():
        other = calm if outcome[a] == harsh else harsh
        if not stands(outcome | {a: other}):
            found.append(inequality)
    return tuple(sorted(found, key=lambda i: i.margin))


def deciding_inequalities(
    model: AlignmentModel, values: Values, equilibrium: Equilibrium
) -> tuple[Inequality, ...]:
    """Return the inequalities on which an equilibrium of the simultaneous game rests.

    For a pure equilibrium: that no player has a better reply. For a mixed one: how each
    player ranks its strategies in use against each of the other's strategies in use, and
    that no unused posture pays more against the mixture. The tightest comes first.

    Parameters
    ----------
    model : AlignmentModel
    values : Scenario or mapping of str to number
    equilibrium : Equilibrium
        Of ``model.game(values)``.

    Returns
    -------
    tuple of Inequality

    Examples
    --------
    >>> import alignment_games as ag
    >>> case = ag.load_scenario("ukraine")
    >>> (equilibrium,) = ag.solve(case.model.game(case)).equilibria
    >>> [(i.player, float(i.left), i.relation, float(i.right))
    ...  for i in ag.analysis.deciding_inequalities(case.model, case, equilibrium)][0]
    ('small_state', -0.876, '>', -1.05)
    """
    model_of(model)
    numbers = model.parameters.complete(values, {})
    game = model.game(numbers)
    small, _ = model.players
    own, answers = equilibrium.support
    found: list[Inequality] = []
    if equilibrium.is_pure:
        found += [
            _payoff_inequality(model, game, small, (own[0], answers[0]), (a, answers[0]))
            for a in model.strategies[0]
            if a != own[0]
        ]
    else:
        found += [
            _payoff_inequality(model, game, small, (a, answer), (b, answer))
            for answer in answers
            for k, a in enumerate(own)
            for b in own[k + 1 :]
        ]
        found += [
            _mixed_inequality(model, game, equilibrium, own[0], a)
            for a in model.strategies[0]
            if a not in own
        ]
    found += [_temptation(model, numbers, a) for a in own]
    return tuple(sorted(found, key=lambda i: i.margin))


def uniqueness_inequalities(model: AlignmentModel, values: Values) -> tuple[Inequality, ...]:
    """Return the inequalities whose reversal alone changes the equilibria of the simultaneous game.

    They are what a claim of uniqueness rests on beyond the best replies at the equilibrium:
    how the hegemon would answer each posture, and how neighboring payoffs of the small state
    are ordered under each answer.

    Parameters
    ----------
    model : AlignmentModel
    values : Scenario or mapping of str to number

    Returns
    -------
    tuple of Inequality
        The tightest first.

    Examples
    --------
    >>> import alignment_games as ag
    >>> case = ag.load_scenario("vietnam")
    >>> first = ag.analysis.uniqueness_inequalities(case.model, case)[0]
    >>> first.player, float(first.left), first.relation, float(first.right)
    ('hegemon', 0.77, '<', 0.84)
    """
    model_of(model)
    numbers = model.parameters.complete(values, {})
    game = model.game(numbers)
    small, _ = model.players
    postures, answers = model.strategies
    table = [[list(row) for row in matrix] for matrix in game.exact_payoffs.tolist()]

    def changes(player: int, here: tuple[int, int], there: tuple[int, int]) -> bool:
        """Whether the equilibria change when a player's payoffs at two profiles are swapped."""
        swapped = [[list(row) for row in matrix] for matrix in table]
        own = swapped[player]
        own[here[0]][here[1]], own[there[0]][there[1]] = (
            own[there[0]][there[1]],
            own[here[0]][here[1]],
        )
        return _outcomes(model, swapped) != _outcomes(model, table)

    found = [
        _temptation(model, numbers, a) for k, a in enumerate(postures) if changes(1, (k, 0), (k, 1))
    ]
    for j, answer in enumerate(answers):
        order = sorted(range(len(postures)), key=lambda k: table[0][k][j], reverse=True)
        found += [
            _payoff_inequality(
                model, game, small, (postures[above], answer), (postures[below], answer)
            )
            for above, below in pairwise(order)
            if changes(0, (above, j), (below, j))
        ]
    return tuple(sorted(found, key=lambda i: i.margin))


def _outcomes(model: AlignmentModel, table: list[list[list[Fraction]]]) -> Outcomes:
    frozen = tuple(tuple(tuple(row) for row in matrix) for matrix in table)
    return outcomes(model, frozen, Timing.SIMULTANEOUS)


def _temptation(model: AlignmentModel, numbers: Mapping[str, Fraction], posture: str) -> Inequality:
    comparison = model.temptations[posture]
    return Inequality(
        player=model.players[1],
        meaning=f"the hegemon's expected gain from coercing a state that plays {posture}, "
        "against the price",
        comparison=comparison,
        left=exact_value(comparison.left, model, numbers),
        right=exact_value(comparison.right, model, numbers),
    )


def _mixed_inequality(
    model: AlignmentModel, game: NormalFormGame, equilibrium: Equilibrium, a: str, b: str
) -> Inequality:
    """Compare two postures against the hegemon's mixture in an equilibrium."""
    small = model.players[0]
    weights = {
        answer: Fraction(p)
        for answer, p in zip(model.strategies[1], equilibrium.profile[1], strict=True)
    }

    def expected(posture: str) -> tuple[sp.Expr, Fraction]:
        symbols = sum(rational(p) * model.payoff(small, posture, c) for c, p in weights.items())
        number = sum(
            (p * Fraction(game.payoff(small, posture, c)) for c, p in weights.items()), Fraction(0)
        )
        return symbols, number

    (left, left_number), (right, right_number) = expected(a), expected(b)
    return Inequality(
        player=small,
        meaning=f"the small state's expected payoff from {a} against {b}, at the hegemon's mixture",
        comparison=Comparison(
            left=left, right=right, meaning="payoffs of the small state", reference="F1"
        ),
        left=left_number,
        right=right_number,
    )


def _payoff_inequality(
    model: AlignmentModel,
    game: NormalFormGame,
    player: str,
    here: tuple[str, str],
    there: tuple[str, str],
) -> Inequality:
    def words(profile: tuple[str, str]) -> str:
        return f"{profile[0]} ({profile[1]})"

    return Inequality(
        player=player,
        meaning=f"the small state's payoff from {words(here)} against {words(there)}",
        comparison=Comparison(
            left=model.payoff(player, *here),
            right=model.payoff(player, *there),
            meaning="payoffs of the small state",
            reference="F1",
        ),
        left=Fraction(game.payoff(player, *here)),
        right=Fraction(game.payoff(player, *there)),
    )


def exact_value(
    expression: sp.Expr, model: AlignmentModel, numbers: Mapping[str, Fraction]
) -> Fraction:
    """Return the value of an expression at a case, exactly."""
    exact = expression.xreplace(
        {symbol: rational(numbers[name]) for name, symbol in model.parameters.symbols.items()}
    )
    return exact_number(exact)
