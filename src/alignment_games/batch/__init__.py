"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, solve_bimatrices
from .design import Axis, Design, Grid, Latin, PointList, Random, Sobol, Uniform
from .inputs import BatchStatus
from .pure import PureOutcomes, pure_outcomes
from .sweep import sweep, sweep_summary
from .three_player import ThreePlayerSolution, solve_three_player

__all__ = [
    "Axis",
    "BatchSolution",
    "BatchStatus",
    "Design",
    "Grid",
    "Latin",
    "PointList",
    "PureOutcomes",
    "Random",
    "Sobol",
    "ThreePlayerSolution",
    "Uniform",
    "pure_outcomes",
    "solve_bimatrices",
    "solve_three_player",
    "sweep",
    "sweep_summary",
]
