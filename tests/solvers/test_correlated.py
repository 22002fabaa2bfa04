"""Correlated equilibria: proofs of optimality replayed, extreme points by brute force."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ProfileError, WorkLimitError
from alignment_games.solvers import (
    CorrelatedPlay,
    CorrelatedSolution,
    Status,
    coarse_correlated,
    correlated,
    correlated_payoffs,
    nash,
    verify_correlated,
)
from alignment_games.solvers._double_description import extreme_rays
from alignment_games.solvers._obedience import constraints, program
from alignment_games.testing import degenerate_games, games

SETTINGS = settings(max_examples=50, deadline=None)
SMALL = games(max_players=3, payoffs=st.integers(-3, 3))
TWO_PLAYERS = games() | degenerate_games()
WEIGHTS = st.integers(-3, 3) | st.fractions(-2, 2, max_denominator=5)
SOLVERS = {False: correlated, True: coarse_correlated}

# Aumann's game of the chicken type.
AUMANN = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])


def gains(game: NormalFormGame, *, coarse: bool) -> dict[Any, list[Fraction]]:
    """What obeying gains at each profile, by constraint, written out from the definition."""
    found: dict[Any, list[Fraction]] = {}
    for who, names in enumerate(game.strategies):
        for told, other in itertools.product([None] if coarse else names, names):
            if told == other:
                continue
            row = []
            for s in game.profiles():
                instead = (*s[:who], names.index(other), *s[who + 1 :])
                gain = game.exact_payoffs[(who, *s)] - game.exact_payoffs[(who, *instead)]
                row.append(gain if told is None or names[s[who]] == told else Fraction(0))
            found[game.players[who], told, other] = row
    return found


def vector(play: CorrelatedPlay) -> list[Fraction]:
    return [Fraction(play.probability(*s)) for s in play.game.profiles()]


def dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def check_play(play: CorrelatedPlay) -> None:
    """An equilibrium, by the definition alone; its regret and payoffs are what is said."""
    x = vector(play)
    assert sum(x) == 1
    assert min(x) >= 0
    assert play.is_equilibrium
    for who, value in enumerate(play.payoffs):
        assert value == dot(play.game.exact_payoffs[who].flat, x)
    largest = None
    for (player, told, other), row in gains(play.game, coarse=play.coarse).items():
        assert dot(row, x) >= 0
        if told is None or any(
            p for s, p in zip(play.game.profiles(), x, strict=True)
            if play.game.strategies[play.game.players.index(player)][
                s[play.game.players.index(player)]
            ] == told
        ):  # fmt: skip
            gain = -dot(row, x)
            largest = gain if largest is None else max(gain, largest)
        assert other
    assert (play.temptation.gain if play.temptation else None) == largest


def check_optimum(solution: CorrelatedSolution, weights: Sequence[Any]) -> None:
    """Weak duality by the multipliers, with equality: nothing of the solver is believed."""
    (play,) = solution.equilibria
    check_play(play)
    sign = 1 if solution.parameters["select"] == "best" else -1
    rows = gains(solution.game, coarse=play.coarse)
    assert all(price > 0 for price in solution.multipliers.values())
    assert set(solution.multipliers) <= set(rows)
    totals = [
        sum(w * own[s] for w, own in zip(weights, solution.game.exact_payoffs, strict=True))
        for s in solution.game.profiles()
    ]
    bound = max(
        sign * total + sum(price * rows[key][k] for key, price in solution.multipliers.items())
        for k, total in enumerate(totals)
    )
    assert sign * bound == solution.bound == solution.value == dot(totals, vector(play))


def solve(system: list[list[Fraction]]) -> list[Fraction] | None:
    """The solution of a square system with its right side last; None if it is singular."""
    rows = [row[:] for row in system]
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for r, row in enumerate(rows):
            if r != k and row[k]:
                rows[r] = [a - row[k] * b for a, b in zip(row, rows[k], strict=True)]
    return [row[-1] for row in rows]


def extreme_by_brute_force(rows: list[list[Fraction]], size: int) -> set[tuple[Fraction, ...]]:
    """Feasible solutions of every square choice of tight constraints."""
    sides = [[Fraction(int(s == k)) for s in range(size)] for k in range(size)] + rows
    found = set()
    for chosen in itertools.combinations(sides, size - 1):
        x = solve([*([*row, Fraction(0)] for row in chosen), [Fraction(1)] * (size + 1)])
        if x is not None and all(dot(side, x) >= 0 for side in sides):
            found.add(tuple(x))
    return found


# Optima


def test_aumann_game() -> None:
    """Aumann (1974): (6, 6), (2, 7), (7, 2) in thirds pay 5 each, outside Nash's triangle."""
    third = dict.fromkeys([("s1", "s1"), ("s1", "s2"), ("s2", "s1")], Fraction(1, 3))
    play = verify_correlated(AUMANN, third)
    check_play(play)
    assert play.payoffs == (5, 5)
    best = correlated(AUMANN)
    check_optimum(best, (1, 1))
    # By hand: told s1, the other may play s2 at most as often as half of s1: 2x + x + x = 1.
    assert best.value == Fraction(21, 2)
    assert best.equilibria[0].distribution == {
        ("s1", "s1"): Fraction(1, 2), ("s1", "s2"): Fraction(1, 4), ("s2", "s1"): Fraction(1, 4),
    }  # fmt: skip
    assert best.status is Status.PARTIAL
    assert "none is better" in str(best)
    assert best.max_regret == 0


