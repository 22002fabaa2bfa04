"""When hedging pays: dominance, peace, a given threat, abandonment (F1.2 to F1.5)."""

from __future__ import annotations

import sympy as sp

from ._alignment import (
    DEFINED,
    DOING,
    THREAT,
    S,
    advantage,
    exposure,
    helped,
    kept,
    lead,
    lead_under,
    payoff,
    state,
)
from .record import Hypothesis, Proposition

__all__ = ["postures"]


def postures() -> tuple[Proposition, ...]:
    """Return the propositions on the comparison of postures."""
    return (*_dominance(), _peace(), *_threat(), *_abandonment())


def _dominant(over: str) -> sp.Basic:
    """Return the condition of F1.2 for hedging over another posture."""
    return advantage("H", over) > sp.Max(0, exposure["H"] - exposure[over])


def _dominance() -> tuple[Proposition, ...]:
    return (
        state(
            "F1.2",
            "Strict dominance of hedging",
            "Hedging strictly dominates balancing, and bandwagoning, exactly if its advantage in "
            "peace exceeds both zero and what it is more exposed: D > max(0, X_H - X).",
            sp.And(
                *(
                    sp.Equivalent(
                        sp.And(lead("H", a, "A") > 0, lead("H", a, "C") > 0), _dominant(a)
                    )
                    for a in "BW"
                )
            ),
            part_of=("P1",),
        ),
        state(
            "F1.2-mixed",
            "Dominance against every mixture",
            "A hedge that leads under both answers of the hegemon leads under every probability "
            "of coercion.",
            sp.And(*(lead_under("H", a, THREAT) > 0 for a in "BW")),
            *(
                Hypothesis(
                    name=f"{when}-{who}",
                    words=f"hedging leads over {DOING[a]} {words}",
                    condition=lead("H", a, answer) > 0,
                )
                for a, who in (("B", "balance"), ("W", "bandwagon"))
                for answer, when, words in (
                    ("A", "peace", "in peace"),
                    ("C", "coercion", "under coercion"),
                )
            ),
            part_of=("P1",),
            note="The converse holds because 0 and 1 are probabilities. That no equilibrium of the "
            "simultaneous game plays another posture is F1.8. Where the posture is seen "
            "first a dominant hedge need not be played.",
        ),
    )


def _peace() -> Proposition:
    shared = (1 - S["tau"]) * (S["e_P"] + S["e_G"])
    markets = {"B": S["e_P"] + S["x_B"] * S["e_G"], "W": S["e_G"] + S["y_W"] * S["e_P"]}
    bounds = [
        S["alpha"]
        > (markets[a] - shared + S["c_H"] - S[f"c_{a}"]) / (S["theta_H"] - S[f"theta_{a}"])
        for a in "BW"
    ]
    return state(
        "F1.3",
        "Hedging in peace",
        "Without coercion hedging is the only best posture exactly if autonomy weighs more than "
        "alpha_HB and alpha_HW.",
        sp.Equivalent(sp.And(*(lead("H", a, "A") > 0 for a in "BW")), sp.And(*bounds)),
        *(
            Hypothesis(
                name=f"{word}-costs-autonomy",
                words=f"a hedger keeps more autonomy than {who}",
                condition=S["theta_H"] > S[f"theta_{a}"],
                added="It is the denominator of the bound, 1 - theta in the first statement, where "
                "theta_H = 1. If it is zero autonomy does not matter, if negative the "
                "bound turns around.",
            )
            for a, word, who in (("B", "alliance", "an ally"), ("W", "siding", "a bandwagoner"))
        ),
    )


def _threat() -> tuple[Proposition, ...]:
    gain = lead_under("H", "B", THREAT)
    peace, more = advantage("H", "B"), exposure["H"] - exposure["B"]
    weakens = helped["H"] - helped["B"]
    stakes = (peace / THREAT - (helped["H"] * kept["H"] - helped["B"] * kept["B"])) / weakens
    return (
        state(
            "F1.4",
            "Threat ceiling of hedging",
            "Where a hedger is more exposed than an ally, hedging beats balancing exactly if "
            "coercion is less likely than q*.",
            sp.Equivalent(gain > 0, peace / more > THREAT),
            Hypothesis(
                name="exposed", words="a hedger is more exposed: X_H > X_B", condition=more > 0
            ),
            part_of=("P2",),
        ),
        state(
            "F1.4-sheltered",
            "Hedging where it is no more exposed",
            "Where a hedger leads in peace and is not more exposed, hedging beats balancing at "
            "every threat.",
            gain > 0,
            Hypothesis(
                name="sheltered",
                words="a hedger is not more exposed: X_H <= X_B",
                condition=payoff["HA"] - payoff["HC"] <= payoff["BA"] - payoff["BC"],
            ),
            Hypothesis(
                name="peace", words="hedging leads in peace", condition=lead("H", "B", "A") > 0
            ),
            part_of=("P2",),
        ),
        state(
            "F1.4-floor",
            "Threat floor of hedging",
            "Where a hedger is less exposed than an ally, hedging beats balancing exactly if "
            "coercion is more likely than q*.",
            sp.Equivalent(gain > 0, peace / more < THREAT),
            Hypothesis(
                name="sheltered",
                words="a hedger is less exposed: X_H < X_B",
                condition=more < 0,
                added="The first statement leaves this case out.",
            ),
            part_of=("P2",),
        ),
        state(
            "F1.4-equal",
            "Hedging where exposure is the same",
            "Where a hedger and an ally are equally exposed, hedging beats balancing exactly if it "
            "leads in peace.",
            sp.Equivalent(gain > 0, peace > 0),
            Hypothesis(
                name="equal",
                words="a hedger and an ally are equally exposed",
                condition=sp.Eq(exposure["H"], exposure["B"]),
                added="The first statement leaves this case out.",
            ),
            part_of=("P2",),
        ),
        state(
            "F1.4-stakes",
            "Existential threat",
            "Hedging beats balancing exactly if being overrun costs less than L*.",
            sp.Equivalent(gain > 0, S["L"] < stakes),
            Hypothesis(
                name="threat",
                words="coercion is possible: q > 0",
                condition=THREAT > 0,
                added="Without a threat stakes do not matter.",
            ),
            Hypothesis(
                name="helped",
                words="an ally is helped more: l_H > l_B",
                condition=weakens > 0,
                added="It is a denominator of L*: without it stakes weigh the same on both.",
            ),
            part_of=("P2",),
        ),
    )


