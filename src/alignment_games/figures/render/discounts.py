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
from .style import HALO, STYLE, blank, legend_mark

__all__ = ["draw_discounts"]

_SHADES = LinearSegmentedColormap.from_list("patience", ["#CFE0F2", "#004488"])
_NEVER, _ALWAYS = "#888888", "#FFFFFF"
_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def draw_discounts(rows: Sequence[Sequence[DiscountPanel]]) -> Figure:
    """Return a figure with one row a case and one column a punishment."""
    columns = len(rows[0])
    with mpl.rc_context(STYLE):
        figure = blank(4.3 * columns + 1.0, 3.9 * len(rows) + 0.8)
        grid = figure.subplots(len(rows), columns, squeeze=False, sharex=True, sharey=True)
        for axes, row in zip(grid, rows, strict=True):
            for ax, panel in zip(axes, row, strict=True):
                shades = _draw_panel(ax, panel)
            axes[0].set_ylabel(row[0].y_label)
        for ax in grid[-1]:
            ax.set_xlabel(rows[0][0].x_label)
        figure.colorbar(
            shades, ax=list(grid.flat), label=r"critical discount factor $\delta^*$", shrink=0.7
        )
        found = np.concatenate([panel.discount.ravel() for row in rows for panel in row])
        never = Patch(facecolor=_NEVER, edgecolor="white", hatch="xxxx", label="no factor will do")
        always = Patch(facecolor=_ALWAYS, edgecolor="black", label="every factor will do")
        handles: list[Any] = [
            *([never] if np.isnan(found).any() else []),
            Line2D([], [], color="black", linewidth=0.9, label="by tenths"),
            legend_mark("o", "white", "scenario"),
            *([always] if (found == 0).any() else []),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=2 * columns, frameon=False)
    return figure


def _draw_panel(ax: Any, panel: DiscountPanel) -> Any:
    never, always = np.isnan(panel.discount), panel.discount == 0
    shown = np.ma.masked_where(never | always, panel.discount)
    shades = ax.pcolormesh(
        panel.x, panel.y, shown, cmap=_SHADES, vmin=0, vmax=1, shading="nearest", rasterized=True
    )
    if never.any():
        gray = np.ma.masked_where(~never, never.astype(float))
        ax.pcolormesh(
            panel.x, panel.y, gray, cmap=ListedColormap([_NEVER]), shading="nearest",
            rasterized=True,
        )  # fmt: skip
        hatching = ax.contourf(
            panel.x, panel.y, never.astype(float), levels=[0.5, 1.5], colors="none",
            hatches=["xxxx"],
        )  # fmt: skip
        hatching.set_edgecolor("white")
        hatching.set_linewidth(0)
    if not shown.mask.all():
        lines = ax.contour(
            panel.x, panel.y, np.ma.masked_where(never, panel.discount), levels=_LEVELS,
            colors="black", linewidths=0.9,
        )  # fmt: skip
        for text in ax.clabel(lines, fmt="%.1f", fontsize=7):
            text.set_path_effects(HALO)
    ax.plot(*panel.point, marker="o", markersize=8, color="white", markeredgecolor="black")
    ax.set_xlim(panel.x[0], panel.x[-1])
    ax.set_ylim(panel.y[0], panel.y[-1])
    ax.set_facecolor(_ALWAYS)
    ax.set_title(panel.title, fontsize=9)
    return shades
