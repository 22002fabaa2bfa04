"""Stochastic games: equilibria against brute force, invariances, values against other methods."""

from __future__ import annotations

import importlib
import itertools
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError, ProfileError, WorkLimitError
from alignment_games.games import NormalFormGame, StochasticGame
from alignment_games.solvers import (
    Status,
    finite_horizon,
    markov_perfect,
    stochastic_value,
    verify_markov,
)

HALF = Fraction(1, 2)


def random_game(
    seed: int,
    shapes: list[tuple[int, ...]],
    *,
    discount: Any = Fraction(4, 5),
    high: int = 20,
    zero_sum: bool = False,
) -> StochasticGame:
    """Integer payoffs, transition probabilities with small integer weights."""
    rng = np.random.default_rng(seed)
    payoffs, moves = [], []
    for shape in shapes:
        own = rng.integers(0, high, size=(len(shape), *shape))
        if zero_sum:
            own[1] = -own[0]
        payoffs.append(own)
        weights = rng.integers(0, 4, size=(*shape, len(shapes)))
        weights[..., 0] += 1
        chances = np.empty(weights.shape, dtype=object)
        for place in np.ndindex(*weights.shape):
            total = int(weights[place[:-1]].sum())
            chances[place] = Fraction(int(weights[place]), total)
        moves.append(chances)
    return StochasticGame(payoffs, moves, discount)


def solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss-Jordan elimination on an augmented matrix."""
    size = len(rows)
    for k in range(size):
        pivot = next(r for r in range(k, size) if rows[r][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for r in range(size):
            if r != k:
                rows[r] = [a - rows[r][k] * b for a, b in zip(rows[r], rows[k], strict=True)]
    return [row[-1] for row in rows]


def pure_values(
    game: StochasticGame, plan: tuple[tuple[int, ...], ...], who: int
) -> list[Fraction]:
    factor = game.exact_discount[who]
    rows = []
    for s, profile in enumerate(plan):
        chances = game.exact_transitions[s][profile]
        row = [Fraction(int(s == t)) - factor * p for t, p in enumerate(chances)]
        rows.append([*row, game.stages[s].exact_payoffs[who][profile]])
    return solved(rows)


def brute_force(game: StochasticGame) -> set[tuple[tuple[int, ...], ...]]:
    """Pure stationary equilibria: no other pure stationary strategy is better in any state.

    Whole strategies are compared, so that the one-shot deviation principle is not assumed.
    """
    plans = list(itertools.product(*(list(stage.profiles()) for stage in game.stages)))
    values = [
        {plan: pure_values(game, plan, who) for plan in plans} for who in range(game.n_players)
    ]
    found = set()
    for plan in plans:
        stable = True
        for who in range(game.n_players):
            others = itertools.product(*(range(stage.shape[who]) for stage in game.stages))
            for other in others:
                changed = tuple(
                    (*profile[:who], k, *profile[who + 1 :])
                    for profile, k in zip(plan, other, strict=True)
                )
                if any(b > a for a, b in zip(values[who][plan], values[who][changed], strict=True)):
                    stable = False
                    break
            if not stable:
                break
        if stable:
            found.add(plan)
    return found


def plans(solution: Any) -> set[tuple[tuple[int, ...], ...]]:
    return {
        tuple(tuple(vector.index(1) for vector in own) for own in eq.strategies)
        for eq in solution.equilibria
    }


SHAPES: list[list[tuple[int, ...]]] = [
    [(2, 2)],
    [(2, 2), (2, 1)],
    [(2, 2), (2, 2), (1, 2)],
    [(3, 2), (2, 3)],
    [(2, 2, 2), (2, 1, 2)],
    [(3,), (2,), (2,)],
]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("high", [20, 3])
def test_all_pure_equilibria_are_those_of_brute_force(
    shapes: list[tuple[int, ...]], high: int
) -> None:
    """Payoffs of 0 to 2 make ties."""
    for seed in range(6):
        discount = [Fraction(9, 10), Fraction(1, 3), HALF][: len(shapes[0])]
        game = random_game(seed, shapes, high=high, discount=discount)
        solution = markov_perfect(game)
        wanted = brute_force(game)
        assert plans(solution) == wanted
        assert len(solution) == len(wanted)
        assert solution.status is (Status.COMPLETE if wanted else Status.NONE)
        assert solution.exact
        assert solution.max_gain == 0
        for eq in solution.equilibria:
            assert eq.is_pure
            assert verify_markov(game, eq) == eq.gains
            assert eq.regret == (0,) * game.n_players
            plan = tuple(tuple(v.index(1) for v in own) for own in eq.strategies)
            for who in range(game.n_players):
                assert [own[who] for own in eq.values] == pure_values(game, plan, who)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_the_logit_branch_ends_at_an_equilibrium(shapes: list[tuple[int, ...]]) -> None:
    for seed in range(6):
        game = random_game(seed, shapes)
        solution = markov_perfect(game, "logit")
        assert solution.status is Status.PARTIAL
        (eq,) = solution.equilibria
        gains = verify_markov(game, eq)
        assert gains == eq.gains
        assert max(float(g) for own in gains for g in own) < 1e-9
        assert min(float(g) for own in gains for g in own) >= 0
        if eq.is_pure:
            assert plans(solution) <= plans(markov_perfect(game))


@pytest.mark.parametrize("seed", range(8))
def test_one_state_is_the_stage_game(seed: int) -> None:
    stage = NormalFormGame(np.random.default_rng(seed).integers(0, 9, size=(2, 3, 3)))
    game = StochasticGame([stage], [np.ones((3, 3, 1), dtype=int)], Fraction(3, 4))
    profiles = {eq.strategies[0] for eq in markov_perfect(game).equilibria}
    assert profiles == {eq.profile for eq in ag.solvers.pure_nash(stage).equilibria}
    (eq,) = markov_perfect(game, "logit").equilibria
    assert max(map(float, ag.verify(stage, eq.strategies[0]))) < 1e-9
    assert [4 * float(v) for v in ag.solvers.expected_payoffs(stage, eq.strategies[0])] == (
        pytest.approx([float(v) for v in eq.values[0]])
    )


def test_a_mixed_equilibrium_with_rational_numbers_is_exact() -> None:
    game = StochasticGame(
        [[[[3, -1], [-1, 1]], [[-3, 1], [1, -1]]]], [np.ones((2, 2, 1), int)], HALF
    )
    assert markov_perfect(game).status is Status.NONE
    assert "mixed one does" in markov_perfect(game).message
    solution = markov_perfect(game, "logit")
    assert solution.exact
    assert solution.equilibria[0].probabilities(0, 0) == {
        "s1": Fraction(1, 3),
        "s2": Fraction(2, 3),
    }
    assert solution.equilibria[0].values == ((Fraction(2, 3), Fraction(-2, 3)),)
    assert not solution.equilibria[0].is_pure
    assert solution.equilibria[0].played(0) == (("s1", "s2"), ("s1", "s2"))


@pytest.mark.parametrize("seed", range(5))
def test_one_player_is_a_markov_decision_process(seed: int) -> None:
    game = random_game(seed, [(3,), (2,), (3,)], discount=Fraction(9, 10))
    every = [
        pure_values(game, plan, 0)
        for plan in itertools.product(*(list(stage.profiles()) for stage in game.stages))
    ]
    best = [max(values[s] for values in every) for s in range(3)]
    for method in ("pure", "logit"):
        for eq in markov_perfect(game, method).equilibria:
            assert [own[0] for own in eq.values] == best


def test_impatient_players_play_the_stage_games() -> None:
    for seed in range(6):
        game = random_game(seed, [(2, 2), (2, 3)], discount=Fraction(1, 10**6), high=1000)
        stages = [
            [
                tuple(vector.index(1) for vector in eq.profile)
                for eq in ag.solvers.pure_nash(stage).equilibria
            ]
            for stage in game.stages
        ]
        assert plans(markov_perfect(game)) == set(itertools.product(*stages))


def partnership(discount: Fraction) -> StochasticGame:
    return StochasticGame(
        payoffs=[[[[2, 0], [3, 1]], [[2, 3], [0, 1]]], [[[0]], [[0]]]],
        transitions=[[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
        discount=discount,
    )


def test_a_knife_edge_is_decided() -> None:
    """Cooperation is worth 2 / (1 - d), defection 3: equal at d = 1/3."""
    edge = Fraction(1, 3)
    hair = Fraction(1, 10**15)
    both = {((0, 0), (0, 0)), ((1, 1), (0, 0))}
    assert plans(markov_perfect(partnership(edge))) == both
    assert plans(markov_perfect(partnership(edge + hair))) == both
    assert plans(markov_perfect(partnership(edge - hair))) == {((1, 1), (0, 0))}


def test_positive_affine_payoffs_and_other_orders_change_nothing() -> None:
    game = random_game(5, [(2, 3), (3, 2), (2, 2)])
    changed = StochasticGame(
        [stage.exact_payoffs * Fraction(3, 7) + 11 for stage in game.stages],
        game.exact_transitions,
        game.discount,
    )
    assert plans(markov_perfect(changed)) == plans(markov_perfect(game))
    (first,) = markov_perfect(game, "logit").equilibria
    (second,) = markov_perfect(changed, "logit").equilibria
    flat = [float(p) for own in first.strategies for vector in own for p in vector]
    assert flat == pytest.approx(
        [float(p) for own in second.strategies for vector in own for p in vector], abs=1e-9
    )
    # States in another order, players swapped.
    order = [2, 0, 1]
    swapped = StochasticGame(
        [np.array([game.stages[s].exact_payoffs[1].T, game.stages[s].exact_payoffs[0].T])
         for s in order],
        [game.exact_transitions[s].transpose(1, 0, 2)[..., order] for s in order],
        game.discount,
    )  # fmt: skip
    assert plans(markov_perfect(swapped)) == {
        tuple(plan[s][::-1] for s in order) for plan in plans(markov_perfect(game))
    }
    (third,) = markov_perfect(swapped, "logit").equilibria
    for place, s in enumerate(order):
        for who in (0, 1):
            assert [float(p) for p in third.strategies[place][1 - who]] == pytest.approx(
                [float(p) for p in first.strategies[s][who]], abs=1e-9
            )


def test_floats_give_floats() -> None:
    game = StochasticGame([[[[2.5, 0], [3, 1]], [[2, 3], [0, 1]]]], [np.ones((2, 2, 1))], 0.5)
    for method in ("pure", "logit"):
        solution = markov_perfect(game, method)
        assert not solution.exact
        assert solution.equilibria[0].values == ((2.0, 2.0),)
        assert all(
            type(p) is float for own in solution.equilibria[0].strategies for v in own for p in v
        )
        assert "1 found" in str(solution)


def test_fifty_states() -> None:
    rng = np.random.default_rng(0)
    game = StochasticGame(
        [np.round(rng.random((2, 3, 3)), 2) for _ in range(50)],
        [rng.dirichlet(np.ones(50), size=(3, 3)) for _ in range(50)],
        0.95,
    )
    solution = markov_perfect(game, "logit")
    assert solution.status is Status.PARTIAL
    assert 0 <= solution.max_gain < 1e-12


THIRD = Fraction(1, 3)
TIES: list[tuple[Any, Any, Fraction]] = [
    # Symmetric: the branch splits where both mix with 0.78.
    ([[[[2, 1], [1, 1]], [[2, 2], [1, 2]]]], np.ones((1, 2, 2, 1), int), Fraction(999, 1000)),
    (
        [[[[0, 2]], [[1, 0]]], [[[0, 3]], [[1, 0]]]],
        [[[[1, 0], [HALF, HALF]]], [[[0, 1], [HALF, HALF]]]],
        Fraction(999, 1000),
    ),
    (
        [
            [[[0, 0, 1], [0, 0, 1], [1, 0, 0]], [[0, 1, 0], [1, 0, 1], [0, 1, 0]]],
            [[[1], [0]], [[1], [1]]],
        ],
        [
            [
                [[0, 1], [1, 0], [3 * HALF / 2, HALF / 2]],
                [[3 * HALF / 2, HALF / 2], [0, 1], [0, 1]],
                [[HALF, HALF], [1, 0], [0, 1]],
            ],
            [[[1, 0]], [[1, 0]]],
        ],
        THIRD,
    ),
    # Three players: at the end of the branch one mixes what is worth the same.
    (
        [
            [[[[2, 0], [1, 1]]], [[[0, 2], [0, 0]]], [[[1, 0], [0, 0]]]],
            [[[[0, 0], [0, 2]]], [[[1, 2], [0, 0]]], [[[2, 1], [2, 1]]]],
        ],
        [
            [[[[1, 0], [0, 1]], [[HALF, HALF], [1, 0]]]],
            [[[[0, 1], [1, 0]], [[THIRD, 2 * THIRD], [0, 1]]]],
        ],
        HALF,
    ),
]


@pytest.mark.parametrize("parts", TIES)
def test_the_branch_is_followed_past_crossings(parts: tuple[Any, Any, Fraction]) -> None:
    solution = markov_perfect(StochasticGame(*parts), "logit")
    assert solution.status is Status.PARTIAL
    assert solution.max_gain <= 1e-9


def test_steps_beyond_the_range_of_floats_end_without_warning() -> None:
    """Rounding leaves gains that no precision makes smaller."""
    big, small = 1 - Fraction(1, 10**8), Fraction(1, 10**8)
    game = StochasticGame(
        [
            [[[840699604, 635386800]], [[933501579, 376512525]]],
            [
                [[192897637, 390458914], [156894568, 797933886]],
                [[846553377, 380475370], [29334027, 713257864]],
            ],
            [[[485491720]], [[847624380]]],
        ],
        [
            [[[0, 0, 1], [1, 0, 0]]],
            [[[0, 1, 0], [0, 0, 1]], [[THIRD, THIRD, THIRD], [0, 0, 1]]],
            [[[HALF / 2, HALF, HALF / 2]]],
        ],
        [big, small],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solution = markov_perfect(game, "logit")
    assert solution.equilibria or solution.status in {Status.FAILED, Status.LIMIT}


def test_verify_takes_names_and_states() -> None:
    game = partnership(HALF)
    named: dict[str, Any] = {
        "state_1": ["s1", "s1"],
        "state_2": {"player_1": "s1", "player_2": [1]},
    }
    assert verify_markov(game, named) == ((0, 0), (0, 0))
    assert verify_markov(game, [["s1", "s2"], ["s1", "s1"]])[0] == (1, HALF)
    with pytest.raises(ProfileError, match="unknown state 'state_3'"):
        verify_markov(game, {**named, "state_3": ["s1", "s1"]})
    with pytest.raises(ProfileError, match=r"missing: \['state_2'\]"):
        verify_markov(game, {"state_1": ["s1", "s1"]})
    with pytest.raises(ProfileError, match="one profile for each of"):
        verify_markov(game, [["s1", "s1"]])
    for wrong in (None, 3):
        with pytest.raises(
            ProfileError, match=r"`strategies` must hold one profile for each of .*, "
        ):
            verify_markov(game, wrong)  # type: ignore[arg-type]
    with pytest.raises(ProfileError, match="state 'state_1': "):
        verify_markov(game, [["s9", "s1"], ["s1", "s1"]])


def test_what_is_refused() -> None:
    game = partnership(HALF)
    with pytest.raises(GameError, match="must be a StochasticGame, got NormalFormGame"):
        markov_perfect(game.stages[0])  # type: ignore[arg-type]
    with pytest.raises(GameError, match=r"no method 'logti'.*did you mean 'logit'"):
        markov_perfect(game, "logti")
    with pytest.raises(WorkLimitError, match="`discount` of 'player_1' is 1 - 1e-12"):
        markov_perfect(partnership(1 - Fraction(1, 10**12)))


def test_too_many_equilibria(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment_games.solvers.markov.MAX_EQUILIBRIA", 100)
    game = StochasticGame([[np.zeros(2)]] * 10, [np.full((2, 10), Fraction(1, 10))] * 10, 0.5)
    with pytest.raises(WorkLimitError, match="more than 100 pure stationary equilibria"):
        markov_perfect(game)


def test_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment_games.solvers._markov_pure.MAX_WORK", 10**5)
    with pytest.raises(WorkLimitError, match="method='logit'"):
        markov_perfect(random_game(0, [(3, 3)] * 4))


# Zero-sum games


def shapley(game: StochasticGame, rounds: int) -> np.ndarray[Any, Any]:
    """Shapley's value iteration, each matrix game by a linear program."""
    factor = float(game.discount[0])
    values = np.zeros(game.n_states)
    for _ in range(rounds):
        new = []
        for stage, moves in zip(game.stages, game.transitions, strict=True):
            table = stage.payoffs[0] + factor * (moves @ values)
            m, n = table.shape
            answer = linprog(
                [0] * m + [-1], A_ub=np.hstack([-table.T, np.ones((n, 1))]), b_ub=np.zeros(n),
                A_eq=[[1] * m + [0]], b_eq=[1], bounds=[(0, None)] * m + [(None, None)],
            )  # fmt: skip
            new.append(-answer.fun)
        values = np.array(new)
    return values


