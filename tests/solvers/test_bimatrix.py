"""All equilibria of two-player games: certificates, structure, published numbers, limits."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, find, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import WorkLimitError
from alignment_games.solvers import NashSubset, Solution, Status, nash, regular, verify
from alignment_games.solvers import bimatrix as bimatrix_module
from alignment_games.solvers._kernels import polytope as loops
from alignment_games.solvers._kernels import wide
from alignment_games.solvers.certify import certified_weights
from alignment_games.solvers.components import equilibrium_components
from alignment_games.solvers.extremes import (
    compiled_extremes,
    extremes_in_integers,
    reduced_matrices,
)
from alignment_games.solvers.polytope import Basis, lexicographic_bases
from alignment_games.testing import degenerate_games, games

from ..oracles.random_games import CLASSES

SETTINGS = settings(max_examples=100, deadline=None)
ZERO = (Fraction(0), Fraction(0))


def bimatrix(row: Any, column: Any) -> NormalFormGame:
    return NormalFormGame.from_bimatrix(row, column)


def unit(size: int, *support: int) -> tuple[Fraction, ...]:
    """The even mixture of the strategies in `support`."""
    return tuple(Fraction(int(k in support), len(support)) for k in range(size))


def profiles(solution: Solution) -> set[Any]:
    return {eq.profile for eq in solution.equilibria}


def subsets(solution: Solution) -> list[NashSubset]:
    return [subset for part in solution.components for subset in part.subsets]


def mixture(points: tuple[Any, ...], weights: list[int]) -> tuple[Fraction, ...]:
    total = sum(weights)
    return tuple(
        sum((Fraction(w, total) * p for w, p in zip(weights, entry, strict=True)), Fraction(0))
        for entry in zip(*points, strict=True)
    )


# Certificates


@SETTINGS
@given(games(max_strategies=4))
def test_every_game_is_solved_completely_and_exactly(game: NormalFormGame) -> None:
    solution = nash(game)
    assert solution.status is Status.COMPLETE
    assert solution.concept == "nash"
    assert solution.game is game
    assert solution.exact
    assert len(solution) >= 1  # Nash (1951)
    assert solution.max_regret == 0
    assert len(profiles(solution)) == len(solution)
    for eq in solution.equilibria:
        assert verify(game, eq.profile) == ZERO == eq.regret
        assert eq.payoffs == ag.solvers.expected_payoffs(game, eq.profile)
        for vector in eq.profile:
            assert all(type(p) is Fraction for p in vector)
            assert sum(vector) == 1


@SETTINGS
@given(games(max_strategies=4))
def test_without_degenerate_equilibria_their_number_of_equilibria_is_odd(
    game: NormalFormGame,
) -> None:
    """Wilson (1971), doi:10.1137/0121011: a nondegenerate game has an odd number."""
    solution = nash(game)
    assume(not solution.degenerate)
    assert len(solution) % 2 == 1
    assert [part.dimension for part in solution.components] == [0] * len(solution)
    assert {part.representative for part in solution.components} == profiles(solution)
    assert all(part.index in {-1, 1} for part in solution.components)


def test_random_real_games_have_no_ties_and_an_odd_number_of_equilibria() -> None:
    rng = np.random.default_rng(1971)
    counts = set()
    for m, n in [(2, 2), (2, 4), (3, 3), (4, 3), (4, 4), (5, 5)] * 10:
        solution = nash(bimatrix(rng.random((m, n)), rng.random((m, n))))
        assert not solution.degenerate
        assert len(solution) % 2 == 1
        assert float(solution.max_regret) < 1e-14
        counts.add(len(solution))
    assert {1, 3} < counts  # the sample has games with several


# The compiled loops and the readable definition


def ways(game: NormalFormGame) -> dict[str, Any]:
    """Return all equilibria with indices, by each of the four ways that can solve the game."""
    matrices = reduced_matrices(game)
    extremes = extremes_in_integers(*matrices)
    assert compiled_extremes(*matrices) in (None, extremes)
    components = equilibrium_components(*matrices, extremes, exact=True)
    weights = [(x.weights, y.weights) for x, y in extremes.pairs]
    found = {
        "lexicographic": sorted(eq.profile for eq in certified_weights(game, weights, exact=True))
    }
    indices = {"lexicographic": sorted(part.index for part in components)}
    payoffs = regular.machine_integers(game)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular, "_compiled_pays", lambda _: True)
        for name, way in (
            ("supports", regular.regular_equilibria(game, payoffs)),
            ("vertices", regular.regular_by_vertices(game)),
        ):
            if way is not None:
                records = certified_weights(game, way.weights(), exact=True)
                found[name] = sorted(eq.profile for eq in records)
                indices[name] = sorted(way.indices)
                floats = [tuple(float(p) for own in eq.profile for p in own) for eq in records]
                np.testing.assert_allclose(way.profiles, floats, rtol=4e-16, atol=0)
    if len(found) > 1:
        assert all(indices[name] == indices["lexicographic"] for name in found)
    return found


@SETTINGS
@given(games(max_strategies=5) | degenerate_games(max_strategies=4))
def test_all_ways_to_solve_a_game_agree(game: NormalFormGame) -> None:
    found = ways(game)
    for profiles_ in found.values():
        assert profiles_ == found["lexicographic"]


@pytest.mark.parametrize("spread", [3, 50, 10**3, 10**7, 10**25])
@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (2, 6), (3, 3), (4, 4), (5, 4), (5, 5), (6, 3)])
def test_all_ways_agree_on_games_of_any_size_of_payoffs(
    shape: tuple[int, int], spread: int
) -> None:
    """Numbers that fit 64 bits, that overflow in between, and that never fit."""
    rng = random.Random(spread)
    both = 0
    for _ in range(6):
        a, b = (
            [[rng.randint(-spread, spread) for _ in range(shape[1])] for _ in range(shape[0])]
            for _ in "ab"
        )
        found = ways(bimatrix(a, b))
        both += len(found) > 1
        for profiles_ in found.values():
            assert profiles_ == found["lexicographic"]
    assert both or spread == 3  # without ties the loops decide the game


@pytest.mark.parametrize("shape", [(6, 6), (7, 5), (8, 8), (3, 12)])
def test_larger_games_agree_with_the_readable_definition(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    for _ in range(3):
        found = ways(bimatrix(*rng.integers(-(10**6), 10**6, (2, *shape))))
        assert len(found) > 1
        for profiles_ in found.values():
            assert profiles_ == found["lexicographic"]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("shape", [(6, 6), (4, 8), (8, 4), (7, 7)])
def test_larger_games_with_ties_agree_with_the_readable_definition(
    shape: tuple[int, int], kind: str
) -> None:
    """The same vertices in the same order, and the same bases of the perturbed game."""
    rng = np.random.default_rng(sum(shape))
    for _ in range(2):
        matrices = reduced_matrices(bimatrix(*CLASSES[kind](rng, *shape)))
        found = compiled_extremes(*matrices)
        assert found is not None or kind == "uniform"
        assert found in (None, extremes_in_integers(*matrices))


def walked(
    matrix: Any, words: int = 1, *, most: int = 10**6, entries: int = 10**8
) -> tuple[int, list[Basis]]:
    """Return the code of the compiled walk, and its bases with their values in lowest terms."""
    code, labels, vertex, tight, weights = loops.walk(
        np.array(matrix, dtype=np.int64), words, most, entries
    )
    width = weights.shape[1] // words
    values = [
        tuple(low + (high << 64) for low, high in zip(own, upper, strict=True))
        for own, upper in zip(
            weights[:, :width].astype(np.uint64).tolist(),
            (weights[:, width:] if words == 2 else weights >> 63).tolist(),
            strict=True,
        )
    ]
    bases = [Basis(int(own), lowest(values[k])) for own, k in zip(labels, vertex, strict=True)]
    assert len(set(tight.tolist())) == len(tight) == len(weights)
    for own, k in zip(labels, vertex, strict=True):
        assert own & ~tight[k] == 0
    return code, bases


def lowest(values: Any) -> tuple[int, ...]:
    return tuple(v // (math.gcd(*values) or 1) for v in values)


def defined(matrix: Any) -> list[Basis]:
    width = len(matrix[0])
    return [Basis(b.labels, lowest(b.values[:width])) for b in lexicographic_bases(matrix)]


@SETTINGS
@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(
                st.sampled_from([1, 2, 3, 4, 8, 2**20, 2**20 + 1, 2**31, 3**19, 2**52, 2**60]),
                min_size=width,
                max_size=width,
            ),
            min_size=1,
            max_size=5,
        )
    )
)
def test_the_compiled_walk_is_right_or_gives_up(matrix: list[list[int]]) -> None:
    """Powers of two are the divisors that cost digits, large numbers those that overflow."""
    expected = defined(matrix)
    first, bases = walked(matrix)
    assert (first, bases) in [(loops.DONE, expected), (loops.TOO_LONG, [])]
    second, bases = walked(matrix, 2)
    assert (second, bases) in [(loops.DONE, expected), (loops.TOO_LONG, [])]
    assert second == loops.DONE or first == loops.TOO_LONG  # two words do where one does


@pytest.mark.parametrize("words", [1, 2])
def test_the_compiled_walk_divides_by_powers_of_two(words: int) -> None:
    for matrix in ([[2, 4, 8], [16, 2, 4], [8, 32, 2]], [[2**k] * 3 for k in (9, 10, 9)]):
        assert walked(matrix, words) == (loops.DONE, defined(matrix))


def test_numbers_are_walked_up_to_the_edge_of_their_words() -> None:
    """Large numbers are no reason to give up as long as the minors stay small."""
    for matrix in ([[2**61 + 1, 1]], [[2**31 - 1, 1], [1, 2**30]], [[2**61 + 1], [2**61]]):
        assert walked(matrix) == (loops.DONE, defined(matrix))
    for matrix in (
        [[2**40, 1], [1, 2**40]],
        [[2**61 + 1, 1], [1, 2**61]],
        [[2**61 - 1, 2**61 - 3], [2**61 - 2, 2**61 - 5], [2**61 - 3, 1]],
    ):
        assert walked(matrix) == (loops.TOO_LONG, [])
        assert walked(matrix, 2) == (loops.DONE, defined(matrix))
    cubes = [[2**45, 1, 1], [1, 2**45, 1], [1, 1, 2**45]]
    assert walked(cubes, 2) == (loops.TOO_LONG, [])


@pytest.mark.parametrize(
    ("words", "size", "bits"), [(1, 2, 31), (1, 3, 20), (2, 3, 42), (2, 4, 31)]
)
def test_no_number_leaves_its_words_unnoticed(words: int, size: int, bits: int) -> None:
    """Minors on either side of 62 or 126 bits, with all divisors, powers of two among them."""
    rng = random.Random(words * size)
    codes = set()
    for more in (-1, 0, 1, 2):
        for _ in range(25):
            twos = rng.randint(0, 2 * more + 2)
            matrix = [
                [rng.randint(1, 1 << (bits + more - twos)) << twos for _ in range(size)]
                for _ in range(size)
            ]
            code, bases = walked(matrix, words)
            assert bases == (defined(matrix) if code == loops.DONE else [])
            codes.add(code)
    assert codes == {loops.DONE, loops.TOO_LONG}


def words_of(value: int) -> tuple[np.uint64, np.uint64]:
    return np.uint64(value >> 64 & 2**64 - 1), np.uint64(value & 2**64 - 1)


def whole(value: tuple[Any, Any], *, signed: bool = True) -> int:
    upper, lower = map(int, value)
    number = upper << 64 | lower
    return number - 2**128 if signed and number >= 2**127 else number


WIDE = st.integers(-(2**127), 2**127 - 1) | st.sampled_from(
    [
        sign * (2**k + d)
        for k in (0, 31, 32, 63, 64, 95, 96, 126)
        for d in (-1, 0, 1)
        for sign in (1, -1)
    ]
)


@SETTINGS
@given(WIDE, WIDE, WIDE, WIDE, st.integers(0, 127))
def test_numbers_of_two_words_are_pythons(a: int, b: int, c: int, d: int, places: int) -> None:
    modulus = 2**128
    assert whole(wide.product(*words_of(a), *words_of(b)), signed=False) == a * b % modulus
    assert (
        whole(
            wide.difference_of_products(*words_of(a), *words_of(b), *words_of(c), *words_of(d)),
            signed=False,
        )
        == (a * b - c * d) % modulus
    )
    assert whole(wide.negative(*words_of(a)), signed=False) == -a % modulus
    assert whole(wide.shifted(*words_of(a), places)) == a >> places
    assert wide.sign(*words_of(a)) == (a > 0) - (a < 0)
    assert wide.to_float(*words_of(a)) == pytest.approx(a, rel=2**-51, abs=0)
    odd = a | 1
    assert whole(wide.inverse_of_odd(*words_of(odd)), signed=False) == pow(odd, -1, modulus)


def test_the_compiled_walk_is_bounded() -> None:
    matrix = (np.eye(6, dtype=int) + 1).tolist()
    assert walked(matrix, most=10) == (loops.TOO_LARGE, [])
    assert walked(matrix)[0] == loops.DONE
    larger = np.random.default_rng(0).integers(1, 6, (9, 9))
    assert walked(larger, entries=10_000) == (loops.TOO_LARGE, [])
    assert walked(larger)[0] == loops.DONE
    with pytest.raises(WorkLimitError, match=r"6 x 6 game, which has ties.*more than 10 vert"):
        compiled_extremes(matrix, matrix, max_bases=10)


def test_a_vertex_with_several_bases_is_listed_once() -> None:
    """`walked` asserts it; the sample has such vertices."""
    code, bases = walked(np.random.default_rng(0).integers(1, 4, (6, 6)))
    assert code == loops.DONE
    assert len(bases) > len({basis.values for basis in bases})


@SETTINGS
@example(NormalFormGame([[[0.0]], [[1.4884229934168335e-297]]]))  # its scale is no float
@given(games(payoffs=st.floats(-1e6, 1e6)))
def test_floating_records_are_the_exact_ones_rounded(game: NormalFormGame) -> None:
    """`certified_floats` and `verify` are two ways to one certificate."""
    regular.load()
    spread = float(np.abs(game.payoffs).max())
    for eq in nash(game).equilibria:
        again = verify(game, eq.profile)
        assert eq.regret == pytest.approx(again, abs=4e-16 * spread)
        assert max(eq.regret) <= 4e-15 * spread
        assert eq.payoffs == pytest.approx(
            ag.solvers.expected_payoffs(game, eq.profile), rel=1e-13, abs=1e-15 * spread
        )


# Degenerate games


def ties(game: NormalFormGame, point: Any) -> bool:
    """Whether a player has more best replies than the other uses strategies."""
    for who, payoffs in enumerate(game.exact_payoffs):
        own = payoffs if who == 0 else payoffs.T
        levels = list(own @ np.array(point[1 - who], dtype=object))
        if levels.count(max(levels)) > sum(map(bool, point[1 - who])):
            return True
    return False


@SETTINGS
@given(degenerate_games())
def test_degenerate_equilibria_are_flagged(game: NormalFormGame) -> None:
    solution = nash(game)
    assert solution.degenerate == any(ties(game, eq.profile) for eq in solution.equilibria)


def test_most_degenerate_games_have_degenerate_equilibria() -> None:
    """The flag is not always down in the sample above."""
    assert len(find(degenerate_games(), lambda game: nash(game).degenerate).players) == 2


@SETTINGS
@given(degenerate_games())
def test_the_indices_of_the_components_sum_to_1(game: NormalFormGame) -> None:
    """Shapley (1974), doi:10.1007/BFb0121248."""
    assert sum(part.index for part in nash(game).components) == 1


@SETTINGS
@given(degenerate_games())
def test_components_are_connected_and_apart(game: NormalFormGame) -> None:
    solution = nash(game)
    points = [
        [set(itertools.product(*subset.vertices)) for subset in part.subsets]
        for part in solution.components
    ]
    for own in points:
        reached, rest = set(own[0]), own[1:]
        while rest:
            near = [one for one in rest if one & reached]
            assert near  # otherwise it is no single component
            rest = [one for one in rest if one not in near]
            reached |= set().union(*near)
    for one, other in itertools.combinations(points, 2):
        assert not set().union(*one) & set().union(*other)


@SETTINGS
@given(degenerate_games())
def test_the_uniform_strategy_representative_is_an_equilibrium(game: NormalFormGame) -> None:
    for part in nash(game).components:
        assert verify(game, part.representative) == ZERO
        for subset in part.subsets:
            assert verify(game, subset.representative) == ZERO


@settings(deadline=None, max_examples=60)
@given(degenerate_games(), st.randoms(use_true_random=False))
def test_a_components_index_is_that_of_the_equilibria_near_it(
    game: NormalFormGame, rng: Any
) -> None:
    """The definition: perturb the payoffs a little and sum the indices nearby.

    A generic perturbation of size 1e-6 moves equilibria of these games of half-integers by far
    less than 1e-3, the distance of the components by which they are told apart.
    """
    noise = [
        [[Fraction(rng.randint(-(10**6), 10**6), 10**12) for _ in row] for row in own]
        for own in game.exact_payoffs.tolist()
    ]
    near = nash(NormalFormGame(game.exact_payoffs + np.array(noise, dtype=object)))
    assume(not near.degenerate)
    solution = nash(game)
    sums = [0] * len(solution.components)
    for part in near.components:
        point = [np.array(own, dtype=float) for own in part.representative]
        distances = [
            min(
                sum(distance_to_hull(p, own) for p, own in zip(point, subset.vertices, strict=True))
                for subset in whole.subsets
            )
            for whole in solution.components
        ]
        closest = min(range(len(distances)), key=distances.__getitem__)
        assert distances[closest] < 1e-3
        assert sorted(distances)[1:2] == [] or sorted(distances)[1] > 1e-3
        sums[closest] += part.index
    assert sums == [part.index for part in solution.components]


def distance_to_hull(point: Any, vertices: Any) -> float:
    """Least 1-norm distance of a point to the convex hull of vertices, by linear programming."""
    corners = np.array(vertices, dtype=float)
    count, size = corners.shape
    # Minimize the sum of t subject to -t <= corners' weights - point <= t.
    eye = np.eye(size)
    result = linprog(
        np.r_[np.zeros(count), np.ones(size)],
        A_ub=np.block([[corners.T, -eye], [-corners.T, -eye]]),
        b_ub=np.r_[point, -point],
        A_eq=np.r_[np.ones(count), np.zeros(size)][None],
        b_eq=[1.0],
    )
    return float(result.fun)


@SETTINGS
@given(degenerate_games(), st.data())
def test_every_point_of_a_subset_is_an_equilibrium(
    game: NormalFormGame, data: st.DataObject
) -> None:
    for part in subsets(nash(game)):
        for _ in range(3):
            point = [
                mixture(
                    own,
                    data.draw(
                        st.lists(st.integers(0, 7), min_size=len(own), max_size=len(own)).filter(
                            any
                        )
                    ),
                )
                for own in part.vertices
            ]
            assert verify(game, point) == ZERO


def contains(outer: NashSubset, inner: NashSubset) -> bool:
    return all(set(a) <= set(b) for a, b in zip(inner.vertices, outer.vertices, strict=True))


@SETTINGS
@given(degenerate_games())
def test_subsets_are_maximal_and_cover_all_extreme_equilibria(game: NormalFormGame) -> None:
    solution = nash(game)
    covered = set()
    for part in subsets(solution):
        covered |= set(itertools.product(*part.vertices))
        assert all(len(set(own)) == len(own) for own in part.vertices)
    assert covered == profiles(solution)
    for one, other in itertools.permutations(subsets(solution), 2):
        assert not contains(one, other)


@SETTINGS
@given(degenerate_games())
def test_no_subset_can_be_enlarged_by_an_equilibrium_strategy(game: NormalFormGame) -> None:
    solution = nash(game)
    known = [{eq.profile[k] for eq in solution.equilibria} for k in (0, 1)]
    for part in subsets(solution):
        rows, columns = part.vertices
        for x in known[0] - set(rows):
            assert any(verify(game, [x, y]) != ZERO for y in columns)
        for y in known[1] - set(columns):
            assert any(verify(game, [x, y]) != ZERO for x in rows)


@SETTINGS
@given(degenerate_games())
def test_a_subsets_dimension_is_that_of_its_hulls(game: NormalFormGame) -> None:
    """An independent rank: singular values of the differences, in floating point."""
    for part in subsets(nash(game)):
        ranks = [
            np.linalg.matrix_rank(np.array(own, dtype=float) - np.array(own[0], dtype=float))
            for own in part.vertices
        ]
        assert part.dimension == sum(ranks)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 3), (2, 2), (3, 2), (4, 4)])
def test_where_nothing_matters_everything_is_an_equilibrium(m: int, n: int) -> None:
    solution = nash(bimatrix(np.zeros((m, n), dtype=int), np.zeros((m, n), dtype=int)))
    assert len(solution) == m * n
    (everything,) = subsets(solution)
    assert [part.index for part in solution.components] == [1]
    assert everything.dimension == (m - 1) + (n - 1)
    assert set(everything.vertices[0]) == {unit(m, k) for k in range(m)}
    assert set(everything.vertices[1]) == {unit(n, k) for k in range(n)}
    assert solution.degenerate == (m * n > 1)


def test_a_tie_away_from_equilibrium_makes_none_degenerate() -> None:
    """The second row ties two columns and is never played."""
    solution = nash(bimatrix([[2, 2], [0, 0]], [[1, 0], [1, 1]]))
    assert not solution.degenerate
    assert profiles(solution) == {(unit(2, 0), unit(2, 0))}
    assert solution.components[0].dimension == 0


# Published games and closed forms


def test_the_regular_equilibrium_that_floating_support_enumeration_misses() -> None:
    """Survey of other packages: nashpy's support enumeration returns none for this game."""
    solution = nash(
        bimatrix(
            [[88, 78, 16], [18, 35, 20], [42, 91, 81]], [[11, 32, 37], [69, 11, 5], [68, 17, 2]]
        )
    )
    (only,) = solution.equilibria
    assert only.profile[0] == (Fraction(17, 24), 0, Fraction(7, 24))
    assert not solution.degenerate
    # x makes columns 1 and 2 tie: 17 * 11 + 7 * 68 = 17 * 32 + 7 * 17; y then makes rows 1 and
    # 3 tie: 88 y + 78 (1 - y) = 42 y + 91 (1 - y).
    assert only.profile[1] == (Fraction(13, 59), Fraction(46, 59), 0)
    assert only.regret == ZERO


