"""The triangle (F2): closed forms against the tree in which the patron moves, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError

MODEL = ag.models.triangle()
ALIGNMENT = ag.models.alignment()
POSTURES = ("balance", "hedge", "bandwagon")
OWN = (
    "patron_stake", "largest_support_cost", "treaty_penalty_balance", "treaty_penalty_hedge",
)  # fmt: skip


def drawn(rng: random.Random) -> dict[str, Fraction]:
    """Random exact parameters, in twentieths so that ties and clipped supports occur."""
    values = {
        name: own.usual.lower + (own.usual.upper - own.usual.lower) * Fraction(step, 20)
        for name, own, step in ((n, o, rng.randint(0, 20)) for n, o in MODEL.parameters.items())
        if own.usual.upper is not None
    }
    values["support_effect"] *= values["coercion_success"]
    values |= {name: Fraction(rng.randint(0, 20), 20) for name in OWN}
    if rng.random() < 0.5:  # otherwise few hegemons coerce
        values["coercion_cost"] /= 10
        values["stake"] += 1
        values["friendship"] = values["escalation_cost"] = Fraction(0)
    low, high = sorted(values[f"treaty_penalty_{a}"] for a in ("balance", "hedge"))
    return values | {"treaty_penalty_hedge": low, "treaty_penalty_balance": high}


CASES = [drawn(random.Random(seed)) for seed in range(60)]


def support(values: dict[str, Fraction], posture: str) -> Fraction:
    """Recompute the chance of support from the patron's choice, without the model."""
    if posture == "bandwagon":
        return Fraction(0)
    reach = values["support_effect"] * values["patron_stake"] + values[f"treaty_penalty_{posture}"]
    largest = values["largest_support_cost"]
    return Fraction(1) if reach >= largest else reach / largest


def term(block: str, posture: str, values: dict[str, Fraction]) -> Fraction:
    symbols = MODEL.parameters.symbols
    number = MODEL.terms[block, posture].subs({symbols[k]: v for k, v in values.items()})
    return Fraction(int(number.p), int(number.q))


def test_both_kinds_of_cases_occur() -> None:
    chances = [support(values, a) for values in CASES for a in ("balance", "hedge")]
    assert sum(c == 1 for c in chances) >= 10
    assert sum(0 < c < 1 for c in chances) >= 10


@pytest.mark.parametrize("values", CASES[:40])
def test_support_is_that_of_the_notes(values: dict[str, Fraction]) -> None:
    for a in POSTURES:
        assert term("support", a, values) == support(values, a)


@pytest.mark.parametrize("values", CASES)
def test_it_is_f1_with_endogenous_support(values: dict[str, Fraction]) -> None:
    of_ally, of_hedger = support(values, "balance"), support(values, "hedge")
    # An ally that is never supported leaves a hedger without support too, whatever eta is.
    eta = of_hedger / of_ally if of_ally else Fraction(1, 3)
    shared = {name: number for name, number in values.items() if name not in OWN}
    game = ALIGNMENT.game(shared, patron_reliability=of_ally, informal_support=eta)
    assert np.array_equal(MODEL.game(values).exact_payoffs, game.exact_payoffs)


def after(posture: str, values: dict[str, Fraction], **given: Any) -> tuple[Any, ...]:
    """What all three get if a posture is coerced, by backward induction in the patron's tree."""
    tree = ag.models.triangle_tree(values, **given)
    coerced = tree.root.branches[posture].branches["coerce"]  # type: ignore[union-attr]
    return (
        ag.solvers.subgame_perfect(ag.ExtensiveGame(coerced, players=tree.players))
        .equilibria[0]
        .payoffs
    )


@pytest.mark.parametrize("values", CASES[:30])
def test_the_exact_tree_gives_the_payoffs_of_all_three(values: dict[str, Fraction]) -> None:
    payoffs = MODEL.game(values).exact_payoffs
    for row, a in enumerate(POSTURES):
        small, hegemon, patron = after(a, values)
        assert (small, hegemon) == tuple(payoffs[:, row, 1])
        assert patron == term("patron_payoff", a, values)


def first_moves(solution: Any) -> set[tuple[Any, ...]]:
    found = set()
    for own in solution.equilibria:
        choice = {h: names[0] for h, names in zip(own.game.histories, own.support, strict=True)}
        posture = choice[()]
        found.add((posture, choice[posture,], tuple(own.payoffs[:2])))
    return found


