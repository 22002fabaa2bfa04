"""Figures about time: what repetition, turnover, engagement and shifts of power change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .. import analysis
from .._typing import Number, Values
from ..analysis import Axis
from ..batch import critical_discount_map
from ..errors import ParameterError
from ..games import NormalFormGame, RepeatedGame
from ..scenarios import load_scenario
from ..solvers import RepeatedPayoffs, repeated_payoffs
from .backend import renderer
from .inputs import require_dataset, require_titles
from .prepare_alternation import alternation_panels
from .prepare_discounts import discount_panel
from .prepare_payoffs import payoff_panels
from .prepare_policy import policy_panels
from .prepare_shift import outcome_panel

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = [
    "DYNAMIC_FIGURES",
    "alternation",
    "critical_discounts",
    "payoff_sets",
    "posture_policies",
    "preventive_war",
]

# Illustrative, like all numbers that nothing measures: near those of the models' examples.
_ALTERNATION = {
    "discount": 0.9, "persistence": 0.5, "hedger_share": 0, "patron_lean": 0.5, "swing": 1,
    "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.2,
}  # fmt: skip
_SHIFT = {
    "discount": 0.9, "success_now": 0.8, "success_later": 0.5, "arrival": 0.5, "concession": 1,
    "bargaining_power": 0.5, "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.2,
    "breach_cost": 0,
}  # fmt: skip
_ENGAGEMENT = {
    "discount": 0.9, "hazard": 0.1, "reengagement": 0.1, "shock": 0.1, "relief": 0.2,
    "exit_cost": 1,
}  # fmt: skip


def payoff_sets(found: Mapping[str, Sequence[RepeatedPayoffs]]) -> Figure:
    """Draw the subgame-perfect payoffs of repeated games, one row a stage game.

    Parameters
    ----------
    found : mapping of str to sequence of RepeatedPayoffs
        For the title of each stage game its results from `alignment_games.solvers.repeated_payoffs`
        at several discount factors, as many for each.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    GameError
        If there are no results, a title has other numbers of them than the first or results of
        several stage games, or players discount differently.
    ParameterError
        If `found` is no mapping from titles.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> sets = [
    ...     ag.solvers.repeated_payoffs(ag.games.RepeatedGame(dilemma, discount=delta))
    ...     for delta in (0.2, 0.4, 0.5)
    ... ]
    >>> len(ag.figures.payoff_sets({"Prisoners' dilemma": sets}).axes)
    3
    """
    require_titles("found", found)
    figure: Figure = renderer().draw_payoff_sets(payoff_panels(found))
    return figure


def alternation(
    values: Values,
    *,
    curvatures: tuple[Number, Number] = (-0.5, 1),
    jumps: tuple[Number, Number] = (0, 1),
    points: int = 9,
) -> Figure:
    """Draw what alternating governments lose against a steady hedge, and where they are better.

    Lines are closed forms, marks are the solver's answers.

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
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If a value is unknown, missing or outside its domain, an axis is not from a lower to a
        higher number, `points` is not a whole number above 1, or there is no threshold because no
        government sides with the patron.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> figure = ag.figures.alternation({
    ...     "discount": 0.9, "persistence": 0.5, "hedger_share": 0, "patron_lean": 0.5,
    ...     "swing": 1, "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.2,
    ... }, points=3)
    >>> [ax.get_title() for ax in figure.axes]
    ['What elections lose against a steady hedge', 'Which is better at a cost of a change of 0.2']
    """
    panels = alternation_panels(values, curvatures=curvatures, jumps=jumps, points=points)
    figure: Figure = renderer().draw_choices(panels)
    return figure


def critical_discounts(*maps: xr.Dataset) -> Figure:
    """Draw how patient players must be to keep to a path of play, two maps a row.

    Parameters
    ----------
    *maps : xarray.Dataset
        From `alignment_games.batch.critical_discount_map` on grids of the same two parameters,
        one or more.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If there are none, they hold something else, or their parameters differ.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ds = ag.batch.critical_discount_map(
    ...     ag.models.alignment(), ("hedge", "accommodate"), ag.load_scenario("ukraine"),
    ...     axes={"stake": (0, 1.6, 17), "patron_reliability": (0, 1, 21)}, resolve=True,
    ... )
    >>> print(ag.figures.critical_discounts(ds).axes[0].get_title())
    Ukraine between Russia and the West
    (hedge, accommodate), back to the worst stage equilibrium
    """
    for ds in maps:
        require_dataset("maps", ds, "critical_discount_map")
    dimensions = {tuple(ds["discount"].dims) for ds in maps if "discount" in ds}
    if not maps or len(dimensions) > 1:
        msg = f"`maps` must be one or more, on the same two parameters, got {len(maps)}"
        raise ParameterError(msg)
    figure: Figure = renderer().draw_discounts([discount_panel(ds) for ds in maps])
    return figure


def preventive_war(*maps: xr.Dataset) -> Figure:
    """Draw maps of where a shift of power leads to war, and where a hedge prevents it.

    Parameters
    ----------
    *maps : xarray.Dataset
        From `alignment_games.analysis.preventive_war_map`, one or more.

    Returns
    -------
    matplotlib.figure.Figure
        With the closed form as a line where the axes are ``arrival`` and ``success_later``, or
        ``stealth`` and ``breach_cost``.

    Raises
    ------
    ParameterError
        If there are none, or they hold something else.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = {"discount": 0.9, "success_now": 0.8, "concession": 1, "bargaining_power": 0.1,
    ...           "hegemon_war_cost": 1, "small_state_war_cost": 1, "stealth": 0.1,
    ...           "breach_cost": 0}
    >>> ds = ag.analysis.preventive_war_map(values, x=ag.analysis.Axis("arrival", 0, 1, 11),
    ...                                     y=ag.analysis.Axis("success_later", 0, 0.8, 11))
    >>> ag.figures.preventive_war(ds).axes[0].get_title()
    'stealth 0.1, breach cost 0'
    """
    if not maps:
        msg = "`maps` must be one or more results of preventive_war_map, got none"
        raise ParameterError(msg)
    for ds in maps:
        require_dataset("maps", ds, "preventive_war_map")
    figure: Figure = renderer().draw_outcomes([outcome_panel(ds) for ds in maps])
    return figure


def posture_policies(policies: Mapping[str, xr.Dataset]) -> Figure:
    """Draw posture policies over the patron's engagement and the hegemon's power, one row each.

    Parameters
    ----------
    policies : mapping of str to xarray.Dataset
        For the title of each case its result from `alignment_games.analysis.posture_policy`.

    Returns
    -------
    matplotlib.figure.Figure
        In each row the posture that pays most in the period alone, that of a small state that is
        not allied yet, and that of an ally.

    Raises
    ------
    ParameterError
        If there are none, or they hold something else.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> values = dict(ag.load_scenario("ukraine"), discount=0.9, hazard=0.1, reengagement=0.1,
    ...               shock=0, relief=0, exit_cost=1)
    >>> found = ag.analysis.posture_policy(values, reliability=(0.2, 0.7), stake=(0.45, 0.6))
    >>> len(ag.figures.posture_policies({"Ukraine-like": found}).axes)
    3
    """
    if not policies:
        msg = "`policies` must hold one or more results of posture_policy, got none"
        raise ParameterError(msg)
    require_titles("policies", policies)
    for policy in policies.values():
        require_dataset("policies", policy, "posture_policy")
    rows = [policy_panels(policy, title=title) for title, policy in policies.items()]
    figure: Figure = renderer().draw_policies(rows)
    return figure


def _payoff_sets_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the dilemma of C14 and the alignment game of the Ukraine-like state (F4b)."""
    dilemma = NormalFormGame.from_bimatrix(
        [[3, 0], [5, 1]], [[3, 5], [0, 1]], strategies=[["C", "D"]] * 2
    )
    case = load_scenario("ukraine")
    alignment = case.model.game(case)
    restraint = NormalFormGame(
        alignment.exact_payoffs,
        players=alignment.players,
        strategies=[["B", "H", "W"], ["A", "C"]],  # as in all formulas
    )
    stages = {"Prisoners' dilemma": dilemma, "Restraint game": restraint}
    discounts = {
        "Prisoners' dilemma": (0.2, 0.3, 0.45, 0.5),
        "Restraint game": (0.02, 0.05, 0.2, 0.5),
    }
    found = {
        title: [
            repeated_payoffs(RepeatedGame(stages[title], discount=own))
            for own in (factors[::3] if quick else factors)
        ]
        for title, factors in discounts.items()
    }
    data = {
        title: {
            "discounts": [str(result.game.discounts[0]) for result in results],
            "payoffs": [
                [str(value) for value in block.flat] for block in stages[title].exact_payoffs
            ],
        }
        for title, results in found.items()
    }
    title = "Subgame-perfect payoffs of two repeated games at several discount factors"
    return _saved(payoff_sets(found), folder, "payoff-sets", title, data)


