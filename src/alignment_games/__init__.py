"""Alignment games: when does hedging beat balancing and bandwagoning?

A small state faces a hegemon and a distant patron that may abandon it. The package turns named
parameters into games, solves them with certificates, and says in strict words which posture
wins, which inequality decides it, and how far the answer is from flipping.

>>> import alignment_games as ag
>>> ag.report(ag.load_scenario("vietnam")).sequential.equilibria[0].path
('hedge', 'accommodate')

Importing this package loads none of its numerical dependencies; each name loads what it needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from . import analysis, batch, errors, figures, games, io, models, scenarios, solvers, symbolic
    from .analysis import report
    from .batch import sweep
    from .citations import cite
    from .games import ExtensiveGame, NormalFormGame
    from .scenarios import Scenario, load_scenario
    from .solvers import solve, verify

__all__ = [
    "ExtensiveGame",
    "NormalFormGame",
    "Scenario",
    "__version__",
    "analysis",
    "batch",
    "cite",
    "errors",
    "figures",
    "games",
    "io",
    "load_scenario",
    "models",
    "report",
    "scenarios",
    "solve",
    "solvers",
    "sweep",
    "symbolic",
    "verify",
]

_HOME = {
    "ExtensiveGame": "games",
    "NormalFormGame": "games",
    "Scenario": "scenarios",
    "cite": "citations",
    "load_scenario": "scenarios",
    "report": "analysis",
    "solve": "solvers",
    "sweep": "batch",
    "verify": "solvers",
}
_ROOMS = frozenset(
    {
        "analysis",
        "batch",
        "errors",
        "figures",
        "games",
        "io",
        "models",
        "scenarios",
        "solvers",
        "symbolic",
    }
)


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    elif name in _ROOMS:
        value = importlib.import_module(f".{name}", __name__)
    else:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
