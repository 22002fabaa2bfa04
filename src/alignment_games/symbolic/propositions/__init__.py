"""Named propositions of the models: claims with their hypotheses, proved, and attacked."""

from .library import THEOREMS, proposition, propositions
from .record import Hypothesis, Proposition

__all__ = ["THEOREMS", "Hypothesis", "Proposition", "proposition", "propositions"]
