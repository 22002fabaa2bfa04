"""Regions of a phase map with certified areas: cells are cut where a boundary may cross them.

An answer that `alignment_games.batch` finds for a cell holds at each of its points, because the
cell's sides enter the bound on the payoffs' errors as an uncertainty of the parameters. The areas
of such cells are lower bounds; the cells that stay open make the difference to the upper ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number
from .._typing import Number
from ..batch.design import PointList
from ..batch.fused import NUMBERS, OPEN, wanted_outputs
from ..batch.inputs import threads
from ..batch.points import job, solve_cells
from ..errors import ParameterError, whole
from ..scenarios import Scenario
from ._quadtree import refine
from .phase import Axis, check_map
from .region_map import PhaseRegions, Range, regions_of

__all__ = ["phase_regions"]

_X = ("patron_reliability", 0, 1)
_Y = ("stake", 0, Fraction(8, 5))


def phase_regions(
    scenario: Scenario,
    *,
    x: Axis | Sequence[Any] = _X,
    y: Axis | Sequence[Any] = _Y,
    precision: Number = Fraction(1, 1000),
    outputs: Sequence[str] = ("posture", "coerced"),
    max_cells: int = 10_000_000,
    workers: int | None = None,
) -> PhaseRegions:
    """Cut the map of two parameters into regions whose areas have certified bounds.

    Cells are solved as a whole. One whose answers hold at every point of it is kept; any other is
    cut into quarters, until its sides are at most `precision`.

    Parameters
    ----------
    scenario : Scenario
        Gives all other parameters.
    x, y : (str, number, number) or Axis, optional
        A parameter and its ends (of an `Axis` only these count). By default
        ``patron_reliability`` from 0 to 1 and ``stake`` from 0 to 1.6.
    precision : number, optional
        Largest side of an undecided cell as a share of each axis, from 1e-9 to 1/2.
    outputs : sequence of str, optional
        What tells regions apart: any of ``posture``, ``coerced``, ``dominant``, ``equilibria`` and
        ``equilibrium_posture`` (of the simultaneous game).
    max_cells : int, optional
        No further level is begun that would bring the cells solved above this; the result then
        says ``complete=False`` and its bounds are wider. Memory is at most 60 bytes a cell solved.
    workers : int, optional
        Threads; by default one for each processor that may be used.

    Returns
    -------
    PhaseRegions

    Raises
    ------
    ParameterError
        If an axis leaves its parameter's domain, breaks a constraint somewhere on the map, or
        both are the same.
    GameError
        If the model cannot be compiled.

    Notes
    -----
    The bounds hold for the true areas, not only up to rounding: an answer counts only where it
    exceeds every effect of rounding and of the cell's size, and areas are sums of fractions.
    Halving `precision` halves the undecided area and doubles the number of cells.

    Examples
    --------
    >>> import alignment_games as ag
    >>> found = phase_regions(ag.load_scenario("vietnam"), precision=1e-3)
    >>> found.at(0.4, 0.3)
    ('hedge', False)
    >>> region = found.regions[0]
    >>> region.label, [round(float(bound), 3) for bound in region.share]
    (('hedge', False), [0.36, 0.367])
    """
    names = wanted_outputs(outputs)
    if set(names) & set(NUMBERS):
        msg = (
            f"`outputs` must tell regions apart, got {', '.join(names)}; leave out those that are "
            f"numbers: {', '.join(NUMBERS)}"
        )
        raise ParameterError(msg)
    across, up = (_range(which, axis) for which, axis in (("x", x), ("y", y)))
    if across[0] == up[0]:
        msg = f"`x` and `y` must be different parameters, got {up[0]!r} twice"
        raise ParameterError(msg)
    model = scenario.model
    check_map(model, scenario, (across, up))
    share = _precision(precision)
    depth = (math.ceil(1 / share) - 1).bit_length()
    most = whole("max_cells", max_cells, 64, 10**9)
    count = threads(workers)
    points = PointList({name: [float(lower)] for name, lower, _ in (across, up)})
    task = job(model, scenario, points, names, resolve=False)

    def solve(columns: np.ndarray, rows: np.ndarray, level: int) -> np.ndarray:
        middles, halves = np.empty((2, columns.size)), {}
        for k, ((name, lower, upper), position) in enumerate(
            zip((across, up), (columns, rows), strict=True)
        ):
            start, length = float(lower), float(upper - lower)
            middles[k] = start + length * ((position + 0.5) * 2.0**-level)
            # Ends, length and middle are rounded: the box is wider by more than that.
            halves[name] = length * 2.0 ** -(level + 1) + 2.0**-49 * (abs(start) + length)
        answers = solve_cells(task, middles, halves, count)
        return np.stack([answers[name] for name in names])

    leaves = refine(solve, OPEN, depth=depth, max_cells=most)
    area = (across[2] - across[1]) * (up[2] - up[1])
    return PhaseRegions(
        scenario=scenario,
        x=across,
        y=up,
        outputs=names,
        precision=share,
        max_cells=most,
        depth=depth,
        leaves=leaves,
        regions=regions_of(model, names, leaves, area),
    )


def _range(which: str, axis: object) -> Range:
    if isinstance(axis, Axis):
        return axis.parameter, axis.lower, axis.upper
    if not isinstance(axis, Sequence) or len(axis) != 3 or not isinstance(axis[0], str):
        msg = f"`{which}` must be (parameter, lower, upper) or an Axis, got {axis!r}"
        raise ParameterError(msg)
    checked = Axis(axis[0], axis[1], axis[2], 2)
    return checked.parameter, checked.lower, checked.upper


def _precision(value: object) -> Fraction:
    try:
        share = exact_number(value)
    except (TypeError, ValueError) as error:
        msg = f"`precision` must be a number from 1e-9 to 0.5: {error}"
        raise ParameterError(msg) from None
    if not Fraction(1, 10**9) <= share <= Fraction(1, 2):
        msg = f"`precision` must be a number from 1e-9 to 0.5, a share of the axes, got {value!r}"
        raise ParameterError(msg)
    return share
