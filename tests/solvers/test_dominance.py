"""Dominance: every step replayed, every survivor justified, knife edges decided exactly."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.solvers import DominanceKind, DominanceSolution, dominance
from alignment_games.solvers.mixtures import dominating_mixture, mixture_or_belief
from alignment_games.testing import games

SETTINGS = settings(max_examples=60, deadline=None)
KINDS = ["strict", "weak", "mixed"]

Table = list[list[Fraction]]


def table_of(game: NormalFormGame, who: int) -> Table:
    """Payoffs of `who`: one row for each own strategy, one column for each profile of others."""
    others = [range(size) for k, size in enumerate(game.shape) if k != who]
    return [
        [
            Fraction(game.exact_payoffs[(who, *rest[:who], own, *rest[who:])])
            for rest in itertools.product(*others)
        ]
        for own in range(game.shape[who])
    ]


def replay(solution: DominanceSolution) -> None:
    """Check every step in the game of its round, and that what is left is the reduced game."""
    game = solution.game
    rounds = [step.round for step in solution.trace]
    assert rounds == sorted(rounds)
    assert set(rounds) == set(range(1, max(rounds, default=0) + 1))
    for _, steps in itertools.groupby(solution.trace, key=lambda step: step.round):
        gone = list(steps)
        for step in gone:
            who = game.player_index(step.player)
            names = game.strategies[who]
            table = dict(zip(names, table_of(game, who), strict=True))
            assert step.strategy not in step.by
            assert set(step.by) <= set(names)
            assert sum(step.by.values()) == 1
            assert min(step.by.values()) > 0
            gains = [
                sum(p * table[name][s] for name, p in step.by.items()) - value
                for s, value in enumerate(table[step.strategy])
            ]
            assert step.margin == min(gains)
            if solution.kind is DominanceKind.WEAK:
                assert step.margin >= 0
                assert max(gains) > 0
            else:
                assert step.margin > 0
            if solution.kind is not DominanceKind.MIXED:
                assert len(step.by) == 1
        for step in gone:
            game = game.without(step.player, step.strategy)
    assert solution.reduced == game


def by_pure(table: Table, strategy: int, *, weak: bool) -> bool:
    """Whether a pure strategy dominates another, by comparing them everywhere."""
    own = table[strategy]
    for other, row in enumerate(table):
        if other == strategy:
            continue
        gains = [a - b for a, b in zip(row, own, strict=True)]
        if min(gains) > 0 or (weak and min(gains) >= 0 and max(gains) > 0):
            return True
    return False


def has_belief(table: Sequence[Sequence[Any]], strategy: int) -> bool:
    """Whether scipy finds a belief about the others to which the strategy is a best reply."""
    values = np.array(table, dtype=float)
    others = values.shape[1]
    answer = linprog(
        np.zeros(others),
        A_ub=values - values[strategy],
        b_ub=np.zeros(len(values)),
        A_eq=np.ones((1, others)),
        b_eq=[1.0],
        method="highs",
    )
    return bool(answer.status == 0)


def best_replies_by_vertices(table: Table) -> set[int]:
    """Strategies that are best replies to some belief, exactly, from the beliefs' vertices.

    The beliefs to which a strategy is a best reply form a polytope; if there are any, one of
    its vertices is a vertex of {(belief, v): v >= what each strategy earns}.
    """
    own, others = len(table), len(table[0])
    inequalities = [
        [Fraction(int(s == k)) for s in range(others)] + [Fraction(0)] for k in range(others)
    ]
    inequalities += [[*row, Fraction(-1)] for row in table]
    found: set[int] = set()
    for chosen in itertools.combinations(inequalities, others):
        rows = [[*row, Fraction(0)] for row in chosen]
        rows.append([Fraction(1)] * others + [Fraction(0), Fraction(1)])
        belief = solve(rows)
        if belief is None or min(belief[:others]) < 0:
            continue
        earned = [sum(p * v for p, v in zip(belief, row, strict=False)) for row in table]
        if max(earned) == belief[others]:
            found |= {k for k in range(own) if earned[k] == belief[others]}
    return found


def solve(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """Solve square equations [a | b] by elimination; None if they are singular."""
    size = len(rows)
    for k in range(size):
        pivot = next((r for r in range(k, size) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(size):
            if r != k and rows[r][k]:
                rows[r] = [a - rows[r][k] * b for a, b in zip(rows[r], rows[k], strict=True)]
    return [row[-1] for row in rows]


# Certificates


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(game=games(min_players=1, max_players=3, payoffs=st.integers(-3, 3)))
def test_every_step_is_a_domination_in_the_game_of_its_round(
    kind: str, game: NormalFormGame
) -> None:
    solution = dominance(game, kind=kind)
    assert solution.kind is DominanceKind[kind.upper()]
    replay(solution)
    replay(dominance(game, kind=kind, iterated=False))
    assert dominance(game, kind=solution.kind) == solution


@pytest.mark.parametrize("kind", ["strict", "weak"])
@SETTINGS
@given(game=games(min_players=1, max_players=3, max_strategies=4, payoffs=st.integers(-2, 2)))
def test_the_first_round_is_that_of_the_definition(kind: str, game: NormalFormGame) -> None:
    found = [(s.player, s.strategy) for s in dominance(game, kind=kind, iterated=False).trace]
    assert found == [
        (player, name)
        for who, player in enumerate(game.players)
        for k, name in enumerate(game.strategies[who])
        if by_pure(table_of(game, who), k, weak=kind == "weak")
    ]


@pytest.mark.parametrize("kind", ["strict", "weak"])
@SETTINGS
@given(game=games(max_players=3, payoffs=st.integers(-2, 2)))
def test_nothing_is_dominated_in_what_is_left(kind: str, game: NormalFormGame) -> None:
    reduced = dominance(game, kind=kind).reduced
    for who in range(reduced.n_players):
        table = table_of(reduced, who)
        assert not any(by_pure(table, k, weak=kind == "weak") for k in range(len(table)))


@SETTINGS
@given(games(max_players=3, max_strategies=3, payoffs=st.integers(-3, 3)))
def test_what_no_mixture_dominates_is_a_best_reply_to_a_belief_and_conversely(
    game: NormalFormGame,
) -> None:
    """Pearce (1984), lemma 3, doi:10.2307/1911197; the beliefs may be correlated."""
    gone = {(s.player, s.strategy) for s in dominance(game, iterated=False).trace}
    for who, player in enumerate(game.players):
        table = table_of(game, who)
        if len(table[0]) > 4:  # keep the oracle's systems few
            continue
        best = best_replies_by_vertices(table)
        assert gone & {(player, n) for n in game.strategies[who]} == {
            (player, name) for k, name in enumerate(game.strategies[who]) if k not in best
        }


@pytest.mark.parametrize("shape", [(5, 5), (4, 6), (3, 2, 2), (3, 3, 2)])
def test_survivors_of_random_games_have_beliefs_and_the_others_have_none(
    shape: tuple[int, ...],
) -> None:
    rng = np.random.default_rng(sum(shape))
    eliminated = 0
    for _ in range(15):
        game = NormalFormGame(rng.random((len(shape), *shape)))
        solution = dominance(game)
        replay(solution)
        for who in range(game.n_players):
            left = table_of(solution.reduced, who)
            assert all(has_belief(left, k) for k in range(len(left)))
        once = dominance(game, iterated=False)
        gone = {(s.player, s.strategy) for s in once.trace}
        for who, player in enumerate(game.players):
            table = table_of(game, who)
            for k, name in enumerate(game.strategies[who]):
                assert has_belief(table, k) is ((player, name) not in gone)
        eliminated += len(solution.trace)
    assert eliminated > 0  # the sample has dominated strategies


def test_mixtures_find_more_than_pure_strategies() -> None:
    """The third row is beaten by an even mixture of the others, and by neither alone."""
    game = NormalFormGame.from_bimatrix([[3, 0], [0, 3], [1, 1]], [[0, 0]] * 3)
    assert dominance(game, kind="strict").trace == ()
    (step,) = dominance(game).trace
    assert (step.player, step.strategy) == ("player_1", "s3")
    assert step.by == {"s1": Fraction(1, 2), "s2": Fraction(1, 2)}
    assert step.margin == Fraction(1, 2)
    assert str(step) == "round 1: player_1's s3 by 0.5 s1 + 0.5 s2 (margin 0.5)"


# Knife edges


@st.composite
def knife_edges(draw: st.DrawFn) -> tuple[Table, Fraction]:
    """A table whose last row is a mixture of the others, lowered everywhere by a given amount.

    All other rows earn 0 against one belief with full support. So no mixture of them can earn
    more against it, and the largest sure gain over the last row is exactly what it was lowered.
    """
    others, size = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    belief = [
        Fraction(w) for w in draw(st.lists(st.integers(1, 9), min_size=others, max_size=others))
    ]
    rows = []
    for _ in range(size):
        head = draw(st.lists(st.integers(-50, 50), min_size=others - 1, max_size=others - 1))
        last = -sum(p * v for p, v in zip(belief, head, strict=False)) / belief[-1]
        rows.append([*map(Fraction, head), last])
    weights = draw(st.lists(st.integers(1, 7), min_size=size, max_size=size))
    mixed = [
        sum((w * v for w, v in zip(weights, column, strict=True)), Fraction(0)) / sum(weights)
        for column in zip(*rows, strict=True)
    ]
    lowered = draw(
        st.sampled_from(
            [Fraction(0)]
            + [s * Fraction(1, 10**k) for k in (0, 6, 9, 12, 15, 18, 30) for s in (1, -1)]
        )
    )
    return [*rows, [v - lowered for v in mixed]], lowered


def decides_the_knife_edge(table: Table, lowered: Fraction) -> None:
    mixture = dominating_mixture(table, len(table) - 1)
    if lowered <= 0:
        assert mixture is None
        return
    assert mixture is not None
    assert mixture[-1] == 0
    assert sum(mixture) == 1
    assert min(mixture) >= 0
    gains = [
        sum(p * v for p, v in zip(mixture, column, strict=True)) - column[-1]
        for column in zip(*table, strict=True)
    ]
    assert 0 < min(gains) <= lowered


@settings(max_examples=60, deadline=None)
@given(knife_edges())
def test_a_mixtures_equal_is_undominated_and_the_least_less_is_dominated(
    drawn: tuple[Table, Fraction],
) -> None:
    decides_the_knife_edge(*drawn)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(knife_edges())
def test_a_thousand_knife_edges(drawn: tuple[Table, Fraction]) -> None:
    decides_the_knife_edge(*drawn)


@pytest.mark.parametrize("number", [Fraction, float])
@pytest.mark.parametrize("unit", ["1", "0.1", "0.7", "1e9", "1e-9"])
def test_a_strategy_equal_to_a_mixture_is_not_dominated(number: Any, unit: str) -> None:
    """Neither in integers nor in decimals; lowered in the fifteenth digit, it is."""
    one = Fraction(unit)

    def game(level: Any) -> NormalFormGame:
        top, bottom = number(2 * one), number(0)
        return NormalFormGame.from_bimatrix(
            [[top, bottom], [bottom, top], [level, level]], [[0, 0]] * 3
        )

    tie = game(number(one))
    assert tie.exact_payoffs[0, 2, 0] * 2 == tie.exact_payoffs[0, 0, 0]
    assert dominance(tie).trace == ()
    lower = game(number(one - one / 10**14))
    (step,) = dominance(lower).trace
    assert step.strategy == "s3"
    assert step.margin == one / 10**14
    assert step.by == {"s1": Fraction(1, 2), "s2": Fraction(1, 2)}


def test_a_strategy_of_no_use_to_the_mixture_may_stand_beside_it() -> None:
    """Lowered by a billionth, the even mixture of two rows is dominated; the third row has
    weight zero."""
    lowered = Fraction(1, 10**9)
    rows = [[-1, 0, 3], [3, -5, 3], [-4, -3, 0]]
    table = [[Fraction(v) for v in row] for row in rows]
    table.append([(a + b) / 2 - lowered for a, b in zip(table[0], table[1], strict=True)])
    decides_the_knife_edge(table, lowered)


def test_a_computed_float_is_not_the_decimal_it_misses() -> None:
    """0.1 + 0.2 prints as 0.30000000000000004, and dominates 0.3 by as much."""
    columns = [[0.0, 0.0]] * 2
    level = NormalFormGame.from_bimatrix([[0.3, 0.3], [0.3, 0.3]], columns)
    assert dominance(level, kind="weak").trace == ()
    computed = NormalFormGame.from_bimatrix([[0.1 + 0.2, 0.1 + 0.2], [0.3, 0.3]], columns)
    (step,) = dominance(computed).trace
    assert (step.strategy, step.margin) == ("s2", Fraction(4, 10**17))


@pytest.mark.parametrize(
    "noise",
    [
        lambda _: (None, None),
        lambda gains: ([Fraction(1)] + [Fraction(0)] * (len(gains) - 1), None),
        lambda gains: (
            [Fraction(1, len(gains))] * len(gains),
            [Fraction(1, len(gains[0]))] * len(gains[0]),
        ),
    ],
    ids=["no answer", "half an answer", "a wrong answer"],
)
def test_the_answer_does_not_depend_on_the_floating_program(
    noise: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It only proposes: where its proposal fails, rational arithmetic decides."""
    rng = np.random.default_rng(3)
    sample = [NormalFormGame(rng.integers(-3, 4, (2, 4, 3))) for _ in range(12)]
    expected = [dominance(game).survivors for game in sample]
    assert any(len(own) < 4 for left in expected for own in left.values())
    module = importlib.import_module("alignment_games.solvers.mixtures")
    monkeypatch.setattr(module, "_EXACT_ENTRIES", 0)
    monkeypatch.setattr(module, "_float_program", noise)
    for game, survivors in zip(sample, expected, strict=True):
        solution = dominance(game)
        replay(solution)
        assert solution.survivors == survivors


