"""Schemes: how two cases are drawn from one prior, which numbers they share and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._typing import FloatArray
from ..batch import Random, Uniform
from ..errors import ParameterError, suggestion
from ..models import AlignmentModel
from ..models.model import model_of
from .drawn import posture_number
from .priors import Prior

__all__ = ["Observation", "Scheme", "drawn_cases", "named_schemes", "pair_design", "scheme_named"]

_SECOND = "second: "
_TRUTH = "truth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """How a case ended.

    Attributes
    ----------
    posture : str
    coerced : bool
    claim : str
        What made the posture the case's outcome: ``chosen``, the unique subgame-perfect posture
        when it is seen first; ``unique``, that of the unique equilibrium when both choose at
        once; ``equilibrium``, that of an equilibrium when both choose at once.
    """

    posture: str
    coerced: bool
    claim: str = "chosen"

    def __post_init__(self) -> None:
        if self.claim not in _GROUNDS:
            msg = f"`claim` {self.claim!r} is unknown{suggestion(self.claim, _GROUNDS)}"
            raise ParameterError(msg)

    def __str__(self) -> str:
        end = "coerced" if self.coerced else "left in peace"
        return f"{self.posture}, {end} ({_GROUNDS[self.claim]})"


_GROUNDS = {
    "chosen": "chosen when seen first",
    "unique": "in the unique equilibrium when both choose at once",
    "equilibrium": "in an equilibrium when both choose at once",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How the parameters of two cases are drawn from one prior.

    Attributes
    ----------
    name, meaning : str
    varies : tuple of str
        Parameters that are drawn anew for the second case. All others are common to both.
    mistaken : str or None
        The parameter about which the second case is mistaken: it chooses by the value drawn for
        it, and its outcome follows from the true value. None if it knows the truth.
    truth : Uniform
        Where the true value comes from: a range of its own, or, scaled by `mistaken`, a share
        of what is believed.
    first, second : Observation
        How the two cases ended.
    """

    name: str
    meaning: str = ""
    varies: tuple[str, ...]
    mistaken: str | None = "patron_reliability"
    truth: Uniform = field(default_factory=lambda: Uniform(0, 1, "patron_reliability"))
    first: Observation = field(default_factory=lambda: Observation(posture="hedge", coerced=False))
    second: Observation = field(
        default_factory=lambda: Observation(posture="balance", coerced=True)
    )

    def to_dict(self) -> dict[str, Any]:
        """Return the scheme as JSON types."""
        truth = [str(self.truth.lower), str(self.truth.upper)]
        return {
            "name": self.name,
            "varies": list(self.varies),
            "mistaken": self.mistaken,
            "truth": [*truth, *([self.truth.scaled_by] if self.truth.scaled_by else [])],
            "first": str(self.first),
            "second": str(self.second),
        }


def named_schemes(model: AlignmentModel) -> dict[str, Scheme]:
    """Return ways to draw two cases of the alignment model, by name.

    Parameters
    ----------
    model : AlignmentModel

    Returns
    -------
    dict of str to Scheme
        The first two are those that reproduce the notes F9, the third and the fourth differ from
        them in one assumption each, then come others.

    Examples
    --------
    >>> import alignment_games as ag
    >>> schemes = ag.analysis.named_schemes(ag.models.alignment())
    >>> list(schemes)[:2], len(schemes["all-free"].varies)
    (['stake-free', 'stake-common'], 24)
    """
    model_of(model)
    own = ("autonomy_balance", "economy_hegemon", "economy_patron", "hedging_discount")
    small = tuple(name for name in model.parameters if name not in _HEGEMONS)
    at_once = Observation(posture="hedge", coerced=False, claim="equilibrium")
    anything = Uniform(0, 1)
    schemes = (
        Scheme(
            name="stake-free",
            meaning="the hegemons' stakes may differ",
            varies=(*own, "stake"),
            first=at_once,
        ),
        Scheme(
            name="stake-common", meaning="both hegemons have one stake", varies=own, first=at_once
        ),
        Scheme(
            name="stake-free-observed",
            meaning="stakes may differ; both postures were seen first",
            varies=(*own, "stake"),
        ),
        Scheme(
            name="stake-common-observed",
            meaning="one stake; both postures were seen first",
            varies=own,
        ),
        Scheme(
            name="hegemon-common",
            meaning="one hegemon's numbers; all of the small state's may differ",
            varies=small,
        ),
        Scheme(name="all-free", meaning="the cases share nothing", varies=tuple(model.parameters)),
        Scheme(
            name="stake-only",
            meaning="only the stakes may differ",
            varies=("stake",),
        ),
        Scheme(
            name="truth-anything",
            meaning="stakes may differ; help may exceed what was believed",
            varies=(*own, "stake"),
            truth=anything,
        ),
        Scheme(
            name="no-mistake",
            meaning="stakes may differ; the second case knew the truth",
            varies=(*own, "stake", "patron_reliability"),
            mistaken=None,
        ),
    )
    return {scheme.name: scheme for scheme in schemes}


