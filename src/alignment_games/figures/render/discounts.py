"""The map of critical discount factors: shades with contours, and where no factor will do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..prepare_discounts import DiscountPanel
from .style import HALO, STYLE, blank, legend_below, legend_mark

__all__ = ["draw_discounts"]

_SHADES = LinearSegmentedColormap.from_list("patience", ["#CFE0F2", "#004488"])
_NEVER, _ALWAYS, _OTHER = "#888888", "#FFFFFF", "#000000"
_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def draw_discounts(panels: Sequence[DiscountPanel]) -> Figure:
    """Return a figure with two panels a row."""
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    with mpl.rc_context(STYLE):
        figure = blank(4.4 * columns + 1.0, 4.0 * rows + 0.8)
        grid = figure.subplots(rows, columns, squeeze=False)
        for ax, panel in zip(grid.flat, panels, strict=False):
            shades = _draw_panel(ax, panel)
        for ax in grid.flat[len(panels) :]:
            figure.delaxes(ax)
        used = grid.flatten()[: len(panels)].tolist()
        for ax in used[::columns]:
            ax.set_ylabel(panels[0].y_label)
        for ax in used[-columns:]:
            ax.set_xlabel(panels[0].x_label)
        figure.colorbar(
            shades, ax=used, label=r"critical discount factor $\delta^*$", shrink=0.7, pad=0.02
        )
        legend_below(figure, _legend(panels), 2 * columns)
    return figure


def _legend(panels: Sequence[DiscountPanel]) -> list[Any]:
    handles: list[Any] = [Line2D([], [], color="black", linewidth=0.9, label="by tenths")]
    if any(panel.point is not None for panel in panels):
        handles.append(legend_mark("o", "white", "scenario"))
    if any(panel.never.any() for panel in panels):
        handles.append(
            Patch(facecolor=_NEVER, edgecolor="white", hatch="xxxx", label="no factor will do")
        )
    if any((panel.discount == 0).any() for panel in panels):
        handles.append(Patch(facecolor=_ALWAYS, edgecolor="black", label="every factor will do"))
    other = dict.fromkeys(word for panel in panels for word in panel.other)
    if other:
        handles.append(Patch(facecolor=_OTHER, label="other: " + ", ".join(other)))
    return handles


def _draw_panel(ax: Any, panel: DiscountPanel) -> Any:
    always = panel.discount == 0
    unknown = np.isnan(panel.discount)
    shown = np.ma.masked_where(unknown | always, panel.discount)
    shades = ax.pcolormesh(
        panel.x, panel.y, shown, cmap=_SHADES, vmin=0, vmax=1, shading="nearest", rasterized=True
    )
    plain = np.ma.masked_where(~unknown, np.where(panel.never, 0.0, 1.0))
    ax.pcolormesh(
        panel.x, panel.y, plain, cmap=ListedColormap([_NEVER, _OTHER]), vmin=0, vmax=1,
        shading="nearest", rasterized=True,
    )  # fmt: skip
    if panel.never.any():
        hatching = ax.contourf(
            panel.x, panel.y, panel.never.astype(float), levels=[0.5, 1.5], colors="none",
            hatches=["xxxx"],
        )  # fmt: skip
        hatching.set_edgecolor("white")
        hatching.set_linewidth(0)
    if not shown.mask.all():
        lines = ax.contour(
            panel.x, panel.y, np.ma.masked_where(unknown, panel.discount), levels=_LEVELS,
            colors="black", linewidths=0.9,
        )  # fmt: skip
        for text in ax.clabel(lines, fmt="%.1f", fontsize=7):
            text.set_path_effects(HALO)
    if panel.point is not None:
        ax.plot(*panel.point, marker="o", markersize=8, color="white", markeredgecolor="black")
    ax.set_xlim(panel.x[0], panel.x[-1])
    ax.set_ylim(panel.y[0], panel.y[-1])
    ax.set_facecolor(_ALWAYS)
    ax.set_title(panel.title, fontsize=9)
    return shades
