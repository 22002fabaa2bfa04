"""Learning in stage games by nashpy's fictitious play, and when its limit is proved.

Nashpy draws from NumPy's global generator. Its state is put back after each run, and a seed of
our own is set before: nothing leaks, and a run can be repeated.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text
from .._typing import FloatArray, Number, Vector
from ..errors import GameError, ParameterError, WorkLimitError, whole
from ..games import NormalFormGame, RepeatedGame
from ._learning import MAX_STEPS, learned_stage, positive
from .learning_path import LearningPath, recorded

__all__ = ["fictitious_play"]

_EXACT_FLOATS = 2**53  # integers below it are floats, and their sums are exact
_SEEDS = 2**32
_LARGEST_EXPONENT = 600  # exp(709) is the last that is a float
_GLOBAL_STATE = threading.Lock()


def fictitious_play(
    game: NormalFormGame | RepeatedGame,
    *,
    steps: int = 1000,
    noise: Number | None = None,
    shock: Number | None = None,
    start: Sequence[Sequence[int]] | Mapping[str, Sequence[int]] | None = None,
    rng: np.random.Generator | int | None = None,
) -> LearningPath:
    """Let two players reply to how often the other has played each strategy so far.

    Parameters
    ----------
    game : NormalFormGame or RepeatedGame
        Two players; of a repeated game the stage game.
    steps : int, optional
        Number of plays, up to 1,000,000.
    noise : number, optional
        By default replies are best replies [1]_, drawn evenly among several. With noise it is
        stochastic fictitious play [2]_: replies are drawn with probabilities proportional to
        ``exp(payoff / noise)``, in utility units.
    shock : number, optional
        Only with `noise`: the largest shock, drawn evenly from 0 on, that is added to each
        payoff before; a tenth of `noise` by default.
    start : sequence or mapping of sequences of int, one a player, optional
        How often each strategy counts as played before the first step; never by default.
    rng : Generator or int, optional
        Source of randomness, or its seed below 2**32; by default a new one.

    Returns
    -------
    LearningPath
        Payoffs are passed to nashpy [3]_ as integers where these are small enough, so that ties
        are ties. Then, and without noise, a strict equilibrium that is played is played for
        ever after, which is reported as the `limit`: it was a best reply to what was counted
        before, and is the only one to itself.

    Raises
    ------
    GameError
        If the game does not have two players, or `start` does not hold whole numbers from 0 on
        for each strategy.
    ParameterError
        If `steps` or `rng` are out of range, `noise` is not above 0 or `shock` below it.
    WorkLimitError
        If `shock` is more than 600 times `noise`, where exponentials overflow, or if against some
        play of the other every strategy may earn more than 600 times `noise` less than the best
        one does against another strategy, where they underflow.

    References
    ----------
    .. [1] G. W. Brown (1951), Iterative solution of games by fictitious play, in T. C. Koopmans
       (ed.), Activity Analysis of Production and Allocation, Wiley, 374-376.
    .. [2] J. Hofbauer and W. H. Sandholm (2002), On the global convergence of stochastic
       fictitious play, Econometrica 70, 2265-2294, doi:10.1111/1468-0262.00376.
    .. [3] V. Knight and J. Campbell (2018), Nashpy: A Python library for the computation of
       Nash equilibria, Journal of Open Source Software 3(30), 904, doi:10.21105/joss.00904.

    Examples
    --------
    >>> import alignment_games as ag
    >>> stag_hunt = ag.NormalFormGame.from_bimatrix([[5, 0], [4, 2]], [[5, 4], [0, 2]])
    >>> path = ag.solvers.fictitious_play(stag_hunt, steps=100, start=[[1, 1], [1, 1]], rng=1)
    >>> path.limit
    ('s2', 's2')
    >>> pennies = ag.NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> path = ag.solvers.fictitious_play(pennies, steps=2000, rng=1)
    >>> path.limit is None, path.distance(ag.solve(pennies)) < 0.05
    (True, True)
    """
    stage = learned_stage(game)
    count = whole("steps", steps, 1, MAX_STEPS)
    counts = _counts(stage, start)
    wobble, largest = _noise(noise, shock)
    seed = _seed(rng)
    tables, exact = _tables(stage, count + max(int(own.sum()) for own in counts))
    if wobble is not None:
        tables = _logit_tables(stage, wobble)
    totals = [np.empty((count + 1, size)) for size in stage.shape]
    mixtures: Sequence[FloatArray] = []
    with _seeded(seed):
        for k, (played, chances) in enumerate(_steps(tables, count, wobble, largest, counts)):
            mixtures = chances
            for own, now in zip(totals, played, strict=True):
                own[k] = now
    totals = [own - own[0] for own in totals]
    plays = tuple(tuple(int(n) for n in own[-1]) for own in totals)
    numbers: list[Vector] = [tuple(Fraction(n, count) for n in own) for own in plays]
    final = [own[-1] - own[-2] for own in totals] if wobble is None else list(mixtures)
    limit = None
    if wobble is None and exact:
        limit = _absorbed(stage, [int(own.argmax()) for own in final])
    steps_done = np.arange(1.0, count + 1)
    return recorded(
        stage,
        "nashpy-fictitious-play" if wobble is None else "nashpy-stochastic-fictitious-play",
        steps_done,
        tuple(own[1:] / steps_done[:, None] for own in totals),
        tuple(own if stage.exact else tuple(map(float, own)) for own in numbers),
        tuple(
            tuple(map(int, own)) if wobble is None and stage.exact else tuple(own.tolist())
            for own in final
        ),
        limit=limit,
        seed=seed,
    )


def _steps(
    tables: Sequence[FloatArray],
    count: int,
    noise: float | None,
    shock: float,
    counts: list[FloatArray],
) -> Iterator[tuple[Sequence[FloatArray], Sequence[FloatArray]]]:
    """Yield play counts and mixtures, those before the first step included."""
    from nashpy.learning.fictitious_play import fictitious_play as best_replies
    from nashpy.learning.stochastic_fictitious_play import stochastic_fictitious_play

    if noise is None:
        for played in best_replies(*tables, iterations=count, play_counts=counts):
            yield played, []
        return
    yield from stochastic_fictitious_play(
        *tables, iterations=count, etha=noise, epsilon_bar=shock, play_counts=counts
    )


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed NumPy's global generator, which nashpy uses, and put its state back afterwards.

    One run at a time; other threads that use the global generator meanwhile see the seed.
    """
    with _GLOBAL_STATE:
        state = np.random.get_state()  # noqa: NPY002 (nashpy's own source)
        np.random.seed(seed)  # noqa: NPY002
        try:
            yield
        finally:
            np.random.set_state(state)  # noqa: NPY002


