"""Which candidates are equilibria together: as formulas, at random points, and in a freer game."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from .._numeric import rational
from .._typing import BoolArray, FloatArray
from ..models import AlignmentModel
from ._forms import Candidate, Surd, Test
from ._points import usual_range
from ._polynomials import Polynomials, bounds, polynomial_payoffs, ranges
from ._two_players import two_player_candidates

__all__ = ["Cells", "Combination", "Sampler", "free_cells"]

Combination = frozenset[int]
"""Numbers of the candidates that are equilibria."""

_STEPS = 120
"""Steps into which ranges are cut for random points: many divisors, so that witnesses are short."""


@dataclass(frozen=True, slots=True)
class Cells:
    """For each candidate, formulas that say that it certainly is, or is not, an equilibrium.

    Attributes
    ----------
    exists, excluded : tuple of sympy Booleans
    domain : tuple of Relational
    """

    exists: tuple[sp.Basic, ...]
    excluded: tuple[sp.Basic, ...]
    domain: tuple[sp.Basic, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], domain: Sequence[sp.Basic]) -> Cells:
        """Write the formulas for some candidates."""
        exists, excluded = [], []
        for own in candidates:
            guards = [sp.Ne(factor.expression, 0) for factor in own.guard.even]
            if own.guard.number == 0:
                guards = [sp.false]
            exists.append(sp.And(*guards, *(_has_sign(test, 1) for test in own.needed)))
            excluded.append(sp.And(*guards, sp.Or(*(_has_sign(test, -1) for test in own.needed))))
        return cls(tuple(exists), tuple(excluded), tuple(domain))

    def only(self, combination: Combination) -> list[sp.Basic]:
        """Return formulas for the points at which exactly these are equilibria, without ties."""
        pairs = enumerate(zip(self.exists, self.excluded, strict=True))
        return [*self.domain, *(yes if k in combination else no for k, (yes, no) in pairs)]

    def other(self, combinations: Sequence[Combination]) -> list[sp.Basic]:
        """Return formulas for the points without ties that have none of these combinations."""
        pairs = list(zip(self.exists, self.excluded, strict=True))
        decided = [sp.Or(yes, no) for yes, no in pairs]
        blocked = [
            sp.Or(*(no if k in own else yes for k, (yes, no) in enumerate(pairs)))
            for own in combinations
        ]
        return [*self.domain, *decided, *blocked]


def _has_sign(test: Test, wanted: int) -> sp.Basic:
    """Write that a product has a sign, by the signs of its factors."""
    number = test.number * wanted
    rows = []
    for signs in itertools.product((1, -1), repeat=len(test.odd)):
        if number * int(np.prod(signs)) > 0:
            relations = [
                (sp.Gt if one > 0 else sp.Lt)(factor.expression, 0, evaluate=False)
                for one, factor in zip(signs, test.odd, strict=True)
            ]
            rows.append(sp.And(*relations))
    return sp.And(sp.Or(*rows), *(sp.Ne(factor.expression, 0) for factor in test.even))


def free_cells(
    model: AlignmentModel, candidates: Sequence[Candidate]
) -> tuple[Cells, dict[sp.Symbol, sp.Expr]]:
    """Return the cells of a freer two-player game: each payoff difference is a symbol of its own.

    Only what intervals tell of a difference is kept of the model, and that equal differences are
    equal. What occurs in the model occurs there, so that what does not occur there does not in
    the model: a game of few symbols instead of many parameters. The difference that each symbol
    stands for is returned as well.
    """
    table, _ = polynomial_payoffs(model)
    own = ranges(model.parameters)
    tidy = Polynomials(own).tidy
    sizes = (len(model.strategies[0]), len(model.strategies[1]))
    symbols: dict[sp.Expr, sp.Symbol] = {}

    def difference(who: int, i: int, j: int) -> sp.Expr:
        base = (0, j) if who == 0 else (i, 0)
        value = tidy(table[i, j][who] - table[base][who])
        if value.is_number:
            return value
        if value.could_extract_minus_sign():
            return -symbols.setdefault(-value, sp.Dummy(f"difference_{len(symbols)}", real=True))
        return symbols.setdefault(value, sp.Dummy(f"difference_{len(symbols)}", real=True))

    differences = {
        (who, i, j): difference(who, i, j)
        for who, i, j in itertools.product((0, 1), range(sizes[0]), range(sizes[1]))
    }
    limits = {symbol: bounds(value, own) for value, symbol in symbols.items()}
    # Signs are compared with the same weights as in the model, so that tests have equal signs.
    references = {own.supports: own.references for own in candidates}
    free = two_player_candidates(
        lambda who, i, j: differences[who, i, j],
        sizes,
        Polynomials(limits),
        references=references,
    )
    domain = []
    for symbol, (low, high) in limits.items():
        for bound, relation in ((low, sp.Ge), (high, sp.Le)):
            if isinstance(bound, (int, Fraction)):
                domain.append(relation(symbol, rational(bound), evaluate=False))
    cells = Cells.of(free, domain)
    kept = {own.supports: k for k, own in enumerate(free)}
    places = [kept[own.supports] for own in candidates]
    listed = Cells(
        tuple(cells.exists[k] for k in places),
        tuple(cells.excluded[k] for k in places),
        cells.domain,
    )
    return listed, {symbol: value for value, symbol in symbols.items()}


@dataclass(frozen=True, slots=True)
class Sampler:
    """Random points of a model, and which candidates are equilibria there as far as floats tell.

    Attributes
    ----------
    model : AlignmentModel
    candidates : tuple of Candidate
    polynomials : tuple of sympy.Expr
        Those of which the candidates are made.
    evaluate, hold : callable
        The values of these, and of the hypotheses, from arrays of parameters.
    """

    model: AlignmentModel
    candidates: tuple[Candidate, ...]
    polynomials: tuple[sp.Expr, ...]
    evaluate: Callable[..., list[Any]]
    hold: Callable[..., list[Any]]

    @classmethod
    def of(
        cls,
        model: AlignmentModel,
        candidates: tuple[Candidate, ...],
        polynomials: tuple[sp.Expr, ...],
        given: Sequence[sp.Basic],
    ) -> Sampler:
        """Compile the polynomials and the hypotheses."""
        symbols = list(model.parameters.symbols.values())
        return cls(
            model,
            candidates,
            polynomials,
            sp.lambdify(symbols, list(polynomials), "numpy", cse=True),
            sp.lambdify(symbols, list(given), "numpy"),
        )

    def points(
        self, rng: np.random.Generator, n_points: int, shape: float
    ) -> Iterator[tuple[Combination, dict[str, Fraction]]]:
        """Yield combinations that occur, with a few points each.

        Parameters are drawn from beta distributions over their usual ranges, with both parameters
        `shape`: uniformly if it is 1, more often near the ends if it is less. Points at which a
        hypothesis is false in floating point are left out.
        """
        space = self.model.parameters
        shares = rng.beta(shape, shape, (len(space), n_points))
        steps = np.clip(np.rint(shares * _STEPS), 1, _STEPS - 1).astype(np.int64)
        ranges = {}
        for name, parameter in space.items():
            low, high = usual_range(parameter)
            ranges[name] = (low, high - low)
        columns = {
            name: float(low) + float(width) * own / _STEPS
            for (name, (low, width)), own in zip(ranges.items(), steps, strict=True)
        }
        allowed = np.ones(n_points, dtype=bool)
        for constraint in space.constraints:
            allowed &= columns[constraint.smaller] <= columns[constraint.larger]
        with np.errstate(all="ignore"):
            for held in self.hold(*columns.values()):
                allowed &= np.asarray(held, dtype=bool)
            values = {
                expression: np.broadcast_to(np.asarray(value, dtype=float), n_points)
                for expression, value in zip(
                    self.polynomials, self.evaluate(*columns.values()), strict=True
                )
            }
            table = np.array([_exists(own, values, n_points) for own in self.candidates])
        patterns, places = np.unique(table[:, allowed], axis=1, return_inverse=True)
        where = np.flatnonzero(allowed)
        for k in range(patterns.shape[1]):
            combination = frozenset(np.flatnonzero(patterns[:, k]).tolist())
            for at in where[np.flatnonzero(places.ravel() == k)[:20]].tolist():
                yield (
                    combination,
                    {
                        name: low + width * Fraction(int(own[at]), _STEPS)
                        for (name, (low, width)), own in zip(ranges.items(), steps, strict=True)
                    },
                )


def _exists(candidate: Candidate, values: dict[sp.Expr, FloatArray], n_points: int) -> BoolArray:
    result: BoolArray = np.full(n_points, candidate.guard.number != 0)
    for test in candidate.needed:
        product = np.full(n_points, float(test.number))
        for factor in test.odd:
            product = product * np.sign(_floats(factor, values))
        result = result & (product > 0)
    return result


def _floats(number: Surd, values: dict[sp.Expr, FloatArray]) -> FloatArray:
    if number.b == 0:
        return values[number.a]
    return values[number.a] + values[number.b] * np.sqrt(values[number.d])
