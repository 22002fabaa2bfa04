"""Gambit's files of normal forms: what is read, round trips, bad files."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.errors import (
    AlignmentGamesError,
    GameError,
    GameFileError,
    OutputError,
    WorkLimitError,
)
from alignment_games.games import ExtensiveGame, Terminal
from alignment_games.io import format_nfg, parse_nfg, read_nfg, write_nfg

SETTINGS = settings(max_examples=100, deadline=None)

NAMES = st.one_of(
    st.sampled_from(['"', '\\"', "a\\b", '\\\\"', "}", "{", " x ", "\n", "\r\n", "é", "1/2"]),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6
    ),
).filter(lambda name: not name.endswith("\\"))
EXACT = st.one_of(
    st.integers(-3, 3),
    st.fractions(max_denominator=10**6),
    st.integers(-(10**40), 10**40),
    st.builds(Fraction, st.integers(-(10**60), 10**60), st.integers(1, 10**60)),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)

PAYOFFS = """NFG 1 R "Three by two"
{ "Player 1" "Player 2" } { 3 2 }

3 1 0 2 5 2 1 4 0 3 2 7
"""
OUTCOMES = """NFG 1 R "Three by two" { "Player 1" "Player 2" }

{
{ "1" "2" "3" }
{ "1" "2" }
}

