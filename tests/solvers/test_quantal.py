"""Logit quantal response: closed forms, independent roots, crossings, turns and extremes."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, fsolve
from scipy.special import expit, logsumexp

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.solvers import (
    Equilibrium,
    QuantalEquilibrium,
    QuantalPath,
    Solution,
    Status,
    nash,
    quantal,
    quantal_path,
    verify,
)
from alignment_games.solvers._kernels import quantal_system as kernel
from alignment_games.solvers._logit import logit_game, logit_system, unique_below
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)
GAMES = games(max_players=3, payoffs=st.integers(-4, 4))

# Asymmetric matching pennies: the row player earns 9 where others earn 1 (as Ochs 1995 has it).
PENNIES = NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])
COORDINATION = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
# The game "loopback" of Gambit's collection: its principal branch turns back.
LOOP = NormalFormGame.from_bimatrix([[6, 6], [7.32, 1]], [[7, 7], [6, 4]])


def triple(cells: dict[tuple[int, int, int], tuple[int, int, int]]) -> NormalFormGame:
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    for profile, values in cells.items():
        payoffs[:, profile[0], profile[1], profile[2]] = values
    return NormalFormGame(payoffs)


# The 2 x 2 x 2 game of McKelvey and McLennan, at whose branch point Gambit 16.7 stops.
NINE_EQUILIBRIA = triple(
    {(0, 0, 0): (9, 8, 12), (1, 1, 0): (9, 8, 2), (1, 0, 1): (3, 4, 6), (0, 1, 1): (3, 4, 6)}
)


def values(game: NormalFormGame, profile: Any, who: int) -> np.ndarray:
    """Expected payoffs of a player's strategies, summed over pure profiles."""
    found = np.zeros(game.shape[who])
    for s in game.profiles():
        others = math.prod(float(profile[k][s[k]]) for k in range(game.n_players) if k != who)
        found[s[who]] += others * game.payoffs[(who, *s)]
    return found


def residual(game: NormalFormGame, profile: Any, precision: float) -> float:
    worst = 0.0
    for who, own in enumerate(profile):
        u = values(game, profile, who)
        logs = precision * (u - u.max())
        worst = max(worst, float(np.abs(np.exp(logs - logsumexp(logs)) - own).max()))
    return worst


def only(solution: Solution) -> QuantalEquilibrium:
    (eq,) = solution.equilibria
    assert isinstance(eq, QuantalEquilibrium)
    return eq


def check_path(path: QuantalPath, tolerance: float = 1e-7) -> None:
    """Every number of a path, recomputed from the game."""
    game = path.game
    assert path.precision[0] == 0
    assert len(path) == len(path.residual) == len(path.regret)
    for k in {0, len(path) // 3, len(path) // 2, len(path) - 1}:
        profile = [own[k] for own in path.profiles]
        assert all(own.sum() == pytest.approx(1, abs=1e-12) for own in profile)
        assert residual(game, profile, path.precision[k]) <= tolerance
        assert path.residual[k] <= tolerance
        plain = [[float(p) for p in own] for own in profile]
        scale = float(np.ptp(game.payoffs)) or 1.0
        assert path.regret[k] == pytest.approx(verify(game, plain), abs=1e-12 * scale)
        assert path.payoffs[k] == pytest.approx(
            ag.solvers.expected_payoffs(game, plain), abs=1e-12 * float(np.abs(game.payoffs).max())
        )


# The definition and its compiled twin


@SETTINGS
@given(
    games(min_players=1, max_players=4, payoffs=st.integers(-4, 4)),
    st.integers(0, 2**32 - 1),
    st.floats(0, 20),
)
def test_the_compiled_system_is_the_definition(
    game: NormalFormGame, seed: int, precision: float
) -> None:
    rng = np.random.default_rng(seed)
    logit = logit_game(game)
    n = int(logit.starts[-1])
    x = np.append(rng.normal(-1, 1, n), precision)
    slopes, work = np.zeros((n, n)), np.ones((5, n + 1))
    found, jacobian = np.zeros(n + 1), np.zeros((n + 1, n + 1))
    kernel.payoff_slopes(logit.gains, logit.sizes, logit.starts, np.ones(n), slopes)
    kernel.system(logit.gains, logit.sizes, logit.starts, x, slopes, work, found, jacobian)
    gains = logit.gains.reshape(game.n_players, *game.shape)
    logs = [x[a:b] for a, b in itertools.pairwise(logit.starts)]
    wanted, rates = logit_system(gains, logs, precision)
    assert found[:n] == pytest.approx(wanted, abs=1e-10)
    assert jacobian[:n] == pytest.approx(rates, abs=1e-10)
    step = 1e-6
    for b in range(n + 1):  # and the derivatives are derivatives
        if b == n and precision < step:
            continue
        ends = []
        for sign in (1, -1):
            y = x.copy()
            y[b] += sign * step
            moved = [y[a:c] for a, c in itertools.pairwise(logit.starts)]
            if [int(own.argmax()) for own in moved] != [int(own.argmax()) for own in logs]:
                break
            ends.append(logit_system(gains, moved, y[n])[0])
        if len(ends) == 2:
            assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(rates[:, b], abs=1e-4)


@SETTINGS
@given(st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_compiled_factors_solve(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size)) * 10.0 ** rng.integers(-4, 5, (size, 1))
    right = rng.normal(size=size)
    factors, rows, scale = matrix.copy(), np.zeros(size, np.int64), np.zeros(size)
    sign = kernel.factor(factors, rows, scale)
    assert sign == np.sign(np.linalg.det(matrix))
    found = np.zeros(size)
    kernel.solve(factors, rows, right, found)
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-6, abs=1e-9)
    kernel.solve_transposed(factors, rows, right.copy(), found)
    assert found == pytest.approx(np.linalg.solve(matrix.T, right), rel=1e-6, abs=1e-9)
    assert kernel.factor(np.zeros((size, size)), rows, scale) == 0.0


