"""What two observed cases say about a counterfactual: a share of a prior, and of which prior.

Parameters of both cases are drawn together; those draws are kept in which both cases end as
they did, and the share of them in which the second case would have had peace under another
posture is counted. Which parameters the cases share is an assumption, and it is data here: a
`Scheme`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import FloatArray
from ..batch import Random
from ..errors import ParameterError, flag, whole
from ..io.document import Bullets, Heading, Paragraph, Table, to_text
from ..models import AlignmentModel
from ..models.model import model_of
from .drawn import answers, best_reply, coerced_if, holds, posture_number
from .priors import Prior, prior_named
from .schemes import (
    Observation,
    Scheme,
    drawn_cases,
    named_schemes,
    pair_design,
    scheme_named,
)
from .shares import Share, Tally, confidence_level, level_text

__all__ = [
    "CounterfactualShare",
    "Identification",
    "counterfactual_share",
    "identification_table",
]


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
        low, high = map(float, (self.scheme.truth.lower, self.scheme.truth.upper))
        second = "The second case knows the truth."
        if self.scheme.mistaken is not None:
            of = " of what is believed" if self.scheme.truth.scaled_by else ""
            second = (
                f"The second case is mistaken about {self.scheme.mistaken}: the truth lies between "
                f"{low:g} and {high:g}{of}."
            )
        own = ", ".join(self.scheme.varies) or "nothing"
        items = (
            f"Scheme {self.scheme.name}. Drawn anew for the second case: {own}. {second}",
            f"Observed: {self.scheme.first}; {self.scheme.second}.",
            f"Both hold in {self.retained.count} of {self.points} draws (seed {self.seed}).",
            (
                f"Had the second case chosen to {self.posture}, it would have been left in peace "
                f"in {self.peace} of these, against {self.before} of all draws."
            ),
        )
        return to_text([Heading(f"Prior: {self.prior}", 1), Bullets(items)]).rstrip("\n")


@dataclass(frozen=True, slots=True)
class Identification:
    """Shares under several schemes, all from one prior.

    Attributes
    ----------
    rows : tuple of CounterfactualShare
    """

    rows: tuple[CounterfactualShare, ...]

    def __getitem__(self, scheme: str) -> CounterfactualShare:
        """Return the row of a scheme.

        Raises
        ------
        KeyError
        """
        return {row.scheme.name: row for row in self.rows}[scheme]

    def to_dict(self) -> dict[str, Any]:
        """Return all rows as JSON types."""
        return {"rows": [row.to_dict() for row in self.rows]}

    def to_json(self) -> str:
        """Return all rows as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def __str__(self) -> str:
        one = self.rows[0]
        table = Table(
            ("scheme", "the two cases", "kept", "peace", "before"),
            tuple(
                (row.scheme.name, row.scheme.meaning, str(row.retained.count), str(row.peace),
                 f"{row.before.estimate:.3f}")
                for row in self.rows
            ),
        )  # fmt: skip
        words = (
            f"Kept: of {one.points} draws (seed {one.seed}), those in which both cases end as "
            "observed. Peace: the share of these in which the second case would have been left in "
            f"peace had it chosen to {one.posture}, with an exact {level_text(one.confidence)} "
            "interval. Before: the same share of all draws. The intervals hold the error of "
            "drawing, not the doubt about prior and scheme."
        )
        return to_text([Heading(f"Prior: {one.prior}", 1), Paragraph(words), table]).rstrip("\n")


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
    >>> free = ag.analysis.counterfactual_share(model, points=40_000, rng=3)
    >>> common = ag.analysis.counterfactual_share(model, scheme="stake-common",
    ...                                           points=40_000, rng=3)
    >>> round(free.peace.estimate, 1), round(common.peace.estimate, 1)
    (0.1, 0.5)
    """  # fmt: skip
    model_of(model)
    place = posture_number(model, posture)
    chosen = prior_named(model, prior)
    plan = scheme_named(model, chosen, scheme)
    level = confidence_level(confidence)
    exact = flag("resolve", resolve)
    design = pair_design(chosen, plan, whole("points", points, 1, 10**8), rng)
    drawn = dict(zip(design.parameters, design.columns(0, len(design)), strict=True))
    one, believed, true = drawn_cases(chosen, plan, drawn)

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
) -> Identification:
    """Return `counterfactual_share` for several schemes, to see what the inference rests on.

    Parameters
    ----------
    model, prior, posture, points, confidence, workers
        As for `counterfactual_share`.
    schemes : iterable of Scheme or str, optional
        All of `named_schemes` by default.
    rng : int or numpy.random.Generator, optional
        The seed of every row, or what draws it.

    Returns
    -------
    Identification

    Raises
    ------
    ParameterError
        As for `counterfactual_share`, or if there are no schemes.

    Examples
    --------
    >>> import alignment_games as ag
    >>> table = ag.analysis.identification_table(ag.models.alignment(), points=5000, rng=1)
    >>> len(table.rows), round(table["no-mistake"].peace.estimate, 1)
    (9, 0.0)
    """
    model_of(model)
    chosen = list(named_schemes(model) if schemes is None else schemes)
    if not chosen:
        msg = "`schemes` must hold one scheme or more; leave it out for all of `named_schemes`"
        raise ParameterError(msg)
    seed = Random({"any": (0, 1)}, 1, rng=rng).seed
    return Identification(
        tuple(
            counterfactual_share(
                model,
                prior,
                scheme,
                posture=posture,
                points=points,
                rng=seed,
                confidence=confidence,
                workers=workers,
            )
            for scheme in chosen
        )
    )
