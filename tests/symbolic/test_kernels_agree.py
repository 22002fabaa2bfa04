"""The compiled loops and the symbolic forms, two readings of one model, say the same.

100,000 points of the notes' prior (F9): every payoff to 1e-12, every certain code as the
symbolic conditions say it.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
import sympy as sp

import alignment_games as ag
from alignment_games._typing import FloatArray
from alignment_games.batch import PointList
from alignment_games.batch.fused import OUTPUTS
from alignment_games.symbolic import (
    dominance_condition,
    equilibrium_condition,
    temptation,
    threshold,
)

from .points import MODEL

COUNT = 100_000
S = MODEL.parameters.symbols
POSTURES = MODEL.strategies[0]


@functools.cache
def points() -> dict[str, FloatArray]:
    rng = np.random.default_rng(20)
    values = {}
    for name, parameter in MODEL.parameters.items():
        low, high = float(parameter.usual.lower), float(parameter.usual.upper or 2)
        values[name] = rng.uniform(low, high, COUNT)
    values["support_effect"] *= values["coercion_success"]
    return values


@functools.cache
def swept() -> dict[str, np.ndarray]:
    ds = ag.sweep(MODEL, design=PointList(points()), outputs=tuple(OUTPUTS))
    return {str(name): ds[name].values for name in ds.data_vars}


def evaluated(*expressions: sp.Basic) -> list[np.ndarray]:
    function = sp.lambdify(list(S.values()), list(expressions), "numpy", cse=True)
    return [np.broadcast_to(np.asarray(value), COUNT) for value in function(*points().values())]


def test_payoffs_are_those_of_the_symbols() -> None:
    profiles = list(MODEL.payoffs)
    symbolic = evaluated(*(MODEL.payoffs[p][k] for k in (0, 1) for p in profiles))
    compiled = MODEL.payoff_arrays({}, points()).reshape(len(symbolic), COUNT)
    for one, other in zip(symbolic, compiled, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_the_posture_seen_first_has_the_symbolic_payoff_and_margin() -> None:
    """F1.8: the posture maximizes what it earns, given whether the hegemon gains by coercing."""
    tempted = np.array(evaluated(*(temptation(MODEL, a) for a in POSTURES)))
    calm, harsh = (
        np.array(evaluated(*(MODEL.payoff("small_state", a, g) for a in POSTURES)))
        for g in MODEL.strategies[1]
    )
    earned = np.where(tempted > 0, harsh, calm)
    best, second = np.sort(earned, axis=0)[[-1, -2]]
    certain = swept()["status"] == ag.batch.BatchStatus.OK
    assert certain.mean() > 0.999
    rows = earned.argmax(axis=0)
    np.testing.assert_array_equal(swept()["posture"][certain], rows[certain])
    coerced = tempted[rows, np.arange(COUNT)] > 0
    np.testing.assert_array_equal(swept()["coerced"][certain], coerced[certain])
    for name, expected in (("payoff", best), ("margin", best - second)):
        np.testing.assert_allclose(
            swept()[name][certain], expected[certain], rtol=1e-12, atol=1e-12
        )


def test_dominance_is_what_the_conditions_say() -> None:
    certain = swept()["dominant"] != -2
    conditions = [
        sp.And(*(dominance_condition(MODEL, a, over=o) for o in POSTURES if o != a))
        for a in POSTURES
    ]
    for k, holds in enumerate(evaluated(*conditions)):
        np.testing.assert_array_equal((swept()["dominant"] == k)[certain], holds[certain])
        assert 0 < holds.sum() < COUNT


def test_pure_equilibria_are_what_the_conditions_say() -> None:
    """Where all is certain the game is nondegenerate: indices sum to 1, pure ones have 1 each."""
    certain = swept()["equilibria"] > 0
    conditions = [
        equilibrium_condition(MODEL, (a, g), strict=True)
        for a in POSTURES
        for g in MODEL.strategies[1]
    ]
    pure = np.sum(evaluated(*conditions), axis=0)
    few, every = pure[certain], swept()["equilibria"][certain]
    assert set(np.unique(few)) >= {0, 1, 2}
    assert (every % 2 == 1).all()
    assert (every - few >= np.maximum(few - 1, 0)).all()
    played = swept()["equilibrium_posture"][certain]
    alone = every == 1
    for k, posture in enumerate(POSTURES):
        here = np.any(conditions_hold(posture), axis=0)[certain]
        np.testing.assert_array_equal((played == k)[alone & (few == 1)], here[alone & (few == 1)])


def conditions_hold(posture: str) -> list[np.ndarray]:
    return evaluated(
        *(equilibrium_condition(MODEL, (posture, g), strict=True) for g in MODEL.strategies[1])
    )


@pytest.mark.parametrize("name", ["patron_reliability", "overrun_loss", "cost_hedge"])
def test_thresholds_cut_where_the_gain_changes_sign(name: str) -> None:
    (part,) = threshold(MODEL, name, "hedge", over="balance", against="coerce").parts
    assert part.value is not None
    gain, value, slope = evaluated(part.gain, part.value, sp.diff(part.gain, S[name]))
    above = points()[name] - value
    far = (np.abs(gain) > 1e-9) & (np.abs(slope) > 1e-3)  # a steep line keeps its digits
    assert far.mean() > 0.9
    np.testing.assert_array_equal((gain > 0)[far], (above * slope > 0)[far])
    scale = 1 + np.abs(slope[far]) * (np.abs(points()[name][far]) + np.abs(value[far]))
    error = np.abs(gain[far] - slope[far] * above[far]) / scale
    assert error.max() < 1e-12
