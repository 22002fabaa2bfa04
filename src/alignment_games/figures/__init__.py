"""Figures: prepared as plain data, drawn with Matplotlib (extra ``figures``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..analysis import Axis, PhaseRegions
from ..analysis import phase_map as _solve_phase_map
from ..analysis import phase_regions as _solve_phase_regions
from ..errors import OutputError, suggestion
from ..io.store import prepare_folder
from ..scenarios import Scenario, load_scenario
from .backend import renderer as _render
from .beliefs import BELIEF_FIGURES, belief_maps
from .dynamics import (
    DYNAMIC_FIGURES,
    alternation,
    critical_discounts,
    payoff_sets,
    posture_policies,
    preventive_war,
)
from .prepare import Curve, PhasePanel, RegionPanel, phase_panel, region_panel
from .priors import PRIOR_FIGURES, identification, prior_robustness, sensitivity, swap
from .signals import SIGNAL_FIGURES, crisis_equilibria, deterrence_regions
from .treaties import TREATY_FIGURES, abandonment_entrapment

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = [
    "FIGURES",
    "Curve",
    "PhasePanel",
    "RegionPanel",
    "abandonment_entrapment",
    "alternation",
    "belief_maps",
    "crisis_equilibria",
    "critical_discounts",
    "deterrence_regions",
    "draw",
    "identification",
    "payoff_sets",
    "phase_map",
    "phase_panel",
    "phase_regions",
    "posture_policies",
    "preventive_war",
    "prior_robustness",
    "region_panel",
    "sensitivity",
    "swap",
]


def phase_map(*maps: xr.Dataset) -> Figure:
    """Draw phase maps side by side.

    Parameters
    ----------
    *maps : xarray.Dataset
        From `alignment_games.analysis.phase_map`, or from `alignment_games.sweep` on a grid of
        two parameters.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.analysis.phase_map(ag.load_scenario("vietnam"))
    >>> figure = ag.figures.phase_map(ds)
    >>> len(figure.axes)
    1
    """
    figure: Figure = _render().draw_phase_map([phase_panel(ds) for ds in maps])
    return figure


def phase_regions(*maps: PhaseRegions) -> Figure:
    """Draw the cells of certified regions side by side, with a table of their shares.

    Parameters
    ----------
    *maps : PhaseRegions
        From `alignment_games.analysis.phase_regions`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> found = ag.analysis.phase_regions(ag.load_scenario("vietnam"), precision=0.01)
    >>> figure = ag.figures.phase_regions(found)
    >>> len(figure.axes)
    2
    """
    figure: Figure = _render().draw_phase_regions([region_panel(found) for found in maps])
    return figure


class Drawer(Protocol):
    """What draws one figure of the package into a folder that exists."""

    def __call__(self, folder: Path, *, quick: bool) -> list[Path]:
        """Write the files and return their paths."""


def draw(name: str, folder: str | Path, *, quick: bool = False) -> list[Path]:
    """Draw one of the package's figures into a folder, as PDF and PNG.

    Parameters
    ----------
    name : str
        A key of `FIGURES`.
    folder : str or Path
        Made if it does not exist.
    quick : bool, optional
        Whether to draw it from fewer points, which the files' metadata then give.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        If the figure is unknown, the folder cannot be written, or Matplotlib is missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in draw("phase-map", folder)]
    ['phase-map.pdf', 'phase-map.png']
    """
    if name not in FIGURES:
        msg = f"unknown figure {name!r}{suggestion(name, FIGURES)}"
        raise OutputError(msg)
    _render()
    prepare_folder(Path(folder))
    return FIGURES[name](Path(folder), quick=quick)


def _phase_map_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the flagship figure: posture over reliability and stake, one panel a case."""
    scenarios = [load_scenario(name) for name in ("vietnam", "ukraine")]
    points = 101 if quick else 401
    x, y = Axis("patron_reliability", 0, 1, points), Axis("stake", 0, 1.6, points)
    figure = phase_map(*(_solve_phase_map(scenario, x=x, y=y) for scenario in scenarios))
    render = _render()
    paths: list[Path] = render.save(
        figure,
        folder,
        "phase-map",
        title="Subgame-perfect posture over patron reliability and the hegemon's stake",
        parameters=_metadata(scenarios, (x, y)),
    )
    return paths


def _phase_regions_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the regions of the flagship map, with bounds on their areas."""
    scenarios = [load_scenario(name) for name in ("vietnam", "ukraine")]
    cells = 128 if quick else 1024
    x, y = Axis("patron_reliability", 0, 1, cells + 1), Axis("stake", 0, 1.6, cells + 1)
    maps = [_solve_phase_regions(case, x=x, y=y, precision=1 / cells) for case in scenarios]
    render = _render()
    paths: list[Path] = render.save(
        phase_regions(*maps),
        folder,
        "phase-regions",
        title="Certified regions of the subgame-perfect posture, with bounds on their shares",
        parameters=_metadata(scenarios, (x, y)),
    )
    return paths


def _metadata(scenarios: Sequence[Scenario], axes: Sequence[Axis]) -> dict[str, Any]:
    return {
        "axes": {axis.parameter: [str(axis.lower), str(axis.upper), axis.points] for axis in axes},
        "scenarios": {
            scenario.name: {name: str(value) for name, value in scenario.items()}
            for scenario in scenarios
        },
    }


FIGURES: Mapping[str, Drawer] = {
    "phase-map": _phase_map_figure,
    "phase-regions": _phase_regions_figure,
    **PRIOR_FIGURES,
    **DYNAMIC_FIGURES,
    **TREATY_FIGURES,
    **BELIEF_FIGURES,
    **SIGNAL_FIGURES,
}
"""Figures by name, each with the function that draws it into a folder."""
