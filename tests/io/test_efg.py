"""Gambit's files of trees: what is read, round trips, bad files."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import GameError, GameFileError, WorkLimitError
from alignment_games.games import Chance, Decision, Terminal
from alignment_games.games.nodes import Node
from alignment_games.io import format_efg, parse_efg, read_efg, write_efg

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


@st.composite
def trees(draw: st.DrawFn, numbers: st.SearchStrategy[Any] = EXACT) -> ExtensiveGame:
    players = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    menus = [draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)) for _ in range(3)]
    labels = draw(st.lists(NAMES, min_size=3, max_size=3, unique=True))

    def grow(depth: int) -> Node:
        kind = draw(st.integers(0, 3))
        if depth == 3 or kind == 0:
            return Terminal(tuple(draw(numbers) for _ in players))
        which = draw(st.integers(0, 2))
        branches = {action: grow(depth + 1) for action in menus[which]}
        if kind == 1:
            weights = [draw(st.integers(0, 3)) for _ in branches]
            weights[0] += 1
            shares = [Fraction(w, sum(weights)) for w in weights]
            return Chance(branches, dict(zip(branches, shares, strict=True)))
        label = labels[which] if kind == 2 else None
        return Decision(players[which % len(players)], branches, label)

    return ExtensiveGame(grow(0), players=players)


SIGNAL = """EFG 2 R "A signal of resolve" { "small_state" "hegemon" }
"A comment
of two lines"
c "nature" 1 "(0,1)" { "strong" 0.250000 "weak" 0.750000 } 0
p "" 1 1 "strong" { "resist" "yield" } 0
p "" 2 1 "resisted" { "press" "stop" } 0
t "" 1 "war" { -1.000000 -2.500000 }
t "" 2 "peace" { 2.000000 0.000000 }
t "" 3 "surrender" { 0.000000 3.000000 }
p "" 1 2 "weak" { "resist" "yield" } 0
p "" 2 1 "resisted" { "press" "stop" } 0
t "" 4 "defeat" { -4.000000 1.000000 }
t "" 2 "peace" { 2.000000 0.000000 }
t "" 3 "surrender" { 0.000000 3.000000 }
"""


def bad(text: str, *fragments: str, limit: int = 10**7) -> None:
    with pytest.raises(GameFileError, match="(?s)" + ".*".join(map(re.escape, fragments))):
        parse_efg(text, limit=limit)


def body(nodes: str, players: str = '"A" "B"') -> str:
    return f'EFG 2 R "t" {{ {players} }} "" {nodes}'


# The format


@pytest.mark.parametrize("change", [str, lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_a_file_in_gambits_layout(change: Any) -> None:
    tree = parse_efg(change(SIGNAL))
    assert tree.agents == (
        "small_state at strong",
        "hegemon at resisted",
        "small_state at weak",
    )
    assert len(tree.histories) == 4
    assert tree.exact
    assert tree.has_perfect_recall
    assert tree.node(("weak", "resist", "press")) == Terminal((-4, 1))
    form = tree.normal_form()
    assert form.shape == (4, 2)
    assert form.payoff("hegemon", "resist, resist", "press") == Fraction(1, 8)


def test_payoffs_on_the_way_are_added() -> None:
    tree = parse_efg(
        body(
            'p "" 1 1 "" { "l" "r" } 1 "fee" { -1, 1/2 } '
            't "" 2 "" { 5, 5 } c "" 1 "" { "x" 1/3 "y" 2/3 } 1 t "" 1 t "" 0'
        )
    )
    assert tree.node(("l",)) == Terminal((4, Fraction(11, 2)))
    assert tree.node(("r", "x")) == Terminal((-3, Fraction(3, 2)))
    assert tree.node(("r", "y")) == Terminal((-2, 1))


def test_descriptions_may_be_left_out_the_second_time() -> None:
    full = 'c "" 7 "e" { "x" 1/2 "y" 1/2 } 0 p "" 1 3 "i" { "l" } 0 t "" 4 "o" { 1 2 } '
    assert parse_efg(body(full + 'p "" 1 3 0 t "" 4')) == parse_efg(
        body(full + 'p "" 1 3 "i" { "l" } 0 t "" 4 "o" { 1.0, 4/2 }')
    )


def test_information_sets_keep_their_names_or_get_their_numbers() -> None:
    text = (
        'c "" 1 "" { "x" 1/2 "y" 1/2 } 0 '
        'p "" 1 1 "NAME" { "l" "r" } 0 p "" 2 9 "" { "a" } 0 t "" 0 p "" 2 1 "" { "a" } 0 t "" 0 '
        'p "" 1 1 "NAME" { "l" "r" } 0 p "" 2 9 "" { "a" } 0 t "" 0 p "" 2 2 "" { "a" } 0 t "" 0'
    )
    tree = parse_efg(body(text.replace("NAME", "hand")))
    assert tree.agents == ("A at hand", "B at (2,9)", "B after x, r", "B after y, r")
    assert parse_efg(body(text.replace("NAME", ""))).agents[0] == "A at (1,1)"
    alone = 'p "" 1 1 "only" { "l" } 0 t "" 0'
    assert parse_efg(body(alone)).root == Decision("A", {"l": Terminal((0, 0))}, "only")
    twice = 'p "" 1 1 "n" { "l" } 0 p "" 2 1 "n" { "l" } 0 t "" 0'
    assert parse_efg(body(twice)).agents == ("A at n_1", "B at n_2")


def test_repeated_and_empty_names_are_made_unique() -> None:
    tree = parse_efg(body('p "" 2 1 "" { "" "x" "x" } 0 t "" 0 t "" 0 t "" 0', '"" ""'))
    assert tree.players == ("_1", "_2")
    assert tree.actions == (("_1", "x_1", "x_2"),)
    assert tree.agents == ("_2",)


def test_a_tree_may_be_one_end() -> None:
    assert parse_efg(body('t "" 0')) == ExtensiveGame(Terminal((0, 0)), players=["A", "B"])


# Round trips


@SETTINGS
@given(trees())
def test_exact_trees_come_back(tree: ExtensiveGame) -> None:
    again = parse_efg(format_efg(tree, title='a "title" \\"'))
    assert again == tree
    assert again.information_sets == tree.information_sets


@SETTINGS
@given(trees(FLOATS))
def test_floats_come_back_as_the_decimals_they_stand_for(tree: ExtensiveGame) -> None:
    assert parse_efg(format_efg(tree)) == tree.as_exact()


def test_float_probabilities_come_back() -> None:
    ends: dict[str, Node] = {"a": Terminal((0.1,)), "b": Terminal((1,))}
    tree = ExtensiveGame(Chance(ends, {"a": 0.1, "b": 0.9}), players=["A"])
    assert '{ "a" 0.1 "b" 0.9 }' in format_efg(tree)
    assert parse_efg(format_efg(tree)) == tree.as_exact()


def test_files_are_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "tree.efg"
    tree = parse_efg(SIGNAL)
    write_efg(tree, path)
    assert read_efg(path) == tree
    path.write_bytes(SIGNAL.replace("signal", "señal").encode("latin-1"))
    with pytest.raises(GameFileError, match="UTF-8"):
        read_efg(path)
    path.write_text("EFG 3", encoding="utf-8")
    with pytest.raises(GameFileError, match=r"tree\.efg`, line 1, column 5"):
        read_efg(path)
    with pytest.raises(GameFileError, match="parse_efg"):
        read_efg(SIGNAL)


def test_a_deep_tree_is_written_and_read() -> None:
    node: Node = Terminal((0, 0))
    for k in range(3000):
        node = Decision("AB"[k % 2], {"stop": Terminal((k, 0)), "go": node})
    tree = ExtensiveGame(node, players=["A", "B"])
    again = parse_efg(format_efg(tree))
    same = again == tree
    assert same


def test_what_is_no_tree_is_refused() -> None:
    game: Any = NormalFormGame([[1]])
    with pytest.raises(GameError, match=r"got NormalFormGame.*write_nfg"):
        format_efg(game)


@pytest.mark.parametrize("title", [5, None, b"title"], ids=repr)
def test_a_title_must_be_text(title: Any) -> None:
    with pytest.raises(GameError, match=rf"`title` must be text, got {re.escape(repr(title))}"):
        format_efg(ExtensiveGame(Terminal((1,)), players=["A"]), title=title)


def test_a_backslash_at_the_end_is_refused_since_gambit_cannot_read_it() -> None:
    for title in ("\\", "a\\"):
        with pytest.raises(GameError, match=r"`title` .* ends in a backslash.*Gambit"):
            format_efg(ExtensiveGame(Terminal((1,)), players=["A"]), title=title)
    with pytest.raises(GameError, match=r"'A\\\\' ends in a backslash"):
        format_efg(ExtensiveGame(Terminal((1,)), players=["A\\"]))


@pytest.mark.parametrize("limit", [None, "x", True, 0, -1, 1.5, [1]], ids=repr)
def test_a_limit_must_be_a_whole_number(limit: Any, tmp_path: Path) -> None:
    for read in (parse_efg, read_efg):
        with pytest.raises(GameFileError, match=rf"`limit` .*got {re.escape(repr(limit))}; leave"):
            read(str(tmp_path / "none"), limit=limit)


# Bad files


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("", ("line 1, column 1", "EFG")),
        ("NFG 1 R", ("starts with EFG", "'NFG'")),
        ('EFG 1 R "t"', ("only version 2",)),
        (body("", players=""), ("at least one player",)),
        (body(""), ("the text ends before the tree is complete",)),
        (body('x "" 0'), ("c, p or t", "'x'")),
        (body("5"), ("c, p or t", "'5'")),
        (body("t 0"), ("the name of a node",)),
        (body('t "" '), ("the number of an outcome", "the end of the text")),
        (body('t "" 1'), ("outcome 1 is not described",)),
        (body('t "" 0 "null" { 1 2 }'), ("outcome 0",)),
        (body('t "" 1 "o" { 1 }'), ("outcome 1 has 1 payoff; 2 are needed",)),
        (body('t "" 1 "o" { 1 2 3 }'), ("outcome 1 has more than 2 payoffs",)),
        (body('t "" 1 "o" { 1 2'), ("outcome 1 has more than 2", )),
        (body('t "" 1 "o" 1 2'), ("outcome 1 needs '{'",)),
        (body('t "" 1 "o" { 1 1e999999999 }'), ("the payoff of 'B'", "1e999999999")),
        (body('t "" 0 t "" 0'), ("the tree is complete", "goes on")),
        (body('t "" 0 garbage'), ("goes on with 'garbage'",)),
        (body('p "" 3 1 "" { "x" } 0 t "" 0'), ("no player 3", "there are 2")),
        (body('p "" 0 1 "" { "x" } 0 t "" 0'), ("no player 0",)),
        (body('p "" -1 1 "" { "x" } 0 t "" 0'), ("whole number",)),
        (body('p "" 1 1 0'), ("information set 1 of 'A' is not described",)),
        (body('p "" 1 1 "" { } 0'), ("at least one action",)),
        (body('p "" 1 1 "" { "x" "y" } 0 t "" 0'), ("ends before the tree is complete",)),
        (body('p "" 1 1 "" { "x" } 0 p "" 1 1 "" { "y" } 0 t "" 0'), ("described in two ways",)),
        (body('p "" 1 1 "" { "x" } 0 p "" 1 1 "n" { "x" } 0 t "" 0'), ("described in two",)),
        (body('p "" 1 1 "" { "x" } 0 p "" 2 1 0 t "" 0'), ("information set 1 of 'B' is not",)),
        (body('c "" 1 0'), ("chance event 1 is not described",)),
        (body('c "" 1 "" { } 0'), ("chance event 1 sum to 0",)),
        (body('c "" 1 "" { "x" } 0'), ("the probability of 'x'",)),
        (body('c "" 1 "" { "x" 1/2 "y" 1/3 } 0'), ("chance event 1 sum to 5/6", "1/3")),
        (body('c "" 1 "" { "x" 0.333333 "y" 0.666666 } 0'), ("999999/1000000",)),
        (body('c "" 1 "" { "x" -1 "y" 2 } 0'), ("'x' is negative",)),
        (body('c "" 1 "" { "x" 1e300 "y" 1e300 } 0'), ("sum to 2",)),
        (
            body('c "" 1 "" { "x" 1 } 0 c "" 1 "" { "y" 1 } 0 t "" 0'),
            ("chance event 1 is described in two ways",),
        ),
        (
            body('c "" 1 "" { "x" 1/2 "y" 1/2 } 0 c "" 1 "" { "x" 1/3 "y" 2/3 } 0'),
            ("chance event 1 is described in two ways",),
        ),
        (
            body('p "" 1 1 "" { "x" "y" } 0 t "" 1 "o" { 1 2 } t "" 1 "o" { 1 3 }'),
            ("outcome 1 is described in two ways",),
        ),
        (
            body('p "" 1 1 "" { "x" "y" } 0 t "" 1 "o" { 1 2 } t "" 1 "p" { 1 2 }'),
            ("outcome 1 is described in two ways",),
        ),
        (body('t "unterminated 0'), ("the name of a node starts here", "closing quote")),
        (body('t "" 1 "o" { 1 2 \0 }'), ("NUL",)),
    ],
)  # fmt: skip
def test_bad_texts_are_described(text: str, fragments: tuple[str, ...]) -> None:
    bad(text, *fragments)


def test_sums_of_payoffs_beyond_floats_are_refused() -> None:
    big = f"{17 * 10**307}"
    with pytest.raises(GameError, match="range of floats"):
        parse_efg(body(f'p "" 1 1 "" {{ "x" }} 1 "o" {{ {big} 0 }} t "" 1'))


def test_sums_of_long_ratios_are_refused_before_they_take_hours() -> None:
    ratios = [f"1/{10**2000 + k}" for k in range(2, 6)]
    shares = " ".join(f'"{k}" {ratio}' for k, ratio in enumerate(ratios))
    bad(body(f'c "" 1 "" {{ {shares} }} 0'), "sum of the probabilities", "4000 digits")
    steps = "".join(
        f'p "" 1 {k} "" {{ "x" }} {k} "" {{ {ratio}, 0 }} ' for k, ratio in enumerate(ratios, 1)
    )
    bad(body(steps + 't "" 0'), "sum of the payoffs down to this node", "4000 digits")


def test_a_very_deep_tree_is_refused_without_recursion() -> None:
    text = body('p "" 1 1 "" { "x" } 0 ' + 'p "" 1 1 0 ' * 500_000 + 't "" 0')
    with pytest.raises(WorkLimitError, match="too deep"):
        parse_efg(text)


def test_a_large_text_is_refused_in_bounded_memory() -> None:
    """In a process of 512 MB more than Python with NumPy needs."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("the size of a process is read from Linux's /proc")
    script = """
import resource, alignment_games.io as io
io.parse_efg('EFG 2 R "" {"a"} t "" 0')
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 2**29
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from alignment_games.errors import AlignmentGamesError
def attempt(body, players='"a"'):
    try:
        io.parse_efg('EFG 2 R "" { ' + players + ' } ' + body)
    except AlignmentGamesError as error:
        print(type(error).__name__, error)
attempt('t "" 0' + ' ' * 100 * 2**20)
attempt('p "" 1 1 "" { ' + '"x" ' * 300_000)
attempt('p "" 1 1 "" { "x" } 0 ' + 'p "" 1 1 0 ' * 1_400_000)
attempt('p "" 1 1 "" { "x" "y" } 0 ' + 'p "" 1 1 0 t "" 0 ' * 900_000)
attempt('t "" 1 "' + 'x' * 16_000_000)
attempt('t "" 1 "o" { ' + '9' * 16_000_000)
attempt('t "" 1 "o" { 1', '"x" ' * 100_000)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 7, done.stderr[-2000:] + done.stdout
    assert "more than the limit of 16777216" in lines[0]
