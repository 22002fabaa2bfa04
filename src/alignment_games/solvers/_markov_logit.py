"""One Markov-perfect equilibrium: the branch of logit equilibria, followed and then polished.

At precision ``p`` each player plays in each state with probabilities proportional to ``exp(x)``;
``x`` of an action is ``p`` times its advantage (`._markov_system`) over the player's first action
there, whose ``x`` is 0. From precision 0 the curve of solutions ``(x, p)`` is followed by
arclength, because it may turn back: a step along the tangent, then Newton steps across it. Where
its play is nearly an equilibrium, Newton's method on the actions still in use finds the
equilibrium itself, which is then certified in rational arithmetic.

In games with symmetries or ties, curves cross, and the one that is followed may be lost there. It
is then followed anew with constants added to ``x``, which make play at precision 0 slightly
uneven: such curves cross for no constants but exceptional ones, and have the same limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._numeric import is_exact
from .._typing import BoolArray, FloatArray
from ..errors import WorkLimitError
from ..games import StochasticGame
from ._markov_system import System, stochastic_system
from ._markov_values import ExactRows, clean_strategies
from .markov_result import MarkovEquilibrium, MarkovSolution, recorded
from .result import Status

__all__ = ["MAX_ACTIONS", "followed"]

MAX_ACTIONS = 2_000
"""Largest number of actions, of all players in all states: a step solves so many equations."""

MAX_STEPS = 3_000
"""Steps after which the branch is left; a hundred are usual."""

_ALL_STEPS = 2  # as many times `MAX_STEPS` in all tries

_MAX_ENTRIES = 10**7
_ACCEPTED = Fraction(1, 10**9)  # largest one-shot gain, as a share of the range of payoffs
_NEAR = 1e-3  # gain below which play is polished
_AGAIN = 0.3  # how much smaller the gain is when it is tried again
_ENOUGH = 1e-12  # gain at which more precision changes nothing
_CLOSE = 0.1  # by how much polishing may change a probability
_USED = (1e-2, 1e-4, 1e-7)  # probabilities above which an action counts as in use
_SETTLED = 1e-7  # relative length of a Newton step that ends them
_NEWTON = 8  # Newton steps tried, across the branch or in polishing
_EASY = 3  # so few Newton steps call for a longer step
_SHORTEST = 1e-10
_FARTHEST = 1e18  # precision beyond which nothing changes: gains that are left are rounding
# Tries: the largest first correction, as a share of the step; the largest constant added to x.
_TRIES = ((0.4, 0.0), (0.05, 0.0), (0.4, 0.1), (0.05, 0.1), (0.4, 0.5), (0.05, 0.5))
_GOLDEN = 0.6180339887498949  # multiples of it, less their integers, spread evenly over (0, 1)
_CROSSING = 1e-6  # length at which a change of orientation means that branches cross
_TURN = 1.5  # largest inverse cosine between one tangent and the next
_DENOMINATOR = 10**6  # of rational probabilities that are tried


def followed(game: StochasticGame) -> MarkovSolution:
    """Find one equilibrium by following the logit branch."""
    actions = sum(sum(stage.shape) for stage in game.stages)
    entries = sum(stage.payoffs[0].size for stage in game.stages) * game.n_states
    if actions > MAX_ACTIONS or entries > _MAX_ENTRIES:
        msg = (
            f"the logit branch of {game.n_states} states has {actions} actions of all players and "
            f"{entries} transition probabilities; the limits are {MAX_ACTIONS} and "
            f"{_MAX_ENTRIES}. Leave out states or dominated strategies"
        )
        raise WorkLimitError(msg)
    # Where numbers leave the range of floats, steps are refused; that needs no warning.
    with np.errstate(over="ignore", invalid="ignore"):
        equilibrium, limited = _found(stochastic_system(game), ExactRows.of(game))
    status = Status.LIMIT if limited else Status.FAILED
    return MarkovSolution(
        game=game,
        concept="markov-perfect",
        method="logit-path",
        status=status if equilibrium is None else Status.PARTIAL,
        equilibria=() if equilibrium is None else (equilibrium,),
        exact=game.exact if equilibrium is None else is_exact(equilibrium.values[0][0]),
        parameters={"method": "logit"},
    )


def _found(system: System, rows: ExactRows) -> tuple[MarkovEquilibrium | None, bool]:
    """Return an equilibrium, if one is found, and whether the limit of steps was reached."""
    left = _ALL_STEPS * MAX_STEPS
    limited = False
    for radius, uneven in _TRIES:
        wanted = _NEAR
        steps = 0
        for play, gain in _branch(system, radius, uneven):
            steps += 1
            if gain < wanted:
                equilibrium = _polished(system, rows, play)
                if equilibrium is not None:
                    return equilibrium, False
                wanted = _AGAIN * gain
            if gain < _ENOUGH:
                break
        limited = steps > MAX_STEPS
        left -= steps
        if left <= 0:
            return None, True
    return None, limited


def _branch(system: System, radius: float, uneven: float) -> Iterator[tuple[FloatArray, float]]:
    """Yield play and its largest one-shot gain along the branch, until it is lost.

    Along a regular branch the equations and the tangent keep the sign of their determinant. A step
    after which it differs has strayed to a part that leads elsewhere, or back: a shorter one is
    tried, until it is so short that another branch must cross here.
    """
    size = int((system.sizes - 1).sum())
    last = np.append(np.zeros(size), 1.0)
    start: FloatArray = uneven * (2 * (np.arange(1.0, size + 1) * _GOLDEN % 1) - 1)
    point, tangent = np.append(start, 0.0), last
    play, levels, _, jacobian = _equations(system, point, start)
    orientation, (ahead,) = _solved(np.vstack([jacobian, tangent]), last)
    if ahead is None:
        return
    tangent = ahead / float(np.linalg.norm(ahead))
    length = 0.1
    for _ in range(MAX_STEPS + 1):
        yield play, float(levels.max())
        while True:
            guess = point + length * tangent
            found = _corrected(system, guess, tangent, radius * length, start)
            crossing = length < _CROSSING * (1 + np.abs(point).max())
            # The tangent found has a component of 1 along the old one.
            if (
                found is not None
                and np.linalg.norm(found.ahead) < _TURN
                and (found.sign == orientation or crossing)
            ):
                break
            length /= 3
            if length < _SHORTEST * (1 + np.abs(point).max()):
                return
        if np.abs(found.point).max() > _FARTHEST:
            return
        point, orientation, play, levels = found.point, found.sign, found.play, found.levels
        tangent = found.ahead / float(np.linalg.norm(found.ahead))
        if found.steps <= _EASY:
            length *= 2


def _equations(
    system: System, point: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return play, advantages, the residual of the branch's equations, and its derivatives."""
    blocks = system.blocks
    free = np.ones(len(blocks), dtype=bool)
    free[system.starts] = False
    base = system.starts[blocks[free]]
    precision = point[-1]
    x = np.zeros(len(blocks))
    x[free] = point[:-1]
    weights = np.exp(x - np.maximum.reduceat(x, system.starts)[blocks])
    play = weights / np.add.reduceat(weights, system.starts)[blocks]
    found = system.advantages(play, derivatives=True)
    more = found.levels[free] - found.levels[base]
    slopes = found.jacobian[free] - found.jacobian[base]
    slopes *= play
    slopes -= np.add.reduceat(slopes, system.starts, axis=1)[:, blocks] * play
    jacobian = np.empty((len(more), len(more) + 1))
    jacobian[:, :-1] = np.eye(len(more)) - precision * slopes[:, free]
    jacobian[:, -1] = -more
    residual = np.asarray(point[:-1] - start - precision * more, dtype=np.float64)
    return play, found.levels, residual, jacobian


