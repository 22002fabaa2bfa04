"""Payoff sets of repeated games from the literature, and beside QuantEcon.py, where it fails too.

Sources: D. Abreu and Y. Sannikov (2014), Theoretical Economics 9, 313-338, doi:10.3982/TE1302
(their 3 x 3 example, discount factor 0.3); K. L. Judd, S. Yeltekin and J. Conklin (2003),
Econometrica 71, 1239-1254, doi:10.1111/1468-0262.t01-1-00445 (a Cournot duopoly in its manner:
linear demand, constant costs, quantities on a grid).
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games.errors import GameError, ParameterError
from alignment_games.games import RepeatedGame
from alignment_games.solvers import (
    RepeatedPayoffs,
    Status,
    attaining_automaton,
    pure_nash,
    repeated_payoffs,
    verify_automaton,
)
from alignment_games.solvers._polygons import Polygon, contains, distance, hull

ABREU_SANNIKOV = NormalFormGame.from_bimatrix(
    [[16, 3, 0], [21, 10, -1], [9, 5, -5]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]]
)
METHODS = ("abreu-sannikov", "abreu-pearce-stacchetti", "judd-yeltekin-conklin")


def cournot(firms_quantities: int) -> NormalFormGame:
    """A duopoly with price max(6 - q1 - q2, 0), unit cost 3/5 and quantities from 0 to 6."""
    steps = [Fraction(6 * k, firms_quantities - 1) for k in range(firms_quantities)]
    profit = [
        [(max(6 - q - other, Fraction(0)) - Fraction(3, 5)) * q for other in steps] for q in steps
    ]
    return NormalFormGame.from_bimatrix(profit, [list(row) for row in zip(*profit, strict=True)])


def quantecon_set(stage: NormalFormGame, discount: Fraction) -> Polygon | str:
    """Return QuantEcon.py's polygon, or the name of its error."""
    theory = pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    one, two = (np.array(own, dtype=float) for own in stage.exact_payoffs)
    game = theory.RepeatedGame(
        theory.NormalFormGame([theory.Player(one), theory.Player(two.T.copy())]), float(discount)
    )
    try:
        found = game.equilibrium_payoffs(method="abreu_sannikov")
    except (ValueError, RuntimeError) as error:
        return type(error).__name__
    return hull((Fraction(a), Fraction(b)) for a, b in found.points.tolist())


def both_ways(one: Polygon, other: Polygon) -> float:
    return max(distance(one, other), distance(other, one))


def assert_attained(found: RepeatedPayoffs) -> None:
    """Each corner, and the middle, by an automaton from which nobody deviates once."""
    middle = tuple(sum(own[who] for own in found.inner) / len(found.inner) for who in (0, 1))
    for payoff in (*found.inner, middle):
        attained = attaining_automaton(found, payoff)
        again = verify_automaton(found.game, attained.play.automaton)
        assert again.max_gain == 0
        for who in range(2):
            assert payoff[who] == sum(
                p * again.values[own][who] for own, p in attained.lottery.items()
            )


@pytest.mark.parametrize("method", METHODS)
def test_the_example_of_abreu_and_sannikov(method: str) -> None:
    found = repeated_payoffs(RepeatedGame(ABREU_SANNIKOV, discount=Fraction(3, 10)), method=method)
    assert found.method == method
    # Six corners, those of the lowest payoff of player 1 irrational.
    near = sorted(found.inner, key=lambda own: (round(float(own[0]), 6), own[1]))
    published = [
        (1.12568240, 2.8), (7.33770472, 0.0), (7.33770472, 10.9826253), (7.86308964, 0.0),
        (15.56308964, 9.1), (19.79179770, 2.8),
    ]  # fmt: skip
    for (x, y), (a, b) in zip(near, published, strict=True):
        assert float(x) == pytest.approx(a, abs=1e-6)
        assert float(y) == pytest.approx(b, abs=1e-6)
    assert found.gap < (0.5 if method == METHODS[2] else 1e-8)
    assert_attained(found)


def test_quantecon_agrees_on_the_examples() -> None:
    for stage, discount in (
        (ABREU_SANNIKOV, Fraction(3, 10)),
        (cournot(7), Fraction(4, 5)),
        (cournot(15), Fraction(4, 5)),
    ):
        theirs = quantecon_set(stage, discount)
        found = repeated_payoffs(RepeatedGame(stage, discount=discount))
        assert not isinstance(theirs, str)
        assert both_ways(found.inner, theirs) < 1e-6


def test_the_cournot_duopoly_is_symmetric_and_holds_its_stage_equilibria() -> None:
    stage = cournot(7)
    found = repeated_payoffs(RepeatedGame(stage, discount=Fraction(4, 5)))
    assert found.gap < 1e-8
    mirrored = hull((b, a) for a, b in found.inner)
    assert both_ways(found.inner, mirrored) <= 2 * found.gap + 1e-12
    for equilibrium in pure_nash(stage).equilibria:
        assert found.contains(equilibrium.payoffs) is True
    assert_attained(found)


