"""Many three-player games at once: the same equilibria as one by one, exactly decided."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchStatus, ThreePlayerSolution, solve_three_player
from alignment_games.batch import _three_player_algebra as algebra
from alignment_games.batch import three_player as implementation
from alignment_games.errors import GameError, ParameterError
from alignment_games.solvers import Status, nash

OK, DEGENERATE, RESOLVED = BatchStatus.OK, BatchStatus.DEGENERATE, BatchStatus.RESOLVED
Shape = tuple[int, int, int]
LARGE = [(3, 2, 2), (2, 2, 2), (2, 3, 2), (2, 2, 3)]
SIZES = [
    own
    for own in itertools.product((1, 2, 3), repeat=3)
    if sorted(own)[2] <= 3 and sorted(own)[1] <= 2
]


# Classes of games, each a function of a generator and the shape (N, 3, m1, m2, m3)


def uniform(rng: Any, shape: Any) -> Any:
    return rng.random(shape)


def small_integers(rng: Any, shape: Any) -> Any:
    return rng.integers(-2, 3, shape)


def integers(rng: Any, shape: Any) -> Any:
    return rng.integers(-9, 10, shape)


def zeros_and_ones(rng: Any, shape: Any) -> Any:
    return rng.integers(0, 2, shape)


def twice_rounded(rng: Any, shape: Any) -> Any:
    return rng.integers(-3, 4, shape) * 0.1


def tiny(rng: Any, shape: Any) -> Any:
    return rng.integers(-1000, 1001, shape) / 1e9


def huge(rng: Any, shape: Any) -> Any:
    return rng.integers(-1000, 1001, shape) * 1e9


def beside_a_billion(rng: Any, shape: Any) -> Any:
    return rng.integers(-99, 100, shape) + 1e9


def duplicated(rng: Any, shape: Any) -> Any:
    """In half of the games some strategies are copies of others."""
    table = rng.integers(-9, 10, shape)
    for axis, size in enumerate(shape[2:], 2):
        chosen = np.tile(np.arange(size), (shape[0], 1))
        chosen[::2] = rng.integers(0, size, chosen[::2].shape)
        places = [1] * len(shape)
        places[0], places[axis] = shape[0], size
        table = np.take_along_axis(table, chosen.reshape(places), axis)
    return table


def dominated(rng: Any, shape: Any) -> Any:
    """The first player's last strategy is worse than its first by 0 to 3 everywhere."""
    table = rng.integers(-9, 10, shape)
    table[:, 0, -1] = table[:, 0, 0] - (rng.integers(0, 4, shape[:1])[:, None, None])
    return table


def near_ties(rng: Any, shape: Any) -> Any:
    """Small integers, moved by what rounding may take from them, or a little more."""
    return rng.integers(-2, 3, shape) * (1 + rng.integers(-6, 7, shape) * 2.0**-52)


def nearer_than_digits(rng: Any, shape: Any) -> Any:
    """Integers that fit into floats, moved by a part in 2**40."""
    return rng.integers(-2, 3, shape) * 2.0**44 + rng.integers(-1, 2, shape) * 2.0**4


def symmetric(rng: Any, shape: Any) -> Any:
    """A player's payoff depends on its choice and on how many others choose their last."""
    if len(set(shape[2:])) > 1:
        return rng.integers(-9, 10, shape)
    size = shape[2]
    table = rng.integers(-9, 10, (shape[0], size, 2 * size - 1))
    games = np.empty(shape)
    for i, j, k in itertools.product(range(size), repeat=3):
        for player, own in enumerate((i, j, k)):
            games[:, player, i, j, k] = table[:, own, i + j + k - own]
    return games


def double_roots(rng: Any, shape: Any) -> Any:
    """Payoffs are products of two players' small numbers: many discriminants are 0."""
    first = rng.integers(-2, 3, (*shape[:3], 1, 1))
    second = rng.integers(-2, 3, (*shape[:2], 1, shape[3], 1))
    third = rng.integers(-2, 3, (*shape[:2], 1, 1, shape[4]))
    return first * second + second * third + third * first + rng.integers(-1, 2, shape)


