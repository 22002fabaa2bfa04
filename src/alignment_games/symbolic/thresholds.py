"""From which value of one parameter on a strategy is better than another: thresholds.

An inequality is solved for one parameter in closed form where it is linear, quadratic, or a
quotient of two linear expressions (a Moebius form) in it, each with the conditions under which
each answer is valid. At numbers for all other parameters every inequality can be solved: the
roots of a polynomial are isolated exactly.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from .._numeric import rational
from .._typing import Values
from ..errors import ParameterError
from ..io.document import Block, Heading, Paragraph, Statement, html_body, latex_body
from ..io.formulas import infix
from ..models import AlignmentModel, Interval
from ..models.model import model_of
from .conditions import Play, another, gain, player_of
from .ranges import Span, spans_of
from .simplify import shorter, simplified
from .truth import denominators, expanded_terms

__all__ = ["Case", "Form", "Threshold", "ThresholdPart", "threshold"]


_ALWAYS = {sp.true: "always", sp.false: "never"}

_MOST_TERMS = 5000
"""Terms of a gain up to which it is solved in closed form."""


class Form(enum.Enum):
    """How an inequality depends on the parameter it is solved for; the value is in words."""

    CONSTANT = "constant in the parameter"
    LINEAR = "linear in the parameter"
    QUADRATIC = "quadratic in the parameter"
    MOEBIUS = "a quotient of two expressions that are linear in the parameter"
    OTHER = "of no form that is solved here; with numbers for the other parameters it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One answer and when it is valid.

    Attributes
    ----------
    when : sympy Boolean
        A condition on the other parameters. Exactly one case of a part is valid.
    holds : sympy Boolean
        For which values of the parameter the inequality is true then.
    """

    when: sp.Basic
    holds: sp.Basic


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdPart:
    """One inequality, solved for the parameter.

    Attributes
    ----------
    against : str
        What the other players do.
    gain : sympy.Expr
        What the strategy earns more than the other one: the inequality is that it is positive.
    form : Form
    value : sympy.Expr or None
        Where the gain is zero, if it is linear in the parameter.
    cases : tuple of Case
        Empty if the form is ``OTHER``. Cases that the parameters' domains rule out are left out.
    """

    against: str
    gain: sp.Expr
    form: Form
    value: sp.Expr | None
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """For which values of one parameter a strategy is better than another.

    Attributes
    ----------
    parameter : str
    symbol : sympy.Symbol
    strategy, over : str
    parts : tuple of ThresholdPart
        All must hold: one for each way the others may play, or the one that was asked for.
    model : AlignmentModel
    """

    parameter: str
    symbol: sp.Symbol
    strategy: str
    over: str
    parts: tuple[ThresholdPart, ...]
    model: AlignmentModel = field(repr=False)

    @property
    def condition(self) -> sp.Basic:
        """The cases of all parts as one formula.

        Raises
        ------
        ParameterError
            If a part has no closed form.
        """
        for part in self.parts:
            if part.form is Form.OTHER:
                msg = (
                    f"{self.strategy} against {self.over} has no closed form in "
                    f"`{self.parameter}`; use `at` with numbers for the other parameters"
                )
                raise ParameterError(msg)
        return sp.And(
            *(sp.Or(*(sp.And(case.when, case.holds) for case in p.cases)) for p in self.parts)
        )

    def at(self, values: Values, **overrides: Any) -> tuple[Span, ...]:
        """Return the values of the parameter in its domain for which the strategy is better.

        Parameters
        ----------
        values : Scenario or mapping of str to number
            The parameters by name, and by their own names further symbols, such as a threat's
            probability. A value of the parameter itself is not used.
        **overrides : number
            Values that replace those of `values`.

        Returns
        -------
        tuple of Span
            Intervals in increasing order, ends exact.

        Raises
        ------
        ParameterError
            If a value is missing or not in its domain.

        Examples
        --------
        How reliable the patron may be before a Vietnam-like state under attack for certain
        would rather balance (F1.5):

        >>> import alignment_games as ag
        >>> found = ag.symbolic.threshold(
        ...     ag.models.alignment(), "patron_reliability", "hedge", over="balance",
        ...     against="coerce",
        ... )
        >>> [str(span) for span in found.at(ag.load_scenario("vietnam"))]
        ['[0, 21/157)']
        """
        point = _point(self, values, overrides)
        gains = [part.gain.xreplace(point) for part in self.parts]
        if any(own.has(sp.nan, sp.zoo) for own in gains):
            return ()
        # Squares of the denominators: where one is zero there is no gain, even if it cancels.
        gains += [
            below.xreplace(point) ** 2 for part in self.parts for below in denominators(part.gain)
        ]
        return spans_of(gains, self.symbol, _limits(self, values, overrides))

    def blocks(self, shown: Callable[[sp.Basic], list[Block]] | None = None) -> list[Block]:
        """Return the cases of all parts as a document.

        Parameters
        ----------
        shown : callable, optional
            How a formula is shown; by default as it is.
        """
        show = shown or (lambda formula: [Statement(formula)])
        blocks: list[Block] = [Heading(f"Solved for {self.parameter} ({self.symbol})", 2)]
        for part in self.parts:
            blocks.append(Paragraph(f"Against {part.against} the gain is {part.form.value}."))
            for case in part.cases:
                if case.when == sp.true:
                    blocks += show(case.holds)
                elif case.holds in (sp.true, sp.false):
                    how = "always" if case.holds == sp.true else "never"
                    blocks += [Paragraph(f"It {how} earns more if"), *show(case.when)]
                else:
                    blocks += [Paragraph("If"), *show(case.when)]
                    blocks += [Paragraph("then it earns more where"), *show(case.holds)]
        return blocks

    def latex(self) -> str:
        r"""Return it as LaTeX to put into a document; it needs amsmath.

        Examples
        --------
        >>> import alignment_games as ag
        >>> found = ag.symbolic.threshold(
        ...     ag.models.alignment(), "alignment_loss", "coerce", over="accommodate",
        ...     against="bandwagon",
        ... )
        >>> print(found.latex().splitlines()[0])
        \section*{coerce over accommodate}
        """
        return latex_body(self._document())

    def _repr_html_(self) -> str:
        return html_body(self._document())

    def _document(self) -> list[Block]:
        return [Heading(f"{self.strategy} over {self.over}", 1), *self.blocks()]

    def __str__(self) -> str:
        lines = [f"{self.strategy} is better than {self.over}, by {self.parameter} ({self.symbol})"]
        for part in self.parts:
            lines.append(f"  against {part.against}: {part.form.value}")
            for case in part.cases:
                when = "" if case.when == sp.true else f"    if {infix(case.when)}"
                lines.append(f"    {_ALWAYS.get(case.holds, infix(case.holds))}{when}")
        return "\n".join(lines)