{
{ "" 3, 1 }
{ "" 0, 2 }
{ "" 5, 2 }
{ "" 1, 4 }
{ "" 0, 3 }
{ "" 2, 7 }
}
1 2 3 4 5 6
"""


def nest(flat: list[Any], shape: tuple[int, ...]) -> list[Any]:
    nested = flat
    for size in reversed(shape[1:]):
        nested = [nested[k : k + size] for k in range(0, len(nested), size)]
    return nested


@st.composite
def normal_forms(draw: st.DrawFn, numbers: st.SearchStrategy[Any] = EXACT) -> NormalFormGame:
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    size = math.prod(shape)
    payoffs = [nest(draw(st.lists(numbers, min_size=size, max_size=size)), shape) for _ in shape]
    players = draw(st.lists(NAMES, min_size=len(shape), max_size=len(shape), unique=True))
    strategies = [draw(st.lists(NAMES, min_size=m, max_size=m, unique=True)) for m in shape]
    return NormalFormGame(payoffs, players=players, strategies=strategies)


def bad(text: str, *fragments: str, limit: int = 10**6) -> None:
    with pytest.raises(GameFileError, match="(?s)" + ".*".join(map(re.escape, fragments))):
        parse_nfg(text, limit=limit)


def small(body: str = "1 2 3 4", strategies: str = '{ "x" "y" } { "z" }') -> str:
    return f'NFG 1 R "t" {{ "a" "b" }} {{ {strategies} }} "" {body}'


# The formats


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES])
@pytest.mark.parametrize("change", [str, lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_both_versions_in_gambits_layout(text: str, change: Any) -> None:
    game = parse_nfg(change(text))
    assert game == NormalFormGame(
        [[[3, 1], [0, 0], [5, 2]], [[1, 4], [2, 3], [2, 7]]],
        players=["Player 1", "Player 2"],
        strategies=[["1", "2", "3"], ["1", "2"]],
    )


def test_the_first_player_varies_fastest() -> None:
    game = parse_nfg('NFG 1 R "" {"a" "b" "c"} {2 2 2} ' + " ".join(str(k) for k in range(24)))
    assert [game.payoff("a", *p) for p in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))] == [
        0,
        3,
        6,
        12,
    ]
    assert game.payoff("c", 1, 1, 1) == 23


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("0.25", "1/4"),
        ("1e-3", "1/1000"),
        ("-1/3", "-1/3"),
        ("+2", "2"),
        (".5", "1/2"),
        ("-.5", "-1/2"),
        ("5.", "5"),
        ("1.5E+2", "150"),
        ("2/4", "1/2"),
        ("007", "7"),
        ("-0", "0"),
        ("123456789012345678901234567890/7", "123456789012345678901234567890/7"),
        ("0.10000000000000000555111512312578", "10000000000000000555111512312578e-32"),
    ],
)  # fmt: skip
def test_numbers_are_exact(token: str, value: str) -> None:
    game = parse_nfg(small(f"{token} 0 0 0"))
    assert game.exact
    assert game.payoff("a", "x", "z") == Fraction(value)


def test_outcome_zero_pays_nothing_and_outcomes_may_be_used_often() -> None:
    game = parse_nfg(small('{ { "win" 1/2, 3, } { "never" 9 9 } } 0 1'))
    assert game.payoff("b", "y", "z") == 3
    assert game.payoff("a", "x", "z") == 0
    assert parse_nfg(small("{ } 0 0")).payoff("b", "y", "z") == 0


def test_a_comment_and_the_letter_d_are_read_over() -> None:
    text = small().replace("NFG 1 R", "NFG 1 D").replace('""', '"a \\"comment\\"\nof two lines"')
    assert parse_nfg(text) == parse_nfg(small())


def test_names_are_unescaped_and_made_unique_as_gambit_does() -> None:
    text = small().replace('"a"', r'"say \"a\" \b \\"').replace('"y"', '"x"')
    game = parse_nfg(text)
    assert game.players == ('say "a" \\b \\', "b")
    assert game.strategies == (("x_1", "x_2"), ("z",))
    assert parse_nfg(small(strategies='{ "" "x_1" } { "" }')).strategies == (("_1", "x_1"), ("_1",))
    double = parse_nfg(small(strategies='{ "x" "x" "x_1" } { "z" }', body="1 " * 6))
    assert double.strategies[0] == ("x_2", "x_3", "x_1")
    assert parse_nfg(small().replace('"b"', '"a"')).players == ("a_1", "a_2")


# Round trips


@SETTINGS
@given(normal_forms())
def test_exact_games_come_back(game: NormalFormGame) -> None:
    assert parse_nfg(format_nfg(game)) == game
    assert parse_nfg(format_nfg(game, outcomes=True, title='a "title" \\"')) == game


@SETTINGS
@given(normal_forms(FLOATS))
def test_floats_come_back_as_the_decimals_they_stand_for(game: NormalFormGame) -> None:
    again = parse_nfg(format_nfg(game))
    assert again == game.as_exact()
    assert (again.payoffs == game.payoffs).all()


def test_a_fraction_among_floats_stays_exact() -> None:
    game = NormalFormGame([[0.5, Fraction(1, 3)]])
    assert "0.5 1/3" in format_nfg(game)
    assert parse_nfg(format_nfg(game)) == game.as_exact()


def test_equal_outcomes_are_written_once() -> None:
    text = format_nfg(NormalFormGame([[[1, 1], [1, 0]], [[2, 2], [2, 0]]]), outcomes=True)
    assert text.count("Outcome") == 2
    assert text.endswith("1 1\n1 2\n")


def test_files_are_written_whole_and_read_back(tmp_path: Path) -> None:
    game = NormalFormGame([[1, Fraction(1, 3)]], players=["é\r\n"], strategies=[["x", "\n"]])
    path = tmp_path / "game.nfg"
    write_nfg(game, path, title="t")
    assert read_nfg(path) == game == read_nfg(str(path))
    assert [p.name for p in tmp_path.iterdir()] == ["game.nfg"]
    with pytest.raises(OutputError, match="nowhere"):
        write_nfg(game, tmp_path / "nowhere" / "game.nfg")


@pytest.mark.parametrize("name", ["\0", "\ud800"])
def test_names_that_no_file_can_hold_are_refused(name: str, tmp_path: Path) -> None:
    game = NormalFormGame([[1]], players=[name])
    with pytest.raises(GameError, match="choose another name"):
        write_nfg(game, tmp_path / "game.nfg")
    assert not list(tmp_path.iterdir())


def test_numbers_that_no_file_can_hold_are_refused() -> None:
    with pytest.raises(GameError, match="more than 4000 digits"):
        format_nfg(NormalFormGame([[Fraction(10**5000, 10**5000 + 1)]]))
    for digits in (3900, 4000):
        largest = 10**digits - 1
        long = NormalFormGame([[Fraction(largest - 1, largest), Fraction(-largest + 1, largest)]])
        assert parse_nfg(format_nfg(long)) == long
    with pytest.raises(GameError, match="more than 4000 digits"):
        format_nfg(NormalFormGame([[Fraction(1, 10**4000)]]))


def test_what_is_no_normal_form_is_refused() -> None:
    tree: Any = ExtensiveGame(Terminal((1,)), players=["A"])
    with pytest.raises(GameError, match=r"got ExtensiveGame.*write_efg"):
        format_nfg(tree)


@pytest.mark.parametrize("title", [5, None, b"title"], ids=repr)
def test_a_title_must_be_text(title: Any) -> None:
    with pytest.raises(GameError, match=rf"`title` must be text, got {re.escape(repr(title))}"):
        format_nfg(NormalFormGame([[1]]), title=title)


def test_a_backslash_at_the_end_is_refused_since_gambit_cannot_read_it() -> None:
    for title in ("\\", "a\\"):
        with pytest.raises(GameError, match=r"`title` .* ends in a backslash.*Gambit"):
            format_nfg(NormalFormGame([[1]]), title=title)
    with pytest.raises(GameError, match=r"'A\\\\' ends in a backslash"):
        format_nfg(NormalFormGame([[1]], players=["A\\"]))


@pytest.mark.parametrize("limit", [None, "x", True, 0, -1, 1.5, [1]], ids=repr)
def test_a_limit_must_be_a_whole_number(limit: Any, tmp_path: Path) -> None:
    for read in (parse_nfg, read_nfg):
        with pytest.raises(GameFileError, match=rf"`limit` .*got {re.escape(repr(limit))}; leave"):
            read(str(tmp_path / "none"), limit=limit)


# Bad files


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("", ("line 1, column 1", "NFG", "the end of the text")),
        ("EFG 2 R", ("starts with NFG", "'EFG'")),
        ("hello", ("'hello'",)),
        ('NFG 2 R "t"', ("only version 1", "2")),
        ('NFG 1 X "t"', ("letter R",)),
        ("NFG 1 R t", ("the title in double quotes", "'t'")),
        ('NFG 1 R "t', ("the title starts here", "closing quote")),
        ('NFG 1 R "t\\"', ("closing quote",)),
        ('NFG 1 R "t" "a"', ("the list of players needs '{'",)),
        ('NFG 1 R "t" { "a" ', ("the name of a player", "the end of the text")),
        ('NFG 1 R "t" { a }', ("the name of a player in double quotes", "'a }'")),
        ('NFG 1 R "t" { } { } 1', ("at least one player",)),
        ('NFG 1 R "t" { "a" } { 0 } 1', ("'a' needs at least one strategy",)),
        ('NFG 1 R "t" { "a" } { { } } 1', ("'a' needs at least one strategy",)),
        ('NFG 1 R "t" { "a" } { -1 } 1', ("whole number", "-1")),
        ('NFG 1 R "t" { "a" } { 1.5 } 1', ("whole number", "1.5")),
        ('NFG 1 R "t" { "a" } { 1 1 } 1', ("more than the 1 players",)),
        ('NFG 1 R "t" { "a" "b" } { 1 } 1', ("1 of the 2 players",)),
        ('NFG 1 R "t" { "a" "b" } { { "x" } 2 } 1', ("'{'", "'2 }")),
        (small("1 2 3"), ("the text ends after 3 of 4 payoffs",)),
        (small(""), ("the text ends after 0 of 4 payoffs",)),
        (small("1 2 3 4 5"), ("complete", "'5'")),
        (small("1 2 3 4 x"), ("complete", "'x'")),
        (small("1 2 3 x"), ("the payoff of 'b'", "'x'")),
        (small("1, 2, 3, 4"), ("the payoff of 'b'", "', 2")),
        (small("1 2 3 1/0"), ("divides by zero", "1/0")),
        (small("1 2 3 1e5000"), ("exponent beyond 400",)),
        (small("1 2 3 1e999999999"), ("1e999999999",)),
        (small("1 2 3 1e-999999999"), ("1e-999999999",)),
        (small("1 2 3 1e309"), ("range of floats",)),
        (small("1 2 3 1e400"), ("range of floats",)),
        (small("1 2 3 1.2.3"), ("'1.2.3'",)),
        (small("1 2 3 1//3"), ("'1//3'",)),
        (small("1 2 3 1/3/4"), ("'1/3/4'",)),
        (small("1 2 3 1/0.5"), ("'1/0.5'",)),
        (small("1 2 3 ."), ("'.'",)),
        (small("1 2 3 1e"), ("'1e'",)),
        (small("1 2 3 1e+"), ("'1e+'",)),
        (small("1 2 3 - 4"), ("'- 4'",)),
        (small("1 2 3 nan"), ("'nan'",)),
        (small("1 2 3 inf"), ("'inf'",)),
        (small("1 2 3 \u0661"), ("the payoff of 'b'",)),
        (small("1 2 3 0x10"), ("'x10'",)),
        (small("1 2 3 __import__('os')"), ("the payoff of 'b'",)),
        (small('{ { "" 1 2 } } 1 2'), ("no outcome 2", "1 are listed")),
        (small('{ { "" 1 2 } } 1'), ("the outcomes of 1 of 2 profiles",)),
        (small('{ { "" 1 2 } } 1 -1'), ("whole number", "-1")),
        (small('{ { "" 1 2 } } 1 1 1'), ("complete",)),
        (small('{ { "" 1 } } 1 1'), ("outcome 1 has 1 payoff; 2 are needed",)),
        (small('{ { "" 1 2 3 } } 1 1'), ("outcome 1 has more than 2 payoffs",)),
        (small("{ { 1 2 } } 1 1"), ("the name of outcome 1",)),
        (small('{ { "" 1,,2 } } 1 1'), ("the payoff of 'b'",)),
        (small('{ { "" 1 2 }'), ("needs '{'", "the end of the text")),
        (small("1 2 3\0 4"), ("NUL",)),
    ],
)  # fmt: skip
def test_bad_texts_are_described(text: str, fragments: tuple[str, ...]) -> None:
    bad(text, *fragments)


def test_the_place_is_named() -> None:
    bad('NFG 1 R "t"\n{ "a" }\n  { 1 } oops', "line 3, column 9", "oops")
    bad('NFG 1 R "two\nlines" {"a"} {1} x', "line 2, column 18")


def test_long_numbers_are_refused_before_they_are_computed() -> None:
    for number in ("9" * 10**6, "1/" + "9" * 10**6, "0." + "1" * 10**6, "9" * 4002):
        bad(small(f"1 2 3 {number}"), "4000 digits", limit=10**7)
    bad(small("1 2 3 1e" + "9" * 10**6), "'1e999", limit=10**7)
    assert parse_nfg(small("1 2 3 0." + "1" * 3000)).payoff("b", "y", "z") < Fraction(1, 9)


def test_large_texts_are_refused() -> None:
    bad(small() + " " * 10**6, "1000", "`limit`", limit=10**6)
    bad(PAYOFFS, "limit of 10", limit=10)
    assert parse_nfg(small() + " " * 10**6).shape == (2, 1)
    wrong: Any = b"NFG"
    with pytest.raises(GameFileError, match="got bytes"):
        parse_nfg(wrong)


def test_counts_larger_than_the_text_are_refused_before_memory_is_taken() -> None:
    bad('NFG 1 R "t" { "a" } { 999999999999 } 1', "more than the text can hold")
    bad('NFG 1 R "t" { "a" "b" "c" } { 9 9 9 } 1 1 1 1 1 1', "729 profiles", "more than the text")
    bad('NFG 1 R "t" { "a" } { ' + "9" * 20 + " } 1", "whole number of at most 18 digits", "999")
    many = " ".join(f'"p{k}"' for k in range(31))
    with pytest.raises(WorkLimitError, match="31 players"):
        parse_nfg(f'NFG 1 R "" {{ {many} }} {{ {"1 " * 31} }} 1')
    with pytest.raises(WorkLimitError, match="10000000000 profiles"):
        parse_nfg('NFG 1 R "" { "a" "b" } { 100000 100000 } ' + "1 " * 10**6)


def test_missing_and_wrong_files(tmp_path: Path) -> None:
    def fails(path: Any, *fragments: str, limit: int = 1000) -> None:
        with pytest.raises(GameFileError, match="(?s)" + ".*".join(map(re.escape, fragments))):
            read_nfg(path, limit=limit)

    fails(tmp_path / "no.nfg", "no.nfg", "does not exist")
    fails(tmp_path, "is not a regular file")
    fails(PAYOFFS, "parse_nfg(text)")
    fails("a\0b", "a\0b")
    fails(3, "`path`", "int")
    path = tmp_path / "game.nfg"
    for data, fragment in (
        (b"\xff\xfeN\0F\0G\0", "UTF-8"),
        (b'NFG 1 R "\xe9"', "UTF-8"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"NFG\0", "NUL"),
        (b"x" * 1001, "larger than 1000 bytes"),
        (b"NFG 3", "game.nfg`, line 1, column 5: only version 1"),
    ):
        path.write_bytes(data)
        fails(path, fragment)
    path.write_bytes(b"\xef\xbb\xbf" + PAYOFFS.replace("\n", "\r\n").encode())
    assert read_nfg(path) == parse_nfg(PAYOFFS)


def test_a_hundred_megabytes_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    """In a process of 512 MB more than Python with NumPy needs."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("the size of a process is read from Linux's /proc")
    path = tmp_path / "large.nfg"
    with path.open("wb") as stream:
        stream.write(PAYOFFS.encode())
        stream.truncate(100 * 2**20)
    script = f"""
import resource, alignment_games.io as io
io.parse_nfg('NFG 1 R "" {{"a"}} {{1}} 1')
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 2**29
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from alignment_games.errors import AlignmentGamesError
def attempt(call):
    try:
        call()
    except AlignmentGamesError as error:
        print(type(error).__name__, error)
attempt(lambda: io.read_nfg({str(path)!r}))
head = 'NFG 1 R "" {{"a" "b"}} '
attempt(lambda: io.parse_nfg(head + '{{200 500}} ' + '1/3 ' * 4_000_000))
attempt(lambda: io.parse_nfg(head + '"' + 'x' * 16_000_000))
attempt(lambda: io.parse_nfg(head + '{{{{' + '"x" ' * 4_000_000))
attempt(lambda: io.parse_nfg(head + '{{' * 16_000_000))
attempt(lambda: io.parse_nfg(head + '{{1 1}} 1 ' + '9' * 16_000_000))
attempt(lambda: io.parse_nfg(head + '"' + '\\\\"' * 8_000_000))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 7, done.stderr[-2000:]
    assert "larger than 16777216 bytes" in lines[0]


def test_every_error_is_the_packages_own() -> None:
    assert issubclass(GameFileError, AlignmentGamesError)
    assert issubclass(GameFileError, ValueError)
