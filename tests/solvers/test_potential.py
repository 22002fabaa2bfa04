"""Potentials: the definition checked at every deviation, every obstacle recomputed."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.solvers import (
    DeviationCycle,
    Potential,
    PotentialKind,
    potential,
    pure_nash,
)
from alignment_games.testing import games

SETTINGS = settings(max_examples=80, deadline=None)
KINDS = ["exact", "weighted", "ordinal", "generalized"]
SMALL = games(min_players=1, max_players=3, max_strategies=3, payoffs=st.integers(-2, 2))

Place = tuple[int, ...]


def deviations(game: NormalFormGame) -> Iterator[tuple[int, Place, Place, Fraction]]:
    """Every deviation, with what it earns."""
    for here in game.profiles():
        for who, size in enumerate(game.shape):
            for k in range(size):
                if k != here[who]:
                    there = (*here[:who], k, *here[who + 1 :])
                    own = game.exact_payoffs[who]
                    yield who, here, there, Fraction(own[there] - own[here])


def sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def check(found: Potential) -> None:
    game = found.game
    if not found.exists:
        assert found.values is None
        assert found.maximizers == ()
        check_obstacles(found)
        return
    assert found.obstacles == ()
    values = found.values
    assert values is not None
    assert values.shape == game.shape
    assert values.min() == 0
    for who, here, there, gain in deviations(game):
        rise = values[there] - values[here]
        if found.kind in {PotentialKind.EXACT, PotentialKind.WEIGHTED}:
            assert gain == found.weights[game.players[who]] * rise
        elif found.kind is PotentialKind.ORDINAL:
            assert sign(gain) == sign(rise)
        elif gain > 0:
            assert rise > 0
    if found.kind is PotentialKind.EXACT:
        assert set(found.weights.values()) == {1}
    assert all(w > 0 for w in found.weights.values())
    stable = {eq.path for eq in pure_nash(game).equilibria}
    assert found.maximizers
    assert set(found.maximizers) <= stable


def totals(cycle: DeviationCycle) -> dict[str, Fraction]:
    """What each player gains along the path."""
    sums: dict[str, Fraction] = {}
    for who, gain in zip(cycle.deviators, cycle.gains, strict=True):
        sums[who] = sums.get(who, Fraction(0)) + gain
    return sums


def check_obstacles(found: Potential) -> None:
    game = found.game
    assert found.obstacles
    for cycle in found.obstacles:
        assert len(cycle.path) == len(cycle.deviators) == len(cycle.gains)
        closed = [*cycle.path, cycle.path[0]]
        for (here, there), who, gain in zip(
            itertools.pairwise(closed), cycle.deviators, cycle.gains, strict=True
        ):
            k = game.player_index(who)
            assert [s != t for s, t in zip(here, there, strict=True)] == [
                j == k for j in range(game.n_players)
            ]
            assert gain == Fraction(game.payoff(k, *there)) - Fraction(game.payoff(k, *here))
    if found.kind is PotentialKind.EXACT:
        (cycle,) = found.obstacles
        assert len(cycle.path) == 4
        assert sum(cycle.gains) != 0
    elif found.kind is PotentialKind.WEIGHTED:
        # sum over players of (gain on the path) / weight must vanish on each path; the paths
        # together leave no positive solution in 1 / weight.
        assert all(len(cycle.path) == 4 for cycle in found.obstacles)
        assert not positive_solution([totals(cycle) for cycle in found.obstacles])
    elif found.kind is PotentialKind.ORDINAL:
        (cycle,) = found.obstacles
        assert min(cycle.gains) >= 0
        assert max(cycle.gains) > 0
    else:
        (cycle,) = found.obstacles
        assert min(cycle.gains) > 0


def positive_solution(equations: list[dict[str, Fraction]]) -> bool:
    """Whether ``sum(a[i] * x[i]) = 0`` has a solution with all x > 0; each has two unknowns."""
    ratios: dict[tuple[str, str], Fraction] = {}
    for sums in equations:
        (i, a), (j, b) = sums.items()
        if a * b > 0 or (a == 0) != (b == 0):
            return False
        if a == 0:
            continue
        ratio = -a / b  # x[j] / x[i]
        if ratios.setdefault((i, j), ratio) != ratio:
            return False
        ratios[j, i] = 1 / ratio
    for start in {i for i, _ in ratios}:
        value = {start: Fraction(1)}
        for _ in ratios:
            for (i, j), ratio in ratios.items():
                if i in value and value.setdefault(j, value[i] * ratio) != value[i] * ratio:
                    return False
    return True


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(game=SMALL)
def test_what_is_returned_is_proved(kind: str, game: NormalFormGame) -> None:
    found = potential(game, kind=kind)
    assert found.kind is PotentialKind[kind.upper()]
    check(found)


@SETTINGS
@given(SMALL)
def test_each_kind_implies_the_next(game: NormalFormGame) -> None:
    exists = [potential(game, kind=kind).exists for kind in KINDS]
    assert exists == sorted(exists)
    strongest = potential(game)
    assert strongest.exists is any(exists)
    if strongest.exists:
        assert strongest.kind.name.lower() == KINDS[exists.index(True)]


@st.composite
def potential_games(draw: st.DrawFn) -> tuple[NormalFormGame, list[Fraction], Any]:
    """A weighted potential plus, for each player, anything that the others alone decide."""
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    size = int(np.prod(shape))
    number = st.integers(-5, 5)
    values = np.array(draw(st.lists(number, min_size=size, max_size=size)), dtype=object)
    values = values.reshape(shape)
    weights = [Fraction(draw(st.sampled_from(["1", "2", "1/3", "1e9", "1e-9"]))) for _ in shape]
    payoffs = []
    for who, weight in enumerate(weights):
        rest = [n if k != who else 1 for k, n in enumerate(shape)]
        count = int(np.prod(rest))
        dummy = draw(st.lists(number, min_size=count, max_size=count))
        payoffs.append(values * weight + np.array(dummy, dtype=object).reshape(rest))
    return NormalFormGame(payoffs), weights, values


@SETTINGS
@given(potential_games())
def test_a_hidden_potential_is_found(drawn: tuple[NormalFormGame, list[Fraction], Any]) -> None:
    game, weights, values = drawn
    found = potential(game, kind="weighted")
    check(found)
    assert found.exists
    if len(set(weights)) == 1:
        exact = potential(game)
        check(exact)
        assert exact.kind is PotentialKind.EXACT
        assert exact.values is not None
        shifted = (values - values.min()) * weights[0]  # unique up to a constant
        assert np.array_equal(exact.values, shifted)
        assert found.maximizers == exact.maximizers


@SETTINGS
@given(potential_games())
def test_a_monotone_transform_leaves_an_ordinal_potential(
    drawn: tuple[NormalFormGame, list[Fraction], Any],
) -> None:
    _, _, values = drawn
    game = NormalFormGame([values**3 + values * (k + 1) for k in range(values.ndim)])
    found = potential(game, kind="ordinal")
    check(found)
    assert found.exists


@SETTINGS
@given(games(max_players=3, payoffs=st.integers(-2, 2)), st.data())
def test_units_and_labels_do_not_matter(game: NormalFormGame, data: st.DataObject) -> None:
    other = NormalFormGame(
        [
            Fraction(data.draw(st.sampled_from(["1e9", "1e-9", "3/7"]))) * own + 3
            for own in game.exact_payoffs
        ]
    )
    for who, size in enumerate(game.shape):
        other = other.restrict(who, data.draw(st.permutations(range(size))))
    for kind in KINDS[1:]:
        found = potential(other, kind=kind)
        check(found)
        assert found.exists is potential(game, kind=kind).exists
    if potential(other, kind="weighted").exists:
        assert set(potential(other, kind="weighted").maximizers) == set(
            potential(game, kind="weighted").maximizers
        )


@SETTINGS
@given(games(min_strategies=2, max_strategies=3, payoffs=st.integers(-2, 2)))
def test_generalized_potentials_exist_where_no_path_of_improvements_returns(
    game: NormalFormGame,
) -> None:
    """The finite improvement property, by walking all paths (Monderer and Shapley 1996)."""
    better: dict[Place, list[Place]] = {here: [] for here in game.profiles()}
    for _, here, there, gain in deviations(game):
        if gain > 0:
            better[here].append(there)
    done: set[Place] = set()

    def returns(here: Place, path: frozenset[Place]) -> bool:
        if here in path:
            return True
        if here in done:
            return False
        if any(returns(there, path | {here}) for there in better[here]):
            return True
        done.add(here)
        return False

    cyclic = any(returns(here, frozenset()) for here in better)
    assert potential(game, kind="generalized").exists is not cyclic


# Known games


def test_the_dilemma_of_monderer_and_shapley() -> None:
    """A prisoner's dilemma has an exact potential with its maximum where both defect."""
    game = NormalFormGame.from_bimatrix([[1, 9], [0, 6]], [[1, 0], [9, 6]])
    found = potential(game)
    assert found.kind is PotentialKind.EXACT
    assert found.values is not None
    assert found.values.tolist() == [[4, 3], [3, 0]]
    assert found.maximizers == (("s1", "s1"),)
    check(found)


