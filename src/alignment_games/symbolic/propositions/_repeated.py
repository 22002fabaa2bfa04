"""Repetition: restraint, a pledge with an escape clause, alternation (F4b to F4d)."""

from __future__ import annotations

import sympy as sp

from ...models import alternating_governments, escape_clause
from ._abandonment import abandonment
from .record import Hypothesis, Proposition

__all__ = ["repeated"]


def repeated() -> tuple[Proposition, ...]:
    """Return the propositions on repetition, F4a included."""
    return (*abandonment(), *_restraint(), *_clause(), *_alternation(), *_elections())


def _restraint() -> tuple[Proposition, ...]:
    """Return F4b: payoffs T of temptation, R of restraint and P of punishment."""
    discount, turnover = sp.symbols("delta t", nonnegative=True)
    players = [sp.symbols(f"T_{who} R_{who} P_{who}", real=True) for who in "SG"]
    kept = [
        (reward + discount * turnover * punishment / (1 - discount))
        / (1 - discount * (1 - turnover))
        >= temptation + discount * punishment / (1 - discount)
        for temptation, reward, punishment in players
    ]
    thresholds = [
        (temptation - reward) / (temptation - punishment)
        for temptation, reward, punishment in players
    ]
    hypotheses = tuple(
        Hypothesis(
            name=f"punishment-{word}",
            words=f"punishment is worse for the {word} than the temptation",
            condition=temptation > punishment,
            added="It is a denominator.",
        )
        for word, (temptation, _, punishment) in zip(("state", "hegemon"), players, strict=True)
    )
    note = (
        "For any payoffs. That the punishment is itself an equilibrium of the stage game has to be "
        "checked apart, which the model does."
    )
    return (
        Proposition(
            name="F4b",
            title="Restraint by a grim trigger",
            statement="Neither player gains by leaving restraint once exactly if delta is at least "
            "max((T_S - R_S) / (T_S - P_S), (T_G - R_G) / (T_G - P_G)).",
            claim=sp.Equivalent(
                sp.And(*(own.subs(turnover, 0) for own in kept)),
                sp.Max(*thresholds) <= discount,
            ),
            hypotheses=hypotheses,
            ranges=(discount < 1,),
            note=note,
        ),
        Proposition(
            name="F4b-turnover",
            title="Restraint that a successor may end",
            statement="If restraint ends all the same with probability t after each period, "
            "delta (1 - t) takes the place of delta.",
            claim=sp.Equivalent(sp.And(*kept), sp.Max(*thresholds) <= discount * (1 - turnover)),
            hypotheses=hypotheses,
            ranges=(discount < 1, turnover <= 1),
            note=note,
        ),
    )


def _clause() -> tuple[Proposition, ...]:
    """Return F4c: what a clause for an emergency adds to a pledge to hedge."""
    model = escape_clause()
    s = model.parameters.symbols
    closed = {name: own.expression for name, own in model.quantities.items()}
    discount, learning, share = s["discount"], s["learning"], s["revisionist_share"]
    gain = sp.Symbol("O", real=True)
    alarm = sp.Max(0, s["alarm_flow_balance"] - s["alarm_flow_hedge"])
    then = model.transition("clause_waiting", "hedge", "accommodate")
    expected = then["clause_waiting"] * gain + then["clause_alarm"] * alarm / (1 - discount)
    ranges = (discount < 1, learning <= 1, share <= 1, s["window_closing"] <= 1)
    calm = {
        (posture, answer): model.payoff("small_state", "clause_waiting", posture, answer)
        for posture in ("hedge", "balance")
        for answer in ("accommodate", "coerce")
    }
    chance = discount * (1 - s["window_closing"]) * learning * share
    return (
        Proposition(
            name="F4c",
            title="Value of an escape clause",
            statement="What a clause that binds adds is the only solution of O = delta (1 - omega) "
            "(p mu G + (1 - p) O), with G = max(0, y_B - y_H) / (1 - delta).",
            claim=sp.Equivalent(
                sp.Eq(gain, discount * expected), sp.Eq(gain, closed["option_value"])
            ),
            ranges=ranges,
            note="The first statement had delta (1 - omega) p mu G: that is the value if the type "
            "of the hegemon comes to light in the next period or never.",
        ),
        Proposition(
            name="F4c-once",
            title="One chance to learn is worth less",
            statement="The value with one chance to learn is lower exactly if waiting can go on "
            "and the clause is worth anything.",
            claim=sp.Equivalent(
                closed["option_value_once"] < closed["option_value"],
                sp.And(learning < 1, chance * alarm > 0),
            ),
            ranges=ranges,
        ),
        Proposition(
            name="F4c-binds",
            title="A clause that binds",
            statement="Before an alarm hedging is better than a false claim, whatever the hegemon "
            "does, exactly if v F > g.",
            claim=sp.Equivalent(
                sp.And(*(calm["hedge", a] > calm["balance", a] for a in ("accommodate", "coerce"))),
                s["verifiability"] * s["breach_cost"] > s["balancing_gain"],
            ),
            ranges=(s["verifiability"] <= 1,),
            note="Claim A10 of the notes says that the trigger has to be verifiable: only if the "
            "small state is tempted (g > 0), and then enough is enough.",
        ),
        Proposition(
            name="F4c-empty",
            title="A clause that does not bind",
            statement="A clause under which the small state balances and is coerced before an "
            "alarm is better than none exactly if balancing in an alarm gains enough.",
            claim=sp.Equivalent(
                closed["empty_clause_gain"] > 0, alarm > closed["alarm_gain_needed"]
            ),
            hypotheses=(
                Hypothesis(
                    name="alarm",
                    words="an alarm can come in time: delta (1 - omega) p mu > 0",
                    condition=chance > 0,
                    added="It is a denominator.",
                ),
            ),
            ranges=(*ranges, s["verifiability"] <= 1),
        ),
    )


