"""Continuous alignment against pressure (F6.1 to F6.5). No model object yet.

The small state chooses alignment ``x``, from 0 (hegemon) to 1 (patron), and the hegemon pressure
``y >= 0``:

    u_S = -(a/2)(x - 1/2)^2 + epsilon x - y (1 - s x),    u_G = y (t + beta x) - y^2/2.
"""

from __future__ import annotations

import sympy as sp

from .record import Hypothesis, Proposition

__all__ = ["continuum"]

_NO_MODEL = "About the two payoffs, for which there is no model yet."

_curve = sp.Symbol("a", positive=True)
_x, _y, _lean, _start, _provocation = sp.symbols("x y epsilon t beta", real=True)
_shield = sp.Symbol("s", nonnegative=True)


def _state(x: sp.Expr, y: sp.Expr) -> sp.Expr:
    half = sp.Rational(1, 2)
    return -_curve / 2 * (x - half) ** 2 + _lean * x - y * (1 - _shield * x)


def _hegemon(x: sp.Expr, y: sp.Expr) -> sp.Expr:
    return y * (_start + _provocation * x) - y**2 / 2


def _answer(x: sp.Expr) -> sp.Expr:
    """Return the hegemon's best pressure where it is not negative."""
    return _start + _provocation * x


def continuum() -> tuple[Proposition, ...]:
    """Return the propositions on continuous alignment."""
    a, s, t, beta, eps = _curve, _shield, _start, _provocation, _lean
    both, first = a - s * beta, a - 2 * s * beta
    nash = (a / 2 + eps + s * t) / both
    leader = (a / 2 + eps - beta + s * t) / first
    at_once = _state(nash, _answer(nash))
    moving_first = _state(leader, _answer(leader))
    other = sp.Symbol("x_2", nonnegative=True)
    pressure = sp.Symbol("y_2", nonnegative=True)
    solvable = Hypothesis(
        name="solvable",
        words="a is not s beta",
        condition=sp.Ne(both, 0),
        added="It is the denominator of x^N.",
    )
    second = Hypothesis(
        name="second-order",
        words="a > 2 s beta",
        condition=first > 0,
        added="The condition of second order: otherwise x^S is no maximum.",
    )
    leads = Hypothesis(
        name="leader",
        words="a is not 2 s beta",
        condition=sp.Ne(first, 0),
        added="It is the denominator of x^S.",
    )
    exposed = Hypothesis(
        name="exposed",
        words="alignment does not undo pressure altogether: s x^N < 1",
        condition=s * nash < 1,
        added="Otherwise the sign turns, or over-alignment costs nothing.",
    )
    interior = f"Without the bounds 0 <= x <= 1 and y >= 0. {_NO_MODEL}"
    return (
        Proposition(
            name="F6.1",
            title="Simultaneous alignment: first-order conditions",
            statement="Both first-order conditions hold exactly at x^N = (a/2 + epsilon + s t) / "
            "(a - s beta) and y = t + beta x^N.",
            claim=sp.Equivalent(
                sp.And(
                    sp.Eq(sp.diff(_state(_x, _y), _x), 0),
                    sp.Eq(sp.diff(_hegemon(_x, _y), _y), 0),
                ),
                sp.And(sp.Eq(_x, nash), sp.Eq(_y, _answer(nash))),
            ),
            hypotheses=(solvable,),
            note=interior,
        ),
        Proposition(
            name="F6.1-equilibrium",
            title="Simultaneous alignment: an equilibrium",
            statement="No other alignment pays the small state more against the pressure at x^N, "
            "and no other pressure the hegemon more against x^N.",
            claim=sp.And(
                at_once >= _state(other, _answer(nash)),
                _hegemon(nash, _answer(nash)) >= _hegemon(nash, pressure),
            ),
            hypotheses=(solvable,),
            ranges=(other <= 1,),
            note="Where x^N lies in [0, 1] and the pressure is not negative it is therefore an "
            f"equilibrium of the game with bounds. {_NO_MODEL}",
        ),
        Proposition(
            name="F6.2",
            title="Alignment that is seen first",
            statement="Against the hegemon's answer an alignment x pays "
            "(a - 2 s beta)(x - x^S)^2/2 less than x^S = (a/2 + epsilon - beta + s t) / "
            "(a - 2 s beta).",
            claim=sp.Eq(moving_first - _state(_x, _answer(_x)), first * (_x - leader) ** 2 / 2),
            hypotheses=(leads,),
            note=interior,
        ),
        Proposition(
            name="F6.2-best",
            title="Alignment that is seen first: the only maximum",
            statement="x^S is the only best alignment if a > 2 s beta.",
            claim=sp.Implies(sp.Ne(_x, leader), moving_first > _state(_x, _answer(_x))),
            hypotheses=(second,),
            note=interior,
        ),
        Proposition(
            name="F6.3",
            title="Over-alignment",
            statement="x^N - x^S = beta (1 - s x^N) / (a - 2 s beta).",
            claim=sp.Eq(nash - leader, beta * (1 - s * nash) / first),
            hypotheses=(solvable, leads),
            note=interior,
        ),
        Proposition(
            name="F6.3-sign",
            title="Over-alignment: its sign",
            statement="A state that cannot commit aligns too much exactly if net provocation is "
            "positive: x^N > x^S exactly if beta > 0.",
            claim=sp.Equivalent(nash > leader, beta > 0),
            hypotheses=(second, exposed),
            note=interior,
        ),
        Proposition(
            name="F6.4",
            title="Value of commitment",
            statement="Moving first is worth beta^2 (1 - s x^N)^2 / (2 (a - 2 s beta)).",
            claim=sp.Eq(moving_first - at_once, beta**2 * (1 - s * nash) ** 2 / (2 * first)),
            hypotheses=(solvable, leads),
            part_of=("P6",),
            note=interior,
        ),
        Proposition(
            name="F6.4-zero",
            title="When commitment is worth nothing",
            statement="Moving first is worth nothing exactly if beta = 0, and never less.",
            claim=sp.And(
                sp.Equivalent(sp.Eq(moving_first, at_once), sp.Eq(beta, 0)),
                moving_first >= at_once,
            ),
            hypotheses=(second, exposed),
            part_of=("P6",),
            note=interior,
        ),
        Proposition(
            name="F6.5",
            title="Equidistance",
            statement="x^S = 1/2 exactly if epsilon + s t = beta (1 - s).",
            claim=sp.Equivalent(
                sp.Eq(leader, sp.Rational(1, 2)), sp.Eq(eps + s * t, beta * (1 - s))
            ),
            hypotheses=(leads,),
            note=interior,
        ),
    )
