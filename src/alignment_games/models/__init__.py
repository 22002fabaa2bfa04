"""Models: named parameters to SymPy payoffs."""

from .alignment import alignment
from .model import AlignmentModel, Comparison
from .parameters import Constraint, Interval, Parameter, ParameterSpace, ParameterStatus

__all__ = [
    "AlignmentModel",
    "Comparison",
    "Constraint",
    "Interval",
    "Parameter",
    "ParameterSpace",
    "ParameterStatus",
    "alignment",
]
