"""Formulas as text: read through a small grammar into SymPy expressions, and written again.

Text is never evaluated: `_grammar` reads it into a tree, here the tree is measured, and only then
SymPy sums, multiplies and compares what has been found small. Values are exact: ``0.7`` is 7/10.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair, Piecewise
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or
from sympy.printing.str import StrPrinter

from ..errors import ModelError, suggestion
from ._grammar import FUNCTIONS, MAX_DIGITS, RESERVED, TRUTHS, Node, fault, tree

__all__ = [
    "check_name",
    "comparison",
    "extreme",
    "formula_text",
    "parse_condition",
    "parse_formula",
    "piecewise",
]

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

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)

_RELATIONS: dict[str, Callable[..., sp.Basic]] = {
    "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "==": sp.Eq, "!=": sp.Ne,
}  # fmt: skip


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
    >>> import sympy as sp
    >>> names = {name: sp.Symbol(name, nonnegative=True) for name in ("stake", "cost")}
    >>> parse_formula("0.25*stake - if(stake > cost, cost**2, 0)", names)
    stake/4 - Piecewise((cost**2, cost < stake), (0, True))
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


def check_name(name: object, what: str) -> str:
    """Return a name that formulas can use.

    Raises
    ------
    ModelError
        If it is not 1 to 60 ASCII letters, digits and underscores that begin with a letter, or
        is a word of the grammar.

    Examples
    --------
    >>> check_name("stake", "a parameter")
    'stake'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        msg = (
            f"{what} must be named by at most 60 ASCII letters, digits and underscores that "
            f"begin with a letter, got {str(name)[:80]!r}"
        )
        raise ModelError(msg)
    if name in RESERVED:
        msg = f"{what} cannot be named {name!r}, a word of formulas; choose another name"
        raise ModelError(msg)
    return name


def comparison(sign: str, left: sp.Expr, right: sp.Expr) -> sp.Basic:
    """Compare two expressions; SymPy decides only where both are numbers.

    It would drop a comparison that the assumptions of a symbol imply, which a claim must keep.

    Examples
    --------
    >>> x = sp.Symbol("x", nonnegative=True)
    >>> comparison(">=", x, sp.Integer(0)), comparison("<", sp.Integer(1), sp.Integer(2))
    (x >= 0, True)
    """
    relation = _RELATIONS[sign]
    if left.is_number and right.is_number:
        return relation(left, right)
    return relation(left, right, evaluate=False)


def piecewise(pairs: Iterable[tuple[sp.Expr, sp.Basic]]) -> sp.Expr:
    """Return values by conditions: the first whose condition is true.

    SymPy would solve the conditions for a symbol that they share, which can take minutes.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> inner = piecewise([(x, x > 2), (sp.Integer(3), sp.true)])
    >>> piecewise([(x**2, x > 4), (inner, sp.true)])
    Piecewise((x**2, x > 4), (x, x > 2), (3, True))
    """
    kept: list[tuple[sp.Expr, sp.Basic]] = []
    for value, condition in pairs:
        if condition == sp.true and isinstance(value, Piecewise):
            kept += [(own, test) for own, test in value.args]
        elif condition != sp.false:
            kept.append((value, condition))
        if condition == sp.true:
            break
    if kept and kept[0][1] == sp.true:
        return kept[0][0]
    return Piecewise(*kept, evaluate=False)


