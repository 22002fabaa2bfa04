"""Alternating governments (F4d, P11): closed forms against the solved game, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.errors import ParameterError
from alignment_games.solvers import MarkovEquilibrium

MODEL = ag.models.alternating_governments()
KINDS = ("pro_patron", "pro_hegemon", "hedger")

EXAMPLE: dict[str, Any] = {
    "discount": 0.9, "persistence": 0.5, "hedger_share": 0, "patron_lean": 0.5, "swing": 1,
    "slope": 0, "curvature": 0.4, "alliance_jump": 0, "switching_cost": 0.2,
}  # fmt: skip


def solved(values: Any, **changes: Any) -> MarkovEquilibrium:
    (only,) = ag.solvers.markov_perfect(MODEL.game(values, **changes)).equilibria
    return only


def worth(own: MarkovEquilibrium, state: str) -> Fraction:
    value = own.values[MODEL.states.index(state)][0]
    assert isinstance(value, Fraction)
    return value


def choice(values: Any, **changes: Any) -> str:
    ((best,),) = solved(values, **changes).played("constitution")
    return best


def some_values(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)

    def share() -> Fraction:
        return Fraction(draw.randint(1, 96), 97)

    return {
        "discount": share(), "persistence": share(), "hedger_share": share(),
        "patron_lean": share(), "swing": 2 * share(),
        "slope": Fraction(draw.randint(-40, 40), 37),
        "curvature": Fraction(draw.randint(-60, 60), 41),
        "alliance_jump": Fraction(draw.randint(0, 30), 29), "switching_cost": share(),
    }  # fmt: skip


def stationary(values: dict[str, Any]) -> dict[str, Fraction]:
    """Moments of the chain itself, from its transition probabilities and alignments."""
    game = MODEL.game(values)
    places = [MODEL.states.index(kind) for kind in KINDS]
    move = [[game.exact_transitions[i][0][j] for j in places] for i in places]
    siding = 1 - values["hedger_share"]
    drawn = [siding * values["patron_lean"], siding * (1 - values["patron_lean"])]
    drawn.append(1 - sum(drawn))
    assert [sum(drawn[i] * move[i][j] for i in range(3)) for j in range(3)] == drawn
    alignment = [values["swing"], -values["swing"], Fraction(0)]
    mean = sum((q * x for q, x in zip(drawn, alignment, strict=True)), Fraction(0))
    square = sum((q * x * x for q, x in zip(drawn, alignment, strict=True)), Fraction(0))
    return {
        "mean_alignment": mean,
        "variance": square - mean**2,
        "change_probability": sum((drawn[i] * (1 - move[i][i]) for i in range(3)), Fraction(0)),
        "patron": drawn[0],
    }


@pytest.mark.parametrize("seed", range(15))
def test_moments_and_loss_are_those_of_the_chain(seed: int) -> None:
    values = some_values(seed)
    found = stationary(values)
    for name in ("mean_alignment", "variance", "change_probability"):
        assert MODEL.value(name, values) == found[name]
    # Half the curvature times the mean square, the slope times the mean, changes, and the jump.
    mean = found["mean_alignment"]
    assert MODEL.value("loss", values) == (
        values["curvature"] / 2 * (found["variance"] + mean**2)
        - values["slope"] * mean
        + values["switching_cost"] * found["change_probability"]
        - values["alliance_jump"] * found["patron"]
    )


@pytest.mark.parametrize("seed", range(15))
def test_values_are_those_of_the_solved_game(seed: int) -> None:
    values = some_values(seed)
    own = solved(values)
    for kind in KINDS:
        assert worth(own, kind) == MODEL.value(f"value_{kind}", values)
    loss, delta = MODEL.value("loss", values), values["discount"]
    assert worth(own, "constitution") == max(0, -delta * loss / (1 - delta))
    assert choice(values) == ("steady_hedge" if loss > 0 else "elections")


@pytest.mark.parametrize("seed", range(10))
def test_elections_turn_better_at_the_jump(seed: int) -> None:
    values = some_values(seed)
    threshold = MODEL.value("jump_threshold", values)
    near = Fraction(1, 10**9)
    if threshold > near:
        assert choice(values, alliance_jump=threshold - near) == "steady_hedge"
    assert choice(values, alliance_jump=max(Fraction(0), threshold) + near) == "elections"


def test_the_formula_of_the_design_notes() -> None:
    """P11: the loss is (|u''| / 2) Var(x) + chi Pr(switch) if the mean is that of the hedge."""
    for seed in range(10):
        values = some_values(seed) | {"patron_lean": Fraction(1, 2), "alliance_jump": 0}
        found = stationary(values)
        wanted = (
            values["curvature"] / 2 * found["variance"]
            + values["switching_cost"] * found["change_probability"]
        )
        assert MODEL.value("loss", values) == MODEL.value("loss_equal_mean", values) == wanted
        assert (choice(values) == "steady_hedge") == (wanted > 0)


def test_it_is_false_where_the_means_differ() -> None:
    """Three governments of four for the patron, as in the essay: the mean is 1/2."""
    values = EXAMPLE | {"patron_lean": 0.75}
    with pytest.raises(ParameterError, match="loss_equal_mean"):
        MODEL.value("loss_equal_mean", values)
    formula = Fraction(4, 20) * MODEL.value("variance", values) + Fraction(2, 10) * MODEL.value(
        "change_probability", values
    )
    assert (formula, MODEL.value("loss", values)) == (Fraction(3, 16), Fraction(19, 80))
    # A slope of 1/2 is enough to turn the comparison around, though utility is concave.
    assert MODEL.value("loss", values, slope=0.5) == Fraction(-1, 80)
    assert choice(values, slope=0.5) == "elections"


def test_a_concave_utility_does_not_settle_it_where_an_alliance_jumps() -> None:
    assert MODEL.value("jump_threshold", EXAMPLE) == Fraction(1, 2)
    assert choice(EXAMPLE, alliance_jump=0.49) == "steady_hedge"
    assert choice(EXAMPLE, alliance_jump=0.51) == "elections"


def test_persistence_saves_changes_and_nothing_else() -> None:
    losses = [MODEL.value("loss", EXAMPLE, persistence=s) for s in (0, 0.5, 1)]
    assert losses == [Fraction(3, 10), Fraction(1, 4), Fraction(1, 5)]
    assert choice(EXAMPLE, persistence=1, curvature=-0.01) == "elections"
