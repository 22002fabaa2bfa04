"""The same questions for millions of games at once."""

from __future__ import annotations

from .bimatrix import BatchSolution, BatchStatus, solve_bimatrices

__all__ = ["BatchSolution", "BatchStatus", "solve_bimatrices"]
