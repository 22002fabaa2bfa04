"""Critical discount factors as functions of a model's parameters: cases, and what they give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from .._numeric import exact_number, rational
from .._typing import Values
from ..errors import ModelError, ParameterError
from ..games import NormalFormGame
from ..io.document import Block, Heading, Paragraph, Statement, html_body, latex_body
from ..io.formulas import infix
from ..models import AlignmentModel
from ..models.compile import is_rational
from ..solvers.discounting import CriticalDiscount, DiscountInterval, Punishment
from ..solvers.discounting import critical_discount as solved_at_a_point
from ._discount_cases import DiscountCase
from .equilibria import ParametricEquilibria
from .truth import truth

__all__ = ["DiscountIncentive", "ParametricDiscount", "ParametricPunishment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountIncentive:
    """What keeps a player from leaving a path in one way.

    Attributes
    ----------
    player : str
    period : int
        Of the cycle, from 0.
    deviation : str
        The strategy it would leave for; the path's own if what it earns later may be too little
        all the same; with tit-for-tat whether it leaves ``for ever`` or ``every other period``.
    kept : sympy.Expr
        A polynomial in the discount factor, not negative where the player does not leave.
    cases : tuple of DiscountCase
        Empty for cycles of three or more periods, of which `kept` is all there is.
    """

    player: str
    period: int
    deviation: str
    kept: sp.Expr
    cases: tuple[DiscountCase, ...]

    @property
    def condition(self) -> sp.Basic:
        """The cases as one formula, or the inequality where there are none."""
        if not self.cases:
            return sp.Ge(self.kept, 0)
        return sp.Or(*(sp.And(own.when, own.holds) for own in self.cases))

    @property
    def discount(self) -> sp.Expr:
        """The least discount factor, 1 where there is none, as one expression.

        Raises
        ------
        ParameterError
            If there is no closed form.
        """
        if not self.cases:
            msg = (
                "cycles of three or more periods have no closed form; the inequalities are in "
                "`kept`, and `at` solves them at numbers"
            )
            raise ParameterError(msg)
        values = [sp.S.One if own.discount is None else own.discount for own in self.cases]
        if len(values) == 1:
            return values[0]
        whens = [own.when for own in self.cases[:-1]]
        return sp.Piecewise(*zip(values, [*whens, sp.true], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricPunishment:
    """What a player that has left the path gets ever after, and what that sustains.

    Attributes
    ----------
    name : str
        The stage equilibrium, or the kind of punishment.
    exists : sympy Boolean
        Under which it is there: that it is a stage equilibrium.
    payoffs : tuple of sympy.Expr, one a player
    incentives : tuple of DiscountIncentive
    """

    name: str
    exists: sp.Basic
    payoffs: tuple[sp.Expr, ...] = field(repr=False)
    incentives: tuple[DiscountIncentive, ...]

    def of(self, player: str) -> tuple[DiscountIncentive, ...]:
        """Return the incentives of one player."""
        return tuple(own for own in self.incentives if own.player == player)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricDiscount:
    """From which discount factor on a path is sustained, as a function of the parameters.

    Attributes
    ----------
    model : AlignmentModel
    path : tuple of tuples of str
        The cycle that is repeated.
    punishment : str
    symbol : sympy.Symbol
        The discount factor, above 0 and below 1.
    given : tuple of sympy Booleans
        Hypotheses under which cases were left out.
    punishments : tuple of ParametricPunishment
        With ``nash`` one for each stage equilibrium, of which each player's worst counts that
        exists; otherwise one.
    reversion : tuple of str or None
    """

    model: AlignmentModel = field(repr=False)
    path: tuple[tuple[str, ...], ...]
    punishment: Punishment
    symbol: sp.Symbol
    given: tuple[sp.Basic, ...]
    punishments: tuple[ParametricPunishment, ...]
    reversion: tuple[str, ...] | None
    _stage: ParametricEquilibria | None = field(repr=False)

    @property
    def claim(self) -> str:
        """For which parameters the closed forms hold, in one sentence."""
        which = "that meet `given`" if self.given else "in their domains"
        if self.punishment == "nash":
            return (
                f"Exact for parameters {which} at which no condition of a stage equilibrium holds "
                "with equality; at these knife edges ask for the discount factor at the point."
            )
        if self.punishment == "grim":
            return f"Exact for parameters {which} at which the reversion is a stage equilibrium."
        return f"Exact for all parameters {which}."

    @property
    def condition(self) -> sp.Basic:
        """Under which the path is sustained, in the parameters and the discount factor."""
        inside = sp.And(
            sp.Gt(self.symbol, 0, evaluate=False), sp.Lt(self.symbol, 1, evaluate=False)
        )
        kept = [
            sp.Or(
                *(
                    sp.And(own.exists, *(one.condition for one in own.of(player)))
                    for own in self.punishments
                )
            )
            for player in self.model.players
        ]
        return sp.And(inside, *kept)

    @property
    def discount(self) -> sp.Expr:
        """The critical discount factor as one expression: the largest of what players need.

        It is 0 where every discount factor sustains the path, and 1 where no one does (with
        tit-for-tat: where none from which on all do). With ``grim`` it has a meaning where the
        reversion is a stage equilibrium.

        Raises
        ------
        ParameterError
            If there is no closed form: the cycle has three or more periods.
        """
        needed = []
        for player in self.model.players:
            least = []
            for own in self.punishments:
                value = _extreme(sp.Max, [one.discount for one in own.of(player)])
                if self.punishment == "nash" and own.exists != sp.true:
                    value = sp.Piecewise((value, own.exists), (sp.S.One, sp.true))
                least.append(value)
            needed.append(_extreme(sp.Min, least))
        return _extreme(sp.Max, needed)

    def at(self, values: Values, **overrides: Any) -> CriticalDiscount:
        """Return the critical discount factor at a point, from the closed forms.

        Parameters
        ----------
        values : Scenario or mapping of str to number
            Parameter values by name.
        **overrides : number
            Values that replace those of `values`.

        Returns
        -------
        CriticalDiscount
            Exactly that of `alignment_games.solvers.critical_discount`, which is asked only where
            there is no closed form: at knife edges of the stage equilibria, and for cycles of
            three or more periods.

        Raises
        ------
        ParameterError
            If a parameter is unknown, missing or outside its domain, or the point does not meet
            `given`.
        GameError
            If the reversion is no stage equilibrium there, or a payoff has no value.
        ModelError
            If payoffs are not rational at rational parameters.

        Examples
        --------
        >>> import alignment_games as ag
        >>> found = ag.symbolic.critical_discount(
        ...     ag.models.alignment(), ("hedge", "accommodate"), punishment="grim",
        ...     reversion=("balance", "coerce"),
        ... )
        >>> found.at(ag.load_scenario("ukraine")).discount
        35/1198
        """
        if not is_rational(self.model):
            msg = (
                f"payoffs of {self.model.name!r} are not rational at rational parameters; use "
                "solvers.critical_discount on `model.game(values)`"
            )
            raise ModelError(msg)
        complete = self.model.parameters.complete(values, overrides)
        stage = self.model.game(complete)
        symbols = self.model.parameters.symbols
        point = {symbols[name]: rational(value) for name, value in complete.items()}
        for condition in self.given:
            if not truth(condition, point):
                msg = f"the point must meet `given`, but not {infix(condition)}"
                raise ParameterError(msg[:300])
        chosen = self._existing(complete, point)
        if chosen is None or not all(one.cases for own in chosen for one in own.incentives):
            return solved_at_a_point(
                stage, self.path, punishment=self.punishment, reversion=self.reversion
            )
        return self._from_cases(stage, chosen, point)

    def _existing(
        self, complete: dict[str, Fraction], point: dict[sp.Symbol, sp.Rational]
    ) -> list[ParametricPunishment] | None:
        """Return the punishments that are there; None if that is not known, or there is none."""
        if self._stage is None:
            chosen = [own for own in self.punishments if truth(own.exists, point)]
            return chosen or None  # the solver says why the reversion is no equilibrium
        verdicts = self._stage.decided(complete)
        if 0 in verdicts:
            return None
        names = {
            own.name for own in self._stage if verdicts[self._stage.candidates.index(own.form)] == 1
        }
        return [own for own in self.punishments if own.name in names]

    def _from_cases(
        self,
        stage: NormalFormGame,
        chosen: list[ParametricPunishment],
        point: dict[sp.Symbol, sp.Rational],
    ) -> CriticalDiscount:
        ends, punished = [], []
        for who, player in enumerate(self.model.players):
            worst, number = min(
                ((own, own.payoffs[who].xreplace(point)) for own in chosen),
                key=lambda pair: pair[1],
            )
            punished.append(exact_number(number))
            cases = (_valid(one.cases, point) for one in worst.of(player))
            ends.append([_span(case, point) for case in cases])
        lower = [max(low for low, _ in own) for own in ends]
        first, last = max(lower), min(high for own in ends for _, high in own)
        inside = first < 1 and last > 0 and first <= last
        return CriticalDiscount(
            stage=stage,
            path=self.path,
            punishment=self.punishment,
            punished=tuple(punished),
            discount=first if inside and last == 1 else None,
            intervals=(DiscountInterval(lower=first, upper=last),) if inside else (),
            binding=tuple(
                player
                for player, own in zip(self.model.players, lower, strict=True)
                if inside and last == 1 and own == first > 0
            ),
        )

    def __str__(self) -> str:
        lines = [f"{self._title()}. {self.claim}"]
        for own in self.punishments:
            where = "" if own.exists == sp.true else f", where {infix(own.exists)}"
            lines.append(f"  punished by {own.name}{where}")
            for one in own.incentives:
                lines.append(f"    {_words(one, self.path)}")
                if not one.cases:
                    lines.append(f"      stays where {infix(sp.Ge(one.kept, 0))}")
                for case in one.cases:
                    when = "" if case.when == sp.true else f"    if {infix(case.when)}"
                    lines.append(f"      {_how(case)}{when}")
        return "\n".join(lines)

    def blocks(self) -> list[Block]:
        """Return the cases as a document."""
        blocks: list[Block] = [Paragraph(self.claim)]
        for own in self.punishments:
            blocks.append(Heading(f"Punished by {own.name}", 2))
            if own.exists != sp.true:
                blocks += [Paragraph("It is there where"), Statement(own.exists)]
            for one in own.incentives:
                blocks.append(Paragraph(f"{_words(one, self.path)}:".replace("_", " ")))
                blocks += list(_case_blocks(one))
        return blocks

    def latex(self) -> str:
        r"""Return it as LaTeX to put into a document; it needs amsmath.

        Examples
        --------
        >>> import alignment_games as ag
        >>> found = ag.symbolic.critical_discount(
        ...     ag.models.alignment(), ("hedge", "accommodate"), punishment="grim",
        ...     reversion=("balance", "coerce"),
        ... )
        >>> print(found.latex().splitlines()[0])
        \section*{(hedge, accommodate), repeated for ever}
        """
        return latex_body([Heading(self._title(), 1), *self.blocks()])

    def _repr_html_(self) -> str:
        return html_body([Heading(self._title(), 1), *self.blocks()])

    def _title(self) -> str:
        return f"({'; '.join(', '.join(own) for own in self.path)}), repeated for ever"


def _extreme(kind: type[sp.Max | sp.Min], values: Sequence[sp.Expr]) -> sp.Expr:
    """Return the largest or the least of some discount factors, from 0 to 1.

    SymPy would compare them all, which takes minutes where there are roots.
    """
    first, last = (sp.S.Zero, sp.S.One) if kind is sp.Max else (sp.S.One, sp.S.Zero)
    kept = [own for own in dict.fromkeys(values) if own != first]
    if last in kept or not kept:
        return last if last in kept else first
    return kept[0] if len(kept) == 1 else kind(*kept, evaluate=False)


def _valid(cases: tuple[DiscountCase, ...], point: dict[sp.Symbol, sp.Rational]) -> DiscountCase:
    return next(own for own in cases if truth(own.when, point))


def _span(case: DiscountCase, point: dict[sp.Symbol, sp.Rational]) -> tuple[sp.Expr, sp.Expr]:
    """Return the least and the largest discount factor of a case; 1 and 0 if there is none."""
    if case.holds == sp.true:
        return sp.S.Zero, sp.S.One
    if case.discount is not None:
        # Equal roots look alike once their denominators are rational.
        return sp.expand(sp.radsimp(case.discount.xreplace(point))), sp.S.One
    if case.holds == sp.false:
        return sp.S.One, sp.S.Zero
    return sp.S.Zero, case.holds.rhs.xreplace(point)


def _words(own: DiscountIncentive, path: tuple[tuple[str, ...], ...]) -> str:
    when = f" in period {own.period}" if len(path) > 1 else ""
    if own.deviation in ("for ever", "every other period"):
        return f"{own.player}, leaving {own.deviation}{when}"
    return f"{own.player}, playing {own.deviation}{when}"


def _how(case: DiscountCase) -> str:
    words = {sp.true: "stays, whatever the discount factor", sp.false: "never stays"}
    return words.get(case.holds) or f"stays where {infix(case.holds)}"


def _case_blocks(own: DiscountIncentive) -> Iterator[Block]:
    if not own.cases:
        yield Statement(sp.Ge(own.kept, 0))
    for case in own.cases:
        if case.when != sp.true:
            yield Paragraph("if")
            yield Statement(case.when)
        if case.holds in (sp.true, sp.false):
            yield Paragraph(f"it {_how(case)}.")
        else:
            yield Paragraph("it stays where")
            yield Statement(case.holds)
