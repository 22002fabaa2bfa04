"""What two observed cases say about a counterfactual: a share of a prior, and of which prior.

Parameters of both cases are drawn together; those draws are kept in which both cases end as
they did, and the share of them in which the second case would have had peace under another
posture is counted. Which parameters the cases share is an assumption, and it is data here: a
`Scheme`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._typing import FloatArray
from ..batch import Random, Uniform
from ..errors import ParameterError, flag, suggestion, whole
from ..io.document import Heading, Paragraph, Table, to_text
from ..models import AlignmentModel
from .drawn import answers, best_reply, coerced_if, holds, posture_number
from .priors import Prior, prior_named
from .shares import Share, Tally, confidence_level

__all__ = [
    "CounterfactualShare",
    "Observation",
    "Scheme",
    "counterfactual_share",
    "identification_table",
    "named_schemes",
]

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
    truth: Uniform = Uniform(0, 1, "patron_reliability")
    first: Observation = Observation(posture="hedge", coerced=False)
    second: Observation = Observation(posture="balance", coerced=True)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterfactualShare:
    """The share of what two outcomes leave possible in which a counterfactual holds.

    Attributes
    ----------
    model : str
    prior : Prior
    scheme : Scheme
    posture : str
        What the second case is supposed to have done instead.
    points, seed : int
    confidence : float
    retained : Share
        Draws in which both cases end as observed, of all.
    peace : Share
        Draws in which the second case is left in peace under `posture`, of those retained.
    before : Share
        The same of all draws: what the prior says before any outcome is looked at.
    """

    model: str
    prior: Prior
    scheme: Scheme
    posture: str
    points: int
    seed: int
    confidence: float
    retained: Share
    peace: Share
    before: Share

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON types."""
        return {
            "model": self.model,
            "prior": self.prior.to_dict(),
            "scheme": self.scheme.to_dict(),
            "posture": self.posture,
            "points": self.points,
            "seed": self.seed,
            "confidence": self.confidence,
            "retained": self.retained.to_dict(),
            "peace": self.peace.to_dict(),
            "before": self.before.to_dict(),
        }

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def __str__(self) -> str:
        scheme = self.scheme
        own = ", ".join(scheme.varies) or "nothing"
        known = "knows the truth"
        if scheme.mistaken is not None:
            of = " of what is believed" if scheme.truth.scaled_by else ""
            known = (
                f"is mistaken about {scheme.mistaken} (truth: {float(scheme.truth.lower):g} to "
                f"{float(scheme.truth.upper):g}{of})"
            )
        lines = (
            f"Prior: {self.prior}",
            f"Scheme: {scheme.name}. Drawn anew for the second case: {own}. It {known}.",
            f"Observed: {scheme.first}; {scheme.second}.",
            f"Consistent with both: {self.retained.count} of {self.points} draws (seed {self.seed}).",
            f"Peace in the second case had it chosen to {self.posture}: {self.peace} of these, "
            f"against {self.before} of all draws.",
        )
        return "\n".join(lines)


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


