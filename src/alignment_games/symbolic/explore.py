"""What an expression of a model's parameters depends on, and how it looks near a case."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from .._numeric import rational
from .._typing import Values
from ..errors import ParameterError, suggestion, whole
from ..io.document import Block, Paragraph, Statement, html_body, latex_body
from ..io.formulas import infix
from ..models import AlignmentModel, Interval
from ..models.model import model_of
from .signs import Sign, sign
from .simplify import shorter, simplified
from .truth import expression_of, named

__all__ = ["ComparativeStatics", "abbreviate", "comparative_statics", "substitute", "taylor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparativeStatics:
    """How an expression changes with a parameter.

    Attributes
    ----------
    expression : sympy.Expr
    symbol : sympy.Symbol
    derivative : sympy.Expr
    sign : Sign
        Its sign for all parameters in their domains; ``OPEN`` where none is seen.
    rises, falls : sympy Boolean
        Where the derivative is positive and where it is negative.
    smooth : sympy Boolean
        Where there is a derivative for certain: no maximum, size or piece changes there.
    """

    expression: sp.Expr
    symbol: sp.Symbol
    derivative: sp.Expr
    sign: Sign
    rises: sp.Basic
    falls: sp.Basic
    smooth: sp.Basic = sp.true

    def _directions(self) -> list[tuple[str, sp.Basic]]:
        """Return where it rises and falls, without what is always so or never."""
        both = (("rises where", self.rises), ("falls where", self.falls))
        return [(words, where) for words, where in both if where not in (sp.true, sp.false)]

    def __str__(self) -> str:
        lines = [f"d/d{self.symbol} = {infix(self.derivative)}; it {self.sign.value}"]
        if self.smooth != sp.true:
            lines[0] += f" where it has a derivative: {infix(self.smooth)}"
        return "\n".join([*lines, *(f"{words} {infix(own)}" for words, own in self._directions())])

    def blocks(self) -> list[Block]:
        """Return it as a document."""
        change = sp.Derivative(self.expression, self.symbol)
        blocks: list[Block] = [
            Statement(sp.Eq(change, self.derivative, evaluate=False)),
            Paragraph(f"It {self.sign.value}."),
        ]
        if self.smooth != sp.true:
            blocks += [Paragraph("This is so where"), Statement(self.smooth)]
        for words, where in self._directions():
            blocks += [Paragraph(f"The expression {words}"), Statement(where)]
        return blocks

    def latex(self) -> str:
        r"""Return it as LaTeX to put into a document; it needs amsmath.

        Examples
        --------
        >>> x, y = sp.symbols("x y", real=True)
        >>> print(comparative_statics(x * y, x).latex().splitlines()[1])
        &\frac{\partial}{\partial x} x y = y
        """
        return latex_body(self.blocks())

    def _repr_html_(self) -> str:
        return html_body(self.blocks())


def comparative_statics(
    expression: sp.Expr,
    parameter: str | sp.Symbol,
    *,
    model: AlignmentModel | None = None,
    extra: Mapping[sp.Symbol, Interval] | None = None,
) -> ComparativeStatics:
    """Return the derivative of an expression, its sign, and the condition for each sign.

    Parameters
    ----------
    expression : sympy.Expr
    parameter : str or Symbol
        A parameter of the model by name, or a symbol.
    model : AlignmentModel, optional
        Says in which domains the parameters are.
    extra : mapping of Symbol to Interval, optional
        Domains of further symbols.

    Returns
    -------
    ComparativeStatics

    Raises
    ------
    ParameterError
        If the parameter is unknown.

    Examples
    --------
    A longer tilt provokes, unless coercion is sure to succeed or nothing is lost by it:

    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> print(ag.symbolic.comparative_statics(
    ...     ag.symbolic.temptation(model, "hedge"), "tilt", model=model
    ... ))
    d/dzeta = b*(l0 - delta*eta*rho); it is positive or zero
    rises where b > 0 and l0 > delta*eta*rho
    """
    if model is not None:
        model_of(model)
    symbol = _symbol(parameter, model)
    expression = named(expression_of("expression", expression), model)
    derivative = sp.diff(expression, symbol).rewrite([sp.Heaviside, sp.sign], sp.Piecewise)
    if derivative.has(sp.Derivative, sp.Subs, sp.DiracDelta, sp.floor, sp.ceiling):
        msg = f"`expression` has no derivative that is known: {derivative}"
        raise ParameterError(msg[:300])
    derivative = shorter(sp.factor_terms(derivative))
    smooth = _no_kink(expression, symbol)
    return ComparativeStatics(
        expression=expression,
        symbol=symbol,
        derivative=derivative,
        sign=sign(derivative, model, extra=extra),
        rises=sp.And(simplified(sp.Gt(derivative, 0), model, extra=extra), smooth),
        falls=sp.And(simplified(sp.Lt(derivative, 0), model, extra=extra), smooth),
        smooth=smooth,
    )


def substitute(
    expression: sp.Basic,
    model: AlignmentModel,
    values: Values | None = None,
    *,
    keep: Sequence[str] = (),
    **overrides: Any,
) -> sp.Basic:
    """Put numbers in the place of parameters.

    Parameters
    ----------
    expression : sympy.Basic
        An expression or a condition.
    model : AlignmentModel
    values : Scenario or mapping of str to number, optional
        Numbers by the parameters' names; parameters that are not named stay.
    keep : sequence of str
        Parameters that stay though there is a value.
    **overrides : number
        Values that replace those of `values`.

    Returns
    -------
    sympy.Basic
        Exact: a float stands for the shortest decimal that prints it.

    Raises
    ------
    ParameterError
        If a parameter is unknown, or a value outside its domain.

    Examples
    --------
    From which stake on a Vietnam-like hedge is coerced, by how reliable the patron is:

    >>> import alignment_games as ag
    >>> model, case = ag.models.alignment(), ag.load_scenario("vietnam")
    >>> condition = ag.symbolic.deterrence_condition(model, "hedge")
    >>> substitute(condition, model, case, keep=["stake", "patron_reliability"])
    (9/10 - rho/10)*(V + 1/5) <= 3*rho/25 + 3/5
    """
    model_of(model)
    space = model.parameters
    given = {**space.mapping({} if values is None else values), **overrides}
    keep = [keep] if isinstance(keep, str) else keep
    for name in keep:
        space[name]
    swap = {}
    for name, value in given.items():
        number = space.number(name, value)
        if name not in keep:
            swap[space[name].symbol] = rational(number)
    if not isinstance(expression, sp.Basic):
        expression = expression_of("expression", expression)
    return named(expression, model).xreplace(swap)


def taylor(
    expression: sp.Expr,
    model: AlignmentModel,
    values: Values,
    *,
    by: Sequence[str],
    order: int = 1,
    **overrides: Any,
) -> sp.Expr:
    """Return the Taylor polynomial of an expression at a case.

    Parameters
    ----------
    expression : sympy.Expr
        Of the model's parameters.
    model : AlignmentModel
    values : Scenario or mapping of str to number
        The case.
    by : sequence of str
        The parameters that vary; the others have the case's values.
    order : int
        Degree of the polynomial.
    **overrides : number
        Values that replace those of `values`.

    Returns
    -------
    sympy.Expr
        A polynomial in the differences from the case, ``rho - 2/5`` for example.

    Raises
    ------
    ParameterError
        If a parameter is unknown or has no value, `order` is not in 0 to 20, or there is no
        finite derivative at the case, or a kink: a maximum, minimum, size or piece changes there.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model, case = ag.models.alignment(), ag.load_scenario("vietnam")
    >>> taylor(ag.symbolic.temptation(model, "hedge"), model, case, by=["patron_reliability"])
    -17*rho/100 - 3/20
    """
    model_of(model)
    whole("order", order, 0, 20)
    expression = named(expression_of("expression", expression), model)
    by = [by] if isinstance(by, str) else by
    if not by:
        msg = "`by` must name one parameter or more"
        raise ParameterError(msg)
    space = model.parameters
    given = {**space.mapping(values), **overrides}
    point = {}
    for name in by:
        if name not in given:
            msg = f"a value is needed for `{name}`{suggestion(name, given)}"
            raise ParameterError(msg)
        point[space[name].symbol] = rational(space.number(name, given[name]))
    partly = substitute(expression, model, given, keep=by)
    step = sp.Dummy("step", real=True)
    along = {symbol: centre + step * (symbol - centre) for symbol, centre in point.items()}
    moved = partly.xreplace(along)
    for node in sp.preorder_traversal(partly):
        if order > 0 and _has_kink(node, point):
            msg = f"`expression` must have derivatives at the case, but has a kink there: {node}"
            raise ParameterError(msg[:300])
    total = sp.S.Zero
    for k in range(order + 1):
        term = sp.diff(moved, step, k).subs(step, 0) / sp.factorial(k)
        if term.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.DiracDelta, sp.Heaviside, sp.Derivative):
            msg = (
                f"`expression` must have derivatives up to order {order} at the case, "
                f"that of order {k} is {term}"
            )
            raise ParameterError(msg)
        total += term
    if order == 0:
        return total
    return total if order > 1 else sp.expand(total)


def abbreviate(
    expression: sp.Basic, model: AlignmentModel, *, blocks: Sequence[str] = ("kept_value",)
) -> tuple[sp.Basic, dict[sp.Symbol, sp.Expr]]:
    """Write a model's blocks as single symbols, where an expression holds them.

    Parameters
    ----------
    expression : sympy.Basic
        An expression or a condition.
    model : AlignmentModel
    blocks : sequence of str
        Which of the blocks in `AlignmentModel.terms`.

    Returns
    -------
    expression : sympy.Basic
    definitions : dict of Symbol to sympy.Expr
        Those that were put in, so that ``expression.xreplace(definitions)`` is the same again.

    Raises
    ------
    ParameterError
        If the model has no block of that name.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> short, where = abbreviate(
    ...     ag.symbolic.dominance_condition(model, "hedge", over="bandwagon").args[0], model
    ... )
    >>> short, *where
    (Y_hedge + c_W > Y_bandwagon + c_H, Y_bandwagon, Y_hedge)
    """
    model_of(model)
    known = sorted({block for block, _ in model.terms})
    for block in blocks:
        if block not in known:
            msg = f"unknown block {block!r} of the model{suggestion(block, known)}"
            raise ParameterError(msg)
    letters = {"kept_value": "Y", "success": "l", "tilt": "z", "help_share": "r", "cost": "c"}
    wanted = {
        sp.Symbol(f"{letters.get(block, block)}_{strategy}", real=True): term
        for (block, strategy), term in model.terms.items()
        if block in blocks and isinstance(term, sp.Add)
    }
    used: dict[sp.Symbol, sp.Expr] = {}

    def swapped(node: sp.Basic) -> sp.Basic:
        if not isinstance(node, sp.Add):
            return node
        for symbol, term in wanted.items():
            for factor in (1, -1):
                parts = {sp.expand_mul(factor * part) if factor < 0 else part for part in term.args}
                if parts <= set(node.args):
                    used[symbol] = term
                    node = sp.Add(*(set(node.args) - parts), factor * symbol)
                    if not isinstance(node, sp.Add):
                        return node
        return node

    short = expression.replace(lambda node: isinstance(node, sp.Add), swapped)
    return short, {symbol: used[symbol] for symbol in sorted(used, key=str)}


def _no_kink(expression: sp.Expr, symbol: sp.Symbol) -> sp.Basic:
    """Return a condition under which a symbol changes no maximum, minimum, size or piece."""
    nodes = sp.preorder_traversal(expression)
    return sp.And(
        *(
            sp.Ne(one, two)
            for one, two in itertools.chain.from_iterable(map(_meetings, nodes))
            if symbol in one.free_symbols | two.free_symbols
        )
    )


def _has_kink(node: sp.Basic, point: Mapping[sp.Symbol, sp.Rational]) -> bool:
    """Tell whether a maximum, size or piece changes at a point, where slopes may differ."""
    among = isinstance(node, sp.Max | sp.Min)  # where two meet that are not the extreme none does
    return any(
        (one - two).xreplace(point) == 0 and (not among or (node - one).xreplace(point) == 0)
        for one, two in _meetings(node)
    )


def _meetings(node: sp.Basic) -> list[tuple[sp.Expr, sp.Expr]]:
    """Return what is equal where a maximum, minimum, size or piece changes."""
    if isinstance(node, sp.Abs | sp.sign | sp.Heaviside):
        return [(node.args[0], sp.S.Zero)]
    if isinstance(node, sp.Max | sp.Min):
        return list(itertools.combinations(node.args, 2))
    if isinstance(node, sp.Piecewise):
        compared = set().union(*(condition.atoms(Relational) for _, condition in node.args))
        return [(own.lhs, own.rhs) for own in compared]
    return []


def _symbol(parameter: str | sp.Symbol, model: AlignmentModel | None) -> sp.Symbol:
    if isinstance(parameter, sp.Symbol):
        return named(parameter, model)
    if model is None:
        msg = f"`parameter` must be a symbol where no model is given, got {parameter!r}"
        raise ParameterError(msg)
    return model.parameters[parameter].symbol
