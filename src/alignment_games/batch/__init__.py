"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, solve_bimatrices
from .correlated import CorrelatedFeasibility, correlated_feasibility
from .inputs import BatchStatus
from .logit import LogitEquilibria, logit
from .pure import PureOutcomes, pure_outcomes

__all__ = [
    "BatchSolution",
    "BatchStatus",
    "CorrelatedFeasibility",
    "LogitEquilibria",
    "PureOutcomes",
    "correlated_feasibility",
    "logit",
    "pure_outcomes",
    "solve_bimatrices",
]
