"""A report as nested dictionaries of JSON types."""

from __future__ import annotations

from typing import Any

from .._typing import Number
from ..models import Interval
from ..solvers import Equilibrium, Solution
from .counterfactual import Commitment, MistakenBelief, Span
from .flips import Flip, Outcomes
from .inequalities import Inequality
from .report import DominanceTest, Report
from .verdict import Verdict

__all__ = ["report_data"]


def report_data(report: Report) -> dict[str, Any]:
    """Return the report's numbers: floats, and exact values as text beside them."""
    scenario = report.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "model": scenario.model_name,
        "actors": dict(scenario.actors),
        "parameters": _parameters(report),
        "payoffs": _payoffs(report),
        "simultaneous": _solution(report.simultaneous),
        "sequential": _solution(report.sequential),
        "verdict": _verdict(report.verdict),
        "inequalities": {
            "simultaneous": [
                [_inequality(i) for i in own] for own in report.simultaneous_inequalities
            ],
            "uniqueness": [_inequality(i) for i in report.uniqueness_inequalities],
            "sequential": [_inequality(i) for i in report.sequential_inequalities],
        },
        "dominance": [_dominance(test) for test in report.dominance_tests],
        "elimination": [str(step) for step in report.elimination.trace],
        "thresholds": [_flip(flip) for flip in report.thresholds],
        "outcome_thresholds": [_flip(flip) for flip in report.outcome_thresholds],
        "commitment": _commitment(report.commitment),
        "belief": None if report.belief is None else _belief(report, report.belief),
        "remarks": list(report.remarks),
        "notes": [note.text for note in scenario.notes],
        "sources": {key: str(source) for key, source in scenario.sources.items()},
    }


def _parameters(report: Report) -> dict[str, Any]:
    return {
        name: {
            "value": float(entry.value),
            "exact": str(entry.value),
            "range": _interval(entry.range),
            "status": entry.status.value,
            "overridden": entry.overridden,
        }
        for name, entry in report.scenario.entries.items()
    }


def _payoffs(report: Report) -> dict[str, Any]:
    postures, answers = report.game.strategies
    return {
        who: {
            posture: dict(zip(answers, map(float, row), strict=True))
            for posture, row in zip(postures, matrix, strict=True)
        }
        for who, matrix in zip(report.game.players, report.game.payoffs, strict=True)
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    games = {"simultaneous": verdict.simultaneous, "sequential": verdict.sequential}
    return {
        "posture": verdict.posture,
        "claims": [
            {
                "game": game,
                "kind": claim.kind.name.lower(),
                "posture": claim.posture,
                "text": claim.text,
            }
            for game, claims in games.items()
            for claim in claims
        ],
    }


def _dominance(test: DominanceTest) -> dict[str, Any]:
    return {
        "posture": test.posture,
        "over": test.over,
        "advantage": float(test.advantage),
        "threshold": float(test.threshold),
        "holds": test.holds,
    }


def _commitment(commitment: Commitment) -> dict[str, Any]:
    return {
        "renounced": commitment.renounced,
        "value": _span(commitment.value),
        "sequential_value": _span(commitment.sequential_value),
        "conditions": [{"text": text, "met": met} for text, met in commitment.conditions],
        "breach_cost_sustains": float(commitment.breach_cost_sustains),
        "breach_cost_dominates": float(commitment.breach_cost_dominates),
    }


def _belief(report: Report, belief: MistakenBelief) -> dict[str, Any]:
    return {
        "perceived": {
            name: float(entry.value) for name, entry in report.scenario.perceived.items()
        },
        "simultaneous": _solution(belief.simultaneous),
        "sequential": _solution(belief.sequential),
        "outcomes": [
            {
                "posture": outcome.posture,
                "expected": outcome.expected,
                "actual": outcome.actual,
                "believed_payoff": float(outcome.believed_payoff),
                "true_payoff": float(outcome.true_payoff),
            }
            for outcome in belief.outcomes
        ],
        "regret": _span(belief.regret),
        "thresholds": [_flip(flip) for flip in report.belief_thresholds],
    }


def _solution(solution: Solution) -> dict[str, Any]:
    return {
        "concept": solution.concept,
        "method": solution.method,
        "status": solution.status.name.lower(),
        "message": solution.status.value,
        "degenerate": solution.degenerate,
        "max_regret": float(solution.max_regret),
        "equilibria": [_equilibrium(eq) for eq in solution.equilibria],
        "components": [
            {
                "dimension": part.dimension,
                "index": part.index,
                "subsets": [
                    {
                        "dimension": subset.dimension,
                        "vertices": [[_vector(v) for v in own] for own in subset.vertices],
                    }
                    for subset in part.subsets
                ],
            }
            for part in solution.components
        ],
    }


def _equilibrium(equilibrium: Equilibrium) -> dict[str, Any]:
    return {
        "probabilities": {
            agent: dict(zip(names, _vector(vector), strict=True))
            for agent, names, vector in zip(
                equilibrium.game.agents,
                equilibrium.game.actions,
                equilibrium.profile,
                strict=True,
            )
        },
        "exact": [[str(p) for p in vector] for vector in equilibrium.profile],
        "payoffs": _vector(equilibrium.payoffs),
        "regret": _vector(equilibrium.regret),
    }


def _vector(values: tuple[Number, ...]) -> list[float]:
    return [float(value) for value in values]


def _interval(interval: Interval) -> list[float | None]:
    return [float(interval.lower), None if interval.upper is None else float(interval.upper)]


def _span(span: Span) -> list[float]:
    return [float(span.lowest), float(span.highest)]


def _inequality(inequality: Inequality) -> dict[str, Any]:
    return {
        "player": inequality.player,
        "meaning": inequality.meaning,
        "left": str(inequality.comparison.left),
        "right": str(inequality.comparison.right),
        "left_value": float(inequality.left),
        "relation": inequality.relation,
        "right_value": float(inequality.right),
        "margin": float(inequality.margin),
    }


def _flip(flip: Flip) -> dict[str, Any]:
    def pairs(outcomes: Outcomes) -> list[list[list[str]]]:
        return sorted([list(own), list(answer)] for own, answer in outcomes)

    return {
        "parameter": flip.parameter,
        "game": flip.timing.value,
        "current": float(flip.current),
        "flips_at": None if flip.value is None else float(flip.value),
        "exact": None if flip.value is None or not flip.rational else str(flip.value),
        "before": pairs(flip.before),
        "after": pairs(flip.after),
        "range": _interval(flip.range),
        "inside_range": flip.inside_range,
    }
