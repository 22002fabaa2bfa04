"""Reports of conditions: the same condition in every format, and what it comes to at a case."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import parse_expr

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.symbolic import abbreviate, condition_report, dominance_condition

from .points import MODEL

VIETNAM = ag.load_scenario("vietnam")
SYMBOLS = {symbol.name: symbol for symbol in MODEL.parameters.symbols.values()}


def read(text: str) -> sp.Basic:
    """Read what SymPy printed, with the model's symbols."""
    return parse_expr(text, local_dict=SYMBOLS)


@pytest.mark.parametrize("over", ["balance", "bandwagon"])
def test_data_hold_the_dominance_condition(over: str) -> None:
    report = condition_report(MODEL, "hedge", over=over, values=VIETNAM)
    data = json.loads(report.to_json())
    assert [entry["against"] for entry in data["conditions"]] == ["accommodate", "coerce"]
    together = sp.And(*(read(entry["condition"]) for entry in data["conditions"]))
    assert together == dominance_condition(MODEL, "hedge", over=over)
    game = VIETNAM.model.game(VIETNAM)
    assert [entry["holds"] for entry in data["conditions"]] == [
        game.payoff("small_state", "hedge", answer) > game.payoff("small_state", over, answer)
        for answer in ("accommodate", "coerce")
    ]


def test_without_a_rival_it_is_the_only_best_response() -> None:
    report = condition_report(MODEL, "hedge", values=VIETNAM)
    assert [len(condition.args) for _, condition in report.conditions] == [2, 2]
    assert report.holds == (True, False)
    assert "hedge over every other strategy" in report.to_text()


def test_a_solved_report_says_where_the_case_turns() -> None:
    report = condition_report(
        MODEL, "coerce", over="accommodate", against="hedge", solve_for="stake", values=VIETNAM
    )
    # V_H of the notes F9: 0.553.
    assert report.spans is not None
    assert [str(span) for span in report.spans] == ["(119/215, inf)"]
    assert "V in (119/215, inf)" in report.to_text()
    assert json.loads(report.to_json())["threshold"]["values"] == ["(119/215, inf)"]
    assert r"V \in \left(\frac{119}{215}, \infty\right)" in report.to_latex()
    # A case that is decided by an equation is written as one would write it.
    assert "l0 = delta*eta*rho" in report.to_text()
    never = condition_report(
        MODEL, "hedge", over="balance", against="accommodate", solve_for="stake",
        values=VIETNAM.replace(cost_hedge=100),
    )  # fmt: skip
    assert "it earns more at no value" in never.to_text()


def test_conditions_that_hold_together_are_joined_by_and() -> None:
    report = condition_report(MODEL, "hedge", over="balance", solve_for="patron_reliability")
    assert "    delta > 0 and L*eta + Y_hedge*eta > L + Y_balance\n" in report.to_text()
    assert r"\delta > 0 \text{ and } L \eta" in report.to_latex()
    assert "wedge" not in report.to_latex()


def test_blocks_are_abbreviated_and_defined() -> None:
    report = condition_report(MODEL, "hedge", over="balance")
    text = report.to_text()
    assert "Y_hedge + c_B > Y_balance + c_H" in text
    assert "Y_balance = alpha*theta_B + e_G*x_B + e_P" in text
    full = condition_report(MODEL, "hedge", over="balance", short=False).to_text()
    assert "Y_" not in full
    for condition in (dominance_condition(MODEL, "hedge", over=own) for own in ("balance",)):
        short, where = abbreviate(condition, MODEL, blocks=("kept_value", "success"))
        assert short != condition
        assert len(where) == 4
        for part, other in zip(
            sorted(short.xreplace(where).args, key=str), sorted(condition.args, key=str),
            strict=True,
        ):  # fmt: skip
            assert sp.expand(part.lhs - part.rhs - other.lhs + other.rhs) == 0


def test_formats() -> None:
    report = condition_report(MODEL, "hedge", over="balance", solve_for="cost_hedge")
    pretty = report.to_text(pretty=True)
    assert "δ⋅η⋅ρ" in pretty
    latex = report.to_latex()
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") > 4
    assert r"\documentclass" not in latex
    page = report.to_html()
    assert page == report._repr_html_()
    body = page.removeprefix("<!doctype html>").replace('<meta charset="utf-8">', "")
    start = body.index("<main>")
    main = body[start : body.index("</main>") + len("</main>")]
    tree = ET.fromstring(main.replace("&InvisibleTimes;", ""))
    assert len(tree.findall(".//math")) > 4


def test_solving_needs_a_rival() -> None:
    with pytest.raises(ParameterError, match="`solve_for` needs `over`"):
        condition_report(MODEL, "hedge", solve_for="stake")
    with pytest.raises(ParameterError, match="unknown block 'kept'"):
        abbreviate(sp.Integer(1), MODEL, blocks=["kept"])