# Closed forms


@SETTINGS
@given(GAMES)
def test_at_zero_all_mix_evenly(game: NormalFormGame) -> None:
    solution = quantal(game, 0)
    (eq,) = solution.equilibria
    assert eq.profile == tuple(tuple([1 / size] * size) for size in game.shape)
    assert solution.status is Status.COMPLETE


@SETTINGS
@given(GAMES, st.sampled_from([0.1, 1.0, 3.0]))
def test_every_answer_is_a_logit_response(game: NormalFormGame, precision: float) -> None:
    solution = quantal(game, precision)
    eq = only(solution)
    assert eq.precision == precision
    assert residual(game, eq.profile, precision) <= 1e-9
    assert eq.residual <= 1e-9
    assert eq.regret == verify(game, eq.profile)
    # No strategy's logit loss exceeds log(n) / precision, for the logit maximizes payoff plus
    # entropy / precision.
    for own, regret in zip(eq.profile, eq.regret, strict=True):
        assert regret <= math.log(len(own)) / precision + 1e-9
    assert not solution.exact
    assert solution.parameters == {"precision": precision}
    assert "10.1016/j.geb.2004.04.003" in ag.cite(solution)


def test_a_single_player_and_dominant_strategies() -> None:
    alone = NormalFormGame([[1, 3, 2]])
    eq = only(quantal(alone, 0.7))
    weights = np.exp(0.7 * np.array([1, 3, 2]))
    assert eq.profile[0] == pytest.approx(weights / weights.sum(), rel=1e-12)
    assert quantal_path(alone).limit is not None
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    path = quantal_path(dilemma)
    check_path(path)
    limit = path.limit
    assert limit is not None
    assert limit.path == ("s2", "s2")
    assert isinstance(limit.profile[0][0], Fraction)
    defect = path.profiles[0][:, 1]
    assert (np.diff(defect) > 0).all()


@pytest.mark.parametrize("precision", [0.05, 0.5, 2, 7.5, 40, 1000, 1e6, 1e9])
def test_asymmetric_pennies(precision: float) -> None:
    """Its equilibrium is unique at every precision: a root of a monotone function."""

    def excess(p: float) -> float:
        q = expit(precision * (1 - 2 * p))  # the column player's first strategy
        return float(p - expit(precision * (10 * q - 1)))

    root = brentq(excess, 0, 1, xtol=1e-16, rtol=1e-15)
    eq = only(quantal(PENNIES, precision))
    assert eq.profile[0][0] == pytest.approx(root, abs=1e-9)
    assert eq.residual <= 1e-6


def test_the_pitchfork_of_coordination() -> None:
    """With odds y the symmetric branch is y = precision tanh(y / 2), which parts at 2."""
    path = quantal_path(COORDINATION, max_precision=9)
    check_path(path)
    assert path.status is Status.PARTIAL
    assert path.branch_points == pytest.approx([2.0], abs=1e-5)
    assert path.turning_points == ()
    assert np.abs(path.profiles[0] - 0.5).max() < 1e-7  # straight on, by symmetry
    assert quantal(COORDINATION, 1.999).status is Status.COMPLETE
    assert quantal(COORDINATION, 2.001).status is Status.PARTIAL
    for size in (3, 4):  # a branch point of even order: two and three kernel directions
        identity = np.eye(size, dtype=int)
        wider = quantal_path(
            NormalFormGame.from_bimatrix(identity, identity), max_precision=3 * size
        )
        assert wider.branch_points == pytest.approx([size], abs=1e-4)
        assert np.abs(wider.profiles[1] - 1 / size).max() < 1e-6


