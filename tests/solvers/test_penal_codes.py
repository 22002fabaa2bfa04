"""Optimal penal codes: certified automata, proofs against brute force, and closed forms."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import alignment_games as ag
from alignment_games.errors import GameError, WorkLimitError
from alignment_games.games import Automaton, RepeatedGame
from alignment_games.solvers import (
    CriticalDiscount,
    DiscountInterval,
    critical_discount,
    repeated_payoffs,
    verify_automaton,
)
from alignment_games.solvers._penal_bounds import excluded_below, threats_below
from alignment_games.solvers._penal_cover import rest
from alignment_games.solvers._penal_paths import course, incentives, machine

A_LITTLE = Fraction(1, 1000)


def symmetric(rows: Any, names: Any = None) -> ag.NormalFormGame:
    table = np.array(rows)
    strategies = [list(names)] * 2 if names else None
    return ag.NormalFormGame.from_bimatrix(rows, table.T.tolist(), strategies=strategies)


def cournot(outputs: Any, size: int = 24) -> ag.NormalFormGame:
    """Price is `size` less both outputs, or 0; production is free."""
    rows = [[own * max(0, size - own - other) for other in outputs] for own in outputs]
    return symmetric(rows, map(str, outputs))


ABREU = symmetric([[10, 3, 0], [15, 7, -4], [7, 5, -15]], "LMH")
SMALL = st.integers(0, 2**32 - 1).map(
    lambda seed: ag.NormalFormGame(
        np.random.default_rng(seed).integers(-4, 6, (2, 2, 2 + seed % 2))
    )
)


def optimal(stage: ag.NormalFormGame, path: Any) -> CriticalDiscount:
    return critical_discount(stage, path, punishment="optimal")


def sustained_by_short_punishments(
    stage: ag.NormalFormGame, profile: tuple[int, ...], discount: Fraction
) -> bool:
    """Try every pair of punishments of at most two profiles, then one for ever or the path."""
    target = course((), [profile])
    every = list(stage.profiles())
    paths = {
        course(first, [last])
        for size in range(2)
        for first in itertools.product(every, repeat=size)
        for last in every
    }
    return any(
        machine(stage, target, pair, discount).is_subgame_perfect
        for pair in itertools.product(sorted(paths, key=str), repeat=stage.n_players)
    )


@settings(max_examples=15, deadline=None)
@given(SMALL, st.integers(0, 3))
def test_codes_are_perfect_exactly_in_their_intervals(stage: ag.NormalFormGame, place: int) -> None:
    found = optimal(stage, list(stage.profiles())[place])
    assert (found.code is None) == (not found.intervals)
    if found.code is None:
        return
    assert found.code.play.is_subgame_perfect
    assert found.punished == tuple(
        found.code.play.values[follow][who]
        for who, follow in enumerate(_punishing_states(found.code.play.automaton))
    )
    for k in range(1, 30):
        discount = Fraction(k, 30)
        again = verify_automaton(RepeatedGame(stage, discount=discount), found.code.play.automaton)
        assert again.is_subgame_perfect == any(discount in own for own in found.code.intervals)


def _punishing_states(automaton: Automaton) -> list[str]:
    """Where a deviation of each player in the first state leads."""
    start = automaton.start
    action, found = automaton.actions[start], []
    for who in range(2):
        other = list(action)
        other[who] = (other[who] + 1) % automaton.stage.shape[who]
        found.append(next(iter(automaton.transitions[start][tuple(other)])))
    return found


@settings(max_examples=8, deadline=None)
@given(SMALL, st.integers(0, 3))
def test_no_discount_factor_is_claimed_by_two_sides(stage: ag.NormalFormGame, place: int) -> None:
    """Between the lower bound of minmax threats and the upper one of reversion to an equilibrium.

    Below what is not decided the exact payoff set with lotteries does not hold the path.
    """
    profile = list(stage.profiles())[place]
    found = optimal(stage, profile)
    minmax = critical_discount(stage, profile, punishment="minmax").discount
    if minmax is None:
        assert not found.intervals
        assert not found.undecided
        return
    every = [*found.intervals, *found.undecided]
    least = min((own.lower for own in every), default=sp.S.One)
    assert least >= minmax
    for eq in ag.solvers.pure_nash(stage.as_exact()).equilibria:
        reversion = [own[0] for own in eq.support]
        grim = critical_discount(stage, profile, punishment="grim", reversion=reversion).discount
        if grim is not None:
            assert found.bracket is not None
            assert found.bracket[1] <= grim + sp.Rational(1, 1000)
    if found.discount is not None:
        assert found.bracket == (found.discount, found.discount)
    below = Fraction(str(round(float(least), 6))) - Fraction(1, 1000)
    if below > 0:
        payoffs = tuple(stage.exact_payoffs[(who, *profile)] for who in range(2))
        sets = repeated_payoffs(RepeatedGame(stage, discount=below), steps=80)
        if sets.exact and sets.threats is not None:
            best = [
                max(stage.exact_payoffs[(who, *_moved(profile, who, k))] for k in range(own))
                for who, own in enumerate(stage.shape)
            ]
            assert any(
                payoffs[who] < (1 - below) * best[who] + below * sets.threats[who]
                for who in range(2)
            )


def _moved(profile: tuple[int, ...], who: int, action: int) -> tuple[int, ...]:
    return (*profile[:who], action, *profile[who + 1 :])


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 8))]
)
def test_brute_force_finds_nothing_below_the_proof(seed: int) -> None:
    stage = ag.NormalFormGame(np.random.default_rng(seed).integers(-3, 6, (2, 2, 2)))
    decided = 0
    for profile in stage.profiles():
        found = optimal(stage, profile)
        every = [*found.intervals, *found.undecided]
        for discount in (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5)):
            if any(discount in own for own in every):
                continue
            decided += 1
            assert not sustained_by_short_punishments(stage, profile, discount)
    assert decided


def test_the_oligopoly_of_abreu() -> None:
    """A duopoly in the manner of Abreu (1988): Nash reversion needs (15 - 10) / (15 - 7) = 5/8.

    At 4/7, (M, H) once and (L, M) for ever after pay the first player -4 (3/7) + 3 (4/7) = 0,
    its minmax. With threats of 0 all factors from (15 - 10) / (15 - 0) = 1/3 on are enough.
    """
    assert critical_discount(ABREU, ("L", "L")).discount == sp.Rational(5, 8)
    target = course((), [(0, 0)])
    punishments = (course([(1, 2)], [(0, 1)]), course([(2, 1)], [(1, 0)]))
    play = machine(ABREU, target, punishments, Fraction(4, 7))
    assert play.is_subgame_perfect
    assert play.values["punish player_1 1"][0] == play.values["punish player_2 1"][1] == 0
    assert not machine(ABREU, target, punishments, Fraction(4, 7) - A_LITTLE).is_subgame_perfect
    found = optimal(ABREU, ("L", "L"))
    assert found.discount == sp.Rational(1, 3)
    assert not any(found.punished)
    assert found.binding == ABREU.players


def test_units_order_and_floats_do_not_matter() -> None:
    table = ABREU.exact_payoffs
    order = [2, 0, 1]
    for stage, path in (
        (ag.NormalFormGame(table * Fraction(7, 3) - 5), (0, 0)),
        (ag.NormalFormGame((table / 10).astype(float)), (0, 0)),
        (ag.NormalFormGame(table[:, order][:, :, order]), (1, 1)),
        (ag.NormalFormGame(np.stack([table[1].T, table[0].T])), (0, 0)),
        (ag.NormalFormGame(table), [(0, 0)] * 3),
    ):
        assert optimal(stage, path).discount == sp.Rational(1, 3)


def test_stick_and_carrot_of_a_cournot_duopoly() -> None:
    """Abreu (1986): c forever, after a deviation s once and c again, with demand 1 - Q.

    A deviation from q by both gains (1 - 3 q)^2 / 4. Neither carrot nor stick is left if that is
    at most delta (g(c) - g(s)). With c = 1/4 both bind at s = 2/3 - c = 5/12: delta = 9/32. If
    5/12 is the most that can be produced, the stick holds a deviator to its minmax, and no
    punishment does with less. Reversion to the Nash output 1/3 needs 9/17.
    """
    x = sp.Symbol("x")
    gain = (1 - 3 * x) ** 2 / 4
    profit = x * (1 - 2 * x)
    carrot, stick = sp.Rational(1, 4), sp.Rational(5, 12)
    wanted = gain.subs(x, carrot) / (profit.subs(x, carrot) - profit.subs(x, stick))
    assert gain.subs(x, carrot) == gain.subs(x, stick)
    assert wanted == sp.Rational(9, 32)
    stage = cournot([6, 7, 8, 9, 10])  # the outputs above and best replies to them, times 24
    target, after = course((), [(0, 0)]), course([(4, 4)], [(0, 0)])
    factor = Fraction(9, 32)
    assert machine(stage, target, (after, after), factor).is_subgame_perfect
    assert not machine(stage, target, (after, after), factor - A_LITTLE).is_subgame_perfect
    found = optimal(stage, ("6", "6"))
    assert found.discount == wanted
    assert found.undecided == ()
    nash = critical_discount(stage, ("6", "6"), punishment="grim", reversion=("8", "8"))
    assert nash.discount == sp.Rational(9, 17)


def test_a_stick_of_one_period_is_found_where_the_market_can_be_flooded() -> None:
    """With outputs up to 3/4 of demand: minmax 9, 9 / (81 - 9) = 1/8, and (18, 18) once does it."""
    found = optimal(cournot([3, 6, 7, 8, 9, 10, 18]), ("6", "6"))
    assert found.discount == sp.Rational(1, 8)
    assert found.code is not None
    assert [own.first for own in found.code.punishments] == [(("18", "18"),)] * 2
    assert [own.cycle for own in found.code.punishments] == [(("6", "6"),)] * 2


def test_a_threshold_above_that_of_minmax_threats_is_proved() -> None:
    """Profiles that hurt most cannot occur below 1/2: they need more patience than there is."""
    stage = symmetric([[1, 3, -3], [3, 5, 1], [0, 6, 4]])
    found = optimal(stage, (1, 1))
    assert found.discount == sp.Rational(1, 2)
    assert critical_discount(stage, (1, 1), punishment="minmax").discount == sp.Rational(1, 3)
    threats, profiles = threats_below(stage, sp.Rational(1, 2))
    assert (1, 1) not in profiles or critical_below(stage, threats, 1) >= sp.S.Half


def critical_below(
    stage: ag.NormalFormGame, threats: tuple[Fraction, ...], action: int
) -> sp.Rational:
    """(T - R) / (T - P) of the first player where both play an action."""
    best, reward = stage.exact_payoffs[0][:, action].max(), stage.exact_payoffs[0][action, action]
    return sp.Rational(str((best - reward) / (best - threats[0])))


def test_without_lotteries_patience_may_not_help() -> None:
    """A punishment that is exactly right for 1/2 is not for a little more: what is between stays
    open, and is not filled in."""
    stage = symmetric([[-2, 5, -1], [2, 5, 5], [4, 6, -2]])
    found = optimal(stage, (1, 1))
    assert found.intervals[0].lower == found.intervals[0].upper == sp.S.Half
    assert len(found.intervals) == 2
    assert found.discount is None
    assert found.bracket is not None
    assert found.bracket[0] == sp.S.Half
    assert 0.5 < found.bracket[1] < 0.51
    assert found.undecided[0].lower == sp.S.Half
    assert found.undecided[0].upper == found.bracket[1]
    assert "not decided in (1/2, 0.504" in str(found)


def test_the_payoff_set_with_lotteries_raises_the_lower_end() -> None:
    """To 3/5 exactly; and to where lotteries would do, if they do with less patience."""
    stage = symmetric([[-1, -1, 6], [2, -3, 2], [-3, 6, 4]])
    assert critical_discount(stage, (2, 2), punishment="minmax").discount == sp.S.Half
    threats, profiles = threats_below(stage, sp.Rational(3, 5))
    target = course((), [(2, 2)])
    assert critical_below(stage, threats, 2) < sp.Rational(3, 5)
    assert excluded_below(stage, target, Fraction(3, 5), threats, profiles)
    assert optimal(stage, (2, 2)).discount == sp.Rational(3, 5)
    other = symmetric([[-2, 2, 2], [-2, 3, 3], [1, 4, 3]])
    found = optimal(other, (1, 1))
    assert found.bracket is not None
    low, high = found.bracket
    assert 0.38 < low < high
    assert high < 0.404
    drawn = Fraction(int(low.p), int(low.q))
    for discount, held in ((drawn - Fraction(1, 500), False), (drawn + Fraction(1, 500), True)):
        sets = repeated_payoffs(RepeatedGame(other, discount=discount), steps=80)
        least = min(own[0] for own in (sets.inner if held else sets.outer))
        assert ((1 - discount) * 4 + discount * least <= 3) is held


def test_three_players() -> None:
    """A contribution by all, worth 2 to each for 3: minmax 0 by all others giving nothing."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    for profile in itertools.product(range(2), repeat=3):
        for who in range(3):
            payoffs[(who, *profile)] = 2 * (3 - sum(profile)) - 3 * (1 - profile[who])
    found = optimal(ag.NormalFormGame(payoffs), (0, 0, 0))
    assert found.discount == sp.Rational(1, 4)  # (4 - 3) / (4 - 0)
    assert found.code is not None
    assert found.code.play.is_subgame_perfect
    assert found.binding == ("player_1", "player_2", "player_3")


