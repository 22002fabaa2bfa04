"""Many small states and endogenous polarity (F5). No model object yet.

With the weight ``beta`` of all that balance, a balancer and a hedger get

    u_B = alpha theta_B (1 - psi beta) + sigma rho beta - c,
    u_H = alpha (1 - psi beta) + phi sigma rho beta,

and a state of weight ``omega`` that joins the balancers raises ``beta`` by ``omega``.
"""

from __future__ import annotations

import sympy as sp

from .record import Hypothesis, Proposition

__all__ = ["system"]

_NO_MODEL = "About the two payoffs, for which there is no model yet."

_alpha, _theta, _sigma, _rho, _phi, _cost, _weight, _others = sp.symbols(
    "alpha theta_B sigma rho phi c omega beta", nonnegative=True
)
_psi = sp.Symbol("psi", real=True)
_RANGES = (_theta <= 1, _rho <= 1, _phi <= 1, _weight <= 1, _others <= 1)


def _balancer(beta: sp.Expr) -> sp.Expr:
    return _alpha * _theta * (1 - _psi * beta) + _sigma * _rho * beta - _cost


def _hedger(beta: sp.Expr) -> sp.Expr:
    return _alpha * (1 - _psi * beta) + _phi * _sigma * _rho * beta


def _gain(others: sp.Expr) -> sp.Expr:
    """Return what a state gains by joining the balancers."""
    return _balancer(others + _weight) - _hedger(others)


def system() -> tuple[Proposition, ...]:
    """Return the propositions on many small states."""
    alpha, theta, sigma, rho, phi, cost, psi = (
        _alpha,
        _theta,
        _sigma,
        _rho,
        _phi,
        _cost,
        _psi,
    )
    slope = (1 - phi) * sigma * rho + alpha * psi * (1 - theta)
    missing = cost + alpha * (1 - theta) + _weight * (alpha * theta * psi - sigma * rho)
    tipping = missing / slope
    complements = Hypothesis(
        name="complements",
        words="postures are strategic complements (F5.2)",
        condition=slope > 0,
        added="It is the denominator of beta*.",
    )
    polarizes = Hypothesis(
        name="polarizes",
        words="polarity costs autonomy, or nothing: psi >= 0",
        condition=psi >= 0,
        added="With psi < 0 balancing can be a substitute.",
    )
    counts = Hypothesis(
        name="counts",
        words="hedgers enjoy less of the protection, or lose more autonomy to polarity",
        condition=sp.Or((1 - phi) * sigma * rho > 0, alpha * psi * (1 - theta) > 0),
        added="Otherwise the derivative is zero.",
    )
    joins = Hypothesis(
        name="weight",
        words="the state has a weight: omega > 0",
        condition=_weight > 0,
        added="A state without weight changes nothing.",
    )
    more = (_others + _weight, _others)
    return (
        Proposition(
            name="F5.1",
            title="Gain from joining the balancers",
            statement="Delta = -alpha (1 - theta_B)(1 - psi beta) - alpha theta_B psi omega + "
            "sigma rho omega + (1 - phi) sigma rho beta - c.",
            claim=sp.Eq(
                _gain(_others),
                -alpha * (1 - theta) * (1 - psi * _others)
                - alpha * theta * psi * _weight
                + sigma * rho * _weight
                + (1 - phi) * sigma * rho * _others
                - cost,
            ),
            ranges=_RANGES,
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.2",
            title="Strategic complements: the derivative",
            statement="The gain rises with others' balancing by alpha psi (1 - theta_B) + "
            "(1 - phi) sigma rho.",
            claim=sp.Eq(sp.diff(_gain(_others), _others), slope),
            ranges=_RANGES,
            part_of=("P9",),
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.2-complements",
            title="Strategic complements",
            statement="The more others balance, the more a state gains by balancing.",
            claim=sp.diff(_gain(_others), _others) > 0,
            hypotheses=(polarizes, counts),
            ranges=_RANGES,
            part_of=("P9",),
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.3",
            title="Tipping share",
            statement="A state gains by joining the balancers exactly if their share exceeds "
            "beta*.",
            claim=sp.And(
                sp.Equivalent(_gain(_others) > 0, tipping < _others),
                sp.Equivalent(sp.Eq(_gain(_others), 0), sp.Eq(tipping, _others)),
            ),
            hypotheses=(complements,),
            ranges=_RANGES,
            part_of=("P9",),
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.3-hedge",
            title="When all hedge",
            statement="That all hedge is an equilibrium exactly if the numerator of beta* is not "
            "negative.",
            claim=sp.Equivalent(_gain(sp.Integer(0)) <= 0, missing >= 0),
            ranges=_RANGES,
            part_of=("P9",),
            note=f"For each state with its own weight. {_NO_MODEL}",
        ),
        Proposition(
            name="F5.3-corners",
            title="When all hedge and when all balance",
            statement="That all hedge and that all balance are both equilibria exactly if beta* "
            "lies between 0 and 1 - omega.",
            claim=sp.Equivalent(
                sp.And(_gain(sp.Integer(0)) <= 0, _gain(1 - _weight) >= 0),
                sp.And(tipping >= 0, tipping <= 1 - _weight),
            ),
            hypotheses=(complements,),
            ranges=_RANGES,
            part_of=("P9",),
            note="The first statement has the open interval, which is sufficient. States of equal "
            f"weight omega. {_NO_MODEL}",
        ),
        Proposition(
            name="F5.4",
            title="Externality of one more balancer",
            statement="For each unit of weight that balances, a hedger gains -alpha psi + "
            "phi sigma rho and a balancer -alpha theta_B psi + sigma rho.",
            claim=sp.And(
                sp.Eq(
                    _hedger(more[0]) - _hedger(more[1]),
                    _weight * (-alpha * psi + phi * sigma * rho),
                ),
                sp.Eq(
                    _balancer(more[0]) - _balancer(more[1]),
                    _weight * (-alpha * theta * psi + sigma * rho),
                ),
            ),
            ranges=_RANGES,
            part_of=("P10",),
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.4-sign",
            title="Externality on hedgers: its sign",
            statement="One more balancer harms hedgers exactly if alpha psi > phi sigma rho.",
            claim=sp.Equivalent(
                _hedger(more[0]) < _hedger(more[1]), alpha * psi > phi * sigma * rho
            ),
            hypotheses=(joins,),
            ranges=_RANGES,
            part_of=("P10",),
            note=_NO_MODEL,
        ),
        Proposition(
            name="F5.4-gain",
            title="Externality on hedgers where polarity frees",
            statement="If polarity adds to autonomy, psi < 0, one more balancer helps hedgers.",
            claim=_hedger(more[0]) > _hedger(more[1]),
            hypotheses=(
                joins,
                Hypothesis(name="frees", words="psi < 0", condition=psi < 0),
                Hypothesis(
                    name="autonomy",
                    words="autonomy counts: alpha > 0",
                    condition=alpha > 0,
                    added="Otherwise psi does not enter.",
                ),
            ),
            ranges=_RANGES,
            part_of=("P10",),
            note=_NO_MODEL,
        ),
    )
