"""Where a shift of power provokes an attack, and where a hedge that is believed prevents it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from .._typing import FloatArray, StatusArray, Values
from ..batch import Axis
from ..errors import ParameterError, WorkLimitError
from ..models import power_shift
from ..models.evaluate import exact_function

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SHIFT_OUTCOMES", "preventive_war_map"]

SHIFT_OUTCOMES: dict[int, str] = {
    -1: "open",
    0: "shift",
    1: "hedge",
    2: "deterred",
    3: "gamble",
    4: "fear",
}
"""Codes of `preventive_war_map`, and the words for them."""

_MEANINGS = {
    "shift": "the small state draws close to its patron and is not attacked",
    "hedge": "it hedges, although drawing close would not be attacked",
    "deterred": "it hedges, and drawing close would be attacked: the hedge removes the war",
    "gamble": "it draws close and is attacked unless that is done at once",
    "fear": "it would draw close in secret, and is attacked at once: no hedge is believed",
    "open": "a tie: there are several equilibria, mostly with different outcomes",
}

_MOST_POINTS = 1_000_000


def preventive_war_map(
    values: Values, *, x: Axis | None = None, y: Axis | None = None
) -> xr.Dataset:
    """Say at every point of a grid whether a shift of power leads to war, and why.

    Parameters
    ----------
    values : mapping of str to number
        Parameters of `alignment_games.models.power_shift`; those of the axes may be left out.
    x, y : Axis, optional
        By default ``arrival`` from 0 to 1 and ``success_later`` from 0 to ``success_now``, 101
        points each.

    Returns
    -------
    xarray.Dataset
        Dimensions are the two parameters' names, `y` first. Every point is decided in rational
        arithmetic at its exact coordinates. ``outcome``: what is played from ``neutral`` on, a code
        of `SHIFT_OUTCOMES`; ``attacked``: whether the hegemon attacks a small state that draws
        close (1 or 0, -1 if both are equally good); ``credible``: whether the small state keeps to
        its hedge (1 or 0, -1 if both are equally good, or it depends on how the hegemon would
        decide a tie); ``least_concession``: the share that would have to be ceded to
        prevent the attack, not limited to [0, 1]: above 1 there is a commitment problem.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or outside its domain somewhere on the map, an axis is
        no Axis, or both axes are the same.
    WorkLimitError
        If there are more than a million points.

    Notes
    -----
    Outcomes are those of pure stationary Markov-perfect equilibria in which the small state's
    strategy is not weakly dominated. (Without the latter there may be a second one where it hedges:
    to balance and to be attacked at once.) A hegemon that gains nothing by attacking keeps a
    settled peace, in ``neutral`` as in ``joined``: where ``bargaining_power`` is 0 it is
    indifferent there everywhere, and other equilibria are left out. Some 5,000 points are decided
    in a second.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = {"discount": 0.9, "success_now": 0.8, "concession": 1, "bargaining_power": 0.1,
    ...           "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.25,
    ...           "breach_cost": 0}
    >>> ds = ag.analysis.preventive_war_map(values, x=ag.analysis.Axis("arrival", 0, 1, 3),
    ...                                     y=ag.analysis.Axis("success_later", 0, 0.8, 3))
    >>> [[ag.analysis.SHIFT_OUTCOMES[code] for code in row] for row in ds.outcome.values]
    [['hedge', 'fear', 'fear'], ['hedge', 'deterred', 'deterred'], ['hedge', 'hedge', 'hedge']]
    """
    model = power_shift()
    up, across = _axes(model.parameters.mapping(values), x, y)
    for corner in itertools.product((up.lower, up.upper), (across.lower, across.upper)):
        given = dict(zip((up.parameter, across.parameter), corner, strict=True))
        model.game(values, **given)  # which refuses what lies outside a domain
        numbers = model.parameters.complete(values, given)
    fixed = {name: own for name, own in numbers.items() if name not in given}
    return _dataset(up, across, fixed, *_decided(up, across, fixed))


def _axes(values: Values, x: Axis | None, y: Axis | None) -> tuple[Axis, Axis]:
    """Return the axes of the map, up and across."""
    across = Axis("arrival", 0, 1, 101) if x is None else x
    if y is None:
        if "success_now" not in values:
            msg = "`values` must hold 'success_now', up to which `y` goes by default; or give `y`"
            raise ParameterError(msg)
        top = power_shift().parameters.number("success_now", values["success_now"])
        if top == 0:
            msg = "`success_now` must be above 0 for the default of `y`, got 0; give `y`"
            raise ParameterError(msg)
        up = Axis("success_later", 0, top, 101)
    else:
        up = y
    _require_axis("x", across)
    _require_axis("y", up)
    if up.parameter == across.parameter:
        msg = f"`x` and `y` must be different parameters, got {up.parameter!r} twice"
        raise ParameterError(msg)
    if up.points * across.points > _MOST_POINTS:
        msg = (
            f"the map has {up.points * across.points} points; the limit is {_MOST_POINTS}. Take "
            "fewer points on an axis"
        )
        raise WorkLimitError(msg)
    return up, across


def _require_axis(argument: str, given: object) -> None:
    if not isinstance(given, Axis):
        msg = f"`{argument}` must be an Axis(parameter, lower, upper, points), got {given!r}"
        raise ParameterError(msg[:200])


def _decided(
    up: Axis, across: Axis, fixed: Mapping[str, Fraction]
) -> tuple[StatusArray, FloatArray]:
    """Return the codes of `outcome`, `attacked` and `credible`, and the least concessions."""
    model = power_shift()
    symbols = model.parameters.symbols
    numbers = {symbols[name]: sp.Rational(own) for name, own in fixed.items()}
    bond = model.parameters["breach_cost"].symbol
    margins = exact_function(
        [symbols[up.parameter], symbols[across.parameter]],
        [
            own.xreplace(numbers)
            for own in (
                model.quantity("attack_gain").expression,
                model.quantity("breach_cost_needed").expression - bond,
                model.quantity("fear_gain").expression,
                model.quantity("least_concession").expression,
            )
        ],
    )
    shape = (up.points, across.points)
    codes, ceded = np.empty((3, *shape), dtype=np.int8), np.empty(shape)
    for row, column in np.ndindex(*shape):
        *gains, least = margins(up.exact(row), across.exact(column))
        attacked, tempted, feared = map(_sign, gains)
        codes[:, row, column] = (
            _outcome(attacked, tempted, feared),
            _answer(attacked),
            # At a tie temptation is that of a small state that is not attacked; one that is gains
            # less by drawing close.
            _answer(-tempted) if attacked or tempted < 0 else -1,
        )
        ceded[row, column] = float(least)
    return codes, ceded


def _dataset(
    up: Axis, across: Axis, fixed: Mapping[str, Fraction], codes: StatusArray, ceded: FloatArray
) -> xr.Dataset:
    import xarray as xr

    model = power_shift()
    names = (up.parameter, across.parameter)
    answers = {"no": 0, "yes": 1, "either": -1}
    outcomes = {word: code for code, word in SHIFT_OUTCOMES.items()}
    described = {
        "outcome": (codes[0], "what is played", outcomes),
        "attacked": (codes[1], "whether drawing close is attacked", answers),
        "credible": (codes[2], "whether the small state keeps to its hedge", answers),
    }
    variables: dict[str, tuple[Any, ...]] = {
        name: (names, own, {
            "long_name": meaning,
            "flag_values": np.array(list(flags.values()), dtype=np.int8),
            "flag_meanings": " ".join(flags),
        })
        for name, (own, meaning, flags) in described.items()
    }  # fmt: skip
    variables["outcome"][2]["meanings"] = json.dumps(_MEANINGS)
    variables["least_concession"] = (
        names, ceded, {"long_name": model.quantity("least_concession").meaning}
    )  # fmt: skip
    return xr.Dataset(
        variables,
        coords={
            axis.parameter: ((axis.parameter,), axis.values(), {
                "long_name": model.parameters[axis.parameter].meaning,
                "units": model.parameters[axis.parameter].unit,
            })
            for axis in (up, across)
        },
        attrs={
            "title": model.title,
            "model": model.name,
            "values": json.dumps({name: str(own) for name, own in fixed.items()}),
        },
    )  # fmt: skip


def _outcome(attacked: int, tempted: int, feared: int) -> int:
    """Return the code of an outcome, from the signs of what the players gain."""
    if attacked == 0 or tempted == 0:
        return -1
    if tempted < 0:
        return 1 if attacked < 0 else 2
    if feared == 0:
        return -1
    if feared > 0:
        return 4
    return 0 if attacked < 0 else 3


def _answer(sign: int) -> int:
    return {-1: 0, 0: -1, 1: 1}[sign]


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)
