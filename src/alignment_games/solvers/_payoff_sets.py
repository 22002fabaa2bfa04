"""What results with two certified polygons of payoffs, and equilibria that attain one, share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from .._numeric import decimal_text, exact_number
from ..errors import GameError
from ..games import Automaton, MonitoredGame, PublicAutomaton, RepeatedGame
from ._polygons import Corner, Polygon, contains, nearest, weights
from .result import Status

__all__ = [
    "attained_point",
    "between_text",
    "check_two_players",
    "corner_lottery",
    "is_attained",
    "payoff_pair",
    "start_text",
    "status_between",
]

_Play = TypeVar("_Play")


def check_two_players(game: RepeatedGame | MonitoredGame) -> None:
    """Refuse a game whose payoffs are no points of the plane.

    Raises
    ------
    GameError
    """
    if game.n_players != 2:
        msg = f"`game` must have two players, got {game.n_players}: {', '.join(game.players)}"
        raise GameError(msg)


def status_between(inner: Polygon, outer: Polygon, *, settled: bool) -> Status:
    """Return what is known of a set between two polygons; `settled` unless rounds ran out."""
    if inner == outer:
        return Status.COMPLETE if inner else Status.NONE
    return Status.PARTIAL if settled else Status.LIMIT


def is_attained(inner: Polygon, outer: Polygon, payoff: Any) -> bool | None:
    """Tell whether a payoff is attained; None if it lies in the gap.

    Raises
    ------
    GameError
        If it is not a pair of numbers.
    """
    point = payoff_pair(payoff)
    if contains(inner, point):
        return True
    return None if contains(outer, point) else False


def attained_point(inner: Polygon, play: _Play | None, payoff: Any) -> tuple[Corner, _Play]:
    """Return a payoff in the inner polygon as Fractions, and the play that attains that polygon.

    Raises
    ------
    GameError
        If it is not a pair of numbers in the polygon, or there is no play.
    """
    point = payoff_pair(payoff)
    if play is None or not contains(inner, point):
        msg = (
            f"`payoff` must lie in the polygon of payoffs that are attained, got "
            f"({decimal_text(point[0])}, {decimal_text(point[1])})"
        )
        if play is not None:
            one, two = nearest(inner, point)
            msg += f"; the nearest that is: ({one}, {two})"
        raise GameError(msg)
    return point, play


def corner_lottery(
    values: Mapping[str, Sequence[Fraction]], inner: Polygon, point: Corner
) -> dict[str, Fraction]:
    """Return probabilities of states, worth the corners of a polygon, whose mean is a point."""
    states = {(one, two): state for state, (one, two) in values.items()}
    return {states[inner[k]]: p for k, p in weights(inner, point).items()}


def start_text(
    payoff: Corner, lottery: Mapping[str, Fraction], automaton: Automaton | PublicAutomaton
) -> str:
    """Show payoffs, the lottery over states from which they come, and the automaton."""
    payoffs = ", ".join(map(decimal_text, payoff))
    drawn = " + ".join(f"{decimal_text(p)} {own}" for own, p in lottery.items())
    return f"Payoffs {payoffs} from {drawn}\n{automaton}"


def between_text(what: str, inner: Polygon, outer: Polygon, gap: float) -> str:
    """Say what is known of a set between two polygons, of which the outer one is not empty.

    Examples
    --------
    >>> between_text("Payoffs", ((1, 1),), ((1, 1),), 0)
    'Payoffs form exactly a point: (1, 1)'
    """

    def shown(polygon: Polygon) -> str:
        return " ".join(f"({decimal_text(a)}, {decimal_text(b)})" for a, b in polygon)

    if inner == outer:
        form = ("a point", "a segment", f"a polygon with {len(inner)} vertices")
        return f"{what} form exactly {form[min(len(inner), 3) - 1]}: {shown(inner)}"
    found = f"contain {shown(inner)}" if inner else "may not exist"
    return f"{what} {found} and lie within {shown(outer)}: a gap of {decimal_text(gap)}"


def payoff_pair(payoff: Any) -> Corner:
    """Return a payoff of two players as Fractions.

    Raises
    ------
    GameError
        If it is not a pair of numbers.
    """
    try:
        one, two = payoff
        return exact_number(one), exact_number(two)
    except (TypeError, ValueError) as error:
        msg = f"`payoff` must be a pair of numbers, got {payoff!r}"[:200]
        raise GameError(msg) from error
