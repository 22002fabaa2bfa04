"""Named propositions of the models: claims with their hypotheses, proved, and attacked."""

from .attack import Attack, attack
from .library import THEOREMS, proposition, propositions
from .record import Hypothesis, Proposition

__all__ = [
    "THEOREMS",
    "Attack",
    "Hypothesis",
    "Proposition",
    "attack",
    "proposition",
    "propositions",
]
