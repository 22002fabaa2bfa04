"""When the hegemon coerces: temptation, the provocation window, deterrence (F1.1, F1.6, F1.7)."""

from __future__ import annotations

import sympy as sp

from ._alignment import (
    DEFINED,
    DOING,
    POSTURES,
    S,
    exposure,
    hegemon,
    helped,
    payoff,
    state,
    tempted,
)
from .record import Hypothesis, Proposition

__all__ = ["coercion"]

_ZERO = "A posture that cannot be overrun has no threshold: its denominator is zero."


def coercion() -> tuple[Proposition, ...]:
    """Return the propositions on the hegemon's answer."""
    return (*_temptation(), *_window(), *_crossing(), *_deterrence(), _identification())


def _temptation() -> tuple[Proposition, ...]:
    closed = {
        a: helped[a] * (S["V"] + S["b"] * tilt) - S["kappa"] - S["rho"] * share * S["w"]
        for a, tilt, share in (
            ("B", 1, 1),
            ("H", S["zeta"], S["eta"]),
            ("W", -S["beta_w"], 0),
        )
    }
    higher = sp.Symbol("V_R", nonnegative=True)
    order = [sp.Implies(tempted(a) > 0, _at(a, higher) > 0) for a in POSTURES]
    return (
        state(
            "F1.1",
            "Temptation",
            "What the hegemon gains by coercing a posture is l (V + b z) - kappa - rho r w, with "
            "help r and tilt z of the posture.",
            sp.And(*(sp.Eq(tempted(a), closed[a]) for a in POSTURES)),
        ),
        state(
            "F1.1-exposure",
            "What coercion takes",
            "Coercion costs the small state its exposure X = l (Y + L) and the damage d.",
            sp.And(
                *(sp.Eq(payoff[f"{a}A"] - payoff[f"{a}C"], exposure[a] + S["d"]) for a in POSTURES)
            ),
        ),
        state(
            "F3-order",
            "A revisionist coerces whatever a status quo power coerces",
            "Where a hegemon with the stake V is tempted, one with a larger stake V_R is.",
            sp.And(*order),
            Hypothesis(
                name="revisionist",
                words="the revisionist's stake is at least as large",
                condition=higher >= S["V"],
            ),
            note="It gives phi_R >= phi_S, on which F3.1 to F3.5 rest.",
        ),
    )


def _at(a: str, stake: sp.Expr) -> sp.Expr:
    """Return the temptation of a hegemon with another stake."""
    payoffs = {symbol: DEFINED[symbol] for symbol in hegemon.values()}
    return tempted(a).xreplace(payoffs).subs(S["V"], stake)


def _thresholds() -> tuple[sp.Expr, sp.Expr]:
    """Return V_B and V_H, the stakes above which an ally and a hedger are coerced."""
    kappa, rho, w, b = S["kappa"], S["rho"], S["w"], S["b"]
    return (
        (kappa + rho * w) / helped["B"] - b,
        (kappa + rho * S["eta"] * w) / helped["H"] - S["zeta"] * b,
    )


def _vulnerable(a: str, word: str) -> Hypothesis:
    return Hypothesis(
        name=f"{word}-vulnerable",
        words=f"coercion can succeed against the {word}",
        condition=helped[a] > 0,
        added=_ZERO,
    )


def _window() -> tuple[Proposition, ...]:
    of_ally, of_hedger = _thresholds()
    stake = S["V"]
    return (
        state(
            "F1.6-hedge",
            "The largest stake at which a hedger is left alone",
            "The hegemon gains from coercing a hedger exactly if V > V_H.",
            sp.Equivalent(tempted("H") > 0, stake > of_hedger),
            _vulnerable("H", "hedger"),
            part_of=("P2", "P5"),
        ),
        state(
            "F1.6",
            "Provocation window",
            "Balancing is coerced and hedging is not exactly if V_B < V <= V_H.",
            sp.Equivalent(
                sp.And(tempted("B") > 0, tempted("H") <= 0),
                sp.And(of_ally < stake, stake <= of_hedger),
            ),
            _vulnerable("B", "ally"),
            note="The first statement has V < V_H. At V = V_H the hegemon is indifferent, and "
            "leaving the hedger alone is one of its two best replies. Where coercion can succeed "
            "against an ally it can against a hedger, who is helped no more.",
        ),
        state(
            "F1.6-strict",
            "Provocation window, without indifference",
            "The hegemon strictly gains from coercing an ally and strictly loses by coercing a "
            "hedger exactly if V_B < V < V_H.",
            sp.Equivalent(
                sp.And(tempted("B") > 0, tempted("H") < 0),
                sp.And(of_ally < stake, stake < of_hedger),
            ),
            _vulnerable("B", "ally"),
        ),
    )


