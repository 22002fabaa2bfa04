"""What must not change the answer: units, labels, seats, idle strategies, arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from alignment_games import ExtensiveGame, NormalFormGame
from alignment_games.games import Decision, Terminal
from alignment_games.games.extensive import Node
from alignment_games.solvers import (
    EquilibriumComponent,
    Solution,
    dominance,
    expected_payoffs,
    nash,
    pure_nash,
    subgame_perfect,
    verify,
)
from alignment_games.testing import degenerate_games, games

SETTINGS = settings(max_examples=80, deadline=None)

TWO_PLAYERS = games() | degenerate_games()
SCALES = [Fraction(10**9), Fraction(1, 10**12), Fraction(7, 3), Fraction(1)]
OFFSETS = [Fraction(10**9), Fraction(-(10**9)), Fraction(1, 3), Fraction(0)]
AFFINE = st.tuples(st.sampled_from(SCALES), st.sampled_from(OFFSETS))


def profiles(solution: Solution) -> set[Any]:
    return {eq.profile for eq in solution.equilibria}


def parts(solution: Solution) -> set[Any]:
    """Components as sets of subsets, with their indices."""
    return {
        (
            frozenset(
                (tuple(map(frozenset, part.vertices)), part.dimension) for part in whole.subsets
            ),
            whole.index,
        )
        for whole in solution.components
    }


def moved_parts(solution: Solution, move: Callable[[Any], Any]) -> set[Any]:
    """The parts of a solution with a map applied to every pair of vertex sets."""
    return {
        (frozenset((move(vertices), d) for vertices, d in whole), index)
        for whole, index in parts(solution)
    }


def affine(
    game: NormalFormGame, maps: Sequence[tuple[Fraction, Fraction]], number: Any = Fraction
) -> NormalFormGame:
    """Each player's payoffs times a positive scale plus an offset, computed exactly."""
    return NormalFormGame(
        [
            np.array([number(a * v + b) for v in own.flat], dtype=object).reshape(own.shape)
            for own, (a, b) in zip(game.exact_payoffs, maps, strict=True)
        ],
        players=game.players,
        strategies=game.strategies,
    )


# Units of the payoffs


@SETTINGS
@given(TWO_PLAYERS, st.tuples(AFFINE, AFFINE))
def test_equilibria_do_not_depend_on_the_units_of_payoffs(
    game: NormalFormGame, maps: tuple[tuple[Fraction, Fraction], ...]
) -> None:
    solution, other = nash(game), nash(affine(game, maps))
    assert profiles(other) == profiles(solution)
    assert parts(other) == parts(solution)
    assert other.degenerate == solution.degenerate
    for eq in other.equilibria:
        assert eq.payoffs == tuple(
            a * v + b for v, (a, b) in zip(expected_payoffs(game, eq.profile), maps, strict=True)
        )


@pytest.mark.parametrize(
    ("scale", "offset"), [(10**9, 0), (Fraction(1, 10**12), 0), (1, 10**9), (1, -(10**9))]
)
@SETTINGS
@given(game=games(payoffs=st.integers(-999, 999).map(lambda k: Fraction(k, 100))))
def test_nor_do_they_in_floats(scale: Any, offset: Any, game: NormalFormGame) -> None:
    """The scales at which other packages lose equilibria (survey of other packages)."""
    maps = [(Fraction(scale), Fraction(offset))] * 2
    plain = nash(affine(game, [(Fraction(1), Fraction(0))] * 2, float))
    other = nash(affine(game, maps, float))
    assert not other.exact
    assert [eq.profile for eq in other.equilibria] == [eq.profile for eq in plain.equilibria]
    assert parts(other) == parts(plain)
    assert float(other.max_regret) <= 1e-14 * float(10 * scale + abs(offset))


@SETTINGS
@given(games(max_players=3), st.data())
def test_regret_scales_with_the_payoffs(game: NormalFormGame, data: st.DataObject) -> None:
    maps = [data.draw(AFFINE) for _ in game.players]
    profile = [
        [Fraction(w, sum(weights)) for w in weights]
        for weights in (
            data.draw(st.lists(st.integers(1, 5), min_size=size, max_size=size))
            for size in game.shape
        )
    ]
    regret = verify(game, profile)
    assert verify(affine(game, maps), profile) == tuple(
        a * r for r, (a, _) in zip(regret, maps, strict=True)
    )