@pytest.mark.parametrize("coarse", [False, True])
@SETTINGS
@given(game=SMALL, data=st.data())
def test_optima_are_proved(coarse: bool, game: NormalFormGame, data: st.DataObject) -> None:
    weights = [data.draw(WEIGHTS) for _ in game.players]
    best = SOLVERS[coarse](game, "best", weights=weights)
    worst = SOLVERS[coarse](game, "worst", weights=weights)
    check_optimum(best, weights)
    check_optimum(worst, weights)
    assert worst.value is not None
    assert best.value is not None
    assert worst.value <= best.value
    opposite = SOLVERS[coarse](game, "worst", weights=[-w for w in weights])
    assert opposite.value == -best.value


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("shape", [(6, 7), (3, 3, 3), (9, 9), (2, 2, 2, 2)])
def test_larger_games_are_proved(shape: tuple[int, ...], coarse: bool) -> None:
    rng = np.random.default_rng(3)
    for spread in (1, 50):
        game = NormalFormGame(rng.integers(-spread, spread + 1, (len(shape), *shape)))
        check_optimum(SOLVERS[coarse](game), [1] * len(shape))
        check_optimum(SOLVERS[coarse](game, "worst"), [1] * len(shape))


@pytest.mark.parametrize("coarse", [False, True])
def test_the_floating_and_the_exact_program_agree(coarse: bool) -> None:
    rng = np.random.default_rng(8)
    for k in range(20):
        game = NormalFormGame(rng.integers(-2, 3, (2, 3, 4)))
        bounds = constraints(game, coarse=coarse)
        ready = program(bounds, 12)
        objective = rng.integers(-9, 10, 12).tolist()
        point, _ = ready.maximize(objective)
        floating = ready._by_floats(objective)
        if floating is None:  # rounding left no basis that can be certified
            continue
        assert dot(objective, floating[0]) == dot(objective, point), k


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_equilibria_of_nash_are_members(game: NormalFormGame, data: st.DataObject) -> None:
    """And the best correlated equilibrium is no worse, the best coarse one no worse than that."""
    weights = [data.draw(WEIGHTS) for _ in game.players]
    best = correlated(game, weights=weights).value
    loose = coarse_correlated(game, weights=weights).value
    assert best is not None
    assert loose is not None
    assert best <= loose
    rows = gains(game, coarse=False)
    trivial = not any(any(row) for row in rows.values())
    for eq in nash(game).equilibria:
        play = verify_correlated(game, eq)
        check_play(play)
        assert verify_correlated(game, eq, coarse=True).is_equilibrium
        assert play.payoffs == eq.payoffs
        assert dot(weights, eq.payoffs) <= best
        # Nau, Gomez Canovas and Hansen (2004), doi:10.1007/s001820300162: on the boundary.
        x = vector(play)
        tight = any(any(row) and dot(row, x) == 0 for row in rows.values())
        assert trivial or tight or 0 in x


