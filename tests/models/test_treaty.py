"""The patron's treaty: every penalty against the solved tree of all three, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.games import Decision, ExtensiveGame, Terminal

MODEL = ag.models.triangle()
POSTURES = ("balance", "hedge", "bandwagon")
# Every posture is coerced and resistance is hopeless without help, so that an ally, which costs
# nothing, is overrun without a fight, unless a treaty helps it.
ENTRAPPED: dict[str, Any] = {
    **{k: v for k, v in ag.load_scenario("ukraine").items() if k in MODEL.parameters},
    "coercion_success": 1, "coercion_damage": Fraction(1, 2), "overrun_loss": 0, "stake": 2,
    "cost_balance": 0, "patron_stake": Fraction(2, 5), "largest_support_cost": 1,
    "treaty_penalty_hedge": 0,
}  # fmt: skip


def drawn(seed: int) -> dict[str, Fraction]:
    """Random exact parameters without a penalty of abandoning an ally."""
    rng = random.Random(seed)
    values = {
        name: own.usual.lower + (own.usual.upper - own.usual.lower) * Fraction(step, 20)
        for name, own, step in ((n, o, rng.randint(0, 20)) for n, o in MODEL.parameters.items())
        if own.usual.upper is not None
    }
    values["support_effect"] *= values["coercion_success"]
    values["largest_support_cost"] /= 2
    values["treaty_penalty_hedge"] /= 5
    # Half of the states are easily coerced, and half of those find it hard to resist.
    if seed % 2:
        values["coercion_cost"] /= 8
        values["escalation_cost"] /= 8
        values |= {
            "friendship": Fraction(0), "autonomy_balance": Fraction(1), "cost_hedge": Fraction(1),
            "market_retention_balance": Fraction(1),
        }  # fmt: skip
    if seed % 4 == 3:
        values |= {
            "coercion_success": Fraction(1), "overrun_loss": Fraction(0),
            "coercion_damage": Fraction(1, 2), "cost_balance": Fraction(0),
            "coercion_cost": Fraction(0),
        }  # fmt: skip
    return {name: value for name, value in values.items() if name != "treaty_penalty_balance"}


def tree(values: dict[str, Any], penalty: Fraction, *, may_yield: bool) -> ExtensiveGame:
    """The tree of all three, with the small state's answer to coercion put in where it has one."""
    game = ag.models.triangle_tree(values, treaty_penalty_balance=penalty)
    if not may_yield:
        return game
    postures = {}
    for a, answer in game.root.branches.items():  # type: ignore[union-attr]
        yielded = Terminal((
            -Fraction(values["overrun_loss"]) - Fraction(values[f"cost_{a}"]),
            Fraction(values["stake"]) - Fraction(values["coercion_cost"]),
            -Fraction(values["patron_stake"]),
        ))  # fmt: skip
        stage = {"resist": answer.branches["coerce"], "yield": yielded}  # type: ignore[union-attr]
        calm = answer.branches["accommodate"]  # type: ignore[union-attr]
        postures[a] = Decision(
            "hegemon", {"accommodate": calm, "coerce": Decision("small_state", stage)}
        )
    return ExtensiveGame(Decision("small_state", postures), players=game.players)


def played(values: dict[str, Any], penalty: Fraction, *, may_yield: bool) -> dict[Any, Any]:
    """What each outcome of an equilibrium of the tree gives the patron."""
    game = tree(values, penalty, may_yield=may_yield)
    solution = ag.solvers.subgame_perfect(game)
    found = {}
    for own in solution.equilibria:
        choice = {h: names[0] for h, names in zip(game.histories, own.support, strict=True)}
        path: tuple[str, ...] = ()
        while path in choice:
            path = (*path, choice[path])
        posture, answer, *rest = path
        if answer == "coerce":
            answer = rest[0] if may_yield else "resist"
        found[posture, answer] = own.payoffs[2]
    return found


def at(choice: ag.models.TreatyChoice, penalty: Fraction) -> ag.models.TreatyPiece:
    return next(
        p for p in choice.pieces
        if p.lower == p.upper == penalty or p.lower < penalty < p.upper
    )  # fmt: skip


