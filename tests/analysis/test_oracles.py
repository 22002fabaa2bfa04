"""The tests' own solvers agree with the package's on random and tie-heavy games."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag

Vector = dict[str, Fraction]
Draw = Callable[[str, int, int], list[Vector]]


@pytest.mark.parametrize("kind", ["prior", "domain", "ties"])
def test_solvers_agree(
    model: ag.models.AlignmentModel,
    draw: Draw,
    equilibria: Callable[..., set[Any]],
    perfect_paths: Callable[..., set[tuple[int, int]]],
    kind: str,
) -> None:
    postures, answers = model.strategies
    mixed = several = 0
    for values in draw(kind, 700, 1):
        game = model.game(values)
        own, other = game.exact_payoffs.tolist()
        nash = ag.solve(game)
        assert {eq.profile for eq in nash.equilibria} == equilibria(own, other)
        assert len(nash.equilibria) == len(equilibria(own, other))
        assert nash.max_regret == 0
        spe = ag.solve(model.tree(values))
        found = {(postures.index(a), answers.index(c)) for a, c in (e.path for e in spe.equilibria)}
        assert found == perfect_paths(own, other)
        mixed += any(not eq.is_pure for eq in nash.equilibria)
        several += len(nash.equilibria) > 1
    assert mixed > 10
    assert several > 5