@SETTINGS
@given(games(payoffs=st.integers(-5, 5)))
def test_zero_sum_games_have_one_payoff(game: NormalFormGame) -> None:
    own = game.exact_payoffs[0]
    zero_sum = NormalFormGame([own, -own])
    value = nash(zero_sum).equilibria[0].payoffs
    for coarse in (False, True):
        polygon = correlated_payoffs(zero_sum, coarse=coarse)
        assert polygon.vertices == (value,)
        assert polygon.dimension == 0


# Extreme points


@pytest.mark.parametrize("coarse", [False, True])
@settings(max_examples=25, deadline=None)
@given(game=games(max_strategies=2, payoffs=st.integers(-2, 2)))
def test_extreme_points_are_all_found(coarse: bool, game: NormalFormGame) -> None:
    solution = SOLVERS[coarse](game, "extreme")
    for play in solution.equilibria:
        check_play(play)
    points = [tuple(vector(play)) for play in solution.equilibria]
    assert len(set(points)) == len(points)
    rows = list(gains(game, coarse=coarse).values())
    assert set(points) == extreme_by_brute_force(rows, math.prod(game.shape))
    assert solution.status is Status.COMPLETE
    assert "All extreme" in str(solution)


def test_extreme_points_of_two_by_three_games() -> None:
    rng = np.random.default_rng(1)
    for _ in range(3):
        game = NormalFormGame(rng.integers(-2, 3, (2, 2, 3)))
        for coarse in (False, True):
            points = {tuple(vector(p)) for p in SOLVERS[coarse](game, "extreme").equilibria}
            rows = list(gains(game, coarse=coarse).values())
            assert points == extreme_by_brute_force(rows, 6)


@pytest.mark.parametrize("coarse", [False, True])
@settings(max_examples=30, deadline=None)
@given(game=games(max_players=3, max_strategies=2, payoffs=st.integers(-3, 3)), data=st.data())
def test_the_optimum_is_that_of_the_extreme_points(
    coarse: bool, game: NormalFormGame, data: st.DataObject
) -> None:
    weights = [data.draw(WEIGHTS) for _ in game.players]
    plays = SOLVERS[coarse](game, "extreme").equilibria
    values = [dot(weights, play.payoffs) for play in plays]
    assert SOLVERS[coarse](game, weights=weights).value == max(values)
    assert SOLVERS[coarse](game, "worst", weights=weights).value == min(values)


def test_rays_of_cones_with_many_inequalities() -> None:
    rng = np.random.default_rng(2)
    table = rng.integers(-30, 31, (66, 3))
    table[table.sum(axis=1) < 0] *= -1  # so that mixing evenly satisfies all
    rows = table.tolist()
    found = {tuple(Fraction(v, sum(ray)) for v in ray) for ray in extreme_rays(rows, 3)}
    assert len(found) > 2
    assert found == extreme_by_brute_force([list(map(Fraction, row)) for row in rows], 3)
    assert extreme_rays([[-1, -1]], 2) == []


# The polygon


