"""Rationalizability: every belief and every proof recomputed from the game."""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.solvers import (
    Domination,
    NeverBestReply,
    Rationalizability,
    dominance,
    nash,
    pure_nash,
    rationalizable,
)
from alignment_games.solvers.minors import belief_on_a_line
from alignment_games.solvers.product_beliefs import ProductBelief, find_product_belief
from alignment_games.testing import games

SETTINGS = settings(max_examples=50, deadline=None)
THREE = games(min_players=3, max_players=3, max_strategies=3, payoffs=st.integers(-3, 3))


def textbook(safe: Any = 3, unit: Any = 1) -> NormalFormGame:
    """Player 3's s2 is good if the others coordinate, whichever way; `safe` is its s4.

    Osborne and Rubinstein (1994), A Course in Game Theory, chapter 4, with three common
    payoffs: s2 is a best reply only to beliefs that correlate the others.
    """
    third = [[[8, 0], [0, 0]], [[4, 0], [0, 4]], [[0, 0], [0, 8]], [[safe, safe], [safe, safe]]]
    common = np.array([[[unit * v for v in row] for row in m] for m in third], dtype=object)
    common = np.moveaxis(common, 0, 2)
    return NormalFormGame([common, common, common])


def check(answer: Rationalizability) -> None:
    """Recompute everything that the answer claims."""
    game = answer.game
    left = game
    rounds = [step.round for step in answer.eliminated]
    assert rounds == sorted(rounds)
    for _, group in itertools.groupby(answer.eliminated, key=lambda step: step.round):
        steps = list(group)
        for step in steps:
            check_step(left, step)
        for step in steps:
            left = left.without(step.player, step.strategy)
    assert left == answer.reduced
    for found in answer.beliefs:
        others = [who for who in game.players if who != found.player]
        if found.root:
            continue
        assert sum(found.belief.values()) == 1
        assert min(found.belief.values()) > 0
        for profile in found.belief:
            for who, name in zip(others, profile, strict=True):
                assert name in answer.survivors[who]
        best = best_replies(game, found.player, found.belief)
        assert found.strategy in best  # among all strategies of the game, not only survivors
        if found.independent is not None:
            for profile, p in found.belief.items():
                assert p == math.prod(
                    (found.independent[w][s] for w, s in zip(others, profile, strict=True)),
                    start=Fraction(1),
                )
        else:
            assert answer.correlated
    named = {(found.player, found.strategy) for found in answer.beliefs} | set(answer.undecided)
    assert named == {(who, s) for who, own in answer.survivors.items() for s in own}
    assert len(answer.beliefs) + len(answer.undecided) == len(named)


def best_replies(game: NormalFormGame, player: str, belief: Any) -> set[str]:
    who = game.player_index(player)
    earned = {
        name: sum(
            p * Fraction(game.exact_payoffs[(who, *place(game, who, name, profile))])
            for profile, p in belief.items()
        )
        for name in game.strategies[who]
    }
    return {name for name, value in earned.items() if value == max(earned.values())}


def place(game: NormalFormGame, who: int, name: str, profile: Sequence[str]) -> tuple[int, ...]:
    names = [*profile[:who], name, *profile[who:]]
    return tuple(game.strategy_index(k, s) for k, s in enumerate(names))


def check_step(left: NormalFormGame, step: Domination | NeverBestReply) -> None:
    who = left.player_index(step.player)
    rest = [own for k, own in enumerate(left.strategies) if k != who]

    def payoff(name: str, profile: Sequence[str]) -> Fraction:
        return Fraction(left.exact_payoffs[(who, *place(left, who, name, profile))])

    if isinstance(step, Domination):
        assert all(
            sum(p * payoff(name, profile) for name, p in step.by.items())
            > payoff(step.strategy, profile)
            for profile in itertools.product(*rest)
        )
        return
    assert step.opponents == tuple(rest)
    assert step.alternatives == tuple(s for s in left.strategies[who] if s != step.strategy)
    for point in grid(step.opponents, 4 if step.cover else 12):
        assert step.strategy not in best_replies(left, step.player, joint(point))
    if not step.cover:  # proved by minors
        return
    gains = {
        profile: [payoff(j, profile) - payoff(step.strategy, profile) for j in step.alternatives]
        for profile in itertools.product(*rest)
    }
    volume = Fraction(0)
    for cell, mixture in step.cover:
        assert sum(mixture) == 1
        assert min(mixture) >= 0
        for own, corners in zip(step.opponents, cell, strict=True):
            assert len(corners) == len(own)
            assert all(sum(c) == 1 and min(c) >= 0 for c in corners)
        volume += math.prod((abs(determinant(corners)) for corners in cell), start=Fraction(1))
        for corner in itertools.product(*cell):
            earned = Fraction(0)
            for spot in itertools.product(*(range(len(own)) for own in step.opponents)):
                weight = math.prod((c[k] for c, k in zip(corner, spot, strict=True)))
                profile = tuple(own[k] for own, k in zip(step.opponents, spot, strict=True))
                earned += weight * sum(m * g for m, g in zip(mixture, gains[profile], strict=True))
            assert earned > 0
    # Simplices of distributions that do not overlap and whose volumes add up to the whole.
    assert volume == 1


