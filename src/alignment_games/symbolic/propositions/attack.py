"""Attack a proposition with random points: an independent look that needs no z3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...errors import ModelError, ParameterError, whole
from .._points import shoot
from ..proofs import named_point
from .record import Proposition

__all__ = ["Attack", "attack"]

_DRAWS = 200
"""Points drawn for each that should meet the hypotheses, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What became of an attack.

    Attributes
    ----------
    proposition : Proposition
    drawn : int
        Points drawn in the domains of the parameters.
    met : int
        Those at which all hypotheses hold: the claim was put to the test at these.
    suspects : int
        Those at which it looked false in floating point. They are decided in exact arithmetic,
        200 of them at most.
    counterexample : mapping of str to Fraction, or None
    """

    proposition: Proposition
    drawn: int
    met: int
    suspects: int
    counterexample: Mapping[str, Fraction] | None

    @property
    def share(self) -> float:
        """Share of the drawn points at which the hypotheses hold."""
        return self.met / self.drawn

    def __str__(self) -> str:
        result = (
            "no counterexample" if self.counterexample is None else "a counterexample was found"
        )
        return (
            f"{self.proposition.label}: {result} at {self.met} points that meet the hypotheses, "
            f"{100 * self.share:.3g}% of those drawn"
        )


def attack(
    proposition: Proposition,
    points: int = 10_000,
    rng: np.random.Generator | int | None = None,
) -> Attack:
    """Look for a counterexample among random points.

    Parameters
    ----------
    proposition : Proposition
    points : int
        Points that meet the hypotheses to be tried, rounded up; at most 200 times as many are
        drawn.
    rng : numpy.random.Generator or int, optional

    Returns
    -------
    Attack

    Raises
    ------
    ParameterError
        If `points` is no whole number of at least 1.
    ModelError
        If the proposition holds what NumPy cannot compute.

    Notes
    -----
    Parameters are drawn from their usual ranges, and other symbols from where they lie or from
    [-2, 2]. A quarter of the values are multiples of a quarter of the range, so that ties occur,
    and an eighth are at each end of the domain (of the usual range where the domain is open). An
    equation among the hypotheses is solved for one symbol. That nothing is found proves nothing.

    Examples
    --------
    >>> import alignment_games as ag
    >>> p = ag.symbolic.proposition("F1.7")
    >>> attack(p, 1000, rng=1).counterexample is None
    True
    >>> attack(p.leave_out("help"), 1000, rng=1).counterexample is None
    False
    """
    size = whole("points", points, 1, 10**9, error=ParameterError)
    shots = shoot(
        proposition.formula,
        proposition.given,
        proposition.model,
        points=size,
        most=_DRAWS * size,
        rng=np.random.default_rng(rng),
    )
    if not shots.drawn:
        msg = (
            f"{proposition.name} cannot be attacked: it holds a function or number that NumPy "
            "cannot compute; use its `prove`"
        )
        raise ModelError(msg)
    point = shots.counterexample
    return Attack(
        proposition=proposition,
        drawn=shots.drawn,
        met=shots.met,
        suspects=shots.suspects,
        counterexample=None if point is None else named_point(point, proposition.model),
    )