@pytest.mark.parametrize("seed", range(5))
def test_bounds_hold_the_value(seed: int) -> None:
    game = random_game(seed, [(3, 3), (2, 3), (2, 2)], zero_sum=True, discount=HALF)
    answer = stochastic_value(game)
    assert answer.status is Status.COMPLETE
    assert all(a <= b for a, b in zip(answer.lower, answer.upper, strict=True))
    assert answer.gap < Fraction(1, 10**6)
    wanted = shapley(game, 45)
    assert [float(v) for v in answer.lower] == pytest.approx(wanted, abs=1e-7)
    # The strategies are an approximate equilibrium, by the certificate of general games.
    gains = verify_markov(game, list(zip(answer.row, answer.column, strict=True)))
    assert max(g for own in gains for g in own) <= answer.gap


@pytest.mark.parametrize("discount", [HALF, Fraction(9, 10), Fraction(99, 100)])
def test_the_big_match(discount: Fraction) -> None:
    """The average payoff is worth 1/2 at every discount factor.

    D. Blackwell and T. S. Ferguson (1968), The big match, Annals of Mathematical Statistics 39,
    159-163. Once the first player quits, the payoff of that period is earned forever.
    """
    match = [[1, 0], [0, 1]]
    game = StochasticGame(
        [[match, np.negative(match)], [[[1]], [[-1]]], [[[0]], [[0]]]],
        [[[[0, 1, 0], [0, 0, 1]], [[1, 0, 0], [1, 0, 0]]], [[[0, 1, 0]]], [[[0, 0, 1]]]],
        discount,
    )
    answer = stochastic_value(game)
    assert answer.lower[0] == answer.upper[0] == HALF / (1 - discount)
    assert answer.gap == 0
    assert answer.exact
    assert answer.column[0] == (HALF, HALF)
    quits = (1 - discount) / (2 - discount)
    assert answer.row[0] == (quits, 1 - quits)


