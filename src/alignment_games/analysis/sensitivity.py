"""Which parameters do the work: Sobol' indices of a claim about a posture, with intervals.

First-order and total indices come from one sample of independent rows in the unit cube, by the
estimators of Saltelli and others (2010) and Jansen (1999). A parameter that another one scales
enters as its share of the other, so that all coordinates are independent, as the decomposition
of variance requires.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._typing import FloatArray
from ..errors import ParameterError, flag, whole
from ..io.document import Heading, Paragraph, Table, to_text
from ..models import AlignmentModel
from ..models.model import model_of
from .drawn import POSTURE_CLAIMS, answers, claim_named, holds, posture_number
from .priors import Prior, prior_named, range_text
from .shares import confidence_level, interval_text, level_text

__all__ = ["Estimate", "ParameterEffect", "Sensitivity", "sensitivity"]

_BATCH = 32
"""Bootstrap resamples weighed at a time."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate and its bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} {interval_text(self.low, self.high)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterEffect:
    """What one parameter does to a claim.

    Attributes
    ----------
    parameter : str
    drawn : str
        How it is drawn.
    first : Estimate
        Share of the claim's variance that knowing the parameter alone removes.
    total : Estimate
        Share that is left when everything but the parameter is known: what it does alone and
        together with others.
    rank_correlation : Estimate
        Spearman's, of the parameter's value with the claim: a direction, blind to effects that
        change sign.
    """

    parameter: str
    drawn: str
    first: Estimate
    total: Estimate
    rank_correlation: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Sobol' indices of a claim about a posture, the parameter that does most of the work first.

    Attributes
    ----------
    model : str
    prior : Prior
    posture, claim : str
    points, evaluations, seed : int
        Rows of the sample, points that were solved, and what gives the same again.
    confidence : float
    share : float
        How often the claim holds; its variance is ``share (1 - share)``.
    effects : tuple of ParameterEffect
        By falling total index.
    alone : Estimate
        Sum of the first-order indices: what parameters do one by one. The rest is interaction.
    """

    model: str
    prior: Prior
    posture: str
    claim: str
    points: int
    evaluations: int
    seed: int
    confidence: float
    share: float
    effects: tuple[ParameterEffect, ...] = field(repr=False)
    alone: Estimate

    def effect(self, parameter: str) -> ParameterEffect:
        """Return the effect of one parameter.

        Raises
        ------
        ParameterError
            If it is not drawn from the prior.
        """
        for effect in self.effects:
            if effect.parameter == parameter:
                return effect
        msg = f"{parameter!r} is not drawn from prior {self.prior.name!r}, so it has no index"
        raise ParameterError(msg)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON types."""

        def numbers(e: Estimate) -> dict[str, float]:
            return {"value": e.value, "low": e.low, "high": e.high}

        return {
            "model": self.model,
            "prior": self.prior.to_dict(),
            "posture": self.posture,
            "claim": self.claim,
            "points": self.points,
            "evaluations": self.evaluations,
            "seed": self.seed,
            "confidence": self.confidence,
            "share": self.share,
            "alone": numbers(self.alone),
            "effects": [
                {
                    "parameter": e.parameter,
                    "drawn": e.drawn,
                    "first": numbers(e.first),
                    "total": numbers(e.total),
                    "rank_correlation": numbers(e.rank_correlation),
                }
                for e in self.effects
            ],
        }

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def __str__(self) -> str:
        level = level_text(self.confidence)
        what = f"{self.posture} is {POSTURE_CLAIMS[self.claim]}"
        text = (
            f"Claim: {what}; it is true at {self.share:.3f} of the prior. Sobol' indices from "
            f"{self.points} independent rows ({self.evaluations} games, seed {self.seed}), with "
            f"{level} bootstrap intervals. Parameters one by one account for {self.alone} of the "
            "variance; the rest is interaction."
        )
        rows = tuple(
            (e.parameter, e.drawn, str(e.total), str(e.first), f"{e.rank_correlation.value:+.3f}")
            for e in self.effects
        )
        table = Table(("parameter", "drawn from", "total", "first order", "rank corr."), rows)
        head = Heading(f"What decides under prior: {self.prior}", 1)
        return to_text([head, Paragraph(text), table]).rstrip("\n")