@SETTINGS
@given(games(max_players=3, payoffs=st.integers(-3, 3)), st.data())
def test_pure_equilibria_and_dominance_do_not_depend_on_units(
    game: NormalFormGame, data: st.DataObject
) -> None:
    other = affine(game, [data.draw(AFFINE) for _ in game.players])
    assert profiles(pure_nash(other)) == profiles(pure_nash(game))
    for kind in ("strict", "weak", "mixed"):
        assert dominance(other, kind=kind).survivors == dominance(game, kind=kind).survivors


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_a_bonus_for_what_the_other_does_changes_no_equilibrium(
    game: NormalFormGame, data: st.DataObject
) -> None:
    """Best replies compare own strategies only (von Stengel 2002, section 2.1)."""
    m, n = game.shape
    by_column = data.draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n))
    by_row = data.draw(st.lists(st.integers(-9, 9), min_size=m, max_size=m))
    row, column = game.exact_payoffs
    other = NormalFormGame([row + np.array(by_column), column + np.array(by_row)[:, None]])
    assert profiles(nash(other)) == profiles(nash(game))
    assert parts(nash(other)) == parts(nash(game))


# Labels and seats


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_relabelling_strategies_relabels_the_equilibria(
    game: NormalFormGame, data: st.DataObject
) -> None:
    orders = [data.draw(st.permutations(range(size))) for size in game.shape]
    other = game.restrict(0, orders[0]).restrict(1, orders[1])

    def moved(profile: Sequence[Sequence[Any]]) -> Any:
        return tuple(
            tuple(own[k] for k in order) for own, order in zip(profile, orders, strict=True)
        )

    solution, turned = nash(game), nash(other)
    assert profiles(turned) == {moved(profile) for profile in profiles(solution)}
    assert parts(turned) == moved_parts(
        solution,
        lambda vertices: tuple(
            frozenset(tuple(v[k] for k in order) for v in own)
            for own, order in zip(vertices, orders, strict=True)
        ),
    )
    assert turned.degenerate == solution.degenerate


@SETTINGS
@given(TWO_PLAYERS)
def test_players_who_change_seats_keep_their_strategies(game: NormalFormGame) -> None:
    row, column = game.exact_payoffs
    solution, turned = nash(game), nash(NormalFormGame([column.T, row.T]))
    assert profiles(turned) == {(y, x) for x, y in profiles(solution)}
    assert parts(turned) == moved_parts(solution, lambda vertices: vertices[::-1])
    assert turned.degenerate == solution.degenerate


@SETTINGS
@given(games(max_players=4, payoffs=st.integers(-2, 2)), st.data())
def test_seats_do_not_matter_to_pure_equilibria_and_dominance(
    game: NormalFormGame, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(game.n_players)))
    turned = NormalFormGame(
        [game.exact_payoffs[k].transpose(order) for k in order],
        players=[game.players[k] for k in order],
        strategies=[game.strategies[k] for k in order],
    )
    expected = {
        tuple(path[k] for k in order) for path in (e.path for e in pure_nash(game).equilibria)
    }
    assert {eq.path for eq in pure_nash(turned).equilibria} == expected
    for kind in ("strict", "weak", "mixed"):
        assert dominance(turned, kind=kind).survivors == dominance(game, kind=kind).survivors


# Strategies that add nothing


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_a_strictly_dominated_strategy_is_never_played(
    game: NormalFormGame, data: st.DataObject
) -> None:
    row, column = game.exact_payoffs
    m, n = game.shape
    model = data.draw(st.integers(0, m - 1))
    worse = row[model] - 1
    filler = np.array([Fraction(data.draw(st.integers(-9, 9))) for _ in range(n)])
    larger = NormalFormGame([np.vstack([row, worse]), np.vstack([column, filler])])
    zero = Fraction(0)
    solution = nash(larger)
    assert profiles(solution) == {((*x, zero), y) for x, y in profiles(nash(game))}
    assert f"s{m + 1}" not in dominance(larger, kind="strict").survivors["player_1"]


@SETTINGS
@given(TWO_PLAYERS, st.data())
def test_a_duplicated_strategy_shares_in_the_same_equilibria(
    game: NormalFormGame, data: st.DataObject
) -> None:
    """Each extreme equilibrium comes back with the weight on either twin, and none is new."""
    row, column = game.exact_payoffs
    twin = data.draw(st.integers(0, game.shape[0] - 1))
    larger = NormalFormGame([np.vstack([row, row[twin]]), np.vstack([column, column[twin]])])
    zero = Fraction(0)
    expected = set()
    for x, y in profiles(nash(game)):
        expected.add(((*x, zero), y))
        expected.add(((*x[:twin], zero, *x[twin + 1 :], x[twin]), y))
    solution = nash(larger)
    assert profiles(solution) == expected
    assert {eq.payoffs for eq in solution.equilibria} == {
        eq.payoffs for eq in nash(game).equilibria
    }


