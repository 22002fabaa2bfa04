"""What maps of postures over beliefs show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import decimal_text
from .._typing import BoolArray, FloatArray, IntArray
from ..errors import ParameterError
from ..models import uncertainty
from .inputs import require_dataset

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["BeliefPanel", "belief_panel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefPanel:
    """Postures over the belief in a revisionist and the patron's commitment.

    Attributes
    ----------
    title : str
        How ambiguous the beliefs are; empty if they are not.
    x, y : ndarray
        Beliefs and commitments, both growing.
    posture : ndarray of int, shape (len(y), len(x))
        Position among `postures` of the best one by the worst of the beliefs; -1 where several
        are.
    moved : ndarray of bool, of the same shape
        Whether it is another posture than without ambiguity.
    postures : tuple of str
    """

    title: str
    x: FloatArray
    y: FloatArray
    posture: IntArray
    moved: BoolArray
    postures: tuple[str, ...]


def belief_panel(found: xr.Dataset) -> BeliefPanel:
    """Return what a panel of one map shows.

    Parameters
    ----------
    found : xarray.Dataset
        From `alignment_games.analysis.ambiguity_map`.

    Returns
    -------
    BeliefPanel

    Raises
    ------
    ParameterError
        If it is something else, or its beliefs or commitments are fewer than two or do not grow.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = ag.models.uncertainty().values_of(
    ...     ag.load_scenario("ukraine"), revisionist_belief=0.3, patron_commitment=0.5,
    ...     stake_status_quo=0.2, stake_revisionist=1.2)
    >>> found = ag.analysis.ambiguity_map(values, beliefs=[0, 0.3], commitments=[0.1, 0.5, 0.9],
    ...                                   commitment_spread=0.3)
    >>> panel = belief_panel(found)
    >>> panel.title, panel.moved.tolist()
    ('patron ± 0.3', [[False, False], [True, True], [False, False]])
    """
    require_dataset("maps", found, "ambiguity_map")
    if found.attrs.get("model") != "uncertainty" or "ambiguous_posture" not in found:
        msg = "`maps` must hold datasets from ambiguity_map, got another dataset"
        raise ParameterError(msg)
    x, y = (found[name].to_numpy() for name in ("revisionist_belief", "patron_commitment"))
    if any(len(own) < 2 or (np.diff(own) <= 0).any() for own in (x, y)):
        msg = (
            "`maps` must have two beliefs and two commitments or more, in growing order; call "
            "ambiguity_map anew"
        )
        raise ParameterError(msg)
    sure, doubtful = found["posture"].to_numpy().T, found["ambiguous_posture"].to_numpy().T
    spreads = [
        f"{what} ± {decimal_text(found.attrs[name])}"
        for what, name in (("threat", "belief_spread"), ("patron", "commitment_spread"))
        if found.attrs[name]
    ]
    return BeliefPanel(
        title=", ".join(spreads),
        x=x,
        y=y,
        posture=doubtful,
        moved=doubtful != sure,
        postures=uncertainty().agents.strategies[0],
    )
