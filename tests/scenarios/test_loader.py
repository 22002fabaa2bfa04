"""Scenario files: the shipped ones are complete, the user's own are checked key by key."""

from __future__ import annotations

import os
import re
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games.errors import AlignmentGamesError, OutputError, ParameterError, ScenarioError
from alignment_games.models import ParameterStatus
from alignment_games.scenarios import new_scenario, parse_scenario, scenario_names

NAMES = ("ukraine", "ukraine-dual-hedge", "ukraine-modest-hedge", "vietnam")


@pytest.fixture(name="own")
def _own(tmp_path: Path) -> Path:
    return new_scenario(tmp_path / "mine.toml", based_on="ukraine")


def edited(path: Path, pattern: str, replacement: str) -> Path:
    """Return the file after one replacement, which must match."""
    text, count = re.subn(pattern, lambda _: replacement, path.read_text("utf-8"), count=1)
    assert count == 1, f"{pattern} does not occur"
    path.write_text(text, "utf-8")
    return path


def test_names() -> None:
    assert scenario_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenarios_document_every_value(name: str) -> None:
    scenario = ag.load_scenario(name)
    assert tuple(scenario) == tuple(scenario.model.parameters)
    for key, entry in (*scenario.entries.items(), *scenario.perceived.items()):
        assert entry.note, key
        assert entry.value in entry.range, key
        assert set(entry.sources) <= set(scenario.sources), key
        if entry.status is ParameterStatus.MEASURED:
            assert entry.sources, key
    assert scenario.notes
    for source in scenario.sources.values():
        assert {"author", "title"} <= set(source.fields), source.key


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_used(name: str) -> None:
    scenario = ag.load_scenario(name)
    values = (*scenario.entries.values(), *scenario.perceived.values())
    cited = [entry.sources for entry in values] + [note.sources for note in scenario.notes]
    assert {key for keys in cited for key in keys} == set(scenario.sources)


def test_values_are_exact_decimals() -> None:
    vietnam = ag.load_scenario("vietnam")
    assert vietnam["hedging_discount"] == Fraction(3, 20)
    assert vietnam["coercion_success"] == Fraction(9, 10)


def test_perceived_reliability_of_ukraine() -> None:
    ukraine = ag.load_scenario("ukraine")
    assert ukraine["patron_reliability"] == Fraction(1, 5)
    assert ukraine.beliefs["patron_reliability"] == Fraction(7, 10)
    assert {k: v for k, v in ukraine.beliefs.items() if k != "patron_reliability"} == {
        k: v for k, v in ukraine.items() if k != "patron_reliability"
    }


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
def test_notes_say_what_the_data_contradict(name: str) -> None:
    text = " ".join(note.text for note in ag.load_scenario(name).notes)
    assert "0.090" in text  # the ratio of budgets, against raw asymmetry as the cause
    if name == "vietnam":
        assert "ES-11/3" in text
    else:
        assert "not identified" in text


def test_modest_and_dual_hedge_differ_only_in_tilt_and_discount() -> None:
    base = ag.load_scenario("ukraine")
    for name in ("ukraine-modest-hedge", "ukraine-dual-hedge"):
        other = ag.load_scenario(name)
        changed = {key for key in base if base[key] != other[key]}
        assert changed == {"tilt", "hedging_discount"}
    assert ag.load_scenario("ukraine-modest-hedge")["tilt"] < base["tilt"]
    assert ag.load_scenario("ukraine-dual-hedge")["tilt"] > base["tilt"]


def test_copy_edit_load(own: Path) -> None:
    edited(own, r"(?s)(?<=\[parameters\.stake\]\nvalue = )0\.45", '"3/7"')
    scenario = ag.load_scenario(own)
    assert scenario.name == "mine"
    assert scenario["stake"] == Fraction(3, 7)
    assert ag.load_scenario(str(own))["stake"] == Fraction(3, 7)


def test_copy_refuses_to_overwrite(own: Path) -> None:
    before = own.read_bytes()
    with pytest.raises(OutputError, match="exists"):
        new_scenario(own)
    assert own.read_bytes() == before
    new_scenario(own, based_on="vietnam", overwrite=True)
    assert ag.load_scenario(own).actors["hegemon"] == "China"


def test_copy_of_a_bad_file_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("schema = 1\n", "utf-8")
    with pytest.raises(ScenarioError, match="missing required field"):
        new_scenario(tmp_path / "new.toml", based_on=str(bad))
    with pytest.raises(ScenarioError, match=r"must end in \.toml"):
        new_scenario(tmp_path / "new.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.toml"]


