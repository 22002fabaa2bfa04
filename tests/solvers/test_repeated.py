"""Payoff sets of repeated games: automata, brute force, invariances, QuantEcon, known sets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import (
    RepeatedPayoffs,
    Status,
    attaining_automaton,
    critical_discount,
    pure_nash,
    repeated_payoffs,
    verify_automaton,
)
from alignment_games.solvers._polygons import Polygon, clip, contains, distance, hull, outward
from alignment_games.solvers._self_generation import setting, worst

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
# Neither the corners' second coordinates nor those of the worst payoffs are rational.
IRRATIONAL = NormalFormGame.from_bimatrix([[7, 3], [4, 0]], [[6, 8], [6, 1]])


def random_games(size: int, count: int) -> Iterator[NormalFormGame]:
    rng = np.random.default_rng(size)
    for _ in range(count):
        one, two = rng.integers(0, 10, (2, size, size)).tolist()
        yield NormalFormGame.from_bimatrix(one, two)


def solved(stage: NormalFormGame, discount: Any) -> RepeatedPayoffs:
    return repeated_payoffs(RepeatedGame(stage, discount=discount))


def numbers(text: str) -> Polygon:
    pairs = [own.split(",") for own in text.split()]
    return tuple((Fraction(a), Fraction(b)) for a, b in pairs)


@pytest.mark.parametrize(
    ("discount", "corners"),
    [
        # By hand: below 1/2 cooperation is out of reach. To play C against D, player 1 needs
        # w = 1 + (1 - delta) / delta afterwards, and is then worth 1. On the line from (1, t) to
        # (t, 1) the other gets t + 1 - w, so that t = (1 - delta) 5 + delta (t + 1 - w), that is
        # t = 4: possible if 1 <= w <= 4, that is from 1/4 on.
        ("1/5", "1,1"),
        ("1/4", "1,1 4,1 1,4"),
        ("2/5", "1,1 4,1 1,4"),
        ("1/2", "1,1 13/3,1 3,3 1,13/3"),
        ("9/10", "1,1 13/3,1 3,3 1,13/3"),
    ],
)
def test_the_dilemma(discount: str, corners: str) -> None:
    found = solved(DILEMMA, Fraction(discount))
    assert found.exact
    assert found.vertices == numbers(corners)
    assert found.threats == (Fraction(1), Fraction(1))
    assert found.gap == 0


def test_cooperation_is_attained_from_its_critical_discount_factor_on() -> None:
    critical = Fraction(str(critical_discount(DILEMMA, (0, 0)).discount))
    tiny = Fraction(1, 10**6)
    assert solved(DILEMMA, critical).contains((3, 3)) is True
    assert solved(DILEMMA, critical - tiny).contains((3, 3)) is False


def test_at_high_discount_factors_all_individually_rational_payoffs_are_attained() -> None:
    known = 0
    for stage in random_games(2, 12):
        view = setting(RepeatedGame(stage, discount=Fraction(1, 2)))
        rational = hull(own.payoffs for own in view.profiles)
        for who, way in enumerate(((-1, 0), (0, -1))):
            rational = clip(rational, way, -view.minmax[who])
        found = solved(stage, Fraction(99, 100))
        assert all(contains(rational, corner) for corner in found.outer)
        # Fudenberg and Maskin: what is strictly better than minmax is attained at last; how patient
        # players must be depends on the game, and these few with this factor are enough.
        inside = tuple(sum(own[who] for own in rational) / max(len(rational), 1) for who in (0, 1))
        if len(rational) > 2 and all(inside[who] > view.minmax[who] + 1 for who in range(2)):
            known += 1
            assert found.contains(inside) is True
    assert known > 1


@pytest.mark.parametrize(("size", "count"), [(2, 25), (3, 8)])
@pytest.mark.parametrize("discount", [Fraction(3, 10), Fraction(7, 10)])
def test_each_corner_has_an_automaton_and_so_has_what_lies_between(
    size: int, count: int, discount: Fraction
) -> None:
    for stage in random_games(size, count):
        found = solved(stage, discount)
        assert found.status in {Status.COMPLETE, Status.NONE, Status.PARTIAL}
        assert found.gap < 1e-8
        assert all(contains(found.outer, corner) for corner in found.inner)
        if not found.inner:
            assert found.play is None
            assert not pure_nash(stage).equilibria
            continue
        middle = tuple(sum(own[who] for own in found.inner) / len(found.inner) for who in (0, 1))
        for payoff in (*found.inner, middle):
            attained = attaining_automaton(found, payoff)
            again = verify_automaton(found.game, attained.play.automaton)
            assert again.max_gain == 0
            assert sum(attained.lottery.values()) == 1
            for who in range(2):
                assert payoff[who] == sum(
                    p * again.values[state][who] for state, p in attained.lottery.items()
                )
            if payoff in found.inner:
                assert len(attained.lottery) == 1
                assert again.payoffs == payoff


@pytest.mark.parametrize(
    "discount", [Fraction(3, 10), Fraction(7, 10), (Fraction(1, 3), Fraction(2, 3))]
)
def test_small_automata_attain_nothing_outside(discount: Any) -> None:
    attained = 0
    for stage in random_games(2, 3):
        game = RepeatedGame(stage, discount=discount)
        found = repeated_payoffs(game)
        profiles = list(stage.profiles())
        for play in itertools.product(profiles, repeat=2):
            for to in itertools.product((0, 1), repeat=4):
                after: dict[str, Any] = {
                    str(k): {
                        own: str(to[k] if own == play[k] else to[2 + (own[0] == play[k][0])])
                        for own in profiles
                    }
                    for k in (0, 1)
                }
                automaton = Automaton(stage, play={"0": play[0], "1": play[1]}, after=after)
                verified = verify_automaton(game, automaton)
                if verified.is_subgame_perfect:
                    attained += 1
                    assert all(contains(found.outer, (a, b)) for a, b in verified.values.values())
    assert attained > 20


@pytest.mark.parametrize("discount", [(Fraction(3, 10),) * 2, (Fraction(1, 4), Fraction(2, 5))])
def test_plain_iteration_leads_to_the_same_set(discount: tuple[Fraction, Fraction]) -> None:
    """The operator of Abreu, Pearce and Stacchetti, without any of the shortcuts."""
    for stage in random_games(2, 4):
        game = RepeatedGame(stage, discount=discount)
        view = setting(game)
        span = [sorted(own.payoffs[who] for own in view.profiles) for who in range(2)]
        polygon = hull((a, b) for a in (span[0][0], span[0][-1]) for b in (span[1][0], span[1][-1]))
        for _ in range(40):
            if not polygon:
                break
            points = []
            for own in view.profiles:
                least = own.least(worst(polygon))
                later = clip(clip(polygon, (-1, 0), -least[0]), (0, -1), -least[1])
                points += [view.worth(own, place) for place in later]
            polygon = outward(hull(points), view.unit)
        found = repeated_payoffs(game)
        assert bool(found.outer) == bool(polygon)
        assert distance(found.inner, polygon) < 1e-4


@pytest.mark.parametrize("size", [2, 3])
def test_sets_grow_with_a_common_discount_factor(size: int) -> None:
    for stage in random_games(size, 6):
        small: Polygon = ()
        for tenths in (2, 4, 6, 8):
            found = solved(stage, Fraction(tenths, 10))
            assert all(contains(found.outer, corner) for corner in small)
            small = found.inner


def test_positive_affine_payoffs_have_the_affine_set() -> None:
    for stage in random_games(3, 5):
        one, two = stage.exact_payoffs
        other = NormalFormGame.from_bimatrix(
            (3 * one - 7).tolist(), (two / Fraction(4) + 1).tolist()
        )
        plain, moved = (solved(own, Fraction(7, 10)) for own in (stage, other))
        assert plain.status is moved.status
        if plain.exact:
            assert moved.vertices == hull((3 * a - 7, b / 4 + 1) for a, b in plain.vertices)


@pytest.mark.parametrize("discount", [Fraction(3, 10), (Fraction(1, 3), Fraction(2, 5))])
def test_players_may_change_places(discount: Any) -> None:
    for stage in random_games(2, 4):
        one, two = stage.exact_payoffs
        other = NormalFormGame.from_bimatrix(two.T.tolist(), one.T.tolist())
        mirrored = discount if isinstance(discount, Fraction) else discount[::-1]
        plain, moved = solved(stage, discount), solved(other, mirrored)
        if plain.exact and moved.exact:
            assert moved.vertices == hull((b, a) for a, b in plain.vertices)
        # A symmetric game has a symmetric set.
        same = solved(NormalFormGame.from_bimatrix(one.tolist(), one.T.tolist()), Fraction(7, 10))
        if same.exact:
            assert same.vertices == hull((b, a) for a, b in same.vertices)


@pytest.mark.parametrize(
    "discount", [Fraction(1, 10), Fraction(1, 2), (Fraction(1, 5), Fraction(1, 3))]
)
def test_stage_equilibria_are_attained(discount: Any) -> None:
    for stage in random_games(3, 6):
        found = solved(stage, discount)
        for equilibrium in pure_nash(stage).equilibria:
            assert found.contains(equilibrium.payoffs) is True


def test_none_at_a_low_discount_factor_some_at_a_high_one() -> None:
    """Without a pure stage equilibrium: impatient players always gain by leaving any profile."""
    stage = NormalFormGame.from_bimatrix([[1, 0], [0, 2]], [[1, 2], [3, 2]])
    assert not pure_nash(stage).equilibria
    low = solved(stage, Fraction(1, 10))
    assert low.status is Status.NONE
    assert low.inner == low.outer == ()
    assert low.play is None
    assert low.gap == 0
    # By hand: at every profile somebody gains 1 at once, (1 - d) of it; at most d * 3 follows.
    for profile in stage.profiles():
        gains = [
            max(
                stage.payoff(who, *(k if j == who else own for j, own in enumerate(profile)))
                for k in range(2)
            )
            - stage.payoff(who, *profile)
            for who in range(2)
        ]
        assert max(gains) * Fraction(9, 10) > Fraction(1, 10) * 3
    high = solved(stage, Fraction(9, 10))
    assert high.play is not None
    assert high.play.is_subgame_perfect


def test_no_equilibrium_is_proved() -> None:
    found = solved(PENNIES, Fraction(9, 10))
    assert found.status is Status.NONE
    assert found.exact
    assert not found.vertices
    assert found.threats is None
    assert found.contains((0, 0)) is False
    assert str(found) == found.message
    assert "Proved: there is no subgame-perfect equilibrium in pure strategies." in found.message
    assert "after 1 round nothing was left" in found.message
    with pytest.raises(GameError, match="`payoff` must lie in the polygon"):
        attaining_automaton(found, (0, 0))


def test_points_and_segments_are_ordinary() -> None:
    point = solved(NormalFormGame.from_bimatrix([[1, 1], [1, 1]], [[2, 2], [2, 2]]), 0.5)
    assert point.vertices == numbers("1,2")
    segment = solved(NormalFormGame.from_bimatrix([[1, 0], [0, 2]], [[1, 0], [0, 2]]), 0.1)
    assert segment.exact
    assert segment.vertices == numbers("1,1 2,2")


def test_a_set_with_irrational_corners_has_a_small_gap() -> None:
    found = solved(IRRATIONAL, 0.7)
    assert found.status is Status.PARTIAL
    assert 0 < found.gap < 1e-9
    assert found.play is not None
    assert found.play.max_gain == 0
    assert "a gap of" in str(found)
    (between,) = [own for own in found.outer if own not in found.inner][:1]
    assert found.contains(between) is None
    few = repeated_payoffs(found.game, steps=3)
    assert few.status is Status.LIMIT
    assert all(contains(few.outer, own) for own in found.inner)


def test_patience_apart_trades_over_time() -> None:
    """With unequal discount factors payoffs outside the hull of the stage's are attained."""
    found = solved(DILEMMA, (Fraction(2, 5), Fraction(3, 5)))
    assert found.exact
    feasible = hull(own.payoffs for own in setting(found.game).profiles)
    assert any(not contains(feasible, corner) for corner in found.vertices)
    assert found.play is not None
    assert found.play.max_gain == 0