CASES = [(seed, bool(seed // 2 % 2)) for seed in range(24)]


@pytest.mark.parametrize(("seed", "may_yield"), CASES)
def test_pieces_and_best_penalties_are_those_of_the_tree(seed: int, may_yield: bool) -> None:
    values = drawn(seed)
    choice = ag.models.treaty_choice(values, largest_penalty=1, may_yield=may_yield)
    low = values["treaty_penalty_hedge"]
    ends = sorted({p.lower for p in choice.pieces})
    assert ends[0] == low
    assert ends[-1] == 1
    within = [low + (1 - low) * Fraction(k, 7) for k in range(8)]
    for penalty in {*ends, *within}:
        found = played(values, penalty, may_yield=may_yield)
        piece = at(choice, penalty)
        assert set(piece.outcomes) == set(found)
        assert max(found.values()) <= choice.value
        is_best = any(lower <= penalty <= upper for lower, upper in choice.best)
        assert is_best == (max(found.values()) == choice.value)
        assert piece.value >= found[piece.chosen]
        if piece.lower == piece.upper:
            assert piece.value == found[piece.chosen] == max(found.values())


def test_the_cases_are_not_all_alike() -> None:
    chosen = {
        piece.chosen
        for seed, may_yield in CASES
        for piece in ag.models.treaty_choice(
            drawn(seed), largest_penalty=1, may_yield=may_yield
        ).pieces
    }
    assert {("balance", "accommodate"), ("hedge", "accommodate")} <= chosen
    assert {answer for _, answer in chosen} == {"accommodate", "resist", "yield"}
    assert ("balance", "resist") in chosen


def test_a_treaty_emboldens_and_entraps() -> None:
    choice = ag.models.treaty_choice(ENTRAPPED, largest_penalty=1, may_yield=True)
    # (d / (Y_B + L) - (1 - l0)) / delta is the support that makes it resist.
    kept = Fraction(4, 5) + Fraction(7, 10) + Fraction(2, 5) * Fraction(3, 10)
    threshold = Fraction(1, 2) / kept / Fraction(1, 2) - Fraction(1, 5)
    assert at(choice, Fraction(0)).outcomes == (("balance", "yield"),)
    assert at(choice, threshold).outcomes == (("balance", "resist"), ("balance", "yield"))
    assert at(choice, threshold + Fraction(1, 100)).outcomes == (("balance", "resist"),)
    # It is not deterrence: the hegemon coerces all the same, and the patron would rather not.
    assert choice.value == -Fraction(2, 5)
    assert choice.best == ((Fraction(0), threshold),)
    assert not choice.needs_tie


def test_the_lightest_treaty_that_deters_may_need_a_tie() -> None:
    # Up to the only penalty that is left, the hegemon is at most indifferent.
    values = {**ENTRAPPED, "stake": Fraction(9, 20), "coercion_success": Fraction(9, 10),
              "patron_stake": 0}  # fmt: skip
    values |= {"cost_hedge": 10, "cost_bandwagon": 10}
    deters = Fraction(3, 7)  # rho_D of the notes, F9, at kbar = 1 and v_P = 0
    choice = ag.models.treaty_choice(values, largest_penalty=deters)
    assert choice.pieces[-1].outcomes == (("balance", "resist"), ("balance", "accommodate"))
    free = ag.models.treaty_choice({**values, "patron_stake": 1}, largest_penalty=1)
    assert free.value == 0
    assert not free.needs_tie


@pytest.mark.parametrize("seed", range(12))
def test_costs_are_what_a_treaty_takes_from_the_patron(seed: int) -> None:
    values = drawn(seed)
    low = values["treaty_penalty_hedge"]
    penalties = [low + Fraction(k, 5) for k in range(8)]
    costs = ag.models.treaty_costs(values, penalties=penalties)
    symbols = MODEL.parameters.symbols
    phi = values["support_effect"] * values["patron_stake"]
    largest = values["largest_support_cost"]

    def expected(name: str, penalty: Fraction) -> Fraction:
        given = {**values, "treaty_penalty_balance": penalty}
        own = MODEL.terms[name, "balance"].subs({symbols[k]: v for k, v in given.items()})
        return Fraction(int(own.p), int(own.q))

    saved = phi - largest / 2 if largest <= phi else phi**2 / (2 * largest)
    free = saved - values["coercion_success"] * values["patron_stake"]
    for k, penalty in enumerate(penalties):
        assert costs.support[k] == expected("support", penalty)
        paid = costs.entrapment[k] + costs.abandonment[k]
        assert free - paid == expected("patron_payoff", penalty)
        game = MODEL.game(values, treaty_penalty_balance=penalty).exact_payoffs
        assert costs.temptation[k] == game[1, 0, 1] - game[1, 0, 0]


def test_a_penalty_that_is_given_for_an_ally_is_replaced() -> None:
    values = drawn(1)
    given = values | {"treaty_penalty_balance": Fraction(0)}
    one, other = (ag.models.treaty_choice(v, largest_penalty=1) for v in (values, given))
    assert one == other


def test_bad_penalties_are_refused() -> None:
    values = {**ENTRAPPED, "treaty_penalty_hedge": Fraction(1, 2)}
    with pytest.raises(ParameterError, match="`largest_penalty` must be at least"):
        ag.models.treaty_choice(values, largest_penalty=0.25)
    with pytest.raises(ParameterError, match="`largest_penalty` must be a penalty"):
        ag.models.treaty_choice(values, largest_penalty="much")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="must not exceed `treaty_penalty_balance`"):
        ag.models.treaty_costs(values, penalties=[0])
    with pytest.raises(ParameterError, match="`penalties` must hold at least one"):
        ag.models.treaty_costs(values, penalties=[])
    with pytest.raises(ParameterError, match="missing: treaty_penalty_hedge"):
        ag.models.treaty_choice(
            {k: v for k, v in values.items() if k != "treaty_penalty_hedge"}, largest_penalty=1
        )


def test_a_single_penalty_is_one_piece() -> None:
    choice = ag.models.treaty_choice(ENTRAPPED, largest_penalty=0)
    assert len(choice.pieces) == 1
    assert choice.best == ((Fraction(0), Fraction(0)),)
