"""The phase map: the subgame-perfect posture at every point of a grid of two parameters.

Points are solved in floating point; those within rounding of a tie are solved again in
rational arithmetic at their exact coordinates, so a boundary point is decided or marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .._numeric import decimal_text
from ..batch import Axis, sweep
from ..errors import ParameterError
from ..models import AlignmentModel
from ..scenarios import Scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["MIXED_POSTURES", "Axis", "check_map", "phase_map"]

MIXED_POSTURES = -1
"""Code of a point where several postures are subgame-perfect."""


def phase_map(scenario: Scenario, *, x: Axis | None = None, y: Axis | None = None) -> xr.Dataset:
    """Solve the sequential game on a grid of two parameters.

    Parameters
    ----------
    scenario : Scenario
        Gives all other parameters.
    x, y : Axis, optional
        By default ``patron_reliability`` from 0 to 1 and ``stake`` from 0 to 1.6, 401 points
        each.

    Returns
    -------
    xarray.Dataset
        What `alignment_games.sweep` returns for ``posture`` and ``coerced``, every tie decided.
        Dimensions are the two parameters' names. ``posture``: position of the unique
        subgame-perfect posture among the model's, or -1 where several are; ``coerced``:
        whether the hegemon coerces on the path (1 or 0, -1 where it may or may not); ``status``:
        ``OK`` decided in floating point, ``RESOLVED`` decided in rational arithmetic. Attributes
        hold the model, the scenario and the values of all parameters.

    Raises
    ------
    ParameterError
        If an axis leaves its parameter's domain or both axes are the same.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.analysis.phase_map(ag.load_scenario("vietnam"),
    ...                            x=ag.analysis.Axis("patron_reliability", 0, 1, 3),
    ...                            y=ag.analysis.Axis("stake", 0.3, 0.8, 2))
    >>> ds.posture.values.tolist()
    [[1, 1, 1], [2, 2, 0]]
    """
    across = Axis("patron_reliability", 0, 1) if x is None else x
    up = Axis("stake", 0, Fraction(8, 5)) if y is None else y
    if across.parameter == up.parameter:
        msg = f"`x` and `y` must be different parameters, got {up.parameter!r} twice"
        raise ParameterError(msg)
    check_map(
        scenario.model,
        scenario,
        [(axis.parameter, axis.lower, axis.upper) for axis in (across, up)],
    )
    return sweep(
        scenario.model,
        scenario,
        axes={up.parameter: up, across.parameter: across},
        outputs=("posture", "coerced"),
        resolve=True,
    )


def check_map(
    model: AlignmentModel,
    values: Mapping[str, Fraction],
    axes: Sequence[tuple[str, Fraction, Fraction]],
) -> None:
    """Refuse a map that leaves a domain or breaks a constraint somewhere."""
    space = model.parameters
    ends = {name: (value, value) for name, value in values.items()}
    for name, lower, upper in axes:
        ends[name] = space.number(name, lower), space.number(name, upper)
    for constraint in space.constraints:
        smaller, larger = ends[constraint.smaller][1], ends[constraint.larger][0]
        if smaller > larger:
            msg = (
                f"`{constraint.smaller}` must not exceed `{constraint.larger}` "
                f"({constraint.reason}) anywhere on the map, got {decimal_text(smaller)} > "
                f"{decimal_text(larger)}; shorten an axis"
            )
            raise ParameterError(msg)