CLASSES: dict[str, Callable[[Any, Any], Any]] = {
    make.__name__.replace("_", " "): make
    for make in (
        uniform,
        small_integers,
        integers,
        zeros_and_ones,
        twice_rounded,
        tiny,
        huge,
        beside_a_billion,
        duplicated,
        dominated,
        near_ties,
        nearer_than_digits,
        symmetric,
        double_roots,
    )
}


def draw(kind: str, count: int, sizes: Shape, seed: int = 0) -> FloatArray:
    rng = np.random.default_rng([seed, *sizes, list(CLASSES).index(kind)])
    games: FloatArray = CLASSES[kind](rng, (count, 3, *sizes)).astype(float)
    return games


# Oracles


def agree(games: FloatArray, batch: ThreePlayerSolution, *, most_open: int = 3) -> int:
    """Compare with the exact solver: all of an OK game, what is listed of a degenerate one.

    Supports are those of the payoffs' shortest decimals as well; probabilities are those of the
    payoffs as given, to 9 digits each. Of games that are open no more than `most_open` are solved:
    those take longest.
    """
    for k, payoffs in enumerate(games):
        if batch.status[k] == DEGENERATE:
            most_open -= 1
            if most_open < 0:
                continue
        where = payoffs.tolist()
        given = solved(fractions(payoffs), batch, k)
        if (payoffs != payoffs.round()).any():
            solved(payoffs, batch, k)
        for one in batch[k]:
            far = [distance(one, own) for own in given if supports(own) == supports(one)]
            assert min(far) < 1e-9, where
    return int((batch.status == OK).sum())


def solved(payoffs: Any, batch: ThreePlayerSolution, k: int) -> list[tuple[FloatArray, ...]]:
    """Return the exact solver's equilibria; of an OK game there is one for each in the batch."""
    solution = nash(NormalFormGame(payoffs), exact=False)
    known = [tuple(np.array(x, float) for x in eq.profile) for eq in solution.equilibria]
    if batch.status[k] == OK:
        assert solution.status is Status.COMPLETE
        assert not solution.degenerate, payoffs.tolist()
        assert sorted(map(supports, batch[k])) == sorted(map(supports, known)), payoffs.tolist()
    else:
        assert batch.status[k] == DEGENERATE
    return known


def fractions(payoffs: FloatArray) -> Any:
    """Return payoffs as they are: as the fractions that floats are, not as short decimals."""
    return np.vectorize(Fraction, otypes=[object])(payoffs)


def supports(profile: tuple[FloatArray, ...]) -> list[tuple[int, ...]]:
    return [tuple(np.flatnonzero(own).tolist()) for own in profile]


def distance(one: tuple[FloatArray, ...], other: tuple[FloatArray, ...]) -> float:
    """Return the largest difference of two profiles with the same supports, over its size."""
    mine, theirs = np.concatenate(one), np.concatenate(other)
    return float((np.abs(mine - theirs)[theirs > 0] / theirs[theirs > 0]).max())


def pays(games: FloatArray, mixed: list[FloatArray], who: int, *fixed: int) -> FloatArray:
    """Return what a player gets by each strategy, and of those in `fixed`, in many games."""
    letters = "ijk"
    out = "".join(letters[k] for k in sorted({who, *fixed}))
    inputs = ",".join("g" + letters[k] for k in range(3) if k not in {who, *fixed})
    others = [mixed[k] for k in range(3) if k not in {who, *fixed}]
    value: FloatArray = np.einsum(
        f"gijk,{inputs}->g{out}" if others else f"gijk->g{out}", games[:, who], *others
    )
    return value