def determinant(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    if not rows:
        return Fraction(1)
    return sum(
        (
            (-1) ** k * v * determinant([[*r[:k], *r[k + 1 :]] for r in rows[1:]])
            for k, v in enumerate(rows[0])
        ),
        Fraction(0),
    )


def grid(opponents: Sequence[Sequence[str]], parts: int) -> Any:
    """All independent beliefs whose probabilities are multiples of 1 / parts."""

    def points(own: Sequence[str]) -> list[dict[str, Fraction]]:
        return [
            {s: Fraction(c, parts) for s, c in zip(own, counts, strict=True)}
            for counts in itertools.product(range(parts + 1), repeat=len(own))
            if sum(counts) == parts
        ]

    return itertools.product(*map(points, opponents))


def joint(point: Sequence[dict[str, Fraction]]) -> dict[tuple[str, ...], Fraction]:
    return {
        names: math.prod((own[s] for own, s in zip(point, names, strict=True)), start=Fraction(1))
        for names in itertools.product(*point)
    }


# Two players


@SETTINGS
@given(games(min_players=1, max_strategies=4, payoffs=st.integers(-3, 3)))
def test_with_two_players_all_beliefs_are_independent(game: NormalFormGame) -> None:
    """Pearce (1984), lemma 3, doi:10.2307/1911197."""
    answer = rationalizable(game)
    check(answer)
    assert answer.complete
    assert answer.survivors == dominance(game).survivors
    assert answer.survivors == rationalizable(game, correlated=True).survivors
    assert all(found.independent is not None for found in answer.beliefs)


@SETTINGS
@given(games(max_strategies=4))
def test_equilibrium_strategies_are_rationalizable(game: NormalFormGame) -> None:
    """Bernheim (1984), doi:10.2307/1911196."""
    survivors = rationalizable(game).survivors
    for eq in nash(game).equilibria:
        for who, own in zip(game.players, eq.support, strict=True):
            assert set(own) <= set(survivors[who])


def test_bernheims_game_leaves_three_strategies_a_player() -> None:
    """Osborne and Rubinstein (1994), chapter 4, after Bernheim (1984): b4 goes, then a4; the
    cycle of best replies a1, b3, a3, b1 justifies the others beside the equilibrium (a2, b2)."""
    row = [[0, 2, 7, 0], [5, 3, 5, 0], [7, 2, 0, 0], [0, 0, 0, 10]]
    column = [[7, 5, 0, 1], [2, 3, 2, 1], [0, 5, 7, 1], [0, -2, 0, -1]]
    game = NormalFormGame.from_bimatrix(
        row, column, strategies=[[f"a{k}" for k in range(1, 5)], [f"b{k}" for k in range(1, 5)]]
    )
    answer = rationalizable(game)
    check(answer)
    assert [(s.round, s.strategy) for s in answer.eliminated] == [(1, "b4"), (2, "a4")]
    assert answer.survivors == {"player_1": ("a1", "a2", "a3"), "player_2": ("b1", "b2", "b3")}
    assert [eq.path for eq in pure_nash(game).equilibria] == [("a2", "b2")]


# Three players and more


@settings(max_examples=80, deadline=None)
@given(THREE)
def test_sets_are_nested_and_all_claims_hold(game: NormalFormGame) -> None:
    answer, wider = rationalizable(game), rationalizable(game, correlated=True)
    check(answer)
    check(wider)
    by_pure = dominance(game, kind="strict")
    assert wider.complete
    assert wider.survivors == dominance(game).survivors
    for who in game.players:
        assert set(answer.survivors[who]) <= set(wider.survivors[who])
        assert set(wider.survivors[who]) <= set(by_pure.survivors[who])
    for eq in pure_nash(game).equilibria:
        assert all(s in answer.survivors[w] for w, s in zip(game.players, eq.path, strict=True))


@pytest.mark.parametrize(
    ("shape", "sample"), [((3, 3, 2), 60), ((3, 3, 3), 40), ((2, 2, 2, 3), 40)]
)
def test_random_games_are_decided(shape: tuple[int, ...], sample: int) -> None:
    rng = np.random.default_rng(sum(shape))
    for _ in range(sample):
        game = NormalFormGame(rng.integers(-99, 100, (len(shape), *shape)))
        answer = rationalizable(game)
        check(answer)
        assert answer.complete


def test_some_random_games_tell_the_two_sets_apart() -> None:
    rng = np.random.default_rng(0)
    different = 0
    for _ in range(150):
        table = rng.integers(-3, 4, (3, 2, 2, 4))
        game = NormalFormGame(table)
        answer = rationalizable(game)
        check(answer)
        assert answer.complete
        different += answer.survivors != rationalizable(game, correlated=True).survivors
    assert different > 0


@pytest.mark.parametrize("unit", [1, 10**9, Fraction(1, 10**9), 0.1])
def test_a_best_reply_to_correlated_beliefs_only(unit: Any) -> None:
    game = textbook(unit=unit)
    answer, wider = rationalizable(game), rationalizable(game, correlated=True)
    check(answer)
    check(wider)
    assert answer.complete
    assert answer.survivors["player_3"] == ("s1", "s3", "s4")
    assert wider.survivors["player_3"] == ("s1", "s2", "s3", "s4")
    (never,) = answer.eliminated
    assert isinstance(never, NeverBestReply)
    assert "no independent belief (by a cover of" in str(never)
    assert wider.belief("player_3", "s2").independent is None
    # Against p and q, s2 beats s1 and s3 only if p + q = 1, and then earns at most 2 < 3.
    assert answer.survivors["player_1"] == ("s1", "s2")


@pytest.mark.parametrize("exponent", [2, 6, 12, 30])
def test_the_textbook_game_on_its_knife_edge(exponent: int) -> None:
    """With p + q = 1 s2 earns 8p(1 - p), at most 2: where p = q = 1/2."""
    least = Fraction(1, 10**exponent)
    tie = rationalizable(textbook(2))
    check(tie)
    half = {"s1": Fraction(1, 2), "s2": Fraction(1, 2)}
    assert tie.belief("player_3", "s2").independent == {"player_1": half, "player_2": half}
    above = rationalizable(textbook(2 + least))
    check(above)
    assert above.complete
    assert "s2" not in above.survivors["player_3"]
    below = rationalizable(textbook(2 - least))
    check(below)
    assert "s2" in below.survivors["player_3"]


def test_the_proof_by_minors_agrees_with_the_proof_by_cells() -> None:
    for safe in (Fraction(3), Fraction(201, 100)):
        by_cells = rationalizable(textbook(safe))
        by_minors = rationalizable(textbook(safe), max_cells=1)
        check(by_minors)
        assert by_minors.reduced == by_cells.reduced
        (first,), (second,) = by_cells.eliminated, by_minors.eliminated
        assert isinstance(first, NeverBestReply)
        assert isinstance(second, NeverBestReply)
        assert first.cover
        assert not second.cover
        assert str(second).endswith("(by the signs of all minors)")


def on_the_diagonal(square: Fraction, sizes: tuple[int, int]) -> NormalFormGame:
    """Payoffs of a player whose s1 is a best reply only where both others play their second
    strategy with the probability t for which t * t = 1 / square."""
    worse = np.full((5, *sizes), Fraction(1), dtype=object)
    worse[0] = 0
    gains: list[list[list[Any]]] = [
        [[0, 1], [-1, 0]],
        [[0, -1], [1, 0]],
        [[-1, -1], [-1, square - 1]],
        [[1, 1], [1, 1 - square]],
    ]
    for k, table in enumerate(gains, start=1):
        worse[k, :2, :2] = [[-Fraction(v) for v in row] for row in table]
    own = np.moveaxis(worse, 0, 2)
    return NormalFormGame([np.zeros(own.shape, dtype=int), np.zeros(own.shape, dtype=int), own])


@pytest.mark.parametrize("sizes", [(2, 2), (2, 3), (3, 2)])
@pytest.mark.parametrize("square", [Fraction(4), Fraction(9), Fraction(49, 9)])
def test_a_single_rational_belief_is_found(square: Fraction, sizes: tuple[int, int]) -> None:
    answer = rationalizable(on_the_diagonal(square, sizes))
    check(answer)
    assert answer.complete
    alone = answer.belief("player_3", "s1").independent
    assert alone is not None
    assert all(own["s2"] ** 2 == 1 / square for own in alone.values())


@pytest.mark.parametrize("sizes", [(2, 2), (2, 3), (3, 2)])
def test_a_single_irrational_belief_is_known_to_exist(sizes: tuple[int, int]) -> None:
    answer = rationalizable(on_the_diagonal(Fraction(2), sizes))
    check(answer)
    assert answer.complete
    found = answer.belief("player_3", "s1")
    assert (found.belief, found.independent) == ({}, None)
    assert "0.70711... of 2 t^2 - 1" in found.root
    assert "irrational belief" in str(found)


def test_what_cannot_be_decided_is_kept_and_said() -> None:
    """A knife edge against two opponents with three strategies each."""
    answer = rationalizable(on_the_diagonal(Fraction(2), (3, 3)), max_cells=50)
    check(answer)
    assert not answer.complete
    assert answer.undecided == (("player_3", "s1"),)
    assert "s1" in answer.survivors["player_3"]
    assert "undecided within the limit, and kept: player_3's s1" in str(answer)
    with pytest.raises(GameError, match="is undecided"):
        answer.belief("player_3", "s1")


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(2, 3)).flatmap(
        lambda size: st.lists(
            st.integers(-2, 2), min_size=2 * size[0] * size[1], max_size=2 * size[0] * size[1]
        ).map(lambda flat: np.array(flat, dtype=object).reshape(size[0], 2, size[1]))
    )
)
def test_minors_and_cells_decide_alike(gains: Any) -> None:
    belief, root, decided = belief_on_a_line(gains, [0, 1])
    assert decided
    if belief is not None:
        p, q = belief
        assert min((np.array(p) @ gains @ np.array(q)).tolist()) >= 0
        assert sum(p) == sum(q) == 1
        assert min(*p, *q) >= 0
    cells = find_product_belief(gains, max_cells=59)  # too few for the minors to be asked
    if cells.no_belief:
        assert belief is None
        assert not root
    elif cells.belief is not None:
        assert belief is not None
    else:
        # An open question after 59 cells is a knife edge, or nearly one.
        assert cells == ProductBelief()


