"""Drawing with Matplotlib: the only package that knows it."""

from __future__ import annotations

from .beliefs import draw_beliefs
from .choices import draw_choices
from .crisis import draw_crisis
from .deterrence import draw_deterrence
from .discounts import draw_discounts
from .files import save
from .outcomes import draw_outcomes
from .payoff_sets import draw_payoff_sets
from .phase_map import draw_phase_map
from .phase_regions import draw_phase_regions
from .policy import draw_policies
from .priors import draw_dots, draw_effects, draw_exchange, draw_share_bars
from .treaty import draw_treaty

__all__ = [
    "draw_beliefs",
    "draw_choices",
    "draw_crisis",
    "draw_deterrence",
    "draw_discounts",
    "draw_dots",
    "draw_effects",
    "draw_exchange",
    "draw_outcomes",
    "draw_payoff_sets",
    "draw_phase_map",
    "draw_phase_regions",
    "draw_policies",
    "draw_share_bars",
    "draw_treaty",
    "save",
]
