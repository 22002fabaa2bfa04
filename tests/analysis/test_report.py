"""The report repeats what the analysis says, for ordinary cases and for ones full of ties."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

import pytest

import alignment_games as ag
from alignment_games.analysis import Timing, Watch, nearest_flips

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]


def scenario(values: Vector, name: str = "ukraine") -> ag.Scenario:
    return ag.load_scenario(name).replace(**values)


@pytest.mark.parametrize("kind", ["prior", "ties"])
def test_dominance_tests_are_f1_2(draw: Draw, kind: str) -> None:
    seen = set()
    for values in draw(kind, 6, 51):
        report = ag.report(scenario(values))
        posture = report.verdict.posture
        if posture is None:
            assert report.dominance_tests == ()
            assert report.sequential_inequalities == ()
            continue
        others = [a for a in report.game.strategies[0] if a != posture]
        assert [(t.posture, t.over) for t in report.dominance_tests] == [
            (posture, a) for a in others
        ]
        for test in report.dominance_tests:
            calm, harsh = (
                Fraction(report.game.payoff("small_state", posture, c))
                - Fraction(report.game.payoff("small_state", test.over, c))
                for c in report.game.strategies[1]
            )
            assert test.advantage == calm
            assert test.exposure == calm - harsh
            assert test.threshold == max(Fraction(0), test.exposure)
            assert test.holds == (calm > 0 and harsh > 0)
            seen.add(test.holds)
    assert seen == {True, False}


def test_thresholds_are_the_nearest_flips_in_the_stated_ranges() -> None:
    for name in ("vietnam", "ukraine"):
        case = ag.load_scenario(name)
        report = ag.report(case)
        ranges = {n: e.range for n, e in case.entries.items()}
        for watch, found in (
            (Watch.POSTURE, report.thresholds),
            (Watch.OUTCOME, report.outcome_thresholds),
        ):
            expected = [
                flip
                for timing in (Timing.SEQUENTIAL, Timing.SIMULTANEOUS)
                for flip in nearest_flips(
                    case.model, case, timing=timing, watch=watch, ranges=ranges
                )
            ]
            assert list(found) == expected


def test_belief_thresholds_are_those_of_the_believed_game() -> None:
    report = ag.report(ag.load_scenario("ukraine"))
    (flip,) = report.belief_thresholds
    assert flip.parameter == "patron_reliability"
    assert flip.current == Fraction(7, 10)
    assert flip.value == Fraction(3, 7)
    assert ag.report(ag.load_scenario("vietnam")).belief_thresholds == ()


@pytest.mark.parametrize("kind", ["prior", "ties"])
def test_every_case_can_be_written(draw: Draw, kind: str) -> None:
    for k, values in enumerate(draw(kind, 6, 52)):
        case = scenario(values, ("vietnam", "ukraine")[k % 2])
        report = ag.report(case)
        numbers = json.loads(report.to_json())
        assert numbers["verdict"]["posture"] == report.verdict.posture
        for text in (report.to_text(), report.to_html(), report.to_latex()):
            assert case.title in text
            assert "nan" not in text.split()
        assert len(numbers["thresholds"]) == 48
        assert len(numbers["simultaneous"]["equilibria"]) == len(report.simultaneous)
        for game, solution in (
            ("simultaneous", report.simultaneous),
            ("sequential", report.sequential),
        ):
            assert numbers[game]["max_regret"] == 0
            assert len(numbers[game]["equilibria"]) == len(solution)