def test_nothing_sustains_what_is_below_minmax() -> None:
    stage = symmetric([[3, 0], [5, 1]], "CD")
    found = optimal(stage, ("C", "D"))
    assert (found.intervals, found.undecided, found.code, found.bracket) == ((), (), None, None)
    assert list(found.punished) == [1, 1]
    assert "by no discount factor" in str(found)
    always = optimal(stage, ("D", "D"))
    assert always.discount == 0
    assert always.code is not None
    assert always.code.discount == Fraction(1, 2)


def test_cycles_and_their_text() -> None:
    stage = symmetric([[3, 0], [5, 1]], "CD")
    found = optimal(stage, [("C", "D"), ("D", "C")])
    assert found.discount == sp.Rational(1, 4)
    assert str(found.code) == (
        "(C, D; D, C) for ever\n"
        "after player_1: (D, D) for ever\n"
        "after player_2: (D, D) for ever\n"
        "subgame-perfect for discount factors in [1/4, 1)"
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(list(itertools.product(range(3), repeat=2))), max_size=3),
    st.lists(st.sampled_from(list(itertools.product(range(3), repeat=2))), min_size=1, max_size=3),
    st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=50),
)
def test_polynomials_say_what_the_automaton_says(
    first: Any, cycle: Any, discount: Fraction
) -> None:
    own = course(first, cycle)
    target, other = course((), [(0, 0)]), course((), [(1, 1)])
    tests = incentives(ABREU, target, (own, other))
    point = sp.Rational(discount.numerator, discount.denominator)
    play = machine(ABREU, target, (own, other), discount)
    assert all(test.eval(point) >= 0 for _, test in tests) == play.is_subgame_perfect
    again = [*first, *cycle, *cycle]
    played = play.automaton
    state = next(iter(played.transitions[played.start][1, 0]))
    for profile in again:
        assert played.actions[state] == profile
        state = next(iter(played.transitions[state][profile]))


def test_limits_are_named() -> None:
    with pytest.raises(WorkLimitError, match="up to 400 profiles, got 441"):
        optimal(ag.NormalFormGame(np.zeros((2, 21, 21))), (0, 0))
    with pytest.raises(GameError, match="`reversion` is the equilibrium of punishment 'grim'"):
        critical_discount(ABREU, ("L", "L"), punishment="optimal", reversion=("M", "M"))


def test_what_is_open_leaves_out_the_ends_that_are_decided() -> None:
    """Half to three quarters and all from 9/10 on are decided, 1/4 and less are ruled out."""
    quarter = sp.Rational(1, 4)
    covered = [
        DiscountInterval(lower=2 * quarter, upper=3 * quarter),
        DiscountInterval(lower=sp.Rational(9, 10), upper=sp.S.One),
    ]
    first, second = rest(covered, quarter)
    assert (str(first), str(second)) == ("[1/4, 1/2)", "(3/4, 9/10)")
    assert Fraction(1, 4) in first
    assert Fraction(4, 5) in second
    for end in (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)):
        assert any(end in own for own in covered)
        assert end not in first
        assert end not in second
