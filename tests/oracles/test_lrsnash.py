"""All extreme equilibria against lrsnash, which computes them exactly by other code."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag
from alignment_games import NormalFormGame
from alignment_games.solvers import Status

from ..literature.catalogue import TWO_PLAYERS
from ..literature.named_game import NamedGame
from .lrsnash import LARGEST, LRSNASH, REASON, as_text, extreme_equilibria, parse, swapped
from .random_games import CLASSES, Pair, draw

needs_lrsnash = pytest.mark.skipif(LRSNASH is None, reason=REASON)


def close(one: Any, other: Any) -> bool:
    return all(
        abs(float(a) - float(b)) < 1e-12
        for own, his in zip(one, other, strict=True)
        for a, b in zip(own, his, strict=True)
    )


def agrees(pair: Pair) -> int:
    """Solve exactly and in floats; return the number of extreme equilibria."""
    expected = extreme_equilibria(*pair)
    exact = ag.solve(NormalFormGame.from_bimatrix(*pair))
    assert exact.status is Status.COMPLETE
    assert exact.max_regret == 0
    assert {eq.profile for eq in exact.equilibria} == expected, pair
    assert len(exact) == len(expected), pair
    floats = [[[float(value) for value in own] for own in matrix] for matrix in pair]
    floating = ag.solve(NormalFormGame.from_bimatrix(*floats))
    assert not floating.exact
    assert len(floating) == len(expected), pair
    for eq in floating.equilibria:
        assert any(close(eq.profile, other) for other in expected), pair
    return len(expected)


@needs_lrsnash
@pytest.mark.parametrize("kind", CLASSES)
def test_random_games_have_the_same_extreme_equilibria(kind: str) -> None:
    """200 games in all."""
    counts = [agrees(pair) for pair in draw(kind, 20)]
    assert max(counts) >= 3 or kind == "zero-sum"  # the sample has games with several


@needs_lrsnash
@pytest.mark.slow
@pytest.mark.parametrize("kind", CLASSES)
def test_20000_random_games_have_the_same_extreme_equilibria(kind: str) -> None:
    for pair in draw(kind, 20_000, seed=20_000):
        agrees(pair)


@needs_lrsnash
@pytest.mark.parametrize("record", TWO_PLAYERS, ids=lambda record: record.name)
def test_the_catalogue_lists_what_lrsnash_finds(record: NamedGame) -> None:
    """It finds the same with the players' seats changed."""
    row, column = record.payoffs
    found = extreme_equilibria(row, column)
    assert len(found) == record.count
    if record.equilibria:
        assert found == record.equilibria
    turned = [list(zip(*matrix, strict=True)) for matrix in (column, row)]
    assert swapped(extreme_equilibria(*turned)) == found


def test_payoffs_that_lrsnash_would_silently_change_are_not_asked() -> None:
    assert as_text([[1, Fraction(2, 3)]], [[0, -1]]) == "1 2\n\n1 2/3\n\n0 -1\n"
    for beyond in (LARGEST + 1, -LARGEST - 1, Fraction(1, LARGEST + 1)):
        with pytest.raises(AssertionError):
            as_text([[beyond]], [[0]])


def test_an_answer_is_read_block_by_block() -> None:
    zero, half, one = Fraction(0), Fraction(1, 2), Fraction(1)
    text = """*lrsnash
2  1  0 -3
2  1/2  1/2  3
1  0  1  0  3

1  1  0  0  8/3
2  0  1  4

*Number of equilibria found: 3
"""
    assert parse(text, 3, 2) == {
        ((zero, one, zero), (one, zero)),
        ((zero, one, zero), (half, half)),
        ((one, zero, zero), (zero, one)),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 1 0 3\n1 1 0 3\n",  # no count
        "2 1 0 3\n1 1 0 3\n\n*Number of equilibria found: 2\n",
        "2 1 0 0 3\n1 1 0 3\n\n*Number of equilibria found: 1\n",  # too long
        "3 1 0 3\n\n*Number of equilibria found: 0\n",  # no such player
    ],
)
def test_an_answer_that_is_not_understood_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match="lrsnash's answer"):
        parse(text, 2, 2)