@pytest.mark.parametrize("gap", [1e-2, 1e-4, 1e-6, 1e-9])
def test_a_broken_pitchfork_is_followed_round(gap: float) -> None:
    two = NormalFormGame.from_bimatrix([[1 + gap, 0], [0, 1]], [[1, 0], [0, 1]])
    path = quantal_path(two, max_precision=60)
    assert path.branch_points == ()
    limit = path.limit
    assert limit is not None
    assert limit.path == ("s1", "s1")
    check_path(path)
    three = np.eye(3) + np.diag([gap, gap / 2, 0])
    wider = NormalFormGame.from_bimatrix(three, np.eye(3))
    limit = quantal_path(wider, max_precision=90).limit
    assert limit is not None
    assert limit.is_pure


def test_the_game_at_whose_branch_point_others_stop() -> None:
    path = quantal_path(NINE_EQUILIBRIA)
    check_path(path)
    assert path.status is Status.PARTIAL
    assert len(path.branch_points) == 1
    # Players 1 and 2 stay at 1/2 by symmetry; player 3 then gains 1/2 by its first strategy. If
    # player 2's log-odds become y, player 1's become precision * stake * y / 2, and vice versa.
    precision = path.branch_points[0]
    first = expit(precision / 2)
    stakes = [9 * first - 3 * (1 - first), 8 * first - 4 * (1 - first)]
    assert precision**2 * math.prod(stakes) / 4 == pytest.approx(1, rel=1e-4)
    limit = path.limit
    assert limit is not None
    half = Fraction(1, 2)
    assert limit.profile == ((half, half), (half, half), (1, 0))
    assert not any(limit.regret)
    assert path.regret[-1].max() <= 1e-6


def test_a_branch_that_turns_back() -> None:
    path = quantal_path(LOOP)
    check_path(path)
    upper, lower = path.turning_points
    assert lower < upper
    between = (lower + upper) / 2
    found = path.at(between)
    assert len(found) == 3

    def excess(p: float) -> float:
        q = expit(between * (p * (7 - 7) + (1 - p) * (6 - 4)))
        return float(p - expit(between * (6 - (7.32 * q + 1 * (1 - q)))))

    grid = np.linspace(0, 1, 4001)
    signs = np.sign([excess(p) for p in grid])
    roots = [
        brentq(excess, a, b, xtol=1e-15)
        for a, b, u, v in zip(grid, grid[1:], signs, signs[1:], strict=False)
        if u != v
    ]
    assert sorted(eq.profile[0][0] for eq in found) == pytest.approx(sorted(roots), abs=1e-9)
    # The first of them in the order of the branch is what `quantal` returns.
    (first,) = quantal(LOOP, between).equilibria
    assert first.profile[0] == pytest.approx(found[0].profile[0], abs=1e-12)
    assert quantal(LOOP, between).status is Status.PARTIAL
    assert len(path.at(lower / 2)) == 1
    assert len(path.at(upper)) == 2
    assert "turns at" in str(path)
    for eq in (*path.at(upper), *path.at(lower)):
        assert eq.residual <= 1e-9


# Independent solvers


