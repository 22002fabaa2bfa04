"""Designs: which points of a model's parameters a sweep solves, each found by its position.

A design is data. Any stretch of its points can be made alone, so that parts of a sweep can run
anywhere, in any order, and once more after an interruption, with the same result.
"""

from __future__ import annotations

import abc
import functools
import json
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number
from .._typing import FloatArray, Number
from ..errors import ParameterError
from ..models import ParameterSpace

__all__ = ["MOST_POINTS", "Axis", "Design", "Grid", "PointList", "as_json"]

MOST_POINTS = 10**12
"""Of a design."""

_MOST_VALUES = 10**7
"""Of one axis: its values lie in memory."""


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
            count = operator.index(points)
        except (TypeError, ValueError) as error:
            msg = f"`Axis` of {parameter} needs two finite numbers and a whole number: {error}"
            raise ParameterError(msg) from None
        if count > _MOST_VALUES:
            msg = f"`Axis` of {parameter} must have at most {_MOST_VALUES} points, got {count}"
            raise ParameterError(msg)
        if count < 2 or ends[0] >= ends[1]:
            msg = (
                f"`Axis` of {parameter} needs lower < upper and 2 or more points, got "
                f"[{float(ends[0]):g}, {float(ends[1]):g}] with {count}"
            )
            raise ParameterError(msg)
        for name, value in (
            ("parameter", parameter),
            ("lower", ends[0]),
            ("upper", ends[1]),
            ("points", count),
        ):
            object.__setattr__(self, name, value)

    def exact(self, position: int) -> Fraction:
        """Return the exact value at a position."""
        return self.lower + (self.upper - self.lower) * position / (self.points - 1)

    def values(self) -> FloatArray:
        """Return all values in floating point, each correctly rounded, shape (points,)."""
        lower, step = self.lower, (self.upper - self.lower) / (self.points - 1)
        common = math.lcm(lower.denominator, step.denominator)
        first, gap = int(lower * common), int(step * common)
        values = ((first + gap * k) / common for k in range(self.points))
        return np.fromiter(values, np.float64, self.points)


