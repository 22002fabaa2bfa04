"""A model: named parameters in, SymPy payoffs, and from them games of any timing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy as sp
from sympy.printing.numpy import NumPyPrinter

from .._typing import FloatArray, Values
from ..errors import GameError, ModelError, ParameterError, suggestion
from ..games import ExtensiveGame, NormalFormGame
from ..io._escape import tex_words
from .evaluate import all_finite, exact_function, first_without_value, values_of
from .parameters import ParameterSpace

__all__ = ["AlignmentModel", "Comparison"]

PureProfile = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two expressions whose order decides a choice.

    Attributes
    ----------
    left, right : sympy.Expr
        The chooser prefers the first alternative where ``left > right``.
    meaning : str
        One clause that says what the two sides are.
    reference : str
        Where the formula is derived.
    """

    left: sp.Expr
    right: sp.Expr
    meaning: str
    reference: str

    @property
    def difference(self) -> sp.Expr:
        """``left - right``."""
        return self.left - self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentModel:
    """A finite game whose payoffs are SymPy expressions of named parameters.

    Attributes
    ----------
    name : str
    players : tuple of str
        In the order in which they move when moves are observed.
    strategies : tuple of tuples of str
    parameters : ParameterSpace
    payoffs : mapping of profile to tuple of sympy.Expr
        One expression a player for each pure profile.
    terms : mapping of (str, str) to sympy.Expr
        The blocks that payoffs are built from, by (block, strategy); may be empty.
    temptations : mapping of str to Comparison
        For each strategy of the first player: what the second gains and pays by answering
        with its last strategy instead of its first. Empty unless there are two players.
    reference : str
        Where the model is defined: the number of an equation, or a publication.
    """

    name: str
    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    parameters: ParameterSpace
    payoffs: Mapping[PureProfile, tuple[sp.Expr, ...]] = field(repr=False)
    terms: Mapping[tuple[str, str], sp.Expr] = field(repr=False, default_factory=dict)
    temptations: Mapping[str, Comparison] = field(repr=False, default_factory=dict)
    reference: str = ""

    def __hash__(self) -> int:
        return hash(self.name)

    def payoff(self, player: str, *profile: str) -> sp.Expr:
        """Return a player's payoff at a pure profile as an expression of the parameters.

        Examples
        --------
        >>> import alignment_games as ag
        >>> ag.models.alignment().payoff("hegemon", "hedge", "accommodate")
        -b*zeta
        """
        if player not in self.players:
            msg = f"unknown player {player!r}{suggestion(player, self.players)}"
            raise GameError(msg)
        if len(profile) != len(self.players):
            msg = f"`profile` must name one strategy for each of {self.players}, got {profile}"
            raise GameError(msg)
        for who, strategy, known in zip(self.players, profile, self.strategies, strict=True):
            if strategy not in known:
                msg = f"{who} has no strategy {strategy!r}{suggestion(strategy, known)}"
                raise GameError(msg)
        return self.payoffs[profile][self.players.index(player)]

    def game(self, values: Values | None = None, **overrides: Any) -> NormalFormGame:
        """Return the game in which all players choose at once.

        Parameters
        ----------
        values : Scenario or mapping of str to number, optional
            Parameter values by name.
        **overrides : number
            Values that replace those of `values`.

        Returns
        -------
        NormalFormGame
            Exact: a float value stands for the shortest decimal that prints it. (Where payoffs
            hold ``exp``, ``log`` or roots it is a floating game.)

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain.
        GameError
            If a payoff has no finite real value there, for example because it divides by zero.

        Examples
        --------
        >>> import alignment_games as ag
        >>> game = ag.models.alignment().game(ag.load_scenario("ukraine"))
        >>> game.payoffs[0].tolist()
        [[1.52, -0.876], [1.45, -1.05], [0.7, -1.175]]
        """
        numbers = self.parameters.complete({} if values is None else values, overrides)
        flat = _payoffs_at(self, numbers)
        shape = tuple(len(own) for own in self.strategies)
        payoffs = np.empty((len(self.players), *shape), dtype=object)
        payoffs.reshape(-1)[:] = flat
        return NormalFormGame(payoffs, players=self.players, strategies=self.strategies)

    def tree(self, values: Values | None = None, **overrides: Any) -> ExtensiveGame:
        """Return the game in which players move in order and see every earlier move.

        Parameters and errors are those of `game`.

        Examples
        --------
        >>> import alignment_games as ag
        >>> tree = ag.models.alignment().tree(ag.load_scenario("ukraine"))
        >>> ag.solve(tree).equilibria[0].path
        ('hedge', 'accommodate')
        """
        return ExtensiveGame.from_normal_form(self.game(values, **overrides))

    def payoff_arrays(self, values: Values, axes: Mapping[str, FloatArray]) -> FloatArray:
        """Return payoffs in floating point over arrays of parameter values.

        Parameters
        ----------
        values : mapping of str to number
            Values of the parameters that `axes` does not name.
        axes : mapping of str to ndarray
            Arrays that broadcast together to a common shape.

        Returns
        -------
        ndarray, shape (n_players, n_strategies_1, ..., n_strategies_n) + common shape

        Raises
        ------
        ParameterError
            If a value anywhere lies outside its domain.
        GameError
            If a payoff somewhere has no finite real value.
        """
        for name in (*values, *axes):
            self.parameters[name]
        columns: dict[str, Any] = {}
        for name in self.parameters:
            if name in axes:
                columns[name] = self._column(name, axes[name])
            elif name in values:
                columns[name] = float(self.parameters.number(name, values[name]))
            else:
                msg = f"a value is needed for every parameter; missing: {name}"
                raise ParameterError(msg)
        for constraint in self.parameters.constraints:
            if np.any(columns[constraint.smaller] > columns[constraint.larger]):
                msg = (
                    f"`{constraint.smaller}` must not exceed `{constraint.larger}` "
                    f"({constraint.reason}) anywhere on the axes"
                )
                raise ParameterError(msg)
        shape = np.broadcast_shapes(*(np.shape(column) for column in columns.values()))
        with np.errstate(all="ignore"):
            flat = _float_payoff_function(self)(*columns.values())
        sizes = tuple(len(own) for own in self.strategies)
        payoffs = np.empty((len(self.players), *sizes, *shape))
        targets = payoffs.reshape(-1, *shape)
        for k, value in enumerate(flat):
            targets[k] = value
        if not np.isfinite(payoffs).all():
            msg = f"a payoff of {self.name} has no finite real value somewhere on the axes"
            raise GameError(msg)
        return payoffs

    def _column(self, name: str, values: Any) -> FloatArray:
        """Return an axis as an array of floats within the parameter's domain."""
        column = np.asarray(values)
        if column.size == 0 or column.dtype.kind not in "iuf":
            msg = f"`{name}` must be an array of one or more numbers, got {values!r}"
            raise ParameterError(msg)
        for bound in (column.min(), column.max()):
            self.parameters.number(name, bound.item())
        floats: FloatArray = column.astype(np.float64)
        return floats

    def latex(self) -> str:
        r"""Return the payoffs as a LaTeX ``aligned`` block.

        Examples
        --------
        >>> import alignment_games as ag
        >>> ag.models.alignment().latex().splitlines()[0]
        '\\begin{aligned}'
        """
        lines = [
            rf"u_{{\text{{{tex_words(who)}}}}}(\text{{{', '.join(map(tex_words, profile))}}}) &= "
            rf"{sp.latex(values[k])} \\"
            for k, who in enumerate(self.players)
            for profile, values in self.payoffs.items()
        ]
        return "\n".join([r"\begin{aligned}", *lines, r"\end{aligned}"])


