"""What the curve of abandonment and entrapment shows, as plain data with exact numbers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from ..errors import ParameterError
from ..models import TreatyCosts

__all__ = ["TreatyPanel", "treaty_panel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyPanel:
    """An ally's support and its price over the penalty of abandoning it.

    Attributes
    ----------
    penalties, support, entrapment, abandonment, total : tuple of Fraction
        Points of the curves; `total` is what a treaty costs once the ally is coerced.
    deters_from : Fraction or None
        The least penalty from which on the hegemon does not gain by coercing the ally, between
        two points on the straight line between them; None if there is none among the penalties.
    """

    penalties: tuple[Fraction, ...]
    support: tuple[Fraction, ...]
    entrapment: tuple[Fraction, ...]
    abandonment: tuple[Fraction, ...]
    total: tuple[Fraction, ...]
    deters_from: Fraction | None


def treaty_panel(costs: TreatyCosts) -> TreatyPanel:
    """Return the curves that a result of `alignment_games.models.treaty_costs` holds.

    Parameters
    ----------
    costs : TreatyCosts
        For two penalties or more, in growing order.

    Returns
    -------
    TreatyPanel

    Raises
    ------
    ParameterError
        If it is something else, or penalties are fewer than two or do not grow.

    Examples
    --------
    >>> import alignment_games as ag
    >>> shared = dict(ag.load_scenario("ukraine"))
    >>> del shared["patron_reliability"], shared["informal_support"]
    >>> patron = {"patron_stake": 0.4, "largest_support_cost": 1, "treaty_penalty_hedge": 0}
    >>> costs = ag.models.treaty_costs(shared | patron, penalties=[0, 0.4, 0.8])
    >>> treaty_panel(costs).deters_from
    Fraction(8, 35)
    """
    given: object = costs
    if not isinstance(given, TreatyCosts):
        msg = f"`costs` must come from models.treaty_costs, got {type(given).__name__}"
        raise ParameterError(msg)
    steps = list(itertools.pairwise(costs.penalties))
    if not steps or any(low >= high for low, high in steps):
        msg = "`costs` must be for two penalties or more in growing order; call treaty_costs anew"
        raise ParameterError(msg)
    return TreatyPanel(
        penalties=costs.penalties,
        support=costs.support,
        entrapment=costs.entrapment,
        abandonment=costs.abandonment,
        total=tuple(a + b for a, b in zip(costs.entrapment, costs.abandonment, strict=True)),
        deters_from=_deters_from(costs),
    )


def _deters_from(costs: TreatyCosts) -> Fraction | None:
    # Support never falls in the penalty, so that the temptation never rises.
    tempted = [gain > 0 for gain in costs.temptation]
    if not tempted[0]:
        return costs.penalties[0]
    if tempted[-1]:
        return None
    after = tempted.index(False)
    low, high = costs.penalties[after - 1 : after + 1]
    above, below = costs.temptation[after - 1 : after + 1]
    return low + (high - low) * above / (above - below)
