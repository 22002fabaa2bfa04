"""Type aliases shared by every room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Number: TypeAlias = int | float | Fraction
"""A number of a game or a solution: exact (int, Fraction) or floating point."""

Vector: TypeAlias = tuple[Number, ...]
Profile: TypeAlias = tuple[Vector, ...]
"""One probability vector for each agent of a game."""

ProfileLike: TypeAlias = Sequence[Sequence[Number] | str] | Mapping[str, Sequence[Number] | str]
FloatArray: TypeAlias = npt.NDArray[np.float64]
ObjectArray: TypeAlias = npt.NDArray[Any]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]
StatusArray: TypeAlias = npt.NDArray[np.int8]
MaskArray: TypeAlias = npt.NDArray[np.uint64]
"""Sets of small numbers as bits."""
Values: TypeAlias = Mapping[str, Any]
"""Parameter values by name: a scenario or any mapping."""
