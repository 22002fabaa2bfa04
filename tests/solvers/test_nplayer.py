"""All equilibria of several players: certificates, indices, continua, closed forms, limits."""

from __future__ import annotations

import itertools
import math
import pickle
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError, WorkLimitError
from alignment_games.solvers import Solution, Status, nash, nash_nplayer
from alignment_games.solvers import nplayer as implementation
from alignment_games.solvers._nplayer_search import Tables, regular_equilibria
from alignment_games.solvers.regular import machine_integers
from alignment_games.testing import games

SETTINGS = settings(max_examples=25, deadline=None)
CLASSES = [(2, 2, 2), (3, 2, 2), (3, 3, 2), (3, 3, 3), (2, 2, 2, 2), (3, 2, 2, 2)]


def listed(outcomes: list[tuple[Any, ...]], shape: tuple[int, ...]) -> NormalFormGame:
    """A game from its outcomes, the last player's strategy fastest."""
    tables = np.array(outcomes, dtype=object).T
    return NormalFormGame(tables.reshape(len(shape), *shape))


# Nau, Gomez Canovas and Hansen (2004), On the geometry of Nash equilibria and correlated
# equilibria, International Journal of Game Theory 32, 443-453, doi:10.1007/s001820300162.
NAU = listed(
    [(3, 0, 2), (1, 0, 0), (0, 2, 0), (0, 1, 0), (0, 1, 0), (0, 3, 0), (1, 0, 0), (2, 0, 3)],
    (2, 2, 2),
)
# McKelvey and McLennan (1997), The maximal number of regular totally mixed Nash equilibria,
# Journal of Economic Theory 72, 411-425, doi:10.1006/jeth.1996.2214.
MCKELVEY_MCLENNAN = listed(
    [(9, 8, 12), (0, 0, 0), (0, 0, 0), (3, 4, 6), (0, 0, 0), (3, 4, 6), (9, 8, 2), (0, 0, 0)],
    (2, 2, 2),
)


def random_games(shape: tuple[int, ...], count: int, seed: int) -> Iterator[NormalFormGame]:
    rng = np.random.default_rng([seed, *shape])
    for _ in range(count):
        yield NormalFormGame(rng.random((len(shape), *shape)))


def profiles(solution: Solution) -> set[Any]:
    return {eq.profile for eq in solution.equilibria}


def is_certified(solution: Solution) -> None:
    game = solution.game
    assert len(profiles(solution)) == len(solution) >= 1  # Nash (1951)
    for eq in solution.equilibria:
        assert eq.regret == ag.verify(game, eq.profile)
        assert eq.payoffs == ag.solvers.expected_payoffs(game, eq.profile)
        if solution.exact:
            assert set(eq.regret) == {0}
            assert all(type(p) is Fraction for own in eq.profile for p in own)
            assert all(sum(own) == 1 for own in eq.profile)
        else:
            spread = np.ptp(game.payoffs.reshape(game.n_players, -1), axis=1)  # type: ignore[union-attr]
            assert all(r <= 1e-15 * s for r, s in zip(eq.regret, spread, strict=True))


# Nondegenerate games


@pytest.mark.parametrize("shape", CLASSES)
def test_random_games_are_solved_completely(shape: tuple[int, ...]) -> None:
    """The number is odd and the indices sum to 1, or an equilibrium would be missing."""
    counts = []
    for game in random_games(shape, 25, seed=1):
        solution = nash_nplayer(game)
        assert solution.status is Status.COMPLETE
        assert not solution.degenerate
        is_certified(solution)
        indices = [family.index for family in solution.families]
        assert [family.equilibria for family in solution.families] == [
            (eq,) for eq in solution.equilibria
        ]
        assert all(index in {1, -1} for index in indices)
        assert sum(index for index in indices if index is not None) == 1
        assert all(
            family.index == 1 for family in solution.families if family.equilibria[0].is_pure
        )
        counts.append(len(solution))
    assert all(count % 2 for count in counts)
    assert len(set(counts)) > 1


