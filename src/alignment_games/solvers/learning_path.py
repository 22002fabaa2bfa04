"""A path of learning, with what is and what is not proved of its limit."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._numeric import decimal_text
from .._typing import FloatArray, Profile, Vector
from ..errors import GameError
from ..games import NormalFormGame
from .certify import verify
from .result import Solution

__all__ = ["LearningPath", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearningPath:
    """A path of learning, its time average, and what is proved.

    Paths hold arrays, so that two of them are equal only if they are the same object.

    Attributes
    ----------
    game : NormalFormGame
    method : str
        ``nashpy-fictitious-play``, ``nashpy-stochastic-fictitious-play`` or
        ``nashpy-replicator``.
    times : ndarray, shape (n_points,)
        Numbers of steps played, or points of time.
    path : tuple of ndarray, shape (n_points, n_strategies), one a player
        Fictitious play: how often each strategy was played up to then, as shares. Replicator:
        shares of the population at that time.
    average : tuple of vectors, one a player
        The time average of play, over all steps or from the first to the last time. Fractions
        in fictitious play of an exact game.
    last : tuple of vectors, one a player
        What is played at the end.
    regret, last_regret : tuple of numbers, one a player
        What each player could gain by deviating from `average` and from `last`, computed from the
        game in rational arithmetic, then rounded if there are floats.
    limit : tuple of str or None
        The profile that is proved to be played in every later step, a strict equilibrium; None if
        nothing is proved about the limit.
    seed : int or None
        What repeats the run as `rng`; None if nothing is drawn.
    """

    game: NormalFormGame = field(repr=False)
    method: str
    times: FloatArray = field(repr=False)
    path: tuple[FloatArray, ...] = field(repr=False)
    average: Profile
    last: Profile
    regret: Vector
    last_regret: Vector
    limit: tuple[str, ...] | None
    seed: int | None

    @property
    def is_equilibrium(self) -> bool:
        """Whether the time average is exactly an equilibrium."""
        return not any(self.regret)

    @property
    def message(self) -> str:
        """What is proved, in words."""
        worst = decimal_text(max(self.regret))
        if self.limit is not None:
            return (
                f"Proved: every later step plays {', '.join(self.limit)}, a strict equilibrium, "
                f"to which the average converges. So far its regret is {worst}."
            )
        if self.is_equilibrium:
            return (
                "The average is exactly an equilibrium; that it stays one is not proved, nor is "
                "that play converges."
            )
        return f"The average is no equilibrium: its regret is {worst}. No limit is proved."

    def distance(self, solution: Solution) -> float:
        """Return how far the average is from the nearest equilibrium that a solution lists.

        Parameters
        ----------
        solution : Solution
            Of the same game.

        Returns
        -------
        float
            The largest difference between probabilities; infinite if none is listed.

        Raises
        ------
        GameError
            If it is no solution, or that of another game.
        """
        unchecked: object = solution
        if not isinstance(unchecked, Solution):
            msg = f"`solution` must be a Solution, got {type(solution).__name__}"
            raise GameError(msg)
        if solution.game != self.game:
            msg = "`solution` must be one of the game that was learned"
            raise GameError(msg)
        return min(
            (
                max(
                    abs(float(a) - float(b))
                    for own, other in zip(self.average, equilibrium.profile, strict=True)
                    for a, b in zip(own, other, strict=True)
                )
                for equilibrium in solution.equilibria
            ),
            default=float("inf"),
        )

    def __str__(self) -> str:
        shown = "; ".join(
            f"{player}: {', '.join(decimal_text(p, 3) for p in own)}"
            for player, own in zip(self.game.players, self.average, strict=True)
        )
        return f"{self.method}, {decimal_text(float(self.times[-1]))}: {shown}. {self.message}"


def recorded(
    stage: NormalFormGame,
    method: str,
    times: FloatArray,
    path: tuple[FloatArray, ...],
    average: Profile,
    last: Profile,
    *,
    limit: tuple[str, ...] | None,
    seed: int | None,
) -> LearningPath:
    """Return the path with its regrets; its arrays are made read-only."""
    for array in (times, *path):
        array.flags.writeable = False
    return LearningPath(
        game=stage,
        method=method,
        times=times,
        path=path,
        average=average,
        last=last,
        regret=verify(stage, average),
        last_regret=verify(stage, last),
        limit=limit,
        seed=seed,
    )
