"""Refinements of sequential equilibria of signaling games, decided in exact arithmetic.

All ask whether replies exist that lie in one face of the receiver's replies and satisfy linear
inequalities: with the double description of that face the answer is yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ._signaling_system import Belief, Row, System, vertices

__all__ = ["cells", "deterred", "survives_d1", "survives_divinity", "survives_intuitive"]

Pay = Sequence[Fraction]
Condition = tuple[int, int]
"""A type, and the sign of what it gains from the message: at least 0 for 1, at most 0 for -1."""


def cells(beliefs: Iterable[Belief], types: frozenset[int]) -> list[frozenset[int]]:
    """Return the maximal sets of responses that are best at one belief in these types."""
    found = {
        b.optimal for b in beliefs if all(t in types for t, p in enumerate(b.probabilities) if p)
    }
    return sorted((c for c in found if not any(c < other for other in found)), key=sorted)


def deterred(system: System, m: int, pay: Pay, optimal: Iterable[frozenset[int]]) -> bool:
    """Tell whether replies within one of the sets make message `m` worth while for no type."""
    conditions = [(t, -1) for t in range(len(pay))]
    return any(_exists(system, m, pay, cell, conditions) for cell in optimal)


def survives_intuitive(system: System, m: int, pay: Pay, beliefs: Sequence[Belief]) -> bool:
    """Tell whether the intuitive criterion leaves the outcome with payoffs `pay` standing."""
    everyone = frozenset(range(len(pay)))
    best = cells(beliefs, everyone)
    remaining = frozenset(
        t for t in everyone if max(_extreme(system, m, t, c, max) for c in best) >= pay[t]
    )
    if not remaining:
        return True
    allowed = cells(beliefs, remaining)
    return not any(min(_extreme(system, m, t, c, min) for c in allowed) > pay[t] for t in everyone)


def survives_d1(system: System, m: int, pay: Pay, beliefs: Sequence[Belief]) -> bool:
    """Tell whether D1 leaves the outcome with payoffs `pay` standing."""
    everyone = frozenset(range(len(pay)))
    best = cells(beliefs, everyone)
    remaining = frozenset(
        t
        for t in everyone
        if not any(_eager(system, m, pay, best, t, [other]) for other in everyone - {t})
    )
    return not remaining or deterred(system, m, pay, cells(beliefs, remaining))


def survives_divinity(system: System, m: int, pay: Pay, beliefs: Sequence[Belief]) -> bool:
    """Tell whether universal divinity leaves the outcome with payoffs `pay` standing."""
    remaining = frozenset(range(len(pay)))
    while True:
        best = cells(beliefs, remaining)
        if not deterred(system, m, pay, best):
            return False
        kept = frozenset(
            t
            for t in remaining
            if len(remaining) == 1 or not _eager(system, m, pay, best, t, sorted(remaining - {t}))
        )
        if not kept or kept == remaining:
            return True
        remaining = kept


def _eager(
    system: System,
    m: int,
    pay: Pay,
    best: Sequence[frozenset[int]],
    t: int,
    others: Sequence[int],
) -> bool:
    """Tell whether one of the others strictly gains wherever type `t` at least breaks even.

    And gains somewhere: a message that none of them would send excludes nobody.
    """
    against: list[Condition] = [(t, 1), *((other, -1) for other in others)]
    return not any(_exists(system, m, pay, c, against) for c in best) and any(
        _extreme(system, m, other, c, max) > pay[other] for other in others for c in best
    )


def _extreme(
    system: System,
    m: int,
    t: int,
    cell: frozenset[int],
    pick: Callable[[Iterable[Fraction]], Fraction],
) -> Fraction:
    """Return the most or the least that message `m` earns type `t` if replies stay in `cell`."""
    return sum(
        (
            pick(
                system.sender[m][t][s][system.positions[k][2]]
                for k in system.block(m, s)
                if k in cell
            )
            for s in range(len(system.game.receiver_types))
        ),
        Fraction(0),
    )


def _exists(
    system: System, m: int, pay: Pay, cell: frozenset[int], conditions: Sequence[Condition]
) -> bool:
    """Tell whether replies in `cell` exist at which the types' gains have the signs asked for."""
    places = sorted(cell)
    blocks = [
        [k for k, place in enumerate(places) if system.positions[place][1] == s]
        for s in range(len(system.game.receiver_types))
    ]
    rows: list[Row] = []
    for t, sign in conditions:
        row: Row = {}
        for k, place in enumerate(places):
            _, s, a = system.positions[place]
            row[k] = sign * system.sender[m][t][s][a]
        rows.append(row)
    constants = [-sign * pay[t] for t, sign in conditions]
    return bool(vertices(len(places), blocks, rows, constants))