@pytest.mark.slow
@pytest.mark.parametrize("shape", [*CLASSES, (4, 2, 2), (4, 3, 2), (2, 2, 2, 2, 2), (4, 3, 3)])
def test_200_random_games_have_indices_that_sum_to_one(shape: tuple[int, ...]) -> None:
    for game in random_games(shape, 200, seed=2):
        solution = nash_nplayer(game)
        assert solution.status is Status.COMPLETE
        assert sum(family.index or math.nan for family in solution.families) == 1


def test_the_index_is_that_of_two_players() -> None:
    """Shapley (1974): in a game without ties the pure equilibria of coordination have index 1,
    the mixed ones of two strategies -1."""
    for size in (2, 3):
        game = NormalFormGame([np.eye(size, dtype=int)] * 2)
        for family in nash_nplayer(game).families:
            used = len(family.support[0])
            assert family.index == (-1) ** (used + 1)


# Published games and closed forms


def test_a_game_of_integers_whose_only_equilibrium_is_irrational() -> None:
    solution = nash_nplayer(NAU)
    assert solution.status is Status.COMPLETE
    assert not solution.exact
    (only,) = solution.equilibria
    q = (sympy.sqrt(601) - 13) / 24
    p, r = (9 * q - 1) / (7 * q + 2), (2 - 3 * q) / (q + 1)
    for own, exact in zip(only.profile, (p, q, r), strict=True):
        assert own == (float(sympy.N(exact, 40)), float(sympy.N(1 - exact, 40)))
    (family,) = solution.families
    assert family.index == 1


def test_the_2x2x2_game_with_nine_equilibria() -> None:
    solution = nash_nplayer(MCKELVEY_MCLENNAN)
    assert len(solution) == 9
    assert solution.exact
    assert [family.index for family in solution.families] == [1] * 4 + [-1] * 4 + [1]
    mixed = [eq.profile for eq in solution.equilibria if all(len(own) == 2 for own in eq.support)]
    assert len(mixed) == 2


@pytest.mark.parametrize("players", [3, 4, 5])
def test_the_volunteers_dilemma(players: int) -> None:
    """Diekmann (1985), Volunteer's dilemma, Journal of Conflict Resolution 29, 605-610: one
    volunteers, or each of several abstains with probability (cost / benefit) ** (1 / (n - 1))."""
    shape = (2,) * players
    payoffs = np.empty((players, *shape), dtype=object)
    for profile in np.ndindex(*shape):  # 0 volunteers, at a cost of 1 of the benefit 4
        for k in range(players):
            payoffs[(k, *profile)] = 3 if profile[k] == 0 else 4 * (0 in profile)
    solution = nash_nplayer(NormalFormGame(payoffs))
    assert solution.status is Status.COMPLETE
    assert len(solution) == 2**players - 1
    for eq in solution.equilibria:
        active = [own for own in eq.profile if own[0] > 0]
        if len(active) > 1:
            abstain = 0.25 ** (1 / (len(active) - 1))
            assert all(math.isclose(own[1], abstain, rel_tol=1e-15) for own in active)


def test_a_quadratic_with_rational_roots_gives_fractions() -> None:
    """Player k gains p_j p_l - c from its first strategy: all mix where the products are c."""
    c = Fraction(1, 4)
    payoffs = np.zeros((3, 2, 2, 2), dtype=object)
    for profile in np.ndindex(2, 2, 2):
        for k in range(3):
            others = [own for j, own in enumerate(profile) if j != k]
            payoffs[(k, *profile)] = (int(others == [0, 0]) - c) if profile[k] == 0 else 0
    solution = nash_nplayer(NormalFormGame(payoffs))
    half = (Fraction(1, 2),) * 2
    assert solution.exact
    assert (half, half, half) in profiles(solution)
    assert len(solution) == 3


@SETTINGS
@given(games(min_players=3, max_players=3, max_strategies=3))
def test_what_is_returned_is_certified(game: NormalFormGame) -> None:
    is_certified(nash_nplayer(game))


# Invariances


def moved(profile: Any, order: Any) -> Any:
    return tuple(tuple(own[k] for k in kept) for own, kept in zip(profile, order, strict=True))


