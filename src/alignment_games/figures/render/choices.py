"""Figures of thresholds: closed forms as lines, the solver's answers as marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..._typing import FloatArray
from ..prepare_choices import ChoicePanel, Line
from .style import STYLE, blank, legend_mark

__all__ = ["draw_choices"]

_LINES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))
_BELOW, _ABOVE = "#F3E3BC", "#C4C4C4"
_MARKS = (("o", "black"), ("o", "white"), ("D", "#888888"))
"""Of the solver's answers, in order."""


def draw_choices(panels: Sequence[ChoicePanel]) -> Figure:
    """Return a figure with the panels side by side, each with its legend below."""
    with mpl.rc_context(STYLE):
        figure = blank(4.5 * len(panels) + 0.3, 5.0)
        for ax, panel in zip(
            figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True
        ):
            _draw_panel(ax, panel)
    return figure


def _draw_panel(ax: Any, panel: ChoicePanel) -> None:
    low, high = map(float, panel.y_range)
    handles: list[Any] = []
    if panel.below:
        x, y = _numbers(panel.lines[panel.border])
        ax.set_facecolor(_BELOW)
        ax.fill_between(x, y, np.maximum(high, y), color=_ABOVE, linewidth=0)
    for k, line in enumerate(panel.lines):
        x, y = _numbers(line)
        width = 2.2 if panel.below and k == panel.border else 1.3
        style = {"color": "black", "linestyle": _LINES[k % len(_LINES)], "linewidth": width}
        ax.plot(x, y, **style)
        handles.append(Line2D([], [], label=line.label, **style))
    if panel.below:
        handles += [
            Patch(facecolor=_ABOVE, label=panel.above),
            Patch(facecolor=_BELOW, label=panel.below),
        ]
    else:
        ax.axhline(0, color="black", linewidth=0.6)
    marks = dict(zip(panel.answers, _MARKS if panel.below else (("s", "white"),), strict=False))
    for check in panel.checks:
        shape, color = marks[check.answer]
        ax.plot(float(check.x), float(check.y), marker=shape, color=color, markersize=4.5,
                markeredgecolor="black", markeredgewidth=0.7, linestyle="", clip_on=False,
                zorder=5)  # fmt: skip
    seen = {check.answer for check in panel.checks}
    head = "solved: " if panel.below else ""
    handles += [legend_mark(*marks[own], head + own) for own in panel.answers if own in seen]
    ax.set_xlim(*map(float, panel.x_range))
    ax.set_ylim(low, high)
    ax.set_xlabel(panel.x_label)
    ax.set_ylabel(panel.y_label)
    ax.set_title(panel.title, fontsize=10)
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2,
              frameon=False, fontsize=8)  # fmt: skip


def _numbers(line: Line) -> tuple[FloatArray, FloatArray]:
    return np.array(line.x, dtype=np.float64), np.array(line.y, dtype=np.float64)