# Order


@pytest.mark.parametrize("kind", ["strict", "mixed"])
@settings(max_examples=40, deadline=None)
@given(game=games(max_players=3, max_strategies=3, payoffs=st.integers(-3, 3)), data=st.data())
def test_the_order_of_strict_elimination_does_not_matter(
    kind: str, game: NormalFormGame, data: st.DataObject
) -> None:
    """Gilboa, Kalai and Zemel (1990), doi:10.1016/0167-6377(90)90046-8."""
    expected = dominance(game, kind=kind)
    assert not expected.order_matters
    left = game
    while steps := dominance(left, kind=kind, iterated=False).trace:
        step = data.draw(st.sampled_from(steps))
        left = left.without(step.player, step.strategy)
    assert left == expected.reduced


def test_the_order_of_weak_elimination_may_matter() -> None:
    """Osborne and Rubinstein (1994), A Course in Game Theory, figure 63.1."""
    game = NormalFormGame.from_bimatrix(
        [[1, 0], [1, 2], [0, 2]],
        [[1, 0], [1, 1], [0, 1]],
        strategies=[["T", "M", "B"], ["L", "R"]],
    )
    solution = dominance(game, kind="weak")
    assert solution.order_matters
    assert solution.survivors == {"player_1": ("M",), "player_2": ("L", "R")}
    without_top = dominance(game.without(0, "T"), kind="weak")
    without_bottom = dominance(game.without(0, "B"), kind="weak")
    assert without_top.survivors["player_2"] == ("R",)
    assert without_bottom.survivors["player_2"] == ("L",)