def test_the_textbook_game_with_three_equilibria() -> None:
    """von Stengel (2007), Algorithmic Game Theory, chapter 3, equation 3.3."""
    solution = nash(bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]))
    assert not solution.degenerate
    assert profiles(solution) == {
        (unit(3, 0), unit(2, 0)),
        ((Fraction(4, 5), Fraction(1, 5), Fraction(0)), (Fraction(2, 3), Fraction(1, 3))),
        ((Fraction(0), Fraction(1, 3), Fraction(2, 3)), (Fraction(1, 3), Fraction(2, 3))),
    }


def test_the_degenerate_textbook_game() -> None:
    """The same game with a tie (AGT, section 3.6) has three extreme equilibria.

    Against the first row both columns earn 3, so the first row is played against every mixture
    that keeps it a best reply: 3 >= 2 + 3 q, that is q <= 1/3.
    """
    solution = nash(bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]))
    assert solution.degenerate
    edge = (Fraction(2, 3), Fraction(1, 3))
    mixed = ((Fraction(0), Fraction(1, 3), Fraction(2, 3)), (Fraction(1, 3), Fraction(2, 3)))
    assert profiles(solution) == {(unit(3, 0), unit(2, 0)), (unit(3, 0), edge), mixed}
    parts = {part.dimension: part for part in subsets(solution)}
    # The segment is where the pure (+1) and one mixed equilibrium (-1) of the game above meet.
    assert [(part.dimension, part.index) for part in solution.components] == [(1, 0), (0, 1)]
    assert parts[0].vertices == ((mixed[0],), (mixed[1],))
    assert parts[1].vertices[0] == (unit(3, 0),)
    assert set(parts[1].vertices[1]) == {unit(2, 0), edge}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_coordination_has_one_equilibrium_for_each_set_of_strategies(size: int) -> None:
    """2^n - 1 (survey of other packages): both players mix evenly over the same set."""
    solution = nash(bimatrix(np.eye(size, dtype=int), np.eye(size, dtype=int)))
    expected = {
        (unit(size, *support), unit(size, *support))
        for count in range(1, size + 1)
        for support in itertools.combinations(range(size), count)
    }
    assert len(expected) == 2**size - 1
    assert profiles(solution) == expected
    assert not solution.degenerate


