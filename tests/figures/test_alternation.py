"""The figure of alternation: lines against F4d written out, marks against the lines."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures.fingerprint import fingerprint
from alignment_games.figures.prepare_alternation import alternation_panels
from alignment_games.figures.prepare_choices import ChoicePanel

VALUES: dict[str, Any] = {
    "discount": 0.9, "persistence": 0.25, "hedger_share": 0.2, "patron_lean": 0.5, "swing": 2,
    "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.3,
}  # fmt: skip
EVEN = Fraction(1, 2)


def change(stay: Fraction, hedgers: Fraction) -> Fraction:
    """Probability that one government differs from the next, of independent draws."""
    siding = (1 - hedgers) / 2
    return (1 - stay) * (1 - hedgers**2 - 2 * siding**2)


@pytest.fixture(name="panels", scope="module")
def _panels() -> tuple[ChoicePanel, ChoicePanel]:
    return alternation_panels(VALUES, points=5)


def test_losses_are_half_the_curvature_times_variance_and_the_changes(
    panels: tuple[ChoicePanel, ChoicePanel],
) -> None:
    """F4d where the mean is 0: (|u''|/2) Var + chi Pr(change), with Var = h^2 (1 - q_0)."""
    loss, _ = panels
    solved = {(check.x, check.y) for check in loss.checks}
    for line, hedgers in zip(
        loss.lines, (Fraction(0), Fraction(1, 3), Fraction(2, 3)), strict=True
    ):
        assert line.label == f"share of hedgers {hedgers}"
        for stay, found in zip(line.x, line.y, strict=True):
            variance = 4 * (1 - hedgers)
            assert found == Fraction(1, 5) * variance + Fraction(3, 10) * change(stay, hedgers)
            assert (stay, found) in solved
    assert len(solved) == len(loss.checks) == 15


def test_thresholds_make_up_for_the_loss(panels: tuple[ChoicePanel, ChoicePanel]) -> None:
    """The jump J comes with the probability (1 - q_0) r, here 2/5."""
    _, choice = panels
    for line, cost in zip(choice.lines, map(Fraction, ("0", "0.3", "0.6")), strict=True):
        for bend, jump in zip(line.x, line.y, strict=True):
            lost = bend / 2 * 4 * Fraction(4, 5) + cost * change(Fraction(1, 4), Fraction(1, 5))
            assert jump == lost / Fraction(2, 5)
    assert choice.lines[choice.border].label == "cost of a change 0.3"


def test_what_the_solver_chooses_lies_on_its_side_of_the_line() -> None:
    # A grid some of whose points lie on the border: J = k at q_0 = 0, r = 1/2, h = 1, chi = 0.
    _, choice = alternation_panels(
        {**VALUES, "hedger_share": 0, "swing": 1, "switching_cost": 0},
        curvatures=(-1, 1), points=5,
    )  # fmt: skip
    line = choice.lines[choice.border]
    border = dict(zip(line.x, line.y, strict=True))
    seen = []
    for check in choice.checks:
        side = check.y - border[check.x]
        expected = choice.above if side > 0 else choice.below if side < 0 else "either"
        assert check.answer == expected
        seen.append(expected)
    assert set(seen) == {"elections", "steady hedge", "either"}


def test_what_is_drawn_is_what_was_prepared(panels: tuple[ChoicePanel, ChoicePanel]) -> None:
    figure = ag.figures.alternation(VALUES, points=5)
    axes: list[Any] = figure.axes
    for ax, panel in zip(axes, panels, strict=True):
        drawn = [line for line in ax.lines if line.get_marker() == "None"]
        curves = drawn[: len(panel.lines)]
        for curve, line in zip(curves, panel.lines, strict=True):
            expected = list(itertools.chain(map(float, line.x), map(float, line.y)))
            assert [*curve.get_xdata(), *curve.get_ydata()] == expected
        marks = [line for line in ax.lines if line.get_marker() != "None"]
        assert len(marks) == len(panel.checks)
        assert ax.get_xlabel() == panel.x_label
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        assert [line.label for line in panel.lines] == labels[: len(panel.lines)]
    assert figure.axes[0].get_xlabel() == "persistence of a government $s$ (probability)"


def test_a_fingerprint_sees_the_legend_of_a_panel() -> None:
    figure = ag.figures.alternation(VALUES, points=2)
    before = fingerprint(figure)
    assert fingerprint(figure) == before
    legend = figure.axes[1].get_legend()
    assert legend is not None
    legend.get_texts()[0].set_text("another word")
    assert fingerprint(figure) != before


def test_mistakes_are_named() -> None:
    with pytest.raises(ParameterError, match="`curvatures` must go from a lower to a higher"):
        alternation_panels(VALUES, curvatures=(1, -1))
    with pytest.raises(ParameterError, match="`jumps` must be a pair of numbers, got 3"):
        alternation_panels(VALUES, jumps=3)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="`points` must be"):
        alternation_panels(VALUES, points=1)
    for change_ in ({"patron_lean": 0}, {"hedger_share": 1}):
        with pytest.raises(ParameterError, match="no government sides with the patron"):
            alternation_panels({**VALUES, **change_}, points=2)
    with pytest.raises(ParameterError, match="swing"):
        alternation_panels({name: v for name, v in VALUES.items() if name != "swing"})
