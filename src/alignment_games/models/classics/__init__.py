"""Classic models of crises and alliances, as game trees with named parameters.

One function a model. A docstring says "stylised after" where the story is that of a publication,
and the formulas were derived here.
"""

from .assurance import reassurance
from .bargaining import ultimatum_bargaining
from .deterrence import asymmetric_deterrence, unilateral_deterrence
from .extended import extended_deterrence
from .sides import choosing_sides

__all__ = [
    "asymmetric_deterrence",
    "choosing_sides",
    "extended_deterrence",
    "reassurance",
    "ultimatum_bargaining",
    "unilateral_deterrence",
]