def test_against_independent_roots_in_two_by_two_games() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        a, b = rng.integers(-5, 6, (2, 2, 2))
        game = NormalFormGame.from_bimatrix(a, b)
        precision = float(rng.uniform(0.05, 1.5))
        eq = only(quantal(game, precision))

        def excess(x: Any, a: Any = a, b: Any = b, precision: float = precision) -> list[float]:
            p, q = x
            row = (a[0] - a[1]) @ [q, 1 - q]
            column = [p, 1 - p] @ (b[:, 0] - b[:, 1])
            return [p - expit(precision * row), q - expit(precision * column)]

        start = (eq.profile[0][0] + 1e-3, eq.profile[1][0] - 1e-3)
        root, _, ended, _ = fsolve(excess, start, full_output=True, xtol=1e-13)
        if ended == 1:
            assert root == pytest.approx((eq.profile[0][0], eq.profile[1][0]), abs=1e-8)
        if quantal(game, precision).status is Status.COMPLETE:  # iteration is a contraction
            p, q = 0.99, 0.01
            for _ in range(1000):
                gaps = excess((p, q))
                p, q = p - gaps[0], q - gaps[1]
            assert (p, q) == pytest.approx((eq.profile[0][0], eq.profile[1][0]), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(games(max_players=3, payoffs=st.integers(-4, 4)), st.floats(0.2, 0.9))
def test_uniqueness_is_a_contraction(game: NormalFormGame, share: float) -> None:
    """Below the bound, repeated logit responses from two corners meet at the answer."""
    logit = logit_game(game)
    bound = unique_below(logit) / logit.unit
    precision = min(share * bound, 50.0)
    solution = quantal(game, precision)
    assert solution.status is Status.COMPLETE
    for corner in (0, -1):
        profile = [np.eye(size)[corner] for size in game.shape]
        for _ in range(200):
            replies = []
            for who in range(game.n_players):
                logs = precision * values(game, profile, who)
                replies.append(np.exp(logs - logsumexp(logs)))
            profile = replies
        for own, other in zip(profile, solution.equilibria[0].profile, strict=True):
            assert own == pytest.approx(other, abs=1e-6)


# What must not change the answer


@SETTINGS
@given(GAMES, st.sampled_from([1e9, 1e-9, 3.0]), st.data())
def test_units_and_offsets(game: NormalFormGame, scale: float, data: st.DataObject) -> None:
    factor = Fraction(scale)
    offsets = [data.draw(st.integers(-(10**9), 10**9)) for _ in game.players]
    other = NormalFormGame(
        [
            np.array([factor * v + b for v in own.flat], dtype=object).reshape(own.shape)
            for own, b in zip(game.exact_payoffs, offsets, strict=True)
        ]
    )
    for precision in (0.5, 2.0):
        first, second = quantal(game, precision), quantal(other, precision / scale)
        for own, same in zip(
            first.equilibria[0].profile, second.equilibria[0].profile, strict=True
        ):
            assert own == pytest.approx(same, abs=1e-7)


@SETTINGS
@given(GAMES, st.data())
def test_relabelling(game: NormalFormGame, data: st.DataObject) -> None:
    orders = [data.draw(st.permutations(range(size))) for size in game.shape]
    shuffled = NormalFormGame([own[np.ix_(*orders)] for own in game.exact_payoffs])
    eq, other = only(quantal(game, 0.8)), only(quantal(shuffled, 0.8))
    for own, same, order in zip(eq.profile, other.profile, orders, strict=True):
        assert [own[k] for k in order] == pytest.approx(same, abs=1e-8)


def test_swapping_the_players() -> None:
    rng = np.random.default_rng(2)
    for _ in range(10):
        a, b = rng.integers(-4, 5, (2, 3, 4))
        eq = only(quantal(NormalFormGame.from_bimatrix(a, b), 1.1))
        (other,) = quantal(NormalFormGame.from_bimatrix(b.T, a.T), 1.1).equilibria
        assert eq.profile[0] == pytest.approx(other.profile[1], abs=1e-8)


# Ends


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (10, 10), (2, 2, 2), (3, 3, 3)])
def test_whole_branches_of_random_games(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(6)
    certified = 0
    for _ in range(12):
        game = NormalFormGame([rng.random(shape) for _ in shape])
        path = quantal_path(game)
        check_path(path)
        assert path.status is Status.PARTIAL
        assert path.regret[-1].max() <= 1e-8
        assert path.branch_points == ()
        late = path.regret.max(axis=1)[-4:]
        assert (np.diff(late) < 0).all()
        limit = path.limit
        if limit is not None:
            certified += 1
            assert max(limit.regret) <= 1e-15
            last = [own[-1] for own in path.profiles]
            for own, near in zip(limit.profile, last, strict=True):
                assert own == pytest.approx(near, abs=1e-3)
            if len(shape) == 2 and max(shape) < 5:
                assert any(
                    all(
                        float(p) == pytest.approx(float(q), abs=1e-12)
                        for own, near in zip(eq.profile, limit.profile, strict=True)
                        for p, q in zip(own, near, strict=True)
                    )
                    for eq in nash(game).equilibria
                )
    assert certified >= (12 if len(shape) == 2 else 6)


def test_an_irrational_limit_is_not_claimed() -> None:
    """Two of three players' indifference conditions are then not linear."""
    rng = np.random.default_rng(0)
    found = 0
    for _ in range(60):
        game = NormalFormGame(rng.integers(-9, 10, (3, 2, 2, 2)))
        path = quantal_path(game)
        if all(0.05 < own[-1][0] < 0.95 for own in path.profiles) and path.regret[-1].max() < 1e-5:
            limit = path.limit
            found += limit is None
            assert limit is None or not any(limit.regret)
    assert found


def test_very_large_precision() -> None:
    for game in (PENNIES, LOOP, NINE_EQUILIBRIA, COORDINATION):
        eq = only(quantal(game, 1e6))
        assert eq.residual <= 1e-7
        assert max(eq.regret) <= 1e-5
    huge = NormalFormGame.from_bimatrix([[3e9, 0], [5e9, 1e9]], [[3e9, 5e9], [0, 1e9]])
    eq = only(quantal(huge, 1e6))
    assert eq.profile == ((0.0, 1.0), (0.0, 1.0))
    far = NormalFormGame.from_bimatrix([[1e300, -1e308], [0, 1e308]], [[1, 0], [0, 1]])
    # Player 1's second strategy is better by far; player 2 then gains 1 by its own second.
    assert only(quantal(far, 1.0)).profile[0] == (0, 1)
    assert only(quantal(far, 1.0)).profile[1] == pytest.approx((expit(-1), expit(1)), rel=1e-12)
    stag_hunt = NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]])
    assert only(quantal(stag_hunt, 1e300)).profile == ((0, 1), (0, 1))
    assert only(quantal(far, 1e-307)).residual <= 1e-9


