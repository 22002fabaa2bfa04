"""Every order of elimination, against a search by the definition."""

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
from alignment_games.solvers import dominance, nash, pure_nash, verify
from alignment_games.solvers.admissible import weak_mixture_or_belief
from alignment_games.solvers.ranks import own_ranks
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)
SMALL = st.integers(-1, 1)

Left = tuple[tuple[str, ...], ...]


def dominated(game: NormalFormGame, *, weak: bool) -> list[tuple[str, str]]:
    """(player, strategy) of all that a pure strategy dominates, by comparing payoffs."""
    found = []
    for who, player in enumerate(game.players):
        others = [range(size) for k, size in enumerate(game.shape) if k != who]
        rows = {
            name: [
                Fraction(game.payoff(who, *rest[:who], name, *rest[who:]))
                for rest in itertools.product(*others)
            ]
            for name in game.strategies[who]
        }
        for name, own in rows.items():
            gains = [[a - b for a, b in zip(row, own, strict=True)] for row in rows.values()]
            if any(min(g) > 0 or (weak and min(g) >= 0 and max(g) > 0) for g in gains):
                found.append((player, name))
    return found


def ends(game: NormalFormGame, *, weak: bool, known: dict[Left, set[Left]]) -> set[Left]:
    """What is left after eliminating any dominated strategies, again and again."""
    if game.strategies not in known:
        gone = dominated(game, weak=weak)
        found: set[Left] = set() if gone else {game.strategies}
        for size in range(1, len(gone) + 1):
            for chosen in itertools.combinations(gone, size):
                left = game
                for player, name in chosen:
                    left = left.without(player, name)
                found |= ends(left, weak=weak, known=known)
        known[game.strategies] = found
    return known[game.strategies]


@SETTINGS
@given(
    games(min_players=1, max_players=3, max_strategies=3, payoffs=SMALL)
    | games(max_strategies=4, payoffs=SMALL)
)
def test_the_outcomes_are_those_of_all_orders(game: NormalFormGame) -> None:
    solution = dominance(game, kind="weak")
    assert solution.all_orders
    assert solution.outcomes[0] == solution.reduced
    assert {left.strategies for left in solution.outcomes} == ends(game, weak=True, known={})
    assert len(set(solution.outcomes)) == len(solution.outcomes)
    assert solution.order_matters is (len(solution.outcomes) > 1)
    assert dominance(game, kind="weak", all_orders=True) == solution


@SETTINGS
@given(games(max_players=3, max_strategies=3, payoffs=st.integers(-2, 2)))
def test_strict_dominance_has_one_outcome(game: NormalFormGame) -> None:
    """Gilboa, Kalai and Zemel (1990), doi:10.1016/0167-6377(90)90046-8."""
    solution = dominance(game, kind="strict")
    assert ends(game, weak=False, known={}) == {solution.reduced.strategies}
    assert solution.outcomes == (solution.reduced,)
    assert solution.order_matters is False


@SETTINGS
@given(games(max_strategies=3, payoffs=SMALL))
def test_no_order_makes_a_new_equilibrium_and_each_keeps_one(game: NormalFormGame) -> None:
    for left in dominance(game, kind="weak").outcomes:
        found = nash(left).equilibria
        assert found
        for eq in found:
            profile = [
                [eq.probabilities(player).get(name, 0) for name in game.strategies[who]]
                for who, player in enumerate(game.players)
            ]
            assert verify(game, profile) == (0, 0)


@SETTINGS
@given(games(max_players=3, payoffs=SMALL), st.data())
def test_units_and_the_order_of_strategies_do_not_matter(
    game: NormalFormGame, data: st.DataObject
) -> None:
    expected = {
        tuple(map(frozenset, left.strategies)) for left in dominance(game, kind="weak").outcomes
    }
    scales = [
        Fraction(data.draw(st.sampled_from(["1e9", "1e-9", "7/3", "1e25"]))) for _ in game.players
    ]
    other = NormalFormGame(
        [scale * own - 5 for scale, own in zip(scales, game.exact_payoffs, strict=True)],
        players=game.players,
        strategies=game.strategies,
    )
    for who, size in enumerate(game.shape):
        other = other.restrict(who, data.draw(st.permutations(range(size))))
    assert {
        tuple(map(frozenset, left.strategies)) for left in dominance(other, kind="weak").outcomes
    } == expected


