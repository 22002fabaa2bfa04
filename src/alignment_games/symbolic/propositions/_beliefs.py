"""A hegemon of unknown type: revisionist or status quo, with a belief (F3.1 to F3.5).

Only F3.5-patron is about a model. The others are about the value of a posture under a belief
``mu`` that the hegemon is revisionist,

    v(mu) = y - (mu phi_R + (1 - mu) phi_S) Lambda,

where ``y`` is the payoff in peace, ``Lambda`` what coercion takes, and ``phi`` is 1 for a type
that coerces the posture and 0 for one that does not.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._alignment import DEFINED, S, exposure, kept, state, tempted
from .record import Hypothesis, Proposition

__all__ = ["beliefs"]

_BELIEF = sp.Symbol("mu", nonnegative=True)
_PEACE = {a: sp.Symbol(f"y_{a}", real=True) for a in "BHW"}
_TAKEN = {a: sp.Symbol(f"Lambda_{a}", nonnegative=True) for a in "BHW"}
_FORMULA = "About the formula of v, a closed form of models.uncertainty."


def _value(a: str, revisionist: Any, status_quo: Any, belief: sp.Expr = _BELIEF) -> sp.Expr:
    return _PEACE[a] - (belief * revisionist + (1 - belief) * status_quo) * _TAKEN[a]


def _only_best(a: str, values: dict[str, sp.Expr]) -> sp.Basic:
    return sp.And(*(values[a] > value for other, value in values.items() if other != a))


def beliefs() -> tuple[Proposition, ...]:
    """Return the propositions on a belief about the hegemon's type."""
    return (*_worlds(), *_interval(), *_ambiguity())


def _hurts(name: str = "coercion-hurts") -> Hypothesis:
    return Hypothesis(
        name=name,
        words="coercion takes something from a hedger: Lambda_H > 0",
        condition=_TAKEN["H"] > 0,
        added="It is the denominator.",
    )


def _worlds() -> tuple[Proposition, ...]:
    y, taken = _PEACE, _TAKEN
    deterrence = {"B": _value("B", 0, 0), "H": _value("H", 1, 0), "W": _value("W", 0, 0)}
    spiral = deterrence | {"B": _value("B", 1, 1)}
    return (
        Proposition(
            name="F3.1",
            title="Deterrence world",
            statement="Where only a revisionist coerces, and only a hedger, hedging is the only "
            "best posture exactly if mu < (y_H - max(y_B, y_W)) / Lambda_H.",
            claim=sp.Equivalent(
                _only_best("H", deterrence),
                (y["H"] - sp.Max(y["B"], y["W"])) / taken["H"] > _BELIEF,
            ),
            hypotheses=(_hurts(),),
            ranges=(_BELIEF <= 1,),
            note=_FORMULA,
        ),
        Proposition(
            name="F3.2",
            title="Spiral world",
            statement="Where both types coerce an ally and a revisionist a hedger, hedging is the "
            "only best posture exactly if mu < min((y_H - y_W) / Lambda_H, "
            "(y_H - y_B + Lambda_B) / Lambda_H).",
            claim=sp.Equivalent(
                _only_best("H", spiral),
                sp.Min((y["H"] - y["W"]) / taken["H"], (y["H"] - y["B"] + taken["B"]) / taken["H"])
                > _BELIEF,
            ),
            hypotheses=(_hurts(),),
            ranges=(_BELIEF <= 1,),
            note=_FORMULA,
        ),
    )


