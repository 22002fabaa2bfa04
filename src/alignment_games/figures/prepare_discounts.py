"""What the map of critical discount factors shows, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from .._typing import FloatArray
from ..analysis import Axis
from ..errors import ParameterError
from ..scenarios import Scenario
from ..solvers import critical_discount

__all__ = ["DiscountPanel", "Sanction", "discount_panel"]

Sanction = Literal["nash", "minmax"]

_WORDS = {
    "nash": "back to the worst stage equilibrium",
    "minmax": "held to pure minmax (a bound)",
}
_NAMES = {"patron_reliability": "patron reliability", "stake": "hegemon's stake"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountPanel:
    """One panel of the map of critical discount factors.

    Attributes
    ----------
    title : str
        The case and the punishment.
    x_label, y_label : str
        Meaning, symbol and unit.
    x, y : ndarray
        Values along the axes.
    discount : ndarray, shape (len(y), len(x))
        The least discount factor from which on the path is sustained; 0 where every factor
        sustains it, NaN where there is none.
    point : pair of float
        The scenario's own values.
    """

    title: str
    x_label: str
    y_label: str
    x: FloatArray
    y: FloatArray
    discount: FloatArray
    point: tuple[float, float]


def discount_panel(
    case: Scenario, *, x: Axis, y: Axis, path: Sequence[str], punishment: Sanction
) -> DiscountPanel:
    """Return the critical discount factors of a path of play over two parameters.

    Parameters
    ----------
    case : Scenario
    x, y : Axis
    path : sequence of str
        The profile that is repeated.
    punishment : {"nash", "minmax"}
        As of `alignment_games.solvers.critical_discount`.

    Returns
    -------
    DiscountPanel

    Raises
    ------
    ParameterError
        If the punishment is unknown, both axes are the same, or an axis leaves its parameter's
        domain.
    GameError
        If a strategy of `path` is unknown.

    Examples
    --------
    >>> import alignment_games as ag
    >>> panel = discount_panel(
    ...     ag.load_scenario("ukraine"), x=ag.analysis.Axis("patron_reliability", 0.2, 0.6, 3),
    ...     y=ag.analysis.Axis("stake", 0.45, 0.9, 2), path=("hedge", "accommodate"),
    ...     punishment="nash",
    ... )
    >>> panel.discount.round(3).tolist()
    [[0.029, 0.03, nan], [nan, 0.504, 0.268]]
    """
    if punishment not in _WORDS:
        msg = f"`punishments` must be among 'nash' and 'minmax', got {punishment!r}"
        raise ParameterError(msg)
    if x.parameter == y.parameter:
        msg = f"`x` and `y` must be different parameters, got {x.parameter!r} twice"
        raise ParameterError(msg)
    found = np.full((y.points, x.points), np.nan)
    for row, column in np.ndindex(*found.shape):
        place = {x.parameter: x.exact(column), y.parameter: y.exact(row)}
        stage = case.model.game(case, **place)
        known = critical_discount(stage, tuple(path), punishment=punishment).discount
        if known is not None:
            found[row, column] = float(known)
    return DiscountPanel(
        title=f"{case.name.capitalize()}-like: {_WORDS[punishment]}",
        x_label=_label(case, x.parameter),
        y_label=_label(case, y.parameter),
        x=x.values(),
        y=y.values(),
        discount=found,
        point=(float(case[x.parameter]), float(case[y.parameter])),
    )


def _label(case: Scenario, name: str) -> str:
    parameter = case.model.parameters[name]
    words = _NAMES.get(name, name.replace("_", " "))
    return f"{words} ${sp.latex(parameter.symbol)}$ ({parameter.unit})"
