"""The report of a case: games, equilibria, verdict, what decides it, how near a flip is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import ScenarioError
from ..games import ExtensiveGame, NormalFormGame
from ..io.document import to_html, to_latex, to_text
from ..scenarios import Scenario
from ..solvers import DominanceSolution, Solution, dominance, solve
from .counterfactual import Commitment, MistakenBelief, commitment_value, mistaken_belief
from .flips import Flip, Timing, Watch, nearest_flips
from .inequalities import (
    Inequality,
    deciding_inequalities,
    sequential_inequalities,
    uniqueness_inequalities,
)
from .verdict import Verdict, verdict

__all__ = ["DominanceTest", "Report", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DominanceTest:
    """Strict dominance of one posture over another as a single inequality (F1.2).

    The posture dominates where its advantage in peace exceeds ``max(0, extra exposure)``,
    the extra exposure being what it loses more than the other when coerced.

    Attributes
    ----------
    posture, over : str
    advantage, exposure : Fraction
    """

    posture: str
    over: str
    advantage: Fraction
    exposure: Fraction

    @property
    def threshold(self) -> Fraction:
        """``max(0, exposure)``."""
        return max(Fraction(0), self.exposure)

    @property
    def holds(self) -> bool:
        """Whether the posture strictly dominates the other."""
        return self.advantage > self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything said about one case.

    Attributes
    ----------
    scenario : Scenario
    game : NormalFormGame
        All choose at once.
    tree : ExtensiveGame
        The posture is observed first.
    simultaneous, sequential : Solution
    elimination : DominanceSolution
        Iterated elimination of strictly dominated strategies.
    verdict : Verdict
    simultaneous_inequalities : tuple of tuples of Inequality
        For each equilibrium of the simultaneous game, what it rests on, the tightest first.
    uniqueness_inequalities : tuple of Inequality
        What the simultaneous game's set of equilibria rests on besides; empty if there are
        several equilibria.
    sequential_inequalities : tuple of Inequality
        What the unique subgame-perfect posture rests on; empty if there are several.
    dominance_tests : tuple of DominanceTest
        Of the subgame-perfect posture over each other.
    thresholds : tuple of Flip
        The nearest flip of the posture in each parameter, for both games.
    outcome_thresholds : tuple of Flip
        The nearest change of the posture or of the hegemon's answer to it.
    commitment : Commitment
        Value of renouncing to balance.
    belief : MistakenBelief or None
        For a scenario with perceived values.
    belief_thresholds : tuple of Flip
        The nearest flip of the believed posture in each perceived parameter.
    remarks : tuple of str
        What a careful reader should know about the numbers.
    """

    scenario: Scenario
    game: NormalFormGame = field(repr=False)
    tree: ExtensiveGame = field(repr=False)
    simultaneous: Solution
    sequential: Solution
    elimination: DominanceSolution = field(repr=False)
    verdict: Verdict
    simultaneous_inequalities: tuple[tuple[Inequality, ...], ...] = field(repr=False)
    uniqueness_inequalities: tuple[Inequality, ...] = field(repr=False)
    sequential_inequalities: tuple[Inequality, ...] = field(repr=False)
    dominance_tests: tuple[DominanceTest, ...] = field(repr=False)
    thresholds: tuple[Flip, ...] = field(repr=False)
    outcome_thresholds: tuple[Flip, ...] = field(repr=False)
    commitment: Commitment = field(repr=False)
    belief: MistakenBelief | None = field(repr=False)
    belief_thresholds: tuple[Flip, ...] = field(repr=False)
    remarks: tuple[str, ...]

    def to_text(self) -> str:
        """Return the report as plain text."""
        from .report_document import report_blocks

        return to_text(report_blocks(self))

    def to_html(self) -> str:
        """Return the report as one self-contained HTML page."""
        from .report_document import report_blocks

        return to_html(report_blocks(self), title=self.scenario.title)

    def to_latex(self) -> str:
        """Return the report as a LaTeX article."""
        from .report_document import report_blocks

        return to_latex(report_blocks(self), title=self.scenario.title)

    def to_json(self) -> str:
        """Return the report's numbers as JSON; exact values are given as text, too."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the report's numbers as nested dictionaries of JSON types."""
        from .report_data import report_data

        return report_data(self)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


