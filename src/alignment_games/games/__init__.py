"""Games as data: payoffs and trees. No solver is known here."""

from .extensive import ExtensiveGame
from .monitored import MonitoredGame
from .nodes import Chance, Decision, Terminal
from .normal import NormalFormGame
from .public_automaton import PublicAutomaton
from .repeated import Automaton, RepeatedGame
from .signaling import SignalingGame
from .stochastic import StochasticGame

__all__ = [
    "Automaton",
    "Chance",
    "Decision",
    "ExtensiveGame",
    "MonitoredGame",
    "NormalFormGame",
    "PublicAutomaton",
    "RepeatedGame",
    "SignalingGame",
    "StochasticGame",
    "Terminal",
]
