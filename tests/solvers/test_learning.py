"""Learning: nashpy's paths, what is proved of them, and NumPy's global state left alone."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, ProfileError, WorkLimitError
from alignment_games.games import RepeatedGame
from alignment_games.solvers import fictitious_play, replicator

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
STAG_HUNT = NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]])
# L. S. Shapley (1964), Some topics in two-person games, in Advances in Game Theory, Annals of
# Mathematics Studies 52, Princeton University Press, 1-28: fictitious play cycles.
SHAPLEY = NormalFormGame.from_bimatrix(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
)


def test_the_global_generator_is_left_as_it_was() -> None:
    np.random.seed(7)  # noqa: NPY002
    before: Any = np.random.get_state()  # noqa: NPY002
    fictitious_play(PENNIES, steps=50, rng=1)
    fictitious_play(PENNIES, steps=50, noise=0.1)
    with pytest.raises(ParameterError):
        fictitious_play(PENNIES, noise=-1)
    after: Any = np.random.get_state()  # noqa: NPY002
    assert before[0] == after[0]
    assert all(np.array_equal(a, b) for a, b in zip(before[1:], after[1:], strict=True))


@pytest.mark.parametrize("noise", [None, 0.3])
def test_a_seed_repeats_the_path(noise: float | None) -> None:
    first = fictitious_play(PENNIES, steps=80, noise=noise)
    again = fictitious_play(PENNIES, steps=80, noise=noise, rng=first.seed)
    assert first.average == again.average
    assert np.array_equal(first.path[0], again.path[0])
    drawn = [
        fictitious_play(PENNIES, steps=80, noise=noise, rng=np.random.default_rng(k)).path[0]
        for k in (1, 1, 2)
    ]
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize("seed", range(6))
def test_every_step_is_a_best_reply_to_what_was_played(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.integers(0, 6, size=(2, 3, 4)))
    start = [rng.integers(0, 3, 3).tolist(), rng.integers(0, 3, 4).tolist()]
    path = fictitious_play(game, steps=60, start=start, rng=seed)
    counts = [np.array(own) for own in start]
    shares = [own * path.times[:, None] for own in path.path]
    plays = [np.rint(np.diff(own, axis=0, prepend=0)).argmax(axis=1) for own in shares]
    for row, column in zip(*plays, strict=True):
        assert row in np.flatnonzero((level := game.payoffs[0] @ counts[1]) == level.max())
        assert column in np.flatnonzero((level := counts[0] @ game.payoffs[1]) == level.max())
        counts[0][row] += 1
        counts[1][column] += 1
    assert path.last == (
        tuple(int(k == plays[0][-1]) for k in range(3)),
        tuple(int(k == plays[1][-1]) for k in range(4)),
    )
    assert path.average == tuple(
        tuple(Fraction(int(n - m), 60) for n, m in zip(own, before, strict=True))
        for own, before in zip(counts, start, strict=True)
    )
    assert path.regret == ag.verify(game, path.average)


def test_a_strict_equilibrium_that_is_played_is_played_for_ever() -> None:
    short = fictitious_play(STAG_HUNT, steps=5, start=[[0, 1], [0, 1]], rng=0)
    assert short.limit == ("s2", "s2")
    assert "Proved: every later step plays s2, s2" in short.message
    for steps in range(6, 40):
        path = fictitious_play(STAG_HUNT, steps=steps, start=[[0, 1], [0, 1]], rng=0)
        assert path.last == ((0, 1), (0, 1))
    # A weak equilibrium proves nothing, nor does play with noise.
    weak = NormalFormGame.from_bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    assert all(fictitious_play(weak, steps=20, rng=k).limit is None for k in range(5))
    assert fictitious_play(STAG_HUNT, steps=50, noise=0.01, rng=0).limit is None


def test_shapleys_cycle_is_not_called_an_equilibrium() -> None:
    path = fictitious_play(SHAPLEY, steps=3000, start=[[1, 0, 0], [0, 0, 0]], rng=3)
    assert path.limit is None
    assert not path.is_equilibrium
    assert max(path.regret) > 0.05
    assert path.distance(ag.solve(SHAPLEY)) > 0.05
    assert "The average is no equilibrium" in path.message
    assert "No limit is proved" in str(path)


def test_zero_sum_averages_come_near_the_value() -> None:
    """J. Robinson (1951), An iterative method of solving a game, Annals of Mathematics 54."""
    rng = np.random.default_rng(2)
    table = rng.integers(-3, 4, size=(3, 3))
    game = NormalFormGame([table, -table])
    path = fictitious_play(game, steps=20_000, rng=1)
    assert max(path.regret) < 0.1
    assert path.distance(ag.solve(game)) < 0.2


def test_noisy_play_comes_near_the_quantal_equilibrium() -> None:
    """With a small shock the rest point is the logit equilibrium of precision 1 / noise."""
    game = NormalFormGame.from_bimatrix([[3, 0], [0, 1]], [[0, 2], [1, 0]])
    path = fictitious_play(game, steps=5_000, noise=0.5, shock=1e-9, rng=4)
    (wanted,) = ag.solvers.quantal(game, 2).equilibria
    for own, other in zip(path.average, wanted.profile, strict=True):
        assert [float(p) for p in own] == pytest.approx([float(p) for p in other], abs=0.03)
    # Only differences of payoffs matter, and large ones do not overflow.
    moved = NormalFormGame(game.payoffs + 1e4)
    again = fictitious_play(moved, steps=300, noise=0.5, shock=1e-9, rng=4)
    assert again.average == fictitious_play(
        NormalFormGame(game.payoffs), steps=300, noise=0.5, shock=1e-9, rng=4
    ).average  # fmt: skip


def test_repeated_games_are_learned_by_their_stage() -> None:
    game = RepeatedGame(STAG_HUNT, discount=0.9)
    assert fictitious_play(game, rng=1).average == fictitious_play(STAG_HUNT, rng=1).average
    assert replicator(game).average == replicator(STAG_HUNT).average


def test_replicators_against_steps_of_runge_and_kutta() -> None:
    rng = np.random.default_rng(8)
    game = NormalFormGame(rng.integers(0, 5, size=(2, 2, 3)))
    start = [[0.3, 0.7], [0.5, 0.2, 0.3]]
    path = replicator(game, time=2, points=401, start=start)

    def slope(x: Any, y: Any) -> tuple[Any, Any]:
        one, two = game.payoffs[0] @ y, x @ game.payoffs[1]
        return x * (one - x @ one), y * (two - y @ two)

    x, y = map(np.array, start)
    step = 2 / 400
    for k in range(400):
        assert np.allclose(path.path[0][k], x, atol=1e-6)
        assert np.allclose(path.path[1][k], y, atol=1e-6)
        a = slope(x, y)
        b = slope(x + step / 2 * a[0], y + step / 2 * a[1])
        c = slope(x + step / 2 * b[0], y + step / 2 * b[1])
        d = slope(x + step * c[0], y + step * c[1])
        x = x + step / 6 * (a[0] + 2 * b[0] + 2 * c[0] + d[0])
        y = y + step / 6 * (a[1] + 2 * b[1] + 2 * c[1] + d[1])
    mean = (path.path[0][1:] + path.path[0][:-1]).sum(axis=0) / 800
    assert [float(p) for p in path.average[0]] == pytest.approx(mean, abs=1e-12)
    assert path.seed is None


def test_one_population_of_rock_paper_scissors() -> None:
    table = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    game = NormalFormGame([table, table.T])
    start = [0.5, 0.3, 0.2]
    path = replicator(game, time=200, points=4000, start=[start] * 2, populations=1)
    # The product of shares is constant, and averages come near the equilibrium.
    products = path.path[0].prod(axis=1)
    assert np.allclose(products, 0.03, atol=1e-5)
    assert path.average[0] == path.average[1]
    assert [float(p) for p in path.average[0]] == pytest.approx([1 / 3] * 3, abs=0.02)
    assert path.limit is None
    rest = replicator(game, time=5, populations=1)
    assert max(rest.regret) < 1e-12


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"steps": 0}, ParameterError, "`steps` must be an integer from 1 to 1000000, got 0"),
        ({"rng": -1}, ParameterError, "`rng` must be None, a numpy.random.Generator or an int"),
        ({"rng": 2**32}, ParameterError, "`rng` must be None"),
        ({"noise": 0}, ParameterError, "`noise` must be a number above 0, got 0"),
        ({"noise": "much"}, ParameterError, "`noise` must be a number above 0, got 'much'"),
        ({"shock": 0.1}, ParameterError, "`shock` is for play with `noise`, got 0.1 without it"),
        ({"noise": 1, "shock": -1}, ParameterError, "`shock` must be a number from 0 on"),
        ({"noise": 1, "shock": 601}, WorkLimitError, "`shock` must be at most 600 times `noise`"),
        ({"start": [[1, 1]]}, GameError, "`start` must hold 2 and 2 counts"),
        ({"start": [[1, 1], [1, 1, 1]]}, GameError, "`start` must hold 2 and 2 counts"),
        ({"start": [[1, 0.5], [1, 1]]}, GameError, "`start` must be an integer from 0"),
        ({"start": {"player_1": [1, 1]}}, GameError, "`start` must hold 2 and 2 counts"),
        ({"start": 3}, GameError, "`start` must hold 2 and 2 counts"),
    ],
)
def test_bad_arguments_of_fictitious_play(options: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        fictitious_play(PENNIES, **options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"time": 0}, ParameterError, "`time` must be a number above 0, got 0"),
        ({"time": float("inf")}, ParameterError, "`time` must be a number above 0, got inf"),
        ({"points": 1}, ParameterError, "`points` must be an integer from 2"),
        ({"populations": 3}, ParameterError, "`populations` must be an integer from 1 to 2"),
        ({"populations": 1}, GameError, "`populations` of 1 needs a symmetric game"),
        ({"start": [[1, 1], [1, 0]]}, ProfileError, "sum"),
    ],
)
def test_bad_arguments_of_replicators(options: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        replicator(PENNIES, **options)


def test_an_integration_that_fails_is_no_result() -> None:
    steep = NormalFormGame([[[1e9, -1e9], [-1e9, 1e9]], [[-1e9, 1e9], [1e9, -1e9]]])
    with pytest.raises(WorkLimitError, match="could not be integrated until `time` 1000"):
        replicator(steep, time=1000, points=5, start=[[0.4, 0.6], [0.3, 0.7]])


def test_games_that_do_not_fit() -> None:
    alone = NormalFormGame([[1, 2]])
    for learn in (fictitious_play, replicator):
        with pytest.raises(GameError, match="`game` must have two players, got 1"):
            learn(alone)
        with pytest.raises(GameError, match="`game` must be a NormalFormGame, got list"):
            learn([[1]])  # type: ignore[arg-type]
    with pytest.raises(GameError, match="must give both players the same shares"):
        replicator(STAG_HUNT, populations=1, start=[[0.5, 0.5], [1, 0]])
    with pytest.raises(GameError, match="`solution` must be one of the game that was learned"):
        fictitious_play(PENNIES, steps=1).distance(ag.solve(STAG_HUNT))


def test_it_is_cited() -> None:
    for path in (fictitious_play(PENNIES, steps=5), replicator(PENNIES)):
        assert "10.21105/joss.00904" in ag.cite(path)


def test_floats_that_are_no_short_integers_prove_nothing() -> None:
    rng = np.random.default_rng(0)
    game = NormalFormGame(rng.random((2, 2, 2)))
    assert all(fictitious_play(game, steps=30, rng=k).limit is None for k in range(3))
    short = NormalFormGame([[[1.5, 0], [0, 0.5]]] * 2)
    found = [fictitious_play(short, steps=30, rng=k) for k in range(8)]
    assert any(path.limit for path in found)
    for path in found:
        assert all(type(p) is float for own in itertools.chain(*path.average) for p in [own])


def test_noise_that_is_small_beside_payoffs_still_draws_replies() -> None:
    # Against the second strategy both rows earn 1,000 less than the first row may: exponentials
    # of differences from the largest payoff of all would be 0 for both.
    game = NormalFormGame.from_bimatrix([[1000, 0], [1000, -1]], [[1000, 0], [0, -1]])
    path = fictitious_play(game, noise=0.5, shock=0, steps=400, start=[[0, 10**6]] * 2, rng=1)
    chances = path.last[0]
    assert float(chances[0]) == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-3)


def test_noise_is_refused_where_all_exponentials_may_vanish() -> None:
    clash = NormalFormGame.from_bimatrix([[0, -2000], [-2000, 0]], [[0, -2000], [-2000, 0]])
    with pytest.raises(WorkLimitError, match="`noise` must be at least a 600th of 2000, what 'pl"):
        fictitious_play(clash, noise=1, steps=5)
    assert fictitious_play(clash, noise=4, steps=5, rng=1).last


def test_paths_are_equal_if_they_are_the_same_and_can_be_kept_in_sets() -> None:
    path = fictitious_play(PENNIES, steps=5, rng=1)
    assert len({path, path, fictitious_play(PENNIES, steps=5, rng=1)}) == 2


def test_the_distance_is_from_a_solution() -> None:
    wrong: Any = 5
    with pytest.raises(GameError, match="`solution` must be a Solution, got int"):
        fictitious_play(PENNIES, steps=5, rng=1).distance(wrong)


@pytest.mark.filterwarnings("error")
def test_a_time_that_is_too_long_is_refused_without_warnings() -> None:
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    with pytest.raises(WorkLimitError, match="could not be integrated"):
        replicator(dilemma, time=1e300)
