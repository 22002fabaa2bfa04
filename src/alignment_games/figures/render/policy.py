"""The figure of posture policies: one row a case, one cell a state of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from ..prepare_policy import PolicyPanel
from .style import LETTERS, STYLE, TIE, blank, legend_below, posture_color

__all__ = ["draw_policies"]


def draw_policies(rows: Sequence[Sequence[PolicyPanel]]) -> Figure:
    """Return a figure with one panel a view of each policy."""
    with mpl.rc_context(STYLE):
        figure = blank(3.1 * len(rows[0]) + 0.4, 2.9 * len(rows) + 0.8)
        grid = figure.subplots(len(rows), len(rows[0]), squeeze=False)
        for axes, row in zip(grid, rows, strict=True):
            for ax, panel in zip(axes, row, strict=True):
                _draw_panel(ax, panel)
            axes[0].set_ylabel("hegemon's stake $V$ (its utility)")
        for ax in grid[-1]:
            ax.set_xlabel(r"patron reliability $\rho$ (probability)")
        postures = rows[0][0].postures
        handles: list[Any] = [
            Patch(facecolor=posture_color(own), label=f"{_letter(own)}: {own}") for own in postures
        ]
        handles += [
            Patch(facecolor="#BBBBBB", edgecolor="white", hatch="////",
                  label="coerced (small letter)"),
            Patch(facecolor="none", edgecolor="black", linewidth=2,
                  label="insured: would balance for the period alone"),
        ]  # fmt: skip
        if any((panel.posture < 0).any() for row in rows for panel in row):
            handles.append(Patch(facecolor=TIE, label="several are optimal"))
        legend_below(figure, handles, 3)
    return figure


def _draw_panel(ax: Any, panel: PolicyPanel) -> None:
    for (row, column), code in _cells(panel.posture):
        posture = panel.postures[code] if code >= 0 else ""
        coerced = bool(panel.coerced[row, column])
        ax.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5), 1, 1,
                facecolor=posture_color(posture) if posture else TIE,
                edgecolor="white", linewidth=0.5, hatch="////" if coerced else None,
            )
        )  # fmt: skip
        if posture:
            letter = _letter(posture)
            ax.text(column, row, letter.lower() if coerced else letter, ha="center", va="center",
                    fontsize=7, fontweight="bold",
                    color="black" if posture == "hedge" else "white",
                    path_effects=[withStroke(linewidth=3, foreground=posture_color(posture))],
                    )  # fmt: skip
    for (row, column), insured in _cells(panel.insured):
        if insured:
            ax.add_patch(
                Rectangle((column - 0.44, row - 0.44), 0.88, 0.88, fill=False, edgecolor="black",
                          linewidth=1.8)
            )  # fmt: skip
    ax.set_xlim(-0.5, len(panel.x_levels) - 0.5)
    ax.set_ylim(-0.5, len(panel.y_levels) - 0.5)
    for axis, levels in ((ax.xaxis, panel.x_levels), (ax.yaxis, panel.y_levels)):
        step = -(-len(levels) // 6)
        places = range(0, len(levels), step)
        axis.set_ticks(list(places), [f"{levels[k]:g}" for k in places])
    ax.set_title(panel.title, fontsize=9)


def _cells(values: Any) -> list[tuple[tuple[int, int], int]]:
    rows, columns = values.shape
    return [((r, c), int(values[r, c])) for r in range(rows) for c in range(columns)]


def _letter(posture: str) -> str:
    return LETTERS.get(posture, posture[:1].upper())
