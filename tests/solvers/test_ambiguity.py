"""Choice under ambiguity: proofs of the values, an independent program, and Ellsberg's bets."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

import alignment_games as ag
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.solvers import BeliefSet, alpha_maxmin, maxmin, minimax_regret

# Ellsberg (1961), Quarterly Journal of Economics 75, 643-669, doi:10.2307/1884324: of 90 balls 30
# are red, the others black or yellow.
URN = BeliefSet.of_bounds([Fraction(1, 3), 0, 0], [Fraction(1, 3), Fraction(2, 3), Fraction(2, 3)])


def drawn(seed: int) -> tuple[dict[str, list[Fraction]], list[Fraction], list[Fraction]]:
    draw = random.Random(seed)
    states = draw.randint(2, 5)
    payoffs = {
        f"act {k}": [Fraction(draw.randint(-20, 20), 7) for _ in range(states)]
        for k in range(draw.randint(1, 4))
    }
    while True:
        ends = [sorted(Fraction(draw.randint(0, 20), 20) for _ in range(2)) for _ in range(states)]
        lower, upper = ([own[k] for own in ends] for k in range(2))
        if sum(lower) <= 1 <= sum(upper):
            return payoffs, lower, upper


def earned(row: list[Fraction], prior: tuple[Fraction, ...]) -> Fraction:
    return sum((u * p for u, p in zip(row, prior, strict=True)), Fraction(0))


def test_ellsberg_prefers_what_is_known() -> None:
    first = maxmin({"red": [1, 0, 0], "black": [0, 1, 0]}, URN)
    assert (first.chosen, first.value) == (("red",), Fraction(1, 3))
    second = maxmin({"red or yellow": [1, 0, 1], "black or yellow": [0, 1, 1]}, URN)
    assert (second.chosen, second.value) == (("black or yellow",), Fraction(2, 3))


@pytest.mark.parametrize("seed", range(40))
def test_the_mixture_and_the_prior_prove_each_other(seed: int) -> None:
    payoffs, lower, upper = drawn(seed)
    answer = maxmin(payoffs, BeliefSet.of_bounds(lower, upper))
    proof = answer.proof
    assert sum(proof) == 1
    assert all(a <= p <= b for a, p, b in zip(lower, proof, upper, strict=True))
    assert max(earned(row, proof) for row in payoffs.values()) == answer.mixed_value
    assert sum(answer.mixture.values()) == 1
    assert answer.mixed_value >= answer.value
    for act, row in payoffs.items():
        assert earned(row, answer.worst[act]) == answer.values[act]


@pytest.mark.parametrize("seed", range(40))
def test_the_worst_prior_of_a_box_as_a_linear_program(seed: int) -> None:
    payoffs, lower, upper = drawn(seed)
    box = BeliefSet.of_bounds(lower, upper)
    low, high = maxmin(payoffs, box), alpha_maxmin(payoffs, box, pessimism=0)
    bounds = [(float(a), float(b)) for a, b in zip(lower, upper, strict=True)]
    for act, row in payoffs.items():
        for sign, found in ((1, low.values[act]), (-1, high.values[act])):
            program = linprog(
                sign * np.array(row, float), A_eq=[[1] * len(row)], b_eq=[1], bounds=bounds
            )
            assert sign * program.fun == pytest.approx(float(found), abs=1e-9)


def test_points_inside_the_hull_change_nothing() -> None:
    for seed in range(10):
        payoffs, lower, upper = drawn(seed)
        box = BeliefSet.of_bounds(lower, upper)
        middle = [sum(own) / len(box.points) for own in zip(*box.points, strict=True)]
        more = BeliefSet.of_points([middle, *box.points])
        assert maxmin(payoffs, box).values == maxmin(payoffs, more).values
        assert maxmin(payoffs, box).mixed_value == maxmin(payoffs, more).mixed_value
        assert minimax_regret(payoffs, box) == minimax_regret(payoffs, more)


def test_one_prior_is_expected_utility() -> None:
    for seed in range(10):
        payoffs, lower, upper = drawn(seed)
        prior = BeliefSet.of_bounds(lower, upper).points[0]
        one = BeliefSet.of_points([prior])
        expected = {act: earned(row, prior) for act, row in payoffs.items()}
        assert maxmin(payoffs, one).values == expected
        assert alpha_maxmin(payoffs, one, pessimism=0.3).values == expected
        best = max(expected.values())
        assert minimax_regret(payoffs, one).values == {a: best - u for a, u in expected.items()}


def test_pessimism_of_one_is_maxmin_and_units_do_not_matter() -> None:
    for seed in range(10):
        payoffs, lower, upper = drawn(seed)
        box = BeliefSet.of_bounds(lower, upper)
        assert alpha_maxmin(payoffs, box, pessimism=1).values == maxmin(payoffs, box).values
        scaled = {act: [3 * u - 5 for u in row] for act, row in payoffs.items()}
        assert maxmin(scaled, box).chosen == maxmin(payoffs, box).chosen
        assert minimax_regret(scaled, box).chosen == minimax_regret(payoffs, box).chosen
        assert minimax_regret(scaled, box).value == 3 * minimax_regret(payoffs, box).value


def test_regret_at_every_point_of_a_fine_grid_is_no_greater() -> None:
    payoffs = {"a": [3, 0, 1], "b": [1, 1, 1], "c": [0, 2, 0]}
    box = BeliefSet.of_bounds([0, 0.1, 0], [0.6, 0.8, 1])
    found = minimax_regret(payoffs, box)
    for x, y in itertools.product(range(13), range(2, 17)):
        prior = (Fraction(x, 20), Fraction(y, 20), 1 - Fraction(x + y, 20))
        if prior[2] >= 0:
            exact = {act: earned([Fraction(u) for u in row], prior) for act, row in payoffs.items()}
            for act, value in exact.items():
                assert max(exact.values()) - value <= found.values[act]


def test_what_is_refused() -> None:
    acts = {"safe": [1, 1]}
    for call, rule in (
        (lambda: BeliefSet.of_points([]), "at least one prior"),
        (lambda: BeliefSet.of_points([[0.5, 0.6]]), r"`priors\[0\]`.*sum 1.1"),
        (lambda: BeliefSet.of_points([[0.5, 0.5], [1]]), r"`priors\[1\]` must have 2"),
        (lambda: BeliefSet.of_points([[1.5, -0.5]]), r"`priors\[0\]` must be probabilities"),
        (lambda: BeliefSet.of_bounds([0.6, 0.5], [1, 1]), "no prior lies between"),
        (lambda: BeliefSet.of_bounds([0, 0], [0.4, 0.5]), "no prior lies between"),
        (lambda: BeliefSet.of_bounds([0.5, 0], [0.4, 1]), "0 <= lower <= upper"),
        (lambda: BeliefSet.of_bounds([0], [1, 1]), "one bound for each state"),
        (lambda: BeliefSet.of_bounds([float("nan"), 0], [1, 1]), r"`lower\[0\]`.*finite"),
        (lambda: maxmin({}, URN), "one or more acts"),
        (lambda: maxmin(acts, URN), r"`payoffs\['safe'\]` must hold 3"),
        (lambda: maxmin(acts, [[0.5, 0.5]]), "must be a BeliefSet"),  # type: ignore[arg-type]
        (lambda: alpha_maxmin(acts, URN, pessimism=2), r"`pessimism` must lie in \[0, 1\]"),
    ):
        with pytest.raises(GameError, match=rule):
            call()
    with pytest.raises(WorkLimitError, match="up to 12 states"):
        ag.solvers.BeliefSet.of_bounds([0] * 13, [1] * 13)