def _crossing() -> tuple[Proposition, ...]:
    b, zeta, eta, delta, w = S["b"], S["zeta"], S["eta"], S["delta"], S["w"]
    below = (1 - eta) * (delta * S["V"] + w) + b * delta * (1 - zeta * eta)
    crossing = b * S["l0"] * (1 - zeta) / below
    wedge = tempted("B") - tempted("H")
    feared = Hypothesis(
        name="feared",
        words="(1 - eta)(delta V + w) + b delta (1 - zeta eta) > 0",
        condition=below > 0,
        added="It is the denominator of rho*, and is zero, for example, if eta = zeta = 1.",
    )
    parts = [
        Hypothesis(name="loss", words="the hegemon minds an alliance: b > 0", condition=b > 0),
        Hypothesis(name="tilt", words="a hedger leans less than an ally", condition=zeta < 1),
        Hypothesis(
            name="success",
            words="coercion of an unaided state can succeed: l0 > 0",
            condition=S["l0"] > 0,
            added="rho* is zero otherwise.",
        ),
    ]
    return (
        state(
            "F1.6-crossing",
            "Provocation against deterrence",
            "Balancing tempts the hegemon more than hedging exactly if rho < rho*.",
            sp.Equivalent(wedge > 0, S["rho"] < crossing),
            feared,
            part_of=("P4",),
        ),
        state(
            "F1.6-flat",
            "Provocation against deterrence, where reliability does not matter",
            "Where the denominator of rho* is zero, balancing tempts the hegemon more than "
            "hedging exactly if b l0 (1 - zeta) > 0; the denominator is never negative.",
            sp.And(sp.Equivalent(wedge > 0, b * S["l0"] * (1 - zeta) > 0), sp.Ge(below, 0)),
            Hypothesis(
                name="unfeared",
                words="the denominator of rho* is zero",
                condition=below <= 0,
                added="The first statement leaves the case out.",
            ),
            part_of=("P4",),
        ),
        state(
            "F1.6-abandoned",
            "A patron that surely abandons can only provoke",
            "At rho = 0 balancing tempts the hegemon more than hedging.",
            wedge > 0,
            *parts,
            Hypothesis(name="abandoned", words="rho = 0", condition=S["rho"] <= 0),
            part_of=("P4",),
        ),
        state(
            "P4",
            "Provocation before deterrence",
            "rho* is positive exactly if b > 0, zeta < 1 and l0 > 0.",
            sp.Equivalent(crossing > 0, sp.And(*(h.condition for h in parts))),
            feared,
            part_of=("P4",),
            note="The first statement leaves out l0 > 0.",
        ),
    )


