"""The figure of payoff sets: exact data, the thresholds of C14 and F4b, and what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.spatial import ConvexHull

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError
from alignment_games.figures.prepare_payoffs import PayoffPanel, payoff_panels
from alignment_games.solvers import RepeatedPayoffs, Status, attaining_automaton

DILEMMA = ag.NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
)
PENNIES = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def solved(stage: ag.NormalFormGame, *discounts: Any) -> list[RepeatedPayoffs]:
    games = (ag.games.RepeatedGame(stage, discount=own) for own in discounts)
    return [ag.solvers.repeated_payoffs(game) for game in games]


def restraint() -> ag.NormalFormGame:
    case = ag.load_scenario("ukraine")
    return case.model.game(case)


def row(found: Sequence[RepeatedPayoffs]) -> tuple[PayoffPanel, ...]:
    return payoff_panels({"game": found})[0]


def test_panels_hold_the_sets_by_growing_discount_factor() -> None:
    found = solved(DILEMMA, 0.5, 0.2, 0.4)
    panels = row(found)
    assert [panel.discount for panel in panels] == [Fraction(1, 5), Fraction(2, 5), Fraction(1, 2)]
    by_discount = {result.game.discounts[0]: result for result in found}
    for panel in panels:
        result = by_discount[panel.discount]
        assert (panel.inner, panel.outer, panel.gap) == (result.inner, result.outer, result.gap)
        assert panel.players == ("player_1", "player_2")
        assert panel.stage["D", "C"] == (Fraction(5), Fraction(0))
        assert panel.minmax == (Fraction(1), Fraction(1))
        assert not panel.empty
    # By hand: the triangle (1, 1), (4, 1), (1, 4) has the area 9/2, and what is feasible above
    # minmax, with the corners (13/3, 1), (3, 3) and (1, 13/3), has 20/3.
    assert [panel.share for panel in panels] == [0, Fraction(9, 2) / Fraction(20, 3), 1]


@pytest.mark.parametrize("stage", [DILEMMA, restraint()], ids=["dilemma", "restraint"])
def test_feasible_payoffs_are_the_hull_of_the_stage_payoffs(stage: ag.NormalFormGame) -> None:
    (panel,) = row(solved(stage, 0.3))
    points = np.array([[float(v) for v in pair] for pair in panel.stage.values()])
    expected = ConvexHull(points)
    corners = np.array([[float(v) for v in pair] for pair in panel.feasible])
    assert sorted(map(tuple, corners)) == sorted(map(tuple, points[expected.vertices]))
    assert ConvexHull(corners).volume == pytest.approx(expected.volume)


@pytest.mark.parametrize(
    ("stage", "payoff", "below", "at"),
    [
        (DILEMMA, (3, 3), Fraction(499, 1000), Fraction(1, 2)),  # C14: (T-R)/(T-P)
        # F4b with the payoffs of F14: (1.52 - 1.45)/(1.52 + .876)
        (restraint(), (Fraction("1.45"), Fraction("-0.2")), Fraction("0.029"), Fraction(70, 2396)),
    ],
    ids=["C14", "F4b"],
)
def test_cooperation_is_a_corner_from_its_critical_discount_on(
    stage: ag.NormalFormGame, payoff: tuple[Any, Any], below: Fraction, at: Fraction
) -> None:
    before, after = row(solved(stage, below, at))
    assert payoff in after.inner
    assert payoff not in before.inner
    assert payoff in after.stage.values()


def test_every_corner_that_is_marked_is_attained() -> None:
    for result in (*solved(DILEMMA, 0.3, 0.5), *solved(restraint(), 0.05, 0.2)):
        (panel,) = row([result])
        for corner in panel.inner:
            play = attaining_automaton(result, corner)
            assert play.play.is_subgame_perfect
            assert play.payoff == corner


def vertices(patch: Any) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in patch.get_xy()}


def test_what_is_drawn_is_what_was_prepared() -> None:
    found = {"Dilemma": solved(DILEMMA, 0.2, 0.5), "Restraint": solved(restraint(), 0.05, 0.2)}
    figure = ag.figures.payoff_sets(found)
    panels = [panel for own in payoff_panels(found) for panel in own]
    assert len(figure.axes) == 4
    axes: list[Any] = figure.axes
    for ax, panel in zip(axes, panels, strict=True):
        feasible, inner = ax.patches
        assert vertices(feasible) == {(float(x), float(y)) for x, y in panel.feasible}
        assert vertices(inner) == {(float(x), float(y)) for x, y in panel.inner}
        corners, stage, upright, level = ax.lines
        assert len(corners.get_xdata()) == len(panel.inner)
        assert len(stage.get_xdata()) == len(panel.stage)
        assert upright.get_xdata()[0] == float(panel.minmax[0])
        assert level.get_ydata()[0] == float(panel.minmax[1])
    titles = [ax.get_title() for ax in figure.axes]
    assert [title.partition(": ")[2] for title in titles] == [
        "a point", "100 %", "a segment", "23.6 %",
    ]  # fmt: skip
    named = {text.get_text() for text in figure.axes[0].texts}
    assert named == {"C, C", "C, D", "D, C", "D, D"}
    assert "small state: utility a period" in figure.axes[2].get_xlabel()


def test_gaps_and_proved_emptiness_are_said() -> None:
    (known,) = solved(DILEMMA, 0.4)
    wider = replace(
        known, outer=tuple((x + (x > 1), y) for x, y in known.outer), gap=1.0, status=Status.PARTIAL
    )
    figure = ag.figures.payoff_sets({"Dilemma": [wider]})
    (ax,) = figure.axes
    assert ax.get_title().endswith("67.5 %, gap 1")
    assert [line.get_linestyle() for line in ax.lines].count(":") == 1
    assert "nothing is attained outside" in {t.get_text() for t in figure.legends[0].get_texts()}
    (nothing,) = solved(PENNIES, 0.4)
    assert nothing.status is Status.NONE
    (ax,) = ag.figures.payoff_sets({"Pennies": [nothing]}).axes
    assert ax.get_title().endswith("proved empty")
    assert len(ax.patches) == 1


def test_a_game_without_area_has_no_share() -> None:
    common = ag.NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    (panel,) = row(solved(common, 0.5))
    assert len(panel.feasible) == 2
    assert panel.share is None


def test_mistakes_are_named() -> None:
    one, two = solved(DILEMMA, 0.2, 0.5)
    mistaken: list[dict[str, list[RepeatedPayoffs]]] = [
        {},
        {"a": []},
        {"a": [one, two], "b": [one]},
    ]
    for found in mistaken:
        with pytest.raises(GameError, match="as many results, one or more, for each title, got"):
            payoff_panels(found)
    with pytest.raises(ParameterError, match="`found` must be a mapping from titles, got list"):
        ag.figures.payoff_sets([one])  # type: ignore[arg-type]
    with pytest.raises(GameError, match=r"`found\['a'\]` must hold results of repeated_payoffs"):
        ag.figures.payoff_sets({"a": [1]})  # type: ignore[list-item]
    with pytest.raises(GameError, match=r"`found\['a'\]` must be results of one stage game"):
        payoff_panels({"a": [one, *solved(restraint(), 0.2)]})
    with pytest.raises(GameError, match="equal discount factors, got 1/5 and 3/10"):
        payoff_panels({"a": solved(DILEMMA, (0.2, 0.3))})
