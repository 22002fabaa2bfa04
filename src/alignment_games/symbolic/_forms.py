"""Closed forms of equilibria: numbers ``a + b sqrt(d)``, tests of their signs, and candidates.

A candidate is a combination of supports with weights in closed form. At a point it is certain,
open or excluded, and where none is open the certain ones are all equilibria.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from ._polynomials import Polynomials, known_sign

__all__ = ["ALWAYS", "ZERO", "Candidate", "Point", "Support", "Surd", "Test", "made_test", "sign"]

Support = tuple[tuple[int, ...], ...]

Point = Mapping[sp.Expr, Fraction]
"""Values of polynomials at a point."""

ZERO = sp.Integer(0)


@dataclass(frozen=True, slots=True)
class Surd:
    """``a + b sqrt(d)`` with polynomials a, b and d; operands share their d or have b = 0."""

    a: sp.Expr
    b: sp.Expr = ZERO
    d: sp.Expr = ZERO

    def __add__(self, other: Surd) -> Surd:
        return Surd(self.a + other.a, self.b + other.b, self.d if self.b != 0 else other.d)

    def __mul__(self, other: Surd) -> Surd:
        if self.b == 0 and other.b == 0:
            return Surd(self.a * other.a)
        d = self.d if self.b != 0 else other.d
        return Surd(self.a * other.a + self.b * other.b * d, self.a * other.b + self.b * other.a, d)

    def __neg__(self) -> Surd:
        return Surd(-self.a, -self.b, self.d)

    @property
    def expression(self) -> sp.Expr:
        """The number as one expression."""
        return self.a + self.b * sp.sqrt(self.d)

    @property
    def polynomials(self) -> tuple[sp.Expr, ...]:
        """What must be known at a point."""
        return (self.a,) if self.b == 0 else (self.a, self.b, self.d)


def sign(number: Surd, point: Point) -> int:
    """Return the sign of a number at a point where its d is not negative, exactly."""
    a = point[number.a]
    one = (a > 0) - (a < 0)
    if number.b == 0:
        return one
    b, d = point[number.b], point[number.d]
    two = ((b > 0) - (b < 0)) if d else 0
    if one * two >= 0:
        return one or two
    left, right = a * a, b * b * d
    return 0 if left == right else one if left > right else two


@dataclass(frozen=True, slots=True)
class Test:
    """That a product is positive: of `number`, of `odd`, and of squares of `even`.

    Factors whose sign the domains of the parameters settle are in `number` (1, -1 or 0).
    """

    number: int
    odd: tuple[Surd, ...] = ()
    even: tuple[Surd, ...] = ()

    def sign(self, point: Point) -> int:
        """Return the sign of the product at a point."""
        result = self.number
        for factor in self.odd:
            result *= sign(factor, point)
        return result if all(sign(factor, point) for factor in self.even) else 0


ALWAYS, NEVER = Test(1), Test(-1)


def made_test(polynomials: Polynomials, *numbers: Surd) -> Test:
    """Return the test that the product of some numbers is positive.

    A root is taken for positive: it is the discriminant's, which is tested first.
    """
    result = 1
    powers: dict[Surd, int] = {}
    for number in numbers:
        if number.b != 0 and number.a != 0:
            one, two = (known_sign(part, polynomials.ranges) for part in (number.a, number.b))
            if one is not None and one == two:
                result *= one
            else:
                powers[number] = powers.get(number, 0) + 1
            continue
        rational, found = polynomials.factors(number.a if number.b == 0 else number.b)
        result *= int(sp.sign(rational))
        for factor, power in found.items():
            known = known_sign(factor, polynomials.ranges)
            if known is None:
                powers[Surd(factor)] = powers.get(Surd(factor), 0) + power
            else:
                result *= known**power
    if result == 0:
        return Test(0)
    return Test(
        result,
        tuple(factor for factor, power in powers.items() if power % 2),
        tuple(factor for factor, power in powers.items() if power % 2 == 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Supports with weights in closed form, and what makes them an equilibrium.

    Attributes
    ----------
    supports : tuple of tuples of int, one a player
    weights : tuple of tuples of Surd, one a player
        Up to a common factor, for all strategies.
    tests : tuple of Test
        All hold strictly at an equilibrium that is certain; where one fails strictly there is
        none that is extreme with these supports.
    discriminant : Test or None
        For weights with a root: where it is negative there is none, where it is 0 all is open.
    guard : Test
        Where this is 0, all is open.
    references : tuple of int
        Of two players: the positions of the weights to whose signs others are compared.
    """

    supports: Support
    weights: tuple[tuple[Surd, ...], ...]
    tests: tuple[Test, ...]
    discriminant: Test | None = None
    guard: Test = ALWAYS
    references: tuple[int, ...] = ()

    def verdict(self, point: Point) -> int:
        """Return 1 if there is an equilibrium, 0 if that is open, -1 if it is excluded."""
        if self.guard.sign(point) == 0:
            return 0
        if self.discriminant is not None:
            first = self.discriminant.sign(point)
            if first < 1:
                return first
        worst = 1
        for test in self.tests:
            own = test.sign(point)
            if own < 0:
                return -1
            worst = min(worst, own)
        return worst

    @property
    def needed(self) -> tuple[Test, ...]:
        """All tests that hold at a certain equilibrium, except the guard."""
        return self.tests if self.discriminant is None else (self.discriminant, *self.tests)

    @property
    def possible(self) -> bool:
        """Whether an equilibrium can be certain, as far as the domains of parameters tell."""
        tests = (*self.needed, self.guard)
        return self.guard.number != 0 and all(t.number == 1 or (t.number and t.odd) for t in tests)

    @property
    def excluded(self) -> bool:
        """Whether there is no equilibrium, whatever the parameters."""
        if self.guard != ALWAYS:
            return False
        if self.discriminant is not None and self.discriminant != ALWAYS:
            return self.discriminant == NEVER  # where it is 0 all is open
        return NEVER in self.tests

    @property
    def polynomials(self) -> Iterable[sp.Expr]:
        """Every polynomial whose value decides at a point, and those of the weights."""
        for test in (*self.needed, self.guard):
            for number in (*test.odd, *test.even):
                yield from number.polynomials
        for own in self.weights:
            for number in own:
                yield from number.polynomials
