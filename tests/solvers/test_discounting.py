"""Critical discount factors: known ones, and automata just above and below them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import critical_discount, verify_automaton


def dilemma(t: Any, r: Any, p: Any, s: Any) -> ag.NormalFormGame:
    return ag.NormalFormGame.from_bimatrix(
        [[r, s], [t, p]], [[r, t], [s, p]], strategies=[["C", "D"]] * 2
    )


AXELROD = dilemma(5, 3, 1, 0)


def by_reversion(stage: ag.NormalFormGame, cycle: Sequence[Any], reversion: Any) -> Automaton:
    """Play a cycle until somebody leaves it, and one stage equilibrium ever after."""
    n = len(cycle)
    return Automaton(
        stage,
        play={f"t{k}": own for k, own in enumerate(cycle)} | {"ever after": reversion},
        after={
            f"t{k}": {tuple(own): f"t{(k + 1) % n}", None: "ever after"}
            for k, own in enumerate(cycle)
        }
        | {"ever after": "ever after"},
    )


def test_the_prisoners_dilemma_of_the_literature() -> None:
    """(T - R) / (T - P) = 1/2 by grim trigger, (T - R) / (R - S) = 2/3 by tit-for-tat."""
    for punishment in ("nash", "grim", "minmax"):
        found = critical_discount(AXELROD, ("C", "C"), punishment=punishment)
        assert found.discount == sp.Rational(1, 2)
        assert found.punished == (Fraction(1), Fraction(1))
        assert found.binding == ("player_1", "player_2")
        assert [str(own) for own in found.intervals] == ["[1/2, 1)"]
        assert 0.5 in found.intervals[0]
        assert 0.49 not in found.intervals[0]
        assert 1 not in found.intervals[0]
    assert critical_discount(AXELROD, (0, 0), punishment="tit-for-tat").discount == sp.Rational(
        2, 3
    )


@pytest.mark.parametrize(("t", "r", "p", "s"), [(5, 3, 1, 0), (10, 6, 5, -3), (4, 3.5, 1.25, 0)])
def test_formulas_of_dilemmas(t: float, r: float, p: float, s: float) -> None:
    ratios = [sp.Rational(str(own)) for own in (t, r, p, s)]
    top, reward, war, sucker = ratios
    grim = (top - reward) / (top - war)
    stage = dilemma(t, r, p, s)
    assert critical_discount(stage, ("C", "C")).discount == grim
    other = (top - reward) / (reward - sucker)
    mine = critical_discount(stage, ("C", "C"), punishment="tit-for-tat").discount
    assert mine == max(grim, other)


def test_alternation_under_tit_for_tat() -> None:
    """One leaves it for peace if delta > (T - R) / (R - S), for war if < (P - S) / (T - P)."""
    found = critical_discount(AXELROD, [("C", "D"), ("D", "C")], punishment="tit-for-tat")
    (span,) = found.intervals
    assert (span.lower, span.upper) == (sp.Rational(1, 4), sp.Rational(2, 3))
    assert found.discount is None
    assert found.punished == (Fraction(3), Fraction(3))
    again = critical_discount(AXELROD, [("C", "D"), ("D", "C")] * 2, punishment="tit-for-tat")
    assert again.intervals == found.intervals


@pytest.mark.parametrize("first", [(0, 0), (0, 1), (1, 0)])
def test_alternating_is_a_best_reply_where_dynamic_programming_says_so(
    first: tuple[int, int],
) -> None:
    """The best reply to one who does, of the two actions, that which follows on mine."""
    rng, sustained = np.random.default_rng(9), 0
    path = (first, (1 - first[0], 1 - first[1]))
    for _ in range(60):
        stage = ag.NormalFormGame(rng.integers(-6, 7, (2, 2, 2)))
        found = critical_discount(stage, path, punishment="tit-for-tat")
        for factor in (0.2, 0.5, 0.8):
            best = True
            for who in range(2):
                pays = stage.payoffs[who] if who == 0 else stage.payoffs[who].T
                # What the other does next if I play first[who] now is what it does in period 1.
                answer = {first[who]: 1 - first[1 - who], 1 - first[who]: first[1 - who]}
                value = np.zeros(2)  # by what the other does now
                for _ in range(200):
                    value = np.array([
                        max((1 - factor) * pays[a, b] + factor * value[answer[a]] for a in (0, 1))
                        for b in (0, 1)
                    ])  # fmt: skip
                on_path = [pays[path[k][who], path[k][1 - who]] for k in (0, 1)]
                worth = (on_path[0] + factor * on_path[1]) / (1 + factor)
                best &= value[first[1 - who]] <= worth + 1e-9
            assert any(Fraction(str(factor)) in own for own in found.intervals) == best
            sustained += best
    assert 0 < sustained < 160


def test_tit_for_tat_is_a_best_reply_where_dynamic_programming_says_so() -> None:
    """The best reply to tit-for-tat, by dynamic programming over what the other does next."""
    rng = np.random.default_rng(8)
    sustained = 0
    for _ in range(60):
        stage = ag.NormalFormGame(rng.integers(-6, 7, (2, 2, 2)))
        found = critical_discount(stage, (0, 0), punishment="tit-for-tat")
        for factor in (Fraction(1, 5), Fraction(1, 2), Fraction(4, 5)):
            best = True
            for who in range(2):
                pays = stage.payoffs[who] if who == 0 else stage.payoffs[who].T
                value = np.zeros(2)  # by what the other does next
                for _ in range(400):
                    value = ((1 - float(factor)) * pays.T + float(factor) * value[None, :]).max(
                        axis=1
                    )
                best &= value[0] <= pays[0, 0] + 1e-9
            assert any(factor in own for own in found.intervals) == best
            sustained += best
    assert 10 < sustained < 160


def test_cycles_are_sustained_where_their_automata_are() -> None:
    """Random games and cycles, each between and at the ends of the intervals that are claimed."""
    rng = np.random.default_rng(3)
    irrational = 0
    for _ in range(150):
        stage = ag.NormalFormGame(rng.integers(-5, 6, (2, 2, 3)))
        pure = [p for p in stage.profiles() if not any(ag.verify(stage, _vectors(stage, p)))]
        if not pure:
            continue
        cycle = [
            tuple(int(rng.integers(size)) for size in stage.shape)
            for _ in range(int(rng.integers(1, 5)))
        ]
        found = critical_discount(stage, cycle, punishment="grim", reversion=pure[0])
        assert [own.upper for own in found.intervals] in ([], [1])
        points = {Fraction(k, 40) for k in range(1, 40)}
        points |= {
            Fraction(int(end.p), int(end.q))
            for own in found.intervals
            for end in (own.lower, own.upper)
            if end.is_Rational and 0 < end < 1
        }
        near = {
            end: Fraction(str(end.evalf(30)))
            for own in found.intervals
            for end in (own.lower, own.upper)
            if not end.is_Rational
        }
        irrational += len(near)
        points |= {own + sign * Fraction(1, 10**20) for own in near.values() for sign in (-1, 1)}
        machine = by_reversion(stage, cycle, pure[0])
        for point in points:
            play = verify_automaton(RepeatedGame(stage, discount=point), machine)
            assert any(point in own for own in found.intervals) == play.is_subgame_perfect
    assert irrational > 3


def _vectors(stage: ag.NormalFormGame, profile: Sequence[int]) -> list[list[int]]:
    return [
        [int(k == own) for k in range(size)] for own, size in zip(profile, stage.shape, strict=True)
    ]


def test_mutual_restraint_is_easy_in_the_ukraine_like_case() -> None:
    """Only the state is tempted: (1.52 - 1.45) / (1.52 + 0.876), about 0.029 (F4b)."""
    game = ag.models.alignment().game(ag.load_scenario("ukraine"))
    found = critical_discount(game, ("hedge", "accommodate"))
    assert found.discount == sp.Rational(7, 100) / sp.Rational(2396, 1000)
    assert found.binding == ("small_state",)


def test_every_factor_and_none() -> None:
    always = critical_discount(AXELROD, ("D", "D"))
    assert always.discount == 0
    assert str(always).endswith("sustained by every discount factor")
    never = critical_discount(AXELROD, ("C", "D"))
    assert never.discount is None
    assert str(never).endswith("sustained by no discount factor")


def test_patience_can_undo_tit_for_tat() -> None:
    """Leaving for ever pays more than the path itself, but only after a bad first period."""
    stage = ag.NormalFormGame.from_bimatrix([[2, 1], [0, 3]], [[2, 0], [1, 3]])
    found = critical_discount(stage, (0, 0), punishment="tit-for-tat")
    assert [str(own) for own in found.intervals] == ["(0, 2/3]"]
    assert found.discount is None
    assert str(found).endswith("sustained by discount factors in (0, 2/3] alone")


def test_the_worst_equilibrium_of_each_player_is_its_punishment() -> None:
    """In the battle of the sexes with a way out, each is punished by the other's favorite."""
    stage = ag.NormalFormGame.from_bimatrix(
        [[3, 0, 0], [0, 1, 0], [0, 5, 2.5]], [[1, 0, 0], [0, 3, 0], [5, 0, 2.5]]
    )
    found = critical_discount(stage, (2, 2))
    solution = ag.solvers.nash(stage.as_exact())
    assert found.punished == tuple(
        min(own.payoffs[who] for own in solution.equilibria) for who in range(2)
    )


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (AXELROD, ("C", "C")),
            {"punishment": "grimm"},
            "unknown `punishment` 'grimm'; did you",
        ),
        ((AXELROD, ("C",)), {}, "must name one strategy for each of player_1, player_2"),
        ((AXELROD, "CC"), {}, "`path` must be a profile or a sequence of profiles"),
        ((AXELROD, []), {}, "`path` must be a profile or a sequence of profiles"),
        ((AXELROD, ("C", "X")), {}, "unknown strategy of player_2 'X'"),
        ((AXELROD, ("C", "C")), {"reversion": ("D", "D")}, "is the equilibrium of punishment 'gr"),
        (
            (AXELROD, ("C", "C")),
            {"punishment": "grim", "reversion": ("C", "D")},
            "player_1 would gain 1 by leaving",
        ),
        (
            (ag.NormalFormGame(np.eye(2)[None].repeat(2, 0)), (0, 0)),
            {"punishment": "grim"},
            "the stage game has 2 pure ones",
        ),
        (
            (AXELROD, [("C", "C"), ("D", "C")]),
            {"punishment": "tit-for-tat"},
            "needs two players with two strategies each",
        ),
    ],
)
def test_what_is_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        critical_discount(*arguments, **options)


def test_a_long_cycle_is_refused() -> None:
    with pytest.raises(WorkLimitError, match="a cycle of `path` may have 60 periods, got 61"):
        critical_discount(AXELROD, [("C", "C")] * 61)