def test_quantecon_agrees() -> None:
    quantecon = pytest.importorskip("quantecon")
    compared = 0
    for stage in (DILEMMA, *random_games(2, 8), *random_games(3, 8)):
        one, two = (np.array(own, dtype=float) for own in stage.exact_payoffs)
        theirs = quantecon.game_theory.NormalFormGame(
            [quantecon.game_theory.Player(one), quantecon.game_theory.Player(two.T)]
        )
        found = solved(stage, Fraction(7, 10))
        # It fails on points and segments, and where there is nothing.
        if len(found.inner) < 3:
            continue
        try:
            vertices = (
                quantecon.game_theory.RepeatedGame(theirs, 0.7)
                .equilibrium_payoffs(method="abreu_sannikov", options={"u_init": np.full(2, -9.0)})
                .points
            )
        except (ValueError, RuntimeError):
            continue
        other = hull((Fraction(a), Fraction(b)) for a, b in vertices.tolist())
        compared += 1
        assert distance(found.inner, other) < 1e-3
        assert distance(other, found.inner) < 1e-3
    assert compared > 5


def test_errors() -> None:
    game = RepeatedGame(DILEMMA, discount=0.5)
    bad: Any = DILEMMA
    with pytest.raises(GameError, match="`game` must be a RepeatedGame"):
        repeated_payoffs(bad)
    three = NormalFormGame([np.zeros((2, 2, 2))] * 3)
    with pytest.raises(GameError, match="`game` must have two players, got 3"):
        repeated_payoffs(RepeatedGame(three, discount=0.5))
    with pytest.raises(ParameterError, match="`steps`"):
        repeated_payoffs(game, steps=0)
    large = NormalFormGame.from_bimatrix(np.zeros((21, 20)), np.zeros((21, 20)))
    with pytest.raises(WorkLimitError, match="420"):
        repeated_payoffs(RepeatedGame(large, discount=0.5))
    found = repeated_payoffs(game)
    with pytest.raises(GameError, match=r"`payoff` must lie in .* the nearest that is"):
        attaining_automaton(found, (4, 4))
    with pytest.raises(GameError, match="`payoff` must be a pair"):
        found.contains((1, 2, 3))
    with pytest.raises(GameError, match="`result` must be a RepeatedPayoffs"):
        attaining_automaton(bad, (1, 1))


@pytest.mark.parametrize(
    "discount", [5e-324, Fraction(1, 10**400), 1 - Fraction(1, 10**20), 1 - Fraction(1, 10**400)]
)
def test_discount_factors_that_floats_round_to_the_ends(discount: Any) -> None:
    """Nobody is deterred by a future that hardly counts; a patient pair may cooperate."""
    found = repeated_payoffs(RepeatedGame(DILEMMA, discount=discount))
    assert found.contains((1, 1))
    if discount < Fraction(1, 2):
        assert found.contains((3, 3)) is False
    else:
        assert found.contains((3, 3)) is not False
    assert found.gap < 1e-6