def _interval() -> tuple[Proposition, ...]:
    y, taken = _PEACE, _TAKEN
    values = {"B": _value("B", 0, 0), "H": _value("H", 1, 0), "W": _value("W", 1, 0)}
    lower = (y["W"] - y["H"]) / (taken["W"] - taken["H"])
    upper = (y["H"] - y["B"]) / taken["H"]
    worse = Hypothesis(
        name="friends-lose-more",
        words="coercion takes more from a bandwagoner than from a hedger",
        condition=taken["W"] > taken["H"],
    )
    hurts = _hurts()
    crossing = (y["W"] - y["H"]) * taken["H"] < (y["H"] - y["B"]) * (taken["W"] - taken["H"])
    open_interval = Hypothesis(
        name="non-empty",
        words="the interval is not empty",
        condition=crossing,
        added="Otherwise hedging is best nowhere, and the other two postures meet elsewhere.",
    )
    return (
        Proposition(
            name="F3.3",
            title="Yin-yang interval",
            statement="Where an ally is left alone and a revisionist coerces hedgers and "
            "bandwagoners, hedging is the only best posture exactly if mu lies strictly between "
            "(y_W - y_H) / (Lambda_W - Lambda_H) and (y_H - y_B) / Lambda_H.",
            claim=sp.Equivalent(_only_best("H", values), sp.And(lower < _BELIEF, upper > _BELIEF)),
            hypotheses=(worse, hurts),
            ranges=(_BELIEF <= 1,),
            part_of=("P8",),
            note=f"At an end two postures are tied. {_FORMULA} The order y_W > y_H > y_B, which "
            "the first statement assumes, is not needed: it puts the lower end above zero.",
        ),
        Proposition(
            name="F3.3-exists",
            title="Yin-yang interval: when there is one",
            statement="The interval has an inside exactly if (y_W - y_H) Lambda_H < "
            "(y_H - y_B)(Lambda_W - Lambda_H).",
            claim=sp.Equivalent(lower < upper, crossing),
            hypotheses=(worse, hurts),
            part_of=("P8",),
            note="With its ends it is not empty exactly if the inequality holds weakly; that some "
            f"belief of at most 1 lies inside needs the lower end to be below 1. {_FORMULA}",
        ),
        Proposition(
            name="F3.3-below",
            title="Yin-yang interval: below it",
            statement="Below the interval bandwagoning is the only best posture.",
            claim=_only_best("W", values),
            hypotheses=(
                worse,
                open_interval,
                Hypothesis(name="below", words="mu is below it", condition=lower > _BELIEF),
            ),
            ranges=(_BELIEF <= 1,),
            part_of=("P8",),
            note=_FORMULA,
        ),
        Proposition(
            name="F3.3-above",
            title="Yin-yang interval: above it",
            statement="Above the interval balancing is the only best posture.",
            claim=_only_best("B", values),
            hypotheses=(
                open_interval,
                Hypothesis(name="above", words="mu is above it", condition=upper < _BELIEF),
            ),
            ranges=(_BELIEF <= 1,),
            part_of=("P8",),
            note=_FORMULA,
        ),
    )


def _ambiguity() -> tuple[Proposition, ...]:
    other, revisionist, status_quo = sp.symbols("mu_2 phi_R phi_S", nonnegative=True)
    reliability = sp.Symbol("rho_2", nonnegative=True)
    more_reliable = Hypothesis(
        name="more-reliable",
        words="the patron is at least as reliable: rho_2 >= rho",
        condition=reliability >= S["rho"],
    )

    def later(expression: sp.Expr) -> sp.Expr:
        """Return an expression of parameters at the other reliability."""
        while expression.free_symbols & set(DEFINED):
            expression = expression.xreplace(DEFINED)
        return expression.subs(S["rho"], reliability)

    def worth(a: str) -> sp.Expr:
        lost = sp.Piecewise((exposure[a] + S["d"], tempted(a) > 0), (0, True))
        return kept[a] - S[f"c_{a}"] - lost

    return (
        Proposition(
            name="F3.5",
            title="A darker belief about the hegemon",
            statement="The value of every posture falls, or stays, as the belief that the hegemon "
            "is revisionist rises.",
            claim=sp.And(
                *(
                    _value(a, revisionist, status_quo, other) <= _value(a, revisionist, status_quo)
                    for a in "BHW"
                )
            ),
            hypotheses=(
                Hypothesis(
                    name="order",
                    words="a revisionist coerces whatever a status quo power coerces (F3-order)",
                    condition=status_quo <= revisionist,
                ),
                Hypothesis(name="darker", words="mu_2 >= mu", condition=other >= _BELIEF),
            ),
            ranges=(_BELIEF <= 1, other <= 1, revisionist <= 1, status_quo <= 1),
            note=f"So the worst belief of an interval is its upper end. {_FORMULA}",
        ),
        state(
            "F3.5-patron",
            "A more reliable patron",
            "The value of every posture that is seen first rises, or stays, as the patron becomes "
            "more reliable, whatever the hegemon's stake.",
            sp.And(*(later(worth(a)) >= worth(a) for a in "BHW")),
            more_reliable,
            ranges=(reliability <= 1,),
        ),
    )
