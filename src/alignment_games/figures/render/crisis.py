"""The equilibria of a crisis signaling game: a curve that may turn back."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ..prepare_crisis import CrisisPanel
from .style import STYLE, blank, legend_below, legend_mark

__all__ = ["draw_crisis"]

_CURVE, _MARK, _SEVERAL = "#004488", "#DDAA33", "#E8E8E8"


def draw_crisis(panel: CrisisPanel) -> Figure:
    """Return a figure with how often the target resists, over what war is worth to it."""
    with mpl.rc_context(STYLE):
        figure = blank(5.2, 4.2)
        ax: Any = figure.subplots()
        handles = ax.plot(panel.target_war, panel.resist, color=_CURVE, linewidth=2,
                          label="equilibria")  # fmt: skip
        if panel.folds:
            handles.append(
                ax.axvspan(min(panel.folds), max(panel.folds), color=_SEVERAL, zorder=0,
                           label="several equilibria")
            )  # fmt: skip
        if panel.marks:
            ax.plot(*zip(*panel.marks, strict=True), "o", color=_MARK, markeredgecolor="black")
            label = "found by search" + (", proved to be all" if panel.complete else "")
            handles.append(legend_mark("o", _MARK, label))
        ax.set_xlabel("target's utility of war $W_B$")
        ax.set_ylabel("probability that the target resists $p$")
        ax.set_ylim(0, 1)
        legend_below(figure, handles, 3)
    return figure
