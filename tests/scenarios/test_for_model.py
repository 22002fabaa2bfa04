"""One case in several models: what a scenario adds for another model."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.cli import main
from alignment_games.errors import ParameterError, ScenarioError
from alignment_games.scenarios import new_scenario, parse_scenario, scenario_names


def text_of(tmp_path: Path) -> str:
    return new_scenario(tmp_path / "mine.toml", based_on="vietnam").read_text("utf-8")


@pytest.mark.parametrize("name", scenario_names())
def test_the_triangle_of_a_shipped_case_is_its_alignment_game(name: str) -> None:
    case = ag.load_scenario(name)
    other = case.for_model("triangle")
    assert tuple(other) == tuple(other.model.parameters)
    assert all(entry.note and entry.value in entry.range for entry in other.entries.values())
    one, two = (own.model.game(own).exact_payoffs for own in (case, other))
    assert np.array_equal(one, two)
    assert case.for_model("alignment") is case


def test_a_report_of_the_triangle(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ("--set", "stake=0.6", "--set", "treaty_penalty_balance=0.8")
    assert main(["report", "vietnam", "--model", "triangle", *settings]) == 0
    out = capsys.readouterr().out
    assert "treaty_penalty_balance" in out
    assert "patron_reliability" not in out
    # rho_B is then 0.88, above rho_D: balancing deters, and hedging does not.
    assert re.search(r"Balance is the unique subgame-perfect\s+posture", out)


def test_mistakes_are_named(tmp_path: Path) -> None:
    case = ag.load_scenario("vietnam")
    with pytest.raises(ScenarioError, match="unknown model 'triangel'; did you mean 'triangle'"):
        case.for_model("triangel")
    text = text_of(tmp_path)
    less = text[: text.index("[models.triangle.treaty")] + text[text.index("[sources.") :]
    with pytest.raises(ScenarioError, match="has no values of treaty_penalty_balance, treaty"):
        parse_scenario(less)
    none = text[: text.index("[models.triangle")] + text[text.index("[sources.") :]
    with pytest.raises(ScenarioError, match="has no values of patron_stake"):
        parse_scenario(none).for_model("triangle")
    for old, new, error, words in (
        ("models.triangle.patron_stake", "models.triangel.patron_stake", ScenarioError,
         "unknown key `models.triangel`"),
        ("models.triangle.patron_stake", "models.triangle.patron_steak", ParameterError,
         "unknown parameter 'patron_steak'"),
        ("models.triangle.patron_stake", "models.triangle.tilt", ScenarioError,
         "must stand in"),
        ("value = 0.32", "value = -1", ParameterError, "`treaty_penalty_balance` must lie in"),
    ):  # fmt: skip
        assert old in text
        with pytest.raises(error, match=words):
            parse_scenario(text.replace(old, new))