def _alternation() -> tuple[Proposition, ...]:
    """Return F4d for quadratic utility u(x) = u0 + u1 x - (k/2) x^2 of alignment x."""
    level, slope, curvature = sp.symbols("u_0 u_1 k", real=True)
    swing, switch, cost = sp.symbols("h p chi", nonnegative=True)

    def utility(x: sp.Expr) -> sp.Expr:
        return level + slope * x - curvature / 2 * x**2

    loss = utility(sp.Integer(0)) - (utility(swing) + utility(-swing)) / 2 + cost * switch
    steady, east, west = sp.symbols("U_0 U_h U_-h", real=True)
    note = (
        "For quadratic utility, where it is exact; for other utilities the loss is that of the "
        "second order. The probability p is any; in the model governments are drawn."
    )
    return (
        Proposition(
            name="F4d",
            title="Alternation against a steady hedge",
            statement="Alternating between h and -h instead of staying at 0 loses half of u's "
            "curvature k times the variance h^2, and chi for each switch, which has the "
            "probability p.",
            claim=sp.Eq(
                steady - (east + west) / 2 + cost * switch,
                curvature / 2 * swing**2 + cost * switch,
            ),
            definitions={
                steady: utility(sp.Integer(0)),
                east: utility(swing),
                west: utility(-swing),
            },
            part_of=("P11",),
            note=note,
        ),
        Proposition(
            name="F4d-concave",
            title="When a steady hedge is better",
            statement="If u is strictly concave, alternating is worse.",
            claim=loss > 0,
            hypotheses=(
                Hypothesis(
                    name="concave", words="u is strictly concave: k > 0", condition=curvature > 0
                ),
                Hypothesis(name="swing", words="it swings: h > 0", condition=swing > 0),
            ),
            part_of=("P11",),
            note=note,
        ),
        Proposition(
            name="F4d-convex",
            title="When alternation is better",
            statement="Alternating is better exactly if u is so convex that half of -k times the "
            "variance exceeds the expected cost of switching.",
            claim=sp.Equivalent(loss < 0, -curvature / 2 * swing**2 > cost * switch),
            part_of=("P11",),
            note=note,
        ),
    )


def _elections() -> tuple[Proposition, ...]:
    """Return F4d for governments that are drawn, with the means of alignment they have."""
    model = alternating_governments()
    s = model.parameters.symbols
    closed = {name: own.expression for name, own in model.quantities.items()}
    mean, jump = closed["mean_alignment"], s["alliance_jump"]
    siding = (1 - s["hedger_share"]) * s["patron_lean"]
    ranges = tuple(
        s[name] <= 1 for name in ("hedger_share", "patron_lean", "persistence")
    )  # fmt: skip
    changes = s["switching_cost"] * closed["change_probability"]
    return (
        Proposition(
            name="F4d-drawn",
            title="Governments that are drawn",
            statement="Elections lose k/2 (Var(x) + m^2) - u_1 m + chi Pr(change) - J Pr(patron) a "
            "period, with the mean m of alignment x.",
            claim=sp.Eq(
                closed["loss"],
                s["curvature"] / 2 * (closed["variance"] + mean**2)
                - s["slope"] * mean
                + changes
                - jump * siding,
            ),
            part_of=("P11",),
        ),
        Proposition(
            name="F4d-mean",
            title="Governments whose mean is a hedge",
            statement="Elections lose k/2 Var(x) + chi Pr(change) a period.",
            claim=sp.Eq(closed["loss"], s["curvature"] / 2 * closed["variance"] + changes),
            hypotheses=(
                Hypothesis(
                    name="mean",
                    words="governments lean to neither side: r = 1/2",
                    condition=sp.Eq(s["patron_lean"], sp.Rational(1, 2)),
                ),
                Hypothesis(
                    name="no-jump",
                    words="a guarantee is worth nothing more: J = 0",
                    condition=sp.Eq(jump, 0),
                    added="It is what can make an alliance convex.",
                ),
            ),
            ranges=ranges,
            part_of=("P11",),
        ),
        Proposition(
            name="F4d-jump",
            title="A guarantee that makes elections better",
            statement="Elections are better than a steady hedge exactly if the guarantee is worth "
            "more than (k/2 E(x^2) - u_1 m + chi Pr(change)) / Pr(patron).",
            claim=sp.Equivalent(closed["loss"] < 0, jump > closed["jump_threshold"]),
            hypotheses=(
                Hypothesis(
                    name="friend",
                    words="a friend of the patron may govern: (1 - q_0) r > 0",
                    condition=siding > 0,
                    added="It is a denominator.",
                ),
            ),
            ranges=ranges,
            part_of=("P11",),
        ),
    )
