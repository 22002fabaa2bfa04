"""The figure of posture policies: its data are the dataset's, its marks those of the data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_policy import policy_panels

CHANCES = {
    "discount": 0.9, "hazard": 0.1, "reengagement": 0.1, "shock": 0.1, "relief": 0.2,
    "exit_cost": 1,
}  # fmt: skip
RELIABILITY, STAKE = (0, 0.2, 0.4, 0.7), (0.2, 0.45, 0.8, 1)


def policy(case: str, **changes: Any) -> Any:
    values = {**ag.load_scenario(case), **CHANCES, **changes}
    return ag.analysis.posture_policy(values, reliability=RELIABILITY, stake=STAKE)


def test_panels_hold_the_policy() -> None:
    ds = policy("ukraine")
    alone, free, allied = policy_panels(ds, title="Ukraine-like")
    assert alone.title == "Ukraine-like: the period alone"
    for panel, held in ((free, "free"), (allied, "allied")):
        chosen = ds.sel(held=held)
        assert (panel.x_levels, panel.y_levels) == (RELIABILITY, STAKE)
        np.testing.assert_array_equal(panel.posture, chosen["posture"].values.T)
        np.testing.assert_array_equal(panel.coerced, chosen["coerced"].values.T == 1)
        np.testing.assert_array_equal(panel.insured, chosen["insured"].values.T == 1)
    assert free.insured.any()
    np.testing.assert_array_equal(alone.posture, ds["present"].values.T)
    assert not alone.insured.any()


@pytest.mark.parametrize("case", ["ukraine", "vietnam"])
def test_the_period_alone_is_the_alignment_game_solved_at_each_level(case: str) -> None:
    """F1.8, by backward induction in the tree, coercion included."""
    alone, _, _ = policy_panels(policy(case), title="")
    scenario = ag.load_scenario(case)
    coerced = 0
    for row, column in np.ndindex(*alone.posture.shape):
        tree = scenario.model.tree(
            scenario,
            patron_reliability=Fraction(str(RELIABILITY[column])),
            stake=Fraction(str(STAKE[row])),
        )
        paths = {eq.path[:2] for eq in ag.solve(tree).equilibria}
        if len(paths) == 1:
            posture = alone.postures[alone.posture[row, column]]
            answer = "coerce" if alone.coerced[row, column] else "accommodate"
            assert paths == {(posture, answer)}
            coerced += answer == "coerce"
    assert coerced >= 2


def test_what_is_drawn_is_what_was_prepared() -> None:
    found = {"Ukraine-like": policy("ukraine"), "Vietnam-like": policy("vietnam")}
    figure = ag.figures.posture_policies(found)
    panels = [panel for name, ds in found.items() for panel in policy_panels(ds, title=name)]
    assert [ax.get_title() for ax in figure.axes] == [panel.title for panel in panels]
    colors = {"balance": "#004488", "hedge": "#DDAA33", "bandwagon": "#BB5566"}
    axes: list[Any] = figure.axes
    for ax, panel in zip(axes, panels, strict=True):
        letters = {text.get_position(): text.get_text() for text in ax.texts}
        filled = [patch for patch in ax.patches if patch.get_fill()]
        frames = [patch for patch in ax.patches if not patch.get_fill()]
        assert len(filled) == panel.posture.size
        assert len(frames) == panel.insured.sum()
        for patch in filled:
            x, y = (round(own + 0.5) for own in patch.get_xy())
            posture = panel.postures[panel.posture[y, x]]
            assert patch.get_facecolor()[:3] == pytest.approx(to_rgb(colors[posture]))
            assert (patch.get_hatch() is not None) is bool(panel.coerced[y, x])
            letter = {"balance": "B", "hedge": "H", "bandwagon": "W"}[posture]
            assert letters[x, y] == (letter.lower() if panel.coerced[y, x] else letter)


def test_ties_are_dark_and_named() -> None:
    ds = policy("ukraine")
    ds["posture"].values[0, 0, 0] = -1
    figure = ag.figures.posture_policies({"Ukraine-like": ds})
    assert len(figure.axes[1].texts) == len(RELIABILITY) * len(STAKE) - 1
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "several are optimal" in words
    clean = ag.figures.posture_policies({"Ukraine-like": policy("ukraine")})
    assert "several are optimal" not in [t.get_text() for t in clean.legends[0].get_texts()]


def test_mistakes_are_named() -> None:
    with pytest.raises(ParameterError, match="`policies` must hold one or more results"):
        ag.figures.posture_policies({})
    with pytest.raises(ParameterError, match="`policies` must be a mapping from titles, got list"):
        ag.figures.posture_policies([3])  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="datasets from posture_policy, got DataArray"):
        ag.figures.posture_policies(policy("ukraine"))
    with pytest.raises(ParameterError, match="must hold datasets from posture_policy, got int"):
        ag.figures.posture_policies({"case": 3})  # type: ignore[dict-item]
    other = ag.analysis.phase_map(
        ag.load_scenario("ukraine"),
        x=ag.analysis.Axis("tilt", 0, 1, 3),
        y=ag.analysis.Axis("stake", 0, 1, 3),
    )
    with pytest.raises(ParameterError, match="`policy` must come from posture_policy"):
        policy_panels(other, title="")