def report(scenario: Scenario) -> Report:
    """Solve a case in both timings and say what follows.

    Parameters
    ----------
    scenario : Scenario
        For example ``load_scenario("vietnam")``; change numbers with `Scenario.replace`.

    Returns
    -------
    Report
        Print it, or use `Report.to_html`, `Report.to_latex` and `Report.to_json`.

    Raises
    ------
    ParameterError
        If a value is outside its domain or joint constraints are broken.

    Examples
    --------
    >>> import alignment_games as ag
    >>> report = ag.report(ag.load_scenario("vietnam"))
    >>> print(report.verdict)
    Hedge is the only posture left by iterated elimination of strictly dominated strategies.
    (Hedge, Accommodate) is the unique equilibrium.
    Hedge is the unique subgame-perfect posture.
    (Hedge, Accommodate) is played in the unique subgame-perfect equilibrium.
    """
    given: object = scenario
    if not isinstance(given, Scenario):
        msg = (
            "`scenario` must be a Scenario, for example load_scenario('vietnam'), got "
            f"{type(given).__name__}"
        )
        raise ScenarioError(msg)
    model = scenario.model
    game, tree = model.game(scenario), model.tree(scenario)
    simultaneous, sequential = solve(game), solve(tree)
    decided = verdict(simultaneous, sequential, player=model.players[0])
    ranges = {name: entry.range for name, entry in scenario.entries.items()}
    beliefs = scenario.beliefs
    perceived = bool(scenario.perceived)
    posture = decided.posture

    def flips(watch: Watch) -> tuple[Flip, ...]:
        return tuple(
            flip
            for timing in (Timing.SEQUENTIAL, Timing.SIMULTANEOUS)
            for flip in nearest_flips(model, scenario, timing=timing, watch=watch, ranges=ranges)
        )

    return Report(
        scenario=scenario,
        game=game,
        tree=tree,
        simultaneous=simultaneous,
        sequential=sequential,
        elimination=dominance(game),
        verdict=decided,
        simultaneous_inequalities=tuple(
            deciding_inequalities(model, scenario, eq) for eq in simultaneous.equilibria
        ),
        uniqueness_inequalities=(
            uniqueness_inequalities(model, scenario) if len(simultaneous) == 1 else ()
        ),
        sequential_inequalities=(
            () if posture is None else sequential_inequalities(model, scenario, posture)
        ),
        dominance_tests=() if posture is None else _dominance_tests(game, posture),
        thresholds=flips(Watch.POSTURE),
        outcome_thresholds=flips(Watch.OUTCOME),
        commitment=commitment_value(model, scenario),
        belief=mistaken_belief(model, scenario, beliefs) if perceived else None,
        belief_thresholds=nearest_flips(
            model,
            beliefs,
            timing=Timing.SEQUENTIAL,
            ranges={name: entry.range for name, entry in scenario.perceived.items()},
            parameters=scenario.perceived,
        ),
        remarks=tuple(_remarks(scenario)),
    )


def _dominance_tests(game: NormalFormGame, posture: str) -> tuple[DominanceTest, ...]:
    small = game.players[0]
    calm, harsh = game.strategies[1]

    def lead(over: str, answer: str) -> Fraction:
        return Fraction(game.payoff(small, posture, answer)) - Fraction(
            game.payoff(small, over, answer)
        )

    return tuple(
        DominanceTest(
            posture=posture,
            over=over,
            advantage=lead(over, calm),
            exposure=lead(over, calm) - lead(over, harsh),
        )
        for over in game.strategies[0]
        if over != posture
    )


def _remarks(scenario: Scenario) -> list[str]:
    remarks = []
    total = scenario["economy_hegemon"] + scenario["economy_patron"]
    if total != 1:
        remarks.append(
            f"The market shares sum to {float(total):g}, not 1; autonomy_weight is then relative "
            "to an economy of that size."
        )
    remarks += [
        f"{name} = {float(entry.value):g} lies outside its stated range {entry.range}."
        for name, entry in scenario.entries.items()
        if entry.value not in entry.range
    ]
    if scenario["autonomy_hedge"] == 1:
        remarks.append(
            "autonomy_hedge = 1 (a hedger keeps all its autonomy) is an assumption that does "
            "much of the work."
        )
    return remarks
