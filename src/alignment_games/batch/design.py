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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number
from .._typing import FloatArray, Number
from ..errors import ParameterError, whole
from ..models import ParameterSpace

__all__ = ["Axis", "Design", "Grid", "Latin", "PointList", "Random", "Sobol", "Uniform"]

_STRETCH = 4096
"""Points of a random design that one generator draws."""

_MOST_POINTS = 10**12
_MOST_LATIN = 2**27
_MOST_SOBOL = 2**30


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
        return np.array([(first + gap * k) / common for k in range(self.points)])


@dataclass(frozen=True, slots=True, init=False)
class Uniform:
    """A parameter's values spread evenly over a range, which another parameter may scale.

    Parameters
    ----------
    lower, upper : number
    scaled_by : str, optional
        A parameter that multiplies both ends, so that a constraint holds everywhere: for
        example ``Uniform(0, 1, scaled_by="coercion_success")`` for ``support_effect``.

    Examples
    --------
    >>> Uniform(0, 2).upper
    Fraction(2, 1)
    """

    lower: Fraction
    upper: Fraction
    scaled_by: str | None

    def __init__(self, lower: Number, upper: Number, scaled_by: str | None = None) -> None:
        try:
            ends = exact_number(lower), exact_number(upper)
        except (TypeError, ValueError) as error:
            msg = f"`Uniform` needs two finite numbers: {error}"
            raise ParameterError(msg) from None
        if ends[0] >= ends[1]:
            msg = f"`Uniform` needs lower < upper, got {float(ends[0]):g} and {float(ends[1]):g}"
            raise ParameterError(msg)
        object.__setattr__(self, "lower", ends[0])
        object.__setattr__(self, "upper", ends[1])
        object.__setattr__(self, "scaled_by", scaled_by)


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
        if len(self) > _MOST_POINTS:
            msg = f"`axes` must have at most {_MOST_POINTS:.0e} points in all, got {len(self):.2e}"
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
        for name in self.parameters:
            values = self.values(name)
            for bound in (values.min(), values.max()):
                space.number(name, bound.item())

    def describe(self) -> str:
        """Return the axes as JSON."""
        return _json(
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
        return _json("points", [*self.parameters], sha256=digest.hexdigest(), points=len(self))


@dataclass(frozen=True, slots=True, init=False, eq=False)
class _Spread(Design):
    """Points spread over ranges of some parameters.

    Parameters
    ----------
    ranges : mapping of str to Uniform or (lower, upper)
        One may be scaled by another that is not scaled itself.
    points : int
    rng : int or numpy.random.Generator, optional
        The seed, or what draws it.
    """

    ranges: tuple[tuple[str, Uniform], ...]
    points: int
    seed: int

    def __init__(
        self,
        ranges: Mapping[str, Uniform | Sequence[Number]],
        points: int,
        *,
        rng: int | np.random.Generator | None = None,
    ) -> None:
        given: object = ranges
        if not isinstance(given, Mapping) or not given:
            msg = f"`ranges` must map one or more parameters to their ranges, got {ranges!r}"
            raise ParameterError(msg)
        checked = tuple((name, _uniform(name, one)) for name, one in ranges.items())
        object.__setattr__(self, "ranges", checked)
        for name, one in checked:
            if one.scaled_by is not None:
                by = dict(checked).get(one.scaled_by)
                if by is None or by.scaled_by is not None:
                    msg = (
                        f"`ranges[{name!r}]` must be scaled by a parameter of `ranges` that is not "
                        f"scaled itself, got {one.scaled_by!r}"
                    )
                    raise ParameterError(msg)
        object.__setattr__(self, "points", whole("points", points, 1, self._most()))
        object.__setattr__(self, "seed", _seed(rng))

    @staticmethod
    def _most() -> int:
        return _MOST_POINTS

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that vary."""
        return tuple(name for name, _ in self.ranges)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of points."""
        return (self.points,)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """``point``."""
        return ("point",)

    @abc.abstractmethod
    def shares(self, first: int, last: int) -> FloatArray:
        """Return where in the unit cube the points lie, a row a parameter."""

    def columns(self, first: int, last: int) -> FloatArray:
        """Return the points from position `first` to before `last`, a row a parameter."""
        return self.placed(self.shares(first, last))

    def placed(self, shares: FloatArray) -> FloatArray:
        """Return points of the unit cube as points of the ranges, a row a parameter."""
        found = np.empty(shares.shape)
        for k, (_, one) in enumerate(self.ranges):
            lower, upper = float(one.lower), float(one.upper)
            found[k] = np.minimum(lower + (upper - lower) * shares[k], upper)
        rows = dict(zip(self.parameters, found, strict=True))
        for name, one in self.ranges:
            if one.scaled_by is not None:
                rows[name] *= rows[one.scaled_by]
        return found

    def check(self, space: ParameterSpace) -> None:
        """Raise `ParameterError` if a range leaves its parameter's domain."""
        ends = dict(self.ranges)
        for name, one in self.ranges:
            by = None if one.scaled_by is None else ends[one.scaled_by]
            for bound in (one.lower, one.upper):
                for factor in (1,) if by is None else (by.lower, by.upper):
                    space.number(name, bound * factor)

    def describe(self) -> str:
        """Return ranges, number of points and seed as JSON."""
        ranges = {
            name: [str(one.lower), str(one.upper), *([one.scaled_by] if one.scaled_by else [])]
            for name, one in self.ranges
        }
        return _json(type(self).__name__.lower(), ranges, points=self.points, seed=self.seed)


class Random(_Spread):
    """Independent random points.

    Examples
    --------
    >>> design = Random({"stake": (0, 2)}, 10**6, rng=1)
    >>> bool((design.columns(5, 9) == design.columns(0, 9)[:, 5:]).all())
    True
    """

    __slots__ = ()

    def shares(self, first: int, last: int) -> FloatArray:
        """Return uniform numbers, each stretch of points from a generator of its own."""
        found = np.empty((len(self.ranges), last - first))
        for stretch in range(first // _STRETCH, -(-last // _STRETCH)):
            source = np.random.SeedSequence(self.seed, spawn_key=(stretch,))
            drawn = np.random.default_rng(source).random((len(self.ranges), _STRETCH))
            start = stretch * _STRETCH
            low, high = max(first, start), min(last, start + _STRETCH)
            found[:, low - first : high - first] = drawn[:, low - start : high - start]
        return found


class Sobol(_Spread):
    """Scrambled Sobol' points, which fill the ranges more evenly than random ones.

    A power of two is the best number of points.

    Examples
    --------
    >>> Sobol({"stake": (0, 2), "tilt": (0, 1)}, 1024, rng=1).shape
    (1024,)
    """

    __slots__ = ()

    @staticmethod
    def _most() -> int:
        return _MOST_SOBOL

    def shares(self, first: int, last: int) -> FloatArray:
        """Return a stretch of the sequence."""
        from scipy.stats import qmc

        engine = qmc.Sobol(len(self.ranges), scramble=True, seed=np.random.default_rng(self.seed))
        if first:
            engine.fast_forward(first)
            drawn: FloatArray = engine.random(last - first)
        else:  # of a power of two points, which is what SciPy wants to begin with
            drawn = engine.random(2 ** (last - 1).bit_length())[:last]
        return np.ascontiguousarray(drawn.T)


class Latin(_Spread):
    """Latin hypercube points: each parameter's values, one in each of equally wide cells.

    All points lie in memory, 8 bytes a parameter and point.

    Examples
    --------
    >>> values = Latin({"stake": (0, 1)}, 4, rng=1).columns(0, 4)[0]
    >>> sorted(int(4 * value) for value in values)
    [0, 1, 2, 3]
    """

    __slots__ = ()

    @staticmethod
    def _most() -> int:
        return _MOST_LATIN

    def shares(self, first: int, last: int) -> FloatArray:
        """Return a stretch of the points."""
        return _latin(len(self.ranges), self.points, self.seed)[:, first:last]


@functools.lru_cache(maxsize=2)
def _latin(dimensions: int, points: int, seed: int) -> FloatArray:
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(dimensions, seed=np.random.default_rng(seed)).random(points)
    return np.ascontiguousarray(drawn.T)


def _uniform(name: str, given: Any) -> Uniform:
    if isinstance(given, Uniform):
        return given
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 2:
        return Uniform(given[0], given[1])
    msg = f"`ranges[{name!r}]` must be a pair (lower, upper) or a `Uniform`, got {given!r}"
    raise ParameterError(msg)


def _seed(rng: Any) -> int:
    if rng is None:
        rng = np.random.default_rng()
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    return whole("rng", rng, 0, 2**63 - 1, rule="None, a numpy.random.Generator or an integer")


def _json(kind: str, parameters: Any, **more: Any) -> str:
    return json.dumps({"design": kind, "parameters": parameters} | more)
