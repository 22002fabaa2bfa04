"""Whatever the text, a formula or model comes back or the package's own error is raised."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment_games.errors import ModelError
from alignment_games.models import model_document, parse_condition, parse_formula, parse_model
from alignment_games.models._expressions import formula_text

NAMES: dict[str, sp.Expr] = {
    "x": sp.Symbol("x", real=True),
    "y": sp.Symbol("y", nonnegative=True),
    "z": sp.Symbol("z", positive=True),
}
TOKENS = (
    "x", "y", "z", "w", "0", "1", "2", "0.5", "1e3", "1e400", "9" * 80, "+", "-", "*", "/", "**",
    "(", ")", ",", "<", "<=", "==", "!=", "and", "or", "not", "if(", "max(", "min(", "abs(",
    "sqrt(", "exp(", "log(", "64", "-1", "^", "=", ".", "_", "__", "'", '"', "[", "{", "lambda",
    "\n", "\0", "х", "²",
)  # fmt: skip
SEEDS = (
    "x*(1 - y)/z - 0.25*(x + y)**2",
    "if(x < y and not z == 1 or x > 2, max(x, y, 1), min(z, -x))",
    "sqrt(z)*exp(-x**2/2)*log(1 + y)**-1",
    "abs(x - y)**(2/3) + z**x/(z**x + 2**y)",
    "x < 1/2 and y >= 0.3 or not (z != x)",
)
MODEL = """schema = 1
name = "m"
[players]
a = ["s", "t"]
b = ["u"]
[parameters.x]
domain = [0, inf]
usual = [0, "1/2"]
[[constraints]]
smaller = "x"
larger = "x"
reason = "r"
[definitions]
d = "x + 1"
[payoffs]
s.u = { a = "d**2", b = 0.5 }
t.u = { a = 1, b = "if(x < 1, x, 2)" }
"""


def few(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


def mutated(text: str, steps: list[tuple[int, int, str]]) -> str:
    """Replace parts of a text by tokens."""
    for where, size, piece in steps:
        start = where % (len(text) + 1)
        text = text[:start] + piece + text[start + size :]
    return text


PIECES = st.one_of(st.sampled_from(TOKENS), st.text(max_size=2))
STEPS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 4), PIECES), max_size=4)
NEAR = st.builds(mutated, st.sampled_from(SEEDS), STEPS)
SOUND = st.lists(
    st.tuples(st.sampled_from(SEEDS[:-1]), st.sampled_from(["+", "-", "*", "/"])),
    min_size=1,
    max_size=3,
).map(lambda parts: "".join(f"({text}){sign}" for text, sign in parts) + "z")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=15).map(" ".join),
    NEAR,
    st.builds(mutated, SOUND, STEPS),
)


def check(text: str) -> bool:
    """Read a text as a formula and as a condition; tell whether it is one of them."""
    for parse in (parse_formula, parse_condition):
        try:
            found = parse(text, NAMES)
        except ModelError as error:
            assert "\n" not in str(error)  # noqa: PT017
            continue
        assert parse(formula_text(found), NAMES) == found, text
        return True
    return False


def run(examples: int) -> tuple[int, int]:
    counts = [0, 0]

    @few(examples)
    @given(TEXTS)
    def any_text(text: str) -> None:
        counts[0] += 1
        counts[1] += check(text)

    any_text()
    return counts[0], counts[1]


def test_the_seeds_are_read() -> None:
    assert all(map(check, SEEDS))
    assert parse_model(MODEL).payoff("b", "s", "u") == sp.Rational(1, 2)


def test_texts_are_read_or_refused() -> None:
    run(500)


@pytest.mark.slow
def test_twenty_thousand_texts_are_read_or_refused() -> None:
    total, read = run(20_000)
    print(f"{total} texts, {read} of them formulas")
    assert read >= 1_000


@few(200)
@given(STEPS)
def test_changed_files_are_read_or_refused(steps: list[tuple[int, int, str]]) -> None:
    try:
        model = parse_model(mutated(MODEL, steps))
    except ModelError:
        return
    assert parse_model(model_document(model)) == model
