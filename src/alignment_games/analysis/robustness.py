"""How much of a prior a posture owns: shares with exact intervals, for every claim apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import flag, whole
from ..io.document import Heading, Paragraph, Table, to_text
from ..models import AlignmentModel
from ..models.model import model_of
from .drawn import POSTURE_CLAIMS, answers, claim_named, holds, posture_number
from .priors import Prior, prior_named
from .shares import Share, Tally, confidence_level, level_text

__all__ = ["PriorRobustness", "prior_robustness"]

NO_POSTURE = "none"
"""What a table calls the share of points at which a claim holds of no posture."""

_HEADS = {
    "dominant": "strictly dominant",
    "unique": "unique equilibrium",
    "chosen": "chosen if seen first",
    "in_peace": "chosen, in peace",
    "all": "dominant and chosen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRobustness:
    """The shares of a prior in which claims about postures hold.

    Attributes
    ----------
    model : str
        The model's name.
    prior : Prior
    posture : str
        The posture that the summary is about.
    points, seed : int
        What was drawn; the two give the same points again.
    confidence : float
    shares : mapping of (str, str) to Share
        By claim (a key of `POSTURE_CLAIMS`) and posture; the posture ``none`` stands for points
        at which the claim holds of no posture.
    """

    model: str
    prior: Prior
    posture: str
    points: int
    seed: int
    confidence: float
    shares: Mapping[tuple[str, str], Share] = field(repr=False)

    def share(self, claim: str, posture: str | None = None) -> Share:
        """Return the share of points at which a claim holds.

        Parameters
        ----------
        claim : str
            ``dominant``, ``unique``, ``chosen``, ``in_peace`` or ``all``.
        posture : str, optional
            `posture` of this object by default.

        Raises
        ------
        ParameterError
            If there is no such claim.
        KeyError
            If there is no such posture.
        """
        return self.shares[claim_named(claim), self.posture if posture is None else posture]

    @property
    def postures(self) -> tuple[str, ...]:
        """The rows of the table: all postures, and ``none``."""
        return tuple(dict.fromkeys(posture for _, posture in self.shares))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON types."""
        return {
            "model": self.model,
            "prior": self.prior.to_dict(),
            "posture": self.posture,
            "points": self.points,
            "seed": self.seed,
            "confidence": self.confidence,
            "claims": {
                claim: {p: self.shares[claim, p].to_dict() for p in self.postures}
                for claim in POSTURE_CLAIMS
            },
        }

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def __str__(self) -> str:
        unknown = sum(share.unknown for share in self.shares.values())
        text = (
            f"Shares of {self.points} independent points (seed {self.seed}), with exact "
            f"{level_text(self.confidence)} intervals of Clopper and Pearson. "
            + ("No point was left open by rounding." if not unknown
               else "Points that rounding left open widen the intervals.")
        )  # fmt: skip
        table = Table(
            ("claim", *self.postures),
            tuple(
                (head, *(str(self.shares[claim, p]) for p in self.postures))
                for claim, head in _HEADS.items()
            ),
        )
        words = (
            f"{self.posture.capitalize()} is strictly dominant at {self.share('dominant')} of the "
            f"points, and also chosen when the posture is seen first at {self.share('all')}: what "
            "is dominant while both choose at once can provoke coercion when it is seen."
        )
        return to_text(
            [Heading(f"Prior: {self.prior}", 1), Paragraph(text), table, Paragraph(words)]
        ).rstrip("\n")


def prior_robustness(
    model: AlignmentModel,
    prior: Prior | str | None = None,
    *,
    posture: str = "hedge",
    points: int = 40_000,
    rng: int | np.random.Generator | None = None,
    confidence: float = 0.95,
    resolve: bool = False,
    workers: int | None = None,
) -> PriorRobustness:
    """Return in what share of a prior each posture is dominant, an equilibrium, and chosen (F9).

    Parameters
    ----------
    model : AlignmentModel
        Of two players.
    prior : Prior or str, optional
        A prior, or a key of `named_priors`; by default `base_prior`.
    posture : str, optional
        What the summary is about; the shares of all postures are returned.
    points : int, optional
        Independent random points.
    rng : int or numpy.random.Generator, optional
        The seed, or what draws it.
    confidence : float, optional
        Level of the intervals (Clopper-Pearson: exact, at least this level).
    resolve : bool, optional
        Whether points within rounding of a tie are decided in rational arithmetic, at about a
        millisecond each. Otherwise they count as unknown and widen the intervals. A prior that
        fixes many parameters can make every point a tie.
    workers : int, optional
        Threads; one for each processor by default.

    Returns
    -------
    PriorRobustness

    Raises
    ------
    ParameterError
        If the prior does not fit the model, or a number is out of bounds.
    GameError
        If there is no such posture.

    Notes
    -----
    The shares are properties of the prior as much as of the model. An interval holds the error
    of drawing finitely many points, and nothing else: not the doubt about the prior.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> found = ag.analysis.prior_robustness(model, points=2000, rng=1)
    >>> found.share("chosen").points, found.share("chosen").unknown
    (2000, 0)
    >>> low, high = found.share("chosen").interval
    >>> bool(low < 0.51 < high), bool(found.share("all").count < found.share("dominant").count)
    (True, True)
    """
    model_of(model)
    posture_number(model, posture)
    chosen = prior_named(model, prior)
    level = confidence_level(confidence)
    design = chosen.design(whole("points", points, 1, 10**8), rng)
    columns = dict(zip(design.parameters, design.columns(0, len(design)), strict=True))
    found = answers(model, chosen.fixed, columns, resolve=flag("resolve", resolve), workers=workers)
    shares: dict[tuple[str, str], Share] = {}
    for claim in POSTURE_CLAIMS:
        tallies = [holds(found, claim, k) for k in range(len(model.strategies[0]))]
        for name, tally in zip(model.strategies[0], tallies, strict=True):
            shares[claim, name] = tally.share(level)
        shares[claim, NO_POSTURE] = _of_none(tallies).share(level)
    return PriorRobustness(
        model=model.name,
        prior=chosen,
        posture=posture,
        points=len(design),
        seed=design.seed,
        confidence=level,
        shares=shares,
    )


def _of_none(tallies: list[Tally]) -> Tally:
    """Return where a claim, which holds of one posture at most, holds of none."""
    left = ~tallies[0]
    for tally in tallies[1:]:
        left &= ~tally
    return left
