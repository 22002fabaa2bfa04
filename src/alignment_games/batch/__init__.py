"""The same questions for millions of games at once.

Games from arrays need neither SymPy nor xarray, which sweeps of a model load.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bimatrix import BatchSolution, solve_bimatrices
    from .correlated import CorrelatedFeasibility, correlated_feasibility
    from .design import Axis, Design, Grid, PointList
    from .discount_codes import Sustained
    from .discounts import CriticalDiscounts, critical_discount_map, critical_discounts
    from .histories import simulate
    from .inputs import BatchStatus
    from .logits import LogitEquilibria, logit
    from .pure import PureOutcomes, pure_outcomes
    from .repeated import RepeatedPayoffSets, repeated_payoffs
    from .spread import Latin, Random, Sobol, Uniform
    from .sweeps import sweep, sweep_summary
    from .three_player import ThreePlayerSolution, solve_three_player

_HOME = {
    "Axis": "design",
    "BatchSolution": "bimatrix",
    "BatchStatus": "inputs",
    "CorrelatedFeasibility": "correlated",
    "CriticalDiscounts": "discounts",
    "Design": "design",
    "Grid": "design",
    "Latin": "spread",
    "LogitEquilibria": "logits",
    "PointList": "design",
    "PureOutcomes": "pure",
    "Random": "spread",
    "RepeatedPayoffSets": "repeated",
    "Sobol": "spread",
    "Sustained": "discount_codes",
    "ThreePlayerSolution": "three_player",
    "Uniform": "spread",
    "correlated_feasibility": "correlated",
    "critical_discount_map": "discounts",
    "critical_discounts": "discounts",
    "logit": "logits",
    "pure_outcomes": "pure",
    "repeated_payoffs": "repeated",
    "simulate": "histories",
    "solve_bimatrices": "bimatrix",
    "solve_three_player": "three_player",
    "sweep": "sweeps",
    "sweep_summary": "sweeps",
}

__all__ = [
    "Axis",
    "BatchSolution",
    "BatchStatus",
    "CorrelatedFeasibility",
    "CriticalDiscounts",
    "Design",
    "Grid",
    "Latin",
    "LogitEquilibria",
    "PointList",
    "PureOutcomes",
    "Random",
    "RepeatedPayoffSets",
    "Sobol",
    "Sustained",
    "ThreePlayerSolution",
    "Uniform",
    "correlated_feasibility",
    "critical_discount_map",
    "critical_discounts",
    "logit",
    "pure_outcomes",
    "repeated_payoffs",
    "simulate",
    "solve_bimatrices",
    "solve_three_player",
    "sweep",
    "sweep_summary",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
