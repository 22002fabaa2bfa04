"""What the map of critical discount factors shows, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from .._typing import FloatArray
from ..batch import Sustained
from ..errors import ParameterError
from ..scenarios.schema import MODELS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DiscountPanel", "discount_panel"]

_PUNISHMENTS = {
    "nash": "back to the worst stage equilibrium",
    "minmax": "held to pure minmax (a bound)",
    "grim": "back to",
    "tit-for-tat": "tit for tat",
}
_NAMES = {"patron_reliability": "patron reliability", "stake": "hegemon's stake"}
_KNOWN = (Sustained.NEVER, Sustained.FROM, Sustained.EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountPanel:
    """One panel of the map of critical discount factors.

    Attributes
    ----------
    title : str
        The case and, on a second line, the path and the punishment.
    x_label, y_label : str
        Meaning, symbol and unit.
    x, y : ndarray
        Values along the axes.
    discount : ndarray, shape (len(y), len(x))
        The least discount factor from which on the path is sustained; 0 where every factor
        sustains it, NaN where there is none.
    never : ndarray of bool, of the same shape
        Where no factor sustains the path.
    other : tuple of str
        Words for what else there is: no answer, or one of another kind.
    point : pair of float or None
        The scenario's own values.
    """

    title: str
    x_label: str
    y_label: str
    x: FloatArray
    y: FloatArray
    discount: FloatArray
    never: np.ndarray
    other: tuple[str, ...]
    point: tuple[float, float] | None


def discount_panel(ds: xr.Dataset) -> DiscountPanel:
    """Return a map's data.

    Parameters
    ----------
    ds : xarray.Dataset
        From `alignment_games.batch.critical_discount_map` on a grid of two parameters.

    Returns
    -------
    DiscountPanel

    Raises
    ------
    ParameterError
        If the dataset holds something else.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.batch.critical_discount_map(
    ...     ag.models.alignment(), ("hedge", "accommodate"), ag.load_scenario("ukraine"),
    ...     axes={"stake": [0.45, 0.9], "patron_reliability": [0.2, 0.4, 0.6]},
    ... )
    >>> discount_panel(ds).discount.round(3).tolist()
    [[0.029, 0.033, nan], [nan, 0.544, 0.318]]
    """
    if not {"discount", "sustained"} <= set(ds.data_vars) or len(ds["discount"].dims) != 2:
        msg = (
            "`maps` must come from critical_discount_map on a grid of two parameters, got "
            f"{', '.join(map(str, ds.data_vars)) or 'no variables'} on "
            f"{', '.join(map(str, ds.dims))}"
        )
        raise ParameterError(msg)
    y_name, x_name = map(str, ds["discount"].dims)
    values = {name: Fraction(text) for name, text in json.loads(ds.attrs["values"]).items()}
    sustained = ds["sustained"].values
    decided = np.isin(sustained, _KNOWN)
    path = "; ".join(f"({own})" for own in np.atleast_1d(ds.attrs["path"]))
    how = " ".join(
        own for own in (_PUNISHMENTS[ds.attrs["punishment"]], ds.attrs["reversion"]) if own
    )
    point = None
    if {x_name, y_name} <= values.keys():
        point = float(values[x_name]), float(values[y_name])
    return DiscountPanel(
        title=f"{ds.attrs['title']}\n{path}, {how}",
        x_label=_label(ds, x_name),
        y_label=_label(ds, y_name),
        x=ds[x_name].values,
        y=ds[y_name].values,
        discount=np.where(decided, ds["discount"].values, np.nan),
        never=sustained == Sustained.NEVER,
        other=tuple(
            Sustained(code).name.lower().replace("_", " ")
            for code in np.unique(sustained[~decided]).tolist()
        ),
        point=point,
    )


def _label(ds: xr.Dataset, name: str) -> str:
    parameter = MODELS[ds.attrs["model"]]().parameters[name]
    words = _NAMES.get(name, name.replace("_", " "))
    return f"{words} ${sp.latex(parameter.symbol)}$ ({parameter.unit})"