@pytest.mark.parametrize("discount", [Fraction(3, 10), Fraction(7, 10)])
def test_the_failures_of_quantecon_are_solved(discount: Fraction) -> None:
    """Points, segments and empty sets, at which its convex hull or its search raises an error."""
    solved: dict[str, int] = {}
    rng = np.random.default_rng(3)
    for _ in range(30):
        one, two = rng.integers(0, 10, (2, 2, 2)).tolist()
        stage = NormalFormGame.from_bimatrix(one, two)
        theirs = quantecon_set(stage, discount)
        if not isinstance(theirs, str):
            continue
        found = repeated_payoffs(RepeatedGame(stage, discount=discount))
        assert found.status in {Status.COMPLETE, Status.NONE}
        if found.status is Status.NONE:
            assert not pure_nash(stage).equilibria
        else:
            assert len(found.inner) < 3
            assert_attained(found)
        solved[theirs] = solved.get(theirs, 0) + 1
    assert sum(solved.values()) > 10


def test_quantecon_has_no_outer_approximation() -> None:
    """So that the method of Judd, Yeltekin and Conklin has no peer to be compared with there."""
    theory = pytest.importorskip("quantecon.game_theory", reason="QuantEcon.py is not installed")
    game = theory.RepeatedGame(theory.NormalFormGame([[(3, 3), (0, 5)], [(5, 0), (1, 1)]]), 0.5)
    with pytest.raises(NotImplementedError):
        game.equilibrium_payoffs(method="outer_approximation")


def random_games(size: int, count: int, seed: int = 11) -> list[NormalFormGame]:
    rng = np.random.default_rng(seed)
    return [
        NormalFormGame.from_bimatrix(*rng.integers(0, 10, (2, size, size)).tolist())
        for _ in range(count)
    ]


@pytest.mark.parametrize("discount", [Fraction(3, 10), Fraction(7, 10), Fraction(19, 20)])
def test_the_three_methods_bound_the_same_set(discount: Fraction) -> None:
    for stage in random_games(3, 8):
        game = RepeatedGame(stage, discount=discount)
        sets = [repeated_payoffs(game, method=own) for own in METHODS]
        # Every inner polygon lies in every outer one.
        for one, other in itertools.product(sets, repeat=2):
            assert all(contains(other.outer, corner) for corner in one.inner)
        exact = [own for own in sets[:2] if own.exact]
        assert len({own.inner for own in exact}) <= 1
        if sets[0].status is Status.NONE:
            assert not sets[2].inner


def test_hyperplanes_come_nearer_with_more_directions() -> None:
    game = RepeatedGame(ABREU_SANNIKOV, discount=Fraction(3, 10))
    gaps = [repeated_payoffs(game, method=METHODS[2], directions=own).gap for own in (8, 32, 128)]
    assert gaps[0] > 2 * gaps[1] > 4 * gaps[2] > 0


def test_the_outer_polygon_of_hyperplanes_has_only_their_directions() -> None:
    found = repeated_payoffs(
        RepeatedGame(ABREU_SANNIKOV, discount=Fraction(3, 10)), method=METHODS[2], directions=8
    )
    corners = [(float(a), float(b)) for a, b in found.outer]
    # Scaled to [0, 1] for both players; payoffs run from -5 to 21 and from -15 to 13.
    for (a, b), (c, d) in zip(corners, (*corners[1:], corners[0]), strict=True):
        across, up = (c - a) / 26, (d - b) / 28
        if math.hypot(across, up) > 1e-6:
            eighths = math.atan2(up, across) / (math.pi / 4)
            assert eighths == pytest.approx(round(eighths), abs=1e-5)


def test_many_corners_with_unequal_discount_factors_are_bounded_in_time() -> None:
    for stage in random_games(3, 6):
        found = repeated_payoffs(RepeatedGame(stage, discount=(Fraction(1, 2), Fraction(7, 10))))
        assert found.method == METHODS[1]
        assert found.gap < 1e-5
        assert all(contains(found.outer, corner) for corner in found.inner)
        if found.inner:
            assert found.play is not None
            assert found.play.max_gain == 0


def test_errors() -> None:
    game = RepeatedGame(ABREU_SANNIKOV, discount=(Fraction(1, 2), Fraction(7, 10)))
    with pytest.raises(GameError, match="`method` abreu-sannikov needs equal discount factors"):
        repeated_payoffs(game, method="abreu-sannikov")
    with pytest.raises(ParameterError, match="`method` must be one of abreu-sannikov"):
        repeated_payoffs(game, method="twist")
    wrong: tuple[tuple[str, Any], ...] = (
        ("directions", 10), ("directions", 2), ("tolerance", -1), ("tolerance", "small"),
        ("tolerance", True),
    )  # fmt: skip
    for name, value in wrong:
        with pytest.raises(ParameterError, match=f"`{name}` must be"):
            repeated_payoffs(game, **{name: value})
