"""The phase map: postures as colors, the lines between them, their names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from ..._typing import FloatArray
from ..prepare import Curve, PhasePanel
from .style import (
    DASHES,
    HALO,
    LABEL_BOX,
    LETTERS,
    STYLE,
    TIE,
    UNNAMED,
    axis_label,
    blank,
    legend_below,
    legend_mark,
    posture_color,
)

__all__ = ["draw_phase_map"]

_BOUNDARY_NAMES = {
    ("balance", "patron_reliability", "stake"): r": $\rho_D(V)$",
    ("hedge", "patron_reliability", "stake"): r": $V_H(\rho)$",
    ("bandwagon", "patron_reliability", "stake"): ": $V_W$",
}
_CURVE_LABEL_AT = {"balance": 0.86, "hedge": 0.86, "bandwagon": 0.88}
_LETTER_WIDTH, _LINE_HEIGHT = 0.022, 0.05
"""Of a region's name, as shares of a panel's sides."""


def draw_phase_map(panels: Sequence[PhasePanel]) -> Figure:
    """Return a figure with one panel a phase map, side by side."""
    with mpl.rc_context(STYLE):
        figure = blank(4.6 * len(panels) + 0.4, 5.0)
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, panel in zip(axes, panels, strict=True):
            _draw_panel(ax, panel)
        axes[0].set_ylabel(axis_label(panels[0].y_name, panels[0].y_symbol))
        legend_below(figure, _legend(panels), 4)
    return figure


def _draw_panel(ax: Any, panel: PhasePanel) -> None:
    colors = ListedColormap([TIE, *(posture_color(p) for p in panel.postures)])
    ax.pcolormesh(
        panel.x,
        panel.y,
        panel.posture + 1,
        cmap=colors,
        vmin=-0.5,
        vmax=len(panel.postures) + 0.5,
        shading="nearest",
        rasterized=True,
    )
    if panel.coerced.any():
        hatching = ax.contourf(
            panel.x,
            panel.y,
            panel.coerced.astype(float),
            levels=[0.5, 1.5],
            colors="none",
            hatches=["////"],
        )
        hatching.set_edgecolor("white")
        hatching.set_linewidth(0)
    for curve in panel.curves:
        ax.plot(curve.x, curve.y, **_line(curve))
        if curve.kind == "deterrence":
            _name_curve(ax, panel, curve)
    _name_regions(ax, panel)
    if panel.ranges is not None:
        (x0, x1), (y0, y1) = panel.ranges
        ax.add_patch(
            Rectangle(
                (x0, y0),
                x1 - x0,
                y1 - y0,
                fill=False,
                edgecolor="black",
                linestyle=":",
                linewidth=1.4,
                path_effects=HALO,
            )
        )
    if panel.point is not None:
        ax.plot(*panel.point, marker="o", markersize=8, color="white", markeredgecolor="black")
    if panel.believed is not None:
        ax.plot(*panel.believed, marker="D", markersize=7, color="white", markeredgecolor="black")
    ax.set_xlim(panel.x[0], panel.x[-1])
    ax.set_ylim(panel.y[0], panel.y[-1])
    ax.set_xlabel(axis_label(panel.x_name, panel.x_symbol))
    ax.set_title(panel.title, fontsize=10)


def _line(curve: Curve) -> dict[str, Any]:
    style = "-" if curve.kind == "deterrence" else DASHES
    return {"color": "black", "linewidth": 1.3, "linestyle": style, "path_effects": HALO}


def _name_curve(ax: Any, panel: PhasePanel, curve: Curve) -> None:
    """Write on a line which posture's deterrence it bounds."""
    posture = curve.about[0]
    inside = np.flatnonzero(np.isfinite(curve.x) & np.isfinite(curve.y))
    k = inside[int(_CURVE_LABEL_AT.get(posture, 0.5) * (len(inside) - 1))]
    name = _BOUNDARY_NAMES.get((posture, panel.x_name, panel.y_name), "")
    ax.annotate(
        rf"$T_{{{LETTERS.get(posture, posture)}}} = 0${name}",
        (curve.x[k], curve.y[k]),
        ha="center",
        va="center",
        fontsize=8,
        bbox=LABEL_BOX,
    )