@pytest.mark.parametrize("coarse", [False, True])
@SETTINGS
@given(game=games(max_strategies=2, payoffs=st.integers(-3, 3)) | games(max_strategies=3))
def test_the_polygon_is_the_hull_of_the_payoffs(coarse: bool, game: NormalFormGame) -> None:
    polygon = correlated_payoffs(game, coarse=coarse)
    corners = polygon.vertices
    assert corners[0] == min(corners)
    for play, corner in zip(polygon.equilibria, corners, strict=True):
        check_play(play)
        assert play.payoffs == corner
    if len(corners) > 2:
        for a, b, c in zip(
            corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True
        ):
            assert (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])
    for k, a in enumerate(corners):  # no equilibrium lies beyond an edge
        b = corners[(k + 1) % len(corners)]
        outward = (b[1] - a[1], a[0] - b[0])
        assert SOLVERS[coarse](game, weights=outward).value == dot(outward, a)
    if math.prod(game.shape) <= 4:
        for play in SOLVERS[coarse](game, "extreme").equilibria:
            assert all(
                (b[0] - a[0]) * (play.payoffs[1] - a[1]) >= (b[1] - a[1]) * (play.payoffs[0] - a[0])
                for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
            )


def test_polygon_of_the_aumann_game() -> None:
    polygon = correlated_payoffs(AUMANN)
    assert polygon.vertices == (
        (2, 7), (Fraction(18, 5), Fraction(18, 5)), (7, 2), (Fraction(21, 4), Fraction(21, 4)),
    )  # fmt: skip
    assert polygon.dimension == 2
    coordination = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    assert correlated_payoffs(coordination).dimension == 1


# Invariances


@SETTINGS
@given(SMALL, st.data())
def test_units_of_payoffs_do_not_matter(game: NormalFormGame, data: st.DataObject) -> None:
    scales = [Fraction(10**9), Fraction(1, 10**9), Fraction(7, 3)]
    maps = [
        (data.draw(st.sampled_from(scales)), data.draw(st.integers(-(10**9), 10**9)))
        for _ in game.players
    ]
    other = NormalFormGame(
        [
            np.array([a * v + b for v in own.flat], dtype=object).reshape(own.shape)
            for own, (a, b) in zip(game.exact_payoffs, maps, strict=True)
        ]
    )
    weights = [data.draw(WEIGHTS) for _ in game.players]
    plain = correlated(game, weights=weights)
    scaled = correlated(other, weights=[w / a for w, (a, _) in zip(weights, maps, strict=True)])
    check_optimum(scaled, scaled.parameters["weights"])  # type: ignore[arg-type]
    assert plain.value is not None
    assert scaled.value == plain.value + sum(
        w * b / a for w, (a, b) in zip(weights, maps, strict=True)
    )


@pytest.mark.parametrize("scale", [1e9, 1.0, 1e-9])
def test_floats_of_any_scale(scale: float) -> None:
    game = NormalFormGame.from_bimatrix(
        [[6 * scale, 2 * scale], [7 * scale, 0.0]], [[6 * scale, 7 * scale], [2 * scale, 0.0]]
    )
    solution = correlated(game)
    assert not solution.exact
    assert solution.equilibria[0].distribution[("s1", "s1")] == 0.5
    assert solution.value == pytest.approx(10.5 * scale, rel=1e-12)
    assert solution.max_regret == 0
    assert isinstance(correlated(game, exact=True).value, Fraction)
    assert isinstance(correlated(AUMANN, exact=False).value, float)


@SETTINGS
@given(SMALL, st.data())
def test_relabelling(game: NormalFormGame, data: st.DataObject) -> None:
    orders = [data.draw(st.permutations(range(size))) for size in game.shape]
    shuffled = NormalFormGame(
        [own[np.ix_(*orders)] for own in game.exact_payoffs],
        strategies=[
            [names[k] for k in order] for names, order in zip(game.strategies, orders, strict=True)
        ],
    )
    for select in ("best", "worst"):
        assert correlated(game, select).value == correlated(shuffled, select).value
    if math.prod(game.shape) <= 8:
        plain = {frozenset(p.distribution.items()) for p in correlated(game, "extreme").equilibria}
        other = correlated(shuffled, "extreme").equilibria
        assert {frozenset(p.distribution.items()) for p in other} == plain


