"""The figures of games of signals: crisis signaling and unilateral deterrence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._typing import Number, Values
from .backend import renderer
from .prepare_crisis import crisis_panel
from .prepare_deterrence import deterrence_panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SIGNAL_FIGURES", "crisis_equilibria", "deterrence_regions"]

# Of Jo (2011), doi in `models.crisis_signaling`; the target's war is -2.9 + 0.1 X there.
_VALUES = {
    "status_quo": 0, "concession": 1, "war": Fraction(-19, 10), "back_down": Fraction(-12, 10),
    "concede": 0, "bluff_called": 1,
}  # fmt: skip
# Illustrative, from the notes (C12).
_PAYOFFS = {
    "challenger_success": 10, "challenger_status_quo": 6, "challenger_retreat": 2,
    "challenger_conflict_hard": 4, "challenger_conflict_soft": 0, "defender_status_quo": 10,
    "defender_success": 8, "defender_concession": 4, "defender_conflict_hard": 5,
    "defender_conflict_soft": 0,
}  # fmt: skip
_MARKED = tuple(Fraction(k, 10) for k in (-35, -30, -29, -28, -25))


def crisis_equilibria(
    values: Values, *, points: int = 300, marked: Sequence[Number] = ()
) -> Figure:
    """Draw all equilibria of crisis signaling games over the target's utility of war.

    Parameters
    ----------
    values : mapping of str to number
        Of the parameters of `alignment_games.models.crisis_signaling` except ``target_war``.
    points : int, optional
        Points of the curve, 3 or more.
    marked : sequence of numbers, optional
        Values of ``target_war`` at which all equilibria are searched for and marked.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If a value is missing or outside its domain, or there are too few points.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = {"status_quo": 0, "concession": 1, "war": -1.9, "back_down": -1.2,
    ...           "concede": 0, "bluff_called": 1}
    >>> len(ag.figures.crisis_equilibria(values, points=50).axes)
    1
    """
    panel = crisis_panel(values, points=points, marked=marked)
    figure: Figure = renderer().draw_crisis(panel)
    return figure


def deterrence_regions(values: Values, *, marks: int = 8) -> Figure:
    """Draw which kind of equilibrium unilateral deterrence has over the chances of hard types.

    Parameters
    ----------
    values : mapping of str to number
        Payoffs of `alignment_games.models.classics.unilateral_deterrence`.
    marks : int, optional
        Marks along each axis; 0 or more. At each mark all sequential equilibria are found, and the
        kind of those that survive D1 gives its color.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If a payoff is missing or out of order, or `marks` is negative.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> payoffs = {"challenger_success": 10, "challenger_status_quo": 6, "challenger_retreat": 2,
    ...            "challenger_conflict_hard": 4, "challenger_conflict_soft": 0,
    ...            "defender_status_quo": 10, "defender_success": 8, "defender_concession": 4,
    ...            "defender_conflict_hard": 5, "defender_conflict_soft": 0}
    >>> len(ag.figures.deterrence_regions(payoffs, marks=2).axes)
    1
    """
    figure: Figure = renderer().draw_deterrence(deterrence_panel(values, marks=marks))
    return figure


def _deterrence_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the regions of C12."""
    marks = 4 if quick else 8
    parameters: dict[str, Any] = {
        "marks": marks,
        "values": {name: str(value) for name, value in _PAYOFFS.items()},
    }
    paths: list[Path] = renderer().save(
        deterrence_regions(_PAYOFFS, marks=marks),
        folder,
        "deterrence-regions",
        title="Equilibria of unilateral deterrence over the chances of hard types",
        parameters=parameters,
    )
    return paths


def _crisis_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the correspondence of C7."""
    points = 60 if quick else 400
    parameters: dict[str, Any] = {
        "points": points,
        "marked": [str(own) for own in _MARKED],
        "values": {name: str(value) for name, value in _VALUES.items()},
    }
    paths: list[Path] = renderer().save(
        crisis_equilibria(_VALUES, points=points, marked=_MARKED),
        folder,
        "crisis-equilibria",
        title="Equilibria of crisis signaling over the target's utility of war",
        parameters=parameters,
    )
    return paths


SIGNAL_FIGURES = {
    "crisis-equilibria": _crisis_figure,
    "deterrence-regions": _deterrence_figure,
}
