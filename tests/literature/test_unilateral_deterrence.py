"""A deterrence game with two-sided uncertainty, stylized after Zagare and Kilgour.

F. C. Zagare and D. M. Kilgour (2000), Perfect Deterrence, Cambridge University Press. The
structure is theirs; the thresholds are derived here from the payoffs, and the published text was
not at hand to compare numbers.

A challenger attacks or leaves the status quo. A defender who is attacked concedes or resists. A
challenger who is resisted fights if it is hard and backs down if it is soft, which is its unique
best choice and is folded into the payoffs.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from alignment_games._typing import Number, Vector
from alignment_games.games import Chance, Decision, ExtensiveGame, SignalingGame, Terminal
from alignment_games.games.nodes import Node
from alignment_games.solvers import SequentialEquilibrium, sequential

STATUS_QUO, CONCESSION, BACKS_DOWN = (6, 10), (10, 4), (2, 8)
CONFLICT_HARD, CONFLICT_SOFT = 4, 5  # to a hard challenger; to a hard defender. 0 to the soft.

HARD_THRESHOLD = Fraction(10 - 6, 10 - 4)
SOFT_THRESHOLD = Fraction(10 - 6, 10 - 2)
DEFENDER_THRESHOLD = Fraction(8 - 4, 8 - 0)


def unilateral_deterrence(challenger: Fraction, defender: Fraction) -> SignalingGame:
    """Return the game in which the challenger and the defender are hard so probably."""
    chances = {"hard": (challenger, defender), "soft": (1 - challenger, 1 - defender)}
    payoffs: dict[tuple[str, ...], tuple[int, int]] = {}
    for t in chances:
        for s in chances:
            payoffs[t, s, "wait"] = STATUS_QUO
            payoffs[t, s, "attack", "concede"] = CONCESSION
            payoffs[t, s, "attack", "resist"] = (
                (CONFLICT_HARD, CONFLICT_SOFT if s == "hard" else 0) if t == "hard" else BACKS_DOWN
            )
    return SignalingGame(
        prior={(t, s): chances[t][0] * chances[s][1] for t in chances for s in chances},
        responses={"wait": [], "attack": ["concede", "resist"]},
        payoffs=payoffs,
        players=["challenger", "defender"],
    )


def whole_tree(challenger: Fraction, defender: Fraction) -> ExtensiveGame:
    """Return the game with the challenger's last choice, not folded."""

    def resisted(t: str, s: str) -> Decision:
        fight = (CONFLICT_HARD if t == "hard" else 0, CONFLICT_SOFT if s == "hard" else 0)
        return Decision("challenger", {"fight": Terminal(fight), "back down": Terminal(BACKS_DOWN)})

    chances = {"hard": (challenger, defender), "soft": (1 - challenger, 1 - defender)}
    draws: dict[str, Node] = {}
    shares: dict[str, Number] = {}
    for t in chances:
        for s in chances:
            attacked = Decision(
                "defender",
                {"concede": Terminal(CONCESSION), "resist": resisted(t, s)},
                f"{s} defender is attacked",
            )
            draws[f"{t} against {s}"] = Decision(
                "challenger", {"wait": Terminal(STATUS_QUO), "attack": attacked}, f"{t} challenger"
            )
            shares[f"{t} against {s}"] = chances[t][0] * chances[s][1]
    return ExtensiveGame(Chance(draws, shares), players=["challenger", "defender"])


def attacks(eq: SequentialEquilibrium) -> Vector:
    return eq.sends("hard")["attack"], eq.sends("soft")["attack"]


def resistance(eq: SequentialEquilibrium) -> Vector:
    return eq.answers("attack", "hard")["resist"], eq.answers("attack", "soft")["resist"]


def credible(challenger: Fraction, defender: Fraction) -> list[SequentialEquilibrium]:
    """Return the equilibria that the criterion D1 leaves."""
    return [e for e in sequential(unilateral_deterrence(challenger, defender)).equilibria if e.d1]


def test_the_thresholds_are_those_of_the_payoffs() -> None:
    thresholds = [HARD_THRESHOLD, SOFT_THRESHOLD, DEFENDER_THRESHOLD]
    assert thresholds == [Fraction(2, 3), Fraction(1, 2), Fraction(1, 2)]