def _solved(matrix: FloatArray, *rights: FloatArray) -> tuple[float, list[FloatArray | None]]:
    """Return the sign of the determinant and the solutions, None where there is none.

    By loops of one thread: LAPACK's, with threads, takes a hundred times longer on a busy machine.
    """
    from ._kernels.quantal_system import factor, solve

    factors = matrix.copy()
    rows = np.empty(len(matrix), dtype=np.int64)
    sign = factor(factors, rows, np.empty(len(matrix)))
    found: list[FloatArray | None] = [None] * len(rights)
    if sign != 0.0:
        for k, right in enumerate(rights):
            solution = np.empty(len(right))
            solve(factors, rows, right, solution)
            found[k] = solution if np.isfinite(solution).all() else None
    return sign, found


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A point of the branch.

    Attributes
    ----------
    point : ndarray, shape (n + 1,)
    steps : int
        Newton steps that were needed.
    play, levels : ndarray
        Play there and its advantages.
    sign : float
        Sign of the determinant of the equations and the old tangent.
    ahead : ndarray, shape (n + 1,)
        The new tangent, with a component of 1 along the old one.
    """

    point: FloatArray
    steps: int
    play: FloatArray
    levels: FloatArray
    sign: float
    ahead: FloatArray


def _corrected(
    system: System, guess: FloatArray, tangent: FloatArray, radius: float, start: FloatArray
) -> _Corrected | None:
    """Return the point of the branch across the tangent from `guess`, None if it is not near.

    The factors that find the last step, which changes nothing, give the new tangent too.
    """
    point = guess
    allowed = radius
    last = np.append(np.zeros(len(point) - 1), 1.0)
    for steps in range(1, _NEWTON + 1):
        play, levels, residual, jacobian = _equations(system, point, start)
        sign, (move, ahead) = _solved(
            np.vstack([jacobian, tangent]), np.append(-residual, 0.0), last
        )
        if (
            move is None
            or ahead is None
            or np.linalg.norm(move) > allowed
            or point[-1] + move[-1] < 0
        ):
            return None
        allowed = float(np.linalg.norm(move)) / 2
        point = point + move
        if np.abs(move).max() <= _SETTLED * (1 + np.abs(point).max()):
            return _Corrected(point, steps, play, levels, sign, ahead)
    return None


def _polished(system: System, rows: ExactRows, play: FloatArray) -> MarkovEquilibrium | None:
    """Return a certified equilibrium near `play`, or None."""
    for least in _USED:
        near = _equalized(system, play, play > least)
        if near is None or np.abs(near - play).max() > _CLOSE:
            continue
        if system.advantages(near, derivatives=False).levels.max() > float(_ACCEPTED):
            continue
        equilibrium = _certified(system, rows, near)
        if equilibrium is not None:
            return equilibrium
    return None


def _equalized(system: System, play: FloatArray, used: BoolArray) -> FloatArray | None:
    """Return play in which all actions in use are worth the same, by Newton's method."""
    blocks = system.blocks
    if not np.logical_or.reduceat(used, system.starts).all():
        return None
    near = np.where(used, play, 0.0)
    near /= np.add.reduceat(near, system.starts)[blocks]
    # The gains of a block average to zero, so one of its equations is superfluous: that of its most
    # likely action gives way to the sum of probabilities.
    sums = blocks[used][:, None] == blocks[used]
    replaced = _likeliest(system, near)[used]
    if used.sum() == len(system.sizes):
        return near  # pure
    for _ in range(_NEWTON):
        found = system.advantages(near, derivatives=True)
        matrix = np.where(replaced[:, None], sums, found.jacobian[np.ix_(used, used)])
        right = np.where(replaced, 1 - sums @ near[used], -found.levels[used])
        _, (move,) = _solved(matrix, right)
        if move is None or np.abs(move).max() > 1:  # ties: any solution will do
            move = np.linalg.lstsq(matrix, right, rcond=1e-12)[0]
        near[used] += move
        if not np.isfinite(near).all() or near.min() < -_CLOSE:
            return None
        if np.abs(move).max() < 1e-14:
            break
    if near.min() < -1e-12:
        return None
    return np.maximum(near, 0.0)


