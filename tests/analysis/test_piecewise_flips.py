"""Nearest flips of models whose payoffs are rational in pieces, as those of the triangle."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.analysis import Timing, nearest_flips
from alignment_games.errors import GameError

MODEL = ag.models.triangle()
UKRAINE: dict[str, Any] = {
    **{k: v for k, v in ag.load_scenario("ukraine").items() if k in MODEL.parameters},
    "patron_stake": Fraction(2, 5), "largest_support_cost": 1,
    "treaty_penalty_balance": Fraction(3, 10), "treaty_penalty_hedge": 0,
}  # fmt: skip
PATRON = (
    "patron_stake", "largest_support_cost", "treaty_penalty_balance", "support_effect",
)  # fmt: skip


def postures(values: dict[str, Any], timing: Timing) -> set[tuple[str, ...]]:
    game = MODEL.game(values) if timing is Timing.SIMULTANEOUS else MODEL.tree(values)
    return {
        tuple(name for name, p in zip(MODEL.strategies[0], e.profile[0], strict=True) if p)
        for e in ag.solve(game).equilibria
    }


def test_balancing_flips_where_it_stops_deterring() -> None:
    # At v_P: delta v_P + m_B = kbar rho_D with rho_D = 3/7 of the notes, F9; so for the others.
    flips = {
        f.parameter: f.value
        for f in nearest_flips(MODEL, UKRAINE, timing=Timing.SEQUENTIAL, parameters=PATRON[:3])
    }
    assert flips == {
        "patron_stake": Fraction(9, 35),
        "largest_support_cost": Fraction(7, 6),
        "treaty_penalty_balance": Fraction(8, 35),
    }


@pytest.mark.parametrize("timing", list(Timing))
@pytest.mark.parametrize("name", PATRON)
def test_nothing_changes_before_a_flip_and_something_beyond(name: str, timing: Timing) -> None:
    (flip,) = nearest_flips(MODEL, UKRAINE, timing=timing, parameters=[name])
    now = postures(UKRAINE, timing)
    if flip.value is None:
        top = Fraction(9, 10) if flip.domain.upper is not None else Fraction(20)
        for value in (flip.domain.lower, flip.current / 2, (flip.current + top) / 2, top):
            assert postures(UKRAINE | {name: value}, timing) == now
        return
    width = flip.value - flip.current
    for share in (Fraction(1, 4), Fraction(3, 4), Fraction(999, 1000)):
        assert postures(UKRAINE | {name: flip.current + share * width}, timing) == now
        other = flip.current - share * width
        if other in flip.domain and share < 1:
            assert postures(UKRAINE | {name: other}, timing) == now
    assert postures(UKRAINE | {name: flip.current + Fraction(1001, 1000) * width}, timing) != now


def test_a_polynomial_in_one_piece_flips_where_it_did() -> None:
    alignment = ag.models.alignment()
    values = ag.load_scenario("ukraine")
    bent = ag.models.AlignmentModel(
        name="bent", title="", players=alignment.players, strategies=alignment.strategies,
        parameters=alignment.parameters,
        payoffs={
            profile: tuple(
                sp.Piecewise((own, alignment.parameters.symbols["stake"] >= 0), (0, True))
                for own in each
            )
            for profile, each in alignment.payoffs.items()
        },
    )  # fmt: skip
    names = ("patron_reliability", "stake", "coercion_success")
    for timing in Timing:
        one, other = (
            nearest_flips(model, values, timing=timing, parameters=names)
            for model in (alignment, bent)
        )
        assert [f.value for f in one] == [f.value for f in other]


def test_payoffs_with_roots_are_refused() -> None:
    space = MODEL.parameters
    rooted = ag.models.AlignmentModel(
        name="rooted", title="", players=MODEL.players, strategies=MODEL.strategies,
        parameters=space,
        payoffs={p: (sp.sqrt(space.symbols["stake"]), sp.Integer(0)) for p in MODEL.payoffs},
    )  # fmt: skip
    with pytest.raises(GameError, match="payoffs without exp, log and roots"):
        nearest_flips(rooted, UKRAINE, timing=Timing.SEQUENTIAL)
