"""Points spread over ranges of parameters: independent, Sobol' or Latin hypercube points."""

from __future__ import annotations

import abc
import functools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import exact_number
from .._typing import FloatArray, Number
from ..errors import ParameterError, whole
from ..models import ParameterSpace
from .design import MOST_POINTS, Design, as_json
from .inputs import seed_of

__all__ = ["Latin", "Random", "Sobol", "Uniform"]

_STRETCH = 4096
"""Points of a random design that one generator draws."""

_SOBOL = threading.Lock()
"""SciPy before 1.12 may fill its table of direction numbers wrongly in two threads at once."""

_MOST_LATIN = 2**27
_MOST_SOBOL = 2**30


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
        object.__setattr__(self, "seed", seed_of(rng))

    @staticmethod
    def _most() -> int:
        return MOST_POINTS

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
        return as_json(type(self).__name__.lower(), ranges, points=self.points, seed=self.seed)


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

        generator = np.random.default_rng(self.seed)
        with _SOBOL:
            engine = qmc.Sobol(len(self.ranges), scramble=True, seed=generator)
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
