"""Symbolic exploration: conditions, boundaries and proofs derived from a model's payoffs."""

from .conditions import (
    Boundary,
    deterrence_condition,
    dominance_condition,
    gain_under_threat,
    solve_linear,
    temptation,
)
from .proofs import Proof, ProofStatus, prove
from .propositions import (
    THEOREMS,
    Attack,
    Hypothesis,
    Proposition,
    attack,
    proposition,
    propositions,
)
from .truth import domain, truth

__all__ = [
    "THEOREMS",
    "Attack",
    "Boundary",
    "Hypothesis",
    "Proof",
    "ProofStatus",
    "Proposition",
    "attack",
    "deterrence_condition",
    "domain",
    "dominance_condition",
    "gain_under_threat",
    "proposition",
    "propositions",
    "prove",
    "solve_linear",
    "temptation",
    "truth",
]
