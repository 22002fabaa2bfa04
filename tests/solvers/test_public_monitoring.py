"""Public perfect payoffs: closed forms, perfect monitoring, brute force, invariances."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.games import Automaton, MonitoredGame, PublicAutomaton, RepeatedGame
from alignment_games.solvers import (
    PublicPayoffs,
    Status,
    attaining_public_automaton,
    public_perfect_payoffs,
    repeated_payoffs,
    verify_automaton,
    verify_public_automaton,
)
from alignment_games.solvers._polygons import contains, hull

RESTRAINT = NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [0, 1]])
DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
# Whoever probes is more often blamed, so that players can be punished one by one.
BLAME = {
    (0, 0): [Fraction(8, 10), Fraction(1, 10), Fraction(1, 10)],
    (0, 1): [Fraction(2, 10), Fraction(1, 10), Fraction(7, 10)],
    (1, 0): [Fraction(2, 10), Fraction(7, 10), Fraction(1, 10)],
    (1, 1): [Fraction(1, 10), Fraction(45, 100), Fraction(45, 100)],
}


def random_games(size: int, count: int, seed: int = 1) -> Iterator[NormalFormGame]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        one, two = rng.integers(0, 10, (2, size, size)).tolist()
        yield NormalFormGame.from_bimatrix(one, two)


def incidents(quiet: Fraction, otherwise: Fraction, discount: Fraction) -> MonitoredGame:
    """The chance of an incident is `quiet` if both cooperate, else `otherwise`."""
    return MonitoredGame(
        RESTRAINT, {(0, 0): [1 - quiet, quiet], None: [1 - otherwise, otherwise]}, discount=discount
    )


@pytest.mark.parametrize(
    ("quiet", "otherwise"), [("1/10", "3/5"), ("1/20", "1/2"), ("1/5", "7/10"), ("0", "1/2")]
)
def test_the_best_payoff_with_two_signals(quiet: str, otherwise: str) -> None:
    """Abreu, Milgrom and Pearce (1991), Econometrica 59, 1713-1733: v = pi - h / (l - 1).

    Deviating gains h = 1 and makes incidents l times as likely. The loss x that an incident brings
    must satisfy delta (q - p) x >= 1 - delta, and can be at most v - 1, as 1 is the worst.
    """
    p, q = Fraction(quiet), Fraction(otherwise)
    best = 2 - p / (q - p)
    # delta (q - p) (v - 1) = 1 - delta
    critical = 1 / (1 + (q - p) * (best - 1))
    for discount in (critical, (1 + critical) / 2):
        found = public_perfect_payoffs(incidents(p, q, discount))
        assert found.contains((best, best)) is not False
        assert found.contains((best + Fraction(1, 10**6), best + Fraction(1, 10**6))) is False
    assert found.status is Status.COMPLETE
    assert found.inner == hull([(Fraction(1), Fraction(1)), (best, best)])
    below = public_perfect_payoffs(incidents(p, q, critical - Fraction(1, 1000)))
    assert below.status is Status.COMPLETE
    assert below.inner == hull([(Fraction(1), Fraction(1))])


@pytest.mark.parametrize("discount", [Fraction(3, 10), Fraction(1, 2), Fraction(7, 10)])
def test_perfect_monitoring_is_that_of_repeated_games(discount: Fraction) -> None:
    exact = 0
    for stage in (DILEMMA, *random_games(2, 5), *random_games(3, 1)):
        seen = public_perfect_payoffs(MonitoredGame.perfect(stage, discount=discount))
        plain = repeated_payoffs(RepeatedGame(stage, discount=discount))
        assert seen.gap < 1e-5
        assert all(contains(plain.outer, corner) for corner in seen.inner)
        assert all(contains(seen.outer, corner) for corner in plain.inner)
        assert bool(seen.inner) == bool(plain.inner)
        if seen.exact and plain.exact:
            exact += 1
            assert seen.inner == plain.inner
    assert exact > 4


def test_perfect_monitoring_with_unequal_discount_factors() -> None:
    for stage in (DILEMMA, *random_games(2, 1)):
        factors = (Fraction(1, 3), Fraction(2, 3))
        seen = public_perfect_payoffs(MonitoredGame.perfect(stage, discount=factors))
        plain = repeated_payoffs(RepeatedGame(stage, discount=factors))
        assert seen.gap < 1e-5
        assert all(contains(plain.outer, corner) for corner in seen.inner)
        assert all(contains(seen.outer, corner) for corner in plain.inner)


@pytest.mark.parametrize("discount", [Fraction(1, 10), Fraction(9, 10), Fraction(999, 1000)])
def test_no_equilibrium_is_proved(discount: Fraction) -> None:
    noisy = {own: [Fraction(1, 4)] * 2 + [Fraction(1, 2)] for own in PENNIES.profiles()}
    noisy[0, 0] = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
    for game in (
        MonitoredGame.perfect(PENNIES, discount=discount),
        MonitoredGame(PENNIES, noisy, discount=discount),
    ):
        found = public_perfect_payoffs(game)
        assert found.status is Status.NONE
        assert found.exact
        assert found.play is None
        assert "Proved" in str(found)
        with pytest.raises(GameError, match="must lie in the polygon"):
            attaining_public_automaton(found, (0, 0))


def test_without_information_stage_equilibria_are_left() -> None:
    sexes = NormalFormGame.from_bimatrix([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    known: list[tuple[NormalFormGame, Any]] = [
        (DILEMMA, ((1, 1),)),
        (sexes, ((1, 3), (3, 1))),
    ]
    for stage, corners in known:
        game = MonitoredGame(stage, {None: [0.5, 0.5]}, discount=Fraction(9, 10))
        found = public_perfect_payoffs(game)
        assert found.status is Status.COMPLETE
        assert found.inner == corners


@pytest.fixture(scope="module")
def blamed() -> PublicPayoffs:
    """A set with curved sides."""
    game = MonitoredGame(RESTRAINT, BLAME, discount=Fraction(4, 5))
    return public_perfect_payoffs(game, steps=10)


def test_garbling_shrinks_the_set() -> None:
    """Kandori (1992): less can be attained if the signal is reported with noise."""
    clear = incidents(Fraction(1, 10), Fraction(3, 5), Fraction(4, 5))
    sets = [public_perfect_payoffs(clear)]
    for share in (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2)):
        noise = [[1 - share / 2, share / 2], [share / 2, 1 - share / 2]]
        sets.append(public_perfect_payoffs(clear.garbled(noise)))
    assert all(own.exact for own in sets)
    for large, small in itertools.pairwise(sets):
        assert large.inner != small.inner or len(large.inner) == 1
        assert all(contains(large.outer, corner) for corner in small.inner)


@pytest.mark.slow
def test_pooled_signals_no_longer_tell_whom_to_blame(blamed: PublicPayoffs) -> None:
    pooled = public_perfect_payoffs(blamed.game.garbled([[1, 0], [0, 1], [0, 1]]), steps=10)
    assert all(contains(blamed.outer, corner) for corner in pooled.inner)
    assert not all(contains(pooled.outer, corner) for corner in blamed.inner)


def test_what_a_signal_is_called_and_split_into_does_not_matter() -> None:
    game = incidents(Fraction(1, 10), Fraction(3, 5), Fraction(4, 5))
    plain = public_perfect_payoffs(game)
    swapped = game.garbled([[0, 1], [1, 0]])
    split = game.garbled([[Fraction(1, 3), Fraction(2, 3), 0], [0, 0, 1]])
    for other in (swapped, split):
        assert public_perfect_payoffs(other).inner == plain.inner


def test_positive_affine_payoffs_and_changed_places() -> None:
    stage, discount = next(random_games(2, 1, seed=5)), Fraction(7, 10)
    one, two = stage.exact_payoffs
    plain = public_perfect_payoffs(MonitoredGame.perfect(stage, discount=discount))
    moved = NormalFormGame.from_bimatrix((3 * one - 7).tolist(), (two / Fraction(4)).tolist())
    found = public_perfect_payoffs(MonitoredGame.perfect(moved, discount=discount))
    assert found.status is plain.status
    turned = NormalFormGame.from_bimatrix(two.T.tolist(), one.T.tolist())
    other = public_perfect_payoffs(MonitoredGame.perfect(turned, discount=discount))
    assert plain.exact
    assert found.inner == hull((3 * a - 7, b / 4) for a, b in plain.inner)
    assert other.inner == hull((b, a) for a, b in plain.inner)


def test_each_corner_has_an_automaton_and_so_has_what_lies_between() -> None:
    games = (
        MonitoredGame.perfect(DILEMMA, discount=Fraction(2, 5)),
        incidents(Fraction(1, 10), Fraction(3, 5), Fraction(9, 10)),
    )
    assert_attained(*map(public_perfect_payoffs, games))


@pytest.mark.slow
def test_each_corner_of_a_set_with_curved_sides_has_an_automaton(blamed: PublicPayoffs) -> None:
    assert_attained(blamed)


def assert_attained(*sets: PublicPayoffs) -> None:
    for found in sets:
        middle = tuple(sum(own[who] for own in found.inner) / len(found.inner) for who in (0, 1))
        for payoff in (*found.inner, middle):
            attained = attaining_public_automaton(found, payoff)
            again = verify_public_automaton(found.game, attained.play.automaton)
            assert again.is_public_perfect
            for who in range(2):
                assert payoff[who] == sum(
                    p * again.values[state][who] for state, p in attained.lottery.items()
                )


@pytest.mark.slow
def test_small_public_automata_attain_nothing_outside(blamed: PublicPayoffs) -> None:
    game, found = blamed.game, blamed
    assert found.status is Status.LIMIT
    assert 0 < found.gap < 0.05
    attained = 0
    for play in itertools.product(RESTRAINT.profiles(), repeat=2):
        for to in itertools.product("01", repeat=6):
            after: dict[str, Any] = {
                state: dict(zip(game.signals, to[3 * k : 3 * k + 3], strict=True))
                for k, state in enumerate("01")
            }
            automaton = PublicAutomaton(game, play={"0": play[0], "1": play[1]}, after=after)
            verified = verify_public_automaton(game, automaton)
            if verified.is_public_perfect:
                attained += 1
                assert all(contains(found.outer, (a, b)) for a, b in verified.values.values())
    assert attained > 20


@pytest.mark.slow
def test_plain_outer_approximation_contains_the_inner_polygon(blamed: PublicPayoffs) -> None:
    """Judd, Yeltekin and Conklin's operator with 16 directions, by linear programs in floats."""
    game, delta = blamed.game, 0.8
    angles = 2 * np.pi * np.arange(16) / 16
    normals = np.column_stack([np.cos(angles), np.sin(angles)])
    corners = np.array([[2, 2], [0, 3], [3, 0], [1, 1]], dtype=float)
    bounds = (normals @ corners.T).max(axis=1)
    payoffs = game.stage.payoffs
    for _ in range(8):
        new = np.full(16, -np.inf)
        for profile in RESTRAINT.profiles():
            chances = np.array([float(p) for p in game.distribution[profile]])
            rows, rights = [], []
            for who in range(2):
                other = tuple(1 - a if k == who else a for k, a in enumerate(profile))
                change = chances - np.array([float(p) for p in game.distribution[other]])
                row = np.zeros((3, 2))
                row[:, who] = -delta * change
                rows.append(row.ravel())
                rights.append((1 - delta) * (payoffs[who][profile] - payoffs[who][other]))
            lying = np.kron(np.eye(3), normals)
            now = np.array([own[profile] for own in payoffs])
            for k, normal in enumerate(normals):
                answer = linprog(
                    -delta * np.outer(chances, normal).ravel(),
                    A_ub=np.vstack([lying, *rows]),
                    b_ub=np.concatenate([np.tile(bounds, 3), rights]),
                    bounds=(None, None),
                )
                if answer.status == 0:
                    new[k] = max(new[k], (1 - delta) * normal @ now - answer.fun)
        bounds = new
    inner = np.array([[float(a), float(b)] for a, b in blamed.inner])
    assert len(inner) > 3
    assert ((normals @ inner.T).max(axis=1) <= bounds + 1e-7).all()


