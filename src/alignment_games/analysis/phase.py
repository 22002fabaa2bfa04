"""The phase map: the subgame-perfect posture at every point of a grid of two parameters.

Points are solved in floating point; those within rounding of a tie are solved again in
rational arithmetic at their exact coordinates, so a boundary point is decided or marked.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .._numeric import exact_number
from .._typing import FloatArray, Number
from ..errors import ParameterError
from ..models import AlignmentModel
from ..scenarios import Scenario
from ..solvers import solve

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["MIXED_POSTURES", "Axis", "phase_map"]

MIXED_POSTURES = -1
"""Code of a point where several postures are subgame-perfect."""

_ROUNDING = 1e-12
"""Far above the rounding of a payoff (some 40 operations) relative to its largest terms."""


@dataclass(frozen=True, slots=True, init=False)
class Axis:
    """Evenly spaced values of one parameter, ends included.

    Parameters
    ----------
    parameter : str
    lower, upper : number
    points : int
        At least 2.
    """

    parameter: str
    lower: Fraction
    upper: Fraction
    points: int

    def __init__(self, parameter: str, lower: Number, upper: Number, points: int = 401) -> None:
        try:
            ends = exact_number(lower), exact_number(upper)
            whole = operator.index(points)
        except (TypeError, ValueError) as error:
            msg = f"`Axis` of {parameter} needs two finite numbers and a whole number: {error}"
            raise ParameterError(msg) from None
        if whole < 2 or ends[0] >= ends[1]:
            msg = (
                f"`Axis` of {parameter} needs lower < upper and 2 or more points, got "
                f"[{float(ends[0]):g}, {float(ends[1]):g}] with {whole}"
            )
            raise ParameterError(msg)
        for name, value in (
            ("parameter", parameter),
            ("lower", ends[0]),
            ("upper", ends[1]),
            ("points", whole),
        ):
            object.__setattr__(self, name, value)

    def exact(self, position: int) -> Fraction:
        """Return the exact value at a position."""
        return self.lower + (self.upper - self.lower) * position / (self.points - 1)

    def values(self) -> FloatArray:
        """Return all values in floating point, shape (points,)."""
        return np.array([float(self.exact(k)) for k in range(self.points)])


def phase_map(scenario: Scenario, *, x: Axis | None = None, y: Axis | None = None) -> xr.Dataset:
    """Solve the sequential game on a grid of two parameters.

    Parameters
    ----------
    scenario : Scenario
        Gives all other parameters.
    x, y : Axis, optional
        By default ``patron_reliability`` from 0 to 1 and ``stake`` from 0 to 1.6, 401 points
        each.

    Returns
    -------
    xarray.Dataset
        Dimensions are the two parameters' names. ``posture``: position of the unique
        subgame-perfect posture among the model's, or -1 where several are; ``coerced``:
        whether the hegemon coerces on the path; ``status``: 0 decided in floating point, 1
        decided in rational arithmetic, 2 several equilibrium paths. Attributes hold the model,
        the scenario and the values of all parameters.

    Raises
    ------
    ParameterError
        If an axis leaves its parameter's domain or both axes are the same.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.analysis.phase_map(ag.load_scenario("vietnam"),
    ...                            x=ag.analysis.Axis("patron_reliability", 0, 1, 3),
    ...                            y=ag.analysis.Axis("stake", 0.3, 0.8, 2))
    >>> ds.posture.values.tolist()
    [[1, 1, 1], [2, 2, 0]]
    """
    import xarray as xr

    model = scenario.model
    across = Axis("patron_reliability", 0, 1) if x is None else x
    up = Axis("stake", 0, Fraction(8, 5)) if y is None else y
    if across.parameter == up.parameter:
        msg = f"`x` and `y` must be different parameters, got {up.parameter!r} twice"
        raise ParameterError(msg)
    columns, rows = across.values(), up.values()
    payoffs = model.payoff_arrays(
        scenario, {across.parameter: columns[None, :], up.parameter: rows[:, None]}
    )
    largest = {name: float(value) for name, value in scenario.items()} | {
        axis.parameter: max(abs(float(axis.lower)), abs(float(axis.upper))) for axis in (across, up)
    }
    tolerance = _ROUNDING * model.payoff_magnitude(largest)
    posture, coerced, near = _sequential(payoffs, tolerance)
    status = np.zeros(posture.shape, dtype=np.int8)
    for where in np.argwhere(near):
        row, column = map(int, where)
        point = {across.parameter: across.exact(column), up.parameter: up.exact(row)}
        place = (row, column)
        posture[place], coerced[place], status[place] = _exact_point(model, scenario, point)
    dims = (up.parameter, across.parameter)
    return xr.Dataset(
        {
            "posture": (dims, posture),
            "coerced": (dims, coerced),
            "status": (dims, status),
        },
        coords={up.parameter: rows, across.parameter: columns},
        attrs={
            "model": model.name,
            "scenario": scenario.name,
            "title": scenario.title,
            "postures": list(model.strategies[0]),
            "values": json.dumps({name: str(value) for name, value in scenario.items()}),
            "ranges": json.dumps(
                {
                    name: [str(entry.range.lower), str(entry.range.upper)]
                    for name, entry in scenario.entries.items()
                }
            ),
            "perceived": json.dumps(
                {name: str(entry.value) for name, entry in scenario.perceived.items()}
            ),
        },
    )  # fmt: skip


def _sequential(payoffs: FloatArray, tolerance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return posture, coercion, and which points lie within the tolerance of a tie."""
    own, other = payoffs
    temptation = other[:, 1] - other[:, 0]
    coerces = temptation > 0
    value = np.where(coerces, own[:, 1], own[:, 0])
    posture = value.argmax(axis=0).astype(np.int8)
    ordered = np.sort(value, axis=0)
    near = (np.abs(temptation) <= tolerance).any(axis=0)
    near |= ordered[-1] - ordered[-2] <= tolerance
    coerced = np.take_along_axis(coerces, posture[None].astype(np.intp), axis=0)[0]
    return posture, coerced, near


def _exact_point(
    model: AlignmentModel, scenario: Scenario, point: Mapping[str, Fraction]
) -> tuple[int, bool, int]:
    solution = solve(model.tree(scenario, **point))
    paths = {eq.path for eq in solution.equilibria}
    postures = {path[0] for path in paths}
    harsh = model.strategies[1][-1]
    chosen = model.strategies[0].index(postures.pop()) if len(postures) == 1 else MIXED_POSTURES
    return chosen, all(path[1] == harsh for path in paths), 1 if len(paths) == 1 else 2
