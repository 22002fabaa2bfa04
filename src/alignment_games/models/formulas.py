"""Formulas as text, read through a small grammar into SymPy expressions.

Text is never evaluated: `_grammar` reads it into a tree, here the tree is measured, and only then
SymPy sums, multiplies and compares what has been found small. Values are exact: ``0.7`` is 7/10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.logic.boolalg import And, Not, Or

from .._numeric import exact_number, rational
from ..errors import ModelError, suggestion
from ._expressions import absolute, comparison, exact_expression, extreme, piecewise
from ._grammar import MAX_DIGITS, RESERVED, TRUTHS, Node, check_name, fault, tree

__all__ = ["parse_condition", "parse_formula"]

MAX_EXPONENT = 64
"""Largest size of an exponent, of its denominator, and of what multiplies a logarithm in exp()."""

MAX_SIZE = 20_000
"""Largest number of operations, and of binary digits of the numbers that they can make: for a
power the size of its base times the exponent."""

MAX_BRANCHES = 16
"""Largest number of abs, if, and arguments of max and min in a formula."""

MAX_COMPARISONS = 64

MAX_ROOTS = 2000
"""Largest sum of the sizes of what roots are taken of: SymPy looks for factors of numbers there."""

MAX_NUMBER = 10**100
"""Largest absolute value of an irrational constant."""

_LARGEST_LOGARITHM = 230
"""Below the logarithm of `MAX_NUMBER`."""


def parse_formula(text: str, symbols: Mapping[str, sp.Expr]) -> sp.Expr:
    """Read a formula; nothing in it is evaluated but arithmetic.

    Parameters
    ----------
    text : str
        Numbers, names, ``+ - * / **``, parentheses, and the functions ``sqrt``, ``exp``,
        ``log``, ``abs``, ``min``, ``max`` and ``if(condition, value, value otherwise)``; for
        conditions see `parse_condition`. ``^`` is refused, because it means different things in
        different languages.
    symbols : mapping of str to sympy.Expr
        What each name stands for, for example ``model.parameters.symbols``.

    Returns
    -------
    sympy.Expr
        Exact, simplified as SymPy does when it builds an expression: ``x/x`` is 1.

    Raises
    ------
    ModelError
        If the text does not follow the grammar, names something unknown, has no finite real
        value (``1/0``), or passes a limit; the message names the column.

    Notes
    -----
    A formula has at most 4,000 characters, 1,000 numbers, names and signs, brackets 30 deep, 64
    comparisons, and 16 of ``abs``, ``if`` and arguments of ``max`` and ``min``. Numbers have 301
    digits at most, exponents lie from -64 to 64. What powers and roots can lead to is bounded
    before SymPy computes anything, so that ``9**9**9`` is refused at once.

    Examples
    --------
    >>> names = {name: sp.Symbol(name, nonnegative=True) for name in ("stake", "cost")}
    >>> parse_formula("0.25*stake - if(stake > cost, cost**2, 0)", names)
    stake/4 - Piecewise((cost**2, stake > cost), (0, True))
    >>> parse_formula("2*stak", names)
    Traceback (most recent call last):
    ...
    alignment_games.errors.ModelError: column 3: unknown name 'stak'; did you mean 'stake'?
    """
    root = tree(text)
    if root.kind in TRUTHS:
        raise fault(text, root.place, "a formula must be a number, found a condition")
    return _Builder(text, symbols).read(root)


def parse_condition(text: str, symbols: Mapping[str, sp.Expr]) -> sp.Basic:
    """Read a condition: comparisons of formulas, joined by ``and``, ``or`` and ``not``.

    Parameters
    ----------
    text : str
        Comparisons are ``< <= > >= == !=``; ``0 < x < 1`` compares twice.
    symbols : mapping of str to sympy.Expr
        What each name stands for.

    Returns
    -------
    sympy Boolean
        Comparisons that hold a name are kept as they are written.

    Raises
    ------
    ModelError
        As for `parse_formula`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> names = ag.models.alignment().parameters.symbols
    >>> parse_condition("stake < 1/2 and not patron_reliability >= 0.3", names)
    (V < 1/2) & (rho < 3/10)
    """
    root = tree(text)
    if root.kind not in TRUTHS:
        msg = "a condition such as x < 1 is needed, found a number"
        raise fault(text, root.place, msg)
    return _Builder(text, symbols).read(root)


class _Builder:
    """Measures a tree, then builds its expression."""

    def __init__(self, text: str, symbols: Mapping[str, sp.Expr]) -> None:
        for name, meaning in symbols.items():
            check_name(name, "what a formula uses")
            if not isinstance(meaning, sp.Expr):
                msg = f"`symbols[{name!r}]` must be a SymPy expression, got {meaning!r}"[:200]
                raise ModelError(msg)
        self.text = text
        self.symbols = symbols
        self.branches = 0
        self.comparisons = 0
        self.roots = 0
        self.sizes: dict[str, int] = {}

    def read(self, root: Node) -> Any:
        self.measure(root)
        # Some of SymPy's rules leave parts unevaluated, which would not read back as the same.
        result = exact_expression(self.build(root))
        if any(max(abs(int(n.p)), int(n.q)) >= 10**MAX_DIGITS for n in result.atoms(sp.Rational)):
            raise fault(
                self.text, root.place, f"this makes numbers of more than {MAX_DIGITS} digits"
            )
        self.check_powers(result, root.place)
        return result

    # What the operations can lead to, before any is done

    def measure(self, node: Node) -> tuple[int, Fraction | None]:
        """Return a bound on the size, and the value if the node is a rational constant.

        The bound holds whatever cancels: names count as numbers of one digit.
        """
        if node.kind == "number":
            return _digits(node.value), node.value
        if node.kind == "name":
            return self.size_of_name(node), None
        if node.kind == "call" and node.name in {"abs", "if", "max", "min"}:
            self.branches += len(node.parts) if node.name in {"max", "min"} else 1
            if self.branches > MAX_BRANCHES:
                msg = f"a formula may hold {MAX_BRANCHES} of abs, if, and arguments of max and min"
                raise fault(self.text, node.place, msg)
            if node.name == "if" and self.holds(node.parts[0], "if"):
                msg = "a condition may not hold another if; join conditions by and, or and not"
                raise fault(self.text, node.place, msg)
        if node.kind == "comparison":
            self.comparisons += 1
            if self.comparisons > MAX_COMPARISONS:
                msg = f"a formula may hold {MAX_COMPARISONS} comparisons"
                raise fault(self.text, node.place, msg)
        parts = [self.measure(part) for part in node.parts]
        if node.kind == "power":
            return self.measure_power(node, *parts)
        size = 1 + sum(own for own, _ in parts)
        if node.kind == "call" and node.name == "sqrt":
            self.take_root(size, node)
        if node.kind == "call" and node.name == "exp" and self.holds(node.parts[0], "log"):
            self.take_root(size, node)
            size *= MAX_EXPONENT
        self.check_size(size, node)
        values = [value for _, value in parts]
        if node.kind == "call" or node.kind in TRUTHS or None in values:
            return size, None
        return size, self.constant(node, [value for value in values if value is not None])

    def constant(self, node: Node, values: list[Fraction]) -> Fraction:
        if node.kind == "sum":
            return sum(values, Fraction(0))
        if node.kind == "negative":
            return -values[0]
        if node.kind == "inverse":
            if not values[0]:
                raise fault(self.text, node.place, "this divides by zero")
            return 1 / values[0]
        product = Fraction(1)
        for value in values:
            product *= value
        return product

    def measure_power(
        self, node: Node, base: tuple[int, Fraction | None], exponent: tuple[int, Fraction | None]
    ) -> tuple[int, Fraction | None]:
        power = exponent[1]
        if power is None or power.denominator != 1:
            self.take_root(base[0], node)
        if power is None:
            size = MAX_EXPONENT * base[0] + exponent[0]
            self.check_size(size, node)
            return size, None
        self.check_exponent(power, node.parts[1].place)
        size = base[0] * max(1, abs(power.numerator)) + exponent[0]
        self.check_size(size, node)
        if base[1] is None or power.denominator != 1:
            return size, None
        if base[1] == 0 and power < 0:
            raise fault(self.text, node.place, "this divides by zero")
        return size, base[1] ** power.numerator

    def check_exponent(self, power: Fraction, place: int) -> None:
        if abs(power) > MAX_EXPONENT or power.denominator > MAX_EXPONENT:
            shown = str(power) if _digits(power) < 60 else "a longer number"
            msg = (
                f"exponents lie from -{MAX_EXPONENT} to {MAX_EXPONENT}, with denominators of at "
                f"most {MAX_EXPONENT}, found {shown}"
            )
            raise fault(self.text, place, msg)

    def take_root(self, size: int, node: Node) -> None:
        self.roots += size
        if self.roots > MAX_ROOTS:
            raise fault(self.text, node.place, "roots are taken of too much; use smaller numbers")

    def check_size(self, size: int, node: Node) -> None:
        if size > MAX_SIZE:
            msg = "this can grow too large; use smaller numbers and powers, and shorter sums"
            raise fault(self.text, node.place, msg)

    def size_of_name(self, node: Node) -> int:
        if node.name not in self.symbols:
            known = [*self.symbols, *RESERVED]
            tail = suggestion(node.name, known) if self.symbols else "; no names are declared"
            raise fault(self.text, node.place, f"unknown name {node.name[:80]!r}{tail}")
        if node.name not in self.sizes:
            self.sizes[node.name] = _size(self.symbols[node.name])
        self.check_size(self.sizes[node.name], node)
        return self.sizes[node.name]

    def holds(self, node: Node, function: str) -> bool:
        """Tell whether a function, ``log`` or ``if``, is called in a node or in what it names."""
        if node.kind == "name" and node.name in self.symbols:
            return bool(self.symbols[node.name].has(sp.log if function == "log" else sp.Piecewise))
        own = node.kind == "call" and node.name == function
        return own or any(self.holds(part, function) for part in node.parts)

    # The operations

    def build(self, node: Node) -> Any:
        if node.kind == "number":
            return rational(node.value)
        if node.kind == "name":
            return self.symbols[node.name]
        if node.kind in {"product", "negative", "inverse"}:
            return self.finite(sp.Mul(*self.factors(node)), node)
        parts = [self.build(part) for part in node.parts]
        if node.kind in TRUTHS:
            return self.tried(node, lambda: _truth(node, parts))
        if node.kind == "sum":
            return self.finite(sp.Add(*parts), node)
        if node.kind == "power":
            self.check_built_exponent(parts[1], node.parts[1].place)
            return self.finite(sp.Pow(*parts), node)
        return self.finite(self.tried(node, lambda: self.call(node, parts)), node)

    def tried(self, node: Node, make: Callable[[], Any]) -> Any:
        """Make something of which SymPy may say that numbers in it cannot be compared."""
        try:
            return make()
        except (TypeError, ValueError) as error:
            if isinstance(error, ModelError):
                raise
            msg = f"this cannot be decided; write it with fewer roots ({str(error)[:100]})"
            raise fault(self.text, node.place, msg) from None

    def factors(self, node: Node) -> list[sp.Expr]:
        """Return all factors, for one multiplication.

        One after the other SymPy would distribute a number over the first sum that it meets, so
        that ``1/(2*(1 - x))`` would not be what it is printed as.
        """
        if node.kind == "negative":
            return [sp.Integer(-1), *self.factors(node.parts[0])]
        if node.kind == "product":
            return [factor for part in node.parts for factor in self.factors(part)]
        if node.kind == "inverse":
            factors = self.factors(node.parts[0])
            if any(factor.is_zero for factor in factors):
                raise fault(self.text, node.place, "this divides by zero")
            return [sp.Pow(factor, -1) for factor in factors]
        return [self.build(node)]

    def call(self, node: Node, parts: list[Any]) -> sp.Expr:
        if node.name == "if":
            test, value, otherwise = parts
            return piecewise([(value, test), (otherwise, sp.true)])
        if node.name == "exp":
            self.check_exponential(parts[0], node.place)
        if node.name in {"max", "min"}:
            return extreme(sp.Max if node.name == "max" else sp.Min, parts)
        functions = {"abs": absolute, "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt}
        return functions[node.name](*parts)

    # What cancelled, so that only SymPy's result shows it

    def check_built_exponent(self, exponent: sp.Expr, place: int) -> None:
        for term in sp.Add.make_args(exponent):
            factor = term.as_coeff_Mul()[0]
            if not factor.is_Rational:
                continue
            value = exact_number(factor)
            if term.is_Rational:
                self.check_exponent(value, place)
            elif abs(value) > MAX_EXPONENT:
                msg = f"numbers in exponents lie from -{MAX_EXPONENT} to {MAX_EXPONENT}"
                raise fault(self.text, place, msg)

    def check_exponential(self, argument: sp.Expr, place: int) -> None:
        for term in sp.Add.make_args(argument):
            if term.is_number and not abs(term.evalf(15)) <= _LARGEST_LOGARITHM:
                msg = f"numbers in exp() lie from -{_LARGEST_LOGARITHM} to {_LARGEST_LOGARITHM}"
                raise fault(self.text, place, msg)
            if term.has(sp.log) and abs(term.as_coeff_Mul()[0]) > MAX_EXPONENT:
                msg = f"a logarithm in exp() may be multiplied by at most {MAX_EXPONENT}"
                raise fault(self.text, place, msg)

    def check_powers(self, expression: sp.Expr, place: int) -> None:
        """Check what powers of powers, and products of them, have become."""
        for own in expression.atoms(sp.Pow):
            if own.base.free_symbols and own.exp.is_Rational:
                self.check_exponent(exact_number(own.exp), place)

    def finite(self, expression: sp.Expr, node: Node) -> sp.Expr:
        """Return what an operation gave, unless it is infinite, complex or too large."""
        if expression.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I):
            raise fault(self.text, node.place, "this has no finite real value")
        if expression.is_number and not expression.is_Rational:
            value = expression.evalf(15)
            if not value.is_Float:
                raise fault(self.text, node.place, "this has no finite real value")
            if abs(value) > MAX_NUMBER:
                raise fault(self.text, node.place, "this is infinite, or larger than 1e100")
        return expression


def _truth(node: Node, parts: list[Any]) -> sp.Basic:
    if node.kind == "comparison":
        return comparison(node.name, *parts)
    return {"and": And, "or": Or, "not": Not}[node.kind](*parts)


def _digits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _size(expression: sp.Basic) -> int:
    """Return the size of an expression, as `_Builder.measure` counts it."""
    if expression.is_Rational:
        return int(expression.p).bit_length() + int(expression.q).bit_length()
    size = 1 + sum(map(_size, expression.args))
    if isinstance(expression, sp.Pow):
        base, power = expression.args
        times = max(1, abs(int(power.p))) if power.is_Rational else MAX_EXPONENT
        return _size(base) * times + _size(power)
    if isinstance(expression, sp.exp) and expression.has(sp.log):
        return MAX_EXPONENT * size
    return size