def _tables(stage: NormalFormGame, weight: int) -> tuple[list[FloatArray], bool]:
    """Return payoffs for nashpy, and whether it adds them up exactly, `weight` times."""
    integers, _ = stage.integer_payoffs
    if max(abs(int(value)) for value in integers.flat) * weight < _EXACT_FLOATS:
        return [own.astype(np.float64) for own in integers], True
    return list(stage.payoffs), False


def _logit_tables(stage: NormalFormGame, noise: float) -> list[FloatArray]:
    """Return payoffs for nashpy's exponentials, the best reply to each strategy at 0.

    What is added to all payoffs against one strategy of the other does not change the rule.
    """
    tables = []
    for who, own in enumerate(stage.payoffs):
        with np.errstate(over="ignore"):  # a difference that is too large for floats is refused
            table = own - own.max(axis=who, keepdims=True)
        # Whatever the other mixes, some strategy earns no less than this.
        least = float(table.min(axis=1 - who).max())
        if -least > _LARGEST_EXPONENT * noise:
            msg = (
                f"`noise` must be at least a {_LARGEST_EXPONENT}th of {decimal_text(-least)}, what "
                f"{stage.players[who]!r} may forgo by every strategy, got {decimal_text(noise)}; "
                "without `noise` replies are best replies"
            )
            raise WorkLimitError(msg)
        tables.append(table)
    return tables


def _counts(stage: NormalFormGame, given: Any) -> list[FloatArray]:
    if given is None:
        return [np.zeros(size) for size in stage.shape]
    entries = [given.get(own) for own in stage.players] if isinstance(given, Mapping) else given
    counts = []
    try:
        for own, size in zip(entries, stage.shape, strict=True):
            numbers = [whole("start", n, 0, MAX_STEPS, error=GameError) for n in own]
            if len(numbers) != size:
                raise TypeError
            counts.append(np.array(numbers, dtype=np.float64))
    except (TypeError, ValueError) as error:
        if isinstance(error, GameError):
            raise
        sizes = " and ".join(map(str, stage.shape))
        msg = f"`start` must hold {sizes} counts of the players' strategies, got {given!r}"
        raise GameError(msg[:200]) from None
    return counts


def _noise(noise: Any, shock: Any) -> tuple[float | None, float]:
    if noise is None:
        if shock is not None:
            msg = f"`shock` is for play with `noise`, got {shock!r} without it"
            raise ParameterError(msg)
        return None, 0.0
    wobble = positive("noise", noise)
    largest = wobble / 10 if shock is None else positive("shock", shock, least="from 0 on")
    if largest > _LARGEST_EXPONENT * wobble:
        msg = f"`shock` must be at most {_LARGEST_EXPONENT} times `noise`, got {shock} and {noise}"
        raise WorkLimitError(msg)
    return wobble, largest


def _seed(rng: Any) -> int:
    if rng is None:
        rng = np.random.default_rng()
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(_SEEDS))
    return whole("rng", rng, 0, _SEEDS - 1, rule="None, a numpy.random.Generator or an integer")


def _absorbed(stage: NormalFormGame, profile: list[int]) -> tuple[str, ...] | None:
    """Return the names of a profile if it is a strict equilibrium."""
    for who, payoffs in enumerate(stage.exact_payoffs):
        others = tuple(slice(None) if k == who else own for k, own in enumerate(profile))
        levels = payoffs[others].tolist()
        mine = levels.pop(profile[who])
        if any(level >= mine for level in levels):
            return None
    return tuple(own[k] for own, k in zip(stage.strategies, profile, strict=True))
