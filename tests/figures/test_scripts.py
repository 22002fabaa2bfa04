"""Each figure has a script, and each can be drawn from fewer points."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import alignment_games as ag

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "benchmarks" / "figures"


def script_of(name: str) -> Path:
    return SCRIPTS / f"fig_{name.replace('-', '_')}.py"


def parameters(picture: Path) -> str:
    with Image.open(picture) as image:
        return str(image.info["Parameters"])


def test_every_figure_has_a_script_that_calls_its_function() -> None:
    assert {script_of(name) for name in ag.figures.FIGURES} == set(SCRIPTS.glob("*.py"))
    for name in ag.figures.FIGURES:
        text = script_of(name).read_text("utf-8")
        assert f'draw("{name}", folder, quick=quick)' in text
        assert f"python benchmarks/figures/{script_of(name).name} [--quick] [FOLDER]" in text


QUICK_IN_CI = ("payoff-sets", "alternation", "preventive-war")


@pytest.mark.parametrize(
    "name",
    [
        name if name in QUICK_IN_CI else pytest.param(name, marks=pytest.mark.slow)
        for name in ag.figures.FIGURES
    ],
)
def test_a_quick_figure_says_that_it_has_fewer_points(name: str, tmp_path: Path) -> None:
    paths = ag.figures.draw(name, tmp_path, quick=True)
    assert [path.name for path in paths] == [f"{name}.pdf", f"{name}.png"]
    assert parameters(paths[1]) != parameters(ROOT / "docs" / "_static" / f"{name}.png")


def test_a_script_draws_quickly_if_asked(tmp_path: Path) -> None:
    command = [sys.executable, str(script_of("payoff-sets")), "--quick", str(tmp_path / "script")]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    paths = [Path(line) for line in result.stdout.splitlines()]
    drawn = ag.figures.draw("payoff-sets", tmp_path, quick=True)
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in drawn]
