"""Models: named parameters to SymPy payoffs."""

from .abandonment import abandonment_hazard
from .aggregation import balance_bandwagon_wait
from .alignment import alignment
from .alternation import alternating_governments
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
from .quantity import Quantity
from .restraint import mutual_restraint
from .uncertainty import uncertainty
from .uncertainty_model import UncertaintyModel

__all__ = [
    "AlignmentModel",
    "Comparison",
    "Constraint",
    "DynamicModel",
    "Interval",
    "Parameter",
    "ParameterSpace",
    "ParameterStatus",
    "Quantity",
    "UncertaintyModel",
    "abandonment_hazard",
    "alignment",
    "alternating_governments",
    "balance_bandwagon_wait",
    "build_model",
    "build_parameter",
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
    "uncertainty",
]
