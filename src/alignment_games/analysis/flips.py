"""How far an answer is from flipping: the nearest change of posture in each parameter.

With all other parameters held fixed, payoffs are polynomials of one parameter, or rational in
pieces, and then each piece is taken over its common denominator. The posture can change only where
formulas do, and where a player becomes indifferent, that is where one of these polynomials has a
root:

- differences of one player's payoffs at two profiles (both games), and
- for the simultaneous game, the determinants that vanish where three strategies of the first
  player are equally good against one mixture of the second's two actions.

All roots are isolated in rational arithmetic and the game is solved between them, so the
nearest flip is found, not sampled.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import TypeAlias, TypeVar

import sympy as sp

from .._numeric import exact_number, integer_matrix, rational
from .._typing import Values
from ..errors import GameError, ParameterError
from ..models import AlignmentModel, Interval
from ..models.model import exact_payoff_function, model_of
from ..solvers.polytope import best_reply_vertices, extreme_pairs
from ._piecewise import Polynomial, payoff_pieces

__all__ = ["Flip", "Outcomes", "Timing", "Watch", "nearest_flips", "outcomes", "posture_sets"]

Table: TypeAlias = tuple[tuple[tuple[Fraction, ...], ...], ...]
"""Payoffs [player][posture][response]."""
Postures: TypeAlias = frozenset[tuple[str, ...]]
"""Which strategies the first player uses: one entry for each equilibrium support."""
Outcomes: TypeAlias = frozenset[tuple[tuple[str, ...], tuple[str, ...]]]
"""Which strategies both players use: one entry for each equilibrium (path)."""

_Choice = TypeVar("_Choice", bound=enum.Enum)

_WIDTH = Fraction(1, 10**15)


class Timing(enum.Enum):
    """When the hegemon chooses; the value is the word that reports use."""

    SIMULTANEOUS = "simultaneous"
    SEQUENTIAL = "sequential"


class Watch(enum.Enum):
    """Which change counts as a flip."""

    POSTURE = "posture"
    OUTCOME = "posture or answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The nearest value of one parameter at which the posture changes.

    Attributes
    ----------
    parameter : str
    timing : Timing
    current : Fraction
    value : Fraction or None
        The nearest value in the parameter's domain at which the answer changes, all else
        fixed; None if it never does. An irrational value is given to within 1e-15.
    rational : bool
        Whether `value` is the exact flip point.
    before, after : frozenset of pairs of tuples of str
        Both players' strategies in equilibrium (in the sequential game: on the path) now and
        beyond the flip; one pair for each equilibrium.
    range : Interval
        What is plausible for this parameter in this case.
    domain : Interval
        What was searched.
    """

    parameter: str
    timing: Timing
    current: Fraction
    value: Fraction | None
    rational: bool
    before: Outcomes
    after: Outcomes
    range: Interval
    domain: Interval

    @property
    def inside_range(self) -> bool:
        """Whether the flip lies within the stated range."""
        return self.value is not None and self.value in self.range

    @property
    def distance(self) -> Fraction | None:
        """Distance from the current value to the flip."""
        return None if self.value is None else abs(self.value - self.current)