def regrets(games: FloatArray, batch: ThreePlayerSolution) -> FloatArray:
    """Return the largest regret of each equilibrium, over the player's largest payoff."""
    own = games[np.repeat(np.arange(len(games)), batch.count)]
    worst = np.zeros(len(own))
    for who, weights in enumerate(batch.strategies):
        earned = pays(own, list(batch.strategies), who)
        largest = np.abs(own[:, who]).max(axis=(1, 2, 3)) + 1e-300
        gain = earned.max(axis=1) - (earned * weights).sum(axis=1)
        worst = np.maximum(worst, gain / largest)
    return worst


def indices(games: FloatArray, batch: ThreePlayerSolution) -> FloatArray:
    """Return the index of each equilibrium: the sign of a determinant on its supports.

    With v the gains over the first strategy in use as functions of the other weights in use, all
    others 0, the index of a regular equilibrium is the sign of det(-dv) (Gul, Pearce and
    Stacchetti 1993, A bound on the proportion of pure strategy equilibria in generic games,
    Mathematics of Operations Research 18, 548-552), which is 1 for pure ones.
    """
    own = games / (np.abs(games).max(axis=(2, 3, 4), keepdims=True) + 1e-300)
    own = own[np.repeat(np.arange(len(games)), batch.count)]
    mixed = list(batch.strategies)
    sizes = [weights.shape[1] for weights in mixed]
    first = np.concatenate([[0], np.cumsum(sizes)])
    jacobian = np.zeros((len(own), first[-1], first[-1]))
    leads = [(weights > 0).argmax(axis=1) for weights in mixed]
    rows = np.arange(len(own))
    for who, other in itertools.permutations(range(3), 2):
        slope = pays(own, mixed, who, other)
        if who > other:
            slope = slope.transpose(0, 2, 1)
        slope = slope - slope[rows, leads[who]][:, None]
        slope = slope - slope[rows, :, leads[other]][:, :, None]
        jacobian[:, first[who] : first[who + 1], first[other] : first[other + 1]] = -slope
    used = np.concatenate(mixed, axis=1) > 0
    for who, lead in enumerate(leads):
        used[rows, first[who] + lead] = False
    jacobian *= used[:, :, None] & used[:, None, :]
    jacobian += np.eye(first[-1]) * ~used[:, :, None]
    index: FloatArray = np.sign(np.linalg.det(jacobian))
    return index


def certified(games: FloatArray, batch: ThreePlayerSolution) -> None:
    """Check what can be checked of many games: regrets, and that indices add up to 1."""
    assert (regrets(games, batch) < 1e-8).all()
    for own in batch.strategies:
        assert ((own >= 0) & ~np.signbit(own)).all()
        np.testing.assert_allclose(own.sum(axis=1), 1, rtol=1e-14)
    game = np.repeat(np.arange(len(games)), batch.count)
    total = np.bincount(game, indices(games, batch), minlength=len(games))
    assert (total[batch.status == OK] == 1).all()


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_has_the_equilibria_of_the_exact_solver(kind: str) -> None:
    certain = 0
    for sizes in LARGE:
        games = draw(kind, 40, sizes)
        certain += agree(games, solve_three_player(games))
    assert certain > {"zeros and ones": 0, "near ties": 4}.get(kind, 8)


@pytest.mark.parametrize("sizes", SIZES)
def test_each_size_has_the_equilibria_of_the_exact_solver(sizes: Shape) -> None:
    kinds = ("uniform", "integers", "twice rounded")
    games = np.concatenate([draw(kind, 8, sizes) for kind in kinds])
    assert agree(games, solve_three_player(games)) >= 12


@pytest.mark.parametrize("kind", CLASSES)
def test_indices_add_up_and_no_regret_is_left(kind: str) -> None:
    for sizes in LARGE:
        games = draw(kind, 2000, sizes, seed=3)
        certified(games, solve_three_player(games))


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [(3, 2, 2), (2, 2, 2)])
@pytest.mark.parametrize("kind", CLASSES)
def test_100000_games_of_each_class(kind: str, sizes: Shape) -> None:
    """Regrets and indices of all; the exact solver on all that are OK and 200 that are not.

    Of a game that is not OK, only what is listed is claimed, and the exact solver takes long.
    """
    games = draw(kind, 100_000, sizes, seed=1)
    batch = solve_three_player(games)
    certified(games, batch)
    chosen = np.flatnonzero(batch.status == OK)
    agree(games[chosen], solve_three_player(games[chosen]))
    rest = np.flatnonzero(batch.status == DEGENERATE)[:200]
    agree(games[rest], solve_three_player(games[rest]), most_open=200)


