"""The map of preventive war: its data, its border against C8 written out, and what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import alignment_games as ag
from alignment_games.analysis import SHIFT_OUTCOMES, Axis, preventive_war_map
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_shift import OutcomePanel, outcome_panel
from alignment_games.figures.render.outcomes import draw_outcomes

VALUES: dict[str, Any] = {
    "discount": 0.9, "success_now": 0.8, "success_later": 0.5, "arrival": 0.5, "concession": 1,
    "bargaining_power": 0.5, "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.2,
    "breach_cost": 0,
}  # fmt: skip
ATTACKED_IF_SEEN = {"deterred", "gamble"}


@pytest.fixture(name="maps", scope="module")
def _maps() -> list[Any]:
    shift = Axis("arrival", 0, 1, 21), Axis("success_later", 0, 0.8, 17)
    hedge = Axis("stealth", 0, 1, 11), Axis("breach_cost", 0, 3, 13)
    return [preventive_war_map(VALUES, x=x, y=y) for x, y in (shift, hedge)]


def test_panels_hold_the_outcomes(maps: list[Any]) -> None:
    panels = [outcome_panel(ds) for ds in maps]
    assert [panel.title for panel in panels] == [
        "stealth 0.2, breach cost 0",
        "arrival 0.5, success later 0.5",
    ]
    for panel, ds in zip(panels, maps, strict=True):
        words = [[SHIFT_OUTCOMES[int(code)] for code in row] for row in ds.outcome.values]
        assert panel.outcome.tolist() == words
        assert panel.outcome.shape == (len(panel.y), len(panel.x))
    assert panels[0].x_label == "speed of the shift: arrival in a period $q$ (probability)"
    assert panels[1].y_label == "small state's cost of leaving the hedge $F$ (utility)"


def test_the_border_is_that_of_c8() -> None:
    """C8, everything being ceded meanwhile and the small state making the only offer.

    Attack iff delta q (l_1 - l_2) > r (1 - l_1 + r c_G), with r = 1 - delta, if l_2 >= r c_G.
    """
    axes = {"x": Axis("arrival", 0, 1, 3), "y": Axis("success_later", 0.1, 0.7, 3)}
    panel = outcome_panel(preventive_war_map({**VALUES, "bargaining_power": 0}, **axes))
    assert panel.border is not None
    delta, now = Fraction(9, 10), Fraction(4, 5)
    rate = 1 - delta
    assert len(panel.border.x) == 257
    for arrival, later in zip(panel.border.x, panel.border.y, strict=True):
        assert delta * arrival * (now - later) == rate * (1 - now + rate)


def test_borders_separate_the_outcomes(maps: list[Any]) -> None:
    """Each point is on the right side of the closed form, interpolated far finer than the map."""
    shift, hedge = (outcome_panel(ds) for ds in maps)
    assert shift.border is not None
    assert hedge.border is not None
    # Where the line ends, the shift is too small to be attacked at any speed.
    later, arrival = (np.array(own, dtype=float) for own in (shift.border.y, shift.border.x))
    decided = 0
    for row, column in np.ndindex(*shift.outcome.shape):
        fastest = np.interp(shift.y[row], later, arrival, right=np.inf)
        outcome = shift.outcome[row, column]
        if outcome in ATTACKED_IF_SEEN:
            assert shift.x[column] > fastest - 1e-3
            decided += 1
        elif outcome in {"shift", "hedge"}:
            assert shift.x[column] < fastest + 1e-3
            decided += 1
    assert decided > 150
    stealth, cost = (np.array(own, dtype=float) for own in (hedge.border.x, hedge.border.y))
    needed = np.interp(hedge.x, stealth, cost)
    for row, column in np.ndindex(*hedge.outcome.shape):
        excess = hedge.y[row] - needed[column]
        if abs(excess) > 1e-9:
            assert (hedge.outcome[row, column] == "deterred") == (excess > 0)


def test_outcomes_are_those_of_the_solved_game(maps: list[Any]) -> None:
    """With all equilibria of the solver, those in weakly dominated strategies included."""
    panel = outcome_panel(maps[0])
    model = ag.models.power_shift()
    for row, column in [(2, 10), (6, 4), (10, 12), (12, 2), (14, 14), (16, 0)]:
        x, y = Fraction(column, 20), Fraction(row, 20)
        game = model.game(VALUES, arrival=x, success_later=y)
        begun = {
            tuple(own[0] for own in eq.played("neutral")): eq.played("drawing")[1][0]
            for eq in ag.solvers.markov_perfect(game).equilibria
        }
        outcome = panel.outcome[row, column]
        hedges = ("hedge", "accommodate") in begun
        assert hedges is (outcome in {"hedge", "deterred"})
        if outcome == "fear":
            assert {own[1] for own in begun} == {"attack"}
        if hedges:
            answer = begun["hedge", "accommodate"]
            assert (answer == "attack") is (outcome == "deterred")


def test_other_axes_have_no_border() -> None:
    axes = {"x": Axis("stealth", 0, 1, 3), "y": Axis("arrival", 0, 1, 3)}
    panel = outcome_panel(preventive_war_map(VALUES, **axes))
    assert panel.border is None
    (ax,) = draw_outcomes([panel]).axes
    assert not ax.lines


def test_borders_follow_their_axes(maps: list[Any]) -> None:
    axes = {"y": Axis("arrival", 0, 1, 21), "x": Axis("success_later", 0, 0.8, 17)}
    turned = outcome_panel(preventive_war_map(VALUES, **axes))
    straight = outcome_panel(maps[0])
    assert turned.border is not None
    assert straight.border is not None
    assert (turned.border.x, turned.border.y) == (straight.border.y, straight.border.x)
    assert turned.outcome.T.tolist() == straight.outcome.tolist()


def test_what_is_drawn_is_what_was_prepared(maps: list[Any]) -> None:
    figure = ag.figures.preventive_war(*maps)
    axes: list[Any] = figure.axes
    for ax, ds in zip(axes, maps, strict=True):
        panel = outcome_panel(ds)
        mesh = ax.collections[0]
        colors = mesh.to_rgba(mesh.get_array())[..., :3].reshape(*panel.outcome.shape, 3)
        for word in np.unique(panel.outcome.astype(str)):
            (color,) = {tuple(own) for own in colors[panel.outcome == word]}
            family = {"shift": "#004488", "hedge": "#DDAA33", "deterred": "#DDAA33",
                      "gamble": "#004488", "fear": "#BB5566", "open": "black"}  # fmt: skip
            assert color == pytest.approx(to_rgb(family[word]))
        (line,) = ax.lines
        assert panel.border is not None
        assert list(line.get_xdata()) == list(map(float, panel.border.x))
    words = {text.get_text() for text in figure.legends[0].get_texts()}
    assert "attacked at once: no hedge is believed" in words
    assert "closed form: largest shift that is not attacked" in words
    assert "draws close, is attacked if seen in time" not in words  # nowhere on these maps


def test_every_outcome_has_a_look_of_its_own(maps: list[Any]) -> None:
    one = outcome_panel(maps[0])
    every = np.array([list(SHIFT_OUTCOMES.values())] * 2, dtype=object)
    panel = OutcomePanel(
        title="", x_label="", y_label="", x=np.linspace(0, 1, every.shape[1]),
        y=np.linspace(0, 1, 2), outcome=every, border=one.border,
    )  # fmt: skip
    handles = draw_outcomes([panel]).legends[0].get_patches()
    looks = {(tuple(patch.get_facecolor()), patch.get_hatch()) for patch in handles}
    assert len(looks) == len(handles) == len(SHIFT_OUTCOMES)


def test_mistakes_are_named(maps: list[Any]) -> None:
    with pytest.raises(ParameterError, match="`maps` must be one or more"):
        ag.figures.preventive_war()
    with pytest.raises(ParameterError, match="must hold datasets from preventive_war_map, got int"):
        ag.figures.preventive_war(3)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`maps` must come from preventive_war_map"):
        ag.figures.preventive_war(maps[0].drop_vars("outcome"))
