"""Model files: what they mean, that they come back, and what is wrong with others."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games.errors import AlignmentGamesError, ModelError, OutputError
from alignment_games.models import build_model, load_model, model_document, parse_model, save_model

CRISIS = """
schema = 1
name = "crisis"
title = "A crisis"
reference = "nowhere"

[players]
challenger = ["wait", "demand"]
defender = ["yield", "stand firm"]

[parameters.stake]
domain = [0, inf]
usual = [0, "3/2"]
symbol = "V"
meaning = "what the prize is worth"
unit = "utility"
status = "elicited"

[parameters.cost]
domain = [0, 0.5]

[[constraints]]
smaller = "cost"
larger = "stake"
reason = "nobody pays more than the prize"

[definitions]
war = "stake/2 - cost"

[payoffs.wait]
yield = { challenger = 0, defender = "stake" }
"stand firm" = { challenger = 0, defender = "stake" }

[payoffs.demand]
yield = { challenger = "stake", defender = 0.0 }
"stand firm" = { challenger = "war", defender = "war - 0.1" }
"""


def test_a_file_is_a_model() -> None:
    model = parse_model(CRISIS)
    stake, cost = (parameter.symbol for parameter in model.parameters.values())
    assert (model.name, model.title, model.reference) == ("crisis", "A crisis", "nowhere")
    assert model.players == ("challenger", "defender")
    assert model.strategies == (("wait", "demand"), ("yield", "stand firm"))
    assert stake == sp.Symbol("V", nonnegative=True)
    assert str(model.parameters["stake"].usual) == "[0, 1.5]"
    assert model.parameters["stake"].domain.upper is None
    assert model.parameters["cost"].meaning == "cost"
    assert model.payoff("defender", "demand", "stand firm") == stake / 2 - cost - sp.Rational(1, 10)
    assert model.parameters.constraints[0].reason == "nobody pays more than the prize"
    tree = model.tree(stake=1, cost=0.25)
    assert ag.solve(tree).equilibria[0].path == ("demand", "stand firm")


def test_a_file_of_the_same_model_is_the_same() -> None:
    model = parse_model(CRISIS)
    again = parse_model(model_document(model))
    assert again == model
    assert hash(again) == hash(model)
    assert model_document(again) == model_document(model)


def test_the_alignment_game_comes_back_from_a_file(tmp_path: Path) -> None:
    model = ag.models.alignment()
    path = save_model(model, tmp_path / "own.toml")
    own = load_model(path)
    assert own.payoffs == model.payoffs
    assert own.parameters == model.parameters
    for posture in model.strategies[0]:
        difference = own.temptations[posture].difference - model.temptations[posture].difference
        assert sp.expand(difference) == 0
    vietnam = ag.load_scenario("vietnam")
    assert own.game(vietnam) == model.game(vietnam)
    axes = {"stake": (0, 2, 5), "patron_reliability": (0, 1, 5)}
    mine, theirs = (ag.sweep(m, vietnam, axes=axes) for m in (own, model))
    assert (mine.posture == theirs.posture).all()


WORDS = st.text(min_size=1, max_size=6).filter(lambda w: w.isprintable() and w.strip() == w)
FORMULAS = st.sampled_from(
    [
        "x",
        "0.1",
        "x/3 - yy**2*(z_1 - 2)*(x + 1)",
        "if(x < yy and not z_1 == 1, max(x, yy, z_1), min(x, 1/7))",
        "sqrt(x + 1)*exp(-yy)/log(2 + z_1**2)",
        "abs(z_1 - lambda)**(2/3)",
        "x**yy",
        "1e300*x",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_model_comes_back(data: st.DataObject) -> None:
    players = data.draw(
        st.dictionaries(
            WORDS, st.lists(WORDS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3
        )
    )
    profiles: list[tuple[str, ...]] = [()]
    for own in players.values():
        profiles = [(*profile, strategy) for profile in profiles for strategy in own]
    model = build_model(
        data.draw(WORDS),
        players=players,
        parameters={"x": (0, None), "yy": (1, 2), "z_1": (-1, 1), "lambda": (0.1, 0.7)},
        payoffs={p: [data.draw(FORMULAS) for _ in players] for p in profiles},
        title=data.draw(st.text(max_size=20, alphabet=st.characters(exclude_categories=["Cs"]))),
    )
    again = parse_model(model_document(model))
    assert again == model


def test_texts_with_control_characters_come_back() -> None:
    odd = 'tab\t, line\n, quote ", backslash \\, delete \x7f, bell \x07'
    model = build_model("m", players={"a": ["s"]}, parameters={}, payoffs={"s": [1]}, title=odd)
    assert parse_model(model_document(model)).title == odd


def test_models_with_plain_symbols_come_back_with_those_of_their_domains() -> None:
    x = sp.Symbol("x")
    model = build_model("m", players={"a": ["s"]}, parameters={"x": (0, 1)}, payoffs={"s": [x / 2]})
    again = parse_model(model_document(model))
    own = again.parameters["x"].symbol
    assert own == sp.Symbol("x", nonnegative=True)
    assert again.payoff("a", "s").xreplace({own: x}) == model.payoff("a", "s")


def test_what_files_cannot_hold_is_refused(tmp_path: Path) -> None:
    x = sp.Symbol("x")
    model = build_model(
        "m", players={"a": ["s"]}, parameters={"x": (0, 1)}, payoffs={"s": [sp.pi * x]}
    )
    with pytest.raises(ModelError, match="formulas cannot hold Pi"):
        save_model(model, tmp_path / "own.toml")
    assert not list(tmp_path.iterdir())


def test_files_are_written_whole(tmp_path: Path) -> None:
    model = parse_model(CRISIS)
    path = tmp_path / "own.toml"
    assert save_model(model, path) == path
    assert load_model(str(path)) == load_model(path) == model
    with pytest.raises(OutputError, match="exists"):
        save_model(model, path)
    save_model(model, path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["own.toml"]
    with pytest.raises(OutputError, match="nowhere"):
        save_model(model, tmp_path / "nowhere" / "own.toml")


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        ("schema = 1", "schema = 2", "`schema` must be 1, got 2"),
        ("schema = 1", "", "missing required field `schema`"),
        ("schema = 1", "shema = 1", "unknown key 'shema' in the file; did you mean 'schema'"),
        ("title", "titel", "did you mean 'title'"),
        ('name = "crisis"', "name = 5", "Expected `str`, got `int`"),
        ('challenger = \\["wait", "demand"\\]', 'challenger = "wait"',
         "Expected `array`, got `str`"),
        ("usual", "usually", "unknown key 'usually' in parameters.stake; did you mean 'usual'"),
        ("\\[0, inf\\]", "0", "in parameters.stake: Expected `array`"),
        ("\\[0, inf\\]", "[0]", r"`parameters.stake.domain` must be \(lower, upper\)"),
        ("\\[0, inf\\]", "[inf, 0]", "a finite number is needed"),
        ("\\[0, inf\\]", "[nan, 0]", "a finite number is needed"),
        ("\\[0, inf\\]", '["1/0", 1]', "`parameters.stake.domain`: a decimal such as 0.7"),
        ("\\[0, inf\\]", "[1e999, inf]", "between 1e-300 and 1e300"),
        ('"3/2"', "-1", "`parameters.stake.usual` must have its lower bound first"),
        ('"elicited"', '"guess"', "`parameters.stake.status` is unknown: 'guess'"),
        ('smaller = "cost"', 'smaller = "costs"', "unknown parameter 'costs'; did you mean 'cost'"),
        ("reason", "because", r"unknown key 'because' in constraints\[0\]"),
        ("\\[\\[constraints\\]\\]", "[constraints]", "in the file: Expected `array`"),
        ('war = "', 'wars = "', r"`payoffs\.demand\.stand firm\.challenger`, column 1: unknown"),
        ('"stake/2 - cost"', '"stake/2 - "', r"`definitions\.war`, column 11: a number, a name"),
        ('"war - 0.1"', '"war - 0,1"', "column 8: an operator or the end is expected here"),
        ('"war - 0.1"', "true", r"firm\.defender`: a number is needed, got True"),
        ('"war - 0.1"', "[1]", "a number is needed, got list"),
        ('"war - 0.1"', "1979-05-27", "a number is needed, got date"),
        ("challenger = 0, ", "", r"`payoffs\.wait\.yield` must hold a payoff of challenger"),
        ("challenger = 0, ", "challenge = 0, ", "an unknown player 'challenge'; did you mean"),
        ("payoffs.wait", "payoffs.waits", "unknown key 'waits' in payoffs; did you mean 'wait'"),
        ('yield = \\{ challenger = "stake', 'yields = { challenger = "stake',
         "unknown key 'yields' in payoffs.demand; did you mean 'yield'"),
        ('"stand firm" = \\{ challenger = 0.*', "", r"\('wait', 'stand firm'\) is missing"),
        ("(?s)\\[payoffs.wait\\].*", "[payoffs]\nwait = 1\n", "`payoffs.wait` must be a table"),
        ("(?s)\\[payoffs.wait\\].*", "", "missing required field `payoffs`"),
        ("\\[parameters.cost\\]", "[parameters.stake]", "not valid TOML"),
    ],
)  # fmt: skip
def test_bad_files_name_the_file_the_key_and_the_column(
    tmp_path: Path, pattern: str, replacement: str, message: str
) -> None:
    path = tmp_path / "own.toml"
    text, count = re.subn(pattern, lambda _: replacement, CRISIS, count=1)
    assert count == 1
    path.write_text(text, "utf-8")
    with pytest.raises(ModelError, match=message) as caught:
        load_model(path)
    assert str(caught.value).startswith(f"`{path}`: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; write one with save_model"),
        (b"\xff\xfe\x00\x01" * 100, "not UTF-8"),
        (b"\0" * 100, "NUL"),
        (b"#" * 1_048_577, "larger than 1048576 bytes"),
    ],
    ids=["empty", "binary", "nul", "large"],
)
def test_unreadable_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=message):
        load_model(path)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist; give the path of a model file"):
        load_model(tmp_path / "none.toml")
    fifo = tmp_path / "fifo.toml"
    os.mkfifo(fifo)
    with pytest.raises(ModelError, match="not a regular file"):
        load_model(fifo)
    wrong: Any = 5
    with pytest.raises(ModelError, match="`path` must name a file, got int"):
        load_model(wrong)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_model_or_a_clear_error(text: str) -> None:
    with pytest.raises(AlignmentGamesError):
        parse_model(text)