def test_an_interval_between_irrational_ends_holds_a_rational_belief() -> None:
    """Where both play their second strategy with the same t, and 1/2 <= t * t <= 2/3."""
    alike = [[0, 1], [-1, 0]]
    gains = np.array(
        [alike, [[0, -1], [1, 0]], [[-1, -1], [-1, 1]], [[2, 2], [2, -1]]], dtype=object
    )
    belief, root, _ = belief_on_a_line(gains, [0, 1])
    assert belief is not None
    assert root == ""
    (_, t), (_, q) = belief
    assert t == q
    assert Fraction(1, 2) <= t * t <= Fraction(2, 3)


def test_a_knife_edge_about_one_of_two_opponents_is_found() -> None:
    """The first must be twice as likely to play its second strategy as its first; the other
    may do anything. Halving never meets 1/3, a linear program about one opponent does."""
    first = [2, -1, -1]
    gains = np.array([[[v] * 3 for v in first], [[-2] * 3, [1] * 3, [-1] * 3]], dtype=object)
    found = find_product_belief(gains, max_cells=5)
    assert found.belief is not None
    assert found.belief[0] == (Fraction(1, 3), Fraction(2, 3), Fraction(0))


def test_crossing_curves_of_indifference() -> None:
    """Two opposite pairs of alternatives: a best reply just where two curves cross.

    With a + b t + c q + d t q = 0 on either curve, q = -(a + b t) / (c + d t) makes the other
    a quadratic equation in t, solved here in floating point.
    """
    rng = np.random.default_rng(11)
    kinds = {"rational": 0, "irrational": 0, "none": 0}
    for _ in range(150):
        tables = rng.integers(-4, 5, (2, 2, 2))
        gains = np.stack([tables[0], -tables[0], tables[1], -tables[1]]).astype(object)
        (a, b, c, d), (e, f, g, h) = (
            (t[0, 0], t[1, 0] - t[0, 0], t[0, 1] - t[0, 0], t[1, 1] - t[1, 0] - t[0, 1] + t[0, 0])
            for t in tables
        )
        quadratic = np.array([f * d - h * b, f * c + e * d - h * a - g * b, e * c - g * a])
        if quadratic[0] == 0 or quadratic[1] ** 2 == 4 * quadratic[0] * quadratic[2]:
            continue
        crossings, close = [], False
        for t in np.roots(quadratic):
            if abs(t.imag) > 1e-9 or abs(c + d * t.real) < 1e-6:
                close = close or abs(t.imag) <= 1e-9
                continue
            q = -(a + b * t.real) / (c + d * t.real)
            close = close or min(abs(v - k) for v in (t.real, q) for k in (0, 1)) < 1e-6
            crossings.append(0 < t.real < 1 and 0 < q < 1)
        if close:
            continue
        belief, root, decided = belief_on_a_line(gains, [0, 1])
        assert decided
        assert (belief is not None or root != "") is any(crossings)
        kinds["rational" if belief else "irrational" if root else "none"] += 1
    assert min(kinds.values()) > 0


