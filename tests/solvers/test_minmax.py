"""Minmax payoffs: certificates of both bounds, dense grids, and closed forms."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games.errors import ParameterError, ProfileError, WorkLimitError
from alignment_games.solvers import MinmaxLevel, PunishmentCell, Status, minmax, security_levels
from alignment_games.solvers._punishers import best_reply, bounds, corners_of
from alignment_games.testing import games

SETTINGS = settings(max_examples=40, deadline=None)
GUESS = np.ones((3, 2, 2, 2), dtype=int)
GUESS[0, 0, 0, 0] = GUESS[0, 1, 1, 1] = 0


def expected(game: ag.NormalFormGame, who: int, own: Sequence[Any], others: Sequence[Any]) -> Any:
    """What a mixture earns against mixtures of the others, term by term."""
    mixtures = [*others[:who], own, *others[who:]]
    return sum(
        math.prod(mixture[k] for mixture, k in zip(mixtures, profile, strict=True))
        * game.exact_payoffs[(who, *profile)]
        for profile in game.profiles()
    )


def unit(size: int, k: int) -> list[Fraction]:
    return [Fraction(int(j == k)) for j in range(size)]


def check_threats(game: ag.NormalFormGame, who: int, found: MinmaxLevel) -> None:
    """Recompute the pure and the mixed punishment from the game alone."""
    size = game.shape[who]
    others = [k for k in range(game.n_players) if k != who]
    pure = [
        unit(game.shape[k], game.strategy_index(k, found.pure_threat[game.players[k]]))
        for k in others
    ]
    replies = [expected(game, who, unit(size, a), pure) for a in range(size)]
    assert max(replies) == found.pure
    assert replies[game.strategies[who].index(found.pure_reply)] == found.pure
    mixed = [
        [found.threat[game.players[k]].get(s, Fraction(0)) for s in game.strategies[k]]
        for k in others
    ]
    assert all(sum(own) == 1 and min(own) >= 0 for own in mixed)
    assert max(expected(game, who, unit(size, a), mixed) for a in range(size)) == found.upper
    by_profile = {
        profile: max(
            expected(game, who, unit(size, a), [unit(game.shape[k], j) for k, j in profile])
            for a in range(size)
        )
        for profile in (
            tuple(zip(others, own, strict=True))
            for own in itertools.product(*(range(game.shape[k]) for k in others))
        )
    }
    assert found.pure == min(by_profile.values())


def volume(simplex: Sequence[Sequence[Fraction]]) -> Fraction:
    """The share of all mixtures in a simplex: the determinant of its corners."""
    rows = [list(own) for own in simplex]
    result = Fraction(1)
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r][k]), None)
        if pivot is None:
            return Fraction(0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        result *= rows[k][k]
        for r in range(k + 1, len(rows)):
            share = rows[r][k] / rows[k][k]
            rows[r] = [a - share * b for a, b in zip(rows[r], rows[k], strict=True)]
    return abs(result)


def check_cells(game: ag.NormalFormGame, who: int, cells: Sequence[PunishmentCell]) -> Fraction:
    """The cells fill all mixtures without overlap, and each bound is what its strategy secures."""
    assert sum(math.prod(map(volume, cell.corners)) for cell in cells) == 1
    for one, two in itertools.combinations(cells, 2):
        middles = [[sum(p) / len(own) for p in zip(*own, strict=True)] for own in one.corners]
        assert not all(
            inside(own, middle) for own, middle in zip(two.corners, middles, strict=True)
        )
    for cell in cells:
        assert sum(cell.strategy) == 1
        assert min(cell.strategy) >= 0
        assert cell.bound == min(
            expected(game, who, cell.strategy, own) for own in itertools.product(*cell.corners)
        )
    return min(cell.bound for cell in cells)


def inside(simplex: Sequence[Sequence[Fraction]], point: Sequence[Fraction]) -> bool:
    """Whether a point lies in a simplex: replacing a corner never adds volume beyond the whole."""
    parts = [
        volume([point if j == k else own for j, own in enumerate(simplex)])
        for k in range(len(simplex))
    ]
    return sum(parts) == volume(simplex)


@SETTINGS
@given(games(min_players=1, max_players=3, max_strategies=3))
def test_both_bounds_have_their_proofs(game: ag.NormalFormGame) -> None:
    found = minmax(game, cells=20)
    for who, own in enumerate(found.levels):
        check_threats(game, who, own)
        assert own.lower == min(check_cells(game, who, own.cells), own.upper)
        assert own.correlated <= own.lower <= own.upper <= own.pure
        assert own.exact == (own.status is Status.COMPLETE)
        assert own.gap == own.upper - own.lower
        level = security_levels(game)[who]
        assert (own.pure, own.correlated) == (level.pure_threat, level.level)
        if game.n_players < 3:
            assert own.lower == own.correlated


@settings(max_examples=15, deadline=None)
@given(games(min_players=3, max_players=3, max_strategies=2))
def test_no_mixture_of_a_grid_holds_the_player_lower(game: ag.NormalFormGame) -> None:
    """Two punishers with two strategies: all mixtures in steps of 1/60."""
    share = np.linspace(0, 1, 61)
    for who, own in enumerate(minmax(game).levels):
        table = np.moveaxis(game.exact_payoffs[who].astype(float), who, 0)
        if table.shape[1:] != (2, 2):
            continue
        one, two = np.meshgrid(share, share, indexing="ij")
        weights = np.array([[one * two, one * (1 - two)], [(1 - one) * two, (1 - one) * (1 - two)]])
        least = np.tensordot(table, weights, axes=2).max(axis=0).min()
        assert float(own.lower) <= least + 1e-9
        # Payoffs are multilinear: a grid point is as near as its slope times the step.
        spread = float(table.max() - table.min())
        assert least <= float(own.upper) + 2 * spread / 60 + 1e-9


@given(st.permutations(range(3)), st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(-3, 3))
@settings(max_examples=15, deadline=None)
def test_names_and_units_do_not_matter(
    order: Sequence[int], seed: int, factor: int, shift: int
) -> None:
    payoffs = np.random.default_rng(seed).integers(-4, 5, (3, 2, 2, 3))
    game = ag.NormalFormGame(payoffs)
    turned = ag.NormalFormGame(
        np.moveaxis(payoffs[list(order)], [k + 1 for k in order], [1, 2, 3]) * factor + shift
    )
    plain, moved = minmax(game), minmax(turned)
    for place, k in enumerate(order):
        one, two = plain.levels[k], moved.levels[place]
        assert (one.pure * factor + shift, one.correlated * factor + shift) == (
            two.pure,
            two.correlated,
        )
        # Either interval holds the same number.
        assert max(one.lower * factor + shift, two.lower) <= min(
            one.upper * factor + shift, two.upper
        )


def test_a_secret_coin_two_coins_and_none() -> None:
    """min max(1 - x y, 1 - (1 - x)(1 - y)) is 3/4: x y and (1 - x)(1 - y) are 1/4 at most at once.

    Their product is at most 1/16, because x (1 - x) and y (1 - y) are at most 1/4.
    """
    found = minmax(ag.NormalFormGame(GUESS), gap=0).levels[0]
    assert found.status is Status.COMPLETE
    assert [found.correlated, found.lower, found.upper, found.pure] == [0.5, 0.75, 0.75, 1]
    half = {"s1": Fraction(1, 2), "s2": Fraction(1, 2)}
    assert found.threat == {"player_2": half, "player_3": half}


def test_an_irrational_minmax_is_kept_within_bounds_and_never_called_complete() -> None:
    """min max(1 - 2 x y, 1 - (1 - x)(1 - y)): by symmetry sqrt(2) x = 1 - x."""
    payoffs = GUESS.copy()
    payoffs[0, 0, 0, 0] = -1
    wanted = 1 - 2 * (math.sqrt(2) - 1) ** 2
    found = minmax(ag.NormalFormGame(payoffs), gap=1e-8).levels[0]
    assert found.status is Status.PARTIAL
    assert not found.exact
    assert found.lower < wanted < found.upper
    assert found.gap <= Fraction(2, 10**8)
    few = minmax(ag.NormalFormGame(payoffs), gap=0, cells=3).levels[0]
    assert few.status is Status.LIMIT
    assert len(few.cells) == 3
    assert few.lower < wanted < few.upper
    assert "between" in str(few)


def test_three_punishers_of_one_player() -> None:
    """Of three coins, all heads or all tails: 1 - 1/8 by independent ones."""
    payoffs = np.ones((4, 2, 2, 2, 2), dtype=int)
    payoffs[0, 0, 0, 0, 0] = payoffs[0, 1, 1, 1, 1] = 0
    found = minmax(ag.NormalFormGame(payoffs), cells=400)
    assert list(found.correlated) == [0.5, 1, 1, 1]
    assert found.upper[0] == Fraction(7, 8)
    assert found.lower[0] > Fraction(7, 8) - Fraction(1, 100)
    assert found.lower[1:] == found.upper[1:] == found.pure[1:] == (Fraction(1),) * 3


def test_results_read_and_are_found_by_name() -> None:
    pennies = ag.NormalFormGame.from_bimatrix(
        [[1, -1], [-1, 1]], [[-1, 1], [1, -1]], players=["Row", "Column"]
    )
    found = minmax(pennies)
    assert found.level("Column") is found.level(1) is found.levels[1]
    assert found.status is Status.COMPLETE
    assert found.exact
    assert str(found).splitlines()[0] == (
        "Row: pure 1 by (s1); mixed 0 by (0.5 s1 + 0.5 s2); correlated 0"
    )
    for wrong in ("column", 2, -1, True):
        with pytest.raises(ProfileError, match="no player"):
            found.level(wrong)


def test_wrong_arguments_are_named() -> None:
    game = ag.NormalFormGame(GUESS)
    for gap in ("a", None, -1, 2, float("nan")):
        with pytest.raises(ParameterError, match="`gap` must be a number from 0 to 1"):
            minmax(game, gap=gap)
    for cells in (0, -3, True):
        with pytest.raises(ParameterError, match="`cells` must be"):
            minmax(game, cells=cells)
    with pytest.raises(WorkLimitError, match="up to 20000 profiles"):
        minmax(ag.NormalFormGame(np.zeros((2, 150, 150))))


def test_too_much_work_ends_with_bounds_that_have_their_proofs() -> None:
    payoffs = np.random.default_rng(1).integers(0, 100, (3, 4, 4, 4))
    game = ag.NormalFormGame(payoffs)
    table = game.exact_payoffs[0]
    start = (tuple(corners_of(4)[0] for _ in range(2)),)
    before = None
    for work in (1, 2_500, 4_000):
        found = bounds(table, start, max_work=work, gap=Fraction(0), most=10**6)
        assert found.limited
        assert found.lower < found.upper == best_reply(table, found.point)
        assert found.lower == check_cells(game, 0, found.cells)
        if before is not None:
            assert len(found.cells) > len(before.cells)
            assert before.lower <= found.lower
            assert found.upper <= before.upper
        before = found
        again = bounds(table, start, max_work=work, gap=Fraction(0), most=10**6)
        assert again == found
    assert len(bounds(table, start, max_work=1, gap=Fraction(0), most=10**6).cells) == 1


def test_the_work_of_all_players_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    game = ag.NormalFormGame(np.random.default_rng(1).integers(0, 100, (3, 4, 4, 4)))
    whole = minmax(game, gap=0.001)
    monkeypatch.setattr(sys.modules["alignment_games.solvers.minmax"], "MAX_WORK", 9_000)
    found = minmax(game, gap=0.001)
    assert found.status is Status.LIMIT
    assert sum(len(own.cells) for own in found.levels) < sum(len(own.cells) for own in whole.levels)
    for own, better in zip(found.levels, whole.levels, strict=True):
        assert own.correlated <= own.lower <= better.lower
        assert better.upper <= own.upper <= own.pure


def test_games_of_several_punishers_too_large_for_one_cell_are_refused() -> None:
    for shape in ((22, 22, 22), (41, 2, 2)):
        size = np.prod(shape)
        wanted = f"up to 10000 profiles and 40 strategies of a player, got {size} profiles"
        with pytest.raises(WorkLimitError, match=wanted):
            minmax(ag.NormalFormGame(np.zeros((3, *shape), dtype=int)))
    assert minmax(ag.NormalFormGame(np.zeros((2, 41, 2)))).exact