def test_the_last_choice_of_the_challenger_folds_into_the_payoffs() -> None:
    shares = Fraction(1, 4), Fraction(1, 4)
    folded = unilateral_deterrence(*shares)
    found = SignalingGame.from_tree(whole_tree(*shares))
    assert found.types == ("hard challenger", "soft challenger")
    assert found.receiver_types == ("hard defender is attacked", "soft defender is attacked")
    assert list(found.prior.values()) == list(folded.prior.values())
    for mine, theirs in zip(folded.outcomes, found.outcomes, strict=True):
        assert folded.payoffs(mine) == found.payoffs(theirs)
    profiles = [eq.profile for eq in sequential(whole_tree(*shares)).equilibria]
    assert profiles == [eq.profile for eq in sequential(folded).equilibria]


def test_a_likely_hard_defender_deters() -> None:
    found = credible(Fraction(1, 4), Fraction(3, 4))
    assert {attacks(eq) for eq in found} == {(0, 0)}


def test_between_the_thresholds_only_the_hard_challenger_attacks() -> None:
    found = credible(Fraction(1, 4), Fraction(3, 5))
    assert [attacks(eq) for eq in found] == [(1, 0)]
    assert [resistance(eq) for eq in found] == [(1, 0)]


def test_a_soft_defender_facing_a_hard_challenger_is_attacked() -> None:
    found = credible(Fraction(3, 4), Fraction(1, 4))
    assert [attacks(eq) for eq in found] == [(1, 1)]
    assert [resistance(eq) for eq in found] == [(1, 0)]


def test_the_soft_challenger_bluffs_one_time_in_three() -> None:
    (eq,) = credible(Fraction(1, 4), Fraction(1, 4))
    bluff = Fraction(1, 4) * (1 - DEFENDER_THRESHOLD) / ((1 - Fraction(1, 4)) * DEFENDER_THRESHOLD)
    resist = (SOFT_THRESHOLD - Fraction(1, 4)) / (1 - Fraction(1, 4))
    assert bluff == resist == Fraction(1, 3)
    assert attacks(eq) == (1, bluff)
    assert resistance(eq) == (1, resist)


@pytest.mark.parametrize(
    ("challenger", "defender"),
    [("1/4", "3/4"), ("1/4", "3/5"), ("3/4", "1/4"), ("1/4", "1/4")],
)
def test_reading_any_attack_as_soft_deters_everywhere(challenger: str, defender: str) -> None:
    shares = Fraction(challenger), Fraction(defender)
    quiet = [
        eq for eq in sequential(unilateral_deterrence(*shares)).equilibria if attacks(eq) == (0, 0)
    ]
    assert any(resistance(eq) == (1, 1) for eq in quiet)
    for eq in quiet:
        # The hard gain wherever the soft break even, so D1 expects an attacker to be hard.
        assert eq.d1 == eq.universally_divine == (shares[1] >= HARD_THRESHOLD)
        # Conceding tempts the soft as well, except between the thresholds.
        assert eq.intuitive == (not SOFT_THRESHOLD < shares[1] < HARD_THRESHOLD)
        assert eq.off_path == ("attack",)
        # With the prior, the soft defender resists if the challenger is probably soft.
        prior_deters = shares[0] <= DEFENDER_THRESHOLD or shares[1] >= HARD_THRESHOLD
        assert eq.off_path_beliefs_only == (not prior_deters)
        assert all(
            hard <= DEFENDER_THRESHOLD for hard, _ in eq.beliefs["attack"] if resistance(eq)[1] > 0
        )


@pytest.mark.parametrize(
    ("defender", "deterred"), [("33/50", False), ("2/3", True), ("7/10", True)]
)
def test_one_sided_deterrence_begins_at_the_threshold(defender: str, *, deterred: bool) -> None:
    """With hard challengers almost alone, deterrence needs (DC - SQ) / (DC - DD) hard defenders.

    The rudimentary asymmetric deterrence game; its setup only, the threshold follows from it.
    """
    found = credible(Fraction(999, 1000), Fraction(defender))
    assert any(attacks(eq) == (0, 0) for eq in found) == deterred
