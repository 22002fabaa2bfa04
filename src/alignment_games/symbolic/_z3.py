"""Formulas over the real numbers, decided by z3: the one module that knows that package.

A formula is translated twice, into what makes it certainly true and what makes it certainly
false. Where a quotient, a root or a power has no meaning a comparison is neither, and the values
pass through "and", "or" and "not" by Kleene's strong logic. So a claim in which a denominator
can vanish is not taken for true there, and a condition that excludes the zero is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import Piecewise
from sympy.logic.boolalg import (
    ITE,
    And,
    BooleanFalse,
    BooleanTrue,
    Equivalent,
    Implies,
    Not,
    Or,
    Xor,
)

from ..errors import ModelError
from .truth import denominators, is_rational_function

__all__ = ["Found", "search", "version"]

_DIGITS = (6, 12, 24, 48)
"""Decimal places to which irrational values are tried to be rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search for a point that satisfies formulas came to.

    Attributes
    ----------
    answer : str
        ``sat``, ``unsat`` or ``unknown``.
    points : tuple of mappings of Symbol to Fraction
        Rational points near the one that was found, nearest last: where formulas are strict one
        of them satisfies them as well, which is for the caller to check. Empty unless ``sat``.
    reason : str
        Why the answer is unknown.
    """

    answer: str
    points: tuple[Mapping[sp.Symbol, Fraction], ...] = ()
    reason: str = ""


def version() -> str:
    """Return the version of z3, after importing it."""
    return str(_z3().get_version_string())


def search(true: Iterable[sp.Basic], not_true: Iterable[sp.Basic] = (), *, timeout: float) -> Found:
    """Search for a point at which some formulas are true and others are not.

    Parameters
    ----------
    true, not_true : iterable of sympy Boolean
        What must be true at the point; of what must not be true, one formula that is false or
        has no meaning there is enough.
    timeout : float
        Seconds.

    Raises
    ------
    ModelError
        If a formula holds something that is not arithmetic of real numbers.
    ModuleNotFoundError
        If z3 is not installed.
    """
    z3 = _z3()
    writer = _Writer(z3)
    wanted = [writer.formula(formula).true for formula in true]
    spoiled = [z3.Not(writer.formula(formula).true) for formula in not_true]
    if spoiled:
        wanted.append(z3.Or(*spoiled))
    wanted += writer.sides
    last = "unknown"
    # The first is made for polynomials over the reals; the second also tries other tactics.
    solvers: tuple[Callable[[], Any], ...] = (
        lambda: z3.Then("simplify", "solve-eqs", "purify-arith", "nlsat").solver(),
        z3.Solver,
    )
    for k, make in enumerate(solvers):
        solver = make()
        solver.set("timeout", max(1, int(1000 * timeout / (len(solvers) if k == 0 else 2))))
        solver.add(*wanted)
        answer = str(solver.check())
        if answer == "unsat":
            return Found(answer=answer)
        if answer == "sat":
            return Found(answer=answer, points=writer.points(solver.model()))
        last = str(solver.reason_unknown())
    return Found(answer="unknown", reason=last)


def _z3() -> Any:
    try:
        import z3
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        msg = "proofs need z3; install it with: pip install 'alignment-games[proofs]'"
        raise ModuleNotFoundError(msg, name="z3") from None
    return z3


@dataclass(frozen=True, slots=True)
class _Pair:
    """What makes a formula certainly true, and what makes it certainly false."""

    true: Any
    false: Any


@dataclass(slots=True)
class _Writer:
    z3: Any
    symbols: dict[sp.Symbol, Any] = field(default_factory=dict)
    roots: dict[sp.Basic, Any] = field(default_factory=dict)
    sides: list[Any] = field(default_factory=list)
    known: dict[sp.Basic, _Pair] = field(default_factory=dict)

    def formula(self, formula: sp.Basic) -> _Pair:
        """Translate a Boolean expression, each part once however often it is there."""
        if formula not in self.known:
            self.known[formula] = self._translated(formula)
        return self.known[formula]

    def _translated(self, formula: sp.Basic) -> _Pair:
        z3 = self.z3
        if isinstance(formula, (BooleanTrue, BooleanFalse)):
            true = isinstance(formula, BooleanTrue)
            return _Pair(z3.BoolVal(true), z3.BoolVal(not true))
        if isinstance(formula, Relational):
            return self._comparison(formula)
        if isinstance(formula, Not):
            inner = self.formula(formula.args[0])
            return _Pair(inner.false, inner.true)
        if isinstance(formula, (And, Or)):
            parts = [self.formula(part) for part in formula.args]
            every, some = (z3.And, z3.Or) if isinstance(formula, And) else (z3.Or, z3.And)
            return _Pair(every(*(p.true for p in parts)), some(*(p.false for p in parts)))
        if isinstance(formula, Implies):
            left, right = (self.formula(part) for part in formula.args)
            return _Pair(z3.Or(left.false, right.true), z3.And(left.true, right.false))
        if isinstance(formula, ITE):
            test, yes, no = formula.args
            return self.formula(And(Implies(test, yes), Or(test, no)))
        if isinstance(formula, Equivalent):
            parts = [self.formula(part) for part in formula.args]
            every, none = (z3.And(*(getattr(p, way) for p in parts)) for way in ("true", "false"))
            some, lacking = (z3.Or(*(getattr(p, way) for p in parts)) for way in ("true", "false"))
            return _Pair(z3.Or(every, none), z3.And(some, lacking))
        if isinstance(formula, Xor):
            odd, *others = (self.formula(part) for part in formula.args)
            for own in others:
                odd = _Pair(
                    z3.Or(z3.And(odd.true, own.false), z3.And(odd.false, own.true)),
                    z3.Or(z3.And(odd.true, own.true), z3.And(odd.false, own.false)),
                )
            return odd
        msg = f"a claim must be built of comparisons, And, Or, Not and Implies; got {formula}"[:200]
        raise ModelError(msg)

    def _comparison(self, relation: Relational) -> _Pair:
        z3 = self.z3
        left, right = relation.lhs, relation.rhs
        guards: list[Any] = []
        compared: Any
        # Each side by itself: what cancels between them may have no meaning.
        if is_rational_function(left) and is_rational_function(right):
            # Multiplied by the square of the denominator: no division is left for z3.
            top, bottom = sp.fraction(sp.together(left - right))
            for denominator in denominators(relation):
                guards.append(self.term(denominator, guards) != 0)
            compared = self.term(top, guards)
            if bottom != 1:
                compared = compared * self.term(bottom, guards)
        else:
            compared = self.term(left, guards) - self.term(right, guards)
        test = {
            ">": compared > 0, ">=": compared >= 0, "<": compared < 0, "<=": compared <= 0,
            "==": compared == 0, "!=": compared != 0,
        }[relation.rel_op]  # fmt: skip
        return _Pair(z3.And(*guards, test), z3.And(*guards, z3.Not(test)))

    def term(self, expression: sp.Basic, guards: list[Any]) -> Any:
        """Translate an expression; what its meaning needs is added to `guards`."""
        z3 = self.z3
        if isinstance(expression, sp.Symbol):
            if expression not in self.symbols:
                self.symbols[expression] = z3.Real(f"symbol_{len(self.symbols)}")
            return self.symbols[expression]
        if isinstance(expression, sp.Rational):
            return z3.RealVal(f"{expression.p}/{expression.q}")
        if isinstance(expression, sp.Add):
            return z3.Sum(*(self.term(part, guards) for part in expression.args))
        if isinstance(expression, sp.Mul):
            return z3.Product(*(self.term(part, guards) for part in expression.args))
        if isinstance(expression, sp.Pow):
            return self._power(expression, guards)
        if isinstance(expression, sp.Abs):
            inner = self.term(expression.args[0], guards)
            return z3.If(inner >= 0, inner, -inner)
        if isinstance(expression, (sp.Min, sp.Max)):
            first, *rest = (self.term(part, guards) for part in expression.args)
            for other in rest:
                ahead = first < other if isinstance(expression, sp.Min) else first > other
                first = z3.If(ahead, first, other)
            return first
        if isinstance(expression, Piecewise):
            return self._piecewise(expression, guards)
        msg = (
            "z3 decides polynomials, quotients and roots of rational parameters; "
            f"a claim or hypothesis holds {str(expression)[:80]}"
        )
        raise ModelError(msg)

    def _power(self, expression: sp.Pow, guards: list[Any]) -> Any:
        base, exponent = expression.args
        if not isinstance(exponent, sp.Rational):
            msg = f"exponents must be whole numbers or fractions, got {str(expression)[:80]}"
            raise ModelError(msg)
        inner = self.term(base, guards)
        if exponent.q != 1:
            inner = self._root(base, inner, int(exponent.q), guards)
        whole = abs(int(exponent.p))
        if whole > 64:
            msg = f"exponents must be at most 64, got {str(expression)[:80]}"
            raise ModelError(msg)
        result = self.z3.Product(*[inner] * whole)
        if exponent > 0:
            return result
        guards.append(inner != 0)
        return 1 / result

    def _root(self, base: sp.Basic, inner: Any, degree: int, guards: list[Any]) -> Any:
        """Return the root that is not negative, of a number that must not be."""
        guards.append(inner >= 0)
        key = sp.Tuple(base, sp.Integer(degree))
        if key not in self.roots:
            root = self.z3.Real(f"root_{len(self.roots)}")
            self.roots[key] = root
            exact = self.z3.And(root >= 0, self.z3.Product(*[root] * degree) == inner)
            self.sides.append(self.z3.Implies(inner >= 0, exact))
        return self.roots[key]

    def _piecewise(self, expression: Piecewise, guards: list[Any]) -> Any:
        """Take the first value whose condition is true; conditions before it must be false."""
        z3 = self.z3
        result: Any = z3.RealVal(0)
        meaning: Any = z3.BoolVal(False)
        for value, condition in reversed(expression.args):
            own: list[Any] = []
            term = self.term(value, own)
            test = self.formula(condition)
            result = z3.If(test.true, term, result)
            meaning = z3.Or(z3.And(test.true, *own), z3.And(test.false, meaning))
        guards.append(meaning)
        return result

    def points(self, model: Any) -> tuple[Mapping[sp.Symbol, Fraction], ...]:
        """Return rational points at or near the one that was found."""
        found = []
        for digits in _DIGITS:
            point, rounded = {}, False
            for symbol, variable in self.symbols.items():
                value = model.eval(variable, model_completion=True)
                if not self.z3.is_rational_value(value):
                    value, rounded = value.approx(digits), True
                point[symbol] = Fraction(value.numerator_as_long(), value.denominator_as_long())
            found.append(point)
            if not rounded:
                break
        return tuple(found)
