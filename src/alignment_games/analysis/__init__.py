"""Analysis: verdicts, deciding inequalities, flips, counterfactuals, reports."""

from .counterfactual import (
    Commitment,
    MistakenBelief,
    Outcome,
    Span,
    commitment_value,
    mistaken_belief,
)
from .flips import Flip, Timing, Watch, nearest_flips
from .inequalities import (
    Inequality,
    deciding_inequalities,
    sequential_inequalities,
    uniqueness_inequalities,
)
from .phase import MIXED_POSTURES, Axis, phase_map
from .region_map import PhaseRegions, Region
from .regions import phase_regions
from .report import DominanceTest, Report, report
from .verdict import Claim, ClaimKind, Verdict, verdict

__all__ = [
    "MIXED_POSTURES",
    "Axis",
    "Claim",
    "ClaimKind",
    "Commitment",
    "DominanceTest",
    "Flip",
    "Inequality",
    "MistakenBelief",
    "Outcome",
    "PhaseRegions",
    "Region",
    "Report",
    "Span",
    "Timing",
    "Verdict",
    "Watch",
    "commitment_value",
    "deciding_inequalities",
    "mistaken_belief",
    "nearest_flips",
    "phase_map",
    "phase_regions",
    "report",
    "sequential_inequalities",
    "uniqueness_inequalities",
    "verdict",
]
