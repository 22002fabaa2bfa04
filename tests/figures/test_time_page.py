"""What the page on figures about time says is what its figures show."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.figures import dynamics
from alignment_games.figures.prepare_alternation import alternation_panels
from alignment_games.figures.prepare_discounts import discount_panel
from alignment_games.figures.prepare_policy import PolicyPanel, policy_panels
from alignment_games.figures.prepare_shift import outcome_panel

PAGE = (Path(__file__).parents[2] / "docs" / "gallery" / "time.md").read_text("utf-8")
LEVELS = [k / 10 for k in range(11)]


def alternative(name: str) -> str:
    found = re.search(rf"_static/{name}\.png\n:alt: (.*)", PAGE)
    assert found is not None
    return found[1]


def test_payoff_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn: list[Any] = []
    original = dynamics.payoff_sets

    def kept(found: Any) -> Any:
        drawn.append(original(found))
        return drawn[0]

    monkeypatch.setattr(dynamics, "payoff_sets", kept)
    ag.figures.draw("payoff-sets", tmp_path)
    titles = [ax.get_title() for ax in drawn[0].axes]
    text = alternative("payoff-sets")
    assert re.findall(r"0\.\d+", text.replace("67.5", "").replace("23.6", "")) == [
        re.findall(r"0\.\d+", title)[0] for title in titles
    ]
    said = ["a point", "67.5 %", "67.5 %", "100 %", "a point", "a segment", "23.6 %", "100 %"]
    assert [title.partition(": ")[2] for title in titles] == said
    assert "67.5 %" in text
    assert "23.6 %" in text


def test_critical_discount() -> None:
    case = ag.load_scenario("ukraine")
    x, y = ag.analysis.Axis("patron_reliability", 0, 1, 21), ag.analysis.Axis("stake", 0, 1.6, 9)
    punishments: tuple[Literal["nash", "minmax"], ...] = ("nash", "minmax")
    nash, minmax = (
        discount_panel(
            ag.batch.critical_discount_map(
                case.model, ("hedge", "accommodate"), case,
                axes={"stake": y, "patron_reliability": x}, punishment=own, resolve=True,
            )
        ).discount
        for own in punishments
    )  # fmt: skip
    text = alternative("critical-discount")
    low = nash[:3][~np.isnan(nash[:3])]
    assert "below 0.1 at stakes up to 0.4" in text
    assert low.max() < 0.1
    assert "between 0.10 and 0.15 at stake 0 to one between 0.85 and 0.90 at stake 1.6" in text
    edges = [x.values()[np.flatnonzero(~np.isnan(nash[row]))[-1]] for row in (0, -1)]
    assert edges == [0.1, 0.85]
    assert "Vietnam-like state: at stakes up to 0.4 every factor will do; above" in text
    vietnam = ag.load_scenario("vietnam")
    for own in punishments:
        ds = ag.batch.critical_discount_map(
            vietnam.model, ("hedge", "accommodate"), vietnam,
            axes={"stake": y, "patron_reliability": x}, punishment=own, resolve=True,
        )  # fmt: skip
        assert (ds["sustained"].values[:3] == ag.batch.Sustained.EVERY).all()
        assert (ds["sustained"].values[3:] != ag.batch.Sustained.EVERY).any()
    # What only the left map has in gray: balancing in peace is an equilibrium that pays more.
    columns = np.arange(nash.shape[1])
    area = np.argwhere(np.isnan(nash) & ~np.isnan(minmax) & (columns > 1)).tolist()
    assert len(area) > 50
    for row, column in area:
        assert minmax[row, column] < 0.6
        game = case.model.game(case, patron_reliability=x.exact(column), stake=y.exact(row))
        balancing = [[1, 0, 0], [1, 0]]
        assert max(ag.verify(game, balancing)) == 0
        better, worse = (game.payoff("small_state", own, "accommodate")
                         for own in ("balance", "hedge"))  # fmt: skip
        assert better > worse


def test_alternation() -> None:
    loss, choice = alternation_panels(dynamics._ALTERNATION)
    ends = [f"{float(y):.2f}" for line in loss.lines for y in (line.y[0], line.y[-1])]
    text = alternative("alternation")
    assert re.findall(r"from (0\.\d\d) to (0\.\d\d)", text) == list(
        zip(ends[::2], ends[1::2], strict=True)
    )
    slopes = {line.y[-1] - line.y[0] for line in choice.lines}
    assert len(slopes) == 1  # parallel
    assert [line.label.split()[-1] for line in choice.lines] == ["0", "0.2", "0.4"]


def test_preventive_war() -> None:
    text = alternative("preventive-war")
    values = dynamics._SHIFT
    shift, hedge = (
        outcome_panel(ag.analysis.preventive_war_map(values, x=x, y=y))
        for x, y in (
            (ag.analysis.Axis("arrival", 0, 1, 3), ag.analysis.Axis("success_later", 0, 0.8, 17)),
            (ag.analysis.Axis("stealth", 0, 1, 5), ag.analysis.Axis("breach_cost", 0, 3, 3)),
        )
    )
    fast = dict(zip(np.round(shift.y, 6).tolist(), shift.outcome[:, -1].tolist(), strict=True))
    assert (fast[0.35], fast[0.4], fast[0.45]) == ("fear", "open", "deterred")
    assert "with more than 0.4 afterward" in text
    assert hedge.border is not None
    needed = dict(zip(hedge.border.x, hedge.border.y, strict=True))
    assert needed[Fraction(1, 4)] == 0
    assert needed[Fraction(1)] == Fraction(27, 10)
    assert "from a stealth of 0.25 at no cost to a cost of 2.7 at a stealth of 1" in text
    said = {"discount": 0.9, "success_now": 0.8, "hegemon_war_cost": 1, "small_state_war_cost": 1,
            "concession": 1, "bargaining_power": 0.5}  # fmt: skip
    assert said.items() <= values.items()


def policies(case: str) -> tuple[PolicyPanel, ...]:
    values = {**ag.load_scenario(case), **dynamics._ENGAGEMENT}
    return policy_panels(
        ag.analysis.posture_policy(values, reliability=LEVELS, stake=LEVELS), title=case
    )


def test_postures_of_the_ukraine_like_state() -> None:
    alone, free, allied = policies("ukraine")
    frames = free.insured.sum(axis=1)
    assert set(frames) == {0, 1, 2}
    assert (frames > 0).sum() > 5
    assert not allied.insured.any()
    balance = free.postures.index("balance")
    assert (alone.posture[free.insured] == balance).all()
    assert (allied.posture[free.insured] == balance).all()


def test_postures_of_the_vietnam_like_state() -> None:
    alone, free, allied = policies("vietnam")
    rows, _ = np.nonzero(free.insured)
    assert set(rows) == {10}
    assert free.coerced[free.insured].all()
    balance, bandwagon = (free.postures.index(own) for own in ("balance", "bandwagon"))
    turned = (alone.posture == balance) & (free.posture == bandwagon)
    assert {LEVELS[row] for row in np.nonzero(turned)[0]} == {0.7, 0.8}
    assert (allied.posture[turned] == balance).all()
    # A hedge would be coerced there (F1.1).
    case = ag.load_scenario("vietnam")
    for row, column in np.argwhere(turned).tolist():
        place = {"stake": Fraction(row, 10), "patron_reliability": Fraction(column, 10)}
        game = case.model.game(case, **place)
        calm, coerce = (game.payoff("hegemon", "hedge", a) for a in ("accommodate", "coerce"))
        assert coerce > calm