@SETTINGS
@given(TWO_PLAYERS)
def test_iterated_strict_elimination_keeps_all_equilibria(game: NormalFormGame) -> None:
    solution = dominance(game)
    kept = [
        [names.index(name) for name in solution.survivors[player]]
        for player, names in zip(game.players, game.strategies, strict=True)
    ]

    def full(profile: Any) -> Any:
        return tuple(
            tuple(own[places.index(k)] if k in places else Fraction(0) for k in range(size))
            for own, places, size in zip(profile, kept, game.shape, strict=True)
        )

    assert {full(p) for p in profiles(nash(solution.reduced))} == profiles(nash(game))


@SETTINGS
@given(TWO_PLAYERS)
def test_weak_elimination_makes_no_new_equilibria(game: NormalFormGame) -> None:
    """It may lose some, but each one of what is left is one of the whole game."""
    reduced = dominance(game, kind="weak").reduced
    for eq in nash(reduced).equilibria:
        profile = [
            [eq.profile[k][own.index(name)] if name in own else Fraction(0) for name in names]
            for k, (own, names) in enumerate(zip(reduced.strategies, game.strategies, strict=True))
        ]
        assert verify(game, profile) == (0, 0)


# Solvers among themselves


@SETTINGS
@given(TWO_PLAYERS)
def test_pure_equilibria_are_the_pure_ones_of_all(game: NormalFormGame) -> None:
    """A pure equilibrium is a pair of vertices, so none hides inside a component."""
    assert profiles(pure_nash(game)) == {eq.profile for eq in nash(game).equilibria if eq.is_pure}


def has_point(part: EquilibriumComponent, profile: Any) -> bool:
    return any(
        all(own in vertices for own, vertices in zip(profile, subset.vertices, strict=True))
        for subset in part.subsets
    )


@SETTINGS
@given(TWO_PLAYERS)
def test_every_equilibrium_lies_in_a_component(game: NormalFormGame) -> None:
    solution = nash(game)
    for profile in profiles(solution):
        assert any(has_point(part, profile) for part in solution.components)


@SETTINGS
@given(games(max_players=3, max_strategies=2), st.data())
def test_units_do_not_matter_in_a_tree(game: NormalFormGame, data: st.DataObject) -> None:
    maps = [data.draw(AFFINE) for _ in game.players]
    order = data.draw(st.permutations(range(game.n_players)))
    plain = subgame_perfect(ExtensiveGame.from_normal_form(game, order=order))
    other = subgame_perfect(ExtensiveGame.from_normal_form(affine(game, maps), order=order))
    assert [eq.profile for eq in other.equilibria] == [eq.profile for eq in plain.equilibria]
    assert other.concept == plain.concept


@SETTINGS
@given(games(max_players=3, max_strategies=2), st.data())
def test_an_action_that_loses_at_once_changes_no_play(
    game: NormalFormGame, data: st.DataObject
) -> None:
    """Every decision gets one more action, worse for its player than anything else."""
    floor = min(game.exact_payoffs.flat) - 1

    def grow(node: Node) -> Node:
        if isinstance(node, Terminal):
            return node
        assert isinstance(node, Decision)
        branches = {a: grow(child) for a, child in node.branches.items()}
        return Decision(node.player, branches | {"lose": Terminal((floor,) * game.n_players)})

    tree = ExtensiveGame.from_normal_form(
        game, order=data.draw(st.permutations(range(game.n_players)))
    )
    larger = ExtensiveGame(grow(tree.root), players=tree.players)
    assert profiles(subgame_perfect(larger)) == {
        tuple((*own, Fraction(0)) for own in profile) for profile in profiles(subgame_perfect(tree))
    }


@SETTINGS
@given(games(max_strategies=3, payoffs=st.integers(-3, 3)))
def test_the_first_mover_earns_its_best_pure_equilibrium_or_more(game: NormalFormGame) -> None:
    """Whoever commits first can do what any pure equilibrium has it do (Stackelberg), if the
    other's best replies are unique."""
    column = game.exact_payoffs[1]
    if any(list(row).count(max(row)) > 1 for row in column):
        reject()
    (only, *_) = subgame_perfect(ExtensiveGame.from_normal_form(game)).equilibria
    for eq in pure_nash(game).equilibria:
        assert only.payoffs[0] >= eq.payoffs[0]
