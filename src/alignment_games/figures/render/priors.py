"""The figures about priors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ...analysis.shares import interval_text
from ..prepare_priors import Bars, Dots, Effects, Exchange, Interval
from .style import LABEL_BOX, STYLE, UNNAMED, blank, legend_mark, posture_color

__all__ = ["draw_dots", "draw_effects", "draw_exchange", "draw_share_bars"]


def draw_share_bars(bars: Bars) -> Figure:
    """Return a figure with one stacked bar a prior."""
    with mpl.rc_context(STYLE):
        figure, ax = _one_panel(8.6, 0.62 * len(bars.rows) + 1.9)
        for k in range(len(bars.rows)):
            left = 0.0
            for posture, calm, hit in zip(
                bars.postures, bars.in_peace[k], bars.coerced[k], strict=True
            ):
                color = posture_color(posture)
                ax.barh(k, calm, left=left, height=0.62, color=color)
                ax.barh(k, hit, left=left + calm, height=0.62, color=color, hatch="////",
                        edgecolor="white", linewidth=0)  # fmt: skip
                if calm + hit >= 0.05:
                    ax.text(left + (calm + hit) / 2, k, f"{calm + hit:.2f}", ha="center",
                            va="center", fontsize=8, bbox=LABEL_BOX)  # fmt: skip
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
            Patch(facecolor=posture_color(p), label=f"{p} chosen") for p in bars.postures
        ]
        handles += [
            Patch(facecolor=UNNAMED, edgecolor="white", hatch="////", label="... and coerced"),
            legend_mark("D", "black", f"{bars.about} strictly dominant"),
            legend_mark("o", "white", "... and also chosen"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_effects(effects: Effects) -> Figure:
    """Return a figure with indices on the left and rank correlations on the right."""
    with mpl.rc_context(STYLE):
        figure = blank(8.6, 0.25 * len(effects.parameters) + 1.6)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        for k in range(len(effects.parameters)):
            left.barh(k, effects.total[k].value, height=0.66, color=UNNAMED)
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
            Patch(facecolor=UNNAMED, label="total index"),
            legend_mark("o", "white", "first-order index (alone)"),
            legend_mark("o", "black", "rank correlation"),
            _whisker(f"{effects.level} bootstrap interval"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
        figure.suptitle(effects.title, fontsize=10)
    return figure


def draw_dots(dots: Dots) -> Figure:
    """Return a figure with one row a scheme and one mark a prior."""
    marks = (("o", "black"), ("D", "white"), ("s", "#888888"), ("^", "white"))
    with mpl.rc_context(STYLE):
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
    with mpl.rc_context(STYLE):
        figure = blank(8.6, 0.62 * len(exchange.rows) + 1.5)
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
            legend_mark("o", "black", "expected gain from coercing"),
            Line2D([], [], color="black", marker="|", markersize=12, markeredgewidth=2,
                   linestyle="", label="price of coercing"),
        ]  # fmt: skip
        handles += [
            legend_mark("o", "white", "left in peace in the stated ranges"),
            legend_mark("D", "black", "... where the own posture is coerced"),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _one_panel(width: float, height: float) -> tuple[Figure, Any]:
    figure = blank(width, height)
    return figure, figure.subplots()


def _interval(ax: Any, at: Interval, y: float, marker: str | None, color: str) -> None:
    ax.plot([at.low, at.high], [y, y], color="black", linewidth=1.2)
    if marker is not None:
        ax.plot(at.value, y, marker=marker, color=color, markeredgecolor="black", markersize=5)


def _whisker(label: str) -> Line2D:
    return Line2D([], [], color="black", linewidth=1.2, label=label)


def _rows(ax: Any, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.tick_params(axis="y", length=0)
