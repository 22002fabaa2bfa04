"""All equilibria of several players against searches that share nothing with the solver.

The first runs Newton's method from many random starts on the conditions of every support; it
proves nothing, but what it finds must be in the answer. The second is Gambit's enumpoly, run in
another process because it cannot be interrupted, by the Python that the environment variable
ALIGNMENT_GAMES_PYGAMBIT_PYTHON names or else this one; its answers are often incomplete, so it may
only return fewer.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from alignment_games import NormalFormGame
from alignment_games._typing import FloatArray
from alignment_games.solvers import Status, nash_nplayer

CLASSES = [(2, 2, 2), (3, 2, 2), (3, 3, 2), (3, 3, 3), (2, 2, 2, 2), (3, 2, 2, 2)]


def ours(game: NormalFormGame) -> list[FloatArray]:
    solution = nash_nplayer(game)
    assert solution.status is Status.COMPLETE
    return [np.array([float(p) for own in eq.profile for p in own]) for eq in solution.equilibria]


def found_in(profile: FloatArray, others: list[FloatArray], tolerance: float = 1e-6) -> bool:
    return any(bool(np.abs(profile - other).max() < tolerance) for other in others)


# Newton's method from many starts


def levels(payoffs: FloatArray, mixed: list[FloatArray], who: int, but: int = -1) -> FloatArray:
    """What each strategy of `who` earns, for many profiles at once: (starts, strategies).

    With `but`, that player's strategy is left open: (starts, strategies, its strategies).
    """
    table = np.moveaxis(payoffs[who], who, 0)
    letters = "abcdefg"[: len(mixed)]
    axes = letters[who] + letters[:who] + letters[who + 1 :]
    others = [j for j in range(len(mixed)) if j not in {who, but}]
    inputs = ",".join([axes, *("z" + letters[j] for j in others)])
    out = "z" + letters[who] + (letters[but] if but >= 0 else "")
    result: FloatArray = np.einsum(f"{inputs}->{out}", table, *(mixed[j] for j in others))
    return result


def newton(payoffs: FloatArray, supports: Any, rng: Any, starts: int) -> Iterator[FloatArray]:
    """Solve for the weights and levels of a support; keep what is an equilibrium."""
    n = len(supports)
    shape = payoffs.shape[1:]
    mixed = []
    for size, own in zip(shape, supports, strict=True):
        vectors = np.zeros((starts, size))
        vectors[:, own] = rng.dirichlet(np.ones(len(own)), starts)
        mixed.append(vectors)
    worth = [levels(payoffs, mixed, k)[:, own].mean(axis=1) for k, own in enumerate(supports)]
    first = np.concatenate([[0], np.cumsum([len(own) for own in supports])])
    total = int(first[-1])
    for _ in range(18):
        residual = np.zeros((starts, total + n))
        jacobian = np.zeros((starts, total + n, total + n))
        for k, own in enumerate(supports):
            rows = slice(first[k], first[k + 1])
            residual[:, rows] = levels(payoffs, mixed, k)[:, own] - worth[k][:, None]
            jacobian[:, rows, total + k] = -1
            residual[:, total + k] = mixed[k].sum(axis=1) - 1
            jacobian[:, total + k, rows] = 1
            for j, other in enumerate(supports):
                if j != k:
                    slope = levels(payoffs, mixed, k, but=j)
                    jacobian[:, rows, first[j] : first[j + 1]] = slope[:, own][:, :, other]
        step = np.einsum("zab,zb->za", np.linalg.pinv(jacobian, rcond=1e-12), residual)
        step *= np.minimum(1, 2 / np.abs(step).max(axis=1, keepdims=True).clip(1e-300))
        for k, own in enumerate(supports):
            mixed[k][:, own] -= step[:, first[k] : first[k + 1]]
            worth[k] = worth[k] - step[:, total + k]
    good = (np.abs(residual).max(axis=1) < 1e-10) & (np.abs(step).max(axis=1) < 1e-9)
    for k in range(n):
        good &= (mixed[k] > -1e-9).all(axis=1)
        earned = levels(payoffs, mixed, k)
        good &= earned.max(axis=1) - (earned * mixed[k]).sum(axis=1) < 1e-9
    yield from np.concatenate(mixed, axis=1)[good]


def nothing_else_is_found(game: NormalFormGame, seed: int, starts: int = 8) -> int:
    rng = np.random.default_rng(seed)
    known = ours(game)
    found = 0
    subsets = [
        [
            list(own)
            for count in range(1, size + 1)
            for own in itertools.combinations(range(size), count)
        ]
        for size in game.shape
    ]
    for supports in itertools.product(*subsets):
        sizes = [len(own) - 1 for own in supports]
        if any(2 * size > sum(sizes) for size in sizes):
            continue  # more conditions on the others than they have weights: none by chance
        for profile in newton(game.payoffs, supports, rng, starts):
            found += 1
            assert found_in(profile, known), (supports, profile)
    return found


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        ((2, 2, 2), 12),
        ((3, 2, 2), 4),
        ((3, 3, 2), 2),
        ((3, 3, 3), 1),
        ((2, 2, 2, 2), 2),
        ((3, 2, 2, 2), 1),
    ],
)
def test_newtons_method_finds_nothing_else(shape: tuple[int, ...], count: int) -> None:
    rng = np.random.default_rng(shape)
    for k in range(count):
        game = NormalFormGame(rng.random((len(shape), *shape)))
        assert nothing_else_is_found(game, k) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("shape", CLASSES)
def test_newtons_method_finds_nothing_else_in_200_games(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([200, *shape])
    for k in range(200):
        nothing_else_is_found(NormalFormGame(rng.random((len(shape), *shape))), k, starts=20)


# Gambit's enumpoly

ENUMPOLY = """
import json, sys
import numpy as np, pygambit
make = getattr(pygambit, "StrategicGame", pygambit.Game).from_arrays  # 17, else 16
for line in sys.stdin:
    game = make(*[np.array(table) for table in json.loads(line)])
    found = []
    for profile in pygambit.nash.enumpoly_solve(game).equilibria:
        if hasattr(game, "get_strategies"):
            names = [(p, s) for p in game.players for s in game.get_strategies(p)]
            found.append([float(profile[p][s]) for p, s in names])
        else:
            found.append([float(profile[s]) for p in game.players for s in p.strategies])
    print(json.dumps(found), flush=True)
