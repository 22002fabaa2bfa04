"""Analysis: verdicts, deciding inequalities, flips, counterfactuals, priors, reports."""

from .ambiguity import AmbiguousPosture, ambiguity_map, ambiguous_posture
from .counterexample import write_counterexample
from .counterfactual import (
    Commitment,
    MistakenBelief,
    Outcome,
    Span,
    commitment_value,
    mistaken_belief,
)
from .drawn import POSTURE_CLAIMS
from .flips import Flip, Timing, Watch, nearest_flips
from .identification import (
    CounterfactualShare,
    Identification,
    counterfactual_share,
    identification_table,
)
from .inequalities import (
    Inequality,
    deciding_inequalities,
    sequential_inequalities,
    uniqueness_inequalities,
)
from .phase import MIXED_POSTURES, Axis, phase_map
from .posture_policy import posture_policy
from .preventive_war import SHIFT_OUTCOMES, preventive_war_map
from .priors import Prior, base_prior, named_priors, scenario_prior
from .region_map import PhaseRegions, Region
from .regions import phase_regions
from .report import DominanceTest, Report, report
from .robustness import PriorRobustness, prior_robustness
from .schemes import Observation, Scheme, named_schemes
from .sensitivity import Estimate, ParameterEffect, Sensitivity, sensitivity
from .shares import Share
from .swap import Swap, SwapCell, swap
from .verdict import Claim, ClaimKind, Verdict, verdict

__all__ = [
    "MIXED_POSTURES",
    "POSTURE_CLAIMS",
    "SHIFT_OUTCOMES",
    "AmbiguousPosture",
    "Axis",
    "Claim",
    "ClaimKind",
    "Commitment",
    "CounterfactualShare",
    "DominanceTest",
    "Estimate",
    "Flip",
    "Identification",
    "Inequality",
    "MistakenBelief",
    "Observation",
    "Outcome",
    "ParameterEffect",
    "PhaseRegions",
    "Prior",
    "PriorRobustness",
    "Region",
    "Report",
    "Scheme",
    "Sensitivity",
    "Share",
    "Span",
    "Swap",
    "SwapCell",
    "Timing",
    "Verdict",
    "Watch",
    "ambiguity_map",
    "ambiguous_posture",
    "base_prior",
    "commitment_value",
    "counterfactual_share",
    "deciding_inequalities",
    "identification_table",
    "mistaken_belief",
    "named_priors",
    "named_schemes",
    "nearest_flips",
    "phase_map",
    "phase_regions",
    "posture_policy",
    "preventive_war_map",
    "prior_robustness",
    "report",
    "scenario_prior",
    "sensitivity",
    "sequential_inequalities",
    "swap",
    "uniqueness_inequalities",
    "verdict",
    "write_counterexample",
]