def threshold(
    model: AlignmentModel,
    parameter: str,
    strategy: str,
    *,
    over: str,
    against: Play | Sequence[Play] | None = None,
    player: str | None = None,
) -> Threshold:
    """Solve for one parameter when a strategy is better than another.

    Parameters
    ----------
    model : AlignmentModel
    parameter : str
    strategy, over : str
        Two strategies of one player.
    against : str or mapping of str to probability, or a sequence of them, optional
        What the others do, as in `alignment_games.symbolic.gain`; a symbol that is a
        probability is taken for a number from 0 to 1. By default whatever they do: one part
        for each, which together are strict dominance.
    player : str, optional
        By default the first that has the strategy.

    Returns
    -------
    Threshold

    Raises
    ------
    ParameterError
        If the parameter is unknown.
    GameError
        If a strategy or player is unknown.

    Notes
    -----
    Cases are told apart by the sign of the coefficients; those that cannot occur in the
    parameters' domains are left out where `alignment_games.symbolic.sign` sees it. In the form of
    a quotient the gain has no value where its denominator is zero, and is not positive there.

    Examples
    --------
    The abandonment threshold of F1.5, given the probability q of coercion:

    >>> import alignment_games as ag
    >>> q = sp.Symbol("q", nonnegative=True)
    >>> found = ag.symbolic.threshold(
    ...     ag.models.alignment(), "patron_reliability", "hedge", over="balance",
    ...     against={"accommodate": 1 - q, "coerce": q},
    ... )
    >>> found.parts[0].form.name, len(found.parts[0].cases)
    ('LINEAR', 3)
    >>> [str(span) for span in found.at(ag.load_scenario("vietnam"), q=0.8)]
    ['[0, 51/157)']
    """
    model_of(model)
    another(over, strategy)
    symbol = model.parameters[parameter].symbol
    extra = {} if against is None else _probabilities(against)
    parts = []
    for play in plays_of(model, strategy, against, player):
        expression = gain(model, strategy, over=over, against=play, player=player)
        parts.append(_solved(words(play), expression, symbol, model, extra))
    return Threshold(
        parameter=parameter,
        symbol=symbol,
        strategy=strategy,
        over=over,
        parts=tuple(parts),
        model=model,
    )


