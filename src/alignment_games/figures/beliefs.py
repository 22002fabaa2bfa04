"""The figures of beliefs: postures over intentions and commitment, without and with ambiguity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis import ambiguity_map
from ..errors import ParameterError
from ..models import uncertainty
from ..scenarios import load_scenario
from .backend import renderer
from .inputs import require_titles
from .prepare_beliefs import belief_panel

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["BELIEF_FIGURES", "belief_maps"]

# Illustrative: a status quo power that gains little, a revisionist much.
_STAKES = {"stake_status_quo": Fraction(1, 5), "stake_revisionist": Fraction(6, 5)}
_SPREAD = Fraction(1, 5)
_CASES = {"Vietnam-like": "vietnam", "Ukraine-like": "ukraine"}


def belief_maps(maps: Mapping[str, Sequence[xr.Dataset]]) -> Figure:
    """Draw postures over the belief in a revisionist and the patron's commitment.

    Parameters
    ----------
    maps : mapping of str to sequence of xarray.Dataset
        For the title of each case its results from `alignment_games.analysis.ambiguity_map`, from
        left to right.

    Returns
    -------
    matplotlib.figure.Figure
        One row a title, or one row of all if each has one map. The posture that is best by the
        worst of the beliefs; hatched where it is another one than without ambiguity.

    Raises
    ------
    ParameterError
        If there are none, or they hold something else.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = ag.models.uncertainty().values_of(
    ...     ag.load_scenario("ukraine"), revisionist_belief=0.3, patron_commitment=0.5,
    ...     stake_status_quo=0.2, stake_revisionist=1.2)
    >>> grid = [k / 10 for k in range(11)]
    >>> found = [ag.analysis.ambiguity_map(values, beliefs=grid, commitments=grid,
    ...                                    commitment_spread=spread) for spread in (0, 0.2)]
    >>> len(ag.figures.belief_maps({"Ukraine-like": found}).axes)
    2
    """
    require_titles("maps", maps)
    if not maps or not all(maps.values()):
        msg = "`maps` must hold one or more results of ambiguity_map for each title, got none"
        raise ParameterError(msg)
    rows = {title: [belief_panel(found) for found in own] for title, own in maps.items()}
    figure: Figure = renderer().draw_beliefs(rows)
    return figure


def _belief_maps_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the maps of both cases, side by side."""
    return _drawn(folder, "belief-maps", "Postures over beliefs", [{}], quick=quick)


def _ambiguity_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw what ambiguity about the patron and about the threat changes (F3.5)."""
    spreads = [{"commitment_spread": _SPREAD}, {"belief_spread": _SPREAD}]
    title = "What ambiguity about the patron and about the threat changes"
    return _drawn(folder, "ambiguity", title, spreads, quick=quick)


def _drawn(
    folder: Path, name: str, title: str, spreads: Sequence[Mapping[str, Fraction]], *, quick: bool
) -> list[Path]:
    points = 21 if quick else 81
    grid = [Fraction(k, points - 1) for k in range(points)]
    values = {case: _values(scenario) for case, scenario in _CASES.items()}
    maps = {
        case: [ambiguity_map(own, beliefs=grid, commitments=grid, **spread) for spread in spreads]
        for case, own in values.items()
    }
    parameters: dict[str, Any] = {
        "grid": ["0", "1", points],
        "spreads": [{key: str(value) for key, value in own.items()} for own in spreads],
        "values": {
            case: {key: str(value) for key, value in own.items()} for case, own in values.items()
        },
    }
    figure = belief_maps(maps)
    paths: list[Path] = renderer().save(figure, folder, name, title=title, parameters=parameters)
    return paths


def _values(scenario: str) -> dict[str, Any]:
    anywhere = {"revisionist_belief": 0, "patron_commitment": 0}  # the map replaces both
    return dict(uncertainty().values_of(load_scenario(scenario), **_STAKES, **anywhere))


BELIEF_FIGURES = {"belief-maps": _belief_maps_figure, "ambiguity": _ambiguity_figure}