def nearest_flips(
    model: AlignmentModel,
    values: Values,
    *,
    timing: Timing,
    watch: Watch = Watch.POSTURE,
    ranges: Mapping[str, Interval] | None = None,
    parameters: Iterable[str] | None = None,
) -> tuple[Flip, ...]:
    """Return the nearest flip of the first player's posture in each parameter.

    Parameters
    ----------
    model : AlignmentModel
        Two players; the second has two strategies.
    values : Scenario or mapping of str to number
    timing : Timing
        Which game is watched.
    watch : Watch, optional
        ``Watch.POSTURE`` (default): the first player's strategies in equilibrium change.
        ``Watch.OUTCOME``: these or the second player's change.
    ranges : mapping of str to Interval, optional
        Plausible ranges; the parameters' usual ones by default.
    parameters : iterable of str, optional
        Which parameters to vary; all by default.

    Returns
    -------
    tuple of Flip
        One for each parameter.

    Raises
    ------
    ParameterError
        If a value is missing or outside its domain, or a word is unknown.
    GameError
        If the model has other players, or payoffs that hold ``exp``, ``log`` or roots.

    Examples
    --------
    >>> import alignment_games as ag
    >>> ukraine = ag.load_scenario("ukraine")
    >>> flips = ag.analysis.nearest_flips(
    ...     ukraine.model, ukraine, timing=ag.analysis.Timing.SEQUENTIAL,
    ...     parameters=["patron_reliability"])
    >>> flips[0].value, flips[0].after
    (Fraction(3, 7), frozenset({(('balance',), ('accommodate',))}))
    """
    model_of(model)
    if len(model.players) != 2 or len(model.strategies[1]) != 2:
        msg = f"`model` must have two players, the second with two strategies, got {model.name!r}"
        raise GameError(msg)
    numbers = model.parameters.complete(values, {})
    question = _member(Timing, timing, "timing"), _member(Watch, watch, "watch")
    return tuple(
        _nearest_flip(
            model,
            numbers,
            name,
            question,
            (ranges or {}).get(name, model.parameters[name].usual),
        )
        for name in (model.parameters if parameters is None else parameters)
    )


def _member(kind: type[_Choice], given: _Choice, argument: str) -> _Choice:
    """Return a member of an enumeration from itself or its value."""
    try:
        return kind(given)
    except ValueError:
        known = ", ".join(repr(member.value) for member in kind)
        msg = f"`{argument}` must be a {kind.__name__} or one of {known}, got {given!r}"
        raise ParameterError(msg) from None


def posture_sets(outcomes: Outcomes) -> Postures:
    """Return the first player's part of a set of outcomes."""
    return frozenset(posture for posture, _ in outcomes)


def outcomes(model: AlignmentModel, table: Table, timing: Timing) -> Outcomes:
    """Return the strategies that both players use in equilibrium.

    Parameters
    ----------
    model : AlignmentModel
    table : nested tuples of Fraction
        Payoffs [player][posture][response].
    timing : Timing
        In the sequential game, strategies on the path of pure equilibria.
    """
    names, answers = model.strategies
    if timing is Timing.SEQUENTIAL:
        return frozenset(((names[k],), (answers[j],)) for k, j in _paths(table))
    own, other = (integer_matrix(matrix) for matrix in table)
    rows = best_reply_vertices(other)
    columns = best_reply_vertices(tuple(zip(*own, strict=True)))
    return frozenset(
        (
            tuple(name for name, p in zip(names, x.strategy, strict=True) if p),
            tuple(name for name, p in zip(answers, y.strategy, strict=True) if p),
        )
        for x, y in extreme_pairs(rows, columns)
    )


def _paths(table: Table) -> list[tuple[int, int]]:
    """Return the paths of pure subgame-perfect equilibria.

    A posture with a best reply of the second player to it is one if it is no worse for the
    first than the worst case, under best replies, of every other posture.
    """
    cases = []
    for own, other in zip(*table, strict=True):
        best = max(other)
        cases.append([(u, j) for j, (u, v) in enumerate(zip(own, other, strict=True)) if v == best])
    return [
        (k, j)
        for k, mine in enumerate(cases)
        for payoff, j in mine
        if all(payoff >= min(theirs)[0] for i, theirs in enumerate(cases) if i != k)
    ]