def test_players_of_different_units() -> None:
    game = NormalFormGame.from_bimatrix([[2e9, 0], [0, 1e9]], [[1, 0], [0, 2]])
    path = quantal_path(game)
    check_path(path)
    assert path.limit is not None
    assert path.regret[-1, 1] <= 2e-8


def test_indifferent_players() -> None:
    flat = NormalFormGame(np.zeros((2, 2, 3), dtype=int))
    solution = quantal(flat, 5)
    assert solution.status is Status.COMPLETE
    assert solution.equilibria[0].profile[1] == pytest.approx([1 / 3] * 3)
    path = quantal_path(flat)
    assert len(path) == 1
    assert isinstance(path.limit, Equilibrium)


def test_the_path_ends_where_it_is_asked_to() -> None:
    path = quantal_path(PENNIES, max_precision=3)
    assert path.precision[-1] == 3
    assert path.parameters == {"max_precision": 3.0}
    (eq,) = path.at(3)
    assert eq.profile == quantal(PENNIES, 3).equilibria[0].profile
    assert not path.precision.flags.writeable
    with pytest.raises(ParameterError, match="must lie on the traced part"):
        path.at(3.1)
    loose, tight = (quantal_path(PENNIES, max_regret=r) for r in (1e-2, 1e-6))
    assert len(loose) < len(tight)
    assert 1e-6 < loose.regret[-1].max() / 9 <= 1e-2
    assert len(quantal_path(PENNIES, max_precision=0)) == 1
    assert "points from precision 0 to 3" in str(path)


# Bad arguments


@pytest.mark.parametrize("precision", [-1, -1e-9, math.nan, math.inf, "2", None, True, 1j, 10**400])
def test_bad_precision(precision: Any) -> None:
    with pytest.raises(ParameterError, match="`precision` must be"):
        quantal(PENNIES, precision)
    if precision is not None:
        with pytest.raises(ParameterError, match="`max_precision` must be"):
            quantal_path(PENNIES, max_precision=precision)
    with pytest.raises(ParameterError, match="`precision` must be"):
        quantal_path(PENNIES, max_precision=1).at(precision)


def test_other_bad_arguments() -> None:
    with pytest.raises(ParameterError, match="`max_regret` must be positive"):
        quantal_path(PENNIES, max_regret=0)
    with pytest.raises(GameError, match="must be a NormalFormGame"):
        quantal([[1]], 1)  # type: ignore[arg-type]
    wide = np.zeros((1, 3000))
    with pytest.raises(WorkLimitError, match="1 x 3000 game needs about"):
        quantal_path(NormalFormGame.from_bimatrix(wide, wide))


def test_fractions_are_numbers() -> None:
    assert quantal(PENNIES, Fraction(1, 2)).equilibria == quantal(PENNIES, 0.5).equilibria
    assert quantal(PENNIES, np.float64(0.5)).equilibria == quantal(PENNIES, 0.5).equilibria


# What referees found


def test_payoffs_that_no_unit_holds_are_refused() -> None:
    apart = NormalFormGame.from_bimatrix([[9e-200, 0], [0, 1e-200]], [[0, 1e200], [1e200, 0]])
    tiny = Fraction(1, 10**400)
    small = NormalFormGame.from_bimatrix([[tiny, 0], [0, 2 * tiny]], [[1, 0], [0, 1]])
    for game in (apart, small):
        for solver in (quantal_path, lambda g: quantal(g, 1)):
            with pytest.raises(WorkLimitError, match=r"player_1.*floats"):
                solver(game)
    assert quantal_path(NormalFormGame.from_bimatrix([[1e-200, 1e-200]] * 2, apart.payoffs[1]))


