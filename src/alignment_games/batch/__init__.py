"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, solve_bimatrices
from .correlated import CorrelatedFeasibility, correlated_feasibility
from .design import Axis, Design, Grid, PointList
from .inputs import BatchStatus
from .logit import LogitEquilibria, logit
from .pure import PureOutcomes, pure_outcomes
from .spread import Latin, Random, Sobol, Uniform
from .sweep import sweep, sweep_summary
from .three_player import ThreePlayerSolution, solve_three_player

__all__ = [
    "Axis",
    "BatchSolution",
    "BatchStatus",
    "CorrelatedFeasibility",
    "Design",
    "Grid",
    "Latin",
    "LogitEquilibria",
    "PointList",
    "PureOutcomes",
    "Random",
    "Sobol",
    "ThreePlayerSolution",
    "Uniform",
    "correlated_feasibility",
    "logit",
    "pure_outcomes",
    "solve_bimatrices",
    "solve_three_player",
    "sweep",
    "sweep_summary",
]
