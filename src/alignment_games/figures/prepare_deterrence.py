"""What the figure of unilateral deterrence shows, as plain data with exact numbers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from .._typing import Values
from ..errors import ParameterError
from ..models.classics import unilateral_deterrence
from ..solvers import SequentialEquilibrium, SequentialSolution, sequential

__all__ = ["DeterrencePanel", "deterrence_panel"]

_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterrencePanel:
    """Kinds of equilibria over the chances that challenger and defender are hard.

    Attributes
    ----------
    regions : mapping of str to tuples of four Fractions
        For each region the ends of its rectangle: left, right, bottom, top.
    marks : tuple of (Fraction, Fraction, str)
        Chances of a hard challenger and of a hard defender, and the kind of the only equilibria
        there that survive D1, of all that a solver found; ``open`` where several kinds do.
    """

    regions: dict[str, tuple[Fraction, Fraction, Fraction, Fraction]]
    marks: tuple[tuple[Fraction, Fraction, str], ...]


def deterrence_panel(values: Values, *, marks: int = 8) -> DeterrencePanel:
    """Return the regions of unilateral deterrence, and what a solver finds in them.

    Parameters
    ----------
    values : mapping of str to number
        Payoffs of `alignment_games.models.classics.unilateral_deterrence`; the chances of the
        types may be left out.
    marks : int, optional
        Marks along each axis, in the middle of equal cells; 0 or more.

    Returns
    -------
    DeterrencePanel

    Raises
    ------
    ParameterError
        If a payoff is missing or out of order, or `marks` is negative.

    Examples
    --------
    >>> payoffs = {"challenger_success": 10, "challenger_status_quo": 6, "challenger_retreat": 2,
    ...            "challenger_conflict_hard": 4, "challenger_conflict_soft": 0,
    ...            "defender_status_quo": 10, "defender_success": 8, "defender_concession": 4,
    ...            "defender_conflict_hard": 5, "defender_conflict_soft": 0}
    >>> deterrence_panel(payoffs, marks=2).marks[0]
    (Fraction(1, 4), Fraction(1, 4), 'bluff')
    """
    if marks < 0:
        msg = f"`marks` must be 0 or more marks along each axis, got {marks}"
        raise ParameterError(msg)
    model = unilateral_deterrence()
    payoffs = {**values, "challenger_hard": Fraction(1, 2), "defender_hard": Fraction(1, 2)}
    hard, soft, resist = (
        Fraction(model.value(f"{name}_threshold", payoffs))
        for name in ("hard", "soft", "resistance")
    )
    zero, one = Fraction(0), Fraction(1)
    chances = [Fraction(2 * k + 1, 2 * marks) for k in range(marks)]
    return DeterrencePanel(
        regions={
            "deterrence": (zero, one, hard, one),
            "separating": (zero, one, soft, hard),
            "attack": (resist, one, zero, soft),
            "bluff": (zero, resist, zero, soft),
        },
        marks=tuple(
            (challenger, defender, _kind(sequential(tree)))
            for challenger, defender in itertools.product(chances, repeat=2)
            for tree in [model.tree(payoffs, challenger_hard=challenger, defender_hard=defender)]
        ),
    )


def _kind(found: SequentialSolution) -> str:
    """Return the kind of the equilibria that survive D1."""
    kinds = {_sent(found, eq) for eq in found.equilibria if eq.d1}
    return kinds.pop() if len(kinds) == 1 else _OPEN


def _sent(found: SequentialSolution, eq: SequentialEquilibrium) -> str:
    hard, soft = (eq.sends(kind)["attack"] for kind in found.game.types)
    if hard == 1:
        return {0: "separating", 1: "attack"}.get(int(soft) if soft in (0, 1) else 2, "bluff")
    return "deterrence" if hard == soft == 0 else _OPEN
