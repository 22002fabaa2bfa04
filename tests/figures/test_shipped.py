"""The pictures of the documentation show what the code gives now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

import alignment_games as ag
from alignment_games.figures.fingerprint import fingerprint

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "docs" / "_static"


def shown(picture: Path) -> dict[str, str]:
    with Image.open(picture) as image:
        found = {key: image.info[key] for key in ("Title", "Parameters", "Comment")}
    # Last digits of intervals depend on the version of SciPy.
    return found | {"Parameters": re.sub(r"(\.\d{9})\d+", r"\1", found["Parameters"])}


@pytest.mark.parametrize("name", ag.figures.FIGURES)
def test_a_shipped_picture_is_not_stale(name: str, tmp_path: Path) -> None:
    ag.figures.draw(name, tmp_path)
    assert shown(SHIPPED / f"{name}.png") == shown(tmp_path / f"{name}.png")


def test_every_figure_is_shipped_and_shown() -> None:
    assert {path.stem for path in SHIPPED.glob("*.png")} == set(ag.figures.FIGURES)
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs").rglob("*.md"))
    assert set(re.findall(r"_static/([\w-]+)\.png", pages)) == set(ag.figures.FIGURES)


def alternative(page: str, name: str) -> str:
    """Return what a page says of a picture to those who cannot see it."""
    text = (ROOT / "docs" / "how-to" / page).read_text("utf-8")
    found = re.search(rf"_static/{name}\.png\n:alt: (.*)", text)
    assert found is not None
    return found[1]


def test_alternative_texts_give_the_numbers_of_the_pictures() -> None:
    model = ag.models.alignment()
    hedges = [
        ag.analysis.prior_robustness(model, name, rng=1).share("chosen").estimate
        for name in ag.analysis.named_priors(model)
    ]
    said = re.findall(r"(\d+) %", alternative("priors.md", "prior-robustness"))
    drawn = [f"{100 * share:.0f}" for share in hedges]
    assert said == drawn
    regions = alternative("draw-the-phase-map.md", "phase-regions")
    bounds = re.findall(r"(\d+\.\d\d) to (\d+\.\d\d)", regions)
    cases = [ag.load_scenario(name) for name in ("vietnam", "ukraine")]
    x, y = ("patron_reliability", 0, 1), ("stake", 0, 1.6)
    panels = [
        ag.figures.region_panel(ag.analysis.phase_regions(case, x=x, y=y, precision=1 / 1024))
        for case in cases
    ]
    rows = [row for panel in panels for row in panel.rows]
    assert bounds == [(f"{low:.2f}", f"{high:.2f}") for *_, low, high in rows]


def test_the_fingerprint_sees_numbers_and_words() -> None:
    cases = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")

    def drawn(rng: int = 1, confidence: float = 0.95) -> str:
        exchanged = ag.analysis.swap(*cases, points=500, rng=rng, confidence=confidence)
        return fingerprint(ag.figures.swap(exchanged))

    assert drawn() == drawn()
    assert len({drawn(), drawn(rng=2), drawn(confidence=0.9)}) == 3

    def map_of(cost: float) -> str:
        axes = {"x": ag.analysis.Axis("tilt", 0, 1, 11), "y": ag.analysis.Axis("stake", 0, 1, 11)}
        case = cases[0].replace(coercion_cost=cost)
        return fingerprint(ag.figures.phase_map(ag.analysis.phase_map(case, **axes)))

    assert map_of(0.6) == map_of(0.6) != map_of(0.3)

    def regions_of(x: tuple[str, float, float]) -> str:
        found = ag.analysis.phase_regions(cases[0], x=x, y=("stake", 0, 1), precision=1 / 16)
        return fingerprint(ag.figures.phase_regions(found))

    assert regions_of(("tilt", 0, 1)) != regions_of(("tilt", 0, 0.5))