def sensitivity(
    model: AlignmentModel,
    prior: Prior | str | None = None,
    *,
    posture: str = "hedge",
    claim: str = "chosen",
    points: int = 2**14,
    rng: int | np.random.Generator | None = None,
    confidence: float = 0.95,
    resamples: int = 400,
    resolve: bool = False,
    workers: int | None = None,
) -> Sensitivity:
    """Return how much of a claim's variance over a prior each parameter accounts for.

    Parameters
    ----------
    model : AlignmentModel
        Of two players.
    prior : Prior or str, optional
        A prior, or a key of `named_priors`; by default `base_prior`.
    posture : str, optional
    claim : str, optional
        ``chosen``, ``in_peace``, ``dominant``, ``unique`` or ``all``, as in `prior_robustness`.
    points : int, optional
        Rows of the sample. With d parameters drawn, (d + 2) times as many games are solved.
    rng : int or numpy.random.Generator, optional
        The seed, or what draws it.
    confidence : float, optional
        Level of the percentile bootstrap intervals, which resample rows.
    resamples : int, optional
        Number of bootstrap samples.
    resolve : bool, optional
        Whether points within rounding of a tie are decided in rational arithmetic.
    workers : int, optional
        Threads; one for each processor by default.

    Returns
    -------
    Sensitivity

    Raises
    ------
    ParameterError
        If the prior does not fit the model, a number is out of bounds, a point is left open
        without `resolve`, or the claim is true nowhere or everywhere among the points.
    GameError
        If there is no such posture.

    Notes
    -----
    Indices describe the prior as much as the model: a parameter that is fixed has none, and one
    that is drawn from a wider range gets a larger one. The rows are independent random points,
    not a Sobol' sequence, because the bootstrap assumes so.

    References
    ----------
    A. Saltelli and others (2010), Computer Physics Communications 181, 259-270,
    doi:10.1016/j.cpc.2009.09.018: equation (b) of table 2 for the first order; M. J. W. Jansen
    (1999), Computer Physics Communications 117, 35-43, doi:10.1016/S0010-4655(98)00154-4, for
    the total.

    Examples
    --------
    >>> import alignment_games as ag
    >>> found = ag.analysis.sensitivity(ag.models.alignment(), points=2**12, rng=1, resamples=50)
    >>> found.evaluations == 2**12 * (23 + 2), round(found.share, 1)
    (True, 0.5)
    >>> {effect.parameter for effect in found.effects[:3]} & {"coercion_cost"}
    {'coercion_cost'}
    """
    model_of(model)
    number = posture_number(model, posture)
    question = claim_named(claim)
    chosen = prior_named(model, prior)
    level = confidence_level(confidence)
    rows = whole("points", points, 16, 2**24)
    draws = whole("resamples", resamples, 20, 100_000)
    design = chosen.design(2 * rows, rng)
    shares = design.shares(0, 2 * rows)
    exact = flag("resolve", resolve)

    def indicator(part: FloatArray) -> FloatArray:
        columns = dict(zip(design.parameters, design.placed(part), strict=True))
        found = answers(model, chosen.fixed, columns, resolve=exact, workers=workers)
        tally = holds(found, question, number)
        left = int(np.count_nonzero(tally.sure != tally.possible))
        if left:
            msg = (
                f"{left} of {len(tally.sure)} points lie within rounding of a tie under prior "
                f"{chosen.name!r}; give `resolve=True` to decide them in rational arithmetic"
            )
            raise ParameterError(msg)
        return tally.sure.astype(np.float64)

    a, b = shares[:, :rows], shares[:, rows:]
    at_a, at_b = indicator(a), indicator(b)
    crossed = np.empty((len(shares), rows))
    for k in range(len(shares)):
        mixed = a.copy()
        mixed[k] = b[k]
        crossed[k] = indicator(mixed)
    both = np.concatenate([at_a, at_b])
    share = float(both.mean())
    if share in {0.0, 1.0}:
        where = "everywhere" if share else "nowhere"
        msg = (
            f"the claim is true {where} among {2 * rows} points of prior {chosen.name!r}, so it "
            "has no variance to share out; take more `points` or another `claim`"
        )
        raise ParameterError(msg)
    ranks = _centered_ranks(design.placed(shares))
    generator = np.random.default_rng(np.random.SeedSequence(design.seed, spawn_key=(2**32 - 1,)))
    products = _products(at_a, at_b, crossed, ranks)
    point = _estimates(products, np.full((1, rows), 1.0 / rows))[:, 0]
    spread = np.concatenate(
        [
            _estimates(products, _weights(generator, min(_BATCH, draws - done), rows))
            for done in range(0, draws, _BATCH)
        ],
        axis=1,
    )
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(spread, tails, axis=1)
    estimates = [Estimate(*map(float, three)) for three in zip(point, low, high, strict=True)]
    d = len(shares)
    effects = [
        ParameterEffect(
            parameter=name,
            drawn=range_text(chosen, name),
            first=estimates[k],
            total=estimates[d + k],
            rank_correlation=estimates[2 * d + k],
        )
        for k, name in enumerate(design.parameters)
    ]
    return Sensitivity(
        model=model.name,
        prior=chosen,
        posture=posture,
        claim=question,
        points=rows,
        evaluations=rows * (d + 2),
        seed=design.seed,
        confidence=level,
        share=share,
        effects=tuple(sorted(effects, key=lambda effect: -effect.total.value)),
        alone=estimates[3 * d],
    )


