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
from ..batch.inputs import threads
from ..batch.points import job, solve_points
from ..errors import GameError, ParameterError, suggestion
from ..models import AlignmentModel
from .shares import Tally

__all__ = ["CLAIMS", "Answers", "answers", "claim_named", "coerced_if", "holds", "posture_number"]

Answers: TypeAlias = Mapping[str, StatusArray]

CLAIMS: dict[str, str] = {
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
    found: Answers = solve_points(task, 0, len(design), threads(workers))
    return found


def holds(found: Answers, claim: str, posture: int) -> Tally:
    """Return where a claim of `CLAIMS` about a posture holds."""
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
    task = job(_only(model, posture), fixed, design, ("coerced",), resolve=resolve)
    found = solve_points(task, 0, len(design), threads(workers))
    return _is(found["coerced"], 1)


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
    """Return a checked key of `CLAIMS`.

    Raises
    ------
    ParameterError
    """
    if isinstance(claim, str) and claim in CLAIMS:
        return claim
    msg = f"`claim` {str(claim)[:80]!r} is unknown{suggestion(claim, CLAIMS)}"
    raise ParameterError(msg)


def _is(codes: StatusArray, code: int) -> Tally:
    sure = np.equal(codes, code)
    return Tally(sure, sure | np.equal(codes, OPEN))


@lru_cache(maxsize=64)
def _only(model: AlignmentModel, posture: str) -> AlignmentModel:
    """Return the model of a small state that has taken one posture."""
    return replace(
        model,
        name=f"{model.name}, {posture} only",
        strategies=((posture,), *model.strategies[1:]),
        payoffs={profile: own for profile, own in model.payoffs.items() if profile[0] == posture},
        terms={key: term for key, term in model.terms.items() if key[1] == posture},
        temptations={posture: model.temptations[posture]},
    )


