"""The curve of abandonment and entrapment: support beside its price."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ..prepare_treaty import TreatyPanel
from .style import DASHES, STYLE, blank, legend_below

__all__ = ["draw_treaty"]

_SUPPORT, _ENTRAPMENT, _ABANDONMENT, _COERCED = "#004488", "#BB5566", "#DDAA33", "#E8E8E8"


def draw_treaty(panel: TreatyPanel) -> Figure:
    """Return a figure with support and deterrence on the left, and their price on the right."""
    x = [float(penalty) for penalty in panel.penalties]
    with mpl.rc_context(STYLE):
        figure = blank(8.4, 3.8)
        left, right = figure.subplots(1, 2, sharex=True)
        handles: list[Any] = left.plot(
            x, list(map(float, panel.support)), color=_SUPPORT, linewidth=2,
            label="chance of support",
        )  # fmt: skip
        for values, color, style, label in (
            (panel.entrapment, _ENTRAPMENT, "-", "entrapment: help not worth its cost"),
            (panel.abandonment, _ABANDONMENT, DASHES, "abandonment: penalties"),
            (panel.total, "black", (0, (1, 1)), "both"),
        ):
            handles += right.plot(
                x, list(map(float, values)), color=color, linestyle=style, linewidth=2, label=label
            )
        for ax, title in (
            (left, "Support of a coerced ally"),
            (right, "Price once the ally is coerced"),
        ):
            shade = _shade(ax, panel)
            ax.set_title(title, fontsize=9)
            ax.set_xlabel("penalty of abandoning an ally $m_B$ (patron's utility)")
            ax.set_xlim(x[0], x[-1])
            ax.set_ylim(bottom=0)
        left.set_ylim(0, 1.02)
        left.set_ylabel(r"probability $\rho_B$")
        right.set_ylabel("expected cost (patron's utility)")
        handles += [shade] if shade is not None else []
        legend_below(figure, handles, 3)
    return figure


def _shade(ax: Any, panel: TreatyPanel) -> Any:
    """Shade the penalties at which the hegemon coerces the ally."""
    end = panel.penalties[-1] if panel.deters_from is None else panel.deters_from
    if end == panel.penalties[0]:
        return None
    return ax.axvspan(
        float(panel.penalties[0]), float(end), color=_COERCED, zorder=0,
        label="the hegemon is not deterred",
    )  # fmt: skip
