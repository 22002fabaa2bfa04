"""What noisy agents play: choice probabilities from expected payoffs, in floats and in balls.

An agent plays the action whose payoff plus a disturbance is largest. Disturbances of one agent
are independent; times the precision they have, for ``logit``, the standard Gumbel distribution
and, for ``probit``, the standard normal one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .._balls import Ball, integral, normal_cdf
from .._typing import FloatArray

__all__ = ["NOISES", "log_responses", "response_balls"]

NOISES = ("logit", "probit")


def response_balls(utilities: Sequence[Ball], noise: str) -> list[Ball]:
    """Return the choice probabilities, enclosed.

    Parameters
    ----------
    utilities : sequence of balls
        Expected payoffs times the precision.
    noise : str
        One of `NOISES`.
    """
    if noise == "logit":
        odds = [[(other - own).exp() for other in utilities] for own in utilities]
        return [1 / sum(row) for row in odds]
    found = []
    for k, own in enumerate(utilities):
        leads = [own - other for j, other in enumerate(utilities) if j != k]
        if len(leads) < 2:
            # The difference of two disturbances has variance 2.
            found.append(normal_cdf(leads[0] / (own * 0 + 2).sqrt()) if leads else own * 0 + 1)
        else:
            found.append(integral(leads))
    return found


def log_responses(utilities: FloatArray, noise: str) -> tuple[FloatArray, FloatArray]:
    """Return the logarithms of the choice probabilities and their derivatives.

    Parameters
    ----------
    utilities : ndarray, shape (n_actions,)
        Expected payoffs times the precision.
    noise : str
        One of `NOISES`.

    Returns
    -------
    logs : ndarray, shape (n_actions,)
    slopes : ndarray, shape (n_actions, n_actions)
        Derivative of the logarithm in the row by the utility of the column.
    """
    if noise == "logit":
        shifted = utilities - utilities.max()
        logs = shifted - np.log(np.exp(shifted).sum())
        return logs, np.eye(len(logs)) - np.exp(logs)
    return _log_probit(utilities)


def _log_probit(utilities: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Integrate over the disturbance of each action in turn, by the trapezoidal rule.

    With n actions the integrand ``exp(f(t))`` is entire, and ``f`` is concave with a second
    derivative between -n and -1. With steps of 1 / (2 sqrt(n)) the rule is off by a share of
    about exp(-8 pi^2), and nine units from the top the integrand has fallen below 1e-17.
    """
    from scipy.special import log_ndtr

    count = len(utilities)
    logs, slopes = np.zeros(count), np.zeros((count, count))
    step = 1 / (2 * math.sqrt(count))
    offsets = np.arange(-9.0, 9.0 + step, step)
    for k in range(count):
        leads = np.delete(utilities[k] - utilities, k)
        if not len(leads):
            continue
        grid = _top(leads) + offsets
        shifted = grid[:, None] + leads
        below = log_ndtr(shifted)
        own = -(grid**2) / 2 + below.sum(axis=1)
        high = own.max()
        weights = np.exp(own - high)
        total = weights.sum()
        logs[k] = high + math.log(total * step / math.sqrt(2 * math.pi))
        ratios = np.exp(-(shifted**2) / 2 - below) / math.sqrt(2 * math.pi)
        rates = weights @ ratios / total
        slopes[k] = np.insert(-rates, k, rates.sum())
    return logs, slopes


def _top(leads: FloatArray) -> float:
    """Return where the integrand is largest, to a thousandth: its logarithm is concave."""
    from scipy.special import log_ndtr

    low, high = 0.0, max(0.0, float(-leads.min())) + len(leads)
    while high - low > 1e-3 * max(1.0, 1e-9 * high):
        middle = (low + high) / 2
        shifted = middle + leads
        slope = np.exp(-(shifted**2) / 2 - log_ndtr(shifted)).sum() / math.sqrt(2 * math.pi)
        low, high = (middle, high) if slope > middle else (low, middle)
    return (low + high) / 2