# Known answers


def test_known_games_of_three_players() -> None:
    """Volunteers: each of three would pay 1/2 for what one is enough for (Diekmann 1985).

    All mixing, each abstains with probability sqrt(cost / benefit).
    """
    choices = np.array(list(np.ndindex(2, 2, 2))).reshape(2, 2, 2, 3)
    volunteer = np.moveaxis(choices.max(axis=3, keepdims=True) - choices / 2, 3, 0)
    batch = solve_three_player(volunteer[None])
    assert batch.status.tolist() == [OK]
    assert batch.count.tolist() == [7]
    for own in batch.strategies:
        assert own[-1, 0] == pytest.approx(0.5**0.5, rel=1e-14)


@pytest.mark.parametrize(("shift", "count"), [(-1e-3, 2), (1e-3, 0)])
def test_two_roots_on_one_support_or_none(shift: float, count: int) -> None:
    """Indifference is q1 r1 = 0.2025 + shift and q1 + r1 = 0.9: a double root between."""
    game = np.zeros((1, 3, 3, 2, 2))
    for j, k in itertools.product(range(2), repeat=2):
        game[0, 0, 1, j, k] = j * k - 0.2025 - shift
        game[0, 0, 2, j, k] = j + k - 0.9
        # The others' incentives leave the first player all three strategies to use.
        game[0, 1, :, j, k] = j * np.array([1.0, 0.5, -1.5])
        game[0, 2, :, j, k] = k * np.array([1.0, -1.5, 0.5])
    batch = solve_three_player(game)
    full = sum(all(own.all() for own in profile) for profile in batch[0])
    assert batch.status.tolist() == [OK]
    assert full == count
    agree(game, batch)
    if count:
        double = game.copy()
        double[0, 0, 1] += shift
        assert solve_three_player(double).status.tolist() == [DEGENERATE]
        first = [profile[1][1] for profile in batch[0] if (profile[0] > 0).all()]
        np.testing.assert_allclose(
            sorted(first), [0.45 - 1e-3**0.5, 0.45 + 1e-3**0.5], rtol=1e-12
        )  # fmt: skip


def signature(profiles: list[tuple[FloatArray, ...]]) -> list[Any]:
    return list(map(supports, profiles))


@pytest.mark.parametrize("sizes", LARGE)
def test_between_different_answers_lies_a_game_that_is_open(sizes: Shape) -> None:
    """Equilibria that are regular move with the payoffs: on the way to others is a tie.

    Bisection finds the place to the last digit unless a game is open before; the games on the way,
    ever nearer to a tie or a double root, have the equilibria of the exact solver.
    """
    low, high = draw("uniform", 50, sizes, seed=5), draw("uniform", 50, sizes, seed=6)
    ends = list(map(signature, solve_three_player(low)))
    differ = [k for k, other in enumerate(solve_three_player(high)) if signature(other) != ends[k]]
    found = []
    for step in range(60):
        middle = low[differ] / 2 + high[differ] / 2
        batch = solve_three_player(middle)
        if step in {15, 25, 35, 42}:
            agree(middle[:6], batch, most_open=0)
        for place, k in enumerate(list(differ)):
            if batch.status[place] == DEGENERATE:
                differ.remove(k)
                found.append(step)
            elif signature(batch[place]) == ends[k]:
                low[k] = middle[place]
            else:
                high[k] = middle[place]
    assert not differ
    assert len(found) > 25
    assert min(found) > 20  # and none is open far from where the answers meet