"""


@functools.cache
def gambit() -> str:
    """Return the interpreter that has pygambit, or skip."""
    python = os.environ.get("ALIGNMENT_GAMES_PYGAMBIT_PYTHON", sys.executable)
    probe = subprocess.run(
        [python, "-c", "import pygambit"], capture_output=True, check=False, timeout=60
    )
    if probe.returncode:
        pytest.skip(
            f"pygambit is not installed for {python}; "
            "set ALIGNMENT_GAMES_PYGAMBIT_PYTHON to one that has it"
        )
    return python


def enumpoly(games: list[NormalFormGame]) -> list[list[FloatArray]]:
    lines = "\n".join(json.dumps(game.payoffs.tolist()) for game in games)
    try:
        run = subprocess.run(
            [gambit(), "-c", ENUMPOLY],
            input=lines,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        text = run.stdout
    except subprocess.TimeoutExpired as expired:  # it hangs on some games: keep what came
        text = (expired.stdout or b"").decode()
    return [[np.array(p) for p in json.loads(line)] for line in text.splitlines()]


@pytest.mark.parametrize("shape", CLASSES)
def test_enumpoly_returns_nothing_that_is_not_found(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([7, *shape])
    games = [NormalFormGame(rng.integers(-99, 100, (len(shape), *shape))) for _ in range(10)]
    answers = enumpoly(games)
    assert answers
    for game, theirs in zip(games, answers, strict=False):
        mine = ours(game)
        assert all(found_in(profile, mine, 1e-4) for profile in theirs)
        assert len(theirs) <= len(mine)


@pytest.mark.slow
@pytest.mark.parametrize("shape", CLASSES)
def test_enumpoly_returns_nothing_else_in_200_games(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([8, *shape])
    games = [NormalFormGame(rng.integers(-999, 1000, (len(shape), *shape))) for _ in range(200)]
    for game, theirs in zip(games, enumpoly(games), strict=False):
        mine = ours(game)
        assert all(found_in(profile, mine, 1e-4) for profile in theirs)