def _products(a: FloatArray, b: FloatArray, crossed: FloatArray, ranks: FloatArray) -> FloatArray:
    """Return what each row of the sample adds to the means that the estimates are made of.

    Parameters
    ----------
    a, b : ndarray, shape (n_rows,)
        The claim at two independent points.
    crossed : ndarray, shape (n_parameters, n_rows)
        The claim at the points of ``a`` with one parameter of ``b``.
    ranks : ndarray, shape (n_parameters, 2 n_rows)
        Centered ranks of the parameters over both.

    Returns
    -------
    ndarray, shape (6 n_parameters + 1, n_rows)
    """
    change = crossed - a
    rank_a, rank_b = np.split(ranks, 2, axis=1)
    return np.concatenate(
        [
            b * change,
            change,
            0.5 * change**2,
            0.5 * (rank_a + rank_b),
            0.5 * (rank_a * a + rank_b * b),
            0.5 * (rank_a**2 + rank_b**2),
            0.5 * (a + b)[None],
        ]
    )


def _estimates(products: FloatArray, weights: FloatArray) -> FloatArray:
    """Return first-order and total indices, rank correlations and the sum of the first.

    Parameters
    ----------
    products : ndarray, shape (6 n_parameters + 1, n_rows)
    weights : ndarray, shape (n_samples, n_rows)
        Each sums to 1.

    Returns
    -------
    ndarray, shape (3 n_parameters + 1, n_samples)
    """
    means = products @ weights.T
    mean = means[-1]
    variance = mean - mean**2  # of an indicator
    moved, change, total, rank, joint, square = np.split(means[:-1], 6)
    # Less the mean of b: the expectation stays, the error falls (Sobol' and Levitan 1999).
    first = (moved - mean * change) / variance
    correlation = (joint - rank * mean) / np.sqrt((square - rank**2) * variance)
    return np.concatenate([first, total / variance, correlation, first.sum(axis=0, keepdims=True)])


def _weights(generator: np.random.Generator, samples: int, rows: int) -> FloatArray:
    """Return how often each row is in some bootstrap samples, over the number of rows."""
    drawn = generator.integers(0, rows, size=(samples, rows))
    return np.stack([np.bincount(own, minlength=rows) for own in drawn]) / rows


def _centered_ranks(values: FloatArray) -> FloatArray:
    """Return the ranks of each row's values, less their mean."""
    from scipy.stats import rankdata

    ranks: FloatArray = rankdata(values, axis=1) - (values.shape[1] + 1) / 2
    return ranks