# Relabelling, limits, small things


@settings(max_examples=30, deadline=None)
@given(THREE, st.data())
def test_units_and_labels_do_not_matter(game: NormalFormGame, data: st.DataObject) -> None:
    expected = rationalizable(game)
    other = NormalFormGame(
        [
            Fraction(data.draw(st.sampled_from(["1e9", "1e-9", "3/7"]))) * own - 4
            for own in game.exact_payoffs
        ],
        players=game.players,
        strategies=game.strategies,
    )
    for who, size in enumerate(game.shape):
        other = other.restrict(who, data.draw(st.permutations(range(size))))
    turned = rationalizable(other)
    if expected.complete and turned.complete:
        assert {w: set(own) for w, own in turned.survivors.items()} == {
            w: set(own) for w, own in expected.survivors.items()
        }


def test_a_large_table_asks_for_correlated_beliefs(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("alignment_games.solvers.rationalizable")
    monkeypatch.setattr(module, "MAX_ENTRIES", 10)
    with pytest.raises(WorkLimitError, match=r"table of 16 payoffs.*`correlated=True`"):
        rationalizable(textbook())
    assert rationalizable(textbook(), correlated=True).complete


@pytest.mark.parametrize("cells", [0, -1, 2.5, True, "many"])
def test_the_number_of_cells_is_a_positive_whole_number(cells: Any) -> None:
    with pytest.raises(GameError, match="`max_cells` must be a whole number of at least 1"):
        rationalizable(textbook(), max_cells=cells)


def test_the_number_of_cells_may_be_a_numpy_integer() -> None:
    cells: Any = np.int64(5)
    assert rationalizable(textbook(), max_cells=cells) == rationalizable(textbook(), max_cells=5)


def knife_edge(size: int, alternatives: int) -> NormalFormGame:
    """The third player's first strategy earns 0, the others some bilinear forms and minus them."""
    rng = np.random.default_rng(0)
    forms = rng.integers(-9, 10, (alternatives, size, size))
    own = np.concatenate([np.zeros((1, size, size), dtype=int), forms, -forms])
    third = np.moveaxis(own, 0, -1)
    return NormalFormGame(np.stack([np.zeros_like(third), np.zeros_like(third), third]))


def test_knife_edges_end_within_the_work_of_all_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("alignment_games.solvers.rationalizable")
    asked: list[int] = []

    def counting(gains: Any, *, max_cells: int) -> Any:
        asked.append(max_cells)
        return find_product_belief(gains, max_cells=max_cells)

    monkeypatch.setattr(module, "find_product_belief", counting)
    monkeypatch.setattr(module, "MAX_WORK", 20_000)
    answer = rationalizable(knife_edge(5, 8))
    assert ("player_3", "s1") in answer.undecided
    assert not answer.complete
    assert max(asked) == 20_000 // (5 * 5 * 17 * 5)  # of the first player


def test_eliminated_strategies_have_no_belief() -> None:
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    answer = rationalizable(dilemma)
    assert str(answer).startswith("rationalizable: player_1: s2; player_2: s2")
    assert str(rationalizable(dilemma, correlated=True)).startswith("correlated-rationalizable")
    with pytest.raises(GameError, match="'s1' of player_1 is eliminated"):
        answer.belief("player_1", "s1")
    with pytest.raises(GameError, match="unknown"):
        answer.belief("player_1", "s9")


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(3, 3, 2), (4, 4, 3), (3, 3, 3), (3, 3, 3, 2), (2, 2, 2, 2, 3)])
def test_two_hundred_random_games(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(sum(shape))
    for _ in range(200):
        answer = rationalizable(NormalFormGame(rng.integers(-9, 10, (len(shape), *shape))))
        check(answer)
        assert answer.complete
