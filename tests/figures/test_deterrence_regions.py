"""Regions of unilateral deterrence: their data, and what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_deterrence import deterrence_panel

PAYOFFS = {
    "challenger_success": 10, "challenger_status_quo": 6, "challenger_retreat": 2,
    "challenger_conflict_hard": 4, "challenger_conflict_soft": 0, "defender_status_quo": 10,
    "defender_success": 8, "defender_concession": 4, "defender_conflict_hard": 5,
    "defender_conflict_soft": 0,
}  # fmt: skip


@pytest.mark.parametrize("changes", [{}, {"challenger_success": 8}, {"defender_success": 5}])
def test_the_solver_finds_each_region_where_it_is_drawn(changes: dict[str, int]) -> None:
    panel = deterrence_panel(PAYOFFS | changes, marks=4)
    ends = panel.regions.values()
    assert sum((right - left) * (top - low) for left, right, low, top in ends) == 1
    for challenger, defender, kind in panel.marks:
        left, right, bottom, top = panel.regions[kind]
        assert left <= challenger <= right
        assert bottom <= defender <= top
    assert {kind for *_, kind in panel.marks} >= {"deterrence", "attack", "bluff"}


def test_several_kinds_on_a_border_are_open() -> None:
    assert deterrence_panel(PAYOFFS, marks=1).marks == ((Fraction(1, 2), Fraction(1, 2), "open"),)


def test_the_thresholds_of_the_design() -> None:
    regions = deterrence_panel(PAYOFFS, marks=0).regions
    assert regions["separating"][2:] == (Fraction(1, 2), Fraction(2, 3))
    assert regions["bluff"][1] == Fraction(1, 2)


def test_what_is_drawn_is_what_was_prepared() -> None:
    panel = deterrence_panel(PAYOFFS, marks=2)
    figure: Any = ag.figures.deterrence_regions(PAYOFFS, marks=2)
    (ax,) = figure.axes
    drawn = [patch.get_bbox().extents.tolist() for patch in ax.patches]
    assert drawn == [
        [float(left), float(low), float(right), float(top)]
        for left, right, low, top in panel.regions.values()
    ]
    marks = [line.get_xydata()[0].tolist() for line in ax.lines]
    assert marks == [[float(x), float(y)] for x, y, _ in panel.marks]


def test_mistakes_are_named() -> None:
    with pytest.raises(ParameterError, match="`marks` must be 0 or more"):
        deterrence_panel(PAYOFFS, marks=-1)
    with pytest.raises(ParameterError, match="holds only if"):
        deterrence_panel(PAYOFFS | {"challenger_success": 5})
