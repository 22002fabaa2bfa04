"""What the figures show, as plain data: tested exactly, drawn elsewhere."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from .._numeric import rational
from .._typing import FloatArray
from ..analysis import PhaseRegions
from ..errors import ParameterError
from ..models import AlignmentModel
from ..scenarios.schema import MODELS
from ..symbolic import solve_linear, temptation

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Curve", "PhasePanel", "RegionPanel", "phase_panel", "region_panel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line on the map, from a symbolic expression.

    Attributes
    ----------
    kind : str
        ``deterrence`` (the hegemon is indifferent) or ``indifference`` (the small state is).
    about : tuple of str
        The postures concerned.
    formula : sympy.Expr
        The coordinate that was solved for, as an expression of all other parameters.
    solved_for : str
        The parameter that `formula` is a value of.
    x, y : ndarray, shape (n,)
        Points; NaN where the line leaves the map or does not separate postures.
    """

    kind: str
    about: tuple[str, ...]
    formula: sp.Expr
    solved_for: str
    x: FloatArray
    y: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePanel:
    """One panel of the phase map.

    Attributes
    ----------
    title : str
    x_name, y_name : str
        Parameters.
    x_symbol, y_symbol : str
        LaTeX.
    x, y : ndarray
        Values along the axes.
    posture : ndarray of int, shape (len(y), len(x))
        Position among `postures`; -1 where several are subgame-perfect.
    coerced : ndarray of bool, shape (len(y), len(x))
    postures : tuple of str
    curves : tuple of Curve
    point : tuple of float
        The scenario's own values.
    ranges : tuple of pairs of float
        The scenario's stated ranges of the two parameters, clipped to the map.
    believed : tuple of float or None
        The values that the small state perceives, if the scenario states any on an axis.
    """

    title: str
    x_name: str
    y_name: str
    x_symbol: str
    y_symbol: str
    x: FloatArray
    y: FloatArray
    posture: np.ndarray
    coerced: np.ndarray
    postures: tuple[str, ...]
    curves: tuple[Curve, ...]
    point: tuple[float, float] | None
    ranges: tuple[tuple[float, float], tuple[float, float]] | None
    believed: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPanel:
    """One panel of certified regions.

    Attributes
    ----------
    title : str
    x_name, y_name : str
        Parameters.
    x_symbol, y_symbol : str
        LaTeX.
    boxes : ndarray, shape (4, n)
        Lower x, upper x, lower y and upper y of each cell.
    posture : ndarray of int, shape (n,)
        Position among `postures`; -2 in an undecided cell.
    coerced : ndarray of bool, shape (n,)
    postures : tuple of str
    rows : tuple of (str, bool, float, float)
        Posture, coercion, and bounds on the share of the map in percent, rounded outward to
        hundredths.
    undecided : float
        Share of the undecided cells in percent, rounded up to hundredths.
    point : tuple of float
        The scenario's own values.
    """

    title: str
    x_name: str
    y_name: str
    x_symbol: str
    y_symbol: str
    boxes: FloatArray
    posture: np.ndarray
    coerced: np.ndarray
    postures: tuple[str, ...]
    rows: tuple[tuple[str, bool, float, float], ...]
    undecided: float
    point: tuple[float, float]


