"""When a strategy is better than another, as a document: text, LaTeX, HTML or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from .._typing import Values
from ..errors import ParameterError
from ..io.document import Block, Heading, Paragraph, Statement, latex_body, to_html, to_text
from ..models import AlignmentModel
from ..models.model import model_of
from .conditions import Play, another, best_response_condition, gain, player_of
from .explore import abbreviate
from .ranges import Span
from .simplify import simplified
from .thresholds import Threshold, plays_of, threshold, words
from .truth import truth

__all__ = ["ConditionReport", "condition_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReport:
    """The condition under which a strategy is better than another, and what follows from it.

    Attributes
    ----------
    strategy : str
    over : str or None
        None: than each other strategy.
    conditions : tuple of (str, sympy Boolean)
        What the other players do, and the condition. All hold together for strict dominance.
    threshold : Threshold or None
        The conditions solved for one parameter, if one was named.
    values : mapping of str to Fraction, or None
        The case at which they are evaluated.
    holds : tuple of bool, or None
        Which of the conditions hold there.
    spans : tuple of Span, or None
        For which values of the parameter all of them do.
    model : AlignmentModel
    short : bool
        Whether the model's blocks are written as single symbols.
    """

    strategy: str
    over: str | None
    conditions: tuple[tuple[str, sp.Basic], ...]
    threshold: Threshold | None
    values: Mapping[str, Fraction] | None
    holds: tuple[bool, ...] | None
    spans: tuple[Span, ...] | None
    model: AlignmentModel = field(repr=False)
    short: bool = True

    def blocks(self) -> list[Block]:
        """Return the document."""
        against = self.over or "every other strategy"
        blocks: list[Block] = [Heading(f"{self.strategy} over {against}", 1)]
        definitions: dict[sp.Symbol, sp.Expr] = {}

        def shown(expression: sp.Basic) -> list[Block]:
            if self.short and self.model.terms:
                expression, own = abbreviate(expression, self.model)
                definitions.update(own)
            return [Statement(expression)]

        for k, (play, condition) in enumerate(self.conditions):
            verdict = "" if self.holds is None else f" (here it {_HOLDS[self.holds[k]]})"
            blocks.append(Paragraph(f"{self.strategy} earns more against {play} where{verdict}"))
            blocks += shown(condition)
        if self.threshold is not None:
            blocks += self._solved(self.threshold, shown)
        if definitions:
            blocks.append(Paragraph("In these formulas"))
            blocks += [
                Statement(sp.Eq(symbol, term, evaluate=False))
                for symbol, term in sorted(definitions.items(), key=lambda item: str(item[0]))
            ]
        return blocks

    def _solved(self, found: Threshold, shown: Callable[[sp.Basic], list[Block]]) -> list[Block]:
        blocks = found.blocks(shown)
        if self.spans == ():
            blocks.append(Paragraph("With the case's other values it earns more at no value."))
        elif self.spans is not None:
            about = "" if all(span.exact for span in self.spans) else ", about"
            within = (span.membership(found.symbol) for span in self.spans)
            blocks += [
                Paragraph(f"With the case's other values it earns more where{about}"),
                Statement(sp.Or(*within, evaluate=False)),
            ]
        return blocks

    def to_text(self, *, pretty: bool = False) -> str:
        """Return plain text; with `pretty`, formulas in two dimensions with Unicode signs."""
        return to_text(self.blocks(), pretty=pretty)

    def to_latex(self) -> str:
        """Return LaTeX to put into a document; it needs amsmath."""
        return latex_body(self.blocks()[1:]) + "\n"

    def to_html(self) -> str:
        """Return one self-contained page."""
        blocks = self.blocks()
        return to_html(blocks, title=blocks[0].text)  # type: ignore[union-attr]

    def to_json(self) -> str:
        """Return data: conditions and cases as text in SymPy's notation."""
        document: dict[str, Any] = {
            "model": self.model.name,
            "strategy": self.strategy,
            "over": self.over,
            "conditions": [
                {"against": play, "condition": sp.sstr(condition)}
                for play, condition in self.conditions
            ],
        }
        if self.holds is not None:
            for entry, holds in zip(document["conditions"], self.holds, strict=True):
                entry["holds"] = holds
        if self.threshold is not None:
            document["threshold"] = {
                "parameter": self.threshold.parameter,
                "symbol": str(self.threshold.symbol),
                "parts": [
                    {
                        "against": part.against,
                        "form": part.form.name.lower(),
                        "cases": [
                            {"when": sp.sstr(case.when), "holds": sp.sstr(case.holds)}
                            for case in part.cases
                        ],
                    }
                    for part in self.threshold.parts
                ],
            }
        if self.spans is not None:
            document["threshold"]["values"] = [str(span) for span in self.spans]
        return json.dumps(document, indent=2) + "\n"

    def _repr_html_(self) -> str:
        return self.to_html()