def _probabilities(against: Any) -> dict[sp.Symbol, Interval]:
    plays = [against] if isinstance(against, (str, Mapping)) else list(against)
    return {
        weight: Interval(0, 1)
        for play in plays
        if isinstance(play, Mapping)
        for weight in play.values()
        if isinstance(weight, sp.Symbol)
    }


def plays_of(model: AlignmentModel, strategy: str, against: Any, player: str | None) -> list[Any]:
    """Return what the others may do: what was asked for, or each of their profiles."""
    if against is not None:
        return [against]
    who = player_of(model, strategy, player)
    return list(itertools.product(*(own for k, own in enumerate(model.strategies) if k != who)))


def words(play: Any) -> str:
    """Return how a text names what the others do."""
    if isinstance(play, str):
        return play
    if isinstance(play, Mapping):
        return " and ".join(f"{name} with probability {p}" for name, p in play.items())
    return ", ".join(map(words, play))


def _solved(
    against: str,
    expression: sp.Expr,
    symbol: sp.Symbol,
    model: AlignmentModel,
    extra: Mapping[sp.Symbol, Interval],
) -> ThresholdPart:
    form, value, cases = Form.OTHER, None, []
    large = expanded_terms(expression) > _MOST_TERMS
    top, bottom = (expression, sp.S.One) if large else sp.fraction(sp.together(expression))
    if symbol not in expression.free_symbols:
        form, cases = Form.CONSTANT, [(sp.true, expression > 0)]
    elif not large and top.is_polynomial(symbol) and bottom.is_polynomial(symbol):
        above, below = _coefficients(top, symbol), _coefficients(bottom, symbol)
        if len(below) == 1 and len(above) == 2:
            # The denominator's sign turns the inequality: what counts is their product.
            form, value = Form.LINEAR, _tidy(-above[1] / above[0])
            cases = _linear(above[0] * bottom, above[1] * bottom, symbol)
        elif len(below) == 1 and len(above) == 3:
            form = Form.QUADRATIC
            cases = _quadratic([coefficient * bottom for coefficient in above], symbol)
        elif len(below) == 2 and len(above) <= 2:
            form = Form.MOEBIUS
            cases = _moebius([sp.S.Zero] * (2 - len(above)) + above, below, symbol)
    kept = []
    # Where something is divided by zero there is no gain, whatever cancels in the forms above.
    meant = sp.And(*(sp.Ne(below, 0) for below in denominators(expression)))
    for when, holds in cases:
        valid = simplified(when, model, extra=extra)
        if valid != sp.false:
            own = simplified(holds, model, extra=extra) if form is Form.CONSTANT else holds
            kept.append(Case(when=valid, holds=sp.And(own, simplified(meant, model, extra=extra))))
    return ThresholdPart(
        against=against, gain=expression, form=form, value=value, cases=tuple(kept)
    )


Pairs = list[tuple[sp.Basic, sp.Basic]]


def _coefficients(polynomial: sp.Expr, symbol: sp.Symbol) -> list[sp.Expr]:
    """Return the coefficients, the highest first, in brackets where they were written so."""
    degree = sp.degree(polynomial, symbol)
    found = []
    for k in range(degree, -1, -1):
        own = sp.diff(polynomial, symbol, k).subs(symbol, 0) / sp.factorial(k)
        found.append(shorter(sp.factor_terms(own)))
    return found


def _tidy(value: sp.Expr) -> sp.Expr:
    return min(sp.factor_terms(value), sp.cancel(value), key=sp.count_ops)