def counterfactual_share(
    model: AlignmentModel,
    prior: Prior | str | None = None,
    scheme: Scheme | str = "stake-free",
    *,
    posture: str = "hedge",
    points: int = 150_000,
    rng: int | np.random.Generator | None = None,
    confidence: float = 0.95,
    resolve: bool = False,
    workers: int | None = None,
) -> CounterfactualShare:
    """Return how often another posture would have kept the peace, given two outcomes (F9).

    Parameters
    ----------
    model : AlignmentModel
        Of two players.
    prior : Prior or str, optional
        A prior, or a key of `named_priors`; by default `base_prior`.
    scheme : Scheme or str, optional
        Which parameters the cases share and how they ended, or a key of `named_schemes`.
    posture : str, optional
        What the second case is supposed to have done instead.
    points : int, optional
        Independent random draws of the pair of cases.
    rng : int or numpy.random.Generator, optional
        The seed, or what draws it.
    confidence : float, optional
        Level of the intervals (Clopper-Pearson).
    resolve : bool, optional
        Whether points within rounding of a tie are decided in rational arithmetic; otherwise
        they count as unknown and widen the intervals.
    workers : int, optional
        Threads; one for each processor by default.

    Returns
    -------
    CounterfactualShare

    Raises
    ------
    ParameterError
        If prior or scheme does not fit the model, or a number is out of bounds.
    GameError
        If there is no such posture.

    Notes
    -----
    The result depends on the prior and on the scheme far more than on the number of points;
    `identification_table` shows how much. A parameter that another one scales is common to both
    cases as a share of it.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> free = ag.analysis.counterfactual_share(model, points=20_000, rng=1)
    >>> common = ag.analysis.counterfactual_share(model, scheme="stake-common",
    ...                                           points=20_000, rng=1)
    >>> round(free.peace.estimate, 1), round(common.peace.estimate, 1)
    (0.1, 0.5)
    """  # fmt: skip
    place = posture_number(model, posture)
    chosen = prior_named(model, prior)
    plan = _scheme(model, chosen, scheme)
    level = confidence_level(confidence)
    exact = flag("resolve", resolve)
    design = _pair_design(chosen, plan, whole("points", points, 1, 10**8), rng)
    drawn = dict(zip(design.parameters, design.columns(0, len(design)), strict=True))
    one, believed, true = _cases(chosen, plan, drawn)

    def outcome(case: Mapping[str, FloatArray], seen: Observation) -> Tally:
        known = {name: value for name, value in chosen.fixed.items() if name not in case}
        number = posture_number(model, seen.posture)
        if seen.claim == "equilibrium":
            return best_reply(
                model, number, seen.coerced, known, case, resolve=exact, workers=workers
            )
        found = answers(model, known, case, resolve=exact, workers=workers)
        return holds(found, seen.claim, number)

    def coerced(case: Mapping[str, FloatArray], name: str) -> Tally:
        known = {key: value for key, value in chosen.fixed.items() if key not in case}
        return coerced_if(model, name, known, case, resolve=exact, workers=workers)

    def ended(case: Mapping[str, FloatArray], seen: Observation) -> Tally:
        answer = coerced(case, seen.posture)
        return answer if seen.coerced else ~answer

    kept = outcome(one, plan.first) & ended(one, plan.first)
    kept = kept & outcome(believed, plan.second) & ended(true, plan.second)
    peace = ~coerced(true, model.strategies[0][place])
    return CounterfactualShare(
        model=model.name,
        prior=chosen,
        scheme=plan,
        posture=posture,
        points=len(design),
        seed=design.seed,
        confidence=level,
        retained=kept.share(level),
        peace=(kept & peace).share(level, given=kept.possible),
        before=peace.share(level),
    )


def identification_table(
    model: AlignmentModel,
    prior: Prior | str | None = None,
    *,
    schemes: Iterable[Scheme | str] | None = None,
    posture: str = "hedge",
    points: int = 150_000,
    rng: int | np.random.Generator | None = None,
    confidence: float = 0.95,
    workers: int | None = None,
) -> tuple[CounterfactualShare, ...]:
    """Return `counterfactual_share` for several schemes, to see what the inference rests on.

    Parameters
    ----------
    model, prior, posture, points, confidence, workers
        As for `counterfactual_share`.
    schemes : iterable of Scheme or str, optional
        All of `named_schemes` by default.
    rng : int or numpy.random.Generator, optional
        The seed of every row, or what draws their seeds.

    Returns
    -------
    tuple of CounterfactualShare

    Examples
    --------
    >>> import alignment_games as ag
    >>> rows = ag.analysis.identification_table(ag.models.alignment(), points=5000, rng=1)
    >>> len(rows), rows[1].scheme.name
    (9, 'stake-common')
    """
    chosen = named_schemes(model) if schemes is None else schemes
    return tuple(
        counterfactual_share(
            model, prior, scheme, posture=posture, points=points, rng=rng, confidence=confidence,
            workers=workers,
        )
        for scheme in chosen
    )  # fmt: skip


def identification_text(rows: Iterable[CounterfactualShare]) -> str:
    """Return a table of several schemes under one prior as text."""
    every = list(rows)
    table = Table(
        ("scheme", "the two cases", "kept", "peace", "before"),
        tuple(
            (row.scheme.name, row.scheme.meaning, str(row.retained.count), str(row.peace),
             f"{row.before.estimate:.3f}")
            for row in every
        ),
    )  # fmt: skip
    words = (
        f"Of {every[0].points} draws, those kept in which both cases end as observed; the share of "
        f"these in which the second would have had peace had it chosen to {every[0].posture}, with "
        f"exact {100 * every[0].confidence:g} % intervals; and the same share before any outcome is "
        "looked at. The intervals hold the error of drawing, not the doubt about prior and scheme."
    )
    head = Heading(f"Prior: {every[0].prior}", 1)
    return to_text([head, Paragraph(words), table]).rstrip("\n")


def _scheme(model: AlignmentModel, prior: Prior, scheme: Scheme | str) -> Scheme:
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


def _pair_design(prior: Prior, plan: Scheme, points: int, rng: Any) -> Random:
    """Return draws of all that the two cases need, none scaled yet."""
    ranges = {name: Uniform(one.lower, one.upper) for name, one in prior.ranges.items()}
    anew = {_SECOND + name: ranges[name] for name in ranges if name in plan.varies}
    truth = {}
    if plan.mistaken is not None:
        truth[_TRUTH] = Uniform(plan.truth.lower, plan.truth.upper)
    return Random(ranges | anew | truth, points, rng=rng)


def _cases(
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