_HOLDS = {True: "holds", False: "does not hold"}


def condition_report(
    model: AlignmentModel,
    strategy: str,
    *,
    over: str | None = None,
    against: Play | Sequence[Play] | None = None,
    solve_for: str | None = None,
    values: Values | None = None,
    short: bool = True,
    player: str | None = None,
) -> ConditionReport:
    """Return when a strategy is better than another, whatever the others do or against a play.

    Parameters
    ----------
    model : AlignmentModel
    strategy : str
    over : str, optional
        The strategy to compare with; by default each other one.
    against : str or mapping of str to probability, or a sequence of them, optional
        What the others do, as in `alignment_games.symbolic.gain`. By default one condition for
        each way they may play; together they are strict dominance.
    solve_for : str, optional
        A parameter to solve the conditions for; needs `over`.
    values : Scenario or mapping of str to number, optional
        A case at which to evaluate.
    short : bool
        Whether to write the model's blocks, such as what is kept in peace, as single symbols.
    player : str, optional
        By default the first that has the strategy.

    Returns
    -------
    ConditionReport

    Raises
    ------
    ParameterError, GameError
        As `alignment_games.symbolic.threshold` does, or if `solve_for` is given without `over`.

    Examples
    --------
    >>> import alignment_games as ag
    >>> report = ag.symbolic.condition_report(
    ...     ag.models.alignment(), "hedge", over="balance", against="accommodate"
    ... )
    >>> print(report.to_text())
    hedge over balance
    ==================
    <BLANKLINE>
    hedge earns more against accommodate where
    <BLANKLINE>
        Y_hedge + c_B > Y_balance + c_H
    <BLANKLINE>
    In these formulas
    <BLANKLINE>
        Y_balance = alpha*theta_B + e_G*x_B + e_P
    <BLANKLINE>
        Y_hedge = alpha*theta_H + (1 - tau)*(e_G + e_P)
    <BLANKLINE>
    """
    model_of(model)
    another(over, strategy)
    conditions, leads = [], []
    everyone = model.strategies[player_of(model, strategy, player)]
    rivals = [name for name in everyone if name != strategy] if over is None else [over]
    for play in plays_of(model, strategy, against, player):
        if over is None:
            condition = best_response_condition(
                model, strategy, against=play, strict=True, player=player
            )
        else:
            lead = gain(model, strategy, over=over, against=play, player=player)
            condition = simplified(sp.Gt(lead, 0), model)
        conditions.append((words(play), condition))
        leads.append(
            [gain(model, strategy, over=own, against=play, player=player) for own in rivals]
        )
    found = None
    if solve_for is not None:
        if over is None:
            msg = "`solve_for` needs `over`: name the strategy to compare with"
            raise ParameterError(msg)
        found = threshold(model, solve_for, strategy, over=over, against=against, player=player)
    holds = spans = numbers = None
    if values is not None:
        numbers = model.parameters.complete(values, {})
        point = {model.parameters[name].symbol: value for name, value in numbers.items()}
        # The payoffs decide, not the conditions, which do not speak of division by zero.
        holds = tuple(
            all(truth(sp.Gt(lead, 0, evaluate=False), point) is True for lead in own)
            for own in leads
        )
        spans = None if found is None else found.at(numbers)
    return ConditionReport(
        strategy=strategy,
        over=over,
        conditions=tuple(conditions),
        threshold=found,
        values=numbers,
        holds=holds,
        spans=spans,
        model=model,
        short=short,
    )
