"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, solve_bimatrices
from .inputs import BatchStatus
from .logit import LogitEquilibria, logit
from .pure import PureOutcomes, pure_outcomes

__all__ = [
    "BatchSolution",
    "BatchStatus",
    "LogitEquilibria",
    "PureOutcomes",
    "logit",
    "pure_outcomes",
    "solve_bimatrices",
]
