"""Claims about postures at many points, each with where it holds for certain and where it may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from .._typing import FloatArray, StatusArray, Values
from ..batch import PointList
from ..batch.fused import OPEN
from ..batch.inputs import BatchStatus, threads
from ..batch.points import Job, job, solve_points
from ..errors import GameError, ParameterError, suggestion
from ..models import AlignmentModel
from .shares import Tally

__all__ = [
    "POSTURE_CLAIMS",
    "Answers",
    "answers",
    "best_reply",
    "claim_named",
    "coerced_if",
    "holds",
    "posture_number",
]

Answers: TypeAlias = Mapping[str, StatusArray]

POSTURE_CLAIMS: dict[str, str] = {
    "dominant": "strictly dominant",
    "unique": "the unique equilibrium, if both choose at once",
    "chosen": "the unique subgame-perfect posture, if it is observed first",
    "in_peace": "chosen and not coerced, if it is observed first",
    "all": "strictly dominant, and so the unique equilibrium, and chosen if observed first",
}
"""What can be asked about a posture, in the words of the verdicts."""

_OUTPUTS = ("posture", "coerced", "dominant", "equilibria", "equilibrium_posture")


def answers(
    model: AlignmentModel,
    fixed: Values,
    columns: Mapping[str, FloatArray],
    *,
    resolve: bool,
    workers: int | None,
) -> Answers:
    """Return the engine's codes at some points.

    Parameters
    ----------
    model : AlignmentModel
    fixed : mapping of str to number
    columns : mapping of str to ndarray, shape (n_points,)
    resolve : bool
        Whether points within rounding of a tie are decided in rational arithmetic.
    workers : int or None
    """
    design = PointList(columns)
    task = job(model, fixed, design, _OUTPUTS, resolve=resolve)
    return _solved(task, workers)


def holds(found: Answers, claim: str, posture: int) -> Tally:
    """Return where a claim of `POSTURE_CLAIMS` about a posture holds."""
    if claim == "all":
        parts = [holds(found, name, posture) for name in ("dominant", "unique", "chosen")]
        return parts[0] & parts[1] & parts[2]
    if claim == "in_peace":
        return holds(found, "chosen", posture) & _is(found["coerced"], 0)
    if claim == "unique":
        return _is(found["equilibria"], 1) & _is(found["equilibrium_posture"], posture)
    return _is(found[{"dominant": "dominant", "chosen": "posture"}[claim]], posture)


def coerced_if(
    model: AlignmentModel,
    posture: str,
    fixed: Values,
    columns: Mapping[str, FloatArray],
    *,
    resolve: bool,
    workers: int | None,
) -> Tally:
    """Return where the hegemon answers a posture with coercion, whoever chose it."""
    design = PointList(columns)
    task = job(_only(model, posture=posture), fixed, design, ("coerced",), resolve=resolve)
    return _is(_solved(task, workers)["coerced"], 1)


def best_reply(
    model: AlignmentModel,
    posture: int,
    coerced: bool,
    fixed: Values,
    columns: Mapping[str, FloatArray],
    *,
    resolve: bool,
    workers: int | None,
) -> Tally:
    """Return where a posture is the only best reply to the hegemon's one action or the other."""
    answer = model.strategies[1][-1 if coerced else 0]
    design = PointList(columns)
    task = job(_only(model, answer=answer), fixed, design, ("posture",), resolve=resolve)
    return _is(_solved(task, workers)["posture"], posture)


def posture_number(model: AlignmentModel, posture: object, argument: str = "posture") -> int:
    """Return a posture's place among the small state's strategies.

    Raises
    ------
    GameError
        If it is none of them.
    """
    if posture in model.strategies[0]:
        return model.strategies[0].index(str(posture))
    msg = f"`{argument}` {str(posture)[:80]!r} is unknown{suggestion(posture, model.strategies[0])}"
    raise GameError(msg)


def claim_named(claim: object) -> str:
    """Return a checked key of `POSTURE_CLAIMS`.

    Raises
    ------
    ParameterError
    """
    if isinstance(claim, str) and claim in POSTURE_CLAIMS:
        return claim
    msg = f"`claim` {str(claim)[:80]!r} is unknown{suggestion(claim, POSTURE_CLAIMS)}"
    raise ParameterError(msg)


def _solved(task: Job, workers: int | None) -> Answers:
    """Return the engine's codes, or say that points are none of the model's."""
    found: Answers = solve_points(task, 0, len(task.design), threads(workers))
    bad = int(np.count_nonzero(found["status"] == BatchStatus.BAD_INPUT))
    if bad:
        rules = " or ".join(
            f"`{c.smaller}` above `{c.larger}`" for c in task.model.parameters.constraints
        )
        msg = (
            f"{bad} of {len(task.design)} points lie outside the model (for example {rules}); "
            "narrow the ranges, or draw the smaller parameter as a share of the larger"
        )
        raise ParameterError(msg)
    return found


def _is(codes: StatusArray, code: int) -> Tally:
    sure = np.equal(codes, code)
    return Tally(sure, sure | np.equal(codes, OPEN))


@lru_cache(maxsize=64)
def _only(
    model: AlignmentModel, *, posture: str | None = None, answer: str | None = None
) -> AlignmentModel:
    """Return the model in which the small state or the hegemon has a single strategy."""
    postures, answers = model.strategies
    postures = postures if posture is None else (posture,)
    answers = answers if answer is None else (answer,)
    return replace(
        model,
        name=f"{model.name}: {', '.join(postures)} against {', '.join(answers)}",
        strategies=(postures, answers),
        payoffs={
            profile: own
            for profile, own in model.payoffs.items()
            if profile[0] in postures and profile[1] in answers
        },
        terms={key: term for key, term in model.terms.items() if key[1] in postures},
        temptations={a: two for a, two in model.temptations.items() if a in postures},
    )