def _deterrence() -> tuple[Proposition, ...]:
    value, price = S["V"] + S["b"], S["w"]
    slope = S["delta"] * value + price
    reliability = (S["l0"] * value - S["kappa"]) / slope
    spared = S["kappa"] / S["l0"] + S["beta_w"] * S["b"]
    help_counts = Hypothesis(
        name="help",
        words="the patron's help counts: delta (V + b) + w > 0",
        condition=slope > 0,
        added="It is the denominator of rho_D.",
    )
    success = Hypothesis(
        name="success",
        words="coercion of an unaided state can succeed: l0 > 0",
        condition=S["l0"] > 0,
        added="It is the denominator of V_W.",
    )
    coerced = Hypothesis(
        name="hedge-coerced", words="a hedger is coerced: T_H > 0", condition=tempted("H") > 0
    )

    def better(winner: str, other: str, answer: str) -> Hypothesis:
        return Hypothesis(
            name=f"pays-{POSTURES[other]}",
            words=f"{DOING[winner]} in peace pays more than {DOING[other]} "
            f"{'in peace' if answer == 'A' else 'under coercion'}",
            condition=payoff[f"{winner}A"] > payoff[f"{other}{answer}"],
            added="Being left alone is not enough; the posture must also pay.",
        )

    return (
        state(
            "F1.7",
            "Deterrence threshold of balancing",
            "Balancing deters exactly if rho >= rho_D.",
            sp.Equivalent(tempted("B") <= 0, S["rho"] >= reliability),
            help_counts,
            part_of=("P5",),
        ),
        state(
            "F1.7-bandwagon",
            "The largest stake at which a bandwagoner is left alone",
            "Bandwagoning is left alone exactly if V <= V_W.",
            sp.Equivalent(tempted("W") <= 0, S["V"] <= spared),
            success,
            part_of=("P5",),
            note="The first statement has V < V_W; at V_W the hegemon is indifferent.",
        ),
        state(
            "P5-balance",
            "Trilemma: above V_H, with a reliable patron",
            "Where a hedger is coerced and rho > rho_D, balancing is the only subgame-perfect "
            "posture.",
            sp.And(_beats("B", "H"), _beats("B", "W")),
            coerced,
            Hypothesis(
                name="reliable",
                words="rho > rho_D",
                condition=S["rho"] > reliability,
                added="Strict: at rho_D the hegemon is indifferent and may coerce.",
            ),
            better("B", "H", "C"),
            better("B", "W", "A"),
            part_of=("P5",),
        ),
        state(
            "P5-bandwagon",
            "Trilemma: above V_H, with an unreliable patron",
            "Where a hedger is coerced, rho < rho_D and V < V_W, bandwagoning is the only "
            "subgame-perfect posture.",
            sp.And(_beats("W", "H"), _beats("W", "B")),
            coerced,
            Hypothesis(name="unreliable", words="rho < rho_D", condition=S["rho"] < reliability),
            Hypothesis(
                name="spared",
                words="V < V_W",
                condition=S["V"] < spared,
                added="Strict: at V_W the hegemon is indifferent and may coerce.",
            ),
            better("W", "H", "C"),
            better("W", "B", "C"),
            part_of=("P5",),
        ),
    )


def _beats(a: str, other: str) -> sp.Basic:
    """Whether a posture is worth more than another whatever the hegemon does where it is tied."""
    return sp.And(
        *(
            sp.Implies(
                sp.And(_best_reply(a, own), _best_reply(other, answer)),
                payoff[a + own] > payoff[other + answer],
            )
            for own in "AC"
            for answer in "AC"
        )
    )


def _best_reply(a: str, answer: str) -> sp.Basic:
    return tempted(a) <= 0 if answer == "A" else tempted(a) >= 0


def _identification() -> Proposition:
    of_ally, of_hedger = _thresholds()
    inside, above = (sp.Max(of_ally, 0) + of_hedger) / 2, of_hedger + 1
    return state(
        "P12",
        "Non-identification",
        "Two stakes explain the same coercion of an ally: at one between V_B and V_H a hedger "
        "would have been left alone, at one above V_H it would have been coerced too.",
        sp.And(
            _at("B", inside) > 0, _at("H", inside) < 0, _at("B", above) > 0, _at("H", above) > 0
        ),
        Hypothesis(
            name="window",
            words="the window is open: V_B < V_H, where coercion can succeed against an ally",
            condition=of_ally < of_hedger,
            added="Otherwise nothing but stakes above V_H explains the coercion of the ally and "
            "the peace of the hedger does not occur.",
        ),
        Hypothesis(
            name="positive",
            words="V_H > 0",
            condition=of_hedger > 0,
            added="Stakes are not negative.",
        ),
        part_of=("P12",),
        note="Constructive: the two stakes are (max(V_B, 0) + V_H)/2 and V_H + 1. The small "
        "state's payoffs do not depend on the stake, so its posture tells nothing about it.",
    )
