"""Abandonment: hedging against a patron that may leave for good (F4a, P7)."""

from __future__ import annotations

import sympy as sp

from ...models import abandonment_hazard
from .record import Hypothesis, Proposition

__all__ = ["abandonment"]

_MODEL = abandonment_hazard()
_S = _MODEL.parameters.symbols
_CLOSED = {name: own.expression for name, own in _MODEL.quantities.items()}
_DELTA, _HAZARD, _COST, _LAG = (
    _S[name] for name in ("discount", "hazard", "exit_cost", "exit_lag")
)
_GAP = _S["abandoned_flow_hedge"] - _S["abandoned_flow_balance"]
_RANGES = (_DELTA < 1, _HAZARD <= 1, _LAG <= 1)

_FUTURE = Hypothesis(
    name="future",
    words="the future counts: delta > 0",
    condition=_DELTA > 0,
    added="It is a factor of the denominator of lambda*.",
)
_HURTS = Hypothesis(
    name="abandonment-hurts",
    words="an abandoned ally is worse off than a hedger: y0_H > y0_B",
    condition=_GAP > 0,
    added="It is the denominator of lambda*, or makes it positive.",
)
_LEADS = Hypothesis(
    name="balance-leads",
    words="balancing pays more before abandonment: y_B > y_H",
    condition=_S["flow_balance"] > _S["flow_hedge"],
)


def abandonment() -> tuple[Proposition, ...]:
    """Return the propositions on the hazard of abandonment."""
    return (*_for_ever(), *_with_exit(), *_allies())


def _for_ever() -> tuple[Proposition, ...]:
    """Return F4a for an alliance that is not left, and for one that lasts a period."""
    value = sp.Symbol("V_B", real=True)
    then = _MODEL.transition("engaged_ally", "stay")
    stuck = _S["abandoned_flow_balance"] / (1 - _DELTA)
    expected = then["engaged_ally"] * value + then["abandoned_ally"] * stuck
    anew = _CLOSED["hazard_threshold"].subs({_COST: 0, _LAG: 1})
    return (
        Proposition(
            name="F4a-value",
            title="Value under a hazard of abandonment",
            statement="The closed form of V is the only solution of V = y + delta ((1 - lambda) V "
            "+ lambda y0 / (1 - delta)).",
            claim=sp.Equivalent(
                sp.Eq(
                    value,
                    _MODEL.payoff("small_state", "engaged_ally", "stay") + _DELTA * expected,
                ),
                sp.Eq(value, _CLOSED["value_committed"]),
            ),
            ranges=_RANGES[:2],
        ),
        Proposition(
            name="F4a",
            title="Abandonment hazard",
            statement="Hedging beats balancing for ever exactly if the hazard exceeds "
            "lambda* = (1 - delta)(y_B - y_H) / (delta (y0_H - y0_B)).",
            claim=sp.Equivalent(
                _CLOSED["value_hedge"] > _CLOSED["value_committed"],
                _CLOSED["hazard_threshold_committed"] < _HAZARD,
            ),
            hypotheses=(_FUTURE, _HURTS),
            ranges=_RANGES[:2],
            note="That y_B > y_H is not needed: it makes lambda* positive.",
        ),
        Proposition(
            name="F4a-anew",
            title="A posture for ever, and one for a period",
            statement="If postures are chosen anew in each period, for nothing but before it is "
            "seen whether the patron stays, lambda* is 1 / (1 - delta) times as high.",
            claim=sp.Eq(anew * (1 - _DELTA), _CLOSED["hazard_threshold_committed"]),
            hypotheses=(_FUTURE, _HURTS),
            ranges=_RANGES[:1],
        ),
    )


def _with_exit() -> tuple[Proposition, ...]:
    """Return F4a for an alliance that can be left once the patron has left, and P7."""
    return (
        Proposition(
            name="F4a-exit",
            title="Abandonment hazard with an exit",
            statement="If an abandoned ally can turn to hedging at the cost chi and with the lag "
            "l, the gap g = y0_H - y0_B in lambda* is min(g, (1 - delta)(chi + l g)).",
            claim=sp.Equivalent(
                _CLOSED["value_hedge"] > _CLOSED["value_balance"],
                _CLOSED["hazard_threshold"] < _HAZARD,
            ),
            hypotheses=(
                _FUTURE,
                _HURTS,
                Hypothesis(
                    name="exit-costs",
                    words="leaving costs something: chi + l g > 0",
                    condition=_COST + _LAG * _GAP > 0,
                    added="It makes the denominator of lambda* positive; for chi = l = 0 see P7.",
                ),
            ),
            ranges=_RANGES,
            note="After the exit the state has the flows of an abandoned hedger. The first "
            "statement had no lag.",
        ),
        Proposition(
            name="P7",
            title="Irreversibility",
            statement="Where an abandoned ally can turn to hedging at once and at no cost, no "
            "hazard of abandonment makes hedging better.",
            claim=_CLOSED["value_balance"] > _CLOSED["value_hedge"],
            hypotheses=(
                _LEADS,
                Hypothesis(
                    name="free-exit",
                    words="leaving costs nothing: chi = 0",
                    condition=sp.Eq(_COST, 0),
                ),
                Hypothesis(
                    name="at-once",
                    words="an ally can turn at once: l = 0",
                    condition=sp.Eq(_LAG, 0),
                    added="If the posture of a period is chosen before it is seen whether the "
                    "patron stays, the gap is lost once, and lambda* is finite.",
                ),
            ),
            ranges=_RANGES,
            part_of=("P7",),
        ),
    )


def _allies() -> tuple[Proposition, ...]:
    """Return when a state that is an ally already leaves before the patron does."""
    leaves = _CLOSED["value_hedge"] - _COST > _CLOSED["value_balance"]
    return (
        Proposition(
            name="F4a-stays",
            title="An ally does not leave first",
            statement="Whatever the hazard and the cost of leaving, an ally does not gain by "
            "leaving before the patron does.",
            claim=sp.Not(leaves),
            hypotheses=(
                _LEADS,
                Hypothesis(
                    name="at-once",
                    words="an ally can turn at once when the patron has left: l = 0",
                    condition=sp.Eq(_LAG, 0),
                ),
            ),
            ranges=_RANGES,
            note="So that above lambda* a state that is no ally hedges, and one that is stays.",
        ),
        Proposition(
            name="F4a-leaves",
            title="When an ally leaves first",
            statement="An ally gains by leaving before the patron does exactly if the hazard "
            "exceeds (y_B - y_H + (1 - delta) chi) / (delta l g).",
            claim=sp.Equivalent(leaves, _CLOSED["hazard_threshold_leaving"] < _HAZARD),
            hypotheses=(
                _FUTURE,
                Hypothesis(
                    name="no-loss",
                    words="balancing pays no less before abandonment: y_B >= y_H",
                    condition=_S["flow_balance"] >= _S["flow_hedge"],
                ),
                Hypothesis(
                    name="late",
                    words="who is late loses: l g > 0",
                    condition=_LAG * _GAP > 0,
                    added="It is the denominator.",
                ),
            ),
            ranges=_RANGES,
            note="For the hazard that it exceeds is then at most 1. If the cost of leaving is so "
            "high that an abandoned ally stays, the threshold is above 1.",
        ),
    )