@pytest.mark.parametrize("scale", [Fraction(1, 10**12), 10**9, Fraction(3, 7)])
@pytest.mark.parametrize("shift", [0, 10**9, Fraction(-1, 3)])
def test_positive_affine_payoffs_change_nothing(scale: Any, shift: Any) -> None:
    rng = np.random.default_rng(9)
    for shape in ((2, 2, 2), (3, 2, 2)):
        payoffs = rng.integers(-9, 10, (3, *shape)).astype(object)
        changed = payoffs.copy()
        changed[1] = payoffs[1] * scale + shift
        one, other = (nash_nplayer(NormalFormGame(p)) for p in (payoffs, changed))
        assert profiles(one) == profiles(other)
        assert one.status is other.status is Status.COMPLETE


@pytest.mark.parametrize("power", [-200, -12, 9, 200])
def test_floats_of_any_size_are_solved(power: int) -> None:
    rng = np.random.default_rng(10)
    payoffs = rng.integers(-999, 1000, (3, 3, 2, 2)).astype(float)
    scaled = np.vectorize(lambda value: float(f"{value}e{power}"))(payoffs)
    plain = nash_nplayer(NormalFormGame(payoffs))
    assert profiles(nash_nplayer(NormalFormGame(scaled))) == profiles(plain)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_names_and_order_do_not_matter(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(shape)
    for payoffs in rng.integers(-3, 4, (8, len(shape), *shape)).astype(object):
        here = nash_nplayer(NormalFormGame(payoffs))
        order = [rng.permutation(size) for size in shape]
        renamed = nash_nplayer(NormalFormGame([own[np.ix_(*order)] for own in payoffs]))
        players = rng.permutation(len(shape))
        seated = nash_nplayer(NormalFormGame([np.transpose(payoffs[k], players) for k in players]))
        dimensions = [sorted(f.dimension for f in s.families) for s in (here, renamed, seated)]
        assert dimensions[0] == dimensions[1] == dimensions[2]
        isolated = {eq.profile for f in here.families if not f.dimension for eq in f.equilibria}
        assert {moved(p, order) for p in isolated} == {
            eq.profile for f in renamed.families if not f.dimension for eq in f.equilibria
        }
        assert {tuple(p[k] for k in players) for p in isolated} == {
            eq.profile for f in seated.families if not f.dimension for eq in f.equilibria
        }


def test_a_dominated_strategy_changes_nothing() -> None:
    for game in random_games((2, 2, 2), 6, seed=11):
        worse = np.concatenate([game.payoffs, game.payoffs[:, :1]], axis=1)
        worse[0, 2] -= 1
        here, there = nash_nplayer(game), nash_nplayer(NormalFormGame(worse))
        assert {((*p[0], 0.0), *p[1:]) for p in profiles(here)} == profiles(there)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_third_player_without_a_choice_is_no_player(place: int) -> None:
    rng = np.random.default_rng(place)
    for _ in range(25):
        row, column = rng.integers(-2, 3, (2, 3, 3)).astype(object)
        two = nash(NormalFormGame.from_bimatrix(row, column))
        tables = [row, column]
        tables.insert(place, np.zeros((3, 3), dtype=object))
        three = nash_nplayer(NormalFormGame([np.expand_dims(t, place) for t in tables]))
        assert three.status is Status.COMPLETE
        expected = set()
        for profile in profiles(two):
            pair = list(profile)
            pair.insert(place, (1,))
            expected.add(tuple(pair))
        assert profiles(three) == expected


def test_two_players_have_the_same_equilibria_by_both_methods() -> None:
    rng = np.random.default_rng(22)
    for top in (1, 2, 50):
        for _ in range(12):
            game = NormalFormGame(rng.integers(-top, top + 1, (2, 3, 3)))
            assert profiles(ag.solve(game, "support-enumeration")) == profiles(nash(game))


# Floats and Fractions


def test_exact_numbers_can_be_asked_for() -> None:
    floating = NormalFormGame(MCKELVEY_MCLENNAN.payoffs)
    assert not nash(floating).exact
    assert nash(floating, exact=True).exact
    assert profiles(nash(floating, exact=True)) == profiles(nash(MCKELVEY_MCLENNAN))
    rounded = nash(MCKELVEY_MCLENNAN, exact=False)
    assert not rounded.exact
    assert all(type(p) is float for q in profiles(rounded) for own in q for p in own)


def test_a_float_stands_for_its_decimal() -> None:
    """0.1 + 0.2 is not 0.3: the tie is there in one game and not in the other."""

    def game(level: float) -> NormalFormGame:
        return NormalFormGame([[[[0.3]], [[level]]], [[[0.0]], [[0.0]]], [[[0.0]], [[0.0]]]])

    assert len(nash(game(0.3))) == 2
    assert len(nash(game(0.1 + 0.2))) == 1


def cyclic(a: int, b: int) -> NormalFormGame:
    """Each player looks at the next one only, and mixes where that one's odds are b to a."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=object)
    for profile in np.ndindex(2, 2, 2):
        for k in range(3):
            payoffs[(k, *profile)] = [[0, b], [a, 0]][profile[k]][profile[(k + 1) % 3]]
    return NormalFormGame(payoffs)


@pytest.mark.parametrize(
    ("a", "b"), [(2**53 + 1, 2**53 - 1), (10**20 + 1, 10**20 - 3), (10**40 + 1, 10**39)]
)
def test_a_rational_equilibrium_with_a_long_denominator_is_a_fraction(a: int, b: int) -> None:
    """With the first numbers one probability is midway between two floats."""
    solution = nash_nplayer(cyclic(a, b))
    assert solution.status is Status.COMPLETE
    assert solution.exact
    own = (Fraction(b, a + b), Fraction(a, a + b))
    assert (own, own, own) in profiles(solution)
    rounded = nash_nplayer(cyclic(a, b), exact=False)
    assert (tuple(map(float, own)),) * 3 in profiles(rounded)


@pytest.mark.parametrize("precision", [64, 1023, 1025, 4096])
def test_precision_does_not_change_what_is_rounded(precision: int) -> None:
    for game in (NAU, MCKELVEY_MCLENNAN, *random_games((3, 3, 2), 3, seed=4)):
        assert profiles(nash_nplayer(game, precision=precision)) == profiles(nash_nplayer(game))


def test_a_value_midway_between_floats_is_given_up_at_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If it were not recognized as rational, either neighbor is returned."""
    from alignment_games.solvers import _nplayer_roots

    monkeypatch.setattr(_nplayer_roots, "is_root", lambda *_: False)
    a, b = 2**53 + 1, 2**53 - 1
    (only,) = nash_nplayer(cyclic(a, b), exact=False).equilibria
    exact = (b / (a + b), a / (a + b))
    assert all(
        abs(p - q) <= math.ulp(q) for own in only.profile for p, q in zip(own, exact, strict=True)
    )


# Limits and bad input


def test_the_box_limit_is_reported() -> None:
    (game,) = random_games((3, 3, 3), 1, seed=3)
    solution = nash_nplayer(game, max_boxes=20)
    assert solution.status is Status.LIMIT
    assert solution.undecided
    assert not solution.degenerate
    assert "ties" not in str(solution)
    is_complete = nash_nplayer(game)
    assert profiles(solution) <= profiles(is_complete)
    assert set(solution.families) <= set(is_complete.families)


@pytest.mark.parametrize("shape", [(9, 9, 2), (2,) * 12, (40, 2, 2), (17, 17, 17)])
def test_games_beyond_the_limit_are_refused_at_once(shape: tuple[int, ...]) -> None:
    game = NormalFormGame(np.zeros((len(shape), *shape), dtype=int))
    with pytest.raises(WorkLimitError, match=r"need \d+ supports .*pure_nash"):
        nash_nplayer(game)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"precision": 10}, "`precision` must be an integer from 64 to 4096, got 10"),
        ({"precision": 1e3}, "`precision` must be an integer"),
        ({"max_boxes": 0}, "`max_boxes` must be an integer from 1"),
        ({"max_boxes": True}, "got True"),
        ({"precision": np.int64(63)}, "`precision` must be an integer"),
    ],
)
def test_bad_options_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        nash_nplayer(NAU, **arguments)


