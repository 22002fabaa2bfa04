"""The README's example runs and says what the README says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import alignment_games as ag

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(name="text", scope="module")
def _text() -> str:
    return README.read_text("utf-8")


def test_exactly_two_commands(text: str) -> None:
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert "report vietnam" in blocks[0]
    assert "pytest" in blocks[1]


def test_example_runs(text: str) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for line in example.splitlines() if line.strip()]
    assert 12 <= len(lines) <= 18
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(example, str(README), "exec"), {})  # our own file
    printed = output.getvalue()
    assert "Balance is strictly dominant." in printed
    assert "Hedge is the unique subgame-perfect posture." in printed
    assert "1163/500" in printed
    assert "small_state: hedge; hegemon: accommodate" in printed


def test_picture_and_links_exist(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in target:
            assert (README.parent / target).exists(), target


def test_the_comparison_says_what_the_package_has(text: str) -> None:
    """A row that says "no" of the package is wrong as soon as the package has it."""
    rows = {
        cells[1].strip(): cells[2].strip()
        for cells in (line.split("|") for line in text.splitlines() if line.startswith("| "))
    }
    names = {
        "repeated games": "repeated_payoffs",
        "stochastic games": "markov_perfect",
        "quantal response, learning, evolution": "replicator",
    }
    for row, name in names.items():
        assert name in ag.solvers.__all__
        assert rows[row] != "no"
    assert "replicator" in rows["quantal response, learning, evolution"]
    assert "repeated games or trees" not in text
