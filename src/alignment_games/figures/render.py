"""Drawing with Matplotlib: the only module that knows it."""

from __future__ import annotations

import json
import math
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
from ..analysis.shares import interval_text
from ..io.store import write_whole
from .fingerprint import fingerprint
from .prepare import Curve, PhasePanel, RegionPanel
from .prepare_priors import Bars, Dots, Effects, Exchange, Interval

__all__ = [
    "draw_dots",
    "draw_effects",
    "draw_exchange",
    "draw_phase_map",
    "draw_phase_regions",
    "draw_share_bars",
    "save",
]

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
_LETTER_WIDTH, _LINE_HEIGHT = 0.022, 0.05
"""Of a region's name, as shares of a panel's sides."""
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
    """Write a figure as PDF and PNG with its parameters and its fingerprint in their metadata.

    Raises
    ------
    OutputError
        If a file cannot be written; each file is whole or absent.
    """
    text = json.dumps(parameters, sort_keys=True)
    shown = f"Shows {fingerprint(figure)}"
    creator = f"alignment_games {__version__}"
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {
            "Title": title,
            "Keywords": text,
            "Subject": shown,
            "Creator": creator,
            "CreationDate": None,
        },
        "png": {"Title": title, "Parameters": text, "Comment": shown, "Software": creator},
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
                        bbox=_LABEL_BOX,
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


