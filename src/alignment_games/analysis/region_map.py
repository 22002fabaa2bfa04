"""What `phase_regions` returns: cells, regions, and bounds on their areas."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray, Number
from ..batch.fused import OPEN
from ..errors import ParameterError, whole
from ..models import AlignmentModel
from ..scenarios import Scenario
from ._quadtree import Leaves, column_and_row, place_of
from .phase import Axis

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Label", "PhaseRegions", "Range", "Region", "regions_of"]

Label = tuple[str | int | bool | None, ...]
Range = tuple[str, Fraction, Fraction]

_MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """All points of a map with the same answers.

    Attributes
    ----------
    label : tuple
        The answer to each output: a strategy's name (None for no single one), whether the second
        player coerces, or a number of equilibria.
    share : tuple of Fraction
        Lower and upper bound on its share of the map's area.
    area : tuple of Fraction
        The same in units of the two parameters.
    cells : int
        Cells in which the answers are certain.
    """

    label: Label
    share: tuple[Fraction, Fraction]
    area: tuple[Fraction, Fraction]
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseRegions:
    """A map cut into cells, each with answers that hold throughout, or undecided.

    Attributes
    ----------
    scenario : Scenario
    x, y : tuple of (str, Fraction, Fraction)
        The parameter along each axis and its ends.
    outputs : tuple of str
    precision : Fraction
        As asked: the largest side of an undecided cell, as a share of the axis.
    max_cells : int
    depth : int
        Cells of this level have sides of ``2 ** -depth``, at most `precision`.
    leaves : Leaves
        The cells: ``places`` (int64, sorted), ``levels`` and ``codes`` (int8), and how many were
        ``solved``; 11 bytes a cell with two outputs.
    regions : tuple of Region
        Every region of which some cell is certain, the largest first. Any other has at most the
        area of the undecided cells.
    """

    scenario: Scenario = field(repr=False)
    x: Range
    y: Range
    outputs: tuple[str, ...]
    precision: Fraction
    max_cells: int
    depth: int
    leaves: Leaves = field(repr=False)
    regions: tuple[Region, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether every undecided cell is as small as `precision` demands."""
        return self.leaves.level == self.depth or not bool(self.is_undecided.any())

    @property
    def is_undecided(self) -> np.ndarray:
        """Which leaves are undecided: the cells along the boundaries, shape (n_leaves,)."""
        undecided: np.ndarray = (self.leaves.codes == OPEN).any(axis=0)
        return undecided

    @property
    def undecided(self) -> Fraction:
        """Share of the map in undecided cells, exact."""
        return _share(self.leaves.levels[self.is_undecided])

    @property
    def uniform_points(self) -> int:
        """Points of a uniform grid with the spacing of the smallest cells."""
        return int(((1 << self.depth) + 1) ** 2)

    def boxes(self) -> FloatArray:
        """Return the leaves as rectangles: lower x, upper x, lower y, upper y, a row each.

        Returns
        -------
        ndarray, shape (4, n_leaves)
        """
        found = np.empty((4, self.leaves.places.size))
        side = np.ldexp(1.0, -self.leaves.levels.astype(np.int64))
        for k, (axis, position) in enumerate(
            zip((self.x, self.y), column_and_row(self.leaves.places), strict=True)
        ):
            _, lower, upper = axis
            start = position * 2.0**-self.depth
            found[2 * k] = float(lower) + float(upper - lower) * start
            found[2 * k + 1] = float(lower) + float(upper - lower) * (start + side)
        return found

    def at(self, x: Number, y: Number) -> Label | None:
        """Return the answers at a point of the map, or None where they are undecided.

        Parameters
        ----------
        x, y : number
            Values of the two parameters, read like all numbers.

        Raises
        ------
        ParameterError
            If the point lies outside the map.
        """
        column, row = (self._position(axis, value) for axis, value in ((self.x, x), (self.y, y)))
        (k,) = self._leaf(np.array([column]), np.array([row]))
        codes = self.leaves.codes[:, k].tolist()
        return None if OPEN in codes else _label(self.scenario.model, self.outputs, codes)

    def to_dataset(self, points: int = 401) -> xr.Dataset:
        """Return the answers on a uniform grid, ends included; nothing is solved again.

        Parameters
        ----------
        points : int, optional
            Points along each axis.

        Returns
        -------
        xarray.Dataset
            One variable of codes an output, over the two parameters: what
            `alignment_games.analysis.phase_map` gives, and -2 where a point lies in an undecided
            cell. Attributes hold shares, precision and all parameters.
        """
        import xarray as xr

        count = whole("points", points, 2, _MOST_POINTS)
        steps = (np.arange(count, dtype=np.int64) << self.depth) // (count - 1)
        steps[-1] -= 1  # the last point is the end of the last cell
        leaf = self._leaf(steps[None, :], steps[:, None])
        dims = (self.y[0], self.x[0])
        return xr.Dataset(
            {
                name: (dims, own[leaf])
                for name, own in zip(self.outputs, self.leaves.codes, strict=True)
            },
            coords={axis[0]: Axis(*axis, count).values() for axis in (self.x, self.y)},
            attrs={
                "model": self.scenario.model.name,
                "scenario": self.scenario.name,
                "title": self.scenario.title,
                "postures": list(self.scenario.model.strategies[0]),
                "values": json.dumps({name: str(v) for name, v in self.scenario.items()}),
                "precision": str(self.precision),
                "complete": int(self.complete),
                "regions": json.dumps(self.to_dict()["regions"]),
            },
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the map's regions as numbers and text for JSON; bounds are rounded outward."""
        return {
            "scenario": self.scenario.name,
            "x": [self.x[0], float(self.x[1]), float(self.x[2])],
            "y": [self.y[0], float(self.y[1]), float(self.y[2])],
            "precision": float(self.precision),
            "complete": self.complete,
            "smallest_side": 2.0**-self.leaves.level,
            "cells_solved": self.leaves.solved,
            "uniform_points": self.uniform_points,
            "leaves": int(self.leaves.places.size),
            "undecided": _outward(self.undecided, math.inf),
            "regions": [
                dict(zip(self.outputs, region.label, strict=True))
                | {
                    "share": _outward_pair(region.share),
                    "area": _outward_pair(region.area),
                }
                for region in self.regions
            ],
        }

    def __str__(self) -> str:
        rows = [[*self.outputs, "share of the map", "area"]]
        rows += [
            [*map(_word, region.label), _bounds(region.share), _bounds(region.area)]
            for region in self.regions
        ]
        area = (self.x[2] - self.x[1]) * (self.y[2] - self.y[1])
        blank = [""] * (len(self.outputs) - 1)
        rows.append(["undecided", *blank, *(_ceiling(self.undecided * a) for a in (1, area))])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        axes = ", ".join(
            f"{name} from {decimal_text(lower)} to {decimal_text(upper)}"
            for name, lower, upper in (self.x, self.y)
        )
        side = f"1/{2**self.leaves.level:,}"
        note = (
            f"{self.leaves.solved:,} cells were solved, with sides down to {side} of the axes; "
            f"a grid as fine has {self.uniform_points:,} points."
        )
        if not self.complete:
            note = (
                f"Stopped at max_cells = {self.max_cells:,}: undecided cells have sides of {side} "
                f"of the axes, not {decimal_text(self.precision)}. The bounds hold all the same."
            )
        return "\n".join([f"{self.scenario.title}: {axes}", "", *table, "", note])

    def _position(self, axis: Range, value: Number) -> int:
        name, lower, upper = axis
        number = self.scenario.model.parameters.number(name, value)
        if not lower <= number <= upper:
            msg = (
                f"`{name}` must lie on the map, from {decimal_text(lower)} to "
                f"{decimal_text(upper)}, got {decimal_text(number)}"
            )
            raise ParameterError(msg)
        cells = 1 << self.depth
        return min(math.floor((number - lower) / (upper - lower) * cells), cells - 1)

    def _leaf(self, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the positions of the leaves that hold cells of the deepest level."""
        after: np.ndarray = np.searchsorted(self.leaves.places, place_of(columns, rows), "right")
        return after - 1


def regions_of(
    model: AlignmentModel, outputs: tuple[str, ...], leaves: Leaves, area: Fraction
) -> tuple[Region, ...]:
    """Add up the cells of each label, and those that may belong to it."""
    # One number for all codes of a cell: NumPy sorts numbers faster than columns.
    weights = 256 ** np.arange(len(outputs), dtype=np.int64)
    whole_codes = (leaves.codes.astype(np.int64) * weights[:, None]).sum(axis=0)
    _, first, which = np.unique(whole_codes, return_index=True, return_inverse=True)
    kinds = leaves.codes[:, first]
    shares = [_share(leaves.levels[which == k]) for k in range(first.size)]
    sizes = np.bincount(which, minlength=first.size).tolist()
    codes = kinds.T.tolist()
    found = []
    for own, lower, cells in zip(codes, shares, sizes, strict=True):
        if OPEN in own:
            continue
        upper = lower + sum(
            share
            for other, share in zip(codes, shares, strict=True)
            if OPEN in other and all(b in (a, OPEN) for a, b in zip(own, other, strict=True))
        )
        found.append(
            Region(
                label=_label(model, outputs, own),
                share=(lower, upper),
                area=(lower * area, upper * area),
                cells=cells,
            )
        )
    return tuple(sorted(found, key=lambda region: -region.share[0]))


def _share(levels: np.ndarray) -> Fraction:
    counts = np.bincount(levels, minlength=1).tolist()
    return sum((Fraction(n, 4**level) for level, n in enumerate(counts)), Fraction(0))


def _label(model: AlignmentModel, outputs: tuple[str, ...], codes: Sequence[int]) -> Label:
    def value(name: str, code: int) -> str | int | bool | None:
        if name == "coerced":
            return bool(code)
        if name == "equilibria":
            return code
        return model.strategies[0][code] if code >= 0 else None

    return tuple(value(name, code) for name, code in zip(outputs, codes, strict=True))


def _outward(value: Fraction, toward: float) -> float:
    """Return a float at least as far toward one side as a fraction."""
    near = float(value)
    off = value - Fraction(near)
    return math.nextafter(near, toward) if off * (1 if toward > 0 else -1) > 0 else near


def _outward_pair(pair: tuple[Fraction, Fraction]) -> list[float]:
    return [_outward(pair[0], -math.inf), _outward(pair[1], math.inf)]


def _bounds(pair: tuple[Fraction, Fraction]) -> str:
    """Show bounds with six decimals, rounded outward."""
    return f"{math.floor(pair[0] * 10**6) / 10**6:.6f} to {_ceiling(pair[1])}"


def _ceiling(value: Fraction) -> str:
    return f"{math.ceil(value * 10**6) / 10**6:.6f}"


def _word(value: str | int | bool | None) -> str:
    if value is None:
        return "none"
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"