def _likeliest(system: System, play: FloatArray) -> BoolArray:
    """Mark the most likely action of each block."""
    marked = np.zeros(len(play), dtype=bool)
    for start, size in zip(system.starts.tolist(), system.sizes.tolist(), strict=True):
        marked[start + int(play[start : start + size].argmax())] = True
    return marked


def _certified(system: System, rows: ExactRows, play: FloatArray) -> MarkovEquilibrium | None:
    """Return the record of `play`, or of rational play beside it, if its gains are small enough."""
    game = rows.game
    vectors = [
        [play[start : start + size].tolist() for start, size in zip(starts, sizes, strict=True)]
        for starts, sizes in zip(
            system.starts.reshape(game.n_players, -1).T.tolist(),
            system.sizes.reshape(game.n_players, -1).T.tolist(),
            strict=True,
        )
    ]
    rational = [
        [[Fraction(p).limit_denominator(_DENOMINATOR) for p in vector] for vector in own]
        for own in vectors
    ]
    if all(sum(vector) == 1 for own in rational for vector in own):
        worth = rows.worth(rational)
        if worth.is_perfect:
            return recorded(game, rational, worth, exact=game.exact)
    distributions, _ = clean_strategies(game, vectors)
    worth = rows.worth(distributions)
    for who in range(game.n_players):
        payoffs = [u for stage in game.stages for u in stage.exact_payoffs[who].flat]
        allowed = _ACCEPTED * (max(payoffs) - min(payoffs))
        if any(own[who] > allowed for own in worth.gains):
            return None
    return recorded(game, vectors, worth, exact=False)
