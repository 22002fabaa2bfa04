"""Classic models of crises and alliances, as game trees with named parameters.

One function a model. A docstring says "stylised after" where the story is that of a publication,
and the formulas were derived here.
"""

from .assurance import reassurance
from .bargaining import ultimatum_bargaining
from .crisis import tripartite_crisis
from .deterrence import asymmetric_deterrence, unilateral_deterrence
from .dilemma import alliance_dilemma
from .extended import extended_deterrence
from .sides import choosing_sides
from .war import one_two_game

__all__ = [
    "alliance_dilemma",
    "asymmetric_deterrence",
    "choosing_sides",
    "extended_deterrence",
    "one_two_game",
    "reassurance",
    "tripartite_crisis",
    "ultimatum_bargaining",
    "unilateral_deterrence",
]
