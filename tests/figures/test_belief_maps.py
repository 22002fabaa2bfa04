"""Maps of postures over beliefs: their data, and what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_beliefs import belief_panel

GRID = [k / 12 for k in range(13)]


def found(scenario: str = "vietnam", **spreads: Any) -> xr.Dataset:
    values = ag.models.uncertainty().values_of(
        ag.load_scenario(scenario), revisionist_belief=0, patron_commitment=0,
        stake_status_quo=0.2, stake_revisionist=1.2,
    )  # fmt: skip
    return ag.analysis.ambiguity_map(values, beliefs=GRID, commitments=GRID, **spreads)


def test_beliefs_run_across_and_commitments_up() -> None:
    """F3.4: at a belief of at most .2 the Vietnam-like state hedges whatever the patron is."""
    panel = belief_panel(found())
    hedge = panel.postures.index("hedge")
    calm = panel.x <= 0.2
    assert calm.sum() == 3
    assert (panel.posture[:, calm] == hedge).all()
    assert panel.posture[-1, -1] == panel.postures.index("balance")
    assert not panel.title
    assert not panel.moved.any()


@pytest.mark.parametrize("scenario", ["vietnam", "ukraine"])
def test_moved_cells_are_those_that_differ(scenario: str) -> None:
    plain = belief_panel(found(scenario))
    for name, title in (("commitment_spread", "patron ± 0.2"), ("belief_spread", "threat ± 0.2")):
        panel = belief_panel(found(scenario, **{name: 0.2}))
        assert panel.title == title
        assert panel.moved.any()
        np.testing.assert_array_equal(panel.moved, panel.posture != plain.posture)
    both = belief_panel(found(scenario, commitment_spread=0.2, belief_spread=0.1))
    assert both.title == "threat ± 0.1, patron ± 0.2"


def test_what_is_drawn_is_what_was_prepared() -> None:
    maps = [found(), found(commitment_spread=0.2)]
    figure = ag.figures.belief_maps({"A": maps, "B": maps[:1]})
    axes: list[Any] = figure.axes
    assert [ax.get_title() for ax in axes] == ["A", "A: patron ± 0.2", "B"]
    for ax, own in zip(axes, [*maps, maps[0]], strict=True):
        drawn = ax.collections[0].get_array()
        np.testing.assert_array_equal(drawn, belief_panel(own).posture)
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["balance", "hedge", "another posture than without ambiguity"]
    abreast: list[Any] = ag.figures.belief_maps({"A": maps[:1], "B": maps[:1]}).axes
    rows = {ax.get_subplotspec().rowspan.start for ax in abreast}
    assert (len(abreast), rows) == (2, {0})


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        ({}, "one or more results of ambiguity_map for each title, got none"),
        ({"A": []}, "one or more results of ambiguity_map for each title, got none"),
        ([found], "a mapping from titles, got list"),
        ({"A": [3]}, "datasets from ambiguity_map, got int"),
        ({"A": [xr.Dataset()]}, "datasets from ambiguity_map, got another dataset"),
        ({"A": [found().isel(patron_commitment=[0])]}, "two beliefs and two commitments or more"),
        ({"A": [found().isel(revisionist_belief=[1, 0])]}, "in growing order"),
    ],
)
def test_mistakes_are_named(maps: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ag.figures.belief_maps(maps)