def test_order_does_not_matter_where_nothing_is_weakly_dominated() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    solution = dominance(pennies, kind="weak")
    assert not solution.order_matters
    assert not solution.solves
    assert solution.reduced == pennies
    assert solution.survivors == {"player_1": ("s1", "s2"), "player_2": ("s1", "s2")}


def test_equal_strategies_do_not_dominate_each_other() -> None:
    twins = NormalFormGame.from_bimatrix([[1, 2], [1, 2]], [[0, 0], [0, 0]])
    for kind in KINDS:
        assert dominance(twins, kind=kind).trace == ()


def test_a_chain_of_weak_dominance_names_a_strategy_that_stays() -> None:
    """The worst row is eliminated by the best, not by the middle one that goes with it."""
    game = NormalFormGame.from_bimatrix([[0, 0], [0, 1], [1, 1]], [[0, 0]] * 3)
    trace = dominance(game, kind="weak").trace
    assert [(step.strategy, step.by) for step in trace] == [
        ("s1", {"s3": Fraction(1)}),
        ("s2", {"s3": Fraction(1)}),
    ]


# Small things


def test_iterated_elimination_takes_as_many_rounds_as_it_needs() -> None:
    """The third row falls only after the third column has."""
    game = NormalFormGame.from_bimatrix(
        [[3, 1, 0], [2, 2, 1], [1, 0, 2]], [[2, 1, 0], [0, 3, 1], [0, 1, 0]]
    )
    steps = [(s.round, s.player, s.strategy) for s in dominance(game, kind="strict").trace]
    assert steps == [(1, "player_2", "s3"), (2, "player_1", "s3")]
    once = dominance(game, kind="strict", iterated=False)
    assert [(s.round, s.player, s.strategy) for s in once.trace] == steps[:1]


