"""Symbolic exploration: conditions, thresholds, boundaries and proofs from a model's payoffs."""

from ._discount_cases import DiscountCase
from .condition_report import ConditionReport, condition_report
from .conditions import (
    Boundary,
    best_response_condition,
    deterrence_condition,
    dominance_condition,
    equilibrium_condition,
    gain,
    gain_under_threat,
    solve_linear,
    temptation,
)
from .discounting import critical_discount
from .equilibria import ParametricEquilibria, ParametricEquilibrium, equilibria
from .explore import ComparativeStatics, abbreviate, comparative_statics, substitute, taylor
from .parametric_discount import DiscountIncentive, ParametricDiscount, ParametricPunishment
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
from .ranges import Span
from .regimes import KnifeEdge, Regime, Regimes, RegimesStatus, regimes
from .scaling import Normalization, Scaling, normalize
from .signs import Sign, sign
from .simplify import simplified
from .thresholds import Case, Form, Threshold, ThresholdPart, threshold
from .truth import domain, truth

__all__ = [
    "THEOREMS",
    "Attack",
    "Boundary",
    "Case",
    "ComparativeStatics",
    "ConditionReport",
    "DiscountCase",
    "DiscountIncentive",
    "Form",
    "Hypothesis",
    "KnifeEdge",
    "Normalization",
    "ParametricDiscount",
    "ParametricEquilibria",
    "ParametricEquilibrium",
    "ParametricPunishment",
    "Proof",
    "ProofStatus",
    "Proposition",
    "Regime",
    "Regimes",
    "RegimesStatus",
    "Scaling",
    "Sign",
    "Span",
    "Threshold",
    "ThresholdPart",
    "abbreviate",
    "attack",
    "best_response_condition",
    "comparative_statics",
    "condition_report",
    "critical_discount",
    "deterrence_condition",
    "domain",
    "dominance_condition",
    "equilibria",
    "equilibrium_condition",
    "gain",
    "gain_under_threat",
    "normalize",
    "proposition",
    "propositions",
    "prove",
    "regimes",
    "sign",
    "simplified",
    "solve_linear",
    "substitute",
    "taylor",
    "temptation",
    "threshold",
    "truth",
]
