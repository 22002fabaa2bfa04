"""What a game file may do to us: be read, be refused, nothing else. Also a fuzz target for atheris.

    python tests/fuzz/fuzz_game_files.py nfg -max_total_time=300

runs libFuzzer on one of the parsers (``nfg`` or ``efg``) where atheris is installed; further
arguments are libFuzzer's. ``test_game_files.py`` runs the same check by hypothesis.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from alignment_games.errors import AlignmentGamesError, GameError
from alignment_games.io import format_efg, format_nfg, parse_efg, parse_nfg

LIMIT = 20_000

PAYOFFS = """NFG 1 R "Three by two"
{ "Player 1" "Player 2" } { 3 2 }

3 1 0 2 5 2 1 4 0 3 2 7
"""
OUTCOMES = """NFG 1 R "t" { "a" "b" } { { "x" "y" } { "z" } }
"note"
{ { "" 1, 1/2 } { "o" -3 .5 } } 1 0
"""
POKER = """EFG 2 R "poker" { "Fred" "Alice" }
""
c "" 1 "" { "Red" 1/2 "Black" 1/2 } 0
p "" 1 1 "" { "Bet" "Fold" } 0
p "" 2 1 "" { "See" "Pass" } 0
t "" 1 "two" { 2, -2 }
t "" 2 "one" { 1, -1 }
t "" 2 "one" { 1, -1 }
p "" 1 2 "" { "Bet" "Fold" } 0
p "" 2 1 0
t "" 3 "minus two" { -2, 2 }
t "" 2 "one" { 1, -1 }
t "" 4 "minus one" { -1, 1 }
"""
STAGES = """EFG 2 R "t" { "a" } "n"
p "" 1 1 "s" { "x" "" } 1 "fee" { -0.25 } t "" 0 p "" 1 1 0 t "" 1 t "" 2 "o" { 1e2 }
"""
SEEDS = {
    "nfg": (
        PAYOFFS,
        OUTCOMES,
        'NFG 1 D "q\\"uo\\\\te" { "a" } { { "" "" "x" } } 1e-3 2.50 -7/3',
        'NFG 1 R "" { "a" "a" "" } { 2 1 1 } "" 0 0 0 1 2 3',
    ),
    "efg": (
        POKER,
        STAGES,
        'EFG 2 D "" { "a" "" } t "" 0',
        'EFG 2 R "" { "a" } c "" 1 "e" { "x" 0.5 "x" .5 } 0 t "" 0 c "" 1 0 t "" 0 t "" 0',
    ),
}
TOKENS = (
    "NFG", "EFG", "R", "D", "c", "p", "t", "{", "}", ",", '"', '""', "\\", "\\\"", "0", "1", "2",
    "-1", "1/2", "1/0", "0.5", "1e9", "1e999999999", "1e-400", "1e400", "9" * 5000, "-", "+", ".",
    "/", "e", "\n", "\r\n", "\ufeff", "\0", " ", '"a"', "{ }", "999999999999", '{ "x" "y" }', "é",
)  # fmt: skip


def check(kind: str, text: str) -> bool:
    """Read a text; tell whether it is a game. What is read must come back when written."""
    form = kind == "nfg"
    parse: Any = parse_nfg if form else parse_efg
    write: Any = format_nfg if form else format_efg
    try:
        game = parse(text, limit=LIMIT)
    except AlignmentGamesError:
        return False
    try:
        written = write(game)
    except GameError as error:
        if "digits" in str(error):  # sums of payoffs can need more digits than a file may hold
            return True
        raise
    assert parse(written) == game
    return True


def main() -> None:
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    kind = sys.argv[1]
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for k, seed in enumerate(SEEDS[kind]):
            (Path(folder) / f"seed{k}").write_text(seed, "utf-8")
        words = Path(folder) / "words.txt"
        quoted = (
            "".join(f"\\x{byte:02x}" for byte in token.encode())
            for token in TOKENS
            if len(token) < 60
        )
        words.write_text("".join(f'"{token}"\n' for token in quoted), "utf-8")
        arguments = [sys.argv[0], f"-dict={words}", *sys.argv[2:], folder]
        atheris.Setup(arguments, lambda data: check(kind, data.decode("utf-8", "replace")))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
