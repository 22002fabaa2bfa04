"""Random vectors and independent solvers of the 3 x 2 game, for all tests of the analysis.

The solvers share no code with the package: equilibria of a game with two answers are read off the
upper envelope of the small state's payoffs over the probability of coercion.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import alignment_games as ag

Vector = dict[str, Fraction]
Rows = list[list[Any]]  # [posture][answer], exact numbers
Weights = tuple[Fraction, ...]


@pytest.fixture(scope="session")
def model() -> ag.models.AlignmentModel:
    return ag.models.alignment()


@pytest.fixture(scope="session")
def draw() -> Callable[[str, int, int], list[Vector]]:
    """``draw(kind, how_many, seed)`` with kind ``prior`` (F9), ``domain`` or ``ties``."""
    return _draw


def _draw(kind: str, how_many: int, seed: int) -> list[Vector]:
    rng = random.Random(seed)
    vectors = []
    for _ in range(how_many):
        vector = {}
        for name, p in ag.models.alignment().parameters.items():
            if kind == "ties":
                vector[name] = rng.choice([Fraction(0), Fraction(1, 2), Fraction(1)])
                continue
            span = p.usual if kind == "prior" else p.domain
            upper = Fraction(3) if span.upper is None else span.upper
            share = Fraction(rng.randint(0, 1000), 1000)
            vector[name] = span.lower + (upper - span.lower) * share
        if kind == "ties":
            vector["support_effect"] = min(vector["support_effect"], vector["coercion_success"])
        else:
            vector["support_effect"] *= vector["coercion_success"]
        if kind == "prior":
            vector["autonomy_hedge"] = Fraction(1)
        vectors.append(vector)
    return vectors


@pytest.fixture(scope="session")
def equilibria() -> Callable[[Rows, Rows], set[tuple[Weights, Weights]]]:
    """``equilibria(own, other)``: all extreme equilibria of an m x 2 game."""
    return _equilibria


def _equilibria(own: Rows, other: Rows) -> set[tuple[Weights, Weights]]:
    rows = range(len(own))
    gain = [v[1] - v[0] for v in other]  # of coercing each posture

    # Mixtures over postures at which the hegemon's best replies can change, with those replies.
    mixtures: list[tuple[dict[int, Any], set[int]]] = [
        ({i: 1}, {1} if gain[i] > 0 else {0} if gain[i] < 0 else {0, 1}) for i in rows
    ]
    mixtures += [
        ({i: abs(gain[j]), j: abs(gain[i])}, {0, 1})
        for i in rows
        for j in rows
        if i < j and gain[i] * gain[j] < 0
    ]
    # Threats at which the small state's best postures can change, with those postures.
    threats: list[tuple[tuple[Any, Any], set[int]]] = [
        ((1, 0), _best(own, (1, 0))),
        ((0, 1), _best(own, (0, 1))),
    ]
    for i in rows:
        for j in rows:
            calm, harsh = own[i][0] - own[j][0], own[i][1] - own[j][1]
            if calm > 0 > harsh:
                crossing = (-harsh, calm)
                best = _best(own, crossing)
                if i in best:
                    threats.append((crossing, best))
    found = set()
    for mixture, replies in mixtures:
        for threat, best in threats:
            answers = {k for k in (0, 1) if threat[k]}
            if set(mixture) <= best and answers <= replies:
                total, whole = sum(mixture.values()), sum(threat)
                found.add(
                    (
                        tuple(Fraction(mixture.get(i, 0)) / total for i in rows),
                        tuple(Fraction(t) / whole for t in threat),
                    )
                )
    return found


def _best(own: Rows, weights: tuple[Any, Any]) -> set[int]:
    values = [v[0] * weights[0] + v[1] * weights[1] for v in own]
    top = max(values)
    return {i for i, value in enumerate(values) if value == top}


@pytest.fixture(scope="session")
def perfect_paths() -> Callable[[Rows, Rows], set[tuple[int, int]]]:
    """``perfect_paths(own, other)``: paths of all pure subgame-perfect equilibria."""
    return _perfect_paths


def _perfect_paths(own: Rows, other: Rows) -> set[tuple[int, int]]:
    plans: list[tuple[int, ...]] = [()]
    for reply in other:
        plans = [(*plan, k) for plan in plans for k in (0, 1) if reply[k] == max(reply)]
    paths = set()
    for plan in plans:
        values = [own[i][k] for i, k in enumerate(plan)]
        paths |= {(i, plan[i]) for i, value in enumerate(values) if value == max(values)}
    return paths
