"""The triangle: a patron that decides whether to help, and what a treaty does to it (F2)."""

from __future__ import annotations

import sympy as sp

from ...models import triangle as triangle_model
from .record import Hypothesis, Proposition

__all__ = ["triangle"]

_MODEL = triangle_model()
_S = {symbol.name: symbol for symbol in _MODEL.parameters.symbols.values()}
_ALLY, _HEDGER = (_MODEL.terms["support", a] for a in ("balance", "hedge"))
_REACH = _S["delta"] * _S["v_P"] + _S["m_B"]
_LARGEST, _PENALTY, _STAKE = _S["kbar"], _S["m_B"], _S["v_P"]

_UNCERTAIN = Hypothesis(
    name="cost",
    words="the patron's cost is not known to be zero: kbar > 0",
    condition=_LARGEST > 0,
    added="It is the denominator of rho; at kbar = 0 the patron always supports.",
)


def triangle() -> tuple[Proposition, ...]:
    """Return the propositions on the patron's choice."""
    return (*_support(), *_isolation(), *_treaty(), *_resistance())


def _state(
    name: str, title: str, statement: str, claim: sp.Basic, *hypotheses: Hypothesis, note: str = ""
) -> Proposition:
    return Proposition(
        name=name,
        title=title,
        statement=statement,
        claim=claim,
        hypotheses=hypotheses,
        model=_MODEL,
        note=note,
    )


def _support() -> tuple[Proposition, ...]:
    """Return when the patron supports, and how likely that is."""
    cost = sp.Symbol("k", nonnegative=True)
    success = _S["l0"]
    supporting = -(success - _S["delta"]) * _STAKE - cost
    abandoning = -success * _STAKE - _PENALTY
    return (
        _state(
            "F2",
            "The patron's choice",
            "The patron supports a coerced ally exactly if its cost is at most delta v_P + m_B.",
            sp.Equivalent(supporting >= abandoning, cost <= _REACH),
            note="For a hedger with m_H. Where it is indifferent it supports.",
        ),
        _state(
            "F2-support",
            "Chance of support",
            "With a cost that is uniform from 0 to kbar, an ally is supported with probability "
            "rho_B = min(1, (delta v_P + m_B) / kbar).",
            sp.Eq(_ALLY, sp.Min(1, _REACH / _LARGEST)),
            _UNCERTAIN,
            note="The first statement also cuts rho off at 0, where it never is.",
        ),
    )


def _isolation() -> tuple[Proposition, ...]:
    """Return what a patron that cares less, or that finds support dearer, does to deterrence."""
    dearer, smaller = sp.symbols("kbar_2 v_P2", nonnegative=True)
    gained = _S["V"] + _S["b"]
    unaided = _S["l0"] * gained - _S["kappa"]
    slope = _S["delta"] * gained + _S["w"]
    coerced = _MODEL.temptations["balance"].difference > 0
    return (
        _state(
            "F2-isolation",
            "Isolationist shock",
            "If support may cost the patron more or its stake is smaller, an ally is supported no "
            "more often.",
            _ALLY.subs({_LARGEST: dearer, _STAKE: smaller}, simultaneous=True) <= _ALLY,
            Hypothesis(
                name="dearer",
                words="support costs no less than before: kbar_2 >= kbar",
                condition=dearer >= _LARGEST,
            ),
            Hypothesis(
                name="smaller",
                words="the patron's stake is no larger than before: v_P2 <= v_P",
                condition=smaller <= _STAKE,
            ),
        ),
        _state(
            "F2-deterrence",
            "When balancing stops deterring",
            "An ally is coerced exactly if kbar > (delta v_P + m_B) / rho_D.",
            sp.Equivalent(coerced, _REACH * slope / unaided < _LARGEST),
            Hypothesis(
                name="tempting",
                words="an ally that is not supported is coerced: l0 (V + b) > kappa",
                condition=unaided > 0,
                added="It is rho_D > 0; otherwise no ally is coerced, supported or not.",
            ),
            Hypothesis(
                name="support-deters",
                words="an ally that is surely supported is not coerced: "
                "(l0 - delta)(V + b) <= kappa + w",
                condition=unaided <= slope,
                added="It is rho_D <= 1; otherwise every ally is coerced, and for small kbar the "
                "first statement is false.",
            ),
        ),
    )


def _treaty() -> tuple[Proposition, ...]:
    """Return what a treaty adds to support, and what it costs the patron."""
    gain = (_PENALTY - _S["m_H"]) / _LARGEST
    stricter = sp.Symbol("m_B2", nonnegative=True)
    expected = _MODEL.terms["patron_payoff", "balance"]
    return (
        _state(
            "F2-hands",
            "Tying hands",
            "A treaty raises the chance of support over that of a hedger by (m_B - m_H) / kbar.",
            sp.Eq(_ALLY - _HEDGER, gain),
            _UNCERTAIN,
            Hypothesis(
                name="not-sure",
                words="an ally is not supported whatever the cost: delta v_P + m_B <= kbar",
                condition=_REACH <= _LARGEST,
                added="A patron that supports anyway cannot be tied further.",
            ),
        ),
        _state(
            "F2-hands-most",
            "Tying hands: the most it adds",
            "A treaty never raises the chance of support by more than (m_B - m_H) / kbar.",
            gain >= _ALLY - _HEDGER,
            _UNCERTAIN,
        ),
        _state(
            "F2-entrapment",
            "Entrapment",
            "Once an ally is coerced, a stricter treaty never pays its patron.",
            expected.subs(_PENALTY, stricter) <= expected,
            Hypothesis(
                name="stricter",
                words="the penalty is no smaller than before: m_B2 >= m_B",
                condition=stricter >= _PENALTY,
            ),
            note="So a treaty pays a patron only by what it makes the hegemon or the small state "
            "do.",
        ),
    )


def _resistance() -> tuple[Proposition, ...]:
    """Return when a coerced ally fights rather than yields."""
    kept = _MODEL.terms["kept_value", "balance"]
    at_stake = kept + _S["L"]
    fights = _MODEL.payoff("small_state", "balance", "coerce")
    yields = -_S["L"] - _S["c_B"]
    lost = _S["d"] - (1 - _S["l0"]) * at_stake
    return (
        _state(
            "F2-resistance",
            "When an ally resists",
            "A coerced ally that may also yield, and then is overrun without a fight and without "
            "the damage d, is better off resisting exactly if "
            "rho_B > (d / (Y_B + L) - (1 - l0)) / delta.",
            sp.Equivalent(fights > yields, lost / (_S["delta"] * at_stake) < _ALLY),
            Hypothesis(
                name="at-stake",
                words="support helps and there is something to save: delta (Y_B + L) > 0",
                condition=_S["delta"] * at_stake > 0,
                added="It is the denominator.",
            ),
        ),
    )
