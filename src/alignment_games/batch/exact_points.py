"""One point decided in rational arithmetic: what the compiled loop leaves open near a tie."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..games import NormalFormGame
from ..models import AlignmentModel
from ..models.model import exact_payoff_function
from ..solvers import nash
from ..solvers.result import Status
from .fused import NONE, OPEN

__all__ = ["exact_answers"]

Answers = dict[str, int | float]


def exact_answers(
    model: AlignmentModel, values: Mapping[str, Fraction], outputs: tuple[str, ...]
) -> Answers | None:
    """Return the answers at one point, whose every tie is decided.

    Parameters
    ----------
    model : AlignmentModel
        Of two players, with rational payoffs.
    values : mapping of str to Fraction
        Every parameter, in the model's order.
    outputs : tuple of str

    Returns
    -------
    dict or None
        For each output what `alignment_games.batch.fused` gives; -1 for several postures or
        infinitely many equilibria, NaN for a number that several paths leave open. None if a
        payoff has no value at the point: a divisor is zero, or no branch holds.
    """
    try:
        flat = exact_payoff_function(model)(*(Fraction(value) for value in values.values()))
    except ZeroDivisionError:
        return None
    if None in flat:
        return None
    m, n = (len(own) for own in model.strategies)
    first = [[Fraction(flat[i * n + j]) for j in range(n)] for i in range(m)]
    second = [[Fraction(flat[m * n + i * n + j]) for j in range(n)] for i in range(m)]
    found: Answers = _sequential(first, second) | {"dominant": _dominant(first)}
    if {"equilibria", "equilibrium_posture"} & set(outputs):
        found |= _simultaneous(first, second)
    return {name: found[name] for name in outputs}


def _sequential(first: list[list[Fraction]], second: list[list[Fraction]]) -> Answers:
    """Collect the paths of all subgame-perfect equilibria.

    A choice is on such a path if some best reply to it is worth at least what the least
    favorable best replies to all others leave.
    """
    replies = [[j for j, u in enumerate(row) if u == max(row)] for row in second]
    worst = [min(first[i][j] for j in best) for i, best in enumerate(replies)]
    best = [max(first[i][j] for j in own) for i, own in enumerate(replies)]
    paths = []
    for i, own in enumerate(replies):
        floor = max((w for k, w in enumerate(worst) if k != i), default=worst[i])
        paths += [(i, j) for j in own if first[i][j] >= floor]
    postures = {i for i, _ in paths}
    harsh = {j == len(second[0]) - 1 for _, j in paths}
    payoffs = {first[i][j] for i, j in paths}
    answers: Answers = {
        "posture": postures.pop() if len(postures) == 1 else NONE,
        "coerced": int(harsh.pop()) if len(harsh) == 1 else NONE,
        "payoff": float(payoffs.pop()) if len(payoffs) == 1 else float("nan"),
        "margin": float("nan"),
    }
    if all(w == b for w, b in zip(worst, best, strict=True)):
        ranked = sorted(best, reverse=True)
        answers["margin"] = float(ranked[0] - ranked[1]) if len(ranked) > 1 else float("inf")
    return answers


def _dominant(first: list[list[Fraction]]) -> int:
    """Return the strictly dominant strategy of the first player, or that there is none."""
    for i, row in enumerate(first):
        if all(
            u > v
            for k, other in enumerate(first)
            if k != i
            for u, v in zip(row, other, strict=True)
        ):
            return i
    return NONE


def _simultaneous(first: list[list[Fraction]], second: list[list[Fraction]]) -> Answers:
    solution = nash(NormalFormGame.from_bimatrix(first, second), exact=True)
    if solution.status is not Status.COMPLETE:
        return {"equilibria": OPEN, "equilibrium_posture": OPEN}
    own = [eq.profile[0] for eq in solution.equilibria]
    pure = {probabilities.index(1) if 1 in probabilities else NONE for probabilities in own}
    continuum = any(component.dimension > 0 for component in solution.components)
    return {
        "equilibria": NONE if continuum else len(own),
        "equilibrium_posture": pure.pop() if len(pure) == 1 else NONE,
    }
