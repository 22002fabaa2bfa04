"""What all figures share: colors, fonts, marks, labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

__all__ = [
    "COLORS",
    "DASHES",
    "HALO",
    "LABEL_BOX",
    "LETTERS",
    "STYLE",
    "TIE",
    "UNNAMED",
    "axis_label",
    "blank",
    "legend_below",
    "legend_mark",
    "posture_color",
]

# Paul Tol's "high-contrast" scheme: distinct for color-blind readers and in gray.
COLORS = {"balance": "#004488", "hedge": "#DDAA33", "bandwagon": "#BB5566"}
LETTERS = {"balance": "B", "hedge": "H", "bandwagon": "W"}
TIE = "#444444"
UNNAMED = "#BBBBBB"
"""Of what is not one of the three postures."""
DASHES = (0, (5, 2))
HALO = [withStroke(linewidth=3, foreground="white")]
LABEL_BOX = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
_NAMES = {"patron_reliability": "patron reliability", "stake": "hegemon's stake"}
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "pdf.fonttype": 42,
    "svg.hashsalt": "alignment_games",
}


def blank(width: float, height: float) -> Figure:
    """Return an empty figure that lays itself out."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def posture_color(posture: str) -> str:
    """Return the color of a posture, light gray for one that has none."""
    return COLORS.get(posture, UNNAMED)


def axis_label(name: str, symbol: str) -> str:
    """Return a parameter in words, with its symbol."""
    return rf"{_NAMES.get(name, name.replace('_', ' '))} ${symbol}$"


def legend_mark(shape: str, color: str, label: str) -> Line2D:
    """Return a mark for the legend."""
    return Line2D([], [], color=color, marker=shape, markeredgecolor="black", linestyle="",
                  label=label)  # fmt: skip


def legend_below(figure: Figure, handles: Sequence[Any], columns: int) -> None:
    """Put the legend below all panels, in fewer columns where the figure is too narrow for it."""
    for count in range(columns, 0, -1):
        legend = figure.legend(
            handles=handles, loc="outside lower center", ncols=count, frameon=False
        )
        if count == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()