def test_an_irrational_value_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """v = val [[1 + v/2, 0], [0, 1]] solves v (2 + v/2) = 1 + v/2, so v = (17^(1/2) - 3) / 2."""
    table = [[1, 0], [0, 1]]
    game = StochasticGame(
        [[table, np.negative(table)], [[[0]], [[0]]]],
        [[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 1]]]],
        HALF,
    )
    answer = stochastic_value(game)
    low, high = answer.lower[0], answer.upper[0]
    # v^2 + 3 v - 2 changes its sign between the bounds.
    assert low * low + 3 * low - 2 < 0 < high * high + 3 * high - 2
    assert high - low < Fraction(1, 10**12)
    assert answer.status is Status.COMPLETE
    assert "0.561553" in str(answer)
    tight = stochastic_value(game, tolerance=Fraction(1, 10**40))
    low, high = tight.lower[0], tight.upper[0]
    assert low * low + 3 * low - 2 < 0 < high * high + 3 * high - 2
    assert high - low < Fraction(1, 10**39)
    assert tight.status is Status.COMPLETE
    module = importlib.import_module("alignment_games.solvers.stochastic_value")
    monkeypatch.setattr(module, "_EXACT_ROUNDS", 0)
    loose = stochastic_value(game, tolerance=Fraction(1, 10**40))
    assert loose.status is Status.LIMIT
    assert "farther apart" in loose.message


