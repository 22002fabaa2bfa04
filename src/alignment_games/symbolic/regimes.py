"""Regimes: which combinations of equilibria can occur, each with a witness, and whether all are."""

from __future__ import annotations

import dataclasses
import enum
import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from ..errors import ModelError, suggestion
from ..io.document import Block, Heading, Paragraph, Statement, html_body, latex_body
from ..models import AlignmentModel
from ..models.model import model_of
from . import _z3
from ._cells import Cells, Combination, Sampler, free_cells
from ._knife_edges import KnifeEdge, knife_edges
from .equilibria import ParametricEquilibria, ParametricEquilibrium, equilibria
from .proofs import hypotheses, seconds_of
from .truth import domain, truth

__all__ = ["KnifeEdge", "Regime", "Regimes", "RegimesStatus", "regimes"]

_POINTS = 40_000
"""Random points that are looked at in a round."""

_ROUNDS = 12
"""Rounds without news after which no more are made."""

_SHAPES = (0.3, 1.0)
"""Distributions of points, in turn: most of the rarer combinations are near the ends of ranges. Of
the 39 of the alignment model 600,000 points of the first kind find 38, of the second 34."""

_MOMENT = 2.0
"""Seconds for each small question about the sign of a difference."""


class RegimesStatus(enum.Enum):
    """Whether all regimes are listed; the value is the message a person reads."""

    PROVED = "Proved complete: at parameters without ties no other combination occurs."
    OPEN = "Not proved complete: other combinations may occur."


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A combination of equilibria that occurs, at points without ties.

    Attributes
    ----------
    equilibria : tuple of ParametricEquilibrium
        All equilibria of the game there.
    witness : mapping of str to Fraction
        A point, all parameters by name, where it was checked in exact arithmetic;
        ``model.game(witness)`` is a game of the regime.
    """

    equilibria: tuple[ParametricEquilibrium, ...]
    witness: Mapping[str, Fraction] = field(repr=False)

    @property
    def condition(self) -> sp.Basic:
        """Under which all of `equilibria` exist; others may exist there as well."""
        return sp.And(*(own.exists for own in self.equilibria))

    def __str__(self) -> str:
        return " and ".join(own.name for own in self.equilibria)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimes:
    """The combinations of equilibria that occur.

    Attributes
    ----------
    status : RegimesStatus
    parametric : ParametricEquilibria
        The closed forms.
    given : tuple of sympy Booleans
        The hypotheses.
    regimes : tuple of Regime
        Fewer equilibria first.
    edges : tuple of KnifeEdge
        Of a model with one parameter: every value in its domain at which there is a tie.
    surfaces : tuple of sympy.Expr
        Ties are only where one of these is zero. Regimes do not speak of such points.
    undecided : tuple of tuples of str
        Combinations (by the names of their equilibria) of which it is not known whether they
        occur; if the status is OPEN there may be others.
    reason : str
        Why completeness is not proved, otherwise empty.
    seconds : float
    """

    status: RegimesStatus
    parametric: ParametricEquilibria = field(repr=False)
    given: tuple[sp.Basic, ...]
    regimes: tuple[Regime, ...]
    edges: tuple[KnifeEdge, ...]
    surfaces: tuple[sp.Expr, ...] = field(repr=False)
    undecided: tuple[tuple[str, ...], ...]
    reason: str
    seconds: float

    def __len__(self) -> int:
        return len(self.regimes)

    def __iter__(self) -> Iterator[Regime]:
        return iter(self.regimes)

    def __getitem__(self, k: int) -> Regime:
        return self.regimes[k]

    def __str__(self) -> str:
        count = f"{len(self)} regime{'s' * (len(self) != 1)}."
        lines = [f"{count} {self.status.value} {self.reason}".rstrip()]
        if not self and self.status is RegimesStatus.PROVED:
            lines = [f"No regimes. {self.reason}"]
        lines += [f"  {regime}" for regime in self]
        for edge in self.edges:
            found = "" if edge.solution is None else f": {len(edge.solution)} extreme equilibria"
            lines.append(f"  knife edge at {edge.name} = {edge.value}{found}")
        return "\n".join(lines)

    def blocks(self) -> list[Block]:
        """Return it as a document; each regime has the condition of its equilibria."""
        head, *_ = str(self).splitlines()
        blocks: list[Block] = [Paragraph(head)]
        for k, regime in enumerate(self, 1):
            blocks += [Heading(f"{k}. {regime}", 3), Statement(regime.condition)]
        if self.edges:
            blocks.append(Paragraph("Knife edges"))
            blocks += [
                Statement(sp.Eq(self.parametric.model.parameters[edge.name].symbol, edge.value))
                for edge in self.edges
            ]
        return blocks

    def latex(self) -> str:
        """Return it as LaTeX to put into a document; it needs amsmath."""
        return latex_body(self.blocks())

    def _repr_html_(self) -> str:
        return html_body(self.blocks())


def regimes(model: AlignmentModel, *, given: Any = (), timeout: float = 60.0) -> Regimes:
    """Find which combinations of equilibria occur, and prove, if possible, that no other does.

    Parameters
    ----------
    model : AlignmentModel
        As `equilibria` takes it.
    given : sympy Boolean or iterable of them
        Hypotheses on the parameters.
    timeout : float
        Seconds, after the closed forms are derived, for the whole search.

    Returns
    -------
    Regimes
        Status PROVED if z3 showed that at points in the domains which meet `given` and have no
        tie there is no further combination; otherwise OPEN, "not proved complete".

    Raises
    ------
    ModelError
        If a payoff is not a quotient of polynomials, or a hypothesis is not built as `prove` says.
    ParameterError
        If `timeout` is not positive.
    WorkLimitError
        If the model has too many players or strategies.
    ModuleNotFoundError
        If z3 is not installed (extra ``proofs``).

    Notes
    -----
    Random points find the usual combinations; every witness is checked in exact arithmetic.
    Then z3 is asked for a point with another one, until there is none. If that takes too long, a
    game of two players is made freer, with a symbol for each payoff difference; a combination
    that occurs there is looked for in the model, and what does not occur there occurs nowhere.

    Examples
    --------
    >>> import alignment_games as ag
    >>> model = ag.models.alignment()
    >>> calm = [
    ...     ag.symbolic.temptation(model, posture) < 0 for posture in model.strategies[0]
    ... ]
    >>> found = ag.symbolic.regimes(model, given=calm)
    >>> print(found)
    3 regimes. Proved complete: at parameters without ties no other combination occurs.
      (balance, accommodate)
      (hedge, accommodate)
      (bandwagon, accommodate)
    """
    seconds_of(timeout)
    _z3.version()
    model_of(model)
    conditions = hypotheses(given, model)
    of_parameters(conditions, model)
    parametric = equilibria(model)
    search = _Search(model, parametric, conditions, timeout)
    closed = search.run()
    found = sorted(search.found.items(), key=lambda item: (len(item[0]), sorted(item[0])))
    listed = {own.form: own for own in parametric}
    candidates = parametric.candidates
    undecided = tuple(
        tuple(listed[candidates[k]].name for k in sorted(own)) for own in search.undecided
    )
    return Regimes(
        status=RegimesStatus.PROVED if closed and not undecided else RegimesStatus.OPEN,
        parametric=parametric,
        given=conditions,
        regimes=tuple(
            Regime(equilibria=tuple(listed[candidates[k]] for k in sorted(own)), witness=witness)
            for own, witness in found
        ),
        edges=knife_edges(parametric, conditions),
        surfaces=_surfaces(parametric),
        undecided=undecided,
        reason=search.reason,
        seconds=time.perf_counter() - search.start,
    )


def of_parameters(conditions: tuple[sp.Basic, ...], model: AlignmentModel) -> None:
    """Check that hypotheses speak of nothing but the parameters."""
    known = model.parameters.symbols
    for condition in conditions:
        for symbol in sorted(condition.free_symbols - set(known.values()), key=str):
            msg = f"`given` speaks of {symbol}, which is no parameter of {model.name!r}"
            raise ModelError(msg + suggestion(symbol.name, known))


class _Search:
    """The state of a search for combinations."""

    __slots__ = (
        "deadline", "domain", "found", "given", "impossible", "inside", "model", "parametric",
        "reason", "start", "undecided",
    )  # fmt: skip

    def __init__(
        self,
        model: AlignmentModel,
        parametric: ParametricEquilibria,
        given: tuple[sp.Basic, ...],
        timeout: float,
    ) -> None:
        self.model, self.parametric, self.given = model, parametric, given
        self.found: dict[Combination, dict[str, Fraction]] = {}
        self.impossible: list[Combination] = []
        self.undecided: list[Combination] = []
        self.reason = ""
        self.start = time.perf_counter()
        self.deadline = self.start + timeout
        self.domain = [
            *domain(model),
            *(sp.Ne(divisor, 0) for divisor in parametric.denominators),
            *given,
        ]
        self.inside = sp.And(*self.domain, evaluate=False)

    @property
    def left(self) -> float:
        """Seconds left, never less than a moment."""
        return max(0.01, self.deadline - time.perf_counter())

    def take(self, witness: dict[str, Fraction]) -> Combination | None:
        """Add the combination at a point, if the point is allowed and there is no tie."""
        point = {self.model.parameters[name].symbol: value for name, value in witness.items()}
        if not truth(self.inside, point):
            return None
        verdicts = self.parametric.decided(witness)
        if 0 in verdicts:
            return None
        combination = frozenset(k for k, one in enumerate(verdicts) if one == 1)
        self.found.setdefault(combination, witness)
        return combination

    def run(self) -> bool:
        """Search at random points and with z3; tell whether all combinations were looked at."""
        if _z3.search(self.domain, timeout=self.left / 8).answer == "unsat":
            self.reason = "The hypotheses exclude every point."
            return True
        self.sample()
        closed = self.close()
        if closed and not self.found and not self.undecided:
            self.reason = "Every point has a tie."
        return closed

    def sample(self) -> None:
        """Look at random points, until some rounds bring nothing new or much time is over."""
        rng = np.random.default_rng(0)
        sampler = Sampler.of(
            self.model, self.parametric.candidates, self.parametric.polynomials, self.given
        )
        end = self.start + (self.deadline - self.start) / 4
        rounds = 0
        for shape in itertools.cycle(_SHAPES):
            if rounds == _ROUNDS or time.perf_counter() > end:
                return
            known = len(self.found)
            for combination, witness in sampler.points(rng, _POINTS, shape):
                if time.perf_counter() > end:
                    return
                if combination not in self.found:
                    self.take(witness)
            rounds = 0 if len(self.found) > known else rounds + 1

    def close(self) -> bool:
        """Search for other combinations; tell whether there is none but undecided ones."""
        candidates = self.parametric.candidates
        cells = Cells.of(candidates, self.domain)
        free = None
        if len(self.model.players) == 2:
            free, differences = free_cells(self.model, candidates)
            never = [
                no for own, no in zip(candidates, free.excluded, strict=True) if not own.possible
            ]
            free = dataclasses.replace(
                free, domain=(*free.domain, *never, *self._signs(differences))
            )
            if len(self.model.parameters) > len(differences):
                return self._closed_by(free, cells)
        while True:
            share = self.left if free is None else self.left / 2
            answer = _z3.search(cells.other([*self.found]), timeout=share)
            if answer.answer == "unsat":
                return True
            if answer.answer == "unknown" or self._new(answer, None) is None:
                break
        if free is not None:
            return self._closed_by(free, cells)
        self.reason = f"z3 gave up ({answer.reason or 'no rational witness'})."
        return False

    def _signs(self, differences: Mapping[sp.Symbol, sp.Expr]) -> list[sp.Basic]:
        """Return signs that a payoff difference cannot have where the hypotheses hold."""
        space = self.model.parameters
        points = [
            {space[name].symbol: value for name, value in witness.items()}
            for witness in self.found.values()
        ]
        result = []
        for symbol, value in differences.items():
            for has, has_not in ((sp.Gt, sp.Le), (sp.Lt, sp.Ge)):
                relation = has(value, 0, evaluate=False)
                if any(truth(relation, point) for point in points):
                    continue
                moment = min(_MOMENT, self.left / 8)
                if _z3.search([*self.domain, relation], timeout=moment).answer == "unsat":
                    result.append(has_not(symbol, 0, evaluate=False))
        return result

    def _closed_by(self, free: Cells, cells: Cells) -> bool:
        """Search in the freer game, and look in the model for what is found there."""
        while time.perf_counter() < self.deadline:
            known = [*self.found, *self.impossible, *self.undecided]
            answer = _z3.search(free.other(known), timeout=self.left)
            if answer.answer == "unsat":
                return True
            if answer.answer == "unknown":
                self.reason = f"z3 gave up ({answer.reason}) within the time."
                return False
            combination = self._free_combination(free, answer)
            if combination is None:
                self.reason = "z3 found a point with irrational values and none beside it."
                return False
            own = _z3.search(cells.only(combination), timeout=self.left / 4)
            if own.answer == "unsat":
                self.impossible.append(combination)
            elif own.answer == "unknown" or self._new(own, combination) is None:
                self.undecided.append(combination)
                self.reason = "z3 did not decide whether some combinations occur."
        self.reason = "The time was over."
        return False

    def _free_combination(self, free: Cells, answer: _z3.Found) -> Combination | None:
        for point in answer.points:
            values = [
                (truth(yes, point), truth(no, point))
                for yes, no in zip(free.exists, free.excluded, strict=True)
            ]
            if all(yes or no for yes, no in values):
                return frozenset(k for k, (yes, _) in enumerate(values) if yes)
        return None

    def _new(self, answer: _z3.Found, wanted: Combination | None) -> Combination | None:
        """Add a new combination that z3 found, from a rational point beside its own."""
        for point in answer.points:
            witness = {
                name: point.get(p.symbol, p.usual.lower)
                for name, p in self.model.parameters.items()
            }
            known = set(self.found)
            combination = self.take(witness)
            if combination is not None and (combination == wanted or combination not in known):
                return combination
        return None


def _surfaces(parametric: ParametricEquilibria) -> tuple[sp.Expr, ...]:
    """Return the factors of all conditions."""
    factors = (
        factor.expression
        for own in parametric.candidates
        for test in (*own.needed, own.guard)
        for factor in (*test.odd, *test.even)
    )
    return tuple(dict.fromkeys(factors))