_HEGEMONS = (
    "coercion_success",
    "support_effect",
    "informal_support",
    "patron_reliability",
    "stake",
    "alignment_loss",
    "tilt",
    "friendship",
    "coercion_cost",
    "escalation_cost",
)
"""What the hegemon's temptation depends on."""


def scheme_named(model: AlignmentModel, prior: Prior, scheme: Scheme | str) -> Scheme:
    """Return a checked scheme: the one given, or one of `named_schemes`.

    Raises
    ------
    ParameterError, GameError
        If it is unknown, or names a parameter or a posture that is.
    """
    if isinstance(scheme, Scheme):
        plan = scheme
    else:
        known = named_schemes(model)
        if scheme not in known:
            msg = f"unknown scheme {str(scheme)[:80]!r}{suggestion(scheme, known)}"
            raise ParameterError(msg)
        plan = known[scheme]
    for name in plan.varies:
        model.parameters[name]
    for seen in (plan.first, plan.second):
        posture_number(model, seen.posture, "scheme")
    if plan.mistaken is not None:
        by = plan.truth.scaled_by
        if by not in {None, plan.mistaken}:
            msg = f"`truth` must be scaled by {plan.mistaken!r} or by nothing, got {by!r}"
            raise ParameterError(msg)
        most = 1 if by is None else prior.highest(plan.mistaken)
        for bound in (plan.truth.lower, plan.truth.upper):
            model.parameters.number(plan.mistaken, bound * most)
    return plan


def pair_design(prior: Prior, plan: Scheme, points: int, rng: Any) -> Random:
    """Return draws of all that the two cases need, none scaled yet."""
    ranges = {name: Uniform(one.lower, one.upper) for name, one in prior.ranges.items()}
    anew = {_SECOND + name: ranges[name] for name in ranges if name in plan.varies}
    truth = {}
    if plan.mistaken is not None:
        truth[_TRUTH] = Uniform(plan.truth.lower, plan.truth.upper)
    return Random(ranges | anew | truth, points, rng=rng)


def drawn_cases(
    prior: Prior, plan: Scheme, drawn: Mapping[str, FloatArray]
) -> tuple[dict[str, FloatArray], dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the first case, and the second as believed and in truth."""
    first = {name: drawn[name] for name in prior.ranges}
    second = {name: drawn.get(_SECOND + name, drawn[name]) for name in prior.ranges}
    for case in (first, second):
        for name, one in prior.ranges.items():
            by = one.scaled_by
            if by is not None:
                case[name] = case[name] * (case[by] if by in case else float(prior.fixed[by]))
    true = dict(second)
    if plan.mistaken is not None:
        true[plan.mistaken] = drawn[_TRUTH]
        if plan.truth.scaled_by is not None:
            believed = second.get(plan.mistaken)
            factor = float(prior.fixed[plan.mistaken]) if believed is None else believed
            true[plan.mistaken] = drawn[_TRUTH] * factor
    return first, second, true
