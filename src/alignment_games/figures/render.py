"""Drawing with Matplotlib: the only module that knows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from .._typing import FloatArray
from .._version import __version__
from ..io.store import write_whole
from .prepare import Curve, PhasePanel, RegionPanel

__all__ = ["draw_phase_map", "draw_phase_regions", "save"]

# Paul Tol's "high-contrast" scheme: distinct for color-blind readers and in gray.
_COLORS = {"balance": "#004488", "hedge": "#DDAA33", "bandwagon": "#BB5566"}
_TIE = "#444444"
_LETTERS = {"balance": "B", "hedge": "H", "bandwagon": "W"}
_BOUNDARY_NAMES = {
    ("balance", "patron_reliability", "stake"): r": $\rho_D(V)$",
    ("hedge", "patron_reliability", "stake"): r": $V_H(\rho)$",
    ("bandwagon", "patron_reliability", "stake"): ": $V_W$",
}
_CURVE_LABEL_AT = {"balance": 0.86, "hedge": 0.86, "bandwagon": 0.88}
_DASHES = (0, (5, 2))
_HALO = [withStroke(linewidth=3, foreground="white")]
_LABEL_BOX = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
_NAMES = {"patron_reliability": "patron reliability", "stake": "hegemon's stake"}
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "pdf.fonttype": 42,
    "svg.hashsalt": "alignment_games",
}


def draw_phase_map(panels: Sequence[PhasePanel]) -> Figure:
    """Return a figure with one panel a phase map, side by side."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(4.6 * len(panels) + 0.4, 5.0), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, panel in zip(axes, panels, strict=True):
            _draw_panel(ax, panel)
        axes[0].set_ylabel(_label(panels[0].y_name, panels[0].y_symbol))
        figure.legend(handles=_legend(panels), loc="outside lower center", ncols=4, frameon=False)
    return figure


def draw_phase_regions(panels: Sequence[RegionPanel]) -> Figure:
    """Return a figure with one panel a map of regions, and a table of their shares below each."""
    with mpl.rc_context(_STYLE):
        size = (4.6 * len(panels) + 0.4, 6.6)
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        axes, tables = figure.subplots(
            2, len(panels), squeeze=False, gridspec_kw={"height_ratios": [4.4, 1.6]}
        )
        for ax, table, panel in zip(axes, tables, panels, strict=True):
            _draw_cells(ax, panel)
            _draw_shares(table, panel)
        axes[0].set_ylabel(_label(panels[0].y_name, panels[0].y_symbol))
        handles: list[Any] = [
            Patch(facecolor=_COLORS.get(p, "#BBBBBB"), label=p.capitalize())
            for p in panels[0].postures
        ]
        handles += [
            Patch(facecolor="#BBBBBB", edgecolor="white", hatch="////", label="coerced"),
            Patch(facecolor=_TIE, label="undecided cell"),
            Line2D([], [], color="white", marker="o", markeredgecolor="black", linestyle="",
                   label="scenario"),
        ]  # fmt: skip
        figure.legend(handles=handles, loc="outside lower center", ncols=6, frameon=False)
    return figure


def _draw_cells(ax: Any, panel: RegionPanel) -> None:
    x0, x1, y0, y1 = panel.boxes
    corners = np.stack([x0, y0, x1, y0, x1, y1, x0, y1], axis=-1).reshape(-1, 4, 2)
    colors = np.array([*(_COLORS.get(p, "#BBBBBB") for p in panel.postures), _TIE])
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
    ax.set_xlabel(_label(panel.x_name, panel.x_symbol))
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
            cell.set_facecolor(_TIE if last else _COLORS.get(panel.rows[row - 1][0], "#BBBBBB"))
            light = not last and panel.rows[row - 1][0] == "hedge"
            cell.get_text().set_color("black" if light else "white")
    ax.set_axis_off()


def save(
    figure: Figure, folder: Path, name: str, *, title: str, parameters: dict[str, Any]
) -> list[Path]:
    """Write a figure as PDF and PNG with its parameters in the files' metadata.

    Raises
    ------
    OutputError
        If a file cannot be written; each file is whole or absent.
    """
    text = json.dumps(parameters, sort_keys=True)
    creator = f"alignment_games {__version__}"
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {"Title": title, "Keywords": text, "Creator": creator, "CreationDate": None},
        "png": {"Title": title, "Parameters": text, "Software": creator},
    }
    paths = []
    for ending, fields in metadata.items():
        path = folder / f"{name}.{ending}"

        def write(temporary: Path, ending: str = ending, fields: dict[str, Any] = fields) -> None:
            with mpl.rc_context(_STYLE):
                figure.savefig(temporary, format=ending, dpi=200, metadata=fields)

        write_whole(path, write)
        paths.append(path)
    return paths


