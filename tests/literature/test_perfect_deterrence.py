"""Benchmarks C12 and C13: unilateral and asymmetric deterrence.

The settings are those of F. C. Zagare and D. M. Kilgour (2000), Perfect Deterrence, Cambridge
University Press. Of the book the order of payoffs of the Rudimentary Asymmetric Deterrence Game
(appendix 3) was seen; thresholds and regions are derived in the package and the names of the
regions are its own. Here they are compared with all equilibria of the normal forms, which the
solver for two players finds without knowing them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games.models import classics
from alignment_games.solvers import Status, nash

UNILATERAL = classics.unilateral_deterrence()
ASYMMETRIC = classics.asymmetric_deterrence()

C12: dict[str, Any] = {
    "challenger_success": 10, "challenger_status_quo": 6, "challenger_retreat": 2,
    "challenger_conflict_hard": 4, "challenger_conflict_soft": 0, "defender_status_quo": 10,
    "defender_success": 8, "defender_concession": 4, "defender_conflict_hard": 5,
    "defender_conflict_soft": 0,
}  # fmt: skip
QUARTER = Fraction(1, 4)


def behavior(values: dict[str, Any]) -> list[tuple[Fraction, ...]]:
    """All extreme equilibria, as chances: hard and soft attack, hard and soft resistance.

    Once it is resisted, a hard challenger presses on and a soft one backs down: sequential
    rationality, which the normal form alone would not ask for off the path.
    """
    game = UNILATERAL.tree(values).normal_form()
    plans, answers = game.strategies
    sensible = []
    for plan in plans:
        _, hard_last, _, soft_last = plan.split(", ")
        if (hard_last, soft_last) == ("press_on", "back_down"):
            sensible.append(plan)
    solution = nash(game.restrict("challenger", sensible))
    assert solution.status is Status.COMPLETE

    def chance(shares: Iterable[Any], names: Iterable[str], place: int, action: str) -> Fraction:
        pairs = zip(names, shares, strict=True)
        return sum((p for name, p in pairs if name.split(", ")[place] == action), Fraction(0))

    return [
        (
            chance(eq.profile[0], sensible, 0, "attack"),
            chance(eq.profile[0], sensible, 2, "attack"),
            chance(eq.profile[1], answers, 0, "resist"),
            chance(eq.profile[1], answers, 1, "resist"),
        )
        for eq in solution.equilibria
    ]


def predicted(region: str, values: dict[str, Any]) -> tuple[Fraction, ...] | None:
    """The equilibrium with attacks in a region."""
    one, none = Fraction(1), Fraction(0)
    if region == "bluff":
        x, y = (
            Fraction(UNILATERAL.value(f"bluff_{name}", values)) for name in ("attack", "resistance")
        )
        return one, x, one, y
    return {
        "deterrence": None,
        "separating": (one, none, one, none),
        "attack": (one, one, one, none),
    }[region]


def check(values: dict[str, Any], region: str) -> None:
    assert UNILATERAL.regions_at(values) == (region,)
    found = behavior(values)
    wanted = predicted(region, values)
    attacks = {own for own in found if own[0] + own[1] > 0}
    assert attacks == (set() if wanted is None else {wanted})
    firm = Fraction(values["defender_hard"])
    calm = [own for own in found if own[0] + own[1] == 0]
    # Off the path a defender may take any attacker for soft: this equilibrium is everywhere.
    assert calm
    for _, _, hard, soft in calm:
        assert firm * hard + (1 - firm) * soft >= UNILATERAL.value("hard_threshold", values)


def test_thresholds_of_the_design() -> None:
    values: dict[str, Any] = {**C12, "challenger_hard": QUARTER, "defender_hard": QUARTER}
    names = ("hard_threshold", "soft_threshold", "resistance_threshold")
    assert [UNILATERAL.value(name, values) for name in names] == [
        Fraction(2, 3), Fraction(1, 2), Fraction(1, 2)
    ]  # fmt: skip
    assert UNILATERAL.value("bluff_attack", values) == Fraction(1, 3)
    assert UNILATERAL.value("bluff_resistance", values) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("bold", "firm", "region"),
    [
        (QUARTER, Fraction(3, 4), "deterrence"),
        (QUARTER, Fraction(3, 5), "separating"),
        (Fraction(3, 4), QUARTER, "attack"),
        (QUARTER, QUARTER, "bluff"),
    ],
)
def test_all_equilibria_in_the_four_regions(bold: Fraction, firm: Fraction, region: str) -> None:
    check({**C12, "challenger_hard": bold, "defender_hard": firm}, region)


@pytest.mark.parametrize("seed", range(12))
def test_all_equilibria_at_random_payoffs(seed: int) -> None:
    rng = random.Random(seed)
    c = sorted(rng.sample(range(-20, 40), 5))
    low, middle, *high = sorted(rng.sample(range(-20, 40), 5))
    rng.shuffle(high)
    names = ("conflict_soft", "retreat", "conflict_hard", "status_quo", "success")
    values: dict[str, Any] = {
        **{f"challenger_{name}": v for name, v in zip(names, c, strict=True)},
        "defender_conflict_soft": low, "defender_concession": middle,
        "defender_conflict_hard": high[0], "defender_success": high[1],
        "defender_status_quo": high[2],
        "challenger_hard": Fraction(rng.randrange(1, 997), 997),
        "defender_hard": Fraction(rng.randrange(1, 997), 997),
    }  # fmt: skip
    (region,) = UNILATERAL.regions_at(values)
    check(values, region)


def test_regions_meet_where_their_thresholds_are() -> None:
    at = {**C12, "challenger_hard": Fraction(1, 2), "defender_hard": Fraction(1, 2)}
    assert UNILATERAL.regions_at(at) == ("separating", "attack", "bluff")
    assert UNILATERAL.regions_at(at, defender_hard=Fraction(2, 3)) == ("deterrence", "separating")


def test_disordered_payoffs_have_no_region_and_no_threshold() -> None:
    values: dict[str, Any] = {
        **C12,
        "challenger_hard": QUARTER,
        "defender_hard": QUARTER,
        "challenger_success": 5,
    }
    assert UNILATERAL.regions_at(values) == ()
    with pytest.raises(ag.errors.ParameterError, match="holds only if c_SQ < c_DC; here c_DC = 5"):
        UNILATERAL.value("hard_threshold", values)


@pytest.mark.parametrize("seed", range(10))
def test_asymmetric_deterrence_against_all_equilibria(seed: int) -> None:
    rng = random.Random(seed)
    conflict, stay, success = sorted(rng.sample(range(-9, 10), 3))
    soft, concede, hard, calm = sorted(rng.sample(range(-9, 10), 4))
    values: dict[str, Any] = {
        "challenger_conflict": conflict, "challenger_status_quo": stay,
        "challenger_success": success, "defender_conflict_soft": soft,
        "defender_concession": concede, "defender_conflict_hard": hard,
        "defender_status_quo": calm,
    }  # fmt: skip
    threshold = ASYMMETRIC.value("deterrence_threshold", values, defender_hard=0)
    for nudge, region in ((Fraction(1, 1000), "deterrence"), (Fraction(-1, 1000), "attack")):
        at = {**values, "defender_hard": threshold + nudge}
        assert ASYMMETRIC.regions_at(at) == (region,)
        game = ASYMMETRIC.tree(at).normal_form()
        # A hard defender resists and a soft one concedes: y_H = 1 and y_S = 0.
        reduced = game.restrict("defender", ["resist, concede"])
        (only,) = nash(reduced).equilibria
        assert only.support[0] == ("stay" if region == "deterrence" else "attack",)


@pytest.mark.parametrize(
    ("bold", "firm"), [("1/4", "1/4"), ("3/4", "1/4"), ("1/4", "3/5"), ("1/2", "4/5")]
)
def test_the_predicted_equilibrium_is_the_only_one_that_survives_d1(bold: str, firm: str) -> None:
    """Others, in which no one attacks although a hard defender is too rare, are sequential too."""
    values = {**C12, "challenger_hard": Fraction(bold), "defender_hard": Fraction(firm)}
    (region,) = UNILATERAL.regions_at(values)
    found = ag.solvers.sequential(UNILATERAL.tree(values))
    assert found.status is Status.COMPLETE
    expected = predicted(region, values)
    attacks: list[Any] = []
    quiet: list[Any] = []
    for eq in found.equilibria:
        hard, soft = (eq.sends(t)["attack"] for t in found.game.types)
        (attacks if hard or soft else quiet).append((eq, hard, soft))
    assert quiet
    if expected is None:
        assert not attacks
        assert all(eq.d1 and eq.universally_divine for eq, *_ in quiet)
        return
    ((only, hard, soft),) = attacks
    assert (hard, soft) == expected[:2]
    assert only.d1
    assert not any(eq.d1 or eq.universally_divine for eq, *_ in quiet)
    rests_on_beliefs = values["challenger_hard"] > UNILATERAL.value("resistance_threshold", values)
    assert {eq.off_path_beliefs_only for eq, *_ in quiet} == {rests_on_beliefs}