def _critical_discount_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the patience that mutual restraint needs, with two punishments in both cases."""
    points = 41 if quick else 201
    axes = {"stake": (0, 1.6, points), "patron_reliability": (0, 1, points)}
    cases = [load_scenario(name) for name in ("ukraine", "vietnam")]
    punishments: tuple[Literal["nash", "minmax"], ...] = ("nash", "minmax")
    maps = [
        critical_discount_map(
            case.model, ("hedge", "accommodate"), case,
            axes=axes, punishment=own, resolve=True,
        )
        for case in cases
        for own in punishments
    ]  # fmt: skip
    title = "Critical discount factors of mutual restraint over patron reliability and stake"
    data = {
        "axes": axes,
        "scenarios": {
            case.name: {name: str(value) for name, value in case.items()} for case in cases
        },
    }
    return _saved(critical_discounts(*maps), folder, "critical-discount", title, data)


def _alternation_figure(folder: Path, *, quick: bool) -> list[Path]:
    points = 5 if quick else 9
    title = "A steady hedge against alternating governments"
    data = {"values": _ALTERNATION, "points": points}
    return _saved(alternation(_ALTERNATION, points=points), folder, "alternation", title, data)


def _preventive_war_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the map over size and speed of the shift, and that over what makes a hedge credible."""
    points = 21 if quick else 101
    axes = [
        (Axis("arrival", 0, 1, points), Axis("success_later", 0, _SHIFT["success_now"], points)),
        (Axis("stealth", 0, 1, points), Axis("breach_cost", 0, 3, points)),
    ]
    maps = [analysis.preventive_war_map(_SHIFT, x=x, y=y) for x, y in axes]
    data = {"values": _SHIFT, "axes": [[_ends(own) for own in pair] for pair in axes]}
    title = "Preventive war: where drawing close is attacked, and where a hedge is credible"
    return _saved(preventive_war(*maps), folder, "preventive-war", title, data)


