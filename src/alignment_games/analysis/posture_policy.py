"""The posture that is optimal in every state of a patron's engagement and a hegemon's power."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .._numeric import exact_number
from .._typing import Number, Values
from ..errors import ParameterError, WorkLimitError
from ..games import StochasticGame
from ..models import alignment, patron_engagement
from ..models.evaluate import exact_function
from ..models.patron_engagement import flow_of
from ..solvers import optimal_policy

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["posture_policy"]

_HELD = ("free", "allied")
_BALANCE = 0
_SEVERAL = -1
_MOST_STATES = 500
_ENDS = {
    "patron_reliability": ("isolationist_reliability", "patron_reliability"),
    "stake": ("stake", "shock_stake"),
}


def posture_policy(
    values: Values,
    *,
    reliability: Sequence[Number] | None = None,
    stake: Sequence[Number] | None = None,
) -> xr.Dataset:
    """Solve for the small state's posture over levels of the patron's engagement and of the threat.

    The game is that of `alignment_games.models.patron_engagement` with any number of levels: in
    each period the patron's reliability falls by one level with probability ``hazard`` and rises by
    one with ``reengagement``, and the hegemon's stake rises by one with ``shock`` and falls by one
    with ``relief``. An ally that takes another posture pays ``exit_cost``.

    Parameters
    ----------
    values : mapping of str to number
        Parameters of `alignment_games.models.patron_engagement`. The levels of reliability and
        stake may be left out where they are given apart.
    reliability, stake : sequence of number, optional
        Levels, rising, at least two of each, which replace those of `values`. By default the two
        of the model: ``isolationist_reliability`` and ``patron_reliability``, ``stake`` and
        ``shock_stake``.

    Returns
    -------
    xarray.Dataset
        Dimensions ``held`` (``free``, ``allied``: whether the small state is an ally when the
        period begins), ``patron_reliability`` and ``stake``. ``posture``: position of the only
        optimal posture among the model's, or -1 where several are optimal; ``coerced``: whether
        the hegemon coerces it (1 or 0, -1 where several are optimal); ``value``: the discounted sum
        of payoffs under the optimal policy; ``present``, without ``held``: the posture that pays
        most in the period alone (F1.8); ``insured``: whether the small state hedges where the
        period alone would let it balance (1 or 0). All are decided in rational arithmetic;
        ``value`` is rounded once.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or outside its domain, levels do not rise, or the chances
        to move up and down sum to more than 1 where a level has neighbors on both sides.
    WorkLimitError
        If there are more than 500 states, which take some twenty seconds.

    Examples
    --------
    The fear of isolation makes the Ukraine-like state hedge under a patron that is reliable today;
    with free exit it would balance:

    >>> import alignment_games as ag
    >>> values = dict(ag.load_scenario("ukraine"), discount=0.9, hazard=0.1, reengagement=0.1,
    ...               shock=0, relief=0, exit_cost=1)
    >>> levels = {"reliability": (0.2, 0.7), "stake": (0.45, 0.6)}
    >>> ds = ag.analysis.posture_policy(values, **levels)
    >>> ds.attrs["postures"], ds.posture.sel(held="free", stake=0.45).values.tolist()
    (['balance', 'hedge', 'bandwagon'], [1, 1])
    >>> ds = ag.analysis.posture_policy(dict(values, exit_cost=0), **levels)
    >>> ds.posture.sel(held="free", stake=0.45).values.tolist()
    [1, 0]
    """
    numbers, levels = _levels(values, {"patron_reliability": reliability, "stake": stake})
    shape = tuple(len(own) for own in levels.values())
    if 2 * shape[0] * shape[1] > _MOST_STATES:
        msg = (
            f"there are {2 * shape[0] * shape[1]} states; the limit is {_MOST_STATES}. Take fewer "
            "levels of `reliability` or `stake`"
        )
        raise WorkLimitError(msg)
    flows, coerced = _flows(numbers, levels)
    game = _game(numbers, flows, shape)
    policy = optimal_policy(game)
    (postures, _) = alignment().strategies
    codes = np.array([_code([postures.index(a) for a in own]) for own in policy.actions])
    chosen = codes.reshape(2, *shape).astype(np.int8)
    present = np.empty(shape, dtype=np.int8)
    answer = np.full((2, *shape), _SEVERAL, dtype=np.int8)
    for place in np.ndindex(*shape):
        own = flows[place]
        present[place] = _code([k for k, flow in enumerate(own) if flow == max(own)])
        for held in range(2):
            if chosen[(held, *place)] != _SEVERAL:
                answer[(held, *place)] = coerced[(*place, chosen[(held, *place)])]
    worth = np.array([float(value) for value in policy.values]).reshape(2, *shape)
    return _dataset(numbers, levels, {
        "posture": chosen,
        "coerced": answer,
        "value": worth,
        "present": present,
        "insured": ((chosen == postures.index("hedge")) & (present == _BALANCE)).astype(np.int8),
    })  # fmt: skip


def _code(best: list[int]) -> int:
    return best[0] if len(best) == 1 else _SEVERAL


def _levels(
    values: Values, given: Mapping[str, Sequence[Number] | None]
) -> tuple[dict[str, Fraction], dict[str, list[Fraction]]]:
    """Return the parameters, and the levels that replace some of them, checked."""
    space = patron_engagement().parameters
    merged = dict(space.mapping(values))
    levels: dict[str, list[Fraction]] = {}
    arguments = {"patron_reliability": "reliability", "stake": "stake"}
    for name, own in given.items():
        if own is None:
            continue
        _require_sequence(arguments[name], own)
        rising = [space.number(name, level) for level in own]
        if len(rising) < 2 or any(a >= b for a, b in itertools.pairwise(rising)):
            msg = (
                f"`{arguments[name]}` must hold two levels or more, each above the one before, got "
                f"{list(own)}"
            )
            raise ParameterError(msg)
        levels[name] = rising
        merged |= dict(zip(_ENDS[name], (rising[0], rising[-1]), strict=True))
    patron_engagement().game(merged)  # which refuses what lies outside a domain
    numbers = space.complete(merged, {})
    for name, (low, high) in _ENDS.items():
        if name not in levels:
            levels[name] = [numbers[low], numbers[high]]
            if numbers[low] == numbers[high]:
                msg = f"`{low}` and `{high}` must differ, or give levels as `{arguments[name]}`"
                raise ParameterError(msg)
    for name, pair in (("patron_reliability", ("hazard", "reengagement")),
                       ("stake", ("shock", "relief"))):  # fmt: skip
        if len(levels[name]) > 2 and sum(numbers[own] for own in pair) > 1:
            msg = (
                f"`{pair[0]}` and `{pair[1]}` must not sum to more than 1 where there are three "
                f"levels or more, got {float(sum(numbers[own] for own in pair)):g}"
            )
            raise ParameterError(msg)
    return numbers, {name: levels[name] for name in _ENDS}


def _require_sequence(argument: str, given: object) -> None:
    if isinstance(given, str) or not isinstance(given, Iterable):
        msg = f"`{argument}` must hold levels, a sequence of numbers, got {given!r}"
        raise ParameterError(msg[:200])


def _flows(
    numbers: Mapping[str, Fraction], levels: Mapping[str, list[Fraction]]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return what each posture earns at each pair of levels, and whether it is coerced."""
    model = alignment()
    (postures, _) = model.strategies
    function = exact_function(
        list(model.parameters.symbols.values()),
        [flow_of(a) for a in postures] + [model.temptations[a].difference for a in postures],
    )
    shape = (*(len(own) for own in levels.values()), len(postures))
    flows, coerced = np.empty(shape, dtype=object), np.empty(shape, dtype=np.int8)
    own = {name: numbers[name] for name in model.parameters}
    for place in np.ndindex(*shape[:-1]):
        for (name, level), k in zip(levels.items(), place, strict=True):
            own[name] = level[k]
        found = function(*own.values())
        flows[place] = [Fraction(flow) for flow in found[: len(postures)]]
        coerced[place] = [temptation > 0 for temptation in found[len(postures) :]]
    return flows, coerced