@pytest.mark.parametrize("exact", [0, 1, "yes", 1.0])
def test_exact_is_a_truth_value(exact: Any) -> None:
    with pytest.raises(GameError, match="`exact` must be True, False or None, got"):
        nash_nplayer(NAU, exact=exact)


def test_options_of_numpys_types_are_taken() -> None:
    options: Any = {
        "exact": np.bool_(True),
        "precision": np.int64(192),
        "max_boxes": np.int32(10**6),
    }
    solution = nash_nplayer(NAU, **options)
    assert solution == nash_nplayer(NAU, exact=True, max_boxes=10**6)
    assert {type(value) for value in solution.parameters.values()} == {bool, int}


def test_one_player_needs_no_supports() -> None:
    solution = nash_nplayer(NormalFormGame([[1] * 40]))
    assert solution.status is Status.COMPLETE
    assert len(solution) == 40
    (everything,) = solution.families
    assert everything.dimension == 39
    assert everything.support == (solution.game.actions[0],)
    (alone,) = nash_nplayer(NormalFormGame([[*range(300)]])).families
    assert (alone.index, alone.dimension) == (1, 0)
    with pytest.raises(WorkLimitError, match=r"5000 of one player's 5001 strategies are best"):
        nash_nplayer(NormalFormGame([[0, *[1] * 5000]]))