def region_panel(found: PhaseRegions) -> RegionPanel:
    """Return the cells and the table of certified regions.

    Parameters
    ----------
    found : PhaseRegions
        From `alignment_games.analysis.phase_regions`, told apart by posture and coercion.

    Returns
    -------
    RegionPanel

    Raises
    ------
    ParameterError
        If the regions are told apart by anything else.

    Examples
    --------
    >>> import alignment_games as ag
    >>> panel = region_panel(ag.analysis.phase_regions(ag.load_scenario("ukraine")))
    >>> panel.rows[0]
    ('balance', False, 43.26, 44.15)
    """
    if found.outputs != ("posture", "coerced"):
        msg = (
            "`found` must be regions of ('posture', 'coerced') to be drawn, got "
            f"{found.outputs}; call phase_regions without `outputs`"
        )
        raise ParameterError(msg)
    model, values = found.scenario.model, found.scenario
    posture, coerced = found.leaves.codes
    open_ = found.is_undecided
    return RegionPanel(
        title=found.scenario.title,
        x_name=found.x[0],
        y_name=found.y[0],
        x_symbol=sp.latex(model.parameters[found.x[0]].symbol),
        y_symbol=sp.latex(model.parameters[found.y[0]].symbol),
        boxes=found.boxes(),
        posture=np.where(open_, -2, posture),
        coerced=~open_ & (coerced == 1),
        postures=model.strategies[0],
        rows=tuple(
            (
                str(region.label[0]),
                bool(region.label[1]),
                math.floor(region.share[0] * 10_000) / 100,
                math.ceil(region.share[1] * 10_000) / 100,
            )
            for region in found.regions
        ),
        undecided=math.ceil(found.undecided * 10_000) / 100,
        point=(float(values[found.x[0]]), float(values[found.y[0]])),
    )


