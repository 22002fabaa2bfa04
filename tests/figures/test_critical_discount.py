"""The map of critical discount factors: against formulas written out, and what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.analysis import Axis
from alignment_games.errors import GameError, ParameterError
from alignment_games.figures.prepare_discounts import DiscountPanel, discount_panel
from alignment_games.figures.render import draw_discounts

X, Y = Axis("patron_reliability", 0, 1, 6), Axis("stake", 0, 1.6, 9)
PATH = ("hedge", "accommodate")


def panel_of(case: str, punishment: Any, **axes: Axis) -> DiscountPanel:
    axes = {"x": X, "y": Y} | axes
    return discount_panel(ag.load_scenario(case), path=PATH, punishment=punishment, **axes)


def payoffs(case: str, column: int, row: int) -> list[list[list[Fraction]]]:
    """Payoffs of both at a point of the map, [player][posture][answer]."""
    scenario = ag.load_scenario(case)
    game = scenario.model.game(scenario, patron_reliability=X.exact(column), stake=Y.exact(row))
    return [block.tolist() for block in game.exact_payoffs]


@pytest.mark.parametrize("case", ["ukraine", "vietnam"])
def test_minmax_sustains_what_the_gain_and_the_loss_say(case: str) -> None:
    """The least delta with (1 - delta) T + delta m <= R for both, T the best deviation."""
    panel = panel_of(case, "minmax")
    seen = set()
    for row, column in np.ndindex(*panel.discount.shape):
        own, other = payoffs(case, column, row)
        small = (
            own[1][0],
            max(line[0] for line in own),
            min(max(line[k] for line in own) for k in range(2)),
        )
        hegemon = other[1][0], max(other[1]), min(max(line) for line in other)
        needed = Fraction(0)
        for reward, temptation, minmax in (small, hegemon):
            if temptation > reward:
                lost = temptation - minmax
                needed = max(needed, (temptation - reward) / lost) if lost else Fraction(2)
        found = panel.discount[row, column]
        if needed >= 1:
            assert np.isnan(found)
            seen.add("never")
        else:
            assert found == pytest.approx(float(needed), rel=1e-12)
            seen.add("every" if needed == 0 else "from")
    assert "from" in seen
    assert "never" in seen


def test_mutual_restraint_of_the_ukraine_like_state() -> None:
    """F4b with the payoffs of F14: (1.52 - 1.45)/(1.52 + .876)."""
    axes = {"x": Axis("patron_reliability", 0.2, 0.3, 2), "y": Axis("stake", 0.45, 0.5, 2)}
    panel = panel_of("ukraine", "nash", **axes)
    assert panel.discount[0, 0] == pytest.approx(0.07 / 2.396, rel=1e-12)
    assert panel.point == (0.2, 0.45)
    assert panel.title == "Ukraine-like: back to the worst stage equilibrium"


@pytest.mark.parametrize("case", ["ukraine", "vietnam"])
def test_the_map_is_the_scalar_solver(case: str) -> None:
    panel = panel_of(case, "nash")
    scenario = ag.load_scenario(case)
    for row, column in [(0, 0), (2, 1), (3, 4), (4, 1), (6, 3), (8, 5)]:
        place = {"patron_reliability": X.exact(column), "stake": Y.exact(row)}
        stage = scenario.model.game(scenario, **place)
        known = ag.solvers.critical_discount(stage, PATH).discount
        found = panel.discount[row, column]
        if known is None:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(float(known), rel=1e-12)


def test_no_punishment_needs_less_patience_than_minmax() -> None:
    for case in ("ukraine", "vietnam"):
        nash, minmax = (panel_of(case, own).discount for own in ("nash", "minmax"))
        assert not (np.isnan(minmax) & ~np.isnan(nash)).any()
        both = ~np.isnan(nash)
        assert (nash[both] >= minmax[both] - 1e-12).all()


def test_what_is_drawn_is_what_was_prepared() -> None:
    cases = [ag.load_scenario(name) for name in ("ukraine", "vietnam")]
    figure = ag.figures.critical_discounts(*cases, x=X, y=Y)
    panels = [panel_of(case.name, own) for case in cases for own in ("nash", "minmax")]
    axes: list[Any] = figure.axes[:4]
    assert [ax.get_title() for ax in axes] == [panel.title for panel in panels]
    for ax, panel in zip(axes, panels, strict=True):
        shades = ax.collections[0].get_array()
        hidden = np.isnan(panel.discount) | (panel.discount == 0)
        np.testing.assert_array_equal(np.ma.getmaskarray(shades), hidden)
        np.testing.assert_array_equal(shades[~hidden], panel.discount[~hidden])
        gray = ax.collections[1].get_array()
        np.testing.assert_array_equal(np.ma.getmaskarray(gray), ~np.isnan(panel.discount))
        (point,) = ax.lines
        assert (point.get_xdata()[0], point.get_ydata()[0]) == panel.point
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["no factor will do", "by tenths", "scenario", "every factor will do"]


def test_maps_of_one_answer_are_drawn() -> None:
    """All of a map may be sustained, or none of it."""
    one = panel_of("vietnam", "minmax")
    for value in (0.0, np.nan):
        flat = DiscountPanel(
            title="", x_label="", y_label="", x=one.x, y=one.y, point=one.point,
            discount=np.full(one.discount.shape, value),
        )  # fmt: skip
        figure = draw_discounts([[flat]])
        words = [text.get_text() for text in figure.legends[0].get_texts()]
        assert ("every factor will do" in words) is (value == 0)
        assert ("no factor will do" in words) is bool(np.isnan(value))


def test_mistakes_are_named() -> None:
    case = ag.load_scenario("ukraine")
    with pytest.raises(ParameterError, match="one case and one punishment are needed, got 0 and 2"):
        ag.figures.critical_discounts()
    with pytest.raises(ParameterError, match="got 1 and 0"):
        ag.figures.critical_discounts(case, punishments=())
    with pytest.raises(ParameterError, match="`punishments` must be among"):
        panel_of("ukraine", "grim")
    with pytest.raises(ParameterError, match="must be different parameters, got 'stake' twice"):
        panel_of("ukraine", "nash", x=Y)
    with pytest.raises(ParameterError, match="patron_reliability"):
        panel_of("ukraine", "nash", x=Axis("patron_reliability", 0, 2, 3))
    with pytest.raises(GameError, match="befriend"):
        ag.figures.critical_discounts(case, x=X, y=Y, path=("befriend", "accommodate"))