def _nearest_flip(
    model: AlignmentModel,
    numbers: dict[str, Fraction],
    name: str,
    question: tuple[Timing, Watch],
    plausible: Interval,
) -> Flip:
    timing, watch = question
    at = _payoffs_along(model, numbers, name)
    current = numbers[name]

    def solved(value: Fraction) -> Outcomes:
        return outcomes(model, at(value), timing)

    def watched(found: Outcomes) -> object:
        return found if watch is Watch.OUTCOME else posture_sets(found)

    before = solved(current)
    domain = _domain(model, numbers, name)
    found: list[tuple[Fraction, bool, Outcomes]] = []
    roots = _merged(_all_breakpoints(model, numbers, name, at, timing))
    if roots:
        for side in (-1, 1):
            flip = _scan(roots, current, side, domain, solved, watched)
            if flip is not None:
                found.append(flip)
    value, rational, after = min(
        found, key=lambda f: abs(f[0] - current), default=(None, True, before)
    )
    return Flip(
        parameter=name,
        timing=timing,
        current=current,
        value=value,
        rational=rational,
        before=before,
        after=after,
        range=plausible,
        domain=domain,
    )


def _scan(
    roots: list[tuple[Fraction, Fraction]],
    start: Fraction,
    side: int,
    domain: Interval,
    solved: Callable[[Fraction], Outcomes],
    watched: Callable[[Outcomes], object],
) -> tuple[Fraction, bool, Outcomes] | None:
    """Walk from `start` to the end of the domain and return the first change of the answer."""
    before = watched(solved(start))
    if side > 0:
        ahead = [r for r in roots if r[1] >= start]
        end = max([start, *(r[1] for r in ahead)]) + 1 if domain.upper is None else domain.upper
    else:
        ahead = [r for r in reversed(roots) if r[0] <= start]
        end = domain.lower
    ahead = [r for r in ahead if (r[0] - end) * side <= 0]
    for k, (low, high) in enumerate(ahead):
        near, far = (low, high) if side > 0 else (high, low)
        rational = low == high
        following = ahead[k + 1][0 if side > 0 else 1] if k + 1 < len(ahead) else end
        beyond = solved((far + following) / 2) if (following - far) * side > 0 else None
        if beyond is not None and watched(beyond) != before:
            return (near + far) / 2, rational, beyond
        if rational and near != start:
            here = solved(near)
            if watched(here) != before:  # a tie at this one point, or at the domain's end
                return near, True, here
    return None


def _payoffs_along(
    model: AlignmentModel, numbers: dict[str, Fraction], name: str
) -> Callable[[Fraction], Table]:
    function = exact_payoff_function(model)
    position = list(numbers).index(name)
    fixed = list(numbers.values())
    rows, columns = (len(own) for own in model.strategies)

    def at(value: Fraction) -> Table:
        flat = function(*fixed[:position], value, *fixed[position + 1 :])
        return tuple(
            tuple(
                tuple(Fraction(flat[(p * rows + i) * columns + j]) for j in range(columns))
                for i in range(rows)
            )
            for p in range(2)
        )

    return at


def _flat(table: Table) -> list[Fraction]:
    return [value for matrix in table for row in matrix for value in row]


def _domain(model: AlignmentModel, numbers: dict[str, Fraction], name: str) -> Interval:
    domain = model.parameters[name].domain
    lower, upper = domain.lower, domain.upper
    for constraint in model.parameters.constraints:
        if constraint.smaller == name:
            bound = numbers[constraint.larger]
            upper = bound if upper is None else min(upper, bound)
        elif constraint.larger == name:
            lower = max(lower, numbers[constraint.smaller])
    return Interval(lower, upper)


def _all_breakpoints(
    model: AlignmentModel,
    numbers: dict[str, Fraction],
    name: str,
    at: Callable[[Fraction], Table],
    timing: Timing,
) -> list[tuple[Fraction, Fraction]]:
    """Return isolating intervals of every value of a parameter at which the answer can change."""
    degrees = _degrees(model)
    if degrees is None:
        borders, pieces = payoff_pieces(model, numbers, name, _roots)
    else:
        samples = [_flat(at(Fraction(k))) for k in range(degrees[name] + 1)]
        borders, pieces = [], [[_interpolate(own) for own in zip(*samples, strict=True)]]
    return borders + [root for own in pieces for root in _breakpoints(own, model, timing)]


