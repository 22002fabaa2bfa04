"""The map of critical discount factors: against formulas written out, and what is drawn."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.batch import Axis, Sustained
from alignment_games.errors import ParameterError
from alignment_games.figures.prepare_discounts import DiscountPanel, discount_panel
from alignment_games.figures.render import draw_discounts

X, Y = Axis("patron_reliability", 0, 1, 6), Axis("stake", 0, 1.6, 9)
PATH = ("hedge", "accommodate")


def map_of(case: str, punishment: Any = "nash", x: Axis = X, y: Axis = Y, **asked: Any) -> Any:
    return ag.batch.critical_discount_map(
        ag.models.alignment(), PATH, ag.load_scenario(case),
        axes={y.parameter: y, x.parameter: x}, punishment=punishment, resolve=True, **asked,
    )  # fmt: skip


def panel_of(case: str, punishment: Any, **axes: Axis) -> DiscountPanel:
    return discount_panel(map_of(case, punishment, **axes))


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
    assert panel.title == (
        "Ukraine between Russia and the West\n"
        "(hedge, accommodate), back to the worst stage equilibrium"
    )
    assert panel.x_label == r"patron reliability $\rho$ (probability)"


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
    maps = [map_of(case, own) for case in ("ukraine", "vietnam") for own in ("nash", "minmax")]
    figure = ag.figures.critical_discounts(*maps)
    axes: list[Any] = figure.axes[:4]
    for ax, ds in zip(axes, maps, strict=True):
        panel = discount_panel(ds)
        assert ax.get_title() == panel.title
        shades = ax.collections[0].get_array()
        hidden = np.isnan(panel.discount) | (panel.discount == 0)
        np.testing.assert_array_equal(np.ma.getmaskarray(shades), hidden)
        np.testing.assert_array_equal(shades[~hidden], panel.discount[~hidden])
        gray = ax.collections[1].get_array()
        np.testing.assert_array_equal(np.ma.getmaskarray(gray), ~panel.never)
        (point,) = ax.lines
        assert (point.get_xdata()[0], point.get_ydata()[0]) == panel.point
    assert legend_of(figure) == [
        "by tenths", "scenario", "no factor will do", "every factor will do",
    ]  # fmt: skip


def legend_of(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_maps_fill_rows_of_two(count: int) -> None:
    figure = ag.figures.critical_discounts(*[map_of("ukraine")] * count)
    assert len(figure.axes) == count + 1  # and the bar of shades
    labels = [ax.get_ylabel() for ax in figure.axes[:count]]
    assert [bool(label) for label in labels] == [True, False, True][:count]


def test_maps_of_one_answer_are_drawn() -> None:
    """All of a map may be sustained, or none of it, or be without an answer."""
    one = panel_of("vietnam", "minmax")
    shape = one.discount.shape
    for value, never, word in (
        (0.0, False, "every factor will do"),
        (np.nan, True, "no factor will do"),
        (np.nan, False, "other: open"),
    ):
        flat = replace(
            one,
            discount=np.full(shape, value),
            never=np.full(shape, never),
            other=("open",) if word.startswith("other") else (),
        )
        figure = draw_discounts([flat])
        assert legend_of(figure) == ["by tenths", "scenario", word]
        plain: Any = figure.axes[0].collections[1].get_array()
        if value == 0:
            assert np.ma.getmaskarray(plain).all()
        else:
            assert set(plain.ravel().tolist()) == {0.0 if never else 1.0}


def test_other_answers_are_not_taken_for_none() -> None:
    ds = map_of("ukraine")
    ds["sustained"].values[0, 0] = Sustained.OPEN
    ds["sustained"].values[0, 1] = Sustained.NOT_AN_EQUILIBRIUM
    panel = discount_panel(ds)
    assert panel.other == ("open", "not an equilibrium")
    assert np.isnan(panel.discount[0, :2]).all()
    assert not panel.never[0, :2].any()
    assert legend_of(draw_discounts([panel]))[-1] == "other: open, not an equilibrium"


def test_a_named_reversion_stands_in_the_title() -> None:
    ds = map_of("ukraine", "grim", reversion=("balance", "coerce"))
    assert discount_panel(ds).title == (
        "Ukraine between Russia and the West\n(hedge, accommodate), back to balance, coerce"
    )


def test_mistakes_are_named() -> None:
    with pytest.raises(ParameterError, match="`maps` must be one or more, on the same two"):
        ag.figures.critical_discounts()
    with pytest.raises(ParameterError, match="datasets from critical_discount_map, got int"):
        ag.figures.critical_discounts(3)  # type: ignore[arg-type]
    turned = map_of("ukraine", x=Y, y=X)
    with pytest.raises(ParameterError, match="on the same two parameters, got 2"):
        ag.figures.critical_discounts(map_of("ukraine"), turned)
    other = ag.analysis.phase_map(ag.load_scenario("ukraine"), x=X, y=Y)
    with pytest.raises(ParameterError, match="`maps` must come from critical_discount_map"):
        ag.figures.critical_discounts(other)
