"""The curve of abandonment and entrapment: its data, and what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_treaty import treaty_panel

SHARED = {
    name: value
    for name, value in ag.load_scenario("ukraine").items()
    if name in ag.models.triangle().parameters
}
PATRON = {"patron_stake": 0.4, "largest_support_cost": 1, "treaty_penalty_hedge": 0}
GRID = [Fraction(k, 20) for k in range(21)]


def costs(**values: Any) -> ag.models.TreatyCosts:
    return ag.models.treaty_costs({**SHARED, **PATRON, **values}, penalties=GRID)


def test_the_penalty_that_deters_is_that_of_the_closed_form() -> None:
    # kbar rho_D - delta v_P, with rho_D = 3/7 of the notes, F9
    assert treaty_panel(costs()).deters_from == Fraction(3, 7) - Fraction(1, 5)
    assert treaty_panel(costs(stake=0)).deters_from == 0
    assert treaty_panel(costs(largest_support_cost=10)).deters_from is None


def test_the_price_is_the_sum_of_its_parts() -> None:
    panel = treaty_panel(costs())
    for parts in zip(panel.entrapment, panel.abandonment, panel.total, strict=True):
        assert parts[0] + parts[1] == parts[2]
    assert list(panel.total) == sorted(panel.total)


@pytest.mark.parametrize(
    ("values", "width"),
    [({}, Fraction(8, 35)), ({"largest_support_cost": 10}, 1), ({"stake": 0}, None)],
)
def test_what_is_drawn_is_what_was_prepared(values: dict[str, Any], width: Any) -> None:
    found = costs(**values)
    panel = treaty_panel(found)
    figure = ag.figures.abandonment_entrapment(found)
    axes: list[Any] = figure.axes
    left, right = axes
    drawn = [list(line.get_ydata()) for ax in (left, right) for line in ax.lines]
    wanted = (panel.support, panel.entrapment, panel.abandonment, panel.total)
    assert drawn == [list(map(float, own)) for own in wanted]
    for ax in (left, right):
        # A shade is a polygon or a rectangle, by the version of Matplotlib.
        shades = [
            patch.get_patch_transform().transform_path(patch.get_path()).get_extents().width
            for patch in ax.patches
        ]
        assert shades == ([] if width is None else [float(width)])
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert ("the hegemon is not deterred" in words) == (width is not None)


def test_mistakes_are_named() -> None:
    with pytest.raises(ParameterError, match="`costs` must come from models"):
        ag.figures.abandonment_entrapment(3)  # type: ignore[arg-type]
    for penalties in ([1], [0.5, 0.25], [0.5, 0.5]):
        found = ag.models.treaty_costs({**SHARED, **PATRON}, penalties=penalties)
        with pytest.raises(ParameterError, match="two penalties or more in growing order"):
            ag.figures.abandonment_entrapment(found)