class Design(abc.ABC):
    """Points of some parameters, numbered from 0."""

    __slots__ = ()

    @property
    @abc.abstractmethod
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that vary."""

    @property
    @abc.abstractmethod
    def shape(self) -> tuple[int, ...]:
        """Points along each dimension of the result."""

    @property
    @abc.abstractmethod
    def dimensions(self) -> tuple[str, ...]:
        """Names of these dimensions."""

    @abc.abstractmethod
    def columns(self, first: int, last: int) -> FloatArray:
        """Return the points from position `first` to before `last`, a row a parameter."""

    @abc.abstractmethod
    def check(self, space: ParameterSpace) -> None:
        """Raise `ParameterError` if the design does not fit a model's parameters."""

    @abc.abstractmethod
    def describe(self) -> str:
        """Return all that the points depend on, as JSON."""

    def exact(self, position: int) -> dict[str, Fraction]:
        """Return one point exactly: a float stands for the shortest decimal that prints it."""
        column = self.columns(position, position + 1)[:, 0]
        return {
            name: exact_number(value.item())
            for name, value in zip(self.parameters, column, strict=True)
        }

    def part(self, first: int, last: int) -> tuple[Design, int]:  # noqa: ARG002 (PointList)
        """Return a design with at least some stretch of points, and where that begins in it."""
        return self, first

    def __len__(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Grid(Design):
    """All combinations of some values of each parameter, the last parameter's running fastest.

    Parameters
    ----------
    axes : mapping of str to Axis, (lower, upper, points), or array_like of float
        Values of each parameter. Evenly spaced ones, given by their ends, are exact.

    Examples
    --------
    >>> Grid({"stake": (0, 2, 5), "tilt": [0.2, 0.3]}).shape
    (5, 2)
    """

    axes: tuple[tuple[str, Axis | tuple[float, ...]], ...]

    def __init__(self, axes: Mapping[str, Any]) -> None:
        given: object = axes
        if not isinstance(given, Mapping) or not given:
            msg = f"`axes` must map one or more parameters to their values, got {axes!r}"
            raise ParameterError(msg)
        object.__setattr__(
            self, "axes", tuple((name, _axis(name, axis)) for name, axis in axes.items())
        )
        if len(self) > MOST_POINTS:
            msg = f"`axes` must have at most {MOST_POINTS:.0e} points in all, got {len(self):.2e}"
            raise ParameterError(msg)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that vary."""
        return tuple(name for name, _ in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along each axis."""
        return tuple(a.points if isinstance(a, Axis) else len(a) for _, a in self.axes)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The parameters' names."""
        return self.parameters

    def values(self, name: str) -> FloatArray:
        """Return the values of one axis."""
        return _axis_values(dict(self.axes)[name])

    def columns(self, first: int, last: int) -> FloatArray:
        """Return the points from position `first` to before `last`, a row a parameter."""
        found = np.empty((len(self.axes), last - first))
        length = self.shape[-1]
        rows, start = range(first // length, -(-last // length)), first % length
        along = _axis_values(self.axes[-1][1])
        if len(rows) == 1:
            found[-1] = along[start : start + last - first]
        else:
            found[-1] = np.concatenate(
                [along[start:], *[along] * (len(rows) - 2), along[: last - rows[-1] * length]]
            )
        runs = np.full(len(rows), length)
        runs[-1] = last - rows[-1] * length
        runs[0] -= start
        left = np.arange(rows.start, rows.stop, dtype=np.int64)
        for k in range(len(self.axes) - 2, -1, -1):
            left, place = np.divmod(left, self.shape[k])
            found[k] = np.repeat(_axis_values(self.axes[k][1])[place], runs)
        return found

    def exact(self, position: int) -> dict[str, Fraction]:
        """Return one point exactly."""
        point: dict[str, Fraction] = {}
        for name, axis in reversed(self.axes):
            points = axis.points if isinstance(axis, Axis) else len(axis)
            position, place = divmod(position, points)
            point[name] = axis.exact(place) if isinstance(axis, Axis) else exact_number(axis[place])
        return point

    def check(self, space: ParameterSpace) -> None:
        """Raise `ParameterError` if a value lies outside its parameter's domain."""
        for name, axis in self.axes:
            ends = (axis.lower, axis.upper) if isinstance(axis, Axis) else (min(axis), max(axis))
            for bound in ends:
                space.number(name, bound)

    def describe(self) -> str:
        """Return the axes as JSON."""
        return as_json(
            "grid",
            {
                name: [str(a.lower), str(a.upper), a.points] if isinstance(a, Axis) else list(a)
                for name, a in self.axes
            },
        )


@functools.lru_cache(maxsize=16)
def _axis_values(axis: Axis | tuple[float, ...]) -> FloatArray:
    return axis.values() if isinstance(axis, Axis) else np.array(axis)


def _axis(name: str, axis: Any) -> Axis | tuple[float, ...]:
    if isinstance(axis, Axis):
        if axis.parameter != name:
            msg = f"`axes[{name!r}]` is an `Axis` of {axis.parameter}; give it one of {name}"
            raise ParameterError(msg)
        return axis
    if isinstance(axis, tuple) and len(axis) == 3 and isinstance(axis[2], (int, np.integer)):
        return Axis(name, axis[0], axis[1], int(axis[2]))
    values = _floats(f"axes[{name!r}]", axis)
    if not np.isfinite(values).all() or np.unique(values).size < values.size:
        msg = f"`axes[{name!r}]` must hold finite numbers, each once"
        raise ParameterError(msg)
    return tuple(values.tolist())


def _floats(what: str, values: Any) -> FloatArray:
    """Return numbers given by a user as one row of floats."""
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.ndim != 1 or array.size == 0 or array.dtype.kind not in "iuf":
        msg = f"`{what}` must be a row of one or more numbers, got {str(values)[:80]}"
        raise ParameterError(msg)
    floats: FloatArray = array.astype(np.float64)
    return floats


@dataclass(frozen=True, slots=True, init=False, eq=False)
class PointList(Design):
    """Points given one by one.

    Parameters
    ----------
    columns : mapping of str to array_like of float, shape (N,)
        The values of each parameter that varies. A point outside the model's domain is not
        refused; its status says so.

    Examples
    --------
    >>> len(PointList({"stake": [0.3, 0.45], "patron_reliability": [0.4, 0.2]}))
    2
    """

    given: tuple[tuple[str, FloatArray], ...]

    def __init__(self, columns: Mapping[str, Any]) -> None:
        given: object = columns
        if not isinstance(given, Mapping) or not given:
            msg = f"`columns` must map one or more parameters to their values, got {columns!r}"
            raise ParameterError(msg)
        rows = [(name, _floats(f"columns[{name!r}]", c).copy()) for name, c in columns.items()]
        if len({row.size for _, row in rows}) > 1:
            sizes = ", ".join(f"{name}: {row.size}" for name, row in rows)
            msg = f"`columns` must have one value a point each, got {sizes}"
            raise ParameterError(msg)
        for _, row in rows:
            row.setflags(write=False)
        object.__setattr__(self, "given", tuple(rows))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that vary."""
        return tuple(name for name, _ in self.given)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of points."""
        return self.given[0][1].shape

    @property
    def dimensions(self) -> tuple[str, ...]:
        """``point``."""
        return ("point",)

    def columns(self, first: int, last: int) -> FloatArray:
        """Return the points from position `first` to before `last`, a row a parameter."""
        return np.stack([row[first:last] for _, row in self.given])

    def part(self, first: int, last: int) -> tuple[Design, int]:
        """Return a list of only these points, so that no others are sent to another process."""
        return PointList({name: row[first:last] for name, row in self.given}), 0

    def check(self, space: ParameterSpace) -> None:
        """Raise `ParameterError` if a parameter is unknown."""
        for name in self.parameters:
            space[name]

    def describe(self) -> str:
        """Return the parameters and a hash of the points as JSON."""
        import hashlib

        digest = hashlib.sha256()
        for _, row in self.given:
            digest.update(row.tobytes())
        return as_json("points", [*self.parameters], sha256=digest.hexdigest(), points=len(self))


def as_json(kind: str, parameters: Any, **more: Any) -> str:
    """Return what a design depends on as JSON."""
    return json.dumps({"design": kind, "parameters": parameters} | more)