def test_the_dilemma_is_solved() -> None:
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    for kind in KINDS:
        solution = dominance(dilemma, kind=kind)
        assert solution.solves
        assert solution.survivors == {"player_1": ("s2",), "player_2": ("s2",)}
        assert [step.margin for step in solution.trace] == [1, 1]
    assert str(dominance(dilemma)).startswith(
        "2 strictly dominated by a pure or mixed strategy; left: player_1: s2; player_2: s2"
    )


def test_one_player_keeps_its_best_strategies() -> None:
    hermit = NormalFormGame([[3, 1, 3, 2]])
    for kind in KINDS:
        assert dominance(hermit, kind=kind).survivors == {"player_1": ("s1", "s3")}


def test_a_margin_beyond_the_range_of_floats_is_shown() -> None:
    (step,) = dominance(NormalFormGame([[1.7e308, -1.7e308]])).trace
    assert step.margin == 2 * Fraction("1.7e308")
    assert "s2 by s1" in str(step)


def test_floating_games_keep_their_decimals() -> None:
    game = NormalFormGame.from_bimatrix([[0.1, 0.2], [0.3, 0.4]], [[0.7, 0.5], [0.7, 0.5]])
    solution = dominance(game)
    assert [step.margin for step in solution.trace] == [Fraction(1, 5), Fraction(1, 5)]
    assert solution.reduced.exact is False
    assert solution.reduced.payoff(0, 0, 0) == 0.3


