"""What the map of preventive war shows, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import decimal_text, exact_number
from .._typing import FloatArray
from ..analysis import SHIFT_OUTCOMES
from ..errors import ParameterError
from ..models import DynamicModel, power_shift
from .prepare_choices import Line, axis_label, line_along

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["OutcomePanel", "outcome_panel"]

_POINTS = 257
"""Of a line."""

_SHIFT = ("arrival", "success_later", "stealth", "breach_cost")

_BORDERS = {
    ("arrival", "success_later"): ("safe_arrival", "largest shift that is not attacked"),
    ("breach_cost", "stealth"): ("breach_cost_needed", "least cost that binds to the hedge"),
}
"""Closed forms of one parameter along another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePanel:
    """One panel of the map of preventive war.

    Attributes
    ----------
    title : str
        The parameters of the shift that are not on the axes.
    x_label, y_label : str
        Meaning, symbol and unit.
    x, y : ndarray
        Values along the axes.
    outcome : ndarray of str, shape (len(y), len(x))
        One of the words of `alignment_games.analysis.SHIFT_OUTCOMES`.
    border : Line or None
        The closed form that separates outcomes, if the map has its two parameters as axes.
    """

    title: str
    x_label: str
    y_label: str
    x: FloatArray
    y: FloatArray
    outcome: np.ndarray
    border: Line | None


def outcome_panel(ds: xr.Dataset) -> OutcomePanel:
    """Return a map's data with the closed form on it.

    Parameters
    ----------
    ds : xarray.Dataset
        From `alignment_games.analysis.preventive_war_map`.

    Returns
    -------
    OutcomePanel

    Raises
    ------
    ParameterError
        If the dataset holds something else.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = {"discount": 0.9, "success_now": 0.8, "concession": 1, "bargaining_power": 0.1,
    ...           "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.1,
    ...           "breach_cost": 0}
    >>> panel = outcome_panel(ag.analysis.preventive_war_map(
    ...     values, x=ag.analysis.Axis("arrival", 0, 1, 3),
    ...     y=ag.analysis.Axis("success_later", 0, 0.8, 3)))
    >>> panel.title, panel.outcome[1].tolist()
    ('stealth 0.1, breach cost 0', ['hedge', 'deterred', 'deterred'])
    """
    model = power_shift()
    if ds.attrs.get("model") != model.name or "outcome" not in ds.data_vars:
        msg = (
            "`maps` must come from preventive_war_map, which holds `outcome`, got a dataset of "
            f"{', '.join(map(str, ds.data_vars)) or 'no variables'}"
        )
        raise ParameterError(msg)
    y_name, x_name = map(str, ds["outcome"].dims)
    values = {name: Fraction(text) for name, text in json.loads(ds.attrs["values"]).items()}
    known = np.vectorize(SHIFT_OUTCOMES.get, otypes=[object])
    return OutcomePanel(
        title=", ".join(
            f"{name.replace('_', ' ')} {decimal_text(values[name])}"
            for name in _SHIFT
            if name in values
        ),
        x_label=axis_label(model, x_name),
        y_label=axis_label(model, y_name),
        x=ds[x_name].values,
        y=ds[y_name].values,
        outcome=known(ds["outcome"].values),
        border=_border(model, ds, values, (x_name, y_name)),
    )


def _border(
    model: DynamicModel, ds: xr.Dataset, values: dict[str, Fraction], names: tuple[str, str]
) -> Line | None:
    """Return the closed form of one axis along the other, as points of the map."""
    for (solved_for, along), (quantity, label) in _BORDERS.items():
        if {solved_for, along} == set(names):
            low, high = (exact_number(float(ds[along].values[end])) for end in (0, -1))
            spread = tuple(low + (high - low) * k / (_POINTS - 1) for k in range(_POINTS))
            given = {name: values.get(name, Fraction(0)) for name in model.parameters}
            line = line_along(model, quantity, given, (along, spread), label=label)
            if solved_for == names[0]:
                return Line(label=label, x=line.y, y=line.x)
            return line
    return None
