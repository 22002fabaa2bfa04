"""Games as data: payoffs and trees. No solver is known here."""

from .extensive import Decision, ExtensiveGame, Terminal
from .normal import NormalFormGame

__all__ = ["Decision", "ExtensiveGame", "NormalFormGame", "Terminal"]
