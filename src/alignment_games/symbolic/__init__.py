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
from .regimes import KnifeEdge, Regime, Regimes, RegimesStatus, regimes
from .truth import domain, truth

__all__ = [
    "Boundary",
    "KnifeEdge",
    "ParametricEquilibria",
    "ParametricEquilibrium",
    "Proof",
    "ProofStatus",
    "Regime",
    "Regimes",
    "RegimesStatus",
    "deterrence_condition",
    "domain",
    "dominance_condition",
    "equilibria",
    "gain_under_threat",
    "prove",
    "regimes",
    "solve_linear",
    "temptation",
    "truth",
]
