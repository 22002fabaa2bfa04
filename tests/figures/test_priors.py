"""Figures about priors: what they show is what the results hold, and they can be drawn again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures import prepare_priors as prepare

SCRIPTS = Path(__file__).parents[2] / "benchmarks" / "figures"
MODEL = ag.models.alignment()
NAMES = ("prior-robustness", "sensitivity", "identification", "swap")


@pytest.fixture(name="robustness", scope="module")
def _robustness() -> list[ag.analysis.PriorRobustness]:
    return [
        ag.analysis.prior_robustness(MODEL, name, points=5000, rng=1)
        for name in ("base", "all-four")
    ]


@pytest.fixture(name="sensitivity", scope="module")
def _sensitivity() -> ag.analysis.Sensitivity:
    return ag.analysis.sensitivity(MODEL, points=512, rng=1, resamples=20)


@pytest.fixture(name="tables", scope="module")
def _tables() -> list[ag.analysis.Identification]:
    return [
        ag.analysis.identification_table(MODEL, name, points=4000, rng=1)
        for name in ("base", "both-free")
    ]


@pytest.fixture(name="swap", scope="module")
def _swap() -> ag.analysis.Swap:
    cases = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")
    return ag.analysis.swap(*cases, points=2000, rng=1)


def first(line: Any) -> float:
    return float(line.get_xdata()[0])


def test_bars_are_the_shares(robustness: list[ag.analysis.PriorRobustness]) -> None:
    bars = prepare.share_bars(robustness)
    assert bars.rows == ("base", "all-four")
    assert bars.postures == MODEL.strategies[0]
    for k, result in enumerate(robustness):
        for posture, calm, hit in zip(
            bars.postures, bars.in_peace[k], bars.coerced[k], strict=True
        ):
            assert calm == result.share("in_peace", posture).estimate
            assert calm + hit == pytest.approx(result.share("chosen", posture).estimate)
            half = result.share("chosen", posture).interval
            assert (half[1] - half[0]) / 2 <= bars.widest < 0.02
        assert sum(bars.in_peace[k]) + sum(bars.coerced[k]) == pytest.approx(1)
        lead = result.share("dominant")
        assert bars.dominant[k] == prepare.Interval(lead.estimate, *lead.interval)
        assert bars.dominant_and_chosen[k].value == result.share("all").estimate


def test_effects_are_the_indices(sensitivity: ag.analysis.Sensitivity) -> None:
    effects = prepare.effects(sensitivity)
    assert effects.parameters == tuple(e.parameter for e in sensitivity.effects)
    for k, effect in enumerate(sensitivity.effects):
        assert effects.total[k].value == effect.total.value
        assert effects.first[k].high == effect.first.high
        assert effects.rank_correlation[k].low == effect.rank_correlation.low
    assert effects.title.startswith("Hedge is the unique subgame-perfect posture")


def test_dots_are_the_shares_of_the_tables(tables: list[ag.analysis.Identification]) -> None:
    dots = prepare.identification_dots(tables)
    assert dots.priors == ("base", "both-free")
    for row, table in enumerate(tables):
        for k, one in enumerate(table.rows):
            assert dots.schemes[k] == one.scheme.name
            assert dots.peace[row][k].low == one.peace.interval[0]
            assert dots.before[row][k] == one.before.estimate
            assert dots.kept[row][k] == one.retained.count


def test_exchange_is_the_cells(swap: ag.analysis.Swap) -> None:
    shown = prepare.exchange(swap)
    assert shown.rows[:2] == (
        "hedge (own)\nnumbers of vietnam",
        "hedge (as vietnam)\nnumbers of ukraine",
    )
    for k, cell in enumerate(swap.cells):
        assert (shown.gain[k] > shown.price[k]) is shown.coerced[k] is cell.coerced
        assert shown.gain[k] - shown.price[k] == pytest.approx(float(cell.temptation))
        assert shown.peace[k].value == cell.peace.estimate
        assert (shown.instead[k] is None) is (cell.instead is None)


def test_what_is_drawn_is_what_was_prepared(
    robustness: list[ag.analysis.PriorRobustness],
    sensitivity: ag.analysis.Sensitivity,
    tables: list[ag.analysis.Identification],
    swap: ag.analysis.Swap,
) -> None:
    def widths(ax: Any) -> list[float]:
        return [patch.get_width() for patch in ax.patches]

    bars = prepare.share_bars(robustness)
    (ax,) = ag.figures.prior_robustness(*robustness).axes
    flat = [w for k in range(2) for pair in zip(bars.in_peace[k], bars.coerced[k], strict=True)
            for w in pair]  # fmt: skip
    assert widths(ax) == pytest.approx(flat)
    left, right = ag.figures.sensitivity(sensitivity).axes
    assert widths(left) == pytest.approx([e.total.value for e in sensitivity.effects])
    drawn = [first(line) for line in right.lines if line.get_marker() == "o"]
    assert drawn == pytest.approx([e.rank_correlation.value for e in sensitivity.effects])
    (ax,) = ag.figures.identification(*tables).axes
    drawn = [first(line) for line in ax.lines
             if line.get_marker() == "D" and np.size(line.get_xdata())]  # fmt: skip
    assert drawn == pytest.approx([row.peace.estimate for row in tables[1].rows])
    left, right = ag.figures.swap(swap).axes
    drawn = [first(line) for line in left.lines if line.get_marker() == "o"]
    assert drawn == pytest.approx([float(cell.gain) for cell in swap.cells])
    drawn = [first(line) for line in right.lines if line.get_marker() == "D"]
    assert drawn == [cell.instead.estimate for cell in swap.cells if cell.instead is not None]


def check_files(name: str, folder: Path) -> None:
    paths = ag.figures.draw(name, folder / "a")
    assert [p.name for p in paths] == [f"{name}.pdf", f"{name}.png"]
    information = PdfReader(paths[0]).metadata
    assert information is not None
    with Image.open(paths[1]) as image:
        assert image.size[0] > 800
        colors = image.convert("L").getcolors()
        texts = (str(information["/Keywords"]), str(image.info["Parameters"]))
    assert colors is not None
    assert len(colors) > 20
    for text in texts:
        assert '"seed": 1' in text
        assert json.loads(text)
    again = ag.figures.draw(name, folder / "b")
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in paths]


def test_files_of_the_swap(tmp_path: Path) -> None:
    check_files("swap", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_files_of_every_figure(name: str, tmp_path: Path) -> None:
    check_files(name, tmp_path)
    subprocess.run(
        [sys.executable, str(SCRIPTS / f"fig_{name.replace('-', '_')}.py"), str(tmp_path / "c")],
        check=True,
        timeout=300,
    )
    for ending in ("pdf", "png"):
        file = f"{name}.{ending}"
        assert (tmp_path / "c" / file).read_bytes() == (tmp_path / "a" / file).read_bytes()


def test_mistakes_are_named(
    robustness: list[ag.analysis.PriorRobustness], tables: list[ag.analysis.Identification]
) -> None:
    other = ag.analysis.prior_robustness(MODEL, posture="balance", points=100, rng=1)
    for results in ((), (*robustness, other)):
        with pytest.raises(ParameterError, match="all about one posture"):
            ag.figures.prior_robustness(*results)
    one = ag.analysis.identification_table(MODEL, schemes=["all-free"], points=100, rng=1)
    for shown in ((), (*tables, one), (*tables, *tables, tables[0])):
        with pytest.raises(
            ParameterError, match="`tables` must be one to four of the same schemes"
        ):
            ag.figures.identification(*shown)
