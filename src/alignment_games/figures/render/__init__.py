"""Drawing with Matplotlib: the only package that knows it."""

from __future__ import annotations

from .files import save
from .payoff_sets import draw_payoff_sets
from .phase_map import draw_phase_map
from .phase_regions import draw_phase_regions
from .priors import draw_dots, draw_effects, draw_exchange, draw_share_bars

__all__ = [
    "draw_dots",
    "draw_effects",
    "draw_exchange",
    "draw_payoff_sets",
    "draw_phase_map",
    "draw_phase_regions",
    "draw_share_bars",
    "save",
]
