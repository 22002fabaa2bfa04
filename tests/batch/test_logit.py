"""Many logit equilibria at once: those of `quantal`, with errors that hold."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.batch import BatchStatus, LogitEquilibria, logit
from alignment_games.errors import GameError, ParameterError
from alignment_games.solvers import quantal

from .test_bimatrix import KINDS, stacked

OK, DEGENERATE, RESOLVED = BatchStatus.OK, BatchStatus.DEGENERATE, BatchStatus.RESOLVED
SIZES = list(itertools.product(range(1, 5), repeat=2))


def precisions(a: FloatArray, b: FloatArray, seed: int = 0) -> FloatArray:
    """Draw precisions from far below to far above 1, in units of the games' payoff differences."""
    spread = np.maximum(np.ptp(a, axis=(1, 2)), np.ptp(b, axis=(1, 2)))
    spread[spread == 0] = 1.0
    drawn: FloatArray = 10 ** np.random.default_rng(seed).uniform(-1, 2, len(a)) / spread
    return drawn


def agree(a: FloatArray, b: FloatArray, answer: LogitEquilibria) -> None:
    """Compare proved equilibria with those that `quantal` follows in small steps."""
    for k in np.flatnonzero(answer.status == OK).tolist():
        game = NormalFormGame.from_bimatrix(a[k], b[k])
        solution = quantal(game, float(answer.precision[k]))
        assert len(solution) == 1, (a[k], b[k], answer.precision[k])
        for ours, theirs in zip(
            (answer.row[k], answer.column[k]), solution.equilibria[0].profile, strict=True
        ):
            apart = np.abs(ours - np.array(theirs, float)).max()
            assert apart <= answer.error[k] + 1e-6, (a[k], b[k], answer.precision[k])
        np.testing.assert_allclose(
            answer.regret[k], np.array(solution.equilibria[0].regret, float), rtol=1e-4, atol=1e-6
            * max(np.ptp(a[k]), np.ptp(b[k])),
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_class_has_the_equilibria_of_the_solver_of_single_games(kind: str) -> None:
    proved = total = 0
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 6)
        answer = logit(a, b, precision=precisions(a, b))
        agree(a, b, answer)
        proved += int((answer.status == OK).sum())
        total += len(a)
        assert (answer.residual[answer.status == OK] <= 1e-6).all()
        assert (answer.error[answer.status == OK] <= 1e-6).all()
    assert proved > total // 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_20000_games_of_each_class(kind: str) -> None:
    for m, n in SIZES:
        a, b = stacked(kind, m, n, 20_000 // len(SIZES), seed=1)
        agree(a, b, logit(a, b, precision=precisions(a, b, seed=1)))