@pytest.mark.parametrize("x", [Fraction(k, 30) for k in range(31)])
def test_the_parametric_game_of_the_public_question(x: Fraction) -> None:
    """Survey of other packages: A(x) = [[x/2, x], [1-x, (1-x)/2]] and B = A transposed.

    The first strategy earns q x/2 + (1-q) x, the second q (1-x) + (1-q)(1-x)/2, where q is the
    other's probability of the first: they tie at q = 3x - 1.
    """
    row = [[x / 2, x], [1 - x, (1 - x) / 2]]
    solution = nash(bimatrix(row, list(zip(*row, strict=True))))
    first, second = unit(2, 0), unit(2, 1)
    q = 3 * x - 1
    if x < Fraction(1, 3):
        expected: set[Any] = {(second, second)}
    elif x > Fraction(2, 3):
        expected = {(first, first)}
    else:
        expected = {(first, second), (second, first), ((q, 1 - q), (q, 1 - q))}
    assert profiles(solution) == expected
    assert solution.degenerate is (x in {Fraction(1, 3), Fraction(2, 3)})


def test_rock_paper_scissors() -> None:
    win = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    (only,) = nash(bimatrix(win, (-np.array(win)).tolist())).equilibria
    assert only.profile == (unit(3, 0, 1, 2),) * 2
    assert only.payoffs == ZERO
    assert not only.is_pure
    assert only.probabilities("player_2") == dict.fromkeys(["s1", "s2", "s3"], Fraction(1, 3))
    with pytest.raises(ValueError, match="pure"):
        assert only.path


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 4), (4, 1)])
def test_a_player_with_one_strategy_leaves_the_other_to_optimize(m: int, n: int) -> None:
    payoffs = np.arange(m * n).reshape(m, n)
    (only,) = nash(bimatrix(payoffs, payoffs)).equilibria
    assert only.path == (f"s{m}", f"s{n}")


