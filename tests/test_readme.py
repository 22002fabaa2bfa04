"""The README's example runs and says what the README says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

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