def test_a_game_of_fractions_and_floats_is_reduced_without_rounding() -> None:
    """One float far away must not turn 1/3 into a decimal when another strategy falls."""
    third = Fraction(1, 3)
    game = NormalFormGame.from_bimatrix(
        [[third, 1 - third], [1 - third, third], [Fraction(1, 2), Fraction(1, 2)], [-9.5, -9]],
        [[0, 0]] * 4,
    )
    assert dominance(game).survivors["player_1"] == ("s1", "s2", "s3")
    assert dominance(game).reduced.exact_payoffs[0, 0, 0] == third


@pytest.mark.parametrize("kind", ["pure", "", "STRICTLY", 3, None, ["strict"]])
def test_unknown_kinds_are_refused(kind: Any) -> None:
    game = NormalFormGame([[1, 2]])
    with pytest.raises(
        GameError, match=r"`kind` must be one of 'strict', 'weak', 'mixed', 'weak_mixed', got"
    ):
        dominance(game, kind=kind)


@pytest.mark.parametrize("kind", ["weaK", "mixed_weak", "weak-mixed"])
def test_the_nearest_kind_is_suggested(kind: str) -> None:
    with pytest.raises(GameError, match=r"did you mean '(weak|mixed|weak_mixed)'"):
        dominance(NormalFormGame([[1, 2]]), kind=kind)


