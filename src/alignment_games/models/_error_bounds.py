"""Expressions as source text, each value with a bound on its error (running error analysis).

The bounds follow N. J. Higham (2002), Accuracy and Stability of Numerical Algorithms, section
3.3, doi:10.1137/1.9780898718027.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import Piecewise
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanFunction, BooleanTrue, Not, Or

from .._numeric import exact_number, nearest_float
from ..errors import GameError

__all__ = ["UNIT", "Writer"]

UNIT = 2.0**-53
"""Relative error of one rounding."""

_LIBRARY = 4.0 * UNIT
"""Relative error that is granted to the exponential function and the logarithm."""

_MAX_POWER = 64

_EXACT = "0.0"

_TINY = 1e-300
"""More than products may lose by underflow, which other factors and divisors could enlarge."""

_SLACK = 1.01
"""What a bound is multiplied by before it is taken from a number that must stay positive: bounds
are themselves rounded, and the difference may be as small as that."""


class Writer:
    """Writes each subexpression once, as two names: its value and the bound on its error.

    Attributes
    ----------
    parameters, errors : tuple of str
        Names of the values of the symbols, in their order, and of the bounds on their errors.
    lines : list of str
        What is written.
    functions : set of str
        Those of ``exp``, ``log`` and ``sqrt`` that the lines use.
    """

    def __init__(self, symbols: Sequence[sp.Symbol]) -> None:
        self.lines: list[str] = []
        self.functions: set[str] = set()
        self.parameters = tuple(f"p{k}" for k in range(len(symbols)))
        self.errors = tuple(f"p{k}_e" for k in range(len(symbols)))
        self._known: dict[Any, tuple[str, str]] = dict(
            zip(symbols, zip(self.parameters, self.errors, strict=True), strict=True)
        )
        self._conditions: dict[Any, tuple[str, str, str]] = {}
        self._count = 0
        for name, error in zip(self.parameters, self.errors, strict=True):
            # A parameter may itself be too small for a float's precision.
            self.lines.append(f"{error} = {error} + {_TINY} if {name} != 0.0 else {error}")

    def define(self, symbol: sp.Symbol, expression: sp.Basic) -> None:
        """Write a shared subexpression or condition, which later ones name by the symbol."""
        if isinstance(expression, (Relational, BooleanFunction)):
            self._conditions[symbol] = self._condition(expression)
        else:
            self._known[symbol] = self.write(expression)

    def write(self, expression: sp.Expr) -> tuple[str, str]:
        """Write an expression unless it was; return what holds its value and its bound."""
        if expression not in self._known:
            self._known[expression] = self._written(expression)
        return self._known[expression]

    def _written(self, e: sp.Expr) -> tuple[str, str]:
        if e.is_Rational:
            return self._number(sp.Rational(e))
        if isinstance(e, (sp.NumberSymbol, sp.Float)):
            constant = float(e)
            return _literal(constant), repr(abs(constant) * UNIT)
        if isinstance(e, sp.Add):
            return self._folded(e.args, self._sum)
        if isinstance(e, sp.Mul):
            return self._product(e)
        if isinstance(e, sp.Pow):
            return self._power(e)
        if isinstance(e, (sp.exp, sp.log)):
            return self._function(e.func.__name__, *self.write(e.args[0]))
        if isinstance(e, sp.Abs):
            value, error = self.write(e.args[0])
            return self._new(f"abs({value})", error)
        if isinstance(e, (sp.Min, sp.Max)):
            sign = "<" if isinstance(e, sp.Min) else ">"
            return self._folded(sorted(e.args, key=sp.default_sort_key), self._extreme(sign))
        if isinstance(e, Piecewise):
            return self._piecewise(e)
        what = f"the symbol `{e}`, which is no parameter" if e.is_Symbol else f"`{e.func.__name__}`"
        msg = (
            f"payoffs may hold numbers, parameters, sums, products, powers, exp, log, sqrt, Abs, "
            f"Min, Max and Piecewise to be compiled; found {what} in {str(e)[:80]}"
        )
        raise GameError(msg)

    def _number(self, number: sp.Rational) -> tuple[str, str]:
        value = nearest_float(exact_number(number))
        if math.isinf(value):
            msg = (
                "numbers in payoffs must fit into floats to be compiled; found a number of about "
                f"{sp.N(number, 3)}; rescale the units"
            )
            raise GameError(msg)
        exact = sp.Rational(value) == number
        return _literal(value), _EXACT if exact else repr(max(abs(value) * UNIT, _TINY))

    def _new(self, value: str, error: str) -> tuple[str, str]:
        """Write two lines; ``@`` in the second stands for the value's name."""
        name = f"t{self._count}"
        self._count += 1
        self.lines.append(f"{name} = {value}")
        if error == _EXACT or error.isidentifier():
            return name, error
        self.lines.append(f"{name}_e = {error.replace('@', name)}")
        return name, f"{name}_e"

    def _folded(
        self, terms: Sequence[sp.Expr], join: Callable[[Any, Any], tuple[str, str]]
    ) -> tuple[str, str]:
        return functools.reduce(join, [self.write(term) for term in terms])

    def _sum(self, one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
        return self._new(f"{one[0]} + {two[0]}", _plus(one[1], two[1], f"abs(@) * {UNIT}"))

    def _times(self, one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
        (a, e), (b, f) = one, two
        parts = [f"abs(@) * {UNIT}"]
        if e != _EXACT:
            parts.append(f"abs({b}) * {e}")
        if f != _EXACT:
            parts.append(f"abs({a}) * {f}")
        if _EXACT not in (e, f):
            parts.append(f"{e} * {f}")
        return self._new(f"{a} * {b}", _plus(*parts, repr(_TINY)))

    def _product(self, e: sp.Mul) -> tuple[str, str]:
        factor, rest = e.as_coeff_Mul()
        if factor == -1:
            value, error = self.write(rest)
            return self._new(f"-{value}", error)
        over = [f for f in e.args if f.is_Pow and f.exp.is_Rational and f.exp < 0]
        above = [f for f in e.args if f not in over]
        if not over:
            return self._folded(e.args, self._times)
        top = self._folded(above, self._times) if above else ("1.0", _EXACT)
        bottom = self._folded([1 / f for f in over], self._times)
        return self._quotient(top, bottom)

    def _quotient(self, one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
        (a, e), (b, f) = one, two
        parts = [] if e == _EXACT else [e]
        if f != _EXACT:
            parts.append(f"abs(@) * {f}")
        room = f"abs({b})" if f == _EXACT else f"(abs({b}) - {_SLACK} * {f})"
        rounding = _plus(f"abs(@) * {UNIT}", repr(_TINY))
        error = f"({_plus(*parts)}) / {room} + {rounding}" if parts else rounding
        return self._new(f"{a} / {b}", f"{error} if {room} > 0.0 else inf")

    def _power(self, e: sp.Pow) -> tuple[str, str]:
        base, exponent = e.args
        if exponent.is_Integer and abs(exponent) <= _MAX_POWER:
            if exponent < 0:
                return self._quotient(("1.0", _EXACT), self.write(base**-exponent))
            half, odd = divmod(int(exponent), 2)
            squared = self._times(*(2 * [self.write(base**half)]))
            return self._times(squared, self.write(base)) if odd else squared
        if exponent == sp.Rational(1, 2):
            value, error = self.write(base)
            self.functions.add("sqrt")
            # |sqrt(x) - sqrt(y)| is at most |x - y| / sqrt(x) and at most sqrt(|x - y|).
            bound = f"min({error} / @, sqrt({error})) if {value} > {error} else "
            bound += f"sqrt({error}) * 1.5 if {value} >= 0.0 else inf"
            rounding = f"abs(@) * {UNIT}"
            if error == _EXACT:
                return self._new(f"sqrt({value})", f"{rounding} if {value} >= 0.0 else inf")
            return self._new(f"sqrt({value})", f"({bound}) + {rounding}")
        if exponent == sp.Rational(-1, 2):
            return self._quotient(("1.0", _EXACT), self.write(sp.sqrt(base)))
        return self.write(sp.exp(exponent * sp.log(base), evaluate=False))

    def _function(self, name: str, value: str, error: str) -> tuple[str, str]:
        self.functions.add(name)
        rounding = _plus(f"abs(@) * {_LIBRARY}", repr(_TINY))
        if name == "exp":
            if error == _EXACT:
                return self._new(f"exp({value})", rounding)
            return self._new(
                f"exp({value})", f"@ * 2.0 * {error} + {rounding} if {error} < 0.5 else inf"
            )
        if error == _EXACT:
            return self._new(f"log({value})", f"{rounding} if {value} > 0.0 else inf")
        room = f"({value} - {_SLACK} * {error})"
        return self._new(f"log({value})", f"{error} / {room} + {rounding} if {room} > 0.0 else inf")

    def _extreme(self, sign: str) -> Callable[[Any, Any], tuple[str, str]]:
        def join(one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
            (a, e), (b, f) = one, two
            return self._new(f"{a} if {a} {sign} {b} else {b}", _either(e, f))

        return join

    def _piecewise(self, e: Piecewise) -> tuple[str, str]:
        """Take the first branch whose condition holds; cover all that may be the first."""
        chosen = ("nan", "inf")
        for branch, condition in reversed(e.args):
            value, error = self.write(branch)
            if isinstance(condition, BooleanTrue):
                chosen = (value, error)
                continue
            yes, no, guess = self._condition(condition)
            before, spread = chosen
            mixed, _ = self._new(f"{value} if {guess} else {before}", _EXACT)
            gap = f"abs({value} - {before})"
            error = (
                f"{error} if {yes} else ({spread} if {no} else {_either(error, spread)} + {gap})"
            )
            self.lines.append(f"{mixed}_e = {error}")
            chosen = (mixed, f"{mixed}_e")
        return chosen

    def _condition(self, c: Any) -> tuple[str, str, str]:
        """Return three tests: certainly true, certainly false, and true by the numbers."""
        if c not in self._conditions:
            self._conditions[c] = self._tests(c)
        return self._conditions[c]

    def _tests(self, c: Any) -> tuple[str, str, str]:
        if isinstance(c, BooleanTrue):
            return "True", "False", "True"
        if isinstance(c, BooleanFalse):
            return "False", "True", "False"
        if isinstance(c, Not):
            yes, no, guess = self._condition(c.args[0])
            return no, yes, f"(not {guess})"
        if isinstance(c, (And, Or)):
            parts = [self._condition(a) for a in sorted(c.args, key=sp.default_sort_key)]
            every, some = (" & ", " | ") if isinstance(c, And) else (" | ", " & ")
            return (
                f"({every.join(part[0] for part in parts)})",
                f"({some.join(part[1] for part in parts)})",
                f"({every.join(part[2] for part in parts)})",
            )
        if isinstance(c, ITE):  # what SymPy makes of a Piecewise in a condition
            test, one, two = c.args
            return self._condition(Or(And(test, one), And(Not(test), two)))
        if not isinstance(c, Relational):
            msg = f"conditions must compare expressions to be compiled; found {str(c)[:80]}"
            raise GameError(msg)
        d, e = self._sum(self.write(c.lhs), self.write(-c.rhs))
        self.lines.append(f"{d}_above = {d} > {e}")
        self.lines.append(f"{d}_below = {d} < -{e}")
        above, below = f"{d}_above", f"{d}_below"
        exact = f"(({e} == 0.0) & ({d} == 0.0))"
        verdicts = {
            ">": (above, f"({below} | {exact})"),
            ">=": (f"({above} | {exact})", below),
            "<": (below, f"({above} | {exact})"),
            "<=": (f"({below} | {exact})", above),
            "==": (exact, f"({above} | {below})"),
            "!=": (f"({above} | {below})", exact),
        }
        sign = c.rel_op
        return (*verdicts[sign], f"({d} {sign} 0.0)")


def _literal(value: float) -> str:
    return repr(value) if value >= 0 else f"({value!r})"


def _plus(*parts: str) -> str:
    """Return a sum of bounds, without those that are zero."""
    return " + ".join(part for part in parts if part != _EXACT) or _EXACT


def _either(one: str, two: str) -> str:
    """Return a bound that holds for whichever of two is meant; a NaN in one stays."""
    return one if one == two else f"({_plus(one, two)})"