def _linear(slope: sp.Expr, rest: sp.Expr, symbol: sp.Symbol) -> Pairs:
    if slope == 0:
        return [(sp.true, rest > 0)]
    value = _tidy(-rest / slope)
    return [
        (slope > 0, _above(symbol, value)),
        (slope < 0, _below(symbol, value)),
        (sp.Eq(slope, 0), rest > 0),
    ]


def _quadratic(coefficients: Sequence[sp.Expr], symbol: sp.Symbol) -> Pairs:
    a, b, c = coefficients
    discriminant = sp.factor_terms(b**2 - 4 * a * c)
    # Where a < 0 the first root is the larger one.
    first, second = ((-b + s * sp.sqrt(discriminant)) / (2 * a) for s in (-1, 1))
    two, none = discriminant > 0, discriminant < 0
    one = sp.Eq(discriminant, 0)
    line = [(sp.And(sp.Eq(a, 0), when), holds) for when, holds in _linear(b, c, symbol)]
    return [
        (sp.And(a > 0, two), sp.Or(_below(symbol, first), _above(symbol, second))),
        (sp.And(a > 0, one), sp.Ne(symbol, -b / (2 * a))),
        (sp.And(a > 0, none), sp.true),
        (sp.And(a < 0, two), sp.And(_above(symbol, second), _below(symbol, first))),
        (sp.And(a < 0, sp.Not(two)), sp.false),
        *line,
    ]


def _moebius(top: Sequence[sp.Expr], bottom: Sequence[sp.Expr], symbol: sp.Symbol) -> Pairs:
    """Solve ``(a x + b) / (c x + d) > 0``: numerator and denominator have one sign."""
    (a, b), (c, d) = top, bottom
    pole = _tidy(-d / c)
    flat = [
        (b * c > 0, _above(symbol, pole)),
        (b * c < 0, _below(symbol, pole)),
        (sp.And(sp.Eq(b, 0), sp.Ne(c, 0)), sp.false),
    ]
    line = [(sp.And(sp.Eq(c, 0), when), holds) for when, holds in _linear(a * d, b * d, symbol)]
    if a == 0:
        return [*flat, *line]
    zero = _tidy(-b / a)
    least, most = sp.Min(zero, pole), sp.Max(zero, pole)
    return [
        (a * c > 0, sp.Or(_below(symbol, least), _above(symbol, most))),
        (a * c < 0, sp.And(_above(symbol, least), _below(symbol, most))),
        *((sp.And(sp.Eq(a, 0), when), holds) for when, holds in flat),
        *line,
    ]


def _above(symbol: sp.Symbol, value: sp.Expr) -> sp.Basic:
    return sp.Gt(symbol, value)


def _below(symbol: sp.Symbol, value: sp.Expr) -> sp.Basic:
    return sp.Lt(symbol, value)


def _point(found: Threshold, values: Values, overrides: Mapping[str, Any]) -> dict[Any, Any]:
    """Return numbers for all symbols but the one that is solved for."""
    space = found.model.parameters
    given = {**space.mapping(values), **overrides}
    point = {}
    symbols = set().union(*(part.gain.free_symbols for part in found.parts))
    names = {parameter.symbol: name for name, parameter in space.items()}
    further = {symbol.name for symbol in symbols - set(names)}
    for name in given:
        if name not in space and name not in further:
            space.refuse(name)
    for symbol in sorted(symbols - {found.symbol}, key=lambda s: s.name):
        name = names.get(symbol, symbol.name)
        if name not in given:
            msg = f"a value is needed for `{name}`"
            raise ParameterError(msg)
        point[symbol] = rational(space.number(name, given[name]) if name in space else given[name])
    return point


def _limits(found: Threshold, values: Values, overrides: Mapping[str, Any]) -> Interval:
    """Return the parameter's domain, less what joint constraints exclude at the values."""
    space = found.model.parameters
    given = {**values, **overrides}
    domain = space[found.parameter].domain
    lower, upper = domain.lower, domain.upper
    for constraint in space.constraints:
        if constraint.smaller == found.parameter and constraint.larger in given:
            most = space.number(constraint.larger, given[constraint.larger])
            upper = most if upper is None else min(upper, most)
        if constraint.larger == found.parameter and constraint.smaller in given:
            lower = max(lower, space.number(constraint.smaller, given[constraint.smaller]))
    return Interval(lower, upper)