def phase_panel(ds: xr.Dataset) -> PhasePanel:
    """Return a phase map's data with the analytic lines on it.

    Parameters
    ----------
    ds : xarray.Dataset
        From `alignment_games.analysis.phase_map`, or from `alignment_games.sweep` on a grid of
        two parameters with the outputs ``posture`` and ``coerced``.

    Returns
    -------
    PhasePanel

    Raises
    ------
    ParameterError
        If the dataset holds something else, or a boundary is not linear in one of the map's
        parameters.

    Examples
    --------
    >>> import alignment_games as ag
    >>> panel = phase_panel(ag.analysis.phase_map(ag.load_scenario("vietnam")))
    >>> [curve.formula for curve in panel.curves if curve.about == ("bandwagon",)]
    [(b*beta_w*l0 + kappa)/l0]
    """
    if not {"posture", "coerced"} <= set(ds.data_vars) or len(ds["posture"].dims) != 2:
        msg = (
            "`ds` must hold `posture` and `coerced` on a grid of two parameters, got "
            f"{', '.join(map(str, ds.data_vars))} on {', '.join(map(str, ds.dims))}"
        )
        raise ParameterError(msg)
    y_name, x_name = map(str, ds["posture"].dims)
    model = MODELS[ds.attrs["model"]]()
    values = {name: Fraction(text) for name, text in json.loads(ds.attrs["values"]).items()}
    ranges = {
        name: tuple(map(Fraction, pair))
        for name, pair in json.loads(ds.attrs.get("ranges", "{}")).items()
    }
    perceived = {
        name: Fraction(text) for name, text in json.loads(ds.attrs.get("perceived", "{}")).items()
    }
    x, y = ds[x_name].values, ds[y_name].values
    drawer = _Drawer(model=model, values=values, x_name=x_name, y_name=y_name, x=x, y=y)

    def clipped(name: str, axis: FloatArray) -> tuple[float, float]:
        low, high = (float(np.clip(float(v), axis[0], axis[-1])) for v in ranges[name])
        return low, high

    point = believed = box = None
    if {x_name, y_name} <= values.keys():
        point = float(values[x_name]), float(values[y_name])
        if perceived.keys() & {x_name, y_name}:
            believed = (
                float(perceived.get(x_name, values[x_name])),
                float(perceived.get(y_name, values[y_name])),
            )
    if {x_name, y_name} <= ranges.keys():
        box = clipped(x_name, x), clipped(y_name, y)
    return PhasePanel(
        title=ds.attrs["title"],
        x_name=x_name,
        y_name=y_name,
        x_symbol=sp.latex(model.parameters[x_name].symbol),
        y_symbol=sp.latex(model.parameters[y_name].symbol),
        x=x,
        y=y,
        posture=ds["posture"].values,
        coerced=ds["coerced"].values == 1,
        postures=tuple(ds.attrs["postures"]),
        curves=(*drawer.deterrence(), *drawer.indifference()),
        point=point,
        ranges=box,
        believed=believed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawer:
    """Solves the boundary expressions and samples them along the axes."""

    model: AlignmentModel
    values: dict[str, Fraction]
    x_name: str
    y_name: str
    x: FloatArray
    y: FloatArray

    def deterrence(self) -> Iterator[Curve]:
        """Where the hegemon is indifferent: T = 0 for each posture."""
        for posture in self.model.strategies[0]:
            curve = self._curve(temptation(self.model, posture), "deterrence", (posture,))
            if curve is not None:
                yield curve

    def indifference(self) -> Iterator[Curve]:
        """Where the small state is indifferent between its two best postures."""
        postures, answers = self.model.strategies
        small = self.model.players[0]
        for (a, b), s, t in (
            (pair, s, t)
            for pair in itertools.combinations(postures, 2)
            for s in answers
            for t in answers
        ):
            difference = self.model.payoff(small, a, s) - self.model.payoff(small, b, t)
            curve = self._curve(difference, "indifference", (a, b))
            if curve is None:
                continue
            here = self._separates(curve, {a: s, b: t})
            if here.any():
                yield Curve(
                    kind=curve.kind,
                    about=curve.about,
                    formula=curve.formula,
                    solved_for=curve.solved_for,
                    x=np.where(here, curve.x, np.nan),
                    y=np.where(here, curve.y, np.nan),
                )

    def _curve(self, expression: sp.Expr, kind: str, about: tuple[str, ...]) -> Curve | None:
        """Solve ``expression = 0`` for one coordinate and sample it along the other."""
        symbols = self.model.parameters.symbols
        fixed = {
            symbol: rational(self.values[name])
            for name, symbol in symbols.items()
            if name not in {self.x_name, self.y_name}
        }
        here = sp.Poly(expression.subs(fixed), symbols[self.x_name], symbols[self.y_name])
        if here.degree(symbols[self.y_name]) > 0:
            solved_for, other = self.y_name, self.x_name
        elif here.degree(symbols[self.x_name]) > 0:
            solved_for, other = self.x_name, self.y_name
        else:
            return None  # no dependence on either coordinate at these values
        formula = solve_linear(expression, symbols[solved_for]).value
        line = solve_linear(here.as_expr(), symbols[solved_for]).value
        along = self.x if other == self.x_name else self.y
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.broadcast_to(
                sp.lambdify(symbols[other], line, modules="numpy")(along),
                along.shape,
            ).astype(np.float64)
        across = self.y if solved_for == self.y_name else self.x
        found = np.where((found >= across[0]) & (found <= across[-1]), found, np.nan)
        if np.isnan(found).all():
            return None
        points = (along, found) if solved_for == self.y_name else (found, along)
        return Curve(
            kind=kind, about=about, formula=formula, solved_for=solved_for, x=points[0], y=points[1]
        )

    def _separates(self, curve: Curve, answers: dict[str, str]) -> np.ndarray:
        """Tell where along a curve both postures, with these answers, are the best ones."""
        inside = np.isfinite(curve.x) & np.isfinite(curve.y)
        x, y = np.where(inside, curve.x, self.x[0]), np.where(inside, curve.y, self.y[0])
        own, other = self.model.payoff_arrays(self.values, {self.x_name: x, self.y_name: y})
        names, replies = self.model.strategies
        coerces = other[:, 1] > other[:, 0]
        value = np.where(coerces, own[:, 1], own[:, 0])
        for posture, answer in answers.items():
            k = names.index(posture)
            inside &= coerces[k] == (answer == replies[-1])
            inside &= value[k] >= value.max(axis=0) - 1e-9
        return inside