def test_differences_are_held_for_each_player() -> None:
    """Large payoffs of one player must not hide that another's are nearly equal."""
    offset = 10**15
    near = [[offset + Fraction(1, 3), offset], [offset, offset + Fraction(1, 7)]]
    plain = [[Fraction(1, 3), 0], [0, Fraction(1, 7)]]
    other = [[0, 10**15], [10**15, 0]]
    ends = [
        quantal(NormalFormGame.from_bimatrix(table, other), 1e-15).equilibria[0].profile
        for table in (near, plain)
    ]
    gains = [
        logit_game(NormalFormGame.from_bimatrix(table, other)).gains for table in (near, plain)
    ]
    assert gains[0] == pytest.approx(gains[1], rel=1e-15, abs=0)
    assert ends[0] == ends[1]


def test_precision_beyond_the_range_of_floats() -> None:
    k = 1e-300
    game = NormalFormGame.from_bimatrix([[9 * k / 10, 0], [0, k / 10]], [[0, k / 10], [k / 10, 0]])
    path = quantal_path(game)
    assert path.status is Status.LIMIT
    assert np.isfinite(path.precision).all()
    assert "precision" in path.message
    assert path.residual.max() <= 1e-6


def test_where_floats_end_a_branch() -> None:
    path = quantal_path(PENNIES, max_regret=1e-12)
    assert path.status is Status.LIMIT
    assert "rounding" in path.message
    assert path.message in str(path)
    assert path.residual.max() <= 1e-6
    assert path.limit is not None
    check_path(path, 1e-6)
    assert quantal_path(PENNIES).message.startswith("The branch was followed to the end")
    far = quantal_path(PENNIES, max_precision=1e15)
    assert far.status is Status.LIMIT
    assert far.precision[-1] < 1e15
    solution = quantal(PENNIES, 1e15)
    assert solution.status is Status.FAILED
    assert solution.equilibria == ()
    end = f"{far.precision[-1]:.6g}"[:5]
    for part in ("rounding hides it", f"ended at precision {end}", "ask for less", ".limit"):
        assert part in str(solution)


@pytest.mark.parametrize("precision", [Decimal("0.5"), Fraction(1, 2), np.float32(0.5)])
def test_precision_of_any_kind(precision: Any) -> None:
    assert quantal(PENNIES, precision).equilibria == quantal(PENNIES, 0.5).equilibria
    path = quantal_path(PENNIES, max_precision=precision)
    assert path.parameters == {"max_precision": 0.5}
    assert path.at(precision) == path.at(0.5)
    bad: Any
    for bad in (Decimal("nan"), Decimal("sNaN"), Decimal("inf"), Decimal("1e400")):
        with pytest.raises(ParameterError, match="`precision` must be"):
            quantal(PENNIES, bad)


@pytest.mark.parametrize("regret", [0, -1, math.nan, math.inf, "1", True, Fraction(1, 10**400)])
def test_bad_regret(regret: Any) -> None:
    with pytest.raises(ParameterError, match="`max_regret` must be"):
        quantal_path(PENNIES, max_regret=regret)


def test_one_end_only() -> None:
    with pytest.raises(ParameterError, match=r"`max_precision`.*`max_regret`.*leave one out"):
        quantal_path(PENNIES, max_precision=3, max_regret=1e-3)
    decimal: Any = Decimal("1e-3")
    assert quantal_path(PENNIES, max_regret=decimal).parameters == {"max_regret": 1e-3}
    assert quantal_path(PENNIES).parameters == {"max_regret": 1e-8}


def test_regret_beyond_the_range_of_floats() -> None:
    column = [[1e308]] + [[-1e308]] * 30
    path = quantal_path(NormalFormGame.from_bimatrix(column, np.zeros((31, 1))), max_precision=0)
    assert path.regret[0, 0] == math.inf
    assert path.payoffs[0, 0] == pytest.approx(-29 / 31 * 1e308, rel=1e-9)


# Branches that turn within a small share of their precision: in plain units needles' points.
NEEDLES = {
    (4421.69, 82.95): [
        [[[-1, 2, -1], [1, 2, -1]], [[1, 1, -1], [-1, 1, 0]]],
        [[[0, 0, 2], [0, 1, 2]], [[2, 1, -2], [2, -2, 2]]],
        [[[-1, -1, 1], [0, -1, -2]], [[-2, -1, -2], [-1, 2, -2]]],
    ],
    (805.94, 253.96): [
        [[[[-1, -1], [-1, 0]], [[1, 1], [-1, 0]]], [[[0, 1], [0, 1]], [[1, 1], [0, -1]]]],
        [[[[-1, 1], [0, 1]], [[0, 0], [1, 1]]], [[[-1, -1], [1, -1]], [[-1, -1], [-1, 1]]]],
        [[[[-1, 0], [1, -1]], [[1, 1], [1, -1]]], [[[1, -1], [-1, -1]], [[-1, -1], [-1, 0]]]],
        [[[[0, -1], [-1, 0]], [[-1, -1], [1, 1]]], [[[0, 0], [-1, 0]], [[-1, -1], [0, 0]]]],
    ],
}