def test_ties_are_found() -> None:
    games = draw("uniform", 6, (3, 2, 2))
    games[1] = 0  # nothing matters
    games[2, 0, 1] = games[2, 0, 0] = 9  # two best strategies, equal everywhere
    games[3, 1, :, 0] = games[3, 1, :, 1]  # the second player does not care
    games[4, 0, 2] = games[4, 0].min() - 1  # a dominated strategy, with ties of its own
    games[4, 0, 2] = games[4, 0, 2, 0, 0]
    status = solve_three_player(games).status
    assert status.tolist() == [OK, DEGENERATE, DEGENERATE, DEGENERATE, OK, OK]


# The arithmetic


def test_bounds_of_products_hold_and_are_not_idle() -> None:
    """Sums of two products of uncertain numbers, against rational arithmetic."""
    rng = np.random.default_rng(11)
    share = []
    for _ in range(2000):
        true = [Fraction(float(value)) for value in rng.uniform(-1, 1, 4)]
        errors = (10.0 ** rng.uniform(-20, -1, 4)).tolist()
        if rng.random() < 0.5:  # cancel
            true[3] = -true[0] * true[1] / true[2]
        moved = [
            float(value + Fraction(error) * int(rng.choice([-1, 0, 1])) * 9 / 10)
            for value, error in zip(true, errors, strict=True)
        ]
        bound_of = [
            abs(Fraction(value) - exact) for value, exact in zip(moved, true, strict=True)
        ]  # fmt: skip
        given = [max(error, float(own) * 1.01) for error, own in zip(errors, bound_of, strict=True)]
        pairs = [number for pair in zip(moved, given, strict=True) for number in pair]
        value, bound = algebra.dot(*pairs)
        error = abs(Fraction(value) - (true[0] * true[1] + true[2] * true[3]))
        assert error <= Fraction(bound)
        share.append(float(error / Fraction(bound)))
    assert max(share) > 0.5


def test_roots_lie_within_their_bounds() -> None:
    """Of q'wr = q'mr = 0, moved within the errors: the roots' vectors enclose what they become."""
    rng = np.random.default_rng(12)
    certain = excluded = 0
    for _ in range(1000):
        forms = rng.integers(-4, 5, (2, 4)).astype(float)
        errors = 10.0 ** rng.uniform(-12, -2)
        w, m = ((*form.tolist(), *[errors] * 4) for form in forms)
        kind, *roots = algebra.roots(w, m)
        near = forms + errors * rng.uniform(-1, 1, (2, 4))
        a, b = near.reshape(2, 2, 2)
        h0 = b[0, 0] * a[0, 1] - b[0, 1] * a[0, 0]
        h2 = b[1, 0] * a[1, 1] - b[1, 1] * a[1, 0]
        h1 = b[0, 0] * a[1, 1] + b[1, 0] * a[0, 1] - b[0, 1] * a[1, 0] - b[1, 1] * a[0, 0]
        discriminant = h1 * h1 - 4 * h0 * h2
        wanted = np.roots([h2, h1, h0])
        if kind < 0:
            excluded += 1
            assert discriminant < 0 or (wanted < 0).all()
        if kind > 0:
            certain += 1
            assert discriminant > 0
            for q0, q1, e0, e1 in roots:
                # q1 / q0 is a root t: |q1 - t q0| is within the errors for one of them.
                slack = np.abs(wanted) * e0 + e1 + 1e-9 * (np.abs(wanted) * abs(q0) + abs(q1))
                near_one = (np.abs(q1 - wanted * q0) <= slack).any()
                assert near_one or abs(q0) <= e0
    assert certain > 100
    assert excluded > 100


# Invariances