def test_patient_players_with_ties() -> None:
    """Floats leave a gap of 1e-5 here, and strategy iteration converges slowly."""
    tables: list[Any] = [[[1, 1, 1]], [[2, 0, 2], [2, 2, 1]]]
    moves: list[Any] = [
        [[[Fraction(1, 4), Fraction(3, 4)], [1, 0], [HALF, HALF]]],
        [[[0, 1], [1, 0], [1, 0]], [[HALF, HALF], [1, 0], [0, 1]]],
    ]
    game = StochasticGame([[a, np.negative(a)] for a in tables], moves, Fraction(999, 1000))
    answer = stochastic_value(game)
    assert answer.status is Status.COMPLETE
    assert answer.lower[0] == answer.upper[0] == 1000
    assert answer.gap <= Fraction(2, 10**6)
    assert answer.rounds < 30
    gains = verify_markov(game, list(zip(answer.row, answer.column, strict=True)))
    assert max(g for own in gains for g in own) <= answer.gap


def test_newtons_method_in_circles() -> None:
    """Here it comes back to the same strategies in every third round."""
    tables: list[Any] = [[[0, 0, 0]], [[0, 1], [1, 0], [0, 0]]]
    moves: list[Any] = [
        [[[2 * THIRD, THIRD], [1, 0], [3 * HALF / 2, HALF / 2]]],
        [[[0, 1], [1, 0]], [[HALF, HALF], [0, 1]], [[1, 0], [1, 0]]],
    ]
    discount = 1 - Fraction(1, 10**8)
    game = StochasticGame([[a, np.negative(a)] for a in tables], moves, discount)
    answer = stochastic_value(game)
    assert answer.status is Status.COMPLETE
    assert answer.rounds < 60
    assert answer.lower[0] == answer.upper[0] == 0
    gains = verify_markov(game, list(zip(answer.row, answer.column, strict=True)))
    assert max(g for own in gains for g in own) <= answer.gap