def model_of(value: object) -> AlignmentModel:
    """Return an argument that must be a model.

    Raises
    ------
    ModelError
        If it is something else.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model_of(ag.models.alignment()).name
    'alignment'
    """
    if isinstance(value, AlignmentModel):
        return value
    msg = f"`model` must be an AlignmentModel, such as models.alignment(), got {value!r}"
    raise ModelError(msg[:200])


def exact_payoff_function(model: AlignmentModel) -> Callable[..., list[Fraction]]:
    """Return a function of all parameters, in order, that gives all payoffs exactly.

    Payoffs come player by player, profiles in the order of the strategies.
    """
    return _compiled(model, exact=True)


def _float_payoff_function(model: AlignmentModel) -> Callable[..., list[Any]]:
    return _compiled(model, exact=False)


def _payoffs_at(model: AlignmentModel, numbers: Mapping[str, Fraction]) -> list[Any]:
    flat = values_of(exact_payoff_function(model), numbers)
    if all_finite(flat):
        return flat
    labelled = [
        (who, profile, expression)
        for profile, own in model.payoffs.items()
        for who, expression in zip(model.players, own, strict=True)
    ]
    symbols = list(model.parameters.symbols.values())
    bad = first_without_value(symbols, [expression for _, _, expression in labelled], numbers)
    if bad is None:
        msg = f"a payoff of {model.name} has no finite real value at these parameters"
        raise GameError(msg)
    who, profile, expression = labelled[bad]
    msg = (
        f"the payoff of {who} at {profile} has no finite real value at these "
        f"parameters: {str(expression)[:200]}; narrow the domains, or use a condition"
    )
    raise GameError(msg)


@lru_cache(maxsize=32)
def _compiled(model: AlignmentModel, *, exact: bool) -> Callable[..., list[Any]]:
    expressions = [model.payoffs[p][k] for k in range(len(model.players)) for p in model.payoffs]
    return _function(model, expressions, exact=exact)


def _function(
    model: AlignmentModel, expressions: Sequence[sp.Expr], *, exact: bool
) -> Callable[..., list[Any]]:
    symbols = list(model.parameters.symbols.values())
    if exact:
        function: Callable[..., list[Any]] = exact_function(symbols, expressions)
    else:
        arrays = _ArrayPrinter({"fully_qualified_modules": False, "inline": True})
        function = sp.lambdify(
            symbols, expressions, modules="numpy", printer=arrays, cse=True, dummify=True
        )
    return function


class _ArrayPrinter(NumPyPrinter):  # type: ignore[misc]
    """Print extremes of arrays that have yet to be broadcast; ``amax`` wants one shape."""

    def _print_Max(self, expr: sp.Max) -> str:  # noqa: N802 (SymPy's names)
        return self._extreme("maximum", expr)

    def _print_Min(self, expr: sp.Min) -> str:  # noqa: N802
        return self._extreme("minimum", expr)

    def _extreme(self, name: str, expr: sp.Expr) -> str:
        function = self._module_format(f"numpy.{name}")
        parts = [str(self._print(part)) for part in expr.args]
        return reduce(lambda one, two: f"{function}({one}, {two})", parts)