@lru_cache(maxsize=32)
def _degrees(model: AlignmentModel) -> dict[str, int] | None:
    """Return the highest degree of any payoff in each parameter; None if not all have one."""
    symbols = model.parameters.symbols
    degrees = dict.fromkeys(symbols, 0)
    for values in model.payoffs.values():
        for expression in values:
            if not sp.sympify(expression).is_polynomial(*symbols.values()):
                return None
            polynomial = sp.Poly(expression, *symbols.values())
            for name, degree in zip(symbols, polynomial.degree_list(), strict=True):
                degrees[name] = max(degrees[name], degree)
    return degrees


def _breakpoints(
    payoffs: Sequence[Polynomial], model: AlignmentModel, timing: Timing
) -> Iterable[tuple[Fraction, Fraction]]:
    """Return isolating intervals of every value at which a comparison can change."""
    rows, columns = (len(own) for own in model.strategies)

    def payoff(player: int, row: int, column: int) -> Polynomial:
        return payoffs[(player * rows + row) * columns + column]

    wanted = [_subtract(payoff(1, i, 0), payoff(1, i, 1)) for i in range(rows)]
    cells = [(i, j) for i in range(rows) for j in range(columns)]
    for (i, j), (k, m) in itertools.combinations(cells, 2):
        if i != k and (timing is Timing.SEQUENTIAL or j == m):
            wanted.append(_subtract(payoff(0, i, j), payoff(0, k, m)))
    if timing is Timing.SIMULTANEOUS:
        for a, b, c in itertools.combinations(range(rows), 3):
            (p, q), (r, s) = (
                [_subtract(payoff(0, x, j), payoff(0, a, j)) for j in (0, 1)] for x in (b, c)
            )
            wanted.append(_subtract(_multiply(p, s), _multiply(q, r)))
    for polynomial in set(wanted):
        yield from _roots(polynomial)


def _interpolate(values: Sequence[Fraction]) -> Polynomial:
    """Return the polynomial with these values at 0, 1, 2, ... (Newton's form, expanded)."""
    differences, coefficients = list(values), [Fraction(0)] * len(values)
    basis: Polynomial = (Fraction(1),)
    for k in range(len(values)):
        for power, factor in enumerate(basis):
            coefficients[power] += differences[0] * factor
        differences = [(b - a) / (k + 1) for a, b in itertools.pairwise(differences)]
        basis = _multiply(basis, (Fraction(-k), Fraction(1)))
    return tuple(coefficients)


def _subtract(a: Polynomial, b: Polynomial) -> Polynomial:
    return tuple(x - y for x, y in itertools.zip_longest(a, b, fillvalue=Fraction(0)))


def _multiply(a: Polynomial, b: Polynomial) -> Polynomial:
    product = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            product[i + j] += x * y
    return tuple(product)


def _roots(polynomial: Polynomial) -> list[tuple[Fraction, Fraction]]:
    """Return isolating intervals of the real roots; rational roots of low degree exactly."""
    while polynomial and not polynomial[-1]:
        polynomial = polynomial[:-1]
    if len(polynomial) <= 1:
        return []
    if len(polynomial) == 2:
        root = -polynomial[0] / polynomial[1]
        return [(root, root)]
    if len(polynomial) == 3:
        c, b, a = polynomial
        square = b * b - 4 * a * c
        if square < 0:
            return []
        n, d = isqrt(square.numerator), isqrt(square.denominator)
        if n * n == square.numerator and d * d == square.denominator:
            root = Fraction(n, d)
            return [(x, x) for x in sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)})]
    x = sp.Symbol("x")
    exact = sp.Poly([rational(k) for k in reversed(polynomial)], x, domain="QQ")
    return [
        (exact_number(low), exact_number(high))
        for (low, high), _ in exact.intervals(eps=rational(_WIDTH))
    ]


def _merged(
    roots: Iterable[tuple[Fraction, Fraction]],
) -> list[tuple[Fraction, Fraction]]:
    """Sort intervals and merge those that overlap."""
    merged: list[tuple[Fraction, Fraction]] = []
    for low, high in sorted(roots):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
