"""Commitment and mistaken belief against brute force, with spans where ties leave a choice."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.analysis import Span, commitment_value, mistaken_belief
from alignment_games.errors import GameError

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]
Solver = Callable[..., set[Any]]
B, H, W = "balance", "hedge", "bandwagon"
A, C = "accommodate", "coerce"
PAIRS = list(itertools.permutations((B, H, W), 2))


def tables(game: ag.NormalFormGame) -> tuple[Any, Any]:
    own, other = game.exact_payoffs.tolist()
    return own, other


def nash_payoffs(game: ag.NormalFormGame, equilibria: Solver) -> list[Fraction]:
    own, other = tables(game)
    return [
        sum(
            (p * r * own[i][j] for i, p in enumerate(x) for j, r in enumerate(y)), start=Fraction(0)
        )
        for x, y in equilibria(own, other)
    ]


def plans(other: list[list[Fraction]]) -> Iterator[tuple[int, ...]]:
    """All plans of the hegemon that answer every posture with a best reply."""
    return itertools.product(*([k for k in (0, 1) if v[k] == max(v)] for v in other))


def perfect_payoffs(game: ag.NormalFormGame) -> list[Fraction]:
    own, other = tables(game)
    return [max(own[i][k] for i, k in enumerate(plan)) for plan in plans(other)]


def difference(after: list[Fraction], before: list[Fraction]) -> Span:
    return Span(min(after) - max(before), max(after) - min(before))


# Commitment


@pytest.mark.parametrize(("kind", "how_many"), [("prior", 120), ("domain", 60), ("ties", 120)])
def test_value_of_commitment(
    model: ag.models.AlignmentModel, draw: Draw, equilibria: Solver, kind: str, how_many: int
) -> None:
    several = moved = 0
    for k, values in enumerate(draw(kind, how_many, 41)):
        renounce, instead = PAIRS[k % 6]
        found = commitment_value(model, values, renounce=renounce, instead=instead)
        game = model.game(values)
        restricted = game.without("small_state", renounce)
        assert (found.renounced, found.instead) == (renounce, instead)
        assert found.before.game == game
        assert found.after.game == restricted
        before, after = (nash_payoffs(g, equilibria) for g in (game, restricted))
        assert found.value == difference(after, before)
        assert found.sequential_value == difference(
            perfect_payoffs(restricted), perfect_payoffs(game)
        )
        several += not found.value.unique
        moved += found.value != Span(Fraction(0), Fraction(0))
    assert moved > 10
    assert several > 2


@pytest.mark.parametrize("kind", ["prior", "ties"])
def test_commitment_never_pays_where_it_is_seen_first(
    model: ag.models.AlignmentModel, draw: Draw, kind: str
) -> None:
    # With observed postures a smaller menu cannot help, whatever plan the hegemon follows.
    for values in draw(kind, 150, 42):
        game = model.game(values)
        own, other = tables(game)
        for k, renounce in enumerate(model.strategies[0]):
            found = commitment_value(model, values, renounce=renounce)
            unique = len(set(perfect_payoffs(game))) == 1
            if unique and found.sequential_value.unique:
                assert found.sequential_value.highest <= 0
            for plan in plans(other):
                kept = [own[i][j] for i, j in enumerate(plan) if i != k]
                assert max(kept) <= max(own[i][j] for i, j in enumerate(plan))


@pytest.mark.parametrize("kind", ["prior", "ties"])
def test_conditions_are_those_of_f7_and_a_fifth(
    model: ag.models.AlignmentModel, draw: Draw, kind: str
) -> None:
    seen = set()
    for k, values in enumerate(draw(kind, 150, 43)):
        renounce, instead = PAIRS[k % 6]
        (third,) = {B, H, W} - {renounce, instead}
        game = model.game(values)

        def u(who: str, a: str, c: str, game: ag.NormalFormGame = game) -> Fraction:
            return Fraction(game.payoff(who, a, c))

        expected = [
            all(u("small_state", renounce, c) > u("small_state", instead, c) for c in (A, C)),
            u("hegemon", renounce, C) > u("hegemon", renounce, A),
            u("hegemon", instead, C) < u("hegemon", instead, A),
            u("small_state", instead, A) > u("small_state", renounce, C),
            all(u("small_state", instead, c) > u("small_state", third, c) for c in (A, C)),
        ]
        found = commitment_value(model, values, renounce=renounce, instead=instead)
        assert [met for _, met in found.conditions] == expected
        assert found.holds == all(expected)
        seen.add(tuple(expected))
        about = (renounce, renounce, instead, instead, instead)
        for (text, _), name in zip(found.conditions, about, strict=True):
            assert name in text
    assert len(seen) > 10


def promising(model: ag.models.AlignmentModel, draw: Draw) -> Iterator[Vector]:
    """Vectors around the Ukraine-like case, where the four conditions often hold."""
    rng = random.Random(44)
    base = dict(ag.load_scenario("ukraine"))
    for values in draw("prior", 400, 44):
        names = rng.sample(list(model.parameters), 10)
        yield {
            **base,
            **{n: values[n] for n in names if n not in {"support_effect", "coercion_success"}},
        }


def test_where_all_conditions_hold_the_commitment_pays(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    held = 0
    for values in promising(model, draw):
        found = commitment_value(model, values)
        if found.holds:
            held += 1
            assert found.value.lowest > 0
    assert held > 10


def test_four_conditions_are_silent_about_the_third_posture(
    model: ag.models.AlignmentModel,
) -> None:
    # F7 of the notes has four conditions. Here bandwagoning strictly dominates both other
    # postures, so that balancing is never played and renouncing it is worth nothing; yet
    # balancing tempts more than hedging, is coerced, hedging is not, and hedging in peace beats
    # balancing under coercion.
    values = ag.load_scenario("ukraine").replace(
        autonomy_bandwagon=1, market_retention_bandwagon=1, support_effect=0, cost_balance=0.06
    )
    game = model.game(values)
    for c in (A, C):
        w, b, h = (game.payoff("small_state", a, c) for a in (W, B, H))
        assert w > b > h
    found = commitment_value(model, values)
    assert all(met for _, met in found.conditions[:4])
    assert [eq.path for eq in found.before.equilibria] == [(W, A)]
    assert [eq.path for eq in found.after.equilibria] == [(W, A)]
    assert found.value == Span(Fraction(0), Fraction(0))
    assert not found.holds


def test_f7_with_a_dominated_third_posture(model: ag.models.AlignmentModel, draw: Draw) -> None:
    """The four conditions and H better than W whatever the hegemon does: then F7 is true."""
    held = 0
    for values in promising(model, draw):
        game = model.game(values)
        found = commitment_value(model, values)
        if all(met for _, met in found.conditions[:4]) and all(
            game.payoff("small_state", H, c) > game.payoff("small_state", W, c) for c in (A, C)
        ):
            held += 1
            assert [eq.path for eq in found.before.equilibria] == [(B, C)]
            assert [eq.path for eq in found.after.equilibria] == [(H, A)]
            drop = Fraction(game.payoff("small_state", H, A)) - Fraction(
                game.payoff("small_state", B, C)
            )
            assert found.value == Span(drop, drop)
            assert drop > 0
    assert held > 10


def test_without_temptation_a_peaceful_hedge_gains_nothing(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    seen = 0
    for values in draw("prior", 300, 45):
        found = commitment_value(model, values)
        if [eq.path for eq in found.before.equilibria if eq.is_pure] == [(H, A)] and len(
            found.before.equilibria
        ) == 1:
            seen += 1
            assert [eq.path for eq in found.after.equilibria] == [(H, A)]
            assert found.value == Span(Fraction(0), Fraction(0))
    assert seen > 60


@pytest.mark.parametrize("kind", ["prior", "ties"])
def test_breach_costs(model: ag.models.AlignmentModel, draw: Draw, kind: str) -> None:
    step = Fraction(1, 10**9)
    for k, values in enumerate(draw(kind, 120, 46)):
        renounce, instead = PAIRS[k % 6]
        found = commitment_value(model, values, renounce=renounce, instead=instead)

        def gaps(
            fine: Fraction,
            values: Vector = values,
            renounce: str = renounce,
            instead: str = instead,
        ) -> list[Fraction]:
            """What the renounced posture still gains, in peace and under coercion."""
            costly = values[f"cost_{renounce}"] + fine
            game = model.game({**values, f"cost_{renounce}": costly})
            return [
                Fraction(game.payoff("small_state", renounce, c))
                - Fraction(game.payoff("small_state", instead, c))
                for c in (A, C)
            ]

        assert found.breach_cost_sustains == max(gaps(Fraction(0))[0], Fraction(0))
        assert found.breach_cost_dominates == max(*gaps(Fraction(0)), Fraction(0))
        assert gaps(found.breach_cost_sustains + step)[0] < 0
        assert all(gap < 0 for gap in gaps(found.breach_cost_dominates + step))
        if found.breach_cost_dominates > 0:
            assert max(gaps(found.breach_cost_dominates)) == 0


def test_where_all_conditions_hold_a_breach_cost_keeps_the_peace(
    model: ag.models.AlignmentModel, draw: Draw
) -> None:
    held = 0
    for values in promising(model, draw):
        found = commitment_value(model, values)
        if found.holds:
            held += 1
            fine = found.breach_cost_sustains + Fraction(1, 10**9)
            game = model.game({**values, "cost_balance": values["cost_balance"] + fine})
            assert ag.verify(game, [H, A]) == (0, 0)
    assert held > 10


def test_commitment_refuses_an_unknown_posture(model: ag.models.AlignmentModel) -> None:
    with pytest.raises(GameError, match="did you mean 'balance'"):
        commitment_value(model, ag.load_scenario("ukraine"), renounce="balancing")
    with pytest.raises(GameError, match="did you mean 'hedge'"):
        commitment_value(model, ag.load_scenario("ukraine"), instead="hedging")


def test_span() -> None:
    one, two = Span(Fraction(1), Fraction(1)), Span(Fraction(1), Fraction(3))
    assert one.unique
    assert not two.unique
    assert two.minus(one) == Span(Fraction(0), Fraction(2))
    assert one.minus(two) == Span(Fraction(-2), Fraction(0))


# Mistaken belief


def mistaken(rng: random.Random, values: Vector, other: Vector) -> Vector:
    """The vector with a few values of another: what a small state may wrongly believe."""
    free = [n for n in values if n not in {"support_effect", "coercion_success"}]
    names = rng.sample(free, rng.randint(0, 6))
    return {**values, **{n: other[n] for n in names}}


def beliefs(draw: Draw, kind: str, how_many: int) -> Iterator[tuple[Vector, Vector]]:
    rng = random.Random(47)
    vectors = draw(kind, 2 * how_many, 47)
    for truth, other in zip(vectors[:how_many], vectors[how_many:], strict=True):
        yield truth, mistaken(rng, truth, other)


@pytest.mark.parametrize(("kind", "how_many"), [("prior", 200), ("domain", 60), ("ties", 200)])
def test_outcomes_of_a_belief(
    model: ag.models.AlignmentModel,
    draw: Draw,
    perfect_paths: Solver,
    equilibria: Solver,
    kind: str,
    how_many: int,
) -> None:
    postures, answers = model.strategies
    disappointed = several = 0
    for truth, belief in beliefs(draw, kind, how_many):
        found = mistaken_belief(model, truth, belief)
        believed, true = model.game(belief), model.game(truth)
        own, other = tables(true)
        expected = {
            (
                postures[i],
                answers[j],
                answers[k],
                believed.payoff("small_state", i, j),
                own[i][k],
            )
            for i, j in perfect_paths(*tables(believed))
            for k in (0, 1)
            if other[i][k] == max(other[i])
        }
        outcomes = [
            (o.posture, o.expected, o.actual, o.believed_payoff, o.true_payoff)
            for o in found.outcomes
        ]
        assert set(outcomes) == expected
        assert len(outcomes) == len(expected)
        assert found.game == believed
        assert {eq.profile for eq in found.simultaneous.equilibria} == equilibria(*tables(believed))
        assert {eq.path for eq in found.sequential.equilibria} == {(o[0], o[1]) for o in expected}
        disappointed += any(o.expected != o.actual for o in found.outcomes)
        several += len(outcomes) > 1
    assert disappointed > 1
    assert (several > 30) == (kind == "ties")


def true_regret(
    model: ag.models.AlignmentModel, truth: Vector, belief: Vector, perfect_paths: Solver
) -> Span:
    """Against each plan of the hegemon in turn: it answers all postures in one way."""
    own, other = tables(model.game(truth))
    chosen = {i for i, _ in perfect_paths(*tables(model.game(belief)))}
    lost = [
        max(own[i][k] for i, k in enumerate(plan)) - own[mine][plan[mine]]
        for plan in plans(other)
        for mine in chosen
    ]
    return Span(min(lost), max(lost))


@pytest.mark.parametrize(("kind", "how_many"), [("prior", 300), ("domain", 100)])
def test_regret(
    model: ag.models.AlignmentModel, draw: Draw, perfect_paths: Solver, kind: str, how_many: int
) -> None:
    positive = 0
    for truth, belief in beliefs(draw, kind, how_many):
        regret = mistaken_belief(model, truth, belief).regret
        assert regret == true_regret(model, truth, belief, perfect_paths)
        positive += regret.highest > 0
    assert positive > 10


def test_regret_where_ties_abound(
    model: ag.models.AlignmentModel, draw: Draw, perfect_paths: Solver
) -> None:
    # Where the hegemon is indifferent, the choice and the best posture meet the same answer.
    for truth, belief in beliefs(draw, "ties", 300):
        regret = mistaken_belief(model, truth, belief).regret
        assert regret == true_regret(model, truth, belief, perfect_paths)


def test_regret_is_never_negative(model: ag.models.AlignmentModel) -> None:
    # Ukraine on the edge of deterrence, with no mistake at all: whatever the indifferent hegemon
    # does after balancing, the small state cannot have done better than the best posture.
    values = dict(ag.load_scenario("ukraine").replace(patron_reliability=Fraction(3, 7)))
    regret = mistaken_belief(model, values, values).regret
    assert regret.lowest >= 0
    # Balance and be coerced: 1.45 - u_S(B, C) is lost against hedging. Balance and be left in
    # peace, or hedge where an ally would have been coerced: nothing is lost.
    worst = Fraction("1.45") - Fraction(model.game(values).payoff("small_state", B, C))
    assert regret == Span(Fraction(0), worst)


@pytest.mark.parametrize("kind", ["prior", "domain"])
def test_a_true_belief_has_no_regret(
    model: ag.models.AlignmentModel, draw: Draw, kind: str
) -> None:
    for values in draw(kind, 60, 48):
        found = mistaken_belief(model, values, values)
        assert found.regret == Span(Fraction(0), Fraction(0))
        assert all(o.expected == o.actual for o in found.outcomes)
        assert all(o.believed_payoff == o.true_payoff for o in found.outcomes)


def test_a_posture_is_not_compared_with_itself(model: ag.models.AlignmentModel) -> None:
    case = ag.load_scenario("ukraine")
    assert commitment_value(model, case, renounce="hedge").instead == "balance"
    assert commitment_value(model, case, renounce="bandwagon").instead == "hedge"
    with pytest.raises(ag.errors.GameError, match="different postures, got 'hedge' twice"):
        commitment_value(model, case, renounce="hedge", instead="hedge")