def test_zero_sum_is_checked() -> None:
    with pytest.raises(
        GameError, match=r"in state 'state_1' the payoffs of \('s1', 's1'\) sum to 4"
    ):
        stochastic_value(partnership(HALF))
    with pytest.raises(GameError, match="two players, got 1"):
        stochastic_value(random_game(0, [(2,)]))
    game = random_game(0, [(2, 2)], zero_sum=True, discount=[HALF, Fraction(1, 3)])
    with pytest.raises(GameError, match="one discount factor"):
        stochastic_value(game)
    for wrong in (0, -1, "small"):
        with pytest.raises(ParameterError, match="`tolerance` must be a positive number"):
            stochastic_value(random_game(0, [(2, 2)], zero_sum=True), tolerance=wrong)  # type: ignore[arg-type]


# Finitely many periods


def test_horizon_zero() -> None:
    game = partnership(HALF)
    nothing = finite_horizon(game, 0)
    assert nothing.values == ((0, 0), (0, 0))
    assert nothing.status is Status.COMPLETE
    assert nothing.stages == ()
    assert nothing.max_regret == 0
    assert "0 periods" in str(nothing)
    ends = finite_horizon(game, 0, terminal=[[1, 2], [3, 4]])
    assert ends.values == ((1, 2), (3, 4))
    assert ends.exact
    with pytest.raises(GameError, match=r"`terminal\[1\]` must be a sequence of 2, got 1"):
        finite_horizon(game, 0, terminal=[[1, 2], [3]])
    with pytest.raises(GameError, match="`period` must be one that is played; the horizon is 0"):
        nothing.stage(0, 0)