# Exact and floating answers


@SETTINGS
@given(games(payoffs=st.integers(-300, 300).map(lambda k: k / 100)))
def test_floats_are_solved_as_the_decimals_they_print(game: NormalFormGame) -> None:
    hundredths = [[round(100 * v) for v in own.ravel()] for own in game.payoffs]
    twin = NormalFormGame(
        [
            np.array([Fraction(v, 100) for v in own], dtype=object).reshape(game.shape)
            for own in hundredths
        ]
    )
    floating, exact = nash(game), nash(twin)
    assert exact.exact
    assert not floating.exact
    assert floating.degenerate == exact.degenerate
    assert [tuple(tuple(map(float, v)) for v in eq.profile) for eq in exact.equilibria] == [
        eq.profile for eq in floating.equilibria
    ]
    assert [part.dimension for part in floating.components] == [
        part.dimension for part in exact.components
    ]
    assert float(floating.max_regret) < 1e-14
    asked = nash(game, exact=True)
    assert asked.exact
    assert profiles(asked) == profiles(exact)
    assert asked.game.exact
    assert asked.max_regret == 0


def test_an_exact_game_can_be_answered_in_floats() -> None:
    third = bimatrix([[1, 0], [0, 2]], [[2, 0], [0, 1]])
    solution = nash(third, exact=False)
    assert not solution.exact
    values = {p for eq in solution.equilibria for own in eq.profile for p in own}
    assert values == {0.0, 1.0, 1 / 3, 2 / 3}
    assert all(type(p) is float for p in values)
    for part in subsets(solution):
        assert all(type(p) is float for own in part.vertices for vector in own for p in vector)
    assert nash(third).exact
    assert solution.parameters == {"exact": False}