# Membership


def test_the_violated_constraint_is_named() -> None:
    play = verify_correlated(AUMANN, {("s1", "s1"): Fraction(1, 2), ("s2", "s2"): Fraction(1, 2)})
    assert not play.is_equilibrium
    assert play.regret == (Fraction(3, 2), Fraction(3, 2))  # told s1: 1 of 2; told s2: 2 of 2
    assert play.temptation is not None
    assert (play.temptation.recommended, play.temptation.deviation) == ("s2", "s1")
    assert play.temptation.gain == 1
    assert str(play.temptation) == "player_1: s1 when told s2 gains 1"
    coarse = verify_correlated(
        AUMANN, {("s1", "s1"): Fraction(1, 2), ("s2", "s2"): Fraction(1, 2)}, coarse=True
    )
    assert coarse.regret == (1, 1)  # s1 throughout earns (6 + 2) / 2, obeying 3
    assert coarse.temptation is not None
    assert coarse.temptation.recommended is None


def test_distributions_in_all_forms() -> None:
    by_name = verify_correlated(AUMANN, {("s1", "s2"): 1})
    assert verify_correlated(AUMANN, {(0, 1): 1}) == by_name
    assert verify_correlated(AUMANN, [[0, 1], [0, 0]]) == by_name
    assert verify_correlated(AUMANN, by_name) == by_name
    assert verify_correlated(AUMANN, nash(AUMANN).equilibria[0]) == by_name
    thirds = verify_correlated(AUMANN, np.array([[1 / 3, 1 / 3], [1 / 3, 0.0]]))
    assert thirds.is_equilibrium
    assert isinstance(thirds.payoffs[0], float)
    assert by_name.probability("s1", 1) == 1
    assert by_name.probability("s2", "s2") == 0
    with pytest.raises(GameError, match="`profile` must name one strategy"):
        by_name.probability("s1")


@pytest.mark.parametrize(
    "distribution",
    [
        {("s1", "s1"): 0.5},
        {("s1", "s1"): 1.5, ("s1", "s2"): -0.5},
        {("s1", "other"): 1},
        {("s1",): 1},
        {"s1": 1},
        [[1, 0, 0], [0, 0, 0]],
        [[1, 0], [0]],
        [1, 0, 0, 0],
        "s1",
        7,
        [[float("nan"), 1], [0, 0]],
        [["a", 1], [0, 0]],
        nash(NormalFormGame([[[1]], [[1]]])).equilibria[0],
    ],
)
def test_bad_distributions(distribution: Any) -> None:
    with pytest.raises(ProfileError, match="`distribution`"):
        verify_correlated(AUMANN, distribution)


@pytest.mark.parametrize(
    "weights", [[1], [1, 2, 3], "12", 3, [1, float("inf")], [1, "x"], {"nobody": 1}]
)
def test_bad_weights(weights: Any) -> None:
    with pytest.raises(GameError, match="`weights`"):
        correlated(AUMANN, weights=weights)


def test_other_bad_arguments() -> None:
    with pytest.raises(GameError, match="`select` must be"):
        correlated(AUMANN, "median")
    with pytest.raises(GameError, match="all extreme points need none"):
        correlated(AUMANN, "extreme", weights=[1, 1])
    with pytest.raises(GameError, match="must be a NormalFormGame"):
        correlated([[1]])  # type: ignore[arg-type]
    with pytest.raises(GameError, match="two players"):
        correlated_payoffs(NormalFormGame(np.zeros((3, 1, 1, 1), dtype=int)))


def test_weights_by_name() -> None:
    names: Mapping[str, int] = {"player_2": 2}
    assert correlated(AUMANN, weights=names).value == 14
    assert correlated(AUMANN, weights=[0, 2]).parameters["weights"] == (0, 2)