def test_public_automata_are_verified_as_automata_are() -> None:
    play = {"peace": (0, 0), "war": (1, 1)}
    grim = {"peace": {(0, 0): "peace", None: "war"}, "war": "war"}
    for discount in (Fraction(2, 5), Fraction(1, 2)):
        seen = MonitoredGame.perfect(DILEMMA, discount=discount)
        public = PublicAutomaton(
            seen, play=play, after={"peace": {"s1, s1": "peace", None: "war"}, "war": "war"}
        )
        first = verify_public_automaton(seen, public)
        plain = RepeatedGame(DILEMMA, discount=discount)
        second = verify_automaton(plain, Automaton(DILEMMA, play=play, after=grim))
        assert first.values == second.values
        assert first.max_gain == second.max_gain
        assert first.is_public_perfect == second.is_subgame_perfect


def test_fewer_rounds_leave_a_larger_polygon() -> None:
    game = MonitoredGame.perfect(DILEMMA, discount=Fraction(2, 5))
    first, last = (public_perfect_payoffs(game, steps=own) for own in (1, 100))
    assert first.status is Status.LIMIT
    assert first.steps == 1
    assert all(contains(first.outer, corner) for corner in last.outer)
    assert first.gap > last.gap == 0


def test_errors() -> None:
    game = incidents(Fraction(1, 10), Fraction(3, 5), Fraction(4, 5))
    with pytest.raises(GameError, match=r"must be a MonitoredGame.*MonitoredGame\.perfect"):
        public_perfect_payoffs(RepeatedGame(DILEMMA, discount=0.5))  # type: ignore[arg-type]
    three = NormalFormGame([np.zeros((2, 2, 2)).tolist()] * 3)
    with pytest.raises(GameError, match="two players, got 3"):
        public_perfect_payoffs(MonitoredGame.perfect(three, discount=0.5))
    with pytest.raises(ParameterError, match="`steps`"):
        public_perfect_payoffs(game, steps=0)
    large = NormalFormGame.from_bimatrix(np.eye(11).tolist(), np.eye(11).tolist())
    with pytest.raises(WorkLimitError, match="up to 100 profiles, got 121"):
        public_perfect_payoffs(MonitoredGame.perfect(large, discount=0.5))
    found = public_perfect_payoffs(game)
    with pytest.raises(GameError, match="the nearest that is"):
        attaining_public_automaton(found, (2, 2))
    with pytest.raises(GameError, match="pair of numbers"):
        found.contains((1, 2, 3))
    other = PublicAutomaton(
        MonitoredGame.perfect(RESTRAINT, discount=0.5), play={"x": (0, 0)}, after={"x": "x"}
    )
    with pytest.raises(GameError, match="same players, strategies and signals"):
        verify_public_automaton(game, other)
