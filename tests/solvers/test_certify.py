"""The certificate itself: regret and payoffs against loops written from the definition."""

from __future__ import annotations

import itertools
import math
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.errors import ProfileError
from alignment_games.games import Decision, Terminal
from alignment_games.games.extensive import Node
from alignment_games.solvers import expected_payoffs, verify
from alignment_games.solvers.certify import certified
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)

Mixed = list[list[Fraction]]

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


@st.composite
def distributions(draw: st.DrawFn, size: int) -> list[Fraction]:
    weights = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    assume(any(weights))
    return [Fraction(w, sum(weights)) for w in weights]


@st.composite
def games_with_profiles(draw: st.DrawFn, max_players: int = 3) -> tuple[NormalFormGame, Mixed]:
    game = draw(games(min_players=1, max_players=max_players))
    return game, [draw(distributions(size)) for size in game.shape]


@st.composite
def trees_with_profiles(draw: st.DrawFn) -> tuple[ExtensiveGame, Mixed]:
    def grow(depth: int) -> Node:
        if depth == 3 or (depth and draw(st.booleans())):
            return Terminal((draw(st.integers(-3, 3)), draw(st.integers(-3, 3))))
        actions = draw(st.integers(1, 3))
        return Decision(
            draw(st.sampled_from("AB")), {"abc"[k]: grow(depth + 1) for k in range(actions)}
        )

    tree = ExtensiveGame(grow(0), players=["A", "B"])
    return tree, [draw(distributions(len(actions))) for actions in tree.actions]


def payoff_by_definition(game: NormalFormGame, player: int, profile: Mixed) -> Fraction:
    """Sum over all pure profiles of their probability times the payoff."""
    total = Fraction(0)
    for pure in itertools.product(*(range(size) for size in game.shape)):
        chance = math.prod(own[k] for own, k in zip(profile, pure, strict=True))
        total += chance * Fraction(game.payoff(player, *pure))
    return total


def regret_by_definition(game: NormalFormGame, player: int, profile: Mixed) -> Fraction:
    deviations = []
    for k in range(game.shape[player]):
        pure = [Fraction(int(j == k)) for j in range(game.shape[player])]
        deviations.append(
            payoff_by_definition(game, player, [*profile[:player], pure, *profile[player + 1 :]])
        )
    return max(deviations) - payoff_by_definition(game, player, profile)


def tree_value(
    tree: ExtensiveGame, history: tuple[str, ...], profile: Mixed, player: int
) -> Fraction:
    """Expected payoff from a node on, by recursion."""
    node = tree.node(history)
    if isinstance(node, Terminal):
        return Fraction(node.payoffs[player])
    vector = profile[tree.histories.index(history)]
    return sum(
        (
            p * tree_value(tree, (*history, action), profile, player)
            for action, p in zip(node.branches, vector, strict=True)
        ),
        Fraction(0),
    )


# Normal forms


@SETTINGS
@given(games_with_profiles())
def test_regret_and_payoffs_are_those_of_the_definition(
    drawn: tuple[NormalFormGame, Mixed],
) -> None:
    game, profile = drawn
    regret, payoffs = verify(game, profile), expected_payoffs(game, profile)
    for player in range(game.n_players):
        assert payoffs[player] == payoff_by_definition(game, player, profile)
        assert regret[player] == regret_by_definition(game, player, profile)
    assert all(type(value) is Fraction for value in (*regret, *payoffs))


@SETTINGS
@given(games_with_profiles())
def test_floats_agree_with_the_definition(drawn: tuple[NormalFormGame, Mixed]) -> None:
    game, profile = drawn
    floats = [[float(p) for p in own] for own in profile]
    floating = NormalFormGame(game.payoffs)
    for regret, payoffs in (
        (verify(game, floats), expected_payoffs(game, floats)),
        (verify(floating, profile), expected_payoffs(floating, profile)),
        (verify(floating, floats), expected_payoffs(floating, floats)),
    ):
        assert all(type(value) is float for value in (*regret, *payoffs))
        for player in range(game.n_players):
            exact = payoff_by_definition(game, player, profile)
            assert payoffs[player] == pytest.approx(float(exact), abs=1e-12)
            gain = regret_by_definition(game, player, profile)
            assert regret[player] == pytest.approx(float(gain), abs=1e-12)
            assert regret[player] >= 0


@SETTINGS
@given(games_with_profiles())
def test_the_certificate_of_a_profile_holds_its_payoffs_and_regret(
    drawn: tuple[NormalFormGame, Mixed],
) -> None:
    game, mixed = drawn
    profile = tuple(map(tuple, mixed))
    record = certified(game, profile)
    assert record.profile == profile
    assert record.payoffs == expected_payoffs(game, profile)
    assert record.regret == verify(game, profile)