def check_branch(path: QuantalPath, rng: np.random.Generator) -> None:
    """What holds of every branch, whatever the game."""
    logit = path._logit
    unique = path._points[:, -1] < unique_below(logit) * (1 - 1e-9)
    assert (np.diff(unique.astype(int)) <= 0).all()  # it never returns where play is unique
    assert (np.diff(path.precision[unique]) > 0).all()
    assert (np.abs(np.diff(path._points, axis=0)).max(axis=1) > 0).all()
    assert path.residual.max() <= 1e-6
    assert logit.trusted(path._points, path._tangents, turns_of(path)) == len(path)
    if path.status is not Status.PARTIAL:
        assert path.status is Status.LIMIT
        assert path.regret[-1].max() <= 1e-3 * np.ptp(path.game.payoffs)
        return
    ranges = np.array([np.ptp(own) for own in path.game.payoffs])
    assert (path.regret[-1] <= 1e-8 * ranges + 1e-15).all()
    assert len(path.turning_points) % 2 == 0
    end = float(path.precision[-1])
    asked = [*rng.uniform(0, end, 2), end ** rng.uniform(0, 1), *path.branch_points]
    if path.turning_points:
        low, high = min(path.turning_points), max(path.turning_points)
        asked += [rng.uniform(low, high), low + 1e-6 * (high - low), high - 1e-6 * (high - low)]
    for precision in asked:
        if precision > end:
            continue
        found = path.at(precision)
        assert len(found) % 2 == 1  # it comes from below and leaves upwards
        assert len(found) == 1 or path.turning_points
        flat = [np.concatenate([np.asarray(own, float) for own in eq.profile]) for eq in found]
        assert all(np.abs(a - b).max() > 1e-9 for a, b in itertools.combinations(flat, 2))


def turns_of(path: QuantalPath) -> np.ndarray:
    places = np.searchsorted(path.precision, ()).tolist()
    for value in path.turning_points:
        places.append(int(np.flatnonzero(path.precision == value)[0]))
    return np.array(places, dtype=np.int64)


def check_random_branches(count: int, seed: int) -> int:
    """Trace games of small integers, in which ties and near ties abound."""
    rng = np.random.default_rng(seed)
    ended = 0
    for k in range(count):
        players = int(rng.choice([2, 3, 3, 4]))
        shape = tuple(rng.integers(2, 4 if players < 4 else 3, players).tolist())
        low, high = [(0, 2), (-1, 2), (-2, 3)][k % 3]
        path = quantal_path(NormalFormGame(rng.integers(low, high, (players, *shape))))
        check_branch(path, rng)
        ended += path.status is not Status.PARTIAL
    return ended


def test_random_branches() -> None:
    assert check_random_branches(250, 0) <= 3


@pytest.mark.slow
def test_many_random_branches() -> None:
    assert check_random_branches(6000, 1) <= 30  # where payoffs tie so that rounding decides


@pytest.mark.parametrize("turns", list(NEEDLES))
def test_a_needle_is_followed_round(turns: tuple[float, float]) -> None:
    game = NormalFormGame(NEEDLES[turns])
    path = quantal_path(game)
    check_path(path)
    check_branch(path, np.random.default_rng(0))
    assert path.status is Status.PARTIAL
    assert path.turning_points == pytest.approx(turns, rel=1e-4)
    assert path.branch_points == ()
    assert len(path.at(1)) == 1
    assert len(path.at(math.sqrt(math.prod(turns)))) == 3
    for share in (0.99, 1.01, 2.0):  # across the turn, beyond which the branch comes back
        eq = only(quantal(game, share * turns[0]))
        assert residual(game, eq.profile, eq.precision) <= 1e-9


def walks_back(found: Any, when: Any) -> Any:
    """The kernel's answer as if the trace had turned round half way and walked home."""

    def trace(*arguments: Any) -> Any:
        ended, points, tangents, turns, branches = found(*arguments)
        if not when(arguments[-1]):
            return ended, points, tangents, turns, branches
        half = len(points) // 2
        back = np.concatenate([points[: half + 1], points[half - 1 :: -1]])
        along = np.concatenate([tangents[: half + 1], -tangents[half - 1 :: -1]])
        return ended, back, along, np.array([half]), branches[:0]

    return trace