def _game(
    numbers: Mapping[str, Fraction], flows: np.ndarray[Any, Any], shape: tuple[int, ...]
) -> StochasticGame:
    """Return the decision problem: states are (held, reliability, stake), in this order."""
    (postures, _) = alignment().strategies
    patron = _chain(shape[0], numbers["hazard"], numbers["reengagement"])
    threat = _chain(shape[1], numbers["relief"], numbers["shock"])
    payoffs, transitions = [], []
    for held, *place in itertools.product(range(2), *map(range, shape)):
        earned = flows[tuple(place)].copy()
        if _HELD[held] == "allied":
            for k in range(len(postures)):
                if k != _BALANCE:
                    earned[k] -= numbers["exit_cost"]
        moves = np.full((len(postures), 2, *shape), Fraction(0), dtype=object)
        for e, p in patron[place[0]].items():
            for k, q in threat[place[1]].items():
                for posture in range(len(postures)):
                    moves[posture, int(posture == _BALANCE), e, k] = p * q
        payoffs.append([earned])
        transitions.append(moves.reshape(len(postures), -1))
    return StochasticGame(
        payoffs,
        transitions,
        numbers["discount"],
        players=["small_state"],
        strategies=[[postures]] * len(payoffs),
    )


def _chain(size: int, down: Fraction, up: Fraction) -> list[dict[int, Fraction]]:
    """Return, for each level, the probabilities of the next levels."""
    rows = []
    for k in range(size):
        row = {k: Fraction(1)}
        for target, chance in ((k - 1, down), (k + 1, up)):
            if 0 <= target < size:
                row[target] = chance
                row[k] -= chance
        rows.append(row)
    return rows


def _dataset(
    numbers: Mapping[str, Fraction],
    levels: Mapping[str, list[Fraction]],
    answers: Mapping[str, np.ndarray[Any, Any]],
) -> xr.Dataset:
    import xarray as xr

    model = patron_engagement()
    (postures, _) = alignment().strategies
    names = {
        "posture": "optimal posture",
        "coerced": "whether the hegemon coerces it",
        "value": "discounted sum of payoffs",
        "present": "posture that pays most in the period alone",
        "insured": "whether it hedges where the period alone would let it balance",
    }
    dimensions = ("held", *levels)
    parameters = model.parameters
    return xr.Dataset(
        {
            name: (dimensions[-own.ndim :], own, {"long_name": names[name]})
            for name, own in answers.items()
        },
        coords={
            "held": list(_HELD),
            **{
                name: ((name,), [float(level) for level in own], {
                    "long_name": alignment().parameters[name].meaning,
                    "units": parameters[name].unit,
                })
                for name, own in levels.items()
            },
        },
        attrs={
            "title": model.title,
            "model": model.name,
            "postures": list(postures),
            "values": json.dumps({
                name: str(exact_number(own))
                for name, own in numbers.items()
                if name not in {end for ends in _ENDS.values() for end in ends}
            }),
        },
    )  # fmt: skip