def test_an_array_is_no_kind() -> None:
    kind: Any = np.array([1, 2])
    with pytest.raises(GameError, match="`kind` must be one of"):
        dominance(NormalFormGame([[1, 2]]), kind=kind)


# Many strategies


@pytest.mark.parametrize("kind", ["strict", "weak"])
def test_ten_thousand_strategies_are_compared(kind: str) -> None:
    """Each is dominated by the last one; nothing is left to compare afterwards."""
    ladder = np.arange(10_000)
    game = NormalFormGame(np.stack([np.stack([ladder, ladder + 1], axis=1)] * 2))
    solution = dominance(game, kind=kind)
    assert solution.survivors == {"player_1": ("s10000",), "player_2": ("s2",)}
    assert len(solution.trace) == 10_000
    assert {step.margin for step in solution.trace[:-1]} == set(range(1, 10_000))


def test_a_long_chain_takes_a_round_for_each_strategy() -> None:
    """Each strategy falls only after the one above it: the traveler's dilemma."""
    size = 40
    claims = range(2, size + 2)
    own = [[min(a, b) + 2 * ((a < b) - (a > b)) for b in claims] for a in claims]
    game = NormalFormGame([own, [list(row) for row in zip(*own, strict=True)]])
    for kind in ("weak", "mixed"):
        solution = dominance(game, kind=kind, all_orders=False if kind == "weak" else None)
        replay(solution)
        assert solution.survivors["player_1"][0] == "s1"
    assert dominance(game, kind="weak", all_orders=False).solves


@pytest.mark.parametrize("kind", ["strict", "weak", "mixed"])
def test_what_is_too_much_work_is_refused_at_once(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("alignment_games.solvers.dominance")
    game = NormalFormGame(np.zeros((2, 4, 3), dtype=int))
    name = "MAX_PROGRAM_ENTRIES" if kind == "mixed" else "MAX_COMPARISONS"
    monkeypatch.setattr(module, name, 83)
    with pytest.raises(WorkLimitError, match=r"of shape \(4, 3\) needs up to 8.4e\+01"):
        dominance(game, kind=kind)
    monkeypatch.setattr(module, name, 10**9)
    assert dominance(game, kind=kind).trace == ()


def test_large_games_are_refused_at_once() -> None:
    with pytest.raises(WorkLimitError, match="entries of linear programs"):
        dominance(NormalFormGame(np.zeros((2, 400, 400), dtype=int)))
    with pytest.raises(WorkLimitError, match="comparisons of payoffs"):
        dominance(NormalFormGame(np.zeros((2, 500_000, 2), dtype=int)), kind="strict")


def test_knife_edges_in_large_programs_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that nothing dominates leave the floating program without a proof."""
    module = importlib.import_module("alignment_games.solvers.dominance")
    rng = np.random.default_rng(0)
    own = rng.integers(-9, 10, (16, 16)).astype(object)
    belief = rng.integers(1, 9, 15)
    own[:, -1] = -(own[:, :-1] * belief).sum(axis=1)
    own[0] = own[1:8].sum(axis=0)
    own[1:] *= 7
    game = NormalFormGame([own, np.zeros((16, 16), dtype=int)])
    assert "s1" in dominance(game, iterated=False).survivors["player_1"]
    monkeypatch.setattr(module, "_ALWAYS", 0)
    monkeypatch.setattr(module, "MAX_EXACT_WORK", 100)
    with pytest.raises(WorkLimitError, match="knife edges"):
        dominance(game)


@SETTINGS
@given(game=games(max_players=3, payoffs=st.integers(-3, 3)))
def test_the_mixture_found_for_a_table_is_that_of_its_fractions(game: NormalFormGame) -> None:
    """Integers in an array and rationals in lists are the same question."""
    for who in range(game.n_players):
        table = table_of(game, who)
        whole = np.array([[int(v * 60) for v in row] for row in table], dtype=object)
        for k in range(len(table)):
            found, _ = mixture_or_belief(whole, k)
            assert (found is None) is (dominating_mixture(table, k) is None)
