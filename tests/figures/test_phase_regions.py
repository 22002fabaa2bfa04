"""The figure of certified regions: its data are those of the cells, its files can be told apart."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.figures import region_panel
from alignment_games.figures.render import style

POSTURES = ("balance", "hedge", "bandwagon")


@pytest.mark.parametrize("name", ["vietnam", "ukraine"])
def test_panel_holds_the_cells_and_the_bounds(name: str) -> None:
    found = ag.analysis.phase_regions(ag.load_scenario(name), precision=1 / 64)
    panel = region_panel(found)
    assert panel.postures == POSTURES
    assert (panel.x_name, panel.y_name) == ("patron_reliability", "stake")
    assert (panel.x_symbol, panel.y_symbol) == (r"\rho", "V")
    case = ag.load_scenario(name)
    assert panel.point == (float(case["patron_reliability"]), float(case["stake"]))
    np.testing.assert_array_equal(panel.boxes, found.boxes())
    x0, x1, y0, y1 = panel.boxes
    for k in range(0, x0.size, 7):
        middle = Fraction((x0[k] + x1[k]) / 2), Fraction((y0[k] + y1[k]) / 2)
        label = found.at(*middle)
        if label is None:
            assert (panel.posture[k], panel.coerced[k]) == (-2, False)
        else:
            assert (POSTURES[panel.posture[k]], bool(panel.coerced[k])) == label
    areas = (x1 - x0) * (y1 - y0) / 1.6
    for (posture, coerced, low, high), region in zip(panel.rows, found.regions, strict=True):
        assert (posture, coerced) == region.label
        cells = (panel.posture == POSTURES.index(posture)) & (panel.coerced == coerced)
        assert low <= 100 * areas[cells].sum() + 1e-9 < low + 0.01 + 2e-9
        assert high - 0.01 < 100 * region.share[1] <= high
    assert panel.undecided == math.ceil(10_000 * found.undecided) / 100


def test_regions_of_other_answers_are_not_drawn() -> None:
    found = ag.analysis.phase_regions(
        ag.load_scenario("vietnam"), precision=0.25, outputs=("dominant",)
    )
    with pytest.raises(ParameterError, match="must be regions of"):
        region_panel(found)


def test_figure(tmp_path: Path) -> None:
    paths = ag.figures.draw("phase-regions", tmp_path)
    assert [path.name for path in paths] == ["phase-regions.pdf", "phase-regions.png"]
    with Image.open(paths[1]) as image:
        assert min(image.size) > 800
        assert "patron_reliability" in image.info["Parameters"]
        colors = image.convert("RGB").getcolors(maxcolors=1_000_000)
    assert colors is not None
    seen = {color for count, color in colors if count > 1_000}
    for name in (*style.COLORS.values(), style.TIE):
        assert tuple(round(255 * part) for part in to_rgb(name)) in seen


def test_tables_show_every_region() -> None:
    case = ag.load_scenario("ukraine")
    found = ag.analysis.phase_regions(case, precision=1 / 32)
    figure = ag.figures.phase_regions(found, found)
    assert len(figure.axes) == 4
    (table,) = figure.axes[2].tables
    cells = {place: cell.get_text().get_text() for place, cell in table.get_celld().items()}
    rows = region_panel(found).rows
    for k, (posture, coerced, low, high) in enumerate(rows, 1):
        assert cells[k, 0] == posture.capitalize() + (", coerced" if coerced else "")
        assert cells[k, 1] == f"{low:.2f} to {high:.2f}"
    assert cells[len(rows) + 1, 0] == "Undecided"