def test_an_equilibrium_is_verified_as_the_profile_it_is() -> None:
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    record = certified(dilemma, ((1, 0), (1, 0)))
    assert verify(dilemma, record) == record.regret == (2, 2)
    assert verify(PENNIES, record) == (0, 2)  # judged by the game given, not by its own


def test_four_players() -> None:
    rng = np.random.default_rng(4)
    game = NormalFormGame(rng.integers(-5, 6, (4, 2, 3, 2, 2)))
    profile = [[Fraction(1, size)] * size for size in game.shape]
    assert verify(game, profile) == tuple(regret_by_definition(game, k, profile) for k in range(4))


def test_a_profile_is_given_by_vectors_arrays_names_or_a_mapping() -> None:
    game = NormalFormGame.from_bimatrix(
        [[3, 0], [5, 1]], [[3, 5], [0, 1]], players=["Row", "Column"], strategies=[["c", "d"]] * 2
    )
    expected = (Fraction(2), Fraction(2))
    profiles: list[Any] = [
        ["c", "c"],
        ("c", [1, 0]),
        [[1, 0], [Fraction(1), 0]],
        {"Column": "c", "Row": [1, 0]},
        np.array([[1, 0], [1, 0]]),
    ]
    for profile in profiles:
        assert verify(game, profile) == expected
    assert verify(game, np.array([[1.0, 0.0], [1.0, 0.0]])) == (2.0, 2.0)  # type: ignore[call-overload]


@pytest.mark.parametrize("game", [PENNIES, NormalFormGame(PENNIES.payoffs)])
def test_decimals_are_probabilities(game: NormalFormGame) -> None:
    half: Any = Decimal("0.5")
    profile = [[half, half], [half, half]]
    assert verify(game, profile) == (0, 0)
    assert expected_payoffs(game, profile) == (0, 0)


def test_decimals_are_probabilities_in_a_tree() -> None:
    half: Any = Decimal("0.5")
    tree = ExtensiveGame.from_normal_form(PENNIES)
    profile = [[half, half], "s2", "s1"]
    assert verify(tree, profile) == (0, 0)
    assert expected_payoffs(tree, profile) == (-1, 1)


# Trees


@SETTINGS
@given(trees_with_profiles())
def test_payoffs_of_a_tree_are_those_of_the_definition(drawn: tuple[ExtensiveGame, Mixed]) -> None:
    tree, profile = drawn
    expected = tuple(tree_value(tree, (), profile, k) for k in range(2))
    assert expected_payoffs(tree, profile) == expected
    floats = [[float(p) for p in own] for own in profile]
    assert expected_payoffs(tree, floats) == pytest.approx([float(v) for v in expected], abs=1e-12)


@SETTINGS
@given(trees_with_profiles())
def test_regret_of_a_tree_is_the_largest_one_shot_gain(drawn: tuple[ExtensiveGame, Mixed]) -> None:
    tree, profile = drawn
    expected = []
    for k, player in enumerate(tree.players):
        gains = [Fraction(0)]
        for history, node in tree.decisions():
            if node.player == player:
                here = tree_value(tree, history, profile, k)
                gains += [
                    tree_value(tree, (*history, action), profile, k) - here
                    for action in node.branches
                ]
        expected.append(max(gains))
    regret = verify(tree, profile)
    assert list(regret) == expected
    assert all(type(r) is Fraction for r in regret)
    floats = [[float(p) for p in own] for own in profile]
    assert verify(tree, floats) == pytest.approx([float(r) for r in expected], abs=1e-12)


def test_regret_of_a_tree_counts_decisions_off_the_path() -> None:
    answer = Decision("incumbent", {"fight": Terminal((-1, -1)), "yield": Terminal((1, 1))})
    entry = ExtensiveGame(
        Decision("entrant", {"out": Terminal((0, 2)), "in": answer}),
        players=["entrant", "incumbent"],
    )
    # The threat is never carried out, and still costs 2 where it would have to be.
    assert verify(entry, ["out", "fight"]) == (0, 2)
    assert verify(entry, {"entrant": "in", "incumbent after in": "yield"}) == (0, 0)
    assert verify(entry, [[0.0, 1.0], [0.5, 0.5]]) == (0.0, 1.0)


def test_a_tree_without_decisions_has_no_regret() -> None:
    tree = ExtensiveGame(Terminal((1, 2)), players=["A", "B"])
    assert verify(tree, []) == (0, 0)
    assert expected_payoffs(tree, []) == (1, 2)


# Profiles that are none


