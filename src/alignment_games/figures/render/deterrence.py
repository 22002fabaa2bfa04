"""Regions of unilateral deterrence, with what a solver finds as marks of the same colors."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from ..prepare_deterrence import DeterrencePanel
from .style import STYLE, TIE, blank, legend_below, legend_mark

__all__ = ["draw_deterrence"]

_COLORS = {
    "deterrence": "#004488", "separating": "#DDAA33", "attack": "#BB5566", "bluff": "#BBBBBB",
}  # fmt: skip
_WORDS = {
    "deterrence": "no one attacks",
    "separating": "the hard attacks",
    "attack": "both types attack",
    "bluff": "the soft attacks at times",
}


def draw_deterrence(panel: DeterrencePanel) -> Figure:
    """Return a figure with the regions and the marks."""
    with mpl.rc_context(STYLE):
        figure = blank(5.0, 4.9)
        ax: Any = figure.subplots()
        for name, (left, right, bottom, top) in panel.regions.items():
            ax.add_patch(
                Rectangle(
                    (float(left), float(bottom)), float(right - left), float(top - bottom),
                    facecolor=_COLORS[name], edgecolor="white", linewidth=1.5,
                )
            )  # fmt: skip
        for challenger, defender, kind in panel.marks:
            ax.plot(float(challenger), float(defender), "o", color=_COLORS.get(kind, TIE),
                    markeredgecolor="white", markersize=6)  # fmt: skip
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        ax.set_aspect("equal")
        ax.set_xlabel("chance of a hard challenger $p_{Ch}$")
        ax.set_ylabel("chance of a hard defender $p_{Def}$")
        handles: list[Any] = [
            Patch(facecolor=_COLORS[name], label=_WORDS[name]) for name in panel.regions
        ]
        if panel.marks:
            handles.append(legend_mark("o", "white", "as colored: what a solver finds (D1)"))
        legend_below(figure, handles, 2)
    return figure