def test_minimal_file_takes_usual_ranges() -> None:
    vietnam = ag.load_scenario("vietnam")
    lines = ['schema = 1\nname = "bare"\nmodel = "alignment"\n']
    lines += [
        f'[parameters.{name}]\nvalue = "{value}"\nstatus = "assumption"\n'
        for name, value in vietnam.items()
    ]
    bare = parse_scenario("\n".join(lines))
    assert dict(bare) == dict(vietnam)
    assert bare.entries["stake"].range == bare.model.parameters["stake"].usual
    assert bare.actors["hegemon"] == "hegemon"


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (r"schema = 1", "schema = 2", "`schema` must be 1, got 2"),
        (r"schema = 1", 'schema = "1"', "Expected `int`"),
        (r'model = "alignment"', 'model = "alignmnt"', "did you mean 'alignment'"),
        (r"\[parameters\.stake\]", "[parameters.stakes]", "did you mean 'stake'"),
        (r"\[parameters\.stake\]", "[parameter.stake]", "did you mean 'parameters'"),
        (r"\[perceived\.patron_reliability\]", "[perceived.patrn]", "unknown parameter 'patrn'"),
        (r"status = ", "statu = ", "did you mean 'status'"),
        (r'status = "elicited"', 'status = "guess"', "measured, elicited|elicited, measured|assum"),
        (r'status = "elicited"', 'status = "measured"', "`sources` must name"),
        (r"value = 0\.8", "value = nan", "finite"),
        (r"value = 0\.8", "value = inf", "finite"),
        (r"value = 0\.8", "value = -0.1", r"must lie in \[0, inf\)"),
        (r"value = 0\.8", "value = true", "a number is needed, got True"),
        (r"value = 0\.8", 'value = "1/0"', "a decimal such as 0.7"),
        (r"value = 0\.8", 'value = "2*0.4"', "a decimal such as 0.7"),
        (r"value = 0\.8", """value = '__import__("os").getcwd()'""", "a decimal such as 0.7"),
        (r"value = 0\.8", "value = 1e999999999", "between 1e-300 and 1e300"),
        (r"value = 0\.8", f"value = {'9' * 5000}", "too many digits"),
        (r"value = 0\.8", f"value = {'9' * 200}", "at most 1e100"),
        (r"value = 0\.8", f"value = 0.{'9' * 200}", "too many digits"),
        (r"value = 0\.8", "value = [0.8]", "a number is needed"),
        (r"value = 0\.8", "value = 1979-05-27", "a number is needed"),
        (r"range = \[0, 2\]", "range = [0.9, 2]", "must hold the value 0.8"),
        (r"range = \[0, 2\]", "range = [-1, 2]", r"lie in \[0, inf\)"),
        (r"range = \[0, 2\]", "range = [0, 1, 2]", "must be .lowest, highest."),
        (r"range = \[0, 2\]", 'range = "0-2"', "Expected `array"),
        (r'sources = \["barbieri2009"\]', 'sources = ["barbieri"]', "did you mean 'barbieri2009'"),
        (r'hegemon = "Russia"', 'hegemony = "Russia"', "did you mean 'hegemon'"),
        (r"(?s)\[parameters\.tilt\].*?(?=\n\[)", "", "missing: tilt"),
        (r"\[parameters\.tilt\]", "[parameters.stake]", "not valid TOML"),
        (
            r"(?s)(?<=support_effect\]\n)value = 0\.5\nrange[^\n]*",
            "value = 0.95",
            "must not exceed",
        ),
        (r"\A", "a" + ".a" * 40_000 + " = 1\n", "16 parts"),
        (r"\A", "x = " + "[" * 50_000, "nested too deeply"),
    ],
)
def test_bad_files_name_the_rule(own: Path, pattern: str, replacement: str, message: str) -> None:
    edited(own, pattern, replacement)
    started = time.process_time()
    with pytest.raises(AlignmentGamesError, match=message) as caught:
        ag.load_scenario(own)
    assert str(own) in str(caught.value)
    assert "\n" not in str(caught.value).strip()
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\xff\xfe\x00\x01" * 100, "not UTF-8"),
        (b"\0" * 100, "NUL"),
        (b"a = 1\n", "unknown key 'a'"),
        ("".join(f"k{i} = 1\n" for i in range(10**6)).encode(), "larger than"),
    ],
    ids=["empty", "blank", "binary", "nul", "unknown-key", "million-keys"],
)
def test_unreadable_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=message):
        ag.load_scenario(path)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="does not exist"):
        ag.load_scenario(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="not a regular file"):
        ag.load_scenario(tmp_path)
    fifo = tmp_path / "fifo.toml"
    os.mkfifo(fifo)
    with pytest.raises(ScenarioError, match="not a regular file"):
        ag.load_scenario(fifo)


def test_unknown_scenario_suggests_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'vietnam'"):
        ag.load_scenario("vietnm")


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_a_scenario_or_a_clear_error(text: str) -> None:
    with pytest.raises(AlignmentGamesError):
        parse_scenario(text)


def test_replace_keeps_documentation() -> None:
    vietnam = ag.load_scenario("vietnam")
    changed = vietnam.replace(stake=0.6)
    assert changed["stake"] == Fraction(3, 5)
    assert changed.entries["stake"].overridden
    assert changed.entries["stake"].range == vietnam.entries["stake"].range
    assert vietnam["stake"] == Fraction(3, 10)
    with pytest.raises(ParameterError, match="did you mean 'stake'"):
        vietnam.replace(stakes=1)
    with pytest.raises(ScenarioError, match="no perceived `stake`"):
        vietnam.replace_perceived(stake=1)
    ukraine = ag.load_scenario("ukraine").replace_perceived(patron_reliability=0.3)
    assert ukraine.beliefs["patron_reliability"] == Fraction(3, 10)
