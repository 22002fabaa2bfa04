"""What elections lose against a steady hedge, as plain data with exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from .._numeric import decimal_text
from .._typing import Number, Values
from ..errors import ParameterError, whole
from ..models import DynamicModel, alternating_governments
from ..solvers import markov_perfect
from .prepare_choices import (
    MAX_POINTS,
    Check,
    ChoicePanel,
    axis_label,
    axis_values,
    line_along,
)

__all__ = ["alternation_panels"]


def alternation_panels(
    values: Values,
    *,
    curvatures: tuple[Number, Number] = (-0.5, 1),
    jumps: tuple[Number, Number] = (0, 1),
    points: int = 9,
) -> tuple[ChoicePanel, ChoicePanel]:
    """Return what elections lose against a steady hedge, and where they are chosen all the same.

    Parameters
    ----------
    values : mapping of str to number
        Of all parameters of `alignment_games.models.alternating_governments`.
    curvatures, jumps : pair of numbers, optional
        Ends of the axes ``curvature`` and ``alliance_jump``.
    points : int, optional
        Of each line and along each axis of the grid at which games are solved.

    Returns
    -------
    pair of ChoicePanel
        The loss a period along ``persistence``, for three shares of hedgers; the gain from a
        guarantee that makes up for it along ``curvature``, for three costs of a change.

    Raises
    ------
    ParameterError
        If a value is unknown, missing or outside its domain, an axis is not from a lower to a
        higher number, `points` is not a whole number above 1, or there is no threshold because no
        government sides with the patron.

    Examples
    --------
    >>> loss, _ = alternation_panels({
    ...     "discount": 0.9, "persistence": 0.5, "hedger_share": 0, "patron_lean": 0.5,
    ...     "swing": 1, "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.2,
    ... }, points=3)
    >>> print(*loss.lines[0].y)
    3/10 1/4 1/5
    """
    model = alternating_governments()
    given = model.parameters.complete(values, {})
    steps = whole("points", points, 2, MAX_POINTS)
    across, up = axis_values("curvatures", curvatures, steps), axis_values("jumps", jumps, steps)
    along = axis_values("persistence", (0, 1), steps)
    return _losses(model, given, along), _thresholds(model, given, across, up)


def _losses(
    model: DynamicModel, given: Mapping[str, Fraction], along: tuple[Fraction, ...]
) -> ChoicePanel:
    shares = (Fraction(0), Fraction(1, 3), Fraction(2, 3))
    lines = tuple(
        line_along(model, "loss", {**given, "hedger_share": share}, ("persistence", along),
                   label=f"share of hedgers {share}")
        for share in shares
    )  # fmt: skip
    checks = tuple(
        Check(
            x=stay,
            y=_solved_loss(model, {**given, "hedger_share": share, "persistence": stay}),
            answer="from the solved game",
        )
        for share in shares
        for stay in along
    )
    return ChoicePanel(
        title="What elections lose against a steady hedge",
        x_label=axis_label(model, "persistence"),
        y_label="loss a period (utility)",
        x_range=(along[0], along[-1]),
        y_range=_around(y for line in lines for y in line.y),
        lines=lines,
        answers=("from the solved game",),
        checks=checks,
    )


def _thresholds(
    model: DynamicModel,
    given: Mapping[str, Fraction],
    across: tuple[Fraction, ...],
    up: tuple[Fraction, ...],
) -> ChoicePanel:
    own = given["switching_cost"]
    costs = sorted({Fraction(0), own, 2 * own or Fraction(1)})
    lines = tuple(
        line_along(model, "jump_threshold", {**given, "switching_cost": cost},
                   ("curvature", across), label=f"cost of a change {decimal_text(cost)}")
        for cost in costs
    )  # fmt: skip
    if not lines[costs.index(own)].x:
        msg = (
            "there is no threshold where no government sides with the patron: `patron_lean` must "
            "be above 0 and `hedger_share` below 1"
        )
        raise ParameterError(msg)
    return ChoicePanel(
        title=f"Which is better at a cost of a change of {decimal_text(own)}",
        x_label=axis_label(model, "curvature"),
        y_label=axis_label(model, "alliance_jump"),
        x_range=(across[0], across[-1]),
        y_range=(up[0], up[-1]),
        lines=lines,
        below="steady hedge",
        above="elections",
        border=costs.index(own),
        answers=("elections", "steady hedge", "either"),
        checks=tuple(
            Check(x=bend, y=jump, answer=_chosen(model, given, bend, jump))
            for bend in across
            for jump in up
        ),
    )


def _solved_loss(model: DynamicModel, values: Mapping[str, Fraction]) -> Fraction:
    """Return the loss a period from the values of the game, the first government being drawn."""
    game = model.game(values)
    worth = markov_perfect(game).equilibria[0].values
    start = game.state_index("constitution")
    row = game.exact_transitions[start][game.strategies[start][0].index("elections")]
    mean = sum((chance * own[0] for chance, own in zip(row, worth, strict=True)), Fraction(0))
    return -(1 - values["discount"]) * mean


def _chosen(
    model: DynamicModel, given: Mapping[str, Fraction], bend: Fraction, jump: Fraction
) -> str:
    game = model.game(given, curvature=bend, alliance_jump=jump)
    found = markov_perfect(game).equilibria
    chosen = {eq.played("constitution")[0][0] for eq in found}
    return chosen.pop().replace("_", " ") if len(chosen) == 1 else "either"


def _around(values: Iterable[Fraction]) -> tuple[Fraction, Fraction]:
    """Return a range of values, 0 included, with some room."""
    known = [Fraction(0), *values]
    low, high = min(known), max(known)
    room = (high - low or Fraction(1)) / 12
    return low - room, high + room
