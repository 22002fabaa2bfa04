"""A proposition: a named claim with its hypotheses, each of which it needs."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import sympy as sp

from ...errors import ModelError, suggestion
from ...models import AlignmentModel
from .._points import bounds, shoot
from ..identities import is_identity
from ..proofs import Proof, ProofStatus, named_point, prove
from ..truth import denominators, expression_of

__all__ = ["Hypothesis", "Proposition"]

_REAL = sp.Symbol("x", real=True).assumptions0

_TRIED = 20_000
"""Random points that are tried before z3 is asked for a counterexample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A condition under which a proposition holds.

    Attributes
    ----------
    name : str
        One word by which it can be left out.
    words : str
    condition : sympy Boolean
    added : str
        Why it is here although the first statement of the model does not have it; empty where
        it does.
    """

    name: str
    words: str
    condition: sp.Basic
    added: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """A claim about all parameters that has a name.

    Attributes
    ----------
    name : str
        For example ``F1.2``, the number of its equation, with a word where an equation has
        several: ``F1.5-threat``.
    title : str
    statement : str
        The claim in words.
    claim : sympy Boolean
        The claim, in the symbols of `definitions`.
    hypotheses : tuple of Hypothesis
        None can be left out: without any one of them the claim is false somewhere.
    definitions : mapping of Symbol to sympy.Expr
        What symbols of the claim stand for: a payoff of the model, a closed form. Nothing is
        divided by in them, and they do not go in a circle.
    ranges : tuple of sympy Boolean
        Where symbols that are no parameters of the model lie.
    model : AlignmentModel or None
        The model whose parameters the symbols are. None if the claim is about a dynamic model,
        whose parameters then have their ranges in `ranges`, or about formulas for which there is
        no model yet.
    part_of : tuple of str
        The theorems it is a part of, for example ``P1``.
    note : str
        What the first statement said instead, and what is not claimed.
    without : tuple of str
        Names of hypotheses that were left out.
    """

    name: str
    title: str
    statement: str
    claim: sp.Basic
    hypotheses: tuple[Hypothesis, ...] = ()
    definitions: Mapping[sp.Symbol, sp.Expr] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )
    ranges: tuple[sp.Basic, ...] = ()
    model: AlignmentModel | None = field(default=None, repr=False)
    part_of: tuple[str, ...] = ()
    note: str = ""
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check what makes it sound to prove a claim for all values of a defined symbol."""
        taken: set[str] = set()
        if self.model is not None:
            symbols = self.model.parameters.symbols
            taken = {*symbols, *(symbol.name for symbol in symbols.values())}
        for symbol, given in self.definitions.items():
            value = expression_of("definitions", given)
            if symbol.assumptions0 != _REAL or not value.is_polynomial(*value.free_symbols):
                msg = (
                    "`definitions` must give polynomials to symbols that are real and no more, "
                    f"got {symbol} = {value}"
                )[:200]
                raise ModelError(msg)
            if symbol.name in taken:
                msg = f"`definitions` must not have the name of a parameter, got {symbol}"
                raise ModelError(msg)
        if set(self.definitions) & self.spelled_out(sp.Tuple(*self.definitions)).free_symbols:
            msg = "`definitions` must not go in a circle"
            raise ModelError(msg)

    def __hash__(self) -> int:
        return hash((self.name, self.without))

    @property
    def formula(self) -> sp.Basic:
        """The claim in parameters alone: every definition is put in."""
        return self.spelled_out(self.claim)

    @property
    def given(self) -> tuple[sp.Basic, ...]:
        """Ranges and hypotheses in parameters alone."""
        return tuple(self.spelled_out(c) for c in self._conditions)

    @property
    def label(self) -> str:
        """The name, with the hypotheses that were left out."""
        return f"{self.name} without {' and '.join(self.without)}" if self.without else self.name

    @property
    def _conditions(self) -> tuple[sp.Basic, ...]:
        return (*self.ranges, *(h.condition for h in self.hypotheses))

    def spelled_out(self, formula: sp.Basic) -> sp.Basic:
        """Put definitions into a formula until none is left."""
        definitions = dict(self.definitions)
        for _ in definitions:
            formula = formula.xreplace(definitions)
        return formula

    def leave_out(self, *names: str) -> Proposition:
        """Return the proposition without some of its hypotheses, which should then be refuted.

        Raises
        ------
        ModelError
            If it has no hypothesis of that name.

        Examples
        --------
        >>> import alignment_games as ag
        >>> stronger = ag.symbolic.proposition("F1.4-stakes").leave_out("helped")
        >>> stronger.prove().status.name
        'REFUTED'
        """
        own = {h.name for h in self.hypotheses}
        for name in names:
            if name not in own:
                tail = suggestion(name, own) if own else "; it has no hypothesis"
                msg = f"{self.name} has no hypothesis {str(name)[:80]!r}{tail}"
                raise ModelError(msg)
        left = tuple(h for h in self.hypotheses if h.name not in names)
        return replace(self, hypotheses=left, without=(*self.without, *dict.fromkeys(names)))

    def latex(self) -> str:
        r"""Return the claim with its hypotheses as a LaTeX ``aligned`` block.

        Examples
        --------
        >>> import alignment_games as ag
        >>> print(ag.symbolic.proposition("F4d-concave").latex().splitlines()[2])
        &\quad\text{if } k > 0 \\
        """
        from ...io.formulas import aligned, latex, lines

        rows = [f"&{row}" for row in lines(self.claim, "latex")]
        equations = [sp.Eq(*pair, evaluate=False) for pair in self.definitions.items()]
        for first, conditions in (("if", self._conditions), ("where", equations)):
            words = itertools.chain([first], itertools.repeat("and"))
            rows += [
                rf"&\quad\text{{{word} }} {latex(own)}"
                for word, own in zip(words, conditions, strict=False)
            ]
        return aligned(rows)

    def pretty(self) -> str:
        """Return the claim in two dimensions, in Unicode.

        Examples
        --------
        >>> import alignment_games as ag
        >>> print(ag.symbolic.proposition("F3-order").pretty().splitlines()[0])
        (g_BC > g_BA ⇒ V_R⋅(l₀ - δ⋅ρ) + b > b⋅(δ⋅ρ + 1 - l₀) + κ + ρ⋅w)
        """
        from ...io.formulas import lines

        return "\n".join(lines(self.claim, "unicode"))

    def __str__(self) -> str:
        from ...io.document import to_text
        from .document import proposition_blocks

        return to_text(proposition_blocks(self))

    def _repr_html_(self) -> str:
        from ...io.document import to_html
        from .document import proposition_blocks

        return to_html(proposition_blocks(self), title=self.label)

    def prove(self, *, timeout: float = 30.0) -> Proof:
        """Prove or refute the proposition.

        Parameters
        ----------
        timeout : float
            Seconds for each question to z3.

        Returns
        -------
        Proof
            In parameters alone. A claim that joins several is proved part by part; if one part
            is refuted or left open, it is the proof's `claim`.

        Notes
        -----
        Equations of rational functions are decided by SymPy, and z3 is asked only whether a
        denominator can be zero. For other claims z3 is first asked for more than is claimed, with
        free symbols in place of all that is defined: what holds for all of their values holds for
        the ones they have. If that is not so, random points are tried, and then the claim itself is
        decided.

        Examples
        --------
        >>> import alignment_games as ag
        >>> proof = ag.symbolic.proposition("F1.1").prove()
        >>> proof.status.name, proof.method
        ('PROVED', 'SymPy identity')
        """
        start = time.perf_counter()
        parts = self.claim.args if isinstance(self.claim, sp.And) else (self.claim,)
        proofs = []
        for part in parts:
            proof = self._prove_part(part, timeout)
            proofs.append(proof)
            if proof.status is ProofStatus.REFUTED:
                break
        worst = next((p for p in proofs if p.status is ProofStatus.REFUTED), None) or next(
            (p for p in proofs if p.status is ProofStatus.UNKNOWN), None
        )
        seconds = time.perf_counter() - start
        if worst is not None:
            return replace(worst, seconds=seconds)
        return replace(
            proofs[0],
            claim=self.formula,
            domain=tuple(dict.fromkeys(bound for p in proofs for bound in p.domain)),
            method="; ".join(dict.fromkeys(p.method for p in proofs)),
            seconds=seconds,
        )

    def _prove_part(self, part: sp.Basic, timeout: float) -> Proof:
        formula, given = self.spelled_out(part), self.given
        if is_identity(formula):
            divisors = denominators(formula)
            guard = sp.And(*(sp.Ne(divisor, 0) for divisor in divisors))
            proof = prove(guard, given=given, model=self.model, timeout=timeout)
            if proof.status is ProofStatus.PROVED:
                tail = f", denominators by {proof.method}" if divisors else ""
                return replace(proof, claim=formula, method=f"SymPy identity{tail}")
        if self.definitions:
            general = prove(part, given=self._conditions, model=self.model, timeout=timeout)
            if general.status is ProofStatus.PROVED:
                method = f"{general.method}, more generally"
                return replace(general, claim=formula, given=given, method=method)
            point = self._counterexample(formula)
            if point is not None:
                return replace(
                    general,
                    status=ProofStatus.REFUTED,
                    claim=formula,
                    given=given,
                    domain=tuple(bounds((formula, *given), self.model)),
                    counterexample=named_point(point, self.model),
                    method="random points",
                    reason="",
                )
        return prove(formula, given=given, model=self.model, timeout=timeout)

    def _counterexample(self, formula: sp.Basic) -> Mapping[sp.Symbol, Fraction] | None:
        """Try random points, which is fast where z3 is slow: among many parameters."""
        return shoot(
            formula,
            self.given,
            self.model,
            points=_TRIED,
            most=50 * _TRIED,
            rng=np.random.default_rng(0),
        ).counterexample
