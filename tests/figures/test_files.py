"""The figure's files: metadata, determinism, and colors that color-blind readers can tell apart."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from pypdf import PdfReader

import alignment_games as ag
from alignment_games.figures.render import style

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "figures" / "fig_phase_map.py"


@pytest.fixture(name="files", scope="module")
def _files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return ag.figures.draw("phase-map", tmp_path_factory.mktemp("figures"))


def test_parameters_are_in_the_metadata(files: list[Path]) -> None:
    pdf, png = files
    information = PdfReader(pdf).metadata
    assert information is not None
    with Image.open(png) as image:
        texts = [information["/Keywords"], image.info["Parameters"]]
    for text in texts:
        data = json.loads(text)
        assert data["axes"]["stake"] == ["0", "8/5", 401]
        assert data["axes"]["patron_reliability"] == ["0", "1", 401]
        for name in ("vietnam", "ukraine"):
            values = {k: Fraction(v) for k, v in data["scenarios"][name].items()}
            assert values == dict(ag.load_scenario(name))


def test_two_runs_write_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    again = ag.figures.draw("phase-map", tmp_path)
    assert [p.name for p in again] == [p.name for p in files]
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in files]


def test_benchmark_script_draws_the_same_figure(files: list[Path], tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True, timeout=120)
    assert (tmp_path / "phase-map.png").read_bytes() == files[1].read_bytes()


def test_picture_is_not_blank(files: list[Path]) -> None:
    with Image.open(files[1]) as image:
        assert min(image.size) > 800
        colors = image.convert("RGB").getcolors(maxcolors=1_000_000)
    assert colors is not None
    seen = {color for count, color in colors if count > 5_000}
    for name in style.COLORS.values():
        assert tuple(round(255 * part) for part in to_rgb(name)) in seen


# Machado, Oliveira and Fernandes (2009), IEEE Transactions on Visualization and Computer Graphics
# 15, 1291-1298, doi:10.1109/TVCG.2009.113: simulation matrices for severity 1.0, linear RGB.
DEFICIENCIES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _lab(color: str, deficiency: str) -> tuple[float, float, float]:
    rgb = [_linear(part) for part in to_rgb(color)]
    seen = [
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True))))
        for row in DEFICIENCIES[deficiency]
    ]
    to_xyz = (
        (0.4124, 0.3576, 0.1805),
        (0.2126, 0.7152, 0.0722),
        (0.0193, 0.1192, 0.9505),
    )
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        _cube_root(sum(m * c for m, c in zip(row, seen, strict=True)) / w)
        for row, w in zip(to_xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(t: float) -> float:
    return float(t ** (1 / 3)) if t > 0.008856 else 7.787 * t + 16 / 116


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_colors_stay_apart(deficiency: str) -> None:
    labs = [_lab(color, deficiency) for color in style.COLORS.values()]
    for a, b in combinations(labs, 2):
        distance = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5
        assert distance > 20  # some ten times the just noticeable difference


def test_colors_differ_in_gray() -> None:
    lightness = sorted(_lab(color, "normal")[0] for color in style.COLORS.values())
    assert all(b - a > 15 for a, b in pairwise(lightness))
