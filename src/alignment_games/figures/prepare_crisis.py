"""What the figure of a crisis signaling game's equilibria shows, as plain data."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .._typing import Number, Values
from ..errors import ParameterError
from ..models import crisis_signaling

__all__ = ["CrisisPanel", "crisis_panel"]

_MARGIN = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPanel:
    """All equilibria over the target's utility of war.

    Attributes
    ----------
    target_war, resist : tuple of float
        Points of the curve: what war is worth to the target, and how often it resists.
    folds : tuple of float
        Where the curve turns back, to the distance of its points; there are several equilibria in
        between.
    marks : tuple of pairs of float
        Equilibria that were found by search, as (target_war, resist).
    complete : bool
        Whether it is proved that there are no others where equilibria are marked.
    """

    target_war: tuple[float, ...]
    resist: tuple[float, ...]
    folds: tuple[float, ...]
    marks: tuple[tuple[float, float], ...]
    complete: bool


def crisis_panel(
    values: Values, *, points: int = 300, marked: Sequence[Number] = ()
) -> CrisisPanel:
    """Return the equilibria of crisis signaling games that differ in the target's war alone.

    Parameters
    ----------
    values : mapping of str to number
        Of the parameters of `alignment_games.models.crisis_signaling` except ``target_war``.
    points : int, optional
        Points of the curve, 3 or more.
    marked : sequence of numbers, optional
        Values of ``target_war`` at which all equilibria are searched for and marked.

    Returns
    -------
    CrisisPanel

    Raises
    ------
    ParameterError
        If a value is missing or outside its domain, or there are too few points.

    Examples
    --------
    >>> values = {"status_quo": 0, "concession": 1, "war": -1.9, "back_down": -1.2,
    ...           "concede": 0, "bluff_called": 1}
    >>> panel = crisis_panel(values, marked=[-2.8])
    >>> [round(resist, 4) for _, resist in panel.marks]
    [0.2965, 0.4724, 0.874]
    >>> [round(fold, 2) for fold in panel.folds]
    [-2.75, -2.95]
    """
    given: object = points
    if not isinstance(given, int) or given < 3:
        msg = f"`points` must be an integer of at least 3, got {points!r}"
        raise ParameterError(msg)
    model = crisis_signaling()
    step = (1 - 2 * _MARGIN) / (points - 1)
    resist = tuple(_MARGIN + k * step for k in range(points))
    war = model.target_war_at(resist, values)
    turns = [
        here
        for before, here, after in zip(war, war[1:], war[2:], strict=False)
        if (here - before) * (after - here) < 0
    ]
    found = [(float(own), model.equilibria(values, target_war=own)) for own in marked]
    return CrisisPanel(
        target_war=war,
        resist=resist,
        folds=tuple(turns),
        marks=tuple(
            itertools.chain.from_iterable(
                ((own, eq.resist) for eq in solved.equilibria) for own, solved in found
            )
        ),
        complete=all(solved.complete for _, solved in found),
    )
