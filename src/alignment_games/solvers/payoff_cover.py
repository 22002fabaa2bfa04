"""Subgame-perfect payoffs without public lotteries: boxes around them, and many attained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .._numeric import decimal_text
from ..errors import GameError, WorkLimitError, whole
from ..games import Automaton, RepeatedGame
from ._attained_paths import Step, attained_steps
from ._cover import Cover, cover
from ._payoff_sets import check_two_players, payoff_pair
from ._polygons import Corner
from ._repeated_automata import punished, reduced
from ._self_generation import setting
from .one_shot import RepeatedPlay, verify_automaton
from .result import Status

__all__ = ["Box", "PayoffCover", "nearest_play", "payoff_cover"]

MAX_CELLS = 256

MAX_PROFILES = 100
"""Largest number of pure profiles."""

Box = tuple[Corner, Corner]
"""Lower left and upper right corner; the border belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffCover:
    """The subgame-perfect payoffs of a two-player repeated game without public lotteries.

    Every payoff in `attained` is one, no payoff outside `boxes` is: both are certified exactly.

    Attributes
    ----------
    game : RepeatedGame
    status : Status
        ``COMPLETE`` if `attained` is proved to be the whole set, ``NONE`` if it is proved that
        there is no equilibrium in pure strategies, otherwise ``PARTIAL``.
    boxes : tuple of pairs of pairs of Fraction
        Lower left and upper right corner of each. They are points if the status is ``COMPLETE``.
    attained : tuple of pairs of Fraction
        In increasing order.
    play : RepeatedPlay or None
        The automaton whose states have the payoffs `attained`, with its certificate; None if
        there is none.
    gap : float
        Not below the Hausdorff distance of `attained` from the union of boxes, hence from the
        set itself.
    cells : int
        Cells along each side of the grid.
    """

    game: RepeatedGame = field(repr=False)
    status: Status
    boxes: tuple[Box, ...] = field(repr=False)
    attained: tuple[Corner, ...] = field(repr=False)
    play: RepeatedPlay | None = field(repr=False)
    gap: float
    cells: int

    @property
    def method(self) -> str:
        """How it was found."""
        return "cell-elimination"

    def contains(self, payoff: Sequence[Any]) -> bool | None:
        """Tell whether a payoff is attained; None if that is not known.

        Raises
        ------
        GameError
            If it is not a pair of numbers.
        """
        point = payoff_pair(payoff)
        if point in self.attained:
            return True
        inside = any(
            all(a <= v <= b for a, v, b in zip(low, point, high, strict=True))
            for low, high in self.boxes
        )
        return None if inside else False

    def __str__(self) -> str:
        if self.status is Status.NONE:
            return "Proved: there is no subgame-perfect equilibrium in pure strategies."
        count = len(self.attained)
        if self.status is Status.COMPLETE:
            shown = " ".join(f"({decimal_text(a)}, {decimal_text(b)})" for a, b in self.attained)
            return f"Subgame-perfect payoffs without lotteries are exactly: {shown}"
        what = f"{count} payoffs are attained; all" if count else "All, if there are any,"
        return (
            f"Subgame-perfect payoffs without lotteries: {what} lie in {len(self.boxes)} boxes, "
            f"a gap of {decimal_text(self.gap, 3)}"
        )


def payoff_cover(game: RepeatedGame, *, cells: int = 64) -> PayoffCover:
    """Enclose the subgame-perfect payoffs without public lotteries, and attain many of them.

    Without lotteries the set need not be convex and may be scattered like dust. From all cells
    of a grid those are dropped that hold no payoff, as no profile and no cell that is left
    generate one [1]_; this is done in rational arithmetic. What is attained comes from cycles of
    few profiles that deter deviations by each other's worst payoffs, and from what may precede
    them, a payoff for each cell. All of it is one automaton, verified exactly.

    Parameters
    ----------
    game : RepeatedGame
        Two players, with equal or different discount factors.
    cells : int, optional
        Cells along each side of the grid. The gap shrinks about as one over it.

    Returns
    -------
    PayoffCover

    Raises
    ------
    GameError
        If there are not two players.
    ParameterError
        If `cells` is not a whole number from 2 to 256.
    WorkLimitError
        If there are more than 100 profiles.

    References
    ----------
    .. [1] D. Abreu, D. Pearce and E. Stacchetti (1990), Toward a theory of discounted repeated
       games with imperfect monitoring, Econometrica 58, 1041-1063, doi:10.2307/2938299.

    Examples
    --------
    A discount factor of 0.2 is too low for anything but defection, one of 0.6 is not:

    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(payoff_cover(ag.games.RepeatedGame(dilemma, discount=0.2)))
    Subgame-perfect payoffs without lotteries are exactly: (1, 1)
    >>> found = payoff_cover(ag.games.RepeatedGame(dilemma, discount=0.6))
    >>> found.contains((3, 3)), found.contains((1, 5))
    (True, False)
    """
    unchecked: object = game
    if not isinstance(unchecked, RepeatedGame):
        msg = f"`game` must be a RepeatedGame, got {type(game).__name__}"
        raise GameError(msg)
    check_two_players(game)
    side = whole("cells", cells, 2, MAX_CELLS)
    count = math.prod(game.stage.shape)
    if count > MAX_PROFILES:
        msg = (
            f"payoffs are covered up to {MAX_PROFILES} profiles, got {count}. Eliminate "
            "strategies first"
        )
        raise WorkLimitError(msg)
    view = setting(game)
    around = cover(view, side)
    if not around.profiles:
        return PayoffCover(
            game=game, status=Status.NONE, boxes=(), attained=(), play=None, gap=0.0, cells=side
        )
    steps = attained_steps(view, around)
    play = _machine(game, steps) if steps else None
    attained = () if play is None else tuple(sorted({(a, b) for a, b in play.values.values()}))
    if around.constants is not None and {own.payoffs for own in around.constants} == set(attained):
        boxes = tuple((own, own) for own in attained)
        status, gap = Status.COMPLETE, 0.0
    else:
        boxes = _boxes(around)
        status, gap = Status.PARTIAL, _gap(around, attained)
    return PayoffCover(
        game=game,
        status=status,
        boxes=boxes,
        attained=attained,
        play=play,
        gap=gap,
        cells=side,
    )


