"""Payoffs as source text: SymPy expressions, with a bound on the error of each floating result.

The text computes every payoff of a model and, beside it, a bound on what rounding and an
uncertainty of the parameters can change (running error analysis). Common subexpressions are
computed once. `alignment_games.batch` joins it with text that solves the game, so that payoffs
of many points never leave the processor's registers and cache.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ._error_bounds import Writer
from .model import AlignmentModel

__all__ = ["PayoffText", "is_rational", "model_hash", "payoff_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffText:
    """Lines of Python that compute the payoffs of one point.

    Attributes
    ----------
    lines : tuple of str
        They use the names in `parameters` and `errors`, the functions ``exp``, ``log`` and
        ``sqrt`` where `functions` lists them, and ``inf`` and ``nan``.
    parameters, errors : tuple of str
        Names that hold, for each parameter in order, its value and a bound on its error.
    payoffs, bounds : tuple of tuples of str
        For each player, in the order of the profiles: what holds the payoff, and the bound on
        its error.
    functions : tuple of str
    """

    lines: tuple[str, ...]
    parameters: tuple[str, ...]
    errors: tuple[str, ...]
    payoffs: tuple[tuple[str, ...], ...]
    bounds: tuple[tuple[str, ...], ...]
    functions: tuple[str, ...]


@functools.lru_cache(maxsize=64)
def payoff_text(model: AlignmentModel) -> PayoffText:
    """Return the text that computes a model's payoffs and bounds on their errors.

    Parameters
    ----------
    model : AlignmentModel
        Its payoffs may hold numbers, parameters, sums, products, powers, ``exp``, ``log``,
        ``sqrt``, ``Abs``, ``Min``, ``Max`` and ``Piecewise``.

    Returns
    -------
    PayoffText
        The same in every process.

    Raises
    ------
    GameError
        If a payoff holds anything else, a symbol that is not a parameter, or a number beyond the
        range of floats.

    Notes
    -----
    The bounds follow the running error analysis of N. J. Higham (2002), Accuracy and Stability
    of Numerical Algorithms, section 3.3, doi:10.1137/1.9780898718027; where the branch of a
    ``Piecewise`` is open, the bound covers all branches that may hold. Where a square root's
    argument is negative within its bound only, its root counts as zero.
    """
    payoffs: list[tuple[str, ...]] = []
    bounds: list[tuple[str, ...]] = []
    flat = [
        sp.sympify(model.payoffs[p][k]) for k in range(len(model.players)) for p in model.payoffs
    ]
    writer = Writer(list(model.parameters.symbols.values()))
    shared, reduced = sp.cse(flat, symbols=_new_symbols(model))
    for symbol, expression in shared:
        writer.define(symbol, expression)
    size = len(model.payoffs)
    for k in range(len(model.players)):
        pairs = [writer.write(expression) for expression in reduced[k * size : (k + 1) * size]]
        payoffs.append(tuple(value for value, _ in pairs))
        bounds.append(tuple(error for _, error in pairs))
    return PayoffText(
        lines=tuple(writer.lines),
        parameters=writer.parameters,
        errors=writer.errors,
        payoffs=tuple(payoffs),
        bounds=tuple(bounds),
        functions=tuple(sorted(writer.functions)),
    )


def is_rational(model: AlignmentModel) -> bool:
    """Tell whether payoffs at rational parameters are rational, so that ties can be decided."""
    kinds = (sp.exp, sp.log, sp.NumberSymbol, sp.Float)
    return not any(
        expression.has(*kinds)
        or any(not power.exp.is_Integer for power in expression.atoms(sp.Pow))
        for expressions in model.payoffs.values()
        for expression in map(sp.sympify, expressions)
    )


@functools.lru_cache(maxsize=64)
def model_hash(model: AlignmentModel) -> str:
    """Return a hash of all that the numbers of a model depend on.

    Names, domains and constraints of the parameters, players, strategies and payoffs.

    Examples
    --------
    >>> import alignment_games as ag
    >>> len(model_hash(ag.models.alignment()))
    64
    """
    space = model.parameters
    parts: list[object] = [model.name, model.players, model.strategies]
    parts += [(name, p.symbol.name, str(p.domain)) for name, p in space.items()]
    parts += [(c.smaller, c.larger) for c in space.constraints]
    parts += [(profile, list(map(str, own))) for profile, own in model.payoffs.items()]
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


def _new_symbols(model: AlignmentModel) -> Any:
    taken = {symbol.name for symbol in model.parameters.symbols.values()}
    return (sp.Symbol(f"_s{k}") for k in itertools.count() if f"_s{k}" not in taken)
