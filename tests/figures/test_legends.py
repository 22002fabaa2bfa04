"""Legends lie within the figure, however few panels there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import alignment_games as ag

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DILEMMA = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
SHIFT = {
    "discount": 0.9, "success_now": 0.8, "success_later": 0.5, "arrival": 0.5, "concession": 1,
    "bargaining_power": 0.1, "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.2,
    "breach_cost": 0,
}  # fmt: skip


def payoff_sets(count: int) -> Figure:
    games = [ag.games.RepeatedGame(DILEMMA, discount=0.5 + k / 10) for k in range(count)]
    return ag.figures.payoff_sets({"Dilemma": [ag.solvers.repeated_payoffs(own) for own in games]})


def preventive_war(count: int) -> Figure:
    axes = [ag.analysis.Axis("arrival", 0, 1, 6), ag.analysis.Axis("success_later", 0, 0.8, 6)]
    found = ag.analysis.preventive_war_map(SHIFT, x=axes[0], y=axes[1])
    return ag.figures.preventive_war(*[found] * count)


def phase_map(count: int) -> Figure:
    axes = [ag.analysis.Axis(name, 0, 1, 5) for name in ("patron_reliability", "stake")]
    found = ag.analysis.phase_map(ag.load_scenario("ukraine"), x=axes[0], y=axes[1])
    return ag.figures.phase_map(*[found] * count)


def critical_discounts(count: int) -> Figure:
    case = ag.load_scenario("ukraine")
    found = ag.batch.critical_discount_map(
        case.model, ("hedge", "accommodate"), case,
        axes={"stake": (0, 1.6, 5), "patron_reliability": (0, 1, 5)}, punishment="nash",
    )  # fmt: skip
    return ag.figures.critical_discounts(*[found] * count)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("draw", [payoff_sets, preventive_war, phase_map, critical_discounts])
def test_no_legend_is_cut_off(draw: Any, count: int) -> None:
    figure = draw(count)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    inside = legend.get_window_extent()
    assert inside.x0 >= 0
    assert inside.y0 >= 0
    assert inside.x1 <= figure.bbox.x1