def extreme(kind: type[sp.Max] | type[sp.Min], parts: Iterable[sp.Expr]) -> sp.Expr:
    """Return the largest or smallest of some expressions; SymPy compares only those it can.

    It would compare all others in pairs as well, which takes milliseconds for each.

    Examples
    --------
    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> extreme(sp.Max, [x, sp.Integer(1), extreme(sp.Max, [y, sp.Integer(2)])])
    Max(2, x, y)
    """
    flat = [p for part in parts for p in (part.args if isinstance(part, kind) else (part,))]
    numbers = [part for part in flat if part.is_number]
    others = [part for part in flat if not part.is_number]
    best = [kind(*numbers)] if numbers else []
    distinct = tuple(dict.fromkeys([*best, *others]))
    return distinct[0] if len(distinct) == 1 else kind(*distinct, evaluate=False)


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
        result = self.build(root)
        if any(max(abs(int(n.p)), int(n.q)) >= 10**MAX_DIGITS for n in result.atoms(sp.Rational)):
            raise fault(self.text, root.place, f"this makes numbers of more than {MAX_DIGITS} digits")
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
                msg = (
                    f"a formula may hold {MAX_BRANCHES} of abs, if, and arguments of max and min"
                )
                raise fault(self.text, node.place, msg)
            if node.name == "if" and _holds_if(node.parts[0]):
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
        if node.kind == "call" and node.name == "exp" and self.has_logarithm(node.parts[0]):
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
        if max(abs(power), power.denominator) > MAX_EXPONENT:
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

    def has_logarithm(self, node: Node) -> bool:
        if node.kind == "name":
            return bool(self.symbols[node.name].has(sp.log))
        own = node.kind == "call" and node.name == "log"
        return own or any(self.has_logarithm(part) for part in node.parts)

    # The operations

    def build(self, node: Node) -> Any:
        if node.kind == "number":
            return sp.Rational(node.value.numerator, node.value.denominator)
        if node.kind == "name":
            return self.symbols[node.name]
        if node.kind in {"product", "negative"}:
            return self.finite(sp.Mul(*self.factors(node)), node)
        parts = [self.build(part) for part in node.parts]
        if node.kind in TRUTHS:
            return self.tried(node, lambda: _truth(node, parts))
        if node.kind == "sum":
            return self.finite(sp.Add(*parts), node)
        if node.kind == "inverse":
            return self.finite(sp.Pow(parts[0], -1), node)
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

        One after the other SymPy would distribute a number over the first sum that it meets.
        """
        if node.kind == "negative":
            return [sp.Integer(-1), *self.factors(node.parts[0])]
        if node.kind == "product":
            return [factor for part in node.parts for factor in self.factors(part)]
        return [self.build(node)]

    def call(self, node: Node, parts: list[Any]) -> sp.Expr:
        if node.name == "if":
            test, value, otherwise = parts
            return piecewise([(value, test), (otherwise, sp.true)])
        if node.name == "exp":
            self.check_exponential(parts[0], node.place)
        if node.name in {"max", "min"}:
            return extreme(sp.Max if node.name == "max" else sp.Min, parts)
        functions = {"abs": sp.Abs, "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt}
        return functions[node.name](*parts)

    # What cancelled, so that only SymPy's result shows it

    def check_built_exponent(self, exponent: sp.Expr, place: int) -> None:
        for term in sp.Add.make_args(exponent):
            factor = term.as_coeff_Mul()[0]
            if not factor.is_Rational:
                continue
            value = Fraction(int(factor.p), int(factor.q))
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


def _holds_if(node: Node) -> bool:
    return (node.kind == "call" and node.name == "if") or any(map(_holds_if, node.parts))


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


def formula_text(expression: sp.Basic) -> str:
    """Write an expression as a formula or condition that reads back as the same.

    Parameters
    ----------
    expression : sympy.Expr or sympy Boolean
        Of what `parse_formula` and `parse_condition` return; symbols go by their names.

    Returns
    -------
    str

    Raises
    ------
    ModelError
        If it holds something that formulas do not.

    Examples
    --------
    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> formula_text(sp.Piecewise((sp.sqrt(x) / 3, x > y), (abs(y - 1), True)))
    'if(x > y, sqrt(x)/3, abs(y - 1))'
    """
    for node in sp.preorder_traversal(expression):
        if not isinstance(node, _WRITTEN) or (isinstance(node, sp.Symbol) and _odd(node.name)):
            msg = f"formulas cannot hold {node.func.__name__}, as in {str(node)[:80]}"
            raise ModelError(msg)
    return str(_FormulaPrinter().doprint(expression))


_WRITTEN = (
    sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.exp, type(sp.E), sp.log, sp.Abs, sp.Max,
    sp.Min, Piecewise, ExprCondPair, Relational, And, Or, Not, BooleanTrue, BooleanFalse,
)  # fmt: skip


def _odd(name: str) -> bool:
    return name in RESERVED or not _NAME.fullmatch(name)


class _FormulaPrinter(StrPrinter):  # type: ignore[misc]
    """Writes by the grammar's words what SymPy writes otherwise."""

    def _call(self, name: str, parts: Iterable[sp.Basic]) -> str:
        texts = [self._print(part) for part in parts]
        most = FUNCTIONS[name][1]
        while len(texts) > most:  # of max and min, which may be nested
            texts = [f"{name}({', '.join(texts[:most])})", *texts[most:]]
        return f"{name}({', '.join(texts)})"

    def _print_Abs(self, e: sp.Abs) -> str:  # noqa: N802 (SymPy's names, here and below)
        return self._call("abs", e.args)

    def _print_Max(self, e: sp.Max) -> str:  # noqa: N802
        return self._call("max", sorted(e.args, key=sp.default_sort_key))

    def _print_Min(self, e: sp.Min) -> str:  # noqa: N802
        return self._call("min", sorted(e.args, key=sp.default_sort_key))

    def _print_Exp1(self, _: sp.Basic) -> str:  # noqa: N802
        return "exp(1)"

    def _print_Piecewise(self, e: Piecewise) -> str:  # noqa: N802
        (last, condition), *before = reversed(e.args)
        if condition != sp.true:
            msg = f"a Piecewise needs a last branch with the condition True, got {str(e)[:80]}"
            raise ModelError(msg)
        text = str(self._print(last))
        for value, test in before:
            text = f"if({self._print(test)}, {self._print(value)}, {text})"
        return text

    def _print_Relational(self, e: Relational) -> str:  # noqa: N802
        return f"{self._print(e.lhs)} {e.rel_op} {self._print(e.rhs)}"

    def _joined(self, e: sp.Basic, word: str) -> str:
        parts = sorted(e.args, key=sp.default_sort_key)
        return word.join(f"({self._print(part)})" for part in parts)

    def _print_And(self, e: And) -> str:  # noqa: N802
        return self._joined(e, " and ")

    def _print_Or(self, e: Or) -> str:  # noqa: N802
        return self._joined(e, " or ")

    def _print_Not(self, e: Not) -> str:  # noqa: N802
        return f"not ({self._print(e.args[0])})"

    def _print_BooleanTrue(self, _: BooleanTrue) -> str:  # noqa: N802
        return "0 == 0"

    def _print_BooleanFalse(self, _: BooleanFalse) -> str:  # noqa: N802
        return "0 != 0"
