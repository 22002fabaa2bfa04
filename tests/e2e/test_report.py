"""The report of a case, from the scenario to every sentence."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

import alignment_games as ag
from alignment_games.analysis import ClaimKind, Timing, Watch

HALF = Fraction(1, 2)


def test_vietnam() -> None:
    report = ag.report(ag.load_scenario("vietnam"))
    assert [eq.path for eq in report.simultaneous.equilibria] == [("hedge", "accommodate")]
    assert [eq.path for eq in report.sequential.equilibria] == [("hedge", "accommodate")]
    assert report.simultaneous.max_regret == report.sequential.max_regret == 0
    assert report.belief is None
    assert report.commitment.value.lowest == report.commitment.value.highest == 0
    assert not report.verdict.makes(ClaimKind.STRICTLY_DOMINANT)


def test_ukraine() -> None:
    report = ag.report(ag.load_scenario("ukraine"))
    assert [eq.path for eq in report.simultaneous.equilibria] == [("balance", "coerce")]
    assert [eq.path for eq in report.sequential.equilibria] == [("hedge", "accommodate")]
    assert report.verdict.makes(ClaimKind.STRICTLY_DOMINANT, "balance")
    assert report.verdict.makes(ClaimKind.UNIQUE_SUBGAME_PERFECT_POSTURE, "hedge")
    assert report.belief is not None
    assert report.belief.regret.lowest == report.belief.regret.highest == Fraction("2.326")
    (belief_flip,) = report.belief_thresholds
    assert belief_flip.value == Fraction(3, 7)
    assert belief_flip.inside_range


def test_deciding_inequality_has_the_numbers_of_both_sides() -> None:
    report = ag.report(ag.load_scenario("ukraine"))
    first = report.sequential_inequalities[0]
    assert first.player == "hegemon"
    assert (first.left, first.relation, first.right) == (Fraction("0.572"), "<", Fraction("0.624"))
    margins = [i.margin for i in report.sequential_inequalities]
    assert margins == sorted(margins)


def test_thresholds_cover_both_games_and_all_parameters() -> None:
    report = ag.report(ag.load_scenario("ukraine"))
    expected = [
        (timing, name)
        for timing in (Timing.SEQUENTIAL, Timing.SIMULTANEOUS)
        for name in report.scenario
    ]
    assert [(f.timing, f.parameter) for f in report.thresholds] == expected
    assert [(f.timing, f.parameter) for f in report.outcome_thresholds] == expected
    by_name = {f.parameter: f for f in report.thresholds if f.timing is Timing.SEQUENTIAL}
    assert by_name["patron_reliability"].value == Fraction(3, 7)
    assert by_name["stake"].value == Fraction("0.624") / Fraction("0.88") - Fraction("0.2")
    for posture, outcome in zip(report.thresholds, report.outcome_thresholds, strict=True):
        if posture.distance is not None:
            assert outcome.distance is not None
            assert outcome.distance <= posture.distance


def test_flip_is_where_the_report_changes() -> None:
    scenario = ag.load_scenario("ukraine")
    for flip in ag.report(scenario).thresholds:
        if flip.value is None or flip.timing is not Timing.SEQUENTIAL:
            continue
        step = Fraction(1, 10**6) * (1 if flip.value > flip.current else -1)
        before = ag.report(scenario.replace(**{flip.parameter: flip.value - step}))
        assert before.verdict.posture == "hedge", flip
        beyond = flip.value + step
        if beyond in flip.domain:
            after = ag.report(scenario.replace(**{flip.parameter: beyond}))
            assert after.verdict.posture != "hedge", flip


@pytest.mark.parametrize("name", ag.scenarios.scenario_names())
def test_every_format_renders(name: str) -> None:
    report = ag.report(ag.load_scenario(name))
    assert report.to_text() == str(report)
    assert report.scenario.title in report.to_html()
    assert report._repr_html_() == report.to_html()
    assert report.to_latex().endswith("\\end{document}\n")
    assert all(len(line) < 200 for line in report.to_text().splitlines())


def test_html_escapes_the_scenario() -> None:
    import dataclasses

    vietnam = ag.load_scenario("vietnam")
    hostile = "<img src=x onerror=alert(1)>"
    scenario = dataclasses.replace(
        vietnam, title=hostile, actors=dict.fromkeys(vietnam.actors, hostile)
    )
    assert "<img" not in ag.report(scenario).to_html()


def test_tied_cases_are_reported_without_a_false_claim() -> None:
    scenario = ag.load_scenario("vietnam")
    # V = 0.6, rho = 0.6: the hegemon is exactly indifferent against a hedger (T_H = 0).
    tied = ag.report(scenario.replace(stake=0.6, patron_reliability=Fraction(3, 5)))
    assert tied.sequential.degenerate
    assert tied.verdict.posture is None
    assert tied.sequential_inequalities == ()
    assert "Several postures are subgame-perfect" in tied.to_text()
    assert all(f.value == f.current for f in tied.thresholds[:1] if f.parameter == "stake")


@pytest.mark.parametrize("corner", list(product([0, 1], repeat=4)))
def test_extreme_values_never_break_a_report(corner: tuple[int, ...]) -> None:
    rho, stake, loss, weight = corner
    scenario = ag.load_scenario("ukraine").replace(
        patron_reliability=rho, stake=stake, alignment_loss=loss, autonomy_weight=weight
    )
    report = ag.report(scenario)
    assert report.to_text()
    assert report.to_json()
    assert report.simultaneous.max_regret == 0


def test_flat_game() -> None:
    # Every payoff of the small state and every temptation is zero: all is tied.
    zero = dict.fromkeys(ag.load_scenario("vietnam"), 0)
    report = ag.report(ag.load_scenario("vietnam").replace(**zero))
    assert report.simultaneous.degenerate
    assert report.verdict.makes(ClaimKind.SEVERAL_EQUILIBRIA)
    assert report.verdict.makes(ClaimKind.SEVERAL_SUBGAME_PERFECT_POSTURES)
    assert "infinitely many equilibria" in report.to_text()
    report.to_latex()
    report.to_html()


def test_nearest_flips_of_outcomes_are_public() -> None:
    case = ag.load_scenario("ukraine")
    flips = ag.analysis.nearest_flips(
        case.model,
        case,
        timing=Timing.SIMULTANEOUS,
        watch=Watch.OUTCOME,
        parameters=["stake"],
    )
    # Below V_B = 0.1 balancing is no longer coerced.
    assert flips[0].value == Fraction(1, 10)
