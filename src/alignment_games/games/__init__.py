"""Games as data: payoffs and trees. No solver is known here."""

from .bayesian import BayesianGame
from .extensive import ExtensiveGame
from .monitored import MonitoredGame
from .nodes import Chance, Decision, Terminal
from .normal import NormalFormGame
from .public_automaton import PublicAutomaton
from .repeated import Automaton, RepeatedGame
from .sequence_form import PlayerSequences, SequenceForm
from .signaling import SignalingGame
from .stochastic import StochasticGame

__all__ = [
    "Automaton",
    "BayesianGame",
    "Chance",
    "Decision",
    "ExtensiveGame",
    "MonitoredGame",
    "NormalFormGame",
    "PlayerSequences",
    "PublicAutomaton",
    "RepeatedGame",
    "SequenceForm",
    "SignalingGame",
    "StochasticGame",
    "Terminal",
]
