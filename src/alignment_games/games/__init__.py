"""Games as data: payoffs and trees. No solver is known here."""

from .extensive import ExtensiveGame
from .nodes import Chance, Decision, Terminal
from .normal import NormalFormGame
from .stochastic import StochasticGame

__all__ = [
    "Chance",
    "Decision",
    "ExtensiveGame",
    "NormalFormGame",
    "StochasticGame",
    "Terminal",
]