def test_generalized_but_not_ordinal() -> None:
    """Monderer and Shapley (1996), section 2: no improvement cycle, but one with a tie."""
    game = NormalFormGame.from_bimatrix([[1, 2], [2, 0]], [[0, 0], [0, 1]])
    found = potential(game)
    assert found.kind is PotentialKind.GENERALIZED
    check(found)
    ordinal = potential(game, kind="ordinal")
    assert not ordinal.exists
    check(ordinal)
    assert 0 in ordinal.obstacles[0].gains


def test_pennies_have_none() -> None:
    game = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    for kind in KINDS:
        found = potential(game, kind=kind)
        assert not found.exists
        check(found)
    assert str(potential(game)).startswith(
        "no generalized ordinal potential\n  (s1, s1) -player_2 2->"
    )


def test_a_congestion_game_has_rosenthals_potential() -> None:
    """R. W. Rosenthal (1973), doi:10.1007/BF01737559: add up each road's costs user by user."""
    costs = {0: [2, 3, 7], 1: [1, 5, 6]}  # by number of users
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    rosenthal = np.zeros((2, 2, 2), dtype=int)
    for place in itertools.product(range(2), repeat=3):
        users = {road: place.count(road) for road in costs}
        for who in range(3):
            payoffs[(who, *place)] = -costs[place[who]][users[place[who]] - 1]
        rosenthal[place] = -sum(sum(costs[road][: users[road]]) for road in costs)
    found = potential(NormalFormGame(payoffs))
    assert found.kind is PotentialKind.EXACT
    assert found.values is not None
    assert np.array_equal(found.values, rosenthal - rosenthal.min())
    check(found)