def test_only_normal_forms_are_solved() -> None:
    game: Any = [[1, 2]]
    with pytest.raises(GameError, match="NormalFormGame, got list"):
        nash_nplayer(game)


def test_a_solution_survives_the_way_to_another_process() -> None:
    solution = nash_nplayer(MCKELVEY_MCLENNAN)
    assert pickle.loads(pickle.dumps(solution)) == solution


# Regular games in doubled precision against the same roots in integers


def in_integers(game: NormalFormGame, monkeypatch: pytest.MonkeyPatch) -> Solution:
    with monkeypatch.context() as patch:
        patch.setattr(implementation, "regular_equilibria", lambda *_: None)
        return nash_nplayer(game, exact=False)


def same_but_for_regrets(one: Solution, other: Solution) -> None:
    assert (one.status, one.exact, one.degenerate) == (other.status, other.exact, other.degenerate)
    assert [eq.profile for eq in one.equilibria] == [eq.profile for eq in other.equilibria]
    for mine, his in zip(one.families, other.families, strict=True):
        assert (mine.support, mine.index, mine.vertices) == (his.support, his.index, his.vertices)
        for member, twin in zip(mine.equilibria, his.equilibria, strict=True):
            # One takes floats for their decimals, the other for their binary values.
            unit = float(np.spacing(np.abs(one.game.payoffs).max()))  # type: ignore[union-attr]
            assert member.payoffs == pytest.approx(twin.payoffs, rel=1e-13, abs=1e-13)
            assert member.regret == pytest.approx(twin.regret, abs=unit)


