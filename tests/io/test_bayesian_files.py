"""Bayesian games and their solutions in JSON and in tables."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

import alignment_games as ag
from alignment_games.errors import GameError, GameFileError
from alignment_games.games import BayesianGame

F = Fraction


def pressure(prior: list[object]) -> BayesianGame:
    weak, strong = [[[1, -2], [0, 0]], [[0, -1], [0, -1]]], [[[1, -2], [0, 0]], [[0, 1], [0, 2]]]
    return BayesianGame(
        [[weak, strong]],
        [prior],
        players=["state", "hegemon"],
        types=[["state"], ["weak", "resolute"]],
        strategies=[[["resist", "yield"]], [["accommodate", "coerce"]] * 2],
    )


@pytest.mark.parametrize("prior", [[0.5, 0.5], [F(1, 3), F(2, 3)], [1, 0]])
def test_games_come_back_equal(prior: list[object]) -> None:
    game = pressure(prior)
    again = ag.io.parse_json(ag.io.format_json(game))
    assert again == game
    assert isinstance(again, BayesianGame)
    assert again.exact == game.exact


def test_solutions_come_back_as_claims() -> None:
    found = ag.solve(pressure([F(1, 3), F(2, 3)]))
    stored = ag.io.parse_result(ag.io.format_result(found))
    assert stored.game == found.game
    assert (stored.concept, stored.status) == ("bayes-nash", "COMPLETE")
    assert stored.strategies == tuple(eq.profile for eq in found.equilibria)
    for own, equilibrium in zip(stored.strategies, found.equilibria, strict=True):
        assert ag.verify(found.game, own) == equilibrium.regret  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda game: game["prior"].append("0"), "2 entries, one a type profile"),
        (lambda game: game["stages"].pop(), "2 entries, one a type profile"),
        (lambda game: game.update(prior=["1/2", "1/3"]), "sum to exactly 1"),
        (lambda game: game.update(types=[[], []]), "0 entries"),
        (lambda game: game["types"][1].__setitem__(0, "resolute"), "different names"),
        (lambda game: game.update(prior=["x", "1"]), "an integer or a ratio"),
    ],
)
def test_broken_files_are_refused(change, message: str) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(ag.io.format_json(pressure([0.5, 0.5])))
    change(document["game"])
    with pytest.raises(GameFileError, match=message):
        ag.io.parse_json(json.dumps(document))


def test_a_table_has_one_column_a_type() -> None:
    game = pressure([F(1, 2), F(1, 2)])
    table = ag.io.solution_table(ag.solve(game))
    assert table.startswith("Bayes-nash by strategic-form: 1 found.")
    assert re.split(" {2,}", table.splitlines()[2]) == [
        "state",
        "hegemon of type weak",
        "hegemon of type resolute",
        "payoffs",
    ]
    with pytest.raises(GameError, match=r"take its strategic_form\(\)"):
        ag.io.game_table(game)  # type: ignore[arg-type]


def test_a_table_tells_which_component_a_row_belongs_to() -> None:
    stage = [[[0, 0], [1, -1]], [[2, 2], [1, -1]]]
    tough = [[[0, 0], [1, -1]], [[2, 2], [1, 2]]]
    game = BayesianGame([[stage, tough]], [[F(1, 4), F(3, 4)]])
    lines = ag.io.solution_table(ag.solve(game)).splitlines()
    assert "component" in lines[2]
    assert not any(line.endswith("  -") for line in lines)
    assert any(line.startswith("Component 1: dimension 2, index 1") for line in lines)
