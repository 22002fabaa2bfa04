"""The figure of certified regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline

from ..prepare import RegionPanel
from .style import STYLE, TIE, UNNAMED, axis_label, blank, legend_below, legend_mark, posture_color

__all__ = ["draw_phase_regions"]


def draw_phase_regions(panels: Sequence[RegionPanel]) -> Figure:
    """Return a figure with one panel a map of regions, and a table of their shares below each."""
    with mpl.rc_context(STYLE):
        figure = blank(4.6 * len(panels) + 0.4, 6.6)
        axes, tables = figure.subplots(
            2, len(panels), squeeze=False, gridspec_kw={"height_ratios": [4.4, 1.6]}
        )
        for ax, table, panel in zip(axes, tables, panels, strict=True):
            _draw_cells(ax, panel)
            _draw_shares(table, panel)
        axes[0].set_ylabel(axis_label(panels[0].y_name, panels[0].y_symbol))
        handles: list[Any] = [
            Patch(facecolor=posture_color(p), label=p.capitalize()) for p in panels[0].postures
        ]
        handles += [
            Patch(facecolor=UNNAMED, edgecolor="white", hatch="////", label="coerced"),
            Patch(facecolor=TIE, label="undecided cell"),
            legend_mark("o", "white", "scenario"),
        ]
        legend_below(figure, handles, 6)
    return figure


def _draw_cells(ax: Any, panel: RegionPanel) -> None:
    x0, x1, y0, y1 = panel.boxes
    corners = np.stack([x0, y0, x1, y0, x1, y1, x0, y1], axis=-1).reshape(-1, 4, 2)
    colors = np.array([*(posture_color(p) for p in panel.postures), TIE])
    certain = panel.posture >= 0
    fill = colors[np.where(certain, panel.posture, len(panel.postures))]
    wide = certain & (x1 - x0 > (x1.max() - x0.min()) / 200)
    # Neighbors of one color are drawn without a seam: each has an edge of its own color.
    cells = PolyCollection(list(corners), facecolors=fill, edgecolors=fill, linewidths=0.2)
    lines = PolyCollection(
        list(corners[wide]), facecolors="none", edgecolors=(0, 0, 0, 0.35), linewidths=0.3
    )
    for collection in (cells, lines):
        collection.set_rasterized(True)
        ax.add_collection(collection)
    if panel.coerced.any():  # one shape, because each one is hatched anew
        closed = corners[panel.coerced][:, [0, 1, 2, 3, 0]].reshape(-1, 2)
        steps = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY]
        shape = Outline(closed, np.tile(steps, len(closed) // 5))
        ax.add_patch(
            PathPatch(shape, facecolor="none", edgecolor="white", linewidth=0, hatch="////")
        ).set_rasterized(True)
    ax.plot(*panel.point, marker="o", markersize=8, color="white", markeredgecolor="black")
    ax.set_xlim(x0.min(), x1.max())
    ax.set_ylim(y0.min(), y1.max())
    ax.set_xlabel(axis_label(panel.x_name, panel.x_symbol))
    ax.set_title(panel.title, fontsize=10)


def _draw_shares(ax: Any, panel: RegionPanel) -> None:
    """Write the table of bounds, the posture's name on its color."""
    rows = [
        [posture.capitalize() + (", coerced" if coerced else ""), f"{low:.2f} to {high:.2f}"]
        for posture, coerced, low, high in panel.rows
    ]
    rows.append(["Undecided", f"{panel.undecided:.2f}"])
    table = ax.table(
        cellText=rows,
        colLabels=["region", "share of the map, %"],
        colWidths=[0.5, 0.5],
        cellLoc="left",
        bbox=(0, 0, 1, 1),
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    for (row, column), cell in table.get_celld().items():
        cell.set_linewidth(0.4)
        if column == 0 and row > 0:
            last = row > len(panel.rows)
            cell.set_facecolor(TIE if last else posture_color(panel.rows[row - 1][0]))
            light = not last and panel.rows[row - 1][0] == "hedge"
            cell.get_text().set_color("black" if light else "white")
    ax.set_axis_off()
