"""The map of preventive war: outcomes as colors, the closed form between them as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..prepare_shift import OutcomePanel
from .style import HALO, STYLE, blank, legend_below, posture_color

__all__ = ["draw_outcomes"]

_LOOKS = {
    "shift": (posture_color("balance"), None, "draws close, is not attacked"),
    "gamble": (posture_color("balance"), "////", "draws close, is attacked if seen in time"),
    "hedge": (posture_color("hedge"), None, "hedges, although it could draw close in peace"),
    "deterred": (posture_color("hedge"), "////", "hedges: drawing close would be attacked"),
    "fear": (posture_color("bandwagon"), None, "attacked at once: no hedge is believed"),
    "open": ("black", None, "a tie"),
}

_LINES: tuple[Any, ...] = ("-", (0, (5, 2)))


def draw_outcomes(panels: Sequence[OutcomePanel]) -> Figure:
    """Return a figure with one panel a map, side by side."""
    with mpl.rc_context(STYLE):
        figure = blank(4.4 * len(panels) + 0.4, 5.2)
        for ax, panel in zip(
            figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True
        ):
            _draw_panel(ax, panel)
        seen = {str(own) for panel in panels for own in np.unique(panel.outcome.astype(str))}
        handles: list[Any] = [
            Patch(facecolor=color, edgecolor="white", hatch=hatch, label=words)
            for name, (color, hatch, words) in _LOOKS.items()
            if name in seen
        ]
        lines = {panel.border.label: None for panel in panels if panel.border is not None}
        handles += [
            Line2D([], [], color="black", linestyle=style, label=f"closed form: {label}")
            for label, style in zip(lines, _LINES, strict=False)
        ]
        for ax, panel in zip(figure.axes, panels, strict=True):
            if panel.border is not None:
                style = _LINES[list(lines).index(panel.border.label)]
                ax.plot(
                    np.array(panel.border.x, dtype=np.float64),
                    np.array(panel.border.y, dtype=np.float64),
                    color="black", linestyle=style, linewidth=1.6, path_effects=HALO,
                )  # fmt: skip
        legend_below(figure, handles, 2)
    return figure


def _draw_panel(ax: Any, panel: OutcomePanel) -> None:
    names = list(_LOOKS)
    code = np.vectorize(names.index, otypes=[int])(panel.outcome)
    ax.pcolormesh(
        panel.x, panel.y, code,
        cmap=ListedColormap([look[0] for look in _LOOKS.values()]),
        vmin=-0.5, vmax=len(names) - 0.5, shading="nearest", rasterized=True,
    )  # fmt: skip
    hatched = np.isin(code, [names.index(own) for own in ("gamble", "deterred")])
    if hatched.any():
        hatching = ax.contourf(
            panel.x, panel.y, hatched.astype(float), levels=[0.5, 1.5], colors="none",
            hatches=["////"],
        )  # fmt: skip
        hatching.set_edgecolor("white")
        hatching.set_linewidth(0)
    ax.set_xlim(panel.x[0], panel.x[-1])
    ax.set_ylim(panel.y[0], panel.y[-1])
    ax.set_xlabel(panel.x_label)
    ax.set_ylabel(panel.y_label)
    ax.set_title(panel.title, fontsize=10)