def test_games_too_large_are_refused_with_an_estimate() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(WorkLimitError, match=r"too many extreme points.*up to .*e\+"):
        coarse_correlated(NormalFormGame(rng.integers(-9, 10, (2, 6, 6))), "extreme")
    zeros = np.zeros((80, 80))
    with pytest.raises(WorkLimitError, match="12640 inequalities in 6400 unknowns"):
        correlated(NormalFormGame.from_bimatrix(zeros, zeros))


def test_games_with_nothing_to_decide() -> None:
    single = NormalFormGame([[[3]], [[4]]])
    for coarse in (False, True):
        assert SOLVERS[coarse](single).value == 7
        assert len(SOLVERS[coarse](single, "extreme")) == 1
        assert correlated_payoffs(single, coarse=coarse).vertices == ((3, 4),)
    assert verify_correlated(single, [[1]]).temptation is None
    flat = NormalFormGame(np.zeros((2, 2, 2), dtype=int))
    assert len(correlated(flat, "extreme")) == 4
    alone = NormalFormGame([[1, 5, 2]])
    assert correlated(alone).equilibria[0].distribution == {("s2",): 1}


def test_it_is_cited() -> None:
    assert "10.1016/0304-4068(74)90037-8" in ag.cite(correlated(AUMANN))
    assert "10.1007/3-540-61576-8_77" in ag.cite(correlated(AUMANN, "extreme"))


# What referees found


def test_no_regret_is_rounded_away() -> None:
    game = NormalFormGame.from_bimatrix([[0, 0], [1e-200, 0]], [[1.0, 1], [1, 1]])
    play = verify_correlated(game, {("s1", "s1"): 1e-200, ("s2", "s2"): 1})
    assert play.regret == (0, 0)  # 1e-400, rounded
    assert not play.is_equilibrium
    assert verify_correlated(game, {("s2", "s2"): 1}).is_equilibrium


def test_sums_beyond_the_range_of_floats() -> None:
    huge = NormalFormGame.from_bimatrix([[1e308, 0], [0, 1e308]], [[1e308, 0], [0, 1e308]])
    best = correlated(huge)
    assert best.value == math.inf
    assert best.equilibria[0].payoffs == (1e308, 1e308)
    assert "inf" in str(best)
    assert correlated(huge, exact=True).value == 2 * 10**308
    spread = NormalFormGame.from_bimatrix([[1e300, 0], [0, 1]], [[1.0, 0], [0, 1]])
    assert correlated(spread, weights=[1e300, 1]).value == math.inf
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    for weights in ([Fraction(10**400), Fraction(1)], [Fraction(1, 3), Fraction(1)]):
        loose = correlated(game, weights=weights, exact=False)
        assert loose.parameters["weights"] == tuple(weights)  # enough to run it again
    signs = NormalFormGame.from_bimatrix(
        [[1e308, -1e308], [-1e308, 1e308]], [[-1e308, 1e308], [1e308, -1e308]]
    )
    assert verify_correlated(signs, [[1, 0], [0, 0]]).regret == (0, math.inf)


@pytest.mark.parametrize("select", [["best"], None, 3, {"best"}])
def test_selections_that_are_no_text(select: Any) -> None:
    with pytest.raises(GameError, match="`select` must be"):
        correlated(AUMANN, select)


@pytest.mark.parametrize("weights", [{1, 2}, frozenset([1, 2]), b"12", bytearray(b"12")])
def test_weights_without_an_order(weights: Any) -> None:
    with pytest.raises(GameError, match="`weights`"):
        correlated(AUMANN, weights=weights)


@pytest.mark.parametrize("flag", ["no", 0, 1, [], np.array([True])])
def test_flags_are_booleans(flag: Any) -> None:
    for solver in (correlated, coarse_correlated, correlated_payoffs):
        with pytest.raises(GameError, match="`exact` must be"):
            solver(AUMANN, exact=flag)
    with pytest.raises(GameError, match="`coarse` must be"):
        correlated_payoffs(AUMANN, coarse=flag)
    with pytest.raises(GameError, match="`coarse` must be"):
        verify_correlated(AUMANN, {("s1", "s1"): 1}, coarse=flag)