def test_weights_are_found_through_several_players() -> None:
    values = np.arange(8).reshape(2, 2, 2) ** 2
    game = NormalFormGame([values * 2, values * 3, values * 7])
    found = potential(game)
    assert found.kind is PotentialKind.WEIGHTED
    assert list(found.weights.values()) == [1, Fraction(3, 2), Fraction(7, 2)]
    assert "weights player_1: 1, player_2: 3/2, player_3: 7/2" in str(found)
    check(found)


def test_weights_that_contradict_each_other_around_three_players() -> None:
    """Each pair alone has weights, but their ratios multiply to 2 around the triangle."""
    x = np.array([0, 1])
    ab, bc, ca = x[:, None, None] * x[:, None], x[:, None] * x, x[:, None, None] * x
    game = NormalFormGame([ab + ca, ab + bc, bc + 2 * ca])
    found = potential(game, kind="weighted")
    assert not found.exists
    assert len(found.obstacles) == 3
    check(found)


def test_ties_are_ties_in_decimals() -> None:
    """Exact potential in tenths, though 0.1 + 0.2 is not 0.3 in floats."""
    game = NormalFormGame.from_bimatrix([[0.3, 0.1], [0.1, 0.3]], [[0.3, 0.1], [0.1, 0.3]])
    found = potential(game)
    assert found.kind is PotentialKind.EXACT
    assert found.values is not None
    assert found.values.max() == Fraction(1, 5)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 1


# Limits


@pytest.mark.parametrize("kind", ["best", "", 3])
def test_unknown_kinds_are_refused(kind: Any) -> None:
    with pytest.raises(
        GameError, match="`kind` must be one of 'exact', 'weighted', 'ordinal', 'generalized'"
    ):
        potential(NormalFormGame([[1, 2]]), kind=kind)


def test_a_large_game_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("alignment_games.solvers.potential")
    monkeypatch.setattr(module, "MAX_PROFILES", 3)
    with pytest.raises(WorkLimitError, match="up to 3 profiles, got 4"):
        potential(NormalFormGame(np.zeros((2, 2, 2), dtype=int)))


def test_a_kind_in_a_list_is_refused_and_a_near_name_suggested() -> None:
    kind: Any = [1]
    with pytest.raises(GameError, match="`kind` must be one of"):
        potential(NormalFormGame([[1, 2]]), kind=kind)
    with pytest.raises(GameError, match="did you mean 'generalized'"):
        potential(NormalFormGame([[1, 2]]), kind="generalised")


# Long lines


@pytest.mark.parametrize("kind", ["generalized", "ordinal"])
def test_twenty_thousand_strategies_at_two_levels(kind: str) -> None:
    """Ten thousand below and above: their pairs must not be listed."""
    low, high = np.zeros((10_000, 1), dtype=int), np.ones((10_000, 1), dtype=int)
    own = np.concatenate([low, high])
    found = potential(NormalFormGame([own, 0 * own]), kind=kind)
    assert found.values is not None
    assert np.array_equal(found.values, own)
    both = np.hstack([own, 1 - own])
    cycle = potential(NormalFormGame([both, 1 - both]), kind=kind)
    assert not cycle.exists
    assert len(cycle.obstacles[0].path) == 4


@SETTINGS
@given(games(min_players=1, max_players=3, max_strategies=6, payoffs=st.integers(0, 1)))
def test_levels_count_the_longest_chain_of_improvements(game: NormalFormGame) -> None:
    """By the definition, from all pairs; groups of several equal payoffs are frequent here."""
    found = potential(game, kind="generalized")
    if found.values is None:
        return
    own = game.exact_payoffs
    for here in game.profiles():
        before = [
            found.values[there]
            for who, size in enumerate(game.shape)
            for k in range(size)
            for there in [(*here[:who], k, *here[who + 1 :])]
            if own[(who, *there)] < own[(who, *here)]
        ]
        assert found.values[here] == max(before, default=-1) + 1
