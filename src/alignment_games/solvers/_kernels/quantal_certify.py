"""Certificates of logit equilibria, computed from the payoffs alone."""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray
from . import compiled

__all__ = ["certificates"]


@compiled
def certificates(
    gains: FloatArray, payoffs: FloatArray, sizes: IntArray, starts: IntArray, points: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return probabilities, residuals, regrets and payoffs, one row a point.

    It shares no step with `trace`: every expected payoff is a sum over pure profiles. `gains`
    are the payoffs that were traced (their unit is that of the precision), `payoffs` the game's.
    """
    players = sizes.shape[0]
    n = starts[players]
    chances = np.empty((points.shape[0], n))
    residuals = np.zeros(points.shape[0])
    regrets = np.zeros((points.shape[0], players))
    expected = np.zeros((points.shape[0], players))
    values = np.empty(n)
    digits = np.empty(players, np.int64)
    for row in range(points.shape[0]):
        own = chances[row]
        for i in range(players):
            total = 0.0
            for a in range(starts[i], starts[i + 1]):
                own[a] = np.exp(points[row, a])
                total += own[a]
            for a in range(starts[i], starts[i + 1]):
                own[a] /= total
        values[:] = 0.0
        digits[:] = 0
        for s in range(gains.shape[1]):
            for i in range(players):
                weight = 1.0
                for m in range(players):
                    if m != i:
                        weight *= own[starts[m] + digits[m]]
                a = starts[i] + digits[i]
                values[a] += weight * gains[i, s]
                expected[row, i] += weight * own[a] * payoffs[i, s]
            m = players - 1
            while m >= 0:
                digits[m] += 1
                if digits[m] < sizes[m]:
                    break
                digits[m] = 0
                m -= 1
        for i in range(players):
            best = -np.inf
            for a in range(starts[i], starts[i + 1]):
                best = max(best, values[a])
            total, mean = 0.0, 0.0
            for a in range(starts[i], starts[i + 1]):
                total += np.exp(points[row, n] * (values[a] - best))
                mean += own[a] * (best - values[a])
            for a in range(starts[i], starts[i + 1]):
                reply = np.exp(points[row, n] * (values[a] - best)) / total
                residuals[row] = max(residuals[row], abs(own[a] - reply))
            regrets[row, i] = mean
    return chances, residuals, regrets, expected