def nearest_play(result: PayoffCover, payoff: Sequence[Any]) -> RepeatedPlay:
    """Return subgame-perfect strategies without lotteries whose payoff is nearest to a given one.

    Parameters
    ----------
    result : PayoffCover
    payoff : pair of numbers
        A float stands for the shortest decimal that prints it.

    Returns
    -------
    RepeatedPlay
        Verified exactly; its `payoffs` say how near it is.

    Raises
    ------
    GameError
        If the payoff is not a pair of numbers, or none is attained.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> found = payoff_cover(ag.games.RepeatedGame(dilemma, discount=0.6))
    >>> print(nearest_play(found, (3, 3)).automaton)
    start: phase 1
    phase 1: s1, s1; then after s1, s1 phase 1; otherwise phase 2
    phase 2: s2, s2; then phase 2
    """
    unchecked: object = result
    if not isinstance(unchecked, PayoffCover):
        msg = f"`result` must be a PayoffCover, got {type(result).__name__}"
        raise GameError(msg)
    point = payoff_pair(payoff)
    if result.play is None:
        msg = "`result` must hold a payoff that is attained, got none"
        raise GameError(msg)
    values = result.play.values
    start = min(
        values,
        key=lambda own: sum((a - b) ** 2 for a, b in zip(values[own], point, strict=True)),
    )
    return reduced(result.play, [start])


def _machine(game: RepeatedGame, steps: Sequence[Step]) -> RepeatedPlay:
    names = [f"phase {k + 1}" for k in range(len(steps))]
    worst = [names[min(range(len(steps)), key=lambda k: steps[k].payoff[who])] for who in (0, 1)]
    play = {name: own.profile.positions for name, own in zip(names, steps, strict=True)}
    after = {
        name: punished(game, own.profile.positions, {names[own.after]: Fraction(1)}, worst)
        for name, own in zip(names, steps, strict=True)
    }
    verified = verify_automaton(game, Automaton(game.stage, play=play, after=after))
    if not verified.is_subgame_perfect:
        msg = "steps that deter deviations are subgame-perfect"
        raise AssertionError(msg)
    return verified


def _boxes(around: Cover) -> tuple[Box, ...]:
    """Return the cells as boxes, those above one another as one."""
    grid, found = around.grid, []
    highest = [grid.edge(who, grid.size - 1) for who in range(2)]
    for i, column in enumerate(around.cells):
        padded = np.concatenate([[False], column, [False]])
        changes = np.flatnonzero(padded[1:] != padded[:-1])
        for first, last in zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True):
            low = (grid.edge(0, i), grid.edge(1, first))
            right = min(grid.edge(0, i + 1), highest[0])
            found.append((low, (right, min(grid.edge(1, last), highest[1]))))
    return tuple(found)


def _gap(around: Cover, attained: Sequence[Corner]) -> float:
    """Return a bound of how far any point of the cells is from what is attained.

    A cell's farthest point from any payoff is a corner, and any payoff gives a bound.
    """
    from scipy.spatial import cKDTree

    if not attained:
        return math.inf
    grid = around.grid
    unit = max(grid.steps)  # Payoffs of any size and level are measured in steps from a corner.
    points = np.array(
        [
            [float((own - low) / unit) for own, low in zip(pair, grid.lows, strict=True)]
            for pair in attained
        ]
    )
    steps = np.array([float(own / unit) for own in grid.steps])
    corners = np.argwhere(around.cells) * steps
    _, nearest = cKDTree(points).query(corners + steps / 2)
    near = points[nearest]
    far = np.maximum(np.abs(corners - near), np.abs(corners + steps - near))
    scale = float(np.abs(points).max() + np.abs(corners).max() + steps.max())
    farthest = float(np.hypot(far[:, 0], far[:, 1]).max()) + 1e-12 * scale  # more than rounding
    return float(Fraction(farthest) * unit * (1 + Fraction(1, 10**12)))
