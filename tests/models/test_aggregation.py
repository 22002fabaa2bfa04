"""Balance, bandwagon or wait (benchmark C5): a knife edge at constant returns, shapes around it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import GameError, ParameterError

MODEL = ag.models.balance_bandwagon_wait()


def worth(hegemon: Any, target: Any, own: Any, returns: Any) -> dict[str, Any]:
    game = MODEL.game(
        hegemon_strength=hegemon, target_strength=target, small_state_strength=own, returns=returns
    )
    return {name: game.payoff("small_state", name) for name in game.strategies[0]}


def drawn(seed: int) -> tuple[Fraction, Fraction, Fraction]:
    rng = np.random.default_rng(seed)
    strong, weak, own = (Fraction(int(v), 20) for v in rng.integers(1, 60, 3))
    return max(strong, weak) + Fraction(1, 20), min(strong, weak), own


@pytest.mark.parametrize("seed", range(20))
def test_constant_returns_are_a_knife_edge(seed: int) -> None:
    hegemon, target, own = drawn(seed)
    values = worth(hegemon, target, own, 1)
    assert set(values.values()) == {own / (own + hegemon + target)}


@pytest.mark.parametrize("seed", range(20))
def test_a_weak_state_joins_the_stronger_under_increasing_returns_and_waits_otherwise(
    seed: int,
) -> None:
    hegemon, target, _ = drawn(seed)
    own = target / 100
    for returns in (1.5, 2, 3):
        values = worth(hegemon, target, own, returns)
        assert values["bandwagon"] > values["balance"] > values["wait"]
    for returns in (0.25, 0.5, 0.75):
        values = worth(hegemon, target, own, returns)
        assert values["wait"] > values["balance"] > values["bandwagon"]


@pytest.mark.parametrize("seed", range(20))
def test_a_strong_state_may_balance_under_increasing_returns(seed: int) -> None:
    hegemon, target, own = drawn(seed)
    values = worth(hegemon, target, own, 2)
    assert isinstance(values["balance"], Fraction)
    assert (values["balance"] > values["bandwagon"]) == (own**2 > hegemon**2 + target**2)


def test_the_condition_for_the_square_is_an_identity() -> None:
    symbols = MODEL.parameters.symbols
    hegemon, target, own, returns = symbols.values()
    gain = (MODEL.payoff("small_state", "balance") - MODEL.payoff("small_state", "bandwagon")).subs(
        returns, 2
    )
    wanted = (hegemon - target) * (own**2 - hegemon**2 - target**2)
    ratio = sp.cancel(gain / wanted)
    numerator, denominator = sp.fraction(sp.factor(ratio))
    positive = (own, (own + target) ** 2 + hegemon**2, (own + hegemon) ** 2 + target**2)
    assert sp.expand(numerator / own).is_number
    assert numerator.subs(own, 1) > 0
    assert sp.expand(denominator - sp.Mul(*positive[1:])) == 0


def test_what_is_refused() -> None:
    with pytest.raises(ParameterError, match="must not exceed `hegemon_strength`"):
        worth(1, 2, 1, 1)
    with pytest.raises(GameError, match="no finite real value"):
        worth(0, 0, 0, 1)