def same(one: ThreePlayerSolution, other: ThreePlayerSolution) -> None:
    for name in ("status", "count", "offsets"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for mine, theirs in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def rows_of(batch: ThreePlayerSolution, game: int) -> FloatArray:
    """Return a game's equilibria as sorted rows, to compare in any order."""
    rows = np.array([np.concatenate(own) for own in batch[game]])
    rows = rows.reshape(len(rows), sum(own.shape[1] for own in batch.strategies))
    order = np.lexsort(rows.round(6).T)
    sorted_rows: FloatArray = rows[order]
    return sorted_rows


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("sizes", [(3, 2, 2), (2, 2, 2), (1, 3, 2)])
def test_names_of_players_do_not_matter(sizes: Shape, order: Shape) -> None:
    games = np.concatenate([draw(kind, 60, sizes) for kind in ("uniform", "small integers")])
    batch = solve_three_player(games)
    turned = solve_three_player(games[:, order].transpose(0, 1, *(2 + k for k in order)))
    if sizes != (2, 2, 2):  # then the same player is eliminated
        np.testing.assert_array_equal(batch.status, turned.status)
    assert (batch.status != turned.status).mean() < 0.05
    both = np.flatnonzero((batch.status == OK) & (turned.status == OK)).tolist()
    assert len(both) >= 60
    back = ThreePlayerSolution(
        status=turned.status,
        count=turned.count,
        offsets=turned.offsets,
        strategies=tuple(turned.strategies[order.index(k)] for k in range(3)),
        tolerance=0.0,
    )
    for k in both:
        np.testing.assert_allclose(rows_of(back, k), rows_of(batch, k), atol=1e-10)


def test_names_of_strategies_do_not_matter() -> None:
    games = np.concatenate([draw(kind, 100, (3, 2, 2)) for kind in ("uniform", "integers")])
    batch = solve_three_player(games)
    turned = solve_three_player(games[:, :, [2, 0, 1]][:, :, :, ::-1])
    both = np.flatnonzero((batch.status == OK) & (turned.status == OK)).tolist()
    assert (batch.status == turned.status).mean() > 0.95
    back = ThreePlayerSolution(
        status=turned.status,
        count=turned.count,
        offsets=turned.offsets,
        strategies=(
            turned.strategies[0][:, [1, 2, 0]],
            turned.strategies[1][:, ::-1],
            turned.strategies[2],
        ),
        tolerance=0.0,
    )
    assert len(both) > 100
    for k in both:
        np.testing.assert_allclose(rows_of(back, k), rows_of(batch, k), atol=1e-10)


@pytest.mark.parametrize("sizes", LARGE)
def test_positive_affine_payoffs_have_the_same_equilibria(sizes: Shape) -> None:
    games = draw("integers", 150, sizes)
    batch = solve_three_player(games)
    shape = (1, 3, 1, 1, 1)
    moved = solve_three_player(
        games * np.reshape([3, 0.25, 7], shape) + np.reshape([5, 0, 1], shape)
    )
    np.testing.assert_array_equal(moved.status, batch.status)
    for k in np.flatnonzero(batch.status == OK).tolist():
        np.testing.assert_allclose(rows_of(moved, k), rows_of(batch, k), atol=1e-10)


@pytest.mark.parametrize("factor", [1e-300, 1e-150, 1e-20, 1e20, 1e150, 1e300])
@pytest.mark.parametrize("player", range(3))
def test_very_large_and_small_payoffs_are_scaled(factor: float, player: int) -> None:
    games = np.concatenate([draw("integers", 60, (3, 2, 2)), draw("uniform", 60, (3, 2, 2))])
    scaled = games.copy()
    scaled[:, player] *= 2.0 ** round(np.log2(factor))
    one, other = solve_three_player(scaled), solve_three_player(games)
    np.testing.assert_array_equal(one.status, other.status)
    np.testing.assert_array_equal(one.count, other.count)
    for mine, theirs in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def test_the_smallest_floats_are_as_uncertain_as_they_are_coarse() -> None:
    games = np.zeros((2, 3, 2, 1, 1))
    games[:, 0, :, 0, 0] = [[3 * 2.0**-1074, 2 * 2.0**-1074], [9 * 2.0**-1074, 2 * 2.0**-1074]]
    assert solve_three_player(games).status.tolist() == [DEGENERATE, OK]


@pytest.mark.parametrize("sizes", [(3, 2, 2), (2, 2, 2)])
def test_within_the_tolerance_the_supports_do_not_change(sizes: Shape) -> None:
    rng = np.random.default_rng(sizes)
    games = rng.random((400, 3, *sizes))
    wide = solve_three_player(games, tolerance=1e-3)
    certain = np.flatnonzero(wide.status == OK).tolist()
    assert len(games) // 2 < len(certain) < len(games)
    largest = np.abs(games).max(axis=(2, 3, 4), keepdims=True)
    for _ in range(10):
        near = solve_three_player(games + 1e-3 * largest * rng.uniform(-1, 1, games.shape))
        for k in certain:
            assert near.status[k] == OK
            assert list(map(supports, near[k])) == list(map(supports, wide[k]))


# Statuses and the interface


@pytest.mark.parametrize("kind", ["small integers", "duplicated", "zeros and ones"])
def test_degenerate_games_are_solved_again_on_request(kind: str) -> None:
    games = draw(kind, 25, (2, 2, 2))
    plain, batch = solve_three_player(games), solve_three_player(games, resolve=True)
    assert (plain.status == DEGENERATE).any()
    for k, payoffs in enumerate(games):
        if plain.status[k] == OK:
            assert batch.status[k] == OK
            for mine, theirs in zip(batch[k], plain[k], strict=True):
                np.testing.assert_array_equal(np.concatenate(mine), np.concatenate(theirs))
            continue
        solution = nash(NormalFormGame(payoffs), exact=False)
        assert (batch.status[k] == RESOLVED) == (solution.status is Status.COMPLETE)
        assert [tuple(map(tuple, own)) for own in batch[k]] == [
            eq.profile for eq in solution.equilibria
        ]


def test_what_the_exact_solver_leaves_open_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    games = draw("zeros and ones", 10, (2, 2, 2))
    from alignment_games import solvers
    from alignment_games.solvers import nash_nplayer

    monkeypatch.setattr(
        solvers, "nash", lambda game, *, exact: nash_nplayer(game, exact=exact, max_boxes=1)
    )
    batch = solve_three_player(games, resolve=True)
    complete = [
        nash_nplayer(NormalFormGame(own), exact=False, max_boxes=1).status is Status.COMPLETE
        for own in games
    ]
    near = solve_three_player(games).status == DEGENERATE
    np.testing.assert_array_equal(batch.status[near] == RESOLVED, np.array(complete)[near])
    assert (batch.status == DEGENERATE).any()


def test_a_game_with_a_payoff_that_is_not_finite_is_a_status() -> None:
    games = draw("uniform", 5, (3, 2, 2))
    clean = solve_three_player(games)
    games[1, 2, 0, 1, 1], games[3, 0, 2, 0, 0] = np.nan, -np.inf
    batch = solve_three_player(games, resolve=True)
    assert batch.status.tolist() == [0, 2, 0, 2, 0]
    assert batch.count.tolist() == [0 if k in {1, 3} else clean.count[k] for k in range(5)]
    for mine, theirs in zip(batch[4], clean[4], strict=True):
        np.testing.assert_array_equal(np.concatenate(mine), np.concatenate(theirs))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for sizes in LARGE:
        games = draw("small integers", 3000, sizes)
        once = solve_three_player(games, workers=1)
        same(once, solve_three_player(games, workers=3))
        with monkeypatch.context() as patch:
            patch.setattr(implementation, "_BLOCK", 64)
            same(once, solve_three_player(games, workers=2))


def test_a_game_is_found_by_its_place() -> None:
    games = draw("uniform", 50, (2, 3, 2))
    batch = solve_three_player(games)
    assert len(batch) == 50
    assert batch.offsets[-1] == batch.count.sum()
    assert [own.shape for own in batch.strategies] == [
        (batch.offsets[-1], size) for size in (2, 3, 2)
    ]
    assert [len(own) for own in batch] == batch.count.tolist()
    for one, other in zip(batch[-1], batch[49], strict=True):
        np.testing.assert_array_equal(np.concatenate(one), np.concatenate(other))
    with pytest.raises(IndexError):
        batch[50]


@pytest.mark.parametrize("sizes", LARGE)
def test_equilibria_are_in_the_order_of_their_supports(sizes: Shape) -> None:
    several = 0
    for profiles in solve_three_player(draw("uniform", 2000, sizes)):
        used = [supports(own) for own in profiles]
        keys = [
            (sum(map(len, own)), own, tuple(-profile[0]))
            for own, profile in zip(used, profiles, strict=True)
        ]
        assert keys == sorted(keys)
        several += len(keys) > len({str(own) for own in used})
    assert several > 10


def test_memory_is_that_of_the_answer() -> None:
    games = draw("uniform", 40_000, (2, 3, 2))
    solve_three_player(games[:10])
    tracemalloc.start()
    batch = solve_three_player(games, workers=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answer = batch.status.nbytes + batch.count.nbytes + batch.offsets.nbytes
    answer += sum(own.nbytes for own in batch.strategies)
    assert peak < answer + 8 * len(games) + 200_000


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        (np.zeros((3, 2, 2, 2)), r"`payoffs` must have five axes.*got shape \(3, 2, 2, 2\)"),
        (np.zeros((1, 2, 2, 2, 2)), r"three players\), got shape \(1, 2, 2, 2, 2\)"),
        (np.zeros((1, 3, 3, 3, 2)), "up to 3 of one, got 3 x 3 x 2"),
        (np.zeros((1, 3, 4, 2, 2)), "got 4 x 2 x 2; solve larger ones one by one"),
        (np.zeros((1, 3, 2, 0, 2)), "1 or 2 strategies a player"),
        (np.zeros((1, 3, 2, 2, 2), complex), "`payoffs` must hold real numbers"),
        ([[[[[1, 2], [3]]]]], "`payoffs` must be an array.*ragged"),
    ],
)
def test_bad_payoffs_are_described(payoffs: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        solve_three_player(payoffs)


def test_bad_arguments_are_described() -> None:
    games = np.zeros((1, 3, 2, 2, 2))
    bad: Any
    for bad in (-1e-9, 0.02, float("nan"), "0", True):
        with pytest.raises(ParameterError, match="`tolerance` must be a number from 0 to"):
            solve_three_player(games, tolerance=bad)
    for bad in (0, 1.5, "2", True):
        with pytest.raises(ParameterError, match="`workers` must be None or an integer"):
            solve_three_player(games, workers=bad)
    for bad in (None, 1, "yes"):
        with pytest.raises(GameError, match="`resolve` must be True or False"):
            solve_three_player(games, resolve=bad)


def test_other_types_of_numbers_and_no_games_at_all() -> None:
    games = draw("integers", 20, (3, 2, 2))
    wanted = solve_three_player(games)
    same(solve_three_player(games.astype(np.int8)), wanted)
    same(solve_three_player(games.tolist()), wanted)
    same(solve_three_player(np.asfortranarray(games)), wanted)
    same(solve_three_player(np.repeat(games, 2, axis=0)[::2]), wanted)
    none = solve_three_player(np.empty((0, 3, 2, 3, 1)))
    assert len(none) == len(none.strategies[0]) == 0
    assert str(none) == "0 games of 2 x 3 x 1, 0 equilibria"


def test_payoffs_of_few_digits_are_as_uncertain_as_their_type() -> None:
    game = np.zeros((1, 3, 2, 1, 1), np.float32)
    game[0, 0, :, 0, 0] = np.float32(0.3) * np.float32(3), np.float32(0.9)
    assert game[0, 0, 0, 0, 0] != game[0, 0, 1, 0, 0]
    assert solve_three_player(game).status.tolist() == [DEGENERATE]
    assert solve_three_player(game.astype(float)).status.tolist() == [OK]


def test_answers_are_shown_in_a_line() -> None:
    batch = ag.batch.solve_three_player(np.zeros((2, 3, 1, 1, 2)), resolve=True)
    assert repr(batch) == "<ThreePlayerSolution: 2 games of 1 x 1 x 2, 4 equilibria; 2 resolved>"