def test_five_outcomes_of_a_textbook_game() -> None:
    """Osborne and Rubinstein (1994), A Course in Game Theory, figure 63.1.

    Two of the five are reached only by eliminating strategies of both players at once.
    """
    game = NormalFormGame.from_bimatrix(
        [[1, 0], [1, 2], [0, 2]],
        [[1, 0], [1, 1], [0, 1]],
        strategies=[["T", "M", "B"], ["L", "R"]],
    )
    solution = dominance(game, kind="weak")
    assert {left.strategies for left in solution.outcomes} == {
        (("M",), ("L", "R")),
        (("T", "M"), ("L",)),
        (("M", "B"), ("R",)),
        (("M",), ("L",)),
        (("M",), ("R",)),
    }
    assert "another order leaves another game; 5 outcomes:" in str(solution)
    assert "  player_1: T, M; player_2: L" in str(solution)


def test_order_may_be_without_consequence() -> None:
    game = NormalFormGame.from_bimatrix([[1, 1], [1, 0]], [[0, 0], [0, 0]])
    solution = dominance(game, kind="weak")
    assert len(solution.trace) == 1
    assert solution.order_matters is False
    assert "another" not in str(solution)


def test_one_round_knows_no_order() -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]])
    once = dominance(game, kind="weak", iterated=False)
    assert once.outcomes == (once.reduced,)
    assert (once.all_orders, once.order_matters) == (False, None)
    assert dominance(game, kind="strict", iterated=False).order_matters is False


@pytest.mark.parametrize("kind", ["weak", "strict"])
def test_one_round_and_all_orders_contradict_each_other(kind: str) -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]])
    with pytest.raises(GameError, match="`all_orders=True` needs `iterated=True`"):
        dominance(game, kind=kind, iterated=False, all_orders=True)


# Weak dominance by mixtures


def tables(game: NormalFormGame) -> Iterator[tuple[str, tuple[str, ...], list[list[Fraction]]]]:
    for who, player in enumerate(game.players):
        others = [range(size) for k, size in enumerate(game.shape) if k != who]
        yield (
            player,
            game.strategies[who],
            [
                [
                    Fraction(game.payoff(who, *rest[:who], name, *rest[who:]))
                    for rest in itertools.product(*others)
                ]
                for name in game.strategies[who]
            ],
        )


@SETTINGS
@given(games(min_players=1, max_players=3, payoffs=st.integers(-2, 2)))
def test_admissible_strategies_have_a_belief_that_rules_nothing_out(game: NormalFormGame) -> None:
    """Pearce (1984), lemma 4, doi:10.2307/1911197: a mixture or a belief, never both."""
    trace = dominance(game, kind="weak_mixed", iterated=False).trace
    gone = {(step.player, step.strategy): step for step in trace}
    for player, names, table in tables(game):
        for k, name in enumerate(names):
            mixture, belief = weak_mixture_or_belief(table, k)
            if belief is not None:
                assert mixture is None
                assert (player, name) not in gone
                assert sum(belief) == 1
                assert min(belief) > 0
                earned = [sum(p * v for p, v in zip(belief, row, strict=True)) for row in table]
                assert earned[k] == max(earned)
            else:
                by = gone[player, name].by
                assert name not in by
                assert sum(by.values()) == 1
                gains = [
                    sum(p * table[names.index(s)][place] for s, p in by.items()) - value
                    for place, value in enumerate(table[k])
                ]
                assert min(gains) == gone[player, name].margin >= 0
                assert max(gains) > 0
                assert not {(player, s) for s in by} & set(gone)  # they stay


@SETTINGS
@given(games(max_players=3, payoffs=st.integers(-2, 2)))
def test_mixtures_dominate_more_and_weakly_more_than_strictly(game: NormalFormGame) -> None:
    def gone(kind: str) -> set[tuple[str, str]]:
        return {(s.player, s.strategy) for s in dominance(game, kind=kind, iterated=False).trace}

    assert gone("strict") <= gone("weak") <= gone("weak_mixed")
    assert gone("strict") <= gone("mixed") <= gone("weak_mixed")


