"""Models: named parameters to SymPy payoffs."""

from . import classics as classics
from .abandonment import abandonment_hazard
from .aggregation import balance_bandwagon_wait
from .alignment import alignment
from .alternation import alternating_governments
from .crisis_signaling import (
    CrisisCorrespondence,
    CrisisEquilibria,
    CrisisEquilibrium,
    CrisisSignalingModel,
    crisis_signaling,
)
from .dynamic_model import DynamicModel
from .files import load_model, model_document, parse_model, save_model
from .formulas import parse_condition, parse_formula
from .model import AlignmentModel, Comparison
from .own import build_model
from .own_parameters import build_parameter
from .parameters import Constraint, Interval, Parameter, ParameterSpace, ParameterStatus
from .patron_engagement import patron_engagement
from .pledge import escape_clause
from .power_shift import power_shift
from .quantities import Quantity
from .restraint import mutual_restraint
from .treaty import TreatyChoice, TreatyCosts, TreatyPiece, treaty_choice, treaty_costs
from .tree_model import TreeModel
from .triangle import triangle, triangle_tree
from .uncertainty import uncertainty
from .uncertainty_model import UncertaintyModel

__all__ = [
    "AlignmentModel",
    "Comparison",
    "Constraint",
    "CrisisCorrespondence",
    "CrisisEquilibria",
    "CrisisEquilibrium",
    "CrisisSignalingModel",
    "DynamicModel",
    "Interval",
    "Parameter",
    "ParameterSpace",
    "ParameterStatus",
    "Quantity",
    "TreatyChoice",
    "TreatyCosts",
    "TreatyPiece",
    "TreeModel",
    "UncertaintyModel",
    "abandonment_hazard",
    "alignment",
    "alternating_governments",
    "balance_bandwagon_wait",
    "build_model",
    "build_parameter",
    "crisis_signaling",
    "escape_clause",
    "load_model",
    "model_document",
    "mutual_restraint",
    "parse_condition",
    "parse_formula",
    "parse_model",
    "patron_engagement",
    "power_shift",
    "save_model",
    "treaty_choice",
    "treaty_costs",
    "triangle",
    "triangle_tree",
    "uncertainty",
]