def test_a_retrace_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    from alignment_games.solvers._kernels import quantal as trace_kernel

    found = trace_kernel.trace
    whole = quantal_path(PENNIES)
    monkeypatch.setattr(trace_kernel, "trace", walks_back(found, lambda care: care == 1))
    again = quantal_path(PENNIES)  # with more care it goes well
    assert again.status is Status.PARTIAL
    assert again.limit == whole.limit
    monkeypatch.setattr(trace_kernel, "trace", walks_back(found, lambda _: True))
    path = quantal_path(PENNIES)
    assert path.status is Status.LIMIT
    assert "last trustworthy point" in str(path)
    assert len(path) > 1
    assert path.precision[-1] < whole.precision[-1] / 2
    assert (np.diff(path.precision) > 0).all()
    solution = quantal(PENNIES, 1e5)
    assert solution.status is Status.FAILED
    assert "last trustworthy point" in str(solution)


KNIFE_EDGES = [
    *((np.eye(size, dtype=int).tolist(), size) for size in range(2, 6)),
    ([[3, 0], [2, 1]], 2),
    ([[1, 1], [3, -1]], 1),
]


@pytest.mark.parametrize(("rows", "edge"), KNIFE_EDGES)
def test_exactly_where_branches_cross(rows: list[list[int]], edge: int) -> None:
    """All play evenly along these symmetric branches, at the crossing too."""
    table = np.array(rows)
    game = NormalFormGame.from_bimatrix(table, table.T)
    even = [[1 / len(rows)] * len(rows)] * 2
    assert residual(game, even, edge) <= 1e-15
    for precision in (edge, edge * (1 + 1e-12), edge * (1 - 1e-9), edge * (1 + 1e-6)):
        path = quantal_path(game, max_precision=precision)
        assert path.status is Status.PARTIAL
        assert path.precision[-1] == precision
        (first,) = path.at(precision)
        (second,) = quantal_path(game, max_precision=2 * edge).at(precision)
        for eq in (first, second, only(quantal(game, precision))):
            for own in eq.profile:
                assert own == pytest.approx(even[0], abs=1e-9)
    assert quantal_path(game, max_precision=edge).branch_points == pytest.approx([edge], rel=1e-5)


def test_a_crossing_away_from_even_play() -> None:
    table = np.array([[2, 0, 1], [0, 2, 1], [0, 0, 0]])  # the third is worse by 1 on average
    game = NormalFormGame.from_bimatrix(table, table.T)
    path = quantal_path(game)
    (edge,) = path.branch_points
    for precision in edge * np.linspace(1 - 1e-6, 1 + 1e-6, 21):
        third = expit(-precision - math.log(2))
        wanted = ((1 - third) / 2, (1 - third) / 2, third)
        (eq,) = path.at(precision)
        for own in (*eq.profile, *only(quantal(game, precision)).profile):
            # So near, rounding moves play along the other branch by more than itself.
            assert own == pytest.approx(wanted, abs=1e-7)
        assert eq.residual <= 1e-12


def test_a_crossing_whose_orientation_is_rounding() -> None:
    """Two singular values vanish at once, and the determinant's sign near it is noise."""
    game = NormalFormGame(
        [
            [[[[1, 1], [1, 1]], [[0, 1], [1, 0]]], [[[0, 1], [1, 1]], [[1, 1], [0, 0]]]],
            [[[[1, 1], [1, 1]], [[1, 1], [1, 1]]], [[[0, 0], [1, 0]], [[0, 0], [1, 0]]]],
            [[[[1, 1], [0, 0]], [[0, 0], [1, 1]]], [[[1, 1], [0, 1]], [[0, 1], [0, 1]]]],
            [[[[0, 1], [0, 0]], [[1, 0], [1, 1]]], [[[1, 0], [0, 1]], [[0, 1], [1, 1]]]],
        ]
    )
    path = quantal_path(game)
    assert path.branch_points == pytest.approx([53.896], abs=1e-3)
    assert np.abs(path.profiles[1] - 0.5).max() < 1e-6  # straight on, by symmetry
    assert path.profiles[0] == pytest.approx(path.profiles[2], abs=1e-6)


def test_the_first_place_is_before_the_turn() -> None:
    """A step over the turn may end below a precision that it has reached."""
    path = quantal_path(LOOP)
    upper, lower = path.turning_points
    for share in [0.0, 1e-12, *np.geomspace(1e-9, 0.5, 30)]:
        precision = upper - share * (upper - lower)
        eq = only(quantal(LOOP, precision))
        first = path.at(precision)[0]
        assert eq.profile[0][0] == pytest.approx(first.profile[0][0], abs=1e-7)
        ended = quantal_path(LOOP, max_precision=precision)
        assert ended.precision[-1] == precision
        assert ended.precision.argmax() == len(ended) - 1
        assert ended.turning_points == ((upper,) if share == 0 else ())
