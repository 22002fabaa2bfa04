"""Figures about priors: shares of postures, what decides, what outcomes identify, swapped cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import analysis
from ..analysis import Identification, PriorRobustness, Sensitivity, Swap
from ..errors import ParameterError
from ..models import alignment
from ..scenarios import load_scenario
from .backend import renderer
from .prepare_priors import effects, exchange, identification_dots, share_bars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PRIOR_FIGURES", "identification", "prior_robustness", "sensitivity", "swap"]

_SEED = 1


def prior_robustness(*results: PriorRobustness) -> Figure:
    """Draw the shares of postures under several priors, one bar each.

    Parameters
    ----------
    *results : PriorRobustness
        From `alignment_games.analysis.prior_robustness`, all about one posture.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If there are none, or they are about different postures.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> found = ag.analysis.prior_robustness(ag.models.alignment(), points=2000, rng=1)
    >>> len(ag.figures.prior_robustness(found).axes)
    1
    """
    if len({result.posture for result in results}) != 1:
        msg = "`results` must be one or more, all about one posture"
        raise ParameterError(msg)
    figure: Figure = renderer().draw_share_bars(share_bars(results))
    return figure


def sensitivity(result: Sensitivity) -> Figure:
    """Draw Sobol' indices and rank correlations, the parameter that does most of the work first.

    Parameters
    ----------
    result : Sensitivity
        From `alignment_games.analysis.sensitivity`.

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
    >>> found = ag.analysis.sensitivity(ag.models.alignment(), points=256, resamples=20, rng=1)
    >>> len(ag.figures.sensitivity(found).axes)
    2
    """
    figure: Figure = renderer().draw_effects(effects(result))
    return figure


def identification(*tables: Identification) -> Figure:
    """Draw what two outcomes say about a counterfactual, by scheme and prior.

    Parameters
    ----------
    *tables : Identification
        From `alignment_games.analysis.identification_table`, one to four priors, all with the
        same schemes.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If there are none or more than four, or their schemes differ.
    OutputError
        If Matplotlib is not installed.

    Examples
    --------
    >>> import alignment_games as ag
    >>> table = ag.analysis.identification_table(ag.models.alignment(), points=2000, rng=1)
    >>> len(ag.figures.identification(table).axes)
    1
    """
    schemes = {tuple(row.scheme for row in table.rows) for table in tables}
    if len(schemes) != 1 or len(tables) > 4:
        msg = f"`tables` must be one to four of the same schemes, got {len(tables)}"
        raise ParameterError(msg)
    figure: Figure = renderer().draw_dots(identification_dots(tables))
    return figure


def swap(result: Swap) -> Figure:
    """Draw two cases with their postures exchanged.

    Parameters
    ----------
    result : Swap
        From `alignment_games.analysis.swap`.

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
    >>> cases = ag.load_scenario("vietnam"), ag.load_scenario("ukraine")
    >>> len(ag.figures.swap(ag.analysis.swap(*cases, points=1000, rng=1)).axes)
    2
    """
    figure: Figure = renderer().draw_exchange(exchange(result))
    return figure


def _prior_robustness_figure(folder: Path, *, quick: bool) -> list[Path]:
    model = alignment()
    results = [
        analysis.prior_robustness(model, name, points=4_000 if quick else 40_000, rng=_SEED)
        for name in analysis.named_priors(model)
    ]
    title = "Shares of postures under the base prior and its ablations"
    data = {r.prior.name: _inputs(r) for r in results}
    return _saved(prior_robustness(*results), folder, "prior-robustness", title, data)


def _sensitivity_figure(folder: Path, *, quick: bool) -> list[Path]:
    points = 2**10 if quick else 2**14
    result = analysis.sensitivity(alignment(), points=points, rng=_SEED)
    title = "What decides whether hedging is chosen, under the base prior"
    return _saved(sensitivity(result), folder, "sensitivity", title, _inputs(result))


def _identification_figure(folder: Path, *, quick: bool) -> list[Path]:
    tables = [
        analysis.identification_table(
            alignment(), name, points=15_000 if quick else 150_000, rng=_SEED
        )
        for name in ("base", "both-free", "no-informal-support")
    ]
    title = "Peace in the second case under a hedge, given two outcomes"
    data = {t.rows[0].prior.name: [_inputs(row) for row in t.rows] for t in tables}
    return _saved(identification(*tables), folder, "identification", title, data)


def _swap_figure(folder: Path, *, quick: bool) -> list[Path]:
    cases = load_scenario("vietnam"), load_scenario("ukraine")
    result = analysis.swap(*cases, points=2_000 if quick else 20_000, rng=_SEED)
    title = "Vietnam and Ukraine with their postures exchanged"
    return _saved(swap(result), folder, "swap", title, result.to_dict())


def _inputs(result: Any) -> dict[str, Any]:
    """Return what gives the same result again."""
    known = result.to_dict()
    wanted = ("prior", "scheme", "posture", "claim", "points", "seed", "confidence")
    return {name: known[name] for name in wanted if name in known}


def _saved(figure: Figure, folder: Path, name: str, title: str, data: dict[str, Any]) -> list[Path]:
    paths: list[Path] = renderer().save(figure, folder, name, title=title, parameters=data)
    return paths


PRIOR_FIGURES = {
    "prior-robustness": _prior_robustness_figure,
    "sensitivity": _sensitivity_figure,
    "identification": _identification_figure,
    "swap": _swap_figure,
}