def _posture_policy_figure(folder: Path, *, quick: bool) -> list[Path]:
    """Draw the policies of both cases where the patron may withdraw and shocks may come."""
    levels = [k / 10 for k in range(0, 11, 5 if quick else 1)]
    found = {
        f"{name.capitalize()}-like": analysis.posture_policy(
            {**load_scenario(name), **_ENGAGEMENT}, reliability=levels, stake=levels
        )
        for name in ("ukraine", "vietnam")
    }
    data = {"chances": _ENGAGEMENT, "cases": list(found), "levels": levels}
    title = "Posture over the patron's engagement and the hegemon's power"
    return _saved(posture_policies(found), folder, "posture-policy", title, data)


def _ends(axis: Axis) -> list[Any]:
    return [axis.parameter, str(axis.lower), str(axis.upper), axis.points]


def _saved(figure: Figure, folder: Path, name: str, title: str, data: dict[str, Any]) -> list[Path]:
    paths: list[Path] = renderer().save(figure, folder, name, title=title, parameters=data)
    return paths


DYNAMIC_FIGURES = {
    "payoff-sets": _payoff_sets_figure,
    "critical-discount": _critical_discount_figure,
    "alternation": _alternation_figure,
    "preventive-war": _preventive_war_figure,
    "posture-policy": _posture_policy_figure,
}
