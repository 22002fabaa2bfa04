"""Maps of postures over beliefs: one row a case, one panel an ambiguity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..prepare_beliefs import BeliefPanel
from .style import STYLE, TIE, blank, legend_below, posture_color

__all__ = ["draw_beliefs"]


def draw_beliefs(rows: Mapping[str, Sequence[BeliefPanel]]) -> Figure:
    """Return a figure with one row a title, or one row of all if each has one panel."""
    lines = [[(title, panel) for panel in own] for title, own in rows.items()]
    if all(len(line) == 1 for line in lines):
        lines = [[line[0] for line in lines]]
    columns = max(map(len, lines))
    panels = [panel for line in lines for _, panel in line]
    with mpl.rc_context(STYLE):
        figure = blank(2.9 * columns + 0.6, 2.7 * len(lines) + 0.7)
        grid = figure.subplots(len(lines), columns, squeeze=False, sharex=True, sharey=True)
        for axes, line in zip(grid, lines, strict=True):
            for ax, (title, panel) in zip(axes, line, strict=False):
                _draw_panel(ax, panel, title)
            for ax in axes[len(line) :]:
                ax.remove()
            axes[0].set_ylabel(r"chance of a committed patron $\pi$")
        for ax in grid[-1]:
            ax.set_xlabel(r"belief in a revisionist $\mu$")
        seen = {code for panel in panels for code in np.unique(panel.posture)}
        handles = [
            Patch(facecolor=posture_color(a), label=a)
            for k, a in enumerate(panels[0].postures)
            if k in seen
        ]
        if any(panel.moved.any() for panel in panels):
            handles.append(
                Patch(facecolor="none", edgecolor="black", hatch="////", linewidth=0,
                      label="another posture than without ambiguity")
            )  # fmt: skip
        if -1 in seen:
            handles.append(Patch(facecolor=TIE, label="several are best"))
        legend_below(figure, handles, len(handles))
    return figure


def _draw_panel(ax: Any, panel: BeliefPanel, title: str) -> None:
    colors = [TIE, *map(posture_color, panel.postures)]
    edges = tuple(map(_edges, (panel.x, panel.y)))
    ax.pcolormesh(
        *edges, panel.posture, cmap=ListedColormap(colors), rasterized=True,
        norm=BoundaryNorm(np.arange(-1.5, len(panel.postures)), len(colors)),
    )  # fmt: skip
    if panel.moved.any():
        ax.contourf(
            panel.x, panel.y, panel.moved, levels=[0.5, 1.5], colors="none", hatches=["////"]
        )
    words = [title, panel.title] if panel.title else [title]
    ax.set_title(": ".join(words), fontsize=9)
    ax.set_xlim(edges[0][0], edges[0][-1])
    ax.set_ylim(edges[1][0], edges[1][-1])


def _edges(centers: np.ndarray) -> np.ndarray:
    """Return the edges of cells around points."""
    middle = (centers[1:] + centers[:-1]) / 2
    return np.concatenate(([centers[0]], middle, [centers[-1]]))