def test_a_knife_edge_of_decimals_is_a_tie() -> None:
    """0.3 is 3/10 here, although 0.1 + 0.2 in binary is another number."""
    tie = bimatrix([[0.3, 0.1], [0.1, 0.3], [0.2, 0.2]], [[0.0, 0.0]] * 3)
    both = (0.5, 0.5)
    assert verify(tie, [(0.0, 0.0, 1.0), both]) == (0.0, 0.0)
    assert ((0.0, 0.0, 1.0), both) in profiles(nash(tie))
    apart = bimatrix([[0.1 + 0.2, 0.1], [0.1, 0.3], [0.2, 0.2]], [[0.0, 0.0]] * 3)
    assert ((0.0, 0.0, 1.0), both) not in profiles(nash(apart))


# What is refused


@pytest.mark.parametrize("players", [1, 3])
def test_other_numbers_of_players_are_solved_by_supports(players: int) -> None:
    solution = nash(NormalFormGame(np.zeros((players, *[2] * players), dtype=int)))
    assert solution.method == "support-enumeration"
    assert len(solution) == 2**players


def test_a_degenerate_game_beyond_the_work_limit_is_refused() -> None:
    """The limit is lowered; at its normal value it takes a minute to reach."""
    coordination = bimatrix(np.eye(9, dtype=int), np.eye(9, dtype=int))
    with pytest.raises(
        WorkLimitError, match=r"9 x 9 game, which .* \d+ were visited.*lemke_howson"
    ):
        list(lexicographic_bases((np.eye(9, dtype=int) + 1).tolist(), max_work=9 * 19 * 52))
    assert len(nash(coordination)) == 2**9 - 1


