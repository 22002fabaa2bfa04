"""Deciding inequalities: true sides, nothing missing, nothing that does not decide."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.analysis import (
    ClaimKind,
    Inequality,
    deciding_inequalities,
    sequential_inequalities,
    uniqueness_inequalities,
)
from alignment_games.errors import AlignmentGamesError

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]
Solver = Callable[..., set[Any]]
CALM, HARSH = "accommodate", "coerce"


def in_numbers(model: ag.models.AlignmentModel, side: sp.Expr, values: Vector) -> Fraction:
    symbols = model.parameters.symbols
    number = sp.sympify(side).xreplace(
        {symbols[n]: sp.Rational(v.numerator, v.denominator) for n, v in values.items()}
    )
    return Fraction(int(number.p), int(number.q))


def check_sides(
    model: ag.models.AlignmentModel, values: Vector, found: tuple[Inequality, ...]
) -> None:
    for inequality in found:
        assert inequality.left == in_numbers(model, inequality.comparison.left, values)
        assert inequality.right == in_numbers(model, inequality.comparison.right, values)
        assert type(inequality.left) is type(inequality.right) is Fraction
        sign = {">": 1, "<": -1, "=": 0}[inequality.relation]
        gap = inequality.left - inequality.right
        assert (gap > 0) - (gap < 0) == sign
        largest = max(abs(inequality.left), abs(inequality.right))
        assert inequality.margin == (abs(gap) / largest if largest else 0)
    margins = [inequality.margin for inequality in found]
    assert margins == sorted(margins)


def sequential_truth(
    model: ag.models.AlignmentModel, values: Vector, posture: str
) -> tuple[dict[str, str], set[str]]:
    """How the hegemon answers each posture, and whose answer decides."""
    game = model.game(values)
    answers = {
        a: HARSH if game.payoff("hegemon", a, HARSH) > game.payoff("hegemon", a, CALM) else CALM
        for a in model.strategies[0]
    }

    def best(answer: dict[str, str]) -> set[str]:
        value = {a: game.payoff("small_state", a, c) for a, c in answer.items()}
        return {a for a in value if value[a] == max(value.values())}

    assert best(answers) == {posture}
    pivotal = set()
    for a, c in answers.items():
        if best(answers | {a: CALM if c == HARSH else HARSH}) != {posture}:
            pivotal.add(a)
    return answers, pivotal


def unique_posture(values: Vector, model: ag.models.AlignmentModel) -> str | None:
    postures = {eq.path[0] for eq in ag.solve(model.tree(values)).equilibria}
    return postures.pop() if len(postures) == 1 else None


def check_sequential(model: ag.models.AlignmentModel, values: Vector, posture: str) -> int:
    found = sequential_inequalities(model, values, posture)
    check_sides(model, values, found)
    answers, pivotal = sequential_truth(model, values, posture)
    mine = [i for i in found if i.player == "small_state"]
    theirs = [i for i in found if i.player == "hegemon"]
    assert len(mine) + len(theirs) == len(found)
    # The posture's payoff against each other one, as the hegemon answers them.
    expected = {
        (
            model.payoff("small_state", posture, answers[posture]),
            model.payoff("small_state", a, answers[a]),
        )
        for a in answers
        if a != posture
    }
    assert {(i.comparison.left, i.comparison.right) for i in mine} == expected
    assert len(mine) == 2
    assert all(i.relation == ">" for i in mine)
    # The hegemon's choices whose reversal would change the posture, and only these.
    temptations = {model.temptations[a]: a for a in answers}
    assert {temptations[i.comparison] for i in theirs} == pivotal
    assert len(theirs) == len(pivotal)
    for i in theirs:
        coerced = answers[temptations[i.comparison]] == HARSH
        assert (i.left > i.right) == coerced
    return len(pivotal)


@pytest.mark.parametrize("kind", ["prior", "domain"])
def test_sequential_inequalities_are_what_decides(
    model: ag.models.AlignmentModel, draw: Draw, kind: str
) -> None:
    pivots = dict.fromkeys(range(4), 0)
    for values in draw(kind, 120, 31):
        posture = unique_posture(values, model)
        if posture is not None:
            pivots[check_sequential(model, values, posture)] += 1
    assert min(pivots[k] for k in (0, 1, 2)) > 0


def test_sequential_inequalities_where_ties_abound(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    decided = 0
    for values in draw("ties", 300, 32):
        posture = unique_posture(values, model)
        if posture is not None:
            decided += 1
            check_sequential(model, values, posture)
    assert decided > 20


@pytest.mark.parametrize("rival", ["balance", "bandwagon"])
def test_an_answer_whose_reversal_makes_a_tie_decides(
    model: ag.models.AlignmentModel, rival: str
) -> None:
    # If Vietnam's hedge were coerced (-0.979) it would tie with the rival: the hedge would no
    # longer be the unique posture, whichever of the two is listed first.
    costs = {"balance": Fraction("2.079"), "bandwagon": Fraction("1.869")}
    values = dict(
        ag.load_scenario("vietnam").replace(coercion_cost=5, **{f"cost_{rival}": costs[rival]})
    )
    other = "bandwagon" if rival == "balance" else "balance"
    values[f"cost_{other}"] = Fraction(50)
    game = model.game(values)
    assert game.payoff("small_state", "hedge", HARSH) == game.payoff("small_state", rival, CALM)
    assert sequential_truth(model, values, "hedge")[1] == {"hedge"}
    check_sequential(model, values, "hedge")


def test_sequential_inequalities_of_the_cases(model: ag.models.AlignmentModel) -> None:
    vietnam = sequential_inequalities(model, ag.load_scenario("vietnam"), "hedge")
    sides = {(i.player, i.left, i.relation, i.right) for i in vietnam}
    assert ("hegemon", Fraction("0.43"), "<", Fraction("0.648")) in sides
    assert ("small_state", Fraction("1.6"), ">", Fraction(1)) in sides
    assert ("small_state", Fraction("1.6"), ">", Fraction("0.84")) in sides
    assert len(vietnam) == 3  # coercing an ally or a bandwagoner would change nothing
    ukraine = sequential_inequalities(model, ag.load_scenario("ukraine"), "hedge")
    hegemon = {i.comparison for i in ukraine if i.player == "hegemon"}
    assert hegemon == {model.temptations["balance"], model.temptations["hedge"]}


def test_an_unknown_posture_is_refused_by_name(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(AlignmentGamesError, match="hedging"):
        sequential_inequalities(model, ag.load_scenario("vietnam"), "hedging")


@pytest.mark.parametrize("kind", ["prior", "domain", "ties"])
def test_a_pure_profile_is_an_equilibrium_iff_its_inequalities_hold(
    model: ag.models.AlignmentModel, draw: Draw, kind: str
) -> None:
    yes = no = 0
    for values in draw(kind, 40, 33):
        game = model.game(values)
        for a in model.strategies[0]:
            for c in model.strategies[1]:
                pure = ag.solvers.Equilibrium(
                    game=game,
                    profile=tuple(
                        tuple(Fraction(int(n == chosen)) for n in names)
                        for names, chosen in zip(game.strategies, (a, c), strict=True)
                    ),
                    payoffs=(),
                    regret=(),
                )
                found = deciding_inequalities(model, values, pure)
                check_sides(model, values, found)
                assert len(found) == 3
                own = [i for i in found if i.player == "small_state"]
                (tempted,) = (i for i in found if i.player == "hegemon")
                gain = tempted.left - tempted.right
                holds = all(i.left >= i.right for i in own) and (
                    gain >= 0 if c == HARSH else gain <= 0
                )
                stable = ag.verify(game, [a, c]) == (0, 0)
                assert holds == stable
                yes, no = yes + stable, no + (not stable)
    assert yes > 20
    assert no > 20


def test_inequalities_of_a_mixed_equilibrium(model: ag.models.AlignmentModel, draw: Draw) -> None:
    mixed = 0
    for values in draw("prior", 400, 34):
        for equilibrium in ag.solve(model.game(values)).equilibria:
            if equilibrium.is_pure:
                continue
            mixed += 1
            own, answers = equilibrium.support
            found = deciding_inequalities(model, values, equilibrium)
            check_sides(model, values, found)
            tempted = [i for i in found if i.player == "hegemon"]
            unused = [i for i in found if "mixture" in i.meaning]
            ranked = [i for i in found if i.player == "small_state" and i not in unused]
            assert len(unused) == 3 - len(own)
            assert all(i.left >= i.right for i in unused)
            assert len(ranked) == len(answers) * len(own) * (len(own) - 1) // 2
            assert {i.comparison for i in tempted} == {model.temptations[a] for a in own}
            if len(own) == len(answers) == 2:  # opposite rankings: that is why they mix
                assert {i.relation for i in ranked} == {"<", ">"}
                assert {i.relation for i in tempted} == {"<", ">"}
    assert mixed > 15


def test_uniqueness_rests_on_what_would_break_it(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    """Every listed reversal changes the equilibria."""
    hegemon = model.players[1]
    checked = 0
    for values in draw("prior", 60, 35):
        game = model.game(values)
        known = {eq.support for eq in ag.solve(game).equilibria}
        for i in uniqueness_inequalities(model, values):
            payoffs = game.exact_payoffs.copy()
            if i.player == hegemon:
                (row,) = [k for k, a in enumerate(game.strategies[0]) if f"plays {a}," in i.meaning]
                payoffs[1, row] = payoffs[1, row, ::-1].copy()
            else:
                (column,) = {
                    c for c in (0, 1) if {i.left, i.right} <= set(payoffs[0, :, c].tolist())
                }
                own = payoffs[0, :, column].tolist()
                a, b = own.index(i.left), own.index(i.right)
                payoffs[0, a, column], payoffs[0, b, column] = i.right, i.left
            changed = ag.NormalFormGame(payoffs, players=game.players, strategies=game.strategies)
            assert {eq.support for eq in ag.solve(changed).equilibria} != known
            checked += 1
    assert checked > 100


def test_uniqueness_in_the_vietnam_like_case(model: ag.models.AlignmentModel) -> None:
    case = ag.load_scenario("vietnam")
    tightest = uniqueness_inequalities(model, case)[0]
    assert tightest.comparison == model.temptations["balance"]
    assert (tightest.left, tightest.relation, tightest.right) == (
        Fraction("0.77"),
        "<",
        Fraction("0.84"),
    )
    # Beyond the reliability at which it turns round, the equilibrium is no longer the only one.
    beyond = ag.report(case.replace(patron_reliability=0.33))
    assert beyond.verdict.makes(ClaimKind.SEVERAL_EQUILIBRIA)
    assert beyond.uniqueness_inequalities == ()
