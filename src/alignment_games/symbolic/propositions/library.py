"""The list of propositions, by name."""

from __future__ import annotations

import re
from functools import lru_cache

from ...errors import ModelError, suggestion
from ._beliefs import beliefs
from ._coercion import coercion
from ._continuum import continuum
from ._equilibria import equilibria
from ._postures import postures
from ._power import power
from ._repeated import repeated
from ._system import system
from ._triangle import triangle
from .record import Proposition

__all__ = ["THEOREMS", "proposition", "propositions"]

THEOREMS = {
    "P1": "dominance",
    "P2": "threat ceiling",
    "P3": "abandonment",
    "P4": "provocation before deterrence",
    "P5": "trilemma",
    "P6": "commitment",
    "P7": "irreversibility",
    "P8": "belief interval",
    "P9": "complementarity and tipping",
    "P10": "sign of the externality",
    "P11": "alternation",
    "P12": "non-identification",
}
"""The theorems that propositions are parts of."""


def propositions(*names: str) -> tuple[Proposition, ...]:
    """Return propositions, in the order of their numbers.

    Parameters
    ----------
    *names : str
        A proposition (``F1.5-threat``), all of an equation (``F1.5``), all parts of a theorem
        (``P3``), or a family (``F1``). Without a name, all propositions.

    Returns
    -------
    tuple of Proposition

    Raises
    ------
    ModelError
        If a name selects nothing.

    Examples
    --------
    >>> [p.name for p in propositions("P8")]
    ['F3.3', 'F3.3-exists', 'F3.3-below', 'F3.3-above']
    """
    known = _library()
    if not names:
        return tuple(known.values())
    chosen: set[str] = set()
    for name in names:
        found = {p.name for p in known.values() if _selects(str(name), p)}
        if not found:
            tail = suggestion(name, [*known, *THEOREMS])
            msg = f"no proposition is named {str(name)[:80]!r}{tail}"
            raise ModelError(msg)
        chosen |= found
    return tuple(p for p in known.values() if p.name in chosen)


def proposition(name: str) -> Proposition:
    """Return the proposition of a name.

    Raises
    ------
    ModelError
        If there is none.

    Returns
    -------
    Proposition

    Examples
    --------
    >>> print(proposition("F1.7").statement)
    Balancing deters exactly if rho >= rho_D.
    """
    known = _library()
    if name not in known:
        msg = f"no proposition is named {str(name)[:80]!r}{suggestion(name, known)}"
        raise ModelError(msg)
    return known[name]


def _selects(name: str, own: Proposition) -> bool:
    return (
        own.name == name
        or name in own.part_of
        or bool(re.match(rf"{re.escape(name)}[-.]", own.name))
    )


@lru_cache(maxsize=1)
def _library() -> dict[str, Proposition]:
    everything = (
        *coercion(),
        *postures(),
        *equilibria(),
        *beliefs(),
        *repeated(),
        *power(),
        *system(),
        *continuum(),
        *triangle(),
    )
    return {p.name: p for p in sorted(everything, key=lambda p: _order(p.name))}


def _order(name: str) -> tuple[str, list[int]]:
    """Sort by family and number; what shares a number keeps the order in which it is stated."""
    head = name.split("-", maxsplit=1)[0]
    return head[0], [int(digits) for digits in re.findall(r"\d+", head)]
