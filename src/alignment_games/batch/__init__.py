"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, solve_bimatrices
from .inputs import BatchStatus
from .pure import PureOutcomes, pure_outcomes
from .three_player import ThreePlayerSolution, solve_three_player

__all__ = [
    "BatchSolution",
    "BatchStatus",
    "PureOutcomes",
    "ThreePlayerSolution",
    "pure_outcomes",
    "solve_bimatrices",
    "solve_three_player",
]
