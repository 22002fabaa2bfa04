"""Repetition: the hazard of abandonment, restraint, alternation (F4). No model object yet."""

from __future__ import annotations

import sympy as sp

from .record import Hypothesis, Proposition

__all__ = ["repeated"]

_NO_MODEL = "About the formulas, for which there is no model yet."


def repeated() -> tuple[Proposition, ...]:
    """Return the propositions on repetition."""
    return (*_hazard(), _restraint(), *_alternation())


def _hazard() -> tuple[Proposition, ...]:
    """Return F4a: flows y before abandonment and y0 after it, which lasts."""
    discount = sp.Symbol("delta", nonnegative=True)
    hazard = sp.Symbol("lambda", nonnegative=True)
    exit_cost = sp.Symbol("chi", nonnegative=True)
    before = {a: sp.Symbol(f"y_{a}", real=True) for a in "BH"}
    after = {a: sp.Symbol(f"y0_{a}", real=True) for a in "BH"}
    value = sp.Symbol("V_B", real=True)
    ranges = (discount < 1, hazard <= 1)

    def worth(a: str, then: sp.Expr) -> sp.Expr:
        """Return the value of a posture whose value after abandonment is given."""
        return (before[a] + discount * hazard * then) / (1 - discount * (1 - hazard))

    forever = {a: after[a] / (1 - discount) for a in "BH"}
    leaving = sp.Max(forever["B"], forever["H"] - exit_cost)
    gap = after["H"] - after["B"]
    price = sp.Min(gap, (1 - discount) * exit_cost)
    dearer = (1 - discount) * (before["B"] - before["H"])
    lasting = Hypothesis(
        name="future",
        words="the future counts: delta > 0",
        condition=discount > 0,
        added="It is a factor of the denominator of lambda*.",
    )
    leads = Hypothesis(
        name="balance-leads",
        words="balancing pays more before abandonment: y_B > y_H",
        condition=before["B"] > before["H"],
    )
    return (
        Proposition(
            name="F4a-value",
            title="Value under a hazard of abandonment",
            statement="The closed form of V is the only solution of V = y + delta ((1 - lambda) V "
            "+ lambda y0 / (1 - delta)).",
            claim=sp.Equivalent(
                sp.Eq(
                    value,
                    before["B"] + discount * ((1 - hazard) * value + hazard * forever["B"]),
                ),
                sp.Eq(value, worth("B", forever["B"])),
            ),
            ranges=ranges,
            note=_NO_MODEL,
        ),
        Proposition(
            name="F4a",
            title="Abandonment hazard",
            statement="Hedging beats balancing exactly if the hazard exceeds "
            "lambda* = (1 - delta)(y_B - y_H) / (delta (y0_H - y0_B)).",
            claim=sp.Equivalent(
                worth("H", forever["H"]) > worth("B", forever["B"]),
                dearer / (discount * gap) < hazard,
            ),
            hypotheses=(
                lasting,
                Hypothesis(
                    name="abandonment-hurts",
                    words="an abandoned ally is worse off than a hedger: y0_H > y0_B",
                    condition=gap > 0,
                    added="It is the denominator of lambda*; if it is negative, the inequality "
                    "turns around.",
                ),
            ),
            ranges=ranges,
            note=f"That y_B > y_H is not needed: it makes lambda* positive. {_NO_MODEL}",
        ),
        Proposition(
            name="F4a-exit",
            title="Abandonment hazard with an exit",
            statement="If an abandoned ally can turn to hedging at the cost chi, the gap in "
            "lambda* is min(y0_H - y0_B, (1 - delta) chi).",
            claim=sp.Equivalent(
                worth("H", forever["H"]) > worth("B", leaving),
                dearer / (discount * price) < hazard,
            ),
            hypotheses=(
                lasting,
                Hypothesis(
                    name="abandonment-hurts",
                    words="an abandoned ally is worse off than a hedger: y0_H > y0_B",
                    condition=gap > 0,
                    added="It makes the denominator of lambda* positive.",
                ),
                Hypothesis(
                    name="exit-costs",
                    words="leaving costs something: chi > 0",
                    condition=exit_cost > 0,
                    added="It makes the denominator of lambda* positive; for chi = 0 see P7.",
                ),
            ),
            ranges=ranges,
            note=f"After the exit the state has the flows of an abandoned hedger. {_NO_MODEL}",
        ),
        Proposition(
            name="P7",
            title="Irreversibility",
            statement="Where an abandoned ally can turn to hedging at no cost, no hazard of "
            "abandonment makes hedging better.",
            claim=worth("B", leaving) > worth("H", forever["H"]),
            hypotheses=(
                leads,
                Hypothesis(
                    name="free-exit",
                    words="leaving costs nothing: chi = 0",
                    condition=exit_cost <= 0,
                ),
            ),
            ranges=ranges,
            part_of=("P7",),
            note=_NO_MODEL,
        ),
    )


def _restraint() -> Proposition:
    """Return F4b: payoffs T of temptation, R of restraint and P of punishment."""
    discount = sp.Symbol("delta", nonnegative=True)
    players = [sp.symbols(f"T_{who} R_{who} P_{who}", real=True) for who in "SG"]
    keeps = [
        reward / (1 - discount) >= temptation + discount * punishment / (1 - discount)
        for temptation, reward, punishment in players
    ]
    thresholds = [
        (temptation - reward) / (temptation - punishment)
        for temptation, reward, punishment in players
    ]
    return Proposition(
        name="F4b",
        title="Restraint by a grim trigger",
        statement="Neither player gains by leaving restraint once exactly if delta is at least "
        "max((T_S - R_S) / (T_S - P_S), (T_G - R_G) / (T_G - P_G)).",
        claim=sp.Equivalent(sp.And(*keeps), sp.Max(*thresholds) <= discount),
        hypotheses=tuple(
            Hypothesis(
                name=f"punishment-{word}",
                words=f"punishment is worse for the {word} than the temptation",
                condition=temptation > punishment,
                added="It is a denominator.",
            )
            for word, (temptation, _, punishment) in zip(("state", "hegemon"), players, strict=True)
        ),
        ranges=(discount < 1,),
        note="That the punishment is itself an equilibrium of the stage game has to be checked "
        f"apart. {_NO_MODEL}",
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
        f"second order. {_NO_MODEL}"
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
