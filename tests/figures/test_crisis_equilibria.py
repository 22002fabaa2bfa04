"""The equilibria of crisis signaling: the curve, the search, and what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_crisis import crisis_panel

MODEL = ag.models.crisis_signaling()
VALUES = {
    "status_quo": 0, "concession": 1, "war": -1.9, "back_down": -1.2, "concede": 0,
    "bluff_called": 1,
}  # fmt: skip


def test_the_search_finds_what_lies_on_the_curve() -> None:
    """Two ways to the same equilibria: the search knows the utility, the curve the resistance."""
    panel = crisis_panel(VALUES, marked=[-3, -2.8])
    assert panel.complete
    assert [war for war, _ in panel.marks] == [-3, -2.8, -2.8, -2.8]
    supported = MODEL.target_war_at([resist for _, resist in panel.marks], VALUES)
    np.testing.assert_allclose(supported, [war for war, _ in panel.marks], atol=1e-12)
    # Between points of the curve that straddle -2.8 there are three crossings, and no more.
    above = np.array(panel.target_war) > -2.8
    assert (above[1:] != above[:-1]).sum() == 3


def test_the_folds_are_those_of_the_correspondence() -> None:
    panel = crisis_panel(VALUES, points=801)
    first, last = panel.folds
    found = MODEL.correspondence("target_war", [-3, -2.9, -2.7], VALUES, digits=2)
    (lower, upper) = found.folds
    assert float(lower[0]) - 1e-4 <= last <= float(lower[1]) + 1e-4
    assert float(upper[0]) - 1e-4 <= first <= float(upper[1]) + 1e-4


def test_where_nothing_turns_back_nothing_is_shaded() -> None:
    calm = VALUES | {"back_down": -6}
    assert not crisis_panel(calm, points=60).folds
    figure: Any = ag.figures.crisis_equilibria(calm, points=60)
    (ax,) = figure.axes
    assert not ax.patches
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["equilibria"]


def test_what_is_drawn_is_what_was_prepared() -> None:
    panel = crisis_panel(VALUES, points=40, marked=[-3])
    figure: Any = ag.figures.crisis_equilibria(VALUES, points=40, marked=[-3])
    curve, marks = figure.axes[0].lines
    np.testing.assert_array_equal(curve.get_xdata(), panel.target_war)
    np.testing.assert_array_equal(curve.get_ydata(), panel.resist)
    np.testing.assert_array_equal(marks.get_xydata(), panel.marks)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crisis_panel(VALUES, points=2), "`points` must be an integer of at least 3"),
        (lambda: crisis_panel({}), "status_quo"),
        (lambda: MODEL.target_war_at([1], VALUES), "above 0 and below 1, got 1"),
        (lambda: MODEL.target_war_at([0.5], VALUES | {"concession": -1}), "must be above"),
    ],
)
def test_mistakes_are_named(call: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        call()