@pytest.mark.parametrize("size", [300, 1_000])
def test_a_game_far_beyond_the_work_limit_is_refused_at_once(size: int) -> None:
    game = bimatrix(np.eye(size, dtype=int), np.eye(size, dtype=int))
    with pytest.raises(WorkLimitError, match=rf"{size} x {size} game"):
        nash(game)


def test_a_long_thin_game_is_solved() -> None:
    rng = np.random.default_rng(9)
    solution = nash(bimatrix(rng.random((3, 40)), rng.random((3, 40))))
    assert not solution.degenerate
    assert len(solution) % 2 == 1
    assert float(solution.max_regret) < 1e-14


@pytest.mark.slow
def test_the_largest_square_game_of_the_documentation() -> None:
    rng = np.random.default_rng(99)
    solution = nash(
        bimatrix(rng.integers(-999, 1000, (10, 10)), rng.integers(-999, 1000, (10, 10)))
    )
    assert solution.max_regret == 0
    assert len(solution) % 2 == 1


# What a person reads


def test_a_solution_says_what_it_claims() -> None:
    text = str(nash(bimatrix([[3, 1], [4, 0]], [[3, 4], [1, 0]])))
    assert text.splitlines()[0] == (
        "nash by vertex-enumeration: 3 found. All equilibria were found and verified."
    )
    assert "player_1: s1 0.5 + s2 0.5; player_2: s1 0.5 + s2 0.5  payoffs (2, 2)" in text
    tied = str(nash(bimatrix([[0, 0]], [[0, 0]])))
    assert "Some are degenerate: 1 maximal Nash subset in 1 component." in tied