@pytest.mark.parametrize(
    ("profile", "fragment"),
    [
        ([[1, 0]], "got 1"),
        ([[1, 0]] * 3, "got 3"),
        ([], "got 0"),
        ([[1, 0], [1]], "player_2"),
        ([[1, 0], [1, 0, 0]], "player_2"),
        ([[1, 0], []], "player_2"),
        ([[1, 0], [1, 1]], "sum to 1"),
        ([[1, 0], [0, 0]], "sum to 1"),
        ([[1, 0], [2, -1]], "sum to 1"),
        ([[1, 0], [Fraction(1, 2), Fraction(1, 3)]], "sum to 1"),
        ([[1, 0], [0.5, 0.5001]], "sum to 1"),
        ([[1, 0], [1.0 + 1e-7, -1e-7]], "sum to 1"),
        ([[1, 0], [float("nan"), 1]], "player_2"),
        ([[1, 0], [float("inf"), 0]], "player_2"),
        ([[1, 0], [1j, 0]], "player_2"),
        ([[1, 0], [True, False]], "player_2"),
        ([[1, 0], ["1", "0"]], "player_2"),
        ([[1, 0], [None, 1]], "player_2"),
        ([[1, 0], [[1], [0]]], "player_2"),
        ([[1, 0], {"s1": 1, "s2": 0}], "player_2"),
        ([[1, 0], None], "player_2"),
        ([[1, 0], 1], "player_2"),
        ([0, 0], "player_1"),
        (["s1", "s3"], "choose from s1, s2"),
        ("s1", "player_1"),
        (0, "profile"),
        (None, "profile"),
        ({"player_1": "s1"}, "player_2"),
        ({"player_1": "s1", "player_3": "s1"}, "unknown agent 'player_3'"),
        ({}, "player_1"),
    ],
    ids=repr,
)
def test_profiles_that_do_not_fit_are_described(profile: Any, fragment: str) -> None:
    for judge in (verify, expected_payoffs):
        with pytest.raises(ProfileError, match=re.escape(fragment)):
            judge(PENNIES, profile)


@pytest.mark.parametrize("profile", [["s1", "s2"], ["s1", "s1", "s3"], [[1, 0], [1, 0], [1]]])
def test_profiles_that_do_not_fit_a_tree_are_described(profile: Sequence[Any]) -> None:
    with pytest.raises(ProfileError):
        verify(ExtensiveGame.from_normal_form(PENNIES), profile)


def test_rounded_probabilities_may_miss_one_by_rounding_only() -> None:
    thirds = NormalFormGame.from_bimatrix(np.eye(3), np.eye(3))
    assert verify(thirds, [[1 / 3] * 3] * 2) == pytest.approx((0, 0), abs=1e-15)
    assert verify(thirds, [[0.333333333333] * 3] * 2) == pytest.approx((0, 0), abs=1e-9)
    with pytest.raises(ProfileError, match="sum to 1"):
        verify(thirds, [[0.33333] * 3] * 2)


def test_rounded_probabilities_stand_for_their_shares() -> None:
    """What is off by rounding is divided by its sum, so no payoff is made of it."""
    game = NormalFormGame([[7, 7, 7]])
    assert expected_payoffs(game, [[0.3333333333, 0.3333333333, 0.3333333333]]) == (7.0,)
    matrix = NormalFormGame.from_bimatrix([[10**9, 0], [0, 10**9]], [[0, 0]] * 2)
    off = [0.5, 0.5000000004]
    assert verify(matrix, [[1, 0], off])[0] == pytest.approx(0.4 / 1.0000000004)
    assert expected_payoffs(matrix, [[1, 0], off])[0] == float(
        10**9 * Fraction("0.5") / Fraction("1.0000000004")
    )


def test_a_regret_beyond_the_range_of_floats_is_infinite() -> None:
    game = NormalFormGame([[1.7e308, -1.7e308]])
    assert verify(game, ["s2"]) == (float("inf"),)
    assert verify(game.as_exact(), ["s2"]) == (2 * Fraction("1.7e308"),)


def test_an_overflow_does_not_hide_a_regret() -> None:
    """Rounded weights may sum to a little more than 1; infinity minus infinity is no regret."""
    game = NormalFormGame.from_bimatrix([[sys.float_info.max] * 2, [0.0] * 2], [[0.0] * 2] * 2)
    with np.errstate(all="ignore"):
        regret = verify(game, [[0.5, 0.5], [0.5000000004, 0.5000000004]])
    assert regret[0] > 8e307


@SETTINGS
@given(games_with_profiles(max_players=2))
def test_verify_is_public(drawn: tuple[NormalFormGame, Mixed]) -> None:
    assert ag.verify(*drawn) == verify(*drawn)
