"""Figures about time: what repetition, turnover, engagement and shifts of power change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..games import NormalFormGame, RepeatedGame
from ..scenarios import load_scenario
from ..solvers import RepeatedPayoffs, repeated_payoffs
from .backend import renderer
from .prepare_payoffs import payoff_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DYNAMIC_FIGURES", "payoff_sets"]


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
    figure: Figure = renderer().draw_payoff_sets(payoff_panels(found))
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


def _saved(figure: Figure, folder: Path, name: str, title: str, data: dict[str, Any]) -> list[Path]:
    paths: list[Path] = renderer().save(figure, folder, name, title=title, parameters=data)
    return paths


DYNAMIC_FIGURES = {"payoff-sets": _payoff_sets_figure}