def test_some_equilibria_are_of_coercion() -> None:
    played = [first_moves(ag.solvers.subgame_perfect(MODEL.tree(v))) for v in CASES[:20]]
    assert sum(answer == "coerce" for own in played for _, answer, _ in own) >= 3


@pytest.mark.parametrize("values", CASES[:20])
def test_equilibria_are_those_of_the_patrons_tree(values: dict[str, Fraction]) -> None:
    reduced = ag.solvers.subgame_perfect(MODEL.tree(values))
    full = ag.solvers.subgame_perfect(ag.models.triangle_tree(values))
    assert first_moves(full) == first_moves(reduced)


@pytest.mark.parametrize("values", CASES[:8])
@pytest.mark.parametrize("levels", [1, 3, 10, 40])
def test_a_grid_of_costs_is_within_half_a_step(values: dict[str, Fraction], levels: int) -> None:
    payoffs = MODEL.game(values).exact_payoffs
    for row, a in enumerate(("balance", "hedge")):
        chance = support(values, a)
        kept = payoffs[0, row, 0] + values[f"cost_{a}"]
        slope = values["support_effect"] * (kept + values["overrun_loss"])
        gap = abs(after(a, values, levels=levels)[0] - payoffs[0, row, 1])
        assert gap <= slope / (2 * levels)
        if (levels * chance).denominator == 1:
            assert after(a, values, levels=levels) == (
                *payoffs[:, row, 1], term("patron_payoff", a, values)
            )  # fmt: skip


def test_a_grid_is_exact_where_the_support_is_a_multiple_of_its_step() -> None:
    # c = 1/2 * 1 + 1/10 of 1 in ten steps, and 1/2 in two; a third of the way it is not.
    values = CASES[0] | {
        "coercion_success": Fraction(1), "support_effect": Fraction(1, 2),
        "patron_stake": Fraction(1), "largest_support_cost": Fraction(1),
        "treaty_penalty_balance": Fraction(1, 10), "treaty_penalty_hedge": Fraction(0),
    }  # fmt: skip
    assert after("balance", values, levels=10) == after("balance", values)
    assert after("hedge", values, levels=2) == after("hedge", values)
    assert after("balance", values, levels=3) != after("balance", values)


def test_a_patron_whose_cost_is_zero_supports() -> None:
    values = CASES[1] | {"largest_support_cost": Fraction(0)}
    assert support(values, "hedge") == term("support", "hedge", values) == 1
    assert tuple(MODEL.game(values).exact_payoffs[:, 0, 1]) == after("balance", values)[:2]


def test_arrays_agree_with_exact_games() -> None:
    values = CASES[2]
    axis = np.array([0.0, 0.25, 0.5, 2.0])
    arrays = MODEL.payoff_arrays(values, {"largest_support_cost": axis})
    for k, largest in enumerate(axis):
        exact = MODEL.game(values, largest_support_cost=Fraction(largest)).payoffs
        assert np.allclose(arrays[..., k], np.array(exact, dtype=float))


def test_a_sweep_gives_the_equilibria_of_the_games() -> None:
    values = CASES[3]
    levels = [0.0, 0.2, 0.5, 1.0, 4.0]
    swept = ag.sweep(
        MODEL, values, axes={"largest_support_cost": levels}, outputs="posture", resolve=True
    )
    for k, largest in enumerate(levels):
        solved = ag.solve(MODEL.tree(values, largest_support_cost=largest)).equilibria
        postures = {POSTURES.index(e.path[0]) for e in solved}
        assert int(swept["posture"][k]) == (postures.pop() if len(postures) == 1 else -1)


@pytest.mark.parametrize("levels", [0, -1, 2.5, True, "3"])
def test_levels_must_be_a_positive_integer(levels: Any) -> None:
    with pytest.raises(ParameterError, match="`levels` must be a positive integer"):
        ag.models.triangle_tree(CASES[0], levels=levels)


def test_a_treaty_must_not_bind_less_than_ties_to_a_hedger() -> None:
    worse = CASES[0] | {"treaty_penalty_balance": Fraction(0), "treaty_penalty_hedge": Fraction(1)}
    for build in (MODEL.game, ag.models.triangle_tree):
        with pytest.raises(ParameterError, match="a treaty does not bind the patron less"):
            build(worse)


def test_names_of_the_alignment_game_are_refused() -> None:
    with pytest.raises(ParameterError, match="unknown parameter 'patron_reliability'"):
        MODEL.game(CASES[0], patron_reliability=1)
