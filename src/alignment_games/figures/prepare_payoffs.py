"""What the figure of payoff sets shows, as plain data with exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from ..errors import GameError
from ..solvers import RepeatedPayoffs, Status, security_levels
from ..solvers._polygons import Corner, Polygon, clip, hull

__all__ = ["PayoffPanel", "payoff_panels"]

_Rows: TypeAlias = "tuple[tuple[PayoffPanel, ...], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoffPanel:
    """The payoffs of one repeated game.

    Attributes
    ----------
    title : str
        Of the stage game.
    players : pair of str
    discount : Fraction
    stage : mapping of tuple of str to pair of Fraction
        The payoffs of each pure profile.
    feasible : tuple of pairs of Fraction
        Corners of the convex hull of `stage`, counterclockwise.
    minmax : pair of Fraction
        Pure minmax of each player, below which no equilibrium in pure strategies pays.
    inner, outer : tuple of pairs of Fraction
        Corners of a set whose payoffs are all attained and of one outside which none is; those of
        `inner` are payoffs of states of an automaton that was verified.
    gap : float
        Not below the distance of `inner` and `outer`; 0 if they are the same.
    empty : bool
        Whether it is proved that nothing is attained.
    share : Fraction or None
        Area of `inner` over that of the feasible payoffs above both minmax levels; None if those
        have no area.
    """

    title: str
    players: tuple[str, str]
    discount: Fraction
    stage: Mapping[tuple[str, ...], Corner]
    feasible: Polygon
    minmax: Corner
    inner: Polygon
    outer: Polygon
    gap: float
    empty: bool
    share: Fraction | None


def payoff_panels(found: Mapping[str, Sequence[RepeatedPayoffs]]) -> _Rows:
    """Return what a figure of payoff sets shows, one row a stage game.

    Parameters
    ----------
    found : mapping of str to sequence of RepeatedPayoffs
        For the title of each stage game its results.

    Returns
    -------
    tuple of tuples of PayoffPanel
        By growing discount factor.

    Raises
    ------
    GameError
        If there are no results, a title has other numbers of them than the first or results of
        several stage games, or players discount differently: then more payoffs are feasible than
        mixtures of those of the stage game.

    Examples
    --------
    >>> import alignment_games as ag
    >>> dilemma = ag.NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> sets = [
    ...     ag.solvers.repeated_payoffs(ag.games.RepeatedGame(dilemma, discount=delta))
    ...     for delta in (0.2, 0.4, 0.5)
    ... ]
    >>> [str(panel.share) for panel in payoff_panels({"Prisoners' dilemma": sets})[0]]
    ['0', '27/40', '1']
    """
    sizes = {title: len(results) for title, results in found.items()}
    if not sizes or 0 in sizes.values() or len(set(sizes.values())) > 1:
        given = ", ".join(f"{title!r}: {size}" for title, size in sizes.items())
        msg = (
            "`found` must hold as many results, one or more, for each title, got "
            f"{given or 'no titles'}"
        )
        raise GameError(msg)
    return tuple(_row(title, results) for title, results in found.items())


def _row(title: str, results: Sequence[RepeatedPayoffs]) -> tuple[PayoffPanel, ...]:
    if not all(isinstance(result, RepeatedPayoffs) for result in results):
        msg = f"`found[{title!r}]` must hold results of repeated_payoffs"
        raise GameError(msg)
    stage = results[0].game.stage
    if any(result.game.stage != stage for result in results):
        msg = f"`found[{title!r}]` must be results of one stage game, got several"
        raise GameError(msg)
    for result in results:
        if len(set(result.game.discounts)) > 1:
            one, two = result.game.discounts
            msg = (
                f"`found[{title!r}]` must be results for equal discount factors, got {one} and "
                f"{two}; the feasible payoffs are more than mixtures where they differ"
            )
            raise GameError(msg)
    one, two = stage.exact_payoffs
    names = stage.strategies
    payoffs = {
        tuple(own[k] for own, k in zip(names, profile, strict=True)): (one[profile], two[profile])
        for profile in stage.profiles()
    }
    feasible = hull(payoffs.values())
    first, second = (level.pure_threat for level in security_levels(stage))
    rational = clip(clip(feasible, (-1, 0), -first), (0, -1), -second)
    return tuple(
        PayoffPanel(
            title=title,
            players=(stage.players[0], stage.players[1]),
            discount=result.game.discounts[0],
            stage=payoffs,
            feasible=feasible,
            minmax=(first, second),
            inner=result.inner,
            outer=result.outer,
            gap=result.gap,
            empty=result.status is Status.NONE,
            share=None if not _area(rational) else _area(result.inner) / _area(rational),
        )
        for result in sorted(results, key=lambda own: own.game.discounts[0])
    )


def _area(polygon: Polygon) -> Fraction:
    """Return the area by the shoelace formula, 0 for points and segments."""
    following = (*polygon[1:], *polygon[:1])
    twice = sum(
        (a[0] * b[1] - a[1] * b[0] for a, b in zip(polygon, following, strict=True)), Fraction(0)
    )
    return twice / 2