@pytest.mark.parametrize("shape", [*CLASSES, (2, 4, 3), (1, 3, 2), (2, 2, 2, 2, 2)])
def test_regular_games_have_the_same_floats_as_in_integers(
    shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every probability is the float nearest to the root, by either way."""
    rng = np.random.default_rng([7, *shape])
    mixed = regular = 0
    for digits in (1, 3, 6) * 10:
        game = NormalFormGame(np.round(rng.random((len(shape), *shape)), digits))
        found = regular_equilibria(machine_integers(game), 10**6)
        if found is None:  # a tie, or five players, for whom the search is long
            assert digits < 6 or len(shape) == 5
            continue
        regular += 1
        solution = nash_nplayer(game)
        assert len(solution) == len(found[0])
        same_but_for_regrets(solution, in_integers(game, monkeypatch))
        mixed += sum(not eq.is_pure for eq in solution.equilibria)
    assert regular >= 10
    assert mixed >= 5


@pytest.mark.slow
@pytest.mark.parametrize("shape", CLASSES)
def test_1000_regular_games_have_the_same_floats_as_in_integers(
    shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng([8, *shape])
    for _ in range(1000):
        game = NormalFormGame(rng.integers(-1000, 1001, (len(shape), *shape)).astype(float))
        same_but_for_regrets(nash_nplayer(game), in_integers(game, monkeypatch))


@pytest.mark.parametrize(
    ("payoffs", "why"),
    [
        (np.ones((3, 2, 2, 2)), "every profile is an equilibrium"),
        ([[[[0, 0], [0, 0]], [[1, 1], [1, 0]]]] * 3, "a pure equilibrium has a tie"),
        (np.arange(24.0).reshape(3, 2, 2, 2) * 2.0**50 + np.eye(24)[5].reshape(3, 2, 2, 2), "long"),
        (np.arange(24.0).reshape(3, 2, 2, 2) * 10.0**300, "beyond 64 bits"),
    ],
)
def test_what_is_not_regular_or_short_is_left_to_integers(payoffs: Any, why: str) -> None:
    game = NormalFormGame(np.asarray(payoffs, dtype=float))
    assert regular_equilibria(machine_integers(game), 10**6) is None, why
    assert nash_nplayer(game).status is Status.COMPLETE


def test_the_search_for_regular_equilibria_stops_at_its_limit() -> None:
    game = next(random_games((3, 3, 3), 1, seed=9))
    assert regular_equilibria(machine_integers(game), 5) is None
    assert nash_nplayer(game, max_boxes=5).status is Status.LIMIT


def test_doubled_precision_rounds_or_does_not_say() -> None:
    from alignment_games.solvers._kernels.nplayer_regular import _nearest

    below, above = math.nextafter(0.5, 0), math.nextafter(0.5, 1)
    assert _nearest(0.5, 1e-30, 1e-30)
    assert not _nearest(0.5, 0.0, 0.5 - below)  # half of the gap below is less than this
    assert not _nearest(0.5, (below - 0.5) / 2, 1e-30)
    assert not _nearest(0.5, (above - 0.5) / 2, 1e-30)
    assert not _nearest(0.0, 0.0, 1e-30)
    assert not _nearest(0.5, 0.0, math.inf)


# Compiled loops against their definitions


def kernel_inputs(game: NormalFormGame) -> Any:
    from alignment_games.solvers._nplayer_exact import canonical_payoffs

    payoffs = [canonical_payoffs(table) for table in game.exact_payoffs]
    return Tables.of(payoffs, game.shape)


@pytest.mark.parametrize("shape", CLASSES)
def test_supports_are_pruned_as_defined(shape: tuple[int, ...]) -> None:
    from alignment_games.solvers._kernels.nplayer import surviving_supports

    rng = np.random.default_rng(shape)
    game = NormalFormGame(rng.integers(-2, 3, (len(shape), *shape)))
    tables = kernel_inputs(game)
    kept = {tuple(masks) for masks in surviving_supports(tables.ranks, tables.shape).tolist()}
    everything = itertools.product(*(range(1, 2**size) for size in shape))
    for masks in everything:
        support = [[s for s in range(size) if masks[k] >> s & 1] for k, size in enumerate(shape)]
        assert (tuple(masks) in kept) == (not has_dominated(game.payoffs, support))


def has_dominated(payoffs: Any, support: list[list[int]]) -> bool:
    for k, own in enumerate(support):
        table = np.moveaxis(payoffs[k], k, 0)
        others = table[(slice(None), *np.ix_(*(s for j, s in enumerate(support) if j != k)))]
        flat = others.reshape(len(table), -1)
        for a in own:
            for b in range(len(flat)):
                if (flat[b] >= flat[a]).all() and (flat[b] > flat[a]).any():
                    return True
    return False


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_the_compiled_search_equals_its_definition(shape: tuple[int, ...]) -> None:
    from alignment_games.solvers._kernels import nplayer as loops

    for game in random_games(shape, 3, seed=5):
        t = kernel_inputs(game)
        supports = loops.surviving_supports(t.ranks, t.shape)
        arguments = (t.ranks, t.values, t.error, t.shape, supports, 10**5, False)
        search: Callable[..., Any] = loops.search
        definition: Callable[..., Any] = loops.search.py_func  # type: ignore[attr-defined]
        for one, other in zip(search(*arguments), definition(*arguments), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("shape", [(3, 3, 3), (2, 2, 2, 2)])
def test_bounds_hold_at_random_points_of_boxes(shape: tuple[int, ...]) -> None:
    """Rows at exact points of a box lie within the bound of their value at the middle."""
    from alignment_games.solvers._kernels import layout
    from alignment_games.solvers._kernels import multilinear as m
    from alignment_games.solvers._nplayer_exact import canonical_payoffs, support_problem

    rng = np.random.default_rng(shape)
    game = next(random_games(shape, 1, seed=6))
    t = kernel_inputs(game)
    payoffs = [canonical_payoffs(table) for table in game.exact_payoffs]
    problem = support_problem(payoffs, shape, tuple(tuple(range(size)) for size in shape))
    w, x = layout.make_layout(t.shape, math.prod(shape)), m.make_scratch(t.shape, math.prod(shape))
    masks = np.array([2**size - 1 for size in shape])
    dim, rows, slack = layout.lay_out(w, t.ranks, t.values, t.error, t.shape, masks)
    assert slack < 1e-12
    for _ in range(20):
        low = rng.random(dim) * 0.3
        high = low + rng.choice([1e-14, 1e-6, 0.1, 0.5]) * rng.random(dim)
        assert not m.tighten(w, x, dim, low, high)
        m._weigh(w, x, x.inflated)
        m._ranges(w, x, dim, rows, x.middle, slack, False)
        for _ in range(5):
            point = low + rng.random(dim) * (high - low)
            point = np.clip(point, low, high)
            parts, at = {}, 0
            for j in problem.mixing:
                free = [Fraction(v) for v in point[at : at + shape[j] - 1]]
                parts[j] = (1 - sum(free, Fraction(0)), *free)
                at += shape[j] - 1
            for e, row in enumerate(problem.equations):
                scale = math.prod(
                    math.lcm(*(p.denominator for p in parts[j])) for j in problem.others(row.player)
                )
                exact = Fraction(problem.gain(row, parts), scale << t.bits[row.player])
                assert abs(exact - Fraction(x.coefficients[e, 0])) <= x.bound[e]


# What a referee found


ARC_AND_SEGMENT = NormalFormGame(
    [
        [[[0, 2], [-2, 0]], [[-2, 1], [0, 2]], [[2, 0], [-2, -2]]],
        [[[0, 1], [0, 1]], [[2, -2], [2, -2]], [[1, 1], [-1, 0]]],
        [[[0, 2], [-1, 2]], [[2, -1], [-1, 2]], [[-1, 0], [-2, -1]]],
    ]
)


def test_an_equilibrium_of_two_families_is_listed_once_and_as_fractions() -> None:
    """One family is an arc with an irrational end; its rational end is a vertex of another."""
    solution = nash_nplayer(ARC_AND_SEGMENT)
    shared = ((0.3, 0.7, 0), (2 / 3, 1 / 3), (0, 1))
    (one,) = [
        eq
        for eq in solution.equilibria
        if np.allclose(np.hstack([np.array(own, float) for own in eq.profile]), np.hstack(shared))
    ]
    assert one.probabilities(0)["s1"] == Fraction(3, 10)
    floats = nash_nplayer(ARC_AND_SEGMENT, exact=False)
    assert len(floats) == len(solution)


def test_a_point_inside_an_arc_is_in_its_family_only() -> None:
    """Which point that is depends on the order of the players; the ends do not."""
    solution = nash_nplayer(ARC_AND_SEGMENT)
    (arc,) = [family for family in solution.families if family.formulas]
    *ends, inside = arc.equilibria
    assert inside.profile not in profiles(solution)
    assert all(end.profile in profiles(solution) for end in ends)


def test_games_of_ties_have_the_same_equilibria_in_floats() -> None:
    rng = np.random.default_rng(11)
    for shape in [(3, 3, 2), (2, 2, 2, 2)] * 15:
        game = NormalFormGame(rng.integers(-1, 2, (len(shape), *shape)))
        exact, floats = nash_nplayer(game), nash_nplayer(game, exact=False)
        assert len(exact) == len(floats)
        rounded = {tuple(tuple(map(float, own)) for own in p) for p in profiles(exact)}
        assert rounded == profiles(floats)