def _abandonment() -> tuple[Proposition, ...]:
    q, delta = THREAT, S["delta"]
    numerator = (1 - q * S["l0"]) * (kept["H"] - kept["B"]) + S["c_B"] - S["c_H"]
    margin = (kept["B"] + S["L"]) - S["eta"] * (kept["H"] + S["L"])
    threshold = numerator / (q * delta * margin)
    gain = lead_under("H", "B", q)
    defined = (
        Hypothesis(
            name="help",
            words="the threat and the patron's help count: q delta > 0",
            condition=q * delta > 0,
            added="Otherwise reliability does not matter.",
        ),
        Hypothesis(
            name="margin",
            words="an ally has more to lose than the share eta of what a hedger has: "
            "Y_B + L > eta (Y_H + L)",
            condition=margin > 0,
            added="The first statement says that the denominator is positive.",
        ),
    )
    positive = Hypothesis(
        name="positive",
        words="rho_hat > 0",
        condition=threshold > 0,
        added="The derivative has the sign of rho_hat.",
    )

    def moves(
        word: str,
        symbol: str,
        verb: str,
        *more: Hypothesis,
        name: str,
        over: tuple[Hypothesis, ...] = defined,
        note: str = "",
    ) -> Proposition:
        by = q if symbol == "q" else S[symbol]
        slope = sp.factor_terms(sp.diff(_in_parameters(threshold, by), by))
        return state(
            f"F1.5-{name}",
            f"Abandonment threshold and {word}",
            f"rho_hat {verb} with {word}.",
            slope > 0 if verb == "rises" else slope < 0,
            *over,
            *more,
            part_of=("P3",),
            note=note,
        )

    return (
        state(
            "F1.5",
            "Abandonment threshold",
            "Under a given threat hedging beats balancing exactly if the patron is less reliable "
            "than rho_hat.",
            sp.Equivalent(gain > 0, S["rho"] < threshold),
            *defined,
            part_of=("P3",),
        ),
        state(
            "F1.5-reversed",
            "Abandonment threshold where a hedger needs the help more",
            "Where an ally has less to lose than the share eta of what a hedger has, hedging beats "
            "balancing exactly if the patron is more reliable than rho_hat.",
            sp.Equivalent(gain > 0, S["rho"] > threshold),
            defined[0],
            Hypothesis(
                name="needier",
                words="Y_B + L < eta (Y_H + L)",
                condition=margin < 0,
                added="The first statement leaves this case out.",
            ),
            part_of=("P3",),
        ),
        moves(
            "the threat q",
            "q",
            "falls",
            Hypothesis(
                name="peace",
                words="hedging leads in peace",
                condition=advantage("H", "B") > 0,
                added="Where balancing leads in peace rho_hat rises with q.",
            ),
            name="threat",
        ),
        moves(
            "the loss L",
            "L",
            "falls",
            defined[1],
            positive,
            Hypothesis(
                name="informal",
                words="a hedger is helped less than an ally: eta < 1",
                condition=S["eta"] < 1,
                added="With eta = 1 the loss cancels.",
            ),
            over=(),
            name="loss",
        ),
        moves(
            "the effect of help delta",
            "delta",
            "falls",
            positive,
            over=(),
            name="help",
        ),
        moves("the cost of balancing", "c_B", "rises", name="cost"),
        moves(
            "informal support eta",
            "eta",
            "rises",
            defined[1],
            positive,
            Hypothesis(
                name="lose",
                words="a hedger has something to lose: Y_H + L > 0",
                condition=kept["H"] + S["L"] > 0,
                added="Otherwise eta does not enter.",
            ),
            over=(),
            name="informal",
        ),
        moves(
            "an ally's autonomy theta_B",
            "theta_B",
            "falls",
            defined[1],
            positive,
            Hypothesis(
                name="weight",
                words="autonomy counts: alpha > 0",
                condition=S["alpha"] > 0,
                added="Otherwise theta_B does not enter.",
            ),
            over=(),
            name="autonomy",
            note="The first statement says that rho_hat rises with alpha (1 - theta_B). In alpha "
            "itself it has no fixed sign, because alpha also moves what an ally has to lose.",
        ),
    )


def _in_parameters(expression: sp.Expr, by: sp.Symbol) -> sp.Expr:
    """Put in those definitions that hold a symbol, so that a derivative in it sees them."""
    moved = {
        symbol: DEFINED[symbol]
        for symbol in expression.free_symbols & set(DEFINED)
        if by in DEFINED[symbol].free_symbols
    }
    return expression.xreplace(moved)