def test_flags_of_numpy() -> None:
    solution = correlated(AUMANN, exact=np.False_)  # type: ignore[arg-type]
    assert solution.exact is False
    assert solution.parameters["exact"] is False
    play = verify_correlated(AUMANN, {("s1", "s1"): 1}, coarse=np.True_)  # type: ignore[arg-type]
    assert play.coarse is True


def test_a_profile_named_twice() -> None:
    with pytest.raises(ProfileError, match=r"`distribution` names the profile .* twice"):
        verify_correlated(AUMANN, {("s1", "s1"): 1, (0, 0): 0})


def test_a_solution_is_not_a_distribution() -> None:
    for solution in (correlated(AUMANN), nash(AUMANN), correlated_payoffs(AUMANN)):
        with pytest.raises(ProfileError, match=r"`distribution`.*\.equilibria\[0\]"):
            verify_correlated(AUMANN, solution)  # type: ignore[arg-type]


def test_the_polygon_in_words() -> None:
    lines = str(correlated_payoffs(AUMANN)).splitlines()
    assert lines[0] == "correlated: payoffs form a polygon with 4 vertices."
    assert lines[1] == "  (2, 7)  s1, s2: 1"
    assert len(lines) == 5
    point = NormalFormGame([[[3]], [[4]]])
    assert str(correlated_payoffs(point, coarse=True)).startswith(
        "coarse-correlated: payoffs form a point."
    )


@pytest.mark.parametrize(("coarse", "size"), [(True, 90), (False, 40)])
def test_lists_that_would_not_fit_are_refused_at_once(coarse: bool, size: int) -> None:
    zeros = np.zeros((size, size), dtype=int)
    game = NormalFormGame.from_bimatrix(zeros, zeros)
    with pytest.raises(WorkLimitError, match=r"entries.*the polygon"):
        SOLVERS[coarse](game, "extreme")


def test_lists_that_grow_too_long_are_given_up() -> None:
    rng = np.random.default_rng(0)
    rows = rng.integers(-9, 10, (40, 40)).tolist()
    with pytest.raises(WorkLimitError, match="too many extreme points"):
        extreme_rays(rows, 40, max_work=10**8)
    with pytest.raises(WorkLimitError, match=r"too many extreme points.*entries"):
        extreme_rays(rows, 40, max_entries=80 * 60)


def test_no_polygon_is_offered_to_three_players() -> None:
    rng = np.random.default_rng(0)
    three = NormalFormGame(rng.integers(-9, 10, (3, 4, 4, 4)))
    with pytest.raises(WorkLimitError, match="best and the worst") as refused:
        coarse_correlated(three, "extreme")
    assert "polygon" not in str(refused.value)


def test_programs_that_rounding_leaves_open_are_not_left_to_pivots_without_end() -> None:
    rng = np.random.default_rng(0)
    wide = rng.random((2, 16, 16)) * 10.0 ** rng.integers(-9, 9, (2, 16, 16))
    with pytest.raises(WorkLimitError, match="could not be certified from its solution"):
        correlated(NormalFormGame(wide))


def test_what_is_certified_of_a_game_of_floats() -> None:
    """The distribution before it is rounded; the rounded one is judged as it stands."""
    game = NormalFormGame.from_bimatrix([[6, 2], [7.3, 0]], [[6, 7.3], [2, 0]])
    rounded, exact = (correlated(game, exact=e).equilibria[0] for e in (False, True))
    assert rounded.is_equilibrium
    again = verify_correlated(game, rounded)
    assert not again.is_equilibrium
    assert 0 < max(again.regret) < 1e-15
    assert verify_correlated(game, exact).is_equilibrium
