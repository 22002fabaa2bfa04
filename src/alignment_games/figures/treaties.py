"""The figure of a patron's treaty: support and deterrence against entrapment and abandonment."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models import TreatyCosts, treaty_costs
from ..scenarios import load_scenario
from .backend import renderer
from .prepare_treaty import treaty_panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TREATY_FIGURES", "abandonment_entrapment"]

# Illustrative: nothing measures what a patron has at stake, or what support may cost it.
_PATRON = {"patron_stake": "0.4", "largest_support_cost": "1", "treaty_penalty_hedge": "0"}


def abandonment_entrapment(costs: TreatyCosts) -> Figure:
    """Draw an ally's support, and what it costs the patron, over the penalty of abandoning it.

    Parameters
    ----------
    costs : TreatyCosts
        From `alignment_games.models.treaty_costs`, for two penalties or more in growing order.

    Returns
    -------
    matplotlib.figure.Figure
        Penalties at which the hegemon is not deterred are shaded.

    Raises
    ------
    ParameterError
        If it is something else.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> shared = dict(ag.load_scenario("ukraine"))
    >>> del shared["patron_reliability"], shared["informal_support"]
    >>> patron = {"patron_stake": 0.4, "largest_support_cost": 1, "treaty_penalty_hedge": 0}
    >>> costs = ag.models.treaty_costs(shared | patron, penalties=[0, 0.2, 0.4, 0.6, 0.8])
    >>> len(ag.figures.abandonment_entrapment(costs).axes)
    2
    """
    figure: Figure = renderer().draw_treaty(treaty_panel(costs))
    return figure


def _abandonment_entrapment_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the curve of the Ukraine-like case."""
    scenario = dict(load_scenario("ukraine"))
    del scenario["patron_reliability"], scenario["informal_support"]
    values = {**scenario, **{name: Fraction(text) for name, text in _PATRON.items()}}
    steps = 50 if quick else 250
    penalties = [Fraction(k, steps) for k in range(steps + 1)]
    parameters: dict[str, Any] = {
        "penalties": ["0", "1", steps + 1],
        "values": {name: str(value) for name, value in values.items()},
    }
    render = renderer()
    paths: list[Path] = render.save(
        abandonment_entrapment(treaty_costs(values, penalties=penalties)),
        folder,
        "abandonment-entrapment",
        title="Support of an ally and its price for the patron over the penalty of abandoning it",
        parameters=parameters,
    )
    return paths


TREATY_FIGURES = {"abandonment-entrapment": _abandonment_entrapment_figure}