def test_one_player_is_dynamic_programming() -> None:
    game = random_game(3, [(3,), (2,)], discount=Fraction(9, 10))
    values = [Fraction(0)] * 2
    for periods in range(1, 6):
        values = [
            max(
                stage.exact_payoffs[0][k]
                + Fraction(9, 10) * sum(p * v for p, v in zip(moves[k], values, strict=True))
                for k in range(stage.shape[0])
            )
            for stage, moves in zip(game.stages, game.exact_transitions, strict=True)
        ]  # fmt: skip
        answer = finite_horizon(game, periods)
        assert [own[0] for own in answer.values] == values
        assert answer.max_regret == 0
        assert answer.exact


def test_the_last_period_is_the_stage_game_and_defection_unravels() -> None:
    answer = finite_horizon(partnership(Fraction(9, 10)), 4)
    assert answer.status is Status.COMPLETE
    for period in range(4):
        assert answer.stage(period, 0).path == ("s2", "s2")
    with pytest.raises(GameError, match="`period` must be an integer from 0 to 3"):
        answer.stage(4, 0)


def test_a_long_horizon_comes_near_the_value() -> None:
    game = random_game(1, [(2, 2), (2, 2)], zero_sum=True, discount=0.5)
    value = stochastic_value(game)
    answer = finite_horizon(game, 50)
    for row, low in zip(answer.values, value.lower, strict=True):
        assert row[0] == pytest.approx(low, abs=1e-9)
        assert row[1] == pytest.approx(-low, abs=1e-9)
    assert not answer.exact


STAG_HUNT = [[[5, 0], [4, 2]], [[5, 4], [0, 2]]]


def test_several_equilibria_are_never_chosen_silently() -> None:
    game = StochasticGame([STAG_HUNT], [np.ones((2, 2, 1), dtype=int)], HALF)
    with pytest.raises(GameError, match=r"period 1 and state 'state_1' has several.*`select`"):
        finite_horizon(game, 2)
    for rule in ("payoff-dominant", "utilitarian", "first"):
        answer = finite_horizon(game, 2, select=rule)
        assert answer.status is Status.PARTIAL
        assert [(own.period, own.state) for own in answer.several] == [
            (0, "state_1"),
            (1, "state_1"),
        ]
        assert len(answer.several[1].payoffs) == 3
        assert answer.values == ((Fraction(15, 2), Fraction(15, 2)),)
    with pytest.raises(GameError, match="no rule 'best'"):
        finite_horizon(game, 2, select="best")


def test_without_a_payoff_dominant_equilibrium() -> None:
    chicken = [[[3, 1], [4, 0]], [[3, 4], [1, 0]]]
    game = StochasticGame([chicken], [np.ones((2, 2, 1), dtype=int)], HALF)
    with pytest.raises(GameError, match="is payoff-dominant; use another rule"):
        finite_horizon(game, 1, select="payoff-dominant")


def test_equilibria_that_pay_the_same_need_no_rule() -> None:
    game = StochasticGame([[[1, 1, 0]]], [np.ones((3, 1), dtype=int)], HALF)
    answer = finite_horizon(game, 3)
    assert answer.values == ((Fraction(7, 4),),)
    assert answer.status is Status.PARTIAL
    assert len(answer.several) == 3


def test_a_wrong_horizon() -> None:
    for wrong in (-1, 1.5, True):
        with pytest.raises(GameError, match="`horizon` must be an integer from 0 to 10000"):
            finite_horizon(partnership(HALF), wrong)  # type: ignore[arg-type]


def test_exact_values_that_grow_too_long() -> None:
    game = random_game(7, [(2, 2), (2, 2)], zero_sum=True, discount=HALF, high=50)
    assert not all(eq.is_pure for eq in finite_horizon(game, 1).stages[0])
    with pytest.raises(WorkLimitError, match="more than 20000 bits"):
        finite_horizon(game, 40)