def _name_regions(ax: Any, panel: PhasePanel) -> None:
    """Write each posture's name where it fits into its region, clear of lines and marks.

    A name that fits nowhere, upright or turned, is left to the legend.
    """
    clear = np.ones(panel.posture.shape, dtype=bool)
    marks = [mark for mark in (panel.point, panel.believed) if mark is not None]
    xs = np.concatenate([*(curve.x for curve in panel.curves), [x for x, _ in marks]])
    ys = np.concatenate([*(curve.y for curve in panel.curves), [y for _, y in marks]])
    drawn = np.isfinite(xs) & np.isfinite(ys)
    clear[_nearest(panel.y, ys[drawn]), _nearest(panel.x, xs[drawn])] = False
    frameless = clear.copy()
    if panel.ranges is not None:
        frameless[:, _nearest(panel.x, np.array(panel.ranges[0]))] = False
        frameless[_nearest(panel.y, np.array(panel.ranges[1]))] = False
    for code, posture in enumerate(panel.postures):
        for coerced in (False, True):
            region = (panel.posture == code) & (panel.coerced == coerced)
            if region.mean() < 0.04:
                continue
            lines = [posture.capitalize() + ("," if coerced else ""), *(["coerced"] * coerced)]
            size = _LINE_HEIGHT * len(lines), _LETTER_WIDTH * max(map(len, lines))
            for free, turned in ((frameless, False), (clear, False), (clear, True)):
                place = _deepest(region & free, size[::-1] if turned else size)
                if place is not None:
                    ax.text(
                        panel.x[place[1]],
                        panel.y[place[0]],
                        "\n".join(lines),
                        ha="center",
                        va="center",
                        rotation=90 if turned else 0,
                        multialignment="center",
                        fontsize=9,
                        fontweight="bold",
                        bbox=LABEL_BOX,
                    )
                    break


def _nearest(axis: FloatArray, values: FloatArray) -> np.ndarray:
    """Return the positions of the axis values nearest to some values on it."""
    middles: FloatArray = (axis[1:] + axis[:-1]) / 2
    return np.searchsorted(middles, values)


def _deepest(region: np.ndarray, size: tuple[float, float]) -> tuple[int, int] | None:
    """Return the cell of a region that is farthest from its edge, among those where a box fits.

    Parameters
    ----------
    region : ndarray of bool
    size : tuple of float
        Height and width of a box around the cell, as shares of the map's.

    Returns
    -------
    tuple of int or None
    """
    from scipy.ndimage import distance_transform_edt, minimum_filter

    cells = tuple(max(1, math.ceil(s * n)) for s, n in zip(size, region.shape, strict=True))
    fits = minimum_filter(region, size=cells, mode="constant", cval=False)
    if not fits.any():
        return None
    depth = np.where(fits, distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1], 0)
    row, column = np.unravel_index(int(depth.argmax()), region.shape)
    return int(row), int(column)


def _legend(panels: Sequence[PhasePanel]) -> list[Any]:
    postures = panels[0].postures
    handles: list[Any] = [Patch(facecolor=posture_color(p), label=p.capitalize()) for p in postures]
    handles += [
        Patch(facecolor=UNNAMED, edgecolor="white", hatch="////", label="coerced"),
        Line2D([], [], color="black", label=r"hegemon indifferent ($T_a = 0$)"),
        Line2D([], [], color="black", linestyle=DASHES, label="small state indifferent"),
    ]
    if any(panel.point is not None for panel in panels):
        handles.append(legend_mark("o", "white", "scenario (dotted: stated range)"))
    if any(panel.believed is not None for panel in panels):
        handles.append(legend_mark("D", "white", "as the small state believes"))
    return handles
