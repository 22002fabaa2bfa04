"""What the figure of posture policies shows, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .._numeric import exact_number
from .._typing import IntArray
from ..errors import ParameterError
from ..models import alignment
from ..models.evaluate import exact_function

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PolicyPanel", "policy_panels"]

_VIEWS = {"free": "not allied yet", "allied": "allied already"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPanel:
    """A posture for each level of the patron's engagement and of the hegemon's power.

    Attributes
    ----------
    title : str
    x_levels, y_levels : tuple of float
        Of the patron's reliability and of the hegemon's stake.
    posture : ndarray of int, shape (len(y_levels), len(x_levels))
        Position among `postures`; -1 where several are optimal.
    coerced, insured : ndarray of bool, of the same shape
        Whether the hegemon coerces that posture; whether it is a hedge where the period alone
        would let the small state balance.
    postures : tuple of str
    """

    title: str
    x_levels: tuple[float, ...]
    y_levels: tuple[float, ...]
    posture: np.ndarray
    coerced: np.ndarray
    insured: np.ndarray
    postures: tuple[str, ...]


def policy_panels(policy: xr.Dataset, *, title: str) -> tuple[PolicyPanel, ...]:
    """Return what a figure of one policy shows.

    Parameters
    ----------
    policy : xarray.Dataset
        From `alignment_games.analysis.posture_policy`.
    title : str
        Of the case.

    Returns
    -------
    tuple of PolicyPanel
        The posture that pays most in the period alone, that of a small state that is not allied,
        and that of an ally.

    Raises
    ------
    ParameterError
        If the dataset holds something else.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = dict(ag.load_scenario("ukraine"), discount=0.9, hazard=0.1, reengagement=0.1,
    ...               shock=0, relief=0, exit_cost=1)
    >>> found = ag.analysis.posture_policy(values, reliability=(0.2, 0.7), stake=(0.45, 0.6))
    >>> for panel in policy_panels(found, title="Ukraine"):
    ...     print(panel.title, [panel.postures[k] for k in panel.posture[0]])
    Ukraine: the period alone ['hedge', 'balance']
    Ukraine: not allied yet ['hedge', 'hedge']
    Ukraine: allied already ['hedge', 'balance']
    """
    needed = {"posture", "coerced", "present", "insured"}
    if not needed <= set(policy.data_vars) or policy["posture"].dims[0] != "held":
        msg = (
            "`policy` must come from posture_policy, which holds `posture`, `coerced`, `present` "
            f"and `insured`, got {', '.join(map(str, policy.data_vars)) or 'no variables'}"
        )
        raise ParameterError(msg)
    x_levels, y_levels = (
        tuple(map(float, policy[name].values)) for name in ("patron_reliability", "stake")
    )
    postures = tuple(policy.attrs["postures"])

    def panel(view: str, posture: Any, coerced: Any, insured: Any) -> PolicyPanel:
        return PolicyPanel(
            title=f"{title}: {view}",
            x_levels=x_levels,
            y_levels=y_levels,
            posture=posture.T,
            coerced=coerced.T,
            insured=insured.T,
            postures=postures,
        )

    present = policy["present"].values
    nothing = np.zeros(present.shape, dtype=bool)
    return (
        panel("the period alone", present, _coerced(policy, present), nothing),
        *(
            panel(
                view,
                policy["posture"].sel(held=held).values,
                policy["coerced"].sel(held=held).values == 1,
                policy["insured"].sel(held=held).values == 1,
            )
            for held, view in _VIEWS.items()
        ),
    )


def _coerced(policy: xr.Dataset, posture: IntArray) -> np.ndarray:
    """Tell where the hegemon coerces a posture: where it is tempted to (F1.1)."""
    model = alignment()
    known = {name: Fraction(text) for name, text in json.loads(policy.attrs["values"]).items()}
    function = exact_function(
        list(model.parameters.symbols.values()),
        [model.temptations[own].difference for own in model.strategies[0]],
    )
    found = np.zeros(posture.shape, dtype=bool)
    for place in np.argwhere(posture >= 0):
        row, column = map(int, place)
        numbers = known | {
            "patron_reliability": exact_number(float(policy["patron_reliability"].values[row])),
            "stake": exact_number(float(policy["stake"].values[column])),
        }
        tempted = function(*(numbers[name] for name in model.parameters))
        found[row, column] = tempted[posture[row, column]] > 0
    return found
