"""Symbolic exploration: conditions, boundaries and proofs derived from a model's payoffs."""

from .conditions import (
    Boundary,
    deterrence_condition,
    dominance_condition,
    gain_under_threat,
    solve_linear,
    temptation,
)
from .equilibria import ParametricEquilibria, ParametricEquilibrium, equilibria
from .proofs import Proof, ProofStatus, prove
from .truth import domain, truth

__all__ = [
    "Boundary",
    "ParametricEquilibria",
    "ParametricEquilibrium",
    "Proof",
    "ProofStatus",
    "deterrence_condition",
    "domain",
    "dominance_condition",
    "gain_under_threat",
    "equilibria",
    "prove",
    "solve_linear",
    "temptation",
    "truth",
]