def draw_share_bars(bars: Bars) -> Figure:
    """Return a figure with one stacked bar a prior."""
    with mpl.rc_context(_STYLE):
        figure, ax = _one_panel(8.6, 0.62 * len(bars.rows) + 1.9)
        for k in range(len(bars.rows)):
            left = 0.0
            for posture, calm, hit in zip(
                bars.postures, bars.in_peace[k], bars.coerced[k], strict=True
            ):
                color = _COLORS.get(posture, "#BBBBBB")
                ax.barh(k, calm, left=left, height=0.62, color=color)
                ax.barh(k, hit, left=left + calm, height=0.62, color=color, hatch="////",
                        edgecolor="white", linewidth=0)  # fmt: skip
                if calm + hit >= 0.05:
                    ax.text(left + (calm + hit) / 2, k, f"{calm + hit:.2f}", ha="center",
                            va="center", fontsize=8, bbox=_LABEL_BOX)  # fmt: skip
                left += calm + hit
            _interval(ax, bars.dominant[k], k + 0.41, "D", "black")
            _interval(ax, bars.dominant_and_chosen[k], k + 0.57, "o", "white")
        _rows(ax, [f"{r}\n{m}" for r, m in zip(bars.rows, bars.meanings, strict=True)])
        ax.set_ylim(len(bars.rows) - 0.25, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xlabel(
            f"share of the prior ({bars.points:,} points; {bars.level} intervals within "
            f"±{bars.widest:.3f})"
        )
        handles: list[Any] = [
            Patch(facecolor=_COLORS.get(p, "#BBBBBB"), label=f"{p} chosen") for p in bars.postures
        ]
        handles += [
            Patch(facecolor="#BBBBBB", edgecolor="white", hatch="////", label="... and coerced"),
            _marker("D", "black", f"{bars.about} strictly dominant"),
            _marker("o", "white", "... and also chosen"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_effects(effects: Effects) -> Figure:
    """Return a figure with indices on the left and rank correlations on the right."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8.6, 0.25 * len(effects.parameters) + 1.6), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        for k in range(len(effects.parameters)):
            left.barh(k, effects.total[k].value, height=0.66, color="#BBBBBB")
            _interval(left, effects.total[k], k, None, "black")
            _interval(left, effects.first[k], k, "o", "white")
            _interval(right, effects.rank_correlation[k], k, "o", "black")
        _rows(left, [name.replace("_", " ") for name in effects.parameters])
        left.set_ylim(len(effects.parameters) - 0.4, -0.6)
        left.axvline(0, color="black", linewidth=0.8)
        right.axvline(0, color="black", linewidth=0.8)
        left.set_xlabel("share of variance")
        right.set_xlabel("rank correlation")
        right.tick_params(axis="y", length=0)
        handles: list[Any] = [
            Patch(facecolor="#BBBBBB", label="total index"),
            _marker("o", "white", "first-order index (alone)"),
            _marker("o", "black", "rank correlation"),
            _whisker(f"{effects.level} bootstrap interval"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
        figure.suptitle(effects.title, fontsize=10)
    return figure


def draw_dots(dots: Dots) -> Figure:
    """Return a figure with one row a scheme and one mark a prior."""
    marks = (("o", "black"), ("D", "white"), ("s", "#888888"), ("^", "white"))
    with mpl.rc_context(_STYLE):
        figure, ax = _one_panel(8.6, 0.56 * len(dots.schemes) + 1.7)
        for row, (name, (shape, color)) in enumerate(zip(dots.priors, marks, strict=False)):
            for k in range(len(dots.schemes)):
                at = k + 0.22 * (row - (len(dots.priors) - 1) / 2)
                _interval(ax, dots.peace[row][k], at, shape, color)
                ax.plot(dots.before[row][k], at, marker="|", color="black", markersize=6)
            ax.plot([], [], marker=shape, color=color, markeredgecolor="black", linestyle="",
                    label=f"prior {name}")  # fmt: skip
        ax.plot([], [], marker="|", color="black", linestyle="", label="before any outcome is seen")
        for k in range(len(dots.schemes)):
            if k % 2:
                ax.axhspan(k - 0.5, k + 0.5, color="#F0F0F0", zorder=0)
        _rows(ax, [f"{s}\n{m}" for s, m in zip(dots.schemes, dots.meanings, strict=True)])
        ax.set_ylim(len(dots.schemes) - 0.5, -0.5)
        ax.set_xlim(-0.03, 1.03)
        ax.set_xlabel("share of the draws that end as observed")
        ax.set_title(dots.title, fontsize=10)
        ax.plot([], [], color="black", linewidth=1.2, label=f"{dots.level} interval")
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_exchange(exchange: Exchange) -> Figure:
    """Return a figure with gain against price on the left and shares of peace on the right."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8.6, 0.62 * len(exchange.rows) + 1.5), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        for k, (gain, price) in enumerate(zip(exchange.gain, exchange.price, strict=True)):
            color = "#BB5566" if gain > price else "#004488"
            left.plot([gain, price], [k, k], color=color, linewidth=2)
            left.plot(gain, k, marker="o", color="black", markersize=7)
            left.plot(price, k, marker="|", color="black", markersize=14, markeredgewidth=2)
            words = {True: "coerced", False: "left in peace", None: "indifferent"}
            left.annotate(words[exchange.coerced[k]], ((gain + price) / 2, k), xytext=(0, 9),
                          textcoords="offset points", ha="center", fontsize=8)  # fmt: skip
            other = exchange.instead[k]
            own_y = k if other is None else k - 0.17
            for at, y, marker, fill in (
                (exchange.peace[k], own_y, "o", "white"),
                (other, k + 0.17, "D", "black"),
            ):
                if at is not None:  # the interval is often narrower than the mark: written, too
                    _interval(right, at, y, marker, fill)
                    words_right = f"{at.value:.3f} {interval_text(at.low, at.high)}"
                    last = max(at.high, at.value)
                    beside = (last, 9, "left") if last < 0.5 else (at.low, -9, "right")
                    right.annotate(words_right, (beside[0], y), xytext=(beside[1], 0),
                                   textcoords="offset points", ha=beside[2], va="center",
                                   fontsize=8)  # fmt: skip
        _rows(left, list(exchange.rows))
        left.set_ylim(len(exchange.rows) - 0.5, -0.6)
        left.set_xlim(left=0)
        right.set_xlim(-0.03, 1.03)
        left.set_xlabel("hegemon's payoff, at the stated values")
        right.set_xlabel(f"share of points, with {exchange.level} interval")
        right.tick_params(axis="y", length=0)
        handles = [
            _marker("o", "black", "expected gain from coercing"),
            Line2D([], [], color="black", marker="|", markersize=12, markeredgewidth=2,
                   linestyle="", label="price of coercing"),
        ]  # fmt: skip
        handles += [
            _marker("o", "white", "left in peace in the stated ranges"),
            _marker("D", "black", "... where the own posture is coerced"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _one_panel(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots()


def _interval(ax: Any, at: Interval, y: float, marker: str | None, color: str) -> None:
    ax.plot([at.low, at.high], [y, y], color="black", linewidth=1.2)
    if marker is not None:
        ax.plot(at.value, y, marker=marker, color=color, markeredgecolor="black", markersize=5)


def _marker(marker: str, color: str, label: str) -> Line2D:
    return Line2D([], [], color=color, marker=marker, markeredgecolor="black", linestyle="",
                  label=label)  # fmt: skip


def _whisker(label: str) -> Line2D:
    return Line2D([], [], color="black", linewidth=1.2, label=label)


def _rows(ax: Any, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.tick_params(axis="y", length=0)
