"""The polynomial system of one support, and its finitely many solutions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .._numeric import exact_number, rational
from ._nplayer_exact import Row, SupportProblem
from ._nplayer_numbers import (
    RealNumber,
    combination,
    determinant_sign,
    minimal_polynomial,
)
from ._nplayer_pieces import Piece

__all__ = ["Point", "System", "TooHardError", "Weights"]

_LIMITS = (300, 3000, 4000)  # polynomials, terms of each, bits of each coefficient

Weights = dict[int, tuple[Fraction | float, ...]]
"""For each mixing player, the probabilities of its supported strategies."""


@dataclass(frozen=True, slots=True)
class Point:
    """A decided equilibrium: exact where it is rational, else correctly rounded."""

    weights: Weights
    tied: bool
    sign: int
    """Sign of the Jacobian's determinant, 0 if it is singular."""


class TooHardError(Exception):
    """A Groebner basis grew beyond the limits."""


def _times(monomial: tuple[int, ...], place: int, power: int = 1) -> tuple[int, ...]:
    return (*monomial[:place], monomial[place] + power, *monomial[place + 1 :])


class System:
    """The equations of a support problem as polynomials in its free coordinates.

    These are the probabilities of each mixing player's supported strategies but the first.
    """

    def __init__(self, problem: SupportProblem, piece: Piece | None) -> None:
        import sympy

        self.sympy = sympy
        self.problem = problem
        self.free: list[Any] = []
        self.own: dict[int, list[Any]] = {}
        self.parameter = sympy.Symbol("v")
        for j in problem.mixing:
            names = [sympy.Symbol(f"x{j}_{s}") for s in problem.support[j][1:]]
            self.free += names
            self.own[j] = [1 - sum(names), *names]
        self.positive = [self.poly(e) for own in self.own.values() for e in own]
        self.deviations = [self.polynomial(row) for row in problem.deviations]
        rows = [self.polynomial(row) for row in problem.equations]
        self.equations = [e for e in rows + (self.hull(piece) if piece else []) if not e.is_zero]
        self.jacobian = [
            [self.polynomial(row).diff(x) for x in self.free] for row in problem.equations
        ]

    def polynomial(self, row: Row) -> Any:
        """Return a row as a polynomial in the free coordinates."""
        axes = [self.own[j] for j in self.problem.others(row.player)]
        total = sum(
            gain * self.sympy.Mul(*factors)
            for gain, factors in zip(row.gains, itertools.product(*axes), strict=True)
        )
        return self.poly(total)

    def hull(self, piece: Piece) -> list[Any]:
        """Return the linear equations of a piece's affine hull."""
        found = []
        for j, vertices in piece.parts.items():
            matrix = self.sympy.Matrix([[rational(p) for p in x] for x in vertices])
            for form in matrix.nullspace():
                total = sum(a * e for a, e in zip(form, self.own[j], strict=True))
                found.append(self.poly(total))
        return found

    def basis(self, polys: Iterable[Any], order: str = "grevlex", *variables: Any) -> list[Any]:
        """Return a reduced Groebner basis in the free coordinates, or the variables given.

        Raises `TooHardError` where it grows beyond all that decides a support in a short time.
        """
        from flint import Ordering, fmpz_mpoly_ctx, fmpz_mpoly_vec

        own = variables or tuple(self.free)
        kind = Ordering.lex if order == "lex" else Ordering.degrevlex
        context = fmpz_mpoly_ctx.get([str(x) for x in own], kind)
        system = []
        for poly in polys:
            whole = self.sympy.Poly(poly.as_expr(), *own, domain="QQ").clear_denoms()[1]
            system.append(context.from_dict({m: int(c) for m, c in whole.terms()}))
        found: Any
        found, done = fmpz_mpoly_vec(system, context).buchberger_naive(limits=_LIMITS)
        if not done:
            raise TooHardError
        return [
            self.sympy.Poly({m: int(c) for m, c in g.to_dict().items()}, *own, domain="QQ")
            for g in found.autoreduction()
        ]

    def leads(self, basis: list[Any], order: str = "grevlex") -> tuple[list[tuple[int, ...]], int]:
        """Return the leading monomials, and how many variables have a power among them."""
        monomials = [g.monoms(order=order)[0] for g in basis]
        return monomials, len({m.index(max(m)) for m in monomials if sum(map(bool, m)) == 1})

    def never_zero(self, factor: Any) -> bool:
        """Tell whether a factor has one sign where all probabilities are positive.

        Sufficient: it is a probability, or of degree 1 in each variable with values of one sign,
        not all zero, at the corners of the simplices.
        """
        if factor.monic() in [p.monic() for p in self.positive]:
            return True
        corners = []
        for j, own in self.own.items():
            size = len(own) - 1
            if any(sum(m[k] for k in self.places(j)) > 1 for m in factor.monoms()):
                return False
            corners.append([tuple(int(k == c) for k in range(size)) for c in range(-1, size)])
        values = [
            factor.eval(tuple(itertools.chain(*corner))) for corner in itertools.product(*corners)
        ]
        return any(values) and (min(values) >= 0 or max(values) <= 0)

    def places(self, player: int) -> range:
        """Return the positions of a player's free coordinates."""
        first = 0
        for j, own in self.own.items():
            if j == player:
                return range(first, first + len(own) - 1)
            first += len(own) - 1
        raise AssertionError(player)

    def independent_sets(self, leading: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Return the largest sets of coordinates whose products no leading monomial is among."""
        used = [{k for k, e in enumerate(monomial) if e} for monomial in leading]
        for size in range(len(self.free), 0, -1):
            found = [
                own
                for own in itertools.combinations(range(len(self.free)), size)
                if not any(lead <= set(own) for lead in used)
            ]
            if found:
                return found
        return [()]

    def equilibria(self, basis: list[Any], order: str) -> list[Point]:
        """Return the equilibria among finitely many solutions."""
        return [
            point
            for number, coordinates in self.solutions(basis, order, self.free)
            if (point := self.judge(number, coordinates)) is not None
        ]

    def solutions(
        self, basis: list[Any], order: str, variables: Sequence[Any]
    ) -> Iterator[tuple[RealNumber, list[Any]]]:
        """Write finitely many real solutions as polynomials in a real algebraic number.

        The number is a combination of the coordinates that tells the solutions apart; it and
        they act on the quotient by the (radical) ideal as matrices.
        """
        matrices = self.multiplications(basis, order, variables)
        parts = []
        for matrix, x in zip(matrices, variables, strict=True):
            minimal = self.sympy.Poly(minimal_polynomial(matrix)[0], x, domain="QQ")
            if not minimal.is_sqf:
                # Seidenberg: with squarefree polynomials of all coordinates it is radical.
                part = minimal.sqf_part().as_expr()
                parts.append(self.sympy.Poly(part, *variables, domain="QQ"))
        if parts:
            yield from self.solutions(
                self.basis([*basis, *parts], "grevlex", *variables), "grevlex", variables
            )
            return
        size = len(matrices[0])
        for base in itertools.count(1):
            combined = [
                [
                    sum((base**k * m[r][c] for k, m in enumerate(matrices)), Fraction(0))
                    for c in range(size)
                ]
                for r in range(size)
            ]
            minimal, powers = minimal_polynomial(combined)
            if len(powers) == size:
                break
        t = self.parameter
        values = []
        for matrix in matrices:
            column = [line[0] for line in matrix]
            weights = combination(powers, column)
            assert weights is not None  # the powers are a basis
            values.append(self.sympy.Poly(weights[::-1], t, domain="QQ"))
        for number in self.real_roots(self.sympy.Poly(minimal, t, domain="QQ")):
            yield number, [number.reduce(v) for v in values]

    def multiplications(
        self, basis: list[Any], order: str, variables: Sequence[Any]
    ) -> list[list[list[Fraction]]]:
        """Return the matrices of the coordinates on the quotient; its first monomial is 1."""
        leading = dict(zip(self.leads(basis, order)[0], basis, strict=True))
        count = len(variables)
        standard = [(0,) * count]
        for monomial in standard:
            for k in range(count):
                larger = _times(monomial, k)
                if larger not in standard and not any(
                    all(a <= b for a, b in zip(lead, larger, strict=True)) for lead in leading
                ):
                    standard.append(larger)
        normal = {
            monomial: [Fraction(int(k == j)) for j in range(len(standard))]
            for k, monomial in enumerate(standard)
        }

        def form(monomial: tuple[int, ...]) -> list[Fraction]:
            """Return the normal form: of a multiple, from that of what it is a multiple of."""
            if monomial not in normal:
                total = [Fraction(0)] * len(standard)
                if monomial in leading:
                    terms = {m: exact_number(c) for m, c in leading[monomial].terms()}
                    head = terms.pop(monomial)
                    for term, c in terms.items():
                        total[standard.index(term)] -= c / head
                else:
                    k, smaller = next(
                        (k, part)
                        for k in range(count)
                        if monomial[k] and (part := _times(monomial, k, -1)) not in standard
                    )
                    for c, term in zip(form(smaller), standard, strict=True):
                        if c:
                            rest = form(_times(term, k))
                            total = [a + c * b for a, b in zip(total, rest, strict=True)]
                normal[monomial] = total
            return normal[monomial]

        return [
            [list(row) for row in zip(*(form(_times(m, k)) for m in standard), strict=True)]
            for k in range(count)
        ]

    def real_roots(self, poly: Any) -> Iterator[RealNumber]:
        """Return the real roots of a polynomial in one variable."""
        for factor, _ in poly.factor_list()[1]:
            for (low, high), _ in factor.intervals():
                yield RealNumber(factor, exact_number(low), exact_number(high))

    def at(self, poly: Any, coordinates: Sequence[Any], number: RealNumber) -> Any:
        """Return the value of a polynomial at a solution, as a polynomial in the number."""
        total = self.constant(0)
        for monomial, coefficient in poly.terms():
            term = self.constant(coefficient)
            for exponent, value in zip(monomial, coordinates, strict=True):
                for _ in range(exponent):
                    term = number.reduce(term * value)
            total += term
        return number.reduce(total)

    def judge(self, number: RealNumber, coordinates: Sequence[Any]) -> Point | None:
        """Decide exactly whether a solution is an equilibrium with this support."""
        for p in self.positive:
            if number.sign(self.at(p, coordinates, number)) <= 0:
                return None
        tied = False
        for d in self.deviations:
            sign = number.sign(self.at(d, coordinates, number))
            if sign > 0:
                return None
            tied = tied or sign == 0
        matrix = [[self.at(e, coordinates, number) for e in line] for line in self.jacobian]
        sign = determinant_sign(matrix, number)
        return Point(self.weights(number, coordinates), tied, sign)

    def weights(self, number: RealNumber, coordinates: Sequence[Any]) -> Weights:
        """Return the probabilities of a solution."""
        found: Weights = {}
        for j in self.problem.mixing:
            own = [coordinates[k] for k in self.places(j)]
            rest = self.constant(1)
            for value in own:
                rest -= value
            found[j] = tuple(number.value(value) for value in (rest, *own))
        return found

    def number(self, value: Fraction) -> RealNumber:
        """Return a rational as an algebraic number."""
        t = self.parameter
        poly = self.sympy.Poly(value.denominator * t - value.numerator, t, domain="QQ")
        return RealNumber(poly, value, value)

    def constant(self, value: Any) -> Any:
        """Return an element of a number field: a polynomial in the number."""
        return self.sympy.Poly(value, self.parameter, domain="QQ")

    def poly(self, expression: Any) -> Any:
        """Return a polynomial in the free coordinates."""
        return self.sympy.Poly(expression, *self.free, domain="QQ")