def _draw_panel(ax: Any, panel: PhasePanel) -> None:
    colors = ListedColormap([_TIE, *(_COLORS.get(p, "#BBBBBB") for p in panel.postures)])
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
                path_effects=_HALO,
            )
        )
    if panel.point is not None:
        ax.plot(*panel.point, marker="o", markersize=8, color="white", markeredgecolor="black")
    if panel.believed is not None:
        ax.plot(*panel.believed, marker="D", markersize=7, color="white", markeredgecolor="black")
    ax.set_xlim(panel.x[0], panel.x[-1])
    ax.set_ylim(panel.y[0], panel.y[-1])
    ax.set_xlabel(_label(panel.x_name, panel.x_symbol))
    ax.set_title(panel.title, fontsize=10)


def _line(curve: Curve) -> dict[str, Any]:
    style = "-" if curve.kind == "deterrence" else _DASHES
    return {"color": "black", "linewidth": 1.3, "linestyle": style, "path_effects": _HALO}


def _name_curve(ax: Any, panel: PhasePanel, curve: Curve) -> None:
    """Write on a line which posture's deterrence it bounds."""
    posture = curve.about[0]
    inside = np.flatnonzero(np.isfinite(curve.x) & np.isfinite(curve.y))
    k = inside[int(_CURVE_LABEL_AT.get(posture, 0.5) * (len(inside) - 1))]
    name = _BOUNDARY_NAMES.get((posture, panel.x_name, panel.y_name), "")
    ax.annotate(
        rf"$T_{{{_LETTERS.get(posture, posture)}}} = 0${name}",
        (curve.x[k], curve.y[k]),
        ha="center",
        va="center",
        fontsize=8,
        bbox=_LABEL_BOX,
    )


def _name_regions(ax: Any, panel: PhasePanel) -> None:
    """Write each posture's name where its region is widest, clear of lines and marks."""
    clear = np.ones(panel.posture.shape, dtype=bool)
    marks = [mark for mark in (panel.point, panel.believed) if mark is not None]
    xs = np.concatenate([*(curve.x for curve in panel.curves), [x for x, _ in marks]])
    ys = np.concatenate([*(curve.y for curve in panel.curves), [y for _, y in marks]])
    drawn = np.isfinite(xs) & np.isfinite(ys)
    clear[_nearest(panel.y, ys[drawn]), _nearest(panel.x, xs[drawn])] = False
    for code, posture in enumerate(panel.postures):
        for coerced in (False, True):
            region = (panel.posture == code) & (panel.coerced == coerced)
            if region.mean() < 0.04:
                continue
            row, column = _deepest(region & clear)
            ax.text(
                panel.x[column],
                panel.y[row],
                posture.capitalize() + (",\ncoerced" if coerced else ""),
                ha="center",
                va="center",
                fontsize=9,
                fontweight="bold",
                bbox=_LABEL_BOX,
            )


def _nearest(axis: FloatArray, values: FloatArray) -> np.ndarray:
    """Return the positions of the axis values nearest to some values on it."""
    middles: FloatArray = (axis[1:] + axis[:-1]) / 2
    return np.searchsorted(middles, values)


def _deepest(region: np.ndarray) -> tuple[int, int]:
    """Return the cell of a region that is farthest from its edge."""
    from scipy.ndimage import distance_transform_edt

    depth = distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), region.shape)
    return int(row), int(column)


def _label(name: str, symbol: str) -> str:
    return rf"{_NAMES.get(name, name.replace('_', ' '))} ${symbol}$"


def _legend(panels: Sequence[PhasePanel]) -> list[Any]:
    postures = panels[0].postures
    handles: list[Any] = [
        Patch(facecolor=_COLORS.get(p, "#BBBBBB"), label=p.capitalize()) for p in postures
    ]
    handles += [
        Patch(facecolor="#BBBBBB", edgecolor="white", hatch="////", label="coerced"),
        Line2D([], [], color="black", label=r"hegemon indifferent ($T_a = 0$)"),
        Line2D([], [], color="black", linestyle=_DASHES, label="small state indifferent"),
    ]
    if any(panel.point is not None for panel in panels):
        handles.append(
            Line2D([], [], color="white", marker="o", markeredgecolor="black", linestyle="",
                   label="scenario (dotted: stated range)")
        )  # fmt: skip
    if any(panel.believed is not None for panel in panels):
        handles.append(
            Line2D([], [], color="white", marker="D", markeredgecolor="black", linestyle="",
                   label="as the small state believes")
        )  # fmt: skip
    return handles
