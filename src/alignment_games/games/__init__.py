"""Games as data: payoffs and trees. No solver is known here."""

from .extensive import ExtensiveGame
from .nodes import Chance, Decision, Terminal
from .normal import NormalFormGame
from .repeated import Automaton, RepeatedGame
from .stochastic import StochasticGame

__all__ = [
    "Automaton",
    "Chance",
    "Decision",
    "ExtensiveGame",
    "NormalFormGame",
    "RepeatedGame",
    "StochasticGame",
    "Terminal",
]
