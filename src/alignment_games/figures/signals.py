"""The figure of a game of signals: all equilibria of crisis signaling."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._typing import Number, Values
from .backend import renderer
from .prepare_crisis import crisis_panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SIGNAL_FIGURES", "crisis_equilibria"]

# Of Jo (2011), doi in `models.crisis_signaling`; the target's war is -2.9 + 0.1 X there.
_VALUES = {
    "status_quo": 0, "concession": 1, "war": Fraction(-19, 10), "back_down": Fraction(-12, 10),
    "concede": 0, "bluff_called": 1,
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


SIGNAL_FIGURES = {"crisis-equilibria": _crisis_figure}
