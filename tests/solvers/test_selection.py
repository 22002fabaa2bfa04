"""Payoff dominance, risk dominance and p-dominance, by their definitions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError
from alignment_games.solvers import (
    best_responses,
    nash,
    p_dominance,
    payoff_dominance,
    pure_nash,
    risk_dominance,
)
from alignment_games.testing import games

SETTINGS = settings(max_examples=80, deadline=None)
HALF = Fraction(1, 2)
LOSS = st.integers(1, 9)


def coordination(a: int, b: int, c: int, d: int) -> NormalFormGame:
    """A 2 x 2 game with strict equilibria on the diagonal and these losses from deviating."""
    return NormalFormGame.from_bimatrix([[a, 0], [0, c]], [[b, 0], [0, d]])


def aumann() -> NormalFormGame:
    """R. J. Aumann (1990), Nash equilibria are not self-enforcing: (c, c) pays more to both,
    but d is safe."""
    return NormalFormGame.from_bimatrix(
        [[9, 0], [8, 7]], [[9, 8], [0, 7]], strategies=[["c", "d"], ["c", "d"]]
    )


# Payoff dominance


@SETTINGS
@given(games() | games(max_strategies=2, payoffs=st.integers(0, 2)))
def test_equilibria_are_compared_player_by_player(game: NormalFormGame) -> None:
    solution = nash(game)
    found = payoff_dominance(solution)
    assert found.equilibria == solution.equilibria
    for k, eq in enumerate(solution.equilibria):
        for j, other in enumerate(solution.equilibria):
            gains = [a - b for a, b in zip(other.payoffs, eq.payoffs, strict=True)]
            assert (j in found.better[k]) is (min(gains) >= 0 and max(gains) > 0)
            assert (j in found.strictly_better[k]) is (min(gains) > 0)
        assert (eq in found.efficient) is (not found.better[k])
    if found.dominant is not None:
        assert all(
            a > b
            for eq in solution.equilibria
            if eq != found.dominant
            for a, b in zip(found.dominant.payoffs, eq.payoffs, strict=True)
        )


def test_payoff_and_risk_dominance_may_disagree() -> None:
    game = aumann()
    found = payoff_dominance(nash(game))
    assert found.dominant is not None
    assert found.dominant.path == ("c", "c")
    assert risk_dominance(game).dominant == ("d", "d")
    assert str(found).splitlines()[1].endswith("payoffs (7, 7): dominated by 1, 3")  # 3 mixes


def test_pareto_dominance_need_not_be_strict() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 1]])
    found = payoff_dominance(pure_nash(game))
    assert found.better == ((), (0,))
    assert found.strictly_better == ((), ())
    assert found.dominant is None
    assert [eq.path for eq in found.efficient] == [("s1", "s1")]


def test_floats_that_round_are_not_compared() -> None:
    game = NormalFormGame.from_bimatrix([[0.1, 0.0], [0.0, 0.2]], [[0.1, 0.0], [0.0, 0.2]])
    with pytest.raises(GameError, match="Solve with `exact=True`"):
        payoff_dominance(nash(game))
    exact = payoff_dominance(nash(game, exact=True))
    pure = payoff_dominance(pure_nash(game))
    assert exact.dominant is not None
    assert pure.dominant is not None
    assert exact.dominant.path == pure.dominant.path == ("s2", "s2")
    assert pure.payoffs[0] == (Fraction(1, 10), Fraction(1, 10))


def test_trees_are_refused() -> None:
    tree = ag.ExtensiveGame.from_normal_form(aumann())
    with pytest.raises(GameError, match="must be of a normal form"):
        payoff_dominance(ag.solve(tree))
    game: Any = aumann()
    with pytest.raises(GameError, match="must be a Solution, got NormalFormGame; solve"):
        payoff_dominance(game)


# Risk dominance


@SETTINGS
@given(LOSS, LOSS, LOSS, LOSS, st.data())
def test_the_larger_product_of_losses_decides(
    a: int, b: int, c: int, d: int, data: st.DataObject
) -> None:
    plain = coordination(a, b, c, d)
    row, column = plain.exact_payoffs
    # Harsanyi and Selten's invariances: units, and bonuses for what the other does.
    by_column = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=2, max_size=2)))
    by_row = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=2, max_size=2)))
    unit = Fraction(data.draw(st.sampled_from(["1", "1e9", "1e-9"])))
    game = NormalFormGame([row * unit + by_column, column + by_row[:, None]])
    found = risk_dominance(game)
    assert found.losses == ((unit * a, Fraction(b)), (unit * c, Fraction(d)))
    assert found.products == (unit * a * b, unit * c * d)
    wanted = None if a * b == c * d else ("s1", "s1") if a * b > c * d else ("s2", "s2")
    assert found.dominant == wanted
    assert found.whole
    swapped = risk_dominance(game, ("s2", "s2"), ("s1", "s1"))
    assert swapped.dominant == wanted
    assert swapped.products == found.products[::-1]
    assert risk_dominance(game.restrict(0, [1, 0])).dominant == wanted


@SETTINGS
@given(LOSS, LOSS, LOSS, LOSS)
def test_risk_dominance_by_the_mixed_equilibrium(a: int, b: int, c: int, d: int) -> None:
    """The dominant one is a best reply to a larger share of beliefs: p1 + p2 < 1."""
    game = coordination(a, b, c, d)
    (mixed,) = [eq for eq in nash(game).equilibria if not eq.is_pure]
    x, y = mixed.profile[0][0], mixed.profile[1][0]
    first = p_dominance(game)[0]
    assert first.thresholds == {"player_1": y, "player_2": x}
    found = risk_dominance(game).dominant
    assert (found == ("s1", "s1")) is (x + y < 1)
    assert (found is None) is (x + y == 1)


def test_a_larger_game_is_compared_in_part_and_says_so() -> None:
    row = [[5, 0, 0], [0, 3, 0], [4, 2, 1]]
    game = NormalFormGame.from_bimatrix(row, np.transpose(row).tolist())
    with pytest.raises(GameError, match="two strict equilibria to be compared, it has 3"):
        risk_dominance(game)
    found = risk_dominance(game, ("s1", "s1"), ("s3", "s3"))
    assert not found.whole
    assert found.game.strategies == (("s1", "s3"), ("s1", "s3"))
    assert set(found.products) == {1}
    assert found.dominant is None
    assert str(found).endswith("(products 1), in the 2 x 2 game that they span")
    assert found.losses == risk_dominance(found.game).losses


def test_of_two_strict_equilibria_of_a_larger_game() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 3], [-1, -1]], [[2, 0], [0, 3], [0, 0]])
    found = risk_dominance(game)
    assert (found.dominant, found.whole) == (("s2", "s2"), False)
    assert str(found) == (
        "(s2, s2) risk-dominates (s1, s1) (products 9 and 4), in the 2 x 2 game that they span"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((("c", "c"), None), "both be given"),
        ((("c", "d"), ("d", "d")), r"`first` must be a strict equilibrium; \('c', 'd'\)"),
        ((("c", "c"), ("c", "c")), "twice"),
        ((("c", "c"), ("d",)), "`second` must name one strategy"),
        (("cc", ("d", "d")), "`first` must name one strategy"),
        ((("c", "x"), ("d", "d")), "unknown strategy"),
    ],
)
def test_what_risk_dominance_refuses(arguments: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        risk_dominance(aumann(), *arguments)


def test_a_weak_equilibrium_or_a_third_player_is_refused() -> None:
    weak = NormalFormGame.from_bimatrix([[1, 0], [1, 2]], [[1, 0], [0, 2]])
    with pytest.raises(GameError, match="it has 1"):
        risk_dominance(weak)
    with pytest.raises(GameError, match="two players, got 3"):
        risk_dominance(NormalFormGame(np.zeros((3, 2, 2, 2), dtype=int)))


# p-dominance


@settings(max_examples=60, deadline=None)
@given(games(min_players=1, max_players=3))
def test_thresholds_are_least(game: NormalFormGame) -> None:
    found = p_dominance(game)
    assert [own.profile for own in found] == [eq.path for eq in pure_nash(game).equilibria]
    for own in found:
        assert own.p == max(own.thresholds.values())
        for who, player in enumerate(game.players):
            p = own.thresholds[player]
            assert 0 <= p <= 1
            here = (*own.profile[:who], *own.profile[who + 1 :])
            others = [names for k, names in enumerate(game.strategies) if k != who]
            rest = [profile for profile in itertools.product(*others) if profile != here]

            def stays(
                p: Fraction, worst: Any, who: int = who, own: Any = own, here: Any = here
            ) -> bool:
                belief = {here: p, worst: 1 - p}
                return own.profile[who] in best_responses(game, who, belief).strategies

            # Beliefs that give `here` at least p are mixtures of these corners.
            for q in (p, (p + 1) / 2, Fraction(1)):
                assert all(stays(q, worst) for worst in rest)
            if p > 0:
                less = p - p / 10**9
                assert not all(stays(less, worst) for worst in rest)


@SETTINGS
@given(LOSS, LOSS)
def test_in_a_symmetric_2_x_2_game_half_dominance_is_risk_dominance(a: int, c: int) -> None:
    """Morris, Rob and Shin (1995), doi:10.2307/2171813."""
    game = coordination(a, a, c, c)
    first, second = p_dominance(game)
    dominant = risk_dominance(game).dominant
    assert first.half_dominant is (dominant in {("s1", "s1"), None})
    assert second.half_dominant is (dominant in {("s2", "s2"), None})
    assert first.p == Fraction(c, a + c)


@SETTINGS
@given(LOSS, LOSS, LOSS, LOSS)
def test_without_symmetry_it_is_sufficient(a: int, b: int, c: int, d: int) -> None:
    game = coordination(a, b, c, d)
    first, _ = p_dominance(game)
    assume(first.half_dominant)
    assert risk_dominance(game).dominant in {("s1", "s1"), None}


def test_dominant_strategies_are_0_dominant_and_weak_equilibria_1_dominant() -> None:
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    (only,) = p_dominance(dilemma)
    assert only.profile == ("s2", "s2")
    assert only.p == 0
    assert only.half_dominant
    tie = NormalFormGame.from_bimatrix([[1, 0], [1, 1]], [[1, 0], [1, 1]])
    assert p_dominance(tie)[0].thresholds["player_1"] == 1
    assert str(only) == "(s2, s2): p-dominant from p = 0 (player_1 0, player_2 0)"


@SETTINGS
@given(games(max_players=3, max_strategies=3), st.data())
def test_thresholds_do_not_depend_on_units_or_labels(
    game: NormalFormGame, data: st.DataObject
) -> None:
    other = NormalFormGame(
        [
            Fraction(data.draw(st.sampled_from(["1e9", "1e-9", "3/7"]))) * own + 3
            for own in game.exact_payoffs
        ]
    )
    assert [own.thresholds for own in p_dominance(other)] == [
        own.thresholds for own in p_dominance(game)
    ]
    for who, size in enumerate(game.shape):
        other = other.restrict(who, data.draw(st.permutations(range(size))))
    assert {own.profile: own.p for own in p_dominance(other)} == {
        own.profile: own.p for own in p_dominance(game)
    }


def test_at_most_one_strict_half_dominant_equilibrium() -> None:
    """Two profiles with p below 1/2 would both be best replies to an even belief."""
    rng = np.random.default_rng(8)
    for _ in range(200):
        game = NormalFormGame(rng.integers(-9, 10, (2, 3, 3)))
        assert sum(own.p < HALF for own in p_dominance(game)) <= 1


@pytest.mark.parametrize("pair", [(1, 2), ({"a": 1}, {"b": 2}), ("ab", "cd")])
def test_a_number_is_no_profile(pair: Any) -> None:
    with pytest.raises(GameError, match="`first` must name one strategy for each of"):
        risk_dominance(coordination(1, 1, 1, 1), *pair)