@SETTINGS
@given(games(max_strategies=3, payoffs=SMALL) | games(max_strategies=4, payoffs=st.integers(0, 2)))
def test_all_orders_of_weak_elimination_by_mixtures(game: NormalFormGame) -> None:
    known: dict[Left, set[Left]] = {}

    def search(left: NormalFormGame) -> set[Left]:
        if left.strategies not in known:
            gone = [
                (player, name)
                for player, names, table in tables(left)
                for k, name in enumerate(names)
                if weak_mixture_or_belief(table, k)[0] is not None
            ]
            found: set[Left] = set() if gone else {left.strategies}
            for size in range(1, len(gone) + 1):
                for chosen in itertools.combinations(gone, size):
                    after = left
                    for player, name in chosen:
                        after = after.without(player, name)
                    found |= search(after)
            known[left.strategies] = found
        return known[left.strategies]

    solution = dominance(game, kind="weak_mixed")
    assert solution.all_orders
    assert {left.strategies for left in solution.outcomes} == search(game)
    assert solution.outcomes[0] == solution.reduced


def test_a_mixture_may_dominate_weakly_where_no_pure_strategy_does() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0, 1], [0, 2, 1], [1, 1, 0]], [[0, 0, 0]] * 3)
    assert dominance(game, kind="weak").trace == ()
    assert dominance(game, kind="mixed").trace == ()
    (step,) = dominance(game, kind="weak_mixed").trace
    assert step.by == {"s1": Fraction(1, 2), "s2": Fraction(1, 2)}
    assert step.margin == 0


def test_large_tables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("alignment_games.solvers.dominance")
    monkeypatch.setattr(module, "MAX_WEAK_ENTRIES", 3)
    with pytest.raises(WorkLimitError, match="up to 3 payoffs, that of player_1 has 4"):
        dominance(NormalFormGame(np.zeros((2, 2, 2), dtype=int)), kind="weak_mixed")


# Limits


@pytest.mark.parametrize("limit", ["MAX_STEPS", "MAX_GAMES", "MAX_COMPARISONS"])
def test_what_was_not_searched_is_not_claimed(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    game = NormalFormGame.from_bimatrix(
        [[1, 1, 0], [1, 1, 1], [1, 1, 0]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
    )
    assert dominance(game, kind="weak").order_matters is False
    monkeypatch.setattr(importlib.import_module("alignment_games.solvers.orders"), limit, 1)
    solution = dominance(game, kind="weak")
    assert not solution.all_orders
    assert solution.order_matters is None
    assert solution.outcomes == (solution.reduced,)
    assert str(solution).endswith("was not decided")
    with pytest.raises(WorkLimitError, match="`all_orders`"):
        dominance(game, kind="weak", all_orders=True)


def test_the_search_can_be_left_out() -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]])
    solution = dominance(game, kind="weak", all_orders=False)
    assert (solution.all_orders, solution.order_matters) == (False, None)
    assert solution.reduced == dominance(game, kind="weak").reduced


def test_many_dominated_strategies_stop_at_the_limit_and_keep_what_was_found() -> None:
    """Thirty weakly dominated rows leave 2^30 choices; the search must not list them."""
    rows = [[1, 0, 2], [1, 2, 2], *([0, 2, 2] for _ in range(29))]
    columns = [[1, 0, 0], [1, 1, 0], *([0, 1, 0] for _ in range(29))]
    solution = dominance(NormalFormGame.from_bimatrix(rows, columns), kind="weak")
    assert not solution.all_orders
    assert solution.order_matters is not False


# Comparisons in integers


@pytest.mark.parametrize("unit", ["1", "1e-9", "1e9", "1e-200", "1e200"])
def test_ranks_compare_as_payoffs_do(unit: str) -> None:
    rng = np.random.default_rng(1)
    table: Any = rng.integers(-3, 4, (4, 5)).astype(object) * Fraction(unit)
    table[0, 0] += Fraction(1, 3**50)
    ranks = own_ranks(NormalFormGame([table, table]), 0)
    assert ranks.dtype == np.int64
    flat, values = ranks.reshape(-1).tolist(), list(table.reshape(-1))
    for (a, u), (b, v) in itertools.combinations(zip(flat, values, strict=True), 2):
        assert (a > b) is bool(u > v)
        assert (a == b) is bool(u == v)


def test_weak_elimination_keeps_a_pure_equilibrium_of_a_team() -> None:
    """In a common-interest game the best profile survives some order."""
    table = [[3, 3], [3, 0]]
    solution = dominance(NormalFormGame([table, table]), kind="weak")
    paths = {eq.path for left in solution.outcomes for eq in pure_nash(left).equilibria}
    assert ("s1", "s1") in paths
