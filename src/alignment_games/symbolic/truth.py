"""Whether a formula holds at a point, decided exactly: true, false, or without meaning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import (
    ITE,
    And,
    Boolean,
    BooleanFalse,
    BooleanTrue,
    Equivalent,
    Implies,
    Not,
    Or,
    Xor,
)

from .._numeric import rational
from .._typing import Number
from ..errors import ModelError
from ..models import AlignmentModel, Parameter
from ..models.model import model_of

__all__ = [
    "assumed_domain",
    "denominators",
    "domain",
    "expanded_terms",
    "expression_of",
    "is_rational_function",
    "kleene",
    "named",
    "one_of_each_name",
    "truth",
    "with_equivalences",
    "without_floats",
]


_ASSUMED = ("positive", "negative", "nonnegative", "nonpositive", "zero", "integer", "rational")


def truth(formula: sp.Basic, point: Mapping[sp.Symbol, Number]) -> bool | None:
    """Tell whether a formula is true at a point, in exact arithmetic.

    Parameters
    ----------
    formula : sympy Boolean
    point : mapping of Symbol to number
        A value for each symbol of the formula; floats are taken for the shortest decimal.

    Returns
    -------
    bool or None
        None where the formula has no meaning: a division by zero, the root of a negative number.
        "And", "or" and "not" pass this on by Kleene's strong logic, so that a false part makes
        "and" false whatever the others are.

    Examples
    --------
    >>> from fractions import Fraction
    >>> x = sp.Symbol("x")
    >>> truth(1 / x > 2, {x: Fraction(1, 3)}), truth(1 / x > 2, {x: 0})
    (True, None)
    """
    exact = {symbol: rational(value) for symbol, value in point.items()}
    return kleene(formula, lambda relation: _compared(relation, exact))


def kleene(formula: sp.Basic, decide: Callable[[Relational], bool | None]) -> bool | None:
    """Decide a formula by what its comparisons are: true, false, or without meaning (None).

    Parameters
    ----------
    formula : sympy Boolean
    decide : callable
        From a comparison to its truth.

    Raises
    ------
    ModelError
        If the formula is built of something else.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> kleene(sp.And(x > 0, y > 0), lambda relation: None if relation.has(x) else False)
    False
    """
    if isinstance(formula, (BooleanTrue, BooleanFalse)):
        return isinstance(formula, BooleanTrue)
    if isinstance(formula, Relational):
        return decide(formula)
    if isinstance(formula, (Implies, ITE)):
        return kleene(formula.to_nnf(), decide)
    if not isinstance(formula, (And, Equivalent, Not, Or, Xor)):
        msg = f"a claim must be built of comparisons, And, Or, Not and Implies; got {formula}"
        raise ModelError(msg[:200])
    parts = [kleene(part, decide) for part in formula.args]
    if isinstance(formula, (And, Or)):
        ends = isinstance(formula, Or)
        return ends if ends in parts else None if None in parts else not ends
    if isinstance(formula, Equivalent):
        return False if {True, False} <= set(parts) else None if None in parts else True
    if None in parts:
        return None
    return not parts[0] if isinstance(formula, Not) else sum(map(bool, parts)) % 2 == 1


def _compared(relation: Relational, point: Mapping[sp.Symbol, sp.Rational]) -> bool | None:
    left, right = _value(relation.lhs, point), _value(relation.rhs, point)
    if left is None or right is None:
        return None
    answer = type(relation)(left, right)
    if answer not in (sp.true, sp.false):
        answer = type(relation)(sp.simplify(left - right), 0)
    return bool(answer)


def _value(expression: sp.Expr, point: Mapping[sp.Symbol, sp.Rational]) -> sp.Expr | None:
    """Return an expression at a point, or None if a part that is looked at has no real value."""
    if isinstance(expression, sp.Piecewise):
        for value, condition in expression.args:
            holds = kleene(condition, lambda relation: _compared(relation, point))
            if holds is not False:
                return _value(value, point) if holds else None
        return None
    if not expression.args:
        result = without_floats(point.get(expression, expression))
        if result.is_Symbol:
            msg = f"`point` needs a value for {result}"
            raise ModelError(msg)
    else:
        parts = [_value(part, point) for part in expression.args]
        if any(part is None for part in parts):
            return None
        result = expression.func(*parts)
    return result if result.is_number and result.is_real and result.is_finite else None


def denominators(expression: sp.Basic) -> tuple[sp.Expr, ...]:
    """Return what is divided by anywhere in an expression, as it is written.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> denominators(1 / x + x / (1 + x) ** 2)
    (x, x + 1)
    """
    found = {
        node.base: None
        for node in sp.preorder_traversal(expression)
        if isinstance(node, sp.Pow) and node.exp.is_negative and node.base.free_symbols
    }
    return tuple(sorted(found, key=sp.default_sort_key))


def is_rational_function(expression: sp.Basic) -> bool:
    """Tell whether an expression is made of symbols and rational numbers by + - * / alone.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> is_rational_function(1 / (x + 2)), is_rational_function(sp.sqrt(2) * x)
    (True, False)
    """
    return all(
        isinstance(node, (sp.Symbol, sp.Rational, sp.Add, sp.Mul))
        or (isinstance(node, sp.Pow) and bool(node.exp.is_Integer))
        for node in sp.preorder_traversal(expression)
    )


def expanded_terms(expression: sp.Basic) -> int:
    """Return a bound on the number of terms that an expression has when it is multiplied out.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> expanded_terms((x + y) ** 2 + 1)
    4
    """
    if isinstance(expression, sp.Add):
        return sum(map(expanded_terms, expression.args))
    if isinstance(expression, sp.Mul):
        return math.prod(map(expanded_terms, expression.args))
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer:
        power = abs(int(expression.exp))
        return math.comb(expanded_terms(expression.base) + power - 1, power)
    return 1


def expression_of(argument: str, value: object) -> sp.Expr:
    """Return an expression, or a number as one; text is refused, because SymPy would run it.

    Raises
    ------
    ModelError

    Examples
    --------
    >>> expression_of("gain", 0.5)
    1/2
    """
    if isinstance(value, sp.Expr):
        return without_floats(value)
    try:
        return rational(value)
    except (TypeError, ValueError):
        msg = (
            f"`{argument}` must be a SymPy expression or a number, got {value!r}"[:160]
            + "; text is read by models.parse_formula"
        )
        raise ModelError(msg) from None


def without_floats(formula: sp.Basic) -> sp.Basic:
    """Return a formula with the shortest decimals that print its floats, as exact numbers.

    Examples
    --------
    >>> without_floats(0.1 * sp.Symbol("x") > 0.3)
    x/10 > 3/10
    """
    floats = formula.atoms(sp.Float)
    short = {
        own: rational(float(own)) if own == sp.Float(float(own)) else sp.Rational(str(own))
        for own in floats
        if own.is_finite
    }
    return formula.xreplace(short) if short else formula


def with_equivalences(formula: sp.Basic) -> sp.Basic:
    """Return a formula in which equal conditions are equivalent ones.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> with_equivalences(sp.Eq(x > 0, y > 0))
    Equivalent(x > 0, y > 0)
    """
    swap = {
        own: Equivalent(*own.args) if isinstance(own, sp.Eq) else Not(Equivalent(*own.args))
        for own in formula.atoms(sp.Eq, sp.Ne)
        if any(isinstance(part, Boolean) and not isinstance(part, sp.Symbol) for part in own.args)
    }
    return formula.xreplace(swap) if swap else formula


def domain(model: AlignmentModel, symbols: Iterable[sp.Symbol] | None = None) -> list[Relational]:
    """Return the inequalities that parameters of a model meet, none of them simplified away.

    Parameters
    ----------
    model : AlignmentModel
    symbols : iterable of Symbol, optional
        Leave out the parameters that are not among these and are not compared with them by a
        joint constraint.

    Returns
    -------
    list of Relational

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> domain(model, [model.parameters["patron_reliability"].symbol])
    [rho >= 0, rho <= 1]
    """
    model_of(model)
    space = model.parameters
    wanted = set(space.symbols.values() if symbols is None else symbols)
    joint = []
    for constraint in space.constraints:
        pair = space[constraint.smaller].symbol, space[constraint.larger].symbol
        if wanted & set(pair):
            wanted.update(pair)
            joint.append(sp.Le(*pair, evaluate=False))
    own = [
        relation
        for parameter in space.values()
        if parameter.symbol in wanted
        for relation in _interval(parameter)
    ]
    return [*own, *joint]


def _interval(parameter: Parameter) -> list[Relational]:
    bounds = [sp.Ge(parameter.symbol, rational(parameter.domain.lower), evaluate=False)]
    if parameter.domain.upper is not None:
        bounds.append(sp.Le(parameter.symbol, rational(parameter.domain.upper), evaluate=False))
    return bounds


def assumed_domain(symbol: sp.Symbol) -> list[Relational]:
    """Return what the assumptions of a symbol say of its values, which are real numbers.

    Raises
    ------
    ModelError
        If the symbol is assumed not to be real, or to be (or not to be) a number of some kind:
        whole, rational, algebraic.
    """
    kinds = (symbol.is_integer, symbol.is_rational, symbol.is_algebraic)
    if symbol.is_real is False or any(kind is not None for kind in kinds):
        msg = f"symbols stand for real numbers, but {symbol} is assumed to be something else"
        raise ModelError(msg)
    for assumed, relation in (
        (symbol.is_positive, sp.Gt),
        (symbol.is_negative, sp.Lt),
        (symbol.is_nonnegative, sp.Ge),
        (symbol.is_nonpositive, sp.Le),
        (symbol.is_nonzero, sp.Ne),
    ):
        if assumed:
            return [relation(symbol, 0, evaluate=False)]
    return []


def one_of_each_name(symbols: Iterable[sp.Symbol]) -> None:
    """Check that no two symbols have one name.

    Raises
    ------
    ModelError
    """
    names: dict[str, sp.Symbol] = {}
    for symbol in symbols:
        if names.setdefault(symbol.name, symbol) != symbol:
            msg = f"two symbols of different assumptions are named {symbol.name}; use one"
            raise ModelError(msg)


def named(formula: sp.Basic, model: AlignmentModel | None) -> sp.Basic:
    """Replace symbols that have the name of a model's parameter, in full or short, by its symbol.

    Floats are replaced by the shortest decimals that print them.

    Raises
    ------
    ModelError
        If a symbol is assumed to be more than the parameter is, so that SymPy may have simplified
        by what does not hold; or if two different symbols have one name.

    Examples
    --------
    >>> import alignment_games as ag
    >>> named(sp.Symbol("stake") > sp.Symbol("b"), ag.models.alignment()).lhs.is_nonnegative
    True
    """
    if model is not None:
        model_of(model)
    one_of_each_name(formula.free_symbols)
    formula = with_equivalences(without_floats(formula))
    if model is None:
        return formula
    known = {parameter.symbol.name: parameter.symbol for parameter in model.parameters.values()}
    known |= model.parameters.symbols
    swap = {s: known[s.name] for s in formula.free_symbols if s.name in known}
    for symbol, parameter in swap.items():
        more = symbol.assumptions0.items() - parameter.assumptions0.items()
        if more:
            what = " and ".join(name for name in _ASSUMED if (name, True) in more)
            msg = (
                f"the symbol {symbol} is assumed to be {what or 'more than a real number'}, which "
                "the parameter of that name need not be; use the model's own symbol"
            )
            raise ModelError(msg)
    return formula.xreplace({old: new for old, new in swap.items() if old != new})
