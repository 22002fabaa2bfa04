"""Symbolic exploration: conditions and boundaries derived from a model's payoffs."""

from .conditions import (
    Boundary,
    deterrence_condition,
    dominance_condition,
    gain_under_threat,
    solve_linear,
    temptation,
)

__all__ = [
    "Boundary",
    "deterrence_condition",
    "dominance_condition",
    "gain_under_threat",
    "solve_linear",
    "temptation",
]
