"""The figure of payoff sets: one row a stage game, one column a discount factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patches import Polygon as Shape

from ..._numeric import decimal_text
from ..._typing import FloatArray
from ..prepare_payoffs import PayoffPanel
from .style import DASHES, HALO, STYLE, blank, legend_below, legend_mark

__all__ = ["draw_payoff_sets"]

_FEASIBLE, _ATTAINED, _EDGE = "#E4E4E4", "#6699CC", "#004488"


def draw_payoff_sets(rows: Sequence[Sequence[PayoffPanel]]) -> Figure:
    """Return a figure with one panel a repeated game."""
    with mpl.rc_context(STYLE):
        figure = blank(max(3.6, 2.25 * len(rows[0]) + 0.9), 2.6 * len(rows) + 0.9)
        grid = figure.subplots(len(rows), len(rows[0]), sharex="row", sharey="row", squeeze=False)
        for axes, row in zip(grid, rows, strict=True):
            for ax, panel in zip(axes, row, strict=True):
                _draw_set(ax, panel)
                ax.set_xlabel(f"{_words(panel.players[0])}: utility a period")
            _name_profiles(axes[0], row[0])
            axes[0].margins(x=0.26, y=0.16)
            axes[0].set_ylabel(f"{row[0].title}\n{_words(row[0].players[1])}: utility a period")
        handles: list[Any] = [
            Patch(facecolor=_FEASIBLE, edgecolor="#888888", label="feasible"),
            Patch(
                facecolor=_ATTAINED,
                edgecolor=_EDGE,
                label="subgame-perfect (pure, public lotteries)",
            ),
            legend_mark("o", "black", "corner, attained by a verified automaton"),
            Line2D([], [], color="black", marker="x", linestyle="", label="stage payoffs"),
            Line2D([], [], color="black", linestyle=DASHES, linewidth=1, label="pure minmax"),
            Line2D([], [], linestyle="", label="%: of the feasible area above minmax"),
        ]
        if any(panel.gap for row in rows for panel in row):
            handles.append(
                Line2D([], [], color="black", linestyle=":", label="nothing is attained outside")
            )
        legend_below(figure, handles, 3)
    return figure


def _draw_set(ax: Any, panel: PayoffPanel) -> None:
    ax.add_patch(_outline(panel.feasible, facecolor=_FEASIBLE, edgecolor="#888888", linewidth=0.8))
    if panel.gap:
        edge = _closed(panel.outer)
        ax.plot(edge[:, 0], edge[:, 1], color="black", linestyle=":", linewidth=1.2)
    if panel.inner:
        ax.add_patch(_outline(panel.inner, facecolor=_ATTAINED, edgecolor=_EDGE, linewidth=1.6))
        corners = _points(panel.inner)
        ax.plot(corners[:, 0], corners[:, 1], marker="o", markersize=4.5, color="black",
                linestyle="", zorder=4)  # fmt: skip
    stage = _points(list(panel.stage.values()))
    ax.plot(stage[:, 0], stage[:, 1], marker="x", markersize=5, color="black", linestyle="",
            zorder=3)  # fmt: skip
    line = {"color": "black", "linestyle": DASHES, "linewidth": 1}
    ax.axvline(float(panel.minmax[0]), **line)
    ax.axhline(float(panel.minmax[1]), **line)
    ax.set_title(f"$\\delta = {decimal_text(panel.discount)}$: {_size(panel)}", fontsize=9)


def _size(panel: PayoffPanel) -> str:
    """Return how much is attained, in words."""
    if panel.empty:
        return "proved empty"
    gap = f", gap {panel.gap:.1g}" if panel.gap else ""
    if not panel.inner:
        return f"nothing known{gap}"
    if len(panel.inner) < 3 or panel.share is None:
        return ("a point", "a segment", "no area to fill")[min(len(panel.inner), 3) - 1] + gap
    return f"{float(100 * panel.share):.3g} %{gap}"


def _name_profiles(ax: Any, panel: PayoffPanel) -> None:
    """Write beside each stage payoff what is played, away from the middle of all."""
    points = _points(list(panel.stage.values()))
    spread = np.maximum(np.ptp(points, axis=0), 1e-300)
    for profile, place in zip(panel.stage, points, strict=True):
        away = (place - points.mean(axis=0)) / spread
        x, y = away / max(np.hypot(*away), 1e-300)
        ax.annotate(
            ", ".join(profile),
            place,
            xytext=(7 * x, 7 * y),
            textcoords="offset points",
            ha="left" if x > 0.4 else "right" if x < -0.4 else "center",
            va="bottom" if y > 0.4 else "top" if y < -0.4 else "center",
            fontsize=7,
            path_effects=HALO,
        )


def _outline(polygon: Sequence[Any], **style: Any) -> Any:
    """Return a polygon, also of one or two corners, as a patch."""
    return Shape(_points(polygon), closed=True, joinstyle="round", **style)


def _points(corners: Sequence[Any]) -> FloatArray:
    return np.array([[float(one), float(two)] for one, two in corners], dtype=np.float64)


def _closed(polygon: Sequence[Any]) -> FloatArray:
    return _points([*polygon, polygon[0]])


def _words(name: str) -> str:
    return name.replace("_", " ")
