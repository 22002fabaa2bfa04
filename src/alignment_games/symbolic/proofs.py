"""Claims about all parameters at once: proved, refuted by a counterexample, or left open."""

from __future__ import annotations

import enum
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from .._numeric import ratio_text
from ..errors import ModelError, ParameterError
from ..io.document import Block, Paragraph, Statement, Table, html_body, latex_body
from ..io.formulas import infix
from ..models import AlignmentModel
from . import _points, _z3
from .truth import named, one_of_each_name, truth

__all__ = ["Proof", "ProofStatus", "hypotheses", "prove"]

_AS_BUILT = "SymPy, which made the claim true from its symbols' assumptions as it was built"

_VACUOUS = "The hypotheses exclude every point, so they make any claim true."

_MOMENT = 2.0
"""Seconds to see whether they do."""

_TRIED = 4000
"""Simple points that are tried before z3 is asked."""

_STEPS = 16
"""Into which their ranges are cut."""


class ProofStatus(enum.Enum):
    """What became of a claim; the value is the message a person reads."""

    PROVED = "Proved for all parameters in their domains."
    REFUTED = "Refuted: at the counterexample the claim is not true."
    UNKNOWN = "Neither proved nor refuted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What became of a claim about all parameters.

    Attributes
    ----------
    status : ProofStatus
    claim : sympy Boolean
    given : tuple of sympy Booleans
        The hypotheses.
    domain : tuple of Relational
        The domains of the symbols, which are hypotheses as well.
    counterexample : mapping of str to Fraction, or None
        Where the claim is refuted: a point in the domains at which the hypotheses are true and
        the claim is not, checked in exact arithmetic. Parameters of the model have their names
        and all are there, so that it can be used wherever a scenario can; others go by symbol.
    method : str
        What found the answer: ``z3`` with its version; ``simple points``, of which one refuted
        the claim; or SymPy, of a claim that is `True` already. `Proposition.prove` adds ``SymPy
        identity``; ``more generally``, after z3, where the claim was proved for all values of
        what it defines; and ``random points``.
    reason : str
        Why the answer is unknown; that the hypotheses exclude every point; otherwise empty.
    seconds : float
    model : AlignmentModel or None
    """

    status: ProofStatus
    claim: sp.Basic
    given: tuple[sp.Basic, ...]
    domain: tuple[sp.Basic, ...]
    counterexample: Mapping[str, Fraction] | None
    method: str
    reason: str
    seconds: float
    model: AlignmentModel | None = field(repr=False)

    def __str__(self) -> str:
        lines = [f"{self.status.value} {self.reason}".rstrip(), f"claim: {infix(self.claim)}"]
        lines += [f"given: {infix(condition)}" for condition in self.given]
        if self.counterexample is not None:
            values = ", ".join(f"{name} = {text}" for name, text in self._shown())
            lines.append(f"counterexample: {values}")
        return "\n".join(lines)

    def _shown(self) -> Iterator[tuple[str, str]]:
        """Return the values of a counterexample on which the claim and hypotheses depend."""
        held = set().union(*(part.free_symbols for part in (self.claim, *self.given)))
        space = {} if self.model is None else self.model.parameters.symbols
        for name, value in (self.counterexample or {}).items():
            if name not in space or space[name] in held:
                yield name, ratio_text(value)

    def blocks(self) -> list[Block]:
        """Return what became of the claim as a document."""
        blocks: list[Block] = [Paragraph(f"{self.status.value} {self.reason}".rstrip())]
        blocks.append(Statement(self.claim))
        if self.given:
            blocks += [Paragraph("Provided that"), *map(Statement, self.given)]
        if self.counterexample is not None:
            blocks.append(Table(("counterexample", "value"), tuple(self._shown())))
        return [*blocks, Paragraph(f"Method: {self.method}. Seconds: {self.seconds:.2f}.")]

    def latex(self) -> str:
        r"""Return it as LaTeX to put into a document; it needs amsmath, booktabs and tabularx.

        Examples
        --------
        >>> x = sp.Symbol("x", real=True)
        >>> r"x^{2} \geq 0" in prove(sp.Ge(x**2, 0, evaluate=False)).latex()
        True
        """
        return latex_body(self.blocks())

    def _repr_html_(self) -> str:
        return html_body(self.blocks())


def prove(
    claim: Any,
    *,
    given: Any = (),
    model: AlignmentModel | None = None,
    timeout: float = 30.0,
) -> Proof:
    """Prove or refute that a claim is true for all values of its parameters.

    Parameters
    ----------
    claim : sympy Boolean
        Comparisons of polynomials, quotients, roots, absolute values, minima, maxima and
        piecewise expressions, joined by ``And``, ``Or``, ``Not``, ``Implies``, ``Equivalent``.
    given : sympy Boolean or iterable of them
        Hypotheses.
    model : AlignmentModel, optional
        Its parameters range over their domains and meet its joint constraints; symbols with the
        name of a parameter are taken for it. Other symbols range over the real numbers that
        their assumptions allow.
    timeout : float
        Seconds for z3, after which the answer is unknown.

    Returns
    -------
    Proof

    Raises
    ------
    ModelError
        If a claim or hypothesis is not built as described.
    ParameterError
        If `timeout` is not positive.
    ModuleNotFoundError
        If z3 is not installed (extra ``proofs``).

    Notes
    -----
    Nothing is proved by sampling: points are only tried to find a simple counterexample. z3
    searches for a point in the domains at which all hypotheses are true and the claim is not;
    the claim is proved if there is none. Where a denominator is zero, or a root's argument
    negative, a comparison is not true: a claim must say so, for example by ``Implies``, if it
    does not speak of such points, and hypotheses exclude them.

    References
    ----------
    D. Jovanovic and L. de Moura (2012), Solving non-linear arithmetic, IJCAR,
    doi:10.1007/978-3-642-31365-3_27.

    Examples
    --------
    With a larger tilt the hegemon is more tempted to coerce a hedger, or as much:

    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> slope = sp.diff(ag.symbolic.temptation(model, "hedge"), sp.Symbol("zeta", nonnegative=True))
    >>> ag.symbolic.prove(slope >= 0, model=model).status.name
    'PROVED'
    >>> proof = ag.symbolic.prove(slope > 0, model=model)
    >>> proof.status.name, proof.counterexample["coercion_success"]
    ('REFUTED', Fraction(0, 1))
    """
    start = time.perf_counter()
    seconds_of(timeout)
    goal = named(_boolean("claim", claim), model)
    assumed = hypotheses(given, model)
    symbols = sorted(
        set().union(*(part.free_symbols for part in (goal, *assumed))), key=lambda s: s.name
    )
    one_of_each_name(symbols)
    bounds = _points.bounds((goal, *assumed), model)

    def answer(status: ProofStatus, method: str, reason: str = "", point: Any = None) -> Proof:
        return Proof(
            status=status,
            claim=goal,
            given=assumed,
            domain=tuple(bounds),
            counterexample=None if point is None else named_point(point, model),
            method=method,
            reason=reason,
            seconds=time.perf_counter() - start,
            model=model,
        )

    def refutes(point: Mapping[sp.Symbol, Fraction]) -> bool:
        return all(truth(part, point) for part in (*bounds, *assumed)) and not truth(goal, point)

    def vacuous() -> str:
        if not assumed:
            return ""
        found = _z3.search([*bounds, *assumed], timeout=min(timeout, _MOMENT))
        return _VACUOUS if found.answer == "unsat" else ""

    if goal == sp.true:  # nothing is left to decide, and what SymPy dropped cannot be looked at
        return answer(ProofStatus.PROVED, _AS_BUILT, vacuous())
    simple = _points.shoot(
        goal,
        assumed,
        model,
        points=_TRIED,
        most=_TRIED,
        steps=_STEPS,
        rng=np.random.default_rng(0),
    ).counterexample
    if simple is not None:
        return answer(ProofStatus.REFUTED, "simple points", point=simple)
    method = f"z3 {_z3.version()}"
    found = _z3.search([*bounds, *assumed], [goal], timeout=timeout)
    if found.answer == "unsat":
        return answer(ProofStatus.PROVED, method, vacuous())
    if found.answer == "sat":
        point = next(filter(refutes, found.points), None)
        if point is not None:
            return answer(ProofStatus.REFUTED, method, point=point)
        reason = "z3 found a counterexample with irrational values and none beside it is rational."
        return answer(ProofStatus.UNKNOWN, method, reason)
    reason = f"z3 gave up ({found.reason}) within {timeout:g} s."
    return answer(ProofStatus.UNKNOWN, method, reason)


def seconds_of(timeout: Any) -> float:
    """Return a time limit in seconds.

    Raises
    ------
    ParameterError
    """
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        msg = f"`timeout` must be a number of seconds, got {timeout!r}"
        raise ParameterError(msg)
    if not 0 < timeout <= 1e6:
        msg = f"`timeout` must be a number of seconds above 0 and up to 1e6, got {timeout!r}"
        raise ParameterError(msg)
    return float(timeout)


def hypotheses(given: Any, model: AlignmentModel | None) -> tuple[sp.Basic, ...]:
    """Return hypotheses one by one, with the model's symbols for those of their names.

    Raises
    ------
    ModelError
        If one is not a SymPy Boolean.
    """
    several = isinstance(given, Iterable) and not isinstance(given, (str, sp.Basic))
    parts = given if several else [given]
    return tuple(named(_boolean("given", part), model) for part in parts)


def _boolean(argument: str, value: Any) -> sp.Basic:
    if isinstance(value, bool):
        return sp.true if value else sp.false
    if isinstance(value, (sp.logic.boolalg.Boolean, sp.core.relational.Relational)) and not (
        isinstance(value, sp.Symbol)
    ):
        return value
    msg = f"`{argument}` must be a SymPy relation or a combination of them, got {value!r}"[:200]
    if hasattr(value, "prove"):
        msg = f"`{argument}` must be a SymPy relation; call the `prove` of {value.name} instead"
    raise ModelError(msg)


def named_point(
    point: Mapping[sp.Symbol, Fraction], model: AlignmentModel | None
) -> dict[str, Fraction]:
    """Name the values, and choose usual ones for parameters that the claim does not speak of."""
    if model is None:
        return {symbol.name: value for symbol, value in point.items()}
    names = {parameter.symbol: name for name, parameter in model.parameters.items()}
    values = {name: point[symbol] for symbol, name in names.items() if symbol in point}
    usual = {name: p.usual for name, p in model.parameters.items()}
    full = {
        name: values.get(name, own.lower if own.upper is None else (own.lower + own.upper) / 2)
        for name, own in usual.items()
    }
    # A pair of which the claim speaks is in it whole; of the others one follows the other.
    for constraint in model.parameters.constraints:
        if constraint.smaller not in values:
            full[constraint.smaller] = min(full[constraint.smaller], full[constraint.larger])
    others = {symbol.name: value for symbol, value in point.items() if symbol not in names}
    return full | others
