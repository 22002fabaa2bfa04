"""Models: named parameters to SymPy payoffs."""

from .alignment import alignment
from .dynamic_model import DynamicModel, Quantity
from .dynamics import abandonment_hazard, alternating_governments
from .files import load_model, model_document, parse_model, save_model
from .formulas import parse_condition, parse_formula
from .model import AlignmentModel, Comparison
from .own import build_model
from .own_parameters import build_parameter
from .parameters import Constraint, Interval, Parameter, ParameterSpace, ParameterStatus
from .patron_engagement import patron_engagement
from .power_shift import power_shift

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
    "abandonment_hazard",
    "alignment",
    "alternating_governments",
    "build_model",
    "build_parameter",
    "load_model",
    "model_document",
    "parse_condition",
    "parse_formula",
    "parse_model",
    "patron_engagement",
    "power_shift",
    "save_model",
]
