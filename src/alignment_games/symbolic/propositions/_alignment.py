"""Symbols of the alignment game for propositions: payoffs, and the blocks of closed forms."""

from __future__ import annotations

import sympy as sp

from ...models import alignment
from .record import Hypothesis, Proposition

__all__ = [
    "DEFINED",
    "DOING",
    "MODEL",
    "POSTURES",
    "THREAT",
    "S",
    "advantage",
    "exposure",
    "hegemon",
    "helped",
    "kept",
    "lead",
    "lead_under",
    "payoff",
    "state",
    "tempted",
]

MODEL = alignment()
S = {parameter.symbol.name: parameter.symbol for parameter in MODEL.parameters.values()}
"""Parameters by their short symbols."""

POSTURES = {"B": "balance", "H": "hedge", "W": "bandwagon"}
DOING = {"B": "balancing", "H": "hedging", "W": "bandwagoning"}
_ANSWERS = {"A": "accommodate", "C": "coerce"}

THREAT = sp.Symbol("q", nonnegative=True)
"""Probability of coercion, where it is given."""

DEFINED: dict[sp.Symbol, sp.Expr] = {}
"""What every symbol below stands for. Those of payoffs stand for the model's own expressions; the
closed forms are built of its blocks. Nothing is assumed of the symbols but that they are real, so
that what is proved for all of their values is proved."""


def _define(name: str, value: sp.Expr) -> sp.Symbol:
    symbol = sp.Symbol(name, real=True)
    DEFINED[symbol] = value
    return symbol


payoff = {
    a + c: _define(f"u_{a}{c}", MODEL.payoff("small_state", posture, answer))
    for a, posture in POSTURES.items()
    for c, answer in _ANSWERS.items()
}
"""The small state's payoffs, by posture and answer: ``payoff["HA"]``."""

hegemon = {
    a + c: _define(f"g_{a}{c}", MODEL.payoff("hegemon", posture, answer))
    for a, posture in POSTURES.items()
    for c, answer in _ANSWERS.items()
}
"""The hegemon's payoffs."""

kept = {a: _define(f"Y_{a}", MODEL.terms["kept_value", posture]) for a, posture in POSTURES.items()}
helped = {a: _define(f"l_{a}", MODEL.terms["success", posture]) for a, posture in POSTURES.items()}
"""The hegemon's chance of success, which the patron's help lowers."""

exposure = {a: _define(f"X_{a}", helped[a] * (kept[a] + S["L"])) for a in POSTURES}


def advantage(a: str, other: str) -> sp.Expr:
    """Return the advantage of a posture over another in peace, in closed form (D)."""
    return (kept[a] - S[f"c_{a}"]) - (kept[other] - S[f"c_{other}"])


def tempted(a: str) -> sp.Expr:
    """Return what the hegemon gains by coercing a posture, from its payoffs (T)."""
    return hegemon[f"{a}C"] - hegemon[f"{a}A"]


def lead(a: str, other: str, answer: str) -> sp.Expr:
    """Return a posture's lead over another under an answer of the hegemon, from payoffs."""
    return payoff[a + answer] - payoff[other + answer]


def lead_under(a: str, other: str, threat: sp.Expr) -> sp.Expr:
    """Return the expected lead if coercion has a given probability, from payoffs."""
    return (1 - threat) * lead(a, other, "A") + threat * lead(a, other, "C")


def state(
    name: str,
    title: str,
    statement: str,
    claim: sp.Basic,
    *hypotheses: Hypothesis,
    ranges: tuple[sp.Basic, ...] = (),
    part_of: tuple[str, ...] = (),
    note: str = "",
) -> Proposition:
    """Return a proposition on the alignment game, with the definitions that it uses."""
    used: dict[sp.Symbol, sp.Expr] = {}
    new = set().union(*(f.free_symbols for f in (claim, *(h.condition for h in hypotheses))))
    if THREAT in new:
        ranges = (*ranges, THREAT <= 1)
    while new := {symbol for symbol in new if symbol in DEFINED and symbol not in used}:
        used |= {symbol: DEFINED[symbol] for symbol in new}
        new = set().union(*(DEFINED[symbol].free_symbols for symbol in new))
    return Proposition(
        name=name,
        title=title,
        statement=statement,
        claim=claim,
        hypotheses=hypotheses,
        definitions={symbol: used[symbol] for symbol in DEFINED if symbol in used},
        ranges=ranges,
        model=MODEL,
        part_of=part_of,
        note=note,
    )