# Dominated strategies


def travelers_dilemma(most: int) -> NormalFormGame:
    """Basu (1994), doi:10.2307/2117865: claims from 2, reward and penalty 2."""
    claims = np.arange(2, most + 1)
    own, other = claims[:, None], claims[None, :]
    payoffs = np.minimum(own, other) + 2 * (own < other) - 2 * (own > other)
    return bimatrix(payoffs, payoffs.T)


def test_the_travelers_dilemma_of_40_claims() -> None:
    """Its polytopes are far too large, but one claim survives iterated elimination."""
    (only,) = nash(travelers_dilemma(40)).equilibria
    assert only.path == ("s1", "s1")
    assert only.regret == ZERO


@settings(max_examples=40, deadline=None)
@given(degenerate_games(max_strategies=3), st.data())
def test_elimination_before_enumeration_changes_nothing(
    game: NormalFormGame, data: st.DataObject
) -> None:
    """A game with strictly dominated strategies added is solved with and without the step."""
    own, other = game.exact_payoffs
    worst = min(own.min(), other.min()) - 1
    wide = [np.full((game.shape[0] + 1, game.shape[1] + 1), worst, dtype=object) for _ in "ab"]
    for target, source in zip(wide, (own, other), strict=True):
        target[:-1, :-1] = source
    # The added row is worst for the row player; the added column for the column player.
    wide[0][:-1, -1] = data.draw(st.integers(0, 3))
    wide[1][-1, :-1] = data.draw(st.integers(0, 3))
    bigger = bimatrix(*wide)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bimatrix_module, "_REDUCED", (0, 10**9))
        patch.setattr(bimatrix_module, "_FEW_BASES", 0)
        reduced = nash(bigger)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bimatrix_module, "_REDUCED", (10**9, 10**9))
        plain = nash(bigger)
    assert profiles(reduced) == profiles(plain)
    assert {(frozenset(part.subsets), part.index) for part in reduced.components} == {
        (frozenset(part.subsets), part.index) for part in plain.components
    }
    assert reduced.game == plain.game
    assert all(eq.regret == ZERO for eq in reduced.equilibria)
